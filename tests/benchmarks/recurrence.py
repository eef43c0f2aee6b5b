"""Whether causes are told to recur when they do, and not otherwise: `python -m tests.benchmarks.recurrence`.

First, how near the centroids of one cause lie and those of different causes, from halves of each incident by author:
the complaints of the sample by their true causes (as prepared; run its incidents first), the invented Chinese
complaints of causes_zh.csv, and, with `--archive Tweets.csv` of airlines-2015, six airlines with the human reason of
each complaint, where the same reason at another airline stands for a cause that recurs. Raw cosines are what
`measures.recurrence` uses; centred ones, with what all complaints share taken away, need more causes than two incidents
may have. Second, how many pairs pass THRESHOLDS. Third, what `measures.associations` finds in simulated registries.
"""

import argparse
import hashlib
import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.associations import associations
from analysis.measures.recurrence import LEAST, THRESHOLDS
from analysis.scoring import clean, embedding
from analysis.workspace import REPOSITORY, Workspace

SAMPLE = REPOSITORY / "data" / "sample"
ZH = Path(__file__).with_name("causes_zh.csv")
OWN = ("larkwheel", "雀轮单车", "雀轮")
AIRLINES = ("united", "southwest", "southwestair", "jetblue", "delta", "usairways", "virginamerica", "american")
FIFTHS = (0, 0.05, 0.5, 0.95, 1)
Groups = Mapping[tuple[str, str], tuple[np.ndarray, np.ndarray]]
"""(incident, cause) → vectors, and which half each belongs to."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="Tweets.csv of airlines-2015")
    given = parser.parse_args()
    if given.archive:
        show("airlines-2015 (en)", "en", airlines(given.archive))
    for language in ("en", "zh"):
        show(f"sample ({language})", language, sample(language))
    show("causes_zh.csv (zh)", "zh", invented())
    simulated()


def grouped(table: pd.DataFrame, language: str, by: list[str]) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """Vectors of `table` (its texts cleaned, in `cleaned`; authors in `author`) by incident and cause."""
    distinct = table[table["cleaned"] != ""].drop_duplicates("cleaned")
    vectors = embedding.embed(
        distinct["cleaned"].tolist(), language, kept=embedding.store(Workspace.at(SAMPLE).cache), cache=None
    )
    sides = np.array([half(str(name)) for name in distinct["author"]])
    places = distinct.groupby(by).indices
    return {key: (vectors[at], sides[at]) for key, at in places.items() if len(at) >= 2 * LEAST}  # type: ignore[misc]


def half(author: str) -> int:
    return hashlib.sha256(author.encode()).digest()[0] % 2


def airlines(path: Path) -> Groups:
    table = pd.read_csv(path).dropna(subset=["negativereason"])
    table = table[table["negativereason"] != "Can't Tell"].rename(columns={"name": "author"})
    table = table.assign(cleaned=clean.for_topics(table["text"].astype(str).tolist(), AIRLINES))
    table = table.groupby(["airline", "negativereason"], group_keys=False).head(120)
    return grouped(table, "en", ["airline", "negativereason"])


def sample(language: str) -> Groups:
    """Complaints of the sample's incidents by their true causes."""
    truth = pd.concat(
        [pd.read_csv(path, dtype=str) for path in (SAMPLE / "archives").glob("*/truth_labels.csv")]
    ).set_index("id")
    parts = []
    for home in sorted((SAMPLE / "incidents").iterdir()):
        made = sorted(home.glob("prepared/*/mentions.parquet"), key=lambda path: path.stat().st_mtime)
        if not made:
            raise SystemExit(f"{home} is not prepared: aftermath run --all --workspace data/sample")
        table = pd.read_parquet(made[-1])
        table = table[table["cause"].notna() & (table["language"] == language).to_numpy()]
        told = truth.reindex(table["id"])
        table = table.assign(truth=told["cause"].to_numpy(), origin=told["origin"].to_numpy(), incident=home.name)
        parts.append(table[(table["origin"] == home.name) & table["truth"].notna()])
    whole = pd.concat(parts, ignore_index=True)
    return grouped(whole.assign(cleaned=clean.for_topics(whole["text"].tolist(), OWN)), language, ["incident", "truth"])


def invented() -> Groups:
    table = pd.read_csv(ZH)
    table = table.assign(cleaned=clean.for_topics(table["text"].tolist(), []), incident="invented")
    return grouped(table.assign(author=[str(row) for row in range(len(table))]), "zh", ["incident", "cause"])


def show(name: str, language: str, groups: Groups) -> None:
    """Cosines of the centroids of halves, by what the two have in common."""
    version = embedding.version(language)
    middle = np.concatenate([vectors for vectors, _ in groups.values()]).mean(axis=0)
    print(f"{name}: {len(groups)} causes of incidents, {version}")
    for form, less in (("raw", np.zeros_like(middle)), ("centred", middle)):
        centres = {
            (*key, side): unit(vectors[sides == side].mean(axis=0) - less)
            for key, (vectors, sides) in groups.items()
            for side in (0, 1)
            if (sides == side).sum() >= LEAST
        }
        found: dict[str, list[float]] = {"same, halves": [], "same, other incident": [], "different": []}
        for one, other in itertools.combinations(centres, 2):
            kind = (
                "different" if one[1] != other[1] else "same, halves" if one[0] == other[0] else "same, other incident"
            )
            found[kind].append(float(centres[one] @ centres[other]))
        for kind, cosines in found.items():
            if not cosines:
                continue
            spread = ", ".join(f"{value:.3f}" for value in np.quantile(cosines, FIFTHS))
            passed = ""
            if form == "raw" and version in THRESHOLDS:
                passed = (
                    f"; {np.mean(np.array(cosines) >= THRESHOLDS[version]):.1%} at {THRESHOLDS[version]:.2f} or more"
                )
            print(f"  {form:8} {kind:22} {len(cosines):5} pairs: {spread}{passed}", flush=True)


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def simulated(registries: int = 300) -> None:
    """Rules found where nothing is associated, and where one feature is."""
    for count in (8, 12, 20, 40):
        draw = np.random.default_rng(1)
        false = np.mean(
            [associations(*registry(draw, count, 10, effect=False))["rule"].any() for _ in range(registries)]
        )
        found = []
        for features in (3, 10):
            tables = [associations(*registry(draw, count, features, effect=True)) for _ in range(registries)]
            found.append(np.mean([table.loc[table["feature"] == "f0", "rule"].any() for table in tables]))
        print(
            f"{count} incidents: a rule where there is none {false:.1%} (10 features); "
            f"the one that there is {found[0]:.0%} (3 features), {found[1]:.0%} (10)",
            flush=True,
        )


def registry(draw: np.random.Generator, count: int, features: int, *, effect: bool) -> tuple[pd.DataFrame, pd.Series]:
    """Features held by half of the incidents, and half-lives that are short for half of them.

    With an `effect` the first is held by nine in ten of the short ones and one in ten of the others.
    """
    given = draw.random((count, features)) < 0.5
    short = draw.random(count) < 0.5
    if effect:
        given[:, 0] = np.where(short, draw.random(count) < 0.9, draw.random(count) < 0.1)
    hours = np.where(short, draw.lognormal(2, 0.4, count), draw.lognormal(3.5, 0.4, count))
    return pd.DataFrame(given, columns=[f"f{place}" for place in range(features)]), pd.Series(hours)


if __name__ == "__main__":
    main()
