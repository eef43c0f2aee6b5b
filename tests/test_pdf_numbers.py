"""No digit in the PDF that its document does not hold, but numbers of pages and of evidence."""

from pathlib import Path

import pytest

from analysis.report.layout import laid_out
from analysis.report.schema import Claim, Document
from tests.document_fixture import document
from tests.pdf_numbers import balance, unsaid
from tests.test_report_pdf import rendered


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
