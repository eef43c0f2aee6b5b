"""What changed between two runs is told with what they were made from; nothing is compared that cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis import findings
from analysis.errors import ParameterError
from analysis.findings import Finding
from analysis.measures.estimate import Estimate, refused
from analysis.runs import compare
from analysis.workspace import Workspace

ARCHIVE = {"content": "a", "accepted": 100, "rejected": 1, "duplicates": 0, "files": [{"path": "x.csv", "sha256": "1"}]}
MADE: dict[str, Any] = {
    "incident": "a",
    "started": "2026-01-01T02:00:00+00:00",
    "commit": "c1",
    "code": "k1",
    "archives": {"acme": ARCHIVE},
    "incident_file": {"window": {"start": "2026-01-01"}, "severity": 2},
    "parameters": {"2_why": {"max_causes": 5}},
    "written": {"incident.yml": "w1", "plan.yml": "p1"},
    "versions": {"pandas": "3.0.1"},
    "scoring": {"scorers": {"en": {"name": "s", "version": "1"}}},
}


def share(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, "share", 100, "Wilson", low, high)


def finding(identity: str, message: str = "m", **values: Estimate) -> Finding:
    told = ", ".join(f"{name} {value.value}" for name, value in values.items())
    return Finding(identity, "1", identity, message, {"en": f"{message}: {told}"}, values)


def made(folder: Path, run_id: str, told: list[Finding], **differs: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(MADE | {"run_id": run_id} | differs))
    findings.write(told, "a", folder / "findings.json")
    return folder


def test_the_same_run_differs_in_nothing(tmp_path: Path) -> None:
    told = [finding("x", share=share(0.5, 0.4, 0.6))]
    one, other = made(tmp_path / "1", "r1", told), made(tmp_path / "2", "r2", told)
    lines = compare.told(compare.compare(one, other))
    assert lines == [
        "a: r1 (2026-01-01 02:00 UTC; Draft, not reviewed) → r2 (2026-01-01 02:00 UTC; Draft, not reviewed)",
        "why:",
        "  nothing that a run is made from differs",
        "no finding changed",
    ]


def test_the_state_of_each_run_is_told_with_who_signed_it_and_is_no_reason_why_they_differ(tmp_path: Path) -> None:
    told = [finding("x", share=share(0.5, 0.4, 0.6))]
    signed = {"signed_by": "Ann", "signed_on": "2026-01-02", "fingerprint": "f"}
    older = MADE["incident_file"] | {"state": "approved", "approved_by": "Ann", "approved_on": "2026-01-02"}
    one = made(tmp_path / "1", "r1", told, state="approved", incident_file=older)
    other = made(tmp_path / "2", "r2", told, state="draft", changed_since="approved", **signed)
    last = made(tmp_path / "3", "r3", told, state="approved", **signed)
    lines = compare.told(compare.compare(one, other))
    assert "r1 (2026-01-01 02:00 UTC; Draft, not reviewed)" in lines[0], "of what was approved nothing is known"
    assert "UTC; Draft: changed since Ann approved it on 2 Jan 2026)" in lines[0]
    assert lines[2] == "  nothing that a run is made from differs"
    assert "UTC; Approved by Ann on 2 Jan 2026)" in compare.told(compare.compare(other, last))[0]


def test_every_kind_of_change_is_told_once(tmp_path: Path) -> None:
    first = [
        finding("gone", n=share(0.1, 0.1, 0.1)),
        finding("moved", p=share(0.5, 0.4, 0.6)),
        finding("far", p=share(0.1, 0.05, 0.2)),
        finding("said", "one", p=share(0.1, 0.05, 0.2)),
        finding("known", p=refused("share", "too_few")),
    ]
    second = [
        finding("moved", p=share(0.55, 0.45, 0.65)),
        finding("far", p=share(0.9, 0.8, 0.95)),
        finding("said", "two", p=share(0.1, 0.05, 0.2)),
        finding("known", p=share(0.3, 0.2, 0.4)),
        finding("new", p=share(0.1, 0.1, 0.1)),
    ]
    found = compare.compare(made(tmp_path / "1", "r1", first), made(tmp_path / "2", "r2", second)).changes
    assert {(change.finding, change.kind, change.apart) for change in found} == {
        ("moved", "value", False),
        ("far", "value", True),
        ("said", "sentence", False),
        ("known", "reason", False),
        ("new", "new", False),
        ("gone", "gone", False),
    }
    known = next(change for change in found if change.finding == "known")
    assert (known.before, known.after) == ("refused (too_few)", "30% (20–40%)")


def test_the_reasons_name_data_files_parameters_and_versions(tmp_path: Path) -> None:
    one = made(tmp_path / "1", "r1", [])
    other = made(
        tmp_path / "2",
        "r2",
        [],
        code="k2",
        commit="c2",
        archives={"acme": ARCHIVE | {"content": "b", "accepted": 1200, "files": [{"path": "x.csv", "sha256": "2"}]}},
        incident_file={"window": {"start": "2026-01-02"}, "severity": 2},
        parameters={},
        written={"incident.yml": "w2", "actions.csv": "a1"},
        versions={"pandas": "3.0.2"},
    )
    assert compare.compare(one, other).why == [
        "archive acme: 100 → 1,200 accepted; x.csv",
        "incident.yml window.start: 2026-01-01 → 2026-01-02",
        "parameter 2_why.max_causes: 5 → –",
        "version pandas: 3.0.1 → 3.0.2",
        "actions.csv: new",
        "incident.yml: changed",
        "plan.yml: gone",
        "code: commit c1 → c2",
    ]


def test_runs_are_found_by_incident_by_id_and_by_folder(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    latest = made(place.report("a"), "r3", [])
    older = made(latest / "runs" / "r1", "r1", [])
    newer = made(latest / "runs" / "r2", "r2", [], started="2026-01-02T02:00:00+00:00")
    assert compare.chosen(place, "a") == latest
    assert compare.chosen(place, "r1") == older
    assert compare.chosen(place, str(newer)) == newer
    assert compare.before(latest) == newer
    for wrong in ("nobody", "../a", "a/runs/r1"):
        with pytest.raises(ParameterError, match="name an incident"):
            compare.chosen(place, wrong)
    with pytest.raises(ParameterError, match="no earlier run"):
        compare.before(newer)


def test_runs_of_two_incidents_are_not_compared(tmp_path: Path) -> None:
    one, other = made(tmp_path / "1", "r1", []), made(tmp_path / "2", "r2", [], incident="b")
    with pytest.raises(ParameterError, match="two runs of one incident"):
        compare.compare(one, other)


def test_a_manifest_of_an_earlier_version_lacks_what_it_lacks(tmp_path: Path) -> None:
    one, other = made(tmp_path / "1", "r1", []), made(tmp_path / "2", "r2", [])
    lacking = json.loads((one / "manifest.json").read_text())
    for key in ("code", "incident_file", "parameters", "written"):
        del lacking[key]
    (one / "manifest.json").write_text(json.dumps(lacking))
    why = compare.compare(one, other).why
    assert "plan.yml: new" in why
    assert "code: commit c1 → c1" in why
