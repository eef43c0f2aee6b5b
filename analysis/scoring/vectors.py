"""The vector store: each text is embedded once per version of an embedding, across runs, incidents and purposes.

Two files per version: an index of fixed-size records (hash of the text, checksum) and the vectors themselves, float32,
which are mapped into memory and read where they lie. Both are only ever appended to, under a lock; how many records
are complete stands in the index's head and is written last, so that readers, who take no lock, never see half of one.
A vector comes back bit for bit. The store holds no text, and may be deleted at any time. Files that prove damaged are
set aside and begun anew, with a warning.
"""

import fcntl
import hashlib
import os
import struct
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np

MOST = 500_000
"""Vectors that are kept of one version: 0.8 GB of 384 numbers each. Above it the older half goes."""
AT_ONCE = 4_096
"""Texts that are embedded before they are kept: so many are lost where a run is ended."""
_MAGIC = b"aftermath-vec-1\n"
_HEAD = struct.Struct("<16s16sQQ")  # magic, generation, numbers per vector, complete records
_RECORD = struct.Struct("<16sI")  # half the SHA-256 of the text, CRC-32 of the vector
_TRIES = 5

Make = Callable[[list[str]], "np.ndarray"]
T = TypeVar("T")


class _Damaged(Exception):
    """The files are not what the store writes; `generation` is theirs, as far as it can be read."""

    def __init__(self, what: str, generation: bytes = b"") -> None:
        super().__init__(what)
        self.generation = generation


@dataclass(frozen=True)
class Holding:
    """What is kept of one version: vectors, bytes on disk, and the UTC day (since 1970) of the last use."""

    version: str
    entries: int
    size: int
    last_used: int


class VectorStore:
    """Vectors of `dim` numbers, by text, of the embedding `version`, in `folder`."""

    def __init__(self, folder: Path, version: str, dim: int, most: int = MOST) -> None:
        self.folder, self.version, self.dim, self.most = folder, version, dim, most
        self.warnings: list[str] = []
        self._index = folder / f"{version}.index"
        self._generation, self._rows = b"", dict[bytes, int]()
        self._beside: dict[str, VectorStore] = {}

    def beside(self, version: str, dim: int) -> "VectorStore":
        """The store of another embedding in the same folder; its warnings come among those of this one."""
        if version not in self._beside:
            self._beside[version] = VectorStore(self.folder, version, dim, self.most)
            self._beside[version].warnings = self.warnings
        return self._beside[version]

    def __reduce__(self) -> tuple:
        return VectorStore, (self.folder, self.version, self.dim, self.most)

    def embed(self, texts: Sequence[str], make: Make) -> "np.ndarray":
        """float32 (n, dim): the vectors of `texts`, those kept as they are, the others made by `make` and kept."""
        import numpy as np

        vectors, known = self.get(texts)
        missing = sorted({text for text, held in zip(texts, known, strict=True) if not held})
        made: dict[str, np.ndarray] = {}
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            fresh = np.ascontiguousarray(make(some), np.float32)
            self.put(some, fresh)
            made.update(zip(some, fresh, strict=True))
        for place in np.flatnonzero(~known).tolist():
            vectors[place] = made[texts[place]]
        return vectors

    def get(self, texts: Sequence[str]) -> tuple["np.ndarray", "np.ndarray"]:
        """The vectors kept, float32 (n, dim), and which of `texts` have one, bool (n,); the other rows are 0."""
        import numpy as np

        keys = [_key(text) for text in texts]

        def read() -> tuple[np.ndarray, np.ndarray]:
            mapped, checks = self._read()
            vectors = np.zeros((len(keys), self.dim), np.float32)
            rows = np.array([self._rows.get(key, -1) for key in keys], np.int64)
            known = rows >= 0
            if known.any():
                vectors[known] = mapped[rows[known]]
            for place in np.flatnonzero(known):
                if zlib.crc32(vectors[place]) != checks[rows[place]]:
                    raise _Damaged("a vector does not match its checksum", self._generation)
            return vectors, known

        return self._sound(read)

    def put(self, texts: Sequence[str], vectors: "np.ndarray") -> None:
        """Keep `vectors` of `texts`; what another process has kept in the meantime is left as it is."""
        fresh = {_key(text): vector.astype("<f4").tobytes() for text, vector in zip(texts, vectors, strict=True)}

        def write() -> None:
            with self._locked():
                if not self._index.is_file():
                    self._begin()
                self._read()
                new = {key: vector for key, vector in fresh.items() if key not in self._rows}
                if len(self._rows) + len(new) > self.most:
                    self._forget_older()
                self._append(list(new.items()))

        self._sound(write)

    def _append(self, new: list[tuple[bytes, bytes]]) -> None:
        count = len(self._rows)
        with self._vectors().open("r+b") as file:
            file.seek(count * self.dim * 4)
            file.writelines(vector for _, vector in new)
        with self._index.open("r+b") as file:
            file.seek(_HEAD.size + count * _RECORD.size)
            file.writelines(_RECORD.pack(key, zlib.crc32(vector)) for key, vector in new)
            file.flush()
            file.seek(0)
            file.write(_HEAD.pack(_MAGIC, self._generation, self.dim, count + len(new)))

    def _forget_older(self) -> None:
        """Write the newer half as a new generation; readers of the older one keep what they have mapped."""
        mapped, checks = self._read()
        keep = len(self._rows) - self.most // 2
        old, keys = self._vectors(), list(self._rows)
        self._begin([(keys[row], checks[row], mapped[row].tobytes()) for row in range(max(0, keep), len(keys))])
        old.unlink(missing_ok=True)
        self._read()

    def _begin(self, rows: Sequence[tuple[bytes, int, bytes]] = ()) -> None:
        """Write a new generation that holds `rows`, the vectors first and the index that names them by renaming."""
        generation = os.urandom(8).hex().encode()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._vectors(generation).write_bytes(b"".join(vector for _, _, vector in rows))
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".index-", delete=False) as part:
            part.write(_HEAD.pack(_MAGIC, generation, self.dim, len(rows)))
            part.writelines(_RECORD.pack(key, check) for key, check, _ in rows)
        os.replace(part.name, self._index)

    def _read(self) -> tuple["np.ndarray", "np.ndarray"]:
        """The vectors and checksums of all complete records; `_rows` is brought up to date."""
        import numpy as np

        for _ in range(_TRIES):
            try:
                generation, records = self._records()
                if generation != self._generation:
                    self._generation, self._rows = generation, {}
                keys = records["key"][len(self._rows) :].tobytes()
                for start in range(0, len(keys), 16):
                    self._rows[keys[start : start + 16]] = len(self._rows)
                if len(self._rows) != len(records):
                    raise _Damaged("two records of one text", generation)
                shape = (len(records), self.dim)
                if not len(records):
                    return np.empty(shape, "<f4"), records["check"]
                return np.memmap(self._vectors(), "<f4", "r", shape=shape), records["check"]
            except FileNotFoundError:
                # Another process has just begun a new generation.
                time.sleep(0.01)
            except ValueError as error:
                raise _Damaged(str(error), self._generation) from error
        raise _Damaged("the vectors are missing", self._generation)

    def _records(self) -> tuple[bytes, "np.ndarray"]:
        import numpy as np

        if not self._index.is_file():
            self._generation, self._rows = b"", {}
            return b"", np.empty(0, np.dtype([("key", "V16"), ("check", "<u4")]))
        content = self._index.read_bytes()
        if len(content) < _HEAD.size:
            raise _Damaged("the index has no head")
        magic, generation, dim, count = _HEAD.unpack_from(content)
        if magic != _MAGIC or dim != self.dim or len(content) < _HEAD.size + count * _RECORD.size:
            raise _Damaged("the index is not one, or is cut short")
        kind = np.dtype([("key", "V16"), ("check", "<u4")])
        return generation, np.frombuffer(content, kind, count, _HEAD.size)

    def _vectors(self, generation: bytes = b"") -> Path:
        return self.folder / f"{self.version}.{(generation or self._generation).decode('ascii', 'replace')}.vectors"

    def _sound(self, work: Callable[[], T]) -> T:
        """Do `work`; where the files prove damaged, begin new ones and do it once more."""
        try:
            done = work()
        except _Damaged as error:
            with self._locked():
                self._renew(error)
            done = work()
        with suppress(FileNotFoundError):
            os.utime(self._index)
        return done

    def _renew(self, error: _Damaged) -> None:
        """Set the damaged files aside, unless another process has already begun new ones."""
        try:
            generation = self._records()[0]
        except _Damaged as still:
            generation = still.generation
        if generation != error.generation:
            return
        aside = self._index.with_name(f"{self.version}.damaged")
        self._index.replace(aside)
        for file in self.folder.glob(f"{self.version}.*.vectors"):
            file.unlink(missing_ok=True)
        self._begin()
        self.warnings.append(
            f"{self._index}: the vector store was damaged ({error}) and was begun anew; the old index is {aside.name}. "
            "Nothing is lost but time: the texts are embedded again."
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with lock(self.folder, self.version):
            yield


@contextmanager
def lock(folder: Path, version: str) -> Iterator[None]:
    """The right to write the vectors of `version` in `folder`; waits for another process that has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{version}.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def holdings(folder: Path) -> list[Holding]:
    """What the stores in `folder` hold, a version each, by name; one that cannot be read counts no entries."""
    found = []
    for index in sorted(folder.glob("*.index")):
        files = [index, *folder.glob(f"{index.stem}.*.vectors")]
        head = index.read_bytes()[: _HEAD.size]
        count = _HEAD.unpack(head)[3] if len(head) == _HEAD.size and head.startswith(_MAGIC) else 0
        size = sum(file.stat().st_size for file in files)
        found.append(Holding(index.stem, count, size, int(index.stat().st_mtime // 86_400)))
    return found


def remove(folder: Path, version: str) -> None:
    """Delete what is kept of `version`; a process that reads it meanwhile keeps what it has mapped."""
    with lock(folder, version):
        for file in (folder / f"{version}.index", *folder.glob(f"{version}.*.vectors")):
            file.unlink(missing_ok=True)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
