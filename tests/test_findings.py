"""Findings as they are written and read: nothing is lost, and the same findings give the same bytes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import findings
from analysis.errors import InputError
from analysis.findings import Drawing, Finding, Quote, Table
from analysis.measures.estimate import REASONS, Estimate, refused

WHOLE = Finding(
    id="volume.total",
    notebook="1_what_happened",
    question="volume",
    message="volume.counted",
    answer={"en": "2,888 mentions", "zh": "2,888 条提及"},
    values={
        "during": Estimate(2888.0, "count", 2888, "count", 2888.0, 2888.0),
        "onset": Estimate("2025-07-09T00:00:00+00:00", "time", 3, "CUSUM"),
        "expected": refused("count", "short_baseline", "negative binomial", 4, low=1.0),
    },
    evidence=[Quote("m1", "\u202e=HYPERLINK(1) {x} \ud83d\ude21".encode("utf-16", "surrogatepass").decode("utf-16"))],
    certainty="high",
    figure=Drawing("timeline", {"en": "A", "zh": "甲"}, {"en": "Bars", "zh": "柱"}, {"en": ["1 Apology"], "zh": []}),
    table=Table("volume", {"en": "T"}, {"en": ["a", "b"]}, {"en": [["1", "x"]]}, [True, False]),
    facts={"named": ["brakes"], "partial": False, "low": None},
)
PLAIN = Finding("verdict", "1_what_happened", "verdict", "verdict.buzz", {"en": "A buzz."})


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    findings.write([WHOLE, PLAIN], "a", tmp_path / "deep" / "findings.json")
    assert findings.read(tmp_path / "deep" / "findings.json") == [WHOLE, PLAIN]


texts = st.text(max_size=40)
estimates = st.one_of(
    st.builds(
        Estimate,
        value=st.floats(allow_nan=False, allow_infinity=False),
        unit=st.sampled_from(["count", "share", "hours"]),
        n=st.integers(0, 10**9),
        method=texts,
    ),
    st.builds(refused, unit=st.just("share"), reason=st.sampled_from(REASONS)),
)


@given(
    st.builds(
        Finding,
        id=texts,
        notebook=texts,
        question=texts,
        message=texts,
        answer=st.dictionaries(st.sampled_from(["en", "zh"]), texts),
        values=st.dictionaries(texts, estimates, max_size=4),
        evidence=st.lists(st.builds(Quote, id=texts, quote=texts), max_size=3),
    )
)
def test_any_finding_survives(tmp_path_factory: pytest.TempPathFactory, finding: Finding) -> None:
    path = tmp_path_factory.mktemp("any") / "f.json"
    findings.write([finding], "a", path)
    assert findings.read(path) == [finding]


def test_the_same_findings_give_the_same_bytes_whatever_the_order_of_their_values(tmp_path: Path) -> None:
    turned = Finding(**{**WHOLE.__dict__, "values": dict(reversed(WHOLE.values.items()))})
    for name, finding in (("a", WHOLE), ("b", turned), ("c", WHOLE)):
        findings.write([finding], "x", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()
    assert (tmp_path / "a").read_bytes().endswith(b"}\n")


def test_the_file_is_as_the_schema_says(tmp_path: Path) -> None:
    findings.write([WHOLE], "2025-07", tmp_path / "f.json")
    body = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    assert (body["schema"], body["incident"]) == (1, "2025-07")
    (item,) = body["findings"]
    assert set(item["values"]["during"]) == {"value", "low", "high", "unit", "n", "method", "reason"}
    assert item["values"]["expected"]["value"] is None
    assert item["evidence"][0]["id"] == "m1"


def test_findings_of_notebooks_are_one_list_in_their_order() -> None:
    assert findings.merge([[WHOLE], [], [PLAIN]]) == [WHOLE, PLAIN]
    assert list(findings.by_id([WHOLE, PLAIN])) == ["volume.total", "verdict"]
    assert findings.merge([]) == []


def test_two_findings_of_one_name_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"two findings are called 'verdict'"):
        findings.merge([[PLAIN], [WHOLE, PLAIN]])


def test_an_absent_file_and_another_schema_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no findings here. Run the notebook"):
        findings.read(tmp_path / "absent.json")
    (tmp_path / "old.json").write_text('{"schema": 0, "findings": []}')
    with pytest.raises(InputError, match=r"old\.json: schema 0, expected 1. Run the incident again"):
        findings.read(tmp_path / "old.json")
