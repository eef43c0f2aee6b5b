"""Each cause over the course of an incident: how large in each phase, when it first came, whether it was there before.

Rows are complaints with a cause, as far as they were collected; `complaints` picks them. Times are UTC.
"""

import re
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

from analysis.measures import sentiment, volume
from analysis.measures.estimate import Estimate, refused
from analysis.measures.onset import STEP, Onset
from analysis.measures.phases import Bounds
from analysis.measures.proportions import effective_n, wilson

DAY = pd.Timedelta(days=1)
WEEK = 7 * DAY
PHASES = ("before", "onset", "peak", "decline", "aftermath")
VOICES = 3
"""Distinct authors under which a cause is a coincidence: one is a rumour, and two who know each other are one voice (as
in `cue_alarm`). Definitions C1 asks for k distinct authors and leaves k open."""
WORDS = 2
"""Terms of a cause that a text must hold to be of it beyond doubt."""
LACKING = 3.0
"""Rows that should be there and are not: with 3 expected, none comes by chance once in 20 times (Poisson)."""
WINDOWS = 2
"""Separate windows in which a recurring complaint was raised (definitions C1)."""
LATELY = 4 * WEEK
"""The last stretch before an incident that is held against the time before it: complaints are reviewed by the month, so
that a growth over a month is one that a review could have seen."""
RISING = "share over share before, log interval"


def complaints(scored: pd.DataFrame) -> pd.DataFrame:
    """The rows of `scored` that have a cause and are people's own words, by time and id.

    Left out: what the organisation wrote, and, where the column `copied` tells, what only repeats a text that stands
    many times: copies say how far one voice was carried, not how many there are.
    """
    rows = sentiment.people(scored)
    keep = rows["cause"].notna().to_numpy(dtype=bool)
    if "copied" in rows:
        keep = keep & ~rows["copied"].fillna(False).to_numpy(dtype=bool)
    return rows[keep].sort_values(["published_at", "id"])


def voices(rows: pd.DataFrame, quiet: pd.Timedelta = DAY) -> pd.DataFrame:
    """The rows of `rows` (as of `complaints`) whose author had not raised the same cause within `quiet` before.

    Who complains of one thing ten times a day is one voice. A row without an author is a voice of its own.
    """
    keys = pd.DataFrame({"who": sentiment.authors(rows), "cause": rows["cause"].to_numpy(dtype="int64")})
    keys["at"] = rows["published_at"].to_numpy()
    gap = keys.groupby(["who", "cause"])["at"].diff()
    return rows[(gap.isna() | (gap >= quiet)).to_numpy()]


def in_its_words(rows: pd.DataFrame, causes: pd.DataFrame, least: int = WORDS) -> pd.DataFrame:
    """The rows whose text holds at least `least` of the `terms` (list of str) of its own cause in `causes`.

    A model that leaves nothing unexplained gives every complaint the nearest cause. Before an incident that is often
    one that did not exist yet: of 45 complaints said to be of a passenger's removal in the week before it, none was.
    So what came before, or first, is asked for in the cause's own words; one will not do, since many are common.
    """
    keep = np.zeros(len(rows), dtype=bool)
    text, which = rows["text"].str.casefold(), rows["cause"].to_numpy(dtype="int64")
    for cause, terms in zip(causes["cause"].astype(int), causes["terms"], strict=True):
        own = which == cause
        held = sum(
            text[own].str.contains(_word(str(term)), regex=True, na=False).to_numpy(dtype=int)
            for term in dict.fromkeys(terms)
        )
        keep[own] = held >= min(least, len(set(terms)))
    return rows[keep]


def _word(term: str) -> str:
    """A pattern of `term` as a word of its own; where it begins or ends with a Chinese character, anywhere."""
    edges = [r"\b" if re.match(r"[a-z0-9]", mark) else "" for mark in (term[:1].casefold(), term[-1:].casefold())]
    return edges[0] + re.escape(term.casefold()) + edges[1]


def spans(found: Onset, bounds: Bounds) -> Bounds:
    """The half-open spans (UTC) of PHASES, or of before, during and aftermath where onset or peak are not known.

    Before ends where the incident may first have begun. The peak is its bin with the one before and the one after: a
    bin alone holds a few complaints of each cause, and its height is the luckiest of many; three are the fewest that
    hold both shoulders. Onset lies before that, decline after it, to the end of the incident or, where that was not
    reached, of its window. A phase of which nothing is left starts where it ends.
    """
    start, close = bounds["during"]
    low = min(start, pd.Timestamp(found.onset.low)) if found.onset.low else start
    before = (min(bounds["before"][0], low), low)
    end = pd.Timestamp(found.end.value) if found.end.value else close
    if found.onset.value is None or found.peak.value is None:
        return {"before": before, "during": (low, max(end, low)), "aftermath": (end, max(end, bounds["after"][1]))}
    top, step, begun = pd.Timestamp(found.peak.value), STEP[found.bin], pd.Timestamp(found.onset.value)
    first, last = max(begun, top - step), min(top + 2 * step, max(end, top + step))
    return {
        "before": (min(before[0], begun), begun),
        "onset": (begun, first),
        "peak": (first, last),
        "decline": (last, max(end, last)),
        "aftermath": (max(end, last), max(end, last, bounds["after"][1])),
    }


def table(rows: pd.DataFrame, hours: pd.DataFrame, causes: pd.DataFrame, phases: Bounds) -> pd.DataFrame:
    """One row per cause of `causes` and phase, in their order.

    Columns: cause, phase, start, end, hours_total, hours_seen; n, of, share, low, high (of the complaints with a cause
    that were collected; Wilson at the effective n of author clusters; null where there are none); rate (complaints per
    wholly seen hour, counted in these alone; null where there are none); growth, growth_low, growth_high (share over
    share before, 95% log interval with half a complaint added to each count, after Walter 1975; null in the phase
    before, and where nothing came before).
    """
    records = []
    states = {name: volume.states(hours, *span) for name, span in phases.items()}
    inside = {name: volume.between(rows, *span) for name, span in phases.items()}
    known = {name: state.index[(state == "seen").to_numpy()] for name, state in states.items()}
    for cause in causes["cause"]:
        base: tuple[float, float] | None = None
        for phase, (start, end) in phases.items():
            part = inside[phase]
            hits = (part["cause"] == cause).to_numpy(dtype=bool)
            size, quantile = effective_n(hits, sentiment.authors(part))
            count = float(hits.mean()) * size if len(hits) else 0.0
            share = wilson(count, size, quantile=quantile)
            whole = part.loc[hits, "published_at"].dt.floor("h").isin(known[phase])
            record = {"cause": cause, "phase": phase, "start": start, "end": end}
            record |= {"hours_total": len(states[phase]), "hours_seen": len(known[phase])}
            record |= {"n": int(hits.sum()), "of": len(part), "share": share.value}
            record |= {"low": share.low, "high": share.high}
            record |= {"rate": int(whole.sum()) / len(known[phase]) if len(known[phase]) else None}
            if phase == "before":
                base = (count, size)
            elif base:
                record |= _growth(count, size, *base)
            records.append(record)
    return pd.DataFrame(records, columns=list(_TYPES)).astype(_TYPES)


_TYPES = (
    {"cause": "Int64", "phase": "string", "start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"}
    | dict.fromkeys(("hours_total", "hours_seen", "n", "of"), "Int64")
    | dict.fromkeys(("share", "low", "high", "rate", "growth", "growth_low", "growth_high"), "float64")
)


def _growth(k1: float, n1: float, k0: float, n0: float) -> dict[str, float]:
    if not n1 or not n0:
        return {}
    a, b, n, m = k1 + 0.5, k0 + 0.5, n1 + 0.5, n0 + 0.5
    centre = log(a / n) - log(b / m)
    half = NormalDist().inv_cdf(0.975) * sqrt(max(1 / a - 1 / n + 1 / b - 1 / m, 0.0))
    return {"growth": exp(centre), "growth_low": exp(centre - half), "growth_high": exp(centre + half)}


def appeared(rows: pd.DataFrame, causes: pd.DataFrame, since: pd.Timestamp, least: int = VOICES) -> pd.DataFrame:
    """One row per cause: cause, first, first_id, established, all from `since` on.

    `first` is the first complaint of it, which alone may be chance; `established` is when `least` distinct authors had
    raised it (null where fewer did).
    """
    later = rows[(rows["published_at"] >= since).to_numpy()]
    records = []
    for cause in causes["cause"]:
        own = later[(later["cause"] == cause).to_numpy(dtype=bool)]
        fresh = own[~pd.Series(sentiment.authors(own)).duplicated().to_numpy()]
        record = {"cause": cause}
        if len(own):
            record |= {"first": own["published_at"].iloc[0], "first_id": str(own["id"].iloc[0])}
        if len(fresh) >= least:
            record["established"] = fresh["published_at"].iloc[least - 1]
        records.append(record)
    moments = dict.fromkeys(("first", "established"), "datetime64[us, UTC]")
    out = pd.DataFrame(records, columns=["cause", "first", "first_id", "established"])
    return out.astype({"cause": "Int64", "first_id": "string"} | moments)


def recurring(
    rows: pd.DataFrame,
    worded: pd.DataFrame,
    hours: pd.DataFrame,
    causes: pd.DataFrame,
    before: tuple[pd.Timestamp, pd.Timestamp],
    *,
    least: int = VOICES,
    windows: int = WINDOWS,
    gap: pd.Timedelta = DAY,
) -> pd.DataFrame:
    """One row per cause, whether it was there before: cause, state, n_before, authors_before, windows, of_windows.

    `worded` are those of `rows` that `in_its_words` kept; n_before and authors_before are of these. `windows` counts
    those in which `least` distinct authors raised it, of the `of_windows` that `before` less its last `gap` holds, laid
    end to end backwards: weeks, so that a complaint of every weekend is one a week; days where there are not two whole
    weeks. The last day is left out since a cause that rises early would seem to have been there.
    `state`: "recurring" (in two windows or more, definitions C1), "seldom" (raised, by too few or in one window),
    "new" (nobody raised it, and every hour of a week or more was seen), "unknown" (less was seen, or some rows of it
    are there, too few to tell from their words that they are not). Of n rows with none in its words, `LACKING` or more
    would be, had they been of it: as large a share as of later rows.
    """
    start, end = before[0], max(before[0], before[1] - gap)
    step = WEEK if end - start >= windows * WEEK else DAY
    fits = int((end - start) / step)
    state = volume.states(hours, start, end)
    whole = len(state) > 0 and bool((state == "seen").all()) and end - start >= WEEK
    past = volume.between(worded, start, end)
    every, sure, given = (
        part["cause"].astype("int64").value_counts()
        for part in (
            rows[(rows["published_at"] >= before[1]).to_numpy()],
            worded[(worded["published_at"] >= before[1]).to_numpy()],
            volume.between(rows, start, end),
        )
    )
    place = np.asarray((end - pd.DatetimeIndex(past["published_at"])) / step, dtype=float)
    who, cause_of = sentiment.authors(past), past["cause"].to_numpy(dtype="int64")
    records = []
    for cause in causes["cause"]:
        own = cause_of == cause
        held = pd.DataFrame({"window": np.ceil(place[own]), "who": who[own]}).groupby("window")["who"].nunique()
        loud = int((held[held.index <= fits] >= least).sum())
        lacking = given.get(cause, 0) * sure.get(cause, 0) / max(every.get(cause, 0), 1)
        absent = whole and (not given.get(cause, 0) or lacking >= LACKING)
        told = "recurring" if loud >= windows else "seldom" if own.any() else "new" if absent else "unknown"
        records.append((cause, told, int(own.sum()), len(np.unique(who[own])), loud, fits))
    columns = ["cause", "state", "n_before", "authors_before", "windows", "of_windows"]
    out = pd.DataFrame(records, columns=columns)
    return out.astype(dict.fromkeys(columns, "Int64") | {"state": "string"})


def rising(
    rows: pd.DataFrame, cause: int, before: tuple[pd.Timestamp, pd.Timestamp], *, gap: pd.Timedelta = DAY
) -> Estimate:
    """How many times as large the share of `cause` was LATELY as in the rest of `before`, both less its last `gap`.

    Rows need not be in their cause's own words: what is wrongly given to a cause is so both before and lately. To be
    asked of one cause, since of many one rises by chance. Refused as "short_baseline" where less than LATELY lies
    before, and as "too_few" where fewer than VOICES people raised it lately.
    """
    start, end = before[0], before[1] - gap
    if end - start < 2 * LATELY:
        return refused("ratio", "short_baseline", RISING)
    spans = ((start, end - LATELY), (end - LATELY, end))
    counts, voices_lately = [], 0
    for span in spans:
        part = volume.between(rows, *span)
        hits = (part["cause"] == cause).to_numpy(dtype=bool)
        size, _ = effective_n(hits, sentiment.authors(part))
        counts += [float(hits.mean()) * size if len(hits) else 0.0, size]
        voices_lately = len(np.unique(sentiment.authors(part)[hits]))
    grown = _growth(counts[2], counts[3], counts[0], counts[1]) if voices_lately >= VOICES else {}
    if not grown:
        return refused("ratio", "too_few", RISING, voices_lately)
    low, high = grown["growth_low"], grown["growth_high"]
    return Estimate(grown["growth"], "ratio", voices_lately, RISING, low, high)
