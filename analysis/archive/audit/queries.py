"""Mixed queries: an archive, or a label of it, that was collected by asking for different things.

What a query asked for is in nearly every post it brought: a handle, a hashtag, a name. No topic of the day gets there.
A term that four fifths of one file's posts hold and hardly any of another's was asked for in the one only, unless some
other term is in nearly all of both. Handles are compared by their pseudonyms; a post counts as holding its author's,
so that the two sides of a conversation are one query.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import WHOLE, claim

ASKED = 0.8
"""From this share of posts on a term was asked for."""
ABSENT = 0.2
"""Up to this share it was not."""
FEWEST = 100
NAMED = "\0named"
"""Stands among the terms of a post for any name of the organisation: one name or the other is one query."""
_WORD = re.compile(r"[@#]?\w{2,}")
_LINK = re.compile(r"https?://\S+|(?:www|pic)\.\S+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def claims(table: pd.DataFrame, *, brand: str = "", names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Claims mixed_queries: `how` is label (it addresses somebody else), files, or date (the query changed)."""
    drawn = table[(table["kind"] != "repost").fillna(True).to_numpy(dtype=bool)].reset_index(drop=True)
    label = drawn["brand"].fillna(WHOLE).astype(str).to_numpy()
    single = len(set(label)) == 1
    terms = [_terms(text, author) for text, author in zip(drawn["text"], drawn["author"].fillna(""), strict=True)]
    own = _handles(names) if names else set()
    for at, naming in enumerate(_names_it(drawn["text"], terms, names, own)):
        if naming:
            terms[at].add(NAMED)
    out = []
    for owner in sorted(set(label)):
        mine = np.flatnonzero(label == owner)
        if len(mine) < 2 * FEWEST:
            continue
        held = [terms[at] for at in mine]
        rows = drawn.iloc[mine]
        named = WHOLE if single else owner
        if owner == brand or single:
            out += _label(rows, held, named, own)
        between = _files(rows, held, named)
        out += between or _dates(rows, held, named)
    for one in out:
        if one["values"]["term"] == NAMED:
            one["values"]["term"] = brand or names[0]
    return out


def _handles(names: Sequence[str]) -> set[str]:
    """Those of `names` that are pseudonyms, as terms."""
    return {f"@{name.lstrip('@').casefold()}" for name in names if re.fullmatch(r"@?u_\w{10}", name)}


def _names_it(texts: pd.Series, terms: list[set[str]], names: Sequence[str], handles: set[str]) -> np.ndarray:
    """Whether each text names the organisation: by a word of its own, or by one of its handles."""
    folded = texts.str.casefold()
    naming = np.array([bool(handles & one) for one in terms], dtype=bool)
    for name in {name.casefold() for name in names} - {handle[1:] for handle in handles}:
        naming |= folded.str.contains(name, regex=False).to_numpy(dtype=bool)
    return naming


def _terms(text: str, author: str) -> set[str]:
    """Words, hashtags (also as words) and handles of a text, lower-case; of Chinese each two that stand together."""
    bare = _LINK.sub(" ", text.casefold())
    found = {word for word in _WORD.findall(bare) if not _HAN.search(word)}
    found |= {word[1:] for word in found if word.startswith("#")}
    for run in _HAN.findall(bare):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found | {f"@{author.casefold()}"}


def _share(held: list[set[str]], term: str) -> float:
    return sum(term in one for one in held) / len(held)


def _common(held: list[set[str]], share: float) -> dict[str, float]:
    """The terms that at least `share` of the posts hold, and their shares."""
    counted = Counter(term for one in held for term in one)
    return {term: count / len(held) for term, count in counted.items() if count >= share * len(held)}


def _label(rows: pd.DataFrame, held: list[set[str]], owner: str, handles: set[str]) -> list[dict[str, Any]]:
    """A label most of whose posts hold a handle that is not the organisation's, and hardly any one names it."""
    if not handles:
        return []
    naming = np.array([NAMED in one for one in held])
    prevailing = {term: share for term, share in _common(held, 0.5).items() if term.startswith("@u_")}
    prevailing = {term: share for term, share in prevailing.items() if term not in handles}
    if not prevailing or naming.mean() > 0.1:
        return []
    handle = max(sorted(prevailing), key=lambda term: prevailing[term])
    told = {"how": "label", "rows": len(held), "share": prevailing[handle], "named": float(naming.mean())}
    told |= {"term": handle, "texts": round(prevailing[handle] * len(held))}
    return [claim("mixed_queries", rows, owner, (), told)]


def _files(rows: pd.DataFrame, held: list[set[str]], owner: str) -> list[dict[str, Any]]:
    """Files one term of which is in nearly all their posts, and in hardly any of other files of the same label."""
    source = rows["source"].fillna("").astype(str).to_numpy()
    by_file = {name: [held[at] for at in np.flatnonzero(source == name)] for name in sorted(set(source))}
    by_file = {name: mine for name, mine in by_file.items() if len(mine) >= FEWEST}
    if len(by_file) < 2:
        return []
    common = {name: _common(mine, 0.02) for name, mine in by_file.items()}
    candidates = sorted({term for of_file in common.values() for term, share in of_file.items() if share >= ASKED})
    everywhere = [t for t in candidates if all(of.get(t, 0.0) >= ASKED - 0.1 for of in common.values())]
    if everywhere:
        return []
    best: tuple[int, str, list[str], list[str]] | None = None
    for term in candidates:
        asked = [name for name, of_file in common.items() if of_file.get(term, 0.0) >= ASKED]
        absent = [name for name, of_file in common.items() if of_file.get(term, 0.0) <= ABSENT]
        weight = min(sum(len(by_file[name]) for name in side) for side in (asked, absent)) if absent else 0
        if weight and (best is None or weight > best[0]):
            best = weight, term, asked, absent
    if best is None:
        return []
    _, term, asked, absent = best
    other = max(absent, key=lambda name: max(common[name].values(), default=0.0))
    told = {
        "how": "files",
        "term": term,
        "share": _share([one for name in asked for one in by_file[name]], term),
        "share_elsewhere": _share([one for name in absent for one in by_file[name]], term),
        "other": other,
        "other_terms": [t for t, share in sorted(common[other].items()) if share >= ASKED][:5],
        "rows": sum(len(by_file[name]) for name in (*asked, *absent)),
        "others": absent[:50],
    }
    return [claim("mixed_queries", rows, owner, tuple(asked), told)]


def _dates(rows: pd.DataFrame, held: list[set[str]], owner: str) -> list[dict[str, Any]]:
    """A moment from which on a term is in nearly all posts, or in hardly any, for good or for a while."""
    found = []
    common = _common(held, 0.05)
    # A name in all posts is one query, unless its hashtag was asked for at a time, which are posts with the name too.
    all_along = {term for term, share in common.items() if share >= 0.95}
    for term in sorted(common):
        if all_along - _implied(term, all_along):
            continue
        flags = np.array([term in one for one in held], dtype=float)
        split = _split(flags)
        if split:
            found.append((abs(split[1] - split[2]), term, split))
    if not found:
        return []
    _, term, (at, before, after) = max(found)
    sides = held[:at], held[at:]
    asked = 0.9 if term.startswith("#") else ASKED - 0.1  # words like "the" are in four fifths of any posts
    through = [t for t in common.keys() - _implied(term, common) if all(_share(side, t) >= asked for side in sides)]
    if through:
        return []
    moment = rows["published_at"].iloc[at]
    told = {"how": "date", "term": term, "share": after, "share_before": before, "rows": len(held)}
    return [claim("mixed_queries", rows, owner, (), told | {"changed": moment.floor("s").isoformat()})]


def _implied(term: str, terms: Collection[str]) -> set[str]:
    """Those of `terms` that every post with the hashtag `term` holds: its word, and a name that this contains."""
    return {term[1:], NAMED} & set(terms) if term.startswith("#") and term[1:] in terms else set()


def _split(flags: np.ndarray) -> tuple[int, float, float] | None:
    """The place at which a series of 0 and 1 changes between ASKED and ABSENT: place, share before, share after."""
    n = len(flags)
    if n < 2 * FEWEST:
        return None
    place = np.arange(FEWEST, n - FEWEST + 1)
    total = np.concatenate([[0.0], np.cumsum(flags)])
    before, after = total[place] / place, (total[-1] - total[place]) / (n - place)
    at = int(np.argmax(np.abs(before - after)))
    low, high = sorted((float(before[at]), float(after[at])))
    if low > ABSENT or high < ASKED:
        return None
    return int(place[at]), float(before[at]), float(after[at])
