"""Bluesky: posts as the app's public API shows them, one a line or as pages of `posts` or `feed`; 4CAT's copies too.

- Posts go by their AT URI, parents and threads too: `record.reply` names parent and root. A quote is an embedded
  record that is a post; lists, feeds and starter packs are embedded alike and are none. Of a reply that quotes, the
  parent is what it answers.
- `record.createdAt` is what the author's app says. It may lie far in the past, as of posts brought along from another
  network; a post without it goes by `indexedAt`, when the network saw it.
- A repost, in feeds alone, is the original with a `reason` that says who reposted it and when. It is a mention by that
  person at that time; its id is the repost's own or, where that is not given, made of both. It has no counts of its
  own. A pinned post is a post.
- `record.langs` is what the author chose: the first counts.
- 4CAT writes the names with underscores (`like_count`, `created_at`), and says when it collected a post.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from analysis.archive.formats.nested import Object, at, columns_under, first, objects_in, with_mention
from analysis.archive.records import Format

_IS_POST = "/app.bsky.feed.post/"


def posts(item: Object) -> Iterator[Object]:
    """`item`, or the posts of a page, with their columns of the mentions table."""
    page = next((item[name] for name in ("posts", "feed") if isinstance(item.get(name), list)), [item])
    for entry in objects_in(page):
        inside = entry.get("post")
        post = inside if isinstance(inside, dict) else entry
        yield _repost(post, entry["reason"]) if at(entry, "reason", "by") is not None else _post(post)


def _post(post: Object) -> Object:
    record = post.get("record")
    parent, quoted = at(record, "reply", "parent", "uri"), _quoted(at(record, "embed"))
    return with_mention(
        post,
        **_said(post),
        id=post.get("uri"),
        published_at=first(_named(record, "createdAt"), _named(post, "indexedAt")),
        author=first(at(post, "author", "handle"), at(post, "author", "did")),
        author_followers=_named(post.get("author"), "followersCount"),
        kind="reply" if parent else "quote" if quoted else "post",
        parent_id=parent or quoted,
        likes=_named(post, "likeCount"),
        replies=_named(post, "replyCount"),
        reposts=_named(post, "repostCount"),
    )


def _repost(post: Object, reason: Object) -> Object:
    uri, by = post.get("uri"), reason["by"]
    return with_mention(
        post,
        **_said(post),
        id=first(reason.get("uri"), f"{uri}#{first(at(by, 'did'), at(by, 'handle'))}"),
        published_at=_named(reason, "indexedAt"),
        author=first(at(by, "handle"), at(by, "did")),
        author_followers=_named(by, "followersCount"),
        kind="repost",
        parent_id=uri,
        likes=None,
        replies=None,
        reposts=None,
    )


def _said(post: Object) -> Object:
    """What a repost has from its original."""
    record = post.get("record")
    langs = at(record, "langs")
    collected = at(post, "4CAT_metadata", "collected_at")
    return {
        "text": at(record, "text"),
        "language": langs[0] if isinstance(langs, list) and langs else None,
        "thread_id": first(at(record, "reply", "root", "uri"), post.get("uri")),
        "first_seen": collected,
        "last_seen": collected,
    }


def _quoted(embed: Any) -> str | None:
    """The post that `embed` shows: of `record`, or of the record beside media."""
    uri = first(at(embed, "record", "record", "uri"), at(embed, "record", "uri"))
    return uri if isinstance(uri, str) and _IS_POST in uri else None


def _named(value: Any, name: str) -> Any:
    return first(at(value, name), at(value, _with_underscores(name)))


@cache
def _with_underscores(name: str) -> str:
    return re.sub(r"([A-Z])", r"_\1", name).lower()


FORMAT = Format(
    name="bluesky",
    marks=(
        frozenset({"uri", "author.handle", "record.text"}),
        frozenset({"uri", "author.did", "record.text"}),
        frozenset({"post.uri", "post.author.handle", "post.record.text"}),
        frozenset({"post.uri", "post.author.did", "post.record.text"}),
        frozenset({"posts", "cursor"}),
        frozenset({"posts", "hitsTotal"}),
        frozenset({"feed", "cursor"}),
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
        "first_seen",
        "last_seen",
    ),
    platform="bluesky",
    expand=posts,
)
