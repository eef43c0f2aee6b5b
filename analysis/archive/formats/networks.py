"""Social networks as listening suites name them: platforms, kinds of posts, and the posts that addresses name.

Columns are text (str, nullable) and of the same index; Arrow does the work, many times faster than pandas would.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from analysis.archive.formats.columns import plain
from analysis.archive.records import Mapped

if TYPE_CHECKING:
    import pyarrow as pa

PLATFORMS = {
    "x": "twitter",
    "twitter": "twitter",
    "facebook": "facebook",
    "instagram": "instagram",
    "reddit": "reddit",
    "youtube": "youtube",
    "youtu": "youtube",
    "tiktok": "tiktok",
    "linkedin": "linkedin",
    "bluesky": "bluesky",
    "bsky": "bluesky",
    "threads": "threads",
    "tumblr": "tumblr",
    "weibo": "weibo",
}
"""A network by each of its names, in lower case, and by those of its addresses."""
_KINDS = {
    "retweet": "repost",
    "repost": "repost",
    "share": "repost",
    "quote": "quote",
    "quoted": "quote",
    "reply": "reply",
    "replies": "reply",
    "comment": "comment",
    "comments": "comment",
    "update": "post",
    "post": "post",
    "tweet": "post",
}
_HOST = r"(?i)^(?:https?:)?//(?:[\w-]+\.)*?(?P<found>" + "|".join(PLATFORMS) + r")\.\w+(?:[/?#:]|$)"
_STATUS = r"/status(?:es)?/(?P<found>\d{1,19})(?:$|[/?#])"


def platforms(names: pd.Series, addresses: pd.Series) -> pd.Series:
    """Platforms by what a suite calls them ("X", "facebook_public", "SOCIALMEDIA_TWITTER"); other names in lower case.

    Where there is no name, the platform is that of the address, if it is one of a network's; else null.
    """
    said = _each(names, _platform)
    return either(said, _each(_extract(choose(said.isna(), addresses), _HOST), _platform))


def named(names: pd.Series) -> pd.Series:
    """Platforms of names that are those of a network and nothing else; null for other names."""
    return _each(names, lambda name: PLATFORMS.get(name.strip().casefold()))


def kinds(names: pd.Series) -> pd.Series:
    """Kinds of the mentions table in what a suite calls them ("X Reply", "Facebook Comment"); null for other names."""
    return _each(names, _kind)


def posts(addresses: pd.Series) -> pd.Series:
    """Ids of posts on X that `addresses` name; null for other addresses."""
    return _extract(addresses, _STATUS)


def ids(addresses: pd.Series) -> pd.Series:
    """An id for each address: of the post on X that it names, else a hash of it."""
    on_x = posts(addresses)
    return either(on_x, hashes(choose(on_x.isna(), addresses)))


def hashes(values: pd.Series) -> pd.Series:
    """An id for each value: `h_` and a hash of it; null for what is null or blank."""
    return _each(values, _hash)


def first_of(records: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """Row by row, the first of the columns `names` that holds anything; null where none does."""
    by_name = {plain(column): column for column in reversed(records.columns)}
    found = [records[by_name[plain(name)]] for name in names if plain(name) in by_name]
    return either(*found) if found else nothing(records.index)


def either(*columns: pd.Series) -> pd.Series:
    """Row by row, the first of `columns` that is neither null nor blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    none = pa.scalar(None, pa.large_string())
    arrays = [_array(column) for column in columns]
    filled = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(array), ""), none, array) for array in arrays]
    return _series(pc.coalesce(*filled), columns[0].index)


def choose(which: pd.Series, yes: pd.Series | str, no: pd.Series | None = None) -> pd.Series:
    """`yes` where `which` (bool) holds, else `no`; null where that is None."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _array(yes) if isinstance(yes, pd.Series) else pa.scalar(yes, pa.large_string())
    rest = pa.scalar(None, pa.large_string()) if no is None else _array(no)
    return _series(pc.if_else(pa.array(which.to_numpy(bool)), values, rest), which.index)


def nothing(index: pd.Index) -> pd.Series:
    """A column of nulls."""
    return pd.Series(None, index=index, dtype="str")


def of_network(records: pd.DataFrame, platform: pd.Series, columns: Mapping[str, Iterable[str]]) -> pd.Series:
    """Row by row, the first filled of the `columns` of its own network; null for rows of another platform.

    Suites have columns for each network, and write 0 into those of the networks that a row is not of.
    """
    here = {plain(column) for column in records.columns}
    out = nothing(records.index)
    for network, names in columns.items():
        there = [name for name in names if plain(name) in here]
        if there:
            out = choose((platform == network).fillna(False), first_of(records, there), out)
    return out


def fill(mapped: Mapped, **columns: pd.Series) -> Mapped:
    """`mapped` with `columns` where it has nothing: what the map in archive.yml names stays."""
    return mapped.assign(
        **{name: either(mapped[name], column) if name in mapped else column for name, column in columns.items()}
    )


def _each(values: pd.Series, make: Callable[[str], str | None]) -> pd.Series:
    """`make` of each value, called once for each that differs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = _array(values)
    distinct = pc.unique(array).drop_null()
    made = pa.array([make(value) for value in distinct.to_pylist()], pa.large_string())
    return _series(made.take(pc.index_in(array, distinct)), values.index)


def _extract(values: pd.Series, pattern: str) -> pd.Series:
    """What the group `found` of `pattern` matches in each value."""
    import pyarrow.compute as pc

    return _series(pc.struct_field(pc.extract_regex(_array(values), pattern), "found"), values.index)


def _array(column: pd.Series) -> "pa.Array":
    import pyarrow as pa

    array = pa.array(column, type=pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _series(array: "pa.Array", index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(array, dtype="str"), index=index)


def _platform(name: str) -> str | None:
    words = re.findall(r"[a-z]+", name.casefold())
    known = [PLATFORMS[word] for word in words if word in PLATFORMS]
    return known[0] if known else name.split(",", maxsplit=1)[0].strip().casefold() or None


def _kind(name: str) -> str | None:
    known = [_KINDS[word] for word in re.findall(r"[a-z]+", name.casefold()) if word in _KINDS]
    return known[-1] if known else None


def _hash(value: str) -> str | None:
    plain = value.strip()
    return "h_" + hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=10).hexdigest() if plain else None
