"""The triage against one reader's labels: `python -m tests.benchmarks.triage`.

triage_labels.csv holds ids of mentions of three real incidents with the class that one reader gave them, not knowing
what the rules had said: `stratum` is the class that the rules gave when the rows were drawn (fixed seed, so many of
each), `of` how many mentions that class had, by which rows are weighted back. "development" was read while the rules
were written, "holdout" only measured. Needed: respond or respond now. What is needed of a reply is a judgement: another
reader will draw the line elsewhere.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.proportions import wilson
from analysis.measures.triage import CLASSES, NEEDED, Rule, triage
from analysis.questions.case import Case
from analysis.runs import open_incident
from analysis.scoring import asks
from analysis.scoring.complaint import CALLED_FROM
from analysis.scoring.cues import cues, for_floors
from tests.benchmarks.readable import ARCHIVES
from tests.real_archives import AIRLINES, SPOTIFY, UNITED

LABELS = Path(__file__).with_name("triage_labels.csv")
INCIDENTS = {"airlines-2015": AIRLINES, "spotify-2017": SPOTIFY, "united-2017": UNITED}


def opened(folder: Path, name: str, given: dict) -> Case:
    """The case of a real incident, prepared in `folder`."""
    books, home = folder / "archives" / name, folder / "incidents" / name
    books.mkdir(parents=True)
    home.mkdir(parents=True)
    sources = [str(ARCHIVES / source) for source in given["archive"]["sources"]]
    (books / "archive.yml").write_text(json.dumps({"name": name} | given["archive"] | {"sources": sources}))
    incident = {key: value for key, value in given.items() if key != "archive"}
    (home / "incident.yml").write_text(json.dumps({"id": name, "title": name, "archives": [name]} | incident))
    return open_incident(name, notebook="1_what_happened", workspace=str(folder), output=str(folder / "output" / name))


def found(case: Case) -> pd.Series:
    """The class that the rules give each mention of the incident, by id; those about something else too."""
    rows = pd.concat([case.mentions, case.left_out]).drop_duplicates("id") if len(case.left_out) else case.mentions
    rows = case.during(rows)
    texts = rows["text"].tolist()
    raised = for_floors(cues(texts).set_index(rows.index), rows["language"].tolist())
    return triage(rows, raised, asks.columns(texts).set_index(rows.index), Rule(CALLED_FROM)).set_index("id")["triage"]


def main() -> None:
    labels = pd.read_csv(LABELS, dtype={"id": str})
    with tempfile.TemporaryDirectory() as folder:
        told = pd.concat([found(opened(Path(folder), name, given)) for name, given in INCIDENTS.items()])
    labels["found"] = labels["id"].map(told)
    labels["weight"] = labels["of"] / labels.groupby(["part", "archive", "stratum"])["id"].transform("size")
    for part, rows in labels.groupby("part"):
        print(f"{part}: {len(rows)} mentions")
        print(
            pd.crosstab(rows["found"], rows["label"]).reindex(index=list(CLASSES), columns=list(CLASSES), fill_value=0)
        )
        for archive, some in [*rows.groupby("archive"), ("all", rows)]:
            show(str(archive), some)


def show(name: str, rows: pd.DataFrame) -> None:
    same = (rows["found"] == rows["label"]).to_numpy()
    weighted = float(np.average(same, weights=rows["weight"]))
    first, second = (rows[column].value_counts(normalize=True) for column in ("found", "label"))
    chance = float(sum(first.get(label, 0.0) * second.get(label, 0.0) for label in CLASSES))
    called, needed = (rows[column].isin(NEEDED).to_numpy() for column in ("found", "label"))
    precision = wilson(int((called & needed).sum()), int(called.sum()))
    recall = float(np.average(called[needed], weights=rows["weight"][needed])) if needed.any() else float("nan")
    kappa = (same.mean() - chance) / (1 - chance)
    print(f"  {name:14} same class {same.mean():.3f}, weighted {weighted:.3f}, kappa {kappa:.2f}, n = {len(rows)}")
    shown = (
        "none" if precision.value is None else f"{precision.value:.3f} ({precision.low:.3f} to {precision.high:.3f})"
    )
    print(f"    needed: precision {shown}, n = {precision.n}; weighted recall {recall:.3f}, n = {needed.sum()}")


if __name__ == "__main__":
    main()
