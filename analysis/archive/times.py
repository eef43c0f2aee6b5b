"""Times as archives write them, into UTC."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

EARLIEST = pd.Timestamp("1990-01-01", tz="UTC")
LATEST = pd.Timestamp("2100-01-01", tz="UTC")
UTC_TYPE: Final = "datetime64[us, UTC]"
_ISO = r"\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[+-]\d{2}:?\d{2})?)?"
_PLAIN_UTC = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$"
_DAY_MONTH = r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(.*)"
# With %z the value carries an offset; without, it is local time.
_SPELT = (
    "%a %b %d %H:%M:%S %z %Y",  # Twitter's own
    "%a, %d %b %Y %H:%M:%S%z",  # RFC 2822, its blank before the offset gone
    "%d-%b-%Y %I:%M%p",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%b %d, %Y %H:%M:%S",
    "%b %d, %Y %I:%M %p",
)


@dataclass(frozen=True)
class Times:
    """`utc` is null where a value gave no time, and `reason` says why (see records.REASONS), else null."""

    utc: pd.Series
    reason: pd.Series
    naive: pd.Series
    """Whether the value carried no zone; `local` holds it as it was, without one."""
    local: pd.Series
    earlier: pd.Series
    """The first of the two moments that a local time is as clocks go back, where `utc` is the second; else null."""
    dates_only: int


def read_times(values: pd.Series, zone: str | None, day_first: bool | None = None) -> Times:
    """`values` (text, nullable) in UTC; those that carry no zone are local times of `zone`.

    With `zone` None these have `utc` null and no reason: the caller asks for it. Unix seconds, milliseconds and
    microseconds are UTC. `day_first` says whether 03/04/2024 is in April, and is None where nothing tells (see
    `day_first_among`): such dates are refused.
    """
    text = values.astype("str").fillna("").str.strip()
    if (quick := _all_in_utc(text)) is not None:
        return quick
    text = text.str.replace(r"\s*(?:Z|z|UTC|GMT)$", "+00:00", regex=True).str.replace(
        r"\s+(?=[+-]\d{2}:?\d{2}$)", "", regex=True
    )
    text = text.str.replace(r"^(\d{4})/(\d{1,2})/(\d{1,2})", r"\1-\2-\3", regex=True)
    reason = pd.Series(None, index=text.index, dtype="str")
    text, unordered = _order_dates(text, day_first)
    aware = pd.Series(pd.NaT, index=text.index, dtype=UTC_TYPE)
    local = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")

    iso = text.str.fullmatch(_ISO)
    offset = iso & text.str.contains(r"[+-]\d{2}:?\d{2}$", regex=True) & text.str.contains(":", regex=False)
    aware = _fill(aware, text[offset], format="ISO8601", utc=True)
    local = _fill(local, text[iso & ~offset], format="ISO8601")
    unix = text.str.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{13}|\d{16}")
    aware = _fill_unix(aware, text[unix])
    rest = ~iso & ~unix & (text != "")
    for spelling in _SPELT:
        if not rest.any():
            break
        if "%z" in spelling:
            aware = _fill(aware, text[rest], format=spelling, utc=True)
        else:
            local = _fill(local, text[rest], format=spelling)
        rest &= aware.isna() & local.isna()

    naive = local.notna()
    utc, earlier, nonexistent = _localise(local, zone)
    utc = aware.where(aware.notna(), utc)
    outside = (utc < EARLIEST) | (utc >= LATEST)
    utc = utc.mask(outside)
    reason[aware.isna() & ~naive] = "unreadable_time"
    reason[outside] = "unreadable_time"
    reason[nonexistent] = "impossible_time"
    reason[unordered] = "unordered_date"
    reason[text == ""] = "no_time"
    dates_only = int((iso & ~text.str.contains(":", regex=False)).sum())
    return Times(utc, reason, naive, local, earlier, dates_only)


def _fill(into: pd.Series, text: pd.Series, **how: object) -> pd.Series:
    if text.empty:
        return into
    read = pd.to_datetime(text, errors="coerce", **how).astype(into.dtype)  # type: ignore[call-overload]
    return into.where(into.notna(), read.reindex(into.index))


def _fill_unix(into: pd.Series, text: pd.Series) -> pd.Series:
    if text.empty:
        return into
    whole = text.str.split(".").str[0]
    micros = whole.astype("int64") * whole.str.len().map({9: 10**6, 10: 10**6, 13: 1000, 16: 1})
    return into.where(into.notna(), pd.to_datetime(micros, unit="us", utc=True).astype(UTC_TYPE).reindex(into.index))


def _localise(local: pd.Series, zone: str | None) -> tuple[pd.Series, pd.Series, pd.Series]:
    """In UTC; of those that occur twice the first (UTC), null elsewhere; which do not exist."""
    never = pd.Series(pd.NaT, index=local.index, dtype=UTC_TYPE)
    if zone is None:
        return never, never, pd.Series(False, index=local.index)
    place = ZoneInfo(zone)
    once = local.dt.tz_localize(place, ambiguous="NaT", nonexistent="NaT")
    standard = local.dt.tz_localize(place, ambiguous=[False] * len(local), nonexistent="NaT")
    summer = local.dt.tz_localize(place, ambiguous=[True] * len(local), nonexistent="NaT")
    earlier = summer.dt.tz_convert("UTC").astype(UTC_TYPE).where(once.isna() & standard.notna(), never)
    return standard.dt.tz_convert("UTC").astype(UTC_TYPE), earlier, local.notna() & standard.isna()


def day_first_among(values: pd.Series) -> set[bool]:
    """What dates such as 25/12/2024 among `values` tell of the order of day and month: one value is an answer."""
    text = values.astype("str").fillna("").str.strip()
    slashed = text[text.str.fullmatch(_DAY_MONTH)]
    if slashed.empty:
        return set()
    parts = slashed.str.extract(_DAY_MONTH)
    first, second = parts[0].astype(int), parts[1].astype(int)
    return {order for order, told in ((True, first > 12), (False, second > 12)) if told.any()}


def are_slashed(values: pd.Series) -> bool:
    """Whether any of `values` is a date whose day and month could be told apart by others only, as 03/04/2024."""
    return bool(values.astype("str").fillna("").str.strip().str.fullmatch(_DAY_MONTH).any())


def _all_in_utc(text: pd.Series) -> Times | None:
    """The times, where each is written as 2024-01-31T10:00:00Z (with seconds' parts or without); else None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = pa.array(text, type=pa.string())
    if not pc.all(pc.match_substring_regex(column, _PLAIN_UTC), min_count=0).as_py():
        return None
    try:
        moments = pc.cast(column, pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid:
        return None
    utc = moments.to_pandas().set_axis(text.index).astype(UTC_TYPE)
    if not utc.between(EARLIEST, LATEST, inclusive="left").all():
        return None
    none = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    no = pd.Series(False, index=text.index)
    never = pd.Series(pd.NaT, index=text.index, dtype=UTC_TYPE)
    return Times(utc, pd.Series(None, index=text.index, dtype="str"), no, none, never, 0)


def _order_dates(text: pd.Series, day_first: bool | None) -> tuple[pd.Series, pd.Series]:
    """Dates like 03/15/2024 in ISO order; which of them are refused because nothing tells which part is the day."""
    slashed = text.str.fullmatch(_DAY_MONTH)
    if not slashed.any() or day_first is None:
        return text, slashed
    parts = text[slashed].str.extract(_DAY_MONTH)
    day, month = (parts[0], parts[1]) if day_first else (parts[1], parts[0])
    clock = parts[3].str.strip()
    twelve = clock.str.fullmatch(r"(?i)\d{1,2}:\d{2}(?::\d{2})?\s*[ap]m")
    spelt = pd.to_datetime(clock[twelve].str.replace(r"\s+", "", regex=True), format="mixed", errors="coerce")
    clock = clock.where(~twelve, spelt.dt.strftime("%H:%M:%S").reindex(clock.index))
    ordered = (
        parts[2] + "-" + month.str.zfill(2) + "-" + day.str.zfill(2) + (" " + clock.fillna("?")).where(clock != "", "")
    )
    return text.where(~slashed, ordered.reindex(text.index)), pd.Series(False, index=text.index)
