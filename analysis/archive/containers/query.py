"""A SQL query as a source: its result, streamed into a Parquet file of text that is then read as any other.

In archive.yml one of the `sources` is a database URL, such as
`postgresql+pg8000://reader:${WAREHOUSE_PASSWORD}@host/warehouse`, and `query` is what it is asked. A `${NAME}` in the
URL is the environment variable of that name, so that no password need stand in a file; none is ever repeated in a
message. Values become text as their types are exact: times with a zone in UTC, times without one as they are, numbers
with every digit, JSON and arrays as JSON. The Parquet file holds what nothing has made pseudonymous yet: it is readable
by its owner alone, and whoever asked for it deletes it. A query with ORDER BY gives the same file for the same rows.
"""

import json
import logging
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from analysis.errors import AftermathError, InputError, TemporaryError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

ROWS = 5_000
"""How many rows are in memory at a time."""
_INSTALL = "pip install 'aftermath[sql]'"
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_QUOTED = re.compile(
    r"'(?:[^']|'')*'"
    r'|"(?:[^"]|"")*"'
    r"|`[^`]*`"
    r"|(?<![\w$])\$([A-Za-z_]\w*)?\$.*?\$\1\$"
    r"|--[^\n]*"
    r"|/\*.*?\*/",
    re.DOTALL,
)
"""What of a statement is text, a name or a comment."""
_WRITES = re.compile(r"\b(insert|update|delete|merge|into)\b", re.IGNORECASE)
_SECRET = re.compile(r"pass|pwd|secret|token|key", re.IGNORECASE)
_EXACT = 2**53  # beyond it a float cannot tell neighbouring integers apart
_MESSAGE = 300
_UNHEARD = logging.NullHandler()
"""Where SQLAlchemy's log goes: what went wrong is told once, in words, and never with what a driver repeats."""


def is_database(source: str) -> bool:
    """Whether an entry of `sources` is a database URL rather than a file."""
    return "://" in source


def label(url: str) -> str:
    """`dialect://host/database` of a database URL: no user, no password, no options."""
    return _label(_parse(url))


def snapshot(url: str, query: str | None, target: Path, *, folder: Path) -> None:
    """Write what `query` gives into `target`, a Parquet file of text columns; memory does not grow with its rows.

    A relative SQLite file is relative to `folder`. The transaction is read-only where the database knows such. Raises
    InputError (URL, driver, query, no rows) and TemporaryError (a server that does not answer); there is no file then.
    """
    parsed = _parse(url)
    name = _label(parsed)
    statement = _one_select(query, name)
    with ExitStack() as unfinished:
        unfinished.callback(target.unlink, missing_ok=True)
        with _connected(parsed, name, folder) as connection, _explained(parsed, name):
            result = connection.exec_driver_sql(statement)
            columns = list(result.keys())
            repeated = sorted({column for column in columns if columns.count(column) > 1})
            if repeated:
                raise InputError(
                    f"{name}: the query gives several columns named {', '.join(repeated)}. Rename with AS."
                )
            parts = (tuple(zip(*part, strict=True)) for part in result.partitions(ROWS))
            if not _write(target, columns, parts, name):
                raise InputError(f"{name}: the query gives no rows. Correct `query` in archive.yml.")
        unfinished.pop_all()


def _write(target: Path, columns: list[str], parts: Iterator[Sequence[Sequence[object]]], name: str) -> int:
    """Write each of `parts`, a sequence of columns, as text; returns how many rows there were."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(column, pa.string()) for column in columns])
    rows = 0
    with open(target, "wb", opener=_private) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in parts:
            texts = [_texts(values, column, name) for column, values in zip(columns, part, strict=True)]
            writer.write_batch(pa.record_batch([pa.array(text, pa.string()) for text in texts], schema=schema))
            rows += len(texts[0])
    return rows


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _texts(values: Sequence[object], column: str, name: str) -> list[str | None]:
    if any(isinstance(value, bytes | bytearray | memoryview) for value in values):
        raise InputError(
            f"{name}: column {column!r} holds bytes. Leave it out of the query, or turn it into text there, in "
            f"PostgreSQL with convert_from({column}, 'UTF8')."
        )
    return [value if value is None or type(value) is str else _text(value) for value in values]


def _text(value: object) -> str | None:
    """`value` with every digit it has; a number that is none is null. PostgreSQL's `infinity` stays, and is no time."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime) and value.tzinfo and date.min < value.date() < date.max:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _one_select(query: str | None, name: str) -> str:
    """`query` where it is one SELECT (or WITH); InputError for anything else, before any of it runs."""
    if not query or not query.strip():
        raise InputError(f"{name}: archive.yml says nothing to ask it. Add `query: SELECT …`.")
    code = _QUOTED.sub(" ", query).strip().rstrip(";").rstrip()
    first = re.match(r"[\s(]*(\w*)", code)
    if not first or first[1].casefold() not in ("select", "with"):
        raise InputError(f"{name}: `query` in archive.yml is to be one SELECT; it begins with {code[:40]!r}.")
    # A quote after a backslash ends a text in one database and not in another, and so hides what follows it.
    if re.search(r"\\['\"`]", query) or re.search(r"['\"`]|/\*|\*/", code):
        raise InputError(
            f"{name}: `query` in archive.yml holds a quote or a comment of which it is not certain where it ends. "
            "Write a quote within a text as two quotes, not with a backslash, and close what is open."
        )
    if ";" in code:
        raise InputError(f"{name}: `query` in archive.yml holds more than one statement. Leave one SELECT.")
    if found := _WRITES.search(code):
        raise InputError(
            f"{name}: `query` in archive.yml says {found[0].upper()}, and archives are only read. If that is the name "
            "of a column, put it in quotes."
        )
    return query


def _parse(url: str) -> "URL":
    """`url` with its variables in place; `postgresql` alone is pg8000, which aftermath[sql] brings."""
    try:
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    except ImportError as error:
        raise InputError(f"Archives from a database need SQLAlchemy, which is not installed: {_INSTALL}") from error

    account, at, rest = url.rpartition("@")
    # Within user and password a value may hold @, : or /, which would be taken for parts of the URL.
    filled = _VARIABLE.sub(lambda match: quote(_variable(match[1]), safe=""), account)
    filled += at + _VARIABLE.sub(lambda match: _variable(match[1]), rest)
    try:
        parsed = make_url(filled)
    except (ArgumentError, ValueError):
        # Without its cause: what failed may hold the password.
        raise InputError(
            "archive.yml, sources: a source with :// is a database URL, and one of them cannot be read. Write it as "
            "postgresql+pg8000://user:${PASSWORD}@host:5432/database, and put what else is on the web into a file."
        ) from None
    return parsed.set(drivername="postgresql+pg8000") if parsed.drivername in ("postgresql", "postgres") else parsed


def _variable(name: str) -> str:
    if name not in os.environ:
        raise InputError(f"archive.yml, sources: the environment has no variable {name}. Set it before you run this.")
    return os.environ[name]


def _label(url: "URL") -> str:
    host = f"{url.host or ''}{f':{url.port}' if url.port else ''}"
    return f"{url.drivername.split('+')[0]}://{host}/{url.database or ''}"


@contextmanager
def _connected(url: "URL", name: str, folder: Path) -> Iterator["Connection"]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
    from sqlalchemy.pool import NullPool

    logging.getLogger("sqlalchemy").addHandler(_UNHEARD)
    try:
        engine = create_engine(_read_only_file(url, name, folder), poolclass=NullPool)
    except NoSuchModuleError:
        raise InputError(
            f"{name}: {url.drivername} is no database that SQLAlchemy knows. Correct the URL, or install what brings "
            "it; a file on the web is to be downloaded first."
        ) from None
    except ModuleNotFoundError as error:
        needed = _INSTALL if url.get_backend_name() == "postgresql" else f"pip install {error.name}"
        raise InputError(f"{name}: the driver {error.name} is not installed: {needed}") from error
    try:
        connection = engine.connect()
    except (ArgumentError, TypeError) as error:
        raise InputError(f"{name}: the options of the URL are not understood: {_without_secret(error, url)}") from None
    except (DBAPIError, OSError) as error:
        raise _refused(error, url, name) from None
    try:
        yield connection.execution_options(no_parameters=True, postgresql_readonly=True, stream_results=True)
    finally:
        with suppress(DBAPIError, ConnectionError):  # one that broke off cannot be ended in order
            connection.close()
        engine.dispose()


def _read_only_file(url: "URL", name: str, folder: Path) -> "URL":
    """`url`, where it is a SQLite file opened for reading only; InputError where there is no such file."""
    if url.get_backend_name() != "sqlite":
        return url
    file = folder / (url.database or "")
    if not file.is_file():
        raise InputError(f"{name}: there is no such file as {file}. Correct `sources` in archive.yml.")
    return url.set(database=f"file:{quote(str(file))}", query={"mode": "ro", "uri": "true"})


@contextmanager
def _explained(url: "URL", name: str) -> Iterator[None]:
    """What the database says of a query, as an error that the user can act on."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        state = _state(error)
        if error.connection_invalidated or state.startswith(("08", "40", "53", "57")):
            raise TemporaryError(f"{name}: broke off ({_without_secret(error, url)}). Try again.") from None
        raise InputError(
            f"{name}: the database refuses `query` in archive.yml: {_without_secret(error, url)}"
        ) from None
    except (ConnectionError, TimeoutError) as error:  # which pg8000 passes on as they are
        raise TemporaryError(f"{name}: broke off ({_without_secret(error, url)}). Try again.") from None
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{name}: a value of the query cannot be read ({_without_secret(error, url)}). Turn its column into text "
            "there, as in CAST(column AS text)."
        ) from None


def _refused(error: BaseException, url: "URL", name: str) -> AftermathError:
    said = _without_secret(error, url)
    if _state(error).startswith(("28", "3D")):
        return InputError(f"{name}: {said}. Correct the URL in archive.yml, or the variables it names.")
    return TemporaryError(f"{name}: cannot be reached ({said}). Check host and port, and try again.")


def _state(error: BaseException) -> str:
    """The five characters of SQLSTATE, where the driver gives them."""
    origin = getattr(error, "orig", error)
    return str(_told(error).get("C") or getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "")


def _without_secret(error: BaseException, url: "URL") -> str:
    """What the driver says, short, and without the password where it repeats it."""
    said = " ".join(str(_told(error).get("M") or getattr(error, "orig", None) or error).split())
    secrets = [url.password or "", *(value for option, value in url.query.items() if _SECRET.search(option))]
    for secret in filter(None, map(str, secrets)):
        said = said.replace(secret, "***")
    return said[:_MESSAGE].rstrip(".") + ("…" if len(said) > _MESSAGE else "")


def _told(error: BaseException | None) -> dict[str, str]:
    """The fields of PostgreSQL's message, as pg8000 passes them on; a connection that then broke may cover them."""
    while error is not None:
        if error.args and isinstance(error.args[0], dict):
            return error.args[0]
        error = error.__cause__ or error.__context__
    return {}
