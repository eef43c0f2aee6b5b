"""How often the impact interval holds the truth, and how often it sees an effect that is there.

Run: python -m tests.benchmarks.impact_coverage [draws]. Prints, per kind of error and length of incident: coverage
where nothing happened and power at several sizes of effect; the same coverage for net sentiment and for heavy-tailed
reactions; and coverage on real quiet weeks of five companies' mentions (../shared/benchmarks/nab).
"""

import sys
import time
from collections.abc import Iterator
from statistics import median

import numpy as np
import pandas as pd

from analysis.measures import impact
from tests.benchmarks import alarm

ERRORS = ("white", "AR(1)", "random walk", "bursts")
LENGTHS = (24, 72)
EFFECTS = (1.25, 1.5, 2.0, 10.0)
START = pd.Timestamp("2024-03-04", tz="UTC")
HOUR = pd.Timedelta(hours=1)


def level(kind: str, n: int, rng: np.random.Generator) -> np.ndarray:
    """The log error of each of `n` hours, of one of ERRORS."""
    out = np.zeros(n)
    if kind == "AR(1)":
        shocks = rng.normal(0, 0.1, n)
        for i in range(1, n):
            out[i] = 0.95 * out[i - 1] + shocks[i]
    elif kind == "random walk":
        out = np.cumsum(rng.normal(0, 0.02, n))
    elif kind == "bursts":
        for at in np.flatnonzero(rng.random(n) < 1 / 120):
            out[at:] += rng.exponential(0.8) * np.exp(-np.arange(n - at) / 8)
    return out


def series(kind: str, days: int, incident_hours: int, rng: np.random.Generator, mean: float = 40.0) -> pd.Series:
    """Hourly counts over `days` before START and the incident after it: daily and weekly seasons times `kind` of error.

    The truth carries no effect; the level error is in logs.
    """
    n = days * 24 + incident_hours
    hours = pd.date_range(START - pd.Timedelta(days=days), periods=n, freq="h")
    season = 0.6 * np.sin(2 * np.pi * hours.hour / 24 - 2) + 0.2 * np.sin(4 * np.pi * hours.hour / 24)
    season = season + np.where(hours.day_of_week >= 5, -0.3, 0.0)
    rate = mean * np.exp(season.to_numpy() + level(kind, n, rng))
    return pd.Series(rng.poisson(rng.gamma(10, rate / 10)), index=hours)


def net_series(
    kind: str, days: int, incident_hours: int, rng: np.random.Generator, shift: float = 0.0
) -> tuple[pd.Series, pd.Series]:
    """Votes and scored mentions per hour; the chance of praise wanders as `kind`, and moves by `shift` at START."""
    scored = series("white", days, incident_hours, rng)
    wander = level(kind, len(scored), rng) * (1.0 if kind != "bursts" else -1.0)
    chance = 1 / (1 + np.exp(0.6 - wander)) + shift * np.asarray(scored.index >= START)
    positive = rng.binomial(scored, np.clip(chance, 0.01, 0.99))
    return pd.Series(2 * positive - scored.to_numpy(), index=scored.index), scored


def holds(found: impact.Impact) -> bool:
    """Whether the interval of the effect holds nought."""
    return float(found.effect.low or 0) <= 0 <= float(found.effect.high or 0)


def engaged(counts: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Reactions per hour to `counts` posts, drawn from a Pareto of exponent 1.1, capped as `hourly.reactions` does."""
    hour = np.repeat(np.arange(len(counts)), counts.to_numpy())
    drawn = np.floor(2 * rng.pareto(1.1, len(hour)))
    cap = np.quantile(drawn[counts.index[hour] < START], 0.95, method="higher")
    return pd.Series(np.bincount(hour, np.minimum(drawn, cap), minlength=len(counts)), index=counts.index)


def engaged_covers(kind: str, incident_hours: int, draws: int, seed: int, days: int = 56, mean: float = 5.0) -> float:
    rng = np.random.default_rng(seed)
    end = START + incident_hours * HOUR
    made = (engaged(series(kind, days, incident_hours, rng, mean), rng) for _ in range(draws))
    return sum(holds(impact.estimate(one, START, end)) for one in made) / draws


def covers(kind: str, incident_hours: int, draws: int, seed: int, days: int = 56, mean: float = 40.0) -> float:
    """The share of `draws` null incidents whose interval for the effect holds 0."""
    rng = np.random.default_rng(seed)
    end = START + incident_hours * HOUR
    return (
        sum(holds(impact.estimate(series(kind, days, incident_hours, rng, mean), START, end)) for _ in range(draws))
        / draws
    )


def net_covers(kind: str, incident_hours: int, draws: int, seed: int, days: int = 56) -> float:
    rng = np.random.default_rng(seed)
    end = START + incident_hours * HOUR
    found = (impact.net_estimate(*net_series(kind, days, incident_hours, rng), START, end) for _ in range(draws))
    return sum(map(holds, found)) / draws


def sees(kind: str, incident_hours: int, times: float, draws: int, *, seed: int, days: int = 56) -> float:
    """The share of `draws` incidents of `times` the usual volume whose interval lies above 0."""
    rng = np.random.default_rng(seed)
    found = 0
    for _ in range(draws):
        counts = series(kind, days, incident_hours, rng)
        counts[START:] = rng.poisson(counts[START:] * times)
        found += float(impact.estimate(counts, START, counts.index[-1] + HOUR).effect.low or 0) > 0
    return found / draws


def quiet(incident_hours: int) -> Iterator[impact.Impact]:
    """Estimates of placebo incidents in the real series, one a day, that touch no labelled window.

    What is labelled stays in the time before them: earlier bursts belong there.
    """
    for one in alarm.series():
        whole = len(one.counts) // 12 * 12
        hourly = one.counts.iloc[:whole].groupby(np.arange(whole) // 12).sum()
        hourly.index = one.counts.index[:whole:12].floor("h")
        labelled = [(first // 12, last // 12 + 1) for first, last in one.windows]
        for at in range(9 * incident_hours, len(hourly) - incident_hours + 1, 24):
            if all(at + incident_hours <= first or last <= at for first, last in labelled):
                yield impact.estimate(hourly, hourly.index[at], hourly.index[at] + incident_hours * HOUR)


def speed(times: int = 50) -> float:
    """Median milliseconds of one estimate, warm."""
    counts = series("white", 56, 72, np.random.default_rng(0))
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        impact.estimate(counts, START, START + 72 * HOUR)
        taken.append(1000 * (time.perf_counter() - begun))
    return median(taken)


def main(draws: int) -> None:
    print(f"{draws} draws, 56 days before, 95% intervals")
    print("error        hours  covers   power at +25%  +50%  +100%  x10   net covers  reactions cover")
    cells, net, tails, powers = [], [], [], []
    for kind in ERRORS:
        for hours in LENGTHS:
            power = [sees(kind, hours, times, draws, seed=2) for times in EFFECTS]
            cells.append(covers(kind, hours, draws, seed=1))
            net.append(net_covers(kind, hours, draws, seed=3))
            tails.append(engaged_covers(kind, hours, draws, seed=4))
            if hours == LENGTHS[-1]:
                powers.append(power)
            print(
                f"{kind:12} {hours:5}  {cells[-1]:.3f}    "
                + "  ".join(f"{p:.2f}" for p in power)
                + f"   {net[-1]:.3f}       {tails[-1]:.3f}",
                flush=True,
            )
    for name, found in (("mentions", cells), ("net sentiment", net), ("reactions", tails)):
        print(f"overall, {name}: {np.mean(found):.3f}, worst {min(found):.3f}")
    print(
        f"power at {LENGTHS[-1]} h, averaged over the four kinds of error: "
        + ", ".join(f"+{times - 1:.0%} {p:.2f}" for times, p in zip(EFFECTS, np.mean(powers, axis=0), strict=True))
    )
    sparse = [covers(kind, 24, draws, seed=6, mean=0.8) for kind in ERRORS]
    print(f"mentions at 0.8 an hour, 24 h: {np.mean(sparse):.3f}, worst {min(sparse):.3f}")
    for hours in LENGTHS:
        held = [holds(one) for one in quiet(hours) if one.effect.value is not None] if alarm.FOLDER.is_dir() else []
        told = f"{np.mean(held):.3f} of {len(held)}" if held else "skipped: needs ../shared/benchmarks/nab"
        print(f"real quiet windows, {hours} h: {told}")
    print(f"one estimate: {speed():.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
