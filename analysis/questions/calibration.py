"""What sentiment rests on: the scorers, what they get wrong, and the labels that calibrate them."""

from analysis import wording
from analysis.findings import Certainty
from analysis.measures.calibration import FEWEST, Labelling
from analysis.measures.estimate import Estimate, refused
from analysis.measures.volume import kept_rows
from analysis.questions.case import Case
from analysis.questions.page import Answer

WANTED = 200
"""Labels that are asked for: what `python -m tests.benchmarks.calibration` measures."""
NAMED = 3
"""So many of the languages that no scorer covers are named, the most frequent first."""
AGREED = 0.667
"""Krippendorff's alpha below which no conclusion should rest on labels, after Krippendorff 2004."""


def scorer(case: Case) -> Answer:
    """Which scorers were used, and what none covers."""
    scored = kept_rows(case.during(case.customers), case.coverage)
    share = Estimate(float(scored["scorer"].isna().mean()) if len(scored) else 0.0, "share", len(scored), "count")
    names = ", ".join(sorted(scorer["name"] for scorer in case.notes["scoring"]["scorers"].values())) or "–"
    return case.answer(
        "sentiment.scorer",
        "sentiment.scorer",
        {"unscored": share, "scorers": names},
        certainty="medium",
        behind={"n": scored["id"], "unscored": scored.loc[scored["scorer"].isna(), "id"]},
    )


def unscored(case: Case) -> Answer:
    """How many mentions have no score, and why: too short, mixed, in another language, or in one that none could tell.

    Each is counted once, under the first of these reasons that holds.
    """
    seen = kept_rows(case.during(case.customers), case.coverage)
    if seen.empty:
        values = {"unscored": refused("share", "not_seen", "count")}
        return case.answer("sentiment.unscored", "unscored.refused", values, certainty="refused")
    without = seen[seen["scorer"].isna()]
    note, told = without["language_note"], without["language"].notna()
    short, mixed = (note.eq(name).fillna(False).astype(bool) for name in ("too_short", "mixed"))
    # In a language that is covered, what is missing is a word: the archive named the language of a bare address.
    short |= ~mixed & without["language"].isin(list(case.notes["scoring"]["scorers"])).fillna(False).astype(bool)
    kinds = {
        "short": short,
        "mixed": mixed,
        "other": ~short & ~mixed & told,
        "unknown": ~short & ~mixed & ~told,
    }
    counts = {name: Estimate(int(rows.sum()), "count", len(seen), "count") for name, rows in kinds.items()}
    often = without.loc[kinds["other"], "language"].value_counts().sort_index().nlargest(NAMED, keep="first").index
    parts, names = {}, {}
    for language in case.languages:
        names[language] = wording.joined([wording.language_name(code, language) for code in often], language)
        told_parts = [
            wording.say(f"unscored.{name}", language, {"count": count, "languages": names})
            for name, count in counts.items()
            if count.value
        ]
        parts[language] = wording.joined(told_parts, language)
    values = {"unscored": Estimate(len(without) / len(seen), "share", len(seen), "count")} | counts
    message = "unscored.some" if len(without) else "unscored.none"
    behind = {"n": seen["id"], "unscored": without["id"]} | {
        name: without.loc[rows, "id"] for name, rows in kinds.items()
    }
    return case.answer("sentiment.unscored", message, values | {"parts": parts}, certainty="high", behind=behind)


def labelled(case: Case) -> Answer:
    """Whether levels of sentiment are calibrated on people's labels; if not, what is missing."""
    found = case.labelling
    if found is None or not case.calibration:
        message, missing = _missing(found)
        return case.answer("sentiment.calibration", message, missing, certainty="low", facts={"calibrated": False})
    agreement = found.agreement
    values: dict[str, object] = dict(_labels(case))
    if agreement.labellers == 1:
        message = "calibration.alone"
    elif agreement.alpha is None:
        message = "calibration.apart"
    else:
        message = "calibration.agreed" if agreement.alpha >= AGREED else "calibration.disputed"
        values["alpha"] = Estimate(agreement.alpha, "share", agreement.mentions, "Krippendorff's alpha, nominal")
    certainty: Certainty = "low" if message == "calibration.disputed" else "medium"
    return case.answer("sentiment.calibration", message, values, certainty=certainty, facts={"calibrated": True})


def basis(case: Case, name: str) -> dict[str, object]:
    """What a level of sentiment rests on, as values and as a sentence: labels, or the scorers' known error."""
    if case.calibration:
        values: dict[str, object] = dict(_labels(case))
        return values | {"basis": case.say("basis.calibrated", values)}
    error = known_error(case, name)
    if error is None:
        return {"basis": case.say("basis.uncalibrated")}
    return {"error": error, "basis": case.say(f"basis.error.{name}", {"error": error})}


def known_error(case: Case, name: str) -> Estimate | None:
    """The largest mean error that the scorers in use are known to have, on others' labels; None if unmeasured."""
    key, unit, scale = {"negative": ("negative_share_mae", "share", 1), "net": ("net_sentiment_mae", "count", 100)}[
        name
    ]
    known = [scorer["known_error"].get(key) for scorer in case.notes["scoring"]["scorers"].values()]
    measured = [error for error in known if error is not None]
    return Estimate(max(measured) * scale, unit, len(measured), "mean absolute error elsewhere") if measured else None


def _labels(case: Case) -> dict[str, Estimate]:
    """How many labels the calibration rests on, and how many people gave some."""
    labels = case.calibration.labels if case.calibration else 0
    people = case.labelling.agreement.labellers if case.labelling else 0
    return {"labels": Estimate(labels, "count", labels, "count"), "people": Estimate(people, "count", people, "count")}


def _missing(found: Labelling | None) -> tuple[str, dict[str, object]]:
    """Why there is no calibration, and what would make one."""
    wanted = Estimate(WANTED, "count", WANTED, "count")
    if found is None:
        return "calibration.none", {"wanted": wanted}
    if not found.refusals:
        return "calibration.unscored", {"wanted": wanted}
    first = max(found.refusals, key=lambda refusal: refusal.mentions)
    have, more = (Estimate(n, "count", n, "count") for n in (first.have, max(FEWEST - first.have, 0)))
    return f"calibration.{first.reason}", {"scorer": first.scorer.split(" ")[0], "have": have, "more": more}
