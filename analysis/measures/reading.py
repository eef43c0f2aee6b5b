"""Shares of what a reader sees in mentions: whom the anger is at, complaints, grades of reproach, first-person words.

Posts by the organisation itself are never counted; mentions without the column are in no denominator. Intervals know
that one author may write a hundred mentions.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import effective_n

MINIMUM = 30
"""Mentions under which no share is given."""
OTHERS = ("customer", "third_party", "rival")
GRADES = (0, 1, 2, 3)
MEAN_METHOD = "mean with a t interval on the effective n of author clusters"


@dataclass(frozen=True)
class Targets:
    """Shares of negative mentions: at the organisation, at others, unclear; and `known`, the organisation's share of
    those whose target is known. `elsewhere`: whether the anger is surely at somebody else."""

    organisation: Estimate
    others: Estimate
    unclear: Estimate
    known: Estimate
    elsewhere: bool


def targets(scored: pd.DataFrame, minimum: int = MINIMUM) -> Targets:
    """Whom the negative mentions of `scored` are angry at; refused under `minimum` of them."""
    rows = sentiment.people(scored)
    rows = rows[rows["target"].notna()]
    at = rows["target"]
    known = rows[at != "unclear"]
    organisation = _share(known, known["target"] == "organisation", minimum)
    # Anger at somebody else is no crisis of ours: said only where the whole interval is on that side.
    elsewhere = organisation.high is not None and organisation.value is not None and float(organisation.high) < 0.5
    return Targets(
        _share(rows, at == "organisation", minimum),
        _share(rows, at.isin(OTHERS), minimum),
        _share(rows, at == "unclear", minimum),
        organisation,
        elsewhere,
    )


def complaints(scored: pd.DataFrame, called_from: float, minimum: int = MINIMUM) -> Estimate:
    """The share of mentions whose `complaint` is at least `called_from`."""
    rows = sentiment.people(scored)
    rows = rows[rows["complaint"].notna()]
    return _share(rows, rows["complaint"] >= called_from, minimum)


def reproach(scored: pd.DataFrame, minimum: int = MINIMUM) -> dict[int, Estimate]:
    """The share of mentions in each grade of reproach, 0 to 3."""
    rows = sentiment.people(scored)
    rows = rows[rows["reproach"].notna()]
    return {grade: _share(rows, rows["reproach"] == grade, minimum) for grade in GRADES}


def blaming(scored: pd.DataFrame, minimum: int = MINIMUM) -> Estimate:
    """The share of mentions that accuse or blame: grade 2 or 3."""
    rows = sentiment.people(scored)
    rows = rows[rows["reproach"].notna()]
    return _share(rows, rows["reproach"] >= 2, minimum)


def first_person(scored: pd.DataFrame, language: str, minimum: int = MINIMUM) -> Estimate:
    """The mean share of first-person singular words in mentions written in `language`, reposts left out."""
    rows = sentiment.people(scored, reposts=False)
    rows = rows[(rows["language"] == language).fillna(False).astype(bool) & rows["first_person"].notna()]
    if len(rows) < minimum:
        return refused("share", "too_few", MEAN_METHOD, len(rows))
    values = rows["first_person"].to_numpy(dtype=float)
    size, quantile = effective_n(values, sentiment.authors(rows))
    mean, half = float(values.mean()), quantile * float(values.std(ddof=1)) / sqrt(size)
    return Estimate(mean, "share", len(rows), MEAN_METHOD, low=max(0.0, mean - half), high=min(1.0, mean + half))


def apart(one: Estimate, other: Estimate) -> int:
    """1 where `one` is surely larger than `other`, −1 where surely smaller, 0 where that cannot be told.

    The difference of two independent estimates, its margin the root of the summed squares of their own margins.
    """
    if one.value is None or other.value is None:
        return 0
    gap = float(one.value) - float(other.value)
    upper, lower = (one, other) if gap > 0 else (other, one)
    margin = sqrt((_value(upper) - float(upper.low or 0)) ** 2 + (float(lower.high or 0) - _value(lower)) ** 2)
    return 0 if abs(gap) <= margin else int(np.sign(gap))


def main_language(scored: pd.DataFrame) -> str | None:
    """The language in which most mentions have a share of first-person words; None where none has."""
    rows = sentiment.people(scored, reposts=False)
    counts = rows.loc[rows["first_person"].notna(), "language"].dropna().value_counts()
    return min(counts.index, key=lambda code: (-counts[code], code)) if len(counts) else None


def _value(estimate: Estimate) -> float:
    return float(estimate.value or 0)


def _share(rows: pd.DataFrame, holds: pd.Series, minimum: int) -> Estimate:
    votes = np.where(holds.fillna(False).to_numpy(dtype=bool), -1.0, 1.0)
    return sentiment.negative_of(votes, sentiment.authors(rows), minimum)
