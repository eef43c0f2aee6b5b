"""Notebook 1, whether it is over: how mentions died away, when feeling was as before, what is left of it."""

import numpy as np
import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import relief as relief_measure
from analysis.measures import volume as volume_measure
from analysis.measures.adherence import STATEMENTS
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_onset, case_recovery, no_decay
from analysis.questions.page import Answer, Printed, bounds, shown, together
from analysis.questions.waiting import case_shift

WIDE = 10.0
"""From this ratio on between its limits, a half-life is an order of magnitude and no more."""
SHOWN = 1.5
"""The chart shows so many times the hours until mentions were back, and at least SHORTEST."""
SHORTEST, LONGEST = 72, 336


def half_life(case: Case) -> Answer:
    """How fast mentions died away after the peak (definitions C5)."""
    why = no_decay(case)
    if why:
        none = {"half": refused("hours", "no_spike" if why == "no_spike" else "not_recorded", "none")}
        return case.answer("recovery.half_life", f"half_life.{why}", none, certainty="refused")
    found = case_recovery(case)
    values = {"half": found.half_life, "empirical": found.empirical}
    if found.decline is not None:
        values["peak"] = Estimate(found.decline.peak.isoformat(), "time", 1, "highest three hours")
    certainty: Certainty = "medium"
    if found.half_life.value is None:
        censored = found.half_life.reason == "censored" and found.half_life.low is not None
        message = "half_life.censored" if censored else "half_life.refused"
        certainty = "low" if censored else "refused"
    else:
        message = "half_life.alone" if found.exponential is None else "half_life.both"
        message = "half_life.not_exponential" if found.exponential is False else message
        wide = float(found.half_life.high or np.inf) > WIDE * float(found.half_life.low or 0)
        certainty = "low" if wide or found.exponential is False else "medium"
    return case.answer(
        "recovery.half_life",
        message,
        values,
        certainty=certainty,
        draw=_drawing(case) if found.decline is not None else None,
        facts={"message": message},
    )


def waves(case: Case) -> Answer:
    """Whether it came in one wave or several, and whether others followed the highest."""
    why = no_decay(case)
    found = case_recovery(case)
    if why or found.waves.empty:
        reason = "no_spike" if why == "no_spike" else "not_recorded" if why else str(found.half_life.reason)
        none = {"waves": refused("count", reason, "none")}
        return case.answer("recovery.waves", f"waves.{why}" if why else "waves.refused", none, certainty="refused")
    values: dict[str, object] = {
        "waves": len(found.waves),
        "main": found.main,
        "after": found.aftershocks,
        "when": Estimate(found.waves["peak"].iloc[found.main - 1].isoformat(), "time", 1, "six-hour means"),
    }
    message = "waves.one" if len(found.waves) == 1 else "waves.after" if found.aftershocks else "waves.before"
    printed = Printed(
        "waves",
        "table.waves",
        found.waves,
        {
            "number": ("column.number", shown("count")),
            "start": ("column.from", shown("time", case.zone)),
            "peak": ("event.peak", shown("time", case.zone)),
            "height": ("column.above", shown("per_hour")),
            "share": ("column.of_highest", shown("share")),
        },
        numeric=("height", "share"),
    )
    return case.answer("recovery.waves", message, values, printed=printed, facts={"waves": len(found.waves)})


def volume(case: Case) -> Answer:
    """When mentions were back at their ordinary level."""
    why = no_decay(case)
    if why:
        none = {"back": refused("hours", "no_spike" if why == "no_spike" else "not_recorded", "none")}
        return case.answer("recovery.volume", f"volume_back.{why}", none, certainty="refused")
    back = case_recovery(case).volume
    if back.value is not None:
        message = "volume_back.back" if back.high is not None else "volume_back.open"
    elif back.low and back.reason in ("censored", "not_seen"):
        message = f"volume_back.{back.reason}" + (_short(case) if back.reason == "censored" else "")
    else:
        message = "volume_back.refused"
    certainty: Certainty = "refused" if message == "volume_back.refused" else "low" if back.value is None else "medium"
    silent = message == "volume_back.back" and _untouched(case)
    said = case.say("volume_back.untouched") if silent else {}
    after = {lang: (" " if lang == "en" else "") + said[lang] if silent else "" for lang in case.languages}
    facts = {"message": message, "untouched": silent}
    return case.answer("recovery.volume", message, {"back": back, "silent": after}, certainty=certainty, facts=facts)


def _untouched(case: Case) -> bool:
    """Whether the action log, with a clock that can be trusted, holds none of the STATEMENTS from the onset on."""
    onset = case_onset(case).onset.low
    if not case.actions or not onset or case_shift(case).hours:
        return False
    begun = pd.Timestamp(str(onset))
    return not any(action.kind in STATEMENTS and action.when >= begun for action in case.actions)


def sentiment(case: Case) -> Answer:
    """When people spoke of it as before; it need not be when mentions were back."""
    dated = case_onset(case)
    peak = dated.peak.value or dated.highest_seen.value
    if peak is None or case.selected:
        none = {"back": refused("days", "no_spike" if not case.selected else "not_recorded", relief_measure.METHOD)}
        return case.answer(
            "recovery.sentiment",
            "relief.selected" if case.selected else "relief.no_peak",
            none,
            certainty="refused",
        )
    found = relief_measure.relief(
        case.mentions,
        case.coverage,
        (case.baseline_start, case.start),
        (case.start, case.end),
        pd.Timestamp(peak),
        calibration=case.calibration,
    )
    values = {"back": found.back, "before": found.before, "during": found.during}
    certainty: Certainty = "medium"
    if found.before.value is None or found.during.value is None:
        message, certainty = "relief.refused", "refused"
    elif not found.fell:
        message = "relief.never_fell"
    elif found.back.value is not None:
        message = "relief.back" if found.back.low == found.back.value else "relief.by"
    elif found.back.low is not None:
        message, certainty = f"relief.censored{_short(case)}", "low"
    elif found.back.reason == "censored":
        message, certainty = f"relief.short{_short(case)}", "refused"
    else:
        message, certainty = "relief.unknown", "refused"
    return case.answer("recovery.sentiment", message, values, certainty=certainty, facts={"message": message})


def residual(case: Case) -> Answer:
    """What was left a week, a month and a quarter after the end, against the time before."""
    if case.selected:
        none = {"change": refused("net", "not_recorded", relief_measure.CHANGE)}
        return case.answer("recovery.residual", "residual.selected", none, certainty="refused")
    table = relief_measure.residual(
        case.mentions, case.coverage, (case.baseline_start, case.start), case.end, calibration=case.calibration
    )
    table["interval"] = together(table["low"], table["high"])
    table["note"] = [
        "" if pd.isna(reason) else _note(case, int(days), str(reason))
        for days, reason in zip(table["days"], table["reason"], strict=True)
    ]
    printed = Printed(
        "residual",
        "table.residual",
        table,
        {
            "days": ("column.after_end", shown("days")),
            "net": ("column.net", shown("net")),
            "change": ("column.change", shown("net")),
            "interval": ("column.interval", bounds("net")),
            "note": ("column.note", lambda note, language: wording.say(note, language) if note else "–"),
        },
        numeric=("days", "net", "change"),
    )
    known = table[table["change"].notna()]
    if known.empty:
        none = {"change": refused("net", str(table["reason"].iloc[0]), relief_measure.CHANGE)}
        message = f"residual.refused{_short(case) if none['change'].reason == 'censored' else ''}"
        return case.answer("recovery.residual", message, none, certainty="refused", printed=printed)
    last = known.iloc[-1]
    days = float(last["days"])
    values = {
        "change": Estimate(
            float(last["change"]), "net", int(last["n"]), relief_measure.CHANGE, float(last["low"]), float(last["high"])
        ),
        "days": Estimate(days, "days", 1, "calendar", days, days),
    }
    message = "residual.worse" if last["high"] < 0 else "residual.better" if last["low"] > 0 else "residual.same"
    return case.answer("recovery.residual", message, values, printed=printed, facts={"message": message})


def _note(case: Case, days: int, reason: str) -> str:
    """Why there is no value: where it is only that no more was loaded, what to change."""
    loaded = days <= case.incident.after_days
    return "residual.note.after_days" if reason == "censored" and not loaded and _goes_on(case) else f"reason.{reason}"


def _goes_on(case: Case) -> bool:
    """Whether the archive holds more after what is at hand."""
    own = case.hours[(case.hours["brand"] == case.label) & (case.hours["state"] != "unseen")]
    return bool(len(own) and own["hour"].max() >= case.after_end)


def _short(case: Case) -> str:
    """The end of a message's id where a larger after_days would show more."""
    return "_here" if _goes_on(case) else ""


def _drawing(case: Case):
    """The chart of the decay: excess by hour, the curve through it, waves and what the organisation did in public."""
    found = case_recovery(case)
    peak = found.decline.peak if found.decline else case.start
    reach = found.volume.value if found.volume.value is not None else found.volume.low
    until = int(np.clip(SHOWN * float(reach or SHORTEST), SHORTEST, LONGEST))
    table = found.hours[found.hours["hour"] <= until].reset_index(drop=True)
    start = peak + pd.to_timedelta(table["hour"], unit="h")
    table = table.assign(start=start, end=start + pd.Timedelta(hours=1))
    state = volume_measure.states(case.coverage, table["start"].iloc[0], table["end"].iloc[-1])
    table["state"] = state.reindex(pd.DatetimeIndex(table["start"]).as_unit("us")).fillna("unseen").to_numpy()
    span = table["start"].iloc[0], table["end"].iloc[-1]
    actions = [action for action in case.actions if action.kind in PUBLIC_KINDS and span[0] <= action.when < span[1]]
    tops = [
        (row["peak"], str(row["number"])) for row in found.waves.to_dict("records") if span[0] <= row["peak"] < span[1]
    ]
    half = None
    if found.half_life.value is not None:
        half = peak + pd.Timedelta(hours=float(found.half_life.value))
    title = "figure.recovery.title" if found.half_life.value is not None else "figure.recovery.open"
    values = {"half": found.half_life, "empirical": found.empirical}

    def draw(language: str):
        from analysis.figures import recovery as figure

        words = wording.group("figure.recovery.words", language)
        words |= {"title": wording.say(title, language, values, case.zone)}
        return figure.draw(
            table,
            half=half,
            waves=tops if len(found.waves) > 1 else [],
            actions=[(action.when, wording.say(f"action.{action.kind}", language)) for action in actions],
            zone=case.zone,
            words=words,
            lang=language,
        )

    highest = float(np.nanmax(table["excess"]))
    told = values | {
        "hours": len(table),
        "highest": Estimate(highest, "per_hour", 1, "count", highest, highest),
        "waves": len(found.waves),
        "actions": len(actions),
        "unseen": int((table["state"] != "seen").sum()),
    }
    return ("recovery", title, told, draw)
