"""Signs in texts by pattern, over a whole column at once with RE2: no look-around in patterns, and no way to hang."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis.scoring import masking


class Accuracy(NamedTuple):
    """How often rules are right on a reader's labels: a share, its 95% interval, and of how many."""

    value: float
    low: float
    high: float
    n: int


class Rule(NamedTuple):
    """What shows something in a text, and what only looks like it: patterns without look-around.

    What `traps` covers is cut out of a text before `signs` are looked for in it.
    """

    signs: str
    traps: str


def column(texts: Sequence[str]) -> Any:
    """`texts` as an Arrow column, cut at `masking.LIMIT`; a lone surrogate becomes a question mark."""
    import pyarrow as pa

    return pa.array([text[: masking.LIMIT].encode("utf-8", "replace").decode() for text in texts], pa.large_string())


def found(texts: Any, pattern: str) -> np.ndarray:
    """bool (n,): whether `pattern` stands in each text of an Arrow column, whatever its case."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False).astype(bool)


def counted(texts: Any, pattern: str, *, cased: bool = False) -> np.ndarray:
    """int (n,): how often `pattern` stands in each text."""
    import pyarrow.compute as pc

    return pc.count_substring_regex(texts, pattern, ignore_case=not cased).to_numpy(zero_copy_only=False).astype(int)


def words(*families: str) -> str:
    """A pattern for any of the English words in `families`, each a list with "|" between."""
    return r"\b(?:" + "|".join(families) + r")\b"
