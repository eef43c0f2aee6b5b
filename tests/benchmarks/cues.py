"""Cues that weigh whatever the volume, against a reader's labels: `python -m tests.benchmarks.cues`.

cue_labels.csv holds ids of mentions in which a cue was read, drawn with a fixed seed once the rules were frozen, and
whether one reader agreed: 1 where harm, a breach, unfair treatment or legal steps concerning the organisation are
reported, alleged, feared, threatened or urged; satire on a real case counts. "holdout" rows were drawn afresh; "read"
rows had been seen while the rules were written, since the archives hold few more. waimai_10k are rows of Chinese
reviews of meals in ../shared/benchmarks/sentiment-zh: all that have a cue. Posts by the organisation, and repeats of
one headline, were not drawn. Recall can only be told on cues_invented.csv, which was written for this test, as were
its traps.
"""

import time
from pathlib import Path

import pandas as pd

from analysis.measures.estimate import Estimate
from analysis.measures.proportions import wilson
from analysis.scoring.cues import CUES, cues
from tests.benchmarks.readable import ARCHIVES, archives

HERE = Path(__file__).parent
REVIEWS = "waimai_10k"


def labelled() -> pd.DataFrame:
    """cue_labels.csv, and whether the cue is still `found` in each row's text."""
    labels = pd.read_csv(HERE / "cue_labels.csv", dtype={"id": str})
    names = sorted(set(labels["archive"]) - {REVIEWS})
    with archives(names) as opened:
        texts = {archive.name: archive.mentions.set_index("id")["text"] for archive in opened}
    reviews = pd.read_csv(ARCHIVES.parent / f"benchmarks/sentiment-zh/{REVIEWS}.csv")["review"].astype(str)
    texts[REVIEWS] = reviews.set_axis(reviews.index.astype(str))
    found = cues([texts[archive][i] for archive, i in zip(labels["archive"], labels["id"], strict=True)])
    return labels.assign(found=[bool(found[cue].iloc[row]) for row, cue in enumerate(labels["cue"])])


def invented() -> pd.DataFrame:
    """cues_invented.csv, with `own`, whether the row's cue was found, and `any`, whether one was."""
    table = pd.read_csv(HERE / "cues_invented.csv")
    found = cues(table["text"].tolist())
    own = [bool(found[cue].iloc[row]) for row, cue in enumerate(table["cue"])]
    return table.assign(own=own, any=found.any(axis=1))


def show(name: str, value: Estimate) -> None:
    told = "none" if value.value is None else f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
    print(f"  {name:34} {told}, n = {value.n}")


def main() -> None:
    rows = labelled()
    rows = rows[rows["found"]]
    print("precision, English")
    for cue in CUES:
        some = rows[(rows["cue"] == cue) & (rows["archive"] != REVIEWS)]
        show(f"{cue} ({', '.join(sorted(set(some['part'])))})", wilson(int(some["right"].sum()), len(some)))
        for archive, part in some.groupby("archive"):
            show(f"  {archive}", wilson(int(part["right"].sum()), len(part)))
    print("precision, Chinese reviews of meals (read)")
    for cue in CUES:
        some = rows[(rows["cue"] == cue) & (rows["archive"] == REVIEWS)]
        show(cue, wilson(int(some["right"].sum()), len(some)))
    print("invented cases")
    for language, some in invented().groupby("language"):
        holds = some["holds"] == 1
        show(f"{language}: found of those that hold", wilson(int(some.loc[holds, "own"].sum()), int(holds.sum())))
        show(f"{language}: traps that fire", wilson(int(some.loc[~holds, "any"].sum()), int((~holds).sum())))
    with archives(["airlines-2015", "spotify-2017", "united-2017"]) as read:
        texts = [str(text) for archive in read for text in archive.mentions["text"].dropna()]
    begun = time.perf_counter()
    cues(texts)
    print(f"texts a second of one core: {len(texts) / (time.perf_counter() - begun):,.0f}")


if __name__ == "__main__":
    main()
