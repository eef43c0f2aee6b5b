"""Is a mention about the organisation? Sure where there is evidence, "unclear" where there is none."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.scoring import adverts, namesakes, relevance

ACCOUNTS = ["u_tideline00"]
HOSTILE = [
    "tide " * 250_000,
    "😡😡😡",
    "https://ex.am/ple",
    "\x00\u202e\x07tide",
    "خدمة سيئة",
    "Мой заказ потерян",
    "@",
    "#",
    "tide\ud800",
    " ",
    "'" * 5_000 + "should have",
]


def mentions(texts: list[str], **columns: list) -> pd.DataFrame:
    """A post of each text, by somebody, unless `columns` say otherwise."""
    table = pd.DataFrame({"id": [str(number) for number in range(len(texts))], "text": pd.Series(texts, dtype=object)})
    for name in ("author", "parent_id", "thread_id"):
        table[name] = pd.Series(columns.get(name, [pd.NA] * len(texts)), dtype="string")
    return table.assign(kind=columns.get("kind", ["post"] * len(texts)))


def judged(texts: list[str], terms: list[str], **options) -> list[tuple[str, str]]:
    columns = {name: options.pop(name) for name in ("author", "parent_id", "thread_id", "kind") if name in options}
    found = relevance.judge(mentions(texts, **columns), terms=terms, **options)
    return list(zip(found["relevance"], found["relevance_reason"], strict=True))


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("Tideline Bank charged me twice", ["Tide", "Tideline Bank"], ("about", "named")),
        ("#TidelineBank is a scam", ["Tideline Bank"], ("about", "named")),
        ("$TIDE falls again", ["Tide"], ("about", "named")),
        ("the Tide app will not open", ["Tide"], ("about", "named")),
        ("Kelby Tide 2-1 Alton, what a goal by the striker", ["Tide"], ("not_about", "namesake")),
        ("they scored twice, Tide fans love this league and the new coach", ["Tide"], ("not_about", "namesake")),
        ("Michael Jordan was the greatest", ["Jordan"], ("not_about", "namesake")),
        ("Amman, Jordan is lovely in spring", ["Jordan"], ("not_about", "namesake")),
        ("a holiday in Jordan", ["Jordan"], ("not_about", "namesake")),
        ("Jordan and Syria reopen their border", ["Jordan"], ("not_about", "namesake")),
        ("my Jordan order never arrived, refund it", ["Jordan"], ("about", "named")),
        ("walked home before the tide", ["Tide"], ("not_about", "ordinary_word")),
        ("nothing to do with us", ["Tide"], ("unclear", "unnamed")),
        ("Flying home over the United States", ["United"], ("not_about", "namesake")),
        ("Follow and RT to win a Tide voucher https://ex.am/ple", ["Tide"], ("not_about", "advert")),
        ("We're hiring: teller at Tideline Bank, apply now https://ex.am/job", ["Tideline Bank"],
         ("not_about", "advert")),
        ("Promo code? Tideline Bank lost my card and never answers, refund me https://ex.am", ["Tideline Bank"],
         ("about", "named")),
        ("蜜桃公司的客服不理人", ["蜜桃"], ("about", "named")),
        ("吃了一个蜜桃，好甜", ["蜜桃"], ("not_about", "ordinary_word")),
        ("水蜜桃熟了", ["蜜桃"], ("not_about", "namesake")),
        ("转发抽奖，送蜜桃月卡，关注并转发 https://ex.am/p", ["蜜桃"], ("not_about", "advert")),
        ("zorbelfix is down again", ["zorbelfix"], ("about", "named")),
        ("rode a zorbelfix to the stadium and back", ["zorbelfix"], ("about", "named")),
    ],
)  # fmt: skip
def test_a_text_alone(text: str, terms: list[str], expected: tuple[str, str]) -> None:
    assert judged([text], terms) == [expected]


def test_what_people_listed_as_namesakes_is_not_about_us() -> None:
    texts = [
        "Kelby Tide won again",
        "kelby   tide lost",
        "Tide lost my card at the branch",
        "Kelby Tide, and the Tide app",
    ]
    found = judged(texts, ["Tide"], phrases=["Kelby Tide"])
    assert found == [("not_about", "namesake"), ("not_about", "namesake"), ("about", "named"), ("about", "named")]


def test_an_account_addressed_is_evidence_but_no_licence_to_advertise() -> None:
    texts = [
        "@u_tideline00 where is it",
        "@u_other00000 where is it",
        "Win a trip with @u_tideline00! RT to enter https://ex.am",
    ]
    found = judged(
        [*texts, "RT & follow to win a free trip with @u_tideline00 https://ex.am"], ["Tideline"], accounts=ACCOUNTS
    )
    assert found[0] == ("about", "addressed")
    assert found[1] == ("unclear", "unnamed")
    assert found[3] == ("not_about", "advert")


def test_what_opens_with_our_account_is_spoken_to_us() -> None:
    text = "@u_tideline00 is hiring, apply now https://ex.am/job"
    assert judged([text], ["Tideline"], accounts=ACCOUNTS) == [("about", "addressed")]


def test_accounts_that_go_by_the_name_count_as_called() -> None:
    found = judged(["@u_byname00000 where is my card"], ["Tideline"], called=["u_byname00000"])
    assert found == [("about", "addressed")]


def test_nothing_in_a_conversation_with_us_is_left_out() -> None:
    texts = ["Follow and RT to win a phone https://ex.am", "hello", "the tide is in", "no"]
    found = judged(
        texts,
        ["Tide"],
        accounts=ACCOUNTS,
        author=["u_a", "u_tideline00", "u_b", "u_c"],
        parent_id=[pd.NA, "0", "1", pd.NA],
        thread_id=["t", "t", "t", "other"],
        kind=["post", "reply", "reply", "post"],
    )
    assert found == [("about", "own_thread"), ("about", "own"), ("about", "own_thread"), ("unclear", "unnamed")]


def test_an_answer_to_what_is_about_us_is_about_us() -> None:
    found = judged(["Tideline Bank is down", "same here", "same here"], ["Tideline Bank"], parent_id=[pd.NA, "0", "x"])
    assert found == [("about", "named"), ("about", "thread"), ("unclear", "unnamed")]


def test_exclusions_go_before_everything() -> None:
    found = judged(["Tideline Bank TROLLOLO", "Tideline Bank"], ["Tideline Bank"], exclusions=["trollolo"])
    assert found == [("not_about", "excluded"), ("about", "named")]


def test_a_name_that_mostly_means_something_else_proves_little() -> None:
    river = [f"the river and the valley near Tide, kayaking day {number}" for number in range(20)]
    alone = "So, Tide again"
    ours = [f"Tide failed me again, app and account, day {number}" for number in range(20)]
    assert judged([alone, *ours], ["Tide"])[0] == ("about", "named")
    assert judged([alone, *ours[:2]], ["Tide"])[0] == ("unclear", "ambiguous")
    assert judged([alone, *ours, *river], ["Tide"])[0] == ("unclear", "ambiguous")


def test_longer_names_are_found_in_the_archive() -> None:
    club = [f"Tide Rovers scored {number} goals in the league" for number in range(8)]
    assert judged([*club, "Going to see Tide Rovers"], ["Tide"])[-1] == ("not_about", "namesake")


def test_the_own_sense_of_a_club_is_no_rival() -> None:
    sure = [f"@u_tideline00 what a match, {number} goals, brilliant league season" for number in range(40)]
    found = judged([*sure, "Tide scored in the derby, what a striker"], ["Tide"], accounts=ACCOUNTS)
    assert found[-1] == ("about", "named")


def test_people_who_say_a_and_the_product_mean_the_organisation() -> None:
    sure = [f"@u_tideline00 reserved a tide, the app failed, order {number}" for number in range(40)]
    assert judged([*sure, "back home on a tide"], ["Tide"], accounts=ACCOUNTS)[-1][0] != "not_about"


def test_the_order_of_rows_changes_nothing() -> None:
    texts = ["walked before the tide", "Tide app down", "Tide", "Kelby Tide fans", "nobody"] * 3
    table = mentions(texts)
    forth = relevance.judge(table, terms=["Tide"])
    back = relevance.judge(table.iloc[::-1], terms=["Tide"]).iloc[::-1]
    pd.testing.assert_frame_equal(forth, back)


def test_without_mentions_and_without_names() -> None:
    assert relevance.judge(mentions([]), terms=["Tide"]).empty
    assert judged(["Tide", "tide"], []) == [("unclear", "unnamed")] * 2
    assert judged([pd.NA], ["Tide"]) == [("unclear", "unnamed")]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_judged(text: str) -> None:
    (verdict, reason), *_ = judged([text, "Tide"], ["Tide", "潮"], phrases=["Kelby Tide", "("], accounts=ACCOUNTS)
    assert verdict in relevance.VERDICTS
    assert reason in relevance.REASONS
    assert adverts.is_advert(text) in (True, False)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(
        st.one_of(st.text(max_size=80), st.sampled_from(["the tide", "A Tide of", "蜜桃 一个", "#tide $tide"])),
        max_size=6,
    ),
    terms=st.lists(st.text(max_size=10), max_size=3),
    phrases=st.lists(st.text(max_size=12), max_size=2),
)
def test_every_text_gets_a_legal_verdict(texts: list[str], terms: list[str], phrases: list[str]) -> None:
    table = mentions(texts)
    found = relevance.judge(
        table, terms=["tide", "蜜桃", *terms], phrases=phrases, exclusions=phrases, accounts=["u_a"]
    )
    assert found.index.equals(table.index)
    assert set(found["relevance"]) <= set(relevance.VERDICTS)
    assert set(found["relevance_reason"]) <= set(relevance.REASONS)


@given(st.text(max_size=200))
def test_reading_names_never_raises(text: str) -> None:
    known = namesakes.names(["Tide", "Tideline Bank", "蜜桃"], ["Kelby Tide"])
    assert set(namesakes.kinds(text, known)) <= {"sure", "listed", "longer", "ordinary", "plain"}
    namesakes.pairs(text, known)
