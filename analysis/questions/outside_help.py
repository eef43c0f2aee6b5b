"""Notebook 3, when professionals from outside were needed, and whether they were called (definitions C15)."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import cue_alarm
from analysis.measures import outside_help as measure
from analysis.measures.estimate import Estimate, refused
from analysis.measures.outside_help import Sign
from analysis.questions import waiting
from analysis.questions.case import Case
from analysis.questions.coordination import case_coordination
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer, Printed, by_language, shown, worded
from analysis.questions.severity import case_severity
from analysis.questions.signs import case_misconduct, case_raised
from analysis.questions.speed import case_backlog
from analysis.questions.strategy import case_like

Spans = Sequence[tuple[pd.Timestamp, pd.Timestamp, float]]
CALLS = ("legal", "outside_help")
SEVERE = 4
HELD = 0.5
"""The share of first answers that came in time, surely under which the promise of a first answer was broken."""
SHOWN = 3


def triggers(case: Case) -> Answer:
    """Which triggers of the decision table fired, and when."""
    made = case_help(case)
    fired, unknown = (made[made["state"] == state] for state in ("fired", "unknown"))
    values: dict[str, object] = {
        "fired": len(fired),
        "of": len(made),
        "names": _named(case, "outside.trigger", fired["trigger"]),
        "unknown": len(unknown),
    }
    values["open"] = case.say("outside.open" if len(unknown) else "outside.open.none", values)
    dated = fired.dropna(subset=["first"]).sort_values("first")
    if len(dated):
        moment = dated["first"].iloc[0].isoformat()
        values["first"] = Estimate(moment, "time", len(dated), measure.METHOD, moment, moment)
        values["first_name"] = case.say(f"outside.trigger.{dated['trigger'].iloc[0]}")
    if len(unknown) == len(made):
        message = "outside.triggers.unknown"
    else:
        message = f"outside.triggers.{'fired' if len(dated) else 'undated' if len(fired) else 'none'}"
    order = made["state"].map({"fired": 0, "unknown": 1, "not": 2})
    told = made.loc[order.sort_values(kind="stable").index]
    printed = Printed(
        "outside_help",
        "table.outside_help",
        told.assign(
            asked=pd.Series([_asked_for(case, names) for names in told["professions"]], told.index, dtype=object)
        ),
        {
            "trigger": ("column.trigger", worded("outside.trigger")),
            "state": ("column.trigger_state", worded("outside.state")),
            "first": ("column.since", shown("time", case.zone)),
            "asked": ("column.asked", by_language),
            "called": ("column.called", shown("time", case.zone)),
            "hours": ("column.wait", shown("hours")),
        },
        numeric=("hours",),
    )
    certainty: Certainty = "refused" if len(unknown) == len(made) else "low" if len(unknown) else "medium"
    return case.answer(
        "outside.triggers",
        message,
        values,
        certainty=certainty,
        printed=printed,
        quotes=[ids[0] for ids in fired["ids"] if ids][:SHOWN],
        facts={"message": message, "fired": fired["trigger"].tolist(), "languages": _languages(case)[1]},
        behind={row["trigger"]: row["ids"] for row in fired.to_dict("records") if row["ids"]},
    )


def called(case: Case) -> Answer:
    """Whether a profession that a trigger asks for was called, and how long after."""
    made = case_help(case)
    fired = made[(made["state"] == "fired") & made["sure"].astype(bool)]
    number = Estimate(float(len(fired)), "count", len(made), measure.METHOD)
    values: dict[str, object] = {"of": len(made), "unknown": int((made["state"] == "unknown").sum())}
    values |= {"fired": number, "soon": Estimate(measure.SOON, "hours", 1, measure.METHOD)}
    if fired.empty:
        known = (made["state"] != "unknown").all()
        message = "outside.called.not_needed" if known else "outside.called.unknown"
        return case.answer("outside.called", message, values, certainty="low" if known else "refused")
    if not case.actions:
        values["wait"] = refused("hours", "no_actions", "actions.csv")
        return case.answer("outside.called", "outside.called.no_actions", values, certainty="refused")
    missing = fired[fired["called"].isna()]
    late = fired[fired["in_time"].map(lambda told: told is False).to_numpy() & fired["called"].notna().to_numpy()]
    values |= {
        "wait": measure.longest(made),
        "missing": _named(case, "outside.trigger", missing["trigger"]),
        "asked": _asked_for(case, (name for names in missing["professions"] for name in names)),
        "late": _named(case, "outside.trigger", late["trigger"]),
        "answered": len(fired) - len(missing),
        "undated": int((fired["called"].notna() & fired["hours"].isna()).sum()),
    }
    values["open"] = case.say("outside.undated", values) if values["undated"] else dict.fromkeys(case.languages, "")
    if len(missing):
        message = "outside.called.missing" if len(missing) < len(fired) else "outside.called.nobody"
    elif len(late):
        message = "outside.called.late"
    else:
        message = "outside.called.in_time" if fired["in_time"].notna().any() else "outside.called.undated"
    return case.answer("outside.called", message, values, certainty="medium", facts={"message": message})


def _asked_for(case: Case, professions: Iterable[str]) -> dict[str, str]:
    return _named(case, "outside.profession", list(dict.fromkeys(professions)), "or")


def case_help(case: Case) -> pd.DataFrame:
    """The decision table of the incident: `outside_help.table`."""

    def judge() -> pd.DataFrame:
        log = [
            (pd.Timestamp(action.when), action.kind, f"{action.actor} {action.text}")
            for action in case.actions
            if action.kind in CALLS
        ]
        return measure.table(_signs(case) | {"backlog": measure.backlog(_grew(case))}, measure.calls_of(log))

    return case.once("outside help", judge)


def _grew(case: Case) -> Spans | None:
    """The stretches in which the backlog grew; None where that is not known."""
    found = case_backlog(case)
    return None if found.reason else [(run.start, run.end, float(run.by)) for run in found.grew]


def _signs(case: Case) -> dict[str, Sign]:
    cues = {"injury": "safety", "law": "legal", "breach": "breach"}
    signs = {name: _cue(case, case_raised(case), cue) for name, cue in cues.items()}
    return signs | {
        "misconduct": _cue(case, case_misconduct(case), "misconduct", sure=False),
        "coordinated": _coordinated(case),
        "severe": _severe(case),
        "promises": _promises(case),
        "language": _languages(case)[0],
        "recurrence": _recurrence(case),
    }


def _cue(case: Case, raised: cue_alarm.Raised, cue: str, *, sure: bool = True) -> Sign:
    """A cue: fired where enough people raised it in own words (`cue_alarm`), unknown where that was not judged."""
    if case.selected:
        return measure.UNKNOWN
    first = cue_alarm.knowable(raised, cue, case.start, case.end)
    if first.value is not None:
        voices = cue_alarm.voices(raised, cue, case.start, case.end)
        return Sign("fired", pd.Timestamp(str(first.value)), voices["id"].tolist()[-cue_alarm.Rule().authors :], sure)
    return Sign("not") if first.reason == "no_spike" and not _unseen(case) else measure.UNKNOWN


def _coordinated(case: Case) -> Sign:
    """Accounts that may have acted together: never sure, since buttons and campaigns look alike."""
    if case.selected or case_coordination(case).reason:
        return measure.UNKNOWN
    bursts = case_coordination(case).bursts
    if bursts.empty:
        return measure.UNKNOWN if _unseen(case) else Sign("not")
    first = bursts.sort_values("start").iloc[0]
    return Sign("fired", first["start"], first["ids"], sure=False)


def _severe(case: Case) -> Sign:
    """Severity 4, as people said or as it was computed; of the whole incident, so that it has no first moment."""
    said, level = case.incident.severity, case_severity(case).level
    if said is not None:
        return Sign("fired" if said >= SEVERE else "not")
    if level.value is None:
        return measure.UNKNOWN
    return Sign("fired" if float(level.value) >= SEVERE else "not", sure=False)


def _promises(case: Case) -> Sign:
    """Two broken promises of the plan: the first statement, and first answers."""
    if case.plan is None or not case.plan.levels or case.incident.severity is None or case.selected:
        return measure.UNKNOWN
    level = next((row for row in case.plan.levels if row.level == case.incident.severity), None)
    if level is None:
        return measure.UNKNOWN
    broken: dict[str, pd.Timestamp | None] = {}
    spoke, begun = case.first_action(PUBLIC_KINDS), case_onset(case).onset.high
    begun = None if waiting.case_shift(case).hours else begun
    if begun:
        lapsed = pd.Timestamp(begun) + pd.Timedelta(hours=level.first_statement_hours)
        if spoke is not None and pd.Timestamp(spoke.when) > lapsed:
            broken["statement"] = lapsed
    asked = waiting.inside(case, waiting.case_waiting(case).of("needed"))
    within = waiting.case_speeds(case, level.first_response_hours)["needed"].within
    if within.value is not None and within.high is not None and float(within.high) < HELD:
        broken["answers"] = measure.lapsed(asked, level.first_response_hours, kept=HELD)
    if len(broken) < 2 and (spoke is None or not begun or within.value is None):
        return measure.UNKNOWN
    return measure.promises(broken)


def _languages(case: Case) -> tuple[Sign, list[str]]:
    own = case.mentions[case.mentions["from_brand"]]
    held = case.plan.holding_statements if case.plan else []
    if case.joins["brand_side"] != "whole" or case.selected or (own.empty and not held):
        return measure.UNKNOWN, []
    spoken = {*own["language"].dropna(), *(one.spoken for one in held)}
    return measure.languages(case.during(case.customers), spoken)


def _recurrence(case: Case) -> Sign:
    """The third incident of its kind; unknown where nothing says of what kind this one is."""
    if case.incident.crisis_type is None and case.causes.empty:
        return measure.UNKNOWN
    return Sign("fired" if len(case_like(case)) >= measure.REPEATS else "not", case.start)


def _unseen(case: Case) -> bool:
    """Whether hours of the incident were not wholly collected, so that what was not seen may have been said."""
    inside = case.coverage[(case.coverage["hour"] >= case.start.floor("h")) & (case.coverage["hour"] < case.end)]
    return bool(inside.empty or (inside["state"] != "seen").any())


def _named(case: Case, prefix: str, names: Sequence[str] | pd.Series, how: str = "and") -> dict[str, str]:
    """Names of messages as a list, by language; a dash without any."""
    out = {}
    for language in case.languages:
        told = [wording.say(f"{prefix}.{name}", language) for name in names]
        link = wording.say("outside.or", language)
        out[language] = (link.join(told) if how == "or" else wording.joined(told, language)) if told else "–"
    return out
