"""Archives into the store: every record accounted for, once, at the right time, under pseudonyms."""

import csv
import os
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from analysis.archive import store as stores
from analysis.archive.clock import EPOCH_MS
from analysis.archive.ingest import Ingest, forget, ingest
from analysis.errors import InputError
from analysis.incident import Archive
from analysis.privacy import pseudonym
from tests.archive_fixture import ARCHIVES, KEY, ingested, kinds
from tests.conftest import shared


def run(tmp_path: Path, sources: Sequence[str | Path], **settings_: object) -> tuple[Ingest, pd.DataFrame]:
    return ingested(tmp_path, *sources, **settings_)


def export(path: Path, rows: Sequence[dict]) -> Path:
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def tweets(start: str, n: int, zone: str, first: int = 0) -> list[dict]:
    times = pd.date_range(start, periods=n, freq="7min", tz="UTC")
    return [
        {
            "id": str(((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) + first),
            "date": moment.tz_convert(zone).strftime("%Y-%m-%d %H:%M:%S"),
            "text": f"text {number}",
        }
        for number, moment in enumerate(times)
    ]


def test_airline_sentiment(tmp_path):
    result, table = run(tmp_path, [ARCHIVES / "airline_sentiment.csv"])
    assert (result.rows, result.accepted, result.duplicates) == (3, 2, 1)
    first = table.iloc[0]
    assert first["text"] == f"@{pseudonym('northwind', KEY)} my bag went to Lisbon & I did not"
    assert first["author"] == pseudonym("gate_gazer", KEY)
    assert first["brand"] == "Northwind"
    assert first["reposts"] == 2  # the higher of the two
    assert pd.isna(first["likes"])
    assert str(first["published_at"]) == "2015-02-23 23:19:12+00:00"


def test_get_old_tweets(tmp_path):
    result, table = run(tmp_path, [ARCHIVES / "get_old_tweets.csv"], time_zone="America/Los_Angeles")
    assert (result.accepted, result.rejected) == (2, 1)
    assert result.files[0].reasons == {"no_text": 1}
    northwind = pseudonym("northwind", KEY)
    assert table["text"].iloc[0] == f"@{northwind} still no bag. Meet me @ 5pm or @ the desk? #LostBag"
    assert table["kind"].tolist() == ["post", "repost"]
    assert table["likes"].tolist() == [4, 0]
    assert table["url"].iloc[0] == "https://twitter.com/i/status/849396463711092736"
    assert "altered_text" in kinds(result)


def test_support_on_twitter(tmp_path):
    result, table = run(tmp_path, [ARCHIVES / "support_requests.csv", ARCHIVES / "support_replies.csv"], brand="North")
    assert (result.rows, result.accepted, result.rejected) == (6, 4, 2)
    table = table.set_index("id")
    assert table.loc["102", "parent_id"] == "101"
    assert table.loc["104", "parent_id"] == "102"
    assert table.loc["101", "replies"] == 2
    assert table.loc["104", "replies"] == 0
    assert table.loc["100", "kind"] == "post"
    assert table.loc["101", "author"] == pseudonym("NorthwindHelp", KEY)
    assert str(table.loc["100", "author"]) in str(table.loc["101", "text"])
    assert (table["brand"] == "North").all()
    assert kinds(result) == set()


def test_generic_table(tmp_path):
    result, table = run(tmp_path, [ARCHIVES / "generic.csv"], time_zone="America/New_York", platform="forum")
    assert table["id"].tolist() == ["a/../1", "a3"]
    assert table["likes"].fillna(-1).tolist() == [1200, -1]
    assert result.files[0].reasons == {"impossible_time": 1}
    assert {"columns_guessed", "ambiguous_times"} <= kinds(result)
    with (tmp_path / "store" / "quarantine.csv").open(newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row["file"], row["row"]) for row in rejected] == [("archives/generic.csv", "2")]
    assert "2024-03-10 02:30:00" in rejected[0]["reason"]
    assert "clocks went forward" in rejected[0]["record"]


def test_json_lines_with_a_map(tmp_path):
    columns = {
        "published_at": "created",
        "text": "body.text",
        "author": "author.name",
        "likes": "metrics.like_count",
        "parent_id": "reply_to.id",
    }
    result, table = run(tmp_path, [ARCHIVES / "nested.jsonl"], columns=columns)
    assert (result.rows, result.accepted, result.rejected) == (4, 2, 2)
    assert table["parent_id"].fillna("-").tolist() == ["-", "901"]
    assert "me@example.test" in table["text"].iloc[0]
    assert pseudonym("北风航空", KEY) in table["text"].iloc[0]
    assert "小明" not in " ".join(table.astype("string").fillna("").to_numpy().ravel())


def test_unchanged_input_is_not_read_again(tmp_path):
    path = export(tmp_path / "a.csv", tweets("2024-01-01", 30, "UTC"))
    first, _ = run(tmp_path, [path], time_zone="UTC")
    before = (tmp_path / "store" / "ingest.json").read_bytes()
    again, _ = run(tmp_path, ["a.csv"], time_zone="UTC")
    assert again == first
    assert Ingest.from_dict(first.to_dict()) == first
    assert (tmp_path / "store" / "ingest.json").read_bytes() == before
    changed, _ = run(tmp_path, ["a.csv"], time_zone="UTC", brand="Northwind")
    assert changed.content != first.content
    export(path, tweets("2024-01-01", 31, "UTC"))
    longer, _ = run(tmp_path, ["a.csv"], time_zone="UTC")
    assert longer.accepted == 31


def test_a_store_of_another_version_or_key_is_built_again(tmp_path):
    rows = [row | {"user": "Ada"} for row in tweets("2024-01-01", 3, "UTC")]
    export(tmp_path / "a.csv", rows)
    archive = Archive(name="a", sources=["a.csv"], time_zone="UTC")
    ingest(archive, tmp_path, tmp_path / "store", KEY)
    ingest(archive, tmp_path, tmp_path / "store", b"x" * 32)
    assert stores.read(tmp_path / "store")["author"].iloc[0] == pseudonym("ada", b"x" * 32)
    index = tmp_path / "store" / "ingest.json"
    index.write_text(index.read_text().replace('"schema": 2', '"schema": 0'))
    rebuilt = ingest(archive, tmp_path, tmp_path / "store", KEY)
    assert {"kind": "store_rebuilt", "values": {"was": 0, "now": stores.SCHEMA}} in rebuilt.notes
    assert len(stores.read(tmp_path / "store")) == 3


def test_a_failed_ingest_leaves_the_old_store(tmp_path):
    path = export(tmp_path / "a.csv", tweets("2024-01-01", 30, "UTC"))
    run(tmp_path, [path], time_zone="UTC")
    path.write_text("")
    with pytest.raises(InputError, match="empty"):
        run(tmp_path, [path], time_zone="UTC")
    assert len(stores.read(tmp_path / "store")) == 30


def test_duplicates_do_not_depend_on_the_order_of_files(tmp_path):
    early = {"date": "2024-01-01T10:00:00Z", "text": "x", "url": "https://a.test/1", "likes": "", "shares": 5}
    late = early | {"likes": 9, "shares": 2}
    outcomes = []
    for names in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        export(tmp_path / names[0], [early | {"id": 1}, early | {"id": 2, "url": "https://a.test/2"}])
        export(tmp_path / names[1], [late | {"id": 1}, late | {"id": 3}])
        result, table = run(tmp_path, list(names))
        assert (result.accepted, result.duplicates) == (2, 2)
        outcomes.append(table.drop(columns="source"))
        merged = table.set_index("id").loc["1"]
        assert (merged["likes"], merged["reposts"]) == (9, 5)
    pd.testing.assert_frame_equal(outcomes[0], outcomes[1])


def test_a_link_shared_at_several_times_is_several_posts(tmp_path):
    rows = [{"id": n, "date": f"2024-01-01T10:0{n}:00Z", "text": "x", "url": "https://a.test/1"} for n in range(5)]
    export(tmp_path / "a.csv", rows)
    assert run(tmp_path, ["a.csv"])[0].accepted == 5


def test_a_zone_is_asked_for(tmp_path):
    export(tmp_path / "a.csv", tweets("2024-01-01", 30, "America/Los_Angeles"))
    with pytest.raises(
        InputError, match=r"a\.csv: the time '2023-12-31 16:00:00'.*time_zone.*Etc/GMT\+8, America/Los_A"
    ):
        run(tmp_path, ["a.csv"])


def test_a_zone_that_disagrees_with_the_ids_is_refused(tmp_path):
    export(tmp_path / "a.csv", tweets("2024-01-01", 100, "Asia/Kolkata"))
    export(tmp_path / "b.csv", tweets("2024-02-01", 30, "UTC"))
    with pytest.raises(InputError, match=r"b\.csv: .*by -5.50 hours.*2024-02-01 00:00:00.*Zones that agree: UTC"):
        run(tmp_path, ["a.csv", "b.csv"], time_zone="Asia/Kolkata")
    assert not (tmp_path / "store" / "ingest.json").exists()
    assert run(tmp_path, ["a.csv"], time_zone="Asia/Kolkata")[0].accepted == 100


def test_a_wrong_label_of_zone_is_refused(tmp_path):
    rows = [row | {"date": row["date"] + "Z"} for row in tweets("2024-01-01", 30, "Asia/Shanghai")]
    export(tmp_path / "a.csv", rows)
    with pytest.raises(InputError, match="zone written in it"):
        run(tmp_path, ["a.csv"])


def test_many_small_files_are_checked_together(tmp_path):
    for number in range(5):
        export(tmp_path / f"{number}.csv", tweets(f"2024-01-0{number + 1}", 10, "Asia/Shanghai"))
    with pytest.raises(InputError, match=r"archive a: .*Asia/Shanghai"):
        run(tmp_path, ["*.csv"], time_zone="UTC")


def test_rows_off_in_part_are_noted(tmp_path):
    rows = tweets("2024-01-01", 30, "UTC") + tweets("2024-02-01", 5, "Asia/Shanghai")
    export(tmp_path / "a.csv", rows)
    result, _ = run(tmp_path, ["a.csv"], time_zone="UTC")
    assert [item["values"]["off"] for item in result.notes if item["kind"] == "clock_off_in_part"] == [5]


@pytest.mark.parametrize(
    ("content", "settings_", "message"),
    [
        ("id,date,text\n1,never,x\n", {}, "none of the archive's rows.*never"),
        ("a,b\n1,2\n", {}, r"(?s)no column for published_at, text.*a, b.*columns:"),
        ("id,date,text\n1,2024-01-01T00:00:00Z,x\n", {"columns": {"text": "body"}}, "'body'.*id, date, text"),
        ("id,date,text\n1,2024-01-01T00:00:00Z,x\n", {"format": "fax"}, "unknown"),
    ],
)
def test_bad_input_says_what_to_do(tmp_path, content, settings_, message):
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(InputError, match=message):
        run(tmp_path, ["a.csv"], **settings_)
    assert not (tmp_path / "store" / "ingest.json").exists()


def test_sources_that_are_not_there(tmp_path):
    for sources in (["nothing.csv"], ["*.csv"]):
        with pytest.raises(InputError, match="sources"):
            run(tmp_path, sources)


def test_a_folder_gives_its_data_files(tmp_path):
    (tmp_path / "exports").mkdir()
    export(tmp_path / "exports" / "a.csv", tweets("2024-01-01", 3, "UTC"))
    (tmp_path / "exports" / "notes.md").write_text("not data")
    result, _ = run(tmp_path, ["exports", "exports/a.csv"], time_zone="UTC")
    assert [file.path for file in result.files] == ["exports/a.csv"]
    assert "files_skipped" in kinds(result)


def test_damaged_ids_are_rejected(tmp_path):
    rows = [{"id": i, "date": "2024-01-01T10:00:00Z", "text": "x"} for i in ("1.78E+17", "850.0", "", "=1+1")]
    result, table = run(tmp_path, [export(tmp_path / "a.csv", rows)])
    assert table["id"].tolist() == ["850", "=1+1"] or table["id"].tolist() == ["=1+1", "850"]
    assert result.files[0].reasons == {"damaged_id": 1, "no_id": 1}


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / "store" / "segments").iterdir()}


def same(left: Path, right: Path) -> None:
    """Two stores hold the same, whatever way they came to it."""
    pd.testing.assert_frame_equal(stores.read(left / "store"), stores.read(right / "store"))
    for name in ("ingest.json", "quarantine.csv"):
        assert (left / "store" / name).read_text() == (right / "store" / name).read_text()


def test_only_what_is_new_is_read_and_the_end_is_the_same(tmp_path):
    """Growing file by file, or read at once; overlapping by id, and by address under another id."""
    early = {"date": "2024-01-01T10:00:00Z", "text": "x", "url": "https://a.test/1", "likes": 1}
    files = {
        "a.csv": [early | {"id": 1}, early | {"id": 2, "url": "https://a.test/2", "likes": 7}],
        "b.csv": [early | {"id": 2, "likes": 9, "shares": 4}, early | {"id": "", "text": ""}],
        "c.csv": [early | {"id": 3, "likes": 5}, early | {"id": 4, "url": ""}],
    }
    grown, whole = tmp_path / "grown", tmp_path / "whole"
    for folder in (grown, whole):
        (folder / "in").mkdir(parents=True)
    stood: set[str] = set()
    for name, rows in files.items():
        export(grown / "in" / name, rows)
        export(whole / "in" / name, rows)
        run(grown, ["in"])
        assert stood < names(grown)  # what stood was left alone
        stood = names(grown)
    result, table = run(whole, ["in"])
    same(grown, whole)
    assert (result.rows, result.accepted, result.rejected, result.duplicates) == (6, 2, 1, 3)
    assert table.set_index("id").loc["2", ["likes", "reposts"]].tolist() == [9, 4]
    (grown / "in" / "b.csv").unlink()  # and taking one away leaves what the others hold
    (whole / "in" / "b.csv").unlink()
    shutil.rmtree(whole / "store")
    run(grown, ["in"])
    run(whole, ["in"])
    same(grown, whole)
    assert names(grown) == names(whole)


def test_many_batches_in_several_processes_give_what_one_does(tmp_path, monkeypatch):
    rows = [
        row | {"user": f"person{n % 7}", "in_reply_to_id": n} for n, row in enumerate(tweets("2024-01-01", 60, "UTC"))
    ]
    rows += [{"id": "1.5E+17", "date": "2024-01-01T00:00:00Z", "text": "x"}]
    for folder, size in (("one", 50_000), ("many", 7)):
        (tmp_path / folder).mkdir()
        export(tmp_path / folder / "a.csv", rows)
        monkeypatch.setattr("analysis.archive.containers.delimited.BATCH", size)
        run(tmp_path / folder, ["a.csv"], time_zone="UTC")
    same(tmp_path / "one", tmp_path / "many")


def test_workers_go_from_one_source_to_the_next(tmp_path, monkeypatch):
    """Sources of different columns, in two ingests, one of which starts its workers before it needs them."""
    monkeypatch.setattr("analysis.archive.containers.delimited.BATCH", 7)
    for folder in ("early", "late"):
        (tmp_path / folder).mkdir()
        export(tmp_path / folder / "a.csv", tweets("2024-01-01", 40, "UTC"))
        export(
            tmp_path / folder / "b.csv",
            [{"id": n, "date": f"2024-01-02T00:{n:02}:00Z", "text": f"bell {n}", "likes": n} for n in range(40)],
        )
    monkeypatch.setattr("analysis.archive.ingest.LARGE", 0)
    _, table = run(tmp_path / "early", ["*.csv"], time_zone="UTC")
    monkeypatch.undo()
    run(tmp_path / "late", ["*.csv"], time_zone="UTC")
    same(tmp_path / "early", tmp_path / "late")
    assert table.loc[table["source"] == "b.csv", "likes"].tolist() == list(range(40))
    assert table.loc[table["source"] == "a.csv", "likes"].isna().all()


def test_what_is_wrong_in_a_late_batch_is_said_as_it_is(tmp_path, monkeypatch):
    """Workers are ended amid their work, wherever the command is run; nothing of that hides the reason."""
    monkeypatch.setattr("analysis.archive.containers.delimited.BATCH", 2000)
    rows = [{"id": n, "date": "2024-01-01T10:00:00Z", "text": "x" * 200} for n in range(30_000)]
    rows[11_000]["date"] = "2024-01-01 10:00"
    export(tmp_path / "a.csv", rows)
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="does not say in which time zone"):
        run(tmp_path, ["a.csv"])
    assert run(tmp_path, ["a.csv"], time_zone="UTC")[0].accepted == 30_000


def test_what_a_killed_ingest_finished_is_kept(tmp_path):
    for name in ("a.csv", "b.csv"):
        export(tmp_path / name, tweets("2024-01-01", 30, "UTC", first=int(name == "b.csv")))
    (tmp_path / "store" / "segments" / ".aside-1-left").mkdir(parents=True)
    (tmp_path / "store" / ".draft-ingest.json").write_text("{")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stores, "publish", lambda *unused: os.kill(os.getpid(), signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, ["*.csv"], time_zone="UTC")
    assert len(names(tmp_path)) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.archive.reading.read", None)
        assert run(tmp_path, ["*.csv"], time_zone="UTC")[0].accepted == 60
    assert not list(tmp_path.glob("store/**/.aside*"))


def test_a_sealed_archive_needs_its_sources_no_longer(tmp_path):
    path = export(tmp_path / "a.csv", tweets("2024-01-01", 30, "UTC"))
    with pytest.raises(InputError, match="sealed, but its store cannot be used"):
        run(tmp_path, ["a.csv"], time_zone="UTC", sealed=True)
    before, _ = run(tmp_path, ["a.csv"], time_zone="UTC")
    path.unlink()
    sealed, table = run(tmp_path, ["a.csv"], time_zone="UTC", sealed=True)
    assert sealed == before
    assert len(table) == 30


def test_who_is_forgotten_is_out_and_stays_out(tmp_path):
    people = ["ada", "bo", "cy"]
    rows = [
        row | {"user": people[n % 3], "text": f"hello @{people[(n + 1) % 3]}"}
        for n, row in enumerate(tweets("2024-01-01", 30, "UTC"))
    ]
    export(tmp_path / "a.csv", [*rows, {"id": "", "date": "2024-01-01", "text": "of ada", "user": "Ada"}])
    run(tmp_path, ["a.csv"], time_zone="UTC")
    gone = frozenset({pseudonym("ada", KEY)})
    archive = Archive(name="a", sources=["a.csv"], time_zone="UTC")
    removed = forget(archive, tmp_path / "store", KEY, gone)
    assert (removed.posts, removed.addressed, removed.quarantined) == (10, 10, 1)
    held = b"".join(path.read_bytes() for path in tmp_path.glob("store/**/*") if path.is_file())
    assert pseudonym("ada", KEY).encode() not in held.replace(
        b'"forgotten": [\n  "' + pseudonym("ada", KEY).encode(), b""
    )
    assert b"of ada" not in held
    table = stores.read(tmp_path / "store")
    assert len(table) == 20
    assert table["text"].str.contains("hello @user").sum() == 10
    for _ in range(2):  # once more from the store as it is, then from the file
        done = ingest(archive, tmp_path, tmp_path / "store", KEY, people=lambda: gone)
        assert (done.rows, done.accepted, done.rejected) == (31, 20, 11)
        pd.testing.assert_frame_equal(stores.read(tmp_path / "store"), table)
        shutil.rmtree(tmp_path / "store")
    again = ingest(archive, tmp_path, tmp_path / "store", KEY, people=lambda: gone)
    assert again.files[0].reasons["forgotten"] == 10 or again.files[0].reasons["forgotten"] == 11
    assert b"of ada" not in (tmp_path / "store" / "quarantine.csv").read_bytes()


def test_ids_are_made_where_an_export_has_none(tmp_path):
    rows = [
        {"date": "2024-01-01T10:00:00Z", "text": "a", "url": "https://x.com/ada/status/849396463711092736"},
        {"date": "2024-01-01T10:01:00Z", "text": "b", "url": "https://forum.test/t/1"},
        {"date": "2024-01-01T10:02:00Z", "text": "c", "url": ""},
        {"date": "2024-01-01T10:02:00Z", "text": "c", "url": ""},
    ]
    result, table = run(tmp_path, [export(tmp_path / "a.csv", rows)])
    assert (result.accepted, result.duplicates) == (3, 1)
    assert table["id"].iloc[0] == "849396463711092736"
    assert table["id"].str.fullmatch("h_[0-9a-f]{20}").tolist() == [False, True, True]
    assert "ids_made" in kinds(result)


def test_row_numbers_are_no_ids(tmp_path):
    weeks = [
        [{"id": n, "date": f"2024-01-{day + n % 5:02}T10:00:00Z", "text": f"post {day} {n}"} for n in range(1, 21)]
        for day in (1, 8)
    ]
    for number, rows in enumerate(weeks):
        export(tmp_path / f"{number}.csv", rows)
    with pytest.raises(
        InputError, match=r"20 of 20 ids .* stand for different posts \(1: 2024-01-02 10:00 and 2024-01-09"
    ):
        run(tmp_path, ["*.csv"])
    weeks[1] = [*weeks[0][:19], weeks[0][19] | {"date": "2024-02-01T10:00:00Z"}]
    export(tmp_path / "1.csv", weeks[1])
    result, _ = run(tmp_path, ["*.csv"])
    assert [item["values"]["rows"] for item in result.notes if item["kind"] == "id_conflicts"] == [1]


def test_day_first_may_be_said_where_no_date_tells(tmp_path):
    rows = [{"id": n, "date": f"0{n}/05/2024 10:00", "text": "x"} for n in range(1, 9)]
    path = export(tmp_path / "a.csv", rows)
    with pytest.raises(InputError, match="day_first"):
        run(tmp_path, [path], time_zone="UTC")
    for first, months in ((True, {5}), (False, set(range(1, 9)))):
        _, table = run(tmp_path, [path], time_zone="UTC", day_first=first)
        assert set(table["published_at"].dt.month) == months


def test_what_was_not_read_is_said(tmp_path):
    rows = [{"Tweet-ID": "1", "created at": "2024-01-01T10:00:00Z", "Text": "x", "Mood": "glad"}]
    result, table = run(tmp_path, [export(tmp_path / "a.csv", [*rows, *([{"Tweet-ID": "2"}] * 2)])])
    assert table["id"].tolist() == ["1"]
    (told,) = (item["values"] for item in result.notes if item["kind"] == "columns_guessed")
    assert told["unread"] == ["Mood"]
    assert "mostly_rejected" in kinds(result)


def test_a_row_of_totals_is_no_post(tmp_path):
    rows = [
        {"id": "1", "date": "2024-01-01T10:00:00Z", "text": "a", "likes": "1,200"},
        {"id": "Total", "likes": "1,200"},
    ]
    result, table = run(tmp_path, [export(tmp_path / "a.csv", rows)])
    assert result.files[0].reasons == {"total_row": 1}
    assert table["likes"].tolist() == [1200]


def test_dates_are_ordered_by_the_whole_file(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.archive.containers.delimited.BATCH", 2)
    rows = [{"id": n, "date": f"0{n % 9 + 1}/02/2024 10:00", "text": "x"} for n in range(9)]
    rows += [{"id": 99, "date": "25/02/2024 10:00", "text": "x"}]
    _, table = run(tmp_path, [export(tmp_path / "a.csv", rows)], time_zone="UTC")
    assert set(table["published_at"].dt.month) == {2}


def test_airlines_2015(tmp_path):
    path = shared("archives/airlines-2015/Tweets.csv")
    began = time.monotonic()
    result, table = run(tmp_path, [path])
    assert time.monotonic() - began < 30
    assert (result.rows, result.accepted, result.duplicates, result.rejected) == (14640, 14485, 155, 0)
    assert kinds(result) == {"clock_agrees"}
    assert len(stores.brands(tmp_path / "store")) == 6
    assert table["likes"].isna().all()
    assert str(table["published_at"].max()) == "2015-02-24 19:53:37+00:00"


def test_united_2017(tmp_path):
    folder = shared("archives/united-2017")
    with pytest.raises(InputError, match=r"time_zone.*America/Los_Angeles"):
        run(tmp_path, [folder])
    with pytest.raises(InputError, match=r"by -7.00 hours.*Etc/GMT\+7"):
        run(tmp_path, [folder], time_zone="UTC")
    result, table = run(tmp_path, [folder], time_zone="America/Los_Angeles")
    assert result.rows == 52896
    assert result.accepted + result.rejected == 52821  # of which 150 have no text
    assert sum(file.reasons.get("no_text", 0) for file in result.files) == result.rejected == 150
    assert {"altered_text", "clock_agrees"} == kinds(result)
    assert not table["text"].str.contains(r"@ united\b", case=False).any()
    assert not table["text"].str.contains("twitter.com/(?!i/|u_|search|hashtag)[A-Za-z0-9_]+/status").any()


def test_spotify_2017(tmp_path):
    result, table = run(tmp_path, [shared("archives/spotify-2017")])
    by_name = {file.path.split("/")[-1]: file for file in result.files}
    requests, replies = by_name["support_requests.csv"], by_name["SpotifyCares.csv"]
    assert (requests.rows, requests.accepted, requests.rejected) == (15103, 15090, 13)
    assert (replies.rows, replies.accepted, replies.rejected) == (10986, 10986, 0)
    ours = table["author"] == pseudonym("SpotifyCares", KEY)
    assert int(ours.sum()) == 10986
    assert int(((table["replies"] > 0) & ~ours).sum()) == 12089
    assert int(table["parent_id"].isna().sum()) == 11
