"""Causes from the shipped service taxonomy beside causes without one, against causes that people named.

    python -m tests.benchmarks.taxonomy --archive ../shared/archives/airlines-2015/Tweets.csv
    python -m tests.benchmarks.taxonomy --sample

Adjusted mutual information over the negative tweets of airlines-2015 with the human `negativereason`, or over the
sample's complaints with the cause that was planted; over `--seeds` seeds. The human causes are read to measure
agreement and by nothing else: the taxonomy was written before any was read.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from analysis.incident import read_incident
from analysis.scoring import causes, embedding
from analysis.taxonomy import Taxonomy, read_taxonomy, resolve
from tests.benchmarks.postmortem_vs_bertopic import BRAND_TERMS, REPOSITORY

SAMPLE = REPOSITORY / "data" / "sample"


def airlines(archive: Path) -> tuple[list[str], list[str]]:
    """Negative tweets and the causes that people named."""
    with archive.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["airline_sentiment"] == "negative"]
    return [row["text"] for row in rows], [row["negativereason"] for row in rows]


def sample(language: str) -> tuple[list[str], list[str]]:
    """The sample's complaints in `language` and the causes that were planted."""
    folder = SAMPLE / "archives" / "larkwheel-2025"
    parts = [pd.read_csv(path, dtype=str, on_bad_lines="skip") for path in sorted(folder.glob("mentions-*.csv"))]
    posts = pd.concat(parts).drop_duplicates("Post ID").dropna(subset=["Text"])
    truth = pd.read_csv(folder / "truth_labels.csv", dtype=str).dropna(subset=["cause"])
    both = posts[posts["Language"].str.startswith(language, na=False)].merge(truth, left_on="Post ID", right_on="id")
    return both["Text"].tolist(), both["cause"].tolist()


def show(name: str, texts: list[str], truth: list[str], terms: Sequence[str], language: str, runs: int) -> None:
    taxonomy: Taxonomy = read_taxonomy(resolve("service", REPOSITORY))
    vectors: dict[str, np.ndarray] = {}

    def embed(some: Sequence[str], of: str) -> np.ndarray:
        """Each set of texts is embedded once for all seeds."""
        key = "\n".join(some)
        if key not in vectors:
            vectors[key] = embedding.embed(some, of)
        return vectors[key]

    print(f"\n{name}: n = {len(texts)}, {len(set(truth))} human causes, {runs} seeds")
    for kind, given in (("taxonomy, and new causes", taxonomy), ("without a taxonomy", None)):
        found = [
            causes.fit(texts, [language] * len(texts), terms=terms, taxonomy=given, embed=embed, seed=seed)
            for seed in range(runs)
        ]
        numbers = [one.labels["cause"].fillna(-1).astype(int) for one in found]
        alike = [float(adjusted_mutual_info_score(truth, one)) for one in numbers]
        inside = [float((one.labels["origin"] == "seed").mean()) for one in found]
        print(f"  AMI, {kind:26} {np.mean(alike):.3f} ({min(alike):.3f} to {max(alike):.3f})", end="")
        print(f"; causes {[len(one.table) for one in found]}; inside {np.mean(inside):.1%}")
    seeded = causes.fit(texts, [language] * len(texts), terms=terms, taxonomy=taxonomy, embed=embed)
    told = list(zip(found_keys(seeded), truth, strict=True))
    for key, count in Counter(key for key, _ in told).most_common():
        most, share = Counter(cause for other, cause in told if other == key).most_common(1)[0]
        print(f"    {key:16}{count:6}  {share / count:4.0%} {most}")


def found_keys(found: causes.Causes) -> list[str]:
    """The cause of the taxonomy that each text was given, or what it has instead."""
    keys = found.table.set_index("cause")["key"]
    named = keys[keys.notna()].to_dict()
    return [named.get(cause, "(outside)") for cause in found.labels["cause"].fillna(-1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="Tweets.csv of airlines-2015")
    parser.add_argument("--sample", action="store_true", help="the sample's planted causes, in both languages")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    if not arguments.archive and not arguments.sample:
        parser.error("name --archive, --sample or both")
    if arguments.archive:
        show("airlines-2015", *airlines(arguments.archive), BRAND_TERMS.split(","), "en", arguments.seeds)
    if arguments.sample:
        incident = read_incident(next(iter(sorted((SAMPLE / "incidents").glob("*/incident.yml")))))
        terms = [*incident.brand_terms, *incident.brand_accounts, *incident.controls]
        for language in ("en", "zh"):
            show(f"sample, {language}", *sample(language), terms, language, arguments.seeds)


if __name__ == "__main__":
    main()
