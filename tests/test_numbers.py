"""Numbers and times become text in one way, in both languages."""

import math
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures.estimate import UNITS
from analysis.style import numbers

NUMERIC = [unit for unit in UNITS if unit != "time"]


@pytest.mark.parametrize(
    ("x", "unit", "english", "chinese"),
    [
        (9178, "count", "9,178", "9,178"),
        (0, "count", "0", "0"),
        (0.2, "count", "<1", "<1"),
        (-0.2, "count", ">−1", ">−1"),
        (-1234.6, "count", "−1,235", "−1,235"),
        (12_345_678_901_234, "count", "12,345,678,901,234", "12,345,678,901,234"),
        (0, "share", "0%", "0%"),
        (0.0004, "share", "<0.1%", "<0.1%"),
        (0.0234, "share", "2.3%", "2.3%"),
        (0.0999, "share", "10%", "10%"),
        (0.62, "share", "62%", "62%"),
        (0.996, "share", "99.6%", "99.6%"),
        (0.99999, "share", ">99.9%", ">99.9%"),
        (1, "share", "100%", "100%"),
        (-0.45, "net", "−45", "−45"),
        (0.087, "points", "+8.7 points", "+8.7 个百分点"),
        (0.12, "net", "+12", "+12"),
        (-1.44, "net", "−144", "−144"),
        (0.001, "net", "0", "0"),
        (-0.001, "net", "0", "0"),
        (21.2, "hours", "21 h", "21 小时"),
        (3.25, "hours", "3.2 h", "3.2 小时"),
        (3.0, "hours", "3 h", "3 小时"),
        (0.75, "hours", "45 min", "45 分钟"),
        (0.9999, "hours", "1 h", "1 小时"),
        (0.001, "hours", "<1 min", "<1 分钟"),
        (0, "hours", "0 min", "0 分钟"),
        (-2.5, "hours", "−2.5 h", "−2.5 小时"),
        (76.8, "hours", "3.2 days", "3.2 天"),
        (3.2, "days", "3.2 days", "3.2 天"),
        (1, "days", "1 day", "1 天"),
        (0.5, "days", "12 h", "12 小时"),
        (45, "days", "45 days", "45 天"),
        (1234.5, "per_hour", "1,234 per hour", "每小时 1,234"),
        (0.25, "per_hour", "0.25 per hour", "每小时 0.25"),
        (1.1, "per_month", "1.1 per month", "每月 1.1"),
        (1.44, "per_post", "1.4 per post", "每条 1.4"),
        (2.34, "ratio", "×2.3", "×2.3"),
        (9.97, "ratio", "×10", "×10"),
        (0.45, "ratio", "×0.45", "×0.45"),
        (0.0001, "ratio", "<×0.01", "<×0.01"),
        (0, "ratio", "×0", "×0"),
        (1.5, "change", "+150%", "+150%"),
        (-0.3, "change", "−30%", "−30%"),
        (0.031, "change", "+3.1%", "+3.1%"),
        (0.0001, "change", "<+0.1%", "<+0.1%"),
        (0, "change", "0%", "0%"),
        (3, "level", "3", "3"),
        (2.5, "level", "2.5", "2.5"),
    ],
)
def test_each_unit(x: float, unit: str, english: str, chinese: str) -> None:
    assert numbers.value(x, unit, "en") == english
    assert numbers.value(x, unit, "zh") == chinese


def test_times_name_their_zone() -> None:
    moment = "2017-04-10T23:00:00+00:00"
    assert numbers.value(moment, "time", "en") == "10 Apr 2017 23:00 UTC"
    assert numbers.value(moment, "time", "zh") == "2017年4月10日 23:00 UTC"
    assert numbers.value(moment, "time", "en", "America/Los_Angeles") == "10 Apr 2017 16:00 UTC−7"
    assert numbers.value(moment, "time", "zh", "Asia/Shanghai") == "2017年4月11日 07:00 UTC+8"
    assert numbers.value("2017-04-10T23:00:00", "time", "en", "Asia/Kolkata") == "11 Apr 2017 04:30 UTC+5:30"
    assert numbers.value(pd.Timestamp(moment), "time", "en") == "10 Apr 2017 23:00 UTC"


@pytest.mark.parametrize(
    ("low", "high", "unit", "english", "chinese"),
    [
        (0.6, 0.64, "share", "60–64%", "60%–64%"),
        (0.601, 0.602, "share", "60%", "60%"),
        (0.0001, 0.02, "share", "<0.1% to 2.0%", "<0.1% 至 2.0%"),
        (-0.041, 0.16, "points", "−4.1 to +16 points", "−4.1 至 +16 个百分点"),
        (-0.48, -0.42, "net", "−48 to −42", "−48 至 −42"),
        (-0.03, 0.02, "net", "−3 to +2", "−3 至 +2"),
        (18, 24, "hours", "18–24 h", "18–24 小时"),
        (0.5, 21, "hours", "30 min to 21 h", "30 分钟 至 21 小时"),
        (-4, 2, "count", "−4 to 2", "−4 至 2"),
        (1000, 2500, "count", "1,000–2,500", "1,000–2,500"),
        (2.1, 2.6, "ratio", "×2.1–2.6", "×2.1–2.6"),
        (0.2, 0.5, "change", "+20% to +50%", "+20% 至 +50%"),
        (1.5, 2.5, "per_hour", "1.5–2.5 per hour", "每小时 1.5–2.5"),
        (21, None, "hours", "more than 21 h", "超过 21 小时"),
        (None, 0.1, "share", "less than 10%", "不到 10%"),
        (
            "2017-04-10T21:00+00:00",
            "2017-04-10T23:00+00:00",
            "time",
            "10 Apr 2017 21:00–23:00 UTC",
            "2017年4月10日 21:00–23:00 UTC",
        ),
        (
            "2017-04-10T21:00+00:00",
            "2017-04-11T02:00+00:00",
            "time",
            "10 Apr 2017 21:00 UTC to 11 Apr 2017 02:00 UTC",
            "2017年4月10日 21:00 UTC 至 2017年4月11日 02:00 UTC",
        ),
    ],
)
def test_intervals(low: object, high: object, unit: str, english: str, chinese: str) -> None:
    assert numbers.interval(low, high, unit, "en") == english
    assert numbers.interval(low, high, unit, "zh") == chinese


@pytest.mark.parametrize("x", [None, pd.NA, math.nan, math.inf, -math.inf, "many", pd.NaT])
@pytest.mark.parametrize("unit", UNITS)
def test_a_missing_number_has_no_text(x: object, unit: str) -> None:
    with pytest.raises(ValueError, match=r"no number|not finite|no time|Invalid isoformat"):
        numbers.value(x, unit, "en")


def test_the_impossible_is_refused() -> None:
    for x, unit in ((1.2, "share"), (-0.1, "share"), (-2.5, "net"), (-2, "ratio")):
        with pytest.raises(ValueError, match="not"):
            numbers.value(x, unit, "en")
    with pytest.raises(ValueError, match="above"):
        numbers.interval(3, 2, "count", "en")
    with pytest.raises(ValueError, match="at least one"):
        numbers.interval(None, None, "count", "en")
    with pytest.raises(ValueError, match="unknown unit"):
        numbers.value(1, "furlongs", "en")
    with pytest.raises(ValueError, match="en and zh"):
        numbers.value(1, "hours", "fr")


@given(st.floats(min_value=0, max_value=1e15), st.sampled_from(NUMERIC), st.sampled_from(["en", "zh"]))
def test_no_exponent_and_no_nought_for_something(x: float, unit: str, lang: str) -> None:
    if unit in ("share", "net"):
        x /= 1e15
    text = numbers.value(x, unit, lang)
    assert "e" not in text.replace("per", "").replace("hour", "").lower()
    if x > 0 and unit not in ("net", "level"):
        assert any(digit in "123456789" for digit in text), text


def test_the_zone_of_a_span_shows_a_change_of_clocks() -> None:
    winter, summer = datetime(2017, 3, 1, tzinfo=UTC), datetime(2017, 4, 1, tzinfo=UTC)
    assert numbers.zone_name("UTC", winter, summer) == "UTC"
    assert numbers.zone_name("Asia/Shanghai", winter, summer) == "UTC+8"
    assert numbers.zone_name("America/Los_Angeles", winter, summer) == "UTC−8/−7"
    assert numbers.zone_name("Europe/London", winter, summer) == "UTC+0/+1"
