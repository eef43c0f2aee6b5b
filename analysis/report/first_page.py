"""The first page: what can be acted on alone."""

from collections.abc import Mapping

from analysis import wording
from analysis.findings import Drawing, Finding
from analysis.lessons import Lesson
from analysis.questions.case import Case
from analysis.report import schema
from analysis.report.body import decisive
from analysis.report.voice import Voice, opening, state_of, state_tone
from analysis.style import numbers

PARAGRAPH = (
    "verdict",
    "severity.floors",
    "onset.time",
    "impact.mentions",
    "causes.shares",
    "response.statement",
    "replies.answered",
)
"""The findings that the first page's paragraph is made of, in this order; those absent are passed over."""
SENTENCES = {"severity.floors": 1, "causes.shares": 1}
"""Of these, as many sentences; of the others the first two."""
UNSAID = ("severity.floors.seen", "severity.floors.none", "severity.floors.selected")
"""What is no news on a first page."""
NUMBERS = ("volume.total", "sentiment.negative", "sentiment.net", "response.statement", "replies.speed")
HEADLINE = {"response.statement": "delay", "replies.speed": "median"}
"""Which value of a finding is its headline, where it is not the one called `during`."""
CUT = ("daily_cap", "fixed_quota", "row_limit", "sampled_stream", "mixed_queries")
"""Limits that cut posts off: where they concern the incident, nothing about it is whole."""
SERIOUS = 3
"""The level from which on severity is shown as a warning."""
ROOM = 330
"""Characters that the first page has for what the archive cannot bear."""


def first_page(
    case: Case, found: Mapping[str, Finding], lessons: list[Lesson], say: Voice, short: bool
) -> schema.FirstPage:
    """State and coverage, one paragraph, the key numbers and the chart; what was refused is named, not spelled out."""
    told = [found[name] for name in PARAGRAPH if name in found and found[name].message not in UNSAID]
    paragraph = [
        schema.Claim(
            text=opening(finding.answer[say.language], say.language, SENTENCES.get(finding.id, 2)),
            findings=[finding.id],
        )
        for finding in told
        if finding.certainty != "refused" or finding.id == "verdict"
    ]
    refused = [finding for finding in told if finding.certainty == "refused" and finding.id != "verdict"]
    if refused:
        what = wording.joined([say(f"bear.{finding.id}") for finding in refused], say.language)
        names = [finding.id for finding in refused]
        paragraph.append(schema.Claim(text=say("report.not_stated", {"what": what}), findings=names))
    if short:
        paragraph.insert(0, schema.Claim(text=say("report.too_little")))
    change = next(iter(decisive(lessons)), None)
    decision = None
    if change and change.follow_up:
        text = say("report.decision", {"action": change.follow_up.action[say.language]})
        decision = schema.Claim(text=text, findings=change.findings, internal=True)
    drawn = found["volume.total"].figure
    return schema.FirstPage(
        status=_status(case, found, say),
        coverage=_coverage(found, say),
        paragraph=paragraph,
        decision=decision,
        numbers=key_numbers(found, say),
        figure=None
        if drawn is None
        else schema.Picture(
            path=f"figures/{drawn.name}.{say.language}.svg",
            alt=drawn.alt[say.language],
            caption=_marks(drawn, say),
            finding="volume.total",
        ),
    )


def key_numbers(found: Mapping[str, Finding], say: Voice) -> list[schema.Number]:
    """The key numbers of a report, those that its findings hold."""
    return [_number(found[name], say) for name in NUMBERS if name in found]


def _status(case: Case, found: Mapping[str, Finding], say: Voice) -> list[schema.Status]:
    state = schema.Status(label=say("status.state"), text=state_of(case, say), tone=state_tone(case.stamp))
    return [state, *_severity(found, say), *standing(found, say)]


def _severity(found: Mapping[str, Finding], say: Voice) -> list[schema.Status]:
    """The level of severity: what people said, else the computed one with the range that it may lie in."""
    finding = found.get("severity.index")
    if finding is None:
        return []
    said, level = finding.facts.get("said"), finding.values["level"]
    low, high = (round(float(bound)) if bound is not None else None for bound in (level.low, level.high))
    if isinstance(said, int):
        text = say("status.level.said", {"level": say(f"level_word.{said}")})
    elif level.value is None and low is None:
        text = say("status.level.none")
    elif level.value is None or low is None or high is None:
        text = say("status.level.at_least", {"level": say(f"level_word.{low}")})
    elif low == high:
        text = say(f"level_word.{low}")
    else:
        text = say("status.level.between", {"low": say(f"level_word.{low}"), "high": say(f"level_word.{high}")})
    likely = said if isinstance(said, int) else float(level.value or low or 0)
    tone: schema.Tone = "bad" if likely >= SERIOUS else "neutral"
    return [schema.Status(label=say("status.severity"), text=text, tone=tone, findings=[finding.id])]


def standing(found: Mapping[str, Finding], say: Voice) -> list[schema.Status]:
    """How far a report can be relied on: the confidence in it, and what the collection saw."""
    tone = _tone(found)
    weak = tone != "good" or found["sentiment.negative"].certainty in ("low", "refused")
    labels = found.get("sentiment.calibration")
    confidence = "medium"
    if labels is not None and labels.facts["calibrated"]:
        confidence = "disputed" if labels.certainty == "low" else "calibrated"
    return [
        schema.Status(
            label=say("status.confidence"),
            text=say(f"confidence.{'low' if weak else confidence}"),
            tone="warning" if weak else "good" if confidence == "calibrated" else "neutral",
        ),
        schema.Status(label=say("status.coverage"), text=say(f"status.{tone}"), tone=tone),
    ]


def _tone(found: Mapping[str, Finding]) -> schema.Tone:
    """How far the collection bears the numbers: wholly, but for the time before, or not."""
    summary = found["coverage.summary"].message
    if any(finding.facts["kind"] in CUT for finding in _grave(found)):
        return "bad"
    if summary == "coverage.limited" or "coverage.selected" in found or found["subject.named"].facts.get("few"):
        return "bad"
    return "good" if summary == "coverage.whole" and "coverage.days_only" not in found else "warning"


def _grave(found: Mapping[str, Finding]) -> list[Finding]:
    """The limits of the collection that concern the incident itself."""
    names = found["coverage.summary"].facts.get("grave")
    return [found[name] for name in names] if isinstance(names, list) else []


def _coverage(found: Mapping[str, Finding], say: Voice) -> schema.Coverage:
    """What the collection saw: what concerns the incident itself comes first, and what does not is not said here."""
    summary, tone = found["coverage.summary"], _tone(found)
    claims = _grave(found)
    if tone == "warning":
        claims = [finding for name, finding in found.items() if name.startswith("coverage.claim.")]
    if tone == "good":
        claims = []
    said = [found[name] for name in ("coverage.selected", "coverage.ends", "coverage.days_only") if name in found]
    said += [found["subject.named"]] if found["subject.named"].facts.get("few") else []
    said += [*claims[:1], summary]
    for further in claims[1:]:
        if sum(len(finding.answer[say.language]) for finding in (*said, further)) < ROOM:
            said.append(further)
    texts = [finding.answer[say.language] for finding in said]
    if hidden := len([claim for claim in claims if claim not in said]):
        texts.append(say("coverage.more", {"more": hidden}))
    return schema.Coverage(
        tone=tone,
        title=say(f"coverage.title.{tone}"),
        text=(" " if say.language == "en" else "").join(texts),
        findings=[finding.id for finding in said],
    )


def _number(finding: Finding, say: Voice) -> schema.Number:
    """A key number with its interval and against its baseline, or the reason why there is none."""
    name = HEADLINE.get(finding.id, "during")
    value, language = finding.values[name], say.language
    before = finding.values.get("before") or finding.values.get("expected") or finding.values.get("promised")
    interval, shown = "", ""
    if value.value is not None:
        shown = numbers.value(value.value, value.unit, language, say.zone)
    elif value.reason == "censored" and value.low is not None:
        shown = numbers.interval(value.low, None, value.unit, language, say.zone)
    elif value.low is not None:
        interval = say("number.at_least", {"low": numbers.value(value.low, value.unit, language, say.zone)})
    if value.value is not None and value.low is not None and value.low != value.high:
        interval = numbers.interval(value.low, value.high, value.unit, language, say.zone)
    against = ""
    if before is not None and before.value is not None:
        kind = next(kind for kind in ("before", "expected", "promised") if finding.values.get(kind) is before)
        against = say(f"number.{kind}", {"value": before})
    return schema.Number(
        label=say.either(f"number.label.{finding.id}.{finding.facts.get('kind')}", f"number.label.{finding.id}"),
        value=shown or say("number.refused"),
        interval=interval or ("" if shown else say(f"reason.{value.reason}")),
        baseline=against,
        note=_note(finding, say),
        tone="warning" if value.value is None else "neutral",
        finding=finding.id,
    )


def _note(finding: Finding, say: Voice) -> str:
    """What a level rests on: the labels that calibrate it, or the scorer's known error."""
    if "error" in finding.values:
        return say("number.error", finding.values)
    if "labels" not in finding.values:
        return ""
    alone = finding.values["people"].value == 1
    return say("number.calibrated_alone" if alone else "number.calibrated", finding.values)


def _marks(drawn: Drawing, say: Voice) -> str:
    """What the numbered marks of the chart stand for, where the chart itself does not list them."""
    marks = drawn.marks[say.language]
    return say("report.marks", {"marks": " · ".join(marks)}) if marks else ""
