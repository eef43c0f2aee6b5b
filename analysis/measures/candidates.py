"""Where in an archive an incident may lie: stretches that stand out, found with the whole archive in view.

A stretch is what the replayed alarm (`measures.alarm`) scores at a low threshold, joined over quiet days, dated
against the ordinary level of the same hour of the week over all of the archive (`measures.onset`). Candidates are
ranked by the sum of two ranks: of the highest score, and of the largest excess in twelve hours, which was measured to
find more labelled incidents than either alone: `python -m tests.benchmarks.finder`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.measures import alarm, onset

DAY = pd.Timedelta(days=1)
HOUR = pd.Timedelta(hours=1)
STEP = onset.STEP
COLUMNS = {
    "start": "datetime64[us, UTC]",
    "start_low": "datetime64[us, UTC]",
    "peak": "datetime64[us, UTC]",
    "highest": "datetime64[us, UTC]",
    "end": "datetime64[us, UTC]",
    "last": "datetime64[us, UTC]",
    "mentions": "Int64",
    "whole": "boolean",
    "times": "float64",
    "z": "float64",
    "score": "float64",
    "excess": "float64",
    "extra": "float64",
    "listed": "boolean",
    "why": "string",
}
Reason = Literal["too_short", "too_few", "not_seen"]


@dataclass(frozen=True)
class Rule:
    """What a candidate is: proposals to change, not laws.

    `score` of the replayed alarm from which a bin belongs to one; `apart` is how long quiet lasts between two. One is
    listed where its bins above ordinary hold at least `mentions`, one of them `peak_ratio` times its ordinary, and it
    came suddenly or lasted. Suddenly: the alarm would have rung (its threshold is `alarm.Rule.threshold`), and a bin
    held `times` its ordinary mentions. Lasted: the z of the loudest `excess` hours add up to `z` standard deviations
    of as many independent ones, and all in all `days` of ordinary mentions came on top of the ordinary.
    """

    score: float = 0.3
    apart: pd.Timedelta = DAY
    times: float = 3.0
    peak_ratio: float = 2.0
    days: float = 1.0
    mentions: int = 50
    excess: pd.Timedelta = DAY / 2
    z: float = 3.0


@dataclass(frozen=True)
class Candidates:
    """`table` has a row per stretch in order of time, typed as COLUMNS; all times UTC, starts of hours (or days).

    `start` is the first bin that stands out; `start_low` the end of the last ordinary bin seen before it (they are the
    same where nothing was hidden, and it is null where nothing was seen before). `highest` is the highest bin of those
    seen, and `peak` the same where all between start and end were. `end` is the first bin that opens 24 ordinary hours
    (3 days), null where the archive stops or goes blind before; `last` is the end of the last bin above ordinary.
    `mentions` were collected in [start, end or `last`), all that were said where `whole`. `times` is the highest bin
    against its ordinary level, `z` its robust z, `score` the alarm's highest (null where it could not judge),
    `excess` the sum of z over the loudest twelve hours (one day), `extra` the mentions on top of the ordinary level (of
    bins that were seen), in ordinary days. `listed` says whether it stands out enough to be
    shown, and `why` not: quiet, low_peak or few_mentions. `level` holds the counted and the ordinary mentions:
    start, mentions, at_least, ordinary. `reason` says why nothing was looked for.
    """

    table: pd.DataFrame
    level: pd.DataFrame
    bin: onset.Bin
    reason: Reason | None


def find(
    counts: pd.Series,
    *,
    at_least: pd.Series | None = None,
    rule: Rule | None = None,
    alarm_rule: alarm.Rule | None = None,
) -> Candidates:
    """The candidates in `counts`: mentions by bin start (UTC, even bins of 5 minutes to a day), null where not seen.

    `at_least` (same index) is what was counted whatever was seen. The ordinary level is the median over the whole
    archive, and then, where enough is left, over what a first look did not find; an incident that fills most of the
    archive is not found. Refused as "too_short" under 3 seen days of every hour
    of the day (7 days where bins are days), "too_few" where the archive holds fewer mentions than a candidate needs,
    and "not_seen" where no bin was wholly seen. Raises ValueError where bins are uneven.
    """
    rule = rule or Rule()
    held = at_least if at_least is not None else counts
    step = counts.index[1] - counts.index[0] if len(counts) > 1 else HOUR
    size: onset.Bin = "1h" if step <= HOUR else "1D"
    y, bound = _summed(counts, size), _summed(held.fillna(0), size)
    known = y.dropna()
    reason: Reason | None = None
    if known.empty:
        reason = "not_seen"
    elif _too_short(known, size):
        reason = "too_short"
    elif bound.sum() < rule.mentions:
        reason = "too_few"
    if reason:
        return Candidates(_typed([]), _level(y, bound, None), size, reason)
    series = _Series(counts, at_least, y, bound, size)
    calm = known[~_inside(_look(series, known, rule, alarm_rule), known.index)]
    known = known if _too_short(calm, size) else calm
    level, _ = onset.ordinary(known, pd.DatetimeIndex(y.index), size)
    return Candidates(_look(series, known, rule, alarm_rule), _level(y, bound, level), size, None)


@dataclass(frozen=True)
class _Series:
    """Counts in their own bins, and by the hour or day: what was wholly seen, and what was counted at least."""

    counts: pd.Series
    at_least: pd.Series | None
    y: pd.Series
    bound: pd.Series
    size: onset.Bin


def _look(series: _Series, known: pd.Series, rule: Rule, alarm_rule: alarm.Rule | None) -> pd.DataFrame:
    """One look at the series: `known` are the bins that the ordinary level is taken from."""
    y, bound, size = series.y, series.bound, series.size
    index = pd.DatetimeIndex(y.index)
    level, scale = onset.ordinary(known, index, size)
    seen = onset.bounded(y, bound, level + rule.z * scale, size)
    z = (seen - level) / scale
    scores = pd.Series(np.nan, index=index)
    if size == "1h":
        replayed = alarm.replay(
            series.counts, series.counts.index[-1], at_least=series.at_least, rule=alarm_rule
        ).scores
        scores = replayed.set_index("start")["score"].resample("1h").max().reindex(index)
    wide = max(1, int(rule.excess / onset.STEP[size]))
    above = z.clip(lower=0).fillna(0)[::-1].rolling(wide, min_periods=1).sum()[::-1]
    limit = (alarm_rule or alarm.Rule()).threshold
    rows = []
    for first, last in _stretches(np.flatnonzero(_loud(scores, z, rule)), z, size, rule):
        row = _dated(first, last, y=y, seen=seen, bound=bound, z=z, size=size)
        own = slice(first, max(int(index.searchsorted(row["last"])), first + 1))
        extra = (seen - level).iloc[own].sum() * (onset.STEP[size] / DAY) / max(float(level.mean()), 1e-9)
        row |= {
            "times": float(seen[row["highest"]] / max(level[row["highest"]], 1)),
            "z": float(z.iloc[own].max()),
            "score": float(scores.iloc[own].max()) if scores.iloc[own].notna().any() else None,
            "excess": float(above.iloc[own].max()),
            "extra": float(extra),
        }
        loud = float(seen.iloc[own][z.iloc[own] > onset.Rule().ordinary].sum())
        why = _why_not(row, loud, wide, limit, rule)
        rows.append(row | {"listed": why is None, "why": why})
    return _typed(rows)


def ranked(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The listed candidates of all brands, best first: COLUMNS with `brand` in front and `rank` from 1.

    Scores of stretches that the alarm could not judge rank as their excess does.
    """
    parts = [table[table["listed"]].assign(brand=brand) for brand, table in sorted(tables.items())]
    parts = [part for part in parts if len(part)]
    if not parts:
        return _typed([]).assign(brand=pd.Series(dtype="string"), rank=pd.Series(dtype="Int64"))
    found = pd.concat(parts, ignore_index=True)
    by_excess = found["excess"].rank()
    both = found["score"].rank(pct=True).fillna(by_excess / len(found)) * len(found) + by_excess
    found = found.assign(both=both).sort_values(
        ["both", "excess", "start", "brand"], ascending=[False, False, True, True], ignore_index=True
    )
    return found.assign(rank=pd.Series(range(1, len(found) + 1), dtype="Int64"))[["rank", "brand", *COLUMNS]]


def elsewhere_too(found: Mapping[str, Candidates], brand: str, start: pd.Timestamp, end: pd.Timestamp) -> list[str]:
    """The other brands whose own listed candidates overlap [start, end): a storm over a whole sector is no one's."""
    shared = []
    for other, candidates in sorted(found.items()):
        table = candidates.table[candidates.table["listed"]]
        closed = table["end"].fillna(table["last"])
        if other != brand and ((table["start"] < end) & (closed > start)).any():
            shared.append(other)
    return shared


def _too_short(known: pd.Series, size: onset.Bin) -> bool:
    short = len(known) * (onset.STEP[size] / DAY) < onset.FLOOR[size]
    return short or (size == "1h" and onset.slots_of(known, size)[0] == "all")


def _inside(table: pd.DataFrame, index: pd.Index) -> np.ndarray:
    """Which bins of `index` begin within a row of `table`."""
    inside = np.zeros(len(index), dtype=bool)
    for start, last in zip(table["start"], table["last"], strict=True):
        inside |= np.asarray((index >= start) & (index < last))
    return inside


def _summed(counts: pd.Series, size: onset.Bin) -> pd.Series:
    """`counts` per hour or day (float) over an unbroken index; null where any bin within is."""
    y = counts.astype("float64")
    gaps = np.diff(pd.DatetimeIndex(counts.index).asi8)
    if len(gaps) and not (gaps == gaps[0]).all():
        raise ValueError("bins must be evenly spaced")
    bins = y.resample(onset.STEP[size])
    return bins.sum().where(bins.count() == bins.size().max())


def _loud(scores: pd.Series, z: pd.Series, rule: Rule) -> np.ndarray:
    """Rows that belong to a candidate: by the alarm's score, or because they are elevated."""
    return (scores >= rule.score).to_numpy() | _elevated(z, "1D" if scores.isna().all() else "1h", rule)


def _elevated(z: pd.Series, size: onset.Bin, rule: Rule) -> np.ndarray:
    """Rows with z ≥ `rule.z` beside another such row; days need no neighbour."""
    high = (z >= rule.z).to_numpy()
    return high if size == "1D" else high & (np.append(high[1:], False) | np.insert(high[:-1], 0, False))


def _stretches(loud: np.ndarray, z: pd.Series, size: onset.Bin, rule: Rule) -> list[tuple[int, int]]:
    """First and last row of each stretch: loud rows less than `apart` from each other, or not calm between."""
    reach = max(int(rule.apart / onset.STEP[size]), 1)
    found: list[tuple[int, int]] = []
    for row in loud:
        if found and row - found[-1][1] <= reach:
            found[-1] = (found[-1][0], int(row))
        else:
            found.append((onset.walk_back(z, int(row), onset.Rule(z=rule.z)), int(row)))
    joined: list[tuple[int, int]] = []
    for first, last in found:
        if joined and first <= _calm(joined[-1], z, size):
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [_trimmed(stretch, _elevated(z, size, rule), z, rule) for stretch in joined]


def _trimmed(stretch: tuple[int, int], elevated: np.ndarray, z: pd.Series, rule: Rule) -> tuple[int, int]:
    """The stretch without the bins at its ends that the alarm stirred at and that were not elevated."""
    high = stretch[0] + np.flatnonzero(elevated[stretch[0] : stretch[1] + 1])
    if not len(high):
        return stretch
    return onset.walk_back(z, int(high[0]), onset.Rule(z=rule.z)), int(high[-1])


def _calm(stretch: tuple[int, int], z: pd.Series, size: onset.Bin) -> int:
    """The row that opens the calm after a stretch; the last row where none does."""
    row = onset.calm_from(z, stretch[1], size, onset.Rule())
    return len(z) - 1 if row is None else row


def _dated(
    first: int, last: int, *, y: pd.Series, seen: pd.Series, bound: pd.Series, z: pd.Series, size: onset.Bin
) -> dict:
    index, step = pd.DatetimeIndex(y.index), onset.STEP[size]
    inside = seen.iloc[first : last + 1]
    top = first + int(np.nanargmax(inside)) if inside.notna().any() else first
    row = onset.calm_from(z, last, size, onset.Rule())
    stop = len(y) if row is None else row
    above = np.flatnonzero(z.to_numpy()[:stop] > onset.Rule().ordinary)
    end = index[above[-1]] + step if len(above) and above[-1] >= first else index[last] + step
    earlier = np.flatnonzero(y.notna().to_numpy()[:first])
    until = row if row is not None else index.searchsorted(end)
    whole = bool(y.iloc[first : max(until, first + 1)].notna().all())
    return {
        "start": index[first],
        "start_low": index[earlier[-1]] + step if len(earlier) else None,
        "peak": index[top] if whole else None,
        "highest": index[top],
        "end": index[row] if row is not None else None,
        "last": end,
        "mentions": int(bound.iloc[first : max(until, first + 1)].sum()),
        "whole": whole,
    }


def _why_not(row: dict, loud: float, wide: int, limit: float, rule: Rule) -> str | None:
    if loud < rule.mentions:
        return "few_mentions"
    if not row["times"] >= rule.peak_ratio:
        return "low_peak"
    sudden = row["times"] >= rule.times and (row["score"] is None or row["score"] >= limit)
    lasted = row["excess"] >= rule.z * wide**0.5 and row["extra"] >= rule.days
    return None if sudden or lasted else "quiet"


def _level(y: pd.Series, bound: pd.Series, level: pd.Series | None) -> pd.DataFrame:
    ordinary = level.to_numpy() if level is not None else np.nan
    table = {"start": pd.DatetimeIndex(y.index), "mentions": y.to_numpy(), "at_least": bound.to_numpy()}
    return pd.DataFrame(table | {"ordinary": ordinary})


def _typed(rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
