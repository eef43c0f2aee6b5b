"""Beyond polarity: target, complaint, reproach, first person and marks of arousal; each distinct text is read once."""

from collections.abc import Sequence

import pandas as pd
from pandas.api.types import pandas_dtype

from analysis.mentions import SCORED_COLUMNS
from analysis.scoring import complaint, masking, target, tone

COLUMNS = ("target", "complaint", "reproach", "first_person", "arousal")
_ANSWERS = ("addressed", "own_thread")
"""Reasons of relevance that make the organisation the one who is spoken to."""


def read(scored: pd.DataFrame, *, terms: Sequence[str], accounts: Sequence[str], rivals: Sequence[str]) -> pd.DataFrame:
    """DataFrame[COLUMNS] on the index of `scored`: text, language, from_brand, relevance_reason and p_… are read.

    `accounts` are pseudonyms of the organisation's accounts. All null for what it wrote itself, for texts without a
    letter or an emoji and for languages without rules; `target` also where the likeliest class is not negative.
    """
    texts = scored["text"]
    for account in accounts:
        # Who calls it by an account names it; other accounts stay placeholders.
        texts = texts.str.replace(f"@{account}", masking.BRAND, regex=False)
    masked = masking.mask(target.rivals(texts, rivals), terms)
    rows = pd.DataFrame(
        {
            "masked": masked,
            "language": scored["language"],
            "answering": scored["relevance_reason"].isin(_ANSWERS).fillna(False).astype(bool),
        }
    )
    wanted = ~scored["from_brand"] & masked.map(masking.has_content, na_action="ignore").eq(True).fillna(False)
    keys = rows[wanted.astype(bool)].dropna()
    parts = [_of(part, str(language)) for language, part in keys.drop_duplicates().groupby("language")]
    known = pd.concat(parts) if parts else pd.DataFrame(columns=[*rows.columns, *COLUMNS])
    found = keys.reset_index(names="row").merge(known, how="left", on=list(rows.columns)).set_index("row")
    out = found[list(COLUMNS)].reindex(scored.index)
    out = out.astype({name: pandas_dtype(SCORED_COLUMNS[name]) for name in COLUMNS})
    out["target"] = out["target"].where(_negative(scored))
    return out


def _of(keys: pd.DataFrame, language: str) -> pd.DataFrame:
    texts = keys["masked"].tolist()
    found = pd.concat([complaint.columns(texts, language), tone.columns(texts, language)], axis=1)
    found["target"] = target.columns(texts, language, answering=keys["answering"].tolist())
    return pd.concat([keys.reset_index(drop=True), found], axis=1)


def _negative(scored: pd.DataFrame) -> pd.Series:
    """Whether the likeliest class is negative, ties included; an unscored mention is not."""
    rest = scored[["p_neutral", "p_positive"]].max(axis=1)
    return scored["p_negative"].ge(rest).fillna(False).astype(bool)
