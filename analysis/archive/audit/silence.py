"""Stretches that are quieter than the brand ever is: hours or days the collection missed.

A stretch is silent where it holds at most a small share of what the hours before it and the hours after it lead one
to expect at that time of day, and where so few posts are improbable even at the pace of the quietest ordinary
stretches (a Poisson tail at a lowered mean, Bonferroni-corrected for the number of places it could be in).
"""

from dataclasses import dataclass

import numpy as np

from analysis.archive.audit.flow import WEEK_HOURS, Flow, usual_day


@dataclass(frozen=True)
class Silence:
    """A silent stretch [start, end), float hours since the epoch."""

    start: float
    end: float
    observed: int
    expected: float
    p: float


def silences(
    series: Flow,
    covered: np.ndarray,
    *,
    thin: float = 0.1,
    alpha: float = 0.01,
    shortest_gap: float = 0.75,
) -> list[Silence]:
    """Silent stretches between covered hours of `series`, in order, never at its edges (those are `edges`' business).

    `covered` marks the hours not yet known to be unseen. `thin` is the largest share of the expected posts that a
    silent stretch may hold; `alpha` the chance of one false alarm in the series. A stretch without any post starts
    and ends at the posts around it; in a heavy flow it may be shorter than an hour (at least `shortest_gap` hours).
    """
    if len(series.times) < 20:
        return []
    found: list[Silence] = []
    still = covered.copy()
    for _ in range(2):  # the second look has neighbours and a usual day that the first one's finds no longer lower
        fresh = _look(series, still, thin, alpha)
        for silence in fresh:
            still[max(int(np.floor(silence.start)) - series.first, 0) : int(np.ceil(silence.end)) - series.first] = (
                False
            )
        found += fresh
        if not fresh:
            break
    found += _breaks(series, still, alpha, shortest_gap)
    return _merged(series, sorted(found, key=lambda silence: silence.start), thin)


def _look(series: Flow, covered: np.ndarray, thin: float, alpha: float) -> list[Silence]:
    shape = usual_day(series, covered)
    if shape is None:
        counts = series.counts.astype("float64")
        return _tested(
            series,
            covered,
            np.ones(len(counts)),
            _low_hours(counts, covered, thin / 2),
            thin=thin / 2,
            alpha=alpha,
            typical=0.0,
        )
    typical = _typical(series, covered, shape)
    counts = series.counts.astype("float64")
    found: list[Silence] = []
    for low in (
        _low_hours(counts, covered, thin, shape, typical),
        _low_days(counts, covered, 1.5 * thin, shape, typical),
    ):
        found += _tested(series, covered, shape, low, thin=1.5 * thin, alpha=alpha / 2, typical=typical)
    return found


def _low_hours(
    counts: np.ndarray, covered: np.ndarray, thin: float, weight: np.ndarray | float = 1.0, typical: float = 0.0
) -> np.ndarray:
    """Hours under a share of the ordinary level, or of what flowed in both the day before and the day after."""
    pace = counts / weight
    before, after = _median_of_day(pace, covered), _median_of_day(pace[::-1], covered[::-1])[::-1]
    return covered & (counts <= thin * weight * np.maximum(typical, np.minimum(before, after)))


def _low_days(
    counts: np.ndarray, covered: np.ndarray, thin: float, weight: np.ndarray, typical: float, *, length: int = 24
) -> np.ndarray:
    """Hours within any 24 that together hold under a share of the ordinary level, less a flow at their ends."""
    held, mass = np.concatenate([[0.0], np.cumsum(counts)]), np.concatenate([[0.0], np.cumsum(weight)])
    seen = np.concatenate([[0], np.cumsum(covered)])
    low = (held[length:] - held[:-length] <= thin * typical * (mass[length:] - mass[:-length])) & (
        seen[length:] - seen[:-length] == length
    )
    marks = np.zeros(len(counts) + 1, dtype="int64")
    np.add.at(marks, np.flatnonzero(low), 1)
    np.add.at(marks, np.flatnonzero(low) + length, -1)
    flags = np.cumsum(marks[:-1]) > 0
    flowing = counts > 0.3 * typical * weight
    for start, end in zip(*_runs(flags), strict=True):
        quiet = np.flatnonzero(~flowing[start:end])
        flags[start:end] = False
        if len(quiet):
            flags[start + quiet[0] : start + quiet[-1] + 1] = True
    return flags


def _tested(
    series: Flow, covered: np.ndarray, weight: np.ndarray, low: np.ndarray, *, thin: float, alpha: float, typical: float
) -> list[Silence]:
    """The runs of `low` hours whose silence is improbable. `typical` 0 is an archive too short to have a usual day."""
    counts = series.counts.astype("float64")
    starts, ends = _runs(low)
    inner = (starts > 0) & (ends < len(counts))
    starts, ends = starts[inner], ends[inner]
    if not len(starts):
        return []
    width, spans = (2, (24, WEEK_HOURS)) if typical else (1, (3,))
    pace = counts / weight
    beside = np.minimum(_beside(pace, starts, width, -1), _beside(pace, ends, width, 1))
    mass = np.concatenate([[0.0], np.cumsum(weight)])
    held = np.concatenate([[0], np.cumsum(series.counts)])
    # More than this is never expected: enough to drop most of a sparse brand's quiet hours at once.
    bound = (mass[ends] - mass[starts]) * np.maximum(typical, beside)
    lengths = {int(length) for length in np.unique(ends - starts)}
    pace_floor = {length: _quietest(counts, weight, covered, length) if typical else 0.2 for length in lengths}
    quietest = np.array([pace_floor[int(length)] for length in ends - starts])
    clump = clumping(series)
    places = covered.sum() / (ends - starts)  # where a stretch of that length could have been found
    possible = np.flatnonzero(bound * quietest >= np.log(places / alpha) * clump)
    others = covered.copy()
    for run in possible:
        others[starts[run] : ends[run]] = False
    index = np.flatnonzero(others)
    found = []
    for run in possible:
        start, end = int(starts[run]), int(ends[run])
        around = (_pace_around(counts, weight, index, start=start, end=end, span=span) for span in spans)
        expected = min(bound[run], *((mass[end] - mass[start]) * pace for pace in around))
        observed = int(held[end] - held[start])
        p = _poisson_tail(observed / clump, quietest[run] * expected / clump)
        if observed <= thin * expected and p * places[run] < alpha:
            low_edge, high_edge = _edges(series, start, end)
            inside = series.between(np.nextafter(low_edge, np.inf), high_edge)
            if inside:
                low_edge, high_edge = series.first + start, series.first + end
            hours = np.arange(len(mass)) + series.first
            part = np.diff(np.interp([max(low_edge, hours[start]), min(high_edge, hours[end])], hours, mass))[0]
            expected *= part / (mass[end] - mass[start])
            found.append(Silence(low_edge, high_edge, inside, float(expected), float(p)))
    return found


def _breaks(series: Flow, covered: np.ndarray, alpha: float, shortest: float, span: float = 3.0) -> list[Silence]:
    """Breaks in a heavy flow that no whole hour shows: from the post before to the post after, under three hours."""
    times = series.times
    if len(times) < 50:
        return []
    gaps = np.diff(times)
    at = np.flatnonzero((gaps >= shortest) & (gaps < span))
    if not len(at):
        return []
    start, end = times[at], times[at + 1]
    before = at + 1 - np.searchsorted(times, start - span)
    after = np.searchsorted(times, end + span) - at - 1
    # An hour on either side as well, so that a flow which has dwindled, or not yet risen, is no break.
    just_before = at + 1 - np.searchsorted(times, start - 0.5)
    just_after = np.searchsorted(times, end + 0.5) - at - 1
    pace = np.minimum(np.minimum(before, after) / span, np.minimum(just_before, just_after) / 0.5)
    expected = gaps[at] * pace
    tail = np.exp(-0.25 * expected / clumping(series)) * len(times)
    inside = (
        covered[np.floor(start).astype("int64") - series.first] & (start - span >= times[0]) & (end + span <= times[-1])
    )
    return [
        Silence(float(start[i]), float(end[i]), 0, float(expected[i]), float(tail[i] / len(times)))
        for i in np.flatnonzero(inside & (tail < alpha))
    ]


def _typical(series: Flow, covered: np.ndarray, weight: np.ndarray) -> float:
    """Posts per hour of a quiet but ordinary day: the lower quartile over covered days with posts."""
    offset = -series.first % 24
    days = (len(series.counts) - offset) // 24
    block = slice(offset, offset + days * 24)
    whole = covered[block].reshape(days, 24).all(axis=1)
    totals = series.counts[block].reshape(days, 24).sum(axis=1) / weight[block].reshape(days, 24).sum(axis=1)
    totals = totals[whole & (totals > 0)]
    return float(np.quantile(totals, 0.25)) if len(totals) else 0.0


def _median_of_day(pace: np.ndarray, covered: np.ndarray, width: int = 24) -> np.ndarray:
    """For each hour the median pace of the `width` hours before it; 0 where there are fewer."""
    if len(pace) <= width:
        return np.array([np.median(pace[:i]) if i >= 3 else 0.0 for i in range(len(pace))])
    known = np.where(covered, pace, 0.0)
    windows = np.lib.stride_tricks.sliding_window_view(known, width)[:-1]
    head = [np.median(known[:i]) if i >= 3 else 0.0 for i in range(width)]
    return np.concatenate([head, np.median(windows, axis=1)])


def _runs(flags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends (exclusive) of the runs of True."""
    edges = np.diff(np.concatenate([[0], flags.astype("int8"), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _beside(pace: np.ndarray, positions: np.ndarray, width: int, direction: int) -> np.ndarray:
    """The larger pace of the `width` hours right before (−1) or from (1) each position."""
    best = np.zeros(len(positions))
    for step in range(width):
        at = positions - 1 - step if direction < 0 else positions + step
        inside = (at >= 0) & (at < len(pace))
        best = np.maximum(best, np.where(inside, pace[np.clip(at, 0, len(pace) - 1)], 0.0))
    return best


def _pace_around(
    counts: np.ndarray, weight: np.ndarray, index: np.ndarray, *, start: int, end: int, span: int
) -> float:
    """The lower of the paces of the `span` covered hours before `start` and from `end`; 0 where there are none."""
    left = index[max(np.searchsorted(index, start) - span, 0) : np.searchsorted(index, start)]
    right = index[np.searchsorted(index, end) : np.searchsorted(index, end) + span]
    if not len(left) or not len(right):
        return 0.0
    return min(_pace(counts[side], weight[side]) for side in (left, right))


def _pace(counts: np.ndarray, weight: np.ndarray) -> float:
    """Posts per usual hour, single spikes capped."""
    cap = 3 * np.median(counts / weight) * weight + 3
    return float(np.minimum(counts, cap).sum() / weight.sum())


def clumping(series: Flow) -> float:
    """How many posts come at a time: the mean squared difference of successive counts over their sum, 1 for Poisson.

    Counts of quarter hours, or of hours where few of those hold posts; one term counts 30 at most, so that the start
    of a burst does not make the whole series clumped.
    """
    for width, floor in ((0.25, 4), (1.0, 1)):
        counts = np.bincount(((series.times - series.first) / width).astype("int64"))
        both = counts[1:] + counts[:-1]
        enough = both >= floor
        if enough.sum() >= 20:
            return max(1.0, float(np.minimum(np.diff(counts)[enough] ** 2 / both[enough], 30).mean()))
    return 1.0


def _quietest(counts: np.ndarray, weight: np.ndarray, covered: np.ndarray, length: int) -> float:
    """How far under its neighbours an ordinary stretch of some `length` in hours may fall: a share in [0.08, 0.8].

    Stretches of 1 to 72 hours, at most `length` but long enough to hold ten posts on average, each against the lower
    of the stretches before and after it: 2.5 standard deviations of the logarithm of that ratio, taken from its lowest
    decile and less what counting alone would give.
    """
    known = counts[covered]
    mean = known.mean() if len(known) else 0.0
    wide = [hours for hours in (1, 2, 6, 24, 72) if hours * mean >= 10]
    if not wide:
        return 0.2
    size = max([hours for hours in wide if hours <= length], default=wide[0])
    blocks = len(known) // size
    if blocks < 10:
        return 0.2
    held = known[: blocks * size].reshape(blocks, size).sum(axis=1)
    pace = held / weight[covered][: blocks * size].reshape(blocks, size).sum(axis=1)
    around = np.minimum(pace[:-2], pace[2:])
    ratio = pace[1:-1][around > 0] / around[around > 0]
    if not len(ratio):
        return 0.2
    spread = np.log(max(np.quantile(ratio, 0.1), 1e-3)) / 1.28
    counted = 1.7 / max(np.median(held), 1.0)
    return float(np.clip(np.exp(-2.5 * np.sqrt(max(min(spread, 0.0) ** 2 - counted, 0.0))), 0.08, 0.8))


def _poisson_tail(observed: float, mean: float) -> float:
    from scipy.special import pdtr

    return float(pdtr(observed, mean))


def _edges(series: Flow, start: int, end: int) -> tuple[float, float]:
    """The last post before a silence and the first after it, which is between the hours (positions) `start` and `end`.

    Where one break makes up most of it, the posts beside that: single ones of the night before belong to the flow.
    """
    before = int(np.searchsorted(series.times, series.first + start, side="left")) - 1
    after = int(np.searchsorted(series.times, series.first + end, side="left"))
    gaps = np.diff(series.times[before : after + 1])
    longest = int(np.argmax(gaps))
    if gaps[longest] >= 0.8 * (end - start):
        return float(series.times[before + longest]), float(series.times[before + longest + 1])
    return float(series.times[before]), float(series.times[after])


def _merged(series: Flow, found: list[Silence], thin: float) -> list[Silence]:
    """Neighbouring silences as one where what lies between is no more than strays."""
    out: list[Silence] = []
    for silence in found:
        if out and silence.start <= out[-1].end:
            previous = out.pop()
            start, end = min(previous.start, silence.start), max(previous.end, silence.end)
            kept = max(previous, silence, key=lambda one: one.expected)
            out.append(Silence(start, end, kept.observed, kept.expected, kept.p))
        elif out:
            previous = out[-1]
            between = series.between(previous.end, silence.start)
            pace = min(
                previous.expected / (previous.end - previous.start), silence.expected / (silence.end - silence.start)
            )
            if between <= thin * pace * (silence.start - previous.end):
                out[-1] = Silence(
                    previous.start,
                    silence.end,
                    previous.observed + between + silence.observed,
                    previous.expected + silence.expected + pace * (silence.start - previous.end),
                    max(previous.p, silence.p),
                )
            else:
                out.append(silence)
        else:
            out.append(silence)
    return out
