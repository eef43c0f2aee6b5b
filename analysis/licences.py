"""The licence of every installed package, from the package's own metadata."""

from importlib.metadata import Distribution, distributions
from typing import NamedTuple

CARRIED = {"axe-playwright-python": "axe-core: MPL-2.0"}
"""What a package carries of others under a licence that its own metadata do not state."""


class Licence(NamedTuple):
    name: str
    version: str
    licence: str


def licences() -> list[Licence]:
    """Name, version and licence of every installed package, by name; "unknown" where its metadata state none."""
    found = {item.metadata["Name"]: item for item in distributions()}
    return [
        Licence(name, item.version, "; ".join(filter(None, [_stated(item), CARRIED.get(name)])))
        for name, item in sorted(found.items(), key=lambda x: x[0].lower())
    ]


def _stated(item: Distribution) -> str:
    """The SPDX expression, else the trove classifier, else the first line of the free text or of the licence's file."""
    metadata = item.metadata
    if metadata["License-Expression"]:
        return metadata["License-Expression"]
    trove = [
        line.split("::")[-1].strip() for line in metadata.get_all("Classifier") or [] if line.startswith("License")
    ]
    named = [line for line in trove if line != "OSI Approved"]
    if named:
        return ", ".join(named)
    files = [path for path in item.files or [] if "dist-info/licenses/" in path.as_posix()]
    texts = [metadata["License"] or "", *(path.read_text() for path in files)]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return lines[0][:80] if lines else "unknown"
