"""Marks of a text that is passed on openly: a link, a quotation, "via @", "RT @", a petition, a headline.

A share button, a petition and a headline make many accounts write one text, and so do those who coordinate accounts in
secret; a text with such a mark cannot be told from either.
"""

import re
from collections.abc import Sequence

import numpy as np

from analysis.scoring import signs

_MARKS = (
    r"https?://\S|\bwww\.\S|\bpic\.twitter\.com/|(?:^|[^\w])t\.co/"
    r"|[“”«»「」『』《》]|(?:^|\s)\"[^\"]{12,}\"|\bvia @|\bRT @|(?:^|\s)RT\b|转发微博|分享自|来自@|//@"
    r"|\bpetition\b|\bsign (?:this|the|and share|now|here)\b|\bsigned\b|\bI just (?:signed|shared|supported|donated)\b"
    r"|请愿|联署|签名活动|联名|接力|转发(?:接力|扩散)|求扩散|#\w+#"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
HEADLINE = 0.7
"""The share of words of four letters or more with a capital, from which a text is a headline in title case."""
HEADLINE_WORDS = 5


def marked(texts: Sequence[str]) -> np.ndarray:
    """bool (n,): whether each text bears a mark of being passed on openly."""
    return signs.found(signs.column(texts), _MARKS) | np.array([_headline(text) for text in texts], dtype=bool)


def _headline(text: str) -> bool:
    """Whether a text is in title case, which headlines and adverts are and talk is not; all capitals are a shout."""
    words = [word for word in _WORD.findall(text[:500]) if len(word) >= 4]
    if len(words) < HEADLINE_WORDS or text.upper() == text:
        return False
    return sum(word[0].isupper() for word in words) >= HEADLINE * len(words)
