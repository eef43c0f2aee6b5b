"""What a PDF states in digits that its document does not: nothing, but for page numbers and numbers of evidence.

HTML and PDF are made from one laid-out document, and the evidence lint reads the HTML. This closes the circle: all text
of the PDF less every string of the laid-out document, each as often as it stands there, must leave no digit. Taken away
one by one, a string that was changed stays behind, and so does one too many, whatever else holds the same digits.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from pypdf import PdfReader

_UNPRINTED = {
    *("language", "labels", "path", "alt", "finding", "findings", "tone", "source", "align", "state", "replacements"),
    *("state_text", "generated", "zone", "file", "kind", "tokens", "pictures", "index", "share", "refs", "numbers_of"),
}
_GAP = "\x00"
_ALONE = (r"(?<![\d.,])", r"(?!\d)")


def unsaid(reader: PdfReader, planned: Mapping[str, Any]) -> list[str]:
    """What is left with a digit in it, of the text of `reader`, less the strings of `planned` (`layout.laid_out`)."""
    return balance(reader, planned)[0]


def balance(reader: PdfReader, planned: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """(`unsaid`, the strings with a digit that `planned` holds more often than they were found.)

    The second is what an invented number could hide behind: it has to be short.
    """
    text = "".join(_body(page.extract_text(), number, len(reader.pages)) for number, page in enumerate(reader.pages, 1))
    left = re.sub("[\u200b\u2060]", "", unicodedata.normalize("NFKC", text))
    printed = {key: value for key, value in planned.items() if key != "evidence"}  # it stands in the appendix too
    strings: Counter[str] = Counter()
    for some in (_strings(printed), _contents(reader), _running(reader, planned)):
        strings.update(_plain(one) for one in some)
    # Marks of tables and figures first: a caption may go on as a heading with the same number does.
    marks = tuple(planned["labels"][name] for name in ("table", "figure"))
    wanted = sorted(
        (one for one in strings if re.search(r"\d", one)), key=lambda one: (not one.startswith(marks), -len(one), one)
    )
    # A whole number first; then where a line was broken within one; then where one runs into the next.
    for strict, before, after in ((True, *_ALONE), (False, *_ALONE), (False, "", "")):
        for one in wanted:
            if strings[one]:
                left, found = re.subn(before + _form(one, strict) + after, _GAP, left, count=strings[one])
                strings[one] -= found
    unsaid = [" ".join(part.split()) for part in left.split(_GAP) if re.search(r"\d", part)]
    return unsaid, [one for one in wanted for _ in range(strings[one])]


def _body(text: str, number: int, pages: int) -> str:
    """The text of a page without "number / pages"."""
    return re.sub(rf"(?<!\d){number}\s*/\s*{pages}(?!\d)", "\n", text, count=1)


def _form(text: str, strict: bool) -> str:
    """`text` with any white space, or none, between its letters; where `strict`, none between two digits."""
    parts: list[str] = []
    for before, one in pairwise(" " + text):
        if one != " ":
            whole = strict and before.isdigit() and one.isdigit()
            parts.append(("" if whole or not parts else r"\s*") + re.escape(one))
    return "".join(parts)


def _plain(text: str) -> str:
    """White space as one blank, and each letter in one form: extraction gives some Chinese ones as their radicals."""
    return " ".join(re.sub("[\u200b\u2060]", "", unicodedata.normalize("NFKC", text)).split())


def _strings(value: Any, name: str = "", holder: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Every text of a laid-out document that the PDF prints, and the numbers of evidence beside each."""
    if isinstance(value, Mapping):
        if value.get("refs"):
            yield from map(str, value["refs"])
        if "mark" in value and "blocks" in value:
            yield f"{value['mark']}{value['title']}"
        if "method" in value and "number" in value:
            yield str(value["number"])
        for key, item in value.items():
            if key in _UNPRINTED and not (key == "kind" and "owner" in value):
                continue
            if (key == "id" and "blocks" in value) or (key in ("title", "mark") and "blocks" in value):
                continue
            yield from _strings(item, key, value)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item, name, holder)
    elif isinstance(value, str):
        yield value


def _contents(reader: PdfReader) -> Iterator[str]:
    """The lines of the table of contents: what each heading says, and its page."""

    def walk(entries: Any) -> Iterator[str]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry)
            else:
                page = reader.get_destination_page_number(entry)
                yield str(entry.title)
                yield str((page or 0) + 1)

    return walk(reader.outline)


def _running(reader: PdfReader, planned: Mapping[str, Any]) -> Iterator[str]:
    """What stands over every page but the first: the heading it is in, and the title."""
    title = planned["title"]
    short = title if len(title) <= 70 else title[:69].rstrip() + "…"
    yield from [short] * (len(reader.pages) - 1)
    opened = sorted(
        (reader.get_destination_page_number(entry) or 0, at, str(entry.title))
        for at, entry in enumerate(entry for entry in reader.outline if not isinstance(entry, list))
    )
    contents = 1 + sum(section["sheet"] for section in planned["sections"])
    for page in sorted({*range(1, len(reader.pages))} - {contents}):
        on = [name for at, _, name in opened if at == page]
        before = [name for at, _, name in opened if at < page]
        if on or before:
            yield on[0] if on else before[-1]
