"""Complaints, reproach, first person and marks of arousal: legal values for any text, and the plain cases right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import complaint, tone
from tests.test_relevance import HOSTILE


def read(text: str, language: str = "en") -> tuple[float, int]:
    row = complaint.columns([text], language).iloc[0]
    return float(row["complaint"]), int(row["reproach"])


@pytest.mark.parametrize(
    ("text", "language", "complains", "grade"),
    [
        ("company my parcel is late again and nobody answers the phone", "en", True, complaint.DISAPPROVAL),
        ("still waiting for my refund after three weeks, so disappointed", "en", True, complaint.DISAPPROVAL),
        ("you lost my bag and refused to help me", "en", True, complaint.ACCUSATION),
        ("company cancelled my order twice and ignores my mails", "en", True, complaint.ACCUSATION),
        ("shame on you company, worst company ever, you are liars", "en", True, complaint.BLAME),
        ("thank you company, lovely crew", "en", False, complaint.NONE),
        ("company opens a new shop in Kelby on Monday", "en", False, complaint.NONE),
        ("what time does the shop open?", "en", False, complaint.NONE),
        ("等了三天还没发货，太失望了", "zh", True, complaint.DISAPPROVAL),
        ("company拒绝退款，客服敷衍我", "zh", True, complaint.ACCUSATION),
        ("黑心商家，骗子，再也不买了", "zh", True, complaint.BLAME),
        ("很好吃，谢谢师傅", "zh", False, complaint.NONE),
        ("今天去了公园", "zh", False, complaint.NONE),
    ],
)
def test_plain_cases(text: str, language: str, complains: bool, grade: int) -> None:
    score, found = read(text, language)
    assert (score >= complaint.CALLED_FROM) == complains
    assert found == grade


def test_negative_is_not_yet_a_complaint() -> None:
    assert read("sad news: the founder of company has died")[0] < complaint.CALLED_FROM


def test_first_person_is_a_share_of_words() -> None:
    assert tone.first_person(["I lost my bag", "you lost it", "@user company", "I’m late"], "en") == pytest.approx(
        [0.5, 0, np.nan, 0.5], nan_ok=True
    )
    assert tone.first_person(["我丢了包", "我们丢了包", "！！"], "zh") == pytest.approx([0.25, 0, np.nan], nan_ok=True)


def test_marks_of_arousal_add_up_and_stay_below_one() -> None:
    calm, loud, louder = tone.arousal_markers(
        ["my bag is late", "My bag is SO LATE!!!", "WTF!!! MY BAG IS SOOOO LATE 😡😡😡"], "en"
    )
    assert calm == 0
    assert 0 < loud < louder < 1
    assert tone.arousal_markers(["气死我了！！！太过分了", "包丢了"], "zh")[0] > 0
    assert tone.arousal_markers(["the CEO of company spoke to the press"], "en")[0] == 0


def test_other_languages_are_null() -> None:
    assert complaint.columns(["colis perdu"], "fr").isna().all(axis=None)
    assert tone.columns(["colis perdu"], "fr").isna().all(axis=None)
    assert complaint.columns([], "en").empty


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_texts_are_read(text: str, language: str) -> None:
    score, grade = read(text, language)
    assert 0 <= score <= 1
    assert grade in (0, 1, 2, 3)
    assert 0 <= tone.arousal_markers([text], language)[0] < 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=5), st.sampled_from(["en", "zh", "fr"]))
def test_any_text_has_legal_values(texts: list[str], language: str) -> None:
    found = complaint.columns(texts, language)
    assert len(found) == len(texts)
    assert found["complaint"].dropna().between(0, 1).all()
    assert set(found["reproach"].dropna()) <= {0, 1, 2, 3}
    written = tone.columns(texts, language)
    assert written["first_person"].dropna().between(0, 1).all()
    assert written["arousal"].dropna().between(0, 1).all()
