"""Which causes were there when it began, and which joined later: a test with an error rate, not the earliest mention.

A large cause is noticed sooner than a small one that rose with it, so that dates of first alarms order causes by their
size. Here a cause joined later only where two things are sure: it held less than two thirds of the share of complaints
before a moment that it held after, and it came more often after than before. Causes that rise together keep their
shares, whatever the shape of the rise, its bursts, nights and unseen hours, since all share them; and what merely
fades more slowly than the rest does not come more often. Measured: `python -m tests.benchmarks.cause_trigger`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import volume
from analysis.measures.cause_course import DAY, VOICES, voices
from analysis.measures.estimate import Estimate

HOUR = pd.Timedelta(hours=1)
METHOD = "share among complaints before against after, with Poisson excess over the ordinary"
PART_METHOD = "excess over the ordinary, Poisson draws"
DRAWS = 2000
OVERLAP = 4
"""Looks a day, since a day that ends at any voice is judged: with 1, one in 15 quiet archives had a rise."""


@dataclass(frozen=True)
class Rule:
    """Proposals to change, not laws.

    `alpha`: the chance, over all causes together, that one is said to have risen, or to have joined, by chance.
    `ratio`: how much smaller the odds of a cause must have been before for it to have joined: two thirds, since causes
    that rise together still fade each at its own pace; any difference at all would be theirs too. `lead`: how long
    before the onset a rise is looked for (as for first posts in `questions.spread`). `span`: the shortest time after a
    moment that is held against the time before it: a few hours hold a rise, a day another phase. `moments` are tried:
    quantiles of all complaints. `least`: voices that make a rise (`cause_course.VOICES`). `sizeable`: the part of the
    excess from which a cause counts among those that set it off. `days`: of the time before that must have been seen,
    as for an onset by the hour.
    """

    alpha: float = 0.05
    ratio: float = 2 / 3
    lead: pd.Timedelta = DAY
    span: pd.Timedelta = 6 * HOUR
    least: int = VOICES
    sizeable: float = 0.05
    days: float = 3.0
    moments: tuple[float, ...] = (0.025, *(k / 20 for k in range(1, 17)))


@dataclass(frozen=True)
class Trigger:
    """What set it off. `causes`: one row per cause, in the order given:

    cause; n, ordinary (voices from the onset to the end, and those expected); state ("first": it came more often than
    usual before the peak was over; "joined": surely later than another; "unplaced": it rose, and neither is sure;
    "no_rise"); since (where it best fits), low, high
    (UTC: it had surely not risen before `low`, and surely had by `high`; null without a rise); part, part_low,
    part_high (its part of the excess of all causes) and early, early_low, early_high (the same up to `peak`; null
    where nothing is known).
    `verdict`: "set_off" (one rose first), "only" (one rose), "carried" (several rose together, one surely holds more
    than half of the early excess), "together", "open" (one was there first, sizeable others are unplaced), "no_rise",
    "refused" with `reason`. `named` are the causes it is about, the largest early part first.
    """

    causes: pd.DataFrame
    verdict: str
    named: tuple[int, ...] = ()
    reason: str | None = None


def measure(
    rows: pd.DataFrame,
    hours: pd.DataFrame,
    causes: pd.DataFrame,
    *,
    since: pd.Timestamp,
    onset: Estimate,
    peak: pd.Timestamp | None,
    end: pd.Timestamp,
    rule: Rule | None = None,
) -> Trigger:
    """Which of `causes` (column `cause`) set off the incident that lasted from `onset` to `end`.

    `rows`: complaints as of `cause_course.complaints`, from hours that were seen, from `since` (the start of the time
    before) on. `hours` as in `volume`. `peak` is where the bin of the peak ends; None where it is not known.
    Refused with the reason of `onset` where that is not known, "no_baseline" and "short_baseline" where too little was
    seen before it, "not_seen" where an hour between the onset and the first rise was not wholly seen, "too_few" where
    there are fewer than `least` complaints.
    """
    rule = rule or Rule()
    if onset.value is None:
        return _refused(causes, str(onset.reason))
    begun = pd.Timestamp(onset.value)
    opened = begun - rule.lead
    seen = _Clock(hours)
    quiet = seen.between(since, opened)
    if quiet < rule.days * 24:
        return _refused(causes, "short_baseline" if quiet else "no_baseline")
    once = voices(rows)
    once = once[once["cause"].isin(causes["cause"]).to_numpy(dtype=bool)]
    past, now = volume.between(once, since, opened), volume.between(once, opened, end)
    if len(now) < rule.least:
        return _refused(causes, "too_few")
    events = _Events(causes["cause"].to_numpy(dtype="int64"), past, now, seen, quiet, opened, begun, end)
    table = _rises(events, rule)
    first = table["high"].min()
    if pd.notna(first) and (volume.states(hours, begun.floor("h"), max(first, begun + HOUR)) != "seen").any():
        return _refused(causes, "not_seen")
    table = _joins(events, table, rule)
    table = _parts(events, table, begun, end, ("part", "part_low", "part_high"))
    top = begun if peak is None else min(peak, end)
    table = _parts(events, table, begun, top, ("early", "early_low", "early_high"))
    table = _placed(events, table, top, rule)
    return _verdict(table, rule)


class _Clock:
    """Hours that were wholly seen, between any two moments."""

    def __init__(self, hours: pd.DataFrame) -> None:
        known = pd.DatetimeIndex(hours.loc[hours["state"] == "seen", "hour"]).sort_values()
        self._starts = known.as_unit("us").asi8 / 3.6e9

    def upto(self, moment: pd.Timestamp) -> float:
        at = moment.value / 3.6e12
        row = int(np.searchsorted(self._starts, at))
        return row - 1 + min(1.0, at - self._starts[row - 1]) if row else 0.0

    def between(self, start: pd.Timestamp, end: pd.Timestamp) -> float:
        return max(0.0, self.upto(end) - self.upto(start))


class _Events:
    """Voices of each cause as sorted hours since the epoch, and what each cause has in ordinary hours."""

    def __init__(
        self,
        causes: np.ndarray,
        past: pd.DataFrame,
        now: pd.DataFrame,
        seen: _Clock,
        quiet: float,
        opened: pd.Timestamp,
        begun: pd.Timestamp,
        end: pd.Timestamp,
    ) -> None:
        self.causes, self.seen, self.quiet, self.opened, self.begun, self.end = causes, seen, quiet, opened, begun, end
        at, which = _hours(now["published_at"]), now["cause"].to_numpy(dtype="int64")
        self.all = at
        self.own = {cause: at[which == cause] for cause in causes}
        before = past["cause"].to_numpy(dtype="int64")
        self.before = {cause: int((before == cause).sum()) for cause in causes}
        self.restless = _dispersion(past, causes, quiet)
        self.bursts = {cause: _bursts(own, at) for cause, own in self.own.items()}

    def hours(self, start: float, end: float) -> float:
        """Wholly seen hours between two moments, in hours since the epoch."""
        return self.seen.between(_moment(start), _moment(end))

    def rate(self, cause: int) -> float:
        """Voices an hour in ordinary time, half a voice added (after Jeffreys)."""
        return (self.before[cause] + 0.5) / self.quiet


def _dispersion(past: pd.DataFrame, causes: np.ndarray, quiet: float) -> float:
    """Variance over mean of a cause's voices a day in ordinary time, of all causes together; at least 1 (Poisson)."""
    days = quiet / 24
    if days < 7 or len(past) < 7:
        return 1.0
    daily = past.groupby([past["cause"].astype("int64"), past["published_at"].dt.floor("D")]).size()
    counted = daily.groupby(level=0)
    sums, squares = counted.sum(), counted.apply(lambda some: float((some**2).sum()))
    spread = float((squares - sums**2 / days).sum()) / (days - 1)
    return max(1.0, spread / (float(sums.sum()) / days))


def _bursts(own: np.ndarray, every: np.ndarray) -> float:
    """How much more a cause's share jumps from hour to hour than chance makes it (1): the mean chi-square of hours in
    pairs, after 20 of which with two voices of it or more it is known; at least 1.

    Neighbours tell bursts of a cause by itself, and hardly what it does over the course of the incident.
    """
    hour = np.floor(np.concatenate([own, every])).astype(np.int64)
    first = int(hour.min()) if len(hour) else 0
    size = int(hour.max() - first) // 2 * 2 + 2 if len(hour) else 2
    x, n = (np.bincount(np.floor(at).astype(np.int64) - first, minlength=size).reshape(-1, 2) for at in (own, every))
    whole, held = n.sum(axis=1), x.sum(axis=1)
    fair = (n > 0).all(axis=1) & (held > 1) & (held < whole)
    if fair.sum() < 20:
        return 1.0
    x, n, whole, held = x[fair], n[fair], whole[fair], held[fair]
    share = held / whole
    square = (x[:, 0] - n[:, 0] * share) ** 2 / (share * (1 - share) * n[:, 0] * n[:, 1] / (whole - 1))
    return max(1.0, float(square.mean()))


def _rises(events: _Events, rule: Rule) -> pd.DataFrame:
    """When each cause had surely risen: voices of a day against those of the days before, judged at every voice.

    A whole day holds every hour once, so that no time of day is a rise. Counts are divided by their dispersion. `since`
    is where the run that was then loud best begins (the scan statistic's start, after Kulldorff 1997).
    """
    from scipy.stats import binom

    looks = OVERLAP * len(events.causes) * max((events.end - events.opened) / DAY, 1.0)
    usual = 1 / (1 + events.quiet / 24)
    records = []
    for cause, at in events.own.items():
        record: dict = {"cause": cause, "n": int((at >= _hour(events.begun)).sum()), "state": "no_rise"}
        record["ordinary"] = events.rate(cause) * events.seen.between(events.begun, events.end)
        counts = np.arange(1, len(at) + 1) - np.searchsorted(at, at - 24, "right")
        calm = np.floor(counts / events.restless)
        p = binom.sf(calm - 1, calm + round(events.before[cause] / events.restless), usual)
        loud = np.flatnonzero((counts >= rule.least) & (p < rule.alpha / looks))
        if len(loud):
            row = int(loud[0])
            record |= {
                "state": "first",
                "high": _moment(at[row]),
                "since": _moment(_begins(at[: row + 1], events, cause)),
            }
            record["low"] = min(events.begun, record["since"])
        records.append(record)
    table = pd.DataFrame(records, columns=["cause", "n", "ordinary", "state", "since", "low", "high"])
    moments = dict.fromkeys(("since", "low", "high"), "datetime64[us, UTC]")
    return table.astype({"cause": "Int64", "n": "Int64", "state": "string"} | moments)


def _begins(at: np.ndarray, events: _Events, cause: int) -> float:
    recent = at[at > at[-1] - 24]
    lasts = np.maximum(recent[-1] - recent[:-1], 1 / 60)
    k, usual = np.arange(len(recent) - 1, 0, -1), events.rate(cause) * lasts
    odd = np.where(k > usual, k * np.log(k / usual) - (k - usual), 0.0)
    return float(recent[int(np.argmax(odd))])


def _joins(events: _Events, table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """`table` with the causes that surely rose after another had risen as "joined", with their low, since and high."""
    risen = table[table["state"] == "first"]
    moments = np.unique(np.quantile(events.all, rule.moments))
    level = rule.alpha / max(len(risen), 1)
    out = table.copy()
    for row, cause in zip(risen.index, risen["cause"], strict=True):
        earlier = risen.loc[risen.index != row, "high"].min()
        if pd.isna(earlier) or row == risen["high"].idxmin():  # what surely rose before all others joined none of them
            continue
        tried = [(_late(events, int(cause), moment, rule), moment) for moment in moments if moment >= _hour(earlier)]
        sure = [one for one in tried if one[0] < level]
        if not sure:
            continue
        # Between two moments that are tried nothing is known: the one before the first that is sure is the bound.
        low = max([_hour(earlier), *(moment for _, moment in tried if moment < sure[0][1])])
        best = min(sure)[1]
        out.loc[row, "state"] = "joined"
        surely = _surely(events, int(cause), low, best, level)
        for name, told in (("low", low), ("since", best), ("high", surely)):
            out.loc[row, name] = _moment(told)
    return out


def _late(events: _Events, cause: int, moment: float, rule: Rule) -> float:
    """The chance of so few voices of `cause` before `moment` (hours since the epoch) had it risen with the others.

    The larger of two: that of its share, given all voices before and after, by Fisher's noncentral hypergeometric with
    the odds that ordinary complaints and `ratio` of its later share of the excess make; and that of its rate.
    """
    from scipy.stats import binom, nchypergeom_fisher

    begun, own = _hour(events.begun), events.own[cause]
    late = min(_hour(events.end), moment + max(rule.span / HOUR, moment - begun))
    x1, x2 = _count(own, 0, moment), _count(own, moment, late)
    n1, n2 = _count(events.all, 0, moment), _count(events.all, moment, late)
    burst = events.bursts[cause]
    h1, h2 = events.hours(_hour(events.opened), moment), events.hours(moment, late)
    usual, rate = sum(events.rate(other) for other in events.own), events.rate(cause)
    above = n1 - usual * h1 - 1.64 * np.sqrt(events.restless * usual * h1)
    if above < 1 or not x2 or n2 <= x2:
        return 1.0
    after = max(n2 - usual * h2, 1.0)
    held = max(x1 + x2 - rate * (h1 + h2), 0.0) / (rule.ratio * above + after)
    first = min((rate * h1 + rule.ratio * held * above) / n1, 0.999)
    then = min((rate * h2 + held * after) / n2, 0.999)
    odds = first / (1 - first) * (1 - then) / then
    a, b, c, d = (round(count / burst) for count in (x1, x2, n1 - x1, n2 - x2))
    fewer = float(nchypergeom_fisher.cdf(a, a + b + c + d, a + b, a + c, odds))
    start = begun if moment > begun + 1 else _hour(events.opened)
    inside, h1 = _count(own, start, moment), events.hours(start, moment)
    few, many = round(inside / burst), round(x2 / burst)
    slower = float(binom.cdf(few, few + many, h1 / max(h1 + h2, 1e-9)))
    return max(fewer, slower)


def _surely(events: _Events, cause: int, low: float, best: float, level: float) -> float:
    """The first voice from `best` on since when a cause surely held a larger share than before `low`; else the last."""
    from scipy.stats import hypergeom

    own = events.own[cause]
    x1, n1 = _count(own, 0, low), _count(events.all, 0, low)
    later = own[own >= best]
    x2 = np.arange(1, len(later) + 1)
    n2 = np.searchsorted(events.all, later, "right") - np.searchsorted(events.all, best)
    loud = np.flatnonzero((hypergeom.cdf(x1, n1 + n2, x1 + x2, n1) < level) & (x2 >= VOICES))
    return float(later[loud[0]] if len(loud) else later[-1])


def _parts(
    events: _Events, table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, names: tuple[str, str, str]
) -> pd.DataFrame:
    """Each cause's part of what came on top of the ordinary in [start, end), with 95% of the draws; null without any.

    Counts and ordinary rates are drawn from their gamma posteriors (Jeffreys): voices are distinct authors, so that no
    author counts twice a day.
    """
    rng = np.random.default_rng(0)
    hours = events.seen.between(start, max(start, end))
    counts = np.array([_count(at, _hour(start), _hour(end)) for at in events.own.values()], dtype=float)
    before = np.array(list(events.before.values()), dtype=float)
    share = np.maximum(counts - before * hours / events.quiet, 0.0)
    drawn = rng.gamma(counts + 0.5, 1.0, (DRAWS, len(counts)))
    drawn -= rng.gamma((before + 0.5) / events.restless, events.restless, (DRAWS, len(counts))) * hours / events.quiet
    drawn = np.maximum(drawn, 0.0)
    total = drawn.sum(axis=1, keepdims=True)
    if share.sum() <= 0 or not hours:
        return table.assign(**dict.fromkeys(names, np.nan))
    low, high = np.quantile(drawn / np.maximum(total, 1e-9), (0.025, 0.975), axis=0)
    value = share / share.sum()
    columns = {names[0]: value, names[1]: np.minimum(low, value), names[2]: np.maximum(high, value)}
    return table.assign(**columns)


def _placed(events: _Events, table: pd.DataFrame, top: pd.Timestamp, rule: Rule) -> pd.DataFrame:
    """`table` with causes that did not surely come more often than usual by `top` as "unplaced"."""
    from scipy.stats import poisson

    out = table.copy()
    hours = events.seen.between(events.begun, max(top, events.begun))
    for row, cause in zip(table.index, table["cause"], strict=True):
        held = _count(events.own[int(cause)], _hour(events.begun), _hour(top))
        odd = poisson.sf(held - 1, events.rate(int(cause)) * hours) < rule.alpha
        if table.loc[row, "state"] == "first" and (held < rule.least or not odd):
            out.loc[row, "state"] = "unplaced"
    return out


def _verdict(table: pd.DataFrame, rule: Rule) -> Trigger:
    ranked = table[table["state"] != "no_rise"].sort_values(["early", "n", "cause"], ascending=[False, False, True])
    if ranked.empty:
        return Trigger(table, "no_rise")
    sizeable = (ranked["early"] >= rule.sizeable) | (ranked["part"] >= rule.sizeable)
    rivals = ranked[ranked["state"] != "joined"]
    rivals = rivals[sizeable[rivals.index]] if sizeable[rivals.index].any() else rivals
    first = rivals[rivals["state"] == "first"]
    named = first if len(first) else rivals
    ids = tuple(int(cause) for cause in named["cause"])
    if len(ranked) == 1:
        return Trigger(table, "only", ids)
    if len(rivals) == 1 and (ranked["state"] == "joined").any():
        return Trigger(table, "set_off", ids)
    if len(first) == 1:
        return Trigger(table, "open", ids)
    if float(named["early_low"].iloc[0]) > 0.5:
        return Trigger(table, "carried", ids)
    return Trigger(table, "together", ids)


def _refused(causes: pd.DataFrame, reason: str) -> Trigger:
    columns = ["n", "ordinary", "part", "part_low", "part_high", "early", "early_low", "early_high"]
    table = pd.DataFrame({"cause": causes["cause"].to_numpy(), "state": pd.NA}).assign(**dict.fromkeys(columns, np.nan))
    moments = dict.fromkeys(("since", "low", "high"), pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"))
    return Trigger(table.assign(**moments).astype({"cause": "Int64", "state": "string"}), "refused", reason=reason)


def _hours(times: pd.Series) -> np.ndarray:
    return np.asarray(pd.DatetimeIndex(times).as_unit("us").asi8) / 3.6e9


def _hour(moment: pd.Timestamp) -> float:
    return moment.value / 3.6e12


def _moment(hour: float) -> pd.Timestamp:
    return pd.Timestamp(round(hour * 3.6e9), unit="us", tz="UTC")


def _count(at: np.ndarray, start: float, end: float) -> int:
    return int(np.searchsorted(at, end) - np.searchsorted(at, start))
