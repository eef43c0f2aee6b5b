"""Small tables of scored mentions and of hours, for the tests of the measures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import mentions

CHANCES = {"negative": (0.8, 0.1, 0.1), "neutral": (0.1, 0.8, 0.1), "positive": (0.1, 0.1, 0.8)}


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def scored(times: Sequence[pd.Timestamp], labels: Sequence[str | None], **columns: object) -> pd.DataFrame:
    """One mention per time, by an author of its own unless `author` is given; a label of None is unscored."""
    n = len(times)
    base = pd.DataFrame({"id": [f"{i:06d}" for i in range(n)], "published_at": pd.Series(times, dtype="object")})
    base["published_at"] = pd.to_datetime(base["published_at"], utc=True)
    base = base.assign(platform="x", text="text", kind="post", source="a.csv", source_row=range(1, n + 1))
    base["author"] = [f"u_{i:010d}" for i in range(n)]
    extra = {
        name: columns.pop(name) for name in ("from_brand", "cause", "cause_confidence", "copied") if name in columns
    }
    out = mentions.conform(base.assign(**columns))
    out["from_brand"] = extra.get("from_brand", False)
    for k, name in enumerate(("negative", "neutral", "positive")):
        out[f"p_{name}"] = [np.nan if label is None else CHANCES[label][k] for label in labels]
    out["cause"] = pd.array(extra.get("cause", [pd.NA] * n), dtype="Int64")
    out["cause_confidence"] = pd.Series(extra.get("cause_confidence", np.nan), index=out.index, dtype="float64")
    out["copied"] = pd.Series(extra.get("copied", False), index=out.index, dtype="boolean")
    return out


def hours(start: str, end: str, unseen: Sequence[tuple[str, str]] = (), state: str = "unseen") -> pd.DataFrame:
    """The hours of [start, end), all seen but those of `unseen`."""
    index = pd.date_range(at(start), at(end), freq="h", inclusive="left").as_unit("us")
    states = np.full(len(index), "seen", dtype=object)
    for left, right in unseen:
        states[np.asarray((index >= at(left)) & (index < at(right)))] = state
    return pd.DataFrame({"brand": "Acme", "hour": index, "mentions": 0, "state": states, "reason": None})
