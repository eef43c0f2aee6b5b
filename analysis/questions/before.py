"""Notebook 4: this incident beside the ones before it. What was like it, what came again, what is left of the harm.

Measures and most sentences are those of notebook 5; here they are about one incident, and stand in its own report.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.findings import Certainty
from analysis.measures import nearest
from analysis.measures.estimate import Estimate
from analysis.questions import learnt
from analysis.questions.candidate import Answers
from analysis.questions.case import Case
from analysis.questions.page import Answer
from analysis.questions.several import Several

SEMICOLON = {"zh": "；"}


def like_it(case: Case) -> Answers:
    """The earlier incidents most like this one, and what was learned then; and the earlier ones that nobody can read.

    Only reports that are published are read. That there is none to be read is never taken for "nothing like it".
    """
    several = _seen(case)
    if not _earlier(several):
        return Answers([_alone(case, several, "nearest")])
    own = case.incident.id
    table = nearest.nearest(several.rows, several.held(), own)
    found = [learnt.told_nearest(several, own, table).on(case, "pattern.nearest")]
    if several.unread:
        found.append(case.answer("pattern.unread", "patterns.unread", several.not_read(), certainty="high"))
    return Answers(found)


def again(case: Case) -> Answers:
    """Whether a cause of an earlier incident came again in this one, and what had been asked for about it since."""
    several = _seen(case)
    if not _earlier(several):
        return Answers([_alone(case, several, "repeated")])
    table = learnt.came_again(several)
    table = table[table["later"] == case.incident.id].reset_index(drop=True)
    if len(table):
        found = [learnt.told_again(several, table).on(case, "pattern.repeated")]
    else:
        message, certainty = _nothing_again(case, several)
        values = {"earlier": len(several.rows) - 1, **several.not_read()}
        found = [case.answer("pattern.repeated", message, values, certainty=certainty)]
    if several.unmatched:
        found.append(case.answer("pattern.matching", "patterns.matching", certainty="refused"))
    return Answers(found)


def _nothing_again(case: Case, several: Several) -> tuple[str, Certainty]:
    """Why no cause is known to have come again: (message, certainty)."""
    held = several.held()
    if not held.get(case.incident.id):
        return "pattern.repeated.own_unknown", "refused"
    if not any(groups for name, groups in held.items() if name != case.incident.id):
        return "pattern.repeated.theirs_unknown", "refused"
    if several.unread:
        return "pattern.repeated.none_read", "low"
    return "pattern.repeated.none", "medium"


def measured_again(case: Case) -> Answers:
    """When what is left of the harm is to be measured again, and what is known at the dates that have passed.

    Facts: `due`, each date (UTC) by its mark; `worse`, the marks at which net sentiment was surely below that before,
    no other incident lying over the week.
    """
    several = _seen(case)
    table = several.remeasured
    rows = table.to_dict("records")
    method = case.calibration.method if case.calibration else "MOVER"
    told = [_mark(several, row, method) for row in rows]
    clear = table[(table["state"] == "done") & table["during"].isna()]
    values: dict[str, object] = {
        "reach": several.day(pd.Timestamp(case.notes["span"][1])),
        "told": {
            language: SEMICOLON.get(language, "; ").join(one[language] for one in told) for language in case.languages
        },
    }
    values |= {f"change_{row['mark']}": _change(row, method) for row in clear.to_dict("records")}
    facts = {
        "due": {str(row["mark"]): row["due"].date().isoformat() for row in rows},
        "worse": clear.loc[clear["high"] < 0, "mark"].tolist(),
    }
    certainty: Certainty = "low" if len(clear) else "refused"
    printed = learnt.marks(several, table)
    answer = case.answer(
        "pattern.residual", "pattern.residual.told", values, certainty=certainty, printed=printed, facts=facts
    )
    return Answers([answer])


def _mark(several: Several, row: Mapping[Any, Any], method: str) -> dict[str, str]:
    """What is known at one date, in each language."""
    values: dict[str, object] = {"mark": several.say(f"mark.{row['mark']}"), "day": several.day(row["due"])}
    kind = str(row["state"])
    if kind == "done":
        values["change"] = _change(row, method)
        kind = "worse" if row["high"] < 0 else "better" if row["low"] > 0 else "same"
        if isinstance(row["during"], str):
            kind, values["title"] = "during", several.title(row["during"])
    elif kind == "impossible":
        values["reason"] = several.say(f"reason.{row['reason']}")
    return several.say(f"pattern.mark.{kind}", values)


def _change(row: Mapping[Any, Any], method: str) -> Estimate:
    return Estimate(float(row["change"]), "net", int(row["n"]), method, float(row["low"]), float(row["high"]))


def _seen(case: Case) -> Several:
    """What lies before the case; InputError where notebooks 1 to 3 have not run."""
    if case.before_it is None:
        raise InputError(f"{case.output / 'findings'}: no findings. Run notebooks 1 to 3 first, with the same output.")
    return case.before_it


def _earlier(several: Several) -> bool:
    return len(several.rows) > 1


def _alone(case: Case, several: Several, question: str) -> Answer:
    """The answer where no earlier report is read: none can be, or no earlier incident is known."""
    kind = "unread" if several.unread else "first"
    values = {"brand": case.incident.brand, **several.not_read()}
    return case.answer(f"pattern.{question}", f"pattern.{question}.{kind}", values, certainty="refused")
