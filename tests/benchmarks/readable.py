"""Real archives as the product reads them, for benchmarks: handles as pseudonyms, conversations joined."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.archive import store, threads
from analysis.privacy import load_key, pseudonym
from analysis.runs.archives import ingest_archive
from analysis.workspace import Workspace

ARCHIVES = Path(__file__).resolve().parents[3] / "shared/archives"
AIRLINES = ["United", "United Airlines", "US Airways", "Southwest", "Southwest Airlines", "JetBlue", "Delta"]
TERMS = {
    "united-2017": ["United Airlines", "united"],
    "spotify-2017": ["Spotify"],
    "airlines-2015": [*AIRLINES, "Virgin America", "American", "American Airlines"],
}
ACCOUNTS = {
    "united-2017": ["united"],
    "spotify-2017": ["SpotifyCares"],
    "airlines-2015": ["united", "USAirways", "SouthwestAir", "JetBlue", "VirginAmerica", "AmericanAir"],
}
RIVALS = {"united-2017": ["Delta", "American Airlines", "Southwest", "JetBlue"]}
_ZONES = {"united-2017": {"time_zone": "America/Los_Angeles"}}


@dataclass(frozen=True)
class Archive:
    """One archive's mentions, and the pseudonyms of the accounts that are the organisation's."""

    name: str
    mentions: pd.DataFrame
    accounts: list[str]


@contextmanager
def archives(names: list[str]) -> Iterator[list[Archive]]:
    """The archives `names`, ingested into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workspace.at(Path(folder))
        yield [_read(place, name) for name in names]


def _read(place: Workspace, name: str) -> Archive:
    books = place.archive(name)
    books.mkdir(parents=True)
    sources = [str(path) for path in sorted((ARCHIVES / name).glob("*.csv"))]
    (books / "archive.yml").write_text(json.dumps({"name": name, "sources": sources} | _ZONES.get(name, {})))
    ingest_archive(place, name)
    table = store.read(place.store(name)).drop_duplicates("id").reset_index(drop=True)
    key = load_key(place.key)
    table = table.assign(thread_id=threads.thread_ids(table))
    return Archive(name, table, [pseudonym(account, key) for account in ACCOUNTS[name]])
