"""Where mentions lie among the causes, and which causes are kin: a map in two dimensions, and a tree.

A map is made for eyes: t-SNE (van der Maaten & Hinton 2008) keeps the neighbours of a text and gives up the rest, so
that near means alike, and how far groups lie apart means nothing (Wattenberg, Viégas & Johnson 2016). Vectors of
two languages cannot be compared, so that each language has a map and a tree of its own.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring.lexical import unit

MOST = 1_500
"""Texts on a map: more are blots on a page, and take longer than a reader waits."""
_WIDE = 30
"""Dimensions before t-SNE, as its authors reduce to: what is left out is mostly noise, and its search is slow in it."""
_PERPLEXITY = 30
"""The neighbours that count of each text: t-SNE's usual number, to which it is robust between 5 and 50."""
_DIGITS = 4
"""Digits to which vectors are rounded first: the last bits of a product differ from one processor to another."""
Vectors = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Language → (positions among the texts, (n,); the vectors of the texts there, float32 (n, d) of length 1)."""


def positions(vectors: np.ndarray, labels: np.ndarray, *, seed: int = 0, most: int = MOST) -> pd.DataFrame:
    """DataFrame[position, x, y]: where some rows of `vectors` (n, d) lie, x and y within −1 and 1, by position.

    At most `most` of them, by chance from each group of `labels` (n,) after its size. The first two principal
    components where there are too few for t-SNE, whose neighbourhoods need three times as many as count in them.
    The same for a seed in every process, on any number of threads.
    """
    import sklearn.manifold  # noqa: F401  a library that is loaded later would not keep to the limit
    from threadpoolctl import threadpool_limits

    chosen = _sample(np.asarray(labels), seed, most)
    if not len(chosen):
        return pd.DataFrame({"position": np.empty(0, int), "x": np.empty(0), "y": np.empty(0)})
    with threadpool_limits(1):
        wide = _principal(np.asarray(vectors)[chosen].astype(float), _WIDE)
        # t-SNE scales by the first component's spread, and dies where there is none.
        few = len(chosen) <= 3 * _PERPLEXITY or wide.shape[1] < 3 or not wide[:, 0].std()
        flat = wide[:, :2] if few else _tsne(wide, seed)
    flat = np.hstack([flat, np.zeros((len(chosen), 2 - flat.shape[1]))])
    flat = flat - (flat.max(axis=0) + flat.min(axis=0)) / 2
    place = (flat / (np.abs(flat).max() or 1.0)).round(_DIGITS) + 0.0
    return pd.DataFrame({"position": chosen, "x": place[:, 0], "y": place[:, 1]})


def tree(vectors: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """DataFrame[left, right, distance, n]: the merges (Ward 1963) of the centres of groups, the nearest first.

    `left` and `right` are groups, numbers of `labels` (from 0), or −k for what the k-th row (from 1) joined. `distance`
    is that between the centres, brought to length 1, as Ward has it; `n` the vectors in both. No row for one group.
    """
    from scipy.cluster.hierarchy import linkage

    names, sizes = np.unique(labels, return_counts=True)
    if len(names) < 2:
        return pd.DataFrame({"left": [], "right": [], "distance": [], "n": []}).astype(_TREE)
    centres = unit(np.stack([np.asarray(vectors)[labels == name].mean(axis=0) for name in names]).astype(float))
    rows, inside = [], sizes.tolist()
    for left, right, distance, _ in linkage(centres.round(_DIGITS), "ward"):
        pair = [int(left), int(right)]
        inside.append(inside[pair[0]] + inside[pair[1]])
        known = [int(names[node]) if node < len(names) else len(names) - node - 1 for node in pair]
        rows.append((*known, round(float(distance), _DIGITS), inside[-1]))
    return pd.DataFrame(rows, columns=list(_TREE)).astype(_TREE)


_TREE: dict[str, Any] = {"left": "int64", "right": "int64", "distance": "float64", "n": "int64"}


def lay(vectors: Vectors, causes: pd.Series, *, seed: int = 0, most: int = MOST) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The map and the trees of causes, a language after the other.

    `causes`, Int64, is the cause of each text, in order; those without one lie nowhere. The map is DataFrame[position
    (among the texts), x, y, cause, language]; the trees DataFrame[language, left, right, distance, n], −k being the
    k-th row of the language. Languages share `most` after their sizes.
    """
    maps, trees = [], []
    known = {language: causes.iloc[at].notna().to_numpy() for language, (at, _) in vectors.items()}
    total = sum(int(kept.sum()) for kept in known.values())
    for language, (at, rows) in sorted(vectors.items()):
        kept = known[language]
        labels = causes.iloc[at[kept]].to_numpy(dtype=int)
        share = min(most, round(most * len(labels) / max(total, 1)))
        found = positions(rows[kept], labels, seed=seed, most=share)
        place = found["position"].to_numpy()
        maps.append(found.assign(position=at[kept][place], cause=labels[place], language=language))
        trees.append(tree(rows[kept], labels).assign(language=language))
    if not maps:
        return pd.DataFrame(columns=[*MAP]).astype(MAP), pd.DataFrame(columns=[*TREE]).astype(TREE)
    placed, joined = pd.concat(maps, ignore_index=True), pd.concat(trees, ignore_index=True)
    return placed[[*MAP]].astype(MAP), joined[[*TREE]].astype(TREE)


MAP: dict[str, Any] = {"position": "int64", "x": "float64", "y": "float64", "cause": "Int64", "language": "string"}
TREE: dict[str, Any] = {"language": "string"} | _TREE


def _sample(labels: np.ndarray, seed: int, most: int) -> np.ndarray:
    """Positions of at most `most` of `labels`, in order: of each group its share, and one at least where there is room.

    What is left after whole numbers goes to the largest remainders (Hamilton's method).
    """
    names, inverse, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    if len(labels) <= most:
        return np.arange(len(labels))
    exact = sizes * most / len(labels)
    count = np.maximum(np.floor(exact).astype(int), 1 if most >= len(names) else 0)
    order = np.lexsort((-sizes, -(exact - np.floor(exact))))
    while count.sum() < most:
        for name in [name for name in order if count[name] < sizes[name]][: most - count.sum()]:
            count[name] += 1
    while count.sum() > most:
        count[count.argmax()] -= 1
    drawn = np.random.default_rng(seed)
    parts = [drawn.choice(np.flatnonzero(inverse == name), count[name], replace=False) for name in range(len(names))]
    return np.sort(np.concatenate(parts))


def _principal(rows: np.ndarray, most: int) -> np.ndarray:
    """Principal components of `rows`, (n, at most `most`), each with its largest loading positive, rounded."""
    left, values, loadings = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    largest = np.abs(loadings).argmax(axis=1)
    signs = np.where(loadings[np.arange(len(loadings)), largest] < 0, -1, 1)
    return (left * values * signs)[:, :most].round(_DIGITS)


def _tsne(rows: np.ndarray, seed: int) -> np.ndarray:
    """(n, 2): t-SNE's places of `rows`, begun with their first two principal components."""
    from sklearn.manifold import TSNE

    made = TSNE(2, perplexity=_PERPLEXITY, init="pca", random_state=seed, n_jobs=1)
    return made.fit_transform(rows.astype(np.float32))
