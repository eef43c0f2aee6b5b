"""How often a response is said to have helped that did not, and that did: `python -m tests.benchmarks.response_effect`.

Series as in `half_life`, 60 days of them before the incident; the response comes one half-life after the peak, and the
decay goes on as before, twice or four times as fast. A verdict counts where p is under 0.05; a refusal is no verdict.
"""

import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.measures import course, recovery
from analysis.measures.ordinary import Noise, ordinary
from tests.benchmarks.half_life import World, drawn

WORLDS = {
    "as told": World(half_life=24.0, before=60, turn=24.0),
    "wandering": World(half_life=24.0, before=60, turn=24.0, noise=Noise(memory=0.96, slow=0.1225, quick=0.02)),
    "2 an hour": World(rate=2.0, half_life=24.0, before=60, turn=24.0),
}


def once(kind: str, world: World, rng: np.random.Generator) -> course.Effect:
    counts, onset, peak = drawn(kind, world, rng)
    usual = ordinary(counts, onset)
    found = recovery.measure(counts, usual, onset, peak + pd.Timedelta(hours=96), rule=recovery.Rule(draws=40))
    if found.decline is None:
        return course.Effect(found.half_life, None, None, None)
    return course.effect(found.decline, usual, peak + pd.Timedelta(hours=world.turn), found.half_life)


def summary(kind: str, world: World, runs: int, seed: int = 1) -> dict[str, float]:
    """Share of runs with a verdict, of refusals, and the median of how many times faster."""
    rng = np.random.default_rng(seed)
    found = [once(kind, world, rng) for _ in range(runs)]
    tested = [one for one in found if one.p is not None]
    return {
        "seen": sum(float(one.p or 0) < 0.05 for one in tested) / runs,
        "refused": 1 - len(tested) / runs,
        "times": float(np.median([float(one.faster.value or 0) for one in tested])) if tested else float("nan"),
    }


def main(runs: int) -> None:
    print(f"{runs} runs each, p < 0.05; times: median of how many times faster the decay is said to be")
    print(f"{'noise':10} {'decay':12} {'truth':>6} {'seen':>6} {'refused':>8} {'times':>6}")
    for name, world in WORLDS.items():
        for kind in ("exponential", "power law"):
            for faster in (1.0, 2.0, 4.0):
                begun = time.perf_counter()
                got = summary(kind, replace(world, faster=faster), runs)
                print(
                    f"{name:10} {kind:12} {f'x{faster:g}':>6} {got['seen']:6.2f} {got['refused']:8.2f} "
                    f"{got['times']:6.1f}   {(time.perf_counter() - begun) / runs:.2f} s a run",
                    flush=True,
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
