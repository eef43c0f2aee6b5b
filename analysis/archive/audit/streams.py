"""Sampled streams: ids that show that the platform handed out one post in a hundred, or in ten.

Twitter's sample streams held the posts whose ids were made within certain milliseconds of each second: 657 to 666 for
one in a hundred, 657 to 756 for one in ten (Kergl, Roedler & Seeber 2014; Pfeffer, Mayer & Morstatter 2018).
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import claim, parts
from analysis.archive.clock import id_times

WINDOWS = {100: (657, 10), 10: (657, 100)}
"""One post in so many: the first millisecond of each second, and how many milliseconds."""
_NEAR = pd.Timedelta(hours=26.5)


def is_tweet(table: pd.DataFrame) -> np.ndarray:
    """Rows of Twitter's: by their platform, or where that is unknown by an id that carries the post's time."""
    platform = table["platform"].fillna("unknown").str.casefold()
    named = platform.isin(("twitter", "x")).to_numpy()
    unknown = platform == "unknown"
    if not unknown.any():
        return named
    carried = id_times(table["id"][unknown], None)
    near = (carried - table["published_at"][unknown]).abs() <= _NEAR
    return named | near.reindex(table.index, fill_value=False).to_numpy(dtype=bool)


def claims(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Claims sampled_stream about `table`, or about the brands and files whose ids lie in such a window."""
    signs = pd.DataFrame({"rows": is_tweet(table)}, index=table.index)
    carried = id_times(table["id"][signs["rows"]], "twitter")
    near = (carried - table["published_at"][signs["rows"]]).abs() <= _NEAR
    signs["rows"] = near.reindex(table.index, fill_value=False).to_numpy(dtype=bool)
    carried = carried.dropna()
    millisecond = (carried.astype("int64") // 1000 % 1000).reindex(table.index, fill_value=-1).to_numpy()
    for one_in, (first, length) in WINDOWS.items():
        signs[str(one_in)] = signs["rows"] & ((millisecond - first) % 1000 < length)
    out = []
    for part in parts(signs, table, _sampled):
        out.append(claim("sampled_stream", table[part.rows], part.brand, part.files, part.values))
    return out


def _sampled(seen: pd.Series, least: int = 30, share: float = 0.95) -> dict[str, Any] | None:
    """Thirty ids, 95% of them in a tenth of each second: of all posts as many lie there with a chance under 1e-25."""
    rows = int(seen["rows"])
    for one_in in WINDOWS:
        held = int(seen[str(one_in)])
        if rows >= least and held >= share * rows:
            return {"one_in": one_in, "rows": rows, "texts": held, "share": round(held / rows, 4)}
    return None
