"""Findings and lessons → the Document: which of them stands where. It says nothing that no finding says."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Drawing, Finding, by_id
from analysis.lessons import Lesson
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.report import schema
from analysis.style import numbers

PARAGRAPH = ("verdict", "onset.time", "impact.mentions", "causes.shares", "response.statement", "replies.answered")
"""The findings that the first page's paragraph is made of, in this order; those absent are passed over."""
NUMBERS = ("volume.total", "sentiment.negative", "sentiment.net", "response.statement", "replies.speed")
HEADLINE = {"response.statement": "delay", "replies.speed": "median"}
"""Which value of a finding is its headline, where it is not the one called `during`."""
NOTEBOOKS = ("1_what_happened", "2_why", "3_how_we_answered")
PRINTED_TABLES = ("phases", "timeline", "causes", "coverage")
"""Tables that are printed; the others stand in the CSV files beside the report."""
CUT = ("daily_cap", "fixed_quota", "row_limit")
"""Limits that cut posts off: where they concern the incident, nothing about it is whole."""
ROOM = 330
"""Characters that the first page has for what the archive cannot bear."""
VERDICT_TONE: dict[str, schema.Tone] = {"keep": "good", "change": "bad", "try": "warning"}


def document(
    case: Case, findings: list[Finding], lessons: list[Lesson], made: Mapping[str, Any], language: str, *, short: bool
) -> schema.Document:
    """The report of a case in `language`; a short one where there is too little data for more."""
    found = by_id(findings)
    say = _Voice(language, case.zone)
    window = numbers.interval(case.start.isoformat(), case.end.isoformat(), "time", language, case.zone)
    sections = [_section(name, findings, say, short) for name in NOTEBOOKS]
    if lessons:
        sections.append(_lessons(lessons, say))
    return schema.Document(
        language=language,  # type: ignore[arg-type]
        title=case.incident.title,
        subtitle=say("report.subtitle_short" if short else "report.subtitle"),
        brand=case.incident.brand,
        period=window,
        state=case.incident.state,
        state_text=_state(case, say),
        classification=say("report.classification"),
        generated=numbers.value(made["started"], "time", language, case.zone),
        zone=case.zone,
        labels=schema.Labels(**wording.group("label", language)),
        first_page=_first_page(case, found, lessons, say, short),
        sections=[section for section in sections if section.blocks],
        appendix=[_reading(say), _method(case, say), _archives(made, say), _manifest(made, say)],
        evidence=[_evidence(number, finding, say) for number, finding in enumerate(findings, start=1)],
    )


def holdings(findings: Iterable[Finding], language: str, zone: str) -> dict[str, str]:
    """Finding → every text that it holds in `language`: what the evidence lint looks numbers up in."""
    held = {}
    for finding in findings:
        texts = [finding.answer[language]]
        texts += [text for quote in finding.evidence for text in (quote.quote, quote.id)]
        for value in finding.values.values():
            texts += _shown(value, language, zone)
        if finding.figure:
            texts += [finding.figure.title[language], finding.figure.alt[language], *finding.figure.marks[language]]
        if finding.table:
            texts.append(finding.table.caption[language])
            texts += [cell for row in finding.table.rows[language] for cell in row]
        held[finding.id] = "\n".join(texts)
    return held


class _Voice:
    """A language and a zone, to say messages in."""

    def __init__(self, language: str, zone: str) -> None:
        self.language, self.zone = language, zone

    def __call__(self, message: str, values: Mapping[str, object] | None = None) -> str:
        return wording.say(message, self.language, values, self.zone)

    def either(self, message: str, otherwise: str) -> str:
        return self(message if wording.knows(message) else otherwise)


def _first_page(
    case: Case, found: Mapping[str, Finding], lessons: list[Lesson], say: _Voice, short: bool
) -> schema.FirstPage:
    told = [found[name] for name in PARAGRAPH if name in found]
    paragraph = [
        schema.Claim(text=finding.answer[say.language], findings=[finding.id])
        for finding in told
        if finding.certainty != "refused" or finding.id == "verdict"
    ]
    refused = [finding for finding in told if finding.certainty == "refused" and finding.id != "verdict"]
    if refused:
        what = wording.joined([say(f"bear.{finding.id}") for finding in refused], say.language)
        names = [finding.id for finding in refused]
        paragraph.append(schema.Claim(text=say("report.not_stated", {"what": what}), findings=names))
    if short:
        paragraph.insert(0, schema.Claim(text=say("report.too_little")))
    change = next((lesson for lesson in lessons if lesson.verdict == "change" and lesson.follow_up), None)
    if change and change.follow_up:
        decision = say("report.decision", {"action": change.follow_up.action[say.language]})
        paragraph.append(schema.Claim(text=decision, findings=change.findings))
    drawn = found["volume.total"].figure
    return schema.FirstPage(
        status=_status(case, found, say),
        coverage=_coverage(found, say),
        paragraph=paragraph,
        numbers=[_number(found[name], say) for name in NUMBERS if name in found],
        figure=None
        if drawn is None
        else schema.Picture(
            path=f"figures/{drawn.name}.{say.language}.svg",
            alt=drawn.alt[say.language],
            caption=_marks(drawn, say),
            finding="volume.total",
        ),
    )


def _status(case: Case, found: Mapping[str, Finding], say: _Voice) -> list[schema.Status]:
    tone = _tone(found)
    weak = tone != "good" or found["sentiment.negative"].certainty in ("low", "refused")
    state_tone: schema.Tone = "good" if case.incident.state == "approved" else "neutral"
    return [
        schema.Status(label=say("status.state"), text=_state(case, say), tone=state_tone),
        schema.Status(
            label=say("status.confidence"),
            text=say("confidence.low" if weak else "confidence.medium"),
            tone="warning" if weak else "neutral",
        ),
        schema.Status(label=say("status.coverage"), text=say(f"status.{tone}"), tone=tone),
    ]


def _tone(found: Mapping[str, Finding]) -> schema.Tone:
    """How far the collection bears the numbers: wholly, but for the time before, or not."""
    summary = found["coverage.summary"].message
    if any(finding.facts["kind"] in CUT for finding in _grave(found)):
        return "bad"
    if summary == "coverage.limited" or "coverage.selected" in found or found["subject.named"].facts.get("few"):
        return "bad"
    return "good" if summary == "coverage.whole" and "coverage.days_only" not in found else "warning"


def _grave(found: Mapping[str, Finding]) -> list[Finding]:
    """The limits of the collection that concern the incident itself."""
    names = found["coverage.summary"].facts.get("grave")
    return [found[name] for name in names] if isinstance(names, list) else []


def _coverage(found: Mapping[str, Finding], say: _Voice) -> schema.Coverage:
    """What the collection saw: what concerns the incident itself comes first, and what does not is not said here."""
    summary, tone = found["coverage.summary"], _tone(found)
    claims = _grave(found)
    if tone == "warning":
        claims = [finding for name, finding in found.items() if name.startswith("coverage.claim.")]
    if tone == "good":
        claims = []
    said = [found[name] for name in ("coverage.selected", "coverage.ends", "coverage.days_only") if name in found]
    said += [found["subject.named"]] if found["subject.named"].facts.get("few") else []
    said += [*claims[:1], summary]
    for further in claims[1:]:
        if sum(len(finding.answer[say.language]) for finding in (*said, further)) < ROOM:
            said.append(further)
    texts = [finding.answer[say.language] for finding in said]
    if hidden := len([claim for claim in claims if claim not in said]):
        texts.append(say("coverage.more", {"more": hidden}))
    return schema.Coverage(
        tone=tone,
        title=say(f"coverage.title.{tone}"),
        text=(" " if say.language == "en" else "").join(texts),
        findings=[finding.id for finding in said],
    )


def _number(finding: Finding, say: _Voice) -> schema.Number:
    """A key number with its interval and against its baseline, or the reason why there is none."""
    name = HEADLINE.get(finding.id, "during")
    value, language = finding.values[name], say.language
    before = finding.values.get("before") or finding.values.get("expected") or finding.values.get("promised")
    interval, shown = "", ""
    if value.value is not None:
        shown = numbers.value(value.value, value.unit, language, say.zone)
    elif value.reason == "censored" and value.low is not None:
        shown = numbers.interval(value.low, None, value.unit, language, say.zone)
    elif value.low is not None:
        interval = say("number.at_least", {"low": numbers.value(value.low, value.unit, language, say.zone)})
    if value.value is not None and value.low is not None and value.low != value.high:
        interval = numbers.interval(value.low, value.high, value.unit, language, say.zone)
    against = ""
    if before is not None and before.value is not None:
        kind = next(kind for kind in ("before", "expected", "promised") if finding.values.get(kind) is before)
        against = say(f"number.{kind}", {"value": before})
    return schema.Number(
        label=say.either(f"number.label.{finding.id}.{finding.facts.get('kind')}", f"number.label.{finding.id}"),
        value=shown or say("number.refused"),
        interval=interval or ("" if shown else say(f"reason.{value.reason}")),
        baseline=against,
        note=say("number.error", finding.values) if "error" in finding.values else "",
        tone="warning" if value.value is None else "neutral",
        finding=finding.id,
    )


def _section(name: str, findings: list[Finding], say: _Voice, short: bool) -> schema.Section:
    blocks: list[schema.Block] = []
    for finding in findings:
        if finding.notebook == name:
            blocks += _blocks(finding, say)
    return schema.Section(id=f"n{name.replace('_', '-')}", title=say(f"section.{name}"), blocks=blocks)


def _blocks(finding: Finding, say: _Voice) -> list[schema.Block]:
    """The answer, then the figure, the table and the quotes that it rests on."""
    language = say.language
    text = finding.answer[language]
    blocks: list[schema.Block] = []
    if finding.certainty == "refused":
        blocks.append(
            schema.Callout(kind="callout", tone="warning", title=_title(finding, say), text=text, findings=[finding.id])
        )
    else:
        title = _title(finding, say)
        blocks.append(schema.Definition(kind="definition", term=title, text=text, findings=[finding.id], source=None))
    if finding.figure and finding.id != "volume.total":
        blocks.append(
            schema.Figure(
                kind="figure",
                path=f"figures/{finding.figure.name}.{language}.svg",
                alt=finding.figure.alt[language],
                finding=finding.id,
            )
        )
    if finding.table and finding.table.name in PRINTED_TABLES and finding.table.rows[language]:
        labels = zip(finding.table.columns[language], finding.table.numeric, strict=True)
        blocks.append(
            schema.Table(
                kind="table",
                caption=finding.table.caption[language],
                columns=[schema.Column(label=label, align="right" if right else "left") for label, right in labels],
                rows=finding.table.rows[language],
                finding=finding.id,
                file=f"tables/{finding.table.name}.csv",
            )
        )
    if finding.evidence:
        items = [schema.Quote(text=quote.quote, id=quote.id) for quote in finding.evidence]
        blocks.append(schema.Quotes(kind="quotes", items=items, finding=finding.id))
    return blocks


def _lessons(lessons: list[Lesson], say: _Voice) -> schema.Section:
    language = say.language
    blocks: list[schema.Block] = []
    for number, lesson in enumerate(lessons, start=1):
        asked = lesson.follow_up
        follow_up = None
        if asked:
            follow_up = schema.FollowUp(
                owner=asked.owner or say("report.no_owner"),
                due=numbers.day(pd.Timestamp(asked.due), language, year=True),
                kind=say(f"kind.{asked.kind}"),
                measure=say.either(f"title.{asked.measure}", "title.other"),
                action=asked.action[language],
            )
        blocks.append(
            schema.Lesson(
                kind="lesson",
                number=str(number),
                verdict=say(f"verdict_word.{lesson.verdict}"),
                title=lesson.title[language],
                text=lesson.text[language],
                practice=say(f"practice.{lesson.practice}"),
                strength=say(f"strength.{lesson.strength}"),
                tone=VERDICT_TONE[lesson.verdict],
                findings=lesson.findings,
                follow_up=follow_up,
            )
        )
    return schema.Section(id="lessons", title=say("section.4_lessons"), blocks=blocks)


def _reading(say: _Voice) -> schema.Section:
    """The terms of the report, each explained once."""
    terms = wording.group("term", say.language)
    names = sorted({name.rsplit(".", 1)[0] for name in terms})
    return schema.Section(
        id="terms",
        title=say("section.terms"),
        source="structure",
        blocks=[
            schema.Definition(kind="definition", term=terms[f"{name}.name"], text=terms[f"{name}.text"])
            for name in names
        ],
    )


def _method(case: Case, say: _Voice) -> schema.Section:
    """How the figures were made, and what the scorers are known to get wrong."""
    lines = [say("method.sentiment")]
    for _, scorer in sorted(case.notes["scoring"]["scorers"].items()):
        known = scorer["known_error"]
        told = [f"{say(f'error.{name}')} {value}" for name, value in known.items() if wording.knows(f"error.{name}")]
        told_of = {"scorer": scorer["name"], "error": "; ".join(told), "source": str(known.get("source", ""))}
        lines.append(say("sentiment.error", told_of))
    for phrase, count in sorted(case.notes["excluded"].items()):
        lines.append(say("method.excluded", {"phrase": phrase, "count": count}))
    lines += [say("method.pseudonyms"), say("method.association")]
    return schema.Section(
        id="method",
        title=say("section.method"),
        source="run",
        blocks=[schema.Items(kind="list", items=[schema.Claim(text=line) for line in lines], source="run")],
    )


def _archives(made: Mapping[str, Any], say: _Voice) -> schema.Section:
    """Every file that was read: its rows accepted, rejected and duplicate."""
    rows = []
    for name, ingest in sorted(made["archives"].items()):
        for file in ingest["files"]:
            counts = [file[key] for key in ("rows", "accepted", "rejected", "duplicates")]
            rows.append(
                [
                    f"{name}: {file['path']}",
                    *(numbers.value(n, "count", say.language) for n in counts),
                    file["sha256"][:12],
                ]
            )
    labels = ("file", "rows", "accepted", "rejected", "duplicates", "sha256")
    columns = [
        schema.Column(label=say(f"column.{label}"), align="left" if label in ("file", "sha256") else "right")
        for label in labels
    ]
    table = schema.Table(
        kind="table", caption=say("table.archives"), columns=columns, rows=rows, source="manifest", file="manifest.json"
    )
    blocks: list[schema.Block] = [table]
    if notes := [
        schema.Claim(text=text) for name in sorted(made["archives"]) for text in _notes(made["archives"][name], say)
    ]:
        blocks.append(schema.Items(kind="list", items=notes, source="manifest"))
    return schema.Section(id="archives", title=say("section.archives"), source="manifest", blocks=blocks)


def _notes(ingest: Mapping[str, Any], say: _Voice) -> list[str]:
    """What reading the files showed."""
    texts = []
    for note in ingest["notes"]:
        told = {name: value if isinstance(value, int) else str(value) for name, value in note["values"].items()}
        told = {"file": ingest["archive"], "rows": 0, "kind": note["kind"]} | told
        texts.append(say(f"note.{note['kind']}" if wording.knows(f"note.{note['kind']}") else "note.other", told))
    return texts


def _manifest(made: Mapping[str, Any], say: _Voice) -> schema.Section:
    """What the report was made with."""
    rows = [[name, version] for name, version in sorted(made["versions"].items())]
    columns = [schema.Column(label=say("column.package")), schema.Column(label=say("column.version"))]
    told = {"run": made["run_id"], "commit": (made["commit"] or "–")[:12], "seed": str(made["seed"])}
    return schema.Section(
        id="manifest",
        title=say("section.manifest"),
        source="manifest",
        blocks=[
            schema.Paragraph(kind="paragraph", text=say("manifest.run", told), source="manifest"),
            schema.Table(kind="table", caption=say("table.versions"), columns=columns, rows=rows, source="manifest"),
        ],
    )


def _title(finding: Finding, say: _Voice) -> str:
    return say.either(f"title.{finding.id}", f"title.{finding.question}")


def _marks(drawn: Drawing, say: _Voice) -> str:
    """What the numbered marks of the chart stand for, where the chart itself does not list them."""
    marks = drawn.marks[say.language]
    return say("report.marks", {"marks": " · ".join(marks)}) if marks else ""


def _evidence(number: int, finding: Finding, say: _Voice) -> schema.Evidence:
    estimates = [value for value in finding.values.values() if isinstance(value, Estimate)]
    methods = sorted({value.method for value in estimates if value.method != "none"})
    observations = max((value.n for value in estimates), default=0)
    return schema.Evidence(
        number=number,
        finding=finding.id,
        title=_title(finding, say),
        text=finding.answer[say.language],
        method=", ".join(methods),
        n=numbers.value(observations, "count", say.language) if observations else "",
    )


def _state(case: Case, say: _Voice) -> str:
    incident = case.incident
    told = {"by": incident.approved_by or "", "on": str(incident.approved_on or "")}
    return say(f"state_word.{incident.state}", told)


def _shown(value: Estimate, language: str, zone: str) -> list[str]:
    """Every form in which a sentence or a key number may show an estimate."""
    forms = [numbers.value(value.n, "count", language)]
    for number in (value.value, value.low, value.high):
        if number is not None:
            forms.append(numbers.value(number, value.unit, language, zone))
    if value.low is not None or value.high is not None:
        forms.append(numbers.interval(value.low, value.high, value.unit, language, zone))
    return forms
