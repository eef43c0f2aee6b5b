"""The external edition: a report as it may leave the organisation, redacted by rule, and it says by which.

What is not allowed is left out: a finding, table or figure that is new to the report stays internal until it is named
here. Verbatim mentions are left out since a search for them finds their authors.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.incident import ACTION_KINDS, PUBLIC_KINDS
from analysis.questions.what_happened import LISTED, PUBLIC_CHART
from analysis.report import clean, schema
from analysis.report.voice import Voice

PUBLIC = (
    *("coverage", "subject", "relevance", "volume", "onset", "verdict", "severity", "alarm.knowable", "impact"),
    *("authors", "sentiment", "target", "engagement", "reach", "reputation", "spread.first", "spread.jumps"),
    *("phases", "timeline", "recovery", "causes", "cause", "complaints", "reproach"),
    *("replies.joins", "replies.speed", "replies.answered", "replies.redirects", "replies.scorecard"),
    *("response.statement", "solved.states", "course.effect", "matched.effect"),
)
"""Findings that may leave the organisation: these ids, and those that begin with one of them and a dot."""
TABLES = (
    *("alarm", "severity", "phases", "timeline", "causes", "coverage", "impact", "voice", "rates", "concentration"),
    *("jumps", "waves", "residual", "matched", "cause_families", "speed", "factors"),
)
"""Tables without authors, single posts or words of agents."""
MARKED = ("recovery.half_life", "course.effect")
"""Findings whose figures bear what the action log says."""
RULES = ("quotes", "log", "plan", "people", "files", "detail")


@dataclass
class _Count:
    """What was left out so far."""

    quotes: int = 0
    tables: int = 0
    findings: set[str] = field(default_factory=set)
    lessons: int = 0


def is_public(finding: str) -> bool:
    return any(finding == name or finding.startswith(f"{name}.") for name in PUBLIC)


def external(document: schema.Document, kinds: Sequence[str], say: Voice) -> schema.Document:
    """`document` without what is internal, and with a section on what was left out, by rule and number.

    Entries of the evidence keep their numbers, so that both editions can be read side by side. `kinds` are the kinds of
    the steps on the chart of page one, in order: internal ones are taken off it, and off the timeline.
    """
    left = _Count(findings={entry.finding for entry in document.evidence if not is_public(entry.finding)})
    first, state = document.first_page, say(f"edition.state.{document.state}")
    chart = first.figure and _chart(first.figure, kinds, say)
    page = first.model_copy(
        update={
            "status": [
                one.model_copy(update={"text": state}) if one.text == document.state_text else one
                for one in first.status
                if _allowed(one.findings)
            ],
            "paragraph": [one for one in first.paragraph if _allowed(one.findings)],
            "decision": None,
            "numbers": [one for one in first.numbers if is_public(one.finding)],
            "figure": chart,
        }
    )
    sections = [_section(section, left, say) for section in document.sections]
    evidence = [
        entry.model_copy(update={"mentions": "", "blocks": _blocks(entry.blocks, left, say)})
        for entry in document.evidence
        if is_public(entry.finding)
    ]
    appendix = [section for section in document.appendix if section.source != "manifest"]
    redacted = document.model_copy(
        update={
            "classification": say("edition.external"),
            "state_text": state,
            "first_page": page,
            "sections": [section for section in sections if section.blocks],
            "evidence": evidence,
            "appendix": [*appendix, _told(left, say)],
        }
    )
    return _without_files(redacted, document, say)


def _without_files(redacted: schema.Document, whole: schema.Document, say: Voice) -> schema.Document:
    """No name of a file that was read, wherever a limit of the collection tells of it."""
    tables = [
        block
        for section in whole.appendix
        if section.source == "manifest"
        for block in section.blocks
        if isinstance(block, schema.Table)
    ]
    read = {row[0].split(": ", 1)[-1] for block in tables for row in block.rows if ": " in row[0]}
    if not read:
        return redacted
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(read, key=len, reverse=True)))
    return clean.strings(redacted, lambda _, text: named.sub(say("edition.file"), text))


def _allowed(findings: Iterable[str]) -> bool:
    return all(is_public(name) for name in findings)


def _section(section: schema.Section, left: _Count, say: Voice) -> schema.Section:
    blocks = _blocks(section.blocks, left, say)
    headed = zip(blocks, [*blocks[1:], None], strict=True)
    return section.model_copy(
        update={
            "blocks": [
                block
                for block, following in headed
                if not isinstance(block, schema.Heading)
                or not (following is None or isinstance(following, schema.Heading))
            ]
        }
    )


def _blocks(blocks: Iterable[schema.Block], left: _Count, say: Voice) -> list[schema.Block]:
    kept = (_block(block, left, say) for block in blocks)
    return [block for block in kept if block is not None]


def _block(block: schema.Block, left: _Count, say: Voice) -> schema.Block | None:
    """The block as it may leave the organisation; None where nothing of it may."""
    match block:
        case schema.Quotes():
            left.quotes += len(block.items)
            return None
        case schema.Table():
            return _table(block, left, say)
        case schema.Figure():
            return block if block.finding and is_public(block.finding) and block.finding not in MARKED else None
        case schema.Briefs():
            claims = [item for item in block.items if _allowed(item.findings)]
            return block.model_copy(update={"items": claims}) if claims else None
        case schema.Asks():
            asked = [
                item.model_copy(update={"owner": "", "state": ""}) for item in block.items if _allowed(item.findings)
            ]
            return block.model_copy(update={"items": asked, "note": ""}) if asked else None
        case schema.Lesson():
            if not _allowed(block.findings):
                left.lessons += 1
                return None
            ask = block.follow_up and block.follow_up.model_copy(update={"owner": "", "state": ""})
            return block.model_copy(update={"follow_up": ask})
        case schema.Items():
            items = [item for item in block.items if _allowed(item.findings) and not item.internal]
            return block.model_copy(update={"items": items}) if items else None
        case schema.Heading():
            return block
        case _:
            return block if _allowed(block.findings) else None


def _table(block: schema.Table, left: _Count, say: Voice) -> schema.Table | None:
    name = block.file.removeprefix("tables/").removesuffix(".csv")
    if not (block.finding and is_public(block.finding) and name in TABLES):
        left.tables += 1
        return None
    if name == "timeline":
        block = _without_log(block, say)
    return block.model_copy(update={"file": ""})


def _without_log(block: schema.Table, say: Voice) -> schema.Table:
    """The timeline without internal steps, and without what the action log says of the others."""
    hidden = {say(f"action.{kind}") for kind in ACTION_KINDS if kind not in PUBLIC_KINDS}
    labels = [column.label for column in block.columns]
    kept = [at for at, label in enumerate(labels) if label != say("column.detail")]
    rows = [row for row in block.rows if not hidden & set(row[: labels.index(say("column.what")) + 1])]
    return block.model_copy(
        update={
            "columns": [block.columns[at] for at in kept],
            "rows": [[row[at] for at in kept] for row in rows],
            "rows_total": None,
        }
    )


def _chart(figure: schema.Picture, kinds: Sequence[str], say: Voice) -> schema.Picture:
    """The chart of page one with public steps alone; as it is where it bears no others."""
    public = [kind for kind in kinds if kind in PUBLIC_KINDS]
    if len(public) == len(kinds):
        return figure
    path = figure.path.replace("figures/timeline.", f"figures/{PUBLIC_CHART}.")
    marks = [f"{number} {say(f'action.{kind}')}" for number, kind in enumerate(public, start=1)]
    caption = say("report.marks", {"marks": " · ".join(marks)}) if len(public) > LISTED else ""
    return figure.model_copy(update={"path": path, "caption": caption or say("edition.chart")})


def _told(left: _Count, say: Voice) -> schema.Section:
    """What was left out, by which rule."""
    told = {
        "quotes": left.quotes,
        "tables": left.tables,
        "findings": len(left.findings),
        "lessons": left.lessons,
    }
    items = [schema.Claim(text=say("edition.counted", told))]
    items += [schema.Claim(text=say(f"edition.rule.{rule}")) for rule in RULES]
    return schema.Section(
        id="redacted",
        title=say("edition.title"),
        source="structure",
        blocks=[schema.Items(kind="list", items=items, source="structure")],
    )
