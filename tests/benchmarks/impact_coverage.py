"""How often the impact interval holds the truth, and how often it sees an effect that is there.

Run: python tests/benchmarks/impact_coverage.py [draws]. Prints one line per kind of error and length of incident.
"""

import sys
import time

import numpy as np
import pandas as pd

from analysis.measures import impact

ERRORS = ("white", "AR(1)", "random walk", "bursts")
START = pd.Timestamp("2024-03-04", tz="UTC")


def series(kind: str, days: int, incident_hours: int, rng: np.random.Generator, mean: float = 40.0) -> pd.Series:
    """Hourly counts over `days` before START and the incident after it: daily and weekly seasons times `kind` of error.

    The truth carries no effect; the level error is in logs.
    """
    n = days * 24 + incident_hours
    hours = pd.date_range(START - pd.Timedelta(days=days), periods=n, freq="h")
    season = 0.6 * np.sin(2 * np.pi * hours.hour / 24 - 2) + 0.2 * np.sin(4 * np.pi * hours.hour / 24)
    season = season + np.where(hours.day_of_week >= 5, -0.3, 0.0)
    level = np.zeros(n)
    if kind == "AR(1)":
        shocks = rng.normal(0, 0.1, n)
        for i in range(1, n):
            level[i] = 0.95 * level[i - 1] + shocks[i]
    elif kind == "random walk":
        level = np.cumsum(rng.normal(0, 0.02, n))
    elif kind == "bursts":
        for at in np.flatnonzero(rng.random(n) < 1 / 120):
            level[at:] += rng.exponential(0.8) * np.exp(-np.arange(n - at) / 8)
    rate = mean * np.exp(season.to_numpy() + level)
    return pd.Series(rng.poisson(rng.gamma(10, rate / 10)), index=hours)


def covers(kind: str, incident_hours: int, draws: int, seed: int, days: int = 56) -> float:
    """The share of `draws` null incidents whose interval for the effect holds 0."""
    rng = np.random.default_rng(seed)
    inside = 0
    for _ in range(draws):
        counts = series(kind, days, incident_hours, rng)
        effect = impact.estimate(counts, START, START + pd.Timedelta(hours=incident_hours)).effect
        inside += float(effect.low or 0) <= 0 <= float(effect.high or 0)
    return inside / draws


def sees(kind: str, incident_hours: int, times: float, draws: int, *, seed: int, days: int = 56) -> float:
    """The share of `draws` incidents of `times` the usual volume whose interval lies above 0."""
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(draws):
        counts = series(kind, days, incident_hours, rng)
        counts[START:] = rng.poisson(counts[START:] * times)
        found += float(impact.estimate(counts, START, counts.index[-1] + pd.Timedelta(hours=1)).effect.low or 0) > 0
    return found / draws


def main(draws: int) -> None:
    print(f"{draws} draws, 56 days before, 95% intervals")
    print("error        hours  covers   power at +25%  +50%  +100%  x10")
    for kind in ERRORS:
        for hours in (24, 72):
            power = [sees(kind, hours, times, draws // 4, seed=2) for times in (1.25, 1.5, 2, 10)]
            print(
                f"{kind:12} {hours:5}  {covers(kind, hours, draws, seed=1):.3f}    "
                + "  ".join(f"{p:.2f}" for p in power)
            )
    counts = series("white", 56, 72, np.random.default_rng(0))
    begun = time.perf_counter()
    impact.estimate(counts, START, START + pd.Timedelta(hours=72))
    print(f"one estimate: {1000 * (time.perf_counter() - begun):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
