"""Commented incident, archive, action and plan files for `aftermath init`: what a person edits first."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.errors import ParameterError
from analysis.workspace import Workspace

ARCHIVE = """\
# What this archive is made of. `aftermath ingest {archive}` reads it; nothing here is guessed.
name: {archive}
sources:            # files, folders, globs or a database's URL; relative to this folder, or absolute
{sources}
format: auto        # auto says what it recognised, and why; name a format to overrule it
# query: SELECT …   # what a database is asked
# columns:          # only where auto asks: column of the mentions table: column of your file
#   id: Post ID
#   published_at: Date
#   text: Full Text
#   author: Author
# time_zone: America/Los_Angeles   # the zone of times that carry none; asked for where it is needed
# day_first: true   # 03/04/2024 is in April; asked for where no date tells
# platform: twitter
# brand: {brand}    # label for rows that have no column for it
# sealed: true      # the sources may be deleted: the store is what there is, and nothing is read again
"""

INCIDENT = """\
# One crisis, and what to compare it with.
id: {incident}
title: {title}
archives: [{archive}]
brand: {brand}      # the label in the archive's brand column, where it has one
brand_accounts: {accounts}  # accounts the organisation writes from, such as [AcmeHelp]; needed to see how it answered
public_accounts: [] # accounts of other organisations and of officials; quotes name these and nobody else
brand_terms: {terms}   # names masked before scoring, so that a name is never taken for praise or blame
exclusions: []      # phrases; mentions that hold one are left out, and counted
namesakes: []       # phrases in which the name means somebody else, such as [Acme Street]
time_zone: {time_zone}      # for display, and for times below that carry no zone
{window}
baseline_days: {baseline_days}   # days before the window to compare with
after_days: {after_days}
# severity: 2       # 1 minor, 2 moderate, 3 serious, 4 severe; chooses what plan.yml had promised
controls: []        # brand labels of competitors in the same archive
languages: {languages}     # en, zh
# scorer: {{en: fast}} # auto, fast, or the folder or hub id of a transformers model; nothing is downloaded
# embedding: {{en: my-model}} # a transformers model that causes are found by; nothing is downloaded
# unclear_below: 0.5  # confidence in its cause under which a complaint counts for none; or:
# unclear_target: 0.1 # the share of complaints that may be left without a clear cause
# taxonomy: service # causes to look for: service, general, or a file; complaints that fit none form causes of their own
report_languages: [en]
report_editions: [internal]         # add external for a copy redacted by rule
state: draft        # reviewed, approved, superseded: `aftermath sign` writes them, with who signed what, and when
"""

WINDOW_AUTO = """\
window: auto        # or, half-open:
#   start: 2026-03-01 00:00
#   end: 2026-03-04 00:00"""
WINDOW = """\
window:             # half-open; found in the archive: correct it where you know better
  start: {start}
  end: {end}"""

ACTIONS = "when,actor,kind,channel,text,link\n"

PLAN = """\
# What the organisation said it would do; what was done is measured against it. Delete what does not apply.
# `aftermath plan check` says what it reads here, and what is left open.
schema_version: 1
team:               # decides: kinds of action (actions.csv) that this role alone takes
  - {role: crisis lead, person: "", deputy: "", decides: [plan_activated, closed]}
  - {role: spokesperson, person: "", deputy: "", decides: [statement, apology]}
  - {role: social desk, person: "", deputy: ""}
levels:             # severity 1 minor, 2 moderate, 3 serious, 4 severe; numbers of hours: half an hour is 0.5
  # first_response_hours: until a complaint is answered; first_statement_hours: from the onset to the first statement
  # convene: roles that act before the first statement is due
  - {level: 1, first_response_hours: 24, first_statement_hours: 72, convene: [social desk]}
  - {level: 2, first_response_hours: 8, first_statement_hours: 24, convene: [social desk, spokesperson]}
  - {level: 3, first_response_hours: 2, first_statement_hours: 4, convene: [social desk, spokesperson, crisis lead]}
  - {level: 4, first_response_hours: 1, first_statement_hours: 1, convene: [social desk, spokesperson, crisis lead]}
within_share: 0.8   # the share of complaints that first_response_hours is promised to
channels: []        # where the organisation speaks, by the names that actions.csv and the archive use
private_channels: []  # where customers are sent to, by words that replies use: DM, care@acme.example
approvals: []       # roles that agree before the first statement: [crisis lead, {role: legal, within_hours: 1}]
support_resources: []   # hotlines, pages: [hotline 0800 555 0100, acme.example/help]
holding_statements: []  # what is said while the facts are not known: [{language: en, text: "We are looking into it."}]
outside_help: {}    # profession: whom to call, such as {law: "Ash & Partners, on call"}
# reviewed_on: 2026-01-31    # the last review of this plan
review_every_days: 365
# trained_on: 2026-02-28     # the last exercise with it
training_every_days: 365
"""


@dataclass(frozen=True)
class Known:
    """What is known of an incident that is drafted; times of the window are local to `time_zone`."""

    title: str = ""
    start: str = ""
    end: str = ""
    time_zone: str = "UTC"
    accounts: Sequence[str] = ()
    terms: Sequence[str] = ()
    languages: Sequence[str] = ("en",)
    baseline_days: int = 28
    after_days: int = 7


def draft(
    workspace: Workspace, incident: str, archive: str, sources: list[str], brand: str, known: Known | None = None
) -> list[Path]:
    """Write the files of a new incident, and of its archive where there is none; return those written.

    Raises ParameterError where the incident stands already: nothing a person wrote is overwritten.
    """
    target = workspace.incident_file(incident)
    if target.exists():
        raise ParameterError(f"{target} stands already. Edit it, or choose another name.")
    name = _quoted(brand or incident)
    known = known or Known()
    text = INCIDENT.format(
        incident=incident,
        archive=archive,
        brand=name,
        title=_quoted(known.title or incident.replace("-", " ")),
        window=WINDOW.format(start=_quoted(known.start), end=_quoted(known.end)) if known.start else WINDOW_AUTO,
        time_zone=known.time_zone,
        accounts=_listed(known.accounts),
        terms=_listed(known.terms or [brand or incident]),
        languages=_listed(known.languages),
        baseline_days=known.baseline_days,
        after_days=known.after_days,
    )
    written = []
    if not workspace.archive_file(archive).exists():
        written.append(draft_archive(workspace, archive, sources, brand or incident))
    written.append(_write(target, text))
    for path, text in ((workspace.incident(incident) / "actions.csv", ACTIONS), (workspace.plan, PLAN)):
        if not path.exists():
            written.append(_write(path, text))
    return written


def draft_archive(workspace: Workspace, name: str, sources: list[str], brand: str = "") -> Path:
    """Write the archive.yml of a new archive; ParameterError where it stands already."""
    target = workspace.archive_file(name)
    if target.exists():
        raise ParameterError(f"{target} stands already. Edit its `sources`, or choose another name.")
    listed = "\n".join(f"  - {_quoted(located(source, workspace.archive(name)))}" for source in sources)
    return _write(target, ARCHIVE.format(archive=name, brand=_quoted(brand or name), sources=listed))


def set_keys(path: Path, values: dict[str, str]) -> None:
    """Set top-level keys of the YAML file `path` to one-line texts; everything else in it, comments too, stays."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not text:
        raise ParameterError(f"{path}: no such file. Name its sources with --source, and it is drafted.")
    for key, value in values.items():
        line = f"{key}: {_quoted(value)}"
        text, replaced = re.subn(rf"(?m)^{key}:.*$", line.replace("\\", r"\\"), text)
        text = text if replaced else text.rstrip("\n") + f"\n{line}\n"
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def located(source: str, folder: Path) -> str:
    """`source` as typed in the shell, made absolute, unless it is inside the archive's own folder."""
    if "://" in source:
        return source
    path = Path(source).expanduser()
    return source if not path.is_absolute() and (folder / path).exists() else os.path.normpath(path.absolute())


def _listed(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _quoted(text: str) -> str:
    """`text` as YAML on one line."""
    return yaml.safe_dump(text, allow_unicode=True, default_style='"', width=10_000).strip()
