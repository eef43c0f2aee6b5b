"""The evidence lint finds numbers that no finding holds, and lets pass those that one does."""

from pathlib import Path

import pytest

from analysis.errors import EvidenceError
from analysis.report import html, lint
from analysis.report.schema import Claim
from tests.document_fixture import document, write_figures

HELD = {
    "impact.negative": "62% (60% to 64%) against 17%. −45 points, ×2.3, 1,234 posts, 3.84万, 21 h, at 18:40",
    "other": ["99%", "7"],
}


@pytest.mark.parametrize(
    "text",
    [
        "rose from 17% to 62%",
        "62 % of all",
        "fell by −45 points",
        "fell by -45 points",
        "×2.3 as many",
        "1234 posts",
        "1,234 posts",
        "3.84万条",
        "共21小时",
        "at 18:40",
        "ｒose to ６２%",
        "by u_a2b3c4d5e6 and @u_9xk22abcde",
        "no number at all",
    ],
)
def test_held_numbers_pass(text: str) -> None:
    assert lint.lint(f'<p data-findings="impact.negative">{text}</p>', HELD) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("rose to 63%", "63%"),
        ("62 posts", "62"),
        ("+62%-ish and 45 points", "45"),
        ("fell by −2.3", "-2.3"),
        ("×2.4 as many", "×2.4"),
        ("1,235 posts", "1235"),
        ("3.85万条", "3.85万"),
        ("at 18:41", "18:41"),
        ("99% of another finding", "99%"),
    ],
)
def test_numbers_that_are_not_held_are_named(text: str, number: str) -> None:
    problems = lint.lint(f'<p data-findings="impact.negative">{text}</p>', HELD)
    assert [problem.number for problem in problems] == [number]


def test_ranges_are_two_numbers() -> None:
    assert lint.numbers("10–14 April, 60-64%, −3 to −1, (−5), 2021-04-09") == [
        *("10", "14", "60", "64%", "-3", "-1", "-5", "2021", "04", "09"),
    ]


def test_the_nearest_scope_decides() -> None:
    page = (
        '<div data-findings="impact.negative">62%<sup data-source="structure">8</sup>'
        '<span data-findings="other">7</span> and 7</div>'
    )
    assert [(problem.number, problem.findings) for problem in lint.lint(page, HELD)] == [("7", ("impact.negative",))]


def test_a_number_split_over_elements_is_read_whole() -> None:
    assert lint.lint('<p data-findings="impact.negative"><b>6</b>2%</p>', HELD) == []


def test_alternative_texts_are_read_and_styles_are_not() -> None:
    page = "<title>4</title><style>p { margin: 5px }</style><img alt='peak of 812' src=''><meta content='width=3'>"
    assert [problem.number for problem in lint.lint(page, {})] == ["812"]


def test_an_unknown_finding_holds_nothing() -> None:
    with pytest.raises(EvidenceError, match=r"62% in 'rose to 62%' \(findings: gone\)") as raised:
        lint.require('<p data-findings="gone">rose to 62%</p>', HELD)
    assert raised.value.code == 8


def test_the_rendered_page_is_tied_to_its_findings(tmp_path: Path) -> None:
    write_figures(tmp_path)
    for language in ("en", "zh"):
        told = document(language)
        out = tmp_path / f"{language}.html"
        html.render(told, out)
        everything = " ".join(str(value) for value in _texts(told.model_dump()))
        holdings = {entry.finding: everything for entry in told.evidence}
        lint.require(out.read_text(encoding="utf-8"), holdings)
        assert lint.lint(out.read_text(encoding="utf-8"), {}) != []


def test_an_invented_number_on_the_first_page_is_found(tmp_path: Path) -> None:
    write_figures(tmp_path)
    told = document()
    first = told.first_page.model_copy(update={"paragraph": [Claim(text="A decision is needed within 87 days.")]})
    html.render(told.model_copy(update={"first_page": first}), tmp_path / "page.html")
    everything = " ".join(str(value) for value in _texts(told.model_dump()))
    holdings = {entry.finding: everything for entry in told.evidence}
    problems = lint.lint((tmp_path / "page.html").read_text(encoding="utf-8"), holdings)
    assert [(problem.number, problem.findings) for problem in problems] == [("87", ())]


def _texts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value]
