"""Chinese sentiment against labels: `python -m tests.benchmarks.sentiment_zh`, beside SnowNLP in the same run.

waimai_10k: food-delivery reviews. weibo_dev: posts whose labels came from their emoticons, so `[…]` is stripped first.
SnowNLP is slow, so it reads a seeded sample of each; the n-grams read all.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from snownlp import SnowNLP

from analysis.scoring.chinese import NgramScorer
from analysis.scoring.language import identify
from analysis.scoring.masking import mask

FOLDER = Path(__file__).resolve().parents[3] / "shared/benchmarks/sentiment-zh"
SAMPLE = 1_000


def main() -> None:
    reviews = pd.read_csv(FOLDER / "waimai_10k.csv").dropna().set_axis(["label", "text"], axis=1)
    posts = pd.read_csv(FOLDER / "weibo_dev.tsv", sep="\t", quoting=3).dropna().set_axis(["label", "text"], axis=1)
    posts["text"] = posts["text"].str.replace(r"\[[^\]]{1,8}\]", " ", regex=True)
    with tempfile.TemporaryDirectory() as folder:
        scorer = NgramScorer(Path(folder))
        started = time.perf_counter()
        scorer.predict_proba(["好"])
        print(f"{scorer.name} {scorer.version}: trained in {time.perf_counter() - started:.1f} s")
        print(f"{'set':10} {'n-grams':>8} {'neutral':>8} {'outside':>8} {'SnowNLP':>8} {'found zh':>8} {'texts/s':>8}")
        for name, table in (("waimai", reviews), ("weibo", posts)):
            report(name, table, scorer)
    print("neutral: share called neutral; outside: accuracy of the others; SnowNLP: on a sample of", SAMPLE)


def report(name: str, table: pd.DataFrame, scorer: NgramScorer) -> None:
    texts = mask(table["text"], [])
    started = time.perf_counter()
    positive = scorer.positive(texts.tolist())
    rate = len(texts) / (time.perf_counter() - started)
    right = (positive > 0.5) == table["label"].to_numpy()
    neutral = (positive > 1 / 3) & (positive < 2 / 3)
    some = table[table["text"].str.strip().ne("")].sample(SAMPLE, random_state=0)
    snow = np.mean(
        [(SnowNLP(text).sentiments > 0.5) == label for text, label in zip(some.text, some.label, strict=True)]
    )
    found = identify(table["text"], ["en", "zh"])["language"].eq("zh").fillna(False).mean()
    print(
        f"{name:10} {right.mean():8.4f} {neutral.mean():8.3f} {right[~neutral].mean():8.4f} {snow:8.4f} {found:8.4f} "
        f"{rate:8.0f}"
    )


if __name__ == "__main__":
    main()
