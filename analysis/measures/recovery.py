"""How an incident died away: its waves, its half-life, and when mentions were back at their ordinary level (C5).

All of it is excess over the ordinary level of the hour (`ordinary`), learnt before the incident and carried on: a
counterfactual band ends with the incident, and recovery begins there.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.measures import decay
from analysis.measures.estimate import Estimate, refused
from analysis.measures.ordinary import Noise, Ordinary, noise

HOUR = pd.Timedelta(hours=1)
METHOD = "Lomax excess over the seasonal level, interval from series drawn with its noise"
EMPIRICAL = "first three hours whose median excess is at most half the peak's"
VOLUME = "12 h and then 24 h of less than a fifth above the seasonal level"
NOT_EXPONENTIAL = 2.0
"""From this ratio on between fitted and empirical half-life, where the interval does not hold both, the decay is said
not to be exponential (C5)."""

MUCH = 5.0
"""Log-likelihood by which an excess must follow the rhythm of the day better than none to be taken to follow it."""


@dataclass(frozen=True)
class Rule:
    """Thresholds, to change.

    `rise`: how many times its trough an excess must climb again to be a wave; `peak`: how many times the ordinary a
    peak must reach; `shortest` and `longest`: hours of decay that a curve is fitted to; `calm`: share of the ordinary
    under which an excess is over; `draws`: series the interval rests on; `sure`: standard deviations of noise that a
    re-rise must exceed; `small`: the share of the highest excess so far under which a rise is a ripple.
    """

    rise: float = 1.8
    peak: float = 2.0
    shortest: int = 12
    longest: int = 336
    calm: float = 0.2
    draws: int = 200
    sure: float = 2.25
    small: float = 0.1


@dataclass(frozen=True)
class Decline:
    """The hours after the highest peak, and the curve through them.

    `peak` is the hour (UTC) from which hours are counted. `span`, `curve` (1, 4) and `noise` are what the curve is made
    of; `counts` the hours it was fitted to. `stopped` says what ended them: "wave", "not_seen", "censored" (the
    archive's end) or "whole" (`Rule.longest`).
    """

    peak: pd.Timestamp
    counts: np.ndarray
    span: decay.Span
    curve: np.ndarray
    noise: Noise
    stopped: str


@dataclass(frozen=True)
class Recovery:
    """`half_life` and `empirical` in hours after the peak; `exponential`: whether the two agree, None where not known.

    `waves`: number, start, peak (UTC hour starts; the middle of the three highest hours), height (six-hour mean of
    mentions an hour above the ordinary), share (of the highest). `hours`: hour (after the peak), mentions, level,
    excess, curve, low, high; from a day before the peak on; what was not seen is null, curves are null where none was
    fitted. `main` is the number of the highest wave.
    """

    half_life: Estimate
    empirical: Estimate
    exponential: bool | None
    volume: Estimate
    waves: pd.DataFrame
    main: int
    hours: pd.DataFrame
    decline: Decline | None

    @property
    def aftershocks(self) -> int:
        """Waves after the highest."""
        return int((self.waves["number"] > self.main).sum())


def measure(
    counts: pd.Series, usual: Ordinary, start: pd.Timestamp, end: pd.Timestamp, *, rule: Rule | None = None
) -> Recovery:
    """The decay after the highest peak in [start, end), from hourly counts (UTC, null where not wholly seen).

    Refused as "no_baseline" or "short_baseline" without an ordinary level, "not_seen" where hours of [start, peak] or
    too many after the peak were not seen, "low_peak" where the peak is under `rule.peak` times the ordinary,
    "second_wave" where the next rise comes before `rule.shortest` hours of decay, and "censored" where the archive ends
    before the excess has halved (`low`: the hours it surely took).
    """
    rule = rule or Rule()
    y = counts.astype("float64").reindex(usual.level.index)
    if usual.reason:
        return _none(usual.reason)
    inside = y[(y.index >= start.floor("h")) & (y.index < end)]
    if inside.empty or inside.isna().all():
        return _none("not_seen")
    smooth = inside.rolling(3, center=True, min_periods=1).mean()
    peak = pd.Timestamp(smooth.index[int(np.nanargmax(smooth.to_numpy()))])
    if inside[: peak + HOUR].isna().any() or inside[peak:].head(2).isna().any():
        return _none("not_seen")
    near = usual.level[peak - HOUR : peak + HOUR].mean()
    if smooth[peak] < rule.peak * near:
        return replace(_none("low_peak"), hours=_hours(y, usual, peak, None, None))
    whole = _after(y, peak, None, rule)[0]
    follows = rhythm(whole, usual) if len(whole) >= max(rule.shortest, 24) else 0.0
    found = waves(y[start.floor("h") :], usual, follows, rule)
    main = _main(found, peak)
    later = found[found["number"] > main]
    limit = pd.Timestamp(later["start"].iloc[0]) if len(later) else None
    after, stopped = _after(y, peak, limit, rule)
    volume = _volume(y, usual, peak, rule)
    excess = (after - usual.level[after.index]).to_numpy()
    empirical = _empirical(excess, float(smooth[peak] - near), stopped)
    if len(after) < rule.shortest:
        reason = {"wave": "second_wave", "whole": "too_few"}.get(stopped, stopped)
        none = refused("hours", reason, METHOD, len(after))
        return Recovery(none, empirical, None, volume, found, main, _hours(y, usual, peak, None, None), None)
    fall = decline(after, usual, stopped, follows)
    half, drawn = _half_life(fall, usual, rule)
    agree = None
    if half.value is not None and empirical.value is not None:
        counted = float(empirical.value)
        ratio = float(half.value) / max(counted, 0.5)
        agree = 1 / NOT_EXPONENTIAL <= ratio <= NOT_EXPONENTIAL
        agree = agree or float(half.low or 0) <= counted <= float(half.high or np.inf)
    return Recovery(half, empirical, agree, volume, found, main, _hours(y, usual, peak, fall, drawn), fall)


def decline(after: pd.Series, usual: Ordinary, stopped: str, follows: float, rounds: int = 3) -> Decline:
    """The curve through `after`: seen hours in a row, the first of them the peak's; `follows` as in `rhythm`.

    Weights and curve are fitted to each other `rounds` times.
    """
    counts = after.to_numpy(dtype=float)
    level = usual.level[after.index].to_numpy()
    expected = np.maximum(pd.Series(counts).rolling(12, center=True, min_periods=1).mean().to_numpy(), level)
    restless, curve = usual.noise, None
    beat = np.maximum(level / level.mean(), 0.05) ** follows
    hours = np.arange(len(counts), dtype=float)
    for _ in range(rounds):
        weights = decay.weights(expected, restless)
        span = decay.Span(hours, level[None], beat[None], usual.spread(len(counts)), weights)
        curve = decay.averaged(counts[None], span, curve.parts if curve else None)
        expected = decay.mean(curve.parameters, span)[0]
        if restless is usual.noise:
            # Once: weights that follow the residuals of a fit that followed the weights run away.
            restless = usual.noise.larger(noise(counts, expected))
    span = replace(span, weights=decay.weights(expected, restless))
    curve = decay.averaged(counts[None], span, curve.parts if curve else None)
    return Decline(pd.Timestamp(after.index[0]), counts, span, curve.parameters, restless, stopped)


def rhythm(after: pd.Series, usual: Ordinary) -> float:
    """1.0 where the excess follows the rhythm of the day as the ordinary does, 0.0 where it does not.

    Some incidents sleep at night and some do not; where it makes less than `MUCH` of a difference, they do not.
    """
    likely = []
    for follows in (0.0, 1.0):
        fall = decline(after, usual, "whole", follows, rounds=1)
        expected, alpha = decay.mean(fall.curve, fall.span)[0], max(usual.noise.total, 1e-3)
        likely.append(fall.counts @ np.log(expected) - (fall.counts + 1 / alpha) @ np.log1p(alpha * expected))
    return float(likely[1] > likely[0] + MUCH)


def waves(y: pd.Series, usual: Ordinary, follows: float, rule: Rule) -> pd.DataFrame:
    """The waves of consecutive hourly counts: where the excess climbs to `rule.rise` times its trough, beyond noise,
    and to `rule.small` of the highest before it.

    Six-hour means; where the excess `follows` the rhythm of the day it is taken against it, so that no morning is a
    wave. Table as in `Recovery.waves`.
    """
    level = usual.level[y.index]
    total, ground = (part.rolling(6, center=True, min_periods=3).mean().to_numpy() for part in (y, level))
    over = (total - ground) / (ground / np.nanmean(ground)) ** follows
    least = 0.25 * float(level.mean())
    restless = usual.noise
    chance = restless.quick / 6 + 1 / (6 * np.maximum(total, 0.2))
    weight = (total / np.maximum(total - ground, 0.25 * ground)) ** 2

    def unsure(low: int, high: int) -> float:
        """Standard deviation of the log of the climb."""
        drift = restless.slow * (1 - restless.memory ** (high - low))
        return float(np.sqrt(sum(weight[place] * (drift + chance[place]) for place in (low, high))))

    found: list[tuple[int, int]] = []
    start = crest = trough = 0
    for at in range(1, len(over)):
        if np.isnan(over[at]):
            continue
        climb = np.log(max(over[at], least) / max(over[trough], least))
        if np.isnan(over[crest]) or (trough == crest and over[at] >= over[crest]):
            crest = trough = at
        elif np.isnan(over[trough]) or over[at] < over[trough]:
            trough = at
        elif (
            climb >= max(np.log(rule.rise), rule.sure * unsure(trough, at))
            and total[at] - ground[at] >= (rule.small * np.nanmax((total - ground)[:at]))
            and total[at] >= rule.peak * ground[at]
        ):
            found.append((start, crest))
            start, crest, trough = trough, at, at
        elif over[at] > over[crest]:
            crest = trough = at
    found.append((start, crest))
    three = y.rolling(3, center=True, min_periods=1).mean().to_numpy()
    rows = []
    for (begin, top), until in zip(found, [*(begin for begin, _ in found[1:]), len(y)], strict=True):
        if total[top] >= rule.peak * ground[top]:
            crest = begin + int(np.nanargmax(three[begin:until]))
            rows.append({"start": y.index[begin], "peak": y.index[crest], "height": float(total[top] - ground[top])})
    table = pd.DataFrame(rows, columns=["start", "peak", "height"])
    table.insert(0, "number", np.arange(1, len(table) + 1))
    return table.assign(share=table["height"] / table["height"].max() if len(table) else [])


def _main(found: pd.DataFrame, peak: pd.Timestamp) -> int:
    """The number of the wave that the peak is in."""
    begun = found[found["start"] <= peak]
    return int(begun["number"].iloc[-1]) if len(begun) else 1


def _after(y: pd.Series, peak: pd.Timestamp, limit: pd.Timestamp | None, rule: Rule) -> tuple[pd.Series, str]:
    """Seen hours in a row from the peak on, and what ended them."""
    rest = y[peak:]
    stopped = "censored"
    if limit is not None and limit > peak:
        rest, stopped = rest[: limit - HOUR], "wave"
    unseen = np.flatnonzero(rest.isna().to_numpy())
    # Hours after the last seen one are not a gap: there the archive ends.
    if len(unseen):
        stopped = (
            "not_seen" if rest.iloc[unseen[0] :].notna().any() or y[rest.index[-1] :].notna().any() else "censored"
        )
        rest = rest.iloc[: unseen[0]]
    return (rest.iloc[: rule.longest], "whole") if len(rest) > rule.longest else (rest, stopped)


def _half_life(fall: Decline, usual: Ordinary, rule: Rule) -> tuple[Estimate, np.ndarray]:
    """The half-life, and curves (draws, 4) that the noise allows for."""
    curve = decay.averaged(fall.counts[None], fall.span)
    rng = np.random.default_rng(0)
    weight = float(np.clip(curve.exponential[0], 0.25, 0.75))
    straight = rng.random(rule.draws) < weight
    lomax, plain = curve.parts
    true = np.where(straight[:, None], plain, lomax)
    shaken = true.copy()
    shaken[:, 3] += rng.normal(0, fall.span.spread, rule.draws)
    series = fall.noise.draw(rng, decay.mean(shaken, fall.span))
    again = decay.averaged(series, fall.span, (lomax, plain))
    value = float(curve.log_half[0])
    off = again.log_half - true[:, 1]
    spread = float(np.sqrt(np.mean(np.clip(off, -4, 4) ** 2) + np.mean((true[:, 1] - value) ** 2)))
    low, high = np.exp(value - 1.96 * spread), np.exp(value + 1.96 * spread)
    n = len(fall.counts)
    if np.exp(value) > n:
        reason = {"wave": "second_wave", "whole": "censored"}.get(fall.stopped, fall.stopped)
        return refused("hours", reason, METHOD, n, low=float(min(low, n))), again.parameters
    return Estimate(float(np.exp(value)), "hours", n, METHOD, float(low), float(high)), again.parameters


def _empirical(excess: np.ndarray, height: float, stopped: str) -> Estimate:
    middle = pd.Series(excess).rolling(3, center=True, min_periods=2).median().to_numpy()
    under = np.flatnonzero(middle[1:] <= height / 2) + 1
    n = len(excess)
    if len(under):
        return Estimate(float(under[0]), "hours", n, EMPIRICAL, float(under[0]), float(under[0]))
    reason = {"wave": "second_wave", "whole": "censored"}.get(stopped, stopped)
    return refused("hours", reason, EMPIRICAL, n, low=float(n))


def _volume(y: pd.Series, usual: Ordinary, peak: pd.Timestamp, rule: Rule) -> Estimate:
    """Hours from the peak to the ordinary; the bounds are those of a level that errs by its spread over two days."""
    rest = y[peak:]
    level = usual.level[rest.index]
    last = rest.last_valid_index()
    rest = rest[:last] if last is not None else rest.iloc[:0]
    unseen = np.flatnonzero(rest.isna().to_numpy())
    stop = int(unseen[0]) if len(unseen) else len(rest)
    moments = {
        name: _back(rest.iloc[:stop].to_numpy(), level.iloc[:stop].to_numpy() * np.exp(shift), rule.calm)
        for name, shift in {"value": 0.0, "low": 1.96 * usual.spread(48), "high": -1.96 * usual.spread(48)}.items()
    }
    if moments["value"] is None:
        reason = "not_seen" if len(unseen) else "censored"
        return refused("hours", reason, VOLUME, stop, low=float(max(stop - 24, 0)))
    return Estimate(moments["value"], "hours", stop, VOLUME, moments["low"], moments["high"])


def _back(counts: np.ndarray, level: np.ndarray, calm: float) -> float | None:
    """The first hour around which twelve, and after which twenty-four, are under (1 + `calm`) times the level."""
    sums = np.cumsum(np.concatenate([[0.0], counts - (1 + calm) * level]))
    for at in range(1, len(counts) - 24 + 1):
        around = slice(max(at - 6, 0), min(at + 6, len(counts)))
        if sums[around.stop] < sums[around.start] and sums[at + 24] < sums[at]:
            return float(at)
    return None


def _hours(
    y: pd.Series, usual: Ordinary, peak: pd.Timestamp, fall: Decline | None, drawn: np.ndarray | None
) -> pd.DataFrame:
    part = y[peak - 24 * HOUR :]
    level = usual.level[part.index]
    table = pd.DataFrame(
        {
            "hour": ((pd.DatetimeIndex(part.index) - peak) / HOUR).astype(int),
            "mentions": part.to_numpy(),
            "level": level.to_numpy(),
            "excess": (part - level).to_numpy(),
        }
    )
    table[["curve", "low", "high"]] = np.nan
    if fall is not None and drawn is not None:
        rows = (table["hour"] >= 0) & (table["hour"] < len(fall.counts))
        table.loc[rows, "curve"] = decay.excess(fall.curve, fall.span)[0]
        bounds = np.quantile(decay.excess(drawn, fall.span), [0.025, 0.975], axis=0)
        for name, bound in zip(("low", "high"), bounds, strict=True):
            table.loc[rows, name] = bound
    return table


def _none(reason: str) -> Recovery:
    none = refused("hours", reason, METHOD)
    empty = pd.DataFrame(columns=["number", "start", "peak", "height", "share"])
    hours = pd.DataFrame(columns=["hour", "mentions", "level", "excess", "curve", "low", "high"], dtype=float)
    return Recovery(none, none, None, none, empty, 1, hours, None)
