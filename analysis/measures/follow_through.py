"""What the lessons of earlier incidents asked for about a cause, and whether it repeated while that was open (C16)."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from analysis.measures.registry import CLOSED, Source

OPEN = ("open", "in_progress")
ASKED = ("incident", "lesson", "id", "cause", "action", "owner", "due", "state", "verified_on")
PAIRS = ("group", "earlier", "later", "verdict", "asked", "overdue", "action", "due", "owner")
NAMING = ("named", "name", "recurring")
"""Facts of findings that name causes (`questions.why` and `questions.set_off`)."""
Then = Literal["open", "dropped", "unknown", "unasked", "closed"]
WORST: tuple[Then, ...] = ("open", "dropped", "unknown", "unasked", "closed")


def asked(sources: Sequence[Source], causes: pd.DataFrame) -> pd.DataFrame:
    """The follow-ups that are about a cause, a row for each cause they are about: ASKED.

    A lesson is about the causes that the findings behind it name. `state` and `verified_on` are those of followups.csv,
    null where there is none or it does not hold the lesson; `action` is by language.
    """
    rows: list[dict[str, Any]] = []
    for source in sources:
        own = causes[causes["incident"] == source.incident]
        for lesson in source.lessons:
            if not lesson["follow_up"]:
                continue
            about = [row["cause"] for row in own.to_dict("records") if _about(source, lesson, row["names"])]
            for state in _states(source, lesson):
                rows += [{"incident": source.incident, "lesson": lesson["id"], "cause": c} | state for c in about]
    return pd.DataFrame(rows, columns=list(ASKED))


def _about(source: Source, lesson: Any, names: dict[str, str]) -> bool:
    """Whether a finding behind the lesson names the cause: by itself, first in a list, or quoted in one."""
    facts = [source.found[name].facts for name in lesson["findings"] if name in source.found]
    told = [held[key] for held in facts for key in NAMING if held.get(key)]
    first = [value[0] if isinstance(value, list) else value for value in told]
    return any(
        text == names.get(language) or f"“{names.get(language)}”" in str(text)
        for value in first
        if isinstance(value, dict)
        for language, text in value.items()
    )


def _states(source: Source, lesson: Any) -> list[dict[str, Any]]:
    planned = lesson["follow_up"]
    drawn = {name: planned.get(name) for name in ("action", "owner", "due")}
    if source.followups is not None:
        kept = source.followups[source.followups["lesson"] == lesson["id"]]
        if len(kept):
            return [
                drawn
                | {
                    "id": row["id"],
                    "owner": row["owner"] or drawn["owner"],
                    "due": row["due"] or drawn["due"],
                    "state": row["state"] or None,
                    "verified_on": row["verified_on"] or None,
                }
                for row in kept.fillna("").to_dict("records")
            ]
    return [drawn | {"id": lesson["id"], "state": None, "verified_on": None}]


def state_at(state: object, verified_on: object, moment: pd.Timestamp) -> Then:
    """What a follow-up was on the day of `moment`: its state is today's, and closing it has a day.

    One that is still open was open then. One that is done was closed then only if it was verified by that day; without
    a day nothing tells.
    """
    if state in OPEN:
        return "open"
    if state == "dropped":
        return "dropped"
    if state in CLOSED and isinstance(verified_on, str):
        day = pd.Timestamp(verified_on).date()
        return "closed" if day <= moment.date() else "open"
    return "unknown"


def repeated(recurring: pd.DataFrame, grouped: pd.DataFrame, asked_: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """For each cause that came again, what had been asked for after the incident before: PAIRS, the worst first.

    A row per recurrence: `earlier` is the incident before `later` that asked for something about the cause, else the
    one before. `verdict` is the worst that a follow-up of it was when `later` began (WORST); `asked`: how many there
    were; `overdue`: those that were open and past their day.
    """
    facts = rows.set_index("incident")
    found = []
    for group in recurring.to_dict("records"):
        own = grouped[grouped["group"] == group["group"]]
        about = asked_.merge(own[["incident", "cause"]], on=["incident", "cause"]) if len(asked_) else asked_
        for place, later in enumerate(group["incidents"][1:], start=1):
            began = facts["onset"][later] if pd.notna(facts["onset"][later]) else facts["start"][later]
            before = group["incidents"][:place]
            asking = [name for name in reversed(before) if len(about) and name in set(about["incident"])]
            earlier = asking[0] if asking else before[-1]
            then = about[about["incident"] == earlier].drop_duplicates("id").to_dict("records") if asking else []
            states = [state_at(row["state"], row["verified_on"], began) for row in then]
            verdict: Then = next((one for one in WORST if one in states), "unasked")
            first = then[states.index(verdict)] if then else {}
            late = [
                s == "open" and isinstance(row["due"], str) and pd.Timestamp(row["due"]).date() < began.date()
                for s, row in zip(states, then, strict=True)
            ]
            found.append(
                {
                    "group": group["group"],
                    "earlier": earlier,
                    "later": later,
                    "verdict": verdict,
                    "asked": len(then),
                    "overdue": sum(late),
                }
                | {name: first.get(name) for name in ("action", "due", "owner")}
            )
    made = pd.DataFrame(found, columns=list(PAIRS))
    order = made["verdict"].map({verdict: place for place, verdict in enumerate(WORST)})
    return made.assign(order=order).sort_values(["order", "later", "group"], ignore_index=True).drop(columns="order")


def history(rows: pd.DataFrame, grouped: pd.DataFrame, months: int = 24) -> pd.DataFrame:
    """The crisis history of each incident, an intensifier in SCCT (Coombs 2007, definitions C3).

    DataFrame[incident, crisis_type, earlier (incidents of the brand in the `months` before), matched (those of them
    that share a contributing cause), groups (the causes shared), intensifies]: `intensifies` where a matched one is
    among them. How responsible people hold the organisation is for analysts to say: nothing here names the cluster.
    """
    held = {name: set(own["group"]) for name, own in grouped.groupby("incident")}
    found = []
    for row in rows.to_dict("records"):
        since = row["start"] - pd.DateOffset(months=months)
        near = rows[(rows["brand"] == row["brand"]) & (rows["start"] >= since) & (rows["start"] < row["start"])]
        own = held.get(row["incident"], set())
        shared = {name: own & held.get(name, set()) for name in near["incident"]}
        matched = [name for name, groups in shared.items() if groups]
        found.append(
            {
                "incident": row["incident"],
                "crisis_type": row["crisis_type"],
                "earlier": len(near),
                "matched": matched,
                "groups": sorted(set().union(*shared.values())) if shared else [],
                "intensifies": bool(matched),
            }
        )
    return pd.DataFrame(found, columns=["incident", "crisis_type", "earlier", "matched", "groups", "intensifies"])
