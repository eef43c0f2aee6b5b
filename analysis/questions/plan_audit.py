"""Notebook 3, practice 3: whether the plan was kept, how fresh it was, and who acted."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures import adherence as measure
from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.reading import MINIMUM
from analysis.plan import Plan, Role, printable
from analysis.questions import waiting
from analysis.questions.case import Case
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer, Printed, by_language, worded
from analysis.questions.replies import case_replies
from analysis.style import numbers

AGES = ("review", "training")
NAMED = 6
"""Broken promises that a sentence names; the table holds all."""


def adherence(case: Case) -> Answer:
    """Which promises of the plan were kept, which were not, and which nothing recorded can show (definitions C14)."""
    if case.plan is None:
        nothing = {"adherence": refused("share", "no_plan", "plan.yml")}
        message = "plan.none" if case.incident.plan else "plan.set_aside"
        return case.answer("plan.adherence", message, nothing, certainty="refused", facts={"message": message})
    found = case_audit(case, case.plan)
    kept, broken, unseen = (found.of(verdict) for verdict in (measure.PASS, measure.FAIL, measure.OPEN))
    values: dict[str, Any] = {"adherence": found.adherence, "evidence": found.evidence}
    values |= {name: len(rows) for name, rows in (("kept", kept), ("broken", broken), ("unseen", unseen))}
    values |= {"known": len(kept) + len(broken), "all": len(found.rows), "named": _named(case, broken)}
    if found.adherence.value is None:
        message = "plan.adherence.unseen" if len(found.rows) else "plan.adherence.empty"
    else:
        message = "plan.adherence.broken" if len(broken) else "plan.adherence.kept"
    facts: dict[str, Any] = {"message": message}
    # How old the plan was is a finding of its own, and a lesson of its own.
    if len(breaches := broken[~broken["clause"].isin(AGES)]):
        facts["broken"] = _named(case, breaches)
    return case.answer(
        "plan.adherence",
        message,
        values,
        certainty="refused" if found.adherence.value is None else "high",
        printed=_printed(case, found.rows),
        facts=facts,
        behind={row["clause"]: row["ids"] for row in found.rows.to_dict("records") if row["ids"]},
    )


def freshness(case: Case) -> Answer:
    """How long before the incident the plan was last reviewed, and the team last trained in it."""
    if case.plan is None:
        return adherence(case)
    rows = case_audit(case, case.plan).rows
    rows = rows[rows["clause"].isin(AGES)]
    told = [phrase(case, f"plan.age.{row['clause']}.{row['why']}", {**row["promised"], **row["happened"]})
            for row in rows.to_dict("records")]  # fmt: skip
    stale, fresh = (rows["verdict"] == verdict for verdict in (measure.FAIL, measure.PASS))
    message = (
        "plan.freshness.stale" if stale.any() else "plan.freshness.fresh" if fresh.all() else "plan.freshness.open"
    )
    values: dict[str, Any] = {"ages": together(told, case.languages)}
    for row in rows.to_dict("records"):
        values[row["clause"]] = row["happened"].get("age") or refused("count", "not_recorded", "plan.yml")
    facts = {"message": message, "ages": values["ages"]}
    certainty = "refused" if message == "plan.freshness.open" else "high"
    return case.answer("plan.freshness", message, values, certainty=certainty, facts=facts)  # type: ignore[arg-type]


def who(case: Case) -> Answer:
    """Which roles should have acted at the incident's level, and which of them did before the statement was due."""
    if case.plan is None:
        return adherence(case)
    record, found = case_record(case, case.plan), case_audit(case, case.plan)
    called = found.rows[found.rows["clause"] == "convene"]
    values: dict[str, Any] = {"level": record.level or 0, "roles": len(called)}
    for name, verdict in (("acted", measure.PASS), ("missing", measure.FAIL), ("open", measure.OPEN)):
        subjects = called.loc[called["verdict"] == verdict, "subject"].tolist()
        values |= {name: listed(subjects, case.languages), f"{name}_count": len(subjects)}
    if record.actions.empty:
        message = "plan.who.no_log"
    elif called.empty:
        message = "plan.who.no_level" if record.level is None else "plan.who.nobody_named"
    elif values["missing_count"]:
        message = "plan.who.missing" if values["acted_count"] else "plan.who.nobody"
    else:
        message = "plan.who.open" if values["open_count"] else "plan.who.all"
    refusals = ("plan.who.no_log", "plan.who.no_level", "plan.who.nobody_named", "plan.who.open")
    return case.answer(
        "plan.who",
        message,
        values,
        certainty="refused" if message in refusals else "high",
        printed=_roles(case, case.plan, record, called),
        facts={"message": message},
    )


def case_audit(case: Case, plan: Plan) -> measure.Adherence:
    """The clauses of the plan with their verdicts."""
    return case.once("plan_audit", lambda: measure.audit(plan, case_record(case, plan)))


def case_record(case: Case, plan: Plan) -> measure.Record:
    """What is known of the incident, as the audit takes it."""

    def read() -> measure.Record:
        onset = case_onset(case).onset
        sure = waiting.case_shift(case).hours == 0
        dated = sure and not case.selected and onset.low is not None and onset.high is not None
        # Log entries before the incident's window belong to another day, or to what set it off: they are kept.
        actions = pd.DataFrame([vars(action) for action in case.actions], columns=["when", "actor", "kind", "channel",
                                                                                   "text", "link"])  # fmt: skip
        own = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
        replies = case_replies(case)
        moved = set(replies.loc[replies["redirect"], "id"]) if len(replies) else set()
        posts = own[["id", "published_at", "platform", "text"]].assign(redirect=own["id"].isin(moved))
        return measure.Record(
            level=_level(case),
            onset=(pd.Timestamp(str(onset.low)), pd.Timestamp(str(onset.high))) if dated else None,
            begun=case.start.tz_convert(case.zone).date(),
            within=_within(case, plan),
            actions=actions,
            posts=posts.sort_values("id").reset_index(drop=True),
            posts_whole=case.joins["brand_side"] == "whole",
            asked=frozenset(_often(complaints(case)["platform"])),
        )

    return case.once("plan_record", read)


def complaints(case: Case) -> pd.DataFrame:
    """Customers' first posts of the incident that are negative: those that the promise of an answer is made to."""
    asked = case.during(case.customers)
    return asked[(sentiment.labels(asked) == "negative") & asked["parent_id"].isna()]


def phrase(case: Case, message: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The sentence in every language of the report; several names in one value are listed, days and kinds said."""
    return case.say(message, {name: _said(case, name, value) for name, value in values.items()})


def listed(names: list[str], languages: list[str]) -> dict[str, str]:
    return {language: wording.joined(names, language) if names else "–" for language in languages}


def together(parts: list[dict[str, str]], languages: list[str]) -> dict[str, str]:
    """Phrases as one: "a; b"."""
    return {language: ("；" if language == "zh" else "; ").join(part[language] for part in parts)
            for language in languages}  # fmt: skip


def _level(case: Case) -> int | None:
    """The level of severity whose promises count: as people said, else as it was computed."""
    return case.incident.severity or waiting.promise(case).level


def _within(case: Case, plan: Plan) -> Estimate:
    """The share of complaints answered within what the plan promises at the incident's level."""
    promise = plan.at(_level(case))
    if promise is None:
        return refused("share", "no_plan", "plan.yml")
    return waiting.case_speeds(case, promise.first_response_hours)["needed"].within


def _often(platforms: pd.Series) -> list[str]:
    """Platforms with as many complaints as any share needs: where nobody writes, nobody has to be answered."""
    counts = platforms.dropna().value_counts()
    return [str(name) for name, count in counts.items() if count >= MINIMUM]


def _said(case: Case, name: str, value: Any) -> Any:
    if name == "kinds":
        return {language: wording.joined([wording.say(f"action.{kind}", language) for kind in value], language)
                for language in case.languages}  # fmt: skip
    if name == "kind":
        return case.say(f"action.{value}")
    if name == "day":
        return {language: numbers.day(pd.Timestamp(value), language, year=True) for language in case.languages}
    return listed(list(value), case.languages) if isinstance(value, tuple) else value


def _clause(case: Case, row: Mapping[Any, Any]) -> dict[str, str]:
    return case.say(f"plan.clause.{row['clause']}", {"subject": row["subject"]})


def _named(case: Case, rows: pd.DataFrame) -> dict[str, str]:
    names = [_clause(case, row) for row in rows.head(NAMED).to_dict("records")]
    names += [case.say("plan.more", {"count": len(rows) - NAMED})] if len(rows) > NAMED else []
    return {language: wording.joined([name[language] for name in names], language) for language in case.languages}


def _promise(case: Case, row: Mapping[Any, Any]) -> dict[str, str]:
    clause, told = row["clause"], row["promised"]
    if clause in ("activated", "convene", "outside_help"):
        return phrase(case, "plan.promise.by_due" if "due" in told else "plan.promise.at_all", told)
    if clause == "approval":
        return phrase(case, "plan.promise.approval_within" if "hours" in told else "plan.promise.approval", told)
    return phrase(case, f"plan.promise.{'by_level' if row['why'] == 'no_level' else clause}", told)


def _printed(case: Case, rows: pd.DataFrame) -> Printed:
    records = rows.to_dict("records")
    table = pd.DataFrame(
        {
            "clause": [_clause(case, row) for row in records],
            "promise": [_promise(case, row) for row in records],
            "happened": [phrase(case, f"plan.happened.{row['why']}", row["happened"]) for row in records],
            "verdict": [row["verdict"] for row in records],
            "id": [row["clause"] for row in records],
            "why": [row["why"] for row in records],
        }
    )
    columns = {
        "clause": ("column.clause", by_language),
        "promise": ("column.promise", by_language),
        "happened": ("column.happened", by_language),
        "verdict": ("column.kept", worded("plan.verdict")),
    }
    return Printed("plan_adherence", "table.plan_adherence", table, columns)


def _roles(case: Case, plan: Plan, record: measure.Record, called: pd.DataFrame) -> Printed:
    """Every role of the team with its first entry in the log."""
    verdicts = called.set_index("subject")["verdict"].to_dict()
    rows = []
    for role in plan.team:
        acts = record.by(role)
        state = verdicts.get(role.role, "not_called")
        rows.append({"role": _plainly(role.role, case), "held": _held(role, case), "first": _first(acts, case),
                     "verdict": state})  # fmt: skip
    columns = {
        "role": ("column.plan_role", by_language),
        "held": ("column.held_by", by_language),
        "first": ("column.first_act", by_language),
        "verdict": ("column.in_time", worded("plan.called")),
    }
    return Printed("plan_roles", "table.plan_roles", pd.DataFrame(rows, columns=list(columns)), columns)


def _held(role: Role, case: Case) -> dict[str, str]:
    holders = [name for name in (role.person, role.deputy) if name]
    return {language: " / ".join(holders) or "–" for language in case.languages}


def _first(acts: pd.DataFrame, case: Case) -> dict[str, str]:
    if acts.empty:
        return case.say("plan.no_entry")
    first = acts.iloc[0]
    when = Estimate(first["when"].isoformat(), "time", 1, "actions.csv")
    return phrase(case, "plan.first_act", {"when": when, "kind": first["kind"]})


def _plainly(text: str, case: Case) -> dict[str, str]:
    return dict.fromkeys(case.languages, printable(text))
