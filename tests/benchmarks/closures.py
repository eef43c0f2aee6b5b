"""Replies that close a case, found by rule, against a reader's labels: `python -m tests.benchmarks.closures`.

closure_labels.csv holds ids of the replies file of ../shared/archives/spotify-2017 and whether each reply says that a
customer's trouble is over or was settled, or is glad to hear so; a mere farewell that names neither is none.
All are of the half whose sha256 of the id is even. Rules were written on half of that; the labelled are of the other
half, and of those of the first that nobody had looked at, drawn at random in three strata (what the frozen rules found,
other replies with a glad word, the rest), shuffled, and read by one reader without strata in sight.
"""

from html import unescape
from pathlib import Path

import pandas as pd

from analysis.scoring.closures import closes
from tests.benchmarks import outcomes as benchmark

LABELS = Path(__file__).with_name("closure_labels.csv")
REPLIES = Path(__file__).resolve().parents[3] / "shared/archives/spotify-2017/SpotifyCares.csv"
POPULATION = {"holdout/closure/found": 64, "holdout/closure/cue": 309, "holdout/closure/rest": 4982}
"""Replies in each stratum that it was drawn from."""


def labelled(replies: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(id, stratum and label `closure`; what the rules find of the same replies)."""
    labels = pd.read_csv(LABELS, dtype={"id": str})
    texts = pd.read_csv(replies, dtype=str, encoding="utf-8-sig").set_index("tweet_id")["text"]
    found = closes([unescape(text) for text in texts.loc[labels["id"]]])
    return labels, pd.DataFrame({"closure": found})


def main() -> None:
    labels, found = labelled(REPLIES)
    print(f"{len(labels)} replies, {labels['closure'].sum()} closures, {found['closure'].sum()} found")
    for name, value in zip(
        ("precision", "recall"), benchmark.measure(labels, found, "closure", POPULATION), strict=True
    ):
        print(f"  {name:9} {value.value:.4f} ({value.low:.4f} to {value.high:.4f}), n = {value.n}")


if __name__ == "__main__":
    main()
