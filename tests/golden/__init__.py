"""What the sample's default incident is expected to say.

`python -m tests.golden` runs it and writes what it says now: read the difference before it is committed.
"""

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.findings import Finding

FOLDER = Path(__file__).parent
DIGITS = 6
_NUMBER = re.compile(r"[−+]?\d[\d.,:]*(?:\s?[%万亿])?")
_NAME = re.compile(r"“[^”]*”")


def golden(findings: Iterable[Finding]) -> dict[str, Any]:
    """Finding → its message, its sentences and its numbers; quotes are left out."""
    return {
        finding.id: {
            "message": finding.message,
            "certainty": finding.certainty,
            "answer": dict(finding.answer),
            "values": {
                name: [_rounded(part) for part in (value.value, value.low, value.high)] + [value.n, value.reason]
                for name, value in sorted(finding.values.items())
            },
        }
        for finding in findings
    }


def path(incident: str) -> Path:
    return FOLDER / f"{incident}.json"


def read(incident: str) -> dict[str, Any]:
    return json.loads(path(incident).read_text(encoding="utf-8"))


def shape(sentence: str) -> str:
    """A sentence without its numbers and the names of causes, which another processor may round otherwise."""
    return _NUMBER.sub("#", _NAME.sub("“…”", sentence))


def write() -> Path:
    from tests.workspace_fixture import INCIDENT, Published, Workspace, publish_sample

    with tempfile.TemporaryDirectory() as folder:
        publish_sample(Path(folder))
        place = Workspace.at(Path(folder) / "ws", Path(folder) / "reports")
        made = golden(Published(place, INCIDENT).findings.values())
    target = path(INCIDENT)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return target


def _rounded(value: float | str | None) -> float | str | None:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
