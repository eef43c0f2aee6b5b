"""`aftermath patterns` and notebook 5: published reports in, sentences, figures and tables out."""

import json
from pathlib import Path

import pandas as pd
import papermill
import pytest
from typer.testing import CliRunner

from analysis import findings
from analysis.cli import app
from analysis.errors import InsufficientData, ParameterError
from analysis.findings import Finding, by_id
from analysis.questions import learnt
from analysis.questions import patterns as ask
from analysis.questions.several import Several
from analysis.runs.patterns import NOTEBOOK, open_patterns, patterns
from analysis.runs.published import sources
from analysis.workspace import NOTEBOOKS, Workspace
from tests.reports_fixture import cause, follow, publish
from tests.workspace_fixture import Published

QUESTIONS = (
    *(ask.incidents, ask.recurring, ask.vulnerability, ask.trends, ask.short_lived, ask.seasons),
    *(learnt.repeated, learnt.history, learnt.signs, learnt.nearest, learnt.residual),
)
LOCKS = cause(0, "locks that jam", key="locks")
FEES = cause(1, "fees", key="fees")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


def opened(place: Workspace, **given: object) -> Several:
    where = {"workspace": str(place.root), "reports": str(place.reports), "output": str(place.work / "out")}
    return open_patterns(notebook="5_patterns", **{"languages": ["en", "zh"], **where, **given})  # type: ignore[arg-type]


def said(several: Several) -> dict[str, Finding]:
    """Every question asked."""
    for question in QUESTIONS:
        question(several)
    for answer in several.answers:
        assert "{" not in "".join(answer.finding.answer.values()), answer.finding.id
    return {answer.finding.id: answer.finding for answer in several.answers}


def three(place: Workspace, **last: object) -> None:
    publish(place, "a", "2025-01-06", [LOCKS, FEES], taxonomy="service", about=(0,))
    publish(place, "b", "2025-05-06", [FEES | {"part_low": 0.01}], taxonomy="service", about=())
    publish(place, "c", "2025-09-06", [LOCKS], taxonomy="service", about=(), **last)  # type: ignore[arg-type]


def test_the_command_publishes_what_repeats(place: Workspace):
    three(place)
    follow(place, "a", "lesson0", "open", due="2025-04-10")
    done = CliRunner().invoke(
        app,
        ["patterns", "--workspace", str(place.root), "--reports", str(place.reports), "--lang", "zh", "--lang", "en"],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    folder = place.reports / "patterns"
    found = by_id(findings.read(folder / "findings.json"))
    assert found["patterns.recurring"].facts["groups"] == [0]
    headline = found["patterns.repeated"]
    assert headline.message == "patterns.repeated.overdue"
    assert "“locks that jam” came again in “Trouble c” (6 Sep 2025)" in headline.answer["en"]
    assert headline.answer["zh"] in done.stdout
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert made["reports"] == {"a": "a", "b": "b", "c": "c"}
    assert {"findings.json", "notebooks/5_patterns.ipynb", "figures/cause_matrix.zh.svg"} <= set(made["outputs"])
    assert pd.read_csv(folder / "tables" / "vulnerability.csv")["vulnerability"].tolist() == [4.0]
    again = opened(place, languages=["zh", "en"])
    said(again)
    kept = by_id(findings.read(again.save()))
    assert kept == {name: found[name] for name in kept}, "the same reports, the same findings"
    assert set(kept) == set(found)
    assert not (place.work / "patterns").exists()


def test_questions_of_three_incidents(place: Workspace):
    three(place)
    found = said(opened(place))
    messages = {name: finding.message for name, finding in found.items()}
    assert messages["patterns.incidents"] == "patterns.incidents.some"
    assert messages["patterns.recurring"] == "patterns.recurring.some"
    assert messages["patterns.vulnerability"] == "patterns.vulnerability.exposure"
    assert messages["patterns.repeated"] == "patterns.repeated.unknown"
    assert messages["patterns.trends"] == "patterns.trend.none"
    assert messages["patterns.history"] == "patterns.history.some"
    assert messages["patterns.seasons"] == "patterns.season.few"
    assert messages["patterns.nearest"] == "patterns.nearest.told"
    assert messages["patterns.residual"] == "patterns.residual.none_ahead"
    assert found["patterns.vulnerability"].certainty == "refused"
    table = found["patterns.residual"].table
    assert table is not None
    assert len(table.rows["en"]) == 12


def test_one_incident_alone_repeats_nothing(place: Workspace):
    publish(place, "a", "2025-01-06", [LOCKS], taxonomy="service")
    messages = {name: finding.message for name, finding in said(opened(place)).items()}
    assert messages["patterns.incidents"] == "patterns.incidents.one"
    for name in ("recurring", "repeated", "history", "signs"):
        assert messages[f"patterns.{name}"] == f"patterns.{name}.alone"
    assert messages["patterns.nearest"] == "patterns.nearest.none"


def test_many_incidents_are_tested(place: Workspace):
    for k in range(12):
        begun = (pd.Timestamp("2020-01-06") + pd.Timedelta(days=170 * k)).strftime("%Y-%m-%d")
        kind = "apology" if k % 2 else "legal"
        half = 40.0 - k if k % 2 else 90.0 + k
        publish(place, f"i{k:02d}", begun, [LOCKS], taxonomy="service", half=half, statement=30.0 - 2 * k, actions=kind)
    found = said(opened(place))
    assert found["patterns.statement_hours"].message == "patterns.trend.fell"
    assert found["patterns.answer_hours"].message == "patterns.trend.few", "the same each time"
    assert found["patterns.half_life"].message == "patterns.trend.same"
    assert found["patterns.short_lived"].message == "patterns.short_lived.some"
    assert "an apology was made" in found["patterns.short_lived"].answer["en"]
    assert found["patterns.months"].message == "patterns.season.month.none"
    assert found["patterns.weekdays"].message.startswith("patterns.season.weekday.")
    assert found["patterns.recurring"].facts["groups"] == [0]


def test_two_brands_stand_apart(place: Workspace):
    publish(place, "a", "2025-01-06", [LOCKS], taxonomy="service")
    publish(place, "b", "2025-05-06", [LOCKS], taxonomy="service", brand="Bolt")
    found = said(opened(place))
    assert found["patterns.incidents"].message == "patterns.incidents.brands"
    assert found["patterns.recurring"].message == "patterns.recurring.none"
    assert found["patterns.nearest"].message == "patterns.nearest.none"
    alone = said(opened(place, brand="Bolt"))
    assert alone["patterns.incidents"].message == "patterns.incidents.one"
    with pytest.raises(ParameterError, match=r"no incident is of 'Nobody'. Use one of: Acme, Bolt"):
        opened(place, brand="Nobody")


def test_reports_that_cannot_be_read_are_named(place: Workspace):
    three(place)
    (place.report("c") / "manifest.json").unlink()
    found = said(opened(place))
    assert found["patterns.unread"].answer["en"] == "Not compared, 1 in all: c (no report is published: run it)."
    assert found["patterns.recurring"].message == "patterns.recurring.none"


def test_causes_that_no_taxonomy_names_need_their_centres(place: Workspace):
    publish(place, "a", "2025-01-06", [cause(0, "one")])
    publish(place, "b", "2025-05-06", [cause(0, "two")])
    assert said(opened(place))["patterns.matching"].certainty == "refused"
    for name, day in (("a", "2025-01-06"), ("b", "2025-05-06")):
        publish(place, name, day, [cause(0, "one")], centres={0: [1.0, 0.0]})
    found = said(opened(place))
    assert "patterns.matching" not in found
    assert (found["patterns.recurring"].message, found["patterns.recurring"].certainty) == (
        "patterns.recurring.some",
        "low",
    )


def test_nothing_published_is_an_instruction(place: Workspace):
    with pytest.raises(InsufficientData, match=r"holds no incident\). Publish some first: aftermath run --all"):
        patterns(place)
    publish(place, "a", "2025-01-06", [LOCKS])
    (place.report("a") / "manifest.json").unlink()
    with pytest.raises(InsufficientData, match="a: not published yet"):
        opened(place)
    assert not (place.reports / "patterns").exists()


def test_wrong_parameters_are_refused_with_what_to_do(place: Workspace):
    three(place)
    with pytest.raises(ParameterError, match="as_of is 'tomorrow': write a day"):
        opened(place, as_of="tomorrow")
    with pytest.raises(ParameterError, match="unknown parameter 'brnad'"):
        patterns(place, {"brnad": "Acme"})
    with pytest.raises(ParameterError, match=r"'x' has no report that can be read. Use one of: a, b, c"):
        learnt.nearest(opened(place), "x")
    publish(place, "patterns", "2025-10-06", [LOCKS])
    with pytest.raises(ParameterError, match="rename its folder"):
        patterns(place)


def test_dates_are_judged_up_to_the_day_asked_for(place: Workspace):
    three(place)
    late = opened(place, as_of="2027-01-01")
    assert set(late.remeasured["state"]) == {"impossible"}
    assert said(late)["patterns.residual"].message == "patterns.residual.none"


def test_a_cause_that_recurs_within_the_sample_is_measured_again(sample: Published, tmp_path: Path):
    """The notebook alone, by Papermill, on a report that a run has published: one incident, measured after 30 days."""
    out = tmp_path / "out"
    given = {"workspace": str(sample.place.root), "reports": str(sample.place.reports), "output": str(out)}
    papermill.execute_notebook(
        str(NOTEBOOK), str(tmp_path / "5.ipynb"), parameters=given, progress_bar=False, cwd=str(NOTEBOOKS)
    )
    found = by_id(findings.read(out / "findings" / "5_patterns.json"))
    assert found["patterns.incidents"].message == "patterns.incidents.one"
    assert "2 in all" in found["patterns.unread"].answer["en"]
    table = pd.read_csv(out / "tables" / "remeasured.csv")
    assert table["state"].tolist() == ["done", "done", "done", "to_come"]
    centres = sources(sample.place)[0][0].centres
    assert set(centres["language"]) == {"en", "zh"}
    assert centres["n"].sum() > 1000
