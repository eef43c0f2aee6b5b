"""The decay after a peak: half-life near a truth that was simulated, waves, the way back, and every refusal."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import decay, recovery
from analysis.measures.ordinary import Noise, noise, ordinary
from tests.benchmarks import half_life as benchmark
from tests.benchmarks.half_life import World

HOUR = pd.Timedelta(hours=1)
FAST = recovery.Rule(draws=60)


def one(
    kind: str = "exponential", seed: int = 1, world: World | None = None
) -> tuple[pd.Series, pd.Timestamp, pd.Timestamp]:
    return benchmark.drawn(kind, world or World(), np.random.default_rng(seed))


def measured(counts: pd.Series, onset: pd.Timestamp, peak: pd.Timestamp) -> recovery.Recovery:
    return recovery.measure(counts, ordinary(counts, onset), onset, peak + 72 * HOUR, rule=FAST)


@pytest.mark.parametrize("kind", ["exponential", "power law", "two waves"])
def test_the_half_life_is_near_the_truth_and_its_interval_holds_it(kind):
    runs, truth = 16, World().half_life
    rng = np.random.default_rng(7)
    found = [benchmark.once(kind, World(), rng, FAST).half_life for _ in range(runs)]
    values = np.array([float(half.value) for half in found])
    inside = np.mean([float(half.low) <= truth <= float(half.high) for half in found])
    assert inside >= 0.93 - 2.5 * np.sqrt(0.93 * 0.07 / runs)
    spread = np.log(values).std() / np.sqrt(runs)
    assert abs(np.log(values).mean() - np.log(truth)) < 0.25 + 2.5 * spread


def test_two_waves_are_two_and_one_is_one():
    counts, onset, peak = one("two waves", 3, World(half_life=40.0))
    found = measured(counts, onset, peak)
    assert len(found.waves) == 2
    assert found.decline is not None
    assert found.decline.stopped == "wave"
    assert found.aftershocks == 1
    assert abs(found.waves["peak"].iloc[1] - peak - 120 * HOUR) <= 12 * HOUR
    assert measured(*one("exponential", 3)).aftershocks == 0


def test_an_excess_that_sleeps_at_night_is_no_new_wave_each_morning():
    counts, onset, peak = one("exponential", 5, World(peak=0.0001))
    usual = ordinary(counts, onset)
    since = np.asarray((counts.index - peak) / HOUR)
    beat = (usual.level / usual.level.mean()).to_numpy()
    rising = np.clip((since + 4) / 4, 0, 1) * 0.5 ** (np.maximum(since, 0) / 36)
    loud = counts + np.random.default_rng(0).poisson(200 * beat * rising)
    found = measured(loud, onset, peak)
    assert found.decline is not None
    assert found.decline.span.rhythm.std() > 0.1
    assert len(found.waves) == 1
    assert float(found.half_life.low) < 36 < float(found.half_life.high)


def test_without_noise_all_is_exact():
    counts, onset, _ = one("exponential", 1, World(noise=Noise(0.0, 0.0, 1e-6), rate=400.0))
    found = measured(counts, onset, onset + 4 * HOUR)
    assert found.half_life.value == pytest.approx(16, rel=0.1)
    assert found.empirical.value == pytest.approx(16, abs=2)
    assert found.exponential
    # The excess is under a fifth of the ordinary after log2(8 / 0.2) half-lives, by night and day.
    assert found.volume.value == pytest.approx(16 * np.log2(40), rel=0.25)


def test_a_slow_tail_after_a_fast_fall_is_not_called_exponential():
    counts, onset, peak = one("exponential", 2, World(peak=0.0001, rate=40.0))
    since = np.asarray((counts.index - peak) / HOUR)
    fall = 400 * (0.85 * 0.5 ** (since / 2) + 0.15 * 0.5 ** (since / 60)) * (since >= 0)
    found = measured(counts + np.random.default_rng(0).poisson(fall), onset, peak)
    assert found.empirical.value is not None
    assert float(found.empirical.value) <= 4


def test_where_the_archive_ends_first_it_took_longer_than_that():
    counts, onset, peak = one("exponential", 4, World(half_life=40.0))
    found = measured(counts[: peak + 30 * HOUR], onset, peak)
    assert (found.volume.value, found.volume.reason) == (None, "censored")
    assert 0 < float(found.volume.low) < 40
    assert found.empirical.reason in (None, "censored")


def test_a_gap_ends_what_can_be_said():
    counts, onset, peak = one("exponential", 4)
    blind = counts.copy()
    blind[peak + 20 * HOUR : peak + 26 * HOUR] = np.nan
    found = measured(blind, onset, peak)
    assert (found.volume.value, found.volume.reason) == (None, "not_seen")
    assert found.decline is not None
    assert found.decline.stopped == "not_seen"
    assert len(found.decline.counts) < 26
    blind[onset : peak + 2 * HOUR] = np.nan
    assert measured(blind, onset, peak).half_life.reason in ("not_seen", "low_peak")
    early = counts.copy()
    early[peak - 3 * HOUR] = np.nan
    assert measured(early, onset, peak).half_life.reason == "not_seen"
    soon = counts.copy()
    soon[peak + 8 * HOUR :] = np.nan
    assert measured(soon, onset, peak).half_life.reason == "censored"


def test_what_cannot_be_held_against_anything_is_refused():
    counts, onset, peak = one()
    low = one(world=World(peak=0.3))
    assert measured(*low).half_life.reason == "low_peak"
    short = counts[onset - 48 * HOUR :]
    assert measured(short, onset, peak).half_life.reason == "short_baseline"
    assert measured(counts[onset:], onset, peak).half_life.reason == "no_baseline"
    quiet = counts.where(counts.index >= onset, 0)
    assert measured(quiet, onset, peak).half_life.reason == "no_baseline"


def test_the_same_series_gives_the_same_answer():
    first, second = (measured(*one(seed=6)) for _ in range(2))
    assert first.half_life == second.half_life
    pd.testing.assert_frame_equal(first.hours, second.hours)


def test_noise_is_found_again():
    rng = np.random.default_rng(0)
    mean = np.full((1, 24 * 300), 30.0)
    found = noise(Noise(0.8, 0.06, 0.05).draw(rng, mean)[0], mean[0])
    assert found.memory == pytest.approx(0.8, abs=0.08)
    assert found.slow == pytest.approx(0.06, abs=0.015)
    assert found.quick == pytest.approx(0.05, abs=0.015)


def test_the_curve_and_its_slopes_agree():
    span = decay.Span(np.arange(60.0), np.full((1, 60), 5.0), np.ones((1, 60)), 0.1, np.eye(60), turn=20.0)
    theta = np.array([[3.0, 2.5, 0.7, 0.1, 0.02]])
    slopes = decay._model(theta, span)[1][0]
    for place in range(5):
        step = np.zeros((1, 5))
        step[0, place] = 1e-5
        change = (decay.mean(theta + step, span) - decay.mean(theta - step, span))[0] / 2e-5
        np.testing.assert_allclose(slopes[place], change, rtol=1e-4, atol=1e-6)
    assert decay.rate(theta, 20.0)[0] == pytest.approx(
        -np.log(decay.excess(theta[:, :4], _at(span, 20.001)) / decay.excess(theta[:, :4], _at(span, 20.0)))[0, 0]
        / 0.001,
        rel=1e-3,
    )


def _at(span: decay.Span, hour: float) -> decay.Span:
    return decay.Span(np.array([hour]), np.ones((1, 1)), np.ones((1, 1)), 0.1, np.eye(1))
