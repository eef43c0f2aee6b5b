"""Which mentions needed the organisation, and whether it answered those (definitions C2).

Not everything needs a reply. Whoever tells the organisation of trouble, or asks it something, waits for one; whoever is
hurt, or is heard by many, at once; anger that asks nothing is to be watched (after Coombs & Holladay's
paracrisis, 2012); the rest is to be left alone. The rules read columns that were scored before, so they are as right
as those are: how often stands in `python -m tests.benchmarks.triage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import response, sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import effective_n, wilson
from analysis.measures.reading import OTHERS

CLASSES = ("respond_now", "respond", "monitor", "no_reply")
NEEDED = ("respond_now", "respond")
METHOD = "Wilson interval on the effective n of author clusters"
FEW_NEEDED = 0.1
"""Under this share of mentions that seem to need a reply, people talk of the organisation rather than to it."""
MINIMUM = 20
"""Fewer mentions than this, of those that needed a reply or were given one, have no share."""


@dataclass(frozen=True)
class Rule:
    """Proposals to change: from which `complaint` on a mention is called one, from which grade of `reproach` on a
    complaint is severe, from how many `followers` on an author is influential (None: not known)."""

    called_from: float
    severe: int = 3
    followers: float | None = None


@dataclass(frozen=True)
class Answers:
    """`recall`: the share of the mentions that needed a reply that got one; `over`: the share of the mentions that got
    one in which nothing was asked, told or complained of: to answer what was only to be watched is no fault."""

    recall: Estimate
    over: Estimate


def triage(scored: pd.DataFrame, cues: pd.DataFrame, asks: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """DataFrame[id, triage, reasons], a row per mention that the organisation did not write; sorted by id.

    `cues` has a bool column per cue; `asks` has bool columns asks, requests, trouble, own_case, first_hand, afar,
    direct and closing (what a mention says of itself); both on the index of `scored`. `triage` is one of CLASSES,
    `reasons` the evidence: names of rules with ", " between, strongest first.
    """
    rows = sentiment.people(scored).sort_values("id")
    says = {name: _is(asks[name].reindex(rows.index)) for name in asks.columns}
    raised = {name: _is(cues[name].reindex(rows.index)) for name in cues.columns}
    thread = _is(rows["relevance_reason"] == "own_thread")
    spoken = thread | (_is(rows["relevance_reason"] == "addressed") & says["direct"])
    others = _is(rows["target"].isin(OTHERS))
    complaint = _is(rows["complaint"] >= rule.called_from) & ~others
    negative = _is(sentiment.labels(rows) == "negative") & ~others
    followers = rows["author_followers"].astype("float64")
    heard = np.zeros(len(rows), dtype=bool) if rule.followers is None else _is(followers >= rule.followers)
    any_cue = np.logical_or.reduce([*raised.values(), np.zeros(len(rows), dtype=bool)])
    near = spoken & ~says["afar"]
    wants = says["requests"] | (says["asks"] & says["own_case"])
    nothing = {
        "repost": _is(rows["kind"] == "repost"),
        "advert": _is(rows["relevance_reason"] == "advert"),
        "not_about": _is(rows["relevance"] == "not_about"),
    }
    now = {f"cue_{name}": found & near & says["first_hand"] & ~others for name, found in raised.items()}
    now["severe"] = complaint & _is(rows["reproach"] >= rule.severe) & near & says["first_hand"] & says["requests"]
    now["influential"] = complaint & heard
    reply = {
        "asks_us": near & wants & ~(thread & says["closing"] & ~says["requests"]),
        "complaint_to_us": near & (complaint | negative) & (says["own_case"] | says["trouble"]) & ~any_cue,
        "trouble_to_us": near & says["trouble"] & says["own_case"] & ~says["closing"] & ~any_cue,
        "complaint_asks": complaint & says["requests"] & says["own_case"] & ~says["afar"],
        "in_conversation": thread & near & ~says["closing"],
    }
    watch = {
        "cue_talk": any_cue,
        "complaint_talk": complaint,
        "negative": negative,
        "about_others": others & _is(rows["relevance"] == "about"),
    }
    table = _sorted(rows, (("no_reply", nothing), ("respond_now", now), ("respond", reply), ("monitor", watch)))
    return table[["id", "triage", "reasons"]]


def as_asked(rows: pd.DataFrame, scored: pd.DataFrame, calls: pd.Series) -> pd.DataFrame:
    """`rows` with `relevance_reason` as it stood when each was written: before anybody had answered it.

    A mention stands in the organisation's own thread as soon as it was answered there. A triage that reads this finds a
    need wherever there was a reply, and the share answered of what needed one is then far too high (73% where 30% had
    been planted, in the sample's brake failures). Here only what the organisation wrote in the thread before counts;
    the others are "addressed" where they call one of its accounts (`calls`, on the index of `rows`), else "named".
    `scored` is all that was collected: id, thread_id, published_at, from_brand, kind.
    """
    theirs = scored[scored["from_brand"].to_numpy(dtype=bool)]
    begun = theirs.groupby("thread_id")["published_at"].min().reindex(rows["thread_id"]).set_axis(rows.index)
    before = rows["parent_id"].isin(set(theirs["id"])) | (begun < rows["published_at"])
    late = _is(rows["relevance_reason"] == "own_thread") & ~_is(before)
    reasons = rows["relevance_reason"].mask(late & _is(calls), "addressed").mask(late & ~_is(calls), "named")
    return rows.assign(relevance_reason=reasons)


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """DataFrame[triage, mentions, share], a row per class in the order of CLASSES."""
    found = table["triage"].value_counts().reindex(list(CLASSES)).fillna(0).astype("int64")
    share = found / max(1, int(found.sum()))
    return pd.DataFrame({"triage": list(CLASSES), "mentions": found.to_numpy(), "share": share.to_numpy()})


def outrage(table: pd.DataFrame, few: float = FEW_NEEDED) -> bool:
    """Whether `table` is talk of the organisation, hardly any of it to it: the rules then name few rightly. One in ten
    in united-2017, where 2% seemed to need a reply; 16 to 18 of 20 where 38% (spotify-2017) and 73% (airlines-2015)
    did."""
    return len(table) > 0 and float(table["triage"].isin(NEEDED).mean()) < few


def answers(
    table: pd.DataFrame, scored: pd.DataFrame, joins: Mapping, minimum: int = MINIMUM, few: float = FEW_NEEDED
) -> Answers:
    """Need recall and over-reply rate of the mentions in `table`, by the replies in `scored` (all that was collected).

    `joins` holds the values of the joinability audit. Recall is refused where silence is not provable: a reply that
    was not collected is no silence; both where replies cannot be joined to what they answer, and in an `outrage`.
    """
    why = _unjoined(joins) or ("rules_unsure" if outrage(table, few) else None)
    if why:
        return Answers(*(refused("share", why, METHOD, len(table)) for _ in range(2)))
    pairs = response.pairs(scored).set_index("id")["answered"]
    rows = table.merge(scored[["id", "author"]], on="id").sort_values("id")
    answered = pairs.reindex(rows["id"]).notna().to_numpy()
    needed = rows["triage"].isin(NEEDED).to_numpy()
    over = _share(rows[answered], (rows.loc[answered, "triage"] == "no_reply").to_numpy(), minimum)
    if not joins["silence_provable"]:
        silent = "openers_absent" if joins["openers"] == "absent" else "silence_not_provable"
        silent = "answered_only" if joins.get("selected") == "answered_only" else silent
        return Answers(refused("share", silent, METHOD, int(needed.sum())), over)
    return Answers(_share(rows[needed], answered[needed], minimum), over)


def _unjoined(joins: Mapping) -> str | None:
    if joins["brand_side"] == "none":
        return "no_brand_posts"
    return "no_threads" if joins["threads"] != "recorded" else None


def _share(rows: pd.DataFrame, holds: np.ndarray, minimum: int) -> Estimate:
    if len(rows) < minimum:
        return refused("share", "too_few", METHOD, len(rows))
    size, quantile = effective_n(holds, sentiment.authors(rows))
    share = float(holds.mean())
    interval = wilson(share * size, size, quantile=quantile)
    return Estimate(share, "share", len(rows), METHOD, low=interval.low, high=interval.high)


def _sorted(rows: pd.DataFrame, classes: tuple[tuple[str, Mapping[str, np.ndarray]], ...]) -> pd.DataFrame:
    """Each row in the first class of which a rule holds; what no rule holds for needs no reply."""
    triage = np.full(len(rows), "no_reply", dtype=object)
    reasons = np.full(len(rows), "nothing_asked", dtype=object)
    open_ = np.ones(len(rows), dtype=bool)
    for name, rules in classes:
        holds = np.column_stack([*rules.values()]) if rules else np.zeros((len(rows), 0), dtype=bool)
        mine = np.flatnonzero(open_ & holds.any(axis=1))
        triage[mine] = name
        for row in mine:
            reasons[row] = ", ".join(rule for rule, said in zip(rules, holds[row], strict=True) if said)
        open_[mine] = False
    return pd.DataFrame({"id": rows["id"].to_numpy(), "triage": triage, "reasons": reasons}).astype("string")


def _is(holds: pd.Series) -> np.ndarray:
    return holds.fillna(False).to_numpy(dtype=bool)
