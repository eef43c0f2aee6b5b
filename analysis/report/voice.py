"""A language and a zone to say messages in, and the short texts that several parts of a report share."""

import re
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
    return state_word(incident.state, incident.approved_by, incident.approved_on, say)


def state_word(state: str, by: object, on: object, say: Voice) -> str:
    """A state, and by whom and when a report was approved."""
    return say(f"state_word.{state}", {"by": str(by or ""), "on": str(on or "")})


def title_of(finding: Finding, say: Voice) -> str:
    """What a finding is called."""
    return say.either(f"title.{finding.id}", f"title.{finding.question}")


def opening(text: str, language: str, sentences: int) -> str:
    """The first `sentences` of `text`; a stop within quotation marks ends none."""
    ends = re.finditer("[。！？]" if language == "zh" else r"[.!?](?=\s+[A-Z0-9“×−+<>])", text)
    whole = [end.end() for end in ends if text.count("“", 0, end.end()) == text.count("”", 0, end.end())]
    return text[: whole[sentences - 1]] if len(whole) >= sentences else text
