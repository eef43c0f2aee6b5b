"""Published reports made by hand, plain or hostile, for tests of the page over all incidents."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis import findings, lessons
from analysis.findings import Finding
from analysis.lessons import FollowUp, Lesson
from analysis.measures.estimate import Estimate, refused

BOTH = ("en", "zh")


def told(text: str) -> dict[str, str]:
    return dict.fromkeys(BOTH, text)


def finding(identity: str, text: str, certainty: Any = "medium", facts: Any = None, **values: Estimate) -> Finding:
    return Finding(
        identity, "1_what_happened", identity, identity, told(text), values, certainty=certainty, facts=facts or {}
    )


def some_findings(words: str = "") -> list[Finding]:
    """What the portal reads, and one finding more; `words` are added to every sentence."""
    share = Estimate(0.62, "share", 2841, "Wilson", 0.6, 0.64)
    return [
        replace(finding("coverage.summary", f"The archive is whole. {words}", "high"), message="coverage.whole"),
        finding("subject.named", f"All name us. {words}", "high", {"few": False}),
        finding("volume.total", f"38,400 mentions. {words}", during=Estimate(38_400.0, "count", 38_400, "count")),
        finding(
            "verdict", f"It was a crisis: negative mentions rose to 62%. {words}", facts={"verdict": "crisis"}, a=share
        ),
        finding(
            "severity.index",
            f"The index is 71 of 100, level 3 of 4. {words}",
            facts={"said": None},
            index=Estimate(71.0, "index", 7, "index"),
            level=Estimate(3.0, "level", 7, "index", 2.0, 4.0),
        ),
        finding("sentiment.negative", f"62% (60–64%). {words}", during=share),
        finding("response.statement", f"After 21 h. {words}", delay=Estimate(21.0, "hours", 1, "log")),
        finding("replies.speed", f"Not known. {words}", "refused", median=refused("hours", "not_recorded", "none", 0)),
        finding("recovery.half_life", f"19 h (16–24 h). {words}", half=Estimate(19.0, "hours", 96, "fit", 16.0, 24.0)),
        finding("causes.shares", f"Refunds have 41%. {words}", lead=Estimate(0.41, "share", 90, "Wilson")),
    ]


def some_lessons(words: str = "", owner: str = "duty lead") -> list[Lesson]:
    asked = FollowUp(told(f"Set up a rota by day 30. {words}"), owner, "2026-01-31", "detective", "alarm.lag")
    return [
        Lesson(
            *("late", "went_wrong", "change", 1, told(f"Watch at weekends {words}"), told(f"62% waited. {words}")),
            *("medium", ["verdict"], asked),
        )
    ]


def publish(
    reports: Path, identity: str, *, title: str = "The overbooked sailing", brand: str = "Northwind",
    start: str = "2025-03-20T00:00:00+00:00", end: str = "2025-03-24T00:00:00+00:00", state: str = "draft",
    words: str = "", languages: tuple[str, ...] = BOTH, **more: Any,
) -> Path:  # fmt: skip
    """Write `reports/<identity>/` as a run would, as far as the portal reads it."""
    folder = reports / identity
    folder.mkdir(parents=True)
    findings.write(more.get("findings") or some_findings(words), identity, folder / "findings.json")
    lessons.write(some_lessons(words), identity, folder / "lessons.json")
    for place, language in enumerate(languages):
        for kind in ("html", "pdf", "docx"):
            name = f"postmortem.{kind}" if place == 0 else f"postmortem.{language}.{kind}"
            (folder / name).write_text("", encoding="utf-8")
    signed = state in ("reviewed", "approved")
    about = {
        "title": title,
        "brand": brand,
        "time_zone": "Europe/London",
        "report_languages": list(languages),
        "window": "auto",
    }
    made = {
        "incident": identity,
        "incident_file": about,
        "state": state,
        "signed_by": "A. Board" if signed else None,
        "signed_on": "2025-05-02" if signed else None,
        "changed_since": None,
        "fingerprint": identity,
        "short": bool(more.get("short")),
        "window": {"start": start, "end": end},
        "schema": 1,
        "run_id": identity,
    }
    (folder / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    return folder
