"""The words of texts as weighted counts: what they say, beside what their vectors say they mean.

Tf-idf (Spärck Jones 1972) of words and pairs of neighbours; of characters in languages that are not English. The
vocabulary is learnt from some texts, others are looked up in it, so that a million of them never stand in memory.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy.sparse import csr_matrix

AT_ONCE = 50_000
"""Texts that are looked up together."""
_READ = 10_000
"""Characters of a text that are read."""
_COMMON = 0.3
"""A term in more than this share of the texts tells none of them from the others."""


class Vocabulary:
    """Terms in at least `least` of the texts that `learn` reads, words in English, characters in other languages."""

    def __init__(self, language: str, least: int = 2) -> None:
        self._unit = _words if language == "en" else _characters
        self._least = least

    def learn(self, texts: Sequence[str]) -> "csr_matrix":
        """Learn the terms of `texts` (no more of them than fit in memory), and return their weights as `weights`."""
        from scipy.sparse import csr_matrix

        flat, offsets = self._unit(texts)
        coded = flat.dictionary_encode()
        self._pieces = coded.dictionary
        rows, keys = self._terms(np.asarray(coded.indices, np.int64), offsets)
        self._keys, columns = np.unique(keys, return_inverse=True)
        counts = csr_matrix((np.ones(len(keys), np.float32), (rows, columns)), shape=(len(texts), len(self._keys)))
        held = np.bincount(counts.indices, minlength=len(self._keys))
        kept = np.flatnonzero((held >= self._least) & (held <= max(_COMMON * len(texts), self._least)))
        self._keys = self._keys[kept]
        self._idf = (np.log((1 + len(texts)) / (1 + held[kept])) + 1).astype(np.float32)
        return self._weigh(counts[:, kept])

    def weights(self, texts: Sequence[str]) -> "csr_matrix":
        """float32 (n, terms), rows of length 1: (1 + log count) × idf; a row of zeros where no term is known."""
        import pyarrow.compute as pc
        from scipy.sparse import csr_matrix

        flat, offsets = self._unit(texts)
        found = pc.fill_null(pc.index_in(flat, value_set=self._pieces), -1)
        rows, keys = self._terms(np.asarray(found, np.int64), offsets)
        columns = np.searchsorted(self._keys, keys)
        columns[columns == len(self._keys)] = 0
        known = self._keys[columns] == keys if len(self._keys) else np.zeros(len(keys), bool)
        shape = (len(texts), len(self._keys))
        return self._weigh(csr_matrix((np.ones(known.sum(), np.float32), (rows[known], columns[known])), shape=shape))

    def in_parts(self, texts: Sequence[str]) -> "Iterator[tuple[slice, csr_matrix]]":
        """The weights of `texts`, AT_ONCE of them after the other, each with its place."""
        for start in range(0, len(texts), AT_ONCE):
            place = slice(start, min(start + AT_ONCE, len(texts)))
            yield place, self.weights(texts[place])

    def _terms(self, pieces: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(text, key of a term) of every piece and of every pair of neighbours; −1 in `pieces` is an unknown one."""
        rows = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        pairs = (rows[1:] == rows[:-1]) & (pieces[1:] >= 0) & (pieces[:-1] >= 0)
        size = len(self._pieces)
        keys = np.concatenate([pieces, size + pieces[:-1][pairs] * size + pieces[1:][pairs]])
        rows = np.concatenate([rows, rows[:-1][pairs]])
        return rows[keys >= 0], keys[keys >= 0]

    def _weigh(self, counts: "csr_matrix") -> "csr_matrix":
        from sklearn.preprocessing import normalize

        counts.sum_duplicates()
        counts.data = (1 + np.log(counts.data)) * self._idf[counts.indices]
        return normalize(counts, copy=False)


def components(weights: "csr_matrix", most: int, *, seed: int = 0) -> np.ndarray:
    """Latent semantic analysis (Deerwester et al. 1990): float32 (n, ≤ most), centred, rows of length 1 or 0.

    The same on any number of threads.
    """
    from sklearn.decomposition import TruncatedSVD
    from threadpoolctl import threadpool_limits

    wanted = min(most, min(weights.shape) - 1)
    if wanted < 2:
        return np.zeros((weights.shape[0], 1), np.float32)
    with threadpool_limits(1):
        return centred(unit(TruncatedSVD(wanted, random_state=seed).fit_transform(weights)))


def centred(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1 around their mean: what all texts share makes none of them alike."""
    return unit(rows - rows.mean(axis=0)).astype(np.float32)


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1; those of length 0 stay as they are."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def _words(texts: Sequence[str]) -> "tuple[pa.Array, np.ndarray]":
    import pyarrow as pa
    import pyarrow.compute as pc

    read = pc.utf8_lower(pc.utf8_slice_codeunits(pa.array(_encodable(texts), pa.large_string()), 0, _READ))
    spaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(read, r"[^\pL\pN'’]+", " "))
    return _flat(pc.split_pattern(spaced, " "))


def _characters(texts: Sequence[str]) -> "tuple[pa.Array, np.ndarray]":
    import pyarrow as pa

    read = [text[:_READ].casefold() for text in _encodable(texts)]
    offsets = np.cumsum([0] + [len(text) for text in read])
    points = np.frombuffer("".join(read).encode("utf-32-le"), np.uint32)
    return pa.array(points), offsets


def _flat(lists: "pa.Array") -> "tuple[pa.Array, np.ndarray]":
    import pyarrow.compute as pc

    return pc.list_flatten(lists), np.asarray(lists.offsets, np.int64)


def _encodable(texts: Sequence[str]) -> list[str]:
    """A lone surrogate, which no encoding knows, becomes a question mark."""
    return [text if text.isascii() else text.encode("utf-8", "replace").decode() for text in texts]
