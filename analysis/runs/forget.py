"""`aftermath forget`: a person is taken out of stores, preparations and reports, and kept out from then on.

Killed anywhere, it is completed by repeating it, because what is recognised only by something else goes before that:
reports and labels are recognised by the ids of posts, so they go first; then nobody new comes in; then the posts go,
and last the preparations, which are recognised by the pseudonym itself.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import labels, overrides
from analysis.archive.forgetting import Removed
from analysis.errors import InputError, ParameterError
from analysis.incident import Archive
from analysis.privacy import PSEUDONYM, load_key, pseudonym
from analysis.questions import behind
from analysis.runs import caches, forgotten, manifest, publish
from analysis.runs.archives import Progress, quiet, read_archive
from analysis.runs.lock import label_lock, locked
from analysis.runs.prepare import read
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from analysis.archive.sources import Source

UNREAD = (".pdf", ".docx", ".parquet")
"""Files of reports that are not searched; what a PDF or DOCX says, its findings.json says too."""
TELLING = 7
"""Ids of fewer digits than this are found where findings name them as ids: elsewhere they may be any number."""
_TAKEN = ".forgotten"
_IDS = re.compile(r'"id":\s*("(?:[^"\\]|\\.)*")')
_BETWEEN = re.compile(r"""[\s"'<>(){}\[\],;|&\\]+""")


@dataclass(frozen=True)
class Forgotten:
    """What was removed, by place, and what could not be reached. Nothing in it names the person."""

    new: bool
    """False where they had been forgotten before."""
    stores: dict[str, Removed]
    """By archive."""
    reports: list[Path]
    """Published, earlier and unpublished runs that held posts of theirs."""
    preparations: list[Path]
    sources: list[str]
    """Sources whose records still hold the name, what could not be looked at, and why: a sentence each."""
    written: list[Path]
    """Files that people wrote and that hold the name."""
    labels: list[Path]
    """Files of labels, of samples and of overrides that posts of theirs were taken out of."""
    cache: bool = False
    """Whether scores and vectors went: which of them were of their texts cannot be told from hashes, so all did."""

    @property
    def anything(self) -> bool:
        return bool(
            self.reports
            or self.labels
            or self.preparations
            or any(found != Removed() for found in self.stores.values())
        )


def forget(workspace: Workspace, handle: str, progress: Progress = quiet) -> Forgotten:
    """Remove the author with that handle, whatever its case and with or without a leading @, and keep them out.

    Raises ParameterError where `handle` is none, or is an account of the organisation; InputError where a file of the
    workspace does not keep its contract; and TemporaryError where a run or an ingest is under way. Nothing is removed
    then, or the rest by repeating it.
    """
    name = handle.strip().lstrip("@＠").casefold()
    if not name or PSEUDONYM.fullmatch(name):
        raise ParameterError(f"{handle!r} is no handle. Give the name of the account, with or without @.")
    if not (workspace.root / "archives").is_dir():
        raise ParameterError(
            f"{workspace.root}: no workspace, since it has no folder archives/. Name one: --workspace."
        )
    archives = [read_archive(workspace, each) for each in workspace.archives()]
    for identity in workspace.incidents():
        if name in (account.casefold() for account in read(workspace, identity).brand_accounts):
            raise ParameterError(
                f"{handle}: an account of the organisation (brand_accounts of incident {identity}). What it answered "
                "cannot be measured without it; take it out there first if it is to be forgotten."
            )
    author = pseudonym(name, load_key(workspace.key))
    with ExitStack() as held:
        held.enter_context(locked(workspace.root / "forget.lock"))
        for identity in workspace.incidents():
            held.enter_context(publish.alone(workspace, identity))
        progress("reports", 0, 1)
        ids = _ids(workspace, archives, author)
        reports = _remove_reports(workspace, ids, author, name)
        said = list(_remove_labels(workspace, ids))
        new = forgotten.add(workspace, name)
        stores = {archive.name: _remove_posts(workspace, archive, progress) for archive in archives}
        preparations = list(_remove_preparations(workspace, author))
        scored = bool(preparations) or any(found.posts or found.addressed for found in stores.values())
        cleared = scored and caches.clear(workspace)
    sources = [line for archive in archives for line in _sources_with(workspace, archive, name, progress)]
    return Forgotten(new, stores, reports, preparations, sources, list(_written_with(workspace, name)), said, cleared)


def told(workspace: Workspace, done: Forgotten) -> Iterator[str]:
    """What was removed and what was not, in lines for a terminal."""
    if not done.anything:
        yield "Nothing by or about this author was found."
    for archive, found in done.stores.items():
        if found != Removed():
            yield (
                f"archive {archive}: records of theirs removed: {found.posts:,}; of others that no longer name them: "
                f"{found.addressed:,}; rejected ones blanked: {found.quarantined:,}"
            )
    for path in done.reports:
        again = f"; `aftermath run {path.name}` makes it anew" if path.parent == workspace.reports else ""
        yield f"report deleted: {path}{again}"
    for path in done.labels:
        yield f"answers about posts of theirs taken out of {path}"
    for path in done.preparations:
        yield f"preparation deleted: {path}; the next run makes it anew"
    if done.cache:
        yield f"scores and vectors deleted from {workspace.cache}: they go by hashes, which do not tell whose they are"
    yield f"They {'are' if done.new else 'were already and stay'} kept out of every ingest ({workspace.forgotten})."
    yield "Not reached:"
    for line in done.sources:
        yield f"  {line}"
    for path in done.written:
        yield f"  {path} holds the name. Aftermath does not change what people wrote: edit it."
    yield "  What others wrote about them without an @ or passed on of their words; totals that counted their posts."
    yield "  Copies elsewhere: reports sent or printed, backups, and this command in the history of the shell."


def _ids(workspace: Workspace, archives: list[Archive], author: str) -> set[str]:
    """Ids of the author's posts, in stores (of whatever version) and preparations."""
    from analysis.archive import store

    found: set[str] = set()
    for archive in archives:
        place = workspace.store(archive.name)
        with store.locked(place):
            found.update(_by(author, place.glob("**/day=*/*.parquet")))
    for folder in _prepared(workspace):
        with locked(folder.parent / "prepared.lock"):
            found.update(_by(author, folder.glob("*/mentions.parquet")))
    return found


def _by(author: str, parts: Iterable[Path]) -> Iterator[str]:
    import pyarrow.parquet as pq

    for part in parts:
        yield from pq.read_table(part, columns=["id"], filters=[("author", "=", author)])["id"].to_pylist()


def _prepared(workspace: Workspace) -> list[Path]:
    return sorted(workspace.root.glob("incidents/*/prepared/"))


def _remove_reports(workspace: Workspace, ids: set[str], author: str, name: str) -> list[Path]:
    """Delete the runs that show posts of the author; the others stay, without the ids of what they only counted."""
    for taken in sorted(workspace.work.glob(f"*{_TAKEN}")):
        _finish(workspace, taken)  # left by one that was killed
    for identity in workspace.incidents():
        publish.recover(workspace, identity)
    removed = []
    for folder in list(_runs(workspace)):
        if _holds(folder, ids, author, name):
            taken = workspace.work / f"{folder.name}{_TAKEN}"
            taken.parent.mkdir(exist_ok=True)
            folder.rename(taken)
            _finish(workspace, taken)
            removed.append(folder)
        else:
            _strike(folder, ids)
    return removed


def _strike(folder: Path, ids: set[str]) -> None:
    """Take `ids` out of the lists of mentions that numbers count: a number that counted somebody names nobody."""
    struck = []
    for path in behind.lists(folder):
        if behind.strike(path, ids):
            struck.append(path)
    if struck and (folder / "manifest.json").is_file():
        manifest.restated(folder, struck)


def _remove_labels(workspace: Workspace, ids: set[str]) -> Iterator[Path]:
    """Take the posts `ids` out of labels, samples and overrides: whoever is labelling now does not bring them back."""
    for identity in workspace.incidents():
        with locked(label_lock(workspace, identity)):
            for path, columns in (
                (workspace.sample(identity), labels.SAMPLE_COLUMNS),
                (workspace.labels(identity), labels.COLUMNS),
            ):
                if path.is_file() and labels.remove(path, ids, columns):
                    yield path
        if overrides.remove(workspace.overrides(identity), ids):
            yield workspace.overrides(identity)


def _runs(workspace: Workspace) -> Iterator[Path]:
    """Folders of runs of this workspace: earlier ones before the published one they stand in, then unpublished ones."""
    for report in sorted(workspace.reports.glob("[!.]*/")):
        for folder in (*sorted(report.glob("runs/*/")), report):
            try:
                made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            except (FileNotFoundError, ValueError):
                continue
            if made.get("workspace") == workspace.root.name:
                yield folder
    yield from sorted(folder for folder in workspace.work.glob("*/") if folder.name != "by-hand")
    yield from sorted(workspace.work.glob("by-hand/*/"))


def _holds(folder: Path, ids: set[str], author: str, name: str) -> bool:
    """Whether a file of the run in `folder` holds one of `ids`, the pseudonym `author` or "@name"."""
    at = re.compile(rf"@{re.escape(name)}(?!\w)")
    counted = set(behind.lists(folder))
    telling = {identity for identity in ids if len(identity) >= TELLING or not identity.isdigit()}
    for path in folder.rglob("*"):
        if not path.is_file() or path.suffix in UNREAD or path.is_relative_to(folder / "runs"):
            continue
        if path in counted:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        words = set(re.findall(r"\w+", text)) | set(_BETWEEN.split(text))
        if author in words or words & telling:
            return True
        if path.suffix == ".json" and (at.search(text.casefold()) or ids & set(map(json.loads, _IDS.findall(text)))):
            return True
    return False


def _finish(workspace: Workspace, taken: Path) -> None:
    """Delete a run that was taken away; earlier runs that stood in it go back to where they were."""
    home = workspace.reports / taken.name.removesuffix(_TAKEN) / "runs"
    for run in sorted(taken.glob("runs/*")):
        home.mkdir(parents=True, exist_ok=True)
        run.rename(home / run.name)
    shutil.rmtree(taken)


def _remove_posts(workspace: Workspace, archive: Archive, progress: Progress) -> Removed:
    from analysis.archive import ingest

    progress(f"archive {archive.name}", 0, 1)
    key = load_key(workspace.key)
    return ingest.forget(archive, workspace.store(archive.name), key, forgotten.people(workspace))


def _remove_preparations(workspace: Workspace, author: str) -> Iterator[Path]:
    """Delete preparations that hold the author, and what killed ones left; never while one is being made."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for folder in _prepared(workspace):
        with locked(folder.parent / "prepared.lock"):
            for left in folder.glob(".aside-*"):
                shutil.rmtree(left)
            for mentions in sorted(folder.glob("*/mentions.parquet")):
                table = pq.read_table(mentions, columns=["author", "text", "url"])
                if any(pc.any(pc.match_substring(column, author)).as_py() for column in table.columns):
                    aside = folder / f".aside-{mentions.parent.name}"
                    mentions.parent.rename(aside)
                    shutil.rmtree(aside)
                    yield mentions.parent


def _sources_with(workspace: Workspace, archive: Archive, name: str, progress: Progress) -> Iterator[str]:
    """A line for each source of `archive` whose records hold the name, and for what could not be looked at."""
    from analysis.archive import sources, store
    from analysis.archive.containers import query

    where = f"archive {archive.name}"
    if ((store.index(workspace.store(archive.name)) or {}).get("schema", store.SCHEMA)) != store.SCHEMA:
        yield f"{where}: its store is of another version. Run `aftermath ingest {archive.name}`: a new one lacks them."
    for url in filter(query.is_database, archive.sources):
        yield f"{where}: {query.label(url)} was not looked at: rows are kept or deleted there."
    files = [each for each in archive.sources if not query.is_database(each)]
    found: dict[str, Source] = {}
    for pattern in [] if archive.sealed else files:
        try:
            found.update(
                {str(source): source for source in sources.find([pattern], workspace.archive(archive.name))[0]}
            )
        except InputError as error:
            yield f"{where}: {pattern} could not be looked at. {error}"
    for done, source in enumerate(found.values()):
        progress(f"sources of {where}", done, len(found))
        try:
            if _is_in(source, name):
                yield f"{where}: {source} holds the name. Aftermath never changes a source: delete it there."
        except (InputError, OSError) as error:
            yield f"{where}: {source} could not be looked at. {error}"


def _is_in(source: "Source", name: str) -> bool:
    """Whether any cell or damaged record of `source` holds the name as a word of its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from analysis.archive import formats
    from analysis.archive.containers import open_source

    alone = rf"(?i)(?:^|[^\pL\pN_]){re.escape(name)}(?:$|[^\pL\pN_])"
    for loadable in open_source(source, is_header=formats.is_header).batches:
        batch = loadable.load()
        columns = [
            pa.array(batch.table.iloc[:, place], pa.string(), from_pandas=True) for place in range(batch.table.shape[1])
        ]
        for cells in (pa.array([item.raw for item in batch.rejections], pa.string()), *columns):
            if pc.any(pc.match_substring_regex(cells, alone)).as_py():
                return True
    return False


def _written_with(workspace: Workspace, name: str) -> Iterator[Path]:
    """Files of incidents and archives, and plans, labels and the like beside them, that hold the name."""
    alone = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for pattern in ("*.yml", "*.csv", "labels/*", "archives/*/archive.yml", "incidents/*/*"):
        for path in sorted(workspace.root.glob(pattern)):
            if path.is_file() and alone.search(path.read_bytes().decode("utf-8", "replace").casefold()):
                yield path
