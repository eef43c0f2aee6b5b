"""When sentiment was back, and what was left of it: against weeks that were made, and refused where nothing tells."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import relief
from tests.scored_tables import at, hours, scored

START = at("2025-01-01")
DAY = pd.Timedelta(days=1)
BEFORE, DURING = (START, START + 28 * DAY), (START + 28 * DAY, START + 32 * DAY)
SEEN = hours("2025-01-01", "2025-03-15")


def told(shares: dict[int, float], days: int = 73, daily: int = 12, seed: int = 0) -> pd.DataFrame:
    """`daily` mentions a day; from day k on, `shares[k]` of them are negative, the rest positive."""
    rng = np.random.default_rng(seed)
    times, labels, share = [], [], 0.4
    for day in range(days):
        share = shares.get(day, share)
        for number in range(daily):
            times.append(START + day * DAY + pd.Timedelta(hours=2 * number % 24))
            labels.append("negative" if rng.random() < share else "positive")
    return scored(times, labels)


def test_the_first_week_as_before_is_found():
    found = relief.relief(told({0: 0.4, 28: 0.9, 38: 0.4}), SEEN, BEFORE, DURING, DURING[0])
    assert found.fell
    assert found.back.value == pytest.approx(10, abs=2)
    assert found.back.low == found.back.value


def test_what_never_fell_need_not_come_back():
    assert not relief.relief(told({0: 0.4}), SEEN, BEFORE, DURING, DURING[0]).fell


def test_where_no_week_was_as_before_it_took_longer():
    found = relief.relief(told({0: 0.4, 28: 0.9}), SEEN, BEFORE, DURING, DURING[0])
    assert (found.back.value, found.back.reason) == (None, "censored")
    assert found.back.low == 38
    short = relief.relief(told({0: 0.4, 28: 0.9}), SEEN[SEEN["hour"] < START + 33 * DAY], BEFORE, DURING, DURING[0])
    assert (short.back.low, short.back.reason) == (None, "censored")


def test_weeks_that_tell_nothing_leave_a_bound():
    gap = hours("2025-01-01", "2025-03-15", unseen=[("2025-02-06", "2025-02-07")])
    found = relief.relief(told({0: 0.4, 28: 0.9, 36: 0.4}), gap, BEFORE, DURING, DURING[0])
    assert found.back.value is not None
    assert float(found.back.low) < float(found.back.value) == 9


def test_nothing_before_is_refused():
    late = told({0: 0.9})
    late = late[late["published_at"] >= DURING[0]]
    assert relief.relief(late, SEEN, BEFORE, DURING, DURING[0]).back.reason == "no_baseline"
    few = pd.concat([late, told({0: 0.4}).head(10)])
    assert relief.relief(few, SEEN, BEFORE, DURING, DURING[0]).back.reason == "too_few"


def test_what_is_left_is_told_by_horizon():
    found = relief.residual(told({0: 0.4, 28: 0.9, 50: 0.4}), SEEN, BEFORE, DURING[1])
    assert found["days"].tolist() == [7, 30, 90]
    week, month, quarter = found.to_dict("records")
    assert week["high"] < 0
    assert week["low"] < -1.0 < week["high"]  # twice the half of mentions that turned
    assert month["low"] < 0 < month["high"]
    assert quarter["reason"] == "censored"
    gap = hours("2025-01-01", "2025-03-15", unseen=[("2025-02-06", "2025-02-07")])
    assert relief.residual(told({0: 0.4}), gap, BEFORE, DURING[1])["reason"].iloc[0] == "not_seen"
    assert relief.residual(told({0: 0.4}, daily=2), SEEN, BEFORE, DURING[1])["reason"].iloc[0] == "too_few"


def test_no_change_is_held_by_its_interval():
    runs = 60
    tables = [
        relief.residual(told({0: 0.4}, seed=seed), SEEN, BEFORE, DURING[1], horizons=(7,)) for seed in range(runs)
    ]
    inside = np.mean([row["low"].iloc[0] <= 0 <= row["high"].iloc[0] for row in tables])
    assert inside >= 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / runs)
