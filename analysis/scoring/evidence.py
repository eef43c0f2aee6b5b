"""What calibration needs to know of mentions beyond their scores: other scorers' opinions, vectors and marks.

Kept in one file beside the mentions, by distinct text, and made when somebody has labelled: it depends on the mentions,
on nothing that was said of them. At most MOST mentions are looked at, the same ones each time: shares of a part chosen
by chance are as good as those of the whole, and memory does not grow with the incident.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from analysis.scoring import embedding, marks, masking, sentiment

MOST = 30_000
"""Mentions that are looked at: 23 MB of vectors, and 200 labels leave far more open than a draw of so many does."""
SCHEMA = 1
PROBABILITIES = [f"p_{name}" for name in sentiment.CLASSES]


@dataclass(frozen=True)
class Part:
    """Mentions that one scorer scored: n of them, d distinct masked texts."""

    scorer: str
    """Name and version, as in the column `scorer`."""
    ids: np.ndarray
    """(n,) text, sorted"""
    place: np.ndarray
    """int32 (n,): which of the distinct texts a mention has"""
    chances: np.ndarray
    """float64 (1 + others, d, 3): the scorer's own probabilities, then those of the scorers beside it"""
    vectors: np.ndarray
    """float16 (d, …)"""
    marks: np.ndarray
    """float32 (d, marks)"""


def chosen(scored: pd.DataFrame, always: Collection[str] = ()) -> pd.DataFrame:
    """The scored mentions of people that are looked at: at most MOST by the hash of their ids, and the ids `always`."""
    rows = scored[~scored["from_brand"].to_numpy(dtype=bool) & scored["p_negative"].notna().to_numpy()]
    if len(rows) <= MOST:
        return rows
    order = np.argsort([hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in rows["id"]])
    kept = rows["id"].isin(always).to_numpy(dtype=bool, copy=True)
    kept[order[:MOST]] = True
    return rows[kept]


def gather(
    rows: pd.DataFrame,
    *,
    terms: Sequence[str],
    models: Path,
    progress: Callable[[int, int], None] | None = None,
) -> list[Part]:
    """The evidence on scored mentions `rows`, in the order of scorers and ids; `terms` are masked, as for scoring."""
    parts, kept = [], embedding.store(models)
    for scorer, own in rows.sort_values("id").groupby("scorer", sort=True):
        language = str(own["language"].mode().iloc[0])
        masked = masking.mask(own["text"], terms)
        place, texts = pd.factorize(masked, sort=True)
        known = [str(text) for text in texts]
        first = np.unique(place, return_index=True)[1]
        scores = own[PROBABILITIES].to_numpy(dtype=np.float64)[first]
        others = [other.predict_proba(known) for other in beside(language, str(scorer))]
        parts.append(
            Part(
                str(scorer),
                own["id"].to_numpy(dtype=str),
                place.astype(np.int32),
                np.stack([scores, *others]),
                embedding.embed(known, language, cache=models, kept=kept, progress=progress).astype(np.float16),
                marks.marks(known).astype(np.float32),
            )
        )
    return parts


def beside(language: str, scorer: str) -> list[sentiment.Scorer]:
    """Scorers whose opinion helps that of `scorer` (name and version): cheap ones, made from something else."""
    from analysis.scoring.english import VaderScorer

    return [other for other in (VaderScorer(),) if language in other.languages and not scorer.startswith(other.name)]


def save(parts: Sequence[Part], path: Path) -> None:
    """Write `parts` into one file, at once."""
    held: dict[str, Any] = {
        f"{field.name} {number}": getattr(part, field.name)
        for number, part in enumerate(parts)
        for field in fields(Part)
    }
    aside = path.with_name(f".{path.name}.aside")
    with aside.open("wb") as file:
        np.savez(file, schema=np.array([SCHEMA, len(parts)]), **held)
    aside.replace(path)


def read(path: Path) -> list[Part] | None:
    """What `save` wrote; None where there is nothing that can be read, so that it is made again."""
    try:
        with np.load(path, allow_pickle=False) as held:
            schema, count = held["schema"]
            if schema != SCHEMA:
                return None
            found = [{field.name: held[f"{field.name} {number}"] for field in fields(Part)} for number in range(count)]
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        return None
    return [Part(**part | {"scorer": str(part["scorer"])}) for part in found]
