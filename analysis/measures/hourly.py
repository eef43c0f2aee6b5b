"""What impact is estimated on besides mentions: distinct authors, reactions, views and followers, per UTC hour.

A series is null in hours that were not wholly seen, and where a post of the hour lacks the count: not recorded is not
nought. Platforms on which a count is never recorded are left out of its series, before as during. Posts by the
organisation itself are not counted.

Counts per post are heavy-tailed: a sum over a day is often one post. Such sums hold their interval, but see nothing: of
doubled incidents of 24 h, at three to forty posts an hour with Pareto tails (exponent 1.1), they saw 7 to 25%. So a
post counts up to a quantile of the time before (winsorised, after Tukey 1962), which saw 50 to 100% of the same.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import engagement, sentiment, volume


@dataclass(frozen=True)
class Series:
    """`values` by hour start, null where not known; `cap` is what one post, or author, counts for at most.

    `platforms` are those whose posts are counted; none where the archive does not record the count at all.
    """

    values: pd.Series
    cap: float | None
    platforms: tuple[str, ...]


def authors(scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> Series:
    """Each author once per span as long as the incident [start, end), in the hour of the first mention in it.

    The spans are laid end to end from `start`, as `impact.estimate` lays its placebo blocks: a sum over one of them is
    the number of distinct authors in it. Distinct authors of single hours would add up to author-hours instead.
    """
    first = _first_of_span(scored, start, end)
    named = first["author"].notna()
    return _series(first, named.astype("Float64").where(named), None, hours)


def followers(
    scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, *, quantile: float = 0.95
) -> Series:
    """Followers of those who spoke (potential reach), each author once per span as in `authors`, capped."""
    first = _first_of_span(scored, start, end)
    return _series(first, *_capped(first, first["author_followers"], start, quantile), hours=hours)


def reactions(scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, *, quantile: float = 0.95) -> Series:
    """Engagement (`engagement.per_row`) of the posts of each hour, a post counting up to `quantile` of those before."""
    rows = sentiment.people(scored, reposts=False)
    return _series(rows, *_capped(rows, engagement.per_row(rows), start, quantile), hours=hours)


def views(scored: pd.DataFrame, hours: pd.DataFrame, start: pd.Timestamp, *, quantile: float = 0.95) -> Series:
    """Views of the posts of each hour, capped as `reactions` are."""
    rows = sentiment.people(scored, reposts=False)
    return _series(rows, *_capped(rows, rows["views"], start, quantile), hours=hours)


def _first_of_span(scored: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The first mention of each author in each span; mentions without an author are all kept."""
    rows = sentiment.people(scored).sort_values(["published_at", "id"])
    first, last = start.floor("h"), end.ceil("h")
    span = np.floor(((rows["published_at"] - first) / (last - first)).to_numpy(dtype=float))
    again = pd.DataFrame({"span": span, "author": rows["author"].to_numpy()}).duplicated().to_numpy()
    return rows[~again | rows["author"].isna().to_numpy()]


def _capped(
    rows: pd.DataFrame, counts: pd.Series, start: pd.Timestamp, quantile: float
) -> tuple[pd.Series, float | None]:
    """`counts` up to their `quantile` before `start`, and that; both as they are where nothing is known before it."""
    values = counts.astype("Float64")
    before = values[(rows["published_at"] < start).to_numpy()].dropna()
    if before.empty:
        return values, None
    cap = max(1.0, float(np.quantile(before.to_numpy(dtype=float), quantile, method="higher")))
    return values.clip(upper=cap), cap


def _series(rows: pd.DataFrame, values: pd.Series, cap: float | None, hours: pd.DataFrame) -> Series:
    known = values.notna().to_numpy()
    platforms = tuple(sorted(rows.loc[known, "platform"].unique()))
    inside = rows["platform"].isin(platforms).to_numpy()
    rows, values, known = rows[inside], values[inside], known[inside]
    total = volume.summed(values.fillna(0).to_numpy(dtype=float), rows, hours)
    lacking = volume.summed((~known).astype(float), rows, hours)
    return Series(total.where(lacking == 0), cap, platforms)
