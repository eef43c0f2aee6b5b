"""Marks of a reply written for one customer (definitions C10), by rules in English and Chinese.

Four marks, after the ways in which Decock et al. 2020 (doi 10.1080/15332861.2020.1848060) made replies individual: the
customer is named beyond the leading handle; an agent signs; the words are the customer's own more than in most replies;
a fact of this complaint comes back (a number, a code, a word that hardly any other complaint holds). A reply with two
or more is called personal: one alone is often the tool's doing, as a sign-off in every reply is. Nobody's labels stand
behind it: it is unmeasured.
"""

import re
from collections import Counter

import numpy as np
import pandas as pd

from analysis.privacy import PSEUDONYM
from analysis.scoring import signatures
from analysis.scoring.masking import MENTION

MARKS = ("named", "signed", "own_words", "fact")
ENOUGH = 2
RARE = 0.01
"""Share of complaints that hold a word at most, for it to be a fact of one: "refund" is none, a street is."""
_LEADING = re.compile(r"^[\s.]*(?:回复|回覆)?\s*(?:[@＠][\w-]+[\s:：,，]*)+")
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:['’-][^\W_\u3400-\u9fff]+)*")
_PLAIN_HAN = re.compile(r"[的了吗呢吧啊我你您他她们是在有和就都也很不没这那请到给会能可以说要一个么怎什为对将已]")


def personal(replies: pd.DataFrame) -> pd.DataFrame:
    """boolean DataFrame[*MARKS, personal] on the index of `replies`: text, complaint (null where it is not at hand).

    `own_words`, `fact` and `personal` are null where there is no complaint to compare with: those that
    the other two marks decide would be a chosen lot.
    """
    text = replies["text"].fillna("")
    body = text.map(lambda written: _LEADING.sub("", written))
    plain = body.map(signatures.bare)
    named = body.str.contains(PSEUDONYM) | plain.map(lambda written: bool(signatures.names(written)))
    signed = plain.map(signatures.signed)
    complaint = replies["complaint"].tolist()
    known = replies["complaint"].notna().to_numpy()
    asked = [content(MENTION.sub(" ", complaint[place])) if known[place] else set() for place in range(len(replies))]
    held = Counter(word for words in asked for word in words)
    most = max(RARE * known.sum(), 1)
    overlap, fact = np.zeros(len(replies)), np.zeros(len(replies), dtype=bool)
    for place, written in enumerate(plain):
        told = content(signatures.unsigned(written))
        both = told & asked[place]
        overlap[place] = len(both) / max(len(told), 1)
        fact[place] = any(any(map(str.isdigit, word)) or held[word] <= most for word in both)
    above = overlap > (np.median(overlap[known]) if known.any() else 0.0)
    marks = pd.DataFrame({"named": named, "signed": signed}, index=replies.index).astype("boolean")
    marks["own_words"] = pd.Series(above, index=replies.index, dtype="boolean").where(known)
    marks["fact"] = pd.Series(fact, index=replies.index, dtype="boolean").where(known)
    count = marks[[*MARKS]].fillna(False).sum(axis=1).astype("int64")
    marks["personal"] = (count >= ENOUGH).astype("boolean").where(known)
    return marks


def content(text: str) -> set[str]:
    """Words that say what a text is about: English ones of four letters or more, numbers and codes of two characters
    or more; of Chinese, pairs of neighbouring characters that hold no function word.
    """
    words: set[str] = set()
    for token in _TOKEN.findall(text.casefold()):
        if token >= "\u3400":
            pairs = {token[at : at + 2] for at in range(len(token) - 1)}
            words |= {pair for pair in pairs if not _PLAIN_HAN.search(pair)}
        elif any(map(str.isdigit, token)):
            words |= {token} if len(token) > 1 else set()
        elif len(token) > 3 and token not in _FUNCTION:
            words.add(token)
    return words


_FUNCTION = frozenset(
    [
        *(
            "about",
            "after",
            "again",
            "also",
            "always",
            "another",
            "because",
            "been",
            "before",
            "being",
            "could",
            "does",
        ),
        *(
            "doing",
            "don't",
            "down",
            "each",
            "ever",
            "every",
            "from",
            "getting",
            "have",
            "having",
            "here",
            "i'll",
            "i've",
        ),
        *("into", "isn't", "it's", "just", "know", "like", "make", "more", "most", "much", "must", "need", "never"),
        *(
            "only",
            "other",
            "over",
            "please",
            "really",
            "same",
            "should",
            "since",
            "some",
            "soon",
            "still",
            "such",
            "take",
        ),
        *(
            "than",
            "thank",
            "thanks",
            "that",
            "that's",
            "their",
            "them",
            "then",
            "there",
            "these",
            "they",
            "thing",
            "this",
        ),
        *(
            "those",
            "very",
            "want",
            "we'll",
            "we're",
            "we've",
            "well",
            "were",
            "what",
            "when",
            "where",
            "which",
            "while",
        ),
        *("will", "with", "would", "yeah", "you'd", "you'll", "you're", "you've", "your", "yours", "can't", "didn't"),
        *(
            "sorry",
            "hello",
            "help",
            "look",
            "looking",
            "let's",
            "today",
            "hope",
            "happy",
            "back",
            "time",
            "work",
            "good",
        ),
    ]
)
