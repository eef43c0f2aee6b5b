"""What the notebooks say of relevance, targets, complaints, reproach and first-person words."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analysis.incident import Incident, Window
from analysis.lessons import RULES
from analysis.questions import beyond, what_happened
from analysis.questions.case import Case
from tests.scored_tables import at, hours, scored

WINDOW = Window(start=datetime(2025, 7, 10, tzinfo=UTC), end=datetime(2025, 7, 12, tzinfo=UTC))
NO_CLAIMS = pd.DataFrame({"kind": [], "brand": [], "start": [], "end": [], "values": []})


def rows(count: int, start: str, label: str = "neutral", **columns: object) -> pd.DataFrame:
    times = [at(start) + pd.Timedelta(minutes=number) for number in range(count)]
    table = scored(times, [label] * count, likes=1)
    table["id"] = [f"{start}{label}{len(columns)}{number}" for number in range(count)]
    table["author"] = [f"u_{start}{number}" for number in range(count)]
    known = {"relevance": "about", "relevance_reason": "named", "target": pd.NA, "complaint": 0.1, "reproach": 0}
    known |= {"first_person": 0.05, "language": "en"}
    for name, value in (known | columns).items():
        table[name] = value
    kinds = {"target": "string", "relevance": "string", "relevance_reason": "string", "reproach": "Int64"}
    return table.astype(kinds | {"language": "string"})


def case(tmp_path: Path, parts: list[pd.DataFrame], left_out: list[pd.DataFrame] | None = None, **told: object) -> Case:
    incident = Incident(
        id="a", title="A", archives=["a"], brand="Acme", report_languages=["en", "zh"], baseline_days=4, after_days=0,
        exclusions=["Troll", "spoof"],
    )  # fmt: skip
    out = pd.concat(left_out, ignore_index=True) if left_out else rows(0, "2025-07-10")
    return Case(
        incident=incident,
        window=WINDOW,
        mentions=pd.concat(parts, ignore_index=True).sort_values("published_at", ignore_index=True),
        hours=hours("2025-07-06", "2025-07-12"),
        claims=NO_CLAIMS,
        joins={"openers": "present"},
        causes=pd.DataFrame(),
        notes={"resolution": "time"},
        plan=None,
        actions=[],
        notebook="1_what_happened",
        output=tmp_path,
        allowed={},
        left_out=out,
    )


def test_nothing_left_out_is_said(tmp_path: Path) -> None:
    made = case(tmp_path, [rows(60, "2025-07-10")])
    assert beyond.left_out(made).finding.message == "relevance.nothing"
    kept = {answer.finding.id: answer.finding for answer in made.answers}
    assert kept["relevance.unclear"].message == "relevance.clear"
    assert "relevance.effect" not in kept


def test_what_was_left_out_is_counted_by_reason_with_its_effect(tmp_path: Path) -> None:
    gone = [
        rows(5, "2025-07-10", "negative", relevance="not_about", relevance_reason="advert"),
        rows(3, "2025-07-11", relevance="not_about", relevance_reason="excluded", text="a TROLL and a spoof"),
        rows(2, "2025-07-07", relevance="not_about", relevance_reason="namesake"),
    ]
    made = case(tmp_path, [rows(60, "2025-07-10")], gone)
    found = beyond.left_out(made).finding
    assert found.message == "relevance.some"
    assert found.table is not None
    assert found.table.rows["en"] == [
        ["Excluded phrase", "Troll", "3", "3"],
        ["Excluded phrase", "spoof", "0", "0"],
        ["A namesake", "", "0", "2"],
        ["Advert, giveaway or job post", "", "5", "5"],
    ]
    effect = {answer.finding.id: answer.finding for answer in made.answers}["relevance.effect"]
    assert effect.table is not None
    assert effect.table.rows["en"][0] == ["Mentions", "60", "68"]
    assert effect.table.rows["en"][2][1:] == ["0%", "7.4%"]
    assert effect.values["mentions_without"].value == 60
    assert effect.values["mentions_with"].value == 68


def test_what_lies_outside_the_incident_changes_no_number(tmp_path: Path) -> None:
    gone = rows(2, "2025-07-07", relevance="not_about", relevance_reason="namesake")
    made = case(tmp_path, [rows(60, "2025-07-10")], [gone])
    beyond.left_out(made)
    effect = {answer.finding.id: answer.finding for answer in made.answers}["relevance.effect"]
    assert effect.message == "relevance.no_effect"


def test_much_that_is_unclear_is_said(tmp_path: Path) -> None:
    doubtful = rows(60, "2025-07-11", relevance="unclear", relevance_reason="unnamed")
    made = case(tmp_path, [rows(60, "2025-07-10"), doubtful])
    beyond.left_out(made)
    unclear = {answer.finding.id: answer.finding for answer in made.answers}["relevance.unclear"]
    assert unclear.message == "relevance.unclear"
    assert unclear.values["unclear"].value == pytest.approx(0.5)


def crisis(tmp_path: Path, target: str) -> Case:
    calm = [rows(40, f"2025-07-0{day}") for day in (6, 7, 8, 9)]
    return case(tmp_path, [*calm, rows(900, "2025-07-10", "negative", target=target)])


@pytest.mark.parametrize(
    ("target", "share", "verdict"),
    [
        ("organisation", "target.share", "verdict.crisis"),
        ("third_party", "target.elsewhere", "verdict.elsewhere"),
        ("unclear", "target.share", "verdict.crisis"),
    ],
)
def test_anger_at_somebody_else_is_a_crisis_elsewhere(tmp_path: Path, target: str, share: str, verdict: str) -> None:
    made = crisis(tmp_path, target)
    assert beyond.anger(made).finding.message == share
    found = what_happened.verdict(made).finding
    assert found.message == verdict
    assert found.facts["verdict"] == verdict.removeprefix("verdict.")


def test_a_crisis_elsewhere_has_no_cause_of_ours(tmp_path: Path) -> None:
    found = {"verdict": what_happened.verdict(crisis(tmp_path, "rival")).finding}
    top = next(rule for rule in RULES if rule.id == "top_cause")
    assert not top.holds(found)


def test_too_few_negative_mentions_are_refused(tmp_path: Path) -> None:
    assert beyond.anger(case(tmp_path, [rows(60, "2025-07-10")])).finding.message == "target.refused"


def test_complaints_reproach_and_first_person_are_held_against_before(tmp_path: Path) -> None:
    before = rows(200, "2025-07-07", first_person=0.2)
    now = rows(200, "2025-07-10", "negative", complaint=0.9, reproach=3, first_person=0.02)
    made = case(tmp_path, [before, now])
    assert beyond.complaints(made).finding.message == "complaints.rose"
    grades = beyond.reproach(made).finding
    assert grades.message == "reproach.rose"
    assert grades.table is not None
    assert [row[0] for row in grades.table.rows["zh"]] == ["无指责", "不满", "指控", "谴责"]
    told = beyond.first_person(made).finding
    assert told.message == "first_person.fell"
    assert "English" in told.answer["en"]
    assert "英语" in told.answer["zh"]


def test_what_cannot_be_compared_or_told_is_said(tmp_path: Path) -> None:
    alone = case(tmp_path, [rows(200, "2025-07-10")])
    assert beyond.complaints(alone).finding.message == "complaints.alone"
    assert beyond.first_person(alone).finding.message == "first_person.alone"
    chinese = case(tmp_path, [rows(200, "2025-07-10", language="zh")])
    assert beyond.reproach(chinese).finding.message == "reproach.refused"
    assert beyond.complaints(chinese).finding.values["recall"].value == pytest.approx(0.528)
    silent = case(tmp_path, [rows(60, "2025-07-10", complaint=float("nan"), first_person=float("nan"), reproach=pd.NA)])
    for ask in (beyond.complaints, beyond.first_person, beyond.reproach):
        assert ask(silent).finding.message.endswith(".refused")
