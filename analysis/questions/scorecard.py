"""Notebook 3, what our replies did: acknowledged, felt with, apologised, explained, solved (definitions C9)."""

from dataclasses import dataclass

import pandas as pd

from analysis import privacy, wording
from analysis.measures import scorecard as measure
from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, bounds, plain, shown, together, why, worded
from analysis.questions.replies import case_replies
from analysis.scoring import acts

SURE = 0.05


@dataclass(frozen=True)
class Example:
    """A reply that does something, and the words in which it does."""

    id: str
    words: str


def scorecard(case: Case) -> Answer:
    """How many of the organisation's replies did what a good reply does, with one example of each."""
    replies = _read(case)
    reason = _refused(case, replies)
    if reason:
        none = {"share": refused("share", reason, measure.METHOD, len(replies))}
        return case.answer("replies.scorecard", "scorecard.refused", none, certainty="refused")
    headline = measure.shares(replies, acts.ACTS, _measured())
    scored = headline[headline["share"].notna()]
    found = {str(row.act): _estimate(row) for row in headline.itertuples()}
    behind = {act: _counted(replies, act) for act in scored["act"]} | {"n": replies["id"].tolist()}
    examples = _examples(case, replies)
    quotes = list(dict.fromkeys(example.id for example in examples.values()))
    printed = _table(replies, examples)
    values: dict[str, object] = {**found, "replies": len(replies)}
    if scored.empty:
        return case.answer(
            "replies.scorecard", "scorecard.examples", values, certainty="refused", quotes=quotes, printed=printed
        )
    counted = int(scored["replies"].max())
    others = len(replies) - counted
    values |= {"scored": counted, "rates": _rates(case, {act: found[act] for act in scored["act"]}, counted)}
    values["rest"] = case.say("scorecard.rest", {"others": others}) if others else ""
    whole = case.joins["brand_side"] == "whole"
    title, told = _title(case, scored)

    def draw(language: str):
        from analysis.figures import scorecard as figure

        words = wording.group("figure.scorecard.words", language)
        words |= {"title": wording.say(title, language, values | told)}
        names = [wording.say(f"scorecard.act.{act}", language) for act in scored["act"]]
        return figure.draw(scored.assign(name=names), words=words, lang=language)

    return case.answer(
        "replies.scorecard",
        "scorecard.rates" if whole else "scorecard.sampled",
        values | told,
        certainty="medium" if whole else "low",
        draw=("scorecard", title, values | told, draw),
        quotes=quotes,
        printed=printed,
        behind=behind,
    )


def arousal_fit(case: Case) -> Answer:
    """Whether replies explained more often where the complaint was most agitated (Herhausen 2019, definitions C9)."""
    found = _fit(case)
    values = {"high": found.high, "other": found.other, "difference": found.difference}
    if found.difference.value is None:
        return case.answer("replies.arousal_fit", "arousal.refused", values, certainty="refused")
    sure = found.p is not None and found.p < SURE
    more = float(found.difference.value) > 0
    message = ("arousal.more" if more else "arousal.less") if sure else "arousal.same"
    complained = case.customers.loc[case.customers["arousal"].notna(), ["id"]]
    complained = complained[(sentiment.labels(case.customers.loc[complained.index]) == "negative").fillna(False)]
    replies = _read(case)
    known = _measured()
    replies = replies[replies["language"].isin(known.loc[known["act"] == "explanation", "language"])]
    behind = {"n": replies.loc[replies["parent_id"].isin(complained["id"]), "id"]}
    return case.answer(
        "replies.arousal_fit", message, values, certainty="low", facts={"message": message}, behind=behind
    )


def _fit(case: Case) -> measure.Fit:
    replies = _read(case)
    reason = _refused(case, replies) or ("no_threads" if case.joins["threads"] != "recorded" else None)
    known = _measured()
    languages = known.loc[known["act"] == "explanation", "language"]
    if reason is None and not replies["language"].isin(languages).any():
        reason = "not_measured"
    if reason:
        none = refused("share", reason, measure.METHOD, len(replies))
        return measure.Fit(none, none, refused("points", reason, measure.DIFFERENCE, len(replies)), None)
    rows = case.customers
    complaints = rows[sentiment.labels(rows) == "negative"]
    return measure.arousal_fit(replies[replies["language"].isin(languages)], complaints)


def _read(case: Case) -> pd.DataFrame:
    """The replies with text, and of each which others say the same (`wording`)."""
    replies = case_replies(case)
    replies = replies[replies["text"].notna()]
    return replies.assign(wording=acts.wordings(replies["text"].tolist()))


def _refused(case: Case, replies: pd.DataFrame) -> str | None:
    if not case.incident.brand_accounts:
        return "no_accounts"
    if case.joins["brand_side"] == "none" or replies.empty:
        return "no_brand_posts"
    if not replies["language"].isin(acts.LANGUAGES).any():
        return "not_covered"
    return "too_few" if len(replies) < measure.MINIMUM else None


def _measured() -> pd.DataFrame:
    """DataFrame[act, language]: where the rules' errors are known."""
    known = [pair for pair, accuracy in acts.ACCURACY.items() if accuracy is not None]
    return pd.DataFrame(known, columns=["act", "language"])


def _counted(replies: pd.DataFrame, act: str) -> list[str]:
    """Ids of the replies that the share of `act` counts as doing it."""
    known = [language for language in acts.LANGUAGES if acts.ACCURACY[act, language] is not None]
    return replies.loc[replies[act] & replies["language"].isin(known), "id"].tolist()


def _estimate(row: object) -> Estimate:
    if pd.isna(row.share):  # type: ignore[attr-defined]
        return refused("share", str(row.reason), measure.METHOD)  # type: ignore[attr-defined]
    share, low, high = (float(getattr(row, name)) for name in ("share", "low", "high"))
    return Estimate(share, "share", int(row.replies), measure.METHOD, low, high)  # type: ignore[attr-defined]


def _rates(case: Case, found: dict[str, Estimate], most: int) -> dict[str, str]:
    """The shares as a list in a sentence, in each language; those of fewer than `most` replies say of how many."""
    parts = []
    for act, share in found.items():
        part = case.say(f"scorecard.rate.{act}", {"share": share})
        parts.append(part if share.n == most else case.say("scorecard.of", {"part": part, "share": share}))
    return {language: wording.joined([part[language] for part in parts], language) for language in case.languages}


def _title(case: Case, scored: pd.DataFrame) -> tuple[str, dict[str, object]]:
    """The figure's claim: what replies did most often, and least."""
    ranked = scored.sort_values("share", ascending=False, kind="stable")
    most, least = ranked.iloc[0], ranked.iloc[-1]
    told: dict[str, object] = {
        "most": case.say(f"scorecard.did.{most['act']}"),
        "most_share": _estimate(next(ranked.head(1).itertuples())),
        "least": case.say(f"scorecard.did.{least['act']}"),
        "least_share": _estimate(next(ranked.tail(1).itertuples())),
    }
    return ("figure.scorecard.one" if len(scored) == 1 else "figure.scorecard.title"), told


def _examples(case: Case, replies: pd.DataFrame) -> dict[tuple[str, str], Example]:
    """One reply for each act in each language, with the words that show it.

    The first by id, but one that was taken for another act before: not the best of its kind, and few to read.
    """
    taken: dict[tuple[str, str], Example] = {}
    texts = replies.set_index("id")["text"]
    for language in acts.LANGUAGES:
        rows = replies[replies["language"] == language]
        for act in acts.ACTS:
            ids = rows.loc[rows[act], "id"].tolist()
            before = [example.id for example in taken.values() if example.id in set(ids)]
            for chosen in [*before, *ids][:1]:
                spans = acts.spans(str(texts[chosen]), act)
                words = str(texts[chosen])[slice(*spans[0])] if spans else ""
                taken[act, language] = Example(chosen, privacy.mask(words, case.allowed))
    return taken


def _table(replies: pd.DataFrame, examples: dict[tuple[str, str], Example]) -> Printed:
    """A row for each act that is scored or has an example, in each language of the replies."""
    present = [language for language in acts.LANGUAGES if (replies["language"] == language).any()]
    parts = []
    for language in present:
        rows = measure.shares(replies[replies["language"] == language], acts.ACTS, _measured())
        accuracy = [acts.ACCURACY[act, language] for act in acts.ACTS]
        shown_by = [examples.get((act, language)) for act in acts.ACTS]
        parts.append(
            rows.assign(
                language=language,
                interval=together(rows["low"], rows["high"]),
                precision=pd.array([known[0].value if known else None for known in accuracy], dtype="Float64"),
                recall=pd.array([known[1].value if known else None for known in accuracy], dtype="Float64"),
                words=pd.array([example.words if example else None for example in shown_by], dtype="string"),
                example=pd.array([example.id if example else None for example in shown_by], dtype="string"),
            )
        )
    whole = pd.concat(parts, ignore_index=True)
    whole = whole[whole["share"].notna() | whole["words"].notna()].reset_index(drop=True)
    columns = {
        "act": ("column.act", worded("scorecard.act")),
        **({"language": ("column.language", _named)} if len(present) > 1 else {}),
        "found": ("column.act_found", shown("count")),
        "share": ("column.of_replies", shown("share")),
        "interval": ("column.interval", bounds("share")),
        "precision": ("column.precision", shown("share")),
        "recall": ("column.recall", shown("share")),
        **why(whole["reason"]),
        "words": ("column.act_words", plain),
    }
    return Printed(
        "scorecard",
        "table.scorecard",
        whole,
        columns,
        numeric=("found", "share", "interval", "precision", "recall"),
    )


def _named(code: str, language: str) -> str:
    return wording.language_name(code, language)
