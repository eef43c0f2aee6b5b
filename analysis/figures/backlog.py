"""How many waited for a reply: arrivals and answers by hour above, what was open below."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE = 0.15
"""Height of a label's row, as a share of the curve's."""
_LABELS = 5
"""Marks beyond this have a line and no label: more would hide the curve."""


class Run(Protocol):
    """Hours in which it grew, UTC."""

    @property
    def start(self) -> pd.Timestamp: ...
    @property
    def end(self) -> pd.Timestamp: ...


def draw(
    hours: pd.DataFrame,
    *,
    grew: Sequence[Run],
    marks: list[tuple[datetime, str]],
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """Two panels over the span of `hours`, the runs of `grew` tinted, with a named vertical line at each mark.

    `hours`: hour (UTC, in order), arrivals, replies, open (null where not seen). `words`: title, flows, open, time.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(3.6)
        common.title(chart, words["title"])
        flows, waiting = chart.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        table = hours.assign(start=hours["hour"], end=hours["hour"] + pd.Timedelta(hours=1))
        edges, (arrivals, replies, left) = common.steps(table, "arrivals", "replies", "open")
        span = table["start"].iloc[0].to_pydatetime(), table["end"].iloc[-1].to_pydatetime()
        for panel in (flows, waiting):
            for run in grew:
                first, last = common.place([run.start, run.end])
                panel.axvspan(first, last, color=palette.ONSET, alpha=0.12, linewidth=0)
        flows.stairs(arrivals, edges, color=palette.ACCENT, linewidth=1.2, baseline=None)
        flows.stairs(replies, edges, color=palette.INK, linewidth=0.9, baseline=None)
        named = _inside(marks, span)
        room = 1 + _LANE * (min(len(named), _LABELS) + 0.5)
        common.count_axis(flows, _highest(arrivals, replies) * room, lang)
        flows.set_title(common.clean(words["flows"]), pad=4)
        waiting.stairs(left, edges, color=palette.BRAND, linewidth=1.2, baseline=None)
        common.count_axis(waiting, _highest(left), lang)
        waiting.set_title(common.clean(words["open"]), pad=4)
        _marks(flows, waiting, named, common.place(span))
        common.time_axis(waiting, span, zone, lang, words["time"])
        return chart


def _highest(*values: np.ndarray) -> float:
    """The largest of `values`, of which none may be known; at least 1."""
    return max(1.0, *(float(np.nan_to_num(row).max(initial=0.0)) for row in values))


def _inside(marks: list[tuple[datetime, str]], span: tuple[datetime, datetime]) -> list[tuple[float, str]]:
    first, last = common.place(span)
    placed = sorted((common.place([moment])[0], label) for moment, label in marks)
    return [(place, label) for place, label in placed if first <= place <= last]


def _marks(flows: "Axes", waiting: "Axes", marks: list[tuple[float, str]], span: tuple[float, ...]) -> None:
    rows = min(len(marks), _LABELS)
    for row, (place, label) in enumerate(marks):
        for panel in (flows, waiting):
            panel.axvline(place, color=palette.ONSET, linewidth=1.0, linestyle=(0, (3, 2)))
        if row < _LABELS:
            height = 1 - _LANE / 2 - row * _LANE / (1 + _LANE * rows)
            common.label_line(flows, place, height, label, leftward=place > (span[0] + span[1]) / 2)
