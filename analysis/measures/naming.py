"""Whether mentions name the organisation at all: a label of an export is somebody's word for what a post is about."""

import re
from collections.abc import Sequence

import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson


def named(texts: pd.Series, terms: Sequence[str]) -> pd.Series:
    """Whether each text holds one of `terms` (case, blanks and punctuation within a term apart), even inside a word."""
    patterns = [r"[\W_]*".join(map(re.escape, re.findall(r"\w+", term))) for term in terms if term.strip()]
    if not patterns:
        return pd.Series(False, index=texts.index)
    return texts.fillna("").str.contains("|".join(patterns), case=False, regex=True).astype(bool)


def share(texts: pd.Series, terms: Sequence[str]) -> Estimate:
    """The share of `texts` that name the organisation; refused without texts or without terms to look for."""
    if texts.empty or not any(term.strip() for term in terms):
        return refused("share", "too_few", "Wilson", len(texts))
    return wilson(int(named(texts, terms).sum()), len(texts))
