"""twarc-csv: the X API v2 as a table, a row a post, names with dots (`public_metrics.like_count`).

- Line breaks in texts stand as a backslash and an n, so that each row is one line: they are made line breaks again.
- `referenced_tweets.replied_to.id`, `.retweeted.id` and `.quoted.id` are what a post refers to: the one it reposts is
  its parent, else the one it answers, else the one it quotes.
- A repost has the whole text of its original, without "RT @name:", and its original's counts: none of its own are
  recorded. `impression_count` is 0 for posts from before it was counted: not recorded.
- Posts that others refer to may stand in rows of their own, though they need not match the query: `twarc2 csv` writes
  them with `--inline-referenced-tweets`, which once was the default.
- Counts are those of `__twarc.retrieved_at`, which is when a post was first and last seen.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats.networks import first_of
from analysis.archive.formats.x_api_v2_flat import NO_LANGUAGE
from analysis.archive.records import Format, Mapped

_COUNTED = ("likes", "replies", "reposts", "views")


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    reposted, answered, quoted = (
        first_of(records, [f"referenced_tweets.{relation}.id"]) for relation in ("retweeted", "replied_to", "quoted")
    )
    kind = pd.Series("post", index=mapped.index, dtype="str")
    kind = kind.mask(quoted.notna(), "quote").mask(answered.notna(), "reply").mask(reposted.notna(), "repost")
    shaped = {name: mapped[name].mask(reposted.notna()) for name in _COUNTED if name in mapped}
    if "views" in shaped:
        shaped["views"] = shaped["views"].mask(shaped["views"].isin(("0", "0.0")))
    if "language" in mapped:
        shaped["language"] = mapped["language"].mask(mapped["language"].isin(NO_LANGUAGE))
    shaped |= {
        "text": mapped["text"].str.replace("\\n", "\n", regex=False),
        "kind": kind,
        "parent_id": reposted.where(reposted.notna(), answered.where(answered.notna(), quoted)),
    }
    return mapped.assign(**shaped), []


FORMAT = Format(
    name="twarc-csv",
    marks=(
        frozenset(
            {
                "id",
                "text",
                "created_at",
                "author_id",
                "conversation_id",
                "public_metrics.like_count",
                "referenced_tweets.replied_to.id",
            }
        ),
    ),
    columns={
        "id": "id",
        "published_at": "created_at",
        "author": ("author.username", "author_id"),
        "author_followers": "author.public_metrics.followers_count",
        "text": "text",
        "language": "lang",
        "thread_id": "conversation_id",
        "likes": "public_metrics.like_count",
        "replies": "public_metrics.reply_count",
        "reposts": "public_metrics.retweet_count",
        "views": "public_metrics.impression_count",
        "first_seen": "__twarc.retrieved_at",
        "last_seen": "__twarc.retrieved_at",
    },
    platform="twitter",
    shape=_shape,
    reads=tuple(f"referenced_tweets.{relation}.id" for relation in ("retweeted", "replied_to", "quoted")),
)
