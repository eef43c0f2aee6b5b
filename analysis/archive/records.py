"""What a format is, and what reading a file with it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

RECORD_BYTES = 10_000_000
"""A record longer than this (in characters) is rejected: no post is, and a damaged file may be one line."""

REASONS = {
    "field_count": "not as many fields as the header has",
    "open_quote": "opens a quote that nothing closes",
    "too_long": f"longer than {RECORD_BYTES:,} characters",
    "not_json": "not a JSON object",
    "no_id": "no id",
    "damaged_id": "the id was damaged by a spreadsheet: export it again with ids as text",
    "no_text": "no text",
    "no_time": "no time",
    "unreadable_time": "the time cannot be read",
    "unordered_date": "day and month cannot be told apart: write dates as 2017-04-10",
    "impossible_time": "a local time that does not exist, skipped when clocks went forward",
}


def note(kind: str, **values: Any) -> dict[str, Any]:
    """Something the user should know about the archive: its kind, and plain values to put it into words with."""
    return {"kind": kind, "values": values}


@dataclass(frozen=True)
class Rejection:
    """A record that did not become a mention."""

    row: int
    reason: str
    """One of REASONS."""
    detail: str
    raw: str


@dataclass(frozen=True)
class Records:
    """The records of one file: text as it came, one column per column of the file, null where nothing came.

    `table` is indexed by the number of the record (1 is the first after the header); `rejections` holds those that
    could not be read, so that together they are all records of the file.
    """

    table: pd.DataFrame
    rejections: list[Rejection]
    encoding: str
    notes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Sample:
    """What recognition looks at: the container of a file ("delimited", "jsonl" or "parquet") and its columns."""

    path: Path
    container: str
    columns: tuple[str, ...]


Mapped = pd.DataFrame
"""Columns of the mentions table, as text of the file; same index as the records they come from."""


def as_they_are(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    """The `shape` of a format whose columns need nothing but their names."""
    return mapped, []


@dataclass(frozen=True)
class Format:
    """One shape that archives arrive in."""

    name: str
    recognise: Callable[[Sample], str | None]
    """Why a file is of this format, or None where it is not."""
    read: Callable[[Path], Records]
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column of the mentions table → column of the file."""
    platform: str | None = None
    shape: Callable[[Mapped, pd.DataFrame], tuple[Mapped, list[dict[str, Any]]]] = as_they_are
    """Puts right what a name cannot: gets the mapped columns and the records, gives the columns and notes."""
    aliases: tuple[str, ...] = ()
