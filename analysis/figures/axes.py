"""What several figures draw alike: wrapped titles, time axes in a local zone, stepped series with gaps."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.style import fonts, numbers, palette
from analysis.style import matplotlib as style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS = 72  # to the inch
Span = tuple[float, float]
"""Two places on a time axis, in matplotlib's days."""
_PIECE = re.compile(
    r"\s+|[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]|[^\s\u2e80-\u9fff\uac00-\ud7af]+?(?=[\s\u2e80-\u9fff\uac00-\ud7af]|$)"
)
_HANGS = set("，。、；：！？）》」』”’,.;:!?)%…")


def clean(text: str) -> str:
    """`text` on one line, without control characters and marks that turn the direction of what follows."""
    spaced = re.sub(r"\s+", " ", text)
    return "".join(mark for mark in spaced if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co")).strip()


def ems(text: str, bold: bool = False) -> float:
    """The width of `text` in ems; characters of other fonts count as one and a half."""
    widths = fonts.advances("bold" if bold else "regular")
    return sum(widths.get(ord(mark), 1.5) for mark in text)


def wrap(text: str, width: float, lines: int, bold: bool = False) -> str:
    """`text` in at most `lines` lines of `width` ems; what does not fit ends in "…". Chinese breaks anywhere."""
    rows, row = [], ""
    for piece in _pieces(clean(text), width, bold):
        if row and ems((row + piece).rstrip(), bold) > width and piece not in _HANGS:
            rows.append(row.rstrip())
            row = piece.lstrip()
        else:
            row += piece
    rows.append(row.rstrip())
    if len(rows) > lines:
        last = rows[lines - 1]
        while last and ems(last + "…", bold) > width:
            last = last[:-1]
        rows = [*rows[: lines - 1], last.rstrip() + "…"]
    return "\n".join(rows)


def _pieces(text: str, width: float, bold: bool) -> list[str]:
    """Where `text` may break; a word wider than a line breaks anywhere."""
    pieces = []
    for piece in _PIECE.findall(text):
        if ems(piece, bold) <= width:
            pieces.append(piece)
        else:
            pieces.extend(piece)
    return pieces


def title(figure: "Figure", text: str) -> None:
    """The figure's claim, at the left edge, in up to three lines."""
    width = figure.get_figwidth() * POINTS / style.TITLE - 1
    figure.suptitle(
        wrap(text, width, 3, bold=True), x=0.005, ha="left", color=palette.INK, fontsize=style.TITLE, linespacing=1.25
    )


def label_line(axes: "Axes", place: float, height: float, text: str, *, leftward: bool) -> None:
    """Name a vertical line of `axes` at `place`, at `height` (0 to 1), beside it on one line of text."""
    axes.annotate(
        wrap(text, 26, 1),
        (place, height),
        xycoords=("data", "axes fraction"),
        xytext=(-3 if leftward else 3, 0),
        textcoords="offset points",
        ha="right" if leftward else "left",
        va="center",
        color=palette.ONSET,
        fontsize=style.SMALL,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": palette.PAPER, "edgecolor": "none", "alpha": 0.85},
        zorder=5,
    )


def time_axis(axes: "Axes", span: tuple[datetime, datetime], zone: str, lang: str, label: str) -> None:
    """Limit `axes` to `span`, with ticks at round local times and the zone's offset beside the label."""
    from matplotlib import dates

    start, end = span
    local = ZoneInfo(zone)
    first, last = start.astimezone(local), end.astimezone(local)
    axes.set_xlim(dates.date2num(start), dates.date2num(end))
    locator = dates.AutoDateLocator(tz=local, minticks=4, maxticks=10)
    ticks = [
        moment
        for moment in dates.num2date(locator.tick_values(first, last), tz=local)
        if start <= moment.replace(microsecond=0) <= end
    ]
    axes.set_xticks(dates.date2num(ticks), _tick_labels(ticks, last - first > pd.Timedelta(days=150), lang))
    axes.set_xlabel(f"{clean(label)} ({numbers.zone_name(zone, start, end)})")


def _tick_labels(ticks: list[datetime], months: bool, lang: str) -> list[str]:
    labels: list[str] = []
    before = None
    for tick in ticks:
        if months:
            labels.append(numbers.month(tick, lang))
            continue
        whole_day = tick.hour == tick.minute == 0
        text = "" if whole_day else f"{tick:%H:%M}"
        if before is None or before.date() != tick.date():
            newline = "\n" if text else ""
            text += newline + numbers.day(tick, lang, year=before is None or before.year != tick.year)
        labels.append(text)
        before = tick
    return labels


def place(moments: Sequence[datetime]) -> tuple[float, ...]:
    """Where moments (with a zone) lie on a time axis, in matplotlib's days."""
    from matplotlib import dates

    return tuple(float(number) for number in dates.date2num([moment.astimezone(UTC) for moment in moments]))


def steps(table: pd.DataFrame, *columns: str) -> tuple[np.ndarray, list[np.ndarray]]:
    """Edges (matplotlib days) and, per column, one value per step; nulls, and spans between rows, are NaN."""
    starts, ends = (np.array(place(table[name].to_list())) for name in ("start", "end"))
    values = [table[name].to_numpy(dtype="float64", na_value=np.nan) for name in columns]
    after = np.flatnonzero(starts[1:] > ends[:-1] + 1e-9) + 1
    edges = np.insert(starts, after, ends[after - 1])
    return np.append(edges, ends[-1]), [np.insert(column, after, np.nan) for column in values]


def runs(table: pd.DataFrame, state: str) -> list[Span]:
    """Where consecutive rows have that `state`."""
    spans: list[Span] = []
    for start, end in (place(row) for row in table.loc[table["state"] == state, ["start", "end"]].to_numpy().tolist()):
        if spans and start <= spans[-1][1] + 1e-9:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def percent_axis(axes: "Axes", highest: float, lang: str) -> None:
    """A vertical axis of shares from nought to a little over `highest`."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylim(0, min(max(highest * 1.08, 0.05), 1.0))
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: numbers.value(round(min(y, 1), 6), "share", lang)))
    axes.grid(axis="y")


def count_axis(axes: "Axes", highest: float, lang: str) -> None:
    """A vertical axis of counts from nought to a little over `highest`."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylim(0, max(highest * 1.05, 1))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: numbers.value(y, "count", lang)))
    axes.grid(axis="y")
