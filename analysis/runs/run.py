"""One run of one incident, from its archives to a published report, or to nothing."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import findings, followups, lessons
from analysis.errors import AftermathError, EvidenceError, InsufficientData, RenderError
from analysis.report.build import build
from analysis.runs import centres, dates, history, manifest, parameters, publish, stamping
from analysis.runs.archives import Progress, quiet
from analysis.runs.execute import execute
from analysis.runs.prepare import in_languages, known, load, prepare, read
from analysis.workspace import NOTEBOOKS, Workspace

READERS = ("1_what_happened", "2_why", "3_how_we_answered")
LAST = "4_lessons"
MINIMUM_MENTIONS = 30
"""Under this many mentions inside the window every share is refused: the report is short and says so (exit 4)."""
OWN = ("incident", "workspace", "output")
"""Parameters that the run itself sets."""


@dataclass
class Run:
    """What a run made: where it stands, and what it has to say; `changed`: that other contents were signed."""

    incident: str
    folder: Path
    run_id: str
    unchanged: bool = False
    files: list[Path] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    short: bool = False
    changed: str = ""


def run(
    workspace: Workspace,
    identity: str,
    given: Mapping[str, Any] | None = None,
    *,
    languages: list[str] | None = None,
    force: bool = False,
    progress: Progress = quiet,
) -> Run:
    """Run the notebooks of an incident and publish `reports/<id>/`.

    Where the published report was made from the same notebooks, parameters, input, code and versions, nothing is done
    unless `force`; but where incident.yml says by now that somebody signed it, or no longer does, that is stamped on
    it. Contents that differ from what was signed are published as a draft that says so.

    Raises ParameterError for `given` and `languages` before anything runs, what `prepare` raises, NotebookError,
    KernelDied, RunTimeout, RenderError and EvidenceError, after which nothing is published; and InsufficientData, after
    a short report has been published. TemporaryError where another run of it is under way.
    """
    chosen = dict(given or {}) | ({"languages": languages} if languages else {})
    paths = [NOTEBOOKS / f"{name}.ipynb" for name in (*READERS, LAST)]
    assigned = parameters.assign(chosen, paths, reserved=OWN)
    spoken = known(chosen.get("languages", []))
    read(workspace, identity)
    with publish.alone(workspace, identity):
        return _run(workspace, identity, assigned, spoken, force=force, progress=progress)


def _run(
    workspace: Workspace,
    identity: str,
    assigned: dict[Path, dict[str, Any]],
    spoken: list[str],
    *,
    force: bool,
    progress: Progress,
) -> Run:
    started = datetime.now(UTC)
    paths = list(assigned)
    prepared = prepare(workspace, identity, progress)
    run_id = _run_id(workspace, identity, prepared.name, assigned)
    target = workspace.report(identity)
    work = workspace.work / run_id
    case = in_languages(load(workspace, identity, prepared, "run", work), spoken)
    inside = case.during(case.customers)
    short = len(inside) < MINIMUM_MENTIONS
    too_few = (
        f"incident {identity}: {len(inside)} mentions inside the window, and {MINIMUM_MENTIONS} are needed. "
        f"A short report that says so stands in {target / 'postmortem.pdf'}. Widen the window or add an archive."
    )
    publish.recover(workspace, identity)
    if not force and manifest.holds(target, run_id):
        stamp = case.incident.stamp(stamping.contents(target, manifest.read(target)))
        stamped = stamping.again(workspace, identity, stamp)
        changed = stamping.told(stamp)
        if short:
            raise InsufficientData(f"{too_few} {changed}".strip())
        _keep_followups(workspace, identity, target)
        warnings = manifest.read(target)["warnings"]
        return Run(identity, target, run_id, not stamped, _reports(target), warnings, changed=changed)

    publish.fresh(work)
    readers = paths[:1] if short else paths[:-1]
    fixed = {"incident": identity, "workspace": str(workspace.root), "output": str(work)}
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(lambda path: execute(path, work, assigned[path] | fixed, progress), readers))
    centres.write(case, work)
    if short:
        lessons.write([], identity, work / "lessons.json")
    else:
        readers = paths
        done.append(execute(paths[-1], work, assigned[paths[-1]] | fixed, progress))
    merged = findings.merge([findings.read(work / "findings" / f"{path.stem}.json") for path in readers])
    findings.write(merged, identity, work / "findings.json")
    drawn = lessons.read(work / "lessons.json")
    asked = lessons.followed(case, drawn)
    if not short:
        followups.write(work / followups.FILE, asked)
    progress("report", 0, 1)
    made = manifest.collect(
        workspace, case, run_id, started, done, {path.stem: assigned[path] for path in paths}, short=short
    )
    seen = stamping.fingerprint(merged, drawn, made)
    case.stamp = case.incident.stamp(seen)
    made = stamping.put_on(made, case.stamp, seen)
    try:
        build(case, merged, drawn, asked, made, work, short=short)
    except (RenderError, EvidenceError) as error:
        raise type(error)(f"{error} Nothing was published; the work so far is in {work}.") from error
    manifest.write(work, made)
    publish.publish(workspace, identity, work)
    changed = stamping.told(case.stamp)
    if short:
        raise InsufficientData(f"{too_few} {changed}".strip())
    _keep_followups(workspace, identity, target)
    return Run(identity, target, run_id, False, _reports(target), made["warnings"], changed=changed)


def in_order(workspace: Workspace, names: Iterable[str], progress: Progress = quiet) -> list[str]:
    """`names` by the start of their windows, then by name: a report reads those of the incidents before it.

    An incident whose window is left to the software is prepared first, which its run needs anyway. One that cannot be
    read or prepared comes last; its run says why.
    """
    return sorted(names, key=lambda name: (_begun(workspace, name, progress), name))


def _begun(workspace: Workspace, name: str, progress: Progress) -> pd.Timestamp:
    try:
        incident = read(workspace, name)
        if incident.window == "auto":
            prepare(workspace, name, progress)
        window = dates.window(workspace, incident)
    except AftermathError:
        window = None
    return pd.Timestamp(window.start) if window else dates.LAST


def _keep_followups(workspace: Workspace, identity: str, target: Path) -> None:
    """Add to followups.csv what the published report asks for and it does not hold; what people wrote stays."""
    path = workspace.followups(identity)
    published = followups.read(target / followups.FILE) or []
    kept = followups.read(path)
    rows = followups.merged(kept, [row for row in published if not row.touched])
    if rows != (kept or []):
        followups.write(path, rows)


def _run_id(workspace: Workspace, identity: str, key: str, assigned: Mapping[Path, Mapping[str, Any]]) -> str:
    """hash(notebooks, parameters, input content, code, versions, what people wrote about the incident)."""
    digest = hashlib.sha256(key.encode())
    digest.update(json.dumps(manifest.versions(), sort_keys=True).encode())
    for path in sorted(assigned):
        digest.update(path.read_bytes() + json.dumps(assigned[path], sort_keys=True, default=str).encode())
    digest.update(history.content(workspace, identity))
    digest.update(manifest.code().encode())
    digest.update(followups.decided(followups.read(workspace.followups(identity))).encode())
    digest.update(json.dumps(manifest.written(workspace, identity), sort_keys=True).encode())
    return digest.hexdigest()[:16]


def _reports(folder: Path) -> list[Path]:
    """The pages of a report, the PDF in its first language first."""
    patterns = [f"{name}*.{kind}" for name in ("postmortem", "external") for kind in ("pdf", "html", "docx")]
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]
