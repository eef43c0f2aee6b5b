"""The alarm of days: it looks only backwards, hears a rise by its second day, and rings seldom for nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import alarm, daily_alarm
from tests.scored_tables import at

DAY = pd.Timedelta(days=1)
START = at("2025-01-01").as_unit("us")


def quiet(seed: int, days: int = 120, mean: float = 40, noise: float = 0.25) -> pd.Series:
    """Mentions by day: quieter week-ends, noise that remembers."""
    rng = np.random.default_rng(seed)
    index = pd.date_range(START, periods=days, freq="D").as_unit("us")
    drift = np.zeros(days)
    for day in range(1, days):
        drift[day] = 0.5 * drift[day - 1] + rng.normal(0, noise * np.sqrt(0.75))
    level = mean * np.where(index.day_of_week >= 5, 0.6, 1) * np.exp(drift)
    return pd.Series(rng.poisson(level), index=index).astype("Int64")


def planted(seed: int, day: int = 80) -> pd.Series:
    counts = quiet(seed).astype(float)
    counts.iloc[day : day + 5] = counts.iloc[day : day + 5] * 5 + 20
    return counts.round().astype("Int64")


def test_a_rise_is_known_by_the_end_of_its_second_day() -> None:
    late = []
    for seed in range(20):
        counts = planted(seed)
        began = START + 80 * DAY
        first = alarm.knowable(daily_alarm.replay(counts, began), began, began + 7 * DAY)
        late.append((pd.Timestamp(first.value) - began) / DAY if first.value else 99)
        assert first.method == daily_alarm.METHOD
    assert np.mean(np.array(late) <= 3) >= 0.9
    assert min(late) == 2


def test_quiet_days_ring_seldom() -> None:
    rates = [
        alarm.false_alarms(daily_alarm.replay(quiet(seed, noise=0.3), START), START + 119 * DAY).value
        for seed in range(30)
    ]
    assert np.mean(rates) < 0.3  # 0.07 a month on 30 × 200 days; 30 × 119 here


@settings(max_examples=20, deadline=None)
@given(cut=st.integers(1, 119), seed=st.integers(0, 5))
def test_what_comes_later_changes_no_score(cut: int, seed: int) -> None:
    counts = planted(seed)
    whole, part = (daily_alarm.replay(series, START + 80 * DAY).scores for series in (counts, counts.iloc[:cut]))
    pd.testing.assert_series_equal(whole["score"].iloc[:cut], part["score"])


def test_days_not_wholly_seen_are_judged_by_what_was_counted_of_them() -> None:
    counts = planted(3)
    blind = counts.copy()
    blind.iloc[80:82] = pd.NA
    began = START + 80 * DAY
    heard = alarm.knowable(daily_alarm.replay(blind, began, at_least=counts), began, began + 7 * DAY)
    assert heard.value == (began + 2 * DAY).isoformat()
    deaf = alarm.knowable(daily_alarm.replay(blind, began), began, began + 7 * DAY)
    assert deaf.value > heard.value


def test_a_few_mentions_or_days_ring_nothing() -> None:
    few = pd.Series([1] * 60 + [12, 14, 11] + [1] * 5, index=pd.date_range(START, periods=68, freq="D"), dtype="Int64")
    began = START + 60 * DAY
    assert alarm.knowable(daily_alarm.replay(few, began), began, began + 5 * DAY).reason == "no_spike"
    assert daily_alarm.replay(few.iloc[56:], began).warm_up == "none"
    assert daily_alarm.replay(few.iloc[50:], began).warm_up == "short"


def test_hours_are_summed_to_days_seen_whole() -> None:
    hourly = pd.Series(1, index=pd.date_range(START, periods=72, freq="h"), dtype="Int64")
    hourly.iloc[30] = pd.NA
    assert daily_alarm.by_day(hourly).tolist() == [24, pd.NA, 24]
    with pytest.raises(ValueError, match="days"):
        daily_alarm.replay(hourly, START)
