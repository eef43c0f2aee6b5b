"""How near the half-life comes to the truth, and its interval holds it: `python -m tests.benchmarks.half_life`.

Series are drawn with an AR(1) and negative-binomial noise about a season, 28 days of it before the incident; the whole
of the measure is run on each, the ordinary level and the split of waves included. Prints one line per kind of decay.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import recovery
from analysis.measures.ordinary import Noise, ordinary
from analysis.simulate.process import season

START = pd.Timestamp("2025-01-06", tz="UTC")
HOUR = pd.Timedelta(hours=1)
RISE = 4
KINDS = {"exponential": None, "power law": 1.4, "two waves": None, "heavy tail": 1.0}
"""Exponent of each kind; a power law with 1.4 is Crane & Sornette's exogenous class."""


NOISE = Noise(memory=0.8, slow=0.0625, quick=0.05)


@dataclass(frozen=True)
class World:
    """`rate` mentions an hour, `peak` times as many above them at the peak, a half-life in hours, days before and
    after it, and the noise; `faster` multiplies the rate of the decay from `turn` hours after the peak on."""

    rate: float = 20.0
    peak: float = 8.0
    half_life: float = 16.0
    before: int = 28
    after: int = 14
    noise: Noise = NOISE
    turn: float = np.inf
    faster: float = 1.0


def shape(kind: str, world: World, since: np.ndarray) -> np.ndarray:
    """Excess relative to the peak, `since` hours after it."""
    rising = np.clip((since + RISE) / RISE, 0, 1)
    late = np.maximum(since - world.turn, 0)

    def falling(u: np.ndarray) -> np.ndarray:
        u, exponent = np.maximum(u, 0), KINDS[kind]
        if exponent is None:
            return 0.5 ** ((u + (world.faster - 1) * late) / world.half_life)
        stretch = (2 ** (1 / exponent) - 1) / world.half_life
        turning = exponent * stretch / (1 + min(world.turn, 1e6) * stretch) * (world.faster - 1)
        return (1 + u * stretch) ** -exponent * np.exp(-turning * late)

    out = rising * falling(since)
    if kind == "two waves":
        second = since - 3 * world.half_life
        out = out + np.where(second >= 0, 0.7 * falling(second), 0.7 * np.clip((second + RISE) / RISE, 0, 1))
    return out


def drawn(kind: str, world: World, rng: np.random.Generator) -> tuple[pd.Series, pd.Timestamp, pd.Timestamp]:
    """Hourly counts, the onset and the true peak."""
    hours = pd.date_range(START, periods=(world.before + world.after) * 24, freq="h")
    since = np.arange(len(hours)) - world.before * 24 - RISE - int(rng.integers(0, 24))
    mean = world.rate * season(hours, "UTC") + world.rate * world.peak * shape(kind, world, since)
    peak = hours[int(np.flatnonzero(since == 0)[0])]
    return pd.Series(world.noise.draw(rng, mean[None])[0], index=hours), peak - RISE * HOUR, peak


def once(kind: str, world: World, rng: np.random.Generator, rule: recovery.Rule | None = None) -> recovery.Recovery:
    counts, onset, peak = drawn(kind, world, rng)
    end = peak + pd.Timedelta(hours=4 * world.half_life)
    return recovery.measure(counts, ordinary(counts, onset), onset, end, rule=rule)


def summary(kind: str, world: World, runs: int, seed: int = 1) -> dict[str, float]:
    """Relative error of the geometric and the plain mean; shares of intervals that hold, refusals, right splits."""
    rng = np.random.default_rng(seed)
    found = [once(kind, world, rng) for _ in range(runs)]
    halves = [one.half_life for one in found if one.half_life.value is not None]
    values = np.array([float(half.value or 0) for half in halves])
    inside = [float(half.low or 0) <= world.half_life <= float(half.high or 0) for half in halves]
    return {
        "bias": float(np.exp(np.log(values).mean())) / world.half_life - 1,
        "mean": float(values.mean()) / world.half_life - 1,
        "covers": float(np.mean(inside)),
        "refused": 1 - len(halves) / runs,
        "waves": float(np.mean([len(one.waves) == (2 if kind == "two waves" else 1) for one in found])),
    }


WORLDS = {
    "as told": World(),
    "H = 40 h": World(half_life=40.0),
    "2 an hour": World(rate=2.0),
    "wandering": World(noise=Noise(memory=0.96, slow=0.1225, quick=0.02)),
}


def main(runs: int) -> None:
    print(f"{runs} runs each, true half-life 16 h unless said; bias is relative")
    print(f"{'noise':10} {'decay':12} {'bias':>6} {'of mean':>8} {'covers':>7} {'refused':>8} {'waves right':>12}")
    for name, world in WORLDS.items():
        for kind in KINDS:
            begun = time.perf_counter()
            got = summary(kind, world, runs)
            print(
                f"{name:10} {kind:12} {got['bias']:6.2f} {got['mean']:8.2f} {got['covers']:7.2f} "
                f"{got['refused']:8.2f} {got['waves']:12.2f}   {(time.perf_counter() - begun) / runs:.2f} s a run",
                flush=True,
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
