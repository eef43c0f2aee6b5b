"""The five sheets behind page one, a question each: what happened, why, our answer, what to do, what stays open.

They choose among findings and shorten them to their first sentences; each claim bears the number of its evidence, where
it stands in full. What was refused is named together at the foot of its sheet.
"""

from collections.abc import Iterable, Mapping, Sequence

from analysis.findings import Finding
from analysis.lessons import Lesson
from analysis.report import schema
from analysis.report.evidence import figure, table
from analysis.report.voice import Voice, opening, title_of

Found = Mapping[str, Finding]
Told = tuple[str, int]
"""A finding, and how many of its first sentences stand on the sheet."""

HAPPENED: tuple[Told, ...] = (
    *(("onset.time", 2), ("spread.first", 1), ("onset.peak", 1), ("spread.nodes", 2), ("spread.jumps", 1)),
    *(("impact.mentions", 1), ("severity.index", 2), ("severity.floors", 1)),
    *(("recovery.half_life", 1), ("onset.end", 1)),
)
CAUSED: tuple[Told, ...] = (
    *(("causes.shares", 1), ("causes.trigger", 2), ("causes.before", 2), ("causes.growth", 1)),
    *(("causes.costs", 2), ("coordination", 2)),
)
ANSWERED: tuple[Told, ...] = (
    *(("response.statement", 1), ("strategy.seen", 2), ("replies.answered", 1), ("replies.speed", 1)),
    *(("replies.backlog", 1), ("replies.redirects", 2), ("solved.states", 1), ("replies.templates", 1)),
    *(("course.effect", 1), ("matched.effect", 2)),
)
PLANNED: tuple[Told, ...] = (
    *(("plan.adherence", 3), ("plan.freshness", 1)),
    *(("alarm.knowable", 1), ("alarm.lag", 1), ("alarm.acted", 1)),
)
PATTERN: tuple[Told, ...] = (("pattern.repeated", 2), ("pattern.nearest", 3))
LEFT: tuple[Told, ...] = (("recovery.residual", 1), ("recovery.sentiment", 1), ("pattern.residual", 3))
HELP: tuple[Told, ...] = (("outside.triggers", 2), ("outside.called", 2))
RELIED: tuple[Told, ...] = (("sentiment.calibration", 2), ("replies.joins", 1), ("subject.named", 1))
MITIGATED: Mapping[Told, tuple[str, ...]] = {
    ("course.effect", 1): ("course.faster",),
    ("matched.effect", 2): ("helped.calmer", "helped.thanked"),
}
"""Findings that tell of something that made it smaller, with the messages by which they do."""
MOMENTS = 14
"""Rows of the timeline that a sheet has room for."""
FEW = 3
FACTORS = 6
ASKED = 10
DECISIONS = 3


def sheets(found: Found, lessons: Sequence[Lesson], cards: schema.Section, say: Voice) -> list[schema.Section]:
    """The sheets of a report; `cards` is the section in which its lessons stand in full."""
    made = [
        _sheet("happened", "section.1_what_happened", [*_timeline(found, say), *_briefs(HAPPENED, found, say)], say),
        _sheet("why", "section.2_why", _why(found, lessons, say), say),
        _sheet("answered", "section.3_how_we_answered", _answered(found, say), say),
        _sheet("actions", "section.4_lessons", _actions(found, cards, say), say),
        _sheet("open", "section.open", _open(found, lessons, cards, say), say),
    ]
    return [sheet for sheet in made if sheet.blocks]


def shown(sheets: Iterable[schema.Section], found: Found) -> set[str]:
    """The figures and whole tables that sheets and page one show: their evidence need not show them again."""
    names: set[str] = {f"figure:{found['volume.total'].figure.name}"} if found["volume.total"].figure else set()
    for sheet in sheets:
        for block in sheet.blocks:
            if isinstance(block, schema.Figure) and block.finding and (drawn := found[block.finding].figure):
                names.add(f"figure:{drawn.name}")
            whole = isinstance(block, schema.Table) and block.rows_total is None
            if isinstance(block, schema.Table) and whole and block.finding and (told := found[block.finding].table):
                names.add(f"table:{told.name}")
    return names


def _sheet(identity: str, title: str, blocks: list[schema.Block], say: Voice) -> schema.Section:
    return schema.Section(id=identity, title=say(title), sheet=True, blocks=blocks)


def _briefs(told: Iterable[Told], found: Found, say: Voice) -> list[schema.Block]:
    """What `told` says, and in a line of its own what of it the archive does not bear."""
    there = [(found[name], most) for name, most in told if name in found]
    items = [_brief(finding, most, say) for finding, most in there if finding.certainty != "refused"]
    blocks: list[schema.Block] = [schema.Briefs(kind="briefs", items=items)] if items else []
    if refused := [finding for finding, _ in there if finding.certainty == "refused"]:
        text = " · ".join(title_of(finding, say) for finding in refused)
        names = [finding.id for finding in refused]
        blocks.append(
            schema.Callout(kind="callout", tone="neutral", title=say("report.not_borne"), text=text, findings=names)
        )
    return blocks


def _brief(finding: Finding, sentences: int, say: Voice) -> schema.Brief:
    text = opening(finding.answer[say.language], say.language, sentences)
    return schema.Brief(term=title_of(finding, say), text=text, findings=[finding.id])


def _timeline(found: Found, say: Voice) -> list[schema.Block]:
    """The timeline; where it has few moments, before, during and after beside it."""
    told = found.get("timeline.events")
    rows = told.table.rows[say.language] if told and told.table else []
    blocks: list[schema.Block] = [table(told, say, MOMENTS)] if told and rows else []
    if len(rows) <= FEW and "phases.table" in found and found["phases.table"].figure:
        blocks.append(figure(found["phases.table"], say))
    return blocks


def _why(found: Found, lessons: Sequence[Lesson], say: Voice) -> list[schema.Block]:
    """Contributing factors, what made it smaller, luck, and what nobody expected."""
    helped = [
        _brief(found[name], most, say)
        for (name, most), messages in MITIGATED.items()
        if name in found and found[name].message in messages
    ]
    helped += [_of(lesson, say) for lesson in lessons if lesson.group == "went_well"]
    blocks = [*_factors(found, say), *_briefs(CAUSED, found, say)]
    for heading, items in (
        ("report.mitigators", helped),
        ("report.luck", [_of(lesson, say) for lesson in lessons if lesson.group == "lucky"]),
        ("report.surprises", [_of(lesson, say) for lesson in lessons if lesson.group == "surprised"]),
    ):
        blocks.append(schema.Heading(kind="heading", title=say(heading)))
        blocks += [schema.Briefs(kind="briefs", items=items)] if items else [_none(heading, say)]
    return blocks


def _factors(found: Found, say: Voice) -> list[schema.Block]:
    blocks: list[schema.Block] = []
    if "causes.shares" in found and found["causes.shares"].figure:
        blocks.append(figure(found["causes.shares"], say))
    factors, dated = found.get("causes.factors"), found.get("causes.trigger")
    # Where no beginning can be told, no part and no role can be, and the table would be dashes.
    known = dated is not None and dated.certainty != "refused"
    if known and factors and factors.table and factors.table.rows[say.language]:
        blocks.append(table(factors, say, FACTORS))
    return blocks


def _of(lesson: Lesson, say: Voice) -> schema.Brief:
    """A lesson as a claim: its first sentence under its title."""
    text = opening(lesson.text[say.language], say.language, 1)
    return schema.Brief(term=lesson.title[say.language], text=text, findings=lesson.findings)


def _none(heading: str, say: Voice) -> schema.Block:
    return schema.Paragraph(kind="paragraph", text=say(f"{heading}.none"), source="structure")


def _answered(found: Found, say: Voice) -> list[schema.Block]:
    blocks: list[schema.Block] = []
    if "replies.scorecard" in found and found["replies.scorecard"].figure:
        blocks.append(figure(found["replies.scorecard"], say))
    blocks += _briefs(ANSWERED, found, say)
    if planned := _briefs(PLANNED, found, say):
        blocks += [schema.Heading(kind="heading", title=say("report.plan")), *planned]
    return blocks


def _actions(found: Found, cards: schema.Section, say: Voice) -> list[schema.Block]:
    blocks: list[schema.Block] = []
    # That no earlier incident is known, or that none can be read, is said here in full.
    if pattern := [_brief(found[name], most, say) for name, most in PATTERN if name in found]:
        briefs = schema.Briefs(kind="briefs", items=pattern)
        blocks += [schema.Heading(kind="heading", title=say("report.pattern")), briefs]
    asks = [_ask(card) for card in _cards(cards) if card.follow_up]
    if asks:
        more = len(asks) - ASKED
        note = say("report.more_asked", {"more": more}) if more > 0 else ""
        heading = schema.Heading(kind="heading", title=say("report.asked"))
        blocks += [heading, schema.Asks(kind="asks", items=asks[:ASKED], note=note)]
    return blocks


def _cards(cards: schema.Section) -> list[schema.Lesson]:
    return [block for block in cards.blocks if isinstance(block, schema.Lesson)]


def _ask(card: schema.Lesson) -> schema.Ask:
    asked = card.follow_up.model_dump() if card.follow_up else {}
    return schema.Ask(number=card.number, lesson=card.title, tone=card.tone, findings=card.findings, **asked)


def _open(found: Found, lessons: Sequence[Lesson], cards: schema.Section, say: Voice) -> list[schema.Block]:
    blocks: list[schema.Block] = []
    for heading, told in (("report.left", LEFT), ("report.help", HELP)):
        part = _briefs(told, found, say)
        if heading == "report.left" and "causes.trigger" in found:
            part = [schema.Briefs(kind="briefs", items=[_secondary(found, lessons, say)]), *part]
        if part:
            blocks += [schema.Heading(kind="heading", title=say(heading)), *part]
    if decided := _decisions(lessons, cards, say):
        blocks += [schema.Heading(kind="heading", title=say("report.decisions")), decided]
    if relied := _briefs(RELIED, found, say):
        blocks += [schema.Heading(kind="heading", title=say("report.relied")), *relied]
    refused = [finding for finding in found.values() if finding.certainty == "refused"]
    message = "report.all_refused" if refused else "report.none_refused"
    text = say(message, {"refused": len(refused), "findings": len(found)})
    blocks.append(schema.Paragraph(kind="paragraph", text=text, source="run"))
    return blocks


def _secondary(found: Found, lessons: Iterable[Lesson], say: Voice) -> schema.Brief:
    """Whether something came on top that was no part of the beginning: a crisis within the crisis."""
    joined = next((lesson for lesson in lessons if lesson.id == "joined_later"), None)
    if joined:
        text = joined.title[say.language]
    elif found["causes.trigger"].certainty == "refused":
        text = say("report.secondary.unknown")
    else:
        text = say("report.secondary.none")
    return schema.Brief(term=say("report.secondary"), text=text, findings=["causes.trigger"])


def _decisions(lessons: Sequence[Lesson], cards: schema.Section, say: Voice) -> schema.Block | None:
    """What is to be decided first, each with who is to do it and by when."""
    by_title = {card.title: card for card in _cards(cards)}
    items = []
    for lesson in decisive(lessons)[:DECISIONS]:
        asked = by_title[lesson.title[say.language]].follow_up
        if asked:
            told = {"action": asked.action.rstrip(".。"), "owner": asked.owner}
            items.append(schema.Claim(text=say("report.decide", told), findings=lesson.findings, internal=True))
    return schema.Items(kind="list", items=items, source="plan") if items else None


def decisive(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Lessons to decide on first: changes on firm evidence, then what the archive leaves open, then weak evidence.

    The firmest come first, in the order of their rules among equals.
    """
    order = {"high": 0, "medium": 1, "refused": 2, "low": 3}
    asking = [lesson for lesson in lessons if lesson.verdict != "keep" and lesson.follow_up]
    return sorted(asking, key=lambda lesson: order[lesson.strength])
