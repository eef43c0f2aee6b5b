"""What the published reports of a workspace hold, read for what repeats across them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import findings, followups, lessons
from analysis import incident as contracts
from analysis.errors import InputError
from analysis.findings import Finding
from analysis.measures.registry import Source
from analysis.questions.case import Case
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
OF_THE_RUN = ("schema", "incident_file", "window", "short", "workspace")
"""What is read of its manifest."""


@dataclass(frozen=True)
class Unread:
    """An incident without a report that can be read: "absent" (never published), "short" (too little data), "older" (of
    another version of Aftermath), "elsewhere" (of an incident of the same name in another workspace), "damaged" (a
    file of the incident cannot be read)."""

    incident: str
    reason: str


def sources(workspace: Workspace) -> tuple[list[Source], list[Unread]]:
    """The published report of each incident of the workspace, and the incidents that have none that can be read."""
    return _parted(_source(workspace, name) for name in workspace.incidents())


def earlier(workspace: Workspace, names: Iterable[str]) -> tuple[list[Source], list[Unread]]:
    """The same of the incidents `names` alone; a file of theirs that cannot be read is no reason to refuse another."""

    def found(name: str) -> Source | Unread:
        try:
            return _source(workspace, name)
        except (InputError, ValueError):
            return Unread(name, "damaged")

    return _parted(map(found, names))


def _parted(found: Iterable[Source | Unread]) -> tuple[list[Source], list[Unread]]:
    each = list(found)
    read = [one for one in each if not isinstance(one, Unread)]
    return read, [one for one in each if isinstance(one, Unread)]


def own(workspace: Workspace, case: Case) -> Source | None:
    """The same of a case from what its notebooks have written so far; None where they have written nothing."""
    parts = sorted((case.output / "findings").glob("[1-3]_*.json"))
    if not parts:
        return None
    file = case.incident.model_dump(mode="json", exclude=set(manifest.NAMES))
    kept = (case.output / centres.FILE).is_file()
    middle = centres.read(case.output) if kept else centres.of(case)
    found = findings.by_id(findings.merge([findings.read(path) for path in parts]))
    window = {"start": case.start, "end": case.end}
    return _made(workspace, case.incident.id, file, window, found, _tables(case.output), [], None, middle)


def content(workspace: Workspace, name: str) -> bytes:
    """A fingerprint of what is read of an incident's report: the same where a run would read the same of it."""
    folder, home = workspace.report(name), workspace.incident(name)
    read = ["findings.json", "lessons.json", centres.FILE, *(f"tables/{table}.csv" for table in TABLES)]
    digest = hashlib.sha256()
    for path in (*(folder / part for part in read), home / "actions.csv"):
        digest.update(b"\0" + (path.read_bytes() if path.is_file() else b"-"))
    try:
        made = manifest.read(folder) if (folder / "manifest.json").is_file() else {}
        kept = asked(workspace.followups(name))
    except (InputError, ValueError):
        return name.encode() + b"damaged" + digest.digest()
    digest.update(json.dumps([made.get(key) for key in OF_THE_RUN], sort_keys=True).encode())
    digest.update(b"-" if kept is None else kept.to_csv().encode())
    return name.encode() + digest.digest()


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
        tables = _tables(folder)
        middle = centres.read(folder)
    except (InputError, KeyError, TypeError, ValueError):  # what another version wrote lacks a key, or has another
        return Unread(name, "older")
    kept = asked(workspace.followups(name))
    return _made(workspace, name, file, window, found, tables, [asdict(lesson) for lesson in drawn], kept, middle)


def _made(
    workspace: Workspace,
    name: str,
    file: Mapping[str, Any],
    window: Mapping[str, Any],
    found: Mapping[str, Finding],
    tables: Mapping[str, pd.DataFrame],
    drawn: Sequence[Mapping[str, Any]],
    kept: pd.DataFrame | None,
    middle: pd.DataFrame,
) -> Source:
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
        lessons=drawn,
        followups=kept,
        centres=middle.assign(incident=name),
    )


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: _table(folder, name, columns) for name, columns in TABLES.items()}


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
