"""`aftermath forget`: nothing of a person is left where Aftermath keeps things, whenever it was interrupted."""

import gzip
import itertools
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from analysis import labels
from analysis.archive import ingest as ingests
from analysis.archive import store
from analysis.archive.forgetting import Removed
from analysis.cli import app
from analysis.errors import InputError, ParameterError, TemporaryError
from analysis.privacy import load_key, pseudonym
from analysis.questions import behind
from analysis.runs import caches, forgotten, manifest, publish
from analysis.runs.archives import ingest_archive
from analysis.runs.forget import forget, told
from analysis.workspace import Workspace
from tests.workspace_fixture import INCIDENT, Published

NAME = "Ada_Ride"
HERS = {"7001", "8000001", "8000004"}
POSTS = [
    ("7001", "Ada_Ride", "my larkwheel broke on the bridge", ""),
    ("8000001", "ADA_RIDE", "still no answer from @Larkwheel", ""),
    ("8000002", "Larkwheel", "@ada_ride we are sorry, write to us", "8000001"),
    ("8000003", "bo", "RT @Ada_Ride: my larkwheel broke on the bridge", "7001"),
    ("8000004", "ada_ride", "@bo thank you", "8000003"),
    ("8000005", "cy", "see https://weibo.com/ada_ride/42 and ask @ada_rider", ""),
    ("8000006", "bo", "nothing to do with it", ""),
    ("", "ada_ride", "a record without an id", ""),
    ("", "cy", "another one, to @ADA_ride", ""),
    ("", "cy", "and one about a bridge", ""),
]


def export(path: Path, posts: list[tuple[str, str, str, str]]) -> None:
    rows = [
        {"id": i, "created": f"2025-07-0{n % 5 + 1} 10:{n:02}:00+00:00", "user": user, "text": text, "parent": parent}
        for n, (i, user, text, parent) in enumerate(posts)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    else:
        pd.DataFrame(rows).to_csv(path, index=False)


def describe(place: Workspace, name: str, **more: object) -> None:
    columns = {"id": "id", "published_at": "created", "author": "user", "text": "text", "parent_id": "parent"}
    written = {"name": name, "sources": ["export*"], "platform": "murmur", "columns": columns} | more
    place.archive(name).mkdir(parents=True, exist_ok=True)
    place.archive_file(name).write_text(yaml.safe_dump(written))


def report(folder: Path, *ids: str, workspace: str = "ws", **files: str) -> Path:
    """A run that quotes `ids`."""
    folder.mkdir(parents=True)
    evidence = [{"id": i, "quote": "…"} for i in ids]
    texts = {
        "findings.json": json.dumps({"findings": [{"id": "cause.1", "evidence": evidence}]}, indent=1),
        "postmortem.html": "<style>@media print{}</style><p>7001 posts</p>" + "".join(f"<i>{i}</i>" for i in ids),
        "manifest.json": json.dumps({"workspace": workspace, "run_id": folder.name, "outputs": {}}),
    }
    for name, text in (texts | files).items():
        (folder / name).write_text(text)
    return folder


def copied(folder: Path, to: Path) -> Workspace:
    """A copy of the workspace `folder`/ws and of its reports."""
    for part in ("ws", "reports"):
        shutil.copytree(folder / part, to / part)
    return Workspace.at(to / "ws", to / "reports")


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Workspace:
    return copied(made, tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two archives, an incident with two preparations, and reports of every kind."""
    folder = tmp_path_factory.mktemp("made")
    place = Workspace.at(folder / "ws", folder / "reports")
    describe(place, "town")
    export(place.archive("town") / "export-1.csv", POSTS[:6])
    export(place.archive("town") / "export-2.csv", POSTS[4:])
    describe(place, "shop")
    export(place.archive("shop") / "export.jsonl.gz", [POSTS[6], *POSTS[:2]])
    home = place.incident("outage")
    home.mkdir(parents=True)
    about = {"id": "outage", "title": "Outage", "archives": ["town"], "brand": "Larkwheel"}
    place.incident_file("outage").write_text(yaml.safe_dump(about | {"brand_accounts": ["@Larkwheel"]}))
    for name in place.archives():
        ingest_archive(place, name)
    whole = store.read(place.store("town"))
    for key, mentions in (("aaaa", whole), ("bbbb", whole[whole["id"] == "8000006"])):
        (place.prepared("outage") / key).mkdir(parents=True)
        mentions.to_parquet(place.prepared("outage") / key / "mentions.parquet")
        (place.prepared("outage") / key / "notes.json").write_text("{}")
    for name, header, answer in (
        ("labels.csv", "id,label,labeller,when", "negative,ab,2025-07-09T10:00:00+00:00"),
        ("sample.csv", "id,stratum,of", "head: negative,3"),
    ):
        (home / name).write_text(
            "\n".join([header, *(f"{i},{answer}" for i in ("8000001", "8000006", "8000004"))]) + "\n"
        )
    report(place.report("outage"), "8000004")
    report(place.report("outage") / "runs" / "run1", "8000001")
    report(place.report("outage") / "runs" / "run2", "8000002")
    report(place.report("short"), "7001")
    report(place.report("other"), "8000002")
    report(place.report("elsewhere"), "8000001", workspace="another")
    author = pseudonym(NAME, load_key(place.key))
    report(place.work / "beef", notebook=f"cell of {author}")
    report(place.work / "by-hand" / "outage", "8000001")
    report(place.work / "by-hand" / "other")
    return folder


def kept(place: Workspace) -> Iterator[tuple[Path, str]]:
    """Everything that Aftermath keeps, as text; Parquet decoded, without the columns that link to other posts."""
    for root in (place.root, place.reports):
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith("export"):
                if path.suffix == ".parquet":
                    table = pd.read_parquet(path)
                    yield path, table.drop(columns=["parent_id", "thread_id"], errors="ignore").to_csv()
                else:
                    yield path, path.read_bytes().decode("utf-8", "replace")


def traces(place: Workspace) -> list[str]:
    """Where anything of hers is left: her name, her posts, or her pseudonym beyond the lists of who is kept out."""
    author = pseudonym(NAME, load_key(place.key))
    ids = re.compile("|".join(rf"(?<!\d){i}(?!\d)" for i in HERS))
    found = []
    for path, held in kept(place):
        if path.is_relative_to(place.report("elsewhere")):
            continue
        lists = path.name in ("forgotten.txt", "ingest.json", "segment.json")
        text = re.sub(rf'^ *"?{author}"?,?$', "", held, flags=re.MULTILINE) if lists else held
        if author in text or re.search(r"ada_ride(?!r)", text, re.IGNORECASE):
            found.append(f"{path}: name")
        if path.name != "postmortem.html" and ids.search(text):
            found.append(f"{path}: posts")
    return found


def test_everything_of_a_person_goes_and_nothing_else(place: Workspace) -> None:
    before = store.read(place.store("town"))
    assert traces(place)
    done = forget(place, f" @{NAME.upper()} ")
    assert not traces(place)
    assert done.new
    assert done.stores["town"] == Removed(posts=4, addressed=4, quarantined=2)
    assert done.stores["shop"].posts == 2
    relative = [path.relative_to(place.reports).as_posix() for path in done.reports]
    assert relative == ["outage/runs/run1", "outage", "short", ".work/beef", ".work/by-hand/outage"]
    assert [path.name for path in done.preparations] == ["aaaa"]
    assert done.labels == [place.sample("outage"), place.labels("outage")]
    assert labels.read(place.labels("outage"))["id"].tolist() == ["8000006"]
    assert labels.read_sample(place.sample("outage"))["id"].tolist() == ["8000006"]

    after = store.read(place.store("town"))
    others = before[~before["id"].isin(HERS)].reset_index(drop=True)
    author = pseudonym(NAME, load_key(place.key))
    others["text"] = others["text"].str.replace(author, "user")
    pd.testing.assert_frame_equal(after, others)
    texts = after.set_index("id")["text"]
    assert texts["8000002"] == "@user we are sorry, write to us"
    assert texts["8000003"] == "RT @user: my larkwheel broke on the bridge"
    assert "weibo.com/user/42" in texts["8000005"]
    assert after.set_index("id")["parent_id"]["8000002"] == "8000001"

    left = sorted(path.relative_to(place.reports).as_posix() for path in place.reports.glob("**/manifest.json"))
    assert left == [
        ".work/by-hand/other/manifest.json",
        "elsewhere/manifest.json",
        "other/manifest.json",
        "outage/runs/run2/manifest.json",
    ]
    assert not list(place.work.glob("*.forgotten"))


def test_a_report_that_only_counts_them_stays_and_names_them_no_longer(place: Workspace) -> None:
    folder = place.report("other")
    path = folder / behind.sets("1_what_happened")
    behind.write({"volume.total": {"during": [*HERS, "8000002"]}}, folder, "1_what_happened")
    manifest.restated(folder, [path, folder / "findings.json"])
    again = folder / "findings.json"
    was = again.read_bytes()
    assert folder not in forget(place, NAME).reports
    assert path.read_text() == "set,id\n0,8000002\n"
    assert again.read_bytes() == was
    assert manifest.holds(folder, "other")
    assert not traces(place)


def test_it_says_what_it_removed_and_what_it_could_not_reach(place: Workspace) -> None:
    place.incident_file("outage").write_text(
        place.incident_file("outage").read_text() + "public_accounts: [ada_ride]\n"
    )
    (place.incident("outage") / "actions.csv").write_text("when,actor,kind\n2025-07-01,help desk,detected\n")
    (place.root / "labels").mkdir()
    (place.root / "labels" / "outage.csv").write_text("id,label,labeller,when\n1,negative,Ada_Ride,2025-07-01\n")
    describe(place, "shop", sources=["export.jsonl.gz", "gone.csv"])
    describe(place, "vault", sealed=True, sources=["gone.csv"])
    describe(place, "warehouse", sources=["sqlite:///gone.db"], query="SELECT 1")
    lines = "\n".join(told(place, forget(place, NAME)))
    assert "archive town: records of theirs removed: 4; of others that no longer name them: 4; rejected" in lines
    assert f"report deleted: {place.report('outage')}; `aftermath run outage` makes it anew" in lines
    assert f"report deleted: {place.report('outage')}/runs/run1\n" in lines
    assert "preparation deleted" in lines
    assert f"answers about posts of theirs taken out of {place.labels('outage')}" in lines
    for path in ("town/export-1.csv", "town/export-2.csv", "shop/export.jsonl.gz"):
        assert f"{path} holds the name. Aftermath never changes a source" in lines
    assert "could not be looked at" in lines
    assert "was not looked at: rows are kept or deleted there" in lines
    assert f"{place.incident_file('outage')} holds the name" in lines
    assert "labels/outage.csv holds the name" in lines
    assert "actions.csv" not in lines
    assert "Copies elsewhere" in lines
    assert not re.search(NAME, lines, re.IGNORECASE)


def test_who_is_forgotten_stays_out(place: Workspace) -> None:
    forget(place, NAME)
    before = {name: store.read(place.store(name)) for name in place.archives()}
    for name in place.archives():
        shutil.rmtree(place.store(name))
    export(place.archive("town") / "export-3.csv", [("8000009", "Ada_RIDE", "back again", ""), POSTS[6]])
    done = ingest_archive(place, "town")
    assert (done.rows, done.accepted, done.rejected, done.duplicates) == (14, 4, 8, 2)
    assert done.rows == done.accepted + done.rejected + done.duplicates
    assert sum(file.reasons.get("forgotten", 0) for file in done.files) == 6
    ingest_archive(place, "shop")
    for name, table in before.items():
        pd.testing.assert_frame_equal(store.read(place.store(name)), table)
    assert not traces(place)


def test_again_and_for_nobody(place: Workspace) -> None:
    forget(place, NAME)
    stands = {path: path.stat().st_mtime_ns for path in (*place.root.rglob("*"), *place.reports.rglob("*"))}
    again = forget(place, NAME.lower())
    assert not again.anything
    assert not again.new
    changed = {path for path, then in stands.items() if path.stat().st_mtime_ns != then}
    assert {path.name for path in changed if path.is_file()} <= {
        ".lock",
        "forget.lock",
        "labels.lock",
        "prepared.lock",
        "run.lock",
    }
    nobody = forget(place, "nobody")
    assert not nobody.anything
    assert nobody.new
    assert next(told(place, nobody)) == "Nothing by or about this author was found."
    assert forgotten.people(place) == {pseudonym(name, load_key(place.key)) for name in (NAME, "nobody")}
    assert stat.S_IMODE(place.forgotten.stat().st_mode) == 0o600
    assert not re.search("ada|nobody", place.forgotten.read_text(), re.IGNORECASE)


@pytest.mark.parametrize("handle", ["", " @ ", "u_abcdefghij", "LARKWHEEL"])
def test_refused_before_anything_changes(place: Workspace, handle: str) -> None:
    with pytest.raises(ParameterError):
        forget(place, handle)
    assert not place.forgotten.exists()
    assert len(traces(place)) > 5


def test_refused_while_a_run_is_under_way(place: Workspace) -> None:
    with publish.alone(place, "outage"), pytest.raises(TemporaryError, match="another run"):
        forget(place, NAME)
    assert not place.forgotten.exists()


def test_no_workspace_is_made_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="no workspace"):
        forget(Workspace.at(tmp_path / "typo", tmp_path), NAME)
    assert not list(tmp_path.iterdir())


class Killed(BaseException):
    """What nobody catches."""


@pytest.mark.parametrize(
    ("where", "what", "times"),
    [
        (shutil, "rmtree", 10),
        (Path, "rename", 8),
        (os, "replace", 5),
        (Path, "unlink", 2),
        (store, "publish", 2),
        (ingests, "forget", 2),
        (forgotten, "add", 1),
    ],
)
def test_killed_anywhere_it_is_completed_by_repeating(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object, what: str, times: int
) -> None:
    """Killed before each deletion, each rename and each step."""
    whole = getattr(where, what)
    for call in itertools.count():
        place = copied(made, tmp_path / str(call))
        calls = itertools.count()

        def until_killed(*given: Any, calls: Iterator[int] = calls, call: int = call, **named: Any) -> Any:
            if next(calls) == call:
                raise Killed
            return whole(*given, **named)

        monkeypatch.setattr(where, what, until_killed)
        try:
            forget(place, NAME)
        except Killed:
            monkeypatch.undo()
            forget(place, NAME)
        else:
            break
        assert not traces(place), (what, call)
        assert (place.report("outage") / "runs" / "run2" / "postmortem.html").is_file()
        assert not list(place.work.glob("*.forgotten"))
        assert not list(place.prepared("outage").glob(".aside*"))
        assert (place.prepared("outage") / "bbbb").is_dir()
        assert len(store.read(place.store("town"))) == 4
    assert call >= times


def test_another_key_is_refused_rather_than_letting_people_back_in(place: Workspace) -> None:
    forget(place, NAME)
    place.key.unlink()
    with pytest.raises(InputError, match="not written with the key"):
        ingest_archive(place, "town")
    place.forgotten.write_text("Ada_Ride\n")
    with pytest.raises(InputError, match="kept out"):
        forgotten.people(place)


def test_a_quoted_author_of_the_sample_is_gone_from_its_report(sample: Published, tmp_path: Path) -> None:
    place = copied(sample.place.root.parent, tmp_path)
    quoted = next(item.id for finding in sample.findings.values() for item in finding.evidence)
    archive = next(iter(place.archives()))
    mentions = store.read(place.store(archive))
    author = mentions.set_index("id")["author"][quoted]
    raw = pd.concat(pd.read_csv(path, dtype=str) for path in place.archive(archive).glob("mentions-*.csv"))
    handle = raw.set_index("Post ID")["Author"].loc[[quoted]].iloc[0]
    assert pseudonym(handle, load_key(place.key)) == author
    done = forget(place, handle)
    assert done.stores[archive].posts == (mentions["author"] == author).sum()
    assert place.report(INCIDENT) in done.reports
    assert len(done.preparations) == 1
    assert done.cache
    assert not [line for line in caches.told(place) if "last used" in line], "scores or vectors of forgotten texts"
    left = store.read(place.store(archive))
    assert len(left) == len(mentions) - done.stores[archive].posts
    assert not left["text"].str.contains(author).any()


def test_an_archive_of_one_person_is_empty_without_them(place: Workspace) -> None:
    describe(place, "solo")
    export(place.archive("solo") / "export.csv", POSTS[:2])
    ingest_archive(place, "solo")
    assert forget(place, NAME).stores["solo"] == Removed(posts=2)
    assert not traces(place)
    for _ in range(2):
        with pytest.raises(InputError, match="forgotten"):
            ingest_archive(place, "solo")
        assert not traces(place)


def test_the_command_says_it_and_exits_with_0(place: Workspace) -> None:
    options = ["--workspace", str(place.root), "--reports", str(place.reports)]
    for author in (f"@{NAME}", NAME, "nobody"):
        done = CliRunner().invoke(app, ["forget", author, *options])
        assert done.exit_code == 0, done.output
        assert "kept out of every ingest" in done.output
    assert not traces(place)
    assert isinstance(CliRunner().invoke(app, ["forget", "larkwheel", *options]).exception, ParameterError)
