"""What files that people write have in common: YAML, checked once, whose errors say what to do."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.errors import InputError

Language = Literal["en", "zh"]
T = TypeVar("T", bound=BaseModel)
INIT = "`aftermath init` writes a commented one."
_MESSAGES = {
    "extra_forbidden": "no such key is known; correct its spelling, or delete it",
    "string_type": 'text is expected; write it in quotes, "so", where it is a number, yes or no',
}
"""What pydantic says of programs, said of files."""
STRICT = ConfigDict(extra="forbid", frozen=True)
"""A file refuses what it does not know: a misspelt key is an error, not a silence."""


def load(path: Path, hint: str = INIT) -> dict:
    """What the YAML in `path` maps names to; InputError, with `hint`, where it is absent or is nothing of the kind."""
    if not path.is_file():
        raise InputError(f"{path}: no such file. {hint}")
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = yaml.safe_load(text)
        twice = _twice(yaml.compose(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid YAML in UTF-8: {error}") from error
    if not isinstance(raw, dict):
        raise InputError(f"{path}: a mapping of names to values is expected. {hint}")
    if twice:
        raise InputError(f"{path}, line {twice.start_mark.line + 1}: {twice.value} stands twice. Keep one of them.")
    return raw


def _twice(node: yaml.Node | None) -> yaml.ScalarNode | None:
    """A key that stands in a map a second time, where YAML would silently forget the first."""
    waiting, done = [node], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, yaml.CollectionNode) or id(node) in done:
            continue
        done.add(id(node))
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in seen:
                    return key
                seen.add(str(key.value))
            waiting += [value for _, value in node.value]
        else:
            waiting += node.value
    return None


def check(raw: dict, model: type[T], path: Path) -> T:
    """`raw` as a `model`; InputError with the file, each key, what came and what to do."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc'])) or 'file'}: {_told(item, model)} (came: {str(item['input'])[:80]!r})"
            for item in error.errors()
        ]
        raise InputError(f"{path}: " + "; ".join(lines)) from error


def _told(item: Any, model: type[BaseModel]) -> str:
    """What is wrong, and for a key that is not known the one that may have been meant."""
    said = _MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
    if item["type"] != "extra_forbidden":
        return said
    *place, key = map(str, item["loc"])
    gone: Mapping[str, str] = getattr(model, "GONE", {})
    if not place and key in gone:
        return gone[key]
    near = get_close_matches(key, _keys(model, place), n=1)
    return f"{said}; is {near[0]} meant?" if near else said


def _keys(model: type[BaseModel], place: list[str]) -> list[str]:
    """The keys that a file may have at `place`, the names and numbers that lead to it."""
    for name in place:
        field = model.model_fields.get(name)
        if field:
            model = next((found for found in _models(field.annotation)), model)
    return list(model.model_fields)


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models in an annotation, such as Level in list[Level]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models(part)]


def read(path: Path, model: type[T], hint: str = INIT) -> T:
    return check(load(path, hint), model, path)
