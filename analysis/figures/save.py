"""A figure → SVG, the same bytes for the same figure."""

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.style import matplotlib as style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PATH = re.compile(r' d="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}")


def save(figure: "Figure", path: Path) -> Path:
    """Write `figure` to `path` (its name ends in .svg) as outlines that need no font, without date or versions."""
    if path.suffix != ".svg":
        raise ValueError(f"figures are saved as .svg, not as {path.name}")
    buffer = io.StringIO()
    with style.look():
        _settle(figure)
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    path.write_text(_PATH.sub(_round, buffer.getvalue()), encoding="utf-8")
    return path


def _settle(figure: "Figure") -> None:
    """Fix the layout at five places: the solver's last digits differ from one call to the next."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        left, bottom, width, height = (round(side, 5) for side in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def _round(match: re.Match[str]) -> str:
    """Places to a hundredth of a point, a tenth in long series: finer ones are not seen and make most of the file."""
    path = match.group()
    places = 1 if len(path) > 20_000 else 2
    path = _LONG.sub(lambda number: f"{float(number.group()):.{places}f}", path)
    # After a curve, bare pairs would be points of another curve: only a path of straight lines may drop its L.
    return path if "Q" in path or "C" in path else path.replace(" \nL ", " ")
