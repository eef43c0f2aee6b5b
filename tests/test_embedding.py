"""MiniLM without torch, and characters where there is no model."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.scoring import e5, embedding, minilm

TEXTS = [
    "My suitcase never arrived and nobody answers the phone.",
    "Lost luggage again, and no reply to my calls.",
    "The new menu is delicious.",
    "ok",
    "",
    "A far longer message, which says at length what went wrong: the order was late, the parcel was open, and half of "
    "what I had paid for was missing, so I rang three times and was cut off three times. " * 4,
    "🙃 [angry] \x00\u202e =cmd()",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    minilm.load(folder)
    return folder


@pytest.fixture(scope="module")
def vectors(cache: Path) -> np.ndarray:
    return embedding.embed(TEXTS, "en", cache=cache)


def test_vectors_have_length_one(vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), embedding.MINILM_DIM)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_near_means_alike(vectors: np.ndarray) -> None:
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_never_depends_on_its_batch_mates(cache: Path, vectors: np.ndarray) -> None:
    alone = np.concatenate([embedding.minilm([text], cache=cache) for text in TEXTS])
    crowd = [f"{word} {text}" for text in TEXTS for word in ("Well", "So", "And now")] + TEXTS[::-1]
    among = embedding.minilm(crowd, threads=1, cache=cache)[-len(TEXTS) :][::-1]
    assert np.array_equal(alone, vectors)
    assert np.array_equal(among, vectors)


def test_batch_mates_of_the_same_length_change_nothing(cache: Path) -> None:
    mates = [f"the {word} was late again" for word in ("train", "bus", "post", "food", "bill", "plane", "boat")] * 30
    together = embedding.minilm(mates, cache=cache)
    assert np.array_equal(together[:7], embedding.minilm(mates[:7], threads=1, cache=cache))
    assert np.array_equal(together[3], embedding.minilm(mates[3:4], cache=cache)[0])


def test_eight_bits_stay_close_to_the_weights_as_published(cache: Path, vectors: np.ndarray) -> None:
    """Against the same network written out in numpy, in 32 bits; a single word has little to average errors out."""
    weights = minilm.read_weights(minilm.package_folder() / "model.safetensors")
    for text, vector in zip(TEXTS, vectors, strict=True):
        ids = embedding.tokenizer().encode(text).ids
        assert _reference(weights, ids) @ vector > (0.99 if len(ids) > 6 else 0.98)


def test_vectors_are_the_same_in_another_process(cache: Path, vectors: np.ndarray) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        again = pool.apply(embedding.embed, (TEXTS, "en"), {"cache": cache})
    assert np.array_equal(again, vectors)


def test_a_damaged_model_file_is_built_again(cache: Path, tmp_path: Path) -> None:
    whole = minilm.model_file(cache).read_bytes()
    minilm.model_file(tmp_path).write_bytes(whole[:1000] + b"?" + whole[1001:])
    assert minilm.load(tmp_path) == minilm.load(cache)
    assert minilm.model_file(tmp_path).read_bytes() == whole
    assert [file.name for file in tmp_path.iterdir()] == [minilm.model_file(tmp_path).name]


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(InputError, match="expected MiniLM's weights"):
        minilm.read_weights(tmp_path / "model.safetensors")
    with pytest.raises(InputError, match="found no file"):
        minilm.read_weights(tmp_path / "absent.safetensors")


def test_hostile_texts_have_vectors(cache: Path) -> None:
    texts = ["\ud800", "x" * 10_000, "\u0000", "<script>alert(1)</script>", "word " * 20_000]
    vectors = embedding.minilm(texts, cache=cache)
    assert np.isfinite(vectors).all()


def test_progress_reaches_the_end(cache: Path) -> None:
    seen: list[tuple[int, int]] = []
    embedding.minilm(TEXTS, cache=cache, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(TEXTS), len(TEXTS))
    assert embedding.minilm([], cache=cache).shape == (0, embedding.MINILM_DIM)


def test_the_cache_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert embedding.default_cache() == tmp_path / "aftermath"


def test_characters_tell_chinese_complaints_apart() -> None:
    late = [f"快递{word}送到，包裹一直没有收到" for word in ("还没", "太慢没", "三天没", "一周没", "迟迟没")]
    food = [f"外卖{word}，菜是凉的，味道很差" for word in ("太难吃", "不好吃", "不新鲜", "量太少", "很油腻")]
    vectors = embedding.characters(late + food)
    within, between = vectors[:5] @ vectors[:5].T, vectors[:5] @ vectors[5:].T
    assert within.min() > between.max()
    assert np.array_equal(vectors, embedding.characters(late + food))


def test_without_e5_other_languages_have_their_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["快递没有送到", "快递还没送到", "菜是凉的", "菜太凉了"]
    monkeypatch.setattr(e5, "installed", lambda: False)
    assert np.array_equal(embedding.embed(texts, "zh"), embedding.characters(texts))
    assert [embedding.version(code) for code in ("en", "zh", "de")] == [
        embedding.MINILM_VERSION,
        embedding.CHARACTERS_VERSION,
        embedding.CHARACTERS_VERSION,
    ]
    assert [embedding.comparable(code) for code in ("en", "zh", "de")] == [True, False, False]


def test_with_e5_every_language_can_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5, "installed", lambda: True)
    assert [embedding.version(code) for code in ("zh", "de")] == [embedding.E5_VERSION] * 2
    assert embedding.comparable("zh")


def test_phrases_count_beside_characters() -> None:
    """Two texts that share a word are nearer than two that share as many characters in other words."""
    texts = ["会员自动续费", "取消会员续费", "员工会自己动手", "取货费时又费力"] * 2
    vectors = embedding.characters(texts)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_characters_are_the_same_in_another_process() -> None:
    texts = [f"第{word}次催了，客服电话打不通，退款没到账" for word in "一二三四五六七八九十"] * 4
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert np.array_equal(pool.apply(embedding.characters, (texts,)), embedding.characters(texts))


@pytest.mark.parametrize("texts", [[], [""], ["", " "], ["好"], ["好", "好"], ["\x00", "a"]])
def test_few_characters_are_no_error(texts: list[str]) -> None:
    vectors = embedding.characters(texts)
    assert len(vectors) == len(texts)
    assert np.isfinite(vectors).all()


def _reference(weights: dict[str, np.ndarray], ids: list[int]) -> np.ndarray:
    from scipy.special import erf, softmax

    def normal(rows: np.ndarray, name: str) -> np.ndarray:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def dense(rows: np.ndarray, name: str) -> np.ndarray:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def heads(rows: np.ndarray) -> np.ndarray:
        return rows.reshape(len(ids), 12, 32).transpose(1, 0, 2)

    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        part = f"encoder.layer.{layer}."
        query, key, value = (heads(dense(x, f"{part}attention.self.{role}")) for role in ("query", "key", "value"))
        context = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(32), axis=-1) @ value
        context = context.transpose(1, 0, 2).reshape(len(ids), 384)
        x = normal(dense(context, f"{part}attention.output.dense") + x, f"{part}attention.output.LayerNorm")
        inner = dense(x, f"{part}intermediate.dense")
        inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
        x = normal(dense(inner, f"{part}output.dense") + x, f"{part}output.LayerNorm")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)
