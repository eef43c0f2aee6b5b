"""Chinese causes on categorised texts: `python -m tests.benchmarks.causes_zh`.

causes_zh.csv holds 413 complaints in twelve causes of no organisation in particular, 13 to 61 each. All of them were
written for this benchmark, one by one, by whoever wrote the code as well, as people write on Weibo, Dianping or to
12315: invented texts, not collected ones, and one writer's idea of what people say. The writer avoided giving causes
away by their words, so that no word count can tell them apart: the figures are low, and say how embeddings compare, not
what is to be expected of an archive. `--file` measures any other set by its path, such as `--file car.csv content
subject` (file, column of texts, column of labels).

Prints adjusted mutual information (AMI) of the groups that `communities.find` makes of each embedding with the labels,
mean and range over five seeds: E5 beside the words and pairs of characters of the texts, at several weights of those,
as the product has them; E5 alone; the characters and phrases that the product has where E5 is not installed; words of
jieba with LSA; and MiniLM, which is English.

`--english` names a file with English complaints (its columns `text` and `negativereason`, as in airlines-2015) for an
archive of both languages: one model a language against a joint one.
"""

import argparse
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from analysis.scoring import clean, e5, embedding, lexical
from analysis.scoring.communities import find

OWN = Path(__file__).with_name("causes_zh.csv")
SEEDS = 5
WEIGHTS = (0.15, 0.1, 0.2, 0.3)
Embed = Callable[[list[str]], np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", nargs=3, action="append", default=[], metavar=("CSV", "TEXT", "LABEL"))
    parser.add_argument("--most", type=int, default=4000, help="a seeded sample of so many texts of a file")
    parser.add_argument("--english", type=Path, help="a CSV with text and negativereason")
    given = parser.parse_args()
    for path, text, label in [(str(OWN), "text", "cause"), *given.file]:
        texts, labels = read(Path(path), text, label, given.most)
        print(f"{Path(path).name}: {len(texts)} texts, {len(set(labels))} labels")
        for name, embed in embeddings().items():
            show(name, np.array([agreement(embed(texts), labels, seed) for seed in range(SEEDS)]))
    if given.english:
        mixed(given.english)


def embeddings() -> dict[str, Embed]:
    made: dict[str, Embed] = {}
    if e5.installed():
        made |= {f"E5, words at {weight}": partial(beside, weight=weight) for weight in WEIGHTS}
        made["E5"] = meaning
    return made | {"characters": embedding.characters, "jieba + LSA": words, "MiniLM": embedding.minilm}


def read(path: Path, text: str, label: str, most: int) -> tuple[list[str], np.ndarray]:
    """The cleaned texts of a file and their labels, without those that hold no word."""
    table = pd.read_csv(path).dropna(subset=[text, label])
    table = table.sample(most, random_state=0) if len(table) > most else table
    cleaned = clean.for_topics(table[text].astype(str).tolist(), [])
    kept = [place for place, words in enumerate(cleaned) if words]
    return [cleaned[place] for place in kept], table[label].astype(str).to_numpy()[kept]


def words(texts: list[str]) -> np.ndarray:
    """What is usual: words of jieba, tf-idf, 100 components of an SVD."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    counted = TfidfVectorizer(analyzer=lambda text: [word for word in jieba.lcut(text) if word.strip()])
    matrix = counted.fit_transform(texts)
    with threadpool_limits(1):
        return normalize(TruncatedSVD(100, random_state=0).fit_transform(matrix)).astype(np.float32)


def meaning(texts: list[str]) -> np.ndarray:
    return lexical.centred(embedding.e5(texts))


def beside(texts: list[str], weight: float) -> np.ndarray:
    """As `causes` puts them together, `weight` of the likeness of two texts being in their words."""
    said = lexical.components(lexical.Vocabulary("zh", 3 if len(texts) >= 1_000 else 2).learn(texts), 50)
    return lexical.unit(np.hstack([(1 - weight) ** 0.5 * meaning(texts), weight**0.5 * said])).astype(np.float32)


def agreement(vectors: np.ndarray, labels: np.ndarray, seed: int) -> float:
    return float(adjusted_mutual_info_score(labels, find(vectors, seed=seed).labels))


def show(name: str, found: np.ndarray) -> None:
    print(f"  {name:24} {found.mean():.3f} ({found.min():.3f} to {found.max():.3f})", flush=True)


def mixed(path: Path) -> None:
    """Both languages in one archive, as many texts of the one as of the other: overall and within each."""
    chinese, causes = read(OWN, "text", "cause", 4000)
    english, reasons = read(path, "text", "negativereason", len(chinese))
    both = chinese + english
    labels = np.concatenate([causes, reasons])
    spoken = np.repeat(["zh", "en"], [len(chinese), len(english)])
    print(f"mixed: {len(chinese)} Chinese and {len(english)} English texts")
    joint: dict[str, Embed] = {"joint, characters": embedding.characters, "joint, MiniLM": embedding.minilm}
    if e5.installed():
        joint["joint, E5"] = meaning
    own, apart = next(iter(embeddings().values()))(chinese), []
    for seed in range(SEEDS):
        first = find(own, seed=seed).labels
        apart.append(np.concatenate([first, find(embedding.minilm(english), seed=seed).labels + first.max() + 1]))
    rows = {"one model a language": apart}
    for name, embed in joint.items():
        vectors = embed(both)
        rows[name] = [find(vectors, seed=seed).labels for seed in range(SEEDS)]
    for name, groups in rows.items():
        for part, chosen in (("all", np.ones(len(both), bool)), ("zh", spoken == "zh"), ("en", spoken == "en")):
            scores = [adjusted_mutual_info_score(labels[chosen], found[chosen]) for found in groups]
            show(f"{name}, {part}", np.array(scores))


if __name__ == "__main__":
    main()
