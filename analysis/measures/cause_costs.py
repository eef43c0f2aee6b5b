"""What each cause of complaint costs: reproach, cues, reactions, answers and half-life, held against the rest.

The negative share is not among them: causes are sought in negative mentions alone, so that it is 1 by construction.
The rest of a cause are the other complaints of the incident that have one, clear or not. A cause is called costlier
only after Holm's correction (1979, jstor 4615733) over all that is compared: of forty comparisons two would otherwise
be called so by chance.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.measures import cause_shares, engagement, recovery, response, sentiment, volume
from analysis.measures.estimate import Estimate, refused
from analysis.measures.ordinary import Noise, Ordinary, ordinary
from analysis.measures.proportions import difference, effective_n
from analysis.measures.reading import MINIMUM
from analysis.measures.severity import BLAMING

SHARES = ("complains", "harsh", "cues", "engaged", "answered")
"""What is compared with the rest. All are shares of the complaints of a cause; `answered` alone costs by being low."""
COUNTED = ("reactions", "loudest", "reach", "wait", "half_life")
MEASURES = (*SHARES, *COUNTED)
ALPHA = 0.05
EXPECTED = 5.0
"""Under so many expected mentions in a cell the test of two shares is Fisher's (after Cochran 1954)."""
HALVED_FROM = 50
"""Mentions of a cause during the incident from which its decay is looked at (definitions C1: the floor of a spike)."""
WIDE = 10.0
"""From this ratio on between its limits a half-life is an order of magnitude, and orders no causes."""
TABLE = {
    "cause": "Int64",
    "measure": "string",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "n": "Int64",
    "unit": "string",
    "method": "string",
    "reason": "string",
    "rest": "float64",
    "rest_n": "Int64",
    "p": "float64",
    "p_holm": "float64",
    "costlier": "bool",
}


def table(
    votes: pd.DataFrame,
    causes: Sequence[int],
    *,
    floor: float,
    called_from: float,
    graded: Sequence[str],
    cues: pd.Series,
    unrecorded: str = "not_recorded",
) -> pd.DataFrame:
    """What can be read of the complaints themselves: one row a cause and measure.

    `votes` are `cause_shares.votes` of the incident, from hours that were seen; `floor` the confidence under which a
    cause is unclear. `complains`: `complaint` is at least `called_from`. `harsh`: accuses or blames, in languages of
    `graded`. `cues` (bool, on the index of votes): names harm, a breach, discrimination or the law. `engaged`: drew
    more reactions (likes, replies and reposts, as far as recorded) than the median complaint on its platform;
    `reactions`: their sum, with the interval of a bootstrap over authors; `loudest`: the share of it that one post
    drew; `reach`: followers of distinct authors. Pass votes through `without_own` first.
    `unrecorded` is the reason where no reactions are known. Columns: TABLE; `rest` is the share among the other
    complaints, `p` that of no difference; `p_holm` and `costlier` are for `corrected` to fill.
    """
    of = _causes(votes, floor)
    author = sentiment.authors(votes)
    language = votes["language"].isin(list(graded)).fillna(False).to_numpy(dtype=bool)
    reproach = votes["reproach"].to_numpy(dtype=float, na_value=np.nan)
    held = {
        "complains": _at_least(votes["complaint"].to_numpy(dtype=float, na_value=np.nan), called_from),
        "harsh": np.where(language, _at_least(reproach, BLAMING), np.nan),
        "cues": cues.to_numpy(dtype=float),
        "engaged": engaged(votes),
    }
    absent = {"complains": "not_covered", "harsh": "not_covered", "cues": "not_covered", "engaged": unrecorded}
    rows = []
    for name, holds in held.items():
        rows += _compared(name, holds, of, author, causes, absent[name])
    values = engagement.per_row(votes).to_numpy(dtype=float, na_value=np.nan)
    for cause in causes:
        rows.append(_row(cause, "reactions", _total(values, of == cause, author, unrecorded)))
        rows.append(_row(cause, "loudest", _loudest(values[of == cause], unrecorded)))
        rows.append(_row(cause, "reach", engagement.potential_reach(votes[of == cause])))
    return _typed(rows)


def without_own(votes: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """`votes` whose counts of replies leave out the organisation's own, as far as these were collected and joined.

    A cause that was answered more often would else seem to move more people.
    """
    own = mentions[mentions["from_brand"].to_numpy(dtype=bool) & (mentions["kind"] != "repost").to_numpy(dtype=bool)]
    answers = votes["id"].map(own["parent_id"].value_counts()).fillna(0).astype("Int64")
    return votes.assign(replies=(votes["replies"] - answers).clip(lower=0))


def engaged(votes: pd.DataFrame) -> np.ndarray:
    """Whether each mention drew more reactions than the median one of its platform: 1, 0, or NaN where not known."""
    values = engagement.per_row(votes).astype("float64")
    middle = values.groupby(votes["platform"].fillna("")).transform("median")
    return np.where(values.isna(), np.nan, (values > middle).astype(float))


def answers(
    votes: pd.DataFrame,
    asked: pd.DataFrame,
    causes: Sequence[int],
    joins: Mapping,
    until: pd.Timestamp,
    promised_hours: float,
    *,
    floor: float,
) -> pd.DataFrame:
    """`answered` and `wait` (median hours to the first answer) of each cause, as `response.speed` has them.

    `asked`: rows of `response.pairs`, of complaints that could have been answered. Where silence cannot be proved,
    `answered` is refused, and `wait` is that of the pairs that could be joined. `p` is that of the log-rank test, which
    knows that late complaints were watched for less long. Columns: TABLE.
    """
    known = asked.merge(votes.assign(of=_causes(votes, floor))[["id", "of"]], on="id")
    rows = []
    for cause in causes:
        own = known["of"] == cause
        mine, rest = (
            response.speed(known[some], joins, until, promised_hours, minimum=MINIMUM) for some in (own, ~own)
        )
        row = _row(cause, "answered", mine.answered)
        if mine.answered.value is not None and rest.answered.value is not None:
            row |= {"rest": rest.answered.value, "rest_n": rest.answered.n, "p": _log_rank(known, own, until)}
        rows += [row, _row(cause, "wait", mine.median)]
    return _typed(rows)


def half_lives(
    scored: pd.DataFrame,
    causes: Sequence[int],
    hours: pd.DataFrame,
    begun: pd.Timestamp,
    end: pd.Timestamp,
    *,
    floor: float,
    fewest: int = HALVED_FROM,
) -> pd.DataFrame:
    """`half_life` in hours of each cause's complaints after their highest peak in [begun, end): `recovery.measure`.

    "too_few" under `fewest` mentions, or where they leave its order of magnitude alone.

    `scored` reaches from the baseline to the aftermath, `hours` is its coverage. A cause that nobody named before, in
    days that were seen, has an ordinary level of half a mention in all of them. Columns: TABLE.
    """
    votes = cause_shares.votes(scored)
    of = _causes(votes, floor)
    rows = []
    for cause in causes:
        own = votes[of == cause]
        n = len(volume.between(own, begun, end))
        found = refused("hours", "too_few", recovery.METHOD, n)
        if n >= fewest:
            counts = volume.hourly(own, hours)
            found = recovery.measure(counts, _usual(counts, begun), begun, end).half_life
            if found.value is not None and float(found.high or np.inf) > WIDE * float(found.low or 0):
                found = refused("hours", "too_few", recovery.METHOD, n)
        rows.append(_row(cause, "half_life", found))
    return _typed(rows)


def corrected(rows: pd.DataFrame, alpha: float = ALPHA) -> pd.DataFrame:
    """`rows` with `p_holm`, and `costlier` where a cause is worse than the rest with p_holm < `alpha`."""
    from statsmodels.stats.multitest import multipletests

    out = rows.reset_index(drop=True).copy()
    tested = out["p"].notna().to_numpy()
    if tested.any():
        out.loc[tested, "p_holm"] = multipletests(out.loc[tested, "p"], method="holm")[1]
    worse = np.where(out["measure"] == "answered", out["value"] < out["rest"], out["value"] > out["rest"])
    out["costlier"] = worse & (out["p_holm"] < alpha).to_numpy()
    return out


def estimate(row: Mapping) -> Estimate:
    """A row of TABLE as an estimate."""
    if pd.isna(row["value"]):
        low = None if pd.isna(row["low"]) else float(row["low"])
        return refused(str(row["unit"]), str(row["reason"]), str(row["method"]), int(row["n"]), low)
    low, high = (None if pd.isna(row[name]) else float(row[name]) for name in ("low", "high"))
    return Estimate(float(row["value"]), str(row["unit"]), int(row["n"]), str(row["method"]), low, high)


def _compared(
    name: str, holds: np.ndarray, of: np.ndarray, author: np.ndarray, causes: Sequence[int], absent: str
) -> list[dict]:
    """The share of 1 among the 1 and 0 of `holds` (NaN: not known) in each cause, against the rest."""
    known = ~np.isnan(holds)
    rows = []
    for cause in causes:
        own = (of == cause) & known
        others = (of != cause) & known
        if not own.any():
            rows.append(_row(cause, name, refused("share", absent, sentiment.SHARE_METHOD)))
            continue
        share, rest = (
            sentiment.negative_of(np.where(holds[some] == 1, -1.0, 1.0), author[some], MINIMUM)
            for some in (own, others)
        )
        row = _row(cause, name, share)
        if share.value is not None and rest.value is not None:
            p = _no_difference(holds[own], author[own], holds[others], author[others])
            row |= {"rest": rest.value, "rest_n": rest.n, "p": p}
        rows.append(row)
    return rows


def _no_difference(one: np.ndarray, author: np.ndarray, other: np.ndarray, authors: np.ndarray) -> float | None:
    """p of the same share in both, at the effective numbers of author clusters."""
    n1, n0 = effective_n(one, author)[0], effective_n(other, authors)[0]
    k1, k0 = one.mean() * n1, other.mean() * n0
    share = (k1 + k0) / (n1 + n0)
    if min(n1, n0) * min(share, 1 - share) >= EXPECTED:
        return difference(k1, n1, k0, n0).p
    from scipy.stats import fisher_exact

    cells = np.round([[k1, n1 - k1], [k0, n0 - k0]]).astype(int)
    return float(fisher_exact(cells)[1])


def _log_rank(known: pd.DataFrame, own: pd.Series, until: pd.Timestamp) -> float:
    """p of the same waiting in both; 1 where no answer came while both waited, so that nothing tells them apart."""
    from statsmodels.duration.survfunc import survdiff

    watched = known[known["asked"] < until]
    got = (watched["answered"] <= until).to_numpy(dtype=bool)
    ended = watched["answered"].where(got, until)
    hours = (ended - watched["asked"]).dt.total_seconds().to_numpy(dtype=float) / 3600
    group = own[watched.index].to_numpy(dtype=int)
    both = min(hours[group == 0].max(), hours[group == 1].max())
    if not (got & (hours <= both)).any():
        return 1.0
    p = float(survdiff(hours, got.astype(int), group)[1])
    return 1.0 if np.isnan(p) else p


def _total(values: np.ndarray, own: np.ndarray, author: np.ndarray, unrecorded: str, draws: int = 1000) -> Estimate:
    """The sum of `values` where `own`, with the percentile interval of a bootstrap over authors."""
    method = "sum of reactions, bootstrap over authors"
    known = own & ~np.isnan(values)
    n = int(known.sum())
    if not n:
        return refused("count", unrecorded if np.isnan(values).all() else "too_few", method)
    total = float(values[known].sum())
    each = np.bincount(np.unique(author[known], return_inverse=True)[1], weights=values[known])
    distinct, counts = np.unique(each, return_counts=True)
    rng = np.random.default_rng(0)
    sums = rng.multinomial(len(each), counts / len(each), size=draws) @ distinct
    low, high = np.quantile(sums, [0.025, 0.975]) if len(each) >= MINIMUM else (None, None)
    return Estimate(
        total, "count", n, method, None if low is None else float(low), None if high is None else float(high)
    )


def _loudest(values: np.ndarray, unrecorded: str) -> Estimate:
    known = values[~np.isnan(values)]
    if not known.sum():
        return refused("share", "too_few" if len(known) else unrecorded, "largest of the sum", len(known))
    return Estimate(float(known.max() / known.sum()), "share", len(known), "largest of the sum")


def _usual(counts: pd.Series, begun: pd.Timestamp, floor_days: float = 3.0) -> Ordinary:
    found = ordinary(counts, begun)
    if found.reason != "no_baseline" or found.days < floor_days:
        return found
    level = found.level.fillna(0.5 / (24 * found.days))
    return Ordinary(level, found.quiet, Noise(0.0, 0.0, 1e-4), found.daily, found.carried, found.days)


def _causes(votes: pd.DataFrame, floor: float) -> np.ndarray:
    """The cause of each vote, NaN where it is unclear."""
    cause = votes["cause"].to_numpy(dtype=float, na_value=np.nan)
    return np.where(cause_shares.clear(votes, floor), cause, np.nan)


def _at_least(values: np.ndarray, limit: float) -> np.ndarray:
    return np.where(np.isnan(values), np.nan, (values >= limit).astype(float))


def _row(cause: int, name: str, found: Estimate) -> dict:
    return {"cause": cause, "measure": name} | {
        part: getattr(found, part) for part in ("value", "low", "high", "n", "unit", "method", "reason")
    }


def _typed(rows: list[dict]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=list(TABLE))
    out["costlier"] = False
    return out.astype(TABLE)
