"""GetOldTweets: what the search page of Twitter showed, a blank after each @ and #, in local times without a zone."""

import re
from typing import Any

import pandas as pd

from analysis.archive.records import Format, Mapped, note

_HANDLE = re.compile(r"@ (?!\d{1,4}(?:[ap]m)?\b)(\w+)", re.IGNORECASE)  # "meet @ 5pm" is not a handle
_TAG = re.compile(r"# (?!\d+\b)(?=\w)")


def _close_up(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    """Take out the blank that the collector put after # and @, the latter only before names that `mentions` lists."""
    if "text" not in mapped or "mentions" not in records:
        return mapped, []
    texts = mapped["text"].fillna("")
    closed = [_repair(text, listed) for text, listed in zip(texts, records["mentions"].fillna(""), strict=True)]
    repaired = pd.Series(closed, index=mapped.index, dtype="string")
    altered = int((repaired != texts).sum())
    notes = [note("altered_text", rows=altered, what="a blank after @ and #")] if altered else []
    return mapped.assign(text=repaired.where(mapped["text"].notna())), notes


def _repair(text: str, listed: str) -> str:
    if "@ " in text:
        names = tuple(name for name in re.findall(r"\w+", listed.casefold()) if name != "u")
        # A name may be followed by text without a blank, so the listed name need only begin it.
        text = _HANDLE.sub(lambda m: "@" + m[1] if names and m[1].casefold().startswith(names) else m[0], text)
    return _TAG.sub("#", text) if "# " in text else text


FORMAT = Format(
    name="get-old-tweets",
    marks=(
        frozenset({"username", "text", "date", "mentions", "hashtags", "retweets", "favorites", "id", "permalink"}),
    ),
    columns={
        "id": "id",
        "published_at": "date",
        "author": "username",
        "text": "text",
        "likes": "favorites",
        "reposts": "retweets",
        "url": "permalink",
    },
    platform="twitter",
    shape=_close_up,
)
