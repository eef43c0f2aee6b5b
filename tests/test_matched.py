"""Answered against not yet answered: no effect where there is none, an effect where there is one, or a reason."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import matched, response
from analysis.measures.estimate import Estimate
from tests.scored_tables import at, scored

START = at("2025-05-01")
SEEN = [(START - pd.Timedelta(days=1), START + pd.Timedelta(days=30))]
WHOLE = {
    "brand_side": "whole",
    "threads": "recorded",
    "openers": "present",
    "selected": "no",
    "silence_provable": True,
}


def world(seed: int, n: int = 300, calming: float = 1.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Complaints and all mentions: anger fades with a mean of eight hours, and half are answered, after ten on average.

    After an answer, what is left of the anger is multiplied by `calming`.
    """
    rng = np.random.default_rng(seed)
    asked = np.sort(rng.uniform(0, 96, n))
    answered = np.where(rng.random(n) < 0.5, rng.exponential(10, n), np.inf)
    rows: list[tuple[str, str | None, float, str, str, bool]] = []
    for k in range(n):
        rows.append((f"c{k}", None, asked[k], f"u{k}", "negative", False))
        if np.isfinite(answered[k]):
            rows.append((f"r{k}", f"c{k}", asked[k] + answered[k], "brand", "neutral", True))
        for number, age in enumerate(rng.exponential(8, rng.poisson(1.2))):
            if age < answered[k] or rng.random() < calming:
                rows.append((f"n{k}-{number}", None, asked[k] + age, f"u{k}", "negative", False))
    names, parents, hours, authors, labels, brand = zip(*rows, strict=True)
    times = [START + pd.Timedelta(hours=hour) for hour in hours]
    table = scored(times, labels, id=list(names), parent_id=list(parents), author=list(authors), from_brand=list(brand))
    pairs = response.pairs(table)
    complaints = table[table["id"].str.startswith("c")].merge(pairs, on="id")
    return complaints, table


def naive(complaints: pd.DataFrame, mentions: pd.DataFrame) -> float:
    """Angry again within a day of the answer, or of the complaint where there was none: what must not be compared."""
    own = mentions[~mentions["from_brand"]]
    shares = []
    for part in (complaints[complaints["answered"].notna()], complaints[complaints["answered"].isna()]):
        since = part["answered"].fillna(part["asked"])
        later = [
            ((own["author"] == who) & (own["published_at"] > when) & (own["published_at"] <= when + 24 * HOUR)).any()
            for who, when in zip(part["author"], since, strict=True)
        ]
        shares.append(np.mean(later))
    return float(shares[0] - shares[1])


HOUR = pd.Timedelta(hours=1)
RULE = matched.Rule(draws=300)


def test_the_interval_holds_nothing_where_there_is_nothing_and_a_naive_comparison_does_not():
    runs = 30
    gaps = [matched.matched(*world(seed), WHOLE, SEEN, rule=RULE).differences["angry_again"] for seed in range(runs)]
    inside = np.mean([float(gap.low) <= 0 <= float(gap.high) for gap in gaps])
    assert inside >= 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / runs)
    assert abs(np.mean([gap.value for gap in gaps])) < 0.03
    assert np.mean([naive(*world(seed)) for seed in range(4)]) < -0.2


def test_an_effect_is_seen_and_has_an_e_value():
    found = matched.matched(*world(1, n=600, calming=0.2), WHOLE, SEEN, rule=RULE)
    gap = found.differences["angry_again"]
    assert float(gap.high) < 0
    values = found.e_values["angry_again"]
    assert values is not None
    assert values[0] > values[1] > 1
    assert found.used <= found.answered
    assert found.pairs["weight"].sum() == pytest.approx(found.used)


def test_pairs_are_of_one_kind_and_the_control_is_not_yet_answered():
    complaints, mentions = world(3)
    complaints["platform"] = np.where(np.arange(len(complaints)) % 2, "x", "y")
    found = matched.matched(complaints, mentions, WHOLE, SEEN, rule=RULE)
    rows = complaints.set_index("id")
    for left, right in zip(found.pairs["answered"], found.pairs["control"], strict=True):
        one, other = rows.loc[left], rows.loc[right]
        assert one["platform"] == other["platform"]
        wait = one["answered"] - one["asked"]
        assert pd.isna(other["answered"]) or other["answered"] - other["asked"] > wait
        assert abs(one["asked"] - other["asked"]) <= 6 * HOUR
    assert set(found.balance["covariate"]) >= {"hour_of_day", "since_start"}


def test_rows_in_another_order_change_nothing():
    complaints, mentions = world(2)
    first = matched.matched(complaints, mentions, WHOLE, SEEN, rule=RULE)
    shuffled = matched.matched(complaints.sample(frac=1, random_state=0), mentions[::-1], WHOLE, SEEN, rule=RULE)
    assert first.differences == shuffled.differences
    pd.testing.assert_frame_equal(first.pairs, shuffled.pairs)


def test_the_hours_after_must_have_been_seen():
    blind = [(START - pd.Timedelta(days=1), START + 30 * HOUR)]
    found = matched.matched(*world(2), WHOLE, blind, rule=RULE)
    everything = matched.matched(*world(2), WHOLE, SEEN, rule=RULE)
    assert found.used < everything.used / 4


@pytest.mark.parametrize(
    ("given_joins", "reason"),
    [
        ({"brand_side": "none"}, "no_brand_posts"),
        ({"threads": "unjoinable"}, "no_threads"),
        ({"selected": "answered_only", "silence_provable": False}, "answered_only"),
        ({"openers": "absent", "silence_provable": False}, "openers_absent"),
        ({"silence_provable": False}, "silence_not_provable"),
    ],
)
def test_what_cannot_be_joined_is_refused(given_joins, reason):
    found = matched.matched(*world(0, n=60), WHOLE | given_joins, SEEN)
    assert found.reason == reason == found.differences["thanks"].reason


def test_few_matches_and_unknown_authors_are_refused():
    complaints, mentions = world(0, n=20)
    assert matched.matched(complaints, mentions, WHOLE, SEEN).reason == "too_few"
    complaints["author"] = pd.NA
    assert matched.matched(complaints, mentions, WHOLE, SEEN).reason == "not_recorded"


@pytest.mark.parametrize(
    ("text", "glad"),
    [
        ("Thank you, it works again", True),
        ("thanks for nothing", False),
        ("no thanks", False),
        ("谢谢，已经退款了", True),
        ("不谢谢", False),
        ("still broken", False),
        (None, False),
    ],
)
def test_words_of_thanks(text, glad):
    assert matched.thanks(pd.Series([text], dtype="string")).tolist() == [glad]


@given(st.lists(st.text(max_size=60), max_size=20))
def test_any_text_is_read(texts):
    assert len(matched.thanks(pd.Series(texts, dtype="string"))) == len(texts)


def test_e_values_are_those_of_the_paper():
    ratio = Estimate(3.9, "ratio", 1, "made", 1.8, 8.7)
    values = matched.e_value(ratio)
    assert values is not None
    assert values == pytest.approx((7.26, 3.0), abs=0.01)
    turned = matched.e_value(Estimate(1 / 3.9, "ratio", 1, "made", 1 / 8.7, 1 / 1.8))
    assert turned == pytest.approx((7.26, 3.0), abs=0.01)
    assert matched.e_value(Estimate(1.2, "ratio", 1, "made", 0.8, 2.0)) == pytest.approx((1.69, 1.0), abs=0.01)
