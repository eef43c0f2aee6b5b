"""A language and a zone to say messages in, and the short texts that several parts of a report share."""

from collections.abc import Mapping

from analysis import wording
from analysis.findings import Finding
from analysis.questions.case import Case


class Voice:
    """A language and a zone, to say messages in."""

    def __init__(self, language: str, zone: str) -> None:
        self.language, self.zone = language, zone

    def __call__(self, message: str, values: Mapping[str, object] | None = None) -> str:
        return wording.say(message, self.language, values, self.zone)

    def either(self, message: str, otherwise: str) -> str:
        return self(message if wording.knows(message) else otherwise)


def state_of(case: Case, say: Voice) -> str:
    """Draft, reviewed, approved by whom and when, or superseded."""
    incident = case.incident
    told = {"by": incident.approved_by or "", "on": str(incident.approved_on or "")}
    return say(f"state_word.{incident.state}", told)


def title_of(finding: Finding, say: Voice) -> str:
    """What a finding is called."""
    return say.either(f"title.{finding.id}", f"title.{finding.question}")
