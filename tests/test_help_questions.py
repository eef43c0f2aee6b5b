"""What notebook 3 says of public statements, accounts that acted at once, and outside help; and earlier incidents."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analysis.incident import Action, Incident, Window, read_incident
from analysis.measures.backlog import Growth, nothing
from analysis.plan import Level, Plan
from analysis.questions import coordination, outside_help, strategy
from analysis.questions.case import EARLIER, Case
from analysis.runs import history
from analysis.runs.prepare import load, prepare
from analysis.workspace import Workspace
from tests.scored_tables import at, hours, scored
from tests.workspace_fixture import Published

WINDOW = Window(start=datetime(2025, 7, 10, tzinfo=UTC), end=datetime(2025, 7, 14, tzinfo=UTC))
JOINS = {"openers": "present", "threads": "recorded", "brand_side": "whole", "silence_provable": True, "selected": None}
DENIES = "These are isolated cases. There is no evidence of a fault; riders may not have used both brakes."
READ = {
    "language": "en",
    "complaint": 0.9,
    "reproach": 0,
    "target": pd.NA,
    "relevance": "about",
    "relevance_reason": "named",
    "first_person": 0.0,
}
KINDS = {
    "language": "string",
    "reproach": "Int64",
    "target": "string",
    "relevance": "string",
    "relevance_reason": "string",
}
REBUILDS = "We are sorry. All deposits are refunded."


def case(
    tmp_path: Path,
    posts: Sequence[tuple[str, str]] = (),
    log: Sequence[tuple[str, str, str]] = (),
    people: pd.DataFrame | None = None,
    *,
    openers: str = "present",
    resolution: str = "time",
    plan: Plan | None = None,
    unseen: Sequence[tuple[str, str]] = (),
    earlier: pd.DataFrame | None = None,
    **told: object,
) -> Case:
    incident = Incident(
        id="a", title="A", archives=["a"], brand="Acme", brand_accounts=["Acme"], report_languages=["en", "zh"],
        baseline_days=10, after_days=1, **told,
    )  # fmt: skip
    own = scored([at(when) for when, _ in posts], ["neutral"] * len(posts), from_brand=True)
    own = own.assign(id=[f"b{row}" for row in range(len(posts))], text=[text for _, text in posts], author="u_acme")
    if people is None:
        people = complaints(40, "2025-07-10 02:00")
    rows = pd.concat([own.astype({"text": "string"}), people], ignore_index=True)
    return Case(
        incident=incident,
        window=WINDOW,
        mentions=rows.sort_values("published_at", ignore_index=True).assign(**READ).astype(KINDS),
        hours=hours("2025-06-30", "2025-07-15", unseen),
        claims=pd.DataFrame({"kind": [], "brand": [], "start": [], "end": [], "values": []}),
        joins=JOINS | {"openers": openers, "silence_provable": openers == "present"},
        causes=pd.DataFrame(),
        notes={"resolution": resolution},
        plan=plan,
        actions=[Action(when=at(when).to_pydatetime(), actor="x", kind=kind, text=text) for when, kind, text in log],
        notebook="3_how_we_answered",
        output=tmp_path,
        allowed={},
        earlier=earlier if earlier is not None else pd.DataFrame(columns=list(EARLIER)),
    )


def complaints(n: int, start: str, text: str = "it does not work", step: float = 7.0) -> pd.DataFrame:
    times = [at(start) + row * pd.Timedelta(minutes=step) for row in range(n)]
    made = scored(times, ["negative"] * n)
    return made.assign(
        id=[f"c{start}{row}" for row in range(n)],
        author=[f"u_{start}{row}" for row in range(n)],
        text=[
            text if text == COPY else f"{text}, number {'abcdefghij'[row % 10]}{'klmnopqrst'[row // 10 % 10]}"
            for row in range(n)
        ],
    )


COPY = "they promised every child a seat and left forty children standing in the rain"


def test_a_denial_that_is_taken_back_is_a_turn_with_its_hours(tmp_path: Path) -> None:
    made = case(tmp_path, [("2025-07-10 06:00", DENIES), ("2025-07-11 14:00", REBUILDS)])
    found = strategy.seen(made).finding
    assert found.message == "strategy.seen.turn"
    assert found.values["after"].value == 32.0
    assert found.table is not None
    assert len(found.table.rows["en"]) == len(found.table.rows["zh"]) == 2
    assert [quote.id for quote in found.evidence] == ["b0", "b1"]


def test_the_log_alone_tells_what_was_said(tmp_path: Path) -> None:
    log = [("2025-07-10 05:00", "acknowledged", "Standard answers"), ("2025-07-10 09:00", "apology", "first words")]
    found = strategy.seen(case(tmp_path, log=log)).finding
    assert found.message == "strategy.seen.one_line"
    assert found.facts["strategies"] == [["apology"]]


def test_statements_without_a_strategy_and_none_at_all(tmp_path: Path) -> None:
    silent = strategy.seen(case(tmp_path, [("2025-07-10 06:00", "A new colour is out.")])).finding
    assert (silent.message, silent.table is not None) == ("strategy.seen.bare", True)
    nobody = strategy.seen(case(tmp_path)).finding
    assert (nobody.message, nobody.certainty) == ("strategy.seen.nothing", "low")
    unseen = case(tmp_path)
    unseen.joins = unseen.joins | {"brand_side": "none"}
    assert strategy.seen(unseen).finding.message == "strategy.seen.unseen"
    unjoined = case(tmp_path, [("2025-07-10 06:00", REBUILDS)])
    unjoined.joins = unjoined.joins | {"threads": "no_parent_ids"}
    assert strategy.seen(unjoined).finding.message == "strategy.seen.unjoined"
    assert strategy.thunder(unjoined).finding.message == "strategy.thunder.no_actions"
    logged = strategy.seen(case(tmp_path, log=[("2025-07-10 09:00", "statement", "New passes")])).finding
    assert logged.message == "strategy.seen.bare"


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"crisis_cluster": "preventable"}, "strategy.match.confirmed"),
        ({"crisis_type": "technical failure"}, "strategy.match.suggested"),
        ({}, "strategy.match.unknown"),
    ],
)
def test_the_cluster_is_confirmed_suggested_or_unknown(tmp_path: Path, told: dict, message: str) -> None:
    made = case(tmp_path, [("2025-07-10 06:00", DENIES), ("2025-07-11 14:00", REBUILDS)], **told)
    found = strategy.match(made).finding
    assert found.message == message
    if message == "strategy.match.confirmed":
        assert found.facts["scores"] == {"whole": 1.0, "began": 0.0}
        assert found.facts["cluster"] == "preventable"


def test_both_clusters_are_kept_where_they_differ(tmp_path: Path) -> None:
    told = {"crisis_cluster": "victim", "crisis_type": "technical failure"}
    found = strategy.match(case(tmp_path, [("2025-07-10 06:00", DENIES)], **told)).finding
    assert (found.facts["cluster"], found.facts["suggested"]) == ("victim", "accidental")
    assert "accident" in found.answer["en"]
    nothing = strategy.match(case(tmp_path, **told)).finding
    assert (nothing.message, nothing.certainty) == ("strategy.match.nothing", "refused")


def test_a_like_crisis_before_makes_the_threat_greater(tmp_path: Path) -> None:
    row = ("b", "B", at("2025-01-01"), at("2025-01-03"), "outage", None, 2, [])
    before = pd.DataFrame([row], columns=list(EARLIER))
    posts = [("2025-07-10 06:00", REBUILDS)]
    told = {"crisis_cluster": "accidental", "crisis_type": "Outage"}
    assert strategy.match(case(tmp_path, posts, **told)).finding.facts["threat"] == 1
    assert strategy.match(case(tmp_path, posts, earlier=before, **told)).finding.facts["threat"] == 2
    one = outside_help.case_help(case(tmp_path, earlier=before, **told)).set_index("trigger")
    two = outside_help.case_help(
        case(tmp_path, earlier=pd.concat([before, before.assign(id="c")], ignore_index=True), **told)
    ).set_index("trigger")
    assert (one.loc["recurrence", "state"], two.loc["recurrence", "state"]) == ("not", "fired")


def test_who_spoke_first(tmp_path: Path) -> None:
    late = strategy.thunder(case(tmp_path, [("2025-07-10 06:00", REBUILDS)])).finding
    assert (late.message, late.values["apart"].value) == ("strategy.thunder.not", 4.0)
    soon = strategy.thunder(case(tmp_path, [("2025-07-10 01:00", REBUILDS)])).finding
    assert soon.message == "strategy.thunder.stolen"
    acknowledged = case(tmp_path, log=[("2025-07-10 01:00", "acknowledged", "Standard answers")])
    assert strategy.thunder(acknowledged).finding.message == "strategy.thunder.no_actions"
    hidden = case(tmp_path, [("2025-07-10 01:00", REBUILDS)], unseen=[("2025-07-08", "2025-07-09")])
    assert strategy.thunder(hidden).finding.message == "strategy.thunder.not_seen"


def test_a_botnet_is_named_with_its_mentions_and_a_petition_is_described(tmp_path: Path) -> None:
    ordinary = complaints(400, "2025-07-10 02:00")
    bots = complaints(20, "2025-07-11 03:00", COPY, 0.4)
    answer = coordination.coordination(case(tmp_path, people=pd.concat([ordinary, bots], ignore_index=True)))
    assert answer.finding.message == "coordination.burst"
    assert set(answer.behind["accounts"]) == set(bots["id"])
    signed = complaints(60, "2025-07-11 03:00", COPY, 60.0)
    found = coordination.coordination(case(tmp_path, people=pd.concat([ordinary, signed], ignore_index=True))).finding
    assert found.message == "coordination.spread"
    assert coordination.coordination(case(tmp_path)).finding.message == "coordination.none"


@pytest.mark.parametrize(
    ("told", "message"),
    [({"openers": "absent"}, "coordination.selected"), ({"resolution": "day"}, "coordination.refused")],
)
def test_accounts_that_cannot_be_told(tmp_path: Path, told: dict, message: str) -> None:
    found = coordination.coordination(case(tmp_path, **told)).finding
    assert (found.message, found.certainty) == (message, "refused")


HURT = pd.concat(
    [
        complaints(240, "2025-06-30", step=60),
        complaints(40, "2025-07-10 02:00"),
        complaints(8, "2025-07-10 03:00", "my son was injured and is in hospital because your brakes failed"),
    ],
    ignore_index=True,
)


def test_injuries_fire_and_the_call_is_timed(tmp_path: Path) -> None:
    log = [("2025-07-11 09:00", "legal", "counsel"), ("2025-07-12 09:00", "statement", "we look into it")]
    made = case(tmp_path, log=log, people=HURT)
    found = outside_help.triggers(made).finding
    assert found.message == "outside.triggers.fired"
    assert found.facts["fired"] == ["injury"]
    called = outside_help.called(made).finding
    assert called.message == "outside.called.late"
    assert 24 < float(called.values["wait"].value or 0) < 30


def test_a_trigger_that_nobody_met_is_said(tmp_path: Path) -> None:
    made = case(tmp_path, log=[("2025-07-12 09:00", "statement", "we look into it")], people=HURT)
    assert outside_help.called(made).finding.message == "outside.called.nobody"
    assert outside_help.called(case(tmp_path, people=HURT)).finding.message == "outside.called.no_actions"


@pytest.mark.parametrize(("grew", "state"), [([(3, 12, 30)], "fired"), ([(3, 7, 30)], "not"), ([], "not")])
def test_a_backlog_that_grew_for_six_hours_is_a_trigger(tmp_path: Path, grew: list, state: str) -> None:
    made, day = case(tmp_path), at("2025-07-10")
    runs = [Growth(day + pd.Timedelta(hours=start), day + pd.Timedelta(hours=end), by) for start, end, by in grew]
    made.once("backlog", lambda: replace(nothing("no_threads", 0), grew=runs, reason=None))
    assert outside_help.case_help(made).set_index("trigger").loc["backlog", "state"] == state


def test_whether_a_backlog_grew_is_unknown_where_nobody_can_tell(tmp_path: Path) -> None:
    made = case(tmp_path)
    made.once("backlog", lambda: nothing("no_threads", 0))
    assert outside_help.case_help(made).set_index("trigger").loc["backlog", "state"] == "unknown"


def test_two_promises_of_the_plan(tmp_path: Path) -> None:
    plan = Plan(levels=[Level(level=2, first_response_hours=1, first_statement_hours=3)])
    crowd = pd.concat([complaints(240, "2025-06-30", step=60), complaints(300, "2025-07-10 02:00", step=2)])
    made = case(tmp_path, log=[("2025-07-11 09:00", "statement", "late")], people=crowd, plan=plan, severity=2)
    table = outside_help.case_help(made).set_index("trigger")
    assert table.loc["promises", "state"] == "fired"
    assert at("2025-07-10 04:00") < table.loc["promises", "first"] < at("2025-07-10 08:00")
    assert outside_help.case_help(case(tmp_path)).set_index("trigger").loc["promises", "state"] == "unknown"


def test_a_selected_archive_tells_of_no_cue(tmp_path: Path) -> None:
    made = case(tmp_path, openers="absent")
    table = outside_help.case_help(made).set_index("trigger")
    assert set(table.loc[["injury", "law", "breach", "misconduct", "coordinated", "promises"], "state"]) == {"unknown"}
    assert outside_help.triggers(made).finding.message == "outside.triggers.unknown"
    assert outside_help.called(made).finding.message == "outside.called.unknown"


def test_earlier_incidents_are_those_of_the_brand_that_ended_before(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    window = {"start": "2025-07-10T00:00:00+00:00", "end": "2025-07-14T00:00:00+00:00"}
    common = {"title": "A", "archives": ["a"], "brand": "Acme"}

    def write(name: str, **told: object) -> None:
        folder = place.incident(name)
        folder.mkdir(parents=True)
        (folder / "incident.yml").write_text(json.dumps({"id": name, **common, "window": window, **told}))

    def span(start: str, end: str) -> dict[str, str]:
        return {"start": f"{start}T00:00:00+00:00", "end": f"{end}T00:00:00+00:00"}

    write("now")
    write("spring", window=span("2025-03-01", "2025-03-04"), crisis_type="outage", severity=2)
    write("old", window=span("2023-06-01", "2023-06-04"))
    write("later", window=span("2025-09-01", "2025-09-04"))
    write("other", window=span("2025-03-01", "2025-03-04"), brand="Rival")
    write("gone", window=span("2025-03-01", "2025-03-04"), state="superseded")
    write("sometime", window="auto")
    (place.incident("broken")).mkdir()
    (place.incident("broken") / "incident.yml").write_text("id: [")
    report = place.report("spring")
    report.mkdir(parents=True)
    named = [{"id": "causes.shares", "facts": {"named": [{"en": "Locks", "zh": "锁"}]}}]
    (report / "findings.json").write_text(json.dumps({"findings": named}))
    start = pd.Timestamp(WINDOW.start)
    found = history.earlier(place, read_incident(place.incident_file("now")), start)
    assert found["id"].tolist() == ["spring"]
    assert found["causes"].tolist() == [["Locks"]]
    before = history.content(place, "now")
    (report / "findings.json").unlink()
    assert history.content(place, "now") != before


def test_what_was_planted_in_the_sample(sample: Published, tmp_path: Path) -> None:
    folder = prepare(sample.place, sample.incident)
    made = load(sample.place, sample.incident, folder, "3_how_we_answered", tmp_path)
    said = strategy.case_statements(made)
    planted = [pd.Timestamp(one["when"]) for one in sample.truth["statements"]]
    assert said["when"].tolist() == planted
    assert {"denial", "scapegoat", "justification"} <= set(said["found"].iloc[0])
    assert [
        name in found for name, found in zip(("apology", "compensation"), said["found"].iloc[1:3], strict=True)
    ] == [
        True,
        True,
    ]
    assert strategy.seen(made).finding.message == "strategy.seen.turn"
    table = outside_help.case_help(made).set_index("trigger")
    assert table.loc["injury", "state"] == "fired"
    assert at("2025-07-09 00:00") <= table.loc["injury", "first"] <= at("2025-07-09 12:00")
    assert (table.loc["severe", "called"], table.loc["severe", "profession"]) == (at("2025-07-11 06:00"), "pr")
    assert table.loc["law", "called"] == at("2025-07-10 01:15")
    assert coordination.case_coordination(made).bursts.empty
    assert made.earlier["id"].tolist() == ["2025-03-unlock-outage"]
