"""The Finding and its file: everything the report may say, with what it rests on.

A notebook writes one file of findings; a run merges them. A number in the report that no finding holds fails the run.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from analysis.errors import InputError
from analysis.measures.estimate import Estimate

SCHEMA = 1
Certainty = Literal["high", "medium", "low", "refused"]
Texts = Mapping[str, str]
"""Language → text."""


@dataclass(frozen=True)
class Drawing:
    """A figure that a finding rests on; the file is `figures/<name>.<language>.svg`."""

    name: str
    title: Texts
    alt: Texts
    marks: Mapping[str, list[str]]
    """What numbered marks of the picture stand for, where it does not say so itself."""


@dataclass(frozen=True)
class Table:
    """A table that a finding rests on, as it is printed; the whole is `tables/<name>.csv`."""

    name: str
    caption: Texts
    columns: Mapping[str, list[str]]
    rows: Mapping[str, list[list[str]]]
    numeric: list[bool]
    """Which columns hold figures, and are set to the right."""


@dataclass(frozen=True)
class Quote:
    """A mention that a finding rests on: its id, and its text with personal data masked."""

    id: str
    quote: str


@dataclass(frozen=True)
class Finding:
    """One answer: `message` is its sentence in the catalogues, `answer` the same in each language of the report."""

    id: str
    notebook: str
    question: str
    message: str
    answer: Texts
    values: Mapping[str, Estimate] = field(default_factory=dict)
    evidence: list[Quote] = field(default_factory=list)
    certainty: Certainty = "medium"
    figure: Drawing | None = None
    table: Table | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    """Plain values that lessons are drawn from and that are no estimates: a verdict, a name."""
    behind: Mapping[str, int] = field(default_factory=dict)
    """Name of a value, or of a part of one → how many mentions it counts; which, `tables/behind/` says."""


def write(findings: Iterable[Finding], incident: str, path: Path) -> None:
    """Write findings in the order given; the same findings give the same bytes."""
    body = {"schema": SCHEMA, "incident": incident, "findings": [asdict(finding) for finding in findings]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path) -> list[Finding]:
    """The findings in `path`; InputError where it is absent or of another schema."""
    if not path.is_file():
        raise InputError(f"{path}: no findings here. Run the notebook that writes them first.")
    body = json.loads(path.read_text(encoding="utf-8"))
    if body.get("schema") != SCHEMA:
        raise InputError(f"{path}: schema {body.get('schema')!r}, expected {SCHEMA}. Run the incident again.")
    return [_finding(item) for item in body["findings"]]


def merge(parts: Iterable[list[Finding]]) -> list[Finding]:
    """Findings of several notebooks as one list; ValueError where two bear the same id."""
    merged = [finding for part in parts for finding in part]
    seen: set[str] = set()
    for finding in merged:
        if finding.id in seen:
            raise ValueError(f"two findings are called {finding.id!r}")
        seen.add(finding.id)
    return merged


def by_id(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.id: finding for finding in findings}


def _finding(item: dict) -> Finding:
    return Finding(
        **item
        | {
            "values": {name: Estimate(**value) for name, value in item["values"].items()},
            "evidence": [Quote(**quote) for quote in item["evidence"]],
            "figure": Drawing(**item["figure"]) if item["figure"] else None,
            "table": Table(**item["table"]) if item["table"] else None,
        }
    )
