"""Whom a negative mention is angry at: others are only named where the words blame them."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import beyond, masking, target
from tests.test_relevance import HOSTILE


def at(text: str, language: str = "en", *, answering: bool = False) -> str:
    """The target of one text about Vexley, whose rival is Orrin."""
    masked = masking.mask(target.rivals(pd.Series([text], dtype="string"), ["Orrin", "奥林"]), ["Vexley", "维客"])
    return target.columns(masked.tolist(), language, answering=[answering])[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vexley lost my parcel", "organisation"),
        ("Shame on Vexley", "organisation"),
        ("your staff were so rude", "organisation"),
        ("the worst delivery company, terrible service", "organisation"),
        ("Shame on the police for beating that man", "third_party"),
        ("The minister is a disgrace", "third_party"),
        ("blame the weather, not Vexley", "third_party"),
        ("fake news, the media are lying again", "third_party"),
        ("drunk passengers behind me kept shouting", "customer"),
        ("the guy next to me at the Vexley counter was screaming at everybody", "customer"),
        ("He should have just paid the fee", "customer"),
        ("Orrin is a joke", "rival"),
        ("Never using Orrin again", "rival"),
        ("Orrin would never do this, Vexley is useless", "organisation"),
        ("ugh, what a day", "unclear"),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert at(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("维客又丢件，垃圾", "organisation"),
        ("你们太过分了", "organisation"),
        ("警察打人，太过分了", "third_party"),
        ("都怪这台风", "third_party"),
        ("不怪维客，交警乱封路", "third_party"),
        ("那个乘客没素质，一直骂人", "customer"),
        ("奥林太差了", "rival"),
        ("今天真倒霉", "unclear"),
    ],
)
def test_chinese(text: str, expected: str) -> None:
    assert at(text, "zh") == expected


def test_you_is_whoever_is_spoken_to() -> None:
    text = "you should be ashamed"
    assert at(text, answering=True) == "organisation"
    assert at(text) == "unclear"


def test_the_police_and_us_together_are_not_somebody_else() -> None:
    assert at("Shame on the police, and shame on Vexley") not in ("third_party", "customer", "rival")


def test_criticism_of_blaming_a_victim_is_no_anger_at_the_victim() -> None:
    assert at("Vexley blames the passenger, of course") == "organisation"


def test_other_languages_have_no_target() -> None:
    assert target.columns(["très mauvais"], "fr", answering=[False]).tolist() == [None]
    assert len(target.columns([], "en", answering=[])) == 0


def scored(texts: list[str], languages: list[str | None], negative: list[float]) -> pd.DataFrame:
    n = len(texts)
    table = pd.DataFrame({"text": pd.Series(texts, dtype="string"), "language": pd.Series(languages, dtype="string")})
    table = table.assign(from_brand=False, relevance_reason=pd.Series(["named"] * n, dtype="string"))
    return table.assign(p_negative=negative, p_neutral=[1 - p for p in negative], p_positive=0.0)


def test_columns_are_of_the_contract_and_null_where_nothing_is_known() -> None:
    texts = ["Vexley lost it", "Vexley lost it", "维客丢件", "colis perdu", "https://ex.am", "Vexley lost it"]
    table = scored(texts, ["en", "en", "zh", "fr", None, "en"], [0.9, 0.1, 0.9, 0.9, 0.9, 0.9])
    table.loc[5, "from_brand"] = True
    table.loc[1, ["p_negative", "p_neutral", "p_positive"]] = float("nan")
    found = beyond.read(table, terms=["Vexley", "维客"], accounts=[], rivals=[])
    assert [str(kind) for kind in found.dtypes] == ["string", "float64", "Int64", "float64", "float64"]
    assert found["target"].tolist() == ["organisation", pd.NA, "organisation", pd.NA, pd.NA, pd.NA]
    assert found["complaint"].isna().tolist() == [False, False, False, True, True, True]
    assert found["reproach"].isna().tolist() == [False, False, False, True, True, True]


def test_an_account_of_ours_is_our_name() -> None:
    table = scored(["@u_vexley0000 lost it, useless", "@u_other00000 lost it, useless"], ["en", "en"], [0.9, 0.9])
    found = beyond.read(table, terms=["Vexley"], accounts=["u_vexley0000"], rivals=[])
    assert found["target"].tolist() == ["organisation", "unclear"]


def test_nothing_depends_on_the_other_rows() -> None:
    texts = ["Vexley lost it", "Shame on the police", "Orrin is a joke", "thanks Vexley"]
    table = scored(texts, ["en"] * 4, [0.9] * 4)
    whole = beyond.read(table, terms=["Vexley"], accounts=[], rivals=["Orrin"])
    for row in table.index:
        alone = beyond.read(table.loc[[row]], terms=["Vexley"], accounts=[], rivals=["Orrin"])
        pd.testing.assert_frame_equal(alone, whole.loc[[row]])


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_texts_get_a_target(text: str, language: str) -> None:
    assert target.columns([text], language, answering=[True])[0] in target.TARGETS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=5), st.sampled_from(["en", "zh", "fr", ""]), st.booleans())
def test_any_text_gets_a_legal_class(texts: list[str], language: str, answering: bool) -> None:
    found = target.columns(texts, language, answering=[answering] * len(texts))
    assert set(found) <= {*target.TARGETS, None}
