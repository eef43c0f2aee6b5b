"""weibo-crawler: the posts of one account, a CSV for each; the account is in the file's name, not in the file.

- Times are those of Beijing and do not say so: `完整日期`, or `日期` in older files, which may be a day alone.
- There is no author: the file is named for the account.
- `id` ends in a tab, which keeps spreadsheets from rounding it.
- Where reposts were collected too, columns that begin with `源微博` hold the original; its id is the parent. A repost
  to which nothing was added says `转发微博`, or goes straight to the chain `//@`: its text is the original's. One with
  words of its own is a quote. Rows of posts that are no reposts may end before these columns.
- Counts as the site shortens them (`1.2万`, `100万+`) are rounded, and not read.
"""

import re
from typing import Any

import pandas as pd

from analysis.archive.formats.networks import first_of
from analysis.archive.records import Format, Mapped

_BARE = re.compile(r"(?:转发微博|轉發微博|Repost)?[.。\s]*(?://@.*)?", re.IGNORECASE | re.DOTALL)


def is_bare(texts: pd.Series) -> pd.Series:
    """Whether nothing was added to what is reposted: no words before the chain of reposts, `//@`."""
    return texts.fillna("").str.strip().map(lambda text: _BARE.fullmatch(text) is not None).astype(bool)


def reposts(mapped: Mapped, parent: pd.Series) -> Mapped:
    """`mapped` with the kind of each post: a repost, or a quote, where there is a `parent`."""
    kind = pd.Series("post", index=mapped.index, dtype="str").mask(parent.notna(), "quote")
    kind = kind.mask(parent.notna() & is_bare(mapped["text"]), "repost")
    return mapped.assign(parent_id=parent, kind=kind)


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    shaped = reposts(mapped, first_of(records, ["源微博id"]))
    original = first_of(records, ["源微博正文"])
    bare = (shaped["kind"] == "repost") & original.notna()
    return shaped.assign(
        published_at=first_of(records, ["完整日期", "日期"]), text=shaped["text"].mask(bare, original)
    ), []


FORMAT = Format(
    name="weibo-crawler",
    marks=(frozenset({"id", "bid", "正文", "日期", "点赞数", "评论数", "转发数"}),),
    columns={
        "id": "id",
        "published_at": ("完整日期", "日期"),
        "text": "正文",
        "likes": "点赞数",
        "replies": "评论数",
        "reposts": "转发数",
    },
    platform="weibo",
    zone_hint="Asia/Shanghai",
    shape=_shape,
    ends_before="源用户id",
    reads=("完整日期", "日期", "源微博id", "源微博正文"),
)
