"""Segments: the mentions of one source as they were read, as Parquet by UTC day; written aside, then never changed.

A segment goes by its identity, a hash of what was read and how: what was read once is not read again, and an ingest
that was killed goes on from the last source it finished.
"""

import csv
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.archive.records import REASONS, Rejection

if TYPE_CHECKING:
    import pyarrow as pa

RAW_CHARACTERS = 2000
"""How much of a rejected record is kept."""
BUFFER_BYTES = 64_000_000
"""How much waits in memory, over all days, before the larger half of it is written."""
QUARANTINE = "quarantine.csv"
QUARANTINE_FIELDS = ("file", "row", "reason", "record")
_META = "segment.json"
_RUNS = 200
"""Where days change more often among the rows of a batch, sorting them is cheaper than many views."""
_REPEATED = ["platform", "author", "language", "kind", "brand", "source"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer:
    """Writes one segment; `finish` makes it stand, and leaving without it leaves nothing."""

    def __init__(self, folder: Path, label: str) -> None:
        self._target = folder
        self._aside = folder.with_name(f".aside-{os.getpid()}-{folder.name}")
        self._label = label
        self._waiting: dict[str, list[pa.Table]] = {}
        self._bytes = 0
        self._parts: Counter[str] = Counter()
        self._writing: Future[None] | None = None
        self.rejected: Counter[str] = Counter()
        self.rows = 0

    def __enter__(self) -> "Writer":
        shutil.rmtree(self._aside, ignore_errors=True)
        self._aside.mkdir(parents=True)
        self._quarantine = open(self._aside / QUARANTINE, "w", encoding="utf-8", newline="", opener=private)
        self._rejections = csv.writer(self._quarantine)
        self._thread = ThreadPoolExecutor(1)
        return self

    def __exit__(self, *unused: object) -> None:
        self._thread.shutdown()
        self._quarantine.close()
        shutil.rmtree(self._aside, ignore_errors=True)

    def add(self, mentions: "pa.Table", rejections: Sequence[Rejection], count: int) -> None:
        """The next `count` records: a mentions table and rejections, whose rows are numbered from 1."""
        import pyarrow as pa
        import pyarrow.compute as pc

        place = mentions.schema.get_field_index("source_row")
        numbers = pc.add(mentions.column(place), pa.scalar(self.rows, pa.int64()))
        for day, rows in by_day(mentions.set_column(place, mentions.schema.field(place), numbers)):
            self._waiting.setdefault(day, []).append(rows)
            self._bytes += rows.nbytes
        for item in sorted(rejections, key=lambda item: item.row):
            self.rejected[item.reason] += 1
            self._rejections.writerow(quarantined(self._label, item, self.rows))
        self.rows += count
        if self._bytes > BUFFER_BYTES:
            self._flush(self._bytes // 2)

    def keep(self, row: Sequence[str]) -> None:
        """A rejected record as another segment has it."""
        self._rejections.writerow(row)

    def finish(self, meta: dict[str, Any]) -> None:
        """Make the segment stand, with `meta` (plain values) about it."""
        self._flush(0)
        self._wait()
        self._quarantine.close()
        text = json.dumps(meta, ensure_ascii=False, sort_keys=True, indent=1)
        (self._aside / _META).write_text(text, encoding="utf-8")
        self._aside.rename(self._target)

    def _flush(self, leave: int) -> None:
        """Write the days that hold most, until at most `leave` bytes wait; in a thread, while reading goes on."""
        self._wait()
        largest = sorted(self._waiting, key=lambda day: sum(table.nbytes for table in self._waiting[day]), reverse=True)
        chosen = []
        for day in largest:
            if self._bytes <= leave:
                break
            tables = self._waiting.pop(day)
            self._bytes -= sum(table.nbytes for table in tables)
            chosen.append((day, self._parts[day], tables))
            self._parts[day] += 1
        self._writing = self._thread.submit(_write_parts, self._aside, chosen)

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()


def _write_parts(folder: Path, chosen: "list[tuple[str, int, list[pa.Table]]]") -> None:
    import pyarrow as pa

    for day, number, tables in chosen:
        write_part(folder, day, number, pa.concat_tables(tables))


def by_day(mentions: "pa.Table") -> list[tuple[str, "pa.Table"]]:
    """`mentions` by UTC day (YYYY-MM-DD), in order of day; within a day in their order."""
    import numpy as np
    import pyarrow as pa

    day = 86_400_000_000
    numbers = mentions["published_at"].cast(pa.int64()).to_numpy() // day
    if not len(numbers):
        return []
    runs = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    if len(runs) > _RUNS:
        order = np.argsort(numbers, kind="stable")
        mentions, numbers = mentions.take(pa.array(order)), numbers[order]
        runs = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    ends = [*runs[1:], len(numbers)]
    found: dict[int, list[pa.Table]] = {}
    for start, end in zip(runs, ends, strict=True):  # a run of rows of one day is a view, which costs nothing
        found.setdefault(int(numbers[start]), []).append(mentions.slice(start, end - start))
    return [(str(np.datetime64(number, "D")), pa.concat_tables(found[number])) for number in sorted(found)]


def write_part(folder: Path, day: str, number: int, mentions: "pa.Table") -> None:
    """One Parquet file of the mentions of one `day`."""
    import pyarrow.parquet as pq

    place = folder / f"day={day}"
    place.mkdir(exist_ok=True)
    pq.write_table(
        mentions,
        place / f"part-{number:05d}.parquet",
        compression="zstd",
        use_dictionary=_REPEATED,
        write_statistics=["published_at"],
    )


def meta(folder: Path) -> dict[str, Any] | None:
    """What `Writer.finish` was given; None where the segment does not stand."""
    try:
        found = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def parts(folder: Path, first: str | None = None, last: str | None = None) -> list[str]:
    """The Parquet files of the days from `first` to `last` (YYYY-MM-DD, both included; None is without bound)."""
    chosen = []
    for place in sorted(folder.glob("day=*")):
        day = place.name.removeprefix("day=")
        if (first is None or day >= first) and (last is None or day <= last):
            chosen += [str(path) for path in sorted(place.glob("part-*.parquet"))]
    return chosen


def rejected(folder: Path) -> Iterator[list[str]]:
    """The rejected records of a segment: file, row, reason, record."""
    csv.field_size_limit(RAW_CHARACTERS * 20)  # JSON may write a character as six
    with (folder / QUARANTINE).open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def quarantined(label: str, item: Rejection, offset: int) -> list[str | int]:
    """The fields of one rejected record; JSON text begins with a quotation mark, so no spreadsheet computes it."""
    reason = REASONS[item.reason] + (f" ({item.detail})" if item.detail else "")
    record = item.raw[:RAW_CHARACTERS] + ("…" if len(item.raw) > RAW_CHARACTERS else "")
    return [_inert(label), item.row + offset, reason, json.dumps(record)]


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _inert(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
