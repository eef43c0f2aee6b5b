"""Make the shipped weights of the English head: `python -m tests.benchmarks.train_english_head`.

Reads ../shared/benchmarks/sentiment-en/vader_tweets.tsv (id, mean valence −4 to 4, text; MIT) and writes
analysis/scoring/weights/english_head.json. Nothing that is measured against is read.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from analysis.scoring import embedding
from analysis.scoring.english import HEAD
from analysis.scoring.masking import mask

SOURCE = Path(__file__).resolve().parents[3] / "shared/benchmarks/sentiment-en/vader_tweets.tsv"
BORDERS = (0.25, 0.5, 0.75)
"""Valence from which a tweet counts as polar. None is canonical, so heads are fitted at each and averaged."""
STRENGTH = 3.0
DIGITS = 5


def main() -> None:
    tweets = pd.read_csv(SOURCE, sep="\t", header=None, names=["id", "valence", "text"], quoting=3)
    vectors = embedding.minilm(mask(tweets["text"], []).tolist()).astype(np.float64)
    heads = [_fit(vectors, tweets["valence"], border) for border in BORDERS]
    weights = {
        "coefficients": np.mean([head.coef_ for head in heads], axis=0).round(DIGITS).tolist(),
        "intercepts": np.mean([head.intercept_ for head in heads], axis=0).round(DIGITS).tolist(),
    }
    digest = hashlib.sha256(json.dumps(weights).encode()).hexdigest()
    kept = json.loads(HEAD.read_text(encoding="utf-8"))["known_error"] if HEAD.exists() else {}
    record = {
        "version": digest[:8],
        "known_error": kept,
        "embedding": embedding.MINILM_VERSION,
        "trained_on": {
            "file": SOURCE.name,
            "sha256": hashlib.sha256(SOURCE.read_bytes()).hexdigest(),
            "n": len(tweets),
        },
        **weights,
    }
    HEAD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{HEAD.name}: version {record['version']}, from {len(tweets)} tweets")


def _fit(vectors: np.ndarray, valence: pd.Series, border: float) -> LogisticRegression:
    classes = np.select([valence < -border, valence > border], [0, 2], 1)
    return LogisticRegression(C=STRENGTH, max_iter=2_000, class_weight="balanced").fit(vectors, classes)


if __name__ == "__main__":
    main()
