"""Which mentions need the organisation, and whether it answered those."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures import triage as measure
from analysis.scoring import asks
from analysis.scoring.cues import CUES, cues
from tests.scored_tables import at, scored
from tests.test_relevance import HOSTILE

WHOLE = {"threads": "recorded", "openers": "present", "brand_side": "whole", "silence_provable": True}
RULE = measure.Rule(called_from=0.5, followers=10_000)


def rows(texts: list[str], labels: list[str | None] | None = None, **columns: object) -> pd.DataFrame:
    times = [at("2025-07-01") + pd.Timedelta(minutes=number) for number in range(len(texts))]
    extra = {
        "relevance": "about", "relevance_reason": "addressed", "target": None, "complaint": 0.0, "reproach": 0,
    } | columns  # fmt: skip
    base = {name: extra.pop(name) for name in ("kind", "author", "author_followers", "from_brand") if name in extra}
    table = scored(times, labels or ["neutral"] * len(texts), **base)
    table["text"] = texts
    for name, value in extra.items():
        table[name] = value
    return table.astype({"relevance": "string", "relevance_reason": "string", "target": "string", "reproach": "Int64"})


def told(table: pd.DataFrame) -> list[str]:
    texts = table["text"].tolist()
    found = measure.triage(table, cues(texts).set_index(table.index), asks.columns(texts).set_index(table.index), RULE)
    assert list(found.columns) == ["id", "triage", "reasons"]
    return found["triage"].tolist()


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("@u_calder your heater burned, my son was injured", {}, "respond_now"),
        ("@u_calder where is my parcel? please help", {}, "respond"),
        ("@u_calder my parcel is still delayed", {"complaint": 0.9}, "respond"),
        ("Calderline is the worst", {"complaint": 0.9, "relevance_reason": "named"}, "monitor"),
        ("they dragged a man off the bus, watch the video", {"relevance_reason": "named"}, "monitor"),
        ("@u_calder boycott them, shame on the CEO", {"complaint": 0.9}, "monitor"),
        ("@u_calder thank you, lovely crew", {}, "no_reply"),
        ("@u_calder where is my parcel?", {"kind": "repost"}, "no_reply"),
        ("use my code CALD10, where is yours?", {"relevance_reason": "advert"}, "no_reply"),
        ("@u_calder where is my parcel?", {"relevance": "not_about"}, "no_reply"),
        ("Calderline failed me", {"complaint": 0.9, "author_followers": [50_000]}, "respond_now"),
        ("@u_calder my bag is lost, the airport is useless", {"complaint": 0.9, "target": "third_party"}, "respond"),
        ("@u_calder 我的订单一直没收到，请处理", {"complaint": 0.9}, "respond"),
        ("谢谢师傅，很满意", {"relevance_reason": "named"}, "no_reply"),
    ],
)
def test_plain_cases(text: str, given: dict, expected: str) -> None:
    assert told(rows([text], ["negative" if given.get("complaint") else "neutral"], **given)) == [expected]


def test_the_organisation_is_not_triaged_and_rows_are_in_order() -> None:
    table = rows(["@u_calder help me please", "we are sorry"], from_brand=[False, True]).iloc[::-1]
    assert told(table) == ["respond"]
    assert measure.counts(measure.triage(table, cues([]), asks.columns([]), RULE))["mentions"].sum() == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=6))
def test_any_text_gets_a_class(texts: list[str]) -> None:
    assert set(told(rows(texts))) <= set(measure.CLASSES)
    assert list(asks.columns(texts).columns) == list(asks.COLUMNS)


def test_hostile_texts_do_not_hang() -> None:
    hostile = [*HOSTILE, "please " * 4000, "a" * 10_000, "我" * 10_000]
    assert len(asks.columns(hostile)) == len(hostile)
    assert list(cues(hostile).columns) == list(CUES)


def answered(asked: int, replied_needed: int, idle: int, replied_idle: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A triage of so many mentions that needed a reply and that did not, and the posts with the replies to them."""
    table = rows(["text"] * (asked + idle))
    named = pd.DataFrame(
        {"id": table["id"], "triage": ["respond"] * asked + ["no_reply"] * idle, "reasons": ""}, dtype="string"
    )
    to = [*table["id"].iloc[:replied_needed], *table["id"].iloc[asked : asked + replied_idle]]
    replies = scored([at("2025-07-02")] * len(to), ["neutral"] * len(to), from_brand=True, kind="reply", parent_id=to)
    replies["id"] = [f"r{number}" for number in range(len(to))]
    return named, pd.concat([table, replies], ignore_index=True)


def test_recall_and_over_reply_are_shares_of_their_own_wholes() -> None:
    named, posts = answered(100, 60, 200, 20)
    found = measure.answers(named, posts, WHOLE)
    assert found.recall.value == pytest.approx(0.6)
    assert found.over.value == pytest.approx(0.25)
    assert (found.recall.n, found.over.n) == (100, 80)
    assert found.recall.low < 0.6 < found.recall.high


def test_a_reply_to_what_was_only_to_be_watched_is_no_fault() -> None:
    named, posts = answered(100, 60, 200, 20)
    watched = named.assign(triage=named["triage"].replace("no_reply", "monitor"))
    assert measure.answers(watched, posts, WHOLE).over.value == 0


def test_intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(100):
        named, posts = answered(80, int(rng.binomial(80, 0.7)), 0, 0)
        found = measure.answers(named, posts, WHOLE).recall
        hits += found.low <= 0.7 <= found.high
    assert hits >= 90


@pytest.mark.parametrize(
    ("joins", "recall", "over"),
    [
        ({"silence_provable": False}, "silence_not_provable", None),
        ({"silence_provable": False, "openers": "absent"}, "openers_absent", None),
        ({"silence_provable": False, "selected": "answered_only"}, "answered_only", None),
        ({"threads": "no_parent_ids"}, "no_threads", "no_threads"),
        ({"brand_side": "none"}, "no_brand_posts", "no_brand_posts"),
    ],
)
def test_what_cannot_be_joined_or_proved_is_refused(joins: dict, recall: str, over: str | None) -> None:
    found = measure.answers(*answered(100, 60, 200, 20), WHOLE | joins)
    assert (found.recall.value, found.recall.reason) == (None, recall)
    assert found.over.reason == over


def test_an_outrage_is_refused_since_the_rules_are_wrong_too_often_there() -> None:
    named, posts = answered(100, 60, 2000, 20)
    found = measure.answers(named, posts, WHOLE)
    assert (found.recall.reason, found.over.reason) == ("rules_unsure", "rules_unsure")
    assert measure.answers(named, posts, WHOLE, few=0.01).recall.value == pytest.approx(0.6)


def test_few_are_refused() -> None:
    found = measure.answers(*answered(10, 5, 30, 2), WHOLE)
    assert (found.recall.reason, found.over.reason) == ("too_few", "too_few")


def test_what_was_answered_is_sorted_as_it_was_when_it_was_written():
    table = rows(["a", "b", "c", "d", "e", "f"], relevance_reason="own_thread", from_brand=False)
    table["thread_id"] = pd.array(["1", "2", "3", "3", "4", "5"], dtype="string")
    table.loc[5, "relevance_reason"] = "named"
    answers = rows(["x", "y", "z"], from_brand=True)
    answers["id"] = ["b1", "b2", "b3"]
    answers["thread_id"] = pd.array(["1", "2", "3"], dtype="string")
    # Ours come after the first three, before the fourth; the fifth answers a post of ours in another thread.
    answers["published_at"] = [at("2025-07-02"), at("2025-07-02"), table.loc[2, "published_at"] + pd.Timedelta("30s")]
    table.loc[4, "parent_id"] = "b2"
    calls = pd.Series([True, False, False, True, False, True], index=table.index)
    found = measure.as_asked(table, pd.concat([table, answers], ignore_index=True), calls)
    assert found["relevance_reason"].tolist() == ["addressed", "named", "named", "own_thread", "own_thread", "named"]
    alone = measure.as_asked(table, table, calls)  # an archive without posts of ours
    assert alone["relevance_reason"].tolist() == ["addressed", "named", "named", "addressed", "named", "named"]
