"""Cues that ring whatever the volume: the moment at which enough people raised one, more than ever before.

An incident in which people are hurt, data leak or courts are called is knowable when a few independent voices say so.
One voice is a rumour, and an airline hears "unsafe" every week; so a cue rings where at least `authors` people raised
it within `window`, in texts of their own, and that is significantly more than the trailing weeks had, both a day and
as a share of mentions: ten times the volume brings ten times the cues, and is no sign of its own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.alarm import monthly
from analysis.measures.estimate import Estimate, refused

DAY = pd.Timedelta(days=1)
METHOD = "distinct authors within a day against the trailing weeks"


@dataclass(frozen=True)
class Rule:
    """Proposals to change, not laws.

    `authors` within `window`, each with a text of their own; `trail` is how far back ordinary is looked for, `floor`
    the least of it that must have been seen; `alpha` is the chance of so many in an ordinary day, under which a cue
    rings; `quiet` is how long a cue that rang does not ring again. Three, because two who know each other are one
    voice; `alpha` small, because every mention is another look.
    """

    authors: int = 3
    window: pd.Timedelta = DAY
    trail: pd.Timedelta = 28 * DAY
    floor: pd.Timedelta = 3 * DAY
    alpha: float = 0.003
    quiet: pd.Timedelta = DAY


@dataclass(frozen=True)
class Raised:
    """Cues as they were raised.

    `voices`: DataFrame[cue, id, published_at, knowable, authors, usual, p_day, p_share, judged, loud], one row per
    author who raised a cue for the first time within the window, in a text that nobody else had written in it; times
    UTC; `authors` of them within the window up to then, `usual` a day before it (null where too little was seen);
    `loud` where the rule holds. `rings`: the rows of `voices` at which it rang. `judged` days could be judged from
    `since` to `until`.
    """

    voices: pd.DataFrame
    rings: pd.DataFrame
    rule: Rule
    seen: pd.DatetimeIndex


_COLUMNS = ["cue", "id", "published_at", "knowable", "authors", "usual", "p_day", "p_share", "judged", "loud"]


def raised(
    mentions: pd.DataFrame,
    found: pd.DataFrame,
    hours: pd.DataFrame,
    *,
    rule: Rule | None = None,
    resolution: pd.Timedelta | None = None,
) -> Raised:
    """The rule over all of `mentions` (id, published_at, author, text, kind, from_brand).

    `found` has a bool column per cue, on the index of `mentions`. `hours` says what was seen (as in `volume`): only
    wholly seen hours are held against. The organisation's own posts and reposts raise nothing. `resolution` is how
    late a time can be: where the archive records days, a mention was made at any hour of its day. No row looks ahead.
    """
    rule = rule or Rule()
    late = resolution or pd.Timedelta(0)
    rows = sentiment.people(mentions, reposts=False).sort_values(["published_at", "id"])
    seen = pd.DatetimeIndex(hours.loc[hours["state"] == "seen", "hour"]).sort_values()
    fair = rows["published_at"].dt.floor("h").isin(seen).to_numpy()
    all_times, fair_times = _nanos(rows["published_at"]), _nanos(rows.loc[fair, "published_at"])
    parts = []
    for cue in found.columns:
        hits = rows[found[cue].reindex(rows.index).fillna(False).to_numpy(dtype=bool)]
        voices = hits[_first_voices(hits, rule.window)]
        if len(voices):
            parts.append(_judged(str(cue), voices, all_times, fair_times, seen, rule, late))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    rings = []
    for _, some in table[table["loud"].astype(bool)].groupby("cue", sort=True):
        last = None
        for row in some.to_dict("records"):
            if last is None or row["published_at"] - last >= rule.quiet:
                rings.append(row)
                last = row["published_at"]
    return Raised(table, pd.DataFrame(rings, columns=_COLUMNS), rule, seen)


def knowable(found: Raised, cue: str, start: pd.Timestamp, end: pd.Timestamp) -> Estimate:
    """When `cue` first held enough voices in [start, end) (unit "time").

    Refused as "short_baseline" where too little was seen before to tell them from the ordinary, and as "no_spike" where
    nobody, too few, or no more than usual raised it; n is the number of voices in the span.
    """
    inside = _inside(found.voices, cue, start, end)
    loud = inside[inside["loud"].astype(bool)]
    if len(loud):
        first = loud.iloc[0]
        moment = first["knowable"].isoformat()
        return Estimate(moment, "time", int(first["authors"]), METHOD, moment, moment)
    if len(inside) and not inside["judged"].astype(bool).any():
        return refused("time", "short_baseline", METHOD, len(inside))
    return refused("time", "no_spike", METHOD, len(inside))


def floors(found: Raised, start: pd.Timestamp, end: pd.Timestamp) -> tuple[str, ...]:
    """The cues that were loud in [start, end), in the order of their columns."""
    loud = found.voices[found.voices["loud"].astype(bool)]
    inside = loud[(loud["published_at"] >= start) & (loud["published_at"] < end)]
    return tuple(dict.fromkeys(inside["cue"]))


def voices(found: Raised, cue: str, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The rows of `found.voices` of one cue in [start, end), up to and including the first that was loud."""
    inside = _inside(found.voices, cue, start, end)
    loud = np.flatnonzero(inside["loud"].astype(bool).to_numpy())
    return inside if not len(loud) else inside.iloc[: loud[0] + 1]


def false_alarms(found: Raised, until: pd.Timestamp) -> Estimate:
    """Rings a month (unit "per_month"), of all cues together, on what was judged before `until`, taken to be quiet.

    n is the number of rings. Refused as "short_baseline" where fewer than seven days could be judged.
    """
    past = found.seen[found.seen < until]
    hour = pd.Timedelta(hours=1)
    warm = int((found.rule.floor + found.rule.window) / hour)
    days = max(0, len(past) - warm) * (hour / DAY)
    return monthly(int((found.rings["published_at"] < until).sum()) if len(found.rings) else 0, days)


def _judged(
    cue: str,
    voices: pd.DataFrame,
    all_times: np.ndarray,
    fair_times: np.ndarray,
    seen: pd.DatetimeIndex,
    rule: Rule,
    late: pd.Timedelta,
) -> pd.DataFrame:
    """The table of one cue's voices: how many within the window, against what the trail before it had."""
    from scipy.stats import binom

    times = _nanos(voices["published_at"])
    fair = times[voices["published_at"].dt.floor("h").isin(seen).to_numpy()]
    window, trail = rule.window.value, rule.trail.value
    opened = times - window
    authors = np.searchsorted(times, times, "right") - np.searchsorted(times, opened, "right")
    mentions = np.searchsorted(all_times, times, "right") - np.searchsorted(all_times, opened, "right")
    before = np.searchsorted(fair, opened, "right") - np.searchsorted(fair, opened - trail, "right")
    base = np.searchsorted(fair_times, opened, "right") - np.searchsorted(fair_times, opened - trail, "right")
    hours = _nanos(pd.Series(seen))
    known = np.searchsorted(hours, opened, "right") - np.searchsorted(hours, opened - trail, "right")
    windows = known * pd.Timedelta(hours=1).value / window
    judged = known * pd.Timedelta(hours=1).value >= rule.floor.value
    total = authors + before
    p_day = binom.sf(authors - 1, total, 1 / (1 + np.maximum(windows, 1e-9)))
    p_share = binom.sf(authors - 1, total, mentions / np.maximum(mentions + base, 1))
    loud = judged & (authors >= rule.authors) & (p_day < rule.alpha) & (p_share < rule.alpha)
    return pd.DataFrame(
        {
            "cue": cue,
            "id": voices["id"].to_numpy(),
            "published_at": voices["published_at"].to_numpy(),
            "knowable": (voices["published_at"] + late).to_numpy(),
            "authors": authors,
            "usual": np.where(judged, before / np.maximum(windows, 1e-9), np.nan),
            "p_day": p_day,
            "p_share": p_share,
            "judged": judged,
            "loud": loud,
        }
    )


def _first_voices(hits: pd.DataFrame, window: pd.Timedelta) -> np.ndarray:
    """bool (n,): hits of an author who had none within the window before, in words that had not been written in it."""
    times = _nanos(hits["published_at"])
    names = sentiment.authors(hits)
    words = pd.factorize(hits["text"].str.casefold().str.replace(r"https?://\S+|\W+", " ", regex=True).str.strip())[0]
    last: dict[tuple[str, int], int] = {}
    out = np.zeros(len(hits), dtype=bool)
    for row, (time, name, text) in enumerate(zip(times, names, words, strict=True)):
        keys = (("author", int(name)), ("text", int(text)))
        out[row] = all(time - last.get(key, time - window.value) >= window.value for key in keys)
        for key in keys:
            last[key] = int(time)
    return out


def _inside(table: pd.DataFrame, cue: str, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    rows = table[table["cue"] == cue]
    return rows[(rows["published_at"] >= start) & (rows["published_at"] < end)] if len(rows) else rows


def _nanos(times: pd.Series) -> np.ndarray:
    return np.asarray(pd.DatetimeIndex(times).as_unit("ns").asi8)
