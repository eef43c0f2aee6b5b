"""A run end to end on a small workspace: from its archive to a report that is whole, or to nothing and an exit code."""

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest

from analysis import cli, errors, findings, followups
from analysis.archive import store
from analysis.report import build as building
from analysis.report import schema
from analysis.runs import manifest, publish
from analysis.runs.prepare import prepare
from analysis.workspace import Workspace
from tests.reports_fixture import cause
from tests.reports_fixture import publish as publish_report
from tests.workspace_fixture import ARCHIVE, INCIDENT, write_small

running = importlib.import_module("analysis.runs.run")  # the package offers the function of that name
executing = importlib.import_module("analysis.runs.execute")
REPORT = {"postmortem.pdf", "postmortem.html", "findings.json", "followups.csv", "lessons.json", "manifest.json"}
REPORT |= {"centres.json", "document.en.json", "plan.diff", "postmortem.docx"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose incident has been run once, by the command line."""
    folder = tmp_path_factory.mktemp("small")
    write_small(folder / "ws")
    place = Workspace.at(folder / "ws", folder / "reports")
    done = command(place, "run", INCIDENT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("published: ") == 3
    assert "… 1_what_happened" in done.stderr.splitlines()
    return place


@pytest.fixture
def copy(small: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it that a test may change."""
    shutil.copytree(small.root, tmp_path / "ws")
    shutil.copytree(small.reports, tmp_path / "reports")
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


@pytest.fixture
def replayed(copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy whose notebooks are not executed again: what they wrote is put where they would have written it."""
    kept = copy.reports.parent / "kept"
    shutil.copytree(copy.report(INCIDENT), kept)

    def replay(path: Path, work: Path, given: dict, progress: Any) -> dict:
        for name in ("findings", "figures", "tables", "notebooks", "lessons.json"):
            source = kept / name
            if source.is_dir():
                shutil.copytree(source, work / name, dirs_exist_ok=True)
            else:
                shutil.copy(source, work / name)
        return {"notebook": path.stem, "status": "ok", "seconds": 0.0}

    monkeypatch.setattr(running, "execute", replay)
    return copy


def command(place: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = [sys.executable, "-m", "analysis.cli", *arguments, "--workspace", str(place.root)]
    if arguments[0] == "run":
        given += ["--reports", str(place.reports)]
    return subprocess.run(given, capture_output=True, text=True, check=False, timeout=300)


def exit_code(monkeypatch: pytest.MonkeyPatch, place: Workspace, *arguments: str) -> int:
    """What `aftermath` exits with, in this process."""
    given = ["aftermath", *arguments, "--workspace", str(place.root)]
    monkeypatch.setattr(sys, "argv", given + (["--reports", str(place.reports)] if arguments[0] == "run" else []))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below `folder` with its size and its time of change."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def told(text: str) -> str:
    """The message alone: progress lines are no part of it."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("…")).strip()


def is_one_paragraph(text: str) -> bool:
    return bool(told(text)) and "Traceback" not in text and "\n\n" not in told(text)


def edit(path: Path, was: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


# A whole run


def test_everything_that_was_promised_is_there(small: Workspace) -> None:
    folder = small.report(INCIDENT)
    assert {path.name for path in folder.iterdir() if path.is_file()} == REPORT
    assert (folder / "postmortem.pdf").read_bytes().startswith(b"%PDF-")
    page = (folder / "postmortem.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "Brake failures of the 2023 series" in page
    assert {path.stem for path in (folder / "notebooks").iterdir()} == {*running.READERS, running.LAST}
    assert {path.stem for path in (folder / "findings").iterdir()} == {*running.READERS, running.LAST}
    assert {"volume", "phases", "timeline", "causes"} <= {path.stem for path in (folder / "tables").iterdir()}
    figures = {path.name for path in (folder / "figures").iterdir()}
    assert {"timeline.en.svg", "coverage.en.svg", "phases.en.svg", "causes.en.svg"} <= figures
    assert not any(small.work.iterdir())


def test_notebooks_are_executed_without_an_error(small: Workspace) -> None:
    for path in (small.report(INCIDENT) / "notebooks").iterdir():
        book = nbformat.read(path, as_version=4)
        cells = [cell for cell in book.cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in cells)
        assert not [out for cell in cells for out in cell.outputs if out.output_type in ("error", "stream")]
        assert sum(bool(cell.outputs) for cell in cells) >= len(cells) - 3


def test_every_row_is_accounted_for(small: Workspace) -> None:
    told = manifest.read(small.report(INCIDENT))["archives"][ARCHIVE]
    source = small.archive(ARCHIVE) / "mentions-2025-q3.csv"
    rows = len(pd.read_csv(source, dtype=str))
    assert told["rows"] == rows == told["accepted"] + told["rejected"] + told["duplicates"]
    assert (told["rejected"], told["duplicates"]) == (3, 5)
    assert told["accepted"] == len(store.read(small.store(ARCHIVE)))
    for file in told["files"]:
        assert file["rows"] == file["accepted"] + file["rejected"] + file["duplicates"]
        assert sum(file["reasons"].values()) == file["rejected"]
    rejected = pd.read_csv(small.store(ARCHIVE) / "quarantine.csv", dtype=str)
    assert len(rejected) == 3
    assert {"file", "row", "reason"} <= set(rejected.columns)


def test_the_manifest_holds_every_file_with_its_hash(small: Workspace) -> None:
    folder = small.report(INCIDENT)
    made = manifest.read(folder)
    files = {name for name in state_of(folder) if name != "manifest.json" and not name.startswith("runs/")}
    assert set(made["outputs"]) == files
    assert manifest.holds(folder, made["run_id"])
    assert not manifest.holds(folder, "another")
    assert [book["notebook"] for book in made["notebooks"]] == [*running.READERS, running.LAST]
    assert {book["status"] for book in made["notebooks"]} == {"ok"}
    assert made["versions"]["pandas"] == pd.__version__
    assert str(small.root) not in (folder / "manifest.json").read_text(encoding="utf-8")


def test_nothing_in_the_report_has_an_unfilled_brace_or_a_name_as_it_was(small: Workspace) -> None:
    folder = small.report(INCIDENT)
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert findings
    said = [text for finding in findings for text in finding["answer"].values()]
    said += [text for finding in findings if finding["figure"] for text in finding["figure"]["alt"].values()]
    assert not [text for text in said if re.search(r"[{}]|\bnan\b|None|NaT", text)]
    authors = pd.read_csv(small.archive(ARCHIVE) / "mentions-2025-q3.csv", dtype=str, keep_default_na=False)["Author"]
    spoken = {name for name in authors if len(name) > 8 and not name.startswith(("Larkwheel", "雀轮"))}
    for path in (*folder.glob("*.html"), *folder.glob("*.json"), *folder.rglob("*.csv"), *folder.rglob("*.svg")):
        text = path.read_text(encoding="utf-8")
        assert not spoken & set(re.findall(r"\w+", text)), path.name


def test_a_second_run_says_unchanged_and_writes_nothing(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(small.report(INCIDENT))
    prepared = state_of(small.prepared(INCIDENT))
    stored = state_of(small.store(ARCHIVE))
    assert exit_code(monkeypatch, small, "run", INCIDENT) == 0
    assert capsys.readouterr().out.count("unchanged: ") == 3
    assert state_of(small.report(INCIDENT)) == before
    assert state_of(small.prepared(INCIDENT)) == prepared
    assert state_of(small.store(ARCHIVE)) == stored


def test_a_forced_run_finds_the_same_and_keeps_the_earlier(copy: Workspace) -> None:
    folder = copy.report(INCIDENT)
    before = {name: (folder / name).read_bytes() for name in ("findings.json", "lessons.json")}
    before |= {path.name: path.read_bytes() for path in folder.glob("*/*.svg")}
    before |= {path.name: path.read_bytes() for path in folder.glob("tables/*.csv")}
    was = manifest.read(folder)
    marked = folder / "postmortem.pdf"
    marked.write_bytes(b"not what was published")
    done = running.run(copy, INCIDENT, force=True)
    assert not done.unchanged
    assert done.run_id == was["run_id"]
    for path in [folder / "findings.json", folder / "lessons.json", *folder.glob("*/*.svg"), *folder.glob("tables/*")]:
        assert path.read_bytes() == before[path.name], path.name
    assert marked.read_bytes().startswith(b"%PDF-")
    assert (folder / "runs" / was["run_id"] / "findings.json").read_bytes() == before["findings.json"]


def test_a_report_that_was_altered_or_lost_a_file_is_made_again(replayed: Workspace) -> None:
    folder = replayed.report(INCIDENT)
    (folder / "figures" / "timeline.en.svg").unlink()
    assert not running.run(replayed, INCIDENT).unchanged
    assert (folder / "figures" / "timeline.en.svg").is_file()
    assert running.run(replayed, INCIDENT).unchanged


def test_what_people_wrote_and_what_was_asked_makes_another_run(replayed: Workspace) -> None:
    ids = [manifest.read(replayed.report(INCIDENT))["run_id"]]
    ids.append(running.run(replayed, INCIDENT, {"max_causes": 3}).run_id)
    edit(replayed.incident_file(INCIDENT), "severity: 4", "severity: 3")
    ids.append(running.run(replayed, INCIDENT, {"max_causes": 3}).run_id)
    (replayed.incident(INCIDENT) / "actions.csv").write_text("when,actor,kind\n2025-07-09 10:00,pr,statement\n")
    ids.append(running.run(replayed, INCIDENT, {"max_causes": 3}).run_id)
    assert len(set(ids)) == 4
    assert len(list(replayed.prepared(INCIDENT).glob("[0-9a-f]*"))) == 1, "none of these changes what is prepared"
    kept = {path.name for path in (replayed.report(INCIDENT) / "runs").iterdir()}
    assert kept == set(ids[:3])


def test_an_earlier_report_makes_another_run_once_and_is_read(
    replayed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Notebook 4 runs; what the ones before it wrote is put in place."""
    replay, execute = running.execute, executing.execute

    def last_alone(path: Path, *given: Any) -> dict:
        return (execute if path.stem == running.LAST else replay)(path, *given)

    monkeypatch.setattr(running, "execute", last_alone)
    folder = replayed.report(INCIDENT)

    def said() -> dict[str, str]:
        return {one.id: one.message for one in findings.read(folder / "findings.json") if one.notebook == running.LAST}

    assert said()["pattern.nearest"] == "pattern.nearest.first"
    spring = publish_report(replayed, "spring", "2025-03-06", [cause(0, "locks", key="locks")], brand="Larkwheel")
    assert not running.run(replayed, INCIDENT).unchanged
    assert said()["pattern.nearest"] == "patterns.nearest.told", "the reports that the run publishes to are read"
    assert running.run(replayed, INCIDENT).unchanged
    publish_report(replayed, "autumn", "2025-10-06", [cause(0, "locks", key="locks")], brand="Larkwheel")
    assert not running.run(replayed, INCIDENT).unchanged, "when it was decides what can be measured again"
    (replayed.report("autumn") / "lessons.json").unlink()
    assert running.run(replayed, INCIDENT).unchanged, "what a later report says is not read"
    (spring / "manifest.json").unlink()
    assert not running.run(replayed, INCIDENT).unchanged
    assert said()["pattern.repeated"] == "pattern.repeated.unread"


def test_what_people_wrote_of_follow_ups_is_kept_and_stands_on_the_page(replayed: Workspace) -> None:
    path = replayed.followups(INCIDENT)
    path.unlink(missing_ok=True)
    assert not running.run(replayed, INCIDENT, force=True).unchanged
    asked = followups.read(path)
    assert asked
    assert running.run(replayed, INCIDENT).unchanged, "rows that a run added make no other run"
    mine = replace(asked[0], state="verified", verified_on="2025-10-01", verification="answered within 2 hours")
    own = followups.FollowUp("own", "Ask the riders.", "Ann", due="2025-09-01")
    followups.write(path, [mine, *asked[1:], own])
    done = running.run(replayed, INCIDENT)
    assert not done.unchanged
    assert followups.read(path) == [mine, *asked[1:], own]
    page = (done.folder / "postmortem.html").read_text(encoding="utf-8")
    assert "Verified on 1 Oct 2025: answered within 2 hours" in page
    assert "Ask the riders." in page
    assert "Open, overdue" in page


# Publishing


def made_run(folder: Path, run_id: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"run_id": run_id}))
    return folder


def test_publishing_keeps_earlier_runs_up_to_a_number(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    for number in range(publish.RETAINED + 3):
        work = made_run(place.work / f"w{number}", f"run{number}")
        target = publish.publish(place, "a", work)
        for path in (target, *(target / "runs").glob("*")):  # some file systems' clocks are coarse
            age = int(json.loads((path / "manifest.json").read_text())["run_id"][3:])
            os.utime(path, (age + 1, age + 1))
    assert manifest.read(target)["run_id"] == "run7"
    assert sorted(path.name for path in (target / "runs").iterdir()) == [f"run{number}" for number in range(2, 7)]
    assert not (target / "runs" / "run6" / "runs").exists()
    assert not any(place.work.iterdir())


@pytest.mark.parametrize("killed_after", ["first rename", "second rename"])
def test_a_publication_that_was_killed_is_finished_by_the_next_run(tmp_path: Path, killed_after: str) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    publish.publish(place, "a", made_run(place.work / "w1", "run1"))
    publish.publish(place, "a", made_run(place.work / "w2", "run2"))
    work, target, aside = made_run(place.work / "w3", "run3"), place.report("a"), place.work / "a.previous"
    target.rename(aside)
    if killed_after == "second rename":
        work.rename(target)
    publish.recover(place, "a")
    expected = "run3" if killed_after == "second rename" else "run2"
    assert manifest.read(target)["run_id"] == expected
    assert (target / "runs" / "run1").is_dir()
    assert not aside.exists()
    publish.recover(place, "a")
    assert manifest.read(target)["run_id"] == expected


def test_there_is_a_report_at_every_moment_or_recover_brings_it_back(
    replayed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two renames: the next run of the same incident says unchanged, of the report that stood."""
    was = manifest.read(replayed.report(INCIDENT))["run_id"]
    renamed = Path.rename
    done: list[Path] = []

    def rename(self: Path, target: Path) -> Path:
        if done:
            raise KeyboardInterrupt
        done.append(self)
        return renamed(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            running.run(replayed, INCIDENT, force=True)
    assert not replayed.report(INCIDENT).exists()
    result = running.run(replayed, INCIDENT)
    assert result.unchanged
    assert manifest.read(replayed.report(INCIDENT))["run_id"] == was


# What goes wrong: each ends in one paragraph, its exit code and no half report


def bad_window(place: Workspace) -> None:
    edit(place.incident_file(INCIDENT), "2025-07-09 08:00", "2024-01-09 08:00")
    edit(place.incident_file(INCIDENT), "2025-07-10 08:00", "2024-01-10 08:00")


def unknown_label(place: Workspace) -> None:
    edit(place.incident_file(INCIDENT), "brand: Larkwheel", "brand: Larkweel")


def unknown_archive(place: Workspace) -> None:
    edit(place.incident_file(INCIDENT), f"archives: [{ARCHIVE}]", "archives: [no-such-archive]")


def no_incident(place: Workspace) -> None:
    shutil.rmtree(place.incident(INCIDENT))


def wrong_id(place: Workspace) -> None:
    edit(place.incident_file(INCIDENT), f"id: {INCIDENT}", "id: other")


def no_such_file(place: Workspace) -> None:
    (place.archive(ARCHIVE) / "mentions-2025-q3.csv").unlink()


def empty_file(place: Workspace) -> None:
    (place.archive(ARCHIVE) / "mentions-2025-q3.csv").write_bytes(b"")


def header_only(place: Workspace) -> None:
    path = place.archive(ARCHIVE) / "mentions-2025-q3.csv"
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")


def wrong_columns(place: Workspace) -> None:
    edit(place.archive_file(ARCHIVE), "id: Post ID", "id: Post Number")


def no_text_column(place: Workspace) -> None:
    edit(place.archive_file(ARCHIVE), "  published_at: Date (UTC)\n", "  published_at: Text\n")


def missing_zone(place: Workspace) -> None:
    text = place.archive_file(ARCHIVE).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("time_zone")]
    place.archive_file(ARCHIVE).write_text("\n".join(kept) + "\n", encoding="utf-8")


def zone_against_ids(place: Workspace) -> None:
    """Ids that carry their time, an hour and more from what the zone says."""
    times = pd.date_range("2025-07-09 00:00", periods=60, freq="17min", tz="UTC")
    table = pd.DataFrame(
        {
            "Post ID": [str(((int(when.timestamp() * 1000) - 1288834974657) << 22) + 1) for when in times],
            "Date (UTC)": (times - pd.Timedelta(hours=7)).strftime("%Y-%m-%d %H:%M:%S"),
            "Text": [f"the brakes failed again, number {number}" for number in range(60)],
            "Topic": "Larkwheel",
            "Platform": "twitter",
        }
    )
    table.to_csv(place.archive(ARCHIVE) / "mentions-2025-q3.csv", index=False)
    lines = ["name: " + ARCHIVE, "sources: [mentions-2025-q3.csv]", "time_zone: UTC", "platform: twitter", "columns:"]
    lines += ["  id: Post ID", '  published_at: "Date (UTC)"', "  text: Text", "  brand: Topic", "  platform: Platform"]
    place.archive_file(ARCHIVE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def bad_actions(place: Workspace) -> None:
    (place.incident(INCIDENT) / "actions.csv").write_text("when,actor,kind\n2025-07-09,pr,tweeted\n")


def bad_plan(place: Workspace) -> None:
    place.plan.write_text("levels: [{level: 9}]\n")


def no_model(place: Workspace) -> None:
    file = place.incident_file(INCIDENT)
    file.write_text(file.read_text(encoding="utf-8") + "\nscorer: {en: models/none}\n", encoding="utf-8")


def bad_key(place: Workspace) -> None:
    place.key.write_text("not a key\n")


BAD = [
    (bad_window, 2, "lies outside the archive, which holds 2025-07-0"),
    (unknown_label, 2, "no mention bears the label 'Larkweel'. Set brand to one of: Larkwheel"),
    (unknown_archive, 3, "no-such-archive.*no such file"),
    (no_incident, 3, "incident.yml: no such file. `aftermath init`"),
    (wrong_id, 3, "id is 'other', but the folder is"),
    (no_such_file, 3, "no such file. Correct `sources`"),
    (empty_file, 3, "empty.*mentions-2025-q3.csv"),
    (header_only, 3, "mentions-2025-q3.csv"),
    (wrong_columns, 3, "Post Number"),
    (no_text_column, 3, "none of the archive's rows could be read|columns"),
    (missing_zone, 3, "time_zone"),
    (zone_against_ids, 3, "7"),
    (bad_actions, 3, "actions.csv, line 2: 'tweeted' is no kind"),
    (bad_plan, 3, "plan.yml: levels.0.level"),
    (no_model, 3, "scorer 'models/none'"),
    (bad_key, 3, "pseudonym.key"),
]


@pytest.mark.parametrize(("spoil", "code", "said"), BAD, ids=[spoil.__name__ for spoil, _, _ in BAD])
def test_bad_input_ends_in_one_paragraph_and_its_code(
    copy: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Any,
    code: int,
    said: str,
) -> None:
    spoil(copy)
    before = state_of(copy.reports)
    assert exit_code(monkeypatch, copy, "run", INCIDENT) == code
    message = capsys.readouterr()
    assert not message.out
    assert is_one_paragraph(message.err)
    assert re.search(said, told(message.err), re.DOTALL), told(message.err)
    assert state_of(copy.reports) == before, "nothing is half published"


def test_bad_input_of_a_fresh_workspace_leaves_no_report(copy: Workspace) -> None:
    """The same in a process of its own, as a person meets it."""
    shutil.rmtree(copy.reports)
    missing_zone(copy)
    done = command(copy, "run", INCIDENT)
    assert done.returncode == 3
    assert is_one_paragraph(done.stderr)
    assert not copy.reports.exists()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(no_such_file, 3), (unknown_archive, 3), (wrong_id, 3), (bad_actions, 3), (bad_plan, 3), (no_model, 3)],
)
def test_check_says_it_before_anything_runs(
    copy: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spoil: Any,
    code: int,
) -> None:
    assert exit_code(monkeypatch, copy, "check", INCIDENT) == 0
    spoil(copy)
    assert exit_code(monkeypatch, copy, "check") == code
    assert is_one_paragraph(capsys.readouterr().err)


def notebooks(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Notebooks of one cell, in the place of the real ones."""
    folder.mkdir()
    declared = "\n".join(f'{name}: str = ""  # given' for name in running.OWN) + "\nlanguages: list = []  # given"
    for name in (*running.READERS, running.LAST):
        cells = [nbformat.v4.new_code_cell(declared), nbformat.v4.new_code_cell(source)]
        cells[0].metadata["tags"] = ["parameters"]
        book = nbformat.v4.new_notebook(cells=cells)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, folder / f"{name}.ipynb")
    monkeypatch.setattr(running, "NOTEBOOKS", folder)


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("1 / 0", 5, r"1_what_happened.ipynb, cell 3: ZeroDivisionError: division by zero. Nothing was published"),
        ("raise SystemExit(3)", 5, "Nothing was published"),
        ("import time; time.sleep(60)", 7, "longer than 2 s. Nothing was published"),
        ("import os; os._exit(1)", 138, "kernel died. Nothing was published"),
    ],
    ids=["error", "exit", "timeout", "dead kernel"],
)
def test_a_notebook_that_fails_publishes_nothing_and_its_work_is_named(
    copy: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    source: str,
    code: int,
    said: str,
) -> None:
    notebooks(tmp_path / "broken", monkeypatch, source)
    monkeypatch.setattr(executing, "CELL_TIMEOUT", 2)
    monkeypatch.setattr(running, "READERS", running.READERS[:1])
    before = state_of(copy.report(INCIDENT))
    assert exit_code(monkeypatch, copy, "run", INCIDENT) == code
    message = told(capsys.readouterr().err)
    assert is_one_paragraph(message)
    assert re.search(said, message)
    assert state_of(copy.report(INCIDENT)) == before
    (work,) = copy.work.iterdir()
    assert str(work) in message
    assert (work / "notebooks" / f"{running.READERS[0]}.ipynb").is_file()


def test_a_number_that_no_finding_holds_publishes_nothing(
    replayed: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = building.document

    def document(*given: Any, **named: Any) -> schema.Document:
        made = whole(*given, **named)
        claim = made.first_page.paragraph[0]
        claim = claim.model_copy(update={"text": claim.text + " It cost 987,654 dollars."})
        page = made.first_page.model_copy(update={"paragraph": [claim, *made.first_page.paragraph[1:]]})
        return made.model_copy(update={"first_page": page})

    monkeypatch.setattr(building, "document", document)
    before = state_of(replayed.report(INCIDENT))
    assert exit_code(monkeypatch, replayed, "run", INCIDENT, "--force") == 8
    message = told(capsys.readouterr().err)
    assert "987,654" in message
    assert is_one_paragraph(message)
    assert state_of(replayed.report(INCIDENT)) == before
    (work,) = replayed.work.iterdir()
    assert str(work) in message


@pytest.mark.parametrize(
    "end",
    ["2025-07-07 08:00", "2025-07-06 11:00", pytest.param("2025-07-06 08:05", marks=pytest.mark.slow)],
    ids=["few", "three", "none"],
)
def test_too_few_mentions_make_a_short_report_and_exit_code_4(
    end: str, copy: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(copy.incident_file(INCIDENT), "2025-07-09 08:00", "2025-07-06 08:00")
    edit(copy.incident_file(INCIDENT), "2025-07-10 08:00", end)
    assert exit_code(monkeypatch, copy, "run", INCIDENT) == 4
    message = told(capsys.readouterr().err)
    assert is_one_paragraph(message)
    assert re.search(r"\d+ mentions inside the window, and 30 are needed. A short report.*postmortem.pdf", message)
    folder = copy.report(INCIDENT)
    made = manifest.read(folder)
    assert made["short"]
    assert [book["notebook"] for book in made["notebooks"]] == [running.READERS[0]]
    assert json.loads((folder / "lessons.json").read_text())["lessons"] == []
    page = (folder / "postmortem.html").read_text(encoding="utf-8")
    assert "too few mentions inside the window" in page
    assert (folder / "postmortem.pdf").read_bytes().startswith(b"%PDF-")
    # Asked again, it says the same: a schedule must not take a short report for a good one.
    before = state_of(folder)
    assert exit_code(monkeypatch, copy, "run", INCIDENT) == 4
    assert state_of(folder) == before


def test_interrupted_says_so(
    replayed: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "build", interrupted)
    before = state_of(replayed.report(INCIDENT))
    assert exit_code(monkeypatch, replayed, "run", INCIDENT, "--force") == errors.INTERRUPTED
    assert "nothing was published" in capsys.readouterr().err
    assert state_of(replayed.report(INCIDENT)) == before


# A batch


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([0, 0], 0), ([], 0), ([0, 4, 0], 4), ([4, 2], 2), ([2, 3], 3), ([3, 7, 8], 8), ([8, 5], 5), ([75, 4], 4)],
)
def test_the_worst_code_of_a_batch(codes: list[int], worst: int) -> None:
    assert cli._worst(codes) == worst


def test_every_error_has_its_place_in_the_order() -> None:
    kinds = [errors.AftermathError, *errors.AftermathError.__subclasses__()]
    assert sorted(kind.code for kind in kinds) == sorted(errors.BATCH_ORDER)


def test_a_batch_goes_on_past_a_failed_incident(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(monkeypatch, small, "run", "no-such", INCIDENT, "../trick") == 3
    message = capsys.readouterr()
    assert message.out.count("unchanged: ") == 3
    assert "no-such" in message.err
    assert "cannot be a folder's name" in message.err


def test_all_runs_every_incident_and_none_is_asked_for(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(monkeypatch, small, "run", "--all") == 0
    assert capsys.readouterr().out.count("unchanged: ") == 3
    assert exit_code(monkeypatch, Workspace.at(tmp_path, tmp_path), "run", "--all") == 2
    assert "aftermath init" in capsys.readouterr().err


# Preparing


def test_the_same_is_prepared_once(small: Workspace) -> None:
    (folder,) = small.prepared(INCIDENT).glob("[0-9a-f]*")
    steps: list[str] = []
    assert prepare(small, INCIDENT, lambda step, done, total: steps.append(step)) == folder
    assert set(steps) == {"hashing"}


def test_ingest_prints_the_account(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(monkeypatch, small, "ingest") == 0
    lines = capsys.readouterr().out.splitlines()
    rows, accepted, rejected, duplicates = (int(n.replace(",", "")) for n in re.findall(r" ([\d,]+) ", lines[0]))
    assert rows == accepted + rejected + duplicates
    assert (rejected, duplicates) == (3, 5)
    assert "mentions-2025-q3.csv" in lines[1]
    assert "quarantine.csv" in lines[-1]


def test_init_drafts_what_check_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    source = tmp_path / 'odd "name": {x}.csv'
    source.write_text("id,published_at,text\n1,2025-01-01T00:00:00Z,hello\n")
    given = ["init", "outage-2026", "--source", str(source), "--brand", "Acme: the {brand} #1"]
    assert exit_code(monkeypatch, place, *given) == 0
    assert capsys.readouterr().out.count("wrote ") == 4
    assert exit_code(monkeypatch, place, "check", "outage-2026") == 0
    assert exit_code(monkeypatch, place, *given) == 2
    assert "stands already" in capsys.readouterr().err
    assert exit_code(monkeypatch, place, "ingest", "outage-2026") == 0


def test_codes_of_the_module_are_what_the_design_says() -> None:
    tree = ast.parse(Path(errors.__file__).read_text(encoding="utf-8"))
    found = {
        node.name: part.value.value
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
    }
    assert SimpleNamespace(**found) == SimpleNamespace(
        AftermathError=1,
        ParameterError=2,
        InputError=3,
        InsufficientData=4,
        NotebookError=5,
        RenderError=6,
        RunTimeout=7,
        EvidenceError=8,
        TemporaryError=75,
        KernelDied=138,
    )


def test_a_value_that_a_notebook_does_not_know_is_a_bad_parameter(
    copy: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(copy.report(INCIDENT))
    assert exit_code(monkeypatch, copy, "run", INCIDENT, "-p", "interval=6h") == errors.ParameterError.code
    assert "use auto, 1h, 1D, 1W" in told(capsys.readouterr().err)
    assert state_of(copy.report(INCIDENT)) == before


def test_two_runs_of_one_incident_do_not_meet(
    copy: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state_of(copy.report(INCIDENT))
    with publish.alone(copy, INCIDENT):
        assert exit_code(monkeypatch, copy, "run", INCIDENT, "--force") == errors.TemporaryError.code
    assert "another run of it is under way" in told(capsys.readouterr().err)
    assert state_of(copy.report(INCIDENT)) == before
