"""Notebook 1, what it cost: what came on top of the usual, who spoke, how far it travelled."""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import engagement as engagement_measure
from analysis.measures import volume as volume_measure
from analysis.measures.estimate import Estimate, refused
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import as_ratio, case_impact, case_phase, counted
from analysis.questions.page import Answer


def impact(case: Case) -> Answer:
    """What the incident added to what would have come anyway."""
    found = case_impact(case)
    values = {
        "effect": found.effect,
        "ratio": as_ratio(found.relative),
        "expected": found.expected,
        "needed": Estimate(found.days_needed, "days", 0, "baseline"),
        "have": Estimate(found.days_seen, "days", 0, "baseline"),
    }
    certainty: Certainty
    if case.selected or case.days_only:
        message, certainty = "impact.selected" if case.selected else "impact.days_only", "refused"
    elif found.effect.reason == "short_baseline" and not found.days_seen:
        message, certainty = "impact.no_baseline", "refused"
    elif found.effect.value is None:
        message = f"impact.{found.effect.reason}"
        message = message if wording.knows(message) else "impact.refused"
        certainty = "refused"
    elif found.effect.low is not None and float(found.effect.low) > 0:
        message, certainty = "impact.more", "high"
    elif found.effect.high is not None and float(found.effect.high) < 0:
        message, certainty = "impact.less", "high"
    else:
        message, certainty = "impact.not_distinguishable", "medium"
    behind = {} if found.effect.value is None else {"during": members.inside(case)}
    return case.answer("impact.mentions", message, values, certainty=certainty, behind=behind)


def authors(case: Case) -> Answer:
    """How many different people spoke."""
    values = {"during": case_phase(case, "during")["authors"], "before": case_phase(case, "before")["authors"]}
    values["seen"] = counted(values["during"])
    if values["during"].value is not None:
        behind = {phase: members.seen(case, phase) for phase in ("before", "during")}
        return case.answer("authors.total", "authors.counted", values, certainty="high", behind=behind)
    message = "authors.refused" if values["during"].low is not None else "authors.not_recorded"
    return case.answer("authors.total", message, values, certainty="refused")


def engagement(case: Case) -> Answer:
    """Likes, replies and reposts, of those that the archive records."""
    found = engagement_measure.summary(_seen(case, case.during(case.mentions)))
    values = {"total": found.total, "median": found.median, "mean": found.mean}
    early = {str(told["how"]) for told in case.frozen_counts}
    if found.total.reason == "not_recorded" and early & set(engagement_measure.EARLY):
        values = {name: refused(value.unit, "frozen_counts", value.method) for name, value in values.items()}
    if found.total.value is None:
        return case.answer("engagement.total", "engagement.refused", values, certainty="refused")
    parts = {
        language: wording.joined([wording.say(f"part.{part}", language) for part in found.recorded], language)
        for language in case.languages
    }
    partial = "partial" if case_phase(case, "during")["mentions"].value is None else "counted"
    if early:
        partial = "young"
    behind = {"n": members.reacted(case)["reactions"]}
    told = values | {"parts": parts}
    return case.answer("engagement.total", f"engagement.{partial}", told, certainty="medium", behind=behind)


def reach(case: Case) -> Answer:
    """Views, and potential reach, where they are recorded; the two are never added."""
    found = engagement_measure.summary(_seen(case, case.during(case.mentions)))
    values = {"views": found.views, "potential": found.potential_reach}
    message = {
        (True, True): "reach.both",
        (True, False): "reach.views",
        (False, True): "reach.potential",
        (False, False): "reach.not_recorded",
    }[found.views.value is not None, found.potential_reach.value is not None]
    certainty: Certainty = "refused" if message == "reach.not_recorded" else "low"
    behind = {name: members.reacted(case)[name] for name, sum_ in values.items() if sum_.value is not None}
    return case.answer("reach.total", message, values, certainty=certainty, behind=behind)


def _seen(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    return volume_measure.kept_rows(rows, case.coverage)
