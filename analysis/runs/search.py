"""An archive brought up to date, audited and searched for candidate incidents; the best of them read."""

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import available_timezones

import pandas as pd

from analysis.errors import ParameterError
from analysis.measures import alarm, candidates, cue_alarm, volume
from analysis.privacy import load_key, pseudonym
from analysis.questions.search import Search
from analysis.runs import parameters
from analysis.runs.archives import Progress, ingest_archive, quiet
from analysis.runs.prepare import cells_run, known
from analysis.runs.spikes import read
from analysis.workspace import NOTEBOOKS, REPOSITORY, Workspace

MOST = 10
"""Candidates that are read, best first; further ones are listed."""


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
    if time_zone not in available_timezones():
        raise ParameterError(
            f"time_zone is {time_zone!r}; use a name such as UTC, America/Los_Angeles or Asia/Shanghai."
        )
    place = Workspace.at(REPOSITORY / workspace if workspace else None)
    ingest_archive(place, archive, progress)
    return search(
        place,
        archive,
        Path(output) if output else place.work / "by-hand" / archive,
        brand=brand,
        accounts=accounts,
        terms=terms,
        spoken=known(list(spoken)),
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
    raised = {label: _raised(whole, audit.hours, claims, label, spoken=spoken, daily=daily) for label in looked}
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
        raised=raised,
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
            others = rivals or [other for other in looked if other != label]
            made.spikes += read(made, whole, own, names=names or [label], rivals=others, progress=progress)
    made.spikes.sort(key=lambda spike: spike.rank)
    voices = {name for one in raised.values() for name in one.voices["id"]}
    quotable = [*(spike.read for spike in made.spikes), whole[whole["id"].isin(voices)]]
    made.mentions = pd.concat([table[["id", "text"]] for table in quotable]).drop_duplicates("id")
    return made


def _of(
    whole: pd.DataFrame, hours: pd.DataFrame, claims: pd.DataFrame, label: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mentions of a label, and the hours that apply to it."""
    rows = whole if label == "" else whole[(whole["brand"] == label).fillna(False)]
    return rows, volume.as_seen(hours, claims, label if (hours["brand"] == label).any() else "")


def _raised(
    whole: pd.DataFrame, hours: pd.DataFrame, claims: pd.DataFrame, label: str, *, spoken: Sequence[str], daily: bool
) -> cue_alarm.Raised:
    """Who raised a cue that weighs whatever the volume, over the whole archive."""
    from analysis.scoring import cues
    from analysis.scoring.language import identify

    rows, own = _of(whole, hours, claims, label)
    found = cues.cues(rows["text"].tolist()).set_index(rows.index)
    heard = found.any(axis=1)
    languages = identify(rows.loc[heard, "text"], spoken)["language"]
    told = cues.for_floors(found[heard], languages.astype(object).where(languages.notna(), None).tolist())
    late = cue_alarm.DAY if daily else None
    return cue_alarm.raised(rows, told.reindex(rows.index, fill_value=False), own, resolution=late)


def _candidates(
    whole: pd.DataFrame, hours: pd.DataFrame, claims: pd.DataFrame, label: str, *, daily: bool
) -> candidates.Candidates:
    """The candidates of one label, in bins as fine as its mentions are many; days where the archive knows no hours."""
    rows, own = _of(whole, hours, claims, label)
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
