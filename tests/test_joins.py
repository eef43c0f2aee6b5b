"""What joins to what, on conversations whose collection is known and on the real archives."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.archive.audit import joins
from tests.conftest import shared


def conversations(seed: int = 1, days: int = 30, per_day: int = 40, answered: float = 0.8) -> pd.DataFrame:
    """Openers, most answered by the brand within hours, some of which the customer answers in turn."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2024-03-04", tz="UTC")
    rows = []
    for number in range(days * per_day):
        asked = start + pd.Timedelta(hours=float(rng.uniform(0, 24 * days)))
        reply = rng.uniform() < answered
        turn = reply and rng.uniform() < 0.5
        rows.append((f"q{number}", asked, None, int(reply), False))
        if reply:
            told = asked + pd.Timedelta(hours=float(rng.exponential(2)))
            rows.append((f"a{number}", told, f"q{number}", int(turn), True))
            if turn:
                rows.append((f"t{number}", told + pd.Timedelta(hours=1), f"a{number}", 0, False))
    table = pd.DataFrame(rows, columns=["id", "published_at", "parent_id", "replies", "from_brand"])
    return table.astype({"published_at": "datetime64[us, UTC]", "id": "string", "parent_id": "string"})


def verdicts(table: pd.DataFrame) -> dict:
    found = joins.audit(table, table["from_brand"]).to_dict()
    json.dumps(found)
    return {name: found[name]["value"] for name in found if name not in ("counts", "spans")}


def test_whole_conversations_bear_a_first_response_time_and_silence() -> None:
    assert verdicts(conversations()) == {
        "threads": "recorded",
        "openers": "present",
        "brand_side": "whole",
        "customer_side": "whole",
        "selected": "no",
        "replies_joined": 1.0,
        "whole_threads": 1.0,
        "silence_provable": True,
        "latency_name": "first_response_time",
    }


def test_without_the_brand_nothing_is_answered() -> None:
    table = conversations()
    got = verdicts(table[~table["from_brand"]])
    assert (got["brand_side"], got["silence_provable"], got["latency_name"]) == ("none", False, None)


def test_without_parent_ids_nothing_joins() -> None:
    got = verdicts(conversations().assign(parent_id=pd.array([None] * len(conversations()), dtype="string")))
    assert (got["threads"], got["openers"], got["latency_name"]) == ("no_parent_ids", "unknown", None)


def test_parents_that_are_absent_make_threads_unjoinable() -> None:
    table = conversations()
    table["parent_id"] = "elsewhere-" + table["parent_id"]
    assert verdicts(table)["threads"] == "unjoinable"


def test_without_openers_a_latency_is_one_of_turns() -> None:
    table = conversations()
    later = table["id"].str.startswith("t")
    answers = table[later].assign(id="r" + table["id"], parent_id=table["id"], from_brand=True, replies=0)
    got = verdicts(pd.concat([table[~table["id"].str.startswith("q")], answers], ignore_index=True))
    assert (got["openers"], got["latency_name"], got["silence_provable"]) == ("absent", "turn_latency", False)


def test_a_brand_side_that_comes_and_goes_is_a_sample() -> None:
    table = conversations().assign(replies=0)
    block = (table["published_at"].dt.day_of_year // 3) % 2 == 0
    keep = ~table["from_brand"] | block | (np.arange(len(table)) % 20 == 0)
    assert verdicts(table[keep])["brand_side"] == "sampled"


def test_recorded_answers_that_are_not_held_make_silence_unprovable() -> None:
    table = conversations()
    keep = ~table["from_brand"] | (np.arange(len(table)) % 3 == 0)
    got = verdicts(table[keep])
    assert (got["brand_side"], got["silence_provable"]) == ("sampled", False)


def test_closed_week_ends_are_no_sampling() -> None:
    table = conversations().assign(replies=0)
    open_days = table["published_at"].dt.day_of_week < 5
    assert verdicts(table[~table["from_brand"] | open_days])["brand_side"] == "whole"


def test_a_crisis_that_outruns_the_brand_is_no_sampling() -> None:
    flood = conversations(2, days=4, per_day=1500, answered=0.02).assign(replies=0)
    flood["id"], flood["parent_id"] = "x" + flood["id"], "x" + flood["parent_id"]
    flood["published_at"] += pd.Timedelta(days=12)
    table = pd.concat([conversations().assign(replies=0), flood], ignore_index=True)
    assert verdicts(table)["brand_side"] == "whole"


def test_a_side_that_starts_late_or_stops_early() -> None:
    table = conversations().assign(replies=0)
    day = table["published_at"].dt.day_of_year - table["published_at"].dt.day_of_year.min()
    assert verdicts(table[~table["from_brand"] | (day >= 8)])["brand_side"] == "starts_late"
    assert verdicts(table[~table["from_brand"] | (day < 20)])["brand_side"] == "stops_early"


def test_the_customers_side_may_start_late_or_stop_early_too() -> None:
    table = conversations().assign(replies=0)
    day = table["published_at"].dt.day_of_year - table["published_at"].dt.day_of_year.min()
    assert verdicts(table[table["from_brand"] | (day >= 8)])["customer_side"] == "starts_late"
    assert verdicts(table[table["from_brand"] | (day < 20)])["customer_side"] == "stops_early"


@pytest.mark.parametrize("counted", [True, False])
def test_an_archive_of_answered_posts_does_not_prove_silence(counted: bool) -> None:
    table = conversations(answered=0.6)
    answered = table["id"].isin(table["parent_id"])
    selected = table[answered | table["parent_id"].notna()]
    got = verdicts(selected if counted else selected.assign(replies=pd.array([None] * len(selected), dtype="Int64")))
    assert (got["selected"], got["silence_provable"], got["latency_name"]) == ("answered_only", False, "turn_latency")
    assert verdicts(table)["selected"] == "no"


def test_threads_are_whole_only_where_every_counted_reply_is_held() -> None:
    table = conversations()
    turns = table["id"].str.startswith("t")
    started = table["id"].str.startswith("q") & (table["replies"] > 0)
    gone = table[turns].sample(frac=0.5, random_state=1)
    got = joins.audit(table.drop(gone.index), table.drop(gone.index)["from_brand"]).whole_threads
    assert got.evidence == {"openers": started.sum(), "whole": started.sum() - len(gone)}
    unknown = table.assign(replies=pd.array([None] * len(table), dtype="Int64"))
    assert joins.audit(unknown, unknown["from_brand"]).whole_threads.value is None


def test_the_share_of_replies_whose_parent_is_held() -> None:
    table = conversations()
    some = table.index[table["parent_id"].notna()][::4]
    table.loc[some, "parent_id"] = "elsewhere"
    found = joins.audit(table, table["from_brand"]).replies_joined
    assert found.value == pytest.approx(1 - len(some) / found.evidence["replies"], abs=1e-4)


def test_cycles_orphans_and_replies_older_than_their_parent_are_counted() -> None:
    table = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "published_at": pd.to_datetime([3, 2, 1, 4, 5], unit="h", utc=True).astype("datetime64[us, UTC]"),
            "parent_id": ["b", "a", "c", "a", "gone"],
            "replies": pd.array([None] * 5, dtype="Int64"),
        }
    )
    counts = joins.audit(table, pd.Series([False, True, False, False, False])).counts
    assert (counts["cycles"], counts["orphans"], counts["older_than_parent"]) == (3, 1, 1)


def test_spotify_2017() -> None:
    parts = []
    for name in ("support_requests.csv", "SpotifyCares.csv"):
        raw = pd.read_csv(shared(f"archives/spotify-2017/{name}"), dtype=str, encoding="utf-8-sig")
        times = pd.to_datetime(raw["created_at"], format="%a %b %d %H:%M:%S %z %Y", errors="coerce", utc=True)
        listed = raw["response_tweet_id"].str.count(",").add(1).fillna(0).astype("Int64")
        parent = raw["in_response_to_tweet_id"].str.removesuffix(".0")
        columns = {"id": raw["tweet_id"], "published_at": times, "parent_id": parent, "replies": listed}
        parts.append(pd.DataFrame(columns).assign(from_brand=raw["author_id"] == "SpotifyCares"))
    table = pd.concat(parts).dropna(subset=["published_at"]).drop_duplicates("id", ignore_index=True)
    got = verdicts(table)
    assert got == {
        "threads": "recorded",
        "openers": "absent",
        "brand_side": "sampled",
        "customer_side": "whole",
        "selected": None,
        "replies_joined": pytest.approx(0.32, abs=0.01),
        "whole_threads": None,
        "silence_provable": False,
        "latency_name": "turn_latency",
    }
