"""What an incident's own report says of the incidents before it: their reports in, sentences out; and the run's id."""

import importlib
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis import cli, findings, followups, lessons
from analysis.errors import InputError
from analysis.findings import Finding, by_id
from analysis.incident import Incident, Window, read_incident
from analysis.measures import remeasure as measures
from analysis.measures.registry import Source
from analysis.questions import before as ask
from analysis.questions.case import Case
from analysis.runs import before, dates, history, manifest, published, remeasure
from analysis.workspace import Workspace
from tests.reports_fixture import cause, follow, publish
from tests.scored_tables import hours, scored

running = importlib.import_module("analysis.runs.run")  # the package offers the function of that name
LOCKS = cause(0, "locks that jam", key="locks")
FEES = cause(1, "fees", key="fees")
END = pd.Timestamp("2025-09-10", tz="UTC")
"""When the incident of these tests ended."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of reports without archives: nothing can be measured again."""
    found = Workspace.at(tmp_path / "ws", tmp_path / "reports")

    def nothing(place: Workspace, case: Case, source: Source, others: Sequence) -> tuple[pd.DataFrame, pd.Timestamp]:
        return measures.unread(source.incident, source.end, case.end, "not_seen"), case.end

    monkeypatch.setattr(remeasure, "of_case", nothing)
    return found


def now(place: Workspace, causes: Sequence[dict[str, Any]] = (LOCKS,), **file: Any) -> Case:
    """The incident of September as notebook 4 opens it: notebooks 1 to 3 have written what `publish` writes."""
    work = place.work / "now"
    shutil.rmtree(work, ignore_errors=True)
    folder = publish(place, "now", "2025-09-06", causes, taxonomy="service", about=(), **file)
    told = findings.read(folder / "findings.json")
    kept = [one for one in told if one.id not in ("response.statement", "alarm.lag")]  # bare of what lessons tell
    findings.write(kept, "now", folder / "findings" / "1_what_happened.json")
    (folder / "findings.json").unlink()
    place.work.mkdir(exist_ok=True)
    folder.rename(work)
    written = read_incident(place.incident_file("now"))
    case = opened(written.model_copy(update={"report_languages": ["en", "zh"]}), work, place)
    case.before_it = before.look_back(place, case)
    return case


def opened(incident: Incident, work: Path, place: Workspace) -> Case:
    assert isinstance(incident.window, Window)
    return Case(
        incident=incident, window=incident.window, mentions=scored([], []), hours=hours("2025-08-01", "2025-10-01"),
        claims=pd.DataFrame({"kind": [], "brand": [], "start": [], "end": [], "values": []}), joins={},
        causes=pd.DataFrame(), notes={"span": ["2025-08-01T00:00:00+00:00", "2025-10-01T00:00:00+00:00"]}, plan=None,
        actions=[], notebook="4_lessons", output=work, allowed={}, folder=place.incident(incident.id),
    )  # fmt: skip


def said(case: Case) -> dict[str, Finding]:
    """Every question asked, in both languages."""
    for question in (ask.like_it, ask.again, ask.measured_again):
        question(case)
    for answer in case.answers:
        assert "{" not in "".join(answer.finding.answer.values()), answer.finding.id
        assert answer.finding.notebook == "4_lessons"
    return by_id(answer.finding for answer in case.answers)


def two(place: Workspace) -> None:
    """Two earlier incidents: jammed locks in January, fees in May."""
    publish(place, "a", "2025-01-06", [LOCKS, FEES], taxonomy="service", about=(0,))
    publish(place, "b", "2025-05-06", [FEES], taxonomy="service", about=(), severity=4, crisis_type="pricing")


# The nearest


def test_the_nearest_earlier_incident_and_what_was_learned_then(place: Workspace) -> None:
    two(place)
    found = said(now(place))
    nearest = found["pattern.nearest"]
    assert nearest.message == "patterns.nearest.told"
    assert nearest.facts == {"incident": "now", "nearest": "a"}
    assert "“Trouble a” is most like “Trouble now”" in nearest.answer["en"]
    assert "See to it" in nearest.answer["en"]
    assert nearest.table is not None
    assert [row[0] for row in nearest.table.rows["en"]] == ["Trouble a", "Trouble b"]
    assert "pattern.unread" not in found


def test_no_earlier_incident_is_said(place: Workspace) -> None:
    found = said(now(place))
    assert (found["pattern.nearest"].message, found["pattern.repeated"].message) == (
        "pattern.nearest.first",
        "pattern.repeated.first",
    )
    assert found["pattern.nearest"].certainty == "refused"


def test_only_earlier_incidents_of_the_brand_that_still_stand_are_read(place: Workspace) -> None:
    publish(place, "later", "2025-10-06", [LOCKS], taxonomy="service")
    publish(place, "over", "2025-09-03", [LOCKS], taxonomy="service")
    publish(place, "rival", "2025-01-06", [LOCKS], taxonomy="service", brand="Bolt")
    publish(place, "gone", "2025-02-06", [LOCKS], taxonomy="service", state="superseded")
    assert said(now(place))["pattern.repeated"].message == "pattern.repeated.first"


def test_an_earlier_incident_without_a_report_is_never_taken_for_nothing(place: Workspace) -> None:
    publish(place, "a", "2025-01-06", [LOCKS], taxonomy="service")
    (place.report("a") / "manifest.json").unlink()
    found = said(now(place))
    assert found["pattern.nearest"].message == "pattern.nearest.unread"
    assert found["pattern.repeated"].message == "pattern.repeated.unread"
    assert "no earlier report can be read (a (no report is published" in found["pattern.repeated"].answer["en"]
    publish(place, "b", "2025-05-06", [FEES], taxonomy="service")
    found = said(now(place))
    assert (found["pattern.repeated"].message, found["pattern.repeated"].certainty) == (
        "pattern.repeated.none_read",
        "low",
    )
    assert found["pattern.unread"].answer["en"] == "Not compared, 1 in all: a (no report is published: run it)."


def test_a_damaged_file_of_an_earlier_incident_is_its_own_trouble(place: Workspace) -> None:
    two(place)
    place.followups("a").write_text("id\nx\n")
    found = said(now(place))
    assert "a (one of its files cannot be read" in found["pattern.unread"].answer["en"]
    assert history.content(place, "now")


# What came again


@pytest.mark.parametrize(
    ("state", "verified_on", "due", "message"),
    [
        ("open", "", "2025-10-10", "patterns.repeated.open"),
        ("in_progress", "", "2025-04-10", "patterns.repeated.overdue"),
        ("verified", "2025-03-01", "", "patterns.repeated.closed"),
        ("verified", "2025-09-20", "", "patterns.repeated.overdue"),
        ("done", "", "", "patterns.repeated.unknown"),
        ("dropped", "", "", "patterns.repeated.dropped"),
    ],
)
def test_what_the_follow_up_was_when_the_cause_came_again(
    place: Workspace, state: str, verified_on: str, due: str, message: str
) -> None:
    two(place)
    follow(place, "a", "lesson0", state, verified_on, due)
    case = now(place)
    finding = said(case)["pattern.repeated"]
    assert finding.message == message
    assert "“locks that jam” came again in “Trouble now” (6 Sep 2025)" in finding.answer["en"]
    assert finding.table is not None
    assert len(finding.table.rows["zh"]) == 1
    drawn = {lesson.id: lesson for lesson in lessons.verdicts(case)}
    assert ("repeated_open" in drawn) == (message in ("patterns.repeated.open", "patterns.repeated.overdue"))
    if lesson := drawn.get("repeated_open"):
        assert "“locks that jam” had contributed to “Trouble a”" in lesson.text["en"]
        assert "“诱因locks that jam”曾促成“Trouble a”" in lesson.text["zh"]
        assert lesson.follow_up is not None
        assert lesson.follow_up.measure == "pattern.repeated"


def test_without_followups_nothing_is_known_to_have_been_open(place: Workspace) -> None:
    two(place)
    finding = said(now(place))["pattern.repeated"]
    assert (finding.message, finding.certainty) == ("patterns.repeated.unknown", "refused")


def test_a_recurrence_among_the_others_alone_is_not_this_incidents(place: Workspace) -> None:
    two(place)
    follow(place, "a", "lesson0", "open")
    finding = said(now(place, [cause(2, "late replies", key="late")]))["pattern.repeated"]
    assert finding.message == "pattern.repeated.none"
    assert "of 2 compared" in finding.answer["en"]


def test_causes_that_nobody_knows_cannot_come_again(place: Workspace) -> None:
    two(place)
    small = FEES | {"part_low": 0.01}
    assert said(now(place, [small]))["pattern.repeated"].message == "pattern.repeated.own_unknown"
    for name, day in (("a", "2025-01-06"), ("b", "2025-05-06")):
        publish(place, name, day, [small], taxonomy="service", about=())
    assert said(now(place))["pattern.repeated"].message == "pattern.repeated.theirs_unknown"


def test_causes_are_matched_by_their_centres_as_in_notebook_5(place: Workspace) -> None:
    publish(place, "a", "2025-01-06", [cause(0, "one")], centres={0: [1.0, 0.0]}, about=(0,))
    near = now(place, [cause(0, "another")], centres={0: [1.0, 0.01]})
    assert said(near)["pattern.repeated"].message == "patterns.repeated.unknown"
    bare = now(place, [cause(0, "another")])
    (place.report("a") / "centres.json").unlink()
    bare.before_it = before.look_back(place, bare)
    assert said(bare)["pattern.matching"].certainty == "refused"


# What is left of the harm


def test_dates_that_have_passed_are_told_from_those_to_come(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Angrier after 30 days than before; in the week of 60 days another incident; 90 days beyond the archive."""
    publish(place, "next", "2025-11-05", [LOCKS], taxonomy="service")
    rng = np.random.default_rng(7)
    weeks = [("2025-08-10", 20, 0.2), ("2025-10-03", 7, 0.9), ("2025-11-02", 7, 0.5)]
    times, labels = [], []
    for start, days, share in weeks:
        for _ in range(200):
            times.append(pd.Timestamp(start, tz="UTC") + timedelta(hours=float(rng.uniform(0, 24 * days))))
            labels.append("negative" if rng.uniform() < share else "positive")
    table = scored(times, labels)

    def made(place: Workspace, case: Case, source: Source, others: Sequence) -> tuple[pd.DataFrame, pd.Timestamp]:
        reach = hours("2025-08-01", "2025-11-15")
        own = (source.start - timedelta(days=28), source.start)
        until = max(end for _, _, end in others) + timedelta(days=60)
        return measures.measured(source.incident, table, reach, own, source.end, until, others), until

    monkeypatch.setattr(remeasure, "of_case", made)
    finding = said(now(place))["pattern.residual"]
    assert finding.certainty == "low"
    assert finding.facts["worse"] == ["30"]
    assert finding.facts["due"] == {
        "30": "2025-10-10", "60": "2025-11-09", "90": "2025-12-09", "anniversary": "2026-09-10",
    }  # fmt: skip
    assert set(finding.values) == {"change_30"}
    text = finding.answer["en"]
    assert "30 days (10 Oct 2025): net sentiment surely lower than before the incident, −" in text
    assert "60 days (9 Nov 2025): not to be told apart from “Trouble next”" in text
    assert "90 days (9 Dec 2025): due, and the archive does not reach it" in text
    assert "one year (10 Sep 2026): not yet." in text
    assert "一周年（2026年9月10日）：未到期。" in finding.answer["zh"]
    assert finding.table is not None
    assert len(finding.table.rows["en"]) == 4


def test_nothing_measured_is_refused(place: Workspace) -> None:
    finding = said(now(place))["pattern.residual"]
    assert finding.certainty == "refused"
    assert finding.answer["en"].count("not yet") == 4


def test_the_days_up_to_which_it_is_judged_come_from_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive ends on 1 October; that another incident has been dated later tells that its days have passed."""
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    monkeypatch.setattr(remeasure, "mentions", lambda place, incident: scored([], []).assign(brand="Acme"))
    monkeypatch.setattr(remeasure, "scores", lambda place, incident, about: (about.assign(relevance="about"), {}))
    case = now(place)
    assert case.before_it is not None
    assert case.before_it.as_of == pd.Timestamp("2025-10-01", tz="UTC")
    publish(place, "next", "2026-01-05", [LOCKS], taxonomy="service")
    case = now(place)
    assert case.before_it is not None
    assert case.before_it.remeasured["state"].tolist() == ["missing", "missing", "missing", "to_come"]


# Notebook 4, the run's id, and the order of a batch


def test_what_was_found_is_kept_beside_the_lessons(place: Workspace) -> None:
    two(place)
    follow(place, "a", "lesson0", "open", due="2025-04-10")
    case = now(place)
    found = said(case)
    lessons.save(case)
    assert by_id(findings.read(case.output / "findings" / "4_lessons.json")) == found
    assert "repeated_open" in [lesson.id for lesson in lessons.read(case.output / "lessons.json")]
    assert {"nearest.csv", "repeated.csv", "remeasured.csv"} <= {p.name for p in (case.output / "tables").iterdir()}


def test_without_the_notebooks_before_it_says_what_to_do(place: Workspace) -> None:
    case = now(place)
    shutil.rmtree(case.output / "findings")
    case.before_it = before.look_back(place, case)
    with pytest.raises(InputError, match="Run notebooks 1 to 3 first"):
        ask.like_it(case)


def test_the_runs_id_holds_what_is_read_and_nothing_else(place: Workspace) -> None:
    two(place)
    now(place)
    first = history.content(place, "now")

    def changed(change: Callable[[], object]) -> bool:
        change()
        was, changed.was = changed.was, history.content(place, "now")  # type: ignore[attr-defined]
        return bool(was != changed.was)  # type: ignore[attr-defined]

    changed.was = first  # type: ignore[attr-defined]
    assert not changed(lambda: None)
    folder = place.report("a")
    assert not changed(lambda: manifest.write(folder, manifest.read(folder) | {"run_id": "other", "warnings": ["w"]}))
    assert not changed(lambda: (folder / "postmortem.html").write_text("<p>"))
    followups.write(place.followups("a"), [followups.asked("l", "See to it.", "desk", "", "preventive", "verdict")])
    assert not changed(lambda: None), "what a run alone listed tells nothing of what was done"
    assert changed(lambda: follow(place, "a", "lesson0", "open"))
    assert changed(lambda: follow(place, "a", "lesson0", "verified", "2025-03-01"))
    assert changed(lambda: lessons.write([], "a", folder / "lessons.json"))
    assert not changed(lambda: publish(place, "later", "2025-09-20", [LOCKS])), "no date has passed by then"
    assert changed(lambda: publish(place, "later", "2025-10-06", [LOCKS])), "it lies over a week to be measured"
    assert changed(lambda: publish(place, "last", "2025-11-20", [LOCKS])), "30 and 60 days have passed by then"
    assert not changed(lambda: publish(place, "last", "2025-11-21", [LOCKS]))
    assert not changed(lambda: findings.write([], "later", place.report("later") / "findings.json"))
    assert not changed(lambda: publish(place, "rival", "2025-01-06", [LOCKS], brand="Bolt"))
    assert changed((folder / "manifest.json").unlink)


def test_windows_that_nobody_wrote_are_looked_up(place: Workspace) -> None:
    publish(place, "auto", "2025-01-06", [LOCKS], window="auto")
    span = {"start": "2025-01-06T00:00:00+00:00", "end": "2025-01-10T00:00:00+00:00"}
    made = manifest.read(place.report("auto")) | {"window": span}
    incident = read_incident(place.incident_file("auto"))
    shutil.rmtree(place.report("auto"))
    assert dates.window(place, incident) is None
    publish(place, "auto", "2025-01-06", [LOCKS], window="auto")
    manifest.write(place.report("auto"), made)
    found = dates.window(place, incident)
    assert found is not None
    assert found.end.day == 10
    notes = place.prepared("auto") / "0a" / "notes.json"
    notes.parent.mkdir(parents=True)
    notes.write_text(json.dumps({"window": span | {"end": "2025-01-11T00:00:00+00:00"}}))
    found = dates.window(place, incident)
    assert found is not None
    assert found.end.day == 11
    assert published.earlier(place, ["auto"])[0][0].end.day == 10, "the report tells of the window that it is about"


def test_a_batch_runs_in_the_order_of_windows(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(place, "c", "2025-01-06", [LOCKS])
    publish(place, "b", "2025-05-06", [LOCKS], window="auto")
    publish(place, "a", "2025-09-06", [LOCKS])
    place.incident("broken").mkdir()
    place.incident_file("broken").write_text("id: [")
    ran: list[str] = []
    prepared: list[str] = []

    def prepare(place: Workspace, name: str, progress: object) -> Path:
        prepared.append(name)
        notes = place.prepared(name) / "0a" / "notes.json"
        notes.parent.mkdir(parents=True, exist_ok=True)
        span = {"start": "2025-05-06T00:00:00+00:00", "end": "2025-05-10T00:00:00+00:00"}
        notes.write_text(json.dumps({"window": span}))
        return notes.parent

    def run(place: Workspace, name: str, *given: object, **more: object) -> object:
        ran.append(name)
        raise InputError(name)

    monkeypatch.setattr(running, "prepare", prepare)
    monkeypatch.setattr(running, "run", run)
    where = ["--workspace", str(place.root), "--reports", str(place.reports)]
    CliRunner().invoke(cli.app, ["run", "--all", *where], catch_exceptions=False)
    assert ran == ["c", "b", "a", "broken"]
    assert prepared == ["b"]
    ran.clear()
    CliRunner().invoke(cli.app, ["run", "a", "c", *where], catch_exceptions=False)
    assert ran == ["c", "a"]


def test_a_notebook_reads_the_reports_that_its_run_publishes_to(tmp_path: Path) -> None:
    root = str(tmp_path / "ws")
    assert Workspace.of_notebook(root, str(tmp_path / "rep" / ".work" / "abc")).reports == tmp_path / "rep"
    assert Workspace.of_notebook(root, str(tmp_path / "out")) == Workspace.at(root)
    assert Workspace.of_notebook(root, "") == Workspace.at(root)
