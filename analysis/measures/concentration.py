"""How few carried it: the concentration of reactions, and of mentions, over authors.

These describe the authors who were collected, all of them, and carry no sampling interval. As estimates of a larger
population they cannot be given one that holds: over lognormal, Pareto and zeta populations and 100 to 3,000 authors,
95% bootstrap intervals held the population's Gini in 73 to 96% of draws (studentised, on the logit scale), the share
of the top 1% in 20 to 90%, and the number of effective spreaders in 0 to 85%: `tests/benchmarks/concentration.py`
measures it. Instead, an incident is held against stretches as long as it in the time before (`against_before`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import engagement, sentiment, volume
from analysis.measures.estimate import Estimate, refused

METHOD = "of all authors who were collected"


@dataclass(frozen=True)
class Concentration:
    """Of one total over `authors` (those with a known count, noughts included).

    `gini`, the shares of the total that the `top1` and `top10` per cent of authors hold, `effective` = 1 / HHI, the
    number of authors who would be as concentrated if all held the same, and `half`, how many authors hold half. `curve`
    is the Lorenz curve from the top: authors and held, both shares, from 0 to 1.
    """

    authors: int
    total: float
    gini: Estimate
    top1: Estimate
    top10: Estimate
    hhi: Estimate
    effective: Estimate
    half: Estimate
    curve: pd.DataFrame


def per_author(scored: pd.DataFrame, what: str) -> np.ndarray:
    """The total of each author, in no order: "mentions", or "reactions" drawn by what they wrote (reposts draw none).

    Rows without an author, and reactions that are not recorded, are left out.
    """
    rows = sentiment.people(scored)
    rows = rows[rows["author"].notna()]
    if what == "mentions":
        return rows["author"].value_counts().to_numpy(dtype=float)
    counted = engagement.per_row(rows)
    known = counted.notna().to_numpy()
    return counted[known].astype(float).groupby(rows.loc[known, "author"].to_numpy()).sum().to_numpy(dtype=float)


def of(totals: np.ndarray, *, minimum: int = 30) -> Concentration:
    """The concentration of non-negative `totals`, one an author; "too_few" where under `minimum` of them hold anything.

    Gini after Dixon et al. (1987, doi 10.2307/1938480): n / (n − 1) takes its small-sample bias away, so that it is 1
    where one author holds all. A top per cent that is no whole number of authors takes its part of the next one.
    """
    n, total = len(totals), float(totals.sum())
    if (totals > 0).sum() < minimum or total <= 0:
        none = {name: refused(unit, "too_few", METHOD, n) for name, unit in _UNITS.items()}
        empty = pd.DataFrame({"authors": pd.Series(dtype=float), "held": pd.Series(dtype=float)})
        return Concentration(n, total, **none, curve=empty)
    ordered = np.sort(totals)[::-1]
    held = np.concatenate([[0.0], np.cumsum(ordered) / total])
    share = np.arange(n + 1) / n
    ranks = np.arange(n, 0, -1)
    values = {
        "gini": (2 * (ranks * ordered).sum() / (n * total) - (n + 1) / n) * n / (n - 1),
        "top1": float(np.interp(0.01, share, held)),
        "top10": float(np.interp(0.10, share, held)),
        "hhi": float(((ordered / total) ** 2).sum()),
        "effective": float(1 / ((ordered / total) ** 2).sum()),
        "half": float(np.searchsorted(held, 0.5 - 1e-12)),
    }
    told = {name: Estimate(value, _UNITS[name], n, METHOD, value, value) for name, value in values.items()}
    return Concentration(n, total, **told, curve=pd.DataFrame({"authors": share, "held": held}))


_UNITS = {"gini": "number", "top1": "share", "top10": "share", "hhi": "number", "effective": "count", "half": "count"}


def against_before(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    what: str,
    *,
    minimum: int = 30,
) -> pd.DataFrame:
    """The share that the top tenth of authors held, in stretches as long as the incident before it, the latest first.

    Columns: start, authors, top10. Stretches that were not wholly seen, or hold fewer than `minimum` authors, are left
    out.
    """
    rows = []
    for left in volume.stretches(hours, start, end):
        found = of(per_author(volume.between(scored, left, left + (end - start)), what), minimum=minimum)
        if found.top10.value is not None:
            rows.append({"start": left, "authors": found.authors, "top10": float(found.top10.value)})
    return pd.DataFrame(rows, columns=["start", "authors", "top10"])
