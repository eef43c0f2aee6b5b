"""What was surely extra, how the standing changed, who carried it: on the sample, whose truth we wrote."""

import json

import pytest

from analysis.findings import Finding
from analysis.measures.estimate import Estimate
from tests.workspace_fixture import Published


@pytest.fixture(scope="module")
def found(sample: Published) -> dict[str, Finding]:
    return sample.findings


@pytest.fixture(scope="module")
def truth(sample: Published) -> dict:
    return sample.truth


def holds(estimate: Estimate, value: float) -> bool:
    return float(estimate.low or 0) <= value <= float(estimate.high or 0)


def test_what_came_on_top_is_what_was_planted(found: dict[str, Finding], truth: dict):
    metrics = found["impact.metrics"]
    planted = truth["volume"]
    assert holds(metrics.values["mentions_effect"], planted["excess_mentions_in_window"])
    share = planted["excess_mentions_in_window"] / planted["customer_mentions_in_window"]
    assert holds(found["reputation.crisis_share"].values["share"], share)
    assert "Hopspoke" in metrics.answer["en"]
    assert metrics.facts["refused"] == []
    assert len(metrics.table.rows["en"]) == 6


def test_no_quiet_stretch_was_as_far_off(found: dict[str, Finding]):
    placebo = found["impact.placebo"]
    assert placebo.message == "impact.placebo.none"
    assert placebo.values["rank"].value == pytest.approx(1 / (placebo.values["rank"].n + 1))
    assert "quiet" in placebo.figure.title["en"]


def test_the_standing_is_told_with_what_it_is_measured_by(found: dict[str, Finding]):
    assert found["reputation.voice"].message == "voice.rose"
    rates = found["reputation.rates"]
    assert rates.values["reactions_per_post_during"].unit == "per_post"
    assert rates.values["reposts_per_1000_views_change"].low > 0
    concentration = found["reputation.concentration"]
    assert concentration.message == "concentration.reactions"
    assert concentration.values["half"].value < concentration.values["top10"].n / 10


def test_it_started_when_and_where_it_was_planted(found: dict[str, Finding], truth: dict):
    first, jumps = found["spread.first"], found["spread.jumps"]
    onset = truth["times"]["onset"].replace("Z", "+00:00")
    assert onset[:10] == str(first.values["first"].value)[:10]
    assert str(first.values["first"].value) >= onset
    assert len(first.evidence) == 1
    assert jumps.message == "jumps.told"
    assert jumps.values["span"].value <= 6


def test_nobody_is_named_who_may_not_be(found: dict[str, Finding]):
    carriers = found["spread.carriers"]
    assert [row[0] for row in carriers.table.rows["en"]] == [f"Author {number}" for number in range(1, 6)]
    for name in ("spread.carriers", "spread.nodes", "spread.first", "reputation.concentration"):
        said = json.dumps([found[name].answer, [quote.quote for quote in found[name].evidence]], ensure_ascii=False)
        assert "u_" not in said
