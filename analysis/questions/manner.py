"""Notebook 3: how the organisation sounded: one text for many, or words for one; clear; courteous in form.

Individual answers do better than routinised ones, and an informal tone on top of a template backfired in experiments
(Decock et al. 2020, doi 10.1080/15332861.2020.1848060); neither effect is measured here.
"""

import pandas as pd

from analysis import wording
from analysis.measures import boilerplate as measure
from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import effective_n, wilson
from analysis.questions.case import Case
from analysis.questions.page import Answer, Printed, bounds, shown, together
from analysis.questions.replies import case_replies
from analysis.scoring import clarity, courtesy, personal
from analysis.scoring import templates as templating

SURE = 0.05
COURTESIES = ("gratitude", "greeting", "please", "deference", "best_wishes", "denial")
"""Strategies that both languages have, and that an answer can choose."""
_HANDLE = r"[@＠](u_[a-z2-7]{10})"


def templates(case: Case) -> Answer:
    """How much of what was answered was one text for several customers, and whether it grew (definitions C10)."""
    replies = case_manner(case)
    found = measure.boilerplate(replies)
    if found.rate.value is None:
        reason = "no_brand_posts" if replies.empty else "too_few"
        none = {"rate": refused("share", reason, found.rate.method, len(replies))}
        return case.answer("replies.templates", "templates.refused", none, certainty="refused")
    whole = case.joins["brand_side"] == "whole"
    top = found.templates["template"].iloc[: measure.LARGEST]
    chosen = replies["template"].isin(top)
    values: dict[str, object] = {
        "rate": found.rate,
        "largest": found.largest,
        "effective": found.effective,
        "trend": found.trend.estimate,
        "templates": len(found.templates),
        "three": Estimate(float(chosen.mean()), "share", len(replies), "count"),
    }
    first = replies.loc[replies["template"].eq(top.iloc[0]).fillna(False), "id"] if len(top) else replies["id"][:0]
    message = "templates.none" if found.templates.empty else _trend(found) if whole else "templates.sampled"

    def draw(language: str):
        from analysis.figures import templates as figure

        words = wording.group("figure.templates.words", language)
        words |= {"title": wording.say("figure.templates.title", language, values)}
        days = measure.by_day(replies, found.templates, case.zone)
        return figure.draw(days, words=words, lang=language)

    return case.answer(
        "replies.templates",
        message,
        values,
        certainty="medium" if whole else "low",
        draw=None if found.templates.empty else ("templates", "figure.templates.title", values, draw),
        quotes=first.tolist()[:1],
        facts={"message": message},
        behind={
            "n": replies["id"].tolist(),
            "rate": replies.loc[found.shared, "id"].tolist(),
            "largest": first.tolist(),
            "three": replies.loc[chosen, "id"].tolist(),
        },
    )


def tone(case: Case) -> Answer:
    """Whether replies were written for one customer, said what a clear one says, and were courteous in form."""
    replies = case_manner(case)
    if len(replies) < measure.FEWEST:
        reason = "no_brand_posts" if replies.empty else "too_few"
        none = {"personal": refused("share", reason, "Wilson", len(replies))}
        return case.answer("replies.tone", "sounded.refused", none, certainty="refused")
    texts = replies["text"].fillna("")
    marks = personal.personal(replies)
    said = clarity.checks(texts.tolist()).set_index(replies.index)
    english, chinese = (texts[(replies["language"] == language).fillna(False)] for language in ("en", "zh"))
    polite = {code: courtesy.markers(some.tolist(), code) for code, some in (("en", english), ("zh", chinese))}
    strategies = pd.concat([polite["en"], polite["zh"]], ignore_index=True)
    shown_rows = [
        *((f"manner.personal.{name}", marks[name]) for name in personal.MARKS),
        *((f"manner.clear.{name}", said[name]) for name in clarity.CHECKS),
        *((f"manner.courtesy.{name}", strategies[name]) for name in COURTESIES if len(strategies)),
    ]
    rows = [(name, _share(flags, replies["customer"])) for name, flags in shown_rows]
    courteous = pd.Series(courtesy.score(polite["en"]) > 0, index=english.index)
    least = str(said.mean().idxmin())
    values: dict[str, object] = {
        "personal": _share(marks["personal"], replies["customer"]),
        "said": _mean(said.sum(axis=1)),
        "least": {language: wording.say(f"manner.clear.{least}", language) for language in case.languages},
        "courteous": _share(courteous, replies["customer"]),
        "auc": Estimate(courtesy.AUC.value, "share", courtesy.AUC.n, "DeLong", courtesy.AUC.low, courtesy.AUC.high),
        **_readability(english.tolist(), chinese.tolist()),
    }
    behind = {"personal": replies.index[marks["personal"].fillna(False)], "courteous": courteous.index[courteous]}
    message = "sounded.no_complaints" if replies["complaint"].isna().all() else "sounded.whole"
    if len(english) < measure.FEWEST:
        message = "sounded.unscored"
    return case.answer(
        "replies.tone",
        message,
        values,
        certainty="low",
        printed=_printed(rows),
        facts={"message": message},
        behind={name: replies.loc[index, "id"].tolist() for name, index in behind.items()}
        | {"n": replies["id"].tolist()},
    )


def case_manner(case: Case) -> pd.DataFrame:
    """The replies with their template, customer (pseudonym; null where not known) and complaint (null likewise)."""

    def read() -> pd.DataFrame:
        replies = case_replies(case)
        asked = case.customers.drop_duplicates("id").set_index("id")
        leading = replies["text"].str.extract(_HANDLE)[0].astype("string")
        return replies.assign(
            template=templating.templates(replies["text"]),
            customer=replies["parent_id"].map(asked["author"]).astype("string").fillna(leading),
            complaint=replies["parent_id"].map(asked["text"]).astype("string"),
        )

    return case.once("manner", read)


def _trend(found: measure.Boilerplate) -> str:
    if found.trend.p is None:
        return "templates.rate"
    if found.trend.p >= SURE:
        return "templates.steady"
    return "templates.more" if float(found.trend.estimate.value or 0) > 0 else "templates.fewer"


def _share(flags: pd.Series, customer: pd.Series) -> Estimate:
    """A share of the rows that are not null, those of one customer taken as a cluster."""
    known = flags.dropna()
    if known.empty:
        return refused("share", "not_recorded", "Wilson, clustered")
    values = known.to_numpy(dtype="float64")
    whose = customer.reindex(known.index)
    own = pd.Series(known.index.astype("string"), index=known.index)
    count, quantile = effective_n(values, whose.fillna(own).to_numpy())
    found = wilson(float(values.mean()) * count, count, quantile=quantile)
    return Estimate(found.value, "share", len(values), "Wilson, clustered", found.low, found.high)


def _mean(counts: pd.Series) -> Estimate:
    half = 1.96 * float(counts.std(ddof=1)) / len(counts) ** 0.5
    value = float(counts.mean())
    return Estimate(value, "number", len(counts), "mean, normal interval", max(value - half, 0.0), value + half)


def _readability(english: list[str], chinese: list[str]) -> dict[str, object]:
    """Medians over pooled replies, kept with the finding and not printed: on replies so short they are noisy."""
    told: dict[str, object] = {}
    for names, found in ((("ari", "lix"), clarity.english(english)), (("r1", "r2"), clarity.chinese(chinese))):
        for name, value in zip(names, found[:2], strict=True):
            method = "median over pools"
            kept = Estimate(value, "number", found.pools, method) if found.pools else None
            told[name] = kept or refused("number", "too_few", method)
    return told


def _printed(rows: list[tuple[str, Estimate]]) -> Printed:
    table = pd.DataFrame(
        {
            "what": [name for name, _ in rows],
            "share": [found.value for _, found in rows],
            "low": [found.low for _, found in rows],
            "high": [found.high for _, found in rows],
            "n": [found.n for _, found in rows],
        }
    )
    table["interval"] = together(table["low"], table["high"])
    columns = {
        "what": ("column.manner", wording.say),
        "share": ("column.share", shown("share")),
        "interval": ("column.interval", bounds("share")),
        "n": ("column.n", shown("count")),
    }
    return Printed("manner", "table.manner", table, columns, numeric=("share", "n"))
