"""Which mentions needed a reply: a bar per class of the triage, most urgent first."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """One bar per row, in the order given. `rows`: name, mentions, share (of all, 0 to 1). `words`: title, mentions."""
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(1.1 + 0.34 * max(len(rows), 1))
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        count = rows["mentions"].to_numpy(dtype="float64")
        places = np.arange(len(rows))
        axes.barh(places, count, height=0.62, color=palette.VOLUME)
        for place, mentions, share in zip(places, count, rows["share"], strict=True):
            axes.text(
                1.01,
                float(place),
                f"{numbers.value(mentions, 'count', lang)} · {numbers.value(float(share), 'share', lang)}",
                transform=axes.get_yaxis_transform(),
                va="center",
                fontweight="bold",
                color=palette.INK,
            )
        axes.set_yticks(places, [common.wrap(name, 22, 2) for name in rows["name"]], color=palette.INK)
        axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        axes.set_xlim(0, max(float(count.max(initial=0.0)) * 1.04, 1.0))
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_xlabel(common.clean(words["mentions"]))
        return chart
