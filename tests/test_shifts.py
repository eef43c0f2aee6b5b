"""Were nights and weekends slower? On waits that are known."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import shifts
from tests.scored_tables import at

WHOLE = {"threads": "recorded", "openers": "present", "brand_side": "whole", "silence_provable": True}
ZONE = "Asia/Singapore"
UNTIL = at("2024-07-30")


def asked(seed: int, count: int, *, night: float = 1.0, weekend: float = 1.0, days: int = 21) -> pd.DataFrame:
    """Exponential waits of two hours in the median, `night` and `weekend` times as long then, local time."""
    rng = np.random.default_rng(seed)
    times = pd.Series(at("2024-06-03") + pd.to_timedelta(rng.uniform(0, days * 24, count), unit="h")).dt.as_unit("us")
    local = times.dt.tz_convert(ZONE)
    slow = np.where((local.dt.hour < 8) | (local.dt.hour >= 20), night, 1.0)
    slow = slow * np.where(local.dt.day_of_week >= 5, weekend, 1.0)
    waits = rng.exponential(2 / np.log(2), count) * slow
    answered = (times + pd.to_timedelta(waits, unit="h")).dt.as_unit("us").where(rng.random(count) < 0.8)
    return pd.DataFrame({"id": [f"{k}" for k in range(count)], "asked": times, "answered": answered})


def verdicts(table: pd.DataFrame, joins=WHOLE, zone: str = ZONE) -> list[str]:
    return [one.verdict for one in shifts.contrasts(table, joins, UNTIL, 4, zone, 20)]


def test_slow_nights_are_found_in_the_local_zone():
    table = asked(1, 600, night=2.5)
    assert verdicts(table) == ["slower", "same"]
    night, _ = shifts.contrasts(table, WHOLE, UNTIL, 4, ZONE, 20)
    assert night.slow.median.value > night.rest.median.value


def test_slow_weekends_are_found():
    assert verdicts(asked(2, 900, weekend=2.5)) == ["same", "slower"]


def test_faster_nights_are_not_slow():
    assert verdicts(asked(3, 600, night=0.4))[0] == "faster"


def test_one_weekend_cannot_be_told_from_the_course():
    assert verdicts(asked(4, 600, days=7))[1] == "one_weekend"


def test_too_few_are_not_compared():
    assert verdicts(asked(5, 30, days=14))[0] == "too_few"
    assert verdicts(asked(5, 300).iloc[:0]) == ["too_few", "too_few"]


def test_waits_that_are_alike_are_seldom_told_apart():
    """The two tests share an error of 5%."""
    draws = 120
    told = sum(any(verdict in ("slower", "faster") for verdict in verdicts(asked(seed, 160))) for seed in range(draws))
    assert told / draws <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


def test_pairs_alone_are_compared_where_silence_is_not_provable():
    joins = WHOLE | {"brand_side": "sampled", "silence_provable": False}
    found = shifts.contrasts(asked(6, 600, night=2.5), joins, UNTIL, 4, ZONE, 20)
    assert found[0].slow.kind == "turn_latency"
    assert found[0].verdict == "slower"


def test_blocks_merge_the_weekend_where_it_has_too_few():
    table = shifts.by_block(asked(7, 400), WHOLE, UNTIL, 4, ZONE, 20)
    assert table["block"].tolist() == sorted(table["block"])
    assert table["n"].sum() == 400
    few = shifts.by_block(asked(8, 60), WHOLE, UNTIL, 4, ZONE, 20)
    assert set(few["days"]) == {"all"}
    assert few.loc[few["n"] < 20, ["within", "median", "over"]].isna().all(axis=None)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_the_block_is_that_of_the_zone(zone):
    one = asked(9, 1).assign(asked=pd.Series([at("2024-06-03 23:30")]).astype("datetime64[us, UTC]"))
    table = shifts.by_block(one, WHOLE, UNTIL, 4, zone, 20)
    assert table["block"].tolist() == [20 if zone == "UTC" else 16]
