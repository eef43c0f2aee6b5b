"""How many posts that needed a reply waited for one, hour by hour, and when they grew (definitions C15).

What waits is counted from posts and their first answers, so it can be no better than the record of both: where silence
cannot be proved, nothing is said of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import volume
from analysis.measures.estimate import Estimate, refused
from analysis.measures.response import MINIMUM, unprovable

METHOD = "count by hour"
PATIENCE = pd.Timedelta(days=7)
"""A post that nobody answered stops waiting after this: whoever comes back within seven days still asks (the recontact
of definitions C13). Without an end the unanswered would pile up for ever, and nothing could be seen to ease."""
IN_A_ROW = 6
"""Hours in a row with more arrivals than replies from which on a backlog grows (definitions C15)."""
LEAST = 10
"""More posts than this must wait after such hours than before: six single posts in a quiet night are no overload."""


@dataclass(frozen=True)
class Growth:
    """Hours [start, end), UTC, in each of which more posts arrived than were answered, and how many more in all."""

    start: pd.Timestamp
    end: pd.Timestamp
    by: int


@dataclass(frozen=True)
class Backlog:
    """`hours`: hour (UTC, start), arrivals, replies, open (at the hour's end; Int64, null where not wholly seen), short
    (whether posts of an unseen hour within PATIENCE may be missing from `open`).

    `peak` is the largest `open` in the incident, at `peaked`; `before` what usually waited in the week before the
    incident; `eased` the hours from the peak until no more than that waited. `reason` says why there is none of it.
    """

    hours: pd.DataFrame
    grew: list[Growth]
    peak: Estimate
    peaked: Estimate
    before: Estimate
    eased: Estimate
    reason: str | None = None


def backlog(
    asked: pd.DataFrame,
    joins: Mapping,
    coverage: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    minimum: int = MINIMUM,
    patience: pd.Timedelta = PATIENCE,
    in_a_row: int = IN_A_ROW,
    least: int = LEAST,
) -> Backlog:
    """The backlog of the posts in `asked` (rows of `response.pairs` that needed a reply, before, in and after the
    incident), which is [start, end), UTC.

    `joins` holds the values of the joinability audit; `coverage` the hours of one brand (hour, state). Refused where
    silence is not provable, and under `minimum` posts in the incident. Hours that were not wholly seen break it.
    """
    inside = asked[(asked["asked"] >= start) & (asked["asked"] < end)]
    why = unprovable(joins) or ("too_few" if len(inside) < minimum else None)
    if why:
        return nothing(why, len(inside))
    hours = _by_hour(asked, coverage, patience)
    if hours.empty or not (hours["open"].notna() & (hours["hour"] >= start) & (hours["hour"] < end)).any():
        return nothing("not_seen", len(inside))
    during = hours[(hours["hour"] >= start.floor("h")) & (hours["hour"] < end)]
    level = hours[(hours["hour"] >= start - pd.Timedelta(days=7)) & (hours["hour"] < start.floor("h"))]
    known = level["open"].notna() & ~level["short"]
    before = refused("count", "no_baseline", METHOD)
    if known.sum() >= 24:  # a day, so that no one hour of it is taken for the usual
        usual = level.loc[known, "open"].astype("float64")
        before = Estimate(
            float(usual.median()), "count", int(known.sum()), METHOD, float(usual.min()), float(usual.max())
        )
    highest = int(np.nanargmax(during["open"].to_numpy(dtype=float, na_value=np.nan)))
    count, n = float(during["open"].iloc[highest]), len(inside)
    moment = pd.Timestamp(during["hour"].iloc[highest]) + volume.HOUR
    short = bool(during["short"].any()) or bool(during["open"].isna().any())
    peak = refused("count", "not_seen", METHOD, n, low=count) if short else Estimate(count, "count", n, METHOD)
    peaked = refused("time", "not_seen", METHOD, n) if short else Estimate(moment.isoformat(), "time", n, METHOD)
    eased = refused("hours", "not_seen", METHOD, n) if short else _eased(hours, moment, before)
    return Backlog(hours, growth(during, in_a_row, least), peak, peaked, before, eased)


def nothing(reason: str, n: int) -> Backlog:
    """No backlog, with its reason."""
    count, time, hours = (refused(unit, reason, METHOD, n) for unit in ("count", "time", "hours"))
    return Backlog(_empty(), [], count, time, count, hours, reason)


def flows(asked: pd.Series, answers: pd.Series, coverage: pd.DataFrame) -> pd.DataFrame:
    """hour, arrivals, replies (Int64, null where not wholly seen): posts that needed a reply, and all replies.

    `asked`, `answers`: times (UTC). For archives that do not say which post answers which: whether arrivals outran
    replies can be seen there, who waited cannot.
    """
    hours, seen = _seen(coverage)
    table = pd.DataFrame({"hour": hours, "arrivals": _count(asked, hours), "replies": _count(answers, hours)})
    table = table.astype({"arrivals": "Int64", "replies": "Int64"})
    return table.assign(arrivals=table["arrivals"].where(seen), replies=table["replies"].where(seen))


def growth(hours: pd.DataFrame, in_a_row: int = IN_A_ROW, least: int = LEAST) -> list[Growth]:
    """Runs of at least `in_a_row` hours, each with more arrivals than replies, that leave `least` more waiting.

    `hours`: hour, arrivals, replies (nullable), one row an hour, in order.
    """
    surplus = (hours["arrivals"] - hours["replies"]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    more = np.nan_to_num(surplus, nan=0.0) > 0
    runs = np.flatnonzero(np.diff(np.concatenate(([0], more.astype(int), [0]))))
    found = []
    times = hours["hour"].tolist()
    for first, last in zip(runs[::2], runs[1::2], strict=True):
        by = int(surplus[first:last].sum())
        if last - first >= in_a_row and by >= least:
            found.append(Growth(times[first], times[last - 1] + volume.HOUR, by))
    return found


def _by_hour(asked: pd.DataFrame, coverage: pd.DataFrame, patience: pd.Timedelta) -> pd.DataFrame:
    hours, seen = _seen(coverage)
    if not len(hours):
        return _empty()
    left = asked["answered"].fillna(asked["asked"] + patience)
    left = left.where(left <= asked["asked"] + patience, asked["asked"] + patience)
    ends = hours.shift(1).as_unit("us").asi8
    came, gone = (np.sort(times.dt.as_unit("us").astype("int64").to_numpy()) for times in (asked["asked"], left))
    waiting = np.searchsorted(came, ends, "left") - np.searchsorted(gone, ends, "left")
    table = flows(asked["asked"], asked["answered"].dropna(), coverage)
    table["open"] = pd.Series(waiting, index=table.index, dtype="Int64").where(seen)
    table["short"] = _short(seen, round(patience / volume.HOUR))
    return table


def _short(seen: np.ndarray, hours: int) -> np.ndarray:
    """Whether an hour has an unseen one, or the beginning of the archive, within `hours` before it."""
    unseen = np.concatenate(([0], np.cumsum(~seen)))
    places = np.arange(len(seen))
    first = np.maximum(places - hours, 0)
    return (places < hours) | (unseen[places + 1] > unseen[first])


def _eased(hours: pd.DataFrame, peaked: pd.Timestamp, before: Estimate) -> Estimate:
    """Hours from `peaked` to the end of the first hour at which no more waited than before."""
    if before.value is None:
        return refused("hours", str(before.reason), METHOD)
    after = hours[hours["hour"] >= peaked]
    low = after[(after["open"] <= float(before.value)).fillna(False)]
    gaps = after.loc[after["open"].isna(), "hour"]
    if len(gaps) and (low.empty or gaps.iloc[0] < low["hour"].iloc[0]):
        return refused("hours", "not_seen", METHOD, len(after))
    if low.empty:
        watched = (after["hour"].iloc[-1] + volume.HOUR - peaked) / volume.HOUR if len(after) else 0.0
        return refused("hours", "censored", METHOD, len(after), low=float(watched))
    took = (low["hour"].iloc[0] + volume.HOUR - peaked) / volume.HOUR
    return Estimate(float(took), "hours", len(after), METHOD)


def _seen(coverage: pd.DataFrame) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """The hours from the first to the last of `coverage`, and whether each was wholly seen."""
    if coverage.empty:
        return pd.DatetimeIndex([], tz="UTC"), np.zeros(0, dtype=bool)
    state = volume.states(coverage, coverage["hour"].min(), coverage["hour"].max() + volume.HOUR)
    return pd.DatetimeIndex(state.index), (state == "seen").to_numpy(dtype=bool)


def _count(times: pd.Series, hours: pd.DatetimeIndex) -> np.ndarray:
    counted = times.dt.floor("h").value_counts()
    counted.index = pd.DatetimeIndex(counted.index).as_unit("us")
    return counted.reindex(hours, fill_value=0).to_numpy(dtype="int64")


def _empty() -> pd.DataFrame:
    kinds = {"arrivals": "Int64", "replies": "Int64", "open": "Int64", "short": "bool"}
    return pd.DataFrame({"hour": pd.DatetimeIndex([], tz="UTC")} | {name: [] for name in kinds}).astype(kinds)
