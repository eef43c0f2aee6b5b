"""How conversations ended: states, bounds, tone, promises and groups against conversations whose truth we wrote."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import resolution
from tests.talk_fixture import SEEN, START, WHOLE, Turn, rows, talk

CONVERSATIONS: dict[str, tuple[list[Turn], str, bool]] = {
    "never": ([("c", 0, "neg")], "unanswered", False),
    "thanks": ([("c", 0, "neg"), ("o", 1, ""), ("c", 2, "gratitude")], "resolved", False),
    "solved": ([("c", 0, "neg"), ("o", 1, "redirect"), ("c", 2, "solved")], "resolved", False),
    "solved_then_farewell": (
        [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "solved"), ("o", 3, "closes")],
        "resolved",
        False,
    ),
    "confirmed": (
        [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "solved"), ("o", 3, "closes"), ("c", 4, "")],
        "resolved",
        False,
    ),
    "courtesy": ([("c", 0, "neg"), ("o", 1, "redirect"), ("c", 2, "gratitude")], "redirected_unknown", True),
    "accepts": ([("c", 0, "neg"), ("o", 1, ""), ("c", 2, "gratitude accepted")], "answered_open", True),
    "taken_back": (
        [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "solved"), ("c", 3, "still_open neg")],
        "answered_open",
        False,
    ),
    "worse": ([("c", 0, ""), ("o", 1, ""), ("c", 2, "gratitude neg")], "answered_open", False),
    "moved": ([("c", 0, "neg"), ("o", 1, "redirect")], "redirected_unknown", True),
    "moved_and_agreed": (
        [("c", 0, "neg"), ("o", 1, "redirect"), ("c", 2, "accepted neg")],
        "redirected_unknown",
        True,
    ),
    "moved_and_angry": ([("c", 0, "neg"), ("o", 1, "redirect"), ("c", 2, "neg")], "answered_open", False),
    "silent": ([("c", 0, "neg"), ("o", 1, "")], "answered_open", True),
    "angry_then_answered": ([("c", 0, "neg"), ("o", 1, ""), ("c", 2, "neg"), ("o", 3, "")], "answered_open", True),
    "detail": ([("c", 0, "neg"), ("o", 1, ""), ("c", 2, "")], "answered_open", True),
    "thanks_before": ([("c", 0, "gratitude neg"), ("o", 1, "")], "answered_open", True),
}


def ended(parts: list[list[dict]], days: int = 7) -> pd.DataFrame:
    made = talk(parts)
    first = made[made["position"] == 0]
    return resolution.states(made, first.loc[first["side"] == "customer", "conversation"], days)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_has_its_state(name):
    said, state, unknown = CONVERSATIONS[name]
    row = ended([rows(name, said)]).iloc[0]
    assert (row["state"], bool(row["unknown"])) == (state, unknown)


def test_states_do_not_depend_on_their_neighbours():
    table = ended([rows(name, said) for name, (said, _, _) in CONVERSATIONS.items()]).set_index("customer")
    for name, (_, state, unknown) in CONVERSATIONS.items():
        assert (table.loc[name, "state"], bool(table.loc[name, "unknown"])) == (state, unknown)


@pytest.mark.parametrize(
    ("hours", "tone", "state", "recontact"),
    [
        (30.0, "neg", "re_escalated", True),
        (30.0, "", "resolved", True),
        (2 + 7 * 24 + 1, "neg", "resolved", False),
        (0.5, "neg", "resolved", False),  # before we answered: nothing had been tried
    ],
)
def test_a_new_complaint_within_a_week_escalates(hours, tone, state, recontact):
    first = rows("ann", [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "gratitude")])
    again = rows("ann", [("c", hours, tone)], key="again")
    other = rows("bo", [("c", 30, "neg")])
    row = ended([first, again, other]).set_index("conversation").loc["ann-0"]
    assert (row["state"], bool(row["recontact"])) == (state, recontact)


def test_bounds_hold_what_is_unknown():
    parts = [rows(f"{name}{k}", said) for name, (said, _, _) in CONVERSATIONS.items() for k in range(5)]
    table = ended(parts)
    found = resolution.bounds(table, WHOLE)
    truth = [(state, unknown) for _, state, unknown in CONVERSATIONS.values()]
    resolved = sum(state == "resolved" for state, _ in truth)
    assert found["low"].value == pytest.approx(resolved / len(truth))
    assert found["high"].value == pytest.approx((resolved + sum(unknown for _, unknown in truth)) / len(truth))
    assert sum(found[name].value for name in resolution.STATES) == pytest.approx(1)
    for joins, reason in (
        ({"openers": "absent"}, "openers_absent"),
        ({"silence_provable": False}, "silence_not_provable"),
        ({"selected": "answered_only"}, "answered_only"),
        ({"brand_side": "none"}, "no_brand_posts"),
    ):
        assert resolution.bounds(table, WHOLE | joins)["low"].reason == reason
    assert resolution.bounds(table.head(10), WHOLE)["high"].reason == "too_few"


def test_the_bounds_hold_the_truth_of_what_went_on_in_private():
    """20 draws: 30% of all are solved, half of those in private, where nobody sees it."""
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        parts = []
        for k in range(120):
            private, solved = rng.random() < 0.5, rng.random() < 0.3
            reply = "redirect" if private else ""
            after = [] if private else [("c", 2.0, "solved" if solved else "still_open neg")]
            parts.append(rows(f"u{k}", [("c", 0, "neg"), ("o", 1, reply), *after]))
        found = resolution.bounds(ended(parts), WHOLE)
        held += float(found["low"].low) <= 0.3 <= float(found["high"].high)
        assert float(found["low"].value) < 0.3 < float(found["high"].value)
    assert held == 20


def test_tone_is_of_those_who_wrote_again():
    kinder = [rows(f"k{k}", [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "gratitude pos")]) for k in range(15)]
    same = [rows(f"s{k}", [("c", 0, "neg"), ("o", 1, ""), ("c", 2, "neg")]) for k in range(15)]
    silent = [rows(f"n{k}", [("c", 0, "neg"), ("o", 1, "")]) for k in range(30)]
    before = [rows(f"b{k}", [("c", 0, "neg"), ("c", 1, "pos"), ("o", 2, "")]) for k in range(30)]
    again = [rows(f"n{k}", [("c", 30, "")], key=f"again{k}") for k in range(10)]
    table = ended([*kinder, *same, *silent, *before, *again])
    table = table[~table["conversation"].str.startswith("again")]
    found = resolution.tone(table, WHOLE, SEEN)
    assert (found["delta"].value, found["delta"].n) == (pytest.approx(80.0), 30)
    assert (found["glad"].value, found["glad"].n) == (0.5, 30)
    assert (found["recontact"].value, found["recontact"].n) == (pytest.approx(10 / 90), 90)
    short = [(START, START + pd.Timedelta(days=2))]
    assert resolution.tone(table, WHOLE, short)["recontact"].reason == "censored"
    assert resolution.tone(table, WHOLE | {"threads": "unjoinable"}, SEEN)["delta"].reason == "no_threads"
    assert resolution.tone(table.head(5), WHOLE, SEEN)["glad"].reason == "too_few"


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ([("o", 10.0, "")], "kept"),
        ([("c", 10.0, "solved")], "kept"),
        ([("c", 10.0, "gratitude")], "kept"),
        ([("c", 10.0, "gratitude accepted")], "unknown"),
        ([("o", 40.0, "")], "unknown"),
        ([("c", 40.0, "still_open")], "broken"),
        ([("c", 10.0, "still_open")], "unknown"),
        ([("o", 10.0, ""), ("c", 40.0, "neg")], "kept"),
        ([], "unknown"),
    ],
)
def test_a_promise_is_kept_broken_or_nobody_knows(after, outcome):
    made = talk([rows("ann", [("c", 0, "neg"), ("o", 1, "due:24"), *after])])
    found = resolution.promises(made, START + pd.Timedelta(days=9))
    assert found["outcome"].tolist() == [outcome]
    assert found["due"].tolist() == [START + pd.Timedelta(hours=25)]


def test_a_deadline_after_the_archives_end_is_open():
    made = talk([rows("ann", [("c", 0, "neg"), ("o", 1, "due:24")])])
    assert resolution.promises(made, START + pd.Timedelta(hours=9))["outcome"].tolist() == ["censored"]
    assert resolution.promises(talk([rows("bo", [("c", 0, "")])]), START).empty


def test_promises_have_bounds():
    kept = [rows(f"k{k}", [("c", 0, "neg"), ("o", 1, "due:24"), ("o", 2, "")]) for k in range(10)]
    broken = [rows(f"b{k}", [("c", 0, "neg"), ("o", 1, "due:24"), ("c", 30, "neg")]) for k in range(10)]
    open_ = [rows(f"n{k}", [("c", 0, "neg"), ("o", 1, "due:24")]) for k in range(20)]
    found = resolution.promises(talk([*kept, *broken, *open_]), START + pd.Timedelta(days=9))
    least, most = resolution.kept(found)
    assert (least.value, most.value) == (0.25, 0.75)


def grouped(sizes: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """States of conversations by group → (answered, of them resolved)."""
    good = np.concatenate([np.arange(n) < resolved for n, resolved in sizes.values()])
    n = len(good)
    return pd.DataFrame(
        {
            "conversation": [f"c{k}" for k in range(n)],
            "customer": pd.Series([f"u{k}" for k in range(n)], dtype="string"),
            "replied": START,
            "state": np.where(good, "resolved", "answered_open"),
            "unknown": False,
            "next_glad": pd.array(good, dtype="boolean"),
            "delta": 0.5,
            "cause": np.repeat(list(sizes), [size for size, _ in sizes.values()]),
        }
    )


def test_groups_are_compared_and_small_ones_put_together():
    found = resolution.by(grouped({"a": (60, 50), "b": (60, 10), "c": (12, 6), "d": (11, 5)}), "cause", WHOLE)
    assert found["group"].tolist()[:2] == ["a", "b"]
    assert pd.isna(found["group"].iloc[2])
    assert found["n"].tolist() == [60, 60, 23]
    assert found["resolved"].tolist() == pytest.approx([50 / 60, 10 / 60, 11 / 23])
    assert (found["p"].iloc[:2] < 0.001).all()
    assert found["difference"].iloc[0] > 0
    few = resolution.by(grouped({"a": (60, 50), "c": (12, 6)}), "cause", WHOLE)
    assert few["reason"].iloc[1] == "too_few"
    assert few["p"].isna().all()
    assert resolution.by(grouped({"a": (60, 50)}), "cause", WHOLE | {"threads": "unjoinable"}).empty


def test_groups_that_are_alike_are_rarely_told_apart():
    """Three groups of one rate: some p under 0.05 in at most about one draw of twenty, after Holm."""
    wrong = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        table = grouped({name: (60, int(rng.binomial(60, 0.4))) for name in "abc"})
        wrong += bool((resolution.by(table, "cause", WHOLE)["p"] < 0.05).any())
    assert wrong <= 8
