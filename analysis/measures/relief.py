"""When people spoke of it as before, and what was left of it weeks later (C5): net sentiment against the time before.

Volume and sentiment may recover at different times; each is said by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import sentiment, volume
from analysis.measures.calibrated import Calibration
from analysis.measures.estimate import Estimate, refused

DAY = pd.Timedelta(days=1)
METHOD = "first week whose net sentiment reaches the lower limit of the time before"
CHANGE = "difference of net sentiments, MOVER"


@dataclass(frozen=True)
class Relief:
    """`back`: days after the peak at which the first week began that was as before; "censored" with the days that
    surely passed as `low`. `fell`: whether the first days after the onset lay under the time before at all; None where
    that is not known. `before` and `during` are net sentiments."""

    back: Estimate
    fell: bool | None
    before: Estimate
    during: Estimate


def relief(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    before: tuple[pd.Timestamp, pd.Timestamp],
    during: tuple[pd.Timestamp, pd.Timestamp],
    peak: pd.Timestamp,
    *,
    days: int = 7,
    minimum: int = 30,
    calibration: Calibration | None = None,
) -> Relief:
    """When net sentiment was back, from `scored` mentions and `hours` (as in `volume`); spans are half-open, UTC.

    Weeks of `days` begin at `peak` and every day after it. One with an hour that was not collected at all, or under
    `minimum` scored mentions, tells nothing; where such weeks come before the first that was as before, the answer
    is that many days at most, and `low` says from when on it may have been. Refused as "too_few" or "no_baseline"
    where the time before tells nothing, "censored" where the archive ends before a week was as before.
    """
    net = _net(calibration, minimum)
    rows = {name: _between(scored, *span) for name, span in {"before": before, "during": during}.items()}
    usual, now = net(volume.kept_rows(rows["before"], hours)), net(volume.kept_rows(rows["during"], hours))
    if usual.low is None:
        return Relief(refused("days", "no_baseline" if usual.n == 0 else "too_few", METHOD, usual.n), None, usual, now)
    fell = None if now.high is None else float(now.high) < float(usual.low)
    seen = volume.span(hours)
    last = seen[1] if seen else peak
    start, told, silent = peak, 0, None
    reached = 0
    while start + days * DAY <= last:
        week = (start, start + days * DAY)
        whole = (volume.states(hours, *week) != "unseen").all()
        value = net(_between(scored, *week)) if whole else refused("net", "not_seen", METHOD)
        passed = round((start - peak) / DAY)
        if value.value is None:
            silent = passed if silent is None else silent
        elif float(value.value) >= float(usual.low):
            low = float(passed if silent is None else silent)
            return Relief(Estimate(float(passed), "days", value.n, METHOD, low, float(passed)), fell, usual, now)
        else:
            told, silent, reached = told + 1, None, passed
        start += DAY
    if told == 0:
        reason = "censored" if silent is None else "too_few"
        return Relief(refused("days", reason, METHOD, told), fell, usual, now)
    return Relief(refused("days", "censored", METHOD, told, low=float(reached)), fell, usual, now)


def residual(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    before: tuple[pd.Timestamp, pd.Timestamp],
    end: pd.Timestamp,
    *,
    horizons: tuple[int, ...] = (7, 30, 90),
    days: int = 7,
    minimum: int = 30,
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    """Net sentiment of the `days` that end so many days after `end`, less that of the time before.

    DataFrame[days, n, net, change, low, high, reason]: a row per horizon; `reason` "censored" where `hours` end first,
    "not_seen" where an hour of them was not collected, "too_few" under `minimum` scored mentions on either side.
    """
    first = volume.kept_rows(_between(scored, *before), hours)
    seen = volume.span(hours)
    rows = []
    for horizon in horizons:
        week = (end + (horizon - days) * DAY, end + horizon * DAY)
        row: dict[str, object] = {
            "days": horizon,
            "n": 0,
            "net": None,
            "change": None,
            "low": None,
            "high": None,
            "reason": None,
        }
        if seen is None or week[1] > seen[1]:
            row["reason"] = "censored"
        elif (volume.states(hours, *week) == "unseen").any():
            row["reason"] = "not_seen"
        else:
            after = _between(scored, *week)
            change, value = _change(first, after, minimum, calibration)
            row |= {"n": value.n, "net": value.value, "change": change.value, "low": change.low, "high": change.high}
            row["reason"] = change.reason
        rows.append(row)
    types = {"days": "int64", "n": "int64"} | dict.fromkeys(("net", "change", "low", "high"), "float64")
    return pd.DataFrame(rows).astype(types)


def _change(
    before: pd.DataFrame, after: pd.DataFrame, minimum: int, calibration: Calibration | None
) -> tuple[Estimate, Estimate]:
    """The change of net sentiment, and that of `after` (after Donner & Zou 2012: squares of the distances to the limits
    are added)."""
    net = _net(calibration, minimum)
    one, other = net(before), net(after)
    if one.value is None or other.value is None:
        return refused("net", str(other.reason or one.reason), CHANGE, other.n), other
    if calibration:
        return calibration.change(before, after, "net", minimum=minimum), other
    middle = float(other.value) - float(one.value)
    down = np.hypot(float(other.value) - float(other.low or 0), float(one.high or 0) - float(one.value))
    up = np.hypot(float(other.high or 0) - float(other.value), float(one.value) - float(one.low or 0))
    return Estimate(middle, "net", one.n + other.n, CHANGE, float(middle - down), float(middle + up)), other


def _net(calibration: Calibration | None, minimum: int) -> Callable[[pd.DataFrame], Estimate]:
    if calibration:
        return lambda rows: calibration.net_sentiment(rows, minimum=minimum, sampling=True)
    return lambda rows: sentiment.net(rows, minimum=minimum)


def _between(scored: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    return scored[((scored["published_at"] >= start) & (scored["published_at"] < end)).to_numpy()]
