"""Follow-ups are kept over re-runs: nothing that people wrote is overwritten, whatever a run asks for."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import followups
from analysis.errors import InputError
from analysis.followups import COLUMNS, FollowUp, asked

LATE = asked(
    "statement_late", "Let a draft lie ready.", "spokesperson", "2025-08-17", "responsive", "response.statement"
)
CAUSE = asked("top_cause", "Mend the brakes.", "operations", "2025-10-16", "preventive", "causes.shares")
PRINTABLE = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30).map(str.strip)


def test_no_file_is_not_recorded_and_a_file_without_rows_is_none(tmp_path: Path) -> None:
    path = tmp_path / followups.FILE
    assert followups.read(path) is None
    path.write_text(",".join(COLUMNS) + "\n")
    assert followups.read(path) == []


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / followups.FILE
    rows = [LATE, replace(CAUSE, state="dropped", note="sold, the 2023 series", more={"ticket": "=1+1"})]
    followups.write(path, rows)
    assert followups.read(path) == [replace(LATE, more={"ticket": ""}), rows[1]]


def test_a_run_adds_what_is_new_and_renews_what_nobody_touched() -> None:
    anew = asked("top_cause", "Mend the locks.", "operations", "2025-10-16", "preventive", "causes.shares")
    assert followups.merged(None, [LATE]) == [LATE]
    assert followups.merged([LATE, CAUSE], [anew]) == [LATE, anew]


@pytest.mark.parametrize(
    "by_hand",
    [
        {"owner": "Ann"},
        {"due": "2025-12-01"},
        {"action": "Mend them all."},
        {"state": "in_progress"},
        {"note": "waiting for parts"},
        {"more": {"ticket": "T-1"}},
    ],
)
def test_what_people_wrote_is_not_overwritten(by_hand: dict) -> None:
    mine = replace(CAUSE, **by_hand)
    anew = asked("top_cause", "Mend the locks.", "operations", "2025-10-16", "preventive", "causes.shares")
    assert mine.touched
    assert followups.merged([mine], [anew, LATE]) == [mine, LATE]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), PRINTABLE, st.sampled_from(("open", "in_progress", "done"))), max_size=6
    ),
    st.lists(st.sampled_from("abcdef"), max_size=6, unique=True),
)
def test_merging_loses_no_row_and_twice_is_once(people: list[tuple[str, str, str]], ids: list[str]) -> None:
    kept = [
        FollowUp(name, "do", note=note, state=state) for name, note, state in {row[0]: row for row in people}.values()
    ]
    drawn = [asked(name, "do this", "", "", "", "") for name in ids]
    once = followups.merged(kept, drawn)
    assert {row.id for row in once} == {row.id for row in kept} | set(ids)
    assert all(row in once for row in kept)
    assert followups.merged(once, drawn) == once


def test_only_what_people_wrote_makes_another_run() -> None:
    none = followups.decided(None)
    assert followups.decided([LATE, CAUSE]) == none
    assert followups.decided([LATE, replace(CAUSE, state="done")]) != none


def test_overdue_is_open_past_its_day() -> None:
    assert LATE.overdue(date(2025, 8, 18))
    assert not LATE.overdue(date(2025, 8, 17))
    assert not replace(LATE, state="done").overdue(date(2026, 1, 1))
    assert not replace(LATE, due="").overdue(date(2026, 1, 1))


def test_a_formula_in_what_is_asked_is_led_by_an_apostrophe() -> None:
    made = asked("x", '=HYPERLINK("http://a")\nmore', "@ann", "", "", "")
    assert (made.action, made.owner) == ('\'=HYPERLINK("http://a") more', "'@ann")
    assert not made.touched


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"state": "finished"}, "state is 'finished'. Use one of open"),
        ({"due": "17.8.2025"}, "due is '17.8.2025'. Write a day as"),
        ({"kind": "other"}, "kind is 'other'"),
        ({"action": ""}, "action is empty"),
        ({"id": ""}, "id is empty"),
        ({"state": "verified"}, "it is verified, and verified_on or verification is empty"),
        ({"state": "dropped"}, "it is dropped, and note is empty. Say why"),
    ],
)
def test_a_wrong_row_is_an_instruction(tmp_path: Path, cells: dict, message: str) -> None:
    path = tmp_path / followups.FILE
    followups.write(path, [LATE, replace(CAUSE, **cells)])
    with pytest.raises(InputError, match="row 2: " + message.replace(".", r"\.").replace("(", r"\(")):
        followups.read(path)


def test_an_id_stands_once_and_a_column_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / followups.FILE
    followups.write(path, [LATE, LATE])
    with pytest.raises(InputError, match="row 2: 'statement_late' stands in row 1 already"):
        followups.read(path)
    path.write_text("id,action\nx,do\n")
    with pytest.raises(InputError, match="column owner is absent"):
        followups.read(path)
