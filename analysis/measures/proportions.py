"""Shares with their intervals, and the difference between two of them."""

from dataclasses import dataclass
from math import erfc, isclose, sqrt
from statistics import NormalDist

import numpy as np

from analysis.measures.estimate import Estimate, refused

ALIKE_AT_LEAST = 0.2
"""Measured on the human labels of six airlines' mentions: 0.22 to 0.58. An author's own rows agree."""


@dataclass(frozen=True)
class Difference:
    """How much larger the first share is than the second (unit "share", −1 to 1), and the two-sided p of "no more"."""

    estimate: Estimate
    p: float | None


def wilson(k: float, n: float, confidence: float = 0.95, quantile: float | None = None) -> Estimate:
    """The share k / n with its score interval, after Wilson 1927 (doi 10.1080/01621459.1927.10502953).

    `k` and `n` may be effective numbers, smaller than what was counted. `quantile` replaces the normal one, for
    effective numbers that were themselves estimated. Refused as "too_few" where n is 0.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if n == 0:
        return refused("share", "too_few", "Wilson")
    z = quantile or NormalDist().inv_cdf((1 + confidence) / 2)
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if isclose(k, n) else min(1.0, centre + half)
    return Estimate(share, "share", round(n), "Wilson", low=low, high=high)


def difference(k1: float, n1: float, k0: float, n0: float, confidence: float = 0.95) -> Difference:
    """k1 / n1 − k0 / n0, with Newcombe's hybrid score interval and the pooled two-proportion test.

    After Newcombe 1998 (method 10, doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
    Refused as "too_few" where either n is 0.
    """
    if n1 == 0 or n0 == 0:
        return Difference(refused("share", "too_few", "Newcombe"), None)
    first, second = wilson(k1, n1, confidence), wilson(k0, n0, confidence)
    p1, p0 = k1 / n1, k0 / n0
    low = p1 - p0 - sqrt((p1 - float(first.low or 0)) ** 2 + (float(second.high or 0) - p0) ** 2)
    high = p1 - p0 + sqrt((float(first.high or 0) - p1) ** 2 + (p0 - float(second.low or 0)) ** 2)
    pooled = (k1 + k0) / (n1 + n0)
    spread = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    p = 1.0 if spread == 0 else erfc(abs(p1 - p0) / spread / sqrt(2))
    return Difference(
        Estimate(p1 - p0, "share", round(n1 + n0), "Newcombe", low=max(low, -1.0), high=min(high, 1.0)), p
    )


def effective_n(values: np.ndarray, author: np.ndarray) -> tuple[float, float]:
    """The effective n of the mean of `values`, whose rows come from numbered authors, and its 95% t quantile.

    n / design effect (after Korn & Graubard 1998); the design effect is the delete-one-author (CR3) variance over that
    of independent rows, and never under what an intraclass correlation of ALIKE_AT_LEAST gives: rare values show too
    few repeats to tell. Where all rows agree nothing tells, and an author's rows are taken as wholly alike (Σm² / n
    for authors of m rows). Of no rows: 0.
    """
    from scipy.special import stdtrit

    n = float(len(values))
    if n == 0:
        return 0.0, NormalDist().inv_cdf(0.975)
    centred = values - values.mean()
    cluster = np.unique(author, return_inverse=True)[1]
    sizes = np.bincount(cluster).astype(float)
    alike = float((sizes**2).sum() / n)
    spread, groups = float((centred**2).sum()), len(sizes)
    design = alike
    if spread > 0 and groups > 1:
        left_out = np.bincount(cluster, weights=centred) / (1 - sizes / n)
        between = float((left_out**2).sum()) * (groups - 1) / groups
        design = max(1 + ALIKE_AT_LEAST * (alike - 1), between / spread)
    return n / design, float(stdtrit(max(1.0, n / alike - 1), 0.975))
