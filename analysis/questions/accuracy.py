"""How often rules are right, as an estimate: by whose labels, and how the labelled texts were drawn."""

from typing import Literal

from analysis.measures.estimate import Estimate
from analysis.scoring.signs import Accuracy

Drawn = Literal["reader's labels", "stratified_jeffreys", "on invented statements in other words"]
"""Texts labelled as they came; texts drawn by stratum and weighed back, with Jeffreys' interval in each; and texts that
were written for the test."""


def accuracy(found: Accuracy, drawn: Drawn = "reader's labels") -> Estimate:
    """`found` as a share with its interval; `drawn` is its method."""
    return Estimate(found.value, "share", found.n, drawn, found.low, found.high)
