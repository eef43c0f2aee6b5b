"""The first page's chart: how much was said, how negative it was, what was not seen, and what the organisation did."""

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
    from matplotlib.gridspec import GridSpec

LISTED = 6
"""Actions up to this many are listed under the chart; more are listed by the caller, in the numbers drawn here."""
MOST = 1_200
"""More intervals than this cannot be told apart in print."""


def draw(
    intervals: pd.DataFrame,
    *,
    band: pd.DataFrame | None,
    actions: list[tuple[datetime, str]],
    window: tuple[datetime, datetime],
    onset: tuple[datetime, datetime] | None,
    zone: str,
    words: dict[str, str],
    lang: str,
) -> "Figure":
    """Volume above, share of negative mentions below, over [first start, last end] of `intervals` and `window`.

    `intervals`: start, end (UTC, half-open, in order), mentions (null where not seen), negative_share, negative_low,
    negative_high (0 to 1, nullable), state (seen, partial, unseen). `band`: start (in order), expected, low, high, in
    mentions per interval. `actions` are numbered in order of time from 1. `words`: title, volume, negative, time,
    window, unseen, partial, expected, onset. Raises ValueError for more than MOST intervals: which longer ones to
    use is the caller's choice.
    """
    from analysis.figures.chart import Chart

    if len(intervals) > MOST:
        raise ValueError(f"{len(intervals)} intervals are too many for one figure: give at most {MOST}, longer ones")
    with style.look():
        listed = sorted(actions, key=lambda action: action[0])
        key = _key(listed)
        chart = Chart(4.1 + 0.13 * (key.count("\n") + 1 if key else 0))
        common.title(chart, words["title"])
        shown = _shown(intervals, window)
        span, tint = _pair(shown), _pair(window)
        turn = _pair(onset) if onset and shown[0] <= onset[0] <= shown[1] else None
        moments = common.place([moment for moment, _ in listed])
        lane, volume, negative = _panels(chart)
        named = _lane(lane, moments, turn, span, common.clean(words["onset"]))
        _volume(volume, intervals, band, lang)
        volume.set_title(common.clean(words["volume"]))
        _negative(negative, intervals, lang)
        negative.set_title(common.clean(words["negative"]))
        for panel in (volume, negative):
            _background(panel, intervals, None if tint == span else tint, turn)
            for moment in [moment for moment in moments if span[0] <= moment <= span[1]]:
                panel.axvline(moment, color=palette.INK, linewidth=0.6, linestyle=(0, (2, 2)), zorder=3)
        common.time_axis(negative, shown, zone, lang, words["time"])
        _legend(lane, words, _held(intervals, band, tinted=tint != span, onset=not named))
        if key:
            chart.supxlabel(key, x=0.005, ha="left", fontsize=style.SMALL, color=palette.INK, linespacing=1.3)
        return chart


def _shown(intervals: pd.DataFrame, window: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    if intervals.empty:
        return window
    return min(intervals["start"].iloc[0], window[0]), max(intervals["end"].iloc[-1], window[1])


def _pair(span: tuple[datetime, datetime]) -> common.Span:
    start, end = common.place(span)
    return start, end


def _panels(chart: "Figure") -> list["Axes"]:
    grid: GridSpec = chart.add_gridspec(3, 1, height_ratios=[0.16, 1.5, 1.0], hspace=0.0)
    negative = chart.add_subplot(grid[2])
    volume = chart.add_subplot(grid[1], sharex=negative)
    lane = chart.add_subplot(grid[0], sharex=negative)
    volume.tick_params(axis="x", labelbottom=False, bottom=False)
    lane.axis("off")
    lane.set_ylim(0.1, 1.3)
    return [lane, volume, negative]


def _lane(
    lane: "Axes",
    moments: tuple[float, ...],
    onset: common.Span | None,
    span: common.Span,
    text: str,
) -> bool:
    """Numbered markers; those too close to the first of them to tell apart share its marker, such as "4–6".

    The onset is named beside them; False where there is no room for that.
    """
    length = span[1] - span[0]
    taken = []
    for first, last in _groups(moments, length * 0.05):
        if not span[0] <= moments[first] <= span[1]:
            continue
        lane.text(
            moments[first],
            0.5,
            str(first + 1) if first == last else f"{first + 1}–{last + 1}",
            ha="center",
            va="center",
            color=palette.PAPER,
            fontsize=style.SMALL,
            fontweight="bold",
            bbox={"boxstyle": "round,pad=0.25,rounding_size=0.8", "facecolor": palette.INK, "edgecolor": "none"},
        )
        taken.append(moments[first])
    if onset is None:
        return True
    needed = length * (common.ems(text) * style.SMALL / (common.POINTS * style.WIDTH * 0.9))
    gap = length * 0.008
    free = [
        (moment, side)
        for moment, side, low, high in (
            (onset[1] + gap, "left", onset[1], onset[1] + gap + needed),
            (onset[0] - gap, "right", onset[0] - gap - needed, onset[0]),
        )
        if span[0] <= low
        and high <= span[1]
        and not any(low - length * 0.02 <= marker <= high + length * 0.02 for marker in taken)
    ]
    if free:
        lane.text(free[0][0], 0.5, text, ha=free[0][1], va="center", color=palette.ONSET, fontsize=style.SMALL)
    return bool(free)


def _groups(moments: tuple[float, ...], closest: float) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for place, moment in enumerate(moments):
        if groups and moment - moments[groups[-1][0]] < closest:
            groups[-1] = (groups[-1][0], place)
        else:
            groups.append((place, place))
    return groups


def _volume(axes: "Axes", intervals: pd.DataFrame, band: pd.DataFrame | None, lang: str) -> None:
    highest = 0.0
    if intervals["mentions"].notna().any():
        edges, (mentions,) = common.steps(intervals, "mentions")
        highest = float(np.nanmax(mentions))
        partial = intervals.assign(mentions=intervals["mentions"].where(intervals["state"] == "partial"))
        axes.stairs(mentions, edges, fill=True, color=palette.VOLUME)
        axes.stairs(common.steps(partial, "mentions")[1][0], edges, fill=True, color=palette.VOLUME_PARTIAL)
    if band is not None and not band.empty:
        table = band.assign(end=band["start"].shift(-1)).fillna({"end": band["start"].iloc[-1] + _width(intervals)})
        edges, (expected, low, high) = common.steps(table, "expected", "low", "high")
        sure = ~np.isnan(low) & ~np.isnan(high)
        top, bottom = np.where(sure, high, np.nan), np.where(sure, low, 0.0)
        axes.stairs(top, edges, baseline=bottom, fill=True, color=palette.EXPECTED, alpha=0.22, zorder=2.4)
        axes.stairs(
            expected, edges, baseline=None, color=palette.EXPECTED, linewidth=1.0, linestyle=(0, (4, 1.5)), zorder=2.5
        )
        highest = max([highest, *high[~np.isnan(high)], *expected[~np.isnan(expected)]])
    if highest or intervals["mentions"].notna().any():
        common.count_axis(axes, highest, lang)
    else:
        axes.set_yticks([])


def _width(intervals: pd.DataFrame) -> pd.Timedelta:
    return pd.Timedelta(0) if intervals.empty else (intervals["end"] - intervals["start"]).iloc[-1]


def _negative(axes: "Axes", intervals: pd.DataFrame, lang: str) -> None:
    if intervals["negative_share"].isna().all():
        axes.set_yticks([])
    else:
        edges, (share, low, high) = common.steps(intervals, "negative_share", "negative_low", "negative_high")
        sure = ~np.isnan(low) & ~np.isnan(high)
        top, bottom = np.where(sure, high, np.nan), np.where(sure, low, 0.0)
        colour = palette.SENTIMENT["negative"]
        axes.stairs(top, edges, baseline=bottom, fill=True, color=colour, alpha=0.2, linewidth=0)
        axes.stairs(share, edges, baseline=None, color=colour, linewidth=1.3 if len(share) <= 200 else 0.7)
        common.percent_axis(axes, float(np.nanmax(np.where(sure, high, share))), lang)


def _background(
    axes: "Axes",
    intervals: pd.DataFrame,
    window: common.Span | None,
    onset: common.Span | None,
) -> None:
    if window is not None:
        axes.axvspan(*window, color=palette.TINT, zorder=0, linewidth=0)
    for start, end in common.runs(intervals, "unseen"):
        axes.axvspan(start, end, facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0, zorder=1)
    if onset is not None:
        axes.axvspan(*onset, facecolor=palette.ONSET, edgecolor=palette.ONSET, alpha=0.3, linewidth=1.2, zorder=1.5)


def _key(actions: list[tuple[datetime, str]]) -> str:
    """The numbered list under the chart; nothing where the caller lists them."""
    if len(actions) > LISTED:
        return ""
    width = style.WIDTH * common.POINTS / style.SMALL - 4
    return "\n".join(
        f"{number}  " + common.wrap(label, width, 2).replace("\n", "\n    ")
        for number, (_, label) in enumerate(actions, start=1)
    )


def _held(intervals: pd.DataFrame, band: pd.DataFrame | None, *, tinted: bool, onset: bool) -> set[str]:
    """Which shadings this chart holds."""
    held = set(intervals["state"]) & {"partial", "unseen"}
    return held | {
        name for name, here in (("expected", band is not None), ("window", tinted), ("onset", onset)) if here
    }


def _legend(lane: "Axes", words: dict[str, str], held: set[str]) -> None:
    """What the shadings mean, above the lane."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = {
        "expected": Line2D([], [], color=palette.EXPECTED, linewidth=1.0, linestyle=(0, (4, 1.5))),
        "window": Patch(facecolor=palette.TINT, edgecolor=palette.RULE, linewidth=0.5),
        "partial": Patch(facecolor=palette.VOLUME_PARTIAL),
        "unseen": Patch(facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0),
        "onset": Patch(facecolor=palette.ONSET, alpha=0.45),
    }
    names = [name for name in handles if name in held]
    texts = [common.clean(words[name]) for name in names]
    if not names:
        return
    # Two columns where the entries do not fit beside each other.
    wide = sum(common.ems(text) + 4.5 for text in texts) * style.SMALL > common.POINTS * style.WIDTH * 0.92
    lane.legend(
        [handles[name] for name in names],
        texts,
        loc="lower left",
        bbox_to_anchor=(-0.005, 1.0),
        ncols=2 if wide else len(names),
        borderaxespad=0.0,
        borderpad=0.2,
        handlelength=1.8,
        columnspacing=1.4,
    )
