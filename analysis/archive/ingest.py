"""Sources of an archive → its store, every record accounted for; what was read once is not read again."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analysis.archive import clock, forgetting, reading, segments, sources, workers
from analysis.archive import store as stores
from analysis.archive.containers import query
from analysis.archive.forgetting import Removed
from analysis.archive.reading import Progress
from analysis.archive.records import REASONS, note
from analysis.archive.sources import Source
from analysis.errors import InputError
from analysis.incident import Archive

CONFLICTS = 5
"""From so many ids on that stand for several posts, if they are most of those that occur again, they are no ids."""

LARGE = 64_000_000
"""A file of more bytes will need workers: they start while it is hashed, where nothing of it can have been read."""


@dataclass(frozen=True)
class SourceFile:
    """What became of one source: rows == accepted + rejected + duplicates. Times are ISO 8601, UTC, both inclusive."""

    path: str
    sha256: str
    format: str
    why: str
    encoding: str
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    first: str | None
    last: str | None
    reasons: dict[str, int]
    """How many rows were rejected for each reason (see records.REASONS)."""


@dataclass(frozen=True)
class Ingest:
    """What became of an archive: rows == accepted + rejected + duplicates."""

    archive: str
    content: str
    """Hash over the content of the sources, archive.yml, who was forgotten and the version of the store."""
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    first: str
    last: str
    files: tuple[SourceFile, ...]
    notes: tuple[dict[str, Any], ...]
    """What the user should know: each a kind and plain values."""

    def to_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        return plain | {"files": list(plain["files"]), "notes": list(plain["notes"])}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "Ingest":
        files = tuple(SourceFile(**file) for file in plain["files"])
        return cls(**plain | {"files": files, "notes": tuple(plain["notes"])})


def ingest(
    archive: Archive,
    folder: Path,
    store: Path,
    key: bytes,
    *,
    people: Callable[[], frozenset[str]] = frozenset,
    progress: Progress | None = None,
) -> Ingest:
    """Bring `store` up to date with the sources of `archive` (relative to `folder`); only what is new is read.

    The store is a function of the sources: adding files one by one ends where reading them at once does. `people`
    gives the pseudonyms that are kept out, and is asked once nobody else writes to the store. Raises InputError where a
    source does not keep its contract, and TemporaryError where another ingest holds the store; it is then as it was.
    """
    report = progress or (lambda stage, done, of: None)
    fingerprint = hmac.digest(key, b"fingerprint of the key", "sha256").hex()[:16]
    with stores.locked(store):
        stores.sweep(store)
        forgotten = people()
        before = stores.index(store)
        usable = before if before and before.get("schema") == stores.SCHEMA else None
        notes = [] if usable or not before else [note("store_rebuilt", was=before.get("schema"), now=stores.SCHEMA)]
        if archive.sealed:
            metas = _sealed(archive, store, usable, fingerprint)
        else:
            with _sources(archive, folder, store) as (found, skipped):
                metas = _up_to_date(archive, store, found, usable, key, forgotten, report)
            notes += skipped
        metas, _ = _without(store, metas, usable, forgotten, key)
        return _publish(archive, store, metas, usable, fingerprint, forgotten, notes, report)


def forget(archive: Archive, store: Path, key: bytes, forgotten: frozenset[str]) -> Removed:
    """Take `forgotten` (pseudonyms under `key`) out of `store` and its rejected records; what was removed.

    The sources are not looked at. Nothing is done where there is no store, or one of another version: it is built again
    without them.
    """
    with stores.locked(store):
        stores.sweep(store)
        before = stores.index(store)
        if before is None and not archive.sealed:
            stores.clear(store)  # sources that were read but never published hold people as they came
        if before is None or before.get("schema") != stores.SCHEMA:
            return Removed()
        stores.drop(store, keep={*before["segments"], before["overlaps"]})
        metas, removed = _without(store, _standing(store, before), before, forgotten, key)
        if not any(meta["valid"] for meta in metas.values()):
            stores.clear(store)
            return removed
        kept = [item for item in before["ingest"]["notes"] if "file" not in item["values"]]
        notes = [item for item in kept if item["kind"] != "id_conflicts"]  # which are counted again
        _publish(archive, store, metas, before, before["key"], forgotten, notes, lambda stage, done, of: None)
    return removed


def _publish(
    archive: Archive,
    store: Path,
    metas: dict[str, dict[str, Any]],
    before: dict[str, Any] | None,
    fingerprint: str,
    forgotten: frozenset[str],
    notes: list[dict[str, Any]],
    report: Progress,
) -> Ingest:
    """Make the segments that `metas` are about the store, unless they are; what became of the archive."""
    names = [meta["segment"] for meta in metas.values()]
    content = _content(archive, metas, forgotten)
    if before and before["segments"] == names and before["ingest"]["content"] == content:
        return Ingest.from_dict(before["ingest"])
    if not any(meta["valid"] for meta in metas.values()):
        raise InputError(_explain_nothing(archive, store, metas))
    _check_clocks_together(archive, metas)
    report("storing", len(metas), len(metas))
    overlaps, dropped, shared = stores.overlap(store, names)
    if shared.conflicts >= CONFLICTS and shared.conflicts * 2 > shared.ids:
        raise InputError(
            f"archive {archive.name}: {shared.conflicts:,} of {shared.ids:,} ids that occur more than once stand for "
            f"different posts ({shared.example}), as where rows are numbered anew in each file, or files are in "
            "different zones. In archive.yml map another column to `id`, or put such files into archives of their own."
        )
    if shared.conflicts:
        notes = [*notes, note("id_conflicts", rows=shared.conflicts)]
    files = tuple(_account(label, meta, dropped.get(label, 0)) for label, meta in metas.items())
    result = Ingest(
        archive=archive.name,
        content=content,
        rows=sum(file.rows for file in files),
        accepted=sum(file.accepted for file in files),
        rejected=sum(file.rejected for file in files),
        duplicates=sum(file.duplicates for file in files),
        first=min(file.first for file in files if file.first),
        last=max(file.last for file in files if file.last),
        files=files,
        notes=(*notes, *(item for meta in metas.values() for item in meta["notes"])),
    )
    facts = {"key": fingerprint, "forgotten": sorted(forgotten), "ingest": result.to_dict()}
    stores.publish(store, names, overlaps, facts)
    return result


@contextmanager
def _sources(archive: Archive, folder: Path, store: Path) -> Iterator[tuple[list[Source], list[dict[str, Any]]]]:
    """The sources of `archive`, and notes on what was passed over; results of queries exist while this holds."""
    files = [name for name in archive.sources if not query.is_database(name)]
    found, notes = sources.find(files, folder) if files else ([], [])
    with ExitStack() as stack:
        for number, url in enumerate(name for name in archive.sources if query.is_database(name)):
            result = store / f".draft-query-{number}.parquet"
            stack.callback(result.unlink, missing_ok=True)
            query.snapshot(url, archive.query, result, folder=folder)
            found.append(Source(query.label(url), result))
        yield sorted(found, key=lambda source: source.label), notes


def _up_to_date(
    archive: Archive,
    store: Path,
    found: list[Source],
    before: dict[str, Any] | None,
    key: bytes,
    forgotten: frozenset[str],
    report: Progress,
) -> dict[str, dict[str, Any]]:
    """What is known of the segment of each source, by label; those are read that do not stand yet."""
    with workers.Pool() as pool:
        if before is None and any(source.size() > LARGE for source in found):
            pool.start()
        hashes = {}
        for done, source in enumerate(found):
            report("hashing", done, len(found))
            hashes[source.label] = source.sha256()
        settings = archive.model_dump(
            mode="json", include={"format", "columns", "time_zone", "day_first", "platform", "brand"}
        )
        secret = hashlib.sha256(key).hexdigest()
        stand = {meta["identity"]: meta for meta in _standing(store, before).values()} if before else {}
        metas = {}
        for done, source in enumerate(found):
            facts = [stores.SCHEMA, settings, secret, reading.code(), source.label, hashes[source.label]]
            identity = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:20]
            meta = stand.get(identity) or segments.meta(stores.segment(store, identity))
            if meta is None:
                report("reading", done, len(found))
                known = {"identity": identity, "sha256": hashes[source.label]}
                meta = reading.read(archive, store, source, key, forgotten, known, report, pool)
            metas[source.label] = meta
    return metas


def _standing(store: Path, manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is known of the segments that count, by label."""
    metas = [segments.meta(stores.segment(store, name)) or {} for name in manifest["segments"]]
    return {meta["label"]: meta for meta in metas}


def _without(
    store: Path,
    metas: dict[str, dict[str, Any]],
    before: dict[str, Any] | None,
    forgotten: frozenset[str],
    key: bytes,
) -> tuple[dict[str, dict[str, Any]], Removed]:
    """`metas` of segments without `forgotten`, and what was removed; those that count already are `clean` of some."""
    clean = {name: frozenset(before["forgotten"]) for name in before["segments"]} if before else {}
    removed = Removed()
    out = {}
    for label, meta in metas.items():
        known = clean.get(meta["segment"], frozenset())
        out[label], one = forgetting.apply(store, meta, forgotten, clean=known, key=key)
        removed += one
    return out, removed


def _sealed(
    archive: Archive, store: Path, before: dict[str, Any] | None, fingerprint: str
) -> dict[str, dict[str, Any]]:
    """What is known of the segments of an archive whose sources are gone, by label."""
    if not before or before["key"] != fingerprint:
        raise InputError(
            f"{store}: archive {archive.name} is sealed, but its store cannot be used: there is none, or it was made "
            "with another key or by another version. Put the store, the key or the sources (and sealed: false) back."
        )
    return _standing(store, before)


def _check_clocks_together(archive: Archive, metas: dict[str, dict[str, Any]]) -> None:
    """Sources of a few rows each cannot be checked one by one: once more for all of them."""
    few = [clock.from_plain(meta["clock"]) for meta in metas.values() if meta["clock"]]
    if few:
        clock.refuse_wrong_clock(
            f"archive {archive.name}", clock.together(few), platform=archive.platform, zone=archive.time_zone
        )


def _account(label: str, meta: dict[str, Any], duplicates: int) -> SourceFile:
    return SourceFile(
        path=label,
        sha256=meta["sha256"],
        format=meta["format"],
        why=meta["why"],
        encoding=meta["encoding"],
        rows=meta["rows"],
        accepted=meta["valid"] - duplicates,
        rejected=meta["rows"] - meta["valid"],
        duplicates=duplicates,
        first=meta["first"],
        last=meta["last"],
        reasons=meta["reasons"],
    )


def _explain_nothing(archive: Archive, store: Path, metas: dict[str, dict[str, Any]]) -> str:
    """Not one row of the archive is a mention: the map or the format is wrong then, not the rows."""
    filled = [(label, meta) for label, meta in metas.items() if meta["rows"]]
    if not filled:
        return f"archive {archive.name}: no records in any of: {', '.join(metas)}. Export them again."
    label, meta = filled[0]
    rejected = segments.rejected(stores.segment(store, meta["segment"]))  # none where all of it was forgotten later
    _, row, reason, _ = next(rejected, ["", "1", REASONS["forgotten"], ""])
    return (
        f"{label}: none of the archive's rows could be read as a mention; row {row}: {reason}. It was read as "
        f"{meta['format']}: check `format` and `columns` in the archive.yml of {archive.name}."
    )


def _content(archive: Archive, metas: dict[str, dict[str, Any]], forgotten: frozenset[str]) -> str:
    """The sources' own paths do not count: moved elsewhere, the same files are the same archive."""
    hashes = sorted((label, meta["sha256"]) for label, meta in metas.items())
    settings = archive.model_dump(mode="json", exclude={"sources", "sealed"})
    facts = [stores.SCHEMA, settings, hashes, sorted(forgotten)]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
