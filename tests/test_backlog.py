"""The backlog, counted by hand: what waits, when it grew, and what was not seen."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import backlog as measure
from tests.scored_tables import at, hours

START, END = at("2024-06-03"), at("2024-06-06")
SEEN = hours("2024-05-01", "2024-06-20")
WHOLE = {"threads": "recorded", "openers": "present", "brand_side": "whole", "silence_provable": True}
HOUR = pd.Timedelta(hours=1)


def asked(first: str, count: int, step: float, wait: float | None) -> pd.DataFrame:
    times = pd.Series([at(first) + k * step * HOUR for k in range(count)]).astype("datetime64[us, UTC]")
    answers = times + (0 if wait is None else wait) * HOUR
    table = pd.DataFrame({"asked": times, "answered": answers.astype(times.dtype)})
    if wait is None:
        table["answered"] = table["answered"].where(table["answered"].isna())
    return table.assign(id=[f"{first}{k}" for k in range(count)])


def open_at(found: measure.Backlog, moment: str) -> object:
    return found.hours.set_index("hour").loc[at(moment), "open"]


def test_what_waits_is_what_arrived_and_was_not_answered_by_the_end_of_the_hour():
    found = measure.backlog(asked("2024-06-03 10:00", 30, 0.5, 2.25), WHOLE, SEEN, START, END)
    waiting = [open_at(found, f"2024-06-03 {hour}:00") for hour in (9, 10, 11, 12, 20)]
    assert waiting == [0, 2, 4, 4, 4]  # by 13:00 six arrived, and two were answered, at 12:15 and 12:45
    assert (found.peak.value, found.reason) == (4.0, None)
    assert found.peaked.value == "2024-06-03T12:00:00+00:00"
    assert found.before.value == 0.0
    assert found.grew == []
    rows = found.hours.set_index("hour").loc[at("2024-06-03 12:00")]
    assert (rows["arrivals"], rows["replies"]) == (2, 2)


def test_it_eases_when_as_few_wait_as_in_the_week_before():
    parts = [asked("2024-05-20", 24 * 14, 1, 3.5), asked("2024-06-03 10:00", 50, 0.1, 9.0)]
    found = measure.backlog(pd.concat(parts), WHOLE, SEEN, START, END)
    assert (found.before.value, found.before.low, found.before.high) == (3.0, 3.0, 3.0)
    assert found.peak.value == 50.0
    assert found.peaked.value == "2024-06-03T15:00:00+00:00"
    assert found.eased.value == 9.0  # the last of the fifty is answered at 23:54
    assert [(run.start, run.end, run.by) for run in found.grew] == []


def test_it_grows_where_more_arrive_than_are_answered_for_six_hours_in_a_row():
    found = measure.backlog(asked("2024-06-03 10:00", 40, 0.2, None), WHOLE, SEEN, START, END)
    (run,) = found.grew
    assert (run.start, run.end, run.by) == (at("2024-06-03 10:00"), at("2024-06-03 18:00"), 40)
    five = measure.backlog(asked("2024-06-03 10:00", 25, 0.2, None), WHOLE, SEEN, START, END)
    assert five.grew == []


def test_six_single_posts_in_a_row_are_no_overload():
    table = asked("2024-06-03 10:00", 9, 1, None)
    assert measure.backlog(table, WHOLE, SEEN, START, END, minimum=5).grew == []
    assert len(measure.backlog(table, WHOLE, SEEN, START, END, minimum=5, least=9).grew) == 1


def test_who_was_never_answered_stops_waiting_after_a_week():
    found = measure.backlog(asked("2024-06-03 10:00", 40, 0.1, None), WHOLE, SEEN, START, END)
    assert open_at(found, "2024-06-10 09:00") == 40
    assert open_at(found, "2024-06-10 14:00") == 0
    assert found.eased.value == 7 * 24.0


def test_an_answer_after_more_than_a_week_closes_nothing_twice():
    found = measure.backlog(asked("2024-06-03 10:00", 30, 0.1, 9 * 24), WHOLE, SEEN, START, END)
    assert open_at(found, "2024-06-11 12:00") == 0
    assert (found.hours["open"].dropna() >= 0).all()


def test_hours_that_were_not_seen_break_it():
    gaps = hours("2024-05-01", "2024-06-20", unseen=[("2024-06-03 14:00", "2024-06-03 15:00")])
    found = measure.backlog(asked("2024-06-03 10:00", 60, 0.2, None), WHOLE, gaps, START, END)
    assert pd.isna(open_at(found, "2024-06-03 14:00"))
    assert found.hours.set_index("hour").loc[at("2024-06-03 14:00"), ["arrivals", "replies"]].isna().all()
    assert (found.peak.value, found.peak.reason, found.peak.low) == (None, "not_seen", 60.0)
    assert found.eased.reason == found.peaked.reason == "not_seen"
    (run,) = found.grew  # the hours before the gap are too few, those after it are not
    assert run.start == at("2024-06-03 15:00")


def test_without_a_week_before_there_is_nothing_to_come_back_to():
    short = hours("2024-06-02 20:00", "2024-06-20")
    found = measure.backlog(asked("2024-06-03 10:00", 30, 0.1, 1.0), WHOLE, short, START, END)
    assert found.before.reason == "no_baseline"


def test_an_archive_that_ends_first_bounds_the_easing():
    short = hours("2024-05-01", "2024-06-05")
    found = measure.backlog(asked("2024-06-03 10:00", 30, 0.1, None), WHOLE, short, START, END)
    assert (found.eased.value, found.eased.reason, found.eased.low) == (None, "censored", 35.0)


@pytest.mark.parametrize(
    ("joins", "reason"),
    [
        ({"brand_side": "none"}, "no_brand_posts"),
        ({"threads": "no_parent_ids"}, "no_threads"),
        ({"silence_provable": False, "openers": "absent"}, "openers_absent"),
        ({"silence_provable": False, "selected": "answered_only"}, "answered_only"),
        ({"silence_provable": False, "brand_side": "sampled"}, "silence_not_provable"),
    ],
)
def test_where_silence_cannot_be_proved_nothing_waits_and_it_is_no_nought(joins, reason):
    found = measure.backlog(asked("2024-06-03 10:00", 30, 0.1, None), WHOLE | joins, SEEN, START, END)
    assert (found.reason, found.peak.value, found.peak.reason) == (reason, None, reason)
    assert found.hours.empty
    assert found.grew == []


def test_too_few_and_unseen_are_refused():
    assert measure.backlog(asked("2024-06-03 10:00", 19, 0.1, 1), WHOLE, SEEN, START, END).reason == "too_few"
    elsewhere = hours("2024-04-01", "2024-04-03")
    assert measure.backlog(asked("2024-06-03 10:00", 30, 0.1, 1), WHOLE, elsewhere, START, END).reason == "not_seen"
    none = SEEN.iloc[:0]
    assert measure.backlog(asked("2024-06-03 10:00", 30, 0.1, 1), WHOLE, none, START, END).reason == "not_seen"


def test_flows_of_both_sides_need_no_threads():
    came = asked("2024-06-03 10:00", 40, 0.2, None)["asked"]
    table = measure.flows(came, came[:4], SEEN)
    assert table.loc[table["hour"] == at("2024-06-03 10:00"), ["arrivals", "replies"]].to_numpy().tolist() == [[5, 4]]
    (run,) = measure.growth(table)
    assert run.by == 36


def test_the_count_is_that_of_a_walk_through_the_posts():
    rng = np.random.default_rng(3)
    times = pd.Series(at("2024-05-20") + pd.to_timedelta(rng.uniform(0, 20 * 24, 600), unit="h")).dt.as_unit("us")
    waits = pd.Series(pd.to_timedelta(rng.exponential(30, 600), unit="h")).where(rng.random(600) < 0.6)
    table = pd.DataFrame({"id": range(600), "asked": times, "answered": (times + waits).dt.as_unit("us")})
    found = measure.backlog(table, WHOLE, SEEN, START, END)
    for _, line in found.hours.sample(60, random_state=1).iterrows():
        end = line["hour"] + HOUR
        gone = (table["answered"] < end) | (table["asked"] + measure.PATIENCE < end)
        assert line["open"] == ((table["asked"] < end) & ~gone).sum()
