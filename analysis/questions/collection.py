"""What the archive can bear: asked first, and said first."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures import naming, phases, volume
from analysis.measures.estimate import Estimate
from analysis.questions.case import Answer, Case, Printed, shown
from analysis.style import numbers

GRAVITY = (
    "daily_cap",
    "sampled_stream",
    "fixed_quota",
    "row_limit",
    "mixed_queries",
    "gap",
    "silent_hours",
    "late_start",
    "early_end",
    "clock_shift",
    "copies",
    "filtered",
    "frozen_counts",
    "character_damage",
    "altered_text",
    "partial_edge",
    "stray_tail",
)
"""Kinds of limits, the gravest first."""
CALENDAR_WEEKS = 12
"""The calendar shows at most this much before the incident."""
SPANS_SAID = 5
INFERRED = ("fading", "repeated", "files", "date")
"""Claims that another cause could bring about, though it seldom does."""
SHARES = ("share", "share_before", "share_elsewhere", "named", "mendable_share")
"""What the evidence of a claim says in shares."""
FEWEST = 30
MOST_NAMED = 0.25
"""Where fewer mentions than this name the organisation, the first page says so."""


def coverage(case: Case) -> Answer:
    """Which hours of the incident, and of the time before it, were collected; every limit that concerns them."""
    state = volume.states(case.coverage, case.start, case.end)
    start, _ = phases.bounds(case.coverage, (case.start, case.end), case.baseline_start, case.after_end)["before"]
    before = volume.states(case.coverage, start, case.start)
    counts = {
        "window_seen": int((state == "seen").sum()),
        "window_partial": int((state == "partial").sum()),
        "window_total": len(state),
        "before_seen": int((before == "seen").sum()),
        "before_total": len(before),
        "seen": int((state == "seen").sum() + (before == "seen").sum()),
        "total": len(state) + len(before),
    }
    if counts["window_seen"] < counts["window_total"]:
        message = "coverage.limited"
    elif not len(before):
        message = "coverage.no_baseline"
    else:
        message = "coverage.whole" if counts["seen"] == counts["total"] else "coverage.baseline_limited"
    if case.days_only:
        case.answer("coverage.days_only", "coverage.days_only", certainty="high")
    last = case.coverage["hour"].max() + pd.Timedelta(hours=1)
    if last < case.end:
        ends = {
            "last": Estimate(last.isoformat(), "time", 1, "audit"),
            "end": Estimate(case.end.isoformat(), "time", 1, ""),
        }
        case.answer("coverage.ends", "coverage.ends", ends, certainty="high")
    claims = _claims(case)
    for number, row in enumerate(claims.to_dict("records"), start=1):
        _claim(case, number, row)
    return case.answer(
        "coverage.summary",
        message,
        counts,
        certainty="high",
        draw=("coverage", "figure.coverage.title", counts, lambda language: _calendar(case, language)),
        printed=_table(case, claims) if len(claims) else None,
        facts={"grave": [f"coverage.claim.{number}" for number in _grave(claims)]},
    )


def subject(case: Case) -> Answer:
    """Whether the mentions are about the organisation: how many name it, and whether they are all that was said."""
    if case.selected:
        counts = {name: int(case.joins["counts"][name]) for name in ("customer_openers", "customer_posts")}
        case.answer("coverage.selected", "subject.selected", counts, certainty="high")
    inside = case.during(case.customers)
    inside = inside[inside["parent_id"].isna()]
    found = naming.share(inside["text"], [*case.incident.brand_terms, case.incident.brand, *case.own_accounts])
    if found.value is None or found.n < FEWEST:
        return case.answer("subject.named", "subject.too_few", {"n": found.n}, certainty="refused")
    few = found.high is not None and float(found.high) < MOST_NAMED
    return case.answer(
        "subject.named",
        "subject.few_named" if few else "subject.named",
        {"named": found},
        certainty="high",
        facts={"few": few},
    )


def _claims(case: Case) -> pd.DataFrame:
    """The limits that concern this brand between baseline and aftermath: the incident's first, then by gravity."""
    claims = case.claims
    concerned = claims["brand"].isin({case.label, ""})
    concerned &= (claims["start"] < case.after_end) & (claims["end"] > case.baseline_start)
    claims = claims[concerned].copy()
    inside = (claims["start"] < case.end) & (claims["end"] > case.start)
    places = {kind: place for place, kind in enumerate(GRAVITY)}
    claims["gravity"] = [float(places.get(kind, len(GRAVITY))) for kind in claims["kind"]]
    claims["inside"] = inside
    claims["gravity"] += (~inside) * len(GRAVITY)
    return claims.sort_values(["gravity", "start", "kind", "brand"], ignore_index=True)


def _grave(claims: pd.DataFrame) -> list[int]:
    """Numbers of the limits that concern the incident itself."""
    return [number for number, inside in enumerate(claims["inside"], start=1) if inside]


def _claim(case: Case, number: int, row: Mapping[Any, Any]) -> Answer:
    """One limit of the collection as a finding."""
    kind, told = row["kind"], row["values"]
    variants = [told.get("how"), told.get("kept"), told.get("period"), told.get("edge")]
    variants += [] if row["brand"] else ["whole"]
    messages = [f"claim.{kind}.{variant}" for variant in variants if variant] + [f"claim.{kind}", "claim.other"]
    message = next(message for message in messages if wording.knows(message))
    zone = "UTC" if kind in ("daily_cap", "fixed_quota") else case.zone
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
        "span": {language: _span(row["start"], row["end"], language, zone) for language in case.languages},
        "start": Estimate(row["start"].isoformat(), "time", 1, "audit"),
        "end": Estimate(row["end"].isoformat(), "time", 1, "audit"),
        "file": str(told.get("file", "")),
        "other": str(told.get("other", "")),
        "encoding": str(told.get("encoding", "")),
        "term": _term(case, str(told.get("term", ""))),
        "place": {language: _place(row["brand"], told, language) for language in case.languages},
        "what": {language: _what(told.get("what", []), language) for language in case.languages},
        "brand": row["brand"] or {language: wording.say("the_archive", language) for language in case.languages},
        "counted": {language: _counted(told, language) for language in case.languages},
        "days": {language: _days(told.get("days", []), language) for language in case.languages},
        "spans": {language: _spans(told.get("seen", []), language) for language in case.languages},
    }
    values |= {name: Estimate(told[name], "time", 1, "audit") for name in ("effective", "changed") if name in told}
    return case.answer(
        f"coverage.claim.{number}",
        message,
        values,
        certainty="medium" if told.get("how") in INFERRED else "high",
        facts={"kind": kind, "brand": row["brand"]},
    )


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


def _term(case: Case, term: str) -> str:
    """A term of a query; a pseudonym that may be named, by its name."""
    return f"@{case.allowed[term[1:]]}" if term[1:] in case.allowed else term


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
    said = [_day_span(pd.Timestamp(start), pd.Timestamp(end), language) for start, end in seen[:SPANS_SAID]]
    return wording.joined(said + (["…"] if len(seen) > SPANS_SAID else []), language)


def _day_span(start: pd.Timestamp, end: pd.Timestamp, language: str) -> str:
    """ "10 Apr 23:32–24:00": a day that ends at midnight ends at 24:00."""
    start, end = start.round("min"), end.round("min")
    if end - start.normalize() == pd.Timedelta(days=1):
        return f"{numbers.day(start, language)} {start:%H:%M}–24:00"
    if start.normalize() == end.normalize():
        return f"{numbers.day(start, language)} {start:%H:%M}–{end:%H:%M}"
    return _span(start, end, language, "UTC")


def _days(days: list[str], language: str) -> str:
    said = [numbers.day(pd.Timestamp(date.fromisoformat(day)), language) for day in days[:SPANS_SAID]]
    return wording.joined(said + (["…"] if len(days) > SPANS_SAID else []), language)


def _calendar(case: Case, language: str):
    from analysis.figures import coverage as figure

    rows = case.coverage
    rows = rows[rows["hour"] >= case.start - pd.Timedelta(weeks=CALENDAR_WEEKS)]
    words = wording.group("figure.coverage.words", language)
    words |= {"title": wording.say("figure.coverage.title", language)}
    span = (case.hours["hour"] >= rows["hour"].min()) & (case.hours["hour"] <= rows["hour"].max())
    others = case.hours[span & ~case.hours["brand"].isin((case.label, ""))]
    return figure.draw(rows, zone=case.zone, words=words, lang=language, others=others)


def _table(case: Case, claims: pd.DataFrame) -> Printed:
    return Printed(
        "coverage",
        "table.coverage",
        claims[["kind", "brand", "start", "end", "values"]],
        {
            "kind": ("column.claim", _kind),
            "start": ("column.from", shown("time", case.zone)),
            "end": ("column.until", shown("time", case.zone)),
        },
    )


def _kind(kind: str, language: str) -> str:
    return wording.say(f"kind_name.{kind}", language) if wording.knows(f"kind_name.{kind}") else kind
