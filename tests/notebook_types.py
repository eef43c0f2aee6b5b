"""The type checker over the notebooks' code: `python -m tests.notebook_types`, part of `make check`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def code(notebook: Path) -> str:
    """The code of a notebook as one module; the cells' own line breaks are kept."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code") + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
            files.append(Path(folder) / f"notebook_{notebook.stem}.py")
            files[-1].write_text(code(notebook), encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), *map(str, files)]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
