"""What punctuation says of a text, in any language: a question is seldom praise, an exclamation seldom indifferent."""

from collections.abc import Sequence
from math import log1p
from typing import TYPE_CHECKING

from analysis.scoring.masking import HANDLE, is_emoji

if TYPE_CHECKING:
    import numpy as np

VERSION = "1"
MARKS = ("questions", "exclamations", "length", "digits", "handles", "emoji")
_MOST = 3
"""Marks of a kind that are counted; more say nothing new."""


def marks(texts: Sequence[str]) -> "np.ndarray":
    """float64 (n, len(MARKS)) of masked texts: counts up to 3, log of characters, and whether a digit is in it."""
    import numpy as np

    return np.array([_marks(text) for text in texts], dtype=np.float64).reshape(len(texts), len(MARKS))


def _marks(text: str) -> tuple[float, ...]:
    return (
        min(text.count("?") + text.count("？"), _MOST),
        min(text.count("!") + text.count("！"), _MOST),
        log1p(len(text)),
        any(character.isdigit() for character in text),
        min(text.count(HANDLE), _MOST),
        min(sum(map(is_emoji, text)), _MOST),
    )
