"""Findings → lessons and follow-ups, each naming the findings behind it.

A lesson is a written rule applied to findings: which message a finding bore, or how its interval lies against a
threshold. A rule says nothing where its finding was refused, unless the refusal itself is the lesson. What each rule
follows is said beside it; letters are sections of the measurement canon (definitions C1–C17).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis import findings as files
from analysis import followups, wording
from analysis.errors import InputError
from analysis.findings import Certainty, Finding, by_id
from analysis.incident import Incident
from analysis.plan import Plan
from analysis.questions.case import Case

SCHEMA = 1
DUE_DAYS = {"preventive": 90, "detective": 60, "responsive": 30}
"""Days after the incident's end by which a follow-up of each kind is due."""
FEW_ANSWERED, MOST_ANSWERED = 0.5, 0.8
MUCH_UNSCORED = 0.1
MOSTLY_BARE, FEW_CLOSED, MOST_SOLVED = 0.5, 0.2, 0.5
MUCH_REPEATED, HARDLY_REPEATED = 0.3, 0.1
FEW_IN_TIME, MOSTLY_SENT = 0.5, 0.5
"""Shares that most, that is more than half, would lie beyond: a promise that is broken more often than kept, and
answers of which the greater part is given elsewhere."""
GROUPS = ("went_wrong", "went_well", "lucky", "surprised", "not_known")
"""What a review after the fact sorts lessons into, as in aviation and site reliability (Beyer et al. 2016, chapter 15):
what went well and wrong, where we got lucky, what nobody expected; and what the archive leaves open."""
OWNERS: Mapping[int, tuple[str, ...]] = {
    1: ("monitor", "desk", "listening", "social", "监测", "舆情", "客服"),
    2: ("spokes", "communication", "press", "public relations", "发言", "公关", "传播"),
    3: ("lead", "director", "负责", "总指挥", "经理"),
    4: ("desk", "support", "service", "care", "客服"),
    5: ("operation", "product", "quality", "engineer", "运营", "产品", "质量"),
    6: ("lead", "director", "legal", "负责", "总指挥", "法务"),
}
"""By practice, words of the role in the plan whose work it is; the first role of the team where none is named so."""
Found = Mapping[str, Finding]


@dataclass(frozen=True)
class FollowUp:
    """What a lesson asks for. `measure` is the finding that is measured again to see whether it was done."""

    action: Mapping[str, str]
    owner: str
    due: str
    kind: Literal["preventive", "detective", "responsive"]
    measure: str


@dataclass(frozen=True)
class Lesson:
    """`group`: one of GROUPS; `strength`: that of the weakest finding behind it; `unless`: what would change it."""

    id: str
    group: str
    verdict: Literal["keep", "change", "try"]
    practice: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    strength: str
    findings: list[str] = field(default_factory=list)
    follow_up: FollowUp | None = None
    unless: Mapping[str, str] = field(default_factory=dict)
    rule: Mapping[str, str] = field(default_factory=dict)
    """By which rule it was drawn, with the source of the rule."""


@dataclass(frozen=True)
class Rule:
    """When `holds`, the lesson `id` is drawn from the findings it names first; `kind` is that of its follow-up."""

    id: str
    verdict: Literal["keep", "change", "try"]
    group: str
    practice: int
    findings: tuple[str, ...]
    kind: Literal["preventive", "detective", "responsive"] | None
    holds: Callable[[Found], bool]


def _said(finding: str, *messages: str) -> Callable[[Found], bool]:
    return lambda found: finding in found and found[finding].message in messages


def _blamed(finding: str, *messages: str) -> Callable[[Found], bool]:
    """As `_said`, where the incident was about blame for us: the causes of a buzz are nothing to prevent."""
    calm = _said("verdict", "verdict.buzz", "verdict.relief", "verdict.no_spike", "verdict.elsewhere")
    return lambda found: _said(finding, *messages)(found) and not calm(found)


def _above(finding: str, value: str, threshold: float) -> Callable[[Found], bool]:
    """The whole interval lies above the threshold."""
    return lambda found: _bound(found, finding, value, "low") > threshold


def _below(finding: str, value: str, threshold: float) -> Callable[[Found], bool]:
    return lambda found: _bound(found, finding, value, "high") < threshold


def _slow(finding: str) -> Callable[[Found], bool]:
    """Whether a time of the day or week was surely slower."""
    return lambda found: finding in found and bool(found[finding].facts.get("slow"))


def _bound(found: Found, finding: str, value: str, side: str) -> float:
    """A bound of an estimate; NaN, which no comparison holds for, where there is none."""
    estimate = found[finding].values.get(value) if finding in found else None
    bound = getattr(estimate, side) if estimate and estimate.value is not None else None
    return float(bound) if bound is not None else float("nan")


RULES = (
    # After Freshfields' survey (C8): the first meaningful statement took 21 hours on average; the plan decides.
    Rule("statement_late", "change", "went_wrong", 2, ("response.statement",), "responsive",
         _said("response.statement", "statement.late")),
    # A statement before the onset is no speed to keep: it may be what set the incident off.
    Rule("statement_in_time", "keep", "went_well", 2, ("response.statement",), None,
         _said("response.statement", "statement.in_time")),
    # C8: who is never answered is the larger harm; mean times of the answered hide it.
    Rule("few_answered", "change", "went_wrong", 2, ("replies.answered",), "responsive",
         _below("replies.answered", "answered", FEW_ANSWERED)),
    Rule("most_answered", "keep", "went_well", 2, ("replies.answered",), None,
         _above("replies.answered", "answered", MOST_ANSWERED)),
    # C1: what a crisis is about, said by those who complained, is where prevention starts.
    Rule("top_cause", "change", "went_wrong", 5, ("causes.shares",), "preventive",
         _blamed("causes.shares", "causes.named", "causes.next", "causes.words")),
    Rule("cause_grew", "change", "went_wrong", 5, ("causes.growth",), "preventive",
         _blamed("causes.growth", "growth.grew", "growth.new")),
    # C1: a recurring complaint that becomes a crisis had been a warning.
    Rule("recurring_cause", "change", "went_wrong", 5, ("causes.before",), "preventive",
         lambda found: _blamed("causes.before", "there_before.recurring")(found)
         and bool(found["causes.before"].facts.get("recurring"))),
    # C1 again: a complaint that rises month by month is a warning before it recurs.
    Rule("forewarned", "change", "went_wrong", 5, ("causes.before",), "preventive",
         lambda found: _blamed("causes.before", "there_before.recurring", "there_before.none_recurring",
                               "there_before.part_unknown")(found)
         and bool(found["causes.before"].facts.get("rising"))),
    # C1: contributing factors are several; to name the largest alone leaves the others where they are.
    Rule("contributed", "change", "went_wrong", 5, ("causes.factors",), "preventive",
         lambda found: _blamed("causes.factors", "factors.told", "factors.grew")(found)
         and bool(found["causes.factors"].facts.get("others"))),
    # What came first and is told apart from what followed is where prevention starts; together is no order.
    Rule("set_off", "change", "went_wrong", 5, ("causes.trigger",), "preventive",
         _blamed("causes.trigger", "trigger.set_off", "trigger.only")),
    # C8: what could have been known and was not noticed is time lost before anything else begins.
    Rule("noticed_late", "change", "went_wrong", 1, ("alarm.lag",), "detective", _blamed("alarm.lag", "lag.late")),
    Rule("noticed_soon", "keep", "went_well", 1, ("alarm.lag",), None, _blamed("alarm.lag", "lag.soon", "lag.before")),
    # C2 (paracrisis): attention without a rise of blame needs watching, not a crisis team.
    Rule("only_buzz", "keep", "went_well", 1, ("verdict",), None, _said("verdict", "verdict.buzz", "verdict.relief")),
    # What an archive cannot bear is refused; collecting better is the remedy.
    Rule("collect_without_gaps", "try", "not_known", 1, ("coverage.summary",), "detective",
         _said("coverage.summary", "coverage.limited")),
    Rule("collect_whole_threads", "try", "not_known", 5, ("replies.joins",), "detective",
         _said("replies.joins", "joins.openers_absent", "joins.answered_only", "joins.sampled", "joins.no_parent_ids",
               "joins.unjoinable")),
    Rule("collect_own_posts", "try", "not_known", 5, ("replies.joins",), "detective",
         _said("replies.joins", "joins.no_brand_posts", "joins.no_accounts")),
    Rule("longer_baseline", "try", "not_known", 1, ("impact.mentions",), "detective",
         _said("impact.mentions", "impact.short_baseline")),
    Rule("much_unscored", "try", "not_known", 1, ("sentiment.scorer",), "detective",
         _above("sentiment.scorer", "unscored", MUCH_UNSCORED)),
    # C14: what was done cannot be held against a plan when it was not written down.
    Rule("no_action_log", "try", "not_known", 3, ("timeline.events",), "detective",
         _said("timeline.events", "timeline.without_actions")),
    # C9, after Herhausen 2019: to posts of high arousal, explanations kept firestorms smaller than apologies did.
    Rule("agitated_unexplained", "change", "went_wrong", 2, ("replies.arousal_fit",), "responsive",
         _said("replies.arousal_fit", "arousal.less")),
    # C15: arrivals above replies for six hours is a trigger to call in more people.
    Rule("backlog_grew", "change", "went_wrong", 2, ("replies.backlog",), "responsive",
         _said("replies.backlog", "backlog.grew", "backlog.grew_often")),
    # C8: who is answered after the promised time was promised something else; the unanswered count as late.
    Rule("slow_answers", "change", "went_wrong", 2, ("replies.answered",), "responsive",
         lambda found: _said("replies.answered", "answered.share")(found)
         and _below("replies.answered", "within", FEW_IN_TIME)(found)),
    # C8: a promise of hours holds by night too; who writes then and waits longer was not promised less.
    Rule("slow_nights", "change", "went_wrong", 2, ("replies.when",), "responsive", _slow("replies.when")),
    # C8: every delay rests on the log's clock; a log of another zone bears none.
    Rule("fix_action_clock", "try", "not_known", 3, ("response.steps",), "detective",
         _said("response.steps", "steps.behind", "steps.ahead")),
    # C12 (after He, Lee & Rui): customers prefer the public voice; sent away without a word, they feel unheard.
    Rule("bare_redirects", "change", "went_wrong", 4, ("replies.redirects",), "responsive",
         _above("replies.redirects", "bare", MOSTLY_BARE)),
    # C12: customers prefer the public voice, and who reads along learns nothing from an answer given elsewhere.
    Rule("sent_away", "change", "went_wrong", 4, ("replies.redirects",), "responsive",
         _above("replies.redirects", "rate", MOSTLY_SENT)),
    # C12: who saw the complaint should see its end; a private settlement that nobody sees repairs no reputation.
    Rule("loop_open", "change", "went_wrong", 4, ("private.follow_through",), "responsive",
         _below("private.follow_through", "closed", FEW_CLOSED)),
    # C13: the lower bound alone, so that nothing unknown is praised.
    Rule("solved_most", "keep", "went_well", 2, ("solved.states",), None,
         _above("solved.states", "low", MOST_SOLVED)),
    # C14: what nobody promised cannot be kept; without a plan the audit has nothing to ask.
    Rule("no_plan", "try", "not_known", 3, ("plan.adherence",), "preventive", _said("plan.adherence", "plan.none")),
    # C14: adherence; a breach says that work and plan part, not which of them is wrong.
    Rule("plan_breached", "change", "went_wrong", 3, ("plan.adherence",), "responsive",
         lambda found: _blamed("plan.adherence", "plan.adherence.broken")(found)
         and "broken" in found["plan.adherence"].facts),
    # C14: reviewed and trained within a year.
    Rule("plan_stale", "change", "went_wrong", 3, ("plan.freshness",), "preventive",
         _said("plan.freshness", "plan.freshness.stale")),
    # C10: individual answers do better than routinised ones (Decock et al. 2020); the thresholds are ours.
    Rule("stock_answers", "change", "went_wrong", 2, ("replies.templates",), "responsive",
         _above("replies.templates", "rate", MUCH_REPEATED)),
    Rule("own_words", "keep", "went_well", 2, ("replies.templates",), None,
         _below("replies.templates", "rate", HARDLY_REPEATED)),
    # C15: a trigger that stands by itself and finds nobody in the log is what an escalation matrix is there for.
    Rule("help_not_called", "change", "went_wrong", 6, ("outside.called",), "responsive",
         _said("outside.called", "outside.called.late", "outside.called.missing", "outside.called.nobody")),
    # C3: to deny beside diminishing or rebuilding wears down both (a guideline of SCCT).
    Rule("mixed_strategy", "change", "went_wrong", 2, ("strategy.seen",), "responsive",
         _said("strategy.seen", "strategy.seen.turn", "strategy.seen.mixed")),
    # C3 (stealing thunder): harm is smaller where the organisation discloses it itself.
    Rule("thunder_stolen", "keep", "went_well", 2, ("strategy.thunder",), None,
         _said("strategy.thunder", "strategy.thunder.stolen")),
    # Got lucky: what ended without our doing will not end so next time.
    Rule("passed_by_itself", "try", "lucky", 5, ("course.effect",), "preventive",
         lambda found: _blamed("course.effect", "course.not_distinguishable")(found)
         and bool(found["course.effect"].facts.get("over"))),
    # The same, where there is no step to test: nothing was said or given in public once mentions had risen.
    Rule("passed_untouched", "try", "lucky", 5, ("recovery.volume",), "preventive",
         lambda found: _blamed("recovery.volume", "volume_back.back")(found)
         and bool(found["recovery.volume"].facts.get("untouched"))),
    Rule("stayed_on_one", "try", "lucky", 1, ("spread.jumps",), "preventive", _blamed("spread.jumps", "jumps.stayed")),
    # Surprised: what was no part of the beginning was brought about on the way, often by the answer itself.
    Rule("joined_later", "change", "surprised", 5, ("causes.trigger",), "preventive",
         _blamed("causes.trigger", "trigger.carried_joined", "trigger.together_joined", "trigger.open_joined")),
    # C7: who is answered should be calmer than who still waits; where it is the other way, the answers are read.
    Rule("answers_angered", "change", "surprised", 2, ("matched.effect",), "responsive",
         _said("matched.effect", "helped.angrier")),
    # C16 (follow-through): an incident that repeats while what was asked for about its cause is open is a headline.
    Rule("repeated_open", "change", "went_wrong", 5, ("pattern.repeated",), "preventive",
         _blamed("pattern.repeated", "patterns.repeated.overdue", "patterns.repeated.open")),
)  # fmt: skip


def draw_up(findings: Iterable[Finding], incident: Incident, plan: Plan | None, end) -> list[Lesson]:
    """The lessons that `findings` bear out, by RULES, in their order: change first, then keep, then try.

    Within a verdict they stand in the order of GROUPS. Follow-ups are due counted from `end`, the incident's end (UTC);
    their owner is the role of the plan whose work it is (OWNERS).
    """
    found = by_id(findings)
    drawn = [_lesson(rule, found, incident, _owner(rule.practice, plan), end) for rule in RULES if rule.holds(found)]
    order = {"change": 0, "keep": 1, "try": 2}
    return sorted(drawn, key=lambda lesson: (order[lesson.verdict], GROUPS.index(lesson.group)))


def _owner(practice: int, plan: Plan | None) -> str:
    """The first role of the team that is named for such work, else its first role; "" without a team."""
    if plan is None or not plan.team:
        return ""
    fit = (role.role for role in plan.team if any(word in role.role.casefold() for word in OWNERS[practice]))
    return next(fit, plan.team[0].role)


def _lesson(rule: Rule, found: Found, incident: Incident, owner: str, end) -> Lesson:
    languages, first = incident.report_languages, found[rule.findings[0]]
    values: dict[str, object] = {**first.values, **{k: v for k, v in first.facts.items() if isinstance(v, (str, dict))}}
    named = first.facts.get("named")
    if isinstance(named, list) and named:
        values["named"] = named[0]

    def say(part: str) -> dict[str, str]:
        message = f"lesson.{rule.id}.{part}"
        return {language: wording.say(message, language, values, incident.time_zone) for language in languages}

    follow_up = None
    if rule.kind:
        due = (end + timedelta(days=DUE_DAYS[rule.kind])).date().isoformat()
        follow_up = FollowUp(say("action"), owner, due, rule.kind, rule.findings[0])
    strength = "refused" if rule.group == "not_known" else _weakest(found[name] for name in rule.findings)
    return Lesson(
        rule.id,
        rule.group,
        rule.verdict,
        rule.practice,
        say("title"),
        say("text"),
        strength,
        list(rule.findings),
        follow_up,
        say("unless"),
        say("rule"),
    )


def _weakest(findings: Iterable[Finding]) -> str:
    order: tuple[Certainty, ...] = ("high", "medium", "low", "refused")
    return max((finding.certainty for finding in findings), key=order.index)


def followed(case: Case, lessons: Iterable[Lesson]) -> list[followups.FollowUp]:
    """What `lessons` ask for, merged into what followups.csv holds; nothing that people wrote is changed."""
    language = case.languages[0]
    asked = [
        followups.asked(lesson.id, told.action[language], told.owner, told.due, told.kind, told.measure)
        for lesson in lessons
        if (told := lesson.follow_up)
    ]
    return followups.merged(case.followups, asked)


def write(lessons: Iterable[Lesson], incident: str, path: Path) -> None:
    """Write lessons in the order given."""
    body = {"schema": SCHEMA, "incident": incident, "lessons": [asdict(lesson) for lesson in lessons]}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path) -> list[Lesson]:
    """The lessons in `path`; InputError where they are of another schema."""
    body = json.loads(path.read_text(encoding="utf-8"))
    if body["schema"] != SCHEMA:
        raise InputError(f"{path}: schema {body['schema']!r}, expected {SCHEMA}. Run the incident again.")
    lessons = [Lesson(**item) for item in body["lessons"]]
    return [
        replace(lesson, follow_up=FollowUp(**lesson.follow_up)) if isinstance(lesson.follow_up, dict) else lesson
        for lesson in lessons
    ]


class Shown(list):
    """Lessons as a notebook cell shows them."""

    def __init__(self, lessons: Iterable[Lesson], language: str, lines: Callable[[Lesson], str]) -> None:
        super().__init__(lessons)
        self._language, self._lines = language, lines

    def _repr_html_(self) -> str:
        return "<ul>" + "".join(f"<li>{escape(self._lines(lesson))}</li>" for lesson in self) + "</ul>"


def verdicts(case: Case) -> Shown:
    """What to keep, change and try, from the findings that notebooks 1 to 3 wrote and those of the cells before."""
    language = case.languages[0]
    return Shown(_drawn(case), language, lambda lesson: f"{lesson.title[language]} – {lesson.text[language]}")


def follow_ups(case: Case) -> pd.DataFrame:
    """Who does what, by when, and what became of it: DataFrame[action, owner, due, kind, state, note], as kept."""
    rows = followed(case, _drawn(case))
    columns = ["action", "owner", "due", "kind", "state", "note"]
    return pd.DataFrame([{name: getattr(row, name) for name in columns} for row in rows], columns=columns)


def save(case: Case) -> Path:
    """Write the lessons, and the findings of the cells before them; return the file of lessons."""
    case.save()
    path = case.output / "lessons.json"
    write(_drawn(case), case.incident.id, path)
    return path


def _drawn(case: Case) -> list[Lesson]:
    parts = [files.read(path) for path in sorted((case.output / "findings").glob("[1-3]_*.json"))]
    if not parts:
        raise InputError(f"{case.output / 'findings'}: no findings. Run notebooks 1 to 3 first, with the same output.")
    own = [answer.finding for answer in case.answers]
    return draw_up(files.merge([*parts, own]), case.incident, case.plan, case.window.end)
