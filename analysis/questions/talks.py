"""The conversations of an incident as practice 4 and the outcome see them, read once a case."""

import numpy as np
import pandas as pd

from analysis.measures import conversations, private, resolution, sentiment
from analysis.questions.case import Case
from analysis.scoring import acts, channels, closures, outcomes, redirects

CARING = ("empathy", "apology", "acknowledgement")
"""Acts that take notice of the customer before sending them elsewhere; those that are not detected are left out."""


def case_turns(case: Case) -> pd.DataFrame:
    """Who spoke when in every conversation at hand: `conversations.turns`."""
    return case.once("turns", lambda: conversations.turns(case.mentions))


def case_talk(case: Case) -> pd.DataFrame:
    """The turns of all conversations that had one inside the incident, to the end of what is at hand, with what each
    says: the columns that `measures.private` and `measures.resolution` ask for, and `cause`, `kind`, `parent_id`."""

    def read() -> pd.DataFrame:
        turns = case_turns(case).copy()
        rows = case.mentions.set_index("id").reindex(turns["id"])
        for name in ("text", "kind", "parent_id", "cause"):
            turns[name] = rows[name].to_numpy() if name in rows else None
        within = (turns["published_at"] >= case.start) & (turns["published_at"] < case.end)
        turns["inside"] = within.to_numpy()
        turns["net"] = (rows["p_positive"] - rows["p_negative"]).to_numpy(dtype=float)
        turns["negative"] = (sentiment.labels(rows) == "negative").astype("boolean").array
        turns["complaint"] = (turns["negative"].fillna(False) & (turns["side"] == "customer")).astype(bool)
        turns = _read(turns)
        return turns.drop(columns="text")

    return case.once("talk", read)


def case_moves(case: Case) -> pd.DataFrame:
    """The first redirect of each conversation: `private.first_redirects`."""
    return case.once("moves", lambda: private.first_redirects(case_talk(case)))


def case_states(case: Case) -> pd.DataFrame:
    """The state of each conversation that a customer began with a complaint inside the incident, and `cause`.

    Where first posts are absent: of each in which we answered inside the incident, and the customer is known. A post in
    somebody else's conversation begins none, unless it was we whom it answers.
    """

    def measure() -> pd.DataFrame:
        talk = case_talk(case)
        first = talk[talk["position"] == 0]
        if case.joins["openers"] == "absent":
            answered = talk.loc[(talk["side"] == "ours") & talk["inside"] & talk["customer"].notna(), "conversation"]
            chosen = pd.Series(answered.unique(), dtype="string")
        else:
            ours = case.mentions.loc[case.mentions["from_brand"], "id"]
            to_us = first["parent_id"].isna() | first["parent_id"].isin(ours)
            began = first["complaint"] & first["inside"] & first["opener_held"] & to_us
            chosen = first.loc[began.to_numpy(dtype=bool), "conversation"]
        table = resolution.states(talk, chosen)
        cause = first.set_index("conversation")["cause"].reindex(table["conversation"])
        return table.assign(cause=pd.array(cause.to_numpy(dtype=float, na_value=np.nan), dtype="Int64"))

    return case.once("states", measure)


def seen_spans(case: Case) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Spans of hours that were wholly seen, one after the other."""
    hours = case.coverage.sort_values("hour")
    whole = (hours["state"] == "seen").to_numpy()
    breaks = (hours["hour"].diff() != pd.Timedelta(hours=1)).to_numpy() | ~whole
    runs = hours[whole].groupby(breaks.cumsum()[whole])["hour"]
    return [(run.iloc[0], run.iloc[-1] + pd.Timedelta(hours=1)) for _, run in runs]


def case_posts(case: Case) -> pd.DataFrame:
    """What customers posted of or to us, with what `private.bounce_back` asks: id, author, published_at, negative,
    accepted, still_open. Only of those who were redirected."""
    rows = case.customers[case.customers["author"].isin(case_moves(case)["customer"].dropna())]
    rows = rows[(rows["kind"] != "repost").fillna(True).to_numpy(dtype=bool)]
    said = outcomes.outcomes(rows["text"].fillna("").tolist()).set_index(rows.index)
    return rows[["id", "author", "published_at"]].assign(
        negative=(sentiment.labels(rows) == "negative").astype("boolean"),
        accepted=said["accepted"],
        still_open=said["still_open"],
    )


def case_others(case: Case) -> pd.DataFrame:
    """Reposts and answers by anybody but us: parent_id, published_at, author."""
    rows = case.customers[case.customers["parent_id"].notna()]
    return rows[["parent_id", "published_at", "author"]]


def _read(turns: pd.DataFrame) -> pd.DataFrame:
    """`turns` with what each text says; of conversations without a reply of ours nothing is read."""
    ours = (turns["side"] == "ours").to_numpy()
    answered = turns["conversation"].isin(turns.loc[ours, "conversation"]).to_numpy()
    theirs = answered & ~ours
    said = outcomes.outcomes(turns.loc[theirs, "text"].fillna("").tolist())
    for name in outcomes.OUTCOMES:
        turns[name] = _placed(theirs, said[name].to_numpy(dtype=bool))
    texts = turns.loc[ours, "text"].fillna("")
    done = acts.acts(texts.tolist())
    caring = done[[name for name in CARING if name in done]].any(axis=1).to_numpy(dtype=bool)
    turns["redirect"] = _placed(ours, redirects.redirects(texts).to_numpy(dtype=bool))
    turns["caring"] = _placed(ours, caring)
    turns["closes"] = _placed(ours, closures.closes(texts.tolist()))
    turns["channel"] = pd.Series(pd.NA, index=turns.index, dtype="string")
    turns.loc[ours, "channel"] = channels.channel(texts)
    return turns.assign(deadline=_deadlines(turns, ours))


def _deadlines(turns: pd.DataFrame, ours: np.ndarray) -> np.ndarray:
    """Hours within which each reply of ours promises something; NaN where it does not, or nobody can tell."""
    out = np.full(len(turns), np.nan)
    told = [acts.deadline(text) for text in turns.loc[ours, "text"].fillna("")]
    out[ours] = np.array([np.nan if hours is None else hours for hours in told], dtype=float)
    return out


def _placed(where: np.ndarray, holds: np.ndarray) -> np.ndarray:
    out = np.zeros(len(where), dtype=bool)
    out[where] = holds
    return out
