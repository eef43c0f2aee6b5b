"""An archive brought up to date, audited and searched for candidate incidents; the best of them read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.measures import alarm, candidates, kinds, passed_on, reading, sentiment, volume
from analysis.measures.estimate import Estimate, refused
from analysis.privacy import load_key, pseudonym
from analysis.questions.search import Search, Spike
from analysis.runs import parameters
from analysis.runs.prepare import Progress, cells_run, ingest_archive, known, quiet
from analysis.workspace import NOTEBOOKS, REPOSITORY, Workspace

READ = 1_500
"""Mentions of a candidate, and of the time before it, that are scored: enough to see a rise of six points."""
MOST = 10
"""Candidates that are read, best first; further ones are listed."""
USUAL = pd.Timedelta(days=28)
UNSURE = 0.15
"""The mean error of net sentiment that is reckoned with where a scorer's was not measured."""
PEAK = pd.Timedelta(hours=6)
COMPLAINTS = 30
"""Complaints of a candidate under which no cause is named."""


def open_archive(
    archive: str,
    *,
    notebook: str,
    workspace: str = "",
    output: str = "",
    brand: str = "",
    accounts: Sequence[str] = (),
    terms: Sequence[str] = (),
    spoken: Sequence[str] = ("en", "zh"),
    time_zone: str = "UTC",
    languages: Sequence[str] = (),
    progress: Progress = quiet,
) -> Search:
    """The search that notebook 0 reads: the archive ingested where its sources have changed.

    `brand` is the label to look at, where the archive has labels, else the organisation's name; `accounts` are its own,
    whose posts are not counted; `terms` its other names; `spoken` the languages that are scored; `languages` those of
    the sentences. Raises ParameterError for a label that no mention bears, or a parameter of the wrong type or name,
    and what ingest raises.
    """
    parameters.check_injected(cells_run(), NOTEBOOKS / f"{notebook}.ipynb")
    place = Workspace.at(REPOSITORY / workspace if workspace else None)
    ingest_archive(place, archive, progress)
    return search(
        place,
        archive,
        Path(output) if output else place.work / "by-hand" / archive,
        brand=brand,
        accounts=accounts,
        terms=terms,
        spoken=spoken,
        time_zone=time_zone,
        languages=known(list(languages)) or ["en"],
        progress=progress,
    )


def search(
    place: Workspace,
    archive: str,
    output: Path,
    *,
    brand: str,
    accounts: Sequence[str],
    terms: Sequence[str],
    spoken: Sequence[str],
    time_zone: str,
    languages: list[str],
    progress: Progress = quiet,
) -> Search:
    """What `open_archive` gives, of an archive that is ingested."""
    from analysis.archive import store, threads
    from analysis.archive.audit import content, coverage, joins

    key = load_key(place.key)
    allowed = {pseudonym(account, key): account for account in accounts}
    whole = store.read(place.store(archive))
    whole = whole.assign(from_brand=whole["author"].isin(set(allowed)).astype(bool))
    labels = sorted(whole["brand"].dropna().unique())
    if brand and labels and brand not in labels:
        raise ParameterError(f"no mention of {archive} bears the label {brand!r}. Use one of: {', '.join(labels)}.")
    looked = [brand] if brand and labels else labels or [""]
    progress("audit", 0, 1)
    audit = coverage.audit(whole[~whole["from_brand"]])
    names = [*terms, *([brand] if brand else [])]
    claims = pd.concat(
        [audit.claims, content.audit(whole, brand=brand if labels else "", names=[*names, *allowed])], ignore_index=True
    )
    threaded = whole.assign(thread_id=threads.thread_ids(whole))
    selected = joins.audit(threaded, threaded["from_brand"]).openers.value == "absent"
    daily = audit.summary.get("resolution") == "day"
    found = {label: _candidates(whole, audit.hours, claims, label, daily=daily) for label in looked}
    ranked = candidates.ranked({label: one.table for label, one in found.items()})
    made = Search(
        place=place,
        archive=archive,
        name=brand,
        accounts=list(accounts),
        terms=list(terms),
        spoken=list(spoken),
        time_zone=time_zone,
        report_languages=languages,
        brands=found,
        hours=audit.hours,
        claims=claims,
        ranked=ranked,
        spikes=[],
        mentions=whole.iloc[:0],
        selected=selected,
        notebook="0_find_incidents",
        output=output,
        allowed=allowed,
    )
    rivals = [label for label in labels if label not in looked]
    for label in looked:
        own = ranked.head(MOST)
        own = own[own["brand"] == label]
        if len(own):
            made.spikes += _read(
                place, made, whole, own, names=names or [label], accounts=list(allowed), spoken=spoken,
                rivals=rivals or [other for other in looked if other != label], progress=progress,
            )  # fmt: skip
    made.spikes.sort(key=lambda spike: spike.rank)
    if made.spikes:
        made.mentions = pd.concat([spike.read for spike in made.spikes]).drop_duplicates("id")
    return made


def _candidates(
    whole: pd.DataFrame, hours: pd.DataFrame, claims: pd.DataFrame, label: str, *, daily: bool
) -> candidates.Candidates:
    """The candidates of one label, in bins as fine as its mentions are many; days where the archive knows no hours."""
    rows = whole if label == "" else whole[(whole["brand"] == label).fillna(False)]
    own = volume.as_seen(hours, claims, label if (hours["brand"] == label).any() else "")
    seen = own.loc[own["state"] == "seen", "mentions"]
    step = pd.Timedelta(alarm.width(float(seen.mean()) if len(seen) else 0.0))
    counts = volume.binned(rows, own, step)
    if daily:
        days = counts.resample("1D")
        counts = pd.DataFrame(
            {
                "mentions": days["mentions"].sum().where(days["mentions"].count() == days.size().max()),
                "at_least": days["at_least"].sum(),
            }
        )
    return candidates.find(counts["mentions"], at_least=counts["at_least"])


def _read(
    place: Workspace,
    made: Search,
    whole: pd.DataFrame,
    own: pd.DataFrame,
    *,
    names: Sequence[str],
    accounts: Sequence[str],
    spoken: Sequence[str],
    rivals: Sequence[str],
    progress: Progress,
) -> list[Spike]:
    """The candidates `own` of one label, from seeded samples of their mentions and of the 28 days before."""
    from analysis.scoring import relevance, score

    label = str(own["brand"].iloc[0])
    rows = whole if label == "" else whole[(whole["brand"] == label).fillna(False)]
    rows = rows[~rows["from_brand"]]
    spans = {int(row["rank"]): _spans(row) for row in own.to_dict("records")}
    busy = np.zeros(len(rows), dtype=bool)
    for row in made.ranked[made.ranked["brand"] == label].to_dict("records"):
        busy |= _within(rows, *_spans(row)[1])
    drawn = {
        (rank, side): _drawn(rows[_within(rows, *span) & (~busy if side == 0 else True)])
        for rank, sides in spans.items()
        for side, span in enumerate(sides)
    }
    union = pd.concat(drawn.values()).drop_duplicates("id").sort_values(["published_at", "id"], ignore_index=True)
    progress("score", 0, 1)
    scored, notes = score.score(
        union.drop(columns="from_brand"),
        brand_terms=[name for name in names if name],
        brand_accounts=accounts,
        names=[name for name in (label, made.name) if name],
        languages=spoken,
        rivals=rivals,
        cache=place.cache,
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
        told = kinds.Evidence(
            rise=sentiment.rise(usual, inside),
            net=sentiment.net(inside),
            targets=reading.targets(inside),
            phrase=passed_on.passed_on(usual, _around(inside, row["highest"]), names=[*names, label]),
            about=share,
        )
        begins = pd.isna(row["start_low"]) or row["start"] - row["start_low"] > pd.Timedelta(days=1)
        kind = kinds.kind(told, begins=bool(begins), margin=margin)
        causes, typical = _causes(inside, [*names, label], progress)
        sector = candidates.elsewhere_too(made.brands, label, *_spans(row)[1])
        out.append(Spike(rank, label, row, kind, told, inside, usual, causes, typical, sector))
    return out


def _spans(row: Mapping[Any, Any]) -> tuple[tuple[pd.Timestamp, pd.Timestamp], tuple[pd.Timestamp, pd.Timestamp]]:
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


def _drawn(rows: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """At most READ of the rows, drawn without looking at them; the same each time."""
    ordered = rows.sort_values("id")
    if len(ordered) <= READ:
        return ordered
    return ordered.iloc[np.sort(np.random.default_rng(seed).choice(len(ordered), READ, replace=False))]


def _share(holds: pd.Series) -> Estimate:
    from analysis.measures.proportions import wilson

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
    if found.table.empty:
        return [], []
    ids = rows.loc[chosen, "id"].tolist()
    total = float(found.table["n"].sum())
    top = found.table.head(3)
    return (
        [(str(name), float(n) / total) for name, n in zip(top["name"], top["n"], strict=True)],
        [ids[place] for place in top["typical"].iloc[0]],
    )
