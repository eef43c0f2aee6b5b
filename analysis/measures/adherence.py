"""Whether the plan was kept: each of its clauses against the log of actions and the organisation's own posts (C14).

A clause passes, fails, or there is no evidence. What a log does not hold is a failure only where the log is whole, that
is, runs from noticing to closing; and what was not posted only where all of the organisation's posts are held. Without
a log nothing fails for want of an entry. Adherence is passed / (passed + failed) and evidence coverage
(passed + failed) / all: counted clauses, no sample, so that neither has an interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from analysis.incident import PUBLIC_KINDS
from analysis.measures.estimate import Estimate, refused
from analysis.measures.wording_match import findable, held_in, names
from analysis.plan import Approval, Plan, Role, named, printable

PASS, FAIL, OPEN = "pass", "fail", "no_evidence"
COLUMNS = ("clause", "subject", "verdict", "why", "promised", "happened", "ids")
STATEMENTS = tuple(kind for kind in PUBLIC_KINDS if kind != "acknowledged")
"""Public actions that somebody agrees to; answers to single customers are under way before that."""
ALIKE = 0.8
"""The share of a holding statement's character 5-grams that a post holds, from which on it was used (C10's Jaccard
limit, one-sided: a statement may stand inside a longer post)."""
CONVENED_FROM = 2
"""Level from which a plan is to be activated: what is minor is answered or watched without a team (C2, paracrisis)."""
PROFESSIONALS_FROM = 4
"""Level at which outside help is called (C15)."""


@dataclass(frozen=True)
class Record:
    """What is known of the incident.

    `actions`: when (UTC), actor, kind, channel, text, in order of time. `posts`, the organisation's own during the
    incident: id, published_at, platform, text, redirect (bool); `posts_whole`: whether all of them are held.
    `within`: share of complaints answered within what the plan promises at `level`. `onset`: its bounds, None where it
    cannot be dated. `asked`: platforms on which customers wrote. `begun`: the day of the incident's start.
    """

    level: int | None
    onset: tuple[pd.Timestamp, pd.Timestamp] | None
    begun: date
    within: Estimate
    actions: pd.DataFrame
    posts: pd.DataFrame
    posts_whole: bool
    asked: frozenset[str]

    @property
    def log_whole(self) -> bool:
        kinds = set(self.actions["kind"])
        return "closed" in kinds and bool(kinds & {"detected", "acknowledged"})

    @property
    def noticed(self) -> pd.Timestamp | None:
        """The first entry that says so; where there is none, the earliest onset."""
        seen = self.actions.loc[self.actions["kind"] == "detected", "when"]
        return seen.iloc[0] if len(seen) else self.onset[0] if self.onset else None

    def spoken(self, kinds: tuple[str, ...] = PUBLIC_KINDS) -> pd.DataFrame:
        """Public actions since it was noticed: what was said before is no answer, and may have set it off."""
        rows = self.actions[self.actions["kind"].isin(kinds)]
        return rows if self.noticed is None else rows[rows["when"] >= self.noticed]

    def by(self, role: Role) -> pd.DataFrame:
        """The actions of `role`, by its name, its holder's or the deputy's."""
        return self.actions[self.actions["actor"].map(role.acted).astype(bool)]


@dataclass(frozen=True)
class Row:
    """`why` says what decided; `promised` and `happened` hold the values of its two sentences."""

    clause: str
    subject: str
    verdict: str
    why: str
    promised: dict[str, Any] = field(default_factory=dict)
    happened: dict[str, Any] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Adherence:
    """`rows`: COLUMNS, in the order of the plan. `due`: until when the first statement was promised, in UTC."""

    rows: pd.DataFrame
    adherence: Estimate
    evidence: Estimate
    due: pd.Timestamp | None

    def of(self, verdict: str) -> pd.DataFrame:
        return self.rows[self.rows["verdict"] == verdict]


def audit(plan: Plan, record: Record) -> Adherence:
    """Every clause of `plan` that applies to the incident, with its verdict."""
    due = _due(plan, record)
    rows = [
        *_levels(plan, record),
        *_activated(plan, record, due),
        *_convened(plan, record, due),
        *_decided(plan, record),
        *(_approved(plan, item, record) for item in plan.approvals),
        *_channels(plan, record),
        *_said(plan, record),
        *_outside(plan, record),
        *_fresh(plan, record),
    ]
    table = pd.DataFrame([vars(row) for row in rows], columns=list(COLUMNS))
    kept, broken = ((table["verdict"] == verdict).sum() for verdict in (PASS, FAIL))
    known, method = int(kept + broken), "counted clauses"
    share = Estimate(float(kept / known), "share", known, method) if known else refused("share", "no_actions", method)
    seen = Estimate(known / len(table), "share", len(table), method) if len(table) else refused("share", "too_few")
    return Adherence(table, share, seen, due)


def _due(plan: Plan, record: Record) -> pd.Timestamp | None:
    """When the first statement is due at the latest: from the later bound of the onset."""
    promise = plan.at(record.level)
    if promise is None or record.onset is None:
        return None
    return record.onset[1] + pd.Timedelta(hours=promise.first_statement_hours)


def _levels(plan: Plan, record: Record) -> Iterator[Row]:
    if record.level is None and plan.levels:
        yield Row("first_response", "", OPEN, "no_level")
        yield Row("first_statement", "", OPEN, "no_level")
    promise = plan.at(record.level)
    if promise is None:
        return
    told = {"hours": _hours(promise.first_response_hours), "share": _of(plan.within_share, "share")}
    yield Row("first_response", "", *_share_verdict(record.within, plan.within_share), told, {"within": record.within})
    yield _first_statement(promise.first_statement_hours, record)


def _share_verdict(within: Estimate, share: float) -> tuple[str, str]:
    """Passed or failed where the whole interval lies on one side of the share that was promised."""
    if within.value is None:
        return OPEN, "within_unknown"
    low, high = (float(within.value if bound is None else bound) for bound in (within.low, within.high))
    if low >= share:
        return PASS, "within"
    return (FAIL, "within") if high < share else (OPEN, "within_unclear")


def _first_statement(promised: float, record: Record) -> Row:
    told = {"hours": _hours(promised)}

    def row(verdict: str, why: str, **happened: Any) -> Row:
        return Row("first_statement", "", verdict, why, told, happened)

    if record.actions.empty:
        return row(OPEN, "no_log")
    if record.onset is None:
        return row(OPEN, "no_onset")
    spoken = record.spoken()
    if spoken.empty:
        return row(FAIL, "never_spoke") if record.log_whole else row(OPEN, "not_logged")
    early, late = ((spoken["when"].iloc[0] - bound) / pd.Timedelta(hours=1) for bound in reversed(record.onset))
    early = max(early, 0.0)  # an onset after the statement is none that it answered
    delay = Estimate((early + late) / 2, "hours", 1, "actions.csv against onset", early, late)
    if late <= promised:
        return row(PASS, "spoke", delay=delay)
    return row(FAIL, "spoke", delay=delay) if early > promised else row(OPEN, "spoke_unclear", delay=delay)


def _activated(plan: Plan, record: Record, due: pd.Timestamp | None) -> Iterator[Row]:
    if record.level is not None and record.level < CONVENED_FROM:
        return
    yield _by_due("activated", "", record.actions[record.actions["kind"] == "plan_activated"], record, due)


def _convened(plan: Plan, record: Record, due: pd.Timestamp | None) -> Iterator[Row]:
    promise = plan.at(record.level)
    for name in promise.convene if promise else ():
        role = plan.role(name)
        if role:
            yield _by_due("convene", role.role, record.by(role), record, due)


def _by_due(clause: str, subject: str, rows: pd.DataFrame, record: Record, due: pd.Timestamp | None) -> Row:
    """Whether the first of `rows` came before the first statement was due; at all where that is not known."""
    told = {"due": _moment(due)} if due is not None else {}
    if record.actions.empty:
        return Row(clause, subject, OPEN, "no_log", told)
    if rows.empty:
        return Row(clause, subject, *((FAIL, "absent") if record.log_whole else (OPEN, "not_logged")), told)
    first = rows["when"].iloc[0]
    late = due is not None and first > due
    return Row(clause, subject, FAIL if late else PASS, "late" if late else "acted", told, {"when": _moment(first)})


def _decided(plan: Plan, record: Record) -> Iterator[Row]:
    for role in plan.team:
        if not role.decides:
            continue
        taken = record.actions[record.actions["kind"].isin(role.decides)]
        others = taken[~taken["actor"].map(role.acted).astype(bool)]
        told = {"kinds": tuple(role.decides)}
        if taken.empty:
            yield Row("decides", role.role, OPEN, "no_log" if record.actions.empty else "no_such_action", told)
        elif others.empty:
            yield Row("decides", role.role, PASS, "decided", told, {"count": _of(len(taken), "count")})
        else:
            happened = {"kind": others["kind"].iloc[0], "when": _moment(others["when"].iloc[0])}
            yield Row("decides", role.role, FAIL, "decided_elsewhere", told, happened)


def _approved(plan: Plan, item: Approval, record: Record) -> Row:
    """Whether the role left an entry before the first statement; agreeing may leave none, so that its absence alone
    is no failure, but a first entry after the statement in a whole log is."""
    told = {"hours": _hours(item.within_hours)} if item.within_hours else {}

    def row(verdict: str, why: str, **happened: Any) -> Row:
        return Row("approval", item.role, verdict, why, told, happened)

    if record.actions.empty:
        return row(OPEN, "no_log")
    statements = record.spoken(STATEMENTS)
    if statements.empty:
        return row(OPEN, "no_statement")
    acts = record.by(plan.role(item.role) or Role(role=item.role, person=""))
    if acts.empty:
        return row(OPEN, "not_logged")
    first, said = acts["when"].iloc[0], statements["when"].iloc[0]
    took = (first - record.actions["when"].iloc[0]) / pd.Timedelta(hours=1)
    told_of = {"when": _moment(first), "said": _moment(said), "took": _hours(took)}
    if first == said:
        return row(PASS, "spoke_itself", **told_of)
    if first > said:
        return row(FAIL, "after", **told_of) if record.log_whole else row(OPEN, "not_logged")
    late = item.within_hours is not None and took > item.within_hours
    return row(FAIL, "approved_late", **told_of) if late else row(PASS, "approved", **told_of)


def _channels(plan: Plan, record: Record) -> Iterator[Row]:
    if not plan.channels:
        return
    planned = {channel.casefold(): channel for channel in plan.channels}
    public = record.actions[record.actions["kind"].isin(PUBLIC_KINDS) & (record.actions["channel"] != "")]
    spoken = set().union(*(_apart(text, set(planned)) for text in public["channel"]))
    spoken |= {str(name).casefold() for name in record.posts["platform"].dropna()}
    strays = sorted(name[:60] for name in spoken - set(planned))
    if not spoken:
        yield Row("channels", "", OPEN, "no_channel")
    else:
        where = ("channels_stray", strays) if strays else ("channels_planned", sorted(spoken))
        yield Row("channels", "", FAIL if strays else PASS, where[0], {}, {"channels": tuple(where[1])})
    asked = {name.casefold() for name in record.asked} & set(planned)
    silent = tuple(planned[name] for name in sorted(asked - spoken))
    used = tuple(planned[name] for name in sorted(set(planned) & spoken))
    if silent and record.posts_whole:
        yield Row("channels_used", "", FAIL, "channels_silent", {}, {"channels": silent})
    elif used:
        yield Row("channels_used", "", PASS, "channels_used", {}, {"channels": used})
    else:
        yield Row("channels_used", "", OPEN, "no_channel")


def _apart(text: str, planned: set[str]) -> set[str]:
    """The channels in a field of actions.csv: one that the plan names so, such as "Q&A page", is not taken apart."""
    whole = printable(text).casefold()
    return {whole} if whole in planned else named(text) - {whole} or {whole}


def _said(plan: Plan, record: Record) -> Iterator[Row]:
    """Holding statements, support resources and private channels: what the organisation's own posts hold of them."""
    texts = record.posts["text"].fillna("")
    absent = (FAIL, "posts_without") if record.posts_whole else (OPEN, "posts_not_whole")
    if plan.holding_statements:
        found = [held_in(holding.text, [*texts, *record.actions["text"]]) for holding in plan.holding_statements]
        if max(found) >= ALIKE:
            yield Row("holding", "", PASS, "holding_used")
        elif not _in_time(plan, record):  # what was prepared is for the time until there is more to say
            yield Row("holding", "", *absent)
    if plan.support_resources:
        hits = pd.DataFrame({item: texts.map(partial(names, item)) for item in plan.support_resources}).astype(bool)
        rows = record.posts[hits.any(axis=1).to_numpy(dtype=bool)]
        told = {"resources": tuple(hits.columns[hits.any()]), "posts": _of(len(rows), "count")}
        if not len(rows) and not all(map(findable, plan.support_resources)):
            absent = (OPEN, "support_unnamed")
        yield Row("support", "", *((PASS, "support_given") if len(rows) else absent), {}, told, rows["id"].tolist())
    if plan.private_channels:
        redirects = record.posts[record.posts["redirect"].astype(bool)]
        texts = redirects["text"].fillna("")
        hits = redirects[texts.map(lambda text: any(names(item, text) for item in plan.private_channels)).astype(bool)]
        told = {"posts": _of(len(hits), "count"), "all": _of(len(redirects), "count")}
        verdict = (PASS, "private_named") if len(hits) else (OPEN, "private_unnamed")
        yield Row("private_channels", "", *verdict, {}, told, hits["id"].tolist())


def _in_time(plan: Plan, record: Record) -> bool:
    promise = plan.at(record.level)
    return promise is not None and _first_statement(promise.first_statement_hours, record).verdict == PASS


def _outside(plan: Plan, record: Record) -> Iterator[Row]:
    if plan.outside_help and record.level is not None and record.level >= PROFESSIONALS_FROM:
        yield _by_due("outside_help", "", record.actions[record.actions["kind"] == "outside_help"], record, None)


def _fresh(plan: Plan, record: Record) -> Iterator[Row]:
    for clause, last, every in (
        ("review", plan.reviewed_on, plan.review_every_days),
        ("training", plan.trained_on, plan.training_every_days),
    ):
        told = {"every": _of(every, "count")}
        if last is None:
            yield Row(clause, "", OPEN, "undated", told)
        elif last > record.begun:  # what there was when it was needed is no longer written anywhere
            yield Row(clause, "", OPEN, "dated_later", told, {"day": last.isoformat()})
        else:
            age = (record.begun - last).days
            told_of = {"age": _of(age, "count"), "day": last.isoformat()}
            yield Row(clause, "", PASS if age <= every else FAIL, "dated", told, told_of)


def _hours(value: float) -> Estimate:
    return _of(value, "hours")


def _of(value: float, unit: str) -> Estimate:
    return Estimate(float(value), unit, 1, "plan.yml and actions.csv")


def _moment(when: pd.Timestamp) -> Estimate:
    return Estimate(when.isoformat(), "time", 1, "actions.csv")
