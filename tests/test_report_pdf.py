"""The PDF is archival and accessible, its first page stands alone, and nothing that was said is missing from it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from analysis.errors import RenderError
from analysis.report import clean, glyphs, pdf, schema
from analysis.report.schema import Document
from tests.document_fixture import document, hostile, write_figures

WHEN = datetime(2021, 5, 2, 7, 30, tzinfo=UTC)


def rendered(told: Document, folder: Path, name: str = "page.pdf") -> PdfReader:
    write_figures(folder)
    pdf.render(told, folder / name, WHEN)
    return PdfReader(folder / name)


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def said(value: Any, name: str = "") -> list[str]:
    """Every text of a dumped document that is printed."""
    if isinstance(value, dict):
        printed = {
            key: item
            for key, item in value.items()
            if key not in _UNPRINTED and not (key == "id" and "blocks" in value)
        }
        return [text for key, item in printed.items() for text in said(item, key)]
    if isinstance(value, list):
        return [text for item in value for text in said(item, name)]
    return [value] if isinstance(value, str) else []


_UNPRINTED = {
    *("language", "labels", "path", "alt", "finding", "findings", "tone", "source", "align", "state", "replacements"),
    *("state_text", "generated", "zone", "file", "kind"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_said_is_in_the_pdf(tmp_path: Path, language: str) -> None:
    reader = rendered(document(language), tmp_path)
    printed = bare("".join(page.extract_text() for page in reader.pages))
    audited = glyphs.audit(clean.document(document(language)))
    missing = [text for text in said(audited.model_dump()) if bare(text) not in printed]
    assert missing == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_archival_accessible_and_says_its_language(tmp_path: Path, language: str) -> None:
    reader = rendered(document(language), tmp_path)
    catalogue = reader.trailer["/Root"]
    metadata = catalogue["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert re.search(r"pdfaid:part>2<", metadata)
    assert re.search(r"pdfaid:conformance>A<", metadata)
    assert catalogue["/Lang"].startswith(language)
    assert catalogue["/MarkInfo"]["/Marked"]
    tags = structure(catalogue["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link", "/TOC", "/L"} <= {tag for tag, _ in tags}
    assert all(alt for tag, alt in tags if tag == "/Figure")


def structure(node: Any) -> list[tuple[str, str | None]]:
    """Each structure element's tag and alternative text."""
    node = node.get_object()
    if isinstance(node, list):
        return [item for child in node for item in structure(child)]
    if not isinstance(node, dict):
        return []
    here = [(str(node["/S"]), node.get("/Alt"))] if "/S" in node else []
    return here + (structure(node["/K"]) if "/K" in node else [])


@pytest.mark.parametrize("told", [document("en"), document("zh"), hostile("en"), hostile("zh")])
def test_the_first_page_stands_alone(tmp_path: Path, told: Document) -> None:
    reader = rendered(told, tmp_path)
    first = clean.document(told).first_page
    page = bare(reader.pages[0].extract_text())
    assert first.figure
    assert bare(f"{told.labels.figure} 1") in page
    assert all(bare(number.value)[:8] in page for number in first.numbers)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sheet_is_one_page_and_the_contents_follow(tmp_path: Path, language: str) -> None:
    told = document(language)
    reader = rendered(told, tmp_path)
    assert sum(section.sheet for section in told.sections) == 1
    assert bare(reader.pages[2].extract_text()).find(told.labels.contents) in range(200)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_only_text(tmp_path: Path, language: str) -> None:
    reader = rendered(hostile(language), tmp_path)
    text = bare("".join(page.extract_text() for page in reader.pages[:16]))
    assert '#import"@preview/cetz:0.3.0"' in text
    assert "$x^2$" in text
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert not [link for link in links if "/A" in link and "/URI" in link["/A"]]
    assert "/JavaScript" not in reader.trailer["/Root"].get("/Names", {})


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    rendered(document(), tmp_path, "one.pdf")
    rendered(document(), tmp_path, "two.pdf")
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_only_the_fonts_of_the_report_are_in_it(tmp_path: Path) -> None:
    reader = rendered(document("zh"), tmp_path)
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("NotoSansSC" in name or "DejaVuSans" in name for name in fonts)


def test_long_tables_repeat_their_header_and_say_what_is_left_out(tmp_path: Path) -> None:
    told = document()
    (at,) = [
        n for n, section in enumerate(told.appendix) if any(len(getattr(b, "rows", [])) > 40 for b in section.blocks)
    ]
    lead = [schema.Paragraph(kind="paragraph", text="Low on its page, so that it ends on the next. " * 12)] * 3
    longer = told.appendix[at].model_copy(update={"blocks": [*lead, *told.appendix[at].blocks]})
    told = told.model_copy(update={"appendix": [*told.appendix[:at], longer, *told.appendix[at + 1 :]]})
    reader = rendered(told, tmp_path)
    headed = [page for page in reader.pages if "Hour (UTC)" in page.extract_text()]
    assert len(headed) == 2
    assert "The first 40 of 60 rows. The whole table is in tables/hours.csv." in headed[-1].extract_text()


def test_a_missing_figure_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"timeline\.svg: this figure cannot be read"):
        pdf.render(document(), tmp_path / "page.pdf", WHEN)


def test_what_typst_refuses_is_a_render_error(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "timeline.svg").write_text("no picture", encoding="utf-8")
    with pytest.raises(RenderError, match="the PDF could not be made") as raised:
        pdf.render(document(), tmp_path / "page.pdf", WHEN)
    assert raised.value.code == 6
    assert not (tmp_path / "page.pdf").exists()


@pytest.mark.parametrize(("language", "filler", "end"), [("en", "i", " of the plan."), ("zh", "回", "复率为 9%。")])
def test_evidence_numbers_never_begin_a_line(tmp_path: Path, language: str, filler: str, end: str) -> None:
    told = document(language).model_dump()
    tied = told["evidence"][0]["finding"]
    fillers = [" ".join([filler * 5] * (length // 5)) + filler * (length % 5) for length in range(40, 130)]
    told["sections"][0]["blocks"] = [{"kind": "paragraph", "text": one + end, "findings": [tied]} for one in fillers]
    reader = rendered(Document.model_validate(told), tmp_path)
    starts: list[tuple[float, float, str]] = []

    def seen(text: str, place: Any, _: Any, __: Any, size: float) -> None:
        if text.strip():
            starts.append((place[4], size, text.strip()))

    for page in reader.pages:
        page.extract_text(visitor_text=seen)
    left = min(at for at, _, _ in starts)
    small = [at for at, size, text in starts if size < 7 and text == "1"]
    assert len(small) >= len(fillers)
    assert min(small) > left + 5


def test_numbers_of_evidence_stand_apart_from_the_next_claim(tmp_path: Path) -> None:
    told = document("zh").model_dump()
    tied = told["evidence"][0]["finding"]
    told["first_page"]["paragraph"] = [{"text": text, "findings": [tied]} for text in ("为 3 小时。", "26% 得到回复。")]
    reader = rendered(Document.model_validate(told), tmp_path)
    assert re.search(r"小时。\s*1\s+26%", reader.pages[0].extract_text())


def test_a_long_word_stays_in_its_cell(tmp_path: Path) -> None:
    told = document().model_dump()
    columns = [{"label": label, "align": "left"} for label in ("When", "What", "Detail", "Source")]
    row = ["3 March 2026 10:00 UTC", "Public statement of ours", "W" * 300, "the action log of the team"]
    table = {"kind": "table", "caption": "Actions", "columns": columns, "rows": [row], "source": "plan"}
    told["sections"][0]["blocks"] = [table]
    reader = rendered(Document.model_validate(told), tmp_path)
    text = "".join(page.extract_text() for page in reader.pages)
    assert max(map(len, re.findall("W+", text))) <= clean.LONGEST_IN_CELL


def test_what_leads_to_quotes_stays_with_them(tmp_path: Path) -> None:
    told = document().model_dump()
    blocks: list[dict[str, Any]] = []
    for number in range(60):
        quote = {"text": f"words {number} " * 30, "id": f"q{number}"}
        blocks += [
            {"kind": "paragraph", "text": f"Lead {number}:", "source": "structure"},
            {"kind": "quotes", "items": [quote], "finding": told["evidence"][0]["finding"]},
        ]
    told["sections"][0]["blocks"] = blocks
    reader = rendered(Document.model_validate(told), tmp_path)
    pages = [page.extract_text() for page in reader.pages]
    for number in range(60):
        lead = next(at for at, text in enumerate(pages) if f"Lead {number}:" in text)
        assert f"words {number} " in pages[lead]


def test_a_table_keeps_its_distance_from_what_stands_above(tmp_path: Path) -> None:
    told = document().model_dump()
    columns = [{"label": "Name", "align": "left"}]
    table = {"kind": "table", "caption": "Below it", "columns": columns, "rows": [["one"]], "source": "plan"}
    told["sections"][0]["blocks"] = [{"kind": "paragraph", "text": "Above it", "source": "plan"}, table]
    reader = rendered(Document.model_validate(told), tmp_path)
    heights: dict[str, float] = {}

    def seen(text: str, place: Any, *_: Any) -> None:
        heights.setdefault(text.strip(), place[5])

    for page in reader.pages:
        page.extract_text(visitor_text=seen)
    assert abs(heights["Above it"] - heights["Below it"]) > 15
