"""English sentiment against people's labels: `python -m tests.benchmarks.sentiment_en`.

Prints, for the head and for VADER masked and unmasked in the same run: macro-F1 on airlines-2015 and on TweetEval
validation; mean absolute error, correlation and bias of net sentiment per airline and UTC day with n ≥ 30; texts
a second.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from analysis.scoring.english import HeadScorer, VaderScorer
from analysis.scoring.language import identify
from analysis.scoring.masking import mask
from analysis.scoring.sentiment import label

SHARED = Path(__file__).resolve().parents[3] / "shared"
TERMS = [
    *("United", "United Airlines", "US Airways", "Southwest", "Southwest Airlines", "SouthwestAir", "JetBlue", "Delta"),
    *("Virgin America", "American", "American Airlines", "AmericanAir"),
]
FEWEST = 30


def main() -> None:
    airlines = pd.read_csv(SHARED / "archives/airlines-2015/Tweets.csv").drop_duplicates("tweet_id")
    human = airlines["airline_sentiment"].map({"negative": -1, "neutral": 0, "positive": 1}).to_numpy()
    days = [airlines["airline"], pd.to_datetime(airlines["tweet_created"], utc=True).dt.floor("D")]
    folder = SHARED / "benchmarks/sentiment-en"
    tweets = pd.Series((folder / "tweeteval_val_text.txt").read_text(encoding="utf-8").split("\n")[:-1])
    gold = np.loadtxt(folder / "tweeteval_val_labels.txt", dtype=int) - 1
    tweets = tweets[: len(gold)]

    masked, plain = mask(airlines["text"], TERMS), mask(tweets, [])
    head, vader = HeadScorer(), VaderScorer()
    print(f"{'':27}{'net sentiment':>19} {'negative share':>14}")
    heading = f"{'scorer':16} {'macro-F1':>9} {'MAE':>6} {'r':>6} {'bias':>6} {'MAE':>6} {'bias':>7}"
    print(f"{heading} {'TweetEval':>9} {'texts/s':>8}")
    for name, scorer, texts, others in (
        (head.name, head, masked, plain),
        ("VADER masked", vader, masked, plain),
        ("VADER unmasked", vader, airlines["text"], tweets),
    ):
        started = time.perf_counter()
        found = label(scorer.predict_proba(texts.tolist()))
        rate = len(texts) / (time.perf_counter() - started)
        error = daily_error(found, human, days)
        share = daily_error(found == -1, human == -1, days)
        second = f1_score(gold, label(scorer.predict_proba(others.tolist())), average="macro")
        print(
            f"{name:16} {f1_score(human, found, average='macro'):9.3f} {error['mae']:6.3f} {error['r']:6.3f} "
            f"{error['bias']:+6.3f} {share['mae']:6.3f} {share['bias']:+7.3f} {second:9.3f} {rate:8.0f}"
        )
    print(f"net sentiment and negative share over {error['n']} airline-days with at least {FEWEST} tweets")
    share = identify(airlines["text"], ["en", "zh"])["language"].eq("en").fillna(False).mean()
    print(f"airlines-2015 found to be English: {share:.4f}")


def daily_error(found: np.ndarray, human: np.ndarray, days: Sequence[pd.Series]) -> dict[str, float]:
    """Error of the mean of `found` against the mean of `human`, over groups of at least FEWEST."""
    table = pd.DataFrame({"found": found, "human": human}, index=days[0].index)
    groups = table.groupby(list(days))
    means = groups.mean()[groups.size() >= FEWEST]
    gap = means["found"] - means["human"]
    return {"mae": gap.abs().mean(), "r": means.corr().iloc[0, 1], "bias": gap.mean(), "n": len(means)}


if __name__ == "__main__":
    main()
