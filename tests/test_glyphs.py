"""Whatever people write, every character that is printed has a glyph; the rest is written out and counted."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report import clean, glyphs
from analysis.report.schema import Claim, Document
from tests.document_fixture import document, hostile


def written(text: str, language: str = "en") -> tuple[str, dict[str, int]]:
    """What the audit makes of one text, and what it wrote out."""
    bare = document(language)
    only = bare.model_copy(
        update={
            "first_page": bare.first_page.model_copy(update={"paragraph": [Claim(text=text)]}),
            "sections": [],
            "appendix": [],
        }
    )
    audited = glyphs.audit(only)
    return audited.first_page.paragraph[0].text, {item.shown: item.times for item in audited.replacements}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Ünïcödé, ł, 中文“引号”, Кириллица", "plain, Ünïcödé, ł, 中文“引号”, Кириллица"),
        ("so สวัสดี ครับ good", "so [Thai, 10 characters] good"),
        ("한", "[Hangul, 1 character]"),
        ("no 😂!", "no [face with tears of joy]!"),
        ("👨‍👩‍👧", "[man, woman, girl]"),
        ("👍🏽", "[thumbs up sign]"),
        ("❤️", "[heavy black heart]"),
        ("🇬🇧🇨🇳", "[GB][CN]"),
        ("1️⃣", "[1]"),
        ("→ and ✓", "→ and ✓"),
        ("a\u200db", "ab"),
    ],
)
def test_what_no_font_covers_is_written_out(text: str, shown: str) -> None:
    assert written(text)[0] == shown


def test_scripts_are_named_in_the_language_of_the_report() -> None:
    assert written("สวัสดี", "zh")[0] == "[泰文，6 个字符]"


def test_replacements_are_counted() -> None:
    assert written("😂 ok 😂 ไทย")[1] == {"[face with tears of joy]": 2, "[Thai, 3 characters]": 1}


def test_a_mark_that_no_font_has_beside_its_letter_goes() -> None:
    shown, _ = written("字\u1ab0")
    assert shown == "字"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_document_is_covered(language: str) -> None:
    audited = glyphs.audit(clean.document(hostile(language)))
    assert glyphs.uncovered(audited.model_dump_json()) == ""
    assert glyphs.audit(audited).sections == audited.sections


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_ends_up_covered(text: str) -> None:
    shown, _ = written(clean.text(text))
    assert glyphs.uncovered(shown) == ""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_cleaning_is_idempotent_and_leaves_nothing_unseen(text: str) -> None:
    once = clean.text(text)
    assert clean.text(once) == once
    assert not {unicodedata.category(one) for one in once} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff") & set(once)


def test_long_words_get_places_to_break() -> None:
    broken = clean.text("W" * 10_000)
    assert max(map(len, broken.split("\u200b"))) <= clean.LONGEST_IN_CELL
    assert broken.replace("\u200b", "") == "W" * 10_000
    assert "\u200b" not in clean.text("汉" * 200)


def test_long_tables_are_cut_and_say_so() -> None:
    cut: Document = clean.document(document())
    table = cut.appendix[1].blocks[0]
    assert table.kind == "table"
    assert (len(table.rows), table.rows_total) == (clean.MOST_ROWS, 60)
    assert clean.document(cut) == cut
