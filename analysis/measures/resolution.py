"""Whether conversations ended well, as far as the public turns show it (definitions C13).

`talk` is as in `private`, with `complaint` (bool, of first turns: whether it complains), `net` (p_positive − p_negative
of customers' turns, NaN where unscored), `gratitude`, `solved`, `accepted`, `still_open` and `closes` besides. What is
settled in private leaves no trace: the share resolved is a pair of bounds, not a number.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.clustered import METHOD, MINIMUM, clusters, holm, mean, share
from analysis.measures.conversations import cannot
from analysis.measures.estimate import Estimate, refused
from analysis.measures.private import DAYS, Spans, inside_one
from analysis.measures.proportions import difference, effective_n

STATES = ("resolved", "redirected_unknown", "answered_open", "re_escalated", "unanswered")
PROMISES = ("kept", "broken", "unknown", "censored")


def states(talk: pd.DataFrame, chosen: pd.Series, days: int = DAYS) -> pd.DataFrame:
    """A row per conversation of `chosen` (ids of conversations), sorted: conversation, customer, started, ended,
    replied (first reply, null where none), state (one of STATES), unknown, delta, next_glad, first_move, recontact.

    resolved: the customer's last turn after a reply of ours thanks or says that it is solved, and is no worse in tone
    than the first; or the customer said so and we closed the case after. Thanks that accept what was asked, or that
    answer a redirect, are courtesy and resolve nothing: of 43 conversations of spotify-2017 that were read, two would
    have been resolved by them. A turn that says the trouble goes on takes it back. re_escalated: answered, and the same
    customer began another complaint after our first reply and within `days` of the last turn. redirected_unknown: moved
    to a private channel, and no angry or open turn after it. answered_open: answered, and none of these. `unknown`:
    neither resolved nor known not to be: redirected_unknown, and answered_open unless the last turn of all is the
    customer's and says that it goes on, or is negative. `delta`: net of the customer's last turn less the first, where
    a reply of ours lies between. `next_glad`: whether the customer's next turn after our first reply thanks.
    `first_move`: "redirected" or "in_public", by that reply. `recontact`: whether the customer began another
    conversation in that time.
    """
    rows = talk[talk["conversation"].isin(chosen)]
    rows = rows.assign(answers_move=_answers_move(rows))
    first = rows.drop_duplicates("conversation").set_index("conversation")
    table = pd.DataFrame({"customer": first["customer"], "started": first["published_at"]})
    grouped = rows.groupby("conversation")
    table["ended"] = grouped["published_at"].max()
    ours, theirs = rows[rows["side"] == "ours"], rows[rows["side"] == "customer"]
    reply = ours.drop_duplicates("conversation").set_index("conversation").reindex(table.index)
    table["replied"] = reply["published_at"]
    table["first_move"] = _moved(reply)
    after = theirs[theirs["position"] > reply["position"].reindex(theirs["conversation"]).to_numpy()]
    nearest = after.drop_duplicates("conversation").set_index("conversation").reindex(table.index)
    last = after.drop_duplicates("conversation", keep="last").set_index("conversation").reindex(table.index)
    opener = theirs.drop_duplicates("conversation").set_index("conversation").reindex(table.index)
    earlier = opener["position"] < reply["position"]
    table["next_glad"] = nearest["gratitude"].astype("boolean")
    table["delta"] = (last["net"] - opener["net"]).where(earlier)
    worse = (last["net"] < opener["net"]) & earlier
    resolved = (_is(_well(last)) & ~worse) | _confirmed(rows, after, table.index)
    table["recontact"], escalated = _again(talk, table, days)
    moved = _is(table.index.isin(ours.loc[ours["redirect"], "conversation"]))
    hushed = ~_open_after_move(ours, after, table.index)
    answered = table["replied"].notna().to_numpy()
    table["state"] = np.select(
        [~answered, escalated, resolved, moved & hushed], [STATES[4], STATES[3], STATES[0], STATES[1]], STATES[2]
    )
    final = rows.drop_duplicates("conversation", keep="last").set_index("conversation").reindex(table.index)
    upset = final["still_open"].astype("boolean") | final["negative"].astype("boolean")
    left_open = _is(final["side"] == "customer") & _is(upset)
    state = table["state"]
    table["unknown"] = _is(state == STATES[1]) | (_is(state == STATES[2]) & ~left_open)
    return table.sort_index().reset_index()


def bounds(table: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM) -> dict[str, Estimate]:
    """`low` and `high`: the share of the complaints in `table` (of `states`) that were resolved at least, and at most,
    if all were that nobody knows of; and the share in each of STATES."""
    why = cannot(joins, opener=True, silence=True)
    if why:
        return {name: refused("share", why, METHOD, len(table)) for name in ("low", "high", *STATES)}
    found = {"low": table["state"] == "resolved"}
    found["high"] = found["low"] | table["unknown"]
    found |= {name: table["state"] == name for name in STATES}
    return {name: share(table, holds, minimum) for name, holds in found.items()}


def tone(
    table: pd.DataFrame, joins: Mapping, seen: Spans, days: int = DAYS, minimum: int = MINIMUM
) -> dict[str, Estimate]:
    """`delta`: mean change of the customer's tone in points of net (−200 to 200), of those who wrote again after a
    reply; `glad`: the share of those whose next turn thanks; `recontact`: the share of the answered who began another
    conversation within `days` of the last turn, of those who were watched so long."""
    why = cannot(joins)
    if why:
        units = {"delta": "number", "glad": "share", "recontact": "share"}
        return {name: refused(unit, why, METHOD, len(table)) for name, unit in units.items()}
    changed, wrote = table[table["delta"].notna()], table[table["next_glad"].notna()]
    answered = table[table["replied"].notna() & table["customer"].notna()]
    watched = answered[inside_one(answered["ended"], days * 24.0, seen)]
    again = share(watched, watched["recontact"], minimum)
    lacking = cannot(joins, opener=True) or ("censored" if watched.empty and len(answered) else None)
    if lacking:  # without first posts, those alone are known who wrote again
        again = refused("share", lacking, METHOD, len(watched))
    return {
        "delta": mean(changed["delta"] * 100, changed["customer"], "number", minimum),
        "glad": share(wrote, wrote["next_glad"].fillna(False), minimum),
        "recontact": again,
    }


def promises(talk: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """What became of the deadlines in our replies: DataFrame[id, conversation, customer, due (UTC), outcome].

    `talk` has `deadline`: hours from a reply on within which it promises something (NaN where it does not). kept: we
    wrote again in the conversation in time, or the customer said in time that it is solved, or thanked. broken:
    neither, and the customer wrote after the deadline that it goes on. censored: the deadline lies after `until`.
    unknown: else, since what was promised may have been kept in private.
    """
    made = talk[(talk["side"] == "ours") & talk["deadline"].notna()]
    due = made["published_at"] + pd.to_timedelta(made["deadline"].astype(float), unit="h")
    made = made.assign(due=due.dt.as_unit("us"))[["id", "conversation", "customer", "position", "due"]]
    later = made.merge(talk, on="conversation", suffixes=("", "_later"))
    later = later[later["position_later"] > later["position"]]
    timely = later["published_at"] <= later["due"]
    good = (later["side"] == "ours") | later["solved"] | (later["gratitude"] & ~later["accepted"])
    bad = (later["side"] == "customer") & (later["still_open"] | later["negative"].fillna(False).astype(bool))
    kept, broken = (made["id"].isin(later.loc[which, "id"]) for which in (timely & good, ~timely & bad))
    outcome = np.select([kept, made["due"] > until, broken], ["kept", "censored", "broken"], "unknown")
    return made.assign(outcome=outcome).drop(columns="position").reset_index(drop=True)


def kept(made: pd.DataFrame, minimum: int = MINIMUM) -> tuple[Estimate, Estimate]:
    """(The least, and the most share of the promises that were kept: all unknown ones broken, or kept), those that the
    archive's end leaves open not counted."""
    rows = made[made["outcome"] != "censored"]
    sure = rows["outcome"] == "kept"
    return share(rows, sure, minimum), share(rows, sure | (rows["outcome"] == "unknown"), minimum)


def by(table: pd.DataFrame, column: str, joins: Mapping, minimum: int = MINIMUM) -> pd.DataFrame:
    """Answered conversations by the values of `column`: DataFrame[group, n, resolved, low, high, at_most, glad, delta,
    difference, p, reason], the largest group first.

    `resolved` (low to high) is the least share, `at_most` the most. What went on in private is unknown, and more so for
    some groups than for others, so only a gap between bounds tells: `difference` is the least share less the most of
    all other rows, or the most less their least, where these lie apart, else 0; `p` is that of the gap (Newcombe on
    effective numbers), 1 where there is none, adjusted after Holm. Groups under `minimum` are put together as null,
    and have the reason "too_few" where they still are too few. Null values of `column` are left out.
    """
    rows = table[table["replied"].notna() & table[column].notna()].copy()
    names = ["group", "n", "resolved", "low", "high", "at_most", "glad", "delta", "difference", "p", "reason"]
    if cannot(joins, opener=True) or rows.empty:
        return pd.DataFrame(columns=names)
    size = rows[column].map(rows[column].value_counts())
    rows["group"] = rows[column].astype(object).where(size >= minimum, None)
    groups = [*rows["group"].dropna().value_counts().index, *([None] if rows["group"].isna().any() else [])]
    made = [_compared(rows, group, minimum) for group in groups]
    for row, p in zip(made, holm([row["p"] for row in made]), strict=True):
        row["p"] = p
    return pd.DataFrame(made, columns=names)


def _compared(rows: pd.DataFrame, group: object, minimum: int) -> dict[str, Any]:
    inside = rows["group"].isna() if group is None else rows["group"] == group
    own, rest = rows[inside], rows[~inside]
    least = share(own, own["state"] == "resolved", minimum)
    most = share(own, (own["state"] == "resolved") | own["unknown"], minimum)
    wrote, changed = own[own["next_glad"].notna()], own[own["delta"].notna()]
    row: dict[str, Any] = {
        "group": group,
        "n": len(own),
        "resolved": least.value,
        "low": least.low,
        "high": least.high,
    }
    row |= {"at_most": most.value, "glad": share(wrote, wrote["next_glad"].fillna(False), minimum).value}
    row |= {"delta": mean(changed["delta"] * 100, changed["customer"], "number", minimum).value, "reason": least.reason}
    row |= {"difference": None, "p": None}
    if least.value is not None and len(rest) >= minimum:
        up, down = (_gap(one, other) for one, other in ((own, rest), (rest, own)))
        row |= {"difference": up[0] or -down[0], "p": min(up[1], down[1])}
    return row


def _gap(one: pd.DataFrame, other: pd.DataFrame) -> tuple[float, float]:
    """How much the least share of `one` lies above the most of `other`, and its p; (0, 1) where it does not."""
    sure = _is(one["state"] == "resolved")
    perhaps = _is(other["state"] == "resolved") | _is(other["unknown"])
    if sure.mean() <= perhaps.mean():
        return 0.0, 1.0
    sizes = [effective_n(held, clusters(part["customer"]))[0] for held, part in ((sure, one), (perhaps, other))]
    found = difference(float(sure.mean()) * sizes[0], sizes[0], float(perhaps.mean()) * sizes[1], sizes[1])
    return float(found.estimate.value or 0.0), 1.0 if found.p is None else found.p


def _well(turn: pd.DataFrame) -> pd.Series:
    """Whether turns say that it went well."""
    courtesy = turn["accepted"].astype("boolean") | turn["answers_move"].astype("boolean")
    glad = turn["gratitude"].astype("boolean") & ~courtesy
    return (glad | turn["solved"].astype("boolean")) & ~turn["still_open"].astype("boolean")


def _answers_move(rows: pd.DataFrame) -> np.ndarray:
    """Whether our last reply before each turn was a redirect."""
    moved = rows["redirect"].astype(float).where(rows["side"] == "ours")
    return np.asarray(moved.groupby(rows["conversation"]).ffill().to_numpy() == 1.0)


def _confirmed(rows: pd.DataFrame, after: pd.DataFrame, order: pd.Index) -> np.ndarray:
    """Whether the customer said that it went well, we closed the case later, and no open or angry turn followed."""
    first = after[_is(_well(after))].groupby("conversation")["position"].min()
    last = rows[(rows["side"] == "ours") & rows["closes"]].groupby("conversation")["position"].max()
    wrong = after[after["still_open"] | after["negative"].fillna(False).astype(bool)]
    final = wrong.groupby("conversation")["position"].max()
    well, closed, upset = (part.reindex(order).to_numpy(dtype=float) for part in (first, last, final))
    return np.asarray((closed > well) & ~(upset > well))


def _open_after_move(ours: pd.DataFrame, after: pd.DataFrame, order: pd.Index) -> np.ndarray:
    """Whether the customer wrote after our last redirect that it goes on, or in anger, and not only to accept it."""
    moved = ours[ours["redirect"]].groupby("conversation")["position"].max()
    angry = after["still_open"] | (after["negative"].fillna(False).astype(bool) & ~after["accepted"])
    upset = after[angry].groupby("conversation")["position"].max()
    return np.asarray(upset.reindex(order).to_numpy(dtype=float) > moved.reindex(order).to_numpy(dtype=float))


def _again(talk: pd.DataFrame, table: pd.DataFrame, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether each customer began another conversation, and another complaint, after our first reply and within `days`
    of the last turn."""
    begun = talk[(talk["position"] == 0) & (talk["side"] == "customer") & talk["customer"].notna()]
    begun = begun[["conversation", "customer", "published_at", "complaint"]]
    asked = table.reset_index()[["conversation", "customer", "replied", "ended"]].dropna()
    both = asked.merge(begun, on="customer", suffixes=("", "_new"))
    both = both[(both["conversation"] != both["conversation_new"]) & (both["published_at"] > both["replied"])]
    both = both[both["published_at"] <= both["ended"] + pd.Timedelta(days=days)]
    return (
        table.index.isin(both["conversation"]),
        table.index.isin(both.loc[both["complaint"].astype(bool), "conversation"]),
    )


def _moved(reply: pd.DataFrame) -> np.ndarray:
    made = np.where(_is(reply["redirect"].astype("boolean")), "redirected", "in_public").astype(object)
    made[reply["id"].isna().to_numpy()] = None
    return made


def _is(holds: pd.Series | np.ndarray) -> np.ndarray:
    return pd.Series(holds).fillna(False).to_numpy(dtype=bool)
