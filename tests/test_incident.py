"""The files people write: what is wrong with one is said with its name and with what to do."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.incident import (
    ACTION_KINDS,
    PUBLIC_KINDS,
    read_actions,
    read_archive,
    read_incident,
)

WHOLE = "id: a\ntitle: A\narchives: [b]\nbrand: Acme\n"
HEADER = "when,actor,kind,channel,text,link\n"


def written(folder: Path, text: str, name: str = "incident.yml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_are_the_cautious_ones(tmp_path: Path) -> None:
    incident = read_incident(written(tmp_path, WHOLE))
    assert (incident.window, incident.time_zone, incident.state) == ("auto", "UTC", "draft")
    assert incident.severity is None
    assert incident.brand_accounts == []
    assert incident.public_accounts == []


def test_accounts_are_read_with_or_without_an_at(tmp_path: Path) -> None:
    more = 'brand_accounts: ["@AcmeHelp", " ＠顶峰 "]\npublic_accounts: [MinistryOfTransport]\n'
    incident = read_incident(written(tmp_path, WHOLE + more))
    assert incident.brand_accounts == ["AcmeHelp", "顶峰"]
    assert incident.public_accounts == ["MinistryOfTransport"]
    with pytest.raises(InputError, match=r"brand_accounts\.0: .*an account has a name"):
        read_incident(written(tmp_path, WHOLE + 'brand_accounts: ["@"]\n'))


def test_windows_files_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "incident.yml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert read_incident(path).brand == "Acme"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WHOLE + "baselin_days: 7\n", "baselin_days: no such key"),
        (WHOLE + "unclear_below: 1.5\n", "unclear_below"),
        (WHOLE + "unclear_target: 1\n", "unclear_target"),
        (WHOLE + "unclear_below: 0.3\nunclear_target: 0.1\n", "unclear_below and unclear_target .* keep one"),
        (WHOLE + "window: {start: 2025-01-01, end: 2025-01-02, until: 2025-01-03}\n", "window.*until"),
        (WHOLE + "time_zone: PST\n", "time_zone.*America/Los_Angeles"),
        (WHOLE + "time_zone: 8\n", "time_zone"),
        (WHOLE + "time_zone: [UTC]\nwindow: {start: 2025-01-01 00:00, end: 2025-01-02 00:00}\n", "time_zone"),
        (
            WHOLE + "time_zone: Mars/Base\nwindow: {start: 2025-01-01 00:00, end: 2025-01-02 00:00}\n",
            "time_zone: .*'Mars/Base' is not a time zone",
        ),
        (WHOLE + "window: {start: 2025-01-02 00:00, end: 2025-01-01 00:00}\n", "ends.*before it starts"),
        (WHOLE + "window: {start: 2025-01-02 00:00, end: 2025-01-02 00:00}\n", "ends.*before it starts"),
        (WHOLE + "window: {start: 2025-01-02 00:00}\n", "end"),
        (WHOLE + "window: soon\n", "window"),
        (WHOLE + "window: {start: soon, end: 2025-01-02 00:00}\n", "window.start: 'soon'.*Write it as"),
        (WHOLE + "window: {start: now, end: 2099-01-02 00:00}\n", "window.start: 'now'.*Write it as"),
        (WHOLE + "window: {start: 03/04/2025, end: 2025-05-02 00:00}\n", "window.start: '03/04/2025'.*Write it as"),
        (WHOLE + "window: {start: 20250102, end: 2025-05-02 00:00}\n", "window.start: 20250102.*Write it as"),
        (WHOLE + "window: {start: 2025-02-30 00:00, end: 2025-05-02 00:00}\n", "window.start.*Write it as"),
        (WHOLE + "severity: 5\n", "severity"),
        (WHOLE + "severity: 0\n", "severity"),
        (WHOLE + "baseline_days: -1\n", "baseline_days"),
        (WHOLE + "baseline_days: 400\n", "baseline_days"),
        (WHOLE + "languages: []\n", "languages.*at least one language"),
        (WHOLE + "report_languages: [fr]\n", "report_languages"),
        (WHOLE + "scorer: {zh: fast}\n", "scorer names zh.*not among languages"),
        (WHOLE + "scorer: {fr: fast}\n", "scorer"),
        (WHOLE + "scorer: fast\n", "scorer"),
        (WHOLE + "state: approved\n", "nobody has signed.*signed_report.*aftermath sign a reviewed --by"),
        (WHOLE + "state: reviewed\nsigned_by: Ann\nsigned_on: 2025-08-01\n", "nobody has signed.*signed_report"),
        (WHOLE + "approved_by: Ann\n", "approved_by: `aftermath sign` now writes.*delete this line"),
        (WHOLE + "signed_report: 12ab\n", "signed_report"),
        (WHOLE + "signed_by: ' '\n", "signed_by: who signs has a name"),
        (WHOLE + 'signed_by: "Ann \\u202e Lee"\n', "signed_by: who signs has a name"),
        (WHOLE + "state: final\n", "state"),
        (WHOLE.replace("archives: [b]", "archives: []"), "archives"),
        (WHOLE.replace("brand: Acme\n", ""), "brand"),
        (WHOLE.replace("[b]", "b"), "archives"),
        ("- a\n- b\n", "mapping.*aftermath init"),
        ("", "mapping.*aftermath init"),
        ("title: [\n", "not valid YAML"),
        ("title: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
    ],
)
def test_what_is_wrong_with_an_incident_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)) as caught:
        read_incident(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.code == 3


def test_every_problem_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.compile("severity.*nonsense", re.DOTALL)):
        read_incident(written(tmp_path, WHOLE + "severity: 9\nnonsense: 1\n"))


def test_no_file_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file. `aftermath init`"):
        read_incident(tmp_path / "incident.yml")


@pytest.mark.parametrize(
    ("zone", "start", "utc"),
    [
        ("Asia/Shanghai", "2025-07-09 08:00", datetime(2025, 7, 9, 0, 0, tzinfo=UTC)),
        ("America/Los_Angeles", "2025-07-09 08:00", datetime(2025, 7, 9, 15, 0, tzinfo=UTC)),
        ("America/Los_Angeles", "2025-01-09", datetime(2025, 1, 9, 8, 0, tzinfo=UTC)),
        ("America/Los_Angeles", '"2025-01-09T08:00:00+01:00"', datetime(2025, 1, 9, 7, 0, tzinfo=UTC)),
        ("America/Los_Angeles", "2025-01-09T08:00:00Z", datetime(2025, 1, 9, 8, 0, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_in_the_incidents(tmp_path: Path, zone: str, start: str, utc: datetime) -> None:
    window = f"time_zone: {zone}\nwindow: {{start: {start}, end: 2026-01-01 00:00}}\n"
    found = read_incident(written(tmp_path, WHOLE + window)).window
    assert found != "auto"
    assert found.start == utc
    assert found.start.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("start", ["2025-03-09 02:30", "2025-11-02 01:30"], ids=["skipped", "twice"])
def test_a_time_that_the_clock_skips_or_tells_twice_is_asked_for_with_its_zone(tmp_path: Path, start: str) -> None:
    window = f"time_zone: America/Los_Angeles\nwindow: {{start: {start}, end: 2025-12-01 00:00}}\n"
    with pytest.raises(InputError, match=r"window.start: .* not a time that exists once in America/Los_Angeles"):
        read_incident(written(tmp_path, WHOLE + window))


def test_actions_are_in_order_and_in_utc(tmp_path: Path) -> None:
    rows = '2025-07-10 12:00,pr,statement,web,"Isolated cases, both",\n2025-07-09T10:00:00Z,desk,detected,,,\n'
    first, second = read_actions(written(tmp_path, HEADER + rows, "actions.csv"), "Asia/Singapore")
    assert (first.kind, first.when) == ("detected", datetime(2025, 7, 9, 10, 0, tzinfo=UTC))
    assert (second.text, second.when) == ("Isolated cases, both", datetime(2025, 7, 10, 4, 0, tzinfo=UTC))


def test_no_action_file_is_no_actions(tmp_path: Path) -> None:
    assert read_actions(tmp_path / "actions.csv", "UTC") == []
    assert read_actions(written(tmp_path, HEADER, "actions.csv"), "UTC") == []


def test_public_kinds_are_kinds() -> None:
    assert set(PUBLIC_KINDS) < set(ACTION_KINDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "header lacks actor, kind, when. It should be: when,actor,kind"),
        ("when,actor\n", "header lacks kind"),
        (HEADER + "2025-07-10 12:00,pr,tweeted,,,\n", "line 2: 'tweeted' is no kind of action. Use one of: detected"),
        (HEADER + "2025-07-10 12:00,pr,,,,\n", "line 2: '' is no kind"),
        (HEADER + "2025-07-10 12:00,pr,statement,web,Isolated, cases,\n", "line 2: more fields.*Quote fields"),
        (HEADER + "\n\n2025-07-10,pr,x,,,\n", "line 4: 'x' is no kind"),
        (HEADER + '2025-07-10,pr,legal,,"two\nlines",\n2025-07-11,pr,x,,,\n', "line 4: 'x' is no kind"),
        (HEADER + "soon,pr,statement,,,\n", "line 2, when: 'soon' is not a time.*Write it as"),
        (HEADER + ",pr,statement,,,\n", "line 2, when: '' is not a time.*Write it as"),
        (HEADER + "07/08/2025 09:00,pr,statement,,,\n", "line 2, when: .*Write it as"),
        (HEADER + "2025-03-09 02:30,pr,statement,,,\n", "line 2, when: .*America/Los_Angeles"),
        (HEADER.replace("link", "url") + "2025-03-10,pr,statement,,,\n", "url: no such key"),
        (HEADER + f"2025-03-10,pr,statement,,{'x' * 200_000},\n", "field larger"),
    ],
)
def test_what_is_wrong_with_an_action_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text, "actions.csv")
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)) as caught:
        read_actions(path, "America/Los_Angeles")
    assert str(caught.value).startswith(str(path))


def test_actions_in_another_encoding_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "actions.csv"
    path.write_bytes((HEADER + "2025-07-10,pr,statement,,Müller,\n").encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_actions(path, "UTC")


@given(st.text(max_size=200))
def test_no_action_file_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("actions") / "actions.csv"
    path.write_text(HEADER + text, encoding="utf-8", errors="surrogatepass", newline="")
    with suppress(InputError):
        assert isinstance(read_actions(path, "UTC"), list)


def test_an_archive_needs_sources_and_a_known_zone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="sources"):
        read_archive(written(tmp_path, "name: a\nsources: []\n", "archive.yml"))
    with pytest.raises(InputError, match="time_zone"):
        read_archive(written(tmp_path, "name: a\nsources: [x.csv]\ntime_zone: PST\n", "archive.yml"))
    with pytest.raises(InputError, match="timezone: no such key"):
        read_archive(written(tmp_path, "name: a\nsources: [x.csv]\ntimezone: UTC\n", "archive.yml"))
    assert read_archive(written(tmp_path, "name: a\nsources: [x.csv]\n", "archive.yml")).time_zone is None
