"""English sentiment against people's labels: `python -m tests.benchmarks.sentiment_en`.

Prints, for both tiers, for VADER masked and unmasked, for TextBlob and for a logistic head on the fp32 vectors of
sentence-transformers, in the same run: macro-F1 on airlines-2015 and on TweetEval validation; mean absolute error,
correlation and bias of net sentiment, and error and bias of the negative share, per airline and UTC day with n ≥ 30;
texts a second of one core's time, masking left out.

TextBlob and sentence-transformers run in an environment of their own: that of `--reference-python`, else one that is
made once under `.bench/`. `--no-reference` leaves both out.
"""

import argparse
import json
import subprocess
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from analysis.scoring import minilm
from analysis.scoring.english import HeadScorer, VaderScorer
from analysis.scoring.fast_english import FastScorer
from analysis.scoring.language import identify
from analysis.scoring.masking import mask
from analysis.scoring.sentiment import Scorer, label

REPOSITORY = Path(__file__).resolve().parents[2]
Answer = tuple[np.ndarray, np.ndarray, float]
SHARED = REPOSITORY.parent / "shared"
PINNED = ("torch==2.13.0", "sentence-transformers==6.2.0", "textblob==0.20.1")
TERMS = [
    *("United", "United Airlines", "US Airways", "Southwest", "Southwest Airlines", "SouthwestAir", "JetBlue", "Delta"),
    *("Virgin America", "American", "American Airlines", "AmericanAir"),
]
FEWEST = 30
BORDERS = (0.25, 0.5, 0.75)
STRENGTH = 3.0
TEXTBLOB_BORDER = 0.05
"""Polarity from which TextBlob, which has no classes, is taken to mean one: VADER's own border."""

VECTORS = """
import json, sys, time
import numpy as np, torch
from sentence_transformers import SentenceTransformer
torch.set_num_threads(1)
model = SentenceTransformer(sys.argv[1], device="cpu")
parts, rates = json.load(sys.stdin), {}
for name, texts in parts.items():
    started = time.process_time()
    np.save(f"{sys.argv[2]}/{name}.npy", model.encode(texts, normalize_embeddings=True, show_progress_bar=False))
    rates[name] = len(texts) / (time.process_time() - started)
print(json.dumps(rates))
"""
POLARITY = """
import json, sys, time
import numpy as np
from textblob import TextBlob
parts, rates = json.load(sys.stdin), {}
for name, texts in parts.items():
    started = time.process_time()
    np.save(f"{sys.argv[2]}/{name}.npy", np.array([TextBlob(text).sentiment.polarity for text in texts]))
    rates[name] = len(texts) / (time.process_time() - started)
print(json.dumps(rates))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference-python", type=Path, help="an interpreter that has the reference packages")
    parser.add_argument("--no-reference", action="store_true", help="leave TextBlob and sentence-transformers out")
    given = parser.parse_args()

    airlines = pd.read_csv(SHARED / "archives/airlines-2015/Tweets.csv").drop_duplicates("tweet_id")
    human = airlines["airline_sentiment"].map({"negative": -1, "neutral": 0, "positive": 1}).to_numpy()
    days = [airlines["airline"], pd.to_datetime(airlines["tweet_created"], utc=True).dt.floor("D")]
    folder = SHARED / "benchmarks/sentiment-en"
    tweets = pd.Series((folder / "tweeteval_val_text.txt").read_text(encoding="utf-8").split("\n")[:-1])
    gold = np.loadtxt(folder / "tweeteval_val_labels.txt", dtype=int) - 1
    masked, plain = mask(airlines["text"], TERMS).tolist(), mask(tweets[: len(gold)], []).tolist()

    answers = {
        "better tier": timed(HeadScorer(), masked, plain),
        "fast tier": timed(FastScorer(), masked, plain),
        "VADER masked": timed(VaderScorer(), masked, plain),
        "VADER unmasked": timed(VaderScorer(), airlines["text"].tolist(), tweets[: len(gold)].tolist()),
    }
    if given.no_reference:
        print("TextBlob and sentence-transformers were left out: --no-reference")
    else:
        python = given.reference_python or environment(REPOSITORY / ".bench" / "sentiment")
        answers |= references(python, masked, plain)
    print(f"{'':27}{'net sentiment':>19} {'negative share':>14}")
    heading = f"{'scorer':16} {'macro-F1':>9} {'MAE':>6} {'r':>6} {'bias':>6} {'MAE':>6} {'bias':>7}"
    print(f"{heading} {'TweetEval':>9} {'texts/s':>8}")
    for name, (found, others, rate) in answers.items():
        error = daily_error(found, human, days)
        share = daily_error(found == -1, human == -1, days)
        print(
            f"{name:16} {f1_score(human, found, average='macro'):9.3f} {error['mae']:6.3f} {error['r']:6.3f} "
            f"{error['bias']:+6.3f} {share['mae']:6.3f} {share['bias']:+7.3f} "
            f"{f1_score(gold, others, average='macro'):9.3f} {rate:8.0f}"
        )
    print(f"net sentiment and negative share over {error['n']} airline-days with at least {FEWEST} tweets")
    share = identify(airlines["text"], ["en", "zh"])["language"].eq("en").fillna(False).mean()
    print(f"airlines-2015 found to be English: {share:.4f}")


def timed(scorer: Scorer, texts: list[str], others: list[str]) -> Answer:
    """Classes (−1, 0, 1) of `texts` and of `others`, and texts a second of one core's time, once loaded."""
    scorer.predict_proba(texts[:1])
    started = time.process_time()
    found = label(scorer.predict_proba(texts))
    rate = len(texts) / (time.process_time() - started)
    return found, label(scorer.predict_proba(others)), rate


def environment(folder: Path) -> Path:
    """The interpreter of an environment with the reference packages in `folder`, made there where there is none."""
    python, done = folder / "bin" / "python", folder / "complete"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
        done.touch()
    return python


def references(python: Path, texts: list[str], others: list[str]) -> dict[str, Answer]:
    """TextBlob, and a logistic head on sentence-transformers' vectors: as the shipped head was before it was tuned."""
    source = SHARED / "benchmarks/sentiment-en/vader_tweets.tsv"
    tweets = pd.read_csv(source, sep="\t", header=None, names=["id", "valence", "text"], quoting=3)
    parts = {"texts": texts, "others": others}
    answers: dict[str, Answer] = {}
    held, rates = asked(python, POLARITY, parts)
    if held:
        sides = {name: np.sign(held[name]) * (np.abs(held[name]) >= TEXTBLOB_BORDER) for name in parts}
        answers["TextBlob masked"] = sides["texts"].astype(int), sides["others"].astype(int), rates["texts"]
    held, rates = asked(python, VECTORS, {"tweets": mask(tweets["text"], []).tolist(), **parts})
    if held:
        heads = [_head(held["tweets"], tweets["valence"], border) for border in BORDERS]
        found = {name: sum(head.decision_function(held[name]) for head in heads).argmax(axis=1) - 1 for name in parts}
        answers["ST fp32 + head"] = found["texts"], found["others"], rates["texts"]
    return answers


def asked(python: Path, code: str, parts: dict[str, list[str]]) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """What `code` makes of each part in another interpreter, and at what rate; nothing, said, where it cannot run."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, "-c", code, str(minilm.package_folder()), folder],
            input=json.dumps(parts),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"left out: {done.stderr.strip().splitlines()[-1]}")
            return {}, {}
        return {name: np.load(f"{folder}/{name}.npy") for name in parts}, json.loads(done.stdout.splitlines()[-1])


def _head(vectors: np.ndarray, valence: pd.Series, border: float) -> LogisticRegression:
    classes = np.select([valence < -border, valence > border], [0, 2], 1)
    return LogisticRegression(C=STRENGTH, max_iter=2_000, class_weight="balanced").fit(vectors, classes)


def daily_error(found: np.ndarray, human: np.ndarray, days: Sequence[pd.Series]) -> dict[str, float]:
    """Error of the mean of `found` against the mean of `human`, over groups of at least FEWEST."""
    table = pd.DataFrame({"found": found, "human": human}, index=days[0].index)
    groups = table.groupby(list(days))
    means = groups.mean()[groups.size() >= FEWEST]
    gap = means["found"] - means["human"]
    return {"mae": gap.abs().mean(), "r": means.corr().iloc[0, 1], "bias": gap.mean(), "n": len(means)}


if __name__ == "__main__":
    main()
