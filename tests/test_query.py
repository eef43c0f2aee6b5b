"""A query as a source, against a real PostgreSQL and SQLite: exact values, nothing but reading, and no secrets told."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyarrow import parquet

from analysis.archive.containers.query import is_database, label, snapshot
from analysis.errors import AftermathError, InputError, TemporaryError
from tests.archive_fixture import ingested
from tests.postgres import server

SECRET = "gr:n@ry/%40&9"
TABLE = """
CREATE TABLE posts (
  id bigint, at timestamptz, local timestamp, day date, author text, body text, likes integer, exact numeric(38, 6),
  ratio double precision, shown boolean, tags text[], raw jsonb, key uuid, took interval, photo bytea
);
INSERT INTO posts VALUES
 (9007199254740993, '2025-03-30 01:30:00+08', '2025-03-30 01:30:00.25', '2025-03-30', 'mira', '刹车坏了，没人管 🚲',
  1200, 12345678901234567890.123456, 4, true, '{刹车,"a b"}', '{"n": 1234567890123456789, "t": "站"}',
  '6f2a0000-0000-4000-8000-000000000001', '90 minutes', '\\xff00'),
 (2, 'infinity', '-infinity', 'infinity', NULL, E'two\\nlines, 100% "said"; :name', NULL, 'NaN', 'NaN', NULL, NULL,
  NULL, NULL, NULL, NULL),
 (3, '0001-01-01 00:00:00+00', '20000-01-01 00:00:00', '0044-03-15 BC', '', '', 0, 0.100000, 'infinity', false, '{}',
  '[1.5, null]', NULL, NULL, NULL);
CREATE SEQUENCE counter;
CREATE FUNCTION deletes() RETURNS bigint LANGUAGE sql AS 'DELETE FROM posts RETURNING id';
CREATE USER reader;
GRANT SELECT ON posts TO reader;
"""
FINE = "id, at, local, day, author, body, likes, exact, ratio, shown, tags, raw, key, took"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """A database URL whose tables are those of TABLE, with the password that the server does not ask for."""
    with server() as options:
        engine = sa.create_engine(f"postgresql+pg8000://postgres@/postgres?{options}")
        with engine.begin() as connection:
            connection.exec_driver_sql(TABLE, execution_options={"no_parameters": True})
        engine.dispose()
        yield f"postgresql+pg8000://postgres:${{WAREHOUSE_PASSWORD}}@/postgres?{options}"


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WAREHOUSE_PASSWORD", SECRET)


def taken(url: str, query: str, folder: Path) -> list[dict[str, str | None]]:
    """The rows that `query` gives, by way of the snapshot."""
    target = folder / "snapshot.parquet"
    target.unlink(missing_ok=True)
    snapshot(url, query, target, folder=folder)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    table = parquet.read_table(target)
    assert set(map(str, table.schema.types)) == {"string"}
    return table.to_pylist()


def refused(url: str, query: str | None, folder: Path, kind: type[AftermathError] = InputError) -> str:
    """What is said instead; nothing is written then, and nothing secret told."""
    target = folder / "refused.parquet"
    with pytest.raises(kind) as caught:
        snapshot(url, query, target, folder=folder)
    assert not target.exists()
    said = str(caught.value)
    assert SECRET not in said
    assert caught.value.__cause__ is None or SECRET not in repr(caught.value.__cause__)
    return said


def test_values_keep_every_digit(database: str, tmp_path: Path):
    first, second, third = taken(database, f"SELECT {FINE} FROM posts ORDER BY id DESC", tmp_path)
    assert first == {
        "id": "9007199254740993",
        "at": "2025-03-29T17:30:00+00:00",
        "local": "2025-03-30T01:30:00.250000",
        "day": "2025-03-30",
        "author": "mira",
        "body": "刹车坏了，没人管 🚲",
        "likes": "1200",
        "exact": "12345678901234567890.123456",
        "ratio": "4",
        "shown": "true",
        "tags": '["刹车", "a b"]',
        "raw": '{"n": 1234567890123456789, "t": "站"}',
        "key": "6f2a0000-0000-4000-8000-000000000001",
        "took": "1:30:00",
    }
    assert second["exact"] == "0.100000"
    assert (second["author"], second["likes"], second["ratio"], second["shown"]) == ("", "0", None, "false")
    assert second["at"] == "0001-01-01T00:00:00+00:00"
    assert second["raw"] == "[1.5, null]"
    assert third["body"] == 'two\nlines, 100% "said"; :name'
    assert (third["at"], third["local"], third["day"]) == ("infinity", "-infinity", "infinity")
    assert all(third[name] is None for name in ("author", "likes", "exact", "ratio", "shown", "tags", "raw", "key"))


def test_a_query_is_passed_on_as_it_is_written(database: str, tmp_path: Path):
    query = """
        -- what of; this matters
        WITH odd AS (SELECT id, 'a;b '' %s :x delete' AS "update" FROM posts WHERE id % 2 = 1)
        SELECT id::text AS id, "update", $q$ into; $q$ AS said FROM odd WHERE "update" LIKE '%;b%' ORDER BY 1 ; /* ; */
    """
    assert taken(database, query, tmp_path) == [
        {"id": number, "update": "a;b ' %s :x delete", "said": " into; "} for number in ("3", "9007199254740993")
    ]


def test_the_same_rows_give_the_same_file_and_a_changed_row_another(database: str, tmp_path: Path):
    query = "SELECT id, body, likes FROM posts ORDER BY id"
    target = tmp_path / "snapshot.parquet"
    contents = []
    for likes in (None, None, 7):
        if likes:
            change(database, f"UPDATE posts SET likes = {likes} WHERE id = 2")
        taken(database, query, tmp_path)
        contents.append(target.read_bytes())
    change(database, "UPDATE posts SET likes = NULL WHERE id = 2")
    assert contents[0] == contents[1] != contents[2]


def change(url: str, statement: str) -> None:
    engine = sa.create_engine(url.replace(":${WAREHOUSE_PASSWORD}", ""))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("DELETE FROM posts", "one SELECT"),
        ("", "SELECT"),
        (None, "SELECT"),
        ("SELECT 1; DELETE FROM posts", "more than one statement"),
        ("SELECT 1; COMMIT; BEGIN; SELECT 2", "more than one statement"),
        ("WITH gone AS (DELETE FROM posts RETURNING id) SELECT * FROM gone", "DELETE"),
        ("SELECT * INTO copied FROM posts", "INTO"),
        ("SELECT deletes() AS id", "read-only transaction"),
        ("SELECT nextval('counter') AS id", "read-only transaction"),
        ("SELECT set_config('transaction_read_only', 'off', true), deletes()", "read-write"),
        (r"SELECT E'\' ' ; DELETE FROM posts --'", "quote"),
        ("SELECT 'open", "quote"),
        ("SELECT a$b$ ; DELETE FROM posts; SELECT $b$", "more than one statement"),
        ("SELECT /* /* */ ; DELETE FROM posts */ 1", "quote or a comment"),
        ("SELECT bodies FROM posts", 'column "bodies" does not exist'),
        ("SELECT 1 / 0 AS id", "division by zero"),
        ("SELECT id, 1 / (id - 3) AS later FROM posts ORDER BY id", "division by zero"),
        ("SELECT id FROM posts WHERE id = 1", "no rows"),
        ("SELECT id, body AS id FROM posts", "several columns named id"),
        ("SELECT id, CAST('24:00' AS time) AS midnight FROM posts", "CAST(column AS text)"),
        ("SELECT id, photo FROM posts", "convert_from(photo, 'UTF8')"),
    ],
)
def test_anything_but_reading_is_refused(database: str, tmp_path: Path, query: str | None, said: str):
    assert said in refused(database, query, tmp_path)
    assert len(taken(database, "SELECT id FROM posts", tmp_path)) == 3


def test_the_label_holds_no_account(database: str):
    assert label(database) == "postgresql:///postgres"
    assert label(f"postgresql://reader:{'x' * 9}@db.larkwheel.example:5432/warehouse?password=x") == (
        "postgresql://db.larkwheel.example:5432/warehouse"
    )
    assert label("sqlite:///archive.db") == "sqlite:///archive.db"
    assert is_database(database)
    assert not is_database("exports/2025-*.csv")


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("postgresql://reader:${WAREHOUSE_PASSWORD}@127.0.0.1:1/warehouse", TemporaryError, "cannot be reached"),
        ("postgresql://reader:${NOT_SET_ANYWHERE}@127.0.0.1/warehouse", InputError, "NOT_SET_ANYWHERE"),
        ("postgresql://reader:${WAREHOUSE_PASSWORD}@127.0.0.1:port/warehouse", InputError, "cannot be read"),
        ("postgresql+psycopg2://reader:${WAREHOUSE_PASSWORD}@127.0.0.1/w", InputError, "aftermath[sql]"),
        ("mysql+pymysql://reader:${WAREHOUSE_PASSWORD}@127.0.0.1/w", InputError, "pip install pymysql"),
        ("postgresql://reader:${WAREHOUSE_PASSWORD}@127.0.0.1:1/w?depth=3", InputError, "options"),
        ("https://larkwheel.example/export.csv", InputError, "downloaded first"),
        ("sqlite:///absent.db", InputError, "no such file"),
        ("sqlite://", InputError, "no such file"),
    ],
)
def test_what_cannot_be_reached_is_said_without_its_password(
    tmp_path: Path, url: str, kind: type[AftermathError], said: str
):
    assert said in refused(url, "SELECT 1", tmp_path, kind)


def test_a_wrong_account_is_an_error_to_correct(database: str, tmp_path: Path):
    assert 'role "nobody" does not exist' in refused(database.replace("//postgres:", "//nobody:"), "SELECT 1", tmp_path)
    assert 'database "absent" does not exist' in refused(
        database.replace("@/postgres", "@/absent"), "SELECT 1", tmp_path
    )
    reader = database.replace("//postgres:", "//reader:")
    assert len(taken(reader, "SELECT id FROM posts", tmp_path)) == 3
    assert "permission denied" in refused(reader, "SELECT last_value FROM counter", tmp_path)


def test_a_password_that_the_server_repeats_is_masked(database: str, tmp_path: Path):
    said = refused(database, f"SELECT CAST('{SECRET}' AS integer) AS id", tmp_path)
    assert "invalid input syntax" in said
    assert "***" in said


def test_a_broken_connection_may_be_tried_again(database: str, tmp_path: Path):
    said = refused(
        database,
        "SELECT pg_terminate_backend(pg_backend_pid()), g FROM generate_series(1, 9) g",
        tmp_path,
        TemporaryError,
    )
    assert "Try again" in said


def test_an_error_is_told_once_and_in_words(database: str, tmp_path: Path):
    code = f"""
import sys
from pathlib import Path
from analysis.archive.containers.query import snapshot
try: snapshot({database!r}, "SELECT CAST('{SECRET}' AS integer)", Path("refused"), folder=Path())
except Exception as error: print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[1],
        env=os.environ | {"WAREHOUSE_PASSWORD": SECRET},
    )
    assert done.stderr == ""
    assert "invalid input syntax" in done.stdout
    assert SECRET not in done.stdout


def test_an_archive_of_a_query_is_read_again_only_where_its_rows_changed(database: str, tmp_path: Path):
    query = "SELECT id, day AS published_at, author, body AS text, likes FROM posts WHERE body <> '' ORDER BY id"
    settings = {"query": query, "time_zone": "Asia/Shanghai", "format": "generic"}
    first, table = ingested(tmp_path, database, **settings)
    assert (first.rows, first.accepted, first.rejected) == (2, 1, 1)
    assert first.files[0].path == "postgresql:///postgres"
    assert first.files[0].reasons == {"unreadable_time": 1}  # 'infinity'
    assert table["id"].tolist() == ["9007199254740993"]
    assert str(table["published_at"][0]) == "2025-03-29 16:00:00+00:00"
    assert ingested(tmp_path, database, **settings)[0].content == first.content
    change(database, "UPDATE posts SET likes = 1201 WHERE likes = 1200")
    second, table = ingested(tmp_path, database, **settings)
    change(database, "UPDATE posts SET likes = 1200 WHERE likes = 1201")
    assert second.content != first.content
    assert table["likes"].tolist() == [1201]
    for path in tmp_path.rglob("*"):
        assert "draft" not in path.name
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


MEASURED = """
import resource, sys
from pathlib import Path
from analysis.archive.containers.query import snapshot
url, target = sys.argv[1:]
ask = "SELECT g AS id, now() AS at, repeat('刹车', 200) || g AS body FROM generate_series(1, %d) g ORDER BY g"
peaks = []
for rows in (5_000, 200_000):
    Path(target).unlink(missing_ok=True)
    snapshot(url, ask % rows, Path(target), folder=Path())
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(*peaks)
"""


def test_memory_does_not_grow_with_the_rows(database: str, tmp_path: Path):
    target = tmp_path / "large.parquet"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, database, str(target)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"WAREHOUSE_PASSWORD": SECRET},
    )
    few, many = map(int, done.stdout.split())
    assert many - few < 60_000, f"{few} KB at 5,000 rows, {many} KB at 200,000 rows of 1,200 bytes"
    assert parquet.ParquetFile(target).metadata.num_rows == 200_000


def test_sqlite_is_read_only_and_relative_to_the_archive(tmp_path: Path):
    file = tmp_path / "posts?.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE posts (id, body, likes)")
        connection.execute("INSERT INTO posts VALUES (?, ?, ?), (3, 'no brakes', NULL)", (2**62 + 1, "刹车", 4.0))
    connection.close()
    before = file.read_bytes()
    assert taken("sqlite:///posts%3F.db", "SELECT * FROM posts ORDER BY id DESC", tmp_path) == [
        {"id": str(2**62 + 1), "body": "刹车", "likes": "4"},
        {"id": "3", "body": "no brakes", "likes": None},
    ]
    assert "no such table" in refused("sqlite:///posts%3F.db", "SELECT * FROM absent", tmp_path)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts?.db", "snapshot.parquet"]


def test_without_sqlalchemy_the_instruction_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sqlalchemy.engine", None)
    assert "pip install 'aftermath[sql]'" in refused("postgresql://reader@host/warehouse", "SELECT 1", tmp_path)
