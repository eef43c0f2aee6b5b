"""The looks of the edition for a word processor, as named styles: who edits it changes a look in one place."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.report import word
from analysis.report.look import TOKENS
from analysis.style import palette

if TYPE_CHECKING:
    from docx.document import Document as Word

LATIN = "Arial"
CHINESE = "Noto Sans SC"
INSTEAD = "Microsoft YaHei"
"""What Windows and Office bring, for machines without Noto Sans SC; SimSun is what remains."""
_CHINESE_LINE = 1.0
"""Lines of Chinese fonts are high by themselves: 1.45 of the size for Noto Sans SC, 1.32 for Microsoft YaHei."""
TONES = ("good", "warning", "bad", "neutral")
TABLE = "Report Table"
MARK = "Evidence Mark"
_KEPT = {"Normal", "Default Paragraph Font", "Normal Table", "No List", "Header", "Footer", "List Bullet"}
_KEPT |= {"Heading 1", "Heading 2", "Title", "Subtitle", "Quote", "Caption", "TOC Heading"}


@dataclass(frozen=True)
class Look:
    """A paragraph style: sizes and spaces in points, indents in millimetres, colours as names of TOKENS."""

    name: str
    size: float = 9.5
    colour: str = "ink"
    bold: bool = False
    before: float = 2
    after: float = 5
    line: float = 1.15
    keep: bool = False
    indent: float = 0
    bar: str = ""
    top: str = ""
    bottom: str = ""
    box: str = ""
    fill: str = ""
    level: int | None = None
    """The level in the navigation pane, 0 being the first."""


def _band(name: str, size: float, colour: str, *, bold: bool = False, before: float = 5, line: float = 1.15) -> Look:
    """A line of the band at the head of page one: equal borders make one block of them."""
    return Look(name, size, colour, bold, before, 0, line, keep=True, box="band", fill="band")


LOOKS = (
    Look("Normal"),
    _band("Brand", 8.5, "band_muted", before=0),
    _band("Title", 21, "band_text", bold=True, before=4, line=1.0),
    _band("Subtitle", 10.5, "band_muted"),
    _band("Period", 8.5, "band_text"),
    Look("Status", 8.5, before=10, after=6),
    Look("Heading 1", 18, "band", True, before=22, after=9, line=1.0, keep=True, bottom="line", level=0),
    Look("Heading 2", 12.5, "band", True, before=12, after=5, line=1.05, keep=True, level=1),
    Look("Evidence Heading", 10, "band", True, before=12, after=3, keep=True, top="line", level=1),
    Look("TOC Heading", 18, "band", True, before=0, after=9, keep=True, bottom="line"),
    Look("toc 1", 9.5, bold=True, before=6, after=2),
    Look("toc 2", 9, "muted", before=0, after=2, indent=6),
    Look("Lead", 11, "muted", before=0, after=8),
    Look("Caption", 8, "muted", before=4, after=6),
    Look("Figure", before=6, after=0, line=1.0, keep=True),
    Look("Figure Title", 10.5, bold=True, before=10, after=3, keep=True),
    Look("Table Text", 8.5, before=0, after=0, line=1.05),
    Look("Wide Table Text", 7, before=0, after=0, line=1.05),
    Look("Table Head", 8.5, bold=True, before=0, after=0, line=1.05),
    Look("Wide Table Head", 7, bold=True, before=0, after=0, line=1.05),
    Look("Brief", 8.5, before=0, after=0, line=1.1),
    Look("Note", 8, "muted", before=3, after=4),
    Look("Key Number", 18, "band", True, before=2, after=2, line=1.0),
    Look("Key Phrase", 11.5, "band", True, before=3, after=3, line=1.0),
    Look("Key Note", 7.5, "muted", before=0, after=1, line=1.05),
    Look("List Bullet"),
    Look("Quote", before=6, after=0, indent=4, bar="line", keep=True),
    Look("Quote Source", 8, "muted", before=0, after=6, indent=4, bar="line"),
    Look("Term", bold=True, before=6, after=0, keep=True),
    Look("Follow-up Title", bold=True, before=6, after=0, indent=2, fill="tint", bar="band", keep=True),
    Look("Follow-up", 8.5, before=0, after=8, indent=2, fill="tint", bar="band"),
    *(Look(f"Callout {tone.title()}", before=6, after=8, indent=3, fill=f"{tone}_tint", bar=tone) for tone in TONES),
    *(Look(f"Verdict {tone.title()}", 8.5, tone, True, before=14, after=0, top=tone, keep=True) for tone in TONES),
    Look("Header", 7.5, "muted", before=0, after=0),
    Look("Footer", 7.5, "muted", before=0, after=0),
    Look("Gap", 4, before=0, after=0, line=1.0),
)


def dress(written: "Word", language: str) -> dict[str, str]:
    """Give an empty python-docx document the styles, fonts and language of the report: name → id of each style."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm, RGBColor

    styles = written.styles
    for present in list(styles):
        if present.name not in _KEPT:
            present.delete()
    _defaults(styles.element, language)
    there = {style.name for style in styles}
    for look in LOOKS:
        style: Any = (
            styles[look.name]
            if look.name in there
            else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH, builtin=look.name.startswith("toc "))
        )
        _dressed(style, look, language)
    for look in LOOKS[1:]:
        styles[look.name].base_style = styles["Normal"]
    mark: Any = styles.add_style(MARK, WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True
    mark.font.bold = False
    mark.font.color.rgb = RGBColor.from_string(TOKENS["accent"][1:])
    for name in ("Header", "Footer"):
        styles[name].paragraph_format.tab_stops.add_tab_stop(Mm(word.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _table_style(styles.add_style(TABLE, WD_STYLE_TYPE.TABLE).element)
    _package(written, language)
    known = {style.name: style.style_id for style in written.styles}
    for tied in list(written.part.numbering_part.element.iter(word.named("w:pStyle"))):
        if tied.get(word.named("w:val")) not in known.values():
            tied.getparent().remove(tied)
    return known


def _dressed(style: Any, look: Look, language: str) -> None:
    from docx.shared import Mm, Pt, RGBColor

    element = style.element
    numbered = element.pPr.numPr if look.name == "List Bullet" else None
    for tag in ("w:link", "w:rPr", "w:pPr", "w:next", "w:semiHidden", "w:unhideWhenUsed"):
        for child in element.findall(word.named(tag)):
            element.remove(child)
    style.quick_style = True
    style.font.size, style.font.bold = Pt(look.size), look.bold
    style.font.color.rgb = RGBColor.from_string(TOKENS[look.colour][1:])
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing = min(look.line, _CHINESE_LINE) if language == "zh" else look.line
    form.keep_with_next, form.widow_control = look.keep, True
    form.left_indent = Mm(look.indent)
    properties = element.get_or_add_pPr()
    if numbered is not None:
        word.place(properties, numbered)
        form.left_indent, form.first_line_indent = Mm(5), Mm(-5)
    lines = {"top": look.top, "left": look.bar, "bottom": look.bottom}
    if look.box:
        lines = dict.fromkeys(("top", "left", "bottom", "right"), look.box)
    if any(lines.values()):
        borders = word.made("w:pBdr")
        for side, token in lines.items():
            if token:
                size, space = (24, 6) if side == "left" and not look.box else (6, 6 if look.box else 4)
                borders.append(word.line(side, TOKENS[token], size, space))
        word.place(properties, borders)
    if look.fill:
        word.place(properties, word.shade(TOKENS[look.fill]))
        word.place(properties, word.made("w:contextualSpacing"))
    if look.level is not None:
        word.place(properties, word.made("w:outlineLvl", val=str(look.level)))
    if look.box:
        form.left_indent = form.right_indent = Mm(3)


def _defaults(styles: Any, language: str) -> None:
    run = styles.find(".//" + word.named("w:rPrDefault") + "/" + word.named("w:rPr"))
    for child in list(run):
        run.remove(child)
    run.append(word.made("w:rFonts", ascii=LATIN, hAnsi=LATIN, eastAsia=CHINESE, cs=LATIN))
    run.append(word.made("w:sz", val="19"))
    run.append(word.made("w:szCs", val="19"))
    run.append(word.made("w:lang", val=word.TAGS[language], eastAsia="zh-CN", bidi="ar-SA"))


def _table_style(style: Any) -> None:
    """Hairlines between rows, a strong line under the head, which is bold; the outer cells stand at the margin."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    hair, ink = TOKENS["line"][1:], TOKENS["ink"][1:]
    line = f'w:val="single" w:space="0" w:color="{hair}" w:sz="4"'
    for xml in (
        f"<w:tblPr {nsdecls('w')}><w:tblBorders><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:top w:w="45" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="45" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>',
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{ink}"/></w:tcBorders>'
        '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>',
    ):
        style.append(parse_xml(xml))


def _package(written: "Word", language: str) -> None:
    """What stands beside the text: fonts and their stand-ins, colours, language, and nothing of the library's."""
    from docx.opc.constants import RELATIONSHIP_TYPE as RT

    part = written.part
    unwanted = (RT.CUSTOM_XML, "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects")
    for holder, kinds in ((part.rels, unwanted), (part.package.rels, (RT.THUMBNAIL, RT.EXTENDED_PROPERTIES))):
        for key in [key for key, one in holder.items() if one.reltype in kinds]:
            del holder[key]
    _replace(written, RT.FONT_TABLE, _fonts())
    theme = part.part_related_by(RT.THEME).blob.decode("utf-8")
    _replace(written, RT.THEME, _theme(theme))
    settings = written.settings.element
    told = settings.find(word.named("w:themeFontLang"))
    told.set(word.named("w:val"), word.TAGS[language])
    told.set(word.named("w:eastAsia"), "zh-CN")
    for one in settings.iter(word.named("w:compatSetting")):
        if one.get(word.named("w:name")) == "compatibilityMode":
            one.set(word.named("w:val"), "15")


def _replace(written: "Word", kind: str, xml: str) -> None:
    from docx.opc.part import Part

    rels = written.part.rels
    key = next(key for key, one in rels.items() if one.reltype == kind)
    old = rels[key].target_part
    del rels[key]
    written.part.relate_to(Part(old.partname, old.content_type, xml.encode("utf-8"), old.package), kind)


def _fonts() -> str:
    """The table of fonts: where Noto Sans SC is missing, Word takes the first of the others that is there."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {space}>'
        f'<w:font w:name="{LATIN}"><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        f'<w:font w:name="{CHINESE}"><w:altName w:val="{INSTEAD},SimSun"/><w:panose1 w:val="020B0500000000000000"/>'
        '<w:charset w:val="86"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _theme(xml: str) -> str:
    """The theme with our fonts and colours, which is what new text and charts of an editor take."""
    xml = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{LATIN}"', xml)
    xml = re.sub(r'(<a:font script="Hans" typeface=)"[^"]*"', rf'\1"{INSTEAD}"', xml)
    colours = {"dk2": palette.BRAND, "lt2": palette.TINT, "hlink": palette.ACCENT, "folHlink": palette.BRAND}
    colours |= {f"accent{at}": colour for at, colour in enumerate(palette.SERIES, 1)}
    for name, colour in colours.items():
        xml = re.sub(rf'(<a:{name}>\s*<a:srgbClr val=)"[^"]*"', rf'\1"{colour[1:]}"', xml)
    return xml
