import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import concentration
from tests.scored_tables import at, hours, scored

START = at("2025-07-09")


def test_equal_authors_and_one_who_has_all():
    equal, one = concentration.of(np.ones(200)), concentration.of(np.r_[np.zeros(199), 500.0], minimum=1)
    assert (equal.gini.value, equal.top1.value, equal.top10.value) == pytest.approx((0, 0.01, 0.1))
    assert (equal.effective.value, equal.half.value) == pytest.approx((200, 100))
    assert (one.gini.value, one.top1.value, one.effective.value, one.half.value) == pytest.approx((1, 1, 1, 1))
    assert equal.gini.low == equal.gini.high == equal.gini.value
    assert (equal.curve["authors"].iloc[-1], equal.curve["held"].iloc[-1]) == pytest.approx((1, 1))


@given(st.lists(st.integers(0, 1000), min_size=30, max_size=60).filter(any))
def test_gini_is_the_mean_difference_of_all_pairs(totals: list[int]):
    values = np.array(totals, dtype=float)
    found = concentration.of(values, minimum=1)
    n = len(values)
    apart = np.abs(values[:, None] - values[None, :]).sum() / (n * (n - 1))
    assert found.gini.value == pytest.approx(apart / (2 * values.mean()))
    assert 0 < float(found.top1.value) <= float(found.top10.value) <= 1
    assert 1 - 1e-9 <= float(found.effective.value) <= n + 1e-9
    largest = np.sort(values)[::-1]
    assert largest[: int(found.half.value)].sum() >= values.sum() / 2 - 1e-6


def test_the_small_sample_bias_is_taken_away():
    rng = np.random.default_rng(1)
    truth = 0.5204998778  # of a lognormal population with sigma 1
    found = [float(concentration.of(rng.lognormal(0, 1, 30)).gini.value) for _ in range(400)]
    assert np.mean(found) == pytest.approx(truth, abs=0.03)


def test_few_authors_and_no_total_are_refused():
    assert concentration.of(np.ones(29)).gini.reason == "too_few"
    assert concentration.of(np.zeros(100)).top1.reason == "too_few"
    assert concentration.of(np.r_[np.zeros(500), np.ones(29)]).half.reason == "too_few"
    assert concentration.of(np.ones(29)).curve.empty


def test_totals_of_authors_leave_out_reposts_and_what_is_not_recorded():
    rows = scored(
        [START] * 5,
        ["negative"] * 5,
        author=["u_a", "u_a", "u_b", "u_c", None],
        kind=["post", "post", "repost", "post", "post"],
        likes=[3, 4, 100, None, 7],
    )
    assert sorted(concentration.per_author(rows, "mentions")) == [1, 1, 2]
    assert sorted(concentration.per_author(rows, "reactions")) == [7]


def test_stretches_before_are_as_long_and_wholly_seen():
    times = [START - pd.Timedelta(minutes=20 * number + 1) for number in range(4 * 72)]
    rows = scored(times, ["negative"] * len(times))
    seen = hours("2025-07-05", "2025-07-10", [("2025-07-07T03", "2025-07-07T04")], "partial")
    table = concentration.against_before(rows, seen, START, START + pd.Timedelta(days=1), "mentions")
    assert table["start"].tolist() == [at("2025-07-08"), at("2025-07-06"), at("2025-07-05")]
    assert table["top10"].tolist() == pytest.approx([0.1] * 3, abs=0.01)
