"""How it spread: trees of answers and reposts, who was passed on most, and where it was first said.

Trees are of what was collected: a post that nobody exported is in none, so sizes are lower bounds.
"""

import numpy as np
import pandas as pd

from analysis.measures import engagement, onset, sentiment, volume
from analysis.measures.estimate import Estimate, refused

FIRST_METHOD = "earliest mention that was collected"
VIRALITY_METHOD = "mean distance between two posts of a tree"


def nodes(scored: pd.DataFrame) -> pd.DataFrame:
    """One row per mention, in their order: root (row number), depth (0 for a root), below (posts under it), held.

    A post hangs under its parent where that is held; else it is a root, and `held` is False where it had a parent that
    was not collected. Posts that answer each other in a circle are roots of their own.
    """
    n = len(scored)
    ids = pd.Index(scored["id"].astype("string").to_numpy(dtype=object))
    parent = scored["parent_id"].astype("string").fillna("").to_numpy(dtype=object)
    above = ids.get_indexer(pd.Index(parent))
    places = np.arange(n)
    above[above == places] = -1
    top, depth = np.where(above >= 0, above, places), (above >= 0).astype(np.int64)
    for _ in range(max(n, 2).bit_length()):  # each round looks twice as far up
        depth = depth + np.where(top != places, depth[top], 0)
        top = top[top]
    circle = above[top] >= 0 if n else np.zeros(0, dtype=bool)
    root = np.where(circle, places, top)
    depth = np.where(circle, 0, depth)
    above = np.where(circle, -1, above)
    below = np.zeros(n, dtype=np.int64)
    deepest_first = np.argsort(-depth, kind="stable")
    for rows in np.split(deepest_first, np.flatnonzero(np.diff(depth[deepest_first])) + 1)[:-1]:
        np.add.at(below, above[rows], below[rows] + 1)
    missing = scored["parent_id"].notna().to_numpy() & (above < 0)
    return pd.DataFrame({"root": root, "depth": depth, "below": below, "held": ~missing}, index=scored.index)


def trees(scored: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """One row per tree of two posts or more: root (row number), posts, reposts, depth, virality; the largest first.

    `found`: `nodes(scored)`. `virality` is the structural virality, the mean distance between two posts of the tree
    (Goel et al. 2016, doi 10.1287/mnsc.2015.2158): near 2 where all answered one post, larger where it went from hand
    to hand. An edge above a subtree of s of n posts lies on s (n − s) paths, which makes it exact in one pass.
    """
    size = (found["below"] + 1).to_numpy()
    root = found["root"].to_numpy()
    posts = size[root]
    paths = np.where(found["depth"] > 0, size * (posts - size), 0).astype(float)
    table = pd.DataFrame(
        {
            "root": root,
            "posts": 1,
            "reposts": (scored["kind"] == "repost").to_numpy(dtype=bool, na_value=False),
            "depth": found["depth"].to_numpy(),
            "paths": paths,
        }
    )
    rows = table.groupby("root", as_index=False).agg(
        posts=("posts", "sum"), reposts=("reposts", "sum"), depth=("depth", "max"), paths=("paths", "sum")
    )
    rows = rows[rows["posts"] > 1]
    rows["virality"] = 2 * rows["paths"] / (rows["posts"] * (rows["posts"] - 1.0))
    rows = rows.drop(columns="paths")
    return rows.sort_values(["posts", "root"], ascending=[False, True], ignore_index=True)


def spreaders(scored: pd.DataFrame, *, most: int = 10) -> pd.DataFrame:
    """The authors whose posts drew most, largest first: author, mentions, reactions, share, reposts, reposts_share.

    Of what people wrote (the organisation left out): `reactions` and `reposts` are counts on their posts, null where
    none is recorded; shares are of all that is recorded. Ranked by reactions, else by mentions; ties by author.
    """
    rows = sentiment.people(scored)
    rows = rows[rows["author"].notna()]
    drawn = pd.DataFrame(
        {
            "author": rows["author"].to_numpy(dtype=object),
            "mentions": 1,
            "reactions": engagement.per_row(rows).astype("Float64").to_numpy(dtype=float, na_value=np.nan),
            "reposts": rows["reposts"]
            .mask((rows["kind"] == "repost").to_numpy(dtype=bool, na_value=False))
            .to_numpy(dtype=float, na_value=np.nan),
        }
    )
    table = drawn.groupby("author").sum(min_count=1).reset_index()
    table["share"] = table["reactions"] / table["reactions"].sum() if table["reactions"].sum() > 0 else np.nan
    table["reposts_share"] = table["reposts"] / table["reposts"].sum() if table["reposts"].sum() > 0 else np.nan
    rank = table.assign(drawn=table["reactions"].fillna(-1.0))
    return (
        rank.sort_values(["drawn", "mentions", "author"], ascending=[False, False, True], ignore_index=True)
        .drop(columns="drawn")
        .head(most)
    )


def first(about: pd.DataFrame, hours: pd.DataFrame, since: pd.Timestamp) -> tuple[Estimate, str | None]:
    """When the earliest of `about` since `since` was published, and its id.

    Refused as "not_seen", with the earliest that was collected as `high`, where an hour between `since` and it was not
    wholly seen: an earlier one may exist. "too_few" where there is none.
    """
    rows = about[(about["published_at"] >= since).to_numpy()].sort_values(["published_at", "id"])
    if rows.empty:
        return refused("time", "too_few", FIRST_METHOD), None
    at, identity = rows["published_at"].iloc[0], str(rows["id"].iloc[0])
    moment = at.isoformat()
    if (volume.states(hours, since, at.floor("h") + volume.HOUR) != "seen").any():
        return Estimate(None, "time", len(rows), FIRST_METHOD, high=moment, reason="not_seen"), identity
    return Estimate(moment, "time", len(rows), FIRST_METHOD, moment, moment), identity


def telling(causes: pd.DataFrame, hours_before: float, lead: float, *, chance: float = 0.1) -> tuple[list[int], float]:
    """The causes by which an incident's first complaint can be told from a routine one, and the risk.

    `causes`: those whose share grew, the fastest first, with n_before, their complaints in `hours_before` quiet hours.
    They are taken as long as fewer than `chance` routine complaints of all of them are to be expected in `lead` hours,
    half a complaint added to what was counted of each (after Jeffreys). The risk is that number.
    """
    taken: list[int] = []
    risk = 0.0
    for cause, before in zip(causes["cause"], causes["n_before"], strict=True):
        more = (float(before) + 0.5) * lead / hours_before if hours_before else np.inf
        if risk + more > chance:
            break
        taken.append(int(cause))
        risk += more
    return taken, risk


def jumps(
    scored: pd.DataFrame, hours: pd.DataFrame, window: tuple[pd.Timestamp, pd.Timestamp], bin: onset.Bin
) -> pd.DataFrame:
    """When the surge reached each platform: platform, onset, low, high, reason, mentions (in the window), by onset.

    `onset` is that of `onset.date` on the platform's own mentions; null, with low and high, where it lies within hours
    that were not seen; null, with a reason, where the platform had no surge. The first mention on a platform would say
    nothing where people speak of the brand every day. A platform with few mentions is dated later than it began.
    """
    rows = []
    for platform, posts in sentiment.people(scored).groupby("platform", sort=True):
        counts = volume.hourly(posts, hours)
        at_least = volume.binned(posts, hours, volume.HOUR)["at_least"]
        dated = onset.date(counts, window, at_least=at_least, bin=bin).onset
        row = {"platform": platform, "onset": dated.value, "low": dated.low, "high": dated.high}
        rows.append(row | {"reason": dated.reason, "mentions": len(volume.between(posts, *window))})
    table = pd.DataFrame(rows, columns=["platform", "onset", "low", "high", "reason", "mentions"])
    for name in ("onset", "low", "high"):
        table[name] = pd.to_datetime(table[name], utc=True)
    return table.sort_values(["onset", "high", "platform"], ignore_index=True)
