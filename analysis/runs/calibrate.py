"""labels.csv → a calibration: evidence is gathered once a preparation, and fitted anew whenever labels are read.

Preparing knows nothing of labels, so that labelling never scores anything again. What calibration needs beyond scores
is gathered when there are labels, and kept beside the mentions in `evidence.npz`. A fit takes about a second.
"""

from pathlib import Path

import pandas as pd

from analysis import labels
from analysis.incident import Incident
from analysis.measures.calibration import Evidence, Labelling, calibrate
from analysis.runs.lock import locked
from analysis.workspace import Workspace

FILE = "evidence.npz"


def labelling(workspace: Workspace, incident: Incident, folder: Path, mentions: pd.DataFrame) -> Labelling | None:
    """What people said of `mentions`, which were prepared in `folder`; None where nobody has said anything.

    Raises InputError where labels.csv or sample.csv breaks its contract, or an id is of no mention of the archives.
    """
    path = workspace.labels(incident.id)
    said = labels.read(path) if path.is_file() else labels.empty()
    if said.empty:
        return None
    unknown = set(said["id"]) - set(mentions["id"])
    if unknown:  # of the incident as it was, before its window or its exclusions were changed, or of nothing at all
        labels.check_ids(said[said["id"].isin(unknown)], _ids(workspace, incident), path)
    shares, agreement = labels.shared(said)
    parts = _evidence(workspace, incident, folder, mentions, set(shares.index))
    known = shares[shares.index.isin([name for part in parts for name in part.ids])]
    drawn = workspace.sample(incident.id)
    sample = labels.read_sample(drawn) if drawn.is_file() else labels.no_sample()
    made, refusals = calibrate(parts, labels.weigh(known, sample))
    count = known.index.nunique()
    return Labelling(made, tuple(refusals), agreement, count, shares.index.nunique() - count)


def _ids(workspace: Workspace, incident: Incident) -> set[str]:
    from analysis.archive import store

    return {
        name for archive in incident.archives for name in store.read(workspace.store(archive), columns=["id"])["id"]
    }


def _evidence(
    workspace: Workspace, incident: Incident, folder: Path, mentions: pd.DataFrame, labelled: set[str]
) -> list[Evidence]:
    """The evidence on `mentions`, with all that are `labelled`: gathered now where it is not at hand."""
    from analysis.scoring import evidence

    rows = evidence.chosen(mentions, labelled)
    with locked(workspace.incident(incident.id) / "prepared.lock"):
        parts = evidence.read(folder / FILE)
        held = {name for part in parts or [] for name in part.ids}
        if parts is None or not held.issuperset(rows["id"]):
            parts = evidence.gather(rows, terms=incident.brand_terms, models=workspace.cache)
            evidence.save(parts, folder / FILE)
    return [
        Evidence(
            pd.Index(part.ids.astype(object)),
            part.scorer,
            [chances[part.place] for chances in part.chances],
            part.vectors[part.place],
            part.marks[part.place],
        )
        for part in parts
    ]
