import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import spread
from tests.scored_tables import at, hours, scored

START = at("2025-07-09")


def posts(parents: list[int | None], **columns: object) -> pd.DataFrame:
    """One mention a minute; each hangs under the one of that number, `len(parents)` and more being nobody's."""
    times = [START + pd.Timedelta(minutes=number) for number in range(len(parents))]
    named = [None if parent is None else f"{parent:06d}" for parent in parents]
    return scored(times, ["negative"] * len(parents), parent_id=named, **columns)


def brute(parents: list[int | None]) -> dict[int, tuple[int, int, float]]:
    """Root → posts, depth and mean distance between two posts, by walking."""
    n = len(parents)
    ways: list[list[int]] = []
    for post in range(n):
        way = [post]
        while (above := parents[way[-1]]) is not None and above < n and above != way[-1] and len(way) <= n:
            way.append(above)
        ways.append(way if len(way) <= n else [post])
    out = {}
    for root in {way[-1] for way in ways}:
        inside = [way[::-1] for way in ways if way[-1] == root]
        if len(inside) < 2:
            continue
        apart = []
        for one in inside:
            for other in inside:
                shared = sum(1 for a, b in zip(one, other, strict=False) if a == b)
                apart.append(len(one) + len(other) - 2 * shared)
        pairs = len(inside) * (len(inside) - 1)
        out[root] = (len(inside), max(map(len, inside)) - 1, sum(apart) / pairs)
    return out


@given(st.lists(st.one_of(st.none(), st.integers(0, 14)), min_size=1, max_size=12))
def test_trees_are_those_that_walking_finds_circles_and_absent_parents_included(parents: list[int | None]):
    rows = posts(parents)
    table = spread.trees(rows, spread.nodes(rows))
    found = {row["root"]: (row["posts"], row["depth"], row["virality"]) for row in table.to_dict("records")}
    expected = brute(parents)
    assert set(found) == set(expected)
    for root, (size, depth, virality) in expected.items():
        assert found[root][:2] == (size, depth)
        assert found[root][2] == pytest.approx(virality)


def test_a_star_is_near_two_and_a_chain_grows_with_its_length():
    star, chain = posts([None] + [0] * 99), posts([None, *range(99)])
    assert spread.trees(star, spread.nodes(star))["virality"].iloc[0] == pytest.approx(2 * 99 / 100)
    assert spread.trees(chain, spread.nodes(chain))["virality"].iloc[0] == pytest.approx(101 / 3)
    assert spread.nodes(chain)["below"].tolist() == list(range(99, -1, -1))
    assert spread.nodes(posts([50])).to_dict("records") == [{"root": 0, "depth": 0, "below": 0, "held": False}]
    assert spread.trees(posts([]), spread.nodes(posts([]))).empty


def test_the_first_is_the_first_only_where_everything_before_it_was_seen():
    about = posts([None] * 3)
    since = START - pd.Timedelta(hours=24)
    seen, identity = spread.first(about, hours("2025-07-08", "2025-07-10"), since)
    assert (seen.value, identity) == (START.isoformat(), "000000")
    capped, identity = spread.first(
        about, hours("2025-07-08", "2025-07-10", [("2025-07-08T05", "2025-07-08T06")], "partial"), since
    )
    assert (capped.value, capped.reason, capped.high, identity) == (None, "not_seen", START.isoformat(), "000000")
    assert spread.first(about[:0], hours("2025-07-08", "2025-07-10"), since)[0].reason == "too_few"
    assert spread.first(about, hours("2025-07-08", "2025-07-10"), at("2025-07-09T05"))[0].reason == "too_few"


def test_the_surge_is_dated_on_each_platform_by_itself():
    rng = np.random.default_rng(3)
    begun = {"a": at("2025-07-09T06"), "b": at("2025-07-09T11"), "c": None}
    times, names = [], []
    for platform, onset in begun.items():
        for hour in pd.date_range(at("2025-06-20"), at("2025-07-11"), freq="h", inclusive="left"):
            mean = 3 if onset is None or hour < onset else 60
            for _ in range(rng.poisson(mean)):
                times.append(hour + pd.Timedelta(minutes=int(rng.integers(0, 60))))
                names.append(platform)
    rows = scored(times, ["negative"] * len(times), platform=names)
    seen = hours("2025-06-20", "2025-07-11")
    table = spread.jumps(rows, seen, (at("2025-07-09"), at("2025-07-11")), "1h").set_index("platform")
    assert table.index.tolist() == ["a", "b", "c"]
    assert table.loc["a", "onset"] == begun["a"]
    assert table.loc["b", "onset"] == begun["b"]
    assert table.loc["c", "reason"] == "no_spike"
    blind = hours("2025-06-20", "2025-07-11", [("2025-07-09T04", "2025-07-09T08")])
    capped = spread.jumps(rows, blind, (at("2025-07-09"), at("2025-07-11")), "1h").set_index("platform")
    assert capped.loc["a", "reason"] == "not_seen"
    assert pd.isna(capped.loc["a", "onset"])


def test_causes_are_taken_while_routine_complaints_of_them_are_rare():
    causes = pd.DataFrame({"cause": [7, 3, 5], "n_before": [0, 4, 40]})
    assert spread.telling(causes, 1344, 24) == ([7, 3], pytest.approx(5 * 24 / 1344))
    assert spread.telling(causes, 48, 24) == ([], 0.0)
    assert spread.telling(causes, 0, 24) == ([], 0.0)


def test_who_drew_most_without_reposts_and_without_the_organisation():
    rows = posts(
        [None] * 5,
        author=["u_b", "u_a", "u_b", "u_c", "u_own"],
        kind=["post", "post", "post", "repost", "post"],
        likes=[1, 50, 9, 500, 900],
        reposts=[0, 30, 10, 40, 90],
        from_brand=[False, False, False, False, True],
    )
    table = spread.spreaders(rows)
    assert table["author"].tolist() == ["u_a", "u_b", "u_c"]
    assert table["reactions"].tolist()[:2] == [80, 20]
    assert np.isnan(table["reactions"].iloc[2])
    assert table["share"].tolist()[:2] == [0.8, 0.2]
    assert table["reposts_share"].tolist()[:2] == [0.75, 0.25]
    nothing = spread.spreaders(posts([None, None]))
    assert nothing["share"].isna().all()
    assert nothing["mentions"].tolist() == [1, 1]
