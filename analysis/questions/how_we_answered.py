"""Notebook 3: how did we answer, and did it help?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import response as response_measure
from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.questions import private
from analysis.questions.case import Case
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer

redirects = private.redirects
"""Asked beside the others of this notebook."""
DEFAULT_HOURS = 24.0
"""Promised first response where neither the plan nor the notebook's parameter names one."""


def joins(case: Case) -> Answer:
    """What the archive can say about answers: whether they can be joined to what they answer, and are complete."""
    found = case.joins
    if found["brand_side"] == "none":
        message = "joins.no_brand_posts" if case.incident.brand_accounts else "joins.no_accounts"
    elif found["threads"] != "recorded":
        message = f"joins.{found['threads']}"
    elif found["openers"] == "absent":
        message = "joins.openers_absent"
    elif found["selected"] == "answered_only":
        message = "joins.answered_only"
    elif not found["silence_provable"]:
        message = "joins.sampled"
    else:
        message = "joins.whole"
    values: dict[str, object] = {name: int(value) for name, value in found["counts"].items()}
    values |= {name: _share(found, name) for name in ("replies_joined", "whole_threads")}
    certainty: Certainty = "high" if message == "joins.whole" else "refused"
    return case.answer("replies.joins", message, values, certainty=certainty, facts={"joins": message})


def _share(found: Mapping[str, Any], name: str) -> Estimate:
    """A share of the joinability audit; refused where it is not known."""
    n = max((int(count) for count in found["why"][name]["evidence"].values()), default=0)
    if found[name] is None:
        return refused("share", "not_recorded", "joinability audit", n)
    return Estimate(float(found[name]), "share", n, "joinability audit")


def first_statement(case: Case, promised_hours: float = 0.0) -> Answer:
    """Crisis response time: from the onset to the first public statement (definitions C8), against the plan."""
    statement = case.first_action(PUBLIC_KINDS)
    dated = case_onset(case).onset
    if statement is None:
        values = {"delay": refused("hours", "no_actions", "actions.csv")}
        return case.answer("response.statement", "statement.no_actions", values, certainty="refused")
    if case.selected or not (dated.low and dated.high):
        values = {"delay": refused("hours", str(dated.reason or "no_spike"), "actions.csv")}
        return case.answer("response.statement", "statement.no_onset", values, certainty="refused")
    when = pd.Timestamp(statement.when)
    early, late = ((when - pd.Timestamp(moment)) / pd.Timedelta(hours=1) for moment in (dated.high, dated.low))
    if late < 0:
        values = {"delay": refused("hours", "before_onset", "actions.csv against onset", 1)}
        return case.answer("response.statement", "statement.before_onset", values, certainty="medium")
    middle = (max(early, 0.0) + late) / 2 if early != late else late
    delay = Estimate(middle, "hours", 1, "actions.csv against onset", max(early, 0.0), late)
    promise = _promised(case, "first_statement_hours")
    values = {"delay": delay, "promised": Estimate(promise, "hours", 1, "plan.yml")} if promise else {"delay": delay}
    if promise is None:
        message = "statement.no_plan"
    elif max(early, 0.0) > promise:
        message = "statement.late"
    else:
        message = "statement.in_time" if late <= promise else "statement.unclear"
    return case.answer(
        "response.statement",
        message,
        values,
        certainty="high" if early == late else "medium",
        facts={"message": message},
    )


def first_response(case: Case, promised_hours: float = 0.0) -> Answer:
    """How long a complaint waited for its first answer: Kaplan–Meier, the unanswered as censored."""
    found = _speed(case, promised_hours)
    values = {"median": found.median, "p90": found.p90}
    if found.kind == "turn_latency":
        message = "speed.answered_turns" if found.answered.reason == "answered_only" else "speed.turns"
        return case.answer("replies.speed", message, values, certainty="low", facts={"kind": found.kind})
    if found.kind == "none":
        return case.answer("replies.speed", f"speed.{found.median.reason}", values, certainty="refused")

    promise = hours_promised(case, promised_hours)
    values |= {"within": found.within, "answered": found.answered}
    title = "figure.survival.title" if found.median.value is not None else "figure.survival.open"

    def draw(language: str):
        from analysis.figures import survival as figure

        words = wording.group("figure.survival.words", language)
        words |= {"title": wording.say(title, language, values)}
        promised = wording.say("figure.survival.promised", language, {"hours": Estimate(promise, "hours", 1, "plan")})
        return figure.draw(found.curve, marks=[(promise, promised)], words=words, lang=language)

    message = "speed.median" if found.median.value is not None else "speed.over_half_unanswered"
    return case.answer(
        "replies.speed",
        message,
        values,
        certainty="high",
        draw=("survival", title, values, draw),
        facts={"kind": found.kind},
    )


def answered(case: Case, promised_hours: float = 0.0) -> Answer:
    """The share of complaints that were answered at all, and within the promised time."""
    found = _speed(case, promised_hours)
    promise = Estimate(hours_promised(case, promised_hours), "hours", 1, "plan.yml")
    values = {"answered": found.answered, "within": found.within, "promised": promise}
    if found.answered.value is None:
        return case.answer(
            "replies.answered",
            f"answered.{found.answered.reason}",
            values,
            certainty="refused",
            facts={"message": "refused"},
        )
    message = "answered.share" if found.within.value is not None else "answered.alone"
    return case.answer("replies.answered", message, values, certainty="high", facts={"message": message})


def _speed(case: Case, promised_hours: float) -> response_measure.Speed:
    def measure() -> response_measure.Speed:
        pairs = response_measure.pairs(case.mentions)
        complaints = case.during(case.customers)
        complaints = complaints[(sentiment.labels(complaints) == "negative") & complaints["parent_id"].isna()]
        asked = pairs[pairs["id"].isin(complaints["id"])]
        until = case.mentions["published_at"].max()
        found = response_measure.speed(asked, case.joins, until, hours_promised(case, promised_hours))
        return found if case.incident.brand_accounts else _unnamed(found)

    return case.once("speed", measure)


def _unnamed(found: response_measure.Speed) -> response_measure.Speed:
    """The same refusals with their true reason: nobody said which accounts are the organisation's."""
    hours, share = (refused(unit, "no_accounts", "incident.yml") for unit in ("hours", "share"))
    return replace(found, median=hours, p90=hours, answered=share, within=share)


def hours_promised(case: Case, given: float) -> float:
    """The promised hours to a first answer: `given` where it is not 0, else the plan's, else DEFAULT_HOURS."""
    return given or _promised(case, "first_response_hours") or DEFAULT_HOURS


def _promised(case: Case, name: str) -> float | None:
    """What the plan promises for the incident's severity; None without a plan, a severity, or a promise for it."""
    if case.plan is None or case.incident.severity is None:
        return None
    return next((float(getattr(row, name)) for row in case.plan.levels if row.level == case.incident.severity), None)
