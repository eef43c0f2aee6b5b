"""What reading an archive showed, in words."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from analysis import wording

FEW = 3
"""What more sources than this show alike is said once for all of them."""


def sentences(notes: Iterable[Mapping[str, Any]], archive: str, language: str) -> list[str]:
    """A sentence for each note of an ingest (see archive.records.note) of `archive`, in "en" or "zh".

    Notes that differ in their source and their numbers only are one sentence where they are many, the numbers added up.
    """
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for item in notes:
        texts = {name: value for name, value in item["values"].items() if name != "file" and not isinstance(value, int)}
        alike.setdefault(json.dumps([item["kind"], texts], sort_keys=True), []).append(item)
    said = []
    for items in alike.values():
        told = items if len(items) <= FEW else [_added(items, archive, language)]
        said += [_sentence(item, archive, language) for item in told]
    return said


def _added(items: list[Mapping[str, Any]], archive: str, language: str) -> dict[str, Any]:
    """One note for several that differ in their source and their numbers only."""
    values = dict(items[0]["values"])
    for item in items[1:]:
        values |= {name: values[name] + value for name, value in item["values"].items() if isinstance(value, int)}
    several = wording.say("note.files", language, {"files": len(items)})
    return {"kind": items[0]["kind"], "values": values | {"file": f"{archive}, {several}"}}


def _sentence(item: Mapping[str, Any], archive: str, language: str) -> str:
    told = {"file": archive, "rows": 0, "kind": item["kind"].replace("_", " ")}
    told |= {name: _plain(value) for name, value in item["values"].items()}
    message = f"note.{item['kind']}"
    try:
        return wording.say(message, language, told)
    except KeyError:  # a kind without a sentence, or a note of an earlier version that tells less
        return wording.say("note.other", language, told)


def _plain(value: object) -> int | str:
    """A value as a sentence takes it: lists and maps written out."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {column}" for name, column in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return value if isinstance(value, int) else str(value)
