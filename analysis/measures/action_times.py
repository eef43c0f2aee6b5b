"""Whether the times in actions.csv are those of the same zone as the archive's (definitions C8: every lag rests on it).

A log that was written in one zone and read in another is off by whole hours, all of it. Where its statements stand in
the archive, as posts of the organisation, their times tell.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

ALIKE = 0.9
"""Share of characters that two texts have in common from which they are the same statement, however it was cut."""
LETTERS = 12
"""Texts with fewer letters than this say the same by chance: "Thank you"."""
NEAR = 10 / 60
"""Hours by which an entry may lie beside a whole hour: people write down the minute that they remember. One entry in
three does so by chance."""
AGREE = 2
"""Entries that must be off by the same hours: one may be a statement that was posted again later."""
FURTHEST = 14
"""Hours: no two zones in which people live lie further apart than 26, and a brand's from its agency's rarely 14."""


@dataclass(frozen=True)
class Shift:
    """The posts lie `hours` after the entries of actions.csv, in `agree` of `matched` entries that were found among
    them; `ids` are those posts. `hours` is 0 where nothing speaks for a shift."""

    hours: float
    agree: int
    matched: int
    ids: tuple[str, ...] = ()


def shift(actions: pd.DataFrame, posts: pd.DataFrame, offset: float = 0.0) -> Shift:
    """How far `actions` (when, text, link) lie before the organisation's `posts` (id, published_at, text, url).

    An entry and a post are the same where the link ends in the post's id or address, or where the texts are ALIKE; of
    several posts the one nearest in time counts, so that an entry with a post of its time is not off. `offset` is the
    display zone's (hours), which need not be whole. Times are UTC.
    """
    found = [(entry.when, hit) for entry in actions.itertuples() if (hit := _post(entry, posts)) is not None]
    if not found:
        return Shift(0.0, 0, 0)
    apart = pd.Series([(hit.published_at - when) / pd.Timedelta(hours=1) for when, hit in found])
    whole = apart.round()
    for step in {abs(offset), -abs(offset)} - {0.0}:
        whole = whole.where((apart - step).abs() > NEAR, step)
    off = ((apart - whole).abs() <= NEAR) & (whole != 0) & (whole.abs() <= FURTHEST)
    if off.sum() < AGREE:
        return Shift(0.0, 0, len(found))
    hours = float(whole[off].mode().iloc[0])
    agree = off & (whole == hours)
    if agree.sum() < AGREE or agree.sum() <= len(found) / 2:
        return Shift(0.0, 0, len(found))
    return Shift(hours, int(agree.sum()), len(found), tuple(found[k][1].id for k in agree.index[agree]))


def _post(entry, posts: pd.DataFrame):
    """The post that an entry of the log tells of, within the hours that zones lie apart; None where none is."""
    posts = posts[(posts["published_at"] - entry.when).abs() <= pd.Timedelta(hours=FURTHEST + 1)]
    linked = posts[posts["id"].isin(_ends(entry.link)) | posts["url"].isin([entry.link])] if entry.link else posts[:0]
    if linked.empty:
        wanted = _letters(entry.text)
        if len(wanted) < LETTERS:
            return None
        linked = posts[[_same(wanted, _letters(text)) for text in posts["text"].fillna("")]]
    if linked.empty:
        return None
    distance = (linked["published_at"] - entry.when).abs()
    return next(linked.loc[[distance.idxmin()]].itertuples())


def _ends(link: str) -> list[str]:
    """The last parts of an address that may be a post's id."""
    return [part for part in re.split(r"[/?#=&]", link) if len(part) >= 5][-2:]


def _letters(text: str) -> str:
    """The letters and digits of `text`, folded: without handles, addresses and marks."""
    bare = re.sub(r"https?://\S+|[@＠]\w+", " ", text).casefold()
    return "".join(mark for mark in bare if mark.isalnum())


def _same(wanted: str, text: str) -> bool:
    if len(text) < LETTERS:
        return False
    if wanted in text or text in wanted:
        return min(len(wanted), len(text)) >= 2 * LETTERS or wanted == text
    match = SequenceMatcher(None, wanted, text, autojunk=False)
    return match.real_quick_ratio() >= ALIKE and match.quick_ratio() >= ALIKE and match.ratio() >= ALIKE
