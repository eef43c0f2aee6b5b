"""Who needed a reply, how long they waited for it, and what had been promised: read once a case."""

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from analysis.measures import action_times, response, sentiment
from analysis.measures import triage as triage_measure
from analysis.measures.action_times import Shift
from analysis.measures.backlog import PATIENCE
from analysis.measures.estimate import Estimate, refused
from analysis.measures.response import Speed
from analysis.questions.case import Case
from analysis.questions.severity import case_severity
from analysis.questions.signs import case_triage, triaged

DEFAULT_HOURS = 24.0
"""Hours to a first response that are held against it where nobody promised any."""
ROWS = ("needed", "respond_now", "respond", "others")
"""Who is told of apart: all that needed a reply, its two classes, and complaints that needed none."""
Basis = Literal["given", "plan", "computed", "no_level", "no_severity", "no_plan"]


@dataclass(frozen=True)
class Promise:
    """`hours` promised (None where nobody did), for severity `level`. `basis`: given (to the notebook), plan (at the
    level that incident.yml states), computed (at the level computed), or why there is none: no_level (the plan lacks
    it), no_severity (neither stated nor computable), no_plan."""

    hours: float | None
    basis: Basis
    level: int | None = None


@dataclass(frozen=True)
class Waiting:
    """`posts`: id, asked, answered (UTC, null where never), row (one of ROWS but needed), in order of id; first posts
    by others from two weeks before the incident to the end of the aftermath; later turns too where the archive holds no
    first posts, since answers to those are all that can be timed there.

    `sure` is False where the triage is unsure or nothing can be joined: all negative first posts then count as needed
    ("respond"), and there are no others.
    """

    posts: pd.DataFrame
    sure: bool

    def of(self, row: str) -> pd.DataFrame:
        """Posts of one of ROWS."""
        if row == "needed":
            return self.posts[self.posts["row"] != "others"]
        return self.posts[self.posts["row"] == row]


def promise(case: Case, name: str = "first_response_hours", given: float = 0.0) -> Promise:
    """What was promised under `name` of a plan's level; `given` where it is not 0."""
    if given:
        return Promise(given, "given")
    if case.plan is None or not case.plan.levels:
        return Promise(None, "no_plan")
    level, basis = case.incident.severity, "plan"
    if level is None:
        computed = case_severity(case).level.value
        if computed is None:
            return Promise(None, "no_severity")
        level, basis = round(float(computed)), "computed"
    hours = next((float(getattr(row, name)) for row in case.plan.levels if row.level == level), None)
    return Promise(hours, "no_level" if hours is None else basis, level)  # type: ignore[arg-type]


def basis(case: Case, promised: Promise) -> dict[str, str]:
    """Why that was taken for promised, as a sentence to follow another; nothing where the plan and incident.yml say."""
    if promised.basis == "plan":
        return dict.fromkeys(case.languages, "")
    level = Estimate(promised.level, "level", 1, "severity") if promised.level else None
    told = case.say(f"promise.{promised.basis}", {"level": level} if level else {})
    return {language: (" " if language == "en" else "") + text for language, text in told.items()}


def hours_promised(case: Case, given: float) -> float:
    """The promised hours to a first answer: `given` where it is not 0, else the plan's, else DEFAULT_HOURS."""
    return promise(case, given=given).hours or DEFAULT_HOURS


def case_waiting(case: Case) -> Waiting:
    """Who waited for a reply, in and around the incident."""

    def read() -> Waiting:
        start = case.start - 2 * PATIENCE
        rows = case.mentions[case.mentions["published_at"] >= start]
        opens = ~rows["from_brand"] & (rows["kind"] != "repost")
        if case.joins["openers"] != "absent":
            opens &= rows["parent_id"].isna()
        opens = opens.fillna(False)
        rows = rows[opens.to_numpy(dtype=bool)]
        sure = response.unprovable(case.joins) not in response.UNJOINED and not unsure(case)
        posts = rows[["id"]].merge(response.pairs(case.mentions), on="id").sort_values("id", ignore_index=True)
        negative = set(rows.loc[sentiment.labels(rows) == "negative", "id"])
        if not sure:
            posts = posts[posts["id"].isin(negative)].assign(row="respond")
            return Waiting(posts.reset_index(drop=True), False)
        apart = rows[(rows["published_at"] < case.start) | (rows["published_at"] >= case.end)]
        sorted_ = pd.concat([case_triage(case), triaged(case, apart)]).set_index("id")["triage"]
        row = posts["id"].map(sorted_)
        needed = row.isin(triage_measure.NEEDED)
        posts = posts.assign(row=row.where(needed, "others"))[(needed | posts["id"].isin(negative)).to_numpy()]
        return Waiting(posts.reset_index(drop=True), True)

    return case.once("waiting", read)


def unsure(case: Case) -> bool:
    """Whether the triage names too few rightly here to say who needed a reply."""
    return triage_measure.outrage(case_triage(case))


def case_speeds(case: Case, promised_hours: float = 0.0) -> dict[str, Speed]:
    """The speed of answering the posts of the incident, for each of ROWS."""
    hours = hours_promised(case, promised_hours)

    def measure() -> dict[str, Speed]:
        until = case.mentions["published_at"].max()
        found = {}
        for row in ROWS:
            speed = response.speed(inside(case, case_waiting(case).of(row)), case.joins, until, hours)
            found[row] = speed if case.incident.brand_accounts else _unnamed(speed)
        return found

    return case.once(f"speeds {hours}", measure)


def inside(case: Case, posts: pd.DataFrame) -> pd.DataFrame:
    """The rows of `posts` that were asked in the incident."""
    return posts[(posts["asked"] >= case.start) & (posts["asked"] < case.end)]


def whose(case: Case) -> dict[str, str]:
    """Who is in the denominator, in words."""
    return case.say("waiting.needed" if case_waiting(case).sure else "waiting.complaints")


def case_shift(case: Case) -> Shift:
    """Whether the action log's clock is off, by its statements that stand in the archive."""

    def measure() -> Shift:
        posts = case.mentions[case.mentions["from_brand"] & (case.mentions["kind"] != "repost")]
        entries = [(pd.Timestamp(action.when), action.text, action.link) for action in case.actions]
        table = pd.DataFrame(entries, columns=["when", "text", "link"])
        offset = case.start.tz_convert(case.zone).utcoffset()
        return action_times.shift(table, posts, offset.total_seconds() / 3600 if offset else 0.0)

    return case.once("action times", measure)


def _unnamed(found: Speed) -> Speed:
    """The same refusals with their true reason: nobody said which accounts are the organisation's."""
    hours, share = (refused(unit, "no_accounts", "incident.yml") for unit in ("hours", "share"))
    soon = dict.fromkeys(found.soon, share)
    return replace(found, median=hours, p90=hours, answered=share, within=share, soon=soon)
