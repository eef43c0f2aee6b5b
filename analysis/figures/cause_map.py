"""Where mentions lie among the causes: points by cause, each cause named at its centre."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 8
COLOURS = palette.SERIES[:4]
MARKERS = "os^DvPX*"
"""One for each cause: with half of them hollow, causes are told apart without colour."""
OTHER, UNCLEAR = palette.HATCH, palette.RULE
_HEIGHT = 4.3
_EDGE = 1.12
_REACHES = (8, 26, 44, 62)
"""Points between a centre and its name; from the second on a line joins them."""
_NAMES = 13
"""Ems that a name may be wide, in two lines."""
_AROUND = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)]
"""Where a name may stand from its centre: above, below, right, left, then aslant."""


def draw(
    points: pd.DataFrame,
    names: Sequence[str],
    *,
    panels: Sequence[tuple[str, str]],
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """One panel for each of `panels`, (key, heading): points that can be compared with each other only.

    `points`: x, y (within −1 and 1), panel (a key), row (place in `names`; null: a cause without a name here), clear
    (bool: whether it surely belongs to its cause). `names` are at most MOST (ValueError for more). `words`: title,
    other, unclear, near (what nearness means, under the panels).
    """
    from analysis.figures.chart import Chart

    if len(names) > MOST:
        raise ValueError(f"{len(names)} causes are too many to name: give at most {MOST}")
    if points.empty or not panels:
        raise ValueError("no mention to draw")
    with style.look():
        chart = Chart(_HEIGHT + 1.15)
        common.title(chart, words["title"])
        weights = [max(int((points["panel"] == key).sum()), len(points) / 4) for key, _ in panels]
        drawn = chart.subplots(1, len(panels), squeeze=False, width_ratios=weights)[0]
        for axes, (key, heading), weight in zip(drawn, panels, weights, strict=True):
            width = style.WIDTH * common.POINTS * weight / sum(weights) - 8
            axes.set_title(common.wrap(heading, width / style.BODY, 1))
            _panel(axes, points[points["panel"] == key], names, (width, (_HEIGHT - 0.3) * common.POINTS))
        chart.supxlabel(
            common.wrap(words["near"], style.WIDTH * common.POINTS / style.SMALL - 2, 2),
            x=0.008,
            ha="left",
            fontsize=style.SMALL,
            color=palette.MUTED,
        )
        _legend(drawn[-1], points, words)
        return chart


def _panel(axes: "Axes", points: pd.DataFrame, names: Sequence[str], size: tuple[float, float]) -> None:
    axes.set(xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=palette.RULE)
    named = points["row"].notna().to_numpy()
    clear = points["clear"].to_numpy(dtype=bool)
    for kept, colour, area in ((~clear, UNCLEAR, 5.0), (clear & ~named, OTHER, 7.0)):
        axes.scatter(points["x"][kept], points["y"][kept], s=area, c=colour, linewidths=0, zorder=1)
    centres: dict[int, tuple[float, float]] = {}
    for row in range(len(names)):
        own = points[(points["row"] == row).fillna(False).to_numpy(dtype=bool) & clear]
        if len(own):
            look = _look(row)
            axes.scatter(own["x"], own["y"], s=13, linewidths=0.6, alpha=0.85, zorder=2, **look)
            centres[row] = _centre(own)
    _name(axes, points[["x", "y"]].to_numpy(dtype=float), centres, names, size)


def _look(row: int) -> dict[str, Any]:
    colour = COLOURS[row % len(COLOURS)]
    face = colour if row < len(COLOURS) else palette.PAPER
    return {"marker": MARKERS[row], "facecolors": face, "edgecolors": colour}


def _centre(own: pd.DataFrame) -> tuple[float, float]:
    """The point of `own` nearest its medians: a centre between two clouds would lie in neither."""
    places = own[["x", "y"]].to_numpy(dtype=float)
    x, y = places[np.abs(places - np.median(places, axis=0)).sum(axis=1).argmin()]
    return float(x), float(y)


class _Box(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float

    def over(self, other: "_Box") -> float:
        """The area that both cover, in square points."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(wide, 0.0) * max(high, 0.0)

    def holds(self, points: np.ndarray) -> int:
        """How many of `points` (n, 2) lie in it."""
        x, y = points.T
        return int(((x > self.left) & (x < self.right) & (y > self.bottom) & (y < self.top)).sum())


def _name(
    axes: "Axes",
    places: np.ndarray,
    centres: dict[int, tuple[float, float]],
    names: Sequence[str],
    size: tuple[float, float],
) -> None:
    """A larger mark at each centre and the cause's name beside it, where it covers least of names, marks and points."""
    from matplotlib.patheffects import withStroke

    def onto(place: np.ndarray | tuple[float, float]) -> np.ndarray:
        return (np.asarray(place, float) + _EDGE) / (2 * _EDGE) * size

    halo = [withStroke(linewidth=2.4, foreground=palette.PAPER)]
    at, points = {row: onto(centre) for row, centre in centres.items()}, onto(places)
    marks = {row: _Box(x - 6, y - 6, x + 6, y + 6) for row, (x, y) in at.items()}
    taken: list[_Box] = []
    for row, (x, y) in at.items():
        text = common.wrap(names[row], _NAMES, 2)
        lines = text.split("\n")
        half = max(common.ems(line, bold=True) for line in lines) * style.BODY / 2 + 2, len(lines) * style.BODY * 0.65
        blocked = [*taken, *(mark for other, mark in marks.items() if other != row)]
        standing = [
            (reach, dx, dy, _Box(x + dx - half[0], y + dy - half[1], x + dx + half[0], y + dy + half[1]))
            for reach in _REACHES
            for dx, dy in ((right * (half[0] + reach), up * (half[1] + reach)) for right, up in _AROUND)
        ]
        costs = [
            sum(box.over(other) for other in blocked) + _outside(box, size) + box.holds(points) + reach / 2
            for reach, _, _, box in standing
        ]
        reach, dx, dy, box = standing[int(np.argmin(costs))]
        taken.append(box)
        axes.scatter(*centres[row], s=62, linewidths=1.4, zorder=4, path_effects=halo, **_look(row))
        axes.annotate(
            text,
            centres[row],
            xytext=(dx, dy),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=style.BODY,
            fontweight="bold",
            color=palette.INK,
            linespacing=1.2,
            path_effects=halo,
            zorder=5,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": palette.MUTED, "linewidth": 0.6} if reach > _REACHES[0] else None,
        )


def _outside(box: _Box, size: tuple[float, float]) -> float:
    """Square points of `box` beyond a panel of that size, which weigh ten times as much as those over a name."""
    wide, high = box.right - box.left, box.top - box.bottom
    return 10 * (wide * high - box.over(_Box(0, 0, *size)))


def _legend(axes: "Axes", points: pd.DataFrame, words: dict[str, str]) -> None:
    from matplotlib.lines import Line2D

    clear = points["clear"].to_numpy(dtype=bool)
    shown = {
        "other": (OTHER, (clear & points["row"].isna().to_numpy()).any()),
        "unclear": (UNCLEAR, (~clear).any()),
    }
    handles = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=4.5,
            markeredgewidth=0,
            color=colour,
            label=common.clean(words[word]),
        )
        for word, (colour, present) in shown.items()
        if present
    ]
    if handles:
        axes.legend(
            handles=handles,
            loc="lower right",
            bbox_to_anchor=(1.0, 1.0),
            ncols=len(handles),
            borderaxespad=0.1,
            borderpad=0.1,
            handletextpad=0.1,
        )
