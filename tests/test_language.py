"""Language: those in use, others by their own code, and null where nothing can be said; mixed and short texts noted."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.language import SCRIPTS, identify
from analysis.scoring.letters import _identifier, probabilities


def found(*texts: str | None, languages: tuple[str, ...] = ("en", "zh")) -> pd.DataFrame:
    return identify(pd.Series(list(texts), dtype="string"), languages)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my bag is still not here and nobody answers", "en"),
        ("thanks @someair", "en"),
        ("MY BAG IS STILL NOT HERE", "en"),
        ("𝗺𝘆 𝗯𝗮𝗴 𝗶𝘀 𝘀𝘁𝗶𝗹𝗹 𝗻𝗼𝘁 𝗵𝗲𝗿𝗲", "en"),
        ("行李还没有到，没有人回答", "zh"),
        ("行李還沒有到 by @someair", "zh"),
        ("No puedo iniciar sesión en mi cuenta", "es"),
        ("Ich kann mich nicht anmelden", "de"),
        ("Мой багаж потерян", "ru"),
        ("Где је мој пртљаг, нико не одговара", "sr"),
        ("荷物がまだ届きません", "ja"),
        ("짐이 아직 안 왔어요", "ko"),
        ("أمتعتي لم تصل بعد", "ar"),
        ("המזוודה שלי עדיין לא הגיעה", "he"),
    ],
)
def test_languages(text: str, language: str) -> None:
    row = found(text).iloc[0]
    assert row["language"] == language
    assert 0.5 <= row["language_confidence"] <= 1
    assert pd.isna(row["language_note"])


@pytest.mark.parametrize("text", ["", "😡😡", "https://t.co/abc", "@someair", "12:30 !!", "ok", "[ok]", "\x00\x01"])
def test_too_little_is_null_and_noted(text: str) -> None:
    row = found(text).iloc[0]
    assert row[["language", "language_confidence"]].isna().all()
    assert row["language_note"] == "too_short"


def test_no_text_has_no_note() -> None:
    assert found(None).isna().all(axis=None)


@pytest.mark.parametrize("text", ["[怒][怒]", "@某某客服 😡"])
def test_emoticons_and_handles_hint_at_chinese_where_it_is_in_use(text: str) -> None:
    row = found(text).iloc[0]
    assert (row["language"], row["language_confidence"], row["language_note"]) == ("zh", 0.6, "too_short")
    assert found(text, languages=("en",)).iloc[0][["language", "language_confidence"]].isna().all()


@pytest.mark.parametrize(
    "text",
    [
        "客服一直没有人接 I have been waiting since this morning",
        "Приложение не работает, the app does not open",
        "I have waited for two hours at the counter. Llevo dos horas esperando y nadie me contesta",
    ],
)
def test_two_languages_are_mixed(text: str) -> None:
    assert found(text).iloc[0]["language_note"] == "mixed"


@pytest.mark.parametrize(
    "text",
    [
        "下载了他们的app之后还是登录不了，客服也不理人",
        "Waited at the café in Zürich for my fiancée, and the naïve clerk said the crème brûlée was sold out",
        "waiting for two hours at the counter while nobody answers, and then the gate was closed 不",
    ],
)
def test_a_borrowed_word_is_not_mixed(text: str) -> None:
    assert pd.isna(found(text).iloc[0]["language_note"])


def test_an_unknown_script_is_unknown_and_not_too_short() -> None:
    row = found("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ ᎠᏆᏓᏅᏖᏗ").iloc[0]
    assert row.isna().all()


def test_order_and_neighbours_do_not_matter() -> None:
    texts = ["late again", "又晚点了", "Мой багаж потерян", "", "late again", "No puedo entrar", "word " * 400]
    together = found(*texts)
    assert together.equals(pd.concat([found(text) for text in texts], ignore_index=True))


def test_many_texts_at_once_are_read_as_py3langid_reads_each() -> None:
    texts = [
        "late again",
        "NO ANSWER FOR TWO HOURS",
        "No puedo entrar",
        "e\u0301te\u0301",
        "zzz",
        "",
        "\ud800",
        "x" * 900,
    ]
    for candidates in (SCRIPTS["LATIN"], SCRIPTS["CYRILLIC"]):
        ours = probabilities(texts, candidates)
        identifier = type(_identifier()).from_model_file("data/model.npz.xz", norm_probs=True)
        identifier.set_languages(candidates)
        for text, row in zip(texts, ours, strict=True):
            theirs = dict(identifier.rank(text))
            assert row.tolist() == pytest.approx([theirs[code] for code in candidates], abs=1e-4)


def test_hostile_texts() -> None:
    rows = found("word " * 200_000, "字" * 350_000, "\u202e\u200f\u2067", "a\x00b\x07c later")
    assert rows["language"].tolist()[:2] == ["en", "zh"]
    assert rows["language_note"].tolist()[2] == "too_short"
    lone = identify(pd.Series(["\ud800 my bag is not here"], dtype=object), ["en"])
    assert lone["language"].tolist() == ["en"]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    row = found(text).iloc[0]
    assert pd.isna(row["language"]) == pd.isna(row["language_confidence"])
    assert pd.isna(row["language_note"]) or row["language_note"] in ("mixed", "too_short")
