"""The severity index: its components, what is not known, what weights could make of it, and floors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import severity as measure
from analysis.measures.estimate import Estimate, refused
from tests.scored_tables import at, scored

NONE = refused("share", "not_recorded")


def share(value: float) -> Estimate:
    return Estimate(value, "share", 100, "test", value, value)


def found(**changes: object) -> measure.Severity:
    given: dict = {
        "z_peak": 10.0,
        "share_lift": share(0.4),
        "high_severity": share(0.6),
        "repost_share": share(0.3),
        "platforms": (1, 2),
        "influential": Estimate(3.0, "count", 100, "test"),
        "duration_hours": Estimate(84.0, "hours", 100, "test"),
        "floors": (),
    }
    return measure.severity(**given | changes)


def test_the_index_is_the_mean_of_seven_components() -> None:
    result = found()
    assert result.components["scaled"].tolist() == pytest.approx([0.5, 0.4, 0.6, 0.3, 0.5, 1.0, 0.5])
    assert result.index.value == pytest.approx(100 * np.mean([0.5, 0.4, 0.6, 0.3, 0.5, 1.0, 0.5]))
    assert result.index.n == 7
    assert (result.level.value, result.level.low, result.level.high) == (3, 2, 3)
    assert 40 < result.index.low < result.index.value < result.index.high < 70


def test_what_is_not_known_is_null_and_widens_the_range() -> None:
    result = found(repost_share=NONE, platforms=(1, 1), influential=refused("count", "not_recorded"))
    table = result.components.set_index("component")
    assert table["scaled"].isna().sum() == 3
    assert table.loc["reposts", "reason"] == "not_recorded"
    assert table.loc["platforms", "reason"] == "too_few"
    assert result.index.value == pytest.approx(50)
    assert result.index.n == 4
    assert result.index.low < 40
    assert result.index.high > 65
    fewer = found(repost_share=NONE, platforms=None, influential=NONE, high_severity=NONE)
    assert (fewer.index.value, fewer.index.reason, fewer.level.reason) == (None, "too_few", "too_few")


def test_a_floor_raises_the_level_and_bounds_one_that_is_refused() -> None:
    low = {"z_peak": 1.0, "share_lift": share(-0.2), "high_severity": share(0.1), "influential": share(0.0)}
    assert found(**low).level.value == 1
    raised = found(**low, floors=("safety",))
    assert (raised.level.value, raised.level.low, raised.floors) == (3, 3, ("safety",))
    unknown = found(z_peak=None, volume_reason="no_baseline", floors=("breach",))
    assert (unknown.level.value, unknown.level.low, unknown.level.reason) == (None, 3, "too_few")
    assert unknown.components.loc[0, "reason"] == "no_baseline"
    assert found(z_peak=None).level.low is None


def test_a_duration_without_its_end_counts_at_the_least_it_was() -> None:
    result = found(duration_hours=refused("hours", "censored", low=84.0))
    assert result.components.iloc[-1]["scaled"] == pytest.approx(0.5)
    assert result.components.iloc[-1]["reason"] == "censored"
    assert result.index.high > found().index.high


def test_weights_are_replaced_and_checked() -> None:
    alone = dict.fromkeys(measure.COMPONENTS, 0.0) | {"volume": 1.0}
    with pytest.raises(ValueError, match="weights are for"):
        found(weights={"loudness": 1.0})
    with pytest.raises(ValueError, match="weights are for"):
        found(weights={"volume": -1.0})
    assert found(weights=alone).index.reason == "too_few"
    assert found(weights=alone, fewest=1).index.value == pytest.approx(50)
    assert found(weights={"influential": 3.0}).index.value > found().index.value


@given(
    st.floats(0, 100),
    st.lists(st.floats(-1, 1), min_size=3, max_size=3),
    st.sampled_from([None, (1, 1), (2, 3), (3, 3)]),
)
def test_any_components_give_an_index_within_its_range(z: float, shares: list[float], spread) -> None:
    lift, high, reposts = shares
    result = found(
        z_peak=z,
        share_lift=share(lift),
        high_severity=share(abs(high)),
        repost_share=share(abs(reposts)),
        platforms=spread,
    )
    assert 0 <= result.index.low <= result.index.value + 1e-9
    assert result.index.value <= result.index.high + 1e-9 <= 100 + 1e-6
    assert 1 <= result.level.low <= result.level.value <= result.level.high <= 4


def test_inputs_are_read_from_two_tables() -> None:
    before = scored([at("2025-07-01")] * 200, ["neutral"] * 200, author_followers=list(range(200)), platform="x")
    during = scored([at("2025-07-02")] * 100, ["negative"] * 100, author_followers=[500] * 2 + [1] * 98, platform="y")
    during["complaint"], during["language"], during["target"] = 0.9, "en", "organisation"
    during["reproach"] = [3] * 40 + [1] * 60
    during.loc[90:, "kind"] = "repost"
    assert measure.high_severity(during, 0.5, ("en",)).value == pytest.approx(0.4)
    assert measure.high_severity(during, 0.5, ("zh",)).reason == "not_covered"
    assert measure.high_severity(during.assign(target="rival"), 0.5, ("en",)).reason == "too_few"
    assert measure.repost_share(before, during).value == pytest.approx(0.1)
    assert measure.repost_share(before, during[during["kind"] == "post"]).reason == "not_recorded"
    assert measure.platforms(before, during) == (1, 2)
    assert measure.influential(before, during).value == 2
    assert measure.influential(before.head(50), during).reason == "too_few"
    blank = before.assign(author_followers=None)
    assert measure.influential(blank, during.assign(author_followers=None)).reason == "not_recorded"
