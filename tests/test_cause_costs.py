"""What each cause costs: what was planted is found, chance is not, and what cannot be told is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.findings import Finding
from analysis.incident import Incident, Window
from analysis.measures import cause_costs as measure
from analysis.questions import cause_costs, copies, why
from analysis.questions.case import Case
from tests.scored_tables import at, hours, scored

NAMES = ["brakes", "refunds", "rude staff"]
CAUSES = pd.DataFrame({"cause": [1, 2, 3], "name": NAMES, "stability": 0.9, "told": 0.8, "origin": "found"}).assign(
    names=[{"en": name, "zh": name} for name in NAMES]
)
CAUSES["typical"] = [[] for _ in range(3)]
WHOLE = {"brand_side": "whole", "threads": "recorded", "openers": "present", "selected": None, "silence_provable": True}
UNTIL = at("2025-07-20")


def votes(cause: list[int], seed: int = 0, **columns: object) -> pd.DataFrame:
    """Complaints of the incident, one an author unless told otherwise, with what is asked of them at its ordinary."""
    rng = np.random.default_rng(seed)
    n = len(cause)
    times = list(at("2025-07-10") + pd.to_timedelta(np.sort(rng.uniform(0, 47, n)), unit="h"))
    known: dict = {"language": "en", "complaint": 0.9, "reproach": 1, "likes": rng.poisson(1.0, n), "replies": 0}
    known |= {"reposts": 0, "cause_confidence": 1.0} | columns
    read = {name: known.pop(name) for name in ("complaint", "reproach")}
    table = scored(times, ["negative"] * n, cause=cause, **known)
    return table.assign(**read).astype({"reproach": "Int64", "complaint": "float64"})


def read(table: pd.DataFrame, causes: tuple[int, ...] = (1, 2, 3), **options: object) -> pd.DataFrame:
    given: dict = {"floor": 0.5, "called_from": 0.5, "graded": ("en",), "cues": pd.Series(False, index=table.index)}
    return measure.corrected(measure.table(table, causes, **(given | options)))


def row(table: pd.DataFrame, cause: int, name: str) -> pd.Series:
    return table[(table["cause"] == cause) & (table["measure"] == name)].iloc[0]


def test_planted_costs_are_found_and_nothing_else_is() -> None:
    rng = np.random.default_rng(1)
    cause = [1] * 200 + [2] * 150 + [3] * 150
    first, second, third = (np.array(cause) == number for number in (1, 2, 3))
    table = votes(
        cause,
        reproach=np.where(rng.random(500) < np.where(first, 0.5, 0.2), 2, 1),
        likes=rng.poisson(np.where(second, 4.0, 1.0)),
    )
    spoken = pd.Series(rng.random(500) < np.where(third, 0.3, 0.02), index=table.index)
    out = read(table, cues=spoken)
    assert set(zip(out["cause"], out["measure"], strict=True)) >= {(1, "harsh"), (3, "reach")}
    named = out[out["costlier"]]
    assert sorted(zip(named["measure"], named["cause"], strict=True)) == [("cues", 3), ("engaged", 2), ("harsh", 1)]
    harsh = measure.estimate(row(out, 1, "harsh").to_dict())
    assert float(harsh.low or 0) < 0.5 < float(harsh.high or 0)
    assert row(out, 1, "harsh")["rest"] == pytest.approx(0.2, abs=0.06)
    assert row(out, 2, "reactions")["value"] == table.loc[second, "likes"].sum()


@pytest.mark.slow
def test_by_chance_a_cause_is_called_costlier_in_one_archive_of_twenty_at_most() -> None:
    rng, draws, wrong = np.random.default_rng(2), 40, []
    for seed in range(draws):
        author = [f"u_{number}" for number in rng.integers(0, 120, 300)]
        angry = {name: rng.random() < 0.2 for name in sorted(set(author))}
        harsh = [2 if rng.random() < (0.8 if angry[name] else 0.1) else 1 for name in author]
        table = votes(list(rng.integers(1, 4, 300)), seed, author=author, reproach=harsh)
        wrong.append(read(table, cues=pd.Series(rng.random(300) < 0.01, index=table.index))["costlier"].any())
    assert np.mean(wrong) < 0.05 + 2 * np.sqrt(0.05 * 0.95 / draws)


def test_what_is_not_known_is_refused_with_its_reason() -> None:
    table = votes(
        [1] * 40 + [2] * 20 + [3] * 40, language=["en"] * 60 + ["zh"] * 40, likes=None, replies=None, reposts=None
    )
    out = read(table, unrecorded="frozen_counts")
    assert row(out, 3, "harsh")["reason"] == "not_covered"
    assert row(out, 2, "harsh")["reason"] == "too_few"
    assert {row(out, 1, name)["reason"] for name in ("engaged", "reactions", "loudest")} == {"frozen_counts"}
    assert row(out, 1, "reach")["reason"] == "not_recorded"
    assert pd.isna(row(out, 1, "harsh")["p"])
    assert not out["costlier"].any()


def test_the_unclear_are_of_no_cause_and_among_the_others() -> None:
    table = votes(
        [1] * 80 + [2] * 80, reproach=[2] * 40 + [1] * 120, cause_confidence=[1.0] * 40 + [0.2] * 40 + [1.0] * 80
    )
    found = row(read(table, (1, 2)), 1, "harsh")
    assert (found["value"], found["n"], found["rest"], found["rest_n"]) == (1.0, 40, 0.0, 120)


def test_the_organisations_own_replies_are_no_reactions() -> None:
    table = votes([1] * 4, replies=[1, 1, 3, None], likes=0)
    own = scored([UNTIL] * 3, [None] * 3, from_brand=True, kind="reply", parent_id=[*table["id"][:2], table["id"][2]])
    left = measure.without_own(table, pd.concat([table, own]))
    assert left["replies"].tolist() == [0, 0, 2, pd.NA]


def answers(share: tuple[float, float], joins: dict | None = None) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    table = votes([1] * 150 + [2] * 150)
    got = rng.random(300) < np.repeat(share, 150)
    asked = pd.DataFrame({"id": table["id"], "asked": table["published_at"]})
    asked["answered"] = (
        (asked["asked"] + pd.to_timedelta(rng.exponential(5, 300), unit="h")).where(got).dt.as_unit("us")
    )
    return measure.corrected(measure.answers(table, asked, [1, 2], joins or WHOLE, UNTIL, 24.0, floor=0.5))


def test_the_cause_that_is_answered_less_is_found() -> None:
    out = answers((0.3, 0.7))
    assert out.loc[out["costlier"], ["cause", "measure"]].to_numpy().tolist() == [[1, "answered"]]
    assert row(out, 1, "answered")["low"] < 0.3 < row(out, 1, "answered")["high"]
    assert row(out, 1, "wait")["reason"] == "censored"
    assert row(out, 2, "wait")["value"] > 0
    assert not answers((0.5, 0.5))["costlier"].any()
    nobody = answers((0.0, 0.0))
    assert row(nobody, 1, "answered")[["value", "p"]].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("joins", "reason"),
    [
        ({"brand_side": "none"}, "no_brand_posts"),
        ({"threads": "unjoinable"}, "no_threads"),
        ({"silence_provable": False}, "silence_not_provable"),
        ({"silence_provable": False, "selected": "answered_only"}, "answered_only"),
    ],
)
def test_where_silence_cannot_be_proved_nothing_is_said_of_answers(joins: dict, reason: str) -> None:
    out = answers((0.2, 0.9), WHOLE | joins)
    assert {row(out, cause, "answered")["reason"] for cause in (1, 2)} == {reason}
    assert not out["costlier"].any()


def decaying(half_life: float, n: int, seed: int) -> pd.DatetimeIndex:
    """Times of complaints that rise at once and halve every `half_life` hours."""
    rng = np.random.default_rng(seed)
    passed = rng.exponential(half_life / np.log(2), n)
    return pd.DatetimeIndex(at("2025-07-10 06:00") + pd.to_timedelta(np.sort(passed[passed < 9 * 24]), unit="h"))


def test_half_lives_are_told_apart_and_few_mentions_have_none() -> None:
    fast, slow = decaying(6, 1500, 5), decaying(30, 1500, 6)
    times = [*fast, *slow, *fast[:20]]
    cause = [1] * len(fast) + [2] * len(slow) + [3] * 20
    table = scored(times, ["negative"] * len(times), cause=cause, cause_confidence=1.0)
    seen = hours("2025-07-01", "2025-07-20")
    out = measure.half_lives(table, [1, 2, 3], seen, at("2025-07-10"), at("2025-07-19"), floor=0.5)
    quick, long_ = row(out, 1, "half_life"), row(out, 2, "half_life")
    assert quick["low"] < 6 < quick["high"]
    assert long_["low"] < 30 < long_["high"]
    assert quick["high"] < long_["low"]
    assert row(out, 3, "half_life")["reason"] == "too_few"
    unseen = hours("2025-07-01", "2025-07-20", [("2025-07-10", "2025-07-11")])
    hidden = measure.half_lives(table, [1], unseen, at("2025-07-10"), at("2025-07-19"), floor=0.5)
    assert hidden["reason"].tolist() == ["not_seen"]


def case(tmp_path: Path, mentions: pd.DataFrame, joins: dict | None = None, **told: object) -> Case:
    incident: dict = {"id": "a", "title": "A", "archives": ["a"], "brand": "Acme", "brand_accounts": ["acme"]}
    incident |= {"report_languages": ["en", "zh"], "baseline_days": 4, "after_days": 1} | told
    marked = [{"first": mentions["id"].iloc[0], "copies": 30, "authors": 28, "in_hour": 25}]
    marked[0] |= {"start": "2025-07-10T00:00:00+00:00", "end": "2025-07-11T02:00:00+00:00"}
    return Case(
        incident=Incident(**incident),
        window=Window(start=at("2025-07-10"), end=at("2025-07-12")),
        mentions=mentions.sort_values("published_at", ignore_index=True),
        hours=hours("2025-07-01", "2025-07-20"),
        claims=pd.DataFrame({"kind": [], "brand": [], "start": [], "end": [], "values": []}),
        joins=(WHOLE if joins is None else joins),
        causes=CAUSES,
        notes={"resolution": "time", "cause_model": {}, "scoring": {"copies": {"texts": 1, "marked": marked}}},
        plan=None,
        actions=[],
        notebook="2_why",
        output=tmp_path,
        allowed={},
    )


def refusals(finding: Finding) -> dict[str, str]:
    told = finding.facts["refused"]
    assert isinstance(told, dict)
    return told


def test_the_question_names_where_the_cost_lies(tmp_path: Path) -> None:
    table = votes([1] * 120 + [2] * 120 + [3] * 60, reproach=[2] * 90 + [1] * 210)
    made = case(tmp_path, table)
    found = cause_costs.costs(made).finding
    assert found.message == "costs.found"
    assert found.facts["costlier"] == {"harsh": {"en": "brakes", "zh": "brakes"}}
    assert "“brakes” is reproached hardest: 75%" in found.answer["en"]
    assert "“brakes”受到的指责最重" in found.answer["zh"]
    assert found.figure is not None
    assert found.table is not None
    assert found.table.rows["en"][0][2].startswith("75%*")
    said = cause_costs.unsaid(made).finding
    assert said.message == "costs.unsaid"
    assert "negative share" in said.answer["en"]
    assert refusals(said) == {"reach": "not_recorded"}
    assert (tmp_path / "findings").exists() is False
    made.save()
    assert (tmp_path / "tables" / "cause_costs.csv").stat().st_size > 100


def test_the_question_says_when_causes_are_alike_too_small_or_absent(tmp_path: Path) -> None:
    alike = cause_costs.costs(case(tmp_path, votes([1] * 60 + [2] * 60 + [3] * 60))).finding
    assert (alike.message, alike.certainty) == ("costs.alike", "low")
    small = cause_costs.costs(case(tmp_path, votes([1] * 8 + [2] * 8))).finding
    assert small.message == "costs.none"
    assert small.figure is None
    absent = case(tmp_path, votes([1] * 8))
    absent.causes = CAUSES.head(0)
    for finding in (cause_costs.costs(absent).finding, cause_costs.unsaid(absent).finding):
        assert (finding.message, finding.certainty) == ("costs.refused", "refused")


def test_without_named_accounts_nothing_is_said_of_answers(tmp_path: Path) -> None:
    made = case(tmp_path, votes([1] * 60 + [2] * 60), {**WHOLE, "brand_side": "none"}, brand_accounts=[])
    assert refusals(cause_costs.unsaid(made).finding)["answered"] == "no_accounts"


@pytest.mark.parametrize(("authors", "message"), [(28, "many_accounts"), (4, "few_accounts"), (None, "not_recorded")])
def test_copies_are_told_by_how_many_accounts_wrote_them(tmp_path: Path, authors: int | None, message: str) -> None:
    made = case(tmp_path, votes([1] * 60, copied=[False] * 31 + [True] * 29))
    made.notes["scoring"]["copies"]["marked"][0]["authors"] = authors
    found = copies.copies(made).finding
    assert found.message == f"copies.{message}"
    assert "29 of 60 complaints" in found.answer["en"]
    assert why.causes(made).finding.values["top"].n == 31
    made.notes["scoring"]["copies"] = {"texts": 0, "marked": []}
    assert copies.copies(made).finding.message == "copies.none"


def test_the_share_without_a_clear_cause_is_said_by_floor_and_by_target(tmp_path: Path) -> None:
    sure = list(np.linspace(0.0, 1.0, 100))
    table = votes([1] * 50 + [2] * 50, cause_confidence=sure)
    found = why.unclear(case(tmp_path, table, unclear_below=0.3)).finding
    assert found.message == "unclear.by_floor"
    assert found.values["unclear"].value == pytest.approx(0.3)
    found = why.unclear(case(tmp_path, table, unclear_target=0.1)).finding
    assert found.message == "unclear.by_target"
    assert found.values["unclear"].value == pytest.approx(0.1)
    assert why.unclear(case(tmp_path, table, unclear_below=0.8)).finding.message == "unclear.most.by_floor"
    modelled = case(tmp_path, table)
    modelled.notes["cause_model"] = {"floor": 0.2}
    assert why.unclear(modelled).finding.values["unclear"].value == pytest.approx(0.2)
    modelled.causes = CAUSES.head(0)
    modelled._made.clear()
    assert why.unclear(modelled).finding.message == "unclear.refused"
