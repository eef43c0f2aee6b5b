"""Lessons follow from findings by written rules: each fires on what it names, and never on a refusal."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

from analysis import lessons, wording
from analysis.errors import InputError
from analysis.findings import Certainty, Finding
from analysis.incident import Incident
from analysis.lessons import DUE_DAYS, RULES, Rule, draw_up
from analysis.measures.estimate import Estimate, refused
from analysis.plan import Level, Plan, Role
from analysis.report.document import holdings

END = datetime(2025, 7, 18, tzinfo=UTC)
INCIDENT = Incident(id="a", title="A", archives=["a"], brand="Acme", report_languages=["en", "zh"])
PLAN = Plan(
    team=[Role(role="crisis lead", person="Ann"), Role(role="spokesperson", person="Bo")],
    levels=[Level(level=1, first_response_hours=1, first_statement_hours=3)],
)


def finding(
    identity: str,
    message: str,
    values: dict[str, Estimate] | None = None,
    facts: dict | None = None,
    certainty: Certainty = "high",
    **told: object,
) -> Finding:
    """A finding with its sentence, as a question would have made it; places that do not matter here hold a 7."""
    known = {**(values or {}), **told}
    sentences = (wording.catalogue(language)[message] for language in ("en", "zh"))
    places = {name.split(".")[0] for text in sentences for _, name, _, _ in Formatter().parse(text) if name}
    known |= {name: estimate(7.0, 7.0, 7.0, "count") for name in places - set(known)}
    answer = {language: wording.say(message, language, known) for language in ("en", "zh")}
    return Finding(
        identity, "1", identity.partition(".")[0], message, answer, values or {}, certainty=certainty, facts=facts or {}
    )


def estimate(value: float, low: float, high: float, unit: str = "share") -> Estimate:
    return Estimate(value, unit, 400, "Wilson", low, high)


DELAY = {"delay": estimate(14.5, 14.5, 14.5, "hours"), "promised": Estimate(3.0, "hours", 1, "plan.yml")}
NO_DELAY = {"delay": refused("hours", "no_actions", "actions.csv")}
JOINED = dict.fromkeys(
    ("brand_posts", "brand_with_parent", "brand_parent_held", "customer_openers", "customer_posts"), 7
)
BEFORE, DURING = estimate(0.3, 0.2, 0.4), estimate(0.8, 0.7, 0.9)


def answered(*bounds: float) -> Finding:
    shares = {"answered": estimate(*bounds), "within": estimate(0.1, 0.05, 0.2), "promised": DELAY["promised"]}
    return finding("replies.answered", "answered.share", shares)


def joins(message: str) -> Finding:
    return finding("replies.joins", message, certainty="refused", **JOINED)


def days(message: str, **values: Estimate) -> Finding:
    told = {"needed": Estimate(81.0, "days", 0, "baseline"), "have": Estimate(4.0, "days", 0, "baseline")}
    return finding("impact.mentions", message, {"effect": refused("count", "short_baseline"), **told, **values})


def scored(value: float, low: float, high: float) -> Finding:
    told = {"unscored": estimate(value, low, high)}
    return finding("sentiment.scorer", "sentiment.scorer", told, scorers="made-1")


CAUSES = finding(
    "causes.shares",
    "causes.named",
    {"top": estimate(0.31, 0.28, 0.34)},
    {"named": ["brake, lever", "refund"]},
    first="brake, lever",
    n=400,
    causes=6,
)
NO_ANSWERS = finding(
    "replies.answered",
    "answered.silence_not_provable",
    {"answered": refused("share", "silence_not_provable")},
    certainty="refused",
)

LAG = {
    "lag": estimate(7.7, 7.7, 7.7, "hours"),
    "noticed": Estimate("2025-07-09T09:40:00+00:00", "time", 1, "actions.csv"),
    "knowable": Estimate("2025-07-09T02:00:00+00:00", "time", 1, "alarm"),
}
NO_LAG = {"lag": refused("hours", "no_actions", "actions.csv")}

BARE = {"rate": estimate(0.4, 0.37, 0.43), "bare": estimate(0.89, 0.84, 0.93), "first": estimate(0.4, 0.37, 0.43)}
FOLLOWED = {"accepted": estimate(0.1, 0.05, 0.2), "closed": estimate(0.03, 0.01, 0.08)}
ENDED = {"low": estimate(0.6, 0.55, 0.65), "high": estimate(0.8, 0.75, 0.85)}
NO_END = {"low": refused("share", "openers_absent"), "high": refused("share", "openers_absent")}

FIT = {
    "high": estimate(0.1, 0.05, 0.2),
    "other": estimate(0.3, 0.2, 0.4),
    "difference": estimate(-0.2, -0.3, -0.1, "points"),
}
NO_PROMISE = {"adherence": refused("share", "no_plan", "plan.yml")}
KEPT = {"adherence": Estimate(0.5, "share", 12, "counted clauses")}
AGES = {"en": "the last review was long ago", "zh": "最近一次审阅在很久以前"}


def repeated(message: str, value: float, low: float, high: float) -> Finding:
    return finding("replies.templates", message, {"rate": estimate(value, low, high)})


NO_TEMPLATES = finding(
    "replies.templates", "templates.refused", {"rate": refused("share", "too_few")}, certainty="refused"
)
HELP = {
    "soon": Estimate(24.0, "hours", 1, "made"),
    "wait": estimate(30, 30, 30, "hours"),
    "fired": estimate(2, 2, 2, "count"),
}

AGAIN = {"name": {"en": "locks", "zh": "车锁"}, "earlier": "Spring", "asked_for": {"en": "See to it.", "zh": "检查。"}}
ANGRY = {"angry": estimate(0.12, 0.05, 0.19, "points")}
COURSE = {"tested": estimate(2, 2, 2, "count"), "steps": estimate(3, 3, 3, "count")}

SLOW = {"answered": estimate(0.6, 0.55, 0.65), "within": estimate(0.4, 0.35, 0.45), "promised": DELAY["promised"]}
BACK = {"back": estimate(89, 84, 142, "hours")}

FIRES: dict[str, list[Finding]] = {
    "passed_by_itself": [finding("course.effect", "course.not_distinguishable", COURSE, {"over": True})],
    "stayed_on_one": [finding("spread.jumps", "jumps.stayed", certainty="medium")],
    "joined_later": [
        finding("causes.trigger", f"trigger.{kind}_joined", {}, {"joined": "“late replies”"}, joined="“late replies”")
        for kind in ("carried", "together", "open")
    ],
    "answers_angered": [finding("matched.effect", "helped.angrier", ANGRY, certainty="low")],
    "bare_redirects": [finding("replies.redirects", "redirects.bare", BARE)],
    "loop_open": [finding("private.follow_through", "follow.told", FOLLOWED, certainty="low")],
    "solved_most": [finding("solved.states", "states.bounds", ENDED)],
    "statement_late": [finding("response.statement", "statement.late", DELAY)],
    "statement_in_time": [finding("response.statement", "statement.in_time", DELAY)],
    "few_answered": [answered(0.26, 0.24, 0.28), answered(0.0, 0.0, 0.01)],
    "most_answered": [answered(0.9, 0.85, 0.94)],
    "top_cause": [
        CAUSES,
        finding(
            "causes.shares", "causes.next", {"top": estimate(0.31, 0.28, 0.34)}, {"named": ["refund"]}, named="refund",
        ),
    ],
    "cause_grew": [
        finding(
            "causes.growth", "growth.grew", {"growth": estimate(8.3, 3.5, 20, "ratio")}, {"name": "brake, lever"},
            name="brake, lever", grown=2,
        )
    ],
    "recurring_cause": [
        finding(
            "causes.before", "there_before.recurring", {}, {"recurring": "“brake, lever”"}, recurring=1, windows="weeks"
        )
    ],
    "set_off": [finding("causes.trigger", "trigger.only", {}, {"named": "“brake, lever”"}, certainty="medium")],
    "noticed_late": [finding("alarm.lag", "lag.late", LAG)],
    "noticed_soon": [finding("alarm.lag", "lag.soon", LAG), finding("alarm.lag", "lag.before", LAG)],
    "only_buzz": [finding("verdict", "verdict.buzz", {"before": BEFORE, "during": BEFORE})],
    "no_action_log": [finding("timeline.events", "timeline.without_actions")],
    "collect_without_gaps": [finding("coverage.summary", "coverage.limited")],
    "collect_whole_threads": [
        joins(f"joins.{kind}") for kind in ("openers_absent", "sampled", "no_parent_ids", "unjoinable")
    ],
    "collect_own_posts": [joins("joins.no_brand_posts"), joins("joins.no_accounts")],
    "longer_baseline": [days("impact.short_baseline")],
    "much_unscored": [scored(0.4, 0.35, 0.45)],
    "agitated_unexplained": [finding("replies.arousal_fit", "arousal.less", FIT)],
    "backlog_grew": [finding("replies.backlog", "backlog.grew"), finding("replies.backlog", "backlog.grew_often")],
    "slow_nights": [finding("replies.when", "when.told", facts={"slow": ["night"]})],
    "fix_action_clock": [finding("response.steps", "steps.behind"), finding("response.steps", "steps.ahead")],
    "no_plan": [finding("plan.adherence", "plan.none", NO_PROMISE, certainty="refused")],
    "plan_breached": [
        finding(
            "plan.adherence", "plan.adherence.broken", KEPT, {"broken": {"en": "Training", "zh": "演练"}},
            named="Training",
        )
    ],
    "plan_stale": [finding("plan.freshness", "plan.freshness.stale", {}, {"ages": AGES}, ages=AGES)],
    "stock_answers": [repeated("templates.more", 0.5, 0.4, 0.6), repeated("templates.sampled", 0.5, 0.4, 0.6)],
    "own_words": [repeated("templates.steady", 0.05, 0.02, 0.09), repeated("templates.none", 0.0, 0.0, 0.05)],
    "help_not_called": [
        finding("outside.called", f"outside.called.{kind}", HELP) for kind in ("late", "missing", "nobody")
    ],
    "mixed_strategy": [finding("strategy.seen", f"strategy.seen.{kind}") for kind in ("turn", "mixed")],
    "thunder_stolen": [finding("strategy.thunder", "strategy.thunder.stolen", {"apart": DELAY["delay"]})],
    "repeated_open": [
        finding("pattern.repeated", f"patterns.repeated.{kind}", facts=AGAIN, action="Check the locks.")
        for kind in ("open", "overdue")
    ],
    "forewarned": [
        finding("causes.before", f"there_before.{kind}", {}, {"recurring": "", "rising": "brake, lever"})
        for kind in ("recurring", "none_recurring", "part_unknown")
    ],
    "contributed": [
        finding("causes.factors", f"factors.{kind}", {}, {"others": "“refund”, “staff”"}) for kind in ("told", "grew")
    ],
    "slow_answers": [finding("replies.answered", "answered.share", SLOW)],
    "sent_away": [finding("replies.redirects", "redirects.bare", BARE | {"rate": estimate(0.6, 0.55, 0.65)})],
    "passed_untouched": [finding("recovery.volume", "volume_back.back", BACK, {"untouched": True})],
}  # fmt: skip
"""Rule → findings on which it fires."""
SILENT: dict[str, list[Finding]] = {
    "passed_by_itself": [
        finding("course.effect", "course.not_distinguishable", COURSE, {"over": False}),
        finding("course.effect", "course.faster", COURSE, {"over": True}),
        finding("course.effect", "course.no_actions", certainty="refused"),
    ],
    "stayed_on_one": [finding("spread.jumps", "jumps.one_platform"), finding("spread.jumps", "jumps.told")],
    "joined_later": [
        finding("causes.trigger", "trigger.together"),
        finding("causes.trigger", "trigger.selected", certainty="refused"),
    ],
    "answers_angered": [
        finding("matched.effect", "helped.not_distinguishable"),
        finding("matched.effect", "helped.no_threads", {"angry": refused("points", "no_threads")}, certainty="refused"),
    ],
    "bare_redirects": [
        finding("replies.redirects", "redirects.bare", BARE | {"bare": estimate(0.52, 0.46, 0.58)}),
        finding("replies.redirects", "redirects.rate", {"bare": refused("share", "openers_absent")}),
    ],
    "loop_open": [
        finding("private.follow_through", "follow.told", FOLLOWED | {"closed": estimate(0.15, 0.08, 0.25)}),
        finding("private.follow_through", "follow.too_few", {"closed": refused("share", "too_few")}),
    ],
    "solved_most": [
        finding("solved.states", "states.refused", NO_END, certainty="refused"),
        finding("solved.states", "states.bounds", ENDED | {"low": estimate(0.5, 0.45, 0.55)}),
    ],
    "statement_late": [
        finding("response.statement", "statement.no_actions", NO_DELAY, certainty="refused"),
        finding("response.statement", "statement.no_onset", NO_DELAY, certainty="refused"),
        finding("response.statement", "statement.unclear", DELAY),
        finding("response.statement", "statement.no_plan", DELAY),
    ],
    "statement_in_time": [
        finding("response.statement", "statement.no_actions", NO_DELAY, certainty="refused"),
        finding("response.statement", "statement.unclear", DELAY),
    ],
    "few_answered": [NO_ANSWERS, answered(0.45, 0.38, 0.52), answered(0.9, 0.85, 0.94)],
    "most_answered": [NO_ANSWERS, answered(0.82, 0.78, 0.86), answered(0.2, 0.1, 0.3)],
    "top_cause": [
        finding("causes.shares", "causes.none", certainty="refused", n=3),
        finding("causes.shares", "causes.unstable", {"top": estimate(0.3, 0.2, 0.4)}, certainty="low", n=40, causes=3),
    ],
    "recurring_cause": [
        finding("causes.before", "there_before.unknown", certainty="refused"),
        finding("causes.before", "there_before.recurring", {}, {"recurring": ""}, names="“refund”"),
    ],
    "set_off": [
        finding("causes.trigger", "trigger.together", {}, {"named": "“brake, lever”"}),
        finding("causes.trigger", "trigger.no_rise", certainty="refused"),
    ],
    "cause_grew": [
        finding("causes.growth", "growth.no_baseline", certainty="refused"),
        finding("causes.growth", "growth.none"),
    ],
    "noticed_late": [
        finding("alarm.lag", "lag.no_actions", NO_LAG, certainty="refused"),
        finding("alarm.lag", "lag.soon", LAG),
    ],
    "noticed_soon": [
        finding("alarm.lag", "lag.no_alarm", {"lag": refused("hours", "no_spike")}, certainty="refused"),
        finding("alarm.lag", "lag.late", LAG),
    ],
    "only_buzz": [
        finding("verdict", "verdict.too_little_data", certainty="low"),
        finding("verdict", "verdict.no_spike", certainty="low"),
        finding("verdict", "verdict.crisis", {"before": BEFORE, "during": DURING}),
    ],
    "no_action_log": [finding("timeline.events", "timeline.with_actions", actions=3)],
    "collect_without_gaps": [finding("coverage.summary", "coverage.whole")],
    "collect_whole_threads": [joins("joins.whole"), joins("joins.no_brand_posts")],
    "collect_own_posts": [joins("joins.whole"), joins("joins.sampled")],
    "longer_baseline": [
        days("impact.not_seen"),
        days("impact.more", effect=estimate(9, 8, 10, "count")),
    ],
    "much_unscored": [scored(0.0, 0.0, 0.01), scored(0.11, 0.08, 0.14)],
    "agitated_unexplained": [
        finding("replies.arousal_fit", "arousal.same", FIT),
        finding("replies.arousal_fit", "arousal.more", FIT),
        finding(
            "replies.arousal_fit", "arousal.refused", {"difference": refused("points", "too_few")}, certainty="refused"
        ),
    ],
    "backlog_grew": [
        finding("replies.backlog", "backlog.steady"),
        finding("replies.backlog", "backlog.refused", certainty="refused"),
        finding("replies.backlog", "backlog.flows.grew", certainty="low"),
    ],
    "slow_nights": [
        finding("replies.when", "when.told", facts={"slow": []}),
        finding("replies.when", "when.refused", certainty="refused"),
    ],
    "fix_action_clock": [finding("response.steps", "steps.told"), finding("response.steps", "steps.no_actions")],
    "no_plan": [
        finding("plan.adherence", "plan.set_aside", NO_PROMISE, certainty="refused"),
        finding("plan.adherence", "plan.adherence.kept", KEPT),
    ],
    "plan_breached": [
        finding("plan.adherence", "plan.adherence.broken", KEPT, named="its age alone"),
        finding("plan.adherence", "plan.none", NO_PROMISE, certainty="refused"),
        finding("plan.adherence", "plan.adherence.kept", KEPT),
        finding("plan.adherence", "plan.adherence.unseen", NO_PROMISE, certainty="refused"),
    ],
    "plan_stale": [
        finding("plan.freshness", "plan.freshness.open", certainty="refused", ages="not written down"),
        finding("plan.freshness", "plan.freshness.fresh", ages="30 days"),
    ],
    "stock_answers": [NO_TEMPLATES, repeated("templates.steady", 0.35, 0.28, 0.42)],
    "own_words": [NO_TEMPLATES, repeated("templates.steady", 0.05, 0.02, 0.12)],
    "help_not_called": [
        finding("outside.called", "outside.called.in_time", HELP),
        finding("outside.called", "outside.called.not_needed", certainty="low"),
        finding("outside.called", "outside.called.no_actions", certainty="refused"),
    ],
    "mixed_strategy": [
        finding("strategy.seen", "strategy.seen.one_line"),
        finding("strategy.seen", "strategy.seen.nothing", certainty="refused"),
    ],
    "thunder_stolen": [
        finding("strategy.thunder", f"strategy.thunder.{kind}", certainty="medium")
        for kind in ("not", "was_there", "announced", "not_seen")
    ],
    "repeated_open": [
        *(
            finding("pattern.repeated", f"patterns.repeated.{kind}", facts=AGAIN)
            for kind in ("unknown", "dropped", "unasked", "closed")
        ),
        finding("pattern.repeated", "pattern.repeated.none"),
        finding("pattern.repeated", "pattern.repeated.unread", certainty="refused"),
    ],
    "forewarned": [
        finding("causes.before", "there_before.unknown", certainty="refused"),
        finding("causes.before", "there_before.recurring", {}, {"recurring": "“brake, lever”", "rising": ""}),
    ],
    "contributed": [
        finding("causes.factors", "factors.none_grew", certainty="low"),
        finding("causes.factors", "factors.told", {}, {"others": ""}),
    ],
    "slow_answers": [
        NO_ANSWERS,
        finding("replies.answered", "answered.share", SLOW | {"within": estimate(0.46, 0.4, 0.52)}),
        finding("replies.answered", "answered.unpromised", SLOW),
    ],
    "sent_away": [
        finding("replies.redirects", "redirects.bare", BARE | {"rate": estimate(0.52, 0.46, 0.58)}),
        finding("replies.redirects", "redirects.rate", {"rate": refused("share", "openers_absent")}),
    ],
    "passed_untouched": [
        finding("recovery.volume", "volume_back.back", BACK, {"untouched": False}),
        finding("recovery.volume", "volume_back.no_spike", certainty="refused"),
    ],
}  # fmt: skip
"""Rule → findings on which it says nothing: refused, undecided, or the contrary."""


def rules(cases: dict[str, list[Finding]]) -> list:
    return [pytest.param(rule, made, id=f"{rule.id}-{made.message}") for rule in RULES for made in cases[rule.id]]


def test_every_rule_is_tried() -> None:
    assert set(FIRES) == set(SILENT) == {rule.id for rule in RULES}
    assert all(FIRES.values())
    assert all(SILENT.values())


def test_rules_are_well_formed() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert (rule.group, rule.verdict) in {
            ("went_wrong", "change"),
            ("surprised", "change"),
            ("went_well", "keep"),
            ("lucky", "try"),
            ("not_known", "try"),
        }
        assert 1 <= rule.practice <= 6
        assert rule.findings
        assert (rule.kind is None) == (rule.verdict == "keep"), "what is kept asks for nothing"


@pytest.mark.parametrize(("rule", "made"), rules(FIRES))
def test_a_rule_fires_on_what_it_names(rule: Rule, made: Finding) -> None:
    (drawn,) = [lesson for lesson in draw_up([made], INCIDENT, PLAN, END) if lesson.id == rule.id]
    assert drawn.findings == list(rule.findings)
    assert made.id in drawn.findings
    assert set(drawn.title) == set(drawn.text) == {"en", "zh"}
    assert (drawn.follow_up is None) == (rule.kind is None)
    assert drawn.strength == ("refused" if rule.group == "not_known" else made.certainty)
    assert set(drawn.unless) == set(drawn.rule) == {"en", "zh"}


@pytest.mark.parametrize(("rule", "made"), rules(SILENT))
def test_a_rule_is_silent_where_its_finding_is_refused_or_undecided(rule: Rule, made: Finding) -> None:
    assert rule.id not in {lesson.id for lesson in draw_up([made], INCIDENT, PLAN, END)}


@pytest.mark.parametrize(("rule", "made"), rules(FIRES))
def test_a_lesson_states_no_number_that_its_finding_does_not_hold(rule: Rule, made: Finding) -> None:
    for language in ("en", "zh"):
        held = holdings([made], language, "UTC")[made.id]
        for lesson in draw_up([made], INCIDENT, PLAN, END):
            texts = [lesson.title[language], lesson.text[language]]
            texts += [lesson.follow_up.action[language]] if lesson.follow_up else []
            for number in re.findall(r"\d[\d.,]*", " ".join(texts)):
                assert number.rstrip(".,") in held, f"{lesson.id}: {number}"


@pytest.mark.parametrize(("rule", "made"), rules(FIRES))
def test_hostile_names_stay_names(rule: Rule, made: Finding) -> None:
    trick = "{growth.__class__} <b>"
    named = replace(made, facts={name: [trick] if name == "named" else trick for name in made.facts})
    for lesson in draw_up([named], INCIDENT, PLAN, END):
        text = " ".join([*lesson.title.values(), *lesson.text.values()])
        assert "class '" not in text
        assert "{" not in text.replace(trick, "")


def test_nothing_is_drawn_from_nothing() -> None:
    assert draw_up([], INCIDENT, PLAN, END) == []


def test_what_to_change_comes_first() -> None:
    unlike: dict[str, Finding] = {}
    for cases in FIRES.values():
        unlike.setdefault(cases[0].id, cases[0])
    verdicts = [lesson.verdict for lesson in draw_up(unlike.values(), INCIDENT, PLAN, END)]
    assert verdicts == sorted(verdicts, key=["change", "keep", "try"].index)
    assert set(verdicts) == {"change", "keep", "try"}


@pytest.mark.parametrize(
    ("kind", "due"), [("preventive", "2025-10-16"), ("responsive", "2025-08-17"), ("detective", "2025-09-16")]
)
def test_follow_ups_are_due_after_the_end_of_the_incident(kind: str, due: str) -> None:
    assert (datetime.fromisoformat(due).replace(tzinfo=UTC) - END).days == DUE_DAYS[kind]
    made = [found for rule in RULES if rule.kind == kind for found in FIRES[rule.id]]
    for found in made:
        for lesson in draw_up([found], INCIDENT, PLAN, END):
            if lesson.follow_up and lesson.follow_up.kind == kind:
                assert lesson.follow_up.due == due
                assert lesson.follow_up.owner in ("crisis lead", "spokesperson")
                assert lesson.follow_up.measure == lesson.findings[0]


def test_without_a_plan_a_follow_up_has_no_owner() -> None:
    for plan in (None, Plan()):
        (lesson,) = draw_up([CAUSES], INCIDENT, plan, END)
        assert lesson.follow_up is not None
        assert lesson.follow_up.owner == ""


def test_what_is_written_is_read_again_and_the_bytes_are_the_same(tmp_path: Path) -> None:
    drawn = draw_up([CAUSES, FIRES["most_answered"][0]], INCIDENT, PLAN, END)
    lessons.write(drawn, "a", tmp_path / "one.json")
    lessons.write(drawn, "a", tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert lessons.read(tmp_path / "one.json") == drawn
    (tmp_path / "old.json").write_text('{"schema": 0, "lessons": []}')
    with pytest.raises(InputError, match="schema 0, expected 1"):
        lessons.read(tmp_path / "old.json")


def test_a_statement_before_the_onset_is_no_speed_to_keep() -> None:
    """It may be the announcement that set the incident off."""
    early = {"delay": estimate(-3.0, -4.0, -3.0, "hours")}
    assert draw_up([finding("response.statement", "statement.before_onset", early)], INCIDENT, PLAN, END) == []


@pytest.mark.parametrize("message", ["verdict.buzz", "verdict.no_spike"])
def test_the_causes_of_what_was_no_crisis_are_nothing_to_prevent(message: str) -> None:
    calm = finding("verdict", message, {"before": BEFORE, "during": BEFORE})
    drawn = {lesson.id for lesson in draw_up([calm, CAUSES, *FIRES["cause_grew"]], INCIDENT, PLAN, END)}
    assert not {"top_cause", "cause_grew"} & drawn
