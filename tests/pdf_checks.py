"""What can be checked of PDF/UA-1 and PDF/A-2a with pypdf alone: each check returns what is wrong, in words.

No full validator can be had here: veraPDF is in none of the registries, Apache's Preflight knows PDF/A-1b only. Typst
builds for both standards and refuses what it sees broken; these checks read the file it wrote, independently of it.
Clauses are those of ISO 14289-1 (UA) and ISO 19005-2 (A).
"""

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

LARGEST = 5_000_000
"""Bytes that a report may have: it goes by mail."""
_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|/[^\s/<>\[\]()]*|[A-Za-z][A-Za-z0-9*]*|['\"]|[-+]?\d*\.?\d+",
    re.DOTALL,
)
_PAINT = {b"f", b"f*", b"F", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Do", b"Tj", b"TJ", b"'", b'"'}


def structure(node: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Each structure element below `node`: its tag, itself, and the tags it stands in."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from structure(child, above)
    elif isinstance(node, dict):
        inside = above
        if "/S" in node:
            tag = str(node["/S"])
            yield tag, node, above
            inside = (*above, tag)
        if "/K" in node:
            yield from structure(node["/K"], inside)


def universal(reader: PdfReader) -> list[str]:
    """PDF/UA-1: language, title, tags and their order, alternative texts, headers of tables, tab order, links."""
    root, wrong = reader.trailer["/Root"], []
    if not root.get("/Lang"):
        wrong.append("7.2: the document has no language")
    marks = root.get("/MarkInfo", {})
    if not _true(marks.get("/Marked")) or _true(marks.get("/Suspects")):
        wrong.append("7.1: it is not marked as tagged")
    if not _true(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")):
        wrong.append("7.1: readers show the file's name instead of the title")
    metadata = root["/Metadata"].get_data().decode() if "/Metadata" in root else ""
    for what, clause in (("<pdfuaid:part>1<", "5"), ("<dc:title>", "7.1")):
        if what not in metadata:
            wrong.append(f"{clause}: the metadata lack {what}")
    elements = list(structure(root["/StructTreeRoot"])) if "/StructTreeRoot" in root else []
    if not elements:
        wrong.append("7.1: there is no structure")
    before = 0
    for tag, node, above in elements:
        level = int(tag[2:]) if re.fullmatch("/H[1-6]", tag) else 0
        if level > before + 1:
            wrong.append(f"7.4: heading {tag} follows a heading of level {before}")
        before = level or before
        if tag == "/Figure" and not str(node.get("/Alt", "")).strip():
            wrong.append("7.3: a figure has no alternative text")
        if tag == "/TH" and not any("/Scope" in one.get_object() for one in _listed(node.get("/A"))):
            wrong.append("7.5: a header of a table says not what it heads")
        parents = {"/TR": {"/Table", "/THead", "/TBody", "/TFoot"}, "/TD": {"/TR"}, "/TH": {"/TR"}, "/LI": {"/L"}}
        if tag in parents and (not above or above[-1] not in parents[tag]):
            wrong.append(f"7.1: {tag} stands in {above[-1:] or 'nothing'}")
    wrong += [f"7.5: rows of a table have {widths} cells" for widths in _widths(root) if len(widths) > 1]
    for number, page in enumerate(reader.pages, 1):
        notes = [note.get_object() for note in page.get("/Annots", [])]
        if notes and page.get("/Tabs") != "/S":
            wrong.append(f"7.18.3: page {number} is not tabbed through in the order of its structure")
        if any(not note.get("/Contents") or "/StructParent" not in note for note in notes):
            wrong.append(f"7.18.1: a link of page {number} says not where it leads, or stands outside the structure")
        if unmarked(page):
            wrong.append(f"7.1: page {number} draws something that is neither tagged nor an artefact")
    return wrong


def archival(reader: PdfReader) -> list[str]:
    """PDF/A-2a: nothing missing, nothing outside, nothing that runs."""
    root, wrong = reader.trailer["/Root"], []
    metadata = root["/Metadata"].get_data().decode() if "/Metadata" in root else ""
    for what in ("<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        if what not in metadata:
            wrong.append(f"6.6.4: the metadata lack {what}")
    intents = [one.get_object() for one in root.get("/OutputIntents", [])]
    if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        wrong.append("6.2.3: there is no output intent with a colour profile")
    if "/Encrypt" in reader.trailer or "/ID" not in reader.trailer:
        wrong.append("6.1.3: it is encrypted or has no identifier")
    if {"/AA", "/OpenAction", "/AcroForm"} & set(root) or {"/JavaScript", "/EmbeddedFiles"} & set(
        root.get("/Names", {})
    ):
        wrong.append("6.5 or 6.8: it holds actions, forms, scripts or files")
    for number, page in enumerate(reader.pages, 1):
        for note in (one.get_object() for one in page.get("/Annots", [])):
            if note["/Subtype"] != "/Link" or "/A" in note or not note.get("/F", 0) & 4:
                wrong.append(f"6.3: page {number} has an annotation that acts, or is not printed")
        if "/AA" in page:
            wrong.append(f"6.5: page {number} acts")
    return wrong + [f"6.2.11.4: {name} is not embedded" for name, whole in fonts(reader).items() if not whole]


def fonts(reader: PdfReader) -> dict[str, bool]:
    """Name → whether the font is within the file, with a map to Unicode, by which text is extracted."""
    found = {}
    for page in reader.pages:
        for font in (one.get_object() for one in page["/Resources"].get("/Font", {}).values()):
            inner = [one.get_object() for one in font.get("/DescendantFonts", [font])]
            described = [one.get("/FontDescriptor", {}) for one in inner]
            whole = all({"/FontFile", "/FontFile2", "/FontFile3"} & set(one) for one in described)
            found[str(font["/BaseFont"])] = whole and "/ToUnicode" in font
    return found


def raster(reader: PdfReader) -> list[str]:
    """Pictures made of pixels, wherever in the file they stand."""
    return [
        f"object {number}"
        for number in range(1, reader.trailer["/Size"])
        if isinstance(one := reader.get_object(number), dict) and one.get("/Subtype") == "/Image"
    ]


def text_colours(reader: PdfReader) -> set[str]:
    """Colours that text is set in, as "#RRGGBB"."""
    found = set()
    for page in reader.pages:
        stack: list[bytes] = []
        colour = "#000000"
        kept: list[str] = []
        for token in _TOKEN.findall(page.get_contents().get_data()):
            if token == b"q":
                kept.append(colour)
            elif token == b"Q":
                colour = kept.pop()
            elif token == b"scn":
                values = [float(one) for one in stack[-3:] if re.fullmatch(rb"[-+]?\d*\.?\d+", one)]
                channels = values if len(values) == 3 else values[-1:] * 3
                colour = "#" + "".join(f"{round(value * 255):02X}" for value in channels)
            elif token in (b"Tj", b"TJ"):
                found.add(colour)
            stack = [*stack[-3:], token] if token[:1].isdigit() or token[:1] in b"-+." else []
    return found


def unmarked(page: Any) -> bool:
    """Whether the page paints outside of marked content."""
    depth = 0
    for token in _TOKEN.findall(page.get_contents().get_data()):
        if token in (b"BDC", b"BMC"):
            depth += 1
        elif token == b"EMC":
            depth -= 1
        elif depth == 0 and token in _PAINT:
            return True
    return False


def _widths(root: Any) -> list[set[int]]:
    """Of each table, how many cells its rows have."""
    widths = []
    for tag, node, _ in structure(root["/StructTreeRoot"]):
        if tag == "/Table":
            rows = [one for kind, one, _ in structure(node["/K"]) if kind == "/TR"]
            cells = [[kind for kind, _, above in structure(row["/K"]) if kind in ("/TD", "/TH")] for row in rows]
            widths.append({len(row) for row in cells})
    return widths


def _true(value: Any) -> bool:
    """A BooleanObject of pypdf is true in Python whatever it holds."""
    return bool(getattr(value, "value", value))


def _listed(value: Any) -> list[Any]:
    value = value.get_object() if value is not None else []
    return list(value) if isinstance(value, list) else [value]
