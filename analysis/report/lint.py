"""The evidence lint: what a reader sees resolves to a finding.

Every number must be held by a finding that its text names. Of a report, whose findings' quotes are passed, also: every
quote is one that its finding holds, with the id of its mention; every finding named exists and has its evidence entry;
every link within the page has its target; titles hold no number of their own.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
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
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_MARKS = {"no", "mark", "refs"}
"""Classes of what a page numbers by itself: sections, figures, tables, and evidence."""
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad"))
_MINUS = str.maketrans({"−": "-", "﹣": "-", "－": "-"})


Quotes = Mapping[str, Collection[tuple[str, str]]]
"""Finding → (id of a mention, its text) of each quote, as printed: long ids are cut, and may then be alike."""


@dataclass(frozen=True)
class Problem:
    """`number` stands in `text`, and none of `findings` (none at all where empty) holds it.

    Where `number` is empty, `text` says what else is wrong.
    """

    text: str
    number: str
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Scope:
    findings: tuple[str, ...] = ()
    exempt: bool = False
    source: str = ""


@dataclass
class _Quoted:
    """A <blockquote>, and the first text from the archive beside it in its <figure>: the id of the mention."""

    findings: tuple[str, ...]
    text: str = ""
    id: str = ""
    told: bool = False
    """Whether the id has come to its end."""


@dataclass
class _Reader(HTMLParser):
    """Collects (scope, text) for every run of text that one scope covers and no block element interrupts.

    Beside them: `quoted`, `titles` (of the page, and headings that name no finding), the `targets` of links within the
    page and where they are called (`links`), and by target the findings of `entries`.
    """

    read: list[tuple[_Scope, str]] = field(default_factory=list)
    quoted: list[_Quoted] = field(default_factory=list)
    titles: list[tuple[str, str]] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    entries: dict[str, tuple[str, ...]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    _open: list[tuple[str, _Scope]] = field(default_factory=list)
    _run: list[str] = field(default_factory=list)
    _figure: _Quoted | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        scope = self._scope()
        if "data-findings" in given:
            scope = _Scope(tuple((given["data-findings"] or "").split()))
            self.named.update(scope.findings)
        elif "data-source" in given or tag == "title" or scope.exempt:
            marks = _MARKS & set((given.get("class") or "").split())
            source = "mark" if marks else given.get("data-source") or scope.source
            scope = _Scope(scope.findings, exempt=True, source=source)
        self._note(tag, given, scope)
        if tag not in _INLINE or scope != self._scope():
            self.flush()
        for name in _SPOKEN:
            if given.get(name):
                self.read.append((scope, given[name] or ""))
        if tag not in _VOID:
            self._open.append((tag, scope))

    def _note(self, tag: str, given: Mapping[str, str | None], scope: _Scope) -> None:
        if given.get("id"):
            self.targets.add(given["id"] or "")
            if (given["id"] or "").startswith("evidence-"):
                self.entries[given["id"] or ""] = scope.findings
        if tag == "a" and (given.get("href") or "").startswith("#"):
            self.links.append((given["href"] or "")[1:])
        if tag == "blockquote":
            self._figure = _Quoted(scope.findings)
            self.quoted.append(self._figure)

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag not in names:
            return
        at = len(names) - 1 - names[::-1].index(tag)
        outer = self._open[at - 1][1] if at else _Scope()
        if tag not in _INLINE or outer != self._scope():
            self.flush()
        archive = self._in_archive()
        del self._open[at:]
        if self._figure and archive and not self._in_archive():
            self._figure.told = True
        if tag == "figure":
            self._figure = None

    def handle_data(self, data: str) -> None:
        names = [name for name, _ in self._open]
        if _SILENT & set(names):
            return
        self._run.append(data)
        if self._figure and "blockquote" in names:
            self._figure.text += data
        elif self._figure and not self._figure.told and self._in_archive():
            self._figure.id += data

    def flush(self) -> None:
        text = " ".join("".join(self._run).split())
        if text:
            self.read.append((self._scope(), text))
            names = [name for name, _ in self._open]
            heading = next((scope for name, scope in reversed(self._open) if name in _HEADINGS), None)
            if names[-1:] == ["title"] or (self._scope().source == "structure" and heading == self._scope()):
                self.titles.append((names[-1], text))
        self._run.clear()

    def _in_archive(self) -> bool:
        return any(scope.source == "archive" for _, scope in self._open)

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


def lint(html: str, holdings: Mapping[str, str | Iterable[str]], quotes: Quotes | None = None) -> list[Problem]:
    """What `html` states that no finding holds, in order of the page; with `quotes`, what else does not resolve.

    `holdings` gives, by id of a finding, everything it holds as rendered text: answers, values in all their forms,
    table cells, quotes. The nearest element with `data-findings` decides which of them count; text within
    `data-source` (a manifest, the incident's own file, a plan, the run, the page's structure) is left out.
    Alternative texts and labels for screen readers are read too.

    `quotes` has a key for every finding of the report. Then each <blockquote> must equal a quote that the finding of
    the nearest `data-findings` holds, and the first text with `data-source="archive"` after it in its <figure> must be
    the id of that mention; each finding that the page names must be one of these and have an element
    `id="evidence-<number>"` of its own; links within the page must have their target; and a number in the page's title
    must stand in what is of the incident, one in a heading (its own mark apart, in an element within it) in a finding.
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
    return problems if quotes is None else [*problems, *_unresolved(reader, quotes)]


def require(html: str, holdings: Mapping[str, str | Iterable[str]], quotes: Quotes | None = None) -> None:
    """Raises EvidenceError, naming the first problems, where `lint` finds anything."""
    problems = lint(html, holdings, quotes)
    if not problems:
        return
    told = [_told(problem) for problem in problems[:5]]
    more = f" And {len(problems) - 5} more." if len(problems) > 5 else ""
    raise EvidenceError(
        "The report states what no finding holds: " + "; ".join(told) + f".{more} "
        "Let the sentence name the finding that holds it, or take it out."
    )


def _told(problem: Problem) -> str:
    where = f"(findings: {', '.join(problem.findings)})" if problem.findings else "(names no finding)"
    if not problem.number:
        return f"{problem.text[:300]} {where}"
    return f"{problem.number} in {problem.text[:300]!r} {where}"


def _unresolved(reader: _Reader, quotes: Quotes) -> list[Problem]:
    """What of a report does not lead to where it should, numbers apart."""
    problems = []
    for one in reader.quoted:
        own = {(_plain(identity), _plain(text)) for name in one.findings for identity, text in quotes.get(name, ())}
        if _plain(one.text) not in {text for _, text in own}:
            problems.append(Problem(f"a quote that its finding does not hold: {one.text[:120]!r}", "", one.findings))
        elif (_plain(one.id), _plain(one.text)) not in own:
            problems.append(Problem(f"a quote beside the id of another mention: {one.id!r}", "", one.findings))
    entered = {identity for found in reader.entries.values() for identity in found}
    for name in sorted(reader.named):
        if name not in quotes:
            problems.append(Problem("a finding is named that there is not", "", (name,)))
        elif name not in entered:
            problems.append(Problem("a finding has no evidence entry", "", (name,)))
    for target in sorted(set(reader.links) - reader.targets):
        problems.append(Problem(f"a link leads nowhere: #{target}", "", ()))
    ours = {number for scope, text in reader.read if scope.source == "incident" for number in numbers(text)}
    for tag, text in reader.titles:
        known = ours if tag == "title" else set()
        problems += [Problem(text, number, ()) for number in numbers(text) if number not in known]
    return problems


def _plain(text: str) -> str:
    """Text as it is compared: white space and what is not seen apart."""
    return " ".join(text.translate(_UNSEEN).split())
