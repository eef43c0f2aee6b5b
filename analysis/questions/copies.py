"""Notebook 2, copies: whether many complaints are one text, and how often it was counted."""

import pandas as pd

from analysis.measures import cause_shares, volume
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, plain, shown

SHOWN = 3
"""Texts that are quoted."""
REPEATED = 3.0
"""Mentions an account from which a text is called one that few accounts repeat: who shares a text does so once, or
twice by accident."""


def copies(case: Case, most: int = 8) -> Answer:
    """Which texts were written again and again, by how many accounts, and what that took from the shares of causes."""
    notes = case.notes["scoring"]["copies"]
    during = case.during(volume.kept_rows(case.mentions, case.coverage))
    repeated = cause_shares.repeats(during)
    votes, repeats = len(cause_shares.votes(during)), len(repeated)
    table = pd.DataFrame(notes["marked"], columns=["first", "copies", "authors", "start", "end", "in_hour"])
    for name in ("start", "end"):
        table[name] = pd.to_datetime(table[name], utc=True)
    table = table[(table["end"] >= case.start) & (table["start"] < case.end)].reset_index(drop=True)
    values: dict[str, object] = {"texts": int(notes["texts"]), "left_out": repeats, "of": votes + repeats}
    if table.empty:
        return case.answer("causes.copies", "copies.none", values, certainty="medium", facts={"copies": 0})
    top = table.iloc[0]
    n = int(top["copies"])
    span = (top["end"] - top["start"]) / pd.Timedelta(hours=1)
    values |= {"n": n, "span": Estimate(span, "hours", n, "first to last", span, span)}
    if pd.isna(top["authors"]):
        message = "copies.not_recorded"
    else:
        values["accounts"] = int(top["authors"])
        message = "copies.few_accounts" if n >= REPEATED * top["authors"] else "copies.many_accounts"
    table = table.assign(place=[str(place) for place in range(1, len(table) + 1)])
    hourly = {} if case.days_only else {"in_hour": ("column.in_hour", shown("count"))}
    printed = Printed(
        "copies",
        "table.copies",
        table.head(most),
        {
            "place": ("column.place", plain),
            "copies": ("column.copies", shown("count")),
            "authors": ("column.accounts", shown("count")),
            **hourly,
            "start": ("column.first_seen", shown("time", case.zone)),
            "end": ("column.last_seen", shown("time", case.zone)),
        },
        numeric=("copies", "authors", "in_hour"),
    )
    return case.answer(
        "causes.copies",
        message,
        values,
        certainty="medium",
        printed=printed,
        quotes=table["first"].head(SHOWN).tolist(),
        facts={"copies": repeats, "message": message},
        behind={"left_out": repeated["id"]},
    )
