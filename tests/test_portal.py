"""The page over all incidents says what was published, in order, and nothing of it acts."""

import json
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from analysis import cli, followups
from analysis.errors import EvidenceError, InputError, InsufficientData, NotebookError
from analysis.report import html, trend
from analysis.runs import index
from analysis.runs.forget import Forgotten
from analysis.runs.run import Run
from analysis.workspace import Workspace
from tests.document_fixture import HOSTILE
from tests.portal_fixture import publish, some_findings

NOW = datetime(2026, 2, 10, 9, 30, tzinfo=UTC)


class Page(HTMLParser):
    """Tags with their attributes, in order, and the text that is seen."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._silent = "", False
        self.feed(path.read_text(encoding="utf-8"))
        self.text = " ".join(self.text.replace("\u200b", "").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._silent else f" {data}"


def place(folder: Path) -> Workspace:
    return Workspace.at(folder / "ws", folder / "reports")


def written(workspace: Workspace) -> Page:
    return Page(index.write(workspace, NOW)[0])


def test_each_incident_says_how_it_stands_newest_first(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "old", title="The older one", state="approved")
    publish(
        at.reports, "new", title="The newer one", start="2025-07-01T00:00:00+00:00", end="2025-07-03T00:00:00+00:00"
    )
    page = written(at)
    cards = page.text[page.text.index("Incidents, newest first") :]
    assert cards.index("The newer one") < cards.index("The older one")
    for told in (
        *("Approved by A. Board on 2 May 2025", "Draft, not reviewed", "3 · serious", "(2–4)", "38,400", "62%"),
        *("60–64%", "21 h", "not known", "not recorded in the archive", "19 h", "16–24 h", "Collection whole"),
        *("20 Mar 2025 00:00", "rose to 62%", "10 Feb 2026 09:30 UTC", "Refunds have 41%."),
    ):
        assert told in page.text, told


def test_links_are_relative_and_reach_the_files_in_each_language(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one", languages=("zh", "en"))
    publish(at.reports, "two", languages=("en",))
    for file in index.write(at, NOW):
        links = [tag["href"] or "" for name, tag in Page(file).tags if name == "a" and "href" in tag]
        outward = [unquote(link) for link in links if not link.startswith("#")]
        assert all((at.reports / link).is_file() for link in outward)
        reached = {link for link in outward if not link.startswith("index")}
        assert reached == {
            *("one/postmortem.html", "one/postmortem.pdf", "one/postmortem.en.html", "one/postmortem.en.pdf"),
            *("one/postmortem.docx", "one/postmortem.en.docx"),
            *("two/postmortem.html", "two/postmortem.pdf", "two/postmortem.docx"),
        }


def test_the_first_language_of_most_reports_is_that_of_the_index(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one", languages=("zh", "en"))
    assert {path.name for path in index.write(at, NOW)} == {"index.html", "index.en.html"}
    assert '<html lang="zh-CN">' in (at.reports / "index.html").read_text(encoding="utf-8")
    assert "危机复盘总览" in Page(at.reports / "index.html").text
    assert "3 级 · 重大" in Page(at.reports / "index.html").text


def test_a_report_of_one_language_stands_in_both_pages(tmp_path: Path) -> None:
    at = place(tmp_path)
    only = [replace(one, answer={"en": one.answer["en"]}) for one in some_findings()]
    publish(at.reports, "one", languages=("en",), findings=only)
    index.write(at, NOW)
    text = (at.reports / "index.zh.html").read_text(encoding="utf-8")
    assert re.search(r'<p class="verdict"[^>]* lang="en-GB">It was a crisis', text)


def follow_ups(at: Workspace, identity: str, *rows: followups.FollowUp) -> None:
    followups.write(at.followups(identity), rows)


def test_follow_ups_are_held_against_their_dates(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    follow_ups(
        at,
        "one",
        followups.FollowUp("1", "Name a deputy", "ops", "2026-02-09"),
        followups.FollowUp("2", "Train the team", "", "2026-02-10", state="in_progress"),
        followups.FollowUp("3", "Write a plan", "ops", state="verified", verified_on="2025-02-01", verification="seen"),
        followups.FollowUp("4", "Buy a tool", "ops"),
    )
    page = written(at)
    assert "2 open follow-ups" not in page.text
    assert re.search(r"\b3 open follow-ups", page.text)
    assert re.search(r"\b1 overdue", page.text)
    table = page.text[page.text.index("What is still to be done") :]
    assert table.index("Name a deputy") < table.index("Train the team") < table.index("Buy a tool")
    assert "Write a plan" not in page.text
    assert all(told in table for told in ("9 Feb 2026 overdue", "10 Feb 2026 Train", "in progress"))


def test_without_a_file_of_follow_ups_their_state_is_not_recorded(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    page = written(at)
    assert "1 asked for, state not recorded" in page.text
    assert "Set up a rota by day 30." in page.text
    assert re.search(r"31 Jan 2026 date has passed .* not recorded", page.text)
    assert re.search(r"\b0 overdue past their date, their state not recorded: 1", page.text)


def test_what_is_superseded_asks_for_nothing(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one", state="superseded")
    page = written(at)
    assert "Superseded" in page.text
    assert "No follow-up is open." in page.text


def test_the_trend_needs_two_incidents_and_has_words(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    assert not [name for name, _ in written(at).tags if name == "svg"]
    publish(at.reports, "two", start="2025-07-01T00:00:00+00:00", end="2025-07-03T00:00:00+00:00")
    page = written(at)
    drawings = [tag for name, tag in page.tags if name == "svg"]
    named = {tag.get("id") for _, tag in page.tags}
    assert len(drawings) == 2
    assert all(set((tag["aria-labelledby"] or "").split()) <= named for tag in drawings)


def test_places_of_the_trend() -> None:
    one = trend.Point(datetime(2025, 1, 1, tzinfo=UTC), 1.0, 1.0, 2.0)
    four = trend.Point(datetime(2025, 6, 1, tzinfo=UTC), 4.0)
    drawn = trend.severity([four, one])
    assert [mark["x"] for mark in drawn["marks"]] == sorted(mark["x"] for mark in drawn["marks"])
    heights = dict(drawn["lines"])
    assert drawn["marks"][0]["y"] == heights[1]
    assert drawn["marks"][1]["y"] == heights[4]
    assert drawn["marks"][0]["high"] == heights[2]
    halves = trend.half_life([replace(one, value=24.0, low=6.0, high=None), replace(four, value=None)])
    heights = dict(halves["lines"])
    assert halves["marks"][0] == {"x": halves["marks"][0]["x"], "y": heights[24], "low": heights[6], "high": None}
    assert halves["marks"][1]["y"] is None
    assert max(heights) == 24
    assert all(0 < height < trend.HEIGHT for height in heights.values())


def test_two_marks_of_one_day_stand_in_the_middle() -> None:
    point = trend.Point(datetime(2025, 1, 1, tzinfo=UTC), 0.01)
    assert len({mark["x"] for mark in trend.half_life([point, point])["marks"]}) == 1


def test_a_number_that_no_finding_holds_is_refused_and_the_page_before_stays(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    index.write(at, NOW)
    before = (at.reports / "index.html").read_bytes()
    lessons = at.reports / "one" / "lessons.json"
    lessons.write_text(lessons.read_text(encoding="utf-8").replace("62% waited", "77% waited"), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"77% .*one/verdict"):
        index.write(at, NOW)
    assert (at.reports / "index.html").read_bytes() == before


def test_reports_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "good")
    for name, file, text in (
        ("not-json", "manifest.json", "{"),
        ("other-schema", "findings.json", '{"schema": 99, "findings": []}'),
        ("no-lessons", "lessons.json", ""),
        ("renamed", "findings.json", json.dumps({"schema": 1, "findings": [{"id": "x", "values": {}}]})),
    ):
        (publish(at.reports, name) / file).write_text(text, encoding="utf-8")
    odd = [replace(one, values={}) if one.id == "volume.total" else one for one in some_findings()]
    publish(at.reports, "odd", findings=odd)
    (at.reports / ".work" / "x").mkdir(parents=True)
    (at.reports / "found" / "archive").mkdir(parents=True)
    page = written(at)
    unread = page.text[page.text.index("Reports that cannot be shown") :]
    for name in ("not-json", "other-schema", "no-lessons", "renamed", "odd"):
        assert name in unread
    assert "good" not in unread


def test_a_file_of_follow_ups_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    at.incident("one").mkdir(parents=True)
    at.followups("one").write_bytes("action\nÜben\n".encode("utf-16"))
    with pytest.raises(InputError, match=r"followups\.csv.*Save it as CSV UTF-8"):
        index.write(at, NOW)


def test_nothing_published_is_a_page_too(tmp_path: Path) -> None:
    page = written(place(tmp_path))
    assert "Nothing has been published yet." in page.text


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    at = place(tmp_path)

    def one(number: int) -> None:
        publish(at.reports, f"incident-{number}", title=f"Incident no. {chr(65 + number)}")
        index.write(at, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(8)))
    page = Page(at.reports / "index.html")
    assert sum(name == "article" for name, _ in page.tags) == 8
    assert not list(at.reports.glob(".*.new"))


def test_the_same_reports_give_the_same_bytes(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    first = [path.read_bytes() for path in index.write(at, NOW)]
    assert [path.read_bytes() for path in index.write(at, NOW)] == first


def test_the_policy_names_the_one_style_and_the_one_script(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    text = index.write(at, NOW)[0].read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "font-src", "style-src", "script-src", "base-uri", "form-action"}
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        found = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(found) == 1
        assert rules[rule] == f"'sha256-{html.digest(found[0])}'"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hostile_text_is_only_text(tmp_path: Path, language: str) -> None:
    at = place(tmp_path)
    words = HOSTILE.replace("\ud800", "")
    publish(at.reports, "one", title=words, brand=f'"><b>{words}', words=words, languages=(language,))
    publish(at.reports, "two", title="\u202e\x00", brand="=1+1", start="2025-07-01T00:00:00+00:00",
            end="2025-07-03T00:00:00+00:00")  # fmt: skip
    evil = words.replace("\x00", "")
    follow_ups(at, "one", followups.FollowUp("1", evil, evil, note=evil))
    for file in index.write(at, NOW):
        text, page = file.read_text(encoding="utf-8"), Page(file)
        kinds = [tag for tag, _ in page.tags]
        assert kinds.count("script") == 1
        assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(kinds)
        assert not any(name.startswith("on") or name == "style" for _, tag in page.tags for name in tag)
        assert all(
            (tag["href"] or "").startswith(("#", "one/", "two/", "index.")) for name, tag in page.tags if "href" in tag
        )
        assert "<script>alert(1)</script>" in page.text
        assert not re.search("[\x00\x07\u202a-\u202e\u2066-\u2069]", text)
        assert "W" * 200 not in text


def test_the_command_writes_it(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    done = CliRunner().invoke(cli.app, ["index", "--workspace", str(at.root), "--reports", str(at.reports)])
    assert done.exit_code == 0
    assert f"published: {at.reports / 'index.html'}" in done.output


@pytest.mark.parametrize(("code", "there"), [(0, True), (4, True), (5, False)])
def test_a_run_that_published_something_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, there: bool
) -> None:
    at = place(tmp_path)

    def ran(*_: Any, **__: Any) -> Run:
        if code == 5:
            raise NotebookError("no")
        folder = publish(at.reports, "one")
        if code == 4:
            raise InsufficientData("too little")
        return Run("one", folder, "x")

    monkeypatch.setattr(sys.modules[Run.__module__], "run", ran)
    where = ["--workspace", str(at.root), "--reports", str(at.reports)]
    assert CliRunner().invoke(cli.app, ["run", "one", *where]).exit_code == code
    assert (at.reports / "index.html").is_file() is there
    assert not at.work.exists()


def test_what_was_forgotten_leaves_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = place(tmp_path)
    publish(at.reports, "gone", title="About somebody")
    index.write(at, NOW)

    def removed(*_: Any, **__: Any) -> Forgotten:
        shutil.rmtree(at.reports / "gone")
        return Forgotten(True, {}, [at.reports / "gone"], [], [], [], [])

    monkeypatch.setattr(sys.modules[Forgotten.__module__], "forget", removed)
    where = ["--workspace", str(at.root), "--reports", str(at.reports)]
    assert CliRunner().invoke(cli.app, ["forget", "somebody", *where]).exit_code == 0
    assert "About somebody" not in (at.reports / "index.html").read_text(encoding="utf-8")


def test_a_short_report_says_that_it_is_one(tmp_path: Path) -> None:
    at = place(tmp_path)
    few = [one for one in some_findings() if one.id in ("coverage.summary", "subject.named", "verdict")]
    folder = publish(at.reports, "one", findings=few, short=True)
    (folder / "lessons.json").write_text('{"schema": 1, "incident": "one", "lessons": []}', encoding="utf-8")
    page = written(at)
    assert "Short report: too little data" in page.text
    assert "none asked for" in page.text
    assert "not stated" in page.text
    assert "Reports that cannot be shown" not in page.text


def test_what_goes_wrong_with_the_page_is_told_after_a_run(tmp_path: Path) -> None:
    at = place(tmp_path)
    publish(at.reports, "one")
    assert index.after(at) is None
    lessons = at.reports / "one" / "lessons.json"
    lessons.write_text(lessons.read_text(encoding="utf-8").replace("62% waited", "77% waited"), encoding="utf-8")
    problem = index.after(at)
    assert problem is not None
    assert problem.code == 8


def test_bars_of_many_incidents_stand_apart() -> None:
    points = [trend.Point(datetime(2025, 1 + month, 1, tzinfo=UTC), 2.0) for month in range(12)]
    assert trend.severity(points[:2])["bar"] == trend.BAR
    crowded = trend.severity([*points, trend.Point(datetime(2025, 3, 15, tzinfo=UTC), 2.0)])
    assert 2 <= crowded["bar"] < trend.BAR
