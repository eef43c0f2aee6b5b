"""The face of a scorer, and which scorer is used for what."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np

CLASSES = ("negative", "neutral", "positive")
FAST_ABOVE = 200_000
"""Distinct texts above which English is scored by the fast tier."""
AUTO, FAST = "auto", "fast"
"""What an incident may ask for, besides a model of its own."""
TIERED = ("en",)
"""Languages that have a better and a fast tier."""
Tier = Literal["better", "fast", "only", "chosen"]


class Scorer(Protocol):
    """Anything that gives each text three probabilities; a text's answer never depends on its neighbours."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Changes whenever an answer does: it is part of the cache's key."""

    @property
    def languages(self) -> tuple[str, ...]: ...

    @property
    def known_error(self) -> dict[str, Any]:
        """Plain numbers, measured on texts the scorer was not made from, and `source`: by which command, on what."""

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        """float64 (n, 3): negative, neutral, positive, each row summing to 1; `texts` are masked."""


def choose(
    languages: Sequence[str],
    distinct: int,
    models: Path,
    *,
    fast_above: int = FAST_ABOVE,
    asked: Mapping[str, str] | None = None,
) -> dict[str, Scorer]:
    """The scorer of each of `languages` that one covers; `distinct` texts are to be scored.

    English: the better tier, or the fast one above `fast_above` texts. Chinese: character n-grams, trained at first use
    and kept in the folder `models`; there is no second tier. `asked` overrules this by language: "fast", or a
    transformers model as `transformer.locate` takes it; "auto" is the rule above. A language without a scorer is
    absent: its mentions stay unscored. Raises InputError where what is asked for cannot be used.
    """
    from analysis.scoring.chinese import NgramScorer
    from analysis.scoring.english import HeadScorer
    from analysis.scoring.fast_english import FastScorer
    from analysis.scoring.transformer import TransformerScorer

    chosen: dict[str, Scorer] = {}
    for language in languages:
        found = tier(language, distinct, fast_above=fast_above, asked=asked)
        if found == "chosen":
            chosen[language] = TransformerScorer((asked or {})[language], language)
        elif language == "en":
            chosen[language] = FastScorer() if found == "fast" else HeadScorer(models=models)
        elif language == "zh":
            chosen[language] = NgramScorer(models)
    return chosen


def tier(language: str, distinct: int, *, fast_above: int = FAST_ABOVE, asked: Mapping[str, str] | None = None) -> Tier:
    """Which tier scores `language`: "chosen" is a model that the incident names, "only" where there is one tier."""
    wanted = (asked or {}).get(language, AUTO)
    if wanted not in (AUTO, FAST):
        return "chosen"
    if language not in TIERED:
        return "only"
    return "fast" if wanted == FAST or distinct > fast_above else "better"


def label(probabilities: "np.ndarray") -> "np.ndarray":
    """The likeliest class of each row as −1, 0 or 1: what net sentiment is the mean of."""
    return probabilities.argmax(axis=1) - 1
