"""Texts assigned to causes that were given as phrases; what fits none of them is left outside.

Seeds and self-training: a text is scored by its nearness to the phrases of each cause (Meng et al. 2018, weakly
supervised text classification), the scores are spread over the graph of nearest neighbours (local and global
consistency, Zhou et al. 2004), and a ridge classifier learns the texts that are surest of their cause, so that words
which no phrase holds count as well. A community of texts whose middle is near no cause is outside as a whole: one text
far from every phrase is an odd text, many of them beside each other are a cause that nobody gave.

The constants were set on invented complaints in two languages and on two public sets of short texts with the names of
their causes as phrases, whole and with half of the causes left out. Two choices as good there (means within .006)
went the way that airlines-2015 was better by: the nearest English phrases instead of the middle of all (.299 for .284)
and half of the texts to learn from instead of four fifths (.299 for .292). One round of learning did better than
several, which drift, and weighing small causes up did no good. The neighbours, the share of the words, the sharpness,
the penalty and the share learnt from may each be halved or doubled for a change of at most .03 in the mean adjusted
mutual information.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.scoring.communities import neighbour_graph
from analysis.scoring.lexical import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

VERSION = "seeds-1"
APART = 0.25
"""A community whose texts have, on average, less than this cosine with their nearest cause is outside.

In the public sets with half of the causes left out, 94 and 98% of what this put outside belonged to one of those, in
invented English complaints 73%. At .35 it was 95, 96 and 61%, and a third of real complaints was outside a taxonomy
that covers most of them."""
FEWEST = 30
"""With fewer texts there are no communities; each is judged alone."""
_WORDS = 0.2
"""Share of an English text's similarity that its words have; the rest is MiniLM's."""
_WORD_COMPONENTS = 100
_IN_TEXTS, _IN_SHARE = 3, 0.3
"""A word counts that is in so many texts at least, and in no greater share of them."""
_SHARPNESS = 10.0
"""How far the nearest phrases of a cause outweigh its others: 0 would be their mean, infinity the nearest alone."""
_LITERAL = 0.6
"""What a phrase that a text holds as a whole adds to the cosine, where vectors know no meaning. Of invented Chinese
complaints 42% got their cause by the nearest phrases, 47% by the middle of all, 53% by that and this."""
_NEIGHBOURS = 30
_SPREAD, _SPREAD_LEARNT = 0.9, 0.5
_STEPS = 10
_SUREST = 0.5
"""Share of the texts of each cause that are learnt from: those with the widest margins."""
_LEAST = 5
_PENALTY = 1.0
_CONSTANT = 0.3
_REFITS, _KEPT = 5, 0.8
_READ = 10_000

Embed = Callable[[Sequence[str], str], np.ndarray]


@dataclass(frozen=True)
class Assigned:
    """`keys` (n,): the cause of each text, None where it is outside; and how firmly the assignment holds (definitions,
    C17), with `refits` on four fifths of the phrases and of the texts learnt from: `stability`, of each cause, its mean
    Jaccard index over the refits; `overall`, the refits' mean pairwise adjusted mutual information. No names need be
    matched, and both are of the texts that are inside."""

    keys: np.ndarray
    stability: dict[str, float]
    overall: float
    refits: int


@dataclass(frozen=True)
class _Space:
    """Texts and phrases that can be compared.

    `owners` is the cause of each phrase, `graph` joins neighbours and `shares` is the same with rows that add to 1;
    `held`, for languages whose vectors know characters and not meaning, is how much of each phrase each text holds.
    """

    texts: np.ndarray
    phrases: np.ndarray
    owners: np.ndarray
    graph: "csr_matrix"
    shares: "csr_matrix"
    held: np.ndarray | None


def embedded(
    texts: Sequence[str], phrases: Mapping[str, Sequence[str]], embed: Embed, language: str
) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of the texts, and of all phrases in order, from one call of `embed`.

    One call, because vectors that are fitted on the texts at hand, as the Chinese ones are, compare with no others.
    """
    flat = [phrase for some in phrases.values() for phrase in some]
    vectors = embed([*texts, *flat], language)
    return vectors[: len(texts)], vectors[len(texts) :]


def assign(
    texts: Sequence[str],
    vectors: np.ndarray,
    phrases: Mapping[str, Sequence[str]],
    phrase_vectors: np.ndarray,
    language: str,
    *,
    meaning: bool = True,
    seed: int = 0,
) -> Assigned:
    """The cause of each of `texts`, in order.

    `texts` are cleaned and distinct, of one `language`; `vectors`, float32 (n, d), and `phrase_vectors` have length 1
    or 0 and come from `embedded`. `phrases` are those of each cause, by its key; a cause without phrases takes no text.
    `meaning` is false where the vectors know characters alone: what is literally said then counts too. A text whose
    vector is 0 is outside. `seed` orders the communities and draws the refits. The same on any number of threads.
    """
    from threadpoolctl import threadpool_limits

    found = np.full(len(texts), None, dtype=object)
    keys = [key for key, some in phrases.items() if len(some)]
    if not len(texts) or not keys:
        return Assigned(found, {}, float("nan"), 0)
    owners = np.repeat(np.arange(len(keys)), [len(phrases[key]) for key in keys])
    flat = [phrase for key in keys for phrase in phrases[key]]
    with threadpool_limits(1):
        space = _space(texts, np.asarray(vectors), flat, np.asarray(phrase_vectors), owners, language, meaning)
        scores = _scores(space, np.ones(len(owners), bool), np.ones(len(texts), bool))
        causes, _ = _best(scores)
        inside = np.flatnonzero(~_outside(space, seed) & np.any(vectors, axis=1))
        refits = [_refit(space, seed, number) for number in range(_REFITS)]
    found[inside] = np.array(keys, dtype=object)[causes[inside]]
    stability = {key: _jaccard(causes[inside] == at, refits, inside, at) for at, key in enumerate(keys)}
    stability = {key: stability[key] for key in keys if key in set(found[inside])}
    return Assigned(found, stability, _agreement(refits, inside), _REFITS)


def _space(
    texts: Sequence[str],
    vectors: np.ndarray,
    phrases: list[str],
    phrase_vectors: np.ndarray,
    owners: np.ndarray,
    language: str,
    meaning: bool,
) -> _Space:
    """Vectors about their mean, texts and phrases each about their own: phrases are shorter, which is no likeness."""
    from scipy.sparse import csr_matrix, diags

    near, seeds = unit(_centred(vectors)), unit(_centred(phrase_vectors))
    words = _word_vectors(texts, phrases) if language == "en" else None
    if words is not None:
        near = np.hstack([near * (1 - _WORDS) ** 0.5, words[0] * _WORDS**0.5])
        seeds = np.hstack([seeds * (1 - _WORDS) ** 0.5, words[1] * _WORDS**0.5])
    near, seeds = np.ascontiguousarray(near, np.float32), np.ascontiguousarray(seeds, np.float32)
    count = len(near)
    neighbours = min(_NEIGHBOURS, isqrt(count), count - 1)
    graph = neighbour_graph(near, neighbours) if neighbours else csr_matrix((count, count), dtype=np.float32)
    total = np.asarray(graph.sum(axis=1)).ravel()
    alone = diags((total == 0).astype(np.float32))
    shares = (diags(1 / np.maximum(total, 1e-9)) @ graph + alone).tocsr().astype(np.float32)
    return _Space(near, seeds, owners, graph, shares, None if meaning else _held(texts, phrases))


def _centred(rows: np.ndarray) -> np.ndarray:
    """`rows` less their mean; as they are where there is no other, or where all are alike."""
    known = np.any(rows, axis=1)
    less = np.where(known[:, None], rows - rows[known].mean(axis=0) if known.any() else rows, 0)
    return less if np.linalg.norm(less) > 1e-3 else rows


def _held(texts: Sequence[str], phrases: Sequence[str]) -> np.ndarray:
    """Share in [0, 1] of each phrase that each text holds: its pairs of characters, the rarer weighing more."""
    from sklearn.feature_extraction.text import CountVectorizer

    pairs = sorted({phrase[at : at + 2] for phrase in map(str.lower, phrases) for at in range(len(phrase) - 1)})
    if not pairs:
        return np.zeros((len(texts), len(phrases)), np.float32)
    counted = CountVectorizer(analyzer="char", ngram_range=(2, 2), vocabulary=pairs, binary=True, dtype=np.float32)
    said, sought = counted.transform([text[:_READ] for text in texts]), counted.transform(phrases)
    rarity = np.log((len(texts) + 1) / (np.asarray(said.sum(axis=0)).ravel() + 1)).astype(np.float32)
    weighed = sought.multiply(rarity[None]).tocsr()
    return (said @ weighed.T).toarray() / np.maximum(np.asarray(weighed.sum(axis=1)).ravel(), 1e-6)


def _word_vectors(texts: Sequence[str], phrases: Sequence[str]) -> tuple[np.ndarray, np.ndarray] | None:
    """Latent semantic analysis of the words of English texts, each row of length 1 or 0, and of phrases in it.

    None where too few words are in several texts.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(ngram_range=(1, 2), stop_words="english").build_analyzer()
    said = [words(text[:_READ]) for text in texts]
    counts = Counter(word for some in said for word in set(some))
    common = sorted(
        word for word, count in counts.items() if _IN_TEXTS <= count <= max(_IN_TEXTS, _IN_SHARE * len(texts))
    )
    wanted = min(_WORD_COMPONENTS, len(common) - 1, len(texts) - 1)
    if wanted < 2:
        return None
    weighed = TfidfVectorizer(analyzer=list, vocabulary=common, sublinear_tf=True, dtype=np.float32)
    matrix = weighed.fit_transform(said)
    reduced = TruncatedSVD(wanted, random_state=0)
    near = reduced.fit_transform(matrix)
    return unit(near), unit(reduced.transform(weighed.transform([words(phrase) for phrase in phrases])))


def _scores(space: _Space, kept: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """How near each text is to each cause, by the phrases in `kept` and learning only from texts in `learnt`."""
    causes = space.owners.max() + 1
    owners, seeds = space.owners[kept], space.phrases[kept]
    first = _scaled(_spread(space.shares, _nearness(space, kept), _SPREAD))
    best, margins = _best(first)
    chosen = np.zeros(len(best), bool)
    for cause in range(causes):
        own = np.flatnonzero((best == cause) & learnt)
        surest = own[np.argsort(-margins[own], kind="stable")]
        chosen[surest[: max(_LEAST, int(len(own) * _SUREST))]] = True
    known = np.vstack([space.texts[chosen], seeds])
    rows = np.column_stack([known, np.full(len(known), _CONSTANT, np.float32)])
    square = rows.T @ rows + _PENALTY * np.eye(rows.shape[1], dtype=np.float32)
    solved = np.linalg.solve(square, rows.T @ _members(np.concatenate([best[chosen], owners]), causes))
    return first + _scaled(_spread(space.shares, space.texts @ solved[:-1] + _CONSTANT * solved[-1], _SPREAD_LEARNT))


def _nearness(space: _Space, kept: np.ndarray) -> np.ndarray:
    """How near each text is to each cause, by the phrases in `kept` alone.

    Characters that a text shares with a phrase by chance bring it near that one, so that without meaning the middle of
    all phrases and what is literally said tell more than the nearest phrases do.
    """
    owners, seeds = space.owners[kept], space.phrases[kept]
    member = _members(owners, space.owners.max() + 1)
    if space.held is None:
        return np.log(np.exp(_SHARPNESS * (space.texts @ seeds.T)) @ (member / member.sum(axis=0))) / _SHARPNESS
    held = space.held[:, kept]
    most = np.column_stack([held[:, owners == cause].max(axis=1) for cause in range(member.shape[1])])
    return space.texts @ unit(member.T @ seeds).T + _LITERAL * most


def _members(groups: np.ndarray, count: int) -> np.ndarray:
    """One column per group, 1 in a row of its own."""
    return np.eye(count, dtype=np.float32)[groups]


def _spread(shares: "csr_matrix", scores: np.ndarray, share: float) -> np.ndarray:
    """`scores` of which each row takes `share` from its neighbours, again and again."""
    found = scores
    for _ in range(_STEPS):
        found = share * (shares @ found) + (1 - share) * scores
    return found


def _scaled(scores: np.ndarray) -> np.ndarray:
    """`scores` about the mean of each row, with a mean deviation of 1 over all rows, so that two kinds can be added."""
    about = scores - scores.mean(axis=1, keepdims=True)
    return about / max(float(about.std(axis=1).mean()), 1e-9)


def _best(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The best cause of each row, the first of equals, and how far it is ahead of the second; 1 where it is alone."""
    if scores.shape[1] == 1:
        return np.zeros(len(scores), int), np.ones(len(scores))
    ordered = np.sort(scores, axis=1)
    return scores.argmax(axis=1), ordered[:, -1] - ordered[:, -2]


def _outside(space: _Space, seed: int) -> np.ndarray:
    """True where a text, or the community that it is in, is near no cause."""
    middles = unit(_spread(space.shares, space.texts, _SPREAD))
    member = _members(space.owners, space.owners.max() + 1)
    nearest = (middles @ unit(member.T @ space.phrases).T).max(axis=1)
    if len(nearest) < FEWEST:
        return nearest < APART
    groups = _communities(space.graph, seed)
    return (np.bincount(groups, nearest) / np.bincount(groups) < APART)[groups]


def _communities(graph: "csr_matrix", seed: int) -> np.ndarray:
    from sknetwork.clustering import Louvain

    if not graph.nnz:
        return np.arange(graph.shape[0])
    louvain = Louvain(shuffle_nodes=True, random_state=seed, return_probs=False, return_aggregate=False)
    return louvain.fit_predict(graph)


def _refit(space: _Space, seed: int, number: int) -> np.ndarray:
    drawn = np.random.default_rng([seed, number])
    order = drawn.permutation(len(space.owners))
    kept = np.zeros(len(space.owners), bool)
    for cause in range(space.owners.max() + 1):
        own = order[space.owners[order] == cause]
        kept[own[: max(1, round(_KEPT * len(own)))]] = True
    return _best(_scores(space, kept, drawn.random(len(space.texts)) < _KEPT))[0]


def _jaccard(own: np.ndarray, refits: Sequence[np.ndarray], inside: np.ndarray, cause: int) -> float:
    """The mean over refits of the Jaccard index of a cause's texts (`own`, of those that are `inside`) with theirs."""
    found = [refit[inside] == cause for refit in refits]
    return float(np.mean([(own & other).sum() / max((own | other).sum(), 1) for other in found]))


def _agreement(refits: Sequence[np.ndarray], inside: np.ndarray) -> float:
    from sklearn.metrics import adjusted_mutual_info_score

    if not len(inside):
        return float("nan")
    pairs = combinations([refit[inside] for refit in refits], 2)
    return float(np.mean([adjusted_mutual_info_score(one, two) for one, two in pairs]))
