"""Replies that move a conversation to a private channel (definitions C12), by rules in English and Chinese.

A redirect asks its reader to go on in private (DM, e-mail, telephone, form, chat), or says that the organisation went
on there ("we've sent you a DM"). A channel that was refused, a call that was never returned and a channel in somebody
else's story are none. The rules read one clause at a time, so that a refusal in one leaves the next its meaning. The
patterns are in `redirects_en` and `redirects_zh`.
"""

import re
import unicodedata

import pandas as pd

from analysis.scoring import redirects_en, redirects_zh
from analysis.scoring.signs import Accuracy

PRECISION = Accuracy(1.0, 0.9585, 1.0, 60)
"""Share of the replies found that are redirects; n: replies found.

On 220 English replies of one streaming service's support account (spotify-2017), labelled by one reader after the rules
were last changed; `python -m tests.benchmarks.redirects` computes it.
"""
RECALL = Accuracy(0.9852, 0.9377, 0.9905, 68)
"""Share of the redirects that are found, on the same replies; n: redirects among them.

Of the 8 missed, 6 name no channel and carry a private-message button behind a short link; "take this to DM" is another.
"""

CHINESE_PRECISION = Accuracy(0.927, 0.818, 0.979, 41)
CHINESE_RECALL = Accuracy(0.745, 0.636, 0.838, 51)
"""The same on 256 Chinese replies and traps that were written for the benchmark by somebody who had not seen the rules
(part "second" of reply_acts_zh.csv), before six ways of saying it that they had missed were added."""

_CLAUSE_END = re.compile(r"[.!?;,。、\n]+|\s(?:but|so|though|however)\s|但是|不过", re.IGNORECASE)
_BUTTON = re.compile(r"\b(?:twitter|x)\.com/messages/|\bm\.me/|\bwa\.me/", re.IGNORECASE)
"""Links that open a private conversation."""
_HAN = re.compile("[\u3400-\u9fff]")


def redirects(texts: pd.Series) -> pd.Series:
    """Whether each reply asks its reader to go on in private, or says the organisation did; null texts are False."""
    return texts.fillna("").map(_moves).astype(bool)


def _moves(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    if _BUTTON.search(plain):
        return True
    named = redirects_en.NAMED.search(plain) is not None
    if any(_english(clause, named) for clause in _CLAUSE_END.split(plain)):
        return True
    return _HAN.search(plain) is not None and redirects_zh.moves(plain)


def _english(clause: str, named: bool) -> bool:
    """`named`: whether the text names a channel, in this clause or another."""
    there = redirects_en.INVITED.search(clause) or redirects_en.MOVED.search(clause)
    if not (there or (named and redirects_en.THERE.search(clause))):
        return False
    return not (redirects_en.REFUSED.search(clause) or redirects_en.STORY.search(clause))
