"""The replayed alarm on labelled series of mentions: `python -m tests.benchmarks.alarm`.

Prints, for bins of 5 and 15 minutes and of an hour, the score of the Numenta Anomaly Benchmark (after Lavin & Ahmad
2015, arXiv 1510.03336; scored by the code below) in its standard and its low-false-positive profile, windows found, and
alarms outside of them. The rule was fixed before; nothing here chooses anything.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures import alarm

FOLDER = Path(__file__).resolve().parents[3] / "shared/benchmarks/nab"
PROFILES = {"standard": "standard", "low FP": "reward_low_FP_rate"}
BINS = {"5min": 1, "15min": 3, "1h": 12}
PROBATION, PROBATION_ROWS = 0.15, 5000


@dataclass(frozen=True)
class Series:
    """A series in bins of five minutes, and the first and last row of each labelled window."""

    name: str
    counts: pd.Series
    windows: list[tuple[int, int]]


def main() -> None:
    data = series()
    profiles = json.loads((FOLDER / "profiles.json").read_text(encoding="utf-8"))
    print(f"{len(data)} series, {sum(len(one.windows) for one in data)} labelled windows")
    print(f"{'bins':6} {'standard':>9} {'low FP':>9} {'found':>6} {'false alarms':>13}")
    for size, fold in BINS.items():
        rows = [detections(one, size, fold) for one in data]
        scores = {}
        for name, key in PROFILES.items():
            costs = profiles[key]["CostMatrix"]
            raw = [raw_score(at, len(one.counts), one.windows, costs) for at, one in zip(rows, data, strict=True)]
            scores[name] = normalised(sum(raw), sum(len(one.windows) for one in data), costs)
        found = sum(
            any(first <= row <= last for row in at)
            for at, one in zip(rows, data, strict=True)
            for first, last in one.windows
        )
        outside = sum(
            not any(first <= row <= last for first, last in one.windows) and row >= probation(len(one.counts))
            for at, one in zip(rows, data, strict=True)
            for row in at
        )
        print(f"{size:6} {scores['standard']:9.1f} {scores['low FP']:9.1f} {found:6} {outside:13}")


def series() -> list[Series]:
    labelled = json.loads((FOLDER / "windows.json").read_text(encoding="utf-8"))
    found = []
    for name, windows in sorted(labelled.items()):
        file = FOLDER / name.split("/")[-1]
        if not file.is_file():
            continue
        table = pd.read_csv(file)
        times = table["timestamp"].to_numpy("datetime64[us]")
        index = pd.date_range(table["timestamp"].iloc[0], periods=len(table), freq="5min", tz="UTC")
        rows = [
            (
                int(np.searchsorted(times, np.datetime64(first))),
                int(np.searchsorted(times, np.datetime64(last), "right")) - 1,
            )
            for first, last in windows
        ]
        found.append(Series(file.stem, pd.Series(table["value"].to_numpy(), index=index), rows))
    return found


def detections(one: Series, size: str, fold: int) -> list[int]:
    """Rows of the five-minute series at which the alarm rings, in bins `fold` times as long."""
    whole = len(one.counts) // fold * fold
    y = one.counts.to_numpy()[:whole].reshape(-1, fold).sum(axis=1)
    index = pd.date_range(one.counts.index[0], periods=len(y), freq=size)
    found = alarm.replay(pd.Series(y, index=index), index[-1])
    ends = found.scores["knowable"]
    return [(int(ends.searchsorted(moment)) + 1) * fold - 1 for moment in alarm.alarms(found)]


def probation(rows: int) -> int:
    return int(PROBATION * min(rows, PROBATION_ROWS))


def raw_score(at: Sequence[int], rows: int, windows: list[tuple[int, int]], costs: dict[str, float]) -> float:
    """What detections at rows `at` earn and cost: the first in a window by how early it is, others by how far off."""
    counted = [row for row in at if row >= probation(rows)]
    total = 0.0
    for first, last in windows:
        inside = [row for row in counted if first <= row <= last]
        early = -(last - min(inside) + 1) / (last - first + 1) if inside else 0.0
        total += costs["tpWeight"] * _sigmoid(early) / _sigmoid(-1.0) if inside else -costs["fnWeight"]
    for row in counted:
        if any(first <= row <= last for first, last in windows):
            continue
        passed = [(first, last) for first, last in windows if last < row]
        off = (row - passed[-1][1]) / (passed[-1][1] - passed[-1][0]) if passed else 3.0
        total += costs["fpWeight"] * _sigmoid(off)
    return total


def normalised(raw: float, windows: int, costs: dict[str, float]) -> float:
    """0 for an alarm that keeps silent, 100 for one that rings as each window opens and never else."""
    silent = -costs["fnWeight"] * windows
    return 100 * (raw - silent) / (costs["tpWeight"] * windows - silent)


def _sigmoid(place: float) -> float:
    return 2 / (1 + exp(5 * place)) - 1 if place < 3 else -1.0


if __name__ == "__main__":
    main()
