"""Causes over the course of an incident, against incidents whose truth was simulated."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.measures import cause_course, cause_trigger
from analysis.measures.estimate import Estimate, refused
from analysis.measures.onset import Onset
from tests.benchmarks import cause_trigger as simulated
from tests.scored_tables import at, hours, scored

HOUR = pd.Timedelta(hours=1)
CAUSES = pd.DataFrame({"cause": [1, 2, 3]})
SEEN = hours("2024-05-01", "2024-06-10")
BEGUN = at("2024-06-01")


def moment(when: str | None, reason: str = "not_seen") -> Estimate:
    if when is None:
        return refused("time", reason)
    told = at(when).isoformat()
    return Estimate(told, "time", 1, "made", told, told)


def dated(begun: str | None, peak: str | None, end: str | None) -> Onset:
    none = refused("hours", "not_seen")
    onset, top, close = moment(begun), moment(peak), moment(end, "censored")
    return Onset(onset, top, close, top, none, none, 9.0, True, "crisis", (), "1h", None)


def complaints(*groups: tuple[int, str, int, float], **columns: object) -> pd.DataFrame:
    """Complaints of (cause, first time, how many, hours between two)."""
    times = [at(first) + step * k * HOUR for _, first, n, step in groups for k in range(n)]
    cause = [number for number, _, n, _ in groups for _ in range(n)]
    return cause_course.complaints(scored(times, ["negative"] * len(times), cause=cause, **columns))


def answer(rows: pd.DataFrame, seen: pd.DataFrame = SEEN, **more: object) -> cause_trigger.Trigger:
    given = {
        "since": at("2024-05-01"),
        "onset": moment("2024-06-01"),
        "peak": at("2024-06-01 07:00"),
        "end": at("2024-06-05"),
    }
    return cause_trigger.measure(rows, seen, CAUSES, **(given | more))


def test_complaints_are_peoples_own_words():
    table = scored(
        [at("2024-05-02")] * 4, ["negative"] * 4, cause=[1, 1, None, 2], from_brand=[False, True, False, False]
    )
    assert cause_course.complaints(table)["id"].tolist() == ["000000", "000003"]
    copied = table.assign(copied=pd.array([True, False, False, False], dtype="boolean"))
    assert cause_course.complaints(copied)["id"].tolist() == ["000003"]


def test_who_complains_ten_times_a_day_is_one_voice():
    rows = complaints((1, "2024-05-02", 10, 1.0), (2, "2024-05-02", 1, 1.0), author=["u_a"] * 11)
    assert len(cause_course.voices(rows)) == 2
    assert len(cause_course.voices(complaints((1, "2024-05-02", 10, 1.0)))) == 10
    assert len(cause_course.voices(complaints((1, "2024-05-02", 3, 24.0), author=["u_a"] * 3))) == 3


BOUNDS = {
    "before": (at("2024-05-01"), at("2024-05-31")),
    "during": (at("2024-05-31"), at("2024-06-05")),
    "after": (at("2024-06-05"), at("2024-06-10")),
}


def test_phases_lie_end_to_end():
    spans = cause_course.spans(dated("2024-06-01", "2024-06-01 06:00", "2024-06-03"), BOUNDS)
    assert tuple(spans) == cause_course.PHASES
    edges = [edge for span in spans.values() for edge in span]
    assert edges[1:-1:2] == edges[2::2]
    assert spans["peak"] == (at("2024-06-01 05:00"), at("2024-06-01 08:00"))
    at_once = cause_course.spans(dated("2024-06-01", "2024-06-01", None), BOUNDS)
    assert at_once["onset"] == (BEGUN, BEGUN)
    assert at_once["decline"][1] == at("2024-06-05")


@pytest.mark.parametrize(("begun", "peak"), [(None, None), ("2024-06-01", None)])
def test_without_a_peak_there_are_three_phases(begun, peak):
    spans = cause_course.spans(dated(begun, peak, None), BOUNDS)
    assert tuple(spans) == ("before", "during", "aftermath")


def test_shares_and_rates_by_phase():
    spans = cause_course.spans(dated("2024-06-01", "2024-06-01 06:00", "2024-06-03"), BOUNDS)
    rows = complaints((1, "2024-05-02", 30, 12.0), (2, "2024-05-02", 10, 24.0), (2, "2024-06-01", 20, 0.25))
    table = cause_course.table(rows, SEEN, CAUSES, spans).set_index(["cause", "phase"])
    assert table.loc[(1, "before"), ["n", "of", "share"]].tolist() == [30, 40, 0.75]
    assert table.loc[(2, "onset"), "rate"] == 4.0
    assert table.loc[(2, "onset"), "growth"] > table.loc[(2, "onset"), "growth_low"] > 1
    assert pd.isna(table.loc[(1, "decline"), "share"])
    assert table.loc[(3, "before"), "share"] == 0
    blind = hours("2024-05-01", "2024-06-10", [("2024-06-01", "2024-06-02")])
    assert cause_course.table(rows, blind, CAUSES, spans).set_index(["cause", "phase"])["rate"].isna()[(2, "onset")]


def test_a_recurring_complaint_came_from_three_people_in_two_weeks():
    rows = complaints((1, "2024-05-05", 5, 1.0), (1, "2024-05-20", 5, 1.0), (2, "2024-05-20", 9, 1.0))
    before = (at("2024-05-01"), BEGUN)
    found = cause_course.recurring(rows, rows, SEEN, CAUSES, before).set_index("cause")
    assert found["state"].tolist() == ["recurring", "seldom", "new"]
    assert found.loc[1, ["n_before", "authors_before", "windows", "of_windows"]].tolist() == [10, 10, 2, 4]
    one_author = complaints((1, "2024-05-05", 5, 1.0), (1, "2024-05-20", 5, 1.0), author=["u_a"] * 10)
    assert cause_course.recurring(one_author, one_author, SEEN, CAUSES, before)["state"].iloc[0] == "seldom"
    blind = hours("2024-05-01", "2024-06-10", [("2024-05-07", "2024-05-08")])
    assert cause_course.recurring(rows, rows, blind, CAUSES, before)["state"].tolist() == [
        "recurring",
        "seldom",
        "unknown",
    ]
    none = cause_course.recurring(rows.head(0), rows.head(0), SEEN, CAUSES, (BEGUN, BEGUN))
    assert none["state"].tolist() == ["unknown"] * 3
    assert none["of_windows"].tolist() == [0] * 3


def test_the_last_day_before_the_onset_is_no_time_before():
    rows = complaints((1, "2024-05-31 04:00", 9, 1.0))
    assert cause_course.recurring(rows, rows, SEEN, CAUSES, (at("2024-05-01"), BEGUN))["state"].iloc[0] == "new"


def test_a_complaint_is_of_a_cause_beyond_doubt_only_in_its_words():
    words = [
        "The brake failed, my lever snapped",
        "brakes?",
        "unbraked levers",
        "Brake pads and a LEVER",
        "刹车失灵了",
        "车坏了",
    ]
    rows = complaints((1, "2024-05-02", 4, 1.0), (2, "2024-05-03", 2, 1.0), text=words)
    causes = pd.DataFrame({"cause": [1, 2, 3], "terms": [["brake", "lever", "pads"], ["刹车", "失灵"], []]})
    kept = cause_course.in_its_words(rows, causes)
    assert kept["text"].tolist() == [words[0], words[3], words[4]]
    alone = causes.assign(terms=[["brake", "brake"], ["车(坏"], []])
    assert cause_course.in_its_words(rows, alone)["text"].tolist() == [words[0], words[3]]
    told = cause_course.recurring(rows, kept, SEEN, CAUSES, (at("2024-05-01"), BEGUN))
    assert told["state"].tolist() == ["seldom", "seldom", "new"]
    none = cause_course.recurring(rows, kept.head(0), SEEN, CAUSES, (at("2024-05-01"), BEGUN))
    assert none["state"].tolist() == ["unknown", "unknown", "new"]


def test_complaints_that_lack_the_words_of_their_cause_were_of_something_else():
    rows = complaints((1, "2024-05-02", 30, 1.0), (1, "2024-06-01", 30, 1.0))
    worded = rows[(rows["published_at"] >= BEGUN).to_numpy()].iloc[::2]
    told = cause_course.recurring(rows, worded, SEEN, CAUSES, (at("2024-05-01"), BEGUN))
    assert told["state"].iloc[0] == "new"
    assert (
        cause_course.recurring(rows.iloc[26:], worded, SEEN, CAUSES, (at("2024-05-01"), BEGUN))["state"].iloc[0]
        == "unknown"
    )


def test_a_first_mention_is_established_by_the_third_author():
    rows = complaints((1, "2024-06-01", 3, 2.0), (2, "2024-06-01", 2, 1.0))
    found = cause_course.appeared(rows, CAUSES, BEGUN).set_index("cause")
    assert found.loc[1, "first"] == BEGUN
    assert found.loc[1, "established"] == at("2024-06-01 04:00")
    assert pd.isna(found.loc[2, "established"])
    assert found.loc[3].isna().all()


def test_what_came_first_set_it_off_and_the_rest_joined():
    rows = complaints((1, "2024-06-01", 200, 0.2), (2, "2024-06-02", 150, 0.2), (3, "2024-06-02 06:00", 150, 0.2))
    found = answer(rows)
    assert (found.verdict, found.named) == ("set_off", (1,))
    table = found.causes.set_index("cause")
    assert table["state"].tolist() == ["first", "joined", "joined"]
    assert table.loc[1, "high"] <= table.loc[2, "low"] <= at("2024-06-02") <= table.loc[2, "high"]
    assert table["part"].sum() == pytest.approx(1)
    assert (table["part_low"] <= table["part"]).all()
    assert (table["part"] <= table["part_high"]).all()
    assert table.loc[1, "early"] == pytest.approx(1)


def test_what_rose_together_stays_together():
    rows = complaints((1, "2024-06-01", 100, 0.3), (2, "2024-06-01 00:05", 60, 0.5), (3, "2024-06-01 00:10", 40, 0.75))
    found = answer(rows)
    assert found.verdict == "together"
    assert found.named == (1, 2, 3)


def test_one_that_carries_the_beginning_is_said_to_carry_it():
    rows = complaints((1, "2024-06-01", 300, 0.1), (2, "2024-06-01 00:05", 20, 0.5), (3, "2024-06-01 00:10", 20, 0.6))
    found = answer(rows)
    assert found.verdict == "carried"
    assert found.named[0] == 1


def test_one_cause_alone_is_the_only_one():
    assert answer(complaints((2, "2024-06-01", 40, 0.3))).verdict == "only"


@pytest.mark.parametrize(
    ("rows", "more", "reason"),
    [
        (complaints((1, "2024-06-01", 40, 0.3)), {"onset": moment(None)}, "not_seen"),
        (complaints((1, "2024-06-01", 40, 0.3)), {"onset": moment(None, "no_spike")}, "no_spike"),
        (complaints((1, "2024-06-01", 40, 0.3)), {"since": at("2024-05-31")}, "no_baseline"),
        (complaints((1, "2024-06-01", 40, 0.3)), {"since": at("2024-05-30")}, "short_baseline"),
        (complaints((1, "2024-06-01", 2, 0.3)), {}, "too_few"),
        (complaints(), {}, "too_few"),
    ],
)
def test_what_cannot_be_told_is_refused(rows, more, reason):
    found = answer(rows, **more)
    assert (found.verdict, found.reason, found.named) == ("refused", reason, ())
    assert found.causes["cause"].tolist() == [1, 2, 3]
    assert found.causes["part"].isna().all()


def test_hours_that_were_not_seen_when_it_began_are_a_reason():
    blind = hours("2024-05-01", "2024-06-10", [("2024-06-01 00:00", "2024-06-01 01:00")], "partial")
    rows = complaints((1, "2024-06-01", 200, 0.2), (2, "2024-06-02", 150, 0.2))
    assert answer(rows, blind).reason == "not_seen"
    later = hours("2024-05-01", "2024-06-10", [("2024-06-03", "2024-06-03 06:00")])
    assert answer(rows, later).verdict == "set_off"


@pytest.mark.parametrize("count", [1, 3, 60])
def test_complaints_all_of_one_moment(count):
    rows = complaints(*[(cause, "2024-06-01 03:00", count, 0.0) for cause in (1, 2, 3)])
    found = answer(rows)
    assert found.verdict in ("no_rise", "together", "refused")
    assert not (found.causes["state"] == "joined").any()


def test_one_mention_of_each_cause_is_no_rise():
    found = answer(complaints((1, "2024-06-01", 1, 1.0), (2, "2024-06-01", 1, 1.0), (3, "2024-06-02", 1, 1.0)))
    assert found.verdict == "no_rise"
    assert (found.causes["state"] == "no_rise").all()


def test_times_in_another_unit_are_the_same():
    rows = complaints((1, "2024-06-01", 200, 0.2), (2, "2024-06-02", 150, 0.2))
    other = rows.assign(published_at=rows["published_at"].dt.as_unit("ns"))
    pd.testing.assert_frame_equal(answer(rows).causes, answer(other).causes)


def test_the_same_answer_whatever_the_order_of_rows():
    rows = complaints((1, "2024-06-01", 200, 0.2), (2, "2024-06-02", 150, 0.2))
    mixed = cause_course.complaints(rows.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(answer(rows).causes, answer(mixed).causes)


TOGETHER = ("together, of 8 sizes", "together, slow climb", "together, bursts shared", "together, much ordinary")


@pytest.mark.parametrize("name", TOGETHER)
def test_causes_that_rise_together_are_not_said_to_have_joined(name):
    rates = simulated.rates(simulated.worlds()[name], 25)
    assert rates["named"] + rates["wrong"] <= 0.05
    assert rates["falsely"] <= 0.08
    assert rates["covered"] > 0.9


def test_a_trigger_a_day_ahead_is_named():
    rates = simulated.rates(simulated.worlds()["joined after 24.0 h, 1,500"], 25)
    assert rates["named"] > 0.8
    assert rates["wrong"] == rates["falsely"] == 0
    assert rates["covered"] > 0.9


def test_nothing_rises_in_quiet_time():
    assert simulated.rates(replace(simulated.World(), total=0), 40)["rose"] <= 0.15


def test_many_complaints_are_judged_in_time():
    rng = np.random.default_rng(1)
    world = replace(simulated.worlds()["joined after 24.0 h, 1,500"], total=60_000, ordinary=5.0)
    assert simulated.answer(world, rng).verdict == "set_off"


def test_what_surely_rose_before_all_others_joined_none_of_them():
    early = complaints((1, "2024-06-01", 6, 0.2), (3, "2024-06-01 00:01", 60, 0.1))
    late = complaints((1, "2024-06-02", 300, 0.1), (2, "2024-06-02", 300, 0.1))
    found = answer(cause_course.complaints(pd.concat([early, late])))
    assert found.named
    states = found.causes.set_index("cause")["state"]
    assert states[found.causes.set_index("cause")["high"].astype("int64").idxmin()] != "joined"


def test_a_complaint_that_rises_is_held_against_the_time_before():
    """Ordinary complaints of cause 2 all along; of cause 1 one in six days, and lately one a day."""
    before = (at("2024-02-01"), BEGUN)
    steady = (2, "2024-02-01", 240, 12)
    rows = complaints(steady, (1, "2024-02-01", 15, 144), (1, "2024-05-04", 26, 24))
    found = cause_course.rising(rows, 1, before)
    assert found.low is not None
    assert float(found.low) > 1
    assert found.value == pytest.approx((26 / 82) / (16 / 200), rel=0.2)
    other = cause_course.rising(rows, 2, before)
    assert float(other.high or 0) < 1.2
    assert cause_course.rising(rows, 3, before).reason == "too_few"
    assert cause_course.rising(rows, 1, (at("2024-05-01"), BEGUN)).reason == "short_baseline"


def test_a_complaint_that_comes_by_chance_seldom_rises():
    rng, rose = np.random.default_rng(5), 0
    start, days = at("2024-03-01"), 92
    for _ in range(200):
        times = pd.DatetimeIndex(sorted(start + pd.to_timedelta(rng.uniform(0, days, 400), unit="D")))
        table = scored(list(times), ["negative"] * len(times), cause=rng.choice([1, 2], 400, p=[0.08, 0.92]).tolist())
        found = cause_course.rising(cause_course.complaints(table), 1, (start, BEGUN))
        rose += found.low is not None and float(found.low) > 1
    assert rose <= 0.06 * 200
