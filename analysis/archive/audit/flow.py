"""The flow of posts of one brand, or of the whole archive: its times, its hours and its usual day.

Times are float hours since 1970-01-01 00:00 UTC; an hour h is [h, h + 1).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

HOUR = 3_600_000_000  # microseconds
WEEK_HOURS = 168


def hours_since_epoch(times: pd.Series) -> np.ndarray:
    """Sorted float hours since the epoch; null times are left out."""
    stamps = times.dropna().astype("datetime64[us, UTC]").astype("int64").to_numpy()
    return np.sort(stamps) / HOUR


def stamp(hour: float) -> pd.Timestamp:
    """The UTC time of a float hour, to the second."""
    return pd.Timestamp(round(float(hour) * 3600), unit="s", tz="UTC")


@dataclass(frozen=True)
class Flow:
    """Posts within [first, first + len(counts)) hours."""

    times: np.ndarray
    first: int
    counts: np.ndarray

    @property
    def last(self) -> int:
        """The end (exclusive) of the last hour."""
        return self.first + len(self.counts)

    def between(self, start: float, end: float) -> int:
        """Posts in [start, end)."""
        low, high = np.searchsorted(self.times, [start, end], side="left")
        return int(high - low)


def flow(times: np.ndarray, start: float, end: float) -> Flow:
    """The flow of sorted `times` over the whole hours that hold [start, end]; later and earlier posts are left out."""
    first, last = int(np.floor(start)), int(np.floor(end)) + 1
    low, high = np.searchsorted(times, [first, last], side="left")
    inside = times[low:high]
    counts = np.bincount(np.floor(inside).astype("int64") - first, minlength=last - first)
    return Flow(inside, first, counts)


def usual_day(series: Flow, covered: np.ndarray, min_days: int = 3, smoothing: float = 1.0) -> np.ndarray | None:
    """How much of the flow each hour of the span carries by hour of day and day of week; 1 is the mean hour.

    The shape is the mean over wholly covered UTC days of each hour's share of its day, so a heavy day weighs as much
    as a quiet one; `smoothing` posts per hour and a moving average of three hours steady it. The day of week counts
    where there are three whole weeks; before that a week-end may carry a fifth of a weekday's flow.
    None where fewer than `min_days` such days hold posts.
    """
    offset = -series.first % 24
    days = (len(series.counts) - offset) // 24
    if days < min_days:
        return None
    block = slice(offset, offset + days * 24)
    counts = series.counts[block].reshape(days, 24)
    whole = covered[block].reshape(days, 24).all(axis=1)
    totals = counts.sum(axis=1)
    busy = whole & (totals > 0)
    if busy.sum() < min_days:
        return None
    share = ((counts[busy] + smoothing) / (totals[busy] + 24 * smoothing)[:, None]).mean(axis=0) * 24
    share = 0.5 * share + 0.25 * np.roll(share, 1) + 0.25 * np.roll(share, -1)
    hours = np.arange(series.first, series.last)
    return (
        share[hours % 24]
        * _day_of_week(totals[whole], (series.first + offset) // 24 + np.flatnonzero(whole))[(hours // 24) % 7]
    )


def _day_of_week(totals: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Weights of the seven days from 1 January 1970, a Thursday, given the totals of whole days since then."""
    weekday = days % 7
    weights = np.ones(7)
    ordinary = np.median(totals[totals > 0])
    if np.bincount(weekday, minlength=7).min() >= 3:
        for day in range(7):
            weights[day] = np.clip(np.median(totals[weekday == day]) / ordinary, 0.01, 1.0)
    else:
        weights[[2, 3]] = 0.2
    return weights
