"""What a topic model sees of a text: its words, without the names that every text carries.

Handles, brand terms, URLs and `#` lead the topics of raw posts; none of them says what went wrong.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring.masking import BRAND, HANDLE, masker

_PLACEHOLDERS = re.compile(
    rf"(?=[{HANDLE[0]}{BRAND[0]}#])(?:(?:{HANDLE}|(?<![A-Za-z]){BRAND}(?![A-Za-z]))(?:['’]s)?|#)"
)


def for_topics(texts: Sequence[str], terms: Sequence[str]) -> list[str]:
    """The cleaned form of each text, in order; "" where nothing but names, numbers or signs was in it.

    `terms` are brand names and accounts, matched as `masking.mask` does. A word that is also masking's stand-in for a
    brand goes with them: in a complaint it means the brand.
    """
    masked = masker(terms)
    form: dict[str, str] = {}
    cleaned = []
    for text in texts:
        if text not in form:
            form[text] = _words(masked(text)) if isinstance(text, str) else ""
        cleaned.append(form[text])
    return cleaned


def _words(masked: str) -> str:
    cleaned = " ".join(_PLACEHOLDERS.sub(" ", masked).split())
    return cleaned if any(map(str.isalpha, cleaned)) else ""


def distinct(cleaned: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where each case-folded text stands first, and for each text which of these it is; -1 for an empty one."""
    folded = pd.Series([text.casefold() or None for text in cleaned], dtype="object")
    codes, _ = pd.factorize(folded)
    known = np.flatnonzero(codes >= 0)
    _, first = np.unique(codes[known], return_index=True)
    return known[first], codes
