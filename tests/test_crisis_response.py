"""Whether what was said fitted: threat, match, consistency, who spoke first, and history."""

import pandas as pd
import pytest

from analysis.measures import crisis_response as measure
from analysis.measures.estimate import Estimate, refused

NOON = pd.Timestamp("2026-03-10 12:00", tz="UTC")
HOUR = pd.Timedelta(hours=1)


@pytest.mark.parametrize(
    ("cluster", "history", "bad", "level"),
    [
        ("victim", False, False, 0), ("victim", True, None, 1), ("victim", True, True, 2),
        ("accidental", False, None, 1), ("accidental", True, True, 2),
        ("preventable", False, False, 2), ("preventable", True, True, 2),
    ],
)  # fmt: skip
def test_a_threat_grows_with_history_and_a_bad_name_and_stops_at_two(cluster, history, bad, level) -> None:
    assert measure.threat(cluster, history, bad).level == level


@pytest.mark.parametrize(
    ("family", "level", "rumour", "score"),
    [
        ("rebuild", 2, False, 1.0), ("diminish", 2, False, 0.0), ("base", 2, False, 0.0), ("deny", 2, False, 0.0),
        ("diminish", 1, False, 1.0), ("rebuild", 1, False, 0.5), ("base", 1, False, 0.0),
        ("base", 0, False, 1.0), ("diminish", 0, False, 0.5), ("rebuild", 0, False, 0.5), ("deny", 0, False, 0.0),
        ("deny", 0, True, 1.0), ("deny", 2, True, 0.0), (None, 1, False, None),
    ],
)  # fmt: skip
def test_score(family, level, rumour, score) -> None:
    assert measure.score(family, level, rumour) == score


@pytest.mark.parametrize(
    ("families", "kind", "family"),
    [
        ([], "none", None),
        ([["base"], ["bolster"]], "none", "base"),
        ([["bolster"]], "none", None),
        ([["rebuild"], ["rebuild", "base"]], "one_line", "rebuild"),
        ([["deny"], ["deny", "bolster"]], "one_line", "deny"),
        ([["diminish"], ["rebuild"]], "one_line", "rebuild"),
        ([["deny", "diminish"], ["rebuild"], ["rebuild"]], "turn", "rebuild"),
        ([["deny"], ["base"], ["rebuild"]], "turn", "rebuild"),
        ([["deny", "diminish"]], "mixed", "deny"),
        ([["rebuild"], ["deny"]], "mixed", "deny"),
        ([["deny"], ["rebuild"], ["deny"]], "mixed", "deny"),
    ],
)
def test_order_tells_a_turn_from_a_mixture(families, kind, family) -> None:
    assert measure.consistency(families) == kind
    assert measure.dominant(families) == family


def test_a_cluster_is_suggested_from_signs_and_the_gravest_wins() -> None:
    assert measure.suggest([]) == (None, ())
    assert measure.suggest(["safety", "type_accidental"]) == ("accidental", ("type_accidental", "safety"))
    assert measure.suggest(["victimage", "safety", "admitted"])[0] == "preventable"
    assert measure.suggest(["type_victim", "safety"])[0] == "victim"
    assert measure.suggest(["violence", "type_accidental"])[0] == "preventable"
    assert measure.harm(["the guard beat him", "he was assaulted", "unsafe brakes"]) == "violence"
    assert measure.harm(["the brakes failed and she was hurt", "he was assaulted"]) == measure.harm([]) == "safety"
    assert measure.signs_of_type("product safety") == ["type_accidental"]
    assert measure.signs_of_type("黑客攻击") == ["type_victim"]
    assert measure.signs_of_type("pricing") == measure.signs_of_type(None) == []
    assert measure.rumour("a rumour of poison")
    assert not measure.rumour(None)


def test_history_is_of_the_same_kind_or_of_a_cause_of_the_same_name() -> None:
    earlier = pd.DataFrame(
        {"id": ["a", "b", "c"], "crisis_type": ["Outage", None, "pricing"], "causes": [[], ["Charged twice"], []]}
    )
    assert measure.like(earlier, "outage ", [])["id"].tolist() == ["a"]
    assert measure.like(earlier, None, ["charged twice"])["id"].tolist() == ["b"]
    assert measure.like(earlier, None, []).empty
    assert measure.like(earlier.head(0), "outage", ["x"]).empty


def test_a_bad_name_is_one_that_is_surely_bad() -> None:
    assert measure.bad_name(Estimate(-0.7, "net", 90, "made", -0.8, -0.6)) is True
    assert measure.bad_name(Estimate(-0.6, "net", 90, "made", -0.8, -0.4)) is False
    assert measure.bad_name(refused("net", "too_few")) is None


def hours(start: pd.Timestamp, n: int, unseen: int | None = None) -> pd.DataFrame:
    table = pd.DataFrame({"hour": pd.date_range(start, periods=n, freq="h"), "state": "seen"})
    if unseen is not None:
        table.loc[unseen, "state"] = "unseen"
    return table


def complaints(*times: pd.Timestamp) -> pd.DataFrame:
    return pd.DataFrame(
        {"id": [f"m{i}" for i in range(len(times))], "published_at": pd.DatetimeIndex(list(times), tz="UTC")}
    )


WEEKS = hours(NOON - 14 * 24 * HOUR, 20 * 24)


def test_others_spoke_first_is_sure_whatever_was_not_collected() -> None:
    found = measure.thunder(NOON + 3 * HOUR, True, complaints(NOON), NOON - HOUR, hours(NOON, 2, 0))
    assert (found.verdict, found.lead.value) == ("not", 3.0)


def test_the_organisation_spoke_first() -> None:
    told = complaints(NOON + 2 * HOUR)
    assert measure.thunder(NOON, True, told, NOON, WEEKS).verdict == "stolen"
    assert measure.thunder(NOON, False, told, NOON, WEEKS).verdict == "announced"
    older = complaints(NOON - 50 * HOUR, NOON + 2 * HOUR)
    assert measure.thunder(NOON, True, older, NOON, WEEKS).verdict == "was_there"


def test_the_organisation_may_have_spoken_first() -> None:
    told = complaints(NOON + 2 * HOUR)
    gap = hours(NOON - 14 * 24 * HOUR, 20 * 24, 13 * 24)
    for coverage in (gap, hours(NOON - HOUR, 48)):
        found = measure.thunder(NOON, True, told, NOON, coverage)
        assert (found.verdict, found.lead.reason) == ("refused", "not_seen")
    assert measure.thunder(None, True, told, NOON, WEEKS).lead.reason == "no_actions"
    assert measure.thunder(NOON, True, complaints(), NOON, WEEKS).lead.reason == "too_few"


def test_what_several_channels_say_is_one_statement() -> None:
    rows = pd.DataFrame(
        {
            "when": pd.DatetimeIndex([NOON + 5 * HOUR, NOON, NOON], tz="UTC"),
            "source": ["post", "post", "log"],
            "id": ["m9", "m1", None],
            "text": ["c", "a", "b"],
            "found": [{"apology": ["sorry"]}, {"denial": ["untrue"]}, {"denial": [], "reminder": ["years"]}],
        }
    )
    made = measure.together(rows, HOUR)
    assert made["ids"].tolist() == [["m1"], ["m9"]]
    assert made["sources"].tolist() == [["log", "post"], ["post"]]
    assert made["found"].iloc[0] == {"denial": ["untrue"], "reminder": ["years"]}
    assert measure.together(rows.head(0), HOUR).empty
