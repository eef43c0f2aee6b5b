"""How fast the organisation answered, and whom: Kaplan–Meier with the unanswered as censored (definitions C8).

A mean or a median over the answered only flatters: who was never answered is left out of it. Censoring is honest only
where silence can be proved; where it cannot, the joinability audit says so and only the latency of the pairs that
could be joined is given, under its own name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson

MINIMUM = 20
"""Fewer complaints, or joined pairs, than this have no median."""
UNJOINED = ("no_brand_posts", "no_threads")
"""Where not even the pairs of a post and its answer are known."""
SOON = (1.0, 24.0)
"""Hours by which the share answered is always told (definitions C8), whatever was promised."""


@dataclass(frozen=True)
class Speed:
    """`kind` is first_response_time, turn_latency or none.

    `median` and `p90` are hours; `answered` is the share of the complaints answered by the end of the archive, `within`
    the share answered within the promised hours, `soon` those within each of SOON. `curve` has one row a step, from
    hour 0 on: hours, answered (share), low, high; it is empty unless `kind` is first_response_time.
    """

    kind: str
    median: Estimate
    p90: Estimate
    answered: Estimate
    within: Estimate
    curve: pd.DataFrame
    soon: Mapping[float, Estimate] = field(default_factory=dict)


def pairs(mentions: pd.DataFrame) -> pd.DataFrame:
    """Each post by a customer with the organisation's first answer to it: id, asked, answered (null where none).

    `mentions`: id, parent_id, published_at (UTC), from_brand, kind. An answer that is older than what it answers is no
    answer. Reposts are neither. Sorted by id.
    """
    own = mentions["kind"] != "repost"
    asked = mentions.loc[own & ~mentions["from_brand"], ["id", "published_at"]].rename(
        columns={"published_at": "asked"}
    )
    replies = mentions.loc[own & mentions["from_brand"] & mentions["parent_id"].notna(), ["parent_id", "published_at"]]
    replies = replies.rename(columns={"parent_id": "id", "published_at": "answered"})
    joined = asked.merge(replies, on="id", how="left")
    joined.loc[joined["answered"] < joined["asked"], "answered"] = pd.NaT
    first = joined.groupby("id", sort=True).agg(asked=("asked", "min"), answered=("answered", "min"))
    return first.reset_index()


def older(mentions: pd.DataFrame) -> pd.DataFrame:
    """The organisation's answers that bear a time before the customer's post they answer: rows of `mentions`, by id.

    They are counted as no answers; a clock, or a time zone, of the archive is wrong there.
    """
    own = mentions["kind"] != "repost"
    posts = mentions.loc[own & ~mentions["from_brand"], ["id", "published_at"]].drop_duplicates("id")
    asked = posts.set_index("id")["published_at"].reindex(mentions["parent_id"]).set_axis(mentions.index)
    early = own & mentions["from_brand"] & (mentions["published_at"] < asked)
    return mentions[early.fillna(False).to_numpy(dtype=bool)].sort_values("id")


def speed(
    asked: pd.DataFrame, joins: Mapping, until: pd.Timestamp, promised_hours: float, *, minimum: int = MINIMUM
) -> Speed:
    """Speed of answering the posts in `asked` (rows of `pairs`), watched until `until` (UTC, inclusive).

    `joins` holds the values of the joinability audit: threads, openers, brand_side, selected, silence_provable. Where
    silence is provable, all is Kaplan–Meier; the interval of a quantile runs between the times at which the log-log
    limits of the curve cross it (after Brookmeyer & Crowley 1982). A quantile that was not reached is refused as
    "censored", with the hours that it exceeds as `low`. Where silence is not provable, only the pairs that could be
    joined are described, as turn_latency; and nothing is, where answers are not joined to what they answer. Fewer than
    `minimum` complaints, or pairs, are too few.
    """
    asked = asked[asked["asked"] < until]
    latency = ((asked["answered"] - asked["asked"]).dt.total_seconds() / 3600).where(asked["answered"] <= until)
    why = unprovable(joins)
    if why in UNJOINED:
        return _refuse(why, len(asked))
    if why:
        return _turns(latency.dropna().to_numpy(), _refuse(why, len(asked)), minimum)
    if len(asked) < minimum:
        return _refuse("too_few", len(asked))
    watched = (until - asked["asked"]).dt.total_seconds() / 3600
    return _survival(latency.to_numpy(), watched.to_numpy(), promised_hours)


def unprovable(joins: Mapping) -> str | None:
    """Why nobody can be said to have waited in vain, by the joinability audit; None where silence is provable."""
    if joins["brand_side"] == "none":
        return "no_brand_posts"
    if joins["threads"] != "recorded":
        return "no_threads"
    if joins["silence_provable"]:
        return None
    if joins.get("selected") == "answered_only":
        return "answered_only"
    return "openers_absent" if joins["openers"] == "absent" else "silence_not_provable"


def _refuse(reason: str, n: int) -> Speed:
    hours, share = (refused(unit, reason, "kaplan_meier", n) for unit in ("hours", "share"))
    nothing = pd.DataFrame(columns=["hours", "answered", "low", "high"], dtype=float)
    return Speed("none", hours, hours, share, share, nothing, dict.fromkeys(SOON, share))


def _survival(latency: np.ndarray, watched: np.ndarray, promised_hours: float) -> Speed:
    """`latency` is NaN where there was no answer in the hours that the complaint was watched."""
    from statsmodels.duration.survfunc import SurvfuncRight

    n = len(latency)
    got = ~np.isnan(latency)
    waited = np.where(got, latency, watched)
    curve = SurvfuncRight(waited, got.astype(int))
    open_ = np.asarray(curve.surv_prob, dtype=float)
    low, high = _log_log(open_, np.asarray(curve.surv_prob_se, dtype=float))
    steps = pd.DataFrame(
        {
            "hours": np.append(0.0, curve.surv_times),
            "answered": np.append(0.0, 1 - open_),
            "low": np.append(0.0, 1 - high),
            "high": np.append(0.0, 1 - low),
        }
    )

    def quantile(share: float) -> Estimate:
        value = float(curve.quantile(share))
        if np.isnan(value):
            return refused("hours", "censored", "kaplan_meier", n, low=_exceeded(latency, watched, share))
        bottom, above = steps["hours"][steps["high"] >= share], steps["hours"][steps["low"] > share]
        top = None if above.empty else float(above.iloc[0])
        return Estimate(value, "hours", n, "kaplan_meier", float(bottom.iloc[0]), top)

    return Speed(
        "first_response_time",
        quantile(0.5),
        quantile(0.9),
        wilson(int(got.sum()), n),
        _within(steps, waited, watched, promised_hours),
        steps,
        {hours: _within(steps, waited, watched, hours) for hours in SOON},
    )


def _within(steps: pd.DataFrame, waited: np.ndarray, watched: np.ndarray, promised_hours: float) -> Estimate:
    """The curve at the promised hours; refused where it ends before, unless everybody had been answered by then."""
    n = len(waited)
    last = steps[steps["hours"] <= promised_hours].iloc[-1]
    if waited.max() < promised_hours and last["answered"] < 1:
        return refused("share", "censored", "kaplan_meier", n)
    if last["answered"] == 0:  # the curve has no error before its first step: those watched that long have
        return Estimate(0.0, "share", n, "kaplan_meier", 0.0, wilson(0, int((watched >= promised_hours).sum())).high)
    return Estimate(float(last["answered"]), "share", n, "kaplan_meier", float(last["low"]), float(last["high"]))


def _exceeded(latency: np.ndarray, watched: np.ndarray, share: float) -> float:
    """Hours up to which it is 95% certain that more than 1 − `share` of the complaints still wait.

    At each time only the complaints that were watched that long are counted, with their Wilson limit: a curve that
    stays up because few are left to watch shows nothing.
    """
    from statsmodels.stats.proportion import proportion_confint

    got = ~np.isnan(latency)
    times = np.unique(np.append(latency[got], watched))
    cohort = (watched.size - np.searchsorted(np.sort(watched), times, "left")).astype(float)
    answered = np.searchsorted(np.sort(latency[got]), times, "right")
    answered -= np.searchsorted(np.sort(watched[got]), times, "left")  # those not watched that long
    limit, _ = proportion_confint(cohort - answered, cohort, alpha=0.05, method="wilson")
    short = np.flatnonzero(limit <= 1 - share)
    certain = times[: short[0]] if len(short) else times
    return float(certain[-1]) if len(certain) else 0.0


def _log_log(survival: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95% limits of a survival curve on the log(−log) scale (Kalbfleisch & Prentice), which stay within 0 and 1.

    Where the curve ends at 0 it has no error there, and keeps the upper limit of the step before.
    """
    ended = survival <= 0
    inside = np.where(ended, 0.5, survival)
    half = 1.959964 * np.where(ended, 0.0, error) / (inside * np.abs(np.log(inside)))
    centre = np.log(-np.log(inside))
    low, high = np.exp(-np.exp(centre + half)), np.exp(-np.exp(centre - half))
    before = np.append(1.0, high[:-1])
    return np.where(ended, 0.0, low), np.where(ended, before, high)


def _turns(latency: np.ndarray, refusal: Speed, minimum: int) -> Speed:
    """The latency of the pairs that could be joined: no statement about who was never answered.

    The interval of a quantile lies between order statistics, by the binomial distribution (after David & Nagaraja
    2003, section 7.1); a bound that so few pairs do not give is null.
    """
    from scipy.stats import binom

    n = len(latency)
    if n < minimum:
        return refusal
    ordered = np.sort(latency)

    def quantile(share: float) -> Estimate:
        first, last = int(binom.ppf(0.025, n, share)), int(binom.ppf(0.975, n, share))
        low = float(ordered[first - 1]) if first > 0 else None
        high = float(ordered[last]) if last < n else None
        return Estimate(float(np.quantile(ordered, share)), "hours", n, "joined_pairs", low, high)

    return replace(refusal, kind="turn_latency", median=quantile(0.5), p90=quantile(0.9))
