"""The organisation's replies as the questions of notebook 3 see them, read once a case."""

import pandas as pd

from analysis.questions.case import Case
from analysis.scoring import acts
from analysis.scoring.redirects import redirects

ADDRESSED = r"^\s*(?:\.\s*|回复\s*)?[@＠]\w"
"""A text that is spoken to somebody from its first word on."""


def case_replies(case: Case) -> pd.DataFrame:
    """What the organisation answered during the incident, reposts not counted; sorted by id.

    Columns of mentions, `redirect` (bool) and a bool column for each of `acts.ACTS`. Where the archive records no
    answers as such (no parent), a post that begins with a handle counts as a reply.
    """

    def read() -> pd.DataFrame:
        own = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
        if case.joins["threads"] == "recorded":
            replies = own[own["parent_id"].notna()]
        else:
            replies = own[own["parent_id"].notna() | own["text"].str.contains(ADDRESSED, regex=True).fillna(False)]
        replies = replies.sort_values("id").reset_index(drop=True)
        found = acts.acts(replies["text"].fillna("").tolist())
        return replies.assign(redirect=redirects(replies["text"]), **{name: found[name] for name in found.columns})

    return case.once("replies", read)
