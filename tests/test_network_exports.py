"""Exports of networks and of the tools that collect from them: which column is which, quirk by quirk."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.archive import formats
from analysis.archive.containers import open_source
from analysis.archive.formats import bluesky, mastodon, weibo_crawler, x_api_v1, x_api_v2, x_api_v2_flat
from analysis.archive.formats.columns import match_columns
from analysis.archive.formats.mastodon import plain_text
from analysis.archive.formats.x_api_v2_flat import whole_repost
from analysis.archive.records import Format
from analysis.archive.sources import Source
from analysis.errors import InputError
from tests.archive_fixture import ARCHIVES, ingested, kinds
from tests.conftest import shared

BEIJING = {"time_zone": "Asia/Shanghai"}


def mapped(path: Path) -> pd.DataFrame:
    """The columns of the mentions table that a source gives, as text, before they are normalised."""
    source = Source(path.name, path)
    form, _why = formats.recognise(open_source(source).columns)
    reading = open_source(source, form, is_header=formats.is_header)
    columns, _guessed = match_columns(form, {}, list(reading.columns), path.name)
    batches = [batch.load([*columns.values(), *form.reads]) for batch in reading.batches]
    shaped = [
        form.shape(pd.DataFrame({name: batch.table.get(column) for name, column in columns.items()}), batch.table)[0]
        for batch in batches
    ]
    return pd.concat(shaped)


def values(table: pd.DataFrame, name: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in table[name]]


@pytest.mark.parametrize(
    ("name", "form", "rows"),
    [
        ("x_api_v2.jsonl", "x-api-v2", 6),
        ("x_api_v2_flat.jsonl", "x-api-v2-flat", 5),
        ("x_api_v1.jsonl", "x-api-v1", 7),
        ("twarc.csv", "twarc-csv", 4),
        ("fourcat.csv", "4cat", 4),
        ("fourcat.ndjson", "4cat", 3),
        ("bluesky.jsonl", "bluesky", 6),
        ("bluesky_feed.json", "bluesky", 3),
        ("mastodon.json", "mastodon", 6),
        ("reddit_submissions.jsonl", "reddit", 4),
        ("reddit_comments.jsonl", "reddit", 4),
        ("weibo_crawler.csv", "weibo-crawler", 5),
        ("weibo_search.csv", "weibo-search", 4),
    ],
)
def test_each_export_is_recognised_and_says_why(name, form, rows):
    source = Source(name, ARCHIVES / name)
    found, why = formats.recognise(open_source(source).columns)
    assert found.name == form
    assert why.startswith("its columns ")
    assert found in formats.known()
    assert len(mapped(ARCHIVES / name)) == rows


class TestXApiV2:
    def test_pages_give_their_posts_with_authors_and_what_they_refer_to(self):
        table = mapped(ARCHIVES / "x_api_v2.jsonl")
        assert values(table, "author") == ["ada_rides", "larkwheel", "bo_pedals", "cyd_news", "999", "bo_pedals"]
        assert values(table, "author_followers") == ["310", "88000", "12", "5400", None, "12"]
        assert values(table, "kind") == ["post", "reply", "repost", "quote", "post", "post"]
        opener = table["id"].iloc[0]
        assert values(table, "parent_id") == [None, opener, opener, opener, None, None]
        assert table["thread_id"].iloc[1] == opener

    def test_counts_are_those_of_the_capture_and_none_for_reposts(self):
        table = mapped(ARCHIVES / "x_api_v2.jsonl")
        assert values(table, "likes") == ["14", "3", None, "6", "0", "0"]
        assert values(table, "reposts") == ["2", "0", None, "1", "0", "0"]
        assert values(table, "replies") == ["2", "1", None, "0", "0", "0"]
        assert values(table, "views") == ["2150", "610", None, "900", None, None]
        assert table["first_seen"].tolist() == table["last_seen"].tolist()
        assert table["last_seen"].iloc[0] == "2023-05-03T00:00:05+00:00"

    def test_long_texts_are_whole_and_so_are_reposts(self):
        texts = values(mapped(ARCHIVES / "x_api_v2.jsonl"), "text")
        assert texts[0].endswith("nobody answers.")
        assert texts[2] == "RT @ada_rides: " + texts[0]

    def test_posts_without_words_have_no_language(self):
        assert values(mapped(ARCHIVES / "x_api_v2.jsonl"), "language")[3] is None
        assert values(mapped(ARCHIVES / "x_api_v2_flat.jsonl"), "language") == ["en", "en", "en", "en", None]

    def test_of_several_references_the_answered_one_is_the_parent(self):
        pages, flat = mapped(ARCHIVES / "x_api_v2.jsonl"), mapped(ARCHIVES / "x_api_v2_flat.jsonl")
        assert values(flat, "kind") == ["reply", "reply", "repost", "post", "post"]
        assert flat["parent_id"].iloc[0] == pages["id"].iloc[1]
        assert flat["parent_id"].iloc[1] == pages["id"].iloc[0]
        assert flat["parent_id"].iloc[2] == pages["id"].iloc[0]
        assert flat["text"].iloc[2] == "RT @ada_rides: " + pages["text"].iloc[0]

    def test_what_was_not_asked_for_is_not_recorded(self):
        last = mapped(ARCHIVES / "x_api_v2_flat.jsonl").iloc[-1]
        assert last["author"] == "105"
        assert last[["likes", "replies", "reposts", "views", "author_followers"]].isna().all()

    def test_a_search_that_found_nothing_and_a_page_of_errors_give_nothing(self):
        assert list(x_api_v2.posts({"meta": {"result_count": 0}})) == []
        assert list(x_api_v2.posts({"errors": [{"title": "Service Unavailable"}]})) == []

    def test_4cat_calls_the_author_by_another_name(self):
        post = {"id": "1", "text": "a", "author_user": {"username": "bo", "public_metrics": {"followers_count": 7}}}
        found = next(x_api_v2_flat.posts(post))["mention"]
        assert (found["author"], found["author_followers"]) == ("bo", 7)

    @pytest.mark.parametrize(
        ("text", "original", "whole"),
        [
            ("RT @a: cut…", "cut here", "RT @a: cut here"),
            ("RT @a: not cut", "not cut", "RT @a: not cut"),
            ("RT @a: cut…", None, "RT @a: cut…"),
            ("so it goes…", "else", "so it goes…"),
            (None, "else", None),
        ],
    )
    def test_reposts_are_made_whole_only_where_cut(self, text, original, whole):
        assert whole_repost(text, original) == whole

    def test_ingested_with_every_record_accounted_for(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "x_api_v2.jsonl")
        assert (result.rows, result.accepted) == (7, 6)
        assert [reason for file in result.files for reason in file.reasons] == ["not_json"]
        assert set(table["platform"]) == {"twitter"}
        assert "&" in table["text"].iloc[1]
        assert "&amp;" not in table["text"].iloc[1]

    def test_threads_link_across_files(self, tmp_path):
        _result, table = ingested(tmp_path, ARCHIVES / "x_api_v2.jsonl", ARCHIVES / "x_api_v2_flat.jsonl")
        by_id = table.set_index("id")
        replies = table[(table["kind"] == "reply") & (table["source"].str.contains("flat"))]
        assert len(replies) == 2
        parents = by_id.loc[replies["parent_id"]]
        assert parents["source"].str.contains("v2.jsonl").all()
        assert (parents["published_at"].to_numpy() < replies["published_at"].to_numpy()).all()
        assert set(parents["thread_id"]) == set(replies["thread_id"])


class TestXApiV1:
    def test_texts_are_whole_and_notices_are_records_without_id(self):
        table = mapped(ARCHIVES / "x_api_v1.jsonl")
        assert values(table, "kind") == ["post", "post", "reply", "repost", "post", "quote", "post"]
        assert table["id"].isna().tolist() == [False, True, False, False, True, False, False]
        texts = values(table, "text")
        assert texts[0].endswith("in advance. Shame.")
        assert texts[3] == "RT @ada_rides: " + texts[0]
        assert texts[6].startswith("The whole text")

    def test_parents_are_read_from_exact_ids(self):
        table = mapped(ARCHIVES / "x_api_v1.jsonl")
        opener = table["id"].iloc[0]
        assert values(table, "parent_id") == [None, None, opener, opener, None, opener, None]
        assert table["id"].str.len().dropna().eq(18).all()

    def test_counts_of_a_stream_came_too_early(self):
        table = mapped(ARCHIVES / "x_api_v1.jsonl")
        assert values(table, "likes") == [None, None, "4", None, None, "2", "1"]
        assert values(table, "reposts") == [None, None, "1", None, None, "0", "0"]
        assert table["first_seen"].notna().tolist() == [True, False, False, False, False, False, False]

    def test_a_page_of_results_is_its_posts(self):
        page = {
            "statuses": [{"id_str": "1", "text": "a"}, {"id_str": "2", "text": "b"}],
            "search_metadata": {"count": 2},
        }
        assert [post["mention"]["id"] for post in x_api_v1.posts(page)] == ["1", "2"]

    def test_ingested(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "x_api_v1.jsonl")
        assert (result.rows, result.accepted, result.rejected) == (7, 5, 2)
        assert result.files[0].reasons == {"no_id": 2}
        assert table["published_at"].min() == pd.Timestamp("2017-10-31T22:10:47Z")
        first = table[table["kind"] == "post"].iloc[0]
        assert first["first_seen"] == pd.Timestamp("2017-10-31T22:10:47.213Z")


class TestTwarcCsv:
    def test_references_texts_and_counts(self):
        table = mapped(ARCHIVES / "twarc.csv")
        opener = table["id"].iloc[0]
        assert values(table, "kind") == ["post", "reply", "repost", "quote"]
        assert values(table, "parent_id") == [None, opener, opener, opener]
        assert table["text"].iloc[0].endswith("\n\nThird time!")
        assert values(table, "likes") == ["14", "3", None, "6"]
        assert values(table, "views") == ["2150", "610", None, None]
        assert values(table, "language") == ["en", "en", "en", None]

    def test_ingested_beside_the_pages_it_was_made_from(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "twarc.csv", ARCHIVES / "x_api_v2.jsonl")
        assert result.duplicates == 4
        assert len(table) == 6


class TestFourcat:
    def test_posts_of_x(self):
        table = mapped(ARCHIVES / "fourcat.csv")
        assert values(table, "kind") == [None, "reply", "repost", "quote"]
        assert set(table["platform"]) == {"twitter"}
        assert values(table, "likes") == ["14", "3", None, "6"]
        assert table["published_at"].iloc[0] == "1683015300"
        assert table["thread_id"].iloc[1] == table["id"].iloc[0]

    def test_posts_of_a_forum(self):
        table = mapped(ARCHIVES / "fourcat.ndjson")
        assert values(table, "text")[0] == "Larkwheel locks\n\nMine fails in the rain."
        assert values(table, "kind") == [None, "comment", "comment"]
        assert table["published_at"].iloc[2] == "2023-05-02 08:20:00"
        assert table["platform"].isna().all()

    def test_without_unix_time_the_zone_is_asked_for_and_offered(self, tmp_path):
        with pytest.raises(InputError, match="UTC"):
            ingested(tmp_path, ARCHIVES / "fourcat.ndjson")
        _result, table = ingested(tmp_path, ARCHIVES / "fourcat.ndjson", time_zone="UTC", platform="forum")
        assert table["published_at"].is_monotonic_increasing
        assert len(table) == 3


class TestBluesky:
    def test_posts_replies_and_quotes_by_their_addresses(self):
        table = mapped(ARCHIVES / "bluesky.jsonl")
        opener = "at://did:plc:ada/app.bsky.feed.post/3k1"
        assert values(table, "kind") == ["post", "reply", "reply", "quote", "post", "post"]
        assert values(table, "parent_id") == [None, opener, table["id"].iloc[1], opener, None, None]
        assert values(table, "thread_id")[:3] == [opener] * 3
        assert values(table, "language") == ["en", "en", None, "en", "en", None]
        assert values(table, "likes") == ["9", "4", "0", "2", "0", "3"]

    def test_4cat_writes_names_with_underscores(self):
        last = mapped(ARCHIVES / "bluesky.jsonl").iloc[-1]
        assert last["published_at"] == "2024-08-05T08:10:00Z"
        assert last["author"] == "did:plc:dee"
        assert (last["replies"], last["last_seen"]) == ("1", "1722900000.25")

    def test_a_repost_is_a_mention_by_who_reposted(self):
        table = mapped(ARCHIVES / "bluesky_feed.json")
        assert values(table, "kind") == ["repost", "quote", "reply"]
        repost = table.iloc[0]
        assert repost["author"] == "bo.example"
        assert repost["published_at"] == "2024-08-05T09:00:00Z"
        assert repost["parent_id"] == "at://did:plc:ada/app.bsky.feed.post/3k1"
        assert repost["id"] == repost["parent_id"] + "#did:plc:bo"
        assert repost[["likes", "replies", "reposts"]].isna().all()

    def test_ingested_with_the_feed_that_overlaps(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "bluesky.jsonl", ARCHIVES / "bluesky_feed.json")
        assert (result.rows, result.duplicates, len(table)) == (9, 2, 7)
        assert table["published_at"].iloc[0] == pd.Timestamp("2024-08-05T07:00:00.123Z")


class TestMastodon:
    def test_html_becomes_text(self):
        texts = values(mapped(ARCHIVES / "mastodon.json"), "text")
        assert texts[0] == (
            "Larkwheel lost my deposit.\nTwice &amp; counting, &lt;sigh&gt;\n\n"
            "See https://larkwheel.example/terms #bikes"
        )
        assert texts[1] == "@ada Please write to us."
        assert texts[2] == texts[0]
        assert texts[3] == "accident, no injury\n\nThe saddle came off."

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ("plain", "plain"),
            ("<p>a</p><p>b</p>", "a\n\nb"),
            ("a<br>b<BR/>c", "a\nb\nc"),
            ("<p>1 < 2 and 3 > 2</p>", "1 < 2 and 3 > 2"),
            ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
            ("<p>cut <a href='x", "cut <a href='x"),
            (None, None),
        ],
    )
    def test_tags_go_and_what_is_no_tag_stays(self, content, text):
        assert plain_text(content) == text

    @given(st.text(alphabet="<>/pbr \"'=a&;\n!-", max_size=300))
    def test_any_text_is_read(self, content):
        assert not re.search(r"<p>|<br>|</p>", str(plain_text(content)))

    def test_hostile_html_takes_no_time(self):
        assert plain_text("<a" * 200_000) == "<a" * 200_000
        assert plain_text("<" * 200_000 + ">") == "<" * 200_000 + ">"

    def test_a_page_of_results_is_its_statuses(self):
        page = {"accounts": [], "hashtags": [], "statuses": [{"id": "1", "content": "<p>a</p>"}]}
        assert [status["mention"]["text"] for status in mastodon.statuses(page)] == ["a"]

    def test_replies_reposts_and_quotes(self):
        table = mapped(ARCHIVES / "mastodon.json")
        assert values(table, "kind") == ["post", "reply", "repost", "post", "quote", "post"]
        assert values(table, "parent_id") == [None, "111", "111", None, "111", None]
        assert values(table, "likes") == ["7", "1", None, "0", "0", "0"]

    def test_ingested(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "mastodon.json")
        assert (result.rows, result.accepted) == (6, 5)
        assert result.files[0].reasons == {"no_text": 1}
        assert "Twice & counting, <sigh>" in table["text"].iloc[0]
        assert "ada" not in table["text"].iloc[1]


class TestReddit:
    def test_submissions(self):
        table = mapped(ARCHIVES / "reddit_submissions.jsonl")
        assert values(table, "id") == ["t3_9x1", "t3_9x2", "t3_9x3", "t3_9x4"]
        assert values(table, "thread_id") == values(table, "id")
        assert values(table, "text") == [
            "Charged for a locked bike\n\nIt happened &gt; twice.",
            "Is the dock at the quay gone?",
            "Charged for a locked bike",
            None,
        ]
        assert values(table, "author") == ["ada_rides", None, "bo_pedals", None]
        assert values(table, "kind") == ["post", "post", "repost", "post"]
        assert values(table, "parent_id") == [None, None, "t3_9x1", None]
        assert values(table, "replies") == ["3", "0", "0", "0"]
        assert values(table, "reposts") == ["1", None, None, None]

    def test_comments(self):
        table = mapped(ARCHIVES / "reddit_comments.jsonl")
        assert values(table, "id") == ["t1_9x1", "t1_j2", "t1_j3", "t1_j4"]
        assert set(table["kind"]) == {"comment"}
        assert values(table, "parent_id") == ["t3_9x1", "t1_9x1", "t1_9x1", "t3_9x1"]
        assert set(table["thread_id"]) == {"t3_9x1"}
        assert values(table, "likes") == [None, None, "1", "2"]
        assert values(table, "text")[2] is None
        assert (table["first_seen"].iloc[3], table["last_seen"].iloc[3]) == ("1683016003", "1683200000")

    def test_comments_join_their_submissions_across_files_and_compressions(self, tmp_path):
        import zstandard

        packed = tmp_path / "RC_2023-05.zst"
        packed.write_bytes(zstandard.compress((ARCHIVES / "reddit_comments.jsonl").read_bytes()))
        result, table = ingested(tmp_path, packed.name, ARCHIVES / "reddit_submissions.jsonl")
        assert (result.rows, result.accepted) == (8, 6)
        comments = table[table["kind"] == "comment"]
        assert set(comments["parent_id"]) <= set(table["id"])
        assert set(comments["thread_id"]) == {"t3_9x1"}
        assert table.set_index("id").loc["t3_9x3", "published_at"] == pd.Timestamp("2023-05-02T10:00:00Z")

    def test_a_table_made_of_a_dump_is_read_alike(self, tmp_path):
        lines = (ARCHIVES / "reddit_comments.jsonl").read_text(encoding="utf-8").splitlines()
        pd.DataFrame(map(json.loads, lines)).to_csv(tmp_path / "comments.csv", index=False)
        _result, table = ingested(tmp_path, "comments.csv")
        assert table["id"].tolist() == ["t1_9x1", "t1_j2", "t1_j4"]


class TestWeibo:
    def test_crawler(self):
        table = mapped(ARCHIVES / "weibo_crawler.csv")
        assert values(table, "kind") == ["post", "repost", "quote", "repost", "post"]
        texts = values(table, "text")
        assert texts[1] == texts[3] == texts[0]
        assert texts[2].startswith("我也遇到过")
        assert [value and value.strip() for value in values(table, "parent_id")] == [
            None,
            *["4890000000000001"] * 3,
            None,
        ]
        assert values(table, "published_at") == [
            "2023-04-10 09:15:00",
            "2023-04-10 10:00:30",
            "2023-04-10 11:20:00",
            "2023-04-10 12:00:00",
            "2023-04-11 08:30",
        ]

    def test_the_zone_of_beijing_is_asked_for_and_offered(self, tmp_path):
        with pytest.raises(InputError, match="Asia/Shanghai"):
            ingested(tmp_path, ARCHIVES / "weibo_crawler.csv")

    def test_crawler_and_search_together(self, tmp_path):
        result, table = ingested(tmp_path, ARCHIVES / "weibo_crawler.csv", ARCHIVES / "weibo_search.csv", **BEIJING)
        assert (result.rows, result.duplicates, len(table)) == (9, 1, 8)
        by_id = table.set_index("id")
        assert by_id.loc["4890000000000001", "published_at"] == pd.Timestamp("2023-04-10T01:15:00Z")
        assert by_id.loc["4890000000000006", ["kind", "parent_id"]].tolist() == ["quote", "4890000000000001"]
        assert by_id.loc["4890000000000007", "kind"] == "repost"
        assert by_id.loc["4890000000000008", "likes"] == 1024
        assert pd.isna(by_id.loc["4890000000000008", "reposts"])
        assert pd.isna(by_id.loc["4890000000000003", "likes"])
        assert "unreadable_counts" in kinds(result)

    def test_what_is_a_bare_repost(self):
        said = pd.Series(["转发微博", "Repost", "", " //@小博:好", "转发微博。", "好", "转发微博好", None])
        assert weibo_crawler.is_bare(said).tolist() == [True, True, True, True, True, False, False, True]


def test_user_chosen_columns_come_before_those_of_the_format(tmp_path):
    (tmp_path / "posts.jsonl").write_text(
        '{"id": "1", "text": "a", "created_at": "2023-05-02T08:15:00.000Z", "author_id": "7", "author":'
        ' {"username": "bo", "location": "Quayside"}}\n',
        encoding="utf-8",
    )
    _result, table = ingested(tmp_path, "posts.jsonl", columns={"brand": "author.location"})
    assert table["brand"].tolist() == ["Quayside"]


def test_what_a_format_works_out_is_read_however_many_keys_a_post_has(tmp_path):
    post = {"id": "1", "text": "a", "created_at": "2023-05-02T08:15:00.000Z", "author_id": "7"}
    many = {f"key{n}": n for n in range(2000)}
    lines = [json.dumps(post | {"edit_history_tweet_ids": ["1"]} | many), json.dumps({**many, **post, "id": "2"})]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    _result, table = ingested(tmp_path, "posts.jsonl")
    assert table["id"].tolist() == ["1", "2"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "uri", "x"]), inner, max_size=2),
    max_leaves=4,
)
KEYS = {
    x_api_v2: ["data", "includes", "errors", "__twarc", "text"],
    x_api_v2_flat: ["referenced_tweets", "public_metrics", "note_tweet", "text", "lang", "author", "__twarc"],
    x_api_v1: [
        "statuses",
        "retweeted_status",
        "quoted_status",
        "extended_tweet",
        "text",
        "user",
        "lang",
        "timestamp_ms",
    ],
    bluesky: ["posts", "feed", "post", "reason", "record", "author", "embed", "uri"],
    mastodon: ["statuses", "content", "reblog", "quote", "account", "spoiler_text", "in_reply_to_id", "pleroma"],
}


@pytest.mark.parametrize("module", KEYS, ids=lambda module: module.FORMAT.name)
def test_objects_of_any_shape_are_no_crash(module):
    form: Format = module.FORMAT
    assert form.expand is not None
    paths = set(form.columns.values())

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.sampled_from(KEYS[module]), JSON | st.dictionaries(st.sampled_from(KEYS[module]), JSON)))
    def holds(item: dict[str, Any]) -> None:
        for post in form.expand(item):
            assert {f"mention.{name}" for name in post["mention"]} >= paths

    holds()


class TestRealFiles:
    """Files of twarc: how many posts, and what of them joins."""

    @pytest.mark.parametrize(
        ("name", "form", "rows", "rejected"),
        [
            ("edited.jsonl", "x-api-v2", 1, 0),
            ("flat.jsonl", "x-api-v2-flat", 100, 0),
            ("geo_tweets.jsonl", "x-api-v2", 2, 0),
            ("kpop.jsonl", "x-api-v2", 100, 0),
            ("streaming_output_with_error.jsonl", "x-api-v2", 8, 1),
        ],
    )
    def test_every_post_is_read(self, tmp_path, name, form, rows, rejected):
        result, table = ingested(tmp_path, shared(f"formats/{name}"))
        assert (result.rows, result.rejected, result.files[0].format) == (rows, rejected, form)
        assert table["author"].notna().all()
        assert table["author_followers"].notna().all()
        assert table["last_seen"].notna().all()
        reposts = table["kind"] == "repost"
        assert table.loc[~reposts, "likes"].notna().all()
        assert table.loc[reposts, ["likes", "replies", "reposts", "views"]].isna().all(axis=None)
        assert (table["parent_id"].notna() == (table["kind"] != "post")).all()
        assert not table["text"].str.contains("&amp;").any()

    def test_kinds_of_a_search(self, tmp_path):
        _result, table = ingested(tmp_path, shared("formats/flat.jsonl"))
        assert table["kind"].value_counts().to_dict() == {"repost": 47, "reply": 31, "post": 14, "quote": 8}

    def test_reposts_are_whole_where_their_originals_are_at_hand(self, tmp_path):
        _result, table = ingested(tmp_path, shared("formats/kpop.jsonl"))
        reposts = table[table["kind"] == "repost"]
        assert len(reposts) == 78
        assert reposts["text"].str.startswith("RT @").all()
        assert (reposts["text"].str.len() > 140).any()
        assert reposts["parent_id"].nunique() < len(reposts)
