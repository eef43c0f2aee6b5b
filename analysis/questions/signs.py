"""What mentions say that weighs whatever the volume, read once a case: cues, who raised them, and who needs a reply."""

import pandas as pd

from analysis.measures import cue_alarm, severity, triage
from analysis.questions.case import Case
from analysis.scoring import asks, complaint, cues, misconduct


def case_cues(case: Case) -> pd.DataFrame:
    """The cues of every mention, a bool column each, on the index of `case.mentions`."""
    return case.once("cues", lambda: cues.cues(case.mentions["text"].tolist()).set_index(case.mentions.index))


def case_floor_cues(case: Case) -> pd.DataFrame:
    """The same without those that were not measured right often enough to raise a level."""
    return case.once("floor cues", lambda: cues.for_floors(case_cues(case), case.mentions["language"].tolist()))


def incident_cues(case: Case) -> pd.DataFrame:
    """The cues in what others wrote of the incident."""
    rows = case.during(case.customers)
    return case_cues(case).loc[rows.index]


def case_raised(case: Case) -> cue_alarm.Raised:
    """Who raised which cue when, and where that was loud, over all that is at hand."""
    late = cue_alarm.DAY if case.days_only else None
    return case.once(
        "raised", lambda: cue_alarm.raised(case.mentions, case_floor_cues(case), case.coverage, resolution=late)
    )


def case_misconduct(case: Case) -> cue_alarm.Raised:
    """Who alleged misconduct of those who lead, and where that was loud; rules that no level may rest on."""

    def read() -> cue_alarm.Raised:
        found = pd.DataFrame({"misconduct": misconduct.misconduct(case.mentions["text"].fillna("").tolist())})
        late = cue_alarm.DAY if case.days_only else None
        return cue_alarm.raised(case.mentions, found.set_index(case.mentions.index), case.coverage, resolution=late)

    return case.once("misconduct", read)


def case_triage(case: Case) -> pd.DataFrame:
    """The triage of the mentions of the incident: `triage.triage`."""
    return case.once("triage", lambda: triaged(case, case.during(case.mentions)))


def triaged(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """The triage of `rows` of `case.mentions`, by what each was when it was written, not by whether it was answered."""
    said = asks.columns(rows["text"].tolist()).set_index(rows.index)
    heard = severity.influence(case.before(case.mentions))
    rule = triage.Rule(complaint.CALLED_FROM, followers=heard)
    asked = triage.as_asked(rows, case.mentions, calls_us(case, rows))
    return triage.triage(asked, case_floor_cues(case).loc[rows.index], said, rule)


def calls_us(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Whether a text calls one of the organisation's accounts."""
    signs = [f"{sign}{account}" for sign in "@＠" for account in case.own_accounts]
    holds = rows["text"].map(lambda text: any(sign in text for sign in signs), na_action="ignore")
    return holds.eq(True).fillna(False).astype(bool)
