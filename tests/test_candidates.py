"""The finder: what was planted is found, dated and ranked; quiet archives hold nothing; gaps are no incidents."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import candidates, kinds, passed_on
from analysis.measures.estimate import Estimate, refused
from analysis.measures.reading import Targets
from analysis.measures.sentiment import Rise
from tests.benchmarks import finder as benchmark
from tests.benchmarks.alarm import series
from tests.conftest import shared
from tests.scored_tables import at, scored
from tests.test_alarm import START, quiet

HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)


def planted(seed: int, spikes: list[tuple[float, float, float]], *, days: float = 40, step: str = "15min") -> pd.Series:
    """Quiet counts with spikes: (day, times the ordinary, half-life in hours), each rising over three hours."""
    counts = quiet(seed, days=days, step=step, mean=12 * pd.Timedelta(step) / pd.Timedelta("15min")).astype(float)
    for day, times, half_life in spikes:
        since = (counts.index - START - pd.Timedelta(days=day)) / HOUR
        shape = np.minimum(since / 3, 1) * 0.5 ** np.maximum((since - 3) / half_life, 0)
        counts *= np.where(since >= 0, 1 + (times - 1) * np.maximum(shape, 0), 1)
    return counts.round().astype("Int64")


@pytest.mark.parametrize("step", ["5min", "15min", "1h"])
def test_planted_spikes_are_found_dated_and_nothing_else_is(step: str):
    found, false, late = 0, 0, []
    for seed in range(8):
        days = (15 + seed / 7, 28 + seed / 5)
        table = candidates.find(planted(seed, [(days[0], 8, 10), (days[1], 5, 20)], step=step)).table
        table = table[table["listed"]]
        for day in days:
            began = START + pd.Timedelta(days=day)
            near = table[(table["start"] <= began + 6 * HOUR) & (table["last"] > began)]
            found += len(near) > 0
            late += ((near["start"] - began) / HOUR).tolist()[:1]
        false += len(table) - 2
    assert found >= 15
    assert false <= 1
    assert np.median(np.abs(late)) <= 2
    assert np.max(np.abs(late)) <= 6


def test_quiet_archives_hold_no_candidate():
    listed = sum(candidates.find(quiet(seed, days=40)).table["listed"].sum() for seed in range(12))
    assert listed <= 1


def test_days_are_searched_where_hours_are_not_known():
    counts = planted(3, [(25, 9, 30)]).resample("1D").sum()
    found = candidates.find(counts)
    listed = found.table[found.table["listed"]]
    assert found.bin == "1D"
    assert len(listed) == 1
    assert abs(listed["start"].iloc[0] - (START + 25 * DAY)) <= DAY
    assert listed["score"].isna().all(), "an alarm by the quarter of an hour has nothing to say of days"


def test_an_incident_in_a_short_archive_that_the_alarm_could_not_judge_is_found():
    counts = planted(5, [(5, 6, 24)], days=7)
    table = candidates.find(counts).table
    assert table["listed"].any()
    assert abs(table.loc[table["listed"], "start"].iloc[0] - (START + 5 * DAY)) <= 4 * HOUR


def test_a_gap_before_the_rise_makes_its_beginning_an_interval_and_its_peak_unknown():
    counts = planted(6, [(20, 10, 20)])
    began = START + 20 * DAY
    hidden = (counts.index >= began - 10 * HOUR) & (counts.index < began + 5 * HOUR)
    row = candidates.find(counts.mask(hidden)).table.query("listed").iloc[0]
    assert row["start_low"] == (began - 10 * HOUR).floor("h")
    assert row["start"] == (began + 5 * HOUR).floor("h")
    holes = counts.mask((counts.index >= began + 4 * HOUR) & (counts.index < began + 6 * HOUR))
    row = candidates.find(holes).table.query("listed").iloc[0]
    assert pd.isna(row["peak"])
    assert not row["whole"]


def test_gaps_alone_are_no_candidates():
    counts = quiet(7, days=40)
    for day in (5, 12, 12.5, 30):
        at_ = START + pd.Timedelta(days=day)
        counts = counts.mask((counts.index >= at_) & (counts.index < at_ + 9 * HOUR))
    assert not candidates.find(counts).table["listed"].any()


def test_what_was_at_least_counted_in_a_capped_hour_counts():
    counts = planted(8, [(20, 30, 3)])
    began = START + 20 * DAY
    capped = (counts.index >= began) & (counts.index < began + 2 * DAY)
    found = candidates.find(counts.mask(capped), at_least=counts)
    row = found.table.query("listed").iloc[0]
    assert not row["whole"]
    assert pd.isna(row["peak"])
    assert candidates.find(counts.mask(capped)).table.query("listed").empty


def test_too_little_is_said():
    assert candidates.find(quiet(1, days=2)).reason == "too_short"
    assert candidates.find(quiet(1, days=10) * 0).reason == "too_few"
    unseen = quiet(1, days=10)
    assert candidates.find(unseen.mask(unseen >= 0)).reason == "not_seen"
    empty = pd.Series([], index=pd.DatetimeIndex([], tz="UTC"), dtype="Int64")
    assert candidates.find(empty).reason == "not_seen"
    with pytest.raises(ValueError, match="evenly"):
        candidates.find(quiet(1).iloc[[0, 1, 5, 6]])


def test_an_open_end_is_open():
    counts = planted(9, [(34.5, 8, 100)], days=35)
    row = candidates.find(counts).table.query("listed").iloc[-1]
    assert pd.isna(row["end"])
    assert row["last"] <= START + 35 * DAY


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=0, max_size=24 * 12),
    st.sampled_from(["15min", "1h", "1D"]),
)
def test_any_counts_give_a_typed_table(values: list[int | None], step: str):
    index = pd.date_range(START, periods=len(values), freq=step)
    counts = pd.Series(pd.array(values, dtype="Int64"), index=index)
    found = candidates.find(counts, at_least=counts.fillna(0))
    assert {name: str(kind) for name, kind in found.table.dtypes.items()} == candidates.COLUMNS
    assert (found.table["start"] < found.table["last"]).all()
    assert (found.table["mentions"] <= counts.fillna(0).sum()).all()
    again = candidates.find(counts, at_least=counts.fillna(0))
    pd.testing.assert_frame_equal(found.table, again.table)


def test_ranks_pool_the_brands_and_neighbours_in_time_are_named():
    small = candidates.find(planted(10, [(20, 4, 10)]))
    large = candidates.find(planted(11, [(20.1, 15, 20)]))
    quiet_ = candidates.find(quiet(12, days=40))
    both = {"small": small, "large": large, "quiet": quiet_}
    ranked = candidates.ranked({name: found.table for name, found in both.items()})
    assert ranked["brand"].tolist() == ["large", "small"]
    assert ranked["rank"].tolist() == [1, 2]
    row = ranked.iloc[0]
    assert candidates.elsewhere_too(both, "large", row["start"], row["last"]) == ["small"]
    assert candidates.ranked({"quiet": quiet_.table[~quiet_.table["listed"]]}).empty


def test_the_labelled_series_are_found_as_well_as_the_recipe_finds_them():
    shared("benchmarks/nab")
    data = series()
    right = wrong = 0
    for one in data:
        table = candidates.ranked({"": benchmark.found(one, "15min", 3).assign(listed=True)}).head(len(one.windows))
        hits = [benchmark.overlapping(one, row.start, row.last) for row in table.itertuples()]
        right += len({window for hit in hits for window in hit})
        wrong += sum(not hit for hit in hits)
    windows = sum(len(one.windows) for one in data)
    assert 2 * right / (2 * right + wrong + windows - right) >= 0.73


# what a spike was


def share(value: float, half: float = 0.05, n: int = 200) -> Estimate:
    return Estimate(value, "share", n, "test", value - half, value + half)


def evidence(before: float = 0.3, during: float = 0.3, rose: bool | None = False, **given: object) -> kinds.Evidence:
    gap = Estimate(during - before, "share", 400, "test", during - before - 0.05, during - before + 0.05)
    none = refused("share", "too_few")
    told: dict = {
        "rise": Rise(share(before), share(during), gap, 0.5, rose),
        "net": Estimate(0.0, "net", 200, "test", -0.1, 0.1),
        "targets": Targets(none, none, none, none, False),
        "phrase": passed_on.PassedOn(None, none, none),
        "about": share(1.0, 0.0),
    }
    return kinds.Evidence(**(told | given))


def test_every_kind_has_its_evidence():
    meme = passed_on.PassedOn("on fleek", share(0.5), share(0.0, 0.0))
    elsewhere = Targets(share(0.1), share(0.8), share(0.1), share(0.1), True)
    glad = Estimate(0.6, "net", 200, "test", 0.5, 0.7)
    assert kinds.kind(evidence(0.3, 0.6, True)) == "crisis"
    assert kinds.kind(evidence(0.3, 0.6, True, severity=2)) == "paracrisis"
    assert kinds.kind(evidence(0.3, 0.6, True, severity=3)) == "crisis"
    assert kinds.kind(evidence(0.3, 0.6, True, phrase=meme)) == "crisis", "a crisis may have its phrase too"
    assert kinds.kind(evidence(0.6, 0.62, False)) == "surge"
    assert kinds.kind(evidence(0.3, 0.6, True, targets=elsewhere)) == "elsewhere"
    assert kinds.kind(evidence(about=share(0.2))) == "namesake"
    assert kinds.kind(evidence(phrase=meme)) == "meme"
    assert kinds.kind(evidence(phrase=meme, net=glad)) == "joy"
    assert kinds.kind(evidence(0.4, 0.2, False)) == "relief"
    assert kinds.kind(evidence()) == "buzz"
    assert kinds.kind(evidence(0.3, 0.6, True), begins=True) == "begins"
    assert kinds.kind(evidence(rose=None)) == "untold"


def said(texts: list[str], **columns: object) -> pd.DataFrame:
    times = [at("2025-03-01") + pd.Timedelta(minutes=k) for k in range(len(texts))]
    return scored(times, ["neutral"] * len(texts), text=texts, **columns)


def test_the_phrase_that_a_spike_passes_on_is_found_in_english_and_chinese():
    before = said([f"my bike number {k} was late again today" for k in range(60)])
    during = said([f"our fleet is on fleek says {k}" if k % 2 else f"late again today {k}" for k in range(80)])
    found = passed_on.passed_on(before, during, names=["Acme"])
    assert "on fleek" in str(found.phrase)
    assert found.share.value == pytest.approx(0.5, abs=0.02)
    assert found.before.value == 0
    chinese = said([f"第{k}次看到灯笼骑行真好看" if k % 2 else f"今天天气不错{k}" for k in range(80)])
    assert "灯笼骑行" in str(passed_on.passed_on(said([f"单车又坏了{k}号" for k in range(60)]), chinese).phrase)


def test_one_loud_author_passes_nothing_on_and_names_and_links_are_no_phrases():
    before = said([f"my bike number {k} was late" for k in range(60)])
    bot = said(
        ["buy cheap tokens now"] * 100 + [f"word{k} other{k}" for k in range(60)],
        author=["u_bot"] * 100 + list("a" * 60),
    )
    assert passed_on.passed_on(before, bot).phrase is None or float(passed_on.passed_on(before, bot).share.value) <= 0.5
    named = said([f"acme wheels https://x.io/acme @acme_help {k}x" for k in range(60)])
    assert passed_on.passed_on(before, named, names=["Acme Wheels"]).phrase is None
    assert passed_on.passed_on(before.head(5), named).share.reason == "too_few"
    hostile = said(["\x00\u202e" + "w" * 10_000, "", "$%^&*()"] * 20)
    assert passed_on.passed_on(before, hostile).share.reason in ("no_spike", None)
