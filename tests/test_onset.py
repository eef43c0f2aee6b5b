import numpy as np
import pandas as pd
import pytest

from analysis.measures import onset, sentiment
from tests.benchmarks.impact_coverage import START, series
from tests.conftest import shared
from tests.scored_tables import at, scored

HOUR = pd.Timedelta(hours=1)
WINDOW = (START, START + 96 * HOUR)
T0 = START + 24 * HOUR


def quiet(seed: int = 0, days: int = 29, kind: str = "white", mean: float = 40.0) -> pd.Series:
    return series(kind, days, 240, np.random.default_rng(seed), mean=mean).astype("Int64")


def spiked(counts: pd.Series, times: float = 10, half_life: float = 12, start: pd.Timestamp = T0) -> pd.Series:
    after = np.maximum((counts.index - start) / HOUR, -1)
    boost = np.where(after >= 0, 1 + times * 0.5 ** (after / half_life), 1)
    return (counts.astype(float) * boost).round().astype("Int64")


def rise(up: bool) -> sentiment.Rise:
    before = scored([START] * 200, ["negative"] * 60 + ["positive"] * 140)
    share = 140 if up else 30
    return sentiment.rise(before, scored([T0] * 200, ["negative"] * share + ["positive"] * (200 - share)))


def test_a_spike_is_dated_to_its_hour_and_ends():
    counts = spiked(quiet())
    found = onset.date(counts, WINDOW, rise=rise(True))
    assert found.verdict == "crisis"
    assert found.onset.value == found.onset.low == found.onset.high == T0.isoformat()
    assert found.peak == found.highest_seen
    assert found.peak.value == counts[START : WINDOW[1]].astype(float).idxmax().isoformat()
    assert 24 <= found.duration.value <= 96
    assert found.time_to_peak.value == (pd.Timestamp(found.peak.value) - T0) / HOUR
    assert found.baseline.slots == "hour_of_week"
    assert found.bin == "1h"


def test_a_spike_for_joy_is_a_buzz_and_one_without_scores_is_undecided():
    counts = spiked(quiet())
    assert onset.date(counts, WINDOW, rise=rise(False)).verdict == "buzz"
    undecided = onset.date(counts, WINDOW)
    assert (undecided.verdict, undecided.spike) == ("too_little_data", True)
    assert "share_unknown" in undecided.reasons


def test_quiet_weeks_hardly_ever_spike():
    draws = 60
    for days in (8, 29):
        spikes = sum(onset.date(quiet(seed, days), WINDOW).spike for seed in range(draws))
        assert spikes / draws < 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)


@pytest.mark.parametrize("kind", ["white", "AR(1)", "random walk"])
def test_onsets_are_found_within_two_hours(kind):
    errors = []
    for seed in range(30):
        found = onset.date(spiked(quiet(seed, kind=kind)), WINDOW)
        errors.append(abs(pd.Timestamp(found.onset.value) - T0) / HOUR if found.spike else 99)
    assert np.mean(np.array(errors) <= 2) >= 0.8


def test_a_window_opened_late_does_not_date_late():
    found = onset.date(spiked(quiet()), (T0 + 10 * HOUR, T0 + 90 * HOUR))
    assert found.onset.value == T0.isoformat()


def test_growing_volumes_do_not_drag_the_onset_back():
    counts = quiet(days=29).astype(float)
    counts *= np.linspace(1, 2.5, len(counts))
    found = onset.date(spiked(counts), WINDOW)
    assert abs(pd.Timestamp(found.onset.value) - T0) <= 2 * HOUR


def test_an_earlier_burst_does_not_hide_the_incident():
    counts = spiked(spiked(quiet(), start=START - 10 * 24 * HOUR))
    found = onset.date(counts, WINDOW)
    assert found.onset.value == T0.isoformat()


def test_unseen_hours_make_the_onset_an_interval_and_refuse_the_peak():
    counts = spiked(quiet())
    counts[T0 - 5 * HOUR : T0 + 3 * HOUR] = pd.NA
    found = onset.date(counts, WINDOW, rise=rise(True))
    assert found.onset.value is None
    assert found.onset.reason == "not_seen"
    assert found.onset.low == (T0 - 5 * HOUR).isoformat()
    assert found.onset.high == (T0 + 4 * HOUR).isoformat()
    assert found.peak.reason == found.time_to_peak.reason == "not_seen"
    assert found.highest_seen.value >= found.onset.high
    assert found.duration.value is None
    assert found.duration.low < found.duration.high
    assert found.verdict == "crisis"


def test_an_archive_that_stops_censors_the_end():
    counts = spiked(quiet())[: T0 + 12 * HOUR]
    found = onset.date(counts, WINDOW)
    assert found.end.reason == found.duration.reason == "censored"
    assert found.end.low == (T0 + 13 * HOUR).isoformat()
    assert found.duration.low == 13
    cut = counts.copy()
    cut.iloc[-1] = pd.NA
    assert onset.date(cut, WINDOW).peak.value is not None


def test_without_a_baseline_nothing_is_dated():
    counts = spiked(quiet())
    none = onset.date(counts[START - 20 * HOUR :], WINDOW)
    short = onset.date(counts[START - 3 * 24 * HOUR :], WINDOW)
    assert (none.onset.reason, none.verdict) == ("no_baseline", "too_little_data")
    assert (short.onset.reason, short.spike) == ("short_baseline", None)
    unseen = counts.copy()
    unseen[START:] = pd.NA
    assert onset.date(unseen, WINDOW).onset.reason == "not_seen"
    assert onset.date(counts[:0], WINDOW).onset.reason == "no_baseline"
    assert onset.date(counts.mask(counts >= 0), WINDOW).onset.reason == "no_baseline"


def test_an_archive_of_seven_and_a_half_days_uses_hours_of_the_day():
    counts = spiked(quiet(days=6))[: T0 + 12 * HOUR]
    found = onset.date(counts, (START, T0 + 13 * HOUR))
    assert found.baseline.slots == "hour_of_day"
    assert found.baseline.days == 5
    assert abs(pd.Timestamp(found.onset.value) - T0) <= HOUR


def test_hours_of_the_day_never_seen_before_are_no_baseline():
    counts = spiked(quiet(days=8))
    counts[np.asarray(counts.index.hour == 3) & np.asarray(counts.index < START)] = pd.NA
    assert onset.date(counts, WINDOW).onset.reason == "short_baseline"


def test_a_handful_of_mentions_is_no_spike():
    counts = quiet() * 0
    counts[T0 : T0 + 3 * HOUR] = 12
    few = onset.date(counts, WINDOW)
    assert (few.verdict, few.spike) == ("no_spike", False)
    assert few.reasons == ("few_mentions",)
    small = quiet(mean=4000)
    small[T0 : T0 + 5 * HOUR] = (small[T0 : T0 + 5 * HOUR].astype(float) * 1.5).round().astype("Int64")
    assert onset.date(small, WINDOW, rule=onset.Rule(z=1.0)).reasons == ("low_peak",)


def test_daily_bins_for_long_windows():
    counts = spiked(quiet(), half_life=48, start=START + 48 * HOUR)
    found = onset.date(counts, (START, START + 9 * 24 * HOUR))
    assert found.bin == "1D"
    assert found.baseline.slots == "day_of_week"
    assert found.onset.value == (START + 48 * HOUR).isoformat()


def test_auto_finds_the_largest_spike_and_none_in_quiet_weeks():
    counts = spiked(spiked(quiet(), times=30), times=8, start=START - 9 * 24 * HOUR)
    start, end = onset.auto_window(counts)
    assert abs(start - T0) <= HOUR
    assert 24 * HOUR <= end - start <= 120 * HOUR
    assert onset.date(counts, None).onset.value == onset.date(counts, (start, end)).onset.value
    assert onset.auto_window(quiet()) is None
    assert onset.date(quiet(), None).verdict == "no_spike"
    assert onset.date(quiet()[:40], None).verdict == "too_little_data"


def test_united_2017_began_between_the_last_quiet_hour_and_the_first_loud_one():
    folder = shared("archives/united-2017")
    texts = pd.concat(pd.read_csv(path, usecols=["date"], dtype=str) for path in sorted(folder.glob("*.csv")))["date"]
    times = pd.to_datetime(texts).dt.tz_localize("Etc/GMT+7").dt.tz_convert("UTC").dt.floor("h")
    counts = times.value_counts().reindex(pd.date_range(times.min(), times.max(), freq="h"), fill_value=0)
    capped = pd.Series(counts.index >= at("2017-04-10"), index=counts.index)
    kept = {10: 23, 11: 23, 12: 21, 14: 17}
    for day, hour in kept.items():
        capped[at(f"2017-04-{day} {hour}:00") : at(f"2017-04-{day} 23:00")] = False
    found = onset.date(counts.astype("Int64").mask(capped), (at("2017-04-10"), at("2017-04-15")), rise=rise(True))
    assert found.onset.low == "2017-04-10T00:00:00+00:00"
    assert found.onset.high == "2017-04-10T23:00:00+00:00"
    assert found.peak.reason == "not_seen"
    assert found.end.reason == "censored"
