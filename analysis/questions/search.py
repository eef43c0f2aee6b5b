"""A search: one archive and the candidate incidents in it, as the questions of notebook 0 see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.measures.candidates import Candidates
from analysis.measures.cue_alarm import Raised
from analysis.measures.kinds import Evidence, Kind
from analysis.measures.severity import Severity
from analysis.questions.page import Answer, Page
from analysis.workspace import Workspace


@dataclass(frozen=True)
class Spike:
    """One listed candidate as it was read.

    `row` is its row of `candidates.ranked`; `read` the scored mentions of the sample that was read of it, `usual` of
    the time before; `causes` are (name, share of the complaints read), the largest first, `typical` ids of mentions
    nearest to the largest cause; `sector` the other brands that have a candidate of their own at the time; `severity`
    rests on the sample, but for the cues that raise its level, which are read in all mentions.
    """

    rank: int
    brand: str
    row: Mapping[Any, Any]
    kind: Kind
    told: Evidence
    read: pd.DataFrame
    usual: pd.DataFrame
    causes: list[tuple[str, float]]
    typical: list[str]
    sector: list[str]
    severity: Severity


@dataclass
class Search(Page):
    """One archive, ingested and audited, and what stands out in it.

    `brands` maps a label ("" where there are none) to its candidates, `raised` to the cues that weigh whatever the
    volume; `hours` and `claims` are the coverage audit;
    `ranked` holds the listed candidates, best first, and `spikes` those of them that were read. `selected` says that
    the archive holds later turns of conversations and hardly any first posts. `name` is the organisation's, where it
    was given; so are its `accounts` and other `terms`, and the languages `spoken` that were scored. Times are UTC;
    `time_zone` is for display.
    """

    place: Workspace
    archive: str
    name: str
    accounts: list[str]
    terms: list[str]
    spoken: list[str]
    time_zone: str
    report_languages: list[str]
    brands: dict[str, Candidates]
    raised: dict[str, Raised]
    hours: pd.DataFrame
    claims: pd.DataFrame
    ranked: pd.DataFrame
    spikes: list[Spike]
    mentions: pd.DataFrame
    selected: bool
    notebook: str
    output: Path
    allowed: dict[str, str]
    answers: list[Answer] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return self.archive

    @property
    def languages(self) -> list[str]:
        return self.report_languages

    @property
    def zone(self) -> str:
        return self.time_zone

    def called(self, brand: str) -> str:
        """How a label is named in a sentence: the archive's where it has none."""
        return brand or self.name or self.archive
