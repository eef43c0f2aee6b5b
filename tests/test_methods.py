"""Every method label that an estimate may bear has words for readers, and every finding rests on something."""

import ast
import json
from pathlib import Path

import pytest

from analysis import wording
from analysis.errors import EvidenceError
from analysis.findings import Finding
from analysis.measures.estimate import Estimate, refused
from analysis.report import methods
from tests.workspace_fixture import Published

PACKAGE = Path(methods.__file__).parents[1]
READ = sorted([*(PACKAGE / "measures").glob("*.py"), *(PACKAGE / "questions").glob("*.py")])
PLACES = {"Estimate": 3, "refused": 2}


def labels(path: Path) -> set[str]:
    """The labels that a module writes down: constants called METHOD or handed to an estimate, f-strings with an x."""
    out = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        value = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.endswith("METHOD") or name in ("method", "CHANGE", "DIFFERENCE", "VOLUME", "EMPIRICAL"):
                value = node.value
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in PLACES:
                given = [*node.args[PLACES[called] :], *(one.value for one in node.keywords if one.arg == "method")]
                value = given[0] if given else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            out.add(value.value)
        elif isinstance(value, ast.JoinedStr):
            out.add("".join(str(part.value) if isinstance(part, ast.Constant) else "likes" for part in value.values))
    return out


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_every_label_has_words(path: Path) -> None:
    for label in labels(path) - set(methods.NONE):
        assert methods.name(label), f"{path.name}: {label!r} needs an entry in analysis/report/methods.py"


def test_all_words_are_used_and_there_in_each_language() -> None:
    named = {*methods.NAMES.values(), *(name for _, name in methods.FORMS)}
    for language in wording.LANGUAGES:
        assert set(wording.group("how", language)) == named


def finding(identity: str = "a.b", **given: object) -> Finding:
    return Finding(identity, "1", "a", "m", {"en": "x"}, **given)  # type: ignore[arg-type]


def test_words_stand_for_labels_each_once() -> None:
    values = {
        "one": Estimate(0.5, "share", 9, "Wilson"),
        "two": Estimate(1.0, "count", 9, "audit"),
        "three": Estimate(1.0, "count", 9, "content audit"),
        "four": refused("share", "too_few"),
        "five": Estimate(0.5, "share", 9, "vader-en: stack on 200 labels; label shift by EM, bootstrap"),
    }
    said = methods.method_words(finding(values=values), "en")
    group = wording.group("how", "en")
    assert sorted(said) == sorted([group["share"], group["audit"], group["calibrated"]])
    assert methods.method_words(finding(values=values), "zh")[0] != said[0]


def test_without_an_estimate_it_says_what_it_rests_on() -> None:
    assert methods.method_words(finding("cause.3"), "en") == [wording.say("rests.cause", "en")]
    assert methods.method_words(finding("plan.who"), "zh") == [wording.say("rests.plan.who", "zh")]
    assert methods.method_words(finding(certainty="refused"), "en") == [wording.say("rests.refused", "en")]
    assert methods.method_words(finding(), "en") == []


def test_a_finding_that_rests_on_nothing_fails() -> None:
    with pytest.raises(EvidenceError, match=r"rest on nothing: a\.b\.") as raised:
        methods.require([finding(), finding("cause.1")])
    assert raised.value.code == 8
    methods.require([finding(behind={"n": 3}), finding("plan.who"), finding(certainty="refused")])


def test_every_finding_of_the_sample_has_its_method_in_words(sample: Published) -> None:
    made = json.loads((sample.folder / "findings.json").read_text(encoding="utf-8"))["findings"]
    used = {value["method"] for item in made for value in item["values"].values()} - set(methods.NONE)
    assert [label for label in sorted(used) if not methods.name(label)] == []
    for one in sample.findings.values():
        for language in wording.LANGUAGES:
            assert methods.method_words(one, language), one.id
