"""What goes with what over incidents: trends, what short half-lives were associated with, seasons (definitions C16).

Incidents of one organisation are few. Each measure says from how many on it tells anything, and refuses below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.registry import DONE

YEAR = pd.Timedelta(days=365.25)
TREND = 5
"""Incidents from which on a trend is tested: of four in any order, the steadiest has p = .083 (2 of 24 orders)."""
RULE = 8
"""Incidents from which on an association may be a rule (definitions C16); of seven, 4 against 3 come to p = .029 at
best, which no correction over several features leaves."""
SEASON = 8
Q = 0.05
TREND_METHOD = "Theil–Sen slope, Mann–Kendall test"
ASSOCIATED = (
    *("feature", "n", "with_it", "without", "support", "confidence", "lift", "median_with", "median_without", "p", "q"),
    "rule",
)
FEATURES = (*DONE, "in_time", "most_answered", "noticed", "one_platform", "moderate")
"""What is held against the half-life: actions; the first statement within PROMPT hours; more than half answered;
noticed before the alarm; on one platform only; a level under 3."""
PROMPT = 3.0
"""Hours: what plans promise at the gravest level is 1 to 4."""


@dataclass(frozen=True)
class Trend:
    """`slope`: change per year, with its 95% interval; `p` two-sided; `direction` -1, 0 (not distinguishable), 1."""

    slope: Estimate
    p: float | None
    direction: int


def trend(when: Sequence[pd.Timestamp], values: Sequence[float | None], unit: str) -> Trend:
    """Whether `values` (null where not known) rise or fall with time; refused as "too_few" under TREND of them.

    Mann 1945 and Kendall 1975 (exact for the few that there are), with the slope of Theil 1950 and Sen 1968.
    """
    from scipy.stats import kendalltau, theilslopes

    pairs = [(moment, float(value)) for moment, value in zip(when, values, strict=True) if pd.notna(value)]
    if len(pairs) < TREND or len({value for _, value in pairs}) < 2:
        return Trend(refused(unit, "too_few", TREND_METHOD, len(pairs)), None, 0)
    years = np.array([(moment - pairs[0][0]) / YEAR for moment, _ in pairs])
    level = np.array([value for _, value in pairs])
    p = float(kendalltau(years, level).pvalue)
    slope = theilslopes(level, years, alpha=0.95)
    told = Estimate(float(slope.slope), unit, len(pairs), TREND_METHOD, float(slope.low_slope), float(slope.high_slope))
    return Trend(told, p, int(np.sign(slope.slope)) if p < Q else 0)


def features(rows: pd.DataFrame) -> pd.DataFrame:
    """FEATURES of each incident of a registry, true, false or null where not known."""
    out = {name: rows[name] for name in DONE}
    out["in_time"] = _known(rows["statement_hours"], lambda hours: hours <= PROMPT)
    out["most_answered"] = _known(rows["answered"], lambda share: share > 0.5)
    out["noticed"] = _known(rows["lag"], lambda hours: hours <= 0)
    out["one_platform"] = _known(rows["platforms"], lambda count: count == 1)
    out["moderate"] = _known(rows["severity"], lambda level: level < 3)
    return pd.DataFrame({name: out[name].astype("boolean") for name in FEATURES}, index=rows.index)


def _known(values: pd.Series, holds) -> pd.Series:
    told = pd.to_numeric(values, errors="coerce")
    return holds(told).astype("boolean").mask(told.isna())


def associations(given: pd.DataFrame, half_lives: pd.Series) -> pd.DataFrame:
    """What short half-lives went with: ASSOCIATED, the smallest p first.

    `given`: a column of booleans (null where not known) a feature, a row an incident; `half_lives` in hours on the
    same index. Short is under the median of those known. `support`: the share of incidents with the feature and a
    short half-life; `confidence`: of those with the feature, the share with a short one; `lift`: that over the share
    of short ones among all. `p`: Fisher's exact test, two-sided; `q` after Benjamini & Hochberg 1995 over all features
    that could be tested. A `rule` is an association with q ≤ Q among RULE incidents or more; under that many, p and q
    are null, and the table is a list of cases. It is never more than an association: what was done was chosen.

    By simulation (`python -m tests.benchmarks.recurrence`), ten features: where nothing is associated, 3 registries in
    100 or fewer have a rule. A feature in nine of ten incidents with a short half-life and in one of ten others is
    found among 8 incidents never, 12 in 6 of 100 registries, 20 in 41, 40 in 96; with three features, 26, 62 and 99.
    """
    from scipy.stats import fisher_exact

    known = pd.to_numeric(half_lives, errors="coerce").dropna()
    short = known < known.median()
    rows = []
    for name in given.columns:
        has = given[name].reindex(known.index).dropna().astype(bool)
        quick, hours = short[has.index], known[has.index]
        if has.nunique() < 2:
            continue
        both = int((has & quick).sum())
        counts = [[both, int((has & ~quick).sum())], [int((~has & quick).sum()), int((~has & ~quick).sum())]]
        enough = len(has) >= RULE and 0 < quick.sum() < len(quick)
        rows.append(
            {
                "feature": name,
                "n": len(has),
                "with_it": int(has.sum()),
                "without": int((~has).sum()),
                "support": both / len(has),
                "confidence": both / int(has.sum()),
                "lift": both / int(has.sum()) / (quick.sum() / len(quick)) if quick.any() else None,
                "median_with": float(hours[has].median()),
                "median_without": float(hours[~has].median()),
                "p": float(fisher_exact(counts).pvalue) if enough else None,
            }
        )
    made = pd.DataFrame(rows, columns=[name for name in ASSOCIATED if name not in ("q", "rule")])
    made = made.astype(
        dict.fromkeys(("support", "confidence", "lift", "median_with", "median_without", "p"), "float64")
    )
    made = made.assign(q=_benjamini_hochberg(made["p"]))
    made["rule"] = (made["q"] <= Q).to_numpy(dtype=bool, na_value=False)
    return made.sort_values(["p", "feature"], ignore_index=True)


def _benjamini_hochberg(p: pd.Series) -> pd.Series:
    """The false discovery rate at which each would be found; null where p is."""
    known = p.dropna().sort_values(kind="stable")
    scaled = known * len(known) / np.arange(1, len(known) + 1)
    return scaled[::-1].cummin()[::-1].clip(upper=1.0).reindex(p.index).astype("float64")


@dataclass(frozen=True)
class Season:
    """How beginnings lie over a cycle: `counts` per month (1 to 12) or weekday (0 Monday to 6), `n` of them, `p` of no
    preference (None under SEASON), `around` the number that they gather about where p is under Q, else None."""

    counts: Mapping[int, int]
    n: int
    p: float | None
    around: int | None


def season(moments: Sequence[pd.Timestamp], cycle: str) -> Season:
    """Whether beginnings (in local time) gather in a part of the year ("month") or of the week ("weekday").

    Rayleigh's test on their angles (the approximation of Zar 1999, for small n): it sees one gathering, not two on
    opposite sides. An archive that covers part of the year alone must not be asked for months.
    """
    size = {"month": 12, "weekday": 7}[cycle]
    number = [moment.month if cycle == "month" else moment.weekday() for moment in moments]
    counts = {at: number.count(at) for at in (range(1, 13) if cycle == "month" else range(7))}
    n = len(moments)
    if n < SEASON:
        return Season(counts, n, None, None)
    part = [
        (moment.day_of_year - 1) / 365.25 if cycle == "month" else (moment.weekday() + moment.hour / 24) / 7
        for moment in moments
    ]
    middle = np.exp(2j * np.pi * np.array(part)).mean()
    length = n * abs(middle)
    p = min(1.0, exp(sqrt(1 + 4 * n + 4 * (n**2 - length**2)) - (1 + 2 * n)))
    at = (float(np.angle(middle)) / (2 * np.pi)) % 1 * size
    return Season(counts, n, p, (int(at) % size) + (cycle == "month") if p < Q else None)
