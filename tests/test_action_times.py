"""Is actions.csv in another zone than the archive? Entries that stand in it as posts tell."""

import pandas as pd
import pytest

from analysis.measures.action_times import Shift, shift
from tests.scored_tables import at

TEXTS = (
    "We have locked all bikes of the 2023 series and we are very sorry for what happened.",
    "Treatment costs are paid by us, passes and deposits are refunded by Friday.",
    "我们已锁定全部 2023 款单车，并向所有受影响的骑行者致歉。",
)
TIMES = ("2024-06-03 10:00", "2024-06-04 12:31", "2024-06-05 20:05")


def log(off: float, texts=TEXTS, links=("", "", "")) -> pd.DataFrame:
    times = [at(time) - pd.Timedelta(hours=off) for time in TIMES]
    return pd.DataFrame({"when": times[: len(texts)], "text": texts, "link": links[: len(texts)]})


def posts(texts=TEXTS) -> pd.DataFrame:
    times = [at(time) + pd.Timedelta(minutes=3) for time in TIMES]
    return pd.DataFrame(
        {
            "id": ["8600001", "8600002", "8600003"],
            "published_at": pd.Series(times).astype("datetime64[us, UTC]"),
            "text": pd.array([f"@u_x {text} https://t.co/a" for text in texts], dtype="string"),
            "url": pd.array(["https://x/status/8600001", pd.NA, pd.NA], dtype="string"),
        }
    )


@pytest.mark.parametrize("off", [8.0, -7.0, 1.0])
def test_a_log_of_another_zone_is_off_by_whole_hours(off):
    found = shift(log(off), posts())
    assert (found.hours, found.agree, found.matched) == (off, 3, 3)
    assert set(found.ids) == {"8600001", "8600002", "8600003"}


def test_a_zone_with_half_an_hour_is_known_by_the_zone():
    assert shift(log(5.5), posts()).hours == 0.0
    assert shift(log(5.5), posts(), offset=5.5).hours == 5.5
    assert shift(log(-3.5), posts(), offset=-3.5).hours == -3.5


def test_a_log_of_the_same_zone_is_not_off():
    assert shift(log(0.0), posts()) == Shift(0.0, 0, 3)
    assert shift(log(0.4), posts()).hours == 0.0


def test_one_entry_alone_proves_nothing():
    assert shift(log(8.0, TEXTS[:1]), posts()) == Shift(0.0, 0, 1)


def test_entries_that_disagree_prove_nothing():
    table = log(8.0)
    table["when"] += pd.to_timedelta([0, 3, 5], unit="h")
    assert shift(table, posts()).hours == 0.0


def test_a_link_tells_the_post_whatever_the_text():
    links = ("https://x.com/acme/status/8600001", "https://x.com/acme/status/8600002?s=20", "")
    found = shift(log(8.0, ("said so", "and paid", "short"), links), posts())
    assert (found.hours, found.agree, found.matched) == (8.0, 2, 2)


def test_texts_that_were_cut_or_marked_otherwise_are_the_same():
    texts = (TEXTS[0][:60], TEXTS[1].upper().replace(",", " -"), TEXTS[2])
    assert shift(log(8.0, texts), posts()).agree == 3


def test_what_is_no_statement_of_the_archive_is_not_matched():
    table = log(8.0, ("Standard answers to the first complaints", "Level 4", ""))
    assert shift(table, posts()) == Shift(0.0, 0, 0)
    assert shift(log(8.0).iloc[:0], posts()).matched == 0
    assert shift(log(8.0), posts().iloc[:0]).matched == 0


def test_a_template_posted_again_and_again_is_matched_by_its_nearest():
    many = pd.concat(
        [posts(), posts().assign(published_at=lambda table: table["published_at"] + pd.Timedelta(hours=8))]
    )
    assert shift(log(0.0), many).hours == 0.0
