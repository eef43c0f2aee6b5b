"""Notebook 1: what happened, and when did it turn?"""

from typing import cast, get_args

import pandas as pd

from analysis import wording
from analysis.errors import ParameterError
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS, Action
from analysis.measures import impact as impact_measure
from analysis.measures import sentiment
from analysis.measures import volume as volume_measure
from analysis.measures.estimate import Estimate
from analysis.questions import calibration, members
from analysis.questions.case import Case
from analysis.questions.measured import (
    case_impact,
    case_onset,
    case_phase,
    case_phases,
    case_rise,
    case_targets,
    counted,
)
from analysis.questions.page import Answer, Printed, bounds, plain, shown, together, worded

ENOUGH = 100
"""From this many observations on a share whose hours were all seen is called certain."""
HOURLY_UP_TO = pd.Timedelta(days=21)
LISTED = 6
"""Up to so many actions the chart lists itself."""
PUBLIC_CHART = "timeline-public"
"""The same chart with the public steps of the action log alone, where it holds others: for those outside."""
MOSTLY = 0.5
"""From this negative share on, a spike without a rise of it is more of the usual complaints, and no buzz."""


def volume(case: Case, interval: str = "auto") -> Answer:
    """How many mentions, against what was to be expected; the chart of the first page."""
    during = volume_measure.total(case.mentions, case.coverage, case.start, case.end)
    found = case_impact(case)
    values = {"during": during, "seen": counted(during)} | (
        {} if case.selected or case.days_only else {"expected": found.expected}
    )
    if during.value is None:
        message = "volume.refused"
    elif case.selected:
        message = "volume.selected"
    elif found.expected.value is None or case.days_only:
        message = "volume.counted"
    else:
        message = "volume.against_expected"
    start, end = _context(case)
    actions = [action for action in case.actions if start <= action.when < end]
    if interval not in ("auto", *get_args(volume_measure.Bin)):
        raise ParameterError(f"interval is {interval!r}; use auto, {', '.join(get_args(volume_measure.Bin))}.")
    rule = _bin(case, start, end) if interval == "auto" else cast(volume_measure.Bin, interval)
    table = volume_measure.per_interval(
        case.mentions,
        case.coverage,
        start=start,
        end=end,
        bin=rule,
        zone=case.zone,
        calibration=case.calibration,
    )
    band = None if found.band.empty or case.selected or case.days_only else impact_measure.binned(found.band, table)
    dated = case_onset(case).onset
    known = None
    if dated.low and dated.high and not case.selected:
        known = pd.Timestamp(dated.low), pd.Timestamp(dated.high)

    public = [action for action in actions if action.kind in PUBLIC_KINDS]

    def draw(language: str, steps: list[Action] = actions):
        from analysis.figures import timeline as figure

        return figure.draw(
            table,
            band=band,
            actions=[(action.when, wording.say(f"action.{action.kind}", language)) for action in steps],
            window=(case.start, case.end),
            onset=known,
            zone=case.zone,
            words=_words(language, "timeline", title=wording.say(f"figure.timeline.{message}", language, values)),
            lang=language,
        )

    printed = Printed(
        "volume",
        "table.volume",
        table,
        {
            "start": ("column.from", shown("time", case.zone)),
            "state": ("column.state", worded("state")),
            "mentions": ("column.mentions", shown("count")),
            "authors": ("column.authors", shown("count")),
            "negative_share": ("column.negative_share", shown("share")),
            "net": ("column.net", shown("net")),
            "engagement": ("column.engagement", shown("count")),
        },
        numeric=("mentions", "authors", "negative_share", "net", "engagement"),
    )
    told = values | {"bins": len(table), "peak": int(table["mentions"].max()) if table["mentions"].notna().any() else 0}
    return case.answer(
        "volume.total",
        message,
        values,
        certainty="refused" if during.value is None else "high",
        facts={"steps": [action.kind for action in actions]} | ({"kind": "selected"} if case.selected else {}),
        draw=("timeline", f"figure.timeline.{message}", told, draw),
        marks=[f"action.{action.kind}" for action in actions] if len(actions) > LISTED else [],
        printed=printed,
        also={PUBLIC_CHART: lambda language: draw(language, public)} if len(public) < len(actions) else {},
        behind={"during": members.inside(case)},
    )


def onset(case: Case) -> Answer:
    """When the incident began, peaked and ended; an interval where the beginning was not seen."""
    found = case_onset(case)
    began, peak, end = found.onset, found.peak, found.end
    if case.selected:
        return case.answer("onset.time", "onset.selected", certainty="refused")
    if began.value is None and not (began.low and began.high):
        message = "onset.refused"
    elif began.value is None or began.low != began.high:
        message = "onset.interval"
    else:
        message = "onset.dated" if found.bin == "1h" else "onset.dated_day"
    early = began.high is not None and pd.Timestamp(began.high) < case.start.floor("h") - pd.Timedelta(hours=1)
    if message != "onset.refused" and early:
        message = "onset.early"
    ending = "onset.end_open" if end.value is None else "onset.end"
    top = "onset.peak_refused" if peak.value is None else "onset.peak"
    values = {"onset": began, "peak": peak, "end": end, "start": Estimate(case.start.isoformat(), "time", 1, "window")}
    case.answer("onset.peak", top, values, certainty="refused" if peak.value is None else "high")
    case.answer("onset.end", ending, values, certainty="refused" if end.value is None else "medium")
    return case.answer(
        "onset.time",
        message,
        values,
        certainty="refused" if message == "onset.refused" else "medium" if message == "onset.interval" else "high",
        facts={"onset_low": began.low, "onset_high": began.high},
    )


def verdict(case: Case) -> Answer:
    """Crisis, buzz, more of the usual complaints, anger at others, no spike, or not to be told (definitions C1)."""
    found = case_onset(case)
    before, during = case_phase(case, "before")["negative"], case_phase(case, "during")["negative"]
    kind: str = found.verdict
    if case.selected:
        kind = "selected"
    elif kind == "buzz" and _fell(case_rise(case)):
        kind = "relief"
    elif kind == "buzz" and during.value is not None and float(during.value) > MOSTLY:
        kind = "surge"
    if kind in ("crisis", "surge") and case_targets(case).elsewhere:
        kind = "elsewhere"
    certainty: Certainty = "medium" if kind in ("crisis", "buzz", "relief", "surge", "elsewhere") else "refused"
    return case.answer(
        "verdict",
        f"verdict.{kind}",
        {"before": before, "during": during, "of": _of(case)}
        | ({"known": case_targets(case).known} if kind == "elsewhere" else {}),
        certainty="low" if certainty == "medium" and _partial(case) else certainty,
        facts={"verdict": kind},
        behind=members.scored(case, "negative"),
    )


def negative_share(case: Case) -> Answer:
    """The share of mentions that are negative, before and during."""
    return _against_before(case, "negative", "sentiment.negative", "negative")


def net_sentiment(case: Case) -> Answer:
    """Net sentiment before, during and after, with what the scorer is known to get wrong."""
    calibration.scorer(case)
    calibration.unscored(case)
    calibration.labelled(case)
    return _against_before(case, "net", "sentiment.net", "net")


def phases(case: Case) -> Answer:
    """The same measures before, during and after."""
    table = case_phases(case)
    table = table[table["hours_total"] > 0].reset_index(drop=True)
    rows = [
        {
            "panel": panel,
            "name": row["phase"],
            "value": row[panel],
            "low": row[f"{panel}_low"],
            "high": row[f"{panel}_high"],
            "reason": row[f"{panel}_reason"],
        }
        for panel in ("negative", "net")
        for row in table.to_dict("records")
    ]

    def draw(language: str):
        from analysis.figures import phases as figure

        drawn = pd.DataFrame(rows)
        drawn["phase"] = [wording.say(f"phase.{name}", language) for name in drawn["name"]]
        drawn["note"] = [
            "" if pd.isna(reason) else wording.say(f"reason.{reason}", language) for reason in drawn["reason"]
        ]
        return figure.draw(drawn, words=_words(language, "phases"), lang=language)

    for name in ("negative", "net"):
        table[f"{name}_interval"] = together(table[f"{name}_low"], table[f"{name}_high"])
    printed = Printed(
        "phases",
        "table.phases",
        table,
        {
            "phase": ("column.phase", worded("phase")),
            "start": ("column.from", shown("time", case.zone)),
            "hours_seen": ("column.hours_seen", shown("count")),
            "hours_total": ("column.hours_total", shown("count")),
            "mentions": ("column.mentions", shown("count")),
            "mentions_per_hour": ("column.per_hour", shown("per_hour")),
            "negative": ("column.negative_share", shown("share")),
            "negative_interval": ("column.interval", bounds("share")),
            "net": ("column.net", shown("net")),
            "net_interval": ("column.interval", bounds("net")),
        },
        numeric=("hours_seen", "hours_total", "mentions", "mentions_per_hour", "negative", "net"),
    )
    during, before = case_phase(case, "during"), case_phase(case, "before")
    values = {
        "negative_before": before["negative"],
        "negative_during": during["negative"],
        "net_before": before["net"],
        "net_during": during["net"],
    }
    partial = bool(table["partial"].any())
    return case.answer(
        "phases.table",
        "phases.partial" if partial else "phases.whole",
        values,
        draw=("phases", "figure.phases.title", values, draw),
        printed=printed,
        behind=members.scored(case, "negative", "positive"),
    )


def timeline(case: Case) -> Answer:
    """What happened and what the organisation did, in order of time, each with its source."""
    found = case_onset(case)
    dates = {} if case.selected else {"onset": found.onset, "peak": found.peak, "end": found.end}
    rows = [
        {"when": action.when, "what": f"action.{action.kind}", "detail": action.text, "source": "source.actions"}
        for action in case.actions
    ]
    for name, estimate in dates.items():
        moment = estimate.value or estimate.high
        if moment is not None and estimate.reason is None:
            row = {"when": pd.Timestamp(moment), "what": f"event.{name}", "detail": "", "source": "source.archive"}
            rows.append(row)
    table = pd.DataFrame(rows, columns=["when", "what", "detail", "source"])
    table = table.sort_values("when", ignore_index=True, key=lambda times: pd.to_datetime(times, utc=True))
    printed = Printed(
        "timeline",
        "table.timeline",
        table,
        {
            "when": ("column.when", shown("time", case.zone)),
            "what": ("column.what", wording.say),
            "detail": ("column.detail", plain),
            "source": ("column.source", wording.say),
        },
    )
    return case.answer(
        "timeline.events",
        "timeline.with_actions" if case.actions else "timeline.without_actions",
        {"actions": len(case.actions)},
        printed=printed,
        facts={"actions": len(case.actions)},
    )


def _against_before(case: Case, name: str, identity: str, prefix: str) -> Answer:
    before, during = case_phase(case, "before")[name], case_phase(case, "during")[name]
    values: dict[str, object] = {"before": before, "during": during}
    values["of"] = _of(case)
    if during.value is not None:
        values |= calibration.basis(case, name)
    partial = _partial(case)
    if during.value is None:
        message = f"{prefix}.refused"
    elif before.value is None:
        message = f"{prefix}.alone"
    else:
        rise = case_rise(case)
        change = "rose" if rise.rose else "fell" if _fell(rise) else "same"
        message = f"{prefix}.{change}"
    if during.value is None:
        certainty: Certainty = "refused"
    else:
        # An interval holds what chance does to a sample, not what the scorer gets wrong: labels alone tell that.
        sure = bool(case.calibration) and during.n >= ENOUGH
        certainty = "low" if partial else "high" if sure else "medium"
    return case.answer(
        identity,
        message,
        values,
        certainty=certainty,
        facts={"message": message, "partial": partial},
        behind=members.scored(case, *(("negative",) if name == "negative" else ("negative", "positive"))),
    )


def _partial(case: Case) -> bool:
    """Whether an hour of the incident was not wholly seen."""
    return bool(case_phases(case).set_index("phase").loc["during", "partial"])


def _of(case: Case) -> dict[str, str]:
    """What a share is a share of: mentions, or those of them that were collected."""
    message = "of.collected" if _partial(case) else "of.posts" if case.selected else "of.mentions"
    return case.say(message)


def _fell(rise: sentiment.Rise) -> bool:
    return rise.rose is False and rise.difference.high is not None and float(rise.difference.high) < 0


def _bin(case: Case, start: pd.Timestamp, end: pd.Timestamp) -> volume_measure.Bin:
    """Hours for longer where some were not seen: a day of which an hour was kept is no day."""
    if case.days_only:
        return "1D"
    unseen = (volume_measure.states(case.coverage, start, end) != "seen").any()
    return "1h" if unseen and end - start <= HOURLY_UP_TO else volume_measure.width(start, end)


def _context(case: Case) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The span that the chart shows: the window and as much again on each side, at least a day, as far as collected.

    It begins and ends with a day of the display zone, so that no bar is cut.
    """
    margin = max(case.end - case.start, pd.Timedelta(days=1))
    first, last = case.coverage["hour"].min(), case.coverage["hour"].max() + pd.Timedelta(hours=1)
    start = max(case.start - margin, min(first, case.start), case.baseline_start)
    end = max(min(case.end + margin, last, case.after_end), case.end)
    opening = start.tz_convert(case.zone).normalize()
    opening += pd.Timedelta(days=0 if opening >= min(first, case.start) else 1)
    closing = end.tz_convert(case.zone).normalize()
    closing += pd.Timedelta(days=1 if closing < case.end else 0)
    return min(opening.tz_convert("UTC"), case.start), closing.tz_convert("UTC")


def _words(language: str, figure: str, **given: str) -> dict[str, str]:
    return wording.group(f"figure.{figure}.words", language) | given
