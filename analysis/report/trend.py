"""Places of a small chart's marks: incidents in order of time, each with a value and its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import log10
from typing import Any

WIDTH, HEIGHT = 420, 200
"""Units of the drawing: a phone shows it nearly as large as it is, so that its letters stay legible there."""
LEFT, RIGHT, TOP, BOTTOM = 66, 12, 10, 26
BAR = 14
"""Width of a bar, where its neighbours leave it room."""
LEVELS = (1, 2, 3, 4)
SPANS = (1, 6, 24, 168, 720, 8760)
"""Half-lives in hours that the second chart has lines for: hour, quarter of a day, day, week, month, year."""


@dataclass(frozen=True)
class Point:
    """An incident: when it began, and a value with its interval; None where there is no value."""

    when: datetime
    value: float | None
    low: float | None = None
    high: float | None = None


def severity(points: Sequence[Point]) -> dict[str, Any]:
    """The drawing of levels 1 to 4: `lines` (their heights) and `marks`, in its units."""
    room = HEIGHT - TOP - BOTTOM
    return _drawn(points, {level: HEIGHT - BOTTOM - room * (level - 0.25) / 4 for level in LEVELS}, linear=True)


def half_life(points: Sequence[Point]) -> dict[str, Any]:
    """The drawing of half-lives in hours; their scale is logarithmic, since they go from hours to months."""
    values = [max(one, 0.5) for point in points for one in (point.value, point.low, point.high) if one is not None]
    top = next((span for span in SPANS if span >= max(values, default=24)), SPANS[-1])
    spans = [span for span in SPANS if span <= top]
    spans = spans if len(spans) > 1 else list(SPANS[:2])
    room = HEIGHT - TOP - BOTTOM
    least, most = log10(0.5), log10(spans[-1] * 1.3)
    heights = {span: HEIGHT - BOTTOM - room * (log10(span) - least) / (most - least) for span in spans}
    return _drawn(points, heights, linear=False)


def _drawn(points: Sequence[Point], heights: dict[int, float], *, linear: bool) -> dict[str, Any]:
    ordered = sorted(points, key=lambda point: point.when)
    moments = [point.when.timestamp() for point in ordered]
    span = (moments[-1] - moments[0]) or 1
    inner = WIDTH - LEFT - RIGHT - 40

    def across(moment: float) -> float:
        return round(LEFT + 20 + (inner * (moment - moments[0]) / span if len(set(moments)) > 1 else inner / 2), 1)

    def up(value: float | None) -> float | None:
        if value is None:
            return None
        (low, at_low), (high, at_high) = min(heights.items()), max(heights.items())
        part = (value - low) / (high - low) if linear else (log10(max(value, 0.5)) - log10(low)) / log10(high / low)
        return round(min(max(at_low + (at_high - at_low) * part, TOP), HEIGHT - BOTTOM), 1)

    marks = [
        {"x": across(moment), "y": up(point.value), "low": up(point.low), "high": up(point.high)}
        for moment, point in zip(moments, ordered, strict=True)
    ]
    places = sorted({across(moment) for moment in moments})
    nearest = min((later - earlier for earlier, later in pairwise(places)), default=BAR)
    return {
        "bar": round(max(min(BAR, nearest * 0.7), 2), 1),
        "lines": [(name, round(height, 1)) for name, height in heights.items()],
        "marks": marks,
        "first": ordered[0].when,
        "last": ordered[-1].when,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "floor": HEIGHT - BOTTOM,
    }
