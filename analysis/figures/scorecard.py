"""What replies did: a bar per act, the share of replies with its interval."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """One bar per row, in the order given. `rows`: name, share, low, high (fractions; bounds null where not known).
    `words`: title, share (the axis)."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(0.95 + 0.23 * max(len(rows), 1))
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        share, low, high = (
            rows[column].to_numpy(dtype="float64", na_value=np.nan) for column in ("share", "low", "high")
        )
        places = np.arange(len(rows))
        axes.barh(places, share, height=0.62, color=palette.VOLUME)
        axes.hlines(places, low, high, color=palette.INK, linewidth=1.1, zorder=3)
        for place in places[~np.isnan(share)]:
            axes.text(
                1.01,
                place,
                numbers.value(share[place], "share", lang),
                transform=axes.get_yaxis_transform(),
                va="center",
                fontweight="bold",
                color=palette.INK,
            )
        axes.set_yticks(places, [common.wrap(name, 22, 2) for name in rows["name"]], color=palette.INK)
        axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        axes.set_xlim(0, min(1.0, max(np.nanmax([*share, *high, 0.0]) * 1.04, 0.05)))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: numbers.value(round(min(x, 1), 6), "share", lang)))
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(common.clean(words["share"]))
        axes.grid(axis="x")
        return chart
