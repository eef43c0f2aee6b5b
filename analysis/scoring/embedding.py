"""Texts as vectors in which near means alike.

English has MiniLM, every other language multilingual E5 where its package is installed. Their vector of a text depends
on the text alone: the same alone, in any batch, on any number of threads. Without E5 there are the characters and
phrases of the texts at hand (latent semantic analysis, Deerwester et al. 1990): vectors that can be compared with each
other only.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.scoring import bert, phrases
from analysis.scoring import e5 as multilingual
from analysis.scoring import minilm as model
from analysis.scoring.phrases import Key
from analysis.scoring.vectors import VectorStore

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer
    from tokenizers import Tokenizer

Progress = Callable[[int, int], None]
"""Called with the texts done so far and the texts in all."""

MINILM_DIM = bert.DIM
MINILM_VERSION = model.VERSION
E5_VERSION = multilingual.VERSION
CHARACTERS_VERSION = "characters-svd-2"
KEPT = (MINILM_VERSION, E5_VERSION)
"""The versions whose vectors are kept."""
VECTORS = "vectors"
"""The folder of kept vectors, below that of the cache."""
_COMPONENTS = 70
_PHRASES = 0.5
"""What the row of a text's phrases weighs beside that of its characters. With 50 to 100 components the mean AMI over
eight categorised sets differs by 0.01 (`python -m tests.benchmarks.causes_zh`)."""
_WORDS = 2
_TOKENS = 512
"""Tokens of a batch: what stays in a core's own cache."""
_LONGEST = 10_000
"""Characters of a text that are read: more never fit into the word pieces that a model sees."""


def default_cache() -> Path:
    """Where built models are kept: `aftermath` below XDG_CACHE_HOME, else below `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aftermath"


def version(language: str) -> str:
    """Name and version of what embeds texts of `language`: part of every cache key."""
    if language == "en":
        return MINILM_VERSION
    return E5_VERSION if multilingual.installed() else CHARACTERS_VERSION


def comparable(language: str) -> bool:
    """Whether vectors of texts of `language` can be compared that were made apart, as a model's can."""
    return version(language) != CHARACTERS_VERSION


def store(cache: Path) -> VectorStore:
    """The store of MiniLM's vectors below the folder `cache`; `embed` keeps those of E5 beside it."""
    return VectorStore(cache / VECTORS, MINILM_VERSION, MINILM_DIM)


def embed(
    texts: Sequence[str],
    language: str,
    *,
    cache: Path | None = None,
    kept: VectorStore | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Vectors of `texts`, float32 (n, d), each of length 1 (or 0, where nothing in the text is known).

    `language` is an ISO 639-1 code: "en" gives MiniLM (d = 384), any other E5 (d = 384) where it is installed, else
    characters (d ≤ 70, fitted on `texts`, so that they are never kept). `cache` is the folder of built models,
    `default_cache()` where None; `kept` is what `store` gives.
    """
    if language == "en":
        return minilm(texts, cache=cache, kept=kept, progress=progress)
    if comparable(language):
        return e5(texts, cache=cache, kept=kept, progress=progress)
    return characters(texts)


def minilm(
    texts: Sequence[str],
    threads: int = 2,
    *,
    cache: Path | None = None,
    kept: VectorStore | None = None,
    progress: Progress | None = None,
    adapter: Path | None = None,
) -> np.ndarray:
    """MiniLM's vectors of `texts`, float32 (n, MINILM_DIM), each of length 1; the first 128 word pieces are read.

    Vectors that `kept` holds are taken from it, the others are kept there; they are the same bit for bit. `progress`
    is told of those that are made. `adapter` is a file of changes to its weights (`minilm.adapted`): vectors with and
    without cannot be compared, and `kept` takes only those without. Raises InputError where the weights are absent or
    not the published ones.
    """
    where = cache or default_cache()
    session = partial(_session, model.load, where, adapter)
    make = partial(_vectors, session=session, tokens=_pieces, threads=threads, progress=progress)
    return kept.embed(read(texts), make) if kept else make(read(texts))


def e5(
    texts: Sequence[str],
    threads: int = 2,
    *,
    cache: Path | None = None,
    kept: VectorStore | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Multilingual E5's vectors of `texts`, float32 (n, 384), each of length 1; the first 128 word pieces are read.

    As `minilm`, in any language; those that are kept lie in a store of their own, beside `kept`.
    """
    session = partial(_session, multilingual.load, cache or default_cache())
    make = partial(_vectors, session=session, tokens=multilingual.tokens, threads=threads, progress=progress)
    return kept.beside(E5_VERSION, bert.DIM).embed(read(texts), make) if kept else make(read(texts))


def read(texts: Sequence[str]) -> list[str]:
    """What is read of `texts`; a lone surrogate, which no encoding knows, becomes a question mark."""
    return [text[:_LONGEST].encode("utf-8", "replace").decode() for text in texts]


def _pieces(texts: list[str]) -> list[list[int]]:
    return [encoding.ids for encoding in tokenizer().encode_batch(texts)]


def _vectors(
    texts: list[str],
    *,
    session: "Callable[[], InferenceSession]",
    tokens: Callable[[list[str]], list[list[int]]],
    threads: int,
    progress: Progress | None,
) -> np.ndarray:
    vectors = np.empty((len(texts), bert.DIM), np.float32)
    if not texts:
        return vectors
    running, ids = session(), tokens(texts)
    done = 0

    def run(batch: list[int]) -> int:
        vectors[batch] = running.run(None, {"ids": np.array([ids[i] for i in batch], np.int64)})[0]
        return len(batch)

    with ThreadPoolExecutor(threads) as pool:
        for finished in pool.map(run, _batches(ids)):
            done += finished
            if progress:
                progress(done, len(texts))
    return vectors


def _batches(tokens: list[list[int]]) -> list[list[int]]:
    """Positions in batches of equal length, so that nothing is padded, and of about `_TOKENS` tokens."""
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for position, ids in enumerate(tokens):
        alike[len(ids)].append(position)
    batches = []
    for length, positions in sorted(alike.items(), reverse=True):
        size = max(1, _TOKENS // length)
        batches += [positions[start : start + size] for start in range(0, len(positions), size)]
    return batches


@lru_cache(maxsize=3)
def _session(load: Callable[..., bytes], *given: Path | None) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Batches run side by side instead, each on one thread. The graph runs as it is written: optimised, its additions
    # would be fused into a slower node, and its mean would add up in another order for a text alone.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(load(*given), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def tokenizer() -> "Tokenizer":
    """MiniLM's word pieces, cut at what it reads; a process has one."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(model.package_folder() / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(bert.LONGEST)
    return made


def known_word(word: str) -> bool:
    """Whether MiniLM's vocabulary holds `word`, folded, in one piece; a word of other letters is known."""
    return not word.isascii() or all(part in _vocabulary() for part in word.split("'"))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    return frozenset(tokenizer().get_vocab())


def characters(texts: Sequence[str], *, components: int = _COMPONENTS, seed: int = 0) -> np.ndarray:
    """Truncated SVD of the tf-idf of characters and phrases, float32 (n, ≤ components), fitted on `texts`.

    Characters and pairs of them that stand in two texts or more: what a dictionary of words would have to know, and so
    what slang and misspelt words are found by. Beside them, at half the weight, words and pairs of
    words without stop words, which tell causes of one trade apart. Each row has length 1, or 0 where its text has
    nothing in common with another. The same on any number of threads.
    """
    return Characters(texts, components=components, seed=seed).vectors


class Characters:
    """What `characters` fits, kept: `vectors` are those of `texts`, `embed` gives further ones that compare with them.

    A further text is known by the characters and phrases that it shares with `texts` alone.
    """

    def __init__(self, texts: Sequence[str], *, components: int = _COMPONENTS, seed: int = 0) -> None:
        from scipy.sparse import hstack
        from sklearn.decomposition import TruncatedSVD
        from sklearn.preprocessing import normalize
        from threadpoolctl import threadpool_limits

        read = [text[:_LONGEST] for text in texts]
        counted = (
            _counted(read, 1.0, analyzer="char", ngram_range=(1, 2)),
            _counted(read, _PHRASES, analyzer=_said),
        )
        self._parts = [part for part in counted if part is not None]
        self._svd: TruncatedSVD | None = None
        if not self._parts:
            self.vectors = np.zeros((len(texts), 1), np.float32)
            return
        matrix = hstack([part.matrix for part in self._parts], "csr")
        wanted = min(components, min(matrix.shape) - 1)
        if wanted < 2:
            self.vectors = normalize(matrix.toarray())
            return
        self._svd = TruncatedSVD(wanted, random_state=seed)
        with threadpool_limits(1):
            self.vectors = normalize(self._svd.fit_transform(matrix)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, as many numbers as `vectors` have), each of length 1 or 0."""
        from scipy.sparse import hstack
        from sklearn.preprocessing import normalize
        from threadpoolctl import threadpool_limits

        if not self._parts or not len(texts):
            return np.zeros((len(texts), self.vectors.shape[1]), np.float32)
        read = [text[:_LONGEST] for text in texts]
        matrix = hstack([part.weight * part.model.transform(read) for part in self._parts], "csr")
        if self._svd is None:
            return normalize(matrix.toarray()).astype(np.float32)
        with threadpool_limits(1):
            return normalize(self._svd.transform(matrix)).astype(np.float32)


@dataclass(frozen=True)
class _Counted:
    """A fitted tf-idf, its weight beside others, and `weight` × the tf-idf of the texts that it was fitted on."""

    model: "TfidfVectorizer"
    weight: float
    matrix: "csr_matrix"


def _said(text: str) -> list[Key]:
    """The words of `text` and its phrases of two words, without small words."""
    return [key for key, _ in phrases.occurrences(text) if len(key) <= _WORDS]


def _counted(texts: list[str], weight: float, **how: Any) -> _Counted | None:
    """The tf-idf of what stands in two of `texts` or more; None where nothing does."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32, **how)
    try:
        return _Counted(model, weight, weight * model.fit_transform(texts))
    except ValueError:  # scikit-learn's word for an empty vocabulary
        return None
