"""Meltwater exports as they are now (Explore): CSV in UTF-8, or tab-separated UTF-16; or XLSX.

- A row that is none of the table may precede the header; the header is found by its names.
- The text of a post is in `Hit Sentence`; `Title` may be empty, and `Opening Text` is the beginning of an article.
- `Date` is `06-Feb-2026 03:03PM`, or has its hours in a column `Time` beside it; neither says the zone, which is that
  of the account.
- A post on X goes by the id in its `URL`; what is elsewhere by `Document ID`, Meltwater's own.
- `Parent URL` and `Thread URL`, where the export has them, lead to a post on X by its id; to what is elsewhere they do
  not, for that goes by `Document ID`.
- Counts have thousands separators (`1,200`). On X the answers to a post are its `Replies`, elsewhere its `Comments`;
  what is passed on is `Reposts` on X, `Shares` elsewhere. `Estimated Views` and `Reach` are estimates of who might have
  seen a post: they are left out.
- `Source Type` is the network or the sort of medium; where it says neither ("Social"), `Source Name` is the network.
- `Input Name` is the search that found a document, and the brand: an export may hold several.
- The last row may be a total.

Not confirmed: that "QT @" begins the text of a quote as "RT @" does that of a repost; that `Content Type` tells kinds
of posts. They are read where they are there.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import networks
from analysis.archive.formats.networks import choose, either, first_of
from analysis.archive.records import Format, Mapped

_SPELT = ("%d-%b-%Y %I:%M%p", "%d-%b-%Y %I:%M:%S%p", "%d-%b-%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d-%b-%Y")
_HERE = ("twitter", "bluesky", "threads")
"""Networks on which posts are answered and reposted; on others they are commented on and shared."""


def iso_times(dates: pd.Series, times: pd.Series) -> pd.Series:
    """`06-Feb-2026 03:03PM`, or a date and the time beside it, in ISO 8601; what is spelt otherwise is left."""
    dated = (times.isna() | dates.str.contains(":", regex=False)).fillna(True)
    out = choose(dated, dates, dates + " " + times)
    left = out[out.str.match(r"\s*\d{1,2}-[A-Za-z]{3}-\d{2,4}\b").fillna(False)].str.strip()
    left = left.str.replace(r"\s+(?=[AaPp][Mm]$)", "", regex=True)
    left = left.str.replace(r"^(.{5,6}-)(\d\d)\b", r"\g<1>20\2", regex=True)
    for spelling in _SPELT:
        if left.empty:
            break
        read = pd.to_datetime(left, format=spelling, errors="coerce").dropna()
        form = "%Y-%m-%d %H:%M:%S" if "%M" in spelling else "%Y-%m-%d"
        out = either(read.dt.strftime(form).astype("str").reindex(out.index), out)
        left = left.drop(read.index)
    return out


def counts(records: pd.DataFrame, platform: pd.Series) -> dict[str, pd.Series]:
    """Engagement, by what the platform of each row calls it."""
    here = platform.isin(_HERE)
    passed_on = ["Reposts", "Retweets"]
    return {
        "likes": first_of(records, ["Likes", "Reactions"]),
        "replies": choose(here, first_of(records, ["Replies", "Comments"]), first_of(records, ["Comments", "Replies"])),
        "reposts": choose(here, first_of(records, [*passed_on, "Shares"]), first_of(records, ["Shares", *passed_on])),
        "views": first_of(records, ["Views"]),
    }


def quoted(texts: pd.Series) -> pd.Series:
    """Kinds of posts by how their texts begin: quotes, else null."""
    return choose(texts.str.startswith("QT @").fillna(False), "quote")


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    address = first_of(records, ["URL"])
    platform = networks.platforms(first_of(records, ["Source Type", "Information Type"]), address)
    source = networks.named(first_of(records, ["Source Name"]))
    platform = choose(platform.isin(networks.PLATFORMS), platform, either(source, platform))
    text = first_of(records, ["Hit Sentence", "Opening Text", "Title", "Headline"])
    kind = networks.kinds(first_of(records, ["Content Type"]))
    filled = networks.fill(
        mapped,
        id=either(networks.posts(address), first_of(records, ["Document ID"])),
        text=text,
        platform=platform,
        kind=either(quoted(text), kind),
        author=first_of(records, ["Author Handle", "Author Name"]),
        parent_id=networks.ids(first_of(records, ["Parent URL"])),
        thread_id=networks.ids(first_of(records, ["Thread URL"])),
        **counts(records, platform),
    )
    return filled.assign(published_at=iso_times(filled["published_at"], first_of(records, ["Time"]))), []


FORMAT = Format(
    name="meltwater",
    marks=(
        frozenset({"Document ID", "Source Type", "Author Handle"}),
        frozenset({"Document ID", "Hit Sentence", "Input Name"}),
    ),
    columns={
        "published_at": "Date",
        "author": ("Author Handle", "Author Name"),
        "author_followers": ("Followers", "Author Followers"),
        "text": ("Hit Sentence", "Opening Text", "Title", "Headline"),
        "language": "Language",
        "brand": "Input Name",
        "url": "URL",
    },
    shape=_shape,
)
