"""CSV and TSV: records of separated fields, as exports and spreadsheets write them."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from analysis.archive import encodings
from analysis.archive.records import RECORD_BYTES, Format, Records, Rejection, Sample, note
from analysis.errors import InputError

RECORD_LINES = 1000
"""A quoted field that runs over more lines than this was never closed."""
_DELIMITERS = (",", ";", "\t", "|")
_TOO_LONG = "\0"  # stands for a line that is; NUL occurs nowhere else, for it is taken out of what is read


class _Lines:
    """Lines of a file, of which those of the record being read are kept, and can be put back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._waiting: list[str] = []
        self.taken: list[str] = []
        self.nuls = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) == RECORD_LINES:
            raise StopIteration  # makes the csv reader give what it has, so that an open quote cannot eat the file
        line = self._waiting.pop() if self._waiting else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return line

    def _read(self) -> str:
        line = self._file.readline(RECORD_BYTES)
        if len(line) == RECORD_BYTES and line[-1] not in "\r\n":
            rest = line
            while rest and rest[-1] not in "\r\n":
                rest = self._file.readline(RECORD_BYTES)
            return _TOO_LONG + line[:1000].replace("\0", "") + "\n"
        if "\0" in line:
            self.nuls += line.count("\0")
            line = line.replace("\0", "") or "\n"
        return line

    def put_back(self) -> None:
        """Give the lines of this record again, but for the first."""
        self._waiting.extend(reversed(self.taken[1:]))
        self.taken = self.taken[:1]
        self.ended = False

    def open_quote(self) -> bool:
        """Whether the record ended only because nothing closed its quote."""
        cut = self.ended or len(self.taken) == RECORD_LINES
        return cut and len(self.taken) > 1 and sum(line.count('"') for line in self.taken) % 2 == 1


def columns(path: Path) -> tuple[str, ...]:
    """The names in the header of `path`."""
    with path.open(encoding=encodings.detect(path).name, errors="replace", newline="") as file:
        return tuple(_header(_Lines(file), path)[0])


def read(path: Path) -> Records:
    """All records of `path`, the separator being the one its header has most of.

    A record is what Python's csv reader makes of the file: the halves of a row that an unquoted line break has cut in
    two are two records, each rejected. Empty lines are none. A quote that nothing closes costs its own line only.
    Raises InputError where the file is empty, binary, or has a header alone.
    """
    encoding = encodings.detect(path)
    with path.open(encoding=encoding.name, errors="replace", newline="") as file:
        lines = _Lines(file)
        names, delimiter = _header(lines, path)
        numbers: list[int] = []
        good: list[list[str]] = []
        rejections: list[Rejection] = []
        for number, (fields, broken) in enumerate(_records(lines, delimiter), start=1):
            raw = "".join(lines.taken)
            if broken is not None:
                rejections.append(Rejection(number, broken, "", raw))
            elif len(fields) != len(names):
                counted = f"{len(fields)} fields, the header has {len(names)}"
                rejections.append(Rejection(number, "field_count", counted, raw))
            else:
                numbers.append(number)
                good.append(fields)
    if not good and not rejections:
        raise InputError(f"{path}: a header and no rows. Export it again, or take it out of `sources` in archive.yml.")
    table = pd.DataFrame(good, columns=names, index=pd.Index(numbers, dtype="int64"), dtype="str")
    return Records(table, rejections, encoding.name, list(_notes(encoding, lines.nuls)))


def _notes(encoding: encodings.Encoding, nuls: int) -> Iterator[dict[str, Any]]:
    if encoding.guessed:
        yield note("encoding_guessed", encoding=encoding.name)
    if encoding.broken:
        yield note("undecodable_characters", characters=encoding.broken)
    if nuls:
        yield note("nul_removed", characters=nuls)


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[list[str], str | None]]:
    """Each record and, where it is broken, why; `lines.taken` holds its lines until the next is asked for."""
    csv.field_size_limit(RECORD_BYTES)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.taken = []
        reason = None
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields, reason = [], "too_long"
        if any(_TOO_LONG in field for field in fields):
            reason = "too_long"
        elif lines.open_quote():
            lines.put_back()
            reader = csv.reader(lines, delimiter=delimiter)
            reason = "open_quote"
        if fields or reason:
            yield fields, reason


def _header(lines: _Lines, path: Path) -> tuple[list[str], str]:
    """The columns' names, made distinct, and the separator."""
    first = ""
    while not first.strip():
        lines.taken = []
        first = next(lines, "")
        if lines.ended:
            raise InputError(f"{path}: the file is empty. Export it again, or take it out of `sources`.")
    outside_quotes = "".join(first.split('"')[::2])
    delimiter = max(_DELIMITERS, key=outside_quotes.count)
    names = [name.replace("\ufeff", "").strip() for name in next(csv.reader([first], delimiter=delimiter))]
    seen: Counter[str] = Counter()
    distinct = []
    for place, name in enumerate(names, start=1):
        label = name or f"column {place}"
        seen[label] += 1
        distinct.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return distinct, delimiter


def _recognise(sample: Sample) -> str | None:
    return "a text file with a header" if sample.container == "delimited" else None


FORMAT = Format(name="delimited", recognise=_recognise, read=read, aliases=("csv", "tsv"))
