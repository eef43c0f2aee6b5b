"""Groups among vectors: communities in the graph of nearest neighbours, and how firmly they hold.

Louvain's modularity communities (Blondel et al. 2008) at resolution 1 where there are enough vectors for a graph,
Ward's agglomeration (Ward 1963), cut where the silhouette is best (Rousseeuw 1987), where there are fewer.
Everything runs on one thread, so that the last bits, and with them the groups, never depend on how many there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Refit = Callable[[np.ndarray, int], np.ndarray]
"""Groups of some of the vectors, by position, with a seed."""


@dataclass(frozen=True)
class Groups:
    """A group, from 0 and the largest first, and a confidence in [0, 1] for each vector, and what found them."""

    labels: np.ndarray
    confidence: np.ndarray
    method: str
    refit: Refit


@dataclass(frozen=True)
class Stability:
    """Agreement over refits: in [0, 1] for each group, and overall as the mean pairwise adjusted mutual information."""

    groups: np.ndarray
    overall: float
    refits: int
    share: float


def find(
    vectors: np.ndarray, *, seed: int = 0, neighbours: int = 30, graph_from: int = 300, smallest: int = 10
) -> Groups:
    """Groups of the rows of `vectors`, float32 (n, d) of length 1, n ≥ 3: none of fewer than `smallest` vectors.

    A graph is made from `graph_from` vectors on. Confidence is the share of a vector's similarity to its nearest
    neighbours that its own group has.
    """
    graph = neighbour_graph(vectors, min(neighbours, len(vectors) - 1))
    if len(vectors) >= graph_from:
        method, refit = "louvain", _louvain_of(graph)
    else:
        smallest = min(smallest, max(2, len(vectors) // 10))
        count = _best_count(vectors, min(10, len(vectors) // smallest))
        method, refit = "ward", _ward_of(vectors, count)
    labels = _merge_small(refit(np.arange(len(vectors)), seed), vectors, smallest)
    return Groups(labels, _own_share(graph, labels), method, refit)


def stability(groups: Groups, *, seeds: int = 5, share: float = 0.8, seed: int = 0) -> Stability:
    """Refits with `seeds` seeds, each on a random `share` of the vectors.

    A group's stability is the mean over refits of its Jaccard index with the group that the Hungarian assignment gives
    it (after Greene, O'Callaghan & Cunningham 2014).
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics import adjusted_mutual_info_score
    from sklearn.metrics.cluster import contingency_matrix

    count = len(groups.labels)
    refits: list[np.ndarray] = []
    matched = np.zeros((seeds, groups.labels.max() + 1))
    for number in range(seeds):
        chosen = np.sort(np.random.default_rng([seed, number]).choice(count, int(count * share), replace=False))
        found = groups.refit(chosen, seed + number + 1)
        own, names = np.unique(groups.labels[chosen], return_inverse=True)
        both = contingency_matrix(names, found)
        jaccard = both / (both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both)
        rows, columns = linear_sum_assignment(-jaccard)
        matched[number, own[rows]] = jaccard[rows, columns]
        refits.append(np.full(count, -1))
        refits[-1][chosen] = found
    agreements = []
    for first in range(seeds):
        for second in range(first + 1, seeds):
            shared = (refits[first] >= 0) & (refits[second] >= 0)
            agreements.append(adjusted_mutual_info_score(refits[first][shared], refits[second][shared]))
    return Stability(matched.mean(axis=0), float(np.mean(agreements)), seeds, share)


def neighbour_graph(vectors: np.ndarray, neighbours: int) -> "csr_matrix":
    """The symmetric graph that joins each row to its `neighbours` nearest by cosine, the search being exact.

    Weights are cosine similarities; those not above 0 are left out.
    """
    import faiss
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    count, width = vectors.shape
    with threadpool_limits(1):
        index = faiss.IndexFlatIP(width)
        index.add(np.ascontiguousarray(vectors))
        weights, targets = index.search(np.ascontiguousarray(vectors), neighbours + 1)
    sources = np.repeat(np.arange(count), neighbours + 1)
    targets, weights = targets.ravel(), weights.ravel()
    kept = (targets != sources) & (targets >= 0) & (weights > 0)
    graph = csr_matrix((weights[kept], (sources[kept], targets[kept])), shape=(count, count))
    return graph.maximum(graph.T).tocsr()


def _louvain_of(graph: "csr_matrix") -> Refit:
    from sknetwork.clustering import Louvain

    def refit(positions: np.ndarray, seed: int) -> np.ndarray:
        part = graph[positions][:, positions]
        if not part.nnz:
            return np.zeros(len(positions), int)
        louvain = Louvain(shuffle_nodes=True, random_state=seed, return_probs=False, return_aggregate=False)
        return louvain.fit_predict(part)

    return refit


def _ward_of(vectors: np.ndarray, count: int) -> Refit:
    from sklearn.cluster import AgglomerativeClustering

    def refit(positions: np.ndarray, seed: int) -> np.ndarray:
        return AgglomerativeClustering(count).fit_predict(vectors[positions])

    return refit


def _best_count(vectors: np.ndarray, most: int) -> int:
    from sklearn.metrics import silhouette_score

    everything = np.arange(len(vectors))
    scores = {}
    for count in range(2, most + 1):
        labels = _ward_of(vectors, count)(everything, 0)
        scores[count] = round(float(silhouette_score(vectors, labels)), 6)
    return max(scores, key=lambda count: (scores[count], -count), default=1)


def _merge_small(labels: np.ndarray, vectors: np.ndarray, smallest: int) -> np.ndarray:
    """Groups below `smallest` joined to the one whose centre is nearest, then numbered from the largest on."""
    names, labels, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(sizes >= smallest)
    if not len(kept):
        kept = np.array([sizes.argmax()])
    centres = np.stack([vectors[labels == name].mean(axis=0) for name in range(len(names))])
    target = kept[(_unit(centres) @ _unit(centres[kept]).T).argmax(axis=1)]
    target[kept] = kept
    labels = target[labels]
    sizes = np.bincount(labels, minlength=len(names))
    rank = np.empty(len(names), int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(names))
    return rank[labels]


def _own_share(graph: "csr_matrix", labels: np.ndarray) -> np.ndarray:
    from scipy.sparse import csr_matrix

    count = len(labels)
    member = csr_matrix((np.ones(count, np.float32), (np.arange(count), labels)))
    own = np.asarray((graph @ member).multiply(member).sum(axis=1), float).ravel()
    total = np.asarray(graph.sum(axis=1), float).ravel()
    return np.divide(own, total, out=np.zeros(count), where=total > 0)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
