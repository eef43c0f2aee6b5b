"""Causes beside stock BERTopic on the same texts, with the same published weights, each in a cold process.

    python -m tests.benchmarks.causes --archive ../shared/archives/airlines-2015/Tweets.csv \\
        --large ../shared/archives --sizes 100000 1000000 --reference-python …

`--archive` are the negative tweets of airlines-2015, whose human `negativereason` is read to measure agreement
(adjusted mutual information, AMI) and by nothing else. `--large` names a folder of archives (CSV with a column `text`):
halves of its texts are spliced at random, seeded, into as many distinct texts as `--sizes` say. Their causes mean
little; they are there for the clock. Stock meets sizes up to `--stock-most`; runs alternate, so that a busy spell of
the machine meets both. The seconds of the embedding are told apart from the rest, the topic work.

Then: stability over five seeds, and whether labels are equal on one and two threads, in two processes, and with vectors
that were kept and made afresh.
"""

import argparse
import csv
import json
import os
import statistics
import sys
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.postmortem_vs_bertopic import BRAND_TERMS, REPOSITORY, Cost, measure, reference_environment

SEEDS = 5

STOCK = """
import json, sys
from bertopic import BERTopic
from sentence_transformers import SentenceTransformer
with open(sys.argv[1]) as file:
    texts = json.load(file)
topics, _ = BERTopic(embedding_model=SentenceTransformer(sys.argv[3], device="cpu")).fit_transform(texts)
with open(sys.argv[2], "w") as file:
    json.dump({"labels": [int(topic) for topic in topics]}, file)
"""

OURS = """
import json, sys, time
from pathlib import Path
from typing import Any
from analysis.scoring import causes, embedding
with open(sys.argv[1]) as file:
    texts = json.load(file)
kept = embedding.store(Path(sys.argv[4])) if sys.argv[4] else None
spent = [0.0]
def embed(some, language):
    start = time.perf_counter()
    vectors = embedding.embed(some, language, kept=kept)
    spent[0] += time.perf_counter() - start
    return vectors
start = time.perf_counter()
found = causes.fit(texts, ["en"] * len(texts), terms=sys.argv[3].split(","), embed=embed, seed=int(sys.argv[5]))
work = time.perf_counter() - start - spent[0]
with open(sys.argv[2], "w") as file:
    labels = [int(cause) for cause in found.labels["cause"].fillna(-1)]
    json.dump(
        {
            "labels": labels,
            "worded": int(found.model["n"]),
            "confidence": [float(sure) for sure in found.labels["confidence"].fillna(-1)],
            "names": found.table["name"].tolist(),
            "topic_work": work,
        },
        file,
    )
"""


def reasons(archive: Path) -> tuple[list[str], list[str]]:
    """The negative tweets of airlines-2015 and the human reason of each."""
    with archive.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["airline_sentiment"] == "negative"]
    return [row["text"] for row in rows], [row["negativereason"] for row in rows]


def spliced(folder: Path, count: int, seed: int = 0) -> list[str]:
    """`count` distinct texts, each the first half of one text below `folder` and the second half of another."""
    texts: dict[str, None] = {}
    for archive in sorted(folder.rglob("*.csv")):
        with archive.open(encoding="utf-8-sig", newline="") as file:
            texts.update((row["text"], None) for row in csv.DictReader(file) if row.get("text"))
    words = [parts for text in texts if len(parts := text.split()) >= 4]
    random = np.random.default_rng(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        for one, two in random.integers(len(words), size=(count - len(made), 2)):
            made[" ".join(words[one][: len(words[one]) // 2] + words[two][len(words[two]) // 2 :])] = None
    return list(made)


class Bench:
    """Runs of both contestants, in folders below `scratch`."""

    def __init__(self, scratch: Path, reference: Path) -> None:
        self.scratch, self.reference = scratch, reference

    def texts(self, texts: list[str]) -> Path:
        file = self.scratch / f"texts-{len(texts)}.json"
        file.write_text(json.dumps(texts))
        return file

    def stock(self, texts: Path) -> tuple[Cost, dict]:
        from analysis.scoring.minilm import package_folder

        return self._run([str(self.reference), "-c", STOCK], texts, [str(package_folder())])

    def ours(self, texts: Path, *, seed: int = 0, kept: Path | None = None, threads: int = 0) -> tuple[Cost, dict]:
        """With `threads`, the process is bound to that many processors."""
        bound = ["taskset", "-c", ",".join(map(str, range(threads)))] if threads else []
        more = [BRAND_TERMS, str(kept or ""), str(seed)]
        return self._run([*bound, sys.executable, "-c", OURS], texts, more)

    def _run(self, command: list[str], texts: Path, more: list[str]) -> tuple[Cost, dict]:
        with tempfile.TemporaryDirectory(dir=self.scratch) as fresh:
            dropped = {"PYTHONPATH", "OMP_NUM_THREADS"}
            environment = {name: value for name, value in os.environ.items() if name not in dropped}
            environment |= {
                "HF_HUB_OFFLINE": "1",
                "XDG_CACHE_HOME": f"{fresh}/cache",
                "NUMBA_CACHE_DIR": f"{fresh}/jit",
            }
            result = Path(fresh) / "result.json"
            cost = measure([*command, str(texts), str(result), *more], environment, Path(fresh) / "log")
            return cost, json.loads(result.read_text())


def compare(bench: Bench, texts: Path, repeat: int, stock: bool) -> tuple[dict, dict | None]:
    """Prints what both cost on `texts`; the results of the last run of ours and of stock."""
    costs: dict[str, list[Cost]] = {"stock": [], "ours": []}
    found: dict[str, dict] = {}
    for _ in range(repeat):
        for name, run in (("stock", bench.stock), ("ours", bench.ours)):
            if name == "ours" or stock:
                cost, found[name] = run(texts)
                costs[name].append(cost)
                load = " ".join(f"{minutes:.1f}" for minutes in os.getloadavg())
                print(f"  {name:6}{cost.wall:9.1f} s{cost.cpu:9.1f} s CPU{cost.peak:8.0f} MB  load {load}", flush=True)
    for name, runs in costs.items():
        if runs:
            medians = [statistics.median(part) for part in zip(*[(run.wall, run.cpu) for run in runs], strict=True)]
            peak = max(run.peak for run in runs)
            print(f"  {name:6}{medians[0]:9.1f} s{medians[1]:9.1f} s CPU{peak:8.0f} MB  median")
    if stock:
        walls = {name: statistics.median(run.wall for run in runs) for name, runs in costs.items()}
        print(f"  stock / ours: {walls['stock'] / walls['ours']:.1f}")
    ours = found["ours"]
    without = sum(label < 0 for label in ours["labels"])
    print(f"  topic work without embedding: {ours['topic_work']:.1f} s")
    print(f"  unexplained: {ours['worded'] - (len(ours['labels']) - without)} of {ours['worded']} with words")
    print(f"  without words: {without}")
    unclear = np.array(ours["confidence"])
    print(f"  confidence below one half: {(unclear[unclear >= 0] < 0.5).mean():.3f}")
    if stock:
        print(f"  stock leaves unexplained: {np.mean(np.array(found['stock']['labels']) < 0):.3f}")
    print("  " + "\n  ".join(ours["names"]), flush=True)
    return ours, found.get("stock")


def same(bench: Bench, texts: Path, first: dict) -> None:
    """Prints whether labels and confidences are equal however the causes are found."""
    kept = bench.scratch / "kept"
    runs: dict[str, dict[str, Any]] = {
        "another process": {},
        "one thread": {"threads": 1},
        "two threads": {"threads": 2},
        "vectors made and kept": {"kept": kept},
        "vectors kept": {"kept": kept},
    }
    for name, how in runs.items():
        found = bench.ours(texts, **how)[1]
        equal = all(found[part] == first[part] for part in ("labels", "confidence", "names"))
        print(f"  {name}: {'equal' if equal else 'DIFFERENT'}", flush=True)


def seeds(bench: Bench, texts: Path, human: list[str] | None = None) -> None:
    """Prints the pairwise AMI of SEEDS seeds, and that of each with the human labels."""
    from sklearn.metrics import adjusted_mutual_info_score as ami

    kept = bench.scratch / "kept"
    labels = [bench.ours(texts, seed=seed, kept=kept)[1]["labels"] for seed in range(SEEDS)]
    pairs = [ami(one, two) for one, two in combinations(labels, 2)]
    print(f"  pairwise AMI of {SEEDS} seeds: {np.mean(pairs):.3f} ({min(pairs):.3f} to {max(pairs):.3f})")
    if human:
        told = [ami(human, found) for found in labels]
        print(f"  AMI with human reasons: {np.mean(told):.3f} ({min(told):.3f} to {max(told):.3f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True, help="Tweets.csv of airlines-2015")
    parser.add_argument("--reference-python", type=Path, help="an interpreter with stock BERTopic")
    parser.add_argument("--large", type=Path, help="a folder of archives to splice texts from")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--stock-most", type=int, default=100_000, help="the most texts that stock is given")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--skip", nargs="*", choices=("archive", "same", "seeds"), default=[])
    given = parser.parse_args()
    reference = given.reference_python or reference_environment(REPOSITORY / ".bench" / "stock-bertopic")
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch), reference)
        if "archive" not in given.skip:
            small(bench, given)
        for size in given.sizes if given.large else []:
            print(f"{size:,} texts, spliced", flush=True)
            compare(bench, bench.texts(spliced(given.large, size)), given.repeat, size <= given.stock_most)


def small(bench: Bench, given: argparse.Namespace) -> None:
    """The archive with human reasons."""
    from sklearn.metrics import adjusted_mutual_info_score as ami

    texts, human = reasons(given.archive)
    print(f"{len(texts):,} texts of {given.archive.parent.name}", flush=True)
    file = bench.texts(texts)
    ours, stock = compare(bench, file, given.repeat, len(texts) <= given.stock_most)
    print(f"  AMI with human reasons: ours {ami(human, ours['labels']):.3f}")
    if stock:
        print(f"  AMI with human reasons: stock {ami(human, stock['labels']):.3f}", flush=True)
    if "same" not in given.skip:
        same(bench, file, ours)
    if "seeds" not in given.skip:
        seeds(bench, file, human)


if __name__ == "__main__":
    main()
