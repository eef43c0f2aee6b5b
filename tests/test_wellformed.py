"""The quick way through separated text gives what the careful one gives, whatever the text and wherever it is cut."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.archive.containers import delimited, wellformed
from analysis.archive.records import Batch
from analysis.archive.sources import Source

PIECES = st.sampled_from(
    ["a", "b é", '"', '""', '"x"', '"y,\nz"', ",", ",", "\n", "\n", "\r\n", "\r", "\0", ";", " ", "刹车"]
)
ROWS = st.sampled_from(
    ['1,"a ""b"" c",\n', '2,"line\nbreak","x"\r\n', "3,plain,\n", "\n", '4,5" pipe,x\n', "5,x\n", '6,",",é\n']
)


def everything(path: Path) -> tuple[list[list], list[tuple], int]:
    batches: list[Batch] = [batch.load() for batch in delimited.open_delimited(Source(path.name, path)).batches]
    rows, rejected, before = [], [], 0
    for batch in batches:
        cells = batch.table.fillna("").to_numpy().tolist()
        rows += [[int(number) + before, *row] for number, row in zip(batch.table.index, cells, strict=True)]
        rejected += [(item.row + before, item.reason, item.raw) for item in batch.rejections]
        before += batch.count
    return rows, rejected, before


@settings(max_examples=300, deadline=None)
@given(
    body=st.one_of(st.lists(ROWS, max_size=12), st.lists(PIECES, max_size=40)).map("".join),
    block=st.integers(8, 80),
    mark=st.sampled_from(["", "\ufeff"]),
)
def test_both_ways_agree(tmp_path_factory, body, block, mark):
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(f"{mark}id,text,{'m' * 900}\n{body}".encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wellformed, "BLOCK", block)
        quick = everything(path)
        patch.setattr(delimited._Lines, "bytes_before", lambda *unused: None)
        assert quick == everything(path)


def test_the_quick_way_is_taken_and_left(tmp_path, monkeypatch):
    monkeypatch.setattr(wellformed, "BLOCK", 64)
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,text\n" + b"".join(b'%d,"well, formed"\n' % number for number in range(50)))
    fast = wellformed.WellFormed(Source("a.csv", path), 8, ",", 2)
    assert sum(len(table) for table in fast) == 50
    assert fast.ended
    path.write_bytes(path.read_bytes() + b'50,5" pipe\n51,"well"\n')
    fast = wellformed.WellFormed(Source("a.csv", path), 8, ",", 2)
    assert 40 < sum(len(table) for table in fast) <= 50
    assert not fast.ended
    assert len(everything(path)[0]) == 52
