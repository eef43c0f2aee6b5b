"""Whether a text holds another: a prepared statement, a hotline, a page."""

import re
from collections.abc import Iterable

from analysis.plan import printable

GRAM = 5
"""Characters of a shingle: long enough to be of a word, and as right for Chinese (C10)."""
_DIGITS = re.compile(r"\+?\d[\d\s().\-/]{5,}\d")
"""A telephone number: seven digits or more with the usual marks between."""
_PLACE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:[\w-]+\.)+[a-z]{2,}(?:/[\w./-]*)?", re.IGNORECASE)
"""An address of mail or of a page."""


def held_in(statement: str, texts: Iterable[str]) -> float:
    """The largest share of the character 5-grams of `statement`, but for case and marks, that one of `texts` holds."""
    wanted = _grams(statement)
    return max((len(wanted & _grams(text)) / len(wanted) for text in texts), default=0.0) if wanted else 0.0


def findable(resource: str) -> bool:
    """Whether `resource` has a number or an address: a post may call it by another name than the plan does."""
    return bool(_DIGITS.search(resource) or _PLACE.search(resource))


def names(resource: str, text: str) -> bool:
    """Whether `text` gives `resource`: its number or its address where it has one, else its name."""
    number, place = _DIGITS.search(resource), _PLACE.search(resource)
    if number:
        return _plain_number(number[0]).lstrip("+") in _plain_number(text)
    return (place[0] if place else printable(resource)).casefold() in printable(text).casefold()


def _grams(text: str) -> set[str]:
    plain = re.sub(r"\W+", "", printable(text).casefold())
    return {plain[place : place + GRAM] for place in range(max(1, len(plain) - GRAM + 1))} if plain else set()


def _plain_number(text: str) -> str:
    """`text` with nothing between digits that follow each other but for such marks."""
    return re.sub(r"(?<=\d)[\s().\-/]+(?=\d)", "", text)
