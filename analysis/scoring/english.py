"""English sentiment, the better tier: MiniLM tuned to it, with a logistic head; and VADER, to compare with."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from analysis.scoring.emoji import VERSION as EMOJI_VERSION
from analysis.scoring.emoji import named

if TYPE_CHECKING:
    import numpy as np

HEAD = Path(__file__).parent / "weights" / "english_head.json"
ADAPTER = HEAD.with_suffix(".npz")
"""Changes to MiniLM's weights that were learnt with the head."""
DIGITS = 6
"""Probabilities are rounded to this many digits, so that the last bits of a sum never reach a report."""


class HeadScorer:
    """Logistic head on MiniLM, both tuned to sentiment; weights/README.md tells where the weights come from."""

    name = "minilm-head-en"
    languages = ("en",)

    def __init__(self, weights: Path = HEAD, models: Path | None = None) -> None:
        """`weights` is the head, with changes to MiniLM's weights beside it as .npz where it names any.

        `models` is the folder in which MiniLM's graph is kept; None is the user's own cache folder.
        """
        from analysis.scoring.embedding import MINILM_VERSION

        held = json.loads(weights.read_text(encoding="utf-8"))
        self._models = models
        self._adapter = weights.with_suffix(".npz") if held.get("adapter") else None
        self.version = f"{held['version']}+{MINILM_VERSION}+{EMOJI_VERSION}"
        self.known_error: dict[str, Any] = held["known_error"]
        self._coefficients = held["coefficients"]
        self._intercepts = held["intercepts"]

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        from analysis.scoring.embedding import minilm

        if not len(texts):
            return np.empty((0, 3))
        vectors = minilm([named(text) for text in texts], cache=self._models, adapter=self._adapter).astype(np.float64)
        # einsum, since a matrix product's last bits may depend on how many rows it is given.
        scores = np.einsum("nd,cd->nc", vectors, np.array(self._coefficients)) + np.array(self._intercepts)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return rounded(weights / weights.sum(axis=1, keepdims=True))


class VaderScorer:
    """VADER (Hutto & Gilbert 2014): a lexicon with rules; its compound score becomes probabilities.

    The likeliest class is VADER's own: positive from +.05, negative from −.05, neutral between. The probability of that
    class grows with the distance from the border; it is a ranking, not a calibrated probability.
    """

    name = "vader-en"
    version = "3.3.2"
    languages = ("en",)
    known_error: ClassVar[dict[str, Any]] = {
        "macro_f1": 0.517,
        "macro_f1_second_set": 0.56,
        "net_sentiment_mae": 0.467,
        "net_sentiment_r": 0.912,
        "net_sentiment_bias": 0.467,
        "source": "tests/benchmarks/sentiment_en.py on 14,485 tweets to US airlines, 2015, brand names masked",
    }

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        analyser = _vader()
        compound = np.array([analyser.polarity_scores(text)["compound"] for text in texts], dtype=np.float64)
        polar = np.where(np.abs(compound) >= 0.05, 0.5 + np.abs(compound) / 2, np.abs(compound) * 8)
        negative, positive = np.where(compound < 0, polar, 0.0), np.where(compound > 0, polar, 0.0)
        return rounded(np.column_stack([negative, 1 - polar, positive]))


@cache
def _vader() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def rounded(probabilities: "np.ndarray") -> "np.ndarray":
    """`probabilities` (n, 3) to DIGITS digits, each row still summing to 1."""
    import numpy as np

    negative, positive = probabilities[:, 0].round(DIGITS), probabilities[:, 2].round(DIGITS)
    return np.column_stack([negative, (1 - negative - positive).round(DIGITS).clip(0), positive])
