"""Notebook 2: what was it about, and what set it off?"""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import MIXED, case_causes, case_floor, case_unclear, grown
from analysis.questions.page import Answer, Printed, bounds, by_language, shown, together

STABLE = 0.5
"""A cause whose stability (definitions C17) is under this is never named on the first page."""


def causes(case: Case, most: int = 8) -> Answer:
    """What people complained of: shares of the complaints, with intervals."""
    table = case_causes(case)
    if table.empty:
        scored = case.during(case.customers)["scorer"].notna().any()
        message = "causes.none" if scored or not len(case.during(case.customers)) else "causes.not_scored"
        return case.answer("causes.shares", message, {"n": _complaints(case)}, certainty="refused")
    top = table.head(most)
    first = top.iloc[0]
    share = Estimate(first["share"], "share", int(first["of"]), "Wilson", first["low"], first["high"])
    firm = (top["stability"].fillna(0) >= STABLE) & ((top["told"] >= MIXED) | (top["origin"] != "found"))
    stable = top[(firm | (top["origin"] == "analyst")).to_numpy(dtype=bool)]
    named = [row["called"] for row in stable.head(3).to_dict("records")]
    values = {"top": share, "causes": len(table), "n": int(first["of"])}
    texts = {"first": first["called"]}
    message = "causes.unstable" if stable.empty else "causes.named"
    lead = first if stable.empty else stable.iloc[0]
    if named and stable.index[0] != top.index[0]:
        message = "causes.next"
        values["lead"] = Estimate(lead["share"], "share", int(lead["of"]), "Wilson", lead["low"], lead["high"])
        texts["named"] = lead["called"]
    elif named and lead["origin"] == "found":
        message = "causes.words"

    def draw(language: str):
        from analysis.figures import causes as figure

        rows = pd.DataFrame(
            {
                "name": [name[language] for name in top["called"]],
                "share": top["share"].to_numpy(),
                "low": top["low"].to_numpy(),
                "high": top["high"].to_numpy(),
                "before": top["share_before"].to_numpy(),
            }
        )
        words = wording.group("figure.causes.words", language)
        left = case_unclear(case)
        if left.value:
            rows.loc[len(rows)] = [words["unclear"], left.value, left.low, left.high, None]
        rows["unclear"] = rows.index >= len(top)
        return figure.draw(
            rows, words=words | {"title": wording.say("figure.causes.title", language, values | texts)}, lang=language
        )

    printed = Printed(
        "causes",
        "table.causes",
        top.assign(
            interval=together(top["low"], top["high"]),
        ),
        {
            "called": ("column.cause", by_language),
            "n": ("column.mentions", shown("count")),
            "share": ("column.share", shown("share")),
            "interval": ("column.interval", bounds("share")),
            "share_before": ("column.share_before", shown("share")),
            "copies": ("column.copies", shown("count")),
            "first_seen": ("column.first_seen", shown("time", case.zone)),
            "stability": ("column.stability", shown("share")),
        },
        numeric=("n", "share", "share_before", "copies", "stability"),
    )
    return case.answer(
        "causes.shares",
        message,
        values | texts,
        certainty="medium" if named and lead["origin"] != "found" else "low",
        draw=("causes", "figure.causes.title", values | texts, draw),
        printed=printed,
        facts={"named": named},
        behind={"n": members.votes(case)} | members.causes(case, most),
    )


def unclear(case: Case) -> Answer:
    """The share of the complaints without a clear cause: all causes and these come to the whole."""
    left = case_unclear(case)
    floor = Estimate(case_floor(case), "share", left.n, "confidence in a cause")
    values: dict[str, object] = {"unclear": left, "floor": floor}
    if case_causes(case).empty or left.value is None:
        none = refused("share", "too_few", "Wilson", left.n)
        return case.answer("causes.unclear", "unclear.refused", {"unclear": none}, certainty="refused")
    target = case.incident.unclear_target
    if target is not None:
        values["target"] = Estimate(target, "share", left.n, "incident.yml")
    by = "by_target" if target is not None else "by_floor"
    message = f"unclear.most.{by}" if float(left.low or 0) > 0.5 else f"unclear.{by}"
    behind = {"n": members.votes(case), "unclear": members.unclear(case)}
    return case.answer("causes.unclear", message, values, certainty="medium", facts={"message": message}, behind=behind)


def growth(case: Case, most: int = 8) -> Answer:
    """Which causes took a larger share during the incident than before."""
    table = case_causes(case).head(most)
    if table.empty or table["growth"].isna().all():
        return case.answer("causes.growth", "growth.no_baseline", certainty="refused")
    more = grown(table)
    if more.empty:
        return case.answer("causes.growth", "growth.none", {"causes": len(table)}, certainty="medium")
    fresh = more[more["n_before"] == 0]
    best = fresh.iloc[0] if len(fresh) else more.iloc[0]
    facts = {"name": best["called"]}
    behind = {"n": members.of_cause(case, int(best["cause"]))}
    certainty: Certainty = "low" if best["origin"] == "found" else "medium"
    if len(fresh):
        values = {"name": best["called"], "n": int(best["n"]), "grown": len(more)}
        return case.answer("causes.growth", "growth.new", values, certainty=certainty, facts=facts, behind=behind)
    ratio = Estimate(
        best["growth"], "ratio", int(best["n"]), "ratio of shares", best["growth_low"], best["growth_high"]
    )
    values = {"growth": ratio, "name": best["called"], "grown": len(more)}
    return case.answer("causes.growth", "growth.grew", values, certainty=certainty, facts=facts, behind=behind)


def quotes(case: Case, most: int = 8) -> list[Answer]:
    """Each cause in the words of the mentions nearest its centre: not cherry-picked."""
    answers = []
    for rank, row in enumerate(case_causes(case).head(most).to_dict("records"), start=1):
        values = {"name": row["called"], "n": int(row["n"])}
        answers.append(
            case.answer(
                f"cause.{rank}",
                "cause.quotes",
                values,
                quotes=list(row["typical"]),
                facts={"name": row["called"]},
                behind={"n": members.of_cause(case, int(row["cause"]))},
            )
        )
    return answers


def method(case: Case) -> Answer:
    """Which model found the causes, from how many texts, and how stable it is."""
    model = case.notes["cause_model"]
    stability = (model.get("stability") or {}).get("overall")
    values = {
        "distinct": int(model.get("distinct", 0)),
        "duplicates": int(model.get("duplicates_removed", 0)),
        "model": str(model.get("name", "none")),
        "stability": refused("share", "too_few", "AMI")
        if stability is None
        else Estimate(float(stability), "share", int(model.get("distinct", 0)), "mean pairwise AMI"),
    }
    return case.answer("causes.model", "causes.model", values, certainty="medium")


def _complaints(case: Case) -> int:
    """Negative posts by customers during the incident, without reposts."""
    inside = case.during(case.customers)
    return int(((sentiment.labels(inside) == "negative") & (inside["kind"] != "repost")).sum())
