"""Where each cause of an incident lies among meanings: the mean of its texts' vectors, to be held against the causes of
other incidents."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.scoring import clean, embedding
from analysis.scoring.vectors import VectorStore

COLUMNS = ("cause", "language", "version", "n", "vector")
DIGITS = 5
FEWEST = 10
"""Distinct texts under which a cause has no centre: it would say little of the cause, and much of a few people."""


def centres(
    complaints: pd.DataFrame, versions: Mapping[str, str], terms: Sequence[str], kept: VectorStore
) -> pd.DataFrame:
    """The centre of each cause in each language: DataFrame[cause, language, version (of the embedding), n (distinct
    texts), vector (list of float, the mean of vectors of length 1)].

    `complaints` are scored mentions with a cause; `versions`: language → the embedding that their causes were found by;
    `terms` are dropped from the texts, as they were then. Only vectors that are kept are read, and no model runs; a
    language whose vectors are not kept, since they compare with no others or come from a model of one's own, has none.
    """
    rows = []
    known = complaints[complaints["cause"].notna()]
    for language, own in known.groupby("language", observed=True, sort=True):
        version = versions.get(str(language), "")
        if version not in embedding.KEPT:
            continue
        store = kept if version == embedding.MINILM_VERSION else kept.beside(version, kept.dim)
        cleaned = clean.for_topics(own["text"].tolist(), terms)
        texts = own.assign(cleaned=cleaned)[["cause", "cleaned"]]
        texts = texts[texts["cleaned"] != ""].drop_duplicates()
        vectors, held = store.get(embedding.read(texts["cleaned"].tolist()))
        numbers = texts["cause"].to_numpy(dtype=int)
        for cause in sorted(set(numbers[held].tolist())):
            some = vectors[held & (numbers == cause)].astype(float)
            if len(some) < FEWEST:
                continue
            middle = [round(float(part), DIGITS) for part in some.mean(axis=0)]
            rows.append((cause, str(language), version, len(some), middle))
    return pd.DataFrame(rows, columns=list(COLUMNS))
