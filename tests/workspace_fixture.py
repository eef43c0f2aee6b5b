"""Workspaces for tests of whole runs: the sample as it stands in git, and three days of it with nothing else."""

import fcntl
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis import findings, lessons
from analysis.findings import Finding, by_id
from analysis.runs.run import run
from analysis.workspace import REPOSITORY, Workspace

SAMPLE = REPOSITORY / "data" / "sample"
INCIDENT = "2025-07-brake-failures"
ARCHIVE = "larkwheel-2025"
MADE = shutil.ignore_patterns("store", "prepared", "*.lock", "cache", "truth_labels.csv")


@dataclass(frozen=True)
class Published:
    """A workspace and the report of one incident that was published from it: to be read, not to be changed."""

    place: Workspace
    incident: str

    @property
    def folder(self) -> Path:
        return self.place.report(self.incident)

    @property
    def manifest(self) -> dict:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))

    @property
    def findings(self) -> dict[str, Finding]:
        return by_id(findings.read(self.folder / "findings.json"))

    @property
    def lessons(self) -> list[lessons.Lesson]:
        return lessons.read(self.folder / "lessons.json")

    @property
    def truth(self) -> dict:
        return json.loads((self.place.incident(self.incident) / "truth.json").read_text(encoding="utf-8"))


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that `make` fills, once for all processes that test at the same time."""
    base = factory.getbasetemp()
    if base.name.startswith("popen-"):  # a worker of pytest-xdist: its parent is common to all
        base = base.parent
    folder = base / name
    with (base / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            (folder / "made").touch()
    return folder


def publish_sample(folder: Path) -> None:
    """The sample workspace in `folder/ws`, and the report of its default incident in `folder/reports`."""
    shutil.copytree(SAMPLE, folder / "ws", ignore=MADE)
    run(Workspace.at(folder / "ws", folder / "reports"), INCIDENT)


def write_small(root: Path) -> None:
    """The first day of the sample's default incident and four before it: one file, one brand, one language."""
    books, home = root / "archives" / ARCHIVE, root / "incidents" / INCIDENT
    books.mkdir(parents=True)
    home.mkdir(parents=True)
    table = pd.read_csv(SAMPLE / "archives" / ARCHIVE / "mentions-2025-q3.csv", dtype=str, keep_default_na=False)
    times = pd.to_datetime(table["Date (UTC)"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    unreadable = times.isna() | (table["Post ID"] == "") | (table["Text"] == "")
    own = (table["Topic"] == "Larkwheel") & times.between("2025-07-05", "2025-07-11", inclusive="left")
    kept, again = table[unreadable | own], table[own].head(5)  # as in an export that overlaps its own end
    pd.concat([kept, again]).to_csv(books / "mentions-2025-q3.csv", index=False)
    shutil.copy(SAMPLE / "archives" / ARCHIVE / "archive.yml", books)
    shutil.copy(SAMPLE / "incidents" / INCIDENT / "actions.csv", home)
    for name in ("plan.yml", "pseudonym.key", "taxonomy.yml"):
        shutil.copy(SAMPLE / name, root)
    text = (SAMPLE / "incidents" / INCIDENT / "incident.yml").read_text(encoding="utf-8")
    for was, now in (
        ("2025-07-18 08:00", "2025-07-10 08:00"),
        ("baseline_days: 90", "baseline_days: 4"),
        ("after_days: 14", "after_days: 1"),
        ("controls: [Hopspoke]", "controls: []"),
        ("report_languages: [en, zh]", "report_languages: [en]"),
        ("report_editions: [internal, external]", "report_editions: [internal]"),
    ):
        assert was in text
        text = text.replace(was, now)
    (home / "incident.yml").write_text(text, encoding="utf-8")
