"""X API v2 as it answers: one page of up to 500 posts a line (`data`, `includes`, `errors`, `meta`, `__twarc`).

- `data` is a list for searches and timelines, one post for the filtered stream. A page that holds errors or counts
  alone gives no records; so does one of a search that found nothing.
- Authors, and the posts that are referred to, stand in `includes`: they are put inside the posts, which are then read
  as flattened ones (see x_api_v2_flat). The posts in `includes` are no mentions of their own: they are there because a
  post refers to them, not because they matched the query.
"""

from collections.abc import Iterator
from typing import Any

from analysis.archive.formats import x_api_v2_flat
from analysis.archive.formats.nested import Object, at, objects_in
from analysis.archive.records import Format


def posts(page: Object) -> Iterator[Object]:
    """The posts of `page`; an object that is no page at all is given as it is, to be rejected for all to see."""
    data = page.get("data")
    if data is None and not (page.keys() & {"errors", "meta"}):
        yield from x_api_v2_flat.posts(page)
        return
    users = _by_id(at(page, "includes", "users"))
    referred = _by_id(at(page, "includes", "tweets"))
    for post in objects_in([data] if isinstance(data, dict) else data):
        references = [{**_of(referred, ref.get("id")), **ref} for ref in objects_in(post.get("referenced_tweets"))]
        author = _of(users, post.get("author_id"))
        inside = {"author": author, "referenced_tweets": references, "__twarc": page.get("__twarc")}
        yield from x_api_v2_flat.posts({**post, **inside})


def _by_id(items: Any) -> dict[str, Object]:
    return {str(item.get("id")): item for item in objects_in(items)}


def _of(items: dict[str, Object], number: Any) -> Object:
    return items.get(str(number), {})


FORMAT = Format(
    name="x-api-v2",
    marks=(
        frozenset({"data", "includes.users"}),
        frozenset({"data", "meta.result_count"}),
        frozenset({"data", "__twarc.url"}),
        frozenset({"data.id", "data.text"}),
        frozenset({"meta.result_count", "__twarc.url"}),
    ),
    columns=x_api_v2_flat.FORMAT.columns,
    platform="twitter",
    expand=posts,
)
