"""Causes against incidents: what contributed to which, and what came again."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 14
COLUMNS = 12


def draw(cells: pd.DataFrame, incidents: list[str], *, words: dict[str, str], lang: str) -> "Figure":
    """A row a cause in the order given, a column an incident in order of time; a cell holds the cause's share.

    `cells`: cause (text), again (bool: it contributed to several incidents), incident (its place in `incidents`),
    share. `words`: title, again, once. ValueError for more than MOST causes or COLUMNS incidents.
    """
    from matplotlib.patches import Patch

    from analysis.figures.chart import Chart

    causes = list(dict.fromkeys(cells["cause"]))
    if len(causes) > MOST or len(incidents) > COLUMNS:
        raise ValueError(f"{len(causes)} causes and {len(incidents)} incidents: give at most {MOST} and {COLUMNS}")
    with style.look():
        chart = Chart(1.5 + 0.3 * len(causes))
        common.title(chart, words["title"])
        axes = chart.subplots()
        for row in cells.to_dict("records"):
            x, y = int(row["incident"]), causes.index(row["cause"])
            colour = palette.STATUS["bad"] if row["again"] else palette.VOLUME
            strength = 0.25 + 0.65 * min(float(row["share"]) / 0.5, 1.0)
            axes.add_patch(
                # one unit a cell, with a gap between
                _square(x, y, colour, strength)
            )
            axes.text(
                x, y, numbers.value(float(row["share"]), "share", lang), ha="center", va="center", color=palette.INK,
                fontsize=style.SMALL,
                bbox={"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none", "alpha": 0.8},
            )  # fmt: skip
        width = style.WIDTH * 0.66 / max(len(incidents), 1) * common.POINTS / style.SMALL - 1
        heads = [common.wrap(name, max(width, 5), 3) for name in incidents]
        axes.set_xticks(np.arange(len(incidents)), heads, fontsize=style.SMALL, color=palette.INK)
        axes.set_yticks(np.arange(len(causes)), [common.wrap(name, 20, 2) for name in causes], color=palette.INK)
        axes.set_xlim(-0.5, len(incidents) - 0.5)
        axes.set_ylim(len(causes) - 0.5, -0.5)
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        handles = [Patch(facecolor=palette.VOLUME, alpha=0.7, label=common.clean(words["once"]))]
        if cells["again"].any():
            handles.insert(0, Patch(facecolor=palette.STATUS["bad"], alpha=0.7, label=common.clean(words["again"])))
        chart.legend(handles=handles, loc="outside lower right", ncols=len(handles))
        return chart


def _square(x: int, y: int, colour: str, strength: float):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.46, y - 0.42), 0.92, 0.84, facecolor=colour, alpha=strength, linewidth=0)
