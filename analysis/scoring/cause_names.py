"""What a cause is called: the phrases that its own mentions use more than all others, as their authors wrote them."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.scoring import phrases
from analysis.scoring.lexical import unit
from analysis.scoring.phrases import Key

MOST = 3
"""Phrases of a name."""
_CANDIDATES = 30
_COMMONNESS = 0.6
"""The rarest phrases of a cause tell it from others best, and name it worst: how much it counts that many say them."""
_FEWEST, _SHARE = 3, 0.004
"""Mentions, and share of a cause's, that must use a phrase."""
_LIFT = 1.5
_ONE_WORD = 0.45
"""What one word weighs against a phrase: "bag" does not say what happened to it."""
_LONGER = 0.04
"""A phrase takes the place of a word where this share of those who use the word use the phrase."""
_ALIKE = 0.75
"""Phrases whose vectors are nearer say one thing twice."""
_WEAK = 0.2
"""A further phrase of a name weighs at least this part of the first."""
_UNKNOWN = 0.5
"""What a phrase with a word that no dictionary holds weighs: a slip of the pen names a cause badly, a new word may."""

Embed = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class _Phrase:
    key: Key
    written: str
    said: int
    weight: float


class Phrasebook:
    """The phrases of `texts`, and how each is written most often: in `known` words (all, where None) if it ever is."""

    def __init__(self, texts: Sequence[str], known: Callable[[str], bool] | None = None) -> None:
        self.of_text = [phrases.spoken(text) for text in texts]
        forms: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        for spoken in self.of_text:
            for key, written in spoken.items():
                forms[key][written] += 1
        self.said = {key: sum(ways.values()) for key, ways in forms.items()}
        self.written: dict[Key, str] = {}
        self.strange: set[Key] = set()
        for key, ways in forms.items():
            if self.said[key] < _FEWEST:
                continue
            usual = [way for way in ways if not known or all(known(word) for word in way.split())]
            self.written[key] = min(usual or ways, key=lambda way: (-ways[way], len(way), way))
            if not usual:
                self.strange.add(key)


@dataclass(frozen=True)
class Name:
    """The phrases that a group is called by, the best first, and the share of its texts that hold a word of them."""

    phrases: list[str]
    told: float


def names(book: Phrasebook, labels: np.ndarray, vectors: np.ndarray, embed: Embed | None = None) -> list[Name]:
    """For each group of `labels` (0 … groups − 1, a row per text of `book`) its name: no phrase where none is its own.

    With `embed`, whose vectors are of the kind of `vectors` (length 1), phrases near
    the group's centre go first, and none says again what one before it said.
    """
    found = []
    for group in range(labels.max() + 1):
        members = np.flatnonzero(labels == group)
        candidates = _candidates(book, members)
        near = np.eye(len(candidates), dtype=np.float32)
        if embed and candidates:
            near = embed([phrase.written for phrase in candidates])
            centre = unit(vectors[members].mean(axis=0)[None])[0]
            closeness = np.clip((near @ centre).round(5), 0.05, 1.0)
            weighed = [
                _Phrase(phrase.key, phrase.written, phrase.said, phrase.weight * float(factor))
                for phrase, factor in zip(candidates, closeness, strict=True)
            ]
            order = sorted(range(len(weighed)), key=lambda at: (-weighed[at].weight, weighed[at].written))
            candidates, near = [weighed[at] for at in order], near[order]
        chosen = _chosen(candidates, near @ near.T)
        words = {word for phrase in chosen for word in phrase.key}
        holding = sum(any(words.intersection(key) for key in book.of_text[member]) for member in members)
        found.append(Name([phrase.written for phrase in chosen], holding / len(members)))
    return found


def _candidates(book: Phrasebook, members: np.ndarray) -> list[_Phrase]:
    """The phrases that `members` use more often than other texts, the weightiest first."""
    inside, total = len(members), len(book.of_text)
    said = Counter(key for member in members for key in book.of_text[member])
    found = []
    for key, times in said.items():
        if times < max(_FEWEST, _SHARE * inside) or key not in book.written:
            continue
        lift = (times / inside) / ((book.said[key] - times + 1) / (total - inside + 1))
        if lift >= _LIFT:
            weight = (times / inside) ** _COMMONNESS * math.log(lift) * (1 if len(key) > 1 else _ONE_WORD)
            weight *= _UNKNOWN if key in book.strange else 1
            found.append(_Phrase(key, book.written[key], times, weight))
    return sorted(found, key=lambda phrase: (-phrase.weight, phrase.written))[:_CANDIDATES]


def _chosen(candidates: Sequence[_Phrase], alike: np.ndarray) -> list[_Phrase]:
    """Up to MOST of `candidates` (the best first) that share no word and say different things."""
    taken: list[int] = []
    for at in (_said_longer(candidates, at) for at in range(len(candidates))):
        words = set(candidates[at].key)
        if any(words & set(candidates[other].key) or alike[at, other] > _ALIKE for other in taken):
            continue
        if taken and candidates[at].weight < _WEAK * candidates[taken[0]].weight:
            continue
        taken.append(at)
        if len(taken) == MOST:
            break
    return [candidates[at] for at in taken]


def _said_longer(candidates: Sequence[_Phrase], at: int) -> int:
    """Where the one word of a candidate stands in a phrase that enough of those who use it use: that phrase."""
    word = candidates[at]
    if len(word.key) > 1:
        return at
    longer = (
        other
        for other, phrase in enumerate(candidates)
        if len(phrase.key) > 1 and set(word.key) < set(phrase.key) and phrase.said >= _LONGER * word.said
    )
    return next(longer, at)
