"""A small BERT (Devlin et al. 2019) as an ONNX graph, written from published weights without torch.

Matrix products run on 8-bit integers: weights with one scale per output, activations with one scale per token. A scale
per token, instead of one per batch as dynamic quantisation has it, keeps a text's vector free of its batch mates.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.errors import InputError

if TYPE_CHECKING:
    import onnx

HEADS, DIM = 12, 384
LONGEST = 128
"""Word pieces of a text that are read, the marks at its ends among them."""
_EPSILON = 1e-12
_HIGHEST = 127
_ZERO = 128
_CONTRIB = "com.microsoft"


def kept(file: Path, make: Callable[[], "onnx.ModelProto"]) -> bytes:
    """The serialised graph in `file`; made and kept there first where it is absent or damaged.

    The file is a SHA-256 digest and the graph that it is the digest of, written aside and renamed, so that processes
    may share it.
    """
    if file.is_file():
        content = file.read_bytes()
        digest, graph = content[:32], content[32:]
        if hashlib.sha256(graph).digest() == digest:
            return graph
    graph = make().SerializeToString(deterministic=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=file.stem, delete=False) as aside:
        aside.write(hashlib.sha256(graph).digest() + graph)
    os.replace(aside.name, file)
    return graph


def published(file: Path, sha256: str, what: str, package: str) -> bytes:
    """What `file` holds, the weights of `what`; InputError where it is absent or not what was published."""
    content = file.read_bytes() if file.is_file() else b""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise InputError(
            f"{file}: expected {what}'s weights with SHA-256 {sha256}, "
            f"found {found if content else 'no file'}. Reinstall the package {package}."
        )
    return content


class Graph:
    """Nodes and constants while they are written; every method returns the name of what it computes.

    `weights` are float32, under the names that transformers' BertModel has for them; matrices are (out, in).
    """

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.names: Iterator[str] = (f"v{number}" for number in count())
        self.last_axis = self.constant(np.array([-1], np.int64))
        self.first = self.constant(np.array([0], np.int64))
        self.one = self.constant(np.float32(1))
        self.step = self.constant(np.float32(1 / _HIGHEST))
        self.zero = self.constant(np.uint8(_ZERO))

    def model(self, name: str, layers: int) -> "onnx.ModelProto":
        """The graph `name` from token ids, int64 (n, length) without padding, to unit vectors, float32 (n, DIM)."""
        states = self.embeddings()
        for layer in range(layers):
            states = self.layer(states, f"encoder.layer.{layer}.")
        return self.finish(states, name)

    def words(self) -> str:
        """The vectors of the tokens `ids` before any layer, float32 (n, length, DIM)."""
        from onnx import TensorProto

        # Half precision halves the file; its rounding is a hundredth of that of the 8-bit products.
        table = self.constant(self.weights["embeddings.word_embeddings.weight"].astype(np.float16))
        return self.node("Cast", self.node("Gather", table, "ids"), to=TensorProto.FLOAT)

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
        part = "embeddings."
        found = self.words()
        position = self.weights[f"{part}position_embeddings.weight"][:LONGEST]
        places = self.constant(position + self.weights[f"{part}token_type_embeddings.weight"][0])
        length = self.node("Shape", "ids", start=1, end=2)
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

    def finish(self, states: str, name: str) -> "onnx.ModelProto":
        from onnx import TensorProto, helper

        # Along the last axis, since a mean over tokens where they lie adds up in another order for a text alone.
        across = self.node("Transpose", states, perm=[0, 2, 1])
        mean = self.node("ReduceMean", across, self.last_axis, keepdims=0)
        self.node("LpNormalization", mean, output="vectors", axis=-1, p=2)
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["n", "length"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIM])
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1)]
        graph = helper.make_graph(self.nodes, name, [ids], [vectors], self.constants)
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)
