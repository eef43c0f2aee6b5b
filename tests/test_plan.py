"""plan.yml: what it may hold, and that every mistake in it is said with its key and with what to do."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from analysis import drafts
from analysis.cli import app
from analysis.errors import InputError, ParameterError
from analysis.plan import Plan, Role, named, printable, read_plan
from analysis.runs import plan as checking
from analysis.workspace import Workspace
from tests.workspace_fixture import SAMPLE

LEVEL = "levels: [{level: 1, first_response_hours: %s, first_statement_hours: 48}]\n"
TOMORROW = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
TEAM = "team: [{role: crisis lead, person: Ann}, {role: legal, person: Bo, deputy: Cy}]\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_is_optional_but_not_sloppy(tmp_path: Path) -> None:
    assert read_plan(tmp_path / "plan.yml") is None
    with pytest.raises(InputError, match=r"levels\.0\.first_statement_hours"):
        read_plan(written(tmp_path, "levels: [{level: 1, first_response_hours: 8}]\n"))


def test_a_plan_as_it_was_written_before_is_still_read(tmp_path: Path) -> None:
    before = (
        "team:\n  - {role: crisis lead, person: Ann, deputy: Bo}\n"
        "levels:\n  - {level: 4, first_response_hours: 1, first_statement_hours: 3}\n"
        "channels: [web]\napprovals: [crisis lead, legal]\nsupport_resources: [help page]\n"
        "holding_statements:\n  - We are looking into it.\n  - 我们正在核实。\n"
        "reviewed_on: 2024-02-12\ntrained_on: 2023-10-05\n"
    )
    plan = read_plan(written(tmp_path, before))
    assert plan is not None
    assert [(item.role, item.within_hours) for item in plan.approvals] == [("crisis lead", None), ("legal", None)]
    assert [holding.spoken for holding in plan.holding_statements] == ["en", "zh"]
    assert (plan.review_every_days, plan.within_share, plan.schema_version) == (365, 0.8, 1)
    assert plan.source == before


def test_what_is_new_is_read(tmp_path: Path) -> None:
    plan = read_plan(
        written(
            tmp_path,
            TEAM + "levels: [{level: 2, first_response_hours: 0.5, first_statement_hours: 4, convene: [Legal]}]\n"
            "approvals: [{role: legal, within_hours: 1}]\nholding_statements: [{text: Bonjour, language: fr}]\n"
            "outside_help: {law: Ash & Partners}\nprivate_channels: [DM]\nwithin_share: 0.9\n",
        )
    )
    assert plan is not None
    assert plan.at(2) is not None
    assert plan.at(3) is None
    assert plan.at(None) is None
    assert plan.role("LEGAL") == plan.team[1]
    assert plan.holding_statements[0].spoken == "fr"
    assert plan.outside_help == {"law": "Ash & Partners"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chanels: [web]\n", "chanels: no such key is known; .* is channels meant"),
        (
            "levels: [{level: 1, first_respons_hours: 1, first_statement_hours: 2}]\n",
            r"levels\.0\.first_respons_hours: no .*is first_response_hours meant",
        ),
        ("team: [{role: a, person: b, deputi: c}]\n", r"team\.0\.deputi: no such key.*is deputy meant"),
        ("channels: [a]\nchannels: [b]\n", "line 2: channels stands twice. Keep one"),
        ("team: [{role: a, person: b, role: c}]\n", "line 1: role stands twice"),
        ("zzz: 1\n", r"zzz: no such key is known; correct its spelling, or delete it \("),
        ("", "mapping of names.*aftermath plan init"),
        ("- a\n- b\n", "mapping of names.*aftermath plan init"),
        ("team: [\n", "not valid YAML"),
        ("team: Ann\n", r"team: .*list.*came: 'Ann'"),
        ("levels: {level: 1}\n", "levels: .*list"),
        ("channels: web\n", "channels: .*list"),
        ("channels: [1]\n", r"channels\.0: text is expected; write it in quotes"),
        ("channels: ['']\n", r"channels\.0: nothing readable stands here"),
        ("schema_version: 2\n", "schema_version: .*1"),
        (LEVEL % "'30 min'", r"levels\.0\.first_response_hours: '30 min' is no number of hours: write 0\.5, without"),
        (LEVEL % "2h", "'2h' is no number of hours: write 2, without"),
        (LEVEL % "PT2H", "'PT2H' is no number of hours: write 2, without"),
        (LEVEL % "PT90M", r"'PT90M' is no number of hours: write 1\.5, without"),
        (LEVEL % "2 days", "'2 days' is no number of hours: write 48, without"),
        (LEVEL % "'4'", "'4' is no number of hours: write 4, without quotes"),
        (LEVEL % "soon", "'soon' is no number of hours: write a number, such as 0.5"),
        (LEVEL % "yes", "yes or no is no number of hours"),
        (LEVEL % "480", "more than a week.*if it is in minutes, write 8"),
        (LEVEL % ".inf", "more than a week"),
        (LEVEL % ".nan", "greater than 0"),
        (LEVEL % "0", "greater than 0"),
        (LEVEL % "-1", "greater than 0"),
        (LEVEL % "[1]", "first_response_hours"),
        (
            "levels: [{level: 1, first_response_hours: 8, first_statement_hours: 48}, "
            "{level: 4, first_response_hours: 30, first_statement_hours: 6}]\n",
            r"levels: first_response_hours of level 4 is 30, more than the 8 of level 1: .* write 0\.5",
        ),
        (
            "levels: [{level: 4, first_response_hours: 1, first_statement_hours: 60}, "
            "{level: 1, first_response_hours: 8, first_statement_hours: 48}]\n",
            "levels: first_statement_hours of level 4 is 60, more than the 48 of level 1",
        ),
        (2 * "{level: 1, first_response_hours: 8, first_statement_hours: 48}, ", "LEVELS level 1 stands twice"),
        ("levels: [{level: 5, first_response_hours: 8, first_statement_hours: 48}]\n", r"levels\.0\.level: .*4"),
        ("levels: [{level: 0, first_response_hours: 8, first_statement_hours: 48}]\n", r"levels\.0\.level: .*1"),
        (
            TEAM + "levels: [{level: 1, first_response_hours: 8, first_statement_hours: 9, convene: [leagl]}]\n",
            r"levels\.0\.convene names 'leagl', which is no role of team; is 'legal' meant\?",
        ),
        ("team: [{role: a, person: Ann, deputy: ann}]\n", r"team\.0: deputy and person are both 'Ann'"),
        ("team: [{role: a, person: b}, {role: A, person: c}]\n", "the role 'a' stands twice"),
        ("team: [{role: a, person: b, decides: [tweet]}]\n", r"team\.0\.decides\.0: .*statement"),
        (f"reviewed_on: {TOMORROW}\n", "reviewed_on: .* lies in the future: write the day"),
        (f"trained_on: {TOMORROW}\n", "trained_on: .* lies in the future"),
        ("reviewed_on: 12/02/2024\n", "reviewed_on: a day is expected, written as 2026-01-31.*12/02/2024"),
        ("reviewed_on: 20217600\n", "reviewed_on: a day is expected"),
        ("reviewed_on: last spring\n", "reviewed_on: a day is expected"),
        ("review_every_days: 0\n", "review_every_days"),
        ("within_share: 80\n", "within_share.*1"),
        ("approvals: [{role: legal, within_hours: 30 min}]\n", r"approvals\.0\.within_hours: '30 min'.*write 0\.5"),
        ("holding_statements: [{text: a, language: english}]\n", r"holding_statements\.0\.language"),
        (f"channels: [{'w' * 10_000}]\n", r"channels\.0: 10000 characters, and 200 are the most"),
        ("outside_help: [law]\n", "outside_help"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan_is_said(tmp_path: Path, text: str, said: str) -> None:
    if said.startswith("LEVELS "):
        text, said = f"levels: [{text}]\n", said.removeprefix("LEVELS ")
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)) as caught:
        read_plan(path)
    assert str(caught.value).startswith(str(path))
    assert caught.value.code == 3


@given(st.text(max_size=200))
def test_no_plan_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("plan") / "plan.yml"
    path.write_text("channels:\n" + text, encoding="utf-8", errors="surrogatepass", newline="")
    with suppress(InputError):
        assert isinstance(read_plan(path), Plan)


def test_hostile_names_lose_their_power(tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "a\0b", "\u202eevil\u202c", "a\u200bb", "two\nlines", "{x.__class__}"]
    plan = read_plan(written(tmp_path, yaml.safe_dump({"channels": names})))
    assert plan is not None
    assert plan.channels == ["<script>alert(1)</script>", "ab", "evil", "ab", "two lines", "{x.__class__}"]


@given(st.text())
def test_printable_text_is_seen_and_stays_so(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert not {"\0", "\u202e", "\n"} & set(printable(text))


def test_an_actor_is_a_role_by_any_of_its_names() -> None:
    role = Role(role="Legal", person="Bo Ash", deputy="Cy")
    assert all(map(role.acted, ("legal", "BO ASH", "cy", "communications, legal", "Bo Ash and Dee", "法务、Cy")))
    assert not any(map(role.acted, ("", "paralegal", "Bo", "legal team")))
    assert not Role(role="a", person="").acted("")
    assert named("R&D") == {"r&d", "r", "d"}


def test_the_draft_is_a_plan_with_every_key_in_it(tmp_path: Path) -> None:
    path = written(tmp_path, drafts.PLAN)
    assert read_plan(path) is not None
    assert all(re.search(rf"^(# )?{key}:", drafts.PLAN, re.MULTILINE) for key in Plan.model_fields)
    dated = written(tmp_path, drafts.PLAN.replace("# reviewed_on", "reviewed_on").replace("# trained_on", "trained_on"))
    assert read_plan(dated).reviewed_on == date(2026, 1, 31)  # type: ignore[union-attr]


def test_what_is_left_open_is_said() -> None:
    bare = checking.left_open(Plan(), date(2026, 1, 1), {"en"})
    for key in ("team", "levels", "channels", "approvals", "support_resources", "holding_statements", "reviewed_on"):
        assert any(line.startswith(f"{key}:") for line in bare), key
    plan = Plan.model_validate(
        {
            "team": [{"role": "lead", "person": ""}],
            "levels": [{"level": 3, "first_response_hours": 90, "first_statement_hours": 4}],
            "approvals": ["legal"],
            "holding_statements": ["We know."],
            "reviewed_on": "2024-02-12",
            "trained_on": "2023-10-05",
        }
    )
    lines = "\n".join(checking.left_open(plan, date(2025, 7, 9), {"en", "zh"}))
    for said in (
        "lead is held by nobody",
        "lead has no deputy",
        "approvals: 'legal' is no role of team",
        "nothing is promised at level 1 (minor), level 2 (moderate), level 4 (severe)",
        "promises each complaint an answer in 90 h, later than a statement to everybody (4 h)",
        "first_response_hours of level 3 is 90. If that is in minutes, write 1.5",
        "level 3 convenes nobody",
        "holding_statements: none in zh",
        "reviewed_on: 2024-02-12 is 513 days ago",
        "trained_on: before the last review",
        "outside_help: nobody is named",
    ):
        assert said in lines, said


def test_check_says_what_it_read_and_exits_with_3_where_it_cannot(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["plan", "check", "--workspace", str(SAMPLE)])
    assert done.exit_code == 0
    assert (
        "level 4 (severe): 80% of complaints answered within 1 h, first statement within 3 h; convenes" in done.output
    )
    assert "warning: team: legal has no deputy" in done.output
    assert "holding statements: 2 (en, zh)" in done.output
    absent = run(app, ["plan", "check", "--workspace", str(tmp_path)])
    assert isinstance(absent.exception, InputError)
    assert absent.exception.code == 3
    written(tmp_path, "chanels: []\n")
    assert isinstance(run(app, ["plan", "check", "-w", str(tmp_path)]).exception, InputError)


def test_init_writes_a_plan_and_never_over_one(tmp_path: Path) -> None:
    place = Workspace.at(tmp_path / "new")
    assert "plan.yml" in checking.init(place)
    assert checking.check(place)[0].endswith("plan.yml: ok")
    with pytest.raises(ParameterError, match="stands already"):
        checking.init(place)
