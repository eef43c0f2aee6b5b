"""Conversations across sources: which posts belong to one thread."""

import numpy as np
import pandas as pd

ANSWERS = ("reply", "comment")
"""Kinds that go on with the conversation of their parent; a repost or a quote begins its own."""


def thread_ids(mentions: pd.DataFrame) -> pd.Series:
    """The conversation of each mention: as it was recorded, else that of the post it answers, else its own id.

    `mentions` needs id (unique), parent_id, thread_id and kind. Answers are followed up to the first post that is held,
    whatever file it came from and whether it is older or not; where that has a parent that is not held, the
    conversation goes by the parent's id, so that answers to one absent post meet. Posts that answer each other in a
    circle go by the smallest of their ids.
    """
    ids = mentions["id"].astype("string").to_numpy(dtype=object)
    answers = mentions["kind"].isin(ANSWERS) & mentions["parent_id"].notna()
    parent = mentions["parent_id"].where(answers).fillna("").to_numpy(dtype=object)
    above = pd.Index(ids).get_indexer(pd.Index(parent))
    absent = answers.to_numpy() & (above < 0)
    known = mentions["thread_id"].notna().to_numpy()
    places = np.arange(len(ids))
    top = np.where((above >= 0) & ~known, above, places)
    for _ in range(max(len(ids), 2).bit_length()):  # each round looks twice as far up
        top = top[top]
    name = np.where(absent, parent, ids)
    name = np.where(known, mentions["thread_id"].fillna("").to_numpy(dtype=object), name)
    out = name[top]
    for circle in _circles(top, above, known):
        out[circle] = min(ids[circle])
    return pd.Series(out, index=mentions.index, dtype="string")


def _circles(top: np.ndarray, above: np.ndarray, known: np.ndarray) -> list[np.ndarray]:
    """Posts whose way up never ends, by the circle they end in."""
    lost = np.flatnonzero((above[top] >= 0) & ~known[top] & (above[top] != top))
    circles: dict[int, list[int]] = {}
    for post in lost:
        seen = set()
        at = int(top[post])
        while at not in seen:
            seen.add(at)
            at = int(above[at])
        circles.setdefault(min(seen), []).append(int(post))
    return [np.array(posts) for posts in circles.values()]
