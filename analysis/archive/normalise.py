"""Records → mentions: ids, times, counts, kinds, and people's names made pseudonyms; one batch at a time."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import mentions
from analysis.archive import clock
from analysis.archive.formats import named, networks
from analysis.archive.records import Batch, Loadable, Mapped, Rejection, note
from analysis.archive.times import Times, read_times
from analysis.errors import InputError
from analysis.privacy import Pseudonyms, hide_authors, hide_handles, names_any, pseudonyms

if TYPE_CHECKING:
    import pyarrow as pa

_NOTHING = ("", "nan", "none", "null", "na", "n/a", "#n/a", "nat", "<na>")
_SCIENTIFIC = r"[+-]?\d+(?:\.\d+)?[eE]\+\d+|[+-]?\d+\.\d+[eE]\d+"
_COUNT_DIGITS = 18  # more do not fit into 64 bits
_BETWEEN_GROUPS = "[,\u00a0\u202f '’]"
_GROUPED = rf"^\d{{1,3}}({_BETWEEN_GROUPS}\d{{3}})+(\.0*)?$"
_EXACT_DIGITS = 16  # 2**53 has as many: fewer digits are exact in a float
_KINDS = {kind: kind for kind in mentions.KINDS} | {
    "tweet": "post",
    "status": "post",
    "original": "post",
    "retweet": "repost",
    "share": "repost",
    "answer": "reply",
}
_TOTALS = frozenset(("total", "totals", "total:", "grand total", "sum", "合计", "总计"))
FORGOTTEN = "user"
"""Stands where the pseudonym of somebody who was forgotten stood."""


@dataclass(frozen=True)
class Plan:
    """How the records of one source are read; the same for all of its batches."""

    source: str
    """What the source goes by."""
    format: str
    columns: Mapping[str, str]
    """Column of the mentions table → column of the source."""
    overruled: frozenset[str]
    """Those of them that archive.yml itself maps."""
    key: bytes
    platform: str | None = None
    brand: str | None = None
    time_zone: str | None = None
    day_first: bool | None = None
    """How 03/04/2024 is read; None where the source does not tell."""
    forgotten: frozenset[str] = frozenset()
    """Pseudonyms of people who are kept out."""

    @property
    def wanted(self) -> set[str]:
        """Columns of the source that are looked at."""
        return {*self.columns.values(), *named(self.format).reads}


@dataclass(frozen=True)
class Normalised:
    """The mentions of one batch (the columns of the mentions table, in Arrow), and what else it showed.

    `source_row` of each mention, and `row` of each rejection, is the number of the record within the batch, from 1;
    together they are 1 to `count`.
    """

    mentions: "pa.Table"
    rejections: list[Rejection]
    count: int
    notes: list[dict[str, Any]]
    compared: dict[str, clock.Comparison]
    """Its times against those that its ids carry."""


def normalise(loadable: Loadable, plan: Plan) -> Normalised:
    """The mentions among the records of a batch; every record is a mention or a rejection.

    Raises InputError where times carry no zone and `plan` names none.
    """
    form = named(plan.format)
    batch = loadable.load(plan.wanted)
    mapped, notes = map_columns(batch, plan)
    cells = {str(name): _blank_to_null(column) for name, column in mapped.items()}
    platform = plan.platform or form.platform
    times = read_times(cells["published_at"], plan.time_zone, plan.day_first)
    ids, damaged, made = _ids(cells)
    times = clock.told_apart(times, ids, platform)
    if plan.time_zone is None and times.naive.any():
        raise InputError(f"{plan.source}: " + _ask_for_zone(mapped["published_at"], times, ids, platform, plan.format))
    text = _unescape(cells["text"])
    reason = times.reason.astype("string")
    reason[text.isna() & reason.isna()] = "no_text"
    reason[damaged] = "damaged_id"
    reason[ids.isna() & ~damaged] = "no_id"
    author = pseudonyms(cells["author"], plan.key) if "author" in cells else None
    gone = author.isin(plan.forgotten) if author is not None else pd.Series(False, index=text.index)
    reason[gone] = "forgotten"
    good = reason.isna()
    if not good.all():
        reason[_totals(batch.table, good)] = "total_row"
        cells = {name: column[good] for name, column in cells.items()}
        made &= good
    text, ids_kept = text[good], ids[good]

    table: dict[str, Any] = {"id": ids_kept, "published_at": times.utc[good]}
    table["platform"] = _or(cells.get("platform"), platform or "unknown", text.index)
    table["brand"] = _or(cells.get("brand"), plan.brand, text.index)
    table["text"] = _without(hide_handles(text, plan.key, platform), plan.forgotten)
    if author is not None:
        table["author"] = author[good]
    if "url" in cells:
        address = hide_handles(cells["url"], plan.key, platform)
        if author is not None:
            address = hide_authors(address, cells["author"], plan.key)
        table["url"] = _without(address, plan.forgotten)
    if "language" in cells:
        table["language"] = cells["language"]
    for name in ("parent_id", "thread_id"):
        if name in cells:
            table[name], broken = clean_ids(cells[name])
            notes += _count_note("damaged_ids", broken, column=name)
    for name in mentions.COUNTS:
        if name in cells:
            table[name], broken = read_counts(cells[name])
            notes += _count_note("unreadable_counts", broken, column=name)
    for name in ("first_seen", "last_seen"):
        if name in cells:
            table[name] = read_times(cells[name], plan.time_zone, plan.day_first).utc
    table["kind"] = _kinds(cells.get("kind"), table.get("parent_id"), text)
    table["source"] = pd.Series(plan.source, index=text.index, dtype="string")
    table["source_row"] = pd.Series(text.index, index=text.index, dtype="Int64")

    notes += _time_notes(times)
    notes += _count_note("ids_made", made)
    notes += _rounded_ids(ids_kept)
    return Normalised(
        to_arrow(mentions.conform(pd.DataFrame(table, index=text.index))),
        _nameless([*batch.rejections, *_rejections(batch, reason[~good], mapped, gone)], plan),
        batch.count,
        [*batch.notes, *notes],
        clock.compare(times.utc[good], times.local[good], ids_kept, platform),
    )


def map_columns(batch: Batch, plan: Plan) -> tuple[Mapped, list[dict[str, Any]]]:
    """The columns of the mentions table among those of `batch`, as text, put right by the format; and its notes.

    What archive.yml itself maps stays as it came.
    """
    nothing = networks.nothing(batch.table.index)
    came = pd.DataFrame(
        {name: batch.table.get(column, nothing) for name, column in plan.columns.items()}, index=batch.table.index
    )
    mapped, notes = named(plan.format).shape(came, batch.table)
    return mapped.assign(**{name: came[name] for name in plan.overruled}), notes


def to_arrow(table: pd.DataFrame) -> "pa.Table":
    """A mentions table in Arrow, its strings plain ones, so that all batches are of one type."""
    import pyarrow as pa

    return pa.Table.from_pandas(table, schema=arrow_schema(), preserve_index=False).replace_schema_metadata()


def arrow_schema() -> "pa.Schema":
    """The mentions table as Arrow has it."""
    import pyarrow as pa

    types = {"string": pa.string(), "Int64": pa.int64(), "datetime64[us, UTC]": pa.timestamp("us", "UTC")}
    return pa.schema([(name, types[dtype]) for name, dtype in mentions.COLUMNS.items()])


def clean_ids(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Ids as text, null where damaged or absent, and which were damaged.

    A float that is a whole number below 2^53 ("850.0") is the id it was made from; larger ones, and those in scientific
    notation ("1.78E+17"), have lost digits.
    """
    text = values.astype("string")
    suspect = text.str.contains(r"^\d+\.0*$|[eE]", regex=True).fillna(False).astype(bool)
    if not suspect.any():
        return text, suspect
    some = text[suspect]
    floats = some.str.fullmatch(r"\d+\.0*").astype(bool)
    whole = some.str.split(".").str[0].str.lstrip("0").replace("", "0")
    exact = floats & (whole.str.len() < _EXACT_DIGITS)
    damaged = (floats & ~exact) | some.str.fullmatch(_SCIENTIFIC).astype(bool)
    text = text.copy()
    text[suspect] = some.mask(exact, whole).mask(damaged)
    suspect[suspect] = damaged
    return text, suspect


def read_counts(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Counts (Int64), null where absent or unreadable, and which were unreadable.

    "1,200", "1 200" and "3.0" are read, "2.3K" is not. A point may part thousands or decimals: "1.200" is 1200 where
    another of `values` can be nothing else (2.345, 1.234.567), and "1.000" alone is unreadable.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pa.array(values.astype("string"), pa.large_string())
    readable = _are_counts(written)
    if not pc.all(readable, min_count=0).as_py():
        dotted = pc.match_substring_regex(written, r"^\d{1,3}(\.\d{3})+$")
        thousands = pc.match_substring_regex(written, r"^\d{1,3}(\.\d{3})*\.(\d{0,2}[1-9]\d{0,2}|\d{3}\.\d{3})$")
        parted = pc.any(pc.and_(dotted, thousands), min_count=0).as_py()
        grouped = pc.match_substring_regex(written, _GROUPED)
        whole = pc.if_else(grouped, pc.replace_substring_regex(written, _BETWEEN_GROUPS, ""), written)
        whole = pc.if_else(dotted, pc.replace_substring(written, ".", "") if parted else written, whole)
        written = pc.replace_substring_regex(whole, r"\.0{0,2}$", "")
        readable = _are_counts(written)
    numbers = pc.cast(pc.if_else(readable, written, pa.scalar(None, pa.large_string())), pa.int64())
    broken = pc.fill_null(pc.invert(readable), False)
    absent = numbers.is_null().to_numpy(zero_copy_only=False)
    whole_numbers = pd.arrays.IntegerArray(pc.fill_null(numbers, 0).to_numpy().copy(), absent)
    return (
        pd.Series(whole_numbers, index=values.index),
        pd.Series(broken.to_numpy(zero_copy_only=False), index=values.index),
    )


def _are_counts(written: "pa.Array") -> "pa.Array":
    """Which are at most _COUNT_DIGITS digits and nothing else; null stays null."""
    import pyarrow.compute as pc

    return pc.and_(pc.ascii_is_decimal(written), pc.less_equal(pc.binary_length(written), _COUNT_DIGITS))


def _ids(cells: Mapping[str, pd.Series]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Ids, which were damaged, and which were made.

    A post without an id goes by the one in its address, else by a hash of its address; where the source has no ids at
    all, a post without an address goes by a hash of time, author and text.
    """
    text = cells["text"]
    has_ids = "id" in cells
    ids, damaged = clean_ids(cells["id"]) if has_ids else (pd.Series(None, index=text.index, dtype="string"), None)
    damaged = pd.Series(False, index=text.index) if damaged is None else damaged
    made = ids.isna() & ~damaged
    if not made.any():
        return ids, damaged, made
    whole = networks.nothing(text.index)
    if not has_ids:
        told = [cells[name].fillna("") for name in ("published_at", "author", "text") if name in cells]
        whole = pd.Series(["\0".join(parts) for parts in zip(*told, strict=True)], index=text.index, dtype="str")
    found = (
        networks.either(networks.ids(cells["url"]), networks.hashes(whole))
        if "url" in cells
        else networks.hashes(whole)
    )
    ids = ids.where(~made, found.astype("string"))
    return ids, damaged, made & ids.notna()


def _blank_to_null(column: pd.Series) -> pd.Series:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.utf8_trim_whitespace(pa.chunked_array(pa.array(column, type=pa.large_string())))
    words = ("",) if column.name == "text" else _spellings()
    kept = pc.if_else(pc.is_in(values, pa.array(words, pa.large_string())), pa.scalar(None, pa.large_string()), values)
    return pd.Series(pd.array(kept, dtype="string"), index=column.index)


def _spellings() -> list[str]:
    """Words for nothing, in every case they may be written in."""
    return sorted({"".join(case) for word in _NOTHING for case in product(*((c.lower(), c.upper()) for c in word))})


def _unescape(text: pd.Series) -> pd.Series:
    """With HTML entities as the characters they stand for; null where nothing is left."""
    escaped = text.str.contains("&", regex=False).fillna(False).astype(bool)
    if not escaped.any():
        return text
    import pyarrow as pa
    import pyarrow.compute as pc

    written, which = pa.array(text, pa.large_string()), pa.array(escaped.to_numpy())
    plain = [html.unescape(value).replace("\0", "").strip() or None for value in written.filter(which).to_pylist()]
    whole = pc.replace_with_mask(written, which, pa.array(plain, pa.large_string()))
    return pd.Series(pd.array(whole, dtype="string"), index=text.index)


def _or(column: pd.Series | None, default: str | None, index: pd.Index) -> pd.Series:
    """`column`, with `default` where it is null or there is none."""
    filler = pd.Series(default, index=index, dtype="string")
    return filler if column is None else column.where(column.notna(), filler)


def _without(texts: pd.Series, forgotten: frozenset[str]) -> pd.Series:
    """`texts` in which nobody who was forgotten is addressed."""
    return texts.str.replace("|".join(sorted(forgotten)), FORGOTTEN, regex=True) if forgotten else texts


def _kinds(said: pd.Series | None, parent: pd.Series | None, text: pd.Series) -> pd.Series:
    """What the file says, where it does; else a repost by its "RT @", a reply by its parent, or a post."""
    kinds = pd.Series("post", index=text.index, dtype="string")
    if parent is not None:
        kinds[parent.notna()] = "reply"
    kinds[text.str.startswith("RT @").fillna(False).astype(bool)] = "repost"
    if said is not None:
        known = said.str.casefold().map(_KINDS).astype("string")
        kinds = known.where(known.notna(), kinds)
    return kinds


def _totals(records: pd.DataFrame, good: pd.Series) -> pd.Series:
    """Which records that are no mention sum up the others: their first cell says so."""
    first = records.bfill(axis=1).iloc[:, 0] if len(records.columns) else pd.Series(None, index=records.index)
    return ~good & first.astype("str").str.strip().str.casefold().isin(_TOTALS)


def _ask_for_zone(written: pd.Series, times: Times, ids: pd.Series, platform: str | None, form: str) -> str:
    sample = int(times.naive.to_numpy().argmax())
    fitting = clock.agreeing_zones(times.local, ids, platform, clock.TOLERANCE)
    hint = f" Its ids carry the moment of posting, and agree with: {', '.join(fitting)}." if fitting else ""
    usual = named(form).zone_hint
    if usual and not fitting:
        hint = f" Exports of {form} are as a rule in {usual}."
    return (
        f"the time {str(written.iloc[sample])[:60]!r} does not say in which time zone it is. Write in archive.yml the "
        "zone in which the archive was collected, such as `time_zone: Asia/Shanghai` or `time_zone: UTC`, or "
        "ingest it with --time-zone." + hint
    )


def _time_notes(times: Times) -> list[dict[str, Any]]:
    notes = []
    if times.earlier.notna().any():
        notes.append(note("ambiguous_times", rows=int(times.earlier.notna().sum())))
    if times.dates_only:
        notes.append(note("dates_without_hours", rows=times.dates_only))
    return notes


def _count_note(kind: str, which: pd.Series, **values: str) -> list[dict[str, Any]]:
    return [note(kind, rows=int(which.sum()), **values)] if which.any() else []


def _rounded_ids(ids: pd.Series) -> list[dict[str, Any]]:
    """How many long ids end in zeros, as they do after a spreadsheet has cut them to 15 digits."""
    long = ids[ids.str.fullmatch(r"\d{17,19}")]
    return [note("rounded_ids", rows=int(long.str.endswith("00").sum()), of=len(long))] if len(long) else []


def _rejections(batch: Batch, reasons: pd.Series, mapped: pd.DataFrame, gone: pd.Series) -> list[Rejection]:
    """The records that are no mention, each as it came but for those of people who are `gone`."""
    told = {"damaged_id": "id", "unreadable_time": "published_at", "unordered_date": "published_at"}
    told["impossible_time"] = "published_at"
    raw = dict(zip(batch.table.index, batch.raw, strict=True)) if batch.raw else {}
    out = []
    for row, record in zip(reasons.index, batch.table.loc[reasons.index].to_dict("records"), strict=True):
        reason = str(reasons[row])
        detail = str(mapped.at[row, told[reason]])[:60] if reason in told else ""
        kept = json.dumps({name: value for name, value in record.items() if not pd.isna(value)}, ensure_ascii=False)
        out.append(Rejection(int(row), reason, detail, "" if gone[row] else raw.get(row, kept)))
    return out


def _nameless(rejections: list[Rejection], plan: Plan) -> list[Rejection]:
    """Of records that name somebody who was forgotten, nothing is kept but why they were rejected."""
    names = Pseudonyms(plan.key)
    return [
        replace(item, raw="") if plan.forgotten and names_any(item.raw, plan.forgotten, names) else item
        for item in rejections
    ]
