"""How much of what an organisation answered was the same text for different customers (definitions C10).

Routinised answers do worse than individual ones, and an informal tone does not mend them: informal and routinised
together backfired in the experiments of Decock et al. 2020 (doi 10.1080/15332861.2020.1848060). Here only how much was
routinised is measured, not what it did.
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import Difference, difference, effective_n, wilson

FEWEST = 20
"""Replies from which a share is given: a share of fewer has an interval of more than 40 points."""
THIRD = 20
"""Replies that the first and the last third each need, for the same reason."""
LARGEST = 3
"""Templates that a day is split into."""


@dataclass(frozen=True)
class Boilerplate:
    """`rate`: share of replies whose template also went to another customer; `largest`: share of the template with
    the most replies; `effective`: number of equally used texts that would be as varied; `trend`: the rate in the last
    third of the replies less that in the first. `templates`: DataFrame[template, replies, customers], most used first.
    `shared`: bool, on the index of the replies.
    """

    rate: Estimate
    largest: Estimate
    effective: Estimate
    trend: Difference
    templates: pd.DataFrame
    shared: pd.Series


def boilerplate(replies: pd.DataFrame) -> Boilerplate:
    """Of `replies`: id, published_at, template (Int64, null where the text is no other's), customer (null: not known).

    A reply whose customer is not known counts as to a customer of its own. Intervals: replies to one customer are taken
    as a cluster (`proportions.effective_n`, then Wilson); that of the effective number is the delta method's on the
    entropy of the texts (Basharin 1959), since texts drawn anew would repeat and look less varied than they are.
    """
    replies = replies.sort_values(["published_at", "id"])
    customer = replies["customer"].fillna("reply " + replies["id"].astype("string"))
    used = replies.assign(customer=customer).dropna(subset="template").groupby("template")
    templates = pd.DataFrame({"replies": used.size(), "customers": used["customer"].nunique()})
    templates = templates[templates["customers"] > 1].sort_values("replies", ascending=False, kind="stable")
    shared = replies["template"].isin(templates.index)
    count = len(replies)
    if count < FEWEST:
        few = {unit: refused(unit, "too_few", "Wilson", count) for unit in ("share", "number")}
        none = Difference(refused("points", "too_few", "Newcombe", count), None)
        rate = largest = few["share"]
        return Boilerplate(rate, largest, few["number"], none, templates.reset_index(), shared.sort_index())
    top = replies["template"].eq(templates.index[0]).fillna(False) if len(templates) else shared
    return Boilerplate(
        _share(shared, customer),
        _share(top, customer),
        _effective(replies["template"].where(shared)),
        _trend(shared.to_numpy()),
        templates.reset_index(),
        shared.sort_index(),
    )


def by_day(replies: pd.DataFrame, templates: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Replies of each day of `zone` that held any: DataFrame[day, first, second, third, others, own]."""
    day = replies["published_at"].dt.tz_convert(ZoneInfo(zone)).dt.strftime("%Y-%m-%d")
    rank = {number: place for place, number in enumerate(templates["template"])}
    place = replies["template"].map(rank).astype("float64")
    kinds = ["first", "second", "third", "others", "own"]
    kind = np.select([place < number for number in range(1, LARGEST + 1)], kinds[:LARGEST], "others")
    table = pd.crosstab(day.to_numpy(), np.where(place.isna(), "own", kind))
    return table.reindex(columns=kinds, fill_value=0).rename_axis("day").reset_index()


def _share(flags: pd.Series, customer: pd.Series) -> Estimate:
    values = flags.to_numpy(dtype=np.float64)
    effective, quantile = effective_n(values, customer.to_numpy())
    found = wilson(float(values.mean()) * effective, effective, quantile=quantile)
    return Estimate(found.value, "share", len(values), "Wilson, clustered", found.low, found.high)


def _effective(templates: pd.Series) -> Estimate:
    """exp(H) of the texts, each that is no template's being one of its own (definitions C10)."""
    count = len(templates)
    sizes = np.concatenate([templates.value_counts().to_numpy(), np.ones(int(templates.isna().sum()))])
    p = sizes / count
    entropy = float(-(p * np.log(p)).sum())
    error = 1.96 * sqrt(max(float((p * np.log(p) ** 2).sum()) - entropy**2, 0.0) / count)
    low, high = exp(max(entropy - error, 0.0)), exp(min(entropy + error, log(count)))
    return Estimate(exp(entropy), "number", count, "exp of entropy, delta method", low, high)


def _trend(shared: np.ndarray) -> Difference:
    third = len(shared) // 3
    if third < THIRD:
        return Difference(refused("points", "too_few", "Newcombe", len(shared)), None)
    found = difference(int(shared[-third:].sum()), third, int(shared[:third].sum()), third)
    told = found.estimate
    return Difference(Estimate(told.value, "points", told.n, told.method, told.low, told.high), found.p)
