"""Whether those who wrote at night, or at the weekend, waited longer: by blocks of the local day (definitions C8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.measures import response
from analysis.measures.estimate import Estimate
from analysis.measures.response import Speed

BLOCK = 4
"""Hours of a block: half a working shift."""
DAY = (8, 20)
"""Local hours [from, to) of the day; the rest is night. A proposal: staffed hours are in no archive."""
WEEKENDS = 2
"""A weekend is told from the course of an incident only where it had more than one."""
SURE = 0.05
METHOD = "log-rank, Holm"


@dataclass(frozen=True)
class Contrast:
    """`slow` (night or weekend) against the rest: the speed of both, and the p of "as fast" after Holm's correction.

    `p` is None, with a `reason`, where too few wrote at either time, or all at one weekend.
    """

    name: str
    slow: Speed
    rest: Speed
    p: float | None
    reason: str | None = None

    @property
    def verdict(self) -> str:
        """slower, faster, same, or the reason why that cannot be told."""
        if self.p is None:
            return str(self.reason)
        if self.p >= SURE:
            return "same"
        return "slower" if _waits(self.slow) > _waits(self.rest) else "faster"


def by_block(
    asked: pd.DataFrame, joins: Mapping, until: pd.Timestamp, promised_hours: float, zone: str, minimum: int
) -> pd.DataFrame:
    """DataFrame[days, block, n, within, low, high, median, over], a row per block of the local day that had posts.

    `asked` as for `response.speed`; `days` is weekday, weekend or all: where either has under `minimum` posts in a
    block, both are one row. `block` is the first hour; `over` the hours that a median which was not reached exceeds.
    A row of fewer posts has no values.
    """
    local = _local(asked, zone)
    block, weekend = local.dt.hour // BLOCK * BLOCK, local.dt.day_of_week >= 5
    rows = []
    for first in sorted(block.unique()):
        inside = block == first
        groups = {"weekday": inside & ~weekend, "weekend": inside & weekend}
        if min(group.sum() for group in groups.values()) < minimum:
            groups = {"all": inside}
        for name, group in groups.items():
            found = response.speed(asked[group], joins, until, promised_hours, minimum=minimum)
            rows.append({"days": name, "block": int(first), "n": int(group.sum())} | _told(found))
    columns = ["days", "block", "n", "within", "low", "high", "median", "over"]
    return pd.DataFrame(rows, columns=columns)


def contrasts(
    asked: pd.DataFrame, joins: Mapping, until: pd.Timestamp, promised_hours: float, zone: str, minimum: int
) -> list[Contrast]:
    """Night against day, and weekend against weekday, by the log-rank test; the two share the error (Holm 1979).

    The test of the night compares within each local date, since the load of an incident changes from day to day.
    """
    asked = asked[asked["asked"] < until]
    local = _local(asked, zone)
    night = (local.dt.hour < DAY[0]) | (local.dt.hour >= DAY[1])
    weekend = local.dt.day_of_week >= 5
    weekends = local[weekend].dt.tz_localize(None).dt.to_period("W").nunique()
    dates = pd.factorize(local.dt.date)[0]
    found = []
    for name, group, strata in (("night", night, dates), ("weekend", weekend, None)):
        slow, rest = (
            response.speed(asked[side], joins, until, promised_hours, minimum=minimum) for side in (group, ~group)
        )
        if slow.kind != rest.kind or slow.kind == "none":
            found.append(Contrast(name, slow, rest, None, "too_few"))
        elif name == "weekend" and weekends < WEEKENDS:
            found.append(Contrast(name, slow, rest, None, "one_weekend"))
        else:
            chosen = asked if slow.kind == "first_response_time" else asked[asked["answered"].notna()]
            keep = asked.index.isin(chosen.index)
            p = _logrank(chosen, until, group.to_numpy()[keep], None if strata is None else strata[keep])
            found.append(Contrast(name, slow, rest, p))
    return _holm(found)


def _logrank(asked: pd.DataFrame, until: pd.Timestamp, group: np.ndarray, strata: np.ndarray | None) -> float:
    from statsmodels.duration.survfunc import survdiff

    got = (asked["answered"] <= until).to_numpy(dtype=bool)
    ends = asked["answered"].where(got, until)
    waited = (ends - asked["asked"]).dt.total_seconds().to_numpy(dtype=float) / 3600
    try:
        _, p = survdiff(waited, got.astype(int), group.astype(int), strata=strata)
    except np.linalg.LinAlgError:  # nobody who waited was left to compare when another was answered
        return 1.0
    return 1.0 if np.isnan(p) else float(p)


def _holm(found: list[Contrast]) -> list[Contrast]:
    tested = sorted((one for one in found if one.p is not None), key=lambda one: one.p or 0.0)
    adjusted, reached = {}, 0.0
    for rank, one in enumerate(tested):
        reached = max(reached, min(1.0, (one.p or 0.0) * (len(tested) - rank)))
        adjusted[one.name] = reached
    return [replace(one, p=adjusted.get(one.name)) for one in found]


def _told(found: Speed) -> dict[str, object]:
    share, median = found.within, found.median
    told = share.value is not None
    return {
        "within": share.value,
        "low": share.low if told else None,
        "high": share.high if told else None,
        "median": median.value,
        "over": median.low if median.reason == "censored" else None,
    }


def _waits(found: Speed) -> float:
    """How long one waited, to compare two sides by: the median, or the share that waits where it was not reached."""
    median: Estimate = found.median
    if median.value is not None:
        return float(median.value)
    return 1e6 * (2 - float(found.answered.value or 0.0))


def _local(asked: pd.DataFrame, zone: str) -> pd.Series:
    return asked["asked"].dt.tz_convert(ZoneInfo(zone))
