"""Replies that are one template: the same words but for names, numbers, links and small changes (definitions C10).

Handles, names, sign-offs, URLs, emoji, numbers and punctuation are masked. Replies that are then the same are one form;
forms are held against each other by `rapidfuzz.fuzz.ratio`, character by character in every language, and one joins the
most used form before it that it is ALIKE (leader clustering; equal use in order of the alphabet). What a reply
belongs to hangs on the set of replies alone, never on the order of rows.

Two forms must also share SHARED of their words, which spares nearly all comparisons; none is spared by guess.

`python -m tests.benchmarks.boilerplate` measures it on 100,000 simulated replies: .999 (.998 to .999) of those said to
share a template did so in truth, and .991 (.988 to .995) of those that did were found; among 3,000 replies .96, since
rare templates then have few forms to be alike to. Templates whose open places are long are found in parts (.80 of
pairs). Of 40 real replies of one account (spotify-2017) that were found without a twin word for word, one reader saw a
template shared in all; what is missed there has not been measured.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.scoring import masking, signatures

ALIKE = 90.0
"""After methods 6, where 90 found more of what repeats than shingles (MinHash .75) at the same precision."""
WORDS = 4
"""Words that a form needs: "you're welcome" is nobody's template."""
HAN = 8
"""The same in Chinese characters. Words and characters of one form add up."""
SHARED = 0.7
"""Share of the words of two forms (of pairs of characters in Chinese) that both must hold: twice what is shared over
the sum. ALIKE forms hardly ever share fewer: no pair of 1,099 in spotify-2017, 3 of 2,570 simulated Chinese ones.
"""
_BITS = 1024
_BLOCK = 2048
_STEP = 1.25
_WORD = re.compile(r"(?=([\u3400-\u9fff]{2}))|([^ \u3400-\u9fff]+)")
_ANSWER = re.compile(r"^\s*(?:回复|回覆)\s*(?=[@＠])")
_PARTS = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_APOSTROPHES = str.maketrans("", "", "'’`")


def templates(texts: pd.Series) -> pd.Series:
    """The number of the template (Int64, from 1, the most used first) of each text, on the same index.

    Null where no other text is of the template, or where too little is left of a text without names and numbers.
    """
    form = {text: masked(text) for text in texts.dropna().unique()}
    forms = texts.map(form, na_action="ignore")
    used = forms[forms.fillna("") != ""].value_counts()
    ordered = sorted(used.index, key=lambda written: (-used[written], written))
    leader = dict(zip(ordered, _leaders(ordered), strict=True))
    led = forms.map(leader)
    size = led.value_counts()
    ranked = sorted((number for number in size.index if size[number] > 1), key=lambda number: (-size[number], number))
    return led.map({number: rank for rank, number in enumerate(ranked, start=1)}).astype("Int64")


def masked(text: str) -> str:
    """What is left of `text` to compare; "" where that is too little to be a template."""
    plain = masking.MENTION.sub(" ", _ANSWER.sub("", signatures.bare(text)))
    plain = signatures.unsigned(masking.EMOTICON.sub(" ", plain).strip(" :：,，.。"))
    for start, end in reversed(signatures.names(plain)):
        plain = plain[:start] + plain[end:]
    parts: list[str] = []
    weight = 0.0
    for part in _PARTS.findall(plain.translate(_APOSTROPHES).casefold()):
        if part.isalpha():
            parts.append(part)
            weight += len(part) / HAN if part >= "\u3400" else 1 / WORDS
        elif parts[-1:] != ["0"]:
            parts.append("0")
    return " ".join(parts) if weight >= 1 else ""


def _leaders(forms: Sequence[str]) -> list[int]:
    """For each form the place of the form it joins, its own where it joins none; `forms` are distinct."""
    signs = _Signs.of(forms)
    joined = np.arange(len(forms))
    led = _Index(signs)
    for start in range(0, len(forms), _BLOCK):
        block = np.arange(start, min(start + _BLOCK, len(forms)))
        asked, others = _alike(forms, *led.near(block))
        joined[asked[::-1]] = others[::-1]  # of several the first, which is written last
        alone = block[joined[block] == block]
        fresh = _Index(signs)
        fresh.add(alone)
        asked, others = fresh.near(alone)
        asked, others = _alike(forms, asked[others < asked], others[others < asked])
        for one, other in zip(asked.tolist(), others.tolist(), strict=True):
            if joined[one] == one and joined[other] == other:
                joined[one] = other
        led.add(alone[joined[alone] == alone])
    return joined.tolist()


def _alike(forms: Sequence[str], asked: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those pairs of places whose forms are ALIKE."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cpdist

    if not len(asked):
        return asked, others
    pairs = [forms[place] for place in asked.tolist()], [forms[place] for place in others.tolist()]
    close = cpdist(*pairs, scorer=ratio, score_cutoff=ALIKE, workers=1) > 0
    return asked[close], others[close]


@dataclass(frozen=True)
class _Signs:
    """Of each form its length in characters, and its words (in Chinese, pairs of neighbouring characters)."""

    lengths: np.ndarray
    words: np.ndarray
    """How many different ones."""
    bits: np.ndarray
    """uint8 (n, _BITS / 8): which of them, each a bit chosen by a fixed hash."""

    @classmethod
    def of(cls, forms: Sequence[str]) -> "_Signs":
        place: dict[str, int] = {}
        bits = np.zeros((len(forms), _BITS // 8), dtype=np.uint8)
        for row, form in enumerate(forms):
            for word in map("".join, _WORD.findall(form)):
                if word not in place:
                    place[word] = crc32(word.encode("utf-8", "replace")) % _BITS
                bits[row, place[word] >> 3] |= 1 << (place[word] & 7)
        lengths = np.array([len(form) for form in forms], dtype=np.int64)
        return cls(lengths, np.bitwise_count(bits).sum(axis=1, dtype=np.int64), bits)

    def closer(self, one: np.ndarray, other: np.ndarray, apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those pairs that share enough words, where `apart` are not shared, and may be ALIKE by their lengths."""
        size = self.lengths[one] + self.lengths[other]
        close = apart <= (1 - SHARED) * (self.words[one] + self.words[other]) + 1e-9
        close &= np.abs(self.lengths[one] - self.lengths[other]) <= (1 - ALIKE / 100) * size + 1e-9
        return one[close], other[close]


class _Index:
    """Forms to be looked up by those that may be ALIKE, in classes of how many words they have."""

    def __init__(self, signs: _Signs) -> None:
        self._signs = signs
        self._classes: dict[int, _Class] = {}

    def add(self, places: np.ndarray) -> None:
        sizes = self._signs.words[places]
        classes = _class(sizes)
        for number in np.unique(classes):
            some = places[classes == number]
            kept = self._classes.setdefault(int(number), _Class.empty())
            kept.places = np.concatenate([kept.places, some])
            kept.fewest = min(kept.fewest, int(self._signs.words[some].min()))
            kept.most = max(kept.most, int(self._signs.words[some].max()))
            kept.bits.add(self._signs.bits[some])

    def near(self, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of one of the forms `asked` and one of those held that may be ALIKE, in order."""
        found = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))]
        sizes = self._signs.words[asked]
        classes = _class(sizes)
        for number in np.unique(classes):
            mine = asked[classes == number]
            fewest, most = int(sizes[classes == number].min()), int(sizes[classes == number].max())
            for kept in self._classes.values():
                reach = int((1 - SHARED) * (most + kept.most) + 1e-9)
                if max(kept.fewest - most, fewest - kept.most) > reach:
                    continue
                limits, apart, hits = kept.bits.range_search(self._signs.bits[mine], reach + 1)
                one = np.repeat(mine, np.diff(limits.astype(np.int64)))
                found.append(self._signs.closer(one, kept.places[hits], apart))
        one, other = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.lexsort((other, one))
        return one[order], other[order]


@dataclass
class _Class:
    """Forms of about as many words: their places, the bounds of how many, and which."""

    places: np.ndarray
    fewest: int
    most: int
    bits: Any

    @classmethod
    def empty(cls) -> "_Class":
        import faiss

        return cls(np.empty(0, dtype=np.int64), _BITS, 0, faiss.IndexBinaryFlat(_BITS))


def _class(sizes: np.ndarray) -> np.ndarray:
    """Forms of how many words are looked through at once: steps that grow with them."""
    return np.floor(np.log(np.maximum(sizes, 1)) / np.log(_STEP)).astype(int)
