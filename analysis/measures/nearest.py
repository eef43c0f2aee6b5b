"""The earlier incidents that an incident is most like, by recorded facts alone, each with what matched."""

from collections.abc import Callable, Mapping, Set
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson

COMPARED = 4
"""Facts that must be recorded of both: two incidents that agree in the only thing known of them are not alike."""
ALIKE = 0.75
"""Likeness in a fact from which on it is said to match: half an order of magnitude apart comes to .5."""
MATCHED = ("incident", "likeness", "compared", "matched", "shared")
SIGNED = ("sign", "n", "of", "share", "low", "high", "reason")


def _equal(one: Any, other: Any) -> float:
    return float(one == other)


def _overlap(one: Any, other: Any) -> float:
    """Jaccard's index of two sets that are not both empty."""
    return len(set(one) & set(other)) / len(set(one) | set(other))


def _magnitude(one: Any, other: Any) -> float:
    """1 where as large, 0 from ten times apart on; a nought is an hour's, a share's or a count's smallest."""
    small = 0.01
    apart = abs(np.log10(max(float(one), small)) - np.log10(max(float(other), small)))
    return float(max(0.0, 1.0 - apart))


def _steps(one: Any, other: Any) -> float:
    """Levels, of which there are four."""
    return 1.0 - abs(float(one) - float(other)) / 3


FACTS: Mapping[str, Callable[[Any, Any], float]] = {
    "crisis_type": _equal,
    "verdict": _equal,
    "causes": _overlap,
    "first_platform": _overlap,
    "severity": _steps,
    "mentions": _magnitude,
    "statement_hours": _magnitude,
    "answer_hours": _magnitude,
    "half_life": _magnitude,
    "cue_first": _equal,
}
"""Fact → likeness of two of them, in [0, 1]. Each counts alike; `causes` are groups of `recurrence.groups`."""


def nearest(rows: pd.DataFrame, causes: Mapping[str, Set[int]], incident: str, *, among: int = 3) -> pd.DataFrame:
    """The incidents that ended before `incident` began, the most like it first, at most `among`: MATCHED.

    `causes`: incident → the groups that contributed to it, none among them; it is absent where that is not known.
    `likeness` is the mean likeness over the facts recorded of both, after Gower 1971 (its complement is his distance);
    what is not recorded neither joins nor parts. `compared`: how many facts that were; under COMPARED an incident is
    left out. `matched`: the facts alike; `shared`: the causes in common.
    """
    facts = {row["incident"]: row | {"causes": causes.get(row["incident"])} for row in rows.to_dict("records")}
    own = facts[incident]
    found = []
    for name, then in facts.items():
        if name == incident or then["brand"] != own["brand"] or not then["end"] <= own["start"]:
            continue
        alike = {
            fact: likeness(own[fact], then[fact])
            for fact, likeness in FACTS.items()
            if _recorded(own[fact]) and _recorded(then[fact]) and (fact != "causes" or own[fact] or then[fact])
        }
        if len(alike) < COMPARED:
            continue
        found.append(
            {
                "incident": name,
                "likeness": float(np.mean(list(alike.values()))),
                "compared": len(alike),
                "matched": [fact for fact, value in alike.items() if value >= ALIKE or (fact == "causes" and value)],
                "shared": sorted((own["causes"] or set()) & (then["causes"] or set())),
            }
        )
    made = pd.DataFrame(found, columns=list(MATCHED))
    return made.sort_values(["likeness", "incident"], ascending=[False, False], ignore_index=True).head(among)


def _recorded(value: Any) -> bool:
    """A list that holds nothing says nothing; a set that does says that there is none."""
    if isinstance(value, (list, set, frozenset)):
        return bool(value) or not isinstance(value, list)
    return value is not None and not pd.isna(value)


def signs(rows: pd.DataFrame) -> pd.DataFrame:
    """What the beginnings of incidents had in common: SIGNED, the most common first.

    `sign`: "cue_first" (a cue of safety, breach or the law rang before the volume did), "before_peak" (the alarm on
    the volume rang before the peak), "forerunner" (a contributing cause was complained of in separate weeks before),
    "one_platform_first", and "platform:<name>" for where it began. `of`: the incidents of which it is known; the share
    with Wilson's interval.
    """
    told: dict[str, pd.Series] = {
        "cue_first": rows["cue_first"].dropna(),
        "before_peak": rows["before_peak"].dropna(),
        "forerunner": rows["forerunners"].dropna().map(bool),
    }
    first = rows["first_platform"].dropna()
    first = first[first.map(len) > 0]
    told["one_platform_first"] = first.map(len) == 1
    for platform in sorted({name for names in first for name in names}):
        told[f"platform:{platform}"] = first.map(lambda names, platform=platform: platform in names)
    found = []
    for sign, seen in told.items():
        known = len(seen)
        share: Estimate = wilson(int(seen.sum()), known) if known else refused("share", "not_recorded", "Wilson")
        found.append(
            {"sign": sign, "n": int(seen.sum()), "of": known}
            | {"share": share.value, "low": share.low, "high": share.high, "reason": share.reason}
        )
    made = pd.DataFrame(found, columns=list(SIGNED)).astype(dict.fromkeys(("share", "low", "high"), "float64"))
    return made.sort_values(["share", "of", "sign"], ascending=[False, False, True], ignore_index=True)
