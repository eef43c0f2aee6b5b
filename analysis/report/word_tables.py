"""The tables of the edition for a word processor: heads that repeat, rows that stay whole, widths by what they hold."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.report import word
from analysis.report.look import TOKENS
from analysis.report.word_styles import TABLE

if TYPE_CHECKING:
    from analysis.report.docx import Page

_MOST_COLUMNS = 7
"""A table with more is set small."""
_SHORT_ROWS = 6
"""A table of no more rows stays on one page."""
_MOST_NARROW = 0.7
"""What columns that are as wide as their text may take of the width, where others share the rest."""
_PHRASE = 9
"""A key number wider than this many half-width characters is set as a phrase."""
_EM = 0.58
"""How wide a half-width character is, in sizes: digits of Noto Sans SC take 0.555, and bold ones more."""
_PADDING = 3.2
"""Millimetres beside the text of a cell."""


def table(page: "Page", piece: Mapping[str, Any]) -> None:
    """A table of the document, its caption above and its notes below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    caption = page.paragraph("Caption")
    marked(page, caption, piece)
    caption.paragraph_format.keep_with_next = True
    columns, rows = piece["columns"], piece["rows"]
    wide = "Wide " if len(columns) > _MOST_COLUMNS else ""
    made = grid(page, widths(columns, rows, 7 if wide else 8.5), len(rows) + 1, piece["caption"])
    for at, row in enumerate(made.rows):
        texts = rows[at - 1] if at else [column["label"] for column in columns]
        for cell, text, column in zip(row.cells, texts, columns, strict=True):
            said = cell.paragraphs[0]
            page.style(said, f"{wide}Table {'Text' if at else 'Head'}")
            said.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column["align"] == "right" else None
            word.write(said, text)
            said.paragraph_format.keep_with_next = True if at < len(rows) <= _SHORT_ROWS else None
    for line in (piece["note"], piece["capped"]):
        if line:
            page.paragraph("Note", line)


def numbers(page: "Page", items: Sequence[Mapping[str, Any]]) -> None:
    """The key numbers side by side: each a column under its name."""
    made = grid(page, [word.TEXT_WIDTH / len(items)] * len(items), 2, page.labels["key_numbers"])
    for item, head, body in zip(items, made.rows[0].cells, made.rows[1].cells, strict=True):
        for cell in (head, body):
            properties = cell._tc.get_or_add_tcPr()
            borders = word.made("w:tcBorders")
            borders.append(word.line("left", TOKENS[item["tone"]], 18))
            borders.append(word.made("w:bottom", val="nil"))
            word.place(properties, borders)
            word.place(properties, word.shade(TOKENS["tint"]))
        name = head.paragraphs[0]
        page.style(name, "Wide Table Head")
        word.write(name, item["label"])
        page.refs(name, item)
        name.paragraph_format.keep_with_next = True
        value = body.paragraphs[0]
        page.style(value, "Key Phrase" if _length(item["value"]) > _PHRASE else "Key Number")
        word.write(value, item["value"])
        for line in (item["interval"], item["baseline"], item["note"]):
            if line:
                word.write(page.style(body.add_paragraph(), "Key Note"), line)


def briefs(page: "Page", piece: Mapping[str, Any]) -> None:
    """Names at the left, and what is said of each."""
    made = grid(page, [38.0, word.TEXT_WIDTH - 38.0], len(piece["items"]), "", head=False)
    for item, row in zip(piece["items"], made.rows, strict=True):
        name, text = (cell.paragraphs[0] for cell in row.cells)
        page.style(name, "Table Head")
        word.write(name, item["term"], colour=TOKENS["band"])
        page.style(text, "Brief")
        word.write(text, item["text"])
        page.refs(text, item)


def asks(page: "Page", piece: Mapping[str, Any]) -> None:
    """What is to be done, by whom and when."""
    labels, items = page.labels, piece["items"]
    heads = ["№", f"{labels['lesson']} · {labels['action']}", labels["owner"], labels["due"]]
    heads.append(f"{labels['measure']} · {labels['followed']}")
    made = grid(page, [9.0, 66.0, 31.0, 29.0, 35.0], len(items) + 1, labels["follow_up"])
    for cell, label in zip(made.rows[0].cells, heads, strict=True):
        page.style(cell.paragraphs[0], "Table Head")
        word.write(cell.paragraphs[0], label)
    for item, row in zip(items, list(made.rows)[1:], strict=True):
        cells = row.cells
        for cell in cells:
            page.style(cell.paragraphs[0], "Table Text")
        word.write(cells[0].paragraphs[0], item["number"], bold=True, colour=TOKENS[item["tone"]])
        word.write(cells[1].paragraphs[0], item["lesson"], bold=True)
        page.refs(cells[1].paragraphs[0], item)
        if item["action"]:
            word.write(page.style(cells[1].add_paragraph(), "Table Text"), item["action"])
        for cell, name in zip(cells[2:], ("owner", "due", "measure"), strict=True):
            word.write(cell.paragraphs[0], item[name])
        if item["state"]:
            told = page.style(cells[4].add_paragraph(), "Table Text")
            word.write(told, item["state"], colour=TOKENS["muted"])
    if piece["note"]:
        page.paragraph("Note", piece["note"])


def marked(page: "Page", paragraph: Any, piece: Mapping[str, Any], *, refs: bool = True) -> None:
    """A caption: "Table 3" in bold, what it says, and its evidence numbers."""
    word.write(paragraph, piece["mark"], bold=True, colour=TOKENS["ink"])
    if piece["caption"]:
        word.write(paragraph, "\u2002" + piece["caption"])
    if refs:
        page.refs(paragraph, piece)


def grid(page: "Page", width: Sequence[float], rows: int, told: str, *, head: bool = True) -> Any:
    """An empty table of columns `width` millimetres wide, described as `told`; its first row repeats where `head`."""
    from docx.shared import Mm

    made = page.written.add_table(rows, len(width))
    made._tbl.tblPr.style = page.styles[TABLE]
    properties = made._tbl.tblPr
    word.place(properties, word.made("w:tblW", w="5000", type="pct"))
    word.place(properties, word.made("w:tblLook", val="0020" if head else "0000", firstRow="1" if head else "0"))
    if told:
        word.place(properties, word.made("w:tblCaption", val=told))
    for column, wide in zip(made._tbl.tblGrid.gridCol_lst, width, strict=True):
        column.w = Mm(wide)
    for at, row in enumerate(made._tbl.tr_lst):
        behaviour = row.get_or_add_trPr()
        behaviour.append(word.made("w:cantSplit"))
        if head and at == 0:
            behaviour.append(word.made("w:tblHeader"))
        for cell, wide in zip(row.tc_lst, width, strict=True):
            cell.width = Mm(wide)
    return made


def widths(columns: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[str]], size: float) -> list[float]:
    """Millimetres for each column: as wide as its text where it has no share, and the rest by the shares."""
    wanted = [
        max(_length(text) for text in [column["label"], *(row[at] for row in rows)]) * size * _EM / 72 * 25.4 + _PADDING
        for at, column in enumerate(columns)
    ]
    shares = [column["share"] for column in columns]
    if not any(shares):
        return [word.TEXT_WIDTH / len(columns)] * len(columns)
    narrow = sum(wide for wide, share in zip(wanted, shares, strict=True) if not share)
    scale = min(1.0, _MOST_NARROW * word.TEXT_WIDTH / narrow) if narrow else 1.0
    rest = word.TEXT_WIDTH - narrow * scale
    return [rest * share / sum(shares) if share else wide * scale for wide, share in zip(wanted, shares, strict=True)]


def parted(page: "Page") -> None:
    """A small paragraph after each table that another or the end would follow: Word would join them."""
    body = page.written.element.body
    for one in list(body.iterchildren(word.named("w:tbl"))):
        if one.getnext().tag != word.named("w:p"):
            one.addnext(page.paragraph("Gap")._p)


def _length(text: str) -> int:
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)
