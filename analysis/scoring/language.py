"""The language of each text, with a confidence: the script first, then py3langid among the languages of that script.

py3langid over all its languages calls short English Zulu, and restricted to the languages in use it calls every Russian
text English. So the script narrows the choice (Han without kana is Chinese, Hangul is Korean), and among the languages
of one script that are common in public posts those in use weigh `PRIOR` times as much as the others.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from analysis.scoring.masking import BRAND, EMOTICON, HANDLE, MENTION, plain

if TYPE_CHECKING:
    import numpy as np

PRIOR = 20.0
"""How many times likelier a language in use is than another of its script, before the text is read."""
SURE = 0.5
"""Below this confidence no language is given."""
LETTERS = 3
"""Fewer letters than this say nothing, in a script of letters."""
READ = 1_000
"""Characters of a text that are read: the rest would add nothing but time."""
SECOND = 0.3
"""From this share of the letters on, a second script makes a text mixed."""
HALVES_FROM = 60
"""Letters from which on the two halves of a text are read for themselves: two languages of one script make it mixed."""
SURE_OF_HALF = 0.8
"""How sure the language of each half must be."""
HINT = 0.6
"""The confidence of Chinese where it is in use and only emoticons, such as `[怒]`, or handles tell of it."""

# The first of each script is the likeliest where none of the script is in use.
SCRIPTS: dict[str, tuple[str, ...]] = {
    "CJK": ("zh",),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "THAI": ("th",),
    "GREEK": ("el",),
    "HEBREW": ("he",),
    "ARABIC": ("ar", "fa", "ur"),
    "CYRILLIC": ("ru", "uk", "bg", "sr", "kk"),
    "DEVANAGARI": ("hi", "mr", "ne"),
    "BENGALI": ("bn",),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",),
    "LATIN": (
        *("en", "af", "ca", "cs", "da", "de", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nl", "no"),
        *("pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tl", "tr", "vi"),
    ),
}
WEIGHTS = {"CJK": 3.0, "HANGUL": 2.0, "HIRAGANA": 2.0, "KATAKANA": 2.0}
"""Letters of the Latin script that one character is worth, when scripts are mixed."""
_LAUGHS = re.compile(r"\b(?:a*(?:ha){2,}h?|l+o+l+|rt)\b", re.IGNORECASE)
_PLACEHOLDERS = re.compile(f"{HANDLE}|{BRAND}")
_ASCII_LETTERS = re.compile("[A-Za-z]+")


@dataclass(frozen=True)
class _Reading:
    """What the script tells of a text: `words` are those of its main `script`, which has `share` of the letters."""

    script: str
    share: float
    words: str
    note: str | None = None


def identify(texts: pd.Series, languages: Sequence[str]) -> pd.DataFrame:
    """DataFrame[language, language_confidence, language_note] on the index of `texts`.

    `languages` are the ISO 639-1 codes in use; a text in another language gets its own code. Language and confidence,
    in [0, 1], are null together: where there are too few letters, where the script is not known, or where the choice is
    less sure than `SURE`. The note is "too_short" below `LETTERS` letters (a language beside it is a hint that
    emoticons or handles give), "mixed" where a second script has `SECOND` of the letters or the halves of the text are
    in two languages, else null. A text's answer never depends on the others.
    """
    used = tuple(sorted(set(languages)))
    distinct = texts.dropna().unique().tolist()
    answers = dict(zip(distinct, _answers([_read(text) for text in distinct], used), strict=True))
    rows = [answers.get(text, _SILENT) if isinstance(text, str) else _SILENT for text in texts]
    table = pd.DataFrame(rows, columns=["language", "language_confidence", "language_note"], index=texts.index)
    return table.astype({"language": "string", "language_confidence": "float64", "language_note": "string"})


_Answer = tuple[str | None, float | None, str | None]
_SILENT: _Answer = (None, None, None)


def _read(text: str) -> _Reading:
    said = plain(text)
    text = _PLACEHOLDERS.sub(" ", EMOTICON.sub(" ", MENTION.sub(" ", said)))[:READ]
    if text.isascii():
        letters = sum(map(len, _ASCII_LETTERS.findall(text)))
        return _Reading("LATIN", 1.0, text) if letters >= LETTERS else _too_short(said)
    # Letters of mathematics and of full width are read as the letters that they look like.
    text = unicodedata.normalize("NFKC", text)[:READ]
    weights: defaultdict[str, float] = defaultdict(float)
    for character in text:
        if character.isalpha():
            script = _script(character)
            weights[script] += WEIGHTS.get(script, 1.0)
    whole = sum(weights.values())
    if whole < LETTERS:
        return _too_short(said)
    if weights["HIRAGANA"] + weights["KATAKANA"]:
        weights["HIRAGANA"] += weights.pop("CJK", 0) + weights.pop("KATAKANA", 0)
    (script, weight), *others = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    words = "".join(c if not c.isalpha() or _script(c) == script else " " for c in text)
    mixed = bool(others) and others[0][1] >= SECOND * whole
    return _Reading(script, weight / whole, words, "mixed" if mixed else None)


def _too_short(said: str) -> _Reading:
    """Nothing but, perhaps, emoticons and handles."""
    names = EMOTICON.findall(said) + MENTION.findall(said)
    hint = any(_script(character) == "CJK" for name in names for character in name)
    return _Reading("CJK" if hint else "", HINT, "", "too_short")


def _answers(readings: list[_Reading], used: tuple[str, ...]) -> list[_Answer]:
    answers: list[_Answer] = []
    unsettled: defaultdict[str, list[int]] = defaultdict(list)
    for place, reading in enumerate(readings):
        candidates = SCRIPTS.get(reading.script, ())
        if len(candidates) > 1:
            unsettled[reading.script].append(place)
        language = candidates[0] if candidates else None
        if reading.note == "too_short" and language not in used:
            language = None
        answers.append(_answer(reading, language, 1.0, reading.note))
    for script, places in sorted(unsettled.items()):
        words = [_LAUGHS.sub(" ", readings[place].words) for place in places]
        long = [number for number, text in enumerate(words) if sum(map(str.isalpha, text)) >= HALVES_FROM]
        halves = [half for number in long for half in _halves(words[number])]
        languages, sure = _among(words + halves, SCRIPTS[script], used)
        firm = {
            number: languages[first] != languages[first + 1] and min(sure[first : first + 2]) >= SURE_OF_HALF
            for number, first in zip(long, range(len(words), len(languages), 2), strict=True)
        }
        for number, place in enumerate(places):
            note = readings[place].note or ("mixed" if firm.get(number) else None)
            answers[place] = _answer(readings[place], languages[number], float(sure[number]), note)
    return answers


def _answer(reading: _Reading, language: str | None, sure: float, note: str | None) -> _Answer:
    confidence = round(sure * reading.share, 4)
    return (language, confidence, note) if language and confidence >= SURE else (None, None, note)


def _halves(text: str) -> tuple[str, str]:
    """`text` cut at the blank nearest its middle."""
    middle = len(text) // 2
    before, after = text.rfind(" ", 0, middle), text.find(" ", middle)
    cut = min((place for place in (before, after) if place >= 0), key=lambda place: abs(place - middle), default=middle)
    return text[:cut], text[cut:]


def _among(texts: list[str], candidates: tuple[str, ...], used: tuple[str, ...]) -> tuple[list[str], "np.ndarray"]:
    """The likeliest of `candidates` for each of `texts`, and how likely it is."""
    import numpy as np

    from analysis.scoring.letters import probabilities

    likely = set(candidates) & set(used) or {candidates[0]}
    odds = probabilities(texts, candidates) * np.array([PRIOR if code in likely else 1.0 for code in candidates])
    best = odds.argmax(axis=1)
    return [candidates[place] for place in best], odds.max(axis=1) / odds.sum(axis=1)


@cache
def _script(character: str) -> str:
    name = unicodedata.name(character, "")
    return name.removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ").split(" ")[0]
