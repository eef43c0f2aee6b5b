"""What replies did, counted; the examples in this file were written for it."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.incident import Incident, Window
from analysis.measures import scorecard as measure
from analysis.questions import scorecard as ask
from analysis.questions.case import Case
from analysis.scoring import acts
from analysis.scoring.signs import Accuracy
from tests.scored_tables import at, hours, scored

MEASURED = pd.DataFrame({"act": ["apology", "explanation"], "language": ["en", "en"]})
KNOWN = (Accuracy(0.95, 0.9, 0.98, 80), Accuracy(0.8, 0.7, 0.9, 70))
JOINS = {"brand_side": "whole", "threads": "recorded", "openers": "present", "silence_provable": True}
TEXTS = [
    "@ann Sorry about that, {word}. It was due to a fault in the {n}th signal.",
    "@bo Thanks for letting us know about platform {word}. We'll look into it.",
    "@cy Please try another browser, {word}.",
]


def replies(found: np.ndarray, wording: list[str] | None = None, language: str = "en") -> pd.DataFrame:
    n = len(found)
    table = pd.DataFrame({"apology": found, "wording": wording or [f"w{i}" for i in range(n)], "language": language})
    return table.assign(explanation=False, parent_id=[f"c{i}" for i in range(n)])


def test_shares_are_of_the_replies_whose_rules_are_measured() -> None:
    table = pd.concat([replies(np.arange(100) < 30), replies(np.ones(50, bool), language="zh")], ignore_index=True)
    found = measure.shares(table, ["apology", "explanation"], MEASURED).set_index("act")
    row = found.loc["apology"]
    assert (row["found"], row["replies"]) == (30, 100)
    assert row["share"] == pytest.approx(0.3)
    assert row["low"] < 0.3 < row["high"]
    assert found.loc["explanation", "low"] == 0


def test_what_is_not_measured_has_no_score() -> None:
    table = replies(np.ones(50, bool), language="zh").assign(promise=True)
    found = measure.shares(table, ["apology", "promise"], MEASURED)
    assert found["reason"].tolist() == ["not_measured"] * 2
    assert found[["found", "replies", "share"]].isna().all().all()


def test_few_replies_have_no_share() -> None:
    assert measure.shares(replies(np.ones(19, bool)), ["apology"], MEASURED)["reason"].tolist() == ["too_few"]


def test_replies_of_one_block_widen_the_interval() -> None:
    held = np.arange(200) % 2 == 0
    alone = measure.shares(replies(held), ["apology"], MEASURED).iloc[0]
    blocks = measure.shares(replies(held, [f"w{i % 10}" for i in range(200)]), ["apology"], MEASURED).iloc[0]
    assert blocks["share"] == alone["share"]
    assert blocks["high"] - blocks["low"] > 2 * (alone["high"] - alone["low"])


def test_intervals_cover_the_share_that_blocks_were_drawn_with() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(200):
        block = rng.integers(0, 60, 300)
        held = (rng.random(60) < 0.4)[block]
        row = measure.shares(replies(held, [f"w{i}" for i in block]), ["apology"], MEASURED).iloc[0]
        hits += row["low"] <= 0.4 <= row["high"]
    assert hits >= 180


def complaints(arousal: list[float | None]) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"c{i}" for i in range(len(arousal))], "arousal": pd.array(arousal, dtype="Float64")})


def answered(explained: np.ndarray) -> pd.DataFrame:
    return replies(np.zeros(len(explained), bool)).assign(explanation=explained)


def test_explanations_are_compared_between_the_agitated_and_the_rest() -> None:
    asked = complaints([0.9] * 100 + [0.1] * 300)
    explained = np.r_[np.arange(100) < 60, np.arange(300) < 60]
    found = measure.arousal_fit(answered(explained), asked)
    assert (found.high.value, found.other.value) == (pytest.approx(0.6), pytest.approx(0.2))
    assert found.difference.value == pytest.approx(0.4)
    assert found.difference.unit == "points"
    assert found.p is not None
    assert found.p < 0.001


def test_no_difference_is_seldom_called_one() -> None:
    rng = np.random.default_rng(8)
    asked = complaints([0.9] * 100 + [0.1] * 300)
    sure = sum((measure.arousal_fit(answered(rng.random(400) < 0.3), asked).p or 1) < 0.05 for _ in range(100))
    assert sure <= 11


@pytest.mark.parametrize(
    ("arousal", "reason"),
    [
        ([None] * 60, "not_recorded"),
        ([0.0] * 60, "too_few"),
        ([0.9] * 10 + [0.1] * 50, "too_few"),
        ([], "not_recorded"),
    ],
)
def test_a_fit_without_both_sides_is_refused(arousal: list, reason: str) -> None:
    found = measure.arousal_fit(answered(np.ones(len(arousal), bool)), complaints(arousal))
    assert (found.difference.value, found.difference.reason, found.p) == (None, reason, None)


def _word(number: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] for digit in str(number))


def posts(count: int, language: str = "en", texts: list[str] = TEXTS) -> pd.DataFrame:
    """`count` complaints, and a reply to each."""
    times = [at("2025-07-10") + pd.Timedelta(minutes=number) for number in range(count)]
    asked = scored(times, ["negative"] * count).assign(language=language)
    asked["arousal"] = np.where(np.arange(count) % 3 == 0, 0.9, 0.1)
    asked["id"] = [f"c{number:04d}" for number in range(count)]
    said = [texts[number % len(texts)].format(n=number, word=_word(number)) for number in range(count)]
    own = scored(times, ["neutral"] * count, kind="reply", parent_id=asked["id"].tolist(), text=said, from_brand=True)
    own["id"] = [f"r{number:04d}" for number in range(count)]
    return pd.concat([asked, own.assign(language=language, author="u_own")], ignore_index=True).astype(
        {"language": "string"}
    )


def case(tmp_path: Path, mentions: pd.DataFrame, accounts: list[str] | None = None, **joins: object) -> Case:
    incident = Incident(
        id="a", title="A", archives=["a"], brand="Acme", report_languages=["en", "zh"], baseline_days=4, after_days=0,
        brand_accounts=["acme"] if accounts is None else accounts,
    )  # fmt: skip
    return Case(
        incident=incident,
        window=Window(start=datetime(2025, 7, 10, tzinfo=UTC), end=datetime(2025, 7, 12, tzinfo=UTC)),
        mentions=mentions,
        hours=hours("2025-07-06", "2025-07-12"),
        claims=pd.DataFrame({"kind": [], "brand": [], "start": [], "end": [], "values": []}),
        joins=JOINS | joins,
        causes=pd.DataFrame(),
        notes={"resolution": "time"},
        plan=None,
        actions=[],
        notebook="3_how_we_answered",
        output=tmp_path,
        allowed={},
    )


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world in which apology, explanation and solution are measured in English, and nothing else."""
    world = dict.fromkeys(acts.ACCURACY)
    for act in ("apology", "explanation", "solution"):
        world[act, "en"] = KNOWN
    monkeypatch.setattr(acts, "ACCURACY", world)


@pytest.mark.usefixtures("known")
def test_the_scorecard_says_counts_errors_and_examples(tmp_path: Path) -> None:
    made = case(tmp_path, posts(90))
    answer = ask.scorecard(made)
    found = answer.finding
    assert found.message == "scorecard.rates"
    assert found.values["apology"].value == pytest.approx(1 / 3)
    assert found.values["promise"].reason == "not_measured"
    assert "Of 90 replies during the incident" in found.answer["en"]
    assert answer.behind["apology"] == [f"r{number:04d}" for number in range(0, 90, 3)]
    assert set(answer.behind) == {"n", "apology", "explanation", "solution"}
    assert found.figure is not None
    assert found.table is not None
    rows = {row[0]: row for row in found.table.rows["en"]}
    assert rows["Apologised"][1:6] == ["30", "33%", *rows["Apologised"][3:4], "95%", "80%"]
    assert rows["Apologised"][-1] == "Sorry"
    assert rows["Acknowledged the case"][1:6] == ["–"] * 5
    assert "Thanks for letting" in rows["Acknowledged the case"][-1]
    assert "Defensive" not in rows
    assert 1 <= len(found.evidence) <= 3
    made.save()
    assert (tmp_path / "figures" / "scorecard.zh.svg").is_file()


@pytest.mark.usefixtures("known")
def test_replies_in_a_language_that_is_not_measured_are_examples(tmp_path: Path) -> None:
    chinese = posts(30, "zh", ["回复@ann：非常抱歉，第{n}号车{word}给您带来不便", "回复@bo：已为您退款{n}元{word}"])
    chinese["id"] = "z" + chinese["id"]
    chinese["parent_id"] = "z" + chinese["parent_id"]
    both = ask.scorecard(case(tmp_path, pd.concat([posts(60), chinese], ignore_index=True))).finding
    assert both.values["apology"].n == 60
    assert "Another 30 are in languages" in both.answer["en"]
    alone = ask.scorecard(case(tmp_path, chinese)).finding
    assert (alone.message, alone.certainty, alone.figure) == ("scorecard.examples", "refused", None)
    assert alone.table is not None
    assert "抱歉" in str(alone.table.rows["zh"])
    assert "抱歉" in alone.evidence[0].quote


@pytest.mark.usefixtures("known")
def test_a_collection_that_is_not_whole_speaks_of_the_archive(tmp_path: Path) -> None:
    found = ask.scorecard(case(tmp_path, posts(60), brand_side="partial")).finding
    assert (found.message, found.certainty) == ("scorecard.sampled", "low")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("count", "language", "told", "reason"),
    [
        (60, "en", {"accounts": []}, "no_accounts"),
        (0, "en", {}, "no_brand_posts"),
        (60, "en", {"brand_side": "none"}, "no_brand_posts"),
        (60, "fr", {}, "not_covered"),
        (12, "en", {}, "too_few"),
    ],
)
def test_what_cannot_be_said_is_refused(tmp_path: Path, count: int, language: str, told: dict, reason: str) -> None:
    made = case(tmp_path, posts(count, language), **told)
    found, fit = ask.scorecard(made).finding, ask.arousal_fit(made).finding
    assert (found.message, found.certainty, found.values["share"].reason) == ("scorecard.refused", "refused", reason)
    assert (fit.message, fit.values["difference"].reason) == ("arousal.refused", reason)


@pytest.mark.usefixtures("known")
def test_explanations_follow_the_anger_or_not(tmp_path: Path) -> None:
    assert ask.arousal_fit(case(tmp_path, posts(90))).finding.message == "arousal.more"
    other = [TEXTS[1], TEXTS[0], TEXTS[0]]
    assert ask.arousal_fit(case(tmp_path, posts(90, texts=other))).finding.message == "arousal.less"
    same = ask.arousal_fit(case(tmp_path, posts(90, texts=[TEXTS[0], TEXTS[0], TEXTS[0], TEXTS[1]]))).finding
    assert same.message == "arousal.same"


@pytest.mark.usefixtures("known")
def test_a_fit_needs_answers_joined_and_a_measured_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unjoined = ask.arousal_fit(case(tmp_path, posts(60), threads="no_parent_ids")).finding
    assert unjoined.values["difference"].reason == "no_threads"
    monkeypatch.setitem(acts.ACCURACY, ("explanation", "en"), None)
    assert ask.arousal_fit(case(tmp_path, posts(60))).finding.values["difference"].reason == "not_measured"


@pytest.mark.usefixtures("known")
def test_hostile_replies_are_quoted_without_their_power(tmp_path: Path) -> None:
    texts = [
        "@ann Sorry \u202e{n} =cmd()|'<script>' call me on +44 20 7946 0018",
        "@bo We're sorry {n}\0 " + "w" * 10_000,
    ]
    found = ask.scorecard(case(tmp_path, posts(40, texts=texts))).finding
    assert "7946" not in str(found)
