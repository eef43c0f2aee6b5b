"""plan.yml in lines for a terminal: what it says, and what it leaves open."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from analysis import drafts
from analysis.errors import InputError, ParameterError
from analysis.incident import read_incident
from analysis.plan import HINT, Level, Plan, Role, read_plan
from analysis.workspace import Workspace

LEVELS = {1: "minor", 2: "moderate", 3: "serious", 4: "severe"}
HALF_A_DAY = 12
"""Hours: a first answer promised later in a serious crisis is mostly a number of minutes (YAML reads 1:30 as 90)."""


def check(workspace: Workspace) -> list[str]:
    """What plan.yml says, then a line for each thing that it leaves open; InputError where it is absent or wrong."""
    plan = read_plan(workspace.plan)
    if plan is None:
        raise InputError(f"{workspace.plan}: no such file. {HINT}")
    warnings = [f"warning: {line}" for line in left_open(plan, datetime.now(UTC).date(), _spoken(workspace))]
    return [f"{workspace.plan}: ok", *told(plan), *warnings]


def init(workspace: Workspace) -> str:
    """Write a commented plan.yml; ParameterError where one stands already."""
    if workspace.plan.exists():
        raise ParameterError(f"{workspace.plan} stands already. Edit it; `aftermath plan check` reads it.")
    workspace.plan.parent.mkdir(parents=True, exist_ok=True)
    workspace.plan.write_text(drafts.PLAN, encoding="utf-8")
    return f"wrote {workspace.plan}"


def told(plan: Plan) -> list[str]:
    """What the plan says, a line for each part of it that is not empty."""
    statements = ", ".join(holding.spoken for holding in plan.holding_statements)
    approvals = [
        f"{item.role} within {item.within_hours:g} h" if item.within_hours else item.role for item in plan.approvals
    ]
    parts = [
        *(f"team: {_role(role)}" for role in plan.team),
        *(_level(row, plan) for row in sorted(plan.levels, key=lambda row: row.level)),
        f"channels: {_listed(plan.channels)}" if plan.channels else "",
        f"private channels: {_listed(plan.private_channels)}" if plan.private_channels else "",
        f"approvals before the first statement: {_listed(approvals)}" if approvals else "",
        f"support resources: {_listed(plan.support_resources)}" if plan.support_resources else "",
        f"holding statements: {len(plan.holding_statements)} ({statements})" if statements else "",
        *(f"outside help: {profession}: {whom}" for profession, whom in plan.outside_help.items()),
        f"reviewed on {plan.reviewed_on}, due every {plan.review_every_days} days" if plan.reviewed_on else "",
        f"trained on {plan.trained_on}, due every {plan.training_every_days} days" if plan.trained_on else "",
    ]
    return [line for line in parts if line]


def left_open(plan: Plan, today: date, spoken: set[str]) -> list[str]:
    """What the plan leaves open: the key, what is missing, what to do. `spoken`: languages that incidents are in."""
    return [*_team(plan), *_levels(plan), *_words(plan, spoken), *_dates(plan, today)]


def _team(plan: Plan) -> list[str]:
    if not plan.team:
        return ["team: nobody is named. Name at least who leads, who speaks and who answers"]
    lines = [f"team: {role.role} is held by nobody. Write its person" for role in plan.team if not role.person]
    lines += [f"team: {role.role} has no deputy. Name one" for role in plan.team if not role.deputy]
    lines += [
        f"approvals: {item.role!r} is no role of team. Add it there, or correct its name"
        for item in plan.approvals
        if plan.role(item.role) is None
    ]
    return lines if plan.outside_help else [*lines, "outside_help: nobody is named. Write profession: contact"]


def _levels(plan: Plan) -> list[str]:
    missing = [f"level {level} ({LEVELS[level]})" for level in LEVELS if plan.at(level) is None]
    lines = [f"levels: nothing is promised at {_listed(missing)}. Add what is"] if missing else []
    for row in plan.levels:
        if row.first_response_hours > row.first_statement_hours:
            lines.append(
                f"levels: level {row.level} promises each complaint an answer in {row.first_response_hours:g} h, later "
                f"than a statement to everybody ({row.first_statement_hours:g} h). Read both again"
            )
        if row.level >= 3 and row.first_response_hours > HALF_A_DAY:
            lines.append(
                f"levels: first_response_hours of level {row.level} is {row.first_response_hours:g}. "
                f"If that is in minutes, write {row.first_response_hours / 60:.4g}"
            )
        if not row.convene:
            lines.append(f"levels: level {row.level} convenes nobody. Write convene: [roles that act at it]")
    return lines


def _words(plan: Plan, spoken: set[str]) -> list[str]:
    lines = [
        f"{key}: empty. {what}"
        for key, what in (
            ("channels", "Name where the organisation speaks"),
            ("approvals", "Name the roles that must agree, or leave it so where nobody must"),
            ("support_resources", "Name what people are sent to: a hotline, a help page"),
            ("holding_statements", "Write what is said while the facts are not known"),
        )
        if not getattr(plan, key)
    ]
    held = {holding.spoken for holding in plan.holding_statements}
    return lines + [
        f"holding_statements: none in {language}, which an incident of this workspace is in. Write one"
        for language in sorted(spoken - held)
        if held
    ]


def _dates(plan: Plan, today: date) -> list[str]:
    lines = []
    for key, last, every in (
        ("reviewed_on", plan.reviewed_on, plan.review_every_days),
        ("trained_on", plan.trained_on, plan.training_every_days),
    ):
        if last is None:
            lines.append(f"{key}: no date. Write the day on which it last took place")
        elif today - last > timedelta(days=every):
            lines.append(f"{key}: {last} is {(today - last).days} days ago, and every {every} are promised")
    if plan.reviewed_on and plan.trained_on and plan.trained_on < plan.reviewed_on:
        lines.append("trained_on: before the last review. Nobody was trained in the plan as it stands")
    return lines


def _spoken(workspace: Workspace) -> set[str]:
    """The languages of the workspace's incidents; one that cannot be read is left to `aftermath check`."""
    found: set[str] = set()
    for name in workspace.incidents():
        with suppress(InputError):
            found |= set(read_incident(workspace.incident_file(name)).languages)
    return found


def _role(role: Role) -> str:
    who = role.person or "nobody"
    deputy = f", deputy {role.deputy}" if role.deputy else ""
    decides = f"; decides {_listed(role.decides)}" if role.decides else ""
    return f"{role.role}: {who}{deputy}{decides}"


def _level(row: Level, plan: Plan) -> str:
    convene = f"; convenes {_listed(row.convene)}" if row.convene else ""
    return (
        f"level {row.level} ({LEVELS[row.level]}): {plan.within_share:.0%} of complaints answered within "
        f"{row.first_response_hours:g} h, first statement within {row.first_statement_hours:g} h{convene}"
    )


def _listed(items: list[str]) -> str:
    return ", ".join(items)
