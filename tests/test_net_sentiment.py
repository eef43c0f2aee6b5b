import numpy as np
import pandas as pd
import pytest

from analysis.measures import sentiment
from tests.scored_tables import at, scored

NOON = at("2024-05-01 12:00")


def some(negative: int, neutral: int, positive: int, **columns: object) -> pd.DataFrame:
    labels = ["negative"] * negative + ["neutral"] * neutral + ["positive"] * positive
    return scored([NOON] * len(labels), labels, **columns)


def test_labels_are_the_likeliest_and_null_where_unscored():
    table = scored([NOON] * 3, ["negative", None, "positive"])
    assert sentiment.labels(table).fillna("-").tolist() == ["negative", "-", "positive"]


def test_net_is_over_scored_mentions_of_people():
    table = pd.concat([some(30, 20, 10), scored([NOON] * 40, [None] * 40)])
    net = sentiment.net(table)
    assert net.value == pytest.approx(-20 / 60)
    assert net.n == 60
    assert net.low < net.value < net.high
    brand = some(0, 0, 500, from_brand=True)
    assert sentiment.net(pd.concat([table, brand])) == net


def test_reposts_count_unless_left_out():
    table = pd.concat([some(40, 0, 0), some(0, 0, 40, kind="repost")])
    assert sentiment.net(table).value == 0
    assert sentiment.net(table, reposts=False).value == -1


def test_too_few_is_refused():
    assert sentiment.net(some(20, 5, 4)).reason == "too_few"
    assert sentiment.net(some(20, 5, 4)).n == 29
    assert sentiment.negative_share(some(0, 0, 0)).reason == "too_few"
    assert sentiment.negative_share(some(3, 1, 0)).value == 0.75


def test_agreement_of_all_is_no_certainty():
    net = sentiment.net(some(40, 0, 0))
    assert net.value == net.low == -1
    assert net.high > -0.97


def test_one_author_with_many_mentions_is_one_voice():
    many = sentiment.negative_share(some(60, 40, 0))
    one = sentiment.negative_share(some(60, 40, 0, author=["u_a"] * 50 + [f"u_{i}" for i in range(50)]))
    assert one.high - one.low > 2 * (many.high - many.low)


def test_intervals_hold_the_truth_with_repeat_authors():
    rng, draws, held = np.random.default_rng(4), 400, np.zeros(2)
    truth = np.array([0.6, 0.3, 0.1])
    for _ in range(draws):
        author = np.repeat(np.arange(120), np.minimum(rng.zipf(2.2, 120), 30))
        leaning = rng.dirichlet(truth * 7 / 3, 120).cumsum(axis=1)[author]  # intraclass correlation 0.3
        vote = np.clip((rng.random(len(author))[:, None] > leaning).sum(axis=1) - 1.0, -1, 1)
        net, share = sentiment.net_of(vote, author), sentiment.negative_of(vote, author)
        held += [net.low <= -0.5 <= net.high, share.low <= 0.6 <= share.high]
    slack = 3 * np.sqrt(0.95 * 0.05 / draws)
    assert (held / draws > 0.95 - slack).all(), held / draws


def test_a_rise_is_seen_and_noise_is_not():
    before = some(100, 100, 50)
    assert sentiment.rise(before, some(150, 60, 20)).rose is True
    assert sentiment.rise(before, some(41, 40, 20)).rose is False
    assert sentiment.rise(before, some(10, 60, 180)).rose is False
    short = sentiment.rise(before, some(20, 0, 0))
    assert short.rose is None
    assert short.difference.reason == "too_few"


def test_rises_out_of_nothing_stay_near_the_nominal_rate():
    rng, draws, false = np.random.default_rng(5), 200, 0
    for _ in range(draws):
        tables = []
        for _ in range(2):
            author = np.repeat(np.arange(60), rng.integers(1, 5, 60))
            negative = rng.random(len(author)) < rng.beta(1.2, 1.2, 60)[author]
            labels = np.where(negative, "negative", "neutral")
            tables.append(scored([NOON] * len(labels), labels, author=[f"u_{a}" for a in author]))
        false += sentiment.rise(*tables).rose is True
    assert false / draws < 0.025 + 3 * np.sqrt(0.025 * 0.975 / draws)
