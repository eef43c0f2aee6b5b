"""What is stamped on a report, and about which contents: only what was signed is ever called signed.

incident.yml says who signed what; the contents of a report say whether it is that. A stamp follows from the two, so
that signing, running again and editing the file by hand end at the same page in any order.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis import findings, lessons
from analysis.findings import Finding
from analysis.incident import Stamp
from analysis.lessons import Lesson
from analysis.report.build import restamp
from analysis.report.voice import Voice, state_word
from analysis.runs import manifest, publish
from analysis.workspace import Workspace

COVER = ("title", "titles", "brand", "time_zone")
"""Of incident.yml: what a reader sees of a report that no finding holds."""
UNSEEN = ("notebook", "message", "facts")
"""Of a finding: what no reader sees. Lessons are drawn from facts, and are compared themselves."""


def fingerprint(found: Iterable[Finding], drawn: Iterable[Lesson], made: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of what a reader sees of a report: its cover, answers, values, tables, quotes and lessons.

    `made` is its manifest, of which the title, the brand, the span, the time zone and whether the report is a short one
    are taken: no time of a run, no version, no commit. Names and looks of figures are left out, what is said of them is
    not; neither are the states of follow-ups, which go on after a report was approved.
    """
    body = {
        "incident": made["incident"],
        "cover": {key: made["incident_file"].get(key) for key in COVER},
        "window": made["window"],
        "short": made["short"],
        "findings": [_seen(finding) for finding in found],
        "lessons": [asdict(lesson) for lesson in drawn],
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def contents(folder: Path, made: Mapping[str, Any]) -> str:
    """The fingerprint of the report in `folder`, read from its files; InputError where one is absent."""
    return fingerprint(findings.read(folder / "findings.json"), lessons.read(folder / "lessons.json"), made)


def put_on(made: dict[str, Any], stamp: Stamp, seen: str) -> dict[str, Any]:
    """The manifest with `stamp` and the fingerprint `seen`; that something changed after it was signed is a warning."""
    was = told(Stamp.of(made))
    warnings = [warning for warning in made["warnings"] if warning != was] + ([told(stamp)] if told(stamp) else [])
    return made | {
        "state": stamp.state,
        "signed_by": stamp.by or None,
        "signed_on": stamp.on or None,
        "changed_since": stamp.changed or None,
        "fingerprint": seen,
        "warnings": warnings,
    }


def told(stamp: Stamp) -> str:
    """What whoever runs an incident has to know of its stamp, in English: that it was lost; "" where it was not."""
    return state_word(stamp, Voice("en", "UTC")) if stamp.changed else ""


def aside(workspace: Workspace, folder: Path, made: dict[str, Any], stamp: Stamp, seen: str) -> Path:
    """A copy of the report in `folder` with another stamp, in the work folder; but for that, the same report.

    Raises what `report.build.restamp` does; `folder` stays as it is.
    """
    work = workspace.work / f"{made['run_id']}.stamped"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work, ignore=_earlier_runs(folder))
    restamp(work, stamp, findings.read(work / "findings.json"), made)
    manifest.write(work, put_on(made, stamp, seen))
    return work


def again(workspace: Workspace, identity: str, stamp: Stamp) -> bool:
    """Whether the published report bore another stamp than `stamp`; it was then published again with this one."""
    folder = workspace.report(identity)
    made = manifest.read(folder)
    if Stamp.of(made) == stamp:
        return False
    publish.publish(workspace, identity, aside(workspace, folder, made, stamp, contents(folder, made)))
    return True


def _earlier_runs(folder: Path) -> Any:
    def ignored(path: str, names: list[str]) -> list[str]:
        return ["runs"] if Path(path) == folder and "runs" in names else []

    return ignored


def _seen(finding: Finding) -> dict[str, Any]:
    told_of = {key: value for key, value in asdict(finding).items() if key not in UNSEEN}
    for part in ("figure", "table"):
        if told_of[part]:
            told_of[part].pop("name")
    return told_of
