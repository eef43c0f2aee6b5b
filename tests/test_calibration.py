"""Calibration against a truth that was simulated: a scorer that leans, people who label, days whose mix shifts."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from analysis import labels
from analysis.measures import calibrated
from analysis.measures.calibrated import Calibration
from analysis.measures.calibration import FEWEST, OFFSET_UP_TO, Evidence, Refusal, calibrate
from tests.scored_tables import at

NAMES = np.array(labels.LABELS)
MIX = (0.5, 0.3, 0.2)


class World:
    """`n` mentions whose classes are known, and a scorer that sees them through noise and leans to the positive."""

    def __init__(
        self, seed: int, n: int = 3000, mix: tuple[float, ...] = MIX, scorer: str = "head 1", sureness: float = 0.6
    ) -> None:
        rng = np.random.default_rng(seed)
        self.truth = rng.choice(3, size=n, p=mix)
        signal = np.eye(3)[self.truth] * 1.8 + rng.normal(size=(n, 3))
        logits = sureness * signal + np.array([0.0, 0.2, 0.7])
        chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        ids = [f"{scorer[0]}{k:06d}" for k in range(n)]
        hours = at("2025-01-01") + pd.to_timedelta(np.arange(n), "min")
        self.mentions = pd.DataFrame(
            {"id": ids, "text": ids, "author": ids, "published_at": hours, "kind": "post", "from_brand": False}
        ).assign(scorer=scorer)
        self.mentions[[f"p_{name}" for name in labels.LABELS]] = chances
        vectors = np.hstack([signal + rng.normal(size=(n, 3)), rng.normal(size=(n, 13))])
        self.evidence = Evidence(pd.Index(ids), scorer, [chances], vectors.astype(np.float16))

    def labelled(self, n: int, seed: int = 0) -> pd.DataFrame:
        sample = labels.draw(self.mentions, n, seed)
        place = self.evidence.ids.get_indexer(pd.Index(sample["id"]))
        said = pd.DataFrame({"label": NAMES[self.truth[place]], "share": 1.0}, pd.Index(sample["id"]))
        return labels.weigh(said, sample)

    def calibration(self, n: int) -> Calibration:
        made, refusals = calibrate([self.evidence], self.labelled(n))
        assert made is not None
        assert not refusals
        return made

    def days(self, count: int, size: int, shifted: bool, seed: int) -> Iterator[np.ndarray]:
        """Rows of groups: drawn at random, or to a mix of classes of their own."""
        rng = np.random.default_rng(seed)
        own = [np.flatnonzero(self.truth == side) for side in range(3)]
        for _ in range(count):
            if shifted:
                drawn = rng.multinomial(size, rng.dirichlet(np.ones(3)))
                yield np.concatenate([rng.choice(rows, k) for rows, k in zip(own, drawn, strict=True)])
            else:
                yield rng.choice(len(self.truth), size, replace=False)

    def net(self, rows: np.ndarray) -> float:
        return float((self.truth[rows] - 1).mean())

    def negative(self, rows: np.ndarray) -> float:
        return float((self.truth[rows] == 0).mean())


def holding(worlds: range, n: int, shifted: bool, days: int, size: int = 150) -> tuple[float, float, float]:
    """How often the intervals of net sentiment and of the negative share hold the truth, and the mean error of net."""
    held, off = [], []
    for seed in worlds:
        world = World(seed)
        made = world.calibration(n)
        for rows in world.days(days, size, shifted, seed):
            net, share = made.both(world.mentions.iloc[rows])
            held.append([net.low <= world.net(rows) <= net.high, share.low <= world.negative(rows) <= share.high])
            off.append(abs(net.value - world.net(rows)))
    both = np.mean(held, axis=0)
    return float(both[0]), float(both[1]), float(np.mean(off))


@pytest.mark.parametrize("shifted", [False, True])
def test_intervals_hold_the_truth(shifted: bool):
    net, share, _ = holding(range(12), 200, shifted, days=8)
    assert 0.88 <= net <= 1.0
    assert 0.88 <= share <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 100, 200])
@pytest.mark.parametrize("shifted", [False, True])
def test_intervals_hold_the_truth_over_many_worlds(shifted: bool, n: int):
    net, share, _ = holding(range(150), n, shifted, days=8)
    assert 0.90 <= net <= 0.99
    assert 0.90 <= share <= 0.99


def test_levels_are_put_right_and_more_labels_help():
    world = World(1)
    raw = world.mentions[[f"p_{name}" for name in labels.LABELS]].to_numpy().argmax(axis=1) - 1
    rows = [*world.days(20, 200, False, 2)]
    errors = {
        n: np.mean([abs(world.calibration(n).net_sentiment(world.mentions.iloc[r]).value - world.net(r)) for r in rows])
        for n in (60, 400)
    }
    uncalibrated = np.mean([abs(raw[r].mean() - world.net(r)) for r in rows])
    assert errors[400] < 0.08 < uncalibrated
    assert errors[60] < uncalibrated


@pytest.mark.parametrize("sureness", [3.0, 12.0])
@pytest.mark.parametrize("n", [60, 100])
def test_a_scorer_that_is_too_sure_is_calibrated_all_the_same(n: int, sureness: float):
    """Whole steps of Newton's method run away from such scores: levels then said nothing of what people say."""
    off = []
    for seed in range(8):
        world = World(seed, sureness=sureness)
        made = world.calibration(n)
        off += [
            made.net_sentiment(world.mentions.iloc[rows]).value - world.net(rows)
            for rows in world.days(4, 300, False, seed)
        ]
    assert np.abs(off).mean() < 0.12


def test_the_stack_uses_vectors_that_the_scorer_does_not_see():
    world = World(3)
    few, many = world.calibration(OFFSET_UP_TO), world.calibration(300)
    assert not few.fits[0].stacked
    assert many.fits[0].stacked
    right = [(made.classes(world.mentions) == NAMES[world.truth]).mean() for made in (few, many)]
    assert right[1] > right[0]


def risen(seed: int, share: float) -> bool | None:
    """Whether the negative share is said to have risen from .3 to `share`."""
    before, during = World(seed, 1500, (0.3, 0.5, 0.2)), World(seed + 1000, 1500, (share, 0.8 - share, 0.2), "other 1")
    during.mentions = during.mentions.assign(scorer="head 1")
    both = pd.concat([before.mentions, during.mentions], ignore_index=True)
    evidence = Evidence(
        pd.Index(both["id"]),
        "head 1",
        [both[[f"p_{name}" for name in labels.LABELS]].to_numpy()],
        np.vstack([before.evidence.vectors, during.evidence.vectors]),
    )
    said = pd.DataFrame({"label": NAMES[np.concatenate([before.truth, during.truth])], "share": 1.0}, both["id"])
    sample = labels.draw(both, 200)
    made, _ = calibrate([evidence], labels.weigh(said.loc[sample["id"]], sample))
    assert made is not None
    return made.rise(before.mentions, during.mentions).rose


def test_a_rise_is_found_and_none_is_made_up():
    assert sum(bool(risen(seed, 0.5)) for seed in range(6)) == 6
    assert sum(bool(risen(seed, 0.3)) for seed in range(12)) <= 2


@pytest.mark.slow
def test_power_and_false_alarms_of_the_rise():
    assert np.mean([bool(risen(seed, 0.3)) for seed in range(100)]) <= 0.06
    assert np.mean([bool(risen(seed, 0.4)) for seed in range(40)]) >= 0.9


def test_too_few_labels_and_one_class_are_refused():
    world = World(4)
    made, refusals = calibrate([world.evidence], world.labelled(FEWEST - 1))
    assert made is None
    assert refusals == [Refusal("head 1", "few_labels", FEWEST - 1, 3000)]
    alike = world.labelled(80).assign(label="negative")
    assert calibrate([world.evidence], alike)[1] == [Refusal("head 1", "one_class", 80, 3000)]
    assert calibrate([world.evidence], world.labelled(80).iloc[:0])[1][0].have == 0
    assert calibrate([], world.labelled(80)) == (None, [])


def test_a_class_that_nobody_used_is_absent():
    world = World(5, mix=(0.6, 0.4, 0.0))
    net, share = world.calibration(150).both(world.mentions)
    assert net.value == pytest.approx(-share.value, abs=0.01)
    assert share.low <= 0.6 <= share.high


def test_small_groups_and_groups_of_others_are_refused():
    world = World(6)
    made = world.calibration(200)
    assert made.net_sentiment(world.mentions.head(29)).reason == "too_few"
    assert made.net_sentiment(world.mentions.head(29)).n == 29
    assert made.negative_share(world.mentions.head(29), minimum=10).value is not None
    assert made.net_sentiment(world.mentions.assign(scorer="head 2")).reason == "not_covered"
    assert made.change(world.mentions.head(10), world.mentions, "net").reason == "too_few"
    assert made.rise(world.mentions.head(10), world.mentions).rose is None
    unscored = world.mentions.assign(**{f"p_{name}": np.nan for name in labels.LABELS}, scorer=pd.NA)
    assert made.negative_share(unscored).reason == "too_few"
    assert made.covers(unscored)
    assert made.negative_share(pd.concat([world.mentions, unscored])) == made.negative_share(world.mentions)


def test_a_few_mentions_of_a_scorer_without_labels_widen_the_interval():
    world, other = World(7), World(8, 200, scorer="other 1")
    made = world.calibration(200)
    alone, mixed = made.negative_share(world.mentions), made.negative_share(pd.concat([world.mentions, other.mentions]))
    assert mixed.n == 3200
    assert mixed.high - mixed.low == pytest.approx(alone.high - alone.low + 200 / 3200, abs=0.02)
    assert made.covers(pd.concat([world.mentions, other.mentions]))
    many = pd.concat([world.mentions.head(300), other.mentions])
    assert not made.covers(many)
    assert made.negative_share(many).reason == "not_covered"


def test_what_is_not_in_the_evidence_is_stood_for_by_what_is():
    world = World(9)
    half = world.evidence
    kept = np.sort(np.random.default_rng(0).choice(3000, 1500, replace=False))
    table = world.labelled(200)
    kept = np.union1d(kept, half.ids.get_indexer(table.index))
    part = Evidence(half.ids[kept], "head 1", [half.chances[0][kept]], half.vectors[kept])
    made, _ = calibrate([part], table)
    assert made is not None
    share = made.negative_share(world.mentions)
    assert share.n == len(kept)
    assert share.low <= world.negative(np.arange(3000)) <= share.high
    assert made.negative_share(world.mentions.drop(index=kept)).reason == "too_few"


def test_the_same_every_time_and_whatever_the_order():
    world = World(10)
    table = world.labelled(200)
    first, _ = calibrate([world.evidence], table)
    again, _ = calibrate([world.evidence], table.sample(frac=1, random_state=1))
    assert first is not None
    assert again is not None
    assert first.both(world.mentions) == again.both(world.mentions)


def test_two_people_who_say_the_same_are_as_one_and_who_differ_are_met_halfway():
    world = World(14)
    table = world.labelled(200)
    first, _ = calibrate([world.evidence], table)
    twice = pd.concat([table.assign(share=0.5, weight=table["weight"] / 2)] * 2)
    again, _ = calibrate([world.evidence], twice)
    assert first is not None
    assert again is not None
    assert again.labels == 200
    alone, together = first.negative_share(world.mentions), again.negative_share(world.mentions)
    assert together.value == pytest.approx(alone.value, abs=0.01)
    assert together.high - together.low == pytest.approx(alone.high - alone.low, rel=0.2)
    milder = table.assign(share=0.5, weight=table["weight"] / 2, label=table["label"].replace("negative", "neutral"))
    halfway, _ = calibrate([world.evidence], pd.concat([twice.iloc[:200], milder]))
    assert halfway is not None
    assert 0.3 * alone.value < halfway.negative_share(world.mentions).value < 0.75 * alone.value


def test_reposts_and_the_organisations_own_posts():
    world = World(11)
    made = world.calibration(200)
    kinds = world.mentions.assign(kind=np.where(world.truth == 0, "repost", "post"))
    assert made.negative_share(kinds, reposts=False).value < made.negative_share(kinds).value - 0.3
    own = pd.concat([world.mentions, world.mentions.assign(from_brand=True)])
    assert made.negative_share(own) == made.negative_share(world.mentions)


def test_many_posts_of_one_author_widen_the_interval():
    world = World(12)
    made = world.calibration(400)
    alone = made.negative_share(world.mentions.head(600), sampling=True)
    few = world.mentions.head(600).sort_values("p_negative").assign(author=[f"a{k // 60}" for k in range(600)])
    together = made.negative_share(few, sampling=True)
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_estimates_stay_in_their_bounds():
    world = World(13, mix=(0.97, 0.02, 0.01))
    for rows in world.days(5, 40, False, 1):
        net, share = calibrated.Calibration(world.calibration(100).fits).both(world.mentions.iloc[rows])
        assert -1 <= net.low <= net.value <= net.high <= 1
        assert 0 <= share.low <= share.value <= share.high <= 1
