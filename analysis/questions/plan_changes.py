"""Notebook 3, practice 3: what in plan.yml should change, as a patch that nobody has applied.

Only what happened is a reason. A promise that was not kept is never loosened: whether it was too short or the work too
slow is for people to say. What cannot be known from an archive, such as a name, becomes a comment where it is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis import edits, wording
from analysis.contract import check
from analysis.errors import InputError
from analysis.measures import adherence as measure
from analysis.measures.estimate import Estimate
from analysis.measures.proportions import wilson
from analysis.measures.reading import MINIMUM
from analysis.plan import Plan, printable, same
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, by_language
from analysis.questions.plan_audit import adherence, case_audit, case_record, complaints, phrase

FILE = "plan.diff"
LEAST = 0.1
"""The share of complaints, or mentions, on a platform or in a language that a plan should know of: surely a tenth."""
PART_OF_PROMISE = 0.5
"""Of the hours to the first statement, what an approval may take: the other half is for writing it."""
MISSED = ("late", "absent", "after", "approved_late")


@dataclass(frozen=True)
class Change:
    """What to change and the evidence for it (message and values), the finding behind it, and where it goes."""

    name: str
    told: dict[str, Any]
    finding: str
    edit: tuple[str, edits.Path, Any]
    """("remark", path, None), ("add", [key], value) or ("put", path, (key, value))."""


def changes(case: Case) -> Answer:
    """The changes to plan.yml that what happened calls for, each with the finding behind it, saved as a patch."""
    if case.plan is None:
        return adherence(case)
    proposed = list(proposals(case, case.plan))
    patch = draft(case, case.plan, proposed)
    table = pd.DataFrame(
        {
            "change": [_change(case, change) for change in proposed],
            "evidence": [_evidence(case, change) for change in proposed],
            "finding": [case.say(f"title.{change.finding}") for change in proposed],
        }
    )
    columns = {
        "change": ("column.plan_change", by_language),
        "evidence": ("column.evidence", by_language),
        "finding": ("column.finding", by_language),
    }
    return case.answer(
        "plan.changes",
        "plan.changes.drafted" if patch else "plan.changes.unwritten" if proposed else "plan.changes.none",
        {"changes": len(proposed), "file": FILE},
        certainty="medium",
        printed=Printed("plan_changes", "table.plan_changes", table, columns) if proposed else None,
        facts={"changes": [change.name for change in proposed]},
        files={FILE: patch},
    )


def draft(case: Case, plan: Plan, proposed: list[Change]) -> str:
    """The changes as a unified diff of plan.yml, which passes its check when patched; empty where there are none.

    Where a file is written in a way that they would break, all of them become comments at its end.
    """
    source = plan.source
    if not source or not proposed:
        return ""
    after = edits.applied(source, [_edit(case, source, change) for change in proposed])
    if not _holds(after):
        last = [edits.remark(source, ["\n"], _remark(case, change)) for change in proposed]
        after = edits.applied(source, last)
    return edits.unified(source, after, "plan.yml")


def proposals(case: Case, plan: Plan) -> Iterator[Change]:
    """What happened that the plan has no answer to, in the order of its keys."""
    record, rows = case_record(case, plan), case_audit(case, plan).rows
    yield from _deputies(plan, rows)
    yield from _channels(case, plan)
    yield from _approvals(plan, record, rows)
    yield from _statements(case, plan)
    helped = record.actions[record.actions["kind"] == "outside_help"]
    if len(helped) and not plan.outside_help:
        when = Estimate(helped["when"].iloc[0].isoformat(), "time", 1, "actions.csv")
        yield Change("outside_help", {"when": when}, "timeline.events", ("remark", ["outside_help"], None))
    yield from _dates(rows)


def _deputies(plan: Plan, rows: pd.DataFrame) -> Iterator[Change]:
    """Roles without a deputy whose step was late, or absent from a whole log."""
    missed = rows[(rows["verdict"] == measure.FAIL) & rows["why"].isin(MISSED)]
    for number, role in enumerate(plan.team):
        steps = missed[missed["subject"].str.casefold() == role.role.casefold()]
        if role.deputy or steps.empty:
            continue
        step = steps.iloc[0]
        told = {"subject": role.role, **step["promised"], **step["happened"]}
        name = "deputy_absent" if step["why"] == "absent" else "deputy"
        yield Change(name, told, "plan.who", ("remark", ["team", number], None))


def _channels(case: Case, plan: Plan) -> Iterator[Change]:
    """Platforms with surely a tenth of the complaints that the plan does not name."""
    asked = complaints(case)["platform"].dropna()
    for platform, share in _often(asked):
        if plan.channels and not any(same(platform, channel) for channel in plan.channels):
            told = {"platform": printable(platform)[:60], "share": share, "n": len(asked)}
            yield Change("channel", told, "plan.changes", ("add", ["channels"], told["platform"]))


def _approvals(plan: Plan, record: measure.Record, rows: pd.DataFrame) -> Iterator[Change]:
    """Approvals without a limit that stood between the first entry and a statement that came late."""
    late = rows[(rows["clause"] == "first_statement") & (rows["verdict"] == measure.FAIL)]
    promise = plan.at(record.level)
    if late.empty or promise is None:
        return
    limit = promise.first_statement_hours * PART_OF_PROMISE
    for number, item in enumerate(plan.approvals):
        given = rows[(rows["clause"] == "approval") & (rows["subject"] == item.role) & (rows["why"] == "approved")]
        if given.empty or item.within_hours:
            continue
        took = given["happened"].iloc[0]["took"]
        if float(took.value) <= limit:
            continue
        told = {"subject": item.role, "limit": Estimate(limit, "hours", 1, "plan.yml"), "took": took}
        told["promised"] = Estimate(promise.first_statement_hours, "hours", 1, "plan.yml")
        value = int(limit) if limit == int(limit) else round(limit, 2)
        yield Change("approval", told, "response.statement", ("put", ["approvals", number], ("within_hours", value)))


def _statements(case: Case, plan: Plan) -> Iterator[Change]:
    """Languages with surely a tenth of the mentions in which no holding statement is written."""
    spoken = case.during(case.customers)["language"].dropna()
    held = {holding.spoken for holding in plan.holding_statements}
    for code, share in _often(spoken):
        if code not in held:
            told = {"language": {language: wording.language_name(code, language) for language in case.languages}}
            told |= {"share": share, "n": len(spoken)}  # type: ignore[dict-item]
            yield Change("holding", told, "plan.changes", ("remark", ["holding_statements"], None))


def _dates(rows: pd.DataFrame) -> Iterator[Change]:
    for clause, key in (("review", "reviewed_on"), ("training", "trained_on")):
        found = rows[(rows["clause"] == clause) & ((rows["verdict"] == measure.FAIL) | (rows["why"] == "undated"))]
        for row in found.to_dict("records"):
            told = {**row["promised"], **row["happened"]}
            name = clause if row["why"] == "dated" else f"{clause}_undated"
            yield Change(name, told, "plan.freshness", ("remark", [key], None))


def _often(labels: pd.Series) -> list[tuple[str, Estimate]]:
    """The labels of surely LEAST of the rows, the commonest first; none where the rows are few."""
    if len(labels) < MINIMUM:
        return []
    shares = [(str(name), wilson(int(count), len(labels))) for name, count in labels.value_counts().items()]
    return [(name, share) for name, share in shares if share.low is not None and float(share.low) >= LEAST]


def _change(case: Case, change: Change) -> dict[str, str]:
    return phrase(case, f"plan.change.{change.name}", change.told)


def _evidence(case: Case, change: Change) -> dict[str, str]:
    return phrase(case, f"plan.evidence.{change.name}", change.told)


def _remark(case: Case, change: Change) -> list[str]:
    """The change and its evidence as a line of the file, in the report's main language."""
    language = case.languages[0]
    told = {"change": _change(case, change), "evidence": _evidence(case, change), "incident": case.incident.id}
    return [printable(wording.say("plan.remark", language, told, case.zone))]


def _edit(case: Case, source: str, change: Change) -> edits.Edit:
    how, path, value = change.edit
    if how == "add":
        return edits.add(source, str(path[0]), value)
    if how == "put":
        return edits.put(source, path, value[0], value[1], own="role")
    return edits.remark(source, path, _remark(case, change))


def _holds(text: str) -> bool:
    """Whether the patched file is still a plan."""
    try:
        check(yaml.safe_load(text), Plan, Path("plan.yml"))
    except (InputError, yaml.YAMLError):
        return False
    return True
