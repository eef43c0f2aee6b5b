"""When the incident was, and whether blame rose with it: asked by more than one notebook, measured once a case."""

from analysis.measures import onset, sentiment, volume
from analysis.questions.case import Case


def case_onset(case: Case) -> onset.Onset:
    """Onset, peak, end and verdict of the incident."""

    def measure() -> onset.Onset:
        counts = volume.hourly(case.mentions, case.coverage)
        return onset.date(counts, (case.start, case.end), rise=case_rise(case))

    return case.once("onset", measure)


def case_rise(case: Case) -> sentiment.Rise:
    """The negative share before and during, from what was collected."""
    seen = volume.seen_rows(case.mentions, case.coverage)
    return case.once("rise", lambda: sentiment.rise(case.before(seen), case.during(seen)))
