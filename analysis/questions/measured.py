"""Measures that more than one answer rests on, taken once a case."""

import pandas as pd

from analysis.measures import impact, onset, ordinary, phases, reading, recovery, sentiment, volume
from analysis.measures.estimate import Estimate
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
        return impact.estimate(counts, case.start, case.end, controls=_controls(case))

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


def _controls(case: Case) -> pd.DataFrame | None:
    """Hourly mentions of the competitors named as controls; null where their hours were not seen."""
    series = {}
    for brand in case.incident.controls:
        rows = case.hours[case.hours["brand"] == brand]
        if len(rows):
            series[brand] = rows.set_index("hour")["mentions"].where(rows.set_index("hour")["state"] == "seen")
    return pd.DataFrame(series) if series else None


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
