"""Containers: the same posts may arrive as separated text, JSON, Parquet, a workbook or the result of a query."""

from collections.abc import Collection

from analysis.archive.compressed import ZIP
from analysis.archive.containers import delimited, objects, parquet, workbook
from analysis.archive.containers.encodings import HEAD
from analysis.archive.records import Expand, IsHeader, Reading
from analysis.archive.sources import Source


def open_source(
    source: Source, *, is_header: IsHeader | None = None, expand: Expand | None = None, reads: Collection[str] = ()
) -> Reading:
    """`source` as what its first bytes say it is: Parquet, a workbook, JSON, or else separated text.

    `is_header` tells the header of a known table, `expand` the posts within a JSON object; of JSON, only the columns
    that `reads` names are read, all where it names none. Raises InputError where the source is empty, damaged, or none
    of these.
    """
    with source.open() as file:
        head = file.read(HEAD)
    if head.startswith(parquet.MAGIC):
        return parquet.open_parquet(source)
    if head.startswith(ZIP):
        return workbook.open_workbook(source, is_header=is_header)
    if objects.looks_like(head):
        return objects.open_objects(source, expand=expand, reads=reads)
    return delimited.open_delimited(source, is_header=is_header)
