"""How fast the organisation answered, and whom: Kaplan–Meier with the unanswered as censored (definitions C8).

A mean or a median over the answered only flatters: who was never answered is left out of it. Censoring is honest only
where silence can be proved; where it cannot, the joinability audit says so and only the latency of the pairs that
could be joined is given, under its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson

MINIMUM = 20
"""Fewer complaints than this have no median."""
DRAWS = 2000


@dataclass(frozen=True)
class Speed:
    """`kind` is first_response_time, turn_latency or none.

    `median` and `p90` are hours, `answered` is the share answered by the end of the archive, `within` the share answered
    within the promised hours; `curve` has one row a step: hours, answered (share), low, high.
    """

    kind: str
    median: Estimate
    p90: Estimate
    answered: Estimate
    within: Estimate
    curve: pd.DataFrame


def pairs(mentions: pd.DataFrame) -> pd.DataFrame:
    """Each post by a customer with the organisation's first answer to it: id, asked, answered (null where none).

    `mentions`: id, parent_id, published_at (UTC), from_brand, kind. An answer that is older than what it answers is no
    answer. Reposts are neither.
    """
    own = mentions["kind"] != "repost"
    asked = mentions.loc[own & ~mentions["from_brand"], ["id", "published_at"]].rename(
        columns={"published_at": "asked"}
    )
    replies = mentions.loc[own & mentions["from_brand"] & mentions["parent_id"].notna(), ["parent_id", "published_at"]]
    replies = replies.rename(columns={"parent_id": "id", "published_at": "answered"})
    joined = asked.merge(replies, on="id", how="left")
    joined.loc[joined["answered"] < joined["asked"], "answered"] = pd.NaT
    first = joined.groupby("id", sort=True, dropna=False).agg(asked=("asked", "min"), answered=("answered", "min"))
    return first.reset_index()


def speed(asked: pd.DataFrame, joins: Mapping, until: pd.Timestamp, promised_hours: float, *, seed: int = 0) -> Speed:
    """Speed of answering the posts in `asked` (rows of `pairs`), watched until `until` (UTC).

    `joins` is the joinability audit: threads, openers, brand_side, silence_provable, latency_name. The median is the
    Kaplan–Meier one with its log-log interval (after Brookmeyer & Crowley 1982, by statsmodels' SurvfuncRight).
    """
    nothing = pd.DataFrame(columns=["hours", "answered", "low", "high"], dtype=float)

    def refuse(reason: str) -> Speed:
        n = len(asked)
        share = refused("share", reason, "kaplan_meier", n)
        hours = refused("hours", reason, "kaplan_meier", n)
        return Speed("none", hours, hours, share, share, nothing)

    if joins["brand_side"] == "none":
        return refuse("no_brand_posts")
    if joins["threads"] != "recorded":
        return refuse("no_threads")
    latency = (asked["answered"] - asked["asked"]).dt.total_seconds() / 3600
    if not joins["silence_provable"] or joins["latency_name"] != "first_response_time":
        why = "openers_absent" if joins["openers"] == "absent" else "silence_not_provable"
        return _turns(latency.dropna().to_numpy(), refuse(why), seed)
    if len(asked) < MINIMUM:
        return refuse("too_few")
    waited = latency.fillna((until - asked["asked"]).dt.total_seconds() / 3600).clip(lower=0).to_numpy()
    return _survival(waited, latency.notna().to_numpy(), promised_hours)


def _survival(waited: np.ndarray, answered: np.ndarray, promised_hours: float) -> Speed:
    from statsmodels.duration.survfunc import SurvfuncRight

    n = len(waited)
    curve = SurvfuncRight(waited, answered.astype(int))
    error = np.asarray(curve.surv_prob_se, dtype=float)
    open_ = np.asarray(curve.surv_prob, dtype=float)
    low, high = _log_log(open_, error)
    steps = pd.DataFrame(
        {"hours": np.asarray(curve.surv_times, dtype=float), "answered": 1 - open_, "low": 1 - high, "high": 1 - low}
    )

    def quantile(share: float) -> Estimate:
        value = curve.quantile(share)
        if not np.isfinite(value):
            return refused("hours", "censored", "kaplan_meier", n, low=float(waited.max()))
        bottom, top = curve.quantile_ci(share, alpha=0.05, method="cloglog")
        high = float(top) if np.isfinite(top) else None
        return Estimate(float(value), "hours", n, "kaplan_meier", float(bottom), high)

    known = steps[steps["hours"] <= promised_hours]
    if waited.max() < promised_hours:
        within = refused("share", "censored", "kaplan_meier", n)
    elif known.empty:
        within = Estimate(0.0, "share", n, "kaplan_meier", 0.0, wilson(0, n).high)
    else:
        last = known.iloc[-1]
        within = Estimate(float(last["answered"]), "share", n, "kaplan_meier", float(last["low"]), float(last["high"]))
    return Speed("first_response_time", quantile(0.5), quantile(0.9), wilson(int(answered.sum()), n), within, steps)


def _log_log(survival: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95% interval of a survival curve on the log(−log) scale (Kalbfleisch & Prentice), which stays within 0 and 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(-np.log(survival))
        half = 1.959964 * error / (survival * np.abs(np.log(survival)))
        low, high = np.exp(-np.exp(centre + half)), np.exp(-np.exp(centre - half))
    edge = (survival <= 0) | (survival >= 1)
    return np.where(edge, survival, low), np.where(edge, survival, high)


def _turns(latency: np.ndarray, refusal: Speed, seed: int) -> Speed:
    """The latency of the pairs that could be joined: no statement about who was never answered."""
    n = len(latency)
    if n < MINIMUM:
        return refusal
    draws = np.random.default_rng(seed).choice(np.sort(latency), size=(DRAWS, n))

    def quantile(share: float) -> Estimate:
        low, high = np.quantile(np.quantile(draws, share, axis=1), [0.025, 0.975])
        return Estimate(float(np.quantile(latency, share)), "hours", n, "joined_pairs", float(low), float(high))

    return Speed("turn_latency", quantile(0.5), quantile(0.9), refusal.answered, refusal.within, refusal.curve)
