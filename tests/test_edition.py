"""The external edition holds nothing that is internal, says what it leaves out, and states only what findings hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from analysis.findings import by_id
from analysis.incident import ACTION_KINDS, PUBLIC_KINDS
from analysis.report import edition, schema
from analysis.report.voice import Voice
from analysis.wording import LANGUAGES
from tests.document_fixture import document
from tests.workspace_fixture import Published

SECRET = "Sécrèt"
SAY = {language: Voice(language, "UTC") for language in LANGUAGES}


def told(**changed: Any) -> schema.Document:
    """A document whose every internal text bears SECRET, beside a public claim."""
    claim = {"text": "2,888 mentions.", "findings": ["volume.total"]}
    hidden = {"text": f"The plan {SECRET}.", "findings": ["plan.adherence"]}
    table = {"kind": "table", "columns": [{"label": "Author"}], "rows": [[SECRET]]}
    timeline = {
        "kind": "table",
        "caption": "Timeline",
        "columns": [{"label": name} for name in ("When", "What", "Detail", "Source")],
        "rows": [
            ["9 Jul", "Legal step", SECRET, "action log"],
            ["10 Jul", "Apology", f"{SECRET} said sorry", "action log"],
            ["11 Jul", "Peak", "", "archive"],
        ],
        "finding": "timeline.events",
        "file": "tables/timeline.csv",
    }
    ask = {"owner": SECRET, "due": "17 Aug 2025", "kind": "responsive", "action": "Speak sooner.", "state": SECRET}
    raw = document().model_dump() | {
        "state": "approved",
        "state_text": f"Approved by {SECRET}",
        "first_page": {
            "status": [{"label": "State", "text": f"Approved by {SECRET}", "tone": "good"}],
            "coverage": {
                "tone": "bad",
                "title": "Limits",
                "text": f"In {SECRET} 2.csv 9 texts are damaged.",
                "findings": ["coverage.summary"],
            },
            "paragraph": [claim, hidden],
            "decision": {"text": f"Decide on {SECRET}.", "findings": ["volume.total"], "internal": True},
            "figure": {
                "path": "figures/timeline.en.svg",
                "alt": "Mentions by hour.",
                "caption": f"1 Legal step {SECRET}",
                "finding": "volume.total",
            },
        },
        "sections": [
            {
                "id": "one",
                "title": "One",
                "blocks": [
                    {"kind": "briefs", "items": [{"term": "Volume", **claim}, {"term": "Plan", **hidden}]},
                    {"kind": "heading", "title": f"Of {SECRET} alone"},
                    {"kind": "quotes", "items": [{"text": SECRET, "id": f"m{SECRET}"}], "finding": "volume.total"},
                    {**table, "caption": SECRET, "finding": "spread.carriers", "file": "tables/carriers.csv"},
                    {**table, "caption": SECRET, "finding": "volume.total", "file": "tables/volume.csv"},
                    {"kind": "heading", "title": "Timeline"},
                    timeline,
                    {
                        "kind": "figure",
                        "path": f"{SECRET}.svg",
                        "alt": SECRET,
                        "finding": "course.effect",
                    },
                    {"kind": "list", "items": [{**claim, "internal": True, "text": SECRET}]},
                    {"kind": "asks", "items": [{"number": "1", "lesson": "Late", "findings": ["volume.total"], **ask}]},
                    {
                        "kind": "lesson",
                        "number": "1",
                        "verdict": "Change",
                        "title": "Late",
                        "text": "Too late.",
                        "findings": ["volume.total"],
                        "follow_up": ask,
                    },
                    {
                        "kind": "lesson",
                        "number": "2",
                        "verdict": "Change",
                        "title": SECRET,
                        "text": SECRET,
                        "findings": ["plan.freshness"],
                    },
                ],
            }
        ],
        "appendix": [
            {
                "id": "files",
                "title": "Files",
                "source": "manifest",
                "blocks": [{**table, "caption": SECRET, "rows": [[f"books: {SECRET} 2.csv"]]}],
            }
        ],
        "evidence": [
            {
                "number": 1,
                "finding": "volume.total",
                "title": "Volume",
                "text": "2,888 mentions.",
                "mentions": SECRET,
                "blocks": [{"kind": "quotes", "items": [{"text": SECRET, "id": "m1"}], "finding": "volume.total"}],
            },
            {"number": 2, "finding": "plan.adherence", "title": "Plan", "text": SECRET},
            {"number": 3, "finding": "new.finding", "title": "New", "text": SECRET},
        ],
    }
    return schema.Document.model_validate(raw | changed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_internal_is_left(language: str) -> None:
    say = SAY["en"]
    left = edition.external(told(language=language), ["legal", "apology"], say)
    assert SECRET not in left.model_dump_json()
    assert left.classification == "External edition, redacted by rule"
    assert left.state_text == "Approved"
    assert [one.text for one in left.first_page.status] == ["Approved"]
    assert left.first_page.coverage
    assert left.first_page.coverage.text == "In [a file] 9 texts are damaged."
    assert [entry.number for entry in left.evidence] == [1]
    timeline = next(block for block in left.sections[0].blocks if isinstance(block, schema.Table))
    assert timeline.rows == [["10 Jul", "Apology", "action log"], ["11 Jul", "Peak", "archive"]]
    assert left.first_page.figure
    assert left.first_page.figure.path == "figures/timeline-public.en.svg"


def test_it_says_by_number_and_rule_what_it_leaves_out() -> None:
    (section,) = [one for one in edition.external(told(), [], SAY["en"]).appendix if one.id == "redacted"]
    (block,) = section.blocks
    assert isinstance(block, schema.Items)
    assert block.items[0].text.startswith("Left out – quoted mentions: 2; tables: 2; findings: 2; lessons: 1.")
    assert len(block.items) == 1 + len(edition.RULES)


def test_a_heading_of_nothing_goes_with_it() -> None:
    (section,) = edition.external(told(), [], SAY["en"]).sections
    assert [block.title for block in section.blocks if isinstance(block, schema.Heading)] == ["Timeline"]


@given(kinds=st.lists(st.sampled_from(ACTION_KINDS), max_size=12))
def test_the_chart_bears_no_internal_step(kinds: list[str]) -> None:
    figure = edition.external(told(), kinds, SAY["en"]).first_page.figure
    assert figure
    hidden = {SAY["en"](f"action.{kind}") for kind in kinds if kind not in PUBLIC_KINDS}
    assert figure.path.endswith("timeline-public.en.svg") == bool(hidden)
    if hidden:
        assert not [name for name in hidden if name in figure.caption]


def test_every_public_finding_of_the_sample_is_named_by_a_rule(sample: Published) -> None:
    """What is not public is internal on purpose: a new finding has to be decided on here."""
    internal = {name.split(".", maxsplit=1)[0] for name in sample.findings if not edition.is_public(name)}
    assert internal == {
        *("alarm", "coordination", "early", "outside", "pattern", "plan", "private", "replies", "response"),
        *("solved", "matched", "spread", "strategy", "triage"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_has_one_beside_its_report(sample: Published, language: str) -> None:
    name = "external" if language == "en" else "external.zh"
    text = "".join("".join(page.extract_text() for page in PdfReader(sample.folder / f"{name}.pdf").pages).split())
    page = (sample.folder / f"{name}.html").read_text(encoding="utf-8")
    for finding in sample.findings.values():
        for quote in finding.evidence:
            assert quote.id not in page
            assert "".join(quote.quote.split())[:60] not in text
    for owner in {one.follow_up.owner for one in sample.lessons if one.follow_up and one.follow_up.owner}:
        assert owner not in page
    found = by_id(sample.findings.values())
    assert found["plan.adherence"].answer[language][:40] not in page
    assert "".join(SAY[language]("edition.external").split()) in text
