"""`aftermath cache`: what is kept, what goes, and that nothing but time is lost."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import ParameterError, TemporaryError
from analysis.runs import caches
from analysis.scoring import cache as scores
from analysis.scoring import embedding, vectors
from analysis.scoring.cache import ScoreCache
from analysis.scoring.fast_english import FastScorer
from analysis.scoring.score import kept_as
from analysis.workspace import Workspace

TEXTS = [f"nobody answers at counter {number}" for number in range(50)]
ROWS = [[0.7, 0.2, 0.1]] * len(TEXTS)
FAST = (FastScorer.name, kept_as(FastScorer()))


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace whose cache holds scores of three scorers, vectors of three embeddings, two models of yesterday."""
    workspace = Workspace.at(tmp_path)
    held = ScoreCache(workspace.cache)
    for name, version in (FAST, ("words-en", "0.1/1"), ("someones-model", "7/1")):
        held.put(name, version, TEXTS, ROWS)
    for version in (*embedding.KEPT, "minilm-l6-v2-int8-0"):
        store = vectors.VectorStore(workspace.cache / embedding.VECTORS, version, 4)
        store.put(TEXTS, np.ones((len(TEXTS), 4), np.float32))
    (workspace.cache / "minilm-l6-v2-int8-0.model").write_bytes(b"old")
    (workspace.cache / "e5-small-int8-0.model").write_bytes(b"old")
    (workspace.cache / "another.model").write_bytes(b"somebody's")
    (workspace.cache / "scores.damaged").write_bytes(b"?")
    return workspace


def held(workspace: Workspace) -> set[tuple[str, str]]:
    return {(one.name, one.version) for one in ScoreCache(workspace.cache).holdings()}


def told(workspace: Workspace) -> str:
    return "\n".join(caches.told(workspace))


def test_what_is_held_is_told(place: Workspace) -> None:
    text = told(place)
    assert "scores: 150 texts" in text
    assert f"{' '.join(FAST)}: 50 texts, last used 20" in text
    assert "words-en 0.1/1: 50 texts" in text
    assert text.count("of another version") == 4
    assert text.count("not known here") == 1
    assert "set aside as damaged: scores.damaged" in text
    assert "nobody" not in text


def test_pruning_by_days_takes_what_no_present_version_uses(place: Workspace) -> None:
    list(caches.prune(place, "30"))
    assert held(place) == {FAST, ("someones-model", "7/1")}
    assert [one.version for one in vectors.holdings(place.cache / embedding.VECTORS)] == sorted(embedding.KEPT)
    assert {file.name for file in place.cache.glob("*.*")} >= {"another.model", "scores.sqlite"}
    assert not list(place.cache.glob("*-int8-0.model"))
    assert not (place.cache / "scores.damaged").exists()


def test_pruning_by_days_takes_what_was_not_used_since(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    now = scores.today()
    monkeypatch.setattr(scores, "today", lambda: now + 40)
    ScoreCache(place.cache).get(*FAST, TEXTS[:10])
    list(caches.prune(place, "30"))
    assert [(one.name, one.entries) for one in ScoreCache(place.cache).holdings()] == [("words-en", 10)]
    assert len(ScoreCache(place.cache).get(*FAST, TEXTS)) == 10
    assert vectors.holdings(place.cache / embedding.VECTORS) == []


def test_pruning_all_leaves_a_cache_that_works(place: Workspace) -> None:
    lines = list(caches.prune(place, "all"))
    assert "scores: 150 texts removed" in lines
    assert held(place) == set()
    assert list(place.cache.glob("*.model")) == []
    ScoreCache(place.cache).put(*FAST, TEXTS, ROWS)
    assert len(ScoreCache(place.cache).get(*FAST, TEXTS)) == 50


def test_a_run_that_goes_on_meanwhile_is_not_disturbed(place: Workspace) -> None:
    running, store = ScoreCache(place.cache), embedding.store(place.cache)
    store = vectors.VectorStore(place.cache / embedding.VECTORS, embedding.MINILM_VERSION, 4)
    assert store.get(TEXTS)[1].all()
    list(caches.prune(place, "all"))
    assert running.get(*FAST, TEXTS) == {}
    running.put(*FAST, TEXTS, ROWS)
    assert (store.embed(TEXTS, lambda texts: np.ones((len(texts), 4), np.float32)) == 1).all()
    assert store.warnings == running.warnings == []


def test_a_cache_that_is_locked_for_long_is_temporary(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "WAIT", 0.1)
    other = sqlite3.connect(place.cache / "scores.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TemporaryError, match="locked"):
        list(caches.prune(place, "all"))
    other.execute("ROLLBACK")
    other.close()
    assert len(held(place)) == 3


def test_an_older_schema_is_emptied(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "scores.sqlite") as connection:
        connection.execute("CREATE TABLE scores (scorer TEXT, version TEXT, text BLOB)")
        connection.execute("INSERT INTO scores VALUES ('a', '1', 'x')")
    connection.close()
    kept = ScoreCache(tmp_path)
    kept.put(*FAST, TEXTS, ROWS)
    assert kept.get(*FAST, TEXTS[:1]) == {TEXTS[0]: (0.7, 0.2, 0.1)}
    assert kept.warnings == []


def test_a_damaged_file_is_begun_anew_and_said(place: Workspace) -> None:
    (place.cache / "scores.sqlite").write_bytes(b"not a database " * 1_000)
    assert "was damaged" in told(place)
    assert "scores: 0 texts" in told(place)


@pytest.mark.parametrize("what", ["", "soon", "-1", "1.5", "٣", "9" * 50])
def test_what_is_no_number_of_days_is_refused(place: Workspace, what: str) -> None:
    with pytest.raises(ParameterError, match="--prune"):
        list(caches.prune(place, what))
    assert len(held(place)) == 3


def test_the_command(place: Workspace, tmp_path: Path) -> None:
    run = CliRunner().invoke
    shown = run(app, ["cache", "--workspace", str(place.root)])
    assert shown.exit_code == 0
    assert "words-en" in shown.output
    pruned = run(app, ["cache", "--prune", "0", "--workspace", str(place.root)])
    assert pruned.exit_code == 0
    assert "removed" in pruned.output
    assert isinstance(run(app, ["cache", "--prune", "x", "--workspace", str(place.root)]).exception, ParameterError)
    assert "nothing yet" in run(app, ["cache", "--workspace", str(tmp_path / "other")]).output
    assert not (tmp_path / "other").exists()
