"""What `sources` in archive.yml names: files, folders, globs, and the files within zip archives."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from analysis.archive import compressed
from analysis.archive.records import note
from analysis.errors import InputError

DATA_SUFFIXES = frozenset((".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".pq", ".xlsx"))
COMPRESSED_SUFFIXES = frozenset((".gz", ".zst"))
MAX_LOCAL = 16 << 30
"""Bytes that are copied to a temporary file, for a container that must be sought in."""
_CHUNK = 1 << 20
_KINDS = f"Data files end in {', '.join(sorted(DATA_SUFFIXES))}, with .gz or .zst after that, or in .zip."


@dataclass(frozen=True)
class Source:
    """A file, or a member of a zip archive."""

    label: str
    """The name it goes by, the same on any machine; never used as a path."""
    path: Path
    member: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.member is None else f"{self.path}/{self.member}"

    @property
    def name(self) -> str:
        """Of the innermost file, without `.gz` or `.zst`."""
        inner = PurePosixPath(self.member or self.path.name)
        return inner.stem if inner.suffix.casefold() in COMPRESSED_SUFFIXES else inner.name

    def size(self) -> int:
        """Bytes on disk of the file that it is, or is in; 0 where there is none."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def open(self) -> BinaryIO:
        """What is in it, decompressed. Raises InputError, now or while it is read (see compressed.open_plain)."""
        return compressed.open_plain(self.path, self.member)

    @contextmanager
    def local(self) -> Iterator[Path]:
        """A plain file with what is in it, which can be sought in: itself, or a copy that is deleted afterwards."""
        if self.member is None and not compressed.is_packed(self.path):
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="aftermath-") as folder:
            copy = Path(folder) / f"copy{PurePosixPath(self.name).suffix[:10]}"  # some readers go by it
            with self.open() as stream:
                _copy(stream, copy, str(self))
            yield copy

    def sha256(self) -> str:
        """Hash of the file's bytes as they stand on disk; of a member, of its name and what is in it."""
        if self.member is None:
            return _hash(self.path)
        digest = hashlib.sha256(self.member.encode("utf-8", "surrogatepass") + b"\0")
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def find(sources: list[str], folder: Path) -> tuple[list[Source], list[dict[str, Any]]]:
    """What `sources` (paths, folders or globs, relative to `folder` or absolute) name, by label, and what was skipped.

    A folder gives the data files in it and in the folders below; a glob may hold `**`. Empty files are passed over. A
    zip archive gives the data files in it. A file that is named itself is read whatever it is called. Raises InputError
    where there is nothing at a name, where a link leads out of the folder it was found in, and where a zip archive is
    not sound.
    """
    found: dict[Path, list[str] | None] = {}
    skipped: set[str] = set()
    for pattern in sources:
        for path, named in _paths(pattern, folder):
            if not named and not (_is_data(path.name, archives=True) and path.stat().st_size):
                skipped.add(path.name)
            elif path.resolve() not in found:
                found[path.resolve()] = compressed.members(path)
    out: list[Source] = []
    for label, path in _labels(list(found), folder.resolve()).items():
        names = found[path]
        if names is None:
            out.append(Source(label, path))
            continue
        shown = [name for name in names if not _is_hidden(name)]
        data = [name for name in shown if _is_data(name, archives=False)]
        skipped |= {f"{label}/{name}" for name in set(shown) - set(data)}
        if not data:
            raise InputError(
                f"{path}: holds no data file. {_KINDS} Take it out of `sources`, or pack the export again."
            )
        out += [Source(f"{label}/{name}", path, name) for name in data]
    if not out:
        raise InputError(
            f"{folder / 'archive.yml'}: no data files at: {', '.join(sources)}. {_KINDS} Correct `sources`."
            + (f" Passed over, as empty or of another kind: {', '.join(sorted(skipped)[:10])}." if skipped else "")
        )
    return sorted(out, key=lambda source: source.label), [
        note("files_skipped", files=sorted(skipped))
    ] if skipped else []


def _paths(pattern: str, folder: Path) -> Iterator[tuple[Path, bool]]:
    """Files that `pattern` names, in order of name, and whether it names the file itself."""
    try:
        path = folder / Path(pattern).expanduser()
        if path.is_dir():
            yield from ((item, False) for item in _inside(path, _below(path, folder / "store")))
        elif path.exists():
            yield path, True
        else:
            base, rest = _split(path)
            items = _inside(base, base.glob(rest)) if rest else []
            if not items:
                raise InputError(f"{path}: no such file. Correct `sources` in {folder / 'archive.yml'}.")
            yield from ((item, False) for item in items)
    except (OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise InputError(
            f"{folder / 'archive.yml'}: {pattern!r} in `sources` cannot be looked up ({error}). Correct it."
        ) from error


def _below(folder: Path, store: Path) -> Iterator[Path]:
    """Everything in `folder` and the folders below, but for the archive's own store."""
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink() and not item.name.startswith("."):
            if item.resolve() != store.resolve():
                yield from _below(item, store)
        else:
            yield item


def _split(path: Path) -> tuple[Path, str]:
    """The folder that a glob begins in, and the glob within it."""
    parts = path.parts
    fixed = next(number for number in range(len(parts), -1, -1) if Path(*parts[:number]).is_dir())
    return Path(*parts[:fixed]), "/".join(parts[fixed:])


def _inside(base: Path, items: Iterable[Path]) -> list[Path]:
    files = sorted(item for item in items if item.is_file() and not _is_hidden(item.relative_to(base).as_posix()))
    home = base.resolve()
    for item in files:
        if not item.resolve().is_relative_to(home):
            raise InputError(
                f"{item}: a link that leads out of its folder, to {item.resolve()}. Take it away, or name that file "
                "itself in `sources`."
            )
    return files


def _is_hidden(name: str) -> bool:
    """Such as what systems leave beside each file they pack, and spreadsheets beside each that is open."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/"))


def _is_data(name: str, *, archives: bool) -> bool:
    suffixes = [suffix.casefold() for suffix in PurePosixPath(name).suffixes]
    if archives and suffixes[-1:] == [".zip"]:
        return True
    if suffixes and suffixes[-1] in COMPRESSED_SUFFIXES:
        # Dumps are called RC_2011-01.zst: what follows a dot need not be a kind of file.
        return len(suffixes) == 1 or suffixes[-2] in DATA_SUFFIXES or not suffixes[-2][1:].isalpha()
    return bool(suffixes) and suffixes[-1] in DATA_SUFFIXES


def _labels(paths: list[Path], folder: Path) -> dict[str, Path]:
    """Relative to the archive's folder; a file elsewhere goes by its own folder and name, the same on any machine."""
    labels = {
        path.relative_to(folder).as_posix() if path.is_relative_to(folder) else f"{path.parent.name}/{path.name}": path
        for path in paths
    }
    return labels if len(labels) == len(paths) else {os.path.relpath(path, folder): path for path in paths}


def _copy(stream: BinaryIO, copy: Path, where: str) -> None:
    try:
        with copy.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                file.write(chunk)
                if file.tell() > MAX_LOCAL:
                    raise InputError(f"{where}: longer than {MAX_LOCAL >> 30} GB unpacked. Split it into smaller ones.")
    except OSError as error:
        raise InputError(
            f"{where}: cannot be unpacked to {tempfile.gettempdir()} ({error.strerror}). Make room there, or unpack it "
            "yourself and name the unpacked file in `sources`."
        ) from error


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}). Check that it is there and may be read."
        ) from error
