"""What replies do, found by rule, against a reader's labels: `python -m tests.benchmarks.reply_acts [draw|zh|speed]`.

`draw` writes a sample of the half of ../shared/archives/spotify-2017's replies that nobody read while the rules were
written (the last hexadecimal digit of sha256 of the id is odd). Every reply has a rate: the highest of those of the
groups it is in. A group is what the rules found for an act (FOUND in all), what they did not find though a word near
the act stands in it (CUE), and everything (REST). Replies of one rate are a stratum, so strata exclude each other; from
each a simple random sample is drawn, and a row's probability is the share of its stratum that was. The labels' rows
were drawn by what the rules found when they were frozen; another draw with changed rules is another sample.

Without a word: reply_labels.csv (id, stratum, probability, a column for each act and for redirects, 0 or 1; no text)
is held against the rules, weighted back to that half. `zh`: reply_acts_zh.csv, sentences written for it by somebody who
had not seen the rules; the rules were mended after both of its parts were read. `speed`: replies a second on one core.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate
from analysis.scoring import acts
from analysis.scoring.redirects import redirects
from tests.benchmarks import stratified

HERE = Path(__file__).parent
LABELS = HERE / "reply_labels.csv"
CHINESE = HERE / "reply_acts_zh.csv"
REPLIES = HERE.parents[2] / "shared/archives/spotify-2017/SpotifyCares.csv"
DRAWN = Path(tempfile.gettempdir()) / "reply_acts"
COLUMNS = (*acts.ACTS, "redirect")
FOUND, CUE, REST = 65, 35, 310
"""Replies expected of each group for itself; how many there are in all follows from these."""
SEED = 20171128
CUES = {
    "acknowledgement": r"thank|appreciat|aware|noted|we see|we can see|got |hear",
    "empathy": r"understand|feel|know how|frustrat|annoy|sound|strange|odd\b|sad|\boh\b|oops|worr",
    "apology": r"sorry|afraid|unfortunate|oops|pardon|forgiv|apolog|sadly|mean to",
    "explanation": r"because|\bas\b|since|so that|possible|available|currently|right now|only|means|reason",
    "solution": r"check|you can|fix|recommend|suggest it|should|instead|how to|steps|here:|link|info",
    "holding": r"\bteam|update|soon|news|info|folks|devs|keep|working|launch",
    "defensiveness": r"\bnot\b|never|should|responsib|actually|however|only|isn't|can't",
    "promise": r"hours?\b|\bdays?\b|weeks?\b|today|tomorrow|month|minute|soon|date",
    "redirect": r"\bdm|message|e-?mail|contact|\bcall|inbox|chat|reach|support|get back",
}


def held_out(path: Path = REPLIES) -> pd.DataFrame:
    """id and text of the replies with an odd last digit; texts as written, once misread apostrophes are mended."""
    replies = pd.read_csv(path, dtype=str)
    odd = replies["tweet_id"].map(lambda name: int(hashlib.sha256(name.encode()).hexdigest()[-1], 16) % 2 == 1)
    chosen = replies.loc[odd, ["tweet_id", "text"]].rename(columns={"tweet_id": "id"})
    return chosen.assign(text=chosen["text"].map(_mended)).reset_index(drop=True)


def _mended(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def verdicts(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[COLUMNS], a row per text."""
    return acts.acts(texts).assign(redirect=redirects(pd.Series(list(texts), dtype="string")).to_numpy())


def rates(replies: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """stratum and rate of each reply, before rounding to whole replies."""
    groups = {f"found/{name}": (found[name], FOUND) for name in COLUMNS}
    for name, cue in CUES.items():
        near = replies["text"].str.contains(cue, case=False, regex=True) & ~found[name]
        groups[f"cue/{name}"] = (near, CUE)
    groups["rest"] = (pd.Series(True, index=replies.index), REST)
    table = pd.DataFrame(
        {name: inside * min(1.0, size / max(inside.sum(), 1)) for name, (inside, size) in groups.items()}
    )
    return pd.DataFrame({"stratum": table.idxmax(axis=1), "rate": table.max(axis=1)})


def draw(folder: Path = DRAWN) -> None:
    replies = held_out()
    chosen = replies.join(rates(replies, verdicts(replies["text"].tolist())))
    rng = np.random.default_rng(SEED)
    parts = []
    for name, stratum in chosen.groupby("stratum", sort=True):
        size = min(len(stratum), max(1, round(float(stratum["rate"].iloc[0]) * len(stratum))))
        rows = stratum.iloc[rng.permutation(len(stratum))[:size]]
        parts.append(rows.assign(probability=size / len(stratum)))
        print(f"{name:24} {size:4} of {len(stratum)}")
    drawn = pd.concat(parts)
    drawn = drawn.iloc[rng.permutation(len(drawn))]
    folder.mkdir(parents=True, exist_ok=True)
    drawn[["id", "stratum", "probability"]].to_csv(folder / "draw.csv", index=False)
    drawn[["id", "text"]].to_csv(folder / "to_label.csv", index=False)
    print(f"{len(drawn)} replies of {len(replies)}")


def labelled() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labels (id, stratum, probability, a column an act) and the rules' verdicts, row by row."""
    labels = pd.read_csv(LABELS, dtype={"id": str})
    texts = held_out().set_index("id")["text"]
    return labels, verdicts(texts.loc[labels["id"]].tolist())


def measure(labels: pd.DataFrame, found: pd.DataFrame) -> dict[str, stratified.Measured]:
    """Precision, recall and F1 of each act that `labels` has a column for."""
    population = labels["probability"].rdiv(1).groupby(labels["stratum"]).sum().to_dict()
    return {
        name: stratified.measure(
            pd.DataFrame({"stratum": labels["stratum"], "found": found[name].to_numpy(), "label": labels[name]}),
            population,
        )
        for name in COLUMNS
        if name in labels
    }


def printed(name: str, measured: stratified.Measured) -> str:
    def one(value: Estimate) -> str:
        return f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f}, n = {value.n})"

    return f"{name:16} precision {one(measured.precision)}  recall {one(measured.recall)}  F1 {one(measured.f1)}"


def english() -> None:
    labels, found = labelled()
    print(f"spotify-2017, the half held out, weighted back: {len(labels)} replies labelled")
    for name, value in measure(labels, found).items():
        print(printed(name, value))


def chinese() -> None:
    rows = pd.read_csv(CHINESE)
    print("Chinese replies written for this benchmark by somebody who had not seen the rules; no weights")
    for part, some in rows.groupby("part", sort=False):
        found = verdicts(some["text"].tolist())
        labels = some.reset_index(drop=True).assign(stratum="all", probability=1.0)
        print(f"{part}: {len(some)} sentences")
        for name, value in measure(labels, found).items():
            print(printed(name, value))


def speed(n: int = 100_000) -> None:
    """Replies of the archive's length, each made distinct by a number in it."""
    texts = held_out()["text"]
    many = [f"{texts.iloc[row % len(texts)]} {row}" for row in range(n)]
    start = time.process_time()
    verdicts(many)
    print(f"{n / (time.process_time() - start):,.0f} replies a second of one core, acts and redirects, {n:,} distinct")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("draw", "zh", "speed"))
    {"draw": draw, "zh": chinese, "speed": speed, None: english}[parser.parse_args().what]()


if __name__ == "__main__":
    main()
