"""Notebook 3: how did we answer, and did it help?"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import response, sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer
from analysis.questions.signs import calls_us
from analysis.questions.waiting import basis, case_shift, promise
from analysis.scoring import asks

FEWEST_ODD = 3
"""Posts of an account that complain to us from which on we ask whose it is: one may be a quotation."""


def joins(case: Case) -> Answer:
    """What the archive can say about answers: whether they can be joined to what they answer, and are complete."""
    found = case.joins
    if found["brand_side"] == "none":
        message = "joins.no_brand_posts" if case.incident.brand_accounts else "joins.no_accounts"
    elif found["threads"] != "recorded":
        message = f"joins.{found['threads']}"
    elif found["openers"] == "absent":
        message = "joins.openers_absent"
    elif found["selected"] == "answered_only":
        message = "joins.answered_only"
    elif not found["silence_provable"]:
        message = "joins.sampled"
    else:
        message = "joins.whole"
    values: dict[str, object] = {name: int(value) for name, value in found["counts"].items()}
    values |= {name: _share(found, name) for name in ("replies_joined", "whole_threads")}
    certainty: Certainty = "high" if message == "joins.whole" else "refused"
    _odd_side(case)
    _odd_times(case)
    _odd_accounts(case)
    return case.answer("replies.joins", message, values, certainty=certainty, facts={"joins": message})


def _odd_side(case: Case) -> None:
    """Says where the organisation's posts end, or begin, while others write on: silence there proves nothing."""
    side, spans = case.joins["brand_side"], case.joins["spans"]
    if side not in ("stops_early", "starts_late"):
        return
    edge = spans["brand"]["effective_end" if side == "stops_early" else "effective_start"]
    values = {"edge": Estimate(edge, "time", int(case.joins["counts"]["brand_posts"]), "joinability audit")}
    case.answer("replies.side", f"side.{side}", values, certainty="high")


def _odd_times(case: Case) -> None:
    """Says how many answers bear a time before what they answer, where any do."""
    early = response.older(case.mentions)
    if len(early):
        values = {"older": len(early), "replies": int(case.joins["counts"]["brand_parent_held"])}
        case.answer("replies.older", "older.some", values, certainty="high", behind={"older": early["id"]}, quotes=[])


def _odd_accounts(case: Case) -> None:
    """Asks whether an account is ours whose posts complain to us."""
    own = case.mentions[case.mentions["from_brand"] & case.mentions["parent_id"].isna()]
    own = own[((sentiment.labels(own) == "negative") & calls_us(case, own)).fillna(False).to_numpy(dtype=bool)]
    says = asks.columns(own["text"].tolist())
    own = own[(says["own_case"] | says["trouble"] | says["requests"]).fillna(False).to_numpy(dtype=bool)]
    counted = own["author"].value_counts()
    odd = counted[counted >= FEWEST_ODD]
    if odd.empty:
        return
    chosen = own.loc[own["author"].isin(set(odd.index)), "id"].tolist()
    names = [f"@{case.allowed.get(author, author)}" for author in sorted(odd.index)]
    values = {"posts": int(odd.sum()), "named": {told: wording.joined(names, told) for told in case.languages}}
    case.answer(
        "replies.accounts", "accounts.complain", values, certainty="low", quotes=chosen[:2], behind={"posts": chosen}
    )


def _share(found: Mapping[str, Any], name: str) -> Estimate:
    """A share of the joinability audit; refused where it is not known."""
    n = max((int(count) for count in found["why"][name]["evidence"].values()), default=0)
    if found[name] is None:
        return refused("share", "not_recorded", "joinability audit", n)
    return Estimate(float(found[name]), "share", n, "joinability audit")


def first_statement(case: Case, promised_hours: float = 0.0) -> Answer:
    """Crisis response time: from the onset to the first public statement (definitions C8), against the plan."""
    statement = case.first_action(PUBLIC_KINDS)
    dated = case_onset(case).onset
    why, message = None, ""
    if statement is None:
        why, message = "no_actions", "statement.no_actions"
    elif case_shift(case).hours:
        why, message = "clock_unsure", "statement.clock_unsure"
    elif case.selected or not (dated.low and dated.high):
        why, message = str(dated.reason or "no_spike"), "statement.no_onset"
    if statement is None or why:
        values = {"delay": refused("hours", str(why), "actions.csv")}
        return case.answer("response.statement", message, values, certainty="refused")
    when = pd.Timestamp(statement.when)
    early, late = (
        (when - pd.Timestamp(moment)) / pd.Timedelta(hours=1) for moment in (str(dated.high), str(dated.low))
    )
    if late < 0:
        values = {"delay": refused("hours", "before_onset", "actions.csv against onset", 1)}
        return case.answer("response.statement", "statement.before_onset", values, certainty="medium")
    middle = (max(early, 0.0) + late) / 2 if early != late else late
    delay = Estimate(middle, "hours", 1, "actions.csv against onset", max(early, 0.0), late)
    promised = promise(case, "first_statement_hours")
    told: dict[str, object] = {"delay": delay, "basis": basis(case, promised)}
    if promised.hours is None:
        message = "statement.no_plan"
    else:
        told["promised"] = Estimate(promised.hours, "hours", 1, "plan.yml")
        if max(early, 0.0) > promised.hours:
            message = "statement.late"
        else:
            message = "statement.in_time" if late <= promised.hours else "statement.unclear"
    return case.answer(
        "response.statement",
        message,
        told,
        certainty="high" if early == late else "medium",
        facts={"message": message, "basis": promised.basis},
    )
