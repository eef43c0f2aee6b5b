"""One text from many accounts at once: what is called a burst, and what is not."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.coordination import measure
from analysis.scoring import share_marks
from tests.benchmarks import coordination as benchmark

START = pd.Timestamp("2026-03-02", tz="UTC")
MINUTE = pd.Timedelta(minutes=1)


def copies(minutes: list[float], *, marked: bool = False, authors: list | None = None) -> pd.DataFrame:
    times = [START + minute * MINUTE for minute in minutes]
    names = authors if authors is not None else [f"u{row}" for row in range(len(times))]
    return pd.DataFrame(
        {"id": [f"m{row}" for row in range(len(times))], "published_at": times, "author": names, "text": 0}
    ).assign(marked=marked)


def others(n: int = 600, days: float = 4) -> pd.Series:
    rng = np.random.default_rng(1)
    return pd.Series(START - 2 * 24 * 60 * MINUTE + pd.to_timedelta(rng.uniform(0, days * 24 * 60, n), "min"))


def test_twenty_accounts_in_ten_minutes_are_a_burst_and_its_mentions_are_named() -> None:
    found = measure(copies([row / 2 for row in range(20)]), others())
    assert found.texts["verdict"].tolist() == ["burst"]
    assert (found.texts["at_once"].iloc[0], found.accounts.value) == (20, 20.0)
    assert len(found.texts["ids"].iloc[0]) == 20


@pytest.mark.parametrize(
    "minutes", [list(range(0, 6000, 30)), [0, 1, 2, 3], [0, 1, 2, 3, 4, *range(60, 600, 30)]],
    ids=["a petition over days", "four accounts", "a long tail"],
)  # fmt: skip
def test_what_is_spread_or_small_is_none(minutes: list[float]) -> None:
    found = measure(copies(minutes), others())
    assert found.texts["verdict"].tolist() == ["spread"]
    assert found.accounts.value == 0.0


def test_a_share_button_looks_alike_and_is_not_called_one() -> None:
    found = measure(copies([row / 4 for row in range(20)], marked=True), others())
    assert found.texts["verdict"].tolist() == ["passed_on"]


def test_one_account_many_times_is_no_crowd() -> None:
    assert measure(copies([0, 1, 2, 3, 4, 5, 6], authors=["u1"] * 7), others()).texts.empty


def test_what_everybody_does_at_once_is_no_burst() -> None:
    crowd = pd.Series([START + row / 50 * MINUTE for row in range(500)])
    found = measure(copies([row * 2 for row in range(5)]), crowd)
    assert found.texts["verdict"].tolist() == ["spread"]


def test_cannot_be_told_without_authors_or_hours() -> None:
    nobody = copies([0, 1, 2, 3, 4, 5], authors=[None] * 6)
    assert measure(nobody, others()).reason == "not_recorded"
    assert measure(copies([0, 1, 2]), others(), days_only=True).accounts.reason == "not_recorded"
    assert measure(nobody.head(0), others()).accounts.value == 0.0


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("read this https://news.example/1", True), ("RT @u_x they lied", True), ("sign the petition now", True),
        ("they said “never again will this happen”", True),
        ("Kettle Maker Recalls Thousand Kettles After Several Fires", True),
        ("转发接力，请大家帮忙", True), ("they left us standing in the rain again", False),
        ("我们在雨里等了两个小时", False),
        ("THEY LEFT US STANDING IN THE RAIN AGAIN", False), ("", False),
    ],
)  # fmt: skip
def test_marks_of_passing_on(text: str, open_: bool) -> None:
    assert share_marks.marked([text]).tolist() == [open_]


@pytest.mark.parametrize("name", [*benchmark.ORGANIC, *list(benchmark.COORDINATED)[:2]])
def test_simulated_archives(name: str) -> None:
    truth = name in benchmark.COORDINATED
    make = (benchmark.ORGANIC | benchmark.COORDINATED)[name]
    for seed in range(3):
        rng = np.random.default_rng(seed)
        assert benchmark.called(rng, make(rng)) == truth
