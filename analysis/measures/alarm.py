"""When an incident could have been known: an alarm that looks only backwards, replayed bar by bar as if live.

Two signs are added. *Level*: log mentions of the last quarter of an hour above the highest that the two weeks before
had. *Novelty*: how far the shape of the last hour lies from all hours before it (a left matrix profile, after Yeh et
al. 2016, doi 10.1109/ICDM.2016.0179, of values that are not z-normalised). The rule was fixed before it was measured
and is not to be tuned on the series it is measured on: `python -m tests.benchmarks.alarm`.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused

Bin = Literal["5min", "15min", "1h"]
QUARTER = pd.Timedelta(minutes=15)
DAY = pd.Timedelta(days=1)
MONTH_DAYS = 30.44
METHOD = "causal level and novelty alarm"
RATE_METHOD = "exact Poisson interval"
THRESHOLDS = (0.3, 0.5, 0.65, 0.81, 1.0, 1.25, 1.5, 2.0)
PER_BIN: dict[Bin, float] = {"5min": 12.0, "15min": 4.0}
"""Mentions an hour from which bins are as fine as that: one in every bin."""


@dataclass(frozen=True)
class Rule:
    """`threshold` of the score; `quiet` is how long no further alarm follows one.

    `trail` is how far back ordinary is looked for, `floor` the least of it that must have been seen. `highest` and
    `novel` are the quantiles that level and novelty are held against, `soft` keeps novelty small where all shapes are
    alike, `shape` is the length of a shape in quarters (bins, where these are longer), `lag` the bins by which the
    highest level stays behind.
    """

    threshold: float = 0.81
    quiet: pd.Timedelta = DAY
    trail: pd.Timedelta = 14 * DAY
    floor: pd.Timedelta = 3 * DAY
    highest: float = 0.995
    novel: float = 0.99
    soft: float = 0.3
    shape: int = 4
    lag: int = 3


@dataclass(frozen=True)
class Replay:
    """The alarm over a span.

    `scores`: DataFrame[start, knowable, mentions, level, novelty, score], a row per bin; times UTC; `knowable` is the
    end of the bin, when its score could first be known; score is null where too little was seen before the bin, or of
    the bin itself, unless that little was loud. `warm_up`: "full" where `trail` had been seen before the span that was
    asked about, "short" from `floor` on, "none" below it.
    """

    scores: pd.DataFrame
    rule: Rule
    warm_up: Literal["full", "short", "none"]
    method: str = METHOD


def width(mentions_per_hour: float) -> Bin:
    """The finest bin that has a mention on average: below that a bin's count is a coin's toss."""
    return next((size for size, least in PER_BIN.items() if mentions_per_hour >= least), "1h")


def replay(
    counts: pd.Series, start: pd.Timestamp, *, at_least: pd.Series | None = None, rule: Rule | None = None
) -> Replay:
    """The alarm on `counts`: mentions by bin start (UTC, evenly spaced, at most an hour), null where not wholly seen.

    `start` is where the span that is asked about begins; what lies before it is warm-up. `at_least` (same index) is
    what was counted whatever was seen: where its level alone passes the threshold, so did that of all that was said.
    No score looks ahead: cutting the series off anywhere changes none before the cut. Raises ValueError where bins are
    uneven or longer than an hour.
    """
    rule = rule or Rule()
    index = pd.DatetimeIndex(counts.index)
    step = index[1] - index[0] if len(index) > 1 else QUARTER
    if step > pd.Timedelta(hours=1) or (len(index) > 1 and not (np.diff(index.asi8) == np.diff(index.asi8)[0]).all()):
        raise ValueError("bins must be evenly spaced and at most an hour long")
    y = counts.astype("float64")
    quarter = max(1, int(QUARTER / step))
    level = np.log1p(y.rolling(quarter).sum())
    bins, least = int(rule.trail / step), int(rule.floor / step)
    highest = level.rolling(bins, min_periods=least).quantile(rule.highest).shift(rule.lag)
    above = level - highest
    novel = _novelty(y, quarter, bins // quarter, max(least // quarter, 1), int(DAY / step) // quarter, rule)
    score = above + np.nan_to_num(novel, nan=0.0)
    if at_least is not None:
        bound = np.log1p(at_least.astype("float64").rolling(quarter, min_periods=1).sum()) - highest
        score = score.where(score.notna(), bound.where(bound >= rule.threshold))
    table = pd.DataFrame(
        {
            "start": index,
            "knowable": index + step,
            "mentions": counts.to_numpy(),
            "level": above.to_numpy(),
            "novelty": novel,
            "score": score.to_numpy(),
        }
    )
    seen = pd.Timedelta(step * int(y[index < start].notna().sum()))
    warm: Literal["full", "short", "none"] = "full" if seen >= rule.trail else "short" if seen >= rule.floor else "none"
    return Replay(table, rule, warm)


def alarms(found: Replay, threshold: float | None = None) -> pd.DatetimeIndex:
    """When the alarm would have rung (UTC, ends of bins), with `quiet` after each."""
    limit = found.rule.threshold if threshold is None else threshold
    times, last = [], None
    for moment in found.scores.loc[found.scores["score"] >= limit, "knowable"]:
        if last is None or moment - last >= found.rule.quiet:
            times.append(moment)
            last = moment
    return pd.DatetimeIndex(times, tz="UTC")


def knowable(found: Replay, start: pd.Timestamp, end: pd.Timestamp, threshold: float | None = None) -> Estimate:
    """The earliest moment in [start, end) at which the incident could have been known (unit "time").

    Refused as "short_baseline" where too little was seen before `start`, "not_seen" where nothing in the span was, and
    "no_spike" where the alarm keeps silent throughout.
    """
    limit = found.rule.threshold if threshold is None else threshold
    inside = found.scores[(found.scores["start"] >= start) & (found.scores["start"] < end)]
    if found.warm_up == "none":
        return refused("time", "short_baseline", found.method, 0)
    judged = inside["score"].notna()
    if not judged.any():
        return refused("time", "not_seen", found.method, 0)
    loud = inside.loc[inside["score"] >= limit, "knowable"]
    if loud.empty:
        return refused("time", "no_spike", found.method, int(judged.sum()))
    first = loud.iloc[0].isoformat()
    blind = inside.loc[inside["knowable"] < loud.iloc[0], "score"].isna()
    low = inside["start"].iloc[0].isoformat() if blind.any() else first
    return Estimate(first, "time", int(judged.sum()), found.method, low, first)


def false_alarms(found: Replay, until: pd.Timestamp, threshold: float | None = None) -> Estimate:
    """Alarms a month (unit "per_month") on what was seen and judged before `until`, taken to be quiet.

    Refused as "short_baseline" where fewer than seven days could be judged.
    """
    judged = found.scores[(found.scores["knowable"] <= until) & found.scores["score"].notna()]
    step = found.scores["knowable"].iloc[0] - found.scores["start"].iloc[0] if len(found.scores) else DAY
    return monthly(int((alarms(found, threshold) <= until).sum()), len(judged) * (step / DAY))


def monthly(count: int, days: float) -> Estimate:
    """`count` events in `days` as a rate a month (unit "per_month"); "short_baseline" under seven days."""
    if days < 7:
        return refused("per_month", "short_baseline", RATE_METHOD, int(days))
    from statsmodels.stats.rates import confint_poisson

    low, high = confint_poisson(count, days / MONTH_DAYS, method="exact-c")
    return Estimate(count / days * MONTH_DAYS, "per_month", count, RATE_METHOD, float(low), float(high))


def trade_off(
    found: Replay,
    start: pd.Timestamp,
    end: pd.Timestamp,
    peak: pd.Timestamp | None,
    thresholds: tuple[float, ...] = THRESHOLDS,
) -> pd.DataFrame:
    """What a team buys with a threshold: DataFrame[threshold, knowable, lead_hours, false_per_month, false_low,
    false_high]; `lead_hours` before `peak`, null where the alarm keeps silent or the peak is not known."""
    rows = []
    for limit in thresholds:
        first, rate = knowable(found, start, end, limit), false_alarms(found, start, limit)
        lead = None
        if first.value is not None and peak is not None:
            lead = (peak - pd.Timestamp(first.value)) / pd.Timedelta(hours=1)
        rows.append(
            {
                "threshold": limit,
                "knowable": first.value,
                "lead_hours": lead,
                "false_per_month": rate.value,
                "false_low": rate.low,
                "false_high": rate.high,
            }
        )
    return pd.DataFrame(rows)


def _novelty(y: pd.Series, quarter: int, bins: int, least: int, day: int, rule: Rule) -> np.ndarray:
    """How new the last shape is, for each bin: that of the last whole quarter, as it was known by then."""
    whole = len(y) // quarter
    sums = y.to_numpy()[: whole * quarter].reshape(whole, quarter).sum(axis=1)
    level = pd.Series(np.log1p(sums))
    far = pd.Series(np.full(whole, np.nan))
    if whole > rule.shape:
        far.iloc[rule.shape - 1 :] = left_profile(level.to_numpy(), rule.shape)
    usual = far.rolling(bins, min_periods=least).quantile(rule.novel).shift(1)
    novel = far / (usual + rule.soft)
    novel = novel.where(level > level.rolling(day, min_periods=1).median(), 0.0)
    held = novel.rolling(3, min_periods=1).max().to_numpy()
    last = (np.arange(len(y)) + 1) // quarter - 1
    out = np.full(len(y), np.nan)
    out[last >= 0] = held[last[last >= 0]]
    return out


def left_profile(values: np.ndarray, length: int, block: int = 2048) -> np.ndarray:
    """Euclidean distance of each window of `length` values to the nearest one that ends before it begins; one each.

    NaN where the window holds one, or nothing went before. Not z-normalised: how loud it was is part of a shape.
    """
    from scipy.spatial import cKDTree

    windows = np.lib.stride_tricks.sliding_window_view(values, length)
    whole = ~np.isnan(windows).any(axis=1)
    out = np.full(len(windows), np.inf)
    for begin in range(0, len(windows), block):
        end = min(len(windows), begin + block)
        rows = begin + np.flatnonzero(whole[begin:end])
        before = max(begin - length + 1, 0)
        known = windows[:before][whole[:before]]
        if len(known) and len(rows):
            out[rows] = cKDTree(known).query(windows[rows])[0]
        near = before + np.flatnonzero(whole[before:end])
        if len(near) and len(rows):
            apart = ((windows[rows][:, None, :] - windows[near][None, :, :]) ** 2).sum(axis=2)
            apart[near[None, :] > rows[:, None] - length] = np.inf
            out[rows] = np.minimum(out[rows], np.sqrt(apart.min(axis=1)))
    out[~np.isfinite(out) | ~whole] = np.nan
    return out
