"""How fast it was answered: the share answered by each hour after asking (Kaplan–Meier), as steps."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PAPER: dict[str, Any] = {"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none", "alpha": 0.85}
_STEPS = (1 / 60, 1 / 12, 1 / 6, 1 / 4, 1 / 2, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 720, 2160)
"""Hours between ticks that read well on a clock or a calendar."""


def draw(curve: pd.DataFrame, *, marks: list[tuple[float, str]], words: dict[str, str], lang: str) -> "Figure":
    """The curve from hour 0 on, with a named vertical line at each mark.

    `curve`: hours (in order), answered, low, high (fractions; low and high nullable). `marks`: (hours, label), such as
    what the plan promised. `words`: title, answered, hours (the axes), empty (written where the curve has no rows).
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.9)
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        hours = curve["hours"].to_numpy(dtype="float64")
        furthest = max([*hours, *(hour * 1.05 for hour, _ in marks), 1.0 if len(hours) == 0 else 1 / 60])
        axes.set_xlim(0, furthest)
        axes.set_ylim(0, 1)
        if len(hours) == 0:
            axes.text(
                0.5,
                0.5,
                common.wrap(words["empty"], 60, 3),
                ha="center",
                va="center",
                transform=axes.transAxes,
                bbox=_PAPER,
            )
        else:
            _curve(axes, curve, hours, furthest, lang)
        _marks(axes, sorted(marks), furthest)
        step = next((step for step in _STEPS if furthest / step <= 8), furthest / 4)
        ticks = np.arange(0, furthest * 1.0001, step)
        axes.set_xticks(ticks, ["0", *(numbers.value(tick, "hours", lang) for tick in ticks[1:])])
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: numbers.value(round(y, 6), "share", lang)))
        axes.grid(axis="y")
        axes.set_xlabel(common.clean(words["hours"]))
        axes.set_title(common.clean(words["answered"]), pad=4)
        return chart


def _curve(axes: "Axes", curve: pd.DataFrame, hours: np.ndarray, furthest: float, lang: str) -> None:
    answered, low, high = (
        curve[column].to_numpy(dtype="float64", na_value=np.nan) for column in ("answered", "low", "high")
    )
    axes.fill_between(hours, low, high, step="post", color=palette.ACCENT, alpha=0.18, linewidth=0)
    axes.step(hours, answered, where="post", color=palette.BRAND, linewidth=1.6)
    axes.annotate(
        numbers.value(answered[-1], "share", lang),
        (hours[-1], answered[-1]),
        xytext=(4, 0) if hours[-1] < furthest * 0.93 else (-2, 4 if answered[-1] < 0.85 else -12),
        textcoords="offset points",
        ha="left" if hours[-1] < furthest * 0.93 else "right",
        fontweight="bold",
        color=palette.BRAND,
        bbox=_PAPER,
        zorder=5,
    )


def _marks(axes: "Axes", marks: list[tuple[float, str]], furthest: float) -> None:
    """Vertical lines, each label beside its line on the lowest row that is free."""
    rows: list[float] = []
    for hour, label in marks:
        text = common.wrap(label, 30, 1)
        width = (common.ems(text) + 1) * style.SMALL / (common.POINTS * style.WIDTH * 0.9) * furthest
        leftward = hour + width > furthest
        left = hour - width if leftward else hour
        row = next((number for number, end in enumerate(rows) if end <= left), len(rows))
        rows[row : row + 1] = [max(left + width, hour)]
        axes.axvline(hour, color=palette.ONSET, linewidth=1.0, linestyle=(0, (3, 2)))
        axes.annotate(
            text,
            (hour, 0.03 + 0.09 * row),
            xytext=(-3 if leftward else 3, 0),
            textcoords="offset points",
            ha="right" if leftward else "left",
            color=palette.ONSET,
            fontsize=style.SMALL,
            bbox=_PAPER,
            zorder=5,
        )
