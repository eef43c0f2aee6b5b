"""How it died away: mentions above the ordinary hour by hour, the curve through them, and when half of it was gone."""

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

_LISTED = 8
"""Up to so many actions are listed under the chart; more are only numbered."""


def draw(
    hours: pd.DataFrame,
    *,
    half: datetime | None,
    waves: list[tuple[datetime, str]],
    actions: list[tuple[datetime, str]],
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """The excess of each hour as steps, with the fitted curve and its band.

    `hours`: start, end (UTC, in order), excess (null where not wholly seen), curve, low, high (null where none was
    fitted), state. `half`: when half was gone. `waves`: their peaks and numbers. `words`: title, excess, curve, half,
    unseen, partial, wave, time.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(3.4 + 0.17 * (len(actions) if len(actions) <= _LISTED else 0))
        common.title(chart, words["title"])
        lane, axes = chart.subplots(2, 1, sharex=True, height_ratios=(1, 9))
        edges, (excess, curve, low, high) = common.steps(hours, "excess", "curve", "low", "high")
        axes.stairs(excess, edges, fill=True, color=palette.VOLUME, alpha=0.7, baseline=0)
        sure = ~np.isnan(low)
        axes.stairs(
            np.where(sure, high, np.nan),
            edges,
            baseline=np.where(sure, low, 0.0),
            fill=True,
            color=palette.INK,
            alpha=0.18,
        )
        axes.stairs(curve, edges, baseline=None, color=palette.INK, linewidth=1.4)
        axes.axhline(0, color=palette.MUTED, linewidth=0.8)
        top = float(
            np.nanmax(
                [np.nanmax(excess, initial=1.0), min(np.nanmax(high, initial=1.0), 3 * np.nanmax(excess, initial=1.0))]
            )
        )
        common.count_axis(axes, top * 1.1, lang)
        axes.set_ylim(min(float(np.nanmin(excess, initial=0.0)) * 1.1, 0.0), top * 1.15)
        axes.set_title(common.clean(words["excess"]), pad=4)
        for state, hatch in (("unseen", "/////"), ("partial", "....")):
            for first, last in common.runs(hours, state):
                axes.axvspan(first, last, facecolor="none", edgecolor=palette.HATCH, hatch=hatch, linewidth=0, zorder=1)
        span = hours["start"].iloc[0].to_pydatetime(), hours["end"].iloc[-1].to_pydatetime()
        _half(axes, half, span, words)
        for when, number in waves:
            axes.annotate(
                common.clean(number), (common.place([when])[0], top * 1.04), ha="center", va="bottom",
                color=palette.ONSET, fontsize=style.SMALL, fontweight="bold",
            )  # fmt: skip
        _actions(lane, axes, [when for when, _ in actions])
        _legend(lane, set(hours["state"]), words, curve=bool(sure.any()), waves=bool(waves))
        common.time_axis(axes, span, zone, lang, words["time"])
        if 0 < len(actions) <= _LISTED:
            width = style.WIDTH * common.POINTS / style.SMALL - 4
            lines = [f"{number}  {common.wrap(name, width, 1)}" for number, (_, name) in enumerate(actions, start=1)]
            chart.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=style.SMALL, color=palette.MUTED)
        return chart


def _half(axes: "Axes", half: datetime | None, span: tuple[datetime, datetime], words: dict[str, str]) -> None:
    if half is None or not span[0] <= half < span[1]:
        return
    first, last = common.place(span)
    place = common.place([half])[0]
    axes.axvline(place, color=palette.ONSET, linewidth=1.2, linestyle=(0, (3, 2)))
    leftward = place > (first + last) / 2
    axes.annotate(
        common.wrap(words["half"], 22, 2), (place, 0.92), xycoords=("data", "axes fraction"),
        xytext=(-4 if leftward else 4, 0), textcoords="offset points", ha="right" if leftward else "left", va="top",
        color=palette.ONSET, fontsize=style.SMALL,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none", "alpha": 0.85},
    )  # fmt: skip


def _actions(lane: "Axes", axes: "Axes", moments: list[datetime]) -> None:
    """Numbered markers in the lane above the curve; those too close to tell apart share one."""
    lane.axis("off")
    lane.set_ylim(0, 1)
    first, last = lane.get_xlim() if not moments else (min(common.place(moments)), max(common.place(moments)))
    closest = max((last - first) * 0.03, 0.08)
    groups: list[list[int]] = []
    places = common.place(moments)
    for number, place in enumerate(places):
        if groups and place - places[groups[-1][0]] < closest:
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in groups:
        at = places[group[0]]
        axes.axvline(at, color=palette.MUTED, linewidth=0.7, linestyle=(0, (1, 2)))
        text = str(group[0] + 1) if len(group) == 1 else f"{group[0] + 1}–{group[-1] + 1}"
        lane.text(
            at, 0.3, text, ha="center", va="center", color=palette.PAPER, fontsize=style.SMALL, fontweight="bold",
            bbox={"boxstyle": "round,pad=0.25,rounding_size=0.8", "facecolor": palette.INK, "edgecolor": "none"},
        )  # fmt: skip


def _legend(lane: "Axes", states: set[str], words: dict[str, str], *, curve: bool, waves: bool) -> None:
    from matplotlib.artist import Artist
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries: list[tuple[Artist, str]] = [(Patch(facecolor=palette.VOLUME, alpha=0.7), words["seen"])]
    if curve:
        entries.append((Line2D([], [], color=palette.INK, linewidth=1.4), words["curve"]))
    if waves:
        entries.append(
            (Line2D([], [], color=palette.ONSET, marker="$1$", linestyle="none", markersize=6), words["wave"])
        )
    for state, hatch in (("unseen", "/////"), ("partial", "....")):
        if state in states:
            entries.append((Patch(facecolor="none", edgecolor=palette.HATCH, hatch=hatch, linewidth=0), words[state]))
    handles, texts = zip(*entries, strict=True)
    lane.legend(
        handles, [common.clean(text) for text in texts], loc="lower left", bbox_to_anchor=(-0.005, 1.0),
        ncols=min(len(texts), 3), borderaxespad=0.0, borderpad=0.2, handlelength=1.8, columnspacing=1.4,
    )  # fmt: skip
