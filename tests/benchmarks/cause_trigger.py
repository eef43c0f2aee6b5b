"""Which cause set it off, on simulated incidents whose truth is known: `python -m tests.benchmarks.cause_trigger`.

Every incident has 28 quiet days, then causes that rise. In the first lines all rise together, and each cause that is
said to have joined later, and each trigger that is named, is an error: it is to be in at most one in twenty. In the
next, one sets it off and the others join some hours later, and the table says how often it is named, and how often
another is. `rose` has no incident at all.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.measures import cause_trigger
from analysis.measures.cause_course import complaints
from analysis.measures.estimate import Estimate

START = pd.Timestamp("2024-03-01", tz="UTC")
QUIET, LASTS = 28 * 24, 7 * 24
ONSET = START + pd.Timedelta(hours=QUIET)


@dataclass(frozen=True)
class World:
    """Causes of sizes in proportion to `weights`, `total` complaints above the ordinary among them.

    `lags` hours after the onset each begins; from there it climbs for `climb` hours and falls by half every `half`
    hours. `ordinary` complaints an hour of all causes; `daily` is how far these and all others follow the time of day;
    `shared` and `own` are gamma variances of each hour, of all causes alike and of each by itself. One in `repeats`
    complaints is by an author who has complained before; `mixed` is the share given the cause of another.
    """

    weights: tuple[float, ...] = (1, 1, 1, 1)
    lags: tuple[float, ...] = (0, 0, 0, 0)
    total: int = 400
    climb: float = 3.0
    half: tuple[float, ...] = (20,)
    ordinary: float = 0.4
    daily: float = 0.5
    shared: float = 0.0
    own: float = 0.0
    repeats: float = 0.0
    mixed: float = 0.0


def draw(world: World, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Complaints, hours (all seen) and causes of one incident."""
    kinds, hour = len(world.weights), np.arange(QUIET + LASTS)
    since = hour - QUIET + 0.5
    weights, lags = np.array(world.weights, dtype=float), np.array(world.lags, dtype=float)
    halves = np.resize(world.half, kinds)
    age = since[None, :] - lags[:, None]
    shape = np.where(age > 0, np.minimum(age / world.climb, 0.5 ** ((age - world.climb) / halves[:, None])), 0.0)
    shape = np.minimum(shape, 1.0) * (1 + world.daily * np.sin(2 * np.pi * hour / 24))
    size = world.total * weights / weights.sum()
    mean = shape / shape.sum(axis=1, keepdims=True) * size[:, None] if world.total else shape * 0
    mean = mean + world.ordinary / kinds * (1 + world.daily * np.sin(2 * np.pi * hour / 24))
    if world.shared:
        mean = mean * rng.gamma(1 / world.shared, world.shared, len(hour))
    if world.own:
        mean = mean * rng.gamma(1 / world.own, world.own, mean.shape)
    counts = rng.poisson(mean)
    cause, when = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    n = len(cause)
    times = START + pd.to_timedelta(when + rng.random(n), unit="h")
    stray = rng.random(n) < world.mixed
    cause = np.where(stray, rng.integers(0, kinds, n), cause)
    author = np.where(rng.random(n) < world.repeats, rng.integers(0, max(n // 20, 1), n), n + np.arange(n))
    rows = pd.DataFrame({"id": np.arange(n).astype(str), "published_at": times.as_unit("us"), "cause": cause})
    rows = rows.assign(author=[f"u_{k}" for k in author], from_brand=False)
    rows["cause"] = rows["cause"].astype("Int64")
    index = pd.date_range(START, periods=len(hour), freq="h").as_unit("us")
    hours = pd.DataFrame({"hour": index, "state": "seen"})
    return complaints(rows), hours, pd.DataFrame({"cause": np.arange(kinds)})


def answer(world: World, rng: np.random.Generator) -> cause_trigger.Trigger:
    rows, hours, causes = draw(world, rng)
    onset = Estimate(ONSET.isoformat(), "time", 1, "truth", ONSET.isoformat(), ONSET.isoformat())
    return cause_trigger.measure(
        rows,
        hours,
        causes,
        since=START,
        onset=onset,
        peak=ONSET + pd.Timedelta(hours=world.climb + 1),
        end=ONSET + pd.Timedelta(hours=LASTS),
    )


def rates(world: World, draws: int, seed: int = 7) -> dict[str, float]:
    """Shares of draws: named (cause 0 set it off), wrong (another did), joined (of true joiners, said to have joined),
    falsely (any cause without a lag said to have joined), covered (of rises, low ≤ truth ≤ high), rose (any)."""
    rng = np.random.default_rng(seed)
    tally: dict[str, list[float]] = {name: [] for name in ("named", "wrong", "joined", "falsely", "covered", "rose")}
    for _ in range(draws):
        found = answer(world, rng)
        table = found.causes
        sole = found.verdict == "set_off"
        tally["named"].append(sole and found.named == (0,))
        tally["wrong"].append(sole and found.named != (0,))
        late = np.array(world.lags) > 0
        joined = (table["state"] == "joined").to_numpy(dtype=bool)
        tally["joined"].extend(joined[late])
        tally["falsely"].append(bool(joined[~late].any()))
        tally["rose"].append(bool((table["state"] != "no_rise").any()))
        truth = ONSET + pd.to_timedelta(np.array(world.lags), unit="h")
        risen = (table["state"] != "no_rise").to_numpy(dtype=bool)
        held = (table["low"] <= truth + pd.Timedelta(hours=1)) & (table["high"] >= truth)
        tally["covered"].extend(held.to_numpy(dtype=bool)[risen])
    return {name: float(np.mean(values)) if values else float("nan") for name, values in tally.items()}


def late(lag: float, total: int) -> World:
    return World(lags=(0, lag, lag, lag), total=total)


def worlds() -> dict[str, World]:
    """The incidents that are measured, by name."""
    eight = (8.0, 4.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0)
    even = World()
    together = {
        "together": even,
        "together, 3,000": replace(even, total=3000),
        "together, of 8 sizes": World(weights=eight, lags=(0.0,) * 8, total=1000),
        "together, slow climb": World(weights=eight, lags=(0.0,) * 8, total=1000, climb=24),
        "together, each fades at its pace": replace(even, total=1500, half=(8, 16, 32, 64)),
        "together, bursts shared": replace(even, total=1500, shared=0.5),
        "together, bursts of each": replace(even, total=1500, own=0.3),
        "together, strong bursts of each": replace(even, total=1500, own=0.6),
        "together, repeats and strays": replace(even, total=1500, repeats=0.3, mixed=0.1),
        "together, much ordinary": replace(even, ordinary=6.0),
    }
    return together | {
        "nothing rises": replace(even, total=0),
        "nothing rises, restless": replace(even, total=0, ordinary=4.0, own=0.5),
        **{f"joined after {lag} h, {n:,}": late(lag, n) for n in (150, 400, 1500) for lag in (3.0, 8.0, 24.0)},
        "joined after 8 h, one in ten strays": replace(late(8.0, 1500), mixed=0.1),
        "joined after 8 h, repeats": replace(late(8.0, 400), repeats=0.3, shared=0.3),
        "a small trigger": replace(late(8.0, 1000), weights=(1, 4, 4, 4)),
        "one joins after 12 h": World(lags=(0, 0, 0, 12), total=800),
    }


def main(draws: int = 200) -> None:
    print(f"{'':38}" + "".join(f"{name:>9}" for name in ("named", "wrong", "joined", "falsely", "covered", "rose")))
    for name, world in worlds().items():
        print(f"{name:38}" + "".join(f"{rate:9.3f}" for rate in rates(world, draws).values()), flush=True)


if __name__ == "__main__":
    main()
