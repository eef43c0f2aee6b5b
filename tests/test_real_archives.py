"""Real archives from end to end: what page one claims, against what was established by hand from the raw files.

The truth stands in the assertions: an airline's weekend, a collection that was capped, and conversations without their
openers. No sentence of the archives does.
"""

import json
from pathlib import Path

import pytest

from analysis.findings import Finding, by_id, read
from analysis.runs.run import run
from analysis.workspace import Workspace
from tests.conftest import shared

AIRLINES = {
    "archive": {"sources": ["airlines-2015/Tweets.csv"]},
    "brand": "US Airways",
    "brand_accounts": ["USAirways"],
    "brand_terms": ["US Airways", "USAirways"],
    "window": {"start": "2015-02-22T02:00:00+00:00", "end": "2015-02-23T05:00:00+00:00"},
    "baseline_days": 5,
    "after_days": 2,
}
UNITED = {
    "archive": {"sources": ["united-2017/*.csv"], "time_zone": "America/Los_Angeles"},
    "brand": "United Airlines",
    "brand_accounts": ["united"],
    "brand_terms": ["United Airlines", "united"],
    "window": {"start": "2017-04-09T23:00:00+00:00", "end": "2017-04-15T00:00:00+00:00"},
    "baseline_days": 6,
    "after_days": 1,
}
SPOTIFY = {
    "archive": {"sources": ["spotify-2017/*.csv"]},
    "brand": "Spotify",
    "brand_accounts": ["SpotifyCares"],
    "brand_terms": ["Spotify"],
    "window": {"start": "2017-11-28T20:00:00+00:00", "end": "2017-11-29T03:00:00+00:00"},
    "baseline_days": 9,
    "after_days": 4,
}


def published(folder: Path, name: str, given: dict) -> tuple[dict[str, Finding], dict, str]:
    """Findings by id, the manifest and the web page's text of a post-mortem of a real archive."""
    archives = shared("archives")
    books, home = folder / "archives" / name, folder / "incidents" / name
    books.mkdir(parents=True)
    home.mkdir(parents=True)
    sources = [str(archives / source) for source in given["archive"]["sources"]]
    (books / "archive.yml").write_text(json.dumps({"name": name} | given["archive"] | {"sources": sources}))
    incident = {key: value for key, value in given.items() if key != "archive"}
    (home / "incident.yml").write_text(json.dumps({"id": name, "title": name, "archives": [name]} | incident))
    place = Workspace.at(folder, folder / "reports")
    run(place, name)
    report = place.report(name)
    page = (report / "postmortem.html").read_text(encoding="utf-8")
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert (report / "postmortem.pdf").stat().st_size > 50_000
    return by_id(read(report / "findings.json")), manifest, page


@pytest.fixture
def airlines(tmp_path: Path) -> tuple[dict[str, Finding], dict, str]:
    return published(tmp_path, "airlines-2015", AIRLINES)


def test_airlines(airlines: tuple[dict[str, Finding], dict, str]):
    found, manifest, _ = airlines
    done = manifest["archives"]["airlines-2015"]
    assert (done["rows"], done["accepted"], done["rejected"], done["duplicates"]) == (14_640, 14_485, 0, 155)
    assert found["coverage.summary"].message == "coverage.whole"
    assert found["volume.total"].values["during"].value == 750  # counted by hand
    assert found["verdict"].facts["verdict"] in ("crisis", "surge")  # human labels: 74% before, 86% during
    assert "2015-02-22T02" <= str(found["onset.time"].values["onset"].low) <= "2015-02-22T12"
    assert found["impact.mentions"].message == "impact.short_baseline"
    assert found["impact.metrics"].message == "impact.metrics.refused"
    assert found["reputation.voice"].message == "voice.not_seen"  # American Airlines' mentions begin a day later
    assert "American" in found["reputation.voice"].answer["en"]
    reactions = found["reputation.concentration"].values
    assert (reactions["total"].value, reactions["total"].n) == (73, 452)  # retweets and authors, counted by hand
    assert found["spread.jumps"].message == "jumps.one_platform"
    assert found["replies.joins"].message == "joins.no_brand_posts"
    assert found["replies.answered"].certainty == found["replies.speed"].certainty == "refused"


def test_united_says_that_the_collection_was_capped_and_dates_the_onset_as_an_interval(tmp_path: Path):
    found, manifest, page = published(tmp_path, "united-2017", UNITED)
    done = manifest["archives"]["united-2017"]
    assert done["rows"] == 52_896
    assert done["accepted"] + done["rejected"] == 52_821
    cap = found["coverage.claim.1"]
    assert cap.message == "claim.daily_cap.newest"
    assert "10,000" in cap.answer["en"]
    assert "UTC day" in cap.answer["en"]
    for span in ("10 Apr 23:32–24:00", "11 Apr 23:04–24:00", "12 Apr 21:30–24:00", "14 Apr 17:02–24:00"):
        assert span in cap.answer["en"]
    assert cap.answer["en"] in page
    assert found["volume.total"].message == "volume.refused"
    assert found["volume.total"].values["during"].value is None
    onset = found["onset.time"].values["onset"]
    assert (onset.value, onset.low, onset.high) == (None, "2017-04-10T00:00:00+00:00", "2017-04-10T23:00:00+00:00")
    assert found["onset.peak"].certainty == found["impact.mentions"].certainty == "refused"
    assert found["authors.total"].certainty == "refused"
    assert found["impact.metrics"].certainty == found["impact.placebo"].certainty == "refused"
    assert found["reputation.rates"].message == "rates.collected"
    assert found["spread.carriers"].message == "carriers.collected"
    assert found["spread.first"].message == "first.not_seen"
    assert found["replies.joins"].message == "joins.no_parent_ids"
    assert found["replies.speed"].certainty == "refused"


def test_spotify_is_no_record_of_what_was_said(tmp_path: Path):
    found, manifest, _ = published(tmp_path, "spotify-2017", SPOTIFY)
    done = manifest["archives"]["spotify-2017"]
    assert done["rows"] == 15_103 + 10_986 == done["accepted"] + done["rejected"] + done["duplicates"]
    assert "coverage.selected" in found
    assert found["verdict"].facts["verdict"] == "selected"
    assert found["volume.total"].message == "volume.selected"
    volume = ("onset.time", "impact.mentions", "impact.metrics", "reputation.voice", "reputation.rates")
    for refused in (*volume, "spread.carriers", "spread.first", "replies.answered", "response.statement"):
        assert found[refused].certainty == "refused", refused
    assert found["replies.joins"].message == "joins.openers_absent"
