"""Caps: a collector that stops after N posts of each hour, day, week, month or file.

Two signs are weighed together: totals that pile up at the largest one, where nature leaves the largest alone; and
posts squeezed against one end of their period, with a sharp edge and next to nothing in the rest of it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.archive.audit.flow import Flow, stamp, usual_day
from analysis.archive.audit.silence import clumping

Stretch = tuple[float, float, float, float, int]
"""A period's start and end, the start and end of what was seen of it (float hours since the epoch), and its posts."""


@dataclass(frozen=True)
class Cap:
    """`cap` posts of each `period` (hour, day, week, month or file), of which the `kept` side (newest, oldest, spread).

    `boundary` is where days start, in hours after 00:00 UTC. `stretches` are the affected periods with the part of
    each that was seen; `p` the chance of such
    totals without a cap.
    """

    period: str
    kept: str
    cap: int
    boundary: float
    stretches: list[Stretch]
    p: float
    files: list[str] = field(default_factory=list)


def caps(series: Flow, *, alpha: float = 1e-6, smallest: int = 20) -> list[Cap]:
    """The cap on the hours of `series`, or that on its days, or else on its weeks or months, where there is one.

    Days may start at any half-hour of UTC, or at a minute at which the flow breaks off or sets in. `alpha` is the
    chance at which totals alone speak for a cap; under `smallest` posts they never do.
    """
    mine, p = pile_up(series.counts, smallest)
    day = _daily(series, alpha, smallest)
    if p < alpha and (day is None or day.kept == "spread"):
        totals = series.counts[mine]
        starts = series.first + np.flatnonzero(mine).astype("float64")
        stretches = [(at, at + 1, at, at + 1, int(total)) for at, total in zip(starts, totals, strict=True)]
        return [Cap("hour", _side_of_hours(series, starts), int(totals.max()), 0.0, stretches, p)]
    longer = day or _longer(series, alpha, smallest)
    return [longer] if longer else []


def _longer(series: Flow, alpha: float, smallest: int, fewest: int = 3) -> Cap | None:
    """The cap on weeks, which may start at any hour, or on calendar months (UTC)."""
    start, last = np.floor((series.first - 4) / 168) * 168 + 4, series.last + 168  # 1970-01-01 was a Thursday
    grids = [("week", float(hour % 24), np.arange(start + hour - 168, last, 168.0)) for hour in range(168)]
    months = pd.date_range(stamp(series.first) - pd.Timedelta(days=31), stamp(last + 600), freq="MS", normalize=True)
    grids.append(("month", 0.0, months.as_unit("s").astype("int64").to_numpy() / 3600))
    best: tuple[float, Cap] | None = None
    for period, boundary, edges in grids:
        totals = np.diff(np.searchsorted(series.times, edges))
        at, p = pile_up(totals, smallest)
        if p >= alpha / len(grids) or at.sum() < fewest or (best and p >= best[0]):
            continue
        full = np.flatnonzero(at)
        spans = [(float(edges[one]), float(edges[one + 1])) for one in full]
        stretches, kept = [(*span, *span, int(totals[one])) for span, one in zip(spans, full, strict=True)], "spread"
        for side in ("newest", "oldest"):
            runs = [_run(series, *span, side) for span in spans]
            if sum(run is not None for run in runs) >= 0.6 * len(runs):
                seen = [run[:2] if run else span for run, span in zip(runs, spans, strict=True)]
                stretches = [
                    (*span, *part, int(totals[one])) for span, part, one in zip(spans, seen, full, strict=True)
                ]
                kept = side
        best = p, Cap(period, kept, int(totals.max()), boundary, stretches, p)
    return best[1] if best else None


def pile_up(totals: np.ndarray, smallest: int) -> tuple[np.ndarray, float]:
    """Which totals are at the largest one, and the chance that so many would be without a cap.

    Close to the largest total of an uncapped flow the density falls by a factor e about every quarter of a standard
    deviation at the least (at 4.5 deviations a normal tail does), so that each further total within w of the largest
    has a chance of 1 − exp(−4.5 (w + 1) / sd). A round largest total multiplies the chance by how rare such are.
    """
    none = np.zeros(len(totals), dtype=bool)
    most = int(totals.max()) if len(totals) else 0
    if most < smallest:
        return none, 1.0
    others = totals[totals < 0.99 * most]
    spread = max(np.sqrt(most), float(others.std()) if len(others) >= 5 else 0.0)
    best, chance = none, 1.0
    for width in (0.0, 0.002, 0.005, 0.01):
        near = totals >= most * (1 - width)
        p = (1 - np.exp(-4.5 * (width * most + 1) / spread)) ** (near.sum() - 1)
        if near.sum() > 1 and width == 0.0:
            p *= rarity(most)
        if near.sum() > 1 and p < chance:
            best, chance = near, float(p)
    return best, min(1.0, chance * 4)


def rarity(total: int) -> float:
    """How rare totals as round as this one are: 1/1000 for whole thousands, 1/100 for hundreds, 1/10 for tens."""
    return next((1 / unit for unit in (1000, 100, 10) if total % unit == 0), 1.0)


def _boundaries(series: Flow, most: int = 30) -> list[float]:
    """Where a day may start, in hours after 00:00 UTC: half-hours, minutes and quarters around the longest breaks."""
    gaps = np.diff(series.times)
    longest = np.argsort(-gaps, kind="stable")[:most]
    longest = longest[gaps[longest] >= 1]
    minutes = {float(np.ceil(series.times[at] * 60) / 60 % 24) for at in longest}
    minutes |= {float(np.floor(series.times[at + 1] * 60) / 60 % 24) for at in longest}
    quarters = {round(at * 4) / 4 % 24 for at in minutes if abs(at * 4 - round(at * 4)) <= 0.2}
    return sorted(minutes | quarters | {float(half) for half in np.arange(0, 24, 0.5)})


def _daily(series: Flow, alpha: float, smallest: int) -> Cap | None:
    best: tuple[tuple, Cap] | None = None
    spread: tuple[tuple, Cap] | None = None
    boundaries = _boundaries(series)
    shape, clump = usual_day(series, np.ones(len(series.counts), dtype=bool)), clumping(series)
    for boundary in boundaries:
        start = np.floor((series.first - boundary) / 24) * 24 + boundary
        edges = np.arange(start, series.last + 24, 24)
        totals = np.diff(np.searchsorted(series.times, edges))
        if totals.max() < smallest:
            continue
        near = np.flatnonzero(totals >= 0.97 * totals.max())
        for kept in ("newest", "oldest"):
            squeezed = [
                (edges[day], edges[day + 1], *run, int(totals[day]))
                for day in near
                if (run := _run(series, edges[day], edges[day + 1], kept)) is not None
            ]
            days = [(first, last, since, until, total) for first, last, since, until, _, total in squeezed]
            cap = max((day[4] for day in days), default=0)
            # The last capped day runs on into a whole one: no break is seen there, but its total is the same.
            telling = rarity(cap) <= (1 / 1000 if (totals == cap).sum() < 2 else 1 / 100)
            alone = len(days) == 1 and telling and _goes_on(series, days[0], kept)
            if (len(days) >= 2 and len(days) >= 0.5 * len(near)) or alone:
                slack = float(np.mean([slack for *_, slack, _ in squeezed]))
                # A clock's quarter-hour within three posts of the break is likelier than the minute of the last post.
                on_the_clock = boundary * 4 % 1 == 0 and slack < 3
                full = _with_full(series, days, edges, totals, kept)
                rank = (len(days), len(full), on_the_clock, -round(slack, 3), boundary == 0, kept == "newest")
                _, p = pile_up(totals, smallest)
                # Some boundary always suits some totals best: chance had as many attempts as there are boundaries.
                p = min(1.0, p * len(boundaries)) * _silence_of(series, days, kept, shape, clump)
                if p < 1e-4 and (best is None or rank > best[0]):
                    best = rank, Cap("day", kept, cap, float(boundary), full, p)
        at, p = pile_up(totals, smallest)
        if p * len(boundaries) < alpha and at.sum() >= 3:
            whole = [
                (edges[day], edges[day + 1], edges[day], edges[day + 1], int(totals[day])) for day in np.flatnonzero(at)
            ]
            weight = (-np.log10(max(p, 1e-300)), boundary == 0)
            if spread is None or weight > spread[0]:
                spread = weight, Cap("day", "spread", int(totals.max()), float(boundary), whole, p)
    chosen = best or spread
    return chosen[1] if chosen else None


def _silence_of(series: Flow, days: list[Stretch], kept: str, shape: np.ndarray | None, clump: float) -> float:
    """The chance that what was cut off `days` was silent by itself, given how the archive's days usually run.

    What is expected there is halved, since days differ; without a usual day it is taken for a fifth.
    """
    from scipy.special import pdtr

    weight, share = (np.ones(len(series.counts)), 0.2) if shape is None else (shape, 0.5)
    mass, hours = np.concatenate([[0.0], np.cumsum(weight)]), np.arange(series.first, series.last + 1)
    chance = 1.0
    for start, end, since, until, _ in days:
        cut = (start, since) if kept == "newest" else (until, end)
        low, high, first, last = np.interp([*cut, since, until], hours, mass)
        expected = share * series.between(since, until) * (high - low) / max(last - first, 1e-9)
        chance *= float(pdtr(series.between(*cut) / clump, expected / clump))
    return chance


def _goes_on(series: Flow, day: Stretch, kept: str) -> bool:
    """Whether the archive goes on beyond the side of `day` that was cut: else it merely begins or ends there."""
    start, end = day[:2]
    beyond = (start - 24, start) if kept == "newest" else (end, end + 24)
    return series.between(*beyond) >= 10


def _with_full(series: Flow, days: list[Stretch], edges: np.ndarray, totals: np.ndarray, kept: str) -> list[Stretch]:
    """`days`, and the others that stop at about the same total: of those too little was cut for a sharp edge to show.

    Up to 2% may be missing, since copies of rows are dropped; over 1% only where an hour or more was cut.
    """
    out = {day[0]: day for day in days}
    cap = max(day[4] for day in days)
    for at in np.flatnonzero((totals >= 0.98 * cap) & (totals <= cap)):
        start, end = float(edges[at]), float(edges[at + 1])
        inside = series.times[slice(*np.searchsorted(series.times, [start, end]))]
        seen = (float(inside[0]), end) if kept == "newest" else (start, float(inside[-1]))
        if totals[at] < 0.99 * cap and end - start - (seen[1] - seen[0]) < 1:
            continue
        out.setdefault(start, (start, end, *seen, int(totals[at])))
    return [out[start] for start in sorted(out)]


def _run(series: Flow, start: float, end: float, kept: str) -> tuple[float, float, float] | None:
    """The stretch seen of the period [start, end), and how many posts lie between it and its boundary.

    None unless almost all posts lie in one run against the end (kept "newest") or the start ("oldest") of the period,
    the run has a sharp edge on its other side, and the flow breaks off at the boundary.
    """
    low, high = np.searchsorted(series.times, [start, end])
    inside = series.times[low:high]
    sign = 1.0
    beyond = series.times[high : high + len(inside)] - end
    if kept == "oldest":  # the same in a mirror
        inside, sign = -inside[::-1], -1.0
        beyond = start - series.times[max(low - len(inside), 0) : low][::-1]
        start, end = -end, -start
    n = len(inside)
    if n < 10:
        return None
    # The edge: the split of the period in two steady rates that is the most likely.
    before = np.arange(n)
    quiet = np.maximum(inside - start, 1e-6)
    busy = np.maximum(end - inside, 1e-6)
    gain = np.where(before > 0, before * np.log(np.maximum(before, 1) / quiet), 0.0) + (n - before) * np.log(
        (n - before) / busy
    )
    gain[(n - before) < max(0.9 * n, 10)] = -np.inf
    edge = int(np.argmax(gain))
    run = inside[edge:]
    length = end - run[0]
    if run[0] - start < max(1.0, 0.04 * (end - start)):
        return None
    rate = len(run) / max(length, 1e-6)
    near = min(max(30 / rate, 0.02), 1.0)
    just_before = np.searchsorted(inside, run[0]) - np.searchsorted(inside, run[0] - near)
    just_after = np.searchsorted(inside, run[0] + near) - np.searchsorted(inside, run[0])
    sharp = just_after >= 5 and just_before <= 0.2 * just_after
    thin = edge / (run[0] - start) <= 0.1 * rate
    slack = (end - run[-1]) * rate
    flush = slack <= max(5.0, 0.01 * len(run))
    last = min(max(30 / rate, 0.02), 1.0, length)
    closing = len(run) - np.searchsorted(run, end - last)
    breaks_off = (beyond < last).sum() <= 0.3 * closing
    if not (sharp and thin and flush and breaks_off):
        return None
    seen = (run[0], end) if sign > 0 else (-end, -run[0])
    return (*seen, slack)


def _side_of_hours(series: Flow, starts: np.ndarray) -> str:
    """Where in their hours the posts of capped hours lie: the mean minute tells."""
    where = [(series.times[slice(*np.searchsorted(series.times, [at, at + 1]))] - at).mean() for at in starts[:1000]]
    mean = float(np.mean(where))
    if mean > 0.6:
        return "newest"
    return "oldest" if mean < 0.4 else "spread"


def file_quota(rows: pd.DataFrame, *, smallest: int = 100) -> Cap | None:
    """Files that all stop at the same number of rows while others hold fewer, and do not follow on from one another.

    `rows`: one per file: source, rows (records in the file), start and end (2% and 98% of its posts, float hours),
    posts. Files that follow on without a break are one export in parts, which loses nothing.
    """
    most = int(rows["rows"].max()) if len(rows) else 0
    full = rows[rows["rows"] == most].sort_values(["start", "source"])
    needed = 2 if rarity(most) <= 1 / 100 else 3
    if most < smallest or len(full) < needed:
        return None
    ordered = rows.sort_values(["start", "source"])
    start, end = ordered["start"].to_numpy(), ordered["end"].to_numpy()
    posts = ordered["posts"].to_numpy()
    pace = posts / np.maximum(end - start, 1e-6) / 0.96
    breaks = np.append((start[1:] - end[:-1]) * np.minimum(pace[:-1], pace[1:]), 0.0)
    # 4% of the posts lie outside the 2% and 98% marks of two files that follow on.
    parts = np.abs(breaks) <= 0.2 * posts
    at_most = (ordered["rows"] == most).to_numpy()
    if parts[at_most].sum() > 0.5 * at_most.sum():
        return None
    marks = zip(full["start"].astype(float), full["end"].astype(float), strict=True)
    stretches = [(first, last, first, last, most) for first, last in marks]
    chance = (4.5 / np.sqrt(most)) ** (len(full) - 1) * rarity(most)
    return Cap("file", "unknown", most, 0.0, stretches, min(1.0, float(chance)), list(full["source"]))
