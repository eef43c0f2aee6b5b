"""Our Kaplan–Meier against statsmodels' own, through the whole path: `python -m tests.benchmarks.kaplan_meier [runs]`.

Threads are simulated, of which 0 to 80% are never answered within the archive, with replies to replies, reposts,
several answers to one post and answers that are older than what they answer. Our median and P90 go from mentions
through `pairs` and `speed`; statsmodels' `SurvfuncRight.quantile` is given the true times directly. Both are to be
equal. Then how often the 95% interval of the median holds the known median of the waits, and how often a refused one
("longer than") holds; and what the median of the answered alone would have said.
"""

import sys

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.measures import response

START = pd.Timestamp("2024-05-01", tz="UTC")
WHOLE = {"threads": "recorded", "openers": "present", "brand_side": "whole", "silence_provable": True}
MEDIAN = 6.0
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8)
SIZES = (60, 400)


def truth(seed: int, n: int, unanswered: float) -> tuple[pd.DataFrame, np.ndarray, pd.Timestamp]:
    """Whole minutes of asking and waiting; the archive ends, by the hour of asking, before that share of answers."""
    rng = np.random.default_rng([seed, n, round(100 * unanswered)])
    mean = 60 * MEDIAN / np.log(2)
    wait = rng.exponential(mean, n)
    watched = rng.exponential(mean * (1 - unanswered) / unanswered, n) if unanswered else np.full(n, 60 * 700.0)
    # Rounding to microseconds, as the archive keeps them.
    wait, watched = np.round(wait * 60e6), np.round(np.minimum(watched, 60 * 4000.0) * 60e6)
    until = START + pd.Timedelta(days=200)
    table = pd.DataFrame({"asked": until - pd.to_timedelta(watched, unit="us"), "wait": wait, "watched": watched})
    return table, rng.random(n), until


def mentions(table: pd.DataFrame, chance: np.ndarray, until: pd.Timestamp) -> pd.DataFrame:
    """The archive in which that happened, until it ended, with what must not count among it."""
    rows = []
    for number, (asked, wait) in enumerate(zip(table["asked"], table["wait"], strict=True)):
        told = asked + pd.Timedelta(wait, unit="us")
        name, odd = f"q{number}", chance[number]
        rows.append((name, None, asked, False, "post"))
        rows.append((f"r{number}", name, told, True, "reply"))
        if odd < 0.3:  # a second answer, later
            rows.append((f"s{number}", name, told + pd.Timedelta(hours=1), True, "reply"))
        if 0.2 < odd < 0.4:  # passed on, not answered
            rows.append((f"p{number}", name, asked + pd.Timedelta(seconds=1), True, "repost"))
        if 0.5 < odd < 0.6:  # a clock that is wrong
            rows.append((f"o{number}", name, asked - pd.Timedelta(hours=3), True, "reply"))
        if odd > 0.7:  # another customer, first
            rows.append((f"c{number}", name, asked + pd.Timedelta(seconds=2), False, "reply"))
    out = pd.DataFrame(rows, columns=["id", "parent_id", "published_at", "from_brand", "kind"])
    out = out.astype({"id": "string", "parent_id": "string", "published_at": "datetime64[us, UTC]"})
    return out[out["published_at"] <= until].sample(frac=1, random_state=1, ignore_index=True)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{runs} archives each; the median wait is {MEDIAN:g} h")
    print("   n  unanswered  max |median|  max |P90|  reached  interval holds  bound holds  answered alone")
    for n in SIZES:
        for unanswered in SHARES:
            print(line(n, unanswered, runs), flush=True)


def line(n: int, unanswered: float, runs: int) -> str:
    apart, held, bound, silent, alone = ([], []), [], [], [], []  # type: ignore[var-annotated]
    for seed in range(runs):
        table, chance, until = truth(seed, n, unanswered)
        pairs = response.pairs(mentions(table, chance, until))
        pairs = pairs[pairs["id"].str.startswith("q")]
        found = response.speed(pairs, WHOLE, until, 24)
        got = (table["wait"] <= table["watched"]).to_numpy()
        waited = np.minimum(table["wait"], table["watched"]).to_numpy() / 3600e6
        theirs = SurvfuncRight(waited, got.astype(int))
        for place, (ours, share) in enumerate(((found.median, 0.5), (found.p90, 0.9))):
            other = float(theirs.quantile(share))
            same = ours.value is None and np.isnan(other)
            apart[place].append(0.0 if same else abs(float(ours.value or np.inf) - other))
        silent.append(1 - got.mean())
        alone.append(np.median(waited[got]))
        if found.median.value is None:
            bound.append(float(found.median.low or 0) <= MEDIAN)
        else:
            top = np.inf if found.median.high is None else float(found.median.high)
            held.append(float(found.median.low or 0) <= MEDIAN <= top)
    shown = [f"{np.mean(list_):6.3f}" if list_ else "     –" for list_ in (held, bound)]
    first = f"{n:4}       {np.mean(silent):5.2f}      {max(apart[0]):8.1e}   {max(apart[1]):8.1e}"
    return f"{first}    {len(held) / runs:5.2f}          {shown[0]}       {shown[1]}         {np.mean(alone):5.2f} h"


if __name__ == "__main__":
    main()
