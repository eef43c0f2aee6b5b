"""The licence of every installed package, from the package's own metadata."""

from importlib.metadata import Distribution, distributions
from typing import NamedTuple


class Licence(NamedTuple):
    name: str
    version: str
    licence: str


def licences() -> list[Licence]:
    """Name, version and licence of every installed package, by name; "unknown" where its metadata state none."""
    found = {item.metadata["Name"]: item for item in distributions()}
    return [
        Licence(name, item.version, _stated(item)) for name, item in sorted(found.items(), key=lambda x: x[0].lower())
    ]


def _stated(item: Distribution) -> str:
    """The SPDX expression, else the trove classifier, else the first line of the free text."""
    metadata = item.metadata
    if metadata["License-Expression"]:
        return metadata["License-Expression"]
    trove = [
        line.split("::")[-1].strip() for line in metadata.get_all("Classifier") or [] if line.startswith("License")
    ]
    named = [line for line in trove if line != "OSI Approved"]
    if named:
        return ", ".join(named)
    lines = (metadata["License"] or "").strip().splitlines()
    return lines[0][:80] if lines else "unknown"
