"""Which column of a source is which column of the mentions table."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from analysis import mentions
from analysis.archive.records import Format
from analysis.archive.times import read_times
from analysis.errors import InputError

MAPPABLE = tuple(name for name in mentions.COLUMNS if name not in ("source", "source_row"))
NEEDED = ("published_at", "text")
_BETWEEN = re.compile(r"[\s_-]+")
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": ("id_str", "tweet_id", "post_id", "status_id", "message_id", "mention_id"),
    "published_at": (
        "published",
        "created_at",
        "created",
        "timestamp",
        "datetime",
        "date",
        "time",
        "发布时间",
        "时间",
        "日期",
    ),
    "author": (
        "user",
        "username",
        "user_name",
        "screen_name",
        "author_name",
        "author_id",
        "handle",
        "作者",
        "用户昵称",
        "用户名",
        "昵称",
    ),
    "author_followers": ("followers", "followers_count", "user_followers", "粉丝数"),
    "text": ("full_text", "content", "body", "message", "tweet", "post", "内容", "正文", "全文"),
    "language": ("lang",),
    "kind": ("post_type",),
    "parent_id": ("in_reply_to_status_id", "in_reply_to_id", "in_response_to_tweet_id", "reply_to"),
    "thread_id": ("conversation_id",),
    "likes": ("like_count", "favorites", "favourites", "favorite_count", "favourites_count", "likes_count", "点赞数"),
    "replies": ("reply_count", "replies_count", "comments_count", "评论数"),
    "reposts": ("retweets", "retweet_count", "repost_count", "shares", "share_count", "reblogs_count", "转发数"),
    "views": ("view_count", "impressions", "impression_count", "阅读数"),
    "url": ("permalink", "link", "链接", "原文链接"),
}


def match_columns(
    form: Format, wanted: Mapping[str, str], came: list[str], source: str, sample: pd.DataFrame | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """Which column of the source (of those that `came`) each column of the mentions table is, and which were guessed.

    `wanted`, the map in archive.yml, comes before the format's own names, and these before guesses by name. Names match
    whatever their case, blanks around them and byte-order mark. Raises InputError where the map names what the source
    does not have, or a needed column is not found: it proposes a map, by what `sample` (some of its records) holds.
    """
    unknown = [column for column in wanted if column not in MAPPABLE]
    if unknown:
        raise InputError(
            f"archive.yml, columns: {', '.join(unknown)} is no column of the mentions table. "
            f"On the left of each line goes one of: {', '.join(MAPPABLE)}; on the right a column of the file."
        )
    by_name = {plain(column): column for column in reversed(came)}
    found: dict[str, str] = {}
    for column, name in wanted.items():
        exact = name if name in came else by_name.get(plain(name))
        if exact is None:
            raise InputError(
                f"{source}: archive.yml maps {column} to {name!r}, but the file has no such column. "
                f"Its columns are: {_listed(came)}."
            )
        found[column] = exact
    for column, names in form.columns.items():
        there = [by_name[plain(name)] for name in _each(names) if plain(name) in by_name]
        if column not in found and there:
            found[column] = there[0]
    guessed = {} if form.columns else _guess(found, by_name)
    found |= guessed
    missing = [column for column in NEEDED if column not in found]
    if missing:
        raise InputError(_ask_for_map(missing, found, came, source, sample))
    return found, guessed


def plain(name: str) -> str:
    """A column's name as it is compared: blanks, `_` and `-` are one."""
    return _BETWEEN.sub("_", name.replace("\ufeff", "").strip().casefold())


def guessable(names: Iterable[str]) -> bool:
    """Whether time and text are among columns with these names, as those of a header are."""
    by_name = {plain(name): name for name in names}
    return set(NEEDED) <= set(_guess({}, by_name))


def _each(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def _guess(found: Mapping[str, str], by_name: Mapping[str, str]) -> dict[str, str]:
    taken = set(found.values())
    guesses: dict[str, str] = {}
    for column in MAPPABLE:
        names = (column, *_SYNONYMS.get(column, ()))
        free = [by_name[name] for name in names if name in by_name and by_name[name] not in taken]
        if column not in found and free:
            guesses[column] = free[0]
            taken.add(free[0])
    return guesses


def _ask_for_map(
    missing: list[str], found: Mapping[str, str], came: list[str], source: str, sample: pd.DataFrame | None
) -> str:
    likely = {} if sample is None else _likely(sample.drop(columns=list(found.values()), errors="ignore"))
    lines = [f"  {column}: {_quoted(found[column])}" for column in MAPPABLE if column in found]
    for column in (*missing, *(name for name in ("id", "author") if name not in found)):
        if column in likely:
            lines.append(f"  {column}: {_quoted(likely[column])}   # by what it holds: check it")
        elif column in missing:
            lines.append(f"  {column}: <the file's column>")
    return (
        f"{source}: no column for {', '.join(missing)} was found among: {_listed(came)}. "
        "Say in archive.yml which column is which:\ncolumns:\n" + "\n".join(lines)
    )


def _likely(sample: pd.DataFrame) -> dict[str, str]:
    """Columns that hold what times, texts, ids and authors look like, each at most once."""
    filled = {str(name): column.dropna().astype("str").str.strip() for name, column in sample.items()}
    texts = {name: column[column != ""] for name, column in filled.items() if (column != "").any()}
    found: dict[str, str] = {}
    times = [name for name, column in texts.items() if _times(column) > 0.9]
    if times:
        found["published_at"] = times[0]
    left = {name: column for name, column in texts.items() if name not in times}
    if left:
        found["text"] = max(left, key=lambda name: (left[name].str.contains(r"\s").mean(), left[name].str.len().mean()))
    plain = {name: column for name, column in left.items() if name != found["text"]}
    words = [name for name, column in plain.items() if not column.str.contains(r"\s").any()]
    ids = [name for name in words if _is_id(plain[name], len(sample))]
    if ids:
        found["id"] = ids[0]
    people = [name for name in words if name not in ids and plain[name].str.contains(r"[^\d.,%-]").all()]
    if people:
        found["author"] = max(people, key=lambda name: plain[name].nunique())
    return found


def _is_id(column: pd.Series, records: int) -> bool:
    """Whether each record has a value of its own that does not merely count the records."""
    if not column.is_unique or len(column) < max(records, 2):
        return False
    numbers = pd.to_numeric(column, errors="coerce")
    return bool(numbers.isna().any() or numbers.max() - numbers.min() >= len(column))


def _times(column: pd.Series) -> float:
    """The share of values that are read as times; whole numbers are none here: they may be counts or ids."""
    written = column.str.contains(r"\d[/:.-]\d", regex=True)
    read = [read_times(column, "UTC", day_first=order).utc.notna() & written for order in (True, False)]
    return float(max(some.mean() for some in read))


def _quoted(name: str) -> str:
    return name if name.isidentifier() else "'" + name.replace("'", "''") + "'"


def _listed(columns: list[str]) -> str:
    shown = ", ".join(column[:60] for column in columns[:40])
    return shown + (f" and {len(columns) - 40} more" if len(columns) > 40 else "")
