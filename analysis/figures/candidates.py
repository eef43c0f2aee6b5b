"""Where incidents may lie: the whole archive with its candidates numbered, and one candidate against the ordinary."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from analysis.figures.chart import Chart

Numbered = tuple[int, datetime, datetime]
Panel = tuple[str, pd.DataFrame, list[Numbered]]


def overview(
    panels: list[Panel],
    *,
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Chart":
    """One panel a brand: its name, its intervals (start, end, UTC; mentions, state) and its candidates.

    A candidate is (number, start, end). `words`: title, time, partial, unseen, candidate.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(1.3 + 1.0 * len(panels))
        common.title(chart, words["title"])
        axes = np.atleast_1d(chart.subplots(len(panels), 1, sharex=True))
        start = min(table["start"].iloc[0] for _, table, _ in panels)
        end = max(table["end"].iloc[-1] for _, table, _ in panels)
        for panel, (name, table, found) in zip(axes, panels, strict=True):
            _volume(panel, table, lang, room=1.3)
            panel.set_title(common.wrap(name, 60, 1), pad=3)
            for number, first, last in found:
                low, high = common.place([first, last])
                panel.axvspan(low, high, color=palette.ONSET, alpha=0.25, linewidth=0, zorder=0.5)
                panel.annotate(
                    str(number),
                    ((low + high) / 2, 0.9),
                    xycoords=("data", "axes fraction"),
                    ha="center",
                    va="center",
                    color=palette.PAPER,
                    fontsize=style.SMALL,
                    fontweight="bold",
                    bbox={
                        "boxstyle": "round,pad=0.25,rounding_size=0.8",
                        "facecolor": palette.INK,
                        "edgecolor": "none",
                    },
                )
        common.time_axis(axes[-1], (start.to_pydatetime(), end.to_pydatetime()), zone, lang, words["time"])
        _legend(chart, words, states={state for _, table, _ in panels for state in table["state"]})
        return chart


def one(
    table: pd.DataFrame,
    *,
    span: tuple[datetime, datetime],
    peak: datetime | None,
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Chart":
    """A candidate: mentions per bin as steps, the ordinary level as a dashed line, its span tinted, its peak named.

    `table`: start, end (UTC), mentions (what was counted), ordinary, state. `words`: title, mentions, ordinary, time,
    partial, unseen, candidate, peak.
    """
    from matplotlib.lines import Line2D

    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(2.7)
        common.title(chart, words["title"])
        axes = chart.subplots()
        _volume(axes, table, lang, room=1.15)
        edges, (ordinary,) = common.steps(table, "ordinary")
        axes.stairs(ordinary, edges, baseline=None, color=palette.EXPECTED, linewidth=1.1, linestyle=(0, (4, 1.5)))
        low, high = common.place(span)
        axes.axvspan(low, high, color=palette.ONSET, alpha=0.18, linewidth=0, zorder=0.5)
        if peak is not None:
            place = common.place([peak])[0]
            first, last = common.place([table["start"].iloc[0], table["end"].iloc[-1]])
            axes.axvline(place, color=palette.ONSET, linewidth=1.0, linestyle=(0, (3, 2)))
            common.label_line(axes, place, 0.95, words["peak"], leftward=place > (first + last) / 2)
        axes.set_title(common.clean(words["mentions"]), pad=4)
        shown = table["start"].iloc[0].to_pydatetime(), table["end"].iloc[-1].to_pydatetime()
        common.time_axis(axes, shown, zone, lang, words["time"])
        level = Line2D([], [], color=palette.EXPECTED, linewidth=1.1, linestyle=(0, (4, 1.5)))
        _legend(chart, words, states=set(table["state"]), ordinary=level)
        return chart


def _volume(axes: "Axes", table: pd.DataFrame, lang: str, room: float) -> None:
    highest = float(table["mentions"].max()) if table["mentions"].notna().any() else 1.0
    edges, (mentions,) = common.steps(table, "mentions")
    partial = table.assign(mentions=table["mentions"].where(table["state"] == "partial"))
    axes.stairs(mentions, edges, fill=True, color=palette.VOLUME)
    axes.stairs(common.steps(partial, "mentions")[1][0], edges, fill=True, color=palette.VOLUME_PARTIAL)
    for start, end in common.runs(table, "unseen"):
        axes.axvspan(start, end, facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0, zorder=1)
    common.count_axis(axes, highest * room, lang)


def _legend(chart: "Figure", words: dict[str, str], *, states: set[str], ordinary: object = None) -> None:
    from matplotlib.patches import Patch

    handles: list = [(Patch(facecolor=palette.ONSET, alpha=0.3), words["candidate"])]
    if ordinary is not None:
        handles.append((ordinary, words["ordinary"]))
    if "partial" in states:
        handles.append((Patch(facecolor=palette.VOLUME_PARTIAL), words["partial"]))
    if "unseen" in states:
        handles.append((Patch(facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0), words["unseen"]))
    chart.legend(
        [handle for handle, _ in handles],
        [common.clean(text) for _, text in handles],
        loc="outside lower left",
        ncols=len(handles),
        borderaxespad=0.0,
        handlelength=1.8,
        columnspacing=1.4,
    )
