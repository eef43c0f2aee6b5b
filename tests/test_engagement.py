import numpy as np
import pytest

from analysis.measures import engagement
from tests.scored_tables import at, scored

NOON = at("2024-05-01 12:00")


def posts(n: int, **columns: object):
    return scored([NOON] * n, ["neutral"] * n, **columns)


def test_only_recorded_parts_are_summed_and_named():
    result = engagement.summary(posts(10, likes=range(10), reposts=[1] * 10))
    assert result.recorded == ("likes", "reposts")
    assert result.total.value == 55
    assert result.total.n == 10
    assert result.median.value == 5.5
    assert result.median.low <= 5.5 <= result.median.high


def test_nothing_recorded_is_not_zero():
    result = engagement.summary(posts(10))
    for part in (result.total, result.median, result.mean, result.views, result.potential_reach):
        assert part.value is None
        assert part.reason == "not_recorded"


def test_a_missing_count_is_no_zero():
    result = engagement.summary(posts(3, likes=[4, None, 6], replies=[0, 0, None]))
    assert result.total.value == 4
    assert result.total.n == 1


def test_a_repost_repeats_the_counts_of_its_original():
    result = engagement.summary(posts(2, likes=[100, 100], kind=["post", "repost"], views=[7, 7]))
    assert result.total.value == 100
    assert result.views.value == 7


def test_reach_takes_each_author_once_at_the_most_followers():
    reach = engagement.potential_reach(posts(3, author=["u_a", "u_a", "u_b"], author_followers=[10, 30, 5]))
    assert reach.value == 35
    assert reach.n == 2


def test_median_interval_holds_the_truth_under_heavy_tails():
    rng, draws = np.random.default_rng(1), 400
    held = 0
    for _ in range(draws):
        values = np.floor(rng.pareto(1.1, 80) * 100)
        median = engagement.median(values, "m")
        held += median.low <= np.floor(100 * (2 ** (1 / 1.1) - 1)) <= median.high
    assert held / draws > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_the_mean_interval_is_the_same_every_time_in_any_order():
    table = posts(50, likes=[int(x) for x in np.random.default_rng(2).pareto(1, 50) * 10])
    first, again = engagement.summary(table), engagement.summary(table.sample(frac=1, random_state=3))
    assert first == again
    assert first.mean.low < first.mean.value < first.mean.high
    assert first.mean.value == pytest.approx(first.total.value / 50)


def test_counts_taken_too_early_are_not_known():
    table = posts(8, likes=[0] * 8, reposts=[3] * 8, views=[9] * 8, source=["a.csv"] * 4 + ["b.csv"] * 4)
    none = engagement.summary(engagement.comparable(table, [{"how": "seen_at_once"}]))
    assert none.total.reason == none.views.reason == "not_recorded"
    one_file = engagement.comparable(table, [{"how": "outnumbered", "files": ["b.csv"]}])
    assert engagement.summary(one_file).total.n == 4
    one_part = engagement.summary(engagement.comparable(table, [{"how": "all_zero", "what": ["likes"]}]))
    assert (one_part.recorded, one_part.total.value) == (("reposts",), 24)
    assert table["likes"].eq(0).all()


def test_counts_that_are_only_a_lower_bound_stay():
    table = posts(3, likes=[1, 2, 3])
    assert engagement.comparable(table, [{"how": "seen_young"}, {"how": "fading"}])["likes"].tolist() == [1, 2, 3]
