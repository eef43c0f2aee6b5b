"""The report says how many mentions have no score, and why; they are never neutral."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.incident import Incident, Window
from analysis.measures.sentiment import negative_share, net
from analysis.questions import calibration
from analysis.questions.case import Case
from tests.scored_tables import at, hours, scored

ROWS = [  # label, language, note
    ("negative", "en", None),
    ("positive", "en", "mixed"),
    ("negative", "zh", "too_short"),
    (None, "es", None),
    (None, "es", None),
    (None, "de", None),
    (None, "fr", "mixed"),
    (None, None, "too_short"),
    (None, "en", None),  # an address alone, in an archive that names languages
    (None, None, None),
]


def case(rows: list, tmp_path: Path) -> Case:
    times = pd.date_range(at("2020-03-02"), periods=len(rows), freq="h").tolist()
    mentions = scored(times, [label for label, _, _ in rows])
    mentions["scorer"] = pd.array([None if label is None else "made-1" for label, _, _ in rows], dtype="string")
    mentions["language"] = pd.array([language for _, language, _ in rows], dtype="string")
    mentions["language_note"] = pd.array([note for _, _, note in rows], dtype="string")
    window = {"start": "2020-03-02T00:00:00+00:00", "end": "2020-03-03T00:00:00+00:00"}
    stated = {"id": "a", "title": "A", "archives": ["a"], "brand": "Acme", "window": window}
    return Case(
        incident=Incident.model_validate(stated | {"report_languages": ["en", "zh"]}),
        window=Window.model_validate(window),
        mentions=mentions,
        hours=hours("2020-02-20", "2020-03-10"),
        claims=pd.DataFrame(columns=["brand", "kind", "start", "end"]),
        joins={},
        causes=pd.DataFrame(),
        notes={"resolution": "time", "scoring": {"scorers": {"en": {}, "zh": {}}}},
        plan=None,
        actions=[],
        notebook="1_what_happened",
        output=tmp_path,
        allowed={},
    )


def test_each_unscored_mention_is_counted_once_under_its_reason(tmp_path: Path) -> None:
    found = calibration.unscored(case(ROWS, tmp_path)).finding
    assert found.message == "unscored.some"
    assert {name: estimate.value for name, estimate in found.values.items()} == {
        "unscored": 0.7,
        "short": 2,
        "mixed": 1,
        "other": 3,
        "unknown": 1,
    }
    assert "3 in a language that no scorer covers (most often Spanish and German)" in found.answer["en"]
    assert "2 too short" in found.answer["en"]
    assert "3 条所用语言没有评分器覆盖（以西班牙语和德语居多）" in found.answer["zh"]


def test_only_the_reasons_that_occur_are_named(tmp_path: Path) -> None:
    said = calibration.unscored(case(ROWS[:4], tmp_path)).finding.answer["en"]
    assert "Spanish" in said
    assert "too short" not in said
    assert "could not be told" not in said


@pytest.mark.parametrize(("rows", "message"), [(ROWS[:3], "unscored.none"), ([], "unscored.refused")])
def test_none_unscored_and_none_seen(rows: list, message: str, tmp_path: Path) -> None:
    found = calibration.unscored(case(rows, tmp_path)).finding
    assert found.message == message
    assert all(found.answer[language] for language in ("en", "zh"))


def test_unscored_is_never_neutral(tmp_path: Path) -> None:
    whole, covered = case(ROWS, tmp_path).mentions, case(ROWS[:3], tmp_path).mentions
    assert negative_share(whole).value == negative_share(covered).value == pytest.approx(2 / 3)
    assert net(whole, minimum=1).value == net(covered, minimum=1).value == pytest.approx(-1 / 3)
