"""The store: what is written is read back, in order, typed, within bounds; interrupted writes change nothing."""

import csv
import fcntl
import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from analysis import mentions
from analysis.archive import segments
from analysis.archive import store as stores
from analysis.archive.normalise import to_arrow
from analysis.archive.records import Rejection
from analysis.errors import InputError, TemporaryError


def table(n: int = 60, brand: str | None = "Northwind") -> pd.DataFrame:
    return mentions.conform(
        pd.DataFrame(
            {
                "id": [f"{n - i:03}" for i in range(n)],
                "platform": "twitter",
                "published_at": pd.date_range("2024-01-01 20:00", periods=n, freq="2h", tz="UTC").as_unit("us"),
                "text": "a text",
                "kind": "post",
                "brand": brand,
                "likes": pd.array([2**60 + 1, *[None] * (n - 1)], dtype="Int64"),
                "source": "a.csv",
                "source_row": range(1, n + 1),
            }
        )
    )


def write(store, rows: pd.DataFrame, rejected=(), name: str = "one", **facts) -> None:
    """One segment, and the store that is made of it alone."""
    with segments.Writer(stores.segment(store, name), "=a.csv" if rejected else "a.csv") as writer:
        writer.add(to_arrow(rows), list(rejected), len(rows) + len(rejected))
        writer.finish({})
    overlaps, *_ = stores.overlap(store, [name])
    stores.publish(store, [name], overlaps, facts)


def test_written_is_read_back(tmp_path):
    write(tmp_path, table())
    back = stores.read(tmp_path)
    pd.testing.assert_frame_equal(back, table().sort_values(["published_at", "id"]).reset_index(drop=True))
    mentions.check(back)
    assert stores.span(tmp_path) == (back["published_at"].iloc[0], back["published_at"].iloc[-1])
    assert stores.brands(tmp_path) == {"Northwind": 60}


def test_bounds_are_half_open_and_columns_typed(tmp_path):
    write(tmp_path, table())
    start, end = datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 1, 3, tzinfo=UTC)
    part = stores.read(tmp_path, start, end, columns=["likes", "published_at"])
    assert list(part.columns) == ["likes", "published_at"]
    assert part["published_at"].min() == start
    assert part["published_at"].max() == datetime(2024, 1, 2, 22, tzinfo=UTC)
    assert part.dtypes.astype(str).tolist() == ["Int64", "datetime64[us, UTC]"]
    shanghai = pd.Timestamp("2024-01-02 08:00", tz="Asia/Shanghai")
    assert len(stores.read(tmp_path, shanghai, end)) == 12
    assert stores.read(tmp_path, datetime(2030, 1, 1, tzinfo=UTC)).empty
    assert stores.read(tmp_path, brand="Nobody").empty
    with pytest.raises(ValueError, match="nonsense"):
        stores.read(tmp_path, columns=["nonsense"])


def test_rows_without_a_label_are_no_brand(tmp_path):
    write(tmp_path, table(brand=None))
    assert stores.brands(tmp_path) == {}


def test_no_store_and_another_version_are_refused(tmp_path):
    with pytest.raises(InputError, match="aftermath ingest"):
        stores.read(tmp_path)
    write(tmp_path, table())
    index = json.loads((tmp_path / "ingest.json").read_text())
    (tmp_path / "ingest.json").write_text(json.dumps(index | {"schema": 0}))
    with pytest.raises(InputError, match="another version"):
        stores.read(tmp_path)


@pytest.mark.parametrize(
    "broken", ["store._gather_quarantine", "store.os.replace", "segments.write_part", "duplicates.overlaps"]
)
def test_interrupted_writing_leaves_the_old_store(tmp_path, monkeypatch, broken):
    write(tmp_path, table())

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"analysis.archive.{broken}", die)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, table(5), name="two")
    assert len(stores.read(tmp_path)) == 60
    stores.sweep(tmp_path)
    write(tmp_path, table(5), name="three")
    assert len(stores.read(tmp_path)) == 5
    assert [path.name for path in (tmp_path / "segments").iterdir()] == ["three"]
    assert len(list(tmp_path.glob("overlaps-*"))) == 1


def test_a_segment_that_is_gone_is_no_store(tmp_path):
    write(tmp_path, table())
    (tmp_path / "segments" / "one" / "segment.json").unlink()
    assert stores.index(tmp_path) is None


def test_days_are_written_apart_and_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(segments, "BUFFER_BYTES", 1)
    shuffled = table().sample(frac=1, random_state=1)
    with segments.Writer(stores.segment(tmp_path, "one"), "a.csv") as writer:
        for half in (shuffled[:30], shuffled[30:]):
            writer.add(to_arrow(half), [], 30)
        writer.finish({})
    overlaps, *_ = stores.overlap(tmp_path, ["one"])
    stores.publish(tmp_path, ["one"], overlaps, {})
    back = stores.read(tmp_path)
    assert back["id"].tolist() == table().sort_values("published_at")["id"].tolist()
    for path in (tmp_path / "segments" / "one").glob("day=*/*.parquet"):
        days = pd.read_parquet(path)["published_at"].dt.strftime("%Y-%m-%d")
        assert set(days) == {path.parent.name.removeprefix("day=")}


def test_overlaps_are_merged_as_they_are_read(tmp_path):
    rows = table(4)
    rows.loc[1, "id"] = rows.loc[0, "id"]
    rows.loc[1, ["likes", "replies"]] = [None, 8]
    write(tmp_path, rows)
    _, dropped, _ = stores.overlap(tmp_path, ["one"])
    assert dropped == {"a.csv": 1}
    back = stores.read(tmp_path)
    assert len(back) == 3
    kept = back.set_index("id").loc[rows.loc[0, "id"]]
    assert (kept["likes"], kept["replies"]) == (2**60 + 1, 8)
    assert stores.brands(tmp_path) == {"Northwind": 3}


def test_two_writers_do_not_clash(tmp_path):
    with (tmp_path / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(TemporaryError, match="Try again"), stores.locked(tmp_path, wait=0.05):
            pass
    with stores.locked(tmp_path, wait=0.05):
        pass


def test_quarantine_is_inert_and_bounded(tmp_path):
    rejected = [
        Rejection(3, "no_text", "", "=HYPERLINK(1)"),
        Rejection(4, "no_id", "", "x" * 10_000),
    ]
    write(tmp_path, table(), rejected)
    with (tmp_path / "quarantine.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert json.loads(rows[0]["record"]) == "=HYPERLINK(1)"
    assert len(rows[1]["record"]) < 2100


@pytest.mark.parametrize("changes", [1, 1000])
def test_rows_by_day_keep_their_order(changes):
    rows = table(segments._RUNS * 3)
    pick = np.random.default_rng(changes)
    shuffled = rows.iloc[pick.permutation(len(rows))] if changes > 1 else pd.concat([rows[20:], rows[:20]])
    parts = segments.by_day(to_arrow(shuffled))
    days = shuffled["published_at"].dt.strftime("%Y-%m-%d")
    assert [day for day, _ in parts] == sorted(days.unique())
    for day, part in parts:
        assert part["id"].to_pylist() == shuffled.loc[days == day, "id"].tolist()
