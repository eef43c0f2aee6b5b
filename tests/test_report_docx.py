"""The edition for a word processor holds all that the report says, as real headings, tables and links, and no more."""

import io
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import RenderError
from analysis.report import docx
from analysis.report.layout import laid_out
from analysis.report.schema import Document
from tests.document_fixture import HOSTILE, document, hostile, write_figures

WHEN = datetime(2021, 5, 2, 8, 30, tzinfo=timezone(timedelta(hours=1)))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TRICKS = [
    '{ HYPERLINK "https://example.invalid/x" }',
    "=1+1",
    'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"',
    '{ INCLUDEPICTURE "file://example.invalid/a" }',
    "</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>",
    "&lt;w:p/&gt; ]]> <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]> &e;",
    "\x13 PAGE \x14 9 \x15",
    "\ufffe\uffff\x0b\x0c tab\there",
]
"""Codes of fields, formulas, DDE, markup, entities, and the signs by which old Word files marked fields."""
# The orders of ECMA-376, of what this edition uses.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind contextualSpacing "
    "jc outlineLvl",
    "rPr": "rStyle rFonts b bCs color sz szCs shd vertAlign lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW tcBorders shd vAlign",
    "style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr tblStylePr",
}


def rendered(told: Document, folder: Path) -> Path:
    write_figures(folder)
    return docx.render(told, folder / "postmortem.docx", WHEN)


def part(path: Path, name: str = "word/document.xml") -> Any:
    from lxml import etree

    with zipfile.ZipFile(path) as packed:
        return etree.fromstring(packed.read(name))


def parts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def paragraphs(tree: Any) -> list[tuple[str, str]]:
    """Style id and text of every paragraph, in order, those of tables and of the contents too."""
    found = []
    for one in tree.iter(f"{W}p"):
        style = one.find(f"{W}pPr/{W}pStyle")
        text = "".join(piece.text or "" for piece in one.iter(f"{W}t"))
        found.append((style.get(f"{W}val") if style is not None else "", text))
    return found


def words(path: Path) -> str:
    """All that is seen, on the pages and at their feet."""
    named = [name for name in parts(path) if re.fullmatch(r"word/(document|footer\d)\.xml", name)]
    return "\n".join(text for name in named for _, text in paragraphs(part(path, name)))


def said(value: Any, name: str = "") -> list[str]:
    """Every text of a laid-out document that a reader is to see."""
    unseen = {"labels", "tokens", "pictures", "replacements", "path", "alt", "finding", "findings", "kind", "tone"}
    unseen |= {"source", "align", "language", "state", "generated", "zone", "group", "file", "evidence"}
    if isinstance(value, dict):
        kind = value.get("kind")
        hidden = unseen - ({"state", "kind"} if "owner" in value else set())
        hidden |= {"id"} if "when" not in value else set()
        hidden |= {"drawn"} if kind == "picture" else set()
        return [text for key, item in value.items() if key not in hidden for text in said(item, key)]
    if isinstance(value, list):
        return [text for item in value for text in said(item, name)]
    return [value] if isinstance(value, str) and value else []


def fuller(language: str = "en") -> Document:
    """`document` with a sheet of briefs and asks, a section in which each kind stands, and evidence that holds it."""
    told = document(language).model_dump()
    claim = {"text": "Two of the five “bare” ones.", "findings": ["response.share"]}
    ask = {
        "number": "1",
        "lesson": "Speak sooner",
        "owner": "Press",
        "due": "30 June",
        "measure": "60 min",
        "tone": "bad",
    }
    blocks = [
        {"kind": "briefs", "items": [claim | {"term": "Where it jumped"}, claim | {"term": "What grew"}]},
        {
            "kind": "asks",
            "items": [ask | {"action": "Name a deputy", "state": "Open"}, ask],
            "note": "Further ones: 2.",
        },
        {"kind": "heading", "title": "By platform"},
        {"kind": "paragraph", "text": "What they wrote:"},
    ]
    quotes = {"kind": "quotes", "items": [{"text": "No answer.", "id": "t-7"}], "finding": "causes.main"}
    table = {
        "kind": "table",
        "caption": "By hour",
        "columns": [{"label": f"Column {at}", "align": ("left", "right")[at % 2]} for at in range(9)],
        "rows": [[f"{at}·{row}" for at in range(9)] for row in range(8)],
        "note": "Lower bounds.",
    }
    told["sections"].insert(0, {"id": "sheet", "title": "On one page", "sheet": True, "blocks": [*blocks, quotes]})
    told["evidence"][0] |= {"blocks": [quotes, table, {**told["first_page"]["figure"], "kind": "figure"}]}
    told["evidence"][0] |= {"certainty": "fair", "mentions": "812 mentions, listed in tables/x.csv", "group": "Why"}
    return Document.model_validate(told)


@pytest.mark.parametrize("make", [document, hostile, fuller])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_says_all_that_the_report_says(tmp_path: Path, language: str, make: Any) -> None:
    told = make(language)
    shown = words(rendered(told, tmp_path))
    texts = said(laid_out(told))
    assert len(texts) > 100
    assert [text for text in texts if text not in shown] == []


def test_it_opens_again_and_says_who_made_it_and_when(tmp_path: Path) -> None:
    import docx as library

    told = document("zh")
    properties = library.Document(str(rendered(told, tmp_path))).core_properties
    assert properties.title == f"{told.title} – {told.brand}"
    assert (properties.author, properties.language) == ("Aftermath", "zh-CN")
    assert properties.created == datetime(2021, 5, 2, 7, 30, tzinfo=UTC)
    assert properties.content_status == told.state_text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headings_are_headings_and_stand_in_the_contents(tmp_path: Path, language: str) -> None:
    told = document(language)
    found = paragraphs(part(rendered(told, tmp_path)))
    headings = [(int(style[-1]), text) for style, text in found if re.fullmatch(r"Heading\d", style)]
    assert [text for style, text in found if style == "Title"] == [told.title]
    sections = [*told.sections, *told.appendix]
    titles = [re.split("\u2002", text)[1] for level, text in headings if level == 1]
    assert set(titles) >= {section.title for section in sections}
    assert headings[0][0] == 1
    assert all(later - earlier <= 1 for (earlier, _), (later, _) in pairwise(headings))
    assert {text for style, text in found if style == "EvidenceHeading"} == {
        f"{entry.number}\u2002{entry.title}" for entry in told.evidence
    }
    contents = [(int(style[-1]), text) for style, text in found if re.fullmatch(r"toc\d", style)]
    assert contents == headings


@pytest.mark.parametrize("make", [document, hostile, fuller])
def test_every_link_leads_to_a_bookmark_within(tmp_path: Path, make: Any) -> None:
    told = make()
    tree = part(rendered(told, tmp_path))
    names = [one.get(f"{W}name") for one in tree.iter(f"{W}bookmarkStart")]
    starts, ends = ([one.get(f"{W}id") for one in tree.iter(f"{W}{kind}")] for kind in ("bookmarkStart", "bookmarkEnd"))
    links = [one.get(f"{W}anchor") for one in tree.iter(f"{W}hyperlink")]
    assert len(names) == len(set(names))
    assert sorted(starts) == sorted(ends)
    assert len(starts) == len(set(starts))
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", name) for name in names)
    assert set(links) <= set(names)
    assert {f"evidence_{entry.number}" for entry in told.evidence} <= set(names)
    assert f"claim_{told.evidence[0].number}" in links


def test_evidence_numbers_are_raised(tmp_path: Path) -> None:
    path = rendered(document(), tmp_path)
    marks = [one for one in part(path).iter(f"{W}hyperlink") if one.get(f"{W}anchor").startswith("evidence_")]
    assert marks
    assert {one.find(f"{W}r/{W}rPr/{W}rStyle").get(f"{W}val") for one in marks} == {"EvidenceMark"}
    styles = part(path, "word/styles.xml")
    raised = next(one for one in styles.iter(f"{W}style") if one.get(f"{W}styleId") == "EvidenceMark")
    assert raised.find(f"{W}rPr/{W}vertAlign").get(f"{W}val") == "superscript"


def test_pictures_are_told_and_kept_once(tmp_path: Path) -> None:
    told = document()
    path = rendered(told, tmp_path)
    shapes = [one for one in part(path).iter() if one.tag.endswith("}docPr")]
    assert [one.get("descr") for one in shapes] == [
        told.first_page.figure.alt if told.first_page.figure else "",
        "A passenger's video, posted on 9 April at 18:40.",
        "The negative share by hour, against its band.",
    ]
    assert len({one.get("id") for one in shapes}) == len(shapes)
    assert [name for name in parts(path) if name.startswith("word/media")] == ["word/media/image1.png"]


def test_heads_of_tables_repeat_and_cells_stand_as_columns_say(tmp_path: Path) -> None:
    told = document()
    every = part(rendered(told, tmp_path)).iter(f"{W}tbl")
    tables = [table for table in every if "Where it started" not in "".join(table.itertext())]
    assert len(tables) >= 4
    for table in tables:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in rows[1:])
        assert table.getnext().tag == f"{W}p"
        assert all(cell[-1].tag == f"{W}p" for cell in table.iter(f"{W}tc"))
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")
    moments = next(table for table in tables if "When (Europe/London)" in "".join(table.itertext()))
    for row in moments.findall(f"{W}tr"):
        sides = [one.find(f"{W}pPr/{W}jc") for one in row.iter(f"{W}p")]
        assert [side is not None and side.get(f"{W}val") for side in sides] == [False, False, False, "right"]


def test_tables_without_a_head_repeat_none_and_sheets_start_a_page(tmp_path: Path) -> None:
    tree = part(rendered(fuller(), tmp_path))
    tables = list(tree.iter(f"{W}tbl"))
    headless = [one for one in tables if one.find(f"{W}tr/{W}trPr/{W}tblHeader") is None]
    assert ["Where it" in "".join(one.itertext()) for one in headless] == [True, True]
    asked = next(one for one in tables if "Name a deputy" in "".join(one.itertext()))
    assert len(asked.findall(f"{W}tr")) == 3
    assert all(one.getnext().tag == f"{W}p" for one in tables)
    wide = next(one for one in tables if "Column 8" in "".join(one.itertext()))
    assert sum(int(one.get(f"{W}w")) for one in wide.iter(f"{W}gridCol")) == pytest.approx(170 / 25.4 * 1440, abs=9)
    broken = [one for one in tree.iter(f"{W}p") if one.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert ["".join(one.itertext()) for one in broken] == [
        "1\u2002On one page",
        "2\u2002What is to be done",
        "Contents",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_says_what_it_is(tmp_path: Path, language: str) -> None:
    told = document(language)
    path = rendered(told, tmp_path)
    feet = [name for name in parts(path) if re.fullmatch(r"word/footer\d\.xml", name)]
    assert len(feet) == 2
    for name in feet:
        foot = part(path, name)
        text = "".join(one.text or "" for one in foot.iter(f"{W}t"))
        assert told.classification in text
        assert told.state_text in text
        assert [one.text.strip() for one in foot.iter(f"{W}instrText")] == ["PAGE"]
    assert part(path).find(f".//{W}sectPr/{W}titlePg") is not None


def test_chinese_is_set_in_a_chinese_font(tmp_path: Path) -> None:
    path = rendered(document("zh"), tmp_path)
    run = part(path, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert run.find(f"{W}rFonts").get(f"{W}eastAsia") == "Noto Sans SC"
    assert dict(run.find(f"{W}lang").attrib) == {f"{W}val": "zh-CN", f"{W}eastAsia": "zh-CN", f"{W}bidi": "ar-SA"}
    instead = part(path, "word/fontTable.xml").findall(f"{W}font/{W}altName")
    assert [one.get(f"{W}val") for one in instead] == ["Microsoft YaHei,SimSun"]
    quoted = [run for run in part(path).iter(f"{W}r") if "“超售规则”" in "".join(run.itertext())]
    assert [one.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") for one in quoted] == ["eastAsia"]
    english = rendered(document("en"), tmp_path)
    run = part(english, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert run.find(f"{W}lang").get(f"{W}val") == "en-GB"


def tricked(language: str = "en") -> Document:
    """`document` in which every text is each of TRICKS in turn."""
    at = iter(range(10**6))
    plain = document(language).model_dump()
    kept = {"language", "labels", "path", "id", "finding", "findings", "kind", "tone", "source", "align", "state"}

    def worse(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: item if key in kept else worse(item) for key, item in value.items()}
        if isinstance(value, list):
            return [worse(item) for item in value]
        return TRICKS[next(at) % len(TRICKS)] + " ." if isinstance(value, str) else value

    return Document.model_validate(worse(plain))


@pytest.mark.parametrize("make", [document, hostile, tricked])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_only_text(tmp_path: Path, language: str, make: Any) -> None:
    path = rendered(make(language), tmp_path)
    fields: list[str] = []
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            if name.endswith((".xml", ".rels")):
                text = packed.read(name).decode("utf-8")
                assert "TargetMode" not in text
                assert "<!" not in text.replace("<!--", "")
                assert not set("\x00\x07\x0b\x0c\x13\x14\x15\u202e\u2066\ufeff\ufffe\uffff") & set(text)
                tree = part(path, name)
                fields += [one.text.strip() for one in tree.iter(f"{W}instrText")]
                tags = {str(one.tag).rpartition("}")[2] for one in tree.iter()}
                assert not tags & {
                    "fldSimple",
                    "object",
                    "OLEObject",
                    "control",
                    "altChunk",
                    "subDoc",
                    "attachedTemplate",
                }
                assert all(one.get(f"{W}anchor") for one in tree.iter(f"{W}hyperlink"))
                assert not [one for one in tree.iter(f"{W}hyperlink") for key in one.attrib if key.endswith("}id")]
        allowed = r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml"
        allowed += r"|word/(_rels/\w+\.xml\.rels|theme/theme1\.xml|media/image\d+\.png|[a-zA-Z0-9]+\.xml)"
        assert all(re.fullmatch(allowed, name) for name in packed.namelist())
    assert Counter(fields) == {"PAGE": 2, 'TOC \\o "1-2" \\h \\z': 1}
    visible = words(path)
    if make is hostile:
        assert "<script>alert(1)</script>" in visible
        assert max(map(len, re.findall("W+", visible.replace("\u200b", " ")))) <= 40
        assert "WWWW" in HOSTILE
    if make is tricked:
        assert "=1+1 ." in visible
        assert '{ HYPERLINK "https://example.invalid/x" } .' in visible.replace("\u200b", "")
        assert "<w:instrText>PAGE</w:instrText>" in visible.replace("\u200b", "")


@pytest.mark.parametrize("make", [document, hostile, fuller])
def test_properties_stand_in_the_order_of_the_standard(tmp_path: Path, make: Any) -> None:
    path = rendered(make("zh"), tmp_path)
    named = [name for name in parts(path) if re.fullmatch(r"word/(document|styles|header\d|footer\d)\.xml", name)]
    assert len(named) >= 5
    for name in named:
        for kind, order in ORDERS.items():
            for one in part(path, name).iter(f"{W}{kind}"):
                places = [order.split().index(child.tag.removeprefix(W)) for child in one]
                assert places == sorted(places), (name, kind, [child.tag for child in one])


def test_styles_in_use_are_there(tmp_path: Path) -> None:
    path = rendered(document(), tmp_path)
    known = {one.get(f"{W}styleId") for one in part(path, "word/styles.xml").iter(f"{W}style")}
    asked = set()
    for name in ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footer1.xml"):
        for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"):
            asked |= {one.get(f"{W}val") for one in part(path, name).iter(f"{W}{tag}")}
    assert asked <= known


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    first = rendered(document("zh"), tmp_path).read_bytes()
    assert rendered(document("zh"), tmp_path).read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {item.date_time for item in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert len(first) < 300_000


def test_a_missing_figure_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"timeline\.svg: this figure cannot be read"):
        docx.render(document(), tmp_path / "postmortem.docx", WHEN)


def test_what_is_no_picture_says_so(tmp_path: Path) -> None:
    write_figures(tmp_path)
    (tmp_path / "figures" / "timeline.svg").write_text("no picture", encoding="utf-8")
    with pytest.raises(RenderError, match="figures could not be drawn"):
        docx.render(document(), tmp_path / "postmortem.docx", WHEN)
