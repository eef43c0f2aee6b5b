"""One candidate of a search: what it was, when, how severe, and on what evidence."""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import privacy, wording
from analysis.findings import Certainty
from analysis.measures import candidates
from analysis.measures.estimate import Estimate
from analysis.measures.kinds import ALARMING
from analysis.questions.page import Answer, Printed, shown, worded
from analysis.questions.search import Search, Spike
from analysis.style import numbers

if TYPE_CHECKING:
    from analysis.figures.chart import Chart

BEFORE, AFTER = pd.Timedelta(days=3), pd.Timedelta(days=2)
"""What the figure of a candidate shows on either side of it."""
QUOTED = 3
CAUSES = 3
HALF = 0.5
"""From this share of the other brands on, a spike that they share is the sector's."""


class Answers(list[Answer]):
    """Several answers, as one notebook cell shows them."""

    def _repr_html_(self) -> str:
        return "".join(answer._repr_html_() for answer in self) or escape("–")


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
        "causes": joined(search, [f"“{name}”" for name, _ in spike.causes[:CAUSES]]),
        "sector": joined(search, map(search.called, spike.sector)),
        "shared": len(spike.sector),
        "level": spike.severity.level,
        "index": spike.severity.index,
        "cues": _named_cues(search, spike.severity.floors),
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
            span=span(row),
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
        printed=_components(spike) if kind in ALARMING else None,
        quotes=spike.typical[:QUOTED],
        facts={
            "kind": kind,
            "brand": spike.brand,
            "start": row["start"].isoformat(),
            "end": span(row)[1].isoformat(),
            "open": bool(pd.isna(row["end"])),
        },
    )


def _components(spike: Spike) -> Printed:
    """What the severity of a candidate is made of."""
    return Printed(
        f"severity-{spike.rank}",
        "table.severity",
        spike.severity.components,
        {
            "component": ("column.component", worded("component")),
            "scaled": ("column.scaled", shown("share")),
            "reason": ("column.reason", _reason),
        },
        numeric=("scaled",),
    )


def _reason(reason: Any, language: str) -> str:
    return "–" if reason is None or pd.isna(reason) else wording.say(f"reason.{reason}", language)


def _severe(spike: Spike) -> list[str]:
    if spike.severity.level.value is None:
        return ["find.severity.floor"] if spike.severity.floors else []
    return ["find.severity.floored" if spike.severity.floors else "find.severity.known"]


def _named_cues(search: Search, names: Iterable[str]) -> dict[str, str]:
    listed = list(names)
    return {
        language: wording.joined([wording.say(f"cue.{cue}", language) for cue in listed], language)
        for language in search.languages
    }


def levels(search: Search, brand: str) -> pd.DataFrame:
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


def _context(search: Search, spike: Spike) -> pd.DataFrame:
    table = levels(search, spike.brand)
    start, end = span(spike.row)
    wide = max(BEFORE, (end - start) / 2)
    return table[(table["end"] > start - wide) & (table["start"] < end + max(AFTER, (end - start) / 4))].reset_index(
        drop=True
    )


def span(row: Any) -> tuple[pd.Timestamp, pd.Timestamp]:
    return row["start"], row["last"] if pd.isna(row["end"]) else row["end"]


def _when(search: Search, spike: Spike) -> dict[str, str]:
    """The span in words: an interval where the start was hidden, open where the archive ends first."""
    row = spike.row
    hidden = pd.isna(row["start_low"]) or row["start_low"] < row["start"]
    opening = "find.when.unseen" if pd.isna(row["start_low"]) else "find.when.between" if hidden else "find.when.from"
    closing = "find.when.open" if pd.isna(row["end"]) else "find.when.to"
    top = "find.when.peak" if pd.notna(row["peak"]) else "find.when.no_peak"
    names = [name for name in ("start", "start_low", "peak", "end", "last") if pd.notna(row[name])]
    values = {name: _at(search, spike.brand, row[name]) for name in names}
    return {
        language: "".join(wording.say(part, language, values, search.zone) for part in (opening, closing, top))
        for language in search.languages
    }


def joined(search: Search, names: Iterable[str]) -> dict[str, str]:
    listed = list(names)
    return {language: wording.joined(listed, language) for language in search.languages}


def _sentences(parts: Iterable[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(parts)


def _at(search: Search, brand: str, when: pd.Timestamp) -> Estimate | dict[str, str]:
    """A time, or a day where the brand is known by the day."""
    if search.brands[brand].bin == "1h":
        return moment(when)
    return day(search, when)


def day(search: Search, moment: pd.Timestamp) -> dict[str, str]:
    return {language: numbers.day(moment, language, year=True) for language in search.languages}


def moment(when: pd.Timestamp) -> Estimate:
    return Estimate(when.isoformat(), "time", 1, "candidates")


def _count(value: float) -> Estimate:
    return Estimate(float(value), "count", int(value), "count", float(value), float(value))
