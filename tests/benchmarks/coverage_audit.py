"""How often the coverage audit finds a simulated fault, and how often it claims one that is not there.

Run: python -m tests.benchmarks.coverage_audit [seeds]
"""

import sys
from collections import Counter

import numpy as np
import pandas as pd

from analysis.archive.audit.coverage import audit
from analysis.archive.audit.flow import stamp
from tests.benchmarks.collected import CLEAN, FAULTS, posts, table

NATURAL = ("partial_edge",)
"""Claims that a clean archive may carry: its span has to begin and end somewhere."""


def found(claims: pd.DataFrame, truth: dict) -> bool:
    """Whether a claim states `truth`: its kind and values, and four fifths of its stretch."""
    kinds = truth["kind"] if isinstance(truth["kind"], tuple) else (truth["kind"],)
    mine = claims[claims["kind"].isin(kinds) & (claims["brand"] == truth.get("brand", ""))]
    for name, value in truth.items():
        if name in ("kind", "brand", "start", "end"):
            continue
        mine = mine[np.array([_same(values.get(name), value) for values in mine["values"]], dtype=bool)]
    if "start" in truth and len(mine):
        start, end = stamp(truth["start"]), stamp(truth["end"])
        shared = mine["end"].clip(upper=end) - mine["start"].clip(lower=start)
        return shared[shared > pd.Timedelta(0)].sum() >= 0.8 * (end - start)
    return len(mine) > 0


def _same(came: object, value: object) -> bool:
    if isinstance(value, int | float) and isinstance(came, int | float):
        return abs(came - value) <= max(0.02, 0.01 * abs(value))
    return came == value


def main(seeds: int) -> None:
    print(f"{'clean archive':40s} false alarms of {seeds}")
    for name, settings in CLEAN.items():
        wrong: Counter[str] = Counter()
        alarms = 0
        for seed in range(seeds):
            claims = audit(table({"A": posts(seed, **settings)})).claims
            kinds = set(claims["kind"]) - set(NATURAL)
            alarms += bool(kinds)
            wrong.update(kinds)
        print(f"{name:40s} {alarms:3d}  {dict(wrong) or ''}", flush=True)
    print(f"{'fault':40s} found of {seeds}, with other claims beside it")
    for name, make in FAULTS.items():
        hits, missed, beside = 0, [], Counter()
        for seed in range(seeds):
            archive, truth = make(seed)
            claims = audit(archive).claims
            hits += (hit := found(claims, truth))
            if not hit:
                missed.append(seed)
            kinds = truth["kind"] if isinstance(truth["kind"], tuple) else (truth["kind"],)
            beside.update(set(claims["kind"]) - set(kinds) - set(NATURAL))
        print(f"{name:40s} {hits:3d}  {dict(beside) or ''} {'missed ' + str(missed[:6]) if missed else ''}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
