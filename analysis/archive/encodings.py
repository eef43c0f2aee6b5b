"""Which encoding the text of a file is in."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"PK\x03\x04": "a spreadsheet or zip archive: save the sheet as CSV in UTF-8, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save it as CSV in UTF-8",
    b"\x1f\x8b": "compressed with gzip: unpack it",
    b"(\xb5/\xfd": "compressed with zstd: unpack it",
    b"BZh": "compressed with bzip2: unpack it",
    b"%PDF": "a PDF: export the posts as CSV",
    b"SQLite format 3": "a database: export the posts as CSV",
}
_CONTROLS = bytes(set(range(32)) - {0, 8, 9, 10, 11, 12, 13, 27})
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Encoding:
    """`name` as Python knows it; `guessed` where nothing in the file says so; `broken` bytes are replaced by U+FFFD."""

    name: str
    guessed: bool = False
    broken: int = 0


def detect(path: Path) -> Encoding:
    """By byte-order mark, else UTF-8 where it is that (a few broken bytes allowed), else GB 18030 or Windows-1252.

    Raises InputError where the file is empty, or is not text.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if not head.strip(b"\0 \t\r\n"):
        raise InputError(f"{path}: the file is empty. Export it again, or take it out of `sources` in archive.yml.")
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name)
    _refuse_binary(path, head)
    broken, sound = _try_utf8(path)
    if not broken:
        return Encoding("utf-8")
    if sound > broken:
        return Encoding("utf-8", broken=broken)
    if _looks_chinese(path):
        return Encoding("gb18030", guessed=True)
    return Encoding("cp1252", guessed=True)


def _refuse_binary(path: Path, head: bytes) -> None:
    for mark, what in _BINARY.items():
        if head.startswith(mark):
            raise InputError(f"{path}: not text but {what}.")
    controls = sum(head.count(byte) for byte in _CONTROLS)
    if controls > len(head) / 20 or head.count(0) > len(head) / 10:
        raise InputError(f"{path}: not a text file. Export the posts as CSV, JSON lines or Parquet, in UTF-8.")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _try_utf8(path: Path) -> tuple[int, int]:
    """How many characters do not decode as UTF-8, and how many beyond ASCII do."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = sound = 0
    for chunk in [*_chunks(path), b""]:
        if chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk, final=not chunk)
        wrong = text.count("\ufffd")
        broken += wrong
        sound += len(re.findall(r"[^\x00-\x7f]", text)) - wrong
    return broken, sound


def _looks_chinese(path: Path) -> bool:
    """Whether the bytes beyond ASCII come in pairs, as Chinese does, and decode as such."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    runs = even = 0
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
            lengths = [len(run) for run in re.findall(rb"[\x80-\xff]+", chunk)]
            runs += len(lengths)
            even += sum(length % 2 == 0 for length in lengths)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return runs > 0 and even / runs >= 0.95
