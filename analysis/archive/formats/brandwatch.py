"""Brandwatch (Consumer Research) exports of mentions, CSV or XLSX.

Above the header stand the settings of the export (`Report:`, `Brand:`, `From:`, `To:`, `Label:`) and a blank row; the
header is found by its names. Which columns there are depends on year and subscription:

- `Full Text` may be absent, or empty for networks whose terms forbid it: then `Snippet`, a part around the words
  searched for, and at last `Title` stands for the text.
- Each network has columns of its own (`Twitter Retweets`, later `X Reposts`; `Facebook Likes`; `Instagram Comments`),
  which hold 0 on rows of other networks. A row is given those of its own (`Page Type`, or `Content Source`) alone, and
  one from news or a blog has no counts.
- `Impressions` and `Reach (new)` are estimates of who might have seen a post, not views: they are left out.
- A post on X goes by the id in its `Url`, so that `Twitter Reply to` and `Twitter Retweet of`, which hold addresses,
  lead to their parents. Other posts go by `Resource Id`, Brandwatch's own; without one, by their address.
- `Query Name` is the brand: an export may hold several queries.
- `Date` is `2020-01-31 13:45:00.0`, in the time zone of the account, or carries its offset.
- `Thread Id` is 0, and `Thread URL` the word null, where there is no thread.
- Latitude and longitude that are 0, and the country "Unknown", are no places; no place is read.

Not confirmed: names of columns of networks other than X, Facebook, Instagram and Reddit; that `Twitter Reply to` was
renamed as the counts were. They are read where they are there.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import networks
from analysis.archive.formats.networks import choose, either, first_of
from analysis.archive.records import Format, Mapped

_LABELS = {
    "twitter": ("X", "Twitter"),
    "facebook": ("Facebook",),
    "instagram": ("Instagram",),
    "reddit": ("Reddit",),
    "youtube": ("Youtube",),
    "tiktok": ("TikTok",),
    "linkedin": ("LinkedIn",),
    "bluesky": ("Bluesky",),
}
_COUNTS = {
    "likes": ("Likes", "Like Count"),
    "replies": ("Replies", "Reply Count", "Comments", "Comment Count"),
    "reposts": ("Reposts", "Retweets", "Shares", "Share Count"),
    "author_followers": ("Followers", "Follower Count", "Subscribers"),
}


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    address = first_of(records, ["Url", "Mention URL", "Original Url"])
    said = first_of(records, ["Page Type", "Content Source", "Content Source Name"])
    platform = networks.platforms(said, address)
    reposted = networks.posts(first_of(records, ["X Repost of", "X Retweet of", "Twitter Retweet of"]))
    answered = networks.posts(first_of(records, ["X Reply to", "Twitter Reply to", "Reply To"]))
    own = first_of(records, ["Resource Id", "Mention Id"])
    on_x = networks.posts(address)
    kind = networks.kinds(first_of(records, ["Thread Entry Type"]))
    thread = first_of(records, ["Thread Id"])
    counts = {
        name: networks.of_network(
            records,
            platform,
            {net: [f"{label} {word}" for label in labels for word in words] for net, labels in _LABELS.items()},
        )
        for name, words in _COUNTS.items()
    }
    return (
        networks.fill(
            mapped,
            id=either(on_x, own),
            text=first_of(records, ["Full Text", "Snippet", "Title"]),
            platform=platform,
            kind=choose(reposted.notna(), "repost", kind),
            parent_id=either(reposted, answered),
            thread_id=choose(~thread.isin(("0", "null")), thread),
            **counts,
        ),
        [],
    )


FORMAT = Format(
    name="brandwatch",
    marks=(
        frozenset({"Query Name", "Date", "Url", "Page Type"}),
        frozenset({"Query Name", "Date", "Url", "Content Source"}),
        frozenset({"Query Id", "Query Name", "Date", "Url", "Snippet"}),
        frozenset({"Query Id", "Query Name", "Date", "Url", "Full Text"}),
    ),
    columns={
        "published_at": ("Date", "Mention Date"),
        "author": ("Author", "X Author ID", "Twitter Author ID", "Full Name"),
        "text": ("Full Text", "Snippet", "Title"),
        "language": "Language",
        "brand": "Query Name",
        "url": ("Url", "Mention URL", "Original Url"),
    },
    shape=_shape,
)
