"""The store of an archive: mentions as Parquet, one folder per UTC day, and what ingesting them gave.

`ingest.json` names the folder that holds the mentions and is replaced last, so that a reader sees the old store or the
new one, whole.
"""

import csv
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import mentions
from analysis.archive.records import REASONS, Rejection
from analysis.errors import InputError, TemporaryError

SCHEMA = 1
"""Version of the store; another version is built again from the sources."""
RAW_CHARACTERS = 2000
"""How much of a rejected record is kept."""
_INDEX = "ingest.json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def locked(store: Path, wait: float = 60.0) -> Iterator[None]:
    """Hold the lock on writing to `store`; TemporaryError where another process holds it for `wait` seconds."""
    store.mkdir(parents=True, exist_ok=True)
    with (store / ".lock").open("w") as file:
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    raise TemporaryError(
                        f"{store}: another run has been writing to this store for {wait:.0f} seconds. "
                        "Try again when it is done."
                    ) from error
                time.sleep(min(0.2, wait))
        yield


def index(store: Path) -> dict[str, Any] | None:
    """What the last ingest of `store` left, of whatever version; None where there is none that is whole."""
    try:
        found = json.loads((store / _INDEX).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    whole = isinstance(found, dict) and isinstance(found.get("folder"), str) and (store / found["folder"]).is_dir()
    return found if whole else None


def write(
    store: Path,
    table: pd.DataFrame,
    rejected: Sequence[tuple[str, Rejection]],
    facts: Mapping[str, Any],
) -> None:
    """Replace what `store` holds by `table` (a mentions table) and `facts`; `rejected` goes to quarantine.csv.

    Call it under `locked`. Interrupted anywhere, it leaves the store as it was, but for quarantine.csv.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    _sweep(store, keep=(index(store) or {}).get("folder"))
    folder = f"mentions-{secrets.token_hex(6)}"
    days = table["published_at"].dt.strftime("%Y-%m-%d")
    schema = pa.Schema.from_pandas(table, preserve_index=False).remove_metadata()
    for day, rows in table.groupby(days, sort=True):
        place = store / folder / f"day={day}"
        place.mkdir(parents=True)
        pq.write_table(
            pa.Table.from_pandas(rows, schema=schema, preserve_index=False), place / "part.parquet", compression="zstd"
        )
    _write_quarantine(store / "quarantine.csv", rejected)
    draft = store / f".{_INDEX}.draft"
    whole = {"schema": SCHEMA, "folder": folder, **facts}
    draft.write_text(json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(draft, store / _INDEX)
    _sweep(store, keep=folder)


def _sweep(store: Path, keep: str | None) -> None:
    """Delete what interrupted or earlier ingests left."""
    for path in store.glob("mentions-*"):
        if path.name != keep:
            shutil.rmtree(path)


def _write_quarantine(path: Path, rejected: Sequence[tuple[str, Rejection]]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    with open(draft, "w", encoding="utf-8", newline="", opener=_private) as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "reason", "record"])
        for source, item in rejected:
            reason = REASONS[item.reason] + (f" ({item.detail})" if item.detail else "")
            record = item.raw[:RAW_CHARACTERS] + ("…" if len(item.raw) > RAW_CHARACTERS else "")
            # JSON text begins with a quotation mark, so no spreadsheet takes it for a formula.
            writer.writerow([_inert(source), item.row, reason, json.dumps(record)])
    os.replace(draft, path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _inert(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def read(
    store: Path,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    brand: str | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Mentions published in [start, end) (aware times; None is without bound), by time, then id.

    `brand` keeps rows with that label; `columns` names columns of the mentions table, all by default. Only the days and
    columns asked for are read. Raises InputError where there is no store, or one of another version.
    """
    wanted = list(columns) if columns is not None else list(mentions.COLUMNS)
    unknown = [name for name in wanted if name not in mentions.COLUMNS]
    if unknown:
        raise ValueError(f"no such columns in the mentions table: {unknown}")
    files = _parts(_folder(store), start, end)
    conditions: list[tuple[str, object]] = []
    if start is not None:
        conditions.append(("published_at >= ?", start))
    if end is not None:
        conditions.append(("published_at < ?", end))
    if brand is not None:
        conditions.append(("brand = ?", brand))
    where = " AND ".join(text for text, _ in conditions) or "true"
    table = _query(
        store,
        f"SELECT {', '.join(wanted)} FROM mentions WHERE {where} ORDER BY published_at, id",
        files,
        [value for _, value in conditions],
    )
    return mentions.conform(table)[wanted]


def span(store: Path) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The times (UTC) of the first and the last mention."""
    row = _query(store, "SELECT min(published_at) AS a, max(published_at) AS b FROM mentions", _parts(_folder(store)))
    return pd.Timestamp(row["a"].iloc[0]).tz_convert("UTC"), pd.Timestamp(row["b"].iloc[0]).tz_convert("UTC")


def brands(store: Path) -> dict[str, int]:
    """How many mentions each label has, in order of label; mentions without one are not counted."""
    rows = _query(
        store,
        "SELECT brand, count(*) AS n FROM mentions WHERE brand IS NOT NULL GROUP BY brand ORDER BY brand",
        _parts(_folder(store)),
    )
    return {str(brand): int(n) for brand, n in zip(rows["brand"], rows["n"], strict=True)}


def _folder(store: Path) -> Path:
    found = index(store)
    if found is None:
        raise InputError(f"{store}: this archive has not been ingested yet. Run `aftermath ingest` on it.")
    if found.get("schema") != SCHEMA:
        raise InputError(
            f"{store}: written by another version of Aftermath (schema {found.get('schema')}, this one has {SCHEMA}). "
            "Run `aftermath ingest` on the archive: it builds the store again from the sources."
        )
    return store / found["folder"]


def _parts(folder: Path, start: datetime | None = None, end: datetime | None = None) -> list[str]:
    first, last = (_utc_day(bound) if bound is not None else None for bound in (start, end))
    chosen = []
    for path in sorted(folder.glob("day=*")):
        day = date.fromisoformat(path.name.removeprefix("day="))
        if (first is None or day >= first) and (last is None or day <= last):
            chosen.append(str(path / "part.parquet"))
    return chosen


def _utc_day(moment: datetime) -> date:
    return pd.Timestamp(moment).tz_convert("UTC").date()


def _query(store: Path, sql: str, files: list[str], values: Sequence[object] = ()) -> pd.DataFrame:
    """What `sql` gives, where `mentions` is the Parquet in `files`."""
    import duckdb
    import pyarrow as pa

    if not files:
        return mentions.empty()
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            connection.read_parquet(files, hive_partitioning=False).create_view("mentions")
            table = connection.sql(sql, params=list(values)).to_arrow_table()
        except duckdb.IOException as error:
            raise TemporaryError(f"{store}: the store was replaced while it was read. Try again.") from error
    types: dict[pa.DataType, Any] = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype()}
    return table.to_pandas(types_mapper=types.get)
