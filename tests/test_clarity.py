"""Five things a clear reply says, and the formulae of readability by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import clarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lock failed because of the frost.", {"happened"}),
        ("We've refunded the fare.", {"we_do"}),
        ("Please restart the app.", {"you_do"}),
        ("It is there by Friday.", {"by_when"}),
        ("More on our status page", {"where_next"}),
        ("Please send us a DM today, we are checking", {"you_do", "by_when", "where_next", "we_do"}),
        ("Lovely weather", set()),
        ("由于机房断电，已为您退款", {"happened", "we_do"}),
        ("请重启", {"you_do"}),
        ("明天上午", {"by_when"}),
        ("见官网公告", {"where_next"}),
        ("谢谢支持", set()),
    ],
)
def test_each_thing_is_found(text: str, expected: set[str]) -> None:
    found = clarity.checks([text])
    assert {name for name in found.columns if found[name].iloc[0]} == expected


def test_the_formulae() -> None:
    text = "The red fox ran. It saw elephants."  # 7 words, 26 letters, 2 sentences, 1 long word
    assert clarity.ari(text) == pytest.approx(4.71 * 26 / 7 + 0.5 * 3.5 - 21.43)
    assert clarity.lix(text) == pytest.approx(3.5 + 100 / 7)
    assert clarity.r1("我们看了，已经退款。") == pytest.approx(4.0)
    assert 0 < clarity.r2("我们非常抱歉，而且已经退款。") < 1


def test_short_replies_are_pooled() -> None:
    reply = "@u_aaaaaaaaaa we read your note and the van comes by on Friday. ^JK"  # 11 words
    assert clarity.english([reply] * 8).pools == 0
    found = clarity.english([reply] * 31)
    assert found.pools == 3
    assert found.second == pytest.approx(clarity.lix("we read your note and the van comes by on Friday."))
    none = clarity.chinese(["已退款"] * 10)
    assert none.pools == 0
    assert math.isnan(none.first)
    assert clarity.chinese(["我们已经把您的退款办好了"] * 40).first == pytest.approx(12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_will_do(texts: list[str]) -> None:
    assert len(clarity.checks(texts)) == len(texts)
    clarity.english(texts)
    clarity.chinese(texts)
