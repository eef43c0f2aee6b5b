"""What was learnt from one incident to the next, and what is left to measure again.

Questions of notebook 5, and the sentences of it that an incident's own report shares (`questions.before`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import wording
from analysis.errors import ParameterError
from analysis.findings import Certainty
from analysis.measures import follow_through
from analysis.measures import nearest as measure
from analysis.measures.estimate import Estimate
from analysis.measures.remeasure import MARKS
from analysis.questions.candidate import Answers
from analysis.questions.page import Answer, Page, Printed, bounds, by_language, plain, shown, together, worded
from analysis.questions.several import Several, column

MONTHS = 24
"""A crisis that long ago still counts as history (definitions C3)."""
SHOWN = 3


@dataclass(frozen=True)
class Said:
    """An answer that has no page and no id yet."""

    message: str
    values: Mapping[str, object]
    certainty: Certainty
    printed: Printed | None = None
    facts: Mapping[str, object] | None = None

    def on(self, page: Page, identity: str) -> Answer:
        """The same, kept on `page`."""
        return page.answer(
            identity, self.message, self.values, certainty=self.certainty, printed=self.printed, facts=self.facts
        )


def repeated(several: Several) -> Answer:
    """Whether a cause came again while a follow-up about it was open: a headline."""
    table = came_again(several)
    if table.empty:
        none = "alone" if len(several.rows) < 2 else "none"
        certainty: Certainty = "refused" if none == "alone" else "medium"
        return several.answer("patterns.repeated", f"patterns.repeated.{none}", certainty=certainty)
    return told_again(several, table).on(several, "patterns.repeated")


def came_again(several: Several) -> pd.DataFrame:
    """Every recurrence of a cause, as `follow_through.repeated` has it."""
    again = several.recurring[several.recurring["recurrence"] > 1]
    return several.once(
        "repeated", lambda: follow_through.repeated(again, several.grouped, several.asked, several.rows)
    )


def told_again(several: Several, table: pd.DataFrame) -> Said:
    """Of recurrences, one at least, what the follow-up before the first of them was.

    Facts: `verdict`; `open`, how many came while one was open; and of the first the `name` of its cause, the `earlier`
    incident, and what was `asked_for`.
    """
    first = table.iloc[0]
    names = several.recurring.set_index("group")["names"]
    later = several.rows.set_index("incident").loc[first["later"]]
    values: dict[str, object] = {
        "cause": names[first["group"]],
        "earlier": several.title(first["earlier"]),
        "later": several.title(first["later"]),
        "day": several.day(later["onset"] if pd.notna(later["onset"]) else later["start"]),
        "action": _in_each(several, first["action"]),
        "due": first["due"] if isinstance(first["due"], str) else "",
        "again": len(table),
    }
    late = first["verdict"] == "open" and first["overdue"]
    kind = "overdue" if late else str(first["verdict"])
    printed = Printed(
        "repeated",
        "table.repeated",
        table.assign(
            name=column((names[group] for group in table["group"]), table),
            before=[several.title(name) for name in table["earlier"]],
            after=[several.title(name) for name in table["later"]],
            asked_for=column(
                (_in_each(several, action) if isinstance(action, dict) else None for action in table["action"]), table
            ),
        ),
        {
            "name": ("column.cause", by_language),
            "before": ("column.earlier", plain),
            "after": ("column.came_again", plain),
            "verdict": ("column.follow_up_was", worded("follow_up_was")),
            "asked_for": ("column.asked_for", by_language),
            "due": ("column.due", plain),
        },
    )
    facts = {
        "verdict": first["verdict"],
        "open": int((table["verdict"] == "open").sum()),
        "name": values["cause"],
        "earlier": values["earlier"],
        "asked_for": values["action"],
    }
    certainty: Certainty = "refused" if kind == "unknown" else "medium"
    return Said(f"patterns.repeated.{kind}", values, certainty, printed, facts)


def history(several: Several) -> Answer:
    """Which incidents had a history, an intensifier of how responsible people hold an organisation (C3)."""
    table = follow_through.history(several.rows, several.grouped, MONTHS)
    matched = table[table["intensifies"]]
    values: dict[str, object] = {
        "n": len(matched),
        "of": len(table),
        "months": MONTHS,
        "names": several.titles(matched["incident"]),
        "earlier": int((table["earlier"] > 0).sum()),
    }
    certainty: Certainty = "medium"
    if len(table) < 2:
        message, certainty = "patterns.history.alone", "refused"
    elif len(matched):
        message = "patterns.history.some"
    else:
        message = "patterns.history.earlier" if values["earlier"] else "patterns.history.none"
    printed = None
    if len(table) > 1:
        printed = Printed(
            "history",
            "table.history",
            table.assign(
                title=[several.title(name) for name in table["incident"]],
                causes=column((several.causes(groups) if groups else None for groups in table["groups"]), table),
                shared=table["matched"].map(len),
            ),
            {
                "title": ("column.incident", plain),
                "crisis_type": ("column.crisis_type", plain),
                "earlier": ("column.earlier_incidents", shown("count")),
                "shared": ("column.sharing_a_cause", shown("count")),
                "causes": ("column.causes_shared", by_language),
            },
            numeric=("earlier", "shared"),
        )
    return several.answer("patterns.history", message, values, certainty=certainty, printed=printed)


def signs(several: Several) -> Answer:
    """What early signs the incidents had in common."""
    table = measure.signs(several.rows)
    common = table[(table["n"] > 1) & (table["n"] == table["of"])]
    values: dict[str, object] = {"incidents": len(several.rows)}
    certainty: Certainty = "low"
    if len(several.rows) < 2:
        message, certainty = "patterns.signs.alone", "refused"
    elif common.empty:
        message = "patterns.signs.none"
    else:
        values["names"] = {
            language: wording.joined([_sign(sign, language) for sign in common["sign"]], language)
            for language in several.languages
        }
        message = "patterns.signs.some"
    printed = Printed(
        "signs",
        "table.signs",
        table.assign(interval=together(table["low"], table["high"])),
        {
            "sign": ("column.sign", _sign),
            "n": ("column.with_it", shown("count")),
            "of": ("column.known_of", shown("count")),
            "interval": ("column.interval", bounds("share")),
        },
        numeric=("n", "of"),
    )
    return several.answer("patterns.signs", message, values, certainty=certainty, printed=printed)


def _sign(sign: Any, language: str) -> str:
    name, colon, platform = str(sign).partition(":")
    return (
        wording.say("sign.platform", language, {"platform": platform})
        if colon
        else wording.say(f"sign.{name}", language)
    )


def nearest(several: Several, incident: str = "") -> Answer:
    """The earlier incidents most like one of them (the latest where none is named), and what was learned then.

    ParameterError for an incident that is not among them.
    """
    known = several.rows["incident"].tolist()
    if incident and incident not in known:
        raise ParameterError(f"incident {incident!r} has no report that can be read. Use one of: {', '.join(known)}.")
    own = incident or known[-1]
    table = measure.nearest(several.rows, several.held(), own)
    rows = several.rows
    chosen = rows.set_index("incident").loc[own]
    earlier = rows[(rows["end"] <= chosen["start"]) & (rows["brand"] == chosen["brand"])]
    if table.empty and earlier.empty:
        values = {"title": several.title(own)}
        return several.answer("patterns.nearest", "patterns.nearest.none", values, certainty="refused")
    return told_nearest(several, own, table).on(several, "patterns.nearest")


def told_nearest(several: Several, own: str, table: pd.DataFrame) -> Said:
    """What `measure.nearest` found for the incident `own`, which has earlier ones, and what was learned then."""
    values: dict[str, object] = {"title": several.title(own), "needed": measure.COMPARED}
    if table.empty:
        return Said("patterns.nearest.unknown", values, "refused")
    learned = {name: [one for one in several.lessons[name] if one["verdict"] != "try"] for name in table["incident"]}
    first = table.iloc[0]
    values |= {
        "other": several.title(first["incident"]),
        "likeness": Estimate(float(first["likeness"]), "share", int(first["compared"]), "Gower"),
        "compared": int(first["compared"]),
        "matched": _facts(several, first["matched"]),
        "lessons": _lessons(several, learned[first["incident"]]),
        "learned": len(learned[first["incident"]]),
    }
    message = "patterns.nearest.told" if learned[first["incident"]] else "patterns.nearest.unlearned"
    if not first["matched"]:
        message = "patterns.nearest.unlike"
    printed = Printed(
        "nearest",
        "table.nearest",
        table.assign(
            title=[several.title(name) for name in table["incident"]],
            alike=column((_facts(several, names) for names in table["matched"]), table),
            learned=column((_lessons(several, learned[name]) for name in table["incident"]), table),
        ),
        {
            "title": ("column.incident", plain),
            "likeness": ("column.likeness", shown("share")),
            "compared": ("column.facts_compared", shown("count")),
            "alike": ("column.alike", by_language),
            "learned": ("column.learned", by_language),
        },
        numeric=("likeness", "compared"),
    )
    return Said(message, values, "low", printed, {"incident": own, "nearest": first["incident"]})


def _facts(several: Several, names: list[str]) -> dict[str, str]:
    """Facts that matched, as a list in each language."""
    return {
        language: wording.joined([wording.say(f"fact.{name}", language) for name in names], language) or "–"
        for language in several.languages
    }


def _lessons(several: Several, learned: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Titles of lessons, the first SHOWN of them: what to change comes first."""
    chosen = [one["title"] for one in learned[:SHOWN]]
    semicolon = {"zh": "；"}
    return {
        language: semicolon.get(language, "; ").join(_spoken(title, language) for title in chosen) or "–"
        for language in several.languages
    }


def _spoken(texts: Mapping[str, str], language: str) -> str:
    """A text of a report in `language`, or in that which the report was written in."""
    return texts.get(language) or next(iter(texts.values()), "")


def _in_each(several: Several, texts: object) -> dict[str, str]:
    held = texts if isinstance(texts, Mapping) else {}
    return {language: _spoken(held, language) for language in several.languages}


def residual(several: Several) -> Answers:
    """Which re-measurements of residual harm are made, to come, or cannot be made."""
    table = several.remeasured
    count = {name: int((table["state"] == name).sum()) for name in ("done", "to_come", "missing", "impossible")}
    made = table[table["state"] == "done"]
    clear = made[made["during"].isna()]
    worse = clear[clear["high"] < 0]
    values: dict[str, object] = {"all": len(table), **count, "as_of": several.day(several.as_of), "worse": len(worse)}
    ahead = table.loc[table["state"] == "to_come", "due"]
    values["next"] = several.day(ahead.min()) if len(ahead) else ""
    certainty: Certainty = "medium" if len(made) else "refused"
    kind = "made" if len(made) else "none"
    found = [
        several.answer(
            "patterns.residual",
            f"patterns.residual.{kind}" if not len(ahead) else f"patterns.residual.{kind}_ahead",
            values,
            certainty=certainty,
            printed=marks(several, table),
        )
    ]
    if len(made):
        if len(worse):
            last = worse.sort_values("due").iloc[-1]
            told: dict[str, object] = {
                "change": Estimate(
                    float(last["change"]), "net", int(last["n"]), "MOVER", float(last["low"]), float(last["high"])
                ),
                "title": several.title(last["incident"]),
                "mark": several.say(f"mark.{last['mark']}"),
                "worse": len(worse),
                "made": len(clear),
            }
            message = "patterns.left.worse"
        else:
            told, message = {"made": len(clear)}, "patterns.left.nothing" if len(clear) else "patterns.left.overlaid"
        found.append(several.answer("patterns.left", message, told, certainty="low"))
    return Answers(found)


def marks(several: Several, table: pd.DataFrame) -> Printed:
    """One row per date, in the order of incidents and MARKS."""
    order = {mark: place for place, mark in enumerate(MARKS)}
    begun = {name: place for place, name in enumerate(several.rows["incident"])}
    whole = table.assign(by=table["incident"].map(begun), at=table["mark"].map(order))
    whole = whole.sort_values(["by", "at"], ignore_index=True).drop(columns=["by", "at"])

    def note(row: Mapping[Any, Any]) -> dict[str, str] | None:
        if isinstance(row["during"], str):
            return several.say("residual.during", {"title": several.title(row["during"])})
        return (
            several.say(f"reason.{row['reason']}")
            if isinstance(row["reason"], str) and row["state"] != "to_come"
            else None
        )

    whole = whole.assign(
        title=[several.title(name) for name in whole["incident"]],
        interval=together(whole["low"], whole["high"]),
        note=column(map(note, whole.to_dict("records")), whole),
    )
    return Printed(
        "remeasured",
        "table.remeasured",
        whole,
        {
            "title": ("column.incident", plain),
            "mark": ("column.mark", worded("mark")),
            "due": ("column.due", shown("time", several.zone)),
            "state": ("column.remeasured_state", worded("remeasured")),
            "change": ("column.change", shown("net")),
            "interval": ("column.interval", bounds("net")),
            "note": ("column.note", by_language),
        },
        numeric=("change",),
    )
