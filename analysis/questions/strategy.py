"""Notebook 3, what was said in public, and whether it fitted the crisis (definitions C3)."""

from collections.abc import Mapping

import pandas as pd

from analysis import privacy, wording
from analysis.findings import Certainty
from analysis.incident import PUBLIC_KINDS
from analysis.measures import crisis_response as measure
from analysis.measures import cue_alarm, sentiment, volume
from analysis.measures.estimate import Estimate
from analysis.questions.accuracy import accuracy
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_onset
from analysis.questions.page import Answer, Printed, by_language, plain, shown
from analysis.questions.replies import case_replies
from analysis.questions.signs import case_misconduct, case_raised, incident_cues
from analysis.scoring import strategies as reading

SAME = pd.Timedelta(hours=1)
"""Posts and entries of the log within an hour are one statement: channels and languages repeat it."""
BY_KIND = {
    "apology": "apology",
    "compensation": "compensation",
    "explanation": "adjusting",
    "correction": "adjusting",
}
"""Kind in actions.csv → the strategy that people said it was."""
DISCLOSING = tuple(kind for kind in PUBLIC_KINDS if kind != "acknowledged")
"""Who acknowledges answers somebody who spoke first: that discloses nothing."""
EARLY = pd.Timedelta(days=1)
"""How long before the incident an entry of the log may belong to it."""
WORDS = 4
"""Quotes in a cell of the table."""
SHOWN = 4
LIKE = "≈ "
"""Stands before a quote that no rule knows, and that is like sentences of its strategy."""
OTHERS = 12
"""Posts without a strategy that the table shows, so that a reader sees what the rules passed over."""


def seen(case: Case) -> Answer:
    """Which strategies the public statements held, in order, and whether they held together; replies apart."""
    said = case_statements(case)
    families = _families(said)
    message: str = measure.consistency(families)
    certainty: Certainty
    names = [name for name in reading.FAMILIES if any(name in one for one in families)]
    replies = _replies(case)
    others = _others(case, said)
    values: dict[str, object] = {
        "statements": len(said),
        "others": len(others),
        **_known(),
        "families": _listed(
            case, "strategy.family", names, {name: sum(name in one for one in families) for name in names}
        ),
        "replies": len(case_replies(case)),
        "in_replies": _listed(
            case, "strategy.family", list(replies), {name: len(ids) for name, ids in replies.items()}
        ),
    }
    known = "strategy.known" if reading.version() != reading.RULES_VERSION else "strategy.known.rules"
    values["known"] = case.say(known if others.empty else f"{known}.others", values)
    values["apart"] = case.say("strategy.replies" if replies else "strategy.replies.none", values)
    if said.empty and others.empty:
        unseen = case.joins["brand_side"] == "none"
        message = "unseen" if unseen else "nothing" if _told_apart(case) else "unjoined"
        certainty = "low" if message == "nothing" else "refused"
        return case.answer("strategy.seen", f"strategy.seen.{message}", values, certainty=certainty)
    if not names:
        message = "bare"
    if message == "turn":
        values |= _turn(said, families)
    rows = [*said.to_dict("records"), *others.head(OTHERS).to_dict("records")]
    table = pd.DataFrame(
        {
            "when": [row["when"].isoformat() for row in rows],
            "source": [_listed(case, "strategy.source", row["sources"]) for row in rows],
            "strategies": [_listed(case, "strategy.name", _ordered(row["found"])) for row in rows],
            "words": [_words(case, row) for row in rows],
        }
    ).sort_values("when", kind="stable", ignore_index=True)
    printed = Printed(
        "statements",
        "table.statements",
        table,
        {
            "when": ("column.when", shown("time", case.zone)),
            "source": ("column.source", by_language),
            "strategies": ("column.strategies", by_language),
            "words": ("column.words", plain),
        },
    )
    behind = {name: [one for ids, found in zip(said["ids"], said["found"], strict=True) if name in found for one in ids]
              for name in reading.STRATEGIES}  # fmt: skip
    behind |= {f"{name} in replies": ids for name, ids in replies.items()}
    return case.answer(
        "strategy.seen",
        f"strategy.seen.{message}",
        values,
        certainty="medium" if message in ("turn", "mixed") else "low",
        printed=printed,
        quotes=[ids[0] for ids in said["ids"] if ids][:SHOWN],
        facts={"message": message, "strategies": [_ordered(found) for found in said["found"]]},
        behind={name: ids for name, ids in behind.items() if ids},
    )


def match(case: Case) -> Answer:
    """What the theory asked for, and what was done; on a suggested cluster where nobody confirmed one."""
    said = case_statements(case)
    signs = _signs(case, said)
    suggested, telling = measure.suggest(signs)
    cluster = case.incident.crisis_cluster or suggested
    families = _families(said)
    family = measure.dominant(families)
    facts: dict[str, object] = {"cluster": case.incident.crisis_cluster, "suggested": suggested}
    why = _listed(case, "strategy.sign", list(telling))
    if cluster is None:
        return case.answer("strategy.match", "strategy.match.unknown", {}, certainty="refused", facts=facts)
    threat = _threat(case, cluster)
    values: dict[str, object] = {
        "cluster": case.say(f"strategy.cluster.{cluster}"),
        "why": why,
        "worse": _worse(case, threat),
        "level": Estimate(float(threat.level), "number", 1, measure.METHOD),
    }
    if family is None:
        message = "strategy.match.nothing" if case.incident.crisis_cluster else "strategy.match.nothing_suggested"
        return case.answer("strategy.match", message, values, certainty="refused", facts=facts)
    rumour = measure.rumour(case.incident.crisis_type)
    answering = [one for one in families if set(one) & {*measure.ACCOMMODATING, "base"}]
    began = measure.dominant(answering[:1])
    scores = {name: measure.score(one, threat.level, rumour) for name, one in (("whole", family), ("began", began))}
    wanted = measure.recommended(threat.level, rumour)
    values |= {
        "recommended": _listed(case, "strategy.family", list(wanted)),
        "dominant": case.say(f"strategy.family.{family}"),
        "verdict": case.say(f"strategy.verdict.{_grade(scores['whole'])}"),
        "match": Estimate(scores["whole"], "number", len(said), measure.METHOD),
    }
    first = {
        "began": case.say(f"strategy.family.{began}"),
        "graded": case.say(f"strategy.verdict.{_grade(scores['began'])}"),
    }
    same = scores["began"] == scores["whole"]
    values["start"] = dict.fromkeys(case.languages, "") if same else case.say("strategy.began", first)
    differs = case.incident.crisis_cluster and suggested and suggested != cluster
    other = {"other": case.say(f"strategy.cluster.{suggested}"), "why": why} if differs else {}
    values["beside"] = case.say("strategy.beside", other) if differs else dict.fromkeys(case.languages, "")
    message = "strategy.match.confirmed" if case.incident.crisis_cluster else "strategy.match.suggested"
    facts |= {"scores": scores, "threat": threat.level, "signs": signs}
    certainty: Certainty = "medium" if case.incident.crisis_cluster else "low"
    own = {one for ids in said["ids"] for one in ids}  # what was said is quoted where it is told
    quotes = [one for name in telling for one in signs[name] if one not in own][:SHOWN]
    return case.answer("strategy.match", message, values, certainty=certainty, quotes=quotes, facts=facts)


def thunder(case: Case) -> Answer:
    """Whether the organisation spoke of the issue before others did (stealing thunder)."""
    if case.selected or case.days_only:
        message = "selected" if case.selected else "days_only"
        return case.answer("strategy.thunder", f"strategy.thunder.{message}", certainty="refused")
    said = case_statements(case)
    log = [pd.Timestamp(action.when) for action in case.actions if action.kind in DISCLOSING]
    first = min([*log, *said["when"]], default=None)
    dated = case_onset(case).onset
    begun = min(case.start, pd.Timestamp(dated.low)) if dated.low else case.start
    if first is not None and first < begun - EARLY:
        first = min([one for one in [*log, *said["when"]] if one >= begun - EARLY], default=None)
    opening = said[said["when"] <= first + SAME] if first is not None and len(said) else said.head(0)
    trouble = any(set(one) & {"base", "rebuild", "diminish", "deny"} for one in _families(opening))
    about = _issue(case)
    found = measure.thunder(first, trouble, about, begun, case.coverage)
    values: dict[str, object] = {"lead": found.lead}
    if found.lead.value is not None:
        hours = abs(float(found.lead.value))
        values["apart"] = Estimate(hours, "hours", found.lead.n, found.lead.method, hours, hours)
    for name, moment in (("spoke", found.spoke), ("heard", found.heard)):
        if moment is not None:
            values[name] = Estimate(moment.isoformat(), "time", 1, found.lead.method)
    reason = found.lead.reason if found.verdict == "refused" else None
    certainty: Certainty = "refused" if reason else "medium"
    message = f"strategy.thunder.{reason or found.verdict}"
    behind = {} if found.lead.value is None else {"n": about["id"]}
    return case.answer(
        "strategy.thunder", message, values, certainty=certainty, facts={"message": found.verdict}, behind=behind
    )


def case_statements(case: Case) -> pd.DataFrame:
    """The organisation's public statements: `crisis_response.together` of its posts that answer nobody, and of what the
    action log holds of public kinds; only what tells a strategy, or was logged as more than a first acknowledgement."""

    def collect() -> pd.DataFrame:
        own = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
        posts = own[~own["id"].isin(case_replies(case)["id"])] if _told_apart(case) else own.head(0)
        rows = [
            {"when": row["published_at"], "source": "post", "id": row["id"], "text": row["text"] or "", "kind": None}
            for row in posts.to_dict("records")
        ]
        until = case.after_end
        for action in case.actions:
            moment = pd.Timestamp(action.when)
            if action.kind in PUBLIC_KINDS and case.start - EARLY <= moment < until:
                rows.append({"when": moment, "source": "log", "id": None, "text": action.text, "kind": action.kind})
        kept = []
        for row in rows:
            found = {name: _quoted(spans) for name, spans in reading.told(str(row["text"])).items()}
            if row["kind"] in BY_KIND:
                found.setdefault(BY_KIND[str(row["kind"])], [])
            if found or row["kind"] not in (None, "acknowledged"):
                kept.append({key: row[key] for key in ("when", "source", "id", "text")} | {"found": found})
        columns = ["when", "source", "id", "text", "found"]
        return measure.together(pd.DataFrame(kept, columns=columns), SAME)

    return case.once("statements", collect)


def _others(case: Case, said: pd.DataFrame) -> pd.DataFrame:
    """Posts to everybody during the incident that are no part of `said`: adverts, or what the rules do not know."""
    own = case.during(case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")])
    told = {*case_replies(case)["id"], *(one for ids in said["ids"] for one in ids)}
    rows = own[~own["id"].isin(told)] if _told_apart(case) else own.head(0)
    return pd.DataFrame(
        {
            "when": rows["published_at"],
            "sources": [["post"]] * len(rows),
            "ids": [[one] for one in rows["id"]],
            "texts": [[text or ""] for text in rows["text"].fillna("")],
            "found": [{}] * len(rows),
        }
    ).sort_values("when", kind="stable", ignore_index=True)


def _told_apart(case: Case) -> bool:
    """Whether the archive records what a post answers: without that, a reply looks like a statement to all."""
    return case.joins["threads"] == "recorded"


def _families(said: pd.DataFrame) -> list[tuple[str, ...]]:
    return [tuple(dict.fromkeys(reading.family(name) for name in _ordered(found))) for found in said["found"]]


def _ordered(found: Mapping[str, object]) -> list[str]:
    return [name for name in reading.STRATEGIES if name in found]


def _replies(case: Case) -> dict[str, list[str]]:
    """Family → ids of replies that hold it, apart from statements: answers to one person each. What to do is left out,
    since most replies say it. By rules alone: likeness was learnt from statements, and replies are thousands."""

    def read() -> dict[str, list[str]]:
        replies = case_replies(case)
        found = reading.strategies(replies["text"].fillna("").tolist(), likeness=False)
        told = {
            family: replies.loc[found[list(names)].any(axis=1).to_numpy(), "id"].tolist()
            for family, names in reading.FAMILIES.items()
            if family != "base"
        }
        return {family: ids for family, ids in told.items() if ids}

    return case.once("strategies in replies", read)


def _turn(said: pd.DataFrame, families: list[tuple[str, ...]]) -> dict[str, Estimate]:
    """When it was denied first and rebuilt first, and the hours between."""
    denied, rebuilt = (
        next(moment for moment, one in zip(said["when"], families, strict=True) if name in one)
        for name in ("deny", "rebuild")
    )
    hours = (rebuilt - denied) / pd.Timedelta(hours=1)
    return {
        "denied": Estimate(denied.isoformat(), "time", 1, measure.METHOD),
        "rebuilt": Estimate(rebuilt.isoformat(), "time", 1, measure.METHOD),
        "after": Estimate(hours, "hours", len(said), measure.METHOD, hours, hours),
    }


def _known() -> dict[str, Estimate]:
    """How much of what was found was there, and how much of what was there was found, in a test."""
    return {
        name: accuracy(one, "on invented statements in other words")
        for name, one in zip(("precision", "recall"), reading.accuracy(), strict=True)
    }


def _quoted(spans: list[reading.Span]) -> list[str]:
    """The words that tell, those of rules first; LIKE marks a sentence that is found by likeness."""
    ordered = sorted(spans, key=lambda span: (span.by != reading.RULE, span.start))
    return [f"{LIKE if span.by == reading.LIKENESS else ''}“{span.words}”" for span in ordered]


def _words(case: Case, row: dict) -> str:
    """The words that tell, in the order of the strategies; the text of the log where there are none."""
    told = [words for name in _ordered(row["found"]) for words in row["found"][name][:1]]
    quoted = "; ".join(dict.fromkeys(told[:WORDS])) if told else " ".join(row["texts"])
    return privacy.mask(quoted, case.allowed)[:280]


def _signs(case: Case, said: pd.DataFrame) -> dict[str, list[str]]:
    """Sign (of `crisis_response.SIGNS`) → ids of the mentions behind it."""
    signs: dict[str, list[str]] = {name: [] for name in measure.signs_of_type(case.incident.crisis_type)}
    rows = said.to_dict("records")
    own = {
        "admitted": [row["ids"] for row in rows if any(reading.admits(str(text)) for text in row["texts"])],
        "victimage": [row["ids"] for row in rows if "victimage" in row["found"]],
    }
    signs |= {name: [one for some in ids for one in some][:SHOWN] for name, ids in own.items() if ids}
    if case.selected:
        return signs
    misconduct = case_misconduct(case)
    raised = {"safety": case_raised(case), "discrimination": case_raised(case), "misconduct": misconduct}
    for name, found in raised.items():
        if name in cue_alarm.floors(found, case.start, case.end):
            ids = cue_alarm.voices(found, name, case.start, case.end)["id"].tolist()[-3:]
            signs[measure.harm(_harmed(case)) if name == "safety" else name] = ids
    return signs


def _harmed(case: Case) -> list[str]:
    """What people wrote during the incident that speaks of harm or danger."""
    spoken = incident_cues(case)["safety"]
    return case.mentions.loc[spoken.index[spoken], "text"].tolist()


def _threat(case: Case, cluster: str) -> measure.Threat:
    known = measure.bad_name(_net_before(case)) if not case.selected else None
    return measure.threat(cluster, not case_like(case).empty, known)


def _net_before(case: Case) -> Estimate:
    return sentiment.net(case.before(volume.kept_rows(case.mentions, case.coverage)))


def case_like(case: Case) -> pd.DataFrame:
    """The earlier incidents that are like this one (`crisis_response.like`)."""
    causes = case_causes(case)
    names = [] if causes.empty else [name["en"] for name in causes["called"].head(3)]
    return measure.like(case.earlier, case.incident.crisis_type, names)


def _worse(case: Case, threat: measure.Threat) -> dict[str, str]:
    """What made the threat worse, as the end of a clause; "" where nothing did."""
    parts = [name for name, holds in (("history", threat.history), ("bad_name", threat.bad_name)) if holds]
    if not parts:
        return dict.fromkeys(case.languages, "")
    return case.say("strategy.worse", {"parts": _listed(case, "strategy.worse", parts)})


def _issue(case: Case) -> pd.DataFrame:
    """Complaints of the largest cause, from the start of what is at hand; of any, where no cause was found."""
    rows = sentiment.people(case.mentions, reposts=False)
    rows = rows[(sentiment.labels(rows) == "negative").to_numpy(dtype=bool, na_value=False)]
    causes = case_causes(case)
    if not causes.empty:
        rows = rows[(rows["cause"] == causes["cause"].iloc[0]).to_numpy(dtype=bool, na_value=False)]
    return rows[["id", "published_at"]]


def _grade(score: float | None) -> str:
    return {1.0: "fits", 0.5: "more", 0.0: "less"}.get(-1.0 if score is None else score, "none")


def _listed(case: Case, prefix: str, names: list[str], counts: Mapping[str, int] | None = None) -> dict[str, str]:
    """Names of messages as a list, by language, each with its count where there are `counts`; a dash without any."""
    out = {}
    for language in case.languages:
        told = []
        for name in names:
            label: dict[str, object] = {"name": wording.say(f"{prefix}.{name}", language)}
            if counts:
                told.append(wording.say("strategy.counted", language, label | {"n": counts[name]}))
            else:
                told.append(str(label["name"]))
        out[language] = wording.joined(told, language) if told else "–"
    return out
