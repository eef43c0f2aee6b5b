"""Reddit dumps (Pushshift and its heirs): submissions and comments, in files of their own or mixed; CSV made of them.

- A comment and a submission may have the same number, so ids carry the prefix that tells them apart, as those of
  parents do already: `t1_` for comments, `t3_` for submissions. A comment's thread is its submission (`link_id`).
- The text of a submission is its title and, below, its `selftext`; of a comment, its `body`. Where a moderator or the
  author took the text away, `[removed]` or `[deleted]` stands for it: no text. The author `[deleted]` is not known.
- `created_utc` is a number, a string in old dumps, a float in CSV made by data frames.
- `score` is votes for less votes against, the author's own vote included: read as likes. A negative one cannot be a
  count and is not recorded; nor is one that was still hidden.
- Counts are those of the moment of capture (`retrieved_on`, `retrieved_utc`), often seconds after posting, when each
  score is 1; later dumps were captured again (`retrieved_2nd_on`).
- `num_comments` counts all comments of a thread, not only replies to the submission. `num_crossposts` are its reposts;
  a crosspost has `crosspost_parent`.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats.networks import first_of
from analysis.archive.records import Format, Mapped

_GONE = frozenset(("[deleted]", "[removed]", "[deleted by user]", "[ removed by reddit ]"))


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    thread = first_of(records, ["link_id"])
    comment = thread.notna() | first_of(records, ["body"]).notna()
    number = first_of(mapped, ["id"]).str.replace(r"^t[13]_", "", regex=True)
    ids = pd.Series("t3_", index=mapped.index, dtype="str").mask(comment, "t1_") + number
    crossposted = first_of(records, ["crosspost_parent"])
    kind = pd.Series("post", index=mapped.index, dtype="str").mask(crossposted.notna(), "repost")
    hidden = first_of(records, ["score_hidden"]).str.casefold() == "true"
    author = first_of(records, ["author"])
    captured = first_of(records, ["retrieved_2nd_on", "retrieved_on", "retrieved_utc"])
    shaped = {
        "id": ids,
        "text": _text(records),
        "author": author.mask(author.isin(_GONE)),
        "kind": kind.mask(comment, "comment"),
        "parent_id": first_of(records, ["parent_id"]).where(comment, crossposted),
        "thread_id": thread.where(comment, ids),
        "likes": _whole(first_of(records, ["score"])).mask(hidden),
        "replies": _whole(first_of(records, ["num_comments"])),
        "reposts": _whole(first_of(records, ["num_crossposts"])),
        "first_seen": first_of(records, ["retrieved_on", "retrieved_utc"]),
        "last_seen": captured,
    }
    return mapped.assign(**shaped), []


def _text(records: pd.DataFrame) -> pd.Series:
    title, body = _kept(records, "title"), _kept(records, "selftext")
    both = (title + "\n\n" + body).where(title.notna() & body.notna(), title.where(title.notna(), body))
    comment = _kept(records, "body")
    return comment.where(comment.notna(), both)


def _kept(records: pd.DataFrame, name: str) -> pd.Series:
    """The column, null where the text was taken away."""
    column = first_of(records, [name])
    return column.mask(column.str.strip().str.casefold().isin(_GONE))


def _whole(counts: pd.Series) -> pd.Series:
    return counts.mask(counts.str.startswith("-", na=False))


FORMAT = Format(
    name="reddit",
    marks=(
        frozenset({"id", "created_utc", "author", "subreddit", "body", "link_id"}),
        frozenset({"id", "created_utc", "author", "subreddit", "title", "selftext"}),
    ),
    columns={"id": "id", "published_at": "created_utc", "text": ("body", "selftext"), "author": "author"},
    platform="reddit",
    shape=_shape,
    reads=(
        "title",
        "selftext",
        "body",
        "link_id",
        "parent_id",
        "crosspost_parent",
        "author",
        "score",
        "score_hidden",
        "num_comments",
        "num_crossposts",
        "retrieved_on",
        "retrieved_utc",
        "retrieved_2nd_on",
    ),
)
