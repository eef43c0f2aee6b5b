"""The map of causes to walk about in: a point says its mention when the pointer stands on it."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import axes as common
from analysis.figures.cause_map import COLOURS, MOST, OTHER, UNCLEAR
from analysis.style import fonts, palette

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SYMBOLS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "star")
_LINE, _LINES = 46, 6
"""Ems and lines of what a point says."""


def draw(
    points: pd.DataFrame, names: Sequence[str], *, panels: Sequence[tuple[str, str]], words: dict[str, str]
) -> "Figure":
    """The map of `cause_map.draw` in plotly, with text that may be printed on each point.

    `points` as there, and id and said (what the point says: the mention, masked, and its id below). Texts and names are
    shown as they are: nothing in them is read as markup or as mathematics. Points carry their ids, by which
    `aftermath forget` finds a notebook that holds them. A click on a name in the legend hides its points.
    """
    from plotly.subplots import make_subplots

    if len(names) > MOST:
        raise ValueError(f"{len(names)} causes are too many to name: give at most {MOST}")
    headings = [plain(heading) for _, heading in panels]
    chart = make_subplots(1, max(len(panels), 1), subplot_titles=headings, horizontal_spacing=0.02)
    clear = points["clear"].to_numpy(dtype=bool)
    named = points["row"].notna().to_numpy()
    for column, (key, _) in enumerate(panels, start=1):
        inside = (points["panel"] == key).to_numpy()
        first = column == 1
        _points(chart, column, points[inside & ~clear], words["unclear"], UNCLEAR, "circle", shown=first)
        _points(chart, column, points[inside & clear & ~named], words["other"], OTHER, "circle", shown=first)
        for row, name in enumerate(names):
            own = points[inside & clear & (points["row"] == row).fillna(False).to_numpy(dtype=bool)]
            look = COLOURS[row % len(COLOURS)], SYMBOLS[row] + ("" if row < len(COLOURS) else "-open")
            if len(own):
                _points(chart, column, own, name, *look, shown=True)
    chart.update_xaxes(visible=False, range=[-1.08, 1.08])
    chart.update_yaxes(visible=False, range=[-1.08, 1.08])
    chart.update_layout(
        title={"text": "<br>".join(plain(line) for line in common.wrap(words["title"], 60, 3).split("\n"))},
        height=640,
        plot_bgcolor=palette.PAPER,
        paper_bgcolor=palette.PAPER,
        font={"family": f"{fonts.FAMILY}, sans-serif", "color": palette.INK, "size": 13},
        hoverlabel={"align": "left", "bgcolor": palette.PAPER},
        legend={"itemsizing": "constant"},
        margin={"l": 10, "r": 10, "b": 10},
    )
    return chart


def plain(text: str) -> str:
    """`text` as plotly shows it literally: no markup, no mathematics, no marks of writing direction."""
    return escape(common.clean(text), quote=False).replace("$", "&#36;")


def _points(chart: "Figure", column: int, own: pd.DataFrame, name: str, colour: str, symbol: str, shown: bool) -> None:
    from plotly.graph_objects import Scatter

    if own.empty:
        return
    said = [
        "<br>".join(plain(line) for line in [*common.wrap(text, _LINE, _LINES).split("\n"), identity])
        for text, identity in zip(own["said"], own["id"], strict=True)
    ]
    label = plain(common.wrap(name, 24, 1))
    chart.add_trace(
        Scatter(
            x=own["x"].tolist(),
            y=own["y"].tolist(),
            ids=own["id"].tolist(),
            mode="markers",
            name=label,
            legendgroup=label,
            showlegend=shown,
            marker={"color": colour, "symbol": symbol, "size": 7},
            hovertext=said,
            hoverinfo="text",
        ),
        row=1,
        col=column,
    )
