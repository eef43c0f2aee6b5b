"""Marks of arousal against a reader's labels: `python -m tests.benchmarks.arousal`.

arousal_labels.csv holds ids of ../shared/archives/airlines-2015 and whether the writer sounds agitated or elated, read
without the marks in sight; `of` is how many tweets of the archive the tweet's stratum (none, some, many marks) has.
Prints the chance that an aroused tweet has more marks than a calm one (AUC), and at half the scale the precision and
recall, all weighted back to the archive; intervals by bootstrap within strata. No rule was changed after this.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.scoring import masking, tone
from tests.benchmarks.readable import ARCHIVES, TERMS

LABELS = Path(__file__).parent / "arousal_labels.csv"
HALF = 0.5
DRAWS = 2000


def main() -> None:
    labels = pd.read_csv(LABELS, dtype={"id": str})
    texts = pd.read_csv(ARCHIVES / "airlines-2015/Tweets.csv", dtype={"tweet_id": str}).drop_duplicates("tweet_id")
    masked = masking.mask(texts.set_index("tweet_id")["text"][labels["id"]], TERMS["airlines-2015"])
    marks = tone.arousal_markers(masked.tolist(), "en")
    truth, of = labels["aroused"].to_numpy(), labels["of"].to_numpy()
    rng = np.random.default_rng(0)
    strata = [np.flatnonzero(of == size) for size in np.unique(of)]
    drawn = [np.concatenate([rng.choice(rows, len(rows)) for rows in strata]) for _ in range(DRAWS)]
    print(f"{len(labels)} tweets, {int(truth.sum())} aroused")
    for name, measure in (("AUC", _auc), ("precision", _precision), ("recall", _recall)):
        low, high = np.quantile([measure(truth[rows], marks[rows], of[rows]) for rows in drawn], [0.025, 0.975])
        print(f"{name:10} {measure(truth, marks, of):.3f} ({low:.3f}-{high:.3f})")


def _weights(of: np.ndarray) -> np.ndarray:
    """How many tweets of the archive each labelled one stands for."""
    sizes, place, counts = np.unique(of, return_inverse=True, return_counts=True)
    return (sizes / counts)[place]


def _auc(truth: np.ndarray, marks: np.ndarray, of: np.ndarray) -> float:
    return float(roc_auc_score(truth, marks, sample_weight=_weights(of)))


def _precision(truth: np.ndarray, marks: np.ndarray, of: np.ndarray) -> float:
    said = marks >= HALF
    return float(np.average(truth[said], weights=_weights(of)[said]))


def _recall(truth: np.ndarray, marks: np.ndarray, of: np.ndarray) -> float:
    aroused = truth == 1
    return float(np.average(marks[aroused] >= HALF, weights=_weights(of)[aroused]))


if __name__ == "__main__":
    main()
