"""What a spike was: a crisis, or attention of another kind (definitions C1, C2).

A crisis is a spike and a significant rise of the negative share about the organisation. Everything else has its own
name, since the same curve of volume may be praise, a joke, anger at somebody else, or a collection that began.
"""

from dataclasses import dataclass
from typing import Literal

from analysis.measures.estimate import Estimate
from analysis.measures.passed_on import PassedOn
from analysis.measures.reading import Targets
from analysis.measures.sentiment import Rise

Kind = Literal[
    "crisis", "paracrisis", "surge", "elsewhere", "namesake", "meme", "joy", "relief", "buzz", "begins", "untold"
]
ALARMING: tuple[Kind, ...] = ("crisis", "paracrisis", "surge")


@dataclass(frozen=True)
class Evidence:
    """What a kind is judged by: the negative share before and during, net sentiment during, whom the negative mentions
    are angry at, the phrase passed on, the share of mentions that are about the organisation, and the level of
    severity (1 to 4, None where it is not known)."""

    rise: Rise
    net: Estimate
    targets: Targets
    phrase: PassedOn
    about: Estimate
    severity: int | None = None


def kind(
    told: Evidence, *, begins: bool = False, mostly: float = 0.5, one_phrase: float = 0.3, margin: float = 0.15
) -> Kind:
    """The kind of a spike.

    `begins`: whether nothing was collected just before it, so that nobody can say that it rose. "untold" where either
    side holds too few scored mentions. A rise is a "paracrisis" (after Coombs & Holladay 2012) where its severity is
    known and at most 2: to be answered or watched without a crisis team. Without a rise: "surge" where more than
    `mostly` of the mentions are negative all the same, "joy" where net sentiment is surely above `margin` (the error
    that a scorer without labels is known to make), "meme" where surely more than `one_phrase` of the people used one
    new phrase, "relief" where the negative share surely fell, else "buzz". "namesake" where surely most mentions are
    about something else, "elsewhere" where the anger is surely at somebody else.
    """
    if _below(told.about, mostly):
        return "namesake"
    if begins:
        return "begins"
    if told.rise.rose is None:
        return "untold"
    negative = told.rise.during.value is not None and float(told.rise.during.value) > mostly
    if told.rise.rose or negative:
        if told.targets.elsewhere:
            return "elsewhere"
        if not told.rise.rose:
            return "surge"
        return "paracrisis" if told.severity is not None and told.severity <= 2 else "crisis"
    if _above(told.net, margin):
        return "joy"
    if _above(told.phrase.share, one_phrase):
        return "meme"
    if told.rise.difference.high is not None and float(told.rise.difference.high) < 0:
        return "relief"
    return "buzz"


def _above(estimate: Estimate, limit: float) -> bool:
    return estimate.value is not None and estimate.low is not None and float(estimate.low) > limit


def _below(estimate: Estimate, limit: float) -> bool:
    return estimate.value is not None and estimate.high is not None and float(estimate.high) < limit
