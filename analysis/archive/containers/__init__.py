"""Containers: the same posts may arrive as separated text, JSON, Parquet, a workbook or the result of a query."""

from analysis.archive.compressed import ZIP
from analysis.archive.containers import delimited, objects, parquet, workbook
from analysis.archive.containers.encodings import HEAD
from analysis.archive.records import Format, IsHeader, Reading
from analysis.archive.sources import Source

ANY = Format(name="any")
"""What a source is opened as before its format is known."""


def open_source(source: Source, form: Format = ANY, *, is_header: IsHeader | None = None) -> Reading:
    """`source` as what its first bytes say it is: Parquet, a workbook, JSON, or else separated text.

    `form`, once it is known, tells what its exports are like; `is_header` the header of a known table. Raises
    InputError where the source is empty, damaged, or none of these.
    """
    with source.open() as file:
        head = file.read(HEAD)
    if head.startswith(parquet.MAGIC):
        return parquet.open_parquet(source)
    if head.startswith((*ZIP, workbook.OLD)):
        return workbook.open_workbook(source, is_header=is_header)
    if objects.looks_like(head):
        return objects.open_objects(source, expand=form.expand, reads=form.reads)
    return delimited.open_delimited(source, is_header=is_header, ends_before=form.ends_before)
