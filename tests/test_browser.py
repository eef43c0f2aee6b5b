"""Report and portal in a real browser: they fit, can be read by everybody and printed, and ask nobody for anything."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from analysis.report import html
from analysis.runs import index
from analysis.workspace import Workspace
from tests.browser import CLIPPED, FOCUSABLE, FOCUSED, SHEET, STICKING_OUT, WIDTHS, axe, chromium, opened
from tests.document_fixture import HOSTILE, document, hostile, write_figures
from tests.portal_fixture import publish
from tests.workspace_fixture import Published

NOW = datetime(2026, 2, 10, 9, 30, tzinfo=UTC)
REPORTS = ("report.en", "report.zh", "hostile.en", "hostile.zh")
PORTALS = ("portal.en", "portal.zh", "evil.en", "evil.zh")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Report and portal, plain and of hostile text, in both languages: name → file."""
    folder, made = tmp_path_factory.mktemp("pages"), {}
    write_figures(folder)
    for language in ("en", "zh"):
        made[f"report.{language}"] = html.render(document(language), folder / f"report.{language}.html")
        made[f"hostile.{language}"] = html.render(hostile(language), folder / f"hostile.{language}.html")
    for name, words in (("portal", ""), ("evil", HOSTILE.replace("\ud800", ""))):
        place = Workspace.at(folder / name, folder / name / "reports")
        later = {"start": "2025-07-01T00:00:00+00:00", "end": "2025-07-09T00:00:00+00:00"}
        publish(
            place.reports, "first", words=words, title=words or "The overbooked sailing", brand=words or "Northwind"
        )
        publish(place.reports, "second", words=words, title=words or "Ferry to nowhere", state="approved", **later)
        for file in index.write(place, NOW):
            made[f"{name}.{'zh' if file.name == 'index.zh.html' else 'en'}"] = file
    return made


@pytest.mark.parametrize("name", REPORTS + PORTALS)
def test_nothing_sticks_out_or_is_asked_for_on_screens_and_nothing_is_cut_off_on_paper(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    with opened(browser, pages[name]) as page:
        fits(page)


def fits(page: Any) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKING_OUT) == [], width
    page.set_viewport_size({"width": SHEET, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate(STICKING_OUT) == []
    assert page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("name", REPORTS + PORTALS)
def test_axe_finds_nothing_serious(browser: Any, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name], WIDTHS[0], bypass_csp=True) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert axe(page) == []
        if name in ("report.en", "portal.en"):
            page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
            assert axe(page) == []


@pytest.mark.parametrize("name", ["report.en", "report.zh", "portal.en", "portal.zh"])
def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_it_is(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    with opened(browser, pages[name]) as page:
        wanted = page.evaluate(FOCUSABLE)
        reached = []
        for _ in wanted:
            page.keyboard.press("Tab")
            focused, seen = page.evaluate(FOCUSED)
            assert seen, focused
            reached.append(focused)
        assert reached == wanted
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)[0] in ("", wanted[0]), "the focus is trapped"
        page.reload()
        page.keyboard.press("Tab")
        box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
        assert box["left"] >= 0, "the link that skips to the content shows itself when it has the focus"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("name", ["report.en", "portal.en"])
def test_the_print_holds_what_the_page_says(browser: Any, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name]) as page:
        page.emulate_media(media="print")
        said = page.evaluate(
            "[...document.querySelectorAll('td, th, h1, h2, h3, .value, .verdict')]"
            ".filter(node => node.checkVisibility()).map(node => node.innerText)"
        )
        sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
        gone = page.locator(
            ".skip:visible, .contents:visible, .search:visible, details:visible, .links:visible"
        ).count()
    printed = bare("".join(sheet.extract_text() for sheet in sheets))
    assert [text for text in said if bare(text) not in printed] == []
    assert gone == 0
    assert {round(float(sheet.mediabox.width)) for sheet in sheets} == {595}


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b\u2060]", "", text)


def shown(page: Any) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('article.incident')].filter(one => one.checkVisibility()).map(one => one.id)"
    )


def test_the_search_finds_incidents_and_the_findings_that_match(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["portal.en"]) as page:
        page.get_by_label("Search").fill("  FERRY ")
        assert shown(page) == ["incident-second"]
        assert page.locator("tr[data-row^=incident]:visible").count() == 1
        assert page.locator("#found").inner_text() == "1 / 2"
        page.get_by_label("Search").fill("refunds 41%")
        assert len(shown(page)) == 2
        assert page.locator("details li:visible").all_inner_texts() == ["Causes Refunds have 41%."] * 2
        page.get_by_label("Search").fill("nobody said this")
        assert shown(page) == []
        assert page.locator("#nothing").is_visible()
        page.get_by_label("Search").fill("")
        assert len(shown(page)) == 2
        assert not page.locator("#nothing").is_visible()
        assert page.locator("details[open]").count() == 0


def test_without_script_nothing_is_missing_but_the_search(browser: Any, pages: dict[str, Path]) -> None:
    with opened(browser, pages["portal.en"], java_script_enabled=False) as page:
        assert not page.get_by_label("Search").is_visible()
        assert page.locator("article.incident:visible").count() == 2
        page.locator("summary").first.click()
        assert page.get_by_text("Refunds have 41%.").first.is_visible()


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_whole_report_of_the_sample(browser: Any, sample: Published, language: str) -> None:
    with opened(browser, sample.folder / f"postmortem{language}.html", bypass_csp=True) as page:
        fits(page)
        page.emulate_media(media="screen")
        assert axe(page) == []
