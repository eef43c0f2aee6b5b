"""JSON lines: one object a line; a key inside a key is named by its path, as in `author.name`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from analysis.archive import encodings
from analysis.archive.records import RECORD_BYTES, Format, Records, Rejection, Sample, note
from analysis.errors import InputError

MAX_DEPTH = 6
MAX_COLUMNS = 1000
_SAMPLED = 100


def looks_like(head: bytes) -> bool:
    """Whether a file that begins with `head` is JSON."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def columns(path: Path) -> tuple[str, ...]:
    """The paths of the keys in the first hundred objects of `path`."""
    names: dict[str, None] = {}
    for number, (record, _reason, _raw) in enumerate(_objects(path, encodings.detect(path).name)):
        if number == _SAMPLED:
            break
        names.update(dict.fromkeys(record or {}))
    return tuple(names)


def read(path: Path) -> Records:
    """All objects of `path`; lists become JSON text, numbers are written out, null and absent are null.

    Blank lines are no records. Keys deeper than MAX_DEPTH, and beyond the first MAX_COLUMNS, are left out.
    Raises InputError where the file is empty, or is one JSON list.
    """
    encoding = encodings.detect(path)
    rejections: list[Rejection] = []
    cells: dict[str, dict[int, str]] = {}
    numbers: list[int] = []
    for number, (record, reason, raw) in enumerate(_objects(path, encoding.name), start=1):
        if record is None:
            rejections.append(Rejection(number, reason, "", raw))
            continue
        numbers.append(number)
        for name, value in record.items():
            if name in cells or len(cells) < MAX_COLUMNS:
                cells.setdefault(name, {})[number] = value
    if not numbers and not rejections:
        raise InputError(f"{path}: the file holds no objects. Export it again, or take it out of `sources`.")
    index = pd.Index(numbers, dtype="int64")
    table = pd.DataFrame(
        {name: pd.Series(column, dtype="str").reindex(index) for name, column in cells.items()}, index=index
    )
    notes = [note("encoding_guessed", encoding=encoding.name)] if encoding.guessed else []
    if encoding.broken:
        notes.append(note("undecodable_characters", characters=encoding.broken))
    return Records(table, rejections, encoding.name, notes)


def _objects(path: Path, encoding: str) -> Iterator[tuple[dict[str, str] | None, str, str]]:
    """Each object, flattened, or None and the reason, with the line it came from."""
    with path.open(encoding=encoding, errors="replace") as file:
        for place, line in enumerate(_lines(file)):
            if len(line) >= RECORD_BYTES:
                yield None, "too_long", line[:1000]
                continue
            if place == 0 and line.startswith("["):
                raise InputError(
                    f"{path}: a JSON list, where one object a line is expected. Write each on its own line."
                )
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                yield None, "not_json", line
                continue
            if isinstance(value, dict):
                yield dict(_flat(value, "", 1)), "", line
            else:
                yield None, "not_json", line


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(RECORD_BYTES):
        rest = line
        while len(rest) == RECORD_BYTES and rest[-1] != "\n":
            rest = file.readline(RECORD_BYTES)
        stripped = line.replace("\0", "").strip()
        if stripped:
            yield line if len(line) >= RECORD_BYTES else stripped


def _flat(value: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        name = prefix + key
        if isinstance(item, dict) and depth < MAX_DEPTH:
            yield from _flat(item, name + ".", depth + 1)
        elif isinstance(item, str):
            # Half of a character outside the basic plane, which JSON may hold, cannot be stored.
            yield name, item.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        elif isinstance(item, bool):
            yield name, str(item).lower()
        elif isinstance(item, (int, float)):
            yield name, repr(item) if abs(item) < 1e300 else ""
        elif isinstance(item, list):
            yield name, json.dumps(item, ensure_ascii=True)


def _recognise(sample: Sample) -> str | None:
    return "it begins with a JSON object" if sample.container == "jsonl" else None


FORMAT = Format(name="jsonl", recognise=_recognise, read=read, aliases=("ndjson", "json"))
