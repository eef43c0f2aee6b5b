"""What a reply does for its reader: says sorry, feels with them, explains, offers a way out."""

import re
from collections.abc import Sequence

import pandas as pd

ACTS = ("empathy", "apology", "explanation", "solution")
_PATTERNS = {
    "empathy": r"\bunderstand\b|\bfrustrat|理解|着急",
    "apology": r"\bsorry\b|\bapolog|抱歉|对不起|道歉",
    "explanation": r"\bbecause\b|\bdue to\b|由于|原因",
    "solution": r"\btry\b|\brestart|\brefund|退款|请重启",
}


def acts(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame[ACTS], a row per text."""
    return pd.DataFrame(
        {name: [re.search(_PATTERNS[name], text, re.I) is not None for text in texts] for name in ACTS}, dtype=bool
    )
