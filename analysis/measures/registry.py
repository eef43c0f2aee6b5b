"""The registry: one row per incident, from what its published report says (definitions C16).

Nothing is estimated again. A fact that a report refused stays null, with the reason of the refusal beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import pandas as pd

from analysis.measures.cause_trigger import Rule
from analysis.measures.estimate import Estimate

GREW = 0.05
"""A share surely grew where its interval lies above 1 and p, times the causes of the incident, is under this."""
NUMBERS = {
    "onset": ("onset.time", "onset"),
    "mentions": ("volume.total", "during"),
    "lag": ("alarm.lag", "lag"),
    "statement_hours": ("response.statement", "delay"),
    "answer_hours": ("replies.speed", "median"),
    "answered": ("replies.answered", "answered"),
    "half_life": ("recovery.half_life", "half"),
    "back": ("recovery.volume", "back"),
    "negative": ("sentiment.negative", "during"),
    "computed": ("severity.index", "level"),
}
"""Fact → (finding, value). Hours, but for onset (time), mentions (count), answered and negative (shares), computed
(level). `lag` is below 0 where the organisation noticed before the alarm."""
DONE = ("plan_activated", "statement", "apology", "explanation", "compensation", "correction", "outside_help")
"""Kinds of actions that are held against how it went."""
SIGNS = {
    "cue_first": ("alarm.cues", {"cues.rang_sooner": True, "cues.rang_later": False, "cues.seen": False,
                                 "cues.none": False}),
    "before_peak": ("alarm.knowable", {"alarm.rang": True, "alarm.rang_after_peak": False}),
}  # fmt: skip
"""Sign → (finding, what its messages say of it); any other message leaves it unknown."""
COLUMNS = (
    *("incident", "title", "brand", "start", "end", "crisis_type", "verdict", "trigger", "severity", "severity_by"),
    *(*NUMBERS, "half_low", "half_high", "platforms", "first_platform", *SIGNS, "forerunners", "contributing"),
    *("actions", *DONE, "follow_ups", "closed"),
)
CAUSES = (
    *("incident", "brand", "cause", "key", "taxonomy", "names", "origin", "n", "share", "part", "part_low", "growth"),
    *("stability", "contributes", "role", "before"),
)
CLOSED = ("done", "verified")


class Told(Protocol):
    """What is read of a finding."""

    @property
    def message(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Estimate]: ...
    @property
    def facts(self) -> Mapping[str, object]: ...


class Taken(Protocol):
    """What is read of an entry of the action log."""

    @property
    def kind(self) -> str: ...
    @property
    def when(self) -> datetime: ...


@dataclass(frozen=True)
class Source:
    """What a published report holds of one incident.

    `file`: incident.yml as the run read it, with `start` and `end` (UTC) of its window. `found`: findings by id.
    `causes`, `factors`, `jumps`, `before`: its tables causes, factors, jumps and there_before, as read from CSV, empty
    where it has none. `taxonomy`: the file of its causes, "" without one. `lessons`: dicts with id, title (by
    language), findings (list), follow_up (dict with action, due, owner, or None). `followups`: followups.csv, None
    where it is absent. `centres`: DataFrame[cause, language, version, n, vector].
    """

    incident: str
    file: Mapping[str, Any]
    start: pd.Timestamp
    end: pd.Timestamp
    found: Mapping[str, Told]
    causes: pd.DataFrame
    factors: pd.DataFrame
    jumps: pd.DataFrame
    before: pd.DataFrame
    taxonomy: str = ""
    actions: Sequence[Taken] = ()
    lessons: Sequence[Mapping[str, Any]] = ()
    followups: pd.DataFrame | None = None
    centres: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Registry:
    """`rows`: one per incident, by start: COLUMNS. `reasons`: DataFrame[incident, fact, reason], one per null that was
    refused. `causes`: CAUSES, one per cause of an incident; `contributes` null where nothing tells."""

    rows: pd.DataFrame
    reasons: pd.DataFrame
    causes: pd.DataFrame


def registry(sources: Sequence[Source]) -> Registry:
    """The registry of these reports."""
    ordered = sorted(sources, key=lambda source: (source.start, source.incident))
    reasons: list[dict[str, str]] = []
    tables = [causes_of(source) for source in ordered]
    rows = [_row(source, own, reasons) for source, own in zip(ordered, tables, strict=True)]
    causes = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(CAUSES))
    return Registry(
        pd.DataFrame(rows, columns=list(COLUMNS)), pd.DataFrame(reasons, columns=["incident", "fact", "reason"]), causes
    )


def causes_of(source: Source, rule: Rule | None = None) -> pd.DataFrame:
    """The causes that were complained of in an incident, and whether each contributed to it: CAUSES.

    A cause contributed where its share of complaints surely grew, or where it surely holds a sizeable part of what came
    on top (`rule.sizeable`, to the lower limit of the part) while its share did not surely fall: what is complained of
    every day rises with any crowd, and would otherwise recur in every incident. Where there was no time before to tell
    growth by, its share of the complaints must surely be sizeable.
    """
    rule = rule or Rule()
    parts = source.factors.set_index("cause") if len(source.factors) else pd.DataFrame()
    before = source.before.set_index("cause")["state"] if len(source.before) else pd.Series(dtype=object)
    rows = []
    for row in source.causes.to_dict("records"):
        own = parts.loc[row["cause"]] if row["cause"] in parts.index else {}
        part, low = (_number(own.get(name)) for name in ("part", "part_low"))
        grown = pd.notna(row["growth"]) and row["growth_low"] > 1 and row["p"] * len(source.causes) < GREW
        fell = pd.notna(row["growth"]) and row["growth_high"] < 1
        if pd.isna(row["growth"]):
            contributes = bool(row["low"] >= rule.sizeable)
        else:
            contributes = bool(grown or (not fell and low is not None and low >= rule.sizeable))
        rows.append(
            {
                "incident": source.incident,
                "brand": str(source.file["brand"]),
                "cause": int(row["cause"]),
                "key": _text(row["key"]),
                "taxonomy": source.taxonomy,
                "names": row["called"],
                "origin": row["origin"],
                "n": int(row["n"]),
                "share": float(row["share"]),
                "part": part,
                "part_low": low,
                "growth": _number(row["growth"]),
                "stability": _number(row["stability"]),
                "contributes": contributes,
                "role": _text(own.get("role")),
                "before": _text(before.get(row["cause"])),
            }
        )
    return pd.DataFrame(rows, columns=list(CAUSES))


def _row(source: Source, causes: pd.DataFrame, reasons: list[dict[str, str]]) -> dict[str, Any]:
    def refuse(fact: str, reason: str) -> None:
        reasons.append({"incident": source.incident, "fact": fact, "reason": reason})

    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {name: source.file.get(name) for name in ("title", "brand", "crisis_type")}
    row |= {"incident": source.incident, "start": source.start, "end": source.end}
    for fact, (finding, value) in NUMBERS.items():
        told = source.found.get(finding)
        estimate = told.values.get(value) if told else None
        if estimate is None or estimate.value is None:
            refuse(fact, str(estimate.reason) if estimate else "not_recorded")
            continue
        row[fact] = estimate.value
        if fact == "half_life":
            row |= {"half_low": estimate.low, "half_high": estimate.high}
    row["onset"] = pd.Timestamp(row["onset"]) if row["onset"] else None
    if row["lag"] is not None and source.found["alarm.lag"].message == "lag.before":
        row["lag"] = -float(row["lag"])
    said = source.file.get("severity")
    row["severity"] = said if said is not None else row["computed"]
    row["severity_by"] = None if row["severity"] is None else "people" if said is not None else "index"
    verdict = source.found.get("verdict")
    row["verdict"] = _text(verdict.facts.get("verdict")) if verdict else None
    trigger = source.found.get("causes.trigger")
    row["trigger"] = trigger.facts.get("named") if trigger and trigger.facts.get("named") else None
    for sign, (finding, says) in SIGNS.items():
        told = source.found.get(finding)
        row[sign] = says.get(told.message) if told else None
        if row[sign] is None:
            refuse(sign, "not_recorded")
    dated = source.jumps[source.jumps["hours"].notna()] if len(source.jumps) else source.jumps
    if len(dated):
        first = dated.loc[dated["hours"] == 0, "platform"].astype(str).tolist()
        row |= {"platforms": len(dated), "first_platform": first}
    else:
        refuse("first_platform", "not_recorded")
    held = causes[causes["contributes"].to_numpy(dtype=bool)]
    row["contributing"] = held["cause"].tolist()
    row["forerunners"] = held.loc[held["before"] == "recurring", "cause"].tolist() if len(source.before) else None
    row |= _followed(source, refuse)
    return row


def _followed(source: Source, refuse: Any) -> dict[str, Any]:
    """What was done then and after: the action log, and what became of the follow-ups."""
    found: dict[str, Any] = {}
    if source.actions:
        kinds = {action.kind for action in source.actions}
        found = {"actions": len(source.actions)} | {kind: kind in kinds for kind in DONE}
    else:
        refuse("actions", "no_actions")
    if source.followups is None:
        refuse("follow_ups", "not_recorded")
        return found
    states = source.followups["state"].astype(str)
    return found | {"follow_ups": len(states), "closed": int(states.isin(CLOSED).sum())}


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
