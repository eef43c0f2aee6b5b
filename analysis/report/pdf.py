"""Document → PDF/UA-1 and PDF/A-2a with Typst: tagged, searchable, the same bytes from the same document."""

import json
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from analysis.errors import RenderError
from analysis.report import glyphs
from analysis.report.layout import laid_out
from analysis.report.schema import Document

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_SHORT_TITLE = 70


def render(document: Document, out: Path, timestamp: datetime) -> Path:
    """Write `document` to `out` as PDF, dated `timestamp` (with a zone), and return `out`.

    Relative paths of figures start from the folder of `out`. Typst sees a folder of its own with the template, the
    document as JSON and copies of the figures, and only the fonts of the report. Raises RenderError where a figure
    cannot be read, or where Typst refuses the document: a missing alternative text and an uncovered glyph are two
    such reasons.
    """
    import typst

    planned = laid_out(document)
    title = planned["title"]
    planned["short_title"] = title if len(title) <= _SHORT_TITLE else title[: _SHORT_TITLE - 1].rstrip() + "…"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(_TEMPLATE, folder / _TEMPLATE.name)
        (folder / "document.json").write_text(json.dumps(planned, ensure_ascii=False), encoding="utf-8")
        for index, picture in enumerate(planned["pictures"]):
            copy_figure(out.parent / picture, folder / f"figure-{index}.svg")
        try:
            pdf = typst.compile(
                folder / _TEMPLATE.name,
                root=folder,
                font_paths=[path.parent for path in glyphs.font_files()],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=["ua-1", "a-2a"],
                timestamp=timestamp,
            )
        except typst.TypstError as error:
            told = " ".join([str(error), *error.hints]).replace(name, "")
            raise RenderError(f"{out}: the PDF could not be made. Typst says: {told}") from error
    out.write_bytes(pdf)
    return out


def copy_figure(source: Path, target: Path) -> None:
    """Copy a figure to where Typst sees it; RenderError where it cannot be read."""
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise RenderError(
            f"{source}: this figure cannot be read ({error.strerror}). Run the notebooks again."
        ) from error
