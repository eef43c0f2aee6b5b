"""Files that were made, or broken, to do harm: refused with a reason, within bounded memory and time."""

import gzip
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.archive import compressed, formats
from analysis.archive.containers import open_source
from analysis.archive.records import Batch
from analysis.archive.sources import Source, find
from analysis.errors import InputError
from tests.test_sources import TEXT, zipped

PEAK = """
import re, sys
from pathlib import Path
from analysis.archive import formats
from analysis.archive.containers import open_source
from analysis.archive.sources import find
from analysis.errors import InputError
import pyarrow

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

before, told = peak(), ""
try:
    for source in find([sys.argv[1]], Path(sys.argv[1]).parent)[0]:
        for batch in open_source(source, is_header=formats.is_header).batches:
            loaded = batch.load()
            told += str([loaded.count, [item.reason for item in loaded.rejections][:5]])
except InputError as error:
    told = str(error)
print(peak() - before, told)
"""


def growth(path: Path) -> tuple[float, str]:
    """By how many MB a process grows that reads `path` from end to end, and what came of it."""
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    grown, _, told = done.stdout.partition(" ")
    return float(grown), told


def read(path: Path) -> list[Batch]:
    """Every batch of every source that is in `path`."""
    found = find([str(path)], path.parent)[0]
    return [batch.load() for source in found for batch in open_source(source, is_header=formats.is_header).batches]


def repeated(piece: bytes, megabytes: int) -> Iterator[bytes]:
    block = piece * ((1 << 20) // len(piece) + 1)
    return (block for _ in range(megabytes))


def gzip_bomb(path: Path, megabytes: int) -> None:
    with gzip.open(path, "wb") as file:
        file.writelines([b"id,text\n", *repeated(b"1,brake\n", megabytes)])


def zstd_bomb(path: Path, megabytes: int) -> None:
    with zstandard.open(path, "wb") as file:
        for block in (b"id,text\n", *repeated(b"1,brake\n", megabytes)):
            file.write(block)


def zip_bomb(path: Path, megabytes: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as file:
        file.writelines([b"id,text\n", *repeated(b"1,brake\n", megabytes)])


# Bombs


@pytest.mark.parametrize(
    ("make", "name"), [(gzip_bomb, "a.csv.gz"), (zstd_bomb, "a.csv.zst"), (zip_bomb, "a.zip")], ids=["gz", "zst", "zip"]
)
def test_a_bomb_is_refused_before_it_fills_memory(tmp_path: Path, make: Callable[[Path, int], None], name: str) -> None:
    make(tmp_path / name, 200)
    assert (tmp_path / name).stat().st_size < 1 << 20
    grown, told = growth(tmp_path / name)
    assert "unpacks to over 200 times its size, as a decompression bomb does. If it is genuine, unpack it" in told
    assert grown < 150


def test_a_bomb_of_zeros_is_refused_wherever_it_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xlsx", b"\0" * (200 << 20))
    source = find(["a.zip"], tmp_path)[0][0]
    with pytest.raises(InputError, match="bomb"), source.local():
        pass
    with pytest.raises(InputError, match="bomb"):
        source.sha256()
    assert not list(tmp_path.glob("aftermath-*"))


def test_a_bomb_within_a_member_counts_against_the_archive(tmp_path: Path) -> None:
    gzip_bomb(tmp_path / "a.csv.gz", 100)
    zipped(tmp_path / "a.zip", {"a.csv.gz": (tmp_path / "a.csv.gz").read_bytes()})
    with pytest.raises(InputError, match=r"a\.zip/a\.csv\.gz: unpacks to over"):
        read(tmp_path / "a.zip")


def test_nothing_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "MAX_BYTES", 3 << 20)
    gzip_bomb(tmp_path / "a.csv.gz", 4)
    with pytest.raises(InputError, match="Split it"):
        read(tmp_path / "a.csv.gz")


def test_archives_within_archives_are_not_opened(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"inner.zip": b"PK\x03\x04"}).read_bytes()
    zipped(tmp_path / "a.zip", {"inner.zip": inner})
    with pytest.raises(InputError, match=r"a\.zip: holds no data file"):
        find(["a.zip"], tmp_path)
    zipped(tmp_path / "b.zip", {"posts.csv": inner})
    with pytest.raises(InputError, match=r"posts\.csv"):
        read(tmp_path / "b.zip")
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(gzip.compress(TEXT)))
    with pytest.raises(InputError, match="compressed twice: unpack it"):
        read(tmp_path / "c.csv.gz")


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("0.csv", os.urandom(10_000))
        for number in range(1, 5):
            again = copy(archive.filelist[0])
            again.filename = f"{number}.csv"
            archive.filelist.append(again)
    with pytest.raises(InputError, match=r"a\.zip: .*zip bomb"):
        find(["a.zip"], tmp_path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {f"{number}.csv": b"" for number in range(compressed.MAX_MEMBERS + 1)})
    with pytest.raises(InputError, match="10,001 files"):
        find(["a.zip"], tmp_path)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for number in range(300):
            info = zipfile.ZipInfo(f"{number}.csv")
            info.comment = b"x" * 65_000
            archive.writestr(info, b"")
    with pytest.raises(InputError, match=r"b\.zip: damaged.*list of members"):
        find(["b.zip"], tmp_path)


# Names and kinds of files


@pytest.mark.parametrize(
    "name", ["../out.csv", "a/../../out.csv", "/etc/out.csv", "C:out.csv", "..\\out.csv", "a\nb.csv", "a\x7f.csv"]
)
def test_member_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    home = tmp_path / "archive"
    home.mkdir()
    zipped(home / "a.zip", {"posts.csv": TEXT, name: TEXT})
    with pytest.raises(InputError, match=r"a\.zip: holds a file named .*leads out of the archive"):
        find(["."], home)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.zip"]


def test_a_member_name_cut_by_nul_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"posts.csvX.exe": TEXT})
    path.write_bytes(path.read_bytes().replace(b"posts.csvX.exe", b"posts.csv\0.exe"))
    with pytest.raises(InputError, match="leads out"):
        find(["a.zip"], tmp_path)


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"posts.csv": TEXT, "postX.csv": b"id,text\n9,other\n"})
    path.write_bytes(path.read_bytes().replace(b"postX.csv", b"posts.csv"))
    with pytest.raises(InputError, match=r"holds .posts\.csv. twice"):
        find(["a.zip"], tmp_path)


def test_encrypted_and_rare_archives_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"posts.csv": TEXT})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.zip: encrypted. Unpack it with its password"):
        find(["a.zip"], tmp_path)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("posts.csv", TEXT)
    with pytest.raises(InputError, match="rare method"):
        find(["b.zip"], tmp_path)


def test_links_within_an_archive_are_passed_over(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("posts.csv", TEXT)
        archive.writestr(link, b"/etc/passwd")
    assert [source.member for source in find(["a.zip"], tmp_path)[0]] == ["posts.csv"]


def test_links_that_lead_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "archive"
    home.mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.csv").write_bytes(TEXT)
    (home / "more").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match="leads out of its folder"):
        find(["*/*.csv"], home)
    (home / "passwd.csv").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="leads out of its folder, to /etc/passwd"):
        find(["."], home)


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "a.csv").write_bytes(TEXT)
    assert [source.label for source in find(["."], tmp_path)[0]] == ["a.csv"]
    assert [source.label for source in find(["*.csv"], tmp_path)[0]] == ["a.csv"]
    for name in ("pipe.csv", "/dev/zero"):
        with pytest.raises(InputError, match="not a file but a folder, pipe or device"):
            find([name], tmp_path)
    with pytest.raises(InputError, match="not a file"):
        Source("pipe.csv", tmp_path / "pipe.csv").open()


# Damage


def packed() -> dict[str, bytes]:
    text = b"id,text\n" + b"".join(b"%d,brake %d\n" % (number, number * 7919) for number in range(2000))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text)
        archive.writestr("b.csv", text)
    return {"a.csv.gz": gzip.compress(text, mtime=0), "a.csv.zst": zstandard.compress(text), "a.zip": out.getvalue()}


PACKED = packed()


@pytest.mark.parametrize("name", sorted(PACKED))
def test_what_is_cut_off_or_corrupt_says_what_to_do(tmp_path: Path, name: str) -> None:
    data = PACKED[name]
    for damaged in (data[:-7], data[: len(data) // 2], data[: len(data) // 4] + b"\0" * 99 + data[len(data) // 3 :]):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(InputError, match=r"damaged or cut off.*Download or export it again"):
            read(tmp_path / name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(PACKED)),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8)), min_size=1, max_size=4),
)
def test_mutated_archives_are_read_or_refused(tmp_path: Path, name: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = PACKED[name]
    for place, length, what in edits:
        at = int(place * len(data))
        data = data[:at] + what + data[at + length :]
    (tmp_path / name).write_bytes(data)
    with suppress(InputError):
        read(tmp_path / name)


# Shapes


@pytest.mark.parametrize("end", [b"", b"\n2,b\n"])
def test_a_line_of_100_mb_costs_itself_only(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.writelines([b"id,text\n0,a\n1,", *repeated(b"brake ", 100), end])
    grown, told = growth(path)
    assert told.strip() == ("[3, ['too_long']]" if end else "[2, ['too_long']]")
    assert grown < 120


def test_a_file_of_one_line_of_100_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.writelines(repeated(b"brake,", 100))
    grown, told = growth(path)
    assert "one line of more than 10,000,000 characters, where a header is expected" in told
    assert grown < 120


def test_an_object_of_100_mb_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.writelines([b'{"id": 0, "text": "a"}\n{"id": 1, "text": "', *repeated(b"brake ", 100), b'"}\n{"id": 2}\n'])
    grown, told = growth(path)
    assert told.strip() == "[3, ['too_long']]"
    assert grown < 120


def test_a_table_of_100_000_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(f"column {number}" for number in range(100_000)) + "\n" + "," * 99_999 + "\n")
    with pytest.raises(InputError, match=r"a\.csv: 100,000 columns, of which at most"):
        read(path)


def test_a_million_empty_lines_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT + b"\r\n" * 1_000_000)
    began = time.process_time()
    assert [batch.count for batch in read(path)] == [2]
    assert time.process_time() - began < 5


def test_json_nested_beyond_reason_is_told_record_by_record(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for depth in (1000, 100_000):
        deep = '{"id": 1, "a": ' + '{"a":' * depth + "1" + "}" * depth + "}"
        lists = '{"id": 2, "a": ' + "[" * depth + "]" * depth + "}"
        path.write_text("\n".join([json.dumps({"id": 0, "text": "a"}), deep, lists, json.dumps({"id": 3})]))
        assert sum(batch.count for batch in read(path)) == 4


def test_rows_of_megabytes_each_do_not_add_up(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"id,text\n")
        for number in range(120):
            file.writelines([b"%d," % number, *repeated(b"brake ", 1), b",broken\n" if number % 2 else b"\n"])
    grown, told = growth(path)
    assert "field_count" in told
    assert grown < 450
