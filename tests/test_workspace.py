"""The one place that knows a path: names cannot lead out of it."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.workspace import REPOSITORY, Workspace, check_name

TRICKS = [
    "",
    ".",
    "..",
    "../secret",
    "a/b",
    "a\\b",
    "/etc/passwd",
    ".work",
    "-rf",
    "~root",
    "a b",
    "Outage",
    "a\n",
    "a\0b",
    "C:evil",
    "x" * 65,
    "émeute",
    "危机",
    "a\u202eb",
]


@pytest.mark.parametrize("name", TRICKS)
def test_a_name_that_is_no_folders_name_is_refused(name: str, tmp_path: Path) -> None:
    place = Workspace.at(tmp_path, tmp_path / "reports")
    for path in (place.incident, place.archive, place.report, place.store, place.prepared, place.incident_file):
        with pytest.raises(ParameterError, match="cannot be a folder's name: use lower-case"):
            path(name)


@pytest.mark.parametrize("name", ["a", "2025-07-brake-failures", "x" * 64, "airlines_2015", "v1.2"])
def test_ordinary_names_pass(name: str) -> None:
    assert check_name(name, "incident") == name


@given(st.text(max_size=70))
def test_no_name_leads_out(name: str) -> None:
    place = Workspace(Path("/somewhere/ws"), Path("/somewhere/reports"))
    with suppress(ParameterError):
        found = place.incident(name)
        assert found.parent == place.root / "incidents"
        assert ".." not in found.parts


def test_the_argument_wins_over_the_environment_and_that_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AFTERMATH_WORKSPACE", raising=False)
    monkeypatch.delenv("AFTERMATH_REPORTS", raising=False)
    assert Workspace.at() == Workspace(REPOSITORY / "data", REPOSITORY / "reports")
    assert Workspace.at("", "") == Workspace.at()
    monkeypatch.setenv("AFTERMATH_WORKSPACE", str(tmp_path / "env"))
    monkeypatch.setenv("AFTERMATH_REPORTS", str(tmp_path / "out"))
    assert Workspace.at() == Workspace(tmp_path / "env", tmp_path / "out")
    assert Workspace.at(tmp_path / "given", tmp_path / "there") == Workspace(tmp_path / "given", tmp_path / "there")


def test_relative_paths_are_relative_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = Workspace.at("ws", "../out")
    assert place.root == tmp_path / "ws"
    assert place.reports == tmp_path.parent / "out"
    assert place.report("a") == tmp_path.parent / "out" / "a"


def test_everything_made_stands_beside_its_source(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    inside = [place.store("a"), place.prepared("i"), place.cache, place.key, place.plan]
    assert all(place.root in path.parents for path in inside)
    assert place.work.parent == place.reports


def test_incidents_and_archives_are_those_with_a_file(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path)
    assert (place.incidents(), place.archives()) == ([], [])
    for name in ("b", "a"):
        place.incident(name).mkdir(parents=True)
        place.incident_file(name).touch()
    place.incident("without").mkdir()
    place.archive("c").mkdir(parents=True)
    place.archive_file("c").touch()
    assert (place.incidents(), place.archives()) == (["a", "b"], ["c"])
