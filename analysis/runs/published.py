"""What the published reports of a workspace hold, read for what repeats across them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from analysis import findings, followups, lessons
from analysis import incident as contracts
from analysis.errors import InputError
from analysis.measures.registry import Source
from analysis.runs import centres, manifest
from analysis.workspace import Workspace

TABLES = {
    "causes": ("cause", "key", "called", "origin", "n", "share", "low", "growth", "growth_low", "growth_high", "p",
               "stability"),
    "factors": ("cause", "part", "part_low", "role"),
    "jumps": ("platform", "hours"),
    "there_before": ("cause", "state"),
}  # fmt: skip
"""Table of a report → the columns of it that are read."""


@dataclass(frozen=True)
class Unread:
    """An incident without a report that can be read: "absent" (never published), "short" (too little data), "older" (of
    another version of Aftermath), "elsewhere" (of an incident of the same name in another workspace)."""

    incident: str
    reason: str


def sources(workspace: Workspace) -> tuple[list[Source], list[Unread]]:
    """The published report of each incident of the workspace, and the incidents that have none that can be read."""
    read: list[Source] = []
    unread: list[Unread] = []
    for name in workspace.incidents():
        found = _source(workspace, name)
        (unread if isinstance(found, Unread) else read).append(found)  # type: ignore[arg-type]
    return read, unread


def _source(workspace: Workspace, name: str) -> Source | Unread:
    folder = workspace.report(name)
    if not (folder / "manifest.json").is_file():
        return Unread(name, "absent")
    made = manifest.read(folder)
    if made.get("schema") != manifest.SCHEMA or "incident_file" not in made:
        return Unread(name, "older")
    if made.get("workspace", workspace.root.name) != workspace.root.name:
        return Unread(name, "elsewhere")
    if made.get("short"):
        return Unread(name, "short")
    file = made["incident_file"]
    window = made.get("window") or file["window"]
    if not isinstance(window, dict):
        return Unread(name, "older")
    try:
        found = findings.by_id(findings.read(folder / "findings.json"))
        drawn = lessons.read(folder / "lessons.json")
        tables = {table: _table(folder, table, columns) for table, columns in TABLES.items()}
        middle = centres.read(folder)
    except (InputError, KeyError, TypeError, ValueError):  # what another version wrote lacks a key, or has another
        return Unread(name, "older")
    taxonomy = str(file["taxonomy"] or "")
    home = workspace.incident(name)
    return Source(
        incident=name,
        file=file,
        start=pd.Timestamp(window["start"]),
        end=pd.Timestamp(window["end"]),
        found=found,
        causes=tables["causes"],
        factors=tables["factors"],
        jumps=tables["jumps"],
        before=tables["there_before"],
        taxonomy=str((home / taxonomy).resolve()) if taxonomy.endswith((".yml", ".yaml")) else taxonomy,
        actions=contracts.read_actions(home / "actions.csv", file["time_zone"]),
        lessons=[asdict(lesson) for lesson in drawn],
        followups=asked(home / followups.FILE),
        centres=middle.assign(incident=name),
    )


def _table(folder: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A table of a report; empty where the report has none. KeyError where it lacks a column."""
    path = folder / "tables" / f"{name}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    table = pd.read_csv(path)
    table = table[list(columns)]
    if "called" in table:
        table["called"] = table["called"].map(json.loads)
    return table


def asked(path: Path) -> pd.DataFrame | None:
    """followups.csv, all of it text, with the lesson that asks for each row (its id).

    None where there is none, and where people have not written in it: that a run listed what it asks for does not say
    that nothing was done.
    """
    kept = followups.read(path)
    if kept is None or not any(row.touched for row in kept):
        return None
    rows = [{name: getattr(row, name) for name in followups.COLUMNS} | {"lesson": row.id} for row in kept]
    return pd.DataFrame(rows, columns=[*followups.COLUMNS, "lesson"])
