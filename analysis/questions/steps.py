"""Notebook 3, the organisation's own steps: how long from one to the next, by actions.csv (definitions C8)."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS, Action
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer, Printed, bounds, shown, together, worded
from analysis.questions.waiting import case_shift

METHOD = "actions.csv"
HOUR = pd.Timedelta(hours=1)
DECISIONS = (
    "plan_activated",
    "escalation",
    "outside_help",
    "channel_change",
    "statement",
    "apology",
    "explanation",
    "compensation",
    "correction",
)
"""Actions that somebody had to decide. To acknowledge is the desk's routine, and asking counsel is no decision yet."""
STEPS: dict[str, tuple[str, ...]] = {
    "detected": ("detected",),
    "acknowledged": ("acknowledged",),
    "plan_activated": ("plan_activated",),
    "statement": ("statement",),
    "apology": ("apology",),
    "redress": ("compensation", "correction"),
    "closed": ("closed",),
}


def steps(case: Case) -> Answer:
    """Decision lag: from when the organisation noticed to its first decision and first public word; each step dated."""
    shift = case_shift(case)
    if shift.hours:
        hours = Estimate(abs(shift.hours), "hours", shift.matched, METHOD)
        values: dict[str, object] = {"off": hours, "agree": shift.agree, "matched": shift.matched, "zone": case.zone}
        values["decided"] = refused("hours", "clock_unsure", METHOD)
        message = "steps.behind" if shift.hours > 0 else "steps.ahead"
        quotes = list(shift.ids)
        return case.answer(
            "response.steps", message, values, certainty="refused", quotes=quotes[:2], behind={"agree": quotes}
        )
    if not case.actions:
        values = {"decided": refused("hours", "no_actions", METHOD)}
        return case.answer("response.steps", "steps.no_actions", values, certainty="refused")
    noticed = case.first_action(("detected",))
    values = {"decided": _lag(case, noticed, DECISIONS), "spoke": _lag(case, noticed, PUBLIC_KINDS)}
    first = next((action for action in case.actions if action.kind in DECISIONS), None)
    if first:
        values["what"] = case.say(f"action.{first.kind}")
    values["doubt"] = _doubt(case)
    certainty: Certainty = "high"
    if noticed is None:
        message, certainty = "steps.no_detected", "refused"
    elif values["decided"].value is None:  # type: ignore[attr-defined]
        message, certainty = "steps.no_decision", "refused"
    elif first and first.when < noticed.when:
        message = "steps.decided_before"
    else:
        message = "steps.told" if values["spoke"].value is not None else "steps.silent"  # type: ignore[attr-defined]
    return case.answer(
        "response.steps",
        message,
        values,
        certainty=certainty,
        printed=_table(case),
        facts={"message": message},
    )


def _lag(case: Case, noticed: Action | None, kinds: tuple[str, ...]) -> Estimate:
    """Hours from `noticed` to the first action of `kinds`; how long before it, where that came first."""
    found = case.first_action(kinds)
    if noticed is None or found is None:
        return refused("hours", "no_actions", METHOD)
    hours = abs((pd.Timestamp(found.when) - pd.Timestamp(noticed.when)) / HOUR)
    return Estimate(hours, "hours", 1, METHOD, hours, hours)


def _doubt(case: Case) -> dict[str, str]:
    """A sentence to follow, where somebody noticed before the onset, but after it were the log in UTC; else nothing.

    A log that was written in UTC and read in a zone east of it lies too early by the zone's offset. A statement before
    the onset tells nothing: it may be what set the incident off.
    """
    onset, noticed = case_onset(case).onset.low, case.first_action(("detected",))
    offset = case.start.tz_convert(case.zone).utcoffset()
    told = dict.fromkeys(case.languages, "")
    if not onset or noticed is None or not offset or case.selected or offset <= pd.Timedelta(0):
        return told
    begun, known = pd.Timestamp(str(onset)), pd.Timestamp(noticed.when)
    if known >= begun or known + offset < begun:
        return told
    values = {"offset": Estimate(offset / HOUR, "hours", 1, "incident.yml"), "zone": case.zone}
    said = case.say("steps.doubt", values)
    return {language: (" " if language == "en" else "") + text for language, text in said.items()}


def _table(case: Case) -> Printed:
    """A row per step; what the log does not hold has no time, and is no nought."""
    dated = case_onset(case).onset
    known = dated.low is not None and dated.high is not None and not case.selected
    found = {name: case.first_action(kinds) for name, kinds in STEPS.items()}
    rows = []
    for name, action in found.items():
        moment = pd.Timestamp(action.when) if action else None
        rows.append({"step": name, "when": moment})
    table = pd.DataFrame(rows).sort_values("when", kind="stable", na_position="last", ignore_index=True)
    table["when"] = pd.to_datetime(table["when"], utc=True)
    for name, bound in (("since_onset_low", dated.high), ("since_onset_high", dated.low)):
        hours = (table["when"] - pd.Timestamp(str(bound))).dt.total_seconds() / 3600 if known else float("nan")
        table[name] = hours
    table["since_onset"] = together(table["since_onset_low"], table["since_onset_high"])
    table["since_step"] = table["when"].diff().dt.total_seconds() / 3600
    return Printed(
        "steps",
        "table.steps",
        table,
        {
            "step": ("column.step", worded("step")),
            "when": ("column.when", _time(case.zone)),
            "since_onset": ("column.since_onset", bounds("hours")),
            "since_step": ("column.since_step", shown("hours")),
        },
        numeric=("since_onset", "since_step"),
    )


def _time(zone: str) -> Callable[[Any, str], str]:
    """A time, or that it was not recorded."""

    def show(value: Any, language: str) -> str:
        return wording.say("steps.unrecorded", language) if pd.isna(value) else shown("time", zone)(value, language)

    return show
