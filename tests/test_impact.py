import time

import numpy as np
import pandas as pd
import pytest

from analysis.measures import impact, ordinary
from tests.benchmarks.impact_coverage import ERRORS, START, covers, sees, series

HOUR = pd.Timedelta(hours=1)


def estimate(counts: pd.Series, hours: int = 24, **named: object) -> impact.Impact:
    return impact.estimate(counts, START, START + hours * HOUR, **named)


@pytest.mark.parametrize("kind", ERRORS)
def test_the_interval_holds_no_effect_where_there_is_none(kind):
    draws = 150
    assert covers(kind, 24, draws, seed=5, days=28) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_the_interval_holds_where_mentions_are_few():
    draws = 100
    assert covers("white", 24, draws, seed=5, days=28, mean=0.8) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_a_tenfold_rise_is_always_seen():
    assert all(sees(kind, 72, 10, 20, seed=3) == 1 for kind in ERRORS)


def test_the_effect_is_what_was_added():
    counts = series("white", 56, 48, np.random.default_rng(7))
    added = counts.copy()
    added[START:] += 100
    result = estimate(added, 48)
    assert result.effect.low < 4800 < result.effect.high
    assert result.effect.value == pytest.approx(added[START:].sum() - result.expected.value)
    assert result.relative.low < 4800 / counts[START:].sum() < result.relative.high
    assert result.blocks == 28
    assert len(result.placebo) == 28
    assert result.placebo["end"].iloc[-1] == START
    assert result.band["expected"].sum() == pytest.approx(result.expected.value)
    assert (result.band["low"] < result.band["expected"]).all()


def test_a_control_that_shares_the_variation_narrows_the_interval():
    rng = np.random.default_rng(8)
    counts = series("AR(1)", 56, 24, rng)
    twin = pd.DataFrame({"rival": rng.poisson(counts)}, index=counts.index)
    alone, beside = estimate(counts).relative, estimate(counts, controls=twin).relative
    assert beside.high - beside.low < 0.6 * (alone.high - alone.low)


def test_too_short_a_time_before_is_refused_with_the_days_it_needs():
    result = estimate(series("white", 20, 72, np.random.default_rng(0)), 72)
    assert result.effect.reason == result.expected.reason == result.relative.reason == "short_baseline"
    assert (result.days_needed, result.days_seen) == (27, 20)
    assert result.band.empty
    assert result.placebo.empty


def test_unseen_hours_are_refused_in_the_incident_and_just_before_it():
    counts = series("white", 28, 24, np.random.default_rng(0)).astype("Int64")
    during, before, long_ago = counts.copy(), counts.copy(), counts.copy()
    during[START + 3 * HOUR] = pd.NA
    before[START - 100 * HOUR] = pd.NA
    long_ago[counts.index[5]] = pd.NA
    assert estimate(during).effect.reason == "not_seen"
    assert estimate(before).effect.reason == "not_seen"
    assert estimate(long_ago).effect.value is not None
    assert estimate(counts[:START]).effect.reason == "not_seen"
    assert estimate(counts[START:]).effect.reason == "short_baseline"


def test_empty_nights_and_an_empty_archive_do_not_break_it():
    counts = series("bursts", 28, 24, np.random.default_rng(1), mean=1.0)
    counts[counts.index.hour < 8] = 0
    assert estimate(counts).effect.value is not None
    assert estimate(counts * 0).effect.reason == "too_few"
    assert estimate(counts[:0]).effect.reason == "not_seen"
    assert estimate(series("white", 28, 24, np.random.default_rng(1), mean=0.3)).effect.reason == "too_few"


def test_the_placebos_rank_the_incident():
    counts = series("white", 56, 48, np.random.default_rng(7))
    quiet = estimate(counts, 48)
    counts[START:] *= 3
    loud = estimate(counts, 48)
    assert loud.as_far == 0
    assert loud.rank.value == pytest.approx(1 / 29)
    assert quiet.as_far > 0
    assert loud.observed == counts[START:].sum()
    assert loud.placebo["ratio"].mean() == pytest.approx(1, abs=0.05)


def test_the_regression_agrees_with_statsmodels():
    import statsmodels.api as sm

    counts = series("AR(1)", 28, 24, np.random.default_rng(2))
    design = ordinary.seasons(counts.index, counts.index[0], None)
    fit = ordinary.regression(counts.to_numpy(dtype=float), design)
    family = sm.families.NegativeBinomial(alpha=fit.alpha)
    reference = sm.GLM(counts.to_numpy(), design, family=family).fit().params
    assert np.allclose(fit.coefficients, reference, atol=1e-3)


def test_it_takes_less_than_a_tenth_of_a_second():
    counts = series("white", 56, 72, np.random.default_rng(0))
    estimate(counts, 72)
    begun = time.process_time()
    for _ in range(5):
        estimate(counts, 72)
    assert (time.process_time() - begun) / 5 < 0.1


def net_series(rng: np.random.Generator, days: int, hours: int, shift: float = 0.0) -> tuple[pd.Series, pd.Series]:
    scored = series("white", days, hours, rng)
    drift = np.zeros(len(scored))
    for i in range(1, len(drift)):
        drift[i] = 0.9 * drift[i - 1] + rng.normal(0, 0.04)
    chance = np.clip(0.35 + drift + shift * np.asarray(scored.index >= START), 0.02, 0.98)
    positive = rng.binomial(scored, chance)
    return pd.Series(2 * positive - scored.to_numpy(), index=scored.index), scored


def test_the_shift_of_net_sentiment_is_found_and_null_shifts_are_held():
    rng, draws, held = np.random.default_rng(9), 100, 0
    for _ in range(draws):
        effect = impact.net_estimate(*net_series(rng, 28, 24), START, START + 24 * HOUR).effect
        held += effect.low <= 0 <= effect.high
    assert held / draws >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)
    fall = impact.net_estimate(*net_series(rng, 28, 24, shift=-0.3), START, START + 24 * HOUR)
    assert fall.effect.high < 0
    assert fall.effect.unit == "net"
    assert "gap" in fall.placebo


def test_net_sentiment_without_scored_mentions_is_refused():
    votes, scored = net_series(np.random.default_rng(1), 28, 24)
    scored[START:] = 0
    assert impact.net_estimate(votes, scored, START, START + 24 * HOUR).effect.reason == "too_few"
