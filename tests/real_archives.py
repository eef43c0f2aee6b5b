"""Real archives from end to end: what page one claims, against what was established by hand from the raw files.

The truth stands in the assertions: an airline's weekend, a collection that was capped, and conversations without their
openers. No sentence of the archives does.
"""

import json
from pathlib import Path

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
