"""Phrases that a Chinese cause is named by."""

import pytest

from analysis.scoring.phrases_zh import LONGEST, SHORTEST, phrases_zh


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("快递延误了三天", "快递延误"),
        ("客服打不通", "客服打不通"),
        ("你们泄露信息", "泄露信息"),
        ("一直没有发货", "没有发货"),
        ("这车油耗高，内饰做工差", "油耗高"),
        ("账号无法登录", "无法登录"),
        ("账号登录不上", "登录不上"),
        ("偷偷自动续费", "自动续费"),
        ("配送超时也不说一声", "配送超时"),
        ("店员态度恶劣", "态度恶劣"),
        ("多收我配送费用", "配送费用"),
    ],
)
def test_what_a_person_would_say_is_among_them(text: str, wanted: str):
    assert wanted in phrases_zh([text])[0]


def test_a_phrase_reaches_over_no_mark_number_or_empty_word():
    [found] = phrases_zh(["快递，延误。退款3天没到！客服的态度🙃 late delivery"])
    assert not {"快递延误", "客服态度"} & set(found)
    assert all("\u4e00" <= character <= "\u9fff" for phrase in found for character in phrase)


def test_lengths_order_and_copies():
    [found] = phrases_zh(["客服打不通，客服打不通，配送延误"])
    assert len(found) == len(set(found))
    assert found.index("客服打不通") < found.index("配送延误")
    assert all(SHORTEST <= len(phrase) <= LONGEST for phrase in found)


def test_a_texts_phrases_depend_on_it_alone():
    texts = ["账号无法登录", "快递延误", "", "ok 123", "\ud800退款没到账"]
    assert phrases_zh(texts) == [phrases_zh([text])[0] for text in texts]
    assert phrases_zh(texts)[2:4] == [[], []]
    assert phrases_zh([]) == []
