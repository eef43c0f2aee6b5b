"""Moves to a private channel: each estimator against conversations whose truth we wrote."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import private
from analysis.measures.clustered import clusters, holm, mean, share
from analysis.scoring.channels import channel
from tests.talk_fixture import SEEN, START, WHOLE, rows, talk

ABSENT = WHOLE | {"openers": "absent", "silence_provable": False}
RNG = np.random.default_rng


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("please send us a DM with your email address", "dm"),
        ("drop us an e-mail at help@acme.example", "email"),
        ("give us a call on 555 0100", "phone"),
        ("fill in the form on our page", "form"),
        ("start a live chat on our site", "chat"),
        ("we don't have phone support, message us instead", "dm"),
        ("reach us there", None),
        ("请私信我们您的邮箱", "dm"),
        ("请发邮件到我们的邮箱", "email"),
        ("请拨打客服热线", "phone"),
        ("请填写表单登记", "form"),
        ("可以加企业微信", "chat"),
        (None, None),
    ],
)
def test_the_channel_is_the_first_that_a_redirect_names(text, named):
    found = channel(pd.Series([text], dtype="string"))
    assert str(found.dtype) == "string"
    assert found.astype(object).where(found.notna(), None).tolist() == [named]


def redirected(n: int, after: str = "", **told: object) -> list[list[dict]]:
    """`n` conversations of a complaint and a redirect, and what the customer says after, if anything."""
    extra = [("c", 2.0, after)] if after else []
    flags = str(told.get("flags", "redirect to:dm"))
    name = str(told.get("name", "a"))
    return [rows(f"{name}{k}", [("c", 0, "neg"), ("o", 1, flags), *extra]) for k in range(n)]


def answered(n: int, name: str = "b") -> list[list[dict]]:
    return [rows(f"{name}{k}", [("c", 0, "neg"), ("o", 1, "caring")]) for k in range(n)]


def test_redirects_are_told_by_turn():
    late = [rows(f"l{k}", [("c", 0, "neg"), ("o", 1, ""), ("c", 2, ""), ("o", 3, "redirect")]) for k in range(20)]
    made = talk([*redirected(10), *answered(30), *late])
    found = private.by_turn(made, WHOLE)
    assert (found["first"].value, found["first"].n) == (pytest.approx(10 / 60), 60)
    assert (found["later"].value, found["later"].n) == (1.0, 20)
    assert private.by_turn(made, ABSENT)["first"].reason == "openers_absent"


def test_a_move_is_bare_where_nothing_caring_came_first():
    cared_before = [
        rows(f"p{k}", [("c", 0, "neg"), ("o", 1, "caring"), ("c", 2, ""), ("o", 3, "redirect")]) for k in range(5)
    ]
    cared_after = [rows(f"q{k}", [("c", 0, "neg"), ("o", 1, "redirect"), ("o", 2, "caring")]) for k in range(5)]
    same = redirected(10, flags="redirect caring", name="s")
    moves = private.first_redirects(talk([*cared_before, *cared_after, *same, *redirected(20)]))
    found = private.bare(moves, WHOLE)
    assert (found.value, found.n) == (pytest.approx(25 / 40), 40)
    assert private.bare(moves, ABSENT).reason == "openers_absent"
    assert private.bare(moves.head(19), WHOLE).reason == "too_few"


def test_only_moves_inside_the_incident_count():
    outside = [rows("late", [("c", 200, "neg"), ("o", 201, "redirect")])]
    moves = private.first_redirects(talk([*redirected(3), *outside], until=100))
    assert sorted(moves["customer"]) == ["a0", "a1", "a2"]


def test_acceptance_is_of_those_who_wrote_on():
    parts = [*redirected(15, "accepted"), *redirected(10, "neg", name="n"), *redirected(25, name="silent")]
    moves = private.first_redirects(talk(parts))
    accepted, silent = private.acceptance(moves, WHOLE)
    assert (accepted.value, accepted.n) == (pytest.approx(0.6), 25)
    assert (silent.value, silent.n) == (pytest.approx(0.5), 50)
    accepted, silent = private.acceptance(moves, ABSENT)
    assert accepted.n == 25
    assert silent.reason == "openers_absent"
    assert private.acceptance(moves, WHOLE | {"threads": "unjoinable"})[0].reason == "no_threads"


def posts(said: list[tuple[str, float, bool, bool]]) -> pd.DataFrame:
    """(author, hours, negative, accepted)"""
    table = pd.DataFrame(said, columns=["author", "hours", "negative", "accepted"])
    table["published_at"] = (START + pd.to_timedelta(table["hours"], unit="h")).dt.as_unit("us")
    made = {"id": [f"x{k}" for k in range(len(table))], "still_open": False}
    return table.assign(**made).astype({"author": "string", "negative": "boolean"})


def test_who_comes_back_angry_within_a_week_bounces():
    moves = private.first_redirects(talk(redirected(40)))
    said = [
        *((f"a{k}", 30.0, True, False) for k in range(10)),
        ("a10", 0.5, True, False),  # before the redirect
        ("a11", 1 + 7 * 24 + 0.5, True, False),  # after the week
        ("a12", 5.0, True, True),  # only accepts
        ("a13", 5.0, False, False),
        ("stranger", 5.0, True, False),
        ("a0", 40.0, True, False),  # counts once
    ]
    found, ids = private.bounce_back(moves, posts(said), WHOLE, SEEN)
    assert (found.value, found.n) == (pytest.approx(0.25), 40)
    assert ids == [f"x{k}" for k in range(10)]


def test_who_was_not_watched_for_a_week_is_left_out():
    moves = private.first_redirects(talk(redirected(40)))
    gap = [(START, START + pd.Timedelta(days=3)), (START + pd.Timedelta(days=4), START + pd.Timedelta(days=30))]
    assert private.bounce_back(moves, posts([]), WHOLE, gap)[0].reason == "censored"
    assert private.bounce_back(moves.head(5), posts([]), WHOLE, SEEN)[0].reason == "too_few"
    assert private.bounce_back(moves.head(0), posts([]), WHOLE, SEEN)[0].reason == "too_few"


def test_a_loop_is_closed_by_a_later_reply_of_ours():
    closed = [
        rows(f"d{k}", [("c", 0, "neg"), ("o", 1, "redirect"), ("c", 2, ""), ("o", 9, "closes")]) for k in range(10)
    ]
    before = [rows(f"e{k}", [("c", 0, "neg"), ("o", 1, "closes"), ("o", 2, "redirect")]) for k in range(10)]
    moves = private.first_redirects(talk([*closed, *before, *redirected(20)]))
    found = private.closure(moves, WHOLE)
    assert (found.value, found.n) == (0.25, 40)
    assert private.closure(moves, WHOLE | {"brand_side": "sampled"}).reason == "silence_not_provable"


def test_public_replies_are_counted_per_answered_conversation():
    long = [rows(f"g{k}", [("c", 0, "neg"), *(("o", h, "") for h in (1, 2, 3, 4))]) for k in range(5)]
    two = [rows(f"h{k}", [("c", 0, "neg"), ("o", 1, ""), ("o", 2, "")]) for k in range(5)]
    unanswered = [rows(f"i{k}", [("c", 0, "neg")]) for k in range(50)]
    table, average, share_long = private.replies_per(talk([*long, *two, *answered(20), *unanswered]), WHOLE)
    assert table["conversations"].tolist() == [20, 5, 5]
    assert average.value == pytest.approx((20 + 10 + 20) / 30)
    assert share_long.value == pytest.approx(5 / 30)
    assert private.replies_per(talk(answered(20)), ABSENT)[1].reason == "openers_absent"
    assert private.replies_per(talk(answered(19)), WHOLE)[2].reason == "too_few"


def passed_on(times: dict[str, list[float]]) -> pd.DataFrame:
    said = [(post, hours) for post, all_of in times.items() for hours in all_of]
    table = pd.DataFrame(said, columns=["parent_id", "hours"])
    when = (START + pd.to_timedelta(table["hours"], unit="h")).dt.as_unit("us")
    return table.assign(published_at=when, author=[f"r{k}" for k in range(len(table))]).astype(
        {"parent_id": "string", "author": "string"}
    )


def test_amplification_compares_spans_of_equal_length():
    parts = [rows(f"a{k}", [("c", 0, "neg"), ("o", 10, "redirect")]) for k in range(20)]
    made = talk(parts)
    moves = private.first_redirects(made)
    others = passed_on({f"a{k}-0": [2.0, 5.0, 12.0, 50.0, -1.0] for k in range(20)})
    found = private.amplification(moves, made, others, WHOLE, SEEN)
    assert found.value == pytest.approx(20.5 / 40.5)
    assert found.n == 60
    assert float(found.low) <= found.value <= float(found.high)
    assert private.amplification(moves, made, others.head(0), WHOLE, SEEN).reason == "not_recorded"
    assert private.amplification(moves, made, others.head(3), WHOLE, SEEN).reason == "too_few"
    own = others.assign(author=others["parent_id"].str.split("-").str[0])
    assert private.amplification(moves, made, own, WHOLE, SEEN).reason == "too_few"


def test_intervals_hold_the_truth_where_customers_repeat_themselves():
    """200 draws of 60 customers with one to eight conversations each, alike within a customer."""
    held = averages = 0
    for seed in range(200):
        rng = RNG(seed)
        sizes = rng.integers(1, 9, 60)
        chance = np.repeat(rng.beta(1.2, 2.8, 60), sizes)
        customer = pd.Series(np.repeat([f"u{k}" for k in range(60)], sizes), dtype="string")
        found = share(pd.DataFrame({"customer": customer}), rng.random(len(chance)) < chance)
        held += float(found.low) <= 0.3 <= float(found.high)
        values = pd.Series(np.repeat(rng.normal(0.2, 1, 60), sizes) + rng.normal(0, 0.5, len(chance)))
        averaged = mean(values, customer, "number")
        averages += float(averaged.low) <= 0.2 <= float(averaged.high)
    assert held >= 180
    assert averages >= 180


def test_the_interval_of_a_bounce_holds_the_truth():
    held = 0
    for seed in range(60):
        rng = RNG(seed)
        moves = private.first_redirects(talk(redirected(80)))
        back = rng.random(80) < 0.35
        said = [(f"a{k}", float(rng.uniform(2, 160)), True, False) for k in np.flatnonzero(back)]
        found, _ = private.bounce_back(moves, posts(said), WHOLE, SEEN)
        held += float(found.low) <= 0.35 <= float(found.high)
    assert held >= 54


def test_holm_keeps_order_and_none():
    assert holm([0.01, None, 0.04, 0.03]) == [pytest.approx(0.03), None, pytest.approx(0.06), pytest.approx(0.06)]
    assert holm([]) == []
    assert clusters(pd.Series(["a", None, "a", None])).tolist() == [0, 2, 0, 4]
