"""`aftermath index`: the portal over all published reports, written anew from what stands under reports/."""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from analysis import findings, followups, lessons
from analysis.errors import AftermathError, InputError, ParameterError
from analysis.report import portal
from analysis.runs import manifest
from analysis.runs.lock import locked
from analysis.wording import LANGUAGES
from analysis.workspace import Workspace, check_name


def write(workspace: Workspace, now: datetime | None = None) -> list[Path]:
    """Write reports/index.html and its other language, and return both.

    index.html is in the language that most reports have first. Each file is written aside and renamed; whoever comes
    while another process writes waits, and then reads what that one published, so that no report is lost. `now` is
    when follow-ups are held against their dates (the present where absent). Raises EvidenceError where the page would
    state what no finding holds, and InputError for a followups.csv that cannot be read; the portal before it stays.
    """
    with locked(workspace.reports / ".index.lock"):
        reports, unread = read(workspace)
        home = _home(reports)
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        pages = {
            portal.name(language, home): portal.render(reports, unread, language, home, moment)
            for language in LANGUAGES
        }
        written = []
        for name, text in sorted(pages.items()):
            aside = workspace.reports / f".{name}.new"
            aside.write_text(text, encoding="utf-8", newline="\n")
            written.append(aside.rename(workspace.reports / name))
    return written


def read(workspace: Workspace) -> tuple[list[portal.Published], list[str]]:
    """The published reports, and the names of folders whose report cannot be read: of another version, or damaged."""
    reports, unread = [], []
    for made in sorted(workspace.reports.glob("[!.]*/manifest.json")):
        folder = made.parent
        try:
            check_name(folder.name, "report")
        except ParameterError:
            continue  # nothing that a run publishes
        try:
            told = manifest.read(folder)
            if told["incident"] != folder.name:
                continue
            report = portal.Published(
                folder.name,
                told,
                findings.read(folder / "findings.json"),
                lessons.read(folder / "lessons.json"),
                frozenset(os.listdir(folder)),
            )
        except (InputError, *portal.UNREADABLE, OSError):
            unread.append(folder.name)
            continue
        reports.append(replace(report, follow_ups=follow_ups(workspace.followups(folder.name))))
    return reports, unread


def follow_ups(path: Path) -> list[portal.FollowUp] | None:
    """The rows of a followups.csv; None where people have not written in it, and so nothing is recorded of any.

    InputError where it breaks its contract.
    """
    kept = followups.read(path)
    if kept is None or not any(row.touched for row in kept):
        return None
    return [portal.FollowUp(row.action, row.owner, row.due, row.state) for row in kept]


def after(workspace: Workspace) -> AftermathError | None:
    """The portal written anew after something was published; what went wrong, instead of an end to the command."""
    try:
        write(workspace)
    except AftermathError as error:
        return error
    return None


def _home(reports: list[portal.Published]) -> str:
    """The language that most reports have first; English where there are none, or as many."""
    first = Counter(report.made["incident_file"]["report_languages"][0] for report in reports)
    return max(LANGUAGES, key=lambda language: (first[language], -LANGUAGES.index(language)))
