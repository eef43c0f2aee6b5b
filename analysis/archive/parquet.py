"""Parquet: tables as data frames write them; a field inside a field is named by its path, as in `author.name`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.archive.records import Format, Records, Sample
from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
_EXACT = 2**53  # beyond it a float cannot tell neighbouring integers apart


def columns(path: Path) -> tuple[str, ...]:
    """The names of the columns of `path`, flattened."""
    return tuple(_load(path).column_names)


def read(path: Path) -> Records:
    """All rows of `path` as text: times in ISO 8601 (with +00:00 where the column has a zone), lists as JSON.

    Raises InputError where the file is no Parquet file, or has no rows.
    """
    table = _load(path)
    if not table.num_rows:
        raise InputError(f"{path}: no rows. Export it again, or take it out of `sources` in archive.yml.")
    index = pd.RangeIndex(1, table.num_rows + 1)
    text = {
        name: pd.Series(_text(table.column(place)), index=index, dtype="str")
        for place, name in enumerate(table.column_names)
    }
    return Records(pd.DataFrame(text, index=index), [], "parquet")


def _load(path: Path) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: not a whole Parquet file ({str(error)[:200]}). Export it again.") from error
    while any(pa.types.is_struct(kind.type) for kind in table.schema):
        table = table.flatten()
    seen: dict[str, int] = {}
    for name in table.column_names:
        seen[name] = seen.get(name, 0) + 1
    if max(seen.values(), default=0) > 1:
        table = table.rename_columns([f"{name} ({place})" for place, name in enumerate(table.column_names, start=1)])
    return table


def _text(column: "pa.ChunkedArray") -> list[str | None]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        times = column.cast(pa.timestamp("us"), safe=False).to_numpy()
        zone = "+00:00" if kind.tz else ""
        return [None if np.isnat(time) else f"{time}{zone}" for time in times]
    if pa.types.is_floating(kind):
        return [_number(value) for value in column.to_pylist()]
    return [_plain(value) for value in column.to_pylist()]


def _number(value: float | None) -> str | None:
    if value is None or not np.isfinite(value):
        return None
    return str(int(value)) if value == int(value) and abs(value) < _EXACT else repr(value)


def _plain(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str)
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.replace("\0", "")


def _recognise(sample: Sample) -> str | None:
    return "it begins as Parquet does" if sample.container == "parquet" else None


FORMAT = Format(name="parquet", recognise=_recognise, read=read)
