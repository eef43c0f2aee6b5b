"""Make the shipped weights of the fast English tier: `python -m tests.benchmarks.train_english_fast`.

The better tier teaches it (distillation, Hinton et al. 2015): on the 4,200 tweets that it was itself trained on, on
runs of words from them, on the tweets with words exchanged for others of MiniLM's vocabulary, and on single words of
that vocabulary and of the lexicon of the installed package vaderSentiment (MIT). Nothing that is measured against is
read. Writes english_fast.json and .npz into analysis/scoring/weights. With `--held-out 0` (to 4) it writes
nothing and leaves the tweets of one fifth out; the teacher has still seen them. Needs torch, as train_english_head.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional

from analysis.scoring import bert, embedding, minilm
from analysis.scoring.english import HeadScorer
from analysis.scoring.fast_english import centred, words
from analysis.scoring.masking import mask
from tests.benchmarks.train_english_head import BORDERS, FOLDS, SOURCE, WEIGHTS, batches, shares

PROJECTED, FILTERS, WIDTH = 32, 48, 3
RATE, EPOCHS, BATCH, DROPPED, DECAY = 2e-3, 12, 256, 0.2, 1e-3
RUNS, RUN_LENGTHS = 10, (2, 9)
"""Runs drawn from a tweet, and their lengths in words, half-open."""
MIXED, EXCHANGED = 5, 0.25
"""Mixed copies of a tweet, and the share of their words that is exchanged."""
WEIGHT = {"human": 1.0, "tweet": 1.0, "run": 0.3, "mixed": 0.5, "word": 0.1}
DIGITS = 5


@dataclass(frozen=True)
class Lessons:
    """Texts, what they are taught to be (n, 3), and how much each weighs."""

    texts: list[str]
    classes: np.ndarray
    weights: np.ndarray


class Network(nn.Module):
    def __init__(self, vectors: torch.Tensor) -> None:
        super().__init__()
        self.vectors = vectors
        self.projection = nn.Linear(bert.DIM, PROJECTED, bias=False)
        self.taps = nn.ModuleList(nn.Linear(PROJECTED, FILTERS, bias=False) for _ in range(WIDTH))
        self.bias = nn.Parameter(torch.zeros(FILTERS))
        self.head = nn.Linear(2 * FILTERS, 3)

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        """Scores (n, 3) of texts as rows of `vectors`; 0 is no word."""
        seen = (places > 0)[..., None]
        x = functional.dropout(self.projection(self.vectors[places]), DROPPED, self.training)
        total = self.bias
        for back, tap in enumerate(self.taps):
            total = total + functional.pad(tap(x), (0, 0, back, 0))[:, : places.shape[1]]
        total = torch.relu(total) * seen
        mean = total.sum(1) / seen.sum(1).clamp(min=1)
        return self.head(functional.dropout(torch.cat([total.amax(1), mean], 1), DROPPED, self.training))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", type=int, choices=range(FOLDS), help="a fifth of the tweets to measure on")
    held_out = parser.parse_args().held_out
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    table = pd.read_csv(SOURCE, sep="\t", header=None, names=["id", "valence", "text"], quoting=3)
    texts, valence = mask(table["text"], []).to_numpy(), table["valence"].to_numpy(np.float32)
    away = np.random.default_rng(7).permutation(len(texts)) % FOLDS == (-1 if held_out is None else held_out)
    teacher = HeadScorer()
    taught = lessons(texts[~away].tolist(), valence[~away], teacher)
    network, asked = train(taught, texts[away].tolist())
    if held_out is None:
        write(network, teacher.version)
        return
    with torch.inference_mode():
        said = np.array([network(torch.tensor([rows])).argmax().item() for rows in asked])
    truth = np.select([valence[away] < -BORDERS[1], valence[away] > BORDERS[1]], [0, 2], 1)
    f1 = [2 * ((said == k) & (truth == k)).sum() / ((said == k).sum() + (truth == k).sum()) for k in range(3)]
    print(f"held out: {away.sum()} tweets, macro-F1 {np.mean(f1):.3f}")


def lessons(texts: list[str], valence: np.ndarray, teacher: HeadScorer) -> Lessons:
    rng = np.random.default_rng(0)
    vocabulary = [word for word, _ in sorted(embedding.tokenizer().get_vocab().items(), key=lambda item: item[1])]
    vocabulary = [word for word in vocabulary if word.isascii() and word.isalpha() and len(word) > 1]
    human = shares(valence)
    parts = {
        "human": texts,
        "tweet": texts,
        "run": sorted(set(runs(texts, rng))),
        "mixed": list(mixed(texts, vocabulary, rng)),
        "word": sorted({*vocabulary, *lexicon(), *(f"not {word}" for word in lexicon() if word.isalpha())}),
    }
    taught = {
        name: human / human.mean(0) / 3 if name == "human" else teacher.predict_proba(part)
        for name, part in parts.items()
    }
    print(", ".join(f"{len(part)} {name}" for name, part in parts.items()), flush=True)
    return Lessons(
        [text for part in parts.values() for text in part],
        np.vstack(list(taught.values())).astype(np.float32),
        np.concatenate([np.full(len(part), WEIGHT[name], np.float32) for name, part in parts.items()]),
    )


def runs(texts: list[str], rng: np.random.Generator) -> Iterator[str]:
    for text in texts:
        parts = text.split()
        for _ in range(RUNS):
            length = int(rng.integers(*RUN_LENGTHS))
            start = int(rng.integers(0, max(1, len(parts) - length + 1)))
            yield " ".join(parts[start : start + length])


def mixed(texts: list[str], vocabulary: list[str], rng: np.random.Generator) -> Iterator[str]:
    """Texts with words exchanged; frequent words of the vocabulary, which stand first in it, are drawn more often."""
    for text in texts:
        for _ in range(MIXED):
            parts = text.split()
            drawn = np.exp(rng.random(len(parts)) * np.log(len(vocabulary))).astype(int)
            change = rng.random(len(parts)) < EXCHANGED
            yield " ".join(
                vocabulary[rank] if new else part for part, rank, new in zip(parts, drawn, change, strict=True)
            )


def lexicon() -> list[str]:
    """The entries of VADER's lexicon, read as data."""
    package = find_spec("vaderSentiment")
    if package is None or package.origin is None:
        raise SystemExit("the package vaderSentiment is not installed")
    lines = (Path(package.origin).parent / "vader_lexicon.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line.strip()]


def train(taught: Lessons, others: list[str], seed: int = 0) -> tuple[Network, list[list[int]]]:
    """The network learnt from `taught`, and `others` as rows of its vectors."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    pieces = embedding.tokenizer()
    vectors = centred(minilm.word_vectors())
    rows, found = {}, [np.zeros(bert.DIM, np.float32)]

    def place(text: str) -> list[int]:
        for word in words(text):
            if word not in rows:
                ids = pieces.encode(word, add_special_tokens=False).ids or [pieces.token_to_id("[UNK]")]
                rows[word] = len(found)
                found.append(vectors[ids].mean(0))
        return [rows[word] for word in words(text)] or [0]

    placed, asked = [place(text) for text in taught.texts], [place(text) for text in others]
    network = Network(torch.tensor(np.array(found)))
    classes, weights = torch.tensor(taught.classes), torch.tensor(taught.weights)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(placed) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    for _ in range(EPOCHS):
        for batch in batches([len(text) for text in placed], rng, BATCH):
            longest = max(len(placed[text]) for text in batch)
            given = torch.tensor([placed[text] + [0] * (longest - len(placed[text])) for text in batch])
            said = functional.log_softmax(network(given), dim=1)
            optimiser.zero_grad()
            (-weights[batch] * (classes[batch] * said).sum(1)).mean().backward()
            optimiser.step()
            schedule.step()

    return network.eval(), asked


def write(network: Network, teacher: str) -> None:
    arrays = {
        "projection": network.projection.weight.T,
        "taps": torch.stack([tap.weight.T for tap in network.taps]),
        "bias": network.bias,
        "head": network.head.weight,
        "head_bias": network.head.bias,
    }
    kept = {name: array.detach().numpy().round(DIGITS).astype(np.float32) for name, array in arrays.items()}
    file = WEIGHTS / "english_fast.json"
    np.savez_compressed(file.with_suffix(".npz"), **kept)
    record = {
        "version": hashlib.sha256(file.with_suffix(".npz").read_bytes()).hexdigest()[:8],
        "known_error": json.loads(file.read_text(encoding="utf-8"))["known_error"] if file.exists() else {},
        "taught_by": teacher,
        "trained_on": {"file": SOURCE.name, "sha256": hashlib.sha256(SOURCE.read_bytes()).hexdigest()},
    }
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"{file.name}: version {record['version']}")


if __name__ == "__main__":
    main()
