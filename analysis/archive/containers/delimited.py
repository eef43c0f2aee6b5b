"""CSV and TSV: records of separated fields, as exports and spreadsheets write them."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.archive.containers import encodings
from analysis.archive.containers.header import SEARCHED, distinct_names, find_header
from analysis.archive.containers.wellformed import WellFormed
from analysis.archive.records import BATCH, RECORD_BYTES, Batch, IsHeader, Reading, Rejection, Row, note
from analysis.archive.sources import Source
from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

RECORD_LINES = 1000
"""A quoted field that runs over more lines than this was never closed."""
MAX_COLUMNS = 2000
"""Ten times as many as the widest export known: what has more is no table of posts."""
_SEPARATORS = (",", ";", "\t", "|")
_DECLARATION = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_HEADER_LINES = 20  # that a name with line breaks in it may make of a header
_TOO_LONG = "\0"  # begins what stands for a line that is; NUL occurs nowhere else, for it is taken out of what is read
_SHOWN = 1000
_FIELD = 2 * RECORD_BYTES  # for the csv reader, which is never given as much
_BLOCK = 4 << 20
_HEAD = 1 << 20  # characters that the header is looked for in
_BATCH_BLOCKS = 16
_SLICE = 1000  # rows held as lists at a time: as columns they take a tenth of the room
_PATIENCE = 2_000_000_000
"""Characters read again after quotes that nothing closes, beyond which a file is refused: some ten seconds' work."""
_LINE = 100  # characters that are read in the time that a line costs
_OTHER_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # lines for str.splitlines, text within a line for CSV


def open_delimited(source: Source, *, is_header: IsHeader | None = None, ends_before: str | None = None) -> Reading:
    """The records of `source`, the separator being the one its header has most of, or that a line `sep=;` names.

    A record is what Python's csv reader makes of the text: the halves of a row that an unquoted line break has cut in
    two are two records, each rejected. Lines that are empty, or hold separators alone, are none. A quote that nothing
    closes within RECORD_LINES lines or RECORD_BYTES characters costs its own line only. What an export writes above
    its header (see header.find_header) is passed over. A row that ends right before the column `ends_before` is whole.
    Raises InputError where the source is empty, binary, or wider than MAX_COLUMNS.
    """
    encoding = encodings.detect(source)
    lines = _Lines(source, encoding.name)
    header, skipped = _find_header(lines, source, is_header)
    names = distinct_names(header.row)
    if len(names) > MAX_COLUMNS:
        raise InputError(
            f"{source}: {len(names):,} columns, of which at most {MAX_COLUMNS:,} are read. Export the posts one a row, "
            "with a column for each of their properties."
        )
    notes = [note("encoding_guessed", encoding=encoding.name)] if encoding.guessed else []
    if skipped:
        notes.append(note("preamble_skipped", rows=skipped))
    short = names.index(ends_before) if ends_before in names else len(names)
    slow = partial(_batches, names=names, short=short, separator=header.separator, encoding=encoding, notes=notes)
    begins = lines.bytes_before(header.end) if encoding.name in ("utf-8", "utf-8-sig") else None
    if begins is None:
        return Reading("delimited", tuple(names), encoding.name, slow(lines), notes)
    fast = WellFormed(source, begins, header.separator, len(names))
    return Reading("delimited", tuple(names), encoding.name, _quickly(fast, source, names, slow), notes)


class _Lines:
    """Lines of a source, block by block; those of the record being read are kept, and can be put back.

    Lines end in CR, LF or both, and keep their ends. NULs are taken out, and lines too long cut short.
    """

    def __init__(self, source: Source, encoding: str, offset: int = 0) -> None:
        self._source, self._encoding, self._offset = source, encoding, offset
        self._blocks = self._split()
        self.lines: list[str] = []
        self.start = 0
        """Place of the record being read."""
        self.at = 0
        """Place of the line to be given next."""
        self.cut = ""
        """Why the record being read ends before its quote does: a reason of records.REASONS."""
        self.shortened = False
        """Whether any line was too long."""
        self.blocks = self.nuls = self.undecoded = 0
        self._size = self._again = 0

    def feed(self) -> Iterator[str]:
        """Lines for a csv reader, which asks for another while a quote is open: until it is plain that none closes."""
        while True:
            if self.at == len(self.lines) and not self.more():
                self.cut = "open_quote" if self.at > self.start else ""
                return
            if self.at > self.start and self._is_hopeless():
                return
            self.at += 1
            yield self.lines[self.at - 1]

    def _is_hopeless(self) -> bool:
        """Whether the record has run on too far for another line."""
        taken = self.at - self.start
        if taken == 1:
            self._size = len(self.lines[self.start])
        self._size += len(self.lines[self.at])
        if taken == RECORD_LINES:
            self.cut = "open_quote"
        elif self._size > RECORD_BYTES:
            self.cut = "too_long"
        return bool(self.cut)

    def bytes_before(self, line: int) -> int | None:
        """How many bytes (of UTF-8) come before a line of the first block; None where they differ from the text."""
        if self.blocks > 1 or self.nuls or self.shortened:
            return None
        mark = codecs.BOM_UTF8 if self._encoding == "utf-8-sig" else b""
        text = "".join(self.lines[:line])
        return None if "\ufffd" in text else len(mark) + len(text.encode())

    def taken(self) -> str:
        """The record being read, as it stands in the source."""
        return "".join(self.lines[self.start : self.at])

    def put_back(self) -> None:
        """Give the lines of this record again, but for the first."""
        self._again += sum(len(line) + _LINE for line in self.lines[self.start + 1 : self.at])
        if self._again > _PATIENCE:
            raise InputError(f"{self._source}: quotes that nothing closes, all over. Export it again, as CSV or JSON.")
        self.at = self.start + 1
        self.cut = ""

    def more(self) -> bool:
        """Whether there was another block; what precedes the record being read is let go."""
        block = next(self._blocks, None)
        if block is None:
            return False
        self.lines = self.lines[self.start :] + block
        self.at -= self.start
        self.start = 0
        self.blocks += 1
        return True

    def _split(self) -> Iterator[list[str]]:
        rest = ""
        for text in self._texts():
            lines = _lines(rest + text)
            rest = ""
            # The end of a text is empty. A CR may be half of a line end that the next text completes.
            if text and lines and not lines[-1].endswith("\n"):
                rest = lines.pop()
                if len(rest) > RECORD_BYTES:
                    rest = rest[:RECORD_BYTES] + rest[-1]
            if any(len(line) > RECORD_BYTES for line in lines):
                self.shortened = True
                lines = [line if len(line) <= RECORD_BYTES else _TOO_LONG + line[:_SHOWN] + "\n" for line in lines]
            if lines:
                yield lines

    def _texts(self) -> Iterator[str]:
        """The text of the source, and an empty one at its end."""
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        with self._source.open() as file:
            left = self._offset
            while left and (passed := file.read(min(left, _BLOCK))):
                left -= len(passed)
            while chunk := file.read(_BLOCK):
                if text := self._cleaned(decoder.decode(chunk)):
                    yield text
        if text := self._cleaned(decoder.decode(b"", final=True)):
            yield text
        yield ""

    def _cleaned(self, text: str) -> str:
        if not self._encoding.startswith("utf-8"):  # whose broken bytes are counted when it is detected
            self.undecoded += text.count("\ufffd")
        if "\0" in text:
            self.nuls += text.count("\0")
            text = text.replace("\0", "")
        return text


def _lines(text: str) -> list[str]:
    if any(character in text for character in _OTHER_BREAKS):
        return list(io.StringIO(text, newline=""))
    return text.splitlines(keepends=True)


def _records(lines: _Lines, separator: str) -> Iterator[tuple[Row, str]]:
    """Each record and, where it is broken, why; `lines` has taken its text until the next is asked for."""
    csv.field_size_limit(_FIELD)
    ended = False
    while not ended:
        ended = True
        for fields in csv.reader(lines.feed(), delimiter=separator):
            if lines.cut:
                reason = lines.cut
                lines.put_back()
                yield fields, reason
                lines.start = lines.at
                ended = False
                break
            if any(fields):
                too_long = lines.shortened and any(_TOO_LONG in field for field in fields)
                yield fields, "too_long" if too_long else ""
            lines.start = lines.at


def _quickly(
    fast: WellFormed, source: Source, names: list[str], slow: Callable[[_Lines], Iterator[Batch]]
) -> Iterator[Batch]:
    """Batches by Arrow as far as everything is in its place, then record by record."""
    for table in fast:
        for start in range(0, len(table), BATCH):
            columns = [pd.array(_whole(column), dtype="str") for column in table.slice(start, BATCH).columns]
            index = pd.RangeIndex(1, len(columns[0]) + 1)
            yield Batch(pd.DataFrame(dict(zip(names, columns, strict=True)), index=index), [], len(index))
    if not fast.ended:
        yield from slow(_Lines(source, "utf-8", fast.offset))


def _whole(column: "pa.ChunkedArray") -> "pa.Array":
    """`column` as one array, which it mostly is: combining copies even then."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _batches(
    lines: _Lines,
    *,
    names: list[str],
    short: int,
    separator: str,
    encoding: encodings.Encoding,
    notes: list[dict[str, Any]],
) -> Iterator[Batch]:
    width, began, count = len(names), lines.blocks, 0
    rows: list[Row] = []
    slices: list[list[pa.Array]] = []
    rejections: list[Rejection] = []
    for fields, broken in _records(lines, separator):
        count += 1
        if broken:
            rejections.append(Rejection(count, broken, "", lines.taken()))
        elif len(fields) not in (width, short):
            counted = f"{len(fields)} fields, the header has {width}"
            rejections.append(Rejection(count, "field_count", counted, lines.taken()))
        else:
            rows.append(fields + [""] * (width - len(fields)))
            if len(rows) == _SLICE:
                slices.append(_columns(rows, width))
                rows = []
        if count == BATCH or lines.blocks >= began + _BATCH_BLOCKS:
            yield _batch(names, [*slices, _columns(rows, width)], rejections, count)
            began, count, rows, slices, rejections = lines.blocks, 0, [], [], []
    if count:
        yield _batch(names, [*slices, _columns(rows, width)], rejections, count)
    if undecoded := encoding.broken + lines.undecoded:
        notes.append(note("undecodable_characters", characters=undecoded))
    if lines.nuls:
        notes.append(note("nul_removed", characters=lines.nuls))


def _columns(rows: list[Row], width: int) -> "list[pa.Array]":
    import pyarrow as pa

    columns = zip(*rows, strict=True) if rows else [()] * width
    return [pa.array(column, type=pa.large_string()) for column in columns]


def _batch(names: list[str], slices: "list[list[pa.Array]]", rejections: list[Rejection], count: int) -> Batch:
    import pyarrow as pa

    columns = (pd.array(pa.concat_arrays(parts), dtype="str") for parts in zip(*slices, strict=True))
    numbers = np.setdiff1d(np.arange(1, count + 1), [item.row for item in rejections])
    table = pd.DataFrame(dict(zip(names, columns, strict=True)), index=pd.Index(numbers, dtype="int64"))
    return Batch(table, rejections, count)


@dataclass(frozen=True)
class _Header:
    row: Row
    separator: str
    end: int
    """Place of the line after it."""


def _find_header(lines: _Lines, source: Source, is_header: IsHeader | None) -> tuple[_Header, int]:
    """The header, `lines` standing after it, and how many rows above it hold anything.

    Each of the first rows is read with the separator that it has most of, for titles and filters have none or another.
    """
    while lines.more():
        if not any(map(str.strip, lines.lines)):
            lines.start = lines.at = len(lines.lines)
        elif sum(map(len, lines.lines)) >= _HEAD:
            break
    found: list[_Header] = []
    at, declared = lines.start, ""
    while at < len(lines.lines) and len(found) < SEARCHED:
        line = lines.lines[at].lstrip("\ufeff")
        at += 1
        if (declaration := _DECLARATION.fullmatch(line)) and not found:
            declared = declaration[1]
        elif line.strip():
            separator = declared or _separator(line)
            row, used = _first_row([line, *lines.lines[at : at + _HEADER_LINES]], separator)
            at += used - 1
            found.append(_Header(row, separator, at))
    place = find_header(_with_titles(found, is_header), is_header)
    if place is None:
        raise InputError(f"{source}: the file is empty. Export it again, or take it out of `sources` in archive.yml.")
    header = found[place]
    if any(_TOO_LONG in cell for cell in header.row):
        raise InputError(
            f"{source}: one line of more than {RECORD_BYTES:,} characters, where a header is expected. Export it "
            "again, as CSV, JSON lines or Parquet."
        )
    lines.start = lines.at = header.end
    return header, sum(any(above.row) for above in found[:place]) + bool(declared)


def _with_titles(found: list[_Header], is_header: IsHeader | None) -> list[Row]:
    """The rows, one that falls into two cells as no later row does being one cell: a title with a comma in it."""
    rows: list[Row] = []
    for header in reversed(found):
        alone = len(header.row) == 2 and len(rows) > 1 and all(len(row) != 2 for row in rows)
        known = is_header is not None and is_header(header.row)
        rows.append([header.separator.join(header.row)] if alone and not known else header.row)
    return rows[::-1]


def _separator(line: str) -> str:
    outside_quotes = "".join(line.split('"')[::2])
    return max(_SEPARATORS, key=outside_quotes.count)


def _first_row(lines: list[str], separator: str) -> tuple[Row, int]:
    """The first record of `lines`, and how many of them it takes: one, where a quote in it does not close."""
    csv.field_size_limit(_FIELD)
    reader = csv.reader([*lines, ""], delimiter=separator)
    row = next(reader)
    if reader.line_num > len(lines):  # the empty one was asked for too
        return next(csv.reader(lines[:1], delimiter=separator)), 1
    return row, reader.line_num
