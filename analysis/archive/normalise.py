"""Records → mentions: ids, times, counts, kinds, and people's names made pseudonyms."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import mentions
from analysis.archive import clock
from analysis.archive.records import Format, Records, Rejection, note
from analysis.archive.times import Times, read_times
from analysis.errors import InputError
from analysis.incident import Archive
from analysis.privacy import hide_handles, pseudonyms

_NOTHING = frozenset(("", "nan", "none", "null", "na", "n/a", "#n/a", "nat", "<na>"))
_SCIENTIFIC = r"[+-]?\d+(?:\.\d+)?[eE]\+\d+|[+-]?\d+\.\d+[eE]\d+"
_EXACT_DIGITS = 16  # 2**53 has as many: fewer digits are exact in a float
_KINDS = {kind: kind for kind in mentions.KINDS} | {
    "tweet": "post",
    "status": "post",
    "original": "post",
    "retweet": "repost",
    "share": "repost",
    "answer": "reply",
}


@dataclass(frozen=True)
class Normalised:
    """The mentions of one file, what was rejected, and what the user should know."""

    mentions: pd.DataFrame
    rejections: list[Rejection]
    notes: list[dict[str, Any]]
    local: pd.Series
    """Times without a zone; null where a time carried one. Same index as `mentions`."""


def normalise(
    records: Records, columns: Mapping[str, str], form: Format, *, archive: Archive, source: str, key: bytes
) -> Normalised:
    """The mentions among `records`; `columns` maps columns of the mentions table to the file's.

    Every record is a mention or a rejection. Raises InputError where times carry no zone and the archive names none.
    """
    raw = records.table
    mapped, notes = form.shape(pd.DataFrame({name: raw[column] for name, column in columns.items()}), raw)
    cells = {name: _blank_to_null(mapped[name]) for name in mapped}
    times = read_times(cells["published_at"].astype("str"), archive.time_zone)
    ids, damaged = clean_ids(cells["id"])
    platform = archive.platform or form.platform
    if archive.time_zone is None and times.naive.any():
        raise InputError(f"{source}, " + _ask_for_zone(mapped["published_at"], times, ids, platform))

    text = _unescape(cells["text"])
    reason = times.reason.astype("string")
    reason[text.isna() & reason.isna()] = "no_text"
    reason[damaged] = "damaged_id"
    reason[cells["id"].isna()] = "no_id"
    good = reason.isna()

    table = pd.DataFrame({"id": ids, "published_at": times.utc}, index=raw.index)[good]
    cells = {name: column[good] for name, column in cells.items()}
    text = text[good]
    table["platform"] = _or(cells.get("platform"), platform or "unknown", table.index)
    table["brand"] = _or(cells.get("brand"), archive.brand, table.index)
    table["text"] = hide_handles(text, key, platform)
    if "author" in cells:
        table["author"] = pseudonyms(cells["author"], key)
    if "url" in cells:
        table["url"] = hide_handles(cells["url"], key, platform)
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
            table[name] = read_times(cells[name].astype("str"), archive.time_zone).utc
    table["kind"] = _kinds(cells.get("kind"), table.get("parent_id"), text)
    table["source"] = source
    table["source_row"] = table.index

    notes += _time_notes(times)
    notes += _rounded_ids(table["id"])
    local = times.local[good]
    notes += clock.refuse_wrong_clock(
        source, table["published_at"], local, table["id"], platform=platform, zone=archive.time_zone
    )
    return Normalised(
        mentions.conform(table),
        [*records.rejections, *_rejections(raw[~good], reason[~good], mapped)],
        [note(item["kind"], file=source, **item["values"]) for item in [*records.notes, *notes]],
        local,
    )


def clean_ids(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Ids as text, null where damaged or absent, and which were damaged.

    A float that is a whole number below 2^53 ("850.0") is the id it was made from; larger ones, and those in scientific
    notation ("1.78E+17"), have lost digits.
    """
    text = values.astype("string")
    floats = text.str.fullmatch(r"\d+\.0*").fillna(False).astype(bool)
    whole = text.str.split(".").str[0].str.lstrip("0").replace("", "0")
    exact = floats & (whole.str.len() < _EXACT_DIGITS)
    damaged = (floats & ~exact) | text.str.fullmatch(_SCIENTIFIC).fillna(False).astype(bool)
    return text.mask(exact, whole).mask(damaged), damaged


def read_counts(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Counts (Int64), null where absent or unreadable, and which were unreadable: "1,200" is read, "2.3K" is not."""
    text = values.astype("string")
    plain = text.str.replace(r"^(\d{1,3}(?:,\d{3})+)$", lambda match: match[1].replace(",", ""), regex=True)
    plain = plain.str.replace(r"\.0*$", "", regex=True)
    readable = plain.str.fullmatch(r"[0-9]{1,18}").fillna(False).astype(bool)
    return plain.where(readable).astype("Int64"), text.notna() & ~readable


def _blank_to_null(column: pd.Series) -> pd.Series:
    text = column.astype("string").str.strip()
    if column.name == "text":
        return text.mask(text == "")
    short = text.str.len() <= 5
    return text.mask(short & text.str.casefold().isin(_NOTHING))


def _unescape(text: pd.Series) -> pd.Series:
    """With HTML entities as the characters they stand for; null where nothing is left."""
    escaped = text.str.contains("&", regex=False).fillna(False).astype(bool)
    if not escaped.any():
        return text
    plain = pd.Series([html.unescape(value) for value in text[escaped]], index=text.index[escaped], dtype="string")
    whole = text.where(~escaped, plain.str.replace("\0", "", regex=False).str.strip().reindex(text.index))
    return whole.mask(whole == "")


def _or(column: pd.Series | None, default: str | None, index: pd.Index) -> pd.Series:
    """`column`, with `default` where it is null or there is none."""
    filler = pd.Series(default, index=index, dtype="string")
    return filler if column is None else column.where(column.notna(), filler)


def _kinds(said: pd.Series | None, parent: pd.Series | None, text: pd.Series) -> pd.Series:
    """What the file says, where it does; else a repost by its "RT @", a reply by its parent, or a post."""
    kinds = pd.Series("post", index=text.index, dtype="string")
    if parent is not None:
        kinds[parent.notna()] = "reply"
    kinds[text.str.match(r"RT @").fillna(False).astype(bool)] = "repost"
    if said is not None:
        known = said.str.casefold().map(_KINDS).astype("string")
        kinds = known.where(known.notna(), kinds)
    return kinds


def _ask_for_zone(written: pd.Series, times: Times, ids: pd.Series, platform: str | None) -> str:
    sample = int(times.naive.to_numpy().argmax())
    fitting = clock.agreeing_zones(times.local, ids, platform, clock.TOLERANCE)
    hint = f" Its ids carry the moment of posting, and agree with: {', '.join(fitting)}." if fitting else ""
    return (
        f"row {written.index[sample]}: {str(written.iloc[sample])[:60]!r} does not say in which time zone it is. Write "
        "in archive.yml the zone in which the archive was collected, such as `time_zone: Asia/Shanghai` or "
        f"`time_zone: UTC`.{hint}"
    )


def _time_notes(times: Times) -> list[dict[str, Any]]:
    notes = []
    if times.ambiguous:
        notes.append(note("ambiguous_times", rows=times.ambiguous))
    if times.dates_only:
        notes.append(note("dates_without_hours", rows=times.dates_only))
    return notes


def _count_note(kind: str, broken: pd.Series, **values: str) -> list[dict[str, Any]]:
    return [note(kind, rows=int(broken.sum()), **values)] if broken.any() else []


def _rounded_ids(ids: pd.Series) -> list[dict[str, Any]]:
    """A note where most long ids end in zeros, as they do after a spreadsheet has cut them to 15 digits."""
    long = ids[ids.str.fullmatch(r"\d{17,19}")]
    rounded = int(long.str.endswith("00").sum())
    return [note("rounded_ids", rows=rounded, of=len(long))] if len(long) >= 20 and rounded * 2 > len(long) else []


def _rejections(raw: pd.DataFrame, reasons: pd.Series, mapped: pd.DataFrame) -> list[Rejection]:
    told = {"damaged_id": "id", "unreadable_time": "published_at", "unordered_date": "published_at"}
    told["impossible_time"] = "published_at"
    out = []
    for row, record in zip(raw.index, raw.to_dict("records"), strict=True):
        reason = str(reasons[row])
        detail = str(mapped.at[row, told[reason]])[:60] if reason in told else ""
        kept = {name: value for name, value in record.items() if not pd.isna(value)}
        out.append(Rejection(int(row), reason, detail, json.dumps(kept, ensure_ascii=False)))
    return out
