"""Notebook 1, which mentions needed us, and whether those were answered (definitions C2)."""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import response
from analysis.measures import triage as measure
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.questions.page import Answer
from analysis.questions.signs import case_triage

CUSTOMERS = Estimate(0.85, "share", 40, "Wilson", 0.709, 0.929)
CROWD = Estimate(0.10, "share", 30, "Wilson", 0.035, 0.256)
"""How often one reader agreed that a mention needed a reply: of customers writing to a company (airlines-2015,
spotify-2017), and in an outrage that a whole network talked of (united-2017). `python -m tests.benchmarks.triage`."""
SHOWN = 3


def mix(case: Case) -> Answer:
    """How many mentions needed a reply, by how urgently, and how many none."""
    table = case_triage(case)
    counts = measure.counts(table)
    numbers = dict(zip(counts["triage"], counts["mentions"], strict=True))
    needed = sum(int(numbers[name]) for name in measure.NEEDED)
    values: dict[str, object] = {name: int(count) for name, count in numbers.items()}
    values |= {"needed": needed, "total": len(table), "agreed": CROWD if measure.outrage(table) else CUSTOMERS}
    values["known"] = case.say("triage.known.crowd" if measure.outrage(table) else "triage.known.customers", values)
    if table.empty:
        return case.answer("triage.mix", "triage.mix.none", values, certainty="refused")
    urgent = table.loc[table["triage"] == "respond_now", "id"].tolist()
    message = "triage.mix.partial" if _partial(case) else "triage.mix.counted"
    certainty: Certainty = "low"
    title = "figure.triage.title" if needed else "figure.triage.none"

    def draw(language: str):
        from analysis.figures import triage as figure

        words = wording.group("figure.triage.words", language)
        words |= {"title": wording.say(title, language, values)}
        names = [wording.say(f"triage.class.{name}", language) for name in counts["triage"]]
        return figure.draw(counts.assign(name=names), words=words, lang=language)

    return case.answer(
        "triage.mix",
        message,
        values,
        certainty=certainty,
        draw=("triage", title, values, draw),
        quotes=[] if measure.outrage(table) else urgent[:SHOWN],
        facts={"message": message, "needed": needed},
        behind=_sorted(table),
    )


def recall(case: Case) -> Answer:
    """Of the mentions that needed a reply, the share that got one."""
    found = _answers(case).recall
    values: dict[str, object] = {"recall": found, "needed": found.n, "agreed": CUSTOMERS}
    if found.value is None:
        return case.answer("triage.recall", "triage.recall.refused", values, certainty="refused")
    message = "triage.recall.share"
    behind = {name: _replied(case)[name] for name in ("needed", "needed answered")}
    return case.answer("triage.recall", message, values, certainty="low", facts={"message": message}, behind=behind)


def over_reply(case: Case) -> Answer:
    """Of the replies, the share that went to mentions that needed none."""
    found = _answers(case).over
    certainty: Certainty = "refused" if found.value is None else "low"
    message = "triage.over_reply.refused" if found.value is None else "triage.over_reply.share"
    behind = {} if found.value is None else {name: _replied(case)[name] for name in ("answered", "over")}
    return case.answer("triage.over_reply", message, {"over": found}, certainty=certainty, behind=behind)


def _answers(case: Case) -> measure.Answers:
    return case.once("triage answers", lambda: measure.answers(case_triage(case), case.mentions, case.joins))


def _sorted(table: pd.DataFrame) -> dict[str, list[str]]:
    """The mentions of each class, and all that needed a reply."""
    needed = table.loc[table["triage"].isin(measure.NEEDED), "id"].tolist()
    return {"needed": needed} | {str(name): rows["id"].tolist() for name, rows in table.groupby("triage")}


def _replied(case: Case) -> dict[str, list[str]]:
    """The mentions that the two shares count: what needed a reply, what got one, and both ways about."""
    table = case_triage(case)
    answered = table["id"].isin(response.pairs(case.mentions).dropna(subset=["answered"])["id"]).to_numpy(dtype=bool)
    needed = table["triage"].isin(measure.NEEDED).to_numpy(dtype=bool)
    rows = {"needed": needed, "needed answered": needed & answered, "answered": answered}
    rows["over"] = answered & (table["triage"] == "no_reply").to_numpy(dtype=bool)
    return {name: table.loc[some, "id"].tolist() for name, some in rows.items()}


def _partial(case: Case) -> bool:
    """Whether hours of the incident were not wholly seen, so that counts are of what was collected."""
    inside = case.coverage[(case.coverage["hour"] >= case.start.floor("h")) & (case.coverage["hour"] < case.end)]
    return bool((inside["state"] != "seen").any()) or case.selected
