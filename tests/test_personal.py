"""Marks of a reply written for one customer."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.personal import MARKS, content, personal


def table(*rows: tuple[str, str | None]) -> pd.DataFrame:
    texts, complaints = zip(*rows, strict=True)
    return pd.DataFrame(
        {"text": pd.array(texts, dtype="string"), "complaint": pd.array(complaints, dtype="string")},
        index=range(10, 10 + len(rows)),
    )


STOCK = ("@u_aaaaaaaaaa We apologise for any inconvenience caused.", "my bike was locked and the app froze")


@pytest.mark.parametrize(
    ("reply", "complaint", "expected"),
    [
        ("@u_aaaaaaaaaa Hi Tom, noted.", "it failed", {"named"}),
        ("@u_aaaaaaaaaa noted, and @u_bbbbbbbbbb too", "it failed", {"named"}),
        ("@u_aaaaaaaaaa noted. ^JK", "it failed", {"signed"}),
        ("@u_aaaaaaaaaa order AX4711 is noted", "where is AX4711?", {"fact", "own_words"}),
        ("@u_aaaaaaaaaa the rack at Harbourgate is empty", "Harbourgate has no bikes", {"fact", "own_words"}),
        (
            "回复@u_aaaaaaaaaa：王女士您好，望江路的车已收走。——小林",
            "望江路的车坏了",
            {"named", "signed", "fact", "own_words"},
        ),
        (*STOCK, set()),
    ],
)  # fmt: skip
def test_marks(reply: str, complaint: str, expected: set[str]) -> None:
    found = personal(table((reply, complaint), *[STOCK] * 5))
    assert {name for name in MARKS if found[name].iloc[0]} == expected
    assert found["personal"].iloc[0] == (len(expected) >= 2)
    assert found.index.tolist() == list(range(10, 16))


def test_without_a_complaint_nothing_is_said_of_its_words() -> None:
    found = personal(table(("@u_aaaaaaaaaa noted. ^JK", None), ("@u_aaaaaaaaaa Hi Tom, noted. ^JK", None)))
    assert found["fact"].isna().all()
    assert found["own_words"].isna().all()
    assert found["personal"].isna().all()
    assert found["signed"].all()


def test_content_words() -> None:
    assert content("Your refund of 29 dollars, please") == {"refund", "29", "dollars"}
    assert content("刹车失灵了") == {"刹车", "车失", "失灵"}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.none() | st.just("a tide")),
        max_size=6,
    )
)
def test_any_text_will_do(rows: list[tuple[str, str | None]]) -> None:
    assert len(personal(table(*rows) if rows else table(("", None)).iloc[:0])) == len(rows)
