"""CSV files that people write: read with the numbers of their rows, and replaced at once."""

import csv
import io
import os
import tempfile
from pathlib import Path

import pandas as pd

from analysis.errors import InputError

FORMULA = "=+-@\t\r"
"""What a spreadsheet takes for the beginning of a formula: such a cell is led by an apostrophe."""
SHOWN = 40
"""Characters of a cell that a message shows."""


def read_rows(path: Path, columns: tuple[str, ...], *, more: bool = False) -> list[tuple[int, dict[str, str]]]:
    """Records of a CSV file that has `columns`, stripped, with their numbers; 1 is the first after the header.

    Further columns are refused, or kept as they are where `more`. Raises InputError, which says what to mend.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8. Save it as CSV UTF-8.") from error
    if "\0" in text:
        raise InputError(f"{path}: it holds null bytes, so it is no CSV file. Save it as CSV UTF-8.")
    if not text.strip():
        raise InputError(f"{path} is empty: begin it with the line {','.join(columns)}, or delete it.")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in reader.fieldnames or []]
        absent = [name for name in columns if name not in header]
        if absent:
            raise InputError(f"{path}: column {absent[0]} is absent. The first line is {','.join(columns)}.")
        strange = [name for name in header if name not in columns]
        if strange and not more:
            raise InputError(
                f"{path}: column {strange[0]!r} is not one of {','.join(columns)}. Answers are added to this file, and "
                "what stands there would be lost: delete the column, or keep it elsewhere."
            )
        reader.fieldnames = header
        kept = header if more else columns
        found = [
            (number, {name: (row[name] or "").strip() for name in kept}) for number, row in enumerate(reader, start=1)
        ]
    except csv.Error as error:
        raise InputError(f"{path}: {error}. A quote may never have been closed; mend it in a text editor.") from error
    for number, row in found:
        if not row["id"]:
            raise InputError(f"{path}, row {number}: id is empty. Delete the row, or fill in what it is of.")
    return found


def short(cell: str) -> str:
    """A cell as a message shows it: inert, and not the whole of a quote that was never closed."""
    return repr(cell if len(cell) <= SHOWN else cell[:SHOWN] + "…")


def is_time(text: str) -> bool:
    try:
        return pd.Timestamp(text).tzinfo is not None
    except ValueError:
        return False


def replace(path: Path, table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """Replace `path` with the `columns` of `table` at once: whoever reads it sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            table[list(columns)].to_csv(file, index=False, lineterminator="\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)
