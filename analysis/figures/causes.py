"""What it was about: the share of each cause, with its interval, against before."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """One bar per row, in the order given, at most MOST of them (ValueError for more: which to leave out is a choice).

    `rows`: name, share, low, high, before (fractions; low, high and before are null where not known) and, where there
    are such, unclear (bool): bars of no cause, drawn as hatches after the others. `words`: title, share (the axis),
    before (the hollow marker).
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from analysis.figures.chart import Chart

    if len(rows) > MOST:
        raise ValueError(f"{len(rows)} causes are too many for one figure: give at most {MOST}")
    with style.look():
        names = [common.wrap(name, 32, 2) for name in rows["name"]]
        chart = Chart(0.9 + 0.26 * max(len(rows), 1))
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        share, low, high, before = (
            rows[column].to_numpy(dtype="float64", na_value=np.nan) for column in ("share", "low", "high", "before")
        )
        places = np.arange(len(rows))
        left = rows["unclear"].to_numpy(dtype=bool) if "unclear" in rows else np.zeros(len(rows), dtype=bool)
        axes.barh(places[~left], share[~left], height=0.62, color=palette.VOLUME)
        axes.barh(
            places[left], share[left], height=0.62, color=palette.PAPER, edgecolor=palette.HATCH, hatch="/////", lw=0.8
        )
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
        if not np.isnan(before).all():
            axes.plot(
                before,
                places,
                linestyle="none",
                marker="D",
                markersize=4.5,
                markerfacecolor=palette.PAPER,
                markeredgecolor=palette.INK,
                markeredgewidth=1.0,
                zorder=4,
                label=common.clean(words["before"]),
            )
            axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.0, handletextpad=0.2)
        axes.set_yticks(places, names, color=palette.INK, linespacing=1.25)
        axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        axes.set_xlim(0, max(np.nanmax([*share, *high, *before, 0.0]) * 1.04, 0.02))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda x, _: numbers.value(round(x, 6), "share", lang) if x <= 1 else "")
        )
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(common.clean(words["share"]))
        axes.grid(axis="x")
        return chart
