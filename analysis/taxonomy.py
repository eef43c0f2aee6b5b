"""A taxonomy of causes: what an organisation looks for in complaints, each cause as phrases of those who complain."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from analysis.contract import STRICT, Language, check, load
from analysis.errors import InputError
from analysis.workspace import TAXONOMIES

LONGEST = 200
"""Characters of a phrase: a longer one is a text that was pasted, and no vector tells what of it was meant."""
SHIPPED = ("service", "general")
_IDENTITY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HINT = "A taxonomy has `causes`, each with id, name and phrases; data/taxonomies/service.yml is an example."


def _identity(value: str) -> str:
    if not _IDENTITY.fullmatch(value):
        raise ValueError("an id begins with a lower-case letter and holds lower-case letters, digits and _, at most 40")
    return value


def _worded(value: str) -> str:
    plain = " ".join(value.split())
    if not any(character.isalpha() for character in plain):
        raise ValueError("no word is in it: write words, or delete it")
    if len(plain) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters: write a phrase, as short as people write it")
    return plain


Worded = Annotated[str, AfterValidator(_worded)]
Phrases = Annotated[list[Worded], Field(min_length=1)]


class Contract(BaseModel):
    """A file that refuses what it does not know."""

    model_config = STRICT


class Cause(Contract):
    """One cause: how an executive reads it, and how those who complain write of it."""

    id: Annotated[str, AfterValidator(_identity)]
    name: Annotated[dict[Language, Worded], Field(min_length=1)]
    phrases: Annotated[dict[Language, Phrases], Field(min_length=1)]


class Taxonomy(Contract):
    """Causes to look for; complaints that fit none of them form causes of their own."""

    title: dict[Language, Worded] = {}
    causes: Annotated[list[Cause], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        twice = [name for name, count in Counter(cause.id for cause in self.causes).items() if count > 1]
        if twice:
            raise ValueError(f"the id {', '.join(twice)} stands twice: give each cause one of its own")
        return self

    @model_validator(mode="after")
    def _phrases_once(self) -> Self:
        owners: dict[tuple[str, str], str] = {}
        for cause in self.causes:
            for language, phrases in cause.phrases.items():
                for phrase in phrases:
                    owner = owners.setdefault((language, phrase.casefold()), cause.id)
                    if owner != cause.id:
                        raise ValueError(f"the phrase {phrase!r} stands in {owner} and in {cause.id}: leave it in one")
        return self

    def phrases(self, language: str) -> dict[str, list[str]]:
        """Id → phrases, each once, of the causes that have some in `language`; {} where none has."""
        spoken = {cause.id: [said for code, said in cause.phrases.items() if code == language] for cause in self.causes}
        return {name: list(dict.fromkeys(said[0])) for name, said in spoken.items() if said}

    def name(self, identity: str, language: str) -> str:
        """The name of a cause in `language`, else in the first that it has."""
        names = next(cause for cause in self.causes if cause.id == identity).name
        spoken = [name for code, name in names.items() if code == language]
        return [*spoken, *names.values()][0]


def read_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy in `path`; InputError with the key, what came and what to do where it is none."""
    return check(load(path, _HINT), Taxonomy, path)


def resolve(value: str, folder: Path) -> Path:
    """The file that `taxonomy: <value>` of the incident in `folder` means; InputError where there is none."""
    if value in SHIPPED:
        return TAXONOMIES / f"{value}.yml"
    path = folder / Path(value).expanduser()
    if not path.is_file():
        raise InputError(
            f"{folder / 'incident.yml'}: taxonomy: {value!r} is neither {' nor '.join(SHIPPED)}, "
            f"and {path} is no file. Name one of these, or a file, absolute or relative to the incident's folder."
        )
    return path


def of_incident(value: str | None, folder: Path) -> Taxonomy | None:
    """The taxonomy that the incident in `folder` names, or None where it names none."""
    return None if value is None else read_taxonomy(resolve(value, folder))
