"""The score cache: each distinct masked text is scored once per scorer and version.

One SQLite file in write-ahead mode, so that notebooks read and write it side by side. It holds hashes, scores and the
day of their last use, never a text, and may be deleted at any time. A file that cannot be read is set aside and begun
anew, with a warning.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from analysis.errors import TemporaryError

WAIT = 60.0
"""Seconds that one process waits for another's write."""
SCHEMA = 2
"""A file of another schema is emptied: its scores are made again."""
_AT_ONCE = 10_000
_TABLES = (
    "CREATE TABLE IF NOT EXISTS scorers (number INTEGER PRIMARY KEY, name TEXT, version TEXT, UNIQUE (name, version))",
    """CREATE TABLE IF NOT EXISTS scores (
    scorer INTEGER, text BLOB, negative REAL, neutral REAL, positive REAL, used INTEGER, PRIMARY KEY (scorer, text)
    ) WITHOUT ROWID""",
)
T = TypeVar("T")


@dataclass(frozen=True)
class Holding:
    """What is kept of one scorer's version: scores, and the UTC day (since 1970) on which one was last used."""

    name: str
    version: str
    entries: int
    last_used: int


class ScoreCache:
    """Scores by (scorer, version, SHA-256 of the masked text) in `folder`/scores.sqlite."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scores.sqlite"
        self.warnings: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._sound(lambda connection: None)

    def get(self, scorer: str, version: str, texts: Sequence[str]) -> dict[str, tuple[float, float, float]]:
        """The scores held, by text; texts without any are absent. That they were used today is kept."""
        keys = {_key(text): text for text in texts}
        found: dict[str, tuple[float, float, float]] = {}

        def read(connection: sqlite3.Connection) -> None:
            number = _number(connection, scorer, version)
            if number is None:
                return
            for some in _portions(sorted(keys)):
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT text, negative, neutral, positive, used FROM scores "
                    f"WHERE scorer = ? AND text IN ({marks})",
                    [number, *some],
                ).fetchall()
                found.update({keys[key]: tuple(three) for key, *three, _ in rows})
                stale = [(today(), number, key) for key, *_, used in rows if used < today()]
                connection.executemany("UPDATE scores SET used = ? WHERE scorer = ? AND text = ?", stale)

        self._sound(read)
        return found

    def put(self, scorer: str, version: str, texts: Sequence[str], scores: Sequence[Sequence[float]]) -> None:
        """Keep `scores`, three a text, of `texts`; what another process has written meanwhile is left as it is."""
        # Sorted by key alone: neighbours in the file are written together.
        kept = sorted(zip(map(_key, texts), scores, strict=True), key=itemgetter(0))

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR IGNORE INTO scorers (name, version) VALUES (?, ?)", [scorer, version])
            number = _number(connection, scorer, version)
            rows = ((number, key, *map(float, row), today()) for key, row in kept)
            connection.executemany("INSERT OR IGNORE INTO scores VALUES (?, ?, ?, ?, ?, ?)", rows)

        self._sound(write)

    def holdings(self) -> list[Holding]:
        """What is kept, a scorer's version each, by name and version."""
        query = (
            "SELECT name, version, COUNT(text), COALESCE(MAX(used), 0) "
            "FROM scorers LEFT JOIN scores ON scorer = number GROUP BY number ORDER BY name, version"
        )
        return [Holding(*row) for row in self._sound(lambda connection: connection.execute(query).fetchall())]

    def prune(self, stale: Callable[[Holding], bool], before: int) -> int:
        """Delete all scores of versions that are `stale`, and those last used before the UTC day `before`.

        Returns how many went. In one transaction: a run that goes on meanwhile waits, and loses nothing but time.
        """
        doomed = [held for held in self.holdings() if stale(held)]

        def delete(connection: sqlite3.Connection) -> int:
            gone = connection.execute("DELETE FROM scores WHERE used < ?", [before]).rowcount
            for held in doomed:
                number = _number(connection, held.name, held.version)
                gone += connection.execute("DELETE FROM scores WHERE scorer = ?", [number]).rowcount
            connection.execute("DELETE FROM scorers WHERE number NOT IN (SELECT DISTINCT scorer FROM scores)")
            return gone

        gone = self._sound(delete)
        if gone:
            self._sound(_shrink)
        return gone

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.file.parent.glob(self.file.name + "*") if file.is_file())

    def _sound(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` with a connection; where the file proves damaged, begin a new one and do it once more."""
        try:
            return self._with(work)
        except sqlite3.OperationalError as error:
            raise TemporaryError(f"{self.file}: {error}. Try again, or free space on its disk.") from error
        except sqlite3.DatabaseError as error:
            self._renew(error)
            return self._with(work)

    def _with(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with closing(sqlite3.connect(self.file, timeout=WAIT)) as connection, connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
                _begin(connection)
            return work(connection)

    def _renew(self, error: sqlite3.DatabaseError) -> None:
        aside = self.file.with_suffix(".damaged")
        self.file.replace(aside)
        for tail in ("-wal", "-shm"):
            self.file.with_name(self.file.name + tail).unlink(missing_ok=True)
        self.warnings.append(
            f"{self.file}: the score cache was damaged ({error}) and was begun anew; the old file is {aside.name}. "
            "Nothing is lost but time: the texts are scored again."
        )


def today() -> int:
    """The UTC day, counted from 1970."""
    return int(time.time() // 86_400)


def _begin(connection: sqlite3.Connection) -> None:
    """Make the tables, in one transaction; those of another schema go."""
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        connection.execute("DROP TABLE IF EXISTS scores")
        connection.execute("DROP TABLE IF EXISTS scorers")
        for table in _TABLES:
            connection.execute(table)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.commit()


def _shrink(connection: sqlite3.Connection) -> None:
    """Give the room of what was deleted back to the disk."""
    connection.commit()
    connection.execute("VACUUM")


def _number(connection: sqlite3.Connection, name: str, version: str) -> int | None:
    found = connection.execute("SELECT number FROM scorers WHERE name = ? AND version = ?", [name, version]).fetchone()
    return found[0] if found else None


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _portions(keys: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
