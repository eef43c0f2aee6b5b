"""Marks of courtesy: each is found where it stands, and the score is what it was measured to be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import courtesy
from tests.benchmarks import courtesy as benchmark
from tests.conftest import shared


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Hi there, thanks for telling us!", "en", {"greeting", "gratitude", "we"}),
        ("@u_aaaaaaaaaa Hello, could you please write to us?", "en", {"greeting", "would_you", "please", "we"}),
        ("Please stop.", "en", {"please_start", "reproach"}),
        ("You never read it. Why?", "en", {"you_start", "reproach", "direct_question"}),
        ("So what", "en", {"direct_start", "reproach"}),
        ("Great job on the new racks", "en", {"deference"}),
        ("By the way, the desk opens at 8", "en", {"indirect"}),
        ("We can’t refund it", "en", {"we", "denial"}),
        ("Sorry about the noise, perhaps it helps to wait", "en", {"apology", "hedge"}),
        ("The bus is blue", "en", set()),
        ("您好，感谢您的宝贵意见", "zh", {"greeting", "gratitude", "deference", "honorific"}),
        ("麻煩您提供單號，祝順心", "zh", {"please", "honorific", "best_wishes"}),
        ("你这单无法退", "zh", {"you_plain", "denial"}),
        ("凭什么", "zh", {"direct_question"}),
    ],
)
def test_marks(text: str, language: str, expected: set[str]) -> None:
    marked = courtesy.markers([text], language)
    assert {name for name in marked.columns if marked[name].iloc[0]} == expected


def test_the_courteous_text_scores_higher() -> None:
    polite, blunt = courtesy.markers(
        ["Hi Ann, thank you, could you please try once more?", "Why didn't you? So stop."], "en"
    ).pipe(courtesy.score)
    assert polite > 0 > blunt
    assert courtesy.net(courtesy.markers(["Thank you, please, we do", "no"], "en")).tolist() == [2.0, -1.0]


def test_every_weight_has_the_sign_of_its_strategy() -> None:
    assert set(courtesy.WEIGHTS) <= set(courtesy.ENGLISH)
    assert all((weight < 0) == (name in courtesy.BLUNT) for name, weight in courtesy.WEIGHTS.items())


def test_other_languages_have_no_marks() -> None:
    with pytest.raises(KeyError):
        courtesy.markers(["bonjour"], "fr")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=100), max_size=5), st.sampled_from(["en", "zh"]))
def test_any_text_will_do(texts: list[str], language: str) -> None:
    marked = courtesy.markers(texts, language)
    assert len(marked) == len(texts)
    assert np.isfinite(courtesy.net(marked)).all()


def test_auc_is_the_share_of_pairs() -> None:
    value, low, high = benchmark.auc(np.array([3.0, 1.0, 2.0, 0.0]), np.array([True, True, False, False]))
    assert value == pytest.approx(0.75)
    assert low <= value <= high


def test_the_accuracy_is_what_the_benchmark_finds() -> None:
    table = benchmark.requests(shared("benchmarks/politeness") / "wikipedia.annotated.csv")
    rest = ~table["development"].to_numpy()
    scores = courtesy.score(courtesy.markers(table["text"].tolist(), "en"))
    found = benchmark.auc(scores[rest], table["polite"].to_numpy()[rest])
    assert np.round(found, 4).tolist() == [courtesy.AUC.value, courtesy.AUC.low, courtesy.AUC.high]
    assert rest.sum() == courtesy.AUC.n
