"""Ids of the mentions that the numbers of several answers count, each list made once a case, so that it is one object.

They follow the measures row by row: `volume.total`, `phases.estimates`, `reading`, `cause_shares`, `engagement`.
"""

import pandas as pd

from analysis.measures import cause_shares, engagement, phases, reading, sentiment, volume
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_floor, case_votes
from analysis.scoring import complaint

Members = dict[str, list[str]]
"""Part → ids."""


def inside(case: Case, phase: str = "during") -> list[str]:
    """What people wrote in a phase, whether or not its hours were seen: what a volume counts."""

    def take() -> list[str]:
        start, end = _bounds(case)[phase]
        return _ids(sentiment.people(volume.between(case.mentions, start, end)))

    return case.once(f"inside {phase}", take)


def seen(case: Case, phase: str = "during") -> list[str]:
    """What people wrote in the hours of a phase that were seen: what authors are counted over."""
    return case.once(f"seen {phase}", lambda: _ids(_seen(case, phase)))


def scored(case: Case, *labels: str) -> Members:
    """Of before and during: the mentions that have a score, and of those each of `labels` (negative, positive)."""
    out: Members = {}
    for phase in ("before", "during"):
        found = _scored(case, phase)
        out[phase] = found[""]
        out |= {f"{phase} {label}": found[label] for label in labels}
    return out


def reacted(case: Case) -> Members:
    """Of during: the posts whose reactions, views, or author's followers are recorded: what sums are taken over."""

    def take() -> Members:
        rows = _seen(case, "during")
        shown = sentiment.people(rows, reposts=False)
        return {
            "reactions": _ids(rows[engagement.per_row(rows).notna().to_numpy(dtype=bool)]),
            "views": _ids(shown[shown["views"].notna()]),
            "potential": _ids(rows.dropna(subset=["author", "author_followers"])),
        }

    return case.once("reacted", take)


def targets(case: Case) -> Members:
    """The negative mentions of the incident whose target was read, and those in each part of them."""
    rows = sentiment.people(case.during(volume.kept_rows(case.mentions, case.coverage)))
    rows = rows[rows["target"].notna()]
    parts = {"organisation": ["organisation"], "others": list(reading.OTHERS), "unclear": ["unclear"]}
    return {"n": _ids(rows)} | {name: _ids(rows[rows["target"].isin(some)]) for name, some in parts.items()}


def complaining(spans: tuple[pd.DataFrame, pd.DataFrame]) -> Members:
    """Of before and during (`spans`): what was read for complaints, and what complains."""
    return _split(spans, "complaint", complaint.CALLED_FROM, "complain")


def blaming(spans: tuple[pd.DataFrame, pd.DataFrame]) -> Members:
    """Of before and during (`spans`): what was read for reproach, and what accuses or blames."""
    return _split(spans, "reproach", 2, "blame")


def speaking(spans: tuple[pd.DataFrame, pd.DataFrame], language: str) -> Members:
    """Of before and during (`spans`): the posts in which first-person words were counted."""
    out = {}
    for phase, table in zip(("before", "during"), spans, strict=True):
        rows = sentiment.people(table, reposts=False)
        own = (rows["language"] == language).fillna(False).to_numpy(dtype=bool)
        out[phase] = _ids(rows[own & rows["first_person"].notna().to_numpy()])
    return out


def votes(case: Case) -> list[str]:
    """The complaints of the incident that shares of causes are of."""
    return case.once("ids of votes", lambda: _ids(case_votes(case)))


def unclear(case: Case) -> list[str]:
    """Those of `votes` that count for no cause."""

    def take() -> list[str]:
        rows = case_votes(case)
        return _ids(rows[~cause_shares.clear(rows, case_floor(case))])

    return case.once("ids of unclear", take)


def of_cause(case: Case, cause: int) -> list[str]:
    """Those of `votes` that count for `cause`."""

    def take() -> Members:
        rows = case_votes(case)
        rows = rows[cause_shares.clear(rows, case_floor(case))]
        numbers = rows["cause"].astype("Int64").astype("string").to_numpy(dtype=object)
        return {str(number): _ids(part) for number, part in rows.groupby(numbers)}

    return case.once("ids of causes", take).get(str(cause), [])


def causes(case: Case, most: int) -> Members:
    """The complaints of each of the largest causes, by its place in the table: `cause 1` is the largest."""
    chosen = case_causes(case)["cause"].head(most).astype(int)
    return {f"cause {place}": of_cause(case, cause) for place, cause in enumerate(chosen, start=1)}


def _split(spans: tuple[pd.DataFrame, pd.DataFrame], column: str, least: float, called: str) -> Members:
    out: Members = {}
    for phase, table in zip(("before", "during"), spans, strict=True):
        rows = sentiment.people(table)
        rows = rows[rows[column].notna()]
        out[phase] = _ids(rows)
        out[f"{phase} {called}"] = _ids(rows[(rows[column] >= least).to_numpy(dtype=bool)])
    return out


def _scored(case: Case, phase: str) -> Members:
    def take() -> Members:
        rows = _seen(case, phase)
        label = sentiment.labels(rows)
        each = {name: label.eq(name).fillna(False).to_numpy(dtype=bool) for name in ("negative", "positive")}
        return {"": _ids(rows[label.notna().to_numpy()])} | {name: _ids(rows[held]) for name, held in each.items()}

    return case.once(f"scored {phase}", take)


def _seen(case: Case, phase: str) -> pd.DataFrame:
    start, end = _bounds(case)[phase]
    return sentiment.people(volume.kept_rows(volume.between(case.mentions, start, end), case.coverage))


def _bounds(case: Case) -> phases.Bounds:
    return phases.bounds(case.coverage, (case.start, case.end), case.baseline_start, case.after_end)


def _ids(rows: pd.DataFrame) -> list[str]:
    return rows["id"].tolist()
