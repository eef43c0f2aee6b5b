"""Six pages that can be acted on: what stands on them, in which order, and that they stay six."""

from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from analysis.findings import Finding
from analysis.lessons import Lesson
from analysis.measures.estimate import Estimate, refused
from analysis.report import body, first_page, schema
from analysis.report.voice import Voice, opening
from analysis.wording import LANGUAGES, group
from tests.workspace_fixture import Published

SAY = Voice("en", "UTC")
NO_CARDS = schema.Section(id="lessons", title="Lessons", blocks=[])


def finding(identity: str, answer: str = "It was so.", certainty: str = "medium", **rest) -> Finding:
    answers = {"en": answer, "zh": answer}
    return Finding(identity, "1_what_happened", identity.split(".", 1)[0], "m", answers, certainty=certainty, **rest)  # type: ignore[arg-type]


def lesson(identity: str, verdict: str, strength: str, group: str = "went_wrong") -> Lesson:
    from analysis.lessons import FollowUp

    asked = FollowUp({"en": f"Do {identity}."}, "lead", "2025-01-01", "preventive", "verdict")
    said = {"en": identity}
    return Lesson(identity, group, verdict, 2, said, said, strength, ["verdict"], asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language", "sentences", "kept"),
    [
        ("It began. It ended.", "en", 1, "It began."),
        ("It began. It ended.", "en", 2, "It began. It ended."),
        ("It began. It ended.", "en", 5, "It began. It ended."),
        ("At 4.5 h (2.1–9 h) it rang. Then more.", "en", 1, "At 4.5 h (2.1–9 h) it rang."),
        ("“St. Mary. Closed” grew most. More.", "en", 1, "“St. Mary. Closed” grew most."),
        ("It came to ×17. “Brakes” led.", "en", 1, "It came to ×17."),
        ("事件开始。之后结束。", "zh", 1, "事件开始。"),
        ("“不行。真的”最多。另有其他。", "zh", 1, "“不行。真的”最多。"),
        ("no stop at all", "en", 1, "no stop at all"),
    ],
)
def test_a_claim_is_shortened_at_the_end_of_a_sentence(text: str, language: str, sentences: int, kept: str) -> None:
    assert opening(text, language, sentences) == kept


def test_what_the_archive_does_not_bear_is_named_once_on_its_sheet_with_its_evidence() -> None:
    found = {
        "onset.time": finding("onset.time"),
        "onset.peak": finding("onset.peak", "No peak can be told.", "refused"),
        "volume.total": finding("volume.total"),
        "impact.mentions": finding("impact.mentions", "Nor this.", "refused"),
    }
    sheet = body.sheets(found, [], NO_CARDS, SAY)[0]
    briefs = next(block for block in sheet.blocks if isinstance(block, schema.Briefs))
    assert [item.findings for item in briefs.items] == [["onset.time"]]
    callout = next(block for block in sheet.blocks if isinstance(block, schema.Callout))
    assert callout.findings == ["onset.peak", "impact.mentions"]
    assert callout.text == "Peak · What the incident added"
    assert "No peak" not in callout.text


def test_what_made_it_smaller_is_told_as_far_as_its_result() -> None:
    found = {
        "volume.total": finding("volume.total"),
        "matched.effect": replace(
            finding("matched.effect", "Of 9 answered 7 had a match. The day after 40% thanked, and 9% of the others."),
            message="helped.thanked",
        ),
    }
    why = body.sheets(found, [], NO_CARDS, SAY)[1]
    helped = next(block for block in why.blocks if isinstance(block, schema.Briefs))
    assert helped.items[0].text.endswith("9% of the others.")


def test_firm_evidence_is_decided_on_first_and_weak_evidence_last() -> None:
    lessons = [
        lesson("weak", "change", "low"),
        lesson("fair", "change", "medium"),
        lesson("kept", "keep", "high"),
        lesson("open", "try", "refused", "not_known"),
        lesson("firm", "change", "high"),
    ]
    assert [one.id for one in body.decisive(lessons)] == ["firm", "fair", "open", "weak"]


def _level(value: float | None, low: float | None, high: float | None, said: int | None = None) -> Finding:
    level = Estimate(value, "level", 7, "rule", low, high) if value else refused("level", "too_few", "rule", 3)
    level = replace(level, low=low, high=high)
    return finding("severity.index", values={"level": level}, facts={"said": said})


@pytest.mark.parametrize(
    ("found", "text", "tone"),
    [
        (_level(3.0, 2.0, 4.0, 4), "severe, set by people", "bad"),
        (_level(3.0, 3.0, 3.0), "serious", "bad"),
        (_level(2.0, 1.0, 4.0), "minor to severe", "neutral"),
        (_level(None, 3.0, None), "serious or above", "bad"),
        (_level(None, None, None), "cannot be told", "neutral"),
        (_level(None, None, None, 1), "minor, set by people", "neutral"),
    ],
)
def test_severity_stands_on_page_one_with_what_is_known_of_it(found: Finding, text: str, tone: str) -> None:
    (status,) = first_page._severity({found.id: found}, SAY)
    assert (status.text, status.tone, status.findings) == (text, tone, ["severity.index"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_has_six_pages_before_its_contents(sample: Published, language: str) -> None:
    name = "postmortem.pdf" if language == "en" else "postmortem.zh.pdf"
    reader = PdfReader(sample.folder / name)
    heads = ["".join(page.extract_text()[:400].split()) for page in reader.pages[:7]]
    titles = [
        group("section", language)[key]
        for key in ("1_what_happened", "2_why", "3_how_we_answered", "4_lessons", "open")
    ]
    assert [
        number for number, head in enumerate(heads) if "".join(group("label", language)["contents"].split()) in head
    ][-1] == 6
    for number, title in enumerate(titles, start=1):
        assert f"{number}{''.join(title.split())}" in heads[number], (number, heads[number])


@pytest.mark.parametrize("name", ["postmortem.pdf", "postmortem.zh.pdf"])
def test_its_state_stands_on_every_page(sample: Published, name: str) -> None:
    state = "Draft, not reviewed" if name == "postmortem.pdf" else "草稿，未审阅"
    for page in PdfReader(sample.folder / name).pages:
        assert "".join(state.split()) in "".join(page.extract_text().split())


def test_every_claim_on_a_sheet_has_its_evidence_in_the_page(sample: Published, tmp_path: Path) -> None:
    import re

    page = (sample.folder / "postmortem.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'id="(evidence-\d+)"', page))
    asked = set(re.findall(r'href="#(evidence-\d+)"', page))
    assert len(targets) == len(sample.findings)
    assert asked
    assert asked <= targets
    back = set(re.findall(r'href="#(from-\d+)"', page))
    assert back == set(re.findall(r'id="(from-\d+)"', page))
    assert len(back) == len(asked)
