"""How large each cause was during the incident, how much it grew, and how negative it is."""

from dataclasses import dataclass, replace
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.phases import Bounds
from analysis.measures.proportions import difference, effective_n, wilson

FLOOR = 0.5
"""Confidence under which a mention counts for no cause: it would be as likely to be laid elsewhere as where it is."""


def table(scored: pd.DataFrame, causes: pd.DataFrame, bounds: Bounds, floor: float = FLOOR) -> pd.DataFrame:
    """One row per cause of `causes` (column `cause`, its number; other columns are kept), largest during first.

    Shares are of mentions that have a cause and are not the organisation's own; pass the rows of hours that were seen.
    A marked text counts once: its copies (`copied`) are left out of every number but `copies`. Mentions whose
    confidence is under `floor` are unclear: they are among those that shares are of, and count for no cause, so that
    the shares and that of the unclear (`unclear`) come to 1. Intervals use the effective n of author clusters.
    Columns: copies (left out of n during), coordinated (whether more of the cause's mentions during were copies than
    were not); n, of, share, low, high (during, Wilson); n_before, of_before, share_before; growth, growth_low,
    growth_high, p (share during / share before and its interval, and the two-proportion p; null without mentions
    before); first_seen (UTC, from the start of before to the end of during); n_scored, negative_share, negative_low,
    negative_high, net, net_low, net_high (during).
    """
    rows, copied = _laid(votes(scored), floor), _laid(repeats(scored), floor)
    again = _within(copied, *bounds["during"]).groupby("cause").size()
    phase = {name: _within(rows, *bounds[name]) for name in ("before", "during")}
    known = pd.concat(phase.values())
    first = known.groupby("cause")["published_at"].min()
    who = {name: sentiment.authors(part) for name, part in phase.items()}
    records = []
    for cause in causes["cause"]:
        of_cause = {name: (part["cause"] == cause).fillna(False).to_numpy(dtype=bool) for name, part in phase.items()}
        before, during = (_share(of_cause[name], who[name]) for name in ("before", "during"))
        share = during.estimate
        record = {"cause": cause, "n": int(of_cause["during"].sum()), "of": len(of_cause["during"])}
        record |= {"share": share.value, "low": share.low, "high": share.high}
        left_out = int(again.get(cause, 0))
        record |= {"copies": left_out, "coordinated": left_out > record["n"]}
        record |= {"n_before": int(of_cause["before"].sum()), "of_before": len(of_cause["before"])}
        record |= {"share_before": before.estimate.value, "first_seen": first.get(cause)}
        record |= _growth(during.k, during.n, before.k, before.n)
        mentions = phase["during"][of_cause["during"]]
        negative, net = sentiment.negative_share(mentions), sentiment.net(mentions)
        record |= {"n_scored": negative.n, "negative_share": negative.value, "negative_low": negative.low}
        record |= {"negative_high": negative.high, "net": net.value, "net_low": net.low, "net_high": net.high}
        records.append(record)
    out = pd.DataFrame(records, columns=list(_TYPES)).astype(_TYPES)
    out = causes.merge(out, on="cause", how="left", validate="one_to_one", suffixes=("_of_cause", ""))
    return out.sort_values(["n", "cause"], ascending=[False, True], ignore_index=True)


def votes(scored: pd.DataFrame) -> pd.DataFrame:
    """The mentions that count for a cause: by people, with a cause, each marked text once."""
    return _caused(scored, copied=False)


def repeats(scored: pd.DataFrame) -> pd.DataFrame:
    """The mentions that would count for a cause, were they not copies of a marked text."""
    return _caused(scored, copied=True)


def unclear(scored: pd.DataFrame, floor: float = FLOOR) -> Estimate:
    """The share of the votes in `scored` that count for no cause, with its Wilson interval; "too_few" without votes."""
    rows = votes(scored)
    found = _share(~clear(rows, floor), sentiment.authors(rows)).estimate
    return replace(found, n=len(rows))


def clear(rows: pd.DataFrame, floor: float = FLOOR) -> np.ndarray:
    """Whether each mention's cause is clear. Where no confidence is recorded nothing speaks against its cause."""
    return ~(rows["cause_confidence"].to_numpy(dtype=float) < floor)


def floor_for(confidence: np.ndarray, target: float) -> float:
    """The highest floor under which at most `target` (0 to 1) of the mentions lie; FLOOR where none has a confidence.

    At equal confidences it stays under the target. 1 where all may lie under it.
    """
    known = np.sort(confidence[~np.isnan(confidence)])
    if not len(known):
        return FLOOR
    spare = int(target * len(confidence) + 1e-9)
    return 1.0 if spare >= len(known) else float(known[spare])


def _laid(rows: pd.DataFrame, floor: float) -> pd.DataFrame:
    """`rows` with no cause where it is unclear."""
    return rows.assign(cause=rows["cause"].where(clear(rows, floor)))


def _caused(scored: pd.DataFrame, *, copied: bool) -> pd.DataFrame:
    rows = sentiment.people(scored)
    repeated = rows["copied"].fillna(False).to_numpy(dtype=bool)
    return rows[rows["cause"].notna().to_numpy() & (repeated == copied)]


_TYPES = (
    dict.fromkeys(("cause", "n", "of", "copies"), "Int64")
    | {"coordinated": "bool"}
    | dict.fromkeys(("share", "low", "high"), "float64")
    | dict.fromkeys(("n_before", "of_before"), "Int64")
    | dict.fromkeys(("share_before", "growth", "growth_low", "growth_high", "p"), "float64")
    | {"first_seen": "datetime64[us, UTC]", "n_scored": "Int64"}
    | dict.fromkeys(("negative_share", "negative_low", "negative_high", "net", "net_low", "net_high"), "float64")
)


@dataclass(frozen=True)
class _Share:
    """A share with its interval, and the effective numbers k of n behind it."""

    estimate: Estimate
    k: float
    n: float


def _share(of_cause: np.ndarray, author: np.ndarray) -> _Share:
    if not len(of_cause):
        return _Share(refused("share", "too_few", "Wilson"), 0.0, 0.0)
    n, quantile = effective_n(of_cause, author)
    k = float(of_cause.mean()) * n
    return _Share(wilson(k, n, quantile=quantile), k, n)


def _growth(k1: float, n1: float, k0: float, n0: float) -> dict[str, float | None]:
    """The ratio of shares with its 95% log interval, half a mention added to each count (after Walter 1975)."""
    if not n1 or not n0:
        return dict.fromkeys(("growth", "growth_low", "growth_high", "p"))
    a, b, n, m = k1 + 0.5, k0 + 0.5, n1 + 0.5, n0 + 0.5
    centre = log(a / n) - log(b / m)
    half = NormalDist().inv_cdf(0.975) * sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    bounds = {"growth": exp(centre), "growth_low": exp(centre - half), "growth_high": exp(centre + half)}
    return bounds | {"p": difference(k1, n1, k0, n0).p}


def _within(rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    return rows[((rows["published_at"] >= start) & (rows["published_at"] < end)).to_numpy()]
