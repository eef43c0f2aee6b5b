"""One row per post, where exports overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis import mentions

if TYPE_CHECKING:
    import pyarrow as pa

MERGED = (*mentions.COUNTS, "first_seen", "last_seen", "kind", "parent_id", "thread_id")
"""What the row that is kept may take from the others."""
_JUDGED = ("id", "url", "published_at", *MERGED, "source", "source_row")
CONFLICT = pd.Timedelta(hours=1)
"""A post has one time; clocks of two exports, or their rounding, do not differ by more."""
_MEMORY = "800MB"


@dataclass(frozen=True)
class Overlaps:
    """Rows that share their id, or their address and time, with another.

    `rows` has one row for each: source, source_row, kept (whether it stays), and of MERGED what it has when it stays.
    """

    rows: "pa.Table"
    ids: int
    """How many ids occur more than once."""
    conflicts: int
    """How many of them at times that lie more than CONFLICT apart, so that they stand for different posts."""
    example: str
    """One of these ids with two of its times; empty where there is none."""


def overlaps(parts: Sequence[str], spill: Path) -> Overlaps:
    """How the mentions in the Parquet files `parts` overlap; what does not fit into memory goes to `spill`."""
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as connection:
        connection.execute(
            f"SET TimeZone = 'UTC'; SET memory_limit = '{_MEMORY}'; SET preserve_insertion_order = false"
        )
        connection.execute(f"SET temp_directory = '{str(spill).replace(chr(39), chr(39) * 2)}'")
        connection.read_parquet(list(parts), hive_partitioning=False).create_view("mentions")
        connection.execute(
            "CREATE TABLE keys AS SELECT hash(id) AS id, CASE WHEN url IS NULL THEN NULL ELSE hash(url, published_at) "
            "END AS url FROM mentions"
        )
        for key in ("id", "url"):
            connection.execute(
                f"CREATE TABLE by_{key} AS SELECT {key} FROM keys WHERE {key} IS NOT NULL "
                f"GROUP BY {key} HAVING count(*) > 1"
            )
        connection.execute("DROP TABLE keys")
        shared = connection.sql(
            f"SELECT {', '.join(_JUDGED)} FROM mentions WHERE hash(id) IN (FROM by_id) "
            "OR (url IS NOT NULL AND hash(url, published_at) IN (FROM by_url))"
        ).to_arrow_table()
    types = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype()}
    rows = shared.to_pandas(types_mapper=types.get)
    kept = drop_duplicates(rows.sort_values(["source", "source_row"], ignore_index=True))
    told = rows[["source", "source_row"]].merge(kept[["source", "source_row", *MERGED]], how="left", indicator="kept")
    told["kept"] = told["kept"] == "both"
    told = told.sort_values(["source", "source_row"], ignore_index=True)
    schema = pa.schema([*(shared.schema.field(name) for name in ("source", "source_row")), ("kept", pa.bool_())])
    for name in MERGED:
        schema = schema.append(shared.schema.field(name))
    table = pa.Table.from_pandas(told, schema=schema, preserve_index=False).replace_schema_metadata()
    return Overlaps(table, *_conflicts(rows))


def _conflicts(rows: pd.DataFrame) -> tuple[int, int, str]:
    times = rows[rows["id"].duplicated(keep=False)].groupby("id")["published_at"].agg(["min", "max"])
    apart = times[times["max"] - times["min"] > CONFLICT]
    example = ""
    if len(apart):
        first = apart.iloc[0]
        example = f"{str(apart.index[0])[:60]}: {first['min']:%Y-%m-%d %H:%M} and {first['max']:%Y-%m-%d %H:%M} UTC"
    return len(times), len(apart), example


def drop_duplicates(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with one row per id, then per address and time, by time and id.

    The row seen last is kept, else the one with the highest counts, else the first by source and row, so that the order
    of files does not matter. It gets the highest of each count, the earliest `first_seen` and the latest `last_seen`;
    and where it does not know its parent or its thread, those of a row that does, with its kind. One address at several
    times is a link that posts share, not a post.
    """
    one_per_id = _merge(table, ["id"])
    addressed = one_per_id["url"].notna()
    one_per_address = _merge(one_per_id[addressed], ["url", "published_at"])
    kept = pd.concat([one_per_id[~addressed], one_per_address]).sort_values(["published_at", "id"])
    return kept.reset_index(drop=True)


def _merge(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    repeated = table.duplicated(keys, keep=False)
    if not repeated.any():
        return table
    newest_first = [*keys, "last_seen", *mentions.COUNTS]
    order = table[repeated].sort_values(
        [*newest_first, "source", "source_row"],
        ascending=[key in keys for key in newest_first] + [True, True],
        na_position="last",
    )
    groups = order.groupby(keys, sort=False)
    kept = order[~order.duplicated(keys)].copy()
    for name in (*mentions.COUNTS, "last_seen"):
        kept[name] = groups[name].transform("max")[kept.index]
    kept["first_seen"] = groups["first_seen"].transform("min")[kept.index]
    kept["thread_id"] = groups["thread_id"].transform("first")[kept.index]
    orphan = kept["parent_id"].isna()
    with_parent = order[order["parent_id"].notna()].drop_duplicates(keys).set_index(keys)[["kind", "parent_id"]]
    found = kept[orphan].drop(columns=["kind", "parent_id"]).join(with_parent, on=keys)
    found = found[found["parent_id"].notna()]
    kept.loc[found.index, ["kind", "parent_id"]] = found[["kind", "parent_id"]]
    return pd.concat([table[~repeated], kept])
