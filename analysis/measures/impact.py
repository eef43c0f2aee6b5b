"""What the incident added, against a counterfactual whose error is measured on the quiet time before it.

The idea is Brodersen et al.'s (2015, doi 10.1214/14-AOAS788): predict the incident's span from the time before, and
call the gap the effect. A model's own interval for that gap is far too narrow when levels wander, so the interval here
comes from placebos: the time before is cut into blocks as long as the incident, each is predicted with itself left
out and from the level just before it, and their log errors say how wrong such a prediction usually is.
"""

from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.ordinary import Fit, regression, seasons

LEAST = 1e-3
"""What was to be expected is taken as no less: a change against nothing has no size."""
AGES = 6
"""Memories after which an hour's weight is taken as nothing: 0.25%."""
METHOD = "negative-binomial seasonal counterfactual, interval from left-out placebo blocks"
RANK_METHOD = "rank among left-out placebo blocks"
NET_METHOD = "volume-weighted seasonal counterfactual, interval from left-out placebo blocks"


@dataclass(frozen=True)
class Impact:
    """What an incident added. Where `effect` is refused, so are the others, and both tables are empty.

    `band` is the expected *level* per hour and its interval, start (UTC), expected, low, high; single hours scatter
    more widely. `placebo` is one row per left-out block, in order of time: start, end (UTC, half-open) and ratio
    (observed / expected, as the incident's own; for net sentiment `gap`, observed − expected). `observed` is what was
    counted in the incident. `as_far` is how many blocks came as far from what was expected of them as the incident
    did, up or down, and `rank` the share that is of blocks and incident together, the incident counted: an empirical p.
    `days_needed` and `days_seen` are the days of unbroken hours before the start that the method asks for, and those
    there are.
    """

    effect: Estimate
    relative: Estimate
    expected: Estimate
    band: pd.DataFrame
    placebo: pd.DataFrame
    blocks: int
    persistence: float | None
    days_needed: float
    days_seen: float
    observed: float | None = None
    as_far: int | None = None
    rank: Estimate = field(default_factory=lambda: refused("share", "too_few", RANK_METHOD))


def binned(band: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """The band per interval instead of per hour: start, expected, low, high, summed over the hours that begin in it.

    `intervals`: start, end (UTC, half-open). Only those that the band covers whole have a row.
    """
    rows = []
    for start, end in zip(intervals["start"], intervals["end"], strict=True):
        inside = band[(band["start"] >= start) & (band["start"] < end)]
        if len(inside) and len(inside) == round((end - start) / pd.Timedelta(hours=1)):
            rows.append({"start": start} | inside[["expected", "low", "high"]].sum().to_dict())
    return pd.DataFrame(rows, columns=["start", "expected", "low", "high"])


@dataclass(frozen=True)
class _Frame:
    """The time before as `before`, the incident as `during` (both hour indexes), and the blocks as row numbers."""

    before: pd.DatetimeIndex
    during: pd.DatetimeIndex
    blocks: list[np.ndarray]
    reason: str | None


def estimate(
    counts: pd.Series,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    controls: pd.DataFrame | None = None,
    minimum: int = 9,
    memory: float = 12.0,
    fewest: float = 10.0,
    widest: float = 1000.0,
    confidence: float = 0.95,
) -> Impact:
    """The cumulative effect over the hours that [start, end) touches, relative effect, and what was to be expected.

    `counts` has one value per UTC hour (index: hour starts), null where the hour was not wholly seen; every hour
    before `start` is taken as quiet, so start it where nothing has happened yet. Earlier bursts belong in it.
    `controls` has the same index and one column per series the incident did not touch (a competitor's mentions).
    `memory` (hours) is how far back the level just before the incident is looked at.
    Refused as "not_seen" where hours of the incident, or too many just before it, are null, and as "short_baseline"
    where fewer than `minimum` blocks as long as the incident fit before it; as "too_few" where fewer
    than `fewest` mentions come in a stretch as long before it (of fewer than two, it held 60%), or what was to be
    expected is not known to within a factor of `widest`.
    """
    if controls is not None:
        counts = counts.where(controls.reindex(counts.index).notna().all(axis=1))
    frame = _frame(counts, start, end, minimum)
    if frame.reason:
        return _refusal(frame, METHOD, "count", minimum)
    y = counts.reindex(frame.before).to_numpy(dtype=float)
    design = seasons(frame.before, frame.before[0], controls)
    ahead = seasons(frame.during, frame.before[0], controls)
    fit = regression(y, design)
    errors = np.array([_left_out(y, design, fit, rows) for rows in frame.blocks])
    mean = np.exp(np.clip(design @ fit.coefficients, -30, 30))
    starts = np.array([rows[0] for rows in frame.blocks])
    led = starts >= memory  # a block at the very beginning has no hours before it to take a level from
    recent = _recent(y, mean, np.append(starts, len(y)), memory)
    said = _forecast(errors[led], recent[:-1][led], float(recent[-1]), confidence)
    centre, half = said.centre, said.half
    level = np.exp(np.clip(ahead @ fit.coefficients, -30, 30))
    if y.mean() * len(level) < fewest or not half < np.log(widest):
        return _refusal(replace(frame, reason="too_few"), METHOD, "count", minimum)
    observed = float(counts.reindex(frame.during).sum())
    usual = float(level.sum())
    bounds = {
        name: max((usual + 0.5) * float(np.exp(centre + shift)) - 0.5, LEAST)  # the errors' half mentions, taken off
        for name, shift in {"value": 0.0, "low": -half, "high": half}.items()
    }
    left = said.left(errors, recent[:-1], led)
    as_far, rank = _rank(left, float(np.log((observed + 0.5) / (bounds["value"] + 0.5))))
    band = pd.DataFrame(
        {
            "start": frame.during,
            "expected": level * bounds["value"] / usual,
            "low": level * bounds["low"] / usual,
            "high": level * bounds["high"] / usual,
        }
    )
    n = len(frame.before)
    return Impact(
        effect=Estimate(
            observed - bounds["value"],
            "count",
            n,
            METHOD,
            low=observed - bounds["high"],
            high=observed - bounds["low"],
        ),
        relative=Estimate(
            observed / bounds["value"] - 1,
            "change",
            n,
            METHOD,
            low=observed / bounds["high"] - 1,
            high=observed / bounds["low"] - 1,
        ),
        expected=Estimate(bounds["value"], "count", n, METHOD, low=bounds["low"], high=bounds["high"]),
        band=band,
        placebo=_placebo(frame, "ratio", np.exp(left)),
        blocks=len(errors),
        persistence=said.slope,
        days_needed=_days(minimum, frame),
        days_seen=n / 24,
        observed=observed,
        as_far=as_far,
        rank=rank,
    )


def net_estimate(
    votes: pd.Series,
    scored: pd.Series,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    minimum: int = 9,
    memory: float = 12.0,
    confidence: float = 0.95,
) -> Impact:
    """The shift of net sentiment (unit "net") over the hours that [start, end) touches.

    `votes` is positive minus negative and `scored` the number of scored mentions per UTC hour, both null where the
    hour was not wholly seen. `relative` is refused: a ratio of net sentiments means nothing. Refused like `estimate`,
    and as "too_few" where the incident, or every block before it, has no scored mention.
    """
    frame = _frame(scored.where(votes.notna()), start, end, minimum)
    if frame.reason:
        return _refusal(frame, NET_METHOD, "net", minimum)
    weight = scored.reindex(frame.before).to_numpy(dtype=float)
    balance = votes.reindex(frame.before).to_numpy(dtype=float)
    design = seasons(frame.before, frame.before[0], None)
    ahead = seasons(frame.during, frame.before[0], None)
    told = scored.reindex(frame.during).to_numpy(dtype=float)
    filled = [rows for rows in frame.blocks if weight[rows].sum() > 0]
    if told.sum() == 0 or len(filled) < minimum:
        return _refusal(_Frame(frame.before, frame.during, filled, "too_few"), NET_METHOD, "net", minimum)
    gram = design.T @ (design * weight[:, None]) + 1e-6 * np.eye(design.shape[1])
    coefficients = np.linalg.solve(gram, design.T @ balance)
    errors = np.array([_net_left_out(balance, weight, design, rows, gram=gram) for rows in filled])
    starts = np.array([rows[0] for rows in filled])
    led = starts >= memory
    rest = balance - weight * (design @ coefficients)
    recent = _recent_net(rest, weight, np.append(starts, len(rest)), memory)
    said = _forecast(errors[led], recent[:-1][led], float(recent[-1]), confidence)
    centre, half = said.centre, said.half
    level = ahead @ coefficients + centre
    expected = float(np.clip((level * told).sum() / told.sum(), -1, 1))
    low, high = max(-1.0, expected - half), min(1.0, expected + half)
    observed = float(votes.reindex(frame.during).sum() / told.sum())
    n = int(weight.sum() + told.sum())
    left = said.left(errors, recent[:-1], led)
    as_far, rank = _rank(left, observed - expected)
    return Impact(
        effect=Estimate(observed - expected, "net", n, NET_METHOD, low=observed - high, high=observed - low),
        relative=refused("change", "too_few", NET_METHOD, n),
        expected=Estimate(expected, "net", n, NET_METHOD, low=low, high=high),
        band=pd.DataFrame({"start": frame.during, "expected": level, "low": level - half, "high": level + half}),
        placebo=_placebo(_Frame(frame.before, frame.during, filled, None), "gap", left),
        blocks=len(errors),
        persistence=said.slope,
        days_needed=_days(minimum, frame),
        days_seen=len(frame.before) / 24,
        observed=observed,
        as_far=as_far,
        rank=rank,
    )


def _frame(counts: pd.Series, start: pd.Timestamp, end: pd.Timestamp, minimum: int) -> _Frame:
    """The unbroken seen hours before `start`, cut backwards into blocks, and why that is not enough."""
    first, last = start.floor("h"), end.ceil("h")
    during = pd.date_range(first, last, freq="h", inclusive="left")
    known = counts[counts.notna()].index
    earliest = known[0] if len(known) else first
    past = pd.date_range(min(earliest, first), first, freq="h", inclusive="left")
    unseen = np.flatnonzero(counts.reindex(past).isna().to_numpy())
    before = past[unseen[-1] + 1 :] if len(unseen) else past
    size = len(during)
    fitting = len(before) // size
    offset = len(before) - fitting * size
    blocks = [np.arange(offset + k * size, offset + (k + 1) * size) for k in range(fitting)]
    reason = None
    if counts.reindex(during).isna().any():
        reason = "not_seen"
    elif fitting < minimum:
        reason = "not_seen" if len(past) // size >= minimum else "short_baseline"
    elif not counts.reindex(before).sum() > 0:
        reason = "too_few"
    return _Frame(before, during, blocks, reason)


def _left_out(y: np.ndarray, design: np.ndarray, fit: Fit, rows: np.ndarray) -> float:
    """log(observed / predicted) of one block, predicted without it: one Newton step from the fit with it."""
    x = design[rows]
    mean = np.exp(np.clip(x @ fit.coefficients, -30, 30))
    weight = mean / (1 + fit.alpha * mean)
    score = x.T @ ((y[rows] - mean) / (1 + fit.alpha * mean))
    ridge = 1e-6 * np.eye(len(fit.coefficients))
    without = fit.coefficients - np.linalg.solve(fit.information - x.T @ (x * weight[:, None]) + ridge, score)
    predicted = np.exp(np.clip(x @ without, -30, 30)).sum()
    return float(np.log((y[rows].sum() + 0.5) / (predicted + 0.5)))


def _net_left_out(
    balance: np.ndarray, weight: np.ndarray, design: np.ndarray, rows: np.ndarray, *, gram: np.ndarray
) -> float:
    """Observed minus predicted net sentiment of one block, predicted exactly without it."""
    x, w = design[rows], weight[rows]
    moment = design.T @ balance - x.T @ balance[rows]
    without = np.linalg.solve(gram - x.T @ (x * w[:, None]), moment)
    return float((balance[rows].sum() - (x @ without * w).sum()) / w.sum())


def _recent(y: np.ndarray, mean: np.ndarray, rows: np.ndarray, memory: float) -> np.ndarray:
    """log(observed / fitted) of the hours before each of `rows`."""
    return np.log((_faded(y, rows, memory) + 0.5) / (_faded(mean, rows, memory) + 0.5))


def _recent_net(rest: np.ndarray, weight: np.ndarray, rows: np.ndarray, memory: float) -> np.ndarray:
    """Net sentiment's distance from the fitted one in the hours before each of `rows`; 0 where none was scored."""
    return _faded(rest, rows, memory) / np.maximum(_faded(weight, rows, memory), 1e-9)


def _faded(values: np.ndarray, rows: np.ndarray, memory: float) -> np.ndarray:
    """The sum of the hours before each of `rows`, whose weight falls by 1/e in `memory` hours."""
    ages = np.arange(ceil(AGES * memory))
    hours = rows[:, None] - 1 - ages
    return np.where(hours >= 0, values[hours.clip(0)], 0.0) @ np.exp(-ages / memory)


@dataclass(frozen=True)
class _Said:
    """The error to expect next, its half-width, and the rule: `slope` of errors on the level before, around `at`."""

    centre: float
    half: float
    slope: float
    mean: float
    at: float

    def left(self, errors: np.ndarray, recent: np.ndarray, led: np.ndarray) -> np.ndarray:
        """What remains of each block's error; a block without hours before it has no level to go by."""
        return errors - self.mean - np.where(led, self.slope * (recent - self.at), 0.0)


def _forecast(errors: np.ndarray, recent: np.ndarray, now: float, confidence: float) -> _Said:
    """The errors of the blocks, regressed on the level of the hours before each, and the interval of the next.

    `recent` is that level and `now` the one before the incident; the slope is held in [0, 1]. The lag-1 autoregression
    of the blocks' own errors, which stood here before, is blind to where the level went within the last block: of
    incidents of 72 h and +50% it saw 60%, this 66% (+100%: 88% and 91%), both holding 96% of 6,400 null incidents.
    """
    k = len(errors)
    centred, level = errors - errors.mean(), recent - recent.mean()
    spread = max(float(level @ level), 1e-12)
    slope = float(np.clip(centred @ level / spread, 0, 1))
    left = centred - slope * level
    noise = float(np.sqrt(left @ left / (k - 2)))
    mean, at = float(errors.mean()), float(recent.mean())
    half = _t(confidence, k - 2) * noise * np.sqrt(1 + 1 / k + (now - at) ** 2 / spread)
    return _Said(mean + slope * (now - at), float(half), slope, mean, at)


def _rank(left: np.ndarray, own: float) -> tuple[int, Estimate]:
    """How many of the blocks' errors are as large as the incident's `own`, and its empirical p."""
    as_far = int((np.abs(left) >= abs(own)).sum())
    return as_far, Estimate((as_far + 1) / (len(left) + 1), "share", len(left), RANK_METHOD)


def _t(confidence: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def _placebo(frame: _Frame, name: str, values: np.ndarray) -> pd.DataFrame:
    starts = pd.DatetimeIndex([frame.before[rows[0]] for rows in frame.blocks])
    return pd.DataFrame({"start": starts, "end": starts + pd.Timedelta(hours=len(frame.during)), name: values})


def _days(minimum: int, frame: _Frame) -> float:
    return minimum * len(frame.during) / 24


def refusal(reason: str, unit: str = "count", method: str = METHOD) -> Impact:
    """The impact that cannot be estimated at all, such as that on a count which the archive does not record."""
    none = pd.DatetimeIndex([], tz="UTC")
    return _refusal(_Frame(none, none, [], reason), method, unit, 0)


def _refusal(frame: _Frame, method: str, unit: str, minimum: int) -> Impact:
    reason, n = frame.reason or "too_few", len(frame.before)
    empty = pd.DataFrame({name: pd.Series(dtype=float) for name in ("expected", "low", "high")})
    empty.insert(0, "start", pd.Series(dtype="datetime64[us, UTC]"))
    return Impact(
        effect=refused(unit, reason, method, n),
        relative=refused("change", reason, method, n),
        expected=refused(unit, reason, method, n),
        band=empty,
        placebo=pd.DataFrame({"start": empty["start"], "end": empty["start"], "ratio": empty["low"]}),
        blocks=len(frame.blocks),
        persistence=None,
        days_needed=_days(minimum, frame),
        days_seen=n / 24,
    )
