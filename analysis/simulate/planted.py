"""What a review of each incident should learn: the truth of the story and of the plan, before anything is measured.

It follows from what was written (`story`, and the plan and actions in `texts`) and from what that came to in the
mentions (the rest of truth.json); no rule of the analysis is asked. Times are hours from the onset unless said
otherwise.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
import yaml

from analysis.simulate import story, texts
from analysis.simulate.story import Crisis, utc

SPOKEN = ("statement", "apology", "explanation", "compensation", "correction")
"""Actions that say or give something to the public."""
PUBLIC = ("acknowledged", *SPOKEN)
DECISIONS = (*SPOKEN, "plan_activated", "escalation", "outside_help", "channel_change", "closed")
DUE_DAYS = 365
"""A plan is to be reviewed, and its team to be trained, every year."""
MOST = 0.5
"""More than half."""
HELP_HOURS = 24
CALLED = {"support_silent": "support", "parking_fee": "parking"}
"""Causes that taxonomy.yml calls otherwise than the story."""
Told = dict[str, Any]


def log(crisis: Crisis) -> pd.DataFrame:
    """The actions of `crisis`: DataFrame[hours, actor, kind], hours from the onset, in order."""
    rows = pd.DataFrame(csv.DictReader(io.StringIO(texts.ACTIONS[crisis.id])))
    hours = [_hours(utc(crisis.onset), utc(when)) for when in rows["when"]]
    return rows.assign(hours=hours)[["hours", "actor", "kind"]]


def promised_hours(crisis: Crisis) -> float:
    """Hours to the first answer that the plan promises at the level of `crisis`."""
    return float(_level(crisis)["first_response_hours"])


def kept(crisis: Crisis, in_time: float) -> Told:
    """What the plan promised for `crisis` and what became of it; `in_time`: share of complaints answered as promised.

    `broken` names the clauses that were not kept: their names, with the role where there is one.
    """
    plan, actions = yaml.safe_load(texts.PLAN_YML), log(crisis)
    level = _level(crisis)
    begun = pd.Timestamp(crisis.onset).normalize()
    ages = {name: (begun - pd.Timestamp(plan[f"{name}ed_on"])).days for name in ("review", "train")}
    spoke, activated = _first(actions, PUBLIC), _first(actions, ("plan_activated",))
    due, roles = level["first_statement_hours"], {role["role"]: role for role in plan["team"]}
    acted = {name: _by(actions, roles[name]) for name in level["convene"]}
    said = _first(actions[actions["hours"] > 0], SPOKEN)
    broken = [f"{name}ing" if name == "train" else name for name, days in ages.items() if days > DUE_DAYS]
    broken += ["first_response"] if in_time < 0.8 else []
    broken += ["first_statement"] if spoke is not None and spoke > due else []
    broken += ["activated"] if activated is None or activated > due else []
    broken += [f"convene {name}" for name, when in acted.items() if when is None or when > due]
    for name in plan["approvals"]:
        agreed = _by(actions, roles[name])
        broken += [f"approval {name}"] if said is not None and agreed is not None and agreed > said else []
    for role in plan["team"]:
        alone = actions[actions["kind"].isin(role.get("decides", []))]
        broken += [f"decides {role['role']}"] if not alone["actor"].isin(_people(role)).all() else []
    held = any(words in getattr(said_, language) for words in plan["holding_statements"]
               for said_ in crisis.statements for language in ("en", "zh"))  # fmt: skip
    return {
        "level": texts.SEVERITY[crisis.id],
        "review_age_days": ages["review"],
        "training_age_days": ages["train"],
        "promised_first_response_hours": level["first_response_hours"],
        "promised_first_statement_hours": due,
        "first_public_word_hours": spoke,
        "activated_hours": activated,
        "convened_hours": acted,
        "holding_statement_used": held,
        "broken": broken,
    }


def steps(crisis: Crisis) -> Told:
    """How long after it was noticed the organisation decided, and spoke; negative where it had done so before."""
    actions = log(crisis)
    noticed = _first(actions, ("detected",))
    assert noticed is not None
    since = {name: _first(actions, kinds) for name, kinds in (("decided", DECISIONS), ("spoke", PUBLIC))}
    return {"noticed_hours": noticed} | {
        f"noticed_to_{name}_hours": None if when is None else round(when - noticed, 4) for name, when in since.items()
    }


def lessons(crisis: Crisis, truth: Told) -> list[Told]:
    """What is to be learnt from `crisis`: {what, because, rules, must}, of causes `cause` and `called` besides.

    `rules`: ids of the lessons that may tell it. `must`: whether a review has to tell it, or only may.
    """
    told = [*_causes(crisis, truth), *_plan(crisis, truth), *_answers(crisis, truth), *_words(crisis)]
    return told + list(_luck(crisis))


def _causes(crisis: Crisis, truth: Told) -> Iterator[Told]:
    earlier = [other for other in story.CRISES if utc(other.onset) < utc(crisis.onset)]
    peak = utc(crisis.onset) + pd.Timedelta(hours=crisis.growth)
    for cause in crisis.causes:
        name = {"cause": cause, "called": CALLED.get(cause, cause)}
        share = truth["causes"][cause]["share"]
        rules = ["top_cause", "cause_grew", "contributed", "set_off", "joined_later"]
        yield _told("cause", f"{share:.0%} of the complaints were of it", rules) | name
        before = [other.id for other in earlier if cause in other.causes]
        if before:
            because = f"it was a cause of {', '.join(before)}, and of everyday complaints between"
            yield _told("recurring", because, ["recurring_cause"]) | name
        elif cause in story.EVERYDAY_CAUSES:
            because = "everyday complaints are of it too"
            yield _told("recurring", because, ["recurring_cause"], must=False) | name
        if utc(crisis.cause_from.get(cause, crisis.onset)) >= peak:
            because = f"nobody could complain of it before {crisis.cause_from[cause]}, when the peak was reached"
            yield _told("joined", because, ["joined_later"]) | name
    if crisis.forerunner:
        cause, since, times = crisis.forerunner
        because = f"everyday complaints were of it {times} times as often from {since} on"
        rules = ["forewarned", "recurring_cause"]
        yield _told("forerunner", because, rules) | {"cause": cause, "called": CALLED.get(cause, cause)}


def _plan(crisis: Crisis, truth: Told) -> Iterator[Told]:
    plan = truth["plan"]
    stale = {name: plan[f"{name}_age_days"] for name in ("review", "training") if name in plan["broken"]}
    if stale:
        yield _told("stale plan", f"days since: {stale}", ["plan_stale"])
    breaches = [clause for clause in plan["broken"] if clause not in stale]
    if breaches:
        yield _told("plan breached", f"not kept: {', '.join(breaches)}", ["plan_breached"])
    spoke, due = plan["first_public_word_hours"], plan["promised_first_statement_hours"]
    if spoke is not None and spoke > 0:
        late = "first_statement" in plan["broken"]
        because = f"the first public word came after {spoke} h, promised are {due} h"
        rule = "statement_late" if late else "statement_in_time"
        yield _told("late statement" if late else "statement in time", because, [rule])
    noticed = truth["steps"]["noticed_hours"]
    late = noticed > 1
    because = f"it was noticed {noticed} h after it began"
    yield _told("noticed late" if late else "noticed soon", because, ["noticed_late" if late else "noticed_soon"])
    called = _first(log(crisis), ("outside_help",))
    if called is not None and called > HELP_HOURS:
        yield _told("help late", f"outside help was called after {called} h", ["help_not_called"])


def _answers(crisis: Crisis, truth: Told) -> Iterator[Told]:
    found, promised = truth["answers"], truth["plan"]["promised_first_response_hours"]
    in_time = found["in_time_share"]
    if in_time < MOST:
        because = f"{in_time:.0%} of the complaints were answered within {promised} h"
        yield _told("slow answers", because, ["slow_answers"])
    share = found["answered_share"]
    if share < MOST:
        yield _told("few answers", f"{share:.0%} of the complaints were ever answered", ["few_answered"])
        yield _told("backlog", "complaints came faster than answers", ["backlog_grew"], must=False)
    elif share > 0.8:
        yield _told("most answered", f"{share:.0%} of the complaints were answered", ["most_answered"], must=False)
    if found["template_share"] >= 0.3:
        yield _told("templates", f"{found['template_share']:.0%} of the answers were from templates", ["stock_answers"])
    if found["redirect_share"] > MOST:
        because = f"{found['redirect_share']:.0%} of the answers sent the customer elsewhere"
        yield _told("sent away", because, ["sent_away"])
    if found["closed_in_public"] == 0:
        yield _told("loop open", "nobody came back in public after sending a customer elsewhere", ["loop_open"])
    if crisis.answers.angry > crisis.answers.thanks:
        because = "who was answered wrote again in anger more often than in thanks, who was not never wrote again"
        yield _told("angry second turns", because, ["answers_angered"], must=False)


def _words(crisis: Crisis) -> Iterator[Told]:
    made = any(said.kind in ("apology", "compensation") for said in crisis.statements)
    if made and any(said.denies for said in crisis.statements):
        yield _told("mixed words", "what one statement denied another was sorry for", ["mixed_strategy"])


def _luck(crisis: Crisis) -> Iterator[Told]:
    """Mentions of every incident die away; where nothing that was done sped it, that was luck."""
    if crisis.effect is None:
        later = log(crisis).query("hours > 0 and kind in @SPOKEN", local_dict={"SPOKEN": SPOKEN})
        because = f"mentions halved every {crisis.half_life} h from the peak on, whatever was done"
        yield _told("luck", because, ["passed_by_itself"] if len(later) else ["passed_untouched"])


def _level(crisis: Crisis) -> Told:
    levels = yaml.safe_load(texts.PLAN_YML)["levels"]
    return next(row for row in levels if row["level"] == texts.SEVERITY[crisis.id])


def _told(what: str, because: str, rules: list[str], *, must: bool = True) -> Told:
    return {"what": what, "because": because, "rules": rules, "must": must}


def _first(actions: pd.DataFrame, kinds: Iterable[str]) -> float | None:
    found = actions.loc[actions["kind"].isin(list(kinds)), "hours"]
    return float(found.min()) if len(found) else None


def _by(actions: pd.DataFrame, role: Told) -> float | None:
    """When somebody who holds `role` first acted."""
    found = actions.loc[actions["actor"].isin(_people(role)), "hours"]
    return float(found.min()) if len(found) else None


def _people(role: Told) -> list[str]:
    return [role[name] for name in ("role", "person", "deputy") if name in role]


def _hours(start: pd.Timestamp, end: pd.Timestamp) -> float:
    return round((end - start) / pd.Timedelta(hours=1), 4)
