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
        # archives, and whatever an archive may be made of
        "data/archives/acme/archive.yml",
        "data/archives/acme/export.csv",
        "data/archives/acme/export.xlsx",
        "data/archives/acme/raw/2026/export.jsonl.zst",
        "data/archives/acme/exports.zip",
        "data/archives/acme/store/ingest.json",
        "data/archives/acme/store/quarantine.csv",
        "data/archives/acme/store/segments/abc/day=2026-01-01/part-00000.parquet",
        "data/archives/acme/store/.draft-query-0.parquet",
        "data/archives/acme/store/.lock",
        "data/export.xlsx",
        "data/snapshots/2026-01-01.parquet",
        # incidents, and what people write about them
        "data/incidents/outage/incident.yml",
        "data/incidents/outage/actions.csv",
        "data/incidents/outage/overrides.yml",
        "data/incidents/outage/labels.csv",
        "data/incidents/outage/sample.csv",
        "data/incidents/outage/.labels.csv-abc",
        "data/incidents/outage/labels.lock",
        "data/incidents/outage/prepared/abc/evidence.npz",
        "data/sample/incidents/2025-07-brake-failures/labels.csv",
        "data/sample/incidents/2025-07-brake-failures/sample.csv",
        "data/incidents/outage/followups.csv",
        "data/incidents/outage/prepared/abc/mentions.parquet",
        "data/incidents/outage/run.lock",
        "data/labels.csv",
        "data/labels/outage.csv",
        "data/followups.csv",
        "data/plan.yml",
        # secrets, and who asked to be forgotten; in a workspace elsewhere in the checkout too
        "data/pseudonym.key",
        "data/.pseudonym.key.123.abc",
        "data/forgotten.txt",
        "data/sample/forgotten.txt",
        "acme/pseudonym.key",
        "acme/forgotten.txt",
        "data/cache/scores.sqlite",
        # made from the sample
        "data/sample/archives/larkwheel-2025/store/ingest.json",
        "data/sample/archives/larkwheel-2025/store/segments/abc/day=2025-01-01/part-00000.parquet",
        "data/sample/incidents/2025-07-brake-failures/prepared/abc/mentions.parquet",
        "data/sample/incidents/2025-07-brake-failures/prepared.lock",
        "data/sample/cache/scores.sqlite",
        # published, under way, and taken away
        "reports/outage/postmortem.pdf",
        "reports/outage/runs/abc/manifest.json",
        "reports/.work/abc/findings.json",
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
    made = ("/store/", "/prepared/", "/cache/", ".parquet", ".sqlite", ".pdf", ".docx", ".model", ".npz", ".onnx")
    assert not [name for name in tracked("data", "reports", "notebooks") if any(part in name for part in made)]


def test_no_key_but_the_samples_is_in_git() -> None:
    assert [name for name in tracked() if name.endswith(".key")] == ["data/sample/pseudonym.key"]
    assert not [name for name in tracked() if name.endswith("forgotten.txt")]
