"""When residual harm is to be measured again (30, 60 and 90 days after the end, and at the anniversary), and what the
archive already tells of it."""

from collections.abc import Sequence

import pandas as pd

from analysis.measures import relief
from analysis.measures.calibrated import Calibration

MARKS = ("30", "60", "90", "anniversary")
TABLE = (*("incident", "mark", "days", "due", "state", "n", "net", "change", "low", "high", "reason", "during"),)
DAYS = 7
"""Each is the week that ends then, as `relief.residual` has it."""


def dates(end: pd.Timestamp) -> pd.DataFrame:
    """DataFrame[mark (MARKS), days (after `end`), due (UTC)]."""
    due = [end + pd.Timedelta(days=int(mark)) for mark in MARKS[:-1]] + [end + pd.DateOffset(years=1)]
    days = [round((moment - end) / pd.Timedelta(days=1)) for moment in due]
    return pd.DataFrame({"mark": list(MARKS), "days": days, "due": due})


def weeks(end: pd.Timestamp) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """The weeks that must be scored to measure again, half-open, UTC."""
    return [(end + pd.Timedelta(days=day - DAYS), end + pd.Timedelta(days=day)) for day in dates(end)["days"]]


def measured(
    incident: str,
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    before: tuple[pd.Timestamp, pd.Timestamp],
    end: pd.Timestamp,
    as_of: pd.Timestamp,
    others: Sequence[tuple[str, pd.Timestamp, pd.Timestamp]] = (),
    *,
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    """What was left at each date, from `scored` mentions of `before` and of `weeks`, and `hours` as in `volume`: TABLE.

    `state` is "done" (it could be measured), "to_come" (after `as_of`), "missing" (due, and the archive ends before)
    or "impossible" (`reason` says why). `others`: (id, start, end) of other incidents; `during` names one that lies
    over the week, whose harm would be counted as this one's. Values as in `relief.residual`.
    """
    marks = dates(end)
    found = relief.residual(
        scored, hours, before, end, horizons=tuple(marks["days"]), days=DAYS, calibration=calibration
    )
    made = marks.assign(incident=incident, **{name: found[name] for name in TABLE if name in found and name != "days"})
    made["state"] = [_state(due, as_of, reason) for due, reason in zip(made["due"], made["reason"], strict=True)]
    made["during"] = [
        next((name for name, start, stop in others if name != incident and start < due and stop > due - _WEEK), None)
        for due in made["due"]
    ]
    return made[list(TABLE)]


def unread(incident: str, end: pd.Timestamp, as_of: pd.Timestamp, reason: str) -> pd.DataFrame:
    """The same table where nothing of the archive could be read."""
    made = dates(end).assign(incident=incident, n=0, net=None, change=None, low=None, high=None, during=None)
    made["reason"] = reason
    made["state"] = ["to_come" if due > as_of else "impossible" for due in made["due"]]
    return made[list(TABLE)].astype(dict.fromkeys(("net", "change", "low", "high"), "float64"))


_WEEK = pd.Timedelta(days=DAYS)


def _state(due: pd.Timestamp, as_of: pd.Timestamp, reason: object) -> str:
    if due > as_of:
        return "to_come"
    if not isinstance(reason, str):
        return "done"
    return "missing" if reason == "censored" else "impossible"
