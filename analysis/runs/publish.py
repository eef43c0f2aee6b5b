"""Publishing: work is done aside, and appears by rename or not at all. Earlier runs are kept under `runs/`.

What somebody signed is kept for good: the newest report of each contents that were reviewed or approved.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import TemporaryError
from analysis.incident import SIGNED, Stamp
from analysis.workspace import Workspace

RETAINED = 5
"""How many earlier runs of an incident are kept, besides those that somebody signed."""


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
    """Make `work` the report of `identity`; the report that stood there becomes its newest earlier run.

    Where it is the same run with another stamp, it goes: nothing of it is lost but the stamp.
    """
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
    old, new = _made(previous), _made(target)
    place = runs / str(old.get("run_id"))
    restamped = _same_run(old, new)
    if not old or restamped or (_signed(_made(place)) and not _signed(old)):
        shutil.rmtree(previous)  # deleted before, with only earlier runs left there; or it is kept already, and signed
    else:
        shutil.rmtree(place, ignore_errors=True)
        previous.rename(place)
    kept = sorted(runs.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for run in [run for run in kept if run not in _for_good(kept, new)][RETAINED:]:
        shutil.rmtree(run)
    if not any(runs.iterdir()):
        runs.rmdir()


def _for_good(kept: list[Path], published: dict[str, Any]) -> set[Path]:
    """Of earlier runs, the newest first, those that are the last of contents that somebody signed."""
    seen, last = {_signed(published)}, set()
    for run in kept:
        contents = _signed(_made(run))
        if contents and contents not in seen:
            last.add(run)
        seen.add(contents)
    return last


def _signed(made: dict[str, Any]) -> str:
    """The fingerprint of a report that somebody reviewed or approved; "" for any other."""
    return made["fingerprint"] if Stamp.of(made).state in SIGNED else ""


def _same_run(old: dict[str, Any], new: dict[str, Any]) -> bool:
    keys = ("run_id", "started")
    return bool(old.get("started")) and [old.get(key) for key in keys] == [new.get(key) for key in keys]


def _made(folder: Path) -> dict[str, Any]:
    """The manifest in `folder`; empty where there is none."""
    path = folder / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
