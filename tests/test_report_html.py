"""The page stands alone, runs nothing, shows hostile text as text, and can be read by everybody."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.errors import RenderError
from analysis.report import html, lint
from analysis.report.look import TOKENS
from analysis.report.schema import Document
from analysis.style.palette import contrast
from tests.document_fixture import document, hostile, write_figures


class Page(HTMLParser):
    """Tags with their attributes, in order, and the text that is seen."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def rendered(told: Document, folder: Path) -> str:
    write_figures(folder)
    html.render(told, folder / "page.html")
    return (folder / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_self_contained(tmp_path: Path, language: str) -> None:
    text = rendered(document(language), tmp_path)
    page = Page(text)
    links = [value for _, tag in page.tags for name, value in tag.items() if name in ("src", "href", "srcset", "data")]
    assert all(value and value.startswith(("#", "data:image/svg+xml;base64,")) for value in links)
    assert not re.search(r"url\((?!\"data:font/woff;base64,)", text)
    assert not {"script", "iframe", "object", "embed", "link", "base", "form"} & {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") or name == "style" for _, tag in page.tags for name in tag)


def test_the_policy_names_the_one_style_by_its_hash(tmp_path: Path) -> None:
    text = rendered(document(), tmp_path)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(tag["content"] for tag in Page(text).all("meta") if "http-equiv" in tag) or ""
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everybody_can_read_it(tmp_path: Path, language: str) -> None:
    page = Page(rendered(document(language), tmp_path))
    assert page.all("html")[0]["lang"] == {"en": "en-GB", "zh": "zh-CN"}[language]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert all(tag.get("alt") for tag in page.all("img"))
    assert all(tag.get("scope") == "col" for tag in page.all("th"))
    regions = [tag for tag in page.all("div") if tag.get("role") == "region"]
    assert len(regions) == len(page.all("table"))
    assert all(tag.get("tabindex") == "0" and (tag.get("aria-labelledby") or tag.get("aria-label")) for tag in regions)
    ids = [tag["id"] for _, tag in page.tags if "id" in tag]
    assert len(ids) == len(set(ids))
    named = [tag["aria-labelledby"] for _, tag in page.tags if "aria-labelledby" in tag]
    targets = [(tag["href"] or "")[1:] for tag in page.all("a")]
    assert set(targets + named) <= set(ids)


def test_text_stands_out_from_its_ground() -> None:
    grounds = {"ink": ["paper", "tint"], "muted": ["paper", "tint"], "accent": ["paper", "tint"]}
    grounds |= {tone: ["paper", "tint", f"{tone}_tint"] for tone in ("good", "warning", "bad", "neutral")}
    grounds |= {"ink ": [f"{tone}_tint" for tone in ("good", "warning", "bad")]}
    grounds |= {"band_text": ["band"], "band_muted": ["band"], "band": ["tint"]}
    for text, behind in grounds.items():
        for ground in behind:
            assert contrast(TOKENS[text.strip()], TOKENS[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_only_text(tmp_path: Path, language: str) -> None:
    text = rendered(hostile(language), tmp_path)
    page = Page(text)
    assert not page.all("script")
    assert len(page.all("style")) == 1
    assert all((tag["src"] or "").startswith("data:image/svg+xml;base64,") for tag in page.all("img"))
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not set("\x00\x07\u202e\u2066\ufeff") & set(text)
    visible = re.sub(r"data:[^\"]+", "", text).replace("\u200b", " ")
    assert max(map(len, re.findall("W+", visible))) <= 40


def test_what_was_written_out_is_listed(tmp_path: Path) -> None:
    text = rendered(document(), tmp_path)
    assert '<span class="written" data-source="structure">[Thai, 10 characters]</span>' in text
    assert "Characters written out" in text


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    assert rendered(document("zh"), tmp_path) == rendered(document("zh"), tmp_path)


def test_chinese_brings_its_glyphs_and_english_none(tmp_path: Path) -> None:
    assert "font/woff" in rendered(document("zh"), tmp_path)
    assert "font/woff" not in rendered(document("en"), tmp_path)


def test_a_missing_figure_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"timeline\.svg: this figure cannot be read"):
        html.render(document(), tmp_path / "page.html")


def test_a_quotes_id_is_a_citation_and_no_claim(tmp_path: Path) -> None:
    told = document().model_dump()
    quotes = [
        item
        for section in told["sections"]
        for block in section["blocks"]
        if block["kind"] == "quotes"
        for item in block["items"]
    ]
    for number, item in enumerate(quotes):
        item["id"] = str(990_000 + number)
    text = rendered(Document.model_validate(told), tmp_path)
    assert quotes
    assert "990000" in Page(text).text
    assert "990000" not in {problem.number for problem in lint.lint(text, {})}


def test_wide_figures_scroll_on_a_narrow_screen(tmp_path: Path) -> None:
    text = rendered(document(), tmp_path)
    assert text.count('<div class="drawing" tabindex="0"><img ') == len(Page(text).all("img"))
    assert re.search(r"\.drawing { overflow-x: auto; }", text)
