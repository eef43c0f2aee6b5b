"""From a number to the threads behind it; the questions of practice 4 and of the outcome, on an invented incident."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.incident import Incident, Window
from analysis.questions import private, solved
from analysis.questions.case import Case
from analysis.questions.threads import LONGEST, MARK, threads
from tests.scored_tables import at, hours, scored
from tests.talk_fixture import WHOLE

WINDOW = {"start": "2024-06-01T00:00:00+00:00", "end": "2024-06-05T00:00:00+00:00"}
ANGRY = "The lamp by the gate is broken, I am furious"
SENT = "Please send us a DM with the number of the lamp"
SORRY = "We are so sorry about the lamp. Please send us a DM with its number"
PLAIN = "The lamp is repaired tonight"
US = "u_zzzzzzzzzz"
Said = tuple[str, str, float, str]
"""(side, text, hours after the window's start, label)"""


def case(folder: Path, talks: list[list[Said]], joins: dict | None = None, **told: object) -> Case:
    ids, parents, times, texts, labels, authors = [], [], [], [], [], []
    for number, said in enumerate(talks):
        for place, (side, text, after, label) in enumerate(said):
            ids.append(f"{number:03d}-{place}")
            parents.append(f"{number:03d}-{place - 1}" if place else None)
            times.append(at("2024-06-01") + pd.Timedelta(hours=after))
            texts.append(text)
            labels.append(label)
            authors.append(US if side == "o" else f"u_{number:010d}".translate(str.maketrans("019", "abc")))
    kinds = ["reply" if parent else "post" for parent in parents]
    mentions = scored(times, labels, text=texts, kind=kinds, parent_id=parents, author=authors)
    mentions["id"] = pd.Series(ids, dtype="string")
    mentions["from_brand"] = (mentions["author"] == US).to_numpy(dtype=bool)
    stated = {"id": "a", "title": "A", "archives": ["a"], "brand": "Acme", "window": WINDOW, "baseline_days": 28}
    stated |= {"report_languages": ["en", "zh"], "after_days": 20, "time_zone": "Asia/Shanghai"}
    given: dict = {"allowed": {US: "AcmeHelp"}, "causes": pd.DataFrame(), "notes": {"resolution": "time"}} | told
    return Case(
        incident=Incident.model_validate(stated | {"brand_accounts": ["AcmeHelp"]}),
        window=Window.model_validate(WINDOW),
        mentions=mentions.sort_values(["published_at", "id"], ignore_index=True),
        hours=hours("2024-05-01", "2024-06-25"),
        claims=pd.DataFrame(columns=["brand", "kind", "start", "end", "values"]),
        joins=WHOLE | (joins or {}),
        plan=None,
        actions=[],
        notebook="3_how_we_answered",
        output=folder,
        **given,
    )


def opened(n: int, *after: Said) -> list[list[Said]]:
    return [[("c", ANGRY, k * 0.5, "negative"), *after] for k in range(n)]


def many(moved: str = SENT) -> list[list[Said]]:
    """60 complaints: 30 moved (of 25 who write on, 10 accept), 25 answered in public and solved, 5 never answered."""
    return [
        *opened(10, ("o", moved, 40, "neutral"), ("c", "DM sent", 41, "neutral")),
        *opened(15, ("o", moved, 40, "neutral"), ("c", "Still broken, useless", 41, "negative")),
        *opened(5, ("o", moved, 40, "neutral")),
        *opened(25, ("o", PLAIN, 40, "neutral"), ("c", "It works now, thank you", 41, "positive")),
        *opened(5),
    ]


def whole(answer) -> dict[str, str]:
    told = answer.finding.answer
    assert set(told) == {"en", "zh"}
    assert "{" not in "".join(told.values())
    return told


QUESTIONS = (private.redirects, private.follow_through, private.turns, solved.states, solved.tone, solved.by)


def messages(made: Case) -> dict[str, str]:
    found = [ask(made) for ask in QUESTIONS]
    for answer in found:
        whole(answer)
        if answer.draw:
            answer.draw("zh")
    made.save()
    return {answer.finding.id: answer.finding.message for answer in found}


def test_an_incident_with_answers_enough_says_all(tmp_path: Path):
    made = case(tmp_path, many())
    assert messages(made) == {
        "replies.redirects": "redirects.bare",
        "private.follow_through": "follow.told",
        "private.turns": "turns.short",
        "solved.states": "states.bounds",
        "solved.tone": "tone.better",
        "solved.by": "solved_by.more",
    }
    values = {answer.finding.id: answer.finding.values for answer in made.answers}
    assert values["replies.redirects"]["rate"].value == pytest.approx(30 / 55)
    assert values["replies.redirects"]["bare"].value == 1.0
    assert values["private.follow_through"]["accepted"].value == pytest.approx(10 / 25)
    assert values["private.follow_through"]["bounced"].value == pytest.approx(15 / 30)
    assert values["solved.states"]["low"].value == pytest.approx(25 / 60)
    assert values["solved.states"]["high"].value == pytest.approx(40 / 60)
    assert values["solved.states"]["unanswered"].value == pytest.approx(5 / 60)
    assert values["solved.by"]["share"].value == 1.0


def test_a_caring_move_is_not_bare(tmp_path: Path):
    found = private.redirects(case(tmp_path, many(SORRY))).finding.values["bare"]
    assert (found.value, found.n) == (0.0, 30)


def test_templates_are_compared(tmp_path: Path):
    made = case(tmp_path, many())
    ours = made.mentions[made.mentions["from_brand"]]
    numbers = (ours["text"] == SENT).astype("Int64")
    made.once("manner", lambda: ours.assign(template=numbers))
    answer = solved.by(made)
    assert "template" in set(answer.printed.whole["kind"])
    assert "Template 0" in str(answer.finding.table.rows["en"])


def test_long_exchanges_are_told(tmp_path: Path):
    again = [("o", PLAIN, 40 + k, "neutral") for k in range(3)]
    assert whole(private.turns(case(tmp_path, [*opened(30, *again), *opened(10, again[0])])))["en"].startswith(
        "An answered"
    )
    assert private.turns(case(tmp_path, opened(30, *again))).finding.message == "turns.long"
    assert private.turns(case(tmp_path, [*opened(1, *again), *opened(99, again[0])])).finding.message == "turns.seldom"


@pytest.mark.parametrize(
    ("joins", "talks", "expected"),
    [
        (
            {"openers": "absent", "silence_provable": False, "brand_side": "sampled"},
            many(),
            ("redirects.sampled", "follow.part", "turns.refused", "states.refused", "tone.better", "solved_by.refused"),
        ),
        (
            {"threads": "no_parent_ids", "silence_provable": False},
            many(),
            (
                "redirects.rate",
                "follow.refused",
                "turns.refused",
                "states.refused",
                "tone.refused",
                "solved_by.refused",
            ),
        ),
        (
            {"brand_side": "none"},
            opened(30),
            (
                "redirects.refused",
                "follow.refused",
                "turns.refused",
                "states.refused",
                "tone.refused",
                "solved_by.refused",
            ),
        ),
        (
            {},
            opened(30),
            ("redirects.refused", "follow.none", "turns.refused", "states.narrow", "tone.refused", "solved_by.refused"),
        ),
        (
            {},
            opened(5, ("o", SENT, 40, "neutral")),
            (
                "redirects.rate",
                "follow.too_few",
                "turns.refused",
                "states.refused",
                "tone.refused",
                "solved_by.refused",
            ),
        ),
        (
            {},
            opened(30, ("o", PLAIN, 40, "neutral"), ("c", "It was at the gate", 41, "negative")),
            ("redirects.rate", "follow.none", "turns.short", "states.narrow", "tone.same", "solved_by.refused"),
        ),
    ],
)
def test_what_cannot_be_said_has_its_sentence(tmp_path: Path, joins, talks, expected):
    found = messages(case(tmp_path, talks, joins))
    assert tuple(found.values()) == expected


def test_an_incident_without_complaints(tmp_path: Path):
    made = case(tmp_path, [[("c", "A lamp", 1, "positive")]])
    assert solved.states(made).finding.message == "states.none"


def test_threads_show_what_a_number_counts(tmp_path: Path):
    made = case(tmp_path, many())
    private.follow_through(made)
    shown = threads(made, "private.follow_through", "accepted", n=3)
    assert shown.table["conversation"].nunique() == 3
    assert shown.table.groupby("conversation")["counted"].sum().tolist() == [1, 1, 1]
    assert set(shown.table.loc[shown.table["counted"], "text"]) == {"DM sent"}
    assert shown.table["side"].tolist() == ["customer", "ours", "customer"] * 3
    assert str(shown.table["published_at"].iloc[0].tzinfo) == "Asia/Shanghai"
    assert repr(shown).count(MARK) == 3
    assert "3 of 10" in repr(shown)
    assert "3 Jun 2024 00:00 UTC+8" in repr(shown)
    again = threads(made, "private.follow_through", "accepted", n=3)
    pd.testing.assert_frame_equal(shown.table, again.table)
    other = threads(made, "private.follow_through", "accepted", n=3, seed=1)
    assert other.table["conversation"].tolist() != shown.table["conversation"].tolist()
    first = threads(made, "private.follow_through", "accepted", n=3, seed=None)
    assert first.table["conversation"].unique().tolist() == ["000-0", "001-0", "002-0"]


HOSTILE = (
    "<script>alert(1)</script> @u_bbbbbbbbbb @u_zzzzzzzzzz ann@acme.example \u202e\x00 +44 20 7946 0958 {x}"
    + "a" * 5000
)


def test_hostile_text_is_masked_and_escaped(tmp_path: Path):
    made = case(tmp_path, [[("c", HOSTILE, 1, "negative"), ("o", SENT, 2, "neutral")]])
    solved.states(made)
    shown = threads(made, "solved.states", "redirected_unknown")
    text = shown.table["text"].iloc[0]
    assert len(text) <= LONGEST
    for bad in ("u_bbbbbbbbbb", "ann@acme", "\u202e", "\x00", "7946"):
        assert bad not in text
        assert bad not in repr(shown)
    assert "@AcmeHelp" in text
    html = shown._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_what_there_is_no_thread_for_is_an_instruction(tmp_path: Path):
    made = case(tmp_path, many())
    with pytest.raises(ParameterError, match=r"no answer 'x' in this notebook so far; .*none yet"):
        threads(made, "x")
    private.follow_through(made)
    solved.states(made)
    with pytest.raises(ParameterError, match=r"with threads behind them: private.follow_through, solved.states"):
        threads(made, "x")
    with pytest.raises(ParameterError, match=r"say which part of private.follow_through .*'moves' \(30\)"):
        threads(made, "private.follow_through")
    with pytest.raises(ParameterError, match=r"'closed' of .* counts no mention"):
        threads(made, "private.follow_through", "closed")
    with pytest.raises(ParameterError, match="at least one"):
        threads(made, "private.follow_through", "moves", n=0)
    made.answer("other", "states.none")
    with pytest.raises(ParameterError, match="keeps no mentions"):
        threads(made, "other")


def test_a_mention_of_no_conversation_stands_alone(tmp_path: Path):
    made = case(tmp_path, many())
    made.mentions.loc[0, "kind"] = "repost"
    made.answer("other", "states.none", behind={"n": [made.mentions.loc[0, "id"], "gone"]})
    shown = threads(made, "other")
    assert shown.table["id"].tolist() == [made.mentions.loc[0, "id"]]
