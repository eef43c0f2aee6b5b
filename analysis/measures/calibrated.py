"""Net sentiment and negative share of any group of mentions, from scorers that were calibrated on labels.

What `calibration` fitted is turned into estimates here. The mean calibrated probability of a group is right where only
the texts of its mentions differ from the archive's, and too near the archive's mean where the mix of classes does. The
maximum likelihood mix by EM (Saerens, Latinne & Decaestecker 2002, doi 10.1162/089976602753284446) is right where only
the mix differs, and too far from it where texts do. Which of the two a group is cannot be told from scores, so the
answer is the middle, and the interval reaches to both.

The interval comes from replicates that differ in the labels (Bayesian bootstrap within strata, after Rubin 1981), in
how much of the way to EM is gone, and in what people would have said of the very mentions, or, where asked, in which
mentions were made, by authors.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.sentiment import LABELS, Rise, authors, people, votes

REPLICATES = 200
MIDDLE, EITHER_SIDE = 0.5, 0.4
"""Mean and standard deviation of how much of the way from the mean probability to EM's mix is gone.

At 0.4 a group at either end of the way is held by at least 93% of intervals, however long the way is beside the noise;
at 0.3 by 85%.
"""
LEFT_OUT = 0.1
"""Share of mentions up to which those of a scorer without labels enough may be among others: they count as their
scorer has it, and the interval reaches as far as if it were wrong about all of them."""
SEEN = 10
"""Mentions in the evidence that a group needs where not all of it is."""
_STEPS = 60
_NEAR = 1e-5
_SEED = 0

What = Literal["net", "negative"]
UNITS: dict[What, str] = {"net": "net", "negative": "share"}


@dataclass(frozen=True)
class Fit:
    """One scorer's calibration: which cell of like scores a mention is in, and what each replicate says of a cell."""

    scorer: str
    labels: int
    stacked: bool
    cell: pd.Series = field(repr=False)
    """Number of the cell, by id."""
    score: np.ndarray = field(repr=False)
    """(n, 3): the scores before calibration, in the order of `cell`."""
    point: np.ndarray = field(repr=False)
    """(cells, 3): calibrated probabilities."""
    replicates: np.ndarray = field(repr=False)
    """(REPLICATES, cells, 3)"""
    mix: np.ndarray = field(repr=False)
    """(1 + REPLICATES, 3): classes in the whole archive; the first is the point estimate's."""

    @property
    def method(self) -> str:
        kind = "stack" if self.stacked else "offsets"
        return f"{self.scorer.split(' ')[0]}: {kind} on {self.labels} labels"


@dataclass(frozen=True)
class Calibration:
    """Calibrated estimates of any subset of the mentions that the evidence was about."""

    fits: tuple[Fit, ...]

    @property
    def labels(self) -> int:
        return sum(fit.labels for fit in self.fits)

    @property
    def method(self) -> str:
        return "; ".join([*(fit.method for fit in self.fits), "label shift by EM, bootstrap"])

    def covers(self, scored: pd.DataFrame) -> bool:
        """Whether nearly all of the scored mentions of people among `scored` are of scorers that were calibrated."""
        rows = people(scored)
        scorers = rows.loc[rows["p_negative"].notna().to_numpy(), "scorer"]
        return bool(len(scorers) == 0 or self._without(scorers).mean() <= LEFT_OUT)

    def net_sentiment(
        self, scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30, sampling: bool = False
    ) -> Estimate:
        """Net sentiment (P − N) / n of the scored mentions of people among `scored`, in [−1, 1].

        The interval is that of what people would have said of these mentions; with `sampling`, of what the same
        authors' world would have brought forth: ask for it where groups are compared. n is the mentions looked at: all
        of them, or those in the evidence where that is a draw. "too_few" where these are under `minimum`;
        "not_covered" where more than LEFT_OUT are of scorers, or versions of them, without labels enough.
        """
        return self.both(scored, reposts=reposts, minimum=minimum, sampling=sampling)[0]

    def negative_share(
        self, scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30, sampling: bool = False
    ) -> Estimate:
        """The share of negative mentions, otherwise as `net_sentiment`."""
        return self.both(scored, reposts=reposts, minimum=minimum, sampling=sampling)[1]

    def both(
        self, scored: pd.DataFrame, *, reposts: bool = True, minimum: int = 30, sampling: bool = False
    ) -> tuple[Estimate, Estimate]:
        """Net sentiment and negative share, in little more time than one of them."""
        rows = people(scored, reposts=reposts)
        found = self._group(rows, minimum, sampling)
        if isinstance(found, str):
            n = int(rows["p_negative"].notna().sum())
            return refused("net", found, self.method, n), refused("share", found, self.method, n)
        return _interval(found, "net", self.method, -1.0), _interval(found, "negative", self.method, 0.0)

    def change(
        self, before: pd.DataFrame, during: pd.DataFrame, what: What, *, reposts: bool = True, minimum: int = 30
    ) -> Estimate:
        """`during` less `before`, with sampling; what the labels leave open of both alike cancels out."""
        first, second = (self._group(people(table, reposts=reposts), minimum, True) for table in (before, during))
        if isinstance(first, str) or isinstance(second, str):
            return refused(UNITS[what], first if isinstance(first, str) else str(second), self.method)
        apart = _Group(
            {name: second.values[name] - first.values[name] for name in UNITS},
            second.n + first.n,
            {name: second.down[name] + first.up[name] for name in UNITS},
            {name: second.up[name] + first.down[name] for name in UNITS},
        )
        return _interval(apart, what, self.method, -2.0 if what == "net" else -1.0)

    def rise(self, before: pd.DataFrame, during: pd.DataFrame, *, minimum: int = 30) -> Rise:
        """As `sentiment.rise`: the negative share rose where the 95% interval of the change is above 0."""
        shares = [self.negative_share(table, minimum=minimum, sampling=True) for table in (before, during)]
        change = self.change(before, during, "negative", minimum=minimum)
        rose = None if change.low is None else float(change.low) > 0
        return Rise(shares[0], shares[1], change, None, rose)

    def classes(self, scored: pd.DataFrame) -> pd.Series:
        """The class of each mention, for lists of them: where all three are taken as equally common; null as `labels`.

        Shares are never counted from these.
        """
        out = pd.Series(pd.NA, index=scored.index, dtype="string", name="label")
        for fit in self.fits:
            place = fit.cell.index.get_indexer(pd.Index(scored["id"]))
            known = (place >= 0) & _of(scored["scorer"], fit)
            out[known] = np.array(LABELS, dtype=object)[fit.score[place[known]].argmax(axis=1)]
        return out

    def _group(self, rows: pd.DataFrame, minimum: int, sampling: bool) -> "_Group | str":
        """What is known of `rows`, or why nothing is."""
        rows = rows[rows["p_negative"].notna().to_numpy()]
        without = self._without(rows["scorer"])
        seen, values = int(without.sum()), {name: np.zeros(1 + REPLICATES) for name in UNITS}
        for number, fit in enumerate(self.fits):
            some = rows[_of(rows["scorer"], fit)]
            cells = fit.cell.reindex(some["id"]).to_numpy()
            known = ~np.isnan(cells)
            if len(some) and known.sum() < min(len(some), SEEN):
                return "too_few"
            if len(some):
                chosen, author = cells[known].astype(int), authors(some)[known]
                own = _values(fit, chosen, author, sampling or not known.all(), _SEED + number)
                values = {name: values[name] + len(some) / len(rows) * own[name] for name in UNITS}
                seen += len(chosen)
        if seen < max(minimum, 1):
            return "too_few"
        share = float(without.mean())
        if share > LEFT_OUT:
            return "not_covered"
        said = votes(rows[without])
        left = {
            "net": share * (said.mean() if share else 0.0),
            "negative": share * ((said == -1).mean() if share else 0.0),
        }
        return _Group(
            {name: values[name] + left[name] for name in UNITS},
            seen,
            {"net": share + left["net"], "negative": left["negative"]},
            {name: share - left[name] for name in UNITS},
        )

    def _without(self, scorers: pd.Series) -> np.ndarray:
        """Which of `scorers` have no calibration."""
        return ~scorers.isin([fit.scorer for fit in self.fits]).to_numpy(dtype=bool)


@dataclass(frozen=True)
class _Group:
    """What is known of a group of mentions, by quantity."""

    values: dict[What, np.ndarray]
    """(1 + REPLICATES,), the point estimate first"""
    n: int
    down: dict[What, float]
    """How far below that it may be, for mentions that no labels speak of."""
    up: dict[What, float]


def _of(scorers: pd.Series, fit: Fit) -> np.ndarray:
    return (scorers == fit.scorer).fillna(False).to_numpy(dtype=bool)


def _values(fit: Fit, cells: np.ndarray, author: np.ndarray, sampling: bool, seed: int) -> dict[What, np.ndarray]:
    """Both quantities of mentions in `cells`, (1 + REPLICATES,), the point estimate first."""
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
    values: dict[What, np.ndarray] = {"net": both[:, 2] - both[:, 0], "negative": both[:, 0].copy()}
    if not sampling:
        for what, value in values.items():
            value[1:] += noise * _said(chances[0], shares[0], what) / np.sqrt(len(cells))
    return values


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
        if moved < _NEAR:
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


def _interval(found: _Group, what: What, method: str, least: float) -> Estimate:
    """The estimate of a quantity that lies between `least` and the like above 0."""
    values, most = found.values[what], max(-least, 1.0)
    value = float(values[0])
    low, high = np.quantile(values[1:], [0.025, 0.975])
    low, high = np.clip([min(low, value) - found.down[what], max(high, value) + found.up[what]], least, most)
    return Estimate(value, UNITS[what], found.n, method, low=float(low), high=float(high))
