"""The vector store: bit for bit, once per text, safe side by side, begun anew where it is damaged."""

import multiprocessing
import os
import pickle
import time
from pathlib import Path

import numpy as np
import pytest

from analysis.scoring import embedding
from analysis.scoring.vectors import VectorStore, holdings, remove

DIM = 8


def made(texts: list[str]) -> np.ndarray:
    """A vector that only its text decides."""
    return np.array([np.random.default_rng(list(text.encode())).normal(size=DIM) for text in texts], np.float32)


def some(prefix: str, count: int = 50) -> list[str]:
    return [f"{prefix} {number}" for number in range(count)]


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path, "made-1", DIM)


def never(texts: list[str]) -> np.ndarray:
    raise AssertionError(f"{len(texts)} texts were embedded again")


def test_a_kept_vector_equals_a_fresh_one_bit_for_bit(store: VectorStore) -> None:
    texts = [*some("late"), "late 3", "", "😡", "\ud800"]
    encoded = [text.encode("utf-8", "replace").decode() for text in texts]
    first = store.embed(encoded, made)
    again = VectorStore(store.folder, "made-1", DIM).embed(encoded[::-1], never)[::-1]
    assert np.array_equal(first, made(encoded))
    assert np.array_equal(again, first)


def test_only_what_is_missing_is_embedded_once_each(store: VectorStore) -> None:
    store.embed(some("late", 10), made)
    asked: list[str] = []
    store.embed([*some("late", 12), "late 11", "late 11"], lambda texts: asked.extend(texts) or made(texts))
    assert asked == ["late 10", "late 11"]


def test_versions_are_kept_apart(store: VectorStore) -> None:
    store.embed(["late"], made)
    assert VectorStore(store.folder, "made-2", DIM).get(["late"])[1].tolist() == [False]


def test_no_text_is_in_the_files(store: VectorStore) -> None:
    store.embed(["nobody answers at the counter"], made)
    for file in store.folder.iterdir():
        assert b"counter" not in file.read_bytes()


def test_an_empty_store_and_no_texts(store: VectorStore) -> None:
    assert store.get(["late"])[1].tolist() == [False]
    assert store.embed([], made).shape == (0, DIM)
    assert list(store.folder.iterdir()) == []


def _write(folder: Path, prefix: str) -> bool:
    store = VectorStore(folder, "made-1", DIM)
    for text in some("shared", 40) + some(prefix, 40):
        store.embed([text], made)
    return bool(np.array_equal(store.get(some("shared", 40))[0], made(some("shared", 40))))


def test_processes_side_by_side_lose_and_double_nothing(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert all(pool.starmap(_write, [(tmp_path, prefix) for prefix in "abc"]))
    texts = [text for prefix in ("shared", "a", "b", "c") for text in some(prefix, 40)]
    assert np.array_equal(VectorStore(tmp_path, "made-1", DIM).embed(texts, never), made(texts))
    assert [held.entries for held in holdings(tmp_path)] == [len(texts)]


def test_what_a_killed_writer_left_behind_is_written_over(store: VectorStore) -> None:
    store.embed(some("late"), made)
    for file in (store._index, store._vectors()):
        with file.open("ab") as handle:
            handle.write(b"half a record")
    other = VectorStore(store.folder, "made-1", DIM)
    other.embed(some("lost"), made)
    assert np.array_equal(store.embed(some("lost") + some("late"), never), made(some("lost") + some("late")))
    assert other.warnings == []


def _cut_vectors(store: VectorStore) -> None:
    os.truncate(store._vectors(), 100)


def _flip_vector(store: VectorStore) -> None:
    content = bytearray(store._vectors().read_bytes())
    content[4] ^= 255
    store._vectors().write_bytes(content)


def _remove_vectors(store: VectorStore) -> None:
    store._vectors().unlink()


def _no_index(store: VectorStore) -> None:
    store._index.write_bytes(b"not an index " * 100)


def _cut_index(store: VectorStore) -> None:
    os.truncate(store._index, 100)


def _empty_index(store: VectorStore) -> None:
    store._index.write_bytes(b"")


@pytest.mark.parametrize("damage", [_cut_vectors, _flip_vector, _remove_vectors, _no_index, _cut_index, _empty_index])
def test_a_damaged_store_is_begun_anew_and_said(store: VectorStore, damage) -> None:  # type: ignore[no-untyped-def]
    texts = some("late")
    store.embed(texts, made)
    damage(store)
    for reader in (VectorStore(store.folder, "made-1", DIM), store):
        assert np.array_equal(reader.embed(texts, made), made(texts))
    found = VectorStore(store.folder, "made-1", DIM)
    assert np.array_equal(found.embed(texts, never), made(texts))
    assert found.warnings == []


def test_the_warning_tells_what_was_set_aside(store: VectorStore) -> None:
    store.embed(["late"], made)
    _flip_vector(store)
    store.embed(["late"], made)
    assert "made-1.damaged" in store.warnings[0]
    assert (store.folder / "made-1.damaged").is_file()


def test_above_the_most_the_older_half_goes(tmp_path: Path) -> None:
    store, reader = (VectorStore(tmp_path, "made-1", DIM, most=100) for _ in range(2))
    store.embed(some("old", 90), made)
    reader.get(["old 1"])
    store.embed(some("new", 30), made)
    texts = np.array(some("old", 90) + some("new", 30))
    vectors, known = reader.get(texts.tolist())
    assert known[90:].all()
    assert known.sum() == 80
    assert np.array_equal(vectors[known], made(texts[known].tolist()))
    assert len(list(tmp_path.glob("*.vectors"))) == 1


def test_a_store_that_was_removed_meanwhile_is_begun_again(store: VectorStore) -> None:
    store.embed(some("late"), made)
    remove(store.folder, "made-1")
    assert not store.get(["late 1"])[1].any()
    assert np.array_equal(store.embed(some("late"), made), made(some("late")))
    assert store.warnings == []


def test_holdings_tell_size_and_last_use(store: VectorStore) -> None:
    store.embed(some("late"), made)
    (held,) = holdings(store.folder)
    assert (held.version, held.entries) == ("made-1", 50)
    assert held.size >= 50 * DIM * 4
    assert abs(held.last_used - time.time() // 86_400) <= 1


def test_a_store_goes_to_other_processes_by_its_place(store: VectorStore) -> None:
    store.embed(["late"], made)
    assert pickle.loads(pickle.dumps(store)).get(["late"])[1].all()


def test_minilm_keeps_its_vectors(tmp_path: Path) -> None:
    texts = ["the app crashed twice today", "no answer from support", "x" * 1_000_000, "\ud800 lone", "😡"]
    kept = embedding.store(tmp_path)
    fresh = embedding.minilm(texts, cache=tmp_path)
    assert np.array_equal(embedding.minilm(texts, cache=tmp_path, kept=kept), fresh)
    assert np.array_equal(embedding.embed(texts, "en", cache=tmp_path / "none", kept=kept), fresh)
    assert not (tmp_path / "none").exists()


def test_another_embedding_has_a_store_beside_and_the_same_warnings(store: VectorStore) -> None:
    other = pickle.loads(pickle.dumps(store)).beside("other-1", DIM)
    other.embed(["late"], made)
    assert store.beside("other-1", DIM) is store.beside("other-1", DIM)
    assert store.beside("other-1", DIM).get(["late"])[1].all()
    assert [one.version for one in holdings(store.folder)] == ["other-1"]
    (store.folder / "other-1.index").write_bytes(b"?")
    store.beside("other-1", DIM).get(["late"])
    assert len(store.warnings) == 1
