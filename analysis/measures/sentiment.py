"""Net sentiment and negative share, with intervals that know that one author may write a hundred mentions.

A repost is counted as what its author said, unless a caller leaves reposts out. Posts by the organisation itself are
never counted. Unscored mentions are in no denominator.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import difference, effective_n, wilson

LABELS = ("negative", "neutral", "positive")
NET_METHOD = "Bonett–Price interval on the effective n of author clusters"
SHARE_METHOD = "Wilson interval on the effective n of author clusters"


@dataclass(frozen=True)
class Rise:
    """The negative share before and during, and whether it rose: None where either side has too few scored mentions."""

    before: Estimate
    during: Estimate
    difference: Estimate
    p: float | None
    rose: bool | None


def people(scored: pd.DataFrame, *, reposts: bool = True) -> pd.DataFrame:
    """The rows of `scored` that the organisation did not write itself; without reposts where asked."""
    keep = ~scored["from_brand"].to_numpy(dtype=bool)
    if not reposts:
        keep &= (scored["kind"] != "repost").to_numpy(dtype=bool, na_value=True)
    return scored[keep]


def labels(scored: pd.DataFrame) -> pd.Series:
    """The likeliest of LABELS for each row; null where it is unscored. Ties go to the first, so to negative."""
    chances = scored[[f"p_{label}" for label in LABELS]].to_numpy(dtype=float)
    known = ~np.isnan(chances).any(axis=1)
    out = np.full(len(scored), None, dtype=object)
    out[known] = np.array(LABELS, dtype=object)[chances[known].argmax(axis=1)]
    return pd.Series(out, index=scored.index, dtype="string", name="label")


def votes(scored: pd.DataFrame) -> np.ndarray:
    """−1, 0 or 1 for each row, NaN where it is unscored."""
    return labels(scored).map({"negative": -1.0, "neutral": 0.0, "positive": 1.0}).to_numpy(dtype=float)


def authors(scored: pd.DataFrame) -> np.ndarray:
    """A number for each row's author; a row without one is an author of its own."""
    codes, names = pd.factorize(scored["author"])
    unknown = codes < 0
    codes[unknown] = len(names) + np.arange(unknown.sum())
    return codes


def net(scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30) -> Estimate:
    """Net sentiment (P − N) / n over scored mentions, in [−1, 1]; "too_few" under `minimum` scored mentions."""
    rows = people(scored, reposts=reposts)
    return net_of(votes(rows), authors(rows), minimum)


def negative_share(scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 1) -> Estimate:
    """The share of scored mentions that are negative; "too_few" under `minimum` scored mentions."""
    rows = people(scored, reposts=reposts)
    return negative_of(votes(rows), authors(rows), minimum)


def rise(
    before: pd.DataFrame, during: pd.DataFrame, *, reposts: bool = True, alpha: float = 0.05, minimum: int = 30
) -> Rise:
    """Did the negative share rise from `before` to `during` (two scored tables, of hours that were seen)?

    It rose where the share is larger and the two-proportion test on effective numbers gives p < `alpha`.
    """
    rows = [people(table, reposts=reposts) for table in (before, during)]
    rows = [table[table["p_negative"].notna().to_numpy()] for table in rows]
    shares = [negative_of(votes(table), authors(table), minimum) for table in rows]
    if any(share.value is None for share in shares):
        return Rise(shares[0], shares[1], refused("share", "too_few", "Newcombe"), None, None)
    sizes = [effective_n(votes(table) == -1, authors(table))[0] for table in rows]
    gap = difference(float(shares[1].value or 0) * sizes[1], sizes[1], float(shares[0].value or 0) * sizes[0], sizes[0])
    total = shares[0].n + shares[1].n
    change = Estimate(gap.estimate.value, "share", total, "Newcombe", low=gap.estimate.low, high=gap.estimate.high)
    up = float(change.value or 0) > 0
    return Rise(shares[0], shares[1], change, gap.p, up and gap.p is not None and gap.p < alpha)


def net_of(vote: np.ndarray, author: np.ndarray, minimum: int = 30) -> Estimate:
    """Net sentiment of votes (−1, 0, 1, NaN) cast by numbered authors.

    (P − N) / n is a difference of two paired proportions, so its interval is Bonett & Price's (2012, doi
    10.3102/1076998611411915), which does not collapse where all agree; it is taken at the effective n of author
    clusters (after Korn & Graubard 1998) with a t quantile for the effective number of authors.
    """
    known = ~np.isnan(vote)
    n = int(known.sum())
    if n < max(minimum, 1):
        return refused("net", "too_few", NET_METHOD, n)
    size, quantile = effective_n(vote[known], author[known])
    positive, negative = (size * (vote[known] == side).mean() for side in (1, -1))
    up, down = (positive + 1) / (size + 2), (negative + 1) / (size + 2)
    half = quantile * sqrt((up + down - (up - down) ** 2) / (size + 2))
    value = float(vote[known].mean())
    low, high = max(-1.0, min(up - down - half, value)), min(1.0, max(up - down + half, value))
    return Estimate(value, "net", n, NET_METHOD, low=float(low), high=float(high))


def negative_of(vote: np.ndarray, author: np.ndarray, minimum: int = 1) -> Estimate:
    """The negative share of votes (−1, 0, 1, NaN) cast by numbered authors, with a design-effect Wilson interval."""
    known = ~np.isnan(vote)
    n = int(known.sum())
    if n < max(minimum, 1):
        return refused("share", "too_few", SHARE_METHOD, n)
    negative = vote[known] == -1
    size, quantile = effective_n(negative, author[known])
    share = float(negative.mean())
    interval = wilson(share * size, size, quantile=quantile)
    return Estimate(share, "share", n, SHARE_METHOD, low=interval.low, high=interval.high)
