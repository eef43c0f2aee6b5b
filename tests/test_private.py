"""What a customer brings or makes cannot be committed by mistake; what the sample needs can."""

import subprocess

import pytest

from analysis.workspace import REPOSITORY


def ignored(path: str) -> bool:
    done = subprocess.run(["git", "check-ignore", "--quiet", path], cwd=REPOSITORY, check=False)
    assert done.returncode in (0, 1)
    return done.returncode == 0


def tracked(*under: str) -> list[str]:
    done = subprocess.run(["git", "ls-files", *under], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "path",
    [
        "data/archives/acme/archive.yml",
        "data/archives/acme/export.csv",
        "data/incidents/outage/incident.yml",
        "data/incidents/outage/actions.csv",
        "data/labels/outage.csv",
        "data/incidents/outage/labels.csv",
        "data/plan.yml",
        "data/pseudonym.key",
        "data/.pseudonym.key.123.abc",
        "data/cache/scores.sqlite",
        "data/export.xlsx",
        "data/sample/archives/larkwheel-2025/store/ingest.json",
        "data/sample/archives/larkwheel-2025/store/mentions-1/day=2025-01-01/part.parquet",
        "data/sample/incidents/2025-07-brake-failures/prepared/abc/mentions.parquet",
        "data/sample/incidents/2025-07-brake-failures/prepared.lock",
        "data/sample/cache/scores.sqlite",
        "reports/outage/postmortem.pdf",
        "reports/.work/abc/findings.json",
        "reports/outage/runs/abc/manifest.json",
        ".venv/bin/python",
        "notebooks/.ipynb_checkpoints/1_what_happened-checkpoint.ipynb",
    ],
)
def test_is_ignored(path: str) -> None:
    assert ignored(path)


@pytest.mark.parametrize(
    "path",
    [
        "data/README.md",
        "data/sample/plan.yml",
        "data/sample/archives/larkwheel-2025/mentions-2025-q1.csv",
        "data/sample/incidents/2025-07-brake-failures/incident.yml",
        "data/sample/pseudonym.key",
        "reports/README.md",
        "requirements.lock",
    ],
)
def test_is_not_ignored(path: str) -> None:
    assert not ignored(path)


def test_nothing_made_or_brought_is_in_git() -> None:
    assert set(tracked("reports")) <= {"reports/README.md"}
    assert not [
        name for name in tracked("data") if not name.startswith(("data/sample/", "data/taxonomies/", "data/README"))
    ]
    made = ("/store/", "/prepared/", "/cache/", ".parquet", ".sqlite", ".pdf", ".model", ".npz", ".onnx")
    assert not [name for name in tracked("data", "reports", "notebooks") if any(part in name for part in made)]


def test_no_key_but_the_samples_is_in_git() -> None:
    assert [name for name in tracked() if name.endswith(".key")] == ["data/sample/pseudonym.key"]
