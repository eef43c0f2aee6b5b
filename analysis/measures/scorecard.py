"""How many replies do what a good reply does, and whether explanations go where the anger is (definitions C9).

What each reply does comes as columns that rules have found; how often those are right is an argument too. Replies from
one text block are no independent tries: intervals are on the effective n of clusters of like wording.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import difference, effective_n, wilson

MINIMUM = 20
"""Fewer replies than this have no share."""
METHOD = "Wilson interval on the effective n of clusters of like wording"
DIFFERENCE = "Newcombe interval on the effective n of clusters of like wording"
UPPER = 0.75
"""From this quantile of the marks of arousal on, a complaint counts as highly aroused."""


@dataclass(frozen=True)
class Fit:
    """Shares of replies that explain: to complaints of high arousal, to the others, and how much larger the first is
    ("points", −1 to 1). `p` is two-sided; None where there is no difference."""

    high: Estimate
    other: Estimate
    difference: Estimate
    p: float | None


def shares(replies: pd.DataFrame, acts: Sequence[str], measured: pd.DataFrame, minimum: int = MINIMUM) -> pd.DataFrame:
    """DataFrame[act, found, replies, share, low, high, reason], a row per act in the order given.

    `replies`: language, wording (replies with the same are one cluster) and a bool column per act. `measured`: act and
    language, the pairs in which the rule's errors are known. An act is counted over the replies in such languages;
    without any it is refused as "not_measured", under `minimum` of them as "too_few". `found` and `replies` are null
    with the share: what a rule of unknown errors finds is no count.
    """
    rows = []
    for act in acts:
        known = replies["language"].isin(measured.loc[measured["act"] == act, "language"])
        share = _share(replies[known], act, minimum) if known.any() else refused("share", "not_measured", METHOD)
        told = share.value is not None
        rows.append(
            {
                "act": act,
                "found": int(replies.loc[known, act].sum()) if told else pd.NA,
                "replies": share.n if told else pd.NA,
                "share": share.value,
                "low": share.low,
                "high": share.high,
                "reason": share.reason,
            }
        )
    kinds = {"act": "string", "found": "Int64", "replies": "Int64", "share": "float64", "low": "float64"}
    return pd.DataFrame(rows).astype(kinds | {"high": "float64", "reason": "string"})


def arousal_fit(replies: pd.DataFrame, complaints: pd.DataFrame, minimum: int = MINIMUM) -> Fit:
    """Whether replies explain more often where the complaint they answer is highly aroused (after Herhausen 2019).

    `replies`: parent_id, explanation (bool), wording. `complaints`: id, arousal (0 to 1). Highly aroused are complaints
    at or over the upper quartile of all that have a value, and over 0. Refused as "not_recorded" where no complaint has
    a value, and as "too_few" where either side has under `minimum` replies.
    """
    known = complaints.dropna(subset=["arousal"])
    if known.empty:
        return _no_fit("not_recorded", 0)
    threshold = float(known["arousal"].quantile(UPPER))
    asked = known[["id", "arousal"]].rename(columns={"id": "parent_id"})
    joined = replies[["parent_id", "explanation", "wording"]].merge(asked, on="parent_id")
    aroused = ((joined["arousal"] >= threshold) & (joined["arousal"] > 0)).to_numpy(dtype=bool)
    parts = joined[aroused], joined[~aroused]
    if min(map(len, parts)) < minimum:
        return _no_fit("too_few", len(joined))
    high, other = (_share(part, "explanation", minimum) for part in parts)
    (k1, n1), (k0, n0) = (_effective(part, "explanation") for part in parts)
    found = difference(k1, n1, k0, n0)
    points = Estimate(
        found.estimate.value, "points", len(joined), DIFFERENCE, low=found.estimate.low, high=found.estimate.high
    )
    return Fit(high, other, points, found.p)


def _no_fit(reason: str, n: int) -> Fit:
    share = refused("share", reason, METHOD, n)
    return Fit(share, share, refused("points", reason, DIFFERENCE, n), None)


def _share(rows: pd.DataFrame, act: str, minimum: int) -> Estimate:
    if len(rows) < minimum:
        return refused("share", "too_few", METHOD, len(rows))
    held = rows[act].to_numpy(dtype=bool)
    size, quantile = effective_n(held, pd.factorize(rows["wording"])[0])
    share = float(held.mean())
    interval = wilson(share * size, size, quantile=quantile)
    return Estimate(share, "share", len(rows), METHOD, low=interval.low, high=interval.high)


def _effective(rows: pd.DataFrame, act: str) -> tuple[float, float]:
    """(k, n) in effective numbers."""
    held = rows[act].to_numpy(dtype=bool)
    size, _ = effective_n(held, pd.factorize(rows["wording"])[0])
    return float(np.mean(held)) * size, size
