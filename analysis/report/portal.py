"""What was published → one page over all incidents: how they stand, what they came to, what is still to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from analysis.errors import EvidenceError
from analysis.findings import Finding, by_id
from analysis.followups import CLOSED
from analysis.incident import Stamp
from analysis.lessons import Lesson
from analysis.measures.estimate import Estimate
from analysis.report import clean, html, lint, trend
from analysis.report.document import held
from analysis.report.first_page import key_numbers, standing
from analysis.report.lessons_section import VERDICT_TONE
from analysis.report.look import TOKENS
from analysis.report.voice import Voice, state_word, title_of
from analysis.style import numbers
from analysis.wording import LANGUAGES, group, knows

LONGEST = {"title": 160, "brand": 60, "text": 600, "cell": 300, "state": 200}
"""Characters of what people wrote that a row has room for."""
LEVEL_TONE = {1: "neutral", 2: "warning", 3: "bad", 4: "bad"}
UNREADABLE = (EvidenceError, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What a report of another version, or one that was edited, may bring about."""


@dataclass(frozen=True)
class FollowUp:
    """A row of followups.csv, or a lesson's where there is no such file; "" is not recorded."""

    action: str
    owner: str = ""
    due: str = ""
    state: str = ""

    @property
    def open(self) -> bool:
        return self.state.strip().casefold() not in CLOSED

    def overdue(self, today: date) -> bool:
        """Whether it was due before `today`; not known, and so not said, where the date is none."""
        try:
            return self.open and date.fromisoformat(self.due.strip()) < today
        except ValueError:
            return False


@dataclass(frozen=True)
class Published:
    """One published report: its folder under reports/, what stands there, and rows of followups.csv (None: no file)."""

    folder: str
    made: Mapping[str, Any]
    findings: list[Finding]
    lessons: list[Lesson]
    files: frozenset[str]
    follow_ups: list[FollowUp] | None = None


@dataclass
class _Page:
    """What one language of the portal is made of, and what its numbers are held by."""

    say: Voice
    today: date
    rows: list[dict[str, Any]] = field(default_factory=list)
    holdings: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def name(language: str, home: str) -> str:
    """The file of the portal in `language`, where `home` is the language of index.html."""
    return "index.html" if language == home else f"index.{language}.html"


def render(reports: Sequence[Published], unread: Sequence[str], language: str, home: str, now: datetime) -> str:
    """The portal in `language`: static and self-contained, with a search that needs a script and hides without it.

    `unread` names folders whose report cannot be read; one that cannot be shown joins them. Every number stands in an
    element that names its finding as `<folder>/<finding>`, or its source. Raises EvidenceError where none holds one.
    """
    from markupsafe import Markup

    page = _Page(Voice(language, "UTC"), now.date(), unread=list(unread))
    for report in sorted(reports, key=_start, reverse=True):
        try:
            row, holding = _row(report, page)
        except UNREADABLE:
            page.unread.append(report.folder)
            continue
        page.rows.append(row)
        page.holdings.update(holding)
    told = {
        "language": language,
        "words": group("portal", language),
        "labels": group("label", language),
        "others": [(one, name(one, home), group("portal", one)["language"]) for one in LANGUAGES if one != language],
        "rows": page.rows,
        "unread": sorted(page.unread),
        "made_on": numbers.value(now, "time", language),
        "brands": list(dict.fromkeys(row["brand"] for row in page.rows)),
        "totals": _totals(page.rows),
        "actions": _actions(page.rows),
        "trends": _trends(page),
    }
    environment = html.environment()
    style = environment.get_template("portal.css.j2").render(
        tokens=TOKENS, font=Markup(html.font(_texts(told), language))
    )
    script = environment.get_template("portal.js.j2").render()
    text = environment.get_template("portal.html.j2").render(
        **told,
        style=Markup(style),
        style_hash=html.digest(style),
        script=Markup(script),
        script_hash=html.digest(script),
    )
    lint.require(text, page.holdings)
    return text


def _start(report: Published) -> str:
    return str((_window(report) or {}).get("start", "")) + report.folder


def _window(report: Published) -> Mapping[str, str] | None:
    """The incident's span; None where neither the run nor the incident's file says it."""
    written = report.made.get("incident_file", {}).get("window")
    return report.made.get("window") or (written if isinstance(written, Mapping) else None)


def _row(report: Published, page: _Page) -> tuple[dict[str, Any], dict[str, str]]:
    """What the portal says of one report, and what its findings hold, by `<folder>/<finding>`."""
    about = report.made["incident_file"]
    say = Voice(page.say.language, about["time_zone"])
    told, stamp = _spoken(report, say.language), Stamp.of(report.made)
    found, window = by_id(report.findings), _window(report)
    key = f"{report.folder}/"
    title = clean.text(about.get("titles", {}).get(say.language, about["title"]), LONGEST["title"]) or report.folder
    follow_ups = _follow_ups(report, told)
    still = [one for one in follow_ups if one.open]
    row = {
        "folder": report.folder,
        "anchor": f"incident-{report.folder}",
        "title": title,
        "brand": clean.text(about["brand"], LONGEST["brand"]),
        "period": numbers.interval(window["start"], window["end"], "time", say.language, say.zone) if window else "",
        "start": datetime.fromisoformat(window["start"]) if window else None,
        "began": numbers.day(datetime.fromisoformat(window["start"]), say.language, year=True) if window else "",
        "state": clean.text(state_word(stamp, say), LONGEST["state"]),
        "approved": stamp.state == "approved",
        "superseded": stamp.state == "superseded",
        "short": bool(report.made["short"]),
        "severity": _severity(found, say, key),
        "standing": [] if report.made["short"] else [item.model_dump() for item in standing(found, say)],
        "standing_of": f"{key}coverage.summary",
        "verdict": _answer(found.get("verdict"), told, key),
        "numbers": [{**item.model_dump(), "held": key + item.finding} for item in key_numbers(found, say)],
        "half_life": _half_life(found, say, key),
        "mentions": _shown(found["volume.total"], "during", say, key) if "volume.total" in found else None,
        "links": _links(report),
        "told": "" if told == say.language else told,
        "findings": [
            {**_answer(finding, told, key), "title": clean.text(title_of(finding, say), LONGEST["title"])}
            for finding in report.findings
        ],
        "lessons": [_lesson(lesson, told, key, say) for lesson in report.lessons],
        "recorded": report.follow_ups is not None,
        "open": [_follow_up(one, page.today, say) for one in still],
        "overdue": sum(one.overdue(page.today) for one in still) if report.follow_ups is not None else 0,
    }
    return row, {key + finding.id: held(finding, told, say.language, say.zone) for finding in report.findings}


def _spoken(report: Published, language: str) -> str:
    """The language that a report's sentences are shown in: the page's, else the report's first."""
    spoken = list(report.findings[0].answer) if report.findings else [language]
    return language if language in spoken else spoken[0]


def _answer(finding: Finding | None, told: str, key: str) -> dict[str, str]:
    if finding is None:
        return {"held": "", "text": ""}
    return {"held": key + finding.id, "text": clean.text(finding.answer[told], LONGEST["text"])}


def _lesson(lesson: Lesson, told: str, key: str, say: Voice) -> dict[str, str]:
    return {
        "held": " ".join(key + one for one in lesson.findings),
        "verdict": say(f"verdict_word.{lesson.verdict}"),
        "tone": VERDICT_TONE[lesson.verdict],
        "title": clean.text(lesson.title[told], LONGEST["title"]),
        "text": clean.text(lesson.text[told], LONGEST["text"]),
    }


def _severity(found: Mapping[str, Finding], say: Voice, key: str) -> dict[str, Any]:
    """The level that stands: what people said, else what was computed, with its interval."""
    finding = found.get("severity.index")
    if finding is None:
        return {"held": "", "level": None, "text": say("number.refused"), "tone": "neutral", "note": "", "ends": ()}
    computed, said = finding.values["level"], finding.facts.get("said")
    level = said if isinstance(said, int) else computed.value
    note = ""
    if isinstance(said, int):
        note = say("portal.severity_said")
    elif computed.low is not None and computed.high is not None and computed.low != computed.high:
        note = numbers.interval(computed.low, computed.high, "level", say.language)
    if level is None:
        text = say("number.refused")
    else:
        text = say(
            "portal.level_of", {"level": str(round(float(level))), "word": say(f"portal.level.{round(float(level))}")}
        )
    return {
        "held": key + finding.id,
        "level": None if level is None else float(level),
        "text": text,
        "tone": LEVEL_TONE.get(round(float(level or 1)), "neutral"),
        "note": note,
        "ends": () if isinstance(said, int) else (computed.low, computed.high),
    }


def _half_life(found: Mapping[str, Finding], say: Voice, key: str) -> dict[str, Any] | None:
    finding = found.get("recovery.half_life")
    if finding is None or "half" not in finding.values:
        return None
    return _shown(finding, "half", say, key)


def _shown(finding: Finding, which: str, say: Voice, key: str) -> dict[str, Any]:
    """A value with its interval as text, or the reason why there is none; `at` has it as numbers."""
    value: Estimate = finding.values[which]
    text, interval = say("number.refused"), say(f"reason.{value.reason}") if value.reason else ""
    if value.value is not None:
        text, interval = numbers.value(value.value, value.unit, say.language, say.zone), ""
        if value.low is not None and value.low != value.high:
            interval = numbers.interval(value.low, value.high, value.unit, say.language, say.zone)
    elif value.low is not None:
        text, interval = numbers.interval(value.low, None, value.unit, say.language, say.zone), ""
    return {"held": key + finding.id, "text": text, "interval": interval, "at": (value.value, value.low, value.high)}


def _links(report: Published) -> list[dict[str, str]]:
    """Every file of the report that a reader opens, with its language, as addresses relative to the portal."""
    first = report.made["incident_file"]["report_languages"][0]
    links = []
    for language in dict.fromkeys([first, *LANGUAGES]):
        stem = "postmortem" if f"postmortem.{language}.html" not in report.files else f"postmortem.{language}"
        for kind in ("html", "pdf", "docx"):
            file = f"{stem}.{kind}"
            if file in report.files and (stem != "postmortem" or language == first):
                href = f"{quote(report.folder)}/{quote(file)}"
                called = group("portal", language)["language"]
                links.append({"href": href, "kind": kind, "language": called, "code": language})
    return links


def _follow_ups(report: Published, told: str) -> list[FollowUp]:
    """What followups.csv records; where there is no such file, what the lessons ask for, of a state not recorded."""
    if report.follow_ups is not None:
        return report.follow_ups
    asked = [lesson.follow_up for lesson in report.lessons if lesson.follow_up]
    return [FollowUp(one.action[told], one.owner, one.due) for one in asked]


def _follow_up(one: FollowUp, today: date, say: Voice) -> dict[str, Any]:
    state = one.state.strip()
    try:
        due = numbers.day(datetime.fromisoformat(one.due.strip()), say.language, year=True)
    except ValueError:
        due = clean.text(one.due, 40)
    named = f"portal.follow_up.{state.casefold()}"
    return {
        "action": clean.text(one.action, LONGEST["cell"]),
        "owner": clean.text(one.owner, 80) or say("report.no_owner"),
        "due": due or say("portal.not_recorded"),
        "sort": one.due.strip() or "9999",
        "late": one.overdue(today),
        "state": say(named) if knows(named) else clean.text(state, 40) or say("portal.not_recorded"),
    }


def _totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    current = [row for row in rows if not row["superseded"]]
    return {
        "incidents": len(rows),
        "approved": sum(row["approved"] for row in rows),
        "open": sum(len(row["open"]) for row in current),
        "overdue": sum(row["overdue"] for row in current),
        "past": sum(one["late"] for row in current if not row["recorded"] for one in row["open"]),
        "unrecorded": sum(not row["recorded"] and bool(row["open"]) for row in current),
    }


def _actions(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Open follow-ups of every report that is not superseded, those due first first."""
    every = [
        {**one, "incident": row["title"], "anchor": row["anchor"], "recorded": row["recorded"], "told": row["told"]}
        for row in rows
        if not row["superseded"]
        for one in row["open"]
    ]
    return sorted(every, key=lambda one: one["sort"])


def _trends(page: _Page) -> list[dict[str, Any]]:
    """The two small charts, where there are two incidents or more that are dated and not superseded."""
    rows = [row for row in page.rows if row["start"] and not row["superseded"]]
    if len(rows) < 2:
        return []
    levels = [trend.Point(row["start"], row["severity"]["level"], *row["severity"]["ends"]) for row in rows]
    halves = [trend.Point(row["start"], *(row["half_life"] or {"at": (None, None, None)})["at"]) for row in rows]
    say, made = page.say, []
    for kind, drawn in (("severity", trend.severity(levels)), ("half_life", trend.half_life(halves))):
        unit = say.language
        lines = [
            (say(f"portal.level.{at}") if kind == "severity" else numbers.value(at, "hours", unit), height)
            for at, height in drawn["lines"]
        ]
        ends = [numbers.month(drawn[end], unit) for end in ("first", "last")]
        made.append({**drawn, "kind": kind, "lines": lines, "ends": ends})
    return made


def _texts(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_texts(item) for item in value.values())
    if isinstance(value, list | tuple):
        return "".join(_texts(item) for item in value)
    return value if isinstance(value, str) else ""
