"""Mastodon and its kin (Pleroma, Akkoma, GoToSocial): statuses as the API gives them, alone, in lists or in pages.

- `content` is HTML: paragraphs and `<br>` become line breaks, other tags go, what they enclose stays, so that the parts
  of a shortened link make the whole link again. A content warning (`spoiler_text`) is text of the author's and comes
  first.
- `id`, and so `in_reply_to_id`, is a number of the server that was asked: archives of several servers join by `url`
  alone, and a person is `name` on their own server and `name@server` on others.
- A repost has no text of its own; `reblog` holds the original, whose text it gets. Its counts are its original's, so
  they are not recorded. A quote, new in 2025, holds its original in `quote`.
- `replies_count`, `reblogs_count` and `favourites_count` are what that server has heard of: lower bounds for posts of
  other servers.
- There are no threads but Pleroma's. `visibility` may be `private` or `direct`: such posts should not be in an archive.
"""

import re
from collections.abc import Iterator
from typing import Any

from analysis.archive.formats.nested import Object, at, columns_under, first, objects_in, with_mention
from analysis.archive.records import Format

_BREAK = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</(?:p|div|li|blockquote|pre|h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_BREAKS = re.compile(r"\n{3,}")


def plain_text(content: Any) -> Any:
    """HTML as text with line breaks; entities stay, for they are read where all text is."""
    if not isinstance(content, str) or "<" not in content:
        return content
    text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", content))
    return _BREAKS.sub("\n\n", _TAG.sub("", text)).strip()


def statuses(item: Object) -> Iterator[Object]:
    """`item`, or the statuses of a page of results, with their columns of the mentions table."""
    page = item.get("statuses")
    for status in objects_in(page if isinstance(page, list) else [item]):
        yield _status(status)


def _status(status: Object) -> Object:
    reblog = status.get("reblog")
    reposted = isinstance(reblog, dict)
    answered = status.get("in_reply_to_id")
    quoted = first(at(status, "quote", "quoted_status", "id"), at(status, "quote", "id"))
    if reposted:
        kind, parent = "repost", at(reblog, "id")
    elif answered is not None:
        kind, parent = "reply", answered
    else:
        kind, parent = "quote" if quoted else "post", quoted
    counted = {} if reposted else status
    return with_mention(
        status,
        id=status.get("id"),
        published_at=status.get("created_at"),
        author=first(at(status, "account", "acct"), at(status, "account", "username")),
        author_followers=at(status, "account", "followers_count"),
        text=_text(reblog if reposted else status),
        language=first(status.get("language"), at(reblog, "language")),
        kind=kind,
        parent_id=parent,
        thread_id=at(status, "pleroma", "conversation_id"),
        likes=counted.get("favourites_count"),
        replies=counted.get("replies_count"),
        reposts=counted.get("reblogs_count"),
        url=status.get("url"),
    )


def _text(status: Any) -> Any:
    text, warning = plain_text(at(status, "content")), at(status, "spoiler_text")
    if isinstance(text, str) and isinstance(warning, str) and warning.strip():
        return f"{warning}\n\n{text}"
    return text


FORMAT = Format(
    name="mastodon",
    marks=(
        frozenset({"content", "created_at", "account.acct", "reblogs_count"}),
        frozenset({"content", "created_at", "account.acct", "favourites_count"}),
        frozenset({"content", "created_at", "account.username", "in_reply_to_id"}),
        frozenset({"statuses", "accounts", "hashtags"}),
    ),
    columns=columns_under(
        "id",
        "published_at",
        "author",
        "author_followers",
        "text",
        "language",
        "kind",
        "parent_id",
        "thread_id",
        "likes",
        "replies",
        "reposts",
        "url",
    ),
    platform="mastodon",
    expand=statuses,
)
