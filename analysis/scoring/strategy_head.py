"""Sentences of a statement that are like ones written for a response strategy: a logistic head on E5.

For what the phrases of `strategies` do not know. The head was fitted by `python -m tests.benchmarks.train_strategies`
to invented sentences and lies in `weights`; it reads E5's vector of a sentence and its runs of letters. Where E5 is not
installed nothing is found.
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.scoring import e5

if TYPE_CHECKING:
    import numpy as np

FILE = Path(__file__).parent / "weights" / "strategies.npz"
LANGUAGES = ("en", "zh")
NAME = "strategies-head"
PIECE = 0.85
"""Probability from which a part of a sentence counts. Parts are no whole sentences, as the head has learnt them,
so that more is asked of them; with less, precision fell (grouped cross-validation)."""
LONGEST = 400
"""Characters of a sentence that are read: E5 sees little more."""
MOST = 200
"""Sentences of a text that are read, parts included: a statement has a handful."""
DIGITS = 6
GRAMS: dict[str, dict[str, Any]] = {
    "en": {"analyzer": "char_wb", "ngram_range": (1, 4), "sublinear_tf": True},
    "zh": {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True},
}
"""How a sentence is cut into runs of letters: within words in English."""
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|[.!?](?=[\w,;]))+[.!?。！？]*[\"'”’」』)）]*")
_PART = re.compile(r"[,;:，；：—]|(?<=[a-z]) (?:and|but|while) ")
_WORD = re.compile(r"[A-Za-z]+|[\u4e00-\u9fff]{2}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FEWEST = 3
"""Words of a part that is read, or pairs of Chinese characters."""


class Likely(NamedTuple):
    """A sentence [start, end) of a text, and the probability that it tells of `strategy`."""

    start: int
    end: int
    strategy: str
    probability: float


def installed() -> bool:
    """Whether the head can be used: E5 is there."""
    return e5.installed()


def version() -> str:
    """Name and version of the head with its embedding; "" where it cannot be used."""
    return f"{NAME}-{_weights()['version']}+{e5.VERSION}" if installed() else ""


@lru_cache(maxsize=64)
def read(text: str) -> tuple[Likely, ...]:
    """The sentences of `text` that tell of a strategy, in order; one may tell of several. () without E5."""
    if not installed():
        return ()
    asked = [(place, text[place[0] : place[1]], True) for place in sentences(text)]
    asked += [(place, part, False) for place, sentence, _ in asked for part in parts(sentence)]
    best: dict[tuple[int, int, str], float] = {}
    for language in LANGUAGES:
        rows = [row for row in asked[:MOST] if language_of(row[1]) == language]
        if not rows:
            continue
        thresholds = _weights()[f"{language}_threshold"].tolist()
        for ((start, end), _, whole), found in zip(
            rows, probabilities([row[1] for row in rows], language), strict=True
        ):
            for name, least, value in zip(_weights()["strategies"].tolist(), thresholds, found.tolist(), strict=False):
                if value >= (least if whole else max(least, PIECE)):
                    key = (start, end, name)
                    best[key] = max(best.get(key, 0.0), value)
    return tuple(Likely(*key, value) for key, value in sorted(best.items()))


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open places of the sentences of `text`, without blanks at their ends, each cut at LONGEST."""
    found = []
    for match in _SENTENCE.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = min(match.start() + len(match[0].rstrip()), start + LONGEST)
        if _WORD.search(text, start, end):
            found.append((start, end))
    return found


def parts(sentence: str) -> list[str]:
    """The parts of a sentence that are long enough to tell something; [] for one that has no parts."""
    cut = [part.strip() for part in _PART.split(sentence)]
    return [part for part in cut if part != sentence.strip() and len(_WORD.findall(part)) >= _FEWEST]


def language_of(sentence: str) -> str:
    """The language that a sentence is read in: "zh" where a fifth of it is Chinese characters, else "en"."""
    return "zh" if 5 * len(_HAN.findall(sentence)) >= len(sentence) else "en"


def probabilities(texts: list[str], language: str) -> "np.ndarray":
    """float64 (n, strategies and none of them), each row summing to 1."""
    import numpy as np

    from analysis.scoring.embedding import e5 as embed

    held = _weights()
    centred = (embed(texts).astype(np.float64) - held[f"{language}_mean"]) / held[f"{language}_spread"]
    # einsum, since a matrix product's last bits may depend on how many rows it is given.
    scores = np.einsum("nd,cd->nc", centred, held[f"{language}_vector"].astype(np.float64))
    scores += _cutter(language).transform(texts) @ held[f"{language}_grams"].astype(np.float64).T
    scores += held[f"{language}_intercept"]
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (weights / weights.sum(axis=1, keepdims=True)).round(DIGITS)


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    import numpy as np

    with np.load(FILE, allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


@lru_cache(maxsize=2)
def _cutter(language: str) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    held = _weights()
    made = TfidfVectorizer(**GRAMS[language], vocabulary=held[f"{language}_names"].tolist())
    made.idf_ = held[f"{language}_idf"].astype(float)
    return made
