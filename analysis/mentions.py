"""The mentions table: one row per post; its columns, types and units, and its check.

*Not recorded* is null, never 0. Times are UTC and zone-aware, in microseconds. Ids are text.
"""

from typing import Any

import pandas as pd

KINDS = ("post", "reply", "repost", "quote", "comment")

COLUMNS: dict[str, str] = {
    "id": "string",  # unique within an archive
    "platform": "string",
    "published_at": "datetime64[us, UTC]",
    "author": "string",  # pseudonym
    "author_followers": "Int64",
    "text": "string",  # handles in it are pseudonyms
    "language": "string",  # as the archive says; scoring has its own opinion
    "kind": "string",  # one of KINDS
    "parent_id": "string",  # the post answered, reposted or quoted
    "thread_id": "string",
    "brand": "string",  # label of the archive or export, not a verdict on what the post is about
    "likes": "Int64",
    "replies": "Int64",
    "reposts": "Int64",
    "views": "Int64",
    "url": "string",
    "source": "string",  # the file it came from, relative to the archive
    "source_row": "Int64",  # 1 is the first record after the header
    "first_seen": "datetime64[us, UTC]",
    "last_seen": "datetime64[us, UTC]",
}
REQUIRED = ("id", "platform", "published_at", "text", "kind", "source", "source_row")
COUNTS = ("author_followers", "likes", "replies", "reposts", "views")

SCORED_COLUMNS: dict[str, str] = {
    "from_brand": "bool",  # written by one of the incident's brand accounts
    "language_confidence": "float64",
    "language_note": "string",  # mixed or too_short; null where neither holds
    "scorer": "string",  # name and version; null where no scorer covers the language: "unscored", never neutral
    "p_negative": "float64",
    "p_neutral": "float64",
    "p_positive": "float64",
    "relevance": "string",  # about, not_about (left out of headline numbers) or unclear
    "relevance_reason": "string",
    "target": "string",  # whom a negative mention is angry at
    "complaint": "float64",  # 0 to 1
    "reproach": "Int64",  # 0 none, 1 disapproval, 2 accusation, 3 blame
    "first_person": "float64",  # share of words
    "arousal": "float64",  # marks of arousal, 0 to 1
    "copied": "boolean",  # repeats a text that an earlier mention holds, one that chance does not repeat
    "cause": "Int64",  # number of the cause; null for mentions of which no cause was asked
    "cause_confidence": "float64",  # 0 to 1
    "cause_origin": "string",  # sampled, propagated, seed or analyst
}


def conform(table: pd.DataFrame) -> pd.DataFrame:
    """A copy with exactly the columns of the mentions table, in order and of the right types; absent ones are null."""
    out = {}
    for name, dtype in COLUMNS.items():
        if name in table.columns:
            out[name] = table[name].astype(pd.api.types.pandas_dtype(dtype))
        else:
            out[name] = pd.Series(pd.NA, index=table.index).astype(pd.api.types.pandas_dtype(dtype))
    return pd.DataFrame(out, index=table.index)


def empty() -> pd.DataFrame:
    """A mentions table with no rows."""
    return conform(pd.DataFrame(index=pd.RangeIndex(0)))


def check(table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` where it keeps the contract; else raise pandera's SchemaErrors, naming every breach."""
    import pandera.pandas as pa

    columns = {
        name: pa.Column(
            pd.DatetimeTZDtype("us", "UTC") if dtype.startswith("datetime") else dtype,
            nullable=name not in REQUIRED,
            unique=name == "id",
            checks=_checks(name, pa),
        )
        for name, dtype in COLUMNS.items()
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True).validate(table, lazy=True)


def _checks(name: str, pa: Any) -> list:
    if name == "kind":
        return [pa.Check.isin(KINDS)]
    if name in COUNTS:
        return [pa.Check.ge(0)]
    if name in ("id", "text"):
        return [pa.Check.str_length(min_value=1)]
    return []
