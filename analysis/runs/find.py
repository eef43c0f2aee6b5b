"""`aftermath find`: notebook 0 run on an archive, its findings published, incidents drafted from its candidates."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import drafts, findings
from analysis.errors import InsufficientData, ParameterError
from analysis.questions.search import Search
from analysis.runs import parameters, publish
from analysis.runs.archives import Progress, ingest_archive, quiet
from analysis.runs.execute import execute
from analysis.runs.lock import locked
from analysis.runs.prepare import known
from analysis.workspace import NOTEBOOKS, Workspace

NOTEBOOK = NOTEBOOKS / "0_find_incidents.ipynb"
OWN = ("archive", "workspace", "output")
"""Parameters that the run itself sets."""
BASELINE_DAYS, BLOCKS = 28, 10
"""A baseline is as long as the incident so many times, and at least so many days: what impact asks for."""
MOST_BASELINE, AFTER_DAYS = 365, 30


@dataclass(frozen=True)
class Found:
    """What was published, in sentences, and where."""

    folder: Path
    lines: list[str]


def find(
    workspace: Workspace, archive: str, given: Mapping[str, Any] | None = None, *, progress: Progress = quiet
) -> Found:
    """Run notebook 0 on an archive, with the parameters `given`, and publish `reports/found/<archive>/`.

    Raises what ingest raises, ParameterError for `given` before anything runs, and what `execute` raises, after which
    nothing is published; and InsufficientData, after findings that say so have been published. Waits while another
    process searches the same archive.
    """
    chosen = dict(given or {})
    assigned = parameters.assign(chosen, [NOTEBOOK], reserved=OWN)[NOTEBOOK]
    spoken = known(list(chosen.get("languages", []))) or ["en"]
    ingest_archive(workspace, archive, progress)
    with locked(workspace.archive(archive) / "find.lock"):
        target, told = _published(workspace, archive, assigned, progress)
    lines = [finding.answer[spoken[0]] for finding in told]
    if any(finding.message == "find.summary.too_little" for finding in told):
        raise InsufficientData(f"{archive}: " + " ".join(lines) + f" The findings stand in {target}.")
    return Found(target, lines)


def _published(
    workspace: Workspace, archive: str, assigned: Mapping[str, Any], progress: Progress
) -> tuple[Path, list[findings.Finding]]:
    """Notebook 0 run aside and put in the place of what it found before; the folder and the findings."""
    work = publish.fresh(workspace.work / f"find-{archive}")
    fixed = {"archive": archive, "workspace": str(workspace.root), "output": str(work)}
    execute(NOTEBOOK, work, {**assigned, **fixed}, progress)
    told = findings.read(work / "findings" / f"{NOTEBOOK.stem}.json")
    target = workspace.reports / "found" / archive
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = workspace.work / f"find-{archive}.previous"
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        target.rename(aside)
    work.rename(target)
    shutil.rmtree(aside, ignore_errors=True)
    return target, told


def write_drafts(search: Search, ranks: Sequence[int]) -> list[Path]:
    """Draft an incident of each candidate in `ranks`: incident.yml and what belongs beside it; the files written.

    ParameterError for a candidate that there is none of, and where an incident of its name stands already.
    """
    rows = {int(row["rank"]): row for row in search.ranked.to_dict("records")}
    unknown = [rank for rank in ranks if rank not in rows]
    if unknown:
        most = f"they go from 1 to {len(rows)}" if rows else "there are none"
        raise ParameterError(f"{search.archive} has no candidate {unknown[0]!r}: {most}.")
    written = []
    for rank in ranks:
        row = rows[rank]
        start = row["start"] if pd.isna(row["start_low"]) else min(row["start_low"], row["start"])
        end = row["last"] if pd.isna(row["end"]) else row["end"]
        brand = str(row["brand"]) or search.name
        written += drafts.draft(
            search.place,
            _identity(search, str(row["brand"]), start),
            search.archive,
            [],
            brand or search.archive,
            known=drafts.Known(
                title=f"{brand or search.archive}, {start.tz_convert(search.zone):%Y-%m-%d}",
                start=start.tz_convert(search.zone).strftime("%Y-%m-%d %H:%M"),
                end=end.tz_convert(search.zone).strftime("%Y-%m-%d %H:%M"),
                time_zone=search.zone,
                accounts=search.accounts,
                terms=search.terms,
                languages=search.spoken,
                baseline_days=min(MOST_BASELINE, max(BASELINE_DAYS, ceil((end - start) / timedelta(days=1) * BLOCKS))),
                after_days=AFTER_DAYS,
            ),
        )
    return written


def _identity(search: Search, brand: str, start: pd.Timestamp) -> str:
    """A name for the incident's folder: the archive, the label where there are several, and the day."""
    slug = re.sub(r"[^a-z0-9]+", "-", brand.casefold()).strip("-") if len(search.brands) > 1 else ""
    parts = [search.archive, slug, f"{start.tz_convert(search.zone):%Y-%m-%d}"]
    return "-".join(part for part in parts if part)[:64]
