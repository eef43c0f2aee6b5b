"""Causes in BERTopic's frame (Grootendorst 2022): its object, its pictures, its representations, our groups.

BERTopic is given vectors and groups, and does what it does with them: c-TF-IDF of phrases, topics over time,
hierarchies, maps, and any representation model of its own (KeyBERT's, a language model's) that an analyst hands over.
Nothing is downloaded, and nothing here needs one.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.scoring import phrases
from analysis.scoring.phrases import Key

if TYPE_CHECKING:
    from bertopic import BERTopic

Embed = Callable[[Sequence[str]], np.ndarray]
_CANDIDATES = 100


def frame(
    documents: Sequence[str],
    vectors: np.ndarray,
    numbers: np.ndarray,
    written: Mapping[Key, str],
    *,
    embed: Embed | None = None,
    representation: Any = None,
) -> "BERTopic | None":
    """A BERTopic fitted with the groups `numbers` of `documents` as they are; None where `written` holds no phrase.

    `written` are the phrases that may describe a topic, by key. `embed`, whose vectors are of the kind of `vectors`,
    is what `find_topics` and KeyBERT's representation need; `representation` is BERTopic's `representation_model`.
    """
    with _umap_later():
        from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    if not written:
        return None

    def said(text: str) -> list[str]:
        return [written[key] for key, _ in phrases.occurrences(text) if key in written]

    model = BERTopic(
        language="multilingual",
        embedding_model=_backend(embed) if embed else None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(analyzer=said, vocabulary=sorted(set(written.values()))),
        ctfidf_model=ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
        representation_model=representation,
        top_n_words=_CANDIDATES,
    )
    return model.fit(list(documents), vectors, y=numbers)


@contextmanager
def _umap_later() -> Iterator[None]:
    """BERTopic imported in here gets UMAP, of which only its pictures have need, when a picture is drawn.

    Importing UMAP compiles it: 13 s of processor in a process whose cache of compiled code is cold.
    """
    if "umap" in sys.modules:
        yield
        return
    later = ModuleType("umap")
    vars(later)["UMAP"] = lambda *given, **how: import_module("umap").UMAP(*given, **how)
    sys.modules["umap"] = later
    try:
        yield
    finally:
        del sys.modules["umap"]


def _backend(embed: Embed) -> Any:
    from bertopic.backend import BaseEmbedder

    class Backend(BaseEmbedder):
        def embed(self, documents: Sequence[str], verbose: bool = False) -> np.ndarray:
            return embed(list(documents))

    return Backend()
