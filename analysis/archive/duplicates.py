"""One row per post, where exports overlap."""

import pandas as pd

from analysis import mentions


def drop_duplicates(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """`table` with one row per id, then per address and time; and how many rows of each source were dropped.

    The row seen last is kept, else the one with the highest counts, else the first by source and row, so that the order
    of files does not matter. It gets the highest of each count, the earliest `first_seen` and the latest `last_seen`.
    One address at several times is a link that posts share, not a post.
    """
    one_per_id = _merge(table, ["id"])
    addressed = one_per_id["url"].notna()
    one_per_address = _merge(one_per_id[addressed], ["url", "published_at"])
    kept = pd.concat([one_per_id[~addressed], one_per_address]).sort_values(["published_at", "id"])
    dropped = table["source"].value_counts().sub(kept["source"].value_counts(), fill_value=0).astype(int)
    return kept.reset_index(drop=True), dropped


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
    return pd.concat([table[~repeated], kept])
