"""Notebook 1, when it could have been known: the alarm replayed as if live, and what the organisation noticed when."""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS, Action
from analysis.measures import alarm, cue_alarm, daily_alarm, volume
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_onset
from analysis.questions.page import Answer, Printed, plain, shown, worded
from analysis.questions.severity import cue_mentions, cue_quotes, cue_voices, named_cues
from analysis.questions.signs import case_raised, incident_cues
from analysis.questions.waiting import case_shift
from analysis.style import numbers

SOON = pd.Timedelta(hours=1)
"""Noticed within an hour of when it could have been known counts as in time; a first assessment takes half of that."""
BEFORE = pd.Timedelta(hours=1)
"""An onset is dated to its hour; the alarm may ring within the hour before."""
SHOWN = pd.Timedelta(days=3)


def knowable(case: Case) -> Answer:
    """The earliest moment at which the incident could have been known, and how long before the peak that was."""
    found, first = _replay(case), _first(case)
    peak = case_onset(case).peak
    by_days = found is not None and isinstance(found.rule, daily_alarm.Rule)
    lead = refused("hours", "not_recorded", daily_alarm.METHOD) if by_days else _hours(first, peak)
    values: dict[str, object] = {"knowable": first, "lead": lead, "day": _day(case, first)}
    if by_days:
        message = "alarm.day.rang" if first.value is not None else f"alarm.day.{first.reason}"
    elif first.value is None:
        message = f"alarm.{_why(case) or first.reason}"
    elif first.low != first.value:
        message = "alarm.by"
    elif lead.value is None:
        message = "alarm.rang_alone"
    else:
        message = "alarm.rang" if float(lead.value) > 0 else "alarm.rang_after_peak"
    certainty: Certainty = "refused" if first.value is None and first.reason != "no_spike" else "medium"
    if certainty != "refused" and (found is None or found.warm_up != "full" or message == "alarm.by" or by_days):
        certainty = "low"
    if found is None or certainty == "refused":
        return case.answer("alarm.knowable", message, values, certainty=certainty, facts={"message": message})
    table = _context(case, found)
    noticed = _noticed(case)
    marks = [(noticed.when, f"action.{noticed.kind}")] if noticed else []

    def draw(language: str):
        from analysis.figures import alarm as figure

        words = wording.group("figure.alarm.words", language)
        named = [(when, wording.say(name, language)) for when, name in marks]
        if first.value is not None:
            named.append((pd.Timestamp(first.value), words["rang"]))
        if peak.value is not None:
            named.append((pd.Timestamp(peak.value), words["peak"]))
        title = wording.say(f"figure.{message}", language, values, case.zone)
        if by_days:
            words |= wording.group("figure.alarm.by_day", language)
        return figure.draw(
            table,
            threshold=found.rule.threshold,
            marks=named,
            zone=case.zone,
            words=words | {"title": title},
            lang=language,
        )

    told = values | {"bins": len(table)}
    return case.answer(
        "alarm.knowable",
        message,
        values,
        certainty=certainty,
        draw=("alarm", f"figure.{message}", told, draw),
        facts={"message": message},
    )


def detection_lag(case: Case) -> Answer:
    """Detection lag (definitions C8): from when it could have been known to the first entry of the action log."""
    first, noticed = _first(case), _noticed(case)
    if noticed is None:
        values = {"lag": refused("hours", "no_actions", "actions.csv")}
        return case.answer("alarm.lag", "lag.no_actions", values, certainty="refused")
    if case_shift(case).hours:
        values = {"lag": refused("hours", "clock_unsure", "actions.csv")}
        return case.answer("alarm.lag", "lag.clock_unsure", values, certainty="refused")
    if first.value is None:
        values = {"lag": refused("hours", str(first.reason), alarm.METHOD)}
        return case.answer("alarm.lag", "lag.no_alarm", values, certainty="refused")
    lag = pd.Timestamp(noticed.when) - pd.Timestamp(first.value)
    hours = abs(lag / pd.Timedelta(hours=1))
    values = {
        "lag": Estimate(hours, "hours", 1, "actions.csv against the alarm", hours, hours),
        "knowable": first,
        "noticed": Estimate(noticed.when.isoformat(), "time", 1, "actions.csv"),
    }
    _acted(case, first)
    message = "lag.before" if lag <= pd.Timedelta(0) else "lag.soon" if lag <= SOON else "lag.late"
    certainty: Certainty = "low" if first.low != first.value or first.method == daily_alarm.METHOD else "medium"
    return case.answer("alarm.lag", message, values, certainty=certainty, facts={"message": message})


def _acted(case: Case, first: Estimate) -> None:
    """How long before the first public step the incident could have been known, where the log holds one."""
    spoke = case.first_action(PUBLIC_KINDS)
    if spoke is None:
        return
    ahead = (pd.Timestamp(spoke.when) - pd.Timestamp(str(first.value))) / pd.Timedelta(hours=1)
    values = {
        "ahead": Estimate(abs(ahead), "hours", 1, "actions.csv against the alarm", abs(ahead), abs(ahead)),
        "spoke": Estimate(spoke.when.isoformat(), "time", 1, "actions.csv"),
    }
    certainty: Certainty = "low" if first.low != first.value or first.method == daily_alarm.METHOD else "medium"
    case.answer("alarm.acted", "acted.after" if ahead > 0 else "acted.before", values, certainty=certainty)


def false_alarms(case: Case) -> Answer:
    """How often the same alarm would have rung for nothing, and what another threshold would have bought."""
    found = _replay(case)
    if found is None:
        none = {"rate": refused("per_month", "not_recorded", alarm.RATE_METHOD)}
        return case.answer("alarm.false", "alarm.false_refused", none, certainty="refused")
    quiet = case.start - pd.Timedelta(days=1)
    rate = alarm.false_alarms(found, quiet)
    judged = found.scores[(found.scores["knowable"] <= quiet) & found.scores["score"].notna()]
    step = found.scores["knowable"].iloc[0] - found.scores["start"].iloc[0]
    days = float(len(judged) * (step / pd.Timedelta(days=1)))
    values: dict[str, object] = {"rate": rate, "days": Estimate(days, "days", len(judged), "count", days, days)}
    peak = case_onset(case).peak.value
    if isinstance(found.rule, daily_alarm.Rule):  # hours before a peak that is known by its day say nothing
        table = alarm.trade_off(found, *_span(case), None, daily_alarm.THRESHOLDS)
    else:
        table = alarm.trade_off(found, *_span(case), pd.Timestamp(peak) if peak else None)
    printed = Printed(
        "alarm",
        "table.alarm",
        table,
        {
            "threshold": ("column.threshold", plain),
            "knowable": ("column.knowable", shown("time", case.zone)),
            "lead_hours": ("column.lead", shown("hours")),
            "false_per_month": ("column.false_per_month", shown("per_month")),
        },
        numeric=("threshold", "lead_hours", "false_per_month"),
    )
    if rate.value is None:
        told = printed if table["lead_hours"].notna().any() else None  # one column of two says what is bought
        return case.answer("alarm.false", "alarm.false_refused", values, certainty="refused", printed=told)
    values["rung"] = rate.n
    drawn = table.dropna(subset=["lead_hours", "false_per_month"])
    values["lead"] = _hours(_first(case), case_onset(case).peak)
    shown_values = values | {"thresholds": len(drawn)}

    def draw(language: str):
        from analysis.figures import trade_off as figure

        words = wording.group("figure.trade_off.words", language)
        title = wording.say("figure.alarm.false", language, values, case.zone)
        return figure.draw(table, chosen=found.rule.threshold, words=words | {"title": title}, lang=language)

    message = "alarm.false_short" if found.warm_up != "full" else "alarm.false"
    return case.answer(
        "alarm.false",
        message,
        values,
        certainty="medium",
        draw=("trade_off", "figure.alarm.false", shown_values, draw) if len(drawn) > 1 else None,
        printed=printed,
    )


def cues(case: Case) -> Answer:
    """When enough people had raised a cue of safety, breach or the law, whatever the volume said."""
    found = case_raised(case)
    spoken = incident_cues(case)
    names = list(spoken.columns)
    firsts = {cue: cue_alarm.knowable(found, cue, case.start, case.end) for cue in names}
    rang = sorted((str(first.value), cue) for cue, first in firsts.items() if first.value is not None)
    rate = cue_alarm.false_alarms(found, case.start - pd.Timedelta(days=1))
    values: dict[str, object] = {"rate": rate, "rung": rate.n, "mentions": int(spoken.any(axis=1).sum())}
    if case.selected:
        return case.answer("alarm.cues", "cues.selected", values, certainty="refused")
    table = pd.DataFrame(
        {
            "cue": names,
            "knowable": [firsts[cue].value for cue in names],
            "voices": [firsts[cue].n if firsts[cue].value is not None else None for cue in names],
            "mentions": [int(spoken[cue].sum()) for cue in names],
        }
    )
    printed = Printed(
        "cues",
        "table.cues",
        table,
        {
            "cue": ("column.cue", worded("cue")),
            "knowable": ("column.knowable", shown("time", case.zone)),
            "voices": ("column.voices", shown("count")),
            "mentions": ("column.mentions", shown("count")),
        },
        numeric=("voices", "mentions"),
    )
    if not rang:
        unjudged = [first for first in firsts.values() if first.reason == "short_baseline"]
        message = "cues.short_baseline" if unjudged else "cues.seen" if values["mentions"] else "cues.none"
        certainty: Certainty = "refused" if unjudged else "medium"
        behind = cue_mentions(case)
        return case.answer("alarm.cues", message, values, certainty=certainty, printed=printed, behind=behind)
    cue = rang[0][1]
    loud, first = _first(case), str(firsts[cue].value)
    values |= {"first": firsts[cue], "cue": named_cues(case, (cue,)), "voices": firsts[cue].n, "volume": loud}
    values["rated"] = case.say("cues.rate" if rate.value is not None else "cues.unrated", values)
    # What was not collected before the alarm on the volume may hide that it would have rung sooner.
    told = loud.value is not None and loud.low == loud.value
    sooner = told and pd.Timestamp(first) < pd.Timestamp(str(loud.value))
    message = "cues.rang_sooner" if sooner else "cues.rang_later" if told else "cues.rang"
    return case.answer(
        "alarm.cues",
        message,
        values,
        certainty="low",
        printed=printed,
        quotes=cue_quotes(case, cue),
        facts={"cue": cue},
        behind=cue_mentions(case) | {"voices": cue_voices(case, cue)},
    )


def _replay(case: Case) -> alarm.Replay | None:
    """The alarm over all that is at hand; None where an alarm cannot be replayed at all."""
    if _why(case) or case.coverage.empty:
        return None

    def measure() -> alarm.Replay:
        counts = volume.hourly(case.mentions, case.coverage)
        before = counts[counts.index < case.start].dropna()
        if case.days_only or (len(before) and float(before.mean()) < daily_alarm.SPARSE):
            whole = case.coverage.set_index("hour")["mentions"].resample("1D").sum()
            days = daily_alarm.by_day(counts)
            return daily_alarm.replay(days, case.start, at_least=whole.reindex(days.index).fillna(0))
        step = pd.Timedelta(alarm.width(float(before.mean()) if len(before) else 0.0))
        bins = volume.binned(case.mentions, case.coverage, step)
        return alarm.replay(bins["mentions"], case.start, at_least=bins["at_least"])

    return case.once("replay", measure)


def _why(case: Case) -> str | None:
    """Why no alarm can be replayed: the archive is a selection."""
    return "selected" if case.selected else None


def _day(case: Case, first: Estimate) -> dict[str, str]:
    """The UTC day by whose end it was knowable, by language: the moment is the midnight that ends it."""
    if first.value is None:
        return dict.fromkeys(case.languages, "–")
    last = pd.Timestamp(first.value) - pd.Timedelta(hours=1)
    return {language: numbers.day(last, language, year=True) for language in case.languages}


def _span(case: Case) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Where the incident's alarm is looked for: from its onset where that is dated, else over its window."""
    low = case_onset(case).onset.low
    return (pd.Timestamp(low) - BEFORE if low else case.start), case.end


def _first(case: Case) -> Estimate:
    found = _replay(case)
    if found is None:
        return refused("time", "not_recorded", alarm.METHOD)
    return alarm.knowable(found, *_span(case))


def _noticed(case: Case) -> Action | None:
    """The first entry of the action log that says the organisation knew."""
    return case.first_action(("detected",)) or (case.actions[0] if case.actions else None)


def _hours(first: Estimate, peak: Estimate) -> Estimate:
    if first.value is None:
        return refused("hours", str(first.reason), alarm.METHOD)
    if peak.value is None:
        return refused("hours", str(peak.reason), alarm.METHOD)
    lead = (pd.Timestamp(peak.value) - pd.Timestamp(first.value)) / pd.Timedelta(hours=1)
    return Estimate(lead, "hours", 1, alarm.METHOD, lead, lead)


def _context(case: Case, found: alarm.Replay) -> pd.DataFrame:
    """The scores around the incident: three days before the alarm was looked for, and as far as it lasted."""
    start, end = _span(case)
    scores = found.scores
    return scores[(scores["start"] >= start - SHOWN) & (scores["start"] < end)].reset_index(drop=True)
