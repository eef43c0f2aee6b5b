"""The incidents of a workspace with their published reports, as the questions of notebook 5 see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import wording
from analysis.measures.registry import Registry
from analysis.questions.page import Answer, Page
from analysis.style import numbers


def column(values: Iterable[Any], table: pd.DataFrame) -> pd.Series:
    """`values`, texts by language among them, as a column of `table`."""
    return pd.Series(list(values), index=table.index, dtype=object)


@dataclass
class Several(Page):
    """Incidents, and what their reports say together.

    `grouped` and `recurring` are `recurrence.groups` and `.table`; `asked` is `follow_through.asked`; `lessons` are
    those of each report, as dicts; `centred` says whether any report keeps the centres of its causes; `unread` are
    (incident, reason) of those without a report that can be read; `remeasured` is `remeasure.measured` of all, judged
    up to `as_of`. Times are UTC; `time_zone` is for display: that of the incidents, where they agree.
    """

    registry: Registry
    grouped: pd.DataFrame
    recurring: pd.DataFrame
    asked: pd.DataFrame
    lessons: Mapping[str, Sequence[Mapping[str, Any]]]
    centred: bool
    unread: list[tuple[str, str]]
    remeasured: pd.DataFrame
    as_of: pd.Timestamp
    time_zone: str
    report_languages: list[str]
    notebook: str
    output: Path
    called: dict[str, str] = field(default_factory=dict)
    """Titles of incidents that have no row."""
    allowed: dict[str, str] = field(default_factory=dict)
    mentions: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"id": [], "text": []}))
    answers: list[Answer] = field(default_factory=list)
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return "patterns"

    @property
    def languages(self) -> list[str]:
        return self.report_languages

    @property
    def zone(self) -> str:
        return self.time_zone

    @property
    def rows(self) -> pd.DataFrame:
        return self.registry.rows

    @property
    def brands(self) -> list[str]:
        return list(dict.fromkeys(self.rows["brand"]))

    @property
    def unmatched(self) -> bool:
        """Whether causes that no taxonomy names could not be compared, for want of their centres."""
        unnamed = bool(self.registry.causes["origin"].eq("found").any())
        return unnamed and not self.centred and len(self.rows) > 1

    def title(self, incident: str) -> str:
        """How a sentence names an incident: its title."""
        own = self.rows.set_index("incident")["title"]
        return str(own[incident] if incident in own.index else self.called[incident])

    def titles(self, incidents: Iterable[str]) -> dict[str, str]:
        """Their titles as a list in a sentence, by language."""
        names = [f"“{self.title(name)}”" for name in incidents]
        return {language: wording.joined(names, language) for language in self.languages}

    def causes(self, groups: Iterable[int]) -> dict[str, str]:
        """The names of causes (by their number in `recurring`) as a list in a sentence, by language."""
        names = self.recurring.set_index("group")["names"]
        return {
            language: wording.joined([f"“{names[group][language]}”" for group in groups], language)
            for language in self.languages
        }

    def not_read(self) -> dict[str, object]:
        """Values of a sentence about `unread`: how many they are, and their names with the reasons."""
        names = {
            language: wording.joined(
                [f"{name} ({wording.say(f'unread.{reason}', language)})" for name, reason in self.unread], language
            )
            for language in self.languages
        }
        return {"unread": len(self.unread), "names": names}

    def day(self, moment: pd.Timestamp) -> dict[str, str]:
        """The day of a moment where it is shown, by language."""
        return {language: numbers.day(moment.tz_convert(self.zone), language, year=True) for language in self.languages}

    def held(self) -> dict[str, set[int]]:
        """Incident → the numbers of the causes that contributed to it; those without known causes are absent."""
        own = self.grouped.groupby("incident")["group"].agg(set).to_dict()
        return {name: {int(group) for group in own.get(name, set())} for name in self.registry.causes["incident"]}
