"""Scorers calibrated on a small labelled sample of the archive in hand.

1. **Score.** Up to OFFSET_UP_TO labels: the scorer's own log-probabilities. Above: a stack, a multinomial logistic
   regression with a ridge on the log-odds of all base scorers, the marks and the vectors of texts.
2. **Calibrate.** One slope and an offset for each class, fitted to the labels with their weights: bias-corrected
   temperature scaling (Alexandari, Kundaje & Shrikumar 2020, arXiv 1901.06852). Scores of the stack are cross-fitted,
   so that no label calibrates a score that it helped to make.

`calibrated` makes estimates of the result. Measured by `python -m tests.benchmarks.calibration`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.labels import Agreement
from analysis.measures.calibrated import REPLICATES, Calibration, Fit
from analysis.measures.sentiment import LABELS

FEWEST = 50
"""Labels of one scorer's mentions below which nothing is calibrated."""
OFFSET_UP_TO = 100
OF_EACH_CLASS = 5
"""Labels that each class used needs before scores are stacked."""
FOLDS = 10
STRENGTH = 0.1
"""Inverse strength of the stack's ridge."""
WEIGHTS = {"chances": 1.0, "marks": 0.5, "vectors": 3.0}
"""Root mean square that a block's columns (of vectors: rows) are brought to: how freely the ridge lets them speak."""
_BINS = 32
_SEED = 0
_ABSENT = -30.0
"""Log-probability of a class that nobody used."""
_PRIOR_SD = np.array([0.5, 2.0, 2.0])
"""Of the slope around 1, and of the offsets of negative and positive around 0."""


@dataclass(frozen=True)
class Evidence:
    """What is known of each of `ids`, mentions of one archive that one scorer has scored; rows in the order of ids."""

    ids: pd.Index
    scorer: str
    """Name and version, as in the column `scorer`."""
    chances: Sequence[np.ndarray]
    """Probabilities (n, 3) by each base scorer, of which `scorer` is the first."""
    vectors: np.ndarray | None = None
    """(n, d), from any embedding of the texts."""
    marks: np.ndarray | None = None
    """(n, m), numbers of any scale."""


@dataclass(frozen=True)
class Refusal:
    """Why a scorer cannot be calibrated: `have` labels of its `mentions`, FEWEST being needed, or all of one class."""

    scorer: str
    reason: Literal["few_labels", "one_class"]
    have: int
    mentions: int


@dataclass(frozen=True)
class Labelling:
    """What people said of the mentions of an incident, and what became of it."""

    calibration: Calibration | None
    refusals: tuple[Refusal, ...]
    agreement: Agreement
    labels: int
    """Mentions that a calibration may rest on: labelled, and scored."""
    elsewhere: int
    """Labelled mentions that are not, or no longer, among the scored ones of the incident."""


def calibrate(evidence: Sequence[Evidence], labels: pd.DataFrame) -> tuple[Calibration | None, list[Refusal]]:
    """The calibration of every scorer that has labels enough, None where none has; and which have not.

    `labels` is indexed by id: `label` (one of LABELS), `share` of a mention's answers, and where the sample was drawn
    by strata `weight` (mentions that an answer stands for) and `stratum`. A class that nobody used is taken as absent.
    """
    from threadpoolctl import threadpool_limits

    fits, refusals = [], []
    for part in evidence:
        own = labels[labels.index.isin(part.ids)]
        have = own.index.nunique()
        if have < FEWEST:
            refusals.append(Refusal(part.scorer, "few_labels", have, len(part.ids)))
        elif own["label"].nunique() < 2:
            refusals.append(Refusal(part.scorer, "one_class", have, len(part.ids)))
        else:
            with threadpool_limits(1):  # the last bits of a sum depend on who shares the work
                fits.append(_fit(part, own.sort_values("label").sort_index(kind="stable")))
    return (Calibration(tuple(fits)) if fits else None), refusals


def _fit(evidence: Evidence, labels: pd.DataFrame) -> Fit:
    place = evidence.ids.get_indexer(labels.index)
    mention, ids = pd.factorize(labels.index)
    truth = labels["label"].map({label: number for number, label in enumerate(LABELS)}).to_numpy(dtype=int)
    share = labels["share"].to_numpy(dtype=float)
    weight = labels["weight"].to_numpy(dtype=float) if "weight" in labels else share
    weight = weight * len(ids) / weight.sum()
    stratum = pd.factorize(labels["stratum"])[0] if "stratum" in labels else np.zeros(len(labels), dtype=int)
    counts = np.bincount(truth, minlength=3)
    stacked = len(ids) > OFFSET_UP_TO and (counts[counts > 0] >= OF_EACH_CLASS).all()
    if stacked:
        score, held_out = _stack(_design(evidence), place, truth, share, mention)
    else:
        score = np.log(evidence.chances[0] + 0.01)
        held_out = score[place]
    used = np.where(counts > 0, 0.0, _ABSENT)
    settings = _temperature(*_again(held_out, truth, weight, stratum, mention), used)
    cell, centre, size = _cells(score)
    chances = _calibrated(centre, settings, used)
    mix = np.einsum("g,bgc->bc", size / size.sum(), chances)
    return Fit(
        evidence.scorer, len(ids), bool(stacked), pd.Series(cell, evidence.ids), score, chances[0], chances[1:], mix
    )


def _design(evidence: Evidence) -> np.ndarray:
    odds = [np.log(chance + 0.01) for chance in evidence.chances]
    blocks = [WEIGHTS["chances"] * _standard(logs[:, [0, 2]] - logs[:, [1]]) for logs in odds]
    if evidence.marks is not None:
        blocks.append(WEIGHTS["marks"] * _standard(evidence.marks.astype(np.float64)))
    if evidence.vectors is not None:
        vectors = evidence.vectors.astype(np.float32)
        centred = vectors - vectors.mean(axis=0)
        size = np.sqrt((centred**2).sum(axis=1).mean())
        blocks.append(WEIGHTS["vectors"] * centred / (size or 1.0))
    return np.hstack([block.astype(np.float32) for block in blocks])


def _standard(block: np.ndarray) -> np.ndarray:
    spread = block.std(axis=0)
    return (block - block.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _stack(
    design: np.ndarray, place: np.ndarray, truth: np.ndarray, share: np.ndarray, mention: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Scores of all rows (n, 3), and of the labelled ones from fits that did not see their mentions."""
    rows = design[place]
    # Each class is dealt to the folds in turn, a mention as a whole.
    first = np.unique(mention, return_index=True)[1]
    fold = (pd.Series(truth[first]).groupby(truth[first]).cumcount().to_numpy() % FOLDS)[mention]
    held_out = np.empty((len(rows), 3))
    for number in np.unique(fold):
        own = fold == number
        held_out[own] = _regression(rows[~own], truth[~own], share[~own], rows[own])
    return _regression(rows, truth, share, design), held_out


def _regression(rows: np.ndarray, truth: np.ndarray, share: np.ndarray, asked: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500).fit(rows, truth, share)
    chances = np.zeros((len(asked), 3))
    chances[:, model.classes_] = model.predict_proba(asked)
    return np.log(np.maximum(chances, np.exp(_ABSENT)))


def _again(
    score: np.ndarray, truth: np.ndarray, weight: np.ndarray, stratum: np.ndarray, mention: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores and classes of the labels, and weights (1 + REPLICATES, labels): those given, then random ones.

    Random weights are the given ones times exponential draws for mentions, the sum of each stratum kept (Bayesian
    bootstrap within strata, after Rubin 1981). In them each stratum has one label more, at its mean score, of the
    classes in equal parts: else a class that happens not to occur among few labels of a stratum could not occur at all.
    Without it, intervals from 50 labels held 86 to 91%, with it 91 to 97%.
    """
    rng = np.random.default_rng(_SEED)
    used, strata = np.unique(truth), np.arange(stratum.max() + 1)
    added, of = np.repeat(strata, len(used)), np.concatenate([stratum, np.repeat(strata, len(used))])
    rows, total = np.bincount(stratum), np.bincount(stratum, weight)
    size = np.bincount(stratum[np.unique(mention, return_index=True)[1]])
    centre = np.column_stack([np.bincount(stratum, column) / rows for column in score.T])
    base = np.concatenate([weight, (total / size)[added]])
    alone = mention.max() + 1
    shape = np.concatenate([np.ones(alone), np.full(len(added), 1 / len(used))])
    drawn = rng.gamma(shape, size=(REPLICATES, len(shape)))
    drawn = base * drawn[:, np.concatenate([mention, alone + np.arange(len(added))])]
    sums = drawn @ (of[:, None] == strata)
    drawn *= (total / sums)[:, of]
    given = np.concatenate([weight, np.zeros(len(added))])
    return (
        np.vstack([score, centre[added]]),
        np.concatenate([truth, np.tile(used, len(strata))]),
        np.vstack([given, drawn]),
    )


def _temperature(score: np.ndarray, truth: np.ndarray, weights: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Slope and the offsets of negative and positive (b, 3), one row for each row of `weights`, by Newton's method."""
    terms = np.zeros((*score.shape, 3))
    terms[..., 0] = score
    terms[:, 0, 1] = terms[:, 2, 2] = 1.0
    start = np.array([1.0, 0.0, 0.0])
    settings = np.tile(start, (len(weights), 1))
    said, precision = np.eye(3)[truth], 1 / _PRIOR_SD**2
    flat = terms.reshape(-1, 3)  # one row a label and class
    squares = (flat[:, :, None] * flat[:, None, :]).reshape(-1, 9)

    def fitness(tried: np.ndarray) -> np.ndarray:
        """Log posterior of each row of `tried`."""
        likely = np.log(np.maximum(_calibrated(score, tried, used)[:, np.arange(len(truth)), truth], 1e-300))
        return (weights * likely).sum(axis=1) - (precision * (tried - start) ** 2).sum(axis=1) / 2

    for _ in range(50):
        chances = _calibrated(score, settings, used)
        weighed = weights[:, :, None] * chances
        slope = (weights[:, :, None] * said - weighed).reshape(len(weights), -1) @ flat
        slope -= precision * (settings - start)
        mean = np.einsum("bnc,ncp->bnp", chances, terms)
        bend = (weighed.reshape(len(weights), -1) @ squares).reshape(-1, 3, 3)
        bend -= np.matmul((weights[:, :, None] * mean).transpose(0, 2, 1), mean)
        step = np.clip(np.linalg.solve(bend + np.diag(precision), slope[..., None])[..., 0], -2.0, 2.0)
        settings, moved = _uphill(fitness, settings, step)
        if moved < 1e-8:
            break
    return settings


def _uphill(
    fitness: Callable[[np.ndarray], np.ndarray], settings: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, float]:
    """`settings` moved by `step`, or by a half, a quarter and so on of it where that overshoots; the longest move.

    Scores that are very sure make whole steps of Newton's method jump from one side of the summit to the other.
    """
    before, share = fitness(settings), np.ones(len(settings))
    for _ in range(12):
        tried = settings + share[:, None] * step
        lower = fitness(tried) < before - 1e-9
        if not lower.any():
            break
        share[lower] /= 2
    share[lower] = 0.0
    return settings + share[:, None] * step, float(np.abs(share[:, None] * step).max())


def _calibrated(score: np.ndarray, settings: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Probabilities (b, n, 3) of scores (n, 3) under settings (b, 3); `used` is added to the log-probabilities."""
    logits = settings[:, :1, None] * score + used
    logits[..., 0] += settings[:, 1:2]
    logits[..., 2] += settings[:, 2:3]
    logits -= logits.max(axis=2, keepdims=True)
    chances = np.exp(logits)
    return chances / chances.sum(axis=2, keepdims=True)


def _cells(score: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The cell of each row, the mean score of each cell, and its rows: mentions of like scores are told together."""
    axes = [score[:, side] - score[:, 1] for side in (0, 2)]
    edges = [np.unique(np.quantile(axis, np.linspace(0, 1, _BINS + 1)[1:-1])) for axis in axes]
    bins = [np.searchsorted(edge, axis, side="right") for edge, axis in zip(edges, axes, strict=True)]
    _, cell, size = np.unique(bins[0] * _BINS + bins[1], return_inverse=True, return_counts=True)
    sums = [np.bincount(cell, column) for column in score.T]
    return cell, np.column_stack(sums) / size[:, None], size
