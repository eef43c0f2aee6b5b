"""Each cause over time, one small panel each, with the interval in which it took off."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 8
NAMES = 17
"""Ems that a cause's name may be wide."""


def draw(
    rows: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    marks: Sequence[tuple[datetime, str]],
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """One panel per row of `rows`, in the order given, at most MOST (ValueError for more), each on a scale of its own.

    `rows`: name, role (short text, may be empty), low, high (UTC; null where it did not take off). `counts`: row (place
    in `rows`), start, end (UTC, half-open, in order), mentions (null where not seen). `marks`: lines through all
    panels with their names. `words`: title, mentions, took_off, time, unseen.
    """
    from analysis.figures.chart import Chart

    if len(rows) > MOST:
        raise ValueError(f"{len(rows)} causes are too many for one figure: give at most {MOST}")
    if rows.empty or counts.empty:
        raise ValueError("no cause to draw")
    with style.look():
        chart = Chart(1.35 + 0.52 * len(rows))
        common.title(chart, words["title"])
        chart.get_layout_engine().set(hspace=0.02, h_pad=0.02)  # type: ignore[union-attr, call-arg]
        panels = chart.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
        span = counts["start"].min().to_pydatetime(), counts["end"].max().to_pydatetime()
        for number, (axes, row) in enumerate(zip(panels, rows.to_dict("records"), strict=True)):
            _panel(axes, counts[counts["row"] == number], row, lang)
            for moment, _ in marks:
                axes.axvline(
                    common.place([moment])[0], color=palette.INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=3
                )
            axes.tick_params(axis="x", bottom=number == len(rows) - 1, labelbottom=number == len(rows) - 1)
        common.time_axis(panels[-1], span, zone, lang, words["time"])
        _name_marks(panels[0], marks, span)
        unseen = bool(counts["mentions"].isna().any())
        took = bool(rows["low"].notna().any())
        _legend(chart, words, unseen=unseen, took=took)
        return chart


def _panel(axes: "Axes", counts: pd.DataFrame, row: dict, lang: str) -> None:
    edges, (mentions,) = common.steps(counts, "mentions")
    top = max(float(np.nanmax(mentions)) if not np.isnan(mentions).all() else 0.0, 1.0)
    axes.stairs(mentions, edges, fill=True, color=palette.VOLUME)
    blind = counts.assign(state=np.where(counts["mentions"].isna(), "unseen", "seen"))
    for start, end in common.runs(blind, "unseen"):
        axes.axvspan(start, end, facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0, zorder=1)
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        low, high = common.place([row["low"].to_pydatetime(), row["high"].to_pydatetime()])
        axes.plot([low, high], [top * 1.22] * 2, color=palette.ONSET, linewidth=3.2, solid_capstyle="butt", zorder=4)
        axes.plot([low, high], [top * 1.22] * 2, "|", color=palette.INK, markersize=6, markeredgewidth=1.0, zorder=5)
    axes.set_ylim(0, top * 1.45)
    axes.set_yticks([0, top], ["0", numbers.value(top, "count", lang)])
    axes.set_ylabel(
        common.wrap(row["name"], NAMES, 2),
        rotation=0,
        ha="right",
        va="center",
        color=palette.INK,
        fontsize=style.BODY,
        linespacing=1.2,
        labelpad=4,
    )
    axes.annotate(
        common.wrap(row["role"], 13, 3),
        (1.0, 0.5),
        xycoords="axes fraction",
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        ha="left",
        color=palette.MUTED,
        fontsize=style.SMALL,
        linespacing=1.2,
    )


def _name_marks(axes: "Axes", marks: Sequence[tuple[datetime, str]], span: tuple[datetime, datetime]) -> None:
    """The names of the lines above the first panel; where two would run into each other, one on a second line."""
    width = (span[1] - span[0]).total_seconds()
    taken: list[tuple[float, float, int]] = []
    for moment, name in sorted(marks):
        text = common.wrap(name, 16, 1)
        at = (moment - span[0]).total_seconds() / width
        half = common.ems(text) * style.SMALL / common.POINTS / (style.WIDTH * 0.62) / 2 + 0.005
        centre = min(max(at, half), 1 - half)
        busy = {level for low, high, level in taken if low < centre + half and centre - half < high}
        level = next(level for level in range(len(taken) + 1) if level not in busy)
        taken.append((centre - half, centre + half, level))
        axes.annotate(
            text,
            (centre, 1.0),
            xycoords="axes fraction",
            xytext=(0, 2 + level * (style.SMALL + 2)),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=palette.INK,
            fontsize=style.SMALL,
        )


def _legend(chart: "Figure", words: dict[str, str], *, unseen: bool, took: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[tuple[Patch | Line2D, str]] = [(Patch(facecolor=palette.VOLUME), words["mentions"])]
    if took:
        handles.append((Line2D([], [], color=palette.ONSET, linewidth=3.2), words["took_off"]))
    if unseen:
        handles.append((Patch(facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0), words["unseen"]))
    texts = [common.clean(text) for _, text in handles]
    wide = sum(common.ems(text) + 4.5 for text in texts) * style.SMALL > common.POINTS * style.WIDTH * 0.92
    chart.legend(
        [handle for handle, _ in handles],
        texts,
        loc="outside lower left",
        ncols=1 if wide else len(handles),
        handlelength=1.8,
        columnspacing=1.4,
        borderpad=0.1,
    )
