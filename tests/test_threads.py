"""Conversations: answers find their thread across files, however they are ordered, held or crossed."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.archive.threads import thread_ids


def threads(*rows: tuple[str, str | None, str | None, str]) -> dict[str, str]:
    table = pd.DataFrame(rows, columns=["id", "parent_id", "thread_id", "kind"], dtype="string")
    return dict(zip(table["id"], thread_ids(table), strict=True))


def test_answers_go_with_what_they_answer():
    found = threads(
        ("1", None, None, "post"),
        ("3", "2", None, "reply"),  # before its parent
        ("2", "1", None, "reply"),
        ("4", "1", None, "quote"),
        ("5", "gone", None, "reply"),
        ("6", "gone", None, "comment"),
        ("7", "5", "said", "reply"),
        ("8", "7", None, "reply"),
    )
    assert found == {"1": "1", "2": "1", "3": "1", "4": "4", "5": "gone", "6": "gone", "7": "said", "8": "said"}


def test_circles_end():
    found = threads(
        ("a", "b", None, "reply"), ("b", "a", None, "reply"), ("c", "a", None, "reply"), ("d", "d", None, "reply")
    )
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d"}


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=12))
def test_every_answer_is_in_the_thread_of_its_parent(links):
    rows = [(str(n), str(parent), None, "reply" if answer else "repost") for n, (parent, answer) in enumerate(links)]
    found = threads(*rows)
    for n, (parent, answer) in enumerate(links):
        if answer:
            assert found[str(n)] == found.get(str(parent), str(parent))
        else:
            assert found[str(n)] == str(n)
