"""Planted truth: what was written into the sample is learnt from it, and nothing that was not is said to be certain.

`truth.json` says under `lessons` what a review of each incident should learn, with the rules that may tell it; the
simulator wrote it, and no analysis reads it. Of the default incident this is asked of the post-mortem that other tests
share; of the other two, whose runs take a minute each, with the slow tests.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from analysis.findings import Finding
from analysis.incident import read_incident
from analysis.lessons import RULES, Lesson
from analysis.measures.estimate import Estimate
from analysis.runs.run import run
from analysis.simulate import story
from tests.workspace_fixture import INCIDENT, MADE, SAMPLE, Published, Workspace, once

OTHERS = [crisis.id for crisis in story.CRISES if crisis.id != INCIDENT]
BIN = pd.Timedelta(hours=1)
"""An onset is dated to an hour, which may be the one before or after that in which it began."""
NAMING = ("top_cause", "cause_grew", "contributed", "recurring_cause", "forewarned", "set_off", "joined_later")
"""Lessons that name causes."""


def publish(folder: Path, incident: str) -> None:
    """The sample workspace in `folder/ws`, and the report of `incident` in both languages in `folder/reports`."""
    shutil.copytree(SAMPLE, folder / "ws", ignore=MADE)
    run(Workspace.at(folder / "ws", folder / "reports"), incident, languages=["en", "zh"])


@pytest.fixture(
    scope="session", params=[INCIDENT, *(pytest.param(one, marks=pytest.mark.slow) for one in OTHERS)], ids=str
)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """What was published of each incident of the sample."""
    if request.param == INCIDENT:
        return request.getfixturevalue("sample")
    folder = once(tmp_path_factory, request.param, partial(publish, incident=request.param))
    return Published(Workspace.at(folder / "ws", folder / "reports"), request.param)


def names() -> dict[str, dict[str, str]]:
    """What each cause is called in each language, by its id in the sample's taxonomy."""
    causes = yaml.safe_load((SAMPLE / "taxonomy.yml").read_text(encoding="utf-8"))["causes"]
    return {cause["id"]: cause["name"] for cause in causes}


def words(lesson: Lesson, language: str) -> str:
    return f"{lesson.title[language]} {lesson.text[language]}"


def test_every_rule_that_the_truth_names_is_a_rule(told: Published) -> None:
    assert {rule for item in told.truth["lessons"] for rule in item["rules"]} <= {rule.id for rule in RULES}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_planted_is_learnt(told: Published, language: str) -> None:
    missing = []
    for item in told.truth["lessons"]:
        telling = [lesson for lesson in told.lessons if lesson.id in item["rules"] and lesson.title[language]]
        if "called" in item:
            telling = [one for one in telling if names()[item["called"]][language] in words(one, language)]
        if item["must"] and not telling:
            missing.append(item)
    assert not missing


def test_what_was_not_planted_is_not_learnt(told: Published) -> None:
    licensed = {rule for item in told.truth["lessons"] for rule in item["rules"]}
    assert not {lesson.id for lesson in told.lessons} - licensed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lessons_name_no_cause_that_was_not_planted(told: Published, language: str) -> None:
    for lesson in told.lessons:
        if lesson.id in NAMING:
            planted = {item["called"] for item in told.truth["lessons"] if lesson.id in item["rules"]}
            named = {key for key, name in names().items() if name[language] in words(lesson, language)}
            assert named
            assert named <= planted, lesson.title


def test_luck_is_planted_somewhere_and_not_everywhere() -> None:
    """Else the rules of luck would be tried on nothing, or told of every incident."""
    lucky = {crisis.id for crisis in story.CRISES if crisis.effect is None}
    assert lucky
    assert INCIDENT not in lucky


Truth = dict[str, Any]
Check = Callable[[Finding, Truth, Published], bool]


def holds(value: Estimate, truth: float, *, within: float = 0.0) -> bool:
    """Whether the interval of `value`, or the value where it has none, holds `truth`."""
    assert value.value is not None
    low, high = (value.value if end is None else end for end in (value.low, value.high))
    return float(low) - within <= truth <= float(high) + within


def collected(finding: Finding, truth: Truth, told: Published) -> bool:
    """The year was written whole: every hour of the incident and of its baseline lies in it."""
    incident = read_incident(told.place.incident_file(told.incident))
    start, end = (pd.Timestamp(moment) for moment in truth["times"]["window"])
    hours = (end - start) / pd.Timedelta(hours=1) + 24 * incident.baseline_days
    year = start - pd.Timedelta(days=incident.baseline_days) >= story.START and end <= story.END
    return year and f"{hours:,.0f} of {hours:,.0f} hours" in finding.answer["en"]


def named(finding: Finding, truth: Truth, told: Published) -> bool:
    return holds(finding.values["named"], truth["volume"]["first_posts_that_name_the_brand"])


def counted(finding: Finding, truth: Truth, told: Published) -> bool:
    volume, values = truth["volume"], finding.values
    return values["during"].value == volume["customer_mentions_in_window"] and holds(
        values["expected"], volume["everyday_mentions_in_window"]
    )


def peaked(finding: Finding, truth: Truth, told: Published) -> bool:
    return pd.Timestamp(str(finding.values["peak"].value)) in [
        pd.Timestamp(hour) for hour in truth["volume"]["fullest_hours"]
    ]


def dated(finding: Finding, truth: Truth, told: Published) -> bool:
    return abs(pd.Timestamp(str(finding.values["onset"].value)) - pd.Timestamp(truth["times"]["onset"])) <= BIN


def added(finding: Finding, truth: Truth, told: Published) -> bool:
    volume, values = truth["volume"], finding.values
    return holds(values["effect"], volume["excess_mentions_in_window"]) and holds(
        values["expected"], volume["everyday_mentions_in_window"]
    )


def out_of_the_ordinary(finding: Finding, truth: Truth, told: Published) -> bool:
    volume = truth["volume"]
    times = volume["customer_mentions_in_window"] / volume["everyday_mentions_in_window"]
    return finding.message == "impact.placebo.none" and holds(finding.values["ratio"], times)


def authors(finding: Finding, truth: Truth, told: Published) -> bool:
    return finding.values["during"].value == truth["volume"]["authors_in_window"]


def all_scored(finding: Finding, truth: Truth, told: Published) -> bool:
    """Every mention was written in one of two languages that have a scorer."""
    share = finding.values["unscored"]
    return share.value == 0 and share.n == truth["volume"]["customer_mentions_in_window"]


def untouched(finding: Finding, truth: Truth, told: Published) -> bool:
    return finding.message == "overrides.none" and not told.place.overrides(told.incident).exists()


def joined(finding: Finding, truth: Truth, told: Published) -> bool:
    """Of replies by customers too, whose parent may lie before what was read: hence one in a hundred."""
    return holds(finding.values["replies_joined"], truth["answers"]["answers_whose_post_is_held"], within=0.01)


def spoke(finding: Finding, truth: Truth, told: Published) -> bool:
    plan, delay = truth["plan"], finding.values["delay"]
    late = "first_statement" in plan["broken"]
    return (
        finding.message == ("statement.late" if late else "statement.in_time")
        and finding.values["promised"].value == plan["promised_first_statement_hours"]
        and holds(delay, plan["first_public_word_hours"], within=BIN / pd.Timedelta(hours=1))
    )


def stepped(finding: Finding, truth: Truth, told: Published) -> bool:
    planted = truth["steps"]
    decided, said = planted["noticed_to_decided_hours"], planted["noticed_to_spoke_hours"]
    return (
        finding.message == ("steps.decided_before" if decided < 0 else "steps.told")
        and holds(finding.values["decided"], abs(decided), within=0.01)
        and holds(finding.values["spoke"], abs(said), within=0.01)
    )


def turns(finding: Finding, truth: Truth, told: Published) -> bool:
    """Every post was answered once at most; a customer who wrote thrice below one statement is the exception."""
    once = truth["answers"]["answers_per_answered_post"]
    return finding.message in ("turns.short", "turns.seldom") and holds(finding.values["mean"], once, within=0.001)


def adhered(finding: Finding, truth: Truth, told: Published) -> bool:
    """The same clauses were broken, and no other; a holding statement is asked for at the highest level alone."""
    table = pd.read_csv(told.folder / "tables" / "plan_adherence.csv", dtype=str, keep_default_na=False)
    roles = [role["role"] for role in yaml.safe_load(told.place.plan.read_text(encoding="utf-8"))["team"]]
    broken = {
        " ".join([row["id"], *(role for role in roles if role in row["clause"])])
        for row in table[table["verdict"] == "fail"].to_dict("records")
    }
    planted = set(truth["plan"]["broken"])
    unsaid = {"holding"} if not truth["plan"]["holding_statement_used"] else set()
    return planted <= broken <= planted | unsaid


def acted(finding: Finding, truth: Truth, told: Published) -> bool:
    plan = truth["plan"]
    late = {role for role in plan["convened_hours"] if f"convene {role}" in plan["broken"]}
    some = "plan.who.nobody" if late == set(plan["convened_hours"]) else "plan.who.missing"
    return finding.message == (some if late else "plan.who.all")


def aged(finding: Finding, truth: Truth, told: Published) -> bool:
    plan, values = truth["plan"], finding.values
    ages = (values["review"].value, values["training"].value)
    return finding.message == "plan.freshness.stale" and ages == (plan["review_age_days"], plan["training_age_days"])


LICENCES: dict[str, Check] = {
    "coverage.summary": collected,
    "subject.named": named,
    "volume.total": counted,
    "onset.peak": peaked,
    "onset.time": dated,
    "impact.mentions": added,
    "impact.placebo": out_of_the_ordinary,
    "authors.total": authors,
    "sentiment.unscored": all_scored,
    "causes.overrides": untouched,
    "replies.joins": joined,
    "response.statement": spoke,
    "response.steps": stepped,
    "private.turns": turns,
    "plan.adherence": adhered,
    "plan.who": acted,
    "plan.freshness": aged,
}
"""Finding → whether what it says is so by the truth: those that may be of certainty "high"."""


def test_what_is_certain_was_planted(told: Published) -> None:
    high = {name: finding for name, finding in told.findings.items() if finding.certainty == "high"}
    assert not set(high) - set(LICENCES), "nothing in truth.json licenses these"
    wrong = [(name, high[name].answer["en"]) for name in high if not LICENCES[name](high[name], told.truth, told)]
    assert not wrong


def altered(truth: Any) -> Any:
    """Another truth: every number, moment and verdict is a different one."""
    if isinstance(truth, dict):
        return {name: altered(value) for name, value in truth.items()}
    if isinstance(truth, list):
        return [altered(value) for value in truth]
    if isinstance(truth, str):
        moment = pd.to_datetime(truth, errors="coerce", utc=True)
        return truth if pd.isna(moment) else (moment + pd.Timedelta(days=3)).isoformat()
    return not truth if isinstance(truth, bool) or truth is None else truth * truth + 2


def test_a_licence_is_refused_where_the_truth_is_another(sample: Published) -> None:
    """All but that of what people wrote, which is read from the workspace."""
    other = altered(sample.truth) | {"plan": altered(sample.truth["plan"]) | {"broken": []}}
    other["times"]["window"] = other["times"]["window"][:1] * 2
    for name, licensed in LICENCES.items():
        if name in sample.findings and name != "causes.overrides":
            assert not licensed(sample.findings[name], other, sample), name


def test_a_level_of_sentiment_that_nobody_labelled_is_not_certain(told: Published) -> None:
    """Its interval holds what chance does to a sample, and misses the truth by what the scorer gets wrong."""
    for name in ("sentiment.negative", "sentiment.net"):
        assert told.findings[name].certainty == "medium"


def test_who_was_never_answered_is_told_apart_from_who_waits_for_no_answer(told: Published) -> None:
    """Conversations that a negative post began hold news and comments, which nobody answers; of the planted complaints
    among them as many were left unanswered as the truth says."""
    from analysis.questions.talks import case_states
    from analysis.runs import open_incident

    out = told.place.root.parent / "by-hand"
    case = open_incident(told.incident, notebook="3_how_we_answered", workspace=str(told.place.root), output=str(out))
    states = case_states(case).set_index("conversation")["state"]
    labels = pd.read_csv(SAMPLE / "archives" / "larkwheel-2025" / "truth_labels.csv", dtype=str).set_index("id")
    true = labels.reindex(states.index)
    planted = states[((true["origin"] == told.incident) & true["cause"].notna()).to_numpy(dtype=bool)]
    others = states[((true["origin"] == told.incident) & true["cause"].isna()).to_numpy(dtype=bool)]
    assert (planted == "unanswered").mean() == pytest.approx(1 - told.truth["answers"]["answered_share"], abs=0.03)
    assert (others == "unanswered").mean() > 0.9
