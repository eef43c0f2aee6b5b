"""Beyond polarity: what was left out, whom the anger is at, complaints, reproach, and who speaks of themselves."""

from typing import Any

import pandas as pd
from babel import Locale

from analysis import wording
from analysis.measures import engagement as engagement_measure
from analysis.measures import phases, reading, volume
from analysis.measures.estimate import Estimate
from analysis.measures.proportions import wilson
from analysis.questions import members
from analysis.questions.accuracy import accuracy
from analysis.questions.case import Case
from analysis.questions.measured import case_targets
from analysis.questions.page import Answer, Printed, bounds, plain, shown, together, worded
from analysis.scoring import complaint, relevance, target
from analysis.style import numbers

MUCH_UNCLEAR = 0.25
"""Where more mentions than this may be about something else, the report says how to settle it."""


def left_out(case: Case) -> Answer:
    """How many mentions each exclusion and the judgement left out, and what that changes in every headline number."""
    out = case.left_out
    everything = len(case.mentions) + len(out)
    clear = relevance_of(case, "unclear")
    message = "relevance.unclear" if float(clear.low or 0) > MUCH_UNCLEAR else "relevance.clear"
    rows = case.during(case.customers)
    case.answer(
        "relevance.unclear",
        message,
        {"unclear": clear},
        certainty="medium" if clear.n else "refused",
        behind={"n": members.inside(case), "unclear": rows.loc[rows["relevance"].eq("unclear").fillna(False), "id"]},
    )
    if out.empty:
        return case.answer("relevance.left_out", "relevance.nothing", {"all": everything}, certainty="medium")
    _effect(case)
    judged = out[out["relevance_reason"] != "excluded"]
    values: dict[str, object] = {
        "out": len(out),
        "all": everything,
        "phrases": len(out) - len(judged),
        "adverts": int((judged["relevance_reason"] == "advert").sum()),
        "others": int((judged["relevance_reason"] != "advert").sum()),
        "precision": accuracy(relevance.KNOWN["not_about_precision"]),
    }
    return case.answer(
        "relevance.left_out",
        "relevance.some",
        values,
        certainty="medium",
        printed=_reasons(case),
        behind={"out": out["id"]},
    )


def relevance_of(case: Case, verdict: str) -> Estimate:
    """The share of the mentions that count, by others than the organisation, that were judged `verdict`."""
    rows = case.during(case.customers)
    return wilson(int((rows["relevance"] == verdict).sum()), len(rows))


def _reasons(case: Case) -> Printed:
    """What was left out, by reason; phrases each for itself."""
    out = case.left_out
    excluded = out["relevance_reason"] == "excluded"
    groups: list[tuple[str, str, pd.DataFrame]] = []
    left = excluded.copy()
    for phrase in case.incident.exclusions:
        holds = left & out["text"].str.casefold().str.contains(phrase.casefold(), regex=False)
        groups.append(("excluded", phrase, out[holds]))
        left &= ~holds
    for reason in relevance.REASONS:
        some = out[~excluded & (out["relevance_reason"] == reason)]
        groups += [(reason, "", some)] if len(some) else []
    table = pd.DataFrame(
        [(why, detail, len(case.during(rows)), len(rows)) for why, detail, rows in groups],
        columns=["why", "detail", "during", "all"],
    )
    return Printed(
        "left_out",
        "table.left_out",
        table,
        {
            "why": ("column.why", worded("left_out")),
            "detail": ("column.detail", plain),
            "during": ("column.during", shown("count")),
            "all": ("column.in_all", shown("count")),
        },
        numeric=("during", "all"),
    )


def _effect(case: Case) -> Answer:
    """Every headline number with what was left out, and without."""
    whole = pd.concat([case.mentions, case.left_out], ignore_index=True)
    without, with_all = (_headline(case, rows) for rows in (case.mentions, whole))
    table = pd.DataFrame(
        [
            {"measure": name, "without": _cell(without[name]), "with": _cell(with_all[name])}
            for name in ("mentions", "authors", "negative", "net", "engagement")
        ]
    )
    printed = Printed(
        "relevance_effect",
        "table.relevance_effect",
        table,
        {
            "measure": ("column.measure", worded("measure")),
            "without": ("column.without", _by_unit),
            "with": ("column.with", _by_unit),
        },
        numeric=("without", "with"),
    )
    values = {f"{name}_without": without[name] for name in without} | {
        f"{name}_with": with_all[name] for name in with_all
    }
    inside = len(case.during(case.left_out))
    return case.answer(
        "relevance.effect",
        "relevance.effect" if inside else "relevance.no_effect",
        values | {"inside": inside},
        certainty="high",
        printed=printed,
        behind={"without": members.inside(case), "inside": case.during(case.left_out)["id"]},
    )


def _headline(case: Case, rows: pd.DataFrame) -> dict[str, Estimate]:
    found = phases.estimates(rows, case.coverage, case.start, case.end)
    seen = volume.kept_rows(case.during(rows), case.coverage)
    return {name: found[name] for name in ("mentions", "authors", "negative", "net")} | {
        "engagement": engagement_measure.summary(seen).total
    }


def _cell(estimate: Estimate) -> str:
    """An estimate as "unit value", so that a column can hold several units; what was refused is its reason."""
    return f"reason {estimate.reason}" if estimate.value is None else f"{estimate.unit} {estimate.value!r}"


def _by_unit(cell: Any, language: str) -> str:
    unit, value = str(cell).split(" ", 1)
    return wording.say(f"reason.{value}", language) if unit == "reason" else numbers.value(float(value), unit, language)


def anger(case: Case) -> Answer:
    """Whom the negative mentions of the incident are angry at."""
    found = case_targets(case)
    values: dict[str, object] = {
        "organisation": found.organisation,
        "others": found.others,
        "unclear": found.unclear,
        "known": found.known,
        "misplaced": accuracy(target.KNOWN["organisation_misplaced"]),
    }
    if found.organisation.value is None:
        return case.answer("target.share", "target.refused", values, certainty="refused")
    message = "target.elsewhere" if found.elsewhere else "target.share"
    return case.answer(
        "target.share",
        message,
        values,
        certainty="medium",
        facts={"elsewhere": found.elsewhere},
        behind=members.targets(case),
    )


def complaints(case: Case) -> Answer:
    """How many mentions complain, before and during; a complaint is more than a negative word."""
    spans = _spans(case)
    before, during = (reading.complaints(rows, complaint.CALLED_FROM) for rows in spans)
    values: dict[str, Any] = {"before": before, "during": during}
    language = reading.main_language(case.during(case.customers)) or complaint.LANGUAGES[0]
    values |= {part: accuracy(complaint.KNOWN[f"complaint_{part}_{language}"]) for part in ("precision", "recall")}
    return _compared(case, "complaints.share", "complaints", values, members.complaining(spans))


def reproach(case: Case) -> Answer:
    """How hard mentions reproach: none, disapproval, accusation, blame; before and during, where that was measured."""
    earlier, later = (rows[rows["language"].isin(complaint.GRADED).fillna(False).astype(bool)] for rows in _spans(case))
    then, now = (reading.reproach(rows) for rows in (earlier, later))
    before, during = (reading.blaming(rows) for rows in (earlier, later))
    behind = members.blaming((earlier, later))
    values: dict[str, Any] = {"before": before, "during": during}
    values |= {part: accuracy(complaint.KNOWN[f"blaming_{part}_en"]) for part in ("precision", "recall")}
    values["same"] = accuracy(complaint.KNOWN["grade_same_en"])
    if during.value is None:
        return _compared(case, "reproach.grades", "reproach", values, behind)
    table = pd.DataFrame(
        [
            {
                "grade": str(grade),
                "share": now[grade].value,
                "low": now[grade].low,
                "high": now[grade].high,
                "share_before": then[grade].value,
                "low_before": then[grade].low,
                "high_before": then[grade].high,
            }
            for grade in reading.GRADES
        ]
    )
    table["interval"] = together(table["low"], table["high"])
    table["interval_before"] = together(table["low_before"], table["high_before"])
    printed = Printed(
        "reproach",
        "table.reproach",
        table,
        {
            "grade": ("column.grade", worded("grade")),
            "share": ("column.share", shown("share")),
            "interval": ("column.interval", bounds("share")),
            "share_before": ("column.share_before", shown("share")),
            "interval_before": ("column.interval", bounds("share")),
        },
        numeric=("share", "share_before"),
    )
    return _compared(case, "reproach.grades", "reproach", values, behind, printed)


def first_person(case: Case) -> Answer:
    """How much people spoke of themselves, before and during: a falling share goes with a firestorm's outbreak."""
    then, now = _spans(case)
    language = reading.main_language(now)
    before, during = (reading.first_person(rows, str(language)) for rows in (then, now))
    spoken = {code: str(Locale(code).languages.get(language or "", "–")) for code in case.languages}
    values: dict[str, Any] = {"before": before, "during": during, "language": spoken}
    behind = members.speaking((then, now), str(language))
    return _compared(case, "early.first_person", "first_person", values, behind)


def _compared(
    case: Case,
    identity: str,
    prefix: str,
    values: dict[str, Any],
    behind: members.Members,
    printed: Printed | None = None,
) -> Answer:
    """The answer in which `during` is held against `before`: rose, fell, same, alone or refused."""
    before, during = values["before"], values["during"]
    if during.value is None:
        return case.answer(identity, f"{prefix}.refused", values, certainty="refused", behind=behind)
    change = {1: "rose", -1: "fell", 0: "same"}[reading.apart(during, before)] if before.value is not None else "alone"
    return case.answer(identity, f"{prefix}.{change}", values, certainty="medium", printed=printed, behind=behind)


def _spans(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was collected of before and of during, without the organisation's own posts."""
    kept = volume.kept_rows(case.customers, case.coverage)
    return case.before(kept), case.during(kept)
