"""The same text again and again: copies, which are one voice or a text passed on, never so many votes.

A text is marked where at least COPIES mentions hold it, word for word, within WITHIN_HOURS, and it is too long to be
written twice by chance. Word for word means without names, links, case, digits, punctuation and emoji, and without a
leading "RT". What marks a text says nothing of who is behind it: a petition or a headline that many share looks like a
campaign.

The rule was set on what people write by themselves. Among 14,660 requests of customers to one company
(`shared/archives/spotify-2017`), texts of three content words were written by up to ten people (a device and its
system), none of five by three; three mentions agreed in at most five different characters among 11,987 Chinese reviews
(`shared/benchmarks/sentiment-zh/waimai_10k.csv`), two in at most eleven. In `united-2017`, texts of four content words
that several wrote still hold turns of phrase that were in the air; of five or more, headlines, share buttons, petitions
and bots. Chance repeats a text at any time, more often the longer an archive is; what is passed on comes at once: of
469 texts of that length in `united-2017`, 461 had three copies within three days, and 408 within six hours.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring.masking import BRAND, HANDLE
from analysis.scoring.phrases import spoken

COPIES = 3
"""Two may be one person who posted twice."""
WITHIN_HOURS = 72.0
WORDS = 5
"""Different content words from which a text is too long to be written twice by chance."""
HAN = 12
"""The same in Chinese characters. Characters and words of one text add up."""
TABLE = {
    "first": "string",
    "copies": "int64",
    "authors": "Int64",
    "start": "datetime64[us, UTC]",
    "end": "datetime64[us, UTC]",
    "in_hour": "int64",
}
_FOLDS = (
    (rf"{HANDLE}|\b{BRAND}(?:['’]s)?\b", " "),
    ("['’]", ""),
    (r"[^\pL\pM]+", " "),
    ("^ ?(?:rt )+", ""),
)
"""What is replaced, one after the other, by what (RE2)."""
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True)
class Copies:
    """`copied`: boolean, on the index of the mentions; true where a marked text is repeated that an earlier mention
    holds, null where there are no words, or the mention was not asked about.

    `marked`: one row a marked text, the one with the most copies first: DataFrame[first (id of the earliest mention),
    copies (mentions that hold it, the first too), authors (distinct; null where one is not recorded), start, end
    (UTC), in_hour (copies in its busiest 60 minutes)].
    """

    copied: pd.Series
    marked: pd.DataFrame

    def notes(self, most: int = 1_000) -> dict[str, Any]:
        """In plain values: how many texts are marked, how many mentions repeat one, and the `most` largest."""
        rows = self.marked.head(most).to_dict("records")
        for row in rows:
            row |= {name: row[name].isoformat() for name in ("start", "end")}
            row["authors"] = None if pd.isna(row["authors"]) else int(row["authors"])
        return {"texts": len(self.marked), "mentions": int(self.copied.sum()), "marked": rows}


def mark(mentions: pd.DataFrame, masked: pd.Series, select: pd.Series, *, copies: int = COPIES) -> Copies:
    """The copies among the `mentions` (id, author, published_at) that `select` (bool) names.

    `masked` holds their texts as `masking.mask` leaves them. Leave out reposts and the organisation's own posts: what
    repeats openly, or as a service, says nothing. Of equal times the smaller id is the earlier.
    """
    places = np.flatnonzero(select.to_numpy(dtype=bool))
    codes, texts = pd.factorize(fold(masked.iloc[places]).to_numpy())
    worded = codes >= 0
    many = np.flatnonzero(np.bincount(codes[worded], minlength=len(texts)) >= copies)
    long = np.zeros(len(texts) + 1, dtype=bool)
    long[many] = [length(texts[code]) >= 1 for code in many]
    holds = long[codes] & worded
    group = mentions.iloc[places[holds]][["id", "author", "published_at"]]
    group = group.assign(code=codes[holds], place=places[holds]).sort_values(["code", "published_at", "id"])
    at_once = _most_within(group, WITHIN_HOURS)
    group = group[group["code"].isin(at_once.index[at_once >= copies])]
    values = np.zeros(len(mentions), dtype=bool)
    values[group.loc[group.duplicated("code"), "place"]] = True
    unknown = np.ones(len(mentions), dtype=bool)
    unknown[places[worded]] = False
    copied = pd.Series(pd.arrays.BooleanArray(values, unknown), index=mentions.index)
    return Copies(copied, _table(group))


def fold(masked: pd.Series) -> pd.Series:
    """The words of each text, folded, a blank between them; null where there are none. Same index."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.utf8_lower(pc.utf8_normalize(pa.array(masked, pa.large_string(), from_pandas=True), "NFKC"))
    for pattern, instead in _FOLDS:
        texts = pc.replace_substring_regex(texts, pattern, instead)
    texts = pc.utf8_trim_whitespace(texts)
    folded = pd.Series(texts.to_pandas().to_numpy(dtype=object), index=masked.index, dtype=object)
    return folded.where(folded != "", None)


def length(folded: str) -> float:
    """How long a folded text is: 1 from WORDS different content words or HAN different Chinese characters on."""
    words = [key for key in spoken(_CHINESE.sub(" ", folded)) if len(key) == 1]
    return len(words) / WORDS + len(set(_CHINESE.findall(folded))) / HAN


def _table(group: pd.DataFrame) -> pd.DataFrame:
    """`group`: the mentions that hold marked texts (id, author, published_at, code), sorted by code and time."""
    table = group.groupby("code").agg(
        first=("id", "first"),
        copies=("id", "size"),
        authors=("author", "nunique"),
        start=("published_at", "first"),
        end=("published_at", "last"),
    )
    table["authors"] = table["authors"].astype("Int64")
    table.loc[group.loc[group["author"].isna().to_numpy(), "code"].unique(), "authors"] = pd.NA
    table["in_hour"] = _most_within(group, 1.0)
    table = table.sort_values(["copies", "first"], ascending=[False, True], ignore_index=True)
    return table[list(TABLE)].astype(TABLE)


def _most_within(group: pd.DataFrame, hours: float) -> pd.Series:
    """For each code, the most mentions within `hours` of one another; `group` is sorted by code and time."""
    codes, times = group["code"].to_numpy(), group["published_at"]
    passed = ((times - times.min()) / pd.Timedelta(hours=1)).to_numpy(dtype=float)
    lines = codes * (passed.max(initial=0.0) + 2 * hours) + passed
    counts = np.searchsorted(lines, lines + hours, "right") - np.arange(len(lines))
    return pd.Series(counts, index=codes).groupby(level=0).max()
