"""A case: one prepared incident as the questions see it, and the answers given so far."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.followups import FollowUp
from analysis.incident import Action, Incident, Stamp, Window
from analysis.measures import volume
from analysis.measures.calibrated import Calibration
from analysis.measures.calibration import Labelling
from analysis.plan import Plan
from analysis.questions.page import Answer, Page
from analysis.questions.several import Several

EARLIER = ("id", "title", "start", "end", "crisis_type", "cluster", "severity", "causes")
"""Of an earlier incident: times UTC; `causes` a list of the names (English) that its published report puts first."""


@dataclass
class Case(Page):
    """One prepared incident.

    `mentions` are scored mentions from the start of the baseline to the end of the aftermath; those that are surely
    about something else, or hold an excluded phrase, are `left_out` of them;
    `hours` and `claims` are the coverage audit, `joins` the joinability audit, `notes` what the preparing step has to
    say of its own work. Times are UTC; `incident.time_zone` is for display.
    """

    incident: Incident
    window: Window
    mentions: pd.DataFrame
    hours: pd.DataFrame
    claims: pd.DataFrame
    joins: dict
    causes: pd.DataFrame
    notes: dict
    plan: Plan | None
    actions: list[Action]
    notebook: str
    output: Path
    allowed: dict[str, str]
    """Pseudonym → name that may be printed: brand_accounts and public_accounts of the incident."""
    labelling: Labelling | None = None
    """What people said of mentions (labels.csv); None where nobody has."""
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Mentions judged not to be about the organisation: in no number but those that say what they would change."""
    map: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Where complaints lie among the causes: [id, x, y, cause, language], as `scoring.cause_map.lay` has it."""
    tree: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Which causes are kin: [language, left, right, distance, n], as `scoring.cause_map.lay` has it."""
    cache: Path | None = None
    """The workspace's cache, where vectors of texts are kept; None where there is none."""
    folder: Path | None = None
    """The incident's own folder, where what people decide is written; None where nothing is to be written."""
    earlier: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EARLIER)))
    """The organisation's incidents of the two years before this one, the latest first: EARLIER."""
    before_it: Several | None = None
    """The case beside the published reports of the incidents before it, as `runs.before.look_back` has it: for notebook
    4 alone, and None where notebooks 1 to 3 have not run."""
    followups: list[FollowUp] | None = None
    """What followups.csv holds; None where there is none."""
    stamp: Stamp = field(default_factory=Stamp)
    """The state of the report, set by a run when its contents are known: incident.yml may speak of others."""
    answers: list[Answer] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return self.incident.id

    @property
    def languages(self) -> list[str]:
        return list(self.incident.report_languages)

    @property
    def zone(self) -> str:
        return self.incident.time_zone

    @property
    def start(self) -> pd.Timestamp:
        return pd.Timestamp(self.window.start).tz_convert("UTC")

    @property
    def end(self) -> pd.Timestamp:
        return pd.Timestamp(self.window.end).tz_convert("UTC")

    @property
    def baseline_start(self) -> pd.Timestamp:
        return self.start - pd.Timedelta(days=self.incident.baseline_days)

    @property
    def after_end(self) -> pd.Timestamp:
        return self.end + pd.Timedelta(days=self.incident.after_days)

    @cached_property
    def label(self) -> str:
        """The brand label whose coverage applies: the incident's where the archive has labels, else its whole."""
        return self.incident.brand if (self.hours["brand"] == self.incident.brand).any() else ""

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Rows of `hours` that apply to the brand, from the start of the baseline to the end of the aftermath.

        Only there are mentions at hand: an hour outside would look empty, not unseen.
        """
        own = volume.as_seen(self.hours, self.claims, self.label)
        inside = (own["hour"] >= self.baseline_start.ceil("h")) & (own["hour"] < self.after_end.floor("h"))
        return own[inside].reset_index(drop=True)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Mentions by anybody but the organisation."""
        return self.mentions[~self.mentions["from_brand"]]

    @cached_property
    def calibration(self) -> Calibration | None:
        """What turns scores into what people would have said; None where there is none for what is compared.

        Where a scorer of more than a few mentions has too few labels, nothing is calibrated: what is and what is not
        would be compared.
        """
        made = self.labelling.calibration if self.labelling else None
        compared = (self.before(self.customers), self.during(self.customers))
        return made if made and all(made.covers(part) for part in compared) else None

    @property
    def own_accounts(self) -> list[str]:
        """Pseudonyms of the organisation's accounts."""
        return [pseudonym for pseudonym, name in self.allowed.items() if name in self.incident.brand_accounts]

    @property
    def selected(self) -> bool:
        """Whether the archive holds later turns of conversations and hardly any first posts.

        Its volume is then that of conversations with the organisation, not of what was said about it.
        """
        return self.joins["openers"] == "absent"

    @property
    def frozen_counts(self) -> list[dict]:
        """What the audit says of counts that were taken too early, of this brand."""
        early = (self.claims["kind"] == "frozen_counts") & self.claims["brand"].isin({self.label, ""})
        return [dict(told) for told in self.claims.loc[early, "values"]]

    @property
    def days_only(self) -> bool:
        """Whether the archive records days but no hours."""
        return self.notes["resolution"] == "day"

    def during(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["published_at"] >= self.start) & (table["published_at"] < self.end)]

    def before(self, table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["published_at"] >= self.baseline_start) & (table["published_at"] < self.start)]

    def first_action(self, kinds: tuple[str, ...]) -> Action | None:
        return next((action for action in self.actions if action.kind in kinds), None)
