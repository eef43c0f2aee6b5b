"""Ids that carry the time they were made at, and what they say about an archive's clock.

Twitter's ids since November 2010 hold milliseconds since 2010-11-04T01:42:54.657Z in all but their lowest 22 bits.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.archive.records import note
from analysis.archive.times import UTC_TYPE, Times
from analysis.errors import InputError

TOLERANCE = pd.Timedelta(minutes=15)
"""The smallest step between time zones."""
LEAST = 20
"""Fewer checkable rows than this refuse nothing."""
EPOCH_MS = 1_288_834_974_657
_ROWS = 500
_DIGITS = r"\d{17,19}"  # shorter ids are from before, or another network's
_FARTHEST = pd.Timedelta(hours=26.5)  # between two clocks on Earth lie at most 26 hours; half for slow clocks
ZONES = (
    "UTC",
    "America/Los_Angeles",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Paris",
    "Europe/Athens",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""Zones that are suggested where they fit."""


@dataclass(frozen=True)
class Comparison:
    """Times held against those that their ids carry: of `ids` rows, what some batches of one source show.

    `differences` are time less the id's time, in seconds (int32): positive where the archive's clock is ahead. Ids of
    another kind may look like Twitter's, so only those within a day and some of their row's time are kept.
    """

    ids: int
    differences: np.ndarray
    rows: pd.DataFrame
    """The first rows that could be held (utc, local, id; local null where the time carried its own zone)."""


def id_times(ids: pd.Series, platform: str | None) -> pd.Series:
    """The time each id carries (UTC); null where it carries none, or is another network's than Twitter."""
    out = pd.Series(pd.NaT, index=ids.index, dtype=UTC_TYPE)
    if (platform or "twitter").casefold() not in ("twitter", "x", "unknown"):
        return out
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pa.array(ids.astype("string"), pa.large_string())
    good = pc.fill_null(pc.match_substring_regex(written, f"^{_DIGITS}$"), False)
    numbers = pc.cast(pc.filter(written, good), pa.uint64()).to_numpy()
    ms = (numbers >> np.uint64(22)).astype("int64") + EPOCH_MS
    out[good.to_numpy(zero_copy_only=False)] = pd.to_datetime(ms, unit="ms", utc=True).astype(UTC_TYPE)
    return out


def told_apart(times: Times, ids: pd.Series, platform: str | None) -> Times:
    """`times` in which ids that carry the moment decide between the two that a local time may be as clocks go back."""
    twice = times.earlier.notna()
    if not twice.any():
        return times
    carried = id_times(ids[twice], platform)
    first = (times.earlier[twice] - carried).abs() < TOLERANCE
    second = (times.utc[twice] - carried).abs() < TOLERANCE
    utc, earlier = times.utc.copy(), times.earlier.copy()
    utc[first[first].index] = earlier[first[first].index]
    earlier[twice[twice].index[first | second]] = pd.NaT
    return replace(times, utc=utc, earlier=earlier)


def compare(utc: pd.Series, local: pd.Series, ids: pd.Series, platform: str | None) -> dict[str, Comparison]:
    """How times written with a zone ("aware") and without ("naive") compare; `local` is null for the former."""
    carried = id_times(ids, platform)
    difference = utc - carried
    near = difference.abs() <= _FARTHEST
    found = {}
    for written, rows in (("naive", local.notna()), ("aware", local.isna())):
        if rows.any():
            held = near & rows
            seconds = difference[held].dt.total_seconds().round().astype("int32").to_numpy()
            sample = pd.DataFrame({"utc": utc, "local": local, "id": ids})[held].head(_ROWS)
            found[written] = Comparison(int(rows.sum()), seconds, sample)
    return found


def together(parts: Iterable[dict[str, Comparison]]) -> dict[str, Comparison]:
    """The comparisons of several batches or sources as one."""
    gathered: dict[str, list[Comparison]] = {}
    for part in parts:
        for written, one in part.items():
            gathered.setdefault(written, []).append(one)
    return {
        written: Comparison(
            sum(one.ids for one in some),
            np.concatenate([one.differences for one in some]),
            _spread(pd.concat([one.rows for one in some], ignore_index=True)),
        )
        for written, some in gathered.items()
    }


def too_few(compared: dict[str, Comparison], least: int = LEAST) -> dict[str, Any]:
    """`compared` as plain values where it holds rows, but too few to judge a clock by; else nothing."""
    if max((len(one.differences) for one in compared.values()), default=0) >= least:
        return {}
    return {
        written: {
            "ids": one.ids,
            "differences": one.differences.tolist(),
            "rows": [[None if pd.isna(cell) else str(cell) for cell in row] for row in one.rows.to_numpy()],
        }
        for written, one in compared.items()
        if len(one.differences)
    }


def from_plain(plain: dict[str, Any]) -> dict[str, Comparison]:
    """What `too_few` made plain."""
    found = {}
    for written, one in plain.items():
        rows = pd.DataFrame(one["rows"], columns=["utc", "local", "id"]).astype("str")
        rows["utc"] = pd.to_datetime(rows["utc"], utc=True).astype(UTC_TYPE)
        rows["local"] = pd.to_datetime(rows["local"]).astype("datetime64[us]")
        found[written] = Comparison(one["ids"], np.array(one["differences"], dtype="int32"), rows)
    return found


def _spread(rows: pd.DataFrame) -> pd.DataFrame:
    """At most _ROWS of `rows`, evenly from first to last."""
    return rows.iloc[:: -(-len(rows) // _ROWS)] if len(rows) > _ROWS else rows


def agreeing_zones(local: pd.Series, ids: pd.Series, platform: str | None, tolerance: pd.Timedelta) -> list[str]:
    """The zones in which `local` times (without one) agree with their ids in 95 rows of 100, a fixed offset first."""
    carried = id_times(ids, platform)
    both = local.notna() & carried.notna() & ((local - carried.dt.tz_localize(None)).abs() <= _FARTHEST)
    if not both.any():
        return []
    local, carried = local[both], carried[both]
    offset = (local - carried.dt.tz_localize(None)).median()
    hours = round(offset / pd.Timedelta(hours=1))
    found = []
    if abs(offset - pd.Timedelta(hours=hours)) < tolerance and -12 <= hours <= 14:
        found.append("UTC" if hours == 0 else f"Etc/GMT{-hours:+d}")  # the sign of these names is reversed
    for zone in ZONES:
        placed = local.dt.tz_localize(ZoneInfo(zone), ambiguous=[False] * len(local), nonexistent="NaT")
        if ((placed - carried).abs() < tolerance).mean() >= 0.95 and zone not in found:
            found.append(zone)
    return found


def refuse_wrong_clock(
    where: str,
    compared: dict[str, Comparison],
    *,
    platform: str | None,
    zone: str | None,
    tolerance: pd.Timedelta = TOLERANCE,
    least: int = LEAST,
) -> list[dict[str, Any]]:
    """Notes on how far the clock of `where` agrees with its ids.

    A clock is checkable where half of the ids or more carry a time near their row's. Raises InputError where the median
    of `least` or more checkable rows is `tolerance` or more off.
    """
    notes = []
    for written, one in sorted(compared.items(), reverse=True):
        checkable = len(one.differences)
        values = {"rows": one.ids, "checkable": checkable, "off": 0}
        if not checkable or checkable * 2 < one.ids:
            if written == "naive":  # a zone was declared, and nothing speaks for it
                notes.append(note("clock_not_checkable", **values))
            continue
        median = pd.Timedelta(seconds=float(np.median(one.differences)))
        if checkable >= least and abs(median) >= tolerance:
            told = None if written == "aware" else zone
            raise InputError(f"{where}: " + _disagreement(one.rows, checkable, median, platform, told))
        off = int((np.abs(one.differences) >= tolerance.total_seconds()).sum())
        notes.append(note("clock_off_in_part" if off else "clock_agrees", **values | {"off": off}))
    return notes


def _disagreement(
    table: pd.DataFrame, checkable: int, median: pd.Timedelta, platform: str | None, zone: str | None
) -> str:
    """What to do about `table` (utc, local, id), whose times came by `zone`, or with a zone of their own if None."""
    table = table.assign(carried=id_times(table["id"], platform)).dropna(subset="carried")
    row = table.iloc[0]
    facts = (
        "the times disagree with the ids, which carry the moment of posting, by "
        f"{median / pd.Timedelta(hours=1):+.2f} hours (median of {checkable:,} rows). "
        f"Post {row['id']} was made at {row['carried']:%Y-%m-%d %H:%M:%S} UTC; the file says "
    )
    if zone is None:
        return (
            f"{facts}{row['utc']:%Y-%m-%d %H:%M:%S} UTC by the zone written in it. That zone is wrong: correct it in "
            "the file, or take it out of the times and set `time_zone` in archive.yml."
        )
    fitting = agreeing_zones(table["local"], table["id"], platform, TOLERANCE)
    advice = f"Zones that agree: {', '.join(fitting)}." if fitting else "No one zone agrees with all of it."
    return (
        f"{facts}{row['local']:%Y-%m-%d %H:%M:%S}, which `time_zone: {zone}` in archive.yml takes for "
        f"{row['utc']:%H:%M:%S} UTC. {advice} Correct `time_zone`, or put files of another zone in an archive of their "
        "own."
    )
