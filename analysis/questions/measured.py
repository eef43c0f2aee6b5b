"""Measures that more than one answer rests on, taken once a case."""

import re
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures import (
    cause_shares,
    engagement,
    hourly,
    impact,
    onset,
    ordinary,
    phases,
    reading,
    recovery,
    sentiment,
    volume,
)
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case

DATED_BY_HOUR = pd.Timedelta(days=14)
"""Incidents up to this long are dated by the hour, since an executive asks for the hour; longer ones by the day."""


def case_onset(case: Case) -> onset.Onset:
    """Onset, peak, end and verdict of the incident."""

    def measure() -> onset.Onset:
        counts = volume.hourly(case.mentions, case.coverage)
        at_least = case.coverage.set_index("hour")["mentions"]
        size: onset.Bin = "1h" if case.end - case.start <= DATED_BY_HOUR and not case.days_only else "1D"
        return onset.date(counts, (case.start, case.end), at_least=at_least, rise=case_rise(case), bin=size)

    return case.once("onset", measure)


def case_rise(case: Case) -> sentiment.Rise:
    """The negative share before and during, from what was collected."""
    kept = volume.kept_rows(case.mentions, case.coverage)
    rise = case.calibration.rise if case.calibration else sentiment.rise
    return case.once("rise", lambda: rise(case.before(kept), case.during(kept)))


def case_targets(case: Case) -> reading.Targets:
    """Whom the negative mentions of the incident are angry at, from what was collected."""
    return case.once("targets", lambda: reading.targets(case.during(volume.kept_rows(case.mentions, case.coverage))))


def case_impact(case: Case) -> impact.Impact:
    """What the incident added to what would have come anyway, with the controls where they were collected."""

    def measure() -> impact.Impact:
        counts = volume.hourly(case.mentions, case.coverage)
        return impact.estimate(counts, case.start, case.end, controls=case_controls(case))

    return case.once("impact", measure)


def case_ordinary(case: Case) -> ordinary.Ordinary:
    """The ordinary level of every hour at hand, learnt before the onset."""

    def measure() -> ordinary.Ordinary:
        return ordinary.ordinary(volume.hourly(case.mentions, case.coverage), _begun(case))

    return case.once("ordinary", measure)


def case_recovery(case: Case) -> recovery.Recovery:
    """The decay after the highest peak of the incident."""

    def measure() -> recovery.Recovery:
        counts = volume.hourly(case.mentions, case.coverage)
        return recovery.measure(counts, case_ordinary(case), _begun(case), case.end)

    return case.once("recovery", measure)


def _begun(case: Case) -> pd.Timestamp:
    """The earliest that the incident may have begun: the window, or before it."""
    low = case_onset(case).onset.low
    return min(case.start, pd.Timestamp(low)) if low else case.start


def no_decay(case: Case) -> str | None:
    """Why nothing can be said of a decay: what kind of archive it is, or that nothing rose."""
    if case.selected or case.days_only:
        return "selected" if case.selected else "days_only"
    return None if case_onset(case).spike is not False else "no_spike"


GREW = 0.05
MIXED = 0.25
"""Share of a cause's texts that hold a word of its name, under which the name speaks for few of them."""
METRICS = ("mentions", "authors", "net", "reactions", "views", "followers")


def case_series(case: Case) -> dict[str, hourly.Series]:
    """The hourly series of METRICS other than mentions and net sentiment."""
    scored, hours, start, end = case.mentions, case.coverage, case.start, case.end
    return case.once(
        "series",
        lambda: {
            "authors": hourly.authors(scored, hours, start, end),
            "reactions": hourly.reactions(scored, hours, start),
            "views": hourly.views(scored, hours, start),
            "followers": hourly.followers(scored, hours, start, end),
        },
    )


def case_impacts(case: Case) -> dict[str, impact.Impact]:
    """What the incident added, for each of METRICS; refused where the archive does not record it."""

    def measure() -> dict[str, impact.Impact]:
        votes = volume.hourly_votes(case.mentions, case.coverage)
        found = {"mentions": case_impact(case)}
        for name, series in case_series(case).items():
            if _frozen(case, name):
                found[name] = impact.refusal("frozen_counts")
            elif not series.platforms:
                found[name] = impact.refusal("not_recorded")
            else:
                made = impact.estimate(series.values, case.start, case.end, controls=case_controls(case))
                # Hours that were seen, and still have no sum: some of their posts lack the count.
                lacking = made.effect.reason == "not_seen" and case_impact(case).effect.value is not None
                found[name] = impact.refusal("not_recorded") if lacking else made
        found["net"] = impact.net_estimate(votes["votes"], votes["scored"], case.start, case.end)
        return {name: found[name] for name in METRICS}

    return case.once("impacts", measure)


def _frozen(case: Case, name: str) -> bool:
    """Whether counts that the series `name` sums were taken too early."""
    counts = {"reactions": set(engagement.PARTS), "views": {"views"}}.get(name, set())
    return any(counts & set(told.get("what", (*engagement.PARTS, "views"))) for told in case.frozen_counts)


def case_controls(case: Case) -> pd.DataFrame | None:
    """Hourly mentions of the competitors named as controls, of those who were seen whenever the brand itself was.

    One that was not would take the brand's own hours away: `lacking_controls` names it.
    """
    series = _competitors(case)
    kept = [brand for brand in series if brand not in lacking_controls(case)]
    return series[kept] if kept else None


def lacking_controls(case: Case) -> list[str]:
    """Competitors named as controls that were not collected, or not in all hours in which the brand was."""
    own = case.coverage[(case.coverage["state"] == "seen") & (case.coverage["hour"] < case.end)]
    series = _competitors(case).reindex(own["hour"])
    return [brand for brand in case.incident.controls if brand not in series or series[brand].isna().any()]


def _competitors(case: Case) -> pd.DataFrame:
    series = {}
    for brand in case.incident.controls:
        rows = case.hours[case.hours["brand"] == brand].set_index("hour")
        if len(rows):
            series[brand] = rows["mentions"].where(rows["state"] == "seen")
    return pd.DataFrame(series)


def case_causes(case: Case) -> pd.DataFrame:
    """The causes that were complained of during the incident: `cause_shares.table`, of what was collected."""

    def measure() -> pd.DataFrame:
        if case.causes.empty:
            return case.causes
        spans = phases.bounds(case.coverage, (case.start, case.end), case.baseline_start, case.after_end)
        kept = volume.kept_rows(case.mentions, case.coverage)
        table = cause_shares.table(kept, case.causes, spans, case_floor(case))
        table = table[table["n"] > 0].reset_index(drop=True)
        return table.assign(called=pd.Series([_called(row) for row in table.to_dict("records")], dtype=object))

    return case.once("causes", measure)


def _called(row: Mapping[Hashable, Any]) -> dict[str, str]:
    """What a cause is called in each language of reports: a name that people gave, or its words, set apart by slashes.

    Words that hardly tell of it are said to be those of a mixture.
    """
    names = {language: str(row["names"][language]) for language in wording.LANGUAGES}
    if row["origin"] == "found" and not row["name"]:
        return {language: wording.say("cause.unnamed", language) for language in names}
    if row["origin"] == "found":
        words = {language: re.sub(", |、", " / ", name) for language, name in names.items()}
        if row["told"] >= MIXED:
            return words
        return {language: wording.say("cause.mixed", language, {"name": name}) for language, name in words.items()}
    return names


def named(case: Case) -> dict[int, dict[str, str]]:
    """By number, what each cause is called in each language."""
    causes = case_causes(case)
    return dict(zip(causes["cause"].astype(int), causes["called"], strict=True))


def case_votes(case: Case) -> pd.DataFrame:
    """The collected mentions of the incident that have a cause, each marked text once."""
    return case.once("votes", lambda: cause_shares.votes(case.during(volume.kept_rows(case.mentions, case.coverage))))


def case_floor(case: Case) -> float:
    """The confidence under which a mention counts for no cause: as incident.yml says, else as the model does."""
    incident = case.incident
    if incident.unclear_target is not None:
        return cause_shares.floor_for(case_votes(case)["cause_confidence"].to_numpy(float), incident.unclear_target)
    if "unclear_below" in incident.model_fields_set:
        return incident.unclear_below
    return float(case.notes.get("cause_model", {}).get("floor", incident.unclear_below))


def case_unclear(case: Case) -> Estimate:
    """The share of the complaints of the incident without a clear cause."""
    return case.once("unclear", lambda: cause_shares.unclear(case_votes(case), case_floor(case)))


def grown(causes: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of causes whose share surely grew, the fastest first (p < GREW after Bonferroni)."""
    surely = (causes["growth_low"] > 1) & (causes["p"] < GREW / max(len(causes), 1))
    return causes[surely].sort_values("growth", ascending=False)


def case_phases(case: Case) -> pd.DataFrame:
    """The same measures before, during and after: `phases.table`."""
    window = (case.start, case.end)
    return case.once(
        "phases",
        lambda: phases.table(
            case.mentions, case.coverage, window, case.baseline_start, case.after_end, case.calibration
        ),
    )


def case_phase(case: Case, phase: str) -> dict[str, Estimate]:
    """The measures of one phase as estimates: `phases.estimates`."""

    def measure() -> dict[str, Estimate]:
        window = (case.start, case.end)
        start, end = phases.bounds(case.coverage, window, case.baseline_start, case.after_end)[phase]
        return phases.estimates(case.mentions, case.coverage, start, end, case.calibration)

    return case.once(f"phase {phase}", measure)


def counted(estimate: Estimate) -> Estimate:
    """What was counted, where a total is refused: a lower bound."""
    known = estimate.low if estimate.low is not None else float(estimate.n)
    return Estimate(known, "count", estimate.n, "count", known, known)


def as_ratio(relative: Estimate) -> Estimate:
    """A relative change as a ratio to what was to be expected."""
    if relative.value is None:
        return refused("ratio", str(relative.reason), relative.method, relative.n)
    low, high = (None if bound is None else float(bound) + 1 for bound in (relative.low, relative.high))
    return Estimate(float(relative.value) + 1, "ratio", relative.n, relative.method, low, high)
