"""XLSX and Parquet: which sheet, which row names the columns, cells as text; what would not fit is refused."""

import datetime as dt
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.archive import formats
from analysis.archive.containers import header, open_source, workbook
from analysis.archive.containers.parquet import open_parquet
from analysis.archive.containers.workbook import open_workbook
from analysis.archive.sources import Source
from analysis.errors import InputError
from analysis.privacy import pseudonym
from tests.archive_fixture import ARCHIVES, KEY, ingested

COLUMNS = ["id", "published", "text"]
POST = ["1", "2024-03-01T10:03:00Z", "brakes gave way"]
CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
SHEET = "xl/worksheets/sheet1.xml"


def make(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], **form: str) -> Source:
    """A workbook of these rows; `form` is the number format of its dates."""
    book = xlsxwriter.Workbook(path, {"default_date_format": form.get("dates", "yyyy-mm-dd hh:mm:ss")})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return Source(path.name, path)


def records(source: Source, **how: Any) -> list[dict[str, Any]]:
    """All records of a workbook, null cells left out."""
    reading = open_workbook(source, **how)
    tables = [batch.load().table for batch in reading.batches]
    return [
        {k: v for k, v in row.items() if isinstance(v, str)} for table in tables for row in table.to_dict("records")
    ]


def repacked(path: Path, *, to: Path, **parts: bytes) -> Source:
    """`path` with the worksheet, or another part of it, replaced."""
    new = {"sheet": SHEET, "strings": "xl/sharedStrings.xml"}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        replaced = {new[name]: part for name, part in parts.items()}
        for item in old.infolist():
            packed.writestr(item.filename, replaced.get(item.filename) or old.read(item))
    return Source(to.name, to)


def sheet_of(rows: bytes) -> bytes:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="' + main + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def test_what_stands_above_the_header_is_none_of_the_table(tmp_path):
    dashboard = make(tmp_path / "a.xlsx", {"Sheet0": [["Larkwheel, 1 to 3 March"], [], COLUMNS, POST, [], POST]})
    expected = dict(zip(COLUMNS, POST, strict=True))
    assert records(dashboard) == [expected, expected]
    settings = [["Report:", "Mentions"], ["From:", "1 March"], [""], ["Label:"], COLUMNS, POST]
    assert records(make(tmp_path / "b.xlsx", {"Sheet0": settings})) == [expected]


def test_the_header_of_a_known_format_precedes_a_row_that_looks_like_one():
    junk, named = ["Larkwheel", "1 March", "to", "3 March"], ["x", *COLUMNS]
    assert header.find_header([junk, named]) == 0
    assert header.find_header([junk, named], lambda row: "id" in row) == 1
    assert header.find_header([["a"], ["b"]]) == 0
    assert header.find_header([["", " "], []]) is None
    assert header.find_header([["From:", "1 March"]]) == 0
    assert header.distinct_names(["\ufeffid ", "", "id", "id"]) == ["id", "column 2", "id (2)", "id (3)"]


def test_cells_as_text(tmp_path):
    day, hour = dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 1, 10, 3, 7, 120000)
    rows = [
        ["id", "when", "day", "hour", "share", "sum", "yes", "big", "error", "text", "long"],
        [178345678, hour, day, dt.time(15, 3), 0.065, 12.0, True, 178345678901234567, "=NA()", "a\nb", dt.timedelta(2)],
        ["0178345678901234567", day, day, "", -1.5, 1e-7, False, 2**53, "=1/0", " x ", ""],
    ]
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    forms = {1: "yyyy-mm-dd hh:mm:ss.000", 2: "yyyy-mm-dd", 3: "hh:mm", 4: "0.0%", 10: "[h]:mm"}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            style = book.add_format({"num_format": forms[place]}) if place in forms else None
            if isinstance(cell, str) and cell.startswith("="):
                sheet.write_formula(number, place, cell, None, {"=NA()": "#N/A", "=1/0": "#DIV/0!"}[cell])
            else:
                sheet.write(number, place, cell, style)
    book.close()
    first, second = records(Source("a.xlsx", tmp_path / "a.xlsx"))
    assert first == {
        "id": "178345678",
        "when": "2024-03-01T10:03:07.120000",
        "day": "2024-03-01",
        "hour": "15:03:00",
        "share": "0.065",
        "sum": "12",
        "yes": "true",
        "big": "1.783456789012346e+17",
        "text": "a\nb",
        "long": "48:00:00",
    }
    assert second == {
        "id": "0178345678901234567",
        "when": "2024-03-01T00:00:00",
        "day": "2024-03-01",
        "share": "-1.5",
        "sum": "1e-07",
        "yes": "false",
        "big": "9007199254740992.0",
        "text": " x ",
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12))
def test_every_row_with_text_is_a_record_and_every_cell_is_as_it_was(rows):
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(Path(folder) / "a.xlsx")
        sheet = book.add_worksheet()
        for number, row in enumerate([COLUMNS, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        book.close()
        found = records(Source("a.xlsx", Path(folder) / "a.xlsx"))
    filled = [{name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell} for row in rows]
    assert found == [row for row in filled if row]


def test_the_sheet_with_a_known_header_is_read_and_the_others_are_named(tmp_path):
    known = ["UniversalMessageId", "SenderScreenName", "Message", "CreatedTime"]
    sheets = {"Summary": [["Mentions", "3"], ["Reach", "9"]], "Empty": [], "Posts": [["Larkwheel"], [], known, ["7"]]}
    source = make(tmp_path / "a.xlsx", sheets)
    reading = open_workbook(source, is_header=formats.is_header)
    assert reading.columns == tuple(known)
    assert [batch.count for batch in reading.batches] == [1]
    assert [(item["kind"], item["values"]) for item in reading.notes] == [
        ("sheets_skipped", {"sheets": ["Summary"]}),
        ("preamble_skipped", {"rows": 1}),
    ]
    assert open_workbook(source).columns == ("Mentions", "3")


def test_hidden_sheets_are_not_read(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    lists, posts = book.add_worksheet("Lists"), book.add_worksheet("Posts")
    lists.write_row(0, 0, ["country", "code"])
    lists.hide()
    posts.activate()
    posts.set_first_sheet()
    posts.write_row(0, 0, COLUMNS)
    posts.write_row(1, 0, POST)
    book.close()
    reading = open_workbook(Source("a.xlsx", tmp_path / "a.xlsx"))
    assert reading.columns == tuple(COLUMNS)
    assert reading.notes[0]["values"] == {"sheets": ["Lists"]}


def test_records_come_in_batches_numbered_from_one(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "BATCH", 4)
    source = make(tmp_path / "a.xlsx", {"A": [COLUMNS, *[[str(n), "t", "x"] for n in range(10)]]})
    batches = [batch.load() for batch in open_workbook(source).batches]
    assert [batch.count for batch in batches] == [4, 4, 2]
    assert list(batches[2].table.index) == [1, 2]
    assert list(batches[2].table["id"]) == ["8", "9"]
    assert batches[0].table["id"].dtype == "str"


def test_a_million_formatted_rows_without_content_cost_nothing(tmp_path):
    make(tmp_path / "a.xlsx", {"A": [COLUMNS, POST]})
    cells = b"".join(b'<c r="%s2" t="inlineStr"><is><t>x</t></is></c>' % letter for letter in (b"A", b"B", b"GK"))
    rows = b"".join(b'<row r="%d" ht="15"><c r="GK%d" s="1"/></row>' % (n, n) for n in range(3, 1_000_003))
    source = repacked(
        tmp_path / "a.xlsx", to=tmp_path / "b.xlsx", sheet=sheet_of(b'<row r="2">' + cells + b"</row>" + rows)
    )
    reading = open_workbook(source)
    assert len(reading.columns) == 193
    assert list(reading.batches) == []


def test_characters_that_xml_cannot_hold_are_taken_out(tmp_path):
    make(tmp_path / "a.xlsx", {"A": [COLUMNS, ["1", "t", "a_x0000_b"]]})
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        strings = packed.read("xl/sharedStrings.xml").replace(b"a_x005F_x0000_b", b"a_x0000_b")
    assert b"a_x0000_b" in strings
    assert records(repacked(tmp_path / "a.xlsx", to=tmp_path / "b.xlsx", strings=strings))[0]["text"] == "ab"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "16,384 columns",
        ),
        (b'<row r="1"><c r="A1"><v>1</v></c><c s="0" r = \'xfd900000\' ><v>1</v></c></row>', "16,384 columns"),
        (b'<x:row r="1"><x:c r="XFD1048576" a="/>"><x:v>1</x:v></x:c></x:row>', "16,384 columns"),
        (b'<row r="1">' + b"<c><v>1</v></c>" * 3000 + b'</row><row r="1048576"><c><v>1</v></c></row>', "3,001 columns"),
        (b"<row><c><v>1</v></c></row>" * 6000, "where they are"),
        (b'<row r="1"><c r="A1" a="' + b"x" * 4_000_000 + b'"><v>1</v></c></row>', "harm"),
    ],
)
def test_a_sheet_that_spans_more_than_memory_holds_is_refused_before_it_is_opened(tmp_path, rows, message):
    make(tmp_path / "a.xlsx", {"A": [COLUMNS]})
    source = repacked(tmp_path / "a.xlsx", to=tmp_path / "b.xlsx", sheet=sheet_of(rows))
    with pytest.raises(InputError, match=rf"b\.xlsx.*{message}"):
        open_workbook(source)


def test_more_than_the_bounds_is_refused(tmp_path, monkeypatch):
    source = make(tmp_path / "a.xlsx", {"A": [COLUMNS, POST]})
    monkeypatch.setattr(workbook, "UNPACKED_BYTES", 2_000)
    with pytest.raises(InputError, match="unpacks to"):
        open_workbook(source)
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MEMBERS", 3)
    with pytest.raises(InputError, match="parts"):
        open_workbook(source)
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "MAX_COLUMNS", 2)
    with pytest.raises(InputError, match="3 columns; at most 2"):
        open_workbook(source)


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    make(path, {"A": [COLUMNS, *[[str(n), "t", "x" * 100] for n in range(2000)]]})
    with zipfile.ZipFile(path) as packed:
        size = packed.getinfo(SHEET).file_size
    raw = path.read_bytes()
    assert raw.count(size.to_bytes(4, "little")) == 2
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little")))
    with pytest.raises(InputError, match=r"harm|whole"):
        open_workbook(Source("a.xlsx", path))


def test_what_is_no_workbook_says_what_to_do(tmp_path):
    def refused(content: bytes) -> str:
        (tmp_path / "b.xlsx").write_bytes(content)
        with pytest.raises(InputError) as caught:
            open_workbook(Source("b.xlsx", tmp_path / "b.xlsx"))
        return str(caught.value)

    make(tmp_path / "a.xlsx", {"A": [COLUMNS, POST]})
    good = (tmp_path / "a.xlsx").read_bytes()
    assert "password" in refused(b"\xd0\xcf\x11\xe0" + b"\0" * 5000)
    assert "not a whole workbook" in refused(good[: len(good) // 2])
    assert "not a whole workbook" in refused(b"id,text\n")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("posts.csv", "id,text\n1,a\n")
    assert "not an XLSX workbook" in refused((tmp_path / "c.zip").read_bytes())
    make(tmp_path / "d.xlsx", {"A": [[""], []], "B": []})
    assert "without rows" in refused((tmp_path / "d.xlsx").read_bytes())


def test_parquet_as_text(tmp_path, monkeypatch):
    times = pd.to_datetime(["2024-01-01 10:00", None])
    path = tmp_path / "a.parquet"
    pd.DataFrame(
        {
            "id": [850410995680411651, 2],
            "parent": [850.0, float("nan")],
            "big": [1.78e17, 1.0],
            "zoned": times.tz_localize("Asia/Shanghai"),
            "naive": times,
            "user": [{"name": "Ada", "of": {"city": "Bergen"}}, {"name": "B\0o", "of": None}],
            "tags": [["a"], None],
            "kind": pd.Categorical(["post", None]),
        }
    ).to_parquet(path)
    monkeypatch.setattr("analysis.archive.containers.parquet.BATCH", 1)
    reading = open_source(Source("a.parquet", path))
    assert reading.container == "parquet"
    first, second = (batch.load() for batch in reading.batches)
    assert first.count == 1
    assert list(second.table.index) == [1]
    assert first.table.loc[1].to_dict() == {
        "id": "850410995680411651",
        "parent": "850",
        "big": "1.78e+17",
        "zoned": "2024-01-01T02:00:00.000000+00:00",
        "naive": "2024-01-01T10:00:00.000000",
        "user.name": "Ada",
        "user.of.city": "Bergen",
        "tags": '["a"]',
        "kind": "post",
    }
    assert {k: v for k, v in second.table.loc[1].items() if isinstance(v, str)} == {
        "id": "2",
        "big": "1",
        "user.name": "Bo",
    }


def test_parquet_with_fields_in_fields_into_the_store(tmp_path):
    columns = {"author": "user.name", "author_followers": "user.followers"}
    result, table = ingested(tmp_path, ARCHIVES / "nested.parquet", columns=columns)
    assert (result.rows, result.files[0].reasons) == (3, {"no_time": 1})
    assert list(table["author"]) == [pseudonym(name, KEY) for name in ("pedal_pia", "larkwheel")]
    assert list(table["author_followers"]) == [1204, 58000]
    assert [None if pd.isna(count) else count for count in table["likes"]] == [40, None]


def test_parquet_that_cannot_be_read_says_what_to_do(tmp_path):
    path = tmp_path / "a.parquet"

    def refused() -> str:
        with pytest.raises(InputError) as caught:
            list(open_parquet(Source("a.parquet", path)).batches)
        return str(caught.value)

    pq.write_table(pa.table({"id": pa.array([], pa.string())}), path)
    assert "no rows" in refused()
    pq.write_table(pa.table({"id": [str(n) for n in range(1000)]}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert "not a whole Parquet file" in refused()
    path.write_bytes(whole[:30] + b"\xff" * 200 + whole[230:])
    assert "not a whole Parquet file" in refused()
    deep: Any = "1"
    for _ in range(60):
        deep = {"a": deep}
    pq.write_table(pa.Table.from_pylist([deep]), path)
    assert "deeper than 50" in refused()
    pq.write_table(pa.table({f"c{n}": ["1"] for n in range(header.MAX_COLUMNS + 1)}), path)
    assert "20,001 columns" in refused()


def test_bytes_that_are_no_text_are_replaced(tmp_path):
    buffers = pa.array([b"\xff\xfeabc", b"ok"], pa.binary()).buffers()
    pq.write_table(
        pa.table([pa.Array.from_buffers(pa.string(), 2, buffers), ["1", "2"]], ["t", "id"]), tmp_path / "a.pq"
    )
    (batch,) = open_parquet(Source("a.pq", tmp_path / "a.pq")).batches
    assert list(batch.load().table["t"]) == ["\ufffd\ufffdabc", "ok"]
