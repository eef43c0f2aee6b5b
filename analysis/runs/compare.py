"""What changed between two runs of an incident, and why: data, parameters, what people wrote, code, versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis import findings as files
from analysis.errors import ParameterError
from analysis.findings import Finding
from analysis.incident import SIGNATURE, Stamp
from analysis.measures.estimate import Estimate
from analysis.report.voice import Voice, state_word
from analysis.runs import manifest
from analysis.style import numbers
from analysis.workspace import Workspace

LANGUAGE = "en"
"""Of the terminal."""


@dataclass(frozen=True)
class Change:
    """`kind`: "new", "gone", "sentence", "value", or "reason" (a figure was refused, or is no longer)."""

    finding: str
    kind: str
    name: str
    before: str
    after: str
    apart: bool = False
    """Whether the intervals do not even touch: more than another sample would explain."""


@dataclass(frozen=True)
class Comparison:
    """Two runs, older first; `why` has a line for each thing that differs in what they were made from."""

    older: Mapping[str, Any]
    newer: Mapping[str, Any]
    why: list[str]
    changes: list[Change]


def chosen(workspace: Workspace, name: str) -> Path:
    """The folder of the run `name`: a folder, an incident (its published run), or the id of a kept run.

    Raises ParameterError where there is none.
    """
    folder = Path(name).expanduser()
    if (folder / "manifest.json").is_file():
        return folder
    published = workspace.reports / name
    if "/" not in name and (published / "manifest.json").is_file():
        return published
    for path in sorted(workspace.reports.glob("*/manifest.json")) + sorted(
        workspace.reports.glob("*/runs/*/manifest.json")
    ):
        if manifest.read(path.parent)["run_id"] == name:
            return path.parent
    raise ParameterError(
        f"no run {name!r} under {workspace.reports}: name an incident, the id of a run kept under "
        "<incident>/runs/, or a folder with a manifest.json."
    )


def before(folder: Path) -> Path:
    """The newest earlier run that is kept beside the published run in `folder`; ParameterError where there is none."""
    kept = [path.parent for path in (folder / "runs").glob("*/manifest.json")]
    if not kept:
        raise ParameterError(f"{folder}: no earlier run is kept to compare with. Name two runs.")
    return max(kept, key=lambda path: manifest.read(path)["started"])


def compare(older: Path, newer: Path) -> Comparison:
    """Compare the runs in two folders; ParameterError where they are of different incidents."""
    first, second = manifest.read(older), manifest.read(newer)
    if first["incident"] != second["incident"]:
        raise ParameterError(
            f"{older} is of incident {first['incident']}, {newer} of {second['incident']}: "
            "compare two runs of one incident."
        )
    found = [files.by_id(files.read(folder / "findings.json")) for folder in (older, newer)]
    return Comparison(first, second, list(_why(first, second)), list(_changes(*found)))


def told(comparison: Comparison) -> list[str]:
    """The comparison in lines for a terminal."""
    older, newer = comparison.older, comparison.newer
    lines = [f"{newer['incident']}: {_run(older)} → {_run(newer)}"]
    lines += ["why:"] + [f"  {line}" for line in comparison.why or ["nothing that a run is made from differs"]]
    if not comparison.changes:
        return [*lines, "no finding changed"]
    lines.append(f"what changed ({len({change.finding for change in comparison.changes})} findings):")
    for change in comparison.changes:
        mark = "  ! " if change.apart else "    "
        if change.kind in ("new", "gone"):
            lines.append(f"{mark}{change.finding}: {change.kind}: {change.after or change.before}")
        else:
            name = f" {change.name}" if change.name else ""
            lines.append(f"{mark}{change.finding}{name}: {change.before} → {change.after}")
    if any(change.apart for change in comparison.changes):
        lines.append("  !  the intervals do not touch")
    return lines


def _run(made: Mapping[str, Any]) -> str:
    state = state_word(Stamp.of(made), Voice(LANGUAGE, "UTC"))
    return f"{made['run_id']} ({made['started'][:16].replace('T', ' ')} UTC; {state})"


def _why(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[str]:
    yield from _data(first.get("archives", {}), second.get("archives", {}))
    for title, key in (
        ("incident.yml", "incident_file"),
        ("parameter", "parameters"),
        ("version", "versions"),
        ("model", "models"),
    ):
        for name, was, now in _differences(_flat(_part(first, key)), _flat(_part(second, key))):
            yield f"{title} {name}: {was} → {now}"
    for name, was, now in _differences(_part(first, "written"), _part(second, "written")):
        yield f"{name}: {'new' if was == ABSENT else 'gone' if now == ABSENT else 'changed'}"
    if _part(first, "code") != _part(second, "code"):
        yield f"code: commit {first.get('commit') or 'not known'} → {second.get('commit') or 'not known'}"


ABSENT = "–"


def _part(made: Mapping[str, Any], key: str) -> Any:
    if key == "models":
        scorers = made.get("scoring", {}).get("scorers", {})
        found = {language: f"{row['name']} {row['version']}" for language, row in scorers.items()}
        return found | made.get("causes", {}).get("versions", {})
    if key == "incident_file":  # who signed a report is told with its run; earlier versions kept it here
        signature = (*SIGNATURE, "approved_by", "approved_on")
        return {name: value for name, value in made.get(key, {}).items() if name not in signature}
    return made.get(key, {})


def _data(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*first, *second}):
        one, other = first.get(name), second.get(name)
        if one is None or other is None:
            yield f"archive {name}: {'new' if one is None else 'gone'}"
        elif one["content"] != other["content"]:
            counts = ", ".join(
                f"{one[key]:,} → {other[key]:,} {key}"
                for key in ("accepted", "rejected", "duplicates")
                if one[key] != other[key]
            )
            old, new = ({row["path"]: row.get("sha256") for row in side["files"]} for side in (one, other))
            changed = sorted(path for path in {*old, *new} if old.get(path) != new.get(path))
            yield f"archive {name}: " + "; ".join(part for part in (counts, ", ".join(changed[:5])) if part)


def _flat(told: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(told, Mapping):
        return {prefix.rstrip("."): told}
    return {key: value for name, part in told.items() for key, value in _flat(part, f"{prefix}{name}.").items()}


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in sorted({*first, *second}):
        was, now = (side.get(name, ABSENT) for side in (first, second))
        if was != now:
            yield name, str(was), str(now)


def _changes(first: Mapping[str, Finding], second: Mapping[str, Finding]) -> Iterator[Change]:
    for name in [*second, *(name for name in first if name not in second)]:
        one, other = first.get(name), second.get(name)
        if one is None or other is None:
            kept = one or other
            assert kept is not None
            sentence = _answer(kept)
            yield Change(name, *(("new", "", "", sentence) if one is None else ("gone", "", sentence, "")))
            continue
        values = [
            change for key in other.values for change in _value(name, key, one.values.get(key), other.values[key])
        ]
        if one.message != other.message or (not values and _answer(one) != _answer(other)):
            yield Change(name, "sentence", "", _answer(one), _answer(other))
        yield from values


def _value(finding: str, name: str, one: Estimate | None, other: Estimate) -> Iterator[Change]:
    was, now = ABSENT if one is None else _shown(one), _shown(other)
    if one is None or was == now:
        return
    if one.value is None or other.value is None:
        yield Change(finding, "reason", name, was, now)
        return
    known = None not in (one.low, one.high, other.low, other.high) and one.low != one.high and other.low != other.high
    apart = known and (other.low > one.high or other.high < one.low)  # type: ignore[operator]
    yield Change(finding, "value", name, was, now, apart)


def _shown(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"refused ({estimate.reason})"
    shown = numbers.value(estimate.value, estimate.unit, LANGUAGE)
    if estimate.low is None and estimate.high is None:
        return shown
    return f"{shown} ({numbers.interval(estimate.low, estimate.high, estimate.unit, LANGUAGE)})"


def _answer(finding: Finding) -> str:
    return finding.answer.get(LANGUAGE) or next(iter(finding.answer.values()))
