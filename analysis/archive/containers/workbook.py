"""XLSX: the sheet of a workbook that holds a table, its cells as text."""

import datetime as dt
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pandas as pd

from analysis.archive.containers.header import MAX_COLUMNS, SEARCHED, distinct_names, find_header
from analysis.archive.records import BATCH, Batch, IsHeader, Reading, Row, note
from analysis.errors import InputError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    from analysis.archive.sources import Source

UNPACKED_BYTES = 1_500_000_000
MEMBERS = 10_000
CELLS = 30_000_000
"""Of the rectangle that a sheet spans: it is held whole while it is read, blank cells too, at about 65 bytes each."""
UNPLACED = 5_000
"""Cells that do not say where they are: all of them may stand beside each other, or below each other."""
OLD = b"\xd0\xcf\x11\xe0"
"""How old workbooks begin, and new ones that need a password."""
_BATCH_CELLS = 2_000_000
_EXACT = 2**53  # beyond it a float cannot tell neighbouring integers apart
_CHUNK = 1 << 20
# A cell that holds something, and the place it names. Text never matches, for "<" is written "&lt;" in it.
_CELL = re.compile(
    rb"[<:]c(?=[\s/>])(?:[^<]*?\sr\s*=\s*[\"']([A-Za-z]+\d+)[\"'])?[^<]*<(?!/|(?:[\w.-]+:)?(?:c|row)[\s/>])"
)
_ROW = re.compile(rb"[<:]row\s[^<]*?\br\s*=\s*[\"'](\d+)")
_DIGITS = b"0123456789"
_LETTERS = bytes(range(65, 91)) + bytes(range(97, 123))
_AS_CSV = "Export the posts as CSV instead."


def open_workbook(source: "Source", *, is_header: IsHeader | None = None) -> Reading:
    """The visible sheet that holds the header of a known format, else the first that holds any rows.

    Numbers are written out; whole ones beyond 2**53, of which digits were lost, keep their point or exponent. Dates and
    times are ISO 8601 without a zone, for a workbook has none; shares (6.5%) are fractions. Cells that are empty or
    hold an error, such as #N/A, are null; a row of these alone is no record. Raises InputError where the file is no
    workbook, needs a password, is larger than the bounds above, or holds no rows.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    with source.local() as path:
        _refuse_hostile(path, str(source))
        try:
            workbook = CalamineWorkbook.from_path(path)
            sheet, skipped = _choose(workbook, is_header)
        except (CalamineError, OSError) as error:
            raise InputError(f"{source}: not a whole workbook ({str(error)[:200]}). Save it again.") from error
    if sheet is None:
        raise InputError(f"{source}: a workbook without rows. Export it again, or take it out of `sources`.")
    head = _head(sheet)
    place = find_header(head, is_header) or 0
    names = distinct_names(head[place])
    if len(names) > MAX_COLUMNS:
        raise InputError(f"{source}: {len(names):,} columns; at most {MAX_COLUMNS:,} are read. {_AS_CSV}")
    batches = _batches(islice(sheet.iter_rows(), place + 1, None), names)
    above = sum(any(row) for row in head[:place])
    notes = [note("sheets_skipped", sheets=skipped)] if skipped else []
    notes += [note("preamble_skipped", rows=above)] if above else []
    return Reading("workbook", tuple(names), "xlsx", batches, notes)


def _choose(workbook: "CalamineWorkbook", is_header: IsHeader | None) -> tuple["CalamineSheet | None", list[str]]:
    """The sheet to read, and the names of others that may hold something."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    filled = [sheet.name for sheet in sheets]
    chosen = sheet = None
    for name in [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]:
        sheet = workbook.get_sheet_by_name(name)  # in place of the one before, for each is held whole
        head = _head(sheet)
        if not any(any(row) for row in head):
            filled.remove(name)
        elif is_header is not None and any(map(is_header, head)):
            chosen = name
            break
        else:
            chosen = chosen or name
    if chosen is None or sheet is None:
        return None, []
    others = [name for name in filled if name != chosen]
    return sheet if sheet.name == chosen else workbook.get_sheet_by_name(chosen), others


def _head(sheet: "CalamineSheet") -> list[Row]:
    return [[_text(cell) or "" for cell in row] for row in islice(sheet.iter_rows(), SEARCHED)]


def _batches(rows: Iterable[list[Any]], names: list[str]) -> Iterator[Batch]:
    size = max(1, min(BATCH, _BATCH_CELLS // len(names)))
    filled = (row for row in rows if row.count("") < len(row))
    while taken := list(islice(filled, size)):
        index = pd.RangeIndex(1, len(taken) + 1)
        columns = zip(names, zip(*taken, strict=True), strict=True)
        table = pd.DataFrame({name: pd.array(_texts(cells), dtype="str") for name, cells in columns}, index=index)
        yield Batch(table, [], len(taken))


def _texts(cells: tuple[Any, ...]) -> list[str | None]:
    """Cells of one column; a date among times is midnight, which a workbook does not tell from a date."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return [cell.replace("\0", "") or None for cell in cells]
    if dt.datetime in kinds:
        return [_text(dt.datetime.combine(cell, dt.time()) if type(cell) is dt.date else cell) for cell in cells]
    return [_text(cell) for cell in cells]


def _text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell.replace("\0", "") or None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell):
            return None
        return str(int(cell)) if cell == int(cell) and abs(cell) < _EXACT else repr(cell)
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(cell.isoformat())


def _refuse_hostile(path: Path, name: str) -> None:
    """Raise InputError for what is no workbook, or would not fit into memory once it is opened."""
    with path.open("rb") as file:
        if file.read(4) == OLD:
            raise InputError(
                f"{name}: a workbook that needs a password, or an old one (.xls). Open it, and save it as .xlsx "
                "without a password, or as CSV in UTF-8."
            )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if not any(member.filename.casefold() == "xl/workbook.xml" for member in members):
                raise InputError(f"{name}: not an XLSX workbook. Save the sheet as .xlsx, or as CSV in UTF-8.")
            if any(member.flag_bits & 1 for member in members):
                raise InputError(f"{name}: needs a password. Save it without one.")
            if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
                raise InputError(f"{name}: compressed as no workbook is. Save it again. {_AS_CSV}")
            unpacked = sum(member.file_size for member in members)
            if len(members) > MEMBERS or unpacked > UNPACKED_BYTES:
                raise InputError(f"{name}: unpacks to {unpacked:,} bytes in {len(members):,} parts. {_AS_CSV}")
            for member in members:
                declared, member.file_size = member.file_size, UNPACKED_BYTES
                with archive.open(member) as part:
                    _refuse_wide(part, declared, name)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise InputError(f"{name}: not a whole workbook ({str(error)[:200]}). Save it again.") from error


def _refuse_wide(part: IO[bytes], declared: int, name: str) -> None:
    """Raise InputError where `part` is longer than `declared`, or its cells span too large a rectangle.

    One cell in the last row and column makes a sheet of 17 thousand million. Cells without content span nothing.
    """
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    unplaced = length = 0
    text = b""
    while chunk := part.read(_CHUNK):
        length += len(chunk)
        text += chunk
        if length > declared or len(text) > 3 * _CHUNK:
            raise InputError(f"{name}: damaged, or made to do harm. {_AS_CSV}")
        last = text.rfind(b"<")
        found = _CELL.findall(text, 0, max(last, 0))
        places = b" ".join(found)
        columns.update(places.translate(None, _DIGITS).split())
        rows.update(places.translate(None, _LETTERS).split())
        if b"" in found:
            unplaced += found.count(b"")
            rows.update(_ROW.findall(text))
        text = text[max(text.rfind(b"<", 0, max(last, 0)), 0) :]
    width = max(map(_number, columns), default=0) + unplaced
    height = max(map(int, rows), default=0) + unplaced
    if unplaced > UNPLACED:
        raise InputError(
            f"{name}: its cells do not say where they are. Open it, and save it as a new workbook or as CSV."
        )
    if width * height > CELLS:
        raise InputError(
            f"{name}: a sheet of {height:,} rows and {width:,} columns; at most {CELLS:,} cells are read. {_AS_CSV}"
        )


def _number(letters: bytes) -> int:
    """Of a column, from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
