"""Notebook 1, who carried it, where it started, and where it jumped."""

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import spread, volume
from analysis.measures.estimate import Estimate, refused
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_onset, case_phase, grown
from analysis.questions.page import Answer, Printed, plain, shown, why

LEAD = pd.Timedelta(hours=24)
"""How long before the onset the first mention is looked for."""
VOICED = 0.5
"""From here on a mention's `complaint` counts as one."""
FEWEST = 30
"""Authors under which nobody is ranked: a rank among few is a person."""


def carriers(case: Case, most: int = 5) -> Answer:
    """The authors who drew most reactions; only accounts that may be named are named."""
    if case.selected:
        return case.answer("spread.carriers", "carriers.selected", certainty="refused")
    rows = case.during(volume.kept_rows(case.mentions, case.coverage))
    whole = spread.spreaders(rows, most=len(rows))
    known = whole[whole["reactions"].notna()]
    if (known["reactions"] > 0).sum() < FEWEST or case.frozen_counts:
        reason = "frozen_counts" if case.frozen_counts else "too_few" if len(known) else "not_recorded"
        none = {"top": refused("share", reason, spread.FIRST_METHOD, len(known))}
        return case.answer("spread.carriers", "carriers.refused", none, certainty="refused")
    table = whole.head(most).drop(columns="author")
    table.insert(0, "rank", range(1, len(table) + 1))
    table.insert(1, "named", [case.allowed.get(author) for author in whole["author"].head(most)])
    top, first = float(table["share"].sum()), float(table["share"].iloc[0])
    values = {
        "top": Estimate(top, "share", len(known), "sum of reactions", top, top),
        "first": Estimate(first, "share", len(known), "sum of reactions", first, first),
        "carriers": len(table),
        "authors": len(known),
    }

    def who(rank: int, language: str) -> str:
        name = table["named"].iloc[rank - 1]
        return str(name) if pd.notna(name) else wording.say("carrier", language, {"rank": int(rank)})

    printed = Printed(
        "carriers",
        "table.carriers",
        table,
        {
            "rank": ("column.who", who),
            "mentions": ("column.mentions", shown("count")),
            "reactions": ("column.engagement", shown("count")),
            "share": ("column.share_reactions", shown("share")),
            "reposts": ("column.reposts", shown("count")),
            "reposts_share": ("column.share_reposts", shown("share")),
        },
        numeric=("mentions", "reactions", "share", "reposts", "reposts_share"),
    )
    partial = case_phase(case, "during")["mentions"].value is None
    message = "carriers.collected" if partial else "carriers.told"
    certainty: Certainty = "low" if partial else "medium"
    theirs = rows[rows["author"].isin(whole["author"].head(most)).to_numpy()]
    behind = {"top": theirs["id"], "first": theirs.loc[theirs["author"] == whole["author"].iloc[0], "id"]}
    return case.answer("spread.carriers", message, values, certainty=certainty, printed=printed, behind=behind)


def first(case: Case) -> Answer:
    """The earliest complaint that was collected of what the incident was about, and whether one before it may lack."""
    if case.selected or case.days_only:
        message = "first.selected" if case.selected else "first.days_only"
        return case.answer("spread.first", message, certainty="refused")
    about, risk = _about(case)
    since = _since(case)
    if about.empty:
        seen = (volume.states(case.coverage, since, case.end) == "seen").all()
        message = "first.no_cause" if seen else "first.not_seen"
        return case.answer("spread.first", message, {"since": _time(since)}, certainty="refused")
    found, identity = spread.first(about, case.coverage, since)
    values: dict[str, object] = {"first": found, "since": _time(since), "risk": risk}
    if identity is None:
        return case.answer("spread.first", "first.none", values, certainty="refused")
    values["platform"] = str(about.set_index("id").loc[identity, "platform"])
    if found.value is None:
        values["collected"] = Estimate(found.high, "time", found.n, found.method)
        return case.answer("spread.first", "first.unseen", values, certainty="refused", quotes=[identity])
    onset = case_onset(case).onset
    if onset.value is None:
        return case.answer("spread.first", "first.undated", values, certainty="medium", quotes=[identity])
    hours = (pd.Timestamp(found.value) - pd.Timestamp(onset.value)) / volume.HOUR
    values["lag"] = Estimate(abs(hours), "hours", 1, spread.FIRST_METHOD, abs(hours), abs(hours))
    message = "first.after" if hours >= 0 else "first.before"
    behind = {"n": about.loc[(about["published_at"] >= since).to_numpy(), "id"]}
    return case.answer("spread.first", message, values, certainty="medium", quotes=[identity], behind=behind)


def nodes(case: Case, most: int = 5) -> Answer:
    """The trees of answers and reposts: how large, how deep, and the posts that most hangs under, in order of time."""
    reposts = (case.mentions["kind"] == "repost") & case.mentions["parent_id"].notna()
    if case.selected or (case.joins["threads"] != "recorded" and not reposts.any()):
        message = "nodes.selected" if case.selected else "nodes.no_threads"
        return case.answer("spread.nodes", message, certainty="refused")
    rows = volume.kept_rows(case.mentions, case.coverage).sort_values(["published_at", "id"]).reset_index(drop=True)
    hung = spread.nodes(rows)
    inside = case.during(rows).index
    table = spread.trees(rows, hung)
    table = table[table["root"].isin(inside)].reset_index(drop=True)
    if table.empty:
        return case.answer("spread.nodes", "nodes.none", certainty="refused")
    largest = table.iloc[0]
    n = int(largest["posts"])
    direct = int(((hung["root"] == largest["root"]) & (hung["depth"] == 1)).sum())
    values: dict[str, object] = {
        "trees": len(table),
        "posts": n,
        "reposts": int(largest["reposts"]),
        "depth": int(largest["depth"]),
        "virality": Estimate(float(largest["virality"]), "number", n, spread.VIRALITY_METHOD),
        "shape": case.say("nodes.direct" if 2 * direct >= n - 1 else "nodes.under_answers"),
        "start": _time(rows["published_at"].iloc[int(largest["root"])]),
        "platform": str(rows["platform"].iloc[int(largest["root"])]),
        "whole": case.say("nodes.whole" if hung.loc[inside, "held"].all() else "nodes.cut"),
    }
    top = hung.loc[inside].sort_values("below", ascending=False, kind="stable").head(most)
    top = top[top["below"] > 0].sort_index()
    listed = pd.DataFrame(
        {
            "when": rows.loc[top.index, "published_at"],
            "platform": rows.loc[top.index, "platform"],
            "kind": rows.loc[top.index, "kind"],
            "ours": rows.loc[top.index, "from_brand"],
            "below": top["below"],
            "id": rows.loc[top.index, "id"],
        }
    )
    printed = Printed(
        "nodes",
        "table.nodes",
        listed,
        {
            "when": ("column.when", shown("time", case.zone)),
            "platform": ("column.platform", plain),
            "kind": ("column.post_kind", lambda value, language: wording.say(f"kind_of_post.{value}", language)),
            "ours": ("column.by", lambda value, language: wording.say("by.us" if value else "by.people", language)),
            "below": ("column.below", shown("count")),
        },
        numeric=("below",),
    )
    partial = case_phase(case, "during")["mentions"].value is None
    certainty: Certainty = "low" if partial else "medium"
    quotes = listed.loc[~listed["ours"], "id"].tolist()
    behind = {"posts": rows.loc[(hung["root"] == largest["root"]).to_numpy(), "id"]}
    return case.answer(
        "spread.nodes", "nodes.told", values, certainty=certainty, printed=printed, quotes=quotes, behind=behind
    )


def jumps(case: Case) -> Answer:
    """When the surge reached each platform, and how long after the first of them."""
    values: dict[str, object] = {"platforms": case.customers["platform"].nunique()}
    if case.selected or case.days_only or values["platforms"] == 1:
        message = "selected" if case.selected else "days_only" if case.days_only else "one_platform"
        return case.answer("spread.jumps", f"jumps.{message}", values, certainty="refused")
    table = spread.jumps(case.mentions, case.coverage, (case.start, case.end), case_onset(case).bin)
    dated = table[table["onset"].notna()]
    if dated.empty:
        return case.answer("spread.jumps", "jumps.undated", values, certainty="refused")
    table["hours"] = (table["onset"] - dated["onset"].iloc[0]) / volume.HOUR
    span = float(table["hours"].max())
    earliest = dated.loc[dated["onset"] == dated["onset"].iloc[0], "platform"]
    values |= {
        "reached": len(dated),
        "origin": {language: wording.joined(earliest, language) for language in case.languages},
        "onset": _time(dated["onset"].iloc[0]),
        "last": str(dated["platform"].iloc[-1]),
        "span": Estimate(span, "hours", len(dated), "onset on each platform", span, span),
    }
    if len(dated) == 1:
        message = "jumps.stayed"
    elif len(dated) < len(table):
        message = "jumps.some"
    else:
        message = "jumps.at_once" if not span else "jumps.told"

    printed = Printed(
        "jumps",
        "table.jumps",
        table,
        {
            "platform": ("column.platform", plain),
            "onset": ("column.surge", shown("time", case.zone)),
            "hours": ("column.after_first", shown("hours")),
            "mentions": ("column.mentions", shown("count")),
        }
        | why(table["reason"]),
        numeric=("hours", "mentions"),
    )
    certainty: Certainty = "medium" if table["reason"].isna().all() else "low"
    return case.answer("spread.jumps", message, values, certainty=certainty, printed=printed)


def _about(case: Case) -> tuple[pd.DataFrame, Estimate]:
    """Complaints up to the incident's end that tell it from routine, and how many routine ones look like them."""
    causes = case_causes(case)
    none = refused("count", "too_few", spread.FIRST_METHOD)
    if causes.empty:
        return case.customers.head(0), none
    quiet = case.coverage[case.coverage["hour"] < case.start]
    lead = LEAD / volume.HOUR
    taken, risk = spread.telling(grown(causes), float((quiet["state"] != "unseen").sum()), lead)
    rows = volume.kept_rows(case.customers, case.coverage)
    rows = rows[(rows["published_at"] < case.end).to_numpy()]
    # A cause's cluster also holds news of it; where complaints are told apart, one is asked for.
    voiced = (rows["complaint"].isna() | (rows["complaint"] >= VOICED)).to_numpy(dtype=bool)
    about = rows[rows["cause"].isin(taken).to_numpy(dtype=bool) & voiced]
    return about, Estimate(risk, "number", len(taken), "routine complaints to be expected")


def _since(case: Case) -> pd.Timestamp:
    low = case_onset(case).onset.low
    begun = min(case.start, pd.Timestamp(low)) if low else case.start
    return max(case.baseline_start.ceil("h"), begun.floor("h") - LEAD)


def _time(moment: pd.Timestamp) -> Estimate:
    return Estimate(moment.isoformat(), "time", 1, "archive")
