"""The entry: columns added, rows kept; cached as fresh; unscored where nothing can be said."""

import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.mentions import COLUMNS, SCORED_COLUMNS, conform, empty
from analysis.scoring import score
from analysis.scoring.cache import ScoreCache

TEXTS = [
    "@someair you lost my bag, worst service ever",
    "@SomeAir you lost my bag, worst service ever",
    "We are sorry, please send us a message",
    "太差了，非常失望",
    "Мой багаж потерян, какой ужас",
    "https://t.co/abc",
    "😡😡",
    "late " * 200_000,
    "\x00\u202e\x07",
    "أمتعتي لم تصل بعد",
    "thank you, lovely crew",
]


def mentions(texts: list[str]) -> pd.DataFrame:
    n = len(texts)
    table = pd.DataFrame(
        {
            "id": [f"{number:03d}" for number in range(n)],
            "platform": "x",
            "published_at": pd.date_range("2020-03-01", periods=n, freq="h", tz="UTC"),
            "author": ["u_brandbrand" if text.startswith("We ") else "u_customers1" for text in texts],
            "text": texts,
            "kind": "post",
            "source": "a.csv",
            "source_row": range(1, n + 1),
        },
        index=range(100, 100 + n),
    )
    return conform(table)


def run(table: pd.DataFrame, cache: Path, **options: object) -> tuple[pd.DataFrame, dict]:
    given = {"brand_terms": ["Some Air"], "brand_accounts": ["u_brandbrand"], "languages": ["en", "zh"]}
    return score.score(table, cache=cache, **(given | options))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def scored(folder: Path) -> tuple[pd.DataFrame, dict]:
    return run(mentions(TEXTS), folder)


def test_rows_stay_and_columns_are_of_the_contract(scored: tuple[pd.DataFrame, dict]) -> None:
    table, _ = scored
    before = mentions(TEXTS)
    assert table.index.equals(before.index)
    assert set(table.columns) == set(COLUMNS) | set(SCORED_COLUMNS)
    unchanged = [name for name in COLUMNS if name != "language"]
    pd.testing.assert_frame_equal(table[unchanged], before[unchanged])
    assert {name: str(table[name].dtype) for name in SCORED_COLUMNS} == SCORED_COLUMNS


def test_what_no_scorer_covers_is_unscored(scored: tuple[pd.DataFrame, dict]) -> None:
    table, notes = scored
    unscored = table["scorer"].isna()
    assert table.loc[unscored, "text"].tolist() == [TEXTS[4], TEXTS[5], TEXTS[6], TEXTS[8], TEXTS[9]]
    assert table.loc[unscored, score.PROBABILITIES].isna().all(axis=None)
    assert table.loc[~unscored, score.PROBABILITIES].sum(axis=1).to_numpy() == pytest.approx(1)
    assert notes["unscored"] == {"ar": 1, "ru": 1, "unknown": 3}


def test_masked_copies_are_scored_once_and_alike(scored: tuple[pd.DataFrame, dict]) -> None:
    table, notes = scored
    assert notes["distinct"] == 5
    assert table[score.PROBABILITIES].iloc[0].equals(table[score.PROBABILITIES].iloc[1])
    assert table["p_negative"].iloc[0] > 0.5


def test_from_brand_is_by_account(scored: tuple[pd.DataFrame, dict]) -> None:
    assert scored[0].loc[scored[0]["from_brand"], "text"].tolist() == [TEXTS[2]]


def test_cached_scores_equal_fresh_ones_in_any_order(scored: tuple[pd.DataFrame, dict], folder: Path) -> None:
    again, notes = run(mentions(TEXTS).iloc[::-1], folder)
    assert notes["from_cache"] == notes["distinct"] == 5
    pd.testing.assert_frame_equal(again.iloc[::-1], scored[0])


def test_an_empty_table(folder: Path) -> None:
    table, notes = run(empty(), folder)
    assert len(table) == 0
    assert notes["distinct"] == 0
    assert {name: str(table[name].dtype) for name in SCORED_COLUMNS} == SCORED_COLUMNS


def test_the_archives_language_counts_only_where_there_is_none_of_ours(tmp_path: Path) -> None:
    table = mentions(["😡😡", "my bag is still not here"]).assign(language=pd.array(["en", "fr"], dtype="string"))
    found, _ = run(table, tmp_path, fast_above=0)
    assert found["language"].tolist() == ["en", "en"]
    assert found["language_confidence"].isna().tolist() == [True, False]
    assert found["scorer"].notna().all()


def test_the_fast_tier_is_said(tmp_path: Path) -> None:
    _, notes = run(mentions(["my bag is still not here"]), tmp_path, languages=["en"], fast_above=0)
    assert notes["scorers"]["en"]["name"] == "words-en"
    assert notes["scorers"]["en"]["tier"] == "fast"
    assert run(mentions(["my bag is still not here"]), tmp_path)[1]["scorers"]["zh"]["tier"] == "only"


def test_a_damaged_cache_is_begun_anew_and_said(tmp_path: Path) -> None:
    table = mentions(["my bag is still not here"])
    before, _ = run(table, tmp_path, languages=["en"], fast_above=0)
    (tmp_path / "scores.sqlite").write_bytes(b"not a database " * 1_000)
    after, notes = run(table, tmp_path, languages=["en"], fast_above=0)
    assert "damaged" in notes["warnings"][0]
    pd.testing.assert_frame_equal(before, after)
    assert run(table, tmp_path, languages=["en"], fast_above=0)[1]["from_cache"] == 1


def test_writers_side_by_side_lose_nothing(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(400)]
    values = np.tile([0.2, 0.3, 0.5], (len(texts), 1))

    def write(start: int) -> None:
        ScoreCache(tmp_path).put("s", "1", texts[start : start + 200], values[start : start + 200])

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = ScoreCache(tmp_path).get("s", "1", texts)
    assert len(held) == len(texts)
    assert set(held.values()) == {(0.2, 0.3, 0.5)}
    assert ScoreCache(tmp_path).get("s", "2", texts) == {}


def test_causes_are_asked_for_the_chosen_rows_only(scored: tuple[pd.DataFrame, dict]) -> None:
    table, _ = scored
    chosen = table["p_negative"] > 0.5
    out, found = score.add_causes(table, chosen, terms=["Some Air"])
    assert out.index.equals(table.index)
    assert found.model["n"] == chosen.sum() or found.model["name"] == "none"
    assert out.loc[~chosen, ["cause", "cause_confidence", "cause_origin"]].isna().all(axis=None)


def test_causes_go_to_the_rows_they_were_found_for(monkeypatch: pytest.MonkeyPatch) -> None:
    table = run_free(mentions(["one", "two", "three"]))

    class Found:
        table, model, vectors = pd.DataFrame({"typical": [[1], [0]]}), {"name": "none"}, {}
        labels = pd.DataFrame({"cause": [4, 2], "confidence": [0.5, 1.0], "origin": ["sampled", "propagated"]})

    monkeypatch.setattr("analysis.scoring.causes.fit", lambda texts, languages, **options: Found)
    out, _ = score.add_causes(table, pd.Series([True, False, True], index=table.index), terms=[])
    assert out["cause"].tolist() == [4, pd.NA, 2]
    assert out["cause_origin"].tolist()[::2] == ["sampled", "propagated"]


def run_free(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with empty scored columns."""
    return table.assign(**dict.fromkeys(SCORED_COLUMNS, pd.NA))
