"""Every quote, id, link and title of a page resolves to a finding; a page with one thing changed does not pass."""

import re
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import EvidenceError
from analysis.findings import Finding, Quote
from analysis.report import html, lint
from analysis.report.quoted import quoted
from analysis.report.schema import Document, Quotes
from tests.document_fixture import HOSTILE, document, write_figures
from tests.test_lint import _texts

every_language = pytest.mark.parametrize("language", ["en", "zh"])


def found(told: Document) -> list[Finding]:
    """The findings of a document of the fixture, with the quotes that it shows."""
    shown = [block for section in told.sections for block in section.blocks if isinstance(block, Quotes)]
    quotes = {block.finding: [Quote(one.id, one.text) for one in block.items] for block in shown}
    return [
        Finding(one.finding, "1", one.finding, "m", {told.language: one.text}, evidence=quotes.get(one.finding, []))
        for one in told.evidence
    ]


def page(folder: Path, told: Document) -> str:
    write_figures(folder)
    return html.render(told, folder / "page.html").read_text(encoding="utf-8")


def problems(text: str, told: Document) -> list[lint.Problem]:
    everything = " ".join(str(value) for value in _texts(told.model_dump()))
    return lint.lint(text, {one.finding: everything for one in told.evidence}, quoted(found(told), told))


@every_language
def test_a_page_as_it_is_made_resolves(tmp_path: Path, language: str) -> None:
    told = document(language)
    assert problems(page(tmp_path, told), told) == []


MUTATIONS = {
    "digit in a sentence": ("4,812 shares by midnight", "4,813 shares by midnight", "4813"),
    "word of a quote": ("two of us were left behind", "two of us were thrown off", "a quote that its finding"),
    "word left out of a quote": ("Nobody said a word", "Nobody said", "a quote that its finding"),
    "id of another mention": (">t-1041<", ">t-2210<", "id of another mention"),
    "id of no mention": (">t-1041<", ">t-9999<", "id of another mention"),
    "finding that is not there": (
        'data-findings="impact.severity"',
        'data-findings="impact.gone"',
        "that there is not",
    ),
    "link to no entry": ('href="#evidence-3"', 'href="#evidence-99"', "leads nowhere"),
    "no evidence entry": (
        '<li id="evidence-3" data-findings="impact.severity" tabindex="-1">',
        "<li>",
        "no evidence entry",
    ),
    "quote of another finding": (
        '<div data-findings="causes.main">\n  <figure class="quote">',
        '<div data-findings="impact.volume">\n  <figure class="quote">',
        "a quote that its finding",
    ),
    "number in a section's title": ("<span>Timeline", "<span>Timeline of 77 days", "77"),
    "number in the page's title": ("</title>", " in 77 days</title>", "77"),
    "number in a heading": ("What people wrote about</h3>", "What 77 people wrote about</h3>", "77"),
    "number in a table cell": (">2,310<", ">2,311<", "2311"),
    "number in a caption": ("Key moments", "77 key moments", "77"),
}


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_one_change_is_found(tmp_path: Path, name: str) -> None:
    told = document()
    text = page(tmp_path, told)
    was, now, said = MUTATIONS[name]
    assert was in text, was
    changed = text.replace(was, now, 1)
    assert any(said in (one.number, *one.text.split("\n")) or said in one.text for one in problems(changed, told))


@every_language
def test_an_invented_number_in_any_alternative_text_is_found(tmp_path: Path, language: str) -> None:
    told = document(language)
    text = page(tmp_path, told)
    alternatives = re.findall(r'alt="[^"]*', text)
    assert alternatives
    for one in alternatives:
        assert "7777" in {problem.number for problem in problems(text.replace(one, one + " 7777", 1), told)}


def holdings(told: Document) -> dict[str, str]:
    """By finding, the texts of the pieces that name it."""
    held: dict[str, list[str]] = {one.finding: [] for one in told.evidence}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for name in [*(value.get("findings") or []), *filter(None, [value.get("finding")])]:
                held[name] += map(str, _texts(value))
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            walk(item)

    walk(told.model_dump())
    return {name: " ".join(texts) for name, texts in held.items()}


def test_a_digit_that_is_changed_anywhere_is_found(tmp_path: Path) -> None:
    """Each digit of a text that names findings becomes another: found, unless they hold that number too."""
    told = document()
    text, held = page(tmp_path, told), holdings(told)
    assert lint.lint(text, held) == []
    reader = lint._Reader()
    reader.feed(text)
    tried, missed = 0, []
    for scope, said in reader.read:
        if scope.exempt or text.count(said) != 1:
            continue
        for digit in re.finditer(r"\d", said):
            at = text.index(said) + digit.start()
            changed = text[:at] + ("7" if text[at] != "7" else "9") + text[at + 1 :]
            tried += 1
            if not lint.lint(changed, held):
                missed.append(said[max(digit.start() - 20, 0) : digit.start() + 5])
    assert tried > 100
    assert len(missed) < 0.1 * tried, missed  # a table of all shares from 0 to 59% holds many a wrong one


def test_hostile_quotes_are_held_as_they_are_printed(tmp_path: Path) -> None:
    told = document()
    quotes = Quotes.model_validate(
        {"kind": "quotes", "items": [{"text": HOSTILE, "id": "t-1"}], "finding": "causes.main"}
    )
    first = told.sections[0].model_copy(update={"blocks": [*told.sections[0].blocks, quotes]})
    bare = [entry.model_copy(update={"blocks": []}) for entry in told.evidence]
    told = told.model_copy(update={"sections": [first], "evidence": bare})
    text = page(tmp_path, told)
    assert [one for one in problems(text, told) if not one.number] == []
    assert "written" in text


def test_what_is_wrong_is_said_in_words(tmp_path: Path) -> None:
    told = document()
    text = page(tmp_path, told).replace("Nobody said a word", "Nobody spoke")
    everything = " ".join(str(value) for value in _texts(told.model_dump()))
    holdings = {one.finding: everything for one in told.evidence}
    with pytest.raises(EvidenceError, match=r"a quote that its finding does not hold: .*\(findings: causes.main\)"):
        lint.require(text, holdings, quoted(found(told), told))
    lint.require(text, holdings)
