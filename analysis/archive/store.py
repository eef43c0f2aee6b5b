"""The store of an archive: segments of mentions as Parquet by UTC day, seen through DuckDB as one table.

`ingest.json`, the manifest, names the segments that count and the overlaps between them, and is replaced last: a reader
sees the old store or the new one, whole.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import mentions
from analysis.archive import duplicates, segments
from analysis.errors import InputError, TemporaryError

SCHEMA = 2
"""Version of the store; another version is built again from the sources."""
_INDEX = "ingest.json"
_SEGMENTS = "segments"


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
    """The manifest of `store`, of whatever version; None where there is none that is whole."""
    try:
        found = json.loads((store / _INDEX).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    if found.get("schema") != SCHEMA:
        return found
    whole = all(segments.meta(segment(store, name)) is not None for name in found["segments"])
    return found if whole and (store / found["overlaps"]).is_file() else None


def segment(store: Path, name: str) -> Path:
    """Where the segment of that name stands, or is to stand."""
    return store / _SEGMENTS / name


def overlap(store: Path, names: Sequence[str]) -> tuple[str, dict[str, int], duplicates.Overlaps]:
    """Write down how the segments `names` overlap: file's name, duplicates of each source, and all of it."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    name = f"overlaps-{hashlib.sha256(json.dumps(sorted(names)).encode()).hexdigest()[:16]}.parquet"
    found = duplicates.overlaps(_parts(store, names), store / ".spill")
    _replace(store / name, lambda draft: pq.write_table(found.rows, draft, compression="zstd"))
    dropped = found.rows.filter(pc.invert(found.rows["kept"]))["source"].value_counts()
    return name, {item["values"]: item["counts"] for item in dropped.to_pylist()}, found


def publish(store: Path, names: Sequence[str], overlaps: str, facts: Mapping[str, Any]) -> None:
    """Make the segments `names` the store, with `facts` beside them in the manifest; sweep what counts no longer.

    Call it under `locked`. Interrupted anywhere, it leaves the store as it was, but for quarantine.csv.
    """
    _replace(store / segments.QUARANTINE, lambda draft: _gather_quarantine(store, names, draft))
    whole = {"schema": SCHEMA, "segments": list(names), "overlaps": overlaps, **facts}
    text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)
    _replace(store / _INDEX, lambda draft: draft.write_text(text, encoding="utf-8"))
    drop(store, keep={*names, overlaps})


def drop(store: Path, keep: Collection[str]) -> None:
    """Delete what does not count any more: all segments and overlaps but `keep`. Call it under `locked`."""
    for path in [*store.glob(f"{_SEGMENTS}/*"), *store.glob("overlaps-*"), *store.glob("mentions-*")]:
        if path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def clear(store: Path) -> None:
    """Leave nothing in `store`: it has not been ingested then. Call it under `locked`."""
    (store / _INDEX).unlink(missing_ok=True)
    (store / segments.QUARANTINE).unlink(missing_ok=True)
    drop(store, keep=())


def sweep(store: Path) -> None:
    """Delete what an interrupted ingest left half written. Call it under `locked`."""
    for path in [*store.glob(f"{_SEGMENTS}/.aside-*"), *store.glob(".draft-*"), store / ".spill"]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a draft, then put it in the place of `path` in one step."""
    draft = path.with_name(f".draft-{path.name}")
    write(draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)


def _gather_quarantine(store: Path, names: Sequence[str], target: Path) -> None:
    with open(target, "wb", opener=segments.private) as file:
        file.write((",".join(segments.QUARANTINE_FIELDS) + "\r\n").encode())
        for name in names:
            with (segment(store, name) / segments.QUARANTINE).open("rb") as part:
                shutil.copyfileobj(part, file)


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
        raise ValueError(f"not columns of the mentions table: {unknown}")
    conditions = [
        (f"{column} {sign} ?", value)
        for column, sign, value in (("published_at", ">=", start), ("published_at", "<", end), ("brand", "=", brand))
        if value is not None
    ]
    where = " AND ".join(text for text, _ in conditions) or "true"
    table = _query(
        store,
        f"SELECT {', '.join(wanted)} FROM mentions WHERE {where} ORDER BY published_at, id",
        [value for _, value in conditions],
        (start, end),
    )
    return mentions.conform(table)[wanted]


def span(store: Path) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The times (UTC) of the first and the last mention."""
    row = _query(store, "SELECT min(published_at) AS a, max(published_at) AS b FROM mentions")
    return pd.Timestamp(row["a"].iloc[0]).tz_convert("UTC"), pd.Timestamp(row["b"].iloc[0]).tz_convert("UTC")


def brands(store: Path) -> dict[str, int]:
    """How many mentions each label has, in order of label; mentions without one are not counted."""
    rows = _query(
        store, "SELECT brand, count(*) AS n FROM mentions WHERE brand IS NOT NULL GROUP BY brand ORDER BY brand"
    )
    return {str(brand): int(n) for brand, n in zip(rows["brand"], rows["n"], strict=True)}


def _manifest(store: Path) -> dict[str, Any]:
    found = index(store)
    if found is None:
        raise InputError(f"{store}: this archive has not been ingested yet. Run `aftermath ingest` on it.")
    if found.get("schema") != SCHEMA:
        raise InputError(
            f"{store}: written by another version of Aftermath (schema {found.get('schema')}, this one has {SCHEMA}). "
            "Run `aftermath ingest` on the archive: it builds the store again from the sources."
        )
    return found


def _parts(store: Path, names: Sequence[str], bounds: tuple[datetime | None, datetime | None] = (None, None)) -> list:
    first, last = (_utc_day(bound) if bound is not None else None for bound in bounds)
    return [part for name in names for part in segments.parts(segment(store, name), first, last)]


def _utc_day(moment: datetime) -> str:
    return str(pd.Timestamp(moment).tz_convert("UTC").date())


def _query(
    store: Path,
    sql: str,
    values: Sequence[object] = (),
    bounds: tuple[datetime | None, datetime | None] = (None, None),
) -> pd.DataFrame:
    """What `sql` gives, where `mentions` is what `store` holds on the days within `bounds`."""
    import duckdb
    import pyarrow as pa

    manifest = _manifest(store)
    files = _parts(store, manifest["segments"], bounds)
    if not files:
        return mentions.empty()
    merged = ", ".join(
        f"CASE WHEN o.source IS NULL THEN m.{name} ELSE o.{name} END AS {name}" for name in duplicates.MERGED
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        try:
            connection.read_parquet(files, hive_partitioning=False).create_view("read")
            connection.read_parquet(str(store / manifest["overlaps"])).create_view("shared")
            connection.execute(
                f"CREATE VIEW mentions AS SELECT m.* REPLACE ({merged}) FROM read m LEFT JOIN shared o "
                "ON m.source = o.source AND m.source_row = o.source_row WHERE o.kept IS DISTINCT FROM false"
            )
            table = connection.sql(sql, params=list(values)).to_arrow_table()
        except duckdb.IOException as error:
            raise TemporaryError(f"{store}: the store was replaced while it was read. Try again.") from error
    types: dict[pa.DataType, Any] = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype()}
    return table.to_pandas(types_mapper=types.get)
