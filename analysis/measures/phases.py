"""Before, during and after: the same measures for the three spans of an incident."""

from dataclasses import replace

import pandas as pd

from analysis.measures import engagement, sentiment, volume
from analysis.measures.calibrated import Calibration
from analysis.measures.estimate import Estimate, refused

Bounds = dict[str, tuple[pd.Timestamp, pd.Timestamp]]
MOSTLY = 0.5
MINIMUM = 30
"""Scored mentions under which a phase has no share."""
PHASES = ("before", "during", "after")


def bounds(
    hours: pd.DataFrame,
    window: tuple[pd.Timestamp, pd.Timestamp],
    baseline_start: pd.Timestamp,
    after_end: pd.Timestamp,
) -> Bounds:
    """The half-open spans (UTC) of before, during and after.

    Before and after end where the collection does: they are cut to the wholly seen hours at its two ends. The
    incident's own span is never cut. A phase of which nothing is left starts where it ends.
    """
    start, end = window
    first, last = volume.span(hours) or (start, end)
    return {
        "before": (min(max(baseline_start, first), start), start),
        "during": (start, end),
        "after": (end, max(min(after_end, last), end)),
    }


def estimates(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    calibration: Calibration | None = None,
) -> dict[str, Estimate]:
    """What happened in [start, end), by name: mentions, mentions_per_hour, authors, net, negative, engagement, views.

    Volumes, rates and authors are refused as "not_seen" where an hour was not wholly seen: the hours that were kept are
    no random draw of those that were not. Net sentiment, negative share and engagement per post come from what was
    kept of them, and describe that; with `calibration`, as people would have judged it. Views, a sum, are refused like
    volumes.
    """
    rows = scored[((scored["published_at"] >= start) & (scored["published_at"] < end)).to_numpy()]
    count = volume.total(scored, hours, start, end)
    seen = sentiment.people(volume.kept_rows(rows, hours))
    whole = count.value is not None
    people = float(seen["author"].nunique())
    if calibration:
        net, negative = calibration.both(seen, minimum=MINIMUM, sampling=True)
    else:
        net, negative = sentiment.net(seen), sentiment.negative_share(seen, minimum=MINIMUM)
    out = {"mentions": count, "net": net, "negative": negative}
    if whole:
        span = (end - start) / volume.HOUR
        rate = float(count.value or 0) / span
        out["mentions_per_hour"] = Estimate(rate, "per_hour", count.n, "count / hours", low=rate, high=rate)
    else:
        out["mentions_per_hour"] = refused("per_hour", "not_seen", "count / hours", count.n)
    if len(seen) and seen["author"].isna().all():
        out["authors"] = refused("count", "not_recorded", "distinct authors")
    elif whole:
        out["authors"] = Estimate(people, "count", len(seen), "distinct authors", low=people, high=people)
    else:
        out["authors"] = refused("count", "not_seen", "distinct authors", len(seen), low=people)
    if len(seen) >= MINIMUM and sentiment.labels(seen).isna().mean() > MOSTLY:
        uncovered = {
            name: estimate for name, estimate in out.items() if name in ("net", "negative") and estimate.value is None
        }
        out |= {name: replace(estimate, reason="not_covered") for name, estimate in uncovered.items()}
    out["engagement"] = engagement.summary(seen).median
    seen_views = engagement.views(seen)
    out["views"] = (
        seen_views
        if whole or seen_views.value is None
        else refused("count", "not_seen", seen_views.method, seen_views.n, low=seen_views.value)
    )
    return out


def table(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    window: tuple[pd.Timestamp, pd.Timestamp],
    baseline_start: pd.Timestamp,
    after_end: pd.Timestamp,
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    """One row per phase: phase, start, end, hours_total, hours_seen, partial; then each of `estimates` in five columns.

    The estimate `net` is in net, net_low, net_high, net_n and net_reason, and so on. `partial` is True where an hour of
    the phase was not wholly seen: its shares then speak of `hours_seen` hours, not of the phase.
    """
    records = []
    for phase, (start, end) in bounds(hours, window, baseline_start, after_end).items():
        state = volume.states(hours, start, end)
        record: dict = {"phase": phase, "start": start, "end": end, "hours_total": len(state)}
        record |= {"hours_seen": int((state == "seen").sum()), "partial": bool((state != "seen").any())}
        for name, estimate in estimates(scored, hours, start, end, calibration).items():
            record |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
            record |= {f"{name}_n": estimate.n, f"{name}_reason": estimate.reason}
        records.append(record)
    out = pd.DataFrame(records)
    numbers = [c for c in out.columns[6:] if not c.endswith(("_n", "_reason"))]
    reasons = [c for c in out.columns if c.endswith("_reason")]
    return out.astype(dict.fromkeys(numbers, "float64") | dict.fromkeys(reasons, "string"))
