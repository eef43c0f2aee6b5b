"""data/README.md against the code: every column, key and field is described there, and nothing else is."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from analysis import followups, mentions
from analysis.archive.audit import coverage
from analysis.archive.records import REASONS as REJECTIONS
from analysis.findings import Finding
from analysis.incident import ACTION_KINDS, PUBLIC_KINDS, Action, Archive, Incident, Stamp, Window
from analysis.lessons import FollowUp, Lesson
from analysis.measures.estimate import REASONS, UNITS, Estimate
from analysis.plan import Approval, Holding, Level, Plan, Role
from analysis.questions.case import Case
from analysis.questions.collection import GRAVITY
from analysis.runs import manifest, stamping
from analysis.scoring import cause_map
from analysis.scoring.causes import TABLE
from analysis.taxonomy import Cause, Taxonomy
from analysis.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading, up to the next heading of any level."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert found, f"data/README.md has no section {title!r}"
    return found[1]


def rows(title: str) -> dict[str, list[str]]:
    """Name → the other cells, of every table row under a heading whose first cell is code."""
    lines = re.findall(r"^\| `([^`]+)` \| (.*) \|$", section(title), flags=re.MULTILINE)
    names = [name for name, _ in lines]
    assert len(names) == len(set(names)), f"{title}: a name stands twice"
    return {name: cells.split(" | ") for name, cells in lines}


def listed(title: str, after: str) -> list[str]:
    """The names given as code in the sentence that begins with `after`."""
    sentence = section(title).split(after, 1)[1].split(".", 1)[0]
    return re.findall(r"`([^`]+)`", sentence)


@pytest.mark.parametrize(
    ("title", "columns"), [("Mentions table", mentions.COLUMNS), ("Scored mentions", mentions.SCORED_COLUMNS)]
)
def test_columns_stand_there_in_order_and_with_their_types(title: str, columns: dict[str, str]):
    assert {name: cells[0] for name, cells in rows(title).items()} == columns
    assert list(rows(title)) == list(columns)


def test_what_is_said_never_to_be_null_is_what_the_check_requires():
    never = [name for name, cells in rows("Mentions table").items() if cells[-1] == "never null"]
    assert tuple(never) == mentions.REQUIRED
    assert listed("Mentions table", "`kind` | string | ")[: len(mentions.KINDS)] == list(mentions.KINDS)


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("archive.yml", Archive),
        ("incident.yml", Incident),
        ("window", Window),
        ("plan.yml", Plan),
        ("team", Role),
        ("levels", Level),
        ("approvals", Approval),
        ("holding_statements", Holding),
        ("actions.csv", Action),
        ("A taxonomy", Taxonomy),
        ("Causes of a taxonomy", Cause),
    ],
)
def test_keys_stand_there_with_their_defaults(title: str, model: type[BaseModel]):
    described = rows(title)
    assert list(described) == list(model.model_fields)
    for name, field in model.model_fields.items():
        said = described[name][1]
        if field.default is PydanticUndefined:
            assert said == "required", name
        else:
            assert yaml.safe_load(said.strip("`")) == field.default, name


@pytest.mark.parametrize(
    ("title", "made"),
    [("findings.json", Finding), ("values", Estimate), ("lessons.json", Lesson), ("follow_up", FollowUp)],
)
def test_fields_of_what_is_made_stand_there(title: str, made: type):
    assert set(rows(title)) == {field.name for field in dataclasses.fields(made)}


def test_columns_of_the_follow_ups_stand_there():
    assert tuple(rows("followups.csv")) == followups.COLUMNS
    assert set(re.findall(r"`(\w+)`", rows("followups.csv")["state"][1])) == set(followups.STATES)


def test_the_map_and_the_tree_of_causes_stand_there():
    assert list(rows("map")) == ["id", *(name for name in cause_map.MAP if name != "position")]
    assert list(rows("tree")) == list(cause_map.TREE)


def test_tables_of_the_audit_and_of_the_causes_stand_there():
    audit = coverage.audit(mentions.empty())
    claims = {name: cells for name, cells in rows("claims").items() if len(cells) == 3}
    kinds = {name: cells for name, cells in rows("claims").items() if len(cells) == 2}
    assert list(rows("hours")) == list(audit.hours.columns)
    assert list(claims) == list(audit.claims.columns)
    assert list(kinds) == list(GRAVITY)
    assert list(rows("causes")) == list(TABLE)


def test_lists_of_words_are_whole():
    assert listed("actions.csv", "Kinds: ") == list(ACTION_KINDS)
    assert tuple(listed("actions.csv", "Of these ")) == PUBLIC_KINDS
    assert listed("values", "Reasons: ") == list(REASONS)
    assert set(re.findall(r"`(\w+)`", rows("values")["unit"][1])) == set(UNITS)
    quarantine = {name: cells[0] for name, cells in rows("Quarantine").items() if name in REJECTIONS}
    assert quarantine == REJECTIONS


def test_the_manifest_stands_there(tmp_path: Path):
    incident = Incident(id="outage", title="Outage", archives=["a"], brand="Acme")
    now = datetime.now(UTC)
    notes: dict[str, dict] = {"ingest": {}, "excluded": {}, "scoring": {"warnings": []}, "cause_model": {}}
    window = Window(start=now, end=now + timedelta(days=1))
    case = cast(Case, SimpleNamespace(incident=incident, notes=notes, labelling=None, window=window))
    place = Workspace(tmp_path, tmp_path / "reports")
    made = manifest.collect(place, case, "0", datetime.now(UTC), [], {}, short=False)
    manifest.write(tmp_path, stamping.put_on(made, Stamp(), "0"))
    assert set(rows("manifest.json")) == set(manifest.read(tmp_path))
