"""Notebook 3, whether it helped: what the curve did after each public step, and those who were answered."""

from dataclasses import dataclass

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import course as course_measure
from analysis.measures import matched as matched_measure
from analysis.measures import response, sentiment
from analysis.measures.course import Effect
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_ordinary, case_recovery, no_decay
from analysis.questions.page import Answer, Printed, bounds, plain, shown, together, worded
from analysis.questions.talks import seen_spans
from analysis.style import numbers

SURE = 0.05
ALIKE, APART = 0.1, 0.25
"""Standardised mean differences up to which pairs are alike, and from which they are not."""


@dataclass(frozen=True)
class Step:
    """What the public saw in one hour: kinds of actions, and what the curve did after."""

    when: pd.Timestamp
    kinds: tuple[str, ...]
    effect: Effect
    p: float | None
    """Adjusted for the number of steps tested (Holm 1979)."""


def course(case: Case) -> Answer:
    """Whether mentions died away faster after what the organisation did in public (definitions C7)."""
    public = [action for action in case.actions if action.kind in PUBLIC_KINDS]
    if not public:
        none = {"times": refused("ratio", "no_actions", "actions.csv")}
        return case.answer("course.effect", "course.no_actions", none, certainty="refused")
    why = no_decay(case)
    found = case_recovery(case)
    if why or found.decline is None:
        reason = "not_recorded" if why in ("selected", "days_only") else why or str(found.half_life.reason)
        none = {"times": refused("ratio", reason, course_measure.METHOD)}
        message = f"course.{why}" if why in ("selected", "days_only") else "course.no_decay"
        return case.answer("course.effect", message, none, certainty="refused")
    steps = _steps(case, public)
    verdicts = [_verdict(step) for step in steps]
    turned = [step for step, verdict in zip(steps, verdicts, strict=True) if verdict == "faster"]
    if len(turned) > 1:
        verdicts = ["one_of" if verdict == "faster" else verdict for verdict in verdicts]
    tested = [step for step in steps if step.p is not None]
    values: dict[str, object] = {"tested": len(tested), "steps": len(steps)}
    if turned:
        first = min(turned, key=lambda step: (step.p or 0.0, step.when))
        p = float(first.p or 0.0)
        values |= {
            "times": first.effect.faster,
            "p": Estimate(p, "share", first.effect.faster.n, course_measure.METHOD),
            "when": Estimate(first.when.isoformat(), "time", 1, "actions.csv"),
            "what": _named(case, first.kinds),
        }
        message = "course.faster" if len(turned) == 1 else "course.one_of"
    elif tested:
        message = "course.elsewhere" if "elsewhere" in verdicts else "course.not_distinguishable"
    else:
        values["times"] = refused("ratio", str(steps[0].effect.faster.reason), course_measure.METHOD)
        message = "course.refused"
    certainty: Certainty = "refused" if not tested else "low"
    return case.answer(
        "course.effect",
        message,
        values,
        certainty=certainty,
        printed=_course_table(case, steps, verdicts),
        facts={"message": message, "over": found.volume.high is not None},
    )


def answering(case: Case) -> Answer:
    """Whether those who were answered did better than those who had to wait (definitions C7.3)."""
    found = _matched(case)
    table = pd.DataFrame(
        [
            {
                "outcome": name,
                "answered": found.risks[name][0],
                "waiting": found.risks[name][1],
                "difference": found.differences[name].value,
                "low": found.differences[name].low,
                "high": found.differences[name].high,
                "e_value": e_value,
                "e_limit": e_limit,
            }
            for name in found.risks
            for e_value, e_limit in [found.e_values[name] or (None, None)]
        ]
    )
    if found.reason:
        none = {"angry": found.differences["angry_again"]}
        message = f"helped.{found.reason}"
        if found.reason == "no_brand_posts" and not case.incident.brand_accounts:
            message = "helped.no_accounts"
        message = message if wording.knows(message) else "helped.refused"
        return case.answer("matched.effect", message, none, certainty="refused", facts={"message": "helped.refused"})
    table["interval"] = together(table["low"], table["high"])
    printed = Printed(
        "matched",
        "table.matched",
        table,
        {
            "outcome": ("column.outcome", worded("outcome")),
            "answered": ("column.answered", shown("share")),
            "waiting": ("column.waiting", shown("share")),
            "difference": ("column.difference", shown("points")),
            "interval": ("column.interval", bounds("points")),
            "e_value": ("column.e_value", shown("ratio")),
            "e_limit": ("column.e_limit", shown("ratio")),
        },
        numeric=("answered", "waiting", "difference", "e_value", "e_limit"),
    )
    angry, glad = found.differences["angry_again"], found.differences["thanks"]
    if float(angry.high or 0) < 0:
        message = "helped.calmer"
    elif float(angry.low or 0) > 0:
        message = "helped.angrier"
    elif float(glad.low or 0) > 0 and found.e_values["thanks"]:
        message = "helped.thanked"
    else:
        message = "helped.rare" if angry.value is None else "helped.not_distinguishable"
    values: dict[str, object] = {"angry": angry, "thanks": glad, "used": found.used, "answered": found.answered}
    for name, key in (("angry_again", "angry"), ("thanks", "thanks")):
        for side, place in (("answered", 0), ("waiting", 1)):
            risk = found.risks[name][place]
            values[f"{key}_{side}"] = Estimate(risk, "share", found.used, matched_measure.METHOD)
    needed = found.e_values["thanks" if message == "helped.thanked" else "angry_again"]
    if message in ("helped.calmer", "helped.angrier", "helped.thanked"):
        values["needed"] = (
            Estimate(needed[1], "ratio", found.used, "E-value") if needed else refused("ratio", "too_few", "E-value")
        )
    uneven = _uneven(found)
    return case.answer(
        "matched.effect",
        message,
        values,
        certainty="low" if uneven > ALIKE else "medium",
        printed=printed,
        facts={"message": message},
        behind={"used": found.pairs["answered"], "waiting": found.pairs["control"]},
    )


def balance(case: Case) -> Answer:
    """How alike the answered and those they are compared with were before the answer."""
    found = _matched(case)
    if found.reason or found.balance.empty:
        none = {"apart": refused("ratio", found.reason or "not_recorded", matched_measure.METHOD)}
        return case.answer("matched.balance", "balance.refused", none, certainty="refused")
    printed = Printed(
        "balance",
        "table.balance",
        found.balance,
        {
            "covariate": ("column.covariate", worded("covariate")),
            "before": ("column.unmatched", _deviations),
            "after": ("column.matched", _deviations),
        },
        numeric=("before", "after"),
    )
    uneven = _uneven(found)
    message = "balance.alike" if uneven <= ALIKE else "balance.near" if uneven <= APART else "balance.apart"
    values: dict[str, object] = {"used": found.used, "answered": found.answered, "covariates": len(found.balance)}
    return case.answer("matched.balance", message, values, certainty="medium", printed=printed)


def _steps(case: Case, public: list) -> list[Step]:
    """Public actions of one hour are one step; those that could be tested share the error among them."""
    usual, found = case_ordinary(case), case_recovery(case)
    assert found.decline is not None
    hours: dict[pd.Timestamp, list] = {}
    for action in public:
        hours.setdefault(pd.Timestamp(action.when).floor("h"), []).append(action)
    told = []
    for actions in hours.values():
        when = pd.Timestamp(actions[0].when)
        effect = course_measure.effect(found.decline, usual, when, found.half_life)
        told.append((when, tuple(dict.fromkeys(action.kind for action in actions)), effect))
    ordered = sorted(effect.p for _, _, effect in told if effect.p is not None)
    adjusted: dict[float, float] = {}
    reached = 0.0
    for rank, p in enumerate(ordered):
        reached = max(reached, min(1.0, p * (len(ordered) - rank)))
        adjusted.setdefault(p, reached)
    return [Step(when, kinds, effect, None if effect.p is None else adjusted[effect.p]) for when, kinds, effect in told]


def _verdict(step: Step) -> str:
    if step.p is None:
        return str(step.effect.faster.reason)
    if step.p >= SURE:
        return "not_distinguishable"
    return "faster" if step.effect.placed else "elsewhere"


def _course_table(case: Case, steps: list[Step], verdicts: list[str]) -> Printed:
    table = pd.DataFrame(
        {
            "when": [step.when for step in steps],
            "what": [step.kinds for step in steps],
            "excess": [step.effect.excess for step in steps],
            "verdict": verdicts,
            "times": [step.effect.faster.value for step in steps],
            "low": [step.effect.faster.low for step in steps],
            "high": [step.effect.faster.high for step in steps],
            "p": [step.p for step in steps],
        }
    )
    table["interval"] = together(table["low"], table["high"])

    def named(kinds: tuple[str, ...], language: str) -> str:
        return wording.joined([wording.say(f"action.{kind}", language) for kind in kinds], language)

    return Printed(
        "course",
        "table.course",
        table,
        {
            "when": ("column.when", shown("time", case.zone)),
            "what": ("column.what", named),
            "excess": ("column.above", shown("per_hour")),
            "verdict": ("column.verdict", worded("course_verdict")),
            "times": ("column.pace", shown("ratio")),
            "interval": ("column.interval", bounds("ratio")),
            "p": ("column.p", lambda value, _: plain(None if pd.isna(value) else f"{value:.3f}", "en")),
        },
        numeric=("excess", "times", "p"),
    )


def _deviations(value: float, language: str) -> str:
    """A standardised difference as a cell."""
    return "–" if pd.isna(value) else f"{round(value, 2) + 0.0:+.2f}".replace("-", numbers.MINUS)


def _named(case: Case, kinds: tuple[str, ...]) -> dict[str, str]:
    return {
        language: wording.joined([wording.say(f"action.{kind}", language) for kind in kinds], language)
        for language in case.languages
    }


def _matched(case: Case) -> matched_measure.Matched:
    def measure() -> matched_measure.Matched:
        complaints = case.during(case.customers)
        complaints = complaints[(sentiment.labels(complaints) == "negative") & complaints["parent_id"].isna()]
        complaints = complaints.merge(response.pairs(case.mentions), on="id")
        return matched_measure.matched(complaints, case.mentions, case.joins, seen_spans(case))

    return case.once("matched", measure)


def _uneven(found: matched_measure.Matched) -> float:
    """The largest difference that matching left."""
    return float(found.balance["after"].abs().max()) if len(found.balance) else 0.0
