"""Templates among 100,000 simulated replies whose truth is known: `python -m tests.benchmarks.boilerplate`.

Seven replies in ten are English, the others Chinese. TEMPLATED of them are written from one of TEMPLATES stock texts
per language, used as unevenly as words are, with names, places, amounts, numbers and days filled in, a sign-off of the
agent, an emoji, and in EDITED of them one or two small changes by hand (a word put in, left out or exchanged, a slip of
the keys). NEAR are a template but for one sentence, in whose place stands the customer's own case: they are no
template. The others are written for one customer, from rules so wide that two are hardly ever alike by chance.

What is measured is whether each reply is said to share a template with another: that is what the boilerplate rate
counts. Intervals draw templates, with all replies from them, and single replies anew. Pairs that are one template in
truth and in what was found are printed beside it: a template whose open places are long is found in parts.
"""

import time

import numpy as np
import pandas as pd

from analysis.scoring.templates import templates
from analysis.simulate.grammar import expand, pick
from tests.benchmarks import boilerplate_texts as stock

REPLIES = 100_000
ENGLISH = 0.7
TEMPLATES = 100
TEMPLATED, NEAR = 0.45, 0.08
EDITED = 0.2
SIGNED, NAMED, CHEERED = 0.6, 0.3, 0.15
DRAWS = 2_000


def simulated(replies: int = REPLIES, seed: int = 0) -> pd.DataFrame:
    """text and template (Int64; null where it is written for one customer), in random order."""
    rng = np.random.default_rng(seed)
    made = {language: _stock(rng, language) for language in ("en", "zh")}
    use = 1 / np.arange(1, TEMPLATES + 1)
    rows = []
    for _ in range(replies):
        language = "en" if rng.random() < ENGLISH else "zh"
        kind = rng.random()
        number = int(rng.choice(TEMPLATES, p=use / use.sum()))
        if kind < TEMPLATED:
            body = expand(rng, stock.OPEN[language], made[language][number])
            if rng.random() < EDITED:
                body = _edited(rng, body, language)
        elif kind < TEMPLATED + NEAR:
            body = _near(rng, language, made[language][number])
        else:
            body = _own(rng, language)
        rows.append((_dressed(rng, body, language), number + TEMPLATES * (language == "zh"), kind < TEMPLATED))
    table = pd.DataFrame(rows, columns=["text", "number", "stock"])
    return pd.DataFrame({"text": table["text"], "template": table["number"].astype("Int64").where(table["stock"])})


def _stock(rng: np.random.Generator, language: str) -> list[str]:
    """Different texts of two or three stock sentences, with places that are filled in for each customer."""
    made: dict[str, None] = {}
    while len(made) < TEMPLATES:
        parts = [pick(rng, part) for part in stock.SENTENCES[language]]
        del parts[1 if rng.random() < 0.5 else len(parts) :]
        made[("" if language == "zh" else " ").join(parts)] = None
    return [*made]


def _near(rng: np.random.Generator, language: str, template: str) -> str:
    """All sentences of a template but one, in whose place stands what is written for the customer."""
    sentences = stock.ENDS[language].split(expand(rng, stock.OPEN[language], template))
    sentences[int(rng.integers(len(sentences)))] = _own(rng, language)
    return ("" if language == "zh" else " ").join(sentences)


def _own(rng: np.random.Generator, language: str) -> str:
    count = int(rng.integers(2, 4))
    rules = stock.OWN[language]
    chosen = rng.permutation(np.array(["says", "did", "will"]))[:count]
    return ("" if language == "zh" else " ").join(expand(rng, rules, pick(rng, rules[str(name)])) for name in chosen)


def _edited(rng: np.random.Generator, text: str, language: str) -> str:
    """One or two small changes, as agents make before they send."""
    for _ in range(int(rng.integers(1, 3))):
        parts = list(text) if language == "zh" else text.split(" ")
        at = int(rng.integers(1, len(parts)))
        how = rng.random()
        if how < 0.35:
            parts.insert(at, pick(rng, stock.FILLERS[language]))
        elif how < 0.6:
            del parts[at]
        elif how < 0.8:
            parts[at] = pick(rng, stock.FILLERS[language])
        else:
            slip = int(rng.integers(len(parts[at]))) if parts[at] else 0
            parts[at] = parts[at][:slip] + parts[at][slip + 1 :]
        text = ("" if language == "zh" else " ").join(parts)
    return text


def _dressed(rng: np.random.Generator, body: str, language: str) -> str:
    """With the handle it answers, a name, an emoji, a link and a sign-off, as the network and the agent add them."""
    rules = stock.OPEN[language]
    if rng.random() < NAMED:
        body = expand(rng, rules, pick(rng, stock.CALLS[language])).replace("…", body)
    if rng.random() < CHEERED:
        body += " " + pick(rng, stock.EMOJI)
    if rng.random() < SIGNED:
        body += " " + expand(rng, rules, pick(rng, stock.SIGNED[language]))
    if rng.random() < 0.1:
        body += f" https://short.example/{rng.integers(10**6)}"
    handle = "@u_" + "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz234567"), 10))
    return f"{handle} {body}" if language == "en" or rng.random() < 0.5 else f"回复{handle}：{body}"


def measure(truth: pd.Series, found: pd.Series, seed: int = 0) -> dict[str, tuple[float, float, float]]:
    """precision and recall of replies that share a template: value, low and high; and of pairs, without interval."""
    shared = truth.map(truth.value_counts()).fillna(0).to_numpy() > 1
    said = found.notna().to_numpy()
    group = truth.where(shared).fillna(-1).to_numpy(dtype=np.int64)
    hit = pd.Series(said & shared).groupby(group).sum().drop(-1, errors="ignore").to_numpy()
    size = pd.Series(shared).groupby(group).sum().drop(-1, errors="ignore").to_numpy()
    wrong, rest = int((said & ~shared).sum()), int((~shared).sum())
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(hit), size=(DRAWS, len(hit)))
    hits, sizes = hit[drawn].sum(axis=1), size[drawn].sum(axis=1)
    wrongs = rng.binomial(rest, wrong / max(rest, 1), size=DRAWS)
    told = {}
    for name, value, draws in (
        ("precision", hit.sum() / (hit.sum() + wrong), hits / (hits + wrongs)),
        ("recall", hit.sum() / size.sum(), hits / sizes),
    ):
        low, high = np.quantile(draws, [0.025, 0.975])
        told[name] = (float(value), float(low), float(high))
    both = pd.DataFrame({"truth": truth, "found": found}).dropna().value_counts()
    pairs = [int((counts * (counts - 1) // 2).sum()) for counts in (both, found.value_counts(), truth.value_counts())]
    told["precision of pairs"] = (pairs[0] / pairs[1],) * 3
    told["recall of pairs"] = (pairs[0] / pairs[2],) * 3
    return told


def main() -> None:
    table = simulated()
    started, worked = time.perf_counter(), time.process_time()
    found = templates(table["text"])
    took, worked = time.perf_counter() - started, time.process_time() - worked
    print(f"{len(table):,} replies, {table['template'].notna().mean():.3f} from templates")
    print(f"  {took:.1f} s, {worked:.1f} s of them of the processor")
    for name, (value, low, high) in measure(table["template"], found).items():
        print(f"  {name:18} {value:.4f}" + (f" ({low:.4f} to {high:.4f})" if low != high else ""))


if __name__ == "__main__":
    main()
