"""What people changed about causes (overrides.yml), applied to the causes that a run found.

A cause is found by its name. Where no cause has the name, or the one that has it holds none of the anchors (ids of
mentions that the cause held), it is the cause that holds more than half of the anchors that still are in some cause:
more than half, because no two causes can hold that, and because a cause of which half moved away is not called the same
elsewhere either (definitions, C17). Whatever cannot be applied is said.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import Any

import numpy as np
import pandas as pd

from analysis.overrides import SAID, Merge, Name, Named, Overrides, Part, Rename, Split, folded, said

OUTCOMES = ("applied", "matched", "gone", "already_one", "alone", "taken", "part_empty", "name_used", "unknown_id")
MORE_THAN = 0.5
"""Share of the anchors at hand that a cause must hold more than."""
NONE = -1
"""Stands for no cause while causes are changed."""
LANGUAGES = ("en", "zh")
_TYPICAL = 3

Nearest = Callable[[np.ndarray, Sequence[Part]], np.ndarray]
"""For mentions, by position, the number of the part each belongs to; −1 where it stays in the cause."""


def by_phrases(texts: Sequence[str]) -> Nearest:
    """A mention of `texts` belongs to the part most of whose phrases it holds, the first of those where several do."""

    def nearest(positions: np.ndarray, parts: Sequence[Part]) -> np.ndarray:
        phrases = [[folded(phrase) for phrase in part.phrases] for part in parts]
        chosen = np.full(len(positions), -1)
        for row, position in enumerate(positions):
            text = folded(str(texts[position]))
            held = [sum(phrase in text for phrase in some) for some in phrases]
            if max(held):
                chosen[row] = int(np.argmax(held))
        return chosen

    return nearest


def apply(
    labels: pd.DataFrame, table: pd.DataFrame, ids: Sequence[str], overrides: Overrides, nearest: Nearest
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Labels and table of causes as people want them, and what became of each entry.

    `labels` is DataFrame[cause, confidence, origin], a row a mention, and `ids` their ids; `table` as in
    `causes.Causes`, its `typical` ids; the columns names, key and origin are kept up where it has them, and `origin`
    is added ("found", "analyst"). Excluded mentions go first, then causes are renamed, merged and split.
    The third is DataFrame[entry (its number, in the order in which they are applied), kind, cause (as written), to (by
    language, or null), outcome (one of OUTCOMES), found (the name of the cause in this run, or null), n (mentions)].

    A merged cause keeps the number of its largest and the least of the stabilities: matched to the union of what its
    parts were matched to, its Jaccard index is no less (a sum of intersections over a sum of unions). What was split
    has none, since phrases and not refits hold it. `distinct` is a sum, or null where mentions were taken away.
    """
    work = _Work(labels, table, ids)
    work.exclude(overrides.exclude)
    work.rename(overrides.rename)
    for merged in overrides.merge:
        work.merge(merged)
    for apart in overrides.split:
        work.split(apart, nearest)
    return work.labelled(labels), work.tabled(table), pd.DataFrame(work.told, columns=list(SAID))


class _Work:
    """Causes by number, and the cause of each mention, while they are changed; `told` is what is said of it."""

    def __init__(self, labels: pd.DataFrame, table: pd.DataFrame, ids: Sequence[str]) -> None:
        self.ids = [str(each) for each in ids]
        self.place = {identity: position for position, identity in enumerate(self.ids)}
        self.cause = labels["cause"].astype("Int64").fillna(NONE).to_numpy(dtype=int)
        self.sure = labels["confidence"].to_numpy(dtype=float, na_value=np.nan)
        self.by_people = np.zeros(len(labels), bool)
        self.rows: dict[int, dict[str, Any]] = {}
        for row in table.to_dict("records"):
            own = {str(key): value for key, value in row.items()}
            distinct = None if pd.isna(own["distinct"]) else int(own["distinct"])
            typical, terms = [*map(str, own["typical"])], [*map(str, own["terms"])]
            own |= {"n": int(own["n"]), "distinct": distinct, "typical": typical, "terms": terms}
            self.rows[int(own["cause"])] = own | {"origin": own.get("origin", "found")}
        self.generated = {cause: {*map(folded, _names(row))} for cause, row in self.rows.items()}
        self.renamed: set[int] = set()
        self.told: list[dict[str, Any]] = []
        self.entry = 0

    def labelled(self, labels: pd.DataFrame) -> pd.DataFrame:
        out = labels.copy()
        none = self.cause == NONE
        out["cause"] = pd.array(
            [pd.NA if off else int(cause) for cause, off in zip(self.cause, none, strict=True)], "Int64"
        )
        out["confidence"] = np.where(none, np.nan, self.sure)
        origin = labels["origin"].astype("string").mask(self.by_people, "analyst")
        return out.assign(origin=origin.mask(none))

    def tabled(self, table: pd.DataFrame) -> pd.DataFrame:
        columns = [*table.columns, *(["origin"] if "origin" not in table else [])]
        rows = sorted(self.rows.values(), key=lambda row: (-row["n"], row["cause"]))
        made = pd.DataFrame(rows, columns=columns)
        return made.astype({"distinct": "Int64", "stability": "float64"})

    def tell(self, kind: str, cause: str, outcome: str, of: int | None = None, **more: Any) -> None:
        """Of the cause numbered `of`, its name as it is in this run and its size are told too."""
        found = {} if of is None else {"found": str(self.rows[of]["name"]), "n": self.rows[of]["n"]}
        self.told.append(
            dict.fromkeys(SAID) | {"entry": self.entry, "kind": kind, "cause": cause, "outcome": outcome} | found | more
        )

    def find(self, named: Named) -> tuple[int | None, str]:
        """The number of the cause, and how it was found: "applied" by its name, "matched" by its mentions, or "gone".

        Names given by people count too: an entry may name a cause as an earlier entry made the report show it.
        """
        wanted = folded(named.cause)
        by_name = [
            cause
            for cause, row in self.rows.items()
            if wanted in self.generated[cause] or wanted in map(folded, _names(row))
        ]
        places = [self.place[each] for each in dict.fromkeys(named.mentions) if each in self.place]
        held = Counter(int(self.cause[place]) for place in places if self.cause[place] != NONE)
        best, most = max(held.items(), key=lambda item: (item[1], -item[0]), default=(NONE, 0))
        major = best if most > MORE_THAN * sum(held.values()) else None
        if by_name and (major is None or any(held[cause] for cause in by_name)):
            return max(by_name, key=lambda cause: (held[cause], self.rows[cause]["n"], -cause)), "applied"
        return (None, "gone") if major is None else (major, "matched")

    def exclude(self, mentions: Sequence[str]) -> None:
        for identity in dict.fromkeys(mentions):
            self.entry += 1
            if identity not in self.place:
                self.tell("exclude", identity, "unknown_id")
                continue
            position = self.place[identity]
            cause = int(self.cause[position])
            name = self.rows[cause]["name"] if cause != NONE else None
            self.tell("exclude", identity, "applied", found=name, n=int(cause != NONE))
            if cause != NONE:
                self.cause[position] = NONE
                self._shrunk(cause)

    def rename(self, entries: Sequence[Rename]) -> None:
        """All are found before any is renamed, so that two causes may swap names."""
        found = [(entry, *self.find(entry)) for entry in entries]
        for entry, cause, how in found:
            self.entry += 1
            outcome = "taken" if cause in self.renamed else how
            self.tell("rename", entry.cause, outcome, cause, to=_told(entry.to))
            if cause is not None and cause not in self.renamed:
                self.renamed.add(cause)
                self.rows[cause] = self._called(cause, entry.to)
        for cause in sorted(self.renamed):
            self._same_name("rename", cause)

    def merge(self, entry: Merge) -> None:
        self.entry += 1
        found: list[int] = []
        again = False
        for named in entry.causes:
            cause, how = self.find(named)
            again |= cause in found
            self.tell("merge", named.cause, "already_one" if cause in found else how, cause, to=_told(entry.to))
            if cause is not None and cause not in found:
                found.append(cause)
        if not found:
            return
        if len(found) > 1:
            largest = self._joined(found)
        else:
            largest = found[0]
            if not again:
                self.tell("merge", ", ".join(named.cause for named in entry.causes), "alone", largest)
                return
        if entry.to is not None:
            self.rows[largest] = self._called(largest, entry.to)
            self._same_name("merge", largest)

    def _joined(self, causes: list[int]) -> int:
        """The number of the largest of `causes`, which the others are now part of."""
        rows = sorted((self.rows[cause] for cause in causes), key=lambda row: (-row["n"], row["cause"]))
        largest = int(rows[0]["cause"])
        self.cause[np.isin(self.cause, causes)] = largest
        counts = [row["distinct"] for row in rows]
        whole = rows[0] | {
            "n": sum(row["n"] for row in rows),
            "distinct": None if None in counts else sum(counts),
            "typical": _in_turn([row["typical"] for row in rows])[:_TYPICAL],
            "terms": _in_turn([row["terms"] for row in rows])[: max(len(row["terms"]) for row in rows)],
            "stability": min((float(row["stability"]) for row in rows), key=lambda value: (not np.isnan(value), value)),
            "origin": "analyst",
        }
        if "key" in whole and len({str(row["key"]) for row in rows}) > 1:
            whole["key"] = None
        for cause in causes:
            self.generated[largest] |= self.generated[cause] | {*map(folded, _names(self.rows[cause]))}
            del self.rows[cause]
        self.rows[largest] = whole
        return largest

    def split(self, entry: Split, nearest: Nearest) -> None:
        self.entry += 1
        cause, how = self.find(entry)
        self.tell("split", entry.cause, how, cause)
        if cause is None:
            return
        members = np.flatnonzero(self.cause == cause)
        chosen = np.asarray(nearest(members, entry.into))
        whole = self.rows[cause]
        for number, part in enumerate(entry.into):
            moved = members[chosen == number]
            outcome = "applied" if len(moved) else "part_empty"
            self.tell("split", entry.cause, outcome, to=_told(part.name), found=str(whole["name"]), n=len(moved))
            if not len(moved):
                continue
            new = max(self.rows) + 1
            self.cause[moved], self.by_people[moved] = new, True
            own = {"cause": new, "n": len(moved), "distinct": None, "terms": [*part.phrases], "stability": np.nan}
            own |= {"typical": self._surest(moved)} | ({"key": None} if "key" in whole else {})
            self.rows[new], self.generated[new] = whole | own, set()
            self.rows[new] = self._called(new, part.name)
            self._same_name("split", new)
        if (chosen >= 0).any():
            whole["stability"] = np.nan
            self._shrunk(cause)

    def _shrunk(self, cause: int) -> None:
        """Count a cause anew that mentions were taken from; gone where it has none left.

        Its typical mentions are those that it still has, or its surest where it has none of them.
        """
        members = np.flatnonzero(self.cause == cause)
        if not len(members):
            del self.rows[cause]
            return
        own = {self.ids[place] for place in members}
        left = [each for each in self.rows[cause]["typical"] if each in own]
        self.rows[cause] |= {"n": len(members), "distinct": None, "typical": left or self._surest(members)}

    def _surest(self, members: np.ndarray) -> list[str]:
        order = np.argsort(-np.nan_to_num(self.sure[members]), kind="stable")
        return [self.ids[place] for place in members[order[:_TYPICAL]]]

    def _called(self, cause: int, to: Name) -> dict[str, Any]:
        """The row of a cause with the name that people gave it."""
        row = self.rows[cause]
        called = row | {"name": said(to, str(row["language"])), "origin": "analyst"}
        if "names" in row:
            called["names"] = {language: said(to, language) for language in LANGUAGES}
        return called

    def _same_name(self, kind: str, cause: int) -> None:
        """Say where another cause has the same name: both keep it."""
        own = folded(str(self.rows[cause]["name"]))
        if any(own in map(folded, _names(row)) for other, row in self.rows.items() if other != cause):
            self.tell(kind, str(self.rows[cause]["name"]), "name_used", cause)


def _names(row: dict[str, Any]) -> list[str]:
    """Every name that the report may show for a cause."""
    names = row.get("names")
    return (
        [str(row["name"]), *(str(name) for name in names.values() if name)]
        if isinstance(names, dict)
        else [str(row["name"])]
    )


def _in_turn(lists: Sequence[Sequence[str]]) -> list[str]:
    """The first of each list, then the second of each, …, none twice."""
    return list(dict.fromkeys(each for each in chain(*zip_longest(*lists)) if each is not None))


def _told(name: Name | None) -> dict[str, str] | None:
    """A name by language, as findings hold texts."""
    return None if name is None else {language: said(name, language) for language in LANGUAGES}
