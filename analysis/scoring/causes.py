"""Root causes: what the mentions are about, found without a list to choose from, in BERTopic's frame.

BERTopic (Grootendorst 2022) holds and shows the topics. Reduction and clustering are replaced by communities in the
graph of nearest neighbours, which leave no mention unexplained; above a sample, causes are carried to the rest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.scoring import cause_names, clean, embedding, lexical
from analysis.scoring.carry import Carried, carry
from analysis.scoring.communities import REFITS, SHARE, Groups, find
from analysis.scoring.phrases import Key
from analysis.scoring.topic_frame import frame

if TYPE_CHECKING:
    from bertopic import BERTopic
    from scipy.sparse import csr_matrix

VERSION = "causes-2"
Embed = Callable[[Sequence[str], str], np.ndarray]
LABELS = {"cause": "Int64", "confidence": "float64", "origin": "string"}
TABLE = ("cause", "name", "terms", "n", "distinct", "language", "typical", "stability", "told")
_SHOWN_TERMS = 10
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
class Causes:
    """Causes of a set of texts.

    `labels`: DataFrame[cause: Int64, confidence: float64 in [0, 1], origin: "sampled" or "propagated"], a row per text
    in order; all three null where a text holds no words or its language has too few texts for a model. What confidence
    is, `carry` says.
    `table`: one row per cause, the one with the most distinct texts first: DataFrame[cause, name, terms (list of str),
    n (mentions), distinct, language, typical (positions of the texts nearest the centre, at most 3), stability, told
    (the share of its texts that hold a word of its name)].
    `model`: what ran, in plain values. `documents` are the cleaned texts that `topic_model` was fitted on, `positions`
    where each stands first among the texts, as `topics_over_time` needs; `topic_model` is None where there is no model.
    """

    labels: pd.DataFrame
    table: pd.DataFrame
    model: dict[str, Any]
    documents: list[str] = field(default_factory=list)
    positions: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    topic_model: "BERTopic | None" = None


@dataclass(frozen=True)
class _Part:
    """The causes of one language: `first` and `codes` as in `clean.distinct`, `sampled` indexes `first`."""

    language: str
    positions: np.ndarray
    first: np.ndarray
    codes: np.ndarray
    sampled: np.ndarray
    documents: list[str]
    vectors: np.ndarray
    groups: Groups
    found: pd.DataFrame
    """[group, confidence, origin] of every distinct text."""
    names: list[cause_names.Name]
    written: dict[Key, str]


def fit(
    texts: Sequence[str],
    languages: Sequence[str | None],
    *,
    terms: Sequence[str] = (),
    embeddings: Mapping[str, np.ndarray] | None = None,
    embed: Embed = embedding.embed,
    comparable: Callable[[str], bool] = embedding.comparable,
    seed: int = 0,
    sample: int = 10_000,
    fewest: int = 30,
) -> Causes:
    """The causes of `texts`, a model for each of `languages` (one ISO 639-1 code per text, in the same order).

    `terms` are brand names and accounts to drop. Copies of a text, whatever their case, count once in the model. A text
    whose language is null is read with the most frequent language. `embeddings` may hold, by language, a vector of
    length 1 for each of its texts, in order; what it lacks comes from `embed(cleaned texts, language)`, whose vectors
    of texts that were embedded apart can be compared in the languages for which `comparable` is true. Languages with
    fewer than `fewest` distinct texts have no model. Above `sample` distinct texts a seeded sample is embedded and its
    causes are carried to the rest. The same on any number of threads.
    """
    cleaned = clean.for_topics(texts, terms)
    spoken = _spoken(languages)
    parts: list[_Part] = []
    skipped: dict[str, int] = {}
    for language in sorted(set(spoken)):
        positions = np.flatnonzero(spoken == language)
        first, codes = clean.distinct([cleaned[position] for position in positions])
        if len(first) < fewest:
            skipped[str(language)] = len(first)
            continue
        sampled = np.arange(len(first))
        if len(first) > sample:
            sampled = np.sort(np.random.default_rng(seed).choice(len(first), sample, replace=False))
        given = embeddings[language][first[sampled]] if embeddings and language in embeddings else None
        whole = [cleaned[position] for position in positions[first]]
        parts.append(
            _part(str(language), positions, first, codes, sampled, whole, given, embed, comparable(str(language)), seed)
        )
    if not parts:
        return _none(len(texts), skipped, fewest)
    return _assemble(cleaned, parts, skipped, seed)


def _part(
    language: str,
    positions: np.ndarray,
    first: np.ndarray,
    codes: np.ndarray,
    sampled: np.ndarray,
    whole: list[str],
    given: np.ndarray | None,
    embed: Embed,
    comparable: bool,
    seed: int,
) -> _Part:
    documents = [whole[place] for place in sampled]
    meaning = embed(documents, language) if given is None else np.asarray(given, np.float32)
    words = lexical.Vocabulary(language, least=3 if len(documents) >= _MANY else 2)
    weights = words.learn(documents)
    # Vectors of characters know the words of a text already.
    vectors = _beside(meaning, weights, _LEXICAL.get(language, _LEXICAL_ELSEWHERE), seed) if comparable else meaning
    groups = find(vectors, seed=seed)
    rest = np.setdiff1d(np.arange(len(first)), sampled)
    known, carried = carry(words, weights, groups, [whole[place] for place in rest])
    book = cause_names.Phrasebook(documents, embedding.known_word)
    middle = meaning.mean(axis=0) if language != "en" else None
    near = (lambda said: _around(middle, embed(said, language))) if given is None and comparable else None
    names = cause_names.names(book, groups.labels, _around(middle, meaning), near)
    written = {key: way for key, way in book.written.items() if book.said[key] >= _DESCRIBED_BY} or book.written
    found = _found(len(first), (sampled, known, "sampled"), (rest, carried, "propagated"))
    return _Part(language, positions, first, codes, sampled, documents, vectors, groups, found, names, written)


def _around(middle: np.ndarray | None, vectors: np.ndarray) -> np.ndarray:
    """`vectors` around `middle`: those of E5 all lie on one side, so that any two phrases would be alike."""
    return vectors if middle is None else lexical.unit(vectors - middle)


def _spoken(languages: Sequence[str | None]) -> np.ndarray:
    known = pd.Series(list(languages), dtype="object")
    counts = Counter(known.dropna())
    most = min(counts, key=lambda code: (-counts[code], code), default="en")
    return known.where(known.notna(), most).to_numpy(dtype=object)


def _beside(meaning: np.ndarray, weights: "csr_matrix", share: float, seed: int) -> np.ndarray:
    """Vectors of length 1: what texts mean, and at `share` the words they say it in, each around its mean."""
    said = lexical.components(weights, _COMPONENTS, seed=seed)
    parts = ((1 - share) ** 0.5 * lexical.centred(meaning), share**0.5 * said)
    return lexical.unit(np.hstack(parts)).astype(np.float32)


def _found(count: int, *given: tuple[np.ndarray, Carried, str]) -> pd.DataFrame:
    found = pd.DataFrame({"group": np.zeros(count, int), "confidence": np.zeros(count), "origin": ""})
    for places, what, origin in given:
        found.loc[places, "group"] = what.groups
        found.loc[places, "confidence"] = what.confidence.round(4)
        found.loc[places, "origin"] = origin
    return found


def _none(count: int, skipped: dict[str, int], fewest: int) -> Causes:
    labels = pd.DataFrame({name: pd.Series(None, index=range(count), dtype=kind) for name, kind in LABELS.items()})
    model = {
        "name": "none",
        "reason": f"no language has {fewest} distinct texts",
        "n": 0,
        "distinct": 0,
        "without_model": skipped,
        "versions": _versions([]),
    }
    return Causes(labels, pd.DataFrame(columns=list(TABLE)), model)


def _assemble(cleaned: list[str], parts: list[_Part], skipped: dict[str, int], seed: int) -> Causes:
    positions = np.concatenate([part.positions[part.first[part.sampled]] for part in parts])
    offsets = np.cumsum([0] + [part.groups.labels.max() + 1 for part in parts])
    numbers = np.concatenate([part.groups.labels + offset for part, offset in zip(parts, offsets, strict=False)])
    documents = [document for part in parts for document in part.documents]
    written = {key: way for part in parts for key, way in part.written.items()}
    topics = frame(documents, _blocks([part.vectors for part in parts]), numbers, written)
    # BERTopic numbers topics by size; take its numbers, so that its pictures and our tables agree.
    renumbered = dict(zip(numbers.tolist(), topics.topics_ if topics else _by_size(numbers), strict=True))
    labels = pd.DataFrame(
        {name: pd.Series(None, index=range(len(cleaned)), dtype=kind) for name, kind in LABELS.items()}
    )
    rows: list[dict[str, Any]] = []
    for part, offset in zip(parts, offsets, strict=False):
        number = np.array([renumbered[group + offset] for group in range(part.groups.labels.max() + 1)])
        worded = np.flatnonzero(part.codes >= 0)
        of_text = part.found.iloc[part.codes[worded]]
        where = part.positions[worded]
        labels.loc[where, "cause"] = number[of_text["group"]]
        labels.loc[where, "confidence"] = of_text["confidence"].to_numpy()
        labels.loc[where, "origin"] = of_text["origin"].to_numpy()
        rows += _rows(part, number, of_text, topics)
    table = pd.DataFrame(rows, columns=list(TABLE)).sort_values("cause", ignore_index=True)
    return Causes(labels, table, _model(parts, table, skipped, seed), documents, positions, topics)


def _rows(part: _Part, number: np.ndarray, of_text: pd.DataFrame, topics: "BERTopic | None") -> list[dict[str, Any]]:
    typical = _typical(part)
    return [
        {
            "cause": int(cause),
            "name": ("、" if part.language == "zh" else ", ").join(part.names[group].phrases),
            "terms": _terms(topics, int(cause)),
            "n": int((of_text["group"] == group).sum()),
            "distinct": int((part.found["group"] == group).sum()),
            "language": part.language,
            "typical": typical[group],
            "stability": round(float(part.groups.stability[group]), 4),
            "told": round(part.names[group].told, 4),
        }
        for group, cause in enumerate(number)
    ]


def _model(parts: list[_Part], table: pd.DataFrame, skipped: dict[str, int], seed: int) -> dict[str, Any]:
    models: list[dict[str, Any]] = [
        {
            "language": part.language,
            "name": part.groups.method,
            "n": int((part.codes >= 0).sum()),
            "distinct": len(part.first),
            "duplicates_removed": int((part.codes >= 0).sum()) - len(part.first),
            "sampled": len(part.sampled),
            "without_words": int((part.codes < 0).sum()),
            "stability": round(part.groups.overall, 4),
            "refits": REFITS,
            "refit_share": SHARE,
        }
        for part in parts
    ]
    largest = max(models, key=lambda model: model["distinct"])
    return {
        "name": largest["name"],
        "n": sum(model["n"] for model in models),
        "distinct": sum(model["distinct"] for model in models),
        "duplicates_removed": sum(model["duplicates_removed"] for model in models),
        "without_words": sum(model["without_words"] for model in models),
        "outliers": 0,
        "stability": {
            "overall": largest["stability"],
            "causes": dict(zip(table["cause"].tolist(), table["stability"].tolist(), strict=True)),
        },
        "languages": models,
        "without_model": skipped,
        "seed": seed,
        "versions": _versions([part.language for part in parts]),
    }


def _versions(languages: list[str]) -> dict[str, str]:
    found = {package: version(package) for package in ("bertopic", "scikit-network", "faiss-cpu", "scikit-learn")}
    return {"causes": VERSION} | {f"embedding_{code}": embedding.version(code) for code in languages} | found


def _blocks(vectors: list[np.ndarray]) -> np.ndarray:
    """Vectors of several languages as one array, each language in columns of its own: they cannot be compared."""
    from scipy.linalg import block_diag

    return vectors[0] if len(vectors) == 1 else block_diag(*vectors).astype(np.float32)


def _by_size(numbers: np.ndarray) -> list[int]:
    """The rank of each group, the largest first, as BERTopic would number them."""
    sizes = Counter(numbers.tolist())
    order = {number: rank for rank, number in enumerate(sorted(sizes, key=lambda number: (-sizes[number], number)))}
    return [order[number] for number in numbers.tolist()]


def _terms(topics: "BERTopic | None", cause: int) -> list[str]:
    described = topics.get_topic(cause) if topics else []
    return [term for term, weight in described or [] if term and weight > 0][:_SHOWN_TERMS]


def _typical(part: _Part, most: int = 3) -> list[list[int]]:
    """For each group the positions of the texts nearest its centre, the nearest first."""
    found = []
    for group in range(part.groups.labels.max() + 1):
        members = np.flatnonzero(part.groups.labels == group)
        nearness = part.vectors[members] @ part.vectors[members].mean(axis=0)
        nearest = members[np.argsort(-nearness.round(5), kind="stable")[:most]]
        found.append(part.positions[part.first[part.sampled[nearest]]].tolist())
    return found
