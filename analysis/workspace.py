"""Where things are: the one place that knows a path.

A workspace is a folder with `archives/<name>/` and `incidents/<id>/`, and `plan.yml` beside them.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ParameterError

REPOSITORY = Path(__file__).resolve().parents[1]
NOTEBOOKS = REPOSITORY / "notebooks"
TAXONOMIES = REPOSITORY / "data" / "taxonomies"
"""The taxonomies of causes that come with Aftermath."""
WORK = ".work"
"""The folder under the reports in which runs work."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def check_name(name: str, what: str) -> str:
    """`name` where it can be a folder's name; ParameterError where it cannot, or would lead out of the workspace."""
    if not _NAME.fullmatch(name):
        raise ParameterError(
            f"{what} {name!r} cannot be a folder's name: use lower-case letters, digits, '-', '_' and '.', "
            "at most 64 characters, and begin with a letter or a digit."
        )
    return name


@dataclass(frozen=True)
class Workspace:
    """The folder of one organisation's archives and incidents, and where its reports go."""

    root: Path
    reports: Path

    @classmethod
    def at(cls, root: str | Path | None = None, reports: str | Path | None = None) -> "Workspace":
        """The workspace in `root` (else AFTERMATH_WORKSPACE, else `data/`), publishing to `reports` (else theirs).

        Both may be absolute, or relative to the current folder.
        """
        chosen = root or os.environ.get("AFTERMATH_WORKSPACE") or REPOSITORY / "data"
        target = reports or os.environ.get("AFTERMATH_REPORTS") or REPOSITORY / "reports"
        return cls(Path(chosen).expanduser().resolve(), Path(target).expanduser().resolve())

    @classmethod
    def of_notebook(cls, root: str, output: str) -> "Workspace":
        """The workspace that a notebook names (`root`, relative to the repository or absolute; empty: as `at`).

        A run works under `<reports>/.work/`, so that where a notebook writes to (`output`) tells the reports it is
        made for; elsewhere they are as `at` has them.
        """
        running = Path(output).parent if output and Path(output).parent.name == WORK else None
        return cls.at(REPOSITORY / root if root else None, running.parent if running else None)

    def archive(self, name: str) -> Path:
        return self.root / "archives" / check_name(name, "archive")

    def archive_file(self, name: str) -> Path:
        return self.archive(name) / "archive.yml"

    def store(self, name: str) -> Path:
        return self.archive(name) / "store"

    def incident(self, identity: str) -> Path:
        return self.root / "incidents" / check_name(identity, "incident")

    def incident_file(self, identity: str) -> Path:
        return self.incident(identity) / "incident.yml"

    def prepared(self, identity: str) -> Path:
        """What `runs.prepare` made of an incident; may be deleted at any time."""
        return self.incident(identity) / "prepared"

    def labels(self, identity: str) -> Path:
        """What people said of mentions of an incident."""
        return self.incident(identity) / "labels.csv"

    def overrides(self, identity: str) -> Path:
        """What people changed about the causes of an incident."""
        return self.incident(identity) / "overrides.yml"

    def followups(self, identity: str) -> Path:
        """What the lessons of an incident ask for, and what became of it."""
        return self.incident(identity) / "followups.csv"

    def sample(self, identity: str) -> Path:
        """Which mentions they are asked about."""
        return self.incident(identity) / "sample.csv"

    @property
    def plan(self) -> Path:
        return self.root / "plan.yml"

    @property
    def key(self) -> Path:
        """The secret that pseudonyms are made with: in the workspace, never in an archive, never in git."""
        return self.root / "pseudonym.key"

    @property
    def forgotten(self) -> Path:
        """Pseudonyms of people who are kept out, one a line."""
        return self.root / "forgotten.txt"

    @property
    def cache(self) -> Path:
        """Scores by distinct text; may be deleted at any time."""
        return self.root / "cache"

    def report(self, identity: str) -> Path:
        return self.reports / check_name(identity, "incident")

    @property
    def work(self) -> Path:
        """Where runs work before they are published."""
        return self.reports / WORK

    def incidents(self) -> list[str]:
        return sorted(path.parent.name for path in (self.root / "incidents").glob("*/incident.yml"))

    def archives(self) -> list[str]:
        return sorted(path.parent.name for path in (self.root / "archives").glob("*/archive.yml"))
