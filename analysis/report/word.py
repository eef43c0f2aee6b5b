"""What WordprocessingML has and python-docx does not say: links within, bookmarks, fields, shades, and their places."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

TEXT_WIDTH = 170.0
"""Millimetres between the margins of an A4 page."""
TAGS = {"en": "en-GB", "zh": "zh-CN"}
_AMBIGUOUS = re.compile("[“”‘’…—]")
"""What Latin and Chinese fonts both have, at different widths."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign "
    "rtl cs em lang",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
}
"""Word refuses a file whose properties stand in another order (ECMA-376, part 1, 17.3 to 17.4)."""


def named(tag: str) -> str:
    """`w:p` as lxml names it."""
    from docx.oxml.ns import qn

    return qn(tag)


def made(tag: str, **attributes: str) -> Any:
    """An element with attributes of the same namespace."""
    from docx.oxml import OxmlElement

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(named(f"w:{name}"), value)
    return element


def place(parent: Any, child: Any) -> None:
    """Put `child` where the standard wants it among the properties in `parent`; one of its name goes."""
    kind = "w:" + parent.tag.rpartition("}")[2]
    order = [named(f"w:{name}") for name in _ORDER[kind].split()]
    for old in parent.findall(child.tag):
        parent.remove(old)
    later = set(order[order.index(child.tag) + 1 :])
    after = next((one for one in parent if one.tag in later), None)
    if after is None:
        parent.append(child)
    else:
        after.addprevious(child)


def shade(colour: str) -> Any:
    """A ground of a "#RRGGBB" colour."""
    return made("w:shd", val="clear", color="auto", fill=colour[1:])


def line(side: str, colour: str, size: int, space: int = 0) -> Any:
    """A border; `size` in eighths of a point, `space` in points."""
    return made(f"w:{side}", val="single", sz=str(size), space=str(space), color=colour[1:])


def write(paragraph: Any, text: str, *, bold: bool | None = None, colour: str = "", size: float | None = None) -> Any:
    """Add `text` to a paragraph as a run, and return it. Quotation marks of a Chinese text are set as Chinese ones."""
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    if bold is not None:
        run.bold = bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour[1:])
    if size is not None:
        run.font.size = Pt(size)
    if _AMBIGUOUS.search(text) and re.search("[\u2e80-\u9fff]", text):
        place(run._r.get_or_add_rPr(), made("w:rFonts", hint="eastAsia"))
    return run


def link(paragraph: Any, anchor: str, text: str, tip: str = "") -> Any:
    """A link to a bookmark of the same document; it has no address outside."""
    hyperlink = made("w:hyperlink", anchor=anchor, history="1")
    if tip:
        hyperlink.set(named("w:tooltip"), tip)
    run = write(paragraph, text)
    hyperlink.append(run._r)
    paragraph._p.append(hyperlink)
    return run


def bookmark(paragraph: Any, name: str, identity: int, first: Any = None) -> None:
    """Mark what stands in a paragraph from `first` on (all of it where None), under a name of letters, digits and _."""
    start = made("w:bookmarkStart", id=str(identity), name=name)
    if first is not None:
        first.addprevious(start)
    elif paragraph._p.pPr is not None:
        paragraph._p.pPr.addnext(start)
    else:
        paragraph._p.insert(0, start)
    paragraph._p.append(made("w:bookmarkEnd", id=str(identity)))


def field(paragraph: Any, code: str, shown: str = "") -> None:
    """A field with what it shows until it is updated. `code` is ours, never text of a document."""
    opened(paragraph, code)
    if shown:
        write(paragraph, shown)
    closed(paragraph)


def opened(paragraph: Any, code: str) -> None:
    """The beginning of a field whose content follows, in this paragraph or later ones, until `closed`."""
    instruction = made("w:instrText")
    instruction.text = f" {code} "
    for one in (made("w:fldChar", fldCharType="begin"), instruction, made("w:fldChar", fldCharType="separate")):
        paragraph.add_run()._r.append(one)


def closed(paragraph: Any) -> None:
    paragraph.add_run()._r.append(made("w:fldChar", fldCharType="end"))


def contents(paragraphs: Sequence[Any]) -> None:
    """Wrap paragraphs that follow each other as Word's own table of contents, which has a button to update it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    block = parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        "</w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>"
    )
    paragraphs[0]._p.addprevious(block)
    for paragraph in paragraphs:
        block[-1].append(paragraph._p)


def packed(written: Any) -> bytes:
    """The file of a python-docx document, with no time in it but that of its properties: the same bytes every time."""
    first, last = io.BytesIO(), io.BytesIO()
    written.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(last, "w") as target:
        for item in source.infolist():
            entry = zipfile.ZipInfo(item.filename, _EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if item.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            entry.create_system = 3
            target.writestr(entry, source.read(item))
    return last.getvalue()
