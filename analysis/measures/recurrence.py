"""Which causes recur from incident to incident, and where an organisation is vulnerable (definitions C16).

Two causes are one where people said so: the same entry of a taxonomy, or the same name given by hand. Else where the
centroids of what was said lie so near each other as those of one cause do: in the same embedding and language, each
the other's nearest, at the cosine of THRESHOLDS or more. Measured: `python -m tests.benchmarks.recurrence`.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.measures.registry import CLOSED

THRESHOLDS = {"minilm-l6-v2-int8-2": 0.91, "e5-small-int8-1": 0.99}
"""By embedding: the cosine of two centroids from which on they are of one cause.

Set so that nothing is said to recur that does not: a missed recurrence costs less than a false one. Of the complaints
of six airlines by their human reasons, in halves, none of 2,947 pairs of different reasons came to .91 in MiniLM (at
most .904), and of the same reason at two airlines half did (334 pairs). In the sample different causes came to .81 at
most, the same cause in two incidents to .96 at least. In E5 they came to .986 at most and .994 at least, and 162 pairs
of invented Chinese causes to .9899 at most. Cosines are of vectors as they are: what all complaints share cannot be
taken away where two incidents with a cause each are all there is."""
LEAST = 10
"""Distinct texts under which a centroid says little of its cause."""
FIRM = 0.5
"""Stability (C17) under which a cause that was found is not matched by its centroid: another sample has another one."""
GROUPED = ("group", "incident", "cause", "by", "cosine")
TABLE = (
    *("group", "names", "incidents", "recurrence", "of", "by", "cosine", "severity", "exposure", "asked", "closed"),
    *("open_share", "vulnerability", "reason"),
)


def groups(causes: pd.DataFrame, centres: pd.DataFrame) -> pd.DataFrame:
    """The contributing causes of `causes` (as of `registry`), those that are one under one number: GROUPED.

    `centres`: DataFrame[incident, cause, language, version, n, vector], vectors as they are averaged. `by` says how a
    cause was matched to its group ("taxonomy", "name", "centroid"; null where it stands alone), `cosine` how near. Only
    causes of one brand are matched, and never two of one incident, however near they lie.
    """
    held = causes[causes["contributes"].to_numpy(dtype=bool)].reset_index(drop=True)
    owner = list(range(len(held)))
    how: dict[int, tuple[str, float | None]] = {}
    for one, other, by, cosine in [*_by_people(held), *_by_centroid(held, centres)]:
        first, second = owner[one], owner[other]
        if first == second:
            continue
        members = [place for place, group in enumerate(owner) if group in (first, second)]
        if held.loc[members, "incident"].duplicated().any():
            continue
        for place in members:
            owner[place] = min(first, second)
        for place in (one, other):
            how.setdefault(place, (by, cosine))
    numbers = {group: number for number, group in enumerate(dict.fromkeys(owner))}
    rows = [
        (numbers[owner[place]], row["incident"], row["cause"], *how.get(place, (None, None)))
        for place, row in enumerate(held.to_dict("records"))
    ]
    return pd.DataFrame(rows, columns=list(GROUPED)).astype({"cosine": "float64"})


def _by_people(held: pd.DataFrame) -> Iterator[tuple[int, int, str, None]]:
    """Pairs of causes that are one because people said so: an entry of one taxonomy, or a name given by hand.

    An id that stands in two taxonomies is one cause only where they also give it the same name.
    """
    rows = held.to_dict("records")
    for place, row in enumerate(rows):
        for other, then in enumerate(rows[:place]):
            if row["brand"] != then["brand"] or row["incident"] == then["incident"]:
                continue
            alike = bool(_folded(row["names"]) & _folded(then["names"]))
            same_key = row["key"] is not None and row["key"] == then["key"]
            if same_key and (row["taxonomy"] == then["taxonomy"] or alike):
                yield other, place, "taxonomy", None
            elif alike and "analyst" in (row["origin"], then["origin"]):
                yield other, place, "name", None


def _folded(names: Mapping[str, str]) -> set[tuple[str, str]]:
    return {(language, " ".join(name.split()).casefold()) for language, name in names.items()}


def _by_centroid(held: pd.DataFrame, centres: pd.DataFrame) -> list[tuple[int, int, str, float]]:
    """Pairs of causes that lie nearest each other, of two incidents, the nearest pair first.

    Two entries of a taxonomy are two causes, whatever their centroids say.
    """
    if centres.empty or held.empty:
        return []
    places = {(row["incident"], row["cause"]): place for place, row in enumerate(held.to_dict("records"))}
    firm = [row["origin"] != "found" or (row["stability"] or 0) >= FIRM for row in held.to_dict("records")]
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for (version, _), table in centres[centres["n"] >= LEAST].groupby(["version", "language"]):
        if version not in THRESHOLDS:
            continue
        own = [(places.get((row["incident"], row["cause"])), row["vector"]) for row in table.to_dict("records")]
        kept = [(place, vector) for place, vector in own if place is not None and firm[place]]
        if len(kept) < 2:
            continue
        at = [place for place, _ in kept]
        near = _cosines(np.array([vector for _, vector in kept], dtype=float))
        for one, other in _mutual(near, held.loc[at, "incident"].to_numpy(), held.loc[at, "brand"].to_numpy()):
            pair = (min(at[one], at[other]), max(at[one], at[other]))
            keyed = held.loc[list(pair), "key"].notna().all()
            cosine, least = float(near[one, other]), THRESHOLDS[str(version)]
            if cosine >= least and not keyed:
                found[pair] = max(found.get(pair, (-1.0, 0.0)), ((cosine - least) / (1 - least), cosine))
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))
    return [(one, other, "centroid", cosine) for (one, other), (_, cosine) in ranked]


def _cosines(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1)
    return unit @ unit.T


def _mutual(near: np.ndarray, incidents: np.ndarray, brands: np.ndarray) -> Iterator[tuple[int, int]]:
    """Pairs of two incidents of one brand in which each is the other's nearest of that incident."""
    for one in range(len(near)):
        for other in range(one + 1, len(near)):
            if incidents[one] == incidents[other] or brands[one] != brands[other]:
                continue
            there, here = incidents == incidents[other], incidents == incidents[one]
            best = near[one, other] >= near[one, there].max() and near[one, other] >= near[here, other].max()
            if best:
                yield one, other


def table(grouped: pd.DataFrame, causes: pd.DataFrame, rows: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """One row per cause over all incidents, the most vulnerable first: TABLE.

    `incidents` in order of time; `of`: the incidents of the brand; `severity`: the median of their levels;
    `exposure` = recurrence × severity; `asked`, `closed`: follow-ups (as of `follow_through.asked`) about the cause
    whose state is recorded, and those of them done or verified. `vulnerability` = exposure × `open_share`, refused as
    "not_recorded" where no state of a follow-up about it is: a follow-up that nobody tracks is not known to be open.
    One that was dropped has changed nothing, and is not closed.
    """
    found = []
    levels, starts = rows.set_index("incident")["severity"], rows.set_index("incident")["start"]
    brands = causes.groupby("incident")["brand"].first()
    for number in sorted(set(grouped["group"].astype(int))):
        own = grouped[grouped["group"] == number]
        places = sorted(own["incident"], key=lambda name: (starts[name], name))
        named = causes.merge(own[["incident", "cause"]], on=["incident", "cause"]).set_index("incident")["names"]
        known = pd.to_numeric(levels.reindex(places)).dropna()
        severity = float(known.median()) if len(known) else None
        exposure = None if severity is None else len(places) * severity
        about = asked.merge(own[["incident", "cause"]], on=["incident", "cause"]) if len(asked) else asked
        tracked = about[about["state"].notna()].drop_duplicates(["incident", "id"])
        closed = int(tracked["state"].isin(CLOSED).sum())
        share = (1 - closed / len(tracked)) if len(tracked) else None
        reason = "not_recorded" if share is None or exposure is None else None
        found.append(
            {
                "group": number,
                "names": named[places[-1]],
                "incidents": places,
                "recurrence": len(places),
                "of": int((brands == brands[places[0]]).sum()),
                "by": next((by for by in ("taxonomy", "name", "centroid") if by in own["by"].tolist()), None),
                "cosine": own["cosine"].min(),
                "severity": severity,
                "exposure": exposure,
                "asked": len(tracked),
                "closed": closed,
                "open_share": share,
                "vulnerability": exposure * share if exposure is not None and share is not None else None,
                "reason": reason,
            }
        )
    made = pd.DataFrame(found, columns=list(TABLE))
    numbers = ["cosine", "severity", "exposure", "open_share", "vulnerability"]
    made = made.astype(dict.fromkeys(numbers, "float64"))
    order = ["recurrence", "vulnerability", "exposure", "group"]
    return made.sort_values(order, ascending=[False, False, False, True], ignore_index=True)
