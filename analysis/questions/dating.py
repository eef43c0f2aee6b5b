"""When the incident was, and whether blame rose with it: asked by more than one notebook, measured once a case."""

from analysis.measures import onset, sentiment, volume
from analysis.questions.case import Case


def case_onset(case: Case) -> onset.Onset:
    """Onset, peak, end and verdict of the incident."""

    def measure() -> onset.Onset:
        counts = volume.hourly(case.mentions, case.coverage)
        at_least = case.coverage.set_index("hour")["mentions"]
        return onset.date(counts, (case.start, case.end), at_least=at_least, rise=case_rise(case))

    return case.once("onset", measure)


def case_rise(case: Case) -> sentiment.Rise:
    """The negative share before and during, from what was collected."""
    kept = volume.kept_rows(case.mentions, case.coverage)
    return case.once("rise", lambda: sentiment.rise(case.before(kept), case.during(kept)))
