import numpy as np
import pandas as pd
import pytest

from analysis.measures import hourly, impact
from tests.benchmarks.impact_coverage import ERRORS, START, engaged_covers
from tests.scored_tables import at, hours, scored

DAY = pd.Timedelta(days=1)
SEEN = hours("2025-07-01", "2025-07-04")


def posts(times: list[str], **columns: object) -> pd.DataFrame:
    return scored([at(time) for time in times], ["negative"] * len(times), **columns)


def test_an_author_counts_once_in_each_span_as_long_as_the_incident():
    rows = posts(
        ["2025-07-01T01", "2025-07-01T05", "2025-07-02T00", "2025-07-03T00", "2025-07-03T01", "2025-07-03T02"],
        author=["u_a", "u_a", "u_a", "u_a", "u_b", "u_b"],
    )
    found = hourly.authors(rows, SEEN, at("2025-07-03"), at("2025-07-04")).values
    assert found.groupby(found.index.floor("D")).sum().tolist() == [1, 1, 2]
    assert found[at("2025-07-01T01")] == 1
    assert found[at("2025-07-01T05")] == 0


def test_nothing_is_made_of_hours_that_were_not_seen_or_posts_without_a_count():
    rows = posts(["2025-07-01T01", "2025-07-01T01", "2025-07-01T02", "2025-07-01T03"], views=[5, None, 7, 9])
    gap = hours("2025-07-01", "2025-07-04", [("2025-07-01T03", "2025-07-01T04")], "partial")
    found = hourly.views(rows, gap, at("2025-07-03")).values
    assert pd.isna(found[at("2025-07-01T01")])
    assert found[at("2025-07-01T02")] == 7
    assert pd.isna(found[at("2025-07-01T03")])
    assert found[at("2025-07-01T04")] == 0


def test_a_platform_that_never_records_a_count_is_left_out_and_no_platform_is_no_series():
    rows = posts(["2025-07-01T01", "2025-07-01T01"], views=[5, None], platform=["a", "b"])
    found = hourly.views(rows, SEEN, at("2025-07-03"))
    assert found.platforms == ("a",)
    assert found.values[at("2025-07-01T01")] == 5
    assert hourly.followers(rows, SEEN, at("2025-07-03"), at("2025-07-04")).platforms == ()


def test_a_post_counts_up_to_the_quantile_of_the_time_before_and_reposts_not_at_all():
    times = ["2025-07-01T01"] * 20 + ["2025-07-03T01", "2025-07-03T02"]
    likes = [*range(1, 21), 100_000, 7]
    rows = posts(times, likes=likes, kind=["post"] * 21 + ["repost"])
    found = hourly.reactions(rows, SEEN, at("2025-07-03"))
    assert found.cap == 20
    assert found.values[at("2025-07-03T01")] == 20
    assert found.values[at("2025-07-03T02")] == 0


@pytest.mark.parametrize("kind", ERRORS)
def test_heavy_tailed_reactions_hold_no_effect_where_there_is_none(kind: str):
    draws = 60
    assert engaged_covers(kind, 24, draws, seed=5, days=28) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_distinct_authors_hold_no_effect_where_there_is_none():
    rng, held, draws = np.random.default_rng(6), 0, 60
    index = pd.date_range(START - 28 * DAY, START + DAY, freq="h", inclusive="left")
    seen = pd.DataFrame({"hour": index, "state": "seen"})
    fame = rng.pareto(1.2, 3000) + 1
    for _ in range(draws):
        counts = rng.poisson(
            8 * np.exp(0.4 * np.sin(2 * np.pi * index.hour / 24) + np.cumsum(rng.normal(0, 0.02, len(index))))
        )
        who = rng.choice(len(fame), counts.sum(), p=fame / fame.sum())
        table = pd.DataFrame({"published_at": np.repeat(index, counts), "author": [f"u_{number}" for number in who]})
        table = table.assign(id=range(len(table)), platform="x", from_brand=False)
        series = hourly.authors(table, seen, START, START + DAY)
        effect = impact.estimate(series.values, START, START + DAY).effect
        held += float(effect.low) <= 0 <= float(effect.high)
    assert held >= draws * 0.95 - 3 * np.sqrt(draws * 0.95 * 0.05)
