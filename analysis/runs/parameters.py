"""Parameters of notebooks, checked before anything runs: Papermill itself only warns of an unknown one."""

import ast
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError

INJECTED = "# Parameters\n"
"""How the cell begins that Papermill puts in."""
TYPES: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "float": (int, float), "bool": bool, "list": list}


def declared(notebook: Path) -> dict[str, dict[str, str]]:
    """Name → {type, default, help} of the parameters that the tagged cell of `notebook` declares."""
    from papermill import inspect_notebook

    return {
        name: {
            "type": str(found["inferred_type_name"]).split("[")[0],
            "default": found["default"],
            "help": found["help"],
        }
        for name, found in inspect_notebook(str(notebook)).items()
    }


def parse(pairs: list[str]) -> dict[str, Any]:
    """`name=value` texts as parameters; values are Python literals where they can be, else texts."""
    parsed: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise ParameterError(f"parameter {pair!r}: write it as name=value.")
        try:
            parsed[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            parsed[name] = value
    return parsed


def check_injected(history: Sequence[str], notebook: Path) -> None:
    """Check what Papermill, called alone, put into `notebook`; `history` are the cells that have run so far.

    Raises ParameterError as `assign` does: Papermill itself would go on with a default where a name is misspelt.
    """
    for cell in history:
        if cell.startswith(INJECTED):
            nodes = [node for node in ast.parse(cell).body if isinstance(node, ast.Assign)]
            names = {target.id: node.value for node in nodes for target in node.targets if isinstance(target, ast.Name)}
            assign({name: ast.literal_eval(value) for name, value in names.items()}, [notebook])


def assign(
    given: Mapping[str, Any], notebooks: list[Path], *, reserved: Collection[str] = ()
) -> dict[Path, dict[str, Any]]:
    """Notebook → those of the parameters `given` that it declares.

    Raises ParameterError for a name that no notebook declares or that is `reserved` for the run itself, and for a value
    of another type than declared.
    """
    known = {notebook: declared(notebook) for notebook in notebooks}
    every = {name: spec for specs in known.values() for name, spec in specs.items()}
    for name, value in given.items():
        if name not in every:
            raise ParameterError(f"unknown parameter {name!r}. The notebooks know: {', '.join(sorted(every))}.")
        if name in reserved:
            raise ParameterError(f"parameter {name!r} is set by the run itself: name the incident, or use --workspace.")
        wanted = every[name]["type"]
        kind = TYPES.get(wanted)
        wrong = kind is not None and not isinstance(value, kind)
        if wrong or (isinstance(value, bool) and wanted != "bool"):
            raise ParameterError(
                f"parameter {name} is {value!r}, a {type(value).__name__}; {wanted} is expected "
                f"({every[name]['help'] or 'see the notebook'})."
            )
    return {
        notebook: {name: value for name, value in given.items() if name in specs} for notebook, specs in known.items()
    }
