import numpy as np
import pandas as pd
import pytest

from analysis.measures import reputation
from tests.scored_tables import at, hours, scored

DAY = pd.Timedelta(days=1)
BEFORE, DURING = (at("2025-07-01"), at("2025-07-15")), (at("2025-07-15"), at("2025-07-19"))


def labelled(own: float, rival: float, rng: np.random.Generator, **states: object) -> pd.DataFrame:
    base = hours("2025-07-01", "2025-07-19", **states)
    parts = []
    for brand, mean in (("Acme", own), ("Rival", rival)):
        level = np.repeat(rng.gamma(20, 1 / 20, len(base) // 24), 24)
        parts.append(base.assign(brand=brand, mentions=rng.poisson(mean * level)))
    whole = parts[0].assign(brand="", mentions=parts[0]["mentions"] + parts[1]["mentions"])
    return pd.concat([whole, *parts], ignore_index=True)


def test_share_of_voice_counts_the_same_hours_for_all():
    table = labelled(8, 2, np.random.default_rng(1))
    found, brands = reputation.voice(table, "Acme", BEFORE, DURING)
    assert found.during.low < 0.8 < found.during.high
    assert found.change.low < 0 < found.change.high
    own = table[(table["brand"] == "Acme") & (table["hour"] >= DURING[0])]["mentions"].sum()
    assert brands.set_index("brand").loc["Acme", "during"] == own
    assert found.during.value == pytest.approx(own / brands["during"].sum())


def test_share_of_voice_holds_the_truth():
    rng, held = np.random.default_rng(2), 0
    for _ in range(100):
        found, _ = reputation.voice(labelled(6, 4, rng), "Acme", BEFORE, DURING)
        held += float(found.before.low) <= 0.6 <= float(found.before.high)
    assert held >= 95 - 3 * np.sqrt(100 * 0.95 * 0.05)


def test_share_of_voice_is_refused_where_one_brand_stands_alone_or_hours_were_not_seen():
    table = labelled(8, 2, np.random.default_rng(1))
    alone, _ = reputation.voice(table[table["brand"] == "Acme"], "Acme", BEFORE, DURING)
    assert alone.during.reason == alone.change.reason == "one_brand"
    gone = table.assign(
        state=table["state"].mask((table["brand"] == "Rival") & (table["hour"] == DURING[0]), "partial")
    )
    assert reputation.voice(gone, "Acme", BEFORE, DURING)[0].during.reason == "not_seen"
    assert reputation.voice(table[table["hour"] >= DURING[0]], "Acme", BEFORE, DURING)[0].before.reason == "not_seen"


def posts(n: int, rng: np.random.Generator, mean: float = 1.0, **columns: object) -> pd.DataFrame:
    """Posts by authors who write 1 to 5 each, with heavy-tailed likes that an author's posts share in part."""
    author = np.repeat(np.arange(n), rng.integers(1, 6, n))[:n]
    fame = rng.lognormal(0, 0.7, n)[author]
    likes = np.floor(mean * fame * (rng.pareto(1.3, n) + 0.5)).astype(int)
    views = np.floor(100 * (rng.pareto(1.5, n) + 1)).astype(int)
    given = {"author": [f"u_{who}" for who in author], "likes": likes, "views": views} | columns
    return scored([at("2025-07-15")] * n, ["neutral"] * n, **given)


def test_rates_hold_no_change_where_there_is_none_though_tails_are_heavy():
    rng, held, draws = np.random.default_rng(3), 0, 100
    for _ in range(draws):
        change = reputation.rates(posts(600, rng), posts(300, rng))["reactions_per_post"].change
        held += float(change.low) <= 0 <= float(change.high)
    assert held >= 95 - 3 * np.sqrt(100 * 0.95 * 0.05)


def test_a_rate_that_doubled_is_found_and_denominators_stay_apart():
    rng = np.random.default_rng(4)
    found = reputation.rates(posts(2000, rng), posts(1000, rng, mean=3.0))
    assert found["reactions_per_post"].change.low > 0
    assert found["reactions_per_post"].during.unit == "per_post"
    assert found["reactions_per_1000_views"].during.unit == "number"
    assert found["reactions_per_1000_followers"].during.reason == "not_recorded"
    assert found["reposts_per_1000_views"].change.reason == "not_recorded"
    few = reputation.rates(posts(2000, rng), posts(20, rng))["reactions_per_post"]
    assert (few.before.reason, few.during.reason, few.change.reason) == (None, "too_few", "too_few")


def test_shares_of_reposts_and_mentions_per_author():
    rng = np.random.default_rng(5)
    before = posts(300, rng, kind=["post"] * 290 + ["repost"] * 10)
    during = posts(300, rng, kind=["post"] * 150 + ["repost"] * 150)
    found = reputation.repost_share(before, during)
    assert found.change.low > 0.2
    assert reputation.repost_share(before[:5], during).change.reason == "too_few"
    rows = scored([at("2025-07-14")] * 6, ["neutral"] * 6, author=["u_a"] * 4 + ["u_b", None])
    assert reputation.passion(rows) == {"mentions": 5, "authors": 2, "passion": 2.5}
    table = reputation.stretches(rows, hours("2025-07-12", "2025-07-16"), at("2025-07-15"), at("2025-07-16"))
    assert table["mentions"].tolist() == [5, 0, 0]
    assert np.isnan(reputation.passion(rows[:0])["passion"])


def test_followers_that_the_accounts_lost_against_the_stretch_before():
    start, end = at("2025-07-10"), at("2025-07-12")
    times = [at(f"2025-07-{day}") for day in ("07", "09T12", "11T12", "09", "11")]
    rows = scored(
        times,
        ["neutral"] * 5,
        author=["u_own"] * 3 + ["u_other"] * 2,
        from_brand=[True] * 3 + [False] * 2,
        author_followers=[1000, 1010, 900, 5, 6],
    )
    before, during = reputation.own_followers(rows, start, end)
    assert (before.value, during.value, during.n) == (10, -110, 1)
    late = reputation.own_followers(rows, start, end, stale=pd.Timedelta(hours=6))
    assert late[1].reason == "not_recorded"
    assert reputation.own_followers(rows[3:], start, end)[1].reason == "no_brand_posts"
    taken_once = rows.assign(author_followers=pd.array([1000] * 5, dtype="Int64"))
    assert reputation.own_followers(taken_once, start, end)[1].reason == "not_recorded"
