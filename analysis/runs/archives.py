"""Archives brought up to date: their file read and changed, their store filled from their sources."""

from collections.abc import Callable
from functools import partial

from pydantic import ValidationError

from analysis import drafts
from analysis import incident as contracts
from analysis.errors import InputError, ParameterError
from analysis.incident import Archive
from analysis.privacy import load_key
from analysis.runs import forgotten
from analysis.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""(step, done, of how many)"""


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def ingest_archive(workspace: Workspace, name: str, progress: Progress = quiet):
    """Bring the store of an archive up to date with its sources; returns `archive.ingest.Ingest`."""
    from analysis.archive.ingest import ingest

    return ingest(
        read_archive(workspace, name),
        workspace.archive(name),
        workspace.store(name),
        load_key(workspace.key),
        people=partial(forgotten.people, workspace),
        progress=progress,
    )


def read_archive(workspace: Workspace, name: str) -> Archive:
    """The archive's file, checked against its folder's name."""
    archive = contracts.read_archive(workspace.archive_file(name))
    if archive.name != name:
        raise InputError(f"{workspace.archive_file(name)}: name is {archive.name!r}, but the folder is {name!r}.")
    return archive


def describe_archive(
    workspace: Workspace, names: list[str], *, sources: list[str], format: str, time_zone: str
) -> None:
    """Write into archive.yml of the one archive in `names` what the command line says of it; a new one where none is.

    Raises ParameterError where it is not one archive, `sources` are given for one that has others, or a format or zone
    is unknown; nothing is written then.
    """
    from analysis.archive import formats

    said = {key: value for key, value in (("format", format), ("time_zone", time_zone)) if value}
    if not said and not sources:
        return
    if len(names) != 1:
        raise ParameterError("--source, --format and --time-zone are about one archive: name it.")
    try:
        Archive.model_validate({"name": names[0], "sources": ["-"], **said})
        formats.named(format or "auto")
    except (ValidationError, InputError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise ParameterError(f"{told} Nothing was changed.") from error
    place = [drafts.located(source, workspace.archive(names[0])) for source in sources]
    stands = workspace.archive_file(names[0]).is_file() and read_archive(workspace, names[0]).sources == place
    if sources and not stands:
        drafts.draft_archive(workspace, names[0], sources)
    drafts.set_keys(workspace.archive_file(names[0]), said)
