"""Redirects found by rule against a reader's labels: `python -m tests.benchmarks.redirects`.

redirect_labels.csv holds ids of the replies file of ../shared/archives/spotify-2017 and whether each reply moves the
conversation to a private channel, read without the rules' output in sight. A reply that carries the button "Send a
private message" (a short link here) counts as one, whatever its words. Rows are drawn at random from three strata:
what the rules found when it was drawn ("positive"), other replies that name a channel ("cue"), the rest. "development"
was read first and the rules mended after it; "holdout" was drawn after that, without those rows and without the
quarter of the archive that was read while the rules were written.
"""

from pathlib import Path

import pandas as pd

from analysis.measures.estimate import Estimate
from analysis.scoring.redirects import redirects
from tests.benchmarks import stratified

LABELS = Path(__file__).with_name("redirect_labels.csv")
REPLIES = Path(__file__).resolve().parents[3] / "shared/archives/spotify-2017/SpotifyCares.csv"
POPULATION = {
    "development/positive": 2604,
    "development/cue": 359,
    "development/rest": 5152,
    "holdout/positive": 2538,
    "holdout/cue": 285,
    "holdout/rest": 5082,
}
"""Replies in each stratum that it was drawn from."""


def labelled(replies: Path) -> pd.DataFrame:
    """id, label, stratum and whether the rules find the reply (found)."""
    labels = pd.read_csv(LABELS, dtype={"id": str})
    texts = pd.read_csv(replies, dtype=str).set_index("tweet_id")["text"]
    found = redirects(texts.loc[labels["id"]]).to_numpy()
    return labels.assign(found=found)


def measure(rows: pd.DataFrame, seed: int = 0) -> tuple[Estimate, Estimate]:
    """Precision and recall over the replies the strata of `rows` stand for."""
    found = stratified.measure(rows, POPULATION, seed)
    return found.precision, found.recall


def main() -> None:
    rows = labelled(REPLIES)
    for part in ("development", "holdout"):
        some = rows[rows["stratum"].str.startswith(part)]
        print(f"{part}: {len(some)} replies, {some['label'].sum()} redirects, {some['found'].sum()} found")
        for name, value in zip(("precision", "recall"), measure(some), strict=True):
            print(f"  {name:9} {value.value:.4f} ({value.low:.4f} to {value.high:.4f}), n = {value.n}")


if __name__ == "__main__":
    main()
