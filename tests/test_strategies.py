"""Response strategies: what statements hold, what only looks like it, and texts of any kind."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring.strategies import FAMILIES, PRECISION, RECALL, STRATEGIES, admits, family, spans, strategies, told
from tests.benchmarks import strategies as benchmark


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("part", ["read", "holdout"])
def test_invented_statements(part: str, language: str) -> None:
    table, given_, found = benchmark.labelled()
    rows = (table["part"] == part) & (table["language"] == language)
    assert rows.sum() == 33
    precision, recall = benchmark.accuracy(given_[rows], found[rows], STRATEGIES)
    assert float(precision.value or 0) >= 0.9
    assert float(recall.value or 0) >= 0.9


def test_what_is_known_of_other_words_is_as_measured() -> None:
    table, given_, found = benchmark.labelled()
    rows = table["part"] == "fresh"
    for measured, known in zip(
        benchmark.accuracy(given_[rows], found[rows], STRATEGIES), (PRECISION, RECALL), strict=True
    ):
        assert (measured.value, measured.low, measured.high) == pytest.approx(known[:3], abs=0.001)
        assert measured.n == known.n


@pytest.mark.parametrize(
    "text",
    [
        "Customers want refunds and an apology.", "No refunds will be given.", "It was not the driver's fault.",
        "We will not blame our suppliers.", "We do not deny it.", "We are sorry that you feel this way.",
        "有顾客要求道歉和赔偿。", "本店不予退款。", "责任不在司机。", "", "😀",
    ],
)  # fmt: skip
def test_what_only_looks_like_one(text: str) -> None:
    assert not set(told(text)) & {"apology", "compensation", "scapegoat", "denial"}


def test_the_first_statement_denies_and_blames_and_the_second_rebuilds() -> None:
    first = told("Isolated cases. There is no evidence of a fault; riders may not have used both brakes.")
    assert {"denial", "scapegoat", "justification"} <= set(first)
    assert not {"apology", "compensation"} & set(first)
    assert set(told("We are sorry. All deposits are refunded.")) >= {"apology", "compensation"}


def test_spans_are_the_words_that_tell_in_order_and_apart() -> None:
    text = "We are sorry. We let you down, and we apologise."
    found = spans(text, "apology")
    assert [text[one.start : one.end].strip(" .,") for one in found] == [one.words for one in found]
    assert [one.tactic for one in found] == ["mortification"] * len(found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert spans("Only a handful of cases.", "justification")[0].tactic == "minimisation"
    assert spans("We meant well.", "excuse")[0].tactic == "good_intentions"
    with pytest.raises(KeyError):
        spans(text, "silence")


def test_every_strategy_has_one_family() -> None:
    assert sorted(STRATEGIES) == sorted({name for names in FAMILIES.values() for name in names})
    assert {family(name) for name in STRATEGIES} == set(FAMILIES)


@pytest.mark.parametrize("text", ["We had reports in May and did not act.", "五月就有人反馈，我们没有行动。"])
def test_neglect_that_is_admitted(text: str) -> None:
    assert admits(text)


@pytest.mark.parametrize("text", ["We act at once.", "Nobody was hurt.", "我们已及时处理。"])
def test_nothing_is_admitted(text: str) -> None:
    assert not admits(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_text_is_read(texts: list[str]) -> None:
    found = strategies(texts)
    assert list(found.columns) == list(STRATEGIES)
    assert len(found) == len(texts)
    assert all(found[name].dtype == bool for name in STRATEGIES)


def test_no_text_hangs() -> None:
    for text in ("we " * 20_000, "no refund " * 5_000, "a" * 50_000, "用户" * 20_000, "we are not " * 8_000):
        told(text)
