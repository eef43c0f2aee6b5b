"""Separated text in which every quote is in its place, read by Arrow: several times as fast as record by record."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from analysis.archive.sources import Source

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 8 << 20
"""Bytes that are looked at together; fewer than a record may have."""
LONG = 1000
"""A quoted cell with as many line breaks is left to the careful way."""
_QUOTE, _LINE_END = 34, 10


class WellFormed:
    """The rows of `source` (UTF-8) from the byte `offset`, a record's start, up to where anything is out of place.

    What is out of place: a quote that neither opens, closes nor doubles one at the edge of a cell, a row that has not
    `width` cells or nothing in any, NUL, bytes that are no UTF-8, or a record too long for a block. Up to there, the
    rows are those that Python's csv reader finds: outside quotes both end cells and records at the same characters.
    Afterwards `offset` is the byte after the last row given, and `ended` whether that is the end of the source.
    """

    def __init__(self, source: Source, offset: int, separator: str, width: int) -> None:
        self.offset = offset
        self.ended = False
        self._source, self._separator, self._width = source, separator, width

    def __iter__(self) -> "Iterator[pa.Table]":
        with self._source.open() as file:
            left = self.offset
            while left and (passed := file.read(min(left, BLOCK))):
                left -= len(passed)
            rest = b""
            while True:
                chunk = file.read(BLOCK - len(rest)) if len(rest) < BLOCK else b""
                block = rest + chunk
                if not chunk and not rest:
                    self.ended = True
                    return
                end = _end_of_records(block, self._separator, last=not chunk)
                rows = self._rows(block[:end]) if end else None
                if rows is None:
                    return
                yield rows
                self.offset += end
                rest = block[end:]

    def _rows(self, block: bytes) -> "pa.Table | None":
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv

        names = [str(place) for place in range(self._width)]
        try:
            table = csv.read_csv(
                pa.BufferReader(block),
                read_options=csv.ReadOptions(column_names=names, block_size=len(block) + 1, use_threads=False),
                parse_options=csv.ParseOptions(delimiter=self._separator, newlines_in_values=True),
                convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string())),
            )
        except pa.ArrowInvalid:
            return None
        empty = pc.equal(table.column(0), "")
        for column in table.columns[1:]:
            if not pc.any(empty).as_py():
                return table
            empty = pc.and_(empty, pc.equal(column, ""))
        return None if pc.any(empty).as_py() else table


def _end_of_records(block: bytes, separator: str, *, last: bool) -> int:
    """The byte after the last record of `block` that is whole; 0 where anything in it is out of place."""
    data = np.frombuffer(block, dtype=np.uint8)
    if b"\0" in block:
        return 0
    quotes = np.flatnonzero(data == _QUOTE)
    if last:
        end = len(block) if len(quotes) % 2 == 0 else 0
    else:
        breaks = np.flatnonzero(data == _LINE_END) + 1
        outside = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
        end = int(outside[-1]) if len(outside) else 0
    quotes = quotes[quotes < end]
    edge = np.zeros(256, dtype=bool)
    edge[[_QUOTE, _LINE_END, ord("\r"), ord(separator)]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    after = data[np.minimum(closing + 1, len(data) - 1)]
    if not (edge[before] | (opening == 0)).all() or not (edge[after] | (closing == len(data) - 1)).all():
        return 0
    long = np.flatnonzero(closing - opening >= LONG)
    lines = (block[opening[place] : closing[place]] for place in long)
    return 0 if any(cell.count(b"\n") + cell.count(b"\r") >= LONG for cell in lines) else end
