"""Incidents over time: how severe each was, and how long half of it took to go."""

from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEVELS = (1, 2, 3, 4)
_LISTED = 10
"""Up to so many titles are listed under the chart; more are only numbered."""


def draw(rows: pd.DataFrame, *, zone: str, words: dict[str, str], lang: str) -> "Figure":
    """Severity above and half-lives below, an incident at its beginning, numbered in order.

    `rows`: title, start (UTC, in order), severity (1 to 4), half, low, high (hours; null where not known). `words`:
    title, severity, half, time, unknown (an incident without the value).
    """
    from analysis.figures.chart import Chart

    with style.look():
        listed = len(rows) if len(rows) <= _LISTED else 0
        chart = Chart(3.6 + 0.17 * listed)
        common.title(chart, words["title"])
        above, below = chart.subplots(2, 1, sharex=True, height_ratios=(5, 6))
        at = np.array(common.place(rows["start"].tolist()))
        room = max(np.ptp(at) * 0.06, 10.0)
        _severity(above, at, rows, words)
        _half_lives(below, at, rows, words, lang)
        wide = timedelta(days=ceil(room))
        first, last = rows["start"].min().to_pydatetime(), rows["start"].max().to_pydatetime()
        common.time_axis(below, (first - wide, last + wide), zone, lang, words["time"])
        if listed:
            width = style.WIDTH * common.POINTS / style.SMALL - 4
            lines = [f"{place}  {common.wrap(title, width, 1)}" for place, title in enumerate(rows["title"], start=1)]
            chart.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=style.SMALL, color=palette.MUTED)
        return chart


def _severity(axes: "Axes", at: np.ndarray, rows: pd.DataFrame, words: dict[str, str]) -> None:
    levels = rows["severity"].to_numpy(dtype=float)
    known = ~np.isnan(levels)
    axes.vlines(at[known], 0, levels[known], color=palette.VOLUME, linewidth=2)
    grave = levels >= 3
    for chosen, colour in ((known & ~grave, palette.VOLUME), (known & grave, palette.STATUS["bad"])):
        axes.plot(at[chosen], levels[chosen], "o", color=colour, markersize=6)
    for place, (x, level) in enumerate(zip(at, levels, strict=True), start=1):
        text = str(place) if not np.isnan(level) else f"{place} {words['unknown']}"
        axes.annotate(
            common.clean(text), (x, 0.0 if np.isnan(level) else level), xytext=(0, 6), textcoords="offset points",
            ha="center", color=palette.INK, fontsize=style.SMALL, fontweight="bold",
        )  # fmt: skip
    axes.set_ylim(0, 4.9)
    axes.set_yticks(LEVELS, [str(level) for level in LEVELS])
    axes.grid(axis="y")
    axes.set_title(common.clean(words["severity"]), pad=4)


def _half_lives(axes: "Axes", at: np.ndarray, rows: pd.DataFrame, words: dict[str, str], lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    half, low, high = (rows[name].to_numpy(dtype=float) for name in ("half", "low", "high"))
    known, bound = ~np.isnan(half), ~np.isnan(low) & ~np.isnan(high)
    axes.vlines(at[known & bound], low[known & bound], high[known & bound], color=palette.VOLUME, linewidth=2.2)
    axes.plot(at[known], half[known], "o", color=palette.INK, markersize=5)
    most = np.nanmax([np.nanmax(half, initial=1.0), np.nanmax(high, initial=1.0)])
    axes.set_ylim(0, most * 1.15)
    for place, (x, hours) in enumerate(zip(at, half, strict=True), start=1):
        if np.isnan(hours):
            axes.annotate(
                common.clean(f"{place} {words['unknown']}"), (x, 0), xytext=(0, 4), textcoords="offset points",
                ha="center", color=palette.MUTED, fontsize=style.SMALL,
            )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: numbers.value(round(max(y, 0), 6), "hours", lang)))
    axes.grid(axis="y")
    axes.set_title(common.clean(words["half"]), pad=4)
