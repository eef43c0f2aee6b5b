"""Damage to sample files, seeded: the same file and seed are the same damage.

Run: python -m tests.mutations SAMPLE SEED — writes the damaged file into the current folder and ingests it.
"""

import gzip
import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import zstandard

from analysis.archive import store as stores
from analysis.archive.ingest import ingest
from analysis.errors import AftermathError
from analysis.incident import Archive
from analysis.mentions import check
from tests.archive_fixture import ARCHIVES, KEY, balanced

STORED = "stored"
MAPS = {
    "nested.jsonl": {
        "published_at": "created",
        "text": "body.text",
        "author": "author.name",
        "likes": "metrics.like_count",
        "parent_id": "reply_to.id",
    }
}
"""What archive.yml says of the columns of samples that need it."""
ZONES = (None, "America/Los_Angeles")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac_roman", "gb18030", "latin-1")
STRANGE = (
    *(b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\x1a", b'"', b"'", b"\\", b"\r", b"\n", b"\r\n", b"\n\n\n"),
    *(b",", b"\t", b";", b"|", b'""', b'",', b'\n"', b"{", b"}", b"[", b"[" * 3000, b'{"a":' * 3000, b"\n{}\n"),
    *(b"9" * 400, b"-1", b"1e999", b"1.78E+17", b"NaN", b"Infinity", b"null", b"true", b'"\\ud800"', b"\\u0000"),
    *(b"0000-00-00", b"2025-02-30 25:61", b"9999-12-31T23:59:59Z", b"03/04/2025", b"&#0;", b"&#1114112;", b"&amp;"),
    *(
        "＠刹车".encode(),
        "\u2028".encode(),
        "\u202e".encode(),
        b"@" * 500,
        b"RT @a: ",
        b"=1+1",
        b"\n" * 2000,
        b"," * 2000,
    ),
)
Edit = Callable[[bytes, random.Random], bytes]


def samples() -> list[Path]:
    """Every file of tests/archives."""
    return sorted(path for path in ARCHIVES.rglob("*") if path.is_file())


def damaged(sample: Path, seed: int) -> bytes:
    """`sample` after one to five edits, of what is in it where it is compressed or of itself; some are then packed."""
    pick = random.Random(f"{sample.name} {seed}")
    data = sample.read_bytes()
    data = _within(sample, data, pick) if pick.random() < 0.5 else _edited(data, pick)
    if pick.random() < 0.2:
        data = pick.choice(PACKINGS)(data)
        return _edited(data, pick) if pick.random() < 0.5 else data
    return data


def outcome(sample: Path, seed: int | None, zone: str | None) -> str:
    """What became of `sample`, damaged by `seed` (None: not at all): "stored", or why it was refused.

    Raises AssertionError where what was stored does not add up, and whatever else is wrong with the ingest.
    """
    with tempfile.TemporaryDirectory() as place:
        folder, store = Path(place), Path(place) / "store"
        archive = Archive(name="a", sources=[sample.name], time_zone=zone, columns=MAPS.get(sample.name, {}))
        (folder / sample.name).write_bytes(sample.read_bytes() if seed is None else damaged(sample, seed))
        try:
            result = ingest(archive, folder, store, KEY)
        except AftermathError as refusal:
            reason = str(refusal)
        else:
            balanced(result)
            assert len(check(stores.read(store))) == result.accepted
            return STORED
        assert reason, "refused without a reason"
        assert stores.index(store) is None, "refused, and stored"
        return reason


def _within(sample: Path, data: bytes, pick: random.Random) -> bytes:
    """`data` with its content edited, if it is compressed; else itself edited."""
    if data.startswith(b"\x1f\x8b"):
        return _gzipped(_edited(gzip.decompress(data), pick))
    if data.startswith(b"(\xb5/\xfd"):
        return zstandard.compress(_edited(zstandard.decompress(data), pick))
    if not zipfile.is_zipfile(sample):
        return _edited(data, pick)
    out = io.BytesIO()
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = pick.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(zipfile.ZipInfo(name), _edited(content, pick) if name == chosen else content)
    return out.getvalue()


def _gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("posts.csv"), data)
    return out.getvalue()


PACKINGS = (_gzipped, zstandard.compress, _zipped)


def _edited(data: bytes, pick: random.Random) -> bytes:
    for _ in range(pick.choice((1, 1, 1, 2, 5))):
        data = pick.choice(EDITS)(data, pick)
    return data


def _stretch(data: bytes, pick: random.Random, longest: int = 200) -> tuple[int, int]:
    start = pick.randint(0, len(data))
    return start, min(len(data), start + pick.randint(1, longest))


def _flip(data: bytes, pick: random.Random) -> bytes:
    if not data:
        return data
    out = bytearray(data)
    for _ in range(pick.randint(1, 8)):
        out[pick.randrange(len(out))] ^= 1 << pick.randrange(8)
    return bytes(out)


def _insert_noise(data: bytes, pick: random.Random) -> bytes:
    at = pick.randint(0, len(data))
    return data[:at] + pick.randbytes(pick.randint(1, 30)) + data[at:]


def _insert_strange(data: bytes, pick: random.Random) -> bytes:
    at = pick.choice((pick.randint(0, len(data)), 0, len(data), data.find(b"\n") + 1))
    return data[:at] + pick.choice(STRANGE) + data[at:]


def _put_strange(data: bytes, pick: random.Random) -> bytes:
    """In place of a cell, more or less."""
    start, end = _stretch(data, pick, 20)
    return data[:start] + pick.choice(STRANGE) + data[end:]


def _delete(data: bytes, pick: random.Random) -> bytes:
    start, end = _stretch(data, pick)
    return data[:start] + data[end:]


def _repeat(data: bytes, pick: random.Random) -> bytes:
    start, end = _stretch(data, pick)
    return data[:end] + data[start:end] * pick.choice((1, 1, 2, 50)) + data[end:]


def _splice(data: bytes, pick: random.Random) -> bytes:
    other = pick.choice(samples()).read_bytes()
    start, end = _stretch(other, pick, 2000)
    at = pick.randint(0, len(data))
    return data[:at] + other[start:end] + data[at:]


def _cut(data: bytes, pick: random.Random) -> bytes:
    return data[: pick.randint(0, len(data))]


def _recode(data: bytes, pick: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(pick.choice(ENCODINGS), "replace")


def _shuffle_lines(data: bytes, pick: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    pick.shuffle(lines)
    return b"".join(lines)


def _swap(data: bytes, pick: random.Random) -> bytes:
    """One byte for another throughout: separators, quotes, digits."""
    old, new = pick.choice(((",", ";"), (",", "\t"), ("\n", "\r"), ('"', "'"), ("-", "/"), (":", "."), ("T", " ")))
    return data.replace(old.encode(), new.encode())


EDITS: tuple[Edit, ...] = (
    *(_flip, _insert_noise, _insert_strange, _put_strange, _delete, _repeat, _splice, _cut),
    *(_recode, _shuffle_lines, _swap, _insert_strange, _put_strange),
)


if __name__ == "__main__":
    chosen = next(path for path in samples() if path.name == sys.argv[1])
    Path(f"damaged-{sys.argv[2]}-{chosen.name}").write_bytes(damaged(chosen, int(sys.argv[2])))
    for each in ZONES:
        print(f"{each}: {outcome(chosen, int(sys.argv[2]), each)}")
