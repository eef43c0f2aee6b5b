"""Talkwalker exports of results: CSV in UTF-8, its columns named by the paths of the fields of a document.

- The text is in `content`; where the export has it not, `content_snippet`, a part with the words searched for marked as
  HTML, stands for it, and at last the title. Posts on X come without either, by its terms: they are rejected for having
  no text, but for those whose text was added since.
- A post on X goes by `external_id`, or the id in its `url`; what is elsewhere by its address. So `parent_url` leads to
  the parent, such as what a comment is on. Where it is the post's own address, or that of the site, there is none.
- `published` is Unix time in milliseconds.
- `source_type` lists a kind of source and the network: `SOCIALMEDIA, SOCIALMEDIA_TWITTER`.
- Counts have columns for each network below `article_extended_attributes.`, which other software fills with 0 where
  there were none: a row is given those of its own network alone. `engagement` is their sum, `reach` an estimate, and
  neither is read. Followers are below `source_extended_attributes.`.
- The author is `extra_author_attributes.short_name`, a handle, else `.name`.

Not confirmed: in which of its spellings `tags_internal` marks a comment outside the API; whether exports write
`published` as text.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import networks
from analysis.archive.formats.networks import choose, either, first_of
from analysis.archive.records import Format, Mapped

_ARTICLE = "article_extended_attributes."
_SOURCE = "source_extended_attributes."
_NETWORKS = ("twitter", "facebook", "instagram", "youtube", "tiktok", "linkedin", "reddit")
_COUNTS = {
    "likes": (_ARTICLE, ("likes", "reactions_total")),
    "replies": (_ARTICLE, ("replies", "comments")),
    "reposts": (_ARTICLE, ("retweets", "shares")),
    "views": (_ARTICLE, ("views",)),
    "author_followers": (_SOURCE, ("followers",)),
}


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    address = first_of(records, ["url"])
    platform = networks.platforms(first_of(records, ["source_type", "external_provider"]), address)
    on_x = choose((platform == "twitter").fillna(False), first_of(records, ["external_id"]))
    parent = first_of(records, ["parent_url"])
    for name in ("url", "root_url", "host_url", "domain_url"):
        same = parent.str.rstrip("/") == first_of(records, [name]).str.rstrip("/")
        parent = choose(~same.fillna(False), parent)
    comment = first_of(records, ["tags_internal"]).str.contains(r"(?i)\bis_?comment\b").fillna(False).astype(bool)
    counted = {
        name: networks.of_network(
            records, platform, {net: [f"{path}{net}_{word}" for word in words] for net in _NETWORKS}
        )
        for name, (path, words) in _COUNTS.items()
    }
    comments = choose(platform.isin(_NETWORKS), first_of(records, [f"{_ARTICLE}num_comments"]))
    counted["replies"] = either(counted["replies"], comments)
    return (
        networks.fill(
            mapped,
            id=either(on_x, networks.ids(address)),
            text=_text(records),
            platform=platform,
            author=first_of(records, [f"extra_author_attributes.{name}" for name in ("short_name", "name", "id")]),
            kind=choose(comment, "comment"),
            parent_id=networks.ids(parent),
            **counted,
        ),
        [],
    )


def _text(records: pd.DataFrame) -> pd.Series:
    """The content, else what is shown of it without its marks, else the title."""
    marked = first_of(records, ["content_snippet", "title_snippet"]).str.replace(r"</?\w+>", "", regex=True)
    return either(first_of(records, ["content"]), marked, first_of(records, ["title"]))


FORMAT = Format(
    name="talkwalker",
    marks=(
        frozenset({"published", "content_snippet", "title_snippet", "url"}),
        frozenset({"published", "url", "content", "extra_author_attributes.name"}),
        frozenset({"published", "url", "content", "extra_author_attributes.short_name"}),
        frozenset({"published", "url", "content", "extra_source_attributes.name"}),
    ),
    columns={
        "published_at": "published",
        "text": ("content", "content_snippet", "title_snippet", "title"),
        "language": "lang",
        "url": "url",
    },
    shape=_shape,
)
