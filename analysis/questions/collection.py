"""What the archive can bear: asked first, and said first."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures import naming, phases, volume
from analysis.measures.estimate import Estimate
from analysis.questions import limits
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, shown

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
INFERRED = ("fading", "repeated", "files", "date")
"""Claims that another cause could bring about, though it seldom does."""
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
    terms = [*case.incident.brand_terms, case.incident.brand, *case.own_accounts]
    found = naming.share(inside["text"], terms)
    if found.value is None or found.n < FEWEST:
        return case.answer("subject.named", "subject.too_few", {"n": found.n}, certainty="refused")
    few = found.high is not None and float(found.high) < MOST_NAMED
    return case.answer(
        "subject.named",
        "subject.few_named" if few else "subject.named",
        {"named": found},
        certainty="high",
        facts={"few": few},
        behind={"n": inside["id"], "named": inside.loc[naming.named(inside["text"], terms), "id"]},
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
    message, values = limits.words(row, case.languages, case.zone, case.allowed)
    return case.answer(
        f"coverage.claim.{number}",
        message,
        values,
        certainty="medium" if row["values"].get("how") in INFERRED else "high",
        facts={"kind": row["kind"], "brand": row["brand"]},
    )


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
