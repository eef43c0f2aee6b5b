"""Residual harm measured again at its dates, from what the archives hold by now."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.errors import AftermathError
from analysis.incident import Incident, Window
from analysis.measures import remeasure, volume
from analysis.measures.calibrated import Calibration
from analysis.measures.registry import Source
from analysis.privacy import load_key, pseudonym
from analysis.questions.case import Case
from analysis.runs.archives import Progress, ingest_archive, quiet
from analysis.runs.prepare import about_it, mentions, read, scores
from analysis.workspace import Workspace

LATEST = 367
"""Days after the end by which the last date lies."""


@dataclass(frozen=True)
class _Held:
    """All mentions of some archives, and the audit of their collection."""

    whole: pd.DataFrame
    hours: pd.DataFrame
    claims: pd.DataFrame


def remeasured(
    workspace: Workspace, sources: Sequence[Source], as_of: pd.Timestamp | None = None, progress: Progress = quiet
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """`remeasure.measured` of every incident, and the moment up to which it is judged: `as_of`, else the last mention
    that any of their archives holds.

    Only the time before and the weeks asked for are scored, from the cache where they were before. Values are not
    calibrated. Incidents whose archive cannot be brought up to date stay unmeasured.
    """
    audited: dict[tuple[object, ...], _Held] = {}
    opened = [(source, *_opened(workspace, source, audited, progress)) for source in sources]
    last = [held.whole["published_at"].max() for held in audited.values() if len(held.whole)]
    until = as_of if as_of is not None else max(last, default=max(source.end for source in sources))
    others = [(source.incident, source.start, source.end) for source in sources]
    tables = []
    for number, (source, incident, held) in enumerate(opened):
        progress("residual", number, len(opened))
        if incident is None or held is None:
            tables.append(remeasure.unread(source.incident, source.end, until, "not_seen"))
        elif _selected(source):
            tables.append(remeasure.unread(source.incident, source.end, until, "openers_absent"))
        else:
            tables.append(_measured(workspace, source, incident, held, until, others))
    return pd.concat(tables, ignore_index=True), until


def of_case(
    workspace: Workspace, case: Case, source: Source, others: Sequence[tuple[str, pd.Timestamp, pd.Timestamp]]
) -> tuple[pd.DataFrame, pd.Timestamp]:
    """The same of one case, calibrated as its report is, from the archives that it was prepared from.

    `others` as of `remeasure.measured`. Judged up to the last mention of these archives, or to the end of an incident
    among `others` where that is later: by then the day has surely passed. No clock is asked.
    """
    until = max([pd.Timestamp(case.notes["span"][1]), *(end for _, _, end in others)])
    if _selected(source):
        return remeasure.unread(source.incident, source.end, until, "openers_absent"), until
    held = _Held(mentions(workspace, case.incident), case.hours, case.claims)
    return _measured(workspace, source, case.incident, held, until, others, case.calibration), until


def _selected(source: Source) -> bool:
    """Whether the archive holds answered conversations alone, whose mood is not that of everybody."""
    told = source.found.get("recovery.residual")
    return told is not None and told.message == "residual.selected"


def _opened(
    workspace: Workspace, source: Source, audited: dict[tuple[object, ...], _Held], progress: Progress
) -> tuple[Incident | None, _Held | None]:
    """The incident's file as it is now, and what its archives hold; None where they cannot be had."""
    try:
        incident = read(workspace, source.incident)
        for name in incident.archives:
            ingest_archive(workspace, name, progress)
        key = (*incident.archives, incident.brand, *incident.brand_accounts, *incident.brand_terms)
        if key not in audited:
            audited[key] = _audited(workspace, incident)
        return incident, audited[key]
    except AftermathError:
        return None, None


def _audited(workspace: Workspace, incident: Incident) -> _Held:
    from analysis.archive.audit import content, coverage

    key = load_key(workspace.key)
    accounts = [pseudonym(account, key) for account in incident.brand_accounts]
    whole = mentions(workspace, incident)
    audit = coverage.audit(whole[whole["author"].isna() | ~whole["author"].isin(accounts)])
    names = [*incident.brand_terms, incident.brand, *accounts]
    claims = pd.concat([audit.claims, content.audit(whole, brand=incident.brand, names=names)], ignore_index=True)
    return _Held(whole, audit.hours, claims)


def _measured(
    workspace: Workspace,
    source: Source,
    incident: Incident,
    held: _Held,
    until: pd.Timestamp,
    others: Sequence[tuple[str, pd.Timestamp, pd.Timestamp]],
    calibration: Calibration | None = None,
) -> pd.DataFrame:
    from analysis.scoring import relevance

    longer = incident.model_copy(update={"after_days": LATEST})
    window = Window(start=source.start.to_pydatetime(), end=source.end.to_pydatetime())
    about, _ = about_it(held.whole, longer, window)
    before = (source.start - pd.Timedelta(days=incident.baseline_days), source.start)
    spans = [before, *remeasure.weeks(source.end)]
    at = about["published_at"]
    wanted = pd.concat([(at >= start) & (at < end) for start, end in spans], axis=1).any(axis=1)
    scored, _ = scores(workspace, incident, about[wanted.to_numpy()].reset_index(drop=True))
    label = incident.brand if (held.hours["brand"] == incident.brand).any() else ""
    hours = volume.as_seen(held.hours, held.claims, label)
    kept = scored[relevance.kept(scored)].reset_index(drop=True)
    return remeasure.measured(source.incident, kept, hours, before, source.end, until, others, calibration=calibration)
