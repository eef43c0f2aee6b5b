"""Ids that carry the time they were made at, and what they say about an archive's clock.

Twitter's ids since November 2010 hold milliseconds since 2010-11-04T01:42:54.657Z in all but their lowest 22 bits.
"""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.archive.records import note
from analysis.archive.times import UTC_TYPE
from analysis.errors import InputError

TOLERANCE = pd.Timedelta(minutes=15)
"""The smallest step between time zones."""
EPOCH_MS = 1_288_834_974_657
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
class ClockCheck:
    """How far times lie from those their ids carry; `checkable` ids of `ids`."""

    ids: int
    checkable: int
    median: pd.Timedelta | None
    """Time less the id's time: positive where the archive's clock is ahead. None where not checkable."""
    off: int
    """Checkable rows that are `tolerance` or more off."""


def id_times(ids: pd.Series, platform: str | None) -> pd.Series:
    """The time each id carries (UTC); null where it carries none, or is another network's than Twitter."""
    out = pd.Series(pd.NaT, index=ids.index, dtype=UTC_TYPE)
    if (platform or "twitter").casefold() not in ("twitter", "x", "unknown"):
        return out
    good = ids.notna() & ids.fillna("").str.fullmatch(_DIGITS)
    numbers = ids[good].astype("uint64").to_numpy()
    ms = (numbers >> np.uint64(22)).astype("int64") + EPOCH_MS
    carried = pd.Series(pd.to_datetime(ms, unit="ms", utc=True), index=ids.index[good]).astype(UTC_TYPE)
    return out.where(~good, carried.reindex(ids.index))


def check_clock(times: pd.Series, ids: pd.Series, platform: str | None, tolerance: pd.Timedelta) -> ClockCheck:
    """`times` (UTC) against the times that `ids` carry.

    Ids of another kind may look like Twitter's: only those within a day and some of their row's time count, and where
    these are fewer than half of all ids the clock is not checkable.
    """
    difference = times - id_times(ids, platform)
    near = difference[difference.abs() <= _FARTHEST]
    if near.empty or len(near) * 2 < len(ids):
        return ClockCheck(len(ids), len(near), None, 0)
    return ClockCheck(len(ids), len(near), pd.Timedelta(near.median()), int((near.abs() >= tolerance).sum()))


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
    utc: pd.Series,
    local: pd.Series,
    ids: pd.Series,
    *,
    platform: str | None,
    zone: str | None,
    tolerance: pd.Timedelta = TOLERANCE,
    least: int = 20,
) -> list[dict[str, Any]]:
    """Notes on how far the clock of `where` agrees with its ids; `local` is null where a time carried its own zone.

    Raises InputError where the median of `least` or more checkable rows is `tolerance` or more off.
    """
    notes = []
    for labelled, rows in ((False, utc.notna() & local.notna()), (True, utc.notna() & local.isna())):
        if not rows.any():
            continue
        check = check_clock(utc[rows], ids[rows], platform, tolerance)
        if check.median is not None and check.checkable >= least and abs(check.median) >= tolerance:
            table = pd.DataFrame({"utc": utc, "local": local, "id": ids})[rows]
            raise InputError(f"{where}: " + _disagreement(table, check, platform, None if labelled else zone))
        values = {"rows": check.ids, "checkable": check.checkable, "off": check.off}
        kind = "clock_not_checkable" if check.median is None else "clock_off_in_part" if check.off else "clock_agrees"
        notes.append(note(kind, **values))
    return notes


def _disagreement(table: pd.DataFrame, check: ClockCheck, platform: str | None, zone: str | None) -> str:
    """What to do about `table` (utc, local, id), whose times came by `zone`, or with a zone of their own if None."""
    assert check.median is not None
    table = table.assign(carried=id_times(table["id"], platform)).dropna(subset="carried")
    row = table.iloc[0]
    facts = (
        "the times disagree with the ids, which carry the moment of posting, by "
        f"{check.median / pd.Timedelta(hours=1):+.2f} hours (median of {check.checkable:,} rows). "
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
