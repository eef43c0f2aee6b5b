"""Notebook 2: how the causes ran through the incident, what set it off, what joined, and what was there before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import cause_course, cause_trigger, phases, spread, volume
from analysis.measures.cause_trigger import Trigger
from analysis.measures.estimate import Estimate, refused
from analysis.measures.onset import STEP
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_onset, grown, named
from analysis.questions.page import Answer, Draw, Printed, bounds, by_language, shown, together, worded
from analysis.questions.spread import LEAD, VOICED

LISTED = 3
"""Names in a sentence; more are counted."""
BINS = 72
"""Bars in a panel of the figure: more cannot be told apart at its height."""


@dataclass(frozen=True)
class _Course:
    """`rows`: the complaints that were collected; `worded`: those in the own words of their cause; `spans`: the phases;
    `before`: as of `cause_course.recurring`."""

    rows: pd.DataFrame
    worded: pd.DataFrame
    spans: phases.Bounds
    trigger: Trigger
    before: pd.DataFrame


def _course(case: Case) -> _Course:
    def measure() -> _Course:
        found, causes = case_onset(case), case_causes(case)
        rows = cause_course.complaints(volume.kept_rows(case.mentions, case.coverage))
        whole = phases.bounds(case.coverage, (case.start, case.end), case.baseline_start, case.after_end)
        spans = cause_course.spans(found, whole)
        trigger = cause_trigger.measure(
            rows,
            case.coverage,
            causes,
            since=spans["before"][0],
            onset=found.onset,
            peak=pd.Timestamp(found.peak.value) + STEP[found.bin] if found.peak.value else None,
            end=_end(case),
        )
        worded = cause_course.in_its_words(rows, causes)
        before = cause_course.recurring(rows, worded, case.coverage, causes, spans["before"])
        return _Course(rows, worded, spans, trigger, before)

    return case.once("course of causes", measure)


def course(case: Case, most: int = 8) -> Answer:
    """How large each cause was in each phase: before, onset, peak, decline, aftermath."""
    causes = case_causes(case).head(most)
    if causes.empty or case.selected:
        message = "selected" if case.selected else "none"
        return case.answer("causes.phases", f"causes_phases.{message}", certainty="refused")
    made = _course(case)
    table = cause_course.table(made.rows, case.coverage, causes, made.spans)
    printed = _by_phase(table, causes, list(made.spans))
    if "peak" not in made.spans:
        why = case_onset(case).onset if case_onset(case).onset.value is None else case_onset(case).peak
        values = {"why": refused("time", str(why.reason), why.method, why.n)}
        return case.answer("causes.phases", "causes_phases.undated", values, certainty="low", printed=printed)
    halves = {"before": (made.spans["onset"][0], made.spans["peak"][1]), "decline": made.spans["decline"]}
    two = cause_course.table(made.rows, case.coverage, causes, halves)
    up, down = (two[two["phase"] == name].reset_index(drop=True) for name in ("before", "decline"))
    if not up["of"].iloc[0] or not down["of"].iloc[0]:
        return case.answer("causes.phases", "causes_phases.short", certainty="low", printed=printed)
    first, last = int(up["n"].argmax()), int(down["n"].argmax())
    names = causes["called"].tolist()
    values = {"up": _share(up, first), "down": _share(down, last), "was": _share(down, first)}
    sure = down["low"].iloc[last] > down["high"].iloc[first]
    message = "same" if first == last else "moved" if sure else "close"
    told = values | {"first": names[first], "last": names[last]}
    return case.answer("causes.phases", f"causes_phases.{message}", told, printed=printed)


def trigger(case: Case, most: int = 8) -> Answer:
    """Which cause set it off and which joined later, where that can be told; each cause over time."""
    causes = case_causes(case)
    kind = "selected" if case.selected else "days_only" if case.days_only else "no_causes" if causes.empty else ""
    if kind:
        return case.answer("causes.trigger", f"trigger.{kind}", certainty="refused")
    made = _course(case)
    found, table = made.trigger, made.trigger.causes
    late = table.loc[(table["state"] == "joined").fillna(False), "cause"].astype(int).tolist()
    message = f"{found.verdict}_joined" if late and found.verdict != "set_off" else found.verdict
    figure = _figure(case, most, message)
    if found.verdict in ("refused", "no_rise"):
        why: dict[str, object] = {}
        if found.reason:
            why = {"why": refused("time", found.reason, cause_trigger.METHOD, len(made.rows))}
        return case.answer("causes.trigger", f"trigger.{message}", why, certainty="refused", draw=figure)
    row = table[(table["cause"] == found.named[0]).to_numpy(dtype=bool)].iloc[0]
    values: dict[str, object] = {
        "first": named(case)[found.named[0]],
        "names": _listed(case, list(found.named)),
        "together": len(found.named),
        "rose": int((table["state"] != "no_rise").sum()),
        "by": Estimate(row["high"].isoformat(), "time", int(row["n"]), cause_trigger.METHOD),
        "joined": _listed(case, late) if late else "",
    }
    if pd.notna(row["early"]):
        values["early"] = _part(row, "early")
    facts = {"verdict": found.verdict, "named": values["names"], "joined": values["joined"]}
    rows = volume.between(
        cause_course.voices(made.rows), pd.Timestamp(str(case_onset(case).onset.value)).floor("h"), _end(case)
    )
    behind = {"first": rows.loc[(rows["cause"] == found.named[0]).fillna(False).to_numpy(dtype=bool), "id"]}
    return case.answer("causes.trigger", f"trigger.{message}", values, draw=figure, facts=facts, behind=behind)


def factors(case: Case, most: int = 8) -> Answer:
    """The causes that surely grew, or made up a sizeable part of what came on top: each with its part and its role."""
    causes = case_causes(case)
    if causes.empty or case.selected:
        message = "selected" if case.selected else "none"
        return case.answer("causes.factors", f"factors.{message}", certainty="refused")
    made = _course(case)
    rule, table = cause_trigger.Rule(), made.trigger.causes.drop(columns="n")
    whole = causes[["cause", "name", "called", "origin", "n"]].merge(table, on="cause")
    whole = whole.merge(made.before[["cause", "state"]], on="cause", suffixes=("", "_before"))
    whole["role"] = _roles(made.trigger).reindex(whole["cause"].astype(int)).to_numpy()
    grew = whole["cause"].isin(grown(causes)["cause"]).to_numpy(dtype=bool)
    large = (whole["part"] >= rule.sizeable).to_numpy(dtype=bool)
    idle = (whole["state"] == "no_rise").to_numpy(dtype=bool, na_value=False)
    whole = whole[(grew | large) & ~idle].sort_values(["part", "n"], ascending=False, ignore_index=True)
    if whole.empty:
        return case.answer("causes.factors", "factors.none_grew", certainty="low")
    top = whole.iloc[0]
    values: dict[str, object] = {"factors": len(whole), "first": top["called"], "listed": min(most, len(whole))}
    if pd.notna(top["part"]):
        values["part"] = _part(top, "part")
    pairs = {"interval": together(whole["part_low"], whole["part_high"])}
    pairs |= {"took_off": together(whole["low"], whole["high"])}
    printed = Printed(
        "factors",
        "table.factors",
        whole.assign(**pairs).head(most),
        {
            "called": ("column.cause", by_language),
            "part": ("column.part_of_excess", shown("share")),
            "interval": ("column.interval", bounds("share")),
            "role": ("column.role", worded("cause_role")),
            "took_off": ("column.took_off", bounds("time", case.zone)),
            "state_before": ("column.there_before", worded("recurrence")),
        },
        numeric=("part",),
    )
    message = "told" if pd.notna(top["part"]) else "grew"
    sure = whole["cause"].isin(grown(causes)["cause"]) | (whole["part_low"] >= rule.sizeable)
    sure &= ~whole["cause"].astype(int).isin(_lost(causes))
    others = whole.loc[sure.to_numpy(dtype=bool, na_value=False) & (whole.index > 0), "called"].tolist()
    facts = {"others": _all(case, others) if others else ""}
    certainty: Certainty = "low" if (whole["origin"] == "found").all() else "medium"
    return case.answer(
        "causes.factors", f"factors.{message}", values, certainty=certainty, printed=printed, facts=facts
    )


def _all(case: Case, called: list[dict[str, str]]) -> dict[str, str]:
    """All the names as a list, in each language."""
    return {lang: wording.joined([f"“{names[lang]}”" for names in called], lang) for lang in case.languages}


def first_voice(case: Case) -> Answer:
    """The first complaint that was collected of what set it off, and whether an earlier one may lack."""
    causes = case_causes(case)
    kind = "selected" if case.selected else "days_only" if case.days_only else "no_trigger" if causes.empty else ""
    if kind:
        return case.answer("causes.first", f"first_voice.{kind}", certainty="refused")
    made = _course(case)
    found = made.trigger
    if not found.named:
        return case.answer("causes.first", "first_voice.no_trigger", certainty="refused")
    asked = list(found.named) if found.verdict in ("together", "carried") else [found.named[0]]
    since = max(case.baseline_start.ceil("h"), made.spans["before"][1].floor("h") - LEAD)
    quiet = float((case.coverage.loc[case.coverage["hour"] < since, "state"] != "unseen").sum())
    own = made.before.set_index("cause").loc[asked].reset_index()
    taken, risk = spread.telling(own.sort_values("n_before"), quiet, LEAD / volume.HOUR)
    values: dict[str, object] = {"names": _listed(case, asked), "since": _time(since)}
    if not taken:
        return case.answer("causes.first", "first_voice.routine", values, certainty="refused")
    rows = made.worded[made.worded["cause"].isin(taken).to_numpy(dtype=bool)]
    about = rows[(rows["complaint"].isna() | (rows["complaint"] >= VOICED)).to_numpy(dtype=bool)]
    about = about[(about["published_at"] < _end(case)).to_numpy()]
    first, identity = spread.first(about, case.coverage, since)
    if identity is None:
        return case.answer("causes.first", "first_voice.none", values, certainty="refused")
    # Who raised any of those that rose together raised what set it off.
    as_one = about.assign(cause=taken[0])
    third = cause_course.appeared(as_one, pd.DataFrame({"cause": taken[:1]}), since)["established"].iloc[0]
    values |= {"names": _listed(case, taken), "risk": Estimate(risk, "number", len(taken), "ordinary complaints")}
    values |= {"collected": Estimate(first.high, "time", first.n, first.method), "voices": cause_course.VOICES}
    values["third"] = _time(third) if pd.notna(third) else refused("time", "too_few", spread.FIRST_METHOD)
    message = "unseen" if first.value is None else "told" if pd.notna(third) else "alone"
    certainty: Certainty = "refused" if first.value is None else "low" if message == "alone" else "medium"
    behind = {"n": about.loc[(about["published_at"] >= since).to_numpy(), "id"]}
    return case.answer(
        "causes.first", f"first_voice.{message}", values, certainty=certainty, quotes=[identity], behind=behind
    )


def before(case: Case, most: int = 8) -> Answer:
    """Which of the largest causes had been recurring complaints before the incident."""
    causes = case_causes(case).head(most)
    if causes.empty or case.selected:
        message = "selected" if case.selected else "none"
        return case.answer("causes.before", f"there_before.{message}", certainty="refused")
    made = _course(case)
    seen = cause_course.appeared(made.worded, causes, made.spans["before"][0])
    table = (
        causes[["cause", "name", "called", "origin"]]
        .merge(made.before, on="cause", how="left")
        .merge(seen, on="cause", how="left")
    )
    start, end = made.spans["before"]
    weeks = end - start - cause_course.DAY >= cause_course.WINDOWS * cause_course.WEEK
    values: dict[str, object] = {
        "shown": len(table),
        "voices": cause_course.VOICES,
        "windows": {lang: wording.say("window.week" if weeks else "window.day", lang) for lang in case.languages},
        "fresh": int((table["state"] == "new").sum()),
        "seldom": int((table["state"] == "seldom").sum()),
    }
    recurring = table.loc[table["state"] == "recurring", "cause"].astype(int).tolist()
    rise = cause_course.rising(made.rows, int(causes["cause"].iloc[0]), made.spans["before"])
    rose = rise.value is not None and float(rise.low or 0) > 1
    largest = {"rise": rise, "largest": causes["called"].iloc[0]}
    values |= {"rise": rise, "rising": _after(case, "there_before.rising", largest) if rose else ""}
    if recurring:
        values |= {"names": _listed(case, recurring), "recurring": len(recurring)}
        message = "recurring"
    elif int(table["of_windows"].iloc[0]) < cause_course.WINDOWS or (table["state"] == "unknown").all():
        return case.answer("causes.before", "there_before.unknown", certainty="refused")
    else:
        message = "none_recurring" if not (table["state"] == "unknown").any() else "part_unknown"
    printed = Printed(
        "there_before",
        "table.there_before",
        table,
        {
            "called": ("column.cause", by_language),
            "state": ("column.there_before", worded("recurrence")),
            "n_before": ("column.mentions_before", shown("count")),
            "authors_before": ("column.authors_before", shown("count")),
            "windows": ("column.windows", shown("count")),
            "first": ("column.first_seen", shown("time", case.zone)),
            "established": ("column.established", shown("time", case.zone)),
        },
        numeric=("n_before", "authors_before", "windows"),
    )
    held = [cause for cause in recurring if cause not in _lost(causes)]
    facts = {"recurring": _listed(case, held) if held else "", "rising": causes["called"].iloc[0] if rose else ""}
    # Words of a model are no cause that somebody could take up.
    unnamed = bool(recurring) and bool((table.loc[table["state"] == "recurring", "origin"] == "found").all())
    certainty: Certainty = "low" if unnamed else "medium"
    return case.answer(
        "causes.before", f"there_before.{message}", values, certainty=certainty, printed=printed, facts=facts
    )


def _lost(causes: pd.DataFrame) -> set[int]:
    """Causes whose share of the complaints was surely smaller in the incident than before it: they go on as ever beside
    it, and are not what it was about (definitions C1: a recurring complaint that becomes a crisis had been a warning).
    """
    return set(causes.loc[(causes["growth_high"] < 1).to_numpy(dtype=bool, na_value=False), "cause"].astype(int))


def _after(case: Case, message: str, values: dict[str, object]) -> dict[str, str]:
    """A sentence that follows another."""
    said = case.say(message, values)
    return {language: (" " if language == "en" else "") + text for language, text in said.items()}


def _by_phase(table: pd.DataFrame, causes: pd.DataFrame, names: list[str]) -> Printed:
    """One row per cause: its share in each phase with its interval; n, rate and growth beside them in the CSV."""
    measures = ["n", "of", "share", "low", "high", "rate", "growth", "growth_low", "growth_high", "hours_seen"]
    wide = table.pivot(index="cause", columns="phase", values=measures)
    wide.columns = pd.Index(["_".join(map(str, pair)) for pair in wide.columns.to_flat_index()])
    whole = causes[["cause", "name", "called"]].merge(wide.reset_index(), on="cause")
    for name in names:
        triples = zip(whole[f"share_{name}"], whole[f"low_{name}"], whole[f"high_{name}"], strict=True)
        whole[name] = pd.Series([*triples], dtype=object)

    def cell(told: tuple, language: str) -> str:
        if pd.isna(told[0]):
            return "–"
        return f"{shown('share')(told[0], language)} ({bounds('share')(told[1:], language)})"

    columns = {"called": ("column.cause", by_language)} | {name: (f"phase.{name}", cell) for name in names}
    return Printed("causes_by_phase", "table.causes_by_phase", whole, columns, numeric=tuple(names))


def _figure(case: Case, most: int, title: str) -> tuple[str, str, dict[str, object], Draw]:
    """The figure of the largest causes over time, as `case.answer` takes it."""
    causes, made, found = case_causes(case).head(most), _course(case), case_onset(case)
    begun = made.spans["before"][1]
    end = max(_end(case), begun + pd.Timedelta(hours=24))
    start = max(begun - max((end - begun) / 6, pd.Timedelta(hours=12)), case.baseline_start).floor("D")
    size = next((h for h in (1, 3, 6, 12, 24, 72, 168) if (end - start) / volume.HOUR / h <= BINS), 720)
    edges = pd.date_range(start, end + pd.Timedelta(hours=size), freq=f"{size}h").as_unit("us")
    state = (volume.states(case.coverage, edges[0], edges[-1]) == "seen").to_numpy().reshape(-1, size).all(axis=1)
    parts = []
    for number, cause in enumerate(causes["cause"]):
        at = made.rows.loc[(made.rows["cause"] == cause).to_numpy(dtype=bool), "published_at"]
        held = np.searchsorted(pd.DatetimeIndex(at).as_unit("us"), edges)
        own = pd.array(np.diff(held), dtype="Int64")
        part = pd.DataFrame({"start": edges[:-1], "end": edges[1:], "mentions": own}).assign(row=number)
        parts.append(part.assign(mentions=part["mentions"].where(pd.Series(state, index=part.index))))
    counts = pd.concat(parts, ignore_index=True)
    table = causes[["cause", "name", "called"]].merge(made.trigger.causes[["cause", "low", "high"]], on="cause")
    roles = _roles(made.trigger).reindex(table["cause"].astype(int)).to_numpy()
    events = [("onset", found.onset), ("peak", found.peak), ("end", found.end)]
    dated = [(name, pd.Timestamp(told.value).to_pydatetime()) for name, told in events if told.value]
    message = f"figure.cause_course.{title}"
    first = named(case)[made.trigger.named[0]] if made.trigger.named else ""
    values: dict[str, object] = {"first": first, "causes": len(table), "hours": size}

    def draw(language: str):
        from analysis.figures import cause_course as figure

        words = wording.group("figure.cause_course.words", language) | {"title": wording.say(message, language, values)}
        words["mentions"] = wording.say("figure.cause_course.bars", language, values)
        rows = table.assign(
            name=[name[language] for name in table["called"]],
            role=[wording.say(f"cause_role.{role}", language) for role in roles],
        )
        marks = [(moment, wording.say(f"event.{name}", language)) for name, moment in dated]
        return figure.draw(rows, counts, marks=marks, zone=case.zone, words=words, lang=language)

    return "cause_course", message, values, draw


def _roles(found: Trigger) -> pd.Series:
    """The role of each cause, by its number: set_off, first, unplaced, joined, no_rise or unknown."""
    single = found.verdict in ("set_off", "only")
    roles = {}
    for cause, state in zip(found.causes["cause"].astype(int), found.causes["state"], strict=True):
        if pd.isna(state):
            roles[cause] = "unknown"
        elif single and cause in found.named:
            roles[cause] = "set_off"
        else:
            roles[cause] = str(state)
    return pd.Series(roles, dtype=object)


def _listed(case: Case, causes: list[int]) -> dict[str, str]:
    """Names of causes as a list in each language; of more than LISTED the first are named, and all are counted."""
    out = {}
    for language in case.languages:
        names = [f"“{named(case)[cause][language]}”" for cause in causes]
        told = wording.joined(names[:LISTED], language)
        more = {"names": ("、" if language == "zh" else ", ").join(names[:LISTED]), "total": len(names)}
        out[language] = wording.say("listed.more", language, more) if len(names) > LISTED else told
    return out


def _share(table: pd.DataFrame, row: int) -> Estimate:
    one = table.iloc[row]
    return Estimate(one["share"], "share", int(one["of"]), "Wilson", one["low"], one["high"])


def _part(row: pd.Series, name: str) -> Estimate:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return Estimate(float(row[name]), "share", int(row["n"]), cause_trigger.PART_METHOD, low, high)


def _end(case: Case) -> pd.Timestamp:
    end = case_onset(case).end.value
    return pd.Timestamp(end) if end else case.end


def _time(moment: pd.Timestamp) -> Estimate:
    return Estimate(moment.isoformat(), "time", 1, "archive")
