"""What reading an archive showed, in words."""

from collections.abc import Mapping
from typing import Any

from analysis import wording


def note(item: Mapping[str, Any], archive: str, language: str) -> str:
    """The sentence for one note of an ingest (see archive.records.note) of `archive`, in "en" or "zh"."""
    told = {"file": archive, "rows": 0, "kind": item["kind"].replace("_", " ")}
    told |= {name: _plain(value) for name, value in item["values"].items()}
    message = f"note.{item['kind']}"
    return wording.say(message if wording.knows(message) else "note.other", language, told)


def _plain(value: object) -> int | str:
    """A value as a sentence takes it: lists and maps written out."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {column}" for name, column in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if isinstance(value, int) else str(value)
