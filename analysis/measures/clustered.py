"""Shares and means of conversations, clustered by customer, and several tests that share one error."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import effective_n, wilson

METHOD = "Wilson interval on the effective n of author clusters"
MEAN_METHOD = "mean with a t interval on the effective n of author clusters"
MINIMUM = 20
"""Conversations under which no share and no mean is given: under it an interval spans some 40 points."""


def share(rows: pd.DataFrame, holds: pd.Series | np.ndarray, minimum: int = MINIMUM) -> Estimate:
    """The share of `rows` for which `holds`, clustered by `customer`; "too_few" under `minimum` rows."""
    held = np.asarray(holds, dtype=bool)
    if len(rows) < minimum:
        return refused("share", "too_few", METHOD, len(rows))
    size, quantile = effective_n(held, clusters(rows["customer"]))
    interval = wilson(float(held.mean()) * size, size, quantile=quantile)
    return Estimate(float(held.mean()), "share", len(rows), METHOD, interval.low, interval.high)


def clusters(customer: pd.Series) -> np.ndarray:
    """A number for each customer; an unknown one is by itself."""
    codes, names = pd.factorize(customer)
    return np.where(codes < 0, len(names) + np.arange(len(codes)), codes)


def mean(values: pd.Series, customer: pd.Series, unit: str, minimum: int = MINIMUM) -> Estimate:
    """The mean with a t interval on the effective n of clusters by customer."""
    known = values.to_numpy(dtype=float)
    if len(known) < minimum:
        return refused(unit, "too_few", MEAN_METHOD, len(known))
    size, quantile = effective_n(known, clusters(customer))
    half = float(quantile * known.std(ddof=1) / np.sqrt(max(size, 1.0)))
    middle = float(known.mean())
    return Estimate(middle, unit, len(known), MEAN_METHOD, middle - half, middle + half)


def holm(chances: Sequence[float | None]) -> list[float | None]:
    """p values adjusted for their number (Holm 1979); None stays None, and counts for none."""
    known = sorted((float(p), place) for place, p in enumerate(chances) if p is not None)
    out: list[float | None] = [None] * len(chances)
    reached = 0.0
    for rank, (p, place) in enumerate(known):
        reached = max(reached, min(1.0, p * (len(known) - rank)))
        out[place] = reached
    return out
