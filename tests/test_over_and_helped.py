"""The questions after the peak: every refusal has its sentence, and tests of several steps share their error."""

import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis import wording
from analysis.incident import Action
from analysis.measures import course, matched, recovery
from analysis.measures.estimate import REASONS, Estimate, refused
from analysis.questions import did_it_help
from analysis.questions import recovery as asked
from analysis.questions.did_it_help import Step

WHEN = pd.Timestamp("2025-05-01 10:00", tz="UTC")


def named(module: object) -> set[str]:
    source = Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")
    return {reason for reason in REASONS if re.search(rf'"{reason}"', source)}


def step(p: float | None, placed: bool | None = True, reason: str | None = None) -> Step:
    times = Estimate(2.0, "ratio", 100, "made", 1.5, 2.5) if reason is None else refused("ratio", reason)
    return Step(WHEN, ("apology",), course.Effect(times, p, 5.0, 10.0, placed), p)


def test_every_reason_has_a_verdict_and_a_sentence():
    assert {"too_early", "faded", "short_baseline"} <= named(course)
    wanted = [f"course_verdict.{reason}" for reason in named(course) | {"not_seen", "censored", "second_wave"}]
    wanted += [f"course_verdict.{verdict}" for verdict in ("faster", "one_of", "elsewhere", "not_distinguishable")]
    wanted += [f"helped.{reason}" for reason in named(matched)]
    wanted += [f"outcome.{outcome}" for outcome in matched.OUTCOMES]
    wanted += [f"reason.{reason}" for reason in named(recovery)]
    for prefix in ("half_life", "waves", "volume_back"):
        wanted += [f"{prefix}.{why}" for why in ("selected", "days_only", "no_spike", "refused")]
    wanted += [f"relief.{name}{end}" for name in ("censored", "short") for end in ("", "_here")]
    wanted += [f"volume_back.censored{end}" for end in ("", "_here")]
    wanted += [f"residual.{name}" for name in ("worse", "same", "better", "refused", "refused_here", "selected")]
    assert [name for name in wanted if not wording.knows(name)] == []


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (step(0.01), "faster"),
        (step(0.01, placed=False), "elsewhere"),
        (step(0.2, placed=None), "not_distinguishable"),
        (step(None, placed=None, reason="too_early"), "too_early"),
    ],
)
def test_a_verdict_needs_both_a_turn_and_its_place(told, verdict):
    assert did_it_help._verdict(told) == verdict


def test_steps_share_their_error_and_those_of_one_hour_are_one(monkeypatch):
    chances = {10: 0.02, 12: 0.03, 20: 0.4}

    def effect(_fall, _usual, when, _half):
        return course.Effect(Estimate(2.0, "ratio", 9, "made", 1.0, 3.0), chances[when.hour], 1.0, 1.0, True)

    class Found:
        decline = object()
        half_life = refused("hours", "censored")

    monkeypatch.setattr(did_it_help.course_measure, "effect", effect)
    monkeypatch.setattr(did_it_help, "case_ordinary", lambda _: None)
    monkeypatch.setattr(did_it_help, "case_recovery", lambda _: Found)
    actions = [
        Action(when=WHEN + pd.Timedelta(hours=late), actor="a", kind=kind)
        for late, kind in ((0, "statement"), (0.5, "apology"), (2, "explanation"), (10, "correction"))
    ]
    steps = did_it_help._steps(None, actions)  # type: ignore[arg-type]
    assert [one.kinds for one in steps] == [("statement", "apology"), ("explanation",), ("correction",)]
    assert [one.p for one in steps] == pytest.approx([0.06, 0.06, 0.4])


@pytest.mark.parametrize(
    ("kinds", "off", "silent"),
    [
        (("detected", "acknowledged", "closed"), 0.0, True),
        (("detected", "apology"), 0.0, False),
        (("detected", "closed"), 8.0, False),
        ((), 0.0, False),
    ],
)
def test_nothing_was_said_once_mentions_had_risen(monkeypatch, kinds, off, silent):
    """A statement before the onset says nothing to it; a log that is absent or of another clock shows no silence."""

    actions = [Action(when=WHEN + pd.Timedelta(hours=k), actor="a", kind=kind) for k, kind in enumerate(kinds)]
    if kinds:
        actions.insert(0, Action(when=WHEN - pd.Timedelta(hours=1), actor="a", kind="statement"))
    begun = Estimate(WHEN.isoformat(), "time", 1, "made", WHEN.isoformat(), WHEN.isoformat())
    monkeypatch.setattr(asked, "case_onset", lambda _: SimpleNamespace(onset=begun))
    monkeypatch.setattr(asked, "case_shift", lambda _: SimpleNamespace(hours=off))
    assert asked._untouched(SimpleNamespace(actions=actions)) is silent  # type: ignore[arg-type]
