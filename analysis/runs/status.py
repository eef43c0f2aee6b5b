"""What an archive holds, in lines for a terminal: rows, span, formats, rejected, duplicates, and what is missing."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from analysis import wording
from analysis.archive import store
from analysis.archive.audit import content, coverage, joins
from analysis.archive.ingest import Ingest, SourceFile
from analysis.archive.records import REASONS
from analysis.archive.segments import QUARANTINE
from analysis.errors import InputError
from analysis.questions import limits
from analysis.style import numbers
from analysis.wording.notes import sentences
from analysis.workspace import Workspace

FILES = 20
"""How many sources are listed one by one."""


def status(workspace: Workspace, name: str) -> list[str]:
    """The state of the store of archive `name`, without looking at its sources; InputError where there is none."""
    place = workspace.store(name)
    manifest = store.index(place)
    if manifest is None or manifest.get("schema") != store.SCHEMA:
        raise InputError(f"{place}: nothing was ingested yet, or by another version. Run `aftermath ingest {name}`.")
    done = Ingest.from_dict(manifest["ingest"])
    mentions = store.read(place)
    found = pd.concat([coverage.audit(mentions).claims, content.audit(mentions)], ignore_index=True)
    return [*_summary(name, done), *_span(done), *_joins(mentions), *_notes(done), *_claims(found)]


def told(workspace: Workspace, name: str, done: Ingest) -> list[str]:
    """What became of archive `name`, and where its rejected records are."""
    lines = [*_summary(name, done), *_notes(done)]
    if done.rejected:
        lines.append(f"  rejected records, each with its reason: {workspace.store(name) / QUARANTINE}")
    return lines


def _summary(name: str, done: Ingest) -> Iterator[str]:
    """Rows of the archive and of its sources: accepted, rejected with their reasons, duplicates."""
    yield f"{name}: {_account(done)}"
    for file in done.files[:FILES]:
        yield f"  {file.path}: {_account(file)}  [{file.format}: {file.why}]"
    if len(done.files) > FILES:
        formats = Counter(file.format for file in done.files)
        listed = ", ".join(f"{form} ({number})" for form, number in sorted(formats.items()))
        yield f"  … {len(done.files)} sources in all: {listed}"
    reasons: Counter[str] = Counter()
    for file in done.files:
        reasons.update(file.reasons)
    for reason, rows in reasons.most_common():
        yield f"  rejected, {REASONS[reason]}: {rows:,}"


def _account(part: Ingest | SourceFile) -> str:
    return (
        f"{part.rows:,} rows = {part.accepted:,} accepted + {part.rejected:,} rejected + {part.duplicates:,} duplicates"
    )


def _span(done: Ingest) -> Iterator[str]:
    yield f"  span: {_moment(pd.Timestamp(done.first))} to {_moment(pd.Timestamp(done.last))}"


def _joins(mentions: pd.DataFrame) -> Iterator[str]:
    """What joins to what, whoever wrote it: an archive does not know whose accounts are the organisation's."""
    counts = joins.audit(mentions, pd.Series(False, index=mentions.index)).counts
    replies, held = counts["customer_with_parent"], counts["customer_parent_held"]
    if not replies:
        yield "  conversations: no post says what it answers"
        return
    yield (
        f"  conversations: {replies:,} posts answer or pass on another, of which the archive holds {held:,} "
        f"({held / replies:.0%}); {counts['older_than_parent']:,} are older than it, {counts['cycles']:,} go in circles"
    )


def _notes(done: Ingest) -> Iterator[str]:
    yield from (f"  note: {text}" for text in sentences(done.notes, done.archive, "en"))


def _claims(claims: pd.DataFrame) -> Iterator[str]:
    """What was not collected, or not as it was written, by time."""
    if claims.empty:
        yield "  audit: no gap, cap or cut was found, nor anything altered or damaged"
    for row in claims.sort_values(["start", "kind", "brand"]).to_dict("records"):
        message, values = limits.words(row, ["en"], "UTC", {})
        said = wording.say(message, "en", values)
        yield f"  audit: {said if row['brand'] in said else row['brand'] + ': ' + said}"


def _moment(moment: pd.Timestamp) -> str:
    return numbers.value(moment.isoformat(), "time", "en", "UTC")
