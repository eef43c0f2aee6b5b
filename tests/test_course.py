"""Whether a decay turned: seldom where it did not, often where it did, at its place, or a reason."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.measures import course, recovery
from analysis.measures.ordinary import Ordinary, ordinary
from tests.benchmarks import half_life, response_effect
from tests.benchmarks.half_life import World

HOUR = pd.Timedelta(hours=1)
WORLD = response_effect.WORLDS["as told"]
LOUD = replace(WORLD, peak=20.0, faster=4.0)


def case(
    world: World = LOUD, seed: int = 2, kind: str = "exponential"
) -> tuple[recovery.Recovery, Ordinary, pd.Timestamp]:
    counts, onset, peak = half_life.drawn(kind, world, np.random.default_rng(seed))
    usual = ordinary(counts, onset)
    rule = recovery.Rule(draws=20)
    return recovery.measure(counts, usual, onset, peak + 96 * HOUR, rule=rule), usual, peak


def effect(found: recovery.Recovery, usual: Ordinary, moment: pd.Timestamp, **more: int) -> course.Effect:
    assert found.decline is not None
    return course.effect(found.decline, usual, moment, found.half_life, rule=course.Rule(**more))


def test_no_effect_is_seldom_seen():
    runs = 30
    got = response_effect.summary("exponential", WORLD, runs, seed=11)
    assert got["seen"] <= 0.06 + 2.5 * np.sqrt(0.06 * 0.94 / runs)
    assert got["refused"] < 0.3


def test_a_decay_four_times_as_fast_is_often_seen():
    runs = 16
    got = response_effect.summary("exponential", replace(WORLD, faster=4.0), runs, seed=12)
    assert got["seen"] >= 0.62 - 2.5 * np.sqrt(0.62 * 0.38 / runs)
    assert 2 < got["times"] < 7


def test_a_turn_is_where_it_is_and_not_where_else_the_curve_bends():
    found, usual, peak = case()
    there, later = effect(found, usual, peak + 24 * HOUR), effect(found, usual, peak + 40 * HOUR)
    assert there.p is not None
    assert there.p < 0.05
    assert there.placed
    assert float(there.faster.low) <= 4 <= float(there.faster.high)
    assert not later.placed


def test_a_turn_for_the_worse_is_no_effect():
    found, usual, peak = case(replace(LOUD, faster=0.3))
    slower = effect(found, usual, peak + 24 * HOUR)
    assert slower.p is None or slower.p > 0.5


@pytest.mark.parametrize(("hours", "reason"), [(-3, "too_early"), (1, "too_early"), (200, "faded")])
def test_moments_that_cannot_be_tested(hours, reason):
    found, usual, peak = case(replace(LOUD, faster=1.0))
    refusal = effect(found, usual, peak + hours * HOUR)
    assert (refusal.faster.value, refusal.faster.reason, refusal.p) == (None, reason, None)


def test_too_few_quiet_windows_are_refused():
    found, usual, peak = case(replace(LOUD, before=30))
    assert effect(found, usual, peak + 24 * HOUR).faster.reason == "short_baseline"


def test_a_second_wave_or_a_gap_over_it_is_refused():
    found, usual, peak = case(replace(LOUD, faster=1.0, half_life=40.0), kind="two waves", seed=3)
    assert found.decline is not None
    assert effect(found, usual, peak + 115 * HOUR).faster.reason in ("second_wave", "faded")
    blind = replace(found.decline, stopped="not_seen")
    moment = found.decline.peak + (len(blind.counts) - 5) * HOUR
    assert course.effect(blind, usual, moment, found.half_life).faster.reason == "not_seen"


def test_the_same_series_gives_the_same_answer():
    found, usual, peak = case()
    assert effect(found, usual, peak + 24 * HOUR) == effect(found, usual, peak + 24 * HOUR)
