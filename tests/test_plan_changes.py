"""What the plan should change: only where something happened, as a patch that applies and leaves a plan behind."""

import shutil
import subprocess
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis import edits, wording
from analysis.incident import Action, Incident
from analysis.measures import adherence as measure
from analysis.measures.estimate import Estimate
from analysis.plan import Plan, read_plan
from analysis.questions import page, plan_audit, plan_changes
from analysis.questions.case import Case
from tests.scored_tables import at, scored
from tests.test_adherence import GOOD, ONSET, RECORD, log

TEXT = """\
# What Acme promised.
team:                     # who does what
  - {role: crisis lead, person: Ann, deputy: Bo}
  - {role: legal, person: Dee}   # no deputy yet
levels:
  - {level: 4, first_response_hours: 1, first_statement_hours: 3, convene: [legal]}
channels: [murmur]
approvals: [crisis lead, legal]
holding_statements:
  - We know about it.     # the only one
reviewed_on: 2023-10-05
"""
FORMS = {
    "flow": TEXT,
    "block": TEXT.replace("channels: [murmur]", "channels:\n  - murmur   # the first\n\n# approvals come next").replace(
        "approvals: [crisis lead, legal]", "approvals:\n- crisis lead\n- role: legal\n"
    ),
    "windows": TEXT.replace("\n", "\r\n"),
    "marked": "\ufeff" + TEXT,
    "unended": TEXT.rstrip("\n"),
    "several lines": TEXT.replace("channels: [murmur]", "channels: [\n  murmur,\n]").replace(
        "approvals: [crisis lead, legal]", "approvals: [crisis lead,\n  {role: legal,\n  }]"
    ),
    "remarked": TEXT.replace("channels: [murmur]", "channels: [\n  murmur  # the first, and [only] one\n  ]"),
    "documents": "---\n" + TEXT + "...\n",
}
LATE = log(
    ("08:00", "desk", "detected", "", ""),
    ("14:00", "Dee", "legal", "", ""),
    ("16:00", "Ann", "statement", "murmur", ""),
    ("20:00", "Ann", "outside_help", "", "<script>alert(1)</script>"),
    ("30:00", "Ann", "closed", "", ""),
)

CLAUSES = "first_response first_statement activated convene decides approval channels channels_used holding support"
CLAUSES += " private_channels outside_help review training"
WHYS = "within within_unclear within_unknown no_level no_log no_onset never_spoke not_logged spoke spoke_unclear absent"
WHYS += " late acted no_such_action decided decided_elsewhere no_statement after approved_late approved no_channel"
WHYS += " spoke_itself"
WHYS += " channels_stray channels_planned channels_silent channels_used posts_without posts_not_whole holding_used"
WHYS += " support_given support_unnamed private_named private_unnamed undated dated_later dated"
CHANGES = "deputy deputy_absent channel holding approval outside_help review review_undated training training_undated"


def case_of(tmp_path: Path, text: str, actions: pd.DataFrame = LATE, **columns: Any) -> Case:
    """A case with 40 complaints: 30 on murmur in English, 10 on weiyu in Chinese."""
    plan_file = tmp_path / "plan.yml"
    plan_file.write_bytes(text.encode())
    posts = scored([at("2025-07-09 02:00")] * 40, ["negative"] * 40, from_brand=False, **columns)
    posts["platform"] = ["murmur"] * 24 + ["weiyu"] * 16
    posts["language"] = ["en"] * 24 + ["zh"] * 16
    case = Case(
        incident=Incident(
            id="outage", title="O", archives=["a"], brand="Acme", severity=4, report_languages=["en", "zh"]
        ),
        window=cast(Any, SimpleNamespace(start=at("2025-07-09"), end=at("2025-07-12"))),
        mentions=posts,
        hours=pd.DataFrame(),
        claims=pd.DataFrame(),
        joins={"brand_side": "whole", "openers": "present", "threads": "recorded", "silence_provable": True},
        causes=pd.DataFrame(),
        notes={},
        plan=read_plan(plan_file),
        actions=[],
        notebook="3_how_we_answered",
        output=tmp_path / "out",
        allowed={},
    )
    record = measure.Record(
        level=4,
        onset=(ONSET, ONSET),
        begun=date(2025, 7, 9),
        within=Estimate(0.1, "share", 40, "kaplan_meier", 0.05, 0.2),
        actions=actions,
        posts=RECORD.posts,
        posts_whole=True,
        asked=frozenset({"murmur", "weiyu"}),
    )
    case.once("plan_record", lambda: record)
    return case


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tool", ["patch", "git"])
def test_the_patch_applies_and_leaves_a_plan_with_its_comments(tmp_path: Path, form: str, tool: str) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    case = case_of(tmp_path, FORMS[form])
    answer = plan_changes.changes(case)
    case.save()
    before = (tmp_path / "plan.yml").read_bytes()
    assert before == FORMS[form].encode(), "the plan itself is never written"
    command = {
        "patch": ["patch", "-p0", "--binary", "-i", "out/plan.diff"],
        "git": ["git", "apply", "-p0", "--unsafe-paths", "out/plan.diff"],
    }
    subprocess.run(command[tool], cwd=tmp_path, check=True, capture_output=True)
    after = (tmp_path / "plan.yml").read_text(encoding="utf-8")
    plan = read_plan(tmp_path / "plan.yml")
    assert plan is not None
    assert plan.channels == ["murmur", "weiyu"]
    assert {item.role: item.within_hours for item in plan.approvals} == {"crisis lead": None, "legal": 1.5}
    for said in ("# What Acme promised.", "# no deputy yet", "# the only one", "Name a deputy for legal", "outage"):
        assert said in after
    comments = [line.partition("#")[2].strip() for line in FORMS[form].split("\n") if "#" in line]
    assert all(comment in after for comment in comments)
    assert list(yaml.safe_load(after)) == list(yaml.safe_load(FORMS[form]))
    named = answer.finding.facts["changes"]
    assert named == ["deputy", "channel", "approval", "holding", "outside_help", "review", "training_undated"]


def test_each_change_names_the_finding_behind_it(tmp_path: Path) -> None:
    answer = plan_changes.changes(case_of(tmp_path, TEXT))
    table = answer.finding.table
    assert table is not None
    for language in ("en", "zh"):
        assert len(table.rows[language]) == 7
        assert all(cell for row in table.rows[language] for cell in row)
    assert {row[2] for row in table.rows["en"]} >= {"Who acted, and in time?", "How fresh was the plan?"}
    assert "plan.diff" in answer.finding.answer["en"]
    assert "40% of 40 complaints were there" in table.rows["en"][1][1]


def test_where_nothing_calls_for_a_change_there_is_no_patch_and_an_old_one_goes(tmp_path: Path) -> None:
    calm = (
        TEXT.replace("person: Dee}", "person: Dee, deputy: Eve}")
        .replace("[murmur]", "[murmur, weiyu]")
        .replace("- We know about it.", "- 我们知道了。\n  - We know about it.")
        .replace("2023-10-05", "2025-01-05\ntrained_on: 2025-01-06\noutside_help: {law: Ash}")
    )
    case = case_of(tmp_path, calm, log(*GOOD))
    case.output.mkdir()
    (case.output / "plan.diff").write_text("old")
    answer = plan_changes.changes(case)
    case.save()
    assert answer.finding.message == "plan.changes.none"
    assert not (case.output / "plan.diff").exists()


def test_no_promise_is_loosened(tmp_path: Path) -> None:
    case = case_of(tmp_path, TEXT)
    patch = plan_changes.draft(case, case.plan, list(plan_changes.proposals(case, case.plan)))  # type: ignore[arg-type]
    assert not [line for line in patch.splitlines() if line.startswith(("+", "-")) and "first_" in line]


def test_without_a_log_only_what_needs_none_is_proposed(tmp_path: Path) -> None:
    case = case_of(tmp_path, TEXT, log())
    assert plan_changes.changes(case).finding.facts["changes"] == ["channel", "holding", "review", "training_undated"]


def test_few_complaints_are_no_reason(tmp_path: Path) -> None:
    case = case_of(tmp_path, TEXT, log())
    case.mentions = case.mentions.head(20)
    assert plan_changes.changes(case).finding.facts["changes"] == ["review", "training_undated"]


def test_a_file_that_an_edit_would_break_gets_comments_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edits, "add", lambda source, key, value: edits.Edit(0, 0, "channels: {\n"))
    case = case_of(tmp_path, TEXT)
    plan_changes.changes(case)
    case.save()
    lines = (case.output / "plan.diff").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.startswith("+# ")]) == 7
    assert not [line for line in lines[2:] if line.startswith("-")]


@pytest.mark.parametrize("ask", [plan_audit.adherence, plan_audit.freshness, plan_audit.who, plan_changes.changes])
def test_without_a_plan_it_is_said_once(tmp_path: Path, ask: Any) -> None:
    case = case_of(tmp_path, TEXT)
    case.plan = None
    assert ask(case).finding.message == "plan.none"
    plan_audit.who(case)
    assert [answer.finding.id for answer in case.answers] == ["plan.adherence"]
    case.incident = case.incident.model_copy(update={"plan": False})
    assert ask(case).finding.message == "plan.set_aside"
    assert case.answers[0].finding.certainty == "refused"


def test_the_findings_say_what_happened(tmp_path: Path) -> None:
    case = case_of(tmp_path, TEXT)
    told = plan_audit.adherence(case).finding
    assert told.message == "plan.adherence.broken"
    assert "First public statement" in told.answer["en"]
    assert "首份公开声明" in told.answer["zh"]
    assert told.values["adherence"].low is None
    assert plan_audit.who(case).finding.message == "plan.who.nobody"
    assert plan_audit.freshness(case).finding.message == "plan.freshness.stale"
    assert "643 days" in plan_audit.freshness(case).finding.answer["en"]


@pytest.mark.parametrize(
    ("actions", "level", "message"),
    [
        (log(*GOOD), 4, "plan.who.all"),
        (log(), 4, "plan.who.no_log"),
        (log(*GOOD[2:-1]), 4, "plan.who.open"),
        (log(*GOOD), 1, "plan.who.nobody_named"),
        (log(*GOOD), None, "plan.who.no_level"),
    ],
)
def test_who_acted_has_a_sentence_for_each_case(
    tmp_path: Path, actions: pd.DataFrame, level: int | None, message: str
) -> None:
    text = TEXT if message != "plan.who.open" else TEXT.replace("convene: [legal]", "convene: [spokes]").replace(
        "role: legal", "role: spokes"
    )  # fmt: skip
    case = case_of(tmp_path, text.replace("Dee", "Eve") if message == "plan.who.open" else text, actions)
    record = case.once("plan_record", lambda: None)
    case._made["plan_record"] = measure.Record(**{**vars(record), "level": level})
    assert plan_audit.who(case).finding.message == message


def test_hostile_names_are_harmless_in_every_sentence(tmp_path: Path) -> None:
    hostile = '"<script>alert(1)</script> {x.__class__} \\u202eevil\\0 =cmd()"'
    text = TEXT.replace("role: legal", f"role: {hostile}").replace("[legal]", f"[{hostile}]")
    text = text.replace("crisis lead, legal", f"crisis lead, {hostile}").replace("- We know", "- =We know")
    actions = LATE.assign(channel="\u202ex\0" + "w" * 10_000)
    case = case_of(tmp_path, text, actions)
    for ask in (plan_audit.adherence, plan_audit.freshness, plan_audit.who, plan_changes.changes):
        answer = ask(case)
        shown = answer._repr_html_()
        assert "<script>" not in shown
        table = answer.finding.table
        rows = [row for language in ("en", "zh") for row in (table.rows[language] if table else [])]
        texts = [*answer.finding.answer.values(), *(cell for row in rows for cell in row)]
        for one in texts:
            assert not {"\0", "\u202e"} & set(one)
            assert "class '" not in one
            assert len(one) < 1000
    case.save()
    for path in (tmp_path / "out" / "tables").glob("*.csv"):
        assert not [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("=")]
    assert Plan.model_validate(yaml.safe_load(text)).role("nobody") is None


def test_every_reason_and_every_clause_has_its_sentences() -> None:
    source = Path(str(measure.__file__)).read_text(encoding="utf-8")
    clauses, whys = set(CLAUSES.split()), set(WHYS.split())
    assert all(f'"{name}"' in source for name in clauses | whys)
    wanted = [f"plan.clause.{name}" for name in clauses] + [f"plan.happened.{name}" for name in whys]
    wanted += [
        f"plan.age.{name}.{why}" for name in ("review", "training") for why in ("dated", "undated", "dated_later")
    ]
    wanted += [f"plan.{part}.{name}" for part in ("change", "evidence") for name in CHANGES.split()]
    wanted += [f"title.plan.{name}" for name in ("adherence", "freshness", "who", "changes")]
    assert [name for name in wanted if not wording.knows(name)] == []


@given(st.lists(st.text(alphabet="ab \r\n#", max_size=6)), st.lists(st.text(alphabet="ab \r\n#", max_size=6)))
def test_a_diff_of_any_two_texts_says_what_each_holds(one: list[str], other: list[str]) -> None:
    before, after = "\n".join(one), "\n".join(other)
    patch = edits.unified(before, after, "x")
    assert bool(patch) == (before != after)
    assert patch.endswith("\n") or not patch


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")), min_size=1, max_size=12
)


@given(
    st.lists(NAMES, max_size=4),
    st.lists(NAMES, min_size=1, max_size=3),
    NAMES,
    st.sampled_from([True, False, None]),
    st.integers(2, 6),
)
def test_edits_of_any_plan_change_what_they_name_and_nothing_else(
    channels: list[str], approvals: list[str], name: str, flow: bool | None, indent: int
) -> None:
    plan: dict[str, Any] = {"channels": channels, "approvals": [{"role": one} for one in approvals], "note": "a: b # c"}
    source = "# first\n" + yaml.safe_dump(
        plan, allow_unicode=True, sort_keys=False, default_flow_style=flow, indent=indent
    )
    made = [
        edits.add(source, "channels", name),
        edits.put(source, ["approvals", len(approvals) - 1], "within_hours", 1.5, own="role"),
        edits.remark(source, ["approvals", 0], ["a remark"]),
        edits.remark(source, ["absent"], ["another"]),
    ]
    after = edits.applied(source, made)
    plan["channels"] = [*channels, name]
    plan["approvals"][-1] = plan["approvals"][-1] | {"within_hours": 1.5}
    assert yaml.safe_load(after) == plan


def test_an_edit_of_what_is_not_there_goes_to_the_end() -> None:
    assert edits.applied("a: 1", [edits.remark("a: 1", ["b"], ["x"])]) == "a: 1\n# x\n"
    assert edits.applied("", [edits.add("", "b", "x y")]) == "b: [x y]\n"
    assert edits.applied("b: []\n", [edits.add("b: []\n", "b", "x")]) == "b: [x]\n"
    with pytest.raises(ValueError, match="no list"):
        edits.add("b: {}\n", "b", "x")
    with pytest.raises(ValueError, match="nothing stands"):
        edits.put("b: {}\n", ["c"], "x", 1, own="role")
    with pytest.raises(ValueError, match="no map"):
        edits.put("b: [1]\n", ["b"], "x", 1, own="role")


def test_an_action_of_the_log_is_what_the_audit_takes(tmp_path: Path) -> None:
    """The columns of the table are the fields of an action."""
    fields = set(Action.model_fields)
    assert {"when", "actor", "kind", "channel", "text"} <= fields
    assert page.Answer.__dataclass_fields__["files"].default_factory is dict
