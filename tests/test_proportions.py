import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.proportions import difference, effective_n, wilson


def test_wilson_agrees_with_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    for k, n in ((0, 10), (1, 10), (7, 23), (500, 1000), (10, 10)):
        low, high = proportion_confint(k, n, method="wilson")
        share = wilson(k, n)
        assert (share.low, share.high) == pytest.approx((low, high), abs=1e-9)
        assert share.value == k / n


def test_newcombe_agrees_with_statsmodels_and_the_published_example():
    from statsmodels.stats.proportion import confint_proportions_2indep

    gap = difference(56, 70, 48, 80)  # Newcombe 1998, table II, (a), method 10: 0.0524 to 0.3339
    assert (gap.estimate.low, gap.estimate.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    low, high = confint_proportions_2indep(9, 10, 3, 10, method="newcomb")
    assert (difference(9, 10, 3, 10).estimate.low, difference(9, 10, 3, 10).estimate.high) == pytest.approx((low, high))


def test_the_test_of_equal_shares_agrees_with_statsmodels():
    from statsmodels.stats.proportion import proportions_ztest

    assert difference(30, 100, 45, 100).p == pytest.approx(proportions_ztest([30, 45], [100, 100])[1])
    assert difference(0, 10, 0, 20).p == 1.0


def test_nothing_of_nothing_is_refused():
    assert wilson(0, 0).reason == "too_few"
    assert difference(1, 2, 0, 0).estimate.reason == "too_few"
    assert difference(1, 2, 0, 0).p is None
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


@given(st.integers(1, 10**6), st.data())
def test_a_share_lies_within_its_interval(n, data):
    k = data.draw(st.integers(0, n))
    share = wilson(k, n)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_effective_n_is_n_for_authors_of_one_row_and_authors_for_copies():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2, 200)
    assert effective_n(values, np.arange(200))[0] == pytest.approx(200, rel=0.01)
    copies = effective_n(np.repeat(values, 5), np.repeat(np.arange(200), 5))[0]
    assert copies == pytest.approx(200, rel=0.05)
    assert effective_n(np.ones(50), np.repeat(np.arange(10), 5))[0] == pytest.approx(10)
    assert effective_n(np.array([]), np.array([]))[0] == 0
