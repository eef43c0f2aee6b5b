"""Notebook 3, whether it was solved: states, tone, promises; by cause, template and first move (definitions C13)."""

from typing import Any

import numpy as np
import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import private, resolution
from analysis.measures.clustered import MINIMUM, share
from analysis.measures.conversations import cannot
from analysis.measures.estimate import Estimate
from analysis.questions.accuracy import accuracy
from analysis.questions.case import Case
from analysis.questions.manner import case_manner
from analysis.questions.measured import named
from analysis.questions.page import Answer, Printed, bounds, by_language, plain, shown, together, why, worded
from analysis.questions.private import estimate_table
from analysis.questions.talks import case_states, case_talk, seen_spans
from analysis.scoring import outcomes

SURE = 0.05
SHOWN = 3
SEGMENTS = ("resolved", "redirected_unknown", "silent", "answered_open", "re_escalated", "unanswered")
"""The states, with `silent` apart: answered, not redirected, and the customer never said how it ended."""


def states(case: Case) -> Answer:
    """How the complaints of the incident stood at the end: bounds of the share that ended well, and each state."""
    table = case_states(case)
    found = resolution.bounds(table, case.joins)
    low, high = found["low"], found["high"]
    counts = _segments(table)
    values: dict[str, object] = {
        "low": low,
        "high": high,
        "n": len(table),
        "found": accuracy(outcomes.RECALL["solved"], "stratified_jeffreys"),
    }
    values |= {name: found[name] for name in resolution.STATES}
    values["unknown"] = int(table["unknown"].sum())
    values["answered"] = int(table["replied"].notna().sum())
    behind = {name: table.loc[table["state"] == name, "conversation"].tolist() for name in resolution.STATES}
    behind["silent"] = table.loc[_silent(table), "conversation"].tolist()
    if low.value is None:
        message = "states.none" if table.empty else "states.refused"
        return case.answer(
            "solved.states", message, values, certainty="refused", behind=behind, facts={"message": "states.refused"}
        )

    title = "figure.states.title" if counts["unanswered"] < len(table) else "figure.states.unanswered"

    def draw(language: str):
        from analysis.figures import states as figure

        words = wording.group("figure.states.words", language)
        words |= {"title": wording.say(title, language, values)}
        rows = pd.DataFrame(
            {
                "name": [wording.say(f"state_of.{name}", language) for name in SEGMENTS],
                "state": list(SEGMENTS),
                "conversations": [counts[name] for name in SEGMENTS],
                "share": [counts[name] / len(table) for name in SEGMENTS],
            }
        )
        ends = [tuple(float(part or 0.0) for part in (end.value, end.low, end.high)) for end in (low, high)]
        return figure.draw(rows, limits=ends, words=words, lang=language)

    message = "states.narrow" if float(high.value or 0) - float(low.value) < 0.1 else "states.bounds"
    return case.answer(
        "solved.states",
        message,
        values,
        certainty="medium",
        draw=("states", title, values, draw),
        behind=behind,
        facts={"message": message},
    )


def tone(case: Case) -> Answer:
    """How the customer's tone changed, who thanked, who came again, and whether stated deadlines were met."""
    table, talk = case_states(case), case_talk(case)
    found = resolution.tone(table, case.joins, seen_spans(case))
    made = resolution.promises(talk[talk["inside"] | (talk["side"] == "customer")], case.mentions["published_at"].max())
    least, most = resolution.kept(made)
    values: dict[str, object] = dict(found) | {
        "kept_least": least,
        "kept_most": most,
        "promises": len(made),
        "days": private.DAYS,
    }
    delta, glad = found["delta"], found["glad"]
    if delta.value is None:
        message = "tone.refused" if glad.value is None else "tone.glad_only"
    elif float(delta.low or 0) > 0:
        message = "tone.better"
    else:
        message = "tone.worse" if float(delta.high or 0) < 0 else "tone.same"
    certainty: Certainty = "refused" if message == "tone.refused" else "low"
    rows = [_row(name, values[name]) for name in ("delta", "glad", "recontact", "kept_least", "kept_most")]
    wrote = table[table["next_glad"].notna()]
    return case.answer(
        "solved.tone",
        message,
        values,
        certainty=certainty,
        printed=None if certainty == "refused" else estimate_table("tone", "table.tone", "tone_part", rows),
        behind={
            "wrote on": wrote["conversation"].tolist(),
            "glad": wrote.loc[wrote["next_glad"].fillna(False).astype(bool), "conversation"].tolist(),
            "recontact": table.loc[table["recontact"], "conversation"].tolist(),
            "kept_least": made.loc[made["outcome"] == "kept", "id"].tolist(),
            "broken": made.loc[made["outcome"] == "broken", "id"].tolist(),
        },
        facts={"message": message},
    )


def by(case: Case) -> Answer:
    """Whether what ended well goes with the cause, the template of our first reply, or its first move."""
    table = case_states(case)
    templates = case_manner(case).set_index("id")["template"]
    kinds = {
        "first_move": table["first_move"],
        "cause": table["cause"],
        "template": _templates(case, table, templates),
    }
    parts = []
    for kind, column in kinds.items():
        part = resolution.by(table.assign(**{kind: column}), kind, case.joins)
        called = pd.Series([_called(case, kind, group) for group in part["group"]], dtype=object)
        parts.append(part.assign(kind=kind, called=called))
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    compared = whole["p"].notna()
    # Holm within a kind; the kinds share the error once more (Bonferroni).
    whole["p"] = np.minimum(1.0, whole["p"].astype(float) * max(len(kinds), 1))
    values: dict[str, object] = {"compared": int(compared.sum()), "n": int(table["replied"].notna().sum())}
    reason = cannot(case.joins, opener=True)
    if reason or not compared.any():
        return case.answer("solved.by", "solved_by.refused", values, certainty="refused", facts={"message": "refused"})
    apart = whole[compared & (whole["p"] < SURE)].sort_values(["p", "difference"], ascending=[True, False])
    message = "solved_by.alike"
    if len(apart):
        first = apart.iloc[0]
        message = "solved_by.more" if float(first["difference"]) > 0 else "solved_by.less"
        values["share"] = _bound(table, kinds, first, least=message == "solved_by.more")
        values["p"] = Estimate(float(first["p"]), "share", int(first["n"]), "Newcombe, Holm")
        values["called"] = first["called"]
    return case.answer(
        "solved.by",
        message,
        values,
        certainty="low",
        printed=_by_table(whole),
        behind=_members(table, kinds),
        facts={"message": message},
    )


def _bound(table: pd.DataFrame, kinds: dict[str, pd.Series], row: pd.Series, *, least: bool) -> Estimate:
    """The least, or the most, share of the group in `row` that ended well."""
    column = kinds[row["kind"]]
    small = ~column.isin(column[table["replied"].notna()].value_counts().loc[lambda n: n >= MINIMUM].index)
    inside = (small & column.notna()) if pd.isna(row["group"]) else (column == row["group"]).fillna(False)
    own = table[inside.to_numpy(dtype=bool) & table["replied"].notna().to_numpy()]
    held = own["state"] == "resolved"
    return share(own, held if least else held | own["unknown"])


def _segments(table: pd.DataFrame) -> dict[str, int]:
    counts = {name: int((table["state"] == name).sum()) for name in resolution.STATES}
    silent = int(_silent(table).sum())
    return counts | {"silent": silent, "answered_open": counts["answered_open"] - silent}


def _silent(table: pd.DataFrame) -> pd.Series:
    return table["unknown"] & (table["state"] == "answered_open")


def _row(name: str, found: object) -> dict[str, object]:
    assert isinstance(found, Estimate)
    parts = ("n", "value", "low", "high", "unit", "reason")
    return {"what": name} | {part: getattr(found, part) for part in parts}


def _templates(case: Case, table: pd.DataFrame, templates: pd.Series) -> pd.Series:
    """The template of the first reply of each conversation of `table`."""
    talk = case_talk(case)
    first = talk[(talk["side"] == "ours") & (talk["turn"] == 0)].set_index("conversation")["id"]
    return first.reindex(table["conversation"]).map(templates).reset_index(drop=True)


def _called(case: Case, kind: str, group: Any) -> dict[str, str]:
    if group is None or pd.isna(group):
        return case.say("solved_by.others")
    if kind == "cause":
        names = named(case)
        return names.get(int(str(group).split(".")[0]), case.say("solved_by.cause", {"number": str(group)}))
    if kind == "template":
        return case.say("solved_by.template", {"number": str(group).split(".")[0]})
    return case.say(f"first_move.{group}")


def _members(table: pd.DataFrame, kinds: dict[str, pd.Series]) -> dict[str, list[str]]:
    answered = table["replied"].notna()
    return {
        f"{kind} {value}": table.loc[answered & (column == value).fillna(False), "conversation"].tolist()
        for kind, column in kinds.items()
        for value in sorted(column[answered].dropna().unique())
    }


def _by_table(whole: pd.DataFrame) -> Printed:
    table = whole.assign(interval=together(whole["low"], whole["high"]))
    return Printed(
        "solved_by",
        "table.solved_by",
        table,
        {
            "kind": ("column.split_by", worded("solved_by.kind")),
            "called": ("column.group", by_language),
            "n": ("column.conversations", shown("count")),
            "resolved": ("column.resolved", shown("share")),
            "interval": ("column.interval", bounds("share")),
            "at_most": ("column.at_most", shown("share")),
            "glad": ("column.glad", shown("share")),
            "p": ("column.p", lambda value, _: plain(None if pd.isna(value) else f"{value:.3f}", "en")),
            **why(table["reason"]),
        },
        numeric=("n", "resolved", "at_most", "glad", "p"),
    )
