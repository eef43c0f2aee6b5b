"""What the incident added, against a counterfactual whose error is measured on the quiet time before it.

The idea is Brodersen et al.'s (2015, doi 10.1214/14-AOAS788): predict the incident's span from the time before, and
call the gap the effect. A model's own interval for that gap is far too narrow when levels wander, so the interval here
comes from placebos: the time before is cut into blocks as long as the incident, each is predicted with itself left
out, and their log errors, with the first-order persistence they show, say how wrong such a prediction usually is.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.ordinary import Fit, regression, seasons

METHOD = "negative-binomial seasonal counterfactual, interval from left-out placebo blocks"
NET_METHOD = "volume-weighted seasonal counterfactual, interval from left-out placebo blocks"


@dataclass(frozen=True)
class Impact:
    """What an incident added. Where `effect` is refused, so are the others, and both tables are empty.

    `band` is the expected *level* per hour and its interval, start (UTC), expected, low, high; single hours scatter
    more widely. `placebo` is one row per left-out block, in order of time: start, end (UTC, half-open) and ratio
    (observed / predicted; for net sentiment `gap`, observed − predicted). `days_needed` and `days_seen` are the days
    of unbroken hours before the start that the method asks for, and those there are.
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
    confidence: float = 0.95,
) -> Impact:
    """The cumulative effect over the hours that [start, end) touches, relative effect, and what was to be expected.

    `counts` has one value per UTC hour (index: hour starts), null where the hour was not wholly seen; every hour
    before `start` is taken as quiet, so start it where nothing has happened yet. Earlier bursts belong in it.
    `controls` has the same index and one column per series the incident did not touch (a competitor's mentions).
    Refused as "not_seen" where hours of the incident, or too many just before it, are null, and as "short_baseline"
    where fewer than `minimum` blocks as long as the incident fit before it.
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
    centre, half, persistence = _forecast(errors, confidence)
    level = np.exp(np.clip(ahead @ fit.coefficients, -30, 30))
    observed = float(counts.reindex(frame.during).sum())
    bounds = {
        name: float(level.sum() * np.exp(centre + shift))
        for name, shift in {"value": 0.0, "low": -half, "high": half}.items()
    }
    band = pd.DataFrame(
        {
            "start": frame.during,
            "expected": level * np.exp(centre),
            "low": level * np.exp(centre - half),
            "high": level * np.exp(centre + half),
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
        placebo=_placebo(frame, "ratio", np.exp(errors)),
        blocks=len(errors),
        persistence=persistence,
        days_needed=_days(minimum, frame),
        days_seen=n / 24,
    )


def net_estimate(
    votes: pd.Series,
    scored: pd.Series,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    minimum: int = 9,
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
    errors = np.array([_net_left_out(balance, weight, design, rows, gram=gram) for rows in filled])
    half = _t(confidence, len(errors) - 1) * errors.std(ddof=1) * np.sqrt(1 + 1 / len(errors))
    level = ahead @ np.linalg.solve(gram, design.T @ balance) + errors.mean()
    expected = float(np.clip((level * told).sum() / told.sum(), -1, 1))
    low, high = max(-1.0, expected - half), min(1.0, expected + half)
    observed = float(votes.reindex(frame.during).sum() / told.sum())
    n = int(weight.sum() + told.sum())
    return Impact(
        effect=Estimate(observed - expected, "net", n, NET_METHOD, low=observed - high, high=observed - low),
        relative=refused("change", "too_few", NET_METHOD, n),
        expected=Estimate(expected, "net", n, NET_METHOD, low=low, high=high),
        band=pd.DataFrame({"start": frame.during, "expected": level, "low": level - half, "high": level + half}),
        placebo=_placebo(_Frame(frame.before, frame.during, filled, None), "gap", errors),
        blocks=len(errors),
        persistence=None,
        days_needed=_days(minimum, frame),
        days_seen=len(frame.before) / 24,
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


def _forecast(errors: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """The log error to expect next, its half-width, and the persistence, from the placebos' AR(1).

    The slope is freed of its small-sample bias, (1 + 3φ) / k after Kendall 1954, and its own error is in the interval:
    with 1 / k and without it, day-long incidents on a wandering level were held in 91.5% of 600 draws.
    """
    k = len(errors)
    centred = errors - errors.mean()
    past, now = centred[:-1], centred[1:]
    slope = float((past - past.mean()) @ (now - now.mean()) / max(((past - past.mean()) ** 2).sum(), 1e-12))
    persistence = float(np.clip((k * slope + 1) / (k - 3), 0, 0.95))
    shocks = now - persistence * past
    spread = float(np.sqrt((shocks**2).sum() / (k - 3)))
    centre = float(errors.mean() + persistence * centred[-1])
    unsure = 1 + 1 / k + centred[-1] ** 2 / max((past**2).sum(), 1e-12)
    return centre, float(_t(confidence, k - 3) * spread * np.sqrt(unsure)), persistence


def _t(confidence: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))


def _placebo(frame: _Frame, name: str, values: np.ndarray) -> pd.DataFrame:
    starts = pd.DatetimeIndex([frame.before[rows[0]] for rows in frame.blocks])
    return pd.DataFrame({"start": starts, "end": starts + pd.Timedelta(hours=len(frame.during)), name: values})


def _days(minimum: int, frame: _Frame) -> float:
    return minimum * len(frame.during) / 24


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
