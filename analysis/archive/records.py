"""What a source, a container and a format are; what reading gives; why a record is rejected."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

RECORD_BYTES = 10_000_000
"""A record longer than this (in characters) is rejected: no post is, and a damaged file may be one line."""
BATCH = 50_000
"""About how many records are read, normalised and written at a time: what bounds memory."""

REASONS = {
    "field_count": "not as many fields as the header has",
    "open_quote": "opens a quote that nothing closes",
    "too_long": f"longer than {RECORD_BYTES:,} characters",
    "not_json": "not a JSON object",
    "total_row": "a row of totals, not a post",
    "no_id": "no id",
    "damaged_id": "the id was damaged by a spreadsheet: export it again with ids as text",
    "no_text": "no text",
    "no_time": "no time",
    "unreadable_time": "the time cannot be read",
    "unordered_date": "day and month cannot be told apart: set `day_first: true` or `false` in archive.yml",
    "impossible_time": "a local time that does not exist, skipped when clocks went forward",
    "forgotten": "its author was forgotten (aftermath forget)",
}


def note(kind: str, **values: Any) -> dict[str, Any]:
    """Something the user should know about the archive: its kind, and plain values to put it into words with.

    Notes of one kind whose texts agree are one note of the whole file: their whole numbers are added up.
    """
    return {"kind": kind, "values": values}


@dataclass(frozen=True)
class Rejection:
    """A record that did not become a mention."""

    row: int
    """Number of the record within its batch, from 1; within its source once that is read."""
    reason: str
    """One of REASONS."""
    detail: str
    raw: str


@dataclass(frozen=True)
class Batch:
    """Consecutive records of a source, `count` of them: those that could be read, and those that could not.

    `table` holds text as it came (str), one column per column of the source, null where nothing came; its index is the
    number of the record within the batch, from 1, as is `row` of each rejection: together they are 1 to `count`.
    `raw` holds each row of `table` as it came, where the table alone does not say it.
    """

    table: pd.DataFrame
    rejections: list[Rejection]
    count: int
    raw: list[str] | None = None
    notes: list[dict[str, Any]] = field(default_factory=list)

    def load(self, wanted: Collection[str] | None = None) -> "Batch":
        return self


class Loadable(Protocol):
    """A batch, or what becomes one in whichever process asks for it; it can be pickled."""

    def load(self, wanted: Collection[str] | None = None) -> Batch:
        """The batch; of its columns at least those `wanted`, all where that is None."""
        ...


@dataclass(frozen=True)
class Reading:
    """A source that was opened: its columns are known, its records are read as `batches` is drawn on.

    `notes` is whole once `batches` is exhausted.
    """

    container: str
    """delimited, objects, parquet, workbook or query."""
    columns: tuple[str, ...]
    """Of the header; of objects, the paths of the keys of the first hundred."""
    encoding: str
    batches: Iterator[Loadable]
    notes: list[dict[str, Any]] = field(default_factory=list)


Row = list[str]
"""The cells of one line of a table, as text."""
IsHeader = Callable[[Row], bool]
"""Whether a row is the header of a known format, so that what precedes it is none of the table."""
Expand = Callable[[dict[str, Any]], Iterator[dict[str, Any]]]
"""The posts within one JSON object, such as a page of a hundred."""
Mapped = pd.DataFrame
"""Columns of the mentions table, as text of the source; same index as the records they come from."""
Shaped = tuple[Mapped, list[dict[str, Any]]]


def as_they_are(mapped: Mapped, records: pd.DataFrame) -> Shaped:
    """The `shape` of a format whose columns need nothing but their names."""
    return mapped, []


@dataclass(frozen=True)
class Format:
    """One shape that archives arrive in, whatever container it comes in.

    A source is of the format with the most `marks` among its columns. Names are compared without regard to case,
    blanks around them and byte-order marks.
    """

    name: str
    marks: tuple[frozenset[str], ...] = ()
    """Sets of columns, one of which a source of this format has whole. None at all: the generic formats."""
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Column of the mentions table → column of the source, or several of which the first that is there counts."""
    platform: str | None = None
    """Platform of rows that name none."""
    zone_hint: str | None = None
    """The zone that this format's naive times are known to be in: offered where the user is asked, never assumed."""
    shape: Callable[[Mapped, pd.DataFrame], Shaped] = as_they_are
    """Puts right what a name cannot: gets the mapped columns and the records, gives columns and notes."""
    expand: Expand | None = None
    """For JSON whose objects hold several posts each."""
    reads: tuple[str, ...] = ()
    """Columns that `shape` reads beside those mapped."""
    ends_before: str | None = None
    """A column that rows of separated text may end before, where an export writes no cells for what a post has not."""
    aliases: tuple[str, ...] = ()
