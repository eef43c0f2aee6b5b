"""Notebook 3, speed: how long a reply took, how many waited when, and at which hours (definitions C8, C15)."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.incident import PUBLIC_KINDS
from analysis.measures import backlog as backlog_measure
from analysis.measures import response, shifts
from analysis.measures import triage as triage_measure
from analysis.measures.backlog import Backlog, Growth
from analysis.measures.estimate import Estimate, refused
from analysis.measures.response import Speed
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, bounds, shown, together, worded
from analysis.questions.signs import case_triage
from analysis.questions.waiting import (
    DEFAULT_HOURS,
    ROWS,
    basis,
    case_speeds,
    case_waiting,
    hours_promised,
    inside,
    promise,
    whose,
)
from analysis.style import numbers

SHOWN = pd.Timedelta(days=2)
"""What the figure of the backlog shows before and after the incident."""


def first_response(case: Case, promised_hours: float = 0.0) -> Answer:
    """How long a post that needed a reply waited for its first answer: Kaplan–Meier, the unanswered as censored."""
    speeds = case_speeds(case, promised_hours)
    found = speeds["needed"]
    values: dict[str, object] = {"median": found.median, "p90": found.p90, "whose": whose(case)}
    if found.kind == "turn_latency":
        message = "speed.answered_turns" if found.answered.reason == "answered_only" else "speed.turns"
        return case.answer("replies.speed", message, values, certainty="low", facts={"kind": found.kind})
    if found.kind == "none":
        return case.answer("replies.speed", f"speed.{found.median.reason}", values, certainty="refused")
    promised = promise(case, given=promised_hours)
    values |= {"within": found.within, "answered": found.answered}
    title = "figure.survival.title" if found.median.value is not None else "figure.survival.open"

    def draw(language: str):
        from analysis.figures import survival as figure

        words = wording.group("figure.survival.words", language)
        words |= {"title": wording.say(title, language, values)}
        marks = []
        if promised.hours is not None:
            hours = Estimate(promised.hours, "hours", 1, "plan")
            marks = [(promised.hours, wording.say("figure.survival.promised", language, {"hours": hours}))]
        return figure.draw(found.curve, marks=marks, words=words, lang=language)

    message = "speed.median" if found.median.value is not None else "speed.over_half_unanswered"
    return case.answer(
        "replies.speed",
        message,
        values,
        certainty="medium",
        draw=("survival", title, values, draw),
        printed=_table(speeds, case_waiting(case).sure),
        facts={"kind": found.kind},
        behind=_counted(case),
    )


def answered(case: Case, promised_hours: float = 0.0) -> Answer:
    """The share of what needed a reply that was answered at all, and within the promised time."""
    found = case_speeds(case, promised_hours)["needed"]
    promised = promise(case, given=promised_hours)
    limit = Estimate(promised.hours or DEFAULT_HOURS, "hours", 1, "plan.yml" if promised.hours else "default")
    values: dict[str, object] = {"answered": found.answered, "within": found.within, "promised": limit}
    told = {"whose": whose(case), "basis": basis(case, promised)}
    if found.answered.value is None:
        return case.answer(
            "replies.answered",
            f"answered.{found.answered.reason}",
            values,
            certainty="refused",
            facts={"message": "refused"},
        )
    message = "answered.share" if found.within.value is not None else "answered.alone"
    if promised.hours is None and found.within.value is not None:
        message = "answered.unpromised"
    return case.answer(
        "replies.answered",
        message,
        values | told,
        certainty="medium",
        facts={"message": message, "basis": promised.basis},
        behind=_counted(case),
    )


def backlog(case: Case) -> Answer:
    """How many posts that needed a reply waited for one, when they grew, and when that eased (definitions C15)."""
    found = case_backlog(case)
    if found.reason:
        return _flows(case, found)
    grew = found.grew
    values: dict[str, object] = {"peak": found.peak, "peaked": found.peaked, "before": found.before}
    values |= {"eased": found.eased, "whose": whose(case), "times": len(grew)}
    most = max(grew, key=lambda run: run.by) if grew else None
    if most:
        values |= _run(most)
    values["course"] = case.say(_course(found), values)
    message = "backlog.steady"
    if most:
        message = "backlog.grew" if len(grew) == 1 else "backlog.grew_often"
    marks = [(action.when, f"action.{action.kind}") for action in case.actions if action.kind in PUBLIC_KINDS]
    near = found.hours[(found.hours["hour"] >= case.start - SHOWN) & (found.hours["hour"] < case.end + SHOWN)]

    def draw(language: str):
        from analysis.figures import backlog as figure

        words = wording.group("figure.backlog.words", language)
        words |= {"title": wording.say(f"figure.{message}", language, values, case.zone)}
        named = [(when, wording.say(name, language)) for when, name in marks]
        return figure.draw(near, grew=grew, marks=named, zone=case.zone, words=words, lang=language)

    return case.answer(
        "replies.backlog",
        message,
        values,
        certainty="medium" if found.peak.value is not None else "low",
        draw=("backlog", f"figure.{message}", values, draw),
        facts={"message": message, "grew": [[str(run.start), str(run.end), run.by] for run in grew]},
        behind={"peak": _waited_at(case, found)},
    )


def case_backlog(case: Case) -> Backlog:
    """The backlog of the posts that needed a reply, hour by hour; `grew` holds when it grew, with `reason` why not."""

    def measure() -> Backlog:
        posts = case_waiting(case).of("needed")
        if not case.incident.brand_accounts:
            return backlog_measure.nothing("no_accounts", len(inside(case, posts)))
        if case.days_only:
            return backlog_measure.nothing("not_recorded", len(inside(case, posts)))
        return backlog_measure.backlog(posts, case.joins, case.coverage, case.start, case.end)

    return case.once("backlog", measure)


def _flows(case: Case, found: Backlog) -> Answer:
    """Where nobody can be said to have waited: whether arrivals outran replies, if both sides were wholly collected."""
    values: dict[str, object] = {"open": found.peak, "whose": whose(case)}
    whole = case.joins["brand_side"] == "whole" and case.joins["threads"] != "recorded"
    if found.reason != "no_threads" or not whole:
        return case.answer("replies.backlog", "backlog.refused", values, certainty="refused")
    sorted_ = case_triage(case)
    needed = sorted_.loc[sorted_["triage"].isin(triage_measure.NEEDED), "id"]
    theirs = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
    came = case.mentions.loc[case.mentions["id"].isin(needed), "published_at"]
    hours = backlog_measure.flows(came, theirs["published_at"], case.coverage)
    grew = backlog_measure.growth(hours[(hours["hour"] >= case.start.floor("h")) & (hours["hour"] < case.end)])
    values |= {"came": len(came), "wrote": len(theirs), "times": len(grew)}
    if grew:
        values |= _run(max(grew, key=lambda run: run.by))
    message = "backlog.flows.grew" if grew else "backlog.flows.steady"
    return case.answer("replies.backlog", message, values, certainty="low", facts={"message": message})


def _run(run: Growth) -> dict[str, object]:
    start, end = run.start.isoformat(), run.end.isoformat()
    hours = (run.end - run.start) / pd.Timedelta(hours=1)
    return {
        "when": Estimate(start, "time", 1, backlog_measure.METHOD, start, end),
        "lasted": Estimate(hours, "hours", 1, backlog_measure.METHOD),
        "by": run.by,
    }


def _course(found: Backlog) -> str:
    """How high it stood, and what became of it."""
    if found.peak.value is None:
        return "backlog.course.short"
    if found.eased.value is not None:
        return "backlog.course.eased"
    return "backlog.course.open" if found.eased.reason == "censored" else "backlog.course.peak"


def _waited_at(case: Case, found: Backlog) -> list[str]:
    """The posts that waited at the peak."""
    if found.peaked.value is None:
        return []
    posts, moment = case_waiting(case).of("needed"), pd.Timestamp(str(found.peaked.value))
    answered = posts["answered"].notna() & (posts["answered"] < moment)
    recent = (posts["asked"] < moment) & (posts["asked"] > moment - backlog_measure.PATIENCE)
    return posts.loc[recent & ~answered, "id"].tolist()


def when(case: Case, promised_hours: float = 0.0) -> Answer:
    """Whether those who wrote at night, or at the weekend, waited longer, in the display time zone."""
    posts = inside(case, case_waiting(case).of("needed"))
    found = case_speeds(case, promised_hours)["needed"]
    why = str(found.median.reason) if found.kind == "none" else None
    if case.days_only:
        why = "days_only"
    elif "time_zone" not in case.incident.model_fields_set:
        why = why or "no_zone"
    if why:
        values: dict[str, object] = {"wait": found.median, "whose": whose(case)}
        message = f"when.{why}" if why in ("days_only", "no_zone") else "when.refused"
        return case.answer("replies.when", message, values, certainty="refused")
    until, hours = case.mentions["published_at"].max(), hours_promised(case, promised_hours)
    told = (case.joins, until, hours, case.zone, response.MINIMUM)
    pairs = posts if found.kind == "first_response_time" else posts[posts["answered"].notna()]
    table = shifts.by_block(pairs, *told)
    night, weekend = shifts.contrasts(pairs, *told)
    values = {"n": len(pairs), "whose": whose(case)}
    for one in (night, weekend):
        p = refused("number", "too_few", shifts.METHOD, len(pairs))
        p = p if one.p is None else Estimate(one.p, "number", len(pairs), shifts.METHOD)
        values |= {f"{one.name}_p": p, one.name: one.slow.median, f"not_{one.name}": one.rest.median}
        compared = {"p": _p(one.p), "zone": case.zone, "compared": _compared(case, one)}
        values[f"{one.name}_said"] = case.say(f"when.{one.name}.{one.verdict}", compared)
    message = "when.told" if found.kind == "first_response_time" else "when.turns"
    slow = [one.name for one in (night, weekend) if one.verdict == "slower"]
    certainty = "refused" if night.p is None and weekend.p is None else "low"
    return case.answer(
        "replies.when",
        message,
        values,
        certainty=certainty,  # type: ignore[arg-type]
        printed=_when_table(table),
        facts={"slow": slow, "night": night.verdict, "weekend": weekend.verdict},
        behind={"n": pairs["id"].tolist()},
    )


def _p(p: float | None) -> str:
    """A probability beside its test, never as nought."""
    return "" if p is None else "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def _compared(case: Case, one: shifts.Contrast) -> dict[str, str]:
    """Both sides in words: their medians, or the shares answered within a day where a median was not reached."""
    sides = {"slow": one.slow.median, "rest": one.rest.median}
    if all(side.value is not None for side in sides.values()):
        return case.say("when.by_median", sides)
    return case.say("when.by_share", {"slow": one.slow.soon[24.0], "rest": one.rest.soon[24.0]})


def _when_table(table: pd.DataFrame) -> Printed:
    whole = table.assign(interval=together(table["low"], table["high"]), wait=together(table["median"], table["over"]))

    def block(first: int, language: str) -> str:
        return f"{first:02d}:00–{first + shifts.BLOCK:02d}:00"

    return Printed(
        "when",
        "table.when",
        whole,
        {
            "block": ("column.block", block),
            "days": ("column.days", worded("days")),
            "n": ("column.n", shown("count")),
            "within": ("column.as_promised", shown("share")),
            "interval": ("column.interval", bounds("share")),
            "wait": ("column.median", hours_or_more),
        },
        numeric=("n", "within", "wait"),
    )


def _counted(case: Case) -> dict[str, list[str]]:
    """The posts behind the shares: all that are in them, and those that nobody answered."""
    posts = inside(case, case_waiting(case).of("needed"))
    return {"n": posts["id"].tolist(), "unanswered": posts.loc[posts["answered"].isna(), "id"].tolist()}


def _table(speeds: Mapping[str, Speed], sure: bool) -> Printed:
    """A row for each of ROWS that has posts; one of all complaints where the triage is not `sure`."""
    told = [(row, speeds[row]) for row in ROWS if speeds[row].answered.n]
    told = told if sure else [("complaints", speeds["needed"])]
    whole = pd.DataFrame(
        {
            "row": [row for row, _ in told],
            "n": [found.answered.n for _, found in told],
            "answered": [found.answered.value for _, found in told],
            "within": [found.within.value for _, found in told],
            "interval": [_limits(found.within) for _, found in told],
            **{name: [_waited(getattr(found, name)) for _, found in told] for name in ("median", "p90")},
            **{f"in_{hours:g}h": [found.soon[hours].value for _, found in told] for hours in response.SOON},
        }
    )
    share = shown("share")
    return Printed(
        "speed",
        "table.speed",
        whole,
        {
            "row": ("column.whose", worded("speed_row")),
            "n": ("column.n", shown("count")),
            "answered": ("column.answered", share),
            "within": ("column.as_promised", share),
            "interval": ("column.interval", bounds("share")),
            "median": ("column.median", hours_or_more),
            "p90": ("column.p90", hours_or_more),
            "in_1h": ("column.in_1h", share),
            "in_24h": ("column.in_24h", share),
        },
        numeric=("n", "answered", "within", "median", "p90", "in_1h", "in_24h"),
    )


def _limits(share: Estimate) -> tuple[Any, Any]:
    return (None, None) if share.value is None else (share.low, share.high)


def _waited(hours: Estimate) -> tuple[Any, Any]:
    """(hours, None), or (None, the hours that they exceed)."""
    return (hours.value, None) if hours.value is not None else (None, hours.low)


def hours_or_more(value: tuple[Any, Any], language: str) -> str:
    """A cell of `_waited`."""
    hours, over = value
    if hours is not None and not pd.isna(hours):
        return numbers.value(hours, "hours", language)
    return "–" if over is None or pd.isna(over) else numbers.interval(over, None, "hours", language)
