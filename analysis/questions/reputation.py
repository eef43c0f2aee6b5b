"""Notebook 1, how the standing changed: share of voice, share of the crisis, rates of reactions, concentration."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from analysis import wording
from analysis.findings import Certainty
from analysis.measures import concentration as concentration_measure
from analysis.measures import engagement, reputation, sentiment, volume
from analysis.measures.estimate import Estimate, refused
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import case_impact, case_phase
from analysis.questions.page import Answer, Printed, bounds, shown, together, why

STRETCHES = 9
"""Stretches before the incident that a range takes, as impact does: outside of nine by chance is one in five."""
SHARE_SCALE = 100
"""Reposts stand beside rates in one table, so they are shown per 100 mentions."""


def voice(case: Case) -> Answer:
    """Share of voice: our mentions over those of all brands in the archive, before and during."""
    if case.selected or case.days_only:
        message = "voice.selected" if case.selected else "voice.days_only"
        return case.answer("reputation.voice", message, certainty="refused")
    before = (case.baseline_start.ceil("h"), case.start)
    found, table = reputation.voice(case.hours, case.label, before, (case.start, case.end))
    values: dict[str, object] = {"before": found.before, "during": found.during, "change": _points(found.change)}
    others = [name for name in table["brand"] if name != case.label]
    values["others"] = {language: wording.joined(others, language) for language in case.languages}
    mixed = (case.claims["kind"] == "mixed_queries").any()
    values["quality"] = case.say("voice.quality.mixed" if mixed else "voice.quality.alike")
    if found.during.value is None:
        missing = _missing(case)
        values["missing"] = {language: wording.joined(missing, language) for language in case.languages}
        message = "voice.not_seen" if found.during.reason == "not_seen" and missing else "voice.refused"
        return case.answer("reputation.voice", message, values, certainty="refused")
    message = "voice.alone" if found.before.value is None else f"voice.{_moved(found.change)}"
    for name in ("before", "during"):
        table[f"share_{name}"] = table[name] / table[name].sum() if table[name].sum() else None
    printed = Printed(
        "voice",
        "table.voice",
        table,
        {
            "brand": ("column.brand", lambda value, _: str(value)),
            "before": ("column.before", shown("count")),
            "share_before": ("column.share_voice_before", shown("share")),
            "during": ("column.during", shown("count")),
            "share_during": ("column.share_voice", shown("share")),
        },
        numeric=("before", "share_before", "during", "share_during"),
    )
    certainty: Certainty = "low" if mixed else "medium"
    return case.answer("reputation.voice", message, values, certainty=certainty, printed=printed)


def crisis_share(case: Case) -> Answer:
    """How much of what was said of us in the window came with the incident."""
    found = reputation.crisis_share(case_impact(case))
    if case.selected or case.days_only:
        found = refused("share", "openers_absent" if case.selected else "not_recorded", found.method)
    message = "crisis_share.refused" if found.value is None else "crisis_share.told"
    certainty: Certainty = "refused" if found.value is None else "medium"
    behind = {} if found.value is None else {"during": members.inside(case)}
    return case.answer("reputation.crisis_share", message, {"share": found}, certainty=certainty, behind=behind)


def followers(case: Case) -> Answer:
    """Followers that the organisation's accounts gained or lost, against the stretch as long before (C4)."""
    before, during = reputation.own_followers(case.mentions, case.start, case.end)
    values: dict[str, object] = {"before": before, "during": during, "accounts": during.n}
    if during.value is None:
        once = case.mentions.loc[case.mentions["from_brand"], "author_followers"].notna().any()
        message = "followers.taken_once" if once else "followers.refused"
        return case.answer("reputation.followers", message, values, certainty="refused")
    values["size"] = Estimate(abs(float(during.value)), "count", during.n, during.method)
    message = "lost" if float(during.value) < 0 else "gained" if float(during.value) > 0 else "same"
    return case.answer("reputation.followers", f"followers.{message}", values, certainty="medium")


def rates(case: Case) -> Answer:
    """Reactions per post, per view and per follower, reposts, mentions per author: before and during, never mixed."""
    if case.selected:
        return case.answer("reputation.rates", "rates.selected", certainty="refused")
    found = _rates(case)
    known = {name: change for name, change in found.items() if change.during.value is not None}
    moved = {name: change for name, change in known.items() if _moved(change.change) in ("rose", "fell")}
    same = [name for name, change in known.items() if name not in moved and change.change.value is not None]
    values: dict[str, object] = {}
    for name, change in found.items():
        values |= {f"{name}_before": change.before, f"{name}_during": change.during, f"{name}_change": change.change}
    partial = case_phase(case, "during")["mentions"].value is None
    seen = "collected" if partial else "whole"
    parts = "" if engagement.recorded(case.customers) else "_none"
    values |= {
        "moved": _listed(case, [case.say(f"rate.said.{name}", vars(change)) for name, change in moved.items()]),
        "same": _listed(case, [case.say(f"rate.short.{name}") for name in same]),
        "basis": case.say(f"rates.basis.{seen}{parts}", {"parts": _parts(case)}),
    }
    if not known:
        message = "rates.refused"
    elif partial:
        message = "rates.collected"
    elif not moved and not same:
        message = "rates.alone"
    elif not moved:
        message = "rates.same"
    else:
        message = "rates.moved_some" if same else "rates.moved_all"
    values["why"] = found["reactions_per_post"].during
    certainty: Certainty = "refused" if not known else "low" if partial else "medium"
    behind = _rated(case, known)
    return case.answer(
        "reputation.rates", message, values, certainty=certainty, printed=_printed(case, found), behind=behind
    )


def concentration(case: Case) -> Answer:
    """How few people the reactions went to, and how few wrote the mentions, against stretches as long before."""
    if case.selected:
        return case.answer("reputation.concentration", "concentration.selected", certainty="refused")
    rows = volume.kept_rows(case.mentions, case.coverage)
    inside = case.during(rows)
    found = {
        what: concentration_measure.of(concentration_measure.per_author(inside, what))
        for what in ("reactions", "mentions")
    }
    if any(set(told.get("what", ("likes",))) for told in case.frozen_counts):
        found["reactions"] = concentration_measure.of(concentration_measure.per_author(inside.head(0), "reactions"))
    what = "reactions" if found["reactions"].gini.value is not None else "mentions"
    one = found[what]
    values: dict[str, object] = {name: getattr(one, name) for name in ("gini", "top1", "top10", "effective", "half")}
    values |= {"authors": one.authors, "total": Estimate(one.total, "count", one.authors, "sum", one.total, one.total)}
    if one.gini.value is None:
        return case.answer("reputation.concentration", "concentration.refused", values, certainty="refused")
    partial = case_phase(case, "during")["mentions"].value is None
    values |= {"before": _against_before(case, rows, what, partial), "parts": _parts(case)}
    claim = f"figure.concentration.{what}_collected" if partial else f"figure.concentration.{what}"
    curves = {name: other.curve for name, other in found.items() if not other.curve.empty}

    def draw(language: str):
        from analysis.figures import concentration as figure

        words = wording.group("figure.concentration.words", language)
        title = wording.say(claim, language, values)
        return figure.draw(curves, words=words | {"title": title}, lang=language)

    table = pd.DataFrame(
        [
            {"what": name, "authors": other.authors, "total": other.total}
            | {part: getattr(other, part).value for part in ("half", "top1", "top10", "gini", "hhi", "effective")}
            for name, other in found.items()
            if other.gini.value is not None
        ]
    )
    printed = Printed(
        "concentration",
        "table.concentration",
        table,
        {
            "what": ("column.what_is_held", lambda value, language: wording.say(f"metric.{value}", language)),
            "total": ("column.total", shown("count")),
            "authors": ("column.authors", shown("count")),
            "half": ("column.half", shown("count")),
            "top1": ("column.top1", shown("share")),
            "top10": ("column.top10", shown("share")),
            "gini": ("column.gini", shown("number")),
            "effective": ("column.effective", shown("count")),
        },
        numeric=("total", "authors", "half", "top1", "top10", "gini", "effective"),
    )
    return case.answer(
        "reputation.concentration",
        f"concentration.{what}",
        values,
        certainty="low" if partial else "medium",
        draw=("concentration", claim, values, draw),
        printed=printed,
        behind={what: _held(inside, what)},
    )


def _held(rows: pd.DataFrame, what: str) -> pd.Series:
    """Ids of the mentions that totals of authors are made of: "mentions", or those whose reactions are recorded."""
    rows = sentiment.people(rows)
    rows = rows[rows["author"].notna()]
    return rows["id"] if what == "mentions" else rows.loc[engagement.per_row(rows).notna(), "id"]


def _rated(case: Case, known: Iterable[str]) -> members.Members:
    """Rate → the mentions of the incident that it is taken over."""
    rows = case.during(volume.kept_rows(case.customers, case.coverage))
    posts = rows[(rows["kind"] != "repost").to_numpy(dtype=bool, na_value=True)]
    recorded = posts.assign(reactions=engagement.per_row(posts))
    over = {"reposts_per_100_mentions": rows, "mentions_per_author": rows[rows["author"].notna()]}
    for name, (top, bottom) in reputation.RATES.items():
        held = recorded[top].notna() if bottom is None else recorded[top].notna() & (recorded[bottom] > 0)
        over[name] = recorded[held.fillna(False).to_numpy(dtype=bool)]
    return {name: over[name]["id"].tolist() for name in known if name in over}


def _missing(case: Case) -> list[str]:
    """Brands of the archive of which hours of the window were not wholly seen."""
    inside = case.hours[(case.hours["hour"] >= case.start.floor("h")) & (case.hours["hour"] < case.end)]
    return sorted(inside.loc[(inside["state"] != "seen") & (inside["brand"] != ""), "brand"].unique())


def _parts(case: Case) -> dict[str, str]:
    """What reactions are made of, as far as the archive records it."""
    parts = engagement.recorded(case.customers)
    return {
        language: wording.joined([wording.say(f"part.{part}", language) for part in parts], language)
        for language in case.languages
    }


def _rates(case: Case) -> dict[str, reputation.Change]:
    """The rates, the share of reposts (per 100), and mentions per author, of what was collected.

    Where hours of the incident were not, those that were are no match for the time before: no change is stated then.
    Nor is a share of reposts where the archive holds none: they were hardly asked for.
    """
    kept = volume.kept_rows(case.mentions, case.coverage)
    before, during = case.before(kept), case.during(kept)
    found = reputation.rates(before, during)
    if case.frozen_counts:
        unit = {name: change.during.unit for name, change in found.items()}
        found = {
            name: reputation.Change(*(refused(kind, "frozen_counts", reputation.RATE_METHOD) for kind in units))
            for name, units in ((name, (unit[name], unit[name], "change")) for name in found)
        }
    share = _per_hundred(reputation.repost_share(before, during))
    if not (case.customers["kind"] == "repost").any():
        share = reputation.Change(*(refused("number", "not_recorded", reputation.REPOST_METHOD) for _ in range(3)))
    found |= {"reposts_per_100_mentions": share, "mentions_per_author": _passion(case)}
    if case_phase(case, "during")["mentions"].value is None:
        found = {
            name: replace(one, change=refused(one.change.unit, "not_seen", one.change.method))
            for name, one in found.items()
        }
    return found


def _passion(case: Case) -> reputation.Change:
    """Mentions per author in the window, against the middle of the stretches as long before it, and their range."""
    method = "mentions per author, against stretches as long"
    if case_phase(case, "during")["authors"].value is None:
        reason = str(case_phase(case, "during")["authors"].reason)
        return reputation.Change(*(refused(unit, reason, method) for unit in ("number", "number", "change")))
    own = reputation.passion(case.during(case.mentions))
    if not own["authors"]:
        return reputation.Change(*(refused(unit, "too_few", method) for unit in ("number", "number", "change")))
    during = Estimate(own["passion"], "number", int(own["mentions"]), method, own["passion"], own["passion"])
    past = reputation.stretches(case.mentions, case.coverage, case.start, case.end)["passion"].dropna()
    if len(past) < STRETCHES:
        reason = "short_baseline" if len(past) else "no_baseline"
        return reputation.Change(refused("number", reason, method), during, refused("change", reason, method))
    low, high, middle = float(past.min()), float(past.max()), float(past.median())
    before = Estimate(middle, "number", len(past), method, low, high)
    change = Estimate(
        own["passion"] / middle - 1,
        "change",
        len(past),
        method,
        own["passion"] / high - 1,
        own["passion"] / low - 1,
    )
    return reputation.Change(before, during, change)


def _per_hundred(share: reputation.Change) -> reputation.Change:
    """Shares as numbers per 100, and their difference as one too."""
    parts = []
    for one in (share.before, share.during, share.change):
        bounds = [None if x is None else float(x) * SHARE_SCALE for x in (one.value, one.low, one.high)]
        parts.append(Estimate(bounds[0], "number", one.n, one.method, bounds[1], bounds[2], one.reason))
    return reputation.Change(*parts)


def _printed(case: Case, found: dict[str, reputation.Change]) -> Printed:
    rows = []
    for name, one in found.items():
        row: dict[str, object] = {"rate": name}
        for part in ("before", "during"):
            estimate: Estimate = getattr(one, part)
            row |= {part: estimate.value, f"{part}_low": estimate.low, f"{part}_high": estimate.high}
            row |= {f"{part}_n": estimate.n}
        row |= {"reason": one.during.reason}
        rows.append(row)
    table = pd.DataFrame(rows)
    for part in ("before", "during"):
        table[f"{part}_interval"] = together(table[f"{part}_low"], table[f"{part}_high"])

    return Printed(
        "rates",
        "table.rates",
        table,
        {
            "rate": ("column.rate", lambda value, language: wording.say(f"rate.{value}", language)),
            "before": ("column.before", shown("number")),
            "before_interval": ("column.interval", bounds("number")),
            "during": ("column.during", shown("number")),
            "during_interval": ("column.interval", bounds("number")),
        }
        | why(table["reason"]),
        numeric=("before", "during"),
    )


def _against_before(case: Case, rows: pd.DataFrame, what: str, partial: bool) -> dict[str, str]:
    """What the top tenth of authors held in stretches as long before the incident, in words."""
    past = concentration_measure.against_before(rows, case.coverage, case.start, case.end, what)
    if partial or case.days_only:
        return case.say("concentration.before.partial")
    if past.empty:
        return case.say("concentration.before.none")
    least, most = float(past["top10"].min()), float(past["top10"].max())
    held = Estimate(float(past["top10"].median()), "share", len(past), "range of stretches", least, most)
    return case.say("concentration.before.told", {"stretches": len(past), "held": held})


def _points(change: Estimate) -> Estimate:
    """A difference of shares in points, of which there may be 100 down."""
    value, low, high = (None if x is None else float(x) * SHARE_SCALE for x in (change.value, change.low, change.high))
    return Estimate(value, "number", change.n, change.method, low, high, change.reason)


def _moved(change: Estimate) -> str:
    if change.low is None or change.high is None:
        return "same"
    return "rose" if float(change.low) > 0 else "fell" if float(change.high) < 0 else "same"


def _listed(case: Case, phrases: list[dict[str, str]]) -> dict[str, str]:
    return {language: wording.joined([said[language] for said in phrases], language) for language in case.languages}
