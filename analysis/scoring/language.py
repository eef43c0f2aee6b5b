"""The language of each text, with a confidence: the script first, then py3langid among the languages of that script.

py3langid over all its languages calls short English Zulu, and restricted to the languages in use it calls every Russian
text English. So the script narrows the choice (Han without kana is Chinese, Hangul is Korean), and among the languages
of one script that are common in public posts those in use weigh `PRIOR` times as much as the others.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import pandas as pd

from analysis.scoring.masking import BRAND, EMOTICON, HANDLE, MENTION, plain

PRIOR = 20.0
"""How many times likelier a language in use is than another of its script, before the text is read."""
SURE = 0.5
"""Below this confidence no language is given."""
LETTERS = 3
"""Fewer letters than this say nothing, in a script of letters."""
READ = 1_000
"""Characters of a text that are read: the rest would add nothing but time."""

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
        *("en", "ca", "cs", "da", "de", "es", "fi", "fr", "hr", "hu", "id", "it", "nl", "no", "pl", "pt", "ro", "sv"),
        *("tl", "tr", "vi"),
    ),
}
WEIGHTS = {"CJK": 3.0, "HANGUL": 2.0, "HIRAGANA": 2.0, "KATAKANA": 2.0}
"""Letters of the Latin script that one character is worth, when scripts are mixed."""
_LAUGHS = re.compile(r"\b(?:a*(?:ha){2,}h?|l+o+l+|rt)\b", re.IGNORECASE)
_PLACEHOLDERS = re.compile(f"{HANDLE}|{BRAND}")


def identify(texts: pd.Series, languages: Sequence[str]) -> pd.DataFrame:
    """DataFrame[language, language_confidence] on the index of `texts`: ISO 639-1 codes, confidence in [0, 1].

    `languages` are those in use; a text in another one gets its own code. Language and confidence are null together:
    where there are too few letters, where the script is not known, or where the choice is less sure than `SURE`.
    """
    used = tuple(sorted(set(languages)))
    found: dict[str, tuple[str, float] | None] = {text: _of(text, used) for text in texts.dropna().unique()}
    answers = [found.get(text) if isinstance(text, str) else None for text in texts]
    return pd.DataFrame(
        {
            "language": pd.Series([a[0] if a else None for a in answers], index=texts.index, dtype="string"),
            "language_confidence": pd.Series(
                [a[1] if a else None for a in answers], index=texts.index, dtype="float64"
            ),
        }
    )


def _of(text: str, used: tuple[str, ...]) -> tuple[str, float] | None:
    text = _PLACEHOLDERS.sub(" ", EMOTICON.sub(" ", MENTION.sub(" ", plain(text))))[:READ]
    weights: defaultdict[str, float] = defaultdict(float)
    for character in text:
        if character.isalpha():
            script = _script(character)
            weights[script] += WEIGHTS.get(script, 1.0)
    if sum(weights.values()) < LETTERS:
        return None
    if weights["HIRAGANA"] + weights["KATAKANA"]:
        weights["HIRAGANA"] += weights.pop("CJK", 0) + weights.pop("KATAKANA", 0)
    script, weight = min(weights.items(), key=lambda item: (-item[1], item[0]))
    candidates = SCRIPTS.get(script, ())
    if not candidates:
        return None
    language, confidence = candidates[0], 1.0
    if len(candidates) > 1:
        words = "".join(c if not c.isalpha() or _script(c) == script else " " for c in text)
        language, confidence = _among(_LAUGHS.sub(" ", words), candidates, used)
    confidence = round(confidence * weight / sum(weights.values()), 4)
    return (language, confidence) if confidence >= SURE else None


def _among(text: str, candidates: tuple[str, ...], used: tuple[str, ...]) -> tuple[str, float]:
    likely = set(candidates) & set(used) or {candidates[0]}
    odds = {language: p * (PRIOR if language in likely else 1.0) for language, p in _identifier(candidates).rank(text)}
    language = min(odds, key=lambda code: (-odds[code], code))
    return language, odds[language] / sum(odds.values())


@cache
def _script(character: str) -> str:
    name = unicodedata.name(character, "")
    return name.removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ").split(" ")[0]


@cache
def _identifier(candidates: tuple[str, ...]):  # type: ignore[no-untyped-def]  # py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(candidates)
    return identifier
