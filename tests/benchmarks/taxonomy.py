"""Causes from the shipped service taxonomy beside causes without one, against causes that people named.

    python -m tests.benchmarks.taxonomy --archive ../shared/archives/airlines-2015/Tweets.csv
    python -m tests.benchmarks.taxonomy --sample

Adjusted mutual information over the negative tweets of airlines-2015 with the human `negativereason`, or over the
sample's complaints with the cause that was planted; over `--seeds` seeds. Texts outside the taxonomy get the causes of
`communities.find`, where there are enough of them for a model; the others count as one group. The human causes are read
to measure agreement and by nothing else: the taxonomy was written before any was read.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.incident import read_incident
from analysis.scoring import clean, embedding, seeds
from analysis.scoring.communities import find
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


def alike(truth: Sequence[str], found: np.ndarray, codes: np.ndarray) -> float:
    """Adjusted mutual information of the truth with what was found for each distinct text."""
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(truth, np.where(codes >= 0, found[codes], -1)))


def completed(labels: pd.DataFrame, vectors: np.ndarray, seed: int) -> tuple[np.ndarray, int]:
    """A number for each cause of the taxonomy and for each group of what is outside it, and how many groups."""
    numbers = labels["key"].astype("category").cat.codes.to_numpy().astype(int)
    outside = np.flatnonzero(labels["key"].isna())
    if len(outside) < seeds.FEWEST:
        return numbers, 0
    groups = find(vectors[outside], seed=seed).labels
    numbers[outside] = numbers.max() + 1 + groups
    return numbers, int(groups.max()) + 1


def show(name: str, texts: list[str], truth: list[str], terms: Sequence[str], language: str, runs: int) -> None:
    taxonomy: Taxonomy = read_taxonomy(resolve("service", REPOSITORY))
    cleaned = clean.for_topics(texts, terms)
    first, codes = clean.distinct(cleaned)
    distinct = [cleaned[place] for place in first]
    phrases = taxonomy.phrases(language)
    vectors, own = seeds.embedded(distinct, phrases, embedding.embed, language)
    scores: dict[str, list[float]] = {}
    covered, new, seconds = [], [], []
    for seed in range(runs):
        started = time.perf_counter()
        labels = seeds.assign(distinct, vectors, phrases, own, language, seed=seed)
        seconds.append(time.perf_counter() - started)
        numbers, groups = completed(labels, vectors, seed)
        scores.setdefault("taxonomy, and new causes", []).append(alike(truth, numbers, codes))
        scores.setdefault("without a taxonomy", []).append(alike(truth, find(vectors, seed=seed).labels, codes))
        covered.append(float(labels["key"].notna().to_numpy()[codes[codes >= 0]].mean()))
        new.append(groups)
    print(f"\n{name}: n = {len(texts)}, {len(distinct)} distinct, {len(set(truth))} human causes, {runs} seeds")
    for kind, some in scores.items():
        print(f"  AMI, {kind:26} {np.mean(some):.3f} ({min(some):.3f} to {max(some):.3f})")
    print(f"  inside the taxonomy {np.mean(covered):.1%}; new causes {new}; {np.median(seconds):.2f} s")
    keys = labels["key"].fillna("(outside)").to_numpy()
    told = [(keys[code], cause) for code, cause in zip(codes, truth, strict=True) if code >= 0]
    for key, count in Counter(key for key, _ in told).most_common():
        most, share = Counter(cause for other, cause in told if other == key).most_common(1)[0]
        print(f"    {key:16}{count:6}  {share / count:4.0%} {most}")


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
