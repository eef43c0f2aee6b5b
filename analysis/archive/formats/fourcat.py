"""4CAT: the table it makes of any network (`thread_id`, `timestamp`, `subject`, `body`, `author` …), CSV or NDJSON.

- `timestamp` is UTC and does not say so: `unix_timestamp` is read where it is there. An older export without it needs
  `time_zone: UTC` in archive.yml.
- The text is the `subject` (empty on most networks), and the `body` below it.
- No column names the network. Those of X (`is_retweet` …) and of Reddit (`subreddit`) do; else say `platform:` in
  archive.yml.
- Posts of X have yes and no for repost, reply and quote, but not the post they refer to: `thread_id` alone joins them,
  and first posts are those whose thread is their own id. On forums, a post of somebody else's thread is a comment.
  Texts of reposts are whole; their counts are their original's and not recorded.
- 4CAT's NDJSON of other networks is that network's own JSON: see x_api_v2_flat and bluesky.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats.networks import first_of
from analysis.archive.records import Format, Mapped

_COUNTS = {
    "likes": ("like_count", "likes", "num_likes", "score"),
    "replies": ("reply_count", "replies", "num_comments", "comments"),
    "reposts": ("retweet_count", "repost_count", "num_shares", "shares"),
    "views": ("impression_count", "views", "plays"),
}


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    subject, body = first_of(records, ["subject"]), first_of(records, ["body"])
    reposted = _yes(records, "is_retweet")
    on_x = first_of(records, ["is_retweet"]).notna()
    thread, own = first_of(mapped, ["thread_id"]), first_of(mapped, ["id"])
    kind = pd.Series(None, index=mapped.index, dtype="str")
    kind = kind.mask(~on_x & thread.notna() & own.notna() & (thread != own), "comment")
    kind = kind.mask(_yes(records, "is_quote_tweet"), "quote").mask(_yes(records, "is_reply"), "reply")
    platform = pd.Series(None, index=mapped.index, dtype="str")
    platform = platform.mask(first_of(records, ["subreddit"]).notna(), "reddit").mask(on_x, "twitter")
    counts = {name: first_of(records, names).mask(reposted) for name, names in _COUNTS.items()}
    shaped = {
        "published_at": first_of(records, ["unix_timestamp", "timestamp"]),
        "author_followers": first_of(records, ["author_followers"]),
        "text": body.mask(subject.notna(), (subject + "\n\n" + body.fillna("")).str.strip()),
        "kind": kind.mask(reposted, "repost"),
        "platform": platform,
    }
    return mapped.assign(**shaped, **counts), []


def _yes(records: pd.DataFrame, name: str) -> pd.Series:
    return first_of(records, [name]).str.strip().str.casefold().isin(("yes", "true", "1"))


FORMAT = Format(
    name="4cat",
    marks=(
        frozenset({"id", "thread_id", "timestamp", "body", "author"}),
        frozenset({"id", "thread_id", "unix_timestamp", "body", "author"}),
    ),
    columns={
        "id": "id",
        "published_at": ("unix_timestamp", "timestamp"),
        "author": "author",
        "text": "body",
        "language": "language_guess",
        "parent_id": ("parent", "parent_id", "reply_to"),
        "thread_id": "thread_id",
        "url": ("link", "url"),
    },
    zone_hint="UTC",
    shape=_shape,
    reads=(
        "unix_timestamp",
        "timestamp",
        "subject",
        "body",
        "is_retweet",
        "is_reply",
        "is_quote_tweet",
        "subreddit",
        "author_followers",
        *(name for names in _COUNTS.values() for name in names),
    ),
    aliases=("fourcat",),
)
