"""JSON: objects one a line, in a list, or one after the other; a key inside a key goes by its path: `author.name`.

The reading process only finds where records begin and end; they are parsed in whichever process loads the batch.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from analysis.archive.containers import encodings
from analysis.archive.records import BATCH, RECORD_BYTES, Batch, Expand, Loadable, Reading, Rejection, note
from analysis.archive.sources import Source
from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

MAX_DEPTH = 6
MAX_COLUMNS = 1000
_SAMPLED = 100
_PIECE = 1 << 20
_BLOCK = 16 << 20
_SLICE = 1000  # objects held at a time: parsed JSON takes ten times the room of its text
_TOO_LONG = "\0"  # begins a line that stands for one too long; NUL occurs nowhere else, for it is taken out
_SHOWN = 1000
_INEXACT = 2**63  # beyond 64 bits orjson makes a float of a whole number
_HUGE = 1e300
_TOKEN = re.compile(  # what tells where objects begin and end: braces, those that begin a line, and whole strings
    rb'\n[ \t]*\{|[{}]|"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*(?:"|\\?(?=\n)|\\?\Z)', re.DOTALL
)
_BETWEEN = b" \t\r\n,[]"

Place = tuple[str, ...]
"""The keys that lead to a value."""


def looks_like(head: bytes) -> bool:
    """Whether a file that begins with `head` is JSON."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return re.match(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[\[{\]])', head) is not None


def open_objects(source: Source, *, expand: Expand | None = None, reads: Collection[str] = ()) -> Reading:
    """The objects of `source`; with `expand`, those that it makes of each.

    Its columns are the paths in the first hundred objects, and `reads` whether there or not; keys deeper than
    MAX_DEPTH, and beyond the first MAX_COLUMNS, are left out. Lists become JSON text, numbers are written out, null and
    absent are null. Blank lines are no records. Each batch has all columns, or those that its `load(wanted)` is asked
    for: to write out the three hundred of a post takes longer than to parse it. `expand` must be a function of a
    module, for batches are pickled. Raises InputError where `source` holds nothing.
    """
    encoding = encodings.detect(source)
    notes = [note("encoding_guessed", encoding=encoding.name)] if encoding.guessed else []
    blocks = _blocks(_records(_pieces(source, encoding.name, notes)))
    first = next(blocks, None)
    if first is None:
        raise InputError(f"{source}: no JSON objects. Export it again, or take it out of `sources` in archive.yml.")
    found = _found(first.decode("utf-8", "replace").split("\n"), careful=False)
    objects = (value for value, _raw in found if isinstance(value, dict))
    expanded = objects if expand is None else chain.from_iterable(map(expand, objects))
    places: dict[str, Place] = {}
    for item in islice(expanded, _SAMPLED):
        for place in _places(item, ()):
            if len(places) < MAX_COLUMNS:
                places.setdefault(".".join(place), place)
    places |= {name: _place(name) for name in reads if name not in places}
    batches: Iterator[Loadable] = (Objects(text, places, expand) for text in chain([first], blocks))
    return Reading("objects", tuple(places), encoding.name, batches, notes)


@dataclass(frozen=True)
class Objects:
    """Records of a source as they came, not yet parsed: JSON in UTF-8, one record a line."""

    text: bytes
    places: dict[str, Place]
    """Where the columns of the source are."""
    expand: Expand | None

    def load(self, wanted: Collection[str] | None = None) -> Batch:
        """The objects, with the columns `wanted`, null where absent; without it, with those of the source."""
        more = sorted(set(wanted or ()) - self.places.keys())
        columns = {name: place for name, place in self.places.items() if wanted is None or name in wanted}
        columns |= {name: _place(name) for name in more}
        try:
            return self._load(columns, careful=rb"\u0000" in self.text)
        except _InexactError:
            return self._load(columns, careful=True)

    def _load(self, columns: dict[str, Place], *, careful: bool) -> Batch:
        text = self.text.decode("utf-8", "replace")
        broken = text.count("\ufffd") - self.text.count(b"\xef\xbf\xbd")
        numbers: list[int] = []
        raws: list[str] = []
        rejections: list[Rejection] = []
        slices: dict[str, list[pa.Array]] = {name: [] for name in columns}
        held: list[dict[str, Any]] = []
        count = 0
        for found, raw in _found(text.split("\n"), careful):
            if isinstance(found, str):
                count += 1
                rejections.append(Rejection(count, found, "", raw))
                continue
            items = [found] if self.expand is None else list(self.expand(found))
            raws += [raw] if len(items) == 1 else [_as_json(item) for item in items]
            numbers += range(count + 1, count + len(items) + 1)
            count += len(items)
            held += items
            if len(held) >= _SLICE:
                _take(held, columns, slices, careful=careful)
        _take(held, columns, slices, careful=careful)
        notes = [note("undecodable_characters", characters=broken)] if broken else []
        return Batch(_table(slices, numbers), rejections, count, raws, notes)


def _place(name: str) -> Place:
    return tuple(name.split("."))


class _InexactError(Exception):
    """orjson made a float of a whole number: the batch must be read with care."""


def _pieces(source: Source, encoding: str, notes: list[dict[str, Any]]) -> Iterator[bytes]:
    """The bytes of `source` in UTF-8, without NUL."""
    decoder = None if encoding.startswith("utf-8") else codecs.getincrementaldecoder(encoding)("replace")
    nuls = 0
    with source.open() as file:
        while piece := file.read(_PIECE):
            text = piece if decoder is None else decoder.decode(piece).encode()
            nuls += text.count(0)
            yield text.replace(b"\0", b"")
    if nuls:
        notes.append(note("nul_removed", characters=nuls))


def _records(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Whole records, one or more at a time, one a line."""
    head = b""
    for piece in pieces:
        head = (head + piece).removeprefix(codecs.BOM_UTF8).lstrip()
        if b"\n" in head or len(head) > RECORD_BYTES:
            break
    first = head.partition(b"\n")[0]
    one_a_line = len(first) <= RECORD_BYTES and isinstance(_value(first.decode("utf-8", "replace")), dict)
    return (_lines if one_a_line else _objects)(chain([head], pieces))


def _blocks(records: Iterator[bytes]) -> Iterator[bytes]:
    """The same records, about BATCH of them or _BLOCK bytes at a time."""
    held: list[bytes] = []
    size = count = 0
    for text in records:
        if not text.strip():
            continue
        held.append(text)
        size += len(text)
        count += text.count(b"\n") + 1
        if size >= _BLOCK or count >= BATCH:
            yield b"\n".join(held)
            held, size, count = [], 0, 0
    if held:
        yield b"\n".join(held)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines, as many at a time as a piece holds; of one that is too long, the beginning."""
    rest, skipping = b"", False
    for piece in pieces:
        whole, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield whole.partition(b"\n")[2] if skipping else rest + whole
            rest, skipping = tail, False
        elif not skipping:
            rest += tail
        if len(rest) > RECORD_BYTES:
            yield _shown(rest)
            rest, skipping = b"", True
    yield rest


def _objects(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Objects wherever they begin and end, and what stands between them, each put on one line.

    An object that is never closed ends where a line begins another just as far from the margin; of one that is too
    long, the beginning is given, and reading goes on at such a line.
    """
    text, scanned, depth, margin, skipping = b"\n", 0, 0, b"", False
    for piece in chain(pieces, [b""]):
        text += piece
        if skipping:
            resumed = text.find((margin or b"\n") + b"{")
            if resumed < 0:
                text = text[-_SHOWN:] if piece else b""
                continue
            text, skipping = text[resumed:], False
        start = 0  # of the object, or of what stands between two
        for token in _TOKEN.finditer(text, scanned):
            if piece and token.end() == len(text):
                break  # it may go on in the next piece
            scanned = token.end()
            if token[0] == b"}":
                if depth == 1:
                    yield _one_line(text[start:scanned])
                    start = scanned
                depth = max(depth - 1, 0)
            elif token[0].endswith(b"{"):
                if depth == 0 or (margin and token[0] == margin + b"{"):
                    yield _one_line(text[start : token.start()])
                    start, margin, depth = scanned - 1, token[0][:-1], 0
                depth += 1
        text, scanned = text[start:], scanned - start
        if len(text) > RECORD_BYTES:
            yield _shown(text)
            text, scanned, depth, skipping = b"", 0, 0, True
    yield _one_line(text)


def _one_line(text: bytes) -> bytes:
    return text.strip(_BETWEEN).replace(b"\r", b" ").replace(b"\n", b" ")


def _shown(text: bytes) -> bytes:
    return _TOO_LONG.encode() + _one_line(text[:_SHOWN])


def _found(lines: Iterable[str], careful: bool) -> Iterator[tuple[dict[str, Any] | str, str]]:
    """The object on each line, or why there is none, and its text; several objects where a line break was lost.

    With care, as json reads them: slower, but whole numbers stay whole.
    """
    parse = json.loads if careful else orjson.loads
    for line in lines:
        if line.startswith(_TOO_LONG) or len(line) > RECORD_BYTES:
            yield "too_long", line.lstrip(_TOO_LONG)[:_SHOWN]
            continue
        try:
            value = parse(line)
        except (ValueError, RecursionError):
            value = _value(line)
        if isinstance(value, dict):
            yield value, line
        elif line and not line.isspace():
            parts = [part.decode() for part in _objects([line.encode()]) if part] if "}{" in line else []
            if len(parts) > 1:
                yield from _found(parts, careful)
            else:
                yield "not_json", line


def _value(text: str) -> Any:
    """As json reads it, which reads more than orjson: NaN, half characters, huge numbers; None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _places(item: dict[str, Any], above: Place) -> Iterator[Place]:
    for key, value in item.items():
        if not isinstance(value, dict):
            yield (*above, key)
        elif len(above) + 1 < MAX_DEPTH:
            yield from _places(value, (*above, key))


def _take(
    items: list[dict[str, Any]], columns: dict[str, Place], slices: dict[str, list["pa.Array"]], *, careful: bool
) -> None:
    """Move the values of `items` to the end of each column."""
    found: dict[Place, list[Any]] = {(): list(items)}
    items.clear()
    for name, place in columns.items():
        slices[name].append(_as_text(_at(place, found), careful))


def _at(place: Place, found: dict[Place, list[Any]]) -> list[Any]:
    """The values at `place` in each item; `found` holds those of the places seen before."""
    if place not in found:
        *above, key = place
        holders = _at(tuple(above), found)
        if above:
            holders = [holder if isinstance(holder, dict) else {} for holder in holders]
        found[place] = [holder.get(key) for holder in holders]
    return found[place]


def _as_text(values: list[Any], careful: bool) -> "pa.Array":
    import pyarrow as pa

    kinds = set(map(type, values))
    if not careful and kinds <= {str, type(None)}:
        with suppress(UnicodeEncodeError):
            return pa.array(values, pa.large_string())
    if kinds <= {int, type(None)}:
        with suppress(OverflowError):
            return pa.array(values, pa.int64()).cast(pa.large_string())
    return pa.array([_written(value, careful) for value in values], pa.large_string())


def _written(value: Any, careful: bool) -> str | None:
    match value:
        case str():
            # Half of a character outside the basic plane, which JSON may hold, cannot be stored.
            return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            if not careful and abs(value) >= _INEXACT:
                raise _InexactError
            return repr(value) if abs(value) < _HUGE else None
        case list():
            return _as_json(value)
        case _:
            return None


def _as_json(value: Any) -> str:
    """The JSON of `value`; nothing where it is nested deeper than can be written."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        with suppress(RecursionError):
            return json.dumps(value)
        return ""


def _table(slices: dict[str, list["pa.Array"]], numbers: list[int]) -> pd.DataFrame:
    import pyarrow as pa

    columns = {name: pd.array(pa.chunked_array(parts), dtype="str") for name, parts in slices.items()}
    return pd.DataFrame(columns, index=pd.Index(numbers, dtype="int64"))
