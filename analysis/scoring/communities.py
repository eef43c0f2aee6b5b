"""Groups among vectors: communities in the graph of nearest neighbours, and how firmly they hold.

Louvain's modularity communities (Blondel et al. 2008) where there are enough vectors for a graph, Ward's agglomeration
(Ward 1963), cut where the silhouette is best (Rousseeuw 1987), where there are fewer. Both are fitted several times, on
parts of the vectors; the communities are those on which these refits agree (consensus clustering, Lancichinetti &
Fortunato 2012). Everything runs on one thread, so that the last bits, and with them the groups, never depend on how
many there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.scoring.lexical import unit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

REFITS = 5
SHARE = 0.8
"""Definitions, C17: each of five refits sees this share of the vectors."""
FEWEST, MOST = 5, 150
"""Bounds of the number of neighbours, which is the root of the number of vectors, as is usual for densities."""
RESOLUTION = 1.3
"""A little above modularity's own 1, which joins what people keep apart: measured on three sets of labelled texts."""
SMALLEST = 0.02
"""The share of the vectors that a group has at least, so that there are never more causes than can be read."""
NONE = 0.25
"""A group whose stability is below this is found by hardly any refit: what lies between groups, no group of its own."""


@dataclass(frozen=True)
class Groups:
    """A group, from 0 and the largest first, for each of n vectors, and what the refits make of them.

    `nearness` (n,) in [0, 1]: the share of a vector's similarity to its neighbours that its own group has. `refits`
    (REFITS, n): the group of the vector in each refit, renamed to the group that it matches best (Hungarian assignment
    by Jaccard index, after Greene, O'Callaghan & Cunningham 2014); OTHER where it matches none, UNSEEN where the refit
    did not see it. `stability`: for each group its mean Jaccard index over refits; `overall`: the mean pairwise
    adjusted mutual information of the refits.
    """

    labels: np.ndarray
    nearness: np.ndarray
    method: str
    refits: np.ndarray
    stability: np.ndarray
    overall: float


OTHER, UNSEEN = -1, -2
_Fit = Callable[[np.ndarray, int], np.ndarray]
"""Groups of some of the vectors, by position, with a seed."""


def find(vectors: np.ndarray, *, seed: int = 0, graph_from: int = 150) -> Groups:
    """Groups of the rows of `vectors`, float32 (n, d) of length 1, n ≥ 3: none much smaller than SMALLEST of them.

    A graph is made from `graph_from` vectors on: below it, it knows fewer groups than there are.
    """
    graph = _graph(vectors)
    everything = np.arange(len(vectors))
    smallest = max(min(10, max(2, len(vectors) // 10)), int(SMALLEST * len(vectors)))
    if len(vectors) >= graph_from:
        method, fit = "louvain", _louvain_of(graph)
        refits = _refits(fit, len(vectors), seed)
        found = _louvain_of(_agreed(graph, refits))(everything, seed)
    else:
        method, fit = "ward", _ward_of(vectors, _best_count(vectors, min(10, len(vectors) // smallest)))
        refits = _refits(fit, len(vectors), seed)
        found = fit(everything, seed)
    labels = _without_chance(_merge_small(found, vectors, smallest), graph, refits)
    matched, stability = _match(labels, refits)
    return Groups(labels, _own_share(graph, labels), method, matched, stability, _agreement(refits))


def nearness(vectors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """As in `Groups`, for groups that were made otherwise."""
    return _own_share(_graph(vectors), labels)


def _graph(vectors: np.ndarray) -> "csr_matrix":
    return neighbour_graph(vectors, min(int(np.clip(len(vectors) ** 0.5, FEWEST, MOST)), len(vectors) - 1))


def neighbour_graph(vectors: np.ndarray, neighbours: int) -> "csr_matrix":
    """The symmetric graph that joins each row to its `neighbours` nearest by cosine, the search being exact.

    Weights are squared cosine similarities, which tell the near from the nearly near; those not above 0 are left out.
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
    graph = csr_matrix((weights[kept] ** 2, (sources[kept], targets[kept])), shape=(count, count))
    return graph.maximum(graph.T).tocsr()


def _refits(fit: _Fit, count: int, seed: int) -> np.ndarray:
    """(REFITS, count): each on a random SHARE of the vectors, UNSEEN elsewhere."""
    found = np.full((REFITS, count), UNSEEN)
    for number in range(REFITS):
        chosen = np.random.default_rng([seed, number]).choice(count, int(count * SHARE), replace=False)
        chosen.sort()
        found[number, chosen] = fit(chosen, seed + number + 1)
    return found


def _agreed(graph: "csr_matrix", refits: np.ndarray) -> "csr_matrix":
    """`graph`, each edge weighed by the squared share of the refits that put its ends into one group."""
    rows = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    seen, same = np.zeros(graph.nnz, np.float32), np.zeros(graph.nnz, np.float32)
    for refit in refits:
        one, two = refit[rows], refit[graph.indices]
        both = (one != UNSEEN) & (two != UNSEEN)
        seen += both
        same += both & (one == two)
    agreed = graph.copy()
    agreed.data = graph.data * np.divide(same, seen, out=np.zeros_like(same), where=seen > 0) ** 2
    agreed.eliminate_zeros()
    return agreed


def _match(labels: np.ndarray, refits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The refits in the numbers of `labels`, and for each group its mean Jaccard index with what it was matched to."""
    from scipy.optimize import linear_sum_assignment
    from sklearn.metrics.cluster import contingency_matrix

    matched = np.full(refits.shape, UNSEEN)
    jaccards = np.zeros((len(refits), labels.max() + 1))
    for number, refit in enumerate(refits):
        seen = np.flatnonzero(refit != UNSEEN)
        own, names = np.unique(labels[seen], return_inverse=True)
        both = contingency_matrix(names, refit[seen])
        jaccard = both / (both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both)
        rows, columns = linear_sum_assignment(-jaccard)
        jaccards[number, own[rows]] = jaccard[rows, columns]
        renamed = np.full(both.shape[1], OTHER)
        renamed[columns] = own[rows]
        matched[number, seen] = renamed[np.unique(refit[seen], return_inverse=True)[1]]
    return matched, jaccards.mean(axis=0)


def _agreement(refits: np.ndarray) -> float:
    from sklearn.metrics import adjusted_mutual_info_score

    agreements = []
    for first in range(len(refits)):
        for second in range(first + 1, len(refits)):
            shared = (refits[first] != UNSEEN) & (refits[second] != UNSEEN)
            agreements.append(adjusted_mutual_info_score(refits[first][shared], refits[second][shared]))
    return float(np.mean(agreements))


def _louvain_of(graph: "csr_matrix") -> _Fit:
    from sknetwork.clustering import Louvain

    def fit(positions: np.ndarray, seed: int) -> np.ndarray:
        part = graph if len(positions) == graph.shape[0] else graph[positions][:, positions]
        if not part.nnz:
            return np.zeros(len(positions), int)
        louvain = Louvain(RESOLUTION, shuffle_nodes=True, random_state=seed, return_probs=False, return_aggregate=False)
        return louvain.fit_predict(part)

    return fit


def _ward_of(vectors: np.ndarray, count: int) -> _Fit:
    from sklearn.cluster import AgglomerativeClustering

    def fit(positions: np.ndarray, seed: int) -> np.ndarray:
        return AgglomerativeClustering(count).fit_predict(vectors[positions])

    return fit


def _best_count(vectors: np.ndarray, most: int) -> int:
    from sklearn.metrics import silhouette_score

    everything = np.arange(len(vectors))
    scores = {}
    for count in range(2, most + 1):
        labels = _ward_of(vectors, count)(everything, 0)
        scores[count] = round(float(silhouette_score(vectors, labels)), 6)
    return max(scores, key=lambda count: (scores[count], -count), default=1)


def _merge_small(labels: np.ndarray, vectors: np.ndarray, smallest: int) -> np.ndarray:
    """Groups below `smallest` joined to the one whose centre is nearest."""
    names, labels, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(sizes >= smallest)
    if not len(kept):
        kept = np.array([sizes.argmax()])
    centres = unit(np.stack([vectors[labels == name].mean(axis=0) for name in range(len(names))]))
    target = kept[(centres @ centres[kept].T).argmax(axis=1)]
    target[kept] = kept
    return _numbered(target[labels])


def _without_chance(labels: np.ndarray, graph: "csr_matrix", refits: np.ndarray) -> np.ndarray:
    """`labels` without the groups that hardly any refit finds: their vectors go where most of their neighbours are."""
    stability = _match(labels, refits)[1]
    kept = np.flatnonzero(stability >= NONE)
    if not len(kept) or len(kept) == len(stability):
        return labels
    nearest = kept[_shares(graph, labels)[:, kept].argmax(axis=1)]
    return _numbered(np.where(np.isin(labels, kept), labels, nearest))


def _numbered(labels: np.ndarray) -> np.ndarray:
    """Groups numbered from the largest on."""
    _, labels, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[labels]


def _own_share(graph: "csr_matrix", labels: np.ndarray) -> np.ndarray:
    return _shares(graph, labels)[np.arange(len(labels)), labels]


def _shares(graph: "csr_matrix", labels: np.ndarray) -> np.ndarray:
    """The share of each vector's similarity to its neighbours that each group has, (n, groups)."""
    from scipy.sparse import csr_matrix

    count = len(labels)
    member = csr_matrix((np.ones(count, np.float32), (np.arange(count), labels)))
    of_group = (graph @ member).toarray().astype(float)
    total = of_group.sum(axis=1, keepdims=True)
    return np.divide(of_group, total, out=np.zeros_like(of_group), where=total > 0)
