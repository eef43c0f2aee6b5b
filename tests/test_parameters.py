"""Parameters of notebooks: what no notebook knows, or is of another type, is refused before anything runs."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import ParameterError
from analysis.runs import parameters
from analysis.runs.find import NOTEBOOK as FIND
from analysis.runs.find import OWN as SEARCHED
from analysis.runs.patterns import NOTEBOOK as PATTERNS
from analysis.runs.patterns import OWN as COMPARED
from analysis.runs.run import LAST, OWN, READERS
from analysis.workspace import NOTEBOOKS

PATHS = [NOTEBOOKS / f"{name}.ipynb" for name in (*READERS, LAST)]


def test_every_notebook_declares_what_the_run_sets_with_types_and_comments() -> None:
    for path in PATHS:
        declared = parameters.declared(path)
        assert set(OWN) < set(declared)
        assert all(spec["type"] in parameters.TYPES for spec in declared.values())
        assert all(spec["help"] for spec in declared.values())


def test_there_are_no_other_notebooks() -> None:
    assert sorted(NOTEBOOKS.glob("*.ipynb")) == sorted([*PATHS, FIND, PATTERNS])


@pytest.mark.parametrize(("notebook", "own"), [(FIND, SEARCHED), (PATTERNS, COMPARED)], ids=["find", "patterns"])
def test_the_others_declare_what_is_set_for_them_with_types_and_comments(notebook: Path, own: tuple[str, ...]) -> None:
    declared = parameters.declared(notebook)
    assert set(own) < set(declared)
    assert all(spec["type"] in parameters.TYPES and spec["help"] for spec in declared.values())


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("interval=1h", "1h"),
        ("interval=auto", "auto"),
        ("max_causes=5", 5),
        ("promised_hours=2.5", 2.5),
        ("promised_hours=-1e3", -1000.0),
        ("languages=['en', 'zh']", ["en", "zh"]),
        ("interval='1h'", "1h"),
        ("interval=a=b", "a=b"),
        ("interval=", ""),
        ("interval=__import__('os').system('ls')", "__import__('os').system('ls')"),
    ],
)
def test_pairs_are_literals_or_texts_and_never_run(pair: str, value: Any) -> None:
    (found,) = parameters.parse([pair]).values()
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("pair", ["interval", "", "=1", "a b=1", "1a=2", "--x=1"])
def test_what_is_no_pair_is_refused(pair: str) -> None:
    with pytest.raises(ParameterError, match="write it as name=value"):
        parameters.parse([pair])


def test_the_last_of_two_wins() -> None:
    assert parameters.parse(["interval=1h", "interval=1D"]) == {"interval": "1D"}


def test_each_notebook_gets_its_own_only() -> None:
    given = {"interval": "1h", "max_causes": 5, "promised_hours": 2, "languages": ["zh"]}
    first, second, third, fourth = (parameters.assign(given, PATHS)[path] for path in PATHS)
    assert first == {"interval": "1h", "languages": ["zh"]}
    assert second == {"max_causes": 5, "promised_hours": 2, "languages": ["zh"]}
    assert third == {"promised_hours": 2, "languages": ["zh"]}
    assert fourth == {"languages": ["zh"]}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("interval", 1, "interval is 1, a int; str is expected"),
        ("interval", None, "str is expected"),
        ("max_causes", "many", "max_causes is 'many', a str; int is expected"),
        ("max_causes", 2.5, "a float; int is expected"),
        ("max_causes", True, "True, a bool; int is expected"),
        ("promised_hours", False, "a bool; float is expected"),
        ("promised_hours", "2h", "float is expected"),
        ("languages", "zh", "list is expected"),
    ],
)
def test_ill_typed_values_are_refused_with_what_is_expected(name: str, value: Any, expected: str) -> None:
    with pytest.raises(ParameterError, match=expected) as caught:
        parameters.assign({name: value}, PATHS)
    assert parameters.assign({}, PATHS) == {path: {} for path in PATHS}
    assert caught.value.code == 2


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(ParameterError, match=r"unknown parameter 'intervall'. The notebooks know: .*interval"):
        parameters.assign({"intervall": "1h"}, PATHS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-p", "intervall=1h"], "unknown parameter 'intervall'"),
        (["-p", "max_causes=many"], "int is expected"),
        (["-p", "max_causes=True"], "int is expected"),
        (["-p", "incident=other"], "set by the run itself"),
        (["-p", "output=/elsewhere"], "set by the run itself"),
        (["-p", "languages=['fr']"], "language 'fr' is unknown: use en or zh"),
        (["-p", "languages=[1]"], "language 1 is unknown"),
        (["--lang", "fr"], "language 'fr' is unknown: use en or zh"),
    ],
)
def test_refused_on_the_command_line_before_anything_runs(options: list[str], said: str, tmp_path: Path) -> None:
    """The incident does not even exist: nothing was opened, and nothing written."""
    place = ["-w", str(tmp_path / "ws"), "--reports", str(tmp_path / "reports")]
    done = CliRunner().invoke(app, ["run", "no-such-incident", *options, *place])
    assert done.exit_code == 2
    assert said in done.output
    assert not list(tmp_path.iterdir())


def test_a_pair_that_is_none_ends_in_exit_code_2() -> None:
    done = CliRunner().invoke(app, ["run", "a", "-p", "interval"])
    assert isinstance(done.exception, ParameterError)
    assert done.exception.code == 2
