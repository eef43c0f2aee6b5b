import numpy as np
import pandas as pd
import pytest

from analysis.figures import survival
from analysis.measures import response

START = pd.Timestamp("2024-05-01", tz="UTC")
UNTIL = START + pd.Timedelta(days=30)
WHOLE = {
    "threads": "recorded",
    "openers": "present",
    "brand_side": "whole",
    "silence_provable": True,
    "latency_name": "first_response_time",
}
SAMPLED = WHOLE | {"brand_side": "sampled", "silence_provable": False}


def hours(values) -> pd.Series:
    return pd.Series(pd.to_timedelta(np.round(np.asarray(values, dtype=float) * 3600e6), unit="us"))


def asked(latency, watched=None) -> pd.DataFrame:
    """Complaints with these latencies in hours (NaN: none), each watched for so many hours until UNTIL."""
    latency = np.asarray(latency, dtype=float)
    times = UNTIL - hours(np.full(len(latency), 700.0) if watched is None else watched)
    return pd.DataFrame(
        {"id": [f"{i:05d}" for i in range(len(latency))], "asked": times, "answered": times + hours(latency)}
    ).astype({"id": "string", "asked": "datetime64[us, UTC]", "answered": "datetime64[us, UTC]"})


def simulated(seed: int, n: int, median: float, unanswered: float) -> pd.DataFrame:
    """Exponential latencies; the archive ends, independently, before this share of the answers."""
    rng = np.random.default_rng(seed)
    mean = median / np.log(2)
    watched = rng.exponential(mean * (1 - unanswered) / unanswered, n) if unanswered else np.full(n, 700.0)
    return asked(rng.exponential(mean, n), watched)


def mentions(rows: list[tuple]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["id", "parent_id", "minute", "from_brand", "kind"])
    table["published_at"] = START + pd.to_timedelta(table.pop("minute"), unit="min")
    return table.astype({"id": "string", "parent_id": "string", "published_at": "datetime64[us, UTC]"})


def test_pairs_take_the_first_answer_by_the_brand_that_is_not_older():
    found = response.pairs(
        mentions(
            [
                ("c", None, 0, False, "post"),
                ("a", None, 10, False, "post"),
                ("b", "a", 11, False, "reply"),
                ("d", None, 12, False, "repost"),
                ("r1", "a", 40, True, "reply"),
                ("r2", "a", 30, True, "reply"),
                ("r3", "a", 5, True, "reply"),
                ("r4", "c", 20, True, "repost"),
                ("r5", "b", 10, True, "reply"),
                ("r6", "gone", 10, True, "reply"),
                ("r7", None, 10, True, "post"),
            ]
        )
    )
    assert found["id"].tolist() == ["a", "b", "c"]
    assert found["answered"].isna().tolist() == [False, True, True]
    assert found.loc[0, "answered"] - found.loc[0, "asked"] == pd.Timedelta(minutes=20)
    assert response.pairs(mentions([])).empty


@pytest.mark.parametrize("unanswered", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_the_median_is_that_of_kaplan_meier_and_near_the_truth(unanswered):
    from statsmodels.duration.survfunc import SurvfuncRight

    complaints = simulated(3, 2000, 6.0, unanswered)
    found = response.speed(complaints, WHOLE, UNTIL, 3)
    latency = (complaints["answered"] - complaints["asked"]).dt.total_seconds() / 3600
    watched = (UNTIL - complaints["asked"]).dt.total_seconds() / 3600
    curve = SurvfuncRight(np.minimum(latency, watched), (latency <= watched).astype(int))
    assert found.kind == "first_response_time"
    assert found.median.value == curve.quantile(0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        assert (found.median.low, found.median.high) == curve.quantile_ci(0.5)
    assert found.median.low <= 6.0 <= found.median.high
    assert found.answered.value == (latency <= watched).mean() == pytest.approx(1 - unanswered, abs=0.04)
    assert found.within.low < 1 - 0.5 ** (3 / 6) < found.within.high


def test_the_median_of_the_answered_alone_would_flatter():
    complaints = simulated(5, 2000, 6.0, 0.8)
    latency = (complaints["answered"] - complaints["asked"]).dt.total_seconds() / 3600
    in_time = complaints["answered"] <= UNTIL
    found = response.speed(complaints, WHOLE, UNTIL, 24)
    assert latency[in_time].median() < found.median.low


@pytest.mark.parametrize(("n", "unanswered"), [(60, 0.0), (60, 0.5), (60, 0.8), (300, 0.8)])
def test_intervals_cover_the_known_median(n, unanswered):
    draws = 150
    covered = 0
    for seed in range(draws):
        median = response.speed(simulated(seed, n, 6.0, unanswered), WHOLE, UNTIL, 24).median
        covered += median.low <= 6.0 <= (np.inf if median.high is None else median.high)
    assert covered / draws >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_an_unreached_median_is_refused_with_the_hours_it_exceeds():
    draws, missed, reached = 150, 0, 0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        found = response.speed(asked(rng.exponential(40, 100), rng.uniform(0, 30, 100)), WHOLE, UNTIL, 24).median
        if found.value is None:
            assert found.reason == "censored"
            reached += 1
            missed += found.low > 40 * np.log(2)
    assert reached > draws / 3
    assert missed / reached <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / reached)


def test_none_answered_is_a_share_of_nought_and_a_median_beyond_what_was_watched_by_enough():
    found = response.speed(asked([np.nan] * 100, [48.0] * 99 + [600.0]), WHOLE, UNTIL, 24)
    assert (found.median.value, found.median.reason, found.median.low) == (None, "censored", 48.0)
    assert (found.answered.value, found.answered.low) == (0.0, 0.0)
    assert found.within.value == 0.0
    assert 0.03 < found.within.high < 0.04
    assert found.curve.to_numpy().tolist() == [[0.0, 0.0, 0.0, 0.0]]


def test_one_complaint_watched_long_does_not_prove_a_long_wait():
    found = response.speed(asked([1.0] * 5 + [np.nan] * 95, [10.0] * 99 + [600.0]), WHOLE, UNTIL, 24)
    assert found.median.low == 10.0
    assert found.within.value == pytest.approx(0.05)


def test_all_answered_at_once_is_known_beyond_the_longest_wait():
    found = response.speed(asked([2.0] * 30), WHOLE, UNTIL, 24)
    assert found.median.value == found.p90.value == found.median.low == 2.0
    assert found.median.high is None
    assert (found.answered.value, found.within.value, found.within.high) == (1.0, 1.0, 1.0)
    assert response.speed(asked([2.0] * 30), WHOLE, UNTIL, 1).within.value == 0.0


def test_ties_and_instant_answers_keep_the_curve_in_order():
    found = response.speed(asked([0.0] * 10 + [1.0] * 30 + [3.0] * 30 + [np.nan] * 10), WHOLE, UNTIL, 1)
    curve = found.curve
    assert curve.columns.tolist() == ["hours", "answered", "low", "high"]
    assert curve.iloc[0].tolist() == [0.0] * 4
    assert curve["hours"].tolist() == [0.0, 0.0, 1.0, 3.0]
    assert curve["answered"].tolist() == pytest.approx([0, 1 / 8, 1 / 2, 7 / 8])
    assert curve["hours"].is_monotonic_increasing
    assert ((curve["low"] <= curve["answered"]) & (curve["answered"] <= curve["high"])).all()
    assert found.within.value == pytest.approx(0.5)
    words = {"title": "Answers", "answered": "answered", "hours": "hours", "empty": "none"}
    assert survival.draw(curve, marks=[(1.0, "promised")], words=words, lang="en").axes


def test_the_share_in_time_is_refused_where_the_archive_ends_first():
    found = response.speed(asked([1.0] * 20 + [np.nan] * 20, [10.0] * 40), WHOLE, UNTIL, 24)
    assert (found.within.value, found.within.reason) == (None, "censored")
    assert found.answered.value == 0.5


def test_what_was_asked_or_answered_after_the_end_is_not_seen():
    complaints = asked([1.0] * 30 + [5.0] * 30 + [1.0] * 7, [100.0] * 30 + [4.0] * 30 + [-1.0] * 6 + [0.0])
    found = response.speed(complaints, WHOLE, UNTIL, 24)
    assert (found.answered.n, found.answered.value) == (60, 0.5)


@pytest.mark.parametrize(
    ("joins", "reason"),
    [
        ({"brand_side": "none", "latency_name": None, "threads": "no_parent_ids"}, "no_brand_posts"),
        ({"threads": "no_parent_ids", "latency_name": None}, "no_threads"),
        ({"threads": "unjoinable", "latency_name": None}, "no_threads"),
    ],
)
def test_nothing_is_said_where_answers_cannot_be_joined(joins, reason):
    found = response.speed(asked([1.0] * 50), WHOLE | {"silence_provable": False} | joins, UNTIL, 24)
    assert found.kind == "none"
    for value in (found.median, found.p90, found.answered, found.within):
        assert (value.value, value.reason, value.n) == (None, reason, 50)
    assert found.curve.empty


def test_where_only_answered_posts_were_collected_the_share_answered_is_refused():
    joins = WHOLE | {"selected": "answered_only", "silence_provable": False}
    found = response.speed(asked([*np.linspace(0.1, 10, 100)]), joins, UNTIL, 24)
    assert (found.kind, found.median.value) == ("turn_latency", pytest.approx(5.05))
    for value in (found.answered, found.within):
        assert (value.value, value.reason) == (None, "answered_only")


@pytest.mark.parametrize(("openers", "reason"), [("absent", "openers_absent"), ("present", "silence_not_provable")])
def test_where_silence_is_not_provable_only_joined_pairs_are_timed(openers, reason):
    joins = SAMPLED | {"openers": openers}
    latency = np.linspace(0.1, 10, 100)
    found = response.speed(asked([*latency, *[np.nan] * 400]), joins, UNTIL, 24)
    assert found.kind == "turn_latency"
    assert (found.median.value, found.median.n, found.median.method) == (np.median(latency), 100, "joined_pairs")
    assert found.median.low < found.median.value < found.median.high
    assert found.p90.low < found.p90.value < found.p90.high
    for value in (found.answered, found.within):
        assert (value.value, value.reason) == (None, reason)
    assert found.curve.empty
    few = response.speed(asked([1.0] * 19 + [np.nan] * 400), joins, UNTIL, 24)
    assert (few.kind, few.median.value, few.median.reason) == ("none", None, reason)


def test_the_interval_of_a_turn_covers_its_quantile():
    draws, covered = 300, np.zeros(2)
    for seed in range(draws):
        found = response.speed(asked(np.random.default_rng(seed).exponential(4, 40)), SAMPLED, UNTIL, 24)
        for place, (value, share) in enumerate(((found.median, 0.5), (found.p90, 0.9))):
            covered[place] += value.low <= -4 * np.log(1 - share) <= (np.inf if value.high is None else value.high)
    assert (covered / draws >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)).all()


@pytest.mark.parametrize("n", [0, 19])
def test_few_complaints_have_no_speed(n):
    found = response.speed(asked([1.0] * n), WHOLE, UNTIL, 24)
    assert (found.kind, found.median.reason, found.median.n) == ("none", "too_few", n)
    assert response.speed(asked([1.0] * 19), WHOLE, UNTIL, 24, minimum=10).kind == "first_response_time"


def test_provable_silence_counts_even_where_no_answer_names_a_latency():
    found = response.speed(asked([np.nan] * 40), WHOLE | {"latency_name": None}, UNTIL, 24)
    assert (found.kind, found.answered.value) == ("first_response_time", 0.0)
