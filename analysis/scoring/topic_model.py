"""Causes that were found before as a BERTopic object again: for analysts, who look further than a report does.

Built from what was kept of a preparation: texts, and the cause of each. Nothing is downloaded, no torch is needed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.scoring import clean, embedding
from analysis.scoring.cause_names import Phrasebook
from analysis.scoring.topic_frame import Embed, frame

if TYPE_CHECKING:
    from bertopic import BERTopic

_DESCRIBED_BY = 5
"""Mentions that must say a phrase that BERTopic may describe a topic by, where any phrase is said so often."""
_LONGEST = 40
"""Characters of a name on BERTopic's pictures."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Topics:
    """`model` was fitted on `documents`; `positions` says where each stands first among the texts."""

    model: "BERTopic"
    documents: list[str]
    positions: np.ndarray


def rebuild(
    texts: Sequence[str],
    languages: Sequence[str],
    causes: Sequence[int],
    names: Mapping[int, str],
    *,
    terms: Sequence[str],
    mask: Callable[[str], str] = str,
    cache: Path | None = None,
    representation: Any = None,
) -> Topics | None:
    """The BERTopic of `texts`, of which each has a language and a cause; None where they say nothing often enough.

    BERTopic numbers topics by size. Its labels are the `names` of the causes, so that its pictures show them where
    they are asked for `custom_labels=True`. `terms` are dropped as `clean.for_topics` does, copies count once, and
    `mask` takes from each document what may not be shown. `cache` is the folder of the workspace's kept vectors and
    built models. Vectors are those of `embedding.embed`, each language in columns of its own.
    """
    cleaned = clean.for_topics(texts, terms)
    positions: list[np.ndarray] = []
    blocks: dict[str, tuple[np.ndarray, Embed]] = {}
    for language in sorted(set(languages)):
        where = np.array([at for at, spoken in enumerate(languages) if spoken == language])
        first, _ = clean.distinct([cleaned[at] for at in where])
        if len(first):
            positions.append(where[first])
            blocks[language] = _space([cleaned[at] for at in where[first]], language, cache)
    if not blocks:
        return None
    places = np.concatenate(positions)
    documents = [mask(cleaned[at]) for at in places]
    book = Phrasebook(documents, embedding.known_word)
    written = {key: way for key, way in book.written.items() if book.said[key] >= _DESCRIBED_BY} or book.written
    ends = np.cumsum([len(part) for part in positions])[:-1]
    vectors = _aside([block[0] for block in blocks.values()], np.split(np.arange(len(places)), ends))
    groups, numbers = np.unique([causes[at] for at in places], return_inverse=True)
    embed = partial(_embed, embeds={language: block[1] for language, block in blocks.items()})
    model = frame(documents, vectors, numbers, written, embed=embed, representation=representation)
    if model is None:
        return None
    called = {topic: names.get(int(groups[number]), "") for topic, number in zip(model.topics_, numbers, strict=True)}
    model.set_topic_labels({topic: name[:_LONGEST] for topic, name in sorted(called.items())})
    return Topics(model, documents, places)


def _space(documents: list[str], language: str, cache: Path | None) -> tuple[np.ndarray, Embed]:
    """Vectors of `documents`, and what gives further texts vectors that can be compared with them."""
    if embedding.comparable(language):
        kept = embedding.store(cache) if cache else None
        embed = partial(embedding.embed, language=language, cache=cache, kept=kept)
        return embed(documents), partial(embedding.embed, language=language, cache=cache)
    fitted = embedding.Characters(documents)
    return fitted.vectors, fitted.embed


def _embed(texts: Sequence[str], embeds: Mapping[str, Embed]) -> np.ndarray:
    """Vectors of `texts`, each in the columns of its language: Chinese where it holds a Chinese character."""
    other = next((language for language in embeds if language != "zh"), "zh")
    spoken = np.array(["zh" if "zh" in embeds and _HAN.search(text) else other for text in texts])
    rows = [np.flatnonzero(spoken == language) for language in embeds]
    own = [embed([texts[int(at)] for at in where]) for embed, where in zip(embeds.values(), rows, strict=True)]
    return _aside(own, rows)


def _aside(parts: Sequence[np.ndarray], rows: Sequence[np.ndarray]) -> np.ndarray:
    """Vectors of several languages as one array, each in `rows`, and in columns of its own: they do not compare."""
    out = np.zeros((sum(map(len, rows)), sum(part.shape[1] for part in parts)), np.float32)
    column = 0
    for part, where in zip(parts, rows, strict=True):
        out[where, column : column + part.shape[1]] = part
        column += part.shape[1]
    return out
