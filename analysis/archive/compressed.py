"""Compressed files as streams of what is in them: gzip, zstd and members of zip archives, each within bounds.

A few kilobytes can unpack to terabytes. What comes out is counted as it comes, held against what went in, and refused
before it fills memory or disk. Nothing is ever written to where a zip archive says.
"""

import gzip
import io
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import zstandard

from analysis.errors import InputError

UNGUARDED = 64 << 20
"""Bytes that may come out before the ratio is looked at: little costs little, whatever it came from."""
MAX_RATIO = 200
"""Bytes out per byte in. Exports of posts reach 20; deflate can do 1,032, zstd 32,000."""
MAX_BYTES = 1 << 40
"""Bytes that may come out of one source at all: more than any month of any network."""
MAX_MEMBERS = 10_000
MAX_DIRECTORY = 16 << 20
"""Bytes of a zip archive's list of members, which is read at once."""
MAX_WINDOW = 1 << 31
"""Bytes that zstd may look back; dumps made with --long=31 need all of it."""
GZIP = b"\x1f\x8b"
ZSTD = b"(\xb5/\xfd"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_FEED = 2048  # bytes given to zstd at once, which become 64 MB at worst
_BUFFER = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CORRUPT = (
    *(zipfile.BadZipFile, zlib.error, zstandard.ZstdError, struct.error, OSError),
    *(EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError),
)
"""What reading a damaged archive raises."""
_UNPACK = "If it is genuine, unpack it yourself and name the unpacked file in `sources`."


def open_plain(path: Path, member: str | None = None) -> BinaryIO:
    """What is in `path`, or in the `member` of the zip archive there, decompressed where it is gzip or zstd.

    Which it is, is told by its first bytes. Raises InputError, now or while it is read, where it cannot be read, is
    damaged or cut off, or unpacks to far more than it can hold.
    """
    if member is None:
        raw = _open_file(path)
        return _decompressed(raw, raw.tell, str(path)) or raw
    where = f"{path}/{member}"
    file = _open_unbuffered(path)
    info, inner = _open_member(path, file, member)
    packed = min(info.compress_size, os.fstat(file.fileno()).st_size)
    stream = io.BufferedReader(_Guarded(inner, lambda: packed, where, file), _BUFFER)
    return _decompressed(stream, lambda: packed, where) or stream


def is_packed(path: Path) -> bool:
    """Whether `path` is compressed with gzip or zstd."""
    with _open_file(path) as raw:
        return raw.peek(4).startswith((GZIP, ZSTD))


def members(path: Path) -> list[str] | None:
    """Names of the files in the zip archive `path`; None where it is none, or is a workbook, which is one inside.

    Raises InputError where the archive is damaged, encrypted or too big, or a name leads out of it.
    """
    with _open_file(path) as raw:
        if raw.peek(4)[:4] not in ZIP:
            return None
    with _open_unbuffered(path) as file:
        listed = _directory(path, file).infolist()
    names = [info.orig_filename for info in listed]
    if any(name.startswith("xl/") for name in names):
        return None
    if len(names) > MAX_MEMBERS:
        raise InputError(f"{path}: a zip archive of {len(names):,} files, of which {MAX_MEMBERS:,} are read. {_UNPACK}")
    if sum(info.compress_size for info in listed) > path.stat().st_size:
        raise InputError(
            f"{path}: damaged or cut off, or a zip bomb: its files would need more room than it has. Download or "
            "export it again."
        )
    for info in listed:
        _refuse_member(path, info)
    files = [info.filename for info in listed if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16)]
    if twice := [name for name, times in Counter(files).items() if times > 1]:
        raise InputError(f"{path}: a zip archive that holds {twice[0]!r} twice. Unpack it, and name the one you mean.")
    return files


def _open_file(path: Path) -> io.BufferedReader:
    return io.BufferedReader(_open_unbuffered(path), _BUFFER)


def _open_unbuffered(path: Path) -> "_Bounded":
    try:
        # A pipe or a device would wait for ever, or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: not a file but a folder, pipe or device. Name a file in `sources`.")
        return _Bounded(path)
    except OSError as error:
        raise InputError(_unreadable(path, error)) from error


def _decompressed(raw: "io.BufferedReader[Any]", consumed: Callable[[], int], where: str) -> BinaryIO | None:
    """`raw` through gzip or zstd; None where it is neither."""
    head = raw.peek(4)[:4]
    if head.startswith(GZIP):
        return io.BufferedReader(_Guarded(gzip.GzipFile(fileobj=raw), consumed, where, raw), _BUFFER)
    if head.startswith(ZSTD):
        return io.BufferedReader(_Guarded(_Frames(raw), consumed, where, raw), _BUFFER)
    return None


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes | None: ...

    def close(self) -> None: ...


class _Frames(io.RawIOBase):
    """The frames of a zstd file, one after the other. EOFError where the last is cut off."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = b""
        self._ready = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            packed = self._packed or self._raw.read(_FEED)
            if not packed and self._frame is None:
                return b""
            if not packed:
                raise EOFError("its end is missing")
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).decompressobj()
            self._ready = memoryview(self._frame.decompress(packed))
            self._packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = None
        out, self._ready = bytes(self._ready[:size]), self._ready[size:]
        return out


class _Guarded(io.RawIOBase):
    """What comes out of `inner`, counted; `consumed` says how many bytes went in. Closes `raw` with itself."""

    def __init__(self, inner: "_Readable", consumed: Callable[[], int], where: str, raw: io.IOBase) -> None:
        self._inner, self._consumed, self._where, self._raw = inner, consumed, where, raw
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer)) or b""
        except _CORRUPT as error:
            raise InputError(_damaged(self._where, error)) from error
        self._out += len(data)
        if self._out > UNGUARDED and self._out > MAX_RATIO * max(self._consumed(), 1):
            raise InputError(
                f"{self._where}: unpacks to over {MAX_RATIO} times its size, as a decompression bomb does. {_UNPACK}"
            )
        if self._out > MAX_BYTES:
            raise InputError(
                f"{self._where}: unpacks to more than {MAX_BYTES >> 30:,} GB. Split it into smaller files."
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._raw.close()
        super().close()


class _Bounded(io.FileIO):
    """A file of which no more is read at once than a zip archive's directory may be long."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MAX_DIRECTORY:
            raise ValueError(f"a list of members of {size:,} bytes")
        return super().read(size) or b""


def _directory(path: Path, file: _Bounded) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _CORRUPT as error:
        raise InputError(_damaged(str(path), error)) from error


def _open_member(path: Path, file: _Bounded, member: str) -> tuple[zipfile.ZipInfo, BinaryIO]:
    archive = _directory(path, file)
    try:
        info = archive.getinfo(member)
        return info, archive.open(info)  # type: ignore[return-value]
    except KeyError as error:
        raise InputError(f"{path}: no longer holds {member!r}. Run `aftermath ingest` again.") from error
    except _CORRUPT as error:
        raise InputError(_damaged(f"{path}/{member}", error)) from error


def _refuse_member(path: Path, info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    drive = len(name) > 1 and name[1] == ":"
    controls = any(unicodedata.category(char) == "Cc" for char in name)
    if name.startswith("/") or drive or controls or "\\" in name or ".." in name.split("/"):
        raise InputError(
            f"{path}: holds a file named {name[:100]!r}, a name that leads out of the archive. Ask who sent it; unpack "
            "it with a program that you trust, and name the unpacked file in `sources`."
        )
    if info.flag_bits & 1:
        raise InputError(f"{path}: encrypted. Unpack it with its password, and name the unpacked file in `sources`.")
    if info.compress_type not in _METHODS and not info.is_dir():
        raise InputError(f"{path}: {name!r} is packed by a rare method. Unpack it, and pack it again as plain zip.")


def _damaged(where: str, error: BaseException) -> str:
    return f"{where}: damaged or cut off ({str(error)[:200] or type(error).__name__}). Download or export it again."


def _unreadable(where: Path, error: OSError) -> str:
    return f"{where}: cannot be read ({error.strerror or error}). Check that it is there and may be read."
