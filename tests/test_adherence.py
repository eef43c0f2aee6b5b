"""Whether a plan was kept: every clause passes, fails or has no evidence, and silence in a log is none."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from analysis.measures import adherence as measure
from analysis.measures.adherence import FAIL, OPEN, PASS, Adherence, Record, audit
from analysis.measures.estimate import Estimate, refused
from analysis.measures.wording_match import findable, held_in, names
from analysis.plan import Plan

ONSET = pd.Timestamp("2025-07-09 01:00", tz="UTC")
HELD = "We know about it, we are looking into it, and we will write here again within the hour."
PLAN: dict[str, Any] = {
    "team": [
        {"role": "crisis lead", "person": "Ann", "deputy": "Bo", "decides": ["plan_activated"]},
        {"role": "spokesperson", "person": "Cy", "decides": ["statement"]},
        {"role": "legal", "person": "Dee"},
    ],
    "levels": [
        {"level": 1, "first_response_hours": 8, "first_statement_hours": 48},
        {"level": 4, "first_response_hours": 1, "first_statement_hours": 3, "convene": ["crisis lead", "spokesperson"]},
    ],
    "channels": ["murmur", "weiyu"],
    "approvals": ["crisis lead", {"role": "legal", "within_hours": 1}],
    "support_resources": ["hotline 0800 555 0100", "acme.example/help"],
    "holding_statements": [HELD],
    "outside_help": {"law": "Ash"},
    "private_channels": ["care@acme.example"],
    "reviewed_on": "2025-01-10",
    "trained_on": "2024-07-09",
}
GOOD = (
    ("00:30", "desk", "detected", "", ""),
    ("00:40", "Dee", "legal", "", ""),
    ("01:10", "ann", "plan_activated", "", ""),
    ("02:00", "Cy", "statement", "Murmur, weiyu", ""),
    ("04:00", "legal, crisis lead", "outside_help", "", ""),
    ("09:00", "Ann", "closed", "", ""),
)
"""A log in which everything was done in time; times are hours after the onset."""
POSTS = (
    ("p1", "murmur", HELD, False),
    ("p2", "weiyu", "Call 0800-555-0100, or write to care@acme.example", True),
)


def log(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["when", "actor", "kind", "channel", "text"])
    table["when"] = [ONSET + pd.Timedelta(f"{when}:00") for when in table["when"]]
    return table


def posts(*rows: tuple[str, str, str, bool]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["id", "platform", "text", "redirect"])
    return table.assign(published_at=ONSET)


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, "share", 400, "kaplan_meier", low, high)


RECORD = Record(
    level=4,
    onset=(ONSET, ONSET),
    begun=date(2025, 7, 9),
    within=estimate(0.9, 0.85, 0.95),
    actions=log(*GOOD),
    posts=posts(*POSTS),
    posts_whole=True,
    asked=frozenset({"Murmur", "weiyu", "forum"}),
)
NOTHING = replace(RECORD, within=refused("share", "no_brand_posts"), actions=log(), posts=posts(), posts_whole=False)


def asked(record: Record = RECORD, **keys: Any) -> Adherence:
    return audit(Plan.model_validate(PLAN | keys), record)


def verdict(found: Adherence, clause: str, subject: str = "") -> tuple[str, str]:
    (row,) = found.rows[(found.rows["clause"] == clause) & (found.rows["subject"] == subject)].to_dict("records")
    return row["verdict"], row["why"]


def without(kind: str, *, whole: bool = True) -> pd.DataFrame:
    return log(*(row for row in GOOD if row[2] != kind and (whole or row[2] != "closed")))


def moved(kind: str, when: str, actor: str | None = None) -> pd.DataFrame:
    rows = [(when, actor or row[1], *row[2:]) if row[2] == kind else row for row in GOOD]
    return log(*sorted(rows))


def test_what_was_done_as_promised_passes_in_every_clause() -> None:
    found = asked()
    assert set(found.rows["verdict"]) == {PASS}, found.rows[found.rows["verdict"] != PASS]
    assert found.adherence == Estimate(1.0, "share", len(found.rows), "counted clauses")
    assert (found.evidence.value, found.evidence.low) == (1.0, None)
    assert found.due == ONSET + pd.Timedelta(hours=3)


def test_without_a_log_and_without_posts_nothing_fails() -> None:
    found = asked(NOTHING)
    assert set(found.rows["verdict"]) == {OPEN, PASS}
    assert set(found.of(PASS)["clause"]) == {"review", "training"}
    bare = asked(NOTHING, reviewed_on=None, trained_on=None)
    assert (bare.adherence.value, bare.adherence.reason) == (None, "no_actions")
    assert bare.evidence.value == 0


def test_adherence_and_coverage_are_what_was_counted() -> None:
    found = asked(replace(RECORD, level=None, within=refused("share", "no_plan")), trained_on="2023-10-05")
    kept, broken, unseen = (len(found.of(name)) for name in (PASS, FAIL, OPEN))
    assert (broken, unseen) == (1, 2)
    assert found.adherence.value == pytest.approx(kept / (kept + broken))
    assert found.evidence.value == pytest.approx((kept + broken) / (kept + broken + unseen))
    assert verdict(found, "first_response") == (OPEN, "no_level")


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (estimate(0.9, 0.8, 0.95), (PASS, "within")),
        (estimate(0.85, 0.79, 0.9), (OPEN, "within_unclear")),
        (estimate(0.75, 0.7, 0.8), (OPEN, "within_unclear")),
        (estimate(0.7, 0.6, 0.79), (FAIL, "within")),
        (Estimate(0.9, "share", 5, "made"), (PASS, "within")),
        (refused("share", "silence_not_provable"), (OPEN, "within_unknown")),
    ],
)
def test_a_share_passes_or_fails_with_its_whole_interval(within: Estimate, expected: tuple[str, str]) -> None:
    assert verdict(asked(replace(RECORD, within=within)), "first_response") == expected


@pytest.mark.parametrize(
    ("when", "early", "expected"),
    [("02:59", 0, PASS), ("03:01", 0, FAIL), ("02:30", 1, OPEN), ("04:30", 1, FAIL), ("01:30", 1, PASS)],
)
def test_the_first_statement_is_held_against_both_bounds_of_the_onset(when: str, early: int, expected: str) -> None:
    onset = (ONSET - pd.Timedelta(hours=early), ONSET)
    found = asked(replace(RECORD, onset=onset, actions=moved("statement", when)))
    assert verdict(found, "first_statement")[0] == expected


def test_what_was_said_before_anybody_noticed_is_no_answer() -> None:
    record = replace(RECORD, actions=moved("statement", "00:10"))
    assert verdict(asked(record), "first_statement") == (FAIL, "never_spoke")
    assert verdict(asked(record), "approval", "legal") == (OPEN, "no_statement")


def test_what_a_log_does_not_hold_counts_only_where_it_is_whole() -> None:
    for clause, kind in (("activated", "plan_activated"), ("first_statement", "statement"), ("outside_help",) * 2):
        whole = asked(replace(RECORD, actions=without(kind)))
        cut = asked(replace(RECORD, actions=without(kind, whole=False)))
        assert verdict(whole, clause)[0] == FAIL, clause
        assert verdict(cut, clause) == (OPEN, "not_logged"), clause


def test_a_convened_role_acts_before_the_statement_is_due() -> None:
    assert verdict(asked(replace(RECORD, actions=moved("statement", "05:00"))), "convene", "spokesperson") == (
        FAIL,
        "late",
    )
    stood_in = asked(replace(RECORD, actions=moved("plan_activated", "01:10", "BO")))
    assert verdict(stood_in, "convene", "crisis lead") == (PASS, "acted")
    absent = asked(replace(RECORD, actions=moved("statement", "02:00", "somebody")))
    assert verdict(absent, "convene", "spokesperson") == (FAIL, "absent")
    undated = asked(replace(RECORD, onset=None, actions=moved("statement", "05:00")))
    assert verdict(undated, "convene", "spokesperson") == (PASS, "acted")
    assert verdict(undated, "first_statement") == (OPEN, "no_onset")


def test_what_one_role_decides_is_no_others() -> None:
    assert verdict(asked(replace(RECORD, actions=moved("statement", "02:00", "Ann"))), "decides", "spokesperson") == (
        FAIL,
        "decided_elsewhere",
    )
    assert verdict(asked(replace(RECORD, actions=without("statement"))), "decides", "spokesperson")[0] == OPEN


def test_an_approval_comes_before_the_statement_and_in_time() -> None:
    late = asked(replace(RECORD, actions=moved("legal", "01:40")))
    assert verdict(late, "approval", "legal") == (FAIL, "approved_late")
    after = log(*(row for row in GOOD if row[2] != "legal"), ("02:30", "Dee", "legal", "", ""))
    assert verdict(asked(replace(RECORD, actions=after.sort_values("when"))), "approval", "legal") == (FAIL, "after")
    silent = log(*(row for row in GOOD if "legal" not in row[1:3]), ("08:00", "x", "detected", "", ""))
    silent = silent[silent["kind"] != "outside_help"]
    assert verdict(asked(replace(RECORD, actions=silent)), "approval", "legal") == (OPEN, "not_logged")
    unknown = asked(approvals=["the owner"])
    assert verdict(unknown, "approval", "the owner") == (OPEN, "not_logged")


def test_channels_are_the_plans_and_all_that_people_wrote_on() -> None:
    assert verdict(asked(channels=["murmur"]), "channels") == (FAIL, "channels_stray")
    assert verdict(asked(channels=["murmur", "weiyu", "Forum"]), "channels_used") == (FAIL, "channels_silent")
    joint = replace(RECORD, actions=log(("01:00", "Cy", "statement", "Q&A page", "")), posts=posts())
    assert verdict(asked(joint, channels=["q&a PAGE"]), "channels") == (PASS, "channels_planned")
    assert verdict(asked(joint, channels=["A page"]), "channels") == (FAIL, "channels_stray")
    unsure = replace(RECORD, posts_whole=False)
    assert verdict(asked(unsure, channels=["murmur", "weiyu", "Forum"]), "channels_used") == (PASS, "channels_used")
    assert verdict(asked(NOTHING), "channels") == (OPEN, "no_channel")
    assert "channels" not in set(asked(channels=[]).rows["clause"])


def test_what_was_prepared_is_for_the_time_until_there_is_more_to_say() -> None:
    plain = posts(("p1", "murmur", "All locks work again.", False))
    soon = replace(RECORD, posts=plain)
    assert "holding" not in set(asked(soon).rows["clause"])
    late = replace(soon, actions=moved("statement", "05:00"))
    assert verdict(asked(late), "holding") == (FAIL, "posts_without")
    assert verdict(asked(replace(late, posts_whole=False)), "holding") == (OPEN, "posts_not_whole")


def test_help_is_found_by_number_address_or_name() -> None:
    found = asked()
    (row,) = found.rows[found.rows["clause"] == "support"].to_dict("records")
    assert row["happened"]["resources"] == ("hotline 0800 555 0100",)
    assert row["ids"] == ["p2"]
    bare = replace(RECORD, posts=posts(("p1", "murmur", "We are here.", False)))
    assert verdict(asked(bare), "support") == (FAIL, "posts_without")
    assert verdict(asked(bare, support_resources=["help desk"]), "support") == (OPEN, "support_unnamed")
    assert verdict(asked(bare), "private_channels") == (OPEN, "private_unnamed")


@pytest.mark.parametrize(
    ("level", "there"), [(1, set()), (2, {"activated"}), (3, {"activated"}), (4, {"activated", "outside_help"})]
)
def test_a_minor_incident_needs_no_team_and_no_professionals(level: int, there: set[str]) -> None:
    assert set(asked(replace(RECORD, level=level)).rows["clause"]) & {"activated", "outside_help"} == there


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-07-09", (PASS, "dated")),
        ("2024-07-08", (FAIL, "dated")),
        ("2025-07-10", (OPEN, "dated_later")),
        (None, (OPEN, "undated")),
    ],
)
def test_a_plan_is_fresh_for_as_long_as_it_says(day: str | None, expected: tuple[str, str]) -> None:
    assert verdict(asked(reviewed_on=day), "review") == expected
    assert verdict(asked(reviewed_on=day, review_every_days=3650), "review")[0] in (PASS, OPEN)


def test_a_plan_without_promises_has_no_clauses_but_its_age() -> None:
    found = audit(Plan(), replace(RECORD, level=1))
    assert list(found.rows["clause"]) == ["review", "training"]
    assert list(found.rows.columns) == list(measure.COLUMNS)


@pytest.mark.parametrize(
    ("resource", "text", "given"),
    [
        ("hotline 0800 555 0100", "ring 0800/555-0100 now", True),
        ("hotline +1 (800) 555-0100", "call 1 800 5550100", True),
        ("hotline 0800 555 0100", "ring 0800 555 0199", False),
        ("help page acme.example/help", "see https://acme.example/help?x=1", True),
        ("care@acme.example", "write to Care@Acme.example.", True),
        ("injury desk", "our INJURY desk is open", True),
        ("injury desk", "an injury at my desk", False),
        ("伤情专线 400-555-0100", "请拨打4005550100", True),
    ],
)
def test_a_resource_is_recognised_in_a_text(resource: str, text: str, given: bool) -> None:
    assert names(resource, text) is given


def test_what_can_be_found_has_a_number_or_an_address() -> None:
    assert findable("x 0800 555 0100")
    assert findable("acme.example")
    assert not findable("help page")


def test_a_statement_is_recognised_with_more_around_it_and_with_a_word_changed() -> None:
    assert held_in(HELD, ["@u_abc Hi! " + HELD.upper() + " ^Jo"]) == 1
    assert held_in(HELD, [HELD.replace("write here", "post here")]) >= measure.ALIKE
    assert held_in(HELD, ["We are sorry about your refund, it lands by Friday."]) < 0.2
    assert (
        held_in("我们已了解情况，正在核实，一小时内在此更新。", ["各位：我们已了解情况，正在核实，一小时内在此更新！"])
        == 1
    )
    assert held_in("", ["x"]) == held_in("x", []) == held_in("!?", ["!?"]) == 0


def test_a_huge_hostile_text_is_read_in_time() -> None:
    assert held_in(HELD, ["a" * 100_000, "1-" * 50_000]) < 0.1
    assert not names("0800 555 0100", "1-" * 50_000)
    assert not findable("a." * 100)  # no name in a plan is longer
