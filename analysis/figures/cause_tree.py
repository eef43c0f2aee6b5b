"""Which causes are kin: a tree, the names of the causes at its leaves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures import axes as common
from analysis.style import matplotlib as style
from analysis.style import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 24
"""Leaves that fit on a page with their names."""
_NAMES = 24


def draw(merges: pd.DataFrame, names: Mapping[int, str], *, words: dict[str, str], lang: str) -> "Figure":
    """A tree that grows to the right, the nearest of kin joined first; at most MOST leaves (ValueError for more).

    `merges`: left, right (keys of `names`, or −k for what the k-th row, from 1, joins), distance (never less than
    those of what it joins), within (bool: whether it lies within a family; the others are drawn light). Keys that no
    row joins stand alone. `words`: title, distance (the axis).
    """
    from analysis.figures.chart import Chart

    if len(names) > MOST:
        raise ValueError(f"{len(names)} causes are too many for one tree: give at most {MOST}")
    if merges.empty:
        raise ValueError("no causes that are joined")
    with style.look():
        chart = Chart(1.0 + 0.3 * len(names))
        common.title(chart, words["title"])
        axes = chart.add_subplot()
        rows = merges.to_dict("records")
        order = _leaves(rows, names)
        _branches(axes, rows, {key: float(place) for place, key in enumerate(order)})
        labels = [common.wrap(names[key], _NAMES, 2) for key in order]
        axes.set_yticks(range(len(order)), labels, color=palette.INK, linespacing=1.15)
        axes.set_ylim(len(order) - 0.5, -0.5)
        axes.set_xlim(0, float(merges["distance"].max()) * 1.04 or 1.0)
        axes.set_xticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(common.clean(words["distance"]))
        return chart


def _leaves(rows: list[dict], names: Mapping[int, str]) -> list[int]:
    """Keys from top to bottom, so that no branches cross: what no other row joins, one after the other."""
    joined = {int(row[side]) for row in rows for side in ("left", "right")}
    roots = [-number for number in range(1, len(rows) + 1) if -number not in joined]
    order: list[int] = []
    waiting = [*roots[::-1]]
    while waiting:
        node = waiting.pop()
        if node < 0:
            waiting += [int(rows[-node - 1]["right"]), int(rows[-node - 1]["left"])]
        else:
            order.append(node)
    return order + [key for key in names if key not in order]


def _branches(axes: "Axes", rows: list[dict], height: dict[int, float]) -> None:
    reach = dict.fromkeys(height, 0.0)
    for number, row in enumerate(rows, start=1):
        left, right, far = int(row["left"]), int(row["right"]), float(row["distance"])
        look = {"color": palette.BRAND, "linewidth": 1.4} if row["within"] else {"color": palette.HATCH}
        axes.plot(
            [reach[left], far, far, reach[right]],
            [height[left], height[left], height[right], height[right]],
            solid_joinstyle="miter",
            zorder=3 if row["within"] else 2,
            **({"linewidth": 1.0} | look),
        )
        height[-number], reach[-number] = (height[left] + height[right]) / 2, far
