"""No digit in the PDF that its document does not hold, but numbers of pages and of evidence."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from analysis import findings, followups, lessons
from analysis.report.document import document as made
from analysis.report.layout import laid_out
from analysis.report.schema import Claim, Document
from analysis.runs import open_incident
from tests.document_fixture import document
from tests.pdf_numbers import balance, unsaid
from tests.test_report_pdf import rendered
from tests.workspace_fixture import Published


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pdf_states_what_the_document_holds(tmp_path: Path, language: str) -> None:
    told = document(language)
    assert balance(rendered(told, tmp_path), laid_out(told)) == ([], [])


def changed(told: Document, was: str, now: str) -> Document:
    text = told.model_dump_json()
    assert was in text
    return Document.model_validate_json(text.replace(was, now, 1))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("17% to 62%", "17% to 63%"),
        ("Mentions per hour, all", "Mentions per 12 hours, all"),
        ("2,310", "2,311"),
        ("Luck played a part", "Luck played a part of 77"),
        ("The apology was clear", "The 3rd apology was clear"),
    ],
)
def test_a_number_of_the_pdf_alone_is_found(tmp_path: Path, was: str, now: str) -> None:
    told = document()
    left = unsaid(rendered(changed(told, was, now), tmp_path), laid_out(told))
    assert left


def test_a_sentence_of_the_pdf_alone_is_found(tmp_path: Path) -> None:
    told = document()
    first = told.first_page
    more = first.model_copy(update={"paragraph": [*first.paragraph, Claim(text="It cost 4,812 posts.")]})
    assert unsaid(rendered(told.model_copy(update={"first_page": more}), tmp_path), laid_out(told))


@pytest.mark.parametrize(("language", "name"), [("en", "postmortem.pdf"), ("zh", "postmortem.zh.pdf")])
def test_the_report_of_the_sample_states_what_its_document_holds(
    sample: Published, tmp_path: Path, language: str, name: str
) -> None:
    case = open_incident(sample.incident, notebook="none", workspace=str(sample.place.root), output=str(tmp_path))
    folder = sample.folder
    told = made(
        case,
        findings.read(folder / "findings.json"),
        lessons.read(folder / "lessons.json"),
        followups.read(folder / followups.FILE),
        sample.manifest,
        language,
        short=False,
    )
    assert balance(PdfReader(folder / name), laid_out(told)) == ([], [])
