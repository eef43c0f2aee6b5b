"""The phrase that a spike passes on: words that many people used during it and hardly anybody before.

A joke, a hashtag or a headline travels as a phrase; complaints about one thing are worded in many ways. So a large
share of one new phrase tells a meme from a wave of experiences, though a crisis may have its phrase too.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson

METHOD = "share of authors, Wilson interval"
_DROPPED = re.compile(r"https?://\S+|www\.\S+|[@＠]\s?\w+|\brt\b[: ]", re.IGNORECASE)
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’][^\W_\u3400-\u9fff]+)?")
WORDS = (2, 3, 4, 5)
CHARACTERS = (4, 6, 8)
LONGEST = 400
"""Tokens of a mention that are read: a phrase that is passed on stands early, and a text may be a book."""


@dataclass(frozen=True)
class PassedOn:
    """`phrase` in lower case; the share of people who used it during and before. `share` is refused where none is."""

    phrase: str | None
    share: Estimate
    before: Estimate


def passed_on(
    before: pd.DataFrame,
    during: pd.DataFrame,
    *,
    names: Iterable[str] = (),
    least: float = 0.1,
    times: float = 5.0,
    minimum: int = 30,
) -> PassedOn:
    """The newest and most used phrase of `during` against `before` (mentions: text, author, kind, from_brand).

    Two to five words, or four to eight Chinese characters, used by at least `least` of the people during and `times` as
    large a share as before. `names` of the organisation are no part of a phrase; links and handles neither. Every
    author counts once. Refused as "too_few" under `minimum` mentions on either side, "no_spike" where no phrase is new.
    """
    rows = [sentiment.people(table) for table in (before, during)]
    if min(map(len, rows)) < minimum:
        return PassedOn(None, *(refused("share", "too_few", METHOD, len(table)) for table in reversed(rows)))
    own = {token for name in names for token in tokens(name)}
    users = [_users(table, own) for table in rows]
    people = [int(pd.Series(sentiment.authors(table)).nunique()) for table in rows]
    best: tuple[float, int, str] | None = None
    for phrase, n in users[1].items():
        share, usual = n / people[1], users[0].get(phrase, 0) / people[0]
        if share >= least and share >= times * usual:
            best = max(best or (0.0, 0, ""), (share, len(phrase), phrase))
    if best is None:
        return PassedOn(None, *(refused("share", "no_spike", METHOD, len(table)) for table in reversed(rows)))
    shares = [_wilson(users[side].get(best[2], 0), people[side]) for side in (1, 0)]
    return PassedOn(best[2], shares[0], shares[1])


def tokens(text: str) -> list[str]:
    """Words and single Chinese characters of `text`, in lower case, without links and handles."""
    return _TOKEN.findall(_DROPPED.sub(" ", text.lower()))[:LONGEST]


def _users(rows: pd.DataFrame, own: set[str]) -> Counter[str]:
    """How many people used each phrase."""
    said: dict[int, set[str]] = {}
    for author, text in zip(sentiment.authors(rows), rows["text"].fillna(""), strict=True):
        said.setdefault(int(author), set()).update(_phrases(tokens(text), own))
    return Counter(phrase for phrases in said.values() for phrase in phrases)


def _phrases(words: Sequence[str], own: set[str]) -> set[str]:
    found = set()
    for at in range(len(words)):
        for size in CHARACTERS if _chinese(words[at]) else WORDS:
            piece = words[at : at + size]
            if len(piece) == size and not own.intersection(piece):
                found.add(("" if all(map(_chinese, piece)) else " ").join(piece))
    return found


def _chinese(token: str) -> bool:
    return "\u3400" <= token[0] <= "\u9fff"


def _wilson(k: int, n: int) -> Estimate:
    found = wilson(k, n)
    return Estimate(found.value, "share", n, METHOD, found.low, found.high)
