"""Copies: campaigns are found, what people write by themselves is not, and nothing is counted that was not asked."""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from analysis.scoring import copies, masking
from analysis.simulate import complaints_en, customers
from tests.conftest import shared
from tests.scored_tables import at

CAMPAIGN = "Tell the Larkwheel board to resign: brakes failed, riders were hurt, nobody apologised"
CAMPAIGN_ZH = "雀轮刹车失灵致三人受伤，管理层至今没有道歉，请大家一起抵制"


def mentions(texts: Sequence[str | None], hours: list[float] | None = None, author: list | None = None) -> pd.DataFrame:
    n = len(texts)
    since = pd.to_timedelta(hours if hours is not None else list(range(n)), unit="h")
    return pd.DataFrame(
        {
            "id": pd.array([f"{i:06d}" for i in range(n)], dtype="string"),
            "published_at": (at("2025-07-01") + since).as_unit("us"),
            "author": pd.array(author or [f"u_{i}" for i in range(n)], dtype="string"),
            "text": pd.array(texts, dtype="string"),
        }
    )


def marked(table: pd.DataFrame, terms: tuple[str, ...] = ("Larkwheel", "雀轮"), **options: int) -> copies.Copies:
    everything = pd.Series(True, index=table.index)
    return copies.mark(table, masking.mask(table["text"], terms), everything, **options)


def test_copies_are_the_same_whatever_names_links_case_digits_and_marks():
    texts = [
        CAMPAIGN,
        CAMPAIGN.upper() + "!!! 😡",
        "RT @somebody: " + CAMPAIGN + " https://example.org/a",
        "@larkwheel " + CAMPAIGN.replace("Larkwheel", "#Larkwheel") + " 2",
        CAMPAIGN + " today",
    ]
    found = marked(mentions(texts))
    assert found.copied.tolist() == [False, True, True, True, False]
    row = found.marked.iloc[0]
    assert row[["first", "copies", "authors", "in_hour"]].tolist() == ["000000", 4, 4, 2]
    assert (row["start"], row["end"]) == (at("2025-07-01"), at("2025-07-01 03:00"))


@pytest.mark.parametrize(
    "text",
    [
        *("worst company ever", "same here", "thanks", "Thank you so much!", "shame on you", "still broken, any news?"),
        *("boycott boycott boycott boycott boycott", "垃圾公司，再也不买了", "什么时候退押金", "客服电话打不通！"),
    ],
)
def test_what_people_write_by_themselves_is_not_marked(text: str):
    found = marked(mentions([text] * 500, hours=[i / 10 for i in range(500)]))
    assert not found.copied.any()
    assert found.marked.empty


@pytest.mark.parametrize("text", [CAMPAIGN, CAMPAIGN_ZH])
def test_three_copies_within_three_days_are_marked_and_two_are_not(text: str):
    assert marked(mentions([text] * 3, hours=[0, 30, 72])).copied.tolist() == [False, True, True]
    assert not marked(mentions([text] * 2)).copied.any()
    assert not marked(mentions([text] * 3, hours=[0, 40, 80])).copied.any()
    assert marked(mentions([text] * 4, hours=[0, 1, 2, 900])).copied.tolist() == [False, True, True, True]


def test_rows_keep_their_places_and_the_earliest_is_the_first():
    table = mentions([CAMPAIGN] * 3, hours=[5, 1, 1], author=["u_a", "u_b", None]).set_axis([7, 3, 5])
    found = marked(table)
    assert found.copied.to_dict() == {7: True, 3: False, 5: True}
    assert found.marked["first"].tolist() == ["000001"]
    assert found.marked["authors"].isna().all()
    assert found.notes()["marked"][0]["authors"] is None


def test_nothing_is_said_of_what_holds_no_words_or_was_not_asked():
    table = mentions([CAMPAIGN, None, "https://example.org 😡", CAMPAIGN, CAMPAIGN, CAMPAIGN])
    select = pd.Series([True, True, True, True, True, False])
    found = copies.mark(table, masking.mask(table["text"], []), select)
    assert found.copied.isna().tolist() == [False, True, True, False, False, True]
    assert found.notes()["texts"] == 1
    assert found.notes()["mentions"] == 2
    assert marked(table.head(0)).marked.empty
    assert str(found.copied.dtype) == "boolean"


def campaigns(rng: np.random.Generator, sizes: list[int], days: float) -> tuple[list[str], list[float], list[bool]]:
    """Texts, hours and truth (a repeat) of campaigns: each post dressed up in its own way, within a day or so."""
    texts, hours, truth = [], [], []
    for number, size in enumerate(sizes):
        body = f"{'abcdefghij'[number]}larm: {CAMPAIGN}" if number % 2 else CAMPAIGN_ZH + "甲乙丙丁戊己庚辛壬癸"[number]
        times = np.sort(rng.uniform(0, 24 * (days - 1)) + rng.exponential(6, size))
        for place in range(size):
            dressed = [body, body.upper(), f"{body} https://example.org/{place}", f"@user{place} {body}", f"{body}!!"]
            texts.append(dressed[int(rng.integers(len(dressed)))])
            hours.append(float(times[place]))
            truth.append(place > 0)
    return texts, hours, truth


def judged(ordinary: list[str], days: float, seed: int) -> tuple[float, float, int]:
    """(recall, precision, ordinary posts marked) with ten campaigns of 3 to 60 copies planted."""
    rng = np.random.default_rng(seed)
    texts, hours, truth = campaigns(rng, [3, 4, 5, 8, 12, 20, 30, 40, 50, 60], days)
    times = [*rng.uniform(0, 24 * days, len(ordinary)), *hours]
    found = marked(mentions([*ordinary, *texts], times)).copied.fillna(False).to_numpy(dtype=bool)
    planted = np.array([False] * len(ordinary) + truth)
    return found[planted].mean(), planted[found].mean(), int(found[: len(ordinary)].sum())


def test_planted_campaigns_are_found_among_simulated_complaints():
    rng = np.random.default_rng(5)
    ordinary = [
        customers.complaint(rng, ("en", "zh")[int(rng.random() < 0.4)], str(rng.choice(list(complaints_en.FACTS))))
        for _ in range(4_000)
    ]
    recall, precision, _ = judged(ordinary, days=60, seed=5)
    assert recall >= 0.98
    assert precision >= 0.98


@pytest.mark.parametrize(
    ("path", "column"), [("spotify-2017/support_requests.csv", "text"), ("waimai_10k.csv", "review")]
)
def test_planted_campaigns_are_found_among_what_people_wrote_by_themselves(path: str, column: str):
    folder = "archives" if "/" in path else "benchmarks/sentiment-zh"
    ordinary = pd.read_csv(shared(f"{folder}/{path}"), dtype=str)[column].dropna().tolist()
    recall, precision, wrong = judged(ordinary, days=30, seed=6)
    assert recall >= 0.98
    assert precision >= 0.98
    assert wrong <= 2


def test_a_hundred_thousand_texts_take_a_second_or_so():
    rng = np.random.default_rng(0)
    words = np.array([f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrst"])
    texts = [" ".join(row) for row in words[rng.integers(0, len(words), (100_000, 12))]]
    table = mentions(texts + [CAMPAIGN] * 10_000, hours=list(np.linspace(0, 48, 110_000)))
    masked = table["text"]
    begun = time.perf_counter()
    found = copies.mark(table, masked, pd.Series(True, index=table.index))
    assert time.perf_counter() - begun < 10
    assert found.copied.sum() == 9_999
