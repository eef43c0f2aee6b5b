"""Scorers keep one face, answer each text alone, and say how wrong they are."""

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report import appendix
from analysis.report.voice import Voice
from analysis.scoring import chinese, embedding, feelings_zh, minilm, reviews_zh
from analysis.scoring.chinese import NgramScorer
from analysis.scoring.emoji import named
from analysis.scoring.english import ADAPTER, HEAD, HeadScorer, VaderScorer
from analysis.scoring.fast_english import WEIGHTS, FastScorer
from analysis.scoring.sentiment import Scorer, choose, label

ANGRY = ["@user worst service ever, I am furious", "you lost my bag and nobody answers, disgusting"]
GLAD = ["@user thank you so much, wonderful crew!", "best flight of my life, love it"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module", params=["head", "fast", "vader", "ngrams"])
def scorer(request: pytest.FixtureRequest, models: Path) -> Scorer:
    made = {"head": HeadScorer, "fast": FastScorer, "vader": VaderScorer, "ngrams": lambda: NgramScorer(models)}
    return made[request.param]()


def test_probabilities_sum_to_one_whatever_the_text(scorer: Scorer) -> None:
    texts = ["late", "😡", "", "é" * 10_000, "late " * 200_000, "\x00\x07", "\u202eمرحبا", "[怒]", "\ud800", "   "]
    texts += [
        "字" * 300_000,
        "\u202eأمتعتي",
        "😡" * 20_000,
        "x" * 1_000_000,
        "🇬🇧👩‍💻",
        "https://a.example/b",
        *ANGRY,
        *GLAD,
    ]
    found = scorer.predict_proba(texts)
    assert found.shape == (len(texts), 3)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-9)
    assert scorer.predict_proba([]).shape == (0, 3)


def test_a_text_is_answered_alone(scorer: Scorer) -> None:
    texts = [*ANGRY, *GLAD, "where is gate 4", "a" * 300, "服务很差", "很好吃"]
    together = scorer.predict_proba(texts)
    alone = np.vstack([scorer.predict_proba([text]) for text in texts])
    assert (together == alone).all()
    assert (scorer.predict_proba(texts[::-1]) == together[::-1]).all()


def test_error_is_said_with_its_source(scorer: Scorer) -> None:
    assert "tests/benchmarks/" in scorer.known_error["source"]
    assert any(isinstance(value, float) for value in scorer.known_error.values())


@pytest.mark.parametrize("scorer_class", [HeadScorer, FastScorer, VaderScorer])
def test_english_tells_anger_from_thanks(scorer_class: type) -> None:
    assert label(scorer_class().predict_proba(ANGRY)).tolist() == [-1, -1]
    assert label(scorer_class().predict_proba(GLAD)).tolist() == [1, 1]


def test_vader_keeps_its_own_borders() -> None:
    assert label(VaderScorer().predict_proba(["the gate is on the left"])).tolist() == [0]


def test_chinese_tells_anger_from_praise(models: Path) -> None:
    found = label(NgramScorer(models).predict_proba(["太差了，非常失望，再也不来了", "非常好，很满意，推荐大家"]))
    assert found.tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("服務態度很差，等了兩個小時還沒送到，太失望了", -1),  # traditional characters
        ("[怒][怒]", -1),
        ("[爱你][哈哈]", 1),
        ("😡😡😡", -1),
        ("😍😍👍", 1),
        ("一点也不好吃，不推荐", -1),
        ("包装很用心，非常满意，下次还会回购", 1),
    ],
)
def test_chinese_feelings_in_any_form(models: Path, text: str, expected: int) -> None:
    assert label(NgramScorer(models).predict_proba([text])).tolist() == [expected]


def test_traditional_characters_are_read_as_simplified_ones(models: Path) -> None:
    traditional, simple = "這家店的服務太慢了", "这家店的服务太慢了"
    scorer = NgramScorer(models)
    assert (scorer.predict_proba([traditional]) == scorer.predict_proba([simple])).all()


def test_the_list_of_feelings_is_of_two_minds_about_no_word() -> None:
    good, bad = set(feelings_zh.GOOD.split()), set(feelings_zh.BAD.split())
    assert not good & bad
    assert not set(feelings_zh.GOOD_EMOJI) & set(feelings_zh.BAD_EMOJI)
    assert not set(feelings_zh.GOOD_EMOTICONS.split()) & set(feelings_zh.BAD_EMOTICONS.split())


@pytest.mark.parametrize(
    ("text", "counts"),
    [("", (0, 0)), ("很喜欢", (1, 0)), ("不喜欢", (0, 1)), ("没有失望", (1, 0)), ("不错", (1, 0)), ("快递", (0, 0))],
)
def test_feelings_are_counted_and_turned(text: str, counts: tuple[int, int]) -> None:
    assert feelings_zh.count(text) == counts


def test_each_side_of_a_domain_weighs_alike() -> None:
    classes, domains = np.array([1, 1, 1, 0, 0, 1]), np.array([0, 0, 0, 0, 1, 1])
    found = reviews_zh.weights(classes, domains)
    assert found.mean() == 1
    for domain in (0, 1):
        inside = domains == domain
        assert found[inside & (classes == 1)].sum() == found[inside & (classes == 0)].sum() == inside.sum() / 2


def test_chinese_model_is_made_once(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = NgramScorer(models).predict_proba(["太差了"])
    monkeypatch.setattr(chinese, "_train", lambda file: pytest.fail("the model was made again"))
    assert (NgramScorer(models).predict_proba(["太差了"]) == before).all()


def test_chinese_model_is_made_again_where_its_file_is_damaged(models: Path, tmp_path: Path) -> None:
    before = NgramScorer(models).predict_proba(["太差了"])
    (kept,) = models.glob("*.npz")
    damaged = tmp_path / kept.name
    damaged.write_bytes(kept.read_bytes()[:5_000])
    assert (NgramScorer(tmp_path).predict_proba(["太差了"]) == before).all()
    with np.load(damaged) as made, np.load(kept) as first:
        assert all((made[part] == first[part]).all() for part in first.files)


def test_choice_by_language_and_size(tmp_path: Path) -> None:
    assert {code: scorer.name for code, scorer in choose(["en", "zh", "de"], 10, tmp_path).items()} == {
        "en": "minilm-head-en",
        "zh": "char-ngrams-zh",
    }
    assert choose(["en"], 11, tmp_path, fast_above=10)["en"].name == "words-en"
    assert choose(["en"], 1, tmp_path, asked={"en": "fast"})["en"].name == "words-en"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=60), max_size=8))
def test_the_fast_tier_answers_any_text_alone(texts: list[str]) -> None:
    scorer = FastScorer()
    together = scorer.predict_proba(texts)
    assert together.shape == (len(texts), 3)
    assert all((scorer.predict_proba([text])[0] == row).all() for text, row in zip(texts, together, strict=True))
    assert together.sum(axis=1) == pytest.approx(1, abs=1e-9)


def test_the_fast_tier_answers_alike_in_any_company() -> None:
    rng = np.random.default_rng(0)
    some = ["bag", "late", "love", "not", "good", "@user", "!", "?", "gate", "zzyzx", "thanks", "never", "ok", "3"]
    texts = [" ".join(rng.choice(some, size=rng.integers(0, 250))) for _ in range(1_500)]
    scorer, order = FastScorer(), rng.permutation(1_500)
    together = scorer.predict_proba(texts)
    assert (scorer.predict_proba([texts[place] for place in order]) == together[order]).all()
    assert (np.vstack([scorer.predict_proba([text]) for text in texts[:200]]) == together[:200]).all()


def test_the_fast_tier_reads_words_in_their_order() -> None:
    negated, plain = FastScorer().predict_proba(["this is not good", "this is good"])
    assert negated[2] < plain[2] - 0.2


def test_emoji_are_words() -> None:
    assert named("ok") == "ok"
    assert named("so 😡!").split() == ["so", "pouting", "face", "!"]
    assert named("❤️").split() == ["red", "heart"]
    assert named("👍🏽").split() == ["thumbs", "up"]
    for scorer in (HeadScorer(), FastScorer()):
        assert label(scorer.predict_proba(["😡😡", "😍"])).tolist() == [-1, 1]


def test_weights_say_what_they_were_made_from() -> None:
    for file in (HEAD, WEIGHTS):
        held = json.loads(file.read_text(encoding="utf-8"))
        assert held["trained_on"]["file"] == "vader_tweets.tsv"
        assert len(held["trained_on"]["sha256"]) == 64
    assert hashlib.sha256(ADAPTER.read_bytes()).hexdigest() == json.loads(HEAD.read_text())["adapter"]


def test_changes_to_the_model_are_another_model(tmp_path: Path) -> None:
    weights = {"a.weight": np.eye(3, dtype=np.float32), "b": np.ones(2, np.float32)}
    np.savez(tmp_path / "changes.npz", **{"a.weight.up": np.ones((3, 1)), "a.weight.down": np.array([[0, 2, 0]])})
    changed = minilm.adapted(weights, tmp_path / "changes.npz")
    assert changed["a.weight"].tolist() == [[1, 2, 0], [0, 3, 0], [0, 2, 1]]
    assert (changed["b"] == weights["b"]).all()
    assert minilm.model_file(tmp_path) != minilm.model_file(tmp_path, ADAPTER)
    tuned = embedding.minilm(["late"], adapter=ADAPTER)
    assert not (tuned == embedding.minilm(["late"])).all()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("asked", "used", "held"),
    [
        ("auto", "better", "200,000"),
        ("auto", "fast", "200,000"),
        ("fast", "fast", "incident.yml"),
        ("auto", "only", "made"),
        ("/srv/somewhere/own-model", "chosen", "own-model"),
        ("someone/some-model", "chosen", "someone/some-model"),
    ],
)
def test_the_report_says_which_tier_was_used_and_why(asked: str, used: str, held: str, language: str) -> None:
    scoring = {"scorers": {"en": {"name": "made", "tier": used}}, "distinct": 300_000, "fast_above": 200_000}
    case = SimpleNamespace(notes={"scoring": scoring}, incident=SimpleNamespace(scorer={"en": asked}))
    said = appendix.tier(case, "en", Voice(language, "UTC"))  # type: ignore[arg-type]
    assert "made" in said
    assert held in said
    assert "/srv" not in said
