"""Exports of Brandwatch, Meltwater (old and new), Talkwalker and Sprinklr: recognised, and read to the last quirk."""

import csv
from collections.abc import Sequence

import pandas as pd
import pytest

from analysis.archive import formats
from analysis.archive.containers import open_source
from analysis.archive.formats import meltwater, networks
from analysis.archive.formats.columns import match_columns
from analysis.archive.records import Format
from analysis.archive.sources import Source
from analysis.errors import InputError
from analysis.privacy import pseudonym
from tests.archive_fixture import ARCHIVES, KEY, ingested

SAMPLES = {
    "brandwatch.csv": "brandwatch",
    "meltwater_old.csv": "meltwater-legacy",
    "meltwater_new.csv": "meltwater",
    "talkwalker.csv": "talkwalker",
    "sprinklr.csv": "sprinklr",
}
PIA, SVEN, HELP = (f"@{pseudonym(name, KEY)}" for name in ("pedal_pia", "spoke_sven", "larkwheel"))
POST, ANSWER, THIRD = "2019788925865861130", "2019793455844208651", "2019798237480796172"
"""The same posts on X in every sample but Brandwatch's."""


def text(values: Sequence[str | None]) -> pd.Series:
    return pd.Series(values, dtype="str")


def shaped(form: Format, **columns: Sequence[str | None]) -> pd.DataFrame:
    """What a format makes of records with these columns."""
    records = pd.DataFrame({name: text(cells) for name, cells in columns.items()})
    found, _ = match_columns(form, {}, list(records.columns), "a.csv")
    return form.shape(pd.DataFrame({name: records[column] for name, column in found.items()}), records)[0]


def cells(table: pd.DataFrame, column: str) -> list:
    """The values of a column, null as None."""
    return [None if pd.isna(value) else value for value in table[column]]


def without_source(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="source").sort_values("id", ignore_index=True)


@pytest.mark.parametrize(("name", "expected"), SAMPLES.items())
def test_each_is_recognised_and_says_why(name, expected):
    reading = open_source(Source(name, ARCHIVES / name), is_header=formats.is_header)
    form, why = formats.recognise(reading.columns)
    assert form.name == expected
    assert why.startswith("its columns ")


@pytest.mark.parametrize("name", SAMPLES)
def test_names_in_any_case_and_order_are_matched_and_unknown_ones_ignored(tmp_path, name):
    sep, encoding = ("\t", "utf-16") if name == "meltwater_old.csv" else (",", "utf-8-sig")
    skipped = {"brandwatch.csv": 6, "meltwater_new.csv": 1}.get(name, 0)
    table = pd.read_csv(ARCHIVES / name, sep=sep, encoding=encoding, skiprows=skipped, dtype="str")
    table[f"Custom: {name}"] = "of the customer's own"
    changed = table[sorted(table.columns, key=str.casefold)].rename(columns=lambda column: f" {column.upper()}")
    changed.to_csv(tmp_path / "other.csv", index=False)
    _, first = ingested(tmp_path / "a", ARCHIVES / name, time_zone="UTC")
    _, second = ingested(tmp_path / "b", tmp_path / "other.csv", time_zone="UTC")
    pd.testing.assert_frame_equal(without_source(first), without_source(second))


@pytest.mark.parametrize("name", ["brandwatch.csv", "meltwater_old.csv", "meltwater_new.csv", "sprinklr.csv"])
def test_times_without_a_zone_are_asked_for(tmp_path, name):
    with pytest.raises(InputError, match="time_zone"):
        ingested(tmp_path, ARCHIVES / name)


def test_brandwatch(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "brandwatch.csv", time_zone="UTC")
    assert (result.rows, result.accepted, result.files[0].reasons) == (6, 5, {"damaged_id": 1})
    assert {"preamble_skipped"} <= {item["kind"] for item in result.notes}
    opener = "1764202802885693441"
    assert cells(table, "id") == [opener, "1764209094471720962", "1764214673026068483", "504", "505"]
    assert cells(table, "kind") == ["post", "reply", "repost", "comment", "post"]
    assert cells(table, "parent_id") == [None, opener, opener, None, None]
    assert cells(table, "thread_id") == [opener, opener, None, "77", None]
    assert cells(table, "platform") == ["twitter", "twitter", "twitter", "facebook", "news"]
    assert cells(table, "brand") == ["Larkwheel"] * 3 + ["Larkwheel refunds"] * 2
    assert cells(table, "likes") == [40, 5, 0, 7, None]  # those of other networks are 0 in the file
    assert cells(table, "replies") == [3, 1, 0, 2, None]
    assert cells(table, "reposts") == [12, 0, 0, 1, None]
    assert cells(table, "views") == [None] * 5  # impressions and reach are estimates
    assert cells(table, "author_followers") == [1204, 58000, 87, None, None]
    assert table["text"][0] == f"Brakes on my Larkwheel gave way\non the bridge & nobody answers {HELP}"
    assert table["text"][3] == "Still waiting for the refund"  # no full text: the snippet
    assert cells(table, "author")[4] is None
    assert [str(moment) for moment in table["published_at"][[0, 3]]] == [
        "2024-03-03 08:15:00+00:00",
        "2024-03-03 20:30:00+00:00",  # written with +0100
    ]


def test_brandwatch_as_a_workbook_gives_the_same(tmp_path):
    result, table = ingested(tmp_path / "a", ARCHIVES / "brandwatch.xlsx", time_zone="UTC")
    _, expected = ingested(tmp_path / "b", ARCHIVES / "brandwatch.csv", time_zone="UTC")
    assert (result.rows, result.rejected) == (6, 1)
    pd.testing.assert_frame_equal(without_source(table), without_source(expected))


def test_brandwatch_of_other_years_and_subscriptions():
    renamed = shaped(
        formats.named("brandwatch"),
        **{
            "Query Name": ["q"] * 4,
            "Date": ["2025-01-31T13:45:00.000+0000"] * 4,
            "Url": ["https://x.com/a/status/11", "https://x.com/b/status/12", "https://www.reddit.com/r/a/1/", ""],
            "Content Source": ["X", "X", "Reddit", "Blog"],
            "Resource Id": ["1", "2", "3", "4"],
            "Full Text": ["one", None, "three", "  "],
            "Title": [None, "two", None, "four"],
            "X Reposts": ["3", "0", "0", "0"],
            "X Likes": ["1,204", "2", "0", "0"],
            "X Replies": ["5", "0", "0", "0"],
            "Reddit Comments": ["0", "0", "9", "0"],
            "X Reply to": [None, "https://x.com/a/status/11", None, None],
        },
    )
    assert cells(renamed, "id") == ["11", "12", "3", "4"]
    assert cells(renamed, "text") == ["one", "two", "three", "four"]
    assert cells(renamed, "parent_id") == [None, "11", None, None]
    assert cells(renamed, "platform") == ["twitter", "twitter", "reddit", "blog"]
    assert cells(renamed, "likes") == ["1,204", "2", None, None]
    assert cells(renamed, "replies") == ["5", "0", "9", None]
    assert cells(renamed, "reposts") == ["3", "0", None, None]
    bare = shaped(
        formats.named("brandwatch"),
        **{
            "Query Name": ["q"],
            "Date": ["2020-01-31 13:45:00.0"],
            "Url": ["https://m.youtube.com/x"],
            "Snippet": ["s"],
        },
    )
    assert cells(bare, "platform") == ["youtube"]  # by its address
    assert cells(bare, "likes") == cells(bare, "kind") == cells(bare, "parent_id") == [None]


def test_meltwater_old(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "meltwater_old.csv", time_zone="Europe/Oslo")
    assert (result.rows, result.accepted) == (5, 5)
    assert result.files[0].encoding == "utf-16"
    table = table.sort_values("source_row", ignore_index=True)
    assert cells(table, "id")[:3] == [POST, ANSWER, THIRD]  # a damaged tweet id is no matter where the address has it
    assert table["id"][3:].str.fullmatch("h_[0-9a-f]{20}").all()
    assert cells(table, "kind") == ["post", "repost", "quote", "post", "post"]
    assert cells(table, "platform") == ["twitter", "twitter", "twitter", "web", "facebook"]
    assert cells(table, "author_followers") == [1204, 87, 310, None, None]
    assert table["author"][0] == pseudonym("pedal_pia", KEY)
    assert table["text"][3] == "Larkwheel said on Saturday …"  # no hit sentence
    assert cells(table, "brand")[2] == "Larkwheel refunds"
    assert table[["likes", "replies", "reposts", "views"]].isna().all(axis=None)
    assert str(table["published_at"][0]) == "2026-02-06 14:03:00+00:00"
    assert str(table["published_at"][3]) == "2026-02-07 09:05:00+00:00"  # the hour is in a column of its own


def test_meltwater_new(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "meltwater_new.csv", time_zone="UTC")
    assert (result.rows, result.accepted, result.files[0].reasons) == (6, 5, {"total_row": 1})
    assert cells(table, "id") == [POST, ANSWER, THIRD, "1770462600000_aB4", "1770465600000_aB5"]
    assert cells(table, "kind") == ["post", "reply", "quote", "post", "post"]
    assert cells(table, "parent_id") == [None, POST, None, None, None]
    assert cells(table, "platform") == ["twitter", "twitter", "twitter", "facebook", "news"]
    assert cells(table, "likes") == [1200, 5, 1, 9, None]
    assert cells(table, "replies") == [3, 1, 0, 6, None]  # comments, on Facebook
    assert cells(table, "reposts") == [50, 0, 0, 4, None]  # shares, on Facebook
    assert cells(table, "views") == [10431, None, None, None, None]
    assert cells(table, "author")[3:] == [pseudonym(name, KEY) for name in ("Marit Holm", "Kari Nordmann")]
    assert table["text"][0] == f"{HELP} brakes gave way on the bridge & nobody answers"
    assert table["text"][3] == "Rust, rust,\nrust"
    assert str(table["published_at"][2]) == "2026-02-06 15:40:00+00:00"


def test_meltwater_new_in_utf_16_with_tabs_gives_the_same(tmp_path):
    with (ARCHIVES / "meltwater_new.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with (tmp_path / "new.csv").open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    _, table = ingested(tmp_path / "a", tmp_path / "new.csv", time_zone="UTC")
    _, expected = ingested(tmp_path / "b", ARCHIVES / "meltwater_new.csv", time_zone="UTC")
    pd.testing.assert_frame_equal(without_source(table), without_source(expected))


def test_meltwater_times():
    dates = [
        "06-Feb-2026 03:03PM",
        "6-Feb-2026",
        "06-Feb-26",
        "06-Feb-2026",
        "2026-02-06 15:03",
        "Total",
        None,
        "06-Foo-2026",
    ]
    hours = ["09:00 AM", "3:03 pm", "15:03", None, "09:00 AM", None, "09:00 AM", None]
    assert cells(pd.DataFrame({"t": meltwater.iso_times(text(dates), text(hours))}), "t") == [
        "2026-02-06 15:03:00",
        "2026-02-06 15:03:00",
        "2026-02-06 15:03:00",
        "2026-02-06",
        "2026-02-06 15:03",
        "Total",
        None,
        "06-Foo-2026",
    ]


def test_talkwalker(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "talkwalker.csv")
    assert (result.rows, result.accepted, result.files[0].reasons) == (5, 4, {"no_text": 1})
    thread = networks.ids(text(["https://www.reddit.com/r/bergen/comments/1ak9/larkwheel_brakes/"]))[0]
    assert cells(table, "id")[:2] == [POST, thread]
    assert cells(table, "kind") == ["post", "post", "comment", "post"]
    assert cells(table, "parent_id") == [None, None, thread, None]
    assert cells(table, "platform") == ["twitter", "reddit", "reddit", "onlinenews"]
    assert cells(table, "likes") == [1200, None, None, None]
    assert cells(table, "replies") == [3, 2, None, None]
    assert cells(table, "reposts") == [50, None, None, None]
    assert cells(table, "views") == [None] * 4
    assert cells(table, "author_followers") == [1204, None, None, None]
    assert table["text"][1] == "Anybody else whose Larkwheel brakes fail & squeal?"  # a snippet, without its marks
    assert table["text"][3] == "Larkwheel recalls bikes"
    assert table["author"][0] == pseudonym("pedal_pia", KEY)
    assert str(table["published_at"][0]) == "2026-02-06 15:03:00+00:00"


def test_sprinklr(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "sprinklr.csv", time_zone="UTC")
    assert (result.rows, result.accepted, result.files[0].reasons) == (5, 4, {"damaged_id": 1})
    assert cells(table, "id") == [POST, ANSWER, THIRD, "FACEBOOK_8_77_501"]
    assert cells(table, "kind") == ["post", "reply", "repost", "comment"]
    assert cells(table, "platform") == ["twitter"] * 3 + ["facebook"]
    assert cells(table, "likes") == [1200, 5, None, None]
    assert cells(table, "reposts") == [50, 0, None, None]
    assert cells(table, "author_followers") == [1204, 58000, None, None]
    assert cells(table, "language") == ["en", "en", "en", "no"]
    assert table["author"][3] == pseudonym("Marit Holm", KEY)  # no screen name: the name shown
    assert table["text"][1] == f"{PIA} sorry to hear this"


def test_sprinklr_dashboard_as_a_workbook_gives_the_same(tmp_path):
    result, table = ingested(tmp_path / "a", ARCHIVES / "sprinklr_dashboard.xlsx", time_zone="UTC")
    _, expected = ingested(tmp_path / "b", ARCHIVES / "sprinklr.csv", time_zone="UTC")
    assert (result.rows, result.files[0].format) == (5, "sprinklr")
    pd.testing.assert_frame_equal(without_source(table), without_source(expected))


def test_the_same_post_from_several_suites_is_one_and_joins_across_them(tmp_path):
    result, table = ingested(tmp_path, ARCHIVES / "meltwater_new.csv", ARCHIVES / "talkwalker.csv", time_zone="UTC")
    assert (result.rows, result.rejected) == (11, 2)
    assert result.duplicates >= 1
    posts = table.set_index("id")
    assert posts.index.is_unique
    assert posts.loc[POST, "likes"] == 1200
    assert posts.loc[ANSWER, "parent_id"] == POST
    everything = [ARCHIVES / name for name in SAMPLES]
    result, table = ingested(tmp_path / "all", *everything, time_zone="UTC")
    assert table["id"].is_unique
    assert {POST, ANSWER, THIRD} <= set(table["id"])


def test_the_map_of_archive_yml_comes_before_what_a_format_makes(tmp_path):
    columns = {"likes": "Reactions", "id": "Document ID"}
    _, table = ingested(tmp_path, ARCHIVES / "meltwater_new.csv", time_zone="UTC", columns=columns)
    assert cells(table, "likes") == [0, None, None, 12, None]
    assert table["id"][0] == "1770390180000_aB1"


def test_what_suites_call_networks_and_kinds():
    names = text(["X", "facebook_public", "SOCIALMEDIA, SOCIALMEDIA_TWITTER", "News", " ", None, None])
    addresses = text([None] * 5 + ["https://m.facebook.com/a/posts/1", "https://relax.com/x/status/1"])
    assert cells(pd.DataFrame({"p": networks.platforms(names, addresses)}), "p") == [
        "twitter",
        "facebook",
        "twitter",
        "news",
        None,
        "facebook",
        None,
    ]
    said = text(
        ["X Reply", "Twitter Retweet", "Facebook Comment", "X Quote", "share", "X Update", "Direct Message", None]
    )
    assert cells(pd.DataFrame({"k": networks.kinds(said)}), "k") == [
        "reply",
        "repost",
        "comment",
        "quote",
        "repost",
        "post",
        None,
        None,
    ]


def test_a_post_goes_by_the_id_in_its_address():
    found = networks.ids(
        text(["http://twitter.com/a/statuses/12", "https://x.com/a/status/12?s=20", "https://a.test/1", " ", None])
    )
    assert cells(pd.DataFrame({"id": found}), "id")[:2] == ["12", "12"]
    assert str(found[2]).startswith("h_")
    assert cells(pd.DataFrame({"id": found}), "id")[3:] == [None, None]
