"""Conversations: who spoke when with whom, however the archive recorded threads."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.conversations import COLUMNS, cannot, pieces, turns
from tests.talk_fixture import START, WHOLE

Row = tuple[str, str | None, str | None, str | None, float, bool, str]


def table(*rows: Row) -> pd.DataFrame:
    names = ["id", "parent_id", "thread_id", "author", "at", "from_brand", "kind"]
    made = pd.DataFrame(rows, columns=names)
    made["published_at"] = (START + pd.to_timedelta(made["at"].astype(float), unit="m")).dt.as_unit("us")
    strings = dict.fromkeys(("id", "parent_id", "thread_id", "author", "kind"), "string")
    return made.astype(strings | {"from_brand": "bool"})


def told(*rows: Row) -> dict[str, list[str]]:
    """Conversation → ids in order."""
    found = turns(table(*rows))
    assert list(found.columns) == list(COLUMNS)
    return {name: part["id"].tolist() for name, part in found.groupby("conversation")}


def test_a_thread_holds_a_conversation_for_each_customer_and_all_our_accounts_are_one_side():
    found = told(
        ("1", None, None, "ann", 0, False, "post"),
        ("2", "1", None, "help", 5, True, "reply"),
        ("3", "2", None, "ann", 9, False, "reply"),
        ("4", "1", None, "bo", 6, False, "reply"),
        ("5", "4", None, "press", 7, True, "reply"),
        ("6", "3", None, "press", 10, True, "reply"),
        ("7", "1", None, "cy", 2, False, "repost"),
    )
    assert found == {"1": ["1", "2", "3", "6"], "4": ["4", "5"]}


def test_we_may_answer_ourselves_and_be_answered_by_a_quote():
    found = told(
        ("1", None, None, "ann", 0, False, "post"),
        ("2", "1", None, "help", 5, True, "quote"),
        ("3", "2", None, "help", 6, True, "reply"),
        ("4", "1", None, "bo", 7, False, "quote"),
    )
    assert found == {"1": ["1", "2", "3"], "4": ["4"]}


def test_a_first_post_that_is_absent_is_no_opener():
    found = turns(
        table(
            ("2", "gone", None, "help", 5, True, "reply"),
            ("3", "2", None, "ann", 9, False, "reply"),
            ("8", "lost", None, "bo", 9, False, "reply"),
            ("9", None, None, "cy", 9, False, "post"),
            ("10", "away", None, "help", 9, True, "reply"),
        )
    )
    held = found.drop_duplicates("conversation").set_index("conversation")
    assert held["opener_held"].to_dict() == {"2": False, "8": False, "9": True, "10": False}
    assert held.loc["2", "customer"] == "ann"
    assert pd.isna(held.loc["10", "customer"])


def test_a_statement_is_no_turn_and_comments_on_it_begin_conversations():
    found = told(
        ("s", None, None, "us", 0, True, "post"),
        ("1", "s", None, "ann", 1, False, "comment"),
        ("2", "1", None, "us", 2, True, "reply"),
        ("3", "s", None, "bo", 3, False, "comment"),
    )
    assert found == {"1": ["1", "2"], "3": ["3"]}


def test_threads_without_parents_give_our_reply_to_who_spoke_last():
    found = told(
        ("1", None, "T", "ann", 0, False, "post"),
        ("2", None, "T", "us", 1, True, "reply"),
        ("3", None, "T", "bo", 2, False, "reply"),
        ("4", None, "T", "us", 3, True, "reply"),
        ("5", None, "T", "ann", 4, False, "reply"),
        ("6", None, "other", "us", 4, True, "post"),
    )
    assert found == {"1": ["1", "2", "5"], "3": ["3", "4"]}


def test_parents_hold_together_what_has_no_thread_and_threads_what_has_no_parent():
    found = told(
        ("1", None, None, "ann", 0, False, "post"),
        ("2", "1", "T", "us", 1, True, "reply"),
        ("3", None, "T", "ann", 2, False, "reply"),
        ("7", None, None, "bo", 0, False, "post"),
        ("8", None, "7", "us", 1, True, "reply"),
    )
    assert found == {"1": ["1", "2", "3"], "7": ["7", "8"]}


def test_answers_to_one_absent_post_meet():
    found = told(
        ("2", "gone", None, "us", 1, True, "reply"),
        ("3", "gone", None, "ann", 2, False, "reply"),
        ("4", "gone", None, "ann", 3, False, "reply"),
    )
    assert found == {"2": ["2", "3", "4"]}


def test_a_reply_stands_after_what_it_answers_whatever_its_clock_says():
    found = turns(
        table(
            ("1", None, None, "ann", 10, False, "post"),
            ("2", "1", None, "us", 5, True, "reply"),
            ("3", "2", None, "ann", 7, False, "reply"),
        )
    )
    assert found["id"].tolist() == ["1", "2", "3"]
    assert found["position"].tolist() == [0, 1, 2]
    assert found["turn"].tolist() == [0, 0, 1]
    assert found["published_at"].iloc[1] < found["published_at"].iloc[0]


def test_circles_end_and_who_is_not_known_stands_alone():
    found = told(
        ("x", "y", None, "ann", 2, False, "reply"),
        ("y", "x", None, "us", 3, True, "reply"),
        ("z", "z", None, "bo", 3, False, "reply"),
        ("p", "q", None, "us", 3, True, "reply"),
        ("q", "p", None, "us", 4, True, "reply"),
        ("n", None, "T", None, 5, False, "post"),
        ("m", None, "T", None, 6, False, "reply"),
    )
    assert found == {"x": ["x", "y"], "z": ["z"], "p": ["p"], "q": ["q"], "n": ["n"], "m": ["m"]}


def test_nothing_gives_nothing():
    found = turns(table(("1", None, None, "ann", 0, False, "repost")))
    assert found.empty
    assert {name: str(kind) for name, kind in found.dtypes.items()} == COLUMNS
    assert turns(table()).empty


def test_pieces_count_turns():
    found = pieces(turns(table(("1", None, None, "ann", 0, False, "post"), ("2", "1", None, "us", 5, True, "reply"))))
    assert found.loc["1", ["turns", "ours", "theirs"]].tolist() == [2, 1, 1]
    assert found.loc["1", "customer"] == "ann"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 9), st.booleans(), st.sampled_from("TU")),
        min_size=1,
        max_size=10,
    )
)
def test_every_post_is_in_one_conversation_with_one_customer(links):
    made = table(
        *(
            (
                str(n),
                None if parent == n else str(parent),
                thread if who else None,
                "us" if ours else f"u{who}",
                at,
                ours,
                "reply",
            )
            for n, (parent, who, at, ours, thread) in enumerate(links)
        )
    )
    found = turns(made)
    assert found["id"].is_unique
    assert set(made.loc[~made["from_brand"], "id"]) <= set(found["id"])
    author = found["id"].map(made.set_index("id")["author"])
    theirs = found["side"] == "customer"
    assert (author[theirs] == found.loc[theirs, "customer"]).all()
    assert (found.groupby("conversation")["customer"].nunique(dropna=False) == 1).all()
    for _, part in found.groupby("conversation"):
        assert part["position"].tolist() == list(range(len(part)))
        assert part["id"].iloc[0] == part["conversation"].iloc[0]
    again = turns(made.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(found, again)


@pytest.mark.slow
def test_a_million_posts_take_seconds():
    rng, n = np.random.default_rng(0), 1_000_000
    parent = np.where(rng.random(n) < 0.6, (np.arange(n) * rng.random(n)).astype(int), -1)
    made = pd.DataFrame(
        {
            "id": pd.Series(np.arange(n).astype(str), dtype="string"),
            "parent_id": pd.Series(np.where(parent >= 0, parent.astype(str), None), dtype="string"),
            "thread_id": pd.Series([None] * n, dtype="string"),
            "author": pd.Series(rng.integers(0, 200_000, n).astype(str), dtype="string"),
            "published_at": (START + pd.to_timedelta(pd.Series(np.arange(n)), unit="s")).dt.as_unit("us"),
            "from_brand": rng.random(n) < 0.2,
            "kind": pd.Series(np.where(parent >= 0, "reply", "post"), dtype="string"),
        }
    )
    begun = time.perf_counter()
    assert len(turns(made)) > n / 2
    assert time.perf_counter() - begun < 60


@pytest.mark.parametrize(
    ("joins", "needs", "reason"),
    [
        ({}, {}, None),
        ({"brand_side": "none"}, {}, "no_brand_posts"),
        ({"threads": "unjoinable"}, {}, "no_threads"),
        ({"openers": "absent"}, {}, None),
        ({"openers": "absent"}, {"opener": True}, "openers_absent"),
        ({"selected": "answered_only"}, {"silence": True}, "answered_only"),
        ({"silence_provable": False}, {"silence": True}, "silence_not_provable"),
        ({"silence_provable": False}, {"opener": True}, None),
    ],
)
def test_what_an_archive_cannot_bear(joins, needs, reason):
    assert cannot(WHOLE | joins, **needs) == reason
