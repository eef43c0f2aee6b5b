"""Notebook 0: where in this archive was there a crisis?"""

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import candidates, volume
from analysis.measures.kinds import ALARMING
from analysis.questions import limits
from analysis.questions.candidate import Answers, day, joined, levels, moment, span
from analysis.questions.page import Answer, Printed, plain, shown, worded
from analysis.questions.search import Search

if TYPE_CHECKING:
    from analysis.figures.candidates import Numbered, Panel
    from analysis.figures.chart import Chart

PANELS = 6
"""Brands that the overview shows, those with the best candidates first."""
LIMITS = 5
QUOTED = 3
RING = ("cue", "knowable", "authors", "published_at", "id")


def collected(search: Search) -> Answers:
    """What the archive saw: hours by state, and the gravest limits of its collection."""
    own = search.hours[search.hours["brand"] == ""]
    counts = {"seen": int((own["state"] == "seen").sum()), "total": len(own), "limits": len(search.claims)}
    first, last = own["hour"].min(), own["hour"].max() + volume.HOUR
    values: dict[str, object] = counts | {"first": moment(first), "last": moment(last)}
    message = "find.collected.selected" if search.selected else "find.collected.all"
    if all(found.bin == "1D" for found in search.brands.values()):
        message = "find.collected.days"
        values |= {"first": day(search, first), "last": day(search, last - candidates.DAY)}
    answers = Answers([search.answer("find.collected", message, values, certainty="high")])
    for number, row in enumerate(search.claims.head(LIMITS).to_dict("records"), start=1):
        message, told = limits.words(row, search.languages, search.zone, search.allowed)
        answers.append(search.answer(f"find.claim.{number}", message, told, certainty="high"))
    return answers


def overview(search: Search) -> Answers:
    """Whether there was a crisis, a table of all candidates, and a figure of the whole archive."""
    table = _table(search)
    alarming = [spike for spike in search.spikes if spike.kind in ALARMING]
    looked = [name for name, found in search.brands.items() if found.reason is None]
    values: dict[str, object] = {"listed": len(search.ranked), "alarming": len(alarming), "brands": len(looked)}
    certainty: Certainty = "medium"
    if not looked:
        message, certainty = "find.summary.too_little", "refused"
    elif search.ranked.empty:
        message = "find.summary.none"
    elif search.selected:
        message, certainty = "find.summary.selected", "low"
    elif alarming:
        message = "find.summary.one" if len(alarming) == 1 else "find.summary.some"
    else:
        message = "find.summary.no_crisis"
    draw = None
    if len(search.ranked):
        draw = (
            "candidates",
            f"figure.{message}",
            values,
            lambda language: _overview(search, language, message, values),
        )
    printed = None
    if len(table):
        printed = Printed(
            "candidates",
            "table.candidates",
            table,
            {
                "rank": ("column.rank", shown("count")),
                "name": ("column.brand", plain),
                "start": ("column.from", shown("time", search.zone)),
                "peak": ("column.peak", shown("time", search.zone)),
                "end": ("column.end", shown("time", search.zone)),
                "mentions": ("column.mentions", shown("count")),
                "times": ("column.times", shown("ratio")),
                "kind": ("column.kind", worded("spike")),
                "before": ("column.negative_before", shown("share")),
                "during": ("column.negative_during", shown("share")),
                "level": ("column.level", shown("level")),
            },
            numeric=("rank", "mentions", "times", "before", "during", "level"),
        )
    answers = Answers([search.answer("find.summary", message, values, certainty=certainty, draw=draw, printed=printed)])
    return Answers([*answers, *_refused(search)])


def cues(search: Search) -> Answer:
    """Where enough people raised a cue that weighs whatever the volume, though no candidate stands out there."""
    rows = []
    for brand, found in search.raised.items():
        own = [_widest(row) for row in search.ranked[search.ranked["brand"] == brand].to_dict("records")]
        for ring in found.rings.to_dict("records"):
            if not any(start <= ring["published_at"] < end for start, end in own):
                rows.append({"brand": brand, "name": search.called(brand)} | {key: ring[key] for key in RING})
    table = pd.DataFrame(rows, columns=["brand", "name", *RING])
    table = table.sort_values(["authors", "knowable", "cue"], ascending=[False, True, True], ignore_index=True)
    if search.selected:
        return search.answer("find.cues", "find.cues.selected", certainty="refused")
    if table.empty:
        return search.answer("find.cues", "find.cues.none", certainty="medium")
    printed = Printed(
        "cues",
        "table.find_cues",
        table,
        {
            "name": ("column.brand", plain),
            "cue": ("column.cue", worded("cue")),
            "knowable": ("column.knowable", shown("time", search.zone)),
            "authors": ("column.voices", shown("count")),
        },
        numeric=("authors",),
    )
    quotes = table["id"].head(QUOTED).tolist()
    return search.answer(
        "find.cues", "find.cues.rang", {"rung": len(table)}, certainty="low", printed=printed, quotes=quotes
    )


def _refused(search: Search) -> list[Answer]:
    """A sentence for every reason why some brands could not be searched."""
    reasons: dict[str, list[str]] = {}
    for brand, found in search.brands.items():
        if found.reason:
            reasons.setdefault(found.reason, []).append(search.called(brand))
    return [
        search.answer(
            f"find.refused.{reason}",
            f"find.refused.{reason}",
            {"names": joined(search, names)},
            certainty="refused",
        )
        for reason, names in sorted(reasons.items())
    ]


def _table(search: Search) -> pd.DataFrame:
    """All listed candidates; kind and shares are null for those that were not read."""
    read = {spike.rank: spike for spike in search.spikes}
    rows = []
    for row in search.ranked.to_dict("records"):
        spike = read.get(int(row["rank"]))
        rise = spike.told.rise if spike else None
        rows.append(
            row
            | {
                "name": search.called(row["brand"]),
                "kind": ("selected" if search.selected else spike.kind) if spike else "unread",
                "before": rise.before.value if rise else None,
                "during": rise.during.value if rise else None,
                "rose_p": rise.p if rise else None,
                "level": spike.severity.level.value if spike else None,
                "index": spike.severity.index.value if spike else None,
                "floors": list(spike.severity.floors) if spike else None,
                "phrase": spike.told.phrase.phrase if spike else None,
                "causes": [name for name, _ in spike.causes] if spike else None,
                "also": spike.sector if spike else None,
            }
        )
    return pd.DataFrame(rows).drop(columns=["listed", "why"], errors="ignore")


def _overview(search: Search, language: str, message: str, values: dict[str, object]) -> "Chart":
    from analysis.figures import candidates as figure

    panels: list[Panel] = []
    for brand in dict.fromkeys(search.ranked["brand"]):
        if len(panels) == PANELS:
            break
        own = search.ranked[search.ranked["brand"] == brand]
        found: list[Numbered] = [(int(row["rank"]), *span(row)) for row in own.to_dict("records")]
        panels.append((search.called(brand), _daily(search, brand), found))
    words = wording.group("figure.candidates.words", language)
    title = wording.say(message, language, values, search.zone)
    return figure.overview(panels, zone=search.zone, words=words | {"title": title}, lang=language)


def _daily(search: Search, brand: str) -> pd.DataFrame:
    """The bins of a brand by the day where they would be too many to tell apart."""
    table = levels(search, brand)
    if len(table) <= 24 * 14:
        return table
    days = table.groupby(table["start"].dt.floor("1D"))
    out = pd.DataFrame({"mentions": days["mentions"].sum(), "state": days["state"].agg(_worst)})
    out = out.rename_axis("start").reset_index()
    return out.assign(end=out["start"] + candidates.DAY)


def _worst(states: pd.Series) -> str:
    kinds = set(states)
    return states.iloc[0] if len(kinds) == 1 else "partial"


def _widest(row: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The span from the earliest that it may have begun."""
    start, end = span(row)
    return (start if pd.isna(row["start_low"]) else min(start, row["start_low"])), end
