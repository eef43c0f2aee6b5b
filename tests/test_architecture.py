"""The house as ARCHITECTURE.md describes it: imports go one way, rooms side by side never meet, files are named."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "analysis"
LEVELS = (
    {"cli"},
    {"runs"},
    {"report"},
    {"lessons"},
    {"questions"},
    {"findings", "figures", "wording"},
    {"measures", "scoring", "archive", "simulate"},
    {"plan"},
    {"incident", "labels", "mentions", "privacy", "style", "drafts", "licences", "taxonomy", "overrides", "followups"},
    {"workspace", "contract", "rows", "edits"},
    {"errors"},
)
"""Each may import what stands below it; of its own level it may import nothing."""
HEAVY = {"bertopic", "numba", "onnxruntime", "statsmodels", "typst", "sklearn", "matplotlib", "duckdb", "scipy"}


LOADED_LATE = {"chart.py"}
"""Classes that derive from a heavy library's: imported inside functions, as the library itself would be."""


def level(room: str) -> int:
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(tree: ast.AST) -> set[str]:
    """Rooms of this package that a module imports, anywhere in it."""
    rooms: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "analysis":
            rooms |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("analysis."):
            rooms.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            rooms |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("analysis.")}
    return rooms


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path: Path):
    room = room_of(path)
    for other in imported(ast.parse(path.read_text(encoding="utf-8"))) - {room}:
        assert level(other) > level(room), f"{path.name} ({room}) imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_are_imported_where_they_are_used(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {alias.name.split(".")[0] for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    top |= {node.module.split(".")[0] for node in tree.body if isinstance(node, ast.ImportFrom) and node.module}
    assert not top & HEAVY or path.name in LOADED_LATE


def test_help_loads_nothing_heavy():
    watched = sorted(HEAVY | {"pandas", "papermill", "pandera"})
    code = (
        "import sys; sys.argv = ['aftermath', '--help']\n"
        "from analysis.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {watched} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_architecture_names_every_room_and_nothing_that_is_gone():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    files = [name for name in tracked if name and (ROOT / name).exists()]
    gone = sorted(name for name in named if not (ROOT / name).exists())
    assert not gone, f"ARCHITECTURE.md names what is not there: {gone}"
    code = [name for name in files if name.endswith((".py", ".ipynb")) and name.startswith(("analysis/", "notebooks/"))]
    unnamed = [name for name in code if not name.endswith("__init__.py") and name not in named]
    assert not unnamed, f"ARCHITECTURE.md does not say what these are for: {unnamed}"


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_clean_and_only_tell(path: Path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code), "clear the outputs"
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for node in ast.parse("".join(tagged[0]["source"])).body:
        assert isinstance(node, ast.AnnAssign), "each parameter has a type and a default"
    assert all("#" in line for line in tagged[0]["source"] if line.strip()), "each parameter has a comment"
    loops = (ast.For, ast.While, ast.FunctionDef, ast.ListComp)
    for cell in code:
        tree = ast.parse("".join(cell["source"]))
        assert not any(isinstance(node, loops) for node in ast.walk(tree)), "a loop belongs in analysis/"
