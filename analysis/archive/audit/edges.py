"""The edges of a collection: where it really starts and ends, and what was cut off there.

Everything is written for the start; the end is the start of the same flow in a mirror (times negated).
"""

from dataclasses import dataclass

import numpy as np

from analysis.archive.audit.caps import rarity
from analysis.archive.audit.flow import WEEK_HOURS, Flow, usual_day
from analysis.archive.audit.silence import clumping

ROW_LIMITS = (3_200, 9_999, 32_767, 32_768, 49_999, 65_535, 65_536, 99_999, 1_048_575, 1_048_576)
"""Row totals at which known programs and services stop, beside whole thousands."""


@dataclass(frozen=True)
class Tail:
    """Strays outside the collection: they begin at `outer`; the collection proper begins at `inner`."""

    outer: float
    inner: float
    strays: int
    per_day: float
    """Posts in an ordinary, quiet day of the collection proper."""


def stray_tail(times: np.ndarray, *, largest_share: float = 0.05, ratio: float = 0.05) -> Tail | None:
    """Strays before the first sustained flow of sorted `times`: parents fetched for their replies, wrong dates.

    The split is the most likely one of a flow in two steady paces, the first with at most `largest_share` of the
    posts. It is a tail where the median day of it holds at most three posts (or 0.1% of an ordinary day), its pace is
    under `ratio` of that of an ordinary quiet day (the lower quartile of the days after it), twenty posts or more
    would be expected of it, and the flow sets in within a day.
    """
    n = len(times)
    most = int(n * largest_share)
    if n < 40 or most < 1:
        return None
    k = np.arange(1, most + 1)
    before, after = np.maximum(times[k] - times[0], 1e-3), np.maximum(times[-1] - times[k], 1e-3)
    split = int(k[np.argmax(k * np.log(k / before) + (n - k) * np.log((n - k) / after))])
    inner, span = float(times[split]), float(times[split] - times[0])
    days = np.bincount(((times[split:] - inner) // 24).astype("int64"))
    days = days[days > 0]
    ordinary = float(np.quantile(days[:-1] if len(days) > 1 else days, 0.25))
    tail_days = np.bincount(((times[:split] - times[0]) // 24).astype("int64"), minlength=max(int(span // 24), 1))
    if (
        span < 12
        or np.median(tail_days) > max(3.0, 0.001 * ordinary)
        or split / span * 24 > ratio * ordinary
        or ordinary * span / 24 < 20
        or days[0] < 0.25 * ordinary
    ):
        return None
    return Tail(float(times[0]), inner, split, ordinary)


def mirrored(times: np.ndarray) -> np.ndarray:
    return -times[::-1]


@dataclass(frozen=True)
class Missing:
    """What a start lacks: hours [start, end) with the posts held there and those expected."""

    start: float
    end: float
    observed: int
    expected: float


def missing_start(
    series: Flow, span_start: float, shape: np.ndarray | None, *, shortest: float = 12, alpha: float = 1e-4
) -> Missing | None:
    """A start much later than `span_start`, that of the archive, where posts would be expected at the usual pace.

    `shape` is the usual day of the flow, if known. Under `shortest` hours nothing is claimed.
    """
    first = float(series.times[0])
    gap = first - span_start
    if gap < shortest:
        return None
    expected = gap * _opening_pace(series, shape)
    if 0.3 * expected / clumping(series) < -np.log(alpha):
        return None
    return Missing(span_start, first, 0, expected)


def thin_start(
    series: Flow, shape: np.ndarray | None, *, thin: float = 0.33, longest: int = 24, alpha: float = 1e-4
) -> Missing | None:
    """Opening hours that hold far less than the same hours usually do, up to a sharp edge.

    None without a usual day, or where the hour after the edge does not hold four times the pace before it.
    """
    if shape is None or len(series.counts) < 72:
        return None
    pace = _opening_pace(series, shape)
    held = np.cumsum(series.counts[:longest])
    expected = np.cumsum(shape[:longest]) * pace
    after, mass = series.counts[1 : longest + 1], shape[1 : longest + 1]
    share = held / np.maximum(expected, 1e-9)
    sharp = (after / mass >= 0.5 * pace) & (after / mass >= 4 * share * pace)
    gain = expected - held + held * np.log(np.maximum(share, 1e-9))
    gain[(share > thin) | ~sharp] = 0
    length = int(np.argmax(gain)) + 1
    if 0.4 * gain[length - 1] / clumping(series) < -np.log(alpha):
        return None
    start = float(series.first)
    return Missing(start, start + length, int(held[length - 1]), float(expected[length - 1]))


def _opening_pace(series: Flow, shape: np.ndarray | None) -> float:
    """Posts per usual hour at the start: the least of the first day's, the first week's and a quiet day's."""
    weight = np.ones(len(series.counts)) if shape is None else shape
    offset = 24 if len(series.counts) > 48 else 0  # a thin opening must not lower its own yardstick
    paces = []
    for span in (24, WEEK_HOURS):
        part = slice(offset, offset + span)
        if weight[part].sum() > 0:
            paces.append(series.counts[part].sum() / weight[part].sum())
    days = len(series.counts) // 24
    if days >= 2:
        totals = series.counts[: days * 24].reshape(days, 24).sum(axis=1) / weight[: days * 24].reshape(days, 24).sum(
            axis=1
        )
        paces.append(float(np.quantile(totals[1:], 0.25)))
    return min(paces, default=0.0)


@dataclass(frozen=True)
class Cut:
    """What a first hour and day lack: posts expected before the first one, within its hour and within its UTC day.

    0 where the silence before it is not improbable.
    """

    in_hour: float
    in_day: float


def cut_start(series: Flow, alpha: float = 0.01) -> Cut:
    """What the start of `series` lacks of what other days hold at the very same time of day.

    Expected is the lower quartile of the other days; `alpha` is the chance of such a silence, and the share of other
    days that may be as silent. In under three other days only the hour is judged, by the three hours that follow.
    """
    first, clump = float(series.times[0]), clumping(series)
    hour, day = float(np.floor(first)), float(np.floor(first / 24) * 24)
    others = np.arange(1, int((series.times[-1] - day) // 24))
    lacks = []
    for start in (hour, day):
        if len(others) < 3:
            expected = (first - hour) * series.between(first, first + 3) / 3 if start == hour else 0.0
        else:
            edges = np.searchsorted(series.times, [start + 24 * others, first + 24 * others])
            held = edges[1] - edges[0]
            expected = float(np.quantile(held, 0.25)) if (held == 0).mean() <= alpha else 0.0
        lacks.append(expected if np.exp(-expected / clump) < alpha else 0.0)
    return Cut(*lacks)


def is_row_limit(rows: int, smallest: int = 1000) -> bool:
    """Whether a file of so many rows looks as if a program stopped it there."""
    return rows >= smallest and (rarity(rows) <= 1 / 1000 or rows in ROW_LIMITS)


def in_full_flow(times: np.ndarray) -> bool:
    """Whether sorted `times` start at no natural time: 2 posts or more would be expected between it and the clock.

    The clock is the full hour before the start; one right on it may well be what was asked for.
    """
    if len(times) < 30:
        return False
    first = float(times[0])
    rate = np.searchsorted(times, first + 3) / 3
    return bool((first - np.floor(first)) * rate >= 2 and (first - np.floor(first)) > 1 / 60)


def shape_of(series: Flow) -> np.ndarray | None:
    return usual_day(series, np.ones(len(series.counts), dtype=bool))
