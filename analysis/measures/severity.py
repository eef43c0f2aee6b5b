"""How severe an incident was: an index of seven components, and the level it comes to (definitions C2).

S = 100 Σ w·c / Σ w over the components that are known, each c in [0, 1]; weights are equal unless given. Weights,
thresholds and scales are engineering proposals, so the range says what other weights and the components that are not
known could make of it. Cues of safety, breach or the law put the level at `FLOOR` or above, whatever the volume.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.measures.onset import Onset
from analysis.measures.reading import OTHERS

COMPONENTS = ("volume", "share_lift", "high_severity", "reposts", "platforms", "influential", "duration")
METHOD = "weighted mean of the components that are known; range over weights half to one and a half times as large"
FLOOR = 3
LOUDEST = 20.0
"""Standard deviations above the ordinary from which the volume counts in full."""
LONGEST_HOURS = 168.0
THRESHOLDS = (25.0, 50.0, 75.0)
"""Indices from which the levels 2, 3 and 4 begin."""
FEWEST = 4
"""Components that must be known for an index."""
BLAMING = 2
"""From this grade of reproach on, accusation and blame, a complaint is one of high severity."""


@dataclass(frozen=True)
class Severity:
    """`index` (0 to 100) and `level` (1 to 4, after floors), each with the range that weights and missing components
    leave; n is the number of components known. A refused level has `low` set where a floor bounds it from below.

    `components`: DataFrame[component, value, scaled, weight, reason]; `scaled` is null where the component is not
    known, and the least it can be where `reason` is "censored". `floors`: cues that put the level at `FLOOR` or above.
    """

    index: Estimate
    level: Estimate
    components: pd.DataFrame
    floors: tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """What `severity` asks for, by the same names: `severity(**vars(inputs), floors=...)`."""

    z_peak: float | None
    share_lift: Estimate
    high_severity: Estimate
    repost_share: Estimate
    platforms: tuple[int, int] | None
    influential: Estimate
    duration_hours: Estimate
    volume_reason: str = "no_spike"


def severity(
    *,
    z_peak: float | None,
    share_lift: Estimate,
    high_severity: Estimate,
    repost_share: Estimate,
    platforms: tuple[int, int] | None,
    influential: Estimate,
    duration_hours: Estimate,
    floors: tuple[str, ...],
    weights: Mapping[str, float] | None = None,
    thresholds: tuple[float, float, float] = THRESHOLDS,
    fewest: int = FEWEST,
    volume_reason: str = "no_spike",
) -> Severity:
    """The severity of one incident.

    `share_lift`, `high_severity` and `repost_share` are shares (a lift may be negative, and counts as none);
    `influential` counts influential authors, of whom one is enough; `volume_reason` says why `z_peak` is None.
    `weights` replaces the weights of the components it names. Refused as "too_few" where fewer than `fewest`
    components are known or the volume is not. Raises ValueError for a weight that is negative or of no component.
    """
    given = dict.fromkeys(COMPONENTS, 1.0) | dict(weights or {})
    if set(given) != set(COMPONENTS) or min(given.values()) < 0 or not sum(given.values()):
        raise ValueError(f"weights are for {', '.join(COMPONENTS)}, none negative and not all 0; got {weights}")
    rows = [
        _plain("volume", z_peak, None if z_peak is None else z_peak / LOUDEST, volume_reason),
        _estimated("share_lift", share_lift),
        _estimated("high_severity", high_severity),
        _estimated("reposts", repost_share),
        _spread(platforms),
        _estimated("influential", influential),
        _estimated("duration", duration_hours, LONGEST_HOURS),
    ]
    table = pd.DataFrame(rows, columns=["component", "value", "scaled", "reason"])
    table = table.astype({"value": "float64", "scaled": "float64", "reason": "string"})
    table.insert(3, "weight", [given[name] for name in table["component"]])
    known = table["scaled"].notna() & (table["weight"] > 0)
    n = int(known.sum())
    if z_peak is None or n < fewest:
        return Severity(
            refused("index", "too_few", METHOD, n),
            refused("level", "too_few", METHOD, n, low=float(FLOOR) if floors else None),
            table,
            tuple(floors),
        )
    value = float(np.average(table.loc[known, "scaled"], weights=table.loc[known, "weight"])) * 100
    low, high = _range(table)
    index = Estimate(value, "index", n, METHOD, low=low, high=high)
    levels = [level_of(bound, thresholds) for bound in (value, low, high)]
    if floors:
        levels = [max(level, float(FLOOR)) for level in levels]
    level = Estimate(levels[0], "level", n, METHOD, low=levels[1], high=levels[2])
    return Severity(index, level, table, tuple(floors))


def level_of(index: float, thresholds: tuple[float, float, float] = THRESHOLDS) -> float:
    """The level, 1 to 4, that an index comes to before floors."""
    return float(1 + sum(index >= limit for limit in thresholds))


def of(
    before: pd.DataFrame,
    during: pd.DataFrame,
    dated: Onset,
    rise: sentiment.Rise,
    *,
    called_from: float,
    graded: tuple[str, ...],
    minimum: int = 30,
) -> Inputs:
    """The inputs of `severity` from scored mentions before and during the incident, its dates and its `rise`.

    A complaint is a mention whose `complaint` is at least `called_from` and that is not angry at somebody else;
    `graded` are the languages whose grades of reproach were measured well enough to be counted.
    """
    return Inputs(
        z_peak=dated.z_peak,
        share_lift=rise.difference,
        high_severity=high_severity(during, called_from, graded, minimum),
        repost_share=repost_share(before, during, minimum),
        platforms=platforms(before, during),
        influential=influential(before, during),
        duration_hours=dated.duration,
        volume_reason=str(dated.onset.reason or "no_spike"),
    )


def high_severity(
    scored: pd.DataFrame, called_from: float, graded: tuple[str, ...], minimum: int = 30, blaming: int = BLAMING
) -> Estimate:
    """The share of complaints at the organisation that accuse or blame."""
    rows = sentiment.people(scored)
    called = (rows["complaint"] >= called_from).fillna(False).astype(bool)
    rows = rows[called & ~rows["target"].isin(OTHERS).fillna(False).astype(bool) & rows["reproach"].notna()]
    covered = rows[rows["language"].isin(graded).fillna(False).astype(bool)]
    if len(rows) and covered.empty:
        return refused("share", "not_covered", sentiment.SHARE_METHOD, len(rows))
    return _share(covered, (covered["reproach"] >= blaming).fillna(False).to_numpy(dtype=bool), minimum)


def repost_share(before: pd.DataFrame, during: pd.DataFrame, minimum: int = 30) -> Estimate:
    """The share of mentions that are reposts; "not_recorded" where the archive holds none at all."""
    if not any((table["kind"] == "repost").any() for table in (before, during)):
        return refused("share", "not_recorded", sentiment.SHARE_METHOD, len(during))
    rows = sentiment.people(during)
    return _share(rows, (rows["kind"] == "repost").to_numpy(dtype=bool, na_value=False), minimum)


def platforms(before: pd.DataFrame, during: pd.DataFrame) -> tuple[int, int] | None:
    """(platforms with mentions of the incident, platforms that the archive observes); None where it names none."""
    hit = set(sentiment.people(during)["platform"].dropna())
    observed = hit | set(sentiment.people(before)["platform"].dropna())
    return (len(hit), len(observed)) if observed else None


def influential(
    before: pd.DataFrame, during: pd.DataFrame, quantile: float = 0.99, minimum: int = 100, least: float | None = None
) -> Estimate:
    """How many authors of the incident have as many followers as the top hundredth of authors before (`least`, where
    it is given); "too_few" where fewer than `minimum` authors before have a count."""
    method = f"authors with the followers of the top {1 - quantile:.0%} before"
    usual, now = _followers(before), _followers(during)
    if usual.empty and now.empty:
        return refused("count", "not_recorded", method)
    if least is None:
        least = influence(before, quantile, minimum)
    if least is None:
        return refused("count", "too_few", method, len(usual))
    count = float((now >= least).sum())
    return Estimate(count, "count", len(now), method, low=count, high=count)


def influence(before: pd.DataFrame, quantile: float = 0.99, minimum: int = 100) -> float | None:
    """Followers from which an author is influential: that quantile of authors before; None under `minimum` of them."""
    usual = _followers(before)
    return None if len(usual) < minimum else max(1.0, float(np.quantile(usual, quantile)))


def _followers(scored: pd.DataFrame) -> pd.Series:
    """The largest recorded number of followers of each author but the organisation."""
    known = sentiment.people(scored).dropna(subset=["author", "author_followers"])
    return known.groupby("author")["author_followers"].max().astype("float64")


def _share(rows: pd.DataFrame, holds: np.ndarray, minimum: int) -> Estimate:
    return sentiment.negative_of(np.where(holds, -1.0, 1.0), sentiment.authors(rows), minimum)


def _plain(name: str, value: float | None, scaled: float | None, reason: str) -> tuple:
    if value is None or scaled is None:
        return (name, None, None, reason)
    return (name, value, min(max(scaled, 0.0), 1.0), None)


def _estimated(name: str, estimate: Estimate, full: float = 1.0) -> tuple:
    """A row from an estimate; from its lower bound where that is all there is."""
    if estimate.value is not None:
        return _plain(name, float(estimate.value), float(estimate.value) / full, "")
    if estimate.reason == "censored" and estimate.low is not None:
        return (*_plain(name, float(estimate.low), float(estimate.low) / full, "")[:3], "censored")
    return (name, None, None, estimate.reason)


def _spread(platforms: tuple[int, int] | None) -> tuple:
    """Where one platform alone was observed, nothing shows how far it spread."""
    if platforms is None:
        return ("platforms", None, None, "not_recorded")
    hit, observed = platforms
    return _plain("platforms", hit, hit / observed if observed > 1 else None, "too_few")


def _range(table: pd.DataFrame) -> tuple[float, float]:
    """The least and the most that the index can be: weights × ½ to × 1½, unknown components anywhere from 0 to 1."""
    scaled, weight = table["scaled"].to_numpy(dtype=float), table["weight"].to_numpy(dtype=float)
    open_above = np.isnan(scaled) | (table["reason"] == "censored").fillna(False).to_numpy(dtype=bool)
    lowest, highest = np.nan_to_num(scaled, nan=0.0), np.where(open_above, 1.0, scaled)
    corners = np.array(list(product((0.5, 1.5), repeat=len(weight)))) * weight
    total = corners.sum(axis=1)
    return float((corners @ lowest / total).min()) * 100, float((corners @ highest / total).max()) * 100
