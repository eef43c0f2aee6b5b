"""What the collection saw: a calendar of cells shaded by how much there is."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import numbers, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DAYS = 45
"""Hourly cells of more days than this are laid out a week to a row."""
WEEKS = 60
"""Hourly cells of more weeks than this are refused: give one row per day."""
MOST_BRANDS = 12
"""Rows for further brands: more would not be legible."""
_LENGTHS = ((10, 1, "hour"), (60, 6, "six_hours"), (100_000, 24, "day"))
"""Up to so many days, the hours that one cell of a brand's row holds."""
_STEPS = (1, 10, 100, 1_000, 10_000)


def draw(
    hours: pd.DataFrame, *, zone: str, words: dict[str, str], lang: str, others: pd.DataFrame | None = None
) -> "Figure":
    """A calendar in local time of `zone`: a day of hours to a row, a week of hours for long archives, or, where rows
    come a day apart, a month of days.

    `hours`: hour (start of the cell, UTC; rows a day apart start at midnight of `zone`), mentions (nullable), state
    (seen, partial, unseen). `others`: the same with brand, hourly; each brand is a row of its own below the calendar,
    MOST_BRANDS with the most mentions. `words`: title, time, mentions, partial, unseen, empty (written where there are
    no rows), others (above the brands' rows), cell.hour, cell.six_hours and cell.day (what one cell of theirs is).
    Raises ValueError for hourly rows of more than WEEKS weeks.
    """
    from analysis.figures.chart import Chart

    with style.look():
        local = hours.assign(local=hours["hour"].dt.tz_convert(ZoneInfo(zone))).sort_values("hour")
        if local.empty:
            chart = Chart(1.2)
            common.title(chart, words["title"])
            chart.text(0.5, 0.35, common.wrap(words["empty"], 60, 3), ha="center", va="center")
            return chart
        cells, columns, names, ticks = _layout(local, lang)
        height = max(0.13 * len(names), 0.35) if len(names) <= DAYS else 0.1 * len(names)
        rows = _rows(others, zone) if others is not None and len(others) else None
        below = 0.75 + 0.15 * len(rows[1]) if rows else 0.0
        chart = Chart(1.05 + height + below)
        common.title(chart, words["title"])
        if rows:
            axes, strips = chart.subplots(2, 1, height_ratios=[height, 0.15 * len(rows[1])])
            _strips(strips, *rows, words=words, lang=lang)
            cells = pd.concat([cells, rows[0].assign(row=-1)]) if len(rows[0]) else cells
        else:
            axes = chart.add_subplot()
        _cells(axes, cells[cells["row"] >= 0])
        for midnight in range(24, columns, 24):
            axes.axvline(midnight, color=palette.PAPER, linewidth=1.2)
        axes.set_xlim(0, columns)
        axes.set_ylim(len(names), 0)
        axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
        every = max(1, -(-len(names) // 31))
        axes.set_yticks([place + 0.5 for place in range(0, len(names), every)], names[::every])
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        first, last = hours["hour"].min(), hours["hour"].max()
        axes.set_xlabel(f"{common.clean(words['time'])} ({numbers.zone_name(zone, first, last)})")
        _legend(axes, cells, words, lang)
        return chart


def _layout(local: pd.DataFrame, lang: str) -> tuple[pd.DataFrame, int, list[str], list[tuple[float, str]]]:
    """The cells with their row, column and class of shade; columns in all; names of the rows; ticks of the columns."""
    moments = local["local"]
    days = moments.dt.tz_localize(None).dt.normalize()
    first, last = days.min(), days.max()
    spacing = local["hour"].diff().min()
    if pd.notna(spacing) and spacing >= timedelta(hours=20):
        row = (days.dt.year - first.year) * 12 + days.dt.month - first.month
        column = days.dt.day - 1
        months = pd.date_range(first.replace(day=1), last, freq="MS")
        names = [numbers.month(month, lang) for month in months]
        columns, ticks = 31, [(day - 0.5, str(day)) for day in (1, 5, 10, 15, 20, 25, 30)]
    elif (last - first).days < DAYS:
        row, column = (days - first).dt.days, moments.dt.hour
        names = _day_names(first, last, 1, lang)
        columns, ticks = 24, [(float(hour), f"{hour:02d}:00") for hour in range(0, 25, 3)]
    else:
        monday = first - timedelta(days=first.weekday())
        row, column = (days - monday).dt.days // 7, moments.dt.day_of_week * 24 + moments.dt.hour
        names = _day_names(monday, last, 7, lang)
        if len(names) > WEEKS:
            raise ValueError(f"{len(names)} weeks of hours are too many for one figure: give one row per day")
        columns = 168
        weekdays = [monday + timedelta(days=number) for number in range(7)]
        ticks = [(24 * n + 12, numbers.weekday(moment, lang)) for n, moment in enumerate(weekdays)]
    cells = pd.DataFrame({"row": row, "column": column, "state": local["state"], "shade": _shade(local["mentions"])})
    # Where clocks go back, two hours share a cell: the one with more is shown.
    cells = cells.sort_values(["row", "column", "shade"]).drop_duplicates(["row", "column"], keep="last")
    return cells, columns, names, ticks


def _rows(others: pd.DataFrame, zone: str) -> tuple[pd.DataFrame, list[str], pd.DatetimeIndex, str]:
    """The cells of the brands' rows, the brands, where the cells start (local) and how long they are."""
    sizes = others.groupby("brand")["mentions"].sum()
    brands = sorted(sizes.sort_values(ascending=False, kind="stable").index[:MOST_BRANDS].astype(str))
    kept = others[others["brand"].isin(brands)]
    local = kept["hour"].dt.tz_convert(ZoneInfo(zone)).dt.tz_localize(None)
    days = (local.max() - local.min()).days + 1
    length, unit = next((length, unit) for most, length, unit in _LENGTHS if days <= most)
    start = local.dt.normalize() + pd.to_timedelta(local.dt.hour // length * length, unit="h")
    starts = pd.date_range(start.min(), start.max(), freq=f"{length}h")
    grouped = kept.assign(column=starts.get_indexer(pd.DatetimeIndex(start))).groupby(["brand", "column"])
    cells = grouped.agg(
        mentions=("mentions", "sum"),
        whole=("state", lambda states: (states == "seen").all()),
        none=("state", lambda states: (states == "unseen").all()),
    ).reset_index()
    cells["state"] = cells["none"].map({True: "unseen", False: "partial"}).where(~cells["whole"], "seen")
    cells["row"] = cells["brand"].map({brand: row for row, brand in enumerate(brands)})
    return cells.assign(shade=_shade(cells["mentions"])), brands, starts, unit


def _strips(
    axes: "Axes", cells: pd.DataFrame, brands: list[str], starts: pd.DatetimeIndex, unit: str, *, words: dict, lang: str
) -> None:
    """A row of cells for each brand, on one time axis."""
    _cells(axes, cells)
    midnights = np.flatnonzero(starts.hour == 0)
    days = midnights[:: max(1, -(-len(midnights) // 8))]
    names = [numbers.day(starts[place], lang, year=place == days[0]) for place in days]
    axes.set_xlim(0, len(starts))
    axes.set_ylim(len(brands), 0)
    axes.set_xticks(days, names)
    axes.set_yticks([row + 0.5 for row in range(len(brands))], [common.wrap(brand, 10, 1) for brand in brands])
    axes.tick_params(length=0)
    axes.set_title(f"{common.clean(words['others'])} · {common.clean(words[f'cell.{unit}'])}")
    for spine in axes.spines.values():
        spine.set_visible(False)


def _day_names(first: datetime, last: datetime, step: int, lang: str) -> list[str]:
    """Names of the rows, the year where it is new."""
    moments = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, step)]
    years = [None, *(moment.year for moment in moments)]
    return [
        numbers.day(moment, lang, year=moment.year != before) for moment, before in zip(moments, years, strict=False)
    ]


def _shade(mentions: pd.Series) -> pd.Series:
    """0 for nothing, then one more per power of ten."""
    counts = mentions.astype("Float64").fillna(0)
    return sum(((counts >= step).astype(int) for step in _STEPS), start=pd.Series(0, index=mentions.index))


def _cells(axes: "Axes", cells: pd.DataFrame) -> None:
    """One shape per shade and state: neighbours in a row are one rectangle, so the file stays small."""
    seen = cells.loc[cells["state"] != "unseen"]
    for shade, colour in enumerate(palette.SHADES):
        _rectangles(axes, seen.loc[seen["shade"] == shade], facecolor=colour)
    partial, unseen = (cells.loc[cells["state"] == state] for state in ("partial", "unseen"))
    _rectangles(axes, partial, facecolor="none", edgecolor=palette.ONSET, hatch=r"\\\\\\")
    _rectangles(axes, unseen, facecolor="none", edgecolor=palette.HATCH, hatch="/////")


def _rectangles(axes: "Axes", cells: pd.DataFrame, **look: object) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if cells.empty:
        return
    spans: list[list[int]] = []
    for row, column in cells[["row", "column"]].sort_values(["row", "column"]).itertuples(index=False):
        if spans and spans[-1][0] == row and spans[-1][2] == column:
            spans[-1][2] = column + 1
        else:
            spans.append([row, column, column + 1])
    paths = [
        Path([(left, row + 0.06), (right, row + 0.06), (right, row + 0.94), (left, row + 0.94), (0, 0)], closed=True)
        for row, left, right in spans
    ]
    axes.add_patch(PathPatch(Path.make_compound_path(*paths), linewidth=0, **look))


def _legend(axes: "Axes", cells: pd.DataFrame, words: dict[str, str], lang: str) -> None:
    from matplotlib.patches import Patch

    shades = sorted(set(cells.loc[cells["state"] != "unseen", "shade"]))
    ranges = [
        "0",
        *(numbers.interval(low, above - 1, "count", lang) for low, above in pairwise(_STEPS)),
        numbers.value(_STEPS[-1], "count", lang) + "+",
    ]
    shown: list[tuple[Patch, str]] = [(Patch(facecolor=palette.SHADES[shade]), ranges[shade]) for shade in shades]
    states = set(cells["state"])
    if "partial" in states:
        shown.append((Patch(facecolor="none", edgecolor=palette.ONSET, hatch=r"\\\\\\", linewidth=0), words["partial"]))
    if "unseen" in states:
        shown.append((Patch(facecolor="none", edgecolor=palette.HATCH, hatch="/////", linewidth=0), words["unseen"]))
    axes.legend(
        [handle for handle, _ in shown],
        [common.clean(text) for _, text in shown],
        title=common.clean(words["mentions"]),
        title_fontsize=style.SMALL,
        alignment="left",
        loc="lower left",
        bbox_to_anchor=(-0.005, 1.0),
        ncols=len(shown),
        borderaxespad=0.2,
        handlelength=1.2,
        handletextpad=0.4,
        columnspacing=1.1,
    )
