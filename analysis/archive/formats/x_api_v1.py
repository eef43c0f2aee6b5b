"""X API v1.1: posts as search, timelines and the streaming endpoints gave them, blank lines between.

- The whole text is in `extended_tweet.full_text` (streams), `full_text` (asked for with `tweet_mode=extended`) or
  `text`, which ends at 140 characters. A repost is cut: the text of its original stands for the rest.
- `id` is a number that some programs round; `id_str` is read, and so it is for parents. There is no conversation.
- A post from a stream, told by `timestamp_ms`, was captured within seconds of being posted: all its counts are 0
  because it was too early for any, so they are not recorded. That moment is when it was first and last seen. Posts from
  search carry the counts of the moment of the search, which is not in the file. A repost has none of its own: the API
  gives it those of its original.
- `reply_count` is in streams and paid endpoints alone; views are nowhere.
- Streams hold notices between posts (`delete`, `limit`, `scrub_geo`, `status_withheld`, `warning`): each is a record
  without id, and rejected for that. `limit` says how many posts the stream left out.
- A page of search results (`statuses`) is read as the posts in it.
"""

from collections.abc import Iterator
from typing import Any

from analysis.archive.formats.nested import Object, at, columns_under, first, objects_in, with_mention
from analysis.archive.formats.x_api_v2_flat import language, whole_repost
from analysis.archive.records import Format


def posts(item: Object) -> Iterator[Object]:
    """`item`, or the posts of a page of results, with their columns of the mentions table."""
    if isinstance(item.get("statuses"), list):
        for post in objects_in(item["statuses"]):
            yield _post(post)
    else:
        yield _post(item)


def _post(post: Object) -> Object:
    reposted = post.get("retweeted_status")
    answered = _number(post, "in_reply_to_status_id")
    quoted = first(_number(post, "quoted_status_id"), _number(post.get("quoted_status"), "id"))
    captured = post.get("timestamp_ms")
    counted = not isinstance(reposted, dict) and captured is None
    if isinstance(reposted, dict):
        kind, parent, text = "repost", _number(reposted, "id"), whole_repost(_text(post), _text(reposted))
    elif answered is not None:
        kind, parent, text = "reply", answered, _text(post)
    elif quoted is not None:
        kind, parent, text = "quote", quoted, _text(post)
    else:
        kind, parent, text = "post", None, _text(post)
    return with_mention(
        post,
        id=_number(post, "id"),
        published_at=post.get("created_at"),
        author=first(at(post, "user", "screen_name"), _number(post.get("user"), "id")),
        author_followers=at(post, "user", "followers_count"),
        text=text,
        language=language(post),
        kind=kind,
        parent_id=parent,
        likes=post.get("favorite_count") if counted else None,
        replies=post.get("reply_count") if counted else None,
        reposts=post.get("retweet_count") if counted else None,
        first_seen=captured,
        last_seen=captured,
    )


def _text(post: Any) -> Any:
    return first(at(post, "extended_tweet", "full_text"), at(post, "full_text"), at(post, "text"))


def _number(post: Any, name: str) -> Any:
    return first(at(post, f"{name}_str"), at(post, name))


FORMAT = Format(
    name="x-api-v1",
    marks=(
        frozenset({"created_at", "id_str", "user.screen_name"}),
        frozenset({"created_at", "id_str", "user.id_str"}),
        frozenset({"statuses", "search_metadata.count"}),
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
        "likes",
        "replies",
        "reposts",
        "first_seen",
        "last_seen",
    ),
    platform="twitter",
    expand=posts,
)
