"""Reading files: containers, encodings, recognition, columns, times, ids and counts."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.archive import delimited, encodings, formats, jsonl, parquet
from analysis.archive.clock import EPOCH_MS, agreeing_zones, check_clock, id_times
from analysis.archive.normalise import clean_ids, read_counts
from analysis.archive.records import RECORD_BYTES
from analysis.archive.times import read_times
from analysis.errors import InputError

ARCHIVES = Path(__file__).parent / "archives"


def write(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("airline_sentiment.csv", "airline-sentiment"),
        ("get_old_tweets.csv", "get-old-tweets"),
        ("support_requests.csv", "support-on-twitter"),
        ("support_replies.csv", "support-on-twitter"),
        ("generic.csv", "delimited"),
        ("nested.jsonl", "jsonl"),
    ],
)
def test_recognition_says_why(name, expected):
    form, why = formats.recognise(ARCHIVES / name)
    assert form.name == expected
    assert why


def test_a_named_format_overrules_and_an_unknown_one_is_refused():
    form, why = formats.recognise(ARCHIVES / "airline_sentiment.csv", "csv")
    assert form.name == "delimited"
    assert "archive.yml" in why
    with pytest.raises(InputError, match="airline-sentiment"):
        formats.recognise(ARCHIVES / "airline_sentiment.csv", "nonsense")


def test_halves_of_a_broken_row_are_rejected():
    records = delimited.read(ARCHIVES / "support_requests.csv")
    assert list(records.table["tweet_id"]) == ["100", "102"]
    assert [(item.row, item.reason) for item in records.rejections] == [(3, "field_count"), (4, "field_count")]
    assert "one more" in records.rejections[1].raw


def test_an_open_quote_costs_its_own_line_only(tmp_path):
    rows = ["id,text"] + [f"{n},plain" for n in range(2500)]
    rows[5] = '4,"never closed'
    records = delimited.read(write(tmp_path, "\n".join(rows)))
    assert len(records.table) == 2499
    assert [(item.row, item.reason) for item in records.rejections] == [(5, "open_quote")]
    short = delimited.read(write(tmp_path, 'id,text\n1,"open\n2,b\n3,c\n'))
    assert list(short.table["id"]) == ["2", "3"]


def test_quoted_line_breaks_blank_lines_and_bare_returns(tmp_path):
    records = delimited.read(write(tmp_path, 'id,text\r1,"a\r\rb"\r\r\r2,c\r'))
    assert list(records.table["text"]) == ["a\r\rb", "c"]
    assert not records.rejections


def test_a_record_too_long_is_rejected(tmp_path):
    path = write(tmp_path, "id,text\n1," + "x" * (2 * RECORD_BYTES) + "\n2,b\n")
    records = delimited.read(path)
    assert list(records.table["id"]) == ["2"]
    assert records.rejections[0].reason == "too_long"
    assert len(records.rejections[0].raw) < 2000
    lines = write(tmp_path, '{"id": "' + "x" * (2 * RECORD_BYTES) + '"}\n{"id": "2"}\n', "a.jsonl")
    assert [item.reason for item in jsonl.read(lines).rejections] == ["too_long"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path, separator):
    records = delimited.read(write(tmp_path, f'id{separator}text\n1{separator}"a{separator}b"\n'))
    assert records.table.to_dict("records") == [{"id": "1", "text": f"a{separator}b"}]


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("gb18030", "gb18030"),
    ],
)
def test_encodings(tmp_path, encoding, expected):
    text = "行李丢了，怎么办" if encoding == "gb18030" else "café naïve, “déjà vu”"
    path = write(tmp_path, f'id,text\n1,"{text}"\n'.encode(encoding))
    records = delimited.read(path)
    assert list(records.table.columns) == ["id", "text"]
    assert records.table["text"].iloc[0] == text
    assert records.encoding == expected
    assert [item["kind"] for item in records.notes] == (["encoding_guessed"] if encodings.detect(path).guessed else [])


def test_a_character_cut_in_half_does_not_change_the_encoding(tmp_path):
    records = delimited.read(write(tmp_path, "id,text\n1,行李丢了\n2,行李".encode()[:-1]))
    assert records.encoding == "utf-8"
    assert records.table["text"].iloc[0] == "行李丢了"
    assert records.notes[0]["kind"] == "undecodable_characters"


def test_nul_is_taken_out(tmp_path):
    records = delimited.read(write(tmp_path, b"id,text\n1,a\0b" + b"c" * 100 + b"\n"))
    assert records.table["text"].iloc[0].startswith("abc")
    assert records.notes[0] == {"kind": "nul_removed", "values": {"characters": 1}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"id,text\n", "no rows"),
        (b"PK\x03\x04" + b"\0" * 50, "CSV"),
        (bytes(range(256)) * 20, "not a text file"),
        (b"PAR1 but nothing else", "Parquet"),
        (b'[{"id": 1}]', "one object a line"),
        (b'{"id": ', "no column for|not a JSON|no objects"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(tmp_path, content, message):
    path = write(tmp_path, content)

    def read() -> None:
        form, _ = formats.recognise(path)
        formats.match_columns(form, {}, list(form.read(path).table.columns), path)

    with pytest.raises(InputError, match=message):
        read()


def test_json_lines_are_flattened():
    records = jsonl.read(ARCHIVES / "nested.jsonl")
    assert list(records.table["author.name"]) == ["小明", "Ada"]
    assert list(records.table["id"]) == ["901", "902"]
    assert records.table["metrics.like_count"].isna().tolist() == [False, True]
    assert [(item.row, item.reason) for item in records.rejections] == [(3, "not_json"), (4, "not_json")]


def test_hostile_json(tmp_path):
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    lines = [deep, '{"id": ' + "9" * 5000 + "}", '{"id": "\\ud800", "n": NaN, "f": 1e999}', json.dumps({"id": 1})]
    records = jsonl.read(write(tmp_path, "\n".join(lines), "a.jsonl"))
    assert len(records.table) + len(records.rejections) == 4


def test_parquet_as_text(tmp_path):
    path = tmp_path / "a.parquet"
    times = pd.to_datetime(["2024-01-01 10:00", None])
    pd.DataFrame(
        {
            "id": [850410995680411651, 2],
            "parent": [850.0, float("nan")],
            "big": [1.78e17, 1.0],
            "zoned": times.tz_localize("Asia/Shanghai"),
            "naive": times,
            "user": [{"name": "Ada"}, {"name": "Bo"}],
            "tags": [["a"], None],
        }
    ).to_parquet(path)
    row = parquet.read(path).table.iloc[0].to_dict()
    assert row["id"] == "850410995680411651"
    assert row["parent"] == "850"
    assert row["big"] == "1.78e+17"
    assert row["zoned"].startswith("2024-01-01T02:00:00")
    assert row["zoned"].endswith("+00:00")
    assert row["naive"].startswith("2024-01-01T10:00:00")
    assert row["user.name"] == "Ada"
    assert row["tags"] == '["a"]'
    assert pd.isna(parquet.read(path).table["parent"].iloc[1])


def test_columns_are_matched_loosely_and_asked_for():
    form, path = delimited.FORMAT, Path("a.csv")
    came = ["ID", "Created_At", "Message", "Odd One"]
    found, guessed = formats.match_columns(form, {"likes": " odd one"}, came, path)
    assert found == {"likes": "Odd One", "id": "ID", "published_at": "Created_At", "text": "Message"}
    assert set(guessed) == {"id", "published_at", "text"}
    with pytest.raises(InputError, match=r"(?s)a\.csv.*Odd One.*columns:\n  id: ID\n.*text: <"):
        formats.match_columns(form, {}, ["ID", "Created_At", "Odd One"], path)
    with pytest.raises(InputError, match=r"no such column.*Odd One"):
        formats.match_columns(form, {"text": "body"}, came, path)
    with pytest.raises(InputError, match="nonsense is no column"):
        formats.match_columns(form, {"nonsense": "ID"}, came, path)


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
    assert times.ambiguous == 1


def test_day_and_month():
    told = read_times(pd.Series(["03/04/2024 10:05 pm", "03/15/2024 10:05"]), "UTC").utc
    assert told.tolist() == [pd.Timestamp("2024-03-04 22:05", tz="UTC"), pd.Timestamp("2024-03-15 10:05", tz="UTC")]
    assert read_times(pd.Series(["03/04/2024 10:05"]), "UTC").reason[0] == "unordered_date"


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
    ahead = check_clock(pd.Series(times) + pd.Timedelta(hours=7), ids, None, tolerance)
    assert ahead.median == pd.Timedelta(hours=7)
    assert ahead.off == ahead.checkable == 50
    assert check_clock(pd.Series(times) + pd.Timedelta(days=40), ids, None, tolerance).median is None
    local = pd.Series(times.tz_convert("America/Los_Angeles").tz_localize(None))
    assert agreeing_zones(local, ids, None, tolerance) == ["Etc/GMT+7", "America/Los_Angeles"]
