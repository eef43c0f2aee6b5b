"""Cues: figures of speech do not fire, plain cases do, and no text hangs or breaks them."""

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.cues import CUES, FLOOR_CUES, FLOOR_PRECISION, KNOWN, cues, for_floors
from tests.benchmarks import cues as benchmark


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying for a coffee", "killed it", "sue me lol", "what does the data plan cost?", "this is criminal",
        "if someone gets hurt you will be sorry", "nobody was hurt", "笑死我了", "美得犯法", "没有歧视的意思",
        "流量套餐怎么收费", "", "😀", "1234567890",
    ],
)  # fmt: skip
def test_figures_of_speech_are_no_cues(text: str) -> None:
    assert not cues([text]).any(axis=None)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("your heater caught fire and my son was burned", "safety"),
        ("someone hacked my account", "breach"),
        ("they turned her away because she is black", "discrimination"),
        ("my lawyer will call you", "legal"),
        ("刹车失灵，有人受伤", "safety"),
        ("我的账号被盗了", "breach"),
        ("这就是歧视外地人", "discrimination"),
        ("已经报警，准备起诉", "legal"),
    ],
)
def test_plain_cases(text: str, cue: str) -> None:
    assert cues([text]).iloc[0].to_dict() == {name: name == cue for name in CUES}


def test_invented_cases_are_told_apart() -> None:
    found = benchmark.invented()
    holds = found["holds"] == 1
    for language in ("en", "zh"):
        mine = found["language"] == language
        assert (mine & holds).sum() >= 40
        assert (mine & ~holds).sum() >= 40
    assert found.loc[holds, "own"].mean() >= 0.9
    assert found.loc[~holds, "any"].mean() <= 0.05


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_text_is_read(texts: list[str]) -> None:
    found = cues(texts)
    assert list(found.columns) == list(CUES)
    assert len(found) == len(texts)
    assert all(found[cue].dtype == bool for cue in CUES)


def test_hostile_words_do_not_hang() -> None:
    hostile = ["a" * 10_000, "if " * 5_000, "hurt " * 5_000, "不" * 10_000, "如果" * 6_000, "\x00\u202e" * 5_000]
    hostile += ["\ud800 my account was hacked", "someone " + "is " * 9_000, "sue" * 4_000]
    start = time.perf_counter()
    found = cues(hostile)
    assert time.perf_counter() - start < 60, "a pattern backtracks"
    assert found["breach"].tolist().count(True) == 1


def test_only_what_was_measured_right_often_enough_may_raise_a_level() -> None:
    for language, kept in FLOOR_CUES.items():
        assert set(kept) == {cue for cue, known in KNOWN[language].items() if known.value >= FLOOR_PRECISION}
    found = pd.DataFrame({cue: [True, True, True] for cue in CUES})
    may = for_floors(found, ["en", "zh", None])
    assert may.loc[0].all()
    assert may.loc[1].to_dict() == {"safety": True, "breach": False, "discrimination": False, "legal": False}
    assert not may.loc[2].any()
