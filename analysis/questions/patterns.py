"""Notebook 5: what repeats across our crises. Incidents, recurring causes, vulnerability, trends, associations."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import associations as measure
from analysis.measures.estimate import Estimate, refused
from analysis.questions.candidate import Answers
from analysis.questions.page import Answer, Printed, by_language, plain, shown
from analysis.questions.several import Several, column
from analysis.style import numbers

TRENDS = ("statement_hours", "answer_hours", "half_life")
"""Facts of the registry, in hours."""
LISTED = 5
"""Names in a sentence."""


def incidents(several: Several) -> Answers:
    """Which incidents there are: one row each, and what they were; and those that cannot be read."""
    rows = several.rows
    levels = pd.to_numeric(rows["severity"]).dropna()
    values: dict[str, object] = {
        "incidents": len(rows),
        "brands": _brands(several),
        "title": several.title(_last(rows)),
    }
    values |= {"first": several.day(rows["start"].iloc[0]), "last": several.day(rows["start"].iloc[-1])}
    if len(levels):
        values["low"] = Estimate(float(levels.min()), "level", len(levels), "count")
        values["high"] = Estimate(float(levels.max()), "level", len(levels), "count")
    kind = "one" if len(rows) == 1 else "brands" if len(several.brands) > 1 else "some"
    message = f"patterns.incidents.{kind}" if kind == "one" or len(levels) else "patterns.incidents.unrated"
    table = rows.assign(number=range(1, len(rows) + 1), half=rows["half_life"])
    printed = Printed(
        "incidents",
        "table.incidents",
        table.assign(apologised=_tick(rows["apology"]), compensated=_tick(rows["compensation"])),
        {
            "number": ("column.number", shown("count")),
            "title": ("column.incident", plain),
            "start": ("column.from", shown("time", several.zone)),
            "crisis_type": ("column.crisis_type", plain),
            "mentions": ("column.mentions", shown("count")),
            "severity": ("column.level", shown("level")),
            "statement_hours": ("column.first_statement", shown("hours")),
            "answer_hours": ("column.median_answer", shown("hours")),
            "half": ("column.half_life", shown("hours")),
            "apologised": ("action.apology", _ticked),
            "compensated": ("action.compensation", _ticked),
        },
        numeric=("number", "mentions", "severity", "statement_hours", "answer_hours", "half"),
    )
    draw = _timeline(several, message, values) if len(rows) > 1 else None
    found = [several.answer("patterns.incidents", message, values, certainty="high", draw=draw, printed=printed)]
    if several.unread:
        found.append(several.answer("patterns.unread", "patterns.unread", several.not_read(), certainty="high"))
    return Answers(found)


def recurring(several: Several) -> Answers:
    """Which causes contributed to several incidents, and how they were matched; a matrix of causes and incidents."""
    table = several.recurring
    again = table[table["recurrence"] > 1]
    values: dict[str, object] = {"causes": len(table), "incidents": len(several.rows), "again": len(again)}
    certainty: Certainty = "medium"
    if len(several.rows) < 2 or table.empty:
        message, certainty = "patterns.recurring.alone" if len(table) else "patterns.recurring.unknown", "refused"
    elif again.empty:
        message = "patterns.recurring.none"
    else:
        values["names"] = several.causes(again["group"].head(LISTED))
        values["matched"] = several.say(f"patterns.matched.{again['by'].iloc[0] if _agree(again['by']) else 'several'}")
        message, certainty = "patterns.recurring.some", "medium" if (again["by"] != "centroid").any() else "low"
    printed = None
    if len(again):
        printed = Printed(
            "recurring",
            "table.recurring",
            again.assign(where=column(map(several.titles, again["incidents"]), again)),
            {
                "names": ("column.cause", by_language),
                "where": ("column.incidents", by_language),
                "recurrence": ("column.recurrence", shown("count")),
                "by": ("column.matched_by", lambda by, language: wording.say(f"matched_by.{by}", language)),
                "cosine": ("column.cosine", shown("number")),
            },
            numeric=("recurrence", "cosine"),
        )
    draw = _matrix(several, message, values) if len(table) and len(several.rows) > 1 else None
    facts = {"groups": [int(group) for group in again["group"]], "names": list(again["names"])}
    found = [
        several.answer(
            "patterns.recurring", message, values, certainty=certainty, draw=draw, printed=printed, facts=facts
        )
    ]
    if several.unmatched:
        found.append(several.answer("patterns.matching", "patterns.matching", certainty="refused"))
    return Answers(found)


def vulnerability(several: Several) -> Answer:
    """Where the organisation is vulnerable: recurrence × median severity × the share of follow-ups not closed."""
    again = several.recurring[several.recurring["recurrence"] > 1]
    if again.empty:
        return several.answer("patterns.vulnerability", "patterns.vulnerability.none", certainty="refused")
    printed = Printed(
        "vulnerability",
        "table.vulnerability",
        again.drop(columns=["group"]),
        {
            "names": ("column.cause", by_language),
            "recurrence": ("column.recurrence", shown("count")),
            "of": ("column.incidents_all", shown("count")),
            "severity": ("column.median_level", shown("level")),
            "exposure": ("column.exposure", shown("number")),
            "asked": ("column.followups", shown("count")),
            "open_share": ("column.not_closed", shown("share")),
            "vulnerability": ("column.vulnerability", shown("number")),
        },
        numeric=("recurrence", "of", "severity", "exposure", "asked", "open_share", "vulnerability"),
    )
    known = again[again["vulnerability"].notna()]
    top = (known.sort_values("vulnerability", ascending=False) if len(known) else again).iloc[0]
    values: dict[str, object] = {"name": top["names"], "recurrence": int(top["recurrence"]), "of": int(top["of"])}
    values |= {"severity": _number(top["severity"], "level"), "exposure": _number(top["exposure"], "number")}
    certainty: Certainty = "medium"
    if known.empty:
        unrated = pd.isna(top["exposure"])
        message, certainty = f"patterns.vulnerability.{'unrated' if unrated else 'exposure'}", "refused"
    elif float(top["vulnerability"]) == 0:
        message = "patterns.vulnerability.closed"
    else:
        message = "patterns.vulnerability.told"
        values |= {"vulnerability": _number(top["vulnerability"], "number"), "asked": int(top["asked"])}
        values["open"] = int(top["asked"] - top["closed"])
    return several.answer("patterns.vulnerability", message, values, certainty=certainty, printed=printed)


def trends(several: Several) -> Answers:
    """Whether the first statement, answers and half-lives became faster from incident to incident.

    One refusal where none of them is known of enough incidents.
    """
    when = several.rows["start"].tolist()
    told = {name: measure.trend(when, pd.to_numeric(several.rows[name]).tolist(), "hours") for name in TRENDS}
    if all(one.slope.value is None for one in told.values()):
        values: dict[str, object] = {"n": max(one.slope.n for one in told.values()), "needed": measure.TREND}
        return Answers([several.answer("patterns.trends", "patterns.trend.none", values, certainty="refused")])
    found = []
    for name, one in told.items():
        values = {"what": several.say(f"trend.{name}"), "slope": one.slope, "n": one.slope.n, "needed": measure.TREND}
        certainty: Certainty = "low"
        if one.slope.value is None:
            message, certainty = "patterns.trend.few", "refused"
        else:
            values["p"] = Estimate(one.p, "number", one.slope.n, measure.TREND_METHOD)
            message = f"patterns.trend.{ {-1: 'fell', 0: 'same', 1: 'rose'}[one.direction] }"
        found.append(several.answer(f"patterns.{name}", message, values, certainty=certainty))
    return Answers(found)


def short_lived(several: Several) -> Answer:
    """What was associated with short half-lives: a rule from eight incidents on, a table of cases below."""
    half = pd.to_numeric(several.rows["half_life"])
    table = measure.associations(measure.features(several.rows), half)
    known = int(half.notna().sum())
    values: dict[str, object] = {"n": known, "features": len(table), "needed": measure.RULE}
    if known:
        values["median"] = Estimate(float(half.median()), "hours", known, "median")
    certainty: Certainty = "low"
    rules = table[table["rule"]]
    if table.empty:
        message, certainty = "patterns.short_lived.refused", "refused"
    elif known < measure.RULE:
        message, certainty = "patterns.short_lived.few", "refused"
    elif rules.empty:
        message = "patterns.short_lived.none"
    else:
        values["names"] = {
            lang: wording.joined([wording.say(_rule(row), lang) for row in rules.to_dict("records")], lang)
            for lang in several.languages
        }
        message = "patterns.short_lived.some"
    tested = known >= measure.RULE
    columns: Mapping[str, Any] = {
        "feature": ("column.feature", lambda name, language: wording.say(f"feature.{name}", language)),
        "n": ("column.incidents_all", shown("count")),
        "with_it": ("column.with_it", shown("count")),
        "median_with": ("column.median_with", shown("hours")),
        "median_without": ("column.median_without", shown("hours")),
    }
    if tested:
        columns = {
            **columns,
            "support": ("column.support", shown("share")),
            "lift": ("column.lift", shown("ratio")),
            "p": ("column.p_fisher", shown("number")),
            "q": ("column.q", shown("number")),
        }
    printed = None
    if len(table):
        numeric = tuple(name for name in columns if name != "feature")
        printed = Printed("short_lived", "table.short_lived", table, columns, numeric=numeric)
    return several.answer("patterns.short_lived", message, values, certainty=certainty, printed=printed)


def seasons(several: Several) -> Answers:
    """Whether incidents begin in some months or on some weekdays more than on others."""
    begun = several.rows["onset"].where(several.rows["onset"].notna(), several.rows["start"])
    local = [pd.Timestamp(moment).tz_convert(several.zone) for moment in begun]
    if len(local) < measure.SEASON:
        few = {"n": len(local), "needed": measure.SEASON}
        return Answers([several.answer("patterns.seasons", "patterns.season.few", few, certainty="refused")])
    found = []
    for cycle in ("month", "weekday"):
        told = measure.season(local, cycle)
        values: dict[str, object] = {"n": told.n, "p": Estimate(told.p, "number", told.n, "Rayleigh")}
        message = f"patterns.season.{cycle}.none"
        if told.around is not None:
            message = f"patterns.season.{cycle}.gathered"
            values["around"] = _part(several, cycle, told.around)
        found.append(several.answer(f"patterns.{cycle}s", message, values, certainty="low"))
    return Answers(found)


def _part(several: Several, cycle: str, at: int) -> dict[str, str]:
    """The name of a month (1 to 12) or weekday (0 Monday) in each language."""
    day = pd.Timestamp(2024, at, 15) if cycle == "month" else pd.Timestamp(2024, 1, 1 + at)
    show = numbers.month_name if cycle == "month" else numbers.weekday
    return {language: show(day.to_pydatetime(), language) for language in several.languages}


def _rule(row: Mapping[Any, Any]) -> str:
    return f"feature.{row['feature']}" if row["lift"] > 1 else f"feature.not.{row['feature']}"


def _brands(several: Several) -> dict[str, str]:
    return {language: wording.joined(several.brands, language) for language in several.languages}


def _last(rows: pd.DataFrame) -> str:
    return str(rows["incident"].iloc[-1])


def _agree(by: pd.Series) -> bool:
    return by.nunique() == 1


def _number(value: Any, unit: str) -> Estimate:
    """A plain number as an estimate; refused where it is not known."""
    if value is None or pd.isna(value):
        return refused(unit, "not_recorded")
    return Estimate(float(value), unit, 1, "definitions C16")


def _tick(done: pd.Series) -> pd.Series:
    return done.map(lambda value: None if value is None or pd.isna(value) else bool(value)).astype(object)


def _ticked(value: Any, language: str) -> str:
    return "–" if value is None or pd.isna(value) else wording.say(f"yes_no.{'yes' if value else 'no'}", language)


def _timeline(several: Several, message: str, values: Mapping[str, object]):
    table = several.rows.rename(columns={"half_life": "half", "half_low": "low", "half_high": "high"})
    table = table[["title", "start", "severity", "half", "low", "high"]].astype(
        dict.fromkeys(("severity", "half", "low", "high"), "float64")
    )
    told = {"incidents": len(table), "known": int(table["half"].notna().sum())}

    def draw(language: str):
        from analysis.figures import incidents as figure

        words = wording.group("figure.incidents.words", language)
        words |= {"title": wording.say("figure.incidents.title", language, values, several.zone)}
        return figure.draw(table, zone=several.zone, words=words, lang=language)

    return "incidents", "figure.incidents.title", told, draw


def _matrix(several: Several, message: str, values: Mapping[str, object]):
    """The causes of all incidents, recurring ones first; at most so many as the figure can hold."""
    from analysis.figures import cause_matrix as figure

    columns = several.rows["incident"].tolist()[-figure.COLUMNS :]
    chosen = several.recurring[[bool(set(names) & set(columns)) for names in several.recurring["incidents"]]]
    chosen = chosen.head(figure.MOST)
    cells = several.grouped.merge(several.registry.causes[["incident", "cause", "share"]], on=["incident", "cause"])
    cells = cells.merge(chosen[["group", "names", "recurrence"]], on="group")
    cells = cells[cells["incident"].isin(columns)]
    if cells.empty:
        return None
    order = {group: place for place, group in enumerate(chosen["group"])}
    cells = cells.assign(order=cells["group"].map(order)).sort_values(["order", "incident"], ignore_index=True)
    told = {"causes": len(chosen), "incidents": len(columns), "again": int((chosen["recurrence"] > 1).sum())}
    message = "figure.cause_matrix.again" if told["again"] else "figure.cause_matrix.none"

    def draw(language: str):
        words = wording.group("figure.cause_matrix.words", language)
        words |= {"title": wording.say(message, language, {**values, **told}, several.zone)}
        rows = pd.DataFrame(
            {
                "cause": [name[language] for name in cells["names"]],
                "again": cells["recurrence"] > 1,
                "incident": [columns.index(name) for name in cells["incident"]],
                "share": cells["share"],
            }
        )
        return figure.draw(rows, [several.title(name) for name in columns], words=words, lang=language)

    return "cause_matrix", message, told, draw
