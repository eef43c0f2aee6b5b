"""Cues ring when enough people raise one, more than ever before; what comes later changes nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import cue_alarm
from tests.scored_tables import at, hours, scored

START, DAY = at("2025-01-01"), pd.Timedelta(days=1)
SEEN = hours("2025-01-01", "2025-04-01")


def world(
    seed: int, days: int = 90, per_day: float = 120, cues_per_day: float = 0.5, surge: float = 1.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mentions at random times, some with a cue; on day 60 the volume is `surge` times the ordinary, cues with it."""
    rng = np.random.default_rng(seed)
    level = np.full(days, per_day) * rng.gamma(8, 1 / 8, days)
    level[60] *= surge
    counts = rng.poisson(level)
    times = np.repeat(np.arange(days), counts) + rng.uniform(size=counts.sum())
    rows = scored([START + DAY * time for time in np.sort(times)], ["negative"] * len(times))
    rows["text"] = [f"text {number}" for number in range(len(rows))]
    hit = rng.uniform(size=len(rows)) < cues_per_day / per_day
    return rows, pd.DataFrame({"safety": hit, "legal": False}, index=rows.index)


def planted(seed: int, voices: int = 4, **given: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.Timestamp]:
    """The same, where `voices` people raise the cue on day 70, an hour and a half apart, from noon."""
    rows, found = world(seed, **given)  # type: ignore[arg-type]
    began = START + 70.5 * DAY
    more = scored([began + pd.Timedelta(hours=1.5) * k for k in range(voices)], ["negative"] * voices)
    more["id"] = [f"p{k}" for k in range(voices)]
    more["author"] = [f"u_voice{k}" for k in range(voices)]
    more["text"] = [f"my heater burns, number {k}" for k in range(voices)]
    both = pd.concat([rows, more], ignore_index=True)
    hits = pd.concat([found, pd.DataFrame({"safety": True, "legal": False}, index=more.index)], ignore_index=True)
    return both, hits, began


def test_a_few_voices_ring_amid_an_ordinary_volume() -> None:
    heard, late = [], []
    for seed in range(12):
        rows, found, began = planted(seed, cues_per_day=0.1)
        result = cue_alarm.raised(rows, found, SEEN)
        first = cue_alarm.knowable(result, "safety", began, began + DAY)
        heard.append(first.value is not None)
        if first.value:
            late.append((pd.Timestamp(first.value) - began) / pd.Timedelta(hours=1))
            assert cue_alarm.floors(result, began, began + DAY) == ("safety",)
    assert 3 <= np.median(late) <= 4.5  # the third voice spoke after 3 hours, the fourth after 4.5
    assert np.mean(heard) >= 0.9
    assert cue_alarm.knowable(result, "legal", began, began + DAY).reason == "no_spike"


@pytest.mark.parametrize("cues_per_day", [0.2, 2.0, 10.0])
def test_quiet_months_ring_seldom(cues_per_day: float) -> None:
    rings = sum(len(cue_alarm.raised(*world(seed, cues_per_day=cues_per_day), SEEN).rings) for seed in range(12))
    assert rings <= 14  # of 36 months: 0.03 a month in the long form, by a Poisson tail of 1 in 10,000


def test_ten_times_the_volume_with_ten_times_the_cues_is_no_sign() -> None:
    rings = 0
    for seed in range(12):
        result = cue_alarm.raised(*world(seed, cues_per_day=4, surge=10), SEEN)
        rings += len(cue_alarm.floors(result, START + 60 * DAY, START + 61 * DAY))
    assert rings <= 1


def test_one_author_or_one_text_is_one_voice() -> None:
    for column, value in (("author", "u_same"), ("text", "Read this! https://t.co/x")):
        rows, found, began = planted(1, cues_per_day=0)
        rows.loc[rows["id"].str.startswith("p"), column] = value
        result = cue_alarm.raised(rows, found, SEEN)
        assert cue_alarm.knowable(result, "safety", began, began + DAY).n == 1
    rows.loc[rows["id"].str.startswith("p"), "from_brand"] = True
    assert cue_alarm.raised(rows, found, SEEN).voices.empty


def test_without_a_baseline_nothing_is_judged() -> None:
    rows, found, began = planted(1)
    late = hours("2025-03-11", "2025-04-01")
    result = cue_alarm.raised(rows, found, late)
    assert cue_alarm.knowable(result, "safety", began, began + DAY).reason == "short_baseline"
    assert cue_alarm.floors(result, began, began + DAY) == ()
    assert cue_alarm.false_alarms(result, began).reason == "short_baseline"


def test_where_days_are_recorded_it_is_known_by_the_end_of_the_day() -> None:
    rows, found, began = planted(1, voices=5)
    rows["published_at"] = rows["published_at"].dt.floor("D")
    result = cue_alarm.raised(rows, found, SEEN, resolution=DAY)
    first = cue_alarm.knowable(result, "safety", began.floor("D"), began.ceil("D"))
    assert first.value == began.ceil("D").isoformat()


@settings(max_examples=15, deadline=None)
@given(cut=st.integers(0, 89), seed=st.integers(0, 4))
def test_what_comes_later_changes_nothing(cut: int, seed: int) -> None:
    rows, found, _ = planted(seed, cues_per_day=3)
    keep = rows["published_at"] < START + cut * DAY
    whole = cue_alarm.raised(rows, found, SEEN).voices
    part = cue_alarm.raised(rows[keep], found[keep], SEEN[SEEN["hour"] < START + cut * DAY]).voices
    before = whole[whole["published_at"] < START + cut * DAY].reset_index(drop=True)
    assert before["id"].tolist() == part["id"].tolist()
    assert before["loud"].tolist() == part["loud"].tolist()


def test_the_rate_of_false_alarms_has_its_interval() -> None:
    rows, found = world(3, cues_per_day=2)
    rate = cue_alarm.false_alarms(cue_alarm.raised(rows, found, SEEN), START + 90 * DAY)
    assert rate.low <= rate.value <= rate.high
    assert rate.unit == "per_month"
