"""`aftermath ingest` killed at any moment: the store opens, and the same command ends where it would have ended."""

import csv
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from analysis.archive import store as stores
from analysis.archive.segments import QUARANTINE
from analysis.errors import TemporaryError
from analysis.workspace import Workspace

NAME = "larkwheel"
ROWS = 1500
MANY_ROWS = 260_000
"""More than a source may have that is read by one process."""
COMMAND = Path(sys.executable).with_name("aftermath")
FEW, MANY = 8, 100


@dataclass(frozen=True)
class State:
    """What a store tells: its manifest, its mentions and its rejected records, in order."""

    manifest: dict[str, Any]
    mentions: str
    quarantine: str


@dataclass(frozen=True)
class Course:
    """An ingest that nothing disturbed: from which workspace, in how many seconds, and what it left."""

    start: Path
    seconds: float
    before: State | None
    after: State


def post(number: int, pick: random.Random) -> dict[str, str]:
    """The post of that number, which is the same in every file but for its likes; a few are none."""
    at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=19 * (number % 4000))
    return {
        "id": "1.78E+17" if number % 97 == 0 else f"{5000 + number}",
        "created_at": at.isoformat(),
        "author": f"rider_{number % 211}",
        "text": "" if number % 89 == 0 else f"@rider_{number % 17} the brakes of bike {number} failed, 刹车坏了",
        "likes": str(pick.randrange(100)),
        "parent_id": str(5000 + number - 3) if number % 3 == 0 else "",
    }


def export(file: Path, numbers: range, seed: int) -> None:
    pick = random.Random(seed)
    posts = [post(number, pick) for number in numbers]
    with open(file, "w", encoding="utf-8", newline="") as out:
        if file.suffix == ".jsonl":
            out.writelines(json.dumps(item) + "\n" for item in posts)
        else:
            writer = csv.DictWriter(out, list(posts[0]))
            writer.writeheader()
            writer.writerows(posts)


def ingest(place: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [COMMAND, "ingest", NAME, "--workspace", place],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(place: Path) -> float:
    """Seconds that an ingest took which ended well."""
    began = time.monotonic()
    running = ingest(place)
    _, said = running.communicate()
    assert running.returncode == 0, said
    return time.monotonic() - began


def state(place: Path) -> State | None:
    """What the store in `place` tells now; None where there is none yet."""
    store = Workspace.at(place, place).store(NAME)
    manifest = stores.index(store)
    if manifest is None:
        assert not (store / "ingest.json").exists(), "a manifest stands whose store does not"
        return None
    table = stores.read(store)
    assert len(table) == manifest["ingest"]["accepted"]
    return State(manifest, table.to_csv(index=False), (store / QUARANTINE).read_text(encoding="utf-8"))


def courses(folder: Path, rows: int) -> list[Course]:
    """The first ingest of three files that overlap, and a second after a fourth was added."""
    place = folder / "undisturbed"
    home = place / "archives" / NAME
    home.mkdir(parents=True)
    (place / "pseudonym.key").write_text("5a" * 32 + "\n")
    (home / "archive.yml").write_text(json.dumps({"name": NAME, "sources": ["*.csv", "*.jsonl"]}))
    export(home / "may.csv", range(rows), 1)
    export(home / "june.csv", range(ROWS // 2, 2 * ROWS), 2)
    export(home / "july.jsonl", range(ROWS, 2 * ROWS), 3)
    found: list[Course] = []
    for step in ("first", "second"):
        start = folder / step
        shutil.copytree(place, start)
        before, seconds, after = state(place), finished(place), state(place)
        assert after is not None
        found.append(Course(start, seconds, before, after))
        export(home / "august.csv", range(2 * ROWS - 99, 3 * ROWS), 4)
    assert found[0].after.manifest["ingest"]["rejected"] > 0
    assert found[0].after.manifest["ingest"]["duplicates"] > 0
    assert found[1].before == found[0].after != found[1].after
    return found


def copied(start: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(start, to)


def kill(place: Path, after: float) -> bool:
    """Whether an ingest that was killed after so many seconds was still running; its children end with it."""
    running = ingest(place)
    time.sleep(after)
    killed = running.poll() is None
    children = psutil.Process(running.pid).children(recursive=True) if killed else []
    running.kill()
    running.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    for orphan in alive:
        orphan.kill()
    assert running.stderr is not None
    running.stderr.close()
    assert not alive, "processes outlive the ingest that started them"
    return killed


def survives(course: Course, place: Path, share: float) -> bool:
    """Kill an ingest at that share of its time, look at what it left, repeat it; whether it was still running."""
    copied(course.start, place)
    killed = kill(place, share * course.seconds)
    left = state(place)
    # The list of rejected records is replaced just before the manifest.
    assert left is None or left.manifest in [whole.manifest for whole in (course.before, course.after) if whole]
    assert left is not None or course.before is None, "the store that was there is gone"
    if left and course.before and left.manifest == course.before.manifest:
        assert left.mentions == course.before.mentions
    finished(place)
    assert state(place) == course.after
    store = Workspace.at(place, place).store(NAME)
    assert not [path for path in store.rglob(".*") if path.name != ".lock"], "half-written files stayed"
    return killed


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Course]]:
    folder = tmp_path_factory.mktemp("kill")
    yield courses(folder, ROWS)
    shutil.rmtree(folder)


def moments(kills: int, seed: int) -> list[float]:
    """Shares of an ingest's time: at random, in each of so many parts of the time after the first fifth."""
    pick = random.Random(seed)
    return [0.2 + 0.8 * (part + pick.random()) / kills for part in range(kills)]


@pytest.mark.parametrize("step", [0, 1], ids=["first", "second"])
def test_killed_anywhere_it_ends_the_same(undisturbed: list[Course], step: int, tmp_path: Path):
    killed = [survives(undisturbed[step], tmp_path / "ws", share) for share in moments(FEW // 2, step)]
    assert any(killed)


@pytest.mark.slow
@pytest.mark.parametrize("step", [0, 1], ids=["first", "second"])
def test_killed_at_a_hundred_moments_it_ends_the_same(undisturbed: list[Course], step: int, tmp_path: Path):
    killed = [survives(undisturbed[step], tmp_path / "ws", share) for share in moments(MANY // 2, 2 + step)]
    assert sum(killed) > MANY // 4


@pytest.mark.slow
def test_killed_while_several_processes_read_it_ends_the_same(tmp_path: Path):
    course = courses(tmp_path, MANY_ROWS)[0]
    killed = [survives(course, tmp_path / "ws", share) for share in moments(8, 9)]
    assert any(killed)


def test_killed_twice_it_ends_the_same(undisturbed: list[Course], tmp_path: Path):
    course = undisturbed[0]
    place = copied(course.start, tmp_path / "ws")
    for share in (0.7, 0.8):
        kill(place, share * course.seconds)
    finished(place)
    assert state(place) == course.after


@pytest.mark.parametrize("step", [0, 1], ids=["first", "second"])
def test_two_at_once_end_the_same(undisturbed: list[Course], step: int, tmp_path: Path):
    course = undisturbed[step]
    place = copied(course.start, tmp_path / "ws")
    both = [ingest(place), ingest(place)]
    said = [running.communicate()[1] for running in both]
    codes = [running.returncode for running in both]
    assert set(codes) <= {0, TemporaryError.code}, said
    assert 0 in codes, said
    assert state(place) == course.after
