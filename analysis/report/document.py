"""Findings and lessons → the Document: which of them stands where. It says nothing that no finding says."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Finding, by_id
from analysis.followups import FollowUp
from analysis.lessons import Lesson
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.report import appendix, body, evidence, schema
from analysis.report.first_page import first_page
from analysis.report.lessons_section import lessons_section
from analysis.report.voice import Voice, state_of
from analysis.style import numbers


def document(
    case: Case,
    findings: list[Finding],
    lessons: list[Lesson],
    followups: list[FollowUp],
    made: Mapping[str, Any],
    language: str,
    *,
    short: bool,
) -> schema.Document:
    """The report of a case in `language`; a short one where there is too little data for more."""
    found = by_id(findings)
    say = Voice(language, case.zone)
    today = pd.Timestamp(made["started"]).tz_convert(case.zone).date()
    cards = lessons_section(lessons, followups, case.languages[0], today, say)
    sheets = [] if short else body.sheets(found, lessons, cards, say)
    return schema.Document(
        language=language,  # type: ignore[arg-type]
        title=case.incident.titles.get(language, case.incident.title),  # type: ignore[call-overload]
        subtitle=say("report.subtitle_short" if short else "report.subtitle"),
        brand=case.incident.brand,
        period=numbers.interval(case.start.isoformat(), case.end.isoformat(), "time", language, case.zone),
        state=case.stamp.state,
        state_text=state_of(case, say),
        classification=say("report.classification"),
        generated=numbers.value(made["started"], "time", language, case.zone),
        zone=case.zone,
        labels=schema.Labels(**wording.group("label", language)),
        first_page=first_page(case, found, lessons, say, short),
        sections=[*sheets, *([cards] if lessons else [])],
        appendix=[
            appendix.reading(say),
            appendix.method(case, say),
            appendix.archives(made, say),
            appendix.manifest(made, say),
        ],
        evidence=evidence.entries(findings, body.shown(sheets, found), say),
    )


def holdings(findings: Iterable[Finding], language: str, zone: str) -> dict[str, str]:
    """Finding → every text that it holds in `language`: what the evidence lint looks numbers up in."""
    return {finding.id: held(finding, language, language, zone) for finding in findings}


def held(finding: Finding, told: str, language: str, zone: str) -> str:
    """Every text that a finding holds: its sentences in the language `told`, its values as `language` writes them."""
    texts = [finding.answer[told]]
    texts += [text for quote in finding.evidence for text in (quote.quote, quote.id)]
    for value in finding.values.values():
        texts += _shown(value, language, zone)
    if finding.figure:
        texts += [finding.figure.title[told], finding.figure.alt[told], *finding.figure.marks[told]]
    if finding.table:
        texts.append(finding.table.caption[told])
        texts += [cell for row in finding.table.rows[told] for cell in row]
    return "\n".join(texts)


def _shown(value: Estimate, language: str, zone: str) -> list[str]:
    """Every form in which a sentence or a key number may show an estimate."""
    forms = [numbers.value(value.n, "count", language)]
    for number in (value.value, value.low, value.high):
        if number is not None:
            forms.append(numbers.value(number, value.unit, language, zone))
    if value.low is not None or value.high is not None:
        forms.append(numbers.interval(value.low, value.high, value.unit, language, zone))
    return forms
