"""Notebook 0: where in this archive was there a crisis?"""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import privacy, wording
from analysis.findings import Certainty
from analysis.measures import candidates, volume
from analysis.measures.estimate import Estimate
from analysis.measures.kinds import ALARMING
from analysis.questions import limits
from analysis.questions.page import Answer, Printed, plain, shown, worded
from analysis.questions.search import Search, Spike
from analysis.style import numbers

if TYPE_CHECKING:
    from analysis.figures.candidates import Numbered, Panel
    from analysis.figures.chart import Chart

PANELS = 6
"""Brands that the overview shows, those with the best candidates first."""
LIMITS = 5
BEFORE, AFTER = pd.Timedelta(days=3), pd.Timedelta(days=2)
"""What the figure of a candidate shows on either side of it."""
QUOTED = 3
CAUSES = 3
RING = ("cue", "knowable", "authors", "published_at", "id")
HALF = 0.5
"""From this share of the other brands on, a spike that they share is the sector's."""


class Answers(list[Answer]):
    """Several answers, as one notebook cell shows them."""

    def _repr_html_(self) -> str:
        return "".join(answer._repr_html_() for answer in self) or escape("–")


def collected(search: Search) -> Answers:
    """What the archive saw: hours by state, and the gravest limits of its collection."""
    own = search.hours[search.hours["brand"] == ""]
    counts = {"seen": int((own["state"] == "seen").sum()), "total": len(own), "limits": len(search.claims)}
    first, last = own["hour"].min(), own["hour"].max() + volume.HOUR
    values: dict[str, object] = counts | {"first": _time(first), "last": _time(last)}
    message = "find.collected.selected" if search.selected else "find.collected.all"
    if all(found.bin == "1D" for found in search.brands.values()):
        message = "find.collected.days"
        values |= {"first": _day(search, first), "last": _day(search, last - candidates.DAY)}
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


def each(search: Search) -> Answers:
    """Every candidate that was read: what it was, on what evidence, with its figure and typical quotes."""
    return Answers([_candidate(search, spike) for spike in search.spikes])


def _candidate(search: Search, spike: Spike) -> Answer:
    row, told = spike.row, spike.told
    others = sum(found.reason is None for found in search.brands.values()) - 1
    values: dict[str, object] = {
        "rank": spike.rank,
        "name": search.called(spike.brand),
        "when": _when(search, spike),
        "times": Estimate(float(row["times"]), "ratio", 1, "highest bin against its ordinary level"),
        "mentions": _count(row["mentions"]),
        "before": told.rise.before,
        "during": told.rise.during,
        "net": told.net,
        "known": told.targets.known,
        "about": told.about,
        "phrased": told.phrase.share,
        "phrase": privacy.mask(told.phrase.phrase or "", search.allowed),
        "read": len(spike.read),
        "causes": _joined(search, [f"“{name}”" for name, _ in spike.causes[:CAUSES]]),
        "sector": _joined(search, map(search.called, spike.sector)),
        "shared": len(spike.sector),
        "level": spike.severity.level,
        "index": spike.severity.index,
        "cues": _cues(search, spike.severity.floors),
        "others": others,
    }
    kind = "selected" if search.selected else spike.kind
    parts = [f"find.kind.{kind}"]
    parts += _severe(spike) if kind in ALARMING else []
    parts += ["find.causes"] if spike.causes and kind in ALARMING else []
    parts += ["find.phrase"] if told.phrase.phrase and kind not in ("meme", "selected") else []
    parts += [("find.sector" if len(spike.sector) >= HALF * others else "find.shared")] if spike.sector else []
    parts += ["find.partly"] if not row["whole"] else []
    values["told"] = {
        language: _sentences([wording.say(part, language, values, search.zone) for part in parts], language)
        for language in search.languages
    }
    certainty: Certainty = (
        "refused" if kind in ("untold", "begins", "selected") else "medium" if row["whole"] else "low"
    )
    title = f"figure.find.kind.{kind}"

    def draw(language: str) -> "Chart":
        from analysis.figures import candidates as figure

        table = _context(search, spike)
        words = wording.group("figure.candidates.words", language)
        peak = row["peak"] if pd.notna(row["peak"]) else None
        return figure.one(
            table,
            span=_span(row),
            peak=peak,
            zone=search.zone,
            words=words | {"title": wording.say(title, language, values, search.zone)},
            lang=language,
        )

    return search.answer(
        f"find.candidate.{spike.rank}",
        "find.candidate.told",
        values,
        certainty=certainty,
        draw=(f"candidate-{spike.rank}", title, values, draw),
        quotes=spike.typical[:QUOTED],
        facts={
            "kind": kind,
            "brand": spike.brand,
            "start": row["start"].isoformat(),
            "end": _span(row)[1].isoformat(),
            "open": bool(pd.isna(row["end"])),
        },
    )


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


def _severe(spike: Spike) -> list[str]:
    if spike.severity.level.value is None:
        return ["find.severity.floor"] if spike.severity.floors else []
    return ["find.severity.floored" if spike.severity.floors else "find.severity.known"]


def _cues(search: Search, names: Iterable[str]) -> dict[str, str]:
    listed = list(names)
    return {
        language: wording.joined([wording.say(f"cue.{cue}", language) for cue in listed], language)
        for language in search.languages
    }


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
            {"names": _joined(search, names)},
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
        found: list[Numbered] = [(int(row["rank"]), *_span(row)) for row in own.to_dict("records")]
        panels.append((search.called(brand), _daily(search, brand), found))
    words = wording.group("figure.candidates.words", language)
    title = wording.say(message, language, values, search.zone)
    return figure.overview(panels, zone=search.zone, words=words | {"title": title}, lang=language)


def _levels(search: Search, brand: str) -> pd.DataFrame:
    """Bins of a brand: start, end, mentions (at least), ordinary, state."""
    level, step = search.brands[brand].level, candidates.STEP[search.brands[brand].bin]
    state = level["mentions"].notna().map({True: "seen", False: "partial"})
    state = state.where((level["mentions"].notna()) | (level["at_least"] > 0), "unseen")
    return pd.DataFrame(
        {
            "start": level["start"],
            "end": level["start"] + step,
            "mentions": level["at_least"],
            "ordinary": level["ordinary"],
            "state": state,
        }
    )


def _daily(search: Search, brand: str) -> pd.DataFrame:
    """The bins of a brand by the day where they would be too many to tell apart."""
    table = _levels(search, brand)
    if len(table) <= 24 * 14:
        return table
    days = table.groupby(table["start"].dt.floor("1D"))
    out = pd.DataFrame({"mentions": days["mentions"].sum(), "state": days["state"].agg(_worst)})
    out = out.rename_axis("start").reset_index()
    return out.assign(end=out["start"] + candidates.DAY)


def _worst(states: pd.Series) -> str:
    kinds = set(states)
    return states.iloc[0] if len(kinds) == 1 else "partial"


def _context(search: Search, spike: Spike) -> pd.DataFrame:
    table = _levels(search, spike.brand)
    start, end = _span(spike.row)
    wide = max(BEFORE, (end - start) / 2)
    return table[(table["end"] > start - wide) & (table["start"] < end + max(AFTER, (end - start) / 4))].reset_index(
        drop=True
    )


def _span(row: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    return row["start"], row["last"] if pd.isna(row["end"]) else row["end"]


def _widest(row: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The span from the earliest that it may have begun."""
    start, end = _span(row)
    return (start if pd.isna(row["start_low"]) else min(start, row["start_low"])), end


def _when(search: Search, spike: Spike) -> dict[str, str]:
    """The span in words: an interval where the start was hidden, open where the archive ends first."""
    row = spike.row
    hidden = pd.isna(row["start_low"]) or row["start_low"] < row["start"]
    opening = "find.when.unseen" if pd.isna(row["start_low"]) else "find.when.between" if hidden else "find.when.from"
    closing = "find.when.open" if pd.isna(row["end"]) else "find.when.to"
    top = "find.when.peak" if pd.notna(row["peak"]) else "find.when.no_peak"
    names = [name for name in ("start", "start_low", "peak", "end", "last") if pd.notna(row[name])]
    values = {name: _moment(search, spike.brand, row[name]) for name in names}
    return {
        language: "".join(wording.say(part, language, values, search.zone) for part in (opening, closing, top))
        for language in search.languages
    }


def _joined(search: Search, names: Iterable[str]) -> dict[str, str]:
    listed = list(names)
    return {language: wording.joined(listed, language) for language in search.languages}


def _sentences(parts: Iterable[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(parts)


def _time(moment: pd.Timestamp) -> Estimate:
    return Estimate(moment.isoformat(), "time", 1, "candidates")


def _moment(search: Search, brand: str, moment: pd.Timestamp) -> Estimate | dict[str, str]:
    """A time, or a day where the brand is known by the day."""
    if search.brands[brand].bin == "1h":
        return _time(moment)
    return _day(search, moment)


def _day(search: Search, moment: pd.Timestamp) -> dict[str, str]:
    return {language: numbers.day(moment, language, year=True) for language in search.languages}


def _count(value: float) -> Estimate:
    return Estimate(float(value), "count", int(value), "count", float(value), float(value))
