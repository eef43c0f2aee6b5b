"""Notebook 2, costs: which cause was reproached hardest, drew most reactions, was answered least, stayed longest."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures import cause_costs as measure
from analysis.measures import response, sentiment
from analysis.measures.estimate import Estimate
from analysis.measures.reading import MINIMUM
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_floor, case_ordinary, case_votes, named
from analysis.questions.page import Answer, Printed, by_language, shown
from analysis.questions.signs import case_floor_cues
from analysis.questions.waiting import hours_promised
from analysis.scoring import complaint
from analysis.style import numbers

NAMED = ("harsh", "cues", "engaged", "answered")
"""Shares that the sentence names, in its order."""
PRINTED = ("harsh", "cues", "reactions", "answered", "half_life", "engaged", "complains", "wait")
SAID = ("harsh", "cues", "reactions", "reach", "answered", "half_life")
"""Measures whose absence is told; the others are absent with one of these."""
PANELS = ("harsh", "cues", "engaged", "answered", "complains", "half_life")
"""Measures in the order in which the figure has room for them."""
MOST_COLUMNS = 4
"""Measures that fit on a page beside the cause and its mentions; the file holds all."""


def costs(case: Case, most: int = 8, promised_hours: float = 0.0) -> Answer:
    """What each cause cost, and where one cost more than the rest."""
    table = case_costs(case, most, promised_hours)
    if table.empty:
        return case.answer("causes.costs", "costs.refused", certainty="refused")
    names = _names(case, most)
    values: dict[str, Any] = {"causes": len(names), "compared": int(table["p"].notna().sum())}
    parts, found = [], {}
    for name in NAMED:
        worst = _worst(table, name)
        if worst is not None:
            found[name] = names[int(worst["cause"])]
            part = {name: measure.estimate(worst), f"{name}_rest": _rest(worst)}
            values |= part
            parts.append(case.say(f"costs.{name}", part | {"cause": found[name]}))
    total = _most_reactions(table)
    if total is not None:
        told = {name: measure.estimate(_one(table, total["cause"], name)) for name in ("reactions", "loudest")}
        values |= told
        parts.append(case.say("costs.reactions", told | {"cause": names[int(total["cause"])]}))
    values["told"] = {language: "".join(part[language] for part in parts) for language in case.languages}
    values["cause"] = next(iter(found.values()), "")
    message = "costs.none" if not values["compared"] else "costs.found" if found else "costs.alike"
    title = f"figure.cause_costs.title.{next(iter(found), 'alike')}"

    def draw(language: str):
        from analysis.figures import cause_costs as figure

        words = wording.group("figure.cause_costs.words", language)
        rows = _panels(table, names, words, language)
        return figure.draw(rows, words=words | {"title": wording.say(title, language, values)}, lang=language)

    return case.answer(
        "causes.costs",
        message,
        values,
        certainty="medium" if found else "low",
        draw=("cause_costs", title, values, draw) if values["compared"] else None,
        printed=_printed(case, table, names),
        facts={"costlier": found},
        behind={"n": members.votes(case)} | members.causes(case, most),
    )


def unsaid(case: Case, most: int = 8, promised_hours: float = 0.0) -> Answer:
    """What cannot be said of the costs of causes, and why; the negative share never can."""
    table = case_costs(case, most, promised_hours)
    if table.empty:
        return case.answer("causes.unsaid", "costs.refused", certainty="refused")
    why = {}
    for name in SAID:
        own = table[table["measure"] == name]
        if own["value"].isna().all():
            why[name] = str(own["reason"].mode().iloc[0])
    if not why:
        return case.answer("causes.unsaid", "costs.unsaid.nothing", certainty="refused")
    parts = [
        {
            language: wording.say(
                "costs.unsaid.part",
                language,
                {"what": wording.say(f"cost.{name}", language), "why": wording.say(f"reason.{reason}", language)},
            )
            for language in case.languages
        }
        for name, reason in why.items()
    ]
    refusals = {language: "".join(part[language] for part in parts) for language in case.languages}
    return case.answer(
        "causes.unsaid", "costs.unsaid", {"refusals": refusals}, certainty="refused", facts={"refused": why}
    )


def case_costs(case: Case, most: int = 8, promised_hours: float = 0.0) -> pd.DataFrame:
    """`cause_costs.TABLE` of the largest causes of the incident; empty where there are none."""

    def take() -> pd.DataFrame:
        causes = case_causes(case).head(most)
        votes = case_votes(case)
        if causes.empty or votes.empty:
            return pd.DataFrame(columns=list(measure.TABLE))
        chosen, floor = causes["cause"].astype(int).tolist(), case_floor(case)
        read = measure.table(
            measure.without_own(votes, case.mentions),
            chosen,
            floor=floor,
            called_from=complaint.CALLED_FROM,
            graded=complaint.GRADED,
            cues=case_floor_cues(case).loc[votes.index].any(axis=1),
            unrecorded="frozen_counts" if case.frozen_counts else "not_recorded",
        )
        pairs = response.pairs(case.mentions)
        asked = case.during(case.customers)
        asked = asked[(sentiment.labels(asked) == "negative") & asked["parent_id"].isna()]
        told = measure.answers(
            votes,
            pairs[pairs["id"].isin(asked["id"])],
            chosen,
            case.joins,
            case.mentions["published_at"].max(),
            hours_promised(case, promised_hours),
            floor=floor,
        )
        if not case.incident.brand_accounts:
            told.loc[told["reason"].notna(), "reason"] = "no_accounts"
        return measure.corrected(pd.concat([read, told, _half_lives(case, chosen, floor)], ignore_index=True))

    return case.once(f"costs {most} {promised_hours}", take)


def _half_lives(case: Case, causes: list[int], floor: float) -> pd.DataFrame:
    """Refused where volume is that of a selection of conversations, or only days are recorded."""
    quiet = case_ordinary(case).quiet
    begun = quiet.index.max() + pd.Timedelta(hours=1) if len(quiet) else case.start
    never = case.selected or case.days_only
    rows = measure.half_lives(
        case.mentions,
        causes,
        case.coverage,
        begun,
        case.end,
        floor=floor,
        fewest=10**9 if never else measure.HALVED_FROM,
    )
    if never:
        rows["reason"] = "openers_absent" if case.selected else "not_recorded"
    return rows


def _worst(table: pd.DataFrame, name: str) -> dict | None:
    """The cause that is worst in `name`, of those that are surely worse than the rest."""
    own = table[(table["measure"] == name) & table["costlier"]].sort_values(
        "value", ascending=name == "answered", kind="stable"
    )
    return None if own.empty else own.iloc[0].to_dict()


def _rest(row: dict) -> Estimate:
    return Estimate(float(row["rest"]), "share", int(row["rest_n"]), str(row["method"]))


def _most_reactions(table: pd.DataFrame) -> dict | None:
    """The cause that drew most reactions in all; None where they are too few to speak of."""
    own = table[(table["measure"] == "reactions") & (table["value"] >= MINIMUM) & table["low"].notna()].sort_values(
        "value", ascending=False
    )
    return None if own.empty else own.iloc[0].to_dict()


def _one(table: pd.DataFrame, cause: int, name: str) -> dict:
    return table[(table["cause"] == cause) & (table["measure"] == name)].iloc[0].to_dict()


def _names(case: Case, most: int) -> dict[int, dict[str, str]]:
    """Number → name, by language, of the largest causes, in their order."""
    return dict(list(named(case).items())[:most])


def _panels(
    table: pd.DataFrame, names: dict[int, dict[str, str]], words: dict[str, str], language: str
) -> pd.DataFrame:
    """What the figure draws: the measures that have a value, of those it has panels for."""
    drawn = [name for name in PANELS if table.loc[table["measure"] == name, "value"].notna().any()]
    rows = []
    for name in drawn[:4]:
        own = table[table["measure"] == name].set_index("cause").reindex(list(names))
        rows.append(
            own.assign(
                panel=words[name],
                cause=[name[language] for name in names.values()],
                costlier=own["costlier"].fillna(False).astype(bool),
                note=["" if pd.isna(reason) else wording.say(f"reason.{reason}", language) for reason in own["reason"]],
            )
        )
    return pd.concat(rows, ignore_index=True)


def _printed(case: Case, table: pd.DataFrame, names: dict[int, dict[str, str]]) -> Printed:
    """A row a cause: what it cost, each with its interval; the measures that no row has are left out in print."""
    kept = [name for name in PRINTED if table.loc[table["measure"] == name, "value"].notna().any()][:MOST_COLUMNS]
    own = case_causes(case).set_index("cause").loc[list(names), ["name", "n"]]
    whole = pd.DataFrame({"cause": list(names), "called": list(names.values()), **own.to_dict("list")})
    for name in measure.MEASURES:
        own = table[table["measure"] == name].set_index("cause").reindex(list(names))
        flat = own[["value", "low", "high", "n", "rest", "p_holm", "reason"]].reset_index(drop=True)
        whole = whole.join(flat.add_prefix(f"{name}_"))
        if name in kept:
            parts = (own[part] for part in ("value", "low", "high", "costlier"))
            whole[f"{name}_shown"] = pd.Series([*zip(*parts, strict=True)], dtype=object)
    columns: dict[str, Any] = {"called": ("column.cause", by_language), "n": ("column.mentions", shown("count"))}
    for name in kept:
        unit = str(table.loc[table["measure"] == name, "unit"].iloc[0])
        columns[f"{name}_shown"] = (f"cost.{name}", _with_interval(unit))
    return Printed("cause_costs", "table.cause_costs", whole, columns, numeric=tuple(columns)[1:])


def _with_interval(unit: str) -> Callable[[Any, str], str]:
    """A cell that holds (value, low, high, whether it is worse than the rest)."""

    def show(cell: Any, language: str) -> str:
        value, low, high, costlier = cell
        if pd.isna(value):
            return "–"
        text = numbers.value(value, unit, language) + ("*" if costlier else "")
        if pd.isna(low) or pd.isna(high):
            return text
        return f"{text} ({numbers.interval(low, high, unit, language)})"

    return show
