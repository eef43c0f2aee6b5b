"""A million mentions into the store, beside a pandas script that normalises the same: rows a second and peak memory.

Run: python -m tests.benchmarks.ingest_vs_pandas [--rows 1000000] [--repeats 2] [--large]

Each way runs in a process of its own, one after the other and in turns; its time is that of the whole process, and its
memory that of the process and its children, sampled. First both read 20,000 rows, and their tables have to agree.
`--large` adds five times the rows for ours alone, which has to stay as small.
"""

import argparse
import base64
import csv
import hmac
import html
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import psutil

from analysis.privacy import load_key
from analysis.workspace import Workspace

COLUMNS = (
    *("id", "created_at", "author", "followers", "text", "lang", "in_reply_to_status_id"),
    *("likes", "replies", "retweets", "views", "url"),
)
COUNTS = {
    "followers": "author_followers",
    "likes": "likes",
    "replies": "replies",
    "retweets": "reposts",
    "views": "views",
}
WORDS = re.findall(
    r"\w+",
    "delay bike thanks waiting hours no answer the brake failed again why is support not helping station card charged "
    "twice refund lock green morning app closed 刹车 坏了 没人管 truly",
)
CONTAINERS = ("csv", "jsonl")
NOTHING = ("", "nan", "none", "null", "na", "n/a", "#n/a", "nat", "<na>")
SAMPLE = 20_000
DAYS = 90
EPOCH_MS = 1_288_834_974_657  # of ids that carry their time


def posts(rows: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """`rows` posts of about 250 bytes over DAYS days: half with handles, a tenth with line breaks, a tenth with
    entities, one in twenty seen before, with newer counts."""
    pick = random.Random(seed)
    people = [f"person_{number}" for number in range(max(rows // 8, 10))]
    at = datetime(2024, 1, 1, tzinfo=UTC)
    recent: list[dict[str, Any]] = []
    for _ in range(rows):
        if len(recent) == 1000 and pick.random() < 0.05:
            post = pick.choice(recent)
            yield post | {"likes": post["likes"] + pick.randrange(3), "views": post["views"] + pick.randrange(99)}
            continue
        at += timedelta(seconds=pick.expovariate(rows / (DAYS * 86400)))
        number = (int(at.timestamp() * 1000) - EPOCH_MS << 22) | pick.getrandbits(22)
        author = pick.choice(people)
        text = " ".join(pick.choices(WORDS, k=pick.randint(5, 25)))
        text = f"@{pick.choice(people)} {text}" if pick.random() < 0.5 else text
        text += ', "quoted"\nnew line' if pick.random() < 0.1 else ""
        text += " &amp; more &gt;" if pick.random() < 0.1 else ""
        post = {
            "id": str(number),
            "created_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "author": author,
            "followers": None if pick.random() < 0.02 else pick.randrange(5000),
            "text": text,
            "lang": "en",
            "in_reply_to_status_id": str(number - 1000) if pick.random() < 0.3 else None,
            "likes": pick.randrange(20),
            "replies": pick.randrange(3),
            "retweets": pick.randrange(5),
            "views": pick.randrange(1000),
            "url": f"https://twitter.com/{author}/status/{number}",
        }
        if len(recent) < 1000:
            recent.append(post)
        else:
            recent[pick.randrange(1000)] = post
        yield post


def generate(folder: Path, rows: int) -> dict[str, Path]:
    """The same posts as CSV and as JSON lines."""
    files = {container: folder / f"{rows}.{container}" for container in CONTAINERS}
    with (
        open(files["csv"], "w", encoding="utf-8", newline="") as table,
        open(files["jsonl"], "w", encoding="utf-8") as lines,
    ):
        writer = csv.DictWriter(table, COLUMNS)
        writer.writeheader()
        for post in posts(rows):
            writer.writerow(
                {name: "nan" if name == "followers" and value is None else value for name, value in post.items()}
            )
            lines.write(json.dumps(post, ensure_ascii=False) + "\n")
    return files


def ours(source: Path, place: Workspace) -> None:
    from analysis.runs.archives import ingest_archive

    done = ingest_archive(place, "bench")
    assert done.rows == done.accepted + done.rejected + done.duplicates


def with_pandas(source: Path, place: Workspace) -> None:
    """What an analyst would write who cares for the same things, vectorised where pandas can."""
    key = load_key(place.key)
    known: dict[str, str] = {}

    def name_of(handle: str) -> str:
        if handle not in known:
            code = hmac.digest(key, handle.casefold().encode(), "sha256")
            known[handle] = "u_" + base64.b32encode(code)[:10].decode().lower()
        return known[handle]

    textual = source.suffix == ".csv"
    if textual:
        table = pd.read_csv(source, dtype=str, keep_default_na=False)
    else:
        table = pd.read_json(source, lines=True, dtype=False)
    table["source_row"] = range(1, len(table) + 1)
    for column in table.select_dtypes("str"):
        text = table[column].str.strip()
        table[column] = text.mask(text == "" if column == "text" else text.str.casefold().isin(NOTHING))
    table = table.rename(
        columns={"created_at": "published_at", "in_reply_to_status_id": "parent_id", "lang": "language", **COUNTS}
    )
    table = table.dropna(subset=["id", "published_at", "text"])
    table = table[~table["id"].str.contains(r"[.eE]", regex=True)]
    table["published_at"] = pd.to_datetime(table["published_at"], utc=True)
    for column in COUNTS.values():
        numbers = table[column]
        if textual:
            numbers = pd.to_numeric(numbers.str.replace(",", "", regex=False))
        table[column] = numbers.astype("Int64")
    escaped = table["text"].str.contains("&", regex=False)
    table.loc[escaped, "text"] = table.loc[escaped, "text"].map(html.unescape)
    table["text"] = table["text"].str.strip()
    addresses = r"(twitter\.com|x\.com)/\w+/status/"
    for column in ("text", "url"):
        table[column] = table[column].str.replace(addresses, r"\1/i/status/", regex=True)
    table["text"] = table["text"].str.replace(r"(?<![\w.])@(\w+)", lambda match: "@" + name_of(match[1]), regex=True)
    table["author"] = table["author"].map({author: name_of(author) for author in table["author"].dropna().unique()})
    table["platform"] = "twitter"
    table["source"] = source.name
    table["kind"] = "post"
    table.loc[table["parent_id"].notna(), "kind"] = "reply"
    table.loc[table["text"].str.startswith("RT @"), "kind"] = "repost"
    for column in ("id", "url"):
        repeated = table.duplicated(column, keep=False)
        highest = table[repeated].groupby(column)[list(COUNTS.values())].max()
        table = table.drop_duplicates(column)
        for count in COUNTS.values():
            newer = table[column].map(highest[count])
            table[count] = newer.where(newer.notna(), table[count]).astype("Int64")
    table = table.sort_values(["published_at", "id"])
    table["day"] = table["published_at"].dt.strftime("%Y-%m-%d")
    table.to_parquet(place.root / "pandas", partition_cols=["day"], compression="zstd", index=False)


WAYS = {"ours": ours, "pandas": with_pandas}


def workspace(folder: Path, source: Path) -> Workspace:
    """A workspace whose one archive is `source`, with nothing stored yet."""
    place = Workspace.at(folder / "workspace", folder / "reports")
    shutil.rmtree(place.root, ignore_errors=True)
    place.archive("bench").mkdir(parents=True)
    place.archive_file("bench").write_text(
        json.dumps({"name": "bench", "sources": [str(source)], "platform": "twitter"})
    )
    place.key.write_text("5a" * 32 + "\n")
    return place


def measure(way: str, source: Path, place: Workspace) -> tuple[float, float]:
    """Seconds and peak memory (MB, of the process and its children) of `way` on `source`."""
    os.sync()  # what the run before has written is not to be written now
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-m", __spec__.name, "--child", way, str(source), str(place.root)])
    family = psutil.Process(child.pid)
    peak = 0
    while child.poll() is None:
        peak = max(peak, sum(map(_resident, [family, *_children(family)])))
        time.sleep(0.25)  # looking at every process takes time that both cores are needed for
    if child.returncode:
        raise SystemExit(f"{way} on {source.name} ended with {child.returncode}")
    return time.monotonic() - began, peak / 1e6


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def agree(folder: Path) -> None:
    """Both ways give the same table of SAMPLE posts; AssertionError names the column where they do not."""
    from analysis.archive import store

    for container, source in generate(folder, SAMPLE).items():
        place = workspace(folder, source)
        for way in WAYS:
            measure(way, source, place)
        mine = store.read(place.store("bench"))
        theirs = pd.read_parquet(place.root / "pandas").sort_values(["published_at", "id"], ignore_index=True)
        for column in (
            "id",
            "published_at",
            "author",
            "text",
            "kind",
            "parent_id",
            "url",
            "language",
            *COUNTS.values(),
        ):
            came = theirs[column].astype(mine[column].dtype)
            pd.testing.assert_series_equal(came, mine[column], check_names=False, obj=f"{container}, {column}")
        print(f"{container}: both give the same {len(mine):,} mentions of {SAMPLE:,} rows", flush=True)


def main(rows: int, repeats: int, large: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="aftermath-bench-") as place:
        folder = Path(place)
        agree(folder)
        files = generate(folder, rows)
        print(f"{'':14s} {'rows':>9s} {'seconds':>8s} {'rows/s':>9s} {'peak MB':>8s}")
        for container, source in files.items():
            runs: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
            for _ in range(repeats):
                for way, measured in runs.items():
                    measured.append(measure(way, source, workspace(folder, source)))
            for way, measured in runs.items():
                _tell(way, container, rows, measured)
            seconds = {way: median(run[0] for run in measured) for way, measured in runs.items()}
            print(f"{container}: ours is {seconds['pandas'] / seconds['ours']:.1f} times as fast", flush=True)
            source.unlink()
        if large:
            for container, source in generate(folder, 5 * rows).items():
                _tell("ours", container, 5 * rows, [measure("ours", source, workspace(folder, source))])
                source.unlink()


def _tell(way: str, container: str, rows: int, runs: list[tuple[float, float]]) -> None:
    seconds, peak = median(run[0] for run in runs), max(run[1] for run in runs)
    print(f"{way:8s} {container:5s} {rows:>9,} {seconds:>8.1f} {rows / seconds:>9,.0f} {peak:>8,.0f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        chosen, file, root = given.child
        WAYS[chosen](Path(file), Workspace.at(root, root))
        if chosen == "pandas":
            os._exit(0)  # pyarrow's partitioned writer now and then aborts on the way out, when all is written
    else:
        main(given.rows, given.repeats, given.large)
