"""The registry: what reports say, a row an incident, and which causes surely contributed."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.measures.registry import COLUMNS, NUMBERS, Registry, registry
from analysis.runs.published import asked, sources
from analysis.workspace import Workspace
from tests.reports_fixture import cause, follow, publish


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


def made(place: Workspace) -> Registry:
    return registry(sources(place)[0])


def test_a_row_holds_what_the_report_says(place: Workspace):
    publish(place, "b", "2025-03-01", [cause(0, "locks")], half=12.0)
    publish(place, "a", "2025-06-01", [cause(0, "prices")], half=None, statement=None)
    table = made(place)
    assert list(table.rows.columns) == list(COLUMNS)
    assert table.rows["incident"].tolist() == ["b", "a"], "by time, not by name"
    first, second = table.rows.to_dict("records")
    assert (first["half_life"], first["half_low"], first["half_high"]) == (12.0, 6.0, 24.0)
    assert first["onset"] == first["start"] == pd.Timestamp("2025-03-01", tz="UTC")
    assert (first["lag"], first["statement_hours"], first["answered"]) == (2.0, 1.0, 0.6)
    assert first["apology"]
    assert not first["compensation"]
    assert (first["severity"], first["severity_by"], first["computed"]) == (2, "people", 3.0)
    assert (first["before_peak"], first["cue_first"], first["first_platform"]) == (True, False, ["murmur"])
    assert pd.isna(second["half_life"])
    assert pd.isna(second["statement_hours"])


def test_what_was_refused_is_null_with_its_reason(place: Workspace):
    publish(place, "a", "2025-06-01", [cause(0, "prices")], half=None, severity=None)
    table = made(place)
    reasons = table.reasons.set_index("fact")["reason"]
    assert reasons["half_life"] == "censored"
    assert reasons["back"] == "not_recorded", "the report does not hold it"
    assert reasons["follow_ups"] == "not_recorded", "no followups.csv is not none closed"
    row = table.rows.iloc[0]
    assert (row["severity"], row["severity_by"]) == (3.0, "index")
    assert {name for name in NUMBERS if pd.isna(row[name])} <= set(reasons.index)


def test_noticed_before_the_alarm_is_a_lag_below_nought(place: Workspace):
    folder = publish(place, "a", "2025-06-01", [cause(0, "prices")])
    path = folder / "findings.json"
    path.write_text(path.read_text(encoding="utf-8").replace("lag.late", "lag.before"), encoding="utf-8")
    assert made(place).rows["lag"].iloc[0] == -2.0


def test_follow_ups_are_counted_where_they_are_recorded(place: Workspace):
    publish(place, "a", "2025-06-01", [cause(0, "prices")])
    follow(place, "a", "lesson0", "verified", "2025-07-01")
    row = made(place).rows.iloc[0]
    assert (row["follow_ups"], row["closed"]) == (1, 1)


@pytest.mark.parametrize(
    ("row", "contributes"),
    [
        (cause(0, "it", growth=(3.0, 1.5, 5.0), p=1e-6, part_low=0.02), True),  # surely grew
        (cause(0, "it", growth=(1.1, 0.8, 1.4), part_low=0.1), True),  # sizeable, and did not fall
        (cause(0, "it", growth=(0.3, 0.2, 0.5), p=1e-9, part_low=0.2), False),  # an everyday complaint in a crowd
        (cause(0, "it", growth=(1.1, 0.8, 1.4), part_low=0.03), False),  # may be as small as that
        (cause(0, "it", growth=(1.1, 0.8, 1.4), part_low=None), False),
        (cause(0, "it", growth=None, part_low=None), True),  # nothing before it to tell by: its share is sizeable
        (cause(0, "it", growth=None, part_low=None, low=0.02), False),
    ],
)
def test_a_cause_counts_where_it_surely_contributed(place: Workspace, row: dict, contributes: bool):
    publish(place, "a", "2025-06-01", [row, cause(1, "other", part_low=0.4)])
    table = made(place)
    assert bool(table.causes["contributes"].iloc[0]) is contributes
    assert (0 in table.rows["contributing"].iloc[0]) is contributes


def test_forerunners_are_contributing_causes_that_came_before(place: Workspace):
    publish(place, "a", "2025-06-01", [cause(0, "one", state="recurring"), cause(1, "two")])
    assert made(place).rows["forerunners"].iloc[0] == [0]


def test_no_report_is_an_empty_registry():
    table = registry([])
    assert table.rows.empty
    assert table.causes.empty


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("manifest.json", '"schema": 1', '"schema": 0'), "older"),
        (("findings.json", '"schema": 1', '"schema": 0'), "older"),
        (("lessons.json", '"schema": 1', '"schema": 0'), "older"),
        (("tables/causes.csv", "growth_low", "lower"), "older"),
        (("manifest.json", '"short": false', '"short": true'), "short"),
        (("manifest.json", '"workspace": "ws"', '"workspace": "theirs"'), "elsewhere"),
    ],
)
def test_a_report_that_cannot_be_read_is_said(place: Workspace, change: tuple[str, str, str], reason: str):
    folder = publish(place, "a", "2025-06-01", [cause(0, "prices")])
    publish(place, "b", "2025-07-01", [cause(0, "locks")])
    name, was, now = change
    text = (folder / name).read_text(encoding="utf-8")
    assert was in text
    (folder / name).write_text(text.replace(was, now), encoding="utf-8")
    read, unread = sources(place)
    assert [source.incident for source in read] == ["b"]
    assert [(one.incident, one.reason) for one in unread] == [("a", reason)]


def test_an_incident_without_a_report_is_said(place: Workspace):
    publish(place, "a", "2025-06-01", [cause(0, "prices")])
    place.incident("b").mkdir()
    place.incident_file("b").write_text("id: b\n", encoding="utf-8")
    assert [(one.incident, one.reason) for one in sources(place)[1]] == [("b", "absent")]


@pytest.mark.parametrize(
    ("was", "now", "wanted"),
    [
        ("verified,2025", "finished,2025", "row 1: state is 'finished'. Use one of open"),
        ("2025-07-01", "1 July", "row 1: verified_on is '1 July'. Write a day"),
        ("2025-07-01", "2025-7-1", "Write a day"),
        ("owner,", "who,", "column owner is absent"),
    ],
)
def test_a_wrong_followups_file_is_an_instruction(place: Workspace, was: str, now: str, wanted: str):
    publish(place, "a", "2025-06-01", [cause(0, "prices")])
    follow(place, "a", "lesson0", "verified", "2025-07-01")
    path = place.incident("a") / "followups.csv"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")
    with pytest.raises(InputError, match=wanted):
        asked(path)
