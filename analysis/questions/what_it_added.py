"""Notebook 1, how much of it was surely extra: every metric against its counterfactual, and the placebos behind it."""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures.estimate import Estimate, refused
from analysis.measures.impact import Impact
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import (
    as_ratio,
    case_controls,
    case_impact,
    case_impacts,
    case_series,
    lacking_controls,
)
from analysis.questions.page import Answer, Printed, bounds, shown, together, why

NET_SCALE = 100
"""Net sentiment stands beside counts in one table, so it is on the scale that readers see: −100 to 100."""


def metrics(case: Case) -> Answer:
    """Observed, expected, effect and relative effect of each metric that the archive records, with intervals."""
    if case.selected or case.days_only:
        message = "impact.selected" if case.selected else "impact.days_only"
        return case.answer("impact.metrics", message, certainty="refused")
    found = case_impacts(case)
    values: dict[str, object] = {}
    for name, one in found.items():
        values |= {f"{name}_effect": _effect(name, one), f"{name}_expected": one.expected}
        values |= {} if name == "net" else {f"{name}_relative": one.relative}
    known = {name: one for name, one in found.items() if one.effect.value is not None}
    moved = [name for name, one in known.items() if _apart(one.effect)]
    same = [name for name in known if name not in moved]
    told = {
        "moved": _listed(case, [_said(case, name, known[name]) for name in moved]),
        "same": _listed(case, [_said(case, name, known[name]) for name in same]),
        "basis": _basis(case),
        "effect": found["mentions"].effect,
    }
    if not known:
        message = "impact.metrics.refused"
    elif not moved:
        message = "impact.metrics.same"
    else:
        message = "impact.metrics.moved_some" if same else "impact.metrics.moved_all"
    return case.answer(
        "impact.metrics",
        message,
        values | told,
        certainty="medium" if known else "refused",
        printed=_printed(case, found),
        facts={"moved": moved, "same": same, "refused": [name for name in found if name not in known]},
        behind={"during": members.inside(case)} if known else None,
    )


def placebo(case: Case) -> Answer:
    """How far off the same prediction was in quiet stretches as long as the incident, beside the incident's own."""
    found = case_impact(case)
    values: dict[str, object] = {"ratio": as_ratio(found.relative), "blocks": found.blocks, "rank": found.rank}
    if case.selected or case.days_only:
        message = "impact.selected" if case.selected else "impact.days_only"
        return case.answer("impact.placebo", message, certainty="refused")
    if found.effect.value is None or found.as_far is None:
        values = {"ratio": refused("ratio", found.effect.reason or "not_recorded", found.effect.method)}
        return case.answer("impact.placebo", "impact.placebo.refused", values, certainty="refused")
    ratios = found.placebo["ratio"]
    values |= {
        "as_far": found.as_far,
        "least": Estimate(float(ratios.min()), "ratio", found.blocks, found.effect.method),
        "most": Estimate(float(ratios.max()), "ratio", found.blocks, found.effect.method),
    }
    message = "none" if not found.as_far else "some" if found.as_far < found.blocks else "all"

    def draw(language: str):
        from analysis.figures import placebo as figure

        words = wording.group("figure.placebo.words", language)
        title = wording.say(f"figure.placebo.{message}", language, values)
        return figure.draw(
            ratios.tolist(), float(as_ratio(found.relative).value or 0), words=words | {"title": title}, lang=language
        )

    certainty: Certainty = "high" if message == "none" else "medium"
    return case.answer(
        "impact.placebo",
        f"impact.placebo.{message}",
        values,
        certainty=certainty,
        draw=("placebo", f"figure.placebo.{message}", values, draw),
    )


def _printed(case: Case, found: dict[str, Impact]) -> Printed:
    caps = {name: series.cap for name, series in case_series(case).items()}
    rows = []
    for name, one in found.items():
        scale = NET_SCALE if name == "net" else 1
        row: dict[str, object] = {"metric": name, "cap": caps.get(name), "reason": one.effect.reason}
        row["observed"] = None if one.observed is None else one.observed * scale
        for part, estimate in (("expected", one.expected), ("effect", one.effect), ("relative", one.relative)):
            times = 1 if part == "relative" else scale
            row |= {
                column: None if value is None else float(value) * times
                for column, value in (
                    (part, estimate.value),
                    (f"{part}_low", estimate.low),
                    (f"{part}_high", estimate.high),
                )
            }
        row |= {"as_far": one.as_far, "blocks": one.blocks, "n": one.effect.n}
        rows.append(row)
    table = pd.DataFrame(rows)
    table["effect_interval"] = together(table["effect_low"], table["effect_high"])

    def metric(name: object, language: str) -> str:
        cap = caps.get(str(name))
        message = f"metric.{name}.capped" if cap is not None else f"metric.{name}"
        return wording.say(message, language, {} if cap is None else {"cap": Estimate(cap, "count", 0, "quantile")})

    return Printed(
        "impact",
        "table.impact",
        table,
        {
            "metric": ("column.metric", metric),
            "observed": ("column.observed", shown("count")),
            "expected": ("column.expected", shown("count")),
            "effect": ("column.added", shown("count")),
            "effect_interval": ("column.interval", bounds("count")),
            "relative": ("column.relative", shown("change")),
        }
        | why(table["reason"]),
        numeric=("observed", "expected", "effect", "relative"),
    )


def _apart(effect: Estimate) -> bool:
    """Whether the interval leaves nought out."""
    return effect.low is not None and effect.high is not None and (float(effect.low) > 0 or float(effect.high) < 0)


def _effect(name: str, one: Impact) -> Estimate:
    """The effect as readers see it: of net sentiment in points, of which there may be 200 between two moments."""
    effect = one.effect
    if name != "net":
        return effect
    value, low, high = (
        None if bound is None else float(bound) * NET_SCALE for bound in (effect.value, effect.low, effect.high)
    )
    return Estimate(value, "count", effect.n, effect.method, low, high, effect.reason)


def _said(case: Case, name: str, one: Impact) -> dict[str, str]:
    return case.say(f"impact.said.{name}", {"effect": _effect(name, one), "relative": one.relative})


def _listed(case: Case, phrases: list[dict[str, str]]) -> dict[str, str]:
    return {language: wording.joined([phrase[language] for phrase in phrases], language) for language in case.languages}


def _basis(case: Case) -> dict[str, str]:
    """Whether competitors' mentions stand beside the organisation's own past, and whose."""
    controls, lacking = case_controls(case), lacking_controls(case)
    named = {
        name: {language: wording.joined(brands, language) for language in case.languages}
        for name, brands in (("controls", [] if controls is None else list(controls.columns)), ("lacking", lacking))
    }
    message = "alone" if controls is None else "controls"
    return case.say(f"impact.basis.{message}_lacking" if lacking else f"impact.basis.{message}", named)
