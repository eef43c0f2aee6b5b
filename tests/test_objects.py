import codecs
import json
import pickle
import tracemalloc
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.archive.containers import objects
from analysis.archive.containers.objects import Objects, looks_like, open_objects
from analysis.archive.records import RECORD_BYTES, Batch, Expand, Reading
from analysis.archive.sources import Source
from analysis.errors import InputError


def opened(folder: Path, content: bytes | str, *, expand: Expand | None = None, reads: Collection[str] = ()) -> Reading:
    path = folder / "posts.jsonl"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_objects(Source("posts.jsonl", path), expand=expand, reads=reads)


def loaded(folder: Path, content: bytes | str, **how: Any) -> Batch:
    batches = [batch.load() for batch in opened(folder, content, **how).batches]
    assert len(batches) == 1
    return batches[0]


def rows(batch: Batch) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if not pd.isna(value)} for row in batch.table.to_dict("records")
    ]


def reasons(batch: Batch) -> list[tuple[int, str]]:
    return [(rejection.row, rejection.reason) for rejection in batch.rejections]


def of_a_page(page: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from page.get("data", ())


@pytest.mark.parametrize(
    "head", [b'{"id": 1}', b'\xef\xbb\xbf {"a":', b'[\n  {"a"', b"[]", b"{}", '{"a"'.encode("utf-16")]
)
def test_json_is_told_by_its_beginning(head):
    assert looks_like(head)


@pytest.mark.parametrize("head", [b"id,text\n", b"[id],text\n", b"{brand},x\n", b"", b"PAR1", '"a"\t'.encode("utf-16")])
def test_what_only_begins_with_a_bracket_is_no_json(head):
    assert not looks_like(head)


def test_values_are_written_out_as_text(tmp_path):
    batch = loaded(
        tmp_path,
        '{"id": 936500000000000001, "likes": 3, "share": 0.5, "own": true, "none": null, "tags": ["a", "ü"],'
        ' "author": {"name": "ada", "counts": {"followers": 7}}, "empty": {}, "text": "naïve \\u2026"}\n',
    )
    assert rows(batch) == [
        {
            "id": "936500000000000001",
            "likes": "3",
            "share": "0.5",
            "own": "true",
            "tags": '["a","ü"]',
            "author.name": "ada",
            "author.counts.followers": "7",
            "text": "naïve …",
        }
    ]
    assert all(dtype == "str" for dtype in batch.table.dtypes)


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "1"}\n\n{"id": "2"}\n   \n{"id": "3"}',
        '{"id": "1"}\r\n\r\n{"id": "2"}\r\n{"id": "3"}\r\n',
        '[{"id": "1"}, {"id": "2"},{"id": "3"}]',
        '[\n  {\n    "id": "1"\n  },\n  {\n    "id": "2"\n  },\n  {\n    "id": "3"\n  }\n]\n',
        '{\n  "id": "1"\n}\n{\n  "id": "2"\n}\n\n{\n  "id": "3"\n}\n',
        '{"id": "1"}{"id": "2"} {"id": "3"}',
        '{"id": "1"}\n{"id": "2"}{"id": "3"}\n',
        '{"id": "1"}\r{"id": "2"}\r{"id": "3"}\r',
        '[{"id": "1"}, {"id": "2"}]\n[{"id": "3"}]\n',
    ],
    ids=["lines", "crlf", "list", "pretty list", "pretty", "concatenated", "lost line break", "bare cr", "lists"],
)
def test_every_way_to_write_objects_gives_the_same(tmp_path, content):
    for text in (content, codecs.BOM_UTF8 + content.encode(), content.encode("utf-16")):
        batch = loaded(tmp_path, text)
        assert batch.table["id"].tolist() == ["1", "2", "3"]
        assert batch.table.index.tolist() == [1, 2, 3]
        assert (batch.count, batch.rejections) == (3, [])


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
def test_where_pieces_are_cut_does_not_matter(tmp_path, monkeypatch, piece):
    objects_ = [{"id": str(n), "text": '"}{ \\ \n [', "inner": {"a": [{"b": 1}]}} for n in range(9)]
    monkeypatch.setattr(objects, "_PIECE", piece)
    for content in (json.dumps(objects_), json.dumps(objects_, indent=2), "\n".join(map(json.dumps, objects_))):
        batch = loaded(tmp_path, content)
        assert batch.table["id"].tolist() == [str(n) for n in range(9)]
        assert set(batch.table["text"]) == {'"}{ \\ \n ['}


def test_a_broken_record_costs_itself_alone(tmp_path):
    lines = loaded(tmp_path, '{"id": "1"}\n{"id": "2", "text": "cut\n[1]\n17\n{"id": "3"}\n{"id": "4')
    assert lines.table["id"].to_dict() == {1: "1", 5: "3"}
    assert reasons(lines) == [(2, "not_json"), (3, "not_json"), (4, "not_json"), (6, "not_json")]
    assert lines.rejections[0].raw == '{"id": "2", "text": "cut'

    pretty = loaded(tmp_path, '{\n  "id": "1"\n}\n{\n  "id": "2",\n  "text": "cut\n{\n  "id": "3"\n}\n{\n  "id":')
    assert pretty.table["id"].to_dict() == {1: "1", 3: "3"}
    assert reasons(pretty) == [(2, "not_json"), (4, "not_json")]


def test_a_file_may_begin_with_what_is_no_record(tmp_path):
    batch = loaded(tmp_path, '{"id": "0", "text": "cut\n{"id": "1"}\n{"id": "2"}\n')
    assert batch.table["id"].to_dict() == {2: "1", 3: "2"}
    assert reasons(batch) == [(1, "not_json")]


def test_what_orjson_refuses_but_json_reads_is_read(tmp_path):
    batch = loaded(
        tmp_path,
        '{"id": "1", "text": "half \\ud83d", "score": NaN}\n'
        '{"id": "2", "text": "nul\\u0000!", "score": 1e999}\n'
        '{"id": 123456789012345678901234567890, "score": -Infinity}\n',
    )
    assert batch.table["text"].tolist()[:2] == ["half ?", "nul!"]
    assert batch.table["id"].tolist() == ["1", "2", "123456789012345678901234567890"]
    assert batch.table["score"].isna().all()
    assert batch.rejections == []


def test_bytes_that_are_no_text_are_replaced_and_said(tmp_path, monkeypatch):
    batch = loaded(tmp_path, b'{"id": "1", "text": "caf\xe9 \xe2\x82\xac \xe4\xb8\xad\xe6\x96\x87"}\n{"id": "\x002"}\n')
    assert batch.table["text"].tolist()[0] == "caf\ufffd € 中文"
    assert batch.table["id"].tolist() == ["1", "2"]
    assert [note["kind"] for note in batch.notes] == ["undecodable_characters"]


def test_nul_is_taken_out_and_said(tmp_path):
    reading = opened(tmp_path, b'{"id": "1\x00"}\n\x00\n{"id": "2"}\n')
    assert [batch.load().table["id"].tolist() for batch in reading.batches] == [["1", "2"]]
    assert reading.notes == [{"kind": "nul_removed", "values": {"characters": 2}}]


def test_hostile_nesting_is_no_crash(tmp_path):
    deep = '{"a":' * 60_000 + "1" + "}" * 60_000
    batch = loaded(tmp_path, '{"id": "1"}\n' + "[" * 200_000 + "\n" + deep + '\n{"id": "2"}\n')
    assert batch.table["id"].to_dict() == {1: "1", 4: "2"}
    assert reasons(batch) == [(2, "not_json"), (3, "not_json")]
    below = json.loads('{"a":' * (objects.MAX_DEPTH + 1) + "1" + "}" * (objects.MAX_DEPTH + 1))
    assert loaded(tmp_path, json.dumps(below | {"id": "1"})).table.columns.tolist() == ["id"]


def test_lists_too_deep_to_be_written_are_nothing(tmp_path):
    deep = "[" * 1000 + "]" * 1000
    batch = loaded(
        tmp_path, f'{{"data": [{{"id": "1", "tags": {deep}}}, {{"id": "2", "tags": [[1]]}}]}}', expand=of_a_page
    )
    assert batch.table["tags"].tolist() == ["", "[[1]]"]
    assert batch.raw == ["", '{"id":"2","tags":[[1]]}']


def test_columns_are_bounded(tmp_path):
    many = {f"key{n}": n for n in range(3 * objects.MAX_COLUMNS)}
    assert loaded(tmp_path, json.dumps(many)).table.shape == (1, objects.MAX_COLUMNS)


@pytest.mark.parametrize("before", ['{"id": "1"}\n', '[{"id": "1"},\n', '{\n  "id": "1"\n}\n'])
def test_a_record_too_long_is_shown_in_part_and_read_past(tmp_path, before):
    long = '{"id": "2", "text": "' + "x" * (RECORD_BYTES + 10) + '"}\n'
    batch = loaded(tmp_path, before + long + '{"id": "3"}\n')
    assert batch.table["id"].tolist() == ["1", "3"]
    assert [reason for _, reason in reasons(batch)] == ["too_long"]
    assert batch.rejections[0].raw.startswith('{"id": "2"')
    assert len(batch.rejections[0].raw) <= 1000


def test_a_hundred_megabytes_in_one_line_are_never_held(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "1"}\n{"text": "')
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n{"id": "2"}\n')
    tracemalloc.start()
    loads = [batch.load() for batch in open_objects(Source("long.jsonl", path)).batches]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [load.table["id"].tolist() for load in loads] == [["1", "2"]]
    assert [reasons(load) for load in loads] == [[(2, "too_long")]]
    assert peak < 6 * RECORD_BYTES


def test_batches_are_bounded_and_can_be_sent_to_another_process(tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "BATCH", 1000)
    monkeypatch.setattr(objects, "_PIECE", 5000)
    reading = opened(
        tmp_path, "".join(f'{{"data": [{{"id": {n}}}, {{"id": -{n}}}]}}\n' for n in range(1, 2501)), expand=of_a_page
    )
    batches = [pickle.loads(pickle.dumps(batch)) for batch in reading.batches]
    assert all(isinstance(batch, Objects) for batch in batches)
    loads = [batch.load() for batch in batches]
    assert len(loads) >= 3
    assert max(load.count for load in loads) <= 2600
    ids = [value for load in loads for value in load.table["id"]]
    assert ids == [f"{sign}{n}" for n in range(1, 2501) for sign in ("", "-")]


def test_posts_of_a_page_are_records_and_a_page_without_posts_is_none(tmp_path):
    pages = ['{"data": [{"id": "1", "x": {"y": 1}}, {"id": "2"}]}', '{"meta": {"result_count": 0}}']
    content = "\n".join([*pages, "nothing", '{"data": [{"id": "3"}]}'])
    batch = loaded(tmp_path, content, expand=of_a_page)
    assert batch.table["id"].to_dict() == {1: "1", 2: "2", 4: "3"}
    assert batch.table["x.y"].tolist()[0] == "1"
    assert reasons(batch) == [(3, "not_json")]
    assert batch.count == 4
    assert batch.raw == ['{"id":"1","x":{"y":1}}', '{"id":"2"}', '{"data": [{"id": "3"}]}']


def test_columns_are_those_of_the_first_hundred_and_those_asked_for(tmp_path):
    lines = [json.dumps({"id": n}) for n in range(150)] + ['{"id": 150, "late": {"note": "x"}}']
    reading = opened(tmp_path, "\n".join(lines), reads=("late.note",))
    assert reading.columns == ("id", "late.note")
    batch = next(reading.batches)
    assert isinstance(batch, Objects)
    assert batch.load().table["late.note"].dropna().to_dict() == {151: "x"}
    only = batch.load(["late.note", "never.there"]).table
    assert only.columns.tolist() == ["late.note", "never.there"]
    assert only["never.there"].isna().all()
    assert opened(tmp_path, "\n".join(lines)).columns == ("id",)


def test_a_key_with_a_dot_is_read(tmp_path):
    assert rows(loaded(tmp_path, '{"public_metrics.like_count": 3}\n')) == [{"public_metrics.like_count": "3"}]


@pytest.mark.parametrize("content", ["[]", "[\n]\n"])
def test_no_objects_is_an_error_with_an_instruction(tmp_path, content):
    with pytest.raises(InputError, match="no JSON objects"):
        opened(tmp_path, content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=3), JSON, min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from([None, 1, 2]),
    st.booleans(),
    st.integers(1, 40),
)
def test_any_objects_are_all_found_however_written(tmp_path_factory, items, indent, ascii_only, piece):
    folder = tmp_path_factory.mktemp("objects")
    written = [json.dumps(item, indent=indent, ensure_ascii=ascii_only) for item in items]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_PIECE", piece)
        for content in ("\n".join(written), json.dumps(items, indent=indent, ensure_ascii=ascii_only)):
            text = content.encode("utf-8", "replace")
            batch = loaded(folder, text)
            assert (batch.count, batch.rejections) == (len(items), [])
            assert len(batch.table) == len(items)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_is_accounted_for(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damage")
    text = bytearray(b'{"id": "1", "text": "a\\"b{", "n": [1, {"x": 2}]}\n' * 4 + b'[{"id": "2"},\n  {"id": "3"}]\n')
    for _ in range(data.draw(st.integers(1, 6))):
        text[data.draw(st.integers(1, len(text) - 1))] = data.draw(st.sampled_from(b'{}[]",\\\n\r\x00\xff1'))
    batch = loaded(folder, bytes(text))
    assert len(batch.table) + len(batch.rejections) == batch.count
    assert sorted([*batch.table.index, *(rejection.row for rejection in batch.rejections)]) == [
        *range(1, batch.count + 1)
    ]
    assert batch.raw is not None
    assert len(batch.raw) == len(batch.table)
