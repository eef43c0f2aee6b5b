"""weibo-search: posts that a search of Weibo found, a CSV for each word searched for.

- Times (`发布时间`) are those of Beijing to the minute, and do not say so.
- What a post reposts is named by `retweet_id`, and stands in a row of its own, though it need not hold the word
  searched for. A repost to which nothing was added says `转发微博`, or goes straight to the chain `//@`; one with words
  of its own is a quote. Rows that are no reposts may end before `retweet_id`.
- The collector takes all blanks out of a text.
- A count is 0 where the site shows none; as the site shortens it (`1.2万`, `100万+`) it is rounded, and not read.
"""

from typing import Any

import pandas as pd

from analysis.archive.formats import weibo_crawler
from analysis.archive.formats.networks import first_of
from analysis.archive.records import Format, Mapped


def _shape(mapped: Mapped, records: pd.DataFrame) -> tuple[Mapped, list[dict[str, Any]]]:
    return weibo_crawler.reposts(mapped, first_of(records, ["retweet_id"])), []


FORMAT = Format(
    name="weibo-search",
    marks=(frozenset({"id", "bid", "user_id", "用户昵称", "微博正文", "发布时间"}),),
    columns={
        "id": "id",
        "published_at": "发布时间",
        "author": "用户昵称",
        "text": "微博正文",
        "likes": "点赞数",
        "replies": "评论数",
        "reposts": "转发数",
    },
    platform="weibo",
    zone_hint="Asia/Shanghai",
    shape=_shape,
    ends_before="retweet_id",
    reads=("retweet_id",),
)
