"""Net sentiment and negative share as people would have judged them, from a small labelled sample of the archive.

1. **Score.** Up to OFFSET_UP_TO labels: the scorer's own log-probabilities. Above: a stack, a multinomial logistic
   regression with a ridge on the log-odds of all base scorers, the marks and the vectors of texts.
2. **Calibrate.** One slope and an offset for each class, fitted to the labels with their weights: bias-corrected
   temperature scaling (Alexandari, Kundaje & Shrikumar 2020, arXiv 1901.06852). Scores of the stack are cross-fitted,
   so that no label calibrates a score that it helped to make.
3. **Adjust for the mix of classes.** The mean calibrated probability of a group is right where only the texts of its
   mentions differ from the archive's, and too near the archive's mean where the mix of classes does. The maximum
   likelihood mix by EM (Saerens, Latinne & Decaestecker 2002, doi 10.1162/089976602753284446) is right where only the
   mix differs, and too far from it where texts do. Which of the two a group is cannot be told from scores, so the
   answer is the middle, and the interval reaches to both.
4. **Interval.** Replicates that differ in the labels (Bayesian bootstrap within strata, after Rubin 1981), in how much
   of the way to EM is gone, and in what people would have said of the very mentions, or, where asked, in which mentions
   were made, by authors.

Measured by `python -m tests.benchmarks.calibration`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.sentiment import LABELS, authors, people

FEWEST = 50
"""Labels of one scorer's mentions below which nothing is calibrated."""
OFFSET_UP_TO = 100
OF_EACH_CLASS = 5
"""Labels that each class used needs before scores are stacked."""
REPLICATES = 200
MIDDLE, EITHER_SIDE = 0.5, 0.3
"""Mean and standard deviation of how much of the way from the mean probability to EM's mix is gone."""
FOLDS = 10
STRENGTH = 0.1
"""Inverse strength of the stack's ridge."""
WEIGHTS = {"chances": 1.0, "marks": 0.5, "vectors": 3.0}
"""Root mean square that a block's columns (of vectors: rows) are brought to: how freely the ridge lets them speak."""
_BINS = 32
_STEPS = 60
_SEED = 0
_ABSENT = -30.0
"""Log-probability of a class that nobody used."""
_PRIOR_SD = np.array([0.5, 2.0, 2.0])
"""Of the slope around 1, and of the offsets of negative and positive around 0."""

What = Literal["net", "negative"]


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
    """Why a scorer cannot be calibrated: `reason` is few_labels or one_class."""

    scorer: str
    reason: Literal["few_labels", "one_class"]
    have: int
    need: int


@dataclass(frozen=True)
class Fit:
    """One scorer's calibration: which cell of like scores a mention is in, and what each replicate says of a cell."""

    scorer: str
    labels: int
    stacked: bool
    cell: pd.Series
    """Number of the cell, by id."""
    score: np.ndarray
    """(n, 3): the scores before calibration, in the order of `cell`."""
    point: np.ndarray
    """(cells, 3): calibrated probabilities."""
    replicates: np.ndarray
    """(REPLICATES, cells, 3)"""
    mix: np.ndarray
    """(1 + REPLICATES, 3): classes in the whole archive; the first is the point estimate's."""

    @property
    def method(self) -> str:
        kind = "stack" if self.stacked else "offsets"
        return f"{kind} on {self.labels} labels, label shift by EM, bootstrap"


@dataclass(frozen=True)
class Calibration:
    """Calibrated estimates of any subset of the mentions that the evidence was about."""

    fits: tuple[Fit, ...]

    @property
    def labels(self) -> int:
        return sum(fit.labels for fit in self.fits)

    @property
    def method(self) -> str:
        return "; ".join(fit.method for fit in self.fits)

    def net_sentiment(
        self, scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30, sampling: bool = False
    ) -> Estimate:
        """Net sentiment (P − N) / n of the scored mentions of people among `scored`, in [−1, 1].

        The interval is that of what people would have said of these mentions; with `sampling`, of what the same
        authors' world would have brought forth: ask for it where groups are compared. "too_few" under `minimum`;
        "not_covered" where another scorer or version scored any of them, or they are not in the evidence.
        """
        return self._estimate(people(scored, reposts=reposts), "net", minimum, sampling)

    def negative_share(
        self, scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30, sampling: bool = False
    ) -> Estimate:
        """The share of negative mentions, otherwise as `net_sentiment`."""
        return self._estimate(people(scored, reposts=reposts), "negative", minimum, sampling)

    def change(
        self, before: pd.DataFrame, during: pd.DataFrame, what: What, *, reposts: bool = True, minimum: int = 30
    ) -> Estimate:
        """`during` less `before`, with sampling; what the labels leave open of both alike cancels out."""
        unit = "net" if what == "net" else "share"
        parts = [self._replicates(people(table, reposts=reposts), what, minimum, True) for table in (before, during)]
        for part in parts:
            if isinstance(part, Estimate):
                return part
        (first, n), (second, m) = (part for part in parts if not isinstance(part, Estimate))
        return _interval(second - first, unit, n + m, self.method, (-2.0, 2.0) if what == "net" else (-1.0, 1.0))

    def classes(self, scored: pd.DataFrame) -> pd.Series:
        """The class of each mention, for lists of them: where all three are taken as equally common; null as `labels`.

        Shares are never counted from these.
        """
        out = pd.Series(pd.NA, index=scored.index, dtype="string", name="label")
        for fit in self.fits:
            place = fit.cell.index.get_indexer(scored["id"])
            known = (place >= 0) & (scored["scorer"] == fit.scorer).fillna(False).to_numpy(dtype=bool)
            out[known] = np.array(LABELS, dtype=object)[fit.score[place[known]].argmax(axis=1)]
        return out

    def _estimate(self, rows: pd.DataFrame, what: What, minimum: int, sampling: bool) -> Estimate:
        found = self._replicates(rows, what, minimum, sampling)
        if isinstance(found, Estimate):
            return found
        net = what == "net"
        return _interval(found[0], "net" if net else "share", found[1], self.method, (-1.0 if net else 0.0, 1.0))

    def _replicates(
        self, rows: pd.DataFrame, what: What, minimum: int, sampling: bool
    ) -> tuple[np.ndarray, int] | Estimate:
        """(1 + REPLICATES,) values, the point estimate first, and n; or why there are none."""
        rows = rows[rows["p_negative"].notna().to_numpy()]
        n, unit = len(rows), "net" if what == "net" else "share"
        if n < max(minimum, 1):
            return refused(unit, "too_few", self.method, n)
        total, covered = np.zeros(1 + REPLICATES), 0
        for number, fit in enumerate(self.fits):
            some = rows[(rows["scorer"] == fit.scorer).fillna(False).to_numpy(dtype=bool)]
            cells = fit.cell.reindex(some["id"]).to_numpy()
            if len(some) and not np.isnan(cells).any():
                covered += len(some)
                total += len(some) * _values(fit, cells.astype(int), authors(some), what, sampling, _SEED + number)
        return (total / n, n) if covered == n else refused(unit, "not_covered", self.method, n)


def calibrate(evidence: Sequence[Evidence], labels: pd.DataFrame) -> tuple[Calibration | None, list[Refusal]]:
    """The calibration of every scorer that has labels enough, None where none has; and which have not.

    `labels` is indexed by id: `label` (one of LABELS), and where the sample was drawn by strata `weight` (mentions
    that a label stands for) and `stratum`. A class that nobody used is taken as absent.
    """
    fits, refusals = [], []
    for part in evidence:
        own = labels[labels.index.isin(part.ids)]
        if len(own) < FEWEST:
            refusals.append(Refusal(part.scorer, "few_labels", len(own), FEWEST))
        elif own["label"].nunique() < 2:
            refusals.append(Refusal(part.scorer, "one_class", 1, 2))
        else:
            fits.append(_fit(part, own.sort_index()))
    return (Calibration(tuple(fits)) if fits else None), refusals


def _fit(evidence: Evidence, labels: pd.DataFrame) -> Fit:
    place = evidence.ids.get_indexer(labels.index)
    truth = labels["label"].map({label: number for number, label in enumerate(LABELS)}).to_numpy(dtype=int)
    weight = labels["weight"].to_numpy(dtype=float) if "weight" in labels else np.ones(len(labels))
    weight = weight / weight.mean()
    stratum = pd.factorize(labels["stratum"])[0] if "stratum" in labels else np.zeros(len(labels), dtype=int)
    counts = np.bincount(truth, minlength=3)
    stacked = len(labels) > OFFSET_UP_TO and (counts[counts > 0] >= OF_EACH_CLASS).all()
    if stacked:
        score, held_out = _stack(_design(evidence), place, truth)
    else:
        score = np.log(evidence.chances[0] + 0.01)
        held_out = score[place]
    used = np.where(counts > 0, 0.0, _ABSENT)
    rng = np.random.default_rng(_SEED)
    again = np.array([_reweighted(weight, stratum, rng) for _ in range(REPLICATES)])
    settings = _temperature(held_out, truth, np.vstack([weight, again]), used)
    cell, centre, size = _cells(score)
    chances = _calibrated(centre, settings, used)
    mix = np.einsum("g,bgc->bc", size / size.sum(), chances)
    return Fit(
        evidence.scorer, len(labels), bool(stacked), pd.Series(cell, evidence.ids), score, chances[0], chances[1:], mix
    )


def _design(evidence: Evidence) -> np.ndarray:
    odds = [np.log(chance + 0.01) for chance in evidence.chances]
    blocks = [WEIGHTS["chances"] * _standard(logs[:, [0, 2]] - logs[:, [1]]) for logs in odds]
    if evidence.marks is not None:
        blocks.append(WEIGHTS["marks"] * _standard(evidence.marks))
    if evidence.vectors is not None:
        centred = evidence.vectors - evidence.vectors.mean(axis=0)
        size = np.sqrt((centred**2).sum(axis=1).mean())
        blocks.append(WEIGHTS["vectors"] * centred / (size or 1.0))
    return np.hstack(blocks)


def _standard(block: np.ndarray) -> np.ndarray:
    spread = block.std(axis=0)
    return (block - block.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _stack(design: np.ndarray, place: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores of all rows (n, 3), and of the labelled ones from fits that did not see them."""
    from threadpoolctl import threadpool_limits

    rows = design[place]
    # Each class is dealt to the folds in turn.
    fold = pd.Series(truth).groupby(truth).cumcount().to_numpy() % FOLDS
    with threadpool_limits(1):
        held_out = np.empty((len(rows), 3))
        for number in np.unique(fold):
            own = fold == number
            held_out[own] = _regression(rows[~own], truth[~own], rows[own])
        return _regression(rows, truth, design), held_out


def _regression(rows: np.ndarray, truth: np.ndarray, asked: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500).fit(rows, truth)
    chances = np.zeros((len(asked), 3))
    chances[:, model.classes_] = model.predict_proba(asked)
    return np.log(np.maximum(chances, np.exp(_ABSENT)))


def _reweighted(weight: np.ndarray, stratum: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """`weight` times exponential draws, with the sum of each stratum kept."""
    drawn = weight * rng.exponential(size=len(weight))
    return drawn * (np.bincount(stratum, weight) / np.bincount(stratum, drawn))[stratum]


def _temperature(score: np.ndarray, truth: np.ndarray, weights: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Slope and the offsets of negative and positive (b, 3), one row for each row of `weights`, by Newton's method."""
    terms = np.zeros((*score.shape, 3))
    terms[..., 0] = score
    terms[:, 0, 1] = terms[:, 2, 2] = 1.0
    start = np.array([1.0, 0.0, 0.0])
    settings = np.tile(start, (len(weights), 1))
    said, precision = np.eye(3)[truth], 1 / _PRIOR_SD**2
    for _ in range(25):
        chances = _calibrated(score, settings, used)
        slope = np.einsum("bn,bnc,ncp->bp", weights, said - chances, terms, optimize=True)
        slope -= precision * (settings - start)
        mean = np.einsum("bnc,ncp->bnp", chances, terms)
        bend = np.einsum("bn,bnc,ncp,ncq->bpq", weights, chances, terms, terms, optimize=True)
        bend -= np.einsum("bn,bnp,bnq->bpq", weights, mean, mean, optimize=True)
        step = np.linalg.solve(bend + np.diag(precision), slope[..., None])[..., 0]
        settings = settings + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    return settings


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


def _values(
    fit: Fit, cells: np.ndarray, author: np.ndarray, what: What, sampling: bool, seed: int
) -> np.ndarray:
    """The quantity of mentions in `cells`, (1 + REPLICATES,), the point estimate first."""
    rng = np.random.default_rng(seed)
    counts = np.bincount(cells, minlength=len(fit.point)).astype(float)
    kept = np.flatnonzero(counts)
    chances = np.concatenate([fit.point[None, kept], fit.replicates[:, kept]])
    shares = np.tile(counts[kept] / counts.sum(), (1 + REPLICATES, 1))
    # The ways and the noise are quantiles in random order: their mean and spread are then not left to chance.
    way, noise = (rng.permutation(_normal(REPLICATES)) for _ in range(2))
    if sampling:
        shares[1:] = _resampled(np.searchsorted(kept, cells), author, len(kept), rng)
    mean = np.einsum("bg,bgc->bc", shares, chances)
    shifted = _mix(chances / fit.mix[:, None], shares, fit.mix)
    part = np.concatenate([[MIDDLE], MIDDLE + EITHER_SIDE * way])[:, None]
    both = np.clip(mean + part * (shifted - mean), 0.0, 1.0)
    value = both[:, 2] - both[:, 0] if what == "net" else both[:, 0]
    if not sampling:
        value[1:] += noise * _said(chances[0], shares[0], what) / np.sqrt(len(cells))
    return value


def _normal(n: int) -> np.ndarray:
    from scipy.special import ndtri

    return ndtri((np.arange(n) + 0.5) / n)


def _mix(ratio: np.ndarray, shares: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Maximum likelihood mix of classes (b, 3) by EM; `ratio` (b, cells, 3) is likelihoods up to a factor per cell.

    Two steps of EM at a time are extrapolated (SQUAREM, Varadhan & Roland 2008, doi 10.1111/j.1467-9469.2007.00585.x).
    """
    likelihood = np.ascontiguousarray(ratio.transpose(0, 2, 1))

    def step(mix: np.ndarray) -> np.ndarray:
        share = shares / np.matmul(mix[:, None, :], likelihood)[:, 0]
        return mix * np.matmul(likelihood, share[:, :, None])[..., 0]

    mix = start
    for _ in range(_STEPS):
        one = step(mix)
        two = step(one)
        first, second = one - mix, two - 2 * one + mix
        length = np.sqrt((first**2).sum(axis=1) / np.maximum((second**2).sum(axis=1), 1e-30))
        length = np.maximum(length, 1.0)[:, None]
        new = mix + 2 * length * first + length**2 * second
        outside = (new <= 0).any(axis=1)
        new[outside] = two[outside]
        new = step(new / new.sum(axis=1, keepdims=True))
        moved, mix = np.abs(new - mix).max(), new
        if moved < 1e-6:
            break
    return mix


def _said(chances: np.ndarray, shares: np.ndarray, what: What) -> float:
    """Standard deviation of what people say of one mention, given its score."""
    negative, positive = chances[:, 0], chances[:, 2]
    spread = negative * (1 - negative) if what == "negative" else negative + positive - (positive - negative) ** 2
    return float(np.sqrt(shares @ spread))


def _resampled(cell: np.ndarray, author: np.ndarray, cells: int, rng: np.random.Generator) -> np.ndarray:
    """Shares of cells (REPLICATES, cells) under exponential weights of authors."""
    from scipy.sparse import coo_array

    who = np.unique(author, return_inverse=True)[1]
    counts = coo_array((np.ones(len(cell)), (who, cell)), shape=(who.max() + 1, cells)).tocsr()
    drawn = np.array([rng.exponential(size=counts.shape[0]) @ counts for _ in range(REPLICATES)])
    return drawn / drawn.sum(axis=1, keepdims=True)


def _interval(values: np.ndarray, unit: str, n: int, method: str, bounds: tuple[float, float]) -> Estimate:
    value = float(values[0])
    low, high = np.clip(np.quantile(values[1:], [0.025, 0.975]), *bounds)
    return Estimate(value, unit, n, method, low=min(float(low), value), high=max(float(high), value))
