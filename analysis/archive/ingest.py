"""Files of an archive → its store, every record accounted for."""

import hashlib
import hmac
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.archive import clock, formats
from analysis.archive import store as stores
from analysis.archive.duplicates import drop_duplicates
from analysis.archive.normalise import Normalised, normalise
from analysis.archive.records import REASONS, Rejection, note
from analysis.errors import InputError
from analysis.incident import Archive
from analysis.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Called with the stage ("hashing", "reading" or "storing"), how many files are done, and of how many."""
DATA_SUFFIXES = frozenset((".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".pq"))


@dataclass(frozen=True)
class SourceFile:
    """What became of one file: rows == accepted + rejected + duplicates. Times are ISO 8601 in UTC, both inclusive."""

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
    """Hash over the content of the files, archive.yml and the version of the store."""
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


def ingest(archive: Archive, folder: Path, store: Path, key: bytes, *, progress: Progress | None = None) -> Ingest:
    """Read the sources of `archive` (relative to `folder`) into `store`; nothing but hashing where nothing changed.

    Raises InputError where a file does not keep its contract, and TemporaryError where another ingest holds the store;
    the store is then as it was.
    """
    report = progress or (lambda stage, done, of: None)
    sources, notes = _sources(archive, folder)
    hashes = {}
    for done, (label, path) in enumerate(sources.items()):
        report("hashing", done, len(sources))
        hashes[label] = _hash(path)
    content = _content(archive, hashes)
    fingerprint = hmac.digest(key, b"fingerprint of the key", "sha256").hex()[:16]
    with stores.locked(store):
        before = stores.index(store)
        if before and (before.get("schema"), before.get("key")) == (stores.SCHEMA, fingerprint):
            earlier = Ingest.from_dict(before["ingest"])
            if earlier.content == content:
                return earlier
        if before and before.get("schema") != stores.SCHEMA:
            notes.append(note("store_rebuilt", was=before.get("schema"), now=stores.SCHEMA))
        parts: dict[str, _Part] = {}
        for done, (label, path) in enumerate(sources.items()):
            report("reading", done, len(sources))
            parts[label] = _read(archive, label, path, key)
        kept, dropped = _join(archive, parts)
        files = tuple(_account(label, part, int(dropped.get(label, 0)), hashes[label]) for label, part in parts.items())
        result = Ingest(
            archive=archive.name,
            content=content,
            rows=sum(file.rows for file in files),
            accepted=sum(file.accepted for file in files),
            rejected=sum(file.rejected for file in files),
            duplicates=sum(file.duplicates for file in files),
            first=kept["published_at"].iloc[0].isoformat(),
            last=kept["published_at"].iloc[-1].isoformat(),
            files=files,
            notes=(*notes, *(item for part in parts.values() for item in part.read.notes)),
        )
        report("storing", len(sources), len(sources))
        rejected = [(label, item) for label, part in parts.items() for item in part.rejections]
        stores.write(store, kept, rejected, {"key": fingerprint, "ingest": result.to_dict()})
    return result


@dataclass(frozen=True)
class _Part:
    """One file as it was read."""

    read: Normalised
    format: str
    why: str
    encoding: str

    @property
    def rejections(self) -> list[Rejection]:
        return sorted(self.read.rejections, key=lambda item: item.row)


def _read(archive: Archive, label: str, path: Path, key: bytes) -> _Part:
    try:
        form, why = formats.recognise(path, archive.format)
        records = form.read(path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}). Check that it is there and may be read."
        ) from error
    columns, guessed = formats.match_columns(form, archive.columns, list(records.table.columns), path)
    part = normalise(records, columns, form, archive=archive, source=label, key=key)
    if guessed:
        part.notes.append(note("columns_guessed", file=label, columns=guessed))
    return _Part(part, form.name, why, records.encoding)


def _join(archive: Archive, parts: dict[str, _Part]) -> tuple[pd.DataFrame, pd.Series]:
    """All mentions, once each, and how many rows of each file were duplicates."""
    table = pd.concat([part.read.mentions for part in parts.values()], ignore_index=True)
    if table.empty:
        raise InputError(_explain_nothing(archive, parts))
    local = pd.concat([part.read.local for part in parts.values()], ignore_index=True)
    # Once more for all of them: files of a few rows each cannot be checked one by one.
    clock.refuse_wrong_clock(
        f"archive {archive.name}",
        table["published_at"],
        local,
        table["id"],
        platform=archive.platform,
        zone=archive.time_zone,
    )
    return drop_duplicates(table)


def _account(label: str, part: _Part, duplicates: int, sha256: str) -> SourceFile:
    valid = len(part.read.mentions)
    times = part.read.mentions["published_at"]
    return SourceFile(
        path=label,
        sha256=sha256,
        format=part.format,
        why=part.why,
        encoding=part.encoding,
        rows=valid + len(part.rejections),
        accepted=valid - duplicates,
        rejected=len(part.rejections),
        duplicates=duplicates,
        first=times.min().isoformat() if valid else None,
        last=times.max().isoformat() if valid else None,
        reasons=dict(sorted(Counter(item.reason for item in part.rejections).items())),
    )


def _explain_nothing(archive: Archive, parts: dict[str, _Part]) -> str:
    """Not one row of the archive is a mention: the map or the format is wrong then, not the rows."""
    label, part = next(iter(parts.items()))
    first = part.rejections[0]
    told = REASONS[first.reason] + (f" ({first.detail})" if first.detail else "")
    return (
        f"{label}: none of the archive's rows could be read as a mention; row {first.row}: {told}. "
        f"Check `format` and `columns` in the archive.yml of {archive.name}."
    )


def _sources(archive: Archive, folder: Path) -> tuple[dict[str, Path], list[dict[str, Any]]]:
    """The files of `archive` by the name they go by, in its order, and notes on files passed over."""
    workspace = Workspace(folder, folder)
    found: dict[Path, None] = {}
    skipped: list[str] = []
    for pattern in archive.sources:
        named = (folder / Path(pattern).expanduser()).is_file()
        for path in workspace.inside(folder, pattern):
            if named or path.suffix.casefold() in DATA_SUFFIXES:
                found[path.resolve()] = None
            else:
                skipped.append(path.name)
    if not found:
        raise InputError(
            f"{folder / 'archive.yml'}: no data files at: {', '.join(archive.sources)}. Correct `sources`."
        )
    labels = {_label(path, folder.resolve()): path for path in found}
    if len(labels) < len(found):
        labels = {os.path.relpath(path, folder.resolve()): path for path in found}
    notes = [note("files_skipped", files=sorted(set(skipped)))] if skipped else []
    return dict(sorted(labels.items())), notes


def _label(path: Path, folder: Path) -> str:
    """Relative to the archive's folder; a file elsewhere goes by its own folder and name, the same on any machine."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else f"{path.parent.name}/{path.name}"


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}). Check that it is there and may be read."
        ) from error


def _content(archive: Archive, hashes: dict[str, str]) -> str:
    """The sources' own paths do not count: moved elsewhere, the same files are the same archive."""
    facts = [stores.SCHEMA, archive.model_dump(mode="json", exclude={"sources"}), sorted(hashes.items())]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
