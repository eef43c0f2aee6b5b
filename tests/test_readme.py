"""The commands that the README and its companions show are commands that there are."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from analysis.cli import app
from analysis.workspace import REPOSITORY

PAGES = [
    path
    for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "reports/README.md")
    if (path := REPOSITORY / name).exists()
]
SHORT = {"make help", "aftermath --help"}
"""Commands that are also run, where a page shows them."""


def commands(path: Path) -> Iterator[str]:
    """Each line of a code block marked bash, with continued lines joined."""
    text = path.read_text(encoding="utf-8")
    for block in re.findall(r"^```(?:bash|sh|console)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            bare = re.sub(r"(?:^|\s)#.*", "", line.removeprefix("$ ")).strip()
            if bare:
                yield bare


SHOWN = sorted({(path.name, line) for path in PAGES for line in commands(path)})


def words(line: str) -> list[str]:
    """The command's words, without assignments before it and the folder it is called from."""
    found = shlex.split(line)
    while found and re.fullmatch(r"[A-Z_]+=.*", found[0]):
        found.pop(0)
    return [found[0].removeprefix(".venv/bin/"), *found[1:]] if found else []


def of(tool: str) -> list:
    return [pytest.param(line, id=f"{page}: {line}") for page, line in SHOWN if words(line)[:1] == [tool]]


def targets() -> set[str]:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE))


def test_the_readme_shows_how_to_begin() -> None:
    shown = {line for page, line in SHOWN if page == "README.md"}
    assert {"make postmortem", "make test"} <= shown


@pytest.mark.parametrize("line", of("make"))
def test_make_has_the_target(line: str) -> None:
    named = [word for word in words(line)[1:] if "=" not in word and not word.startswith("-")]
    assert set(named) <= targets()


@pytest.mark.parametrize("line", of("aftermath"))
def test_aftermath_takes_the_command_and_its_options(line: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    given = words(line)[1:]
    if given in ([], ["--help"]):
        return
    known = group.commands  # type: ignore[union-attr]
    assert given[0] in known, f"there is no `aftermath {given[0]}`"
    if "--help" not in given:
        known[given[0]].make_context(given[0], list(given[1:]))


@pytest.mark.parametrize("line", of("papermill"))
def test_papermill_is_given_a_notebook_that_is_there(line: str) -> None:
    assert (REPOSITORY / words(line)[1]).is_file()


@pytest.mark.parametrize("line", sorted(SHORT & {line for _, line in SHOWN}))
def test_short_commands_run(line: str) -> None:
    given = words(line)
    if given[0] == "aftermath":
        given = [sys.executable, "-m", "analysis.cli", *given[1:]]
    done = subprocess.run(given, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip()


@pytest.mark.parametrize("command", ["init", "ingest", "check", "find", "run", "label", "licences"])
def test_every_command_tells_what_it_is_for(command: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert known[command].help
    assert all(getattr(option, "help", "") for option in known[command].params)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target
