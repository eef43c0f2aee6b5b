"""The organisation's earlier incidents: what their files say, and what their published reports named as causes."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import incident as contracts
from analysis.errors import InputError
from analysis.incident import Incident, Window
from analysis.questions.case import EARLIER
from analysis.workspace import Workspace

MONTHS = 24
"""How far back an incident counts as history (definitions C3)."""


def earlier(workspace: Workspace, incident: Incident, start: pd.Timestamp) -> pd.DataFrame:
    """DataFrame[EARLIER]: incidents of the same brand that ended before `start` (UTC), by at most MONTHS, latest first.

    Superseded ones are left out, and so are those whose window is `auto`: nobody has said when they were. A file that
    cannot be read is another incident's trouble, and no reason to refuse this one.
    """
    rows: list[dict[str, Any]] = []
    for identity in others(workspace, incident.id):
        try:
            other = contracts.read_incident(workspace.incident_file(identity))
        except InputError:
            continue
        if other.brand != incident.brand or other.state == "superseded" or not isinstance(other.window, Window):
            continue
        begun, ended = (pd.Timestamp(moment).tz_convert("UTC") for moment in (other.window.start, other.window.end))
        if not start - pd.DateOffset(months=MONTHS) <= ended <= start:
            continue
        rows.append(
            {
                "id": other.id,
                "title": other.title,
                "start": begun,
                "end": ended,
                "crisis_type": other.crisis_type,
                "cluster": other.crisis_cluster,
                "severity": other.severity,
                "causes": _causes(_report(workspace, identity)),
            }
        )
    table = pd.DataFrame(rows, columns=list(EARLIER))
    return table.sort_values(["end", "id"], ascending=[False, True], ignore_index=True)


def content(workspace: Workspace, identity: str) -> bytes:
    """What `earlier` reads of the other incidents, for the hash of a run."""
    parts = []
    for other in others(workspace, identity):
        parts += [other.encode(), _said(workspace.incident_file(other))]
        parts.append(json.dumps(_causes(_report(workspace, other))).encode())
    return b"\0".join(parts)


def _said(path: Path) -> bytes:
    """What `earlier` may take from an incident's file: that its report was signed is no news to another incident."""
    try:
        said = contracts.read_incident(path)
    except InputError:
        return path.read_bytes()
    told = said.model_dump(mode="json", exclude=set(contracts.SIGNATURE))
    return json.dumps(told | {"superseded": said.state == "superseded"}, sort_keys=True).encode()


def others(workspace: Workspace, identity: str) -> list[str]:
    """The workspace's incidents but `identity`."""
    return [other for other in workspace.incidents() if other != identity]


def _report(workspace: Workspace, identity: str) -> Path:
    return workspace.report(identity) / "findings.json"


def _causes(path: Path) -> list[str]:
    """The names that a published report gives its largest causes; none where there is no report, or an older one."""
    if not path.is_file():
        return []
    told = json.loads(path.read_text(encoding="utf-8")).get("findings", [])
    named: list[Any] = next((one["facts"].get("named", []) for one in told if one.get("id") == "causes.shares"), [])
    return sorted({str(name["en"] if isinstance(name, dict) else name) for name in named})
