"""English sentiment, the fast tier: a small convolution over MiniLM's word vectors, taught by the better tier.

Each run of WIDTH words (Kim 2014) is a sum of one row a place, so that all products are made once, for the vocabulary,
and a text costs look-ups and additions: its score depends on its own words alone, to the last bit.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.scoring.emoji import VERSION as EMOJI_VERSION
from analysis.scoring.emoji import named
from analysis.scoring.english import rounded

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parent / "weights" / "english_fast.json"
WORD = re.compile(r"@user|[a-z]+|\d+|[^\sa-z\d]")
_READ = 10_000
"""Characters of a text that are read."""
_WORDS = 200
"""Words of a text that are read."""
_AT_ONCE = 1_000
"""Texts whose words are looked up together: what stays in a core's own cache."""
_FIRST_WORD = 1_996
"""Ids below are reserved marks and single characters."""


class FastScorer:
    """The convolution; weights/README.md tells where its weights come from."""

    name = "words-en"
    languages = ("en",)

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """`weights` tells version and known error; the arrays are beside it as .npz."""
        held = json.loads(weights.read_text(encoding="utf-8"))
        self.version = f"{held['version']}+{EMOJI_VERSION}"
        self.known_error: dict[str, Any] = held["known_error"]
        self._arrays = weights.with_suffix(".npz")

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        if not len(texts):
            return np.empty((0, 3))
        model = _model(self._arrays)
        return np.vstack([model.predict(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)])


def words(text: str) -> list[str]:
    """The words, numbers and marks of a masked text, in lower case."""
    return WORD.findall(named(text[:_READ]).lower())[:_WORDS]


def centred(vectors: "np.ndarray") -> "np.ndarray":
    """MiniLM's word vectors, float32 (vocabulary, 384), around the mean of its words and of unit spread."""
    plain = vectors[_FIRST_WORD:]
    return (vectors - plain.mean(axis=0)) / plain.std()


class _Model:
    """What is made once of the weights: for each entry of the vocabulary its share in a run, by place in the run."""

    def __init__(self, arrays: Path) -> None:
        import numpy as np

        from analysis.scoring import bert, embedding, minilm

        with np.load(arrays, allow_pickle=False) as held:
            self._bias, self._head, self._head_bias = held["bias"], held["head"], held["head_bias"]
            taps = np.einsum("vp,wpf->vwf", held["projection"], held["taps"])
        self._width = taps.shape[1]
        self._shares = centred(minilm.word_vectors()) @ taps.reshape(bert.DIM, -1)
        self._vocabulary = embedding.tokenizer().get_vocab()
        self._unknown = (self._vocabulary["[UNK]"],)

    def predict(self, texts: Sequence[str]) -> "np.ndarray":
        """float64 (n, 3)."""
        import numpy as np

        # The blanks before a text have no share in any run, so that no run reaches into the text before.
        known: defaultdict[str, int] = defaultdict(lambda: len(known), {"": 0})
        blanks = [0] * (self._width - 1)
        runs = [[*blanks, *map(known.__getitem__, words(text))] for text in texts]
        lengths = np.array([len(run) for run in runs]) - len(blanks)
        places = np.fromiter(chain.from_iterable(runs), np.intp)
        total = np.zeros((len(places), len(self._bias)), np.float32)
        for back, shares in enumerate(np.split(self._rows(list(known)[1:]), self._width, axis=1)):
            total[back:] += shares[places[: len(places) - back]]
        total = np.maximum(total[places > 0] + self._bias, 0)
        pooled = np.zeros((len(texts), 2 * len(self._bias)))
        filled = np.flatnonzero(lengths)
        if len(filled):
            starts = np.cumsum(lengths[filled]) - lengths[filled]
            mean = np.add.reduceat(total, starts, axis=0) / lengths[filled, None]
            pooled[filled] = np.hstack([np.maximum.reduceat(total, starts, axis=0), mean])
        scores = np.einsum("nf,cf->nc", pooled, self._head) + self._head_bias
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return rounded(chances / chances.sum(axis=1, keepdims=True))

    def _rows(self, distinct: list[str]) -> "np.ndarray":
        """Shares of nothing, and of each of `distinct` words: those of its word pieces, on average."""
        import numpy as np

        whole = self._vocabulary
        pieces = [(whole[word],) if word in whole else _pieces(word) or self._unknown for word in distinct]
        rows = np.zeros((len(distinct) + 1, self._shares.shape[1]), np.float32)
        if distinct:
            counts = np.array([len(ids) for ids in pieces])
            flat = self._shares[np.fromiter(chain.from_iterable(pieces), np.intp)]
            rows[1:] = np.add.reduceat(flat, np.cumsum(counts) - counts, axis=0) / counts[:, None]
        return rows


@lru_cache(maxsize=65_536)
def _pieces(word: str) -> tuple[int, ...]:
    """Ids of the pieces of a word that the vocabulary does not hold whole."""
    from analysis.scoring import embedding

    # A lone surrogate, which no encoding knows, becomes a question mark.
    known = word.encode("utf-8", "replace").decode()
    return tuple(embedding.tokenizer().encode(known, add_special_tokens=False).ids)


@lru_cache(maxsize=1)
def _model(arrays: Path) -> _Model:
    return _Model(arrays)
