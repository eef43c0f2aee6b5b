"""The causes of one language: its texts embedded, grouped, told apart by a taxonomy where there is one, and named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.scoring import cause_names, communities, embedding, lexical, seeds
from analysis.scoring.carry import Carried, carry
from analysis.scoring.phrases import Key
from analysis.taxonomy import Taxonomy

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Embed = Callable[[Sequence[str], str], np.ndarray]
_DESCRIBED_BY = 5
"""Mentions that must say a phrase that BERTopic may describe a topic by."""
_COMPONENTS = 50
_LEXICAL = {"en": 0.3}
"""How much of the likeness of two texts is in their words, the rest in their meaning: by three labelled sets."""
_LEXICAL_ELSEWHERE = 0.15
"""The same beside E5, where words are characters and pairs of them: by eight Chinese sets
(`python -m tests.benchmarks.causes_zh`; from 0.1 to 0.2 the mean AMI differs by 0.007)."""
_MANY = 1_000
"""Texts from which on a word must stand in three of them to count, instead of two."""


@dataclass(frozen=True)
class Asked:
    """The texts of one language: `texts` are cleaned and distinct, `sampled` (sorted) those to find causes in.

    `vectors` (float32, length 1) may be given of the sampled; else `embed` makes them, and `comparable` says that
    vectors which it makes apart can be compared.
    """

    language: str
    texts: list[str]
    sampled: np.ndarray
    embed: Embed
    comparable: bool
    vectors: np.ndarray | None = None

    @property
    def documents(self) -> list[str]:
        return [self.texts[place] for place in self.sampled]


@dataclass(frozen=True)
class Found:
    """The causes of one language.

    `of_text`: DataFrame[group, confidence, origin], a row per distinct text. `labels`, `vectors`: of the sampled.
    By group: `keys` (that of the taxonomy, or None), `names`, `stability` (null where nothing can be said).
    `written`: phrases that BERTopic may describe a topic by.
    """

    of_text: pd.DataFrame
    labels: np.ndarray
    vectors: np.ndarray
    keys: list[str | None]
    names: list[cause_names.Name]
    stability: np.ndarray
    overall: float
    method: str
    written: dict[Key, str]


@dataclass(frozen=True)
class _Grouped:
    labels: np.ndarray
    nearness: np.ndarray
    keys: list[str | None]
    stability: np.ndarray
    overall: float
    method: str


def find(asked: Asked, taxonomy: Taxonomy | None = None, *, seed: int = 0) -> Found:
    """The causes of the texts that were asked about: those of `taxonomy` first, and what it does not hold."""
    documents, language = asked.documents, asked.language
    said = taxonomy.phrases(language) if taxonomy else {}
    meaning, own = _embedded(asked, [phrase for some in said.values() for phrase in some])
    words = lexical.Vocabulary(language, least=3 if len(documents) >= _MANY else 2)
    weights = words.learn(documents)
    # Vectors of characters know the words of a text already.
    share = _LEXICAL.get(language, _LEXICAL_ELSEWHERE)
    known = asked.comparable or asked.vectors is not None
    vectors = _beside(meaning, weights, share, seed) if known else meaning
    if said:
        told = seeds.assign(documents, meaning, said, own, language, meaning=asked.comparable, seed=seed)
        grouped = _with_seeds(vectors, told, list(said), seed)
    else:
        groups = communities.find(vectors, seed=seed)
        keys: list[str | None] = [None] * len(groups.stability)
        grouped = _Grouped(groups.labels, groups.nearness, keys, groups.stability, groups.overall, groups.method)
    rest = np.setdiff1d(np.arange(len(asked.texts)), asked.sampled)
    others = [asked.texts[place] for place in rest]
    found, carried = carry(words, weights, grouped.labels, grouped.nearness, others)
    by_seed = np.array([key is not None for key in grouped.keys])[grouped.labels]
    origin = np.where(by_seed, "seed", "sampled")
    of_text = _of_text(len(asked.texts), (asked.sampled, found, origin), (rest, carried, "propagated"))
    book = cause_names.Phrasebook(documents, embedding.known_word)
    middle = meaning.mean(axis=0) if language != "en" else None
    apart = asked.comparable and asked.vectors is None
    near = (lambda some: _around(middle, asked.embed(some, language))) if apart else None
    names = cause_names.names(book, grouped.labels, _around(middle, meaning), near)
    written = {key: way for key, way in book.written.items() if book.said[key] >= _DESCRIBED_BY} or book.written
    return Found(
        of_text,
        grouped.labels,
        vectors,
        grouped.keys,
        names,
        grouped.stability,
        grouped.overall,
        grouped.method,
        written,
    )


def _embedded(asked: Asked, phrases: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of the sampled texts and of `phrases`, from one call, since some kinds compare with no others."""
    if asked.vectors is not None:
        return asked.vectors, asked.embed(phrases, asked.language) if phrases else np.empty((0, 0), np.float32)
    documents = asked.documents
    vectors = asked.embed([*documents, *phrases], asked.language)
    return vectors[: len(documents)], vectors[len(documents) :]


def _around(middle: np.ndarray | None, vectors: np.ndarray) -> np.ndarray:
    """`vectors` around `middle`: those of E5 all lie on one side, so that any two phrases would be alike."""
    return vectors if middle is None else lexical.unit(vectors - middle)


def _beside(meaning: np.ndarray, weights: "csr_matrix", share: float, seed: int) -> np.ndarray:
    """Vectors of length 1: what texts mean, and at `share` the words they say it in, each around its mean."""
    said = lexical.components(weights, _COMPONENTS, seed=seed)
    parts = ((1 - share) ** 0.5 * lexical.centred(meaning), share**0.5 * said)
    return lexical.unit(np.hstack(parts)).astype(np.float32)


def _with_seeds(vectors: np.ndarray, told: seeds.Assigned, order: Sequence[str], seed: int) -> _Grouped:
    """The causes of a taxonomy, and beside them the groups of what is outside; one group where that is little."""
    held = [key for key in order if key in told.stability]
    labels = np.full(len(vectors), -1)
    for number, key in enumerate(held):
        labels[told.keys == key] = number
    outside = np.flatnonzero(labels < 0)
    stability, method = np.array([told.stability[key] for key in held]), "seeds"
    overall = told.overall
    if len(outside) >= seeds.FEWEST:
        groups = communities.find(vectors[outside], seed=seed)
        labels[outside] = len(held) + groups.labels
        stability = np.concatenate([stability, groups.stability])
        method = f"seeds, {groups.method}" if held else groups.method
        part = len(outside) / len(labels)
        overall = (1 - part) * overall + part * groups.overall if held else groups.overall
    elif len(outside):
        labels[outside] = len(held)
        stability = np.append(stability, np.nan)
    keys = [*held, *[None] * (len(stability) - len(held))]
    return _Grouped(labels, communities.nearness(vectors, labels), keys, stability, overall, method)


def _of_text(count: int, *given: tuple[np.ndarray, Carried, np.ndarray | str]) -> pd.DataFrame:
    found = pd.DataFrame({"group": np.zeros(count, int), "confidence": np.zeros(count), "origin": ""})
    for places, what, origin in given:
        found.loc[places, "group"] = what.groups
        found.loc[places, "confidence"] = what.confidence.round(4)
        found.loc[places, "origin"] = origin
    return found
