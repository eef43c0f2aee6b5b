"""plan.yml: what the organisation said it would do in a crisis, read and checked once.

After the plan of definitions C14: team and deputies, levels with what each promises, channels, approvals, holding
statements, support resources, dates of review and training.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from analysis.contract import STRICT, check, load
from analysis.incident import ACTION_KINDS

HINT = "`aftermath plan init` writes a commented one."
LONGEST_NAME, LONGEST_TEXT = 200, 2000
"""Characters of a name, and of a statement: what is longer is no name, and no post on any network but a blog."""
WEEK = 168
"""Hours: no promise for a crisis is longer, so that a larger number is one of minutes."""
_UNIT = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0}
_DURATION = re.compile(r"\s*(?:p?t)?\s*(\d+(?:[.,]\d+)?)\s*(s|m|h|d)[a-z]*\.?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;/&+|、，；]|\band\b)\s*")


def printable(text: str) -> str:
    """`text` without control characters, bidi overrides and others that are never seen; white space is one blank."""
    seen = (" " if one.isspace() else one for one in unicodedata.normalize("NFC", text))
    return " ".join("".join(one for one in seen if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Cn")).split())


def _short(longest: int) -> AfterValidator:
    def shorten(text: str) -> str:
        plain = printable(text)
        if len(plain) > longest:
            raise ValueError(f"{len(plain)} characters, and {longest} are the most: say it in fewer")
        return plain

    return AfterValidator(shorten)


def _some(text: str) -> str:
    if not text:
        raise ValueError("nothing readable stands here: write a name, or delete the entry")
    return text


def _hours(value: Any) -> Any:
    """A number of hours as it came; what is one in another unit is refused with what to write instead."""
    if isinstance(value, bool):
        raise ValueError("yes or no is no number of hours: write a number, such as 0.5 for half an hour")
    if isinstance(value, str):
        found = _DURATION.fullmatch(value)
        hours = float(found[1].replace(",", ".")) * _UNIT[found[2].lower()] if found else None
        if re.fullmatch(r"\s*\d+([.,]\d+)?\s*", value):
            hours = float(value.replace(",", "."))
        instead = f"write {hours:.4g}, without quotes" if hours else "write a number, such as 0.5 for half an hour"
        raise ValueError(f"{printable(value)[:40]!r} is no number of hours: {instead}")
    if isinstance(value, int | float) and value > WEEK:
        raise ValueError(f"more than a week is no promise for a crisis; if it is in minutes, write {value / 60:.4g}")
    return value


def _day(value: Any) -> Any:
    """A day; a number, which would be read as seconds since 1970, and any other form are refused."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError("a day is expected, written as 2026-01-31") from error


def _past(value: date | None) -> date | None:
    """A day that has been somewhere on earth."""
    latest = datetime.now(UTC).date() + timedelta(days=1)
    if value and value > latest:
        raise ValueError(f"{value} lies in the future: write the day on which it last took place, or delete it")
    return value


Name = Annotated[str, _short(LONGEST_NAME), AfterValidator(_some)]
Person = Annotated[str, _short(LONGEST_NAME)]
Statement = Annotated[str, _short(LONGEST_TEXT), AfterValidator(_some)]
Hours = Annotated[float, BeforeValidator(_hours), Field(gt=0)]
Day = Annotated[date | None, BeforeValidator(_day), AfterValidator(_past)]
Days = Annotated[int, Field(ge=1, le=3650)]


class Part(BaseModel):
    """A part of the plan, which refuses what it does not know."""

    model_config = STRICT


class Role(Part):
    role: Name
    person: Person
    deputy: Person | None = None
    decides: list[Literal[ACTION_KINDS]] = []  # type: ignore[valid-type]
    """Kinds of action (actions.csv) that this role alone takes."""

    @model_validator(mode="after")
    def _two_people(self) -> Self:
        if self.deputy and same(self.deputy, self.person):
            raise ValueError(f"deputy and person are both {self.person!r}: name somebody else, or delete the deputy")
        return self

    @property
    def names(self) -> set[str]:
        """By what an actor of actions.csv is this role: its own name, its holder's and the deputy's."""
        return {name.casefold() for name in (self.role, self.person, self.deputy) if name}

    def acted(self, actor: str) -> bool:
        """Whether `actor`, one name or several with commas between, is this role."""
        return bool(named(actor) & self.names)


class Level(Part):
    """What the plan promises at one level of severity (1 minor to 4 severe)."""

    level: Annotated[int, Field(ge=1, le=4)]
    first_response_hours: Hours
    first_statement_hours: Hours
    convene: list[Name] = []
    """Roles that act before the first statement is due."""


class Approval(Part):
    role: Name
    within_hours: Hours | None = None
    """Hours from the first entry of the log to the role's own."""


class Holding(Part):
    text: Statement
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    """Two letters, such as en or zh."""

    @property
    def spoken(self) -> str:
        """Its language; where it names none, Chinese if it has a Chinese character, else English."""
        return self.language or ("zh" if re.search(r"[\u4e00-\u9fff]", self.text) else "en")


def _under(key: str) -> BeforeValidator:
    """An entry that is a text alone is the text of its `key`."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class Plan(Part):
    """plan.yml: what the organisation said it would do."""

    schema_version: Literal[1] = 1
    team: list[Role] = []
    levels: list[Level] = []
    within_share: Annotated[float, Field(gt=0, le=1)] = 0.8
    """The share of complaints that first_response_hours is promised to: what service centres call 80/20."""
    channels: list[Name] = []
    private_channels: list[Name] = []
    approvals: list[Annotated[Approval, _under("role")]] = []
    support_resources: list[Name] = []
    holding_statements: list[Annotated[Holding, _under("text")]] = []
    outside_help: dict[Name, Name] = {}
    """Profession → whom to call."""
    reviewed_on: Day = None
    review_every_days: Days = 365
    trained_on: Day = None
    training_every_days: Days = 365
    """Both after C14: a plan that nobody looked at for a year is one of another organisation."""
    _source: str = PrivateAttr("")

    @property
    def source(self) -> str:
        """The file's text as it stands; empty where the plan was not read from a file."""
        return self._source

    def at(self, level: int | None) -> Level | None:
        return next((row for row in self.levels if row.level == level), None)

    def role(self, name: str) -> Role | None:
        return next((role for role in self.team if same(role.role, name)), None)

    @field_validator("team")
    @classmethod
    def _once_each(cls, team: list[Role]) -> list[Role]:
        if twice := _twice(role.role.casefold() for role in team):
            raise ValueError(f"the role {twice!r} stands twice: keep one of them, or give one another name")
        return team

    @field_validator("levels")
    @classmethod
    def _in_order(cls, levels: list[Level]) -> list[Level]:
        if twice := _twice(row.level for row in levels):
            raise ValueError(f"level {twice} stands twice: keep one of them")
        for lower, higher in pairwise(sorted(levels, key=lambda row: row.level)):
            for key in ("first_response_hours", "first_statement_hours"):
                slow, fast = getattr(higher, key), getattr(lower, key)
                if slow > fast:
                    raise ValueError(
                        f"{key} of level {higher.level} is {slow:g}, more than the {fast:g} of level {lower.level}: a "
                        f"graver crisis is not answered later; if {slow:g} is in minutes, write {slow / 60:.4g}"
                    )
        return levels

    @model_validator(mode="after")
    def _roles_of_the_team(self) -> Self:
        known = [role.role for role in self.team]
        for number, row in enumerate(self.levels):
            for name in row.convene:
                if self.role(name) is None:
                    near = get_close_matches(name, known, n=1)
                    instead = f"is {near[0]!r} meant?" if near else f"team has: {', '.join(known) or 'nobody'}"
                    raise ValueError(f"levels.{number}.convene names {name!r}, which is no role of team; {instead}")
        return self


def read_plan(path: Path) -> Plan | None:
    """The plan in `path`, or None where there is none."""
    if not path.is_file():
        return None
    plan = check(load(path, HINT), Plan, path)
    with path.open(encoding="utf-8", newline="") as handle:
        plan._source = handle.read()
    return plan


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def named(text: str) -> set[str]:
    """The names in a field of actions.csv that may hold several, such as "legal, communications"; in lower case."""
    whole = printable(text).casefold()
    return {whole, *_BETWEEN.split(whole)} - {""}


def _twice(items: Iterable[Any]) -> Any:
    """The first of `items` that came before; None where each is there once."""
    seen: set[Any] = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None
