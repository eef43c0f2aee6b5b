"""Mentions → scored mentions: the entry of this room. Columns are added; rows are never added, dropped or moved."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import pandas_dtype

from analysis.mentions import SCORED_COLUMNS
from analysis.overrides import Overrides
from analysis.scoring import beyond, copies, masking, relevance, sentiment
from analysis.scoring.cache import ScoreCache
from analysis.scoring.language import identify

if TYPE_CHECKING:
    import numpy as np

AT_ONCE = 2_048
"""Texts in one piece of work given to `map`."""
KEEP_EVERY = 5.0
"""Seconds of work that an ended run loses at most: writing each piece for itself would take three times as long."""
PROBABILITIES = [f"p_{name}" for name in sentiment.CLASSES]

Map = Callable[[Callable[[Sequence[str]], Any], Iterable[Sequence[str]]], Iterable[Any]]
Progress = Callable[[int, int], None]
"""Called with (texts done, texts to do)."""


def score(
    mentions: pd.DataFrame,
    *,
    brand_terms: Sequence[str],
    brand_accounts: Sequence[str],
    languages: Sequence[str],
    cache: Path,
    names: Sequence[str] = (),
    called: Sequence[str] = (),
    namesakes: Sequence[str] = (),
    exclusions: Sequence[str] = (),
    rivals: Sequence[str] = (),
    progress: Progress | None = None,
    map: Map = map,
    fast_above: int = sentiment.FAST_ABOVE,
    scorer: Mapping[str, str] | None = None,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """`mentions` with the scored columns, and notes.

    `brand_accounts` are pseudonyms (`u_…`), and so are those of `called`, accounts that go by its names. `names` are
    names of the organisation besides `brand_terms`. `namesakes` are
    phrases in which a name means somebody else, `exclusions` phrases whose mentions are left out, `rivals` names of
    competitors. `language` becomes this room's opinion; the archive's is kept where
    there is none of ours, with a null confidence. A mention in a language that no scorer covers, or without a letter or
    an emoji, is unscored: its scorer and probabilities are null, never neutral. The cause columns are null until
    `add_causes`.

    Notes: `scorers` (language → name, version, known_error, tier), `distinct` texts scored, `from_cache` of
    them, `fast_above`, `unscored` (language, or "unknown" → mentions), `copies` (as `Copies.notes`), `warnings`. `map`
    runs pieces of work, in order; the fast tier takes over above `fast_above` distinct texts; `scorer` overrules that,
    as `sentiment.choose` has it.
    TemporaryError where the cache is locked for long; InputError where a scorer cannot be used.
    """
    scored = mentions.copy()
    scored["from_brand"] = mentions["author"].isin(set(brand_accounts)).astype(bool)
    opinion = identify(mentions["text"], languages)
    # What the archive says is worth more than a hint that a text too short to read gives.
    ours = opinion["language_note"].ne("too_short").fillna(True) | mentions["language"].isna()
    scored["language"] = opinion["language"].where(ours).fillna(mentions["language"]).astype("string")
    scored["language_confidence"] = opinion["language_confidence"].where(ours)
    scored["language_note"] = opinion["language_note"]
    for name, dtype in SCORED_COLUMNS.items():
        if name not in scored:
            null = float("nan") if dtype == "float64" else pd.NA
            scored[name] = pd.Series(null, index=scored.index).astype(pandas_dtype(dtype))

    masked = masking.mask(mentions["text"], brand_terms)
    scorable = masked.map(masking.has_content, na_action="ignore").eq(True).fillna(False).astype(bool)
    distinct = masked[scorable & scored["language"].isin(set(languages)).fillna(False)].nunique()
    scorers = sentiment.choose(languages, distinct, cache, fast_above=fast_above, asked=scorer)
    held = ScoreCache(cache)
    notes: dict[str, Any] = {"scorers": {}, "distinct": 0, "from_cache": 0, "fast_above": fast_above}
    for language, chosen in scorers.items():
        rows = scorable & scored["language"].eq(language).fillna(False).astype(bool)
        texts = sorted(masked[rows].unique())
        known = _scores(chosen, texts, held, progress, map)
        notes["scorers"][language] = {
            "name": chosen.name,
            "version": chosen.version,
            "known_error": chosen.known_error,
            "tier": sentiment.tier(language, distinct, fast_above=fast_above, asked=scorer),
        }
        notes["distinct"] += len(texts)
        notes["from_cache"] += known.attrs["from_cache"]
        scored.loc[rows, "scorer"] = f"{chosen.name} {chosen.version}"
        scored.loc[rows, PROBABILITIES] = known.reindex(masked[rows]).to_numpy()
    judged = relevance.judge(
        mentions,
        terms=[*brand_terms, *names],
        accounts=brand_accounts,
        called=called,
        phrases=namesakes,
        exclusions=exclusions,
    )
    scored[judged.columns.tolist()] = judged
    read = beyond.read(scored, terms=brand_terms, accounts=[*brand_accounts, *called], rivals=rivals)
    scored[read.columns.tolist()] = read
    asked = relevance.kept(scored) & ~scored["from_brand"] & (scored["kind"] != "repost").fillna(True)
    repeats = copies.mark(scored, masked, asked)
    scored["copied"] = repeats.copied
    notes["copies"] = repeats.notes()
    without = scored.loc[scored["scorer"].isna(), "language"].fillna("unknown")
    notes["unscored"] = dict(sorted(Counter(without).items()))
    notes["warnings"] = held.warnings
    return scored, notes


@dataclass(frozen=True)
class Explained:
    """The causes of scored mentions: `table` and `model` as in `causes.Causes`, but that the typical mentions are told
    by id; `overridden`, what became of each entry of overrides.yml (`overriding.apply`), as records; `vectors` as in
    `causes.Causes`, by position among the mentions asked about."""

    table: pd.DataFrame
    model: dict[str, Any]
    overridden: list[dict[str, Any]]
    vectors: "dict[str, tuple[np.ndarray, np.ndarray]]"


def add_causes(
    scored: pd.DataFrame,
    select: pd.Series,
    *,
    terms: Sequence[str],
    overrides: Overrides | None = None,
    seed: int = 0,
    **options: Any,
) -> tuple[pd.DataFrame, Explained]:
    """`scored` with the causes of the mentions that `select` (bool, on its index) names, and the causes themselves.

    Meant for complaints: negative customer mentions of the incident's window that are no reposts. `overrides` are what
    people changed; `options` go to `causes.fit`.
    """
    from analysis.scoring import causes, overriding

    chosen = select.fillna(False).astype(bool)
    asked = scored[chosen]
    ids, texts = asked["id"].tolist(), asked["text"].tolist()
    languages = [None if pd.isna(language) else language for language in asked["language"]]
    found = causes.fit(texts, languages, terms=terms, seed=seed, **options)
    typical = found.table["typical"].map(lambda places: [ids[place] for place in places])
    table = found.table.assign(typical=typical)
    labels, told = found.labels, []
    if overrides:
        labels, table, said = overriding.apply(labels, table, ids, overrides, overriding.by_phrases(texts))
        told = json.loads(said.to_json(orient="records", force_ascii=False))
    out = scored.copy()
    names = {"cause": "cause", "confidence": "cause_confidence", "origin": "cause_origin"}
    for theirs, ours in names.items():
        out[ours] = labels[theirs].set_axis(asked.index).reindex(out.index).astype(pandas_dtype(SCORED_COLUMNS[ours]))
    return out, Explained(table, found.model, told, found.vectors)


def kept_as(scorer: sentiment.Scorer) -> str:
    """The version under which the cache keeps the scores of `scorer`: its own, and that of the masking."""
    return f"{scorer.version}/{masking.VERSION}"


def _keep(held: ScoreCache, scorer: sentiment.Scorer, waiting: "list[tuple[list[str], np.ndarray]]") -> None:
    if waiting:
        texts = [text for piece, _ in waiting for text in piece]
        rows = [row for _, answer in waiting for row in answer.tolist()]
        held.put(scorer.name, kept_as(scorer), texts, rows)


def _scores(
    scorer: sentiment.Scorer, texts: list[str], held: ScoreCache, progress: Progress | None, map: Map
) -> pd.DataFrame:
    """DataFrame[p_negative, p_neutral, p_positive] by text; `attrs` says how many came from the cache."""
    import numpy as np

    version = kept_as(scorer)
    known: dict[str, Any] = held.get(scorer.name, version, texts)
    from_cache = len(known)
    missing = [text for text in texts if text not in known]
    pieces = [missing[start : start + AT_ONCE] for start in range(0, len(missing), AT_ONCE)]
    waiting: list[tuple[list[str], np.ndarray]] = []
    done, kept = from_cache, time.monotonic()
    for piece, answer in zip(pieces, map(scorer.predict_proba, pieces), strict=True):
        waiting.append((piece, answer))
        if time.monotonic() - kept >= KEEP_EVERY:
            _keep(held, scorer, waiting)
            waiting, kept = [], time.monotonic()
        known.update(zip(piece, answer.tolist(), strict=True))
        done += len(piece)
        if progress:
            progress(done, len(texts))
    _keep(held, scorer, waiting)
    table = pd.DataFrame(
        np.array([known[text] for text in texts], dtype=np.float64).reshape(-1, 3),
        index=pd.Index(texts, dtype="string"),
        columns=PROBABILITIES,
    )
    table.attrs["from_cache"] = from_cache
    return table
