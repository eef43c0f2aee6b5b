"""The one place where numbers and times become text, in English and Chinese.

Never scientific notation, never a nought for something that is more than nothing, a true minus sign, and no more digits
than an estimate can bear. A missing number has no text: what to say instead depends on the reason, which callers know.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

MINUS = "−"


class _Text(NamedTuple):
    """A number in three parts, so that an interval says what both ends share only once."""

    before: str
    digits: str
    after: str

    def __str__(self) -> str:
        return self.before + self.digits + self.after


def value(x: object, unit: str, lang: str, zone: str = "UTC") -> str:
    """`x` in `unit` (one of estimate.UNITS) as text in `lang` ("en" or "zh"); times are shown in `zone`.

    Shares, nets and changes come as fractions and are shown as per cent (a net without the sign); a duration is shown
    in minutes, hours or days, whichever reads best; a time is ISO 8601 text or a datetime, UTC where it has no zone.
    Raises ValueError for a number that is missing, not finite, or impossible in its unit.
    """
    if unit == "time":
        return _time(_moment(x, zone), lang)
    return str(_format(_number(x), unit, lang))


def interval(low: object, high: object, unit: str, lang: str, zone: str = "UTC") -> str:
    """The interval [`low`, `high`] as text: "60–64%", "−48 to −42"; one end None: "more than 21 h", "less than 21 h".

    Raises ValueError where both ends are missing or the low one is above the high one.
    """
    if low is None and high is None:
        raise ValueError("an interval needs at least one end")
    if low is None:
        return _words(lang, "less than {}", "不到 {}").format(value(high, unit, lang, zone))
    if high is None:
        return _words(lang, "more than {}", "超过 {}").format(value(low, unit, lang, zone))
    if unit == "time":
        return _period(_moment(low, zone), _moment(high, zone), lang)
    below, above = _number(low), _number(high)
    if below > above:
        raise ValueError(f"the interval's low end {below} is above its high end {above}")
    first, last = _format(below, unit, lang), _format(above, unit, lang)
    if first == last:
        return str(first)
    compact = (
        (first.before, first.after) == (last.before, last.after)
        and first.digits[0].isdigit()
        and last.digits[0].isdigit()
        and not _signed(unit)
    )
    if unit == "points":
        return _words(lang, "{} to {}", "{} 至 {}").format(first.digits, last)
    if not compact:
        return _words(lang, "{} to {}", "{} 至 {}").format(first, last)
    # Chinese repeats the per cent sign: "60%–64%".
    shared = first.after if lang == "zh" and first.after == "%" else ""
    return f"{first.before}{first.digits}{shared}–{last.digits}{last.after}"


def day(moment: datetime, lang: str, year: bool = False) -> str:
    """The day of `moment`, as it stands: "10 Apr", "4月10日", with the year where asked."""
    return format_datetime(
        moment, _words(lang, "d MMM y" if year else "d MMM", "y年M月d日" if year else "M月d日"), locale=lang
    )


def month(moment: datetime, lang: str) -> str:
    """The month of `moment`: "Apr 2017", "2017年4月"."""
    return format_datetime(moment, _words(lang, "MMM y", "y年M月"), locale=lang)


def month_name(moment: datetime, lang: str) -> str:
    """The month of `moment` without its year: "April", "四月"."""
    return format_datetime(moment, "LLLL", locale=lang)


def weekday(moment: datetime, lang: str) -> str:
    """The day of the week of `moment`: "Mon", "周一"."""
    return format_datetime(moment, "EEE", locale=lang)


def zone_name(zone: str, start: datetime, end: datetime) -> str:
    """The offset of `zone` between two moments: "UTC", "UTC−7"; "UTC−8/−7" where the clocks change in between."""
    offsets = [_offset(moment.astimezone(ZoneInfo(zone))) for moment in (start, end)]
    if offsets[0] == offsets[1]:
        return f"UTC{offsets[0]}"
    return f"UTC{offsets[0] or '+0'}/{offsets[1] or '+0'}"


def _format(x: float, unit: str, lang: str) -> _Text:
    formats: dict[str, Callable[[float, str], _Text]] = {
        "count": _count,
        "share": _share,
        "net": _net,
        "hours": _hours,
        "days": lambda days, lang: _days(days, lang) if abs(days) >= 1 else _hours(days * 24, lang),
        "per_hour": lambda rate, lang: _around(rate, lang, " per hour", "每小时 "),
        "per_month": lambda rate, lang: _around(rate, lang, " per month", "每月 "),
        "per_post": lambda rate, lang: _around(rate, lang, " per post", "每条 "),
        "ratio": _ratio,
        "number": lambda x, lang: _Text("", _plain(x, lang), ""),
        "change": _change,
        "points": _points,
        "level": lambda level, lang: _Text("", _decimal(level, 0 if level == round(level) else 1, lang), ""),
        "index": _count,
    }
    if unit not in formats:
        raise ValueError(f"unknown unit {unit!r}: use one of time, {', '.join(formats)}")
    return formats[unit](x, lang)


def _count(x: float, lang: str) -> _Text:
    if 0 < abs(x) <= 0.5:
        return _Text("", "<1" if x > 0 else f">{MINUS}1", "")
    return _Text("", _decimal(x, 0, lang), "")


def _share(x: float, lang: str) -> _Text:
    if not -1e-9 <= x <= 1 + 1e-9:
        raise ValueError(f"a share lies between 0 and 1, not at {x}")
    if 0 < x < 0.001 or 0.999 < x < 1:
        return _Text("", "<0.1" if x < 0.5 else ">99.9", "%")
    exact = x <= 0 or x >= 1
    near_an_end = round(x * 100, 1) < 10 or x > 0.99
    return _Text("", _decimal(x * 100, 1 if near_an_end and not exact else 0, lang), "%")


def _net(x: float, lang: str) -> _Text:
    """A net sentiment, or a difference of two of them."""
    if not -2 - 1e-9 <= x <= 2 + 1e-9:
        raise ValueError(f"a net sentiment lies between −1 and 1, a change of one between −2 and 2, not at {x}")
    return _Text("", _plus(_decimal(x * 100, 0, lang)), "")


def _change(x: float, lang: str) -> _Text:
    if 0 < abs(x) < 0.001:
        return _Text("", "<+0.1" if x > 0 else f">{MINUS}0.1", "%")
    small = x != 0 and round(abs(x) * 100, 1) < 10
    return _Text("", _plus(_decimal(x * 100, 1 if small else 0, lang)), "%")


def _points(x: float, lang: str) -> _Text:
    """A difference of two shares, in percentage points."""
    if 0 < abs(x) < 0.001:
        return _Text("", "<+0.1" if x > 0 else f">{MINUS}0.1", _words(lang, " points", " 个百分点"))
    small = x != 0 and round(abs(x) * 100, 1) < 10
    return _Text("", _plus(_decimal(x * 100, 1 if small else 0, lang)), _words(lang, " points", " 个百分点"))


def _ratio(x: float, lang: str) -> _Text:
    if x < 0:
        raise ValueError(f"a ratio is not negative, and this one is {x}")
    digits = _plain(x, lang)
    return _Text("<×" if digits.startswith("<") else "×", digits.removeprefix("<"), "")


def _hours(x: float, lang: str) -> _Text:
    minutes = round(abs(x) * 60)
    if minutes < 60:
        digits = "<1" if 0 < x * 60 < 0.5 else _decimal(x * 60, 0, lang)
        return _Text("", digits, _words(lang, " min", " 分钟"))
    if abs(x) >= 48:
        return _days(x / 24, lang)
    return _Text("", _brief(x, lang), _words(lang, " h", " 小时"))


def _days(x: float, lang: str) -> _Text:
    digits = _brief(x, lang)
    return _Text("", digits, _words(lang, " day" if digits == "1" else " days", " 天"))


def _around(x: float, lang: str, after: str, before: str) -> _Text:
    return _Text("", _plain(x, lang), after) if lang == "en" else _Text(before, _plain(x, lang), "")


def _plain(x: float, lang: str) -> str:
    """Two digits that count, or all of them from ten up."""
    if 0 < abs(x) < 0.01:
        return "<0.01" if x > 0 else f">{MINUS}0.01"
    if x == 0 or round(abs(x), 1) >= 10:
        return _decimal(x, 0, lang)
    return _decimal(x, 1 if round(abs(x), 2) >= 1 else 2, lang)


def _brief(x: float, lang: str) -> str:
    """One decimal under ten where it says something."""
    return _decimal(x, 1 if abs(round(x, 1)) < 10 and round(x, 1) != round(x) else 0, lang)


def _decimal(x: float, places: int, lang: str) -> str:
    """`x` grouped by thousands to `places` decimals, with a true minus sign and no minus nought."""
    digits = format_decimal(abs(x), format="#,##0" + ("." + "0" * places if places else ""), locale=lang)
    return MINUS + digits if x < 0 and any(digit in "123456789" for digit in digits) else digits


def _plus(digits: str) -> str:
    return digits if digits.startswith(MINUS) or not any(digit in "123456789" for digit in digits) else "+" + digits


def _signed(unit: str) -> bool:
    return unit in ("net", "change", "points")


def _number(x: object) -> float:
    try:
        number = float(x)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise ValueError(f"{x!r} is no number: say the reason instead") from error
    if not math.isfinite(number):
        raise ValueError(f"{number} is not finite: say the reason instead")
    return number


def _moment(x: object, zone: str) -> datetime:
    if isinstance(x, str):
        x = datetime.fromisoformat(x)
    # pandas' NaT passes for a datetime that knows no year.
    if not isinstance(x, datetime) or not isinstance(x.year, int):
        raise ValueError(f"{x!r} is no time: say the reason instead")
    return (x if x.tzinfo else x.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))


def _time(moment: datetime, lang: str) -> str:
    return f"{day(moment, lang, year=True)} {moment:%H:%M} UTC{_offset(moment)}"


def _period(start: datetime, end: datetime, lang: str) -> str:
    if start > end:
        raise ValueError(f"the period's start {start} is after its end {end}")
    first, last = _time(start, lang), _time(end, lang)
    if first == last:
        return first
    if start.date() == end.date() and start.utcoffset() == end.utcoffset():
        return f"{day(start, lang, year=True)} {start:%H:%M}–{end:%H:%M} UTC{_offset(end)}"
    return _words(lang, "{} to {}", "{} 至 {}").format(first, last)


def _offset(moment: datetime) -> str:
    """Nothing for UTC, "−7", "+5:30": names of zones such as CST mean different hours to different readers."""
    offset = moment.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    if minutes == 0:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return ("+" if minutes > 0 else MINUS) + str(hours) + (f":{rest:02d}" if rest else "")


def _words(lang: str, english: str, chinese: str) -> str:
    if lang not in ("en", "zh"):
        raise ValueError(f"numbers are written in en and zh, not in {lang!r}")
    return english if lang == "en" else chinese
