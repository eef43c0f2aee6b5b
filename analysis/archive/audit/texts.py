"""Texts that the collector altered, kinds of posts that it left out, and rows that are copies of one another.

That a sign is absent from thousands of texts is told only where no natural collection lacks it: each sign has the
number of texts and the share under which it is missed. The shares stand ten times or more under the lowest that is
usual for its kind of post.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import Part, claim, parts
from analysis.archive.audit.streams import is_tweet

SOCIAL = ("twitter", "x", "bluesky", "mastodon", "threads", "facebook", "instagram", "tiktok", "weibo")
MODERN = pd.Timestamp("2015-01-01", tz="UTC")
"""By then phones of every kind wrote emoji and line breaks, and Twitter showed them."""
LONG_TWEETS = pd.Timestamp("2017-11-08", tz="UTC")
"""From then on a tweet held 280 characters, and programs that asked for 140 got it cut."""
LIMITS = (140, 280, 300, 500)
"""Lengths at which a platform itself stops its authors."""


@dataclass(frozen=True)
class Absence:
    """`sign` is missed where it is in at most `share` of `least` or more rows with `base`."""

    sign: str
    base: str
    least: int
    share: float

    def __call__(self, seen: pd.Series) -> dict[str, Any] | None:
        rows, held = int(seen[self.base]), int(seen[self.sign])
        return {"rows": rows, "texts": held} if rows >= self.least and held <= self.share * rows else None


STRIPPED = {
    "non_ascii": Absence("non_ascii", "rows", 2000, 0.0005),
    "emoji": Absence("emoji", "modern", 5000, 0.0002),
    "capitals": Absence("upper", "lower", 300, 0.002),
    "punctuation": Absence("punctuation", "long", 500, 0.005),
    "handles": Absence("handle", "tweet", 1000, 0.002),
    "links": Absence("link", "tweet", 2000, 0.001),
    "hashtags": Absence("hashtag", "tweet", 3000, 0.0003),
    "line_breaks": Absence("line_break", "modern_tweet", 3000, 0.0002),
}
LEFT_OUT = {
    "reposts": Absence("repost", "tweet", 2000, 0.005),
    "replies": Absence("reply", "tweet", 2000, 0.005),
    "other_languages": Absence("other_language", "language", 2000, 0.0),
}


def claims(drawn: pd.DataFrame, whole: pd.DataFrame) -> list[dict[str, Any]]:
    """Claims altered_text and filtered about `drawn`, a sample of `whole`, and copies about all of it."""
    many = drawn[_of_many(drawn)]
    signs = _signs(many)
    out = [*_absent("altered_text", "stripped", STRIPPED, signs, many)]
    out += _absent("filtered", "left_out", LEFT_OUT, signs, many)
    for part in parts(signs, many, _addressed):
        out.append(claim("filtered", many[part.rows], part.brand, part.files, part.values | {"how": "addressed"}))
    for part in parts(signs, many, _spaced):
        out.append(claim("altered_text", many[part.rows], part.brand, part.files, part.values | {"how": "spaced"}))
    return out + _cut(drawn) + _copies(whole)


def _of_many(table: pd.DataFrame, most: float = 0.02) -> np.ndarray:
    """Rows but for those of authors who wrote over a fiftieth of them: what one account never writes, others may."""
    author = pd.factorize(table["author"])[0]
    wrote = np.bincount(author + 1)[author + 1]
    return (author < 0) | (wrote <= max(most * len(table), 20))


def _absent(
    kind: str, how: str, tests: dict[str, Absence], signs: pd.DataFrame, table: pd.DataFrame
) -> list[dict[str, Any]]:
    """One claim for each part of the archive, with all that is absent there."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, Part]] = {}
    for name, test in tests.items():
        for part in parts(signs, table, test):
            found.setdefault((part.brand, part.files), {})[name] = part
    out = []
    for (brand, files), absent in found.items():
        if "non_ascii" in absent:
            absent.pop("emoji", None)
        rows = np.logical_or.reduce([part.rows for part in absent.values()])
        least = min(absent.values(), key=lambda part: part.values["rows"])
        evidence = {name: part.values for name, part in absent.items()}
        told = {"how": how, "what": list(absent), "rows": least.values["rows"], "evidence": evidence}
        out.append(claim(kind, table[rows], brand, files, told))
    return out


def _signs(table: pd.DataFrame) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.array(table["text"].fillna(""), type=pa.large_string())
    bare = pc.replace_substring_regex(text, pattern=r"https?://\S+|@\w+", replacement="")

    def has(where: Any, pattern: str) -> np.ndarray:
        return pc.match_substring_regex(where, pattern).to_numpy(zero_copy_only=False)

    platform = table["platform"].fillna("").str.casefold()
    modern = (table["published_at"] >= MODERN).to_numpy()
    tweet = is_tweet(table)
    kind = table["kind"].fillna("")
    repost = (kind == "repost").to_numpy() | has(text, r"^RT @")
    language = table["language"].fillna("").astype(str).str.casefold()
    known = tweet & (language != "").to_numpy()
    return pd.DataFrame(
        {
            "rows": np.ones(len(table), dtype=bool),
            "tweet": tweet,
            "modern": modern & (tweet | platform.isin(SOCIAL).to_numpy()),
            "modern_tweet": modern & tweet,
            "non_ascii": has(text, r"[^\x00-\x7f]"),
            "emoji": modern & has(text, r"[\x{10000}-\x{10FFFF}]|ðŸ|üò|馃|рџ"),
            "lower": has(bare, r"\p{Ll}"),
            "upper": has(bare, r"\p{Ll}") & has(bare, r"\p{Lu}"),
            "long": pc.greater_equal(pc.utf8_length(pc.utf8_trim_whitespace(bare)), 40).to_numpy(zero_copy_only=False),
            "punctuation": has(bare, r"[.,!?;:'’\"()。，！？、；：…،؟।-]"),
            "handle": tweet & has(text, "[@＠]"),
            "link": tweet & has(text, r"https?:|t\.co/|www\.|pic\.twitter"),
            "hashtag": tweet & has(text, "[#＃]"),
            "line_break": tweet & modern & has(text, r"[\n\r]"),
            "repost": tweet & repost,
            "reply": tweet & ((kind == "reply").to_numpy() | has(text, r"^\s*\.?@")) & ~repost,
            "marked": has(text, r"[@#]\s?\w"),
            "spaced": has(text, r"[@#]\s\w") & ~has(text, r"[@#]\w"),
            "begins": tweet & has(text, r"^\s*\.?@"),
            "language": known,
            "other_language": known & (language != _commonest(language[known])).to_numpy(),
        },
        index=table.index,
    ).assign(punctuation=lambda found: found["punctuation"] & found["long"])


def _commonest(values: pd.Series) -> str:
    return str(values.value_counts().index[0]) if len(values) else ""


def _addressed(seen: pd.Series, least: int = 500, share: float = 0.95) -> dict[str, Any] | None:
    """Nearly all posts begin with a handle: those that speak of the organisation without addressing it are not held."""
    rows, begin = int(seen["tweet"]), int(seen["begins"])
    if rows < least or begin < share * rows:
        return None
    return {"rows": rows, "texts": begin, "share": round(begin / rows, 4)}


def _spaced(seen: pd.Series, least: int = 100, share: float = 0.8) -> dict[str, Any] | None:
    """A blank stands after every @ and #, which nobody writes."""
    rows, spaced = int(seen["marked"]), int(seen["spaced"])
    return {"rows": rows, "texts": spaced} if rows >= least and spaced >= share * rows else None


def _cut(table: pd.DataFrame, least: int = 30) -> list[dict[str, Any]]:
    """Texts that stop at a length, with an ellipsis or without.

    Handles are pseudonyms here, so lengths are judged, and texts counted, on those without any. An ellipsis that
    people write stands at any length; one that a program leaves stands where the longest texts end.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.array(table["text"].fillna(""), type=pa.large_string())

    def has(pattern: str) -> np.ndarray:
        return pc.match_substring_regex(text, pattern).to_numpy(zero_copy_only=False)

    length = pc.utf8_length(text).to_numpy(zero_copy_only=False)
    own_link = has(r"(https?://|www\.)\S*\s?(…|\.\.\.)\s*$")  # a link that is shown short, at the end of the text
    dots = has(r"(…|\.\.\.|\[…\])\s*$") & ~own_link
    then_link = has(r"…\s?https?://\S+\s*$") & is_tweet(table) & (table["published_at"] >= LONG_TWEETS).to_numpy()
    plain = ~has("[@&<>]")
    repost = (table["kind"] == "repost").fillna(False).to_numpy() | has(r"^RT @")
    source = table["source"].fillna("").astype(str).to_numpy()
    found: dict[str, tuple[int, int, int]] = {}
    measured = plain & ~repost
    for name in sorted(set(source)):
        mine = source == name
        judged = _where_cut(length, dots=dots, plain=measured, then_link=then_link, mine=mine, least=least)
        if judged is None and (mine & repost).sum() >= 2 * least:
            of_reposts, of_others = (
                dots[mine & repost].mean(),
                dots[mine & ~repost].mean() if (mine & ~repost).any() else 0,
            )
            judged = (0, int((mine & repost & dots).sum())) if of_reposts >= max(0.15, 3 * of_others) else None
        if judged:
            found[name] = (*judged, int((mine & (measured if judged[0] else repost)).sum()))
    return _cut_claims(table, source, found)


def _where_cut(
    length: np.ndarray, *, dots: np.ndarray, plain: np.ndarray, then_link: np.ndarray, mine: np.ndarray, least: int
) -> tuple[int, int] | None:
    """(characters at which texts of `mine` were cut, how many of them were); None where none were."""
    lengths = length[mine & plain]
    if len(lengths) < 10 * least:
        return None
    ended = np.sort(length[mine & plain & dots])
    if len(ended) >= max(least, 0.02 * len(lengths)):
        at = int(np.quantile(ended, 0.9))
        band = (ended >= 0.93 * at) & (ended <= at + 3)
        longer = (lengths > 1.03 * at + 3).mean()
        if at >= 20 and band.mean() >= 0.6 and longer < 0.02:
            return at, int(band.sum())
    linked = length[mine & plain & then_link]
    if len(linked) >= max(least, 0.02 * len(lengths)) and ((linked >= 137) & (linked <= 141)).mean() >= 0.9:
        return 140, len(linked)
    longest = int(lengths.max())
    at_longest = int((lengths == longest).sum())
    beside = ((lengths >= longest - 20) & (lengths < longest)).sum() / 20
    if longest >= 50 and longest not in LIMITS and at_longest >= max(least, 8 * beside):
        return longest, at_longest
    return None


def _cut_claims(
    table: pd.DataFrame, source: np.ndarray, found: dict[str, tuple[int, int, int]]
) -> list[dict[str, Any]]:
    """One claim for all files whose texts stop at about the same length."""
    out = []
    for at in sorted({at for at, _, _ in found.values()}):
        files = tuple(name for name, values in found.items() if values[0] == at)
        if not files:
            continue
        rows = np.isin(source, files)
        brands = set(table["brand"].fillna("").astype(str)[rows])
        texts, of = (sum(found[name][place] for name in files) for place in (1, 2))
        all_files = len(files) == len(set(source))
        values = {"how": "cut" if at else "cut_reposts", "length": at, "texts": texts, "rows": of, "share": texts / of}
        owner = next(iter(brands)) if len(brands) == 1 and not all_files else ""
        out.append(claim("altered_text", table[rows], owner, () if all_files else files, values))
    return out


def _copies(table: pd.DataFrame, least: int = 20, share: float = 0.01) -> list[dict[str, Any]]:
    """Posts of one author with one text at one second under several ids: nobody writes so, a collector keeps them so.

    Not asked where times are whole minutes or days. Texts that many authors share are a claim of their own, whatever
    made them.
    """
    seconds = table["published_at"].astype("int64").to_numpy() // 1_000_000
    to_the_second = (seconds % 60 == 0).mean() <= 0.2
    hashed = pd.util.hash_array(table["text"].fillna("").to_numpy(dtype=object))
    long = table["text"].str.len().fillna(0).to_numpy() >= 40
    original = (table["kind"] != "repost").fillna(True).to_numpy()
    signs = pd.DataFrame({"rows": original, "copy": False, "long": long & original, "same": False}, index=table.index)
    if to_the_second:
        author = pd.factorize(table["author"])[0]
        keys = pd.DataFrame({"author": author, "second": seconds, "text": hashed, "platform": table["platform"]})
        signs["copy"] = (keys.duplicated() & (author >= 0) & original & long).to_numpy()
    signs["same"] = pd.Series(hashed).duplicated().to_numpy() & long & original

    def copied(seen: pd.Series) -> dict[str, Any] | None:
        rows, copies = int(seen["rows"]), int(seen["copy"])
        return {"rows": rows, "texts": copies} if copies >= max(least, share * rows) else None

    def repeated(seen: pd.Series) -> dict[str, Any] | None:
        rows, same = int(seen["long"]), int(seen["same"])
        return {"rows": rows, "texts": same} if rows >= 1000 and same >= 0.3 * rows else None

    out = []
    for how, judge in (("copied", copied), ("repeated", repeated)):
        for part in parts(signs, table, judge):
            told = part.values | {"how": how, "share": part.values["texts"] / part.values["rows"]}
            out.append(claim("copies", table[part.rows], part.brand, part.files, told))
        if out:
            break
    return out
