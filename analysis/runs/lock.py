"""One at a time: a lock that whoever comes second waits for."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.workspace import Workspace


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock; whoever comes second waits, and then finds the work done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def label_lock(workspace: Workspace, identity: str) -> Path:
    """What is held, for a moment, by whoever changes the labels of an incident."""
    return workspace.incident(identity) / "labels.lock"
