"""Findings → numbered entries that claims point to: each in full, with the figure, table and mentions it rests on."""

from collections.abc import Iterable

from analysis.findings import Finding
from analysis.measures.estimate import Estimate
from analysis.report import schema
from analysis.report.methods import method_words
from analysis.report.voice import Voice, title_of
from analysis.style import numbers

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
    *("nearest", "repeated", "remeasured"),
)
"""Tables that are printed; the others stand in the CSV files beside the report."""


def entries(findings: Iterable[Finding], shown: Iterable[str], say: Voice) -> list[schema.Evidence]:
    """One entry for each finding, numbered from 1 in their order; figures and tables named in `shown` stand elsewhere.

    `shown` holds "figure:<name>" and "table:<name>".
    """
    elsewhere = set(shown)
    return [_entry(number, finding, elsewhere, say) for number, finding in enumerate(findings, start=1)]


def _entry(number: int, finding: Finding, elsewhere: set[str], say: Voice) -> schema.Evidence:
    estimates = [value for value in finding.values.values() if isinstance(value, Estimate)]
    observations = max((value.n for value in estimates), default=0)
    blocks: list[schema.Block] = []
    if finding.figure and f"figure:{finding.figure.name}" not in elsewhere:
        blocks.append(figure(finding, say))
    if finding.table and finding.table.name in PRINTED_TABLES and f"table:{finding.table.name}" not in elsewhere:
        blocks += [table(finding, say)] if finding.table.rows[say.language] else []
    if finding.evidence:
        items = [schema.Quote(text=quote.quote, id=quote.id) for quote in finding.evidence]
        blocks.append(schema.Quotes(kind="quotes", items=items, finding=finding.id))
    return schema.Evidence(
        number=number,
        finding=finding.id,
        group=say(f"section.{finding.notebook}"),
        title=title_of(finding, say),
        text=finding.answer[say.language],
        method=("；" if say.language == "zh" else "; ").join(method_words(finding, say.language)),
        n=numbers.value(observations, "count", say.language) if observations else "",
        certainty=say(f"strength.{finding.certainty}"),
        mentions=_mentions(finding, say),
        blocks=blocks,
    )


def _mentions(finding: Finding, say: Voice) -> str:
    """How many mentions the finding counts at most, and where all of them are listed."""
    if not finding.behind:
        return ""
    most = max(finding.behind.values())
    return say("report.mentions_behind", {"most": most, "file": f"tables/behind.{finding.notebook}.csv"})


def figure(finding: Finding, say: Voice) -> schema.Figure:
    """The figure of a finding that has one."""
    drawn = finding.figure
    if drawn is None:
        raise ValueError(f"{finding.id} has no figure")
    return schema.Figure(
        kind="figure",
        path=f"figures/{drawn.name}.{say.language}.svg",
        alt=drawn.alt[say.language],
        finding=finding.id,
    )


def table(finding: Finding, say: Voice, most: int | None = None) -> schema.Table:
    """The table of a finding that has one, without columns that are empty throughout; at most `most` of its rows."""
    told, language = finding.table, say.language
    if told is None:
        raise ValueError(f"{finding.id} has no table")
    rows = told.rows[language]
    used = [at for at in range(len(told.numeric)) if any(row[at] for row in rows)]
    labels = [(told.columns[language][at], told.numeric[at]) for at in used]
    return schema.Table(
        kind="table",
        caption=told.caption[language],
        columns=[schema.Column(label=label, align="right" if right else "left") for label, right in labels],
        rows=[[row[at] for at in used] for row in rows[:most]],
        finding=finding.id,
        file=f"tables/{told.name}.csv",
        rows_total=len(rows) if most is not None and len(rows) > most else None,
    )
