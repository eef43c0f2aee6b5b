"""The courtesy score against people's judgement of politeness: `python -m tests.benchmarks.courtesy`.

The requests are those that Danescu-Niculescu-Mizil et al. 2013 had five people each judge, from Wikipedia's talk pages
(`../shared/benchmarks/politeness`); as there, the politest and the least polite quarter are told apart. Half of the
requests, by a hash of their id, was read while the rules were written, and `--fit` fits the weights to it; the figure
to quote is that of the other half. The interval is DeLong's (1988, doi 10.2307/2531595).
"""

import sys
from hashlib import sha256
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.scoring import courtesy

LABELS = Path(__file__).resolve().parents[3] / "shared/benchmarks/politeness/wikipedia.annotated.csv"


def requests(path: Path = LABELS) -> pd.DataFrame:
    """text, polite (bool) and development (bool) of the outer quarters."""
    table = pd.read_csv(path, dtype={"Id": str})
    judged = table["Normalized Score"]
    low, high = judged.quantile([0.25, 0.75])
    table = table[(judged <= low) | (judged >= high)].reset_index(drop=True)
    half = [int(sha256(identity.encode()).hexdigest()[-1], 16) % 2 == 0 for identity in table["Id"]]
    polite = table["Normalized Score"] >= high
    return pd.DataFrame({"text": table["Request"], "polite": polite, "development": half})


def auc(scores: np.ndarray, polite: np.ndarray) -> tuple[float, float, float]:
    """Share of pairs that are ranked right, ties as half, with its 95% interval."""
    from scipy.stats import rankdata

    high, low = scores[polite], scores[~polite]
    whole = rankdata(np.concatenate([high, low]))
    above = (whole[: len(high)] - rankdata(high)) / len(low)
    below = 1 - (whole[len(high) :] - rankdata(low)) / len(high)
    value = float(above.mean())
    error = sqrt(above.var(ddof=1) / len(high) + below.var(ddof=1) / len(low))
    return value, value - 1.96 * error, min(value + 1.96 * error, 1.0)


def main() -> None:
    table = requests()
    marked = courtesy.markers(table["text"].tolist(), "en")
    polite, half = table["polite"].to_numpy(), table["development"].to_numpy()
    if "--fit" in sys.argv:
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression().fit(marked.loc[half, [*courtesy.WEIGHTS]], polite[half])
        weights = zip(courtesy.WEIGHTS, fitted.coef_[0], strict=True)
        print({name: round(float(weight), 1) for name, weight in weights}, -round(float(fitted.intercept_[0]), 1))
    every = np.ones(len(table), dtype=bool)
    for part, rows in (("development", half), ("held out", ~half), ("all", every)):
        for name, scores in (("score", courtesy.score(marked)), ("net markers", courtesy.net(marked))):
            value, low, high = auc(scores[rows], polite[rows])
            print(f"{part:12} {name:12} AUC {value:.4f} ({low:.4f} to {high:.4f}), n = {rows.sum()}")


if __name__ == "__main__":
    main()
