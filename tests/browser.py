"""Debian's Chromium, driven by Playwright: what the tests of pages in a real browser share."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

WIDTHS = (375, 768, 1440)
"""A phone, a tablet, a desk: CSS pixels."""
SHEET = 680
"""The width between the margins of an A4 sheet, in CSS pixels (180 mm)."""
SERIOUS = {"serious", "critical"}


def system(tool: str) -> str:
    """The path of what only the system can bring; skips without it, and fails instead where CI brought it."""
    found = shutil.which(tool)
    if found is None:
        absent(f"needs {tool}: make system")
    return str(found)


def absent(reason: str) -> None:
    """Skip for `reason`, or fail with it where CI asks for every system part."""
    if os.environ.get("AFTERMATH_REQUIRE_SYSTEM"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium, without its sandbox, which root cannot have; no other browser is ever fetched."""
    path = system("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        absent("needs playwright, which has no wheel for this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, path: Path, width: int = 1440, **options: Any) -> Iterator[Any]:
    """The page in `path` at `width`, until the block ends; a request that leaves the file fails it, and so does a
    message of the console, such as one of the page's policy."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, heard = context.new_page(), []
    own = ("data:", path.as_uri())
    page.on("request", lambda asked: asked.url.startswith(own) or heard.append(asked.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    yield page
    context.close()
    assert heard == []


STICKING_OUT = """() => {
  const wide = document.documentElement.clientWidth + 1;
  const hidden = node => node.closest('.skip, .of') || getComputedStyle(node).position === 'absolute';
  const held = node => node.parentElement && node.parentElement.closest('.scroll, .drawing, svg');
  return [...document.querySelectorAll('body *')]
    .filter(node => !hidden(node) && !held(node) && node.getBoundingClientRect().right > wide)
    .map(node => node.outerHTML.slice(0, 120)).slice(0, 5)
    .concat(document.documentElement.scrollWidth > wide ? ['the page: ' + document.documentElement.scrollWidth] : []);
}"""
"""Elements that reach beyond the window, but for what stands in a region that scrolls by itself."""

CLIPPED = """() => [...document.querySelectorAll('.scroll, .drawing, td, th, li, p, h1, h2, h3, figure')]
  .filter(node => node.offsetParent && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
    && getComputedStyle(node).display !== 'inline' && !node.closest('.skip, .of'))
  .map(node => node.className + ' ' + node.scrollWidth + ' > ' + node.clientWidth + ': '
    + node.textContent.trim().slice(0, 80)).slice(0, 5)"""
"""Boxes whose content is wider than they are: on paper, where nothing scrolls, that is cut off."""

FOCUSABLE = """() => [...document.querySelectorAll('a[href], input, summary, button, [tabindex="0"]')]
  .filter(node => node.getClientRects().length && !node.closest('[hidden]'))
  .map(node => node.outerHTML.slice(0, 200))"""
"""What the keyboard should reach, in order."""

FOCUSED = """() => { const node = document.activeElement, style = getComputedStyle(node);
  return [node === document.body ? '' : node.outerHTML.slice(0, 200),
    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; }"""
"""What has the focus, and whether one sees that."""


def axe(page: Any) -> list[str]:
    """What axe-core finds that is serious or worse; the page's policy has to be bypassed, since axe is a script."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{rule['impact']} {rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]} "
        f"{rule['nodes'][0]['failureSummary'][:300]}"
        for rule in found
        if rule["impact"] in SERIOUS
    ]
