"""JSON posts whose columns no path leads to: what a format works out stands beside them, under `mention`."""

from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]
_UNDER = "mention"


def columns_under(*names: str) -> dict[str, str]:
    """The `columns` of a format whose `expand` works out those of the mentions table that are `names`."""
    return {name: f"{_UNDER}.{name}" for name in names}


def with_mention(post: Object, **columns: Any) -> Object:
    """`post`, whose own keys an archive.yml can still map, with what was worked out, which comes first of all."""
    return {_UNDER: None} | post | {_UNDER: columns}


def at(value: Any, *keys: str) -> Any:
    """What the keys lead to; None where they do not, whatever the shape of the object."""
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def first(*values: Any) -> Any:
    """The first that is something: 0 and False are, "" is not."""
    return next((value for value in values if value is not None and value != ""), None)


def objects_in(value: Any) -> Iterator[Object]:
    """The objects in a list; none where it is no list."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
