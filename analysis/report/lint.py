"""The evidence lint: every number a reader sees must be held by a finding that its text names."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from analysis.errors import EvidenceError

_NUMBER = re.compile(
    r"(?P<sign>(?<![\w.,%)\]])[-+](?=[×$€£¥]?\d))?(?P<times>×\s?)?(?<![A-Za-z_\d])"
    r"(?P<digits>\d+(?:[.,:]\d+)*)(?P<unit>\s?%|\s?‰|[万亿]|[kKMB](?![A-Za-z]))?(?![A-Za-z]*_)"
)
_INLINE = {"a", "abbr", "b", "em", "i", "span", "strong", "sub", "sup", "small", "br", "wbr"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT = {"style", "script", "template"}
_SPOKEN = ("alt", "title", "aria-label")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad"))
_MINUS = str.maketrans({"−": "-", "﹣": "-", "－": "-"})


@dataclass(frozen=True)
class Problem:
    """`number` stands in `text`, and none of `findings` (none at all where empty) holds it."""

    text: str
    number: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Scope:
    findings: tuple[str, ...] = ()
    exempt: bool = False


@dataclass
class _Reader(HTMLParser):
    """Collects (scope, text) for every run of text that one scope covers and no block element interrupts."""

    read: list[tuple[_Scope, str]] = field(default_factory=list)
    _open: list[tuple[str, _Scope]] = field(default_factory=list)
    _run: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        scope = self._scope()
        if "data-findings" in given:
            scope = _Scope(tuple((given["data-findings"] or "").split()))
        elif "data-source" in given or tag == "title":
            scope = _Scope(exempt=True)
        if tag not in _INLINE or scope != self._scope():
            self.flush()
        for name in _SPOKEN:
            if given.get(name):
                self.read.append((scope, given[name] or ""))
        if tag not in _VOID:
            self._open.append((tag, scope))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag not in names:
            return
        at = len(names) - 1 - names[::-1].index(tag)
        outer = self._open[at - 1][1] if at else _Scope()
        if tag not in _INLINE or outer != self._scope():
            self.flush()
        del self._open[at:]

    def handle_data(self, data: str) -> None:
        if not any(name in _SILENT for name, _ in self._open):
            self._run.append(data)

    def flush(self) -> None:
        text = " ".join("".join(self._run).split())
        if text:
            self.read.append((self._scope(), text))
        self._run.clear()

    def _scope(self) -> _Scope:
        return self._open[-1][1] if self._open else _Scope()


def numbers(text: str) -> list[str]:
    """The numbers of `text` as they are compared: NFKC, "-" for every minus, without thousands separators or plus.

    A sign, "×", "%", "‰", "万", "亿", k, M and B belong to the number: 62 does not hold 62%. Digits within a word or
    an identifier (u_a2b3) are none.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).translate(_MINUS)
    found = []
    for match in _NUMBER.finditer(plain):
        digits = re.sub(r",(?=\d{3}(?!\d))", "", match["digits"])
        sign = "-" if match["sign"] == "-" else ""
        found.append(sign + ("×" if match["times"] else "") + digits + (match["unit"] or "").strip())
    return found


def lint(html: str, holdings: Mapping[str, str | Iterable[str]]) -> list[Problem]:
    """What `html` states that no finding holds, in order of the page.

    `holdings` gives, by id of a finding, everything it holds as rendered text: answers, values in all their forms,
    table cells, quotes. The nearest element with `data-findings` decides which of them count; text within
    `data-source` (a manifest, the incident's own file, a plan, the run, the page's structure) is left out.
    Alternative texts and labels for screen readers are read too.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    held = {
        identity: frozenset(numbers(texts if isinstance(texts, str) else "\n".join(texts)))
        for identity, texts in holdings.items()
    }
    problems = []
    for scope, text in reader.read:
        if scope.exempt:
            continue
        known = frozenset().union(*(held.get(identity, frozenset()) for identity in scope.findings))
        problems += [Problem(text, number, scope.findings) for number in numbers(text) if number not in known]
    return problems


def require(html: str, holdings: Mapping[str, str | Iterable[str]]) -> None:
    """Raises EvidenceError, naming the first sentences, where `lint` finds anything."""
    problems = lint(html, holdings)
    if not problems:
        return
    told = [
        f"{problem.number} in {problem.text[:300]!r} "
        + (f"(findings: {', '.join(problem.findings)})" if problem.findings else "(names no finding)")
        for problem in problems[:5]
    ]
    more = f" And {len(problems) - 5} more." if len(problems) > 5 else ""
    raise EvidenceError(
        "The report states numbers that no finding holds: " + "; ".join(told) + f".{more} "
        "Let the sentence name the finding that holds the number, or take the number out."
    )
