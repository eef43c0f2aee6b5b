"""`aftermath label`: each answer is kept, whoever stops goes on, nothing hostile reaches the terminal."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis import labels
from analysis.cli import app
from analysis.errors import InputError, ParameterError
from analysis.runs import label
from analysis.runs.label import Sheet, inert
from analysis.runs.prepare import prepare
from analysis.workspace import REPOSITORY, Workspace
from tests.workspace_fixture import INCIDENT, once, write_small


def prepared(folder: Path) -> None:
    write_small(folder / "ws")
    prepare(Workspace.at(folder / "ws", folder / "reports"), INCIDENT)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    shutil.copytree(once(tmp_path_factory, "small-prepared", prepared) / "ws", tmp_path / "ws")
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


def opened(place: Workspace, n: int = 30, labeller: str = "ab") -> Sheet:
    return label.opened(place, INCIDENT, n, labeller)


def asked(sheet: Sheet, keys: str) -> list[str]:
    """What is shown where `keys` are pressed; no further key comes."""
    shown: list[str] = []
    queue = list(keys)

    def press() -> str:
        if not queue:
            raise EOFError
        return queue.pop(0)

    label.ask(sheet, press, shown.append)
    return shown


def kept(place: Workspace) -> pd.DataFrame:
    return labels.read(place.labels(INCIDENT))


def test_every_answer_is_kept_at_once_and_the_next_session_goes_on(place: Workspace):
    sheet = opened(place)
    shown = asked(sheet, "nup")
    assert kept(place)["label"].tolist() == ["negative", "neutral", "positive"]
    assert kept(place)["id"].tolist() == sheet.ids[:3]
    assert set(kept(place)["labeller"]) == {"ab"}
    again = opened(place)
    assert again.open == list(range(4, 31))
    assert again.texts == sheet.texts
    assert "27 of 30" not in shown[-1]
    assert "27 are open" in shown[-1]
    assert "calibration begins at 50" in shown[-1]


def test_skip_back_quit_and_keys_that_are_none(place: Workspace):
    sheet = opened(place)
    shown = asked(sheet, "sNbpxbq")
    assert kept(place)["id"].tolist() == [sheet.ids[1]]
    assert kept(place)["label"].tolist() == ["positive"]
    assert any("'x' is none of these keys" in line for line in shown)
    asked(opened(place), "bbn")
    assert kept(place).set_index("id").loc[sheet.ids[0], "label"] == "negative"


def test_all_are_answered(place: Workspace):
    shown = asked(opened(place, 5), "nnnnnn")
    assert "All are answered" in shown[-1]
    assert "-n 10" in shown[-1]
    assert asked(opened(place, 5), "n")[-1] == shown[-1]


def test_a_sample_of_all_there_are(place: Workspace):
    sheet = opened(place, 100_000)
    sheet.answer(dict.fromkeys(sheet.open, "neutral"))
    assert "there are no more" in asked(sheet, "")[-1]


def test_a_sample_grows_and_keeps_its_answers(place: Workspace):
    first = opened(place, 10)
    asked(first, "nnn")
    more = opened(place, 40)
    assert more.ids[:10] == first.ids
    assert len(more.ids) == 40
    assert len(more.answers) == 3


def test_two_people_label_the_same_sample_at_the_same_time(place: Workspace):
    one, other = opened(place), opened(place, labeller="cd")
    assert one.ids == other.ids
    one.say(1, "negative")
    other.say(1, "neutral")
    one.say(2, "positive")
    assert len(kept(place)) == 3
    assert one.answers == {one.ids[0]: "negative", one.ids[1]: "positive"}


def test_what_was_forgotten_meanwhile_does_not_come_back(place: Workspace):
    sheet = opened(place)
    labels.remove(place.sample(INCIDENT), {sheet.ids[0]}, labels.SAMPLE_COLUMNS)
    sheet.answer({1: "negative", 2: "negative"})
    assert kept(place)["id"].tolist() == [sheet.ids[1]]


def test_a_sheet_in_a_notebook(place: Workspace):
    sheet = label.sheet(INCIDENT, str(place.root), n=30, labeller="ab")
    assert sheet.ids == opened(place).ids
    sheet.answer({1: "negative", 2: "U", 5: " p "})
    assert list(sheet.answers.values()) == ["negative", "neutral", "positive"]
    assert repr(sheet).splitlines()[1].split()[0] == "3"
    assert sheet._repr_html_().count("<tr>") == label.AHEAD
    assert sheet.say(1, None).open[0] == 1
    assert len(kept(place)) == 2


@pytest.mark.parametrize("said", [{0: "n"}, {31: "n"}, {"1": "n"}, {True: "n"}, {1: "angry"}, {1: 1}, {1: ""}])
def test_a_sheet_refuses_what_is_no_answer_and_keeps_none(place: Workspace, said: dict):
    sheet = opened(place)
    with pytest.raises(ParameterError):
        sheet.answer({2: "negative"} | said)
    assert not place.labels(INCIDENT).exists()


def test_a_sheet_shows_texts_without_their_power(place: Workspace):
    sheet = Sheet(place, INCIDENT, "ab", {"1": inert("<script>alert(1)</script>\x1b[2J")}, 1)
    assert "<script>" not in sheet._repr_html_()
    assert "\x1b" not in repr(sheet)


def test_handles_and_addresses_are_masked(place: Workspace):
    folder = next(place.prepared(INCIDENT).iterdir())
    table = pd.read_parquet(folder / "mentions.parquet")
    sheet = opened(place)
    table.loc[table["id"] == sheet.ids[0], "text"] = "write to ann@example.org or @u_abcdefghij, thank you"
    table.to_parquet(folder / "mentions.parquet")
    assert opened(place).texts[sheet.ids[0]] == "write to [e-mail] or @user, thank you"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("one\r\ntwo\u2028three\ttabs", "one two three tabs"),
        ("\0\x9b31m", "31m"),
        ("\ud800x", "\ufffdx"),
        ("e" + "\u0301" * 300, "e" + "\u0301" * label.MARKS),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("مرحبا", "مرحبا"),
        ("\u200b\u2060", "(nothing to see)"),
    ],
)
def test_hostile_text_is_inert(text: str, shown: str):
    assert inert(text) == shown


def test_a_long_text_is_cut_quickly():
    began = time.monotonic()
    shown = inert("word " * 200_000)
    assert time.monotonic() - began < 1
    assert len(shown) < label.SHOWN + 40
    assert shown.endswith("… (1,000,000 characters)")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_text_holds_a_control_character(text: str):
    kinds = {unicodedata.category(character) for character in inert(text).replace("\u200d", "")}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_no_terminal_says_what_to_do(place: Workspace):
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "label", INCIDENT, "-w", str(place.root)],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "analysis.runs.label.sheet" in done.stderr
    assert "labels.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_is_asked_key_by_key(place: Workspace):
    """In a terminal of its own, up to Ctrl-C."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(REPOSITORY)
        os.execv(
            sys.executable,
            [
                sys.executable,
                "-m",
                "analysis.cli",
                "label",
                INCIDENT,
                "-n",
                "8",
                "--labeller",
                "ab",
                "-w",
                str(place.root),
            ],
        )
    seen = until(terminal, "[1 of 8]")
    os.write(terminal, b"n")
    seen += until(terminal, "[2 of 8]")
    os.write(terminal, b"\x1b[A")  # an arrow
    seen += until(terminal, "is none of these keys")
    os.write(terminal, b"\x03")
    seen += until(terminal, "the same command goes on")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert "→ negative" in seen
    assert kept(place)["label"].tolist() == ["negative"]


def until(terminal: int, wanted: str) -> str:
    seen, ends = b"", time.monotonic() + 60
    while wanted not in seen.decode("utf-8", "replace") and time.monotonic() < ends:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 65_536)
            except OSError:  # the other side is gone
                break
    assert wanted in seen.decode("utf-8", "replace")
    return seen.decode("utf-8", "replace")


@pytest.mark.parametrize(("n", "told"), [(0, "-n is 0"), (-3, "-n is -3")])
def test_impossible_samples_are_refused(place: Workspace, n: int, told: str):
    with pytest.raises(ParameterError, match=told):
        opened(place, n)


def test_damaged_files_are_named(place: Workspace):
    opened(place)
    place.labels(INCIDENT).write_text("id,label,labeller,when\n1,cross,ab,2025-03-04T09:30:00+00:00\n")
    with pytest.raises(InputError, match="row 1: label is 'cross'"):
        opened(place)
    done = CliRunner().invoke(app, ["check", INCIDENT, "-w", str(place.root)])
    assert done.exit_code == 3
    assert "row 1: label is 'cross'" in done.output
