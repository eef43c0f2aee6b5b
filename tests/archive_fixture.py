"""Archives of a test, ingested: what became of them, and the mentions that were stored."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis import mentions
from analysis.archive import store as stores
from analysis.archive.ingest import Ingest, SourceFile, ingest
from analysis.incident import Archive

ARCHIVES = Path(__file__).parent / "archives"
KEY = b"k" * 32


def ingested(folder: Path, *sources: str | Path, **keys: object) -> tuple[Ingest, pd.DataFrame]:
    """Ingest `sources` (relative to `folder`, or absolute) with the `keys` of archive.yml; checks that all adds up."""
    archive = Archive.model_validate({"name": "a", "sources": [str(item) for item in sources], **keys})
    result = ingest(archive, folder, folder / "store", KEY)
    balanced(result)
    table = stores.read(folder / "store")
    assert len(table) == result.accepted
    return result, mentions.check(table)


def balanced(result: Ingest) -> None:
    """rows = accepted + rejected + duplicates, for each source and for all."""
    parts: Sequence[Ingest | SourceFile] = [result, *result.files]
    for part in parts:
        assert part.rows == part.accepted + part.rejected + part.duplicates
    for name in ("rows", "accepted", "rejected", "duplicates"):
        assert getattr(result, name) == sum(getattr(file, name) for file in result.files)


def kinds(result: Ingest) -> set[str]:
    """The kinds of the notes on an ingest."""
    return {item["kind"] for item in result.notes}
