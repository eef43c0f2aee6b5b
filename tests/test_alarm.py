"""The replayed alarm: it looks only backwards, hears what was planted, and says what it could not judge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import alarm
from tests.benchmarks import alarm as benchmark
from tests.conftest import shared
from tests.scored_tables import at

HOUR = pd.Timedelta(hours=1)
START = at("2025-03-01")


def quiet(seed: int, days: float = 35, step: str = "15min", mean: float = 12.0) -> pd.Series:
    """Mentions with a daily season and clustered noise, in bins of `step`."""
    rng = np.random.default_rng(seed)
    index = pd.date_range(START, periods=int(pd.Timedelta(days=days) / pd.Timedelta(step)), freq=step)
    hour = index.hour + index.minute / 60
    level = mean * (1 + 0.6 * np.sin((hour - 9) / 24 * 2 * np.pi)) * rng.gamma(20, 1 / 20, len(index))
    return pd.Series(rng.poisson(level), index=index).astype("Int64")


def planted(seed: int, times: float = 6.0, day: float = 30, **given: float) -> tuple[pd.Series, pd.Timestamp]:
    """A quiet series with a rise over six hours to `times` the ordinary, from `day` on."""
    counts = quiet(seed, **given)  # type: ignore[arg-type]
    began = START + pd.Timedelta(days=day)
    since = (counts.index - began) / HOUR
    boost = np.where(since >= 0, 1 + (times - 1) * np.minimum(since / 6, 1) * 0.5 ** np.maximum((since - 6) / 24, 0), 1)
    return (counts.astype(float) * boost).round().astype("Int64"), began


def test_a_rise_is_heard_before_its_peak():
    leads = []
    for seed in range(20):
        counts, began = planted(seed, day=30 + 1 / 3)  # at eight: a rise at night is hidden by the day to come
        found = alarm.replay(counts, began)
        first = alarm.knowable(found, began, began + 24 * HOUR)
        leads.append((began + 6 * HOUR - pd.Timestamp(first.value)) / HOUR if first.value else -99)
        assert found.warm_up == "full"
    assert np.mean(np.array(leads) > 0) >= 0.9
    assert np.median(leads) >= 1


def test_quiet_weeks_ring_seldom_and_the_rate_is_within_its_interval():
    rates = [alarm.false_alarms(alarm.replay(quiet(seed), START), START + pd.Timedelta(days=40)) for seed in range(12)]
    assert np.mean([rate.value for rate in rates]) < 4
    for rate in rates:
        assert rate.low <= rate.value <= rate.high
        assert rate.unit == "per_month"


@settings(max_examples=15, deadline=None)
@given(cut=st.integers(400, 2900), seed=st.integers(0, 5))
def test_what_comes_later_changes_no_score(cut, seed):
    counts, began = planted(seed)
    whole = alarm.replay(counts, began).scores
    part = alarm.replay(counts.iloc[:cut], began).scores
    pd.testing.assert_series_equal(whole["score"].iloc[:cut], part["score"])


def test_what_was_not_seen_is_not_judged_and_may_hide_a_sign():
    counts, began = planted(1)
    counts[(counts.index >= began) & (counts.index < began + 5 * HOUR)] = pd.NA
    found = alarm.replay(counts, began)
    first = alarm.knowable(found, began, began + 24 * HOUR)
    assert first.low == began.isoformat() < first.value
    counts[counts.index >= began] = pd.NA
    blind = alarm.knowable(alarm.replay(counts, began), began, began + 24 * HOUR)
    assert (blind.value, blind.reason) == (None, "not_seen")


def test_what_was_collected_of_a_loud_bin_is_loud_enough():
    counts, began = planted(1, times=40)
    part = (counts * 0.4).round().astype("Int64")
    counts[counts.index >= began] = pd.NA
    found = alarm.replay(counts, began, at_least=part)
    first = alarm.knowable(found, began, began + 24 * HOUR)
    assert began.isoformat() == first.low < first.value < (began + 12 * HOUR).isoformat()
    assert alarm.false_alarms(found, began) == alarm.false_alarms(alarm.replay(counts, began), began)


@pytest.mark.parametrize(("day", "warm", "reason"), [(1, "none", "short_baseline"), (5, "short", None)])
def test_a_short_warm_up_is_said(day, warm, reason):
    counts, began = planted(2, day=day)
    found = alarm.replay(counts, began)
    assert found.warm_up == warm
    assert alarm.knowable(found, began, began + 24 * HOUR).reason == reason
    assert alarm.false_alarms(found, began).reason == "short_baseline"


def test_nothing_that_stands_out_is_silence():
    counts = quiet(3)
    found = alarm.replay(counts, START + pd.Timedelta(days=20))
    silent = alarm.knowable(found, START + pd.Timedelta(days=20), START + pd.Timedelta(days=21), threshold=50.0)
    assert (silent.value, silent.reason) == (None, "no_spike")
    assert alarm.alarms(found, 50.0).empty


def test_a_lower_threshold_rings_no_later_and_no_less():
    counts, began = planted(4)
    table = alarm.trade_off(alarm.replay(counts, began), began, began + 24 * HOUR, began + 6 * HOUR)
    assert table["lead_hours"].dropna().is_monotonic_decreasing
    assert table["false_per_month"].iloc[0] >= table["false_per_month"].iloc[-1]


def test_uneven_and_long_bins_are_refused():
    counts = quiet(0, days=2)
    with pytest.raises(ValueError, match="evenly"):
        alarm.replay(counts.drop(counts.index[5]), START)
    with pytest.raises(ValueError, match="at most an hour"):
        alarm.replay(counts.resample("1D").sum(), START)


@pytest.mark.parametrize(("rate", "size"), [(0.0, "1h"), (4.0, "15min"), (11.9, "15min"), (12.0, "5min")])
def test_bins_are_as_fine_as_they_hold_a_mention(rate, size):
    assert alarm.width(rate) == size


@given(
    values=st.lists(st.floats(0, 5) | st.just(float("nan")), min_size=4, max_size=60),
    block=st.integers(1, 20),
)
def test_the_left_profile_is_the_nearest_earlier_shape(values, block):
    y = np.array(values)
    found = alarm.left_profile(y, 4, block)
    for row in range(len(y) - 3):
        earlier = [np.linalg.norm(y[row : row + 4] - y[k : k + 4]) for k in range(row - 3)]
        known = [distance for distance in earlier if not np.isnan(distance)]
        if known and not np.isnan(y[row : row + 4]).any():
            assert found[row] == pytest.approx(min(known), abs=1e-9)
        else:
            assert np.isnan(found[row])


def test_the_scores_of_the_benchmark_are_its_own_extremes():
    costs = {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11}
    windows = [(2000, 2100), (4000, 4200)]
    assert benchmark.normalised(benchmark.raw_score([2000, 4000], 6000, windows, costs), 2, costs) == 100
    assert benchmark.normalised(benchmark.raw_score([], 6000, windows, costs), 2, costs) == 0
    assert benchmark.normalised(benchmark.raw_score([1500], 6000, windows, costs), 2, costs) < 0


def test_labelled_series_are_heard():
    shared("benchmarks/nab/windows.json")
    for one in benchmark.series():
        rows = benchmark.detections(one, "15min", 3)
        assert any(first <= row <= last for row in rows for first, last in one.windows), one.name
