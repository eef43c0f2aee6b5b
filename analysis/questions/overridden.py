"""Notebook 2: what people changed about the causes, and the calls by which they change them (overrides.yml)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import overrides, wording
from analysis.errors import ParameterError
from analysis.overrides import Name
from analysis.questions.case import Case
from analysis.questions.measured import case_causes
from analysis.questions.page import Answer, Printed, by_language, plain, shown, worded

DONE = ("applied", "matched", "already_one", "name_used")
"""Outcomes of an entry that did what it says; the others say why it did not, or only in part."""


def changed(case: Case) -> Answer:
    """What people changed about the causes, and which of it no longer fits what this run found."""
    told = pd.DataFrame(case.notes.get("overrides") or [], columns=[*overrides.SAID])
    if told.empty:
        return case.answer("causes.overrides", "overrides.none", certainty="high")
    table = _grouped(told)
    fits = told["outcome"].isin(DONE).groupby(told["entry"]).all()
    lost = int((~fits).sum())
    values = {"done": int(fits.sum()), "lost": lost, "matched": int((told["outcome"] == "matched").sum())}
    printed = Printed(
        "overrides",
        "table.overrides",
        table,
        {
            "kind": ("column.override_kind", worded("override.kind")),
            "cause": ("column.cause", plain),
            "to": ("column.new_name", by_language),
            "outcome": ("column.override_outcome", worded("override.outcome")),
            "found": ("column.found_as", plain),
            "n": ("column.mentions", shown("count")),
        },
        numeric=("n",),
    )
    message = "overrides.lost" if lost else "overrides.matched" if values["matched"] else "overrides.applied"
    return case.answer("causes.overrides", message, values, certainty="high", printed=printed, facts={"lost": lost})


def name_cause(case: Case, cause: int | str, to: Name) -> str:
    """Call a cause `to`, in this report and the next ones.

    `cause` is its place in the report (1 is the largest) or its name; `to` a name, or {"en": …, "zh": …}. Returns what
    was written. Raises ParameterError where there is no such cause.
    """
    row = _row(case, cause)
    path = overrides.rename(_file(case), str(row["name"]), _anchors(case, row), to)
    return _written(case, path, str(row["name"]))


def merge_causes(case: Case, causes: Sequence[int | str], to: Name | None = None) -> str:
    """Make one cause of several; `to` is its name, that of the largest where absent."""
    rows = [_row(case, cause) for cause in causes]
    if len({int(row["cause"]) for row in rows}) < 2:
        raise ParameterError(f"{[*causes]!r}: name two or more causes, each once.")
    path = overrides.merge(_file(case), [(str(row["name"]), _anchors(case, row)) for row in rows], to)
    return _written(case, path, ", ".join(str(row["name"]) for row in rows))


def split_cause(case: Case, cause: int | str, into: Mapping[str, Sequence[str]]) -> str:
    """Take a cause apart: `into` is the name of each part → phrases; mentions that hold none stay in the cause."""
    row = _row(case, cause)
    path = overrides.split(_file(case), str(row["name"]), _anchors(case, row), [*into.items()])
    return _written(case, path, str(row["name"]))


def exclude_mentions(case: Case, ids: Sequence[str]) -> str:
    """Let mentions count in no cause."""
    unknown = sorted(set(ids) - set(case.mentions["id"]))
    if unknown:
        raise ParameterError(
            f"no mention of this incident has the id {', '.join(unknown[:5])}. Copy it from the table."
        )
    return _written(case, overrides.exclude(_file(case), ids), ", ".join(ids[:5]))


def _grouped(told: pd.DataFrame) -> pd.DataFrame:
    """Rows as printed: excluded mentions by what became of them, not one by one."""
    single = told["kind"] == "exclude"
    rows: list[dict[Any, Any]] = [*told[~single].to_dict("records")]
    for outcome, part in told[single].groupby("outcome", sort=True):
        rows.append(dict.fromkeys(told.columns) | {"kind": "exclude", "outcome": outcome, "n": len(part)})
    return pd.DataFrame(rows, columns=told.columns)


def _row(case: Case, cause: int | str) -> dict[str, Any]:
    table = case_causes(case)
    names = [str(name) for name in table["name"]] if len(table) else []
    wanted = [place for place, name in enumerate(names, start=1) if cause in (place, name)]
    if not wanted:
        listed = "; ".join(f"{place} {name}" for place, name in enumerate(names, start=1)) or "there are none"
        raise ParameterError(f"{cause!r} is no cause of this incident. Choose one by its place or name: {listed}.")
    return {str(key): value for key, value in table.iloc[wanted[0] - 1].to_dict().items()}


def _anchors(case: Case, row: Mapping[str, Any]) -> list[str]:
    """Ids of mentions by which the cause is found again: the typical ones, then those that belong to it most surely."""
    own = case.mentions[(case.mentions["cause"] == row["cause"]).fillna(False).to_numpy(dtype=bool)]
    surest = own.sort_values(["cause_confidence", "id"], ascending=[False, True])["id"].tolist()
    return list(dict.fromkeys([*map(str, row["typical"]), *surest]))[: overrides.ANCHORS]


def _file(case: Case) -> Path:
    if case.folder is None:
        raise ParameterError("this case was opened without its folder, so that nothing can be written beside it.")
    return case.folder / overrides.FILE


def _written(case: Case, path: Path, what: str) -> str:
    return wording.say("override.written", case.languages[0], {"what": what, "file": str(path)})
