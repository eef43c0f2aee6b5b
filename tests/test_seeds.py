"""Causes from seeds, with a known truth: invented complaints, of which some fit no cause that was given."""

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import embedding, seeds

WORDS = {
    "parcel": ("parcel", "delivery", "courier", "doorstep", "shipment", "tracking", "package", "depot", "van", "box"),
    "login": ("password", "login", "account", "username", "verification", "email", "lockout", "profile", "code"),
    "battery": ("battery", "charger", "overheating", "cable", "charging", "screen", "display", "power", "plug"),
    "refund": ("refund", "invoice", "payment", "card", "bank", "statement", "charge", "money", "fee", "receipt"),
}
PHRASES = {
    "parcel": ["where is my parcel", "courier left the package", "delivery never came"],
    "login": ["cannot login to my account", "password is refused", "username unknown"],
    "battery": ["battery gets hot", "charger broken", "screen has no power"],
}
CHINESE = {
    "parcel": ["快递", "包裹", "物流", "派送", "签收", "驿站", "仓库", "单号"],
    "food": ["菜品", "味道", "外卖", "米饭", "餐具", "厨师", "汤汁", "牛肉"],
    "screen": ["屏幕", "手机", "充电", "电池", "按键", "耳机", "系统", "摄像头"],
}
CHINESE_PHRASES = {
    "parcel": ["快递包裹没到", "物流单号不更新", "驿站签收"],
    "food": ["外卖味道差", "米饭菜品难吃", "厨师牛肉"],
}


def complaints(
    words: Mapping[str, Sequence[str]], count: int, joined: str, seed: int = 1
) -> tuple[list[str], list[str]]:
    drawn = random.Random(seed)
    texts: dict[str, str] = {}
    while len(texts) < count:
        cause = drawn.choice(sorted(words))
        texts[joined.join(drawn.sample(list(words[cause]), 4))] = cause
    return list(texts), list(texts.values())


def characters(texts: Sequence[str], language: str) -> np.ndarray:
    return embedding.characters(texts)


def whole(
    texts: Sequence[str], phrases: Mapping[str, Sequence[str]], language: str = "en", seed: int = 0
) -> seeds.Assigned:
    vectors, own = seeds.embedded(texts, phrases, characters, language)
    return seeds.assign(texts, vectors, phrases, own, language, meaning=language == "en", seed=seed)


def assigned(
    texts: Sequence[str], phrases: Mapping[str, Sequence[str]], language: str = "en", seed: int = 0
) -> pd.Series:
    return pd.Series(whole(texts, phrases, language, seed).keys, dtype="string")


@pytest.mark.parametrize(
    ("words", "phrases", "joined", "language"), [(WORDS, PHRASES, " ", "en"), (CHINESE, CHINESE_PHRASES, "，", "zh")]
)
def test_what_was_given_is_found_and_the_rest_is_outside(
    words: dict[str, Sequence[str]], phrases: dict[str, list[str]], joined: str, language: str
) -> None:
    texts, truth = complaints(words, 600, joined)
    found = assigned(texts, phrases, language)
    expected = pd.Series(truth, dtype="string").where(pd.Series(truth).isin(phrases))
    inside = expected.notna()
    assert (found == expected)[inside].mean() > 0.9
    assert found.isna()[~inside].mean() > 0.9


def test_firmness_is_told_of_each_cause_that_was_found() -> None:
    texts, _ = complaints(WORDS, 400, " ")
    found = whole(texts, PHRASES)
    assert set(found.stability) == {key for key in found.keys if key}
    assert all(0 < firm <= 1 for firm in found.stability.values())
    assert 0.9 < found.overall <= 1
    assert found.refits == 5


def test_words_that_no_phrase_holds_are_learnt() -> None:
    texts, truth = complaints(WORDS, 600, " ")
    phrases = {"parcel": ["parcel"], "login": ["password"], "battery": ["battery"], "refund": ["refund"]}
    heads = [words[0] for words in phrases.values()]
    found = assigned(texts, phrases)
    unsaid = np.array([not any(head in text for head in heads) for text in texts])
    assert unsaid.sum() > 100
    assert (found == pd.Series(truth, dtype="string"))[unsaid].mean() > 0.85


def test_the_order_of_the_texts_does_not_matter() -> None:
    texts, _ = complaints(WORDS, 500, " ")
    order = np.random.default_rng(3).permutation(len(texts))
    found, moved = assigned(texts, PHRASES), assigned([texts[place] for place in order], PHRASES)
    assert (found.fillna("").to_numpy()[order] == moved.fillna("").to_numpy()).mean() > 0.97


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 29, 30, 31, 299, 300])
def test_few_texts_have_an_answer(count: int) -> None:
    texts, truth = complaints(WORDS, 300, " ")
    found = assigned(texts[:count], PHRASES)
    assert len(found) == count
    inside = found.notna()
    if count >= 29:
        assert (found == pd.Series(truth[:count], dtype="string"))[inside].mean() > 0.8


def test_no_phrases_leave_all_outside() -> None:
    texts, _ = complaints(WORDS, 40, " ")
    assert assigned(texts, {}).isna().all()
    assert set(assigned(texts, {"parcel": PHRASES["parcel"], "empty": []}).dropna()) <= {"parcel"}


@pytest.mark.parametrize("count", [1, 2, 29, 40, 400])
def test_texts_that_are_all_alike(count: int) -> None:
    vectors = np.tile(np.array([[1, 0, 0]], np.float32), (count, 1))
    own = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    found = pd.Series(seeds.assign(["late"] * count, vectors, {"late": ["late"], "rude": ["rude"]}, own, "en").keys)
    assert set(found.dropna()) <= {"late"}
    assert found.nunique(dropna=False) == 1


def test_a_text_of_which_nothing_is_known_is_outside() -> None:
    texts, _ = complaints(WORDS, 60, " ")
    vectors, own = seeds.embedded(texts, PHRASES, characters, "en")
    vectors[7] = 0
    assert seeds.assign(texts, vectors, PHRASES, own, "en").keys[7] is None


HOSTILE = [
    "\x00",
    "\u202e",
    "(" * 500,
    "=cmd()",
    "a" * 20_000,
    ".*",
    "\ud800",
    "🙂",
    "the of to",
    "%s{0}",
    "快递\n\t包裹",
]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=50), st.sampled_from(HOSTILE)), max_size=40), st.sampled_from(["en", "zh"]))
def test_any_text_and_any_phrase_has_an_answer(texts: list[str], language: str) -> None:
    phrases = {"one": [*HOSTILE[:6], "late"], "two": [*HOSTILE[6:], "rude"]}
    found = assigned(texts, phrases, language)
    assert len(found) == len(texts)
    assert set(found.dropna()) <= {"one", "two"}


FIT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from tests.test_seeds import PHRASES, WORDS, assigned, complaints
texts, _ = complaints(WORDS, 1500, " ")
found = assigned(texts, PHRASES)
print(hashlib.sha256(found.to_csv(index=False, float_format="%.17g").encode()).hexdigest())
"""


def test_the_same_in_two_processes_on_one_thread_and_on_two() -> None:
    root = Path(__file__).resolve().parents[1]
    hashes = set()
    for threads in ("1", "2"):
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(Path.home()),
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
        }
        done = subprocess.run(
            [sys.executable, "-c", FIT, str(root)],
            capture_output=True, text=True, check=True, cwd=root, env=environment,
        )  # fmt: skip
        hashes.add(done.stdout.strip())
    assert len(hashes) == 1
