"""Notebook 3, whether accounts may have acted together: one text from many of them within minutes (definitions C15)."""

import pandas as pd

from analysis import wording
from analysis.measures import coordination as measure
from analysis.measures import volume
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, plain, shown, worded
from analysis.scoring import copies, masking, share_marks

SHOWN = 3
"""Quotes that are shown."""


def coordination(case: Case, most: int = 8) -> Answer:
    """Which texts came from many accounts at once, and what that does not show."""
    if case.selected:
        none = {"accounts": refused("count", "openers_absent", measure.METHOD)}
        return case.answer("coordination", "coordination.selected", none, certainty="refused")
    found = case_coordination(case)
    values: dict[str, object] = {"accounts": found.accounts, "texts": len(found.texts)}
    if found.reason:
        return case.answer("coordination", "coordination.refused", values, certainty="refused")
    bursts, alike = found.bursts, found.texts[found.texts["verdict"] == "passed_on"]
    largest = found.texts.sort_values(["accounts", "first"], ascending=[False, True]).head(1)
    values |= {"bursts": len(bursts), "alike": len(alike)}
    if len(bursts):
        top = bursts.iloc[0]
        moment = top["start"].isoformat()
        values["when"] = Estimate(moment, "time", int(top["copies"]), measure.METHOD, moment, moment)
        values["of"] = int(top["accounts"])
        message = "coordination.burst"
    elif len(largest) and int(largest["accounts"].iloc[0]) >= measure.Rule().accounts:
        top = largest.iloc[0]
        rows = _copies(case)
        span = rows.loc[rows["text"] == top["text"], "published_at"]
        days = (span.max() - span.min()) / pd.Timedelta(days=1)
        values |= {"of": int(top["accounts"]), "at_once": int(top["at_once"])}
        values["days"] = Estimate(days, "days", int(top["copies"]), "first to last", days, days)
        values["buttons"] = case.say("coordination.alike", values) if len(alike) else dict.fromkeys(case.languages, "")
        message = "coordination.spread"
    else:
        message = "coordination.none"
    values["collected"] = _collected(case)
    shown_rows = found.texts[found.texts["at_once"] >= 2].head(most)
    printed = Printed(
        "coordination",
        "table.coordination",
        shown_rows.assign(place=[str(place) for place in range(1, len(shown_rows) + 1)]),
        {
            "place": ("column.place", plain),
            "copies": ("column.copies", shown("count")),
            "accounts": ("column.accounts", shown("count")),
            "at_once": ("column.at_once", shown("count")),
            "start": ("column.busiest", shown("time", case.zone)),
            "verdict": ("column.reading", worded("coordination.verdict")),
        },
        numeric=("copies", "accounts", "at_once"),
    )
    named = bursts if len(bursts) else largest
    return case.answer(
        "coordination",
        message,
        values,
        certainty="low" if len(bursts) else "medium",
        printed=printed if message != "coordination.none" and len(shown_rows) else None,
        quotes=named["first"].head(SHOWN).tolist() if message != "coordination.none" else [],
        facts={"message": message, "bursts": len(bursts)},
        behind={"accounts": [one for ids in bursts["ids"] for one in ids]} if len(bursts) else None,
    )


def case_coordination(case: Case) -> measure.Coordination:
    """The texts of the incident that several accounts wrote, and which came at once."""

    def take() -> measure.Coordination:
        people = case.during(case.customers)
        return measure.measure(_copies(case), people["published_at"], days_only=case.days_only)

    return case.once("coordination", take)


def _copies(case: Case) -> pd.DataFrame:
    """The posts of the incident, no reposts, whose text others wrote too: id, published_at, author, text, marked.

    Texts are the same without names, links, case, digits and signs, and long enough not to be written twice by chance
    (`scoring.copies`); `text` numbers them.
    """

    def find() -> pd.DataFrame:
        people = case.during(case.customers)
        people = people[(people["kind"] != "repost").to_numpy(dtype=bool, na_value=True) & people["text"].notna()]
        incident = case.incident
        folded = copies.fold(masking.mask(people["text"], [*incident.brand_terms, incident.brand]))
        kept = folded.notna() & folded.duplicated(keep=False)
        long = {text: copies.length(text) >= 1 for text in folded[kept].unique()}
        kept &= folded.map(lambda text: long.get(text, False)).astype(bool)
        rows = people.loc[kept, ["id", "published_at", "author"]]
        return rows.assign(
            text=pd.factorize(folded[kept])[0], marked=share_marks.marked(people.loc[kept, "text"].tolist())
        )

    return case.once("copied texts", find)


def _collected(case: Case) -> dict[str, str]:
    """What hours that were not wholly collected leave open; "" where there are none."""
    inside = volume.between(case.coverage.rename(columns={"hour": "published_at"}), case.start, case.end)
    if (inside["state"] != "seen").any():
        return {language: " " + wording.say("coordination.collected", language) for language in case.languages}
    return dict.fromkeys(case.languages, "")
