"""What a threshold buys: hours before the peak against alarms for nothing, a point for each threshold."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from analysis.figures.chart import Chart


def draw(table: pd.DataFrame, *, chosen: float, words: dict[str, str], lang: str) -> "Chart":
    """One point per row of `table`, joined in order of threshold; that of `chosen` is filled.

    `table`: threshold, lead_hours, false_per_month, false_low, false_high; rows with a null lead or rate are not drawn.
    `words`: title, lead, false, threshold.
    """
    from matplotlib.ticker import FuncFormatter

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.9)
        common.title(chart, words["title"])
        axes = chart.subplots()
        known = table.dropna(subset=["lead_hours", "false_per_month"]).sort_values("threshold")
        rate, lead = known["false_per_month"].to_numpy(float), known["lead_hours"].to_numpy(float)
        spread = (known["false_low"].to_numpy(float), known["false_high"].to_numpy(float))
        axes.hlines(lead, *spread, color=palette.MUTED, linewidth=1.0, alpha=0.6, zorder=1)
        axes.plot(rate, lead, color=palette.BRAND, linewidth=1.2, zorder=2)
        for row in known.to_dict("records"):
            own = row["threshold"] == chosen
            axes.plot(
                [row["false_per_month"]],
                [row["lead_hours"]],
                "o",
                color=palette.ONSET if own else palette.BRAND,
                markerfacecolor=palette.ONSET if own else palette.PAPER,
                markersize=7 if own else 5,
                zorder=3,
            )
            axes.annotate(
                f"{row['threshold']:g}",
                (row["false_per_month"], row["lead_hours"]),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                color=palette.ONSET if own else palette.INK,
                fontsize=style.SMALL,
                fontweight="bold" if own else "normal",
            )
        low, high = (float(lead.min()), float(lead.max())) if len(lead) else (0.0, 1.0)
        room = max((high - low) * 0.25, 0.5)
        axes.set_ylim(low - room, high + 1.6 * room)
        widest = max(float(spread[1].max()) if len(lead) else 1.0, 1.0)
        axes.set_xlim(-0.03 * widest, 1.05 * widest)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: numbers.value(round(y, 6), "hours", lang)))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axes.set_title(common.clean(words["lead"]), pad=4)
        axes.set_xlabel(f"{common.clean(words['false'])} · {common.clean(words['threshold'])}")
        axes.grid(axis="both")
        return chart
