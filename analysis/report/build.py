"""A run's findings and lessons → the report in each language asked for, checked before it is published."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from analysis.findings import Finding, by_id
from analysis.followups import FollowUp
from analysis.lessons import Lesson
from analysis.questions.case import Case
from analysis.report import edition, html, lint, methods, pdf
from analysis.report.document import document, holdings
from analysis.report.quoted import quoted
from analysis.report.voice import Voice


def build(
    case: Case,
    findings: list[Finding],
    lessons: list[Lesson],
    followups: list[FollowUp],
    made: Mapping[str, Any],
    folder: Path,
    *,
    short: bool,
) -> None:
    """Write `postmortem.html` and `postmortem.pdf` into `folder`; the second language bears its code in its name.

    Where the incident asks for an external edition, it stands beside them as `external.html` and `external.pdf`.

    Raises RenderError where a page cannot be made, and EvidenceError where it states what no finding holds.
    """
    methods.require(findings)
    for place, language in enumerate(case.languages):
        name = "postmortem" if place == 0 else f"postmortem.{language}"
        report = document(case, findings, lessons, followups, made, language, short=short)
        held = holdings(findings, language, case.zone)
        editions = {name: report}
        if "external" in case.incident.report_editions:
            steps = cast(list[str], by_id(findings)["volume.total"].facts["steps"])
            redacted = edition.external(report, steps, Voice(language, case.zone))
            editions[f"external{name.removeprefix('postmortem')}"] = redacted
        for stem, told in editions.items():
            page = html.render(told, folder / f"{stem}.html")
            lint.require(page.read_text(encoding="utf-8"), held, quoted(findings, told))
            pdf.render(told, folder / f"{stem}.pdf", datetime.fromisoformat(made["started"]))
