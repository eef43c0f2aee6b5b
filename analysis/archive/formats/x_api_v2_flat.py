"""X API v2, flattened: one post a line, as `twarc2 flatten` and 4CAT write it, its author and what it refers to inside.

- A post may refer to several others (`referenced_tweets`): the one it reposts is its parent, else the one it answers,
  else the one it quotes; its kind goes with that. One that is not at hand has its id and type alone.
- The API cuts the text of a repost ("RT @name: …"): where the original is inside, its whole text stands for the rest.
  Posts of more than 280 characters have their whole text in `note_tweet`.
- Counts are those of the moment of capture, `__twarc.retrieved_at`, which is when the post was first and last seen. A
  repost has none of its own: the API gives it the reposts of its original and 0 for the rest. `reposts` are without
  quotes. `impression_count` is 0 for posts from before it was counted, so 0 views are not recorded.
- Where the author was not asked for, the number of the account stands for the name.
- `lang` holds codes for posts without words (`und`, `zxx`, `qme` …): no language.
- An edited post has a new id; `edit_history_tweet_ids` lists those it had.
"""

import re
from collections.abc import Iterator
from typing import Any

from analysis.archive.formats.nested import Object, at, columns_under, first, objects_in, with_mention
from analysis.archive.records import Format

NO_LANGUAGE = frozenset(("und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"))
_KINDS = {"retweeted": "repost", "replied_to": "reply", "quoted": "quote"}
_PREFIX = re.compile(r"RT @\w+: ")


def whole_repost(text: Any, original: Any) -> Any:
    """The text of a repost, with the whole `original` in place of what was cut."""
    if not (isinstance(text, str) and isinstance(original, str) and text.endswith("…")):
        return text
    prefix = _PREFIX.match(text)
    return prefix[0] + original if prefix else text


def language(post: Object) -> str | None:
    """The language of `post`; None where it has no words."""
    code = post.get("lang")
    return code if isinstance(code, str) and code not in NO_LANGUAGE else None


def posts(post: Object) -> Iterator[Object]:
    """`post`, with its columns of the mentions table."""
    references = list(objects_in(post.get("referenced_tweets")))
    relation, parent = next(
        ((relation, ref) for relation in _KINDS for ref in references if ref.get("type") == relation), (None, None)
    )
    metrics = post.get("public_metrics") if relation != "retweeted" else None
    text = first(at(post, "note_tweet", "text"), post.get("text"))
    if relation == "retweeted":
        text = whole_repost(text, first(at(parent, "note_tweet", "text"), at(parent, "text")))
    seen = at(post, "__twarc", "retrieved_at")
    yield with_mention(
        post,
        id=post.get("id"),
        published_at=post.get("created_at"),
        author=first(at(post, "author", "username"), at(post, "author_user", "username"), post.get("author_id")),
        author_followers=first(
            at(post, "author", "public_metrics", "followers_count"),
            at(post, "author_user", "public_metrics", "followers_count"),
        ),
        text=text,
        language=language(post),
        kind=_KINDS[relation] if relation else "post",
        parent_id=at(parent, "id"),
        thread_id=post.get("conversation_id"),
        likes=at(metrics, "like_count"),
        replies=at(metrics, "reply_count"),
        reposts=at(metrics, "retweet_count"),
        views=at(metrics, "impression_count") or None,
        first_seen=seen,
        last_seen=seen,
    )


FORMAT = Format(
    name="x-api-v2-flat",
    marks=(
        frozenset({"id", "text", "created_at", "author_id", "conversation_id", "public_metrics.like_count"}),
        frozenset({"id", "text", "created_at", "author_id", "edit_history_tweet_ids"}),
        frozenset({"id", "text", "created_at", "author_id", "author.username"}),
        frozenset({"id", "text", "created_at", "author_id", "author_user.username"}),
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
        "views",
        "first_seen",
        "last_seen",
    ),
    platform="twitter",
    expand=posts,
)
