"""Published reports of invented incidents, as small as what is read of them, for what repeats across incidents."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from analysis import findings, followups, lessons
from analysis.findings import Finding
from analysis.lessons import FollowUp, Lesson
from analysis.measures.estimate import Estimate, refused
from analysis.runs import manifest
from analysis.workspace import Workspace

VERSION = "minilm-l6-v2-int8-2"


def cause(
    number: int,
    name: str,
    *,
    key: str | None = None,
    part_low: float | None = 0.2,
    growth: tuple[float, float, float] | None = (2.0, 1.2, 3.0),
    p: float = 0.2,
    **more: Any,
) -> dict[str, Any]:
    """A cause of a report: by default with a fifth of what came on top, its share not surely grown (p)."""
    middle, low, high = growth or (np.nan, np.nan, np.nan)
    row = {
        "cause": number,
        "key": key,
        "called": {"en": name, "zh": f"诱因{name}"},
        "origin": "taxonomy" if key else "found",
        "n": 50,
        "share": 0.3,
        "low": 0.25,
        "growth": middle,
        "growth_low": low,
        "growth_high": high,
        "p": p,
        "stability": 0.9,
        "part": None if part_low is None else part_low + 0.05,
        "part_low": part_low,
        "role": "first",
        "state": "seldom",
    }
    return row | more


def told(identity: str, message: str, facts: Mapping[str, object] | None = None, **values: Estimate) -> Finding:
    return Finding(
        identity, "1_what_happened", identity.split(".", maxsplit=1)[0], message, {"en": ""}, values, facts=facts or {}
    )


def hours(value: float | None, reason: str = "censored") -> Estimate:
    return refused("hours", reason) if value is None else Estimate(value, "hours", 9, "made", value / 2, value * 2)


def publish(
    place: Workspace,
    incident: str,
    start: str,
    causes: Sequence[Mapping[str, Any]],
    *,
    brand: str = "Acme",
    half: float | None = 10.0,
    statement: float | None = 1.0,
    about: Sequence[int] = (0,),
    platforms: Sequence[str] = ("murmur", "weiyu"),
    centres: Mapping[int, Sequence[float]] | None = None,
    actions: str = "apology",
    **file: Any,
) -> Path:
    """Write the incident's file and its report: a crisis of four days, a lesson about each of the causes `about`."""
    begun = pd.Timestamp(start, tz="UTC")
    ended = begun + timedelta(days=4)
    home, folder = place.incident(incident), place.report(incident)
    for path in (home, folder / "tables"):
        path.mkdir(parents=True, exist_ok=True)
    window = {"start": begun.isoformat(), "end": ended.isoformat()}
    written = {"id": incident, "title": f"Trouble {incident}", "brand": brand, "archives": ["none"], "window": window}
    written |= {"crisis_type": "technical failure", "severity": 2, "taxonomy": None, "time_zone": "UTC"} | file
    (home / "incident.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    (home / "actions.csv").write_text(f"when,actor,kind\n{begun:%Y-%m-%d} 12:00,desk,{actions}\n", encoding="utf-8")
    named = [[row["called"] for row in causes if row["cause"] == number] for number in about]
    found = [
        told("onset.time", "onset.dated", onset=Estimate(begun.isoformat(), "time", 1, "made")),
        told("volume.total", "volume.against_expected", during=Estimate(900.0, "count", 900, "count")),
        told("alarm.lag", "lag.late", lag=hours(2.0)),
        told("alarm.cues", "cues.none"),
        told("alarm.knowable", "alarm.rang"),
        told("verdict", "verdict.crisis", {"verdict": "crisis"}),
        told("response.statement", "statement.late", delay=hours(statement)),
        told("replies.speed", "speed.median", median=hours(3.0)),
        told("replies.answered", "answered.share", answered=Estimate(0.6, "share", 90, "Wilson", 0.5, 0.7)),
        told("recovery.half_life", "half_life.both", half=hours(half)),
        told("severity.index", "severity.index.known", level=Estimate(3.0, "level", 7, "made", 2.0, 4.0)),
        *(told(f"causes.shares{place or ''}", "causes.named", {"named": own}) for place, own in enumerate(named)),
    ]
    findings.write(found, incident, folder / "findings.json")
    asked = FollowUp(
        {"en": "See to it."}, "desk", str((ended + timedelta(days=90)).date()), "preventive", "causes.shares"
    )
    drawn = [
        Lesson(f"lesson{place}", "went_wrong", "change", 5, {"en": "See to it"}, {"en": "."}, "medium",
               [f"causes.shares{place or ''}"], asked)
        for place in range(len(named))
    ]  # fmt: skip
    lessons.write(drawn, incident, folder / "lessons.json")
    table = pd.DataFrame(causes)
    spelt = table.assign(called=table["called"].map(lambda names: json.dumps(names, ensure_ascii=False)))
    spelt.drop(columns=["part", "part_low", "role", "state"]).to_csv(folder / "tables" / "causes.csv", index=False)
    table[["cause", "part", "part_low", "role"]].dropna().to_csv(folder / "tables" / "factors.csv", index=False)
    table[["cause", "state"]].to_csv(folder / "tables" / "there_before.csv", index=False)
    jumps = pd.DataFrame({"platform": list(platforms), "hours": range(len(platforms))})
    jumps.to_csv(folder / "tables" / "jumps.csv", index=False)
    rows = [
        {"cause": number, "language": "en", "version": VERSION, "n": 40, "vector": list(vector)}
        for number, vector in (centres or {}).items()
    ]
    body = {"schema": 1, "incident": incident, "centres": rows}
    if centres is not None:
        (folder / "centres.json").write_text(json.dumps(body), encoding="utf-8")
    made = {"schema": 1, "run_id": incident, "incident_file": written, "window": window, "short": False}
    manifest.write(folder, made | {"workspace": place.root.name, "outputs": {}})
    return folder


def follow(place: Workspace, incident: str, lesson: str, state: str, verified_on: str = "", due: str = "") -> None:
    """Write followups.csv of one row."""
    found = "as it should be" if verified_on else ""
    row = followups.FollowUp(
        lesson, "See to it.", "desk", due, "preventive", "causes.shares", state, verified_on, found, "why"
    )
    followups.write(place.followups(incident), [row])
