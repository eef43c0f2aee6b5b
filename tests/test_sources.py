"""What archive.yml names: files, folders, globs, compressed files and the members of zip archives."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import zstandard

from analysis.archive import compressed, sources
from analysis.archive.sources import Source, find
from analysis.errors import InputError

TEXT = b"id,text\n1,brake\n2,bell\n"


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def content(source: Source) -> bytes:
    with source.open() as stream:
        return stream.read()


def labels(found: list[Source]) -> list[str]:
    return [source.label for source in found]


def skipped(notes: list[dict]) -> list[str]:
    return [name for item in notes for name in item["values"]["files"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "more" / "deep").mkdir(parents=True)
    names = (
        "b.csv",
        "a.csv",
        "c.txt",
        "readme.md",
        ".hidden.csv",
        "~$b.xlsx",
        "more/d.csv",
        "more/.e.csv",
        "more/deep/f.jsonl",
    )
    for name in names:
        (tmp_path / name).write_bytes(TEXT)
    return tmp_path


@pytest.mark.parametrize(
    ("named", "expected", "passed_over"),
    [
        (["."], ["a.csv", "b.csv", "c.txt", "more/d.csv", "more/deep/f.jsonl"], ["readme.md"]),
        (["more"], ["more/d.csv", "more/deep/f.jsonl"], []),
        (["*.csv"], ["a.csv", "b.csv"], []),
        (["more/*.csv", "b.csv", "./b.csv"], ["b.csv", "more/d.csv"], []),
        (["**/*.csv"], ["a.csv", "b.csv", "more/d.csv"], []),
        (["more/**/*"], ["more/d.csv", "more/deep/f.jsonl"], []),
        (["[ab].c?v"], ["a.csv", "b.csv"], []),
        (["readme.md"], ["readme.md"], []),
        (["*"], ["a.csv", "b.csv", "c.txt"], ["readme.md"]),
        ([".hidden.csv"], [".hidden.csv"], []),
    ],
)
def test_files_folders_and_globs_in_order_of_label(folder, named, expected, passed_over):
    found, notes = find(named, folder)
    assert labels(found) == expected
    assert skipped(notes) == passed_over
    assert all(content(source) == TEXT for source in found)


def test_the_store_is_no_source_and_empty_files_are_passed_over(folder):
    (folder / "store" / "segments").mkdir(parents=True)
    (folder / "store" / "segments" / "part.parquet").write_bytes(b"PAR1")
    (folder / "empty.csv").write_bytes(b"")
    found, notes = find(["."], folder)
    assert not [label for label in labels(found) if label.startswith("store")]
    assert skipped(notes) == ["empty.csv", "readme.md"]


def test_a_name_that_looks_like_a_glob_is_a_name_where_there_is_such_a_file(tmp_path):
    for name in ("[x]{y}.csv", "x.csv"):
        (tmp_path / name).write_bytes(TEXT)
    (tmp_path / "[z]").mkdir()
    (tmp_path / "[z]" / "a.csv").write_bytes(TEXT)
    assert labels(find(["[x]{y}.csv"], tmp_path)[0]) == ["[x]{y}.csv"]
    assert labels(find(["[z]/*.csv"], tmp_path)[0]) == ["[z]/a.csv"]


@pytest.mark.parametrize(
    "name", ["absent.csv", "absent*.csv", "absent/**/*.csv", "**.csv", "a\0b", "~nobody-at-all/a.csv"]
)
def test_what_is_not_there_is_asked_for(folder, name):
    with pytest.raises(InputError, match=r"archive\.yml"):
        find([name], folder)


def test_a_folder_without_data_says_what_data_is(tmp_path):
    (tmp_path / "notes.md").write_bytes(b"x")
    with pytest.raises(InputError, match=r"archive\.yml: no data files at: \..*\.csv"):
        find(["."], tmp_path)


def test_files_elsewhere_go_by_their_folder_and_stay_apart(tmp_path):
    for place in ("archive", "one/july", "two/july"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "a.csv").write_bytes(TEXT)
    home = tmp_path / "archive"
    assert labels(find([str(tmp_path / "one" / "july")], home)[0]) == ["july/a.csv"]
    both = find(["a.csv", "../one/july", str(tmp_path / "two" / "july" / "a.csv")], home)[0]
    assert len(set(labels(both))) == 3
    assert {source.path for source in both} == set(tmp_path.rglob("a.csv"))


def test_a_named_link_is_followed_and_a_link_that_leads_out_is_not(tmp_path):
    home, outside = tmp_path / "archive", tmp_path / "outside.csv"
    home.mkdir()
    outside.write_bytes(TEXT)
    (home / "link.csv").symlink_to(outside)
    assert content(find(["link.csv"], home)[0][0]) == TEXT
    for named in (".", "*.csv", "**/*.csv"):
        with pytest.raises(InputError, match=r"link\.csv: a link that leads out of its folder"):
            find([named], home)
    (home / "link.csv").unlink()
    (home / "a.csv").write_bytes(TEXT)
    (home / "same.csv").symlink_to(home / "a.csv")
    assert labels(find(["."], home)[0]) == ["a.csv"]


def test_compressed_files_are_told_by_their_bytes(tmp_path):
    packed = {
        "a.csv.gz": gzip.compress(TEXT),
        "b.jsonl.zst": zstandard.compress(TEXT),
        "RC_2025-07.zst": zstandard.compress(TEXT),
        "c.csv": gzip.compress(TEXT),  # whatever it is called
        "d.csv.gz": TEXT,
        "two.csv.gz": gzip.compress(TEXT) + gzip.compress(TEXT),
        "two.csv.zst": zstandard.compress(TEXT) + zstandard.compress(TEXT),
        "e.tar.gz": gzip.compress(TEXT),
    }
    for name, data in packed.items():
        (tmp_path / name).write_bytes(data)
    found, notes = find(["."], tmp_path)
    assert skipped(notes) == ["e.tar.gz"]
    for source in found:
        assert content(source) == TEXT * (2 if source.label.startswith("two") else 1)
    assert {source.name for source in found} == {"a.csv", "b.jsonl", "RC_2025-07", "c.csv", "d.csv", "two.csv"}


def test_a_stream_without_its_length_and_with_a_long_window(tmp_path):
    out = io.BytesIO()
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=31, enable_ldm=True)
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(out, closefd=False) as writer:
        writer.write(TEXT * 1000)
    (tmp_path / "a.zst").write_bytes(out.getvalue())
    assert content(find(["a.zst"], tmp_path)[0][0]) == TEXT * 1000


def test_members_of_a_zip_archive_are_sources(tmp_path):
    members = {
        "posts.csv": TEXT,
        "july/more.csv.gz": gzip.compress(TEXT),
        "readme.md": b"x",
        "inner.zip": b"PK",
        "__MACOSX/._posts.csv": b"x",
        ".DS_Store": b"x",
        "empty/": b"",
    }
    zipped(tmp_path / "export.zip", members)
    found, notes = find(["."], tmp_path)
    assert labels(found) == ["export.zip/july/more.csv.gz", "export.zip/posts.csv"]
    assert [source.name for source in found] == ["more.csv", "posts.csv"]
    assert all(content(source) == TEXT for source in found)
    assert skipped(notes) == ["export.zip/inner.zip", "export.zip/readme.md"]


def test_a_workbook_is_not_unpacked(tmp_path):
    members = {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/sheet.csv": b"x"}
    zipped(tmp_path / "book.xlsx", members)
    zipped(tmp_path / "outer.zip", {"book.xlsx": (tmp_path / "book.xlsx").read_bytes()})
    found, notes = find(["."], tmp_path)
    assert labels(found) == ["book.xlsx", "outer.zip/book.xlsx"]
    assert not notes


def test_a_local_file_is_the_file_itself_or_a_copy_that_goes(tmp_path):
    (tmp_path / "a.csv").write_bytes(TEXT)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(TEXT))
    zipped(tmp_path / "c.zip", {"c.csv": TEXT})
    for source in find(["."], tmp_path)[0]:
        with source.local() as path:
            assert path.read_bytes() == TEXT
            assert path.suffix == ".csv"
        assert path.exists() == (source.label == "a.csv")


def test_a_local_copy_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_LOCAL", 10)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(TEXT))
    source = find(["a.csv.gz"], tmp_path)[0][0]
    with pytest.raises(InputError, match=r"a\.csv\.gz: longer than"), source.local():
        pass


def test_hashes_are_of_the_content(tmp_path):
    zipped(tmp_path / "a.zip", {"a.csv": TEXT, "b.csv": TEXT})
    zipped(tmp_path / "b.zip", {"a.csv": TEXT, "c.csv": b"x"})
    (tmp_path / "a.csv").write_bytes(TEXT)
    (tmp_path / "b.csv").write_bytes(TEXT)
    hashes = {source.label: source.sha256() for source in find(["."], tmp_path)[0]}
    assert hashes["a.csv"] == hashes["b.csv"]
    assert hashes["a.zip/a.csv"] == hashes["b.zip/a.csv"]
    assert len(set(hashes.values())) == 4


def test_a_file_that_may_not_be_read_or_is_gone(tmp_path):
    (tmp_path / "a.csv").write_bytes(TEXT)
    source = find(["a.csv"], tmp_path)[0][0]
    source.path.unlink()
    for act in (source.open, source.sha256):
        with pytest.raises(InputError, match=r"a\.csv: cannot be read \(No such file"):
            act()


def test_zip_archives_within_the_bounds_are_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(compressed, "UNGUARDED", 1000)
    text = b"".join(b"%d,brake %d\n" % (n, n * 7919) for n in range(20_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "b.csv.zst").write_bytes(zstandard.compress(text))
    zipped(tmp_path / "c.zip", {"c.csv": text})
    assert all(content(source) == text for source in find(["."], tmp_path)[0])
