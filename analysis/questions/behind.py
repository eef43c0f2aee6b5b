"""Which mentions a number counts: published beside the findings, each set of them once.

`tables/behind.<notebook>.csv` has a row for each part of a finding: finding, part, mentions (how many) and set, a
number. `tables/behind.<notebook>.ids.csv` holds the sets: set and id, in that order; ids only, no text. Numbers that
count the same mentions share a set, so that a window of a million posts is written once, however many findings speak of
it. `aftermath forget` strikes ids out of the sets; the counts stay as they were.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError
from analysis.rows import FORMULA

if TYPE_CHECKING:
    from pyarrow import Array

_NAME = "behind"
COLUMNS = ("finding", "part", "mentions", "set")
Counted = Mapping[str, Mapping[str, Sequence[str]]]
"""Finding → part → ids of the mentions that it counts."""
_SIGNS = FORMULA.replace("-", r"\-")
_FORMULA = f"^[{_SIGNS}]"
_GUARDED = f"'(?=[{_SIGNS}])"


def index(notebook: str) -> Path:
    """Where the index of a notebook stands, from the folder of its findings."""
    return Path("tables") / f"{_NAME}.{notebook}.csv"


def sets(notebook: str) -> Path:
    """Where its sets stand."""
    return Path("tables") / f"{_NAME}.{notebook}.ids.csv"


def write(counted: Counted, folder: Path, notebook: str) -> pd.DataFrame:
    """Write the sets of `counted` under `folder`, and return their index, COLUMNS, by finding and part.

    The same ids give the same bytes, in whatever order they come. A list that findings share is sorted once.
    """
    import pyarrow as pa
    from pyarrow import csv

    found: list[pa.Array] = []
    by_list: dict[int, int] = {}
    by_content: dict[str, int] = {}
    rows = []
    for finding, parts in sorted(counted.items()):
        for part, ids in sorted(parts.items()):
            if id(ids) not in by_list:
                own = _sorted(ids)
                number = by_content.setdefault(_digest(own), len(found))
                if number == len(found):
                    found.append(own)
                by_list[id(ids)] = number
            number = by_list[id(ids)]
            rows.append((finding, part, len(found[number]), number))
    path = folder / sets(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([("set", pa.int64()), ("id", pa.string())])
    options = csv.WriteOptions(quoting_style="needed")
    with csv.CSVWriter(path, schema, write_options=options) as writer:
        for number, own in enumerate(found):
            repeated = pa.array([number], pa.int64()).take(pa.nulls(len(own), pa.int64()).fill_null(0))
            writer.write_table(pa.table([repeated, _guarded(own)], schema=schema))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def read(folder: Path, notebook: str, finding: str, part: str) -> list[str]:
    """The ids that `part` of `finding` counts, sorted; InputError where `folder` (of a report) has none of it."""
    path = folder / index(notebook)
    if not path.is_file():
        raise InputError(f"{path}: not there. Run the incident again.")
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    rows["part"] = rows["part"].str.replace(_GUARDED, "", n=1, regex=True)
    own = rows[(rows["finding"] == finding) & (rows["part"] == part)]
    if own.empty:
        told = ", ".join(rows.loc[rows["finding"] == finding, "part"]) or "none"
        raise InputError(f"{path}: {finding} has no part {part!r}; its parts: {told}.")
    ids = pd.read_csv(folder / sets(notebook), dtype="string", keep_default_na=False)
    found = ids.loc[ids["set"] == own["set"].iloc[0], "id"]
    return sorted(found.str.replace(_GUARDED, "", n=1, regex=True).tolist())


def lists(folder: Path) -> list[Path]:
    """The sets of a run, one file for each notebook."""
    return sorted((folder / "tables").glob(f"{_NAME}.*.ids.csv"))


def strike(path: Path, ids: set[str]) -> bool:
    """Take `ids` out of the sets in `path`, at once; whether any was there."""
    kept = pd.read_csv(path, dtype="string", keep_default_na=False)
    gone = kept["id"].str.replace(_GUARDED, "", n=1, regex=True).isin(ids)
    if gone.any():
        aside = path.with_suffix(".aside")
        kept[~gone].to_csv(aside, index=False, lineterminator="\n")
        aside.replace(path)
    return bool(gone.any())


def _sorted(ids: Sequence[str]) -> "Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    own = pc.unique(pa.array(ids, pa.string()))
    return own.take(pc.array_sort_indices(own))


def _guarded(ids: "Array") -> "Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    risky = pc.match_substring_regex(ids, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise(pa.scalar("'"), ids, pa.scalar("")), ids)


def _digest(ids: "Array") -> str:
    found = hashlib.sha256()
    for buffer in ids.buffers()[1:]:
        found.update(buffer or b"")
    return found.hexdigest()
