"""The glyph audit: what no font covers is written out in words before anything is drawn.

PDF/UA refuses an uncovered character, and text extraction does not see a box, so one foreign quote could cost the whole
PDF or its meaning.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from analysis.errors import RenderError
from analysis.report.clean import strings
from analysis.report.schema import Document, Replacement
from analysis.style import fonts

_ZWJ = "\u200d"
_BREAK = "\u200b"
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_REGION = "[\U0001f1e6-\U0001f1ff]"
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_PICTURE = (
    "[\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_EMOJI = re.compile(
    f"(?P<flag>{_REGION}{_REGION}?)"
    "|(?P<key>[0-9#*])\ufe0f?\u20e3"
    f"|(?P<picture>{_PICTURE}(?:\ufe0f|{_SKIN})*(?:{_ZWJ}{_PICTURE}(?:\ufe0f|{_SKIN})*)*)"
)
_CLUSTER = re.compile(
    r"(?s)[!-~]+(?: [!-~]+)*(?=[ !-~]|$)"
    r"|.[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff"
    r"\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\ufe0e\ufe0f]*"
)


def font_files() -> list[Path]:
    """The fonts of the report, in order: Noto Sans SC, then DejaVu Sans, from matplotlib, for letters that it lacks."""
    package = find_spec("matplotlib")
    if package is None or package.origin is None:
        raise RenderError("matplotlib, whose DejaVu Sans the report uses, is missing. Install it again.")
    return [fonts.variable_sc(), Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"]


def audit(document: Document, files: Sequence[Path] | None = None) -> Document:
    """`document` with every text writable in `files`, and `replacements` saying what was written out, how often.

    Runs of a script become "[Thai, 12 characters]", emoji their Unicode name in brackets with joined ones named
    together, flags the letters of their region. A cluster (a letter with its marks) has to be in one font as a whole;
    where only the letter is, its marks go. Idempotent.
    """
    maps = [fonts.coverage(path) for path in files or font_files()]
    counted = Counter({item.shown: item.times for item in document.replacements})

    def written(_name: str, value: str) -> str:
        pieces = []
        for piece, replaced in _pieces(value, maps, document):
            if replaced:
                counted[piece] += 1
            pieces.append(piece)
        return "".join(pieces)

    labels = document.labels
    audited = strings(document.model_copy(update={"replacements": []}), written)
    shown = [Replacement(shown=text, times=times) for text, times in sorted(counted.items(), key=_most_first)]
    return audited.model_copy(update={"labels": labels, "replacements": shown})


def uncovered(text: str, files: Sequence[Path] | None = None) -> str:
    """The characters of `text` that none of the fonts in `files` covers, each once, in order of code point."""
    maps = [fonts.coverage(path) for path in files or font_files()]
    return "".join(sorted({one for one in text if not one.isspace() and one != _BREAK and not _covered(one, maps)}))


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _pieces(value: str, maps: list[frozenset[int]], document: Document) -> Iterator[tuple[str, bool]]:
    """`value` in pieces, each with whether it stands for something else."""
    at = 0
    for match in _EMOJI.finditer(value):
        name = _emoji_name(match, maps)
        if name is not None:
            yield from _scripts(value[at : match.start()], maps, document)
            yield name, True
            at = match.end()
    yield from _scripts(value[at:], maps, document)


def _emoji_name(match: re.Match[str], maps: list[frozenset[int]]) -> str | None:
    """What to write for an emoji; None for a plain sign that a font covers, such as an arrow or a tick."""
    if match["flag"]:
        return "[" + "".join(chr(ord(one) - 0x1F1E6 + ord("A")) for one in match["flag"]) + "]"
    if match["key"]:
        return f"[{match['key']}]"
    drawn = [one for one in match["picture"] if re.match(_PICTURE, one)]
    pictures = [one for one in drawn if not re.match(_SKIN, one)] or drawn
    if len(match["picture"]) == 1 and ord(pictures[0]) < 0x1F000 and _covered(pictures[0], maps):
        return None
    names = [unicodedata.name(one, "emoji").lower() for one in pictures]
    return "[" + ", ".join(names) + "]"


def _scripts(value: str, maps: list[frozenset[int]], document: Document) -> Iterator[tuple[str, bool]]:
    """Covered clusters as they are; runs of uncovered ones, with the blanks between them, as script and count."""
    plain: list[str] = []
    run: list[str] = []
    for cluster in _CLUSTER.findall(value):
        if run and (cluster == _BREAK or (cluster == " " and run[-1] != " ")):
            run.append(cluster)
            continue
        kept = _kept(cluster, maps)
        if kept is None:
            script = _script(cluster)
            if run and _script(run[0]) != script:
                yield from _named(run, document)
                run = []
            if plain:
                yield "".join(plain), False
                plain = []
            run.append(cluster)
            continue
        if run:
            yield from _named(run, document)
            run = []
        plain.append(kept)
    if plain:
        yield "".join(plain), False
    if run:
        yield from _named(run, document)


def _kept(cluster: str, maps: list[frozenset[int]]) -> str | None:
    """What of `cluster` can be written, or None."""
    base = cluster[0]
    if base in (" ", _BREAK) or cluster.isascii():
        return cluster
    if base in _JOINERS or unicodedata.category(base)[0] == "M":
        return "" if base in _JOINERS else None
    whole = "".join(one for one in cluster if one not in _JOINERS)
    for candidate in (whole, base):
        if any(all(ord(one) in known for one in candidate) for known in maps) and _covered(base, maps):
            return candidate
    return None


def _named(run: list[str], document: Document) -> Iterator[tuple[str, bool]]:
    """A run as "[Thai, 12 characters]", and the blank that ended it."""
    from babel import Locale

    script = _script(run[0])
    blank = run[-1] == " "
    count = sum(len(one) for one in run if one not in (" ", _BREAK))
    name = Locale(document.language).scripts.get(script, script)
    form = document.labels.written_one if count == 1 else document.labels.written_many
    yield form.replace("{script}", name).replace("{count}", str(count)), True
    if blank:
        yield " ", False


def _script(cluster: str) -> str:
    """The ISO 15924 code of the cluster's script; private-use characters have "Zzzz", unknown."""
    from fontTools import unicodedata as scripts

    return scripts.script(cluster[0])


def _covered(one: str, maps: list[frozenset[int]]) -> bool:
    return unicodedata.category(one) != "Co" and any(ord(one) in known for known in maps)
