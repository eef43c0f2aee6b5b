"""`aftermath patterns`: notebook 5 run on the published reports of a workspace, its findings published."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import findings
from analysis.errors import InsufficientData, ParameterError
from analysis.measures import registry as registers
from analysis.questions.several import Several
from analysis.runs import manifest, parameters, publish
from analysis.runs.archives import Progress, quiet
from analysis.runs.before import together
from analysis.runs.execute import execute
from analysis.runs.lock import locked
from analysis.runs.prepare import cells_run, known
from analysis.runs.published import Unread, sources
from analysis.runs.remeasure import remeasured
from analysis.workspace import NOTEBOOKS, REPOSITORY, Workspace

NAME = "patterns"
NOTEBOOK = NOTEBOOKS / "5_patterns.ipynb"
OWN = ("workspace", "reports", "output")
"""Parameters that the run itself sets."""
MEANS = {
    "absent": "not published yet",
    "short": "too little data for more than a short report",
    "older": "its report is of another version of Aftermath: run it again",
    "elsewhere": "the report of that name is of another workspace: use other --reports",
    "damaged": "a file of the incident cannot be read: run aftermath check",
}


@dataclass(frozen=True)
class Published:
    """What was published, in sentences, and where."""

    folder: Path
    lines: list[str]


def open_patterns(
    *,
    notebook: str,
    workspace: str = "",
    reports: str = "",
    output: str = "",
    languages: Sequence[str] = (),
    brand: str = "",
    as_of: str = "",
    progress: Progress = quiet,
) -> Several:
    """The incidents of a workspace with their published reports, as notebook 5 reads them.

    `brand`: that of the incidents to look at, all where empty; `as_of`: the day (UTC) up to which dates are judged, the
    last day that the archives hold where empty. Raises ParameterError for a parameter of the wrong type or name, a
    brand of no incident, a day that is none; InsufficientData where no report can be read.
    """
    parameters.check_injected(cells_run(), NOTEBOOKS / f"{notebook}.ipynb")
    place = Workspace.at(REPOSITORY / workspace if workspace else None, REPOSITORY / reports if reports else None)
    until = _day(as_of)
    read, unread = _read(place)
    brands = sorted({str(source.file["brand"]) for source in read})
    if brand and brand not in brands:
        raise ParameterError(f"no incident is of {brand!r}. Use one of: {', '.join(brands)}; or leave brand empty.")
    chosen = [source for source in read if not brand or source.file["brand"] == brand]
    zones = {str(source.file["time_zone"]) for source in chosen}
    return together(
        chosen,
        unread,
        remeasured(place, chosen, until, progress),
        time_zone=zones.pop() if len(zones) == 1 else "UTC",
        report_languages=known(list(languages)) or ["en"],
        notebook=notebook,
        output=Path(output) if output else place.work / "by-hand" / NAME,
    )


def _read(workspace: Workspace) -> tuple[list[registers.Source], list[Unread]]:
    """The reports that can be read, and the incidents without; InsufficientData where there is none at all."""
    read, unread = sources(workspace)
    if read:
        return read, unread
    why = "; ".join(f"{one.incident}: {MEANS[one.reason]}" for one in unread) or f"{workspace.root} holds no incident"
    raise InsufficientData(
        f"No published report can be read in {workspace.reports} ({why}). Publish some first: aftermath run --all."
    )


def _day(text: str) -> pd.Timestamp | None:
    try:
        return pd.Timestamp(datetime.strptime(text, "%Y-%m-%d"), tz="UTC") if text else None
    except ValueError as error:
        raise ParameterError(f"as_of is {text!r}: write a day, such as 2026-01-31, or leave it empty.") from error


def patterns(workspace: Workspace, given: Mapping[str, Any] | None = None, *, progress: Progress = quiet) -> Published:
    """Run notebook 5 on the published reports, with the parameters `given`, and publish `reports/patterns/`.

    Raises ParameterError for `given` before anything runs, InsufficientData where no report can be read, and what
    `execute` raises, after which nothing is published. Waits while another process does the same.
    """
    chosen = dict(given or {})
    assigned = parameters.assign(chosen, [NOTEBOOK], reserved=OWN)[NOTEBOOK]
    spoken = known(list(chosen.get("languages", []))) or ["en"]
    if NAME in workspace.incidents():
        raise ParameterError(f"an incident is called {NAME!r}, where the patterns are published: rename its folder.")
    read, unread = _read(workspace)
    workspace.work.mkdir(parents=True, exist_ok=True)
    with locked(workspace.work / f"{NAME}.lock"):
        started = datetime.now(UTC)
        work = publish.fresh(workspace.work / NAME)
        fixed = {"workspace": str(workspace.root), "reports": str(workspace.reports), "output": str(work)}
        done = execute(NOTEBOOK, work, {**assigned, **fixed}, progress)
        told = findings.read(work / "findings" / f"{NOTEBOOK.stem}.json")
        findings.write(told, NAME, work / "findings.json")
        used = {source.incident: manifest.read(workspace.report(source.incident))["run_id"] for source in read}
        manifest.write(
            work,
            {
                "schema": manifest.SCHEMA,
                "started": started.isoformat(timespec="seconds"),
                "code": manifest.code(),
                "versions": manifest.versions(),
                "parameters": dict(assigned),
                "workspace": workspace.root.name,
                "reports": used,
                "unread": {one.incident: one.reason for one in unread},
                "notebooks": [done],
                "outputs": {},
            },
        )
        target = workspace.reports / NAME
        aside = workspace.work / f"{NAME}.previous"
        shutil.rmtree(aside, ignore_errors=True)
        if target.exists():
            target.rename(aside)
        work.rename(target)
        shutil.rmtree(aside, ignore_errors=True)
    return Published(target, [finding.answer[spoken[0]] for finding in told])
