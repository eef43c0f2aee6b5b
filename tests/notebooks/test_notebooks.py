"""Each notebook by Papermill alone, as somebody at a command line would run it: the same result as the run's."""

import shutil
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from analysis.runs.run import LAST, READERS
from analysis.workspace import NOTEBOOKS
from tests.workspace_fixture import Published


def execute(name: str, parameters: dict[str, Any]) -> Path:
    out = Path(parameters["output"]) / f"{name}.ipynb"
    out.parent.mkdir(exist_ok=True)
    papermill.execute_notebook(
        str(NOTEBOOKS / f"{name}.ipynb"), str(out), parameters=parameters, progress_bar=False, cwd=str(NOTEBOOKS)
    )
    return out


def given(sample: Published, output: Path) -> dict[str, Any]:
    return {"incident": sample.incident, "workspace": str(sample.place.root), "output": str(output)}


@pytest.mark.parametrize("name", READERS)
def test_a_notebook_alone_finds_what_the_run_found(name: str, sample: Published, tmp_path: Path) -> None:
    book = nbformat.read(execute(name, given(sample, tmp_path / "out")), as_version=4)
    made = tmp_path / "out" / "findings" / f"{name}.json"
    assert made.read_bytes() == (sample.folder / "findings" / f"{name}.json").read_bytes()
    for path in (tmp_path / "out" / "figures").iterdir():
        assert path.read_bytes() == (sample.folder / "figures" / path.name).read_bytes(), path.name
    shown = [out for cell in book.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any("text/html" in out.get("data", {}) for out in shown), "answers are shown, not only saved"


def test_the_lessons_alone_are_those_of_the_run(sample: Published, tmp_path: Path) -> None:
    shutil.copytree(sample.folder / "findings", tmp_path / "out" / "findings")
    execute(LAST, given(sample, tmp_path / "out"))
    assert (tmp_path / "out" / "lessons.json").read_bytes() == (sample.folder / "lessons.json").read_bytes()


def test_lessons_without_findings_say_what_to_run_first(sample: Published, tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="Run notebooks 1 to 3 first"):
        execute(LAST, given(sample, tmp_path / "out"))


def test_an_ill_typed_parameter_is_refused_inside(sample: Published, tmp_path: Path) -> None:
    wrong = given(sample, tmp_path / "out") | {"workspace": 5}
    with pytest.raises(
        papermill.PapermillExecutionError, match="ParameterError: parameter workspace is 5, a int"
    ) as caught:
        execute("2_why", wrong)
    assert caught.value.ename == "ParameterError"
    assert not (tmp_path / "out" / "findings").exists()


def test_a_misspelt_parameter_is_refused_inside(sample: Published, tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="unknown parameter 'incidnt'"):
        execute("2_why", given(sample, tmp_path / "out") | {"incidnt": "x"})
    assert not (tmp_path / "out" / "findings").exists()
