"""A labelled incident from end to end: the sample's planted truth as labels, and what the report makes of them."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import labels
from analysis.errors import InputError
from analysis.findings import Finding, by_id
from analysis.questions import collection
from analysis.questions import what_happened as ask
from analysis.questions.case import Case
from analysis.report.document import document
from analysis.runs import label, manifest
from analysis.runs.calibrate import FILE
from analysis.runs.prepare import load, prepare
from analysis.runs.run import _run_id
from analysis.scoring import evidence, marks
from analysis.workspace import Workspace
from tests.workspace_fixture import ARCHIVE, INCIDENT, SAMPLE, Published, once

NAMES = {-1: "negative", 0: "neutral", 1: "positive"}
FEW = 30


@pytest.fixture(scope="module")
def truth() -> pd.Series:
    table = pd.read_csv(SAMPLE / "archives" / ARCHIVE / "truth_labels.csv", dtype={"id": str})
    return table.set_index("id")["sentiment"]


@pytest.fixture(scope="module")
def labelled(sample: Published, truth: pd.Series, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy of the prepared sample, of which 200 mentions are labelled, and its evidence gathered."""

    def make(folder: Path) -> None:
        shutil.copytree(sample.place.root, folder / "ws")
        place = Workspace.at(folder / "ws", folder / "reports")
        sheet = label.opened(place, INCIDENT, 200, "ab")
        sheet.answer({number: NAMES[truth[name]] for number, name in enumerate(sheet.ids, start=1)})
        loaded(place)

    folder = once(tmp_path_factory, "labelled", make)
    return Workspace.at(folder / "ws", folder / "reports")


@pytest.fixture
def place(labelled: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(labelled.root, tmp_path / "ws", copy_function=os.link)
    for path in (tmp_path / "ws" / "incidents" / INCIDENT).glob("*.csv"):  # links would change what they are linked to
        text = path.read_bytes()
        path.unlink()
        path.write_bytes(text)
    return Workspace.at(tmp_path / "ws", tmp_path / "reports")


def loaded(place: Workspace) -> Case:
    return load(place, INCIDENT, folder(place), "1_what_happened", place.work)


def folder(place: Workspace) -> Path:
    return next(path.parent for path in place.prepared(INCIDENT).glob("*/notes.json"))


def asked(case: Case) -> dict[str, Finding]:
    for question in (ask.volume, ask.verdict, ask.negative_share, ask.net_sentiment, ask.phases):
        question(case)
    return by_id([answer.finding for answer in case.answers])


def keep(place: Workspace, change) -> None:  # type: ignore[no-untyped-def]
    path = place.labels(INCIDENT)
    labels.write(path, change(labels.read(path)))


def test_levels_cover_the_planted_truth_and_say_what_they_rest_on(labelled: Workspace, truth: pd.Series):
    case = loaded(labelled)
    found = asked(case)
    for phase, rows in (("before", case.before(case.customers)), ("during", case.during(case.customers))):
        planted = truth[rows.loc[rows["p_negative"].notna(), "id"]]
        net = found["sentiment.net"].values[phase]
        assert net.low <= planted.mean() <= net.high
        share = found["sentiment.negative"].values[phase]
        assert share.low <= (planted == -1).mean() <= share.high
    assert found["sentiment.net"].answer["en"].endswith("Calibrated on 200 labels.")
    assert found["sentiment.negative"].answer["zh"].endswith("已用 200 条人工标注校准。")
    assert found["verdict"].message == "verdict.crisis"
    assert found["verdict"].values["during"] == found["sentiment.negative"].values["during"]
    assert found["sentiment.calibration"].message == "calibration.alone"
    assert "error" not in found["sentiment.net"].values
    phases = next(answer.printed for answer in case.answers if answer.finding.id == "phases.table")
    assert phases is not None
    assert phases.whole.set_index("phase").loc["during", "net"] == found["sentiment.net"].values["during"].value


def test_bins_are_calibrated_too(labelled: Workspace, truth: pd.Series):
    case = loaded(labelled)
    ask.volume(case, "1D")
    table = next(answer.printed.whole for answer in case.answers if answer.printed)
    known = table[table["net"].notna()]
    assert len(known) > 5
    held = []
    for row in known.to_dict("records"):
        inside = case.customers[
            (case.customers["published_at"] >= row["start"]) & (case.customers["published_at"] < row["end"])
        ]
        planted = truth[inside.loc[inside["p_negative"].notna(), "id"]].mean()
        held.append(row["net_low"] <= planted <= row["net_high"])
    assert np.mean(held) > 0.8


def test_the_report_says_what_levels_rest_on_in_both_languages(labelled: Workspace):
    case = loaded(labelled)
    asked(case)
    ask_collection(case)
    whole = [answer.finding for answer in case.answers]
    made = {"started": "2026-01-01T00:00:00+00:00", "archives": {}, "versions": {}, "run_id": "0"}
    made |= {"commit": None, "seed": 0}
    english = document(case, whole, [], [], made, "en", short=False)
    notes = {number.finding: number.note for number in english.first_page.numbers}
    assert notes["sentiment.net"] == "calibrated on 200 labels by one person"
    method = " ".join(item.text for block in english.appendix[1].blocks for item in block.items)  # type: ignore[union-attr]
    assert "200 labels" in method
    assert "not known, since no two people" in method
    assert "It was not calibrated" not in method
    chinese = document(case, whole, [], [], made, "zh", short=False)
    assert "已校准：200 条标注，1 人" in {number.note for number in chinese.first_page.numbers}


def ask_collection(case: Case) -> None:
    collection.coverage(case)
    collection.subject(case)


def test_without_labels_it_says_not_calibrated(place: Workspace):
    place.labels(INCIDENT).unlink()
    case = loaded(place)
    assert case.labelling is None
    assert case.calibration is None
    found = asked(case)
    assert found["sentiment.calibration"].message == "calibration.none"
    assert "Not calibrated: elsewhere" in found["sentiment.net"].answer["en"]
    assert "未校准" in found["sentiment.net"].answer["zh"]
    assert found["sentiment.net"].values["error"].value > 0


def test_too_few_labels_say_how_many_more(place: Workspace):
    keep(place, lambda table: table.head(FEW))
    found = asked(loaded(place))
    finding = found["sentiment.calibration"]
    assert finding.message == "calibration.few_labels"
    assert finding.values["have"].value + finding.values["more"].value == 50
    assert "Not calibrated" in found["sentiment.net"].answer["en"]


def test_one_class_is_refused(place: Workspace):
    keep(place, lambda table: table.assign(label="neutral"))
    assert asked(loaded(place))["sentiment.calibration"].message == "calibration.one_class"


@pytest.mark.parametrize(("each", "message"), [(20, "calibration.agreed"), (4, "calibration.disputed")])
def test_agreement_is_said(place: Workspace, each: int, message: str):
    """A second person says something else of each so-manieth mention."""

    def with_another(table: pd.DataFrame) -> pd.DataFrame:
        others = table["label"].map({"negative": "neutral", "neutral": "positive", "positive": "negative"})
        said = table["label"].where(np.arange(len(table)) % each > 0, others)
        return pd.concat([table, table.assign(labeller="cd", label=said)])

    keep(place, with_another)
    case = loaded(place)
    found = asked(case)["sentiment.calibration"]
    assert found.message == message
    assert found.values["people"].value == 2
    assert found.values["labels"].value == 200
    assert found.certainty == ("low" if message == "calibration.disputed" else "medium")


def test_two_people_who_shared_the_sample_out(place: Workspace):
    keep(place, lambda table: table.assign(labeller=np.where(np.arange(len(table)) % 2, "ab", "cd")))
    assert asked(loaded(place))["sentiment.calibration"].message == "calibration.apart"


def test_ids_of_nothing_are_an_error_and_ids_outside_the_incident_are_counted(place: Workspace, truth: pd.Series):
    case = loaded(place)
    outside = next(name for name in truth.index if name not in set(case.mentions["id"]))
    row = pd.DataFrame([(outside, "negative", "ab", "2025-03-04T09:30:00+00:00")], columns=labels.COLUMNS)
    keep(place, lambda table: pd.concat([table, row.astype("string")]))
    assert loaded(place).labelling.elsewhere == 1  # type: ignore[union-attr]
    keep(place, lambda table: pd.concat([table, row.assign(id="nobodys").astype("string")]))
    with pytest.raises(InputError, match="row 202: 'nobodys'"):
        loaded(place)


def test_labels_make_another_run_and_no_other_preparation(place: Workspace):
    before = _run_id(place, INCIDENT, "key", {})
    prepared = folder(place)
    keep(place, lambda table: table.iloc[1:])
    assert _run_id(place, INCIDENT, "key", {}) != before
    assert prepare(place, INCIDENT) == prepared


def test_the_manifest_tells_of_labels(labelled: Workspace):
    told = manifest._calibration(loaded(labelled))
    assert told is not None
    assert json.loads(json.dumps(told))["labels"] == 200
    assert told["agreement"]["labellers"] == 1
    assert "stack" in told["method"]


def test_evidence_is_gathered_once_and_anew_where_it_is_damaged(place: Workspace, monkeypatch: pytest.MonkeyPatch):
    path = folder(place) / FILE
    first, kept = asked(loaded(place))["sentiment.net"], path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(evidence, "gather", None)
        assert asked(loaded(place))["sentiment.net"] == first
    path.unlink()
    path.write_bytes(kept[:1000])
    assert asked(loaded(place))["sentiment.net"] == first
    assert path.read_bytes() == kept


def test_evidence_stays_bounded_and_holds_what_was_labelled(labelled: Workspace, monkeypatch: pytest.MonkeyPatch):
    mentions = loaded(labelled).mentions
    last = mentions.loc[mentions["p_negative"].notna() & ~mentions["from_brand"], "id"].iloc[-3:]
    monkeypatch.setattr(evidence, "MOST", 100)
    rows = evidence.chosen(mentions, set(last))
    assert 100 <= len(rows) <= 103
    assert set(last) <= set(rows["id"])
    assert set(rows["id"]) == set(evidence.chosen(mentions.sample(frac=1, random_state=1), set(last))["id"])


def test_evidence_is_what_was_gathered(labelled: Workspace, tmp_path: Path):
    mentions = loaded(labelled).mentions
    rows = evidence.chosen(mentions).groupby("scorer").head(40)
    parts = evidence.gather(rows, terms=["Larkwheel"], models=labelled.cache)
    evidence.save(parts, tmp_path / "evidence.npz")
    again = evidence.read(tmp_path / "evidence.npz")
    assert again is not None
    for part, other in zip(parts, again, strict=True):
        assert part.scorer == other.scorer
        assert part.ids.tolist() == other.ids.tolist()
        assert np.array_equal(part.vectors, other.vectors)
        scores = rows.set_index("id").loc[part.ids, evidence.PROBABILITIES].to_numpy()
        assert np.array_equal(part.chances[0][part.place], scores)
    assert [len(part.chances) for part in parts] == [1, 2]  # VADER stands beside English alone
    assert evidence.read(tmp_path / "absent.npz") is None


def test_marks_count_what_punctuation_says():
    found = marks.marks(["Why?? @user!", "", "😡😡😡😡 7" + "!" * 1_000_000, "\ud800\0？！"])
    assert found.shape == (4, len(marks.MARKS))
    assert found[0].tolist()[:2] == [2, 1]
    assert found[1].tolist() == [0] * 6
    assert found[2].tolist()[1] == 3
    assert found[2].tolist()[5] == 3
    assert found[3].tolist()[:2] == [1, 1]
    assert marks.marks([]).shape == (0, len(marks.MARKS))
