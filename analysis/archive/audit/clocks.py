"""Clocks that cannot both be right: answers older than what they answer, and posts seen before they were posted.

Whether a clock is in the wrong zone cannot be told from the hours at which people post: that depends on who they are
and where. It can be told where two records of the same moment contradict each other.
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import WHOLE, claim

STEP = 0.25
"""Hours: the smallest step between time zones. What is off by less is no zone."""


def claims(table: pd.DataFrame, least: int = 30, share: float = 0.1) -> list[dict[str, Any]]:
    """Claims clock_shift: `how` is answers (between two files), within (one file) or seen (before it was posted)."""
    return _answers(table, least, share) + _seen(table, least, share)


def _answers(table: pd.DataFrame, least: int, share: float) -> list[dict[str, Any]]:
    """Files whose posts answer others before these were posted, by a quarter of an hour or more."""
    has_parent = table["parent_id"].notna().to_numpy()
    at = pd.Index(table["id"]).get_indexer(pd.Index(table["parent_id"][has_parent]))
    child, parent = np.flatnonzero(has_parent)[at >= 0], at[at >= 0]
    source = table["source"].fillna("").astype(str).to_numpy()
    hours = table["published_at"].astype("int64").to_numpy() / 3.6e9
    pairs = pd.DataFrame(
        {"answers": source[child], "answered": source[parent], "lag": hours[child] - hours[parent], "child": child}
    )
    out = []
    for (answers, answered), mine in pairs.groupby(["answers", "answered"], sort=True):
        early = mine["lag"] <= -STEP
        within = answers == answered
        # One program wrote both, so that a few such answers tell as much as many between two files.
        if len(mine) < least or early.sum() < max(least, share * len(mine) * (0.5 if within else 1.0)):
            continue
        how = "within" if within else "answers"
        values = {"how": how, "rows": len(mine), "texts": int(early.sum()), "share": float(early.mean())}
        hours_off = _floor_of(mine.loc[early if within else slice(None), "lag"].to_numpy())
        rows = table.iloc[mine["child"]]
        out.append(
            claim("clock_shift", rows, WHOLE, (str(answers),), values | {"other": str(answered), "hours": hours_off})
        )
    return out


def _floor_of(lag: np.ndarray) -> float:
    """How far the shortest lags lie under nought, in quarter hours: answers come within minutes, some at least."""
    return float(np.round(-np.quantile(lag, 0.02) / STEP) * STEP)


def _seen(table: pd.DataFrame, least: int, share: float) -> list[dict[str, Any]]:
    """Files whose posts were seen before they were posted."""
    off: dict[float, dict[str, pd.Series]] = {}
    early = (table["published_at"] - table["last_seen"]).dt.total_seconds() / 3600
    for name, lag in early.dropna().groupby(table["source"].astype(str), sort=True):
        ahead = lag[lag >= STEP]
        if len(ahead) >= max(least, share * len(lag)):
            hours_off = float(np.round(ahead.quantile(0.98) / STEP) * STEP)
            off.setdefault(hours_off, {})[str(name)] = lag
    out = []
    for hours_off, by_file in sorted(off.items()):
        lag = pd.concat(list(by_file.values()))
        early_ones = int((lag >= STEP).sum())
        told = {"how": "seen", "rows": len(lag), "texts": early_ones, "share": early_ones / len(lag)}
        out.append(claim("clock_shift", table.loc[lag.index], WHOLE, tuple(by_file), told | {"hours": hours_off}))
    return out
