"""Which encoding the text of a source is in."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from analysis.archive.sources import Source
from analysis.errors import InputError

HEAD = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = {
    b"PK\x03\x04": "a zip archive within a zip archive: unpack it",
    b"PK\x05\x06": "an empty zip archive: export the posts again",
    b"\x1f\x8b": "compressed twice: unpack it",
    b"(\xb5/\xfd": "compressed twice: unpack it",
    b"BZh": "compressed with bzip2: unpack it",
    b"\xfd7zXZ": "compressed with xz: unpack it",
    b"7z\xbc\xaf": "a 7z archive: unpack it",
    b"Rar!": "a RAR archive: unpack it",
    b"%PDF": "a PDF: export the posts as CSV",
    b"SQLite format 3": "a database: export the posts as CSV",
}
_TAR = slice(257, 262)  # where a tar archive says that it is one
_CONTROLS = bytes(set(range(32)) - {0, 8, 9, 10, 11, 12, 13, 27})
_HIGH = bytes(range(128, 256))
_REPLACEMENT = "\ufffd".encode()
_CHUNK = 1 << 20
_UNMARKED = 512
"""Bytes by which UTF-16 without a mark is told: a header, which is seldom Chinese whatever follows."""
_BIG5_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")
_BIG5_COMMON = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
"""Of the characters in daily use; letters of Europe in Windows-1252 lie above them."""


@dataclass(frozen=True)
class Encoding:
    """`name` as Python knows it; `guessed` where nothing in the file says so; `broken` bytes are replaced by U+FFFD."""

    name: str
    guessed: bool = False
    broken: int = 0


def detect(source: Source) -> Encoding:
    """By byte-order mark, else UTF-8 where it is that (a few broken bytes allowed), else by what the bytes look like.

    That is GB 18030, Big5, Mac Roman where lines end as on old Macs, or Windows-1252. Reads the whole source where no
    mark decides. Raises InputError where the source is empty, or is not text.
    """
    with source.open() as file:
        head = file.read(HEAD)
    if not head.strip(b"\0 \t\r\n"):
        raise InputError(f"{source}: the file is empty. Export it again, or take it out of `sources` in archive.yml.")
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name)
    if unmarked := _unmarked_utf16(head[:_UNMARKED]):
        return Encoding(unmarked, guessed=True)
    _refuse_binary(source, head)
    broken, sound = _try_utf8(source)
    if not broken:
        return Encoding("utf-8")
    if sound > broken:
        return Encoding("utf-8", broken=broken)
    if _looks_gb18030(source):
        return Encoding("gb18030", guessed=True)
    if _looks_big5(source):
        return Encoding("big5", guessed=True)
    return Encoding("mac_roman" if _ends_lines_with_returns(source) else "cp1252", guessed=True)


def _unmarked_utf16(head: bytes) -> str | None:
    """The byte order of text of which nearly every second byte is NUL."""
    even, odd, half = head[::2].count(0), head[1::2].count(0), len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else None


def _refuse_binary(source: Source, head: bytes) -> None:
    for mark, what in _BINARY.items():
        if head.startswith(mark):
            raise InputError(f"{source}: not text but {what}.")
    if head[_TAR] == b"ustar":
        raise InputError(f"{source}: not text but a tar archive: unpack it.")
    controls = sum(head.count(byte) for byte in _CONTROLS)
    if controls > len(head) / 20 or head.count(0) > len(head) / 10:
        raise InputError(f"{source}: not a text file. Export the posts as CSV, JSON lines or Parquet, in UTF-8.")


def _chunks(source: Source) -> Iterator[bytes]:
    with source.open() as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _is_utf8(source: Source) -> bool:
    """Whether all of it is, as Arrow finds: several times as fast as decoding it."""
    import pyarrow as pa

    rest = b""
    for chunk in chain(_chunks(source), [b""]):
        block = rest + chunk
        # A character of up to four bytes may be cut by the end of a chunk: it begins with a byte of two ones at least.
        cut = next((len(block) - back for back in (1, 2, 3) if block[-back:][:1] >= b"\xc0"), len(block))
        whole, rest = (block[:cut], block[cut:]) if chunk else (block, b"")
        buffers = [None, pa.py_buffer(len(whole).to_bytes(8, "little").rjust(16, b"\0")), pa.py_buffer(whole)]
        try:
            pa.Array.from_buffers(pa.large_string(), 1, buffers).validate(full=True)
        except pa.ArrowInvalid:
            return False
    return True


def _try_utf8(source: Source) -> tuple[int, int]:
    """How many characters do not decode as UTF-8, and how many beyond ASCII do where some do not."""
    if _is_utf8(source):
        return 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wrong = beyond = 0
    tail = b""
    for chunk in chain(_chunks(source), [b""]):
        if chunk and chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk, final=not chunk)
        beyond += len(text) - len(chunk.translate(None, _HIGH))
        # Replacement characters that stand in the file itself are sound; one may be cut by the end of a chunk.
        wrong += text.count("\ufffd") - (tail + chunk).count(_REPLACEMENT)
        tail = chunk[-2:]
    return wrong, beyond - wrong


def _looks_gb18030(source: Source) -> bool:
    """Whether the bytes beyond ASCII come in pairs, as Chinese does, and decode as such."""
    runs = even = 0
    for chunk in _chunks(source):
        lengths = [len(run) for run in re.findall(rb"[\x80-\xff]+", chunk)]
        runs += len(lengths)
        even += sum(length % 2 == 0 for length in lengths)
    return runs > 0 and even / runs >= 0.95 and _decodes(source, "gb18030")


def _looks_big5(source: Source) -> bool:
    """Whether it decodes as Big5, and nearly all that is beyond ASCII are characters in daily use."""
    pairs = common = 0
    for chunk in _chunks(source):
        pairs += len(_BIG5_PAIR.findall(chunk))
        common += len(_BIG5_COMMON.findall(chunk))
    return pairs >= 10 and common >= 0.8 * pairs and _decodes(source, "big5")


def _decodes(source: Source, encoding: str) -> bool:
    """Whether all of it does, but for a character that the end of the file cuts."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _ends_lines_with_returns(source: Source) -> bool:
    """Whether lines end in a bare CR, and none in LF."""
    returns = 0
    for chunk in _chunks(source):
        if b"\n" in chunk:
            return False
        returns += chunk.count(b"\r")
    return returns > 0
