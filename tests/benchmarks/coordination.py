"""Coordinated accounts against simulated truth: `python -m tests.benchmarks.coordination`.

Each archive is five days of mentions that come as the hours of a day do, ten times as many after an outrage, in own
words, and one text that several accounts wrote in one of these ways. Organic: a petition without a link, signed over
days; a meme that people copy with a half-life of half an hour or of four hours; a share button with its link, pressed
most in the first minutes; a hashtag in own words; a slogan that fans agreed to post within an hour. Coordinated: 20 and
8 accounts within ten minutes, 20 within an hour, and 20 within ten minutes whose texts were varied. What people write
as one by agreement is the limit: the measure calls it what it calls a botnet, and says so.
"""

import numpy as np
import pandas as pd

from analysis.measures.coordination import measure
from analysis.measures.proportions import wilson
from analysis.scoring import copies, share_marks

START = pd.Timestamp("2026-03-02", tz="UTC")
HOUR = pd.Timedelta(hours=1)
TEXT = "they promised every child a seat and left forty children standing in the rain"
RUNS = 200
Events = list[tuple[pd.Timestamp, str, str]]


def mentions(rng: np.random.Generator) -> Events:
    """Everybody else, in own words: (when, author, text)."""
    hours = np.arange(120)
    rate = (
        6 * (1 + 0.8 * np.sin((hours - 9) / 24 * 2 * np.pi)) * np.where(hours >= 48, 10 * 0.5 ** ((hours - 48) / 20), 1)
    )
    out: Events = []
    for hour, count in zip(hours, rng.poisson(np.maximum(rate, 0.5)), strict=True):
        for k, minute in enumerate(rng.uniform(0, 60, count)):
            out.append(
                (START + hour * HOUR + pd.Timedelta(minutes=minute), f"u{rng.integers(4000)}", f"own words {hour} {k}")
            )
    return out


def _at(minutes: np.ndarray, texts: list[str] | str = TEXT, since: int = 50) -> Events:
    told = [texts] * len(minutes) if isinstance(texts, str) else texts
    return [
        (START + since * HOUR + pd.Timedelta(minutes=float(minute)), f"c{k}", text)
        for k, (minute, text) in enumerate(zip(minutes, told, strict=True))
    ]


def petition(rng: np.random.Generator) -> Events:
    return _at(rng.uniform(0, 60 * 48, 200))


def meme(rng: np.random.Generator, half_life: float) -> Events:
    return _at(rng.exponential(half_life / np.log(2), 80))


def button(rng: np.random.Generator) -> Events:
    return _at(rng.exponential(6.0, 30), f"{TEXT} https://news.example/4471")


def hashtag(rng: np.random.Generator) -> Events:
    return _at(rng.uniform(0, 30, 60), [f"#leftinrain this is what number {k} of us thinks of it" for k in range(60)])


def slogan(rng: np.random.Generator) -> Events:
    return _at(rng.uniform(0, 60, 40))


def botnet(rng: np.random.Generator, accounts: int, minutes: float) -> Events:
    return _at(rng.uniform(0, minutes, accounts))


def varied(rng: np.random.Generator) -> Events:
    words = TEXT.split()
    texts = []
    for k in range(20):
        kept = list(words)
        kept[int(rng.integers(len(kept)))] = f"really{'abcdefghijklmnopqrst'[k]}"
        texts.append(" ".join(kept))
    return _at(rng.uniform(0, 10, 20), texts)


ORGANIC = {
    "petition over two days, no link": petition,
    "meme, half-life 30 minutes": lambda rng: meme(rng, 30.0),
    "meme, half-life 4 hours": lambda rng: meme(rng, 240.0),
    "share button with its link": button,
    "hashtag in own words": hashtag,
    "slogan that 40 agreed on, within an hour": slogan,
}
COORDINATED = {
    "20 accounts within 10 minutes": lambda rng: botnet(rng, 20, 10.0),
    "8 accounts within 10 minutes": lambda rng: botnet(rng, 8, 10.0),
    "20 accounts within an hour": lambda rng: botnet(rng, 20, 60.0),
    "20 within 10 minutes, a word changed in each": varied,
}


def called(rng: np.random.Generator, events: Events) -> bool:
    """Whether a text of `events` among everybody else's mentions is called a burst."""
    table = pd.DataFrame(mentions(rng) + events, columns=["published_at", "author", "text"])
    table["id"] = [f"m{row}" for row in range(len(table))]
    folded = copies.fold(table["text"].str.replace(r"https?://\S+", " ", regex=True))
    kept = folded.notna() & folded.duplicated(keep=False)
    kept &= folded.map(lambda text: isinstance(text, str) and copies.length(text) >= 1).astype(bool)
    marked = share_marks.marked(table.loc[kept, "text"].tolist())
    rows = table[kept].assign(text=pd.factorize(folded[kept])[0], marked=marked)
    return bool(len(measure(rows, table["published_at"]).bursts))


def main(runs: int = RUNS) -> None:
    for title, cases in (("organic: called a burst", ORGANIC), ("coordinated: found", COORDINATED)):
        print(title)
        for name, make in cases.items():
            hits = 0
            for seed in range(runs):
                rng = np.random.default_rng(seed)
                hits += called(rng, make(rng))
            rate = wilson(hits, runs)
            print(f"  {name:46} {rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f}), n = {runs}")


if __name__ == "__main__":
    main()
