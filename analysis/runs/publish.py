"""Publishing: work is done aside, and appears by rename or not at all. Earlier runs are kept under `runs/`."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import TemporaryError
from analysis.workspace import Workspace

RETAINED = 5
"""How many earlier runs of an incident are kept."""


@contextmanager
def alone(workspace: Workspace, identity: str) -> Iterator[None]:
    """Hold an incident, which exists; TemporaryError where another process is running it."""
    with (workspace.incident(identity) / "run.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TemporaryError(
                f"incident {identity}: another run of it is under way. Try again when it has ended."
            ) from error
        yield


def fresh(folder: Path) -> Path:
    """An empty work folder; what an earlier, failed try left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def publish(workspace: Workspace, identity: str, work: Path) -> Path:
    """Make `work` the report of `identity`; the report that stood there becomes its newest earlier run."""
    target = workspace.report(identity)
    aside = _aside(workspace, identity)
    if target.exists():
        target.rename(aside)
    work.rename(target)
    _keep(aside, target)
    return target


def recover(workspace: Workspace, identity: str) -> None:
    """Finish what a publication left undone that was killed between its renames."""
    target, aside = workspace.report(identity), _aside(workspace, identity)
    if not aside.exists():
        return
    if target.exists():
        _keep(aside, target)
    else:
        aside.rename(target)


def _aside(workspace: Workspace, identity: str) -> Path:
    return workspace.work / f"{identity}.previous"


def _keep(previous: Path, target: Path) -> None:
    """Move the runs that `previous` kept, and then itself, under `target/runs/`; drop the oldest beyond RETAINED."""
    if not previous.exists():
        return
    runs = target / "runs"
    runs.mkdir(exist_ok=True)
    for run in sorted((previous / "runs").glob("*")):
        if not (runs / run.name).exists():
            run.rename(runs / run.name)
    shutil.rmtree(previous / "runs", ignore_errors=True)
    manifest = previous / "manifest.json"
    if manifest.is_file():
        name = json.loads(manifest.read_text(encoding="utf-8"))["run_id"]
        shutil.rmtree(runs / name, ignore_errors=True)
        previous.rename(runs / name)
    else:  # the report was deleted, and only earlier runs stood there
        shutil.rmtree(previous)
    kept = sorted(runs.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[RETAINED:]:
        shutil.rmtree(old)
