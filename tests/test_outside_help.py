"""The decision table: what fires, since when, who was called, and what cannot be told."""

import pandas as pd
import pytest

from analysis.measures import outside_help as measure
from analysis.measures.outside_help import Sign
from analysis.scoring.misconduct import misconduct

NOON = pd.Timestamp("2026-03-10 12:00", tz="UTC")
HOUR = pd.Timedelta(hours=1)


def calls(*rows: tuple[float, str, str]) -> pd.DataFrame:
    return measure.calls_of((NOON + hours * HOUR, kind, text) for hours, kind, text in rows)


def test_a_call_meets_the_triggers_that_ask_for_it() -> None:
    signs = {"law": Sign("fired", NOON), "severe": Sign("fired"), "breach": Sign("not")}
    log = calls((5, "legal", "counsel clears the wording"), (30, "outside_help", "Crisis adviser called in"))
    made = measure.table(signs, log).set_index("trigger")
    assert (made.loc["law", "profession"], made.loc["law", "hours"], made.loc["law", "in_time"]) == ("legal", 5.0, True)
    assert made.loc["severe", "profession"] == "pr"
    assert pd.isna(made.loc["severe", "hours"])
    assert made.loc["severe", "in_time"] is None
    assert made.loc["injury", "state"] == "unknown"
    assert pd.isna(made.loc["breach", "called"])


def test_a_call_before_the_trigger_waits_for_nothing_and_a_late_one_is_late() -> None:
    made = measure.table({"law": Sign("fired", NOON)}, calls((-9, "legal", ""))).set_index("trigger")
    assert (made.loc["law", "hours"], made.loc["law", "in_time"]) == (0.0, True)
    late = measure.table({"law": Sign("fired", NOON)}, calls((25, "legal", ""))).set_index("trigger")
    assert late.loc["law", "in_time"] is False
    nobody = measure.table({"law": Sign("fired", NOON)}, calls((1, "outside_help", "trauma therapist")))
    assert nobody.set_index("trigger").loc["law", "in_time"] is False
    assert measure.longest(nobody).reason == "no_actions"


@pytest.mark.parametrize(
    ("text", "profession"),
    [
        ("communications Crisis adviser called in", "pr"), ("outside counsel", "legal"), ("forensic team", "security"),
        ("psychologists for the injured", "care"), ("independent review commissioned", "independent"),
        ("somebody", "unnamed"), ("聘请公关顾问", "pr"), ("第三方独立调查", "independent"), ("心理援助", "care"),
    ],
)  # fmt: skip
def test_professions_are_named_by_the_log(text: str, profession: str) -> None:
    assert calls((0, "outside_help", text))["profession"].tolist() == [profession]
    assert calls((0, "legal", text))["profession"].tolist() == ["legal"]


def test_a_backlog_fires_once_it_has_grown_for_six_hours() -> None:
    assert measure.backlog(None).state == "unknown"
    assert measure.backlog([(NOON, NOON + 5 * HOUR, 40)]).state == "not"
    assert measure.backlog([]).state == "not"
    fired = measure.backlog([(NOON, NOON + 5 * HOUR, 40), (NOON + 9 * HOUR, NOON + 20 * HOUR, 7)])
    assert (fired.state, fired.first) == ("fired", NOON + 15 * HOUR)


def people(language: str, n: int, start: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"{language}{row}" for row in range(n)],
            "published_at": [NOON + (start + row) * HOUR for row in range(n)],
            "author": [f"u{row}" for row in range(n)],
            "language": language,
        }
    )


def test_a_language_is_beyond_the_team_where_ten_people_wrote_in_it_and_nobody_answered() -> None:
    table = pd.concat([people("en", 40), people("es", 12, 5), people("fr", 9)], ignore_index=True)
    sign, which = measure.languages(table, ["en"])
    assert (sign.state, sign.first, which) == ("fired", NOON + 14 * HOUR, ["es"])
    assert measure.languages(table, ["en", "es"])[0].state == "not"
    same = people("es", 30).assign(author="u1")
    assert measure.languages(same, ["en"])[0].state == "not"
    assert measure.languages(table.assign(language=None), ["en"])[0].state == "not"


def test_two_broken_promises() -> None:
    assert measure.promises({}).state == measure.promises({"statement": NOON}).state == "not"
    both = measure.promises({"statement": NOON, "answers": NOON + HOUR})
    assert (both.state, both.first) == ("fired", NOON + HOUR)
    assert measure.promises({"statement": NOON, "answers": None}).first is None


def test_a_promise_of_answers_lapses_once_that_is_sure() -> None:
    asked = pd.DataFrame({"asked": [NOON + row * HOUR for row in range(40)]})
    silent = asked.assign(answered=pd.Series([pd.NaT] * 40, dtype="datetime64[us, UTC]"))
    assert measure.lapsed(silent, 2.0) == NOON + 21 * HOUR
    assert measure.lapsed(asked.assign(answered=asked["asked"] + HOUR), 2.0) is None
    assert measure.lapsed(silent.head(19), 2.0) is None


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("the CEO lied about the brakes", True), ("their chairman sold his shares before the recall", True),
        ("a clear conflict of interest", True), ("董事长涉嫌内幕交易", True), ("高管早就知道，一直隐瞒", True),
        ("the CEO should resign", False), ("no conflict of interest here", False), ("I like the manager", False),
        ("如果老板造假呢", False), ("总经理出来道歉", False), ("", False),
    ],
)  # fmt: skip
def test_misconduct_of_those_who_lead(text: str, holds: bool) -> None:
    assert misconduct([text]).tolist() == [holds]
