"""overrides.yml: what it may hold, how it is added to, and how it meets the causes of a run."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import overrides, wording
from analysis.errors import InputError, ParameterError
from analysis.overrides import read_overrides
from analysis.questions import overridden
from analysis.scoring.overriding import OUTCOMES, apply, by_phrases

IDS = [f"m{number}" for number in range(10)]
TEXTS = ["flight cancelled"] * 4 + ["bag lost", "bag damaged", "suitcase lost"] + ["call dropped"] * 2 + ["menu"]


def labels() -> pd.DataFrame:
    causes = [0, 0, 0, 0, 1, 1, 1, 2, 2, pd.NA]
    sure = [0.9, 0.8, 0.7, 0.6, 0.9, 0.8, 0.7, 0.9, 0.8, np.nan]
    origin = ["sampled"] * 9 + [pd.NA]
    table = pd.DataFrame({"cause": causes, "confidence": sure, "origin": origin}, index=range(50, 60))
    return table.astype({"cause": "Int64", "origin": "string"})


def table(**more: object) -> pd.DataFrame:
    rows = {
        "cause": [0, 1, 2],
        "name": ["flight, cancelled", "bag, lost", "call, phone"],
        "terms": [["flight"], ["bag", "lost"], ["call"]],
        "n": [4, 3, 2],
        "distinct": [1, 3, 1],
        "language": ["en"] * 3,
        "typical": [["m0", "m1"], ["m4"], ["m7"]],
        "stability": [0.9, 0.6, np.nan],
    }
    return pd.DataFrame(rows | more)


def run(text: str, folder: Path, **more: object) -> tuple[pd.DataFrame, Any, list[dict]]:
    path = folder / "overrides.yml"
    path.write_text(text, encoding="utf-8")
    done, made, told = apply(labels(), table(**more), IDS, read_overrides(path), by_phrases(TEXTS))
    assert set(told["outcome"]) <= set(OUTCOMES)
    assert sorted(made["cause"]) == sorted(done["cause"].dropna().unique())
    counts = done["cause"].value_counts()
    assert [counts[cause] for cause in made["cause"]] == made["n"].tolist()
    assert done.index.equals(labels().index)
    return done, made.set_index("cause"), told.to_dict("records")


def test_nothing_written_changes_nothing(tmp_path: Path):
    for text in ("", "# rename:\n", "rename: []\n"):
        done, made, told = run(text, tmp_path)
        pd.testing.assert_frame_equal(done, labels())
        assert made["name"].tolist() == table()["name"].tolist()
        assert set(made["origin"]) == {"found"}
        assert told == []
    assert not read_overrides(tmp_path / "absent.yml")


def test_a_cause_is_renamed_in_every_language(tmp_path: Path):
    names = [{"en": "flight, cancelled", "zh": "航班, 取消"}, {"en": "bag, lost"}, None]
    text = "rename:\n  - {cause: ' Flight,  CANCELLED', to: {en: Flights cancelled, zh: 航班取消}}\n"
    _, made, told = run(text, tmp_path, names=names, key=["a", None, None])
    assert made.loc[0, "name"] == "Flights cancelled"
    assert made.loc[0, "names"] == {"en": "Flights cancelled", "zh": "航班取消"}
    assert made.loc[0, ["origin", "key"]].tolist() == ["analyst", "a"]
    assert (told[0]["outcome"], told[0]["found"], told[0]["n"]) == ("applied", "flight, cancelled", 4)


def test_a_cause_that_is_named_otherwise_is_found_by_its_mentions(tmp_path: Path):
    text = 'rename:\n  - {cause: old name, mentions: ["m4", "m5", "m0", "gone"], to: Bags}\n'
    _, made, told = run(text, tmp_path)
    assert made.loc[1, "name"] == "Bags"
    assert (told[0]["outcome"], told[0]["found"]) == ("matched", "bag, lost")


def test_half_of_the_anchors_is_no_majority(tmp_path: Path):
    text = 'rename:\n  - {cause: old name, mentions: ["m4", "m5", "m0", "m1"], to: Bags}\n'
    _, made, told = run(text, tmp_path)
    assert "Bags" not in set(made["name"])
    assert (told[0]["outcome"], told[0]["found"], told[0]["to"]["en"]) == ("gone", None, "Bags")


def test_the_mentions_outweigh_a_name_that_moved_to_another_cause(tmp_path: Path):
    text = 'rename:\n  - {cause: "flight, cancelled", mentions: ["m4", "m5"], to: Bags}\n'
    _, made, told = run(text, tmp_path)
    assert made.loc[1, "name"] == "Bags"
    assert told[0]["outcome"] == "matched"


def test_causes_may_swap_names_and_a_second_entry_for_one_is_said(tmp_path: Path):
    text = (
        'rename:\n  - {cause: "flight, cancelled", to: "bag, lost"}\n'
        '  - {cause: "bag, lost", to: "flight, cancelled"}\n'
        '  - {cause: other, mentions: ["m0"], to: Third}\n'
    )
    _, made, told = run(text, tmp_path)
    assert made.loc[[0, 1], "name"].tolist() == ["bag, lost", "flight, cancelled"]
    assert [row["outcome"] for row in told] == ["applied", "applied", "taken"]


def test_a_name_that_another_cause_has_is_said(tmp_path: Path):
    _, _, told = run('rename:\n  - {cause: "bag, lost", to: "Call, phone"}\n', tmp_path)
    assert [row["outcome"] for row in told] == ["applied", "name_used"]


def test_merged_causes_are_one(tmp_path: Path):
    text = 'merge:\n  - {causes: [{cause: "bag, lost"}, {cause: "flight, cancelled"}], to: Travel}\n'
    done, made, told = run(text, tmp_path, key=["a", "b", None])
    assert made.loc[0, ["name", "n", "distinct", "origin"]].tolist() == ["Travel", 7, 4, "analyst"]
    assert made.loc[0, "typical"] == ["m0", "m4", "m1"]
    assert made.loc[0, "terms"] == ["flight", "bag"]
    assert made.loc[0, "stability"] == 0.6
    assert pd.isna(made.loc[0, "key"])
    assert done["cause"].tolist()[:9] == [0] * 7 + [2] * 2
    assert [row["outcome"] for row in told] == ["applied", "applied"]
    assert {row["entry"] for row in told} == {1}


def test_a_merge_of_which_one_cause_is_left_is_said(tmp_path: Path):
    text = 'merge:\n  - {causes: [{cause: "bag, lost"}, {cause: rude staff}], to: Both}\n'
    _, made, told = run(text, tmp_path)
    assert made.loc[1, "name"] == "bag, lost"
    assert [row["outcome"] for row in told] == ["applied", "gone", "alone"]


def test_a_merge_that_the_run_made_itself_keeps_the_name(tmp_path: Path):
    text = 'merge:\n  - {causes: [{cause: lost, mentions: ["m4"]}, {cause: damaged, mentions: ["m5"]}], to: Bags}\n'
    _, made, told = run(text, tmp_path)
    assert made.loc[1, "name"] == "Bags"
    assert [row["outcome"] for row in told] == ["matched", "already_one"]


def test_a_merge_may_name_a_cause_as_people_call_it(tmp_path: Path):
    text = (
        'rename:\n  - {cause: "bag, lost", to: Bags}\nmerge:\n  - {causes: [{cause: bags}, {cause: "call, phone"}]}\n'
    )
    _, made, _ = run(text, tmp_path)
    assert made.loc[1, ["name", "n"]].tolist() == ["Bags", 5]
    assert np.isnan(made.loc[1, "stability"])


def test_a_cause_is_split_by_phrases(tmp_path: Path):
    text = (
        'split:\n  - cause: "bag, lost"\n    into:\n      - {name: {en: Lost bags, zh: 行李丢失}, phrases: [Lost]}\n'
        "      - {name: Stolen bags, phrases: [stolen]}\n"
    )
    done, made, told = run(text, tmp_path, names=[{}, {}, {}], key=["a", "b", "c"])
    assert made.loc[3, ["name", "n", "origin"]].tolist() == ["Lost bags", 2, "analyst"]
    assert pd.isna(made.loc[3, "key"])
    assert made.loc[3, "names"] == {"en": "Lost bags", "zh": "行李丢失"}
    assert made.loc[3, "typical"] == ["m4", "m6"]
    assert made.loc[1, ["name", "n"]].tolist() == ["bag, lost", 1]
    assert made.loc[1, "typical"] == ["m5"]
    assert np.isnan(made.loc[1, "stability"])
    assert done["origin"].tolist()[4:7] == ["analyst", "sampled", "analyst"]
    assert [row["outcome"] for row in told] == ["applied", "applied", "part_empty"]


def test_a_cause_that_is_split_whole_is_gone(tmp_path: Path):
    text = 'split:\n  - {cause: "call, phone", into: [{name: Calls, phrases: [call]}]}\n'
    _, made, _ = run(text, tmp_path)
    assert sorted(made["name"]) == ["Calls", "bag, lost", "flight, cancelled"]


def test_excluded_mentions_count_in_no_cause(tmp_path: Path):
    done, made, told = run('exclude: ["m0", "m7", "m8", "m9", "404"]\n', tmp_path)
    assert done["cause"].isna().tolist() == [True] + [False] * 6 + [True] * 3
    assert done["confidence"].isna().equals(done["cause"].isna())
    assert made.loc[0, "typical"] == ["m1"]
    assert pd.isna(made.loc[0, "distinct"])
    assert 2 not in made.index
    assert [row["outcome"] for row in told] == ["applied"] * 4 + ["unknown_id"]


def test_no_causes_are_no_error(tmp_path: Path):
    (tmp_path / "o.yml").write_text('rename:\n  - {cause: a, to: b}\nexclude: ["m0"]\n')
    none = labels().assign(cause=pd.array([pd.NA] * 10, "Int64"), confidence=np.nan, origin=None)
    done, made, told = apply(none, table().iloc[:0], IDS, read_overrides(tmp_path / "o.yml"), by_phrases(TEXTS))
    assert made.empty
    assert done["cause"].isna().all()
    assert sorted(told["outcome"]) == ["applied", "gone"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("renames: []", "renames: no such key is known"),
        ("rename: [{cause: a}]", "to: Field required"),
        ("rename: [{cause: a, to: ''}]", "at least 1 character"),
        ("rename: [{cause: a, to: {fr: b}}]", "fr"),
        ("rename: [{cause: a, to: b}, {cause: ' A', to: c}]", "rename names the cause 'a' twice"),
        ("rename: [{cause: a, to: x}, {cause: b, to: X}]", "the name 'x' is given twice"),
        ("rename: [{cause: a, mentions: [571], to: b}]", "write it in quotes"),
        ("merge: [{causes: [{cause: a}]}]", "at least 2 items"),
        (
            "merge: [{causes: [{cause: a}, {cause: b}]}, {causes: [{cause: b}, {cause: c}]}]",
            "merge names the cause 'b'",
        ),
        ("split: [{cause: a, into: []}]", "at least 1 item"),
        ("split: [{cause: a, into: [{name: b, phrases: []}]}]", "at least 1 item"),
        ("exclude: [5]", "write it in quotes"),
        ("- a", "mapping"),
        ("a: [", "not valid YAML"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do(tmp_path: Path, text: str, told: str):
    path = tmp_path / "overrides.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_overrides(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_entries_are_added_and_nothing_else_changes(tmp_path: Path):
    path = tmp_path / "incidents" / "overrides.yml"
    overrides.rename(path, "flight, worst", ["1", "0012"], {"en": "Flights", "zh": "航班"})
    mine = path.read_text(encoding="utf-8") + "\n# mine\nexclude:\n- '7'  # a troll\n\n# end\n"
    path.write_text(mine, encoding="utf-8")
    overrides.rename(path, 'a "b": #c', [], "yes")
    overrides.merge(path, [("a", ["1"]), ("b", [])], "ab")
    overrides.split(path, "c", ["5"], [("d", ["e, f"])])
    overrides.exclude(path, ["8", "7", "8"])
    text = path.read_text(encoding="utf-8")
    lines = iter(text.splitlines())
    assert all(line in lines for line in mine.splitlines()), "a line was changed, moved or lost"
    read = read_overrides(path)
    assert [(entry.cause, entry.mentions, entry.to) for entry in read.rename] == [
        ("flight, worst", ["1", "0012"], {"en": "Flights", "zh": "航班"}),
        ('a "b": #c', [], "yes"),
    ]
    assert read.exclude == ["7", "8"]
    assert read.merge[0].to == "ab"
    assert read.split[0].into[0].phrases == ["e, f"]
    assert [file.name for file in path.parent.iterdir()] == ["overrides.yml"]


def test_an_addition_that_breaks_the_contract_leaves_the_file(tmp_path: Path):
    path = overrides.rename(tmp_path / "overrides.yml", "a", ["1"], "b")
    before = path.read_text()
    with pytest.raises(InputError, match="twice"):
        overrides.rename(path, "a", ["1"], "c")
    assert path.read_text() == before
    path.write_text("rename: [{cause: a, to: b}]\n")
    with pytest.raises(ParameterError, match="one line"):
        overrides.rename(path, "x", [], "y")
    assert [file.name for file in tmp_path.iterdir()] == ["overrides.yml"]


def test_forgotten_mentions_go_and_all_else_stays(tmp_path: Path):
    path = tmp_path / "overrides.yml"
    path.write_text(
        "# mine\nrename:\n  - cause: '12'\n    mentions: ['12', \"34\", '56']  # three\n    to: Late\n"
        "exclude:\n  - '12'  # a troll\n"
    )
    assert overrides.remove(path, {"12", "56"})
    read = read_overrides(path)
    assert (read.rename[0].cause, read.rename[0].mentions, read.exclude) == ("12", ["34"], [])
    assert "# mine" in path.read_text()
    assert "# three" in path.read_text()
    assert "troll" not in path.read_text()
    assert not overrides.remove(path, {"12"})
    assert overrides.remove(path, {"34"})
    assert read_overrides(path).rename[0].mentions == []
    assert not overrides.remove(tmp_path / "absent.yml", {"12"})
    overrides.exclude(path, ["9"])
    assert read_overrides(path).exclude == ["9"]


class Opened(SimpleNamespace):
    """As much of a case as the calls and the question need."""

    def once(self, name: str, measure: object) -> pd.DataFrame:
        return table()

    def answer(self, identity: str, message: str, values: dict | None = None, **more: object) -> SimpleNamespace:
        said = {language: wording.say(message, language, values) for language in wording.LANGUAGES}
        return SimpleNamespace(id=identity, message=message, said=said, values=values, **more)


def opened(folder: Path | None, told: list[dict] | None = None) -> Any:
    mentions = labels().rename(columns={"confidence": "cause_confidence"}).assign(id=IDS)
    return Opened(mentions=mentions, folder=folder, languages=["en"], notes={"overrides": told or []})


def test_one_call_names_a_cause(tmp_path: Path):
    case = opened(tmp_path)
    written = overridden.name_cause(case, 2, "Bags lost or delayed")
    assert str(tmp_path / "overrides.yml") in written
    entry = read_overrides(tmp_path / "overrides.yml").rename[0]
    assert (entry.cause, entry.mentions, entry.to) == ("bag, lost", ["m4", "m5", "m6"], "Bags lost or delayed")
    overridden.merge_causes(case, [1, "call, phone"], "Both")
    overridden.split_cause(case, 1, {"Late": ["late"]})
    overridden.exclude_mentions(case, ["m3"])
    read = read_overrides(tmp_path / "overrides.yml")
    assert (len(read.merge), len(read.split), read.exclude) == (1, 1, ["m3"])


def test_a_call_that_names_no_cause_says_which_there_are(tmp_path: Path):
    with pytest.raises(ParameterError, match="2 bag, lost"):
        overridden.name_cause(opened(tmp_path), 4, "x")
    with pytest.raises(ParameterError, match="two or more"):
        overridden.merge_causes(opened(tmp_path), [1, 1])
    with pytest.raises(ParameterError, match="no mention"):
        overridden.exclude_mentions(opened(tmp_path), ["zz"])
    with pytest.raises(ParameterError, match="without its folder"):
        overridden.name_cause(opened(None), 1, "x")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("text", "message", "values"),
    [
        ("", "overrides.none", None),
        ('rename:\n  - {cause: "bag, lost", to: Bags}\n', "overrides.applied", (1, 0)),
        ('rename:\n  - {cause: x, mentions: ["m4"], to: Bags}\n', "overrides.matched", (1, 0)),
        ('rename:\n  - {cause: x, to: y}\nexclude: ["m0", "404"]\n', "overrides.lost", (1, 2)),
    ],
)
def test_what_was_changed_is_said(tmp_path: Path, text: str, message: str, values: tuple[int, int] | None):
    *_, told = run(text, tmp_path)
    answer: Any = overridden.changed(opened(tmp_path, told))
    assert (answer.id, answer.message) == ("causes.overrides", message)
    if values:
        assert (answer.values["done"], answer.values["lost"]) == values
        for language in wording.LANGUAGES:
            for row in answer.printed.whole.to_dict("records"):
                assert all(show(row[name], language) for name, (_, show) in answer.printed.columns.items())


def test_every_outcome_has_its_words():
    for language in wording.LANGUAGES:
        assert set(wording.group("override.outcome", language)) == set(OUTCOMES)
        assert set(wording.group("override.kind", language)) == {"rename", "merge", "split", "exclude"}
