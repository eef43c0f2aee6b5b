"""A run's findings and lessons → the report in each language asked for, checked before it is published.

Beside its pages a report keeps its Documents, `document.<language>.json`: what it says before it has a look. A state is
stamped on those, and the pages are rendered from them again, so that no signature changes a number.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from analysis.errors import InputError
from analysis.findings import Finding, by_id
from analysis.followups import FollowUp
from analysis.incident import Stamp
from analysis.lessons import Lesson
from analysis.questions.case import Case
from analysis.report import docx, edition, html, lint, methods, pdf
from analysis.report.document import document, holdings
from analysis.report.quoted import quoted
from analysis.report.schema import Document
from analysis.report.voice import Voice, state_tone, state_word

OUTSIDE = ("html", "pdf")
"""What the external edition is rendered to: it is sent as it is, and nothing may be written back into it."""
FORMATS = ("html", "pdf", "docx")
"""What a Document is rendered to: `postmortem.<format>`, in the second language `postmortem.<language>.<format>`."""


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
    """Write the Document and its pages, in each language of the case, into `folder`; stamped as the case is.

    Where the incident asks for an external edition, it stands beside them as `external.html` and `external.pdf`.

    Raises RenderError where a page cannot be made, and EvidenceError where it states what no finding holds.
    """
    methods.require(findings)
    for language in case.languages:
        drawn = document(case, findings, lessons, followups, made, language, short=short)
        _write(drawn, folder, case.languages, findings, made, FORMATS)


def restamp(folder: Path, stamp: Stamp, findings: list[Finding], made: Mapping[str, Any]) -> None:
    """Stamp the Documents that stand in `folder`, and render each again in the formats that stand there.

    Raises InputError where a Document is absent or of another version, RenderError and EvidenceError as `build`.
    """
    languages = made["incident_file"]["report_languages"]
    for language in languages:
        path = folder / stored(language)
        try:
            drawn = Document.model_validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: absent, or of another version. Run the incident again with --force.") from error
        formats = [form for form in FORMATS if (folder / f"{stem(language, languages)}.{form}").is_file()]
        _write(stamped(drawn, stamp), folder, languages, findings, made, formats)


def stamped(report: Document, stamp: Stamp) -> Document:
    """The Document with its state as `stamp` has it, and with all else as it was."""
    say = Voice(report.language, report.zone)
    text = state_word(stamp, say)
    status = [
        item.model_copy(update={"text": text, "tone": state_tone(stamp)}) if item.label == say("status.state") else item
        for item in report.first_page.status
    ]
    first = report.first_page.model_copy(update={"status": status})
    return report.model_copy(update={"state": stamp.state, "state_text": text, "first_page": first})


def render(
    report: Document, folder: Path, name: str, findings: list[Finding], dated: datetime, formats: Collection[str]
) -> None:
    """Write a Document as `<name>.<format>` into `folder`, in each of FORMATS that is asked for.

    The web page is held against `findings` first: nothing is rendered that states what none of them holds.
    """
    if "html" in formats:
        page = html.render(report, folder / f"{name}.html")
        held = holdings(findings, report.language, report.zone)
        lint.require(page.read_text(encoding="utf-8"), held, quoted(findings, report))
    if "pdf" in formats:
        pdf.render(report, folder / f"{name}.pdf", dated)
    if "docx" in formats:
        docx.render(report, folder / f"{name}.docx", dated)


def stored(language: str) -> str:
    """The file of the Document in `language`."""
    return f"document.{language}.json"


def stem(language: str, languages: Collection[str]) -> str:
    """The name of the pages in `language`, without their format: the first of `languages` is not in it."""
    return "postmortem" if language == next(iter(languages)) else f"postmortem.{language}"


def _write(
    report: Document,
    folder: Path,
    languages: Collection[str],
    findings: list[Finding],
    made: Mapping[str, Any],
    formats: Collection[str],
) -> None:
    text = report.model_dump_json(indent=1)
    (folder / stored(report.language)).write_text(text + "\n", encoding="utf-8", newline="\n")
    name, dated = stem(report.language, languages), datetime.fromisoformat(made["started"])
    render(report, folder, name, findings, dated, formats)
    if "external" in made["incident_file"]["report_editions"]:
        steps = cast(list[str], by_id(findings)["volume.total"].facts["steps"])
        redacted = edition.external(report, steps, Voice(report.language, report.zone))
        pages = [form for form in formats if form in OUTSIDE]
        render(redacted, folder, name.replace("postmortem", "external"), findings, dated, pages)
