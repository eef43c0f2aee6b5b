"""Document → DOCX, for people who change a report in a word processor: headings, tables and captions are real ones.

It says what the PDF says, in the same order. All text goes in through python-docx as text; the only fields are the
table of contents and the page number, and every link leads to a bookmark within.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from analysis.report import pictures, word, word_styles, word_tables
from analysis.report.layout import laid_out
from analysis.report.look import TOKENS
from analysis.report.schema import Document

_LOW = 54.0
"""How high a figure is among text of a sheet and in an entry of the evidence, in millimetres."""
_FIRST = 88.0
_HIGH = 190.0
"""Anywhere else."""
_SHORT_TITLE = 70
_LONG = 1500
"""A lesson of more characters may go over a page."""


@dataclass
class Page:
    """The document under way, and what its pieces share."""

    written: Any
    plan: Mapping[str, Any]
    drawings: list[bytes]
    styles: dict[str, str] = field(default_factory=dict)
    """Name → id."""
    bookmarks: "count[int]" = field(default_factory=lambda: count(1))
    outline: list[tuple[int, str, str]] = field(default_factory=list)
    """Level, text and bookmark of each heading so far."""

    @property
    def labels(self) -> Mapping[str, str]:
        return self.plan["labels"]

    @property
    def colon(self) -> str:
        return "：" if self.plan["language"] == "zh" else ": "

    def paragraph(self, style: str, text: str = "", piece: Mapping[str, Any] | None = None) -> Any:
        """A paragraph in one of the report's styles, with the evidence numbers of `piece`."""
        made = self.style(self.written.add_paragraph(), style)
        if text:
            word.write(made, text)
        if piece is not None:
            self.refs(made, piece)
        return made

    def style(self, piece: Any, name: str) -> Any:
        """Give a paragraph or a run a style, and return it. The library's own way reads all styles each time."""
        element = piece._r if hasattr(piece, "_r") else piece._p
        element.style = self.styles[name]
        return piece

    def refs(self, paragraph: Any, piece: Mapping[str, Any]) -> None:
        """Evidence numbers, raised, each a link to its entry; where one stands first, the entry leads back to it."""
        for at, number in enumerate(piece["refs"]):
            if at:
                self.style(word.write(paragraph, ",\u00a0"), word_styles.MARK)
            run = self.style(word.link(paragraph, f"evidence_{number}", str(number)), word_styles.MARK)
            if number in piece["first"]:
                word.bookmark(paragraph, f"claim_{number}", next(self.bookmarks), run._r.getparent())

    def heading(self, style: str, text: str, piece: Mapping[str, Any] | None = None) -> Any:
        """A heading that the navigation pane and the table of contents know."""
        made = self.paragraph(style, text, piece)
        identity = next(self.bookmarks)
        name = f"_Toc{identity:09d}"
        word.bookmark(made, name, identity)
        self.outline.append((int(style[-1]), text, name))
        return made

    def together(self, start: int, *, through: bool = False) -> None:
        """Keep on one page what was written since there were `start` pieces; `through`: and with what follows."""
        pieces = list(self.written.element.body)[start - 1 : -1]
        for piece in pieces if through else pieces[:-1]:
            if piece.tag == word.named("w:p"):
                piece.get_or_add_pPr().keepNext_val = True

    def pair(self, style: str, label: str, text: str) -> None:
        """A label and what it says, unless that is nothing."""
        if text:
            made = self.paragraph(style)
            word.write(made, label + self.colon, colour=TOKENS["muted"])
            word.write(made, text)


def render(document: Document, out: Path, timestamp: datetime) -> Path:
    """Write `document` to `out` as DOCX, dated `timestamp` (with a zone), and return `out`.

    Relative paths of figures start from the folder of `out`; they are drawn as pictures of 200 dots an inch. The same
    document gives the same bytes. Raises RenderError where a figure cannot be read.
    """
    import docx

    plan = laid_out(document)
    paths = [out.parent / path for path in plan["pictures"]]
    drawn = pictures.drawn(paths)
    page = Page(docx.Document(), plan, [drawn[path] for path in paths])
    page.styles = word_styles.dress(page.written, plan["language"])
    _described(page, timestamp)
    _framed(page)
    _first(page)
    for section in plan["sections"]:
        if section["sheet"]:
            _section(page, section)
    before = page.paragraph("TOC Heading", page.labels["contents"])
    before.paragraph_format.page_break_before = True
    for section in [*(one for one in plan["sections"] if not one["sheet"]), *plan["appendix"]]:
        _section(page, section)
    _contents(page, before)
    word_tables.parted(page)
    out.write_bytes(word.packed(page.written))
    return out


def _described(page: Page, timestamp: datetime) -> None:
    """The file's own properties: what a search and a screen reader tell of it."""
    told, plan = page.written.core_properties, page.plan
    told.title, told.author, told.last_modified_by = f"{plan['title']} – {plan['brand']}", "Aftermath", "Aftermath"
    told.subject, told.comments, told.category = plan["subtitle"], "", plan["classification"]
    told.content_status, told.language = plan["state_text"], word.TAGS[plan["language"]]
    told.created = told.modified = timestamp.astimezone(UTC)
    told.revision = 1


def _framed(page: Page) -> None:
    """A4 with a line on every page: the title above, but on the first; classification, state and page number below."""
    from docx.shared import Mm

    section, plan = page.written.sections[0], page.plan
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - word.TEXT_WIDTH) / 2)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.header_distance, section.footer_distance = Mm(11), Mm(10)
    section.different_first_page_header_footer = True
    title = plan["title"]
    short = title if len(title) <= _SHORT_TITLE else title[: _SHORT_TITLE - 1].rstrip() + "…"
    section.first_page_header.is_linked_to_previous = False
    header = section.header.paragraphs[0]
    word.write(header, f"{plan['brand']} · {short}")
    _ruled(header, "bottom")
    for footer in (section.first_page_footer, section.footer):
        paragraph = footer.paragraphs[0]
        word.write(paragraph, f"{plan['classification']} · ")
        word.write(paragraph, plan["state_text"], bold=True)
        word.write(paragraph, "\t")
        word.field(paragraph, "PAGE", "1")
        _ruled(paragraph, "top")


def _ruled(paragraph: Any, side: str) -> None:
    borders = word.made("w:pBdr")
    borders.append(word.line(side, TOKENS["line"], 4, 4))
    word.place(paragraph._p.get_or_add_pPr(), borders)


def _first(page: Page) -> None:
    """Page one: what can be acted on alone."""
    plan, first = page.plan, page.plan["first_page"]
    page.paragraph("Brand", f"{plan['brand']} · {plan['classification']}")
    page.paragraph("Title", plan["title"])
    if plan["subtitle"]:
        page.paragraph("Subtitle", plan["subtitle"])
    period = page.paragraph("Period", page.labels["period"] + page.colon + plan["period"])
    period.paragraph_format.keep_with_next = False
    if first["status"]:
        _status(page, first["status"])
    if first["coverage"]:
        _callout(page, first["coverage"])
    told = page.paragraph("Normal")
    for at, claim in enumerate(first["paragraph"]):
        if at and (plan["language"] != "zh" or first["paragraph"][at - 1]["refs"]):
            word.write(told, " ")
        word.write(told, claim["text"])
        page.refs(told, claim)
    if first["numbers"]:
        word_tables.numbers(page, first["numbers"])
    if first["figure"]:
        _figure(page, first["figure"], _FIRST)


def _status(page: Page, items: list[dict[str, Any]]) -> None:
    told = page.paragraph("Status")
    for at, item in enumerate(items):
        if at:
            word.write(told, "   ")
        word.write(told, f"{item['label']}\u00a0", colour=TOKENS["muted"])
        mark = word.write(told, item["text"], bold=True, colour=TOKENS[item["tone"]])
        word.place(mark._r.get_or_add_rPr(), word.shade(TOKENS[f"{item['tone']}_tint"]))
        page.refs(told, item)


def _section(page: Page, piece: Mapping[str, Any]) -> None:
    heading = page.heading("Heading 1", f"{piece['mark']}\u2002{piece['title']}")
    if piece["sheet"]:
        heading.paragraph_format.page_break_before = True
        heading.paragraph_format.space_before = 0
    if piece["lead"]:
        page.paragraph("Lead", piece["lead"], piece)
    for at, block in enumerate(piece["blocks"]):
        if block["kind"] == "figure":
            _figure(page, block, _LOW if piece["sheet"] else _HIGH)
        else:
            _DRAWERS[block["kind"]](page, block)
        following = piece["blocks"][at + 1]["kind"] if at + 1 < len(piece["blocks"]) else ""
        if block["kind"] == "paragraph" and following == "quotes":
            page.written.paragraphs[-1].paragraph_format.keep_with_next = True


def _figure(page: Page, piece: Mapping[str, Any], highest: float) -> None:
    """A picture as wide as the text, or as high as it may be, with its words: alternative text, title and caption."""
    from docx.image.image import Image
    from docx.shared import Mm

    if piece["title"]:
        page.paragraph("Figure Title", piece["title"], piece)
    blob = page.drawings[piece["index"]]
    size = Image.from_blob(blob)
    width = min(word.TEXT_WIDTH, highest * size.px_width / size.px_height)
    shape = page.paragraph("Figure").add_run().add_picture(io.BytesIO(blob), width=Mm(width))
    described = shape._inline.docPr
    described.set("name", piece["mark"])
    described.set("descr", piece["alt"])
    caption = page.paragraph("Caption")
    word_tables.marked(page, caption, piece, refs=not piece["title"])


def _callout(page: Page, piece: Mapping[str, Any]) -> None:
    style = f"Callout {piece['tone'].title()}"
    title = page.paragraph(style)
    word.write(title, piece["title"], bold=True, colour=TOKENS[piece["tone"]])
    title.paragraph_format.keep_with_next = True
    page.paragraph(style, piece["text"], piece)


def _quotes(page: Page, piece: Mapping[str, Any]) -> None:
    for at, item in enumerate(piece["items"]):
        page.paragraph("Quote", item["text"])
        told = f"{page.labels['quote']} {item['id']}" + (f" · {item['when']}" if item["when"] else "")
        page.paragraph("Quote Source", told, piece if at == len(piece["items"]) - 1 else None)


def _list(page: Page, piece: Mapping[str, Any]) -> None:
    for item in piece["items"]:
        page.paragraph("List Bullet", item["text"], item)


def _lesson(page: Page, piece: Mapping[str, Any]) -> None:
    labels, start = page.labels, len(page.written.element.body)
    page.paragraph(f"Verdict {piece['tone'].title()}", piece["verdict"])
    page.heading("Heading 2", f"{piece['number']}\u2002{piece['title']}")
    page.paragraph("Normal", piece["text"], piece)
    for name in ("practice", "strength", "unless", "rule"):
        page.pair("Note", labels[name], piece[name])
    ask = piece["follow_up"]
    if ask:
        page.paragraph("Follow-up Title", labels["follow_up"] + (page.colon + ask["action"] if ask["action"] else ""))
        for name, label in (*((one, one) for one in ("owner", "due", "kind", "measure")), ("state", "followed")):
            page.pair("Follow-up", labels[label], ask[name])
    if len(piece["text"]) <= _LONG:
        page.together(start)


def _definition(page: Page, piece: Mapping[str, Any]) -> None:
    page.paragraph("Term", piece["term"])
    page.paragraph("Normal", piece["text"], piece)


def _evidence(page: Page, piece: Mapping[str, Any]) -> None:
    """Entries that claims point to: a heading in the navigation pane, left out of the table of contents."""
    labels = page.labels
    for item in piece["items"]:
        start = len(page.written.element.body)
        heading = page.paragraph("Evidence Heading")
        name = str(item["number"])
        if item["back"]:
            word.link(heading, f"claim_{name}", name, tip=labels["back"])
        else:
            word.write(heading, name)
        word.write(heading, "\u2002" + item["title"])
        word.bookmark(heading, f"evidence_{name}", next(page.bookmarks))
        if item["text"]:
            page.paragraph("Normal", item["text"])
        how = ((labels["certainty"], item["certainty"]), (labels["method"], item["method"]))
        shown = [label + page.colon + text for label, text in (*how, (labels["observations"], item["n"])) if text]
        for line in (" · ".join(shown), item["mentions"], item["drawn"]):
            if line:
                page.paragraph("Note", line)
        page.together(start, through=bool(item["blocks"]))
        for block in item["blocks"]:
            _DRAWERS[block["kind"]](page, block)


def _contents(page: Page, title: Any) -> None:
    """The table of contents: links at once, page numbers as soon as the reader updates it.

    It is not updated on opening: Word asks about files elsewhere before it does that, and none of us wants to say yes.
    """
    lines = []
    for at, (level, text, name) in enumerate(page.outline):
        line = page.paragraph(f"toc {level}")
        if at == 0:
            word.opened(line, 'TOC \\o "1-2" \\h \\z')
        word.link(line, name, text)
        lines.append(line)
    if lines:
        word.closed(lines[-1])
        for line in reversed(lines):
            title._p.addnext(line._p)
        word.contents([title, *lines])


_DRAWERS: dict[str, Callable[[Page, Mapping[str, Any]], Any]] = {
    "heading": lambda page, piece: page.heading("Heading 2", piece["title"]),
    "paragraph": lambda page, piece: page.paragraph("Normal", piece["text"], piece),
    "figure": lambda page, piece: _figure(page, piece, _LOW),
    "table": word_tables.table,
    "quotes": _quotes,
    "callout": _callout,
    "list": _list,
    "lesson": _lesson,
    "definition": _definition,
    "briefs": word_tables.briefs,
    "asks": word_tables.asks,
    "evidence": _evidence,
}
