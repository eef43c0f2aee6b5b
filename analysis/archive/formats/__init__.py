"""The formats that archives arrive in, one file each: a new format is a new file in this folder, and nothing else.

Each file holds a FORMAT and says what is peculiar to the exports it reads.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from analysis.archive.formats.columns import guessable, plain
from analysis.archive.records import Format, Row
from analysis.errors import InputError

GENERIC = Format(
    name="generic", aliases=("auto", "csv", "tsv", "delimited", "jsonl", "ndjson", "json", "parquet", "xlsx")
)
"""Any table or list of objects, its columns by their names and by the map in archive.yml."""


@cache
def known() -> tuple[Format, ...]:
    """Every format, in order of name; GENERIC is not among them."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted((m.FORMAT for m in modules if hasattr(m, "FORMAT")), key=lambda form: form.name))


def named(name: str) -> Format:
    """The format of that name or alias, GENERIC for "auto"; InputError where there is none."""
    for form in (*known(), GENERIC):
        if name.casefold() in (form.name, *form.aliases):
            return form
    names = ", ".join(form.name for form in (*known(), GENERIC))
    raise InputError(f"Format {name!r} is unknown. Use auto, or one of: {names}.")


def recognise(columns: Iterable[str]) -> tuple[Format, str]:
    """The format of a source with these `columns`, and why: the one with the most marks among them, else GENERIC."""
    came = {plain(column) for column in columns}
    found = [(marks, form) for form in known() for marks in form.marks if {plain(mark) for mark in marks} <= came]
    if not found:
        return GENERIC, "no known export has these columns"
    marks, form = max(found, key=lambda pair: len(pair[0]))
    return form, f"its columns {', '.join(sorted(marks))}"


def is_header(row: Row) -> bool:
    """Whether `row` is the header of a known format, or has columns whose names say that they are time and text."""
    return recognise(row)[0] is not GENERIC or guessable(row)
