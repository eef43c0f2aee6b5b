"""Candidates of a search, read: what each was, from samples of its mentions and of the time before."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.measures import candidates, cue_alarm, kinds, passed_on, reading, sentiment, severity
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson
from analysis.questions.measured import MIXED
from analysis.questions.search import Search, Spike
from analysis.runs.archives import Progress

READ = 1_500
"""Mentions of a candidate, and of the time before it, that are scored: enough to see a rise of six points."""
USUAL, GAP = pd.Timedelta(days=28), pd.Timedelta(days=1)
"""What a candidate is held against ends a day before it (definitions C1), where enough is left."""
UNSURE = 0.15
"""The mean error of net sentiment that is reckoned with where a scorer's was not measured."""
PEAK = pd.Timedelta(hours=6)
COMPLAINTS = 30
"""Complaints of a candidate under which no cause is named."""


def read(
    made: Search,
    whole: pd.DataFrame,
    own: pd.DataFrame,
    *,
    names: Sequence[str],
    rivals: Sequence[str],
    progress: Progress,
) -> list[Spike]:
    """The candidates `own` of one label, from seeded samples of their mentions and of the 28 days before."""
    from analysis.scoring import relevance, score

    label = str(own["brand"].iloc[0])
    rows = whole if label == "" else whole[(whole["brand"] == label).fillna(False)]
    rows = rows[~rows["from_brand"]]
    both = {int(row["rank"]): spans(row) for row in own.to_dict("records")}
    busy = np.zeros(len(rows), dtype=bool)
    for row in made.ranked[made.ranked["brand"] == label].to_dict("records"):
        busy |= _within(rows, *spans(row)[1])
    drawn = {}
    for rank, (earlier, own_span) in both.items():
        drawn[rank, 0] = _drawn(_apart(rows[_within(rows, *earlier) & ~busy], earlier[1]))
        drawn[rank, 1] = _drawn(rows[_within(rows, *own_span)])
    union = pd.concat(drawn.values()).drop_duplicates("id").sort_values(["published_at", "id"], ignore_index=True)
    progress("score", 0, 1)
    scored, notes = score.score(
        union.drop(columns="from_brand"),
        brand_terms=[name for name in names if name],
        brand_accounts=list(made.allowed),
        names=[name for name in (label, made.name) if name],
        languages=made.spoken,
        rivals=rivals,
        cache=made.place.cache,
        progress=lambda done, total: progress("score", done, total),
    )
    known_errors = [scorer["known_error"].get("net_sentiment_mae") for scorer in notes["scorers"].values()]
    margin = max((float(error) for error in known_errors if error is not None), default=UNSURE)
    about = relevance.kept(scored)
    by_id = scored.set_index("id")
    out = []
    for row in own.to_dict("records"):
        rank = int(row["rank"])
        usual, inside = (by_id.loc[drawn[rank, side]["id"]].reset_index() for side in (0, 1))
        hits = set(scored.loc[about, "id"])
        share = _share(inside["id"].isin(hits))
        usual, inside = (table[table["id"].isin(hits)] for table in (usual, inside))
        rise = sentiment.rise(usual, inside)
        severe = _severity(row, usual, inside, rise, cue_alarm.floors(made.raised[label], *both[rank][1]))
        told = kinds.Evidence(
            rise=rise,
            net=sentiment.net(inside),
            targets=reading.targets(inside),
            phrase=passed_on.passed_on(usual, _around(inside, row["highest"]), names=[*names, label]),
            about=share,
            severity=None if severe.level.value is None else int(float(severe.level.value)),
        )
        begins = pd.isna(row["start_low"]) or row["start"] - row["start_low"] > pd.Timedelta(days=1)
        kind = kinds.kind(told, begins=bool(begins), margin=margin)
        causes, typical = _causes(inside, [*names, label], progress)
        sector = candidates.elsewhere_too(made.brands, label, *spans(row)[1])
        out.append(Spike(rank, label, row, kind, told, inside, usual, causes, typical, sector, severe))
    return out


def _severity(
    row: Mapping[Any, Any], usual: pd.DataFrame, inside: pd.DataFrame, rise: sentiment.Rise, floors: tuple[str, ...]
) -> severity.Severity:
    """The severity of a candidate, from the samples that were read of it and of the time before."""
    from analysis.scoring.complaint import CALLED_FROM, GRADED

    hour = pd.Timedelta(hours=1)
    duration = refused("hours", "censored", "candidates", low=(row["last"] - row["start"]) / hour)
    if pd.notna(row["end"]):
        hours = (row["end"] - row["start"]) / hour
        duration = Estimate(hours, "hours", 1, "candidates", hours, hours)
    return severity.severity(
        z_peak=float(row["z"]),
        share_lift=rise.difference,
        high_severity=severity.high_severity(inside, CALLED_FROM, GRADED),
        repost_share=severity.repost_share(usual, inside),
        platforms=severity.platforms(usual, inside),
        influential=severity.influential(usual, inside),
        duration_hours=duration,
        floors=floors,
    )


def spans(row: Mapping[Any, Any]) -> tuple[tuple[pd.Timestamp, pd.Timestamp], tuple[pd.Timestamp, pd.Timestamp]]:
    """The 28 days before a candidate, and its own span; half-open, UTC."""
    start = row["start"]
    low = start if pd.isna(row["start_low"]) else min(row["start_low"], start)
    return (low - USUAL, low), (low, row["last"] if pd.isna(row["end"]) else row["end"])


def _within(rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    return ((rows["published_at"] >= start) & (rows["published_at"] < end)).to_numpy()


def _around(inside: pd.DataFrame, highest: pd.Timestamp) -> pd.DataFrame:
    """The mentions about the highest hour, where they are enough: what made the peak, not what came before it."""
    near = inside[_within(inside, highest - PEAK, highest + PEAK)]
    return near if len(near) >= COMPLAINTS else inside


def _apart(earlier: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """The mentions before a candidate without those of its last day, unless hardly any are left then."""
    kept = earlier[(earlier["published_at"] < end - GAP).to_numpy()]
    return kept if len(kept) >= COMPLAINTS else earlier


def _drawn(rows: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """At most READ of the rows, drawn without looking at them; the same each time."""
    ordered = rows.sort_values("id")
    if len(ordered) <= READ:
        return ordered
    return ordered.iloc[np.sort(np.random.default_rng(seed).choice(len(ordered), READ, replace=False))]


def _share(holds: pd.Series) -> Estimate:
    return wilson(int(holds.sum()), len(holds)) if len(holds) else refused("share", "too_few", "Wilson")


def _causes(
    inside: pd.DataFrame, names: Sequence[str], progress: Progress
) -> tuple[list[tuple[str, float]], list[str]]:
    """The three largest causes of what was complained of, by name and share, and typical mentions of the first."""
    from analysis.scoring import score

    rows = inside.reset_index(drop=True)
    chosen = (sentiment.labels(rows) == "negative").fillna(False) & (rows["kind"] != "repost").fillna(True)
    if chosen.sum() < COMPLAINTS:
        return [], []
    progress("causes", 0, 1)
    _, found = score.add_causes(rows, chosen, terms=[name for name in names if name])
    top = found.table[found.table["told"] >= MIXED].head(3)
    if top.empty:
        return [], []
    total = float(found.table["n"].sum())
    return (
        [(str(name), float(n) / total) for name, n in zip(top["name"], top["n"], strict=True)],
        list(top["typical"].iloc[0]),
    )
