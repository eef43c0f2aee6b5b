"""One source → a segment: opened, recognised, normalised batch by batch, its clock checked."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.archive import clock, formats, segments, workers
from analysis.archive import store as stores
from analysis.archive.containers import open_source
from analysis.archive.formats.columns import match_columns
from analysis.archive.normalise import Normalised, Plan, map_columns, normalise
from analysis.archive.records import Format, Loadable, Reading, note
from analysis.archive.sources import Source
from analysis.archive.times import are_slashed, day_first_among
from analysis.errors import InputError
from analysis.incident import Archive

Progress = Callable[[str, int, int], None]
"""Called with the stage, how many sources (or records, when reading one) are done, and of how many (0: not known)."""
INLINE = 2
"""A source of more batches than this is normalised by several processes."""
SAMPLED = 200
"""Records that a map of columns is proposed by."""
LISTED = 20
_CODE = ("archive/*.py", "archive/containers/*.py", "archive/formats/*.py", "privacy.py", "mentions.py")


def read(
    archive: Archive,
    store: Path,
    source: Source,
    key: bytes,
    forgotten: frozenset[str],
    known: dict[str, Any],
    report: Progress,
    pool: workers.Pool,
) -> dict[str, Any]:
    """Read `source` into a segment of its own, with the help of `pool` where it is large; what is known of it.

    A source without any record has a segment too, and a note: a crawl by the hour leaves empty files.
    """
    form, why, reading = _open(archive, source)
    head = list(islice(reading.batches, 1))
    columns: dict[str, str] = {}
    guessed: dict[str, str] = {}
    if head:  # the columns of a page without posts, or of a file that is empty, say nothing
        sample = head[0].load().table.head(SAMPLED)
        columns, guessed = match_columns(form, archive.columns, list(reading.columns), source.label, sample)
    plan = Plan(
        source=source.label,
        format=form.name,
        columns=columns,
        overruled=frozenset(archive.columns),
        key=key,
        platform=archive.platform,
        brand=archive.brand,
        time_zone=archive.time_zone,
        day_first=archive.day_first,
        forgotten=forgotten,
    )
    if archive.day_first is None and any(are_slashed(column) for column in _times(head, plan)):
        again = _open(archive, source)[2]
        told = set().union(*(day_first_among(column) for column in _times(again.batches, plan)))
        plan = Plan(**vars(plan) | {"day_first": told.pop() if len(told) == 1 else None})
    notes: list[dict[str, Any]] = []
    if guessed:
        unread = [name for name in reading.columns if name not in columns.values()]
        notes.append(
            note("columns_guessed", columns=guessed, unread=[*unread[:LISTED], *["…"][: len(unread) - LISTED]])
        )
    compared: list[dict[str, clock.Comparison]] = []
    times: list[pd.Timestamp] = []
    with segments.Writer(stores.segment(store, known["identity"]), source.label) as writer:
        for part in _in_order(chain(head, reading.batches), plan, pool):
            writer.add(part.mentions, part.rejections, part.count)
            notes += part.notes
            compared.append(part.compared)
            if part.mentions.num_rows:
                column = part.mentions["published_at"].to_pandas()
                times += [column.min(), column.max()]
            report(f"reading {source.label}", writer.rows, 0)
        if not writer.rows:
            notes.append(note("no_records"))
        together = clock.together(compared)
        notes += reading.notes
        notes += clock.refuse_wrong_clock(
            source.label, together, platform=archive.platform or form.platform, zone=archive.time_zone
        )
        rejected = sum(writer.rejected.values())
        if rejected * 2 > writer.rows:
            notes.append(note("mostly_rejected", rejected=rejected, rows=writer.rows))
        meta = {
            **known,
            "segment": known["identity"],
            "generation": 0,
            "label": source.label,
            "format": form.name,
            "why": why,
            "encoding": reading.encoding,
            "rows": writer.rows,
            "valid": writer.rows - rejected,
            "reasons": dict(sorted(writer.rejected.items())),
            "first": min(times).isoformat() if times else None,
            "last": max(times).isoformat() if times else None,
            "notes": _gathered(notes, source.label),
            "clock": clock.too_few(together),
            "forgotten": sorted(forgotten),
        }
        writer.finish(meta)
    return meta


def _open(archive: Archive, source: Source) -> tuple[Format, str, Reading]:
    """The format of `source`, why, and its reading."""
    try:
        reading = open_source(source, is_header=formats.is_header)
        if archive.format == "auto":
            form, why = formats.recognise(reading.columns)
        else:
            form, why = formats.named(archive.format), f"archive.yml says so (format: {archive.format})"
        if form.expand or form.reads or form.ends_before:
            reading = open_source(source, form, is_header=formats.is_header)
    except OSError as error:
        raise InputError(
            f"{source.path}: cannot be read ({error.strerror}). Check that it is there and may be read."
        ) from error
    return form, why, reading


def _times(batches: Iterable[Loadable], plan: Plan) -> Iterator[pd.Series]:
    for batch in batches:
        yield map_columns(batch.load(plan.wanted), plan)[0]["published_at"]


def _in_order(batches: Iterator[Loadable], plan: Plan, pool: workers.Pool) -> Iterator[Normalised]:
    """Each batch normalised, in order; by several processes where there are more than INLINE."""
    head = list(islice(batches, INLINE + 1))
    if len(head) > INLINE:
        yield from pool.normalised(head[:INLINE], chain(head[INLINE:], batches), plan)
    else:
        yield from (normalise(batch, plan) for batch in head)


def _gathered(notes: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    """One note for those of a kind whose texts agree, their numbers added up."""
    found: dict[str, dict[str, Any]] = {}
    for item in notes:
        texts = {name: value for name, value in item["values"].items() if not isinstance(value, int)}
        numbers = {name: value for name, value in item["values"].items() if isinstance(value, int)}
        one = found.setdefault(json.dumps([item["kind"], texts], sort_keys=True), note(item["kind"], **texts))
        for name, number in numbers.items():
            one["values"][name] = one["values"].get(name, 0) + number
    return [note(item["kind"], file=label, **item["values"]) for item in found.values() if _matters(item)]


def _matters(item: dict[str, Any]) -> bool:
    """Ids that end in zeros are worth a word where most do."""
    values = item["values"]
    return item["kind"] != "rounded_ids" or (values["of"] >= 20 and values["rows"] * 2 > values["of"])


@cache
def code() -> str:
    """Hash over the code that reads sources: read by other code, a source may give other mentions."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _CODE for path in root.glob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
