"""One text from many accounts within minutes: what may be coordinated inauthentic behaviour (definitions C15).

Copying is no offence: people sign petitions, press share buttons, quote headlines, and repeat what they like. What
people do by themselves comes as mentions come, with a long tail; what one hand sends from many accounts comes at once
and stops. So a text is called a burst where at least `accounts` distinct accounts wrote it within `window`, these are
at least `part` of all that ever did, and that many in so short a time are not to be expected had its copies been
spread as all mentions of the day around them were. It shows that accounts acted at once, never who is behind them.
What is spread over an hour, or varied word by word, is not found. How often it calls what is organic, and what it
finds: `python -m tests.benchmarks.coordination`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused

MINUTE, HOUR = pd.Timedelta(minutes=1), pd.Timedelta(hours=1)
METHOD = "distinct accounts with one text within 10 minutes, against all mentions of the day around it"


@dataclass(frozen=True)
class Rule:
    """Proposals to change, not laws.

    `accounts`: five, since friends who agree on a text are two or three. `window`: ten minutes, in which a machine
    is done with its accounts and a crowd has hardly begun. `part`: half; a text that people pass on with a half-life
    of half an hour has a fifth of its copies in its first ten minutes. `around`: the time on each side whose mentions
    say how busy the window was. `alpha`: the chance that any of the texts of an archive is called one by accident.
    `marked`: the share of copies with a mark of a button, a petition or a headline from which the text is one.
    """

    accounts: int = 5
    window: pd.Timedelta = 10 * MINUTE
    part: float = 0.5
    around: pd.Timedelta = 12 * HOUR
    alpha: float = 0.001
    marked: float = 0.5


COLUMNS = ("text", "first", "copies", "accounts", "at_once", "start", "last", "p", "verdict", "ids")


@dataclass(frozen=True)
class Coordination:
    """`texts`: a row for each text that several accounts wrote, the most accounts at once first: DataFrame[COLUMNS]:

    text (its number), first (id of its earliest copy), copies, accounts (distinct), at_once (accounts in its busiest
    window), start of that window and last copy of all (UTC), p (chance of so many in so short a time, over all windows
    of the text), verdict and ids (mentions of the busiest window). Verdicts: "burst"; "passed_on" (a burst but for the
    mark of a share button, petition, quotation or headline, which look alike); "spread" (copied, not at once).
    `reason` says why nothing can be told: "not_recorded" (no author, or no time of day).
    """

    texts: pd.DataFrame
    reason: str | None = None

    @property
    def bursts(self) -> pd.DataFrame:
        return self.texts[self.texts["verdict"] == "burst"]

    @property
    def accounts(self) -> Estimate:
        """The most accounts that wrote one text at once, over the bursts; 0 where there is none."""
        if self.reason:
            return refused("count", self.reason, METHOD)
        most = float(self.bursts["at_once"].max()) if len(self.bursts) else 0.0
        return Estimate(most, "count", len(self.texts), METHOD, most, most)


def measure(
    copies: pd.DataFrame,
    times: pd.Series,
    *,
    days_only: bool = False,
    rule: Rule | None = None,
) -> Coordination:
    """Which texts came from many accounts at once.

    `copies`: id, published_at (UTC), author (null where not recorded), text (a number, the same for the same text),
    marked (bool: a link, a quotation, "via @", "RT @", a petition, a headline); no reposts, and nothing of the
    organisation. `times`: when all mentions of people were made. Copies without an author are left out; refused as
    "not_recorded" where more than half have none, or where the archive records days only.
    """
    rule = rule or Rule()
    empty = pd.DataFrame(columns=list(COLUMNS))
    if days_only or (len(copies) and copies["author"].isna().mean() > 0.5):
        return Coordination(empty, "not_recorded")
    whole = np.sort(pd.DatetimeIndex(times).as_unit("ns").asi8)
    known = copies[copies["author"].notna()].sort_values(["text", "published_at", "id"])
    groups = [(number, rows) for number, rows in known.groupby("text") if rows["author"].nunique() >= 2]
    alpha = rule.alpha / max(len(groups), 1)
    rows = [_text(number, group, whole, rule, alpha) for number, group in groups]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Coordination(table.sort_values(["at_once", "first"], ascending=[False, True], ignore_index=True))


def _text(number: object, rows: pd.DataFrame, whole: np.ndarray, rule: Rule, alpha: float) -> dict:
    from scipy.stats import binom

    times = pd.DatetimeIndex(rows["published_at"]).as_unit("ns").asi8
    authors = pd.factorize(rows["author"])[0]
    window, around = rule.window.value, rule.around.value
    ends = np.searchsorted(times, times + window, "right")
    held = np.array([len(set(authors[i:end])) for i, end in enumerate(ends)])
    best = int(held.argmax())
    at_once, total = int(held[best]), len(set(authors))
    opened = times[best]
    inside = _between(whole, opened, opened + window)
    nearby = _between(whole, opened - around, opened + around)
    # The window's own copies are no sign of how busy it was; a day without other mentions is taken to be even.
    own, own_nearby = int(ends[best] - best), _between(times, opened - around, opened + around)
    even = window / (2 * around)
    share = (max(inside - own, 0) + even) / (max(nearby - own_nearby, 0) + 1)
    chance = min(1.0, total * float(binom.sf(at_once - 2, max(total - 1, 1), min(max(share, even), 1.0))))
    sudden = at_once >= rule.accounts and at_once >= rule.part * total and chance < alpha
    verdict = "spread" if not sudden else "passed_on" if rows["marked"].mean() >= rule.marked else "burst"
    return {
        "text": number,
        "first": rows["id"].iloc[0],
        "copies": len(rows),
        "accounts": total,
        "at_once": at_once,
        "start": rows["published_at"].iloc[best],
        "last": rows["published_at"].iloc[-1],
        "p": chance,
        "verdict": verdict,
        "ids": rows["id"].iloc[best : ends[best]].tolist(),
    }


def _between(times: np.ndarray, start: int, end: int) -> int:
    return int(np.searchsorted(times, end, "right") - np.searchsorted(times, start, "left"))
