"""overrides.yml: what people changed about causes; read and checked, and added to without touching what stands there.

A cause is named as the report shows it. Beside the name stand ids of mentions that it held, its anchors: a run on new
data may name or number the cause otherwise, and finds it again by them (`scoring/overriding.py`).
"""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, BeforeValidator, Field, model_validator

from analysis.contract import STRICT, Language, read
from analysis.errors import InputError, ParameterError

FILE = "overrides.yml"
ANCHORS = 12
"""Ids that are written beside a cause: enough that a few may be deleted or forgotten and a majority still tells."""
SAID = ("entry", "kind", "cause", "to", "outcome", "found", "n")
"""What is said of an entry when it is applied: columns of a table, and of `overrides` in the notes of a preparation."""
HEAD = """\
# What people changed about the causes that were found; kept over re-runs. Each entry names a cause as the report shows
# it, and ids of mentions that it held, by which it is found again where a re-run names it otherwise.
"""


def _id(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('an id is text: write it in quotes, such as "571000123"')
    return value


def _listed(value: object) -> object:
    """A list whose last item was deleted is an empty one, not none."""
    return [] if value is None else value


Id = Annotated[str, BeforeValidator(_id), Field(min_length=1)]
Ids = Annotated[list[Id], BeforeValidator(_listed)]
Text = Annotated[str, Field(min_length=1, max_length=80)]
Name = Text | dict[Language, Text]
"""A name for every language, or one for each."""


class Contract(BaseModel):
    """A file that refuses what it does not know."""

    model_config = STRICT


class Named(Contract):
    """A cause: its name as the report shows it, and ids of mentions that it held."""

    cause: Text
    mentions: Ids = Field(default_factory=list)


class Rename(Named):
    to: Name


class Merge(Contract):
    causes: Annotated[list[Named], Field(min_length=2)]
    to: Name | None = None
    """The name of the whole; that of the largest where absent."""


class Part(Contract):
    name: Name
    phrases: Annotated[list[Text], Field(min_length=1)]
    """A mention belongs to the part most of whose phrases it holds."""


class Split(Named):
    into: Annotated[list[Part], Field(min_length=1)]
    """Mentions that hold none of the phrases stay in the cause."""


class Overrides(Contract):
    rename: list[Rename] = Field(default_factory=list)
    merge: list[Merge] = Field(default_factory=list)
    split: list[Split] = Field(default_factory=list)
    exclude: Ids = Field(default_factory=list)
    """Mentions that count in no cause."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        merged = [named.cause for entry in self.merge for named in entry.causes]
        for key, causes in (("rename", [entry.cause for entry in self.rename]), ("merge", merged)):
            _refuse_twice(causes, f"{key} names the cause {{}} twice: keep one entry for it")
        _refuse_twice((entry.cause for entry in self.split), "split names the cause {} twice: put all parts into one")
        given: list[Name] = [entry.to for entry in self.rename]
        given += [entry.to for entry in self.merge if entry.to is not None]
        given += [part.name for entry in self.split for part in entry.into]
        for language in ("en", "zh"):
            _refuse_twice(
                (said(name, language) for name in given),
                "the name {} is given twice: name one of them otherwise, or merge the causes",
            )
        return self

    def __bool__(self) -> bool:
        return bool(self.rename or self.merge or self.split or self.exclude)


def said(name: Name, language: str) -> str:
    """`name` in `language`; in the one language that it has, where it has no other."""
    return name if isinstance(name, str) else name.get(language) or next(iter(name.values()), "")  # type: ignore[call-overload]


def folded(name: str) -> str:
    """A name as it is compared: case and white space do not count."""
    return " ".join(name.casefold().split())


def _refuse_twice(names: Iterable[str], message: str) -> None:
    counts = Counter(map(folded, names))
    for name, count in counts.items():
        if count > 1:
            raise ValueError(message.format(repr(name)))


def read_overrides(path: Path) -> Overrides:
    """The overrides in `path`; none where there is no such file, or nothing but comments in it.

    Raises InputError where the file breaks its contract.
    """
    if not path.is_file():
        return Overrides()
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    if all(not line.strip() or line.lstrip().startswith("#") for line in lines):
        return Overrides()
    return read(path, Overrides)


def rename(path: Path, cause: str, mentions: Sequence[str], to: Name) -> Path:
    """Add to the file `path` that `cause`, which held `mentions`, is to be called `to`."""
    return _add(path, "rename", {"cause": cause, "mentions": [*mentions[:ANCHORS]], "to": to})


def merge(path: Path, causes: Sequence[tuple[str, Sequence[str]]], to: Name | None = None) -> Path:
    """Add that `causes`, each (name, mentions), are one."""
    entry: dict[str, Any] = {
        "causes": [{"cause": name, "mentions": [*mentions[:ANCHORS]]} for name, mentions in causes]
    }
    return _add(path, "merge", entry | ({} if to is None else {"to": to}))


def split(path: Path, cause: str, mentions: Sequence[str], into: Sequence[tuple[Name, Sequence[str]]]) -> Path:
    """Add that `cause` is to be taken apart: `into` is (name, phrases) of each part."""
    parts = [{"name": name, "phrases": [*phrases]} for name, phrases in into]
    return _add(path, "split", {"cause": cause, "mentions": [*mentions[:ANCHORS]], "into": parts})


def exclude(path: Path, mentions: Sequence[str]) -> Path:
    """Add mentions that count in no cause; those that are excluded already are not written again."""
    known = set(read_overrides(path).exclude)
    for identity in dict.fromkeys(map(str, mentions)):
        if identity not in known:
            _add(path, "exclude", identity)
    return path


def remove(path: Path, ids: Collection[str]) -> bool:
    """Take the mentions `ids` out of the file `path`; whether it held any. All else that stands in it stays."""
    read_overrides(path)
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    cuts = [*_cuts(text, ids)]
    for start, stop in sorted(cuts, reverse=True):
        text = text[:start] + text[stop:]
    if cuts:
        _replace(path, text)
    return bool(cuts)


def _cuts(text: str, ids: Collection[str]) -> Iterator[tuple[int, int]]:
    """(start, stop) of each of `ids` in lists of mentions: of a list in lines the whole line, with its comment."""
    tokens, key = [*yaml.scan(text)], ""
    for place, token in enumerate(tokens):
        if not isinstance(token, yaml.ScalarToken):
            continue
        before, after = tokens[place - 1], tokens[place + 1]
        if isinstance(before, yaml.KeyToken):
            key = token.value
        elif key in ("mentions", "exclude") and token.value in ids:
            if isinstance(before, yaml.BlockEntryToken):
                end = text.find("\n", token.end_mark.index)
                yield text.rfind("\n", 0, before.start_mark.index) + 1, len(text) if end < 0 else end + 1
            else:
                stop = after.end_mark if isinstance(after, yaml.FlowEntryToken) else token.end_mark
                yield token.start_mark.index, stop.index


def _add(path: Path, key: str, entry: object) -> Path:
    """Put `entry` at the end of the list `key`; nothing else in the file changes, and a broken one stays as it was."""
    read_overrides(path)
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else HEAD
    lines = text.splitlines()
    start = next((place for place, line in enumerate(lines) if line.split(":")[0].rstrip() == key), None)
    item = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10_000, default_style=None)
    if start is None:
        new = [*lines, f"{key}:", *_indented(item, 2)]
    else:
        value = lines[start].split(":", 1)[1].split("#")[0].strip()
        if value not in ("", "[]"):
            raise ParameterError(f"{path}: {key} stands on one line. Write it as a list of lines that begin with '-'.")
        if value == "[]":
            lines[start] = lines[start].replace("[]", "", 1).rstrip()
        after = range(start + 1, len(lines))
        stop = next((place for place in after if lines[place][:1] not in ("", " ", "\t", "-", "#")), len(lines))
        while stop > start + 1 and (not lines[stop - 1].strip() or lines[stop - 1].startswith("#")):
            stop -= 1
        first = next((line for line in lines[start + 1 : stop] if line.lstrip().startswith("-")), "  -")
        new = [*lines[:stop], *_indented(item, len(first) - len(first.lstrip())), *lines[stop:]]
    _replace(path, "\n".join(new) + "\n")
    return path


def _indented(item: str, width: int) -> list[str]:
    return [" " * width + line for line in item.splitlines()]


def _replace(path: Path, text: str) -> None:
    """`text` as the file `path`, where it keeps the contract; else InputError, and the file stays as it was."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_text(text, encoding="utf-8")
        read_overrides(draft)
        os.replace(draft, path)
    except InputError as error:
        raise InputError(str(error).replace(str(draft), str(path))) from error
    finally:
        draft.unlink(missing_ok=True)
