"""The coverage audit on archives whose faults are known, on clean ones, and on the real ones."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis import wording
from analysis.archive.audit.coverage import audit, seen_between, stretches
from analysis.archive.audit.flow import stamp
from analysis.questions import limits
from tests.benchmarks.collected import CLEAN, DAY0, FAULTS, newest_of_period, posts, table, without
from tests.benchmarks.coverage_audit import found
from tests.conftest import shared


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    archive, truth = FAULTS[name](3)
    assert found(audit(archive).claims, truth)


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_archive_is_not_accused(name: str) -> None:
    claims = audit(table({"A": posts(3, **CLEAN[name])})).claims
    assert set(claims["kind"]) <= {"partial_edge"}


@pytest.mark.parametrize("night", [0.05, 1.0])
def test_equal_totals_by_chance_are_no_cap(night: float) -> None:
    """Ten days of 66 to 100 posts: some boundary gives two days one total in nearly all of them."""
    for seed in range(40):
        times = posts(seed, days=10, per_day=85, noise=0.1, bursts=0, night=night)
        assert not {"daily_cap", "fixed_quota"} & set(audit(table({"A": times})).claims["kind"])


@pytest.mark.parametrize(("order", "edge"), [(1, "either"), (-1, "start"), (0, "either")])
def test_the_order_of_rows_tells_on_which_side_a_file_was_cut(order: int, edge: str) -> None:
    """The newest 5,000: rows from new to old tell so; from old to new they would tell of an end that lacks nothing."""
    archive = table({"A": posts(3, days=20, per_day=400, bursts=0)[-5000:]})
    rows = archive["source_row"].to_numpy()
    archive["source_row"] = {1: rows, -1: rows[::-1], 0: np.random.default_rng(1).permutation(rows)}[order]
    claims = audit(archive).claims
    (limit,) = claims[claims["kind"] == "row_limit"]["values"]
    assert limit["edge"] == edge


def test_a_forum_that_is_closed_at_night_lacks_nothing_at_its_edges() -> None:
    times = posts(4, days=25, per_day=300, bursts=0)
    of_day = times % 24
    assert audit(table({"A": times[(of_day >= 5.3) & (of_day < 21.9)]})).claims.empty


def test_a_gap_is_bounded_by_the_posts_beside_it() -> None:
    times = without(posts(6, days=28, per_day=150, bursts=0), DAY0 + 270, DAY0 + 330)
    claims = audit(table({"A": times})).claims
    (gap,) = claims[claims["kind"] == "gap"].to_dict("records")
    assert gap["start"] == stamp(times[times < DAY0 + 270][-1])
    assert gap["end"] == stamp(times[times >= DAY0 + 330][0])


def test_a_cap_in_words_names_few_days_and_no_zone_twice() -> None:
    for cap in (2000, 5000):
        archive, _ = FAULTS["newest 5,000 a UTC day"](1)
        archive = archive.iloc[np.sort(archive.groupby(archive["published_at"].dt.date).tail(cap).index)]
        for claim in audit(archive).claims.to_dict("records"):
            for language in wording.LANGUAGES:
                message, values = limits.words(claim, wording.LANGUAGES, "UTC", {})
                said = wording.say(message, language, values)
                assert "UTC UTC" not in said
                assert "…" not in said


def test_hours_are_one_per_brand_and_hour_and_hold_every_post() -> None:
    archive = table({"A": posts(1, days=5), "B": posts(2, days=5, per_day=40), None: posts(3, days=5, per_day=30)})
    coverage = audit(archive)
    hours = coverage.hours
    assert not hours.duplicated(["brand", "hour"]).any()
    assert sorted(hours["brand"].unique()) == ["", "A", "B"]
    assert hours.loc[hours["brand"] == "", "mentions"].sum() == len(archive)
    assert hours.loc[hours["brand"] == "B", "mentions"].sum() == (archive["brand"] == "B").sum()
    assert str(hours["hour"].dtype) == "datetime64[us, UTC]"
    json.dumps(coverage.summary)


def test_the_hours_a_cap_cut_off_are_unseen_even_with_strays() -> None:
    full = posts(5, days=6, per_day=4000, bursts=0)
    kept = np.union1d(newest_of_period(full, 500), full[::400])
    hours = audit(table({"A": kept})).hours
    noon = hours[(hours["brand"] == "A") & (hours["hour"].dt.hour == 12)]
    assert (noon["state"] == "unseen").all()
    assert (noon["reason"] == "daily_cap").all()


def test_a_cap_that_only_two_days_reached_is_found_though_the_second_runs_on_into_a_whole_one() -> None:
    quiet, rng = posts(5, days=10, per_day=60, bursts=0), np.random.default_rng(0)
    crisis = DAY0 + 106 + rng.exponential(16, 3000)
    full = np.sort(np.concatenate([quiet, crisis[crisis < DAY0 + 200]]))
    claims = audit(table({"A": newest_of_period(full, 500)})).claims
    cap = claims[claims["kind"] == "daily_cap"].iloc[0]["values"]
    assert (cap["kept"], cap["cap"], len(cap["days"]), cap["boundary_utc_hour"]) == ("newest", 500, 2, 0)


def test_seen_between_counts_what_lies_outside_the_table_as_unseen() -> None:
    hours = audit(table({"A": without(posts(1, days=10, bursts=0), DAY0 + 96, DAY0 + 120)})).hours
    got = seen_between(hours, "A", stamp(DAY0 - 24), stamp(DAY0 + 240))
    assert got["seen_hours"] + got["partial_hours"] + got["unseen_hours"] == pytest.approx(264)
    assert got["unseen_hours"] == pytest.approx(48, abs=2)
    assert seen_between(hours, "no such brand", stamp(DAY0), stamp(DAY0 + 24))["share_seen"] > 0.9


def test_stretches_tile_the_span() -> None:
    hours = audit(table({"A": without(posts(1, days=10, bursts=0), DAY0 + 96, DAY0 + 120)})).hours
    parts = stretches(hours, "A")
    assert (parts["start"].iloc[1:].to_numpy() == parts["end"].iloc[:-1].to_numpy()).all()
    assert "unseen" in set(parts["state"])


def test_one_stray_of_long_ago_does_not_make_a_table_of_centuries() -> None:
    times = np.append(posts(1, days=30), [DAY0 - 24 * 3650.0, DAY0 + 24 * 3650.0])
    coverage = audit(table({"A": np.sort(times)}))
    assert len(coverage.hours) < 2 * 24 * 32
    assert list(coverage.claims["kind"]).count("stray_tail") == 2


def test_dates_without_times_are_no_gaps() -> None:
    archive = table({"A": posts(2, days=40, per_day=50)})
    archive["published_at"] = archive["published_at"].dt.floor("D").astype("datetime64[us, UTC]")
    coverage = audit(archive)
    assert coverage.summary["resolution"] == "day"
    assert coverage.claims.empty


@pytest.mark.parametrize("size", [0, 1, 2, 11])
def test_tiny_archives_are_audited(size: int) -> None:
    times = DAY0 + np.linspace(0, 30, size)
    coverage = audit(table({"A": times}))
    assert coverage.hours.loc[coverage.hours["brand"] == "", "mentions"].sum() == size if size else coverage.hours.empty
    assert coverage.claims.empty


def test_the_order_of_rows_does_not_matter() -> None:
    archive, _ = FAULTS["newest 5,000 a UTC day"](1)
    one, other = audit(archive), audit(archive.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(one.hours, other.hours)
    pd.testing.assert_frame_equal(one.claims, other.claims)


def test_airlines_2015_american_starts_late() -> None:
    raw = pd.read_csv(shared("archives/airlines-2015/Tweets.csv"), dtype=str).drop_duplicates("tweet_id")
    times = pd.to_datetime(raw["tweet_created"], utc=True).astype("datetime64[us, UTC]")
    archive = pd.DataFrame(
        {"id": raw["tweet_id"], "published_at": times, "brand": raw["airline"], "source": "Tweets.csv"}
    )
    claims = audit(archive).claims
    late = claims[(claims["kind"] == "late_start") & (claims["brand"] != "")]
    assert list(late["brand"]) == ["American"]
    assert late["end"].iloc[0].floor("h") == pd.Timestamp("2015-02-22T19:00Z")


def test_united_2017_newest_ten_thousand_of_each_utc_day() -> None:
    folder = shared("archives/united-2017")
    parts = []
    for path in sorted(folder.glob("*.csv")):
        raw = pd.read_csv(path, dtype=str)
        times = (pd.to_datetime(raw["date"]) + pd.Timedelta(hours=7)).dt.tz_localize("UTC")
        rows = {"id": raw["id"], "published_at": times.astype("datetime64[us, UTC]"), "source": path.name}
        parts.append(pd.DataFrame(rows).assign(source_row=range(1, len(raw) + 1), brand="United"))
    coverage = audit(pd.concat(parts).drop_duplicates("id", ignore_index=True))
    cap = coverage.claims[coverage.claims["kind"] == "daily_cap"].iloc[0]["values"]
    assert (cap["kept"], cap["cap"], cap["boundary_utc_hour"]) == ("newest", 10_000, 0)
    assert cap["days"] == ["2017-04-10", "2017-04-11", "2017-04-12", "2017-04-14"]
    gap = coverage.claims[coverage.claims["kind"] == "gap"].iloc[0]
    assert gap["start"].round("min") == pd.Timestamp("2017-04-13T00:00Z")
    day = seen_between(coverage.hours, "United", pd.Timestamp("2017-04-13T00:00Z"), pd.Timestamp("2017-04-14T00:00Z"))
    assert day["share_seen"] == 0
