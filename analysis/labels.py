"""labels.csv: what people said of mentions; reading and checking it, and drawing the sample they are asked about.

`labels.csv` has one row an answer: id, label, labeller, when. Two people may answer for one mention. `sample.csv`
beside it says which mentions were drawn, from which stratum and of how many, so that answers can be weighted back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError, ParameterError
from analysis.rows import is_time, read_rows, replace, short

LABELS = ("negative", "neutral", "positive")
COLUMNS = ("id", "label", "labeller", "when")
SAMPLE_COLUMNS = ("id", "stratum", "of")
SHORT = {"n": "negative", "u": "neutral", "p": "positive"}
"""What may be typed instead of a label."""
NAME = 40
"""Characters of a labeller's name."""
_SHOWN = 5


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha (nominal) over mentions that several people labelled; None where there are none."""

    alpha: float | None
    mentions: int
    labellers: int


def empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="string") for name in COLUMNS})


def no_sample() -> pd.DataFrame:
    return _table([], SAMPLE_COLUMNS).astype({"of": "Int64"})


def read(path: Path) -> pd.DataFrame:
    """The answers in `path`, all text, in the order they were given; InputError where the file breaks its contract."""
    rows = read_rows(path, COLUMNS)
    answered: dict[tuple[str, str], int] = {}
    for number, row in rows:
        if row["label"] not in LABELS:
            raise InputError(
                f"{path}, row {number}: label is {short(row['label'])}. Use {', '.join(LABELS)}, or delete the row."
            )
        if not row["labeller"]:
            raise InputError(f"{path}, row {number}: labeller is empty. Say who gave this answer: initials will do.")
        if not is_time(row["when"]):
            raise InputError(
                f"{path}, row {number}: when is {short(row['when'])}. Write a time with its zone, such as "
                "2025-03-04T09:30:00+00:00."
            )
        first = answered.setdefault((row["id"], row["labeller"]), number)
        if first != number:
            raise InputError(
                f"{path}, row {number}: {short(row['labeller'])} answered for {short(row['id'])} in row "
                f"{first} already. Keep one."
            )
    return _table([row for _, row in rows], COLUMNS)


def check_ids(labels: pd.DataFrame, known: Collection[str], path: Path) -> None:
    """InputError, with the rows of `path`, where a mention that was labelled is not among the ids `known`."""
    strange = labels[~labels["id"].isin(known)]
    if len(strange):
        first = strange["id"].head(_SHOWN)
        shown = ", ".join(f"row {row}: {short(name)}" for row, name in zip(first.index + 1, first, strict=True))
        more = f", and {len(strange) - _SHOWN} more" if len(strange) > _SHOWN else ""
        raise InputError(
            f"{path}: the incident's archives hold no mention with this id ({shown}{more}). Labels belong to the "
            "incident they were drawn for: check that the file is in its folder and that no spreadsheet changed the "
            "ids, or delete these rows."
        )


def name(labeller: str) -> str:
    """`labeller` as it stands in the file; ParameterError where it is empty or would not fit a cell of one line."""
    plain = labeller.strip()
    if not plain or len(plain) > NAME or not plain.isprintable():
        raise ParameterError(f"labeller is {labeller!r}: give initials or a name, at most {NAME} characters.")
    return plain


def write(path: Path, labels: pd.DataFrame) -> None:
    """Replace `path` with `labels` at once: whoever reads it sees the old file or the new one."""
    replace(path, labels, COLUMNS)


def read_sample(path: Path) -> pd.DataFrame:
    """The sample in `path`: id, stratum and `of` (Int64, texts in the stratum)."""
    rows = read_rows(path, SAMPLE_COLUMNS)
    for number, row in rows:
        if not (row["of"].isascii() and row["of"].isdigit() and int(row["of"])):
            raise InputError(
                f"{path}, row {number}: of is {short(row['of'])}, no number of texts. The file is made by drawing and "
                "is not edited: delete it, and draw again."
            )
    return _table([row for _, row in rows], SAMPLE_COLUMNS).astype({"of": "Int64"})


def write_sample(path: Path, sample: pd.DataFrame) -> None:
    replace(path, sample, SAMPLE_COLUMNS)


def remove(path: Path, ids: Collection[str], columns: tuple[str, ...]) -> bool:
    """Take the rows of the mentions `ids` out of `path`, which has `columns`; whether there were any."""
    rows = pd.DataFrame([row for _, row in read_rows(path, columns)], columns=list(columns), dtype="string")
    gone = rows["id"].isin(ids)
    if gone.any():
        replace(path, rows[~gone], columns)
    return bool(gone.any())


def draw(mentions: pd.DataFrame, n: int = 200, seed: int = 0, drawn: pd.DataFrame | None = None) -> pd.DataFrame:
    """A sample of at most `n` of the scored mentions of people, in the order to ask: id, stratum, of.

    A stratum is a scorer and the class it found likeliest; within one, texts are taken at equal distances in time from
    a random start, so that each has the same chance. Scorers, and so languages, share `n` by the square root of their
    texts (power allocation, after Bankier 1988), the classes of one evenly: rare ones are topped up. Each distinct text
    is asked once. The order is random, so that whoever stops early has a sample of all. The same for the same `seed`.

    `drawn`, an earlier sample, comes first as it is, and is filled up to `n`.
    """
    held = no_sample() if drawn is None else drawn
    rng = np.random.default_rng([seed, len(held)])
    asked = mentions[~mentions["from_brand"].to_numpy(dtype=bool) & mentions["p_negative"].notna().to_numpy()]
    asked = asked.sort_values(["published_at", "id"]).drop_duplicates("text")
    asked = asked.assign(likeliest=asked[[f"p_{label}" for label in LABELS]].to_numpy(dtype=float).argmax(axis=1))
    strata = {
        str(scorer): [own.loc[own["likeliest"] == side, "id"] for side in range(3)]
        for scorer, own in asked.groupby("scorer", sort=True)
    }
    sizes = [sum(map(len, classes)) for classes in strata.values()]
    shares = _shared_out(n, sizes, np.sqrt(sizes))
    parts = []
    for (scorer, classes), share in zip(strata.items(), shares, strict=True):
        taken = _shared_out(share, list(map(len, classes)), np.ones(3))
        for label, ids, count in zip(LABELS, classes, taken, strict=True):
            name = f"{scorer}: {label}"
            rest = ids[~ids.isin(held["id"])].to_numpy()
            missing = min(count - int((held["stratum"] == name).sum()), len(rest))
            if missing > 0:
                places = (np.arange(missing) + rng.random()) * len(rest) / missing
                parts.append(pd.DataFrame({"id": rest[places.astype(int)], "stratum": name, "of": len(ids)}))
    if not parts:
        return held
    new = pd.concat(parts, ignore_index=True).astype({"id": "string", "stratum": "string", "of": "Int64"})
    new = new.iloc[rng.permutation(len(new))]
    return pd.concat([held, new], ignore_index=True).head(max(n, len(held)))


def shared(labels: pd.DataFrame) -> tuple[pd.DataFrame, Agreement]:
    """What people said of each mention: label and share of its answers (indexed by id, sorted); and their agreement.

    A mention of which people say different things counts as a part of each: leaving it out would leave the clear ones.
    """
    votes = pd.crosstab(labels["id"], labels["label"]).reindex(columns=list(LABELS), fill_value=0)
    alpha, several = _alpha(votes.to_numpy(dtype=float))
    shares = votes.div(votes.sum(axis=1), axis=0).reset_index().melt("id", var_name="label", value_name="share")
    said = shares[shares["share"] > 0].sort_values(["id", "label"]).set_index("id")
    return said.astype({"label": "string"}), Agreement(alpha, several, int(labels["labeller"].nunique()))


def weigh(said: pd.DataFrame, sample: pd.DataFrame) -> pd.DataFrame:
    """`said` (label and share, by id) with `weight`, the texts that each answer stands for, and `stratum`.

    A stratum's weight is its texts over its labelled ones, so that answers not given are made up for by those of their
    like. A label outside the sample stands for one text, and they are a stratum of their own.
    """
    known = sample.drop_duplicates("id").set_index("id").reindex(said.index)
    stratum = known["stratum"].fillna("").to_numpy()
    count = said.index.to_series().groupby(stratum).nunique().reindex(stratum).to_numpy()
    weight = (known["of"].astype("Float64") / count).fillna(1.0).to_numpy(dtype=float)
    return said.assign(weight=weight * said["share"].to_numpy(), stratum=stratum)


def _alpha(votes: np.ndarray) -> tuple[float | None, int]:
    """Krippendorff's alpha for nominal data (after Krippendorff 2011) of counts (mentions, classes), and the mentions.

    None without a mention that two labelled, and where all answers are of one class: then nothing could disagree.
    """
    votes = votes[votes.sum(axis=1) > 1]
    if not len(votes):
        return None, 0
    size = votes.sum(axis=1)
    observed = ((size**2 - (votes**2).sum(axis=1)) / (size - 1)).sum()
    total, each = size.sum(), votes.sum(axis=0)
    expected = (total**2 - (each**2).sum()) / (total - 1)
    return (float(1 - observed / expected) if expected else None), len(votes)


def _shared_out(n: int, sizes: list[int], claims: np.ndarray) -> list[int]:
    """`n` in whole numbers in proportion to `claims`, none above its size; what one cannot take goes to the others."""
    taken = np.zeros(len(sizes), dtype=int)
    room = np.array(sizes)
    while (left := min(n, int(room.sum())) - int(taken.sum())) > 0:
        open_ones = np.flatnonzero(taken < room)
        wish = left * claims[open_ones] / claims[open_ones].sum()
        give = np.minimum(np.floor(wish).astype(int), (room - taken)[open_ones])
        if not give.any():
            give[np.argsort(-wish, kind="stable")[:left]] = 1
        taken[open_ones] += give
    return [int(count) for count in taken]


def _table(rows: list[dict[str, str]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array([row[name] for row in rows], dtype="string") for name in columns})
