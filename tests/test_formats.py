"""Formats: which one a source has and why; which column is which; times, ids and counts as exports write them."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.archive import formats
from analysis.archive.clock import (
    EPOCH_MS,
    agreeing_zones,
    compare,
    from_plain,
    id_times,
    refuse_wrong_clock,
    together,
    told_apart,
    too_few,
)
from analysis.archive.formats.columns import match_columns
from analysis.archive.formats.networks import first_of
from analysis.archive.normalise import clean_ids, read_counts
from analysis.archive.times import are_slashed, day_first_among, read_times
from analysis.errors import InputError


def test_every_format_is_found_and_says_why():
    names = [form.name for form in formats.known()]
    assert names == sorted(set(names))
    assert {"airline-sentiment", "brandwatch", "reddit", "support-on-twitter"} <= set(names)
    for form in formats.known():
        for marks in form.marks:
            found, why = formats.recognise([mark.upper() for mark in marks] + ["something else"])
            assert (found.name, "columns" in why) == (form.name, True)


def test_marks_of_one_format_are_never_within_those_of_another():
    sets = [(form.name, marks) for form in formats.known() for marks in form.marks]
    for name, marks in sets:
        for other, more in sets:
            assert name == other or marks != more


def test_a_named_format_overrules_and_an_unknown_one_is_refused():
    assert formats.named("CSV") is formats.GENERIC
    assert formats.named("airline-sentiment").name == "airline-sentiment"
    with pytest.raises(InputError, match=r"nonsense.*airline-sentiment.*generic"):
        formats.named("nonsense")
    assert formats.recognise(["a", "b"])[0] is formats.GENERIC


def test_the_first_column_that_holds_anything():
    records = pd.DataFrame({"X Likes": ["1", None, ""], "Facebook Likes": ["9", "2", None]}, dtype="str")
    assert first_of(records, ["x likes", "facebook likes", "absent"]).fillna("-").tolist() == ["1", "2", "-"]


def test_columns_are_matched_loosely_and_asked_for():
    form, path = formats.GENERIC, "a.csv"
    came = ["ID", "Created_At", "Message", "Odd One"]
    found, guessed = match_columns(form, {"likes": " odd one"}, came, path)
    assert found == {"likes": "Odd One", "id": "ID", "published_at": "Created_At", "text": "Message"}
    assert set(guessed) == {"id", "published_at", "text"}
    with pytest.raises(InputError, match=r"(?s)a\.csv.*Odd One.*columns:\n  id: ID\n.*text: <"):
        match_columns(form, {}, ["ID", "Created_At", "Odd One"], path)
    with pytest.raises(InputError, match=r"no such column.*Odd One"):
        match_columns(form, {"text": "body"}, came, path)
    with pytest.raises(InputError, match="nonsense is no column"):
        match_columns(form, {"nonsense": "ID"}, came, path)


def test_an_unknown_table_gets_a_map_to_edit():
    sample = pd.DataFrame(
        {
            "Nr": ["a1", "a2", "a3"],
            "Wann": ["03.04.2024 10:00", "03.04.2024 11:00", "25.04.2024 09:30"],
            "Wer": ["ada", "bo", "ada"],
            "Was": ["the brake failed again", "no answer", "thanks for nothing"],
            "Herzen": ["3", "0", "12"],
        },
        dtype="str",
    )
    with pytest.raises(InputError) as error:
        match_columns(formats.GENERIC, {}, list(sample.columns), "a.csv", sample)
    lines = str(error.value).split("columns:\n")[1].splitlines()
    assert [line.split("#")[0].split() for line in lines] == [
        ["published_at:", "Wann"],
        ["text:", "Was"],
        ["id:", "Nr"],
        ["author:", "Wer"],
    ]


def test_ids():
    came = pd.Series(
        ["849410995680411651", "850.0", "1.78E+17", "849410995680411648.0", "5e10", "../../etc/passwd", None]
    )
    ids, damaged = clean_ids(came)
    assert ids.fillna("-").tolist() == ["849410995680411651", "850", "-", "-", "5e10", "../../etc/passwd", "-"]
    assert damaged.tolist() == [False, False, True, True, False, False, False]


def test_counts_are_null_not_zero():
    counts, broken = read_counts(pd.Series(["1,200", "3.0", "", None, "2.3K", "-1", "9" * 30, "0"]).replace("", None))
    assert counts.fillna(-9).tolist() == [1200, 3, -9, -9, -9, -9, -9, 0]
    assert broken.tolist() == [False, False, False, False, True, True, True, False]


@pytest.mark.parametrize(
    ("came", "read"),
    [
        (["1.000", "2.345", "7"], [1000, 2345, 7]),  # the second can be nothing but thousands
        (["1.000", "2.000", "7"], [None, None, 7]),
        (["1.0", "2.00", "3."], [1, 2, 3]),
        (["1.234.567", "1.000"], [1234567, 1000]),
        (["1 200", "1\u202f200", "1'200"], [1200, 1200, 1200]),
        (["0.5", "1.5"], [None, None]),
        (["12,3", "1,20,000"], [None, None]),
    ],
)
def test_points_and_blanks_in_counts(came, read):
    counts, broken = read_counts(pd.Series(came, dtype="str"))
    assert [None if pd.isna(count) else count for count in counts] == read
    assert broken.tolist() == [count is None for count in read]


@pytest.mark.parametrize(
    "written",
    [
        "2017-10-31T22:10:47Z",
        "2017-10-31 22:10:47 UTC",
        "2017-10-31 14:10:47 -0800",
        "2017-10-31T14:10:47.000-08:00",
        "Tue Oct 31 22:10:47 +0000 2017",
        "Tue, 31 Oct 2017 22:10:47 +0000",
        "1509487847",
        "1509487847000",
        "1509487847.0",
    ],
)
def test_times_with_a_zone(written):
    times = read_times(pd.Series([written]), None)
    assert times.utc[0] == pd.Timestamp("2017-10-31 22:10:47", tz="UTC")
    assert not times.naive[0]


@pytest.mark.parametrize(
    "written", ["2017-11-01 06:10:47", "2017/11/1 06:10:47", "2017-11-01 06:10:47.0", "01 Nov 2017 06:10:47"]
)
def test_local_times(written):
    assert read_times(pd.Series([written]), "Asia/Shanghai").utc[0] == pd.Timestamp("2017-10-31 22:10:47", tz="UTC")
    unasked = read_times(pd.Series([written]), None)
    assert unasked.naive[0]
    assert pd.isna(unasked.utc[0])


def test_times_that_cannot_be_read():
    came = pd.Series(["yesterday", "", None, "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "2017-13-45", "=1+1"])
    reasons = read_times(came, "UTC").reason
    assert reasons.tolist() == ["unreadable_time", "no_time", "no_time"] + ["unreadable_time"] * 4


def test_clocks_that_go_forward_and_back():
    times = read_times(pd.Series(["2024-03-10 02:30:00", "2024-11-03 01:30:00"]), "America/New_York")
    assert times.reason[0] == "impossible_time"
    assert times.utc[1] == pd.Timestamp("2024-11-03 06:30", tz="UTC")
    assert times.earlier.tolist()[1] == pd.Timestamp("2024-11-03 05:30", tz="UTC")
    assert times.earlier.isna().tolist() == [True, False]
    posted = pd.DatetimeIndex(["2024-11-03 05:30", "2024-11-03 06:30"], tz="UTC")
    written = read_times(pd.Series(["2024-11-03 01:30:00"] * 2), "America/New_York")
    known = told_apart(written, snowflakes(posted), None)
    assert known.utc.tolist() == posted.tolist()
    assert known.earlier.isna().all()


def test_day_and_month():
    came = pd.Series(["03/04/2024 10:05 pm", "03/15/2024 10:05"])
    assert are_slashed(came)
    assert day_first_among(came) == {False}
    assert day_first_among(pd.Series(["03.04.2024", "25.04.2024"])) == {True}
    assert day_first_among(pd.Series(["03/04/2024 10:05", "2024-01-01", None])) == set()
    told = read_times(came, "UTC", day_first=False).utc
    assert told.tolist() == [pd.Timestamp("2024-03-04 22:05", tz="UTC"), pd.Timestamp("2024-03-15 10:05", tz="UTC")]
    assert read_times(pd.Series(["03/04/2024"]), "UTC", day_first=True).utc[0] == pd.Timestamp("2024-04-03", tz="UTC")
    assert read_times(pd.Series(["03/04/2024 10:05"]), "UTC").reason[0] == "unordered_date"


@given(st.lists(st.sampled_from(["2024-01-01T10:00:00Z", "2024-02-30T10:00:00Z", "1850-01-01T00:00:00Z", "", "x"])))
def test_the_quick_way_with_times_gives_what_the_long_one_does(written):
    both = read_times(pd.Series([*written, "Tue Oct 31 22:10:47 +0000 2017"], dtype="str"), None)  # not the quick way
    alone = read_times(pd.Series(written, dtype="str"), None)
    assert alone.utc.equals(both.utc.iloc[:-1])
    assert alone.reason.fillna("-").tolist() == both.reason.iloc[:-1].fillna("-").tolist()


def snowflakes(times: pd.DatetimeIndex) -> pd.Series:
    ms = times.tz_convert("UTC").as_unit("ms").asi8
    return pd.Series([str((int(value) - EPOCH_MS) << 22) for value in ms], dtype="string")


def test_ids_carry_time():
    times = pd.date_range("2017-04-04", periods=50, freq="h", tz="UTC")
    ids = snowflakes(times)
    tolerance = pd.Timedelta(minutes=15)
    assert (id_times(ids, None) == pd.Series(times)).all()
    assert id_times(ids, "weibo").isna().all()
    assert id_times(pd.Series(["4098123456789012", "x", None], dtype="string"), None).isna().all()
    local = pd.Series(times.tz_convert("America/Los_Angeles").tz_localize(None))
    assert agreeing_zones(local, ids, None, tolerance) == ["Etc/GMT+7", "America/Los_Angeles"]


def test_clocks_are_compared_with_ids():
    times = pd.Series(pd.date_range("2017-04-04", periods=50, freq="h", tz="UTC", unit="us"))
    ids, aware = snowflakes(pd.DatetimeIndex(times)), pd.Series(pd.NaT, index=times.index, dtype="datetime64[us]")
    ahead = compare(times + pd.Timedelta(hours=7), aware, ids, None)
    assert set(ahead["aware"].differences) == {7 * 3600}
    with pytest.raises(InputError, match=r"a\.csv: .*by \+7\.00 hours \(median of 50 rows\)"):
        refuse_wrong_clock("a.csv", ahead, platform=None, zone=None)
    far = compare(times + pd.Timedelta(days=40), aware, ids, None)
    assert refuse_wrong_clock("a.csv", far, platform=None, zone=None) == []  # no zone was declared
    local = compare(times + pd.Timedelta(days=40), times.dt.tz_localize(None), ids, None)
    told = refuse_wrong_clock("a.csv", local, platform=None, zone="UTC")
    assert [item["kind"] for item in told] == ["clock_not_checkable"]
    halves = [compare(times[part], aware[part], ids[part], None) for part in (slice(0, 20), slice(20, None))]
    whole = together(halves)["aware"]
    assert (whole.ids, len(whole.differences), len(whole.rows)) == (50, 50, 50)
    assert too_few(together(halves)) == {}
    few = compare(times[:5], aware[:5], ids[:5], None)
    again = from_plain(json.loads(json.dumps(too_few(few))))["aware"]
    assert again.differences.tolist() == few["aware"].differences.tolist()
    pd.testing.assert_frame_equal(again.rows.astype("str"), few["aware"].rows.astype("str"), check_dtype=False)
