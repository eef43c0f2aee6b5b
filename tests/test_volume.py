import pandas as pd
import pytest

from analysis.measures import phases, volume
from tests.scored_tables import at, hours, scored

DAY = pd.Timedelta(days=1)


def steady(start: str, end: str, per_hour: int = 2, label: str = "negative", **columns: object) -> pd.DataFrame:
    every = pd.date_range(at(start), at(end), freq=pd.Timedelta(hours=1) / per_hour, inclusive="left")
    return scored(list(every), [label] * len(every), **columns)


def test_a_total_is_exact_or_refused_with_its_lower_bound():
    table = steady("2024-05-01", "2024-05-03")
    assert volume.total(table, hours("2024-05-01", "2024-05-03"), at("2024-05-01"), at("2024-05-03")).value == 96
    blind = hours("2024-05-01", "2024-05-03", [("2024-05-02 03:00", "2024-05-02 04:00")])
    refused = volume.total(table, blind, at("2024-05-01"), at("2024-05-03"))
    assert (refused.value, refused.reason, refused.low) == (None, "not_seen", 96)
    past = volume.total(table, hours("2024-05-01", "2024-05-03"), at("2024-05-02"), at("2024-05-04"))
    assert past.reason == "not_seen"


def test_intervals_say_what_was_seen():
    table = steady("2024-05-01", "2024-05-05", per_hour=3)
    seen = hours("2024-05-01", "2024-05-05", [("2024-05-02", "2024-05-03"), ("2024-05-03", "2024-05-03 20:00")])
    out = volume.per_interval(table, seen, start=at("2024-05-01"), end=at("2024-05-05"), bin="1D")
    assert out["state"].tolist() == ["seen", "unseen", "partial", "seen"]
    assert out["mentions"].fillna(-1).tolist() == [72, -1, 72, 72]
    assert out["net"].fillna(9).tolist() == [-1, 9, 9, -1]
    assert out["negative_share"].isna().tolist() == [False, True, True, False]
    assert out["engagement"].isna().all()
    assert out["views"].isna().all()


def test_hours_and_days_are_chosen_by_span():
    assert volume.width(at("2024-05-01"), at("2024-05-07")) == "1h"
    assert volume.width(at("2024-05-01"), at("2024-05-08")) == "1D"
    assert volume.width(at("2024-01-01"), at("2024-05-08")) == "1W"
    table, seen = steady("2024-05-01", "2024-05-03"), hours("2024-05-01", "2024-05-03")
    assert len(volume.per_interval(table, seen, start=at("2024-05-01"), end=at("2024-05-03"))) == 48


def test_days_are_local_and_survive_a_change_of_clocks():
    table, seen = steady("2024-03-08", "2024-03-13"), hours("2024-03-08", "2024-03-13")
    zone = "America/New_York"  # clocks go forward on 10 March
    out = volume.per_interval(
        table, seen, start=at("2024-03-08 05:00"), end=at("2024-03-12 04:00"), bin="1D", zone=zone
    )
    assert ((out["end"] - out["start"]) / pd.Timedelta(hours=1)).tolist() == [24, 24, 23, 24]
    assert (out["state"] == "seen").all()
    assert out["mentions"].tolist() == [48, 48, 46, 48]


def test_a_day_that_the_span_cuts_is_partial():
    table, seen = steady("2024-05-01", "2024-05-03"), hours("2024-05-01", "2024-05-03")
    out = volume.per_interval(table, seen, start=at("2024-05-01 06:00"), end=at("2024-05-03"), bin="1D")
    assert out["state"].tolist() == ["partial", "seen"]
    assert out["start"].iloc[0] == at("2024-05-01 06:00")


def test_zones_of_half_hours_see_every_hour_they_touch():
    table = steady("2024-05-01", "2024-05-04")
    seen = hours("2024-05-01", "2024-05-04", [("2024-05-02 18:00", "2024-05-02 19:00")])
    out = volume.per_interval(
        table, seen, start=at("2024-05-01 18:30"), end=at("2024-05-03 18:30"), bin="1D", zone="Asia/Kolkata"
    )
    assert out["state"].tolist() == ["partial", "partial"]


def test_weeks_begin_on_monday():
    table, seen = steady("2024-05-01", "2024-05-20", per_hour=1), hours("2024-05-01", "2024-05-20")
    out = volume.per_interval(table, seen, start=at("2024-05-01"), end=at("2024-05-20"), bin="1W")
    assert out["start"].iloc[1:].dt.day_of_week.tolist() == [0, 0]
    assert out["state"].tolist() == ["partial", "seen", "seen"]


def test_the_brand_is_not_its_own_public_and_reposts_are_counted_apart():
    table = pd.concat(
        [
            steady("2024-05-01", "2024-05-02", from_brand=True),
            steady("2024-05-01", "2024-05-02", kind="repost", likes=5),
            steady("2024-05-01", "2024-05-02", likes=3),
        ]
    )
    seen = hours("2024-05-01", "2024-05-02")
    row = volume.per_interval(table, seen, start=at("2024-05-01"), end=at("2024-05-02"), bin="1D").iloc[0]
    assert (row["mentions"], row["reposts"], row["authors"], row["engagement"]) == (96, 48, 48, 144)
    assert volume.hourly(table, seen).tolist() == [4] * 24


def test_hourly_counts_are_null_where_not_wholly_seen():
    table = steady("2024-05-01", "2024-05-02")
    seen = hours("2024-05-01", "2024-05-02", [("2024-05-01 00:00", "2024-05-01 01:00")], state="partial")
    counts, votes = volume.hourly(table, seen), volume.hourly_votes(table, seen)
    assert counts.isna().tolist() == [True] + [False] * 23
    assert counts.sum() == 46
    assert votes["votes"].sum() == -46
    assert votes["scored"].isna().sum() == 1
    assert len(volume.kept_rows(table, seen)) == 48
    strays = seen.assign(state=seen["state"].replace("partial", "unseen"))
    assert len(volume.kept_rows(table, strays)) == 46


def test_hours_of_several_brands_are_refused():
    two = pd.concat([hours("2024-05-01", "2024-05-02")] * 2)
    with pytest.raises(ValueError, match="several brands"):
        volume.states(two, at("2024-05-01"), at("2024-05-02"))


def test_an_empty_table_has_empty_bins():
    table, seen = steady("2024-05-01", "2024-05-02").iloc[:0], hours("2024-05-01", "2024-05-02")
    out = volume.per_interval(table, seen, start=at("2024-05-01"), end=at("2024-05-02"))
    assert (out["mentions"] == 0).all()
    assert out["net"].isna().all()


def test_phases_refuse_volumes_and_keep_shares_of_seen_hours():
    table = pd.concat([steady("2024-05-01", "2024-05-05", label="neutral"), steady("2024-05-05", "2024-05-07")])
    seen = hours("2024-05-01", "2024-05-08", [("2024-05-05 06:00", "2024-05-06")])
    window = (at("2024-05-05"), at("2024-05-07"))
    out = phases.table(table, seen, window, at("2024-04-07"), at("2024-05-14")).set_index("phase")
    assert out["start"].tolist() == [at("2024-05-01"), at("2024-05-05"), at("2024-05-07")]
    assert out["end"].iloc[-1] == at("2024-05-08")
    assert out.loc["before", "mentions"] == 192
    assert out.loc["before", "mentions_per_hour"] == 2
    assert out.loc["during", ["hours_total", "hours_seen"]].tolist() == [48, 30]
    assert bool(out.loc["during", "partial"])
    assert pd.isna(out.loc["during", "mentions"])
    assert out.loc["during", "mentions_low"] == 96
    assert out.loc["during", "mentions_per_hour_reason"] == "not_seen"
    assert out.loc["during", "authors_reason"] == "not_seen"
    assert out.loc["during", "net"] == -1
    assert out.loc["during", "net_n"] == 60
    assert out.loc["after", "mentions"] == 0
    assert out.loc["after", "net_reason"] == "too_few"
    assert out["engagement_reason"].tolist() == ["not_recorded", "not_recorded", "too_few"]


def test_a_phase_the_archive_does_not_reach_is_not_seen():
    table, seen = steady("2024-05-05", "2024-05-06"), hours("2024-05-05", "2024-05-06")
    window = (at("2024-05-05"), at("2024-05-06"))
    out = phases.table(table, seen, window, at("2024-05-01"), at("2024-05-09")).set_index("phase")
    assert out.loc["before", "mentions_reason"] == "not_seen"
    assert out.loc["after", "hours_total"] == 0
    assert out.loc["during", "mentions"] == 48
