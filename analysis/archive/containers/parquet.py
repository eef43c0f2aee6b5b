"""Parquet: tables as data frames write them; a field inside a field is named by its path, as in `author.name`."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.archive.containers.header import MAX_COLUMNS, distinct_names
from analysis.archive.records import BATCH, Batch, Reading
from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.archive.sources import Source

MAGIC = b"PAR1"
MAX_DEPTH = 6
"""Fields deeper than this are JSON text of the field they are in."""
_NESTED = 50  # deeper than any table of posts; writing it as JSON would recurse as far
_BATCH_CELLS = 2_000_000
_BUFFER = 1 << 20
_EXACT = 2**53  # beyond it a float cannot tell neighbouring integers apart


def open_parquet(source: "Source") -> Reading:
    """All rows of `source` as text: times in ISO 8601 (with +00:00 where the column has a zone), lists as JSON.

    Raises InputError, now or while it is read, where the source is no whole Parquet file, has no rows, or has more
    columns than MAX_COLUMNS.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with source.local() as path, pq.ParquetFile(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
            if max(map(_depth, schema.types), default=0) > _NESTED:
                raise InputError(f"{source}: fields nested deeper than {_NESTED}. Export the posts as CSV instead.")
            names = _flat(schema.empty_table()).column_names
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: names that are no text
        raise _broken(source, error) from error
    if not rows:
        raise InputError(f"{source}: no rows. Export it again, or take it out of `sources` in archive.yml.")
    if len(names) > MAX_COLUMNS:
        raise InputError(f"{source}: {len(names):,} columns; at most {MAX_COLUMNS:,} are read. Leave out some.")
    columns = distinct_names(names)
    return Reading("parquet", tuple(columns), "parquet", _batches(source, columns))


def _batches(source: "Source", names: list[str]) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    size = max(1, min(BATCH, _BATCH_CELLS // len(names)))
    try:
        with source.local() as path, pq.ParquetFile(path, buffer_size=_BUFFER) as file:
            for part in file.iter_batches(batch_size=size):
                table = _flat(pa.Table.from_batches([part]))
                index = pd.RangeIndex(1, table.num_rows + 1)
                columns = zip(names, table.columns, strict=True)
                text = {name: pd.Series(_text(column), index=index, dtype="str") for name, column in columns}
                yield Batch(pd.DataFrame(text, index=index), [], table.num_rows)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise _broken(source, error) from error


def _broken(source: "Source", error: Exception) -> InputError:
    return InputError(f"{source}: not a whole Parquet file ({str(error)[:200]}). Export it again.")


def _flat(table: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    for _ in range(MAX_DEPTH - 1):
        if any(pa.types.is_struct(kind) for kind in table.schema.types):
            table = table.flatten()
    return table


def _depth(kind: "pa.DataType") -> int:
    return 1 + max((_depth(kind.field(place).type) for place in range(kind.num_fields)), default=0)


def _text(column: "pa.ChunkedArray") -> "list[str | None] | pd.api.extensions.ExtensionArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:  # bytes that are no text
            return _text(column.cast(pa.large_binary()))
        return pd.array(pc.replace_substring(column.cast(pa.large_string()), "\0", ""), dtype="str")
    if pa.types.is_integer(kind):
        return pd.array(column.cast(pa.large_string()), dtype="str")
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
