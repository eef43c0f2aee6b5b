"""What reading an archive showed, in words: one sentence a source, or one for many that show the same."""

import pytest

from analysis.archive.records import note
from analysis.wording.notes import sentences


@pytest.mark.parametrize("language", ["en", "zh"])
def test_many_sources_that_show_the_same_are_one_sentence(language):
    agree = [note("clock_agrees", file=f"{n}.csv", rows=n, checkable=n, off=0) for n in range(1, 11)]
    few = [note("nul_removed", file=f"{n}.csv", characters=n) for n in range(1, 4)]
    told = sentences([*agree, *few], "spring", language)
    assert len(told) == 4
    assert "55" in told[0]
    assert "10" in told[0]
    assert all(f"{n}.csv" in told[n] for n in range(1, 4))


def test_lists_maps_and_kinds_nobody_put_into_words():
    told = sentences(
        [
            note("columns_guessed", file="a.csv", columns={"id": "Nr", "text": "Was"}, unread=[]),
            note("sheets_skipped", file="a.xlsx", sheets=["Notes", "Totals"]),
            note("something_new", rows=3),
        ],
        "spring",
        "en",
    )
    assert "id = Nr, text = Was; not read: –" in told[0]
    assert "Notes, Totals" in told[1]
    assert told[2] == "spring: something new (3 rows)."
