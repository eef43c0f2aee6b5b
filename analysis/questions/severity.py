"""Notebook 1, how severe it was: the index and its level, and the cues that weigh whatever the volume."""

from dataclasses import replace

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import cue_alarm, volume
from analysis.measures import severity as measure
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_onset, case_rise
from analysis.questions.page import Answer, Printed, plain, shown, worded
from analysis.questions.signs import case_raised, incident_cues
from analysis.scoring.complaint import CALLED_FROM, GRADED

SHOWN = 3
"""Quotes that are shown of a cue."""


def index(case: Case) -> Answer:
    """The severity index, the level it comes to, and whether people said another level."""
    found = case_severity(case)
    values: dict[str, object] = {"index": found.index, "level": found.level, "known": found.index.n}
    values["cues"] = named_cues(case, found.floors)
    bound = found.level.value is None
    if bound:
        message = "severity.index.bound" if found.level.low is not None else "severity.index.refused"
    elif found.floors:
        alone = measure.level_of(float(found.index.value or 0))
        message = "severity.index.floored" if alone < measure.FLOOR else "severity.index.confirmed"
    else:
        message = "severity.index.known"
    values["said"] = _said(case, found.level)
    certainty: Certainty = "refused" if bound else "low"
    level = found.level.value if found.level.value is not None else found.level.low
    table = found.components.assign(weight=found.components["weight"].map(lambda weight: f"{weight:g}"))
    printed = Printed(
        "severity",
        "table.severity",
        table,
        {
            "component": ("column.component", worded("component")),
            "scaled": ("column.scaled", shown("share")),
            "weight": ("column.weight", plain),
            "reason": ("column.reason", _why),
        },
        numeric=("scaled", "weight"),
    )
    facts = {"message": message, "level": level, "said": case.incident.severity, "floors": list(found.floors)}
    return case.answer("severity.index", message, values, certainty=certainty, printed=printed, facts=facts)


def floors(case: Case) -> Answer:
    """Which cues put the level at 3 or above, and which were seen without doing so."""
    seen = incident_cues(case)
    raised = case_floors(case)
    only = tuple(cue for cue in seen.columns if seen[cue].any() and cue not in raised)
    values: dict[str, object] = {
        "cues": named_cues(case, raised),
        "others": named_cues(case, only),
        "mentions": int(seen.any(axis=1).sum()),
    }
    if case.selected:
        message = "severity.floors.selected"
    elif raised:
        message = "severity.floors.raised_and_seen" if only else "severity.floors.raised"
    else:
        message = "severity.floors.seen" if only else "severity.floors.none"
    certainty: Certainty = "refused" if case.selected else "low" if only or raised else "medium"
    spoken = case.mentions.loc[seen.index[seen.any(axis=1)], "id"]
    quotes = cue_quotes(case, raised[0]) if raised else sorted(spoken)[:SHOWN]
    return case.answer(
        "severity.floors",
        message,
        values,
        certainty=certainty,
        quotes=quotes,
        facts={"floors": list(raised)},
        behind=cue_mentions(case),
    )


def case_severity(case: Case) -> measure.Severity:
    """The severity of the incident."""

    def take() -> measure.Severity:
        kept = volume.kept_rows(case.mentions, case.coverage)
        inputs = measure.of(
            case.before(kept),
            case.during(kept),
            case_onset(case),
            case_rise(case),
            called_from=CALLED_FROM,
            graded=GRADED,
        )
        if case.selected:
            inputs = replace(inputs, z_peak=None, volume_reason="openers_absent")
        if _without_reposts(case):
            inputs = replace(inputs, repost_share=refused("share", "not_recorded", "content audit"))
        return measure.severity(**vars(inputs), floors=case_floors(case))

    return case.once("severity", take)


def case_floors(case: Case) -> tuple[str, ...]:
    """The cues that raise the level: none where the archive is a selection, whose rates are those of conversations."""
    return () if case.selected else cue_alarm.floors(case_raised(case), case.start, case.end)


def cue_quotes(case: Case, cue: str) -> list[str]:
    """Ids of the voices with which a cue first became loud, the last ones before that."""
    return cue_voices(case, cue)[-SHOWN:]


def cue_voices(case: Case, cue: str) -> list[str]:
    """Ids of the first mention of each voice that raised a cue, up to where it was loud."""
    return cue_alarm.voices(case_raised(case), cue, case.start, case.end)["id"].tolist()


def cue_mentions(case: Case) -> dict[str, list[str]]:
    """The mentions of the incident that hold any cue, and those that hold each."""
    seen = incident_cues(case)
    ids = case.mentions.loc[seen.index, "id"]
    each = {str(cue): ids[seen[cue].to_numpy(dtype=bool)].tolist() for cue in seen.columns if seen[cue].any()}
    return {"mentions": ids[seen.any(axis=1).to_numpy(dtype=bool)].tolist()} | each


def named_cues(case: Case, found: tuple[str, ...]) -> dict[str, str]:
    """The names of cues as a list, by language."""
    return {
        language: wording.joined([wording.say(f"cue.{cue}", language) for cue in found], language)
        for language in case.languages
    }


def _without_reposts(case: Case) -> bool:
    """Whether the audit says that the collection left reposts out: a few strays are no share of them."""
    told = case.claims.loc[case.claims["brand"].isin({case.label, ""}) & (case.claims["kind"] == "filtered"), "values"]
    return any(value.get("how") == "left_out" and "reposts" in value.get("what", ()) for value in told)


def _why(reason: object, language: str) -> str:
    return wording.say(f"reason.{reason}", language) if isinstance(reason, str) else "–"


def _said(case: Case, level: Estimate) -> dict[str, str]:
    """What people said of the level, beside what was computed: theirs stands."""
    said = case.incident.severity
    if said is None:
        return case.say("severity.said.none")
    told = {"said": Estimate(float(said), "level", 1, "incident.yml")}
    if level.value is None:
        low = level.low
        return case.say("severity.said.under" if low is not None and said < float(low) else "severity.said.alone", told)
    if float(level.value) == said:
        return case.say("severity.said.same", told)
    within = level.low is not None and level.high is not None and float(level.low) <= said <= float(level.high)
    return case.say("severity.said.within" if within else "severity.said.differs", told)
