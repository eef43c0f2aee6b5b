"""Make the shipped weights of the better English tier: `python -m tests.benchmarks.train_english_head`.

Reads ../shared/benchmarks/sentiment-en/vader_tweets.tsv (id, mean valence −4 to 4, text; MIT), and writes
english_head.json and english_head.npz into analysis/scoring/weights: a logistic head, and low-rank changes to MiniLM's
weights (LoRA, Hu et al. 2021) learnt with it. Nothing that is measured against is read. With
`--held-out 0` (to 4) it writes nothing: it learns from four fifths of the tweets and prints how it does on the fifth.
Needs torch, which the project does not: `.bench/` of sentiment_en has it.
"""

import argparse
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from analysis.scoring import bert, minilm
from analysis.scoring.masking import BRAND, HANDLE, mask

WEIGHTS = Path(__file__).resolve().parents[2] / "analysis/scoring/weights"
SOURCE = Path(__file__).resolve().parents[3] / "shared/benchmarks/sentiment-en/vader_tweets.tsv"
BORDERS = (0.25, 0.5, 0.75)
"""Valence from which a text counts as polar. None is canonical, so what is learnt is the mean over them."""
RANK = 8
MATRICES = ("attention.self.query", "attention.self.value", "attention.output.dense", "intermediate.dense")
"""Of each layer, those that are changed."""
RATE, EPOCHS, BATCH, DROPPED, WARM_UP = 1e-3, 4, 32, 0.1, 0.1
VALENCE_WEIGHT = 0.2
"""Of the squared error of the valence itself, which is learnt beside the classes and not kept."""
ADDRESSED = 0.5
"""Share of texts to which a placeholder is added: what is scored is mostly addressed to somebody."""
SCALE = 10.0
"""Vectors have length 1; the head learns faster from longer ones."""
HALF = torch.bfloat16
FOLDS = 5
DIGITS = 5


class Adapted(nn.Module):
    """A linear layer that stays as it is, and a low-rank change that is learnt where `rank` is not 0."""

    def __init__(self, weights: dict[str, torch.Tensor], name: str, rank: int) -> None:
        super().__init__()
        self.weight, self.bias = weights[f"{name}.weight"].to(HALF), weights[f"{name}.bias"].to(HALF)
        out, into = self.weight.shape
        if rank:
            self.down = nn.Parameter(torch.randn(rank, into) / math.sqrt(into))
            self.up = nn.Parameter(torch.zeros(out, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = functional.linear(x, self.weight, self.bias)
        return y + (x @ self.down.T.to(HALF)) @ self.up.T.to(HALF) if hasattr(self, "up") else y


class Layer(nn.Module):
    def __init__(self, weights: dict[str, torch.Tensor], number: int) -> None:
        super().__init__()
        part = f"encoder.layer.{number}."

        def linear(name: str) -> Adapted:
            return Adapted(weights, part + name, RANK if name in MATRICES else 0)

        def norm(name: str) -> list[torch.Tensor]:
            return [weights[f"{part}{name}.LayerNorm.{kind}"].to(HALF) for kind in ("weight", "bias")]

        self.query, self.key = linear("attention.self.query"), linear("attention.self.key")
        self.value, self.out = linear("attention.self.value"), linear("attention.output.dense")
        self.wide, self.narrow = linear("intermediate.dense"), linear("output.dense")
        self.norms = norm("attention.output"), norm("output")

    def forward(self, x: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        rows, length, _ = x.shape
        parts = [
            each(x).view(rows, length, bert.HEADS, -1).transpose(1, 2) for each in (self.query, self.key, self.value)
        ]
        context = functional.scaled_dot_product_attention(*parts, attn_mask=seen).transpose(1, 2).flatten(2)
        for change, norm in (
            (lambda _: self.out(context), self.norms[0]),
            (lambda y: self.narrow(functional.gelu(self.wide(y))), self.norms[1]),
        ):
            dropped = functional.dropout(change(x), DROPPED, self.training)
            x = functional.layer_norm(x + dropped, (bert.DIM,), *norm, eps=1e-12)
        return x


class Network(nn.Module):
    """Token ids → scores of three classes, and the valence."""

    def __init__(self) -> None:
        super().__init__()
        arrays = minilm.read_weights(minilm.package_folder() / "model.safetensors")
        weights = {name: torch.tensor(array) for name, array in arrays.items()}
        self.words = weights["embeddings.word_embeddings.weight"]
        self.places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = [weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias")]
        self.layers = nn.ModuleList(Layer(weights, number) for number in range(minilm.LAYERS))
        self.head = nn.Linear(bert.DIM, 4)

    def forward(self, texts: list[list[int]]) -> torch.Tensor:
        longest = max(map(len, texts))
        ids = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
        seen = torch.tensor([[True] * len(text) + [False] * (longest - len(text)) for text in texts])
        x = functional.layer_norm(self.words[ids] + self.places[:longest], (bert.DIM,), *self.norm, eps=1e-12)
        x = functional.dropout(x, DROPPED, self.training).to(HALF)
        for layer in self.layers:
            x = layer(x, seen[:, None, None, :])
        mean = (x.float() * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
        return self.head(functional.normalize(mean, dim=-1) * SCALE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=int, choices=range(FOLDS), help="a fifth of the tweets to measure on")
    held_out = parser.parse_args().held_out
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    tweets = pd.read_csv(SOURCE, sep="\t", header=None, names=["id", "valence", "text"], quoting=3)
    texts, valence = mask(tweets["text"], []).tolist(), tweets["valence"].to_numpy(np.float32)
    fifth = np.random.default_rng(7).permutation(len(texts)) % FOLDS
    kept = fifth != held_out if held_out is not None else np.ones(len(texts), bool)
    network = train([text for text, keep in zip(texts, kept, strict=True) if keep], valence[kept])
    if held_out is None:
        write(network, len(texts))
    else:
        report(network, [text for text, keep in zip(texts, kept, strict=True) if not keep], valence[~kept])


def train(texts: list[str], valence: np.ndarray, seed: int = 0) -> Network:
    """The network learnt from `texts`; the same on one machine each time."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tokens = encode(texts)
    classes, target = torch.tensor(shares(valence)), torch.tensor(valence)
    balance = 1 / (3 * classes.mean(0))
    network = Network()
    steps = EPOCHS * math.ceil(len(tokens) / BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, (step + 1) / (WARM_UP * steps)) * max(0, 1 - step / steps)
    )
    placeholders = [ids[1:-1] for ids in encode([HANDLE, BRAND])]
    for _ in range(EPOCHS):
        for batch in batches([len(ids) for ids in tokens], rng):
            found = network([addressed(tokens[place], placeholders, rng) for place in batch])
            wrong = -(classes[batch] * balance * functional.log_softmax(found[:, :3], dim=1)).sum(1)
            wrong = wrong + VALENCE_WEIGHT * (found[:, 3] - target[batch]) ** 2
            optimiser.zero_grad()
            wrong.mean().backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def encode(texts: list[str]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(minilm.package_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(bert.LONGEST - 2)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def shares(valence: np.ndarray) -> np.ndarray:
    """For each text the share of BORDERS by which it is negative, neutral and positive."""
    sides = [np.stack([valence < -border, np.abs(valence) <= border, valence > border], 1) for border in BORDERS]
    return np.mean(sides, axis=0).astype(np.float32)


def batches(lengths: list[int], rng: np.random.Generator, size: int = BATCH) -> list[list[int]]:
    """Places of texts in batches of `size` and of like length, in an order of chance."""
    order, made = rng.permutation(len(lengths)), []
    for start in range(0, len(order), size * 16):
        alike = sorted(order[start : start + size * 16].tolist(), key=lambda place: lengths[place])
        made += [alike[at : at + size] for at in range(0, len(alike), size)]
    return [made[place] for place in rng.permutation(len(made))]


def addressed(ids: list[int], placeholders: list[list[int]], rng: np.random.Generator) -> list[int]:
    """`ids`, with a handle before or after the text, or the brand before it, as often as ADDRESSED says."""
    drawn, (handle, brand) = rng.random() / ADDRESSED, placeholders
    if drawn < 0.6:
        return ids[:1] + handle + ids[1:]
    if drawn < 0.8:
        return ids[:-1] + handle + ids[-1:]
    return ids[:1] + brand + ids[1:] if drawn < 1 else ids


def report(network: Network, texts: list[str], valence: np.ndarray) -> None:
    """Print macro-F1 with the middle border, and the correlation of valence, on tweets that were held out."""
    tokens = encode(texts)
    with torch.inference_mode():
        found = np.vstack([network([ids]).numpy() for ids in tokens])
    truth, said = np.select([valence < -BORDERS[1], valence > BORDERS[1]], [0, 2], 1), found[:, :3].argmax(1)
    f1 = [2 * ((said == k) & (truth == k)).sum() / ((said == k).sum() + (truth == k).sum()) for k in range(3)]
    r = np.corrcoef(found[:, 3], valence)[0, 1]
    print(f"held out: {len(texts)} tweets, macro-F1 {np.mean(f1):.3f}, valence r {r:.3f}")


def write(network: Network, count: int) -> None:
    changes = {}
    for number, layer in enumerate(network.layers):
        for name, part in zip(MATRICES, (layer.query, layer.value, layer.out, layer.wide), strict=True):
            key = f"encoder.layer.{number}.{name}.weight"
            changes[f"{key}.down"] = part.down.detach().numpy().astype(np.float16)
            changes[f"{key}.up"] = part.up.detach().numpy().astype(np.float16)
    np.savez_compressed(WEIGHTS / "english_head.npz", **changes)
    adapter = hashlib.sha256((WEIGHTS / "english_head.npz").read_bytes()).hexdigest()
    weights = {
        "coefficients": (network.head.weight.detach().numpy()[:3] * SCALE).round(DIGITS).tolist(),
        "intercepts": network.head.bias.detach().numpy()[:3].round(DIGITS).tolist(),
    }
    file = WEIGHTS / "english_head.json"
    record = {
        "version": hashlib.sha256(json.dumps([weights, adapter]).encode()).hexdigest()[:8],
        "known_error": json.loads(file.read_text(encoding="utf-8"))["known_error"] if file.exists() else {},
        "embedding": minilm.VERSION,
        "adapter": adapter,
        "trained_on": {"file": SOURCE.name, "sha256": hashlib.sha256(SOURCE.read_bytes()).hexdigest(), "n": count},
        **weights,
    }
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{file.name}: version {record['version']}, from {count} tweets")


if __name__ == "__main__":
    main()
