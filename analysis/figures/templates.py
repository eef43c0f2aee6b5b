"""What was answered each day: the three most used texts, other texts used again, and replies of their own."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("first", "second", "third", "others", "own")
COLOURS = (*palette.SERIES[:3], palette.VOLUME_PARTIAL, palette.TINT)
MOST_NAMED = 9
"""Days that are named below their bars."""


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """A stacked bar per row, in order. `rows`: day (ISO text), and a count for each of KINDS. `words`: title, axis and
    a name for each of KINDS.
    """
    from matplotlib.patches import Patch

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.9)
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        places, bottom = np.arange(len(rows)), np.zeros(len(rows))
        for kind, colour in zip(KINDS, COLOURS, strict=True):
            count = rows[kind].to_numpy(dtype="float64")
            axes.bar(places, count, 0.8, bottom=bottom, color=colour, edgecolor=palette.MUTED, linewidth=0.4)
            bottom += count
        common.count_axis(axes, float(bottom.max(initial=0.0)), lang)
        axes.set_ylabel(common.clean(words["axis"]))
        every = max(1, -(-len(rows) // MOST_NAMED))
        named = places[::every]
        days = [pd.Timestamp(day) for day in rows["day"].iloc[::every]]
        axes.set_xticks(named, [numbers.day(day, lang) for day in days])
        axes.set_xlim(-0.6, max(len(rows), 1) - 0.4)
        chart.legend(
            [Patch(facecolor=colour, edgecolor=palette.MUTED, linewidth=0.4) for colour in COLOURS],
            [common.wrap(words[kind], 20, 1) for kind in KINDS],
            loc="outside lower left",
            ncols=3,
            handlelength=1.4,
            columnspacing=1.4,
            borderpad=0.1,
        )
        return chart
