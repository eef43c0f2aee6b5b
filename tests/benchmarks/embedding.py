"""MiniLM beside sentence-transformers: `python -m tests.benchmarks.embedding`.

The same published weights, the same tweets of airlines-2015 as they are, the same run, alternating, each in a process
of its own. Cold is the process from its start to its last vector (its imports and its model too); warm is a second
pass in the same process; "CPU" is the same pass by the processor time of the process, which a busy machine disturbs
least. Prints texts a second (medians), how many times as fast ours is, and the cosine between both vectors of a text,
smallest and mean.

`--reference-python` names an interpreter that has torch and sentence-transformers; without it an environment is made
once under `.bench/`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.scoring.minilm import load, package_folder
from tests.benchmarks.postmortem_vs_bertopic import REPOSITORY, reference_environment

ARCHIVE = REPOSITORY.parent / "shared/archives/airlines-2015/Tweets.csv"

OURS = """
import json, sys, time
from pathlib import Path
from analysis.scoring import embedding
texts, cache, target, threads = json.load(open(sys.argv[1])), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
embed = lambda: embedding.minilm(texts, threads, cache=cache)
"""
THEIRS = """
import json, sys, time
import torch
from sentence_transformers import SentenceTransformer
texts, folder, target, threads = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3], int(sys.argv[4])
torch.set_num_threads(threads)
model = SentenceTransformer(folder, device="cpu")
model.max_seq_length = 128
embed = lambda: model.encode(texts, batch_size=32, normalize_embeddings=True)
"""
TIMED = """
import numpy
numpy.save(target, embed())
print(time.time())
begun, worked = time.time(), time.process_time()
embed()
print(time.time() - begun, time.process_time() - worked)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="Tweets.csv of airlines-2015")
    parser.add_argument("--reference-python", type=Path, help="an interpreter with sentence-transformers")
    parser.add_argument("--texts", type=int, help="embed a seeded sample of so many")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    given = parser.parse_args()
    reference = given.reference_python or reference_environment(REPOSITORY / ".bench" / "stock-bertopic")
    found = pd.read_csv(given.archive).drop_duplicates("tweet_id")["text"]
    texts = (found.sample(given.texts, random_state=0) if given.texts else found).tolist()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        load(place)
        (place / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        print(f"{len(texts):,} tweets, medians of {given.repeat} runs, texts a second")
        print(f"{'threads':7} {'':5} {'sentence-transformers':>21} {'ours':>7} {'ratio':>6}")
        for threads in given.threads:
            show(threads, len(texts), measure(place, reference, threads, given.repeat))
        ours, theirs = np.load(place / "ours.npy"), np.load(place / "theirs.npy")
    cosine = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    low = np.quantile(cosine, 0.01)
    print(f"cosine: mean {cosine.mean():.4f}, 1% below {low:.4f}, smallest {cosine.min():.4f}")


def measure(place: Path, reference: Path, threads: int, repeat: int) -> dict[str, list[tuple[float, float, float]]]:
    """(cold, warm, CPU) seconds of each run, by contestant."""
    contestants = {
        "theirs": [str(reference), "-c", THEIRS + TIMED, str(place / "texts.json"), str(package_folder())],
        "ours": [sys.executable, "-c", OURS + TIMED, str(place / "texts.json"), str(place)],
    }
    limits = {name: str(threads) for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    base = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | limits
    base |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    seconds: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(repeat):
        for name, command in contestants.items():
            environment = base | ({"PYTHONPATH": str(REPOSITORY)} if name == "ours" else {})
            arguments = [*command, str(place / f"{name}.npy"), str(threads)]
            begun = time.time()
            done = subprocess.run(
                arguments, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"{name} failed:\n{done.stderr[-2000:]}")
            ended, warm, worked = map(float, done.stdout.split()[-3:])
            seconds.setdefault(name, []).append((ended - begun, warm, worked))
    return seconds


def show(threads: int, count: int, seconds: dict[str, list[tuple[float, float, float]]]) -> None:
    for place, state in enumerate(("cold", "warm", "CPU")):
        theirs, ours = (count / statistics.median(run[place] for run in seconds[name]) for name in ("theirs", "ours"))
        print(f"{threads:7} {state:5} {theirs:21.0f} {ours:7.0f} {ours / theirs:6.2f}")


if __name__ == "__main__":
    main()
