"""What a scorer sees of a text: names and addresses masked, feelings kept.

"@united" alone scores +.42 in VADER: a name that is an English word of praise makes every complaint positive. So before
scoring, HTML is unescaped, URLs go, handles become `HANDLE` and the incident's brand terms become `BRAND`. Emoji and
bracketed emoticons such as `[怒]` stay as they are, each set apart by blanks, so that scorers meet them as words of
their own.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

import pandas as pd

from analysis.privacy import PSEUDONYM

VERSION = "2"
"""Part of every cache key's meaning: raise it when the masked form of any text changes."""
LIMIT = 10_000
"""Characters of a text that are looked at; what follows is cut, since no scorer reads so far."""
HANDLE = "@user"
BRAND = "company"

# The first letters once more ahead of the branches: most places of a text are passed by without trying any of them.
URL = re.compile(r"(?=[hwp])(?:https?://\s?|www\.|pic\.twitter\.com/)[!-~]+", re.IGNORECASE)
# An ASCII name ends where ASCII ends, so that Chinese written against it is kept; the blank is of some exports' making.
# A pseudonym is one wherever it stands, also run into a word: what is read must not hang on the key it was made with.
MENTION = re.compile(rf"(?<![\w.])[@＠]\s?(?:[A-Za-z0-9_]+|[\w-]{{1,30}})|{PSEUDONYM.pattern}")
EMOTICON = re.compile(r"\[[^\W\d_]{1,8}\]")
_FIRST_EMOJI = 0x1F000
_DINGBATS = range(0x2600, 0x27C0)
_BELOW_EMOJI = chr(_DINGBATS.start)
_JOINERS = "\u200d\ufe0f"
_RUN = re.compile(rf"{HANDLE}(?:[\s,.:]*{HANDLE})+")


def mask(texts: pd.Series, terms: Sequence[str]) -> pd.Series:
    """The masked form of each text, on the same index; null stays null, and a text of URLs alone becomes "".

    `terms` match without regard to case, as whole words (anywhere, in scripts written without blanks), with `#`, `$` or
    `@` before them, and with other blanks or punctuation between their parts: "Some Air" is also `#SomeAir` and
    `some-air`.
    """
    masked = masker(terms)
    form: dict[str, str] = {text: masked(text) for text in texts.dropna().unique()}
    return texts.map(form, na_action="ignore").astype("string")


def masker(terms: Sequence[str]) -> Callable[[str], str]:
    """What `mask` makes of one text, for texts that come one after the other."""
    brand = _pattern(terms)
    return lambda text: _masked(text, brand)


def plain(text: str) -> str:
    """`text` unescaped, cut at `LIMIT`, without URLs, control characters and marks of writing direction."""
    text = URL.sub(" ", html.unescape(text[:LIMIT]))
    return text if text.isprintable() else "".join(map(_visible, text))


def is_emoji(character: str) -> bool:
    return (ord(character) >= _FIRST_EMOJI and unicodedata.category(character) == "So") or ord(character) in _DINGBATS


def has_content(masked: str) -> bool:
    """Whether a masked text holds a letter or an emoji besides its placeholders."""
    rest = masked.replace(HANDLE, "").replace(BRAND, "")
    return any(character.isalpha() or is_emoji(character) for character in rest)


def _masked(text: str, brand: Callable[[str], str]) -> str:
    text = brand(plain(text))
    if "@" in text or "＠" in text or "u_" in text:
        text = MENTION.sub(HANDLE, text)
    if "[" in text:
        text = EMOTICON.sub(lambda found: f" {found[0]} ", text)
    if not text.isascii() and max(text) >= _BELOW_EMOJI:
        text = "".join(f" {character} " if is_emoji(character) else character for character in text)
    text = " ".join(text.split())
    return _RUN.sub(HANDLE, text) if HANDLE in text else text


def _visible(character: str) -> str:
    if character in _JOINERS or character.isprintable():
        return character
    return " " if character.isspace() or unicodedata.category(character) == "Cc" else ""


def _pattern(terms: Sequence[str]) -> Callable[[str], str]:
    """A function that replaces every form of `terms` in a text, the longest first.

    No match begins with another character than a sign or the first of a term: looking for these before trying one term
    after the other takes a tenth of the time.
    """
    named = {term: form(term) for term in sorted(set(terms), key=lambda term: (-len(term), term))}
    forms = [form for form in named.values() if form]
    if not forms:
        return lambda text: text
    first = "".join(sorted({re.findall(r"[^\W_]", term)[0] for term, form in named.items() if form}))
    begin = rf"(?=[@＠#＃${first}])(?P<sign>[@＠#＃$]\s?)?"
    pattern = re.compile(rf"{begin}(?:{'|'.join(forms)})", re.IGNORECASE)
    return lambda text: pattern.sub(lambda found: HANDLE if (found["sign"] or "")[:1] in ("@", "＠") else BRAND, text)


def form(term: str) -> str:
    parts = re.findall(r"[^\W_]+", term)
    if not parts:
        return ""
    body = r"[\W_]{0,3}".join(map(re.escape, parts))
    before = "" if _unspaced(parts[0][0]) else r"(?<![^\W_])"
    after = "" if _unspaced(parts[-1][-1]) else r"(?![^\W_])"
    return before + body + after


def _unspaced(character: str) -> bool:
    """Whether the character is of a script that sets no blanks between words: Chinese, Japanese or Thai."""
    return unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "THAI"))
