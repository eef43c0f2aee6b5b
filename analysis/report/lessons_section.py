"""The section of lessons: what to keep, change and try, what each asks for, and what became of that."""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from analysis.followups import FollowUp
from analysis.lessons import GROUPS, Lesson
from analysis.report import schema
from analysis.report.voice import Voice
from analysis.style import numbers

VERDICT_TONE: dict[str, schema.Tone] = {"keep": "good", "change": "bad", "try": "warning"}


def lessons_section(
    lessons: list[Lesson], followups: Iterable[FollowUp], written_in: str, today: date, say: Voice
) -> schema.Section:
    """`followups` as they are kept, in the language `written_in`; those of no lesson stand in a table at the end.

    `today` is the day on which an open one counts as overdue.
    """
    language, kept = say.language, {row.id: row for row in followups}
    blocks: list[schema.Block] = []
    group = ""
    for number, lesson in enumerate(sorted(lessons, key=lambda one: GROUPS.index(one.group)), start=1):
        if lesson.group != group:
            group = lesson.group
            blocks.append(schema.Heading(kind="heading", title=say(f"lesson_group.{group}")))
        blocks.append(
            schema.Lesson(
                kind="lesson",
                number=str(number),
                verdict=say(f"verdict_word.{lesson.verdict}"),
                title=lesson.title[language],
                text=lesson.text[language],
                practice=say(f"practice.{lesson.practice}"),
                strength=say(f"strength.{lesson.strength}"),
                unless=lesson.unless.get(language, ""),
                rule=lesson.rule.get(language, ""),
                tone=VERDICT_TONE[lesson.verdict],
                findings=lesson.findings,
                follow_up=_follow_up(lesson, kept.pop(lesson.id, None), written_in, today, say),
            )
        )
    if kept:
        blocks.append(_others(list(kept.values()), today, say))
    return schema.Section(id="lessons", title=say("section.lessons"), blocks=blocks)


def _follow_up(
    lesson: Lesson, row: FollowUp | None, written_in: str, today: date, say: Voice
) -> schema.FollowUp | None:
    asked = lesson.follow_up
    if not asked:
        return None
    language = say.language
    owner, due, action = asked.owner, asked.due, asked.action[language]
    if row is not None and row.touched:
        owner, due = row.owner, row.due
        action = action if row.action == asked.action[written_in] else row.action
    return schema.FollowUp(
        owner=owner or say("report.no_owner"),
        due=_day(due, say),
        kind=say(f"kind.{asked.kind}"),
        measure=say.either(f"title.{asked.measure}", "title.other"),
        action=action,
        state=_state(row, today, say) if row else "",
    )


def _others(rows: list[FollowUp], today: date, say: Voice) -> schema.Table:
    """Follow-ups that people added, and those that earlier runs asked for."""
    columns = ("label.action", "label.owner", "label.due", "label.followed")
    return schema.Table(
        kind="table",
        caption=say("table.other_followups"),
        columns=[schema.Column(label=say(name)) for name in columns],
        rows=[[row.action, row.owner or "–", _day(row.due, say) or "–", _state(row, today, say)] for row in rows],
        source="incident",
        file="followups.csv",
    )


def _day(due: str, say: Voice) -> str:
    return numbers.day(pd.Timestamp(due), say.language, year=True) if due else ""


def _state(row: FollowUp, today: date, say: Voice) -> str:
    told: Mapping[str, object] = {
        "on": _day(row.verified_on, say),
        "verification": row.verification,
        "note": row.note,
    }
    # What a run alone listed is nobody's delay yet.
    if row.touched and row.overdue(today):
        return say(f"followed.{row.state}.overdue")
    return say(f"followed.{row.state}", told)
