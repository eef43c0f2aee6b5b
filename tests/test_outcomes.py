"""What later turns say of how it went. The examples in this file were written for it; none is a post by anybody."""

import pandas as pd
import pytest

from analysis.scoring import closures, outcomes
from tests.benchmarks import closures as closure_benchmark
from tests.benchmarks import outcomes as benchmark
from tests.conftest import shared

SAYS = {
    "gratitude": [
        "Thank you so much for the quick reply",
        "thx, that helps",
        "Much appreciated!",
        "I can't thank you enough",
        "cheers mate",
        "谢谢客服",
        "感谢，处理得很快",
        "辛苦了！",
        "Thanks, but the lamp is still dark",
        "謝謝你們",
    ],
    "solved": [
        "The lock opens again, it works now",
        "That sorted it",
        "All good now, thanks",
        "Restarting did the trick",
        "never mind, fixed it",
        "The bike didn't end at first. It's working again now",
        "the refund has arrived",
        "解决了！",
        "已经到账了，谢谢",
        "好了好了，能开锁了",
        "好的，没事了",
        "现在可以了",
    ],
    "accepted": [
        "DM sent",
        "just messaged you",
        "Sent!",
        "Will do, thanks",
        "I've emailed the details over",
        "done",
        "check your DMs please",
        "已私信，单号42",
        "私信你们了",
        "邮件已发",
        "表格填好了",
    ],
    "still_open": [
        "Still not fixed",
        "I'm still waiting",
        "no luck, same problem",
        "That didn't help at all",
        "any update on this?",
        "It worked for an hour. Now it keeps locking me out",
        "还是不行",
        "到现在还没退",
        "没人回复我",
        "说了等于没说",
    ],
}
TRAPS = {
    "gratitude": [
        "Thanks for nothing",
        "no thanks",
        "it works again, no thanks to you",
        "thanks for ruining my evening",
        "Thanks in advance",
        "Can you look at it please? Thanks",
        "thank god it's Friday",
        "谢谢你全家",
        "我谢谢您嘞",
        "能不能快点处理，谢谢",
        "先谢谢了",
    ],
    "solved": [
        "It's not fixed",
        "When will it be fixed?",
        "hope it gets sorted soon",
        "please get this fixed",
        "is it resolved?",
        "It worked. Then it broke, still broken",
        "could somebody have it fixed by Monday",
        "还没解决",
        "解决了吗？",
        "什么时候能解决",
        "没到账",
        "怎么还没好",
    ],
    "accepted": [
        "Should I send a DM?",
        "I can't DM you",
        "you never sent me a message",
        "I emailed you twice last week",
        "how do I send a DM",
        "没法私信你们",
        "不想私信",
        "私信发不出去",
        "要私信吗？",
    ],
    "still_open": [
        "No problem, thanks",
        "if it doesn't work I'll write again",
        "still love this service",
        "如果还是不行我再联系",
        "DM sent",
        "It was at the north gate, bike 41",
    ],
}


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in SAYS.items() for text in texts])
def test_what_a_turn_says_is_found(act, text):
    assert outcomes.outcomes([text])[act].tolist() == [True]


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in TRAPS.items() for text in texts])
def test_what_only_looks_like_it_is_not(act, text):
    assert outcomes.outcomes([text])[act].tolist() == [False]


def test_of_solved_and_open_what_was_said_last_holds():
    found = outcomes.outcomes(["didn't help at first, but it works now", "it works now. It's still crashing though"])
    assert found["solved"].tolist() == [True, False]
    assert found["still_open"].tolist() == [False, True]


def test_any_text_is_read_and_none_gives_none():
    assert outcomes.outcomes([]).columns.tolist() == list(outcomes.OUTCOMES)
    hostile = ["", "\x1f", "a" * 100_000, "\ud800", "<script>", "\u202ethanks", "@u_abcdefghij", "http://x"]
    assert len(outcomes.outcomes(hostile)) == len(hostile)


CLOSED = [
    "Glad to hear it works again!",
    "We're happy everything's sorted, enjoy your ride",
    "We've refunded the second charge",
    "Sorted this by DM, all resolved",
    "This has been fixed",
    "很高兴能帮到您",
    "您的问题已解决",
    "已为您退款，请查收",
]
NOT_CLOSED = [
    "We'll get this fixed soon",
    "Sorry to hear that",
    "Let us know if it works",
    "Is it working now?",
    "Great idea! We'll pass it on",
    "Let us know if you need anything else",
    "正在为您处理",
    "问题解决了吗？",
    "我们会尽快退款",
]


@pytest.mark.parametrize("text", CLOSED)
def test_a_closed_case_is_found(text):
    assert closures.closes([text]).tolist() == [True]


@pytest.mark.parametrize("text", NOT_CLOSED)
def test_a_promise_a_question_and_a_farewell_close_nothing(text):
    assert closures.closes([text]).tolist() == [False]


def test_the_labels_hold_no_text():
    assert pd.read_csv(benchmark.LABELS).columns.tolist() == ["id", "stratum", *outcomes.OUTCOMES]
    assert pd.read_csv(closure_benchmark.LABELS).columns.tolist() == ["id", "stratum", "closure"]


def test_every_outcome_was_measured_on_labels_enough():
    assert set(outcomes.PRECISION) == set(outcomes.RECALL) == set(outcomes.OUTCOMES)
    assert all(outcomes.measured(outcome) for outcome in outcomes.OUTCOMES)
    assert closures.RECALL.n >= outcomes.LEAST_MEASURED


def test_the_accuracy_that_is_printed_is_the_benchmarks():
    labels, found = benchmark.labelled(shared("archives/spotify-2017/support_requests.csv"))
    held = labels["stratum"].str.startswith("holdout").to_numpy()
    for outcome in outcomes.OUTCOMES:
        precision, recall = benchmark.measure(labels[held], found[held], outcome)
        for made, kept in ((precision, outcomes.PRECISION[outcome]), (recall, outcomes.RECALL[outcome])):
            assert (made.value, made.low, made.high) == pytest.approx(kept[:3], abs=1e-3)
            assert made.n == kept.n


def test_the_accuracy_of_closures_is_the_benchmarks():
    labels, found = closure_benchmark.labelled(shared("archives/spotify-2017/SpotifyCares.csv"))
    made = benchmark.measure(labels, found, "closure", closure_benchmark.POPULATION)
    for one, kept in zip(made, (closures.PRECISION, closures.RECALL), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx(kept[:3], abs=1e-3)
        assert one.n == kept.n
