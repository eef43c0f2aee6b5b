"""Meltwater exports as they were until about 2023: tab-separated text in UTF-16 with a byte-order mark, named `.csv`.

- The text of a post is in `Hit Sentence`; `Headline` is empty for posts, the title for articles.
- `Source` is the network ("Twitter") or the name of a medium: without a network the platform is "web".
- A post on X goes by the id in its `URL`, else by `Tweet Id`, which some exports put in quotation marks and which
  spreadsheets round; what is elsewhere by its address.
- `Influencer` is the author, a handle with its @ on X; `Twitter Screen Name` the same without it.
- `Date` is `06-Feb-2022 03:03PM`, in the time zone of the account, which it does not say. Where only the day is there,
  `Alternate Date Format` repeats it, and the hour is in `Time`.
- Engagement has no columns but one sum: likes, replies and reposts are not recorded. The social echoes count posts on a
  network that link to an article, and are none of its reposts. `Reach` is an estimate, and left out.
- Parents are not recorded: a repost is known by its "RT @" alone.
- `Input Name` is the search that found a document, and the brand: an export may hold several.

Not confirmed: that "QT @" begins the text of a quote.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import networks
from analysis.archive.formats.meltwater import counts, iso_times, quoted
from analysis.archive.formats.networks import either, first_of
from analysis.archive.records import Format, Mapped


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    address = first_of(records, ["URL"])
    platform = networks.platforms(networks.named(first_of(records, ["Source"])), address).fillna("web")
    tweet = first_of(records, ["Tweet Id"]).str.strip("\"'= ")
    text = first_of(records, ["Hit Sentence", "Opening Text", "Headline"])
    filled = networks.fill(
        mapped,
        id=either(networks.posts(address), tweet, networks.ids(address)),
        text=text,
        platform=platform,
        kind=quoted(text),
        author=first_of(records, ["Influencer", "Twitter Screen Name"]),
        **counts(records, platform),
    )
    dated = first_of(records, ["Date", "Alternate Date Format"])
    filled = networks.fill(filled, published_at=dated)
    return filled.assign(published_at=iso_times(filled["published_at"], first_of(records, ["Time"]))), []


FORMAT = Format(
    name="meltwater-legacy",
    marks=(frozenset({"Headline", "Hit Sentence", "Alternate Date Format"}),),
    columns={
        "published_at": ("Date", "Alternate Date Format"),
        "author": ("Twitter Screen Name", "Influencer"),
        "author_followers": "Twitter Followers",
        "text": ("Hit Sentence", "Opening Text", "Headline"),
        "language": "Language",
        "brand": "Input Name",
        "url": "URL",
    },
    shape=_shape,
)
