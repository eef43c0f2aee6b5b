"""What 200 labels of the archive in hand are worth: `python -m tests.benchmarks.calibration [draws]`.

airlines-2015: people's labels are the truth that is measured against and, for the labels of a draw alone, the answers
of a simulated analyst. Each draw is `labels.draw` with another seed. Prints, as means over draws, beside the same
scorers uncalibrated: macro-F1 over all tweets that were not drawn; error of net sentiment and negative share per
airline and UTC day with n ≥ 30 (all tweets of the day, those that were drawn among them); how often the 95% interval
holds people's value, and its width. Then the same method on other sets, and where the mix of classes is shifted by
resampling, so that the truth is known. Scores and vectors are kept in .bench/.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from analysis import labels as people
from analysis.measures.calibrated import Calibration
from analysis.measures.calibration import Evidence, calibrate
from analysis.scoring import embedding
from analysis.scoring.evidence import beside
from analysis.scoring.marks import VERSION, marks
from analysis.scoring.masking import mask
from analysis.scoring.sentiment import choose
from tests.benchmarks.sentiment_en import FEWEST, SHARED, TERMS

KEPT = Path(__file__).resolve().parents[2] / ".bench/calibration"
LABELS = 200


@dataclass
class Measured:
    """A labelled set: its mentions as they are scored, what is known of them, people's classes and the groups."""

    mentions: pd.DataFrame
    evidence: Evidence
    truth: np.ndarray
    groups: list[np.ndarray]

    def values(self, what: str) -> np.ndarray:
        return np.array([value(self.truth[rows], what) for rows in self.groups])


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    airlines = airline_tweets()
    heading()
    for name, chances in (("our scorer, uncalibrated", 0), ("VADER, uncalibrated", 1)):
        uncalibrated(name, airlines, chances)
    additive(f"our scorer + offset, {LABELS} labels", airlines, draws, LABELS)
    calibrated(f"calibrated, {LABELS} labels", airlines, draws, LABELS)
    for count in (100, 50):
        calibrated(f"calibrated, {count} labels", airlines, max(draws // 2, 1), count)
    calibrated(f"same, with sampling, {LABELS} labels", airlines, max(draws // 4, 1), LABELS, sampling=True)
    print("\nother sets and shifts")
    heading()
    for name, made in (
        ("TweetEval, pseudo-days of 100", tweet_eval),
        ("waimai (zh, 2 classes), of 200", waimai),
        ("airlines, mix shifted, n = 100", lambda: shifted(airlines, 100)),
        ("airlines, mix shifted, n = 1000", lambda: shifted(airlines, 1000)),
        ("TweetEval, mix shifted, n = 300", lambda: shifted(tweet_eval(), 300)),
        ("airlines, no shift, n = 300", lambda: unshifted(airlines, 300)),
    ):
        one = made()
        uncalibrated(f"{name}: raw", one, 0)
        calibrated(f"{name}", one, max(draws // 4, 1), LABELS)


def heading() -> None:
    print(f"{'':42}{'net sentiment':-^59}{'negative share':-^25}")
    print(
        f"{'':34}{'F1':>6} {'MAE':>6} {'r':>6} {'bias':>7} {'slope':>6} {'held':>6} {'draws 5-95%':>12} {'width':>6} "
        f"{'MAE':>6} {'bias':>7} {'held':>6} {'s/fit':>6}"
    )


def row(name: str, **shown: float | str | None) -> None:
    f1, mae, r, bias, slope, held, span, width, share, off, kept, seconds = (
        shown.get(key)
        for key in ("f1", "mae", "r", "bias", "slope", "held", "span", "width", "share", "off", "kept", "seconds")
    )

    def text(number: float | str | None, form: str, wide: int) -> str:
        return f"{'–' if number is None else number if isinstance(number, str) else format(number, form):>{wide}}"

    print(
        f"{name:34}{text(f1, '.3f', 6)} {text(mae, '.3f', 6)} {text(r, '.3f', 6)} {text(bias, '+.3f', 7)} "
        f"{text(slope, '.2f', 6)} {text(held, '.3f', 6)} {text(span, '', 12)} {text(width, '.3f', 6)} "
        f"{text(share, '.3f', 6)} {text(off, '+.3f', 7)} {text(kept, '.3f', 6)} {text(seconds, '.2f', 6)}",
        flush=True,
    )


def uncalibrated(name: str, data: Measured, which: int) -> None:
    found = data.evidence.chances[which].argmax(axis=1)
    net, share = (np.array([value(found[rows], what) for rows in data.groups]) for what in ("net", "negative"))
    off = share - data.values("negative")
    row(
        name,
        f1=f1_score(data.truth, found, average="macro", labels=np.unique(data.truth)),
        share=np.abs(off).mean(),
        off=off.mean(),
        **errors(net, data.values("net")),
    )


def additive(name: str, data: Measured, draws: int, count: int) -> None:
    """The scorer's own classes, moved by the mean error on the labels: the recipe for few labels that is replaced."""
    found, truth = data.evidence.chances[0].argmax(axis=1) - 1, data.values("net")
    kept = []
    for _, place, weight in sampled(data, draws, count):
        offset = np.average(data.truth[place] - 1 - found[place], weights=weight)
        kept.append(errors(np.array([found[rows].mean() + offset for rows in data.groups]), truth))
    row(name, **pd.DataFrame(kept).mean().to_dict())


def calibrated(name: str, data: Measured, draws: int, count: int, *, sampling: bool = False) -> None:
    kept, spent = [], 0.0
    tables = [data.mentions.iloc[rows] for rows in data.groups]
    for table, place, _ in sampled(data, draws, count):
        started = time.perf_counter()
        made, refusals = calibrate([data.evidence], table)
        spent += time.perf_counter() - started
        if made is None:
            raise SystemExit(f"{name}: {refusals}")
        kept.append(measured(made, data, tables, place, sampling))
    whole = pd.DataFrame(kept)
    low, high = whole["held"].quantile([0.05, 0.95])
    row(name, span=f"{low:.2f}–{high:.2f}", seconds=spent / draws, **whole.mean().to_dict())


def measured(
    made: Calibration, data: Measured, tables: list[pd.DataFrame], place: np.ndarray, sampling: bool
) -> dict[str, float]:
    net, share = zip(*(made.both(table, minimum=FEWEST, sampling=sampling) for table in tables), strict=True)
    out = {}
    for what, found in (("net", net), ("negative", share)):
        truth = data.values(what)
        low, point, high = (np.array([getattr(one, side) for one in found]) for side in ("low", "value", "high"))
        held = ((low - 1e-9 <= truth) & (truth <= high + 1e-9)).mean()
        if what == "net":
            out |= errors(point, truth) | {"held": held, "width": (high - low).mean()}
        else:
            out |= {"share": np.abs(point - truth).mean(), "off": (point - truth).mean(), "kept": held}
    others = np.ones(len(data.truth), dtype=bool)
    others[place] = False
    classes = made.classes(data.mentions).map({label: k for k, label in enumerate(people.LABELS)}).to_numpy(dtype=int)
    used = np.unique(data.truth)
    return out | {"f1": f1_score(data.truth[others], classes[others], average="macro", labels=used)}


def sampled(data: Measured, draws: int, count: int) -> Iterator[tuple[pd.DataFrame, np.ndarray, np.ndarray]]:
    """The labels of each draw as `calibrate` takes them, where they stand, and their weights."""
    names = np.array(people.LABELS)
    for seed in range(draws):
        sample = people.draw(data.mentions, count, seed)
        place = data.evidence.ids.get_indexer(sample["id"])
        said = pd.DataFrame({"label": names[data.truth[place]], "share": 1.0}, index=pd.Index(sample["id"]))
        table = people.weigh(said, sample)
        yield table, place, table["weight"].to_numpy()


def errors(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    gap = found - truth
    r = np.corrcoef(found, truth)[0, 1]
    return {"mae": np.abs(gap).mean(), "r": r, "bias": gap.mean(), "slope": r * found.std() / truth.std()}


def value(classes: np.ndarray, what: str) -> float:
    return float((classes - 1).mean() if what == "net" else (classes == 0).mean())


def airline_tweets() -> Measured:
    table = pd.read_csv(SHARED / "archives/airlines-2015/Tweets.csv", dtype={"tweet_id": str})
    table = table.drop_duplicates("tweet_id").reset_index(drop=True)
    time_of = pd.to_datetime(table["tweet_created"], utc=True)
    truth = table["airline_sentiment"].map({"negative": 0, "neutral": 1, "positive": 2}).to_numpy()
    days = table.groupby([table["airline"], time_of.dt.floor("D")]).indices.values()
    groups = [rows for rows in days if len(rows) >= FEWEST]
    return _english("airlines", table["tweet_id"], table["text"], TERMS, time_of, table["name"], truth, groups)


def tweet_eval(size: int = 100) -> Measured:
    folder = SHARED / "benchmarks/sentiment-en"
    truth = np.loadtxt(folder / "tweeteval_val_labels.txt", dtype=int)
    texts = pd.Series((folder / "tweeteval_val_text.txt").read_text(encoding="utf-8").split("\n")[: len(truth)])
    ids = pd.Series([f"t{number:05d}" for number in range(len(truth))])
    hours = pd.Timestamp("2015-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(truth)), "h")
    groups = np.array_split(np.arange(len(truth)), len(truth) // size)
    return _english("tweeteval", ids, texts, [], pd.Series(hours), ids, truth, groups)


def waimai(size: int = 200) -> Measured:
    table = pd.read_csv(SHARED / "benchmarks/sentiment-zh/waimai_10k.csv")
    table = table.sample(frac=1, random_state=0).reset_index(drop=True)
    texts = mask(table["review"], []).fillna("").tolist()
    ids = pd.Series([f"w{number:05d}" for number in range(len(table))])
    hours = pd.Timestamp("2015-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(table)), "h")
    evidence = _evidence("waimai", "zh", ids, texts)
    truth = table["label"].to_numpy() * 2
    groups = np.array_split(np.arange(len(table)), len(table) // size)
    return Measured(_mentions(evidence, texts, pd.Series(hours), ids), evidence, truth, groups)


def shifted(data: Measured, size: int, groups: int = 40, seed: int = 7) -> Measured:
    """Groups resampled to mixes from Dirichlet(1, 1, 1): what is said within a class stays, its share does not."""
    rng = np.random.default_rng(seed)
    by_class = [np.flatnonzero(data.truth == side) for side in range(3)]
    made = []
    for _ in range(groups):
        counts = rng.multinomial(size, rng.dirichlet(np.ones(3)))
        made.append(np.concatenate([rng.choice(rows, count) for rows, count in zip(by_class, counts, strict=True)]))
    return Measured(data.mentions, data.evidence, data.truth, made)


def unshifted(data: Measured, size: int, groups: int = 40, seed: int = 7) -> Measured:
    rng = np.random.default_rng(seed)
    made = [rng.choice(len(data.truth), size, replace=False) for _ in range(groups)]
    return Measured(data.mentions, data.evidence, data.truth, made)


def _english(
    name: str,
    ids: pd.Series,
    texts: pd.Series,
    terms: list[str],
    time_of: pd.Series,
    author: pd.Series,
    truth: np.ndarray,
    groups: list[np.ndarray],
) -> Measured:
    masked = mask(texts, terms).tolist()
    evidence = _evidence(name, "en", ids, masked)
    return Measured(_mentions(evidence, masked, time_of, author), evidence, truth, groups)


def _evidence(name: str, language: str, ids: pd.Series, masked: list[str]) -> Evidence:
    """What a preparation would keep, with the scorer that it would choose."""
    scorer = choose([language], len(masked), KEPT.parent)[language]
    called = f"{scorer.name} {scorer.version}"
    scorers = [scorer, *beside(language, called)]

    def make() -> dict[str, np.ndarray]:
        vectors = embedding.embed(masked, language, cache=KEPT.parent)
        return {"chances": np.stack([each.predict_proba(masked) for each in scorers]), "vectors": vectors}

    known = _kept("-".join([name, *(f"{each.name}-{each.version}" for each in scorers)]), make)
    return Evidence(pd.Index(ids), called, [*known["chances"]], known["vectors"], marks(masked))


def _mentions(evidence: Evidence, texts: list[str], time_of: pd.Series, author: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"id": evidence.ids, "text": texts, "published_at": time_of, "author": author})
    table[[f"p_{label}" for label in people.LABELS]] = evidence.chances[0]
    return table.assign(scorer=evidence.scorer, kind="post", from_brand=False)


def _kept(name: str, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    file = KEPT / f"{name}-{VERSION}.npz".replace("/", "_")
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        np.savez(file, **make())
    with np.load(file) as held:
        return dict(held)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
