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


def test_platforms_in_the_order_in_which_they_were_reached():
    about = posts([None] * 4, platform=["b", "b", "a", "c"])
    table = spread.jumps(about, START, START + pd.Timedelta(minutes=1))
    assert table["platform"].tolist() == ["b", "a", "c"]
    assert table["mentions"].tolist() == [2, 1, 1]
    assert table["hours"].tolist() == pytest.approx([-1 / 60, 1 / 60, 2 / 60])


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
