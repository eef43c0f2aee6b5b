"""Which row of a table names its columns: exports write titles, filters and blank rows before it."""

from collections import Counter
from collections.abc import Sequence

from analysis.archive.records import IsHeader, Row

SEARCHED = 30
"""Rows looked at, blank ones included."""
MAX_COLUMNS = 20_000
"""A table wider than this is no export of posts: it is refused."""


def find_header(rows: Sequence[Row], is_header: IsHeader | None = None) -> int | None:
    """Place of the header among `rows`, the first SEARCHED of a table; None where all are blank.

    The header of a known format, where there is one, precedes all else. Otherwise it is the first row that is neither
    blank, nor a setting of the export ("From:", "2024-03-01"), nor a banner of one cell above a wider table.
    """
    recognised = [place for place, row in enumerate(rows) if is_header is not None and is_header(row)]
    if recognised:
        return recognised[0]
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    widest = max(map(len, filled), default=0)
    for place, cells in enumerate(filled):
        setting = 0 < len(cells) <= 2 and cells[0].endswith(":")
        banner = len(cells) == 1 and widest > 1
        if cells and not setting and not banner:
            return place
    return next((place for place, cells in enumerate(filled) if cells), None)


def distinct_names(row: Row) -> list[str]:
    """The columns' names: without byte-order marks and blanks around them, no two the same, none empty."""
    seen: Counter[str] = Counter()
    names = []
    for place, cell in enumerate(row, start=1):
        name = cell.replace("\ufeff", "").strip() or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
