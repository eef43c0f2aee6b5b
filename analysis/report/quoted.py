"""The quotes of findings as a report prints them: what the evidence lint holds a page's quotes against."""

from collections.abc import Iterable

from analysis.findings import Finding
from analysis.report import clean, glyphs
from analysis.report.schema import Document, Quote, Quotes, Section


def quoted(findings: Iterable[Finding], report: Document) -> dict[str, list[tuple[str, str]]]:
    """Finding → (id, text) of its quotes, cleaned and with what no font covers written out, as in `report`.

    They are taken from the findings and not from the report, through the same cleaning and the same glyph audit; every
    finding has a key.
    """
    listed = list(findings)
    blocks = [
        Quotes(
            kind="quotes",
            items=[Quote(text=one.quote, id=one.id) for one in finding.evidence],
            finding=finding.id,
        )
        for finding in listed
    ]
    alone = report.model_copy(
        update={
            "sections": [Section(id="quotes", title="", blocks=list(blocks))],
            "appendix": [],
            "evidence": [],
            "replacements": [],
        }
    )
    printed = glyphs.audit(clean.document(alone)).sections[0].blocks
    return {
        finding.id: [(one.id, one.text) for one in block.items]
        for finding, block in zip(listed, printed, strict=True)
        if isinstance(block, Quotes)
    }
