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

from analysis.archive.formats.columns import first_of
from analysis.archive.records import Format, Mapped

_COUNTS = {
    "likes": ("like_count", "likes", "num_likes", "score"),
    "replies": ("reply_count", "replies", "num_comments", "comments"),
    "reposts": ("retweet_count", "repost_count", "num_shares", "shares"),
    "views": ("impression_count", "views", "plays"),
    "author_followers": ("author_followers",),
}


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    seconds, written = first_of(records, ["unix_timestamp"]), first_of(records, ["timestamp"])
    subject, body = first_of(records, ["subject"]), first_of(records, ["body"])
    both = subject.notna() & (subject.str.strip() != "")
    reposted = _yes(records, "is_retweet")
    counts = {name: first_of(records, names) for name, names in _COUNTS.items()}
    shaped = {
        "published_at": seconds.where(seconds.notna(), written),
        "text": body.mask(both, (subject + "\n\n" + body.fillna("")).str.strip()),
        "kind": _kinds(mapped, records, reposted),
        "platform": pd.Series(_platform(records), index=mapped.index, dtype="str"),
        **{name: column.mask(reposted & (name != "author_followers")) for name, column in counts.items()},
    }
    return mapped.assign(**shaped), []


def _kinds(mapped: Mapped, records: pd.DataFrame, reposted: pd.Series) -> pd.Series:
    kind = pd.Series(None, index=mapped.index, dtype="str")
    if "is_retweet" not in records:
        thread, own = first_of(mapped, ["thread_id"]), first_of(mapped, ["id"])
        return kind.mask(thread.notna() & own.notna() & (thread != own), "comment")
    kind = kind.mask(_yes(records, "is_quote_tweet"), "quote")
    return kind.mask(_yes(records, "is_reply"), "reply").mask(reposted, "repost")


def _yes(records: pd.DataFrame, name: str) -> pd.Series:
    return first_of(records, [name]).str.strip().str.casefold().isin(("yes", "true", "1"))


def _platform(records: pd.DataFrame) -> str | None:
    return "twitter" if "is_retweet" in records else "reddit" if "subreddit" in records else None


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
        *(name for names in _COUNTS.values() for name in names),
    ),
    aliases=("fourcat",),
)
