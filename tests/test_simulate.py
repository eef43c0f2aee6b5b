"""The simulated year: is what was planted there, is it the same every time, and is the sample what it makes."""

import filecmp
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import incident as contract
from analysis import mentions, simulate
from analysis.plan import read_plan
from analysis.simulate import story
from analysis.simulate.grammar import expand
from analysis.simulate.sample import ARCHIVE, EXPORT, incident_truth
from analysis.workspace import REPOSITORY, Workspace

SAMPLE = REPOSITORY / "data" / "sample"


@pytest.fixture(scope="module")
def made() -> simulate.Simulated:
    return simulate.archive()


@pytest.fixture(scope="module")
def table(made: simulate.Simulated) -> pd.DataFrame:
    return made.mentions.merge(made.truth.drop(columns="brand"), on="id")


def test_sample_is_what_the_seed_makes(tmp_path: Path) -> None:
    """In another process, with another hash seed and another locale, byte by byte."""
    environment = os.environ | {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "America/New_York"}
    subprocess.run(
        [sys.executable, "-m", "analysis.simulate", str(tmp_path)], cwd=REPOSITORY, env=environment, check=True
    )
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    _, differing, missing = filecmp.cmpfiles(tmp_path, SAMPLE, written, shallow=False)
    assert not differing, f"run `python -m analysis.simulate data/sample`: {differing} differ"
    assert not missing
    assert len(written) == 19
    assert sum((SAMPLE / path).stat().st_size for path in written) < 5_000_000


def test_another_seed_makes_another_year() -> None:
    span = {"start": story.START, "end": story.START + pd.Timedelta(days=5), "crises": ()}
    one, same, other = (simulate.archive(seed, **span).mentions for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert one["text"].tolist() != other["text"].tolist()


def test_mentions_keep_the_contract(made: simulate.Simulated) -> None:
    table = mentions.check(made.mentions)
    assert table["published_at"].is_monotonic_increasing
    known = table.dropna(subset=["parent_id"]).merge(
        table[["id", "published_at"]], left_on="parent_id", right_on="id", suffixes=("", "_parent")
    )
    assert len(known) == table["parent_id"].notna().sum()
    assert (known["published_at"] > known["published_at_parent"]).all()
    assert table.loc[table["platform"] == "kerbside", ["views", "reposts", "author_followers"]].isna().all(axis=None)


def test_customers_seldom_repeat_each_other(table: pd.DataFrame) -> None:
    originals = table[(table["kind"] == "post") & ~table["from_brand"]]
    assert originals["text"].nunique() / len(originals) > 0.95
    crisis = originals[originals["origin"] == story.BRAKES.id]
    assert crisis["text"].nunique() / len(crisis) > 0.98
    assert not originals["text"].str.contains(r"[{}|\ue000]", regex=True).any()


@pytest.mark.parametrize("crisis", story.CRISES, ids=lambda crisis: crisis.id)
def test_planted_answers_are_there(made: simulate.Simulated, crisis: story.Crisis) -> None:
    truth = incident_truth(made, crisis)
    answers, how = truth["answers"], crisis.answers
    slack = 3 * np.sqrt(0.25 / answers["answers"])
    assert answers["answered_share"] == pytest.approx(how.answered, abs=3 * np.sqrt(0.25 / answers["complaints"]))
    assert answers["template_share"] == pytest.approx(how.template, abs=slack)
    assert np.log(answers["median_hours_of_answered"] / how.median_hours) == pytest.approx(
        0, abs=4 * how.spread / np.sqrt(answers["answers"])
    )


@pytest.mark.parametrize("crisis", story.CRISES, ids=lambda crisis: crisis.id)
def test_planted_decay_is_there(table: pd.DataFrame, crisis: story.Crisis) -> None:
    """The mean time from the peak to a post, up to a cut, is that of an exponential with the planted half-life."""
    peak = story.utc(crisis.onset) + pd.Timedelta(hours=crisis.growth)
    cut = story.utc(crisis.effect[0]) if crisis.effect else peak + pd.Timedelta(hours=4 * crisis.half_life)
    length = (cut - peak) / pd.Timedelta(hours=1)
    posts = table[(table["origin"] == crisis.id) & table["kind"].isin(["post", "comment", "quote"])]
    later = (posts["published_at"] - peak).dt.total_seconds() / 3600
    later = later[(later >= 0) & (later < length)]
    scale = crisis.half_life / np.log(2)
    expected = scale - length / np.expm1(length / scale)
    assert later.mean() == pytest.approx(expected, abs=4 * scale / np.sqrt(len(later)))


def test_causes_wait_for_what_sets_them_off(table: pd.DataFrame) -> None:
    named = table[(table["cause"] == "statement") & (table["origin"] == story.BRAKES.id)]
    assert named["published_at"].min() >= story.utc(story.BRAKES.cause_from["statement"])


def test_sample_reads_as_a_workspace() -> None:
    workspace = Workspace.at(SAMPLE)
    assert workspace.archives() == [ARCHIVE]
    archive = contract.read_archive(workspace.archive_file(ARCHIVE))
    assert archive.columns == {name: column for column, name in EXPORT.items()}
    plan = read_plan(workspace.plan)
    assert plan is not None
    promised = {level.level: level.first_statement_hours for level in plan.levels}
    assert workspace.incidents() == sorted(crisis.id for crisis in story.CRISES)
    for crisis in story.CRISES:
        read = contract.read_incident(workspace.incident_file(crisis.id))
        assert isinstance(read.window, contract.Window)
        assert read.window.start - pd.Timedelta(days=read.baseline_days) >= story.START
        actions = contract.read_actions(workspace.incident(crisis.id) / "actions.csv", read.time_zone)
        said = {action.when for action in actions if action.kind in contract.PUBLIC_KINDS}
        assert {story.utc(statement.when) for statement in crisis.statements} <= said
    brakes = contract.read_actions(workspace.incident(story.BRAKES.id) / "actions.csv", story.ZONE)
    statement = next(action.when for action in brakes if action.kind == "statement")
    assert (statement - story.utc(story.BRAKES.onset)).total_seconds() / 3600 > promised[4]


def test_files_add_up() -> None:
    folder = Workspace.at(SAMPLE).archive(ARCHIVE)
    files = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["files"]
    rows = pd.concat([pd.read_csv(path, dtype=str) for path in sorted(folder.glob("mentions-*.csv"))])
    assert len(rows) == files["rows"] == files["accepted"] + files["duplicates"] + files["unreadable"]
    dated = pd.to_datetime(rows["Date (UTC)"], format="%Y-%m-%d %H:%M:%S", errors="coerce").notna()
    good = rows[dated & rows["Post ID"].notna() & rows["Text"].notna()]
    assert good["Post ID"].nunique() == files["accepted"]
    assert len(good) - files["accepted"] == files["duplicates"] > 20
    again = good[good["Post ID"].duplicated(keep=False)].groupby("Post ID")["Likes"]
    assert (again.last().astype(int) >= again.first().astype(int)).all()


@pytest.mark.parametrize("noise", ["white", "ar1", "level", "bursty"])
def test_counts_scatter_about_their_curve(noise: simulate.Noise) -> None:
    expected = simulate.curve(24 * 56, rate=4)["baseline"]
    means = [simulate.counts(24 * 56, rate=4, noise=noise, seed=seed).mean() for seed in range(12)]
    assert np.mean(means) == pytest.approx(expected.mean(), rel=0.15)
    again = simulate.counts(24 * 56, rate=4, noise=noise, seed=3)
    pd.testing.assert_series_equal(again, simulate.counts(24 * 56, rate=4, noise=noise, seed=3))
    assert str(again.index.dtype).endswith("UTC]")


def test_curve_halves_as_told() -> None:
    excess = simulate.curve(400, rate=2, burst=10, half_life=12, onset=100, growth=4, turn=160, half_life_after=6)[
        "excess"
    ]
    assert (excess.iloc[:100] == 0).all()
    assert excess.max() == pytest.approx(20, rel=0.05)
    assert excess.iloc[130] / excess.iloc[118] == pytest.approx(0.5)
    assert excess.iloc[176] / excess.iloc[170] == pytest.approx(0.5)


def test_unknown_noise_is_refused() -> None:
    with pytest.raises(ValueError, match="pink"):
        simulate.counts(48, rate=1, noise="pink")  # type: ignore[arg-type]


def test_grammar_expands_from_within() -> None:
    rng = np.random.default_rng(0)
    texts = {expand(rng, {"who": ("Ann", "Bo")}, "{who} has {2-4} {cats|{who}s|}.") for _ in range(300)}
    assert {"Ann has 2 cats.", "Bo has 4 Anns.", "Ann has 3."} <= texts
    with pytest.raises(KeyError):
        expand(rng, {}, "{nobody}")
