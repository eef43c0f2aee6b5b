"""A language and a zone to say messages in, and the short texts that several parts of a report share."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from analysis import wording
from analysis.findings import Finding
from analysis.incident import Stamp
from analysis.questions.case import Case
from analysis.style import numbers


class Voice:
    """A language and a zone, to say messages in."""

    def __init__(self, language: str, zone: str) -> None:
        self.language, self.zone = language, zone

    def __call__(self, message: str, values: Mapping[str, object] | None = None) -> str:
        return wording.say(message, self.language, values, self.zone)

    def either(self, message: str, otherwise: str) -> str:
        return self(message if wording.knows(message) else otherwise)


def state_of(case: Case, say: Voice) -> str:
    """The state of a case's report, and who signed it when."""
    return state_word(case.stamp, say)


def state_word(stamp: Stamp, say: Voice) -> str:
    """A state, by whom it was signed and when; of a draft that was signed with other contents, that too."""
    on = numbers.day(datetime.fromisoformat(stamp.on), say.language, year=True) if stamp.on else ""
    told = {"by": stamp.by, "on": on}
    if stamp.changed:
        return say(f"state_word.changed.{stamp.changed}", told)
    if stamp.state == "superseded" and stamp.by:
        return say("state_word.superseded.signed", told)
    return say(f"state_word.{stamp.state}", told)


def state_tone(stamp: Stamp) -> Literal["good", "warning", "neutral"]:
    """How a state is shown: what is not to be relied on any more warns."""
    if stamp.changed or stamp.state == "superseded":
        return "warning"
    return "good" if stamp.state == "approved" else "neutral"


def title_of(finding: Finding, say: Voice) -> str:
    """What a finding is called."""
    return say.either(f"title.{finding.id}", f"title.{finding.question}")


def opening(text: str, language: str, sentences: int) -> str:
    """The first `sentences` of `text`; a stop within quotation marks ends none."""
    ends = re.finditer("[。！？]" if language == "zh" else r"[.!?](?=\s+[A-Z0-9“×−+<>])", text)
    whole = [end.end() for end in ends if text.count("“", 0, end.end()) == text.count("”", 0, end.end())]
    return text[: whole[sentences - 1]] if len(whole) >= sentences else text
