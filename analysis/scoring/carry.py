"""Causes carried from the texts they were found in to all others, and how sure each mention's cause is.

Confidence is one thing throughout: the probability that two readings of a mention give it the same cause, one by its
place among the texts near it, one by its words, by a classifier that has not seen it. It is learnt by isotonic
regression (Zadrozny & Elkan 2002) from how often the two agree: for a text that was in the sample, by how much of its
neighbourhood has its cause; for one that was carried, by the margin of the classifier.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.scoring.lexical import Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FOLDS = 3
_Learnt = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Carried:
    """A group and a confidence in [0, 1] for each of n texts."""

    groups: np.ndarray
    confidence: np.ndarray


def carry(
    words: Vocabulary, weights: "csr_matrix", labels: np.ndarray, nearness: np.ndarray, texts: Sequence[str]
) -> tuple[Carried, Carried]:
    """What the texts that groups were found in are, and what `texts`, which have no group yet, are.

    `labels` (from 0 on) and `nearness` are of the former, as in `communities.Groups`; `words` is what made `weights`,
    theirs too. The same on any number of threads.
    """
    if labels.max() == 0:
        return Carried(labels, np.ones(len(labels))), Carried(np.zeros(len(texts), int), np.ones(len(texts)))
    predicted, margins = _out_of_fold(weights, labels)
    agree = predicted == labels
    known = Carried(labels, _learnt(nearness, agree)(nearness))
    rest = Carried(np.zeros(len(texts), int), np.zeros(len(texts)))
    if not len(texts):
        return known, rest
    confidence, decide = _learnt(margins, agree), _ridge(weights, labels)
    for place, some in words.in_parts(texts):
        rest.groups[place], margin = _best(decide(some))
        rest.confidence[place] = confidence(margin)
    return known, rest


def _learnt(told: np.ndarray, agree: np.ndarray) -> _Learnt:
    """The probability of agreement by what is told of a text."""
    from sklearn.isotonic import IsotonicRegression

    return IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(told, agree).predict


def _out_of_fold(weights: "csr_matrix", labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a classifier that has not seen a text makes of it, and by which margin; folds are every FOLDS-th text."""
    predicted, margins = np.zeros(len(labels), int), np.zeros(len(labels))
    for fold in range(FOLDS):
        out = np.arange(len(labels)) % FOLDS == fold
        names, known = np.unique(labels[~out], return_inverse=True)
        if len(names) == 1:
            predicted[out] = names[0]
            continue
        best, margins[out] = _best(_ridge(weights[~out], known)(weights[out]))
        predicted[out] = names[best]
    return predicted, margins


def _ridge(weights: "csr_matrix", labels: np.ndarray) -> "Callable[[csr_matrix], np.ndarray]":
    """The decisions, float (n, groups), of a ridge classifier of `labels` (0 … groups − 1, at least two)."""
    from sklearn.linear_model import RidgeClassifier
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted = RidgeClassifier(solver="sparse_cg").fit(weights, labels)

    def decide(some: "csr_matrix") -> np.ndarray:
        with threadpool_limits(1):
            decisions = fitted.decision_function(some)
        return np.column_stack([-decisions, decisions]) if decisions.ndim == 1 else decisions

    return decide


def _best(decisions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best of each row, and by how much it is better than the second."""
    second, best = np.sort(decisions, axis=1)[:, -2:].T
    return decisions.argmax(axis=1), best - second
