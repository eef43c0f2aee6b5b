"""Separated text: records as Python's csv reader has them, headers below preambles, and encodings."""

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.archive import formats
from analysis.archive.containers import delimited, encodings, open_source
from analysis.archive.records import RECORD_BYTES, Reading, Rejection
from analysis.archive.sources import Source
from analysis.errors import InputError


def write(folder: Path, content: str | bytes, name: str = "a.csv") -> Source:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Source(name, path)


def read(source: Source) -> tuple[Reading, pd.DataFrame, list[Rejection]]:
    """The reading of `source`, its whole table and its rejections, numbered within the source."""
    reading = open_source(source, is_header=formats.is_header)
    assert reading.container == "delimited"
    tables, rejections, before = [], [], 0
    for loadable in reading.batches:
        batch = loadable.load()
        assert sorted([*batch.table.index, *(item.row for item in batch.rejections)]) == [*range(1, batch.count + 1)]
        assert batch.raw is None
        tables.append(batch.table.set_index(batch.table.index + before))
        rejections += [Rejection(item.row + before, item.reason, item.detail, item.raw) for item in batch.rejections]
        before += batch.count
    table = pd.concat(tables) if tables else pd.DataFrame(columns=list(reading.columns))
    assert tuple(table.columns) == reading.columns
    assert set(map(str, table.dtypes)) == {"str"}
    return reading, table, rejections


def kinds(reading: Reading) -> dict[str, dict]:
    return {item["kind"]: item["values"] for item in reading.notes}


def reasons(rejections: list[Rejection]) -> list[tuple[int, str]]:
    return [(item.row, item.reason) for item in rejections]


# Records


def test_halves_of_a_row_that_an_unquoted_line_break_cut_are_both_rejected(tmp_path):
    _, table, rejections = read(write(tmp_path, "id,text,likes\n1,one,4\n2,two and\nits rest,5\n3,three,6\n"))
    assert list(table["id"]) == ["1", "3"]
    assert list(table.index) == [1, 4]
    assert reasons(rejections) == [(2, "field_count"), (3, "field_count")]
    assert [item.raw for item in rejections] == ["2,two and\n", "its rest,5\n"]
    assert rejections[0].detail == "2 fields, the header has 3"


def test_an_open_quote_costs_its_own_line_only(tmp_path):
    rows = ["id,text"] + [f"{n},plain" for n in range(2500)]
    rows[5] = '4,"never closed'
    _, table, rejections = read(write(tmp_path, "\n".join(rows)))
    assert len(table) == 2499
    assert reasons(rejections) == [(5, "open_quote")]
    assert rejections[0].raw == '4,"never closed\n'
    _, table, _ = read(write(tmp_path, 'id,text\n1,"open\n2,b\n3,c\n'))
    assert list(table["id"]) == ["2", "3"]
    _, table, rejections = read(write(tmp_path, 'id,text\n1,a\n2,"the file ends he'))
    assert list(table["id"]) == ["1"]
    assert reasons(rejections) == [(2, "open_quote")]


def test_a_quote_within_an_unquoted_field_is_text_and_hides_no_open_one(tmp_path):
    rows = ["id,text,more", '1,a 28" wheel,x', '2,a 28" wheel,"open', *(f"{n},plain,x" for n in range(3, 1500))]
    _, table, rejections = read(write(tmp_path, "\n".join(rows)))
    assert table["text"].iloc[0] == 'a 28" wheel'
    assert len(table) == 1498
    assert reasons(rejections) == [(2, "open_quote")]


def test_quotes_that_open_in_every_line_are_given_up_on(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "_PATIENCE", 100_000)
    with pytest.raises(InputError, match=r"a\.csv: quotes that nothing closes"):
        read(write(tmp_path, "id,text\n" + 'a","\n' * 3000))


def test_a_record_of_as_many_lines_as_may_be(tmp_path):
    for lines, expected in ((delimited.RECORD_LINES, 1), (delimited.RECORD_LINES + 1, 0)):
        text = 'id,text\n1,"' + "x\n" * (lines - 1) + 'x"\n'
        assert int((read(write(tmp_path, text))[1]["id"] == "1").sum()) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_and_quoted_line_breaks(tmp_path, end):
    text = f'id,text{end}1,"a{end}{end}b"{end}{end}{end}2,c{end}'
    _, table, rejections = read(write(tmp_path, text.encode()))
    assert list(table["text"]) == [f"a{end}{end}b", "c"]
    assert not rejections


def test_what_ends_a_line_elsewhere_does_not_end_a_record(tmp_path):
    odd = "a\u2028b\x0bc\x85d\x1ee\x0cf"
    _, table, rejections = read(write(tmp_path, f"id,text\n1,{odd}\n2,plain\n"))
    assert list(table["text"]) == [odd, "plain"]
    assert not rejections


def test_empty_lines_are_no_records(tmp_path):
    reading, table, rejections = read(
        write(tmp_path, "id,text\n1,a\n\n,\n , \n2,b\n" + "\n" * 100_000 + ",\r\n" * 1000)
    )
    assert list(table["id"]) == ["1", " ", "2"]
    assert list(table.index) == [1, 2, 3]
    assert not rejections
    assert not reading.notes


def test_a_line_too_long_is_rejected_and_shown_in_part(tmp_path):
    source = write(tmp_path, "id,text\n1," + "x" * (2 * RECORD_BYTES) + "\n2,b\n")
    _, table, rejections = read(source)
    assert list(table["id"]) == ["2"]
    assert reasons(rejections) == [(1, "too_long")]
    assert len(rejections[0].raw) < 2000
    lines = "".join(f"{'x' * 100_000}\n" for _ in range(150))
    _, table, rejections = read(write(tmp_path, f'id,text\n1,"{lines}"\n2,b\n'))
    assert list(table["id"]) == ["2"]
    assert rejections[0].reason == "too_long"


def test_nul_is_taken_out(tmp_path):
    reading, table, _ = read(write(tmp_path, b"id,text\n1,a\0b" + b"c" * 100 + b"\n2,d\r\0\n"))
    assert list(table["text"]) == ["ab" + "c" * 100, "d"]
    assert kinds(reading) == {"nul_removed": {"characters": 2}}


def test_records_are_numbered_within_batches_that_follow_one_another(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "BATCH", 10)
    monkeypatch.setattr(delimited, "_SLICE", 3)
    rows = [f"{n},text {n}" if n % 7 else f"{n}" for n in range(1, 96)]
    source = write(tmp_path, "id,text\n" + "\n".join(rows))
    batches = [batch.load() for batch in delimited.open_delimited(source).batches]
    assert [batch.count for batch in batches] == [10] * 9 + [5]
    _, table, rejections = read(source)
    assert [int(value) for value in table["id"]] == list(table.index)
    assert [item.row for item in rejections] == list(range(7, 96, 7))


def by_csv(text: str, width: int, record_lines: int, record_bytes: int) -> list[tuple[list[str] | None, str]]:
    """Each record of `text` with what was read, or None and why not: slowly, and by Python's csv reader alone."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text.replace("\0", ""))
    lines = [line if len(line) <= record_bytes else f"\0{line[:10]}\n" for line in lines]
    out: list[tuple[list[str] | None, str]] = []
    at = 0
    while at < len(lines):
        room = next(
            (n for n in range(2, record_lines + 1) if sum(map(len, lines[at : at + n])) > record_bytes),
            record_lines + 1,
        )
        # Read with an end that closes nothing: a reader that takes it was still within quotes.
        reader = csv.reader([*lines[at : at + room - 1], ""])
        fields, taken = next(reader), reader.line_num
        if taken > len(lines[at : at + room - 1]):
            following = lines[at + room - 1 : at + room]
            out.append((None, "too_long" if following and room <= record_lines else "open_quote"))
            taken = 1
        elif any("\0" in field for field in fields):
            out.append((None, "too_long"))
        elif any(fields):
            out.append((fields, "") if len(fields) == width else (None, "field_count"))
        at += taken
    return out


TEXTS = st.lists(
    st.sampled_from(
        ['"', '""', '","', ",", ",", "\n", "\r\n", "\r", "\0", "a", "b,c", "行", "\u2028", "\x0b", "x" * 30]
    )
).map("".join)

SMALL = {"_SLICE": 2, "_SHOWN": 10, "RECORD_LINES": 5, "RECORD_BYTES": 40}


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, block=st.integers(1, 40), batch=st.integers(1, 5))
@example(text='a","\na","\na","\n1,2\n', block=3, batch=2)
@example(text="x" * 41 + "\r" + "1,2\r\n", block=1, batch=1)
@example(text='"' + "x\n" * 30, block=7, batch=1)
@example(text='"""""\n\n\n\n\r\n' + "x" * 30, block=1, batch=1)
def test_any_text_is_read_as_the_csv_reader_reads_it_whatever_the_blocks(tmp_path_factory, text, block, batch):
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfid,text\n" + text.encode())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**SMALL, "_BLOCK": block, "BATCH": batch}.items():
            patch.setattr(delimited, name, value)
        reading = delimited.open_delimited(Source("a.csv", path), is_header=lambda row: row == ["id", "text"])
        got: list[tuple[list[str] | None, str]] = []
        for loadable in reading.batches:
            table, rejected = loadable.load().table, loadable.load().rejections
            broken = {item.row: (None, item.reason) for item in rejected}
            rows = {number: (list(row), "") for number, row in zip(table.index, table.to_numpy(), strict=True)}
            got += [(broken | rows)[number] for number in range(1, loadable.load().count + 1)]
    assert got == by_csv(text, 2, SMALL["RECORD_LINES"], SMALL["RECORD_BYTES"])


# Header


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path, separator):
    _, table, _ = read(write(tmp_path, f'id{separator}text\n1{separator}"a{separator}b"\n'))
    assert table.to_dict("records") == [{"id": "1", "text": f"a{separator}b"}]


@pytest.mark.parametrize(
    ("above", "rows"),
    [
        ("Report:,Larkwheel\nBrand:,Larkwheel\nFrom:,2025-07-01\nTo:,2025-07-31\nLabel:,\n\n", 5),
        ("Larkwheel mentions, July\n\n", 1),
        ("Larkwheel mentions,,\n,,\n", 1),
        ("sep=,\n", 1),
        ("Larkwheel mentions, July\nMade by Ada, 1 August\n", 2),
        ("\n \n\n", 0),
        ('"Bikes; and ""wheels"""\nExported: today;;;\n', 2),
    ],
)
def test_what_an_export_writes_above_its_header_is_passed_over(tmp_path, above, rows):
    reading, table, rejections = read(write(tmp_path, above + "id,created,text\n1,2025-07-01,a\n2,2025-07-02,b\n"))
    assert reading.columns == ("id", "created", "text")
    assert list(table["id"]) == ["1", "2"]
    assert not rejections
    assert kinds(reading) == ({"preamble_skipped": {"rows": rows}} if rows else {})


def test_the_separator_is_the_headers_not_the_preambles(tmp_path):
    above = "Query: brakes, wheels\n"
    _, table, _ = read(write(tmp_path, above + "id;created;text\n1;2025-07-01;a,b,c,d\n"))
    assert list(table["text"]) == ["a,b,c,d"]
    _, table, _ = read(write(tmp_path, '"sep=|"\r\nid, with comma|text\r\n1|a\r\n'))
    assert list(table.columns) == ["id, with comma", "text"]


def test_a_known_header_wins_over_rows_that_look_like_one(tmp_path):
    above = "account,range,made by\nLarkwheel,July,Ada\n"
    names = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
    reading, table, _ = read(write(tmp_path, f"{above}{names}\n1,7,True,Tue Oct 31 22:10:47 +0000 2017,a,,\n"))
    assert reading.columns == tuple(names.split(","))
    assert list(table["tweet_id"]) == ["1"]
    assert kinds(reading) == {"preamble_skipped": {"rows": 2}}


def test_a_table_of_two_columns_has_a_header(tmp_path):
    reading, table, _ = read(write(tmp_path, "id,text\n1,a\n2,b\n"))
    assert reading.columns == ("id", "text")
    assert len(table) == 2


def test_a_header_alone_is_a_table_without_records(tmp_path):
    reading = delimited.open_delimited(write(tmp_path, "id,text\n\n"))
    assert reading.columns == ("id", "text")
    assert list(reading.batches) == []


def test_names_are_made_distinct_and_clean(tmp_path):
    text = '\ufeff\ufeff"id",text, text ,,"\ufefftwo\nlines"\n1,a,b,c,d\n'
    reading, table, _ = read(write(tmp_path, text))
    assert reading.columns == ("id", "text", "text (2)", "column 4", "two\nlines")
    assert table.iloc[0].tolist() == ["1", "a", "b", "c", "d"]


def test_an_open_quote_in_the_header_takes_no_rows_with_it(tmp_path):
    reading, table, _ = read(write(tmp_path, 'id,created,"text\n1,2025,a\n2,2026,b\n'))
    assert reading.columns[:2] == ("id", "created")
    assert len(table) == 2


def test_a_table_too_wide_is_refused(tmp_path):
    wide = ",".join(f"c{n}" for n in range(delimited.MAX_COLUMNS + 1))
    with pytest.raises(InputError, match=r"a\.csv: 2,001 columns"):
        read(write(tmp_path, f"{wide}\n{wide}\n"))


# Encodings


@pytest.mark.parametrize(
    ("encoding", "text", "guessed"),
    [
        ("utf-8", "café naïve, “déjà vu” 行李 🚲", False),
        ("utf-8-sig", "café naïve, “déjà vu”", False),
        ("utf-16", "café 行李 🚲", False),
        ("utf-32", "café 行李 🚲", False),
        ("utf-16-le", "café 行李 🚲", True),
        ("utf-16-be", "café 行李 🚲", True),
        ("cp1252", "café naïve, “déjà vu”", True),
        ("gb18030", "刹车坏了，怎么办", True),
        ("big5", "煞車壞了，怎麼辦？我們等了很久也沒有人回覆", True),
    ],
)
def test_encodings(tmp_path, encoding, text, guessed):
    reading, table, _ = read(write(tmp_path, f'id,text\r\n1,"{text}"\r\n'.encode(encoding)))
    assert reading.columns == ("id", "text")
    assert table["text"].iloc[0] == text
    assert reading.encoding == encoding
    assert kinds(reading) == ({"encoding_guessed": {"encoding": encoding}} if guessed else {})


def test_utf_16_with_tabs(tmp_path):
    text = "Document ID\tDate\tHit Sentence\n1\t06-Jul-2025 03:03PM\tLarkwheel, again\u2028the “brakes”\n"
    reading, table, _ = read(write(tmp_path, text.encode("utf-16")))
    assert reading.columns == ("Document ID", "Date", "Hit Sentence")
    assert table["Hit Sentence"].iloc[0] == "Larkwheel, again\u2028the “brakes”"


def test_old_macs(tmp_path):
    reading, table, _ = read(write(tmp_path, "id,text\r1,café “noir”\r2,naïve\r".encode("mac_roman")))
    assert list(table["text"]) == ["café “noir”", "naïve"]
    assert reading.encoding == "mac_roman"


def test_a_character_cut_in_half_does_not_change_the_encoding(tmp_path):
    reading, table, _ = read(write(tmp_path, "id,text\n1,行李丢了\n2,行李".encode()[:-1]))
    assert reading.encoding == "utf-8"
    assert table["text"].iloc[0] == "行李丢了"
    assert kinds(reading) == {"undecodable_characters": {"characters": 1}}


def test_replacement_characters_that_the_export_holds_are_not_ours(tmp_path):
    reading, _, _ = read(write(tmp_path, "id,text\n1,caf\ufffd\n"))
    assert reading.encoding == "utf-8"
    assert not reading.notes


def test_bytes_that_are_no_character_are_told(tmp_path):
    reading, table, _ = read(write(tmp_path, b"id,text\n1,caf\xe9 \x81 cr\xe8me\n"))
    assert reading.encoding == "cp1252"
    assert table["text"].iloc[0] == "café \ufffd crème"
    assert kinds(reading)["undecodable_characters"] == {"characters": 1}


def test_encodings_are_told_across_the_bounds_of_chunks(tmp_path):
    text = "x" * ((1 << 20) - 9) + "行李" * 10
    for encoding, expected in (("utf-8", "utf-8"), ("gb18030", "gb18030")):
        reading, table, _ = read(write(tmp_path, f"id,text\n1,{text}\n".encode(encoding)))
        assert reading.encoding == expected
        assert table["text"].iloc[0] == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n" * 5_000_000, "empty"),
        (b",,\n,,\n", "empty"),
        (bytes(range(256)) * 20, "not a text file"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 50, r"old one \(\.xls\)"),
        (b"%PDF-1.7 and so on", "a PDF: export the posts as CSV"),
        (b"SQLite format 3\0" + b"\0" * 100, "a database"),
        (b"BZh91AY&SY", "bzip2: unpack it"),
        (b"a" * 257 + b"ustar" + b"\0" * 20, "tar archive: unpack it"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        read(write(tmp_path, content))


def test_the_writer_of_csv_is_understood(tmp_path):
    rows = [["1", 'say "brake"\r\n'], ["2", ""], ["3", ","], ["4", '"'], ["5", "\n"]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["id", "text"], *rows])
    _, table, rejections = read(write(tmp_path, out.getvalue()))
    assert table.to_numpy().tolist() == rows
    assert not rejections


@given(
    text=st.lists(st.sampled_from(("a", "é", "漢", "😀", "\ud800", "\n")), max_size=12).map("".join),
    spoil=st.none() | st.tuples(st.integers(0, 40), st.binary(max_size=2)),
    size=st.integers(1, 9),
)
def test_utf8_is_what_python_decodes(tmp_path_factory, text, spoil, size):
    content = text.encode("utf-8", "surrogatepass")
    if spoil:
        content = content[: spoil[0]] + spoil[1] + content[spoil[0] + 1 :]
    source = write(tmp_path_factory.mktemp("utf8"), content)
    try:
        content.decode()
        expected = True
    except UnicodeDecodeError:
        expected = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_CHUNK", size)
        assert encodings._is_utf8(source) is expected
