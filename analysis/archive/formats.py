"""The formats that archives arrive in: which one a file has, and which of its columns is which.

A new format is one file beside this one and one line in FORMATS, the more particular first.
"""

from collections.abc import Mapping
from pathlib import Path

from analysis import mentions
from analysis.archive import airline_sentiment, delimited, get_old_tweets, jsonl, parquet, support_on_twitter
from analysis.archive.records import Format, Sample
from analysis.errors import InputError

FORMATS: tuple[Format, ...] = (
    airline_sentiment.FORMAT,
    get_old_tweets.FORMAT,
    support_on_twitter.FORMAT,
    parquet.FORMAT,
    jsonl.FORMAT,
    delimited.FORMAT,
)
MAPPABLE = tuple(name for name in mentions.COLUMNS if name not in ("source", "source_row"))
NEEDED = ("id", "published_at", "text")
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "id": ("id_str", "tweet_id", "post_id", "status_id", "message_id", "mention_id"),
    "published_at": ("published", "created_at", "created", "timestamp", "datetime", "date", "time"),
    "author": ("user", "username", "user_name", "screen_name", "author_name", "author_id", "handle"),
    "author_followers": ("followers", "followers_count", "user_followers"),
    "text": ("full_text", "content", "body", "message", "tweet", "post"),
    "language": ("lang",),
    "kind": ("post_type",),
    "parent_id": ("in_reply_to_status_id", "in_reply_to_id", "in_response_to_tweet_id", "reply_to"),
    "thread_id": ("conversation_id",),
    "likes": ("like_count", "favorites", "favourites", "favorite_count", "favourites_count", "likes_count"),
    "replies": ("reply_count", "replies_count", "comments_count"),
    "reposts": ("retweets", "retweet_count", "repost_count", "shares", "share_count", "reblogs_count"),
    "views": ("view_count", "impressions", "impression_count"),
    "url": ("permalink", "link"),
}


def recognise(path: Path, name: str = "auto") -> tuple[Format, str]:
    """The format of `path` and why; `name` (of a format) overrules what the file looks like.

    Raises InputError where the name is unknown, or the file is empty or binary.
    """
    if name != "auto":
        return _named(name, path), f"archive.yml says so (format: {name})"
    found = sample(path)
    for candidate in FORMATS:
        why = candidate.recognise(found)
        if why is not None:
            return candidate, why
    raise AssertionError("the generic formats take every container")


def sample(path: Path) -> Sample:
    """The container of `path` and its columns."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(parquet.MAGIC):
        return Sample(path, "parquet", parquet.columns(path))
    if jsonl.looks_like(head):
        return Sample(path, "jsonl", jsonl.columns(path))
    return Sample(path, "delimited", delimited.columns(path))


def match_columns(
    form: Format, wanted: Mapping[str, str], came: list[str], path: Path
) -> tuple[dict[str, str], dict[str, str]]:
    """Which column of the file (of those that `came`) each column of the mentions table is, and which were guessed.

    `wanted`, the map in archive.yml, comes before the format's own names, and these before guesses by name. Names match
    whatever their case, blanks around them and byte-order mark. Raises InputError where the map names what the file
    does not have, or a needed column is not found.
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
                f"{path}: archive.yml maps {column} to {name!r}, but the file has no such column. "
                f"Its columns are: {_listed(came)}."
            )
        found[column] = exact
    for column, name in form.columns.items():
        if column not in found and plain(name) in by_name:
            found[column] = by_name[plain(name)]
    guessed = {} if form.columns else _guess(found, by_name)
    found |= guessed
    missing = [column for column in NEEDED if column not in found]
    if missing:
        raise InputError(_ask_for_map(missing, found, came, path))
    return found, guessed


def plain(name: str) -> str:
    """A column's name as it is compared."""
    return name.replace("\ufeff", "").strip().casefold()


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


def _ask_for_map(missing: list[str], found: Mapping[str, str], came: list[str], path: Path) -> str:
    lines = [f"  {column}: {_quoted(found[column])}" for column in MAPPABLE if column in found]
    lines += [f"  {column}: <the file's column>" for column in missing]
    return (
        f"{path}: no column for {', '.join(missing)} was found among: {_listed(came)}. "
        "Say in archive.yml which column is which:\ncolumns:\n" + "\n".join(lines)
    )


def _quoted(name: str) -> str:
    return name if name.isidentifier() else "'" + name.replace("'", "''") + "'"


def _listed(columns: list[str]) -> str:
    shown = ", ".join(column[:60] for column in columns[:40])
    return shown + (f" and {len(columns) - 40} more" if len(columns) > 40 else "")


def _named(name: str, path: Path) -> Format:
    for candidate in FORMATS:
        if name.casefold() in (candidate.name, *candidate.aliases):
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise InputError(f"{path}: archive.yml asks for format {name!r}, which is unknown. Use auto, or one of: {known}.")
