"""What customers' later turns say, found by rule, against a reader's labels: `python -m tests.benchmarks.outcomes`.

outcome_labels.csv holds ids of the customers' file of ../shared/archives/spotify-2017 and what each turn says: thanks,
solved, accepted (gone on in private, or sent or done as asked, or will be), still open (the trouble goes on, help
failed, an answer is waited for, or it is complained of). All are of the half whose sha256 of the id is odd, which no
rule was written on: rules were frozen, turns drawn at random in strata (what the rules found first of solved, accepted,
gratitude, still open; other turns with a word near these; the rest), shuffled, and read by one reader without strata or
verdicts in sight. "development" was drawn first and the rules mended after it; "holdout" was drawn after that, without
those rows. Courtesy that ends a request is no gratitude. In "development" alone a plain description of a trouble, given
when asked, was labelled as still open.
"""

from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pandas as pd

from analysis.measures.estimate import Estimate
from analysis.scoring.outcomes import OUTCOMES, outcomes
from tests.benchmarks import stratified

LABELS = Path(__file__).with_name("outcome_labels.csv")
TURNS = Path(__file__).resolve().parents[3] / "shared/archives/spotify-2017/support_requests.csv"
POPULATION = {
    "development/accepted": 360,
    "development/cue": 1843,
    "development/gratitude": 1471,
    "development/rest": 2521,
    "development/solved": 346,
    "development/still_open": 1011,
    "holdout/accepted": 316,
    "holdout/cue": 1745,
    "holdout/gratitude": 1401,
    "holdout/rest": 2457,
    "holdout/solved": 305,
    "holdout/still_open": 993,
}
"""Turns in each stratum that it was drawn from."""


def labelled(turns: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(id, stratum and a label for each outcome; what the rules find of the same turns)."""
    labels = pd.read_csv(LABELS, dtype={"id": str})
    texts = pd.read_csv(turns, dtype=str).drop_duplicates("tweet_id").set_index("tweet_id")["text"]
    return labels, outcomes([unescape(text) for text in texts.loc[labels["id"]]])


def measure(
    labels: pd.DataFrame,
    found: pd.DataFrame,
    outcome: str,
    population: Mapping[str, int] = POPULATION,
    seed: int = 0,
) -> tuple[Estimate, Estimate]:
    """Precision and recall over the turns that the strata stand for: `stratified.measure`."""
    rows = pd.DataFrame(
        {"stratum": labels["stratum"], "label": labels[outcome].to_numpy(), "found": found[outcome].to_numpy()}
    )
    measured = stratified.measure(rows, population, seed)
    return measured.precision, measured.recall


def main() -> None:
    labels, found = labelled(TURNS)
    for part in ("development", "holdout"):
        chosen = labels["stratum"].str.startswith(part).to_numpy()
        some, hits = labels[chosen], found[chosen]
        print(f"{part}: {len(some)} later turns of customers")
        for outcome in OUTCOMES:
            print(f"  {outcome}: {some[outcome].sum()} labelled, {hits[outcome].sum()} found")
            for name, value in zip(("precision", "recall"), measure(some, hits, outcome), strict=True):
                print(f"    {name:9} {value.value:.4f} ({value.low:.4f} to {value.high:.4f}), n = {value.n}")


if __name__ == "__main__":
    main()
