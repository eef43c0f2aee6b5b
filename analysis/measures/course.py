"""Whether an excess died away faster after something was done: the decay with and without a turn at that moment.

Where hours follow each other, a segmented regression finds a turn in 23 to 50% of curves that have none. So the null
distribution is made: the decay without a turn, laid over quiet stretches of the same archive, with the noise that was
seen, and fitted again with and without. What stands out of that is an association; responses are timed by how bad it
is, and a moment that was chosen after looking at the curve proves nothing.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.measures import decay
from analysis.measures.estimate import Estimate, refused
from analysis.measures.ordinary import Noise, Ordinary, noise
from analysis.measures.recovery import Decline

METHOD = "likelihood ratio of a turn in a Lomax decay, against the decay laid over quiet windows"


@dataclass(frozen=True)
class Rule:
    """`early` is the part of half the half-life before which a moment is too early; `left` the ordinary levels of
    excess that must be left at it; `windows` the quiet stretches that must be there; `draws` the null series; `before`
    and `after` the hours that must have been seen on either side; `longest` the hours of decay that are looked at;
    `elsewhere` the log-likelihood that another moment may be ahead by: half the 95%
    point of chi-square with one degree of freedom; `worth` the p from which on nobody asks where a turn would be.
    """

    early: float = 0.5
    left: float = 1.0
    windows: int = 39
    draws: int = 199
    before: int = 4
    after: int = 12
    longest: int = 168
    elsewhere: float = 1.92
    worth: float = 0.1


@dataclass(frozen=True)
class Effect:
    """`faster`: how many times faster the excess went after the moment (unit "ratio"; its interval is that of the
    curvature of the likelihood), refused where it could not be tested. `p`: how often a decay without a turn shows one
    as clear. `placed`: whether the turn may lie there (None where there is none to place), the likelihood of any other
    moment being no more than `Rule.elsewhere` above it: a curve that turned on Friday also bends where Thursday's
    statement is. `excess`: mentions an hour above the ordinary at the moment; `hours` after the peak.
    """

    faster: Estimate
    p: float | None
    excess: float | None
    hours: float | None
    placed: bool | None = None


def effect(fall: Decline, usual: Ordinary, moment: pd.Timestamp, half: Estimate, *, rule: Rule | None = None) -> Effect:
    """Whether the decay `fall` turned at `moment` (UTC); `half` is its half-life.

    Refused as "too_early" before the peak, or far before half the half-life; "faded" where less than `rule.left` times
    the ordinary was left; "second_wave", "not_seen" or "censored" where the decay was not seen for `rule.after` hours
    after it; "short_baseline" where there are not `rule.windows` quiet stretches of the same hours.
    """
    rule = rule or Rule()
    at = float((moment - fall.peak) / pd.Timedelta(hours=1))
    n = len(fall.counts)
    if half.value is None and half.low is None:
        return Effect(refused("ratio", str(half.reason), METHOD, n), None, None, at)
    known = float(half.value if half.value is not None else half.low or 0)
    if at < max(rule.early * known / 2, rule.before):
        return Effect(refused("ratio", "too_early", METHOD, n), None, None, at)
    if at + rule.after > n:
        why = {"wave": "second_wave", "whole": "faded"}.get(fall.stopped, fall.stopped)
        return Effect(refused("ratio", why, METHOD, n), None, None, at)
    hour = int(at)
    near = slice(max(hour - 2, 0), hour + 1)
    over = float((fall.counts[near] - fall.span.level[0, near]).mean())
    fitted = float(decay.excess(fall.curve, fall.span)[0, hour])
    left = min(over, fitted) if fitted < 1.5 * over else over
    if left < rule.left * float(fall.span.level.mean()):
        return Effect(refused("ratio", "faded", METHOD, n), None, over, at)
    size = min(n, rule.longest, max(int(at + 4 * known), hour + 48))
    size = max(size, hour + rule.after)
    quiet = _windows(usual, fall.peak, size)
    if len(quiet) < rule.windows:
        return Effect(refused("ratio", "short_baseline", METHOD, len(quiet)), None, over, at)
    return _tested(_cut(fall, size), usual, quiet, at, over, rule)


def _cut(fall: Decline, size: int) -> Decline:
    part = replace(
        fall.span,
        hours=fall.span.hours[:size],
        level=fall.span.level[:, :size],
        rhythm=fall.span.rhythm[:, :size],
    )
    return replace(fall, counts=fall.counts[:size], span=part)


def _windows(usual: Ordinary, peak: pd.Timestamp, size: int) -> list[np.ndarray]:
    """Places in the quiet time of stretches of `size` wholly seen hours that begin at the peak's hour of the day."""
    seen = usual.quiet.notna().to_numpy()
    whole = np.concatenate([[0], np.cumsum(seen)])
    starts = np.flatnonzero(pd.DatetimeIndex(usual.quiet.index).hour == peak.hour)
    starts = starts[starts + size <= len(seen)]
    kept = starts[whole[starts + size] - whole[starts] == size]
    return [np.arange(start, start + size) for start in kept]


def _tested(fall: Decline, usual: Ordinary, quiet: list[np.ndarray], at: float, over: float, rule: Rule) -> Effect:
    counts, size = fall.counts[None], len(fall.counts)
    smooth = pd.Series(fall.counts).rolling(12, center=True, min_periods=1).mean().to_numpy()
    still = np.maximum(smooth, fall.span.level[0])
    span = replace(fall.span, spread=usual.spread(size), weights=decay.weights(still, fall.noise))
    straight = _either(counts, span, None)
    expected = decay.mean(straight.parameters, span)[0]
    span = replace(span, weights=decay.weights(expected, fall.noise))
    without = _either(counts, span, straight.parameters).parameters
    _, turned = _ratio(counts, span, at, without)
    restless = usual.noise.larger(noise(fall.counts, decay.mean(turned, replace(span, turn=at))[0]))
    span = replace(span, weights=decay.weights(expected, restless))
    found, turned = _ratio(counts, span, at, without)
    null, level = _null(without, span, usual, quiet, restless, rule)
    drawn, _ = _ratio(null, replace(span, level=level), at, without)
    p = float((1 + (drawn >= found[0]).sum()) / (1 + len(drawn)))
    before, turn = float(decay.rate(turned, at)[0]), float(turned[0, 4])
    half = 1.96 * decay.error(turned, replace(span, turn=at))[4]
    times = [max(1 + (turn + shift) / before, 0.0) for shift in (0.0, -half, half)]
    placed = None
    if p < rule.worth:
        others = range(rule.before, size - rule.after, 2)
        best = max(float(_ratio(counts, span, float(hour), without)[0][0]) for hour in others)
        placed = float(found[0]) >= best - rule.elsewhere
    return Effect(Estimate(times[0], "ratio", size, METHOD, times[1], times[2]), p, over, at, placed)


def _ratio(counts: np.ndarray, span: decay.Span, at: float, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By how much a turn at `at` makes each row likelier (negative where it would be a turn for the worse), and the
    curves with it."""
    plain = _either(counts, span, start)
    begin = np.column_stack([plain.parameters, np.zeros(len(counts))])
    turned = _either(counts, replace(span, turn=at), begin)
    return np.sign(turned.parameters[:, 4]) * np.maximum(turned.fit - plain.fit, 0.0), turned.parameters


def _either(counts: np.ndarray, span: decay.Span, start: np.ndarray | None) -> decay.Curves:
    """Of a Lomax and an exponential the likelier, for each row: a Lomax alone would turn to become an exponential."""
    lomax, plain = decay.fit(counts, span, start), decay.fit(counts, replace(span, shape=decay.EXPONENTIAL), start)
    better = plain.fit > lomax.fit
    parameters = np.where(better[:, None], plain.parameters, lomax.parameters)
    return decay.Curves(parameters, np.maximum(plain.fit, lomax.fit))


def _null(
    curve: np.ndarray, span: decay.Span, usual: Ordinary, quiet: list[np.ndarray], restless: Noise, rule: Rule
) -> tuple[np.ndarray, np.ndarray]:
    """Series without a turn, and the ordinary level of each: the excess of `curve`, with noise of its own, laid over
    each quiet stretch as often as it takes."""
    rng = np.random.default_rng(0)
    rows = np.stack(quiet)[np.arange(rule.draws) % len(quiet)]
    excess = decay.excess(curve, span) * span.rhythm
    added = restless.draw(rng, np.repeat(excess, rule.draws, axis=0))
    return usual.quiet.to_numpy(dtype=float)[rows] + added, usual.level.to_numpy()[rows]
