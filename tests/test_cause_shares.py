import numpy as np
import pandas as pd
import pytest

from analysis.measures import cause_shares
from tests.scored_tables import at, scored

BOUNDS = {
    "before": (at("2024-05-01"), at("2024-05-05")),
    "during": (at("2024-05-05"), at("2024-05-07")),
    "after": (at("2024-05-07"), at("2024-05-09")),
}
CAUSES = pd.DataFrame({"cause": [1, 2, 3], "label": ["late", "rude", "never seen"]})


def mentions(before: list[int | None], during: list[int | None], **columns: object) -> pd.DataFrame:
    times = [at("2024-05-02")] * len(before) + [at("2024-05-05 12:00")] * len(during)
    return scored(times, ["negative"] * len(times), cause=before + during, **columns)


def test_shares_are_of_mentions_with_a_cause():
    table = mentions([1] * 30 + [2] * 10, [1] * 20 + [2] * 60 + [None] * 100)
    out = cause_shares.table(table, CAUSES, BOUNDS).set_index("cause")
    assert out.index.tolist() == [2, 1, 3]
    assert out.loc[2, ["n", "of", "share"]].tolist() == [60, 80, 0.75]
    assert out.loc[2, "low"] < 0.75 < out.loc[2, "high"]
    assert out.loc[2, "share_before"] == 0.25
    assert out.loc[2, "growth"] == pytest.approx(3, rel=0.1)
    assert out.loc[2, "growth_low"] > 1
    assert out.loc[2, "p"] < 0.001
    assert out.loc[1, "growth_high"] < 1
    assert out.loc[2, "label"] == "rude"
    assert out.loc[1, "first_seen"] == at("2024-05-02")
    assert out.loc[2, "net"] == -1
    assert pd.isna(out.loc[1, "net"])
    assert out.loc[1, "negative_share"] == 1


def test_a_cause_that_never_came_has_a_share_of_none_and_no_first_time():
    out = cause_shares.table(mentions([1] * 30, [1] * 40), CAUSES, BOUNDS).set_index("cause")
    assert out.loc[3, "share"] == 0
    assert out.loc[3, "high"] > 0
    assert pd.isna(out.loc[3, "first_seen"])


def test_without_a_time_before_there_is_no_growth():
    out = cause_shares.table(mentions([], [1] * 40), CAUSES, BOUNDS)
    assert out["growth"].isna().all()
    assert out["share_before"].isna().all()
    assert cause_shares.table(mentions([], []), CAUSES, BOUNDS)["share"].isna().all()


def test_one_loud_author_widens_the_interval():
    wide = [f"u_{i}" for i in range(80)]
    loud = ["u_a"] * 40 + wide[:40]
    out = {
        name: cause_shares.table(mentions([], [1] * 40 + [2] * 40, author=author), CAUSES, BOUNDS).set_index("cause")
        for name, author in {"many": wide, "one": loud}.items()
    }
    width = {name: table.loc[1, "high"] - table.loc[1, "low"] for name, table in out.items()}
    assert width["one"] > 1.5 * width["many"]


def test_a_text_written_again_and_again_counts_once():
    copied = [False] * 30 + [False] + [True] * 59 + [False] * 20
    out = cause_shares.table(mentions([], [1] * 30 + [2] * 60 + [3] * 20, copied=copied), CAUSES, BOUNDS)
    assert out["cause"].tolist() == [1, 3, 2]
    assert out["n"].tolist() == [30, 20, 1]
    assert out["of"].tolist() == [51] * 3
    assert out["copies"].tolist() == [0, 0, 59]
    assert out["coordinated"].tolist() == [False, False, True]
    assert out["share"].sum() == pytest.approx(1)


def test_copies_before_are_no_votes_either():
    out = cause_shares.table(
        mentions([1] * 40 + [2] * 40, [1] * 40 + [2] * 40, copied=[False] * 41 + [True] * 39 + [False] * 80),
        CAUSES,
        BOUNDS,
    ).set_index("cause")
    assert out.loc[2, ["n_before", "of_before", "copies"]].tolist() == [1, 41, 0]


def test_the_unclear_count_for_no_cause_and_all_shares_come_to_one():
    sure = [0.9] * 20 + [0.5] * 20 + [0.49] * 30 + [float("nan")] * 10
    table = mentions([], [1] * 40 + [2] * 40, cause_confidence=sure)
    out = cause_shares.table(table, CAUSES, BOUNDS).set_index("cause")
    left = cause_shares.unclear(table)
    assert out.loc[[1, 2], "n"].tolist() == [40, 10]
    assert set(out["of"]) == {80}
    assert (left.value, left.n) == (0.375, 80)
    assert out["share"].sum() + left.value == pytest.approx(1)
    assert left.low < 0.375 < left.high
    assert cause_shares.unclear(table, 0.0).value == 0
    assert cause_shares.unclear(table.head(0)).reason == "too_few"
    strict = cause_shares.table(table, CAUSES, BOUNDS, floor=0.95).set_index("cause")
    assert strict.loc[[1, 2], "n"].tolist() == [0, 10]


def test_a_target_sets_the_highest_floor_that_keeps_it():
    confidence = np.random.default_rng(1).random(1000).round(2)
    for target in (0.0, 0.1, 0.25, 0.999):
        floor = cause_shares.floor_for(confidence, target)
        assert (confidence < floor).mean() <= target
        assert (confidence <= floor).mean() > target
    assert cause_shares.floor_for(np.full(50, 0.7), 0.1) == 0.7
    assert cause_shares.floor_for(confidence, 1.0) == 1
    assert cause_shares.floor_for(np.array([np.nan]), 0.1) == cause_shares.FLOOR


def test_growth_holds_the_truth():
    rng, draws, held = np.random.default_rng(3), 80, 0
    for _ in range(draws):
        before, during = rng.random(150) < 0.1, rng.random(200) < 0.25
        table = mentions([1 if x else 2 for x in before], [1 if x else 2 for x in during])
        row = cause_shares.table(table, CAUSES, BOUNDS).set_index("cause").loc[1]
        held += row["growth_low"] <= 2.5 <= row["growth_high"]
    assert held / draws > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)
