"""What recurs, what had been asked for, trends, associations, seasons, likeness and re-measurement: planted truths."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measures import associations as with_others
from analysis.measures import follow_through, nearest, recurrence, remeasure
from analysis.measures.recurrence import LEAST, THRESHOLDS
from analysis.measures.registry import Registry, Source, registry
from analysis.runs.published import sources
from analysis.scoring import cause_centres, clean, embedding
from analysis.workspace import Workspace
from tests.benchmarks.recurrence import registry as simulated
from tests.reports_fixture import VERSION, cause, follow, publish
from tests.scored_tables import at, hours, scored

FIRST, SECOND, THIRD = "2025-01-06", "2025-05-06", "2025-09-06"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


class Read:
    """All that is read of a workspace's reports."""

    def __init__(self, place: Workspace) -> None:
        self.sources: list[Source] = sources(place)[0]
        self.registry: Registry = registry(self.sources)
        middle = pd.concat([source.centres for source in self.sources], ignore_index=True)
        self.grouped = recurrence.groups(self.registry.causes, middle)
        self.asked = follow_through.asked(self.sources, self.registry.causes)
        self.table = recurrence.table(self.grouped, self.registry.causes, self.registry.rows, self.asked)

    @property
    def again(self) -> pd.DataFrame:
        return self.table[self.table["recurrence"] > 1]

    def pairs(self) -> list[tuple[str, str, str]]:
        found = follow_through.repeated(self.again, self.grouped, self.asked, self.registry.rows)
        return [(row["earlier"], row["later"], row["verdict"]) for row in found.to_dict("records")]


def test_the_same_entry_of_a_taxonomy_recurs(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "locks", key="locks"), cause(1, "prices", key="prices")], taxonomy="service")
    publish(place, "b", SECOND, [cause(4, "locks", key="locks"), cause(1, "staff", key="staff")], taxonomy="service")
    publish(place, "c", THIRD, [cause(0, "staff", key="staff", part_low=0.01)], taxonomy="service")
    read = Read(place)
    row = read.table.iloc[0]
    assert (row["names"]["en"], row["incidents"], row["by"], row["of"]) == ("locks", ["a", "b"], "taxonomy", 3)
    assert (row["recurrence"], row["severity"], row["exposure"]) == (2, 2.0, 4.0)
    assert len(read.again) == 1, "staff did not surely contribute to c"


def test_an_id_of_two_taxonomies_is_two_causes_unless_they_name_it_alike(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "late parcels", key="delivery"), cause(1, "fees", key="fees")])
    publish(place, "b", SECOND, [cause(0, "births", key="delivery"), cause(1, "Fees", key="fees")], taxonomy="service")
    assert [names["en"].casefold() for names in Read(place).again["names"]] == ["fees"]


def test_a_name_given_by_hand_recurs(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "Lost  parcels", origin="analyst")])
    publish(place, "b", SECOND, [cause(0, "lost parcels", origin="analyst")])
    publish(place, "c", THIRD, [cause(0, "lost parcels")])
    row = Read(place).again.iloc[0]
    assert (row["by"], row["incidents"]) == ("name", ["a", "b", "c"])


def test_generated_names_alone_match_nothing(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "app, login")])
    publish(place, "b", SECOND, [cause(0, "app, login")])
    assert Read(place).again.empty


def near(cosine: float, size: int = 8) -> list[float]:
    """A vector at that cosine from the first unit vector."""
    return [cosine, float(np.sqrt(1 - cosine**2)), *[0.0] * (size - 2)]


@pytest.mark.parametrize(("cosine", "found"), [(0.95, True), (0.89, False)])
def test_centroids_of_one_cause_lie_near_each_other(place: Workspace, cosine: float, found: bool):
    publish(place, "a", FIRST, [cause(0, "one")], centres={0: near(1.0)})
    publish(place, "b", SECOND, [cause(3, "another")], centres={3: near(cosine)})
    read = Read(place)
    assert (len(read.again) == 1) is found
    if found:
        assert read.again["by"].iloc[0] == "centroid"
        assert read.again["cosine"].iloc[0] == pytest.approx(cosine)


def test_only_the_nearest_of_an_incident_is_matched(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "one"), cause(1, "two")], centres={0: near(1.0), 1: near(0.96)})
    publish(place, "b", SECOND, [cause(0, "three")], centres={0: near(0.99)})
    grouped = Read(place).grouped
    assert not grouped.duplicated(["group", "incident"]).any()
    assert grouped["by"].notna().sum() == 2


def test_what_cannot_be_compared_is_not(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "one", stability=0.3)], centres={0: near(1.0)})
    publish(place, "b", SECOND, [cause(0, "two")], centres={0: near(0.99)})
    assert Read(place).again.empty, "another sample would have another cause"
    causes = Read(place).registry.causes.assign(stability=0.9)
    rows = [("a", 0, near(1.0), "en", VERSION, 40), ("b", 0, near(0.99), "en", VERSION, 40)]
    table = pd.DataFrame(rows, columns=["incident", "cause", "vector", "language", "version", "n"])
    assert recurrence.groups(causes, table)["by"].notna().all()
    for change in ({"version": ["one", "one"]}, {"version": [VERSION, "e5-small-int8-1"]}, {"language": ["en", "zh"]}):
        assert recurrence.groups(causes, table.assign(**change))["by"].isna().all()
    assert recurrence.groups(causes, table.assign(n=LEAST - 1))["by"].isna().all()
    keyed = causes.assign(key=["x", "y"], origin="taxonomy")
    assert recurrence.groups(keyed, table)["by"].isna().all(), "people told them apart"


def test_thresholds_are_those_of_the_embeddings_that_there_are():
    assert set(THRESHOLDS) == set(embedding.KEPT)
    assert LEAST == cause_centres.FEWEST


def test_brands_are_never_matched(place: Workspace):
    for name, day, brand in (("a", FIRST, "Acme"), ("b", SECOND, "Bolt"), ("c", THIRD, "Acme")):
        publish(place, name, day, [cause(0, "locks", key="locks")], brand=brand, taxonomy="service")
    read = Read(place)
    assert read.again["incidents"].tolist() == [["a", "c"]]
    assert read.again["of"].tolist() == [2]
    assert follow_through.history(read.registry.rows, read.grouped)["earlier"].tolist() == [0, 0, 1]


def test_vulnerability_needs_follow_ups_that_are_tracked(place: Workspace):
    for name, day, severity in (("a", FIRST, 2), ("b", SECOND, 4)):
        publish(place, name, day, [cause(0, "locks", key="locks")], taxonomy="service", severity=severity)
    row = Read(place).table.iloc[0]
    assert (row["exposure"], row["reason"]) == (6.0, "not_recorded")
    assert pd.isna(row["vulnerability"])
    follow(place, "a", "lesson0", "verified", "2025-02-01")
    row = Read(place).table.iloc[0]
    assert (row["vulnerability"], row["asked"], row["closed"], row["reason"]) == (0.0, 1, 1, None)
    follow(place, "b", "lesson0", "dropped")
    row = Read(place).table.iloc[0]
    assert (row["open_share"], row["vulnerability"]) == (0.5, 3.0), "what was dropped changed nothing"


@pytest.mark.parametrize(
    ("state", "verified_on", "verdict"),
    [
        ("open", "", "open"),
        ("in_progress", "", "open"),
        ("verified", "2025-05-07", "open"),  # a day after it came again
        ("verified", "2025-05-06", "closed"),
        ("done", "2025-02-01", "closed"),
        ("done", "", "unknown"),
        ("dropped", "", "dropped"),
    ],
)
def test_what_a_follow_up_was_when_it_came_again(place: Workspace, state: str, verified_on: str, verdict: str):
    for name, day in (("a", FIRST), ("b", SECOND)):
        publish(place, name, day, [cause(0, "locks", key="locks")], taxonomy="service")
    follow(place, "a", "lesson0", state, verified_on, "2025-04-01")
    read = Read(place)
    assert read.pairs() == [("a", "b", verdict)]
    late = follow_through.repeated(read.again, read.grouped, read.asked, read.registry.rows)["overdue"].iloc[0]
    assert late == (verdict == "open")


def test_it_came_again_though_nobody_had_asked_or_nobody_knows(place: Workspace):
    both = [cause(0, "locks", key="locks"), cause(1, "fees", key="fees")]
    publish(place, "a", FIRST, both, taxonomy="service", about=(1,))
    publish(place, "b", SECOND, both, taxonomy="service", about=())
    publish(place, "c", THIRD, both[:1], taxonomy="service", about=())
    assert Read(place).pairs() == [("a", "b", "unknown"), ("a", "b", "unasked"), ("b", "c", "unasked")]


def test_history_looks_back_two_years(place: Workspace):
    for name, day in (("a", "2021-01-06"), ("b", "2023-06-06"), ("c", "2025-05-06")):
        publish(place, name, day, [cause(0, "locks", key="locks")], taxonomy="service")
    read = Read(place)
    found = follow_through.history(read.registry.rows, read.grouped)
    assert found["matched"].tolist() == [[], [], ["b"]]
    assert found["intensifies"].tolist() == [False, False, True]


WHEN = [at("2020-01-01") + pd.Timedelta(days=200 * k) for k in range(8)]


def test_a_trend_is_found_and_needs_five():
    told = with_others.trend(WHEN, [20.0, 17, 15, 16, 10, 8, 5, 4], "hours")
    assert told.direction == -1
    assert told.slope.value == pytest.approx(-16 / (1400 / 365.25), rel=0.2)
    assert float(told.slope.high or 0) < 0
    assert with_others.trend(WHEN, [5.0, 9, 4, 8, 6, 7, 5, 8], "hours").direction == 0
    few = with_others.trend(WHEN, [20.0, 17, None, 16, None, None, 5, None], "hours")
    assert (few.slope.reason, few.slope.n, few.p) == ("too_few", 4, None)
    assert with_others.trend(WHEN[:5], [3.0] * 5, "hours").slope.value is None


def test_trends_by_chance_are_one_in_twenty():
    draw = np.random.default_rng(3)
    found = [with_others.trend(WHEN, draw.normal(size=8).tolist(), "hours").direction != 0 for _ in range(200)]
    assert np.mean(found) <= 0.08


def test_rules_are_found_where_there_is_one_and_not_where_there_is_none():
    draw = np.random.default_rng(1)
    empty = [with_others.associations(*simulated(draw, 20, 8, effect=False))["rule"].any() for _ in range(80)]
    assert np.mean(empty) <= 0.06, "3 in 100 over many more"
    tables = [with_others.associations(*simulated(draw, 40, 4, effect=True)) for _ in range(20)]
    assert np.mean([table.loc[table["feature"] == "f0", "rule"].any() for table in tables]) >= 0.9
    row = tables[0].set_index("feature").loc["f0"]
    assert row["lift"] > 1.4
    assert row["median_with"] < row["median_without"]
    assert row["support"] == pytest.approx(row["confidence"] * row["with_it"] / row["n"])


def test_under_eight_incidents_there_is_a_table_and_no_rule():
    given = pd.DataFrame({"apology": [True] * 3 + [False] * 4, "same": [True] * 7})
    table = with_others.associations(given, pd.Series([1.0, 2, 3, 30, 31, 32, 33]))
    assert table["feature"].tolist() == ["apology"], "what all have tells nothing"
    assert table["p"].isna().all()
    assert not table["rule"].any()
    assert table["median_with"].iloc[0] == 2.0
    assert with_others.associations(given, pd.Series([None] * 7, dtype=float)).empty


def test_benjamini_and_hochberg_by_hand():
    short = pd.Series([1.0] * 6 + [9.0] * 6)
    table = with_others.associations(
        pd.DataFrame({"a": [True] * 6 + [False] * 6, "b": [True] * 5 + [False] * 7, "c": [True, False] * 6}), short
    )
    p = table["p"].to_numpy()
    assert table["q"].to_numpy() == pytest.approx([min(3 * p[0], 1.5 * p[1], p[2]), min(1.5 * p[1], p[2]), p[2]])


def test_seasons_gather_or_not_and_need_eight():
    winter = [at(f"{2015 + k}-{12 if k % 2 else 1}-{5 + k:02d}") for k in range(8)]
    told = with_others.season(winter, "month")
    assert told.around in (12, 1)
    spread = [at(f"2020-{1 + k:02d}-10") for k in range(12)]
    assert with_others.season(spread, "month").around is None
    assert with_others.season(winter[:7], "month").p is None
    mondays = [at("2024-01-01") + pd.Timedelta(days=7 * k) for k in range(9)]
    assert with_others.season(mondays, "weekday").around == 0
    draw = np.random.default_rng(4)
    chance = [
        with_others.season([at("2020-01-01") + pd.Timedelta(days=int(d)) for d in draw.integers(0, 1461, 10)], "month")
        for _ in range(300)
    ]
    assert np.mean([one.around is not None for one in chance]) <= 0.07


def test_the_nearest_earlier_incident_is_by_recorded_facts(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "locks", key="locks")], taxonomy="service", half=10.0)
    publish(place, "b", "2025-03-06", [cause(0, "fees", key="fees")], taxonomy="service", half=90.0, severity=4)
    publish(place, "other", "2025-03-20", [cause(0, "locks", key="locks")], brand="Bolt", taxonomy="service")
    publish(place, "c", SECOND, [cause(0, "locks", key="locks")], taxonomy="service", half=11.0)
    publish(place, "later", THIRD, [cause(0, "locks", key="locks")], taxonomy="service", half=11.0)
    read = Read(place)
    held = {name: set(own["group"]) for name, own in read.grouped.groupby("incident")}
    found = nearest.nearest(read.registry.rows, held, "c")
    assert found["incident"].tolist() == ["a", "b"], "neither another brand's nor later ones"
    assert found["likeness"].iloc[0] > 0.9 > found["likeness"].iloc[1]
    assert {"causes", "half_life", "severity"} <= set(found["matched"].iloc[0])
    assert not {"causes", "half_life"} & set(found["matched"].iloc[1])
    assert nearest.nearest(read.registry.rows, held, "a").empty
    unknown = read.registry.rows.assign(**dict.fromkeys(nearest.FACTS.keys() - {"causes"}))
    assert nearest.nearest(unknown, held, "c").empty, "too little is known of both"
    none = nearest.nearest(read.registry.rows, held | {"a": set()}, "c").set_index("incident")
    assert none.loc["a", "likeness"] < found["likeness"].iloc[0], "no cause in common is a difference"
    open_ = nearest.nearest(read.registry.rows, {"c": held["c"]}, "c").set_index("incident")
    assert open_.loc["a", "compared"] == none.loc["a", "compared"] - 1, "unknown causes are not compared"


def test_signs_are_counted_where_they_are_known(place: Workspace):
    publish(place, "a", FIRST, [cause(0, "one", state="recurring")])
    publish(place, "b", SECOND, [cause(0, "two")], platforms=["weiyu"])
    rows = Read(place).registry.rows
    found = nearest.signs(rows).set_index("sign")
    assert tuple(found.loc["before_peak", ["n", "of"]]) == (2, 2)
    assert tuple(found.loc["forerunner", ["n", "of"]]) == (1, 2)
    assert tuple(found.loc["platform:weiyu", ["n", "of"]]) == (1, 2)
    unknown = nearest.signs(rows.assign(cue_first=None)).set_index("sign")
    assert unknown.loc["cue_first", "reason"] == "not_recorded"


def test_centres_are_means_of_kept_vectors(tmp_path: Path):
    texts = [f"the lock of bike number {number} jams" for number in range(12)] + ["a fee", "A fee"]
    kept = embedding.store(tmp_path)
    made = np.eye(384, dtype=np.float32)[[number % 3 for number in range(12)]]
    kept.put(clean.for_topics(texts[:12], ["Acme"]), made)
    table = scored([END] * 14, ["negative"] * 14, cause=[0] * 12 + [1, 1], text=texts, language="en")
    found = cause_centres.centres(table, {"en": VERSION}, ["Acme"], kept)
    assert found[["cause", "language", "version", "n"]].to_numpy().tolist() == [[0, "en", VERSION, 12]]
    assert found["vector"].iloc[0][:4] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0], abs=1e-4)
    assert cause_centres.centres(table, {"en": "transformers-x"}, [], kept).empty, "not kept where it is looked for"
    assert cause_centres.centres(table.iloc[:9], {"en": VERSION}, ["Acme"], kept).empty, "few people's texts"


END = at("2024-02-10")
BEFORE = (at("2024-01-01"), at("2024-02-05"))


def test_dates_to_measure_again():
    found = remeasure.dates(at("2024-02-29"))
    assert found["days"].tolist() == [30, 60, 90, 365]
    assert found["due"].iloc[-1] == at("2025-02-28")


def test_what_was_measured_again_and_what_was_not():
    days = pd.date_range(BEFORE[0], END + pd.Timedelta(days=95), freq="3h").as_unit("us")
    harmed = [(k % 10 < 3) if day < BEFORE[1] else (k % 10 < 7) for k, day in enumerate(days)]
    table = scored(list(days), ["negative" if bad else "positive" for bad in harmed])
    seen = hours("2024-01-01", "2024-05-15", unseen=[("2024-04-06", "2024-04-07")])
    others = [("x", END, at("2024-03-06")), ("y", at("2024-03-08"), at("2024-03-09"))]
    found = remeasure.measured("x", table, seen, BEFORE, END, at("2024-05-20"), others).set_index("mark")
    assert found["state"].tolist() == ["done", "impossible", "done", "to_come"]
    assert found.loc["60", "reason"] == "not_seen"
    assert found.loc["30", "during"] == "y", "another incident lies over its week"
    assert found.loc["30", "change"] == pytest.approx(-0.8, abs=0.1)
    assert found.loc["90", "high"] < 0
    late = remeasure.measured("x", table, seen, BEFORE, END, at("2026-01-01")).set_index("mark")
    assert late.loc["anniversary", "state"] == "missing"
    nothing = remeasure.unread("x", END, at("2024-04-01"), "not_seen")
    assert nothing["state"].tolist() == ["impossible", "to_come", "to_come", "to_come"]
    assert list(nothing.columns) == list(found.reset_index()[list(nothing.columns)].columns)
