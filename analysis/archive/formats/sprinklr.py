"""Sprinklr exports of messages, CSV or XLSX; those of a dashboard have a banner and a blank row above the header.

- A post on X goes by the id in its `Permalink`; what is elsewhere by `UniversalMessageId`, Sprinklr's own.
- `SenderScreenName` is the author's handle, `SenderListedName` the name shown.
- `MessageType` names network and kind: `X Update`, `X Reply`, `X Repost`, `Facebook Comment`; before 2023 `Twitter` for
  `X`. `OriginalAuthor` is whose post was passed on; its id is not in the export.
- `CreatedTime` carries no zone unless the export was asked for one: it is that of the user who exported it.
- `Retweets` and `Favorites` are counts of the post itself; followers are in `Sender Followers Count`, spelt without
  blanks in some exports.
- Exports of a dashboard may name the same columns with blanks (`Sender Screen Name`, `Created Time`).

Not confirmed: names of the parent's columns, of counts on networks other than X, and which spellings of `CreatedTime`
there are. They are read where they are there.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import networks
from analysis.archive.formats.networks import either, first_of
from analysis.archive.records import Format, Mapped

_PARENT = ("ParentPermalink", "Parent Permalink", "InReplyToPermalink", "OriginalPermalink", "Original Post Permalink")

_AUTHOR = ("SenderScreenName", "Sender Screen Name", "SenderListedName", "Sender Listed Name")


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    address = first_of(records, ["Permalink", "Message Permalink"])
    sort = first_of(records, ["MessageType", "Message Type"])
    platform = networks.platforms(first_of(records, ["SocialNetwork", "Social Network", "Source"]), address)
    on_x = networks.posts(address)
    own = first_of(records, ["UniversalMessageId", "Universal Message Id"])
    return (
        networks.fill(
            mapped,
            id=either(on_x, own),
            text=first_of(records, ["Message", "Title"]),
            platform=platform,
            author=first_of(records, _AUTHOR),
            kind=networks.kinds(sort),
            parent_id=networks.ids(first_of(records, _PARENT)),
        ),
        [],
    )


FORMAT = Format(
    name="sprinklr",
    marks=(
        frozenset({"UniversalMessageId", "SenderScreenName"}),
        frozenset({"UniversalMessageId", "Message", "CreatedTime"}),
        frozenset({"SenderScreenName", "Message", "CreatedTime"}),
        frozenset({"Universal Message Id", "Sender Screen Name"}),
        frozenset({"Sender Screen Name", "Message", "Created Time"}),
    ),
    columns={
        "published_at": ("CreatedTime", "Created Time"),
        "author": _AUTHOR,
        "author_followers": ("Sender Followers Count", "SenderFollowersCount"),
        "text": ("Message", "Title"),
        "language": ("LanguageCode", "Language Code", "Language"),
        "likes": ("Favorites", "Likes", "Likes Count", "Twitter Favorites"),
        "replies": ("Replies", "Replies Count", "Comments", "Comments Count"),
        "reposts": ("Retweets", "Reposts", "Shares", "Twitter Retweets"),
        "views": ("Views", "Video Views"),
        "url": ("Permalink", "Message Permalink"),
    },
    shape=_shape,
)
