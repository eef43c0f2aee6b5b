"""Figures draw what they are given, whole, in both languages, and the same bytes each time."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.figures import (
    alarm,
    axes,
    backlog,
    candidates,
    cause_costs,
    cause_course,
    cause_map,
    cause_map_live,
    cause_matrix,
    cause_tree,
    causes,
    concentration,
    coverage,
    incidents,
    phases,
    placebo,
    recovery,
    save,
    scorecard,
    states,
    survival,
    timeline,
    trade_off,
    triage,
)
from analysis.style.matplotlib import look

START = datetime(2017, 4, 8, tzinfo=UTC)
HOSTILE = "$5_x^ \\frac{a} <script>alert(1)</script> \x00\u202eevil " + "w" * 10_000
KEYS = "title volume negative time window unseen partial expected onset mentions empty share before net answered hours"
KEYS += " lead false threshold ordinary candidate peak others cell.hour cell.six_hours cell.day"
WORDS = {
    "en": {key: f"The {key} of it" for key in KEYS.split()}
    | {"title": "Negative posts rose within three hours and had not fallen back when collection stopped on 14 April"},
    "zh": dict.fromkeys(KEYS.split(), "负面占比")
    | {"title": "视频发布后三小时内负面声量上升，至停止采集时仍未回落，" * 3},
}
LANGS = ("en", "zh")
pytestmark = pytest.mark.filterwarnings("error::UserWarning")


def intervals(count: int, step: timedelta, unseen: int = 0) -> pd.DataFrame:
    start = pd.Series([START + step * number for number in range(count)]).dt.as_unit("us")
    share = 0.3 + 0.2 * np.sin(np.arange(count) / 9)
    seen = np.arange(count) >= unseen
    return pd.DataFrame(
        {
            "start": start,
            "end": start + step,
            "mentions": pd.array(np.where(seen, 100 + np.arange(count), 0), dtype="Int64").copy(),
            "negative_share": np.where(seen, share, np.nan),
            "negative_low": np.where(seen, share - 0.05, np.nan),
            "negative_high": np.where(seen, share + 0.05, np.nan),
            "state": np.where(seen, "seen", "unseen"),
        }
    ).assign(mentions=lambda table: table["mentions"].where(table["state"] == "seen"))


def draw_timeline(
    table: pd.DataFrame, lang: str, actions: int = 0, given: list | None = None, **more: object
) -> Figure:
    start, end = table["start"].iloc[0].to_pydatetime(), table["end"].iloc[-1].to_pydatetime()
    arguments: dict = {
        "band": pd.DataFrame({"start": table["start"], "expected": 90.0, "low": 50.0, "high": 140.0}),
        "actions": given
        or [(start + (end - start) * number / (actions + 1), f"Action {number}") for number in range(actions)],
        "window": (start, end),
        "onset": (start + (end - start) * 0.4, start + (end - start) * 0.45),
        "zone": "America/Los_Angeles",
    }
    return timeline.draw(table, **(arguments | more), words=WORDS[lang], lang=lang)


def texts(figure: Figure) -> list[str]:
    return [item.get_text() for item in figure.findobj(Text) if item.get_text()]


def check_whole(figure: Figure) -> None:
    """Nothing is clipped at the figure's edge, nothing is smaller than 7 points, and every character has a glyph."""
    figure._repr_png_()  # type: ignore[attr-defined]
    with look():
        figure.draw_without_rendering()
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert drawn.x0 >= -0.03
    assert drawn.x1 <= width + 0.03
    assert drawn.y0 >= -0.03
    assert drawn.y1 <= height + 0.03
    assert all(item.get_fontsize() >= 7 for item in figure.findobj(Text) if item.get_text().strip())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("count", "step", "unseen", "actions"),
    [
        (1, timedelta(hours=1), 0, 0),
        (168, timedelta(hours=1), 40, 5),
        (60, timedelta(days=1), 0, 30),
        (365, timedelta(days=1), 100, 6),
        (48, timedelta(hours=1), 48, 1),
    ],
)
def test_the_timeline_is_whole(count: int, step: timedelta, unseen: int, actions: int, lang: str) -> None:
    check_whole(draw_timeline(intervals(count, step, unseen), lang, actions))


def test_the_timeline_lists_few_actions_and_only_numbers_many() -> None:
    few = texts(draw_timeline(intervals(60, timedelta(days=1)), "en", 3))
    assert any("3  Action 2" in text for text in few)
    many = texts(draw_timeline(intervals(60, timedelta(days=1)), "en", 9))
    assert not any("Action" in text for text in many)
    assert {"1", "9"} <= set(many)


def test_markers_too_close_share_one() -> None:
    close = [(START + timedelta(minutes=number), f"Action {number}") for number in range(4)]
    assert "1–4" in texts(draw_timeline(intervals(100, timedelta(hours=1)), "en", given=close))


def test_the_timeline_names_its_zone_and_what_was_not_collected() -> None:
    shown = texts(draw_timeline(intervals(48, timedelta(hours=1), unseen=12), "en"))
    assert "The time of it (UTC−7)" in shown
    assert "The unseen of it" in shown
    assert "The unseen of it" not in texts(draw_timeline(intervals(48, timedelta(hours=1)), "en"))


def test_the_timeline_does_without_what_is_not_known() -> None:
    check_whole(draw_timeline(intervals(48, timedelta(hours=1)), "en", band=None, onset=None))
    empty = intervals(1, timedelta(hours=1)).head(0)
    window = (START, START + timedelta(days=2))
    figure = timeline.draw(
        empty, band=None, actions=[], window=window, onset=None, zone="UTC", words=WORDS["zh"], lang="zh"
    )
    check_whole(figure)


def test_too_many_intervals_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        draw_timeline(intervals(timeline.MOST + 1, timedelta(hours=1)), "en")


def test_nulls_leave_gaps() -> None:
    table = intervals(4, timedelta(hours=1)).drop(index=1)
    table.loc[3, "mentions"] = pd.NA
    edges, (mentions,) = axes.steps(table, "mentions")
    assert len(edges) == len(mentions) + 1
    np.testing.assert_array_equal(mentions, [100, np.nan, 102, np.nan])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("count", "step"), [(1, "1h"), (24 * 7, "1h"), (24 * 300, "1h"), (900, "1D"), (0, "1h")])
def test_the_calendar_is_whole(count: int, step: str, lang: str) -> None:
    hours = pd.DataFrame(
        {
            "hour": pd.date_range(START, periods=count, freq=step).as_unit("us"),
            "mentions": pd.array(np.arange(count) % 3000, dtype="Int64"),
            "state": np.resize(["seen", "seen", "partial", "unseen"], count),
        }
    )
    check_whole(coverage.draw(hours, zone="Asia/Shanghai", words=WORDS[lang], lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("days", "brands"), [(3, 1), (8, 5), (45, 3), (200, 14)])
def test_the_calendar_has_a_row_for_each_other_brand(days: int, brands: int, lang: str) -> None:
    count = 24 * days
    hours = pd.DataFrame(
        {
            "hour": pd.date_range(START, periods=count, freq="1h").as_unit("us"),
            "mentions": np.arange(count) % 3000,
            "state": np.resize(["seen", "seen", "partial", "unseen"], count),
        }
    )
    names = [f"Brand {number}" for number in range(brands - 1)] + [HOSTILE]
    others = pd.concat([hours.assign(brand=name) for name in names], ignore_index=True)
    figure = coverage.draw(hours, zone="Asia/Shanghai", words=WORDS[lang], lang=lang, others=others)
    check_whole(figure)
    calendar, rows = figure.axes
    assert len(rows.get_yticks()) == min(brands, coverage.MOST_BRANDS)
    assert len(calendar.get_yticks()) > 1


def test_a_cell_of_a_brands_row_is_seen_only_where_all_its_hours_were() -> None:
    hours = pd.date_range(START, periods=24 * 30, freq="1h").as_unit("us")
    others = pd.DataFrame({"brand": "A", "hour": hours, "mentions": 2, "state": "seen"})
    others.loc[7, "state"] = "unseen"
    others.loc[12:17, "state"] = "unseen"
    cells, brands, starts, unit = coverage._rows(others, "UTC")
    assert (brands, unit, len(starts)) == (["A"], "six_hours", 120)
    assert cells["state"].tolist()[:4] == ["seen", "partial", "unseen", "seen"]
    assert cells["mentions"].eq(12).all()


def test_years_of_hours_are_refused() -> None:
    hours = pd.DataFrame({"hour": pd.date_range(START, periods=24 * 500, freq="1h"), "mentions": 1, "state": "seen"})
    with pytest.raises(ValueError, match="one row per day"):
        coverage.draw(hours, zone="UTC", words=WORDS["en"], lang="en")


@pytest.mark.parametrize("lang", LANGS)
def test_phases_say_why_there_is_no_value(lang: str) -> None:
    rows = pd.DataFrame(
        [(panel, "Before", 0.3, 0.2, 0.4, None) for panel in ("negative", "net")]
        + [(panel, "After", None, None, None, "The archive ends first") for panel in ("negative", "net")],
        columns=["panel", "phase", "value", "low", "high", "note"],
    )
    figure = phases.draw(rows, words=WORDS[lang], lang=lang)
    check_whole(figure)
    shown = [text.strip() for text in texts(figure)]
    assert shown.count("The archive ends first") == 2
    assert {"30%", "+30"} <= set(shown)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("count", [0, 1, 12])
def test_causes_are_whole(count: int, lang: str) -> None:
    names = [HOSTILE, "航班取消后改签未通知在登机口等候的旅客，且客服电话无法接通", "Late flights"] * 4
    share = np.linspace(0.4, 0.01, count)
    rows = pd.DataFrame({"name": names[:count], "share": share, "low": share * 0.9, "high": share * 1.1})
    rows["before"] = ([None, 0.1, 0.2] * 4)[:count]
    check_whole(causes.draw(rows, words=WORDS[lang], lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (40, 875, 1124, 849), (1, 12_345_678, 3, 0)])
def test_a_triage_is_whole(counts: tuple[int, ...], lang: str) -> None:
    names = ["Look at first", "应回应", HOSTILE, "No reply needed"]
    share = [count / max(sum(counts), 1) for count in counts]
    check_whole(
        triage.draw(pd.DataFrame({"name": names, "mentions": counts, "share": share}), words=WORDS[lang], lang=lang)
    )


def test_too_many_causes_are_refused() -> None:
    rows = pd.DataFrame({"name": ["a"] * 13, "share": 0.1, "low": 0.1, "high": 0.1, "before": None})
    with pytest.raises(ValueError, match="at most 12"):
        causes.draw(rows, words=WORDS["en"], lang="en")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("longest", [0.0, 0.3, 24.0, 5000.0])
def test_the_curve_is_whole(longest: float, lang: str) -> None:
    hours = np.linspace(0, longest, 50 if longest else 0)
    answered = np.linspace(0, 0.8, len(hours))
    curve = pd.DataFrame({"hours": hours, "answered": answered, "low": answered * 0.9, "high": answered * 1.1})
    figure = survival.draw(curve, marks=[(1.0, "Plan: 1 h"), (longest, HOSTILE)], words=WORDS[lang], lang=lang)
    check_whole(figure)


def test_hostile_text_is_drawn_as_text(tmp_path: Path) -> None:
    figure = draw_timeline(intervals(48, timedelta(hours=1)), "en", given=[(START, HOSTILE)])
    check_whole(figure)
    assert "<script>" not in save.save(figure, tmp_path / "a.svg").read_text(encoding="utf-8").split("-->")[-1]


def test_saved_figures_are_small_and_the_same_each_time(tmp_path: Path) -> None:
    table = intervals(timeline.MOST, timedelta(hours=1))
    first, second = (
        save.save(draw_timeline(table, "zh", 5), tmp_path / name).read_bytes() for name in ("a.svg", "b.svg")
    )
    assert first == second
    assert len(first) < 300_000
    assert b"<image" not in first
    assert b"<text" not in first
    assert b"dc:date" not in first
    with pytest.raises(ValueError, match="svg"):
        save.save(draw_timeline(table, "zh"), tmp_path / "a.png")


@pytest.mark.parametrize("width", [3, 10, 40])
def test_wrapping_keeps_to_its_width(width: int) -> None:
    for text in (HOSTILE, WORDS["zh"]["title"], WORDS["en"]["title"], ""):
        lines = axes.wrap(text, width, 3).split("\n")
        assert len(lines) <= 3
        # A full stop or comma may hang over the edge.
        assert all(axes.ems(line) <= width + 1.001 for line in lines)


def test_figures_load_matplotlib_only_to_draw_and_never_pyplot() -> None:
    program = (
        "import sys\n"
        "from analysis.figures import causes, coverage, phases, save, survival, timeline\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import analysis.figures.chart\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("bins", "marks"), [(1, 0), (300, 3), (3000, 5)])
def test_an_alarm_is_drawn_with_its_marks(lang, bins, marks):
    start = pd.Series([START + timedelta(minutes=15) * number for number in range(bins)]).dt.as_unit("us")
    score = pd.Series(np.sin(np.arange(bins) / 40)).where(np.arange(bins) % 7 > 0)
    table = pd.DataFrame(
        {
            "start": start,
            "knowable": start + timedelta(minutes=15),
            "mentions": pd.array(np.arange(bins) % 90, dtype="Int64"),
            "score": score,
        }
    ).assign(mentions=lambda rows: rows["mentions"].where(rows["score"].notna()))
    words = WORDS[lang] | dict.fromkeys(("score", "threshold"), "阈值" if lang == "zh" else "threshold of it")
    named = [
        (START + timedelta(minutes=15) * bins * (k + 1) / 6, HOSTILE if k == 1 else f"Mark {k}") for k in range(marks)
    ]
    check_whole(alarm.draw(table, threshold=0.81, marks=named, zone="Asia/Shanghai", words=words, lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("panels", [1, 6])
def test_candidates_over_an_archive(lang: str, panels: int):
    table = intervals(400, timedelta(hours=6), unseen=40)
    found = [(1, table["start"][100], table["end"][130]), (12, table["start"][396], table["end"][399])]
    names = [HOSTILE, *("Acme " * 30 for _ in range(panels - 1))]
    check_whole(
        candidates.overview(
            [(name, table, found) for name in names], zone="Asia/Shanghai", words=WORDS[lang], lang=lang
        )
    )


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("at", [None, 3, 150])
def test_one_candidate(lang: str, at: int | None):
    table = intervals(160, timedelta(hours=1), unseen=10).assign(ordinary=80.0)
    table.loc[20:30, "state"] = "partial"
    span = table["start"][3], table["end"][150]
    peak = table["start"][at] if at is not None else None
    for words in (WORDS[lang], WORDS[lang] | {"title": HOSTILE, "peak": HOSTILE}):
        check_whole(candidates.one(table, span=span, peak=peak, zone="UTC", words=words, lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("known", [0, 1, 8])
def test_trade_off(lang: str, known: int):
    rows = [
        {"threshold": 0.3 * k + 0.21, "lead_hours": 9.0 - k if k < known else None, "false_per_month": 6.0 / (k + 1)}
        for k in range(8)
    ]
    table = pd.DataFrame(rows).assign(
        false_low=lambda t: t["false_per_month"] / 2, false_high=lambda t: 2 * t["false_per_month"]
    )
    table["lead_hours"] = table["lead_hours"].astype(float)
    check_whole(trade_off.draw(table, chosen=0.81, words=WORDS[lang], lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("ratios", "own"),
    [
        ([0.8, 0.9, 1.0, 1.0, 1.0, 1.1, 1.2, 1.3, 0.95], 17.0),
        ([0.9 + 0.002 * number for number in range(90)], 1.0),
        ([0.5, 0.7, 1.0, 1.1, 1.5, 2.0, 3.0, 1.0, 1.2], 0.05),
        ([1.0] * 9, 900.0),
        ([0.0] * 9, 1.0),
    ],
)
def test_the_placebos_are_whole(ratios: list[float], own: float, lang: str) -> None:
    words = {name: f"{WORDS[lang]['title'][:40]} {name}" for name in ("title", "quiet", "own", "axis")}
    check_whole(placebo.draw(ratios, own, words=words, lang=lang))


def test_placebos_that_agree_stand_on_each_other_and_the_incident_is_named() -> None:
    words = dict.fromkeys(("title", "quiet", "axis"), "x") | {"own": "the incident"}
    figure = placebo.draw([1.0] * 9, 3.0, words=words, lang="en")
    dots = next(line for line in figure.axes[0].lines if len(line.get_xdata()) == 9)
    assert len(set(dots.get_ydata())) == 9
    assert "the incident" in texts(figure)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("authors", [30, 1000, 40_000])
def test_the_concentration_is_whole(authors: int, lang: str) -> None:
    share = np.linspace(0, 1, authors + 1)
    curves = {
        "reactions": pd.DataFrame({"authors": share, "held": share**0.1}),
        "mentions": pd.DataFrame({"authors": share, "held": share**0.8}),
    }
    names = ("title", "reactions", "mentions", "equal", "authors", "held")
    words = {name: f"{WORDS[lang]['title'][:60]} {name}" for name in names}
    check_whole(concentration.draw(curves, words=words, lang=lang))
    check_whole(concentration.draw({"mentions": curves["mentions"]}, words=words, lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("count", "actions", "fitted"), [(1, 0, False), (96, 5, True), (360, 12, True), (48, 1, False)]
)
def test_a_decay_is_drawn_with_its_half_life_waves_and_gaps(lang, count, actions, fitted):
    start = pd.Series([START + timedelta(hours=1) * number for number in range(count)]).dt.as_unit("us")
    excess = 80 * 0.5 ** (np.arange(count) / 20)
    state = np.resize(["seen"] * 9 + ["unseen", "partial"], count)
    table = pd.DataFrame({"start": start, "end": start + timedelta(hours=1), "state": state})
    table["excess"] = np.where(state == "seen", excess, np.nan)
    for name, times in {"curve": 1.0, "low": 0.5, "high": 20.0}.items():
        table[name] = excess * times if fitted else np.nan
    words = WORDS[lang] | dict.fromkeys(
        ("excess", "seen", "curve", "half", "wave"), "衰减" if lang == "zh" else "decay"
    )
    figure = recovery.draw(
        table,
        half=START + timedelta(hours=20) if fitted else None,
        waves=[(START + timedelta(hours=3), "1"), (START + timedelta(hours=30), "2")][: count // 40],
        actions=[(START + timedelta(hours=k), HOSTILE if k == 1 else f"Action {k}") for k in range(actions)],
        zone="America/Los_Angeles",
        words=words,
        lang=lang,
    )
    check_whole(figure)
    assert any("UTC−7" in text for text in texts(figure))


@pytest.mark.parametrize("lang", LANGS)
def test_the_unclear_are_hatched_and_last(lang: str) -> None:
    rows = pd.DataFrame({"name": ["Late flights", HOSTILE, "不明确"], "share": [0.5, 0.2, 0.3]})
    rows = rows.assign(low=rows["share"] * 0.9, high=rows["share"] * 1.1, before=[0.1, None, None])
    figure = causes.draw(rows.assign(unclear=[False, False, True]), words=WORDS[lang], lang=lang)
    check_whole(figure)
    hatched = [bar.get_y() for bar in figure.axes[0].patches if bar.get_hatch()]
    assert len(hatched) == 1
    assert hatched[0] == max(bar.get_y() for bar in figure.axes[0].patches)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("count", "panels"), [(1, 1), (8, 4), (12, 3)])
def test_costs_of_causes_are_whole(count: int, panels: int, lang: str) -> None:
    names = ["Late flights " + str(place) for place in range(count - 1)] + [HOSTILE]
    parts = []
    for panel in range(panels):
        value = np.linspace(0.9, 0.0, count) * (30 if panel == 2 else 1)
        rows = pd.DataFrame({"cause": names, "value": value, "low": value * 0.8, "high": value * 1.1})
        rows = rows.assign(panel=f"指标 {panel} of many words", unit="hours" if panel == 2 else "share", note="")
        rows["rest"] = None if panel == 2 else 0.4
        rows["costlier"] = [panel == 0 and place == 0 for place in range(count)]
        rows.loc[rows.index[-1], ["value", "note"]] = [None, "样本太少" if lang == "zh" else "too few observations"]
        parts.append(rows)
    words = dict.fromkeys(("rest", "costlier", "alike"), "The other complaints") | {"title": WORDS[lang]["title"]}
    check_whole(cause_costs.draw(pd.concat(parts), words=words, lang=lang))


def test_too_many_costs_are_refused() -> None:
    rows = pd.DataFrame({"cause": [str(place) for place in range(13)], "panel": "a"})
    with pytest.raises(ValueError, match="at most 12 in 4"):
        cause_costs.draw(rows, words=WORDS["en"], lang="en")


def course(rows: int, bins: int, step: timedelta, unseen: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    start = pd.Series([START + step * number for number in range(bins)]).dt.as_unit("us")
    seen = np.arange(bins) >= unseen
    parts = []
    for row in range(rows):
        counts = pd.array(np.arange(bins) * (row + 1) % 17, dtype="Int64")
        part = pd.DataFrame({"row": row, "start": start, "end": start + step, "mentions": counts})
        parts.append(part.assign(mentions=part["mentions"].where(pd.Series(seen))))
    names = ["flight, delayed, gate", "客服, 登录, 验证码", HOSTILE, "a"] * 2
    low = pd.Series([START + step * (row + 1) for row in range(rows)], dtype="datetime64[us, UTC]")
    table = pd.DataFrame({"name": names[:rows], "role": ["among the first", "其后加入", HOSTILE, ""][:1] * rows})
    return table.assign(low=low, high=low + step * 3), pd.concat(parts, ignore_index=True)


COURSE_WORDS = {
    lang: {name: f"{WORDS[lang]['title'][:40]} {name}" for name in ("title", "mentions", "took_off", "time", "unseen")}
    for lang in LANGS
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("rows", "bins", "unseen"), [(1, 1, 0), (8, 72, 9), (3, 40, 40), (5, 24, 0)])
def test_the_course_of_causes_is_whole(rows: int, bins: int, unseen: int, lang: str) -> None:
    table, counts = course(rows, bins, timedelta(hours=3), unseen)
    names = {"en": ("Onset", "Peak", "Back to the usual level"), "zh": ("起始", "峰值", "回到常态")}[lang]
    marks = [(START + timedelta(hours=3 * k), name) for k, name in enumerate(names)]
    figure = cause_course.draw(table, counts, marks=marks, zone="Asia/Singapore", words=COURSE_WORDS[lang], lang=lang)
    check_whole(figure)
    assert any("UTC+8" in text for text in texts(figure))
    assert {names[0], names[-1]} <= set(texts(figure))


def test_causes_that_did_not_take_off_have_no_bar() -> None:
    table, counts = course(2, 24, timedelta(hours=1))
    table["low"] = table["high"] = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]")
    words = COURSE_WORDS["en"]
    figure = cause_course.draw(table, counts, marks=[], zone="UTC", words=words, lang="en")
    check_whole(figure)
    assert not any("took_off" in text for text in texts(figure))


def test_the_course_of_too_many_causes_is_refused() -> None:
    table, counts = course(8, 4, timedelta(hours=1))
    words = COURSE_WORDS["en"]
    with pytest.raises(ValueError, match="too many"):
        cause_course.draw(pd.concat([table, table]), counts, marks=[], zone="UTC", words=words, lang="en")
    with pytest.raises(ValueError, match="no cause"):
        cause_course.draw(table.head(0), counts.head(0), marks=[], zone="UTC", words=words, lang="en")


def scatter(count: int, causes: int, languages: int = 1) -> pd.DataFrame:
    drawn = np.random.default_rng(count)
    table = pd.DataFrame(drawn.uniform(-1, 1, (count, 2)), columns=["x", "y"])
    rows = pd.array(drawn.integers(0, causes + 2, count), dtype="Int64")
    table["row"] = pd.Series(rows).where(lambda row: row < causes)
    return table.assign(panel=[str(k % languages) for k in range(count)], clear=drawn.random(count) > 0.2)


MAPPED = WORDS["en"] | {"other": "Smaller causes", "unclear": "No clear cause", "near": "Near means alike. " * 9}


@pytest.mark.parametrize("name", ["提前道歉 and much else besides", HOSTILE, "中" * 60])
@pytest.mark.parametrize(("count", "causes", "languages"), [(1, 1, 1), (30, 8, 1), (1500, 8, 2), (900, 3, 3)])
def test_a_map_of_causes_is_whole(count: int, causes: int, languages: int, name: str) -> None:
    points, panels = scatter(count, causes, languages), [(str(k), f"Language {k}") for k in range(languages)]
    check_whole(cause_map.draw(points, [name] * causes, panels=panels, words=MAPPED, lang="zh"))


def test_each_cause_of_a_map_has_a_shape_of_its_own_and_its_name_beside_no_other() -> None:
    turn = np.arange(1500) % 8
    points = scatter(1500, 8).assign(row=pd.array(turn, dtype="Int64"))
    points["x"], points["y"] = 0.2 * points["x"] + np.cos(turn) / 2, 0.2 * points["y"] + np.sin(turn) / 2
    names = [f"cause number {k}, and a phrase" for k in range(8)]
    figure = cause_map.draw(points, names, panels=[("0", "")], words=MAPPED, lang="en")
    assert {text.replace("\n", " ") for text in texts(figure)} >= set(names)
    looks = {(item["marker"], item["facecolors"]) for item in map(cause_map._look, range(8))}
    assert len(looks) == len({marker for marker, _ in looks}) == 8
    with look():
        figure.draw_without_rendering()
    named = [item for item in figure.findobj(Text) if item.get_text().startswith("cause number")]
    boxes = [Text.get_window_extent(item) for item in named]
    apart = [one.count_overlaps(boxes[:place]) for place, one in enumerate(boxes)]
    assert sum(apart) == 0


def test_a_map_of_too_many_causes_or_of_none_is_refused() -> None:
    for draw in (cause_map.draw, cause_map_live.draw):
        with pytest.raises(ValueError, match="at most 8"):
            draw(
                scatter(9, 9),
                ["a"] * 9,
                panels=[("0", "")],
                words=MAPPED,
                **({"lang": "en"} if draw is cause_map.draw else {}),
            )
    with pytest.raises(ValueError, match="no mention"):
        cause_map.draw(scatter(0, 1), [], panels=[("0", "")], words=MAPPED, lang="en")


def test_a_map_to_walk_about_in_says_what_it_is_given_as_text() -> None:
    points = scatter(60, 3, 2).assign(said=HOSTILE, id=[f"m{k}" for k in range(60)])
    names = [HOSTILE, "b", "c"]
    figure = cause_map_live.draw(points, names, panels=[("0", HOSTILE), ("1", "zh")], words=MAPPED | {"title": HOSTILE})
    assert sorted(identity for trace in figure.data for identity in trace.ids) == sorted(points["id"])
    written = [*(trace.name for trace in figure.data), *(note.text for note in figure.layout.annotations)]
    written += [figure.layout.title.text, *figure.data[0].hovertext]
    for text in written:
        assert "<" not in text.replace("<br>", "")
        assert not {"$", "\u202e", "\x00"} & set(text)


def branches(leaves: int) -> pd.DataFrame:
    rows = [{"left": k if k == 0 else -k, "right": k + 1, "distance": 0.5 + k / 10} for k in range(leaves - 1)]
    return pd.DataFrame(rows).assign(within=lambda table: table.index < leaves // 2)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("leaves", "name"), [(2, "refund"), (9, HOSTILE), (24, "退款迟迟不到、客服推诿、热线打不通 and more")]
)
def test_a_tree_of_causes_is_whole(leaves: int, name: str, lang: str) -> None:
    words = WORDS[lang] | {"distance": "Less alike"}
    figure = cause_tree.draw(branches(leaves), dict.fromkeys(range(leaves), name), words=words, lang=lang)
    check_whole(figure)
    assert len(figure.axes[0].lines) == leaves - 1


def test_trees_that_do_not_join_stand_below_each_other() -> None:
    merges = pd.DataFrame({"left": [0, 2], "right": [1, 3], "distance": [0.4, 0.6], "within": [True, False]})
    figure = cause_tree.draw(merges, dict(enumerate("abcde")), words=MAPPED | {"distance": "x"}, lang="en")
    assert [item.get_text() for item in figure.axes[0].get_yticklabels()] == list("abcde")
    with pytest.raises(ValueError, match="at most 24"):
        cause_tree.draw(branches(25), dict.fromkeys(range(25), "a"), words=MAPPED, lang="en")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("shares", [[], [0.0], [0.53, 0.0, 1.0, 0.02, 0.3, np.nan]])
def test_a_scorecard_is_whole(shares: list[float], lang: str) -> None:
    names = ["Acknowledged the case", "表达共情", HOSTILE, "Explained", "Offered a solution", "Put on hold"][
        : len(shares)
    ]
    rows = pd.DataFrame({"name": names, "share": np.array(shares, dtype="float64")})
    rows = rows.assign(low=(rows["share"] - 0.1).clip(lower=0), high=(rows["share"] + 0.2).clip(upper=1))
    check_whole(scorecard.draw(rows, words=WORDS[lang], lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("count", "marks", "unseen"), [(3, 0, 0), (240, 9, 30), (240, 1, 240)])
def test_a_backlog_is_whole(count: int, marks: int, unseen: int, lang: str) -> None:
    from analysis.measures.backlog import Growth

    moments = pd.Series([START + timedelta(hours=number) for number in range(count)]).dt.as_unit("us")
    table = pd.DataFrame({"hour": moments, "arrivals": 4, "replies": 1, "open": np.arange(count) * 3})
    table = table.astype(dict.fromkeys(("arrivals", "replies", "open"), "Int64"))
    table.loc[: unseen - 1, ["arrivals", "replies", "open"]] = pd.NA
    grew = [Growth(pd.Timestamp(START), pd.Timestamp(START) + pd.Timedelta(hours=7), 21)]
    named = [(START + timedelta(hours=number), HOSTILE if number else "说明") for number in range(marks)]
    words = WORDS[lang] | {"flows": "Arrived (blue) and answered (dark)", "open": "Waiting"}
    figure = backlog.draw(table, grew=grew, marks=named, zone="Asia/Shanghai", words=words, lang=lang)
    check_whole(figure)
    assert len(figure.axes) == 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("counts", [(0, 0, 0, 0, 0, 21), (10, 94, 170, 61, 153, 1264), (9_999_999, 1, 1, 1, 1, 1)])
def test_the_states_of_conversations_are_whole(counts: tuple[int, ...], lang: str) -> None:
    names = ["Ended well", "转私后结果不明", HOSTILE, "Still open", "再度投诉", "Never answered"]
    share = np.array(counts) / sum(counts)
    rows = pd.DataFrame({"name": names, "state": list(states.COLOURS), "conversations": counts, "share": share})
    low, high = share[0], share[:3].sum()
    limits = [(low, low * 0.9, low * 1.05), (high, high * 0.9, min(1.0, high * 1.05))]
    check_whole(states.draw(rows, limits=limits, words=WORDS[lang] | {"limits": HOSTILE}, lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("count", [1, 3, 14])
def test_incidents_over_time_are_whole(count: int, lang: str) -> None:
    words = dict.fromkeys(("severity", "half", "time", "unknown"), f"{WORDS[lang]['share']}")
    rows = pd.DataFrame(
        {
            "title": [f"{HOSTILE} {number}" for number in range(count)],
            "start": [START + timedelta(days=90 * number) for number in range(count)],
            "severity": [float(1 + number % 4) for number in range(count)],
            "half": [10.0 * (1 + number) for number in range(count)],
            "low": [8.0 * (1 + number) for number in range(count)],
            "high": [np.nan if number == 1 else 90.0 * (1 + number) for number in range(count)],
        }
    )
    rows.loc[rows.index[-1], ["severity", "half", "low", "high"]] = np.nan
    rows["start"] = pd.to_datetime(rows["start"], utc=True).dt.as_unit("us")
    check_whole(incidents.draw(rows, zone="Asia/Singapore", words=words | {"title": WORDS[lang]["title"]}, lang=lang))


@pytest.mark.parametrize("lang", LANGS)
def test_causes_against_incidents_are_whole(lang: str) -> None:
    words = {"title": WORDS[lang]["title"], "again": WORDS[lang]["share"], "once": WORDS[lang]["share"]}
    cells = pd.DataFrame(
        [
            {"cause": f"{row} {HOSTILE}", "again": row < 3, "incident": column, "share": 0.05 * (1 + column)}
            for row in range(cause_matrix.MOST)
            for column in range(cause_matrix.COLUMNS)
            if (row + column) % 3 == 0
        ]
    )
    names = [f"{column} {HOSTILE}" for column in range(cause_matrix.COLUMNS)]
    check_whole(cause_matrix.draw(cells, names, words=words, lang=lang))
    alone = cells[~cells["again"]].head(1).assign(incident=0)
    check_whole(cause_matrix.draw(alone, ["One"], words=words, lang=lang))
    with pytest.raises(ValueError, match="give at most"):
        cause_matrix.draw(cells, [*names, "one more"], words=words, lang=lang)
