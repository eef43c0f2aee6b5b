"""When the incident was, and whether blame rose with it: asked by more than one notebook, measured once a case."""

import pandas as pd

from analysis.measures import onset, sentiment, volume
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
    return case.once("rise", lambda: sentiment.rise(case.before(kept), case.during(kept)))
