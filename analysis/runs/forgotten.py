"""Who is kept out: the pseudonyms of people who asked to be forgotten, in `forgotten.txt` of the workspace.

Its first line tells which key the pseudonyms were made with: under another key they would keep nobody out.
"""

import os

from analysis.errors import InputError
from analysis.privacy import PSEUDONYM, load_key, pseudonym
from analysis.workspace import Workspace


def people(workspace: Workspace) -> frozenset[str]:
    """The pseudonyms in the list. Raises InputError where it was written with another key, or holds anything else."""
    if not workspace.forgotten.is_file():
        return frozenset()
    mark, *names = workspace.forgotten.read_text(encoding="ascii", errors="replace").split("\n")
    found = frozenset(filter(None, names))
    if mark != _mark(workspace) or not all(PSEUDONYM.fullmatch(name) for name in found):
        raise InputError(
            f"{workspace.forgotten}: not written with the key in {workspace.key}, or changed since, so that nobody in "
            "it would be kept out. Put the key or the list back from a copy. Where they are lost, delete the list and "
            "run `aftermath forget` again for each of these people."
        )
    return found


def add(workspace: Workspace, handle: str) -> bool:
    """Put the pseudonym of `handle` on the list, made (mode 0600) where there is none; whether it was not there yet."""
    name = pseudonym(handle, load_key(workspace.key))
    known = people(workspace)
    if name in known:
        return False
    draft = workspace.forgotten.with_name(f".{workspace.forgotten.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join([_mark(workspace), *sorted(known | {name})]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, workspace.forgotten)
    return True


def _mark(workspace: Workspace) -> str:
    return "key " + pseudonym("forgotten.txt", load_key(workspace.key)).removeprefix("u_")
