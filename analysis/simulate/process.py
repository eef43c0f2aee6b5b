"""How many mentions, and when: the volume of a simulated archive, hour by hour."""

from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

Noise = Literal["white", "ar1", "level", "bursty"]

_DAYTIME = np.array(
    [
        *(0.35, 0.2, 0.13, 0.1, 0.12, 0.3, 0.75, 1.5, 1.7, 1.25, 1.0, 1.05),  # before noon
        *(1.35, 1.2, 0.95, 0.95, 1.05, 1.45, 1.75, 1.55, 1.45, 1.4, 1.1, 0.7),
    ]
)
_WEEKDAY = np.array([1.05, 1.08, 1.06, 1.04, 1.1, 0.88, 0.79])
_START = "2025-01-06"  # a Monday, so that a series begins with a whole week


def season(hours: pd.DatetimeIndex, zone: str) -> np.ndarray:
    """Weights, 1 on average, of the hour of the day and the day of the week in `zone`; `hours` are UTC."""
    local = hours.tz_convert(ZoneInfo(zone))
    daytime = _DAYTIME / _DAYTIME.mean()
    weekday = _WEEKDAY / _WEEKDAY.mean()
    return daytime[local.hour.to_numpy()] * weekday[local.day_of_week.to_numpy()]


def burst_shape(
    since: np.ndarray, growth: float, half_life: float, turn: float | None = None, half_life_after: float | None = None
) -> np.ndarray:
    """Excess relative to its peak, `since` hours after the onset: a straight rise over `growth` hours, then a decay.

    The excess halves every `half_life` hours; from `turn` (hours after the onset) on, every `half_life_after`.
    Zero before the onset.
    """
    rise = np.clip(since / growth, 0, 1) if growth > 0 else (since >= 0).astype(float)
    fall = np.clip(since - growth, 0, None)
    if turn is None or half_life_after is None:
        return rise * 0.5 ** (fall / half_life)
    before = np.minimum(fall, turn - growth)
    return rise * 0.5 ** (before / half_life + (fall - before) / half_life_after)


def curve(
    hours: int,
    rate: float,
    burst: float = 0.0,
    half_life: float = 12.0,
    *,
    onset: int | None = None,
    growth: float = 3.0,
    turn: float | None = None,
    half_life_after: float | None = None,
    start: str = _START,
    zone: str = "UTC",
) -> pd.DataFrame:
    """What `counts` scatters about: `baseline` and `excess`, expected mentions per hour, by UTC hour.

    `rate` is the average per hour without a crisis, `burst` the peak of the excess as a multiple of it (0: no crisis).
    `onset` and `turn` are hours from the start of the series; by default the onset is 72 hours before its end.
    """
    index = pd.date_range(start, periods=hours, freq="h", tz="UTC")
    at = hours - 72 if onset is None else onset
    shape = burst_shape(
        np.arange(hours) + 0.5 - at, growth, half_life, None if turn is None else turn - at, half_life_after
    )
    return pd.DataFrame({"baseline": rate * season(index, zone), "excess": burst * rate * shape}, index=index)


def counts(
    hours: int,
    rate: float,
    burst: float = 0.0,
    half_life: float = 12.0,
    *,
    noise: Noise = "white",
    seed: int = 0,
    **shape: object,
) -> pd.Series:
    """Hourly counts (int64, UTC index) about `curve(hours, rate, burst, half_life, **shape)`.

    The noise is a factor with mean 1 on baseline and excess, and Poisson counts about the product:
    "white" independent gamma (a negative binomial), "ar1" a log-AR(1) that forgets in about a day, "level" a log random
    walk, "bursty" independent gamma and about one small burst of a few hours per week.
    """
    rng = np.random.default_rng(seed)
    expected = curve(hours, rate, burst, half_life, **shape)  # type: ignore[arg-type]
    mean = expected.sum(axis=1).to_numpy() * _noise(rng, hours, noise)
    return pd.Series(rng.poisson(mean), index=expected.index, name="mentions", dtype="int64")


def autoregression(rng: np.random.Generator, steps: int, memory: float, spread: float) -> np.ndarray:
    """A factor with mean 1 whose logarithm is an AR(1) with coefficient `memory` and standard deviation `spread`."""
    state = np.empty(steps)
    state[0] = rng.normal(0, spread)
    shocks = rng.normal(0, spread * np.sqrt(1 - memory**2), steps)
    for step in range(1, steps):
        state[step] = memory * state[step - 1] + shocks[step]
    return np.exp(state - spread**2 / 2)


def _noise(rng: np.random.Generator, hours: int, noise: Noise) -> np.ndarray:
    if noise == "white":
        return rng.gamma(10, 0.1, hours)
    if noise == "ar1":
        return autoregression(rng, hours, memory=0.96, spread=0.35)
    if noise == "level":
        walk = np.cumsum(rng.normal(0, 0.012, hours))
        return np.exp(walk - 0.012**2 * np.arange(hours) / 2)
    if noise == "bursty":
        factor = rng.gamma(10, 0.1, hours)
        for at in np.flatnonzero(rng.random(hours) < 1 / 168):
            factor += rng.lognormal(0.7, 0.5) * burst_shape(np.arange(hours) - at + 0.5, 1.0, 2.0)
        return factor / factor.mean()
    raise ValueError(f"unknown noise {noise!r}: use white, ar1, level or bursty")


def arrivals(rng: np.random.Generator, hours: pd.DatetimeIndex, expected: np.ndarray) -> pd.DatetimeIndex:
    """Times (UTC, whole seconds, ascending) of a Poisson process with `expected` events in each of `hours`."""
    number = rng.poisson(expected)
    seconds = np.repeat(hours.as_unit("s").asi8, number) + rng.integers(0, 3600, number.sum())
    return pd.DatetimeIndex(np.sort(seconds).astype("datetime64[s]")).tz_localize("UTC")
