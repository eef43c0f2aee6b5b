"""How far off the prediction was in quiet stretches, one dot each, and in the incident."""

from typing import TYPE_CHECKING

import numpy as np

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PLACES = 40
"""Dots closer than a fortieth of the axis stand on each other."""


def draw(ratios: list[float], own: float, *, words: dict[str, str], lang: str) -> "Figure":
    """Dots on one logarithmic axis of observed / expected; the incident as a diamond.

    `ratios`: one for each quiet stretch, `own`: the incident's, both above 0. `words`: title, quiet, own, axis.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.3)
        common.title(chart, words["title"])
        panel = chart.subplots()
        places = np.log(np.maximum([*ratios, own], 1e-6))
        low, high = float(min(places.min(), -0.1)), float(max(places.max(), 0.1))
        margin = 0.08 * (high - low)
        panel.set_xlim(low - margin, high + margin)
        heights = _stacked(places[:-1], (high - low) / _PLACES)
        top = max([1, *heights]) + 1.0
        panel.set_ylim(0.2, top + 0.8)
        panel.set_yticks([])
        panel.spines["left"].set_visible(False)
        panel.axvline(0, color=palette.MUTED, linewidth=0.8)
        panel.plot(places[:-1], heights, "o", color=palette.VOLUME, markersize=5, markeredgecolor=palette.PAPER)
        panel.plot([places[-1]], [1], "D", color=palette.ONSET, markersize=7, zorder=4)
        _name(panel, words["own"], (float(places[-1]), 1.45), (low, high), palette.ONSET)
        _name(panel, words["quiet"], (float(np.median(places[:-1])), top - 0.1), (low, high), palette.BRAND)
        _ticks(panel, low, high, lang)
        panel.set_xlabel(common.clean(words["axis"]))
        return chart


def _stacked(places: np.ndarray, step: float) -> list[float]:
    """A height for each place, so that no two dots within a step of each other share one."""
    heights: list[float] = []
    for index, place in enumerate(places):
        taken = {heights[other] for other in range(index) if abs(places[other] - place) < step}
        heights.append(next(height for height in np.arange(1.0, len(places) + 2.0, 0.5) if height not in taken))
    return heights


def _name(panel: "Axes", text: str, at: tuple[float, float], span: tuple[float, float], colour: str) -> None:
    place = (at[0] - span[0]) / (span[1] - span[0])
    side = "left" if place < 0.25 else "right" if place > 0.75 else "center"
    panel.annotate(
        common.wrap(text, 30, 1),
        at,
        ha=side,
        va="bottom",
        color=colour,
        fontsize=style.SMALL,
        fontweight="bold",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none"},
    )


def _ticks(panel: "Axes", low: float, high: float, lang: str) -> None:
    """Ratios that read well, no more than seven of them."""
    steps = [0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000]
    inside = [step for step in steps if low - 1e-9 <= np.log(step) <= high + 1e-9]
    room = (high - low) / 10
    kept: list[float] = [1.0]
    for step in sorted(inside, key=lambda value: abs(np.log(value)), reverse=True):
        if all(abs(np.log(step / other)) >= room for other in kept):
            kept.append(step)
    kept.sort()
    panel.set_xticks(np.log(kept).tolist(), [numbers.value(step, "ratio", lang) for step in kept])
