"""A transformers model for sequence classification, from a local folder or from the local hub cache, as a scorer.

Optional: it needs the extra `transformers`. Nothing is ever downloaded: a hub id is looked up among what is on this
machine. Only weights in the safetensors format are read, and no code of a model's own is run.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from analysis.errors import InputError

if TYPE_CHECKING:
    import numpy as np

INSTALL = "pip install 'aftermath[transformers]'"
LONGEST = 128
"""Tokens of a text that are read, unless the model takes fewer."""
DIGITS = 6
READ = 10_000
"""Characters of a text that are read: more never fit into the tokens that are."""
_HUB_ID = re.compile(r"[\w-]+(?:\.[\w-]+)*/[\w-]+(?:\.[\w-]+)*")
_PLACES = {"negative": 0, "neutral": 1, "positive": 2}


class TransformerScorer:
    """A model whose labels are negative and positive, with or without neutral.

    Without a neutral class, neutral is made of doubt: with p the probability of positive, the classes are those of two
    independent draws, (1−p)², 2p(1−p), p².
    """

    known_error: ClassVar[dict[str, Any]] = {}
    """Empty: nobody has measured the model here."""

    def __init__(self, model: str, language: str) -> None:
        """`model` as `locate` takes it. Raises InputError, as an instruction, for whatever cannot be used."""
        self._folder = locate(model)
        self._places = label_places(self._folder)
        require_extra(self._folder)
        self.name = f"transformers-{language}"
        self.version = fingerprint(self._folder)
        self.languages = (language,)

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        found = np.empty((len(texts), 3))
        if not len(texts):
            return found
        tokenizer, model, longest = loaded(self._folder, self.version, "AutoModelForSequenceClassification")
        # A text at a time, on one thread: the last bits of a score would depend on its neighbours in a batch.
        with steady() as torch:
            for row, text in enumerate(texts):
                # A lone surrogate, which no encoding knows, becomes a question mark.
                known = text[:READ].encode("utf-8", "replace").decode()
                tokens = tokenizer(known, truncation=True, max_length=longest, return_tensors="pt")
                chances = torch.softmax(model(**tokens).logits[0].double(), 0).numpy()
                found[row] = _three(dict(zip(self._places, chances.tolist(), strict=True)))
        ends = found[:, 0].round(DIGITS), found[:, 2].round(DIGITS)
        return np.column_stack([ends[0], (1 - ends[0] - ends[1]).round(DIGITS).clip(0), ends[1]])


def locate(model: str, what: str = "scorer") -> Path:
    """The folder of `model`, which incident.yml names as a `what`.

    It is itself where it is a folder, else the newest snapshot of a hub id in the local hub cache.

    Raises InputError where it is neither; nothing is downloaded.
    """
    if Path(model).is_dir():
        folder = Path(model)
    elif _HUB_ID.fullmatch(model):
        folder = _cached(model, what)
    else:
        raise InputError(
            f"{what} {model!r}: there is no such folder, and a hub id looks like owner/name. Give the folder of a "
            f"transformers model{', a hub id, auto or fast' if what == 'scorer' else ' or a hub id'}."
        )
    missing = [name for name in ("config.json", "model.safetensors") if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"{what} {model!r}: {folder} is not a transformers model: it lacks {' and '.join(missing)}. Save one there "
            "with save_pretrained(folder) of both the model and its tokenizer; weights must be in safetensors format."
        )
    return folder


def label_places(folder: Path) -> list[int]:
    """Which class (0 negative, 1 neutral, 2 positive) each output of the model is; InputError where unknown."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        named = {int(place): str(label).strip().casefold() for place, label in config.get("id2label", {}).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(f"{folder / 'config.json'}: not a transformers configuration ({error}).") from error
    labels = [named[place] for place in sorted(named)]
    if sorted(named) != list(range(len(named))) or sorted(labels) not in (sorted(_PLACES), ["negative", "positive"]):
        raise InputError(
            f"{folder / 'config.json'}: id2label names {', '.join(labels) or 'nothing'}; expected negative, neutral "
            'and positive, or negative and positive. Write into it what each output means, such as "id2label": '
            '{"0": "negative", "1": "neutral", "2": "positive"}.'
        )
    return [_PLACES[label] for label in labels]


def fingerprint(folder: Path) -> str:
    """Hash over the names and contents of the model's files: a model that changes is another scorer."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".json", ".txt", ".model", ".safetensors")):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()[:16]


def _cached(model: str, what: str) -> Path:
    require_extra(model, what)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise InputError(
            f"{what} {model!r}: it is not in this machine's hub cache, and nothing is downloaded on its own. "
            f"Fetch it once with `hf download {model}`, or name the folder of a model."
        ) from error


def require_extra(model: object, what: str = "scorer") -> None:
    """InputError where what runs a model is not installed."""
    if find_spec("transformers") is None or find_spec("torch") is None:
        raise InputError(
            f"{what} {str(model)!r} needs packages that are not installed: run {INSTALL}, or take `{what}` out of "
            "incident.yml."
        )


@lru_cache(maxsize=4)
def loaded(folder: Path, version: str, kind: str) -> tuple[Any, Any, int]:
    """Tokenizer, model and the tokens it takes; `kind` is the class of transformers that reads it.

    Raises InputError where they cannot be read.
    """
    import transformers
    from safetensors import SafetensorError

    try:
        given = {"local_files_only": True, "trust_remote_code": False}
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **given)
        model = getattr(transformers, kind).from_pretrained(folder, use_safetensors=True, **given)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        raise InputError(f"{folder}: transformers cannot load this model: {error}") from error
    takes = getattr(model.config, "max_position_embeddings", LONGEST)
    return tokenizer, model.eval(), min(LONGEST, tokenizer.model_max_length, takes)


@contextmanager
def steady() -> Iterator[Any]:
    """torch on one thread and without gradients; its threads are given back afterwards."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            yield torch
    finally:
        torch.set_num_threads(threads)


def _three(chances: dict[int, float]) -> tuple[float, float, float]:
    if 1 in chances:
        return chances[0], chances[1], chances[2]
    p = chances[2]
    return (1 - p) ** 2, 2 * p * (1 - p), p**2
