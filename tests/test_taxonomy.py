"""Taxonomies of causes: what is wrong with one is said with its name and with what to do."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.incident import read_incident
from analysis.taxonomy import LONGEST, SHIPPED, Taxonomy, of_incident, read_taxonomy, resolve

LATE = "  - {id: late, name: {en: Late, zh: 迟到}, phrases: {en: [too late, waited for hours], zh: [晚点了]}}\n"
RUDE = "  - {id: rude, name: {en: Rude}, phrases: {en: [rude driver]}}\n"


def written(folder: Path, text: str, name: str = "own.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_phrases_and_names_come_by_language(tmp_path: Path) -> None:
    found = read_taxonomy(written(tmp_path, "causes:\n" + LATE + RUDE))
    assert found.phrases("en") == {"late": ["too late", "waited for hours"], "rude": ["rude driver"]}
    assert found.phrases("zh") == {"late": ["晚点了"]}
    assert found.phrases("fr") == {}
    assert (found.name("late", "zh"), found.name("rude", "zh")) == ("迟到", "Rude")


def test_phrases_are_read_without_their_spaces_and_copies(tmp_path: Path) -> None:
    found = read_taxonomy(
        written(tmp_path, "causes:\n  - {id: a, name: {en: A}, phrases: {en: [' so  late ', so late]}}")
    )
    assert found.phrases("en") == {"a": ["so late"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("causes: []\n", "causes: .*at least 1"),
        ("titel: {en: A}\ncauses:\n" + LATE, "titel: no such key is known"),
        ("causes:\n" + LATE + LATE, "the id late stands twice"),
        ("causes:\n  - {id: a, name: {en: A}}\n", r"causes\.0\.phrases"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {}}\n", r"causes\.0\.phrases: .*at least 1"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: []}}\n", r"causes\.0\.phrases\.en: .*at least 1"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: [late, ' ']}}\n", r"phrases\.en\.1: .*no word"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: ['?!']}}\n", r"phrases\.en\.0: .*no word"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: [no]}}\n", r"phrases\.en\.0: .*in quotes.*False"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: [996]}}\n", r"phrases\.en\.0: .*in quotes.*996"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {fr: [en retard]}}\n", r"phrases\.fr.*'en' or 'zh'"),
        ("causes:\n  - {id: a, name: {fr: A}, phrases: {en: [late]}}\n", r"name\.fr.*'en' or 'zh'"),
        ("causes:\n  - {id: a, name: {}, phrases: {en: [late]}}\n", r"causes\.0\.name"),
        ("causes:\n  - {id: A b, name: {en: A}, phrases: {en: [late]}}\n", r"causes\.0\.id: .*lower-case"),
        ("causes:\n  - {id: a, name: {en: A}, phrases: {en: late}}\n", r"phrases\.en: .*list"),
        ("causes:\n  - {id: a, name: {en: A}, phrase: {en: [late]}}\n", r"causes\.0\.phrase: no such key"),
        ("causes:\n" + LATE + "  - {id: b, name: {en: B}, phrases: {en: [Too late]}}\n", "stands in late and in b"),
        (f"causes:\n  - {{id: a, name: {{en: A}}, phrases: {{en: [{'x' * (LONGEST + 1)}]}}}}\n", "longer than"),
        ("- late\n", "a mapping of names to values.*service.yml"),
        ("causes: [", "not valid YAML"),
        ("", "a mapping of names"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=f"(?s){said}") as raised:
        read_taxonomy(path)
    assert str(path) in str(raised.value)


@given(st.text())
def test_any_text_is_a_taxonomy_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("t") / "own.yml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with suppress(InputError):
        assert isinstance(read_taxonomy(path), Taxonomy)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_is_whole_in_both_languages(name: str, tmp_path: Path) -> None:
    found = of_incident(name, tmp_path)
    assert found is not None
    assert set(found.title) == {"en", "zh"}
    for cause in found.causes:
        assert set(cause.name) == {"en", "zh"}, cause.id
        assert set(cause.phrases) == {"en", "zh"}, cause.id
        assert all(8 <= len(phrases) <= 20 for phrases in cause.phrases.values()), cause.id
        assert len(cause.name["en"]) <= 60, cause.id


def test_a_file_is_found_beside_the_incident_or_anywhere(tmp_path: Path) -> None:
    path = written(tmp_path, "causes:\n" + LATE)
    assert resolve("own.yml", tmp_path) == path
    assert resolve(str(path), tmp_path / "elsewhere") == path
    assert of_incident(None, tmp_path) is None
    with pytest.raises(InputError, match=r"incident\.yml: taxonomy: 'services' is neither service nor general"):
        resolve("services", tmp_path)


def test_an_incident_names_its_taxonomy(tmp_path: Path) -> None:
    whole = "id: a\ntitle: A\narchives: [b]\nbrand: Acme\n"
    assert read_incident(written(tmp_path, whole, "incident.yml")).taxonomy is None
    assert read_incident(written(tmp_path, whole + "taxonomy: service\n", "incident.yml")).taxonomy == "service"
