"""The face of a scorer, and which scorer is used for what."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

    from analysis.scoring.vectors import VectorStore

CLASSES = ("negative", "neutral", "positive")
FAST_ABOVE = 200_000
"""Distinct texts above which English is scored by the fast tier."""


class Scorer(Protocol):
    """Anything that gives each text three probabilities; a text's answer never depends on its neighbours."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes whenever an answer does: it is part of the cache's key."""

    @property
    def languages(self) -> tuple[str, ...]: ...

    @property
    def known_error(self) -> dict[str, Any]:
        """Plain numbers, measured on texts the scorer was not made from, and `source`: by which command, on what."""

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        """float64 (n, 3): negative, neutral, positive, each row summing to 1; `texts` are masked."""


def choose(
    languages: Sequence[str],
    distinct: int,
    models: Path,
    *,
    fast_above: int = FAST_ABOVE,
    kept: "VectorStore | None" = None,
) -> dict[str, Scorer]:
    """The scorer of each of `languages` that one covers; `distinct` texts are to be scored.

    English: a logistic head on MiniLM embeddings, or VADER above `fast_above` texts. Chinese: character n-grams,
    trained at first use and kept in the folder `models`. A language without a scorer is absent: its mentions stay
    unscored. `kept` holds vectors of earlier runs.
    """
    from analysis.scoring.chinese import NgramScorer
    from analysis.scoring.english import HeadScorer, VaderScorer

    chosen: dict[str, Scorer] = {}
    if "en" in languages:
        chosen["en"] = VaderScorer() if distinct > fast_above else HeadScorer(models=models, kept=kept)
    if "zh" in languages:
        chosen["zh"] = NgramScorer(models)
    return chosen


def label(probabilities: "np.ndarray") -> "np.ndarray":
    """The likeliest class of each row as −1, 0 or 1: what net sentiment is the mean of."""
    return probabilities.argmax(axis=1) - 1
