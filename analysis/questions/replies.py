"""The organisation's replies as the questions of notebook 3 see them, read once a case."""

import pandas as pd

from analysis.questions.case import Case
from analysis.scoring import acts
from analysis.scoring.redirects import redirects


def case_replies(case: Case) -> pd.DataFrame:
    """What the organisation answered during the incident, reposts not counted; sorted by id.

    Columns of mentions, `redirect` (bool) and a bool column for each of `acts.ACTS`. Where the archive does not record
    what answers what, all its posts count: who is in a crisis answers far more often than it states, and nothing in
    such an archive tells the two apart (collectors take the leading handle away).
    """

    def read() -> pd.DataFrame:
        own = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
        replies = own[own["parent_id"].notna()] if case.joins["threads"] == "recorded" else own
        replies = replies.sort_values("id").reset_index(drop=True)
        found = acts.acts(replies["text"].fillna("").tolist())
        return replies.assign(redirect=redirects(replies["text"]), **{name: found[name] for name in found.columns})

    return case.once("replies", read)
