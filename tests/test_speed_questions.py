"""Speed, backlog and steps in words: every branch in both languages, on conversations whose truth is known."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.findings import Finding
from analysis.measures.backlog import Growth
from analysis.plan import Plan
from analysis.questions import early_warning, how_we_answered, speed, steps
from analysis.questions.case import Case
from analysis.questions.page import Answer
from analysis.questions.signs import case_triage
from analysis.questions.waiting import case_waiting, promise
from tests.conversations import ASKS, OURS, PLAN, act, case, posts
from tests.scored_tables import at

BEGIN = "2024-06-03 02:00"
QUESTIONS: tuple[Callable[[Case], Answer], ...] = (
    how_we_answered.joins,
    how_we_answered.first_statement,
    speed.first_response,
    speed.answered,
    speed.backlog,
    speed.when,
    steps.steps,
)
TALK = "acme is the worst company, awful bikes everywhere in town"
STATEMENTS = (
    "We have locked all bikes of the 2023 series and we are very sorry for what happened to our riders.",
    "Treatment is paid by us, and passes and deposits are refunded in full by Friday of this week.",
)


def told(made: Case) -> dict[str, Finding]:
    """The findings of all questions by id; every sentence is whole in both languages."""
    for ask in QUESTIONS:
        ask(made)
    for answer in made.answers:
        for sentence in answer.finding.answer.values():
            assert sentence
            assert not re.search(r"[{}]|\bnan\b|None|NaT", sentence), sentence
    return {answer.finding.id: answer.finding for answer in made.answers}


def answer_of(made: Case, ask: Callable[[Case], Answer], identity: str) -> Answer:
    ask(made)
    return next(answer for answer in made.answers if answer.finding.id == identity)


def busy(wait: float | None = 2.0, every: int = 3) -> pd.DataFrame:
    return posts(300, BEGIN, 0.2, wait=wait, every=every)


def talk(wait: float | None = None, count: int = 60) -> pd.DataFrame:
    return posts(count, "2024-06-04 03:00", 0.5, wait=wait, text=TALK, name="t")


def test_only_what_needed_a_reply_is_in_the_denominator(tmp_path: Path):
    made = case(tmp_path, busy(), talk())
    found = told(made)
    assert found["replies.answered"].message == "answered.share"
    assert "posts that needed a reply" in found["replies.answered"].answer["en"]
    share = found["replies.answered"].values["answered"]
    assert (share.value, share.n) == (pytest.approx(1 / 3), 300)
    table = found["replies.speed"].table
    assert table is not None
    assert [row[:3] for row in table.rows["en"]] == [
        ["All that needed a reply", "300", "33%"],
        ["The others that needed one", "300", "33%"],
        ["Beside it: complaints that seem to need none", "60", "0%"],
    ]
    behind = answer_of(made, speed.answered, "replies.answered").behind
    assert (len(behind["n"]), len(behind["unanswered"])) == (300, 200)


def test_what_was_answered_did_not_need_it_for_that(tmp_path: Path):
    """An answered post stands in our thread: were that a sign of need, all answered talk would have needed it."""
    made = case(tmp_path, busy(), talk(wait=1.0))
    classes = case_triage(made).set_index("id")["triage"]
    assert set(classes[classes.index.str.startswith("t")]) == {"monitor"}
    found = told(made)
    assert found["replies.answered"].values["answered"].n == 300
    table = found["replies.speed"].table
    assert table is not None
    assert table.rows["en"][-1][1:3] == ["60", "100%"]


def test_in_an_outrage_all_complaints_count_and_it_is_said(tmp_path: Path):
    made = case(tmp_path, busy(), posts(4000, BEGIN, 0.02, text=TALK, name="t"))
    found = told(made)
    assert not case_waiting(made).sure
    assert "which of them needed a reply cannot be told" in found["replies.answered"].answer["en"]
    assert found["replies.answered"].values["answered"].n == 4300
    table = found["replies.speed"].table
    assert table is not None
    assert [row[0] for row in table.rows["en"]] == ["All complaints"]


@pytest.mark.parametrize(
    ("stated", "given", "basis", "hours"),
    [
        ({}, 0.0, "plan", 4.0),
        ({}, 6.0, "given", 6.0),
        ({"severity": 3}, 0.0, "no_level", None),
        ({"plan": None}, 0.0, "no_plan", None),
        ({"plan": Plan()}, 0.0, "no_plan", None),
    ],
)
def test_the_promise_is_that_of_the_severity(tmp_path: Path, stated: dict, given: float, basis: str, hours):
    made = case(tmp_path, busy(), **stated)
    found = promise(made, given=given)
    assert (found.basis, found.hours) == (basis, hours)
    finding = speed.answered(made, given).finding
    assert finding.message == ("answered.share" if hours else "answered.unpromised")
    assert finding.values["promised"].value == (hours or speed.DEFAULT_HOURS)
    assert finding.facts["basis"] == basis
    assert ("promised" in finding.answer["en"]) == bool(hours)


@pytest.mark.parametrize(("level", "basis"), [(2.0, "computed"), (3.0, "no_level"), (None, "no_severity")])
def test_where_nobody_said_a_severity_the_computed_one_counts(monkeypatch, tmp_path: Path, level, basis: str):
    from analysis.measures.estimate import Estimate, refused
    from analysis.questions import waiting

    class Computed:
        level: Estimate = refused("level", "too_few")

    if level:
        Computed.level = Estimate(level, "level", 1, "made")
    monkeypatch.setattr(waiting, "case_severity", lambda _: Computed)
    made = case(tmp_path, busy(), severity=None)
    assert promise(made).basis == basis
    sentence = speed.answered(made).finding.answer["en"]
    expected = {"computed": "Nobody stated the severity", "no_level": "nothing for level 3", "no_severity": "write it"}
    assert expected[basis] in sentence
    told(made)


def test_a_real_severity_is_computed_where_nobody_said_one(tmp_path: Path):
    assert promise(case(tmp_path, busy(), severity=None)).basis in ("computed", "no_level", "no_severity")


def test_the_backlog_says_when_it_grew_and_by_how_many(tmp_path: Path):
    made = case(tmp_path, busy(), actions=[act("statement", "2024-06-03 12:00")])
    finding = told(made)["replies.backlog"]
    assert finding.message == "backlog.grew"
    (run,) = speed.case_backlog(made).grew
    assert run == Growth(at(BEGIN), at("2024-06-05 14:00"), run.by)
    assert run.by == 203  # 300 arrived; of the 100 that are answered, three still wait
    assert finding.values["peak"].value == len(answer_of(made, speed.backlog, "replies.backlog").behind["peak"])
    assert finding.figure is not None


def test_a_backlog_that_is_kept_up_with_is_steady(tmp_path: Path):
    assert told(case(tmp_path, busy(0.1, 1)))["replies.backlog"].message == "backlog.steady"


def test_unseen_hours_bound_the_backlog(tmp_path: Path):
    made = case(tmp_path, busy(), unseen=(("2024-06-03 20:00", "2024-06-03 22:00"),))
    finding = told(made)["replies.backlog"]
    assert finding.values["peak"].reason == "not_seen"
    assert finding.certainty == "low"


def test_without_threads_only_the_flows_are_told(tmp_path: Path):
    mentions = busy().assign(parent_id=pd.array([pd.NA] * 400, dtype="string"))
    # Our side is of the whole span, so that it does not seem to stop early.
    ours = posts(46, "2024-05-01", 24, text="We are here for you all day.", label="neutral", name="o")
    ours = ours.assign(author=OURS, from_brand=True, relevance_reason="own")
    made = case(tmp_path, mentions, ours)
    found = told(made)
    assert found["replies.joins"].message == "joins.no_parent_ids"
    assert found["replies.backlog"].message == "backlog.flows.grew"
    assert found["replies.speed"].message == "speed.no_threads"
    assert found["replies.answered"].certainty == found["replies.when"].certainty == "refused"


LOG = [
    act("detected", "2024-06-03 04:00"),
    act("acknowledged", "2024-06-03 05:00"),
    act("plan_activated", "2024-06-03 10:00"),
    act("apology", "2024-06-04 10:00"),
    act("closed", "2024-06-07 10:00"),
]


def test_steps_are_dated_and_what_is_not_recorded_is_no_nought(tmp_path: Path):
    finding = told(case(tmp_path, busy(), actions=LOG))["response.steps"]
    assert finding.message == "steps.told"
    assert (finding.values["decided"].value, finding.values["spoke"].value) == (6.0, 1.0)
    assert finding.table is not None
    rows = {row[0]: row[1:] for row in finding.table.rows["en"]}
    assert rows["First statement"] == rows["Compensation or correction"] == ["not recorded", "–", "–"]
    assert rows["Plan activated"][2] == "5 h"
    assert rows["First apology"][2] == "24 h"


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ([], "no_actions"),
        (LOG[1:], "no_detected"),
        ([LOG[0], LOG[4]], "no_decision"),
        ([LOG[0], LOG[2]], "silent"),
        ([act("detected", "2024-06-03 12:00"), *LOG[2:]], "decided_before"),
    ],
)
def test_steps_that_the_log_lacks_are_refused(tmp_path: Path, log: list, message: str):
    finding = told(case(tmp_path, busy(), actions=log))["response.steps"]
    assert finding.message == f"steps.{message}"
    assert (finding.certainty == "refused") == (message in ("no_actions", "no_detected", "no_decision"))


def spoken(*when: str) -> list[pd.DataFrame]:
    out = []
    for number, (moment, text) in enumerate(zip(when, STATEMENTS, strict=True)):
        own = posts(1, moment, 1, text=text, label="neutral", name=f"s{number}")
        out.append(own.assign(author=OURS, from_brand=True, relevance_reason="own"))
    return out


@pytest.mark.parametrize(("off", "message"), [(8, "behind"), (-7, "ahead")])
def test_a_log_of_another_zone_is_found_by_its_statements(tmp_path: Path, off: int, message: str):
    times = ("2024-06-03 12:00", "2024-06-04 15:10")
    log = [
        act(kind, str(pd.Timestamp(time) - pd.Timedelta(hours=off)), text)
        for kind, time, text in zip(("statement", "compensation"), times, STATEMENTS, strict=True)
    ]
    made = case(tmp_path, busy(), *spoken(*times), actions=[act("detected", "2024-06-03 04:00"), *log])
    found = told(made)
    assert found["response.steps"].message == f"steps.{message}"
    assert f"{abs(off)} h" in found["response.steps"].answer["en"]
    assert "time_zone" in found["response.steps"].answer["zh"]
    assert found["response.statement"].message == "statement.clock_unsure"
    assert found["response.statement"].values["delay"].reason == "clock_unsure"
    assert len(found["response.steps"].evidence) == 2
    assert early_warning.detection_lag(made).finding.message == "lag.clock_unsure"


def test_a_log_of_the_same_zone_is_not_doubted(tmp_path: Path):
    times = ("2024-06-03 12:00", "2024-06-04 15:10")
    log = [act(kind, time, text) for kind, time, text in zip(("statement", "apology"), times, STATEMENTS, strict=True)]
    found = told(case(tmp_path, busy(), *spoken(*times), actions=[act("detected", "2024-06-03 04:00"), *log]))
    assert found["response.steps"].message == "steps.told"
    assert found["response.statement"].values["delay"].value is not None


def test_noticing_before_the_onset_is_doubted_where_the_zone_would_explain_it(tmp_path: Path):
    early = [act("detected", "2024-06-02 20:00"), act("statement", "2024-06-03 06:00")]
    assert "time_zone" in told(case(tmp_path, busy(), actions=early))["response.steps"].answer["en"]
    west = case(tmp_path, busy(), actions=early, time_zone="America/Los_Angeles")
    assert "time_zone" not in told(west)["response.steps"].answer["en"]
    before = [act("statement", "2024-06-02 20:00"), act("detected", "2024-06-03 06:00")]  # it may have set it off
    assert "time_zone" not in told(case(tmp_path, busy(), actions=before))["response.steps"].answer["en"]


def test_an_archive_without_our_posts_says_so(tmp_path: Path):
    found = told(case(tmp_path, busy(wait=None)))
    assert found["replies.joins"].message == "joins.no_brand_posts"
    assert found["replies.speed"].message == "speed.no_brand_posts"
    assert found["replies.answered"].message == "answered.no_brand_posts"
    assert "none of its posts collected" in found["replies.backlog"].answer["en"]
    assert "none of its posts collected" in found["replies.when"].answer["en"]
    for name in ("replies.speed", "replies.answered", "replies.backlog", "replies.when"):
        assert found[name].certainty == "refused"
        assert all(value.value is None for key, value in found[name].values.items() if key != "promised")


def test_where_no_account_is_named_the_instruction_is_to_name_them(tmp_path: Path):
    mentions = busy(wait=None)
    found = told(case(tmp_path, mentions, brand_accounts=[]))
    assert "brand_accounts in incident.yml" in found["replies.joins"].answer["en"]
    assert found["replies.speed"].message == "speed.no_accounts"
    assert "no accounts named" in found["replies.backlog"].answer["en"]


def test_answers_older_than_what_they_answer_are_counted_and_said(tmp_path: Path):
    found = told(case(tmp_path, busy(), posts(30, "2024-06-05 20:00", 0.1, wait=-5, name="o")))
    assert found["replies.older"].values == {}
    assert "30 answers of 130" in found["replies.older"].answer["en"]
    assert found["replies.answered"].values["answered"].value == pytest.approx(100 / 330)
    assert "replies.older" not in told(case(tmp_path, busy()))


def test_an_account_that_complains_to_us_is_asked_about(tmp_path: Path):
    staff = posts(4, "2024-06-04", 1, text=ASKS, name="own").assign(author=OURS, from_brand=True)
    made = case(tmp_path, busy(), staff.assign(relevance_reason="own"))
    finding = told(made)["replies.accounts"]
    assert "4 posts of @AcmeHelp complain to us" in finding.answer["en"]
    assert len(answer_of(made, how_we_answered.joins, "replies.accounts").behind["posts"]) == 4
    few = case(tmp_path, busy(), staff.iloc[:2].assign(relevance_reason="own"))
    assert "replies.accounts" not in told(few)


def test_a_side_that_stops_early_is_said(tmp_path: Path):
    before = posts(800, "2024-05-01", 0.75, wait=1.0, name="b")
    found = told(case(tmp_path, before, busy(wait=None)))
    assert found["replies.side"].message == "side.stops_early"
    assert "26 May 2024" in found["replies.side"].answer["en"]
    assert found["replies.answered"].certainty == "refused"


def test_days_without_hours_and_a_zone_that_is_not_named(tmp_path: Path):
    found = told(case(tmp_path, busy(), notes={"resolution": "day"}))
    assert found["replies.when"].message == "when.days_only"
    assert found["replies.backlog"].certainty == "refused"
    made = case(tmp_path, busy())
    made.incident = made.incident.model_validate(made.incident.model_dump(exclude={"time_zone"}))
    assert speed.when(made).finding.message == "when.no_zone"


def test_slow_nights_are_told_with_their_hours(tmp_path: Path):
    """By night an answer takes eight hours, by day one: 16:00 to 24:00 UTC is night in Singapore."""
    parts = [
        posts(20, f"2024-06-0{day} {hour:02d}:00", 0.1, wait=8.0 if hour in (14, 20) else 1.0, name=f"w{hour}")
        for day in (3, 4, 5)
        for hour in (2, 7, 14, 20)
    ]
    finding = told(case(tmp_path, *parts))["replies.when"]
    assert finding.facts["slow"] == ["night"]
    assert "8 h against 1 h by day (p < 0.001)" in finding.answer["en"]
    assert finding.table is not None
    assert finding.table.name == "when"


def test_later_turns_are_timed_as_pairs_and_under_that_name(tmp_path: Path):
    mentions = busy()
    turns = mentions["from_brand"].eq(False)
    mentions.loc[turns, "parent_id"] = mentions.loc[turns, "id"].map(lambda identity: f"gone-{identity}")
    mentions.loc[turns, "thread_id"] = mentions.loc[turns, "parent_id"]
    made = case(tmp_path, mentions)
    made.joins = made.joins | {"openers": "absent", "silence_provable": False}
    found = told(made)
    assert found["replies.joins"].message == "joins.openers_absent"
    assert found["replies.speed"].message == "speed.turns"
    assert found["replies.speed"].values["median"].value == 2.0
    assert found["replies.answered"].message == "answered.openers_absent"
    assert found["replies.when"].message == "when.turns"
    assert found["replies.backlog"].message == "backlog.refused"


def test_too_few_posts_are_refused(tmp_path: Path):
    found = told(case(tmp_path, posts(12, BEGIN, 0.2, wait=1.0)))
    assert found["replies.speed"].message == "speed.too_few"
    assert found["replies.backlog"].message == "backlog.refused"
    assert found["replies.when"].message == "when.refused"


def test_what_a_notebook_asks_is_kept_and_drawn(tmp_path: Path):
    made = case(tmp_path, busy(), talk(), actions=LOG)
    told(made)
    made.save()
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"backlog.en.svg", "backlog.zh.svg", "survival.en.svg"} <= names
    assert {"speed.csv", "when.csv", "steps.csv"} <= {path.name for path in (tmp_path / "tables").iterdir()}


def test_a_promise_of_another_length_is_another_measure(tmp_path: Path):
    made = case(tmp_path, busy())
    assert speed.answered(made, 1.0).finding.values["within"].value == 0.0
    assert speed.answered(made, 3.0).finding.values["within"].value == pytest.approx(1 / 3)
    assert PLAN.levels
