"""A run's findings and lessons → the report in each language asked for, checked before it is published."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.findings import Finding
from analysis.followups import FollowUp
from analysis.lessons import Lesson
from analysis.questions.case import Case
from analysis.report import docx, html, lint, pdf
from analysis.report.document import document, holdings


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
    """Write `postmortem.html`, `.pdf` and `.docx` into `folder`; the second language bears its code in its name.

    Raises RenderError where a page cannot be made, and EvidenceError where it states what no finding holds.
    """
    for place, language in enumerate(case.languages):
        name = "postmortem" if place == 0 else f"postmortem.{language}"
        report = document(case, findings, lessons, followups, made, language, short=short)
        page = html.render(report, folder / f"{name}.html")
        lint.require(page.read_text(encoding="utf-8"), holdings(findings, language, case.zone))
        pdf.render(report, folder / f"{name}.pdf", datetime.fromisoformat(made["started"]))
        docx.render(report, folder / f"{name}.docx", datetime.fromisoformat(made["started"]))
