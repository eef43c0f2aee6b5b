"""What each cause cost: a panel a measure, a dot and its interval a cause, the other complaints beside it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
PANELS = 4
_HOLLOW: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 4,
    "markerfacecolor": palette.PAPER,
    "markeredgecolor": palette.INK,
    "markeredgewidth": 0.9,
}


def draw(rows: pd.DataFrame, *, words: dict[str, str], lang: str) -> "Figure":
    """One line a cause, in the order given, and one panel a measure, side by side.

    `rows`: panel (its heading), unit ("share" or "hours"), cause (text), value, low, high (null where refused), rest
    (the same among the other complaints; null where there is none), costlier (bool), note (what is written where there
    is no value). `words`: title, rest (the hollow marker), costlier, alike (the dots). ValueError for more than MOST
    causes or PANELS panels.
    """
    from matplotlib.lines import Line2D

    from analysis.figures.chart import Chart

    causes, panels = (list(dict.fromkeys(rows[name])) for name in ("cause", "panel"))
    if len(causes) > MOST or len(panels) > PANELS:
        raise ValueError(f"{len(causes)} causes in {len(panels)} panels: give at most {MOST} in {PANELS}")
    with style.look():
        chart = Chart(1.35 + 0.36 * max(len(causes), 1))
        common.title(chart, words["title"])
        chart.get_layout_engine().set(wspace=0.05)  # type: ignore[union-attr, call-arg]
        drawn = chart.subplots(1, max(len(panels), 1), sharey=True, squeeze=False)[0]
        for axes, name in zip(drawn, panels, strict=False):
            _panel(axes, rows[rows["panel"] == name], causes, lang)
            width = style.WIDTH * 0.62 / len(panels) * common.POINTS / style.BODY
            axes.set_title(common.wrap(name, width, 3), fontsize=style.BODY)
        drawn[0].set_yticks(range(len(causes)), [common.wrap(cause, 16, 2) for cause in causes], color=palette.INK)
        drawn[0].set_ylim(max(len(causes), 1) - 0.4, -0.6)
        dot: dict[str, Any] = {"linestyle": "none", "marker": "o", "markersize": 5}
        handles = [Line2D([], [], color=palette.VOLUME, label=common.clean(words["alike"]), **dot)]
        if rows["costlier"].any():
            label = common.clean(words["costlier"])
            handles.append(Line2D([], [], color=palette.STATUS["bad"], label=label, **dot))
        if rows["rest"].notna().any():
            handles.append(Line2D([], [], label=common.clean(words["rest"]), **_HOLLOW))
        chart.legend(handles=handles, loc="outside lower right", ncols=len(handles), handletextpad=0.2)
        return chart


def _panel(axes: "Axes", rows: pd.DataFrame, causes: list[str], lang: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    unit = str(rows["unit"].iloc[0])
    numbers_ = rows[["value", "low", "high", "rest"]].to_numpy(dtype=float)
    most = np.nanmax(numbers_) if not np.isnan(numbers_).all() else 0.0
    axes.set_xlim(0, max(most * 1.12, 0.05 if unit == "share" else 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: numbers.value(round(x, 6), unit, lang) if unit != "share" or x <= 1 else "")
    )
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    for row in rows.to_dict("records"):
        place = causes.index(row["cause"])
        if pd.isna(row["value"]):
            axes.annotate(
                common.wrap(row["note"], 13, 2),
                (0, place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                color=palette.MUTED,
                fontsize=style.SMALL,
                linespacing=1.1,
            )
            continue
        colour = palette.STATUS["bad"] if row["costlier"] else palette.VOLUME
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=2.2, alpha=0.5, zorder=2)
        if pd.notna(row["rest"]):
            axes.plot([row["rest"]], [place], zorder=3, **_HOLLOW)
        axes.plot([row["value"]], [place], "o", color=colour, markersize=5, zorder=4)
