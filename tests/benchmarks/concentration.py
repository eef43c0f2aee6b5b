"""Whether bootstrap intervals hold a population's concentration: `python -m tests.benchmarks.concentration [draws]`.

Prints, per population and number of authors, the share of draws whose 95% interval held the population's Gini
(bootstrap-t on the logit scale), the share of its top 1% and top 10% and its effective number of authors (percentile
bootstrap). They do not, so `measures/concentration.py` gives none.
"""

import sys
from collections.abc import Callable

import numpy as np

POPULATIONS: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "zeta, 2.5": lambda n, rng: rng.zipf(2.5, n),
    "zeta, 3.5": lambda n, rng: rng.zipf(3.5, n),
    "lognormal, sigma 1": lambda n, rng: np.round(rng.lognormal(1, 1, n)),
    "lognormal, sigma 2": lambda n, rng: np.round(rng.lognormal(1, 2, n)),
    "Pareto, 2.5": lambda n, rng: np.round(10 * rng.pareto(2.5, n)),
    "Pareto, 1.5": lambda n, rng: np.round(10 * rng.pareto(1.5, n)),
}
SIZES = (100, 1000, 3000)
LARGE = 2_000_000
RESAMPLES = 300


def measures(values: np.ndarray, counts: np.ndarray) -> dict[str, np.ndarray]:
    """Of each row of `counts` (how often each of the ascending `values` was drawn): the measures, and Gini's error.

    The error is that of the linearised estimator (after Langel & Tillé 2013, doi 10.1111/j.1467-985X.2012.01048.x).
    """
    n = counts.sum(axis=1, keepdims=True)
    rank, sums = np.cumsum(counts, axis=1), np.cumsum(counts * values, axis=1)
    total = sums[:, -1:]
    gini = 2 * ((rank - counts / 2 + 0.5) * counts * values).sum(axis=1, keepdims=True) / (n * total) - (n + 1) / n
    left = 2 * ((rank - counts / 2) * values - (sums - counts * values / 2)) + total - n * values
    left = (left - gini * (total + n * values)) / (n * total)
    out = {
        "gini": (gini * n / (n - 1))[:, 0],
        "error": np.sqrt((counts * left**2).sum(axis=1)),
        "effective": total[:, 0] ** 2 / (counts * values**2).sum(axis=1),
    }
    for name, share in (("top1", 0.01), ("top10", 0.1)):
        above = np.cumsum(counts[:, ::-1], axis=1) - counts[:, ::-1]
        taken = np.clip(n * share - above, 0, counts[:, ::-1])
        out[name] = (taken * values[::-1]).sum(axis=1) / total[:, 0]
    return out


def intervals(totals: np.ndarray, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    values, counts = np.unique(totals, return_counts=True)
    own = measures(values.astype(float), counts[None, :].astype(float))
    drawn = measures(values.astype(float), rng.multinomial(len(totals), counts / len(totals), RESAMPLES).astype(float))
    gini, again = float(own["gini"][0]), np.clip(drawn["gini"], 1e-6, 1 - 1e-6)
    error = drawn["error"] / (again * (1 - again))
    low, high = np.nanquantile((_logit(again) - _logit(gini)) / np.maximum(error, 1e-9), [0.025, 0.975])
    scale = float(own["error"][0]) / (gini * (1 - gini))
    out = {"gini": tuple(1 / (1 + np.exp(-(_logit(gini) - np.array([high, low]) * scale))))}
    return out | {name: tuple(np.quantile(drawn[name], [0.025, 0.975])) for name in ("top1", "top10", "effective")}


def main(draws: int) -> None:
    print(f"{draws} draws, 95% bootstrap intervals")
    print(
        f"{'population':20} {'authors':>7}  "
        + "  ".join(f"{name:>9}" for name in ("gini", "top1", "top10", "effective"))
    )
    rng = np.random.default_rng(1)
    for name, draw in POPULATIONS.items():
        large = measures(*_counted(draw(LARGE, rng)))
        for size in SIZES:
            truth = {key: float(values[0]) for key, values in large.items()}
            truth["effective"] *= size / LARGE
            held = dict.fromkeys(("gini", "top1", "top10", "effective"), 0)
            for _ in range(draws):
                for key, (low, high) in intervals(draw(size, rng), rng).items():
                    held[key] += low <= truth[key] <= high
            print(f"{name:20} {size:7}  " + "  ".join(f"{count / draws:9.2f}" for count in held.values()), flush=True)


def _counted(totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, counts = np.unique(totals, return_counts=True)
    return values.astype(float), counts[None, :].astype(float)


def _logit(share: np.ndarray | float) -> np.ndarray:
    return np.log(share / (1 - np.asarray(share)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
