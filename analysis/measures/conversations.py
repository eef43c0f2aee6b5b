"""Conversations between one customer and the organisation: who spoke when, and how far the archive holds them.

A conversation is what one customer and the organisation wrote in one thread: a thread in which five people complain
holds five. Posts belong to one thread where one answers the other, where they carry the same recorded thread, or where
they answer the same post that is not held (a connected component of these links, so that circles end by themselves).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

ANSWERS = ("reply", "comment")
"""Kinds by which a customer goes on with a conversation; a customer's quote begins one. Ours may answer by any."""
SIDES = ("customer", "ours")
NOBODY, STATEMENT = -1, -2
"""In place of a customer's number: who it is, is not known; and our post is no answer to anybody."""
COLUMNS = {
    "id": "string",
    "conversation": "string",
    "customer": "string",
    "side": "string",
    "position": "int64",
    "turn": "int64",
    "published_at": "datetime64[us, UTC]",
    "opener_held": "bool",
}


def turns(mentions: pd.DataFrame) -> pd.DataFrame:
    """DataFrame of COLUMNS, a row per turn, sorted by conversation and position.

    `mentions`: id (unique), parent_id, thread_id, author, published_at (UTC), from_brand (any account of ours), kind.
    `conversation` is the id of its first turn, `position` counts its turns from 0, `turn` those of the same side from
    0. `opener_held`: whether the first turn is the customer's, and answers nothing that is not held. `customer` is null
    where nobody knows whom our reply answers: each such reply is a conversation by itself; and a customer's post
    without an author too. A reply stands after what it answers even where its clock says otherwise; `published_at` is
    as recorded. Reposts are no turns; nor are our own posts that answer nobody (statements).

    Whom a reply of ours answers: the customer above it, through replies of ours; else the one who answered it; else the
    only customer of the thread; else the last who spoke before in it.
    """
    rows = mentions.loc[(mentions["kind"] != "repost").fillna(True).to_numpy(dtype=bool)]
    rows = rows[["id", "parent_id", "thread_id", "author", "published_at", "from_brand", "kind"]]
    rows = rows.sort_values("id", ignore_index=True)  # so that ties are broken alike, however rows came
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    ours = rows["from_brand"].to_numpy(dtype=bool)
    answers = rows["parent_id"].notna().to_numpy() & (ours | rows["kind"].isin(ANSWERS).to_numpy(dtype=bool))
    parent = rows["parent_id"].where(answers)
    above = pd.Index(rows["id"]).get_indexer(pd.Index(parent))
    above[~answers] = -1
    above[above == np.arange(len(rows))] = -1
    thread = _threads(rows, parent, above)
    time = rows["published_at"].dt.as_unit("us").to_numpy(dtype="datetime64[us]").astype("int64")
    depth, when = _settled(above, time)
    customer = _customers(rows, ours, answers, above, thread, when)
    return _numbered(rows, ours, answers & (above < 0), thread, customer, (when, depth, time))


def pieces(table: pd.DataFrame) -> pd.DataFrame:
    """DataFrame indexed by conversation: customer, started, ended (UTC), turns, ours, theirs (counts), opener_held."""
    ours = table["side"] == "ours"
    grouped = table.assign(ours=ours, theirs=~ours).groupby("conversation", sort=True)
    return grouped.agg(
        customer=("customer", "first"),
        started=("published_at", "min"),
        ended=("published_at", "max"),
        turns=("id", "size"),
        ours=("ours", "sum"),
        theirs=("theirs", "sum"),
        opener_held=("opener_held", "first"),
    )


def cannot(joins: Mapping, *, opener: bool = False, silence: bool = False) -> str | None:
    """Why the archive does not bear a measure of conversations; `opener` and `silence` where it needs first posts, or
    must know that nothing was said."""
    if joins["brand_side"] == "none":
        return "no_brand_posts"
    if joins["threads"] != "recorded":
        return "no_threads"
    if (opener or silence) and joins["openers"] == "absent":
        return "openers_absent"
    if silence and joins.get("selected") == "answered_only":
        return "answered_only"
    return "silence_not_provable" if silence and not joins["silence_provable"] else None


def _threads(rows: pd.DataFrame, parent: pd.Series, above: np.ndarray) -> np.ndarray:
    """A number for the thread of each row."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(rows)
    place = np.arange(n)
    links = [(place[above >= 0], above[above >= 0])]
    absent = parent.notna().to_numpy() & (above < 0) & (parent != rows["id"]).fillna(False).to_numpy(dtype=bool)
    groups = n
    codes, names = pd.factorize(parent[absent])
    links.append((place[absent], groups + codes))
    groups += len(names)
    known = rows["thread_id"].notna().to_numpy()
    codes, names = pd.factorize(rows.loc[known, "thread_id"])
    links.append((place[known], groups + codes))
    # A thread that goes by the id of its first post holds that post, where the post names no thread of its own.
    first = pd.Index(rows["id"]).get_indexer(pd.Index(names))
    unnamed = (first >= 0) & ~known[first]
    links.append((first[unnamed], groups + np.flatnonzero(unnamed)))
    groups += len(names)
    start, end = (np.concatenate(side) for side in zip(*links, strict=True))
    graph = coo_array((np.ones(len(start), dtype="int8"), (start, end)), shape=(groups, groups))
    return np.asarray(connected_components(graph, directed=False)[1][:n])


def _settled(above: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many posts stand above each, and its time, or that of the latest above it where that is later."""
    n = len(above)
    up = np.append(np.where(above >= 0, above, n), n)
    depth, when = (up != n).astype("int64"), np.append(time, np.iinfo("int64").min)
    for _ in range(max(n, 2).bit_length()):  # each round looks twice as far up
        when = np.maximum(when, when[up])
        depth = np.minimum(depth + depth[up], n)
        if (up == n).all():
            break
        up = up[up]
    return depth[:n], when[:n]


def _customers(
    rows: pd.DataFrame, ours: np.ndarray, answers: np.ndarray, above: np.ndarray, thread: np.ndarray, when: np.ndarray
) -> np.ndarray:
    """A number for the customer of each row, NOBODY or STATEMENT."""
    n = len(rows)
    author = pd.factorize(rows["author"])[0]
    to = np.where(ours & (above >= 0), above, np.arange(n))
    for _ in range(max(n, 2).bit_length()):
        ahead = to[to]
        if (ahead == to).all():
            break
        to = ahead
    found = np.where(ours, np.where(ours[to], NOBODY, author[to]), author)
    known_above = found >= 0
    lost = ours & ~known_above
    if not lost.any():
        return found
    below = np.flatnonzero(~ours & (above >= 0) & (author >= 0))
    below = below[lost[above[below]] & answers[above[below]]]
    order = np.lexsort((below, when[below]))[::-1]
    found[above[below[order]]] = author[below[order]]  # written latest first, so that the first to answer stays
    lost = ours & (found < 0)
    people = pd.DataFrame({"thread": thread[~ours], "author": author[~ours]})
    people = people[people["author"] >= 0].drop_duplicates()
    counted = people.groupby("thread")["author"].agg(["size", "first"])
    alone = counted.loc[counted["size"] == 1, "first"]
    sole = alone.reindex(thread[lost]).to_numpy(dtype=float, na_value=np.nan)
    spoke = _spoke_before(lost, ours, author, thread, when)
    # A post of ours that answers nothing is an answer only where somebody had spoken in its thread.
    guess = np.where(answers[lost] & ~np.isnan(sole), sole, spoke)
    found[lost] = np.where(np.isnan(guess), NOBODY, guess).astype("int64")
    return np.where(ours & (found < 0) & ~answers, STATEMENT, found)


def _spoke_before(
    lost: np.ndarray, ours: np.ndarray, author: np.ndarray, thread: np.ndarray, when: np.ndarray
) -> np.ndarray:
    """Of each `lost` row, the customer who spoke last before it in its thread; NaN where nobody did."""
    speaks = ~ours & (author >= 0)
    order = np.lexsort((speaks, when, thread))
    last = pd.Series(np.where(speaks, author, np.nan)[order]).groupby(thread[order]).ffill().to_numpy()
    out = np.full(len(ours), np.nan)
    out[order] = last
    return np.asarray(out[lost])


def _numbered(
    rows: pd.DataFrame,
    ours: np.ndarray,
    left_out: np.ndarray,
    thread: np.ndarray,
    customer: np.ndarray,
    order: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> pd.DataFrame:
    """The turns in order; `left_out`: rows that answer what is not held; `order`: what sorts turns."""
    n = len(rows)
    nobody = customer < 0
    talk = pd.DataFrame({"thread": thread, "customer": np.where(nobody, -np.arange(1, n + 1), customer)})
    key = talk.groupby(["thread", "customer"], sort=False).ngroup().to_numpy()
    ids = rows["id"].to_numpy(dtype=object)
    places = np.lexsort((*order[::-1], key))
    places = places[customer[places] > STATEMENT]
    group = key[places]
    fresh = np.append(True, group[1:] != group[:-1])[: len(group)]
    starts = np.flatnonzero(fresh)
    of = np.cumsum(fresh) - 1
    first = places[starts]
    names = np.array([*pd.factorize(rows["author"])[1], None], dtype=object)
    table = pd.DataFrame(
        {
            "id": ids[places],
            "conversation": ids[first][of],
            "customer": names[np.where(nobody, -1, customer)[places]],
            "side": np.where(ours, "ours", "customer")[places],
            "position": np.arange(len(places)) - starts[of],
            "published_at": rows["published_at"].iloc[places].to_numpy(),
            "opener_held": (~ours & ~left_out)[first][of],
        }
    )
    table["turn"] = pd.Series(of).groupby([of, table["side"].to_numpy()]).cumcount().to_numpy()
    turned = table.assign(order=pd.factorize(table["conversation"], sort=True)[0]).sort_values(["order", "position"])
    return turned.reset_index(drop=True)[list(COLUMNS)].astype(COLUMNS)
