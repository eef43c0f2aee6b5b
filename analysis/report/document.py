"""Findings and lessons → the Document: which of them stands where. It says nothing that no finding says."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Finding, by_id
from analysis.followups import FollowUp
from analysis.lessons import Lesson
from analysis.measures.calibration import FEWEST
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.report import schema
from analysis.report.first_page import first_page
from analysis.report.lessons_section import lessons_section
from analysis.report.voice import Voice, state_of, title_of
from analysis.style import numbers
from analysis.wording.notes import sentences

NOTEBOOKS = ("1_what_happened", "2_why", "3_how_we_answered")
PRINTED_TABLES = (
    *("alarm", "cues", "severity", "phases", "timeline", "causes", "coverage", "left_out", "relevance_effect"),
    *("impact", "voice", "rates", "concentration", "carriers", "nodes", "jumps"),
    *("waves", "residual", "course", "matched"),
    *("copies", "cause_costs", "cause_families"),
    "scorecard",
    *("speed", "steps"),
    *("redirects", "follow_through", "solved_by"),
    *("plan_adherence", "plan_changes"),
    *("statements", "outside_help"),
)
"""Tables that are printed; the others stand in the CSV files beside the report."""


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
    window = numbers.interval(case.start.isoformat(), case.end.isoformat(), "time", language, case.zone)
    sections = [_section(name, findings, say) for name in NOTEBOOKS]
    if lessons:
        today = pd.Timestamp(made["started"]).tz_convert(case.zone).date()
        sections.append(lessons_section(lessons, followups, case.languages[0], today, say))
    return schema.Document(
        language=language,  # type: ignore[arg-type]
        title=case.incident.title,
        subtitle=say("report.subtitle_short" if short else "report.subtitle"),
        brand=case.incident.brand,
        period=window,
        state=case.incident.state,
        state_text=state_of(case, say),
        classification=say("report.classification"),
        generated=numbers.value(made["started"], "time", language, case.zone),
        zone=case.zone,
        labels=schema.Labels(**wording.group("label", language)),
        first_page=first_page(case, found, lessons, say, short),
        sections=[section for section in sections if section.blocks],
        appendix=[_reading(say), _method(case, say), _archives(made, say), _manifest(made, say)],
        evidence=[_evidence(number, finding, say) for number, finding in enumerate(findings, start=1)],
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


def _section(name: str, findings: list[Finding], say: Voice) -> schema.Section:
    blocks: list[schema.Block] = []
    for finding in findings:
        if finding.notebook == name:
            blocks += _blocks(finding, say)
    return schema.Section(id=f"n{name.replace('_', '-')}", title=say(f"section.{name}"), blocks=blocks)


def _blocks(finding: Finding, say: Voice) -> list[schema.Block]:
    """The answer, then the figure, the table and the quotes that it rests on."""
    language = say.language
    text = finding.answer[language]
    blocks: list[schema.Block] = []
    if finding.certainty == "refused":
        blocks.append(
            schema.Callout(
                kind="callout", tone="warning", title=title_of(finding, say), text=text, findings=[finding.id]
            )
        )
    else:
        title = title_of(finding, say)
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


def _reading(say: Voice) -> schema.Section:
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


def _method(case: Case, say: Voice) -> schema.Section:
    """How the figures were made, and what the scorers are known to get wrong."""
    lines = [say("method.sentiment"), *_calibration(case, say)]
    for language, scorer in sorted(case.notes["scoring"]["scorers"].items()):
        known = scorer["known_error"]
        lines.append(tier(case, language, say))
        told = [f"{say(f'error.{name}')} {value}" for name, value in known.items() if wording.knows(f"error.{name}")]
        told_of = {"scorer": scorer["name"], "error": "; ".join(told), "source": str(known.get("source", ""))}
        lines.append(say("sentiment.error" if told else "sentiment.error_unknown", told_of))
    for phrase, count in sorted(case.notes["excluded"].items()):
        lines.append(say("method.excluded", {"phrase": phrase, "count": count}))
    lines += [say("method.pseudonyms"), say("method.association")]
    return schema.Section(
        id="method",
        title=say("section.method"),
        source="run",
        blocks=[schema.Items(kind="list", items=[schema.Claim(text=line) for line in lines], source="run")],
    )


def tier(case: Case, language: str, say: Voice) -> str:
    """Which tier scored `language`, and why that one."""
    scoring, asked = case.notes["scoring"], case.incident.scorer.get(language, "auto")
    tier = scoring["scorers"][language]["tier"]
    why = f"{tier}_asked" if tier == asked else tier
    told = {
        "scorer": scoring["scorers"][language]["name"],
        "distinct": numbers.value(scoring["distinct"], "count", say.language),
        "limit": numbers.value(scoring["fast_above"], "count", say.language),
        # A folder's own name: where it lies on a machine is nobody's business.
        "model": PurePath(asked).name if PurePath(asked).is_absolute() else asked,
    }
    return say(f"method.tier_{why}", told)


def _calibration(case: Case, say: Voice) -> list[str]:
    """What the levels of sentiment rest on: labels and how they were used, or none."""
    found = case.labelling
    if found is None:
        return [say("method.uncalibrated")]
    lines = [say("method.uncalibrated")]
    if case.calibration:
        told = {"labels": case.calibration.labels, "method": case.calibration.method}
        lines = [say("method.calibrated", told), say("method.classes")]
    agreement = found.agreement
    alpha: object = say("method.no_alpha")
    if agreement.alpha is not None:
        alpha = Estimate(agreement.alpha, "share", agreement.mentions, "Krippendorff's alpha, nominal")
    told = {"labels": found.labels, "people": agreement.labellers, "alpha": alpha}
    lines.append(say("method.agreement", told))
    for refusal in found.refusals if case.calibration else ():
        told = {"scorer": refusal.scorer, "have": refusal.have, "need": FEWEST}
        lines.append(say("method.left_out", told))
    if found.elsewhere:
        lines.append(say("method.elsewhere", {"count": found.elsewhere}))
    return lines


def _archives(made: Mapping[str, Any], say: Voice) -> schema.Section:
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
        schema.Claim(text=text)
        for name in sorted(made["archives"])
        for text in sentences(made["archives"][name]["notes"], name, say.language)
    ]:
        blocks.append(schema.Items(kind="list", items=notes, source="manifest"))
    return schema.Section(id="archives", title=say("section.archives"), source="manifest", blocks=blocks)


def _manifest(made: Mapping[str, Any], say: Voice) -> schema.Section:
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


def _evidence(number: int, finding: Finding, say: Voice) -> schema.Evidence:
    estimates = [value for value in finding.values.values() if isinstance(value, Estimate)]
    methods = sorted({value.method for value in estimates if value.method != "none"})
    observations = max((value.n for value in estimates), default=0)
    return schema.Evidence(
        number=number,
        finding=finding.id,
        title=title_of(finding, say),
        text=finding.answer[say.language],
        method=", ".join(methods),
        n=numbers.value(observations, "count", say.language) if observations else "",
    )


def _shown(value: Estimate, language: str, zone: str) -> list[str]:
    """Every form in which a sentence or a key number may show an estimate."""
    forms = [numbers.value(value.n, "count", language)]
    for number in (value.value, value.low, value.high):
        if number is not None:
            forms.append(numbers.value(number, value.unit, language, zone))
    if value.low is not None or value.high is not None:
        forms.append(numbers.interval(value.low, value.high, value.unit, language, zone))
    return forms
