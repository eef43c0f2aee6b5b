"""Moves to a private channel, and what came of them in public (definitions C12).

Every function takes `talk`, the turns of conversations as `conversations.turns` has them, sorted by conversation and
position, with columns added: `inside` (whether a turn is of the incident), of our turns `redirect`, `caring` (says that
it feels with them, is sorry, or takes notice), `closes` (bool) and `channel` (string), of the customer's turns
`accepted`, `still_open` (bool) and `negative` (boolean, null where unscored). What happens in private is not recorded:
an archive shows what came back, and silence there is no news.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.measures.clustered import METHOD, MINIMUM, clusters, mean, share
from analysis.measures.conversations import cannot
from analysis.measures.estimate import Estimate, refused

RATIO_METHOD = "ratio of counts in spans of equal length, bootstrap by author"
DAYS = 7
"""Days after a redirect in which coming back in anger counts as bouncing back: a proposal (definitions C12)."""
LONG = 3
"""Public replies of ours from which on an exchange is a long one, which publicises the complaint (Golmohammadi et al.
2021, doi 10.1177/00222429211002183, who find harm from further public exchanges)."""
HOURS = 24.0
"""Hours before and after a redirect that are compared, at most."""
EVENTS = 10
"""Posts by others under which there is no ratio."""
DRAWS = 1000
Spans = list[tuple[pd.Timestamp, pd.Timestamp]]


def first_redirects(talk: pd.DataFrame) -> pd.DataFrame:
    """The first redirect of each conversation that was made inside the incident: a row each, sorted by conversation.

    Its columns are those of `talk`; `bare`: nothing caring was said in it or before it by us; `first_turn`: it was our
    first reply; `next_accepted`, `next_id`: of the customer's first turn after it, null where there is none; `closed`:
    id of our first later turn that closes the case, null where none does.
    """
    ours = talk["side"] == "ours"
    cared = (talk["caring"] & ours).groupby(talk["conversation"]).cummax()
    moved = talk[ours & talk["redirect"]].drop_duplicates("conversation")
    made = moved.assign(bare=~cared.loc[moved.index].to_numpy(dtype=bool), first_turn=(moved["turn"] == 0).to_numpy())
    made = made[made["inside"].to_numpy(dtype=bool)]
    later = talk.merge(made[["conversation", "position"]], on="conversation", suffixes=("", "_redirect"))
    later = later[later["position"] > later["position_redirect"]]
    answered = later[later["side"] == "customer"].drop_duplicates("conversation").set_index("conversation")
    closed = (
        later[(later["side"] == "ours") & later["closes"]].drop_duplicates("conversation").set_index("conversation")
    )
    of = pd.Index(made["conversation"])
    return made.assign(
        next_id=answered["id"].reindex(of).to_numpy(),
        next_accepted=answered["accepted"].astype("boolean").reindex(of).to_numpy(),
        closed=closed["id"].reindex(of).to_numpy(),
    ).reset_index(drop=True)


def first_public(talk: pd.DataFrame) -> pd.DataFrame:
    """Our first replies inside the incident that do not redirect, a row each: what `amplification` holds redirects
    against."""
    replies = talk[(talk["side"] == "ours") & (talk["turn"] == 0) & talk["inside"]]
    return replies[~replies["redirect"].to_numpy(dtype=bool)].reset_index(drop=True)


def by_turn(talk: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> dict[str, Estimate]:
    """The share of our replies in the incident that redirect: `first` replies of conversations, and `later` ones.

    Only conversations whose first post is held are counted, since others may have had replies before.
    """
    why = cannot(joins, opener=True)
    if why:
        return {name: refused("share", why, METHOD) for name in ("first", "later")}
    ours = talk[(talk["side"] == "ours") & talk["inside"] & talk["opener_held"]]
    parts = {"first": ours[ours["turn"] == 0], "later": ours[ours["turn"] > 0]}
    return {name: share(rows, rows["redirect"], minimum) for name, rows in parts.items()}


def bare(moves: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> Estimate:
    """Of the conversations that were redirected, the share that was without a caring word before it or in it."""
    why = cannot(joins, opener=True)
    if why:
        return refused("share", why, METHOD, len(moves))
    whole = moves[moves["opener_held"].to_numpy(dtype=bool)]
    return share(whole, whole["bare"], minimum)


def acceptance(moves: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> tuple[Estimate, Estimate]:
    """(Of the customers who wrote on in public, the share whose next turn accepts; share of those who did not write.)

    Who writes no more in public may have gone on in private, or gone: that share says nothing of acceptance.
    """
    why = cannot(joins)
    if why:
        return refused("share", why, METHOD, len(moves)), refused("share", why, METHOD, len(moves))
    wrote = moves[moves["next_id"].notna().to_numpy()]
    silent = share(moves, moves["next_id"].isna(), minimum) if joins["silence_provable"] else None
    return share(wrote, wrote["next_accepted"].fillna(False), minimum), silent or refused(
        "share", cannot(joins, silence=True) or "silence_not_provable", METHOD, len(moves)
    )


def bounce_back(
    moves: pd.DataFrame, posts: pd.DataFrame, joins: Mapping, seen: Spans, days: int = DAYS, minimum: int = MINIMUM
) -> tuple[Estimate, list[str]]:
    """(Share of redirected customers who posted a negative mention within `days`; the ids of their first ones.)

    Refused where first posts are absent: who was redirected is then known of those alone who wrote again.
    `posts`: mentions to or about us by customers: id, author, published_at, negative, accepted, still_open. A turn that
    only accepts is none. Each customer counts once, from their first redirect, and only where all `days` after it were
    `seen` (spans of whole hours, UTC): those watched for less are left out, since nobody was lost on purpose.
    """
    why = cannot(joins, opener=True)
    first = moves[moves["customer"].notna().to_numpy()].sort_values("published_at").drop_duplicates("customer")
    if why or first.empty:
        return refused("share", why or "too_few", METHOD, len(first)), []
    watched = first[inside_one(first["published_at"], days * 24.0, seen)].reset_index(drop=True)
    if watched.empty:
        return refused("share", "censored", METHOD, 0), []
    angry = posts[posts["negative"].fillna(False).to_numpy(dtype=bool) & ~(posts["accepted"] & ~posts["still_open"])]
    both = watched[["customer", "published_at"]].merge(
        angry[["id", "author", "published_at"]], left_on="customer", right_on="author", suffixes=("", "_later")
    )
    gone = both["published_at_later"] - both["published_at"]
    back = both[(gone > pd.Timedelta(0)) & (gone <= pd.Timedelta(days=days))].sort_values(["published_at_later", "id"])
    back = back.drop_duplicates("customer")
    return share(watched, watched["customer"].isin(back["customer"]), minimum), back["id"].tolist()


def closure(moves: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> Estimate:
    """Of the conversations that were redirected, the share in which we said the outcome in public later."""
    why = cannot(joins) or ("silence_not_provable" if joins["brand_side"] != "whole" else None)
    return refused("share", why, METHOD, len(moves)) if why else share(moves, moves["closed"].notna(), minimum)


def replies_per(talk: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> tuple[pd.DataFrame, Estimate, Estimate]:
    """Public replies of ours per answered conversation that began inside the incident with a post that is held.

    (DataFrame[replies, conversations, share] with 1 to LONG or more; the mean; the share with LONG or more.)
    """
    empty = pd.DataFrame({"replies": [*range(1, LONG + 1)], "conversations": 0, "share": np.nan})
    why = cannot(joins, opener=True)
    began = talk[(talk["position"] == 0) & talk["inside"] & talk["opener_held"]]
    count = talk[talk["side"] == "ours"].groupby("conversation").size().reindex(began["conversation"]).fillna(0)
    rows = began.assign(replies=count.to_numpy())
    rows = rows[rows["replies"] > 0]
    if why or len(rows) < minimum:
        reason = why or "too_few"
        return empty, refused("number", reason, METHOD, len(rows)), refused("share", reason, METHOD, len(rows))
    capped = rows["replies"].clip(upper=LONG).astype(int).value_counts().reindex(range(1, LONG + 1)).fillna(0)
    table = empty.assign(conversations=capped.astype(int).to_numpy(), share=(capped / len(rows)).to_numpy())
    return table, mean(rows["replies"], rows["customer"], "number"), share(rows, rows["replies"] >= LONG, minimum)


def amplification(
    moves: pd.DataFrame, talk: pd.DataFrame, others: pd.DataFrame, joins: Mapping, seen: Spans, minimum: int = EVENTS
) -> Estimate:
    """How often posts of redirected conversations were passed on or answered by others after the redirect, as a ratio
    to as many hours before it.

    `others`: reposts and answers by anybody but the customer and us: parent_id, published_at, author. Each conversation
    is looked at as long before as after: from its first post on, up to HOURS, and only where that was `seen`. Refused
    as "not_recorded" where no such post is held at all, as "too_few" under `minimum` of them. Attention dies away by
    itself: a ratio under 1 is no effect of the redirect.
    """
    why = cannot(joins, opener=True) or ("not_recorded" if others.empty else "too_few" if moves.empty else None)
    if why:
        return refused("ratio", why, RATIO_METHOD, len(moves))
    begun = talk.groupby("conversation")["published_at"].min()
    held = moves[moves["opener_held"].to_numpy(dtype=bool)]
    held = held.assign(began=begun.reindex(held["conversation"]).to_numpy())
    length = ((held["published_at"] - held["began"]).dt.total_seconds() / 3600).clip(upper=HOURS)
    held = held.assign(length=length)[(length > 0).to_numpy()]
    held = held[inside_one(held["published_at"] - pd.to_timedelta(held["length"], unit="h"), held["length"] * 2, seen)]
    about = others.merge(
        talk[["id", "conversation", "customer"]], left_on="parent_id", right_on="id", suffixes=("", "_of")
    )
    about = about[(about["author"] != about["customer"]).fillna(True).to_numpy(dtype=bool)]
    about = about[["conversation", "published_at"]].merge(
        held[["conversation", "published_at", "length"]], on="conversation", suffixes=("", "_redirect")
    )
    apart = (about["published_at"] - about["published_at_redirect"]).dt.total_seconds() / 3600
    near = about[(apart.abs() <= about["length"]).to_numpy()].assign(after=apart > 0)
    if len(near) < minimum:
        return refused("ratio", "too_few", RATIO_METHOD, len(near))
    counts = (
        near.groupby(["conversation", "after"]).size().unstack(fill_value=0).reindex(held["conversation"]).fillna(0)
    )
    before, after = (counts.get(side, pd.Series(0.0, counts.index)).to_numpy(dtype=float) for side in (False, True))
    rng = np.random.default_rng(0)
    group = clusters(held["customer"])
    weight = rng.exponential(size=(DRAWS, int(group.max()) + 1))[:, group]
    drawn = (weight @ after + 0.5) / (weight @ before + 0.5)
    low, high = np.quantile(drawn, [0.025, 0.975])
    ratio = (after.sum() + 0.5) / (before.sum() + 0.5)
    return Estimate(float(ratio), "ratio", len(near), RATIO_METHOD, float(low), float(high))


def inside_one(start: pd.Series, hours: float | pd.Series, seen: Spans) -> np.ndarray:
    """bool (n,): whether the `hours` after each `start` lie wholly within one of the spans `seen`."""
    end = start + pd.to_timedelta(hours, unit="h")
    out = np.zeros(len(start), dtype=bool)
    for first, last in seen:
        out |= ((start >= first) & (end <= last)).to_numpy(dtype=bool)
    return out
