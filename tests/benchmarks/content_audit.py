"""How often the content audit finds a simulated fault, and how often it claims one that is not there.

Run: python -m tests.benchmarks.content_audit [seeds]
"""

import sys
from collections import Counter

import pandas as pd

from analysis.archive.audit import content
from tests.benchmarks.miskept import CLEAN, FAULTS


def claims_of(table: pd.DataFrame) -> pd.DataFrame:
    return content.audit(table, brand="Larkwheel", names=["Larkwheel", "u_larkwheel2"])


def found(claims: pd.DataFrame, truth: dict) -> bool:
    """Whether a claim states `truth`: its kind, how, and the values that are given."""
    return any(_states(claim, truth) for claim in claims.to_dict("records"))


def _states(claim: dict, truth: dict) -> bool:
    told = claim["values"] | {"kind": claim["kind"], "brand": claim["brand"]}
    for name, value in truth.items():
        came = told.get(name)
        if isinstance(came, list):
            came = value if value in came else None
        if name == "changed":
            came = value if abs(pd.Timestamp(came) - value) < pd.Timedelta(hours=3) else None
        if came != value:
            return False
    return True


def said(claims: pd.DataFrame) -> set[str]:
    return {
        f"{claim['kind']}.{claim['values']['how']}" if "how" in claim["values"] else claim["kind"]
        for claim in claims.to_dict("records")
    }


def main(seeds: int) -> None:
    print(f"{'clean collection':40s} false alarms of {seeds}")
    for name, make in CLEAN.items():
        wrong: Counter[str] = Counter()
        alarms = 0
        for seed in range(seeds):
            kinds = said(claims_of(make(seed)))
            alarms += bool(kinds)
            wrong.update(kinds)
        print(f"{name:40s} {alarms:3d}  {dict(wrong) or ''}", flush=True)
    print(f"{'fault':40s} found of {seeds}, with other claims beside it")
    for name, fault in FAULTS.items():
        hits, beside = 0, Counter()
        for seed in range(seeds):
            table, truth = fault(seed)
            claims = claims_of(table.reset_index(drop=True))
            hits += found(claims, truth)
            beside.update(kind for kind in said(claims) if not kind.startswith(truth["kind"]))
        print(f"{name:40s} {hits:3d}  {dict(beside) or ''}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
