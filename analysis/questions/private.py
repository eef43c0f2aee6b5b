"""Notebook 3, practice 4: who was sent to a private channel, and what came back in public (definitions C12)."""

from collections.abc import Mapping

import pandas as pd

from analysis.findings import Certainty
from analysis.measures import private as measure
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson
from analysis.questions.accuracy import accuracy
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, shown, why, worded
from analysis.questions.replies import case_replies
from analysis.questions.talks import case_moves, case_others, case_posts, case_talk, seen_spans
from analysis.scoring import channels, closures, outcomes
from analysis.scoring import redirects as redirecting
from analysis.style import numbers

SHOWN = 3
OFTEN = 0.05
"""Share of the conversations, surely exceeded, from which on long exchanges are a habit: one in 300 is an exception."""


def redirects(case: Case) -> Answer:
    """How often replies moved the conversation to a private channel: at which turn, to which channel, how bare."""
    replies = case_replies(case)
    if replies.empty:
        none = {"rate": refused("share", "no_brand_posts", "Wilson")}
        return case.answer("replies.redirects", "redirects.refused", none, certainty="refused")
    whole = case.joins["brand_side"] == "whole"
    chosen = replies.loc[replies["redirect"], "id"].tolist()
    moves = case_moves(case)
    turns = measure.by_turn(case_talk(case), case.joins)
    bare = measure.bare(moves, case.joins)
    values: dict[str, object] = {
        "rate": wilson(len(chosen), len(replies)),
        "precision": accuracy(redirecting.PRECISION, "stratified_jeffreys"),
        "recall": accuracy(redirecting.RECALL, "stratified_jeffreys"),
        "precision_zh": accuracy(redirecting.CHINESE_PRECISION),
        "recall_zh": accuracy(redirecting.CHINESE_RECALL),
        "first": turns["first"],
        "later": turns["later"],
        "bare": bare,
    }
    message = "redirects.rate" if whole else "redirects.sampled"
    if whole and bare.value is not None and turns["first"].value is not None:
        message = "redirects.bare"
    behind = {"n": replies["id"].tolist(), "rate": chosen}
    if bare.value is not None:
        behind["bare"] = moves.loc[moves["bare"] & moves["opener_held"], "id"].tolist()
    return case.answer(
        "replies.redirects",
        message,
        values,
        certainty="medium" if whole else "low",
        quotes=chosen[:SHOWN],
        printed=_redirect_table(replies, values),
        behind=behind,
        facts={"message": message},
    )


def follow_through(case: Case) -> Answer:
    """What came of the redirects in public: accepted, bounced back, closed in public, passed on by others."""
    moves, talk, joins, seen = case_moves(case), case_talk(case), case.joins, seen_spans(case)
    accepted, silent = measure.acceptance(moves, joins)
    bounced, angry = measure.bounce_back(moves, case_posts(case), joins, seen)
    closed = measure.closure(moves, joins)
    others = case_others(case)
    values: dict[str, object] = {
        "moves": len(moves),
        "days": measure.DAYS,
        "accepted": accepted,
        "silent": silent,
        "bounced": bounced,
        "closed": closed,
        "passed_on": measure.amplification(moves, talk, others, joins, seen),
        "in_public": measure.amplification(measure.first_public(talk), talk, others, joins, seen),
        "precision": accuracy(closures.PRECISION, "stratified_jeffreys"),
        "recall": accuracy(outcomes.RECALL["accepted"], "stratified_jeffreys"),
    }
    reason = measure.cannot(joins)
    known = [name for name in ("accepted", "bounced", "closed") if _value(values, name) is not None]
    if reason:
        message = "follow.refused"
        values["accepted"] = refused("share", reason, measure.METHOD, len(moves))
    elif moves.empty:
        message = "follow.none"
    elif not known:
        message = "follow.too_few"
    else:
        message = "follow.told" if len(known) == 3 else "follow.part"
    certainty: Certainty = "low" if known and not reason else "refused"
    return case.answer(
        "private.follow_through",
        message,
        values,
        certainty=certainty,
        printed=_follow_table(values) if certainty != "refused" else None,
        quotes=angry[:SHOWN],
        behind={
            "moves": moves["id"].tolist(),
            "wrote on": moves["next_id"].dropna().tolist(),
            "accepted": moves.loc[moves["next_accepted"].fillna(False).astype(bool), "next_id"].tolist(),
            "bounced": angry,
            "closed": moves["closed"].dropna().tolist(),
        },
        facts={"message": message},
    )


def turns(case: Case) -> Answer:
    """How many public replies of ours an answered conversation took, and how many were long exchanges."""
    talk = case_talk(case)
    table, mean, long = measure.replies_per(talk, case.joins)
    values: dict[str, object] = {"mean": mean, "long": long, "least": measure.LONG}
    if mean.value is None:
        return case.answer("private.turns", "turns.refused", values, certainty="refused")
    count = talk[talk["side"] == "ours"].groupby("conversation").size()
    began = talk[(talk["position"] == 0) & talk["inside"] & talk["opener_held"]]
    replied = began["conversation"].map(count).fillna(0).to_numpy()
    printed = Printed(
        "public_turns",
        "table.public_turns",
        table,
        {
            "replies": ("column.public_replies", _replies),
            "conversations": ("column.conversations", shown("count")),
            "share": ("column.share_of_conversations", shown("share")),
        },
        numeric=("conversations", "share"),
    )
    message = "turns.short"
    if (replied >= measure.LONG).any():
        message = "turns.long" if long.low is not None and float(long.low) > OFTEN else "turns.seldom"
    return case.answer(
        "private.turns",
        message,
        values,
        certainty="high",
        printed=printed,
        behind={"n": began.loc[replied > 0, "id"].tolist(), "long": began.loc[replied >= measure.LONG, "id"].tolist()},
        facts={"message": message},
    )


def _value(values: Mapping[str, object], name: str) -> float | str | None:
    found = values[name]
    return found.value if isinstance(found, Estimate) else None


def _replies(value: int, language: str) -> str:
    shown_as = numbers.value(value, "count", language)
    return f"{shown_as}+" if value == measure.LONG else shown_as


def _redirect_table(replies: pd.DataFrame, values: Mapping[str, object]) -> Printed:
    """A row for all replies, first and later ones; one for each channel named, of the redirects; one for bare ones."""
    rows = [{"what": name, **_row(values[name])} for name in ("rate", "first", "later", "bare")]
    rows = [row for row in rows if row["n"] or row["reason"] != "too_few"]
    moved = replies[replies["redirect"]]
    named = channels.channel(moved["text"]).fillna("unnamed")
    for name in (*channels.CHANNELS, "unnamed"):
        count = int((named == name).sum())
        if count:
            rows.append({"what": name, **_row(wilson(count, len(moved)))})
    return estimate_table("redirects", "table.redirects", "redirect_part", rows)


def _follow_table(values: Mapping[str, object]) -> Printed:
    names = ("accepted", "silent", "bounced", "closed", "passed_on", "in_public")
    return estimate_table(
        "follow_through",
        "table.follow_through",
        "follow_part",
        [{"what": name, **_row(values[name])} for name in names],
    )


def estimate_table(name: str, caption: str, words: str, rows: list[dict]) -> Printed:
    """A table with a row for each estimate: what it is, of how many, value, interval, and why there is none."""
    table = pd.DataFrame(rows)
    table["told"] = [*zip(table["value"], table["unit"], strict=True)]
    table["interval"] = [*zip(table["low"], table["high"], table["unit"], strict=True)]
    return Printed(
        name,
        caption,
        table,
        {
            "what": ("column.measure", worded(words)),
            "n": ("column.observations", shown("count")),
            "told": ("column.value", _told),
            "interval": ("column.interval", _interval),
            **why(table["reason"]),
        },
        numeric=("n", "told"),
    )


def _row(found: object) -> dict[str, object]:
    assert isinstance(found, Estimate)
    names = ("n", "value", "low", "high", "unit", "reason")
    return {name: getattr(found, name) for name in names}


def _told(value: tuple, language: str) -> str:
    return shown(value[1])(value[0], language)


def _interval(value: tuple, language: str) -> str:
    low, high, unit = value
    return "–" if pd.isna(low) or pd.isna(high) else numbers.interval(low, high, unit, language)
