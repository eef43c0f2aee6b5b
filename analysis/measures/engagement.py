"""Engagement, views and potential reach: only of what the archive records, and counted late enough to be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused

PARTS = ("likes", "replies", "reposts")
EARLY = ("seen_at_once", "outnumbered", "all_zero")
"""Ways in which counts were taken so early that they say nothing: claims frozen_counts of the content audit."""


@dataclass(frozen=True)
class Engagement:
    """Engagement of posts that are no reposts (a repost shows the counts of what it repeats).

    `recorded` names the parts that are summed, out of likes, replies and reposts. `median` is the headline per post:
    engagement is heavy-tailed, and its mean belongs to a handful of posts. `views` is a sum over the posts that have
    a count; `potential_reach` is followers summed over distinct authors, and is never added to views.
    """

    recorded: tuple[str, ...]
    total: Estimate
    median: Estimate
    mean: Estimate
    views: Estimate
    potential_reach: Estimate


def comparable(scored: pd.DataFrame, frozen: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """`scored` with the counts that were taken too early set to null: not known is no nought.

    `frozen`: values of claims frozen_counts that concern this brand: how; files and what (kinds of counts) where they
    are about some only.
    """
    out = scored
    for told in frozen:
        if told["how"] in EARLY:
            rows = out["source"].isin(told["files"]) if "files" in told else pd.Series(True, index=out.index)
            columns = [name for name in told.get("what", (*PARTS, "views")) if name in out]
            out = out.assign(**{name: out[name].mask(rows.to_numpy(dtype=bool)) for name in columns})
    return out


def recorded(scored: pd.DataFrame) -> tuple[str, ...]:
    """Which of likes, replies and reposts the table has any count of."""
    return tuple(part for part in PARTS if scored[part].notna().any())


def per_row(scored: pd.DataFrame) -> pd.Series:
    """The sum of the recorded parts of each row (Int64); null for reposts and where a recorded part is missing."""
    parts = recorded(scored)
    if not parts:
        return pd.Series(pd.NA, index=scored.index, dtype="Int64")
    total = scored[list(parts)].astype("Int64").sum(axis=1, skipna=False).astype("Int64")
    return total.mask((scored["kind"] == "repost").to_numpy(dtype=bool, na_value=False))


def summary(scored: pd.DataFrame, *, seed: int = 0, draws: int = 1000) -> Engagement:
    """Engagement of the mentions in `scored`, without the organisation's own posts.

    Median with the distribution-free interval from order statistics (after Conover 1999); mean with the bootstrap
    percentile interval. Parts that are not recorded are refused as "not_recorded", not counted as 0.
    """
    rows = sentiment.people(scored).sort_values("id")
    values = per_row(rows).dropna().to_numpy(dtype=float)
    parts = recorded(rows)
    method = " + ".join(parts) or "none"
    if not len(values):
        reason = "too_few" if parts or rows.empty else "not_recorded"
        none = {name: refused(unit, reason, method) for name, unit in _UNITS.items()}
        return Engagement(parts, none["total"], none["median"], none["mean"], views(rows), potential_reach(rows))
    total, n = float(values.sum()), len(values)
    low, high = _resampled(values, seed, draws)
    return Engagement(
        recorded=parts,
        total=Estimate(total, "count", n, f"sum of {method}", low=total, high=total),
        median=median(values, f"median of {method}, order-statistic interval"),
        mean=Estimate(total / n, "per_post", n, f"mean of {method}, bootstrap", low=low, high=high),
        views=views(rows),
        potential_reach=potential_reach(rows),
    )


def median(values: np.ndarray, method: str) -> Estimate:
    """Per post, with bounds at the order statistics that hold the median with at least 95%; none of fewer than 6."""
    from scipy.stats import binom

    ordered, n = np.sort(values), len(values)
    if n < 6:
        return refused("per_post", "too_few", method, n)
    below = int(binom.ppf(0.025, n, 0.5))
    return Estimate(
        float(np.median(ordered)),
        "per_post",
        n,
        method,
        low=float(ordered[max(below - 1, 0)]),
        high=float(ordered[min(n - below, n - 1)]),
    )


def views(scored: pd.DataFrame) -> Estimate:
    """Views summed over the posts whose views are recorded."""
    known = sentiment.people(scored, reposts=False)["views"].dropna()
    if known.empty:
        return refused("count", "not_recorded", "sum of views")
    total = float(known.sum())
    return Estimate(total, "count", len(known), "sum of views", low=total, high=total)


def potential_reach(scored: pd.DataFrame) -> Estimate:
    """The largest recorded number of followers of each distinct author, summed: an upper bound on who could see."""
    known = sentiment.people(scored).dropna(subset=["author", "author_followers"])
    if known.empty:
        return refused("count", "not_recorded", "followers of distinct authors")
    largest = known.groupby("author", observed=True)["author_followers"].max()
    total = float(largest.sum())
    return Estimate(total, "count", len(largest), "followers of distinct authors", low=total, high=total)


_UNITS = {"total": "count", "median": "per_post", "mean": "per_post"}


def _resampled(values: np.ndarray, seed: int, draws: int) -> tuple[float, float]:
    """The 2.5% and 97.5% quantiles of the mean over resamples, drawn as counts of each distinct value."""
    rng = np.random.default_rng(seed)
    distinct, counts = np.unique(values, return_counts=True)
    resamples = rng.multinomial(len(values), counts / counts.sum(), size=draws)
    low, high = np.quantile(resamples @ distinct / len(values), [0.025, 0.975])
    return float(low), float(high)
