"""Who holds how much: curves from the author who holds most to the one who holds least."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (palette.ONSET, palette.BRAND)
_LEAST = 0.001
"""The axis begins at the first thousandth of the authors at most."""
_DASHES: tuple = ("-", (0, (4, 1.5)))


def draw(curves: dict[str, pd.DataFrame], *, words: dict[str, str], lang: str) -> "Figure":
    """Curves over the share of authors on a logarithmic axis, since what matters is the first few per cent.

    `curves`: name → authors, held (shares from 0 to 1, in order). `words`: title, authors, held, equal, and each name.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(3.0)
        common.title(chart, words["title"])
        panel = chart.subplots()
        least = max(min([0.01, *(float(curve["authors"].iloc[1]) for curve in curves.values())]), _LEAST)
        line = np.geomspace(least, 1, 50)
        panel.plot(line, line, color=palette.HATCH, linewidth=0.9, linestyle=(0, (1, 2)))
        for number, (name, curve) in enumerate(curves.items()):
            part = curve[curve["authors"] >= least * 0.999]
            panel.plot(part["authors"], part["held"], color=_COLOURS[number], linewidth=1.6, linestyle=_DASHES[number])
            _name(panel, words[name], curve, number, least)
        panel.annotate(
            common.wrap(words["equal"], 22, 2),
            (0.3, 0.3),
            xytext=(4, -4),
            textcoords="offset points",
            va="top",
            color=palette.MUTED,
            fontsize=style.SMALL,
        )
        panel.set_xscale("log")
        panel.set_xlim(least, 1)
        panel.minorticks_off()
        ticks = [tick for tick in (0.001, 0.01, 0.1, 0.5, 1.0) if tick >= least * 0.999]
        panel.set_xticks(ticks, [numbers.value(tick, "share", lang) for tick in ticks])
        panel.set_xlabel(common.clean(words["authors"]))
        common.percent_axis(panel, 1.0, lang)
        panel.set_title(common.clean(words["held"]), pad=4)
        return chart


def _name(panel: "Axes", text: str, curve: pd.DataFrame, number: int, least: float) -> None:
    """The curve's name beside it: the upper one to its left, the lower one to its right."""
    height = (0.62, 0.45)[number]
    place = float(np.interp(height, curve["held"], curve["authors"]))
    leftward = np.log(max(place, least) / least) > 0.4 * np.log(1 / least)
    panel.annotate(
        common.wrap(text, 16, 1),
        (max(place, least), height),
        xytext=(-6 if leftward else 6, 0),
        textcoords="offset points",
        ha="right" if leftward else "left",
        va="center",
        color=_COLOURS[number],
        fontsize=style.SMALL,
        fontweight="bold",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none", "alpha": 0.85},
    )
