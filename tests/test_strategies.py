"""Response strategies: what statements hold, what only looks like it, and texts of any kind."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import strategy_head
from analysis.scoring.signs import Accuracy
from analysis.scoring.strategies import (
    FAMILIES,
    LIKENESS,
    PRECISION,
    RECALL,
    RULE,
    RULES_PRECISION,
    RULES_RECALL,
    RULES_VERSION,
    STRATEGIES,
    Span,
    accuracy,
    admits,
    family,
    spans,
    strategies,
    told,
    version,
)
from tests.benchmarks import strategies as benchmark

needs_head = pytest.mark.skipif(not strategy_head.installed(), reason="E5 is not installed")


@pytest.fixture
def _without_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(strategy_head, "installed", lambda: False)
    strategy_head.read.cache_clear()
    yield
    strategy_head.read.cache_clear()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("part", ["read", "holdout"])
def test_invented_statements(part: str, language: str) -> None:
    table, given_, found = benchmark.labelled()
    rows = (table["part"] == part) & (table["language"] == language)
    assert rows.sum() == 33
    precision, recall = benchmark.accuracy(given_[rows], found[rows], STRATEGIES)
    assert float(precision.value or 0) >= 0.9
    assert float(recall.value or 0) >= 0.9


@needs_head
def test_what_is_known_of_other_words_is_as_measured() -> None:
    _measured(likeness=True, known=(PRECISION, RECALL))


def test_what_is_known_of_rules_alone_is_as_measured() -> None:
    _measured(likeness=False, known=(RULES_PRECISION, RULES_RECALL))


def _measured(likeness: bool, known: tuple[Accuracy, Accuracy]) -> None:
    table, given_, found = benchmark.labelled(likeness=likeness)
    rows = table["part"] == "blind"
    for measured, told_ in zip(benchmark.accuracy(given_[rows], found[rows], STRATEGIES), known, strict=True):
        assert (measured.value, measured.low, measured.high) == pytest.approx(told_[:3], abs=0.001)
        assert measured.n == told_.n


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


@needs_head
@pytest.mark.parametrize(
    ("text", "strategy"),
    [
        ("Good evening. This one is on us alone, and we feel dreadful about it.", "apology"),
        ("The picture making the rounds wasn't shot in any of our kitchens. More tomorrow.", "denial"),
        ("大家好。昨晚的房费和打车费都算我们的。", "compensation"),
    ],
)
def test_other_words_are_found_by_the_likeness_of_their_sentence(text: str, strategy: str) -> None:
    found = spans(text, strategy)
    assert [(text[one.start : one.end].strip(" .。"), one.by) for one in found] == [(found[0].words, LIKENESS)]
    assert found[0].words in text
    assert strategy not in told(text, likeness=False)


@needs_head
def test_likeness_adds_nothing_to_what_a_rule_found_and_takes_nothing_that_was_cut_out() -> None:
    assert [one.by for one in spans("We are very sorry for this mess.", "apology")] == [RULE]
    assert not spans("We are sorry to hear that you had a bad night.", "apology")


def test_replies_that_look_into_it_adjust() -> None:
    assert spans("Our technicians are looking into it.", "adjusting", likeness=False)
    assert not spans("Customers expect an apology.", "apology", likeness=False)


@pytest.mark.usefixtures("_without_model")
def test_without_the_model_there_are_rules_alone() -> None:
    text = "The picture making the rounds wasn't shot in any of our kitchens. We are sorry."
    assert set(told(text)) == {"apology"}
    assert accuracy() == (RULES_PRECISION, RULES_RECALL)
    assert version() == RULES_VERSION


@needs_head
def test_the_version_names_the_head_and_what_it_reads_by() -> None:
    assert version().startswith(f"{RULES_VERSION} + {strategy_head.NAME}-")
    assert accuracy() == (PRECISION, RECALL)


@needs_head
def test_a_sentence_is_read_alike_alone_and_among_others() -> None:
    texts = ["We got this badly wrong.", "We open at nine.", "Nobody's chats were read.", "Which size do you wear?"]
    together = strategy_head.probabilities(texts, "en")
    for place, text in enumerate(texts):
        assert (strategy_head.probabilities([text], "en")[0] == together[place]).all()


def test_sentences_are_found_whole() -> None:
    text = "Sorry!  Version 3.2 is out.\n“Bad.” 我们错了。对不起！"
    assert [text[start:end] for start, end in strategy_head.sentences(text)] == [
        "Sorry!", "Version 3.2 is out.", "“Bad.”", "我们错了。", "对不起！",
    ]  # fmt: skip
    assert strategy_head.parts("We closed the hall, and nobody was hurt at all") == [
        "We closed the hall", "and nobody was hurt at all",
    ]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_by_likeness(text: str) -> None:
    for name, found in told(text).items():
        assert name in STRATEGIES
        assert all(isinstance(one, Span) and 0 <= one.start < one.end <= len(text) for one in found)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_text_is_read(texts: list[str]) -> None:
    found = strategies(texts, likeness=False)
    assert list(found.columns) == list(STRATEGIES)
    assert len(found) == len(texts)
    assert all(found[name].dtype == bool for name in STRATEGIES)


def test_no_text_hangs() -> None:
    texts = (
        "we " * 20_000, "no refund " * 5_000, "a" * 50_000, "用户" * 20_000, "we are not " * 8_000, "\0" * 9_000,
        "a. " * 9_000, "we, and " * 2_000, "word " * 10_000, "we failed you. " * 1_000, "\ud800 sorry", "。" * 9_000,
    )  # fmt: skip
    for text in texts:
        told(text)
