"""Shares of targets, complaints, reproach and first-person words, and the verdict that rests on them."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures import reading
from analysis.measures.estimate import Estimate, refused
from tests.scored_tables import at, scored


def table(targets: list[str | None], **columns: object) -> pd.DataFrame:
    times = [at("2025-07-01") + pd.Timedelta(minutes=number) for number in range(len(targets))]
    rows = scored(times, ["negative" if target else "neutral" for target in targets])
    rows["target"] = pd.array(targets, dtype="string")
    rows["complaint"] = columns.get("complaint", 0.0)
    rows["reproach"] = pd.array(columns.get("reproach", [0] * len(targets)), dtype="Int64")
    rows["first_person"] = columns.get("first_person", 0.1)
    rows["language"] = pd.array(columns.get("language", ["en"] * len(targets)), dtype="string")
    return rows


def test_shares_are_of_negative_mentions_and_known_of_the_told() -> None:
    found = reading.targets(table(["organisation"] * 30 + ["third_party"] * 10 + ["unclear"] * 20 + [None] * 40))
    assert found.organisation.value == pytest.approx(0.5)
    assert found.others.value == pytest.approx(1 / 6)
    assert found.unclear.value == pytest.approx(1 / 3)
    assert found.known.value == pytest.approx(0.75)
    assert found.organisation.n == 60
    assert not found.elsewhere


@pytest.mark.parametrize(
    ("own", "others", "elsewhere"), [(5, 45, True), (20, 30, False), (0, 29, False), (25, 25, False), (90, 10, False)]
)
def test_elsewhere_needs_thirty_told_and_the_whole_interval(own: int, others: int, elsewhere: bool) -> None:
    found = reading.targets(table(["organisation"] * own + ["rival"] * others))
    assert found.elsewhere == elsewhere


def test_one_author_cannot_move_the_crisis_elsewhere() -> None:
    rows = table(["organisation"] * 5 + ["customer"] * 45)
    rows.loc[5:, "author"] = "u_one0000000"
    assert not reading.targets(rows).elsewhere


def test_too_few_are_refused() -> None:
    found = reading.targets(table(["organisation"] * 5))
    assert found.known.reason == found.organisation.reason == "too_few"
    assert not found.elsewhere
    assert reading.complaints(table(["organisation"] * 5), 0.5).reason == "too_few"
    assert reading.first_person(table(["organisation"] * 5), "en").reason == "too_few"


def test_complaints_and_grades_leave_out_what_has_no_rules() -> None:
    score = [0.9] * 30 + [0.1] * 30 + [np.nan] * 40
    grades = [0] * 30 + [1] * 15 + [2] * 10 + [3] * 5 + [None] * 40
    rows = table([None] * 100, complaint=score, reproach=grades)
    assert reading.complaints(rows, 0.5).value == pytest.approx(0.5)
    assert [reading.reproach(rows)[grade].value for grade in range(4)] == pytest.approx([0.5, 0.25, 1 / 6, 1 / 12])
    assert reading.blaming(rows).value == pytest.approx(0.25)


def test_first_person_is_the_mean_of_one_language_without_reposts() -> None:
    rows = table([None] * 80, first_person=[0.1, 0.3] * 40, language=["en"] * 60 + ["zh"] * 20)
    rows.loc[:9, "kind"] = "repost"
    found = reading.first_person(rows, "en")
    assert found.value == pytest.approx(0.2)
    assert found.n == 50
    assert float(found.low or 0) < 0.2 < float(found.high or 0)
    assert reading.main_language(rows) == "en"
    assert reading.main_language(rows.assign(first_person=np.nan)) is None


def test_differences_are_only_said_where_they_are_sure() -> None:
    low, high = (Estimate(value, "share", 100, "made", value - 0.05, value + 0.05) for value in (0.2, 0.4))
    near = Estimate(0.22, "share", 100, "made", 0.17, 0.27)
    assert (reading.apart(high, low), reading.apart(low, high), reading.apart(near, low)) == (1, -1, 0)
    assert reading.apart(high, refused("share", "too_few")) == 0
