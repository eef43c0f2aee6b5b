"""What a workspace's cache holds, in lines for a terminal, and taking out of it what nobody uses.

Everything in it can be made again from the mentions: pruning costs time, never a figure, and is safe during a run.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from analysis.errors import ParameterError
from analysis.incident import Language
from analysis.scoring import cache as scores
from analysis.scoring import e5, embedding, minilm, score, sentiment, vectors
from analysis.scoring.chinese import NgramScorer
from analysis.scoring.english import ADAPTER
from analysis.workspace import Workspace

ALL = "all"
_MODELS = ("*.model", "*.npz")


def told(workspace: Workspace) -> Iterator[str]:
    """Scorers, embeddings and models: version, entries, bytes, last use, and whether the present code uses them."""
    place = workspace.cache
    yield f"{place}:"
    if not place.is_dir():
        yield "  nothing yet"
        return
    if (place / "scores.sqlite").is_file():
        held = scores.ScoreCache(place)
        present = _present(place)
        entries = held.holdings()
        yield f"  scores: {sum(one.entries for one in entries):,} texts, {_bytes(held.size())}"
        for one in entries:
            state = _state(one.version == present.get(one.name), known=one.name in present)
            yield f"    {one.name} {one.version}: {one.entries:,} texts, {_used(one.last_used)}{state}"
        yield from (f"  {warning}" for warning in held.warnings)
    kept = vectors.holdings(place / embedding.VECTORS)
    if kept:
        yield f"  vectors: {sum(store.entries for store in kept):,} texts, {_bytes(sum(store.size for store in kept))}"
    for store in kept:
        state = _state(store.version in embedding.KEPT)
        yield f"    {store.version}: {store.entries:,} texts, {_bytes(store.size)}, {_used(store.last_used)}{state}"
    for file in _models(place):
        yield f"  model {file.stem}: {_bytes(file.stat().st_size)}{_state(file not in _stale_models(place))}"
    for file in _damaged(place):
        yield f"  set aside as damaged: {file.name}, {_bytes(file.stat().st_size)}"


def prune(workspace: Workspace, what: str) -> Iterator[str]:
    """Take out what no present version uses and what was not used for `what` days; everything where it is "all".

    `what` is a whole number from 0 on, or "all"; ParameterError otherwise. A scorer whose name is not known here (a
    model of the user's own) goes by its last use alone. Vectors go by version, not one by one.
    """
    days = _days(what)
    place = workspace.cache
    if not place.is_dir():
        yield f"{place}: nothing yet"
        return
    before = _bytes_of(place)
    oldest = scores.today() + 1 if days is None else scores.today() - days
    if (place / "scores.sqlite").is_file():
        held, present = scores.ScoreCache(place), _present(place)
        gone = held.prune(lambda one: one.version != present.get(one.name, one.version), oldest)
        yield from held.warnings
        yield f"scores: {gone:,} texts removed"
    for store in vectors.holdings(place / embedding.VECTORS):
        if store.version not in embedding.KEPT or store.last_used < oldest:
            vectors.remove(place / embedding.VECTORS, store.version)
            yield f"vectors {store.version}: {store.entries:,} texts removed"
    for file in (_models(place) if days is None else _stale_models(place)) + _damaged(place):
        file.unlink(missing_ok=True)
        yield f"{file.name}: removed"
    yield f"{place}: {_bytes(before)} before, {_bytes(_bytes_of(place))} now"


def clear(workspace: Workspace) -> bool:
    """Take all scores and vectors out, the models stay; whether there were any."""
    place, texts = workspace.cache, 0
    if (place / "scores.sqlite").is_file():
        texts += scores.ScoreCache(place).prune(lambda one: True, 0)
    for store in vectors.holdings(place / embedding.VECTORS):
        vectors.remove(place / embedding.VECTORS, store.version)
        texts += store.entries
    return texts > 0


def _days(what: str) -> int | None:
    if what == ALL:
        return None
    if not what.isascii() or not what.isdecimal() or len(what) > 6:
        raise ParameterError(f"--prune is {what!r}: give a number of days, such as 90, or {ALL}.")
    return int(what)


def _present(place: Path) -> dict[str, str]:
    """Name of each scorer that this version of Aftermath may choose → the version that its scores are kept under."""
    languages = get_args(Language)
    tiers = (0, sentiment.FAST_ABOVE + 1)
    scorers = [scorer for texts in tiers for scorer in sentiment.choose(languages, texts, place).values()]
    return {scorer.name: score.kept_as(scorer) for scorer in scorers}


def _models(place: Path) -> list[Path]:
    return sorted(file for pattern in _MODELS for file in place.glob(pattern))


def _stale_models(place: Path) -> list[Path]:
    """Models that an earlier version of this package made; those of others are left alone."""
    ours = {
        f"{e5.FAMILY}-*.model": (e5.model_file(place),),
        f"{minilm.FAMILY}-*.model": (minilm.model_file(place), minilm.model_file(place, ADAPTER)),
        f"{NgramScorer.name}-*.npz": (NgramScorer.model_file(place),),
    }
    return sorted(file for pattern, present in ours.items() for file in place.glob(pattern) if file not in present)


def _damaged(place: Path) -> list[Path]:
    return sorted([*place.glob("*.damaged"), *(place / embedding.VECTORS).glob("*.damaged")])


def _state(present: bool, *, known: bool = True) -> str:
    return "" if present else ", of another version" if known else ", of a scorer that is not known here"


def _used(day: int) -> str:
    return f"last used {time.strftime('%Y-%m-%d', time.gmtime(day * 86_400))}" if day else "never used"


def _bytes_of(place: Path) -> int:
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())


def _bytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
