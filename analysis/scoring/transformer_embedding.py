"""A transformers model of one's own as the embedding that causes are found by: the mean over tokens, of length 1.

Optional and local, as `transformer` is. Made for sentence-transformers' models, whose vectors are such means.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.scoring import embedding, transformer
from analysis.scoring.vectors import VectorStore

if TYPE_CHECKING:
    import numpy as np

DIGITS = 6
"""Numbers of a vector are rounded to this many digits, so that one that is kept is one that is made."""


class TransformerEmbedding:
    """Vectors by the model in a folder, or of a hub id in the local hub cache; nothing is downloaded."""

    def __init__(self, model: str) -> None:
        """Raises InputError, as an instruction, for whatever cannot be used."""
        self._folder = transformer.locate(model, "embedding")
        transformer.require_extra(self._folder, "embedding")
        self.version = f"transformers-{transformer.fingerprint(self._folder)}"

    @property
    def dim(self) -> int:
        return int(transformer.loaded(self._folder, self.version, "AutoModel")[1].config.hidden_size)

    def embed(self, texts: Sequence[str], kept: VectorStore | None = None) -> "np.ndarray":
        """float32 (n, dim), each of length 1; those that `kept` holds are taken from it, the others are kept there."""
        known = [text[: transformer.READ].encode("utf-8", "replace").decode() for text in texts]
        make = partial(_vectors, self._folder, self.version)
        return kept.embed(known, make) if kept else make(known)


def beside(
    models: Mapping[str, str], cache: Path, kept: VectorStore
) -> tuple[Callable[[Sequence[str], str], "np.ndarray"], dict[str, str]]:
    """What embeds texts of a language: its model of `models`, else what is installed; and the models' versions.

    `kept` is the store of what is installed; each model has one of its own in the same folder.
    """
    own = {language: TransformerEmbedding(model) for language, model in models.items()}
    stores = {language: kept.beside(one.version, one.dim) for language, one in own.items()}

    def embed(texts: Sequence[str], language: str) -> "np.ndarray":
        if language in own:
            return own[language].embed(texts, stores[language])
        return embedding.embed(texts, language, cache=cache, kept=kept)

    return embed, {language: one.version for language, one in own.items()}


def _vectors(folder: Path, version: str, texts: list[str]) -> "np.ndarray":
    import numpy as np

    tokenizer, model, longest = transformer.loaded(folder, version, "AutoModel")
    found = np.zeros((len(texts), model.config.hidden_size), np.float32)
    # A text at a time, on one thread: the last bits of a vector would depend on its neighbours in a batch.
    with transformer.steady():
        for row, text in enumerate(texts):
            tokens = tokenizer(text, truncation=True, max_length=longest, return_tensors="pt")
            mean = model(**tokens).last_hidden_state[0].double().mean(dim=0).numpy()
            found[row] = (mean / max(float(np.linalg.norm(mean)), 1e-12)).round(DIGITS)
    return found
