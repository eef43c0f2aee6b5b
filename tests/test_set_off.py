"""What set it off, in words: every branch, in both languages, on invented incidents."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.incident import Incident, Window
from analysis.measures.volume import HOUR
from analysis.questions import set_off
from analysis.questions.case import Case
from analysis.questions.page import Answer
from tests.scored_tables import at, hours, scored

QUESTIONS: tuple[Callable[[Case], Answer], ...] = (
    set_off.course,
    set_off.trigger,
    set_off.factors,
    set_off.first_voice,
    set_off.before,
)
SPAN = ("2024-05-01", "2024-06-10")
CAUSES = pd.DataFrame(
    {
        "cause": [1, 2, 3],
        "name": ["brakes", "statement", "refund"],
        "terms": [["brake", "lever"], ["statement", "sorry"], ["refund", "late"]],
        "stability": [0.9, 0.8, 0.7],
        "typical": [[], [], []],
        "told": 0.8,
        "origin": "found",
        "names": [{"en": name, "zh": name} for name in ("brakes", "statement", "refund")],
    }
)
TEXTS = {0: "seen a bike", 1: "the brake and its lever", 2: "a sorry statement", 3: "refund comes late"}


def complaints(cause: int, first: str, count: int, step: float, text: str | None = None) -> pd.DataFrame:
    """`count` complaints of `cause` (0: mentions without one), each by somebody else, `step` hours apart."""
    times = [at(first) + step * k * HOUR for k in range(count)]
    table = scored(times, ["negative" if cause else "neutral"] * count, text=text or TEXTS[cause])
    table["id"] = [f"{first} {cause} {step} {k}" for k in range(count)]
    table["author"] = [f"u_{first}{cause}{step}{k}" for k in range(count)]
    table["cause"] = pd.array([cause or pd.NA] * count, dtype="Int64")
    return table.assign(complaint=0.9, scorer="made-1")


def case(folder: Path, *parts: pd.DataFrame, causes: pd.DataFrame = CAUSES, unseen: tuple = (), **told: object) -> Case:
    window = {"start": "2024-06-01T00:00:00+00:00", "end": "2024-06-05T00:00:00+00:00"}
    stated = {"id": "a", "title": "A", "archives": ["a"], "brand": "Acme", "window": window, "baseline_days": 28}
    everyday = complaints(0, "2024-05-01", 24 * 40 * 2, 0.5)
    given = {"joins": {"openers": "present", "threads": "recorded"}, "notes": {"resolution": "time"}} | told
    return Case(
        incident=Incident.model_validate(stated | {"report_languages": ["en", "zh"], "after_days": 3}),
        window=Window.model_validate(window),
        mentions=pd.concat([everyday, *parts], ignore_index=True).sort_values(
            ["published_at", "id"], ignore_index=True
        ),
        hours=hours(*SPAN, unseen),
        claims=pd.DataFrame(columns=["brand", "kind", "start", "end", "values"]),
        causes=causes,
        plan=None,
        actions=[],
        notebook="2_why",
        output=folder,
        allowed={},
        **given,
    )


FIRST = complaints(1, "2024-06-01 00:00", 300, 0.15)
LATER = complaints(2, "2024-06-02 00:00", 150, 0.15), complaints(3, "2024-06-02 03:00", 150, 0.15)
OLD = complaints(3, "2024-05-12 09:00", 5, 1.0), complaints(3, "2024-05-22 09:00", 5, 1.0)
ALIKE = complaints(2, "2024-06-01 00:02", 200, 0.2), complaints(3, "2024-06-01 00:04", 200, 0.2)


def told(made: Case) -> dict[str, str]:
    """Message by finding, of all questions; every sentence is whole in both languages."""
    found = [ask(made).finding for ask in QUESTIONS]
    for finding in found:
        assert set(finding.answer) == {"en", "zh"}
        assert "{" not in "".join(finding.answer.values())
        assert "root cause" not in finding.answer["en"]
    made.save()
    return {finding.id: finding.message for finding in found}


def test_one_set_it_off_and_others_joined(tmp_path: Path):
    made = case(tmp_path, FIRST, *LATER, *OLD)
    assert told(made) == {
        "causes.phases": "causes_phases.close",
        "causes.trigger": "trigger.set_off",
        "causes.factors": "factors.told",
        "causes.first": "first_voice.told",
        "causes.before": "there_before.recurring",
    }
    trigger = set_off.trigger(made).finding
    assert trigger.answer["en"].startswith("“brakes” set it off")
    assert "“statement” and “refund”" in trigger.answer["en"]
    first = set_off.first_voice(made).finding
    assert first.values["collected"].value == at("2024-06-01").isoformat()
    assert [quote.quote for quote in first.evidence] == [TEXTS[1]]
    before = set_off.before(made)
    assert "“refund”" in before.finding.answer["en"]
    whole = before.printed.whole.set_index("name")
    assert whole.loc["refund", "established"] - whole.loc["refund", "first"] == 2 * HOUR
    roles = {row[0]: row[3] for row in set_off.factors(made).finding.table.rows["en"]}
    assert roles == {"brakes": "set it off", "statement": "joined later", "refund": "joined later"}


def test_a_recurring_complaint_is_a_warning_where_it_did_not_lose_its_share(tmp_path: Path):
    """All complaints were of refunds before, and a quarter in the incident; or few of many before."""
    lost = set_off.before(case(tmp_path, FIRST, *LATER, *OLD)).finding
    assert lost.message == "there_before.recurring"
    assert lost.facts["recurring"] == ""
    others = complaints(2, "2024-05-05", 200, 2.5)
    held = set_off.before(case(tmp_path, FIRST, *LATER, *OLD, others)).finding
    assert "“refund”" in held.facts["recurring"]["en"]
    assert held.facts["rising"] == ""


def test_what_contributed_beside_the_largest_is_named_in_both_languages(tmp_path: Path):
    factors = set_off.factors(case(tmp_path, FIRST, *LATER)).finding
    assert factors.facts["others"] == {"en": "“statement” and “refund”", "zh": "“statement”和“refund”"}
    alone = set_off.factors(case(tmp_path, complaints(1, "2024-06-01", 200, 0.2))).finding
    assert alone.facts["others"] == ""


def test_rising_together_names_none(tmp_path: Path):
    made = case(tmp_path, complaints(1, "2024-06-01", 200, 0.2), *ALIKE)
    assert told(made)["causes.trigger"] == "trigger.together"
    assert "set it off" not in set_off.trigger(made).finding.answer["en"]
    assert set_off.before(made).finding.message == "there_before.none_recurring"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((complaints(1, "2024-06-01", 400, 0.1), complaints(2, "2024-06-01 00:02", 40, 0.5)), "open"),
        ((complaints(1, "2024-06-01", 900, 0.05), complaints(2, "2024-06-01 00:02", 150, 0.2)), "carried"),
        ((complaints(1, "2024-06-01", 200, 0.2),), "only"),
        ((complaints(1, "2024-06-01", 200, 0.2), *ALIKE[:1], complaints(3, "2024-06-03", 200, 0.1)), "together_joined"),
        ((complaints(0, "2024-06-01", 400, 0.1, "hello"), complaints(1, "2024-06-01 02:00", 2, 1.0)), "refused"),
        ((complaints(0, "2024-06-01", 400, 0.1, "hello"), complaints(1, "2024-05-05", 64, 12.0)), "no_rise"),
        ((complaints(1, "2024-06-02", 5, 1.0),), "refused"),
    ],
)
def test_every_verdict_has_its_sentence(parts: tuple, message: str, tmp_path: Path):
    assert told(case(tmp_path, *parts))["causes.trigger"] == f"trigger.{message}"


def test_no_causes_and_no_complaints(tmp_path: Path):
    none = told(case(tmp_path, causes=CAUSES.head(0)))
    assert set(none.values()) == {
        "causes_phases.none",
        "trigger.no_causes",
        "factors.none",
        "first_voice.no_trigger",
        "there_before.none",
    }
    assert told(case(tmp_path))["causes.trigger"] == "trigger.no_causes"


def test_conversations_without_openers_and_days_say_why(tmp_path: Path):
    selected = told(case(tmp_path, FIRST, *LATER, joins={"openers": "absent", "threads": "recorded"}))
    assert all(message.endswith(".selected") for message in selected.values())
    days = told(case(tmp_path, FIRST, *LATER, notes={"resolution": "day"}))
    assert days["causes.trigger"] == "trigger.days_only"
    assert days["causes.first"] == "first_voice.days_only"
    assert days["causes.factors"].startswith("factors.")


def test_an_onset_nobody_saw_is_refused(tmp_path: Path):
    made = case(tmp_path, FIRST, *LATER, unseen=(("2024-05-31 12:00", "2024-06-01 04:00"),))
    messages = told(made)
    assert messages["causes.trigger"] == "trigger.refused"
    assert "not collected" in set_off.trigger(made).finding.answer["en"]
    assert messages["causes.phases"] == "causes_phases.undated"
    assert messages["causes.first"] == "first_voice.no_trigger"


def test_without_a_time_before(tmp_path: Path):
    made = case(tmp_path, FIRST, *LATER, unseen=(("2024-05-01", "2024-06-01"),))
    messages = told(made)
    assert messages["causes.trigger"] == "trigger.refused"
    assert messages["causes.before"] == "there_before.unknown"


def test_what_everybody_says_has_no_first_mention(tmp_path: Path):
    usual = complaints(1, "2024-05-05", 50, 12.0)
    messages = told(case(tmp_path, FIRST, *LATER, usual))
    assert messages["causes.first"] == "first_voice.routine"


def test_hostile_names_and_texts_stay_text(tmp_path: Path):
    name = "{x.__class__} <script> $a_1$ " + "w" * 400
    called = [name, "=1+1", "\u202e"]
    given = CAUSES.assign(name=called, names=[{"en": one, "zh": one} for one in called], terms=[["(", "["]] * 3)
    made = case(tmp_path, FIRST, *LATER, causes=given)
    for ask in QUESTIONS:
        finding = ask(made).finding
        assert name in finding.answer["en"] or finding.id in ("causes.before", "causes.phases", "causes.first")
    made.save()


def test_the_shares_of_a_phase_are_those_of_the_complaints(tmp_path: Path):
    made = case(tmp_path, FIRST, *LATER)
    table = set_off.course(made).printed.whole.set_index("name")
    assert np.isclose(sum(table["share_onset"]), 1)
    assert table.loc["brakes", "share_onset"] > 0.9
    assert np.isclose(sum(table["share_decline"]), 1)
