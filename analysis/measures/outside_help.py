"""When a crisis needed professionals from outside, and whether they were called (definitions C15, practice 6).

A decision table, after matrices of escalation that the canon names: each trigger is judged from its own evidence, and
what the archive cannot show is not known rather than absent. Whom a trigger asks for is a starting point for people.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.measures.estimate import Estimate, refused
from analysis.measures.proportions import wilson

TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "injury": ("care", "legal"),
    "law": ("legal",),
    "breach": ("security", "legal"),
    "misconduct": ("independent", "legal"),
    "coordinated": ("security", "pr"),
    "severe": ("pr",),
    "promises": ("pr",),
    "backlog": ("pr",),
    "language": ("pr",),
    "recurrence": ("independent",),
}
"""Trigger → the professions of which one at least should be called. PROFESSIONS: legal counsel, public relations,
forensics and security, care (psychologists, doctors), an independent review."""
PROFESSIONS: Mapping[str, str] = {
    "legal": r"lawyer|counsel(?!l)|legal|solicitor|attorney|律师|法务|法律",
    "security": r"forensic|security|cyber|investigator|取证|安全公司|安全团队|网安",
    "care": r"psycholog|counsell|trauma|therap|medic|doctor|nurse|\bcare\b|心理|医疗|医生|救助",
    "independent": r"independent|third[- ]party|external (?:review|audit|inquiry)|auditor|独立|第三方|审计",
    "pr": r"\bpr\b|public relations|communications? (?:agency|firm|advis)|crisis (?:advis|consult|agency|firm"
    r"|team)|agency"
    r"|advis[eo]r|consultant|公关|顾问|危机",
}
"""Profession → how the log names it, in what was done or by whom; the first that fits."""
SOON = 24.0
"""Hours from a trigger to the call within which it counts as in time. Crises reach other countries within a day in 69%
of cases (Freshfields' survey, C8). A proposal."""
REPEATS = 2
"""Like incidents before this one that make it the third."""
BACKLOG_HOURS = 6.0
"""Hours for which more came than was answered, from which a backlog grew (C15)."""
VOICES = 10
"""People writing in a language in which nobody answered, from which it is beyond the team. A proposal."""
METHOD = "triggers of the decision table, each by its own evidence"
_COLUMNS = ("trigger", "state", "sure", "first", "ids", "professions", "called", "profession", "hours", "in_time")


@dataclass(frozen=True)
class Sign:
    """What is known of one trigger. `state`: "fired", "not" or "unknown"; `sure`: whether it may stand without a
    reader; `first`: when it first held (UTC; None where that is not dated); `ids` of the mentions behind it."""

    state: str
    first: pd.Timestamp | None = None
    ids: Sequence[str] = field(default_factory=tuple)
    sure: bool = True


UNKNOWN = Sign("unknown")


def table(signs: Mapping[str, Sign], calls: pd.DataFrame) -> pd.DataFrame:
    """A row for each of TRIGGERS: trigger, state, sure, first, ids, professions (asked for), called (when; null), the
    profession that was, hours from the trigger to the call (0 where the call came before; null where either is not
    dated), in_time (hours up to SOON; null where that is not known).

    `calls` as of `calls_of`. A trigger that nobody judged is unknown. A call counts whenever it came.
    """
    rows = []
    for trigger, professions in TRIGGERS.items():
        sign = signs.get(trigger, UNKNOWN)
        fit = calls[calls["profession"].isin(professions)] if sign.state == "fired" else calls.head(0)
        call = fit.iloc[0] if len(fit) else None
        hours = None
        if call is not None and sign.first is not None:
            hours = max(0.0, (call["when"] - sign.first) / pd.Timedelta(hours=1))
        in_time = None
        if sign.state == "fired":
            in_time = False if call is None else None if hours is None else hours <= SOON
        rows.append(
            {
                "trigger": trigger,
                "state": sign.state,
                "sure": sign.sure,
                "first": sign.first if sign.state == "fired" else None,
                "ids": list(sign.ids),
                "professions": list(professions),
                "called": call["when"] if call is not None else pd.NaT,
                "profession": call["profession"] if call is not None else None,
                "hours": hours,
                "in_time": in_time,
            }
        )
    made = pd.DataFrame(rows, columns=list(_COLUMNS))
    return made.assign(first=pd.to_datetime(made["first"], utc=True), called=pd.to_datetime(made["called"], utc=True))


def calls_of(actions: Iterable[tuple[pd.Timestamp, str, str]]) -> pd.DataFrame:
    """The calls in the action log: when (UTC), profession (of PROFESSIONS, or "unnamed"), text; in order of time.

    `actions`: (when, kind, actor and text) of those of kinds `legal` and `outside_help`.
    """
    rows = [
        {"when": when, "profession": "legal" if kind == "legal" else _profession(text), "text": text}
        for when, kind, text in actions
    ]
    found = pd.DataFrame(rows, columns=["when", "profession", "text"])
    return found.sort_values("when", ignore_index=True)


def backlog(spans: Sequence[tuple[pd.Timestamp, pd.Timestamp, float]] | None) -> Sign:
    """Whether a backlog grew for BACKLOG_HOURS: `spans` in which it did, as (start, end, by how many); None: unknown.

    It first held once it had grown for so long.
    """
    if spans is None:
        return UNKNOWN
    least = pd.Timedelta(hours=BACKLOG_HOURS)
    held = sorted(start + least for start, end, _ in spans if end - start >= least)
    return Sign("fired", held[0]) if held else Sign("not")


def languages(mentions: pd.DataFrame, spoken: Iterable[str]) -> tuple[Sign, list[str]]:
    """Whether at least VOICES people wrote in a language that nobody of the organisation spoke; and which languages.

    `mentions`: id, published_at, author, language (null where not identified), by anybody else; `spoken`: languages of
    the organisation's posts and of its holding statements. Rows without an author are no people.
    """
    known = mentions.dropna(subset=["language", "author"])
    rows = known[~known["language"].isin(set(spoken))].sort_values(["published_at", "id"])
    firsts = rows.drop_duplicates(["language", "author"])
    held = {str(code): some for code, some in firsts.groupby("language") if len(some) >= VOICES}
    if not held:
        return Sign("not"), []
    reached = {code: some["published_at"].iloc[VOICES - 1] for code, some in held.items()}
    order = sorted(held, key=lambda code: (reached[code], code))
    return Sign("fired", reached[order[0]], held[order[0]]["id"].tolist()[:VOICES]), order


def promises(broken: Mapping[str, pd.Timestamp | None]) -> Sign:
    """Whether two promises of the plan were broken; it first held with the second, where both are dated."""
    if len(broken) < 2:
        return Sign("not")
    dates = [moment for moment in broken.values() if moment is not None]
    return Sign("fired", sorted(dates)[1] if len(dates) == len(broken) else None)


def lapsed(asked: pd.DataFrame, hours: float, *, kept: float = 0.5, least: int = 20) -> pd.Timestamp | None:
    """When the promise of an answer within `hours` was surely broken: the first deadline (UTC) by which fewer than
    `kept` of at least `least` posts in `asked` (asked, answered; UTC) had been answered in time, with its whole 95%
    Wilson interval under it. None where that never came. For archives that prove silence alone."""
    rows = asked.assign(due=asked["asked"] + pd.Timedelta(hours=hours)).sort_values("due")
    met = (rows["answered"] <= rows["due"]).to_numpy().cumsum()
    for n in range(least, len(rows) + 1):
        if float(wilson(int(met[n - 1]), n).high or 1.0) < kept:
            return rows["due"].iloc[n - 1]
    return None


def longest(made: pd.DataFrame) -> Estimate:
    """The longest wait from a trigger to a call of one of its professions, of the triggers that are sure."""
    hours = made.loc[(made["state"] == "fired") & made["sure"].astype(bool), "hours"].dropna().astype(float)
    if hours.empty:
        return refused("hours", "no_actions", METHOD)
    most = float(hours.max())
    return Estimate(most, "hours", len(hours), METHOD, most, most)


def _profession(text: str) -> str:
    return next((name for name, pattern in PROFESSIONS.items() if re.search(pattern, text, re.I)), "unnamed")
