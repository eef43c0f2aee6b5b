"""Precision, recall and F1 of a rule over a population, from labels drawn at known rates in strata."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate

DRAWS = 20_000
METHOD = "stratified_jeffreys"


class Measured(NamedTuple):
    precision: Estimate
    recall: Estimate
    f1: Estimate


def measure(rows: pd.DataFrame, population: Mapping[str, float], seed: int = 0) -> Measured:
    """Over the population that the strata of `rows` stand for; shares with 95% intervals.

    `rows`: stratum, found (bool, the rule's verdict), label (0 or 1). `population`: rows in each stratum that it was
    drawn from. Within a stratum and a verdict the share of true rows is drawn from its Jeffreys posterior; so a stratum
    without a miss still widens the interval by the misses it may hold. n is the number of rows found (precision), of
    true rows (recall), of either (F1).
    """
    rng = np.random.default_rng(seed)
    cells = rows.groupby(["stratum", "found"])["label"].agg(["size", "sum"]).reset_index()
    drawn = cells["stratum"].map(rows["stratum"].value_counts())
    weight = (cells["stratum"].map(population) * cells["size"] / drawn).to_numpy()
    share = (cells["sum"] / cells["size"]).to_numpy()
    shares = rng.beta(cells["sum"] + 0.5, cells["size"] - cells["sum"] + 0.5, size=(DRAWS, len(cells)))
    found = cells["found"].to_numpy(dtype=bool)

    def estimate(ratio: Callable[[np.ndarray], np.ndarray], n: int) -> Estimate:
        value, (low, high) = float(ratio(share)), np.quantile(ratio(shares), [0.025, 0.975])
        return Estimate(value, "share", n, METHOD, min(value, float(low)), max(value, float(high)))

    def hits(x: np.ndarray) -> np.ndarray:
        return (weight * found * x).sum(-1)

    all_found = (weight * found).sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        return Measured(
            estimate(lambda x: hits(x) / all_found, int(rows["found"].sum())),
            estimate(lambda x: hits(x) / (weight * x).sum(-1), int(rows["label"].sum())),
            estimate(
                lambda x: 2 * hits(x) / (all_found + (weight * x).sum(-1)),
                int((rows["found"] | (rows["label"] == 1)).sum()),
            ),
        )
