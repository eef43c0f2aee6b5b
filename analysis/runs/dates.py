"""When the incidents of a workspace were, as far as anything tells."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import incident as contracts
from analysis.errors import InputError
from analysis.incident import Incident, Window
from analysis.measures import remeasure
from analysis.runs import manifest
from analysis.workspace import Workspace

OTHERS = ("id", "title", "start", "end")
LAST = pd.Timestamp("2200-01-01", tz="UTC")
"""When an incident is taken to have been of which nobody knows when it was: after all others."""


def window(workspace: Workspace, incident: Incident) -> Window | None:
    """The incident's window: that of its file; where the file leaves it to the software, that of the newest preparation
    or else of the published report. None where there is neither."""
    if isinstance(incident.window, Window):
        return incident.window
    prepared = workspace.prepared(incident.id).glob("[0-9a-f]*/notes.json")
    newest = max(prepared, key=lambda path: (path.parent.stat().st_mtime, path.parent.name), default=None)
    if newest is not None:
        return Window.model_validate(json.loads(newest.read_text(encoding="utf-8"))["window"])
    folder = workspace.report(incident.id)
    made: dict[str, Any] = manifest.read(folder) if (folder / "manifest.json").is_file() else {}
    return Window.model_validate(made["window"]) if made.get("window") else None


def others(workspace: Workspace, incident: Incident) -> pd.DataFrame:
    """DataFrame[OTHERS] (UTC), by start: the other incidents of the same brand that are not superseded.

    Those whose file cannot be read, and those of which nobody has said and nothing tells when they were, are left out.
    """
    rows = [
        {"id": other.id, "title": other.title, "start": known.start, "end": known.end}
        for other in _readable(workspace)
        if other.id != incident.id and other.brand == incident.brand and other.state != "superseded"
        if (known := window(workspace, other))
    ]
    table = pd.DataFrame(rows, columns=list(OTHERS))
    for side in ("start", "end"):
        table[side] = pd.to_datetime(table[side], utc=True)
    return table.sort_values(["start", "id"], ignore_index=True)


def after(known: pd.DataFrame, end: pd.Timestamp) -> tuple[list[str], pd.DataFrame]:
    """What the others that are `known` (OTHERS) change in what is measured again after an incident that ended at `end`.

    (the dates that are surely past, since another incident ended later; the others that lie over a week that would be
    measured).
    """
    due = remeasure.dates(end)
    latest = known["end"].max()
    passed = due.loc[due["due"] <= latest, "mark"].tolist() if len(known) else []
    over = pd.Series(False, index=known.index)
    for first, last in remeasure.weeks(end):
        over |= (known["start"] < last) & (known["end"] > first)
    return passed, known[over].reset_index(drop=True)


def _readable(workspace: Workspace) -> Iterator[Incident]:
    for name in workspace.incidents():
        try:
            other = contracts.read_incident(workspace.incident_file(name))
        except InputError:
            continue
        if other.id == name:
            yield other
