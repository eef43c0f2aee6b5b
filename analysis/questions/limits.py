"""A limit of the collection, as the audit claims it, in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures.estimate import Estimate
from analysis.style import numbers

DAYS_SAID = 5
"""A cap of more days than this is said by the first and the last of them, and how many."""
SHARES = ("share", "share_before", "share_elsewhere", "named", "mendable_share")
"""What the evidence of a claim says in shares."""


def words(
    row: Mapping[Any, Any], languages: Iterable[str], zone: str, allowed: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    """The message for one row of the audit's claims, and its values, in each of `languages`.

    Times are in `zone`, but for caps and quotas, which are counted in UTC. `allowed` maps pseudonyms that may be named
    to their names.
    """
    kind, told = row["kind"], row["values"]
    variants = [told.get("how"), told.get("kept"), told.get("period"), told.get("edge")]
    variants += [] if row["brand"] else ["whole"]
    messages = [f"claim.{kind}.{variant}" for variant in variants if variant] + [f"claim.{kind}", "claim.other"]
    if len(told.get("days", [])) > DAYS_SAID:
        messages = [f"{message}.many" for message in messages] + messages
    message = next(message for message in messages if wording.knows(message))
    zone = "UTC" if kind in ("daily_cap", "fixed_quota") else zone
    values: dict[str, object] = {
        name: _count(told[name])
        for name in ("cap", "rows", "observed", "expected", "strays", "periods", "texts", "length", "one_in")
        if name in told
    }
    values |= {name: Estimate(told[name], "share", told["rows"], "audit") for name in SHARES if name in told}
    values |= {name: Estimate(told[name], "hours", 1, "audit") for name in ("hours", "median_hours") if name in told}
    if "cap" in told:
        values["cap"] = _count(_round(told.get("rows_per_file") or told["cap"]))
    values |= {
        "span": {language: _span(row["start"], row["end"], language, zone) for language in languages},
        "start": Estimate(row["start"].isoformat(), "time", 1, "audit"),
        "end": Estimate(row["end"].isoformat(), "time", 1, "audit"),
        "file": str(told.get("file", "")),
        "other": str(told.get("other", "")),
        "encoding": str(told.get("encoding", "")),
        "term": _term(allowed, str(told.get("term", ""))),
        "place": {language: _place(row["brand"], told, language) for language in languages},
        "what": {language: _what(told.get("what", []), language) for language in languages},
        "brand": row["brand"] or {language: wording.say("the_archive", language) for language in languages},
        "counted": {language: _counted(told, language) for language in languages},
        "days": {language: _days(told.get("days", []), language) for language in languages},
        "spans": {language: _spans(told.get("seen", []), language) for language in languages},
    }
    if told.get("seen_hours"):
        sides = {"least": min(told["seen_hours"]), "most": max(told["seen_hours"])}
        values |= {name: Estimate(round(hours, 1), "hours", 1, "audit") for name, hours in sides.items()}
    values |= {name: Estimate(told[name], "time", 1, "audit") for name in ("effective", "changed") if name in told}
    return message, values


def _place(brand: str, told: Mapping[str, Any], language: str) -> str:
    """What a claim is about: the archive, a brand of it, or a file and how many more."""
    if "file" not in told:
        return brand or wording.say("the_archive", language)
    more, file = int(told.get("more_files", 0)), str(told["file"])
    if not more:
        return file
    message = "and_another_file" if more == 1 else "and_more_files"
    return wording.say(message, language, {"file": file, "more": more})


def _what(names: list[str], language: str) -> str:
    return wording.joined([wording.say(f"altered.{name}", language) for name in names], language)


def _term(allowed: Mapping[str, str], term: str) -> str:
    """A term of a query; a pseudonym that may be named, by its name."""
    return f"@{allowed[term[1:]]}" if term[1:] in allowed else term


def _count(value: float) -> Estimate:
    return Estimate(float(value), "count", 1, "audit")


def _span(start: pd.Timestamp, end: pd.Timestamp, language: str, zone: str) -> str:
    return numbers.interval(start.isoformat(), end.isoformat(), "time", language, zone)


def _round(count: float) -> float:
    """A cap to two figures: totals of capped days differ by what was lost after them."""
    scale = 10 ** max(len(str(int(count))) - 2, 0)
    return round(count / scale) * scale


def _counted(told: Mapping[str, Any], language: str) -> str:
    """Whose day a daily cap is counted in."""
    hour = float(told.get("boundary_utc_hour", 0.0))
    clock = f"{int(hour):02d}:{round(hour % 1 * 60):02d}"
    return wording.say("day.utc" if clock == "00:00" else "day.from", language, {"clock": clock})


def _spans(seen: list, language: str) -> str:
    """The spans that were seen of capped days, in UTC: the cap is counted there."""
    said = [_day_span(pd.Timestamp(start), pd.Timestamp(end), language) for start, end in seen[:DAYS_SAID]]
    return wording.joined(said, language)


def _day_span(start: pd.Timestamp, end: pd.Timestamp, language: str) -> str:
    """ "10 Apr 23:32–24:00": a day that ends at midnight ends at 24:00."""
    start, end = start.round("min"), end.round("min")
    if end - start.normalize() == pd.Timedelta(days=1):
        return f"{numbers.day(start, language)} {start:%H:%M}–24:00"
    if start.normalize() == end.normalize():
        return f"{numbers.day(start, language)} {start:%H:%M}–{end:%H:%M}"
    return f"{numbers.day(start, language)} {start:%H:%M} – {numbers.day(end, language)} {end:%H:%M}"


def _days(days: list[str], language: str) -> str:
    """The days, or of many the first and the last."""
    said = [numbers.day(pd.Timestamp(date.fromisoformat(day)), language) for day in days]
    if len(days) <= DAYS_SAID:
        return wording.joined(said, language)
    return wording.say("days.many", language, {"first": said[0], "last": said[-1], "number": len(days)})
