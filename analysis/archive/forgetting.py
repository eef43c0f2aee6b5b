"""People who asked to be forgotten, taken out of segments; the rest of a segment stays as it was read."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.archive import segments
from analysis.archive.normalise import FORGOTTEN
from analysis.archive.store import segment
from analysis.privacy import Pseudonyms, names_any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Removed:
    """Posts of theirs, posts of others that addressed them, and rejected records that named them."""

    posts: int = 0
    addressed: int = 0
    quarantined: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        return Removed(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def apply(
    store: Path, meta: dict[str, Any], forgotten: frozenset[str], *, clean: frozenset[str], key: bytes
) -> tuple[dict[str, Any], Removed]:
    """The segment that `meta` is about without `forgotten` (pseudonyms): written anew where it holds any of them.

    `clean` are those it is known to be without. Pseudonyms under `key` are looked for in posts, and the names behind
    them in rejected records, which are kept as they came. Returns what is known of the segment that now counts, and
    what was removed; the old one stays until the store is published.
    """
    folder = segment(store, meta["segment"])
    gone = forgotten - clean - set(meta["forgotten"])
    names = Pseudonyms(key)
    removed = Removed()
    if gone:
        removed = sum((_held(table, gone) for table in _tables(folder)), Removed())
        removed += Removed(quarantined=sum(_names(row, gone, names) for row in segments.rejected(folder)))
    if removed == Removed():
        return meta, removed
    target = folder.with_name(f"{meta['identity']}-{meta['generation'] + 1}")
    shutil.rmtree(target, ignore_errors=True)  # left by one that was interrupted
    times = []
    with segments.Writer(target, meta["label"]) as writer:
        for table in _tables(folder):
            kept = _without(table, gone)
            writer.add(kept, [], 0)
            times += [moment.as_py() for moment in (*kept["published_at"][:1], *kept["published_at"][-1:])]
        for row in segments.rejected(folder):
            writer.keep([*row[:3], json.dumps("")] if _names(row, gone, names) else row)
        reasons = meta["reasons"] | {"forgotten": meta["reasons"].get("forgotten", 0) + removed.posts}
        new = meta | {
            "segment": target.name,
            "generation": meta["generation"] + 1,
            "valid": meta["valid"] - removed.posts,
            "reasons": {reason: rows for reason, rows in sorted(reasons.items()) if rows},
            "first": min(times).isoformat() if times else None,
            "last": max(times).isoformat() if times else None,
            "forgotten": sorted(gone | set(meta["forgotten"])),
        }
        writer.finish(new)
    return new, removed


def _tables(folder: Path) -> "Iterator[pa.Table]":
    """Each part of the segment, by time."""
    import pyarrow.parquet as pq

    for part in segments.parts(folder):
        yield pq.ParquetFile(part).read().sort_by("published_at")


def _names(row: list[str], gone: frozenset[str], names: Pseudonyms) -> bool:
    return names_any(json.loads(row[3]), gone, names)


def _held(table: "pa.Table", gone: frozenset[str]) -> Removed:
    import pyarrow as pa
    import pyarrow.compute as pc

    theirs = pc.fill_null(pc.is_in(table["author"], pa.array(sorted(gone))), False)
    named = pc.or_(_matches(table["text"], gone), _matches(table["url"], gone))
    addressed = pc.and_(named, pc.invert(theirs))
    return Removed(posts=pc.sum(theirs).as_py() or 0, addressed=pc.sum(addressed).as_py() or 0)


def _matches(texts: "pa.ChunkedArray", gone: frozenset[str]) -> "pa.ChunkedArray":
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring_regex(texts, "|".join(sorted(gone))), False)


def _without(table: "pa.Table", gone: frozenset[str]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    if not gone:
        return table
    table = table.filter(pc.invert(pc.fill_null(pc.is_in(table["author"], pa.array(sorted(gone))), False)))
    for name in ("text", "url"):
        place = table.schema.get_field_index(name)
        nameless = pc.replace_substring_regex(table[name], "|".join(sorted(gone)), FORGOTTEN)
        table = table.set_column(place, table.schema.field(place), nameless)
    return table
