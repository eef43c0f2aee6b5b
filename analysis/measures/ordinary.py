"""The ordinary level of each hour, learnt from the quiet time before, and how restless that time was.

A seasonal regression, not a median by hour: at a mention an hour most nights have a median of nought, and everything
above nought would be excess.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DAILY, WEEKLY = 4, 3
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Fit:
    coefficients: np.ndarray
    information: np.ndarray
    alpha: float


@dataclass(frozen=True)
class Noise:
    """What counts scatter by about their level, beyond Poisson: a factor whose logarithm is an AR(1) with coefficient
    `memory` and variance `slow`, times an independent gamma of variance `quick`."""

    memory: float
    slow: float
    quick: float

    @property
    def total(self) -> float:
        return self.slow + self.quick

    def larger(self, other: "Noise") -> "Noise":
        """The more restless of two, each part by itself."""
        slower = self if self.slow >= other.slow else other
        return Noise(slower.memory, slower.slow, max(self.quick, other.quick))

    def draw(self, rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
        """Counts about `mean` (draws, hours), consecutive hours."""
        draws, hours = mean.shape
        state = np.empty((draws, hours))
        shocks = rng.normal(0, np.sqrt(self.slow * (1 - self.memory**2)), (draws, hours))
        state[:, 0] = rng.normal(0, np.sqrt(self.slow), draws)
        for hour in range(1, hours):
            state[:, hour] = self.memory * state[:, hour - 1] + shocks[:, hour]
        factor = np.exp(state - self.slow / 2)
        if self.quick > 1e-6:
            factor = factor * rng.gamma(1 / self.quick, self.quick, (draws, hours))
        return rng.poisson(np.minimum(mean * factor, 1e9)).astype(float)


@dataclass(frozen=True)
class Ordinary:
    """`level`: expected mentions by UTC hour, from the first hour before the incident to the end of `counts`.

    `quiet` are the counts before the incident (null where not wholly seen), `daily` the standard deviation of the
    logarithm of a day's count over its level, `carried` its correlation from day to day, `days` the days that were
    seen. `reason` says why there is no level.
    """

    level: pd.Series
    quiet: pd.Series
    noise: Noise
    daily: float
    carried: float
    days: float
    reason: str | None = None

    def spread(self, hours: float) -> float:
        """Standard deviation of the log of what so many hours hold over their level: days that carry over, and what
        the level itself was learnt from."""
        days = max(hours / 24, 1.0)
        return self.daily * float(np.sqrt(_mean(days, self.carried) + _mean(max(self.days, 1.0), self.carried)))


def _mean(days: float, carried: float) -> float:
    """Variance of the mean of an AR(1) over so many days, for a variance of 1."""
    lags = np.arange(1, max(int(days), 1))
    return float((1 + 2 * ((1 - lags / days) * carried**lags).sum()) / days)


def ordinary(
    counts: pd.Series, start: pd.Timestamp, *, floor: float = 3.0, cycles: int = 2, burst: float = 4.0
) -> Ordinary:
    """The level of each hour of `counts` (UTC hour starts, null where not wholly seen), from those before `start`.

    Weekly seasons are fitted where `cycles` weeks were seen. Days `burst` robust deviations above the others are in the
    level but not in the noise. Refused as "no_baseline" where nothing was seen before
    `start` or nothing was said, "short_baseline" under `floor` days or where an hour of the day was hardly seen.
    """
    y = counts.astype("float64")
    y = y.reindex(pd.date_range(y.index.min(), y.index.max(), freq="h")) if len(y) else y
    quiet = y[y.index < start.floor("h")]
    known = quiet.dropna()
    days = len(known) / 24
    hours = pd.DatetimeIndex(known.index)
    if known.sum() == 0:
        return Ordinary(y * np.nan, quiet, Noise(0.0, 0.0, 0.0), 0.0, 0.0, days, "no_baseline")
    if days < floor or np.bincount(hours.hour, minlength=24).min() < 2:
        return Ordinary(y * np.nan, quiet, Noise(0.0, 0.0, 0.0), 0.0, 0.0, days, "short_baseline")
    weekly = WEEKLY if days >= 7 * cycles else 0
    found = regression(known.to_numpy(), seasons(hours, y.index[0], None, weekly))
    every = seasons(pd.DatetimeIndex(y.index), y.index[0], None, weekly)
    level = pd.Series(np.exp(np.clip(every @ found.coefficients, -30, 30)), index=y.index)
    calm = _calm(quiet, level, burst)
    restless = noise(calm.to_numpy(), level.reindex(quiet.index).to_numpy())
    return Ordinary(level, quiet, restless, *_days(_logs(calm, level)), days)


def noise(y: np.ndarray, mean: np.ndarray, lags: int = 6) -> Noise:
    """The noise of consecutive counts about their means (NaN where not seen), by moments, which Poisson leaves alone.

    At lag 0 the product of two deviations holds all of it, at lags 1 to `lags` the slow part alone.
    """
    off = np.where(np.isnan(y), 0.0, y - mean)
    seen = np.where(np.isnan(y), 0.0, mean)
    whole = float(((off**2).sum() - seen.sum()) / max((seen**2).sum(), 1e-12))
    lags = min(lags, len(y) - 2)
    pairs = [(float(off[k:] @ off[:-k]), float(seen[k:] @ seen[:-k])) for k in range(1, lags + 1)]
    shared = np.array([moment / max(weight, 1e-12) for moment, weight in pairs])
    if len(shared) < 2 or shared[0] <= 0:
        return Noise(0.0, 0.0, max(whole, 1e-4))
    memory = float(np.clip(shared[1:] @ shared[:-1] / (shared[:-1] @ shared[:-1]), 0.0, 0.98))
    fading = memory ** np.arange(1, len(shared) + 1)
    slow = float(np.clip(shared @ fading / max(fading @ fading, 1e-12), 0.0, max(whole, float(shared[0]))))
    return Noise(memory, slow, max(whole - slow, 1e-4))


def _logs(quiet: pd.Series, level: pd.Series) -> np.ndarray:
    """Log of each day's count over its level, oldest first; NaN where the day was not wholly seen.

    Days end with the last hour, so that the first may be short.
    """
    table = pd.DataFrame({"seen": quiet, "level": level.reindex(quiet.index).where(quiet.notna())})
    blocks = table.groupby(_day_of(len(table)), sort=True)
    whole = (blocks["seen"].count() == 24).to_numpy()
    sums = blocks[["seen", "level"]].sum()
    return np.where(whole, np.log((sums["seen"] + 0.5) / (sums["level"] + 0.5)), np.nan)[::-1]


def _day_of(hours: int) -> np.ndarray:
    """The day of each hour, counted backwards from the last."""
    return np.arange(hours)[::-1] // 24


def _calm(quiet: pd.Series, level: pd.Series, burst: float) -> pd.Series:
    """`quiet` without days that stand `burst` robust deviations above the others: an earlier burst is no noise."""
    logs = _logs(quiet, level)
    if np.isnan(logs).all():
        return quiet
    off = logs - np.nanmedian(logs)
    loud = off > burst * max(1.4826 * float(np.nanmedian(np.abs(off))), 0.05)
    return quiet.where(~loud[::-1][_day_of(len(quiet))])


def _days(logs: np.ndarray) -> tuple[float, float]:
    """Standard deviation of the logs of days over their levels, and how far they carry over to the next day (lag 1,
    freed of its small-sample bias after Kendall 1954)."""
    k = int((~np.isnan(logs)).sum())
    if k < 5:
        return 0.25, 0.8
    off = logs - np.nanmean(logs)
    pairs = off[1:] * off[:-1]
    deviation = float(np.sqrt(np.nansum(off**2) / (k - 1)))
    slope = float(np.nansum(pairs) / max(np.nansum(off**2), 1e-12))
    return float(np.clip(deviation, 0.02, 1.0)), float(np.clip((k * slope + 1) / (k - 3), 0.0, 0.95))


def seasons(
    hours: pd.DatetimeIndex, origin: pd.Timestamp, controls: pd.DataFrame | None, weekly: int = WEEKLY
) -> np.ndarray:
    """Intercept, daily and weekly harmonics of the hours since `origin`, and log1p of the controls."""
    t = ((hours - origin) / pd.Timedelta(hours=1)).to_numpy(dtype=float)
    angles = [2 * np.pi * k * t / 24 for k in range(1, DAILY + 1)]
    angles += [2 * np.pi * k * t / 168 for k in range(1, weekly + 1)]
    columns = [np.ones(len(t))] + [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    if controls is not None:
        columns += list(np.log1p(controls.reindex(hours).to_numpy(dtype=float)).T)
    return np.column_stack(columns)


def regression(y: np.ndarray, design: np.ndarray) -> Fit:
    """The negative-binomial regression, alpha by moments."""
    start = np.zeros(design.shape[1])
    start[0] = np.log(y.mean())
    poisson, _ = _score(y, design, start, 0.0)
    mean = np.exp(design @ poisson)
    alpha = float(max(((y - mean) ** 2 - mean).sum() / (mean**2).sum(), 1e-4))
    return Fit(*_score(y, design, poisson, alpha), alpha)


def _score(y: np.ndarray, design: np.ndarray, start: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Fisher scoring with step halving; statsmodels' undamped GLM diverges on bursty counts and ends in NaN.

    A ridge of 0.001 on all but the intercept keeps seasons finite where every night is empty.
    """
    ridge = np.full(design.shape[1], 1e-3)
    ridge[0] = 0.0

    def loss(b: np.ndarray) -> float:
        linear = np.clip(design @ b, -30, 30)
        mean = np.exp(linear)
        fitted = y * linear - (mean if alpha == 0 else (y + 1 / alpha) * np.log1p(alpha * mean))
        return float((ridge * b * b).sum() / 2 - fitted.sum())

    b, now = start, loss(start)
    for _ in range(100):
        mean = np.exp(np.clip(design @ b, -30, 30))
        hessian = design.T @ (design * (mean / (1 + alpha * mean))[:, None]) + np.diag(ridge + 1e-9)
        step = np.linalg.solve(hessian, design.T @ ((y - mean) / (1 + alpha * mean)) - ridge * b)
        size, then = 1.0, loss(b + step)
        while then > now and size > 1e-4:
            size /= 2
            then = loss(b + size * step)
        if now - then < 1e-9 * (1 + abs(now)):
            break
        b, now = b + size * step, then
    return b, hessian
