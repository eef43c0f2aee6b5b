"""Root causes: what the mentions are about, found without a list to choose from or with one, in BERTopic's frame.

BERTopic (Grootendorst 2022) holds and shows the topics. Reduction and clustering are replaced by communities in the
graph of nearest neighbours, which leave no mention unexplained; above a sample, causes are carried to the rest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.scoring import clean, embedding, seeds
from analysis.scoring.communities import REFITS, SHARE
from analysis.scoring.one_language import Asked, Embed, Found, find
from analysis.scoring.topic_frame import frame
from analysis.taxonomy import Taxonomy

if TYPE_CHECKING:
    from bertopic import BERTopic

VERSION = "causes-2"
LABELS = {"cause": "Int64", "confidence": "float64", "origin": "string"}
TABLE = (
    *("cause", "key", "name", "names", "terms", "n", "distinct", "language", "typical", "stability", "told", "origin"),
)
LANGUAGES = ("en", "zh")
"""Languages of reports, in which a cause has a name."""
_SHOWN_TERMS = 10
_TYPICAL = 3


@dataclass(frozen=True)
class Causes:
    """Causes of a set of texts.

    `labels`: DataFrame[cause: Int64, confidence: float64 in [0, 1], origin: "sampled", "propagated" or "seed"], a row
    per text in order; all three null where a text holds no words or its language has too few texts for a model. What
    confidence is, `carry` says.
    `table`: one row per cause, the one with the most distinct texts first: DataFrame[cause, key (that of the taxonomy,
    null otherwise), name (in the language of its texts, "" where there is none), names (by language of the report),
    terms (list of str), n (mentions), distinct, language (of most of them), typical (positions of the texts nearest
    the centre, at most 3), stability (null where it cannot be said), told (the share of its texts that hold a word of
    the name found for it), origin ("taxonomy" or "found")].
    `model`: what ran, in plain values. `documents` are the cleaned texts that `topic_model` was fitted on, `positions`
    where each stands first among the texts, as `topics_over_time` needs; `topic_model` is None where there is no model.
    `vectors`: language → (positions among the texts, the vectors of the texts there), as `cause_map.lay` takes them.
    """

    labels: pd.DataFrame
    table: pd.DataFrame
    model: dict[str, Any]
    documents: list[str] = field(default_factory=list)
    positions: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    topic_model: "BERTopic | None" = None
    vectors: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """One language: `first` and `codes` as in `clean.distinct`, `numbers` of its groups among all causes."""

    asked: Asked
    found: Found
    positions: np.ndarray
    first: np.ndarray
    codes: np.ndarray
    numbers: np.ndarray

    @property
    def sampled(self) -> np.ndarray:
        """The positions of the texts that causes were found in."""
        return self.positions[self.first[self.asked.sampled]]


def fit(
    texts: Sequence[str],
    languages: Sequence[str | None],
    *,
    terms: Sequence[str] = (),
    taxonomy: Taxonomy | None = None,
    embeddings: Mapping[str, np.ndarray] | None = None,
    embed: Embed = embedding.embed,
    comparable: Callable[[str], bool] = embedding.comparable,
    seed: int = 0,
    sample: int = 10_000,
    fewest: int = 30,
) -> Causes:
    """The causes of `texts`, a model for each of `languages` (one ISO 639-1 code per text, in the same order).

    `terms` are brand names and accounts to drop. Copies of a text, whatever their case, count once in the model. A text
    whose language is null is read with the most frequent language. Texts are told apart by the causes of `taxonomy`
    where there is one; what is outside it forms causes of its own. `embeddings` may hold, by language, a vector of
    length 1 for each of its texts, in order; what it lacks comes from `embed(cleaned texts, language)`, whose vectors
    of texts that were embedded apart can be compared in the languages for which `comparable` is true. Languages with
    fewer than `fewest` distinct texts have no model. Above `sample` distinct texts a seeded sample is embedded and its
    causes are carried to the rest. The same on any number of threads.
    """
    cleaned = clean.for_topics(texts, terms)
    spoken = _spoken(languages)
    parts: list[_Part] = []
    skipped: dict[str, int] = {}
    numbers: dict[object, int] = {}
    for language in map(str, sorted(set(spoken))):
        positions = np.flatnonzero(spoken == language)
        first, codes = clean.distinct([cleaned[position] for position in positions])
        if len(first) < fewest:
            skipped[language] = len(first)
            continue
        sampled = np.arange(len(first))
        if len(first) > sample:
            sampled = np.sort(np.random.default_rng(seed).choice(len(first), sample, replace=False))
        known = (embeddings or {}).get(language)
        given = None if known is None else np.asarray(known, np.float32)[first[sampled]]
        whole = [cleaned[position] for position in positions[first]]
        asked = Asked(language, whole, sampled, embed, comparable(language), given)
        found = find(asked, taxonomy, seed=seed)
        own = [key or (language, group) for group, key in enumerate(found.keys)]
        parts.append(
            _Part(
                asked, found, positions, first, codes, np.array([numbers.setdefault(key, len(numbers)) for key in own])
            )
        )
    return _assemble(cleaned, parts, skipped, taxonomy, seed) if parts else _none(len(texts), skipped, fewest)


def _spoken(languages: Sequence[str | None]) -> np.ndarray:
    known = pd.Series(list(languages), dtype="object")
    counts = Counter(known.dropna())
    most = min(counts, key=lambda code: (-counts[code], code), default="en")
    return known.where(known.notna(), most).to_numpy(dtype=object)


def _none(count: int, skipped: dict[str, int], fewest: int) -> Causes:
    model = {
        "name": "none",
        "reason": f"no language has {fewest} distinct texts",
        "n": 0,
        "distinct": 0,
        "without_model": skipped,
        "versions": _versions([]),
    }
    return Causes(_unlabelled(count), pd.DataFrame(columns=list(TABLE)), model)


def _unlabelled(count: int) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(None, index=range(count), dtype=kind) for name, kind in LABELS.items()})


def _assemble(
    cleaned: list[str], parts: list[_Part], skipped: dict[str, int], taxonomy: Taxonomy | None, seed: int
) -> Causes:
    positions = np.concatenate([part.sampled for part in parts])
    numbers = np.concatenate([part.numbers[part.found.labels] for part in parts])
    documents = [document for part in parts for document in part.asked.documents]
    written = {key: way for part in parts for key, way in part.found.written.items()}
    topics = frame(documents, _blocks([part.found.vectors for part in parts]), numbers, written)
    # BERTopic numbers topics by size; take its numbers, so that its pictures and our tables agree.
    renumbered = dict(zip(numbers.tolist(), topics.topics_ if topics else _by_size(numbers), strict=True))
    labels = _unlabelled(len(cleaned))
    rows: list[dict[str, Any]] = []
    for part in parts:
        number = np.array([renumbered[group] for group in part.numbers.tolist()])
        worded = np.flatnonzero(part.codes >= 0)
        of_text = part.found.of_text.iloc[part.codes[worded]]
        where = part.positions[worded]
        labels.loc[where, "cause"] = number[of_text["group"]]
        labels.loc[where, "confidence"] = of_text["confidence"].to_numpy()
        labels.loc[where, "origin"] = of_text["origin"].to_numpy()
        rows += _rows(part, number, of_text, topics, taxonomy)
    together = [_together([row for row in rows if row["cause"] == cause]) for cause in range(len(renumbered))]
    table = pd.DataFrame(together, columns=list(TABLE))
    vectors = {part.asked.language: (part.sampled, part.found.vectors) for part in parts}
    return Causes(labels, table, _model(parts, table, skipped, seed), documents, positions, topics, vectors)


def _rows(
    part: _Part, number: np.ndarray, of_text: pd.DataFrame, topics: "BERTopic | None", taxonomy: Taxonomy | None
) -> list[dict[str, Any]]:
    typical, language = _typical(part), part.asked.language
    rows = []
    for group, cause in enumerate(number):
        key, called = part.found.keys[group], part.found.names[group]
        found = ("、" if language == "zh" else ", ").join(called.phrases)
        names = {code: taxonomy.name(key, code) if taxonomy and key else found for code in LANGUAGES}
        rows.append(
            {
                "cause": int(cause),
                "key": key,
                "name": names.get(language, names["en"]),
                "names": names,
                "terms": _terms(topics, int(cause)),
                "n": int((of_text["group"] == group).sum()),
                "distinct": int((part.found.of_text["group"] == group).sum()),
                "language": language,
                "typical": typical[group],
                "stability": round(float(part.found.stability[group]), 4),
                "told": round(called.told, 4),
                "origin": "taxonomy" if key else "found",
            }
        )
    return rows


def _together(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One cause of a taxonomy in several languages: as it is in the largest, and no firmer than where it is least."""
    largest = max(rows, key=lambda row: row["distinct"])
    typical = chain(*zip_longest(*(row["typical"] for row in sorted(rows, key=lambda row: -row["distinct"]))))
    return largest | {
        "n": sum(row["n"] for row in rows),
        "distinct": sum(row["distinct"] for row in rows),
        "typical": [place for place in typical if place is not None][:_TYPICAL],
        "stability": min(row["stability"] for row in rows),
    }


def _model(parts: list[_Part], table: pd.DataFrame, skipped: dict[str, int], seed: int) -> dict[str, Any]:
    models: list[dict[str, Any]] = [
        {
            "language": part.asked.language,
            "name": part.found.method,
            "n": int((part.codes >= 0).sum()),
            "distinct": len(part.first),
            "duplicates_removed": int((part.codes >= 0).sum()) - len(part.first),
            "sampled": len(part.asked.sampled),
            "without_words": int((part.codes < 0).sum()),
            "stability": round(part.found.overall, 4),
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
        "stability": {"overall": largest["stability"]},
        "languages": models,
        "without_model": skipped,
        "seed": seed,
        "versions": _versions([part.asked.language for part in parts]),
    }


def _versions(languages: list[str]) -> dict[str, str]:
    found = {package: version(package) for package in ("bertopic", "scikit-network", "faiss-cpu", "scikit-learn")}
    ours = {"causes": VERSION, "seeds": seeds.VERSION}
    return ours | {f"embedding_{code}": embedding.version(code) for code in languages} | found


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


def _typical(part: _Part) -> list[list[int]]:
    """For each group the positions of the texts nearest its centre, the nearest first."""
    found, vectors = [], part.found.vectors
    for group in range(len(part.numbers)):
        members = np.flatnonzero(part.found.labels == group)
        nearness = vectors[members] @ vectors[members].mean(axis=0)
        nearest = members[np.argsort(-nearness.round(5), kind="stable")[:_TYPICAL]]
        found.append(part.sampled[nearest].tolist())
    return found
