"""The alarm where only days can be judged: a robust z against the four weeks before (definitions C1), day by day.

It rings by the end of the second day in a row that stands out, where the two hold enough mentions, as C1 has a spike.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import alarm
from analysis.measures.alarm import Replay

DAY = pd.Timedelta(days=1)
METHOD = "causal robust z of days"
SPARSE = 0.5
"""Mentions an hour under which hours are too empty to be judged one by one."""
THRESHOLDS = (2.0, 2.5, 3.0, 4.0, 5.0, 6.0)


@dataclass(frozen=True)
class Rule(alarm.Rule):
    """`days` in a row at or above `threshold`, with `mentions` between them, against the `trail` that ends `gap` before
    the first of them; `cycles` of a weekday must have been seen for it to be held against its own kind."""

    threshold: float = 3.0
    quiet: pd.Timedelta = 7 * DAY
    trail: pd.Timedelta = 28 * DAY
    floor: pd.Timedelta = 7 * DAY
    days: int = 2
    mentions: int = 50
    gap: pd.Timedelta = DAY
    cycles: int = 4


def by_day(hourly: pd.Series) -> pd.Series:
    """Mentions per UTC day of mentions per hour (by hour start), null where an hour of the day is."""
    days = hourly.astype("float64").resample("1D")
    return days.sum().where(days.count() == 24).astype("Int64")


def replay(
    counts: pd.Series, start: pd.Timestamp, *, at_least: pd.Series | None = None, rule: Rule | None = None
) -> Replay:
    """The alarm on mentions by UTC day (by day start, evenly spaced), null where a day was not wholly seen.

    As `alarm.replay`, whose result can be asked the same: `score` is the lower of the last `days` z, and `level` that
    of the day alone; `at_least` is what was counted of a day whatever was seen. Raises ValueError where bins are not
    days.
    """
    rule = rule or Rule()
    index = pd.DatetimeIndex(counts.index)
    if len(index) > 1 and not (np.diff(index.as_unit("ns").asi8) == DAY.value).all():
        raise ValueError("bins must be days without gaps")
    y = counts.astype("float64").to_numpy()
    bound = y if at_least is None else at_least.astype("float64").to_numpy()
    level, z = _levels(y, index, rule), np.full(len(y), np.nan)
    for row, (usual, scale) in enumerate(level):
        known = y[row] if not np.isnan(y[row]) else bound[row]
        z[row] = (known - usual) / scale
        if np.isnan(y[row]) and z[row] < rule.threshold:
            z[row] = np.nan  # what was counted of it is no sign, and the rest was not seen
    held = pd.Series(z).rolling(rule.days, min_periods=rule.days).min().to_numpy()
    enough = pd.Series(np.where(np.isnan(y), bound, y)).rolling(rule.days, min_periods=rule.days).sum().to_numpy()
    score = np.where(enough >= rule.mentions, held, np.minimum(held, 0.0))
    table = pd.DataFrame(
        {
            "start": index,
            "knowable": index + DAY,
            "mentions": counts.to_numpy(),
            "level": z,
            "novelty": np.nan,
            "score": score,
        }
    )
    seen = DAY * int(counts[index < start].notna().sum())
    return Replay(table, rule, "full" if seen >= rule.trail else "short" if seen >= rule.floor else "none", METHOD)


def _levels(y: np.ndarray, index: pd.DatetimeIndex, rule: Rule) -> list[tuple[float, float]]:
    """The ordinary level of each day and its scale, from the days before alone: max(1.4826 MAD, √level, 1)."""
    gap, trail, least = rule.gap // DAY, rule.trail // DAY, rule.floor // DAY
    weekday = np.asarray(index.day_of_week)
    out = []
    for row in range(len(y)):
        end = max(0, row - (rule.days - 1) - gap)
        past, kind = y[max(0, end - trail) : end], weekday[max(0, end - trail) : end]
        known = ~np.isnan(past)
        if known.sum() < least:
            out.append((np.nan, np.nan))
            continue
        usual = float(np.median(past[known]))
        own = past[known & (kind == weekday[row])]
        if len(own) >= rule.cycles:
            usual = max(usual, float(np.median(own)))
        spread = 1.4826 * float(np.median(np.abs(past[known] - np.median(past[known]))))
        out.append((usual, max(spread, float(np.sqrt(usual)), 1.0)))
    return out
