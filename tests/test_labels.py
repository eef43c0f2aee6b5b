"""labels.csv and sample.csv: what they may hold, what a sample is drawn from, and what labels weigh."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import labels
from analysis.errors import InputError, ParameterError
from tests.scored_tables import at, scored

WHEN = "2025-03-04T09:30:00+00:00"


def written(path: Path, *rows: str, header: str = "id,label,labeller,when") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def mentions(negative: int, neutral: int, positive: int, scorer: str = "head 1") -> pd.DataFrame:
    said = ["negative"] * negative + ["neutral"] * neutral + ["positive"] * positive
    table = scored([at("2025-01-01") + pd.Timedelta(hours=k) for k in range(len(said))], said, scorer=scorer)
    table["scorer"] = scorer
    table["id"] = [f"{scorer[0]}{k:05d}" for k in range(len(said))]
    table["text"] = [f"text {name}" for name in table["id"]]
    return table


def test_what_is_written_is_read(tmp_path: Path):
    table = pd.DataFrame([("1", "negative", "ab", WHEN), ("2", "neutral", 'c, "d"', WHEN)], columns=labels.COLUMNS)
    labels.write(tmp_path / "new" / "labels.csv", table.astype("string"))
    assert labels.read(tmp_path / "new" / "labels.csv").equals(table.astype("string"))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["labels.csv"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2,angry,ab," + WHEN, "row 2: label is 'angry'. Use negative, neutral, positive"),
        ("2,neutral,," + WHEN, "row 2: labeller is empty"),
        ("2,neutral,ab,yesterday", "row 2: when is 'yesterday'"),
        ("2,neutral,ab,2025-03-04 09:30", "row 2: when"),
        (",neutral,ab," + WHEN, "row 2: id is empty"),
        ("1,neutral,ab," + WHEN, "row 2: 'ab' answered for '1' in row 1 already. Keep one"),
        ("2,neutral", "row 2: labeller is empty"),
        ('2,"neutral,ab,' + WHEN, "quote"),
        ("2,neu\0tral,ab," + WHEN, "null bytes"),
        ("2," + "n" * 200_000 + ",ab," + WHEN, "row 2: label is 'nnn|field larger"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(tmp_path: Path, row: str, told: str):
    with pytest.raises(InputError, match=told.replace("(", r"\(")) as caught:
        labels.read(written(tmp_path / "labels.csv", "1,negative,ab," + WHEN, row))
    assert str(tmp_path / "labels.csv") in str(caught.value)
    assert len(str(caught.value)) < 600


def test_files_that_are_none(tmp_path: Path):
    path = tmp_path / "labels.csv"
    for content, told in (
        (b"", "is empty"),
        (b"\xff\xfe\0", "not UTF-8"),
        (b"id,label\n1,negative\n", "labeller is ab"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=told):
            labels.read(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"id,label,labeller,when\n" + content)
    try:
        table = labels.read(path)
    except InputError:
        return
    assert set(table["label"]) <= set(labels.LABELS)


def test_a_column_of_ones_own_is_refused_rather_than_lost(tmp_path: Path):
    with pytest.raises(InputError, match="'note' is not one of"):
        labels.read(written(tmp_path / "labels.csv", header="id,label,labeller,when,note"))


def test_a_byte_order_mark_and_another_order_of_columns_do_no_harm(tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_bytes("\ufeffwhen,labeller,label,id\r\n".encode() + f"{WHEN},ab,positive,7\r\n".encode())
    assert labels.read(path).iloc[0].tolist() == ["7", "positive", "ab", WHEN]


def test_unknown_ids_are_named_with_their_rows(tmp_path: Path):
    table = labels.read(written(tmp_path / "labels.csv", f"1,negative,ab,{WHEN}", f"x9,negative,ab,{WHEN}"))
    labels.check_ids(table, {"1", "x9"}, tmp_path)
    with pytest.raises(InputError, match="row 2: 'x9'"):
        labels.check_ids(table, {"1"}, tmp_path)


def test_a_sample_that_was_edited_is_refused(tmp_path: Path):
    path = written(tmp_path / "sample.csv", "1,head: negative,many", header="id,stratum,of")
    with pytest.raises(InputError, match="row 1: of is 'many'"):
        labels.read_sample(path)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 41])
def test_a_labeller_has_a_name(name: str):
    with pytest.raises(ParameterError, match="labeller"):
        labels.name(name)


def test_rows_of_forgotten_people_go(tmp_path: Path):
    path = written(tmp_path / "labels.csv", f"1,negative,ab,{WHEN}", f"2,neutral,ab,{WHEN}")
    assert labels.remove(path, {"2", "3"}, labels.COLUMNS)
    assert labels.read(path)["id"].tolist() == ["1"]
    assert not labels.remove(path, {"2"}, labels.COLUMNS)


def test_rare_classes_and_scorers_are_topped_up():
    table = pd.concat([mentions(900, 80, 20), mentions(50, 30, 20, "other 1")])
    sample = labels.draw(table, 100)
    assert len(sample) == 100
    counts = sample.groupby("stratum").size()
    assert counts["head 1: positive"] >= 20
    assert counts[counts.index.str.startswith("other")].sum() >= 20
    assert sample.groupby("stratum")["of"].first()["head 1: negative"] == 900


def test_a_stratum_is_drawn_over_the_whole_time():
    table = mentions(1000, 0, 0)
    places = labels.draw(table, 20)["id"].str[1:].astype(int).sort_values()
    assert np.diff(places).max() <= 51
    assert places.iloc[0] < 50


def test_a_sample_is_the_same_for_the_same_seed_and_asks_each_text_once():
    table = mentions(300, 0, 0)
    table["text"] = [f"text {k // 3}" for k in range(300)]
    first = labels.draw(table, 60)
    assert first.equals(labels.draw(table.sample(frac=1, random_state=3), 60))
    assert not first.equals(labels.draw(table, 60, seed=1))
    assert table.set_index("id").loc[first["id"], "text"].is_unique


def test_a_sample_is_filled_up_and_keeps_its_beginning():
    table = mentions(500, 200, 50)
    first = labels.draw(table, 60)
    more = labels.draw(table, 120, drawn=first)
    assert more.head(60).equals(first)
    assert len(more) == 120
    assert more["id"].is_unique
    whole = labels.draw(table, 5000, drawn=more)
    assert len(whole) == 750
    assert labels.draw(table, 10, drawn=first).equals(first)


def test_nothing_to_draw_from():
    table = mentions(5, 0, 0)
    table["from_brand"] = True
    assert labels.draw(table, 10).empty
    assert labels.draw(scored([at("2025-01-01")] * 3, [None] * 3).assign(scorer=pd.NA), 10).empty


def test_labels_weigh_what_they_stand_for():
    table = mentions(900, 90, 10)
    sample = labels.draw(table, 60)
    answers = pd.DataFrame({"label": "negative", "share": 1.0}, index=pd.Index([*sample["id"], "elsewhere"]))
    weighed = labels.weigh(answers, sample)
    assert weighed["weight"].iloc[:-1].sum() == pytest.approx(1000)
    assert weighed.loc["elsewhere", "weight"] == 1.0
    half = labels.weigh(answers.iloc[:30], sample)  # who stopped early
    assert half["weight"].sum() == pytest.approx(1000)
    split = pd.concat([answers.iloc[:30].assign(share=0.5, label=label) for label in ("negative", "neutral")])
    assert labels.weigh(split, sample)["weight"].sum() == pytest.approx(1000)


def said(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*row, WHEN) for row in rows], columns=labels.COLUMNS).astype("string")


def test_a_mention_counts_as_a_part_of_each_thing_that_is_said():
    found, agreement = labels.shared(
        said(("1", "negative", "a"), ("1", "negative", "b"), ("1", "neutral", "c"), ("2", "neutral", "a"))
    )
    assert [*zip(found.index, found["label"], found["share"], strict=True)] == [
        ("1", "negative", pytest.approx(2 / 3)),
        ("1", "neutral", pytest.approx(1 / 3)),
        ("2", "neutral", 1.0),
    ]
    assert agreement.labellers == 3
    assert agreement.mentions == 1


def test_alpha_is_krippendorffs():
    """The example of Krippendorff 2011, nominal data: alpha .743."""
    coders = {
        "a": "1 2 3 3 2 1 4 1 2 . . .",
        "b": "1 2 3 3 2 2 4 1 2 5 . 3",
        "c": ". 3 3 3 2 3 4 2 2 5 1 .",
        "d": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    votes = np.zeros((12, 5))
    for line in coders.values():
        for unit, value in enumerate(line.split()):
            if value != ".":
                votes[unit, int(value) - 1] += 1
    alpha, mentions_of_several = labels._alpha(votes)
    assert alpha == pytest.approx(0.743, abs=0.001)
    assert mentions_of_several == 11


def test_alpha_is_not_known_where_nothing_could_disagree():
    assert labels.shared(said(("1", "negative", "a"), ("2", "negative", "b")))[1].alpha is None
    assert labels.shared(said(("1", "negative", "a"), ("1", "negative", "b")))[1].alpha is None
