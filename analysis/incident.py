"""Incident, Archive and Action: the files people write, read and checked once."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd
from pydantic import AfterValidator, BaseModel, Field, field_validator, model_validator

from analysis.contract import STRICT, Language, check, load, read
from analysis.errors import InputError

FIELD_CHARACTERS = 131_072
"""A field of actions.csv longer than this is no text of a person: its quote was never closed."""
ACTION_KINDS = (
    "detected",
    "acknowledged",
    "statement",
    "apology",
    "explanation",
    "compensation",
    "channel_change",
    "escalation",
    "legal",
    "plan_activated",
    "outside_help",
    "correction",
    "closed",
)
PUBLIC_KINDS = ("acknowledged", "statement", "apology", "explanation", "compensation", "correction")
"""Actions by which the organisation spoke to the public."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is not a time zone: use a name such as UTC, America/Los_Angeles or Asia/Shanghai")
    return name


def _account(name: str) -> str:
    plain = name.strip().lstrip("@＠")
    if not plain:
        raise ValueError("an account has a name, such as AcmeHelp")
    return plain


def signer(name: str) -> str:
    """The name of who signs, its spaces single; ValueError where it could not stand in a line of a page."""
    plain = " ".join(name.split())
    if not plain or len(plain) > SIGNER_CHARACTERS or not plain.isprintable():
        raise ValueError(f"who signs has a name of at most {SIGNER_CHARACTERS} characters on one line")
    return plain


SIGNER_CHARACTERS = 80
"""The name stands on every page, in one line with the state and the date."""
SIGNATURE = ("state", "signed_by", "signed_on", "signed_report")
"""Keys of incident.yml that `aftermath sign` writes: they decide what is stamped on the page, and no number."""
State = Literal["draft", "reviewed", "approved", "superseded"]
SIGNED: tuple[State, ...] = ("reviewed", "approved")
"""States that say something of contents, and so of no others. A superseded incident is so whatever its report holds."""
Signer = Annotated[str, AfterValidator(signer)]
Cluster = Literal["victim", "accidental", "preventable"]
Zone = Annotated[str, AfterValidator(_zone)]
Account = Annotated[str, AfterValidator(_account)]
"""Name of an account, without the @ that it may be written with."""


@dataclass(frozen=True)
class Stamp:
    """The state of a report, as it is printed on its pages.

    `by` and `on` (a day, ISO 8601) are of who signed; "" where nobody did. `changed` is the state that they signed of
    other contents than these: the report is then a draft.
    """

    state: State = "draft"
    by: str = ""
    on: str = ""
    changed: str = ""

    @classmethod
    def of(cls, made: Mapping[str, Any]) -> "Stamp":
        """That of a published report, from its manifest.

        A version that did not keep what was signed could only repeat what a file said: its report is a draft, or
        superseded.
        """
        state = made.get("state", "draft")
        if "fingerprint" not in made or state not in get_args(State):
            return cls("superseded" if state == "superseded" else "draft")
        return cls(state, *(str(made.get(key) or "") for key in ("signed_by", "signed_on", "changed_since")))


class Contract(BaseModel):
    """A file that refuses what it does not know."""

    model_config = STRICT


class Archive(Contract):
    """archive.yml: what an archive is made of."""

    name: str
    sources: list[str] = Field(min_length=1)
    format: str = "auto"
    columns: dict[str, str] = {}
    """Column of the mentions table → column of the file; adds to, or overrules, what the format knows."""
    time_zone: Zone | None = None
    """The zone of times that carry none. There is no default: a guess would move every curve."""
    day_first: bool | None = None
    """Whether 03/04/2024 is in April; asked for where no date of a source tells."""
    platform: str | None = None
    brand: str | None = None
    """Label for rows that carry none of their own."""
    query: str | None = None
    """What a source that is a database's URL is asked; with other sources, how they were collected."""
    sealed: bool = False
    """The sources may be gone: the store is what there is."""


class Window(Contract):
    """The incident's span, half-open [start, end), in UTC."""

    start: datetime
    end: datetime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"the window ends ({self.end}) before it starts ({self.start})")
        return self


class Incident(Contract):
    """incident.yml: one crisis, and what to compare it with."""

    GONE: ClassVar[dict[str, str]] = dict.fromkeys(
        ("approved_by", "approved_on"), "`aftermath sign` now writes who signed what, and when; delete this line"
    )
    """Keys of earlier versions, with what to do about them."""

    id: str
    title: str
    titles: dict[Language, str] = {}
    """The title in further languages of the report."""
    archives: list[str] = Field(min_length=1)
    brand: str
    """Whose crisis it is: the label in the `brand` column where the archive has several, and the name in the report."""
    brand_accounts: list[Account] = []
    public_accounts: list[Account] = []
    """Accounts of other organisations and of officials that quotes may name; everybody else is @user."""
    brand_terms: list[str] = []
    """Names that are masked before scoring, since "united" or "love" in a name is no praise."""
    exclusions: list[str] = []
    """Phrases; mentions that hold one are left out, and the report says how many."""
    namesakes: list[str] = []
    """Phrases in which a name of the organisation means somebody else, such as "Manchester United" for United."""
    time_zone: Zone = "UTC"
    """For display only."""
    window: Window | Literal["auto"] = "auto"
    baseline_days: Annotated[int, Field(ge=0, le=365)] = 28
    after_days: Annotated[int, Field(ge=0, le=365)] = 7
    controls: list[str] = []
    """Brand labels of competitors in the same archives."""
    languages: list[Language] = ["en"]
    scorer: dict[str, str] = {}
    """By language: "auto" (the better tier, or the fast one for very many texts), "fast", or a transformers model: its
    folder, absolute or relative to the incident's, or its hub id. Nothing is downloaded."""
    embedding: dict[str, str] = {}
    """By language: a transformers model that causes are found by, as in `scorer`; what is installed where absent."""
    unclear_below: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Confidence under which a complaint counts for no cause."""
    unclear_target: Annotated[float, Field(ge=0, lt=1)] | None = None
    """The share of complaints that may be without a clear cause: it sets the floor instead."""
    taxonomy: str | None = None
    """Causes to look for: "service", "general", or a file of one's own, absolute or relative to the incident's folder.
    Complaints that fit none of them form causes of their own."""
    crisis_type: str | None = None
    """What kind of crisis it was, in one's own words; earlier incidents of the same kind are its history."""
    crisis_cluster: Cluster | None = None
    """How far the organisation is to blame (definitions C3), said by people; the software only suggests one."""
    severity: Annotated[int, Field(ge=1, le=4)] | None = None
    """1 minor, 2 moderate, 3 serious, 4 severe; said by people. It chooses what the plan had promised."""
    plan: bool = True
    report_languages: list[Language] = ["en"]
    report_editions: list[Literal["internal", "external"]] = ["internal"]
    """The external one is redacted by rule, and stands beside the internal one, which is always made."""
    state: State = "draft"
    signed_by: Signer | None = None
    signed_on: date | None = None
    signed_report: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """What was signed: the fingerprint of the contents that a reader sees, by `runs.stamping`."""

    @field_validator("report_languages", "languages")
    @classmethod
    def _some(cls, value: list[str]) -> list[str]:
        if not value:
            raise ValueError("name at least one language, en or zh")
        return value

    @model_validator(mode="after")
    def _scored_languages(self) -> Self:
        for key, named in (("scorer", self.scorer), ("embedding", self.embedding)):
            idle = sorted(set(named) - set(self.languages))
            if idle:
                raise ValueError(
                    f"{key} names {', '.join(idle)}, which is not among languages: add it there, or delete it"
                )
        return self

    @model_validator(mode="after")
    def _one_floor(self) -> Self:
        if self.unclear_target is not None and self.unclear_below != type(self).model_fields["unclear_below"].default:
            raise ValueError("unclear_below and unclear_target both set the same floor: keep one, and delete the other")
        return self

    @model_validator(mode="after")
    def _signed_by_somebody(self) -> Self:
        if self.state in SIGNED and not (self.signed_by and self.signed_on and self.signed_report):
            raise ValueError(
                f"nobody has signed what is called {self.state} here: that needs signed_by, signed_on and "
                "signed_report, which `aftermath sign` writes. Set state to draft, run the incident, read its report, "
                f"then: aftermath sign {self.id} reviewed --by NAME, and the same with approved"
            )
        return self

    def stamp(self, contents: str) -> Stamp:
        """What is stamped on a report with the fingerprint `contents`: only what was signed is called so."""
        by, on = self.signed_by or "", self.signed_on.isoformat() if self.signed_on else ""
        if self.state in SIGNED and self.signed_report != contents:
            return Stamp("draft", by, on, self.state)
        return Stamp(self.state, by, on)


class Action(Contract):
    """One row of actions.csv: something the organisation did."""

    when: datetime
    """UTC."""
    actor: str
    kind: Literal[ACTION_KINDS]  # type: ignore[valid-type]
    channel: str = ""
    text: str = ""
    link: str = ""


def read_archive(path: Path) -> Archive:
    return read(path, Archive)


def read_incident(path: Path) -> Incident:
    """The incident in `path`; naive times of its window are in its `time_zone`."""
    raw = load(path)
    window, zone = raw.get("window"), raw.get("time_zone", "UTC")
    # A zone that is none is refused below by its own name, not as a time that is wrong.
    if isinstance(window, dict) and isinstance(zone, str) and zone in available_timezones():
        raw = raw | {"window": {key: _moment(value, zone, path, f"window.{key}") for key, value in window.items()}}
    return check(raw, Incident, path)


def read_actions(path: Path, zone: str) -> list[Action]:
    """The actions in `path`, in order of time; naive times are in `zone`. No file is no actions."""
    if not path.is_file():
        return []
    actions = []
    for number, row in _rows(path):
        if None in row:
            raise InputError(f"{path}, line {number}: more fields than the header has. Quote fields that hold a comma.")
        values = {key: value or "" for key, value in row.items()}
        if values["kind"] not in ACTION_KINDS:
            raise InputError(
                f"{path}, line {number}: {values['kind']!r} is no kind of action. "
                f"Use one of: {', '.join(ACTION_KINDS)}."
            )
        actions.append(
            check(values | {"when": _moment(values["when"], zone, path, f"line {number}, when")}, Action, path)
        )
    return sorted(actions, key=lambda action: action.when)


def _rows(path: Path) -> Iterator[tuple[int, dict]]:
    """(last line, fields) of each row of actions.csv."""
    csv.field_size_limit(FIELD_CHARACTERS)
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        missing = {"when", "actor", "kind"} - set(reader.fieldnames or [])
        if missing:
            raise InputError(
                f"{path}: the header lacks {', '.join(sorted(missing))}. "
                "It should be: when,actor,kind,channel,text,link."
            )
        for row in reader:
            yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a CSV file in UTF-8 ({error}). Save it again as CSV, UTF-8.") from error


def _moment(value: object, zone: str, path: Path, where: str) -> datetime:
    """`value`, as YAML read it or in ISO 8601, in UTC; a naive one is in `zone`.

    No other form is read: 03/04/2025 is one day here and another there.
    """
    try:
        stamp = pd.Timestamp(value if isinstance(value, date) else datetime.fromisoformat(value))  # type: ignore[arg-type]
        if stamp.tzinfo is None:
            stamp = stamp.tz_localize(ZoneInfo(_zone(zone)))
        return stamp.tz_convert("UTC").to_pydatetime()
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path}, {where}: {value!r} is not a time that exists once in {zone}. "
            "Write it as 2017-04-10 21:00 (in the incident's time_zone) or as 2017-04-10T21:00:00+00:00."
        ) from error
