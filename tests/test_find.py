"""`aftermath find` from end to end: the sample's planted year, drafts that run, and refusals that say what to do."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis import incident as contracts
from analysis.errors import InsufficientData, ParameterError
from analysis.findings import Finding, by_id, read
from analysis.measures import candidates
from analysis.questions.search import Search
from analysis.runs.archives import describe_archive
from analysis.runs.check import check
from analysis.runs.find import find, write_drafts
from analysis.runs.search import open_archive
from analysis.simulate import story
from analysis.workspace import Workspace
from tests.test_candidates import planted
from tests.workspace_fixture import ARCHIVE, Published

OWN = [account for accounts in story.ACCOUNTS.values() for account in accounts]
TERMS = ["larkwheel", "雀轮单车", "雀轮"]
GIVEN = {"accounts": OWN, "terms": TERMS, "time_zone": story.ZONE}


@pytest.fixture
def place(sample: Published, tmp_path: Path) -> Workspace:
    """The sample's workspace, with its store and its cache of scores, to be written to."""
    root = tmp_path / "ws"
    shutil.copytree(sample.place.root, root, ignore=shutil.ignore_patterns("prepared*"))
    return Workspace.at(root, tmp_path / "reports")


def found(workspace: Workspace, folder: Path) -> dict[str, Finding]:
    return by_id(read(folder / "findings" / "0_find_incidents.json"))


def test_the_planted_year_is_found_and_nothing_else(place: Workspace):
    done = find(place, ARCHIVE, GIVEN | {"languages": ["en", "zh"], "draft": [1]})
    told = found(place, done.folder)
    spikes = {name: finding for name, finding in told.items() if name.startswith("find.candidate.")}
    planted = {crisis.onset: "crisis" for crisis in story.CRISES} | {story.LANTERNS.onset: "joy"}
    assert len(spikes) == len(planted)
    for onset, kind in planted.items():
        near = [
            finding
            for finding in spikes.values()
            if abs(pd.Timestamp(str(finding.facts["start"])) - story.utc(onset)) < pd.Timedelta(hours=8)
        ]
        assert [finding.facts["kind"] for finding in near] == [kind], onset
        assert near[0].facts["brand"] == story.BRAND
    assert told["find.summary"].message == "find.summary.some"
    assert "3" in told["find.summary"].answer["zh"]
    for finding in spikes.values():
        assert set(finding.answer) == {"en", "zh"}
        assert "{" not in "".join(finding.answer.values())
        assert (done.folder / "figures" / f"candidate-{finding.values and finding.id.split('.')[-1]}.zh.svg").is_file()
    table = pd.read_csv(done.folder / "tables" / "candidates.csv")
    assert table["rank"].tolist() == [1, 2, 3, 4]
    drafted = sorted(set(place.incidents()) - {crisis.id for crisis in story.CRISES})
    assert len(drafted) == 1
    assert check(place, drafted[0]) is None
    incident = contracts.read_incident(place.incident_file(drafted[0]))
    assert incident.brand == story.BRAND
    assert incident.brand_accounts == OWN
    assert incident.window != "auto"
    assert pd.Timestamp(incident.window.start) == pd.Timestamp(str(told["find.candidate.1"].facts["start"]))


def test_a_brand_of_the_archive_may_be_looked_at_alone_and_one_without_a_crisis_has_none(place: Workspace):
    told = found(place, find(place, ARCHIVE, GIVEN | {"brand": story.RIVAL}).folder)
    assert told["find.summary"].message == "find.summary.none"
    assert not any(name.startswith("find.candidate") for name in told)


def test_wrong_parameters_are_refused_with_what_to_do(place: Workspace):
    with pytest.raises(ParameterError, match=story.BRAND):
        find(place, ARCHIVE, {"brand": "Nobody"})
    with pytest.raises(ParameterError, match="unknown parameter"):
        find(place, ARCHIVE, {"brnad": story.BRAND})
    for wrong in ({"time_zone": "Mars"}, {"spoken": ["xx"]}):
        with pytest.raises(ParameterError, match=r"Mars|xx"):
            open_archive(ARCHIVE, notebook="0_find_incidents", workspace=str(place.root), **wrong)
    assert not (place.reports / "found").exists()


def test_a_candidate_that_is_none_drafts_nothing(tmp_path: Path):
    place = Workspace.at(tmp_path / "ws")
    table = candidates.find(planted(1, [(25, 9, 20)])).table
    search = stub(place, candidates.ranked({"": table}))
    with pytest.raises(ParameterError, match="go from 1 to 1"):
        write_drafts(search, [1, 2])
    assert place.incidents() == []
    path = write_drafts(search, [1])[0]
    with pytest.raises(ParameterError, match="stands already"):
        write_drafts(search, [1])
    drafted = contracts.read_incident(path)
    assert drafted.baseline_days >= 28
    assert drafted.brand == drafted.archives[0] == "acme"
    with pytest.raises(ParameterError, match="there are none"):
        write_drafts(stub(place, candidates.ranked({})), [1])


def stub(place: Workspace, ranked: pd.DataFrame) -> Search:
    (place.archive("acme")).mkdir(parents=True, exist_ok=True)
    place.archive_file("acme").touch()
    nothing = pd.DataFrame()
    given: dict = {"brands": {}, "hours": nothing, "claims": nothing, "mentions": nothing, "spikes": []}
    named: dict = {"name": "", "accounts": [], "terms": [], "spoken": ["en"], "time_zone": "UTC"}
    given["raised"] = {}
    made: dict = {"report_languages": ["en"], "selected": False, "notebook": "0", "output": place.root, "allowed": {}}
    return Search(place=place, archive="acme", ranked=ranked, **given, **named, **made)


def test_too_little_is_published_as_that(tmp_path: Path):
    source = tmp_path / "few.csv"
    rows = [f'{k},2025-03-0{1 + k % 2} 1{k % 10}:00:00,someone{k},=HYPERLINK("x") text {k}' for k in range(40)]
    source.write_text("id,published_at,author,text\n" + "\n".join(rows) + "\n", encoding="utf-8")
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    describe_archive(place, ["few"], sources=[str(source)], format="", time_zone="UTC")
    with pytest.raises(InsufficientData, match="Too little data"):
        find(place, "few", {"brand": "Few"})
    told = found(place, place.reports / "found" / "few")
    assert told["find.summary"].message == "find.summary.too_little"
    assert told["find.refused.too_short"].certainty == "refused"
