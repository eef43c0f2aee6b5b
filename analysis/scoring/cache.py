"""The score cache: each distinct masked text is scored once per scorer and version.

One SQLite file in write-ahead mode, so that notebooks read and write it side by side. It holds hashes and scores, never
a text, and may be deleted at any time. A file that cannot be read is set aside and begun anew, with a warning.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import TemporaryError

if TYPE_CHECKING:
    import numpy as np

WAIT = 60.0
"""Seconds that one process waits for another's write."""
_AT_ONCE = 500
_TABLE = """
CREATE TABLE IF NOT EXISTS scores (
    scorer TEXT, version TEXT, text BLOB, negative REAL, neutral REAL, positive REAL,
    PRIMARY KEY (scorer, version, text)
) WITHOUT ROWID
"""


class ScoreCache:
    """Scores by (scorer, version, SHA-256 of the masked text) in `folder`/scores.sqlite."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scores.sqlite"
        self.warnings: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._sound(lambda connection: None)

    def get(self, scorer: str, version: str, texts: Sequence[str]) -> dict[str, tuple[float, float, float]]:
        """The scores held, by text; texts without any are absent."""
        keys = {_key(text): text for text in texts}
        found: dict[str, tuple[float, float, float]] = {}

        def read(connection: sqlite3.Connection) -> None:
            for some in _portions(sorted(keys)):
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT text, negative, neutral, positive FROM scores "
                    f"WHERE scorer = ? AND version = ? AND text IN ({marks})",
                    [scorer, version, *some],
                )
                found.update({keys[key]: (negative, neutral, positive) for key, negative, neutral, positive in rows})

        self._sound(read)
        return found

    def put(self, scorer: str, version: str, texts: Sequence[str], scores: "np.ndarray") -> None:
        """Keep `scores` (n, 3) of `texts`; what another process has written in the meantime is left as it is."""
        rows = [(scorer, version, _key(text), *map(float, row)) for text, row in zip(texts, scores, strict=True)]
        self._sound(
            lambda connection: connection.executemany("INSERT OR IGNORE INTO scores VALUES (?, ?, ?, ?, ?, ?)", rows)
        )

    def _sound(self, work) -> None:  # type: ignore[no-untyped-def]
        """Do `work` with a connection; where the file proves damaged, begin a new one and do it once more."""
        try:
            self._with(work)
        except sqlite3.OperationalError as error:
            raise TemporaryError(f"{self.file}: {error}. Try again, or free space on its disk.") from error
        except sqlite3.DatabaseError as error:
            self._renew(error)
            self._with(work)

    def _with(self, work) -> None:  # type: ignore[no-untyped-def]
        with closing(sqlite3.connect(self.file, timeout=WAIT)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_TABLE)
            work(connection)

    def _renew(self, error: sqlite3.DatabaseError) -> None:
        aside = self.file.with_suffix(".damaged")
        self.file.replace(aside)
        for tail in ("-wal", "-shm"):
            self.file.with_name(self.file.name + tail).unlink(missing_ok=True)
        self.warnings.append(
            f"{self.file}: the score cache was damaged ({error}) and was begun anew; the old file is {aside.name}. "
            "Nothing is lost but time: the texts are scored again."
        )


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _portions(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
