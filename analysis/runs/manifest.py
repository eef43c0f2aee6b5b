"""The manifest: what a run was made from, with what, and what it made, each file with its hash."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis import contract
from analysis.incident import SIGNATURE
from analysis.questions.case import Case
from analysis.workspace import REPOSITORY, Workspace

SCHEMA = 1
NAMED = [
    "aftermath",
    "bertopic",
    "duckdb",
    "faiss-cpu",
    "jupyterlab",
    "matplotlib",
    "numpy",
    "onnxruntime",
    "pandas",
    "papermill",
    "pyarrow",
    "scikit-learn",
    "scikit-network",
    "statsmodels",
    "typst",
    "vadersentiment",
]
SEED = 0
NAMES = ("brand_accounts", "public_accounts")
"""Keys of incident.yml that name accounts: they stay where they are."""


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that figures depend on."""
    found = {"python": platform.python_version()}
    for name in NAMED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def code() -> str:
    """A hash of everything under `analysis/` that decides what a run says."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".po", ".j2", ".typ", ".json")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def written(workspace: Workspace, identity: str) -> dict[str, str]:
    """Name → hash of every file that people wrote about an incident; those that there are.

    incident.yml is hashed by what it says, but for who signed its report: to sign is no reason to run again.
    """
    files = [
        workspace.incident(identity) / "actions.csv",
        workspace.plan,
        workspace.labels(identity),
        workspace.sample(identity),
        workspace.overrides(identity),
    ]
    found = {path.name: _sha256(path) for path in files if path.is_file()}
    incident = workspace.incident_file(identity)
    if incident.is_file():
        said = {key: value for key, value in contract.load(incident).items() if key not in SIGNATURE}
        found[incident.name] = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    return found


def collect(
    workspace: Workspace,
    case: Case,
    run_id: str,
    started: datetime,
    notebooks: list[dict[str, Any]],
    given: Mapping[str, Mapping[str, Any]],
    *,
    short: bool,
) -> dict[str, Any]:
    """The manifest of a run, but for its output files, which `write` adds, and its stamp, by `stamping.put_on`.

    `given` has the parameters by notebook.
    """
    return {
        "schema": SCHEMA,
        "run_id": run_id,
        "incident": case.incident.id,
        "started": started.isoformat(timespec="seconds"),
        "ended": None,
        "commit": _commit(),
        "code": code(),
        "incident_file": case.incident.model_dump(mode="json", exclude={*NAMES, *SIGNATURE}),
        "window": case.window.model_dump(mode="json"),
        "parameters": {name: dict(values) for name, values in given.items() if values},
        "written": written(workspace, case.incident.id),
        "short": short,
        "archives": case.notes["ingest"],
        "excluded": case.notes["excluded"],
        "scoring": case.notes["scoring"],
        "causes": case.notes["cause_model"],
        "calibration": _calibration(case),
        "versions": versions(),
        "seed": SEED,
        "notebooks": notebooks,
        "warnings": _warnings(case.notes),
        "outputs": {},
        "workspace": workspace.root.name,
    }


def _calibration(case: Case) -> dict[str, Any] | None:
    """What labels there were and what became of them; None where there were none."""
    found = case.labelling
    if found is None:
        return None
    return {
        "labels": found.labels,
        "method": case.calibration.method if case.calibration else None,
        "refused": [vars(refusal) for refusal in found.refusals],
        "agreement": vars(found.agreement),
        "elsewhere": found.elsewhere,
    }


def _warnings(notes: dict[str, Any]) -> list[str]:
    """What the reading and the scoring of the archives have to say of themselves, but for what agreed."""
    told = [
        f"{name}: {note['kind']}: " + ", ".join(f"{key} {value}" for key, value in sorted(note["values"].items()))
        for name, ingest in sorted(notes["ingest"].items())
        for note in ingest["notes"]
        if note["kind"] != "clock_agrees"
    ]
    return told + list(notes["scoring"]["warnings"])


def write(folder: Path, made: dict[str, Any]) -> None:
    """Write `folder/manifest.json` with the hash of every other file there, and when it ended: now, unless told."""
    outputs = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
    done = made | {"outputs": outputs, "ended": made.get("ended") or datetime.now(UTC).isoformat(timespec="seconds")}
    (folder / "manifest.json").write_text(_text(done), encoding="utf-8")


def restated(folder: Path, files: Iterable[Path]) -> None:
    """Write the hashes of `files`, which were changed, into the manifest in `folder`, at once."""
    made = read(folder)
    outputs = made["outputs"] | {path.relative_to(folder).as_posix(): _sha256(path) for path in files}
    aside = folder / "manifest.aside"
    aside.write_text(_text(made | {"outputs": outputs}), encoding="utf-8")
    aside.replace(folder / "manifest.json")


def _text(made: Mapping[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def read(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def holds(folder: Path, run_id: str) -> bool:
    """Whether `folder` is the whole, unaltered report of `run_id`."""
    if not (folder / "manifest.json").is_file():
        return False
    made = read(folder)
    return made["run_id"] == run_id and all(
        (folder / name).is_file() and _sha256(folder / name) == digest for name, digest in made["outputs"].items()
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit() -> str | None:
    """The commit of the checkout this runs from; None where it is none."""
    try:
        done = subprocess.run(
            ["git", "-C", str(REPOSITORY), "rev-parse", "HEAD"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None
