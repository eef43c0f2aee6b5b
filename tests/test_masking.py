"""Masking: names and addresses go, feelings stay, nothing makes it fail."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.masking import BRAND, HANDLE, LIMIT, form, has_content, mask, masker


def masked(text: str, *terms: str) -> str:
    return mask(pd.Series([text], dtype="string"), terms)[0]


@pytest.mark.parametrize(
    "text",
    ["Some Air is late", "#SomeAir is late", "# some-air is late", "SOME_AIR is late", "$someair is late"],
)
def test_brand_terms_match_in_every_way_of_writing_them(text: str) -> None:
    assert masked(text, "Some Air") == "company is late"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@someair late", "@user late"),
        ("@ someair late", "@user late"),
        ("@u_abcdefghij你好", "@user你好"),
        ("@a @b: @c late", "@user late"),
        ("write to me at 5", "write to me at 5"),
        ("name@example.org", "name@example.org"),
    ],
)
def test_handles(text: str, expected: str) -> None:
    assert masked(text, "someair") == expected


def test_what_is_read_does_not_hang_on_the_key_that_pseudonyms_were_made_with() -> None:
    forms = ["Boarding@u_{0}: late", "going to@u_{0} again", "@u_{0}@u_{0}", "u_{0} said", "问@u_{0}吧"]
    one, other = (mask(pd.Series([form.format(name) for form in forms]), []) for name in ("abcdefghij", "zyx7654wvu"))
    assert one.tolist() == other.tolist()
    assert not one.str.contains("u_").any()


def test_terms_match_whole_words_only_but_anywhere_in_chinese() -> None:
    assert masked("handsome airy reunited", "Some Air", "united") == "handsome airy reunited"
    assert masked("我讨厌星星航空公司", "星星航空") == "我讨厌company公司"


def test_longer_terms_win_and_empty_terms_match_nothing() -> None:
    assert masked("Star Air Cargo lost it", "Star", "Star Air Cargo", "", "!!") == "company lost it"


def test_urls_go_html_is_unescaped_and_feelings_stay() -> None:
    assert masked("late &amp; rude https://t.co/aB1 http:// fb.me/2x 😡[怒]") == "late & rude 😡 [怒]"
    assert masked("https://t.co/aB1") == ""


def test_null_stays_null_and_the_index_is_kept() -> None:
    found = mask(pd.Series(["a", None], index=[7, 3], dtype="string"), [])
    assert list(found.index) == [7, 3]
    assert found.isna().tolist() == [False, True]


def test_control_and_direction_marks_go_and_long_texts_are_cut() -> None:
    assert masked("la\u202ete\x00 now") == "late now"
    assert len(masked("a" * 1_000_000)) == LIMIT


@pytest.mark.parametrize(("text", "expected"), [("@user company", False), ("😡", True), ("...!", False), ("怒", True)])
def test_content(text: str, expected: bool) -> None:
    assert has_content(text) is expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=8), max_size=3))
def test_any_text_and_any_terms(text: str, terms: list[str]) -> None:
    assert masked(text, *terms) == masked(text, *reversed(terms))


_TERMS = ("Some Air", "K-Mart", "İzmir", "s", "ßa", "ſt", "ﬁ", "星星航空")


def _each_term_tried_everywhere(text: str) -> str:
    """Brand terms as `mask` replaces them, without looking for their first characters beforehand."""
    forms = [form(term) for term in sorted(set(_TERMS), key=lambda term: (-len(term), term))]
    pattern = re.compile(rf"(?P<sign>[@＠#＃$]\s?)?(?:{'|'.join(forms)})", re.IGNORECASE)
    return pattern.sub(lambda found: HANDLE if (found["sign"] or "")[:1] in ("@", "＠") else BRAND, text)


@pytest.mark.parametrize("around", ["{}", "@{}", "# {}", "{}ome air", "{}t", "{}zmir", "a{}"])
def test_no_letter_hides_a_term_from_the_search_for_first_characters(around: str) -> None:
    from analysis.scoring import masking

    brand = masking._pattern(_TERMS)
    letters = (chr(point) for point in range(0x110000) if chr(point).isprintable() and chr(point).lower() != chr(point))
    texts = [around.format(letter) for letter in [*letters, *"abcißſﬁkst星"]]
    assert [brand(text) for text in texts] == [_each_term_tried_everywhere(text) for text in texts]


def test_one_text_is_masked_as_many_are() -> None:
    texts = ["@a Some Air &amp; #someair https://t.co/a", "", "[怒] 😡 星星航空"]
    assert [masker(_TERMS)(text) for text in texts] == mask(pd.Series(texts), _TERMS).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTPS://a.b late", "late"),
        ("Pic.Twitter.com/a late", "late"),
        ("＠someone late", "@user late"),
        ("asked u_abcdefghij twice", "asked @user twice"),
        ("don’t…", "don’t…"),
        ("late☀now", "late ☀ now"),
        ("é😡", "é 😡"),
    ],
)
def test_what_is_looked_for_before_it_is_replaced(text: str, expected: str) -> None:
    assert masked(text) == expected
