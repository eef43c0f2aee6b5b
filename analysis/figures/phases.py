"""Before, during and after: negative share and net sentiment, each with its interval."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UNITS = {"negative": "share", "net": "net"}


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """Two panels side by side, one line per phase.

    `rows`: panel ("negative" or "net"), phase (text, in order), value, low, high (fractions; null where refused), note
    (what is written where there is no value). `words`: title, negative, net.
    """
    from analysis.figures.chart import Chart

    with style.look():
        phases = list(dict.fromkeys(rows["phase"]))
        chart = Chart(1.0 + 0.32 * max(len(phases), 1))
        common.title(chart, words["title"])
        chart.get_layout_engine().set(wspace=0.06)  # type: ignore[union-attr, call-arg]
        panels = chart.subplots(1, 2, sharey=True, squeeze=False)[0]
        for axes, name in zip(panels, UNITS, strict=True):
            _panel(axes, rows.loc[rows["panel"] == name], phases, UNITS[name], lang)
            axes.set_title(common.wrap(words[name], style.WIDTH * 0.42 * common.POINTS / style.BODY, 2))
        panels[0].set_yticks(range(len(phases)), [common.wrap(phase, 18, 2) for phase in phases], color=palette.INK)
        panels[0].set_ylim(len(phases) - 0.4, -0.6)
        return chart


def _panel(axes: "Axes", rows: pd.DataFrame, phases: list[str], unit: str, lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    colour = palette.SENTIMENT["negative"] if unit == "share" else palette.BRAND
    axes.set_xlim((0, 1) if unit == "share" else (-1, 1))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: numbers.value(round(x, 6), unit, lang)))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    if unit == "net":
        axes.axvline(0, color=palette.MUTED, linewidth=0.8)
    for row in rows.to_dict("records"):
        place = phases.index(row["phase"])
        if pd.isna(row["value"]):
            left = axes.get_xlim()[0]
            note = common.wrap(row["note"], 34, 2)
            axes.text(left, place, f" {note}", va="center", color=palette.MUTED, fontsize=style.SMALL)
            continue
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2.2, alpha=0.45, zorder=2)
        axes.plot([row["value"]], [place], "o", color=colour, markersize=5, zorder=3)
        axes.annotate(
            numbers.value(row["value"], unit, lang),
            (row["value"], place),
            xytext=(0, 4.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=style.BODY,
            fontweight="bold",
            color=colour,
        )
