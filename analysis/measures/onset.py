"""When the incident began, peaked and ended, and whether it was a crisis, a buzz or no spike at all.

The rule is a robust z against the ordinary level of the same hour of the week. Where the collection did not see, the
answer is an interval or none: an unseen hour is neither quiet nor loud.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.sentiment import Rise

Bin = Literal["1h", "1D"]
Verdict = Literal["crisis", "buzz", "no_spike", "too_little_data"]
METHOD = "robust z ≥ 3 in two bins in a row"
DAY = pd.Timedelta(days=1)
STEP = {"1h": pd.Timedelta(hours=1), "1D": DAY}
CALM = {"1h": 24, "1D": 3}  # ordinary bins in a row that end an incident
FLOOR = {"1h": 3.0, "1D": 7.0}  # seen days of baseline


@dataclass(frozen=True)
class Rule:
    """Thresholds: proposals to change, not laws. z of a bin, of an ordinary bin, bins in a row, mentions in the run.

    `peak_ratio` is how many times the ordinary level the peak must reach: at ten thousand mentions an hour, three
    standard deviations can be a few per cent. `gap` is what is left out of the baseline just before the window.
    """

    z: float = 3.0
    ordinary: float = 2.0
    bins: int = 2
    mentions: int = 50
    peak_ratio: float = 2.0
    gap: pd.Timedelta = DAY
    baseline_days: int = 28


@dataclass(frozen=True)
class Baseline:
    """Ordinary bins in [start, end), UTC: `days` of them seen; `slots`: hour_of_week, hour_of_day, day_of_week, all."""

    start: pd.Timestamp
    end: pd.Timestamp
    days: float
    slots: str


@dataclass(frozen=True)
class Onset:
    """When (unit "time": starts of bins, UTC), and what it was.

    `onset` has a value where the bin before the first elevated one was seen. Else it has none, reason "not_seen", and
    the incident began in a bin that starts between `low` (the end of the last ordinary bin seen; missing where none
    was) and `high` (the start of the first elevated one). `peak` is refused where bins between onset and end were not
    seen; `highest_seen` is then the highest of those that were, and is no peak; `z_peak` is of that bin. `end` is the
    first bin that opens 24 ordinary hours (3 days); "censored" with `low`, the end of the last bin that was not
    ordinary, where the archive stops or goes blind first.
    `reasons` say what decided the verdict: spike, no_run, few_mentions, low_peak, share_rose, share_did_not_rise,
    share_unknown, no_baseline, short_baseline, not_seen.
    """

    onset: Estimate
    peak: Estimate
    end: Estimate
    highest_seen: Estimate
    time_to_peak: Estimate
    duration: Estimate
    z_peak: float | None
    spike: bool | None
    verdict: Verdict
    reasons: tuple[str, ...]
    bin: Bin
    baseline: Baseline | None


def date(
    counts: pd.Series,
    window: tuple[pd.Timestamp, pd.Timestamp] | None,
    *,
    at_least: pd.Series | None = None,
    rise: Rise | None = None,
    bin: Bin | Literal["auto"] = "auto",
    rule: Rule | None = None,
) -> Onset:
    """Date the incident in `window` (half-open, UTC; None looks for it with `auto_window`).

    `counts` has one value per UTC hour, by hour start, null where the hour was not wholly seen. `at_least` (same index)
    is what was counted whatever was seen: where that alone is elevated, so was the hour. `rise` says whether the
    negative share rose against the time before: a spike without a rise is a buzz, and none is a crisis without both.
    `bin` "auto" is hourly for windows under 7 days, else daily. The baseline is what was seen in the `baseline_days`
    that end `gap` before the window; the search starts there, so that a window opened late does not date late.
    Refused as "no_baseline" where nothing was seen there, "short_baseline" under 3 days
    (daily: 7), or hourly where some hour of the day was seen on fewer than 3.
    """
    rule = rule or Rule()
    window = window or auto_window(counts, rule=rule)
    if window is None:
        spike = False if counts.notna().sum() >= FLOOR["1h"] * 24 else None
        return _without("no_spike" if spike is False else "short_baseline", "1h", None, spike)
    if counts.notna().sum() == 0:
        return _without("no_baseline", "1h", None, None)
    size: Bin = ("1h" if window[1] - window[0] < 7 * DAY else "1D") if bin == "auto" else bin
    y = _binned(counts, size)
    since = window[0].floor(STEP[size]) - rule.gap
    past = y[(y.index >= since - rule.baseline_days * DAY) & (y.index < since)]
    known = past.dropna()
    baseline = Baseline(
        known.index[0] if len(known) else since, since, len(known) * (STEP[size] / DAY), slots_of(known, size)[0]
    )
    if baseline.days < FLOOR[size] or (size == "1h" and baseline.slots == "all"):
        return _without("short_baseline" if len(known) else "no_baseline", size, baseline, None)
    level, scale = ordinary(known, pd.DatetimeIndex(y.index), size)
    if at_least is not None:
        y = bounded(y, at_least, level + rule.z * scale, size)
    z = (y - level) / scale
    searched = (window[0].floor(STEP[size]), window[1])
    if y[(y.index >= searched[0]) & (y.index < searched[1])].notna().sum() == 0:
        return _without("not_seen", size, baseline, None)
    later = np.asarray(y.index >= since)
    run = _episode(y[later], z[later], level[later], searched, size=size, rule=rule)
    if isinstance(run, str):
        return _without("no_spike", size, baseline, False, run)
    skipped = int((~later).sum())
    first = walk_back(z, run[0] + skipped, rule)
    return _dated(z, (first, run[1] + skipped), size=size, baseline=baseline, rise=rise, rule=rule)


def auto_window(
    counts: pd.Series, *, at_least: pd.Series | None = None, rule: Rule | None = None
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The span of the largest hourly spike of the whole archive, or None where there is none; arguments as in `date`.

    The ordinary level is the median of all that was seen, so an incident that fills most of the archive is not found.
    The end is where 24 ordinary hours begin, or where the archive stops. None where there are fewer
    than 3 seen days of every hour of the day.
    """
    rule = rule or Rule()
    known = counts.dropna().astype(float)
    if len(known) < FLOOR["1h"] * 24 or slots_of(known, "1h")[0] == "all":
        return None
    y = _binned(counts, "1h")
    level, scale = ordinary(known, pd.DatetimeIndex(y.index), "1h")
    if at_least is not None:
        y = bounded(y, at_least, level + rule.z * scale, "1h")
    z, whole = (y - level) / scale, (y.index[0], y.index[-1] + STEP["1h"])
    run = _episode(y, z, level, whole, size="1h", rule=rule, largest=True)
    if isinstance(run, str):
        return None
    end = calm_from(z, run[1], "1h", rule)
    return y.index[run[0]], y.index[end] if end is not None else y.dropna().index[-1] + STEP["1h"]


def _binned(counts: pd.Series, size: Bin) -> pd.Series:
    """Counts per bin (float) over an unbroken index; null where any hour of the bin is."""
    whole = pd.date_range(counts.index.min(), counts.index.max(), freq="h")
    y = counts.astype("float64").reindex(whole)
    if size == "1h":
        return y
    days = y.resample("1D")
    return days.sum().where(days.count() == 24)


def bounded(y: pd.Series, at_least: pd.Series, loud: pd.Series, size: Bin) -> pd.Series:
    """`y` with the lower bounds of bins that were not wholly seen, where these alone reach `loud`; else still null."""
    counted = at_least.astype("float64").reindex(pd.date_range(y.index.min(), y.index.max() + STEP[size], freq="h"))
    bound = (counted if size == "1h" else counted.resample("1D").sum()).reindex(y.index)
    return y.where(y.notna(), bound.where(bound >= loud))


def slots_of(known: pd.Series, size: Bin) -> tuple[str, int]:
    """The finest season of which every slot was seen often enough, and its number of slots.

    Three times will do for hours of the day, since slots share their scale; without it, evenings spiked in 57% of
    quiet windows, with it in 5%.
    """
    hourly, daily = (("hour_of_week", 168, 4), ("hour_of_day", 24, 3)), (("day_of_week", 7, 4),)
    for name, slots, cycles in hourly if size == "1h" else daily:
        seen = np.bincount(_slot(pd.DatetimeIndex(known.index), slots), minlength=slots)
        if seen.min() >= cycles:
            return name, slots
    return "all", 1


def _slot(index: pd.DatetimeIndex, slots: int) -> np.ndarray:
    if slots == 7:
        return np.asarray(index.day_of_week)
    return np.asarray(index.day_of_week * 24 + index.hour) % slots


def ordinary(known: pd.Series, index: pd.DatetimeIndex, size: Bin) -> tuple[pd.Series, pd.Series]:
    """The ordinary level and its scale for each bin of `index`.

    Level: the slot's median, smoothed with its two neighbours (¼ ½ ¼), and raised to the last week's where volumes
    have been growing. Scale: 1.4826 MAD of the slot, the same of all slots together for its level, √level, and 1,
    whichever is largest. Four values make a poor MAD: with the slot's alone, two in five windows of plain noise spiked.
    """
    slots = slots_of(known, size)[1]
    slot, y = _slot(pd.DatetimeIndex(known.index), slots), known.to_numpy(dtype=float)
    raw = np.array([np.median(y[slot == k]) for k in range(slots)])
    smooth = (np.roll(raw, 1) + 2 * raw + np.roll(raw, -1)) / 4 if slots >= 24 else raw
    root = np.sqrt(np.maximum(smooth, 1))
    off = np.abs(y - smooth[slot])
    own = np.array([1.4826 * np.median(off[slot == k]) for k in range(slots)])
    seen = np.bincount(slot, minlength=slots)
    shared = 1.4826 * np.median(off / root[slot]) * root * np.sqrt(seen / np.maximum(seen - 1, 1))
    last_week = np.asarray(known.index >= known.index[-1] - 7 * DAY)
    growth = max(1.0, float(np.median(y[last_week] / np.maximum(smooth[slot[last_week]], 1))))
    level = np.maximum(smooth * growth, 0)
    scale = np.maximum.reduce([own * growth, shared * growth, np.sqrt(level), np.ones(slots)])
    at = _slot(index, slots)
    return pd.Series(level[at], index=index), pd.Series(scale[at], index=index)


def _episode(
    y: pd.Series,
    z: pd.Series,
    level: pd.Series,
    window: tuple[pd.Timestamp, pd.Timestamp],
    *,
    size: Bin,
    rule: Rule,
    largest: bool = False,
) -> tuple[int, int] | str:
    """First and highest row of the incident that reaches into `window`, or why there is none.

    A run is `bins` seen bins with z ≥ 3 and no ordinary seen bin between them; runs with less than a day (3 days) of
    ordinary bins between them are one episode. The episode with the highest bin is taken (`largest`: with the most
    mentions above the ordinary).
    """
    seen = np.flatnonzero(y.notna().to_numpy() & np.asarray(y.index < window[1]))
    high = z.to_numpy()[seen] >= rule.z
    starts = np.flatnonzero(high & ~np.r_[False, high[:-1]])
    ends = np.flatnonzero(high & ~np.r_[high[1:], False])
    runs = [(seen[a], seen[b]) for a, b in zip(starts, ends, strict=True) if b - a + 1 >= rule.bins]
    if not runs or y.index[runs[-1][1]] < window[0]:
        return "no_run"
    episodes = [[runs[0]]]
    for run in runs[1:]:
        calm = calm_from(z.iloc[: run[0]], episodes[-1][-1][1], size, rule)
        if calm is None:
            episodes[-1].append(run)
        else:
            episodes.append([run])
    values, excess = y.to_numpy(), (y - level).to_numpy()
    spans = [slice(runs[0][0], runs[-1][1] + 1) for runs in episodes if y.index[runs[-1][1]] >= window[0]]
    weights = [np.nansum(excess[span]) if largest else np.nanmax(values[span]) for span in spans]
    best = spans[int(np.argmax(weights))]
    top = best.start + int(np.nanargmax(values[best]))
    if np.nansum(values[best]) < rule.mentions:
        return "few_mentions"
    return (best.start, top) if values[top] >= rule.peak_ratio * level.iloc[top] else "low_peak"


def calm_from(z: pd.Series, after: int, size: Bin, rule: Rule) -> int | None:
    """The first row past `after` that opens a calm: all seen, itself ordinary, no two bins in a row above ordinary."""
    values = z.to_numpy()
    above = values > rule.ordinary
    above[1:] &= above[:-1]
    ordinary = values <= rule.ordinary
    for row in range(after + 1, len(values) - CALM[size] + 1):
        calm = slice(row, row + CALM[size])
        if ordinary[row] and not np.isnan(values[calm]).any() and not above[row + 1 : calm.stop].any():
            return row
    return None


def walk_back(z: pd.Series, first: int, rule: Rule) -> int:
    """The first of the elevated seen bins that lead up to row `first`, which may lie before where the search began."""
    values = z.to_numpy()
    for row in range(first - 1, -1, -1):
        if values[row] >= rule.z:
            first = row
        elif not np.isnan(values[row]):
            break
    return first


def _dated(
    z: pd.Series, run: tuple[int, int], *, size: Bin, baseline: Baseline, rise: Rise | None, rule: Rule
) -> Onset:
    first, top = run
    n = int(z.notna().sum())
    step, index, blind = STEP[size], pd.DatetimeIndex(z.index), z.isna().to_numpy()
    earlier = np.flatnonzero(~blind[:first])
    begin = _iso(index[first])
    low = _iso(index[earlier[-1]] + step) if len(earlier) else None
    dated = low == begin
    onset = Estimate(begin if dated else None, "time", n, METHOD, low, begin, None if dated else "not_seen")
    row = calm_from(z, top, size, rule)
    tail = len(z) if row is None else row
    loud = np.flatnonzero(z.to_numpy()[:tail] > rule.ordinary)
    last = index[loud[-1]] + step
    end = refused("time", "censored", METHOD, n, low=_iso(last))
    if row is not None:
        end = Estimate(_iso(index[row]), "time", n, METHOD, _iso(index[row]), _iso(index[row]))
    highest = Estimate(_iso(index[top]), "time", n, METHOD, _iso(index[top]), _iso(index[top]))
    hidden = bool(blind[first : min(tail, len(z) - 1)].any()) or not dated  # an archive's last bin is always cut
    to_peak = (index[top] - index[first]) / pd.Timedelta(hours=1)
    lasted = (index[tail] - index[first]) / pd.Timedelta(hours=1) if row is not None else None
    at_least = (last - index[first]) / pd.Timedelta(hours=1)
    duration = refused("hours", "censored", METHOD, n, low=at_least)
    if lasted is not None:
        longest = (index[tail] - pd.Timestamp(low)) / pd.Timedelta(hours=1) if low else None
        duration = Estimate(lasted if dated else None, "hours", n, METHOD, lasted, longest, onset.reason)
    verdict, why = _verdict(rise)
    return Onset(
        onset=onset,
        peak=refused("time", "not_seen", METHOD, n) if hidden else highest,
        end=end,
        highest_seen=highest,
        time_to_peak=refused("hours", "not_seen", METHOD, n)
        if hidden
        else Estimate(to_peak, "hours", n, METHOD, to_peak, to_peak),
        duration=duration,
        z_peak=float(z.iloc[top]),
        spike=True,
        verdict=verdict,
        reasons=("spike", why),
        bin=size,
        baseline=baseline,
    )


def _verdict(rise: Rise | None) -> tuple[Verdict, str]:
    if rise is None or rise.rose is None:
        return "too_little_data", "share_unknown"
    return ("crisis", "share_rose") if rise.rose else ("buzz", "share_did_not_rise")


def _without(reason: str, size: Bin, baseline: Baseline | None, spike: bool | None, why: str | None = None) -> Onset:
    time, hours = refused("time", reason, METHOD), refused("hours", reason, METHOD)
    return Onset(
        onset=time,
        peak=time,
        end=time,
        highest_seen=time,
        time_to_peak=hours,
        duration=hours,
        z_peak=None,
        spike=spike,
        verdict="too_little_data" if spike is None else "no_spike",
        reasons=(why or reason,),
        bin=size,
        baseline=baseline,
    )


def _iso(moment: pd.Timestamp) -> str:
    return moment.isoformat()
