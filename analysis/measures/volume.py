"""How many mentions, by whom, how negative: per interval, and only as far as the collection saw.

`hours` says what was seen: hour (UTC hour start) and state ("seen", "partial", "unseen") for ONE brand, one row per
hour. An hour without a row was not seen. Posts by the organisation itself are not counted.
"""

from collections.abc import Callable
from datetime import tzinfo
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.measures import engagement, sentiment
from analysis.measures.calibrated import Calibration
from analysis.measures.estimate import Estimate, refused

Bin = Literal["1h", "1D", "1W"]
HOUR = pd.Timedelta(hours=1)
FEWEST = 10
"""Scored mentions that an interval needs for a negative share: fewer draw noise."""
METRICS = ("mentions", "authors", "reposts", "n_scored", "engagement", "views")
SHARES = ("negative_share", "negative_low", "negative_high", "net", "net_low", "net_high")


def states(hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """The state of every UTC hour that [start, end) touches, by hour start."""
    if hours["hour"].duplicated().any():
        raise ValueError("the hours table holds several brands: pass the rows of one")
    index = pd.date_range(start.floor("h"), end.ceil("h"), freq="h", inclusive="left").as_unit("us")
    known = pd.Series(hours["state"].to_numpy(dtype=object), index=pd.DatetimeIndex(hours["hour"]).as_unit("us"))
    return known.reindex(index).fillna("unseen")


def span(hours: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """From the first wholly seen hour to the end of the last (half-open, UTC); None where there is none."""
    seen = hours.loc[hours["state"] == "seen", "hour"]
    return None if seen.empty else (seen.min(), seen.max() + HOUR)


def as_seen(hours: pd.DataFrame, claims: pd.DataFrame, brand: str) -> pd.DataFrame:
    """The rows of the audit's `hours` that apply to `brand`, as its `claims` let them be taken.

    Which hours a quota per file cut is not known, and a sample holds some of each: none of these was surely seen.
    """
    own = hours[hours["brand"] == brand].reset_index(drop=True)
    for claim in claims[claims["brand"].isin({brand, ""})].to_dict("records"):
        if claim["kind"] != "sampled_stream" and claim["values"].get("period") != "file":
            continue
        spanned = (own["hour"] >= claim["start"].floor("h")) & (own["hour"] < claim["end"])
        own.loc[spanned & (own["state"] == "seen"), ["state", "reason"]] = ["partial", claim["kind"]]
    return own


def kept_rows(scored: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """The rows of `scored` from hours that were seen, wholly or in part: shares speak of these. Strays are left out."""
    kept = hours.loc[hours["state"] != "unseen", "hour"]
    return scored[scored["published_at"].dt.floor("h").isin(kept).to_numpy()]


def hourly(scored: pd.DataFrame, hours: pd.DataFrame) -> pd.Series:
    """Mentions per UTC hour over the span of `hours` (Int64, by hour start), null where an hour was not wholly seen."""
    rows = sentiment.people(scored)
    return summed(np.ones(len(rows)), rows, hours).astype("Int64").rename("mentions")


def binned(scored: pd.DataFrame, hours: pd.DataFrame, step: pd.Timedelta) -> pd.DataFrame:
    """DataFrame[mentions, at_least] (Int64) in bins of `step` (an hour is a whole number of them), by bin start (UTC).

    `mentions` as in `hourly`; `at_least` is what was collected of a bin, whether or not all of it was.
    """
    rows = sentiment.people(scored)
    if hours.empty:
        return pd.DataFrame({"mentions": [], "at_least": []}, index=pd.DatetimeIndex([], tz="UTC"), dtype="Int64")
    state = states(hours, hours["hour"].min(), hours["hour"].max() + HOUR)
    index = pd.date_range(state.index[0], state.index[-1] + HOUR, freq=step, inclusive="left").as_unit("us")
    counts = rows["published_at"].dt.floor(step).value_counts()
    counts.index = pd.DatetimeIndex(counts.index).as_unit("us")
    seen = state.reindex(index.floor("h")).to_numpy() == "seen"
    whole = counts.reindex(index, fill_value=0).astype("Int64")
    return pd.DataFrame({"mentions": whole.where(seen), "at_least": whole})


def hourly_votes(scored: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """Per UTC hour over the span of `hours`: votes (positive − negative) and scored, null where not wholly seen."""
    rows = sentiment.people(scored)
    vote = sentiment.votes(rows)
    return pd.DataFrame(
        {
            "votes": summed(np.nan_to_num(vote), rows, hours).astype("Int64"),
            "scored": summed((~np.isnan(vote)).astype(float), rows, hours).astype("Int64"),
        }
    )


def total(scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> Estimate:
    """Mentions in [start, end), UTC; "not_seen", with what was counted as `low`, where an hour was not wholly seen."""
    rows = sentiment.people(between(scored, start, end))
    counted = len(rows)
    if start >= end or (states(hours, start, end) != "seen").any():
        return refused("count", "not_seen", "count", counted, low=float(counted))
    return Estimate(float(counted), "count", counted, "count", low=float(counted), high=float(counted))


def stretches(hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> list[pd.Timestamp]:
    """Starts of the wholly seen spans as long as [start, end) that lie end to end before it, the latest first."""
    seen, found, left = span(hours), [], start - (end - start)
    while seen and left >= seen[0]:
        if (states(hours, left, left + (end - start)) == "seen").all():
            found.append(left)
        left -= end - start
    return found


def between(scored: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The rows published in [start, end)."""
    return scored[((scored["published_at"] >= start) & (scored["published_at"] < end)).to_numpy()]


def width(start: pd.Timestamp, end: pd.Timestamp) -> Bin:
    """Hourly under 7 days, weekly from 120 days, else daily."""
    days = (end - start) / pd.Timedelta(days=1)
    return "1h" if days < 7 else "1D" if days < 120 else "1W"


def per_interval(
    scored: pd.DataFrame,
    hours: pd.DataFrame,
    *,
    start: pd.Timestamp,
    end: pd.Timestamp,
    bin: Bin | Literal["auto"] = "auto",
    zone: str | tzinfo = "UTC",
    minimum: int = 30,
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    """One row per interval of [start, end): start, end (UTC, half-open), state, then METRICS and SHARES.

    Days and weeks (from Monday) are those of `zone`; hours are UTC hours. The first and last interval are cut to
    [start, end) and then "partial". `state`: "seen"; "partial" where some of it was, and counts are then lower bounds;
    "unseen", and counts are then null. Shares are null wherever an interval holds an unseen hour, since the hours that
    were seen do not stand for the others, and net sentiment also under `minimum` scored mentions. What the archive
    does not record is null. With `calibration`, shares are as people would have judged.
    """
    rule = width(start, end) if bin == "auto" else bin
    rows = sentiment.people(between(scored, start, end)).sort_values(["published_at", "id"])
    edges = _edges(start, end, rule, ZoneInfo(zone) if isinstance(zone, str) else zone)
    cuts = np.searchsorted(_micros(rows["published_at"]), _micros(pd.Series(edges)))
    measure = _measures(rows, minimum, calibration)
    state = states(hours, start, end)
    places = np.searchsorted(_micros(pd.Series(state.index)), _micros(pd.Series(edges).dt.floor("h")))
    upper = np.searchsorted(_micros(pd.Series(state.index)), _micros(pd.Series(edges).dt.ceil("h")))
    records = []
    for k, (left, right) in enumerate(pairwise(edges)):
        inside = state.iloc[places[k] : upper[k + 1]]
        whole = bool((inside == "seen").all()) and _is_whole(left, right, rule)
        record = {"start": left, "end": right, "state": "seen" if whole else "partial"}
        if (inside == "unseen").all():
            record["state"] = "unseen"
        else:
            record |= measure(slice(cuts[k], cuts[k + 1]), not (inside == "unseen").any())
        records.append(record)
    types = {"start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]", "state": "string"}
    types |= dict.fromkeys(METRICS, "Int64") | dict.fromkeys(SHARES, "float64")
    return pd.DataFrame(records, columns=list(types)).astype(types)


def _measures(rows: pd.DataFrame, minimum: int, calibration: Calibration | None) -> Callable[[slice, bool], dict]:
    """What to say of a slice of `rows` (sorted by time), computed from columns that are prepared once."""
    vote, author = sentiment.votes(rows), sentiment.authors(rows)
    named = rows["author"].notna().any()
    repost = (rows["kind"] == "repost").to_numpy(dtype=bool, na_value=False)
    counted = {"engagement": engagement.per_row(rows), "views": rows["views"].astype("Float64")}
    known = {name: values.to_numpy(dtype=float, na_value=np.nan) for name, values in counted.items()}

    def measure(at: slice, fair: bool) -> dict:
        out: dict = {
            "mentions": len(vote[at]),
            "authors": len(np.unique(author[at])) if named else None,
            "reposts": int(repost[at].sum()),
            "n_scored": int((~np.isnan(vote[at])).sum()),
        }
        for name, values in known.items():
            out[name] = None if np.isnan(values[at]).all() else round(np.nansum(values[at]))
        if fair:
            if calibration:
                net, share = calibration.both(rows.iloc[at], minimum=FEWEST, sampling=True)
                net = net if net.n >= minimum else refused("net", "too_few", net.method, net.n)
            else:
                share = sentiment.negative_of(vote[at], author[at], FEWEST)
                net = sentiment.net_of(vote[at], author[at], minimum)
            out |= {"negative_share": share.value, "negative_low": share.low, "negative_high": share.high}
            out |= {"net": net.value, "net_low": net.low, "net_high": net.high}
        return out

    return measure


def _edges(start: pd.Timestamp, end: pd.Timestamp, rule: Bin, zone: tzinfo) -> list[pd.Timestamp]:
    """`start`, every boundary of the zone's hours, days or weeks after it, and `end`."""
    if rule == "1h":
        inner = pd.date_range(start.floor("h"), end, freq="h")
    else:
        local = start.tz_convert(zone)
        day = local.tz_localize(None).normalize()
        first = day - pd.Timedelta(days=day.day_of_week) if rule == "1W" else day
        naive = pd.date_range(first, end.tz_convert(zone).tz_localize(None), freq="7D" if rule == "1W" else "1D")
        inner = naive.tz_localize(zone, ambiguous=np.ones(len(naive), dtype=bool), nonexistent="shift_forward")
    return [start, *(edge.tz_convert("UTC") for edge in inner if start < edge < end), end]


def _is_whole(left: pd.Timestamp, right: pd.Timestamp, rule: Bin) -> bool:
    """Is the interval as long as its kind is (a day of 23 or 25 hours is), and not cut by the span asked for?"""
    shortest = {"1h": 1, "1D": 23, "1W": 167}[rule]
    return (right - left) / HOUR >= shortest


def summed(values: np.ndarray, rows: pd.DataFrame, hours: pd.DataFrame) -> pd.Series:
    """The sum of `values`, one for each of `rows`, per UTC hour of `hours`; null where an hour was not wholly seen."""
    if hours.empty:
        return pd.Series(dtype=float, index=pd.DatetimeIndex([], tz="UTC"))
    state = states(hours, hours["hour"].min(), hours["hour"].max() + HOUR)
    sums = pd.Series(values, index=rows["published_at"].dt.floor("h").to_numpy()).groupby(level=0).sum()
    sums.index = pd.DatetimeIndex(sums.index).as_unit("us")
    return sums.reindex(state.index, fill_value=0.0).where(state == "seen")


def _micros(times: pd.Series) -> np.ndarray:
    return times.dt.as_unit("us").to_numpy(dtype="int64")
