"""Replies from one template are found whatever their order; the boilerplate rate against a simulated truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.boilerplate import FEWEST, boilerplate, by_day
from analysis.scoring.signatures import names, signed, unsigned
from analysis.scoring.templates import ALIKE, SHARED, _alike, _Index, _Signs, masked, templates
from tests.benchmarks.boilerplate import measure, simulated
from tests.test_relevance import HOSTILE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "@u_aaaaaaaaaa Hi Tom, your parcel 123 leaves Ashford today. ^JK",
            "@u_bbbbbbbbbb Hi Ann! Your parcel 98-4 leaves Ashford today /AB",
        ),
        ("Ann, we will look into this for you shortly.", "We will look into this for you shortly, Tom. - Priya"),
        ("Please send us a message at https://a.example/1 🙂", "please send us a message at https://a.example/2"),
        (
            "回复@u_aaaaaaaaaa：王女士您好，您的退款12元将在三天内到账。——小林",
            "@u_bbbbbbbbbb 李先生您好，您的退款8.5元将在三天内到账。（小何）",
        ),
    ],
)  # fmt: skip
def test_names_numbers_links_and_sign_offs_make_no_difference(one: str, other: str) -> None:
    assert masked(one) == masked(other) != ""
    assert templates(pd.Series([one, other])).tolist() == [1, 1]


@pytest.mark.parametrize(
    "text", ["@u_aaaaaaaaaa You're welcome! ^JK", "谢谢您的理解", "12345", "", "https://a.example", "@u_aaaaaaaaaa"]
)
def test_too_little_is_no_template(text: str) -> None:
    assert masked(text) == ""
    assert templates(pd.Series([text, text])).isna().all()


def test_small_changes_are_one_template_and_another_sentence_is_none() -> None:
    stock = "We apologise for any inconvenience caused. Your message has been forwarded to the responsible department."
    texts = pd.Series(
        [
            stock,
            stock.replace("any ", ""),
            stock.replace("responsible", "relevent"),
            "We apologise for any inconvenience caused. Your brother's boots are drying beside our heater in Ashford.",
            None,
        ],
        index=[5, 3, 9, 1, 7],
    )
    found = templates(texts)
    assert found.index.tolist() == [5, 3, 9, 1, 7]
    assert found.astype(object).where(found.notna(), None).tolist() == [1, 1, 1, None, None]


def test_the_order_of_rows_changes_nothing_but_their_order() -> None:
    texts = simulated(600, seed=3)["text"]
    found = templates(texts)
    turned = texts.sample(frac=1, random_state=1)
    assert templates(turned).reindex(texts.index).equals(found)


def test_no_pair_is_passed_over() -> None:
    """What the index finds is what comparing every form with every other finds."""
    from rapidfuzz.fuzz import ratio

    forms = sorted({form for form in simulated(700, seed=5)["text"].map(masked) if form})
    signs = _Signs.of(forms)
    places = np.arange(len(forms))
    index = _Index(signs)
    index.add(places)
    one, other = _alike(forms, *index.near(places))
    words = [set(np.flatnonzero(np.unpackbits(row))) for row in signs.bits]
    expected = {
        (a, b)
        for a in places.tolist()
        for b in places.tolist()
        if len(words[a] ^ words[b]) <= (1 - SHARED) * (len(words[a]) + len(words[b])) + 1e-9
        and ratio(forms[a], forms[b]) >= ALIKE
    }
    assert set(zip(one.tolist(), other.tolist(), strict=True)) == expected
    assert len(expected) > len(forms)


def test_simulated_templates_are_found() -> None:
    table = simulated(3_000, seed=1)
    told = measure(table["template"], templates(table["text"]))
    assert told["precision"][0] >= 0.99
    assert told["recall"][0] >= 0.95  # less than of 100,000: rare templates have few forms to be alike to


WRITTEN = st.sampled_from([text.encode("utf-8", "replace").decode() for text in HOSTILE]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=80
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WRITTEN, max_size=12))
def test_any_text_will_do(texts: list[str]) -> None:
    found = templates(pd.Series(texts, dtype="string"))
    assert len(found) == len(texts)
    sizes = found.value_counts()
    assert (sizes > 1).all()


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("We look into it. ^JK", True), ("Thanks for waiting /AB https://t.example/x", True),
        ("We look into it - Tom", True),
        ("Kind regards, Tom", True),
        ("已处理。——小林", True), ("已处理（小何）", True),
        ("您好，我是客服小王，我来处理。", True),
        ("This is Ann from the depot, I call you.", True), ("open 24/7", False), ("a well-known thing", False),
        ("请查看（帮助页）", False), ("We look into it.", False),
    ],
)  # fmt: skip
def test_sign_offs(text: str, signs: bool) -> None:
    assert signed(text) is signs
    if not signs:
        assert unsigned(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi Tom, we look", ["Tom"]), ("Ann, we look", ["Ann"]), ("Safe travels, Tom.", ["Tom"]),
        ("Sorry, we look", []), ("Hi there, we look", []), ("We fly to Paris, France.", []), ("王女士您好", ["王女士"]),
        ("各位女士您好", []),
        ("Unfortunately, we cannot", []), ("We open on Monday, Tuesday.", []),
    ],
)  # fmt: skip
def test_names_spoken_to(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in names(text)] == expected


def replies(template: list[int | None], customer: list[str | None] | None = None) -> pd.DataFrame:
    n = len(template)
    return pd.DataFrame(
        {
            "id": [f"{number:06d}" for number in range(n)],
            "published_at": pd.date_range("2025-07-01", periods=n, freq="h", tz="UTC"),
            "template": pd.array(template, dtype="Int64"),
            "customer": pd.array(customer or [f"c{number}" for number in range(n)], dtype="string"),
        }
    )


def test_the_rate_counts_texts_that_went_to_another_customer() -> None:
    table = replies(
        [1] * 10 + [2] * 5 + [None] * 25, [*(f"c{n}" for n in range(10)), *(["d"] * 5), *(f"e{n}" for n in range(25))]
    )
    found = boilerplate(table)
    assert found.rate.value == pytest.approx(10 / 40)  # the five of template 2 went to one customer
    assert float(found.rate.low or 0) < 0.25 < float(found.rate.high or 0)
    assert found.templates.to_dict("records") == [{"template": 1, "replies": 10, "customers": 10}]
    assert found.largest.value == pytest.approx(10 / 40)
    assert found.trend.estimate.reason == "too_few"
    days = by_day(table, found.templates, "Asia/Shanghai")
    assert days[["first", "second", "third", "others", "own"]].sum().tolist() == [10, 0, 0, 0, 30]


def test_the_effective_number_of_texts() -> None:
    assert boilerplate(replies([1] * 30)).effective.value == pytest.approx(1)
    assert boilerplate(replies([None] * 30)).effective.value == pytest.approx(30)
    assert boilerplate(replies([1, 2] * 15)).effective.value == pytest.approx(2)


def test_a_text_that_is_repeated_more_and_more_is_seen() -> None:
    found = boilerplate(replies([None] * 40 + [1] * 40 + [1] * 40))
    assert found.trend.p is not None
    assert found.trend.p < 0.001
    assert float(found.trend.estimate.value or 0) == pytest.approx(1)


def test_few_replies_and_none_are_refused() -> None:
    for table in (replies([1] * (FEWEST - 1)), replies([])):
        found = boilerplate(table)
        assert (found.rate.reason, found.effective.reason, found.largest.reason) == ("too_few",) * 3


def test_intervals_hold_the_truth() -> None:
    rng, held = np.random.default_rng(0), 0
    for _ in range(200):
        drawn = [1 if stock else None for stock in rng.random(150) < 0.4]
        rate = boilerplate(replies(drawn)).rate
        held += float(rate.low or 0) <= 0.4 <= float(rate.high or 0)
    assert held / 200 >= 0.9
