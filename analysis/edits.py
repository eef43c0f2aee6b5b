"""A YAML text changed in places: its comments, its order and all other lines stay, and the change can be read.

An edit is made against the text as it stands; `applied` makes all of them at once. `unified` is what `patch` and
`git apply` take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import yaml

Path = Sequence[str | int]
"""Names of keys and numbers of entries that lead to a place."""


@dataclass(frozen=True)
class Edit:
    """`text` in place of [`start`, `end`), as characters of the text."""

    start: int
    end: int
    text: str


def remark(source: str, path: Path, lines: Sequence[str]) -> Edit:
    """`lines` as comments above the line on which the entry at `path` begins; at the end where there is no such."""
    found = _entry(source, path)
    newline = _newline(source)
    if found is None:
        gap = "" if not source or source.endswith("\n") else newline
        return Edit(len(source), len(source), gap + "".join(f"# {line}{newline}" for line in lines))
    start = source.rfind("\n", 0, found[0]) + 1
    line = source[start : found[0]]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return Edit(start, start, "".join(f"{indent}# {line}{newline}" for line in lines))


def add(source: str, key: str, value: Any) -> Edit:
    """`value` as the last entry of the list under the top-level `key`; with the key where there is none."""
    found = _entry(source, [key])
    if found is None:
        gap = "" if not source or source.endswith("\n") else _newline(source)
        return Edit(len(source), len(source), f"{gap}{key}: [{_flow(value)}]{_newline(source)}")
    node = found[1]
    if not isinstance(node, yaml.SequenceNode):
        raise ValueError(f"{key} is no list")
    if node.flow_style:
        return _into_flow(node, _flow(value))
    last = node.value[-1]
    place = _end_of_line(source, _last(last))
    dash = source.rfind("-", 0, last.start_mark.index)
    indent = source[source.rfind("\n", 0, dash) + 1 : dash]
    return Edit(place, place, f"{_newline(source)}{indent}- {_flow(value)}")


def put(source: str, path: Path, key: str, value: Any, *, own: str) -> Edit:
    """`key: value` in the map at `path`; a text that stands there alone becomes a map that has it as `own`."""
    found = _entry(source, path)
    if found is None:
        raise ValueError(f"nothing stands at {path}")
    node = found[1]
    if isinstance(node, yaml.ScalarNode):
        return Edit(node.start_mark.index, node.end_mark.index, _flow({own: node.value, key: value}))
    written = f"{key}: {_flow(value)}"
    if not isinstance(node, yaml.MappingNode):
        raise ValueError(f"no map stands at {path}")
    if node.flow_style:
        return _into_flow(node, written)
    place = _end_of_line(source, _last(node))
    return Edit(place, place, f"{_newline(source)}{' ' * node.value[0][0].start_mark.column}{written}")


def assign(source: str, key: str, value: Any) -> Edit:
    """`value` in place of what stands under the top-level `key`; with the key, as the last one, where there is none.

    ValueError where a list or a map stands there.
    """
    found = _entry(source, [key])
    if found is None:
        return put(source, [], key, value, own=key)
    node = found[1]
    if not isinstance(node, yaml.ScalarNode):
        raise ValueError(f"{key} is more than one value")
    start, end = node.start_mark.index, node.end_mark.index
    gap = " " if source[start - 1] == ":" else ""
    rest = _newline(source) if end > start and source[end - 1] == "\n" else ""
    return Edit(start, end, gap + _flow(value) + rest)


def applied(source: str, edits: Iterable[Edit]) -> str:
    """`source` with all `edits` made, those of one place in their order."""
    text = source
    numbered = sorted(enumerate(edits), key=lambda item: (item[1].start, item[0]), reverse=True)
    for _, edit in numbered:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def unified(before: str, after: str, name: str) -> str:
    """The change as a unified diff of the file `name`; empty where there is none."""
    old, new = (text.split("\n") for text in (before, after))
    lines = []
    for line in unified_diff(_ended(old), _ended(new), name, name):
        lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _ended(lines: list[str]) -> list[str]:
    """Lines with their ends; the last has none where the text does not end with one."""
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _entry(source: str, path: Path) -> tuple[int, yaml.Node] | None:
    """(where the entry at `path` begins, its node); None where there is none."""
    node = yaml.compose(source, Loader=yaml.SafeLoader)
    start = 0
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                return None
            start, node = pair[0].start_mark.index, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            start = node.start_mark.index
        else:
            return None
    return (start, node) if node is not None else None


def _into_flow(node: yaml.CollectionNode, written: str) -> Edit:
    """`written` after the last entry of `node`, before a comment that follows it."""
    if not node.value:
        place = node.start_mark.index + 1
        return Edit(place, place, written)
    last = node.value[-1]
    place = (last[1] if isinstance(last, tuple) else last).end_mark.index
    return Edit(place, place, f", {written}")


def _last(node: yaml.Node) -> int:
    """Where the last character of `node` stands; the end of a block includes what follows it, so its last part is."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return node.end_mark.index


def _end_of_line(source: str, place: int) -> int:
    """The end of the line that `place` stands on; of the one before where a text in several lines ended with it."""
    if place and source[place - 1] == "\n":
        place -= 1
    found = source.find("\n", place)
    end = len(source) if found < 0 else found
    return end - 1 if source[end - 1 : end] == "\r" else end


def _newline(source: str) -> str:
    return "\r\n" if "\r\n" in source else "\n"


def _flow(value: Any) -> str:
    """`value` as YAML on one line."""
    dumped = yaml.safe_dump([value], allow_unicode=True, default_flow_style=True, sort_keys=False, width=10**6)
    return dumped.strip()[1:-1]
