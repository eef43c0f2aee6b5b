"""A page of answers: what a notebook has said so far, in every language of its report, and where that is kept."""

import json
import re
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from analysis import findings as files
from analysis import privacy, wording
from analysis.findings import Certainty, Drawing, Finding, Quote, Table
from analysis.measures.estimate import Estimate
from analysis.questions import behind as members
from analysis.rows import FORMULA
from analysis.style import numbers

if TYPE_CHECKING:
    from analysis.figures.chart import Chart

QUOTE_LENGTH = 280
_NUMBER = r"-\d+$"
"""What tells figures of one kind apart, which share their words."""
Made = TypeVar("Made")
Draw = Callable[[str], "Chart"]
"""Language → figure."""


@dataclass(frozen=True)
class Printed:
    """A table as a question hands it over: the whole for the CSV, and each column's form in print.

    `columns` maps a column of `whole` to the id of its heading and to how a cell is shown, by language.
    """

    name: str
    caption: str
    whole: pd.DataFrame
    columns: Mapping[str, tuple[str, Callable[[Any, str], str]]]
    numeric: tuple[str, ...] = ()


@dataclass
class Answer:
    """What a notebook cell shows: a sentence, and the figure and table it rests on."""

    finding: Finding
    language: str
    draw: Draw | None = None
    printed: Printed | None = None
    behind: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Name of a value, or of a part of one → ids of all mentions that it counts."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Name → text of a file that is kept beside the findings; an empty text takes away what stood there."""
    also: Mapping[str, Draw] = field(default_factory=dict)
    """Further figures, by name, that are kept beside the one of the finding."""

    def __repr__(self) -> str:
        return self.finding.answer[self.language]

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(self.finding.answer[self.language])}</p>"]
        if self.draw and self.finding.figure:
            picture = b64encode(self.draw(self.language).png()).decode()
            alternative = escape(self.finding.figure.alt[self.language])
            parts.append(f'<img alt="{alternative}" width="720" src="data:image/png;base64,{picture}">')
        if self.finding.table:
            heading = "".join(f"<th>{escape(cell)}</th>" for cell in self.finding.table.columns[self.language])
            rows = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
                for row in self.finding.table.rows[self.language]
            )
            parts.append(f"<table><tr>{heading}</tr>{rows}</table>")
        parts += [f"<blockquote>{escape(quote.quote)}</blockquote>" for quote in self.finding.evidence]
        return "".join(parts)


class Page(ABC):
    """The answers of one notebook about one subject, kept under `output`.

    `mentions` (id, text) may be quoted; `allowed` maps pseudonyms to the names that may be printed.
    """

    notebook: str
    output: Path
    mentions: pd.DataFrame
    allowed: dict[str, str]
    answers: list[Answer]
    _made: dict[str, Any]

    @property
    @abstractmethod
    def subject(self) -> str:
        """The name of the incident, or of the archive."""

    @property
    @abstractmethod
    def languages(self) -> list[str]:
        """Those of the sentences."""

    @property
    @abstractmethod
    def zone(self) -> str:
        """For display."""

    def once(self, name: str, measure: Callable[[], Made]) -> Made:
        """The result of `measure`, computed the first time that `name` is asked for."""
        if name not in self._made:
            self._made[name] = measure()
        return self._made[name]

    def say(self, message: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
        """The sentence in every language of the report."""
        return {language: wording.say(message, language, values, self.zone) for language in self.languages}

    def quotes(self, ids: list[str]) -> list[Quote]:
        """The mentions `ids` as they may be printed, in that order."""
        texts = self.mentions.set_index("id")["text"]
        return [Quote(i, privacy.mask(texts[i], self.allowed)[:QUOTE_LENGTH]) for i in ids if i in texts.index]

    def answer(
        self,
        identity: str,
        message: str,
        values: Mapping[str, object] | None = None,
        *,
        certainty: Certainty = "medium",
        draw: tuple[str, str, Mapping[str, object], Draw] | None = None,
        marks: list[str] | None = None,
        printed: Printed | None = None,
        quotes: list[str] | None = None,
        facts: Mapping[str, object] | None = None,
        behind: Mapping[str, Iterable[str]] | None = None,
        files: Mapping[str, str] | None = None,
        also: Mapping[str, Draw] | None = None,
    ) -> Answer:
        """Keep an answer, and return it for the cell to show.

        `draw` is (name of the figure, message of its title, values of its alternative text, function); the alternative
        text is the message `figure.<name>.alt`. `marks` are messages for its numbered marks, from 1. `behind` holds the
        ids of the mentions that its numbers count, so that an analyst can read the threads they stand in, and is
        published; a list that several answers share is written once.
        """
        values = dict(values or {})
        drawing = None
        if draw:
            name, title, told, _ = draw
            kind = re.sub(_NUMBER, "", name)
            drawing = Drawing(
                name,
                self.say(title, values),
                self.say(f"figure.{kind}.alt", told),
                self._marks(marks or []),
            )
        ids = {name: found if isinstance(found, list) else list(found) for name, found in (behind or {}).items()}
        finding = Finding(
            id=identity,
            notebook=self.notebook,
            question=identity.split(".", maxsplit=1)[0],
            message=message,
            answer=self.say(message, values),
            values={name: value for name, value in values.items() if isinstance(value, Estimate)},
            evidence=self.quotes(quotes or []),
            certainty=certainty,
            figure=drawing,
            table=self._table(printed) if printed else None,
            facts=facts or {},
            behind={name: len(set(found)) for name, found in ids.items()},
        )
        ids = {name: list(found) for name, found in (behind or {}).items()}
        answer = Answer(finding, self.languages[0], draw[3] if draw else None, printed, ids, files or {}, also or {})
        self.answers = [kept for kept in self.answers if kept.finding.id != identity] + [answer]
        return answer

    def save(self) -> Path:
        """Write the findings of this notebook, their figures and their tables; return the file of findings."""
        from analysis.figures.save import save

        (self.output / "figures").mkdir(parents=True, exist_ok=True)
        for answer in self.answers:
            if answer.draw and answer.finding.figure:
                for language in self.languages:
                    save(
                        answer.draw(language), self.output / "figures" / f"{answer.finding.figure.name}.{language}.svg"
                    )
            for name, draw in answer.also.items():
                for language in self.languages:
                    save(draw(language), self.output / "figures" / f"{name}.{language}.svg")
            if answer.printed:
                _write_csv(answer.printed.whole, self.output / "tables" / f"{answer.printed.name}.csv")
            for name, text in answer.files.items():
                (self.output / name).unlink(missing_ok=True)
                if text:
                    (self.output / name).write_bytes(text.encode())
        counted = {answer.finding.id: answer.behind for answer in self.answers if answer.behind}
        _write_csv(members.write(counted, self.output, self.notebook), self.output / members.index(self.notebook))
        path = self.output / "findings" / f"{self.notebook}.json"
        files.write([answer.finding for answer in self.answers], self.subject, path)
        return path

    def _marks(self, messages: list[str]) -> dict[str, list[str]]:
        return {
            language: [f"{number} {wording.say(message, language)}" for number, message in enumerate(messages, start=1)]
            for language in self.languages
        }

    def _table(self, printed: Printed) -> Table:
        columns: dict[str, list[str]] = {}
        rows: dict[str, list[list[str]]] = {}
        for language in self.languages:
            columns[language] = [wording.say(heading, language) for heading, _ in printed.columns.values()]
            rows[language] = [
                [show(row[name], language) for name, (_, show) in printed.columns.items()]
                for row in printed.whole.to_dict("records")
            ]
        numeric = [name in printed.numeric for name in printed.columns]
        return Table(printed.name, self.say(printed.caption), columns, rows, numeric)


def shown(unit: str, zone: str = "UTC") -> Callable[[Any, str], str]:
    """How a cell with a number in `unit` is printed; an absent one is an en dash."""

    def show(value: Any, language: str) -> str:
        if value is None or pd.isna(value):
            return "–"
        told = pd.Timestamp(value).isoformat() if isinstance(value, datetime) else value
        return numbers.value(told, unit, language, zone)

    return show


def plain(value: Any, language: str) -> str:
    """A cell that is text in every language."""
    return "–" if value is None or pd.isna(value) else str(value)


def by_language(value: Any, language: str) -> str:
    """A cell that holds a text for each language."""
    return str(value[language]) if isinstance(value, dict) else "–"


def worded(prefix: str) -> Callable[[Any, str], str]:
    """A cell that holds the end of a message's id."""
    return lambda value, language: wording.say(f"{prefix}.{value}", language)


def why(reasons: pd.Series) -> dict[str, tuple[str, Callable[[Any, str], str]]]:
    """The printed column `reason`, why a row has no figure; none where each of them has."""

    def show(reason: Any, language: str) -> str:
        return "–" if pd.isna(reason) else wording.say(f"reason.{reason}", language)

    return {"reason": ("column.refused", show)} if reasons.notna().any() else {}


def bounds(unit: str, zone: str = "UTC") -> Callable[[Any, str], str]:
    """A cell that holds (low, high)."""

    def show(value: Any, language: str) -> str:
        if value is None or any(bound is None or pd.isna(bound) for bound in value):
            return "–"
        return numbers.interval(value[0], value[1], unit, language, zone)

    return show


def together(low: pd.Series, high: pd.Series) -> pd.Series:
    """Two columns as one of (low, high), which `bounds` prints."""
    return pd.Series([*zip(low, high, strict=True)], index=low.index, dtype=object)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """A CSV that is safe to open in a spreadsheet: a cell that would be a formula is led by an apostrophe."""
    path.parent.mkdir(parents=True, exist_ok=True)

    def guard(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if isinstance(value, (list, tuple)):
            value = "; ".join(map(str, value))
        if isinstance(value, dict):
            value = json.dumps(value, ensure_ascii=False, default=str)
        return "'" + value if isinstance(value, str) and value[:1] in tuple(FORMULA) else value

    table.map(guard).to_csv(path, index=False, lineterminator="\n")
