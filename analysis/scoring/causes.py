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

from analysis.scoring import clean, embedding
from analysis.scoring.communities import Groups, find, stability

if TYPE_CHECKING:
    from bertopic import BERTopic

VERSION = "causes-1"
Embed = Callable[[Sequence[str], str], np.ndarray]
LABELS = {"cause": "Int64", "confidence": "float64", "origin": "string"}
TABLE = ("cause", "name", "terms", "n", "distinct", "language", "typical", "stability")
UNSTABLE = 0.5
"""A cause whose stability is below this is not named on the executive page (definitions, C17)."""
_NAME_TERMS = 3
_SHOWN_TERMS = 10
_CANDIDATES = 100
_COMMONNESS = 0.75


@dataclass(frozen=True)
class Causes:
    """Causes of a set of texts.

    `labels`: DataFrame[cause: Int64, confidence: float64 in [0, 1], origin: "sampled" or "propagated"], a row per text
    in order; all three null where a text holds no words or its language has too few texts for a model.
    `table`: one row per cause, the one with the most distinct texts first: DataFrame[cause, name, terms (list of str),
    n (mentions), distinct, language, typical (positions of the texts nearest the centre, at most 3), stability].
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
    vectors: np.ndarray
    groups: Groups


def fit(
    texts: Sequence[str],
    languages: Sequence[str | None],
    *,
    terms: Sequence[str] = (),
    embeddings: Mapping[str, np.ndarray] | None = None,
    embed: Embed = embedding.embed,
    seed: int = 0,
    sample: int = 20_000,
    fewest: int = 30,
    graph_from: int = 300,
) -> Causes:
    """The causes of `texts`, a model for each of `languages` (one ISO 639-1 code per text, in the same order).

    `terms` are brand names and accounts to drop. Copies of a text, whatever their case, count once in the model. A text
    whose language is null is read with the most frequent language. `embeddings` may hold, by language, a vector of
    length 1 for each of its texts, in order; what it lacks comes from `embed(cleaned texts, language)`. Languages with
    fewer than `fewest` distinct texts have no model; those with fewer than `graph_from` have one without a graph.
    Above `sample` distinct texts a seeded sample is embedded and its causes are carried to the rest. The same on any
    number of threads.
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
        if embeddings is not None and language in embeddings:
            vectors = np.asarray(embeddings[language], np.float32)[first[sampled]]
        else:
            vectors = embed([cleaned[position] for position in positions[first[sampled]]], str(language))
        groups = find(vectors, seed=seed, graph_from=graph_from)
        parts.append(_Part(str(language), positions, first, codes, sampled, vectors, groups))
    if not parts:
        return _none(len(texts), skipped, fewest)
    return _assemble(cleaned, parts, skipped, seed)


def _spoken(languages: Sequence[str | None]) -> np.ndarray:
    known = pd.Series(list(languages), dtype="object")
    counts = Counter(known.dropna())
    most = min(counts, key=lambda code: (-counts[code], code), default="en")
    return known.where(known.notna(), most).to_numpy(dtype=object)


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
    documents = [cleaned[position] for position in positions]
    frame = _frame(documents, _blocks([part.vectors for part in parts]), numbers)
    if frame is not None:
        # BERTopic numbers topics by size; take its numbers, so that its pictures and our tables agree.
        renumbered = dict(zip(numbers.tolist(), frame.topics_, strict=True))
    else:
        sizes = Counter(numbers.tolist())
        order = sorted(sizes, key=lambda number: (-sizes[number], number))
        renumbered = {number: rank for rank, number in enumerate(order)}
    labels = pd.DataFrame(
        {name: pd.Series(None, index=range(len(cleaned)), dtype=kind) for name, kind in LABELS.items()}
    )
    rows: list[dict[str, Any]] = []
    models: list[dict[str, Any]] = []
    for part, offset in zip(parts, offsets, strict=False):
        number = np.array([renumbered[group + offset] for group in range(part.groups.labels.max() + 1)])
        found = _carry([cleaned[position] for position in part.positions[part.first]], part)
        worded = np.flatnonzero(part.codes >= 0)
        of_text = found.iloc[part.codes[worded]]
        where = part.positions[worded]
        labels.loc[where, "cause"] = number[of_text["group"]]
        labels.loc[where, "confidence"] = of_text["confidence"].to_numpy()
        labels.loc[where, "origin"] = of_text["origin"].to_numpy()
        firmness = stability(part.groups, seed=seed)
        typical = _typical(part)
        for group, cause in enumerate(number):
            members = [text for text, own in zip(documents, numbers == group + offset, strict=True) if own]
            name, shown = _name(frame, int(cause), members)
            rows.append(
                {
                    "cause": int(cause),
                    "name": name,
                    "terms": shown,
                    "n": int((of_text["group"] == group).sum()),
                    "distinct": int((found["group"] == group).sum()),
                    "language": part.language,
                    "typical": typical[group],
                    "stability": round(float(firmness.groups[group]), 4),
                }
            )
        models.append(
            {
                "language": part.language,
                "name": part.groups.method,
                "n": len(worded),
                "distinct": len(part.first),
                "duplicates_removed": len(worded) - len(part.first),
                "sampled": len(part.sampled),
                "without_words": int((part.codes < 0).sum()),
                "stability": round(firmness.overall, 4),
                "refits": firmness.refits,
                "refit_share": firmness.share,
            }
        )
    table = pd.DataFrame(rows, columns=list(TABLE)).sort_values("cause", ignore_index=True)
    largest = max(models, key=lambda model: model["distinct"])
    model = {
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
    return Causes(labels, table, model, documents, positions, frame)


def _versions(languages: list[str]) -> dict[str, str]:
    found = {package: version(package) for package in ("bertopic", "scikit-network", "faiss-cpu", "scikit-learn")}
    return {"causes": VERSION} | {f"embedding_{code}": embedding.version(code) for code in languages} | found


def _blocks(vectors: list[np.ndarray]) -> np.ndarray:
    """Vectors of several languages as one array, each language in columns of its own: they cannot be compared."""
    from scipy.linalg import block_diag

    return vectors[0] if len(vectors) == 1 else block_diag(*vectors).astype(np.float32)


def _frame(documents: list[str], vectors: np.ndarray, numbers: np.ndarray) -> "BERTopic | None":
    """A BERTopic fitted with the groups as they are; None where the documents have no phrase to name a topic by."""
    from bertopic import BERTopic
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = _vocabulary(documents)
    if not vocabulary:
        return None
    model = BERTopic(
        language="multilingual",
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(analyzer=clean.phrases, vocabulary=vocabulary),
        ctfidf_model=ClassTfidfTransformer(bm25_weighting=True, reduce_frequent_words=True),
        top_n_words=_CANDIDATES,
    )
    return model.fit(documents, vectors, y=numbers)


def _vocabulary(documents: list[str], fewest: int = 5) -> list[str]:
    """Phrases in at least `fewest` documents; fewer where no phrase is in so many.

    Counted here because BERTopic's vectoriser sees one joined text per topic, so that its `min_df` would count topics.
    """
    counts = Counter(phrase for document in documents for phrase in set(clean.phrases(document)))
    for least in range(min(fewest, max(counts.values(), default=0)), 0, -1):
        vocabulary = sorted(phrase for phrase, count in counts.items() if count >= least)
        if len(vocabulary) >= _SHOWN_TERMS or least == 1:
            return vocabulary
    return []


def _carry(texts: list[str], part: _Part) -> pd.DataFrame:
    """DataFrame[group, confidence, origin] of the distinct `texts`: as sampled, or carried by a ridge classifier.

    A carried confidence is (1 + margin) / 2, the margin being between the two best decisions, cut to [0, 1].
    """
    groups, confidence = np.zeros(len(texts), int), np.zeros(len(texts))
    groups[part.sampled], confidence[part.sampled] = part.groups.labels, part.groups.confidence
    rest = np.setdiff1d(np.arange(len(texts)), part.sampled)
    if len(rest):
        groups[rest], confidence[rest] = _propagate(texts, part, rest)
    origin = np.full(len(texts), "sampled", dtype=object)
    origin[rest] = "propagated"
    return pd.DataFrame({"group": groups, "confidence": confidence.round(4), "origin": origin})


def _propagate(texts: list[str], part: _Part, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import RidgeClassifier
    from threadpoolctl import threadpool_limits

    if part.groups.labels.max() == 0:
        return np.zeros(len(rest), int), np.ones(len(rest))
    unit = "word" if part.language == "en" else "char"
    counted = TfidfVectorizer(analyzer=unit, ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32)
    with threadpool_limits(1):
        known = counted.fit_transform([texts[index] for index in part.sampled])
        classifier = RidgeClassifier(solver="sparse_cg").fit(known, part.groups.labels)
        decisions = classifier.decision_function(counted.transform([texts[index] for index in rest]))
    if decisions.ndim == 1:
        decisions = np.column_stack([-decisions, decisions])
    second, best = np.sort(decisions, axis=1)[:, -2:].T
    return decisions.argmax(axis=1), np.clip((1 + best - second) / 2, 0, 1)


def _typical(part: _Part, most: int = 3) -> list[list[int]]:
    """For each group the positions of the texts nearest its centre, the nearest first."""
    found = []
    for group in range(part.groups.labels.max() + 1):
        members = np.flatnonzero(part.groups.labels == group)
        nearness = part.vectors[members] @ part.vectors[members].mean(axis=0)
        nearest = members[np.argsort(-nearness.round(5), kind="stable")[:most]]
        found.append(part.positions[part.first[part.sampled[nearest]]].tolist())
    return found


def _name(frame: "BERTopic | None", cause: int, members: list[str]) -> tuple[str, list[str]]:
    """A name of up to three phrases that share no word, and the terms it was chosen from; "" where there are none.

    What is typical of a cause is weighed by how many of its `members` say it: the rarest words of a cause tell it from
    others best, and name it worst. A word is named by the best phrase that holds it, where that phrase weighs at least
    half as much.
    """
    typical = {term: weight for term, weight in frame.get_topic(cause) if term and weight > 0} if frame else {}
    said = Counter(phrase for text in members for phrase in set(clean.phrases(text)))
    weighed = {term: weight * (said[term] / len(members)) ** _COMMONNESS for term, weight in typical.items()}
    weights = dict(sorted(weighed.items(), key=lambda item: (-item[1], item[0])))
    chosen: list[str] = []
    used: set[str] = set()
    for term, weight in weights.items():
        longer = [other for other in weights if term in other.split() and other != term]
        phrase = next((other for other in longer if weights[other] >= weight / 2), term)
        stems = {_stem(word) for word in phrase.split()}
        if not stems & used and not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
            used |= stems
        if len(chosen) == _NAME_TERMS:
            break
    return ", ".join(chosen), list(typical)[:_SHOWN_TERMS]


def _stem(word: str) -> str:
    """The word without its commonest English endings: enough to see that "bags" repeats "bag"."""
    for ending in ("ings", "ing", "ers", "er", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and (word[-1] == word[-2] or word[-1] == "e") else word
