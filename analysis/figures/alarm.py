"""When it could have been known: mentions above, the alarm's score against its threshold below."""

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

_LANE = 0.14
"""Height of a label's row, as a share of the curve's."""


def draw(
    scores: pd.DataFrame,
    *,
    threshold: float,
    marks: list[tuple[datetime, str]],
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """Two panels over the span of `scores`, with a named vertical line at each mark.

    `scores`: start, knowable (UTC, in order), mentions and score (null where not seen or not judged). `words`: title,
    mentions, score, threshold, time.
    """
    from analysis.figures.chart import Chart

    with style.look():
        chart = Chart(3.6)
        common.title(chart, words["title"])
        volume, score = chart.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        table = scores.rename(columns={"knowable": "end"})
        edges, (mentions, values) = common.steps(table, "mentions", "score")
        volume.stairs(mentions, edges, color=palette.BRAND, linewidth=0.9, baseline=None)
        room = 1 + _LANE * (len(marks) + 0.5)  # above the curve, for the labels
        common.count_axis(volume, float(np.nanmax(mentions, initial=1.0)) * room, lang)
        volume.set_title(common.clean(words["mentions"]), pad=4)
        score.stairs(values, edges, color=palette.INK, linewidth=0.9, baseline=None)
        score.axhline(threshold, color=palette.ONSET, linewidth=1.0, linestyle=(0, (3, 2)))
        bottom, top = float(np.nanmin(values, initial=0.0)), float(np.nanmax(values, initial=threshold))
        score.set_ylim(max(bottom, -2 * threshold) - 0.1, top * 1.15)
        score.set_title(common.clean(words["score"]), pad=4)
        score.set_yticks([threshold], [common.wrap(words["threshold"], 14, 2)], color=palette.ONSET)
        span = scores["start"].iloc[0].to_pydatetime(), scores["knowable"].iloc[-1].to_pydatetime()
        _marks(volume, score, sorted(marks, key=lambda mark: mark[0]), span)
        common.time_axis(score, span, zone, lang, words["time"])
        return chart


def _marks(volume: "Axes", score: "Axes", marks: list[tuple[datetime, str]], span: tuple[datetime, datetime]) -> None:
    """Vertical lines through both panels; labels stand in the upper one, each on a row of its own."""
    first, last = common.place(span)
    inside = [(place, label) for (moment, label) in marks if first <= (place := common.place([moment])[0]) <= last]
    for row, (place, label) in enumerate(inside):
        for panel in (volume, score):
            panel.axvline(place, color=palette.ONSET, linewidth=1.0, linestyle=(0, (3, 2)))
        height = 1 - _LANE / 2 - row * _LANE / (1 + _LANE * len(inside))
        common.label_line(volume, place, height, label, leftward=place > (first + last) / 2)
