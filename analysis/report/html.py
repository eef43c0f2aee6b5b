"""Document → one self-contained web page: no script, nothing fetched, read on a phone and printed."""

import base64
import hashlib
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import RenderError
from analysis.report import glyphs
from analysis.report.layout import laid_out
from analysis.report.schema import Document

if TYPE_CHECKING:
    from jinja2 import Environment

_CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_TEMPLATES = Path(__file__).parent / "templates"


def render(document: Document, out: Path) -> Path:
    """Write `document` to `out` as HTML, and return `out`. Relative paths of figures start from the folder of `out`.

    Everything a reader sees is escaped; figures and, where there is Chinese, a font of the glyphs in use are within;
    its policy allows no script and no request. Each number stands in an element with `data-findings` or `data-source`,
    which `lint` reads. Raises RenderError where a figure cannot be read.
    """
    from markupsafe import Markup

    planned = laid_out(document)
    forms = sorted((item["shown"] for item in planned["replacements"]), key=len, reverse=True)
    written = re.compile("|".join(re.escape(form) for form in forms)) if forms else None

    def shown(text: str) -> Markup:
        """Escaped, with what the glyph audit wrote out marked: its counts are no claims."""
        if written is None:
            return Markup.escape(text)
        parts, at = Markup(), 0
        for match in written.finditer(text):
            parts += text[at : match.start()]
            parts += Markup('<span class="written" data-source="structure">{}</span>').format(match.group())
            at = match.end()
        return parts + text[at:]

    written_with = environment()
    written_with.filters["shown"] = shown
    style = written_with.get_template("report.css.j2").render(
        tokens=planned["tokens"], font=Markup(font(_texts(planned), document.language))
    )
    page = written_with.get_template("report.html.j2").render(
        **planned,
        style=Markup(style),
        style_hash=digest(style),
        images=[_image(out.parent / path) for path in planned["pictures"]],
    )
    out.write_text(page, encoding="utf-8", newline="\n")
    return out


def environment() -> "Environment":
    """Templates of this room: everything that is put in is escaped, and nothing may be missing."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def digest(text: str) -> str:
    """The hash by which a page's policy names its one style or script."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def font(texts: str, language: str) -> str:
    """Noto Sans SC as a data URI, with only the glyphs of `texts`, in all its weights; "" where there is no Chinese."""
    if language != "zh" and not _CHINESE.search(texts):
        return ""
    return _cut("".join(sorted(set(texts) | set(map(chr, range(0x20, 0x7F))))))


@lru_cache(maxsize=4)
def _cut(letters: str) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(layout_features=["locl", "ccmp", "kern"], notdef_outline=True, hinting=False)
    cut = TTFont(glyphs.font_files()[0], recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(one) for one in letters])
    subsetter.subset(cut)
    cut.flavor = "woff"
    packed = io.BytesIO()
    cut.save(packed)
    return "data:font/woff;base64," + base64.b64encode(packed.getvalue()).decode()


def _image(path: Path) -> str:
    """An SVG as a data URI: within <img> nothing in it can run or fetch."""
    try:
        return "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode()
    except OSError as error:
        raise RenderError(f"{path}: this figure cannot be read ({error.strerror}). Run the notebooks again.") from error


def _texts(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_texts(item) for item in value.values())
    if isinstance(value, list):
        return "".join(_texts(item) for item in value)
    return value if isinstance(value, str) else ""
