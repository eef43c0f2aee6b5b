"""The catalogues: the same sentences in every language, with the same places for values, and none that is missing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import wording
from analysis.findings import Certainty
from analysis.incident import ACTION_KINDS, Incident
from analysis.lessons import RULES
from analysis.measures import onset, response
from analysis.measures.estimate import REASONS, UNITS, Estimate, refused
from analysis.questions.collection import GRAVITY
from analysis.report.schema import Labels
from analysis.style import numbers

PACKAGE = Path(wording.__file__).parents[1]
READ = [*sorted((PACKAGE / "questions").glob("*.py")), PACKAGE / "lessons.py", PACKAGE / "report" / "document.py"]
MESSAGE = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+")
NO_MESSAGES = re.compile(r".*\.(csv|json|yml|svg|html|pdf|po|diff)")
ATTRIBUTES = {"", "interval", "low", "high", "n", "reason"}
TEMPLATED = ("label.",)
"""Messages whose places the templates fill."""

every_language = pytest.mark.parametrize("language", wording.LANGUAGES)
every_message = pytest.mark.parametrize("message", sorted(wording.catalogue("en")))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def literals(path: Path) -> Iterator[tuple[str, bool]]:
    """(text, whole) of each literal in a module that looks like a message's id; `whole` is False for the beginning of
    an f-string."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            if MESSAGE.fullmatch(node.value) and not NO_MESSAGES.fullmatch(node.value):
                yield node.value, True
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            if re.fullmatch(r"[a-z_]+\.([a-z_]+\.)*", start):
                yield start, False


def test_the_languages_hold_the_same_messages() -> None:
    english, chinese = (set(wording.catalogue(language)) for language in ("en", "zh"))
    assert sorted(english - chinese) == []
    assert sorted(chinese - english) == []


@every_language
def test_no_message_stands_twice_or_is_empty(language: str) -> None:
    text = (Path(wording.__file__).parent / f"{language}.po").read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', text, flags=re.MULTILINE)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []
    assert all(sentence.strip() for sentence in wording.catalogue(language).values())
    assert "#, fuzzy" not in text


@every_message
def test_a_message_has_the_same_places_in_every_language(message: str) -> None:
    wanted = places(wording.catalogue("en")[message])
    for language in wording.LANGUAGES:
        assert places(wording.catalogue(language)[message]) == wanted


@every_language
def test_places_are_names_and_what_a_value_shows(language: str) -> None:
    for message, text in wording.catalogue(language).items():
        for _, name, spec, conversion in Formatter().parse(text):
            if name is None:
                continue
            field, _, attribute = name.partition(".")
            assert field.isidentifier(), message
            assert attribute in ATTRIBUTES, message
            assert (spec, conversion) == ("", None), message


@every_language
def test_nothing_stays_unfilled(language: str) -> None:
    """Every sentence, with a value for each of its places, has no brace left."""
    for message, text in wording.catalogue(language).items():
        if message.startswith(TEMPLATED):
            continue
        values = {name.split(".")[0]: Estimate(3.0, "count", 7, "made", 2.0, 4.0, "too_few") for name in places(text)}
        assert not set("{}") & set(wording.say(message, language, values)), message


def test_chinese_sentences_are_chinese() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    same = {"label.observations", "column.n", "column.sha256", "label.written_one", "label.written_many"}
    bare = {name for name, text in wording.catalogue("zh").items() if not han.search(text)}
    assert {
        name for name in bare - same if re.search("[a-z]{4}", re.sub(r"\{.*?\}", "", wording.catalogue("zh")[name]))
    } == set()
    assert not [name for name, text in wording.catalogue("en").items() if han.search(text)]


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_every_message_that_the_code_names_exists(path: Path) -> None:
    known = wording.catalogue("en")
    findings = {name.removeprefix("title.") for name in known if name.startswith("title.")}
    for text, whole in literals(path):
        if whole:
            owned = text in findings or text.split(".")[0] in {"coverage", "cause"} & findings
            group = any(name.startswith(text + ".") for name in known)
            assert text in known or owned or group, f"{path.name}: {text}"
        elif text not in ("coverage.claim.", "find.claim.", "cause."):
            assert any(name.startswith(text) for name in known), f"{path.name}: {text}…"


def test_what_the_code_puts_together_exists() -> None:
    state = Incident.model_fields["state"].annotation
    wanted = [
        *(f"reason.{reason}" for reason in REASONS),
        *(f"action.{kind}" for kind in ACTION_KINDS),
        *(f"verdict.{verdict}" for verdict in get_args(onset.Verdict)),
        *(f"state_word.{name}" for name in get_args(state)),
        *(f"state.{name}" for name in ("seen", "partial", "unseen")),
        *(f"practice.{number}" for number in range(1, 7)),
        *(f"strength.{certainty}" for certainty in get_args(Certainty)),
        *(f"verdict_word.{verdict}" for verdict in ("keep", "change", "try")),
        *(f"kind.{kind}" for kind in ("preventive", "detective", "responsive")),
        *(f"phase.{phase}" for phase in ("before", "during", "after")),
        *(f"part.{part}" for part in ("likes", "replies", "reposts")),
        *(f"event.{event}" for event in ("onset", "peak", "end")),
        *(f"kind_name.{kind}" for kind in GRAVITY),
        *(f"lesson.{rule.id}.{part}" for rule in RULES for part in ("title", "text")),
        *(f"lesson.{rule.id}.action" for rule in RULES if rule.kind),
        *(f"label.{name}" for name in Labels.model_fields),
        *(f"joins.{threads}" for threads in ("no_parent_ids", "unjoinable")),
        *(f"{prefix}.{change}" for prefix in ("negative", "net") for change in ("rose", "fell", "same", "alone")),
        *(f"{prefix}.refused" for prefix in ("negative", "net", "volume", "authors", "impact", "redirects")),
    ]
    assert [name for name in wanted if not wording.knows(name)] == []


def test_every_reason_why_answers_are_refused_has_its_sentence() -> None:
    source = Path(response.__file__).read_text(encoding="utf-8")
    named = {reason for reason in REASONS if f'"{reason}"' in source and reason != "censored"}
    assert {"no_brand_posts", "too_few"} <= named
    missing = [f"{head}.{reason}" for head in ("speed", "answered") for reason in sorted(named)]
    assert [name for name in missing if not wording.knows(name)] == []


def test_every_limit_of_a_collection_has_its_sentence() -> None:
    known = wording.catalogue("en")
    for kind in GRAVITY:
        assert any(name == f"claim.{kind}" or name.startswith(f"claim.{kind}.") for name in known), kind


HOSTILE = ["{x.__class__}", "{", "}", "{{0}}", "{first.interval}", "%s %(a)s", "\\N{BULLET}", "${x}", "<script>"]


@every_language
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_read_as_a_sentence(language: str, text: str) -> None:
    said = wording.say("lesson.cause_grew.title", language, {"name": text})
    assert text in said
    assert wording.say("lesson.cause_grew.title", language, {"name": {"en": text, "zh": text}}) == said


@given(st.text())
def test_any_text_stays_as_it_is(text: str) -> None:
    before, after = wording.catalogue("en")["cause.quotes"].split("{name}")
    said = wording.say("cause.quotes", "en", {"name": text, "n": 1})
    assert said == f"{before}{text}{after.replace('{n}', '1')}"


def test_a_value_that_is_absent_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(KeyError):
        wording.say("lesson.cause_grew.title", "en", {})
    with pytest.raises(KeyError):
        wording.say("no.such.message", "en")
    with pytest.raises(TypeError, match="only an estimate"):
        wording.say("onset.interval", "en", {"onset": "Tuesday"})


@every_language
def test_a_refused_estimate_is_shown_as_its_reason(language: str) -> None:
    for reason in REASONS:
        said = wording.say("negative.refused", language, {"during": refused("share", reason)})
        assert wording.catalogue(language)[f"reason.{reason}"] in said


@every_language
@pytest.mark.parametrize("unit", UNITS)
def test_values_are_shown_in_their_unit(language: str, unit: str) -> None:
    times = ("2025-07-09T00:00:00+00:00", "2025-07-09T06:00:00+00:00")
    value, low, high = (times[0], *times) if unit == "time" else (0.5, 0.25, 0.75)
    estimate = Estimate(value, unit, 12, "made", low, high)
    said = wording.say("impact.less", language, {"effect": estimate}, "Asia/Singapore")
    assert numbers.value(value, unit, language, "Asia/Singapore") in said
    assert numbers.interval(low, high, unit, language, "Asia/Singapore") in said


def test_lists_are_joined_as_the_language_joins_them() -> None:
    assert wording.joined(["a", "b"], "en") == "a and b"
    assert wording.joined(["a", "b", "c"], "zh") == "a、b和c"
    assert wording.joined(["{x}"], "en") == "{x}"
