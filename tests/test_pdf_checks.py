"""The PDF a run publishes: accessible, archival, light, in grey as well as in colour, and whole in both languages.

What the checks look at is said in tests/pdf_checks.py, and so is what no tool here can validate.
"""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject

from analysis.report import clean, pdf
from analysis.report.evidence import PRINTED_TABLES
from analysis.report.look import TOKENS
from analysis.style.palette import contrast, luminance
from tests import pdf_checks
from tests.browser import system
from tests.document_fixture import document, hostile, write_figures
from tests.test_report_pdf import WHEN
from tests.workspace_fixture import Published

NAMES = ("postmortem.pdf", "postmortem.zh.pdf")
SEEN_IN_FIGURES = re.compile(r'<g id="text_\d+">\s*(?:<!--.*?-->)?\s*<g (?:style="fill: (#[0-9a-f]{6}))?', re.DOTALL)


def made(told: Any, folder: Path) -> PdfReader:
    write_figures(folder)
    pdf.render(told, folder / "page.pdf", WHEN)
    return PdfReader(folder / "page.pdf")


@pytest.mark.parametrize("told", [document("en"), document("zh"), hostile("en"), hostile("zh")])
def test_one_of_everything_is_accessible_and_archival(tmp_path: Path, told: Any) -> None:
    reader = made(told, tmp_path)
    assert pdf_checks.universal(reader) == []
    assert pdf_checks.archival(reader) == []
    assert pdf_checks.raster(reader) == []


def _first(reader: PdfReader, tag: str) -> Any:
    return next(
        node for kind, node, _ in pdf_checks.structure(reader.trailer["/Root"]["/StructTreeRoot"]) if kind == tag
    )


DAMAGES: dict[str, Callable[[PdfReader, Any], Any]] = {
    "no language": lambda reader, root: root.pop("/Lang"),
    "not marked": lambda reader, root: root["/MarkInfo"].update({NameObject("/Marked"): BooleanObject(False)}),
    "title not shown": lambda reader, root: root.pop("/ViewerPreferences"),
    "no alternative text": lambda reader, root: _first(reader, "/Figure").pop("/Alt"),
    "header without scope": lambda reader, root: _first(reader, "/TH").pop("/A"),
    "heading skipped": lambda reader, root: _first(reader, "/H1").update({NameObject("/S"): NameObject("/H3")}),
    "cells missing": lambda reader, root: _first(reader, "/TR").update({NameObject("/K"): ArrayObject()}),
    "tab order": lambda reader, root: reader.pages[0].pop("/Tabs"),
    "no profile": lambda reader, root: root.pop("/OutputIntents"),
    "acts": lambda reader, root: root.update({NameObject("/OpenAction"): DictionaryObject()}),
    "a link out": lambda reader, root: reader.pages[0]["/Annots"][0].get_object().update({NameObject("/A"): root}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_checks_see_what_is_wrong(tmp_path: Path, damage: str) -> None:
    reader = made(document(), tmp_path)
    DAMAGES[damage](reader, reader.trailer["/Root"])
    assert pdf_checks.universal(reader) + pdf_checks.archival(reader)


def test_what_is_drawn_outside_of_marks_is_seen() -> None:
    class Drawn:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def get_contents(self) -> Any:
            return self

        def get_data(self) -> bytes:
            return self.data

    assert not pdf_checks.unmarked(Drawn(b"/P <</MCID 0>> BDC (f \\) EMC S) Tj EMC q Q"))
    assert pdf_checks.unmarked(Drawn(b"/P <</MCID 0>> BDC (x) Tj EMC 0 0 m 1 1 l S"))


@pytest.mark.parametrize("name", NAMES)
def test_a_published_report_is_accessible_archival_and_light(sample: Published, name: str) -> None:
    path = sample.folder / name
    reader = PdfReader(path)
    assert pdf_checks.universal(reader) == []
    assert pdf_checks.archival(reader) == []
    assert pdf_checks.raster(reader) == []
    assert path.stat().st_size < pdf_checks.LARGEST
    assert pdf_checks.fonts(reader)


@pytest.mark.parametrize("name", NAMES)
def test_text_and_figures_can_be_read_in_colour_and_in_grey(sample: Published, name: str) -> None:
    """Contrast is of luminance alone, so that a grey print keeps it."""
    for colour in pdf_checks.text_colours(PdfReader(sample.folder / name)):
        assert all(contrast(colour, TOKENS[ground]) >= 4.5 for ground in grounds(colour)), colour
    for path in sorted((sample.folder / "figures").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        colours = {(match or "#000000").upper() for match in SEEN_IN_FIGURES.findall(text)}
        low = [colour for colour in colours - {"#FFFFFF"} if contrast(colour, TOKENS["paper"]) < 4.5]
        assert low == [], path.name


def grounds(colour: str) -> tuple[str, ...]:
    """What text of a colour may stand on, by the templates."""
    if colour in (TOKENS["band_text"], TOKENS["band_muted"]):
        return ("band",)
    if colour in (TOKENS["ink"], TOKENS["muted"]):
        return ("paper", "tint", "good_tint", "warning_tint", "bad_tint")
    own = tuple(f"{tone}_tint" for tone in ("good", "warning", "bad") if TOKENS[tone] == colour)
    return ("paper", "tint", *own)


def test_tones_differ_in_grey_from_their_grounds_and_words_say_them_too() -> None:
    for tone in ("good", "warning", "bad", "neutral"):
        assert abs(luminance(TOKENS[tone]) - luminance(TOKENS[f"{tone}_tint"])) > 0.6


@pytest.mark.parametrize(("name", "language"), list(zip(NAMES, ("en", "zh"), strict=True)))
def test_the_text_of_every_finding_can_be_taken_out_again(sample: Published, name: str, language: str) -> None:
    done = subprocess.run(
        [system("pdftotext"), "-enc", "UTF-8", str(sample.folder / name), "-"], capture_output=True, check=True
    )
    printed = bare(done.stdout.decode("utf-8"))
    for finding in sample.findings.values():
        texts = [finding.answer[language]]
        if finding.table and finding.table.name in PRINTED_TABLES:
            texts += [cell for row in finding.table.rows[language][: clean.MOST_ROWS] for cell in row if cell.isascii()]
        for text in texts:
            said = bare(clean.text(text))
            parts = [said[at : at + 30] for at in range(0, max(len(said) - 29, 1), 30)]
            lost = [part for part in parts if part not in printed]
            assert len(lost) <= (len(parts) > 1), (finding.id, lost)  # one part may stand across two pages


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b\u2060\f\u00ad]", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_page_one_in_grey_keeps_its_black_and_white(sample: Published, tmp_path: Path, name: str) -> None:
    from tests.test_pages import page_of

    page = page_of(sample.folder / name, 1, tmp_path)
    assert np.quantile(page, 0.02) < 90
    assert np.quantile(page, 0.6) > 240
