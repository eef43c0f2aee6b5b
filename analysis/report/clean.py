"""Hostile text made harmless: what could break a page, a line or a reader's trust goes before anything is drawn."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from analysis.report.schema import Asks, Block, Briefs, Claim, Document, FirstPage, Section, Table

Piece = TypeVar("Piece", bound=BaseModel)
LONGEST_WORD = 40
LONGEST_IN_CELL = 20
"""Columns of a table are narrow."""
_BREAK_EVERY = 14
MOST_ROWS = 40
MOST_MARKS = 4
"""Combining marks that one letter may carry: Vietnamese needs two, "zalgo" text piles up hundreds."""

_BREAK = "\u200b"
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_UNSEEN = re.compile("[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")
"""Soft hyphens, bidi marks and overrides, joiners of words, annotations, tags: none is ever meant to show."""
_UNBROKEN = re.compile(
    f"[^\\s\u200b\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001f000-\U0003ffff]{{{LONGEST_IN_CELL + 1},}}"
)
"""A word that may be too long for a line. Chinese, Japanese and Korean break anywhere by themselves."""
_KEPT_AS_THEY_ARE = {"path", "id", "finding", "findings", "kind", "tone", "source", "state", "language", "align"}
_FIRST_PAGE = {"title": 120, "subtitle": 140, "brand": 60, "classification": 80, "period": 120, "state_text": 60}
_LONGEST = {
    "number": 12,
    "verdict": 80,
    "title": 300,
    "caption": 400,
    "term": 200,
    "rows": 400,
    "label": 100,
    "id": 80,
    "when": 80,
}
"""By field; a mention may be longer than a page, and everything else is at most _TEXT."""
_TEXT = 4000
_PARAGRAPH = 1000
_DECISION = 320
_COVERAGE = 600
_NUMBER = {"label": 60, "value": 24, "interval": 60, "baseline": 60, "note": 60}
_CAPTION = 400
_BRIEF = {"term": 120, "text": 500}
_ASK = {"lesson": 220, "action": 300, "owner": 60, "due": 40, "measure": 80, "state": 120}


def text(value: str, longest: int | None = None, word: int = LONGEST_WORD) -> str:
    """`value` in NFC without control characters, bidi overrides and other unseen ones; white space is one blank.

    Words of more than `word` characters (LONGEST_IN_CELL or more) get zero-width spaces to break at. With `longest`,
    what is longer ends in "…". Idempotent.
    """
    seen = _UNSEEN.sub("", value)
    seen = "".join(_character(one) for one in seen)
    seen = " ".join(unicodedata.normalize("NFC", _few_marks(seen)).replace(_BREAK, "").split())
    if longest is not None and len(seen) > longest:
        seen = seen[: longest - 1].rstrip(" …") + "…"
    return _UNBROKEN.sub(lambda match: _broken(match.group()) if len(match.group()) > word else match.group(), seen)


def document(raw: Document) -> Document:
    """`raw` with every text cleaned, and cut where it is over-long.

    The first page is cut to what one sheet holds; tables are cut to MOST_ROWS and say how many rows there were.
    """
    cleaned = strings(
        raw,
        lambda name, value: text(
            value, _LONGEST.get(name, _TEXT), LONGEST_IN_CELL if name in ("rows", "label") else LONGEST_WORD
        ),
    )
    return cleaned.model_copy(
        update={
            **{name: text(getattr(cleaned, name), longest) for name, longest in _FIRST_PAGE.items()},
            "first_page": _one_sheet(cleaned.first_page),
            "sections": [_short_tables(_sheet(section) if section.sheet else section) for section in cleaned.sections],
            "appendix": [_short_tables(section) for section in cleaned.appendix],
        }
    )


def strings(piece: Piece, change: Callable[[str, str], str]) -> Piece:
    """`piece` with every text that a reader sees changed, by field name and text: not ids, paths and key words."""
    return type(piece).model_validate(_changed("", piece.model_dump(), change))


def _changed(name: str, value: Any, change: Callable[[str, str], str]) -> Any:
    if isinstance(value, str):
        return change(name, value)
    if isinstance(value, list):
        return [_changed(name, item, change) for item in value]
    if isinstance(value, dict):
        return {key: item if _is_key_word(key, value) else _changed(key, item, change) for key, item in value.items()}
    return value


def _is_key_word(name: str, holder: dict[str, Any]) -> bool:
    """A quote's id is shown, and so is the kind of a follow-up: they are texts."""
    if name == "id" and "blocks" not in holder:
        return False
    if name == "kind" and "owner" in holder:
        return False
    return name in _KEPT_AS_THEY_ARE


def _character(one: str) -> str:
    category = unicodedata.category(one)
    if one.isspace() or category in ("Zl", "Zp"):
        return " "
    if category in ("Cc", "Cs", "Cn"):
        return ""
    return one


def _few_marks(value: str) -> str:
    return re.sub(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+", r"\1", value)


def _broken(word: str) -> str:
    """`word` with a place to break after every _BREAK_EVERY characters, never before a mark or in a joined emoji."""
    parts, start = [], 0
    while len(word) - start > _BREAK_EVERY:
        end = start + _BREAK_EVERY
        while end < len(word) and (unicodedata.category(word[end])[0] == "M" or "\u200d" in word[end - 1 : end + 1]):
            end += 1
        parts.append(word[start:end])
        start = end
    return _BREAK.join([*parts, word[start:]] if start < len(word) else parts)


def _one_sheet(page: FirstPage) -> FirstPage:
    coverage = page.coverage and _cut(page.coverage, {"title": 120, "text": _COVERAGE})
    return page.model_copy(
        update={
            "status": [_cut(item, {"label": 24, "text": 40}) for item in page.status[:4]],
            "coverage": coverage,
            "paragraph": _first_of(page.paragraph),
            "decision": page.decision and _cut(page.decision, {"text": _DECISION}),
            "numbers": [_cut(number, _NUMBER) for number in page.numbers],
            "figure": page.figure and _cut(page.figure, {"title": 140, "caption": _CAPTION}),
        }
    )


def _sheet(section: Section) -> Section:
    """Claims and follow-ups of a sheet, cut to what one page has room for: they stand in full behind it."""

    def short(block: Block) -> Block:
        if isinstance(block, Briefs):
            return block.model_copy(update={"items": [_cut(item, _BRIEF) for item in block.items]})
        if isinstance(block, Asks):
            return block.model_copy(update={"items": [_cut(item, _ASK) for item in block.items]})
        return block

    return section.model_copy(update={"blocks": [short(block) for block in section.blocks]})


def _cut(piece: Piece, longest: dict[str, int]) -> Piece:
    return piece.model_copy(update={name: text(getattr(piece, name), most) for name, most in longest.items()})


def _first_of(claims: list[Claim]) -> list[Claim]:
    """The claims from the first on that one paragraph holds; the one that crosses its end is cut there."""
    kept, room = [], _PARAGRAPH
    for claim in claims:
        if room < 40:
            break
        short = text(claim.text, room)
        kept.append(claim.model_copy(update={"text": short}))
        room -= len(short)
    return kept


def _short_tables(section: Section) -> Section:
    return section.model_copy(update={"blocks": [_short(block) for block in section.blocks]})


def _short(block: Block) -> Block:
    if not isinstance(block, Table) or len(block.rows) <= MOST_ROWS:
        return block
    return block.model_copy(update={"rows": block.rows[:MOST_ROWS], "rows_total": len(block.rows)})
