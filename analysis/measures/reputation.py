"""How the standing changed: share of voice, and rates of reactions, each with its denominator in its name."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures import engagement, sentiment, volume
from analysis.measures.estimate import Estimate, refused
from analysis.measures.impact import Impact
from analysis.measures.proportions import difference, effective_n, wilson

VOICE_METHOD = "share of mentions, interval between stretches of hours"
RATE_METHOD = "ratio of sums, counts capped, interval by author"
REPOST_METHOD = "Wilson interval on the effective n of author clusters"
FOLLOWERS_METHOD = "followers recorded with the accounts' own posts"
FRESH = pd.Timedelta(days=7)
RATES: dict[str, tuple[str, str | None]] = {
    "reactions_per_post": ("reactions", None),
    "reactions_per_1000_views": ("reactions", "views"),
    "reactions_per_1000_followers": ("reactions", "author_followers"),
    "reposts_per_1000_views": ("reposts", "views"),
}
"""Rate → what is divided, and by what; by posts where there is no other denominator. They are never mixed."""


@dataclass(frozen=True)
class Change:
    """A measure before and during, and how it changed: `change` is a difference of shares, or a relative change."""

    before: Estimate
    during: Estimate
    change: Estimate


def voice(
    hours: pd.DataFrame,
    brand: str,
    before: tuple[pd.Timestamp, pd.Timestamp],
    during: tuple[pd.Timestamp, pd.Timestamp],
) -> tuple[Change, pd.DataFrame]:
    """The share of the archive's mentions that are of `brand`, and per brand: brand, before, during (mentions).

    `hours`: brand, hour, mentions, state, of all brands ("" for the whole archive). Only hours that were wholly seen
    for every brand count, for all alike. Refused as "one_brand" where there is no other, and as "not_seen" where an
    hour of `during` was not seen for one of them, or no hour of `before` for all.
    """
    labelled = hours[hours["brand"] != ""]
    counts = labelled.pivot(index="hour", columns="brand", values="mentions").astype(float)
    if brand not in counts or len(counts.columns) < 2:
        return _refused_voice("one_brand"), pd.DataFrame(columns=["brand", "before", "during"])
    state = labelled.pivot(index="hour", columns="brand", values="state")
    counts = counts[(state == "seen").all(axis=1)]
    spans = {
        name: counts[(counts.index >= start.floor("h")) & (counts.index < end)]
        for name, (start, end) in {"before": before, "during": during}.items()
    }
    table = pd.DataFrame({name: span.sum() for name, span in spans.items()}).rename_axis("brand").reset_index()
    wanted = len(pd.date_range(during[0].floor("h"), during[1].ceil("h"), freq="h", inclusive="left"))
    if len(spans["during"]) < wanted:
        return _refused_voice("not_seen"), table.assign(before=np.nan, during=np.nan)
    first, second = (_voice_of(span, brand) for span in spans.values())
    return Change(first, second, _apart(second, first)), table


def repost_share(before: pd.DataFrame, during: pd.DataFrame, *, minimum: int = 30) -> Change:
    """Reposts / mentions of two scored tables, without the organisation's own."""
    sides = [_repost_share(sentiment.people(rows), minimum) for rows in (before, during)]
    if any(side[0].value is None for side in sides):
        return Change(sides[0][0], sides[1][0], refused("share", "too_few", REPOST_METHOD))
    return Change(sides[0][0], sides[1][0], difference(*sides[1][1], *sides[0][1]).estimate)


def own_followers(
    scored: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, *, stale: pd.Timedelta = FRESH
) -> tuple[Estimate, Estimate]:
    """Followers that the organisation's accounts gained in the stretch as long before [start, end), and in it.

    A number at a moment is the last one recorded with a post of that account before it, no older than `stale`; accounts
    that lack one at any of the three moments are left out, and so are those whose number never changes: it was taken
    once, when the archive was exported. "no_brand_posts", or "not_recorded", where none is left.
    """
    own = scored[scored["from_brand"].to_numpy(dtype=bool)].dropna(subset=["author", "author_followers"])
    own = own.sort_values(["published_at", "id"])
    numbers = own.groupby(["author", "platform"])["author_followers"].transform("nunique")
    own = own[(numbers > 1).to_numpy(dtype=bool)]
    moments = (start - (end - start), start, end)
    held = []
    for moment in moments:
        known = own[((own["published_at"] < moment) & (own["published_at"] >= moment - stale)).to_numpy()]
        held.append(known.groupby(["author", "platform"])["author_followers"].last().astype(float))
    counts = pd.concat(held, axis=1, join="inner")
    if counts.empty:
        reason = "not_recorded" if scored["from_brand"].any() else "no_brand_posts"
        return refused("count", reason, FOLLOWERS_METHOD), refused("count", reason, FOLLOWERS_METHOD)
    gained = [float((counts.iloc[:, late] - counts.iloc[:, late - 1]).sum()) for late in (1, 2)]
    before, during = (Estimate(gain, "count", len(counts), FOLLOWERS_METHOD, gain, gain) for gain in gained)
    return before, during


def crisis_share(impact: Impact) -> Estimate:
    """Incident mentions / brand mentions: the part of the window's mentions that came on top of the usual.

    1 − expected / observed; refused as the impact is, and as "too_few" where nothing came. Never under 0.
    """
    expected, observed = impact.expected, impact.observed
    if expected.value is None or expected.low is None or expected.high is None or not observed:
        return refused("share", expected.reason or "too_few", expected.method, expected.n)
    bounds = [max(0.0, 1 - float(bound) / observed) for bound in (expected.value, expected.high, expected.low)]
    return Estimate(bounds[0], "share", expected.n, expected.method, bounds[1], bounds[2])


def rates(
    before: pd.DataFrame, during: pd.DataFrame, *, quantile: float = 0.95, minimum: int = 30
) -> dict[str, Change]:
    """Each of RATES over people's posts that are no reposts, before and during.

    A post's counts are capped at their `quantile` in `before` (in `during` where there is nothing before), the same cap
    on both sides: uncapped, a rate is that of its one largest post, and no interval holds. Only posts that have both
    numerator and denominator count. Refused as "not_recorded", or "too_few" under `minimum` authors on a side.
    """
    sides = [sentiment.people(rows, reposts=False) for rows in (before, during)]
    columns = [_columns(rows) for rows in sides]
    base = columns[0] if len(columns[0]) else columns[1]
    caps = {str(name): _cap(base[name], quantile) for name in base if name != "author"}
    capped = [table.assign(**{name: table[name].clip(upper=cap) for name, cap in caps.items()}) for table in columns]
    return {name: _rate_change(capped[0], capped[1], *parts, minimum) for name, parts in RATES.items()}


def stretches(scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Stretches as long as [start, end) before it, wholly seen, the latest first: start, mentions, authors, passion.

    Mentions per author (passion) grow with the span they are counted over, so that only spans as long compare.
    """
    rows: list[dict[str, Any]] = [
        {"start": left} | passion(volume.between(scored, left, left + (end - start)))
        for left in volume.stretches(hours, start, end)
    ]
    return pd.DataFrame(rows, columns=["start", "mentions", "authors", "passion"])


def passion(scored: pd.DataFrame) -> dict[str, Any]:
    """Mentions with an author, their distinct authors, and mentions per author (NaN without any)."""
    named = sentiment.people(scored)["author"].dropna()
    authors = float(named.nunique())
    return {"mentions": float(len(named)), "authors": authors, "passion": len(named) / authors if authors else np.nan}


def _refused_voice(reason: str) -> Change:
    return Change(*(refused("share", reason, VOICE_METHOD) for _ in range(3)))


def _voice_of(counts: pd.DataFrame, brand: str, blocks: int = 8) -> Estimate:
    """The share of `brand` (one column each, by hour), its interval on the logit scale.

    Mentions come in waves, so the variance is that between stretches of hours (at most a day, at least `blocks` of
    them), as for a ratio of cluster totals (Cochran 1977, 9A), and never under that of independent mentions.
    """
    total = float(counts.to_numpy().sum())
    if not total:
        return refused("share", "not_seen" if counts.empty else "too_few", VOICE_METHOD)
    hours = max(1, min(24, len(counts) // blocks))
    parts = counts.groupby(np.arange(len(counts)) // hours).sum()
    own, size = parts[brand].to_numpy(), parts.sum(axis=1).to_numpy()
    share = float(own.sum() / total)
    eased = (own.sum() + 0.5) / (total + 1)  # an interval on the logit scale needs a share between 0 and 1
    between = float(((own - share * size) ** 2).sum()) * len(parts) / max(len(parts) - 1, 1) / total**2
    spread = np.sqrt(max(between, eased * (1 - eased) / total)) / (eased * (1 - eased))
    half = _t(max(len(parts) - 1, 1)) * spread
    middle = np.log(eased / (1 - eased))
    low, high = (float(1 / (1 + np.exp(-(middle + side * half)))) for side in (-1, 1))
    return Estimate(share, "share", round(total), VOICE_METHOD, min(low, share), max(high, share))


def _apart(later: Estimate, earlier: Estimate) -> Estimate:
    """The difference of two shares from their own intervals (MOVER, after Zou & Donner 2008, doi 10.1002/sim.3095)."""
    if later.value is None or earlier.value is None:
        return refused("share", str(later.reason or earlier.reason), VOICE_METHOD)
    p1, l1, u1 = (float(x or 0) for x in (later.value, later.low, later.high))
    p0, l0, u0 = (float(x or 0) for x in (earlier.value, earlier.low, earlier.high))
    low = p1 - p0 - np.hypot(p1 - l1, u0 - p0)
    high = p1 - p0 + np.hypot(u1 - p1, p0 - l0)
    return Estimate(p1 - p0, "share", later.n + earlier.n, VOICE_METHOD, max(float(low), -1.0), min(float(high), 1.0))


def _repost_share(rows: pd.DataFrame, minimum: int) -> tuple[Estimate, tuple[float, float]]:
    if len(rows) < minimum:
        return refused("share", "too_few", REPOST_METHOD, len(rows)), (0.0, 0.0)
    again = (rows["kind"] == "repost").to_numpy(dtype=bool, na_value=False)
    size, quantile = effective_n(again, sentiment.authors(rows))
    return _wilson(float(again.mean()), size, quantile, len(rows), REPOST_METHOD)


def _wilson(share: float, size: float, quantile: float, n: int, method: str) -> tuple[Estimate, tuple[float, float]]:
    interval = wilson(share * size, size, quantile=quantile)
    return Estimate(share, "share", n, method, interval.low, interval.high), (share * size, size)


def _columns(rows: pd.DataFrame) -> pd.DataFrame:
    """author (numbered) and the counts that RATES name, of each row, as floats."""
    out: dict[str, Any] = {"author": sentiment.authors(rows), "reactions": engagement.per_row(rows)}
    out |= {name: rows[name] for name in ("reposts", "views", "author_followers")}
    return pd.DataFrame(
        {
            name: values if name == "author" else values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            for name, values in out.items()
        }
    )


def _cap(values: pd.Series, quantile: float) -> float:
    known = values.dropna().to_numpy()
    return max(1.0, float(np.quantile(known, quantile, method="higher"))) if len(known) else np.inf


def _rate_change(before: pd.DataFrame, during: pd.DataFrame, top: str, bottom: str | None, minimum: int) -> Change:
    found = [_rate(table, top, bottom, minimum) for table in (before, during)]
    (first, spread0), (second, spread1) = found
    if first.value is None or second.value is None:
        return Change(first, second, refused("change", str(first.reason or second.reason), RATE_METHOD))
    times = float(second.value) / float(first.value)
    half = 1.96 * np.hypot(spread0, spread1)
    low, high = times * np.exp(-half) - 1, times * np.exp(half) - 1
    return Change(
        first, second, Estimate(times - 1, "change", first.n + second.n, RATE_METHOD, float(low), float(high))
    )


def _rate(table: pd.DataFrame, top: str, bottom: str | None, minimum: int) -> tuple[Estimate, float]:
    """Σ top / Σ bottom (per post, or per 1,000) and the standard error of its logarithm, linearised over authors.

    After Cochran (1977, Sampling Techniques, 6.3 and 9A); an author's posts are one draw.
    """
    unit, scale = ("per_post", 1.0) if bottom is None else ("number", 1000.0)
    over = pd.Series(1.0, index=table.index) if bottom is None else table[bottom]
    known = (table[top].notna() & over.notna() & (over > 0)).to_numpy()
    if not known.any():
        return refused(unit, "not_recorded" if len(table) else "too_few", RATE_METHOD), 0.0
    up, down = table[top].to_numpy()[known], over.to_numpy()[known]
    who = np.unique(table["author"].to_numpy()[known], return_inverse=True)[1]
    authors, rate = int(who.max()) + 1, float(up.sum() / down.sum())
    if authors < minimum or rate == 0:
        return refused(unit, "too_few", RATE_METHOD, int(known.sum())), 0.0
    left = np.bincount(who, weights=up - rate * down)
    spread = float(np.sqrt((left**2).sum() * authors / (authors - 1)) / up.sum())
    half = _t(authors - 1) * spread
    low, high = float(rate * np.exp(-half) * scale), float(rate * np.exp(half) * scale)
    return Estimate(rate * scale, unit, int(known.sum()), RATE_METHOD, low, high), spread


def _t(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
