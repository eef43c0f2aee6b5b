"""The content audit: what a collector did to texts, counts, ids and times, and which posts it asked for.

Where `coverage` asks which hours were seen, this asks what may be read from what was seen. Its claims have the same
shape but mark no hours: those who measure engagement, naming or volume consult the kind that concerns them.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.archive.audit import clocks, counts, damage, queries, streams, texts
from analysis.archive.audit.parts import lots, sample

COLUMNS = ("kind", "brand", "start", "end", "values")
USED = (
    *("id", "platform", "published_at", "author", "text", "language", "kind", "parent_id", "brand", "source"),
    *("likes", "replies", "reposts", "views", "last_seen"),
)


def audit(mentions: pd.DataFrame, *, brand: str = "", names: Sequence[str] = ()) -> pd.DataFrame:
    """Claims about `mentions` (the mentions table): kind, brand, start, end (UTC), values.

    `brand` is the label of the organisation in question and `names` its names in texts: terms, and the pseudonyms of
    its accounts; both only serve to find mixed queries. What concerns texts is judged on a sample of up to 60,000, of
    every file some; damage to characters, counts and copies on all rows.
    """
    dated = mentions.loc[mentions["published_at"].notna(), list(USED)]
    draw = lots(dated)
    order = np.lexsort((draw, dated["published_at"].astype("int64").to_numpy()))
    dated, draw = dated.take(order).reset_index(drop=True), draw[order]
    rows = []
    if len(dated):
        drawn = sample(dated, draw)
        rows += queries.claims(drawn, brand=brand, names=names)
        rows += streams.claims(drawn)
        rows += clocks.claims(dated)
        rows += texts.claims(drawn, dated)
        rows += counts.claims(dated)
        rows += damage.claims(dated)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for side in ("start", "end"):
        table[side] = pd.to_datetime(table[side], utc=True).astype("datetime64[us, UTC]")
    return table.sort_values(["brand", "start", "kind"], kind="stable", ignore_index=True)
