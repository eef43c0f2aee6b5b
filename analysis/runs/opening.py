"""An incident opened by a notebook."""

from pathlib import Path

from analysis.errors import ParameterError
from analysis.questions.case import Case
from analysis.runs import before, parameters
from analysis.runs.prepare import cells_run, in_languages, load, prepare
from analysis.workspace import NOTEBOOKS, Workspace


def open_incident(
    incident: str, *, notebook: str, workspace: str = "", output: str = "", languages: list[str] | None = None
) -> Case:
    """The case that a notebook reads: prepared now where it is not yet.

    `workspace` is a folder (empty: as `Workspace.at`), relative to the repository or absolute; `output` where the
    notebook's findings go (empty: the folder for notebooks opened by hand). Raises ParameterError for a parameter of
    the wrong type or name, before anything is prepared, and what `prepare` raises.
    """
    parameters.check_injected(cells_run(), NOTEBOOKS / f"{notebook}.ipynb")
    for name, value in (("incident", incident), ("workspace", workspace), ("output", output)):
        if not isinstance(value, str):
            raise ParameterError(f"{name} is {value!r}, a {type(value).__name__}; a text is expected.")
    place = Workspace.of_notebook(workspace, output)
    folder = prepare(place, incident)
    case = load(place, incident, folder, notebook, Path(output) if output else place.work / "by-hand" / incident)
    case = in_languages(case, languages or [])
    if notebook == before.ASKS:
        case.before_it = before.look_back(place, case)
    return case
