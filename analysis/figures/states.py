"""How conversations ended: one stacked bar of states, and under it the bounds of the share that ended well."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {
    "resolved": palette.STATUS["good"],
    "redirected_unknown": palette.SHADES[2],
    "silent": palette.SHADES[1],
    "answered_open": palette.STATUS["warning"],
    "re_escalated": palette.STATUS["bad"],
    "unanswered": palette.MUTED,
}
HATCHED = ("redirected_unknown", "silent")
"""States of which nobody knows how they ended."""


def draw(rows: pd.DataFrame, *, limits: Sequence[Sequence[float]], words: dict[str, str], lang: str) -> "Figure":
    """`rows` in the order of the bar: name, state (a key of COLOURS), conversations, share (0 to 1, summing to 1).

    `limits`: (value, low, high) of the least and of the most share that ended well. `words`: title, limits, share.
    """
    from matplotlib.patches import Patch

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.3 + 0.24 * len(rows))
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        left = 0.0
        for row in rows.to_dict("records"):
            hatch = "////" if row["state"] in HATCHED else None
            axes.barh(
                0,
                row["share"],
                left=left,
                height=0.6,
                color=COLOURS[row["state"]],
                hatch=hatch,
                edgecolor=palette.PAPER,
            )
            left += row["share"]
        (least, least_low, _), (most, _, most_high) = limits
        axes.plot([least_low, most_high], [0.62, 0.62], color=palette.INK, linewidth=0.9, solid_capstyle="butt")
        axes.plot([least, most], [0.62, 0.62], color=palette.INK, linewidth=4.0, solid_capstyle="butt")
        for end in (least_low, most_high):
            axes.plot([end, end], [0.54, 0.70], color=palette.INK, linewidth=0.9)
        axes.text(
            0.0, 0.92, common.wrap(words["limits"], 46, 2), va="top", ha="left", color=palette.INK, fontsize=style.SMALL
        )
        handles = [
            Patch(
                facecolor=COLOURS[row["state"]],
                hatch="////" if row["state"] in HATCHED else None,
                edgecolor=palette.PAPER,
                label=f"{common.wrap(row['name'], 34, 1)}: {numbers.value(row['conversations'], 'count', lang)} · "
                f"{numbers.value(row['share'], 'share', lang)}",
            )
            for row in rows.to_dict("records")
        ]
        axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.0, -0.22), ncols=1, frameon=False)
        axes.set_xlim(0, 1)
        axes.set_ylim(1.25, -0.4)
        ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
        axes.set_xticks(ticks, [numbers.value(tick, "share", lang) for tick in ticks])
        axes.set_yticks([])
        axes.spines[["left"]].set_visible(False)
        axes.set_xlabel(common.clean(words["share"]))
        return chart
