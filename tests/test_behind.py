"""The ids behind numbers: written once, read back whole, and exactly those that the number counts."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import findings
from analysis.errors import InputError
from analysis.questions import behind
from analysis.questions.page import _write_csv
from tests.workspace_fixture import Published

COUNTED = {
    "volume.total": {"during": ["m3", "m1", "=2+2", "m2"]},
    "sentiment.negative": {"during": ["m1", "m2", "m3", "=2+2"], "during negative": ["m2"], "=none": []},
}


def written(folder: Path, counted: behind.Counted) -> bytes:
    table = behind.write(counted, folder, "1_n")
    _write_csv(table, folder / behind.index("1_n"))
    return (folder / behind.index("1_n")).read_bytes() + (folder / behind.sets("1_n")).read_bytes()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    written(tmp_path, COUNTED)
    for finding, parts in COUNTED.items():
        for part, ids in parts.items():
            assert behind.read(tmp_path, "1_n", finding, part) == sorted(ids)
    with pytest.raises(InputError, match=r"volume.total has no part 'n'; its parts: during"):
        behind.read(tmp_path, "1_n", "volume.total", "n")
    with pytest.raises(InputError, match="not there"):
        behind.read(tmp_path, "2_n", "volume.total", "during")


def test_a_set_that_numbers_share_is_written_once(tmp_path: Path) -> None:
    written(tmp_path, COUNTED)
    assert len(pd.read_csv(tmp_path / behind.sets("1_n"))) == 4 + 1
    table = pd.read_csv(tmp_path / behind.index("1_n")).set_index(["finding", "part"])
    assert table.loc[("volume.total", "during"), "set"] == table.loc[("sentiment.negative", "during"), "set"]
    assert table["mentions"].tolist() == [0, 4, 1, 4]


def test_the_same_ids_give_the_same_bytes(tmp_path: Path) -> None:
    turned = {
        finding: {part: list(reversed(ids)) for part, ids in reversed(parts.items())}
        for finding, parts in reversed(COUNTED.items())
    }
    assert written(tmp_path / "a", COUNTED) == written(tmp_path / "b", turned)


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    written(tmp_path, COUNTED)
    cells = pd.concat([pd.read_csv(path, dtype=str).stack() for path in (tmp_path / "tables").iterdir()])
    assert not cells.str.match(r"^[=+\-@\t\r]").any()


def test_a_million_mentions_are_written_in_seconds(tmp_path: Path) -> None:
    """Ten findings of one window and a part of it: 1.6 s and 36 MB, where a copy for each took ten times as much."""
    ids = [f"{10**18 + 7919 * number}" for number in range(100_000)]
    part = ids[::2]
    behind.write({f"f.{number}": {"n": ids, "part": part} for number in range(10)}, tmp_path, "1_n")
    assert (tmp_path / behind.sets("1_n")).stat().st_size < 26 * 1.5 * len(ids)


def test_older_findings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "findings.json"
    findings.write([findings.Finding("a", "1", "a", "m", {"en": "x"})], "i", path)
    path.write_text(path.read_text(encoding="utf-8").replace('"behind": {},', ""), encoding="utf-8")
    assert "behind" not in path.read_text(encoding="utf-8")
    assert findings.read(path)[0].behind == {}


N = {
    ("subject.named", "n"): "named",
    ("relevance.unclear", "n"): "unclear",
    ("volume.total", "during"): "during",
    ("verdict", "before"): "before",
    ("verdict", "during"): "during",
    ("sentiment.negative", "before"): "before",
    ("sentiment.negative", "during"): "during",
    ("sentiment.net", "before"): "before",
    ("sentiment.net", "during"): "during",
    ("sentiment.scorer", "n"): "unscored",
    ("sentiment.unscored", "n"): "unscored",
    ("authors.total", "before"): "before",
    ("authors.total", "during"): "during",
    ("target.share", "n"): "organisation",
    ("early.first_person", "before"): "before",
    ("early.first_person", "during"): "during",
    ("triage.recall", "needed"): "recall",
    ("triage.over_reply", "answered"): "over",
    ("engagement.total", "n"): "total",
    ("reach.total", "views"): "views",
    ("alarm.cues", "voices"): "first",
    ("spread.first", "n"): "first",
    ("spread.nodes", "posts"): "virality",
    ("phases.table", "before"): "negative_before",
    ("phases.table", "during"): "net_during",
    **{("reputation.rates", name): f"{name}_during" for name in (
        *("reactions_per_post", "reactions_per_1000_views", "reactions_per_1000_followers", "reposts_per_1000_views"),
        *("reposts_per_100_mentions", "mentions_per_author"),
    )},
    ("causes.shares", "n"): "top",
    ("causes.unclear", "n"): "unclear",
    ("causes.map", "n"): "clear",
    ("causes.trigger", "first"): "by",
    ("causes.first", "n"): "collected",
    ("causes.growth", "n"): "growth",
    ("complaints.share", "before"): "before",
    ("complaints.share", "during"): "during",
    ("reproach.grades", "before"): "before",
    ("reproach.grades", "during"): "during",
    ("strategy.thunder", "n"): "lead",
    ("replies.speed", "n"): "answered",
    ("replies.arousal_fit", "n"): "difference",
    ("replies.templates", "n"): "rate",
    ("replies.tone", "n"): "personal",
    ("replies.redirects", "n"): "rate",
    ("private.turns", "n"): "mean",
    ("private.follow_through", "moves"): "closed",
    ("private.follow_through", "wrote on"): "accepted",
    ("solved.tone", "wrote on"): "glad",
    ("matched.effect", "used"): "angry",
}  # fmt: skip
"""(Finding, part) → the estimate whose n it holds."""
HELD = {
    ("subject.named", "named"): "named",
    ("relevance.unclear", "unclear"): "unclear",
    ("verdict", "before negative"): "before",
    ("verdict", "during negative"): "during",
    ("sentiment.negative", "before negative"): "before",
    ("sentiment.negative", "during negative"): "during",
    ("target.share", "organisation"): "organisation",
    ("target.share", "others"): "others",
    ("triage.recall", "needed answered"): "recall",
    ("triage.over_reply", "over"): "over",
    ("causes.shares", "cause 1"): "top",
    ("causes.unclear", "unclear"): "unclear",
    ("complaints.share", "before complain"): "before",
    ("complaints.share", "during complain"): "during",
    ("reproach.grades", "before blame"): "before",
    ("reproach.grades", "during blame"): "during",
    ("replies.scorecard", "apology"): "apology",
    ("replies.templates", "rate"): "rate",
    ("replies.tone", "personal"): "personal",
    ("replies.redirects", "rate"): "rate",
    ("replies.redirects", "bare"): "bare",
    ("private.follow_through", "accepted"): "accepted",
    ("private.follow_through", "bounced"): "bounced",
    ("solved.states", "resolved"): "resolved",
    ("solved.states", "unanswered"): "unanswered",
    ("solved.tone", "glad"): "glad",
}
"""(Finding, part) → the share whose numerator it holds."""


def test_the_ids_are_those_that_the_number_counts(sample: Published) -> None:
    made = sample.findings
    wrong = []
    for (finding, part), name in N.items():
        value = made[finding].values.get(name)
        if value is None:  # said of a cause that was not there before: it has no growth
            assert made[finding].message == "growth.new"
            continue
        if made[finding].behind[part] != value.n:
            wrong.append((finding, part, made[finding].behind[part], value.n))
    for (finding, part), name in HELD.items():
        value = made[finding].values[name]
        if value.value is None or made[finding].behind[part] != round(float(value.value) * value.n):
            wrong.append((finding, part, made[finding].behind[part], value))
    assert wrong == []


def test_every_count_is_published_with_its_ids(sample: Published) -> None:
    (prepared,) = sample.place.prepared(sample.incident).glob("[0-9a-f]*/mentions.parquet")
    held = set(pd.read_parquet(prepared, columns=["id"])["id"])
    for notebook in ("1_what_happened", "2_why", "3_how_we_answered"):
        table = pd.read_csv(sample.folder / behind.index(notebook))
        ids = pd.read_csv(sample.folder / behind.sets(notebook), dtype={"id": str}, keep_default_na=False)
        assert set(ids["id"]) <= held
        sizes = ids.groupby("set").size()
        for row in table.to_dict("records"):
            assert sizes.get(row["set"], 0) == row["mentions"]
            assert sample.findings[row["finding"]].behind[row["part"]] == row["mentions"]
        own = {(one.id, part) for one in sample.findings.values() if one.notebook == notebook for part in one.behind}
        assert set(zip(table["finding"], table["part"], strict=True)) == own
