"""Language: those in use, others by their own code, and null where nothing can be said."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.language import identify


def found(*texts: str | None) -> pd.DataFrame:
    return identify(pd.Series(list(texts), dtype="string"), ["en", "zh"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my bag is still not here and nobody answers", "en"),
        ("thanks @someair", "en"),
        ("行李还没有到，没有人回答", "zh"),
        ("行李還沒有到 by @someair", "zh"),
        ("No puedo iniciar sesión en mi cuenta", "es"),
        ("Ich kann mich nicht anmelden", "de"),
        ("Мой багаж потерян", "ru"),
        ("荷物がまだ届きません", "ja"),
        ("짐이 아직 안 왔어요", "ko"),
        ("أمتعتي لم تصل بعد", "ar"),
    ],
)
def test_languages(text: str, language: str) -> None:
    row = found(text).iloc[0]
    assert row["language"] == language
    assert 0.5 <= row["language_confidence"] <= 1


@pytest.mark.parametrize(
    "text", ["", "😡😡", "https://t.co/abc", "@someair", "12:30 !!", "ok", "[怒]", "\x00\x01", None]
)
def test_too_little_is_null(text: str | None) -> None:
    assert found(text).isna().all(axis=None)


def test_order_and_neighbours_do_not_matter() -> None:
    texts = ["late again", "又晚点了", "Мой багаж потерян", "", "late again"]
    together = found(*texts)
    assert together.equals(pd.concat([found(text) for text in texts], ignore_index=True))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    row = found(text).iloc[0]
    assert pd.isna(row["language"]) == pd.isna(row["language_confidence"])
