"""The figures of a report as PNG: word processors draw SVG badly or not at all."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import RenderError
from analysis.report import glyphs
from analysis.report.pdf import copy_figure

PIXELS_PER_INCH = 200
"""At the width of the page a printer sees no steps; 300 doubles the file."""
_ONE_A_PAGE = """#set page(width: auto, height: auto, margin: 0pt)
#for at in range({count}) {{
  if at > 0 {{ pagebreak() }}
  image("figure-" + str(at) + ".svg")
}}
"""


def drawn(paths: Sequence[Path]) -> dict[Path, bytes]:
    """Each SVG file of `paths` as PNG, drawn once by Typst with the fonts of the report; the same bytes every time.

    Raises RenderError where a file cannot be read or is no picture.
    """
    import typst

    each = list(dict.fromkeys(paths))
    if not each:
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for index, path in enumerate(each):
            copy_figure(path, folder / f"figure-{index}.svg")
        (folder / "figures.typ").write_text(_ONE_A_PAGE.format(count=len(each)), encoding="utf-8")
        try:
            made = typst.compile(
                folder / "figures.typ",
                root=folder,
                font_paths=[path.parent for path in glyphs.font_files()],
                ignore_system_fonts=True,
                format="png",
                ppi=PIXELS_PER_INCH,
            )
        except typst.TypstError as error:
            told = " ".join([str(error), *error.hints]).replace(name, "")
            raise RenderError(f"{each[0].parent}: the figures could not be drawn. Typst says: {told}") from error
    return dict(zip(each, made if isinstance(made, list) else [made], strict=True))
