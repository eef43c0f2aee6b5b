"""Customer support on Twitter (Kaggle): requests to companies and their replies, joined by ids.

People are numbers already; a company (`inbound` false) goes by its handle. The ids are not Twitter's own.
"""

from typing import Any

import pandas as pd

from analysis.archive.records import Format, Mapped


def _count_responses(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    """`replies` is how many responses a post lists; a post that lists none was recorded with none."""
    listed = records["response_tweet_id"].fillna("").str.count(r"[^\s,]+") if "response_tweet_id" in records else None
    if listed is None:
        return mapped, []
    return mapped.assign(replies=listed.astype("string")), []


FORMAT = Format(
    name="support-on-twitter",
    marks=(frozenset({"tweet_id", "author_id", "inbound", "response_tweet_id", "in_response_to_tweet_id"}),),
    columns={
        "id": "tweet_id",
        "published_at": "created_at",
        "author": "author_id",
        "text": "text",
        "parent_id": "in_response_to_tweet_id",
    },
    platform="twitter",
    shape=_count_responses,
)
