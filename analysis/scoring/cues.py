"""Cues that weigh whatever the volume: somebody hurt or endangered, data breached, discrimination, the law.

By rules in English and Chinese, on texts as they are. A cue is read where harm is reported, alleged or feared as real,
or where legal steps are taken, threatened or urged; figures of speech, denials and suppositions are cut out of a text
before it is read. How often a reader agreed stands in `KNOWN`; only what `FLOOR_CUES` names may raise a level of
severity, and the rest is for people to look at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.scoring import cues_en, cues_zh, signs
from analysis.scoring.signs import Accuracy

CUES = ("safety", "breach", "discrimination", "legal")
KNOWN: Mapping[str, Mapping[str, Accuracy]] = {
    "en": {
        "safety": Accuracy(0.827, 0.731, 0.894, 81),
        "breach": Accuracy(0.833, 0.641, 0.933, 24),
        "discrimination": Accuracy(0.731, 0.615, 0.823, 67),
        "legal": Accuracy(0.896, 0.808, 0.946, 77),
    },
    "zh": {"safety": Accuracy(0.882, 0.766, 0.945, 51)},
}
"""Precision by language, on real mentions of three archives and on Chinese reviews of meals:
`python -m tests.benchmarks.cues`. Much of it was read while the rules were written; the other cues have not been
measured in Chinese."""
FLOOR_PRECISION = 0.7
"""A cue that is wrong more often than three times in ten raises no level. A floor rests on three voices or more
(`measures.cue_alarm`): at this precision two of three are right nearly eight times in ten, and one of them all but
three times in a hundred, if they err apart."""
FLOOR_CUES: Mapping[str, tuple[str, ...]] = {
    language: tuple(cue for cue in CUES if cue in known and known[cue].value >= FLOOR_PRECISION)
    for language, known in KNOWN.items()
}
"""Cues that may raise a level of severity, by language of the mention."""
_UNREAD = r"https?://\S+|\bpic\.twitter\.com/\S+|[@＠]\w+"
"""Addresses and handles: a name is no word."""
_HAN = r"\p{Han}"


def cues(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[safety, breach, discrimination, legal], a row per text, in English and Chinese; else all false.

    Patterns run in RE2, in time linear in the text, of which `masking.LIMIT` characters are read.
    """
    import pyarrow.compute as pc

    column = pc.replace_substring_regex(signs.column(texts), _UNREAD, " ")
    han = signs.found(column, _HAN)
    out = {}
    for name in CUES:
        out[name] = _stands(column, *cues_en.RULES[name], np.ones(len(han), dtype=bool))
        out[name] |= _stands(column, *cues_zh.RULES[name], han)
    return pd.DataFrame(out, columns=list(CUES))


def _stands(column: Any, pattern: str, traps: str, where: np.ndarray) -> np.ndarray:
    """bool (n,): where `pattern` still stands once `traps` are cut out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = np.flatnonzero(where)
    rows = rows[signs.found(column.take(pa.array(rows)), pattern)]
    cut = pc.replace_substring_regex(column.take(pa.array(rows)), f"(?i:{traps})", " ¦ ")
    out = np.zeros(len(where), dtype=bool)
    out[rows[signs.found(cut, pattern)]] = True
    return out


def for_floors(found: pd.DataFrame, languages: Sequence[str | None]) -> pd.DataFrame:
    """`found` (of `cues`) without what may raise no level in the row's language; same shape and index."""
    spoken = np.array([language if isinstance(language, str) else "" for language in languages], dtype=object)
    may = {cue: np.isin(spoken, [code for code, kept in FLOOR_CUES.items() if cue in kept]) for cue in found.columns}
    return pd.DataFrame({cue: found[cue].to_numpy(dtype=bool) & may[cue] for cue in found.columns}, index=found.index)
