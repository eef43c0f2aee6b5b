"""What a reply does for its reader, by rules in English and Chinese, and where in the reply it does so.

The acts, as the labels behind `ACCURACY` were given. A reply may hold several. Only what the organisation itself does
counts: not the customer's words quoted, nor thanks for their apology or their understanding, nor an act refused.

acknowledgement: says that what the customer told was heard, seen or taken in ("we hear you", "thanks for letting us
    know", "noted"), or names the concrete trouble ("sorry your card was declined"). Not a bare "thanks", thanks for
    patience or praise, "sorry about that", "sorry for the inconvenience".
empathy: says that it understands, knows or shares what the trouble feels like, or reacts to it as bad ("I know how
    frustrating", "that's no fun", "oh no", "sorry to hear that", "sorry you had to wait"). Not "sorry about that",
    "that's odd", "don't worry", joy at good news, "thank you for understanding".
apology: says sorry, apologises, regrets or asks pardon, for whatever reason, also in passing. Not "Sorry?", "no need to
    apologise", somebody else's apology, "we're afraid", "unfortunately".
explanation: a cause or reason of the trouble or of a refusal, or how the product, rule or process works, so that the
    trouble is understood. Not a bare "this isn't possible", a link alone, instructions, a reason to ask for details.
solution: a step that mends it or gets the customer what they want ("try restarting", "fill in this form for your
    refund"), or a mend the organisation did, does or will do ("we've refunded you"). Not questions for details, "DM us"
    alone, "we're looking into it", "vote for the idea".
holding: says that it looks into it, works on it, noted or passed it on, or has no news yet, without a result. Not
    "we're here to help", "keep us posted", a remedy already given.
defensiveness: denies an accusation or fault, shifts blame, minimises or attacks ("as our terms clearly state", "you
    should have", "only a few customers"). Not a neutral cause, a neutral refusal, a rule stated neutrally.
promise: a stated time by which the organisation will have done something ("within 24 hours", "by tomorrow"). Not
    "soon", "as soon as possible", a time for the customer, opening hours, what is past.

Credibility (explanation), redress (solution) and apology are dimensions of Davidow (2003); empathy and acknowledgement
are what Herhausen et al. (2023) call empathy and active listening; defensiveness joins denial, shifted blame, attack
and minimising of Benoit and of Coombs (definitions C3, C9). The patterns are in `acts_en`, `matter_en`, `acts_zh` and
`matter_zh`, deadlines in `promises`.
"""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring import promises, signs
from analysis.scoring.acts_en import ENGLISH
from analysis.scoring.acts_zh import CHINESE
from analysis.scoring.matter_en import MATTER
from analysis.scoring.matter_zh import MATTER as CHINESE_MATTER
from analysis.scoring.signs import Accuracy, Rule
from analysis.scoring.simplified import SIMPLE

ACTS = (
    "acknowledgement",
    "empathy",
    "apology",
    "explanation",
    "solution",
    "holding",
    "defensiveness",
    "promise",
)
LANGUAGES = ("en", "zh")
RULES: dict[str, dict[str, Rule]] = {
    "en": ENGLISH | MATTER | {"promise": promises.PROMISE["en"]},
    "zh": CHINESE | CHINESE_MATTER | {"promise": promises.PROMISE["zh"]},
}
_MEASURED = {
    ("acknowledgement", "en"): (Accuracy(0.9735, 0.9148, 0.9776, 94), Accuracy(0.9899, 0.8536, 0.9899, 90)),
    ("empathy", "en"): (Accuracy(0.9846, 0.9212, 0.9950, 86), Accuracy(1.0000, 0.7584, 1.0000, 85)),
    ("apology", "en"): (Accuracy(1.0000, 0.9618, 1.0000, 65), Accuracy(1.0000, 0.6441, 1.0000, 65)),
    ("explanation", "en"): (Accuracy(0.8327, 0.7329, 0.9028, 65), Accuracy(0.5372, 0.3776, 0.5815, 73)),
    ("solution", "en"): (Accuracy(0.8588, 0.7581, 0.9004, 103), Accuracy(0.9254, 0.7868, 0.9254, 97)),
    ("holding", "en"): (Accuracy(0.9900, 0.9384, 0.9900, 210), Accuracy(0.9363, 0.8740, 0.9449, 222)),
    ("empathy", "zh"): (Accuracy(0.957, 0.871, 0.991, 47), Accuracy(0.900, 0.803, 0.959, 50)),
    ("apology", "zh"): (Accuracy(0.980, 0.910, 0.998, 50), Accuracy(0.961, 0.884, 0.992, 51)),
    ("solution", "zh"): (Accuracy(0.793, 0.676, 0.882, 58), Accuracy(0.780, 0.678, 0.862, 59)),
}
ACCURACY: dict[tuple[str, str], tuple[Accuracy, Accuracy] | None] = {
    (act, language): _MEASURED.get((act, language)) for act in ACTS for language in LANGUAGES
}
"""Precision and recall of each act in each language, on a reader's labels; None where not measured on 50 of it.

English: 504 replies of one streaming service's support account (spotify-2017), from the half that was not read while
the rules were written, labelled once they were frozen and weighted back; `python -m tests.benchmarks.reply_acts`
computes it. What was added after that, for what an organisation mends itself, changes no verdict on them. About half of
the explanations are missed. Other trades are not measured: of the solutions that `simulate.brand_voice` invents for
one, the rules find about half in English and two thirds in Chinese.

Chinese: 256 replies and traps written for the benchmark by somebody who had not seen the rules (part "second" of
reply_acts_zh.csv; `python -m tests.benchmarks.reply_acts zh`). They are invented: real replies may go otherwise.
"""

SPAN_LIMIT = 2_000
"""Characters of a reply in which evidence is shown; patterns without RE2 take time that grows with the square."""
CUT = "¦"
_LINK = r"(?:https?://|www\.|pic\.twitter\.com/)[!-~]+"
_HANDLE = r"[@＠]\s?\w+"
_WINDOW = '["「『《][^"」』》]{0,8}(?:客服|人工|私信|反馈|投诉|意见|留言)[^"」』》]{0,4}["」』》]'
_QUOTED = '"[^"]{2,300}"|「[^」]{2,300}」|『[^』]{2,300}』|《[^》]{2,100}》'
_MARKS = {_LINK: "※", _HANDLE: "@", _WINDOW: "☎", _QUOTED: "×"}
"""What is no word of the reply itself: "@sorry" says nothing, a full stop in a link ends no sentence, and what stands
in quotation marks is somebody else's or a name, that of a window in which to write to the organisation included (☎)."""
_SIGNED = re.compile(r"[\^/~-] ?[A-Z][A-Za-z]{0,2}\s*(?:https?://\S+\s*)?$")
"""The initials of whoever wrote it, at the end."""
_BLOCK = re.compile(rf"{_LINK}|{_HANDLE}|[\d_]|[^\w]+")
_HAN = "[\u3400-\u9fff]"
_FROM, _TO = "’‘´`“”\n\r\t\0", "''''\"\"    "
_SAME = str.maketrans(_FROM, _TO)
_SAME_CHINESE: dict[int, int] = {**_SAME, **SIMPLE}
_MISREAD = "â€™"
"""An apostrophe read in the wrong encoding, in archives that the audit could not mend."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")


def acts(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[ACTS], a row per text, index 0..n-1. Each distinct text is read once."""
    codes, distinct = pd.factorize(np.array([text or "" for text in texts], dtype=object))
    column = _column(list(map(str, distinct)))
    chinese = signs.found(column, _HAN)
    return pd.DataFrame(
        {act: (_found(column, "en", act) | _chinese(column, chinese, act))[codes] for act in ACTS}, dtype=bool
    )


def spans(text: str, act: str) -> list[tuple[int, int]]:
    """Where in `text` the evidence for `act` stands: half-open character offsets, in order, none overlapping.

    Empty where the reply does not do it, or only after SPAN_LIMIT characters.
    """
    seen, places = _placed(text[:SPAN_LIMIT])
    found = []
    for language in LANGUAGES:
        rule = RULES[language][act]
        left, where = _replaced(seen, places, rule.traps, CUT)
        found += [(where[match.start()], where[match.end() - 1] + 1) for match in _finditer(rule.signs, left)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def wordings(texts: Sequence[str]) -> list[str]:
    """What replies from one text block have in common: the text without handles, links, digits, case and signature."""
    return [_BLOCK.sub(" ", _SIGNED.sub("", seen(text))).strip().casefold() for text in texts]


def deadline(text: str) -> float | None:
    """Hours after the reply by which it promises something; None without a promise, or where it names a date alone.

    Of several promises the latest counts. How words become hours stands in `promises.hours`.
    """
    stated = [promises.hours(text[start:end]) for start, end in spans(text, "promise")]
    return max((value for value in stated if value is not None), default=None)


def _found(column: object, language: str, act: str) -> np.ndarray:
    import pyarrow.compute as pc

    rule = RULES[language][act]
    if len(column) == 0:  # type: ignore[arg-type]
        return np.zeros(0, dtype=bool)
    left = pc.replace_substring_regex(column, "(?i)" + rule.traps, CUT)
    return signs.found(left, rule.signs)


def _chinese(column: object, chosen: np.ndarray, act: str) -> np.ndarray:
    """The Chinese verdicts, asked for the texts with a Chinese character alone."""
    found = np.zeros(len(chosen), dtype=bool)
    if chosen.any():
        found[chosen] = _found(column.filter(chosen), "zh", act)  # type: ignore[attr-defined]
    return found


def _column(texts: Sequence[str]) -> object:
    """`texts` as the patterns read them: `seen`, with what is no word of the reply marked."""
    import pyarrow.compute as pc

    column = signs.column([seen(text) for text in texts])
    for pattern, mark in _MARKS.items():
        column = pc.replace_substring_regex(column, pattern, mark)
    return column


def seen(text: str) -> str:
    """`text` with one width of letters, one form of quotes, and without marks of writing direction."""
    if text.isascii():
        return text.translate(_SAME)
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.replace(_MISREAD, "'"))).translate(_SAME_CHINESE)


def _placed(text: str) -> tuple[str, list[int]]:
    """`text` as `_column` makes it, and for each of its characters the one of `text` that it came from."""
    raw, origins = _replaced(text, list(range(len(text))), _MISREAD, "'")
    pieces = [(seen(sign), place) for sign, place in zip(raw, origins, strict=True)]
    joined = "".join(piece for piece, _ in pieces)
    places = [place for piece, place in pieces for _ in piece]
    for pattern, mark in _MARKS.items():
        joined, places = _replaced(joined, places, pattern, mark)
    return joined, places


def _replaced(text: str, places: list[int], pattern: str, mark: str) -> tuple[str, list[int]]:
    parts, where, last = [], [], 0
    for match in _finditer(pattern, text):
        parts += [text[last : match.start()], mark]
        where += [*places[last : match.start()], places[match.start()]]
        last = match.end()
    return "".join([*parts, text[last:]]), where + places[last:]


def _finditer(pattern: str, text: str) -> list[re.Match[str]]:
    """Matches as RE2 sees them, where classes such as \\w are ASCII; empty ones left out."""
    return [match for match in re.finditer(pattern, text, re.IGNORECASE | re.ASCII) if match.end() > match.start()]
